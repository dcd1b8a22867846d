package task

import (
	"strings"

	"chungtay/account"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
	"chungtay/policy"
)

type showView struct {
	Task       Task
	Order      Order
	Title      string
	Unit       string
	Issuer     string
	Person     string
	Tag        string
	Tone       ui.Tone
	Pairs      []ui.Pair
	Cooperate  []string
	Evidence   []Evidence
	Extensions []Extension
	Asked      *Extension
	Events     []ui.Event
	Children   ui.Table
	Holders    []ui.Option
	Once       string

	Start, Submit, Attach, Note, Accept, Cancel, More, Decide, Hand, Delegate bool

	Form *web.Form // the one that was refused, or an empty one
	At   string    // which form was refused: submit, answer, more, note, files, reason
}

func (c *Tasks) pageShow(rq *web.Request) (web.Reply, error) {
	return c.showTask(rq, "", nil)
}

// showTask shows a task; when a form on it was refused, with what was typed.
func (c *Tasks) showTask(rq *web.Request, at string, f *web.Form) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	t, err := c.Get(rq.Tx, rq.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	v := showView{Task: t, Form: f, At: at, Once: rq.Once()}
	if f == nil {
		v.Form = rq.Filled("task.form", nil)
	}
	if v.Order, err = orderOf(rq.Tx, t.Order); err != nil {
		return web.Reply{}, err
	}
	v.Title = Title(v.Order.Text)
	parties, err := partiesOf(rq.Tx, id)
	if err != nil {
		return web.Reply{}, err
	}
	units := []string{t.Unit, t.Issuer}
	for _, p := range parties {
		if p.Part == "cooperate" {
			units = append(units, p.Holder)
		}
	}
	names, err := orgunit.Texts(rq.Tx, units, t.Given())
	if err != nil {
		return web.Reply{}, err
	}
	v.Unit, v.Issuer = names[t.Unit], names[t.Issuer]
	for _, o := range units[2:] {
		v.Cooperate = append(v.Cooperate, names[o])
	}
	v.Tag, v.Tone = tag(rq, t)
	if v.Evidence, err = evidenceOf(rq.Tx, id); err != nil {
		return web.Reply{}, err
	}
	if v.Extensions, err = extensionsOf(rq.Tx, id); err != nil {
		return web.Reply{}, err
	}
	for i := range v.Extensions {
		if v.Extensions[i].State == "asked" {
			v.Asked = &v.Extensions[i]
		}
	}
	if err := c.events(rq, &v); err != nil {
		return web.Reply{}, err
	}
	kids, err := children(rq.Tx, id)
	if err != nil {
		return web.Reply{}, err
	}
	if len(kids) > 0 {
		list, err := c.show(rq, kids)
		if err != nil {
			return web.Reply{}, err
		}
		v.Children = c.table(rq, list)
	}
	if err := c.allowed(rq, &v); err != nil {
		return web.Reply{}, err
	}
	v.Pairs = c.pairs(rq, v)
	body := showPage(v)
	if f != nil && !f.OK() {
		return web.Again(v.Title, f, body).With(crumb(rq)), nil
	}
	return web.Show(v.Title, body).With(crumb(rq)), nil
}

// allowed says which deeds the page offers: those the actor may do now.
func (c *Tasks) allowed(rq *web.Request, v *showView) error {
	r, err := record(rq.Tx, v.Task)
	if err != nil {
		return err
	}
	can := func(p policy.Permission) bool { return c.Book.Scope(rq.Actor, p).Allows(r) }
	s := v.Task.State
	works, accepts := can(Work), can(Accept)
	v.Start = works && s == Open
	v.Attach = works && s.Pending()
	v.Submit = works && s.Pending()
	v.More = works && s.Pending() && !v.Task.DueDay.IsZero() && v.Asked == nil
	v.Hand = works && !s.Closed()
	v.Delegate = works && s.Pending() && rq.Actor.Holds(Assign) && c.mayFor(rq.Tx, rq.Actor, Assign, v.Task.Unit) == nil
	v.Note = (works || accepts) && !s.Closed()
	v.Accept = accepts && s == Submitted
	v.Cancel = accepts && !s.Closed()
	v.Decide = accepts && v.Asked != nil
	if v.Hand {
		holders, err := c.Accounts.HoldersOf(rq.Tx, v.Task.Unit, Work)
		if err != nil {
			return err
		}
		v.Holders = []ui.Option{{Text: rq.T("task.nobody")}}
		for _, h := range holders {
			v.Holders = append(v.Holders, ui.Option{Value: h.ID, Text: h.Name})
		}
	}
	if v.Task.Person != "" {
		if v.Person, err = account.NameOf(rq.Tx, v.Task.Person); errs.Is(err, errs.NotFound) {
			err = nil
		}
	}
	return err
}

