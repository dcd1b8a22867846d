package formdef

import (
	"bytes"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anyNumber draws a figure with all shapes of digits.
func anyNumber(t *rapid.T) Number {
	s := rapid.StringMatching(`-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?`).Draw(t, "number")
	n, err := ParseNumber(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return n
}

// The arithmetic agrees with math/big, also where it leaves 64 bits.
func TestArithmeticIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := rat{n: rapid.Int64().Draw(t, "x"), d: rapid.Int64Range(1, 1<<62).Draw(t, "xd")}, anyNumber(t).rat()
		if x.n == -1<<63 {
			x.n++
		}
		check := func(op string, got rat, want *big.Rat) {
			if got.toBig().Cmp(want) != 0 {
				t.Fatalf("%v %s %v = %v, want %v", x.toBig(), op, y.toBig(), got.toBig(), want)
			}
		}
		check("+", x.add(y), new(big.Rat).Add(x.toBig(), y.toBig()))
		check("-", x.sub(y), new(big.Rat).Sub(x.toBig(), y.toBig()))
		check("*", x.mul(y), new(big.Rat).Mul(x.toBig(), y.toBig()))
		if y.sign() != 0 {
			check("div", x.div(y), new(big.Rat).Quo(x.toBig(), y.toBig()))
		}
		if x.cmp(y) != x.toBig().Cmp(y.toBig()) {
			t.Fatalf("%v cmp %v", x.toBig(), y.toBig())
		}
		d := rapid.IntRange(0, maxDecimals).Draw(t, "decimals")
		if got, ok := x.round(d); ok { // math/big rounds halves away from zero in FloatString
			want := strings.TrimPrefix(x.toBig().FloatString(d), "-")
			if strings.Contains(want, ".") {
				want = strings.TrimRight(strings.TrimRight(want, "0"), ".")
			}
			if strings.TrimPrefix(got.String(), "-") != want {
				t.Fatalf("round(%v, %d) = %s, want %s", x.toBig(), d, got, want)
			}
		}
	})
}

// What is shown can be typed again, and the canonical form is one form.
func TestNumbersAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyNumber(t)
		if m, err := ParseNumber(n.String()); err != nil || m != n {
			t.Fatalf("%s read back as %v, %v", n, m, err)
		}
		if m, dot, ok := ParseFigure(n.In("vi"), maxDecimals); !ok || dot || m != n {
			t.Fatalf("%s, shown as %s, read back as %v", n, n.In("vi"), m)
		}
	})
}

func TestFiguresAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		in       string
		decimals int
		want     string // "dot": refused, a comma was meant; "": refused
	}{
		{"1250", 0, "1250"}, {"1.250", 0, "1250"}, {"1 250", 0, "1250"}, {"1\u00a0250", 0, "1250"}, {"1,250", 0, "1250"}, {"0012", 0, "12"}, {"-3", 0, "-3"},
		{"1.250.000", 2, "1250000"}, {"1.250,5", 2, "1250.5"}, {"58,3", 1, "58.3"}, {"58,30", 1, "58.3"}, {"1,250", 3, "1.25"}, {"1.250", 3, "1250"},
		{"12.5", 1, "dot"}, {"1.25", 2, "dot"}, {"12.5", 0, "dot"}, {"1.2.3", 1, ""}, {"1.2500", 0, "dot"}, {"1..250", 0, ""}, {",5", 1, ""}, {"5,", 1, ""}, {"1 25", 0, ""},
		{"một nghìn", 0, ""}, {"1e3", 0, ""}, {"", 0, ""}, {"--1", 0, ""}, {"١٢", 0, ""}, {"0", 0, "0"}, {"12,5,5", 1, ""},
	} {
		n, dot, ok := ParseFigure(c.in, c.decimals)
		got := ""
		if ok {
			got = n.String()
		} else if dot {
			got = "dot"
		}
		if got != c.want {
			t.Errorf("%q with %d decimals: %q, want %q", c.in, c.decimals, got, c.want)
		}
	}
}

// anyReport draws values for the small form.
func anyReport(f *Form) *rapid.Generator[Values] {
	return rapid.Custom(func(t *rapid.T) Values {
		v := Values{}
		for _, c := range f.Figures() {
			if c.Calculated() {
				continue
			}
			switch rapid.IntRange(0, 3).Draw(t, "state") {
			case 0:
			case 1:
				v[c.Address] = NoneValue()
			default:
				v[c.Address] = IntValue(rapid.Int64Range(0, 1_000_000).Draw(t, c.Address))
			}
		}
		return f.Evaluate(v, Context{}).Values
	})
}

