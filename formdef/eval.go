package formdef

import (
	"slices"
	"strings"
	"unicode/utf8"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
)

// maxSteps bounds one evaluation. A form of 4,000 formulas over whole columns needs about a tenth of it; only formulas inside large
// repeats that read the whole repeat come near.
const maxSteps = 3_000_000

// Context is what an evaluation needs beside the values.
type Context struct {
	Today civil.Date // the day of the transaction; pure code has no clock
	Last  Values     // the same report of the last period, nil: there is none
}

// Result is an evaluated report. Values holds what was accepted and what was worked out, without what is hidden.
type Result struct {
	Values   Values
	Problems []Finding
	Hidden   map[string]bool // cells that are not asked, because their relevant does not hold
}

// OK tells whether nothing hard was found; what is missing counts.
func (r Result) OK() bool {
	return !slices.ContainsFunc(r.Problems, func(p Finding) bool { return p.Level == Hard })
}

// At lists what was found at a cell.
func (r Result) At(addr string) []Finding {
	var out []Finding
	for _, p := range r.Problems {
		if p.At == addr {
			out = append(out, p)
		}
	}
	return out
}

// tri is a truth value of three-valued logic.
type tri uint8

const (
	unknown tri = iota
	no
	yes
)

func truth(b bool) tri {
	if b {
		return yes
	}
	return no
}

// val is what a formula is worth.
type val struct {
	st State
	r  rat
	s  string
	b  tri
}

type env struct {
	f       *Form
	today   string
	last    Values
	vals    []Value     // by cell; of a repeat its state
	entries [][][]Value // by repeat, entry, field
	hidden  []bool
	hiddenE [][][]bool
	blank   [][]bool // entries left empty: they do not count
	entry   int      // the entry formulas are worked out for
	steps   int
	odd     []Finding // found while working out
}

// Evaluate works out the formulas of a report and judges it: types and ranges, what is required, constraints and rules, breakdowns, and
// jumps against the last period. What is given for calculated and hidden cells is put aside. The result does not depend on the order of
// sections or fields.
func (f *Form) Evaluate(values Values, ctx Context) Result {
	in, findings := f.clean(values, false)
	e := f.run(in, ctx)
	out := Result{Values: make(Values, len(in)), Hidden: map[string]bool{}}
	for i, c := range f.cells {
		if e.hidden[i] {
			out.Hidden[c.addr] = true
			continue
		}
		if c.repeat < 0 {
			if e.vals[i].Answered() {
				out.Values[c.addr] = e.vals[i]
			}
			continue
		}
		for k := range e.entries[c.repeat] {
			addr := EntryAddress(f.cells[c.repeat].addr, k+1, c.field.Name)
			if e.hiddenE[c.repeat][k][c.pos] {
				out.Hidden[addr] = !e.blank[c.repeat][k]
			} else if v := e.entries[c.repeat][k][c.pos]; v.Answered() {
				out.Values[addr] = v
			}
		}
	}
	refused := map[string]bool{}
	for _, p := range findings {
		if !out.Hidden[p.At] {
			out.Problems = append(out.Problems, p)
			refused[p.At] = p.Kind == "type"
		}
	}
	out.Problems = append(out.Problems, e.odd...)
	e.judge(&out, refused)
	f.sortFindings(out.Problems)
	return out
}

