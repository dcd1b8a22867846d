package orgunit

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sort"
	"strconv"
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

// eventPage is the form of an event, with the preview of what it will do once it was asked for.
type eventPage struct {
	Unit     Unit
	Title    string
	Text     string
	Action   string
	Into     *Picker     // merge: the receiving unit
	Choices  []ui.Option // receive, split: the units beside it
	Extent   bool
	Takes    []ui.Field // split: where each unit below goes
	Plan     *Plan
	Estates  []estate
	Seen     string // what the preview was made of
	SaveText string
	Note     bool
}

// estate is the open work of a unit that ends.
type estate struct {
	Unit Unit
	Open []Open
}

// seen is a digest of what a preview was made of: confirming something else shows the preview again.
func seen(f *web.Form, extra ...string) string {
	h := sha256.New()
	for _, k := range []string{"into_id", "into", "extent", "main", "on.day", "on.month", "on.year", "version"} {
		h.Write([]byte(f.Raw(k) + "\x00"))
	}
	units := append([]string{}, f.RawAll("units")...)
	sort.Strings(units)
	h.Write([]byte(strings.Join(append(units, extra...), "\x00")))
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func (c *Units) eventForm(rq *web.Request, u Unit) *web.Form {
	values := map[string]string{"version": strconv.FormatInt(u.Version, 10), "once": rq.Once(), "extent": string(Whole)}
	dayFields(values, "on", civil.Of(rq.Tx.Now))
	return rq.Filled("orgunit.end", values)
}

// show answers with the form; refused or previewed it stays on the page.
func (c *Units) showEvent(rq *web.Request, f *web.Form, p eventPage) (web.Reply, error) {
	crumbs, err := c.crumbs(rq, p.Unit, civil.Of(rq.Tx.Now))
	if err != nil {
		return web.Reply{}, err
	}
	crumbs[len(crumbs)-1].Path = "/units/" + p.Unit.ID
	if p.Plan != nil {
		for _, u := range p.Plan.Ending {
			open, err := c.Estate(rq.Tx, u.ID)
			if err != nil {
				return web.Reply{}, err
			}
			if len(open) > 0 {
				p.Estates = append(p.Estates, estate{u, open})
			}
		}
	}
	if !f.OK() {
		return web.Again(p.Title, f, eventFormView(f, p)).With(crumbs...), nil
	}
	return web.Show(p.Title, eventFormView(f, p)).With(crumbs...), nil
}

// step runs an event form: refusals and the preview come back to the page, a confirmed preview is carried out.
func (c *Units) step(rq *web.Request, f *web.Form, p eventPage, done string, key string, plan func() (Plan, error), do func() error) (web.Reply, error) {
	if !f.OK() {
		return c.showEvent(rq, f, p)
	}
	pl, err := plan()
	if err == nil {
		p.Seen = seen(f, key)
		if f.Raw("seen") != p.Seen || f.Raw("step") != "do" {
			p.Plan = &pl
			return c.showEvent(rq, f, p)
		}
		if err = do(); err == nil {
			return web.To(done).Say("orgunit.end.done"), nil
		}
	}
	if errs.Is(err, errs.Conflict) {
		if m, ok := errs.TextOf(err); ok && m.Key != "orgunit.changed_meanwhile" {
			f.Refuse("on", m.Key, m.Args...)
			return c.showEvent(rq, f, p)
		}
	}
	if fields := errs.FieldsOf(err); p.Into != nil && len(fields) > 0 && fields[0].Name == "units" { // this form names the receiving unit, not those that end
		err = errs.AtField("into", fields[0].Key, fields[0].Args...)
	}
	if !f.Take(err) {
		return web.Reply{}, err
	}
	return c.showEvent(rq, f, p)
}

// formDay reads the day an event form speaks of, for pickers; a day that is none yet is today.
func formDay(rq *web.Request, f *web.Form) civil.Date {
	y, _ := strconv.Atoi(f.Raw("on.year"))
	m, _ := strconv.Atoi(f.Raw("on.month"))
	d, _ := strconv.Atoi(f.Raw("on.day"))
	if day, ok := readDay(itoa(d) + "/" + itoa(m) + "/" + itoa(y)); ok {
		return day
	}
	return civil.Of(rq.Tx.Now)
}

func (c *Units) mergePage(rq *web.Request, u Unit) eventPage {
	return eventPage{Unit: u, Title: rq.T("orgunit.merge.title"), Text: rq.T("orgunit.merge.text", u.Name), Action: "/units/" + u.ID + "/merge", Extent: true, SaveText: rq.T("orgunit.merge.save"),
		Into: &Picker{Name: "into", Allowed: func(tx *db.Tx, x Unit) (bool, error) {
			if x.ID == u.ID {
				return false, nil
			}
			return c.Editable(rq)(tx, x)
		}}}
}

func (c *Units) pageMerge(rq *web.Request) (web.Reply, error) {
	u, err := c.unitOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	return c.showEvent(rq, c.eventForm(rq, u), c.mergePage(rq, u))
}

func (c *Units) doMerge(rq *web.Request) (web.Reply, error) {
	u, err := c.unitOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("orgunit.end")
	p := c.mergePage(rq, u)
	m := Merger{On: f.Date("on", web.Need), Basis: f.Text("basis", 300, false), Note: f.Text("note", 500, false)}
	version, _ := f.Int("version", 1, 1<<40, web.Need)
	if p.Into.Day = formDay(rq, f); p.Into.Day.Before(u.From) { // that the day is too early is said of the day, not of the unit
		p.Into.Day = u.From
	}
	to, err := p.Into.Read(rq, f, web.Need)
	if err != nil {
		return web.Reply{}, err
	}
	m.Into = to.ID
	m.From = []Part{{Unit: u.ID, Extent: Extent(f.Choice("extent", web.Need, strs(Extents)...)), Version: version}}
	return c.step(rq, f, p, "/units/"+to.ID, to.ID, func() (Plan, error) { return c.PlanMerge(rq.Tx, rq.Actor, m) }, func() error { return c.Merge(rq.Tx, rq.Actor, m) })
}

// beside lists the units that stand beside one and are of its level, as choices.
func (c *Units) beside(rq *web.Request, u Unit) ([]ui.Option, error) {
	if u.Superior == "" {
		return nil, nil
	}
	list, err := subordinates(rq.Tx, u.Superior, civil.Of(rq.Tx.Now))
	var same, others []ui.Option
	for _, x := range list {
		switch o := (ui.Option{Value: x.ID, Text: x.Name}); {
		case x.ID == u.ID || x.Level != u.Level || x.Internal != u.Internal:
		case x.Kind == u.Kind:
			same = append(same, o)
		case u.Kind != PeoplesComm && x.Kind != PeoplesComm:
			others = append(others, o)
		}
	}
	if len(same) == 0 { // of no kind like it: any body beside it
		return others, err
	}
	return same, err
}

func (c *Units) receivePage(rq *web.Request, u Unit) (eventPage, error) {
	p := eventPage{Unit: u, Title: rq.T("orgunit.receive.title"), Text: rq.T("orgunit.receive.text", u.Name), Action: "/units/" + u.ID + "/receive", Extent: true, SaveText: rq.T("orgunit.merge.save")}
	var err error
	p.Choices, err = c.beside(rq, u)
	return p, err
}

func (c *Units) pageReceive(rq *web.Request) (web.Reply, error) {
	u, err := c.unitOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := c.receivePage(rq, u)
	if err != nil {
		return web.Reply{}, err
	}
	return c.showEvent(rq, c.eventForm(rq, u), p)
}

func (c *Units) doReceive(rq *web.Request) (web.Reply, error) {
	u, err := c.unitOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := c.receivePage(rq, u)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("orgunit.end")
	m := Merger{Into: u.ID, On: f.Date("on", web.Need), Basis: f.Text("basis", 300, false), Note: f.Text("note", 500, false)}
	extent := Extent(f.Choice("extent", web.Need, strs(Extents)...))
	for _, id := range f.Choices("units", web.Need, values(p.Choices)...) {
		m.From = append(m.From, Part{Unit: id, Extent: extent})
	}
	return c.step(rq, f, p, "/units/"+u.ID, "", func() (Plan, error) { return c.PlanMerge(rq.Tx, rq.Actor, m) }, func() error { return c.Merge(rq.Tx, rq.Actor, m) })
}

func values(list []ui.Option) []string {
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = o.Value
	}
	return out
}

