package formdef

import (
	"bytes"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"chungtay/internal/errs"
)

// Limits of a definition.
const (
	MaxSize     = 1 << 20
	MaxCells    = 4000
	maxTexts    = 2000 // characters of one wording
	maxEntries  = 500  // of a repeat
	maxProblems = 50
	maxRefs     = 400_000 // cells read by all formulas together
)

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)
var codeForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

// Parse reads a definition. The error is a *ParseError that names every place with its line and says what to do; a form that Parse
// accepts can be filled and evaluated, whether it makes sense is the question of Check.
func Parse(b []byte) (*Form, error) {
	p := &parser{f: &Form{byAddr: map[string]int{}, fields: map[string]*Field{}, raw: bytes.Clone(b)}}
	if len(b) > MaxSize {
		p.wrong(at{}, "formdef.parse.size", MaxSize>>10)
		return nil, &ParseError{p.problems}
	}
	root, jerr := readJSON(string(b))
	if jerr != nil {
		p.wrong(at{"", jerr.off}, jerr.key, args(jerr.arg)...)
		return nil, &ParseError{p.problems}
	}
	p.form(&root)
	if len(p.problems) == 0 {
		p.compile()
	}
	if len(p.problems) > 0 {
		sort.SliceStable(p.problems, func(i, j int) bool { return p.problems[i].Line < p.problems[j].Line })
		return nil, &ParseError{p.problems}
	}
	return p.f, nil
}

func args(s string) []any {
	if s == "" {
		return nil
	}
	return []any{s}
}

type parser struct {
	f        *Form
	problems []Problem
	refs     int
}

func (p *parser) wrong(a at, key string, args ...any) {
	if len(p.problems) < maxProblems {
		p.problems = append(p.problems, p.f.problem(a, Hard, key, args))
	}
}

func (f *Form) problem(a at, l Level, key string, args []any) Problem {
	line, col := lineOf(string(f.raw), a.off)
	return Problem{a.path, line, col, l, errs.Message{Key: key, Args: args}}
}

// obj reads the members of one JSON object; what nobody asked for is refused at the end.
type obj struct {
	p    *parser
	n    *jnode
	at   at
	used []string
	ok   bool
	lax  bool // what it is cannot be told, so nothing in it is refused for not belonging there
}

func (p *parser) obj(n *jnode, path string) *obj {
	o := &obj{p: p, n: n, at: at{path, n.off}, ok: n.kind == jObject}
	if !o.ok {
		p.wrong(o.at, "formdef.parse.object")
	}
	return o
}

func (o *obj) sub(key string) string {
	if o.at.path == "" {
		return key
	}
	return o.at.path + "." + key
}

func (o *obj) get(key string) (*jnode, at, bool) {
	o.used = append(o.used, key)
	if !o.ok {
		return nil, o.at, false
	}
	i := slices.Index(o.n.keys, key)
	if i < 0 {
		return nil, at{o.sub(key), o.at.off}, false
	}
	n := &o.n.items[i]
	return n, at{o.sub(key), n.off}, true
}

// end refuses keys nobody knows, with the nearest known one.
func (o *obj) end() {
	if !o.ok || o.lax {
		return
	}
	for i, k := range o.n.keys {
		if slices.Contains(o.used, k) {
			continue
		}
		n := &o.n.items[i]
		a := at{o.sub(k), n.off}
		if near := nearest(k, o.used); near != "" {
			o.p.wrong(a, "formdef.parse.key_near", k, near)
		} else {
			o.p.wrong(a, "formdef.parse.key", k)
		}
	}
}

func (o *obj) str(key string) string {
	n, a, ok := o.get(key)
	if !ok {
		return ""
	}
	if n.kind != jString {
		o.p.wrong(a, "formdef.parse.string")
		return ""
	}
	if utf8.RuneCountInString(n.text) > maxTexts {
		o.p.wrong(a, "formdef.parse.long", maxTexts)
	}
	return norm.NFC.String(n.text)
}

func (o *obj) name(key string, need bool) string {
	s := o.str(key)
	if _, a, ok := o.get(key); s == "" && need && (ok || o.ok) {
		o.p.wrong(a, "formdef.parse.need", key)
	} else if s != "" && !nameForm.MatchString(s) {
		o.p.wrong(a, "formdef.parse.name", s)
	}
	return s
}

