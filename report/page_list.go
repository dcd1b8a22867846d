package report

import (
	"bytes"
	"io"
	"net/url"
	"slices"
	"strconv"

	"chungtay/internal/civil"
	"chungtay/internal/deadline"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/sheet"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

const pageSize = 50

func filterOf(rq *web.Request) Filter {
	f := Filter{Side: rq.Query("side"), State: rq.Query("state"), Words: rq.Query("q"), Size: pageSize}
	if f.Side != "ours" && f.Side != "asked" {
		f.Side = ""
	}
	if !slices.Contains(States, State(f.State)) && !slices.Contains([]string{"late", "missing", "nothing"}, f.State) {
		f.State = ""
	}
	if id := rq.Query("request"); ids.Valid(id) {
		f.Request = id
	}
	f.Page, _ = strconv.Atoi(rq.Query("page"))
	f.Page = max(f.Page, 1)
	return f
}

func (f Filter) address(path string, page int) string {
	q := url.Values{}
	for k, v := range map[string]string{"side": f.Side, "state": f.State, "q": f.Words, "request": f.Request} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// tag is the state of a report in a word; what is overdue says by how many days.
func tag(rq *web.Request, r Row) (string, ui.Tone) {
	state := i18n.TM(rq.Context(), r.State.Text())
	late := r.Late(rq.Tx.Now)
	switch {
	case late && r.FirstAt.IsZero():
		return rq.T("report.overdue", max(1, civil.Of(rq.Tx.Now).Sub(r.Due().Last()))), ui.Late
	case r.Nothing && r.State.Sent():
		return rq.T("report.state_nothing", state), toneOf(r.State)
	}
	return state, toneOf(r.State)
}

func toneOf(s State) ui.Tone {
	switch s {
	case Approved:
		return ui.OK
	case Submitted, Signing:
		return ui.Act
	case Returned:
		return ui.Warn
	}
	return ui.None
}

func dueText(rq *web.Request, d deadline.Deadline) (last, words string) {
	if d.IsZero() {
		return rq.T("report.no_deadline"), ""
	}
	return i18n.Date(rq.Lang, d.Last()), d.Words
}

type listView struct {
	Filter   Filter
	Table    ui.Table
	Pages    ui.Pages
	Total    int
	Requests bool
}

func (v listView) filtered() bool {
	return v.Filter.State != "" || v.Filter.Words != "" || v.Filter.Request != ""
}

func (c *Reports) pageList(rq *web.Request) (web.Reply, error) {
	f := filterOf(rq)
	rows, total, err := c.List(rq.Tx, rq.Actor, f)
	if err != nil {
		return web.Reply{}, err
	}
	labels, err := orgunit.Mentioned(rq.Tx, mentions(rows))
	if err != nil {
		return web.Reply{}, err
	}
	v := listView{Filter: f, Total: total, Requests: rq.Actor.Holds(Request), Pages: ui.PagesOf(f.Page, pageSize, total, func(n int) string { return f.address("/reports", n) })}
	v.Table = ui.Table{Caption: rq.T("report.title"), Hide: true, Columns: []ui.Column{{Text: rq.T("report.name"), RowTitle: true}, {Text: rq.T("report.unit")}, {Text: rq.T("report.asker")}, {Text: rq.T("report.due")}, {Text: rq.T("report.state_")}}}
	for _, r := range rows {
		last, words := dueText(rq, r.Due())
		text, tone := tag(rq, r)
		v.Table.Rows = append(v.Table.Rows, []ui.Cell{{Text: r.Title, Path: "/reports/" + r.ID}, unitCell(rq, labels, r.Unit, r.day()), unitCell(rq, labels, r.Asker, r.day()), {Text: last, Small: words, Class: "nw"}, {Body: ui.Tag(text, tone), Class: "nw"}})
	}
	return web.Show(rq.T("report.title"), listPage(v)), nil
}

// unitCell shows a unit of a report in a list.
func unitCell(rq *web.Request, labels orgunit.Mentions, unit string, day civil.Date) ui.Cell {
	l := labels.Of(unit, day)
	return ui.Cell{Text: l.Then, Small: l.Beside(rq.Context())}
}

func xlsx(rq *web.Request, name string, tables ...sheet.Table) (web.Reply, error) {
	var b bytes.Buffer
	if err := sheet.XLSX(&b, tables...); err != nil {
		return web.Reply{}, err
	}
	return file(name+".xlsx", sheet.Type, b.Bytes()), nil
}

func file(name, typ string, b []byte) web.Reply {
	return web.Download(web.File{Name: name, Type: typ, Size: int64(len(b)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }})
}

func (c *Reports) sheetList(rq *web.Request) (web.Reply, error) {
	f := filterOf(rq)
	f.Page, f.Size = 1, 50_000
	rows, _, err := c.List(rq.Tx, rq.Actor, f)
	if err != nil {
		return web.Reply{}, err
	}
	labels, err := orgunit.Mentioned(rq.Tx, mentions(rows))
	if err != nil {
		return web.Reply{}, err
	}
	t := sheet.Table{Name: rq.T("report.title"), Title: rq.T("report.title"), Notes: []string{rq.T("report.as_of", i18n.Time(rq.Lang, rq.Tx.Now))}, Columns: []sheet.Column{{Text: rq.T("report.name"), Width: 60}, {Text: rq.T("report.unit")}, {Text: rq.T("report.asker")},
		{Text: rq.T("report.last_day"), Kind: sheet.Date}, {Text: rq.T("report.words"), Width: 26}, {Text: rq.T("report.state_"), Width: 16}, {Text: rq.T("report.sent_at"), Kind: sheet.Time}, {Text: rq.T("report.late"), Width: 10}, {Text: rq.T("report.nothing"), Width: 16}}}
	for _, r := range rows {
		late, nothing := "", ""
		if r.Late(rq.Tx.Now) {
			late = rq.T("report.late")
		}
		if r.Nothing {
			nothing = rq.T("report.nothing")
		}
		t.Rows = append(t.Rows, []any{r.Title, labels.Text(rq.Context(), r.Unit, r.day()), labels.Text(rq.Context(), r.Asker, r.day()), r.Due().Last(), r.DueWords, i18n.TM(rq.Context(), r.State.Text()), r.FirstAt, late, nothing})
	}
	return xlsx(rq, rq.T("report.file"), t)
}

func crumb(rq *web.Request) web.Crumb { return web.Crumb{Text: rq.T("report.title"), Path: "/reports"} }
