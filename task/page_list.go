package task

import (
	"bytes"
	"io"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/deadline"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/sheet"
	"chungtay/internal/ui"
	"chungtay/internal/viet"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

const pageSize = 50

// filterOf reads a filter from the address.
func filterOf(rq *web.Request) Filter {
	f := Filter{Side: rq.Query("side"), State: rq.Query("state"), Words: rq.Query("q"), Size: pageSize}
	switch f.Side {
	case "ours", "given", "mine":
	default:
		f.Side = ""
	}
	ok := f.State == "pending" || f.State == "late" || f.State == "handed_late"
	for _, s := range States {
		ok = ok || f.State == string(s)
	}
	if !ok {
		f.State = ""
	}
	if id := rq.Query("unit"); ids.Valid(id) {
		f.Unit, f.Below = id, rq.Query("below") != ""
	}
	if l := orgunit.Level(rq.Query("level")); slices.Contains(orgunit.Levels, l) {
		f.Level = l
	}
	if id := rq.Query("directive"); ids.Valid(id) {
		f.Directive = id
	}
	if id := rq.Query("order"); ids.Valid(id) {
		f.Order = id
	}
	if d, err := civil.Parse(rq.Query("due")); err == nil {
		f.Last = d
	}
	f.Page, _ = strconv.Atoi(rq.Query("page"))
	f.Page = max(f.Page, 1)
	return f
}

// address writes a filter back.
func (f Filter) address(path string, page int) string {
	q := url.Values{}
	set := func(k, v string) {
		if v != "" {
			q.Set(k, v)
		}
	}
	set("side", f.Side)
	set("state", f.State)
	set("q", f.Words)
	set("unit", f.Unit)
	set("directive", f.Directive)
	set("order", f.Order)
	set("level", string(f.Level))
	if !f.Last.IsZero() {
		set("due", f.Last.String())
	}
	if f.Below {
		q.Set("below", "1")
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// shown is a row with its units as they were when the task was given, and what they are today beside it.
type shown struct {
	Row
	Unit, Issuer orgunit.Label
	Late         bool
	Tag          string
	Tone         ui.Tone
}

func (c *Tasks) show(rq *web.Request, rows []Row) ([]shown, error) {
	var said []orgunit.Mention
	for _, r := range rows {
		said = append(said, orgunit.On(r.Task.Unit, r.Given()), orgunit.On(r.Task.Issuer, r.Given()))
	}
	labels, err := orgunit.Mentioned(rq.Tx, said)
	if err != nil {
		return nil, err
	}
	out := make([]shown, len(rows))
	for i, r := range rows {
		s := shown{Row: r, Unit: labels.Of(r.Task.Unit, r.Given()), Issuer: labels.Of(r.Task.Issuer, r.Given()), Late: r.Task.Late(rq.Tx.Now)}
		s.Tag, s.Tone = tag(rq, r.Task)
		out[i] = s
	}
	return out, nil
}

// tag is the state of a task in a word, with the days for what is late.
func tag(rq *web.Request, t Task) (string, ui.Tone) {
	state := i18n.TM(rq.Context(), t.State.Text())
	late := t.Late(rq.Tx.Now)
	switch {
	case late && t.State.Pending():
		return rq.T("task.late_days", max(1, civil.Of(rq.Tx.Now).Sub(t.Due().Last()))), ui.Late
	case late:
		return rq.T("task.handed_in_late", state), ui.Warn
	case t.State == Done:
		return state, ui.OK
	case t.State == Submitted:
		return state, ui.Act
	case t.State == Returned:
		return state, ui.Warn
	}
	return state, ui.None
}

// dueText is a deadline for people: the last day in time, and the words as written.
func dueText(rq *web.Request, d deadline.Deadline) (last, words string) {
	if d.IsZero() {
		return rq.T("task.no_deadline"), ""
	}
	return i18n.Date(rq.Lang, d.Last()), d.Words
}

func (c *Tasks) pageList(rq *web.Request) (web.Reply, error) {
	f := filterOf(rq)
	rows, total, err := c.List(rq.Tx, rq.Actor, f)
	if err != nil {
		return web.Reply{}, err
	}
	list, err := c.show(rq, rows)
	if err != nil {
		return web.Reply{}, err
	}
	g := f
	g.State = ""
	sum, err := c.Sum(rq.Tx, rq.Actor, g)
	if err != nil {
		return web.Reply{}, err
	}
	pages := ui.PagesOf(f.Page, pageSize, total, func(n int) string { return f.address("/tasks", n) })
	v := listView{Filter: f, Rows: list, Sum: sum, Pages: pages, New: rq.Actor.Holds(Assign), Table: c.table(rq, list)}
	if f.Unit != "" {
		if u, err := orgunit.Present(rq.Tx, f.Unit); err == nil {
			v.UnitName = u.Name
		}
	}
	return web.Show(rq.T("task.title"), listPage(v)), nil
}

type listView struct {
	Filter   Filter
	Rows     []shown
	Sum      Summary
	Pages    ui.Pages
	New      bool
	UnitName string
	Table    ui.Table
}

func (v listView) filtered() bool {
	f := v.Filter
	return f.State != "" || f.Words != "" || f.Unit != "" || f.Directive != "" || f.Level != "" || f.Order != "" || !f.Last.IsZero()
}

func (c *Tasks) table(rq *web.Request, list []shown) ui.Table {
	t := ui.Table{Caption: rq.T("task.title"), Hide: true, Columns: []ui.Column{{Text: rq.T("task.text"), RowTitle: true}, {Text: rq.T("task.unit")}, {Text: rq.T("task.due")}, {Text: rq.T("task.state_")}}}
	for _, s := range list {
		last, words := dueText(rq, s.Task.Due())
		small := s.Issuer.Text(rq.Context())
		if s.Numbering != "" {
			small = rq.T("task.item", s.Numbering) + " · " + small
		}
		class := "nw"
		if s.Late && s.State.Pending() {
			class = "nw late"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: Title(s.Text), Path: "/tasks/" + s.Task.ID, Small: small}, {Text: s.Unit.Then, Small: s.Unit.Beside(rq.Context())}, {Text: last, Small: words, Class: class},
			{Body: ui.Tag(s.Tag, s.Tone), Class: "nw"}})
	}
	return t
}

// download answers with tables as XLSX.
func download(rq *web.Request, name string, tables ...sheet.Table) (web.Reply, error) {
	var b bytes.Buffer
	if err := sheet.XLSX(&b, tables...); err != nil {
		return web.Reply{}, err
	}
	return web.Download(web.File{Name: name, Type: sheet.Type, Size: int64(b.Len()), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil }}), nil
}

