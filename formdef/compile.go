package formdef

import (
	"slices"
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
)

// cell is one place of the form that can hold a value, with its formulas resolved for this place.
type cell struct {
	addr    string
	index   int
	typ     Type
	field   *Field // the question, the column, the field of the entry; of a repeat the repeat itself
	table   *Field
	row     *Row
	repeat  int // index of the repeat this is a field of, -1
	pos     int // among the fields of the repeat
	section *Section
	unit    string
	figure  int  // index among the figures, -1
	words   Text // what label says

	relevant  []*node // all must hold
	required  []*node // any
	calculate *node
	num, den  *node // of a ratio
	tests     []test
	jump      *Jump
	deps      []int
	children  []int // of a repeat
}

type test struct {
	node    *node
	level   Level
	kind    string // constraint, rule
	name    string
	message Text
}

func (c *cell) figureCell() bool { return c.typ.Number() && c.repeat < 0 }

// label names the cell for people: of a table's cell the row and the column.
func (c *cell) label() Text { return c.words }

func (c *cell) name() Text {
	if c.row == nil {
		return c.field.Label
	}
	t := Text{c.row.Label.VI + ", " + lower(c.field.Label.VI), ""}
	if c.row.Label.EN != "" && c.field.Label.EN != "" {
		t.EN = c.row.Label.EN + ", " + lower(c.field.Label.EN)
	}
	if len(c.table.Columns) == 1 {
		t = c.row.Label
	}
	return t
}

func (p *parser) compile() {
	f := p.f
	for _, s := range f.Sections {
		for _, d := range s.Fields {
			switch d.Type {
			case Table:
				for _, r := range d.Rows {
					for _, c := range d.Columns {
						p.add(&cell{addr: d.Name + "/" + r.Name + "/" + c.Name, typ: c.Type, field: c, table: d, row: r, repeat: -1, section: s, unit: first(c.Unit, r.Unit, d.Unit)})
					}
				}
			case Repeat:
				rep := p.add(&cell{addr: d.Name, typ: Repeat, field: d, repeat: -1, section: s})
				if rep == nil {
					return
				}
				for i, e := range d.Fields {
					if c := p.add(&cell{addr: d.Name + "/" + e.Name, typ: e.Type, field: e, repeat: rep.index, pos: i, section: s, unit: e.Unit}); c != nil {
						rep.children = append(rep.children, c.index)
					}
				}
			default:
				p.add(&cell{addr: d.Name, typ: d.Type, field: d, repeat: -1, section: s, unit: d.Unit})
			}
		}
	}
	if len(f.cells) > MaxCells {
		p.wrong(at{}, "formdef.parse.cells", MaxCells)
		return
	}
	for _, c := range f.cells {
		p.cell(c)
		if p.refs > maxRefs {
			p.wrong(c.field.at, "formdef.parse.refs", maxRefs)
			return
		}
	}
	for _, r := range f.Rules {
		p.rule(r)
	}
	for _, s := range f.Sections {
		for _, d := range s.Fields {
			if d.Type == Table {
				for _, r := range d.Rules {
					p.rule(r)
				}
				p.rowDimension(d)
			}
		}
	}
	for _, b := range f.Breakdowns {
		p.resolveBreakdown(b)
	}
	if len(p.problems) > 0 {
		return
	}
	p.sort()
	for _, c := range f.cells {
		c.figure = -1
		if c.figureCell() {
			c.figure = len(f.figures)
			f.figures = append(f.figures, c)
			f.gated = f.gated || len(c.relevant) > 0
		}
	}
}

func first(s ...string) string {
	for _, x := range s {
		if x != "" {
			return x
		}
	}
	return ""
}

func (p *parser) add(c *cell) *cell {
	if len(p.f.cells) > MaxCells {
		return nil
	}
	c.index, c.words = len(p.f.cells), c.name()
	p.f.cells = append(p.f.cells, c)
	p.f.byAddr[c.addr] = c.index
	return c
}

// scope is where a formula stands: at a cell (self) and among the names of its row, column or entry.
type scope struct {
	p      *parser
	self   *cell
	byRow  bool // a formula of a row: names are the rows of the same column
	deps   *[]int
	inTest bool // "." may be used
}