func (c *Tasks) pairs(rq *web.Request, v showView) []ui.Pair {
	last, words := dueText(rq, v.Task.Due())
	if words != "" {
		last = rq.T("task.due_last", last, words)
	}
	out := []ui.Pair{{Label: rq.T("task.unit"), Value: v.Unit}}
	if len(v.Cooperate) > 0 {
		out = append(out, ui.Pair{Label: rq.T("task.cooperate"), Value: strings.Join(v.Cooperate, "; ")})
	}
	out = append(out, ui.Pair{Label: rq.T("task.issuer"), Value: v.Issuer})
	if !v.Order.Start.IsZero() {
		out = append(out, ui.Pair{Label: rq.T("task.start_day"), Value: i18n.Date(rq.Lang, v.Order.Start)})
	}
	out = append(out, ui.Pair{Label: rq.T("task.due"), Value: last})
	for _, e := range v.Extensions {
		if e.State == "granted" {
			out = append(out, ui.Pair{Label: rq.T("task.former_due"), Value: e.FormerWords})
		}
	}
	if v.Order.Product != "" {
		out = append(out, ui.Pair{Label: rq.T("task.product"), Value: v.Order.Product})
	}
	if v.Person != "" {
		out = append(out, ui.Pair{Label: rq.T("task.person"), Value: v.Person})
	}
	if v.Order.Directive != "" && c.Seen != nil {
		if title, path := c.Seen(rq.Tx, rq.Actor, v.Order.Directive); title != "" {
			if v.Order.Numbering != "" {
				title = rq.T("task.item", v.Order.Numbering) + ", " + title
			}
			out = append(out, ui.Pair{Label: rq.T("task.from_directive"), Body: ui.Anchor(title, path)})
		}
	}
	if v.Order.Parent != "" {
		if _, err := c.Get(rq.Tx, rq.Actor, v.Order.Parent); err == nil {
			out = append(out, ui.Pair{Label: rq.T("task.parent"), Body: ui.Anchor(rq.T("task.open_parent"), "/tasks/"+v.Order.Parent)})
		}
	}
	return out
}

// noteNeeds says by which permission of the issuing unit a step was taken, to tell when it was held by delegation.
var noteNeeds = map[string]policy.Permission{"assigned": Assign, "accepted": Accept, "returned": Accept, "granted": Accept, "refused": Accept, "cancelled": Assign}

// events turns the notes into the timeline.
func (c *Tasks) events(rq *web.Request, v *showView) error {
	notes, err := notesOf(rq.Tx, v.Task.ID)
	if err != nil {
		return err
	}
	var people []string
	var said []orgunit.Mention
	for _, n := range notes {
		people, said = append(people, n.Person), append(said, orgunit.On(n.Unit, civil.Of(n.At)))
		if n.Kind == "moved" || n.Kind == "given_moved" {
			said = append(said, orgunit.On(n.Text, civil.Of(n.At)))
		}
	}
	who, err := account.NamesOf(rq.Tx, people)
	if err != nil {
		return err
	}
	where, err := orgunit.Mentioned(rq.Tx, said)
	if err != nil {
		return err
	}
	done := make([]account.Done, len(notes))
	for i, n := range notes {
		done[i] = account.Done{Person: n.Person, Unit: v.Task.Issuer, By: noteNeeds[n.Kind], At: n.At}
	}
	stood, err := c.Accounts.StoodIn(rq.Tx, done)
	if err != nil {
		return err
	}
	for i, n := range notes {
		//i18n:prefix task.event.
		e := ui.Event{Text: rq.T("task.event." + n.Kind), When: i18n.Time(rq.Lang, n.At), Who: who[n.Person], Note: n.Text}
		if n.Kind == "moved" || n.Kind == "given_moved" {
			e.Note = where.Text(rq.Context(), n.Text, civil.Of(n.At))
		}
		if n.Kind == "joined" || n.Kind == "joins" {
			e.Note, e.Path = "", "/tasks/"+n.Text
		}
		if u := where.Text(rq.Context(), n.Unit, civil.Of(n.At)); u != "" {
			e.Who = strings.Trim(e.Who+", "+u, ", ")
		}
		if stood[i] != "" {
			e.Who = rq.T("account.stood_in", e.Who, stood[i])
		}
		if n.Kind == "returned" || n.Kind == "escalated" || n.Kind == "refused" {
			e.State = "late"
		}
		v.Events = append(v.Events, e)
	}
	return nil
}