// run works out relevance and formulas.
func (f *Form) run(in Values, ctx Context) *env {
	n := len(f.cells)
	e := &env{f: f, today: ctx.Today.String(), last: ctx.Last, vals: make([]Value, n), hidden: make([]bool, n), entries: make([][][]Value, n), hiddenE: make([][][]bool, n), blank: make([][]bool, n)}
	for a, v := range in {
		c, entry := f.locate(a)
		if c.repeat < 0 {
			e.vals[c.index] = v
			continue
		}
		rows := e.entries[c.repeat]
		for len(rows) < entry {
			rows = append(rows, make([]Value, len(f.cells[c.repeat].children)))
		}
		e.entries[c.repeat] = rows
		rows[entry-1][c.pos] = v
	}
	for i, rows := range e.entries {
		if len(rows) == 0 {
			continue
		}
		e.hiddenE[i], e.blank[i] = make([][]bool, len(rows)), make([]bool, len(rows))
		for k := range rows {
			e.hiddenE[i][k] = make([]bool, len(rows[k]))
			e.blank[i][k] = !slices.ContainsFunc(rows[k], Value.Answered)
		}
		if slices.Contains(e.blank[i], false) {
			e.vals[i] = Value{} // a repeat with entries is not "không phát sinh"
		}
	}
	for _, i := range f.order {
		c := f.cells[i]
		if c.repeat < 0 {
			e.hidden[i] = e.hide(c)
			switch {
			case e.hidden[i]:
				e.vals[i] = Value{}
			case c.calculate != nil:
				e.vals[i] = e.work(c, c.addr)
			}
			continue
		}
		if e.hidden[i] = e.hidden[c.repeat]; e.hidden[i] {
			e.entries[c.repeat] = nil
			continue
		}
		for k := range e.entries[c.repeat] {
			if e.blank[c.repeat][k] {
				continue
			}
			e.entry = k
			row := e.entries[c.repeat][k]
			e.hiddenE[c.repeat][k][c.pos] = e.hide(c)
			switch {
			case e.hiddenE[c.repeat][k][c.pos]:
				row[c.pos] = Value{}
			case c.calculate != nil:
				row[c.pos] = e.work(c, EntryAddress(f.cells[c.repeat].addr, k+1, c.field.Name))
			}
		}
	}
	if e.steps > maxSteps {
		e.odd = append(e.odd, Finding{Level: Hard, Kind: "formula", Message: errs.Message{Key: "formdef.value.steps"}})
	}
	return e
}

func (e *env) hide(c *cell) bool {
	for _, n := range c.relevant {
		if e.eval(n).b != yes {
			return true
		}
	}
	return false
}

// work works out a calculated cell and rounds it to the decimals of its field.
func (e *env) work(c *cell, addr string) Value {
	v := e.eval(c.calculate)
	if v.st != Given {
		if v.st == None && c.typ.Number() {
			return NoneValue()
		}
		return Value{}
	}
	if !c.typ.Number() {
		return TextValue(v.s)
	}
	n, ok := v.r.round(c.field.Decimals)
	if !ok {
		e.odd = append(e.odd, Finding{At: addr, Level: Hard, Kind: "formula", Message: errs.Message{Key: "formdef.value.too_big", Args: []any{c.label()}}})
		return Value{}
	}
	return Figure(n)
}

func (e *env) value(n *node) Value {
	if n.local {
		c := e.f.cells[n.cell]
		return e.entries[c.repeat][e.entry][c.pos]
	}
	return e.vals[n.cell]
}

func of(v Value, k kind) val {
	if k == kNum {
		return val{st: v.State, r: v.Num.rat()}
	}
	return val{st: v.State, s: v.Text}
}

// list calls f with every cell of a list that is asked; it stops when f returns false.
func (e *env) list(n *node, f func(Value) bool) {
	for _, i := range n.cells {
		c := e.f.cells[i]
		if c.repeat < 0 {
			e.steps++
			if !e.hidden[i] && !f(e.vals[i]) {
				return
			}
			continue
		}
		for k, row := range e.entries[c.repeat] {
			e.steps++
			if !e.blank[c.repeat][k] && !e.hiddenE[c.repeat][k][c.pos] && !f(row[c.pos]) {
				return
			}
		}
	}
}

func (e *env) eval(n *node) val {
	if e.steps++; e.steps > maxSteps {
		return val{}
	}
	switch n.op {
	case opNum:
		return val{st: Given, r: n.num.rat()}
	case opStr:
		return val{st: Given, s: n.str}
	case opBool:
		return val{st: Given, b: truth(n.str == "true")}
	case opRef:
		return of(e.value(n), n.kind)
	case opLast:
		return of(e.last[e.f.cells[n.cell].addr], n.kind)
	case opOr, opAnd:
		stop := yes
		if n.op == opAnd {
			stop = no
		}
		a := e.eval(n.args[0]).b
		if a == stop {
			return val{b: a}
		}
		b := e.eval(n.args[1]).b
		if b == stop || a != unknown {
			return val{b: b}
		}
		return val{}
	case opEq, opNe, opLt, opLe, opGt, opGe:
		return val{b: e.compare(n)}
	case opNeg:
		a := e.eval(n.args[0])
		a.r = a.r.neg()
		return a
	case opAdd, opSub, opMul, opDiv:
		return e.arith(n)
	case opCall:
		return e.call(n)
	}
	return val{}
}