// maxExport bounds an export; the filter makes it smaller.
const maxExport = 50_000

func (c *Tasks) sheetList(rq *web.Request) (web.Reply, error) {
	f := filterOf(rq)
	f.Page, f.Size = 1, maxExport
	rows, total, err := c.List(rq.Tx, rq.Actor, f)
	if err != nil {
		return web.Reply{}, err
	}
	list, err := c.show(rq, rows)
	if err != nil {
		return web.Reply{}, err
	}
	t := sheet.Table{Name: rq.T("task.title"), Title: rq.T("task.title"), Notes: []string{rq.T("task.as_of", i18n.Time(rq.Lang, rq.Tx.Now), total)},
		Columns: []sheet.Column{{Text: rq.T("task.numbering"), Width: 10}, {Text: rq.T("task.text"), Width: 70}, {Text: rq.T("task.product")}, {Text: rq.T("task.issuer")}, {Text: rq.T("task.unit")},
			{Text: rq.T("task.start_day"), Kind: sheet.Date}, {Text: rq.T("task.last_day"), Kind: sheet.Date}, {Text: rq.T("task.words"), Width: 26}, {Text: rq.T("task.state_"), Width: 18}, {Text: rq.T("task.handed_in"), Kind: sheet.Time}, {Text: rq.T("task.late"), Width: 10}}}
	for _, s := range list {
		late := ""
		switch {
		case s.Late && s.State.Pending():
			late = rq.T("task.late")
		case s.Late:
			late = rq.T("task.handed_late")
		}
		t.Rows = append(t.Rows, []any{s.Numbering, s.Text, s.Product, s.Issuer.Text(rq.Context()), s.Unit.Text(rq.Context()), s.Start, s.Task.Due().Last(), s.DueWords, i18n.TM(rq.Context(), s.State.Text()), s.SubmittedAt, late})
	}
	return download(rq, rq.T("task.file")+".xlsx", t)
}

// unitRow is a unit's line in the table of units.
type unitRow struct {
	ID, Name string
	Level    orgunit.Level
	Sum      Summary
}