// answer ends a deed on a task: on to its page, or the page again with the refused form.
func (c *Tasks) answer(rq *web.Request, at string, f *web.Form, err error, said string) (web.Reply, error) {
	if err == nil && f.OK() {
		return web.To("/tasks/" + rq.HTTP.PathValue("id")).Say(said), nil
	}
	if err != nil && !f.Take(err) {
		return web.Reply{}, err
	}
	return c.showTask(rq, at, f)
}

func (c *Tasks) doStart(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	return c.answer(rq, "", rq.Form("task.form"), c.Start(rq.Tx, rq.Actor, id), "task.said.started")
}

func (c *Tasks) doNote(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("task.form")
	return c.answer(rq, "note", f, c.Progress(rq.Tx, rq.Actor, id, f.Raw("note")), "task.said.noted")
}

func (c *Tasks) doAttach(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if _, err := c.may(rq.Tx, rq.Actor, Work, id); err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("task.form")
	files, err := c.Blobs.Received(rq, f, "files", blob.Anything...)
	if err != nil {
		return web.Reply{}, err
	}
	if f.OK() {
		err = c.Attach(rq.Tx, rq.Actor, id, files)
	}
	return c.answer(rq, "files", f, err, "task.said.attached")
}

func (c *Tasks) doDetach(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	file, err := rq.ID("file")
	if err != nil {
		return web.Reply{}, err
	}
	return c.answer(rq, "", rq.Form("task.form"), c.Detach(rq.Tx, rq.Actor, id, file), "task.said.detached")
}

// file answers with evidence: the copy of a photo that is shown, or the file; with ?original=1 the original of a photo.
func (c *Tasks) file(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if _, err := c.Get(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	e, ok, err := findEvidence(rq.Tx, rq.HTTP.PathValue("file"))
	if err != nil || !ok || e.Task != id {
		return web.Reply{}, errs.Absent("evidence", rq.HTTP.PathValue("file"))
	}
	ref := e.Original
	switch {
	case rq.Query("original") != "":
	case e.Shown != "":
		ref = e.Shown
	case isPhoto(blob.Type(e.Type)): // its place is not taken out yet; who wants the file as it was sent asks for the original
		return web.Reply{}, errs.Absent("copy of evidence", e.ID)
	}
	used, err := c.Blobs.Used(rq.Tx, ref, "task", id)
	if err != nil {
		return web.Reply{}, err
	}
	file, err := c.Blobs.File(rq.Tx, used)
	if err != nil {
		return web.Reply{}, err
	}
	file.Inline = ref == e.Shown
	return web.Download(file), nil
}

func (c *Tasks) doSubmit(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("task.form")
	version, _ := f.Int("version", 0, 1<<40, false)
	return c.answer(rq, "submit", f, c.Submit(rq.Tx, rq.Actor, id, version, f.Raw("result")), "task.said.submitted")
}

func (c *Tasks) doAnswer(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("task.form")
	version, _ := f.Int("version", 0, 1<<40, false)
	if f.Choice("verdict", web.Need, "accept", "return") == "return" {
		return c.answer(rq, "answer", f, c.Return(rq.Tx, rq.Actor, id, version, f.Raw("answer")), "task.said.returned")
	}
	if f.OK() {
		err = c.Accept(rq.Tx, rq.Actor, id, version, f.Raw("answer"))
	}
	return c.answer(rq, "answer", f, err, "task.said.accepted")
}

func (c *Tasks) doCancel(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("task.form")
	return c.answer(rq, "reason", f, c.Cancel(rq.Tx, rq.Actor, id, f.Raw("reason")), "task.said.cancelled")
}

func (c *Tasks) doPerson(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("task.form")
	person := f.Raw("person")
	if person != "" && !ids.Valid(person) {
		person = "-"
	}
	return c.answer(rq, "person", f, c.Hand(rq.Tx, rq.Actor, id, person), "task.said.handed")
}

func (c *Tasks) doMore(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("task.form")
	until := f.Date("until", web.Need)
	reason := f.LongText("why", maxNote, web.Need)
	if f.OK() {
		err = c.AskMore(rq.Tx, rq.Actor, id, deadline.New(deadline.Until, until), reason)
	}
	return c.answer(rq, "more", f, err, "task.said.asked")
}

func (c *Tasks) doDecide(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	extension, err := rq.ID("extension")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("task.form")
	verdict := f.Choice("verdict", web.Need, "grant", "refuse")
	if f.OK() {
		err = c.Decide(rq.Tx, rq.Actor, id, extension, verdict == "grant", f.Raw("answer"))
	}
	return c.answer(rq, "decide", f, err, "task.said.decided")
}
