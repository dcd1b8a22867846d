package directive

import (
	"errors"
	"strings"

	"chungtay/account"
	"chungtay/docparse"
	"chungtay/document"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
	"chungtay/policy"
)

type newView struct {
	Form   *web.Form
	Units  []ui.Option
	Kinds  []ui.Option
	Papers []ui.Option // documents that were read
	Last   []ui.Option // directives of earlier years
	Source *document.Document
}

// unitOptions are the units in whose name the actor may do something.
func (c *Directives) unitOptions(rq *web.Request, p policy.Permission) ([]ui.Option, error) {
	var out []ui.Option
	for _, u := range unitsOf(rq.Actor, p) {
		x, err := orgunit.Present(rq.Tx, u)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, ui.Option{Value: u, Text: x.Name})
	}
	return out, nil
}

func kindOptions(rq *web.Request) []ui.Option {
	var out []ui.Option
	for _, k := range kinds {
		out = append(out, ui.Option{Value: k, Text: KindName(k)})
	}
	return out
}

func (c *Directives) pageNew(rq *web.Request) (web.Reply, error) {
	f := rq.Filled("directive.new", map[string]string{"once": rq.Once(), "unit": rq.Actor.Unit, "kind": "ke_hoach", "way": "blank", "own": "1", "document": rq.Query("document"), "years": "1"})
	if rq.Query("document") != "" {
		f = rq.Filled("directive.new", map[string]string{"once": rq.Once(), "unit": rq.Actor.Unit, "kind": "ke_hoach", "way": "document", "document": rq.Query("document"), "own": rq.Query("own"), "years": "1"})
	}
	return c.newPage(rq, f)
}

func (c *Directives) newPage(rq *web.Request, f *web.Form) (web.Reply, error) {
	v := newView{Form: f, Kinds: kindOptions(rq)}
	var err error
	if v.Units, err = c.unitOptions(rq, Write); err != nil {
		return web.Reply{}, err
	}
	if id := f.Raw("document"); ids.Valid(id) {
		d, err := c.Documents.Get(rq.Tx, rq.Actor, id)
		if err == nil {
			v.Source = &d
		} else if !errs.Is(err, errs.NotFound) {
			return web.Reply{}, err
		}
	}
	last, _, err := c.List(rq.Tx, rq.Actor, Filter{Box: "out", Page: 1, Size: 60})
	if err != nil {
		return web.Reply{}, err
	}
	for _, d := range last {
		if d.State.Out() {
			v.Last = append(v.Last, ui.Option{Value: d.ID, Text: d.Symbol + " – " + shorten(d.Subject, 80)})
		}
	}
	title := rq.T("directive.new.title")
	if !f.OK() {
		return web.Again(title, f, newDirectivePage(v)).With(crumb(rq)), nil
	}
	return web.Show(title, newDirectivePage(v)).With(crumb(rq)), nil
}

func (c *Directives) doNew(rq *web.Request) (web.Reply, error) {
	f := rq.Form("directive.new")
	unit := f.ID("unit", web.Need)
	way := f.Choice("way", web.Need, "blank", "document", "last")
	kind := f.Choice("kind", false, kinds...)
	if f.OK() && c.mayFor(rq.Tx, rq.Actor, Write, unit) != nil {
		f.Refuse("unit", "directive.new.unit_bad")
	}
	var d Directive
	var err error
	switch {
	case !f.OK():
	case way == "document":
		id := f.ID("document", web.Need)
		if !f.OK() {
			break
		}
		d, err = c.FromDocument(rq.Tx, rq.Actor, unit, id, f.Raw("own") == "1")
	case way == "last":
		id := f.ID("last", web.Need)
		years, _ := f.Int("years", 0, 20, web.Need)
		if f.OK() {
			d, err = c.CopyLast(rq.Tx, rq.Actor, id, int(years))
		}
	default:
		if kind == "" {
			f.Refuse("kind", "directive.need.kind")
			break
		}
		var content Content
		if content, err = c.Blank(rq.Tx, unit, kind); err == nil {
			d, err = c.Start(rq.Tx, rq.Actor, unit, content, Directive{})
		}
	}
	if err != nil && !f.Take(err) {
		return web.Reply{}, err
	}
	if !f.OK() {
		return c.newPage(rq, f)
	}
	return web.To("/directives/" + d.ID + "/edit").Say("directive.said.made"), nil
}

