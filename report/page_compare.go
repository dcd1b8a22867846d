package report

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"chungtay/formdef"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/sheet"
	"chungtay/internal/ui"
	"chungtay/internal/viet"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

type compareView struct {
	Series   []ui.Option
	At       string
	Periods  []ui.Option
	Cells    []ui.Option
	Chosen   Comparison
	Words    string
	Table    ui.Table
	Apart    ui.Table
	Trends   []ui.Trend
	Bars     []ui.Chart
	Notes    []string
	Query    string
	Error    string
	Nothing  bool
	Restated bool
}

func (s Series) key() string { return s.Form + "~" + s.Asker }

// comparisonOf reads what is to be compared from the address.
func comparisonOf(rq *web.Request, offered []Series) Comparison {
	v := rq.HTTP.URL.Query()
	q := Comparison{Cells: v["cell"], Periods: v["period"], AsWas: v.Get("was") == "1", Estimate: v.Get("estimate") == "1"}
	form, asker, _ := strings.Cut(rq.Query("series"), "~")
	q.Series = Series{Form: form, Asker: asker}
	if form == "" || asker != compareOwn && !ids.Valid(asker) || !slices.Contains(offered, q.Series) {
		q.Series = Series{}
		if len(offered) > 0 {
			q.Series = offered[0]
		}
		for _, s := range offered { // what the reader's own unit asks for comes first
			if s.Asker == rq.Actor.Unit {
				q.Series = s
				break
			}
		}
	}
	for _, w := range strings.Split(viet.NFC(rq.Query("q")), ";") {
		if w = strings.TrimSpace(w); w != "" && len(q.Words) < 20 {
			q.Words = append(q.Words, w)
		}
	}
	return q
}

// address is the query of a comparison, for its files.
func (q Comparison) address() string {
	v := url.Values{"series": {q.key()}}
	if len(q.Cells) > 0 {
		v["cell"] = q.Cells
	}
	if len(q.Periods) > 0 {
		v["period"] = q.Periods
	}
	if len(q.Words) > 0 {
		v.Set("q", strings.Join(q.Words, "; "))
	}
	if q.AsWas {
		v.Set("was", "1")
	}
	if q.Estimate {
		v.Set("estimate", "1")
	}
	return v.Encode()
}

func spanName(rq *web.Request, s Span) string {
	if len(s.Key) == 4 {
		return s.Key
	}
	return i18n.Date(rq.Lang, s.From) + " – " + i18n.Date(rq.Lang, s.To)
}

// compareNames names the units of a comparison, as they are today.
func compareNames(rq *web.Request, out Compared) (map[string]string, error) {
	var units []string
	for _, l := range append(slices.Clone(out.Lines), out.Apart...) {
		units = append(append(units, l.Unit, l.Became.Unit), l.From...)
	}
	return orgunit.Names(rq.Tx, slices.DeleteFunc(units, func(u string) bool { return u == "" }))
}

// lineNotes says of which former units the figures of a line are, and where they are an estimate.
func lineNotes(rq *web.Request, l Line, names map[string]string) string {
	var parts []string
	if len(l.From) > 0 {
		var from []string
		for _, u := range l.From {
			from = append(from, names[u])
		}
		parts = append(parts, rq.T("report.compare.from", strings.Join(from, "; ")))
	}
	for _, e := range l.Estimate {
		if e {
			parts = append(parts, rq.T("report.compare.estimated"))
			break
		}
	}
	return strings.Join(parts, " · ")
}

func apartNote(rq *web.Request, l Line, names map[string]string) string {
	switch {
	case l.Became.Unit != "" && l.Became.Extent == orgunit.Main:
		return rq.T("report.compare.mainly", names[l.Became.Unit])
	case l.Became.Extent == orgunit.Some:
		return rq.T("report.compare.divided")
	}
	return rq.T("report.compare.unknown")
}

func headOf(rq *web.Request, out Compared, cell formdef.Cell) string {
	head := cell.Label().In(rq.Lang)
	if u := unitWord(rq, out.Form, cell.Unit); u != "" {
		head += " (" + u + ")"
	}
	return head
}

