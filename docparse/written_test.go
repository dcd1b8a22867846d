package docparse

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// goldMark parts a written document from what a careful reader finds in it.
const goldMark = "\n-- gold --\n"

// The written documents are of our own wording, in the forms of real ones: testdata/read was looked at while the rules
// were made, testdata/heldout was not.
func TestWrittenDocuments(t *testing.T) {
	writtenDocuments(t, "read", map[string]float64{
		"doc_type": 0.99, "issuer": 0.97, "number": 0.99, "issued_on": 0.97, "place": 0.97, "subject": 0.97, "signer": 0.97,
		"signer_title": 0.97, "period": 0.95, "cited_documents": 0.97, "addressees": 0.97, "recipients": 0.97, "tasks": 0.95,
		"report_deadlines": 0.95, "hotlines": 0.93, "slogans": 0.97, "report_figures": 0.95, "assignees": 0.95, "citation dates": 0.97,
	})
}

func TestHeldOutDocuments(t *testing.T) {
	writtenDocuments(t, "heldout", map[string]float64{
		"doc_type": 0.95, "issuer": 0.90, "number": 0.95, "issued_on": 0.90, "place": 0.90, "subject": 0.90, "signer": 0.90,
		"signer_title": 0.90, "period": 0.80, "cited_documents": 0.95, "addressees": 0.90, "recipients": 0.95, "tasks": 0.85,
		"report_deadlines": 0.80, "hotlines": 0.80, "slogans": 0.85, "report_figures": 0.85, "assignees": 0.85, "citation dates": 0.95,
	})
}

func writtenDocuments(t *testing.T, folder string, least map[string]float64) {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join("testdata", folder, "*.txt"))
	if len(names) == 0 {
		t.Fatalf("testdata/%s is empty", folder)
	}
	tally := map[string]*score{}
	at := func(field string) *score {
		if tally[field] == nil {
			tally[field] = &score{}
		}
		return tally[field]
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text, gold, ok := strings.Cut(string(b), goldMark)
		if !ok {
			t.Fatalf("%s has no line %q", name, strings.TrimSpace(goldMark))
		}
		raw, err := json.Marshal(Read(text, Options{Register: AntiTrafficking()}))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		compareDocuments(t, strings.TrimSuffix(filepath.Base(name), ".txt"), decode(t, []byte(gold)), decode(t, raw), at)
	}
	checkScores(t, tally, least)
}

func checkScores(t *testing.T, tally map[string]*score, least map[string]float64) {
	t.Helper()
	for field, min := range least {
		s := tally[field]
		if s == nil {
			s = &score{}
		}
		if f := s.f1(); f < min {
			t.Errorf("%s: F1 %.3f below %.3f (gold %d, read %d, found %d)", field, f, min, s.gold, s.read, s.found)
		} else {
			t.Logf("%-18s gold %3d read %3d found %3d F1 %.3f", field, s.gold, s.read, s.found, f)
		}
	}
}
