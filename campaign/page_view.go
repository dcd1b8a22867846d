package campaign

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/i18n"
	"chungtay/internal/sheet"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

// The log is seen in six ways. Each takes the same filter and is a page, an XLSX and a CSV of the same tables.
const (
	viewList     = "/activities"
	viewTimeline = "/activities/timeline"
	viewCalendar = "/activities/calendar"
	viewGallery  = "/activities/gallery"
	viewMap      = "/activities/map"
	viewSums     = "/activities/sums"
)

var logViews = []string{viewList, viewTimeline, viewCalendar, viewGallery, viewMap, viewSums}

const (
	maxRows     = 50_000
	galleryPage = 24
	maxBars     = 40
)

// seen is what every view of the log shows around its own.
type seen struct {
	Filter Filter
	At     string
	Query  string // what the address adds: the month, the measure
	Stats  []ui.Stat
	Log    bool
	Total  Total
	Units  []ui.Option
}

func (v seen) filtered() bool {
	f := v.Filter
	return f.Kind != "" || len(f.Kinds) > 0 || f.Words != "" || f.Unit != "" || f.Campaign != "" || f.Asked || !f.From.IsZero() || !f.To.IsZero()
}

// path is the address of a view, or of its file, with the filter.
func (v seen) path(view, ext string) string {
	s := v.Filter.address(view+ext, 1)
	if view == v.At && v.Query != "" {
		if strings.Contains(s, "?") {
			return s + "&" + v.Query
		}
		return s + "?" + v.Query
	}
	return s
}

func (c *Campaigns) seen(rq *web.Request, at string, f Filter) (seen, []Cell, error) {
	cells, err := c.Cube(rq.Tx, rq.Actor, f, ByUnit)
	if err != nil {
		return seen{}, nil, err
	}
	t := TotalOf(cells)
	v := seen{Filter: f, At: at, Total: t, Log: rq.Actor.Holds(Log)}
	n := func(i int64) string { return i18n.Int(rq.Lang, i) }
	people := ui.Stat{Label: rq.T("campaign.people"), Value: "–"}
	if t.Counted > 0 {
		people.Value = n(t.People)
		people.Change = rq.T("campaign.counted_at", t.Counted)
	}
	v.Stats = []ui.Stat{{Label: rq.T("campaign.times"), Value: n(t.Times)}, {Label: rq.T("campaign.units_n"), Value: n(t.Units)}, people, {Label: rq.T("campaign.cost_million"), Value: i18n.Decimal(rq.Lang, float64(t.Cost)/1e6, -1)}}
	return v, cells, nil
}

// sumHead gives the columns in which sums by kind stand in files.
func sumHead(rq *web.Request, first ...sheet.Column) []sheet.Column {
	return append(first, sheet.Column{Text: rq.T("campaign.kind_"), Width: 30}, sheet.Column{Text: rq.T("campaign.times"), Kind: sheet.Int}, sheet.Column{Text: rq.T("campaign.quantity"), Kind: sheet.Int}, sheet.Column{Text: rq.T("campaign.measure"), Width: 12},
		sheet.Column{Text: rq.T("campaign.minutes"), Kind: sheet.Int}, sheet.Column{Text: rq.T("campaign.people"), Kind: sheet.Int}, sheet.Column{Text: rq.T("campaign.women"), Kind: sheet.Int}, sheet.Column{Text: rq.T("campaign.minority"), Kind: sheet.Int}, sheet.Column{Text: rq.T("campaign.cost"), Kind: sheet.Int})
}

func sumLine(rq *web.Request, s Sum, first ...any) []any {
	k, _ := KindOf(s.Kind)
	var people, women, minority, minutes any
	if s.Counted > 0 { // not counted is not nobody
		people, women, minority = s.People, s.Women, s.Minority
	}
	if k.Min {
		minutes = s.Minutes
	}
	return append(first, kindName(rq, s.Kind), s.Times, s.Quantity, rq.T("formdef.unit."+k.Unit), minutes, people, women, minority, s.Cost)
}

