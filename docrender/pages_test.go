package docrender

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// These tests draw pages and start LibreOffice: they run with CHUNGTAY_E2E=1 and are skipped loudly otherwise.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	if os.Getenv("CHUNGTAY_E2E") == "" {
		t.Skip("SKIPPED: CHUNGTAY_E2E is not set")
	}
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("SKIPPED: %s is not installed", p)
		}
	}
}

func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	return out
}

// pictures draws the pages of a PDF in grey.
func pictures(t *testing.T, file string, dpi int) []*image.Gray {
	t.Helper()
	prefix := filepath.Join(t.TempDir(), "p")
	run(t, "pdftoppm", "-gray", "-png", "-r", strconv.Itoa(dpi), file, prefix)
	names, err := filepath.Glob(prefix + "*.png")
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(names)
	var out []*image.Gray
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, grey(t, b))
	}
	return out
}

func grey(t *testing.T, b []byte) *image.Gray {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	g := image.NewGray(m.Bounds())
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			g.Set(x, y, color.GrayModel.Convert(m.At(x, y)))
		}
	}
	return g
}

// apart is the mean difference of two pictures, of 255; 255 when their sizes differ.
func apart(a, b *image.Gray) float64 {
	if a.Bounds().Dx() != b.Bounds().Dx() || a.Bounds().Dy() != b.Bounds().Dy() {
		return 255
	}
	sum := 0.0
	for i := range a.Pix {
		sum += math.Abs(float64(a.Pix[i]) - float64(b.Pix[i]))
	}
	return sum / float64(len(a.Pix))
}

// Every page looks as it did when a person looked at it. The pictures in testdata/pages are coarse: a line that moved shows, another
// release of the program that draws does not.
func TestPagesLookTheSame(t *testing.T) {
	needs(t, "pdftoppm")
	for _, name := range golden {
		file := filepath.Join(t.TempDir(), name+".pdf")
		if err := os.WriteFile(file, written(t, PDF, read(t, name)), 0o600); err != nil {
			t.Fatal(err)
		}
		pages := pictures(t, file, 30)
		known, err := filepath.Glob(filepath.Join("testdata", "pages", name+"-*.png"))
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			for _, k := range known {
				if err := os.Remove(k); err != nil {
					t.Fatal(err)
				}
			}
		} else if len(known) != len(pages) {
			t.Errorf("%s has %d pages, had %d", name, len(pages), len(known))
			continue
		}
		for i, p := range pages {
			golden := filepath.Join("testdata", "pages", fmt.Sprintf("%s-%d.png", name, i+1))
			if *update {
				var b bytes.Buffer
				if err := png.Encode(&b, p); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			b, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := apart(p, grey(t, b)); d > 1.5 {
				t.Errorf("%s, page %d differs from its picture by %.1f of 255 (renew with -update after looking at it)", name, i+1, d)
			}
		}
	}
}

