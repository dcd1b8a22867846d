package docparse

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

// wrapped breaks lines at blanks, as mail and old editors do; lines of tables stay.
func wrapped(s string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		line = strings.TrimSuffix(line, "\n")
		if strings.Contains(line, "|") || utf8.RuneCountInString(line) <= width {
			b.WriteString(line + "\n")
			continue
		}
		n := 0
		for i, w := range strings.Fields(line) {
			l := utf8.RuneCountInString(w)
			switch {
			case i == 0:
			case n+1+l > width:
				b.WriteByte('\n')
				n = 0
			default:
				b.WriteByte(' ')
				n++
			}
			b.WriteString(w)
			n += l
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// lost takes the marks from every nth word.
func lost(s string, n int) string {
	words := strings.Split(s, " ")
	for i := range words {
		if i%n == n/2 && !strings.ContainsAny(words[i], "0123456789\n/") {
			words[i] = strings.NewReplacer("đ", "d", "Đ", "D").Replace(strings.Map(func(r rune) rune {
				if r >= 0x300 && r <= 0x36F {
					return -1
				}
				return r
			}, norm.NFD.String(words[i])))
		}
	}
	return strings.Join(words, " ")
}

// bareText takes all marks away.
func bareText(s string) string {
	return strings.NewReplacer("đ", "d", "Đ", "D").Replace(strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36F {
			return -1
		}
		return r
	}, norm.NFD.String(s)))
}

// A text typed without any marks is read nearly as well, its values given as typed, and a doubt says so. Of the documents
// held out, which words.txt does not know, the mean F1 of all fields is asked for.
func TestUnmarkedText(t *testing.T) {
	names, _ := filepath.Glob(filepath.Join("testdata", "heldout", "*.txt"))
	tally := map[string]*score{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text, gold, _ := strings.Cut(bareText(string(b)), goldMark)
		d := Read(text, Options{})
		if !slices.ContainsFunc(d.Doubts, func(x Doubt) bool { return x.Kind == "no-marks" }) {
			t.Errorf("%s: no doubt about the lacking marks", name)
		}
		raw, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		compareDocuments(t, filepath.Base(name), decode(t, []byte(gold)), decode(t, raw), func(field string) *score {
			if tally[field] == nil {
				tally[field] = &score{}
			}
			return tally[field]
		})
	}
	sum := 0.0
	for field, s := range tally {
		t.Logf("%-18s %.3f", field, s.f1())
		sum += s.f1()
	}
	if mean := sum / float64(len(tally)); mean < 0.93 {
		t.Errorf("mean F1 %.4f, want at least 0.93", mean)
	} else {
		t.Logf("mean F1 %.4f", mean)
	}
}

// The written documents are read nearly as well when a copy did to them what copies do.
func TestDamagedCopies(t *testing.T) {
	damage := map[string]struct {
		do    func(string) string
		least float64 // of the mean of the F1 of all fields
	}{
		"as they are":         {func(s string) string { return s }, 0.99},
		"marks detached":      {norm.NFD.String, 0.99},
		"line ends of DOS":    {func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, 0.99},
		"wrapped at 70":       {func(s string) string { return wrapped(s, 70) }, 0.985},
		"wrapped at 90":       {func(s string) string { return wrapped(s, 90) }, 0.985},
		"empty lines between": {func(s string) string { return strings.ReplaceAll(s, "\n", "\n\n") }, 0.985},
		"hard blanks":         {func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }, 0.99},
		"straight quotes":     {func(s string) string { return strings.NewReplacer("“", `"`, "”", `"`).Replace(s) }, 0.99},
		"long dashes":         {func(s string) string { return strings.ReplaceAll(s, "- ", "– ") }, 0.985},
		"paragraph tags":      {func(s string) string { return "<p>" + strings.ReplaceAll(s, "\n", "</p>\n<p>") + "</p>" }, 0.98},
		"marks lost, 1 %":     {func(s string) string { return lost(s, 100) }, 0.98},
		"marks lost, 10 %":    {func(s string) string { return lost(s, 10) }, 0.90},
	}
	names, _ := filepath.Glob(filepath.Join("testdata", "*", "*.txt"))
	for _, what := range slices.Sorted(maps.Keys(damage)) {
		t.Run(what, func(t *testing.T) {
			tally := map[string]*score{}
			for _, name := range names {
				b, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				text, gold, _ := strings.Cut(string(b), goldMark)
				raw, err := json.Marshal(Read(damage[what].do(text), Options{Register: AntiTrafficking()}))
				if err != nil {
					t.Fatal(err)
				}
				compareDocuments(t, filepath.Base(name), decode(t, []byte(gold)), decode(t, raw), func(field string) *score {
					if tally[field] == nil {
						tally[field] = &score{}
					}
					return tally[field]
				})
			}
			sum := 0.0
			for _, s := range tally {
				sum += s.f1()
			}
			mean := sum / float64(len(tally))
			t.Logf("mean F1 %.4f", mean)
			if mean < damage[what].least {
				t.Errorf("mean F1 %.4f, want at least %.3f", mean, damage[what].least)
			}
		})
	}
}

// What is printed of an unmarked text is what was typed, paragraph for paragraph, though the grammar read it with marks.
func TestPrintedAsTyped(t *testing.T) {
	names, _ := filepath.Glob(filepath.Join("testdata", "heldout", "*.txt"))
	if len(names) == 0 {
		t.Fatal("testdata/heldout is empty")
	}
	changed := 0
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text, _, _ := strings.Cut(string(b), goldMark)
		strip := func(s string) string { return bare(strings.ReplaceAll(s, "Đ", "D")) }
		d := Read(strip(text), Options{})
		var typed, shown []string
		for _, q := range d.Paragraphs {
			typed = append(typed, strings.Fields(strip(d.Text[q.Span.Start:q.Span.End]))...)
			shown = append(shown, strings.Fields(d.Printed(q.Span))...)
			if d.Printed(q.Span) != oneLine(d.Text[q.Span.Start:q.Span.End]) {
				changed++
			}
		}
		if x := cmp.Diff(typed, shown); x != "" {
			t.Errorf("%s (- typed, + shown):\n%s", filepath.Base(name), x)
		}
	}
	if changed < len(names) {
		t.Errorf("only %d paragraphs had marks put back", changed)
	}
}
