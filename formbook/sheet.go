package formbook

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

// Sheet is a form with what stands in it, for Fields and Review.
type Sheet struct {
	Form     *formdef.Form
	Values   formdef.Values
	Findings []formdef.Finding          // of Evaluate, of Posted
	Hidden   map[string]bool            // of Evaluate
	Posted   func(name string) []string // what was typed, when the page is shown again; nil: the values
	Last     formdef.Values             // the last period; nil: there is none
	LastName string                     // "Năm 2025"; "": the words for the last period
	Today    civil.Date
	Sources  map[string]Source          // where filled figures come from, by address
	Beside   map[string]templ.Component // what else stands at a cell: comments, reasons
	Required bool                       // show what is required and missing; a draft on its way does not
	Take     string                     // name of the button that takes over the words of the last period; "": there is none
}

// Source says where a figure comes from.
type Source struct{ Text, Path string }

// Judge takes the values of a form that was sent and evaluates them. What could not be read is refused in f, so that the page is answered
// with 422 and its summary leads to the cells; when the report is to be submitted, everything hard is: what is missing, what a rule
// forbids. Result.Problems holds all that was found.
func Judge(f *web.Form, form *formdef.Form, ctx formdef.Context, submit bool) formdef.Result {
	values, unread := form.Posted(f.RawAll)
	r := form.Evaluate(values, ctx)
	r.Problems = form.Merge(unread, r.Problems)
	if submit {
		Refuse(f, form, r.Problems)
	} else {
		Refuse(f, form, unread)
	}
	return r
}

// Refuse marks hard findings in a form at the names of the inputs. What is missing in one table is one line of the summary.
func Refuse(f *web.Form, form *formdef.Form, found []formdef.Finding) {
	missing := map[string]int{}
	table := func(p formdef.Finding) string {
		if c, ok := form.Cell(p.At); ok && c.Table != nil && p.Kind == "required" {
			return c.Table.Name
		}
		return ""
	}
	for _, p := range found {
		if t := table(p); t != "" {
			missing[t]++
		}
	}
	for _, p := range found {
		if p.Level != formdef.Hard {
			continue
		}
		name := ""
		if p.At != "" {
			name = formdef.InputValue + p.At
		}
		t := table(p)
		switch n := missing[t]; {
		case t == "" || n == 1:
			f.Refuse(name, p.Message.Key, p.Message.Args...)
		case n > 1:
			c, _ := form.Cell(p.At)
			f.Refuse(name, "formbook.sheet.table_missing", c.Table.Label, n)
			missing[t] = -1 // said
		}
	}
}

// Index lists the sections with what is left to do in each, for ui.Sections beside the form.
func Index(ctx context.Context, s Sheet) []ui.Todo {
	var out []ui.Todo
	for _, sec := range s.sections(ctx) {
		t := ui.Todo{Text: sec.Title, Path: "#" + sec.ID}
		switch {
		case sec.Hard > 0:
			t.Tag, t.Tone = i18n.T(ctx, "formbook.sheet.to_fix", sec.Hard), ui.Late
		case sec.Warn > 0:
			t.Tag, t.Tone = i18n.T(ctx, "formbook.sheet.to_look", sec.Warn), ui.Warn
		case sec.Empty == 0:
			t.Tag, t.Tone = i18n.T(ctx, "formbook.sheet.complete"), ui.OK
		default:
			t.Tag = i18n.T(ctx, "formbook.sheet.empty", sec.Empty)
		}
		out = append(out, t)
	}
	return out
}

type shownSection struct {
	ID, Name, Title, Hint string
	Fields                []shownField
	Hard, Warn            int
	Empty                 int // cells that are asked and not answered
	Rest                  bool
}

type shownField struct {
	Field   *formdef.Field
	Label   string
	Hint    string
	Cell    shownCell   // neither table nor repeat; of a repeat its own state
	Columns []ui.Pair   // of a table: label and unit
	Rows    []shownRow  // of a table
	Entries []shownList // of a repeat
	Defs    []ui.Pair   // definitions of a table's rows and columns
}

