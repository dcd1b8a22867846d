package docrender

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The file is what its cross-reference table says, names its language, title and structure, and embeds its fonts.
func TestPDFFile(t *testing.T) {
	for _, name := range golden {
		b := written(t, PDF, read(t, name))
		if !bytes.HasPrefix(b, []byte("%PDF-1.7\n")) {
			t.Fatalf("%s begins %q", name, b[:10])
		}
		for _, want := range []string{"/Lang(vi-VN)", "/MarkInfo<</Marked true>>", "/StructTreeRoot", "/Metadata", "/Title<FEFF", "/FontFile2", "/ToUnicode", "+LiberationSerif"} {
			if !bytes.Contains(b, []byte(want)) {
				t.Errorf("%s has no %s", name, want)
			}
		}
		at := bytes.LastIndex(b, []byte("startxref\n"))
		table, err := strconv.Atoi(strings.Fields(string(b[at:]))[1])
		if err != nil || !bytes.HasPrefix(b[table:], []byte("xref\n")) {
			t.Fatalf("%s: startxref does not point to the table", name)
		}
		lines := strings.Split(string(b[table:]), "\n")
		var n int
		if _, err := fmt.Sscanf(lines[1], "0 %d", &n); err != nil {
			t.Fatal(err)
		}
		for i := 1; i < n; i++ {
			off, _ := strconv.Atoi(lines[2+i][:10])
			if want := fmt.Sprintf("%d 0 obj\n", i); !bytes.HasPrefix(b[off:], []byte(want)) {
				t.Errorf("%s: object %d is not where the table says", name, i)
			}
		}
	}
}

// Every word copies out of the PDF in right letters, read by another program.
func TestPDFCopiesOut(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("SKIPPED: pdftotext (poppler-utils) is not installed")
	}
	for _, name := range golden {
		d := read(t, name)
		file := filepath.Join(t.TempDir(), name+".pdf")
		if err := os.WriteFile(file, written(t, PDF, d), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("pdftotext", "-enc", "UTF-8", file, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, w := range strings.Fields(string(out)) {
			got[w]++
		}
		want, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range strings.Fields(string(want)) {
			if w == "|" {
				continue
			}
			if got[w]--; got[w] < 0 && !strings.Contains(w, "-") { // a line may end after a hyphen
				t.Errorf("%s: the PDF does not say %q often enough", name, w)
			}
		}
	}
}

var (
	baselines = regexp.MustCompile(`(?m)^([\d.]+) ([\d.]+) Td `)
	marked    = regexp.MustCompile(`(?s)/(\w+)<</MCID \d+>>BDC\n(.*?)EMC\n`)
)

// checkPages looks for text outside the margins, titles at the foot of a page, lines of a paragraph left alone, and a signature
// without text of the body above it.
func checkPages(t interface {
	Errorf(string, ...any)
	Fatal(...any)
}, d Document) {
	d, err := d.prepared()
	if err != nil {
		t.Fatal(err)
	}
	p := &pdf{composed: compose(d), file: &pdfFile{}}
	for i, f := range faces() {
		p.fonts[i] = newPDFFont(f)
	}
	ends := make([]int, len(p.sheets))
	for i, s := range p.sheets {
		p.sheet(i, s)
		ends[i] = len(p.pages)
	}
	for i, pg := range p.pages {
		for _, m := range baselines.FindAllSubmatch(pg.b, -1) {
			y, _ := strconv.ParseFloat(string(m[2]), 64)
			if y < footerAt*ptPerMM || i > 0 && y < marginBottom*ptPerMM || y > pg.height-headerAt*ptPerMM {
				t.Errorf("page %d: text at %.1f is outside the margins", i+1, y)
			}
		}
		blocks := marked.FindAllSubmatch(pg.b, -1)
		if len(blocks) == 0 {
			t.Errorf("page %d is empty", i+1)
		}
		for _, b := range blocks {
			for _, m := range baselines.FindAllSubmatch(b[2], -1) {
				if y, _ := strconv.ParseFloat(string(m[2]), 64); y > pg.height-marginTop*ptPerMM {
					t.Errorf("page %d: text at %.1f stands in the top margin", i+1, y)
				}
			}
		}
	}
	// paragraphs over two pages
	for k, e := range p.elems {
		if e.tag != "P" || len(e.marks) < 2 {
			continue
		}
		for _, m := range e.marks {
			n := 0
			for _, b := range marked.FindAllSubmatch(p.pages[m[0]].b, -1) {
				if bytes.Contains(b[0], fmt.Appendf(nil, "MCID %d>>", m[1])) {
					n = bytes.Count(b[2], []byte(" Td "))
				}
			}
			if n < 2 {
				t.Errorf("element %d: %d line alone on page %d", k, n, m[0]+1)
			}
		}
	}
	// a title stands on the page on which what follows it begins
	for k, e := range p.elems {
		if e.tag[0] != 'H' || len(e.marks) == 0 {
			continue
		}
		for _, n := range p.elems[k+1:] {
			if len(n.marks) > 0 {
				if n.marks[0][0] != e.marks[len(e.marks)-1][0] {
					t.Errorf("element %d, %s, is the last on page %d", k, e.tag, e.marks[0][0]+1)
				}
				break
			}
		}
	}
	// the page of the signature holds text of the body above it
	if s := p.sign.Page; s > 1 {
		pg := p.pages[s-1]
		body := 0
		for _, b := range marked.FindAllSubmatch(pg.b, -1) {
			for _, m := range baselines.FindAllSubmatch(b[2], -1) {
				if y, _ := strconv.ParseFloat(string(m[2]), 64); y > pg.height-p.signAt {
					body++
				}
			}
		}
		if body < 2 {
			t.Errorf("%d lines of text stand above the signature on page %d", body, s)
		}
	}
}

func TestPagesOfGoldens(t *testing.T) {
	for _, name := range golden {
		t.Run(name, func(t *testing.T) { checkPages(t, read(t, name)) })
	}
}

// Whatever the lengths of its paragraphs, no document has a lonely signature, a lone line or text outside the margins.
func TestPagesOfAnyLength(t *testing.T) {
	base := read(t, "cong_van")
	rapid.Check(t, func(t *rapid.T) {
		d := base
		d.Body = nil
		for range rapid.IntRange(1, 40).Draw(t, "blocks") {
			text := strings.Repeat("phòng, chống mua bán người ", rapid.IntRange(1, 40).Draw(t, "words"))
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0:
				d.Body = append(d.Body, Heading(LevelRoman, "MỤC ĐÍCH"))
			case 1:
				d.Body = append(d.Body, Heading(LevelArabic, text[:min(len(text), 100)]))
			case 2:
				d.Body = append(d.Body, Item(LevelPoint, text))
			case 3:
				d.Body = append(d.Body, OfTable(Table{Columns: []Column{{Title: "TT"}, {Title: "Nội dung"}}, Rows: [][]Cell{Row("1", text), Row("2", "x")}}))
			default:
				d.Body = append(d.Body, Para(text))
			}
		}
		checkPages(t, d)
	})
}

