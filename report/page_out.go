package report

import (
	"bytes"
	"encoding/json"
	"io"
	"net/url"
	"strconv"
	"strings"

	"chungtay/docrender"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/sheet"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"

	"github.com/a-h/templ"
)

const (
	typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typePDF  = "application/pdf"
)

// download is a line of the menu "Tải về".
type download struct{ Text, Path, Small string }

// written answers with a paper as a file.
func written(name, ext string, d docrender.Document) (web.Reply, error) {
	var b bytes.Buffer
	write, typ := docrender.DOCX, typeDOCX
	if ext == "pdf" {
		write, typ = func(w io.Writer, d docrender.Document) error { return docrender.PDF(w, d) }, typePDF
	}
	if err := write(&b, d); err != nil {
		return web.Reply{}, errs.Wrap(err, errs.Invalid, "report.paper.unfinished")
	}
	return file(name+"."+ext, typ, b.Bytes()), nil
}

// shown returns the report of a page with its request; draft tells that what is being written is shown: to the unit that writes, while it
// writes. A report nobody has begun is absent as a paper.
func (c *Reports) shown(rq *web.Request) (r Report, a Asked, draft bool, err error) {
	id, err := rq.ID("id")
	if err != nil {
		return r, a, false, err
	}
	if r, err = c.Get(rq.Tx, rq.Actor, id); err != nil {
		return r, a, false, err
	}
	if a, err = findAsked(rq.Tx, r.Request); err != nil {
		return r, a, false, err
	}
	writes, err := c.writes(rq.Tx, rq.Actor, r)
	if err != nil {
		return r, a, false, err
	}
	draft = writes && (r.State == Draft || r.State == Signing || r.State == Returned)
	if !draft && r.Current == 0 {
		return r, a, false, errs.Absent("paper of report", id)
	}
	return r, a, draft, nil
}

func (c *Reports) paper(rq *web.Request) (docrender.Document, Report, Asked, error) {
	r, a, draft, err := c.shown(rq)
	if err != nil {
		return docrender.Document{}, r, a, err
	}
	d, err := c.paperOf(rq.Tx, r, a, draft, paperNumber(rq))
	return d, r, a, err
}

func (c *Reports) pagePaper(rq *web.Request) (web.Reply, error) {
	d, r, a, err := c.paper(rq)
	if err != nil {
		return web.Reply{}, err
	}
	v := paperView{Title: a.Title, Path: "/reports/" + r.ID + "/paper", Files: "/reports/" + r.ID + "/paper", Numbered: !d.Draft || d.Number > 0, Body: docrender.HTML(d, nil)}
	return web.Show(rq.T("report.paper.title"), paperPage(v.numbered(rq))).With(crumb(rq), web.Crumb{Text: a.Title, Path: "/reports/" + r.ID}), nil
}

func (c *Reports) fileDOCX(rq *web.Request) (web.Reply, error) { return c.paperFile(rq, "docx") }
func (c *Reports) filePDF(rq *web.Request) (web.Reply, error)  { return c.paperFile(rq, "pdf") }

func (c *Reports) paperFile(rq *web.Request, ext string) (web.Reply, error) {
	d, r, _, err := c.paper(rq)
	if err != nil {
		return web.Reply{}, err
	}
	name := "bao-cao-lan-" + strconv.Itoa(r.Current)
	if d.Date.IsZero() {
		name = "bao-cao-du-thao"
	}
	return written(name, ext, d)
}

// figures are the values of the shown report, with their form.
// A reader of what was sent learns nothing of what is being written.
func (c *Reports) figures(rq *web.Request) (Report, Asked, *formdef.Form, formdef.Values, error) {
	r, a, draft, err := c.shown(rq)
	if err != nil {
		return r, a, nil, nil, err
	}
	f, err := c.form(rq.Tx, a)
	if err != nil {
		return r, a, nil, nil, err
	}
	body := r.Body
	if !draft {
		s, err := submission(rq.Tx, r.ID, r.Current)
		if err != nil {
			return r, a, nil, nil, err
		}
		body, r.Nothing = s.Body, s.Nothing
	}
	if !draft {
		v, err := f.Kept([]byte(body))
		return r, a, f, v, err
	}
	v, _, err := f.Decode([]byte(body))
	if err != nil {
		return r, a, f, nil, err
	}
	j, err := c.Judge(rq.Tx, r, a, v)
	return r, a, f, j.Result.Values, err
}

