package formdef

import (
	"strings"

	"chungtay/internal/errs"
)

// Live is what the browser needs to work out and hide cells while they are typed. Formulas are written with full addresses, so that the
// page needs no notion of scope: ${a}, ${t/r/c}, lists as ${t/r1/c,t/r2/c}, ${p[*]/q} for a field in all entries and ${p[.]/q} in the
// same entry. The page is right without it: what the browser shows is worked out again here when it is sent.
type Live struct {
	Calculate string
	Decimals  int
	Relevant  string
	Tests     []LiveTest
}

// LiveTest is a condition with what to say when it is false.
type LiveTest struct {
	Test    string
	Level   Level
	Message errs.Message
}

// Live returns the formulas of a cell. The address of a field of a repeat is that of an entry.
func (f *Form) Live(addr string) Live {
	c, _ := f.locate(addr)
	if c == nil {
		return Live{}
	}
	out := Live{Decimals: c.field.Decimals}
	if c.calculate != nil {
		out.Calculate = f.print(c.calculate)
	}
	var rel []string
	for _, n := range c.relevant {
		rel = append(rel, f.print(n))
	}
	out.Relevant = strings.Join(rel, " and ")
	for _, t := range c.tests {
		out.Tests = append(out.Tests, LiveTest{f.print(t.node), t.level, own(t.message)})
	}
	for _, b := range f.Breakdowns {
		if b.of != c.index || b.Type == Multiple || c.repeat >= 0 {
			continue
		}
		parts := b.parts
		if b.residual >= 0 {
			parts = append(append([]int{}, parts...), b.residual)
		}
		op, key := " = ", "formdef.value.parts_live"
		if b.Type == Open {
			op, key = " >= ", "formdef.value.parts_over_live"
		}
		label := b.Label
		if label.IsZero() {
			label = Text{VI: b.Name, EN: b.Name}
		}
		out.Tests = append(out.Tests, LiveTest{"(${" + c.addr + "}" + op + "sum(" + f.printList(parts) + "))", b.Level,
			errs.Message{Key: key, Args: []any{c.label(), label}}})
	}
	return out
}

func (f *Form) print(n *node) string {
	var b strings.Builder
	n.print(&b, f.printRef)
	return b.String()
}

func (f *Form) printRef(n *node) string {
	c := f.cells[max(0, n.cell)]
	switch {
	case n.op == opList:
		return f.printList(n.cells)
	case n.op == opLast:
		return "last(${" + c.addr + "})"
	case n.local:
		return "${" + f.cells[c.repeat].addr + "[.]/" + c.field.Name + "}"
	}
	return "${" + c.addr + "}"
}

func (f *Form) printList(cells []int) string {
	var all []string
	for _, i := range cells {
		c := f.cells[i]
		if c.repeat >= 0 {
			all = append(all, f.cells[c.repeat].addr+"[*]/"+c.field.Name)
		} else {
			all = append(all, c.addr)
		}
	}
	return "${" + strings.Join(all, ",") + "}"
}
