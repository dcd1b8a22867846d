package directive

import (
	"bytes"
	"io"
	"net/url"
	"slices"
	"strconv"

	"chungtay/internal/civil"
	"chungtay/internal/i18n"
	"chungtay/internal/sheet"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

const pageSize = 40

func filterOf(rq *web.Request) Filter {
	f := Filter{Box: rq.Query("box"), State: rq.Query("state"), Kind: rq.Query("kind"), Words: rq.Query("q"), Size: pageSize}
	if !slices.Contains([]string{"in", "out", "drafts"}, f.Box) {
		f.Box = ""
	}
	if !slices.Contains(States, State(f.State)) {
		f.State = ""
	}
	if !slices.Contains(kinds, f.Kind) {
		f.Kind = ""
	}
	f.Year, _ = strconv.Atoi(rq.Query("year"))
	if f.Year < 2000 || f.Year > 2200 {
		f.Year = 0
	}
	f.Page, _ = strconv.Atoi(rq.Query("page"))
	f.Page = max(f.Page, 1)
	return f
}

func (f Filter) address(path string, page int) string {
	q := url.Values{}
	for k, v := range map[string]string{"box": f.Box, "state": f.State, "kind": f.Kind, "q": f.Words} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if f.Year != 0 {
		q.Set("year", strconv.Itoa(f.Year))
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// kinds are those a directive takes, as forms offer them.
var kinds = []string{"ke_hoach", "cong_van", "quyet_dinh", "chi_thi", "thong_bao", "huong_dan", "cong_dien", "chuong_trinh", "phuong_an"}

func stateTone(s State) ui.Tone {
	switch s {
	case Issued, Completed:
		return ui.OK
	case Submitted, Signed, Issuing:
		return ui.Act
	case Returned:
		return ui.Warn
	case Recalled:
		return ui.Late
	}
	return ui.None
}

type listView struct {
	Filter Filter
	Table  ui.Table
	Pages  ui.Pages
	Total  int
	Write  bool
}

func (c *Directives) pageList(rq *web.Request) (web.Reply, error) {
	f := filterOf(rq)
	rows, total, err := c.List(rq.Tx, rq.Actor, f)
	if err != nil {
		return web.Reply{}, err
	}
	var said []orgunit.Mention
	for _, d := range rows {
		said = append(said, orgunit.On(d.Unit, d.IssuedOn))
	}
	labels, err := orgunit.Mentioned(rq.Tx, said)
	if err != nil {
		return web.Reply{}, err
	}
	v := listView{Filter: f, Total: total, Write: rq.Actor.Holds(Write), Pages: ui.PagesOf(f.Page, pageSize, total, func(n int) string { return f.address("/directives", n) })}
	v.Table = ui.Table{Caption: rq.T("directive.title"), Hide: true, Columns: []ui.Column{{Text: rq.T("directive.subject"), RowTitle: true}, {Text: rq.T("directive.symbol")}, {Text: rq.T("directive.unit")},
		{Text: rq.T("directive.report_due")}, {Text: rq.T("directive.state_")}}}
	for _, d := range rows {
		subject := capital(d.Subject)
		if subject == "" {
			subject = rq.T("directive.no_subject")
		}
		symbol, small := d.Symbol, ""
		if symbol == "" {
			symbol = rq.T("directive.no_number")
		} else {
			small = i18n.Date(rq.Lang, d.IssuedOn)
		}
		due, words := "", ""
		if r := d.ReportDue(); !r.IsZero() {
			due, words = i18n.Date(rq.Lang, r.Last()), r.Words
		}
		v.Table.Rows = append(v.Table.Rows, []ui.Cell{{Text: subject, Path: "/directives/" + d.ID, Small: KindName(d.Kind)}, {Text: symbol, Small: small, Class: "nw"}, {Text: labels.Of(d.Unit, d.IssuedOn).Then, Small: labels.Of(d.Unit, d.IssuedOn).Beside(rq.Context())},
			{Text: due, Small: words, Class: "nw"}, {Body: ui.Tag(i18n.TM(rq.Context(), d.State.Text()), stateTone(d.State)), Class: "nw"}})
	}
	return web.Show(rq.T("directive.title"), listPage(v)), nil
}

func download(rq *web.Request, name, typ string, b []byte) web.Reply {
	return web.Download(web.File{Name: name, Type: typ, Size: int64(len(b)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }})
}

func (c *Directives) sheetList(rq *web.Request) (web.Reply, error) {
	f := filterOf(rq)
	f.Page, f.Size = 1, 50_000
	rows, _, err := c.List(rq.Tx, rq.Actor, f)
	if err != nil {
		return web.Reply{}, err
	}
	var said []orgunit.Mention
	for _, d := range rows {
		said = append(said, orgunit.On(d.Unit, d.IssuedOn))
	}
	labels, err := orgunit.Mentioned(rq.Tx, said)
	if err != nil {
		return web.Reply{}, err
	}
	t := sheet.Table{Name: rq.T("directive.title"), Title: rq.T("directive.title"), Notes: []string{rq.T("directive.as_of", i18n.Time(rq.Lang, rq.Tx.Now))}, Columns: []sheet.Column{{Text: rq.T("directive.symbol"), Width: 18},
		{Text: rq.T("directive.date"), Kind: sheet.Date}, {Text: rq.T("directive.kind"), Width: 14}, {Text: rq.T("directive.subject"), Width: 60}, {Text: rq.T("directive.unit")}, {Text: rq.T("directive.report_due"), Kind: sheet.Date},
		{Text: rq.T("directive.words"), Width: 28}, {Text: rq.T("directive.addressee_count"), Kind: sheet.Int}, {Text: rq.T("directive.state_"), Width: 16}}}
	for _, d := range rows {
		t.Rows = append(t.Rows, []any{d.Symbol, d.IssuedOn, KindName(d.Kind), d.Subject, labels.Text(rq.Context(), d.Unit, d.IssuedOn), d.ReportDue().Last(), d.ReportWords, d.Addressees, i18n.TM(rq.Context(), d.State.Text())})
	}
	var b bytes.Buffer
	if err := sheet.XLSX(&b, t); err != nil {
		return web.Reply{}, err
	}
	return download(rq, rq.T("directive.file")+".xlsx", sheet.Type, b.Bytes()), nil
}

func crumb(rq *web.Request) web.Crumb {
	return web.Crumb{Text: rq.T("directive.title"), Path: "/directives"}
}

func crumbOf(d Directive) web.Crumb {
	text := d.Symbol
	if text == "" {
		text = shorten(d.Subject, 40)
	}
	return web.Crumb{Text: text, Path: "/directives/" + d.ID}
}

func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	for n > 10 && r[n] != ' ' {
		n--
	}
	return string(r[:n]) + "…"
}

// firstDay is the day whose names a directive shows: that of its issue, before it today.
func firstDay(rq *web.Request, d Directive) civil.Date {
	if d.IssuedOn.IsZero() {
		return civil.Of(rq.Tx.Now)
	}
	return d.IssuedOn
}
