package directive

import (
	"bytes"
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"chungtay/account"
	"chungtay/docrender"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/sheet"
	"chungtay/internal/ui"
	"chungtay/internal/viet"
	"chungtay/internal/web"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/task"
)

type place struct {
	Addressee
	Name    string
	Receive bool // may be acknowledged by the actor now
	Cascade bool // may be carried on by the actor now
	Readers []readerRow
	Staff   []ui.Option
	Limit   string
}

type readerRow struct{ Name, When string }

type showView struct {
	D          Directive
	Title      string
	Tag        string
	Tone       ui.Tone
	Issuing    string // how far issuing is, with the steps that are done
	IssuingAt  int
	Pairs      []ui.Pair
	Events     []ui.Event
	Comments   []ui.Comment
	Form       *web.Form
	At         string
	Signers    []ui.Option
	Places     []place
	Receipt    Receipt
	Work       task.Summary
	Links      []Link
	Missing    []errs.Field
	Once       string
	ToRead     bool
	Edit       bool
	Submit     bool
	TakeBack   bool
	Sign       bool
	SignNotes  []string // what who is about to sign must know of the signature
	SignNow    bool     // it may be signed as it stands
	Issue      bool
	Recall     bool
	Replace    bool
	Complete   bool
	Drop       bool
	SeeTree    bool
	OtherDraft bool
}

func (c *Directives) pageShow(rq *web.Request) (web.Reply, error) { return c.show(rq, "", nil) }

// show is the page of a directive; when a form on it was refused, with what was typed.
func (c *Directives) show(rq *web.Request, at string, f *web.Form) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	d, err := c.Get(rq.Tx, rq.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	v := showView{D: d, At: at, Form: f, Once: rq.Once(), Tag: i18n.TM(rq.Context(), d.State.Text()), Tone: stateTone(d.State), Title: capital(d.Subject)}
	if v.Title == "" {
		v.Title = rq.T("directive.no_subject")
	}
	if d.State == Issuing {
		v.IssuingAt, v.Issuing = c.issuing(rq.Context(), d.ID)
	}
	if f == nil {
		v.Form = rq.Filled("directive.form", nil)
	}
	r, err := c.record(rq.Tx, d)
	if err != nil {
		return web.Reply{}, err
	}
	can := func(p policy.Permission) bool { return c.Book.Scope(rq.Actor, p).Allows(r) }
	writes, signs, issues := can(Write), can(Sign), can(Issue)
	v.Edit, v.Drop = writes && d.State.Open(), writes && d.State.Open()
	v.Submit = writes && d.State.Open()
	v.TakeBack = writes && d.State == Submitted
	v.Sign = signs && d.State == Submitted && (d.Signer == "" || d.Signer == rq.Actor.Person)
	if v.Sign {
		if v.SignNotes, v.SignNow, err = c.signNotes(rq, d); err != nil {
			return web.Reply{}, err
		}
		doubts, err := c.doubts(rq, d)
		if err != nil {
			return web.Reply{}, err
		}
		v.SignNotes = append(v.SignNotes, doubts...)
	}
	v.Issue = issues && d.State == Signed
	v.Recall = issues && d.State == Issued
	v.Replace, v.Complete = writes && d.State == Issued, writes && d.State == Issued
	v.SeeTree = d.State.Out() && (writes || signs || issues || can(Read))
	if v.Submit {
		v.Missing = d.missing()
		people, err := c.Signers(rq.Tx, d.Unit)
		if err != nil {
			return web.Reply{}, err
		}
		v.Signers = []ui.Option{{Text: rq.T("directive.any_signer")}}
		for _, p := range people {
			v.Signers = append(v.Signers, ui.Option{Value: p.ID, Text: strings.TrimSpace(p.Name + " " + p.Title)})
		}
	}
	if err := c.places(rq, &v); err != nil {
		return web.Reply{}, err
	}
	if d.State.Out() {
		if v.Receipt, err = receiptOf(rq.Tx, d.ID); err != nil {
			return web.Reply{}, err
		}
		work, err := task.OfDirective(rq.Tx, []string{d.ID})
		if err != nil {
			return web.Reply{}, err
		}
		v.Work = work[d.ID]
		if c.Hooks.Links != nil {
			if v.Links, err = c.Hooks.Links(rq.Tx, rq.Actor, d); err != nil {
				return web.Reply{}, err
			}
		}
	}
	if err := c.facts(rq, &v); err != nil {
		return web.Reply{}, err
	}
	body := showPage(v)
	if f != nil && !f.OK() {
		return web.Again(v.Title, f, body).With(crumb(rq)), nil
	}
	return web.Show(v.Title, body).With(crumb(rq)), nil
}

