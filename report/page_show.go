package report

import (
	"strconv"
	"strings"

	"chungtay/account"
	"chungtay/formbook"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/deadline"
	"chungtay/internal/i18n"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
	"chungtay/policy"
)

type showView struct {
	R         Report
	A         Asked
	Tag       string
	Tone      ui.Tone
	Pairs     []ui.Pair
	Sheet     formbook.Sheet
	Began     bool // there is something to show
	Events    []ui.Event
	Remarks   []remarkRow
	Files     []Attachment
	Form      *web.Form
	At        string
	Once      string
	Changed   int // cells changed since the last submission that was decided on
	Own       Asked
	HasOwn    bool
	Start     bool
	Edit      bool
	Nothing   bool
	SignNow   bool
	TakeBack  bool
	Verdict   bool
	Unlock    bool
	Extend    bool
	Comment   bool
	CellNames []ui.Option
	Out       []download
	Heir      string // of a report handed over: the name of the unit that took it over
}

func (c *Reports) pageShow(rq *web.Request) (web.Reply, error) { return c.show(rq, "", nil) }

func (c *Reports) show(rq *web.Request, at string, f *web.Form) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	r, err := c.Get(rq.Tx, rq.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	a, err := findAsked(rq.Tx, r.Request)
	if err != nil {
		return web.Reply{}, err
	}
	v := showView{R: r, A: a, At: at, Form: f, Once: rq.Once()}
	if f == nil {
		v.Form = rq.Filled("report.form", nil)
	}
	v.Tag, v.Tone = tag(rq, Row{State: r.State, Nothing: r.Nothing, DueWords: r.DueWords, DueDay: r.DueDay, DueBound: r.DueBound, FirstAt: r.FirstAt})
	rec, err := record(rq.Tx, r)
	if err != nil {
		return web.Reply{}, err
	}
	can := func(p policy.Permission) bool { return c.Book.Scope(rq.Actor, p).Allows(rec) }
	writes, err := c.writes(rq.Tx, rq.Actor, r)
	if err != nil {
		return web.Reply{}, err
	}
	open := a.State == "open"
	v.Start = writes && open && r.State == NotSent
	v.Edit = writes && open && (r.State == Draft || r.State == Returned)
	v.Nothing = writes && open && r.State.Open()
	v.SignNow = open && r.State == Signing && c.signs(rq.Tx, rq.Actor, r)
	v.TakeBack = writes && r.State == Signing
	approves := can(Approve)
	v.Verdict = approves && r.State == Submitted
	v.Unlock = approves && r.State == Approved
	v.Extend = approves && open && !r.State.Sent() && r.State != HandedOver
	v.Comment = writes || approves
	// What is being written is the unit's own business; above it, the last submission is what there is.
	body := r.Body
	v.Began = r.State != NotSent && (r.State != HandedOver || r.Current > 0 || !r.ChangedAt.IsZero())
	if !writes {
		body, v.Began = "{}", r.Current > 0
		if r.Current > 0 {
			s, err := submission(rq.Tx, r.ID, r.Current)
			if err != nil {
				return web.Reply{}, err
			}
			body = s.Body
		}
	}
	form, err := c.form(rq.Tx, a)
	if err != nil {
		return web.Reply{}, err
	}
	values, _, err := form.Decode([]byte(body))
	if err != nil {
		return web.Reply{}, err
	}
	if v.Sheet, _, err = c.sheet(rq, r, a, values); err != nil {
		return web.Reply{}, err
	}
	if r.Current > 1 {
		before, err := submission(rq.Tx, r.ID, r.Current-1)
		if err != nil {
			return web.Reply{}, err
		}
		old, _, err := form.Decode([]byte(before.Body))
		if err != nil {
			return web.Reply{}, err
		}
		v.Changed = len(formdef.DiffCells(old, values))
	}
	if v.Verdict {
		v.CellNames = []ui.Option{{Text: rq.T("report.whole")}}
		for _, cell := range form.Cells() {
			if v.Sheet.Values[cell.Address].Answered() {
				v.CellNames = append(v.CellNames, ui.Option{Value: cell.Address, Text: cell.Label().In(rq.Lang)})
			}
		}
	}
	if v.Own, v.HasOwn, err = below(rq.Tx, a.ID, r.Unit); err != nil {
		return web.Reply{}, err
	}
	if v.HasOwn {
		if _, err := c.asked(rq.Tx, rq.Actor, Read, v.Own.ID); err != nil {
			v.HasOwn = false
		}
	}
	if v.Remarks, err = c.remarks(rq, r, form); err != nil {
		return web.Reply{}, err
	}
	if v.Files, err = attachmentsOf(rq.Tx, id); err != nil {
		return web.Reply{}, err
	}
	if err := c.facts(rq, &v, writes); err != nil {
		return web.Reply{}, err
	}
	if v.Began {
		v.Out = v.downloads(rq)
	}
	page := showPage(v)
	if f != nil && !f.OK() {
		return web.Again(a.Title, f, page).With(crumb(rq)), nil
	}
	return web.Show(a.Title, page).With(crumb(rq)), nil
}