// sumFoot is the last row: what can be added over kinds.
func sumFoot(rq *web.Request, list []Sum, before int) []any {
	var t Sum
	for _, s := range list {
		t = t.plus(s)
	}
	foot := make([]any, before, before+9)
	if before > 0 {
		foot[0] = rq.T("campaign.all")
		foot = append(foot, nil)
	} else {
		foot = append(foot, rq.T("campaign.all"))
	}
	var people, women, minority any
	if t.Counted > 0 {
		people, women, minority = t.People, t.Women, t.Minority
	}
	return append(foot, t.Times, nil, nil, nil, people, women, minority, t.Cost)
}

func allOf(cells []Cell) []Sum {
	out := make([]Sum, len(cells))
	for i, x := range cells {
		out[i] = x.Sum
	}
	return out
}

// tables makes the tables of a view for its files, by the same query as the page.
func (c *Campaigns) tables(rq *web.Request, view string) ([]sheet.Table, error) {
	f, err := filterOf(rq)
	if err != nil {
		return nil, err
	}
	notes := []string{rq.T("campaign.as_of", i18n.Time(rq.Lang, rq.Tx.Now)), rq.T("campaign.sums_text")}
	table := func(title string, head []sheet.Column) sheet.Table {
		return sheet.Table{Name: title, Title: title, Notes: notes, Columns: head}
	}
	switch view {
	case viewList:
		f.Page, f.Size = 1, maxRows
		rows, total, err := c.List(rq.Tx, rq.Actor, f)
		if err != nil {
			return nil, err
		}
		names, err := unitNames(rq, rows)
		if err != nil {
			return nil, err
		}
		t := table(rq.T("campaign.title"), append(importColumns(rq), sheet.Column{Text: rq.T("campaign.unit")}))
		if total > len(rows) {
			t.Notes = append(t.Notes, rq.T("campaign.first_rows", len(rows), total))
		}
		for _, a := range rows {
			t.Rows = append(t.Rows, []any{kindName(rq, a.Kind), a.From, a.To, a.Place, a.Title, a.Quantity, cellOf(a.Minutes), cellOf(a.People), cellOf(a.Women), cellOf(a.Minority), a.Central, a.Local, a.Aid, a.Note, names.Text(rq.Context(), a.Unit, a.From)})
		}
		return []sheet.Table{t}, nil
	case viewTimeline, viewCalendar:
		if view == viewCalendar {
			first, err := c.monthOf(rq, f)
			if err != nil {
				return nil, err
			}
			f.From, f.To = first, lastOf(first)
		}
		cells, err := c.Cube(rq.Tx, rq.Actor, f, ByDay)
		if err != nil {
			return nil, err
		}
		t := table(rq.T("campaign.by_day"), sumHead(rq, sheet.Column{Text: rq.T("campaign.day"), Kind: sheet.Date}))
		for _, b := range buckets(cells, false) {
			day, err := civil.Parse(b.Key)
			if err != nil {
				return nil, err
			}
			for _, s := range b.Sums {
				t.Rows = append(t.Rows, sumLine(rq, s, day))
			}
		}
		t.Foot = sumFoot(rq, allOf(cells), 1)
		return []sheet.Table{t}, nil
	case viewGallery:
		f.Page, f.Size = 1, maxRows
		list, _, err := c.Pictures(rq.Tx, rq.Actor, f)
		if err != nil {
			return nil, err
		}
		names, err := pictureUnits(rq, list)
		if err != nil {
			return nil, err
		}
		t := table(rq.T("campaign.photos_of"), []sheet.Column{{Text: rq.T("campaign.photo"), Width: 30}, {Text: rq.T("campaign.kind_"), Width: 30}, {Text: rq.T("campaign.what"), Width: 40}, {Text: rq.T("campaign.day"), Kind: sheet.Date}, {Text: rq.T("campaign.place"), Width: 30}, {Text: rq.T("campaign.unit"), Width: 40}})
		t.Notes = t.Notes[:1]
		for _, p := range list {
			t.Rows = append(t.Rows, []any{p.Name, kindName(rq, p.Kind), p.Title, p.From, p.Place, names.Text(rq.Context(), p.Unit, p.From)})
		}
		return []sheet.Table{t}, nil
	}
	cells, err := c.Cube(rq.Tx, rq.Actor, f, ByUnit)
	if err != nil {
		return nil, err
	}
	if view == viewMap {
		places, err := Places(rq.Tx, cells)
		if err != nil {
			return nil, err
		}
		t := table(rq.T("campaign.by_province"), sumHead(rq, sheet.Column{Text: rq.T("campaign.province"), Width: 30}))
		for _, p := range places {
			for _, s := range p.Sums {
				t.Rows = append(t.Rows, sumLine(rq, s, placeName(rq, p)))
			}
		}
		t.Foot = sumFoot(rq, allOf(cells), 1)
		return []sheet.Table{t}, nil
	}
	var units []string
	for _, x := range cells {
		units = append(units, x.Key)
	}
	names, err := orgunit.Texts(rq.Tx, units, f.To)
	if err != nil {
		return nil, err
	}
	all := table(rq.T("campaign.sums"), sumHead(rq))
	for _, s := range byKind(cells) {
		all.Rows = append(all.Rows, sumLine(rq, s))
	}
	all.Foot = sumFoot(rq, allOf(cells), 0)
	each := table(rq.T("campaign.each_unit"), sumHead(rq, sheet.Column{Text: rq.T("campaign.unit"), Width: 40}))
	for _, x := range cells {
		each.Rows = append(each.Rows, sumLine(rq, x.Sum, names[x.Key]))
	}
	each.Foot = sumFoot(rq, allOf(cells), 1)
	return []sheet.Table{all, each}, nil
}