// places are the units of the actor that have the directive, with what can be done there.
func (c *Directives) places(rq *web.Request, v *showView) error {
	units := unitsOf(rq.Actor, Receive)
	if len(units) == 0 || !v.D.State.Out() {
		return nil
	}
	list, err := mine(rq.Tx, v.D.ID, units)
	if err != nil {
		return err
	}
	for _, a := range list {
		p := place{Addressee: a}
		u, err := orgunit.Present(rq.Tx, a.Unit)
		if err != nil {
			return err
		}
		p.Name = u.Name
		p.Receive = a.ReceivedAt.IsZero() && v.D.State == Issued
		p.Cascade = a.Purpose == "act" && v.D.State == Issued && !v.D.Correction() && c.mayFor(rq.Tx, rq.Actor, Write, a.Unit) == nil
		have, err := readers(rq.Tx, v.D.ID, a.Unit)
		if err != nil {
			return err
		}
		var people []string
		named := map[string]bool{}
		for _, r := range have {
			people = append(people, r.Person)
			named[r.Person] = true
		}
		names, err := account.NamesOf(rq.Tx, people)
		if err != nil {
			return err
		}
		for _, r := range have {
			row := readerRow{Name: names[r.Person]}
			if !r.ConfirmedAt.IsZero() {
				row.When = i18n.Time(rq.Lang, r.ConfirmedAt)
			}
			p.Readers = append(p.Readers, row)
		}
		if v.D.State == Issued {
			staff, err := c.Accounts.HoldersOf(rq.Tx, a.Unit, Read)
			if err != nil {
				return err
			}
			for _, s := range staff {
				if !named[s.ID] {
					p.Staff = append(p.Staff, ui.Option{Value: s.ID, Text: s.Name})
				}
			}
		}
		v.Places = append(v.Places, p)
	}
	reads, err := readsOf(rq.Tx, v.D.ID, rq.Actor.Person)
	if err != nil {
		return err
	}
	for _, r := range reads {
		v.ToRead = v.ToRead || r.ConfirmedAt.IsZero()
	}
	return nil
}

