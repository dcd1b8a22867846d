package doctext

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// drawn gives the first page of a DOCX as a scanner does, in grey at 200 dpi.
func drawn(t *testing.T, docx []byte) *image.Gray {
	t.Helper()
	needs(t, "tesseract")
	draw := needs(t, "pdftoppm")
	pdf := office(t, "pdf", "", map[string][]byte{"p.docx": docx})
	dir := t.TempDir()
	if out, err := command(draw, "-r", "200", "-gray", "-png", "-singlefile", filepath.Join(pdf, "p.pdf"), filepath.Join(dir, "p")); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b, err := os.ReadFile(filepath.Join(dir, "p.png"))
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return grey(img)
}

func asPNG(t *testing.T, g *image.Gray) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A sheet that lay askew in the scanner is read as one that lay straight.
func TestSkewedScan(t *testing.T) {
	p := papers[1]
	page := drawn(t, p.docx(t))
	want := facts(t, p.text())
	for _, deg := range []float64{-7, 3.4} {
		askew := turned(page, -deg)
		if got := skew(askew); math.Abs(got-deg) > 0.3 {
			t.Errorf("turned by %.1f degrees, found %.1f", deg, got)
		}
		text, err := extractWith(t, asPNG(t, askew), testOptions(t))
		if err != nil {
			t.Fatal(err)
		}
		got := facts(t, text.Plain)
		for _, k := range []string{"doc_type", "issuer", "issued_on", "place", "subject", "report_deadlines", "recipients", "signer", "signer_title"} {
			if d := cmp.Diff(want[k], got[k]); d != "" {
				t.Errorf("%.1f degrees, %s: %s\n%s", deg, k, d, text.Plain)
			}
		}
	}
	if got := skew(page); got != 0 {
		t.Errorf("a straight page is found askew by %.1f degrees", got)
	}
}

// A table drawn with lines in a scan is read row by row, also where the text of a cell has several lines.
func TestTableInScan(t *testing.T) {
	row := func(cells ...string) string {
		s := "<w:tr>"
		for _, c := range cells {
			s += tc(p(c))
		}
		return s + "</w:tr>"
	}
	lines := `<w:tblPr><w:tblW w:w="9000" w:type="dxa"/><w:tblBorders>`
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		lines += `<w:` + side + ` w:val="single" w:sz="8" w:color="000000"/>`
	}
	lines += `</w:tblBorders></w:tblPr>`
	page := drawn(t, wordFile(t, p("Phân công thực hiện kế hoạch")+`<w:tbl>`+lines+
		row("TT", "Nội dung công việc", "Đơn vị chủ trì")+
		row("1", "Tuyên truyền tại các chợ phiên, bến xe và cổng trường trong tháng cao điểm của huyện", "Phòng Văn hóa và Thông tin")+
		row("2", "Kiểm tra nhà nghỉ, quán karaoke ven đường quốc lộ", "Công an huyện")+`</w:tbl>`+p("Trên đây là phân công."), nil))
	for _, g := range []*image.Gray{page, turned(page, -2.5)} {
		text, err := extractWith(t, asPNG(t, g), testOptions(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"TT | Nội dung công việc | Đơn vị chủ trì", "1 | Tuyên truyền tại các chợ phiên, bến xe và cổng trường trong tháng cao điểm của huyện | Phòng Văn hóa và Thông tin", "2 | Kiểm tra nhà nghỉ, quán karaoke ven đường quốc lộ | Công an huyện"} {
			if !strings.Contains(strings.Join(strings.Fields(text.Plain), " "), want) {
				t.Errorf("no row %q in\n%s", want, text.Plain)
			}
		}
	}
}

// A scan pasted into a Word file is read; a picture beside text is spoken of, an emblem is not.
func TestPastedPictures(t *testing.T) {
	blank := func(side int) string { return string(asPNG(t, image.NewGray(image.Rect(0, 0, side, side)))) }
	long := p(strings.Repeat("Ủy ban nhân dân xã đề nghị các thôn, bản phối hợp thực hiện. ", 8))
	for _, c := range []struct{ body, picture, want string }{
		{long, blank(900), "doctext.warn.pictures"},
		{long, blank(120), ""},
		{long, "no picture at all", ""},
	} {
		if text, err := extractWith(t, wordFile(t, c.body, map[string]string{"image1": c.picture}), testOptions(t)); err != nil || keys(text) != c.want {
			t.Errorf("warnings %q, %v; want %q", keys(text), err, c.want)
		}
	}
	o := testOptions(t)
	o.OCR = "no-such-program"
	if _, err := extractWith(t, wordFile(t, p(""), map[string]string{"image1": blank(900)}), o); !isErr(err, ErrNoOCR) {
		t.Error(err)
	}
	if text, err := extractWith(t, wordFile(t, p("Văn bản quét kèm theo"), map[string]string{"image1": blank(900)}), o); err != nil || keys(text) != "doctext.warn.pictures" {
		t.Errorf("%q %v", keys(text), err)
	}
	page := papers[1]
	scan := asPNG(t, drawn(t, page.docx(t)))
	text, err := extractWith(t, wordFile(t, p(""), map[string]string{"image1": string(scan)}), testOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	want, got := facts(t, page.text()), facts(t, text.Plain)
	for _, k := range []string{"doc_type", "issuer", "issued_on", "subject", "signer"} {
		if d := cmp.Diff(want[k], got[k]); d != "" || !text.OCR {
			t.Errorf("%s: %s", k, d)
		}
	}
}