// changeOf is how much a figure moved from the first to the last period shown, in hundredths; "" where that cannot be said.
func changeOf(rq *web.Request, was, now formdef.Value) string {
	if was.State != formdef.Given || now.State != formdef.Given {
		return ""
	}
	a, b := was.Num.Float(), now.Num.Float()
	if a == 0 {
		return ""
	}
	x := (b - a) / a * 100
	sign := ""
	if x > 0 {
		sign = "+"
	}
	return sign + i18n.Decimal(rq.Lang, x, 1) + " %"
}

func (c *Reports) comparison(rq *web.Request) ([]Series, Comparison, Compared, error) {
	offered, err := c.SeriesFor(rq.Tx, rq.Actor)
	if err != nil {
		return nil, Comparison{}, Compared{}, err
	}
	q := comparisonOf(rq, offered)
	if q.Form == "" {
		return offered, q, Compared{}, nil
	}
	out, err := c.Compare(rq.Tx, rq.Actor, q)
	return offered, q, out, err
}

func (c *Reports) pageCompare(rq *web.Request) (web.Reply, error) {
	offered, q, out, err := c.comparison(rq)
	v := compareView{Chosen: q, At: q.key(), Words: strings.Join(q.Words, "; "), Query: q.address(), Restated: !q.AsWas}
	if fields := errs.FieldsOf(err); len(fields) > 0 { // too much was chosen: say so, and keep the choice
		v.Error, err = rq.T(fields[0].Key, fields[0].Args...), nil
	}
	if err != nil {
		return web.Reply{}, err
	}
	if v.Series, err = c.seriesOptions(rq, offered); err != nil {
		return web.Reply{}, err
	}
	if q.Form == "" {
		v.Nothing = true
		return web.Show(rq.T("report.compare.title"), comparePage(v)).With(crumb(rq)).Under("/reports"), nil
	}
	for _, s := range out.AllPeriods {
		v.Periods = append(v.Periods, ui.Option{Value: s.Key, Text: spanName(rq, s), Hint: rq.T("report.coverage", s.Approved, s.Owing)})
	}
	for _, cell := range out.Figures {
		v.Cells = append(v.Cells, ui.Option{Value: cell.Address, Text: headOf(rq, out, cell)})
	}
	v.Chosen.Periods, v.Chosen.Cells = nil, nil
	for _, s := range out.Periods {
		v.Chosen.Periods = append(v.Chosen.Periods, s.Key)
	}
	for _, cell := range out.Cells {
		v.Chosen.Cells = append(v.Chosen.Cells, cell.Address)
	}
	if v.Error != "" {
		v.Chosen.Periods, v.Chosen.Cells = q.Periods, q.Cells
		return web.Show(rq.T("report.compare.title"), comparePage(v)).With(crumb(rq)).Under("/reports"), nil
	}
	names, err := compareNames(rq, out)
	if err != nil {
		return web.Reply{}, err
	}
	sortLines(out.Lines, names)
	sortLines(out.Apart, names)
	v.Table, v.Apart = c.compareTables(rq, out, names)
	v.Notes = compareNotes(rq, q, out)
	last := out.Periods[len(out.Periods)-1].Key
	for _, cell := range out.Cells {
		if len(out.Periods) > 1 {
			t := ui.Trend{Title: headOf(rq, out, cell), Desc: rq.T("report.compare.total")}
			for _, s := range out.Periods {
				x := out.Total[s.Key][cell.Address]
				p := ui.Point{Text: spanName(rq, s), Shown: cell.Show(rq.Lang, x, rq.T("report.none_short"))}
				if x.State == formdef.Given {
					p.Value = x.Num.Float()
				}
				t.Points = append(t.Points, p)
			}
			v.Trends = append(v.Trends, t)
		}
		bars := ui.Chart{Title: headOf(rq, out, cell), Desc: spanName(rq, out.Periods[len(out.Periods)-1])}
		for _, l := range out.Lines {
			if x := l.Values[last][cell.Address]; x.State == formdef.Given {
				bars.Bars = append(bars.Bars, ui.Bar{Text: names[l.Unit], Value: x.Num.Float(), Shown: cell.Show(rq.Lang, x, ""), Tone: ui.Act})
			}
		}
		slices.SortStableFunc(bars.Bars, func(a, b ui.Bar) int {
			switch {
			case a.Value > b.Value:
				return -1
			case a.Value < b.Value:
				return 1
			}
			return 0
		})
		bars.Bars = bars.Bars[:min(len(bars.Bars), 15)]
		if len(bars.Bars) > 1 {
			v.Bars = append(v.Bars, bars)
		}
	}
	return web.Show(rq.T("report.compare.title"), comparePage(v)).With(crumb(rq)).Under("/reports"), nil
}

