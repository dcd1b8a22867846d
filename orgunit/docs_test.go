package orgunit

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chungtay/internal/civil"
)

// saidInDocs checks that a document says sentences, however its lines are broken.
func saidInDocs(t *testing.T, file string, sentences ...string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "docs", file))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(b)), " ")
	for _, s := range sentences {
		if !strings.Contains(text, s) {
			t.Errorf("docs/%s does not say %q", file, s)
		}
	}
}

// The figures of the documents are those of the map in the program and of the templates: what could not be matched is listed one by one.
func TestFiguresOfTheDocuments(t *testing.T) {
	rows, links, err := readGeography()
	if err != nil {
		t.Fatal(err)
	}
	into := map[string]map[string]bool{}
	for _, l := range links {
		if l.From != l.To {
			if into[l.From] == nil {
				into[l.From] = map[string]bool{}
			}
			into[l.From][l.To] = true
		}
	}
	goesOn, level := map[string]bool{}, map[string]Level{}
	for _, r := range rows {
		level[r.ID] = r.Level
		if !r.From.IsZero() {
			goesOn[r.ID] = true
		}
	}
	count := map[Level]int{}
	lost, unchanged, split := 0, 0, 0
	for _, r := range rows {
		if !r.From.IsZero() {
			continue
		}
		count[r.Level]++
		if r.Level != Commune {
			continue
		}
		communes := 0
		for to := range into[r.ID] {
			if level[to] == Commune {
				communes++
			}
		}
		switch {
		case goesOn[r.ID] || r.To.IsZero():
			unchanged++
		case communes == 0:
			lost++
		case communes > 1:
			split++
		}
	}
	report, err := os.ReadFile(filepath.Join("..", "docs", "geography-report.txt"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(report)
	if want := fmt.Sprintf("communes that go on unchanged: %d; split into several: %d; without a known successor: %d", unchanged, split, lost); !strings.Contains(text, want) {
		t.Errorf("the report does not say %q", want)
	}
	var mapping, renewed, olden, useless int
	if _, err := fmt.Sscanf(text, "rows of the mapping: %d; new code repaired by name: %d; old code repaired by name: %d; not usable: %d", &mapping, &renewed, &olden, &useless); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(text, "\n  not usable: "); n != useless {
		t.Errorf("%d rows are listed as not usable, %d were counted", n, useless)
	}
	if n := strings.Count(text, "\n  without a known successor: "); n != lost {
		t.Errorf("%d communes are listed as without a successor, %d are", n, lost)
	}
	thousands := func(n int) string { return fmt.Sprintf("%d,%03d", n/1000, n%1000) }
	size := func(set []sketch) (n int) {
		var add func([]sketch)
		add = func(set []sketch) {
			for _, s := range set {
				n++
				add(s.under)
			}
		}
		add(set)
		return n
	}
	units := 1 + size(nation(civil.MustParse("2021-06-20"))) + count[Province]*(1+size(provinceBefore)) + count[District]*(1+size(districtBefore)) + count[Commune]
	saidInDocs(t, "units.md",
		fmt.Sprintf("%d provinces, %d districts and %s communes until 30/6/2025", count[Province], count[District], thousands(count[Commune])),
		fmt.Sprintf("of %s rows of the mapping %d new and %d old codes were repaired by name; %d cannot be used and are listed; %d communes of 2021 have no known successor", thousands(mapping), renewed, olden, useless, lost),
		fmt.Sprintf("%s units (63 provinces of 2021 by the template)", thousands(units)))
}