func (c *Directives) facts(rq *web.Request, v *showView) error {
	d := v.D
	unit, err := orgunit.LabelOf(rq.Tx, d.Unit, d.IssuedOn)
	if err != nil {
		return err
	}
	add := func(key, value string) {
		if value != "" {
			v.Pairs = append(v.Pairs, ui.Pair{Label: rq.T(key), Value: value})
		}
	}
	add("directive.unit", unit.Text(rq.Context()))
	add("directive.kind", KindName(d.Kind))
	if d.Symbol != "" {
		v.Pairs = append(v.Pairs, ui.Pair{Label: rq.T("directive.symbol"), Body: ui.Anchor(d.Symbol+", "+i18n.Date(rq.Lang, d.IssuedOn), "/documents/"+d.Document)})
	}
	if due := d.ReportDue(); !due.IsZero() {
		add("directive.report_due", rq.T("directive.due_last", i18n.Date(rq.Lang, due.Last()), due.Words))
	}
	p := d.Content.V.Period
	if !p.From.IsZero() || !p.To.IsZero() {
		add("directive.period", strings.Trim(i18n.Date(rq.Lang, p.From)+" – "+i18n.Date(rq.Lang, p.To), " –"))
	}
	if d.Parent != "" {
		up, err := find(rq.Tx, d.Parent)
		if err != nil {
			return err
		}
		if ok, err := c.reads(rq.Tx, rq.Actor, up); err != nil {
			return err
		} else if ok {
			v.Pairs = append(v.Pairs, ui.Pair{Label: rq.T("directive.carries_on"), Body: ui.Anchor(up.Symbol+" – "+shorten(up.Subject, 70), "/directives/"+up.ID)})
		}
	}
	if d.Replaces != "" {
		old, err := find(rq.Tx, d.Replaces)
		if err != nil {
			return err
		}
		v.Pairs = append(v.Pairs, ui.Pair{Label: rq.T("directive.replaces." + orReplace(d.ReplaceKind)), Body: ui.Anchor(old.Symbol, "/directives/"+old.ID)})
	}
	if d.Source != "" && v.Edit {
		v.Pairs = append(v.Pairs, ui.Pair{Label: rq.T("directive.source"), Body: ui.Anchor(rq.T("directive.open_source"), "/documents/"+d.Source)})
	}
	events, err := eventsOf(rq.Tx, d.ID)
	if err != nil {
		return err
	}
	remarks, err := commentsOf(rq.Tx, d.ID)
	if err != nil {
		return err
	}
	var people []string
	var said []orgunit.Mention
	for _, e := range events {
		people, said = append(people, e.Person), append(said, orgunit.On(e.Unit, civil.Of(e.At)))
	}
	for _, r := range remarks {
		people = append(people, r.Person)
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
		done[i] = account.Done{Person: e.Person, Unit: d.Unit, By: eventNeeds[e.Kind], At: e.At}
	}
	stood, err := c.Accounts.StoodIn(rq.Tx, done)
	if err != nil {
		return err
	}
	outside := !v.Edit && !v.TakeBack && !v.Sign && !v.Issue && !v.Recall && !v.Replace
	for i, e := range events {
		if outside && (e.Kind == "made" || e.Kind == "submitted" || e.Kind == "returned" || e.Kind == "taken") {
			continue // how a paper came about is the house's own
		}
		//i18n:prefix directive.event.
		x := ui.Event{Text: rq.T("directive.event." + e.Kind), When: i18n.Time(rq.Lang, e.At), Who: strings.Trim(who[e.Person]+", "+where.Text(rq.Context(), e.Unit, civil.Of(e.At)), ", "), Note: e.Note}
		if stood[i] != "" {
			x.Who = rq.T("account.stood_in", x.Who, stood[i])
		}
		if e.Kind == "returned" || e.Kind == "recalled" || e.Kind == "replaced" || e.Kind == "issue_failed" {
			x.State = "late"
		}
		v.Events = append(v.Events, x)
	}
	if !outside || !d.State.Out() {
		for _, r := range remarks {
			v.Comments = append(v.Comments, ui.Comment{Who: who[r.Person], When: i18n.Time(rq.Lang, r.At), Text: r.Text})
		}
	}
	return nil
}

func orReplace(k string) string {
	if k == "" {
		return "replace"
	}
	return k
}

// doubts are what rooms above doubt in a draft, in the reader's language.
func (c *Directives) doubts(rq *web.Request, d Directive) (out []string, err error) {
	if c.Hooks.Doubts == nil {
		return nil, nil
	}
	list, err := c.Hooks.Doubts(rq.Tx, d)
	for _, m := range list {
		out = append(out, i18n.TM(rq.Context(), m))
	}
	return out, err
}

// signNotes tells whoever is about to sign that the signature of the paper names somebody else, or that they sign in a leader's place; and
// whether it may be signed as it stands: who signs by delegation needs the signature of that (signedFor).
func (c *Directives) signNotes(rq *web.Request, d Directive) (out []string, may bool, err error) {
	content := d.Content.V
	of, err := lender(rq.Tx, rq.Actor, d.Unit)
	if err != nil {
		return nil, false, err
	}
	if of != "" && !content.signedFor(rq.Actor.Name) {
		return []string{rq.T("directive.sign.lent_unmarked", rq.Actor.Name, of)}, false, nil
	}
	if of != "" {
		return []string{rq.T("directive.sign.lent", of)}, true, nil
	}
	if viet.Fold(content.Signer) != viet.Fold(rq.Actor.Name) {
		out = append(out, rq.T("directive.sign.other", content.Signer))
	}
	return out, true, nil
}