// byKind adds cells up by kind, in the order of the log.
func byKind(cells []Cell) []Sum {
	var out []Sum
	at := map[string]int{}
	for _, x := range cells {
		if i, ok := at[x.Kind]; ok {
			out[i] = out[i].plus(x.Sum)
		} else {
			at[x.Kind] = len(out)
			out = append(out, x.Sum)
		}
	}
	sortSums(out)
	return out
}

func placeName(rq *web.Request, p Place) string {
	if p.Code == "" {
		return rq.T("campaign.centre")
	}
	return p.Name
}

// sheetOf gives a view as XLSX or CSV. A CSV is one table: of the sums that by unit, which holds the other.
func (c *Campaigns) sheetOf(view, ext string) func(rq *web.Request) (web.Reply, error) {
	return func(rq *web.Request) (web.Reply, error) {
		tables, err := c.tables(rq, view)
		if err != nil {
			return web.Reply{}, err
		}
		if ext == ".xlsx" {
			return xlsx(tables[0].Name, tables...)
		}
		t := tables[len(tables)-1]
		var b bytes.Buffer
		if err := sheet.CSV(&b, t); err != nil {
			return web.Reply{}, err
		}
		return download(t.Name+".csv", "text/csv; charset=utf-8", b.Bytes()), nil
	}
}

type timelineView struct {
	seen
	Trend ui.Trend
	Days  []dayView
	Pages ui.Pages
}

// dayView is a day with what was done on it.
type dayView struct {
	Date   civil.Date
	Title  string
	Sum    string
	Events []ui.Event
	Kinds  []ui.Link // of the calendar: kinds with how often
	Path   string
	Other  bool
	Today  bool
	Free   bool
}

