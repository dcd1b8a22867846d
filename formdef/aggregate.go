package formdef

import (
	"encoding/binary"
	"errors"
)

// Count says how many reports stand behind a consolidated figure. NotAsked are reports whose form did not ask for it (its relevant did
// not hold).
type Count struct{ Given, None, Missing, NotAsked int }

// Coverage says what a consolidation rests on.
type Coverage struct {
	Reports int
	Cells   map[string]Count // by address of the figure
	TooBig  []string         // figures whose sum has more digits than a figure may have; they are left out
}

// Direction says over what figures are consolidated: units of one period or periods of one unit. A stock is added over units and is the
// last one over periods.
type Direction bool

// The directions.
const (
	OverUnits Direction = false
	OverTime  Direction = true
)

// Aggregate makes one report of many, figure by figure, as the form declares: sums, the latest (the last report that answered, in the
// order given), rates from the sums of their numerators and denominators over the reports that have both. What is missing is counted in
// the coverage and never as zero; a figure that nobody gave and somebody answered with "không phát sinh" is None. Values come as
// Evaluate returned them.
func (f *Form) Aggregate(reports []Values) (Values, Coverage) {
	t := f.NewTotal(OverUnits)
	for _, v := range reports {
		t.Add(v)
	}
	return t.Result()
}

// Total adds up reports one by one. Two totals of disjoint sets of reports can be merged; a total takes part in one goroutine.
type Total struct {
	form    *Form
	dir     Direction
	reports int
	sums    []sum
	rates   []int // the figures that are rates
	row     []figure
}

// figure is the content of a figure cell without its text.
type figure struct {
	num   Number
	state State
}

type sum struct {
	how      Aggregation
	count    Count
	sum      adder
	last     figure
	num, den int // figures of a ratio, -1
	nums     adder
	dens     adder
	pairs    int
}

// adder is an exact sum of decimals: one 64-bit number as long as it fits.
type adder struct {
	n    int64 // over pow10[scale]
	rest rat   // what did not fit
	pow  [maxDecimals + 1]int64
}

func newAdder(decimals int) adder {
	a := adder{rest: rat{d: 1}}
	for s := range decimals + 1 {
		a.pow[s] = pow10[decimals-s]
	}
	return a
}

func (a *adder) add(n Number) {
	if p := a.pow[n.scale]; p != 0 {
		if p == 1 || n.coef < 1<<40 && n.coef > -(1<<40) {
			if x, ok := add64(a.n, n.coef*p); ok {
				a.n = x
				return
			}
		}
	}
	a.rest = a.rest.add(n.rat())
}

func (a *adder) rat() rat { return rat{n: a.n, d: a.pow[0]}.add(a.rest) }

func (a *adder) merge(b adder) { a.rest = a.rest.add(b.rat()) }

// NewTotal begins a consolidation.
func (f *Form) NewTotal(dir Direction) *Total {
	t := &Total{form: f, dir: dir, sums: make([]sum, len(f.figures)), row: make([]figure, len(f.figures))}
	for i, c := range f.figures {
		s := sum{how: c.field.Aggregate, sum: newAdder(c.field.Decimals), num: -1, den: -1}
		if dir == OverTime {
			s.how = c.field.OverTime
		}
		if s.how == Ratio {
			s.num, s.den = f.cells[c.num.cell].figure, f.cells[c.den.cell].figure
			s.nums, s.dens = newAdder(f.figures[s.num].field.Decimals), newAdder(f.figures[s.den].field.Decimals)
			t.rates = append(t.rates, i)
		}
		t.sums[i] = s
	}
	return t
}

// Add takes in one report.
func (t *Total) Add(v Values) {
	var hidden []bool
	if t.form.gated {
		hidden = t.form.run(known(t.form, v), Context{}).hidden
	}
	for i, c := range t.form.figures {
		x := v[c.addr]
		if t.row[i] = (figure{x.Num, x.State}); x.State != Given {
			t.row[i].num = Number{}
		}
		if hidden != nil && hidden[c.index] {
			t.row[i] = figure{state: notAsked}
		}
	}
	t.add()
}

func known(f *Form, v Values) Values {
	out := make(Values, len(v))
	for a, x := range v {
		if c, _ := f.locate(a); c != nil {
			out[a] = x
		}
	}
	return out
}

// notAsked is how a row of figures marks a cell that was hidden.
const notAsked State = 3