// FromDocument makes a draft from a paper of the registry that was read.
func (c *Directives) FromDocument(tx *db.Tx, by policy.Actor, unit, id string, own bool) (Directive, error) {
	paper, err := c.Documents.Get(tx, by, id)
	if err != nil {
		return Directive{}, err
	}
	r, err := c.Documents.Reading(tx, paper)
	if errs.Is(err, errs.NotFound) {
		return Directive{}, errs.AtField("document", "directive.new.not_read")
	}
	if err != nil {
		return Directive{}, err
	}
	confirmed(r, paper.Facts)
	content, err := c.FromReading(tx, unit, r, own)
	if err != nil {
		return Directive{}, err
	}
	return c.Start(tx, by, unit, content, Directive{Source: paper.ID})
}

type editView struct {
	D       Directive
	Form    *web.Form
	Duties  int
	Kinds   []ui.Option
	Bounds  []ui.Option
	Urgency []ui.Option
	Reports []ui.Option
	Missing []errs.Field
	Reach   Reach
	Saved   string
	Source  []ui.SourcePara
	Doubts  []string
	Parent  string // what the directive above asks for, as a limit
	Stale   *Stale
	Who     string
}

// values are a content as the fields of the form.
func (c Content) values() map[string]string {
	m := map[string]string{"kind": c.Kind, "superior": lines(c.Superior), "issuer": lines(c.Issuer), "tail": c.Tail, "place": c.Place, "subject": c.Subject, "bases": lines(c.Bases), "addressees": lines(c.Addressees),
		"intro": c.Intro, "aims": lines(c.Aims), "slogans": lines(c.Slogans), "hotlines": lines(c.Hotlines), "groups": lines(c.Groups), "report_to": c.Report.To, "report_channel": c.Report.Channel,
		"report_form": c.Report.Form, "report_outline": c.Report.Outline, "closing": c.Closing, "recipients": lines(c.Recipients), "archive": c.Archive, "authority": lines(c.Authority), "signer_title": c.SignerTitle,
		"signer": c.Signer, "urgency": c.Urgency}
	if c.Briefing {
		m["briefing"] = "1"
	}
	put := func(name string, d civil.Date) {
		if !d.IsZero() {
			m[name+".day"], m[name+".month"], m[name+".year"] = itoa(d.Day), itoa(int(d.Month)), itoa(d.Year)
		}
	}
	put("from", c.Period.From)
	put("to", c.Period.To)
	put("report", c.Report.Due.Day)
	m["report_bound"] = string(c.Report.Due.Bound)
	m["report_words"] = c.Report.Due.Words
	for i, d := range c.Work {
		p := "duty" + itoa(i+1) + "_"
		m[p+"text"], m[p+"who"], m[p+"with"], m[p+"product"], m[p+"numbering"] = d.Text, d.Who, d.With, d.Product, d.Numbering
		if !d.Due.IsZero() {
			m[p+"due"] = d.Due.Words
		}
	}
	return m
}

func lines(l []string) string { return strings.Join(l, "\n") }

func unlines(s string) []string { return strings.Split(s, "\n") }