func (o *obj) oneOf(key string, need bool, allowed ...string) string {
	s := o.str(key)
	_, a, _ := o.get(key)
	if s == "" && need && o.ok {
		o.p.wrong(a, "formdef.parse.need", key)
	} else if s != "" && !slices.Contains(allowed, s) {
		o.p.wrong(a, "formdef.parse.one_of", s, strings.Join(allowed, ", "))
		return ""
	}
	return s
}

func (o *obj) text(key string) Text {
	n, a, ok := o.get(key)
	if !ok {
		return Text{}
	}
	if n.kind == jString {
		return Text{VI: o.str(key)}
	}
	t := o.p.obj(n, a.path)
	out := Text{t.str("vi"), t.str("en")}
	t.end()
	if t.ok && out.VI == "" {
		o.p.wrong(a, "formdef.parse.need", "vi")
	}
	return out
}

func (o *obj) flag(key string, otherwise bool) bool {
	n, a, ok := o.get(key)
	if !ok {
		return otherwise
	}
	if n.kind != jBool {
		o.p.wrong(a, "formdef.parse.bool")
	}
	return n.text == "true"
}

func (o *obj) int(key string, low, high, otherwise int) int {
	n, a, ok := o.get(key)
	if !ok {
		return otherwise
	}
	v, err := ParseNumber(n.text)
	if n.kind != jNumber || err != nil || !v.IsInt() || v.Int64() < int64(low) || v.Int64() > int64(high) {
		o.p.wrong(a, "formdef.parse.int", low, high)
		return otherwise
	}
	return int(v.Int64())
}

func (o *obj) number(key string) *Number {
	n, a, ok := o.get(key)
	if !ok {
		return nil
	}
	v, err := ParseNumber(n.text)
	if n.kind != jNumber || err != nil {
		o.p.wrong(a, "formdef.parse.number")
		return nil
	}
	return &v
}

// expr reads a formula; true stands for a formula that always holds.
func (o *obj) expr(key string) *Expr {
	n, a, ok := o.get(key)
	if !ok {
		return nil
	}
	s := n.text
	switch {
	case n.kind == jBool && s == "false":
		return nil
	case n.kind == jBool:
		s = "true()"
	case n.kind != jString:
		o.p.wrong(a, "formdef.parse.formula")
		return nil
	}
	return o.p.parseExpr(norm.NFC.String(s), a)
}

func (p *parser) parseExpr(s string, a at) *Expr {
	e, err := parseExpr(s)
	if err != nil {
		p.wrongExpr(a, s, err)
		return nil
	}
	e.at = a
	return e
}

// wrongExpr names the place inside a formula.
func (p *parser) wrongExpr(a at, text string, err *exprError) {
	pos := utf8.RuneCountInString(text[:min(err.at, len(text))]) + 1
	p.wrong(a, "formdef.expr.at", pos, err.msg)
}

// each calls f for every object of a list.
func (o *obj) each(key string, f func(*obj)) bool {
	n, a, ok := o.get(key)
	if !ok {
		return false
	}
	if n.kind != jArray {
		o.p.wrong(a, "formdef.parse.list")
		return true
	}
	for i := range n.items {
		m := o.p.obj(&n.items[i], a.path+"["+itoa(i+1)+"]")
		f(m)
		m.end()
	}
	return true
}

func (p *parser) form(root *jnode) {
	o := p.obj(root, "")
	f := p.f
	f.Code = o.name("code", true)
	f.Title = o.text("title")
	if o.ok && f.Title.IsZero() {
		p.wrong(o.at, "formdef.parse.need", "title")
	}
	f.Note = o.text("note")
	f.Period = o.oneOf("period", false, "campaign", "month", "quarter", "half_year", "year")
	o.each("units", func(o *obj) {
		u := Unit{Code: o.name("code", true), Label: o.text("label")}
		if slices.Contains(CommonUnits, u.Code) || f.KnownUnit(u.Code) {
			p.wrong(o.at, "formdef.parse.unit_twice", u.Code)
		}
		f.Units = append(f.Units, u)
	})
	f.Jump, _ = p.jump(o)
	sections := map[string]bool{}
	o.each("sections", func(o *obj) {
		s := &Section{Name: o.name("name", true), Title: o.text("title"), Outline: o.str("outline"), Hint: o.text("hint"), Relevant: o.expr("relevant"), at: o.at}
		if s.Title.IsZero() {
			p.wrong(o.at, "formdef.parse.need", "title")
		}
		if sections[s.Name] {
			p.wrong(o.at, "formdef.parse.twice", s.Name)
		}
		sections[s.Name] = true
		s.Fields = p.fieldList(o, "fields", rootField)
		for _, d := range s.Fields {
			d.section = s
			if f.fields[d.Name] != nil && d.Name != "" {
				p.wrong(d.at, "formdef.parse.twice", d.Name)
			}
			f.fields[d.Name] = d
		}
		f.Sections = append(f.Sections, s)
	})
	if o.ok && len(f.Sections) == 0 {
		p.wrong(o.at, "formdef.parse.need", "sections")
	}
	o.each("breakdowns", func(o *obj) { f.Breakdowns = append(f.Breakdowns, p.breakdown(o)) })
	f.Rules = p.rules(o)
	o.end()
}