func (c *Reports) facts(rq *web.Request, v *showView, writes bool) error {
	names, err := orgunit.Texts(rq.Tx, []string{v.R.Unit, v.R.Asker, v.R.Heir}, v.A.day())
	if err != nil {
		return err
	}
	add := func(key, value string) {
		if value != "" {
			v.Pairs = append(v.Pairs, ui.Pair{Label: rq.T(key), Value: value})
		}
	}
	v.Heir = names[v.R.Heir]
	add("report.unit", names[v.R.Unit])
	add("report.asker", names[v.R.Asker])
	add("report.period", period(rq, v.A))
	if !v.R.DueDay.IsZero() {
		last, words := dueText(rq, v.R.Due())
		add("report.due", rq.T("report.due_last", last, words))
	}
	ext, err := extensionsOf(rq.Tx, v.R.ID)
	if err != nil {
		return err
	}
	for _, e := range ext {
		add("report.former_due", e.FormerWords+" ("+e.Reason+")")
	}
	if !v.R.FirstAt.IsZero() {
		sent := i18n.Time(rq.Lang, v.R.FirstAt)
		if v.R.Late(rq.Tx.Now) {
			sent += " – " + rq.T("report.late")
		}
		add("report.sent_at", sent)
	}
	if v.A.Directive != "" && c.Directive != nil {
		if title, path := c.Directive(rq.Tx, rq.Actor, v.A.Directive); title != "" {
			v.Pairs = append(v.Pairs, ui.Pair{Label: rq.T("report.directive"), Body: ui.Anchor(title, path)})
		}
	}
	if v.R.Current > 1 {
		v.Pairs = append(v.Pairs, ui.Pair{Label: rq.T("report.versions"), Body: ui.Anchor(rq.T("report.versions_n", v.R.Current), "/reports/"+v.R.ID+"/versions")})
	}
	events, err := eventsOf(rq.Tx, v.R.ID)
	if err != nil {
		return err
	}
	chases, err := chasesOf(rq.Tx, v.R.ID)
	if err != nil {
		return err
	}
	var people []string
	var said []orgunit.Mention
	for _, e := range events {
		people, said = append(people, e.Person), append(said, orgunit.On(e.Unit, civil.Of(e.At)))
		if named := e.Kind == "moved" || e.Kind == "asker_moved" || e.Kind == "received" || e.Kind == "handed_over"; named {
			said = append(said, orgunit.On(e.Note, civil.Of(e.At)))
		}
	}
	for _, h := range chases {
		people = append(people, h.Person)
	}
	who, err := account.NamesOf(rq.Tx, people)
	if err != nil {
		return err
	}
	where, err := orgunit.Mentioned(rq.Tx, said)
	if err != nil {
		return err
	}
	done := make([]account.Done, len(events))
	for i, e := range events {
		done[i] = v.done(e)
	}
	stood, err := c.Accounts.StoodIn(rq.Tx, done)
	if err != nil {
		return err
	}
	for i, e := range events {
		if !writes && (e.Kind == "opened" || e.Kind == "signing") {
			continue
		}
		//i18n:prefix report.event.
		x := ui.Event{Text: rq.T("report.event." + e.Kind), When: i18n.Time(rq.Lang, e.At), Who: strings.Trim(who[e.Person]+", "+where.Text(rq.Context(), e.Unit, civil.Of(e.At)), ", "), Note: e.Note}
		switch e.Kind {
		case "moved", "asker_moved":
			x.Note = where.Text(rq.Context(), e.Note, civil.Of(e.At))
		case "received", "handed_over": // leads to the other unit's report
			x.Note = where.Text(rq.Context(), e.Note, civil.Of(e.At))
			if other, ok, err := reportOf(rq.Tx, v.A.ID, e.Note); err != nil {
				return err
			} else if ok {
				x.Path = "/reports/" + other.ID
			}
		}
		if stood[i] != "" {
			x.Who = rq.T("account.stood_in", x.Who, stood[i])
		}
		if e.Kind == "returned" || e.Kind == "unlocked" {
			x.State = "late"
		}
		v.Events = append(v.Events, x)
	}
	for _, h := range chases {
		//i18n:prefix report.chased.
		v.Events = append(v.Events, ui.Event{Text: rq.T("report.chased." + h.Kind), When: i18n.Time(rq.Lang, h.At), Who: who[h.Person], Note: h.Text, State: "late"})
	}
	return nil
}

