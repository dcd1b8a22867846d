package orgunit

import (
	"context"
	"strconv"

	"chungtay/internal/civil"
	"chungtay/internal/i18n"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

type areasPage struct {
	Words, DayRaw string
	Day           civil.Date
	Rows          []areaRow
	Pages         *ui.Pages
	Edit          bool
	Outdated      []outdatedArea
}

// outdatedArea is an area of which units still bear the former name.
type outdatedArea struct {
	Area  Area
	Units int
}

// areaRow is an area in a list, with what it lies in.
type areaRow struct {
	Area
	In    string
	Below int
}

const areasSize = 100

func (c *Units) pageAreas(rq *web.Request) (web.Reply, error) {
	p := areasPage{Words: rq.Query("q"), Day: dayOf(rq), Edit: rq.Actor.Holds(Edit)}
	p.DayRaw = shownDay(rq, p.Day)
	var list []Area
	var err error
	if p.Words == "" {
		list, err = Areas(rq.Tx, "", p.Day)
	} else {
		page, _ := strconv.Atoi(rq.Query("page"))
		page = max(page, 1)
		var total int
		list, total, err = findAreas(rq.Tx, p.Words, page, areasSize)
		pages := ui.PagesOf(page, areasSize, total, func(n int) string {
			s := ""
			if n > 1 {
				s = itoa(n)
			}
			return address("/areas", "q", p.Words, "day", p.DayRaw, "page", s)
		})
		p.Pages = &pages
	}
	if err != nil {
		return web.Reply{}, err
	}
	if p.Rows, err = areaRows(rq, list, p.Day, p.Words != ""); err != nil {
		return web.Reply{}, err
	}
	if p.Edit && p.Words == "" {
		names, err := c.Outdated(rq.Tx, rq.Actor, "")
		if err != nil {
			return web.Reply{}, err
		}
		for _, r := range names {
			if n := len(p.Outdated); n == 0 || p.Outdated[n-1].Area.ID != r.Area.ID {
				p.Outdated = append(p.Outdated, outdatedArea{Area: r.Area})
			}
			p.Outdated[len(p.Outdated)-1].Units++
		}
	}
	return web.Show(rq.T("orgunit.areas.title"), areasView(p)).Under(top), nil
}

// areaRows adds to areas what they lie in, and how many lie in them.
func areaRows(rq *web.Request, list []Area, day civil.Date, where bool) ([]areaRow, error) {
	counts, err := areaCounts(rq.Tx, day)
	if err != nil {
		return nil, err
	}
	out := make([]areaRow, len(list))
	for i, a := range list {
		out[i] = areaRow{Area: a, Below: counts[a.ID]}
		at := day
		if !a.To.IsZero() && day.After(a.To) {
			at = a.To
		}
		for x := a; where && x.Parent != ""; {
			if x, err = AreaOn(rq.Tx, x.Parent, at); err != nil {
				return nil, err
			}
			if out[i].In != "" {
				out[i].In += ", "
			}
			out[i].In += x.Name
		}
	}
	return out, nil
}

type areaPage struct {
	Area
	Day      civil.Date
	DayRaw   string
	In       []Area
	Rows     []areaRow
	Versions []Area
	Into     []areaLink
	From     []areaLink
	Units    []Unit
}

// areaLink is what became of an area, or of what it was made.
type areaLink struct {
	Other Area
	Link
}

func pageArea(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	p := areaPage{Day: dayOf(rq)}
	p.DayRaw = shownDay(rq, p.Day)
	if p.Area, err = AreaOn(rq.Tx, id, p.Day); err != nil {
		return web.Reply{}, err
	}
	at := p.Day // what an area of the past lies in is asked of its own time
	if !p.To.IsZero() && at.After(p.To) {
		at = p.To
	}
	crumbs := []web.Crumb{{Text: rq.T("orgunit.areas.title"), Path: address("/areas", "day", p.DayRaw)}}
	for x := p.Area; x.Parent != ""; {
		if x, err = AreaOn(rq.Tx, x.Parent, at); err != nil {
			return web.Reply{}, err
		}
		p.In = append([]Area{x}, p.In...)
	}
	for _, x := range p.In {
		crumbs = append(crumbs, web.Crumb{Text: x.Name, Path: address("/areas/"+x.ID, "day", p.DayRaw)})
	}
	list, err := Areas(rq.Tx, id, at)
	if err != nil {
		return web.Reply{}, err
	}
	if p.Rows, err = areaRows(rq, list, at, false); err != nil {
		return web.Reply{}, err
	}
	if p.Versions, err = areaVersions(rq.Tx, id); err != nil {
		return web.Reply{}, err
	}
	into, from, err := links(rq.Tx, id)
	if err != nil {
		return web.Reply{}, err
	}
	for _, l := range into {
		a, err := AreaOn(rq.Tx, l.To, l.On)
		if err != nil {
			return web.Reply{}, err
		}
		p.Into = append(p.Into, areaLink{a, l})
	}
	for _, l := range from {
		a, err := AreaOn(rq.Tx, l.From, l.On.AddDays(-1))
		if err != nil {
			return web.Reply{}, err
		}
		p.From = append(p.From, areaLink{a, l})
	}
	if p.Units, err = unitsOfArea(rq.Tx, id, p.Day); err != nil {
		return web.Reply{}, err
	}
	return web.Show(p.Name, areaView(p)).With(append(crumbs, web.Crumb{Text: p.Name})...).Under(top), nil
}

// holds says from when to when something holds.
func holds(ctx context.Context, from, to civil.Date) string {
	l := i18n.Current(ctx)
	switch {
	case from.IsZero() && to.IsZero():
		return i18n.T(ctx, "orgunit.always")
	case from.IsZero():
		return i18n.T(ctx, "orgunit.until", i18n.Date(l, to))
	case to.IsZero():
		return i18n.T(ctx, "orgunit.since", i18n.Date(l, from))
	}
	return i18n.T(ctx, "orgunit.since_until", i18n.Date(l, from), i18n.Date(l, to))
}