type place int

const (
	rootField place = iota
	column
	entryField
)

func (p *parser) fieldList(o *obj, key string, where place) []*Field {
	var out []*Field
	names := map[string]bool{}
	o.each(key, func(o *obj) {
		d := p.field(o, where)
		if names[d.Name] && d.Name != "" && where != rootField {
			p.wrong(d.at, "formdef.parse.twice", d.Name)
		}
		names[d.Name] = true
		out = append(out, d)
	})
	return out
}

var typesIn = map[place][]string{
	rootField:  {"integer", "decimal", "money", "text", "narrative", "choice", "date", "table", "repeat"},
	column:     {"integer", "decimal", "money", "text", "choice", "date"},
	entryField: {"integer", "decimal", "money", "text", "narrative", "choice", "date"},
}

func (p *parser) field(o *obj, where place) *Field {
	d := &Field{Name: o.name("name", true), Type: Type(o.oneOf("type", true, typesIn[where]...)), Label: o.text("label"), Hint: o.text("hint"),
		Relevant: o.expr("relevant"), at: o.at}
	if o.ok && d.Label.IsZero() {
		p.wrong(o.at, "formdef.parse.need", "label")
	}
	d.Appearance = o.oneOf("appearance", false, "minimal", "wide")
	o.lax = d.Type == "" && slices.Contains(o.n.keys, "type")
	switch d.Type {
	case Table:
		p.table(o, d)
		return d
	case Repeat:
		d.MaxEntries = o.int("max_entries", 1, maxEntries, 100)
		d.NoneAllowed = o.flag("none", true)
		d.Required = o.expr("required")
		d.RequiredMsg = o.text("required_msg")
		d.Source = p.source(o)
		if d.Fields = p.fieldList(o, "fields", entryField); o.ok && len(d.Fields) == 0 {
			p.wrong(o.at, "formdef.parse.need", "fields")
		}
		return d
	}
	d.Required, d.RequiredMsg = o.expr("required"), o.text("required_msg")
	d.Calculate = o.expr("calculate")
	d.Constraint, d.ConstraintMsg = o.expr("constraint"), o.text("constraint_msg")
	if d.Constraint != nil && d.ConstraintMsg.IsZero() {
		p.wrong(o.at, "formdef.parse.need", "constraint_msg")
	}
	d.Rules = p.rules(o)
	d.Source = p.source(o)
	d.NoneAllowed = o.flag("none", d.Type.Number() || d.Type == Narrative)
	if d.Type.Number() {
		p.figure(o, d, where)
	} else {
		d.Aggregate, d.OverTime = NoSum, NoSum
	}
	switch d.Type {
	case Line, Narrative:
		high := 1000
		if d.Type == Narrative {
			high = 20_000
			d.Outline = o.str("outline")
		}
		d.MaxLength = o.int("max_length", 1, high, map[Type]int{Line: 200, Narrative: 4000}[d.Type])
	case Choice:
		d.Multiple = o.flag("multiple", false)
		p.choices(o, d)
	}
	return d
}

