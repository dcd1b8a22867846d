package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Limits of a comparison, stated to the person when exceeded.
const (
	maxCompared = 8  // figures side by side
	maxPeriods  = 8  // periods side by side
	compareOwn  = "" // Series.Asker: the unit's own reports, whoever asked
)

// Series is a form that was asked for again and again: by one unit of today and those that wholly became it, or, with Asker "", answered by
// the reader's own unit.
type Series struct {
	Form  string
	Asker string
}

// Comparison says what is compared. Figures go by the code of the indicator, so that a new version of a form goes on with an old series.
type Comparison struct {
	Series
	Cells    []string // addresses in the newest version; nil: the first ones
	Periods  []string // keys; nil: the newest ones
	Words    []string // units whose name has these words, any of them; nil: all
	AsWas    bool     // units as they were when they reported, not restated
	Estimate bool     // count a unit that went mainly into one whole there, marked as an estimate
}

// Span is a period with what was asked in it.
type Span struct {
	Key      string
	From, To civil.Date
	Owing    int // reports asked for
	Approved int
}

// Line is a unit with its figures in each period.
type Line struct {
	Unit     string
	Became   orgunit.Became
	From     []string // former units that are counted in it
	Values   map[string]formdef.Values
	Reports  map[string]int
	Estimate map[string]bool // by period: units that only mainly went here are counted in it
	total    map[string]*formdef.Total
}

// Compared is the outcome. Total adds up Lines; Apart are units that cannot be restated, in no line and not in Total; All is what was reported
// by everybody, as a consolidation of the period has it.
type Compared struct {
	Form       *formdef.Form
	Version    string
	Cells      []formdef.Cell
	Figures    []formdef.Cell // all that can be compared
	Periods    []Span
	AllPeriods []Span
	Lines      []Line
	Apart      []Line
	Total      map[string]formdef.Values
	All        map[string]formdef.Values
	Other      bool // some report had a version of the form that counts a figure in another unit of measure: that figure is left out there
}

// periodOf is the key under which reports of one period stand side by side: the year for what is asked once a year, else its days.
func periodOf(form *formdef.Form, a compareRow) Span {
	to := a.To
	if to.IsZero() {
		to = a.DueDay
	}
	if to.IsZero() {
		to = civil.Of(a.MadeAt)
	}
	if form.Period == "campaign" || form.Period == "year" || a.From.IsZero() {
		return Span{Key: itoa(to.Year), From: civil.Date{Year: to.Year, Month: 1, Day: 1}, To: civil.Date{Year: to.Year, Month: 12, Day: 31}}
	}
	return Span{Key: a.From.String() + "." + to.String(), From: a.From, To: to}
}

// SeriesFor lists what the actor may compare: of forms asked for by units whose requests the actor may see, and of those the actor's unit
// answers itself.
func (c *Reports) SeriesFor(tx *db.Tx, by policy.Actor) ([]Series, error) {
	asked, err := c.askedSeries(tx, by)
	if err != nil {
		return nil, err
	}
	var units []string
	for _, s := range asked {
		units = append(units, s.Asker)
	}
	became, err := orgunit.BecameOf(tx, units)
	if err != nil {
		return nil, err
	}
	var out []Series
	for _, s := range asked {
		if b := became[s.Asker]; b.Extent == orgunit.Whole && b.Unit != "" {
			s.Asker = b.Unit
		}
		if !slices.Contains(out, s) && c.mayFor(tx, by, Read, s.Asker) == nil {
			out = append(out, s)
		}
	}
	if may, err := c.readsOwn(tx, by, by.Unit); err != nil || !may {
		return out, err
	}
	own, err := answered(tx, by.Unit)
	if err != nil {
		return nil, err
	}
	for _, form := range own {
		out = append(out, Series{Form: form})
	}
	return out, nil
}