func (c *Tasks) unitRows(rq *web.Request, f Filter) ([]unitRow, Summary, error) {
	per, err := c.PerUnit(rq.Tx, rq.Actor, f)
	if err != nil {
		return nil, Summary{}, err
	}
	var units []string
	for u := range per {
		units = append(units, u)
	}
	today := civil.Of(rq.Tx.Now)
	names, err := orgunit.Texts(rq.Tx, units, today)
	if err != nil {
		return nil, Summary{}, err
	}
	known, err := orgunit.Many(rq.Tx, units, today)
	if err != nil {
		return nil, Summary{}, err
	}
	var out []unitRow
	var all Summary
	for u, s := range per {
		out = append(out, unitRow{ID: u, Name: names[u], Level: known[u].Level, Sum: s})
		all.Plus(s)
	}
	keys := map[string][]byte{}
	for u, n := range names {
		keys[u] = viet.SortKey(n)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Sum.LateOpen != out[j].Sum.LateOpen {
			return out[i].Sum.LateOpen > out[j].Sum.LateOpen
		}
		if d := bytes.Compare(keys[out[i].ID], keys[out[j].ID]); d != 0 {
			return d < 0
		}
		return out[i].ID < out[j].ID
	})
	return out, all, nil
}

func levelText(rq *web.Request, l orgunit.Level) string {
	if l == "" {
		return ""
	}
	return i18n.TM(rq.Context(), l.Text())
}

const maxUnits = 200 // rows of the page; the sheet has all

func (c *Tasks) pageUnits(rq *web.Request) (web.Reply, error) {
	f := filterOf(rq)
	rows, all, err := c.unitRows(rq, f)
	if err != nil {
		return web.Reply{}, err
	}
	n := func(i int) ui.Cell { return ui.Cell{Text: i18n.Int(rq.Lang, int64(i))} }
	t := ui.Table{Caption: rq.T("task.units.title"), Columns: []ui.Column{{Text: rq.T("task.unit"), RowTitle: true}, {Text: rq.T("orgunit.level_of")}, {Text: rq.T("task.total"), Num: true}, {Text: i18n.TM(rq.Context(), Open.Text()), Num: true},
		{Text: i18n.TM(rq.Context(), Doing.Text()), Num: true}, {Text: i18n.TM(rq.Context(), Submitted.Text()), Num: true}, {Text: i18n.TM(rq.Context(), Returned.Text()), Num: true}, {Text: i18n.TM(rq.Context(), Done.Text()), Num: true},
		{Text: rq.T("task.late"), Num: true}, {Text: rq.T("task.handed_late"), Num: true}}}
	line := func(first ui.Cell, level string, f Filter, s Summary) []ui.Cell {
		count := func(i int, state string) ui.Cell {
			c := n(i)
			if i > 0 && f.State == "" {
				f.State = state
				c.Path = f.address("/tasks", 1)
				f.State = ""
			}
			return c
		}
		late := count(s.LateOpen, "late")
		if s.LateOpen > 0 {
			late.Class = "late"
		}
		return []ui.Cell{first, {Text: level}, n(s.Total), n(s.Open), n(s.Doing), n(s.Submitted), n(s.Returned), n(s.Done), late, count(s.Late-s.LateOpen, "handed_late")}
	}
	for i, r := range rows {
		if i == maxUnits {
			break
		}
		g := f
		g.Unit, g.Below = r.ID, false
		t.Rows = append(t.Rows, line(ui.Cell{Text: r.Name, Path: g.address("/tasks", 1)}, levelText(rq, r.Level), g, r.Sum))
	}
	t.Foot = line(ui.Cell{Text: rq.T("task.sum")}, "", f, all)
	for i := range t.Foot {
		t.Foot[i].Path = "" // the tab of the list leads to all
	}
	return web.Show(rq.T("task.units.title"), unitsPage(f, t, len(rows))).With(crumb(rq)), nil
}