func (p *parser) figure(o *obj, d *Field, where place) {
	d.Unit = p.unit(o)
	high := map[Type]int{Integer: 0, Decimal: maxDecimals, Money: 2}[d.Type]
	d.Decimals = o.int("decimals", 0, high, map[Type]int{Decimal: 2}[d.Type])
	if d.Min = o.number("min"); d.Min == nil && d.Type != Decimal {
		d.Min = &Number{}
	}
	d.Max = o.number("max")
	if d.Min != nil && d.Max != nil && d.Min.Cmp(*d.Max) > 0 {
		p.wrong(o.at, "formdef.parse.min_max")
	}
	d.Indicator = p.indicator(o)
	if where == column {
		d.Total = o.flag("total", false)
	}
	d.Jump, d.jumpOff = p.jump(o)
	if n, a, ok := o.get("ratio"); ok {
		r := p.obj(n, a.path)
		d.Ratio = &RatioOf{Numerator: r.str("numerator"), Denominator: r.str("denominator"), Per: Int(100)}
		if per := r.number("per"); per != nil {
			d.Ratio.Per = *per
		}
		r.end()
		d.Ratio.num = p.parseExpr("${"+d.Ratio.Numerator+"}", a)
		d.Ratio.den = p.parseExpr("${"+d.Ratio.Denominator+"}", a)
		if d.Calculate != nil || d.Total {
			p.wrong(a, "formdef.parse.ratio_calculate")
		}
		d.Calculate = p.parseExpr(d.Ratio.Per.String()+" * ${"+d.Ratio.Numerator+"} div ${"+d.Ratio.Denominator+"}", a)
	}
	if d.Total && d.Calculate != nil {
		p.wrong(o.at, "formdef.parse.total_calculate")
	}
	normal := Sum
	if d.Ratio != nil {
		normal = Ratio
	}
	if where == entryField { // entries of different units are not the same thing; a sum(${repeat/field}) is added instead
		normal = NoSum
	}
	if d.Aggregate = Aggregation(o.oneOf("aggregate", false, "sum", "latest", "none", "ratio")); d.Aggregate == "" {
		d.Aggregate = normal
	}
	if (d.Aggregate == Ratio) != (d.Ratio != nil) && d.Aggregate != NoSum || where == entryField && d.Aggregate != NoSum {
		p.wrong(o.at, "formdef.parse.aggregate", string(d.Aggregate))
	}
	if d.OverTime = Aggregation(o.oneOf("over_time", false, "sum", "latest", "none")); d.OverTime == "" || d.Ratio != nil {
		d.OverTime = d.Aggregate
	}
}

func (p *parser) unit(o *obj) string {
	u := o.name("unit", false)
	if u != "" && !p.f.KnownUnit(u) {
		_, a, _ := o.get("unit")
		all := slices.Clone(CommonUnits)
		for _, x := range p.f.Units {
			all = append(all, x.Code)
		}
		if near := nearest(u, all); near != "" {
			p.wrong(a, "formdef.parse.unit_near", u, near)
		} else {
			p.wrong(a, "formdef.parse.unit", u)
		}
	}
	return u
}

func (p *parser) indicator(o *obj) *Indicator {
	n, a, ok := o.get("indicator")
	if !ok {
		return nil
	}
	if n.kind == jString {
		n = &jnode{kind: jObject, keys: []string{"code"}, items: []jnode{*n}, off: n.off}
	}
	i := p.obj(n, a.path)
	out := &Indicator{i.str("code"), i.text("definition")}
	i.end()
	if i.ok && !codeForm.MatchString(out.Code) {
		p.wrong(a, "formdef.parse.code", out.Code)
	}
	return out
}

func (p *parser) jump(o *obj) (_ *Jump, off bool) {
	n, a, ok := o.get("jump")
	if !ok {
		return nil, false
	}
	if n.kind == jBool {
		return nil, n.text == "false"
	}
	j := p.obj(n, a.path)
	out := &Jump{Percent: j.int("percent", 1, 100_000, 50)}
	if least := j.number("at_least"); least != nil {
		out.AtLeast = *least
	}
	j.end()
	return out, false
}

func (p *parser) choices(o *obj, d *Field) {
	seen := map[string]bool{}
	o.each("choices", func(o *obj) {
		c := Option{o.name("value", true), o.text("label")}
		if c.Label.IsZero() {
			p.wrong(o.at, "formdef.parse.need", "label")
		}
		if seen[c.Value] {
			p.wrong(o.at, "formdef.parse.twice", c.Value)
		}
		seen[c.Value] = true
		d.Choices = append(d.Choices, c)
	})
	if len(d.Choices) == 0 {
		p.wrong(o.at, "formdef.parse.need", "choices")
	}
}

func (p *parser) rules(o *obj) []*Rule {
	var out []*Rule
	o.each("rules", func(o *obj) {
		r := &Rule{Name: o.name("name", false), Level: Level(o.oneOf("level", false, "hard", "warn")), At: o.str("at"), Message: o.text("message"), at: o.at}
		if r.Test = o.expr("test"); r.Test == nil && len(p.problems) == 0 {
			p.wrong(o.at, "formdef.parse.need", "test")
		}
		if r.Level == "" {
			r.Level = Hard
		}
		if r.Message.IsZero() {
			p.wrong(o.at, "formdef.parse.need", "message")
		}
		out = append(out, r)
	})
	return out
}

var sourceForm = regexp.MustCompile(`^([a-z_]+(\.[a-z_]+)?)?( ?[a-z_]+=[a-z0-9_,]+)*$`)