// Compare puts figures of reports of one form side by side, over periods and units. Unless AsWas, units are restated as those of today:
// figures of a unit that wholly became another are counted there; a unit that was divided stands apart and is never split.
//
// Who may read what a unit asked for may read in a comparison what its predecessors asked for: with the merger their figures came to it.
func (c *Reports) Compare(tx *db.Tx, by policy.Actor, q Comparison) (Compared, error) {
	out := Compared{Total: map[string]formdef.Values{}, All: map[string]formdef.Values{}}
	unit := q.Asker
	if q.Asker == compareOwn {
		unit = by.Unit
	}
	if unit == "" {
		return out, errs.Absent("series", q.Form)
	}
	if q.Asker != compareOwn {
		if err := c.mayFor(tx, by, Read, unit); err != nil {
			return out, errs.Absent("series", q.Form)
		}
	} else if own, err := c.readsOwn(tx, by, unit); err != nil || !own {
		return out, cmp.Or(err, error(errs.Absent("series", q.Form)))
	}
	former, err := orgunit.Predecessors(tx, unit)
	if err != nil {
		return out, err
	}
	rows, err := compareRows(tx, q.Form, q.Asker != compareOwn, append([]string{unit}, former...))
	if err != nil {
		return out, err
	}
	if len(rows) == 0 {
		return out, errs.Absent("series", q.Form)
	}
	// The newest version in use says which figures there are.
	forms := map[string]*formdef.Form{}
	for _, r := range rows {
		if forms[r.Form] == nil {
			if forms[r.Form], err = c.form(tx, Asked{Form: r.Form}); err != nil {
				return out, err
			}
		}
	}
	newest := rows[len(rows)-1].Form
	out.Form, out.Version, out.Figures = forms[newest], newest, forms[newest].Figures()
	for _, r := range rows {
		s := periodOf(out.Form, r)
		i := slices.IndexFunc(out.AllPeriods, func(x Span) bool { return x.Key == s.Key })
		if i < 0 {
			i, out.AllPeriods = len(out.AllPeriods), append(out.AllPeriods, s)
		}
		out.AllPeriods[i].Owing++
		if r.Approved > 0 {
			out.AllPeriods[i].Approved++
		}
	}
	slices.SortFunc(out.AllPeriods, func(a, b Span) int {
		if a.To != b.To {
			if a.To.Before(b.To) {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Key, b.Key)
	})
	for _, s := range out.AllPeriods {
		if slices.Contains(q.Periods, s.Key) {
			out.Periods = append(out.Periods, s)
		}
	}
	if len(out.Periods) == 0 {
		out.Periods = out.AllPeriods[max(0, len(out.AllPeriods)-4):]
	}
	if len(out.Periods) > maxPeriods {
		return out, errs.AtField("period", "report.compare.many_periods", maxPeriods)
	}
	for _, cell := range out.Figures {
		if slices.Contains(q.Cells, cell.Address) {
			out.Cells = append(out.Cells, cell)
		}
	}
	if len(out.Cells) == 0 {
		out.Cells = out.Figures[:min(3, len(out.Figures))]
	}
	if len(out.Cells) > maxCompared {
		return out, errs.AtField("cell", "report.compare.many_cells", maxCompared)
	}
	if err := c.restate(tx, q, rows, forms, &out); err != nil {
		return out, err
	}
	return out, nil
}

// latest keeps of several reports of a unit in one period the one approved last.
func latest(form *formdef.Form, rows []compareRow, periods []Span) map[string]map[string]compareRow {
	out := map[string]map[string]compareRow{}
	for _, r := range rows {
		key := periodOf(form, r).Key
		if r.Approved == 0 || !slices.ContainsFunc(periods, func(s Span) bool { return s.Key == key }) {
			continue
		}
		if out[key] == nil {
			out[key] = map[string]compareRow{}
		}
		if old, ok := out[key][r.Unit]; !ok || !r.At.Before(old.At) {
			out[key][r.Unit] = r
		}
	}
	return out
}

func (c *Reports) restate(tx *db.Tx, q Comparison, rows []compareRow, forms map[string]*formdef.Form, out *Compared) error {
	chosen := latest(out.Form, rows, out.Periods)
	var units []string
	for _, m := range chosen {
		for u := range m {
			units = append(units, u)
		}
	}
	slices.Sort(units)
	units = slices.Compact(units)
	became, err := orgunit.BecameOf(tx, units)
	if err != nil {
		return err
	}
	names, err := orgunit.Names(tx, units)
	if err != nil {
		return err
	}
	var reports []string
	for _, m := range chosen {
		for _, r := range m {
			reports = append(reports, r.Report)
		}
	}
	bodies, err := approvedBodies(tx, reports)
	if err != nil {
		return err
	}
	lines, apart := map[string]*Line{}, map[string]*Line{}
	line := func(m map[string]*Line, u string, b orgunit.Became) *Line {
		if m[u] == nil {
			m[u] = &Line{Unit: u, Became: b, Values: map[string]formdef.Values{}, Reports: map[string]int{}, Estimate: map[string]bool{}, total: map[string]*formdef.Total{}}
		}
		return m[u]
	}
	maps := map[string]map[string]string{}
	for v, f := range forms {
		var other bool
		maps[v], other = translation(f, out.Form)
		out.Other = out.Other || other && v != out.Version
	}
	for _, s := range out.Periods {
		total, all := out.Form.NewTotal(formdef.OverUnits), out.Form.NewTotal(formdef.OverUnits)
		for _, u := range units { // in one order, so that "latest" is the same each time
			r, ok := chosen[s.Key][u]
			if !ok {
				continue
			}
			v, err := forms[r.Form].Kept([]byte(bodies[r.Report]))
			if err != nil {
				return err
			}
			if r.Form != out.Version {
				v = translated(v, maps[r.Form])
			}
			b := became[u]
			var l *Line
			counted := true
			switch {
			case q.AsWas || b.Unit == u:
				l = line(lines, u, orgunit.Became{Unit: u, Extent: orgunit.Whole})
			case b.Unit != "" && b.Extent == orgunit.Whole, b.Unit != "" && b.Extent == orgunit.Main && q.Estimate:
				l = line(lines, b.Unit, orgunit.Became{Unit: b.Unit, Extent: orgunit.Whole})
				l.Estimate[s.Key] = l.Estimate[s.Key] || b.Extent != orgunit.Whole
				if !slices.Contains(l.From, u) {
					l.From = append(l.From, u)
				}
			default:
				l, counted = line(apart, u, b), false
			}
			if !matches(q.Words, names[u]) && !matches(q.Words, nameOf(tx, names, l.Unit)) {
				continue
			}
			if l.total[s.Key] == nil {
				l.total[s.Key] = out.Form.NewTotal(formdef.OverUnits)
			}
			l.total[s.Key].Add(v)
			l.Reports[s.Key]++
			all.Add(v)
			if counted {
				total.Add(v)
			}
		}
		out.Total[s.Key], _ = total.Result()
		out.All[s.Key], _ = all.Result()
	}
	out.Lines, out.Apart = finished(lines), finished(apart)
	return nil
}

func finished(m map[string]*Line) []Line {
	var out []Line
	for _, l := range m {
		for key, t := range l.total {
			l.Values[key], _ = t.Result()
		}
		if len(l.Reports) > 0 {
			out = append(out, *l)
		}
	}
	slices.SortFunc(out, func(a, b Line) int { return strings.Compare(a.Unit, b.Unit) })
	return out
}

func nameOf(tx *db.Tx, names map[string]string, unit string) string {
	if _, ok := names[unit]; !ok {
		more, err := orgunit.Names(tx, []string{unit})
		if err != nil {
			return ""
		}
		names[unit] = more[unit]
	}
	return names[unit]
}

func matches(words []string, name string) bool {
	if len(words) == 0 {
		return true
	}
	folded := viet.Fold(name)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(folded, viet.Fold(w)) })
}