// A row higher than a page is divided, and nothing of it is lost.
func TestRowHigherThanAPage(t *testing.T) {
	d := read(t, "cong_van")
	long := strings.Repeat("một hai ba bốn năm ", 2000)
	d.Body = append(d.Body, OfTable(Table{Columns: []Column{{Title: "TT", Width: 12}, {Title: "Nội dung"}}, Rows: [][]Cell{Row("1", long), Row("2", "hết")}}))
	l, err := PDFLayout(io.Discard, d)
	if err != nil {
		t.Fatal(err)
	}
	if l.Pages < 5 {
		t.Errorf("%d pages", l.Pages)
	}
	checkPages(t, d)
}

// The signature's place lies on its page, as high as the room for it.
func TestSignaturePlace(t *testing.T) {
	l, err := PDFLayout(io.Discard, read(t, "bao_cao"))
	if err != nil {
		t.Fatal(err)
	}
	b := l.Signature
	if b.Page != l.Pages || b.Top-b.Bottom != signGap || b.Left < 200 || b.Right > (pageWidth-marginRight)*ptPerMM+0.1 || b.Bottom < marginBottom*ptPerMM {
		t.Errorf("signature at %+v of %d pages", b, l.Pages)
	}
}

// Rows that one cell ties together and that no page holds are divided between pages.
func TestTiedRowsHigherThanAPage(t *testing.T) {
	d := read(t, "cong_van")
	x := Table{Columns: []Column{{Title: "TT", Width: 12}, {Title: "Nội dung"}}}
	for i := range 120 {
		r := Row(fmt.Sprintf("việc thứ %d", i))
		if i == 0 {
			r = []Cell{{Text: "1", RowSpan: 120}, {Text: "việc thứ 0"}}
		}
		x.Rows = append(x.Rows, r)
	}
	d.Body = append(d.Body, OfTable(x))
	l, err := PDFLayout(io.Discard, d)
	if err != nil {
		t.Fatal(err)
	}
	if l.Pages < 4 {
		t.Errorf("%d pages", l.Pages)
	}
	checkPages(t, d)
}