func (c *Units) splitPage(rq *web.Request, u Unit) (eventPage, error) {
	p := eventPage{Unit: u, Title: rq.T("orgunit.split.title"), Text: rq.T("orgunit.split.text", u.Name), Action: "/units/" + u.ID + "/split", SaveText: rq.T("orgunit.split.save")}
	var err error
	p.Choices, err = c.beside(rq, u)
	return p, err
}

func (c *Units) pageSplit(rq *web.Request) (web.Reply, error) {
	u, err := c.unitOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := c.splitPage(rq, u)
	if err != nil {
		return web.Reply{}, err
	}
	return c.showEvent(rq, c.eventForm(rq, u), p)
}

func (c *Units) doSplit(rq *web.Request) (web.Reply, error) {
	u, err := c.unitOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := c.splitPage(rq, u)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("orgunit.end")
	s := Splitting{From: u.ID, On: f.Date("on", web.Need), Basis: f.Text("basis", 300, false), Note: f.Text("note", 500, false)}
	s.Version, _ = f.Int("version", 1, 1<<40, web.Need)
	below, err := under(rq.Tx, u.ID, formDay(rq, f))
	if err != nil {
		return web.Reply{}, err
	}
	chosen := f.Choices("units", web.Need, values(p.Choices)...)
	for i, id := range chosen {
		part := Part{Unit: id, Extent: Some}
		if main := f.Raw("main"); main == id || i == 0 && !slices.Contains(chosen, main) {
			part.Extent = Main
		}
		for _, x := range below {
			if f.Raw("takes."+x.ID) == id {
				part.Takes = append(part.Takes, x.ID)
			}
		}
		s.Into = append(s.Into, part)
	}
	return c.step(rq, f, p, "/units/"+u.ID, "", func() (Plan, error) { return c.PlanSplit(rq.Tx, rq.Actor, s) }, func() error { return c.Split(rq.Tx, rq.Actor, s) })
}