// done ends a deed on a directive: on to its page, or the page again with the refused form.
func (c *Directives) done(rq *web.Request, at string, f *web.Form, err error, said string) (web.Reply, error) {
	if err == nil && f.OK() {
		return web.To("/directives/" + rq.HTTP.PathValue("id")).Say(said), nil
	}
	if err != nil && !f.Take(err) {
		return web.Reply{}, err
	}
	return c.show(rq, at, f)
}

// deed is a page of one operation without fields of its own.
func (c *Directives) deed(rq *web.Request, at, said string, do func(id string, f *web.Form) error) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("directive.form")
	return c.done(rq, at, f, do(id, f), said)
}

func (c *Directives) doComment(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "comment", "directive.said.commented", func(id string, f *web.Form) error { return c.Comment(rq.Tx, rq.Actor, id, f.Raw("comment")) })
}

func (c *Directives) doSubmit(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "submit", "directive.said.submitted", func(id string, f *web.Form) error {
		version, _ := f.Int("version", 0, 1<<40, false)
		return c.Submit(rq.Tx, rq.Actor, id, version, f.ID("signer_id", false))
	})
}

func (c *Directives) doTakeBack(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "", "directive.said.taken", func(id string, f *web.Form) error { return c.TakeBack(rq.Tx, rq.Actor, id) })
}

func (c *Directives) doSign(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "", "directive.said.signed", func(id string, f *web.Form) error {
		version, _ := f.Int("version", 0, 1<<40, false)
		return c.Sign(rq.Tx, rq.Actor, id, version)
	})
}

func (c *Directives) doReturn(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "reason", "directive.said.returned", func(id string, f *web.Form) error { return c.Return(rq.Tx, rq.Actor, id, f.Raw("reason")) })
}

func (c *Directives) doRecall(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "recall", "directive.said.recalled", func(id string, f *web.Form) error { return c.Recall(rq.Tx, rq.Actor, id, f.Raw("reason")) })
}

func (c *Directives) doComplete(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "", "directive.said.completed", func(id string, f *web.Form) error { return c.Complete(rq.Tx, rq.Actor, id) })
}

func (c *Directives) doRead(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "", "directive.said.read", func(id string, f *web.Form) error { return c.Confirm(rq.Tx, rq.Actor, id) })
}

func (c *Directives) doReceive(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "", "directive.said.received", func(id string, f *web.Form) error {
		unit := f.ID("unit", web.Need)
		if !f.OK() {
			return nil
		}
		return c.Acknowledge(rq.Tx, rq.Actor, id, unit)
	})
}

func (c *Directives) doReaders(rq *web.Request) (web.Reply, error) {
	return c.deed(rq, "readers", "directive.said.readers", func(id string, f *web.Form) error {
		unit := f.ID("unit", web.Need)
		var people []string
		for _, p := range f.RawAll("people") {
			if ids.Valid(p) {
				people = append(people, p)
			}
		}
		if !f.OK() {
			return nil
		}
		return c.NameReaders(rq.Tx, rq.Actor, id, unit, people)
	})
}

func (c *Directives) doCascade(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("directive.form")
	unit := f.ID("unit", web.Need)
	if !f.OK() {
		return c.show(rq, "", f)
	}
	d, err := c.Cascade(rq.Tx, rq.Actor, id, unit)
	if err != nil {
		return web.Reply{}, err
	}
	if !d.State.Open() {
		return web.To("/directives/" + d.ID), nil
	}
	return web.To("/directives/" + d.ID + "/edit").Say("directive.said.cascaded"), nil
}

func (c *Directives) doReplace(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("directive.form")
	d, err := c.Replace(rq.Tx, rq.Actor, id, f.Choice("kind", false, "replace", "correct"))
	if err != nil {
		return web.Reply{}, err
	}
	return web.To("/directives/" + d.ID + "/edit").Say("directive.said.made"), nil
}

func (c *Directives) seen(rq *web.Request) (Directive, error) {
	id, err := rq.ID("id")
	if err != nil {
		return Directive{}, err
	}
	return c.Get(rq.Tx, rq.Actor, id)
}

func (c *Directives) pagePaper(rq *web.Request) (web.Reply, error) {
	d, err := c.seen(rq)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Show(rq.T("directive.paper.title"), paperPage(d, docrender.HTML(d.Paper(), nil))).With(crumb(rq), crumbOf(d)), nil
}

