package docparse

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every fact of the written documents names a rule that stands in the source, so that a wrong one is found by searching its name,
// and its place in the original holds what was read.
func TestFactsLeadToTheirRules(t *testing.T) {
	var source strings.Builder
	files, _ := filepath.Glob("*.go")
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(b)
	}
	names, _ := filepath.Glob(filepath.Join("testdata", "*", "*.txt"))
	rules := map[string]bool{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text, _, _ := strings.Cut(string(b), goldMark)
		d := Read(text, Options{})
		for _, f := range d.facts() {
			rules[f.Rule] = true
			if !strings.Contains(source.String(), `"`+f.Rule+`"`) {
				t.Errorf("%s: rule %q of %s is not in the source", filepath.Base(name), f.Rule, f.name)
			}
		}
		for _, task := range d.Tasks {
			at := d.OriginalSpan(task.Span)
			first, _, _ := strings.Cut(task.Text, " ")
			if !strings.HasPrefix(text[at.Start:], first) && !strings.ContainsAny(text[at.Start:min(len(text), at.Start+40)], "*_<\u0301\n") {
				t.Errorf("%s: task %q is said to stand at %q", filepath.Base(name), task.Text, text[at.Start:min(len(text), at.Start+40)])
			}
		}
	}
	if len(rules) < 60 {
		t.Errorf("only %d rules were met", len(rules))
	}
}
