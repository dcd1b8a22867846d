package docparse

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// floor is the least F1 a field may have on the shared corpus.
var floor = map[string]float64{
	"doc_type": 0.97, "issuer": 0.95, "number": 0.97, "issued_on": 0.95, "place": 0.95, "subject": 0.95, "signer": 0.95,
	"signer_title": 0.95, "period": 0.95, "cited_documents": 0.97, "addressees": 0.95, "recipients": 0.95, "tasks": 0.92,
	"report_deadlines": 0.95, "hotlines": 0.95, "slogans": 0.95, "report_figures": 0.92, "assignees": 0.92, "citation dates": 0.95,
}

// TestCorpus scores the reader on the shared annotated documents by the rules their README gives.
func TestCorpus(t *testing.T) {
	root := os.Getenv("CHUNGTAY_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	dir := filepath.Join(root, "corpus")
	golds, _ := filepath.Glob(filepath.Join(dir, "gold", "*.json"))
	if len(golds) == 0 {
		t.Skipf("no annotated documents under %s: set CHUNGTAY_SHARED to the folder that holds corpus/", root)
	}
	tally := map[string]*score{}
	at := func(field string) *score {
		if tally[field] == nil {
			tally[field] = &score{}
		}
		return tally[field]
	}
	for _, g := range golds {
		name := strings.TrimSuffix(filepath.Base(g), ".json")
		want := decode(t, mustRead(t, g))
		text := string(mustRead(t, filepath.Join(dir, "docs", name+".txt")))
		if strings.HasPrefix(text, "# source:") {
			text = strings.SplitN(text, "\n", 3)[2]
		}
		raw, err := json.Marshal(Read(text, Options{Register: AntiTrafficking()}))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		compareDocuments(t, name, want, decode(t, raw), at)
	}
	checkScores(t, tally, floor)
}

type score struct{ gold, read, found, right int }

func (s score) f1() float64 {
	p, r := 1.0, 1.0
	if s.read > 0 {
		p = float64(s.right) / float64(s.read)
	} else if s.gold > 0 {
		p = 0
	}
	if s.gold > 0 {
		r = float64(s.found) / float64(s.gold)
	}
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func compareDocuments(t *testing.T, name string, want, got map[string]any, at func(string) *score) {
	same := func(a, b any) bool { return sameText(str(a), str(b)) }
	equal := func(a, b any) bool { return str(a) == str(b) }
	scalars := map[string]func(a, b any) bool{
		"doc_type": equal, "issuer": same, "issued_on": equal, "place": same, "subject": same, "signer": same, "signer_title": same,
		"number": func(a, b any) bool { return sameSymbol(str(a), str(b)) },
		"period": func(a, b any) bool { return equal(key(a, "from"), key(b, "from")) && equal(key(a, "to"), key(b, "to")) },
	}
	for field, ok := range scalars {
		s, g, p := at(field), want[field], got[field]
		if g != nil {
			s.gold++
		}
		if p != nil {
			s.read++
		}
		if g != nil && p != nil && ok(g, p) {
			s.found++
			s.right++
		} else if g != nil || p != nil {
			t.Logf("%s %s: gold %v, read %v", name, field, g, p)
		}
	}
	lists := map[string]func(g, p any) bool{
		"cited_documents": func(g, p any) bool { return sameSymbol(str(key(g, "number")), str(key(p, "number"))) },
		"addressees":      same, "recipients": same, "slogans": same,
		"tasks": func(g, p any) bool {
			head := []rune(foldText(str(key(g, "text_start"))))
			return len(head) > 0 && strings.Contains(foldText(str(key(p, "text"))), strings.TrimSpace(string(head[:min(len(head), 40)])))
		},
		"report_deadlines": func(g, p any) bool { return equal(key(g, "date"), key(p, "date")) },
		"hotlines":         func(g, p any) bool { return onlyDigits(str(g)) == onlyDigits(str(p)) },
		"report_figures": func(g, p any) bool {
			a, _ := key(g, "value").(float64)
			b, _ := key(p, "value").(float64)
			return math.Abs(a-b) < 1e-6
		},
	}
	for field, ok := range lists {
		gs, _ := want[field].([]any)
		ps, _ := got[field].([]any)
		s := at(field)
		s.gold += len(gs)
		s.read += len(ps)
		used := map[int]bool{}
		for _, g := range gs {
			hit := -1
			for i, p := range ps {
				if (field == "tasks" || !used[i]) && ok(g, p) {
					hit = i
					break
				}
			}
			if hit < 0 {
				t.Logf("%s %s missed: %v", name, field, g)
				continue
			}
			used[hit] = true
			s.found++
			pair := func(extra, k string, same func(a, b any) bool) {
				if key(g, k) == nil {
					return
				}
				x := at(extra)
				x.gold++
				x.read++
				if same(key(g, k), key(ps[hit], k)) {
					x.found++
					x.right++
				} else {
					t.Logf("%s %s: gold %v, read %v, of %v", name, extra, key(g, k), key(ps[hit], k), g)
				}
			}
			switch field {
			case "tasks":
				pair("assignees", "assignee", same)
			case "cited_documents":
				pair("citation dates", "date", equal)
			}
		}
		for i, p := range ps {
			if !used[i] {
				t.Logf("%s %s invented: %v", name, field, p)
			}
		}
		s.right += len(used)
	}
}

func mustRead(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decode(t *testing.T, b []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

func key(v any, k string) any {
	m, _ := v.(map[string]any)
	return m[k]
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// foldText, sameText and sameSymbol are the comparisons of the corpus README.
func foldText(s string) string {
	s = strings.NewReplacer("\u2044", "/", "–", "-", "“", `"`, "”", `"`, "*", "", "_", "", "`", "").Replace(strings.ToLower(s))
	return strings.Trim(strings.Join(strings.Fields(s), " "), " .;,:\"'")
}

func sameSymbol(a, b string) bool {
	f := strings.NewReplacer(" /", "/", "/ ", "/", " -", "-", "- ", "-")
	return f.Replace(foldText(a)) == f.Replace(foldText(b))
}

func sameText(a, b string) bool {
	a, b = foldText(a), foldText(b)
	if a == "" || b == "" {
		return false
	}
	if a == b {
		return true
	}
	la, lb := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	if (strings.Contains(a, b) || strings.Contains(b, a)) && float64(min(la, lb)) >= 0.6*float64(max(la, lb)) {
		return true
	}
	return 2*float64(matching([]rune(a), []rune(b)))/float64(la+lb) >= 0.9
}

// matching counts the characters in common by the longest common part, then left and right of it.
func matching(a, b []rune) int {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	bi, bj, best := 0, 0, 0
	row := make([]int, len(b)+1)
	for i := range a {
		prev := 0
		for j := range b {
			cur := row[j+1]
			if a[i] == b[j] {
				row[j+1] = prev + 1
				if row[j+1] > best {
					best, bi, bj = row[j+1], i-prev, j-prev
				}
			} else {
				row[j+1] = 0
			}
			prev = cur
		}
	}
	if best == 0 {
		return 0
	}
	return best + matching(a[:bi], b[:bj]) + matching(a[bi+best:], b[bj+best:])
}
