package orgunit

import (
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

type showPage struct {
	Unit      Unit // as on Day
	Now       Unit // as today
	Day       civil.Date
	DayRaw    string
	Superior  Label
	Area      Area
	AreaNow   string // the area's name today, when it is another one
	Above     []web.Crumb
	Under     []Place
	Below     int
	Heirs     []Unit
	Story     []ui.Event
	Staff     []Staff
	HasStaff  bool
	Edit      bool
	Estate    []Open
	Gone      bool
	NotYet    bool
	EditAbove bool
}

// crumbs is the way down to a unit.
func (c *Units) crumbs(rq *web.Request, u Unit, day civil.Date) ([]web.Crumb, error) {
	out := []web.Crumb{{Text: rq.T("orgunit.title"), Path: top}}
	above, err := Above(rq.Tx, u.ID)
	if err != nil {
		return nil, err
	}
	names, err := NamesOn(rq.Tx, above, day)
	if err != nil {
		return nil, err
	}
	for i := len(above) - 1; i >= 0; i-- {
		if i < len(above)-1 || len(above) == 1 { // the government stands above everything and says nothing
			out = append(out, web.Crumb{Text: names[above[i]], Path: address("/units/"+above[i], "day", shownDay(rq, day))})
		}
	}
	return append(out, web.Crumb{Text: u.Name}), nil
}

func (c *Units) pageShow(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	p := showPage{Day: dayOf(rq)}
	p.DayRaw = shownDay(rq, p.Day)
	today := civil.Of(rq.Tx.Now)
	if p.Unit, err = At(rq.Tx, id, p.Day); err != nil {
		return web.Reply{}, err
	}
	if p.Now, err = Present(rq.Tx, id); err != nil {
		return web.Reply{}, err
	}
	p.Gone, p.NotYet = !p.Now.Gone.IsZero() && p.Now.Gone.Before(today), p.Day.Before(p.Unit.Born)
	p.Edit = c.may(rq.Tx, rq.Actor, id) == nil
	if p.Unit.Superior != "" {
		if p.Superior, err = LabelOf(rq.Tx, p.Unit.Superior, p.Day); err != nil {
			return web.Reply{}, err
		}
	}
	if p.Unit.Area != "" {
		if p.Area, err = AreaOn(rq.Tx, p.Unit.Area, p.Day); err != nil {
			return web.Reply{}, err
		}
		now, err := AreaOn(rq.Tx, p.Unit.Area, today)
		if err != nil {
			return web.Reply{}, err
		}
		if now.Name != p.Area.Name {
			p.AreaNow = now.Name
		}
	}
	list, err := subordinates(rq.Tx, id, p.Day)
	if err != nil {
		return web.Reply{}, err
	}
	for _, u := range list {
		p.Under = append(p.Under, Place{Unit: u})
	}
	if p.Below, err = countBelow(rq.Tx, id); err != nil {
		return web.Reply{}, err
	}
	p.Below--
	if p.Gone {
		if p.Heirs, err = Inheritors(rq.Tx, id); err != nil {
			return web.Reply{}, err
		}
		if p.Estate, err = c.Estate(rq.Tx, id); err != nil {
			return web.Reply{}, err
		}
		for _, h := range p.Heirs {
			p.EditAbove = p.EditAbove || c.may(rq.Tx, rq.Actor, h.ID) == nil
		}
	}
	if c.People != nil {
		if p.Staff, err = c.People.In(rq.Tx, rq.Actor, id); err != nil {
			return web.Reply{}, err
		}
		p.HasStaff = true
	}
	if p.Story, err = c.story(rq, id); err != nil {
		return web.Reply{}, err
	}
	crumbs, err := c.crumbs(rq, p.Unit, p.Day)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Show(p.Unit.Name, showView(p)).With(crumbs...), nil
}

// story tells what happened to a unit, the newest first.
func (c *Units) story(rq *web.Request, id string) ([]ui.Event, error) {
	events, parts, err := history(rq.Tx, id)
	if err != nil {
		return nil, err
	}
	vs, err := versions(rq.Tx, id)
	if err != nil {
		return nil, err
	}
	var out []ui.Event
	for _, e := range events {
		text, err := c.tell(rq, e, parts[e.ID], id, vs)
		if err != nil {
			return nil, err
		}
		x := ui.Event{Text: text, When: i18n.Date(rq.Lang, e.On), Path: "/unit-events/" + e.ID, Note: e.Basis}
		if e.Note != "" {
			x.Note = strings.TrimPrefix(x.Note+"; "+e.Note, "; ")
		}
		if e.Withdrawn != "" {
			x.State, x.Note = "todo", rq.T("orgunit.withdrawn_because", e.Withdrawn)
		}
		out = append(out, x)
	}
	return out, nil
}

// tell says an event as it looks from one unit.
func (c *Units) tell(rq *web.Request, e Event, parts []EventPart, id string, vs []Unit) (string, error) {
	var others []string
	for _, p := range parts {
		others = append(others, p.From, p.To)
	}
	names, err := NamesOn(rq.Tx, others, e.On)
	if err != nil {
		return "", err
	}
	list := func(pick func(EventPart) (string, bool)) string {
		var out []string
		for _, p := range parts {
			if other, ok := pick(p); ok {
				s := names[other]
				if p.Extent != Whole {
					s += " (" + rq.T("orgunit.extent."+string(p.Extent)) + ")"
				}
				out = append(out, s)
			}
		}
		return strings.Join(out, ", ")
	}
	into := list(func(p EventPart) (string, bool) { return p.To, p.From == id && p.To != "" && p.To != id })
	from := list(func(p EventPart) (string, bool) { return p.From, p.To == id && p.From != "" && p.From != id })
	switch {
	case e.Kind == Merged && into != "":
		return rq.T("orgunit.story.merged_into", into), nil
	case e.Kind == Merged && from != "":
		return rq.T("orgunit.story.received", from), nil
	case e.Kind == Divided && into != "":
		return rq.T("orgunit.story.divided", into), nil
	case e.Kind == Divided && from != "":
		return rq.T("orgunit.story.part_of", from), nil
	case e.Kind == TakenOver && into != "":
		return rq.T("orgunit.story.handed", into), nil
	case e.Kind == TakenOver && from != "":
		return rq.T("orgunit.story.took_over", from), nil
	}
	said := rq.T("orgunit.event." + string(e.Kind))
	if e.Kind == Merged || e.Kind == Divided {
		said = rq.T("orgunit.event." + string(Transferred))
	}
	changes, err := c.changes(rq, e, vs)
	if err != nil || changes == "" {
		return said, err
	}
	return said + ": " + changes, nil
}

// changes says what a dated change changed, from the versions around its day.
func (c *Units) changes(rq *web.Request, e Event, vs []Unit) (string, error) {
	for i, v := range vs { // the newest first
		if v.From != e.On || i+1 == len(vs) {
			continue
		}
		before := vs[i+1]
		var out []string
		add := func(label, was, is string) {
			if was != is {
				out = append(out, rq.T("orgunit.story.change", rq.T(label), dash(was), dash(is)))
			}
		}
		if before.Superior != v.Superior {
			names, err := NamesOn(rq.Tx, []string{before.Superior, v.Superior}, e.On)
			if err != nil {
				return "", err
			}
			add("orgunit.superior", names[before.Superior], names[v.Superior])
		}
		add("orgunit.name", before.Name, v.Name)
		add("orgunit.kind_of", rq.T("orgunit.kind."+string(before.Kind)), rq.T("orgunit.kind."+string(v.Kind)))
		add("orgunit.level_of", rq.T("orgunit.level."+string(before.Level)), rq.T("orgunit.level."+string(v.Level)))
		add("orgunit.code", before.Code, v.Code)
		return strings.Join(out, "; "), nil
	}
	return "", nil
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// unitOf returns the unit of the address in its newest version, for a page that changes it.
func (c *Units) unitOf(rq *web.Request) (Unit, error) {
	id, err := rq.ID("id")
	if err != nil {
		return Unit{}, err
	}
	if err := c.may(rq.Tx, rq.Actor, id); err != nil {
		return Unit{}, err
	}
	u, err := lastVersion(rq.Tx, id)
	if err != nil {
		return u, err
	}
	if !u.Gone.IsZero() {
		return u, errs.New(errs.Conflict, "orgunit.gone", u.Name, u.Gone)
	}
	return u, nil
}