func (c *Tasks) sheetUnits(rq *web.Request) (web.Reply, error) {
	rows, all, err := c.unitRows(rq, filterOf(rq))
	if err != nil {
		return web.Reply{}, err
	}
	t := sheet.Table{Name: rq.T("task.units.title"), Title: rq.T("task.units.title"), Notes: []string{rq.T("task.as_of", i18n.Time(rq.Lang, rq.Tx.Now), all.Total)}, Columns: []sheet.Column{{Text: rq.T("task.unit"), Width: 44}, {Text: rq.T("orgunit.level_of"), Width: 12}}}
	for _, h := range []string{rq.T("task.total"), i18n.TM(rq.Context(), Open.Text()), i18n.TM(rq.Context(), Doing.Text()), i18n.TM(rq.Context(), Submitted.Text()), i18n.TM(rq.Context(), Returned.Text()), i18n.TM(rq.Context(), Done.Text()),
		i18n.TM(rq.Context(), Cancelled.Text()), rq.T("task.late"), rq.T("task.handed_late")} {
		t.Columns = append(t.Columns, sheet.Column{Text: h, Kind: sheet.Int})
	}
	line := func(name, level string, s Summary) []any {
		return []any{name, level, s.Total, s.Open, s.Doing, s.Submitted, s.Returned, s.Done, s.Cancelled, s.LateOpen, s.Late - s.LateOpen}
	}
	for _, r := range rows {
		t.Rows = append(t.Rows, line(r.Name, levelText(rq, r.Level), r.Sum))
	}
	t.Foot = line(rq.T("task.sum"), "", all)
	return download(rq, rq.T("task.units.file")+".xlsx", t)
}

func crumb(rq *web.Request) web.Crumb { return web.Crumb{Text: rq.T("task.title"), Path: "/tasks"} }

// month is a month of the calendar page.
type month struct {
	First       civil.Date
	Prev, Next  string
	Weeks       [][]day
	Title       string
	Feeds       []feed
	FeedUnits   map[string]string
	Secret      string // an address just made, shown once
	UnitOptions []ui.Option
	Heads       []string
}

type day struct {
	Date  civil.Date
	Other bool // of another month
	Today bool
	Off   string // name of the holiday
	Items []ui.Todo
}

// perDay bounds what one day of the calendar shows.
const perDay = 6

// daily puts work on the last days that are in time. The same work of several units is one line, with how many of them are late or have handed in.
func daily(rq *web.Request, list []shown) map[civil.Date][]ui.Todo {
	type piece struct {
		order string
		last  civil.Date
	}
	of := map[piece][]shown{}
	var order []piece
	for _, s := range list {
		k := piece{s.Task.Order, s.Task.Due().Last()}
		if of[k] == nil {
			order = append(order, k)
		}
		of[k] = append(of[k], s)
	}
	out := map[civil.Date][]ui.Todo{}
	for _, k := range order {
		same := of[k]
		t := ui.Todo{Text: Title(same[0].Text), Path: "/tasks/" + same[0].Task.ID, Small: same[0].Unit.Text(rq.Context()), Tag: same[0].Tag, Tone: same[0].Tone}
		if len(same) > 1 {
			late, over := 0, 0
			for _, s := range same {
				if s.Late && s.State.Pending() {
					late++
				}
				if !s.State.Pending() {
					over++
				}
			}
			f := Filter{Order: k.order, Last: k.last}
			t.Path, t.Small, t.Tag, t.Tone = f.address("/tasks", 1), rq.T("task.calendar.units", len(same)), rq.T("task.calendar.over", over, len(same)), ui.None
			switch {
			case late > 0:
				t.Tag, t.Tone = rq.T("task.calendar.late", late), ui.Late
			case over == len(same):
				t.Tone = ui.OK
			}
		}
		out[k.last] = append(out[k.last], t)
	}
	return out
}

