package formdef

import (
	"strings"
	"unicode/utf8"

	"chungtay/internal/errs"
)

// The language of formulas, a small part of XPath as XForms writes it:
//
//	or  and  = != < <= > >=  + -  * div  -x  ( )  12  12.5  'text'  .  ${field}  function(…)
//
// ${field} is a cell: inside a table or a repeat first a name of the same row (column) or entry, then a field of the form.
// ${table/row/column} is one cell, ${table/*/column} all entered rows of a column, ${table/row/*} all entered columns of a row,
// ${repeat/field} the field in all entries; lists stand inside sum(), min(), max(), count-non-empty(). "." is the cell itself.
//
//	sum min max           of a list or of several numbers
//	count(${repeat})      number of entries; count-non-empty(list): cells that were answered with a value
//	if(test, a, b)  coalesce(a, b)  round(x, decimals)  abs(x)  not(test)  true()  false()
//	selected(${choice}, 'code')  answered(${x})  is-none(${x})  string-length(${x})
//	today()  date('2026-07-30')  last(${x}) or last('x') or last(.): the same cell in the last period
//
// A formula that meets Missing gives Missing (a condition: unknown, as in three-valued logic: false and unknown is false). A relevant that
// is unknown hides, a required that is unknown does not require, a constraint or rule that is unknown passes.

// Limits of one formula.
const (
	maxExprText  = 2000
	maxExprDepth = 40
	maxExprNodes = 300
)

type op uint8

const (
	opNum op = iota
	opStr
	opBool
	opRef  // one cell
	opList // several cells, only as an argument
	opRepeat
	opLast
	opOr
	opAnd
	opEq
	opNe
	opLt
	opLe
	opGt
	opGe
	opAdd
	opSub
	opMul
	opDiv
	opNeg
	opCall
)

// kind is the static type of an expression.
type kind uint8

const (
	kNum kind = iota + 1
	kText
	kSet // several choices
	kDate
	kBool
	kList
	kRepeat
	kAny // last() of nothing yet known; never the type of a whole formula
)

func (k kind) key() errs.Message {
	return errs.Message{Key: "formdef.kind." + [...]string{"", "number", "text", "choices", "date", "test", "list", "repeat", "any"}[k]}
}

type node struct {
	op   op
	kind kind
	num  Number
	str  string // text, name of a function, reference as written
	args []*node
	at   int // place in the formula, in bytes

	cell  int   // opRef, opLast: index of the cell; inside a repeat the index of its template
	cells []int // opList
	local bool  // the cell is of the same entry of a repeat
}

// Expr is a parsed formula. As a field of a Form it is resolved for no cell in particular: see Form.exprs.
type Expr struct {
	Text string
	root *node
	n    int
	at   at
}

// String returns the formula as it was written.
func (e *Expr) String() string {
	if e == nil {
		return ""
	}
	return e.Text
}

// exprError is what is wrong with a formula, and where in it.
type exprError struct {
	at  int
	msg errs.Message
}

type lexer struct {
	s     string
	i     int
	nodes int
	depth int
	err   *exprError
}