// lookup resolves a simple name.
func (s *scope) lookup(name string) (*cell, bool, bool) {
	f := s.p.f
	if c := s.self; c != nil {
		switch {
		case c.row != nil && s.byRow:
			if i, ok := f.byAddr[c.table.Name+"/"+name+"/"+c.field.Name]; ok {
				return f.cells[i], false, true
			}
		case c.row != nil:
			if i, ok := f.byAddr[c.table.Name+"/"+c.row.Name+"/"+name]; ok {
				return f.cells[i], false, true
			}
		case c.repeat >= 0:
			if i, ok := f.byAddr[f.cells[c.repeat].addr+"/"+name]; ok {
				return f.cells[i], true, true
			}
		}
	}
	if i, ok := f.byAddr[name]; ok && !strings.Contains(name, "/") {
		return f.cells[i], false, true
	}
	return nil, false, false
}

func (s *scope) ref(n *node) (*node, *exprError) {
	f := s.p.f
	out := &node{op: opRef, str: n.str, at: n.at}
	depend := func(i int) {
		if s.deps != nil {
			*s.deps = append(*s.deps, i)
		}
		s.p.refs++
	}
	one := func(c *cell, local bool) (*node, *exprError) {
		depend(c.index)
		out.cell, out.local = c.index, local
		switch c.typ {
		case Repeat:
			out.op, out.kind = opRepeat, kRepeat
		case Line, Narrative:
			out.kind = kText
		case Choice:
			if out.kind = kText; c.field.Multiple {
				out.kind = kSet
			}
		case Date:
			out.kind = kDate
		default:
			out.kind = kNum
		}
		return out, nil
	}
	if n.str == "." {
		if s.self == nil || !s.inTest {
			return nil, &exprError{n.at, errs.Message{Key: "formdef.expr.self"}}
		}
		return one(s.self, s.self.repeat >= 0)
	}
	unknown := func() (*node, *exprError) {
		var all []string
		for _, c := range f.cells {
			all = append(all, c.addr)
		}
		if s.self != nil && s.self.table != nil {
			for _, c := range s.self.table.Columns {
				all = append(all, c.Name)
			}
		}
		if near := nearest(n.str, all); near != "" {
			return nil, &exprError{n.at, errs.Message{Key: "formdef.expr.unknown_near", Args: []any{n.str, near}}}
		}
		return nil, &exprError{n.at, errs.Message{Key: "formdef.expr.unknown", Args: []any{n.str}}}
	}
	part := strings.Split(n.str, "/")
	switch {
	case len(part) == 1:
		if c, local, ok := s.lookup(n.str); ok {
			return one(c, local)
		}
		if d, ok := f.fields[n.str]; ok && d.Type == Table {
			return nil, &exprError{n.at, errs.Message{Key: "formdef.expr.table", Args: []any{n.str}}}
		}
		return unknown()
	case len(part) == 2: // repeat/field
		i, ok := f.byAddr[n.str]
		if !ok || f.cells[i].repeat < 0 {
			return unknown()
		}
		depend(i)
		s.p.refs += 20
		out.op, out.kind, out.cells = opList, kList, []int{i}
		if !f.cells[i].typ.Number() {
			out.kind = kText // only countable
			out.op = opList
		}
		return out, nil
	case len(part) == 3 && !slices.Contains(part, "*"):
		if i, ok := f.byAddr[n.str]; ok {
			return one(f.cells[i], false)
		}
		return unknown()
	case len(part) == 3:
		d, ok := f.fields[part[0]]
		if !ok || d.Type != Table {
			return unknown()
		}
		out.op, out.kind = opList, kList
		for _, r := range d.Rows {
			for _, c := range d.Columns {
				if part[1] != "*" && part[1] != r.Name || part[2] != "*" && part[2] != c.Name {
					continue
				}
				x := f.cells[f.byAddr[d.Name+"/"+r.Name+"/"+c.Name]]
				// A wildcard skips what is worked out along its own direction; a named calculated row or column was asked for.
				if !x.typ.Number() || part[1] == "*" && (r.Total || r.Calculate != nil) || part[2] == "*" && (c.Total || c.Calculate != nil) {
					continue
				}
				depend(x.index)
				out.cells = append(out.cells, x.index)
			}
		}
		if len(out.cells) == 0 {
			return unknown()
		}
		return out, nil
	}
	return unknown()
}