func (p *parser) source(o *obj) string {
	s := strings.Join(strings.Fields(o.str("source")), " ")
	if _, a, ok := o.get("source"); ok && !sourceForm.MatchString(s) {
		p.wrong(a, "formdef.parse.source", s)
	}
	return s
}

func (p *parser) band(o *obj) *Band {
	n, a, ok := o.get("band")
	if !ok {
		return nil
	}
	b := p.obj(n, a.path)
	out := &Band{b.int("from", 0, 1000, 0), b.int("to", 0, 1000, -1)}
	b.end()
	if out.To >= 0 && out.To < out.From {
		p.wrong(a, "formdef.parse.band")
	}
	return out
}

func (p *parser) table(o *obj, d *Field) {
	d.Required, d.RequiredMsg = o.expr("required"), o.text("required_msg")
	d.Unit = p.unit(o)
	d.Indicator = p.indicator(o)
	d.Jump, d.jumpOff = p.jump(o)
	d.Source = p.source(o)
	d.Rules = p.rules(o)
	d.NoneAllowed = o.flag("none", true)
	names := map[string]bool{}
	o.each("rows", func(o *obj) {
		r := &Row{Name: o.name("name", true), Label: o.text("label"), Unit: p.unit(o), Calculate: o.expr("calculate"), Total: o.flag("total", false),
			Required: o.expr("required"), Relevant: o.expr("relevant"), Band: p.band(o), Indicator: p.indicator(o), Source: p.source(o), at: o.at}
		if names[r.Name] {
			p.wrong(o.at, "formdef.parse.twice", r.Name)
		}
		if r.Total && r.Calculate != nil {
			p.wrong(o.at, "formdef.parse.total_calculate")
		}
		if r.Label.IsZero() {
			p.wrong(o.at, "formdef.parse.need", "label")
		}
		names[r.Name] = true
		d.Rows = append(d.Rows, r)
	})
	d.Columns = p.fieldList(o, "columns", column)
	if o.ok && (len(d.Rows) == 0 || len(d.Columns) == 0) {
		p.wrong(o.at, "formdef.parse.rows_columns")
	}
	if n, a, ok := o.get("dimension"); ok {
		m := p.obj(n, a.path)
		d.Dimension = &RowDimension{Name: m.name("name", false), Label: m.text("label"), Type: Dimension(m.oneOf("type", true, "partition", "multiple", "open")),
			Of: m.str("of"), Residual: m.name("residual", false), Complete: m.flag("complete", false), Level: Level(m.oneOf("level", false, "hard", "warn")), at: a}
		m.end()
		if d.Dimension.Level == "" {
			d.Dimension.Level = Hard
		}
	}
}

func (p *parser) breakdown(o *obj) *Breakdown {
	b := &Breakdown{Name: o.name("name", true), Label: o.text("label"), Of: o.str("of"), Type: Dimension(o.oneOf("type", true, "partition", "multiple", "open")),
		Residual: o.str("residual"), Complete: o.flag("complete", false), Level: Level(o.oneOf("level", false, "hard", "warn")), at: o.at, of: -1, residual: -1}
	if b.Level == "" {
		b.Level = Hard
	}
	n, a, ok := o.get("parts")
	if !ok || n.kind != jArray || len(n.items) == 0 {
		p.wrong(a, "formdef.parse.need", "parts")
		return b
	}
	for i := range n.items {
		if m := &n.items[i]; m.kind == jString {
			b.Parts = append(b.Parts, Part{At: m.text})
			continue
		}
		m := p.obj(&n.items[i], a.path+"["+itoa(i+1)+"]")
		b.Parts = append(b.Parts, Part{m.str("at"), p.band(m)})
		m.end()
	}
	return b
}

// nearest returns the word of a list that is one or two slips away, "" if none is.
func nearest(s string, words []string) string {
	best, at := 3, ""
	for _, w := range words {
		if d := distance(s, w, best); d < best && d < len(w) {
			best, at = d, w
		}
	}
	return at
}

// distance is the number of letters to change between a and b, or limit if there are as many or more.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > 60 {
		return limit
	}
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range len(a) {
		cur := make([]int, len(b)+1)
		cur[0] = i + 1
		for j := range len(b) {
			c := prev[j]
			if a[i] != b[j] {
				c++
			}
			cur[j+1] = min(c, prev[j+1]+1, cur[j]+1)
		}
		prev = cur
	}
	return min(prev[len(b)], limit)
}
