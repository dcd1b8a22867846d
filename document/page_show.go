package document

import (
	"context"
	"encoding/json"
	"io"
	"sort"
	"strings"
	"time"

	"chungtay/account"
	"chungtay/audit"
	"chungtay/docparse"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/jobs"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

type showView struct {
	Document
	Actor      string // the unit the reader works for
	Today      civil.Date
	UnitName   string
	Mine       *Delivery // the line of the actor's unit, if the paper is in its hands
	Handler    string
	Keeps      bool // may edit
	Own        bool // a paper of a unit whose registers the reader may see
	Enters     bool // may enter it for the own unit
	Handles    bool // it was passed on to the actor, or the actor keeps the register
	Takes      bool
	Withdraws  bool
	Issuing    bool // the actor's side issued it: who has it is shown
	Units      int
	UnitsIn    int
	Paras      []ui.SourcePara
	Doubts     []docparse.Doubt
	Structure  []docparse.Section
	Facts      []ui.Found
	Files      []File
	Cites      []Cited
	CitedBy    []Document
	CitedByN   int
	Out, In    []Linked
	Events     []ui.Event
	Readers    []ui.Event
	Job        *jobs.Row
	Progress   string
	Who        map[string]string
	Withdrawer string
	Onward     string // page that makes a directive from the paper
	Words      string
	Form       *web.Form
	At         string // which form on the page was refused
}

func (c *Documents) pageShow(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	d, err := c.Get(rq.Tx, rq.Actor, id)
	if errs.Is(err, errs.NotFound) {
		if rep, ok, ferr := c.tombstone(rq, id); ok || ferr != nil {
			return rep, ferr
		}
	}
	if err != nil {
		return web.Reply{}, err
	}
	c.seen(rq, d)
	return c.show(rq, d, "", rq.Filled("document.form", map[string]string{"once": rq.Once()}))
}

// tombstone answers for a paper that was thrown away, to those who keep the unit's register.
func (c *Documents) tombstone(rq *web.Request, id string) (web.Reply, bool, error) {
	r, ok, err := findRefused(rq.Tx, id)
	if err != nil || !ok || c.mayFor(rq.Tx, rq.Actor, Register, r.Unit) != nil {
		return web.Reply{}, false, err
	}
	return web.Show(rq.T("document.refused.title"), refusedPage(r.Reason)).With(web.Crumb{Text: rq.T("document.title"), Path: "/documents"}).Under("/documents"), true, nil
}

// seenAgain is how long a second look of the same person is not written down anew.
const seenAgain = time.Hour

// seen writes down that the actor has opened a paper, once the page's own transaction, which only reads, is over.
func (c *Documents) seen(rq *web.Request, d Document) {
	person, unit := rq.Actor.Person, rq.Actor.Unit
	if rq.HTTP.Method != "GET" || rq.Actor.IsSystem() {
		return
	}
	if again, err := wasReadSince(rq.Tx, d.ID, person, rq.Tx.Now.Add(-seenAgain)); err != nil || again {
		return
	}
	base, ctx := rq.DB(), context.WithoutCancel(rq.Context())
	rq.Tx.AfterCommit(func() {
		if err := base.Write(ctx, func(tx *db.Tx) error { return markRead(tx, d.ID, person, unit) }); err != nil {
			c.log().Warn("document opened, not written down", "document", d.ID, "err", err.Error())
		}
	})
}

func (c *Documents) show(rq *web.Request, d Document, at string, f *web.Form) (web.Reply, error) {
	v := showView{Document: d, Actor: rq.Actor.Unit, Today: civil.Of(rq.Tx.Now), Form: f, At: at, Words: rq.Query("q")}
	for _, step := range []func(*web.Request, *showView) error{c.showHands, c.showText, c.showRelations, c.showHistory} {
		if err := step(rq, &v); err != nil {
			return web.Reply{}, err
		}
	}
	title := line(rq.Context(), d.Facts)
	body := showPage(v)
	rep := web.Show(title, body)
	if at != "" {
		rep = web.Again(title, f, body)
	}
	return rep.With(web.Crumb{Text: rq.T("document.title"), Path: "/documents"}, web.Crumb{Text: title}).Under("/documents"), nil
}

// showHands finds what the actor may do and in whose hands the paper is.
func (c *Documents) showHands(rq *web.Request, v *showView) error {
	tx, d := rq.Tx, v.Document
	day := d.IssuedOn
	if d.Direction == In { // the day of a paper of others is not that of our register
		day = civil.Of(d.CreatedAt)
	}
	unit, err := orgunit.LabelOf(tx, d.Unit, day)
	if err != nil {
		return err
	}
	v.UnitName = unit.Text(rq.Context())
	v.Own = c.mayFor(tx, rq.Actor, Read, d.Unit) == nil
	_, kerr := c.keeps(tx, rq.Actor, d.ID)
	v.Keeps = kerr == nil && d.State != Arrived
	_, werr := c.see(tx, rq.Actor, Issue, d.ID)
	v.Withdraws = werr == nil && d.State == Issued
	if c.Onward != nil && d.Direction == In && d.State == Registered && d.Extraction == Done {
		v.Onward = c.Onward(rq.Actor, d.ID)
	}
	x, ok, err := mine(tx, rq.Actor, d)
	if err != nil {
		return err
	}
	if ok {
		v.Mine = &x
		registers := c.mayFor(tx, rq.Actor, Register, x.Unit) == nil
		v.Enters = registers && x.Number == 0 && x.ReturnedAt.IsZero()
		if x.Handler != "" {
			_, _, herr := c.handled(tx, rq.Actor, d.ID, x.Unit)
			v.Handles = herr == nil
			v.Takes = herr == nil && x.ReceivedAt.IsZero() && (x.Handler == rq.Actor.Person || x.Handler == rq.Actor.Unit)
			if v.Handler, err = c.handlerName(tx, x); err != nil {
				return err
			}
		}
	}
	if d.Direction != In {
		if list, n, err := c.Deliveries(tx, rq.Actor, d.ID, 1, 1); err == nil {
			v.Issuing, v.Units = len(list) > 0, n
			if v.UnitsIn, err = countEntered(tx, d.ID); err != nil {
				return err
			}
		} else if !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Forbidden) {
			return err
		}
	}
	if v.Extraction == Waiting {
		row, ok, err := progress(tx, d)
		if err != nil {
			return err
		}
		v.Progress = rq.T("document.progress.queued")
		if ok {
			v.Job = &row
			if row.State == jobs.Running {
				v.Progress = rq.T("document.progress.reading")
			}
		}
	}
	if d.WithdrawnBy != "" {
		v.Withdrawer, err = personName(tx, d.WithdrawnBy)
	}
	return err
}

