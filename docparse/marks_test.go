package docparse

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "make words.txt anew")

// words.txt counts what stands in testdata/read and nowhere else, so that testdata/heldout judges it fairly.
func TestWordCounts(t *testing.T) {
	single, pairs := map[string]int{}, map[[2]string]int{}
	names, _ := filepath.Glob(filepath.Join("testdata", "read", "*.txt"))
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text, _, _ := strings.Cut(string(b), goldMark)
		n := unglue(normalise(text))
		prev := ""
		low := fold(n.text)
		for _, k := range tokens(nil, n.text, low, &wordTable{}) {
			w := low[k.start:k.end]
			if k.number {
				w = numberToken
			} else if !k.word {
				prev = ""
				continue
			}
			single[w]++
			if prev != "" && k.joined {
				pairs[[2]string{prev, w}]++
			}
			prev = w
		}
	}
	var b strings.Builder
	ws := make([]string, 0, len(single))
	most := map[string]int{}
	for w, n := range single {
		most[bare(w)] = max(most[bare(w)], n)
	}
	for w, n := range single {
		if n > 1 && !(n < 4 && most[bare(w)] > 100*n) { // a slip of the pen in a document that shows damage
			ws = append(ws, w)
		}
	}
	kept := map[string]bool{}
	for _, w := range ws {
		kept[w] = true
	}
	slices.SortFunc(ws, func(a, b string) int {
		if single[a] != single[b] {
			return single[b] - single[a]
		}
		return strings.Compare(a, b)
	})
	for _, w := range ws {
		fmt.Fprintf(&b, "%d %s\n", min(single[w], 9999), w)
	}
	ps := make([][2]string, 0, len(pairs))
	for p, n := range pairs {
		if n > 1 && kept[p[0]] && kept[p[1]] {
			ps = append(ps, p)
		}
	}
	slices.SortFunc(ps, func(a, b [2]string) int {
		if pairs[a] != pairs[b] {
			return pairs[b] - pairs[a]
		}
		return slices.Compare(a[:], b[:])
	})
	for _, p := range ps {
		fmt.Fprintf(&b, "%d %s %s\n", min(pairs[p], 9999), p[0], p[1])
	}
	if *update {
		if err := os.WriteFile("words.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if b.String() != wordCounts {
		t.Error("words.txt is not what testdata/read holds: run the test with -update")
	}
}