// figuresSheet is one report as a table: a line a figure.
func (c *Reports) figuresSheet(rq *web.Request) (sheet.Table, error) {
	r, a, f, v, err := c.figures(rq)
	if err != nil {
		return sheet.Table{}, err
	}
	names, err := orgunit.Texts(rq.Tx, []string{r.Unit}, a.day())
	if err != nil {
		return sheet.Table{}, err
	}
	t := sheet.Table{Name: rq.T("report.paper.figures"), Title: a.Title, Notes: []string{names[r.Unit], rq.T("report.period") + ": " + period(rq, a), i18n.TM(rq.Context(), r.State.Text())},
		Columns: []sheet.Column{{Text: rq.T("report.paper.figure"), Width: 60}, {Text: rq.T("report.paper.unit"), Width: 18}, {Text: rq.T("report.paper.value"), Kind: sheet.Decimal, Width: 16}}}
	for _, cell := range f.Figures() {
		t.Rows = append(t.Rows, []any{cell.Label().In(rq.Lang), unitWord(rq, f, cell.Unit), figureValue(rq, v[cell.Address])})
	}
	return t, nil
}

func figureValue(rq *web.Request, v formdef.Value) any {
	switch {
	case v.State == formdef.None:
		return rq.T("report.none_short")
	case v.State == formdef.Missing:
		return nil
	case v.Num.IsInt():
		return v.Num.Int64()
	}
	return v.Num.Float()
}

func (c *Reports) sheetReport(rq *web.Request) (web.Reply, error) {
	t, err := c.figuresSheet(rq)
	if err != nil {
		return web.Reply{}, err
	}
	return xlsx(rq, rq.T("report.paper.figures"), t)
}

func (c *Reports) csvReport(rq *web.Request) (web.Reply, error) {
	t, err := c.figuresSheet(rq)
	if err != nil {
		return web.Reply{}, err
	}
	var b bytes.Buffer
	if err := sheet.CSV(&b, t); err != nil {
		return web.Reply{}, err
	}
	return file(rq.T("report.paper.figures")+".csv", "text/csv; charset=utf-8", b.Bytes()), nil
}

func (c *Reports) jsonReport(rq *web.Request) (web.Reply, error) {
	r, a, _, v, err := c.figures(rq)
	if err != nil {
		return web.Reply{}, err
	}
	out := struct {
		Title   string          `json:"title"`
		Form    string          `json:"form"`
		From    civil.Date      `json:"from"`
		To      civil.Date      `json:"to"`
		Unit    string          `json:"unit"`
		State   State           `json:"state"`
		Version int             `json:"version"`
		Nothing bool            `json:"nothing"`
		Values  json.RawMessage `json:"values"`
	}{a.Title, a.FormCode, a.From, a.To, r.Unit, r.State, r.Current, r.Nothing, v.Canonical()}
	b, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return web.Reply{}, err
	}
	return file(orPlain(a.FormCode)+".json", "application/json", b), nil
}

// downloads are the formats of a report that is there to be read.
func (v showView) downloads(rq *web.Request) []download {
	p := "/reports/" + v.R.ID + "/"
	small := rq.T("report.paper.as_draft")
	if v.R.Current > 0 && !v.Edit && !v.TakeBack {
		small = rq.T("report.paper.as_sent", v.R.Current)
	}
	out := []download{{rq.T("report.paper.look"), p + "paper", small}, {rq.T("report.paper.docx"), p + "paper.docx", ""}, {rq.T("report.paper.pdf"), p + "paper.pdf", ""}}
	if len(v.Sheet.Form.Figures()) > 0 {
		out = append(out, download{rq.T("report.paper.xlsx"), p + "figures.xlsx", ""}, download{rq.T("report.paper.csv"), p + "figures.csv", ""})
	}
	return append(out, download{rq.T("report.paper.json"), p + "data.json", ""})
}

type paperView struct {
	Title, Path   string
	Number, Wrong string // of the paper, as typed; why it is none
	Files         string // address of the paper without ".docx"
	Numbered      bool
	Tabs          []ui.Link
	Body          templ.Component
}

// numbered is the view with the number that was typed.
func (v paperView) numbered(rq *web.Request) paperView {
	v.Number = strings.TrimSpace(rq.Query("number"))
	if v.Number != "" && paperNumber(rq) == 0 {
		v.Wrong = rq.T("report.paper.number_bad")
	}
	return v
}

// file is the address of the paper as a file, with the number when it is one.
func (v paperView) file(ext string) string {
	if v.Wrong != "" {
		return v.Files + ext
	}
	return withNumber(v.Files+ext, v.Number)
}

func withNumber(path, number string) string {
	if number == "" {
		return path
	}
	return path + "?number=" + url.QueryEscape(number)
}
