package formdef

import (
	"sort"

	"chungtay/internal/errs"
)

// Check says what does not make sense in a form that Parse accepted: bands that overlap, minutes added to times, a rate that would be
// summed, figures without a definition. Hard problems forbid publishing; the others are advice.
func (f *Form) Check() []Problem {
	k := &checker{f: f}
	if n := f.Inputs(); n > MaxInputs {
		k.say(at{path: "sections"}, Hard, "formdef.check.inputs", n, MaxInputs)
	}
	for _, b := range f.Breakdowns {
		k.bands(b)
		k.breakdown(b)
	}
	k.figures()
	for _, c := range f.cells {
		for _, n := range append(append([]*node{c.calculate}, c.relevant...), c.required...) {
			k.units(c.field.at, c, n, n == c.calculate)
		}
		for _, t := range c.tests {
			k.units(c.field.at, c, t.node, false)
		}
	}
	k.wordings()
	sort.SliceStable(k.problems, func(i, j int) bool { return k.problems[i].Line < k.problems[j].Line })
	return k.problems
}

type checker struct {
	f        *Form
	problems []Problem
	said     map[string]bool
}

func (k *checker) say(a at, l Level, key string, args ...any) {
	id := a.path + key
	for _, x := range args {
		switch s := x.(type) {
		case string:
			id += "|" + s
		case int:
			id += "|" + itoa(s)
		}
	}
	if k.said == nil {
		k.said = map[string]bool{}
	}
	if k.said[id] || len(k.problems) >= 200 {
		return
	}
	k.said[id] = true
	k.problems = append(k.problems, k.f.problem(a, l, key, args))
}

// bands looks at the ages (or other counts) the parts of a breakdown are cut by.
func (k *checker) bands(b *Breakdown) {
	type cut struct {
		from, to int
		at       string
	}
	var cuts []cut
	for _, p := range b.Parts {
		if p.Band != nil {
			to := p.Band.To
			if to < 0 {
				to = 1 << 30
			}
			cuts = append(cuts, cut{p.Band.From, to, p.At})
		}
	}
	if len(cuts) < 2 || b.Type == Multiple {
		return
	}
	sort.Slice(cuts, func(i, j int) bool { return cuts[i].from < cuts[j].from })
	for i := 1; i < len(cuts); i++ {
		p, q := cuts[i-1], cuts[i]
		a, z := k.f.cells[k.f.byAddr[p.at]].label(), k.f.cells[k.f.byAddr[q.at]].label()
		switch {
		case q.from <= p.to && (q.from == p.to || q.from == q.to):
			k.say(b.at, Hard, "formdef.check.overlap_at", a, z, q.from)
		case q.from <= p.to:
			k.say(b.at, Hard, "formdef.check.overlap", a, z, q.from, min(p.to, q.to))
		case q.from == p.to+2 && b.Type == Partition:
			k.say(b.at, Hard, "formdef.check.gap_at", a, z, p.to+1)
		case q.from > p.to+1 && b.Type == Partition:
			k.say(b.at, Hard, "formdef.check.gap", a, z, p.to+1, q.from-1)
		}
	}
	if b.Type == Partition && cuts[0].from > 0 {
		k.say(b.at, Warn, "formdef.check.band_start", cuts[0].from)
	}
	if last := cuts[len(cuts)-1]; b.Type == Partition && last.to < 1<<30 {
		k.say(b.at, Warn, "formdef.check.band_end", last.to)
	}
}

func (k *checker) breakdown(b *Breakdown) {
	if b.Type == Partition && b.Residual == "" && !b.Complete {
		k.say(b.at, Warn, "formdef.check.residual", b.Label, b.Name)
	}
	if b.of < 0 {
		if b.Type != Multiple {
			k.say(b.at, Warn, "formdef.check.no_whole", b.Label, b.Name)
		}
		return
	}
	whole := k.f.cells[b.of]
	for _, i := range b.parts {
		if c := k.f.cells[i]; c.unit != whole.unit {
			k.say(b.at, Hard, "formdef.check.part_unit", c.label(), k.f.UnitWord(c.unit), whole.label(), k.f.UnitWord(whole.unit))
		}
	}
}

