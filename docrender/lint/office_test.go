package lint

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/docrender"
)

// office converts a file with LibreOffice into a folder.
func office(t *testing.T, dir, to string, files ...string) {
	t.Helper()
	if os.Getenv("CHUNGTAY_E2E") == "" {
		t.Skip("SKIPPED: CHUNGTAY_E2E is not set; LibreOffice is not started")
	}
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("SKIPPED: LibreOffice is not installed")
	}
	args := append([]string{"--headless", "-env:UserInstallation=file://" + filepath.ToSlash(t.TempDir()), "--convert-to", to, "--outdir", dir}, files...)
	if out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// A letter made with LibreOffice, full of faults: each is found in the DOCX and in the PDF.
func TestFaultyLetterFromLibreOffice(t *testing.T) {
	dir := t.TempDir()
	office(t, dir, "docx:MS Word 2007 XML", "testdata/faulty.fodt")
	office(t, dir, "pdf", "testdata/faulty.fodt")
	both := []string{"archive", "authority-mark", "citation-number", "date-day", "date-month", "end-mark", "font", "margin", "motto-words", "number-cv", "number-zero", "signer-title", "size"}
	for file, more := range map[string][]string{"faulty.docx": {"gap", "indent", "justify"}, "faulty.pdf": {"rule-missing"}} {
		b, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range lintPDF(t, b) {
			got = append(got, f.Rule)
		}
		want := append(slices.Clone(both), more...)
		slices.Sort(got)
		slices.Sort(want)
		if d := cmp.Diff(want, slices.Compact(got)); d != "" {
			t.Errorf("%s:\n%s", file, d)
		}
	}
}

// What LibreOffice makes of our papers, saved again as DOCX and printed as PDF, still has nothing against the form.
func TestOursThroughLibreOffice(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	var files []string
	for _, name := range names {
		file := filepath.Join(dir, name+".docx")
		if err := os.WriteFile(file, write(t, docrender.DOCX, golden(t, name)), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	office(t, out, "docx:MS Word 2007 XML", files...)
	office(t, out, "pdf", files...)
	made, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil || len(made) != 2*len(names) {
		t.Fatalf("LibreOffice made %d files", len(made))
	}
	for _, file := range made {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found, err := Lint(t.Context(), bytes.NewReader(b), int64(len(b)), reading(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			t.Errorf("%s: %s", filepath.Base(file), say(t, f))
		}
	}
}