func (t *Total) add() {
	t.reports++
	for i := range t.sums {
		s, v := &t.sums[i], &t.row[i]
		switch v.state {
		case Missing:
			s.count.Missing++
			continue
		case notAsked:
			s.count.NotAsked++
			continue
		case None:
			s.count.None++
		default:
			s.count.Given++
			if s.how == Sum {
				s.sum.add(v.num)
			}
		}
		if s.how == Latest {
			s.last = *v
		}
	}
	for _, i := range t.rates {
		s := &t.sums[i]
		n, d := t.row[s.num], t.row[s.den]
		if t.row[i].state != notAsked && (n.state == Given || n.state == None) && (d.state == Given || d.state == None) {
			s.nums.add(n.num) // the number of None is 0
			s.dens.add(d.num)
			s.pairs++
		}
	}
}

// Merge takes in another total of the same form and direction; its reports count as later ones.
func (t *Total) Merge(o *Total) {
	t.reports += o.reports
	for i := range t.sums {
		s, x := &t.sums[i], &o.sums[i]
		s.count.Given += x.count.Given
		s.count.None += x.count.None
		s.count.Missing += x.count.Missing
		s.count.NotAsked += x.count.NotAsked
		s.sum.merge(x.sum)
		if s.how == Ratio {
			s.nums.merge(x.nums)
			s.dens.merge(x.dens)
		}
		s.pairs += x.pairs
		if x.last.state != Missing {
			s.last = x.last
		}
	}
}

// Result is the consolidated report with what it rests on.
func (t *Total) Result() (Values, Coverage) {
	out := make(Values, len(t.sums))
	cov := Coverage{Reports: t.reports, Cells: make(map[string]Count, len(t.sums))}
	for i, c := range t.form.figures {
		s := &t.sums[i]
		cov.Cells[c.addr] = s.count
		set := func(r rat) {
			if n, ok := r.round(c.field.Decimals); ok {
				out[c.addr] = Figure(n)
			} else {
				cov.TooBig = append(cov.TooBig, c.addr)
			}
		}
		switch s.how {
		case Sum:
			if s.count.Given > 0 {
				set(s.sum.rat())
			} else if s.count.None > 0 {
				out[c.addr] = NoneValue()
			}
		case Latest:
			if s.last.state != Missing {
				out[c.addr] = Value{State: s.last.state, Num: s.last.num}
			}
		case Ratio:
			if s.pairs > 0 && s.dens.rat().sign() != 0 {
				set(c.field.Ratio.Per.rat().mul(s.nums.rat()).div(s.dens.rat()))
			}
		}
	}
	return out, cov
}

// Pack writes the figures of an evaluated report as a few bytes, in the order of the form: for keeping beside the report, so that a
// consolidation of eleven thousand reads no text. It is read back by the same version of the form only.
//
// One figure is a byte for its state and scale and, when given, its digits as a variable-length number.
func (f *Form) Pack(r Result) []byte {
	b := make([]byte, 0, 4+3*len(f.figures))
	b = append(b, packVersion)
	b = binary.AppendUvarint(b, uint64(len(f.figures)))
	for _, c := range f.figures {
		v := r.Values[c.addr]
		switch {
		case r.Hidden[c.addr]:
			b = append(b, byte(notAsked))
		case v.State == Given:
			b = append(b, packGiven+v.Num.scale)
			b = binary.AppendVarint(b, v.Num.coef)
		default:
			b = append(b, byte(v.State))
		}
	}
	return b
}

const (
	packVersion = 1
	packGiven   = 8 // plus the scale
)

var errPack = errors.New("packed figures are of another form or damaged")

// AddPacked takes in a report written by Pack.
func (t *Total) AddPacked(b []byte) error {
	if err := unpack(b, t.row); err != nil {
		return err
	}
	t.add()
	return nil
}

// Unpack reads what Pack wrote.
func (f *Form) Unpack(b []byte) (Values, error) {
	row := make([]figure, len(f.figures))
	if err := unpack(b, row); err != nil {
		return nil, err
	}
	out := Values{}
	for i, c := range f.figures {
		if row[i].state == Given || row[i].state == None {
			out[c.addr] = Value{State: row[i].state, Num: row[i].num}
		}
	}
	return out, nil
}

func unpack(b []byte, row []figure) error {
	if len(b) == 0 || b[0] != packVersion {
		return errPack
	}
	n, k := binary.Uvarint(b[1:])
	if k <= 0 || n != uint64(len(row)) {
		return errPack
	}
	b = b[1+k:]
	for i := range row {
		if len(b) == 0 {
			return errPack
		}
		tag := b[0]
		b = b[1:]
		switch {
		case tag <= byte(notAsked) && State(tag) != Given:
			row[i] = figure{state: State(tag)}
		case tag >= packGiven && tag <= packGiven+maxDecimals:
			c, k := binary.Varint(b)
			if k <= 0 || c > maxCoef || c < -maxCoef {
				return errPack
			}
			b = b[k:]
			row[i] = figure{trimmed(c, tag-packGiven), Given}
		default:
			return errPack
		}
	}
	if len(b) > 0 {
		return errPack
	}
	return nil
}