// resolve gives a formula its cells and types.
func (s *scope) resolve(n *node) (*node, *exprError) {
	if n.op == opRef {
		return s.ref(n)
	}
	s.p.f.nodes++
	s.p.refs++
	out := *n
	out.args = nil
	if n.op == opCall {
		return s.call(&out, n.args)
	}
	for _, a := range n.args {
		r, err := s.resolve(a)
		if err != nil {
			return nil, err
		}
		out.args = append(out.args, r)
	}
	bad := func(key string, args ...any) (*node, *exprError) {
		return nil, &exprError{n.at, errs.Message{Key: key, Args: args}}
	}
	switch n.op {
	case opNum:
		out.kind = kNum
	case opStr:
		out.kind = kText
	case opOr, opAnd:
		for _, a := range out.args {
			if a.kind != kBool {
				return bad("formdef.expr.need_test", a.kind.key())
			}
		}
		out.kind = kBool
	case opAdd, opSub, opMul, opDiv, opNeg:
		if n.op == opSub && out.args[0].kind == kDate && out.args[1].kind == kDate {
			out.kind = kNum // days
			return &out, nil
		}
		for _, a := range out.args {
			if a.kind == kList {
				return bad("formdef.expr.list", a.str)
			}
			if a.kind != kNum {
				return bad("formdef.expr.need_number", a.kind.key())
			}
		}
		if n.op == opDiv && out.args[1].op == opNum && out.args[1].num.IsZero() {
			return bad("formdef.expr.div_zero")
		}
		out.kind = kNum
	default: // comparisons
		a, b := out.args[0], out.args[1]
		switch {
		case a.op == opList || b.op == opList:
			return bad("formdef.expr.list", first(a.str, b.str))
		case a.kind == kSet || b.kind == kSet:
			return bad("formdef.expr.use_selected")
		case a.kind != b.kind && (a.kind == kDate || b.kind == kDate) && (a.op == opStr || b.op == opStr):
			return bad("formdef.expr.use_date")
		case a.kind != b.kind:
			return bad("formdef.expr.compare", a.kind.key(), b.kind.key())
		case a.kind != kNum && a.kind != kDate && n.op != opEq && n.op != opNe || a.kind == kRepeat:
			return bad("formdef.expr.order", a.kind.key())
		}
		if err := s.choice(a, b); err != nil {
			return nil, err
		}
		if err := s.choice(b, a); err != nil {
			return nil, err
		}
		out.kind = kBool
	}
	return &out, nil
}

// choice refuses to compare a choice with a value it does not have.
func (s *scope) choice(ref, lit *node) *exprError {
	if ref.op != opRef && ref.op != opLast || lit.op != opStr {
		return nil
	}
	d := s.p.f.cells[ref.cell].field
	if d.Type != Choice {
		return nil
	}
	var all []string
	for _, c := range d.Choices {
		if c.Value == lit.str {
			return nil
		}
		all = append(all, c.Value)
	}
	return &exprError{lit.at, errs.Message{Key: "formdef.expr.no_choice", Args: []any{lit.str, ref.str, strings.Join(all, ", ")}}}
}

// signature of a function: kinds of its arguments and of its result.
type signature struct {
	args   []kind
	result kind
}

var functions = map[string]signature{
	"not": {[]kind{kBool}, kBool}, "true": {nil, kBool}, "false": {nil, kBool}, "today": {nil, kDate}, "abs": {[]kind{kNum}, kNum},
	"date": {[]kind{kText}, kDate}, "count": {[]kind{kRepeat}, kNum}, "answered": {[]kind{kAny}, kBool}, "is-none": {[]kind{kAny}, kBool},
	"string-length": {[]kind{kText}, kNum}, "selected": {[]kind{kSet, kText}, kBool}, "round": {nil, kNum}, "if": {nil, kAny}, "coalesce": {nil, kAny},
	"sum": {nil, kNum}, "min": {nil, kNum}, "max": {nil, kNum}, "count-non-empty": {nil, kNum}, "last": {nil, kAny},
}