func (c *Campaigns) pageTimeline(rq *web.Request) (web.Reply, error) {
	f, err := filterOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	s, _, err := c.seen(rq, viewTimeline, f)
	if err != nil {
		return web.Reply{}, err
	}
	v := timelineView{seen: s}
	cells, err := c.Cube(rq.Tx, rq.Actor, f, ByDay)
	if err != nil {
		return web.Reply{}, err
	}
	days := buckets(cells, false)
	perDay := map[string]int64{}
	for _, b := range days {
		perDay[b.Key], _ = of(b.Sums, "")
	}
	if len(days) > 1 {
		v.Trend = trendOf(rq, cells, days)
	}
	rows, total, err := c.List(rq.Tx, rq.Actor, f)
	if err != nil {
		return web.Reply{}, err
	}
	names, err := unitNames(rq, rows)
	if err != nil {
		return web.Reply{}, err
	}
	for _, a := range rows {
		if n := len(v.Days); n == 0 || v.Days[n-1].Date != a.From {
			v.Days = append(v.Days, dayView{Date: a.From, Title: i18n.Date(rq.Lang, a.From), Sum: rq.T("campaign.times_n", perDay[a.From.String()])})
		}
		d := &v.Days[len(v.Days)-1]
		e := ui.Event{Text: a.Title, Path: "/activities/" + a.ID, State: "done", When: names.Text(rq.Context(), a.Unit, a.From), Note: a.Place + " · " + amount(rq, a)}
		if e.Text == "" {
			e.Text = kindName(rq, a.Kind)
		} else {
			e.Note = kindName(rq, a.Kind) + " · " + e.Note
		}
		if a.People != nil {
			e.Note += " · " + rq.T("campaign.people_n", *a.People)
		}
		if a.To != a.From {
			e.Who = rq.T("campaign.until", i18n.Date(rq.Lang, a.To))
		}
		d.Events = append(d.Events, e)
	}
	v.Pages = pagesOf(f, viewTimeline, total, pageSize)
	return web.Show(rq.T("campaign.timeline_title"), timelinePage(v)).Under(viewList), nil
}

func pagesOf(f Filter, view string, total, size int) ui.Pages {
	return ui.PagesOf(f.Page, size, total, func(n int) string { return f.address(view, n) })
}

// trendOf draws how many activities there were: by day over some weeks, else by month; days and months without any are zero.
func trendOf(rq *web.Request, cells []Cell, days []bucket) ui.Trend {
	first, err1 := civil.Parse(days[0].Key)
	last, err2 := civil.Parse(days[len(days)-1].Key)
	if err1 != nil || err2 != nil {
		return ui.Trend{}
	}
	t := ui.Trend{Title: rq.T("campaign.times_by_day")}
	times := map[string]int64{}
	add := func(key, text string) {
		t.Points = append(t.Points, ui.Point{Text: text, Value: float64(times[key]), Shown: i18n.Int(rq.Lang, times[key])})
	}
	if last.Sub(first) <= 45 {
		for _, b := range days {
			times[b.Key], _ = of(b.Sums, "")
		}
		for d := first; !d.After(last); d = d.AddDays(1) {
			add(d.String(), i18n.Date(rq.Lang, d))
		}
		return t
	}
	t.Title = rq.T("campaign.times_by_month")
	for _, b := range buckets(cells, true) {
		times[b.Key], _ = of(b.Sums, "")
	}
	for d := (civil.Date{Year: first.Year, Month: first.Month, Day: 1}); !d.After(last); d = lastOf(d).AddDays(1) {
		add(d.String()[:7], fmt.Sprintf("%d/%d", int(d.Month), d.Year))
	}
	return t
}

func lastOf(first civil.Date) civil.Date {
	next := first.AddDays(31)
	next.Day = 1
	return next.AddDays(-1)
}

// monthOf is the month the calendar shows: the one asked for, else the newest with activities.
func (c *Campaigns) monthOf(rq *web.Request, f Filter) (civil.Date, error) {
	if t, err := time.Parse("2006-01", rq.Query("month")); err == nil && t.Year() > 1999 && t.Year() < 2200 {
		return civil.Date{Year: t.Year(), Month: t.Month(), Day: 1}, nil
	}
	return c.lastMonth(rq.Tx, rq.Actor, f)
}

type calendarView struct {
	seen
	Title      string
	Prev, Next string
	Heads      []string
	Weeks      [][]dayView
}

const kindsPerDay = 3