func (c *Tasks) calendarView(rq *web.Request, secret string) (web.Reply, error) {
	today := civil.Of(rq.Tx.Now)
	first := civil.Date{Year: today.Year, Month: today.Month, Day: 1}
	if t, err := time.Parse("2006-01", rq.Query("month")); err == nil && t.Year() > 1999 && t.Year() < 2200 {
		first = civil.Date{Year: t.Year(), Month: t.Month(), Day: 1}
	}
	next := first.AddDays(31)
	next.Day = 1
	prev := first.AddDays(-1)
	prev.Day = 1
	start := first.AddDays(-(int(first.Weekday()) + 6) % 7)
	f := filterOf(rq)
	f.Page, f.Size, f.From, f.To = 1, 2000, start, next.AddDays(8)
	rows, _, err := c.List(rq.Tx, rq.Actor, f)
	if err != nil {
		return web.Reply{}, err
	}
	list, err := c.show(rq, rows)
	if err != nil {
		return web.Reply{}, err
	}
	by := daily(rq, list)
	off := map[civil.Date]string{}
	holidays, err := Holidays(rq.Tx, 0)
	if err != nil {
		return web.Reply{}, err
	}
	for _, h := range holidays {
		if !h.Works {
			off[h.Day] = h.Name
		}
	}
	m := month{First: first, Title: rq.T("task.calendar.month", int(first.Month), strconv.Itoa(first.Year)), Secret: secret,
		Prev: "/tasks/calendar?month=" + prev.String()[:7], Next: "/tasks/calendar?month=" + next.String()[:7]}
	for i := range 7 {
		m.Heads = append(m.Heads, rq.T("task.weekday."+strconv.Itoa(i+1)))
	}
	for d := start; d.Before(next); {
		var w []day
		for range 7 {
			items := by[d]
			if len(items) > perDay {
				items = append(items[:perDay:perDay], ui.Todo{Text: rq.T("task.calendar.more", len(by[d])-perDay), Path: "/tasks?due=" + d.String()})
			}
			w = append(w, day{Date: d, Other: d.Month != first.Month, Today: d == today, Off: off[d], Items: items})
			d = d.AddDays(1)
		}
		m.Weeks = append(m.Weeks, w)
	}
	if m.Feeds, err = feedsOf(rq.Tx, rq.Actor.Person); err != nil {
		return web.Reply{}, err
	}
	var units []string
	for _, f := range m.Feeds {
		units = append(units, f.Unit)
	}
	if m.FeedUnits, err = orgunit.Names(rq.Tx, units); err != nil {
		return web.Reply{}, err
	}
	m.UnitOptions = []ui.Option{{Value: "", Text: rq.T("task.feed.mine")}, {Value: rq.Actor.Unit, Text: rq.Actor.UnitName}}
	return web.Show(rq.T("task.calendar.title"), calendarPage(m)).With(crumb(rq)), nil
}

func (c *Tasks) pageCalendar(rq *web.Request) (web.Reply, error) { return c.calendarView(rq, "") }

func (c *Tasks) openFeed(rq *web.Request) (web.Reply, error) {
	f := rq.Form("task.feed")
	unit := f.ID("unit", false)
	if !f.OK() {
		unit = ""
	}
	secret, err := c.OpenFeed(rq.Tx, rq.Actor, unit)
	if err != nil {
		return web.Reply{}, err
	}
	return c.calendarView(rq, c.BaseURL+"/calendar/"+secret+".ics")
}

func (c *Tasks) closeFeed(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.CloseFeed(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	return web.To("/tasks/calendar").Say("task.feed.closed"), nil
}

func (c *Tasks) feed(rq *web.Request) (web.Reply, error) {
	secret := rq.HTTP.PathValue("secret")
	if n := len(secret) - len(".ics"); n > 0 && secret[n:] == ".ics" {
		secret = secret[:n]
	}
	b, err := c.Calendar(rq.Tx, secret, rq.T("task.calendar.title"), func(s string) string { return rq.T("task.feed.done", s) })
	if err != nil {
		return web.Reply{}, err
	}
	return web.Download(web.File{Name: "chungtay.ics", Type: "text/calendar; charset=utf-8", Size: int64(len(b)), Inline: true, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}), nil
}

func (c *Tasks) pageHolidays(rq *web.Request) (web.Reply, error) {
	return c.holidays(rq, rq.Filled("task.holiday", nil))
}

func (c *Tasks) holidays(rq *web.Request, f *web.Form) (web.Reply, error) {
	list, err := Holidays(rq.Tx, 0)
	if err != nil {
		return web.Reply{}, err
	}
	body := holidaysPage(f, list)
	if !f.OK() {
		return web.Again(rq.T("task.holiday.title"), f, body).With(crumb(rq)), nil
	}
	return web.Show(rq.T("task.holiday.title"), body).With(crumb(rq)), nil
}

func (c *Tasks) doHoliday(rq *web.Request) (web.Reply, error) {
	f := rq.Form("task.holiday")
	h := Holiday{Day: f.Date("day", web.Need), Name: f.Text("name", 150, web.Need), Works: f.Bool("works"), Verified: true}
	if !f.OK() {
		return c.holidays(rq, f)
	}
	if err := saveHolidayBy(rq.Tx, rq.Actor, h); err != nil {
		return web.Reply{}, err
	}
	return web.To("/calendar/holidays").Say("task.holiday.saved"), nil
}

func (c *Tasks) dropHoliday(rq *web.Request) (web.Reply, error) {
	d, err := civil.Parse(rq.HTTP.PathValue("day"))
	if err != nil {
		return web.To("/calendar/holidays"), nil
	}
	if err := dropHolidayBy(rq.Tx, rq.Actor, d); err != nil {
		return web.Reply{}, err
	}
	return web.To("/calendar/holidays").Say("task.holiday.dropped"), nil
}