func (c *Units) abolishPage(rq *web.Request, u Unit) eventPage {
	return eventPage{Unit: u, Title: rq.T("orgunit.abolish.title"), Text: rq.T("orgunit.abolish.text", u.Name), Action: "/units/" + u.ID + "/abolish", SaveText: rq.T("orgunit.abolish.save")}
}

func (c *Units) pageAbolish(rq *web.Request) (web.Reply, error) {
	u, err := c.unitOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	return c.showEvent(rq, c.eventForm(rq, u), c.abolishPage(rq, u))
}

func (c *Units) doAbolish(rq *web.Request) (web.Reply, error) {
	u, err := c.unitOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("orgunit.end")
	x := Ending{Unit: u.ID, On: f.Date("on", web.Need), Basis: f.Text("basis", 300, false), Note: f.Text("note", 500, false)}
	x.Version, _ = f.Int("version", 1, 1<<40, web.Need)
	return c.step(rq, f, c.abolishPage(rq, u), "/units/"+u.ID, "", func() (Plan, error) { return c.PlanAbolish(rq.Tx, rq.Actor, x) }, func() error { return c.Abolish(rq.Tx, rq.Actor, x) })
}

// goneUnit returns a vanished unit whose work the actor may hand to one of the units that may take it.
func (c *Units) goneUnit(rq *web.Request) (Unit, []Unit, error) {
	id, err := rq.ID("id")
	if err != nil {
		return Unit{}, nil, err
	}
	u, err := lastVersion(rq.Tx, id)
	if err != nil {
		return u, nil, err
	}
	all, err := Inheritors(rq.Tx, id)
	if err != nil {
		return u, nil, err
	}
	var heirs []Unit
	for _, h := range all {
		if c.may(rq.Tx, rq.Actor, h.ID) == nil {
			heirs = append(heirs, h)
		}
	}
	if len(heirs) == 0 && len(all) > 0 {
		return u, nil, errs.Absent("unit", id)
	}
	if u.Gone.IsZero() || !u.Gone.Before(civil.Of(rq.Tx.Now)) {
		return u, nil, errs.New(errs.Conflict, "orgunit.still_there", u.Name)
	}
	return u, heirs, nil
}

