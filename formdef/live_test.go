package formdef

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"chungtay/internal/civil"
)

var update = flag.Bool("update", false, "renew testdata/vectors.json")

// vector is one formula with what it is worth; the browser's evaluator (web/src/form.js) runs the same file.
type vector struct {
	Expr   string          `json:"expr"`
	Live   string          `json:"live"`           // the formula as pages carry it
	Values json.RawMessage `json:"values"`         // canonical values
	Last   json.RawMessage `json:"last,omitempty"` // of the last period
	Today  string          `json:"today,omitempty"`
	Want   string          `json:"want"` // missing, none, a fraction n/d, 'text', true, false, unknown
}

// shown writes what a formula is worth.
func shown(v val, k kind) string {
	switch {
	case k == kBool:
		return [...]string{"unknown", "false", "true"}[v.b]
	case v.st == Missing:
		return "missing"
	case v.st == None:
		return "none"
	case k == kNum:
		return v.r.toBig().RatString()
	}
	return "'" + v.s + "'"
}

func TestVectors(t *testing.T) {
	const file = "testdata/vectors.json"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	f := read(t, "vectors_form.json")
	for i := range all {
		v := &all[i]
		e, bad := parseExpr(v.Expr)
		if bad != nil {
			t.Fatalf("%s: %v", v.Expr, bad)
		}
		sc := scope{p: &parser{f: f}}
		n, bad := sc.resolve(e.root)
		if bad != nil {
			t.Fatalf("%s: %v", v.Expr, bad)
		}
		var in, last Values
		if err := in.UnmarshalJSON(v.Values); err != nil {
			t.Fatal(err)
		}
		if v.Last != nil {
			if err := last.UnmarshalJSON(v.Last); err != nil {
				t.Fatal(err)
			}
		}
		ctx := Context{Last: last}
		if v.Today != "" {
			ctx.Today = civil.MustParse(v.Today)
		}
		in, findings := f.clean(in, false)
		if len(findings) > 0 {
			t.Fatalf("%s: %v", v.Expr, findings)
		}
		live, got := f.print(n), shown(f.run(in, ctx).eval(n), n.kind)
		if *update {
			v.Live, v.Want = live, got
			continue
		}
		if live != v.Live || got != v.Want {
			t.Errorf("%s on %s: %s as %s, want %s as %s", v.Expr, v.Values, got, live, v.Want, v.Live)
		}
	}
	if *update {
		var out strings.Builder
		out.WriteString("[\n")
		for i, v := range all {
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			s := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
			out.WriteString(s)
			if i < len(all)-1 {
				out.WriteString(",")
			}
			out.WriteString("\n")
		}
		out.WriteString("]\n")
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The browser's evaluator agrees with this one, formula by formula.
func TestVectorsInTheBrowsersLanguage(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("SKIPPED: node is not installed; the browser's evaluator was not compared (make deps installs it)")
	}
	drawn, err := json.Marshal(draw(t, 3000))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "drawn.json")
	if err := os.WriteFile(file, drawn, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"testdata/vectors.json", file} {
		out, err := exec.Command(node, "../web/src/form_test.mjs", f).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		t.Logf("%s", out)
	}
}

// draw makes formulas of every operation, nested at random, each on values of every state.
func draw(t *testing.T, count int) []vector {
	f := read(t, "vectors_form.json")
	rnd := rand.New(rand.NewPCG(7, 30))
	pick := func(s ...string) string { return s[rnd.IntN(len(s))] }
	var number, test func(depth int) string
	number = func(depth int) string {
		if depth == 0 {
			return pick("${a}", "${b}", "${t/r1/k}", "${t/tong/k}", "0", "3", "0.25", "last(${a})", "count(${p})", "sum(${t/*/k})", "max(${p/q})", "string-length(${n})", "${d} - ${e}")
		}
		x, y := number(depth-1), number(depth-1)
		return pick("("+x+" + "+y+")", "("+x+" - "+y+")", "("+x+" * "+y+")", "("+x+" div "+y+")", "-"+x, "abs("+x+")", "round("+x+", 2)", "sum("+x+", "+y+")",
			"min("+x+", "+y+", 1)", "coalesce("+x+", "+y+")", "if("+test(depth-1)+", "+x+", "+y+")", "count-non-empty(${p/q})")
	}
	test = func(depth int) string {
		if depth == 0 {
			return pick("${a} > 1", "${c} = 'x'", "selected(${m}, 'y')", "answered(${b})", "is-none(${a})", "${d} <= ${e}", "answered(${p})", "${b} = last('b')", "true()")
		}
		return pick("("+test(depth-1)+" and "+test(depth-1)+")", "("+test(depth-1)+" or "+test(depth-1)+")", "not("+test(depth-1)+")", number(depth-1)+pick(" = ", " != ", " < ", " <= ", " > ", " >= ")+number(depth-1))
	}
	figure := func() Value {
		switch rnd.IntN(5) {
		case 0:
			return Value{}
		case 1:
			return NoneValue()
		case 2:
			return IntValue(int64(rnd.IntN(4)) - 1)
		}
		return Figure(trimmed(rnd.Int64N(2_000_000)-1_000_000, uint8(rnd.IntN(3))))
	}
	var out []vector
	for len(out) < count {
		e, bad := parseExpr(pick(number(rnd.IntN(4)), test(rnd.IntN(4))))
		if bad != nil {
			continue // too many operations
		}
		n, bad := (&scope{p: &parser{f: f}}).resolve(e.root)
		if bad != nil {
			continue // a division by the number 0
		}
		v, last := Values{}, Values{}
		for _, a := range []string{"a", "b"} {
			v[a], last[a] = figure(), figure()
		}
		for _, a := range []string{"t/r1/k", "t/r2/k", "p[1]/q", "p[2]/q"} {
			if x := figure(); x.State != Given {
				v[a] = x
			} else {
				v[a] = IntValue(abs(x.Num.Int64()))
			}
		}
		for a, x := range map[string]string{"c": pick("", "x", "y"), "m": pick("", "x", "y", "x y"), "d": pick("", "2026-07-30", "2025-12-31"), "e": pick("", "2026-07-30", "2026-02-28"), "n": pick("", "Ngày 30/7")} {
			v[a] = TextValue(x)
		}
		if rnd.IntN(3) == 0 {
			v["p"] = NoneValue()
		}
		r := f.Evaluate(v, Context{Last: last})
		in := r.Values
		out = append(out, vector{Expr: e.Text, Live: f.print(n), Values: in.Canonical(), Last: last.Canonical(), Want: shown(f.run(in, Context{Last: last}).eval(n), n.kind)})
	}
	return out
}

func abs(n int64) int64 { return max(n, -n) }