func (e *env) compare(n *node) tri {
	a, b := e.eval(n.args[0]), e.eval(n.args[1])
	if n.args[0].kind == kBool {
		if a.b == unknown || b.b == unknown {
			return unknown
		}
		return truth((a.b == b.b) == (n.op == opEq))
	}
	if a.st == Missing || b.st == Missing {
		return unknown
	}
	var c int
	if n.args[0].kind == kNum {
		c = num(a).cmp(num(b))
	} else {
		c = strings.Compare(a.s, b.s)
	}
	switch n.op {
	case opEq:
		return truth(c == 0)
	case opNe:
		return truth(c != 0)
	case opLt:
		return truth(c < 0)
	case opLe:
		return truth(c <= 0)
	case opGt:
		return truth(c > 0)
	}
	return truth(c >= 0)
}

// num is the number a figure counts as: None counts as nothing.
func num(v val) rat {
	if v.st == None {
		return rat{d: 1}
	}
	return v.r
}

func (e *env) arith(n *node) val {
	a, b := e.eval(n.args[0]), e.eval(n.args[1])
	if a.st == Missing || b.st == Missing {
		return val{}
	}
	if n.args[0].kind == kDate {
		x, err1 := civil.Parse(a.s)
		y, err2 := civil.Parse(b.s)
		if err1 != nil || err2 != nil {
			return val{}
		}
		return val{st: Given, r: rat{n: int64(x.Sub(y)), d: 1}}
	}
	switch n.op {
	case opAdd, opSub:
		if a.st == None && b.st == None {
			return val{st: None}
		}
		if n.op == opAdd {
			return val{st: Given, r: num(a).add(num(b))}
		}
		return val{st: Given, r: num(a).sub(num(b))}
	case opMul:
		if a.st == None || b.st == None {
			return val{st: None}
		}
		return val{st: Given, r: a.r.mul(b.r)}
	}
	switch {
	case b.st == None || b.r.sign() == 0: // a rate of nothing is not known
		return val{}
	case a.st == None:
		return val{st: None}
	}
	return val{st: Given, r: a.r.div(b.r)}
}

func (e *env) call(n *node) val {
	switch n.str {
	case "not":
		switch e.eval(n.args[0]).b {
		case yes:
			return val{b: no}
		case no:
			return val{b: yes}
		}
		return val{}
	case "if":
		switch e.eval(n.args[0]).b {
		case yes:
			return e.eval(n.args[1])
		case no:
			return e.eval(n.args[2])
		}
		return val{}
	case "coalesce":
		if v := e.eval(n.args[0]); v.st != Missing {
			return v
		}
		return e.eval(n.args[1])
	case "answered", "is-none":
		st := Missing
		switch a := n.args[0]; a.op {
		case opRepeat:
			if st = e.vals[a.cell].State; e.count(a.cell) > 0 {
				st = Given
			}
		default:
			st = e.eval(a).st
		}
		return val{b: truth(st == None || st == Given && n.str == "answered")}
	case "today":
		if e.today == "" {
			return val{}
		}
		return val{st: Given, s: e.today}
	case "date":
		return val{st: Given, s: n.args[0].str}
	case "selected":
		v := e.eval(n.args[0])
		if v.st == Missing {
			return val{}
		}
		return val{b: truth(slices.Contains(strings.Fields(v.s), n.args[1].str))}
	case "string-length":
		v := e.eval(n.args[0])
		if v.st == Missing {
			return val{}
		}
		return val{st: Given, r: rat{n: int64(utf8.RuneCountInString(v.s)), d: 1}}
	case "abs":
		v := e.eval(n.args[0])
		if v.st == Given && v.r.sign() < 0 {
			v.r = v.r.neg()
		}
		return v
	case "round":
		v := e.eval(n.args[0])
		if v.st != Given {
			return v
		}
		r, ok := v.r.round(int(n.args[1].num.coef))
		if !ok {
			return val{}
		}
		return val{st: Given, r: r.rat()}
	case "count":
		i := n.args[0].cell
		switch k := e.count(i); {
		case k > 0:
			return val{st: Given, r: rat{n: int64(k), d: 1}}
		case e.vals[i].State == None:
			return val{st: None}
		}
		return val{}
	case "count-non-empty":
		c := int64(0)
		e.list(n.args[0], func(v Value) bool {
			if v.State == Given {
				c++
			}
			return true
		})
		return val{st: Given, r: rat{n: c, d: 1}}
	case "sum", "min", "max":
		return e.fold(n)
	}
	return val{}
}