type shownRow struct {
	Name, Label, Unit string
	Cells             []shownCell
	NoneInput         string // name of the checkbox of the row, "" if no cell can be none
	NoneTicked        bool
	Total             bool
}

type shownList struct {
	Number int
	Cells  []shownCell
}

type shownCell struct {
	Cell         formdef.Cell
	Addr, Name   string
	Label, Hint  string
	Unit         string
	Def          string
	Text         string   // in the input
	Texts        []string // ticked choices
	Parts        [3]string
	Shown, Plain string // for reading, with and without unit
	None         bool
	CanNone      bool
	Calc, Hidden bool
	Optional     bool
	Errors       []string
	Warnings     []string
	Last         string
	LastLive     string
	Change       string
	LastText     string // of words: those of the last period
	Source       *Source
	Live         formdef.Live
	Beside       templ.Component
}

func (c shownCell) id() string { return "f-" + c.Name }

// class of the box around a cell.
func (c shownCell) class() string {
	switch {
	case len(c.Errors) > 0:
		return "bad"
	case len(c.Warnings) > 0:
		return "odd"
	}
	return ""
}

func (c shownCell) described() string {
	var ids []string
	if c.Hint != "" {
		ids = append(ids, c.id()+"-hint")
	}
	if len(c.Errors) > 0 {
		ids = append(ids, c.id()+"-error")
	}
	if len(c.Warnings) > 0 {
		ids = append(ids, c.id()+"-warn")
	}
	if c.Last != "" {
		ids = append(ids, c.id()+"-last")
	}
	return strings.Join(ids, " ")
}

func (c shownCell) attrs() templ.Attributes {
	a := templ.Attributes{}
	if d := c.described(); d != "" {
		a["aria-describedby"] = d
	}
	if len(c.Errors) > 0 {
		a["aria-invalid"] = "true"
	}
	return a
}

// live are the attributes the browser's evaluator reads.
func (c shownCell) live() templ.Attributes {
	a := templ.Attributes{"data-cell": c.Addr, "data-type": string(c.Cell.Field.Type)}
	if c.Live.Relevant != "" {
		a["data-relevant"] = c.Live.Relevant
	}
	if c.Live.Calculate != "" {
		a["data-calc"], a["data-decimals"] = c.Live.Calculate, c.Live.Decimals
	}
	if c.LastLive != "" {
		a["data-last"] = c.LastLive
	}
	return a
}

// words speaks in the reader's language while a sheet is laid out.
type words struct {
	ctx  context.Context
	lang i18n.Lang
}

func (w words) say(m errs.Message) string { return i18n.TM(w.ctx, m) }

func (w words) unit(f *formdef.Form, code string) string {
	if code == "" {
		return ""
	}
	switch u := f.UnitWord(code).(type) {
	case formdef.Text:
		return u.In(w.lang)
	case errs.Message:
		return w.say(u)
	}
	return ""
}

func (s Sheet) sections(ctx context.Context) []shownSection {
	w := words{ctx, i18n.Current(ctx)}
	byAddr := map[string][]formdef.Finding{}
	for _, p := range s.Findings {
		if p.Kind != "required" || s.Required {
			byAddr[p.At] = append(byAddr[p.At], p)
		}
	}
	rest := []string(nil)
	if s.Posted != nil {
		rest = s.Posted(formdef.InputRest)
	}
	var out []shownSection
	for _, sec := range s.Form.Sections {
		x := shownSection{ID: "s-" + sec.Name, Name: sec.Name, Title: sec.Title.In(w.lang), Hint: sec.Hint.In(w.lang)}
		if sec.Outline != "" {
			x.Title = sec.Outline + ". " + x.Title
		}
		count := func(c shownCell) {
			x.Hard += len(c.Errors)
			x.Warn += len(c.Warnings)
			if !c.Calc && !c.Hidden && c.Text == "" && !c.None && len(c.Texts) == 0 && c.Parts == [3]string{} {
				x.Empty++
				x.Rest = x.Rest || c.CanNone && c.Cell.Field.Type.Number()
			}
		}
		for _, d := range sec.Fields {
			f := shownField{Field: d, Label: d.Label.In(w.lang), Hint: d.Hint.In(w.lang)}
			switch d.Type {
			case formdef.Table:
				s.table(w, d, &f, byAddr, slices.Contains(rest, sec.Name), count)
			case formdef.Repeat:
				s.repeat(w, d, &f, byAddr, count)
			default:
				f.Cell = s.cell(w, d.Name, byAddr)
				if slices.Contains(rest, sec.Name) && f.Cell.Text == "" && f.Cell.CanNone && !f.Cell.Calc && d.Type.Number() {
					f.Cell.None = true
				}
				count(f.Cell)
			}
			x.Fields = append(x.Fields, f)
		}
		out = append(out, x)
	}
	return out
}

