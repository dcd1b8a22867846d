package formdef

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
)

// State is what is known of a cell.
type State uint8

// The states. None is the answer "không phát sinh".
const (
	Missing State = iota
	None
	Given
)

// Value is the content of a cell. Figures stand in Num; text, dates (YYYY-MM-DD) and choices (several separated by spaces, in the order of
// the form) in Text. The zero Value is Missing.
type Value struct {
	State State
	Num   Number
	Text  string
}

// Figure is a number that was given.
func Figure(n Number) Value { return Value{State: Given, Num: n} }

// IntValue is a whole number that was given.
func IntValue(n int64) Value { return Figure(Int(n)) }

// TextValue is a text, date or choice that was given; empty text is Missing.
func TextValue(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{State: Given, Text: s}
}

// NoneValue is "không phát sinh".
func NoneValue() Value { return Value{State: None} }

// Answered tells whether something was said: a value or "không phát sinh".
func (v Value) Answered() bool { return v.State != Missing }

// Values holds the cells of one report by address. An address that is not there is Missing.
type Values map[string]Value

// Clone returns a copy.
func (v Values) Clone() Values { return maps.Clone(v) }

// Entries tells how many entries a repeat has.
func (v Values) Entries(repeat string) int {
	n := 0
	for a := range v {
		if name, i, _, ok := splitEntry(a); ok && name == repeat {
			n = max(n, i)
		}
	}
	return n
}

// EntryAddress is the address of a field in an entry of a repeat; entries count from 1.
func EntryAddress(repeat string, entry int, field string) string {
	return repeat + "[" + itoa(entry) + "]/" + field
}

// splitEntry takes "hd[3]/so" apart.
func splitEntry(a string) (repeat string, entry int, field string, ok bool) {
	repeat, rest, found := strings.Cut(a, "[")
	if !found {
		return "", 0, "", false
	}
	num, field, found := strings.Cut(rest, "]/")
	if !found || num == "" || num[0] == '0' || len(num) > 4 {
		return "", 0, "", false
	}
	entry, err := strconv.Atoi(num)
	return repeat, entry, field, err == nil && entry > 0
}

// compareAddresses orders addresses; entries by their number.
func compareAddresses(a, b string) int {
	ra, ia, fa, oka := splitEntry(a)
	rb, ib, fb, okb := splitEntry(b)
	if oka && okb && ra == rb {
		if ia != ib {
			return ia - ib
		}
		return strings.Compare(fa, fb)
	}
	return strings.Compare(a, b)
}

// Addresses lists the cells that are answered, in the order of the canonical encoding.
func (v Values) Addresses() []string {
	out := make([]string, 0, len(v))
	for a, x := range v {
		if x.Answered() {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, compareAddresses)
	return out
}

// Canonical returns the one encoding of the values: a JSON object with its keys in order, figures as numbers, text as strings,
// "không phát sinh" as {"none":true}, nothing for what is missing. Equal values give equal bytes; consolidations are frozen over them.
func (v Values) Canonical() []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, a := range v.Addresses() {
		if i > 0 {
			b.WriteByte(',')
		}
		quote(&b, a)
		b.WriteByte(':')
		switch x := v[a]; {
		case x.State == None:
			b.WriteString(`{"none":true}`)
		case x.Text != "":
			quote(&b, x.Text)
		default:
			b.WriteString(x.Num.String())
		}
	}
	b.WriteByte('}')
	return b.Bytes()
}

// MarshalJSON is Canonical.
func (v Values) MarshalJSON() ([]byte, error) { return v.Canonical(), nil }

// UnmarshalJSON reads what Canonical wrote. It knows no form: use Form.Decode for what comes from outside.
func (v *Values) UnmarshalJSON(b []byte) error {
	out, problem := decode(string(b))
	if problem != nil {
		return &decodeError{problem, string(b)}
	}
	*v = out
	return nil
}

type decodeError struct {
	*jerror
	text string
}

func (e *decodeError) Error() string {
	line, _ := lineOf(e.text, e.off)
	return "values: line " + itoa(line) + ": " + e.key + " " + e.arg
}

func decode(s string) (Values, *jerror) {
	n, problem := readJSON(s)
	if problem != nil {
		return nil, problem
	}
	if n.kind != jObject {
		return nil, &jerror{n.off, "formdef.parse.object", ""}
	}
	out := make(Values, len(n.items))
	for i, k := range n.keys {
		switch m := n.items[i]; {
		case m.kind == jNumber:
			num, err := ParseNumber(m.text)
			if err != nil {
				return nil, &jerror{m.off, "formdef.value.json_number", k}
			}
			out[k] = Figure(num)
		case m.kind == jString:
			if m.text != "" {
				out[k] = TextValue(norm.NFC.String(m.text))
			}
		case m.kind == jNull:
		case m.kind == jObject && len(m.keys) == 1 && m.keys[0] == "none" && m.items[0].text == "true":
			out[k] = NoneValue()
		default:
			return nil, &jerror{m.off, "formdef.value.json", k}
		}
	}
	return out, nil
}