// count is the number of entries of a repeat that are not empty.
func (e *env) count(repeat int) int {
	n := 0
	for _, b := range e.blank[repeat] {
		if !b {
			n++
		}
	}
	return n
}

// fold is sum, min or max: Missing if a part is missing or there is no part, None if nothing occurred in any.
func (e *env) fold(n *node) val {
	out, seen := val{}, false
	add := func(v val) bool {
		if v.st == Missing {
			out = val{}
			return false
		}
		switch {
		case !seen:
			out = v
			out.r = num(v)
		case n.str == "sum":
			out.r = out.r.add(num(v))
		default:
			if c := num(v).cmp(out.r); n.str == "min" && c < 0 || n.str == "max" && c > 0 {
				out.r = num(v)
			}
		}
		seen = true
		out.st = max(out.st, v.st)
		return true
	}
	for _, a := range n.args {
		ok := true
		if a.op == opList {
			e.list(a, func(v Value) bool { ok = add(of(v, kNum)); return ok })
		} else {
			ok = add(e.eval(a))
		}
		if !ok {
			return val{}
		}
	}
	if !seen {
		// An empty list: of a repeat that did not occur, nothing; else unknown.
		for _, a := range n.args {
			if a.op == opList && e.f.cells[a.cells[0]].repeat >= 0 && e.vals[e.f.cells[a.cells[0]].repeat].State == None {
				return val{st: None}
			}
		}
	}
	return out
}

// judge looks at every cell that is asked.
func (e *env) judge(out *Result, refused map[string]bool) {
	f := e.f
	add := func(p Finding) { out.Problems = append(out.Problems, p) }
	for i, c := range f.cells {
		if e.hidden[i] {
			continue
		}
		if c.repeat >= 0 {
			for k := range e.entries[c.repeat] {
				e.entry = k
				if !e.blank[c.repeat][k] && !e.hiddenE[c.repeat][k][c.pos] {
					e.judgeCell(c, EntryAddress(f.cells[c.repeat].addr, k+1, c.field.Name), e.entries[c.repeat][k][c.pos], refused, add)
				}
			}
			continue
		}
		v := e.vals[i]
		if e.count(i) > 0 {
			v = Value{State: Given}
		}
		e.judgeCell(c, c.addr, v, refused, add)
		if c.jump != nil {
			e.jump(c, v, add)
		}
	}
	for _, b := range f.Breakdowns {
		e.breakdown(b, add)
	}
}

func (e *env) judgeCell(c *cell, addr string, v Value, refused map[string]bool, add func(Finding)) {
	if !v.Answered() && !refused[addr] && c.calculate == nil {
		for _, n := range c.required {
			if e.eval(n).b != yes {
				continue
			}
			m := errs.Message{Key: "formdef.value.need", Args: []any{c.label()}}
			switch {
			case !c.field.RequiredMsg.IsZero():
				m = own(c.field.RequiredMsg)
			case c.table != nil && !c.table.RequiredMsg.IsZero():
				m = own(c.table.RequiredMsg)
			case c.typ == Choice || c.typ == Date:
				m.Key = "formdef.value.need_choice"
			case c.typ.Number() && c.field.NoneAllowed && (c.table == nil || c.table.NoneAllowed):
				m.Key = "formdef.value.need_or_none"
			}
			add(Finding{At: addr, Level: Hard, Kind: "required", Message: m})
			break
		}
	}
	for _, t := range c.tests {
		if t.kind == "constraint" && v.State != Given {
			continue
		}
		if e.eval(t.node).b == no {
			add(Finding{At: addr, Level: t.level, Kind: t.kind, Rule: t.name, Message: own(t.message)})
		}
	}
}