func sortLines(list []Line, names map[string]string) {
	slices.SortStableFunc(list, func(a, b Line) int { return viet.Compare(names[a.Unit], names[b.Unit]) })
}

func compareNotes(rq *web.Request, q Comparison, out Compared) []string {
	var notes []string
	for _, s := range out.Periods {
		notes = append(notes, spanName(rq, s)+": "+rq.T("report.coverage", s.Approved, s.Owing))
	}
	if q.AsWas {
		notes = append(notes, rq.T("report.compare.as_was_note"))
	} else {
		notes = append(notes, rq.T("report.compare.restated_note"))
	}
	if len(out.Apart) > 0 {
		notes = append(notes, rq.T("report.compare.apart_note", len(out.Apart)))
	}
	if out.Other {
		notes = append(notes, rq.T("report.compare.other_unit"))
	}
	return notes
}

// compareTables lays the figures out: a row a unit, for each figure its periods and how much it moved.
func (c *Reports) compareTables(rq *web.Request, out Compared, names map[string]string) (table, apart ui.Table) {
	none := rq.T("report.none_short")
	head := []ui.Column{{Text: rq.T("report.unit")}}
	moved := len(out.Periods) > 1
	first, last := out.Periods[0].Key, out.Periods[len(out.Periods)-1].Key
	for _, cell := range out.Cells {
		for _, s := range out.Periods {
			head = append(head, ui.Column{Text: headOf(rq, out, cell) + ", " + spanName(rq, s), Num: true})
		}
		if moved {
			head = append(head, ui.Column{Text: rq.T("report.compare.change"), Num: true})
		}
	}
	row := func(name, note string, values map[string]formdef.Values, estimate map[string]bool) []ui.Cell {
		r := []ui.Cell{{Text: name, Small: note}}
		for _, cell := range out.Cells {
			for _, s := range out.Periods {
				x := values[s.Key][cell.Address]
				u := ui.Cell{Text: cell.Show(rq.Lang, x, none)}
				if x.State == formdef.Missing {
					u.Class = "miss"
				} else if estimate[s.Key] {
					u.Text, u.Note = "≈ "+u.Text, rq.T("report.compare.estimated")
				}
				r = append(r, u)
			}
			if moved {
				r = append(r, ui.Cell{Text: changeOf(rq, values[first][cell.Address], values[last][cell.Address])})
			}
		}
		return r
	}
	table = ui.Table{Caption: rq.T("report.compare.title"), Columns: head}
	estimates := map[string]bool{}
	for _, l := range out.Lines {
		table.Rows = append(table.Rows, row(names[l.Unit], lineNotes(rq, l, names), l.Values, l.Estimate))
		for k, e := range l.Estimate {
			estimates[k] = estimates[k] || e
		}
	}
	table.Foot = row(rq.T("report.compare.total"), "", out.Total, estimates)
	if len(out.Apart) > 0 {
		apart = ui.Table{Caption: rq.T("report.compare.apart"), Columns: head}
		for _, l := range out.Apart {
			apart.Rows = append(apart.Rows, row(names[l.Unit], apartNote(rq, l, names), l.Values, nil))
		}
		apart.Foot = row(rq.T("report.compare.all"), "", out.All, nil)
	}
	return table, apart
}