func quote(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ':
			b.WriteString(`\u00` + string("0123456789abcdef"[r>>4]) + string("0123456789abcdef"[r&15]))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

// Change is a cell that differs between two states of a report.
type Change struct {
	At       string
	Old, New Value
}

// DiffCells lists the cells that differ, ordered by address.
func DiffCells(old, new Values) []Change {
	var out []Change
	for a, x := range old {
		if y := new[a]; x != y {
			out = append(out, Change{a, x, y})
		}
	}
	for a, y := range new {
		if _, ok := old[a]; !ok && y.Answered() {
			out = append(out, Change{At: a, New: y})
		}
	}
	slices.SortFunc(out, func(a, b Change) int { return compareAddresses(a.At, b.At) })
	return out
}

// Finding is something wrong with, or strange about, a value.
type Finding struct {
	At      string // address of the cell; "" of the report as a whole
	Level   Level
	Kind    string // required, type, range, unknown, constraint, rule, partition, part, jump, formula
	Rule    string // name of the rule or breakdown
	Message errs.Message
}

// Decode reads values as JSON, from a program or a file, and checks them against the form. Findings of kind "unknown", "type" and "range"
// come with it; rules are the business of Evaluate. An error is JSON that cannot be read, or the same cell twice.
func (f *Form) Decode(b []byte) (Values, []Finding, error) { return f.decoded(b, false) }

func (f *Form) decoded(b []byte, worked bool) (Values, []Finding, error) {
	if len(b) > MaxSize*4 {
		return nil, nil, errs.New(errs.TooLarge, "formdef.parse.size", MaxSize*4>>10)
	}
	v, problem := decode(string(b))
	if problem != nil {
		line, _ := lineOf(string(b), problem.off)
		return nil, nil, errs.New(errs.Invalid, "formdef.value.unreadable", line, errs.Message{Key: problem.key, Args: args(problem.arg)})
	}
	v, findings := f.clean(v, worked)
	return v, findings, nil
}

// Kept reads what Evaluate returned and Canonical wrote, figures that were worked out among them. It is for what the program itself has
// kept; what comes from people and other programs is read by Decode, which does not believe such figures.
func (f *Form) Kept(b []byte) (Values, error) {
	v, _, err := f.decoded(b, true)
	return v, err
}

// Cell is where an address leads: the field, and for a table its row.
type Cell struct {
	Address string
	Field   *Field // question, column of a table, field of a repeat
	Table   *Field
	Row     *Row
	Repeat  *Field
	Section *Section
	Unit    string // code of the unit of measure
	Figure  bool   // a figure outside a repeat: it can be consolidated
	c       *cell
}

// Label names the cell for people: "Băng rôn, số lượng".
func (c Cell) Label() Text { return c.c.label() }

// Calculated tells whether the cell is worked out and not entered.
func (c Cell) Calculated() bool { return c.c.calculate != nil }

// Indicator is what the cell counts: that of its row and that of its column joined by a point, or the one there is.
func (c Cell) Indicator() (Indicator, bool) { return c.c.indicator() }

// Source is where the cell can be filled from: that of its table, column and row together.
func (c Cell) Source() string { return c.c.source() }

// Aggregation over units and over periods of one unit.
func (c Cell) Aggregation() (overUnits, overTime Aggregation) {
	return c.c.field.Aggregate, c.c.field.OverTime
}

// NoneAllowed tells whether "không phát sinh" is an answer here.
func (c Cell) NoneAllowed() bool {
	return c.c.field.NoneAllowed && (c.c.table == nil || c.c.table.NoneAllowed)
}

func (f *Form) cellOf(c *cell, addr string) Cell {
	out := Cell{Address: addr, Field: c.field, Table: c.table, Row: c.row, Section: c.section, Unit: c.unit, Figure: c.figureCell(), c: c}
	if c.repeat >= 0 {
		out.Repeat = f.cells[c.repeat].field
	}
	return out
}

// Cell finds an address of the form.
func (f *Form) Cell(addr string) (Cell, bool) {
	c, entry := f.locate(addr)
	if c == nil || c.repeat >= 0 && entry == 0 {
		return Cell{}, false
	}
	return f.cellOf(c, addr), true
}

// Cells lists the cells in the order of the form. Fields of a repeat are listed once, as "repeat/field".
func (f *Form) Cells() []Cell {
	out := make([]Cell, len(f.cells))
	for i, c := range f.cells {
		out[i] = f.cellOf(c, c.addr)
	}
	return out
}

// Figures lists the cells that can be consolidated, in the order of the form.
func (f *Form) Figures() []Cell {
	out := make([]Cell, len(f.figures))
	for i, c := range f.figures {
		out[i] = f.cellOf(c, c.addr)
	}
	return out
}

func (c *cell) indicator() (Indicator, bool) {
	var all []*Indicator
	if c.table != nil && c.table.Indicator != nil {
		all = append(all, c.table.Indicator)
	}
	if c.row != nil && c.row.Indicator != nil {
		all = append(all, c.row.Indicator)
	}
	if c.field.Indicator != nil {
		all = append(all, c.field.Indicator)
	}
	if len(all) == 0 {
		return Indicator{}, false
	}
	out := *all[0]
	for _, i := range all[1:] {
		out.Code += "." + i.Code
		if out.Definition.IsZero() {
			out.Definition = i.Definition
		} else if !i.Definition.IsZero() {
			out.Definition = Text{out.Definition.VI + " " + i.Definition.VI, strings.TrimSpace(out.Definition.EN + " " + i.Definition.EN)}
		}
	}
	return out, true
}

func (c *cell) source() string {
	parts := []string{c.field.Source}
	if c.table != nil {
		parts = []string{c.table.Source, c.field.Source, c.row.Source}
	}
	verb, where := "", []string{}
	for _, p := range parts {
		for _, w := range strings.Fields(p) {
			if strings.Contains(w, "=") {
				where = append(where, w)
			} else {
				verb = w
			}
		}
	}
	if verb == "" {
		return ""
	}
	return strings.Join(append([]string{verb}, where...), " ")
}

// Source is a source hint taken apart: "activities.quantity kind=loa_truyen_thanh,xe_luu_dong".
type Source struct {
	From    string // activities, tasks, briefings, children
	Measure string // quantity, people, done …
	Where   map[string][]string
}

// ParseSource takes a source hint apart; an empty hint gives the zero Source.
func ParseSource(s string) Source {
	out := Source{Where: map[string][]string{}}
	for _, w := range strings.Fields(s) {
		if k, v, ok := strings.Cut(w, "="); ok {
			out.Where[k] = strings.Split(v, ",")
		} else {
			out.From, out.Measure, _ = strings.Cut(w, ".")
		}
	}
	return out
}

// locate finds the cell of an address and the entry of a repeat it is in.
func (f *Form) locate(addr string) (*cell, int) {
	if repeat, entry, field, ok := splitEntry(addr); ok {
		if i, ok := f.byAddr[repeat+"/"+field]; ok && f.cells[i].repeat >= 0 && entry <= f.cells[f.cells[i].repeat].field.MaxEntries {
			return f.cells[i], entry
		}
		return nil, 0
	}
	if i, ok := f.byAddr[addr]; ok && f.cells[i].repeat < 0 {
		return f.cells[i], 0
	}
	return nil, 0
}

// clean checks types and ranges of what was given; what cannot stand is taken out, and what the form works out itself unless it is worked.
func (f *Form) clean(in Values, worked bool) (Values, []Finding) {
	out := make(Values, len(in))
	var findings []Finding
	for a, v := range in {
		if v.State == Missing {
			continue
		}
		c, _ := f.locate(a)
		if c == nil {
			findings = append(findings, Finding{At: a, Level: Hard, Kind: "unknown", Message: errs.Message{Key: "formdef.value.unknown", Args: []any{a}}})
			continue
		}
		if c.calculate != nil {
			if worked {
				out[a] = v
			}
			continue
		}
		v, bad := c.accept(v)
		if bad != nil {
			bad.At, bad.Level = a, Hard
			findings = append(findings, *bad)
			if bad.Kind == "type" {
				continue
			}
		}
		if v.Answered() {
			out[a] = v
		}
	}
	slices.SortFunc(findings, func(a, b Finding) int { return compareAddresses(a.At, b.At) })
	return out, findings
}

func typeFinding(key string, args ...any) *Finding {
	return &Finding{Kind: "type", Message: errs.Message{Key: key, Args: args}}
}

func rangeFinding(key string, args ...any) *Finding {
	return &Finding{Kind: "range", Message: errs.Message{Key: key, Args: args}}
}

// accept checks one value of a cell and brings it to its normal form.
func (c *cell) accept(v Value) (Value, *Finding) {
	d, label := c.field, c.label()
	if v.State == None {
		if !d.NoneAllowed || c.table != nil && (!c.table.NoneAllowed || !c.typ.Number()) {
			return v, typeFinding("formdef.value.no_none", label)
		}
		return NoneValue(), nil
	}
	if v.Text != "" && v.Num != (Number{}) {
		return v, typeFinding("formdef.value.wrong_type", label)
	}
	switch c.typ {
	case Integer, Decimal, Money:
		switch {
		case v.Text != "":
			return v, typeFinding("formdef.value.number", label)
		case v.Num.scale > uint8(d.Decimals) && d.Decimals == 0:
			return v, typeFinding("formdef.value.whole", label)
		case v.Num.scale > uint8(d.Decimals):
			return v, typeFinding("formdef.value.decimals", label, d.Decimals)
		case !v.Num.fits():
			return v, typeFinding("formdef.value.digits", label, maxDigits)
		case d.Min != nil && d.Max != nil && (v.Num.Cmp(*d.Min) < 0 || v.Num.Cmp(*d.Max) > 0):
			return v, rangeFinding("formdef.value.between", label, *d.Min, *d.Max)
		case d.Min != nil && v.Num.Cmp(*d.Min) < 0:
			return v, rangeFinding("formdef.value.min", label, *d.Min)
		case d.Max != nil && v.Num.Cmp(*d.Max) > 0:
			return v, rangeFinding("formdef.value.max", label, *d.Max)
		}
		return v, nil
	case Repeat:
		return v, typeFinding("formdef.value.wrong_type", label)
	}
	if v.Text == "" {
		return v, typeFinding("formdef.value.wrong_type", label)
	}
	v.Text = norm.NFC.String(v.Text)
	switch c.typ {
	case Date:
		day, err := civil.Parse(v.Text)
		if err != nil {
			return v, typeFinding("formdef.value.date", label)
		}
		if day.Year < 1900 || day.Year > 2200 {
			return v, rangeFinding("formdef.value.year", label)
		}
		v.Text = day.String()
	case Choice:
		return c.acceptChoice(v, label)
	default:
		v.Text = strings.TrimRightFunc(strings.ReplaceAll(v.Text, "\r\n", "\n"), unicode.IsSpace)
		if c.typ == Line {
			v.Text = strings.Join(strings.Fields(v.Text), " ")
		}
		if v.Text == "" {
			return Value{}, nil
		}
		if !utf8.ValidString(v.Text) || strings.ContainsFunc(v.Text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
			return v, typeFinding("formdef.value.control", label)
		}
		if n := utf8.RuneCountInString(v.Text); n > d.MaxLength {
			return v, rangeFinding("formdef.value.long", label, d.MaxLength, n-d.MaxLength)
		}
	}
	return v, nil
}

func (c *cell) acceptChoice(v Value, label Text) (Value, *Finding) {
	given := strings.Fields(v.Text)
	var out []string
	for _, o := range c.field.Choices {
		if slices.Contains(given, o.Value) {
			out = append(out, o.Value)
		}
	}
	slices.Sort(given)
	if len(slices.Compact(given)) != len(out) || len(out) > 1 && !c.field.Multiple {
		return v, typeFinding("formdef.value.choose", label)
	}
	v.Text = strings.Join(out, " ")
	return v, nil
}

// fits tells whether the number has at most maxDigits digits.
func (n Number) fits() bool { return n.coef > -1_000_000_000_000_000 && n.coef < 1_000_000_000_000_000 }

// Show writes a value for people: figures in the form of the language, dates as papers do, choices by their labels, None and Missing by
// their words ("không phát sinh", "–").
func (c Cell) Show(l i18n.Lang, v Value, none string) string {
	switch {
	case v.State == Missing:
		return "–"
	case v.State == None:
		return none
	}
	switch c.Field.Type {
	case Date:
		if d, err := civil.Parse(v.Text); err == nil {
			return i18n.Date(l, d)
		}
	case Choice:
		var out []string
		for _, s := range strings.Fields(v.Text) {
			for _, o := range c.Field.Choices {
				if o.Value == s {
					out = append(out, o.Label.In(l))
				}
			}
		}
		return strings.Join(out, "; ")
	case Integer, Decimal, Money:
		return v.Num.In(l)
	}
	return v.Text
}

func lower(s string) string {
	r := []rune(s)
	if len(r) > 1 && unicode.IsUpper(r[0]) && !unicode.IsUpper(r[1]) {
		r[0] = unicode.ToLower(r[0])
	}
	return string(r)
}

// Tidy closes the gaps that empty entries of repeats leave: entries 1 and 3 become 1 and 2.
func (v Values) Tidy() Values {
	used := map[string][]int{}
	for a, x := range v {
		if repeat, i, _, ok := splitEntry(a); ok && x.Answered() && !slices.Contains(used[repeat], i) {
			used[repeat] = append(used[repeat], i)
		}
	}
	for _, u := range used {
		slices.Sort(u)
	}
	out := make(Values, len(v))
	for a, x := range v {
		if !x.Answered() {
			continue
		}
		if repeat, i, field, ok := splitEntry(a); ok {
			a = EntryAddress(repeat, slices.Index(used[repeat], i)+1, field)
		}
		out[a] = x
	}
	return out
}