func (s *scope) call(n *node, args []*node) (*node, *exprError) {
	bad := func(key string, args ...any) (*node, *exprError) {
		return nil, &exprError{n.at, errs.Message{Key: key, Args: args}}
	}
	sig, ok := functions[n.str]
	if !ok {
		var all []string
		for k := range functions {
			all = append(all, k)
		}
		slices.Sort(all)
		if near := nearest(n.str, all); near != "" {
			return bad("formdef.expr.function_near", n.str, near)
		}
		return bad("formdef.expr.function", n.str, strings.Join(all, ", "))
	}
	n.kind = sig.result
	if n.str == "last" {
		return s.last(n, args)
	}
	for _, a := range args {
		r, err := s.resolve(a)
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, r)
	}
	count := func(low, high int) *exprError {
		if len(n.args) < low || len(n.args) > high {
			return &exprError{n.at, errs.Message{Key: "formdef.expr.arguments", Args: []any{n.str, low}}}
		}
		return nil
	}
	number := func(a *node) *exprError {
		if a.kind != kNum {
			return &exprError{a.at, errs.Message{Key: "formdef.expr.need_number", Args: []any{a.kind.key()}}}
		}
		return nil
	}
	switch n.str {
	case "true", "false":
		n.op = opBool
	case "sum", "min", "max":
		if err := count(1, 50); err != nil {
			return nil, err
		}
		for _, a := range n.args {
			if a.kind != kList {
				if err := number(a); err != nil {
					return nil, err
				}
			}
		}
		return n, nil
	case "count-non-empty":
		if err := count(1, 1); err != nil {
			return nil, err
		}
		if n.args[0].op != opList {
			return bad("formdef.expr.need_list", n.str)
		}
		return n, nil
	case "round":
		if err := count(2, 2); err != nil {
			return nil, err
		}
		if err := number(n.args[0]); err != nil {
			return nil, err
		}
		if d := n.args[1]; d.op != opNum || !d.num.IsInt() || d.num.coef < 0 || d.num.coef > maxDecimals {
			return bad("formdef.expr.round", maxDecimals)
		}
		return n, nil
	case "if":
		if err := count(3, 3); err != nil {
			return nil, err
		}
		if n.args[0].kind != kBool {
			return bad("formdef.expr.need_test", n.args[0].kind.key())
		}
		if a, b := n.args[1], n.args[2]; a.kind != b.kind || a.op == opList || a.kind == kRepeat {
			return bad("formdef.expr.branches", a.kind.key(), b.kind.key())
		}
		n.kind = n.args[1].kind
		return n, nil
	case "coalesce":
		if err := count(2, 2); err != nil {
			return nil, err
		}
		if a, b := n.args[0], n.args[1]; a.kind != b.kind || a.op == opList || a.kind == kRepeat || a.kind == kBool {
			return bad("formdef.expr.branches", a.kind.key(), b.kind.key())
		}
		n.kind = n.args[0].kind
		return n, nil
	}
	if err := count(len(sig.args), len(sig.args)); err != nil {
		return nil, err
	}
	for i, want := range sig.args {
		a := n.args[i]
		switch {
		case want == kAny:
			if a.op != opRef && a.op != opRepeat && a.op != opLast {
				return bad("formdef.expr.need_field", n.str)
			}
		case a.op == opList:
			return bad("formdef.expr.list", a.str)
		case want == kSet && (a.kind == kSet || a.kind == kText && a.op == opRef && s.p.f.cells[a.cell].typ == Choice):
		case want != a.kind:
			return nil, &exprError{a.at, errs.Message{Key: "formdef.expr.need", Args: []any{n.str, want.key(), a.kind.key()}}}
		}
	}
	switch n.str {
	case "selected":
		if n.args[1].op != opStr {
			return bad("formdef.expr.literal", n.str)
		}
		if err := s.choice(n.args[0], n.args[1]); err != nil {
			return nil, err
		}
	case "date":
		if n.args[0].op != opStr {
			return bad("formdef.expr.literal", n.str)
		}
		if _, err := civil.Parse(n.args[0].str); err != nil {
			return bad("formdef.expr.date")
		}
	}
	return n, nil
}

func (s *scope) last(n *node, args []*node) (*node, *exprError) {
	if len(args) != 1 {
		return nil, &exprError{n.at, errs.Message{Key: "formdef.expr.arguments", Args: []any{"last", 1}}}
	}
	a := *args[0]
	if a.op == opStr {
		a.op = opRef
	}
	if a.op != opRef {
		return nil, &exprError{n.at, errs.Message{Key: "formdef.expr.need_field", Args: []any{"last"}}}
	}
	deps := s.deps
	s.deps = nil // the last period is given from outside
	inTest := s.inTest
	s.inTest = true
	r, err := s.ref(&a)
	s.deps, s.inTest = deps, inTest
	if err != nil {
		return nil, err
	}
	if r.op != opRef || r.local || s.p.f.cells[r.cell].repeat >= 0 {
		return nil, &exprError{n.at, errs.Message{Key: "formdef.expr.last_repeat"}}
	}
	r.op = opLast
	return r, nil
}