func (c *Campaigns) pageCalendar(rq *web.Request) (web.Reply, error) {
	f, err := filterOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	first, err := c.monthOf(rq, f)
	if err != nil {
		return web.Reply{}, err
	}
	last, today := lastOf(first), civil.Of(rq.Tx.Now)
	month := f
	month.From, month.To = first, last
	s, _, err := c.seen(rq, viewCalendar, month)
	if err != nil {
		return web.Reply{}, err
	}
	s.Filter, s.Query = f, "month="+first.String()[:7]
	v := calendarView{seen: s, Title: rq.T("campaign.month", int(first.Month), strconv.Itoa(first.Year))}
	at := func(d civil.Date) string {
		x := s
		x.Query = "month=" + d.String()[:7]
		return x.path(viewCalendar, "")
	}
	v.Prev, v.Next = at(first.AddDays(-1)), at(last.AddDays(1))
	for i := range 7 {
		//i18n:prefix task.weekday.
		v.Heads = append(v.Heads, rq.T("task.weekday."+strconv.Itoa(i+1)))
	}
	cells, err := c.Cube(rq.Tx, rq.Actor, month, ByDay)
	if err != nil {
		return web.Reply{}, err
	}
	by := map[string][]Sum{}
	for _, b := range buckets(cells, false) {
		by[b.Key] = b.Sums
	}
	for d := first.AddDays(-(int(first.Weekday()) + 6) % 7); !d.After(last); {
		var week []dayView
		for i := range 7 {
			x := dayView{Date: d, Other: d.Month != first.Month, Today: d == today, Free: i > 4}
			g := f
			g.From, g.To = d, d
			if sums := by[d.String()]; len(sums) > 0 {
				n, _ := of(sums, "")
				slices.SortStableFunc(sums, func(a, b Sum) int { return int(b.Times - a.Times) })
				x.Sum, x.Path = rq.T("campaign.times_n", n), g.address(viewList, 1)
				for i, k := range sums {
					if i == kindsPerDay && len(sums) > kindsPerDay+1 {
						x.Kinds = append(x.Kinds, ui.Link{Text: rq.T("campaign.more_kinds", len(sums)-kindsPerDay), Path: x.Path})
						break
					}
					g.Kind = k.Kind
					text := kindName(rq, k.Kind)
					if k.Times > 1 {
						text += " × " + i18n.Int(rq.Lang, k.Times)
					}
					x.Kinds = append(x.Kinds, ui.Link{Text: text, Path: g.address(viewList, 1)})
				}
			}
			week = append(week, x)
			d = d.AddDays(1)
		}
		v.Weeks = append(v.Weeks, week)
	}
	return web.Show(rq.T("campaign.calendar_title"), calendarPage(v)).Under(viewList), nil
}

type galleryView struct {
	seen
	List  []pictureView
	Pages ui.Pages
}

type pictureView struct{ Src, Path, Text, Small string }

func pictureUnits(rq *web.Request, list []Pictured) (orgunit.Mentions, error) {
	said := make([]orgunit.Mention, len(list))
	for i, p := range list {
		said[i] = orgunit.On(p.Unit, p.From)
	}
	return orgunit.Mentioned(rq.Tx, said)
}

func (c *Campaigns) pageGallery(rq *web.Request) (web.Reply, error) {
	f, err := filterOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	s, _, err := c.seen(rq, viewGallery, f)
	if err != nil {
		return web.Reply{}, err
	}
	v := galleryView{seen: s}
	f.Size = galleryPage
	list, total, err := c.Pictures(rq.Tx, rq.Actor, f)
	if err != nil {
		return web.Reply{}, err
	}
	names, err := pictureUnits(rq, list)
	if err != nil {
		return web.Reply{}, err
	}
	for _, p := range list {
		x := pictureView{Src: "/activities/" + p.Activity + "/files/" + p.ID, Path: "/activities/" + p.Activity, Text: p.Title, Small: names.Text(rq.Context(), p.Unit, p.From) + " · " + i18n.Date(rq.Lang, p.From)}
		if x.Text == "" {
			x.Text = kindName(rq, p.Kind) + ", " + p.Place
		}
		v.List = append(v.List, x)
	}
	v.Stats = append(v.Stats, ui.Stat{Label: rq.T("campaign.photos_of"), Value: i18n.Int(rq.Lang, int64(total))})
	v.Pages = pagesOf(f, viewGallery, total, galleryPage)
	return web.Show(rq.T("campaign.photos_of"), galleryPageOf(v)).Under(viewList), nil
}

