package formdef

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"chungtay/internal/i18n"
)

// spoil changes one thing somewhere in a definition: a key goes, a value becomes one of another kind, a name is misspelt, a list loses, repeats
// or swaps an element, a formula is cut short.
func spoil(rnd *rand.Rand, v any, depth int) any {
	junk := []any{nil, true, -1.0, 1e30, "", "x y", "${khong_co}", "sum(", strings.Repeat("(", 300), []any{}, map[string]any{}, []any{nil}, "integer", "${a} + ${a}"}
	if depth == 0 || rnd.IntN(12) == 0 {
		return junk[rnd.IntN(len(junk))]
	}
	switch x := v.(type) {
	case map[string]any:
		var keys []string
		for k := range x {
			keys = append(keys, k)
		}
		if len(keys) == 0 {
			return map[string]any{"la": 1.0}
		}
		k := keys[rnd.IntN(len(keys))]
		switch rnd.IntN(8) {
		case 0:
			delete(x, k)
		case 1:
			x[k+"x"] = x[k]
			delete(x, k)
		default:
			x[k] = spoil(rnd, x[k], depth-1)
		}
		return x
	case []any:
		if len(x) == 0 {
			return []any{junk[rnd.IntN(len(junk))]}
		}
		i := rnd.IntN(len(x))
		switch rnd.IntN(8) {
		case 0:
			return append(x[:i:i], x[i+1:]...)
		case 1:
			return append(x, x[i])
		case 2:
			j := rnd.IntN(len(x))
			x[i], x[j] = x[j], x[i]
			return x
		}
		x[i] = spoil(rnd, x[i], depth-1)
		return x
	case string:
		if r := []rune(x); len(r) > 1 {
			i := rnd.IntN(len(r))
			return []string{string(r[:i]), string(r[i:]), x + x, strings.ToUpper(x), string(r[:i]) + "*" + string(r[i:])}[rnd.IntN(5)]
		}
	}
	return junk[rnd.IntN(len(junk))]
}

var stepOf = regexp.MustCompile(`([a-z_0-9A-Z]+)|\[(\d+)\]`)

// leads tells whether a path of a problem leads to a place in a definition; its last step may be what is missing there.
func leads(root any, path string) bool {
	at := root
	steps := stepOf.FindAllStringSubmatch(path, -1)
	for i, s := range steps {
		switch x := at.(type) {
		case map[string]any:
			next, ok := x[s[1]]
			if !ok {
				return i == len(steps)-1
			}
			at = next
		case []any:
			n, err := strconv.Atoi(s[2])
			if err != nil || n < 1 || n > len(x) { // people count from 1
				return false
			}
			at = x[n-1]
		default:
			return i == len(steps)-1
		}
	}
	return true
}

// However a definition is broken, it is read without a panic; each problem says a sentence in both languages, a line of the text and a path
// that leads to the place; what is accepted can be drawn, filled, evaluated and read again.
func TestBrokenDefinitionsAreToldByTheirPlace(t *testing.T) {
	words, err := i18n.Load(Words)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(30, 7))
	refused, accepted := 0, 0
	for _, name := range []string{"ket_qua_30_7", "phong_chong_6_thang", "phong_chong_nam"} {
		whole, err := os.ReadFile("../formbook/forms/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		for range 250 {
			var v any
			if err := json.Unmarshal(whole, &v); err != nil {
				t.Fatal(err)
			}
			for range 1 + rnd.IntN(3) {
				v = spoil(rnd, v, 9)
			}
			text, err := json.MarshalIndent(v, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Count(string(text), "\n") + 1
			tell := func(p Problem) {
				if p.Line < 1 || p.Line > lines || p.Col < 1 {
					t.Errorf("%s: line %d:%d of %d", p.Message.Key, p.Line, p.Col, lines)
				}
				for _, l := range i18n.Langs {
					if s := words.Text(l, p.Message.Key, p.Message.Args...); s == "" || strings.Contains(s, p.Message.Key) {
						t.Errorf("%s has no sentence", p.Message.Key)
					}
				}
				if !leads(v, p.Path) {
					t.Errorf("%s: the path %q leads nowhere", p.Message.Key, p.Path)
				}
			}
			f, err := Parse(text)
			if err != nil {
				refused++
				bad, ok := err.(*ParseError)
				if !ok || len(bad.Problems) == 0 {
					t.Fatalf("refused without a problem: %v", err)
				}
				for _, p := range bad.Problems {
					tell(p)
				}
				continue
			}
			accepted++
			for _, p := range f.Check() {
				tell(p)
			}
			r := f.Evaluate(Values{}, Context{})
			if again, _, err := f.Decode(r.Values.Canonical()); err != nil || len(again) != len(r.Values) {
				t.Errorf("what was worked out is not read back: %v", err)
			}
			_, _ = f.Aggregate([]Values{r.Values})
		}
	}
	if refused < 100 || accepted < 50 {
		t.Errorf("%d refused, %d accepted: the definitions are not broken as they should be", refused, accepted)
	}
}

// A form that no page can send is not published, and says how much too large it is.
func TestAFormLargerThanAPageIsNotPublished(t *testing.T) {
	form := func(tables, rows, columns, entries int) string {
		var b strings.Builder
		b.WriteString(`{"code":"to","title":{"vi":"Biểu lớn","en":"Large"},"sections":[`)
		for s := range tables {
			fmt.Fprintf(&b, `{"name":"s%d","title":{"vi":"Phần","en":"Part"},"fields":[{"name":"b%d","type":"table","label":{"vi":"Bảng","en":"Table"},"columns":[`, s, s)
			for c := range columns {
				fmt.Fprintf(&b, `{"name":"c%d","type":"integer","unit":"nguoi","label":{"vi":"Cột","en":"Column"}},`, c)
			}
			b.WriteString(`],"rows":[`)
			for r := range rows {
				fmt.Fprintf(&b, `{"name":"r%d","label":{"vi":"Dòng","en":"Row"}},`, r)
			}
			b.WriteString(`]}]},`)
		}
		fmt.Fprintf(&b, `{"name":"cuoi","title":{"vi":"Cuối","en":"Last"},"fields":[{"name":"muc","type":"repeat","max_entries":%d,"label":{"vi":"Mục","en":"Entry"},"fields":[{"name":"ten","type":"text","label":{"vi":"Tên","en":"Name"}},{"name":"ngay","type":"date","label":{"vi":"Ngày","en":"Day"}}]}]}]}`, entries)
		return strings.NewReplacer(",]", "]").Replace(b.String())
	}
	for _, c := range []struct {
		tables, rows, columns, entries int
		fits                           bool
	}{{2, 10, 5, 100, true}, {3, 100, 10, 50, true}, {4, 100, 9, 50, false}, {1, 1, 1, 500, true}, {3, 100, 10, 300, false}} {
		f, err := Parse([]byte(form(c.tables, c.rows, c.columns, c.entries)))
		if err != nil {
			t.Fatal(err)
		}
		want := c.tables*(1+c.rows*(c.columns+1)) + 1 + 2 + 4*c.entries
		if f.Inputs() != want {
			t.Errorf("%+v has %d inputs, want %d", c, f.Inputs(), want)
		}
		told := false
		for _, p := range f.Check() {
			told = told || p.Message.Key == "formdef.check.inputs" && p.Level == Hard
		}
		if told == c.fits {
			t.Errorf("%+v with %d inputs: told %v", c, want, told)
		}
	}
}
