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
}

type sum struct {
	how      Aggregation
	decimals uint8
	count    Count
	sum      rat // over pow10[decimals]
	last     Value
	num, den int // figures of a ratio, -1
	nums     rat
	dens     rat
	pairs    int
}

// NewTotal begins a consolidation.
func (f *Form) NewTotal(dir Direction) *Total {
	t := &Total{form: f, dir: dir, sums: make([]sum, len(f.figures))}
	for i, c := range f.figures {
		s := sum{how: c.field.Aggregate, decimals: uint8(c.field.Decimals), num: -1, den: -1, nums: rat{d: 1}, dens: rat{d: 1}}
		if dir == OverTime {
			s.how = c.field.OverTime
		}
		s.sum = rat{d: pow10[s.decimals]}
		if s.how == Ratio {
			s.num, s.den = f.figureOf(c.num), f.figureOf(c.den)
		}
		t.sums[i] = s
	}
	return t
}

func (f *Form) figureOf(n *node) int {
	if n == nil || n.op != opRef {
		return -1
	}
	return f.cells[n.cell].figure
}

// Add takes in one report.
func (t *Total) Add(v Values) {
	row := make([]Value, len(t.sums))
	var hidden []bool
	if t.form.gated {
		hidden = t.form.run(known(t.form, v), Context{}).hidden
	}
	for i, c := range t.form.figures {
		row[i] = v[c.addr]
		if hidden != nil && hidden[c.index] {
			row[i] = Value{State: notAsked}
		}
	}
	t.add(row)
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

func (t *Total) add(row []Value) {
	t.reports++
	for i := range t.sums {
		s, v := &t.sums[i], &row[i]
		switch v.State {
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
		}
		switch s.how {
		case Sum:
			if v.State == Given {
				s.take(v.Num)
			}
		case Latest:
			s.last = *v
		case Ratio:
			s.pair(row)
		}
	}
	for i := range t.sums { // a rate whose own cell is missing still has its pair
		if s := &t.sums[i]; s.how == Ratio && !row[i].Answered() {
			s.pair(row)
		}
	}
}

func (s *sum) take(n Number) {
	if n.scale <= s.decimals {
		if c, ok := mul64(n.coef, pow10[s.decimals-n.scale]); ok {
			s.sum = s.sum.add(rat{n: c, d: pow10[s.decimals]})
			return
		}
	}
	s.sum = s.sum.add(n.rat())
}

func (s *sum) pair(row []Value) {
	if s.num < 0 || s.den < 0 {
		return
	}
	n, d := &row[s.num], &row[s.den]
	if (n.State == Given || n.State == None) && (d.State == Given || d.State == None) {
		s.nums, s.dens = s.nums.add(num(of(*n, kNum))), s.dens.add(num(of(*d, kNum)))
		s.pairs++
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
		s.sum, s.nums, s.dens = s.sum.add(x.sum), s.nums.add(x.nums), s.dens.add(x.dens)
		s.pairs += x.pairs
		if x.last.Answered() {
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
				set(s.sum)
			} else if s.count.None > 0 {
				out[c.addr] = NoneValue()
			}
		case Latest:
			if s.last.Answered() {
				out[c.addr] = s.last
			}
		case Ratio:
			if s.pairs > 0 && s.dens.sign() != 0 {
				set(c.field.Ratio.Per.rat().mul(s.nums).div(s.dens))
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
	row := make([]Value, len(t.sums))
	if err := unpack(b, row); err != nil {
		return err
	}
	t.add(row)
	return nil
}

// Unpack reads what Pack wrote.
func (f *Form) Unpack(b []byte) (Values, error) {
	row := make([]Value, len(f.figures))
	if err := unpack(b, row); err != nil {
		return nil, err
	}
	out := Values{}
	for i, c := range f.figures {
		if row[i].State == Given || row[i].State == None {
			out[c.addr] = row[i]
		}
	}
	return out, nil
}

func unpack(b []byte, row []Value) error {
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
			row[i].State = State(tag)
		case tag >= packGiven && tag <= packGiven+maxDecimals:
			c, k := binary.Varint(b)
			if k <= 0 || c > maxCoef || c < -maxCoef {
				return errPack
			}
			b = b[k:]
			row[i] = Figure(trimmed(c, tag-packGiven))
		default:
			return errPack
		}
	}
	if len(b) > 0 {
		return errPack
	}
	return nil
}