type mapView struct {
	seen
	Measure  string
	Measures []ui.Option
	Tiles    ui.Tiles
	Bars     ui.Chart
	More     int      // bars left out
	None     []string // provinces without any
}

func (c *Campaigns) pageMap(rq *web.Request) (web.Reply, error) {
	f, err := filterOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	s, cells, err := c.seen(rq, viewMap, f)
	if err != nil {
		return web.Reply{}, err
	}
	v := mapView{seen: s, Measures: []ui.Option{{Value: "times", Text: rq.T("campaign.times")}, {Value: "people", Text: rq.T("campaign.people")}, {Value: "cost", Text: rq.T("campaign.cost")}}}
	unit := ""
	if k, ok := KindOf(f.Kind); ok {
		unit = rq.T("formdef.unit." + k.Unit)
		v.Measures = append(v.Measures, ui.Option{Value: "quantity", Text: rq.T("campaign.quantity") + " (" + unit + ")"})
	}
	v.Measure = rq.Query("measure")
	i := slices.IndexFunc(v.Measures, func(o ui.Option) bool { return o.Value == v.Measure })
	if i < 0 {
		i, v.Measure = 0, "times"
	}
	v.Query = "measure=" + v.Measure
	title := v.Measures[i].Text
	places, err := Places(rq.Tx, cells)
	if err != nil {
		return web.Reply{}, err
	}
	var bars []ui.Bar
	bar := func(name string, sums []Sum, path string) {
		n, said := of(sums, v.Measure)
		b := ui.Bar{Text: name, Value: float64(n), Shown: i18n.Int(rq.Lang, n), Path: path, Tone: ui.Act}
		if !said {
			b.Shown = "–"
		}
		bars = append(bars, b)
	}
	if len(places) > 1 {
		v.Tiles = ui.Tiles{Title: rq.T("campaign.by_province_of", title), Desc: rq.T("campaign.tiles_desc"), Values: map[string]ui.Tile{}}
		var most int64
		have := map[string]bool{}
		for _, p := range places {
			if n, _ := of(p.Sums, v.Measure); p.Code != "" {
				most = max(most, n)
				have[p.Code] = true
			}
			bar(placeName(rq, p), p.Sums, "")
		}
		step := niceStep(most)
		for _, p := range places {
			if n, said := of(p.Sums, v.Measure); said && p.Code != "" {
				v.Tiles.Values[p.Code] = ui.Tile{Shown: compact(rq, n), Level: int(min(4, max(0, n-1)/step))}
			}
		}
		for l := range v.Tiles.Legend {
			if l == 0 || int64(l)*step < most {
				v.Tiles.Legend[l] = i18n.Int(rq.Lang, int64(l)*step+min(1, int64(l))) + "–" + i18n.Int(rq.Lang, int64(l+1)*step)
			}
		}
		for _, p := range ui.Provinces() {
			if !have[p.Code] {
				v.None = append(v.None, p.Name)
			}
		}
		v.Bars.Title = rq.T("campaign.ordered", title)
	} else {
		by := map[string][]Sum{}
		var units []string
		for _, x := range cells {
			if by[x.Key] == nil {
				units = append(units, x.Key)
			}
			by[x.Key] = append(by[x.Key], x.Sum)
		}
		names, err := orgunit.Texts(rq.Tx, units, f.To)
		if err != nil {
			return web.Reply{}, err
		}
		for _, u := range units {
			g := f
			g.Unit, g.Below = u, false
			bar(names[u], by[u], g.address(viewSums, 1))
		}
		v.Bars.Title = rq.T("campaign.ordered_units", title)
	}
	sort.SliceStable(bars, func(i, j int) bool { return bars[i].Value > bars[j].Value })
	if len(bars) > maxBars {
		v.More, bars = len(bars)-maxBars, bars[:maxBars]
	}
	v.Bars.Bars, v.Bars.Unit = bars, map[string]string{"people": rq.T("formdef.unit.luot_nguoi"), "cost": rq.T("formdef.unit.dong"), "quantity": unit}[v.Measure]
	return web.Show(rq.T("campaign.by_province"), mapPage(v)).Under(viewList), nil
}