func fileName(d Directive, ext string) string {
	name := strings.NewReplacer("/", "-", " ", "-").Replace(d.Symbol)
	if name == "" {
		name = "du-thao"
	}
	return name + "." + ext
}

// render answers with the paper as a file; what still lacks for the form is said on the page of the directive.
func (c *Directives) render(rq *web.Request, ext, typ string, write func(b *bytes.Buffer, p docrender.Document) error) (web.Reply, error) {
	d, err := c.seen(rq)
	if err != nil {
		return web.Reply{}, err
	}
	var b bytes.Buffer
	if err := write(&b, d.Paper()); err != nil {
		if errs.Is(err, errs.Internal) {
			return web.Reply{}, errs.Wrap(err, errs.Invalid, "directive.paper.unfinished")
		}
		return web.Reply{}, err
	}
	return download(rq, fileName(d, ext), typ, b.Bytes()), nil
}

func (c *Directives) fileDOCX(rq *web.Request) (web.Reply, error) {
	return c.render(rq, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", func(b *bytes.Buffer, p docrender.Document) error { return docrender.DOCX(b, p) })
}

func (c *Directives) filePDF(rq *web.Request) (web.Reply, error) {
	return c.render(rq, "pdf", "application/pdf", func(b *bytes.Buffer, p docrender.Document) error { return docrender.PDF(b, p) })
}

type issueView struct {
	Doubts []string
	D      Directive
	Reach  Reach
	Act    [][2]string // group, names
	Form   *web.Form
	Many   bool
}

func (c *Directives) pageIssue(rq *web.Request) (web.Reply, error) {
	return c.issuePage(rq, rq.Filled("directive.form", nil))
}

func (c *Directives) issuePage(rq *web.Request, f *web.Form) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	d, err := c.may(rq.Tx, rq.Actor, Issue, id)
	if err != nil {
		return web.Reply{}, err
	}
	if d.State != Signed {
		return web.To("/directives/" + id), nil
	}
	v := issueView{D: d, Form: f}
	if v.Reach, err = c.Reach(rq.Tx, d); err != nil {
		return web.Reply{}, err
	}
	if v.Doubts, err = c.doubts(rq, d); err != nil {
		return web.Reply{}, err
	}
	v.Many = len(v.Reach.Act)+len(v.Reach.Know) > c.atOnce()
	title := rq.T("directive.issue.title")
	if !f.OK() {
		return web.Again(title, f, issuePage(v)).With(crumb(rq), crumbOf(d)), nil
	}
	return web.Show(title, issuePage(v)).With(crumb(rq), crumbOf(d)), nil
}

func (c *Directives) doIssue(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("directive.form")
	later, err := c.Issue(rq.Tx, rq.Actor, id)
	if err != nil {
		if !f.Take(err) {
			return web.Reply{}, err
		}
		return c.issuePage(rq, f)
	}
	if later {
		return web.To("/directives/" + id).Say("directive.said.issuing"), nil
	}
	return web.To("/directives/" + id).Say("directive.said.issued"), nil
}

type unitsView struct {
	D      Directive
	Filter AddresseeFilter
	Table  ui.Table
	Pages  ui.Pages
	Count  Receipt
	Total  int
}

func addresseeFilter(rq *web.Request) AddresseeFilter {
	f := AddresseeFilter{State: rq.Query("state"), Size: 100}
	switch f.State {
	case "waiting", "silent", "received", "cascaded", "know":
	default:
		f.State = ""
	}
	if n, err := strconv.Atoi(rq.Query("hours")); err == nil && slices.Contains(silenceHours, n) {
		f.Hours = n
	}
	f.Page, _ = strconv.Atoi(rq.Query("page"))
	f.Page = max(1, f.Page)
	return f
}

func (f AddresseeFilter) address(id, list string, page int) string {
	q := url.Values{}
	if f.State != "" {
		q.Set("state", f.State)
	}
	if f.Hours != 0 {
		q.Set("hours", strconv.Itoa(f.Hours))
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/directives/" + id + list
	}
	return "/directives/" + id + list + "?" + q.Encode()
}