// readContent takes the form of a draft. It refuses only what cannot be kept: a draft may lack anything.
func readContent(rq *web.Request, f *web.Form) Content {
	c := Content{Kind: f.Choice("kind", false, kinds...), Tail: f.Text("tail", 60, false), Place: f.Text("place", 100, false), Subject: f.Text("subject", maxSubject, false),
		Intro: f.LongText("intro", 8000, false), Closing: f.LongText("closing", 4000, false), Archive: f.Text("archive", 100, false), SignerTitle: f.Text("signer_title", 100, false),
		Signer: f.Text("signer", 100, false), Urgency: f.Choice("urgency", false, "khan", "thuong_khan", "hoa_toc"), Briefing: f.Bool("briefing")}
	for name, p := range map[string]*[]string{"superior": &c.Superior, "issuer": &c.Issuer, "bases": &c.Bases, "addressees": &c.Addressees, "aims": &c.Aims, "slogans": &c.Slogans,
		"hotlines": &c.Hotlines, "groups": &c.Groups, "recipients": &c.Recipients, "authority": &c.Authority} {
		*p = unlines(f.LongText(name, 60_000, false))
	}
	c.Period = Period{f.Date("from", false), f.Date("to", false)}
	c.Report = Report{To: f.Text("report_to", 200, false), Channel: f.Text("report_channel", 300, false), Form: f.Text("report_form", 100, false), Outline: f.LongText("report_outline", 8000, false)}
	bound := deadline.Until
	if f.Choice("report_bound", false, "until", "before") == "before" {
		bound = deadline.Before
	}
	if day := f.Date("report", false); !day.IsZero() {
		c.Report.Due = deadline.New(bound, day)
		if w, ok := deadline.Read(f.Raw("report_words")); ok && w.Day == day && w.Bound == bound {
			c.Report.Due.Words = w.Words // the words of the paper stay as long as they say the same
		}
	}
	for i := 1; i <= maxDuties+1; i++ {
		p := "duty" + itoa(i) + "_"
		d := Duty{Text: f.LongText(p+"text", 8000, false), Who: f.Text(p+"who", 500, false), With: f.Text(p+"with", 500, false), Product: f.Text(p+"product", 500, false), Numbering: f.Text(p+"numbering", 30, false)}
		if s := strings.TrimSpace(f.Raw(p + "due")); s != "" {
			w, ok := deadline.Read(s)
			if !ok {
				f.Refuse(p+"due", "directive.duty_due")
			}
			d.Due = w
			if ok && len([]rune(w.Words)) < 12 { // only a date
				d.Due = deadline.New(w.Bound, w.Day)
			}
		}
		c.Work = append(c.Work, d)
	}
	return c
}

func (c *Directives) pageEdit(rq *web.Request) (web.Reply, error) {
	d, err := c.editable(rq)
	if err != nil {
		return web.Reply{}, err
	}
	if !d.State.Open() {
		return web.To("/directives/" + d.ID), nil
	}
	return c.editPage(rq, d, rq.Filled("directive.edit", d.Content.V.values()), len(d.Content.V.Work)+1, nil)
}

func (c *Directives) editable(rq *web.Request) (Directive, error) {
	id, err := rq.ID("id")
	if err != nil {
		return Directive{}, err
	}
	return c.may(rq.Tx, rq.Actor, Write, id)
}