func personName(tx *db.Tx, id string) (string, error) {
	n, err := account.NamesOf(tx, []string{id})
	return n[id], err
}

func (c *Documents) handlerName(tx *db.Tx, x Delivery) (string, error) {
	if x.HandlerKind == "person" {
		return personName(tx, x.Handler)
	}
	l, err := orgunit.LabelOf(tx, x.Handler, x.PassedOn)
	return l.Text(tx.Context()), err
}

// showText lays the marks of what was read, or of what was searched for, over the text.
func (c *Documents) showText(rq *web.Request, v *showView) error {
	t, ok, err := findText(rq.Tx, v.ID, 0)
	if err != nil || !ok {
		return err
	}
	r := docparse.Read(t.Text, docparse.Options{Register: c.Legal})
	v.Doubts, v.Structure = r.Doubts, headings(r.Sections)
	marks := sourceMarks(rq, r)
	if q := parseQuery(v.Words); !q.empty() {
		hits := q.hits(r.Text)
		var out []ui.Mark
		for i, h := range hits {
			m := ui.Mark{Start: h.start, End: h.end}
			if i == 0 {
				m.ID = "hit"
			}
			out = append(out, m)
		}
		marks = out
	}
	v.Paras = ui.MarkedAs(r.Text, marks, r.Shown)
	v.Facts = readFacts(rq, r)
	return nil
}

