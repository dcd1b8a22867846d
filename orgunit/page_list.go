package orgunit

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

const listSize = 50

// top is the address of the room's first page, under which its others stand in the navigation.
const top = "/units"

// dayOf reads a day from the address; none, or what is no day, is today.
func dayOf(rq *web.Request) civil.Date {
	if d, ok := readDay(rq.Query("day")); ok {
		return d
	}
	return civil.Of(rq.Tx.Now)
}

// readDay reads a day as people write it (03/8/2021, 3-8-2021) or as programs do (2021-08-03).
func readDay(s string) (civil.Date, bool) {
	if d, err := civil.Parse(s); err == nil {
		return d, d.Year >= 1900
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' })
	if len(parts) != 3 {
		return civil.Date{}, false
	}
	var n [3]int
	for i, p := range parts {
		var err error
		if n[i], err = strconv.Atoi(p); err != nil {
			return civil.Date{}, false
		}
	}
	d, ok := civil.New(n[2], time.Month(n[1]), n[0])
	return d, ok && d.Year >= 1900
}

// shownDay is a day as it stands in the address: nothing for today.
func shownDay(rq *web.Request, d civil.Date) string {
	if d == civil.Of(rq.Tx.Now) {
		return ""
	}
	return i18n.Date(i18n.VI, d)
}

func address(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// tabs are the views of the room.
func tabs(ctx context.Context, at string, edit bool) []ui.Link {
	list := []ui.Link{{Text: i18n.T(ctx, "orgunit.list"), Path: top}, {Text: i18n.T(ctx, "orgunit.tree"), Path: "/unit-tree"}, {Text: i18n.T(ctx, "orgunit.areas.title"), Path: "/areas"},
		{Text: i18n.T(ctx, "orgunit.events.title"), Path: "/unit-events"}, {Text: i18n.T(ctx, "orgunit.groups.title"), Path: "/unit-groups"}}
	for i := range list {
		list[i].Current = list[i].Path == at
	}
	return list
}

type listPage struct {
	Filter
	Day    civil.Date
	DayRaw string
	Found  []Place
	Total  int
	Pages  ui.Pages
	Under  *Unit
	Edit   bool
	Sets   bool
}

func (p listPage) active() bool {
	f := p.Filter
	return f.Words != "" || f.Kind != "" || f.Level != "" || f.Under != "" || f.Gone || p.DayRaw != ""
}

func (p listPage) address(page int) string {
	gone, n := "", ""
	if p.Gone {
		gone = "1"
	}
	if page > 1 {
		n = strconv.Itoa(page)
	}
	return address(top, "q", p.Words, "kind", string(p.Kind), "level", string(p.Level), "under", p.Filter.Under, "day", p.DayRaw, "gone", gone, "page", n)
}

func (c *Units) pageList(rq *web.Request) (web.Reply, error) {
	p := listPage{Day: dayOf(rq), Edit: rq.Actor.Holds(Edit)}
	if p.Edit {
		_, err := c.setSuperior(rq)
		p.Sets = err == nil
	}
	p.DayRaw = shownDay(rq, p.Day)
	p.Filter = Filter{Words: rq.Query("q"), Kind: Kind(rq.Query("kind")), Level: Level(rq.Query("level")), Gone: rq.Query("gone") != "", Day: p.Day, Size: listSize}
	if !validKind(p.Kind) {
		p.Kind = ""
	}
	if rank(p.Level) >= len(Levels) {
		p.Level = ""
	}
	if id := rq.Query("under"); ids.Valid(id) {
		u, err := At(rq.Tx, id, p.Day)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return web.Reply{}, err
		}
		if err == nil {
			p.Filter.Under, p.Under = id, &u
		}
	}
	p.Page, _ = strconv.Atoi(rq.Query("page"))
	p.Page = max(p.Page, 1)
	found, total, err := Search(rq.Tx, p.Filter)
	if err != nil {
		return web.Reply{}, err
	}
	if p.Found, err = placed(rq.Tx, found, p.Day); err != nil {
		return web.Reply{}, err
	}
	p.Total = total
	p.Pages = ui.PagesOf(p.Page, listSize, total, p.address)
	return web.Show(rq.T("orgunit.title"), listView(p)), nil
}

// treeLimit is how many units the tree shows at once; of a larger one only the first steps stand there.
const treeLimit = 1500

type treePage struct {
	At     Unit
	Day    civil.Date
	DayRaw string
	Above  []Unit
	Roots  []ui.Node
	Count  int
	Cut    bool
	Edit   bool
}

func (c *Units) pageTree(rq *web.Request) (web.Reply, error) {
	p := treePage{Day: dayOf(rq), Edit: rq.Actor.Holds(Edit)}
	p.DayRaw = shownDay(rq, p.Day)
	id := rq.Query("at")
	if !ids.Valid(id) {
		id = rq.Actor.Unit
		for range maxDeep { // the committee of the actor's area, with everything that stands under it
			u, err := At(rq.Tx, id, p.Day)
			if err != nil || u.Kind == PeoplesComm && u.Level != Commune || u.Superior == "" {
				break
			}
			id = u.Superior
		}
	}
	if id == "" {
		rs, err := roots(rq.Tx, p.Day)
		if err != nil {
			return web.Reply{}, err
		}
		if len(rs) == 0 {
			return web.Show(rq.T("orgunit.tree"), treeView(p)).Under(top), nil
		}
		id = rs[0].ID
	}
	var err error
	if p.At, err = At(rq.Tx, id, p.Day); err != nil {
		return web.Reply{}, err
	}
	above, err := Above(rq.Tx, id)
	if err != nil {
		return web.Reply{}, err
	}
	units, err := Many(rq.Tx, above, p.Day)
	if err != nil {
		return web.Reply{}, err
	}
	for _, a := range slices.Backward(above) {
		p.Above = append(p.Above, units[a])
	}
	if p.Count, err = countBelow(rq.Tx, id); err != nil {
		return web.Reply{}, err
	}
	deep := maxDeep + 1
	if p.Count > treeLimit {
		deep, p.Cut = 1, true
	}
	list, err := belowTo(rq.Tx, id, p.Day, deep)
	if err != nil {
		return web.Reply{}, err
	}
	counts := map[string]int{}
	if p.Cut {
		if counts, err = countsUnder(rq.Tx, id); err != nil {
			return web.Reply{}, err
		}
	}
	p.Roots = nodes(rq.Context(), list, p, counts)
	return web.Show(rq.T("orgunit.tree"), treeView(p)).Under(top), nil
}

// today leads from the tree of another day to that of today.
func (p treePage) today(ctx context.Context) ui.Link {
	if p.DayRaw == "" {
		return ui.Link{}
	}
	return ui.Link{Text: i18n.T(ctx, "orgunit.see_today"), Path: address("/unit-tree", "at", p.At.ID)}
}

// nodes makes a tree of units that stand in the order of a walk by levels.
func nodes(ctx context.Context, list []Unit, p treePage, counts map[string]int) []ui.Node {
	under := map[string][]Unit{}
	for _, u := range list {
		if u.ID != p.At.ID {
			under[u.Superior] = append(under[u.Superior], u)
		}
	}
	var make func(u Unit, depth int) ui.Node
	make = func(u Unit, depth int) ui.Node {
		n := ui.Node{Text: u.Name, Path: address("/units/"+u.ID, "day", p.DayRaw), Open: depth == 0}
		if !u.Gone.IsZero() && u.Gone.Before(p.Day) {
			n.Tag = i18n.T(ctx, "orgunit.gone_tag")
		}
		if k := counts[u.ID]; k > 1 && depth > 0 {
			n.Small, n.Path = i18n.T(ctx, "orgunit.units_below", k-1), address("/unit-tree", "at", u.ID, "day", p.DayRaw)
		}
		for _, x := range under[u.ID] {
			n.Children = append(n.Children, make(x, depth+1))
		}
		return n
	}
	return []ui.Node{make(p.At, 0)}
}

func kindOptions(ctx context.Context, any string) []ui.Option {
	out := []ui.Option{{Text: any}}
	for _, k := range Kinds {
		out = append(out, ui.Option{Value: string(k), Text: i18n.T(ctx, "orgunit.kind."+string(k))})
	}
	return out
}

func levelOptions(ctx context.Context, any string) []ui.Option {
	out := []ui.Option{{Text: any}}
	for _, l := range Levels {
		out = append(out, ui.Option{Value: string(l), Text: i18n.T(ctx, "orgunit.level."+string(l))})
	}
	return out
}

func unitTable(ctx context.Context, list []Place, day string, today civil.Date) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "orgunit.title"), Hide: true, Columns: []ui.Column{{Text: i18n.T(ctx, "orgunit.name"), RowTitle: true}, {Text: i18n.T(ctx, "orgunit.kind_of")},
		{Text: i18n.T(ctx, "orgunit.level_of")}, {Text: i18n.T(ctx, "orgunit.superior")}, {Text: i18n.T(ctx, "orgunit.code")}}}
	for _, u := range list {
		small := ""
		if !u.Gone.IsZero() && u.Gone.Before(today) {
			small = i18n.T(ctx, "orgunit.gone_tag")
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: u.Name, Small: small, Path: address("/units/"+u.ID, "day", day)}, {Text: i18n.T(ctx, "orgunit.kind."+string(u.Kind))},
			{Text: i18n.T(ctx, "orgunit.level."+string(u.Level))}, {Text: u.Place}, {Text: u.Code, Class: "nw"}})
	}
	return t
}