// Consolidating the consolidations of any split is consolidating the whole: two, three or four levels are alike.
func TestAggregateOfASplitIsTheWhole(t *testing.T) {
	f := read(t, "small.json")
	rapid.Check(t, func(t *rapid.T) {
		reports := rapid.SliceOfN(anyReport(f), 0, 12).Draw(t, "reports")
		whole, cov := f.Aggregate(reports)
		cut := rapid.IntRange(0, len(reports)).Draw(t, "cut")
		a, _ := f.Aggregate(reports[:cut])
		b, _ := f.Aggregate(reports[cut:])
		again, _ := f.Aggregate([]Values{a, b})
		for _, c := range f.Figures() {
			if how, _ := c.Aggregation(); how == Sum && again[c.Address] != whole[c.Address] {
				t.Fatalf("%s: of the parts %v, of the whole %v", c.Address, again[c.Address], whole[c.Address])
			}
		}
		ta, tb := f.NewTotal(OverUnits), f.NewTotal(OverUnits)
		for _, v := range reports[:cut] {
			ta.Add(v)
		}
		for _, v := range reports[cut:] {
			tb.Add(v)
		}
		ta.Merge(tb)
		merged, mcov := ta.Result()
		if !bytes.Equal(merged.Canonical(), whole.Canonical()) {
			t.Fatalf("merged %s, whole %s", merged.Canonical(), whole.Canonical())
		}
		for a, c := range cov.Cells {
			if mcov.Cells[a] != c || c.Given+c.None+c.Missing+c.NotAsked != len(reports) {
				t.Fatalf("coverage of %s: %v and %v", a, mcov.Cells[a], c)
			}
		}
		// Missing is never zero: a figure is a value exactly when somebody gave one.
		for _, c := range f.Figures() {
			if how, _ := c.Aggregation(); how == Sum && (whole[c.Address].State == Given) != (cov.Cells[c.Address].Given > 0) {
				t.Fatalf("%s is %v with coverage %v", c.Address, whole[c.Address], cov.Cells[c.Address])
			}
		}
	})
}

// The order of sections and fields, and of the values in the map, changes no value.
func TestEvaluationDoesNotDependOnOrder(t *testing.T) {
	b, err := os.ReadFile("testdata/small.json")
	if err != nil {
		t.Fatal(err)
	}
	f := parse(t, string(b))
	var turned *Form
	{
		g := parse(t, string(b))
		slices.Reverse(g.Sections)
		for _, s := range g.Sections {
			slices.Reverse(s.Fields)
		}
		// Compiled anew in the turned order.
		p := &parser{f: &Form{Code: g.Code, Title: g.Title, Sections: g.Sections, Rules: g.Rules, Jump: g.Jump, byAddr: map[string]int{}, fields: g.fields, raw: g.raw}}
		p.compile()
		if len(p.problems) > 0 {
			t.Fatal(p.problems)
		}
		turned = p.f
	}
	rapid.Check(t, func(t *rapid.T) {
		v := anyReport(f).Draw(t, "report")
		for i := range rapid.IntRange(0, 3).Draw(t, "entries") {
			v[EntryAddress("vb", i+1, "noi_nhan")] = IntValue(int64(i))
		}
		if rapid.Bool().Draw(t, "rally") {
			v["hinh_thuc"] = TextValue("mit_tinh")
			v["ngay_mit_tinh"] = TextValue("2026-07-30")
		}
		a, b := f.Evaluate(v, Context{}), turned.Evaluate(v, Context{})
		if !bytes.Equal(a.Values.Canonical(), b.Values.Canonical()) {
			t.Fatalf("%s\n%s", a.Values.Canonical(), b.Values.Canonical())
		}
		if len(a.Problems) != len(b.Problems) {
			t.Fatalf("%d and %d findings", len(a.Problems), len(b.Problems))
		}
		again := f.Evaluate(a.Values, Context{})
		if !bytes.Equal(again.Values.Canonical(), a.Values.Canonical()) {
			t.Fatalf("evaluated twice: %s\n%s", a.Values.Canonical(), again.Values.Canonical())
		}
	})
}

// The canonical encoding has one form and is read back, in whatever order the values came.
func TestCanonicalIsReadBack(t *testing.T) {
	f := read(t, "small.json")
	rapid.Check(t, func(t *rapid.T) {
		v := anyReport(f).Draw(t, "report")
		v["danh_gia"] = TextValue(rapid.StringMatching("[a-z\"\\\\\n\tỞ ế]{1,20}").Draw(t, "text"))
		b := v.Canonical()
		got := Values{}
		if err := got.UnmarshalJSON(b); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if len(DiffCells(v, got)) != 0 || !bytes.Equal(got.Canonical(), b) {
			t.Fatalf("%s read back as %s", b, got.Canonical())
		}
	})
}

func TestDiffCells(t *testing.T) {
	old := Values{"a": n("1"), "b": NoneValue(), "vb[10]/so": TextValue("x"), "vb[2]/so": TextValue("y"), "z": Value{}}
	got := DiffCells(old, Values{"a": n("0"), "c": n("2"), "vb[2]/so": TextValue("y")})
	same(t, "changes", got, []Change{{"a", n("1"), n("0")}, {"b", NoneValue(), Value{}}, {"c", Value{}, n("2")}, {"vb[10]/so", TextValue("x"), Value{}}})
}