// sourceMarks are the places of what was read: header values, citations, deadlines, and on top of them the doubts.
func sourceMarks(rq *web.Request, r *docparse.Document) []ui.Mark {
	var out []ui.Mark
	add := func(id, key string, s docparse.Span, back string) {
		if s.End > s.Start {
			out = append(out, ui.Mark{Start: s.Start, End: s.End, ID: id, Title: rq.T(key), Back: back})
		}
	}
	doubtful := func(s docparse.Span) bool {
		for _, d := range r.Doubts {
			if d.Span.Start < s.End && s.Start < d.Span.End {
				return true
			}
		}
		return false
	}
	for i, d := range r.Doubts {
		if d.Span.End > d.Span.Start {
			out = append(out, ui.Mark{Start: d.Span.Start, End: d.Span.End, ID: "doubt-" + itoa(i), Title: rq.T(d.Key, args(d.Args)...), Back: "#doubt-" + itoa(i) + "-note", Tone: ui.Warn})
		}
	}
	for _, x := range []struct {
		id, key string
		span    docparse.Span
	}{{"m-issuer", "document.form.issuer", r.Issuer.Span}, {"m-number", "document.form.symbol", r.Number.Span}, {"m-date", "document.form.issued_on", r.IssuedOn.Span},
		{"m-subject", "document.form.subject", r.Subject.Span}, {"m-signer", "document.form.signer", r.Signer.Span}} {
		if !doubtful(x.span) {
			add(x.id, x.key, x.span, "")
		}
	}
	for i, x := range r.Citations {
		if !doubtful(x.Span) {
			add("cite-"+itoa(i+1), "document.cites", x.Span, "#cited-"+itoa(i+1))
		}
	}
	for i, x := range r.Deadlines {
		if !doubtful(x.Span) {
			add("due-"+itoa(i+1), "document.read.deadline", x.Span, "")
		}
	}
	return out
}