// formula resolves one formula for one cell and demands the type of its result.
func (p *parser) formula(e *Expr, sc scope, want kind) *node {
	if e == nil || p.refs > maxRefs {
		return nil
	}
	sc.p = p
	n, err := sc.resolve(e.root)
	if err == nil && want != n.kind {
		if n.op == opList {
			err = &exprError{n.at, errs.Message{Key: "formdef.expr.list", Args: []any{n.str}}}
		} else {
			err = &exprError{0, errs.Message{Key: "formdef.expr.result", Args: []any{want.key(), n.kind.key()}}}
		}
	}
	if err != nil {
		for _, old := range p.problems { // the same formula in every row is refused once
			if old.Path == e.at.path {
				return nil
			}
		}
		p.wrongExpr(e.at, e.Text, err)
		return nil
	}
	return n
}

func (c *cell) kind() kind {
	switch c.typ {
	case Line, Narrative:
		return kText
	case Choice:
		if c.field.Multiple {
			return kSet
		}
		return kText
	case Date:
		return kDate
	}
	return kNum
}

func (p *parser) cell(c *cell) {
	d := c.field
	sc := scope{self: c, deps: &c.deps}
	judge := scope{self: c, inTest: true}
	relevant := func(e *Expr, s scope) {
		if n := p.formula(e, s, kBool); n != nil {
			c.relevant = append(c.relevant, n)
		}
	}
	outer := scope{deps: &c.deps}
	relevant(c.section.Relevant, outer)
	if c.table != nil {
		relevant(c.table.Relevant, outer)
		byRow := sc
		byRow.byRow = true
		relevant(c.row.Relevant, byRow)
	}
	if c.repeat >= 0 {
		c.deps = append(c.deps, c.repeat)
	}
	relevant(d.Relevant, sc)
	required := func(e *Expr, s scope) {
		if n := p.formula(e, s, kBool); n != nil {
			c.required = append(c.required, n)
		}
	}
	required(d.Required, judge)
	if c.table != nil && c.typ.Number() {
		required(c.table.Required, scope{})
		byRow := judge
		byRow.byRow = true
		required(c.row.Required, byRow)
	}
	switch {
	case d.Calculate != nil:
		c.calculate = p.formula(d.Calculate, sc, c.kind())
		if d.Ratio != nil {
			c.num, c.den = p.formula(d.Ratio.num, sc, kNum), p.formula(d.Ratio.den, sc, kNum)
		}
	case d.Total:
		c.calculate = p.formula(p.parseExpr("sum(${"+c.table.Name+"/"+c.row.Name+"/*})", d.at), sc, kNum)
	case c.row != nil && c.row.Total && c.typ.Number():
		c.calculate = p.formula(p.parseExpr("sum(${"+c.table.Name+"/*/"+d.Name+"})", c.row.at), sc, kNum)
	case c.row != nil && c.row.Calculate != nil && c.typ.Number():
		byRow := sc
		byRow.byRow = true
		c.calculate = p.formula(c.row.Calculate, byRow, kNum)
	}
	if n := p.formula(d.Constraint, judge, kBool); n != nil {
		c.tests = append(c.tests, test{n, Hard, "constraint", "", d.ConstraintMsg})
	}
	if d.Type != Table && d.Type != Repeat {
		for _, r := range d.Rules {
			if n := p.formula(r.Test, judge, kBool); n != nil {
				if r.At != "" {
					p.wrong(r.at, "formdef.parse.rule_at")
				}
				c.tests = append(c.tests, test{n, r.Level, "rule", r.Name, r.Message})
			}
		}
	}
	if c.figureCell() {
		switch {
		case d.jumpOff || c.table != nil && c.table.jumpOff || c.calculate != nil && d.Ratio != nil:
		case d.Jump != nil:
			c.jump = d.Jump
		case c.table != nil && c.table.Jump != nil:
			c.jump = c.table.Jump
		default:
			c.jump = p.f.Jump
		}
	}
}

// rule puts a rule of the form or of a table on the cell that shows it.
func (p *parser) rule(r *Rule) {
	n := p.formula(r.Test, scope{}, kBool)
	if n == nil {
		return
	}
	i, ok := p.f.byAddr[r.At]
	if !ok || p.f.cells[i].repeat >= 0 {
		if r.At == "" { // the first cell the rule reads
			if i = firstCell(n); i >= 0 && p.f.cells[i].repeat >= 0 {
				i = p.f.cells[i].repeat
			}
			ok = i >= 0
		}
		if !ok {
			p.wrong(r.at, "formdef.parse.no_cell", first(r.At, r.Test.Text))
			return
		}
	}
	c := p.f.cells[i]
	c.tests = append(c.tests, test{n, r.Level, "rule", r.Name, r.Message})
}