func (c *Reports) seriesOptions(rq *web.Request, offered []Series) ([]ui.Option, error) {
	titles := map[string]string{}
	var units []string
	for _, s := range offered {
		units = append(units, s.Asker)
		if _, ok := titles[s.Form]; ok {
			continue
		}
		titles[s.Form] = s.Form
		if _, f, err := c.Forms.Published(rq.Tx, s.Form); err == nil {
			titles[s.Form] = f.Title.In(rq.Lang)
		}
	}
	names, err := orgunit.Names(rq.Tx, slices.DeleteFunc(units, func(u string) bool { return u == "" }))
	if err != nil {
		return nil, err
	}
	var out []ui.Option
	for _, s := range offered {
		o := ui.Option{Value: s.key(), Text: titles[s.Form] + " – " + rq.T("report.compare.own")}
		if s.Asker != compareOwn {
			o.Text = titles[s.Form] + " – " + rq.T("report.compare.asked_by", names[s.Asker])
		}
		out = append(out, o)
	}
	return out, nil
}

// compareSheet gives a comparison as XLSX or CSV: a line for each unit, figure and period, which programs can read; the workbook has the
// table of the page before it.
func (c *Reports) compareSheet(ext string) func(rq *web.Request) (web.Reply, error) {
	return func(rq *web.Request) (web.Reply, error) {
		_, q, out, err := c.comparison(rq)
		if err != nil {
			return web.Reply{}, err
		}
		name := rq.T("report.compare.title")
		long := sheet.Table{Name: name, Title: name, Columns: []sheet.Column{{Text: rq.T("report.unit"), Width: 40}, {Text: rq.T("report.compare.state"), Width: 40}, {Text: rq.T("report.compare.period"), Width: 24},
			{Text: rq.T("report.compare.figure"), Width: 40}, {Text: rq.T("report.compare.value"), Kind: sheet.Decimal}}}
		wide := sheet.Table{Name: rq.T("report.compare.wide"), Title: name, Columns: []sheet.Column{{Text: rq.T("report.unit"), Width: 40}, {Text: rq.T("report.compare.state"), Width: 40}}}
		if q.Form != "" {
			names, err := compareNames(rq, out)
			if err != nil {
				return web.Reply{}, err
			}
			sortLines(out.Lines, names)
			sortLines(out.Apart, names)
			long.Notes = append(compareNotes(rq, q, out), rq.T("report.as_of", i18n.Time(rq.Lang, rq.Tx.Now)))
			wide.Notes = long.Notes
			for _, cell := range out.Cells {
				for _, s := range out.Periods {
					wide.Columns = append(wide.Columns, sheet.Column{Text: headOf(rq, out, cell) + ", " + spanName(rq, s), Kind: sheet.Decimal, Width: 18})
				}
			}
			put := func(name, note string, values map[string]formdef.Values) {
				row := []any{name, note}
				for _, cell := range out.Cells {
					for _, s := range out.Periods {
						n := figureFor(rq, values[s.Key][cell.Address])
						row = append(row, n)
						long.Rows = append(long.Rows, []any{name, note, spanName(rq, s), headOf(rq, out, cell), n})
					}
				}
				wide.Rows = append(wide.Rows, row)
			}
			for _, l := range out.Lines {
				put(names[l.Unit], lineNotes(rq, l, names), l.Values)
			}
			put(rq.T("report.compare.total"), "", out.Total)
			for _, l := range out.Apart {
				put(names[l.Unit], apartNote(rq, l, names), l.Values)
			}
			if len(out.Apart) > 0 {
				put(rq.T("report.compare.all"), "", out.All)
			}
		}
		if ext == ".csv" {
			var b bytes.Buffer
			if err := sheet.CSV(&b, long); err != nil {
				return web.Reply{}, err
			}
			return file(name+".csv", "text/csv; charset=utf-8", b.Bytes()), nil
		}
		return xlsx(rq, name, wide, long)
	}
}

// figureFor is a figure as a file holds it: nothing where nothing was said, words where nothing arose.
func figureFor(rq *web.Request, x formdef.Value) any {
	switch x.State {
	case formdef.Given:
		if x.Num.IsInt() {
			return x.Num.Int64()
		}
		return x.Num.Float()
	case formdef.None:
		return rq.T("report.none_short")
	}
	return nil
}