func (s Sheet) table(w words, d *formdef.Field, f *shownField, byAddr map[string][]formdef.Finding, rest bool, count func(shownCell)) {
	for _, c := range d.Columns {
		f.Columns = append(f.Columns, ui.Pair{Label: c.Label.In(w.lang), Value: w.unit(s.Form, c.Unit)})
		if c.Indicator != nil && !c.Indicator.Definition.IsZero() {
			f.Defs = append(f.Defs, ui.Pair{Label: c.Label.In(w.lang), Value: c.Indicator.Definition.In(w.lang)})
		}
	}
	for _, r := range d.Rows {
		row := shownRow{Name: r.Name, Label: r.Label.In(w.lang), Total: r.Total || r.Calculate != nil}
		units := map[string]bool{}
		for i, c := range d.Columns {
			x := s.cell(w, d.Name+"/"+r.Name+"/"+c.Name, byAddr)
			if rest && x.Text == "" && x.CanNone && !x.Calc && c.Type.Number() {
				x.None = true
			}
			if c.Unit == "" && x.Unit != "" {
				units[x.Unit] = true
			}
			x.Label = row.Label + ", " + f.Columns[i].Label
			if x.CanNone && !x.Calc && c.Type.Number() {
				row.NoneInput = formdef.InputNone + d.Name + "/" + r.Name
			}
			row.Cells = append(row.Cells, x)
			count(x)
		}
		if len(units) == 1 {
			for u := range units {
				row.Unit = u
			}
		}
		if row.NoneInput != "" {
			row.NoneTicked = true
			for _, x := range row.Cells {
				row.NoneTicked = row.NoneTicked && (x.None || x.Calc)
			}
		}
		if r.Indicator != nil && !r.Indicator.Definition.IsZero() {
			f.Defs = append(f.Defs, ui.Pair{Label: row.Label, Value: r.Indicator.Definition.In(w.lang)})
		}
		f.Rows = append(f.Rows, row)
	}
}

func (s Sheet) repeat(w words, d *formdef.Field, f *shownField, byAddr map[string][]formdef.Finding, count func(shownCell)) {
	f.Cell = s.cell(w, d.Name, byAddr)
	n := s.Values.Entries(d.Name)
	if s.Posted != nil {
		for k := range d.MaxEntries {
			for _, e := range d.Fields {
				if v := s.Posted(formdef.InputValue + formdef.EntryAddress(d.Name, k+1, e.Name)); len(v) > 0 && strings.TrimSpace(v[0]) != "" {
					n = max(n, k+1)
				}
			}
		}
	}
	if !f.Cell.None {
		f.Cell.Text = strings.Repeat("x", min(n, 1)) // answered when there is an entry
	}
	count(f.Cell)
	f.Cell.Text = ""
	for k := range min(n+1, d.MaxEntries) { // one to write in
		e := shownList{Number: k + 1}
		for _, c := range d.Fields {
			x := s.cell(w, formdef.EntryAddress(d.Name, k+1, c.Name), byAddr)
			e.Cells = append(e.Cells, x)
			if k < n {
				count(x)
			}
		}
		f.Entries = append(f.Entries, e)
	}
}