// oversees tells whether the actor may see who else has a directive: the issuing side.
func (c *Directives) oversees(rq *web.Request, d Directive) (bool, error) {
	r, err := c.record(rq.Tx, d)
	return err == nil && c.Book.Scope(rq.Actor, Read).Allows(r), err
}

func (c *Directives) overseen(rq *web.Request) (Directive, error) {
	d, err := c.seen(rq)
	if err != nil {
		return d, err
	}
	ok, err := c.oversees(rq, d)
	if err == nil && !ok {
		err = errs.Absent("directive", d.ID)
	}
	return d, err
}

func (c *Directives) pageUnits(rq *web.Request) (web.Reply, error) {
	d, err := c.overseen(rq)
	if err != nil {
		return web.Reply{}, err
	}
	v := unitsView{D: d, Filter: addresseeFilter(rq)}
	list, total, err := listAddressees(rq.Tx, d, v.Filter)
	if err != nil {
		return web.Reply{}, err
	}
	v.Total = total
	if v.Count, err = receiptOf(rq.Tx, d.ID); err != nil {
		return web.Reply{}, err
	}
	rows, err := c.addresseeRows(rq, d, list)
	if err != nil {
		return web.Reply{}, err
	}
	v.Table = ui.Table{Caption: rq.T("directive.units.title"), Hide: true, Columns: []ui.Column{{Text: rq.T("directive.addressee"), RowTitle: true}, {Text: rq.T("directive.received")}, {Text: rq.T("directive.own")}, {Text: rq.T("directive.work"), Num: true}, {Text: rq.T("directive.late"), Num: true}}}
	for _, r := range rows {
		received := ui.Cell{Text: r.received, Small: r.by, Class: "nw"}
		if r.received == "" {
			received = ui.Cell{Body: ui.Tag(rq.T("directive.waiting"), r.tone), Class: "nw"}
		}
		late := ui.Cell{Text: i18n.Int(rq.Lang, int64(r.work.LateOpen))}
		if r.work.LateOpen > 0 {
			late.Class = "late"
		}
		v.Table.Rows = append(v.Table.Rows, []ui.Cell{{Text: r.name, Path: "/tasks?directive=" + d.ID + "&unit=" + r.unit}, received, {Text: r.cascade, Path: r.cascadePath}, {Text: i18n.Int(rq.Lang, int64(r.work.Done)) + "/" + i18n.Int(rq.Lang, int64(r.work.Total))}, late})
	}
	v.Pages = ui.PagesOf(v.Filter.Page, v.Filter.Size, total, func(n int) string { return v.Filter.address(d.ID, "/units", n) })
	return web.Show(rq.T("directive.units.title"), unitsPage(v)).With(crumb(rq), crumbOf(d)), nil
}

type addresseeRow struct {
	unit, name, received, by, cascade, cascadePath string
	tone                                           ui.Tone
	work                                           task.Summary
	a                                              Addressee
}

func (c *Directives) addresseeRows(rq *web.Request, d Directive, list []Addressee) ([]addresseeRow, error) {
	var units, people []string
	for _, a := range list {
		units, people = append(units, a.Unit), append(people, a.ReceivedBy)
	}
	names, err := orgunit.Texts(rq.Tx, units, firstDay(rq, d))
	if err != nil {
		return nil, err
	}
	who, err := account.NamesOf(rq.Tx, people)
	if err != nil {
		return nil, err
	}
	work, err := task.PerUnitOf(rq.Tx, d.ID)
	if err != nil {
		return nil, err
	}
	out := make([]addresseeRow, len(list))
	for i, a := range list {
		r := addresseeRow{unit: a.Unit, name: names[a.Unit], by: who[a.ReceivedBy], work: work[a.Unit], a: a}
		if !a.ReceivedAt.IsZero() {
			r.received = i18n.Time(rq.Lang, a.ReceivedAt)
		} else if !d.IssuedAt.IsZero() && rq.Tx.Now.Sub(d.IssuedAt) >= Silent {
			r.tone = ui.Late
		}
		if a.Cascade != "" {
			k, err := find(rq.Tx, a.Cascade)
			if err != nil {
				return nil, err
			}
			if k.State.Out() {
				r.cascade, r.cascadePath = k.Symbol, "/directives/"+k.ID
			} else {
				r.cascade = rq.T("directive.being_written")
			}
		}
		out[i] = r
	}
	return out, nil
}