func (c *Directives) editPage(rq *web.Request, d Directive, f *web.Form, duties int, stale *Stale) (web.Reply, error) {
	v := editView{D: d, Form: f, Duties: min(max(duties, 3), maxDuties), Kinds: kindOptions(rq), Missing: d.missing(), Stale: stale,
		Bounds:  []ui.Option{{Value: "until", Text: rq.T("directive.bound.until")}, {Value: "before", Text: rq.T("directive.bound.before")}},
		Urgency: []ui.Option{{Value: "", Text: rq.T("directive.urgency.none")}, {Value: "khan", Text: rq.T("directive.urgency.khan")}, {Value: "thuong_khan", Text: rq.T("directive.urgency.thuong_khan")}, {Value: "hoa_toc", Text: rq.T("directive.urgency.hoa_toc")}}}
	var err error
	if v.Reach, err = c.Reach(rq.Tx, d); err != nil {
		return web.Reply{}, err
	}
	if v.Doubts, err = c.doubts(rq, d); err != nil {
		return web.Reply{}, err
	}
	name, err := account.NameOf(rq.Tx, d.ChangedBy)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return web.Reply{}, err
	}
	v.Saved = rq.T("directive.saved", i18n.Time(rq.Lang, d.ChangedAt), name)
	if stale != nil {
		if v.Who, err = account.NameOf(rq.Tx, stale.Who); err != nil && !errs.Is(err, errs.NotFound) {
			return web.Reply{}, err
		}
	}
	v.Reports = []ui.Option{{Value: "", Text: rq.T("directive.report_narrative")}}
	if c.Hooks.Forms != nil {
		forms, err := c.Hooks.Forms(rq.Tx, rq.Actor)
		if err != nil {
			return web.Reply{}, err
		}
		for _, x := range forms {
			v.Reports = append(v.Reports, ui.Option{Value: x.Code, Text: x.Title})
		}
	}
	if d.Parent != "" {
		up, err := find(rq.Tx, d.Parent)
		if err != nil {
			return web.Reply{}, err
		}
		if due := up.ReportDue(); !due.IsZero() {
			v.Parent = rq.T("directive.above_due", up.Symbol, due.Words)
		}
	}
	if d.Source != "" {
		if err := c.source(rq, &v); err != nil {
			return web.Reply{}, err
		}
	}
	title := rq.T("directive.edit.title")
	body := editPage(v)
	if stale != nil {
		rep := web.Again(title, f, body).With(crumb(rq), crumbOf(d))
		rep.Status = 409
		return rep, nil
	}
	if !f.OK() {
		return web.Again(title, f, body).With(crumb(rq), crumbOf(d)), nil
	}
	return web.Show(title, body).With(crumb(rq), crumbOf(d)), nil
}

// source lays the paper a draft was read from beside it: what was read is marked, doubts stand on top.
func (c *Directives) source(rq *web.Request, v *editView) error {
	paper, err := c.Documents.Get(rq.Tx, rq.Actor, v.D.Source)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	r, err := c.Documents.Reading(rq.Tx, paper)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var marks []ui.Mark
	add := func(m docparse.Mark, field, key string) {
		if m.Span.End > m.Span.Start {
			marks = append(marks, ui.Mark{Start: m.Span.Start, End: m.Span.End, Title: rq.T(key), Back: "#f-" + field})
		}
	}
	add(r.Number.Mark, "tail", "directive.edit.tail")
	add(r.Subject.Mark, "subject", "directive.edit.subject")
	add(r.Issuer.Mark, "issuer", "directive.edit.issuer")
	add(r.Place.Mark, "place", "directive.edit.place")
	add(r.Signer.Mark, "signer", "directive.edit.signer")
	for i, t := range r.Tasks {
		add(t.Mark, "duty"+itoa(i+1)+"_text", "directive.duty")
	}
	for _, x := range r.Deadlines {
		add(x.Mark, "report", "directive.edit.report")
	}
	for _, x := range r.Slogans {
		add(x.Mark, "slogans", "directive.edit.slogans")
	}
	for _, x := range r.Hotlines {
		add(x.Mark, "hotlines", "directive.edit.hotlines")
	}
	for _, x := range r.Addressees {
		add(x.Mark, "addressees", "directive.edit.addressees")
	}
	for _, x := range r.Recipients {
		add(x.Mark, "recipients", "directive.edit.recipients")
	}
	v.Source = ui.MarkedAs(r.Text, marks, r.Shown)
	for _, x := range r.Doubts {
		v.Doubts = append(v.Doubts, doubt(rq, x))
	}
	return nil
}