func firstCell(n *node) int {
	switch n.op {
	case opRef, opRepeat, opLast:
		return n.cell
	case opList:
		return n.cells[0]
	}
	for _, a := range n.args {
		if i := firstCell(a); i >= 0 {
			return i
		}
	}
	return -1
}

// rowDimension turns the dimension of a table's rows into one breakdown a figure column.
func (p *parser) rowDimension(d *Field) {
	m := d.Dimension
	if m == nil {
		return
	}
	row := func(name string) *Row {
		for _, r := range d.Rows {
			if r.Name == name {
				return r
			}
		}
		return nil
	}
	whole := row(m.Of)
	if m.Residual != "" && row(m.Residual) == nil {
		p.wrong(m.at, "formdef.parse.no_row", m.Residual)
		return
	}
	columns := 0
	for _, c := range d.Columns {
		if !c.Type.Number() || c.Ratio != nil {
			continue
		}
		if columns++; columns > 1 && m.Of != "" && whole == nil {
			p.wrong(m.at, "formdef.parse.dimension_columns")
			return
		}
		b := &Breakdown{Name: first(m.Name, d.Name), Label: m.Label, Type: m.Type, Level: m.Level, Complete: m.Complete, Of: m.Of, at: m.at}
		if b.Label.IsZero() {
			b.Label = d.Label
		}
		if whole != nil {
			b.Of = d.Name + "/" + m.Of + "/" + c.Name
		}
		if m.Residual != "" {
			b.Residual = d.Name + "/" + m.Residual + "/" + c.Name
		}
		for _, r := range d.Rows {
			if r != whole && r.Name != m.Residual && !r.Total && r.Calculate == nil {
				b.Parts = append(b.Parts, Part{d.Name + "/" + r.Name + "/" + c.Name, r.Band})
			}
		}
		p.f.Breakdowns = append(p.f.Breakdowns, b)
	}
}

func (p *parser) resolveBreakdown(b *Breakdown) {
	find := func(addr string) int {
		i, ok := p.f.byAddr[addr]
		if !ok || !p.f.cells[i].figureCell() {
			p.wrong(b.at, "formdef.parse.no_cell", addr)
			return -1
		}
		return i
	}
	b.of, b.residual = -1, -1
	if b.Of != "" {
		b.of = find(b.Of)
	}
	if b.Residual != "" {
		b.residual = find(b.Residual)
	}
	seen := map[string]bool{b.Of: true, b.Residual: true}
	for _, part := range b.Parts {
		if seen[part.At] {
			p.wrong(b.at, "formdef.parse.twice", part.At)
		}
		seen[part.At] = true
		b.parts = append(b.parts, find(part.At))
	}
}

// sort finds the order in which formulas are worked out, and refuses circles.
func (p *parser) sort() {
	const (
		unseen = iota
		open
		done
	)
	f := p.f
	state := make([]uint8, len(f.cells))
	type frame struct{ cell, dep int }
	for start := range f.cells {
		if state[start] != unseen {
			continue
		}
		stack := []frame{{start, 0}}
		state[start] = open
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			deps := f.cells[top.cell].deps
			if top.dep == len(deps) {
				state[top.cell] = done
				f.order = append(f.order, top.cell)
				stack = stack[:len(stack)-1]
				continue
			}
			next := deps[top.dep]
			top.dep++
			switch state[next] {
			case unseen:
				state[next] = open
				stack = append(stack, frame{next, 0})
			case open:
				var names []string
				for i := len(stack) - 1; i >= 0; i-- {
					names = append(names, f.cells[stack[i].cell].addr)
					if stack[i].cell == next {
						break
					}
				}
				slices.Reverse(names)
				if names = append(names, f.cells[next].addr); len(names) > 8 {
					names = append(append(names[:4:4], "…"), names[len(names)-3:]...)
				}
				p.wrong(f.cells[next].field.at, "formdef.parse.circle", strings.Join(names, " → "))
				return
			}
		}
	}
	for _, c := range f.cells {
		slices.Sort(c.deps)
		c.deps = slices.Compact(c.deps)
	}
}