// UnitWord names a unit of measure: the wording of the form's own units, the catalogue's word of the common ones.
func (f *Form) UnitWord(code string) any {
	for _, u := range f.Units {
		if u.Code == code {
			return u.Label
		}
	}
	if code == "" {
		return errs.Message{Key: "formdef.no_unit"}
	}
	return errs.Message{Key: "formdef.unit." + code}
}

func (k *checker) figures() {
	codes := map[string]string{}
	for _, c := range k.f.figures {
		i, ok := c.indicator()
		switch {
		case !ok:
			k.say(c.field.at, Warn, "formdef.check.no_indicator", c.addr)
		case codes[i.Code] != "":
			k.say(c.field.at, Hard, "formdef.check.same_code", i.Code, codes[i.Code], c.addr)
		default:
			codes[i.Code] = c.addr
			if i.Definition.IsZero() {
				k.say(c.field.at, Warn, "formdef.check.no_definition", i.Code)
			}
		}
		if c.unit == "" {
			k.say(c.field.at, Hard, "formdef.check.no_unit", c.addr)
		}
		if c.unit == "phan_tram" && (c.field.Aggregate == Sum || c.field.OverTime == Sum) {
			k.say(c.field.at, Hard, "formdef.check.sum_of_rates", c.addr)
		}
	}
}

// units infers the unit of measure of a formula and refuses to add or compare different ones. "" is a bare number.
func (k *checker) units(a at, c *cell, n *node, result bool) string {
	if n == nil {
		return ""
	}
	u := k.unitOf(a, n)
	if result && c.typ.Number() && u != "" && u != "*" && c.unit != u && c.field.Ratio == nil {
		k.say(a, Hard, "formdef.check.result_unit", c.addr, k.f.UnitWord(c.unit), k.f.UnitWord(u))
	}
	return u
}

// unitOf returns the unit, "" for a bare number that fits any, "*" for a product whose unit is not tracked.
func (k *checker) unitOf(a at, n *node) string {
	same := func(units ...string) string {
		out := ""
		for _, u := range units {
			switch {
			case u == "" || u == "*":
			case out == "" || out == u:
				out = u
			default:
				k.say(a, Hard, "formdef.check.mixed", k.f.UnitWord(out), k.f.UnitWord(u))
				return "*"
			}
		}
		return out
	}
	var args []string
	for _, x := range n.args {
		args = append(args, k.unitOf(a, x))
	}
	switch n.op {
	case opRef, opLast:
		if n.kind == kNum {
			return k.f.cells[n.cell].unit
		}
	case opList:
		var all []string
		for _, i := range n.cells {
			all = append(all, k.f.cells[i].unit)
		}
		return same(all...)
	case opAdd, opSub, opEq, opNe, opLt, opLe, opGt, opGe:
		u := same(args...)
		if n.kind == kBool {
			return ""
		}
		return u
	case opNeg:
		return args[0]
	case opMul:
		if args[0] == "" || args[1] == "" {
			return first(args...)
		}
		return "*"
	case opDiv:
		if args[1] == "" {
			return args[0]
		}
		return "*"
	case opCall:
		switch n.str {
		case "sum", "min", "max", "coalesce":
			return same(args...)
		case "if":
			return same(args[1:]...)
		case "round", "abs":
			return args[0]
		}
	}
	return ""
}

// wordings looks for what has no English and for parts without questions.
func (k *checker) wordings() {
	missing := func(a at, t Text) {
		if t.VI != "" && t.EN == "" {
			k.say(a, Warn, "formdef.check.english", t.VI)
		}
	}
	missing(at{path: "title"}, k.f.Title)
	for _, s := range k.f.Sections {
		missing(s.at, s.Title)
		if len(s.Fields) == 0 {
			k.say(s.at, Hard, "formdef.check.empty_section", s.Title.VI)
		}
		for _, d := range s.Fields {
			missing(d.at, d.Label)
			for _, c := range append(append([]*Field{}, d.Columns...), d.Fields...) {
				missing(c.at, c.Label)
			}
			for _, r := range d.Rows {
				missing(r.at, r.Label)
			}
			for _, o := range d.Choices {
				missing(d.at, o.Label)
			}
		}
	}
}
