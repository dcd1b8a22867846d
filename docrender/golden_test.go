package docrender

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/docparse"
	"chungtay/doctext"
)

var update = flag.Bool("update", false, "renew the goldens in testdata")

// golden names the documents of testdata: each kind at its hardest, the input as NAME.json beside what comes out.
var golden = []string{"bao_cao", "bao_cao_ngang", "bien_ban", "cong_dien", "cong_van", "cong_van_don_doc", "giay_moi", "ke_hoach", "lien_nganh", "quyet_dinh", "thong_bao", "to_trinh"}

// read reads the input of a golden document.
func read(t *testing.T, name string) Document {
	b, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var d Document
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

func written(t *testing.T, write func(io.Writer, Document) error, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func compare(t *testing.T, file string, got string) {
	t.Helper()
	file = filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("%s (renew with -update, then read the difference):\n%s", file, d)
	}
}

// The text of a DOCX, numbers counted as Word counts them, is the golden text: what a clerk reads.
func TestDOCXText(t *testing.T) {
	for _, name := range golden {
		t.Run(name, func(t *testing.T) {
			var lines []string
			for _, l := range strings.Split(textOfDOCX(t, written(t, DOCX, read(t, name))), "\n") {
				if l = strings.TrimRight(strings.Join(strings.Fields(l), " "), " |"); l != "" {
					lines = append(lines, l)
				}
			}
			compare(t, name+".txt", strings.Join(lines, "\n")+"\n")
		})
	}
}

func textOfDOCX(t *testing.T, b []byte) string {
	t.Helper()
	x, err := doctext.Extract(t.Context(), bytes.NewReader(b), int64(len(b)), "a.docx", doctext.Options{NoOCR: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range x.Warnings {
		t.Errorf("reading it back warns: %s %v", w.Key, w.Args)
	}
	return x.Plain
}

// The numbers a word processor counts are the numbers of the other writers.
func TestNumbersAgree(t *testing.T) {
	for _, name := range golden {
		d, err := read(t, name).prepared()
		if err != nil {
			t.Fatal(err)
		}
		text := textOfDOCX(t, written(t, DOCX, d))
		for _, s := range compose(d).sheets {
			for _, n := range s.nodes {
				if p, ok := n.(*para); ok && p.label != "" {
					if want := strings.Join(strings.Fields(p.text()), " "); !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
						t.Errorf("%s: the DOCX does not say %q", name, want)
					}
				}
			}
		}
	}
}

// The same document gives the same bytes.
func TestDeterministic(t *testing.T) {
	for _, name := range golden {
		d := read(t, name)
		if !bytes.Equal(written(t, DOCX, d), written(t, DOCX, d)) {
			t.Errorf("%s: two DOCX differ", name)
		}
		if !bytes.Equal(written(t, PDF, d), written(t, PDF, d)) {
			t.Errorf("%s: two PDF differ", name)
		}
	}
}

// What was written and read back by the reader of documents is what went in.
func TestReadBackDOCX(t *testing.T) {
	for _, name := range golden {
		t.Run(name, func(t *testing.T) {
			d := read(t, name)
			readBack(t, d, textOfDOCX(t, written(t, DOCX, d)))
		})
	}
}

func readBack(t *testing.T, d Document, text string) {
	t.Helper()
	got := docparse.Read(text, docparse.Options{})
	if got.Form != docparse.Paper {
		t.Errorf("form %s", got.Form)
	}
	kind := docparse.Kind(d.Kind)
	switch d.Kind {
	case Notice, Invitation, Telegram, Minutes:
		kind = docparse.Other
	}
	if got.Kind != kind {
		t.Errorf("kind %s, want %s", got.Kind, kind)
	}
	same := func(what, got, want string) {
		t.Helper()
		squeeze := func(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
		if squeeze(got) != squeeze(want) {
			t.Errorf("%s %q, want %q", what, got, want)
		}
	}
	same("issuer", got.Issuer.Value, strings.Join(d.Issuer, " "))
	same("superior", got.Superior.Value, strings.Join(d.Superior, " "))
	number := ""
	if d.Number > 0 {
		number = strings.TrimPrefix(NumberLine(d.Number, d.Symbol), "Số: ")
	}
	if got.Number.Number == "" && d.Number == 0 {
		number = "/" + d.Symbol
	}
	same("number", got.Number.Text, number)
	same("place", got.Place.Value, d.Place)
	date := d.Date.String()
	if d.BlankDay {
		date = date[:7]
	}
	same("date", got.IssuedOn.String(), date)
	same("subject", got.Subject.Value, strings.TrimPrefix(d.Subject, "Về việc "))
	var to []string
	for _, f := range got.Addressees {
		to = append(to, f.Value)
	}
	if d.Kind == Telegram {
		d.Addressees = nil // a telegram names them in its text; the reader finds them there
		for _, b := range d.Body {
			if b.Level == LevelDash {
				d.Addressees = append(d.Addressees, strings.TrimRight(b.Text, ";."))
			}
		}
	}
	same("addressees", strings.Join(to, " | "), strings.Join(d.Addressees, " | "))
	if d.CoSigner != nil { // which of two who sign leads, the paper does not say
		var names []string
		for _, s := range append(got.CoSigners, docparse.CoSigner{Name: got.Signer}) {
			names = append(names, s.Name.Value)
		}
		slices.Sort(names)
		want := []string{d.Signer, d.CoSigner.Name}
		slices.Sort(want)
		same("who sign", strings.Join(names, ", "), strings.Join(want, ", "))
	} else {
		same("signer", got.Signer.Value, d.Signer)
		same("signer's office", got.SignerTitle.Value, d.SignerTitle)
	}
	same("urgency", got.Urgency.Value, d.Urgency.words())
	var names, want []string
	for _, r := range got.Recipients {
		names = append(names, strings.TrimRight(r.Value, ";. "))
	}
	for _, r := range d.Recipients {
		name := strings.TrimRight(r.Name, ";. ")
		if r.Mark != "" {
			name += " (" + r.Mark + ")"
		}
		want = append(want, name)
	}
	want = append(want, strings.Join(append([]string{"Lưu: VT"}, d.Archive.Units...), ", "))
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("recipients:\n%s", diff)
	}
	if n := len(d.Archive.Drafter); n > 0 {
		if last := got.Recipients[len(got.Recipients)-1]; !strings.Contains(last.Drafter, d.Archive.Drafter) {
			t.Errorf("drafter %q, want %q", last.Drafter, d.Archive.Drafter)
		}
	}
	// every document cited with a number, in the order of first mention
	for _, c := range got.Citations {
		if !strings.Contains(text, c.Number.Text) {
			t.Errorf("citation %s is not in the text", c.Number.Text)
		}
	}
	if len(got.Citations) == 0 && strings.Contains(text, "145/KH-UBND") {
		t.Error("no citation was read")
	}
}

// The PDF says the same to the reader of documents as the DOCX.
func TestReadBackPDF(t *testing.T) {
	for _, name := range golden {
		t.Run(name, func(t *testing.T) {
			d := read(t, name)
			b := written(t, PDF, d)
			x, err := doctext.Extract(t.Context(), bytes.NewReader(b), int64(len(b)), "a.pdf", reading(t))
			if err != nil {
				t.Fatal(err)
			}
			readBack(t, d, x.Plain)
		})
	}
}