func FuzzParse(f *testing.F) {
	b, _ := os.ReadFile("testdata/small.json")
	f.Add(string(b))
	f.Add(`{"code":"f","title":"F","sections":[{"name":"s","title":"S","fields":[{"name":"a","type":"integer","label":"A","calculate":"${a}"}]}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		form, err := Parse([]byte(s))
		if err != nil {
			p := err.(*ParseError).Problems
			if len(p) == 0 || p[0].Line < 1 || p[0].Col < 1 {
				t.Fatalf("refused without a place: %v", p)
			}
			return
		}
		form.Check()
		r := form.Evaluate(Values{}, Context{})
		form.Pack(r)
		form.Aggregate([]Values{r.Values})
	})
}

func FuzzExpression(f *testing.F) {
	for _, s := range []string{"${a} + 1", "if(${a} > 1 and not(${b} = 2), sum(${a}, 3), last('b'))", "((((", "'x", "-(-1)", "1 < 2 < 3", "round(${a} div 3, 2)", "count-non-empty(${t/*/k})"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := parseExpr(s)
		if (e == nil) == (err == nil) {
			t.Fatal("neither read nor refused")
		}
		if err != nil && (err.at < 0 || err.at > len(s) || err.msg.Key == "") {
			t.Fatalf("refused at %d of %d: %v", err.at, len(s), err.msg)
		}
	})
}

func FuzzDecode(f *testing.F) {
	form := read(f, "small.json")
	f.Add(`{"buoi":1,"vb[1]/so":"x","nn/tong/nam":{"none":true},"ngay_mit_tinh":"2026-07-30"}`)
	f.Add(`{"buoi":1.50,"vb[01]/so":null}`)
	f.Fuzz(func(t *testing.T, s string) {
		v, _, err := form.Decode([]byte(s))
		if err != nil {
			return
		}
		r := form.Evaluate(v, Context{})
		again := form.Evaluate(r.Values, Context{})
		if !bytes.Equal(again.Values.Canonical(), r.Values.Canonical()) {
			t.Fatalf("evaluated twice: %s, %s", r.Values.Canonical(), again.Values.Canonical())
		}
		back, err := form.Unpack(form.Pack(r))
		if err != nil {
			t.Fatal(err)
		}
		for a, x := range back {
			if r.Values[a] != x {
				t.Fatalf("%s packed %v, unpacked %v", a, r.Values[a], x)
			}
		}
	})
}

func FuzzUnpack(f *testing.F) {
	form := read(f, "small.json")
	f.Add(form.Pack(form.Evaluate(Values{"buoi": n("3"), "nguoi": n("12")}, Context{})))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := form.Unpack(b)
		if err == nil {
			form.NewTotal(OverUnits).Add(v)
		}
	})
}

// sixty is a form of 60 figures with some rates, as a campaign has it.
func sixty() string {
	var b strings.Builder
	for i := range 54 {
		fmt.Fprintf(&b, `{"name":"f%d","type":"integer","unit":"buoi","label":"Ô"},`, i)
	}
	for i := range 6 {
		fmt.Fprintf(&b, `{"name":"r%d","type":"decimal","decimals":1,"unit":"phan_tram","label":"Ô","ratio":{"numerator":"f%d","denominator":"f%d"}},`, i, i, i+20)
	}
	return one(strings.TrimSuffix(b.String(), ","))
}

// reports draws 11,000 reports of 60 figures: a tenth missing, a tenth "không phát sinh".
func reports(f *Form, count int) ([]Values, [][]byte) {
	rnd := rand.New(rand.NewPCG(1, 2))
	out, packed := make([]Values, count), make([][]byte, count)
	for i := range out {
		v := Values{}
		for _, c := range f.Figures() {
			if c.Calculated() {
				continue
			}
			switch rnd.IntN(10) {
			case 0:
			case 1:
				v[c.Address] = NoneValue()
			default:
				v[c.Address] = IntValue(rnd.Int64N(5000))
			}
		}
		r := f.Evaluate(v, Context{})
		out[i], packed[i] = r.Values, f.Pack(r)
	}
	return out, packed
}

func TestElevenThousandPackedAreTheSame(t *testing.T) {
	f := parse(t, sixty())
	values, packed := reports(f, 1100)
	want, wantCov := f.Aggregate(values)
	total := f.NewTotal(OverUnits)
	for _, b := range packed {
		if err := total.AddPacked(b); err != nil {
			t.Fatal(err)
		}
	}
	got, cov := total.Result()
	same(t, "packed", got, want)
	same(t, "coverage", cov, wantCov)
}

func BenchmarkAggregate11000(b *testing.B) {
	f := parse(b, sixty())
	values, packed := reports(f, 11_000)
	b.Run("values", func(b *testing.B) {
		for b.Loop() {
			f.Aggregate(values)
		}
	})
	b.Run("packed", func(b *testing.B) {
		size := 0
		for _, p := range packed {
			size += len(p)
		}
		b.ReportMetric(float64(size)/11_000, "B/report")
		for b.Loop() {
			t := f.NewTotal(OverUnits)
			for _, p := range packed {
				if err := t.AddPacked(p); err != nil {
					b.Fatal(err)
				}
			}
			t.Result()
		}
	})
}
