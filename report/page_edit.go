package report

import (
	"errors"
	"strings"

	"chungtay/account"
	"chungtay/formbook"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/ui"
	"chungtay/internal/web"

	"github.com/a-h/templ"
)

type reasonRow struct{ Addr, Label, Filled, Now, Reason, Source, Path, Error string }

type editView struct {
	R       Report
	A       Asked
	Form    *web.Form
	Sheet   formbook.Sheet
	Index   []ui.Todo
	Reasons []reasonRow
	Saved   string
	Due     string
	Stale   []staleRow
	Who     string
	Sign    bool
	Remarks []remarkRow
	Files   []Attachment
	Once    string
	Found   int
}

type staleRow struct{ Label, Mine, Theirs string }

type remarkRow struct{ Cell, Label, Who, When, Text string }

func (c *Reports) doStart(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if _, err := c.Start(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	return web.To("/reports/" + id + "/edit"), nil
}

// toWrite is the report in the path for those who write it.
func (c *Reports) toWrite(rq *web.Request) (writing, error) {
	id, err := rq.ID("id")
	if err != nil {
		return writing{}, err
	}
	return c.writing(rq.Tx, rq.Actor, id)
}

func (c *Reports) pageEdit(rq *web.Request) (web.Reply, error) {
	w, err := c.toWrite(rq)
	if err != nil {
		return web.Reply{}, err
	}
	r, a, f := w.Report, w.Asked, w.Form
	if !r.State.Open() || r.State == NotSent || a.State != "open" {
		return web.To("/reports/" + r.ID), nil
	}
	values, _, err := f.Decode([]byte(r.Body))
	if err != nil {
		return web.Reply{}, err
	}
	return c.editPage(rq, r, a, values, rq.Filled("report.form", map[string]string{"once": rq.Once()}), nil, nil)
}

// sheet is the form of a report with everything that stands beside its figures.
func (c *Reports) sheet(rq *web.Request, r Report, a Asked, values formdef.Values) (formbook.Sheet, Judged, error) {
	j, err := c.Judge(rq.Tx, r, a, values)
	if err != nil {
		return formbook.Sheet{}, j, err
	}
	s := formbook.Sheet{Form: j.Form, Values: j.Result.Values, Findings: j.Result.Problems, Hidden: j.Result.Hidden, Last: j.Last, Today: civil.Of(rq.Tx.Now), Sources: map[string]formbook.Source{}, Beside: map[string]templ.Component{}}
	if j.HasLast {
		s.LastName = lastName(rq, j.LastOf)
	}
	for addr, fill := range r.Fills.V {
		s.Sources[addr] = formbook.Source{Text: fill.Text, Path: fill.Path}
	}
	remarks, err := c.remarks(rq, r, j.Form)
	if err != nil {
		return s, j, err
	}
	by := map[string][]remarkRow{}
	for _, m := range remarks {
		if m.Cell != "" {
			by[m.Cell] = append(by[m.Cell], m)
		}
	}
	for cell, list := range by {
		s.Beside[cell] = besideCell(list)
	}
	return s, j, nil
}

func lastName(rq *web.Request, a Asked) string {
	if !a.To.IsZero() {
		return rq.T("report.period_to", i18n.Date(rq.Lang, a.To))
	}
	return a.Title
}

func (c *Reports) remarks(rq *web.Request, r Report, f *formdef.Form) ([]remarkRow, error) {
	list, err := remarksOf(rq.Tx, r.ID)
	if err != nil {
		return nil, err
	}
	var people []string
	for _, m := range list {
		people = append(people, m.Person)
	}
	names, err := account.NamesOf(rq.Tx, people)
	if err != nil {
		return nil, err
	}
	out := make([]remarkRow, len(list))
	for i, m := range list {
		out[i] = remarkRow{Cell: m.Cell, Who: names[m.Person], When: i18n.Time(rq.Lang, m.At), Text: m.Text}
		if cell, ok := f.Cell(m.Cell); ok {
			out[i].Label = cell.Label().In(rq.Lang)
		}
	}
	return out, nil
}

// editPage shows the form of a report. posted is true when it is shown again with what was typed.
func (c *Reports) editPage(rq *web.Request, r Report, a Asked, values formdef.Values, f *web.Form, found []formdef.Finding, stale *Stale) (web.Reply, error) {
	s, j, err := c.sheet(rq, r, a, values)
	if err != nil {
		return web.Reply{}, err
	}
	s.Findings, s.Take = append(found, s.Findings...), "take"
	if !f.OK() || stale != nil {
		s.Posted = f.RawAll
		s.Required = f.Raw("do") == "submit"
	}
	v := editView{R: r, A: a, Form: f, Sheet: s, Index: formbook.Index(rq.Context(), s), Sign: a.Signed && !c.signs(rq.Tx, rq.Actor, r), Once: rq.Once()}
	name, err := account.NamesOf(rq.Tx, []string{r.ChangedBy})
	if err != nil {
		return web.Reply{}, err
	}
	v.Saved = rq.T("report.saved", i18n.Time(rq.Lang, r.ChangedAt), name[r.ChangedBy])
	last, words := dueText(rq, r.Due())
	v.Due = rq.T("report.due_last", last, words)
	for _, addr := range Corrected(r, j.Result.Values) {
		cell, ok := j.Form.Cell(addr)
		if !ok {
			continue
		}
		fill := r.Fills.V[addr]
		reason := fill.Reason
		if x := f.Raw("reason:" + addr); x != "" {
			reason = x
		}
		v.Reasons = append(v.Reasons, reasonRow{Addr: addr, Label: cell.Label().In(rq.Lang), Filled: fill.Value, Now: cell.Show(rq.Lang, j.Result.Values[addr], rq.T("report.nothing")), Reason: reason, Source: fill.Text, Path: fill.Path, Error: f.Error("reason:" + addr)})
	}
	if stale != nil {
		who, err := account.NamesOf(rq.Tx, []string{stale.Who})
		if err != nil {
			return web.Reply{}, err
		}
		v.Who = who[stale.Who]
		for _, x := range stale.Cells {
			label := x.Addr
			if cell, ok := j.Form.Cell(x.Addr); ok {
				label = cell.Label().In(rq.Lang)
			}
			v.Stale = append(v.Stale, staleRow{label, x.Mine, x.Theirs})
		}
	}
	remarks, err := c.remarks(rq, r, j.Form)
	if err != nil {
		return web.Reply{}, err
	}
	v.Remarks = remarks
	if v.Files, err = attachmentsOf(rq.Tx, r.ID); err != nil {
		return web.Reply{}, err
	}
	body := editPage(v)
	title := a.Title
	switch {
	case stale != nil:
		rep := web.Again(title, f, body).With(crumb(rq), web.Crumb{Text: title, Path: "/reports/" + r.ID})
		rep.Status = 409
		return rep, nil
	case !f.OK():
		return web.Again(title, f, body).With(crumb(rq), web.Crumb{Text: title, Path: "/reports/" + r.ID}), nil
	}
	return web.Show(title, body).With(crumb(rq), web.Crumb{Text: title, Path: "/reports/" + r.ID}), nil
}

// reasons reads why filled figures were corrected.
func reasons(r Report, f *web.Form) map[string]string {
	out := map[string]string{}
	for addr := range r.Fills.V {
		if s := f.RawAll("reason:" + addr); len(s) > 0 {
			out[addr] = s[0]
		}
	}
	return out
}

func (c *Reports) doEdit(rq *web.Request) (web.Reply, error) {
	w, err := c.toWrite(rq)
	if err != nil {
		return web.Reply{}, err
	}
	r, a, form := w.Report, w.Asked, w.Form
	f := rq.Form("report.form")
	values, found := form.Posted(f.RawAll)
	formbook.Refuse(f, form, found)
	base, _ := f.Int("version", 1, 1<<40, web.Need)
	if !f.OK() {
		return c.editPage(rq, r, a, values, f, found, nil)
	}
	took := f.Raw("take")
	if took != "" {
		if err := c.takeLast(rq.Tx, r, a, form, values, took); err != nil {
			return web.Reply{}, err
		}
	}
	saved, err := c.save(rq.Tx, rq.Actor, w, base, values, reasons(r, f))
	var stale *Stale
	if errors.As(err, &stale) {
		return c.editPage(rq, r, a, values, f, nil, stale)
	}
	if err != nil {
		if !f.Take(err) {
			return web.Reply{}, err
		}
		return c.editPage(rq, r, a, values, f, nil, nil)
	}
	if took != "" {
		return web.To("/reports/" + r.ID + "/edit#f-" + formdef.InputValue + took).Say("report.said.taken_over"), nil
	}
	if f.Raw("do") != "submit" {
		return web.To("/reports/" + r.ID + "/edit").Say("report.said.saved"), nil
	}
	w.Report = saved
	sent, err := c.submit(rq.Tx, rq.Actor, w, saved.Version)
	var refused *Refused
	if errors.As(err, &refused) {
		var cells []formdef.Finding
		for _, x := range refused.Found {
			if x.Message.Key == "report.need_reason" {
				f.Refuse("reason:"+x.At, x.Message.Key, x.Message.Args...)
			} else {
				cells = append(cells, x)
			}
		}
		formbook.Refuse(f, form, cells)
		return c.editPage(rq, r, a, values, f, refused.Found, nil)
	}
	if err != nil {
		return web.Reply{}, err
	}
	if sent.State == Signing {
		return web.To("/reports/" + r.ID).Say("report.said.signing"), nil
	}
	return web.To("/reports/" + r.ID).Say("report.said.submitted"), nil
}

// takeLast puts the words of the last period below what is written in a cell.
func (c *Reports) takeLast(tx *db.Tx, r Report, a Asked, f *formdef.Form, values formdef.Values, at string) error {
	last, _, ok, err := c.last(tx, r, a, f)
	if err != nil {
		return err
	}
	cell, known := f.Cell(at)
	old := last[at]
	if !ok || !known || cell.Field.Type.Number() || old.State != formdef.Given || old.Text == "" {
		return errs.Absent("words of the last period", at)
	}
	values[at] = formdef.TextValue(strings.TrimPrefix(values[at].Text+"\n"+old.Text, "\n"))
	return nil
}

type autosaved struct {
	Version int64  `json:"version,omitempty"`
	Text    string `json:"text,omitempty"`
	Title   string `json:"title,omitempty"`
}

func (c *Reports) doAutosave(rq *web.Request) (web.Reply, error) {
	w, err := c.toWrite(rq)
	if err != nil {
		return web.Reply{}, err
	}
	r, form := w.Report, w.Form
	f := rq.Form("report.form")
	values, unread := form.Posted(f.RawAll)
	formbook.Refuse(f, form, unread)
	base, _ := f.Int("version", 1, 1<<40, web.Need)
	bad := func(status int, key string) (web.Reply, error) {
		rep := web.JSON(autosaved{Title: rq.T(key)})
		rep.Status = status
		return rep, nil
	}
	if !f.OK() {
		return bad(422, "report.autosave_bad")
	}
	saved, err := c.save(rq.Tx, rq.Actor, w, base, values, reasons(r, f))
	var stale *Stale
	switch {
	case errors.As(err, &stale):
		return bad(409, "report.autosave_stale")
	case errs.Is(err, errs.Invalid):
		return bad(422, "report.autosave_bad")
	case err != nil:
		return web.Reply{}, err
	}
	return web.JSON(autosaved{Version: saved.Version, Text: rq.T("report.saved", i18n.Time(rq.Lang, rq.Tx.Now), rq.Actor.Name)}), nil
}

func (c *Reports) doRefill(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	_, n, err := c.Refill(rq.Tx, rq.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	return web.To("/reports/"+id+"/edit").Say("report.said.refilled", n), nil
}

func (c *Reports) doNothing(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "nothing", "report.said.nothing", func(id string, f *web.Form) error {
		version, _ := f.Int("version", 0, 1<<40, false)
		if _, err := c.Start(rq.Tx, rq.Actor, id); err != nil {
			return err
		}
		_, err := c.Nothing(rq.Tx, rq.Actor, id, min(version, 0))
		return err
	})
}

func (c *Reports) doSubmit(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "submit", "report.said.submitted", func(id string, f *web.Form) error {
		version, _ := f.Int("version", 0, 1<<40, false)
		_, err := c.Submit(rq.Tx, rq.Actor, id, version)
		return err
	})
}