func (c *Directives) sheetUnits(rq *web.Request) (web.Reply, error) {
	d, err := c.overseen(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := addresseeFilter(rq)
	f.Page, f.Size = 1, 0
	list, _, err := listAddressees(rq.Tx, d, f)
	if err != nil {
		return web.Reply{}, err
	}
	rows, err := c.addresseeRows(rq, d, list)
	if err != nil {
		return web.Reply{}, err
	}
	t := sheet.Table{Name: rq.T("directive.units.title"), Title: rq.T("directive.units.title") + ": " + d.Symbol, Notes: []string{d.Subject, rq.T("directive.as_of", i18n.Time(rq.Lang, rq.Tx.Now))},
		Columns: []sheet.Column{{Text: rq.T("directive.addressee"), Width: 44}, {Text: rq.T("directive.received"), Kind: sheet.Time}, {Text: rq.T("directive.received_by")}, {Text: rq.T("directive.own"), Width: 18}, {Text: rq.T("directive.work_total"), Kind: sheet.Int},
			{Text: rq.T("directive.work_done"), Kind: sheet.Int}, {Text: rq.T("directive.late"), Kind: sheet.Int}}}
	for _, r := range rows {
		t.Rows = append(t.Rows, []any{r.name, r.a.ReceivedAt, r.by, r.cascade, r.work.Total, r.work.Done, r.work.LateOpen})
	}
	var b bytes.Buffer
	if err := sheet.XLSX(&b, t); err != nil {
		return web.Reply{}, err
	}
	return download(rq, rq.T("directive.units.file")+".xlsx", sheet.Type, b.Bytes()), nil
}

func (c *Directives) pageTree(rq *web.Request) (web.Reply, error) {
	d, err := c.overseen(rq)
	if err != nil {
		return web.Reply{}, err
	}
	if !d.State.Out() {
		return web.To("/directives/" + d.ID), nil
	}
	root, err := Tree(rq.Tx, d)
	if err != nil {
		return web.Reply{}, err
	}
	only := rq.Query("only")
	switch only {
	case "silent":
		root.keep(func(l Leaf) bool { return l.Silent })
	case "late":
		root.keep(func(l Leaf) bool { return l.Work.LateOpen > 0 })
	default:
		only = ""
	}
	if err := nameLeaves(rq.Tx, root, d.IssuedOn); err != nil {
		return web.Reply{}, err
	}
	return web.Show(rq.T("directive.tree.title"), treePage(d, root, only, node(rq.Context(), root, 0))).With(crumb(rq), crumbOf(d)), nil
}

// node is a branch as the page shows it: the first two levels are open.
func node(ctx context.Context, b *Branch, depth int) ui.Node {
	n := ui.Node{Text: b.UnitName, Path: "/directives/" + b.ID, Small: strings.Trim(b.Symbol+" · "+i18n.T(ctx, "directive.tree.counts", b.All.Received, b.All.Act, b.AllWork.Done, b.AllWork.Total), " ·"), Open: depth < 1}
	switch {
	case b.State == Recalled:
		n.Tag, n.Tone = i18n.TM(ctx, b.State.Text()), ui.Late
	case b.Late:
		n.Tag, n.Tone = i18n.T(ctx, "directive.tree.late", b.AllWork.LateOpen+b.Above.LateOpen), ui.Late
	case b.Silent:
		n.Tag, n.Tone = i18n.T(ctx, "directive.tree.silent", b.All.Silent), ui.Warn
	case b.AllWork.Total > 0 && b.AllWork.Done == b.AllWork.Total:
		n.Tag, n.Tone = i18n.T(ctx, "directive.tree.done"), ui.OK
	}
	for _, k := range b.Children {
		n.Children = append(n.Children, node(ctx, k, depth+1))
	}
	for _, l := range b.Leaves[:min(len(b.Leaves), leavesShown)] {
		n.Children = append(n.Children, leaf(ctx, b.ID, l))
	}
	if more := len(b.Leaves) - leavesShown; more > 0 {
		n.Children = append(n.Children, ui.Node{Text: i18n.T(ctx, "directive.tree.more", more), Path: "/directives/" + b.ID + "/units"})
	}
	return n
}

// leavesShown is how many units at the end of one branch the page shows, those who need to be asked first; the list of units has all.
const leavesShown = 150

// shown calls f with the leaves of each branch that the page shows.
func (b *Branch) shown(f func([]Leaf)) {
	f(b.Leaves[:min(len(b.Leaves), leavesShown)])
	for _, k := range b.Children {
		k.shown(f)
	}
}

// nameLeaves gives the leaves that are shown their names, and the order of these among those who are equally urgent.
func nameLeaves(tx *db.Tx, root *Branch, day civil.Date) error {
	var units []string
	root.shown(func(list []Leaf) {
		for _, l := range list {
			units = append(units, l.Unit)
		}
	})
	names, err := orgunit.Texts(tx, units, day)
	root.shown(func(list []Leaf) {
		for i, l := range list {
			list[i].Name = names[l.Unit]
		}
		slices.SortStableFunc(list, func(x, y Leaf) int { return cmp.Or(x.rank()-y.rank(), viet.Compare(x.Name, y.Name)) })
	})
	return err
}

// leaf is a unit at the end of a branch as the page shows it.
func leaf(ctx context.Context, directive string, l Leaf) ui.Node {
	n := ui.Node{Text: l.Name, Path: "/tasks?directive=" + directive + "&unit=" + l.Unit, Small: i18n.T(ctx, "directive.tree.work", l.Work.Done, l.Work.Total-l.Work.Cancelled)}
	switch {
	case l.Work.LateOpen > 0:
		n.Tag, n.Tone = i18n.T(ctx, "directive.tree.late", l.Work.LateOpen), ui.Late
	case l.Silent:
		n.Tag, n.Tone = i18n.T(ctx, "directive.silent"), ui.Warn
	case l.Received.IsZero():
		n.Tag, n.Tone = i18n.T(ctx, "directive.waiting"), ui.None
	case l.Work.Total > 0 && l.Work.Done == l.Work.Total-l.Work.Cancelled:
		n.Tag, n.Tone = i18n.T(ctx, "directive.tree.done"), ui.OK
	default:
		n.Tag, n.Tone = i18n.T(ctx, "directive.received"), ui.None
	}
	if l.Writing {
		n.Small += " · " + i18n.T(ctx, "directive.own") + " " + i18n.T(ctx, "directive.being_written")
	}
	return n
}

// Seen gives title and address of a directive for pages of rooms below, "" when the actor may not see it.
func (c *Directives) Seen(tx *db.Tx, a policy.Actor, id string) (title, path string) {
	d, err := c.Get(tx, a, id)
	if err != nil {
		return "", ""
	}
	return KindName(d.Kind) + " " + d.Symbol, "/directives/" + id
}

// issuing is how far the issuing of a directive is, in words; where another node issues it, only that it goes on.
func (c *Directives) issuing(ctx context.Context, id string) (done int, text string) {
	if s, ok := c.Running(id); ok {
		return s.Done, i18n.TM(ctx, s.Text)
	}
	return 0, i18n.T(ctx, "directive.is_issuing")
}

// events tells the page of a directive that is being issued to many units how far that is, and when it is over.
func (c *Directives) events(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if _, err := c.Get(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	base, page := rq.DB(), rq.Context()
	return web.Events(func(ctx context.Context, s *web.Stream) error {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			var d Directive
			err := base.Read(ctx, func(tx *db.Tx) (err error) { d, err = find(tx, id); return err })
			switch {
			case err != nil:
				return err
			case d.State != Issuing:
				return s.Send("end", true)
			}
			done, text := c.issuing(page, id)
			if err := s.Send("progress", map[string]any{"done": done, "total": len(issueSteps), "text": text}); err != nil {
				return err
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return nil
			}
		}
	}), nil
}

// eventNeeds says by which permission a step of the timeline was taken, to tell when it was held by delegation.
var eventNeeds = map[string]policy.Permission{"submitted": Write, "returned": Sign, "signed": Sign, "issuing": Issue, "issued": Issue, "recalled": Issue}