// own is a sentence of the form itself.
func own(t Text) errs.Message { return errs.Message{Key: "formdef.value.own", Args: []any{t}} }

func (e *env) jump(c *cell, v Value, add func(Finding)) {
	l, ok := e.last[c.addr]
	if !ok || v.State == Missing || l.State == Missing {
		return
	}
	was, is := num(of(l, kNum)), num(of(v, kNum))
	diff := is.sub(was)
	if diff.sign() < 0 {
		diff = diff.neg()
	}
	if diff.sign() == 0 || diff.cmp(c.jump.AtLeast.rat()) < 0 {
		return
	}
	limit := was.mul(rat{n: int64(c.jump.Percent), d: 100})
	if limit.sign() < 0 {
		limit = limit.neg()
	}
	if diff.cmp(limit) <= 0 {
		return
	}
	key := "formdef.value.jump_up"
	if is.cmp(was) < 0 {
		key = "formdef.value.jump_down"
	}
	add(Finding{At: c.addr, Level: Warn, Kind: "jump", Message: errs.Message{Key: key, Args: []any{c.label(), l.Num, v.Num}}})
}

func (e *env) breakdown(b *Breakdown, add func(Finding)) {
	whole := val{}
	if b.of >= 0 && !e.hidden[b.of] {
		whole = of(e.vals[b.of], kNum)
	}
	sum, known := rat{d: 1}, true
	parts := b.parts
	if b.residual >= 0 {
		parts = append(slices.Clip(parts), b.residual)
	}
	asked := 0
	for _, i := range parts {
		if e.hidden[i] {
			continue
		}
		asked++
		v := of(e.vals[i], kNum)
		if v.st == Missing {
			known = false
			continue
		}
		sum = sum.add(num(v))
		if whole.st != Missing && num(v).cmp(num(whole)) > 0 && b.Type != Partition {
			c := e.f.cells[i]
			add(Finding{At: c.addr, Level: b.Level, Kind: "part", Rule: b.Name,
				Message: errs.Message{Key: "formdef.value.part", Args: []any{c.label(), e.vals[i].Num, e.f.cells[b.of].label(), e.vals[b.of].Num}}})
		}
	}
	if b.Type == Multiple || whole.st == Missing || asked == 0 {
		return
	}
	label := b.Label
	if label.IsZero() {
		label = Text{VI: b.Name, EN: b.Name}
	}
	total, ok := sum.round(maxDecimals)
	if !ok {
		return
	}
	finding := func(key string) {
		add(Finding{At: e.f.cells[b.of].addr, Level: b.Level, Kind: "partition", Rule: b.Name,
			Message: errs.Message{Key: key, Args: []any{e.f.cells[b.of].label(), e.vals[b.of].Num, total, label}}})
	}
	switch c := sum.cmp(num(whole)); {
	case c > 0: // also when some parts are still missing
		finding("formdef.value.parts_over")
	case known && c < 0 && b.Type == Partition:
		finding("formdef.value.parts")
	}
}

// Merge joins findings into one list in the order of the form, hard ones first at each cell. What a cell is missing is left out where
// its value was refused.
func (f *Form) Merge(lists ...[]Finding) []Finding {
	var out []Finding
	refused := map[string]bool{}
	for _, l := range lists {
		for _, p := range l {
			refused[p.At] = refused[p.At] || p.Kind == "type"
		}
	}
	for _, l := range lists {
		for _, p := range l {
			if p.Kind != "required" || !refused[p.At] {
				out = append(out, p)
			}
		}
	}
	f.sortFindings(out)
	return out
}

// sortFindings puts findings in the order of the form, hard ones first at each cell.
func (f *Form) sortFindings(p []Finding) {
	place := func(x Finding) int {
		if c, entry := f.locate(x.At); c != nil {
			if c.repeat >= 0 {
				return f.cells[c.repeat].index*1_000_000 + entry*1000 + c.pos
			}
			return c.index * 1_000_000
		}
		return -1
	}
	slices.SortStableFunc(p, func(a, b Finding) int {
		if x, y := place(a), place(b); x != y {
			return x - y
		}
		return strings.Compare(string(a.Level), string(b.Level))
	})
}