func args(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

func headings(list []docparse.Section) (out []docparse.Section) {
	for _, s := range list {
		if s.Heading && s.Level <= 2 && len(out) < 40 {
			out = append(out, s)
		}
	}
	return out
}

// readFacts are values of the reading that the register has no column for: deadlines of reports, period, tasks.
func readFacts(rq *web.Request, r *docparse.Document) []ui.Found {
	var out []ui.Found
	for i, d := range r.Deadlines {
		out = append(out, ui.Found{ID: "found-due-" + itoa(i+1), Label: rq.T("document.read.deadline"), Value: d.Words, Note: d.To, Source: "#due-" + itoa(i+1)})
	}
	if r.Period != nil {
		out = append(out, ui.Found{ID: "found-period", Label: rq.T("document.read.period"), Value: strings.Trim(r.Period.From.Shown()+" – "+r.Period.To.Shown(), " –")})
	}
	if n := len(r.Tasks); n > 0 {
		out = append(out, ui.Found{ID: "found-tasks", Label: rq.T("document.read.tasks"), Value: i18n.Int(rq.Lang, int64(n))})
	}
	return out
}

func (c *Documents) showRelations(rq *web.Request, v *showView) error {
	var err error
	if v.Files, err = listFiles(rq.Tx, v.ID); err != nil {
		return err
	}
	if v.Cites, err = c.Citations(rq.Tx, rq.Actor, v.Document); err != nil {
		return err
	}
	if v.CitedBy, v.CitedByN, err = c.CitedBy(rq.Tx, rq.Actor, v.Document, 10); err != nil {
		return err
	}
	v.Out, v.In, err = c.Links(rq.Tx, rq.Actor, v.Document)
	return err
}

// showHistory is what happened to the paper, for those who keep it, and who has opened it.
func (c *Documents) showHistory(rq *web.Request, v *showView) error {
	if !v.Own {
		return nil // a paper of another unit: its inner history is not for its addressees
	}
	entries, err := audit.List(rq.Tx, audit.Filter{Record: v.ID, Limit: 50})
	if err != nil {
		return err
	}
	var lenders []string
	for _, e := range entries {
		lenders = append(lenders, e.DelegatedBy)
	}
	owners, err := account.NamesOf(rq.Tx, lenders)
	if err != nil {
		return err
	}
	for _, e := range entries {
		key := "document.event." + strings.TrimPrefix(e.Action, "document.")
		if !c.speaks(key) {
			continue
		}
		x := ui.Event{Text: rq.T(key), When: i18n.Time(rq.Lang, e.At), Who: e.PersonName, Note: changeNote(rq, e)}
		if owner := owners[e.DelegatedBy]; owner != "" {
			x.Who = rq.T("account.stood_in", x.Who, owner)
		}
		v.Events = append(v.Events, x)
	}
	readers, err := listReaders(rq.Tx, v.ID, 100)
	if err != nil {
		return err
	}
	var people []string
	var said []orgunit.Mention
	for _, r := range readers {
		people, said = append(people, r.Person), append(said, orgunit.On(r.Unit, civil.Of(r.LastAt)))
	}
	who, err := account.NamesOf(rq.Tx, people)
	if err != nil {
		return err
	}
	where, err := orgunit.Mentioned(rq.Tx, said)
	if err != nil {
		return err
	}
	for _, r := range readers {
		v.Readers = append(v.Readers, ui.Event{Text: who[r.Person], Who: where.Text(rq.Context(), r.Unit, civil.Of(r.LastAt)), When: i18n.Time(rq.Lang, r.LastAt)})
	}
	return nil
}

func (c *Documents) speaks(key string) bool { return c.Sentences != nil && c.Sentences.Has(key) }

// changeNote tells what an entry of the log changed, field by field.
func changeNote(rq *web.Request, e audit.Entry) string {
	if e.Purpose != "" && e.Action != "document.refused" {
		return e.Purpose
	}
	if e.Action != "document.edited" {
		return ""
	}
	var change audit.Change
	if json.Unmarshal([]byte(e.Change), &change) != nil {
		return ""
	}
	var parts []string
	for _, field := range factNames {
		if x, ok := change[field]; ok {
			label := rq.T("document.form." + strings.TrimSuffix(field, "_unit_id"))
			if x[0] == audit.Mask || x[1] == audit.Mask { // the log tells that it was changed, not what it was
				parts = append(parts, label)
				continue
			}
			parts = append(parts, label+": "+orDash(x[0])+" → "+orDash(x[1]))
		}
	}
	sort.Strings(parts)
	return strings.Join(parts, "; ")
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

var factNames = []string{"kind", "symbol", "issuer", "issued_on", "subject", "urgency", "topic", "signer", "signer_title", "recipients", "copies", "keeper", "sent_on", "receipt", "note"}

// events tells how far the reading of a paper is, until it is over.
func (c *Documents) events(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if _, err := c.Get(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	base := rq.DB()
	reading, queued := rq.T("document.progress.reading"), rq.T("document.progress.queued")
	return web.Events(func(ctx context.Context, s *web.Stream) error {
		for tick := time.NewTicker(time.Second); ; {
			over := false
			var row jobs.Row
			err := base.Read(ctx, func(tx *db.Tx) error {
				d, err := byID(tx, id)
				if errs.Is(err, errs.NotFound) || err == nil && d.Extraction != Waiting {
					over = true
					return nil
				}
				if err == nil {
					row, _, err = progress(tx, d)
				}
				return err
			})
			switch {
			case err != nil:
				return err
			case over:
				return s.Send("end", true)
			}
			text := queued
			if row.State == jobs.Running {
				text = reading
			}
			if err := s.Send("progress", map[string]any{"done": row.DoneSteps, "total": row.Steps, "text": text}); err != nil {
				return err
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				tick.Stop()
				return nil
			}
		}
	}), nil
}

func (c *Documents) file(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if !ids.Valid(rq.HTTP.PathValue("file")) {
		return web.Reply{}, errs.Absent("file", "")
	}
	r, f, err := c.Content(rq.Tx, rq.Actor, id, rq.HTTP.PathValue("file"))
	if err != nil {
		return web.Reply{}, err
	}
	typ := f.Type
	if typ == string(blob.Plain) {
		typ += "; charset=utf-8"
	}
	return web.Download(web.File{Name: f.Name, Type: typ, Size: f.Size, Inline: true, Open: func() (io.ReadCloser, error) { return r, nil }}), nil
}

// dayWords is a day as written in a list, "" for none.
func dayWords(ctx context.Context, d civil.Date) string { return i18n.Date(i18n.Current(ctx), d) }