// LibreOffice counts the numbers of our DOCX as our PDF does, also where points stand before the first title.
func TestNumbersInLibreOffice(t *testing.T) {
	needs(t, "soffice", "pdftotext")
	dir := t.TempDir()
	args := []string{"--headless", "-env:UserInstallation=file://" + filepath.ToSlash(t.TempDir()), "--convert-to", "pdf", "--outdir", dir}
	for _, name := range golden {
		file := filepath.Join(dir, name+".docx")
		if err := os.WriteFile(file, written(t, DOCX, hardest(t, name)), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	run(t, "soffice", args...)
	for _, name := range golden {
		text := " " + strings.Join(strings.Fields(string(run(t, "pdftotext", filepath.Join(dir, name+".pdf"), "-"))), " ")
		d, err := hardest(t, name).prepared()
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, n := range compose(d).sheets[0].nodes {
			p, ok := n.(*para)
			if !ok || p.label == "" {
				continue
			}
			words := strings.Fields(p.text())
			want := " " + strings.Join(words[:min(len(words), 4)], " ")
			i := strings.Index(text[at:], want)
			if i < 0 {
				t.Errorf("%s: no %q, or not in its place", name, want)
				continue
			}
			at += i
		}
	}
}

type placedWord struct {
	page int
	x, y float64
	text string
}

var bbox = regexp.MustCompile(`<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="[\d.-]+" yMax="[\d.-]+">(.*)</word>`)

func wordsOn(t *testing.T, file string) []placedWord {
	t.Helper()
	var out []placedWord
	page := 0
	for _, line := range strings.Split(string(run(t, "pdftotext", "-bbox", file, "-")), "\n") {
		if strings.Contains(line, "<page ") {
			page++
		}
		if m := bbox.FindStringSubmatch(line); m != nil {
			x, _ := strconv.ParseFloat(m[1], 64)
			y, _ := strconv.ParseFloat(m[2], 64)
			out = append(out, placedWord{page: page, x: x, y: y, text: html.UnescapeString(m[3])})
		}
	}
	return out
}

// The pages of our PDF are those that LibreOffice makes of our DOCX: the same number, every word on the same page, nearly every one in the
// same line and at the same place.
func TestPagesOfPDFAndDOCX(t *testing.T) {
	needs(t, "soffice", "pdftotext", "pdftoppm")
	dir, theirs := t.TempDir(), t.TempDir()
	args := []string{"--headless", "-env:UserInstallation=file://" + filepath.ToSlash(t.TempDir()), "--convert-to", "pdf", "--outdir", theirs}
	for _, name := range golden {
		d := read(t, name)
		docx := filepath.Join(dir, name+".docx")
		if err := os.WriteFile(docx, written(t, DOCX, d), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), written(t, PDF, d), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, docx)
	}
	run(t, "soffice", args...)
	for _, name := range golden {
		ours, other := filepath.Join(dir, name+".pdf"), filepath.Join(theirs, name+".pdf")
		a, b := wordsOn(t, ours), wordsOn(t, other)
		// words are matched by text and order on their page
		at := map[string][]placedWord{}
		for _, w := range b {
			k := fmt.Sprint(w.page, w.text)
			at[k] = append(at[k], w)
		}
		matched, elsewhere := 0, 0
		var dx, dy []float64
		for _, w := range a {
			k := fmt.Sprint(w.page, w.text)
			if len(at[k]) == 0 {
				elsewhere++
				continue
			}
			best := 0
			for i, v := range at[k] {
				if math.Hypot(v.x-w.x, v.y-w.y) < math.Hypot(at[k][best].x-w.x, at[k][best].y-w.y) {
					best = i
				}
			}
			v := at[k][best]
			at[k] = slices.Delete(at[k], best, best+1)
			matched++
			dx, dy = append(dx, math.Abs(v.x-w.x)), append(dy, math.Abs(v.y-w.y))
		}
		sort.Float64s(dx)
		sort.Float64s(dy)
		p95 := func(v []float64) float64 { return v[len(v)*95/100] }
		pa, pb := pictures(t, ours, 50), pictures(t, other, 50)
		worst := 0.0
		for i := range min(len(pa), len(pb)) {
			worst = max(worst, apart(pa[i], pb[i]))
		}
		t.Logf("%s: %d pages; %d words on the same page, %d not; median %.2f/%.2f pt, 95 %% within %.2f/%.2f pt; pictures differ by at most %.1f of 255", name, len(pa), matched, elsewhere, dx[len(dx)/2], dy[len(dy)/2], p95(dx), p95(dy), worst)
		switch {
		case len(pa) != len(pb):
			t.Errorf("%s: %d pages in PDF, %d in DOCX", name, len(pa), len(pb))
		case elsewhere*50 > len(a):
			t.Errorf("%s: %d of %d words on another page or written otherwise", name, elsewhere, len(a))
		case p95(dy) > 2:
			t.Errorf("%s: 95 %% of the words are within %.1f pt of their line", name, p95(dy))
		}
	}
}