func doubt(rq *web.Request, x docparse.Doubt) string {
	args := make([]any, len(x.Args))
	for i, a := range x.Args {
		args[i] = a
	}
	return rq.T(x.Key, args...)
}

func (c *Directives) doEdit(rq *web.Request) (web.Reply, error) {
	d, err := c.editable(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("directive.edit")
	content := readContent(rq, f)
	base, _ := f.Int("version", 1, 1<<40, web.Need)
	if f.Raw("do") == "add" {
		n := 0
		for i := 1; i <= maxDuties; i++ {
			if strings.TrimSpace(f.Raw("duty"+itoa(i)+"_text")) != "" {
				n = i
			}
		}
		content.tidy()
		return c.addDuty(rq, d, f, n+3)
	}
	if f.OK() {
		saved, err := c.Save(rq.Tx, rq.Actor, d.ID, base, content)
		var stale *Stale
		switch {
		case err == nil && f.Raw("do") == "check":
			return web.To("/directives/" + d.ID).Say("directive.said.saved"), nil
		case err == nil:
			return web.To("/directives/" + saved.ID + "/edit").Say("directive.said.saved"), nil
		case errors.As(err, &stale):
			return c.editPage(rq, d, f, dutiesOf(f), stale)
		case errs.Is(err, errs.Conflict): // submitted or signed meanwhile: what was typed is shown, to be copied or sent again once it is returned
			m, _ := errs.TextOf(err)
			f.Refuse("", m.Key, m.Args...)
			rep, err := c.editPage(rq, d, f, dutiesOf(f), nil)
			rep.Status = 409
			return rep, err
		case !f.Take(err):
			return web.Reply{}, err
		}
	}
	return c.editPage(rq, d, f, dutiesOf(f), nil)
}

func dutiesOf(f *web.Form) int {
	n := 0
	for i := 1; i <= maxDuties; i++ {
		if f.Raw("duty"+itoa(i)+"_text") != "" || f.Raw("duty"+itoa(i)+"_who") != "" {
			n = i
		}
	}
	return n + 1
}

// addDuty shows the form again with more lines for duties; nothing is saved.
func (c *Directives) addDuty(rq *web.Request, d Directive, f *web.Form, n int) (web.Reply, error) {
	rep, err := c.editPage(rq, d, f, n, nil)
	if rep.Status == 200 {
		rep.Status = 422 // a form shown again: the browser keeps it out of its history as an answer to a POST
	}
	return rep, err
}

// autosaved is the answer to the script that saves while somebody writes.
type autosaved struct {
	Version int64  `json:"version,omitempty"`
	Text    string `json:"text,omitempty"`
	Title   string `json:"title,omitempty"` // what went wrong
}

func (c *Directives) doAutosave(rq *web.Request) (web.Reply, error) {
	d, err := c.editable(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("directive.edit")
	content := readContent(rq, f)
	base, _ := f.Int("version", 1, 1<<40, web.Need)
	if !f.OK() {
		rep := web.JSON(autosaved{Title: rq.T("directive.autosave_bad")})
		rep.Status = 422
		return rep, nil
	}
	saved, err := c.Save(rq.Tx, rq.Actor, d.ID, base, content)
	var stale *Stale
	if errors.As(err, &stale) {
		rep := web.JSON(autosaved{Title: rq.T("directive.autosave_stale")})
		rep.Status = 409
		return rep, nil
	}
	if errs.Is(err, errs.Invalid) {
		rep := web.JSON(autosaved{Title: rq.T("directive.autosave_bad")})
		rep.Status = 422
		return rep, nil
	}
	if err != nil {
		return web.Reply{}, err
	}
	return web.JSON(autosaved{Version: saved.Version, Text: rq.T("directive.saved", i18n.Time(rq.Lang, saved.ChangedAt), rq.Actor.Name)}), nil
}

func (c *Directives) doDrop(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.Drop(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	return web.To("/directives?box=drafts").Say("directive.said.dropped"), nil
}