func (c *Reports) doTakeBack(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "", "report.said.taken", func(id string, f *web.Form) error { return c.TakeBack(rq.Tx, rq.Actor, id) })
}

func (c *Reports) doAttach(rq *web.Request) (web.Reply, error) {
	w, err := c.toWrite(rq)
	if err != nil {
		return web.Reply{}, err
	}
	r := w.Report
	return c.deed(rq, "files", "report.said.attached", func(id string, f *web.Form) error {
		files, err := c.Blobs.Received(rq, f, "files")
		if err != nil || !f.OK() {
			return err
		}
		return c.Attach(rq.Tx, rq.Actor, r.ID, files)
	})
}

func (c *Reports) doDetach(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "", "report.said.detached", func(id string, f *web.Form) error { return c.Detach(rq.Tx, rq.Actor, id, rq.HTTP.PathValue("file")) })
}

func (c *Reports) file(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if _, err := c.Get(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	list, err := attachmentsOf(rq.Tx, id)
	if err != nil {
		return web.Reply{}, err
	}
	for _, x := range list {
		if x.ID != rq.HTTP.PathValue("file") {
			continue
		}
		ref, err := c.Blobs.Used(rq.Tx, x.Blob, "report", id)
		if err != nil {
			return web.Reply{}, err
		}
		out, err := c.Blobs.File(rq.Tx, ref)
		return web.Download(out), err
	}
	return web.Reply{}, errs.Absent("file", rq.HTTP.PathValue("file"))
}

func (c *Reports) doComment(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "comment", "report.said.commented", func(id string, f *web.Form) error {
		return c.Comment(rq.Tx, rq.Actor, id, f.Raw("cell"), f.Raw("comment"))
	})
}

// deed is a page of one operation: on to the report, or its page again with the refused form.
func (c *Reports) deed(rq *web.Request, at, said string, do func(id string, f *web.Form) error) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("report.form")
	err = do(id, f)
	var refused *Refused
	switch {
	case err == nil && f.OK():
		return web.To("/reports/" + id).Say(said), nil
	case errors.As(err, &refused):
		f.Refuse("", "report.refused", len(refused.Found))
	case err != nil && !f.Take(err):
		return web.Reply{}, err
	}
	return c.show(rq, at, f)
}

func validIDs(list []string) []string {
	var out []string
	for _, s := range list {
		if ids.Valid(s) {
			out = append(out, s)
		}
	}
	return out
}

func trim(s string) string { return strings.TrimSpace(s) }