func period(rq *web.Request, a Asked) string {
	return strings.Trim(i18n.Date(rq.Lang, a.From)+" – "+i18n.Date(rq.Lang, a.To), " –")
}

func (c *Reports) doVerdict(rq *web.Request) (web.Reply, error) {
	said := "report.said.approved"
	if rq.Form("").Raw("verdict") == "return" {
		said = "report.said.returned"
	}
	return c.deed(rq, "verdict", said, func(id string, f *web.Form) error {
		number, _ := f.Int("number", 0, 1<<30, false)
		verdict := f.Choice("verdict", web.Need, "approve", "return")
		if !f.OK() {
			return nil
		}
		if verdict == "approve" {
			return c.Approve(rq.Tx, rq.Actor, id, int(number))
		}
		var notes []CellNote
		for i := 1; i <= 20; i++ {
			n := strconv.Itoa(i)
			if text := trim(f.Raw("note" + n)); text != "" {
				notes = append(notes, CellNote{f.Raw("cell" + n), text})
			}
		}
		return c.Return(rq.Tx, rq.Actor, id, int(number), f.Raw("reason"), notes)
	})
}

func (c *Reports) doUnlock(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "unlock", "report.said.unlocked", func(id string, f *web.Form) error { return c.Unlock(rq.Tx, rq.Actor, id, f.Raw("reason")) })
}

func (c *Reports) doExtend(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "extend", "report.said.extended", func(id string, f *web.Form) error {
		until := f.Date("until", web.Need)
		why := f.LongText("why", maxNote, web.Need)
		if !f.OK() {
			return nil
		}
		return c.Extend(rq.Tx, rq.Actor, id, deadline.New(deadline.Until, until), why)
	})
}

func (c *Reports) pageVersions(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	r, err := c.Get(rq.Tx, rq.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	a, err := findAsked(rq.Tx, r.Request)
	if err != nil {
		return web.Reply{}, err
	}
	form, err := c.form(rq.Tx, a)
	if err != nil {
		return web.Reply{}, err
	}
	list, err := submissionsOf(rq.Tx, id)
	if err != nil {
		return web.Reply{}, err
	}
	var out []ui.Changes
	for i := range list {
		if i+1 == len(list) {
			break
		}
		was, err := form.Kept([]byte(list[i+1].Body))
		if err != nil {
			return web.Reply{}, err
		}
		now, err := form.Kept([]byte(list[i].Body))
		if err != nil {
			return web.Reply{}, err
		}
		ch := ui.Changes{Title: rq.T("report.version_to", list[i+1].Number, list[i].Number), Before: rq.T("report.version", list[i+1].Number), After: rq.T("report.version", list[i].Number)}
		for _, d := range formdef.DiffCells(was, now) {
			label := d.At
			show := func(v formdef.Value) string { return encode(v) }
			if cell, ok := form.Cell(d.At); ok {
				label = cell.Label().In(rq.Lang)
				show = func(v formdef.Value) string { return cell.Show(rq.Lang, v, rq.T("report.nothing")) }
			}
			ch.Rows = append(ch.Rows, ui.Change{Label: label, Before: show(d.Old), After: show(d.New)})
		}
		out = append(out, ch)
	}
	return web.Show(rq.T("report.versions"), versionsPage(r, a, list, out)).With(crumb(rq), web.Crumb{Text: a.Title, Path: "/reports/" + id}), nil
}

// done says by which permission in which unit a step of the timeline was taken, to tell when it was held by delegation.
func (v *showView) done(e Event) account.Done {
	d := account.Done{Person: e.Person, Unit: v.R.Unit, At: e.At}
	switch e.Kind {
	case "submitted", "nothing":
		if d.By = Write; v.A.Signed {
			d.By = Sign
		}
	case "approved", "returned", "unlocked", "extension":
		d.Unit, d.By = v.R.Asker, Approve
	}
	return d
}