// translation says for the figures of one version under which address the other has the same: the same indicator, else the same address
// where neither has an indicator. A figure counted in another unit of measure has none, which other tells.
func translation(from, to *formdef.Form) (m map[string]string, other bool) {
	type key struct{ code, address string }
	keyOf := func(c formdef.Cell) key {
		if i, ok := c.Indicator(); ok {
			return key{code: i.Code}
		}
		return key{address: c.Address}
	}
	have := map[key][]formdef.Cell{}
	for _, c := range to.Figures() {
		have[keyOf(c)] = append(have[keyOf(c)], c)
	}
	m = map[string]string{}
	for _, c := range from.Figures() {
		list := have[keyOf(c)]
		if len(list) > 1 { // one indicator at several places: the place decides
			list = slices.DeleteFunc(slices.Clone(list), func(x formdef.Cell) bool { return x.Address != c.Address })
		}
		if len(list) == 0 {
			continue
		}
		if list[0].Unit != c.Unit {
			other = true
			continue
		}
		m[c.Address] = list[0].Address
	}
	return m, other
}

func translated(v formdef.Values, m map[string]string) formdef.Values {
	out := formdef.Values{}
	for from, to := range m {
		if x, ok := v[from]; ok {
			out[to] = x
		}
	}
	return out
}

// compareRow is a report as a comparison takes it in.
type compareRow struct {
	Report   string     `db:"id"`
	Unit     string     `db:"unit_id"`
	Form     string     `db:"form_version_id"`
	From     civil.Date `db:"period_from"`
	To       civil.Date `db:"period_to"`
	DueDay   civil.Date `db:"due_day"`
	MadeAt   time.Time  `db:"made_at"`
	Approved int        `db:"approved"`
	At       time.Time  `db:"approved_at"`
}