// niceStep is a fifth of the greatest value, rounded up to 1, 2 or 5 times a power of ten.
func niceStep(most int64) int64 {
	want := max(1, (most+4)/5)
	for p := int64(1); ; p *= 10 {
		for _, k := range []int64{1, 2, 5} {
			if k*p >= want {
				return k * p
			}
		}
	}
}

// compact writes a number so that it fits into a tile; the full one stands in the bars.
func compact(rq *web.Request, n int64) string {
	for _, u := range []struct {
		from  int64
		unit  float64
		words string
	}{{1_000_000_000, 1e9, rq.T("campaign.billion")}, {1_000_000, 1e6, rq.T("campaign.million")}, {100_000, 1e3, rq.T("campaign.thousand")}} {
		if n >= u.from {
			x := math.Round(float64(n)/u.unit*10) / 10
			if x >= 10 {
				return i18n.Int(rq.Lang, int64(math.Round(x))) + " " + u.words
			}
			return i18n.Decimal(rq.Lang, x, 1) + " " + u.words
		}
	}
	return i18n.Int(rq.Lang, n)
}

type sumsView struct {
	seen
	Table ui.Table
	Chart ui.Chart
	More  int
}

func (c *Campaigns) pageSums(rq *web.Request) (web.Reply, error) {
	f, err := filterOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	s, cells, err := c.seen(rq, viewSums, f)
	if err != nil {
		return web.Reply{}, err
	}
	n := func(i int64) string { return i18n.Int(rq.Lang, i) }
	v := sumsView{seen: s, Table: ui.Table{Caption: rq.T("campaign.sums"), Hide: true, Columns: []ui.Column{{Text: rq.T("campaign.kind_"), RowTitle: true}, {Text: rq.T("campaign.times"), Num: true}, {Text: rq.T("campaign.quantity"), Num: true}, {Text: rq.T("campaign.measure")}, {Text: rq.T("campaign.minutes"), Num: true},
		{Text: rq.T("campaign.people"), Num: true}, {Text: rq.T("campaign.women"), Num: true}, {Text: rq.T("campaign.cost"), Num: true}}}}
	for _, s := range byKind(cells) {
		k, _ := KindOf(s.Kind)
		g := f
		g.Kind = s.Kind
		people, women, minutes := "–", "–", ""
		if s.Counted > 0 {
			people, women = n(s.People), n(s.Women)
		}
		if k.Min {
			minutes = n(s.Minutes)
		}
		v.Table.Rows = append(v.Table.Rows, []ui.Cell{{Text: kindName(rq, s.Kind), Path: g.address(viewList, 1)}, {Text: n(s.Times)}, {Text: n(s.Quantity)}, {Text: rq.T("formdef.unit." + k.Unit)}, {Text: minutes}, {Text: people}, {Text: women}, {Text: n(s.Cost)}})
	}
	people := map[string]int64{}
	var units []string
	for _, x := range cells {
		if _, ok := people[x.Key]; !ok {
			units = append(units, x.Key)
		}
		people[x.Key] += x.People
	}
	names, err := orgunit.Texts(rq.Tx, units, f.To)
	if err != nil {
		return web.Reply{}, err
	}
	sort.SliceStable(units, func(i, j int) bool { return people[units[i]] > people[units[j]] })
	v.Chart = ui.Chart{Title: rq.T("campaign.by_unit"), Desc: rq.T("campaign.by_unit_desc"), Unit: rq.T("formdef.unit.luot_nguoi")}
	for i, u := range units {
		if i == 25 {
			v.More = len(units) - i
			break
		}
		g := f
		g.Unit, g.Below = u, false
		v.Chart.Bars = append(v.Chart.Bars, ui.Bar{Text: names[u], Path: g.address(viewList, 1), Value: float64(people[u]), Shown: n(people[u]), Tone: ui.Act})
	}
	return web.Show(rq.T("campaign.sums"), sumsPage(v)).Under(viewList), nil
}