// parseExpr reads a formula; it does not yet know the fields.
func parseExpr(s string) (*Expr, *exprError) {
	if utf8.RuneCountInString(s) > maxExprText {
		return nil, &exprError{0, errs.Message{Key: "formdef.expr.long", Args: []any{maxExprText}}}
	}
	l := &lexer{s: s}
	root := l.or()
	l.space()
	if l.err == nil && l.i < len(l.s) {
		l.stray("formdef.expr.rest", clip(l.s[l.i:]))
	}
	if l.err != nil {
		return nil, l.err
	}
	return &Expr{Text: s, root: root, n: l.nodes}, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

func (l *lexer) fail(key string, args ...any) *node {
	if l.err == nil {
		l.err = &exprError{min(l.i, len(l.s)), errs.Message{Key: key, Args: args}}
	}
	l.i = len(l.s)
	return &node{}
}

// stray refuses what stands where a formula or a part of it should end.
func (l *lexer) stray(key string, args ...any) *node {
	l.space()
	if l.i < len(l.s) {
		switch c := l.s[l.i]; {
		case c == ')' && l.depth == 0:
			return l.fail("formdef.expr.paren_extra")
		case strings.IndexByte("=<>!", c) >= 0:
			return l.fail("formdef.expr.chained")
		case c == '/':
			return l.fail("formdef.expr.slash")
		}
	}
	return l.fail(key, args...)
}

func (l *lexer) space() {
	for l.i < len(l.s) && strings.IndexByte(" \t\r\n", l.s[l.i]) >= 0 {
		l.i++
	}
}

func (l *lexer) node(n node) *node {
	if l.nodes++; l.nodes > maxExprNodes {
		return l.fail("formdef.expr.nodes", maxExprNodes)
	}
	return &n
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

// word takes an operator in letters if it stands here.
func (l *lexer) word(w string) bool {
	l.space()
	if !strings.HasPrefix(l.s[l.i:], w) || l.i+len(w) < len(l.s) && nameByte(l.s[l.i+len(w)]) {
		return false
	}
	l.i += len(w)
	return true
}

func (l *lexer) sign(w string) bool {
	l.space()
	if !strings.HasPrefix(l.s[l.i:], w) {
		return false
	}
	l.i += len(w)
	return true
}

func (l *lexer) or() *node {
	if l.depth++; l.depth > maxExprDepth {
		return l.fail("formdef.expr.depth", maxExprDepth)
	}
	defer func() { l.depth-- }()
	x := l.and()
	for l.err == nil {
		l.space()
		at := l.i
		if !l.word("or") {
			break
		}
		x = l.node(node{op: opOr, args: []*node{x, l.and()}, at: at})
	}
	return x
}

func (l *lexer) and() *node {
	x := l.compare()
	for l.err == nil {
		l.space()
		at := l.i
		if !l.word("and") {
			break
		}
		x = l.node(node{op: opAnd, args: []*node{x, l.compare()}, at: at})
	}
	return x
}

var compares = []struct {
	sign string
	op   op
}{{"!=", opNe}, {"<=", opLe}, {">=", opGe}, {"=", opEq}, {"<", opLt}, {">", opGt}}

func (l *lexer) compare() *node {
	x := l.add()
	if l.err != nil {
		return x
	}
	l.space()
	at := l.i
	for _, c := range compares {
		if l.sign(c.sign) {
			if l.i < len(l.s) && l.s[l.i] == '=' {
				return l.fail("formdef.expr.equals")
			}
			return l.node(node{op: c.op, args: []*node{x, l.add()}, at: at})
		}
	}
	return x
}

func (l *lexer) add() *node {
	x := l.mul()
	for l.err == nil {
		l.space()
		at := l.i
		switch {
		case l.sign("+"):
			x = l.node(node{op: opAdd, args: []*node{x, l.mul()}, at: at})
		case l.sign("-"):
			x = l.node(node{op: opSub, args: []*node{x, l.mul()}, at: at})
		default:
			return x
		}
	}
	return x
}

func (l *lexer) mul() *node {
	x := l.unary()
	for l.err == nil {
		l.space()
		at := l.i
		switch {
		case l.sign("*"):
			x = l.node(node{op: opMul, args: []*node{x, l.unary()}, at: at})
		case l.word("div"):
			x = l.node(node{op: opDiv, args: []*node{x, l.unary()}, at: at})
		default:
			return x
		}
	}
	return x
}

func (l *lexer) unary() *node {
	l.space()
	at := l.i
	if l.sign("-") {
		if l.depth++; l.depth > maxExprDepth {
			return l.fail("formdef.expr.depth", maxExprDepth)
		}
		x := l.unary()
		l.depth--
		return l.node(node{op: opNeg, args: []*node{x}, at: at})
	}
	return l.primary()
}

func (l *lexer) primary() *node {
	l.space()
	at := l.i
	if l.i >= len(l.s) {
		return l.fail("formdef.expr.end")
	}
	switch c := l.s[l.i]; {
	case c == '(':
		l.i++
		x := l.or()
		if l.err == nil && !l.sign(")") {
			return l.stray("formdef.expr.paren")
		}
		return x
	case c >= '0' && c <= '9':
		for l.i < len(l.s) && (l.s[l.i] >= '0' && l.s[l.i] <= '9' || l.s[l.i] == '.') {
			l.i++
		}
		n, err := ParseNumber(l.s[at:l.i])
		if err != nil {
			l.i = at
			return l.fail("formdef.expr.number")
		}
		return l.node(node{op: opNum, kind: kNum, num: n, at: at})
	case c == '\'' || c == '"':
		end := strings.IndexByte(l.s[l.i+1:], c)
		if end < 0 {
			return l.fail("formdef.expr.quote")
		}
		l.i += end + 2
		return l.node(node{op: opStr, kind: kText, str: l.s[at+1 : l.i-1], at: at})
	case c == '$':
		end := strings.IndexByte(l.s[l.i:], '}')
		if !strings.HasPrefix(l.s[l.i:], "${") || end < 0 {
			return l.fail("formdef.expr.ref")
		}
		l.i += end + 1
		return l.node(node{op: opRef, str: strings.TrimSpace(l.s[at+2 : l.i-1]), at: at})
	case c == '.':
		l.i++
		return l.node(node{op: opRef, str: ".", at: at})
	case nameByte(c):
		for l.i < len(l.s) && nameByte(l.s[l.i]) {
			l.i++
		}
		name := l.s[at:l.i]
		if !l.sign("(") {
			l.i = at
			return l.fail("formdef.expr.bare", clip(name))
		}
		n := node{op: opCall, str: name, at: at}
		for !l.sign(")") {
			if len(n.args) > 0 && !l.sign(",") {
				return l.stray("formdef.expr.args", name)
			}
			n.args = append(n.args, l.or())
			if l.err != nil {
				return &node{}
			}
		}
		return l.node(n)
	}
	_, size := utf8.DecodeRuneInString(l.s[l.i:])
	return l.fail("formdef.expr.char", l.s[l.i:l.i+size])
}

// print writes a resolved formula with every reference as ref writes it.
func (n *node) print(b *strings.Builder, ref func(n *node) string) {
	args := func(sep string) {
		for i, a := range n.args {
			if i > 0 {
				b.WriteString(sep)
			}
			a.print(b, ref)
		}
	}
	switch n.op {
	case opNum:
		b.WriteString(n.num.String())
	case opStr:
		q := "'"
		if strings.Contains(n.str, q) {
			q = `"`
		}
		b.WriteString(q + n.str + q)
	case opBool:
		b.WriteString(n.str + "()")
	case opRef, opList, opRepeat, opLast:
		b.WriteString(ref(n))
	case opNeg:
		b.WriteString("-(")
		args("")
		b.WriteByte(')')
	case opCall:
		b.WriteString(n.str + "(")
		args(", ")
		b.WriteByte(')')
	case opSub:
		if n.args[0].kind == kDate {
			b.WriteString("days(")
			args(", ")
			b.WriteByte(')')
			return
		}
		fallthrough
	default:
		b.WriteByte('(')
		args(signs[n.op])
		b.WriteByte(')')
	}
}

var signs = map[op]string{opOr: " or ", opAnd: " and ", opEq: " = ", opNe: " != ", opLt: " < ", opLe: " <= ", opGt: " > ", opGe: " >= ",
	opAdd: " + ", opSub: " - ", opMul: " * ", opDiv: " div "}