func (c *Units) showTakeover(rq *web.Request, f *web.Form, u Unit, heirs []Unit) (web.Reply, error) {
	open, err := c.Estate(rq.Tx, u.ID)
	if err != nil {
		return web.Reply{}, err
	}
	var options []ui.Option
	for _, h := range heirs {
		options = append(options, ui.Option{Value: h.ID, Text: h.Name})
	}
	body := takeoverView(f, u, options, open)
	crumbs := []web.Crumb{{Text: rq.T("orgunit.title"), Path: top}, {Text: u.Name, Path: "/units/" + u.ID}}
	if !f.OK() {
		return web.Again(rq.T("orgunit.takeover.title"), f, body).With(crumbs...), nil
	}
	return web.Show(rq.T("orgunit.takeover.title"), body).With(crumbs...), nil
}

func (c *Units) pageTakeover(rq *web.Request) (web.Reply, error) {
	u, heirs, err := c.goneUnit(rq)
	if err != nil {
		return web.Reply{}, err
	}
	values := map[string]string{"once": rq.Once()}
	if len(heirs) == 1 {
		values["to"] = heirs[0].ID
	}
	return c.showTakeover(rq, rq.Filled("orgunit.takeover", values), u, heirs)
}

func (c *Units) doTakeover(rq *web.Request) (web.Reply, error) {
	u, heirs, err := c.goneUnit(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("orgunit.takeover")
	to := f.ID("to", web.Need)
	if f.OK() && !slices.ContainsFunc(heirs, func(h Unit) bool { return h.ID == to }) {
		f.Refuse("to", "orgunit.not_successor")
	}
	if f.OK() {
		n, err := c.Takeover(rq.Tx, rq.Actor, u.ID, to)
		if err == nil {
			return web.To("/units/"+to).Say("orgunit.takeover.done", n), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.showTakeover(rq, f, u, heirs)
}

const eventsSize = 50

type eventRow struct {
	Event
	Text string
}

type eventsPage struct {
	Kind     EventKind
	From, To string
	Rows     []eventRow
	Pages    ui.Pages
	Edit     bool
}

func (p eventsPage) active() bool { return p.Kind != "" || p.From != "" || p.To != "" }

// eventKinds lists the kinds a person may look for.
var eventKinds = []EventKind{Established, Renamed, Transferred, Changed, Merged, Divided, Abolished, TakenOver, Template, Imported}

func (c *Units) pageEvents(rq *web.Request) (web.Reply, error) {
	p := eventsPage{Kind: EventKind(rq.Query("kind")), From: rq.Query("from"), To: rq.Query("to"), Edit: rq.Actor.Holds(Edit)}
	known := false
	for _, k := range eventKinds {
		known = known || k == p.Kind
	}
	if !known {
		p.Kind = ""
	}
	from, ok := readDay(p.From)
	if !ok {
		p.From = ""
	}
	to, ok := readDay(p.To)
	if !ok {
		p.To = ""
	}
	page, _ := strconv.Atoi(rq.Query("page"))
	page = max(page, 1)
	list, total, err := listEvents(rq.Tx, p.Kind, from, to, page, eventsSize)
	if err != nil {
		return web.Reply{}, err
	}
	for _, e := range list {
		parts, more, err := somePartsOf(rq.Tx, e.ID, 4)
		if err != nil {
			return web.Reply{}, err
		}
		text, err := c.briefly(rq, e, parts, more)
		if err != nil {
			return web.Reply{}, err
		}
		p.Rows = append(p.Rows, eventRow{e, text})
	}
	p.Pages = ui.PagesOf(page, eventsSize, total, func(n int) string {
		s := ""
		if n > 1 {
			s = itoa(n)
		}
		return address("/unit-events", "kind", string(p.Kind), "from", p.From, "to", p.To, "page", s)
	})
	return web.Show(rq.T("orgunit.events.title"), eventsView(p)).Under(top), nil
}

// briefly names the units of an event.
func (c *Units) briefly(rq *web.Request, e Event, parts []EventPart, more int) (string, error) {
	var all []string
	for _, p := range parts {
		all = append(all, p.From, p.To)
	}
	names, err := NamesOn(rq.Tx, all, e.On)
	if err != nil {
		return "", err
	}
	var from, to []string
	add := func(list []string, id string) []string {
		for _, x := range list {
			if x == names[id] {
				return list
			}
		}
		return append(list, names[id])
	}
	for _, p := range parts {
		if p.Extent == Moves {
			continue
		}
		if p.From != "" {
			from = add(from, p.From)
		}
		if p.To != "" && p.To != p.From {
			to = add(to, p.To)
		}
	}
	text := strings.Join(from, ", ")
	if len(to) > 0 {
		if text != "" {
			text += " → "
		}
		text += strings.Join(to, ", ")
	}
	if more > 0 {
		text += " " + rq.T("orgunit.events.more", more)
	}
	return text, nil
}

type eventShow struct {
	Event
	Parts    []shownPart
	More     int
	Withdraw bool
}

type shownPart struct {
	From, To Label
	Extent   Extent
}

// partsShown is how many units of an event its page lists.
const partsShown = 500

func (c *Units) pageEvent(rq *web.Request) (web.Reply, error) {
	return c.showEventPage(rq, rq.Filled("orgunit.withdraw", map[string]string{"once": rq.Once()}))
}

func (c *Units) showEventPage(rq *web.Request, f *web.Form) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	p := eventShow{}
	if p.Event, err = eventOf(rq.Tx, id); err != nil {
		return web.Reply{}, err
	}
	parts, more, err := somePartsOf(rq.Tx, id, partsShown)
	if err != nil {
		return web.Reply{}, err
	}
	p.More = more
	var all []string
	for _, x := range parts {
		all = append(all, x.From, x.To)
	}
	labels, err := Labels(rq.Tx, all, p.On)
	if err != nil {
		return web.Reply{}, err
	}
	for _, x := range parts {
		p.Parts = append(p.Parts, shownPart{labels[x.From], labels[x.To], x.Extent})
	}
	if p.Withdrawn == "" && (p.Kind == Merged || p.Kind == Divided || p.Kind == Abolished) {
		p.Withdraw = true
		for _, x := range parts {
			if x.Extent != Moves && c.may(rq.Tx, rq.Actor, x.From) != nil {
				p.Withdraw = false
			}
		}
	}
	title := rq.T("orgunit.event."+string(p.Kind)) + ", " + i18n.Date(rq.Lang, p.On)
	crumbs := []web.Crumb{{Text: rq.T("orgunit.title"), Path: top}, {Text: rq.T("orgunit.events.title"), Path: "/unit-events"}, {Text: title}}
	if !f.OK() {
		return web.Again(title, f, eventView(f, p)).With(crumbs...).Under(top), nil
	}
	return web.Show(title, eventView(f, p)).With(crumbs...).Under(top), nil
}

func (c *Units) doWithdraw(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("orgunit.withdraw")
	reason := f.Text("reason", 300, web.Need)
	if f.OK() {
		err := c.Withdraw(rq.Tx, rq.Actor, id, reason)
		if err == nil {
			return web.To("/unit-events/" + id).Say("orgunit.withdraw.done"), nil
		}
		if m, ok := errs.TextOf(err); ok && errs.Is(err, errs.Conflict) {
			f.Refuse("reason", m.Key, m.Args...)
		} else if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.showEventPage(rq, f)
}