func (s Sheet) cell(w words, addr string, byAddr map[string][]formdef.Finding) shownCell {
	c, ok := s.Form.Cell(addr)
	if !ok {
		return shownCell{}
	}
	d := c.Field
	v := s.Values[addr]
	out := shownCell{Cell: c, Addr: addr, Name: formdef.InputValue + addr, Label: c.Label().In(w.lang), Hint: d.Hint.In(w.lang), Unit: w.unit(s.Form, c.Unit),
		Calc: c.Calculated(), CanNone: c.NoneAllowed(), Hidden: s.Hidden[addr], None: v.State == formdef.None, Live: s.Form.Live(addr), Beside: s.Beside[addr],
		Optional: d.Required == nil && (c.Table == nil || c.Table.Required == nil) && (c.Row == nil || c.Row.Required == nil)}
	if i, ok := c.Indicator(); ok {
		out.Def = i.Definition.In(w.lang)
	}
	out.Plain = c.Show(w.lang, v, i18n.T(w.ctx, "formbook.sheet.none"))
	out.Shown = out.Plain
	if u := out.Unit; u != "" && v.State == formdef.Given && d.Type.Number() {
		out.Shown += " " + u
	}
	s.typed(w, &out, v)
	for _, p := range byAddr[addr] {
		switch {
		case p.Kind == "required" && c.Table != nil:
			out.Errors = append(out.Errors, i18n.T(w.ctx, "formbook.sheet.missing"))
		case p.Level == formdef.Hard:
			out.Errors = append(out.Errors, w.say(p.Message))
		default:
			out.Warnings = append(out.Warnings, w.say(p.Message))
		}
	}
	if src, ok := s.Sources[addr]; ok {
		out.Source = &src
	}
	if l := s.Last[addr]; l.State == formdef.Given && (d.Type == formdef.Narrative || d.Type == formdef.Line) {
		out.LastText = l.Text
	}
	if l, ok := s.Last[addr]; ok && l.Answered() && d.Type.Number() {
		out.Last = c.Show(w.lang, l, i18n.T(w.ctx, "formbook.sheet.none"))
		if out.LastLive = l.Num.String(); l.State == formdef.None {
			out.LastLive = "none"
		}
		if p, ok := formdef.PercentChange(l.Num, v.Num); ok && v.State == formdef.Given && l.State == formdef.Given {
			out.Change = p.In(w.lang) + " %"
			if p.Cmp(formdef.Number{}) > 0 {
				out.Change = "+" + out.Change
			} else {
				out.Change = strings.Replace(out.Change, "-", "−", 1)
			}
		}
	}
	return out
}

// typed fills what stands in the inputs: what was typed when the page is shown again, else the value.
func (s Sheet) typed(w words, out *shownCell, v formdef.Value) {
	d := out.Cell.Field
	if s.Posted != nil && !out.Calc {
		get := func(name string) string {
			if p := s.Posted(name); len(p) > 0 {
				return p[0]
			}
			return ""
		}
		out.None = get(formdef.InputNone+out.Addr) != "" || out.None && get(out.Name) == ""
		if r := out.Cell.Row; r != nil && get(formdef.InputNone+out.Cell.Table.Name+"/"+r.Name) != "" && get(out.Name) == "" {
			out.None = out.CanNone
		}
		switch d.Type {
		case formdef.Date:
			if one := get(out.Name); one != "" {
				out.Parts[0] = one
			} else {
				out.Parts = [3]string{get(out.Name + ".day"), get(out.Name + ".month"), get(out.Name + ".year")}
			}
		case formdef.Choice:
			for _, x := range s.Posted(out.Name) {
				out.Texts = append(out.Texts, strings.Fields(x)...)
			}
		default:
			out.Text = get(out.Name)
		}
		return
	}
	if v.State != formdef.Given {
		return
	}
	switch d.Type {
	case formdef.Date:
		if day, err := civil.Parse(v.Text); err == nil {
			out.Parts = [3]string{itoa(day.Day), itoa(int(day.Month)), itoa(day.Year)}
		}
	case formdef.Choice:
		out.Texts = strings.Fields(v.Text)
	case formdef.Integer, formdef.Decimal, formdef.Money:
		out.Text = v.Num.In(i18n.VI) // inputs take the Vietnamese form in both languages
		if out.Calc {
			out.Text = v.Num.In(w.lang)
		}
	default:
		out.Text = v.Text
	}
}
