package doctext

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// pdfFile makes a PDF by hand: each page is a content stream; extra goes into the trailer.
func pdfFile(pages []string, pageExtra, trailer string) []byte {
	var b bytes.Buffer
	var at []int
	obj := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.4\n")
	obj("<</Type/Catalog/Pages 2 0 R>>")
	var kids strings.Builder
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 4+2*i)
	}
	obj(fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 595 842]>>", kids.String(), len(pages)))
	obj("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	for i, p := range pages {
		obj(fmt.Sprintf("<</Type/Page/Parent 2 0 R/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R%s>>", 5+2*i, pageExtra))
		obj(fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(p), p))
	}
	if info, ok := strings.CutPrefix(trailer, "/Info"); ok {
		obj(info)
		trailer = fmt.Sprintf("/Info %d 0 R", len(at))
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, trailer, xref)
	return b.Bytes()
}

// shown writes one line of text at a place.
func shown(x, y, size int, s string) string {
	return fmt.Sprintf("BT /F %d Tf %d %d Td (%s) Tj ET\n", size, x, y, s)
}

func extractWith(t testing.TB, b []byte, o Options) (Text, error) {
	t.Helper()
	text, err := Extract(context.Background(), bytes.NewReader(b), int64(len(b)), "x", o)
	if err == nil {
		checkText(t, text)
	}
	return text, err
}

func TestPDFPagesAndMeta(t *testing.T) {
	long := "Thuc hien Ke hoach so 12 cua tinh, cac xa to chuc mit tinh va gui bao cao ve So truoc"
	page1 := shown(60, 780, 12, "I. MUC DICH") + shown(88, 750, 12, long) + shown(60, 734, 12, "ngay 03 thang 8 de tong") + shown(290, 30, 12, "1")
	page2 := shown(290, 810, 12, "2") + shown(60, 780, 12, "II. NOI DUNG") + shown(60, 750, 12, "- Mot viec;") + shown(60, 735, 12, "- Hai viec.")
	b := pdfFile([]string{page1, page2}, "", "/Info<</Title(Ke hoach)/Author(Lo Van An)/CreationDate(D:20230724093000+07'00')>>")
	for _, mode := range []string{"helper", "in process"} {
		o := testOptions(t)
		if mode == "in process" {
			o.Helper = nil
		}
		text, err := extractWith(t, b, o)
		if err != nil {
			t.Fatalf("%s: %v", mode, err)
		}
		want := "I. MUC DICH\n\n" + long + " ngay 03 thang 8 de tong\n\nII. NOI DUNG\n\n- Mot viec;\n- Hai viec.\n"
		if d := cmp.Diff(want, text.Plain); d != "" {
			t.Errorf("%s: %s", mode, d)
		}
		if text.PageCount != 2 || len(text.Pages) != 2 || !strings.HasPrefix(strings.TrimSpace(text.Plain[text.Pages[1]:]), "II. NOI") {
			t.Errorf("%s: pages %v of %d", mode, text.Pages, text.PageCount)
		}
		if m := text.Meta; m.Title != "Ke hoach" || m.Author != "Lo Van An" || !m.Created.Equal(time.Date(2023, 7, 24, 2, 30, 0, 0, time.UTC)) {
			t.Errorf("%s: meta %+v", mode, m)
		}
	}
}

// A page that lies on its side is read as a person who turns it would.
func TestPDFTurned(t *testing.T) {
	up := "BT 0 1 -1 0 100 60 Tm /F 12 Tf (Bieu so lieu nam 2023:) Tj ET BT 0 1 -1 0 120 60 Tm /F 12 Tf (Dong thu hai) Tj ET BT .7 .7 -.7 .7 300 300 Tm /F 40 Tf (BAN NHAP) Tj ET"
	text, err := extractWith(t, pdfFile([]string{up}, "", ""), testOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff("Bieu so lieu nam 2023:\nDong thu hai\n", text.Plain); d != "" {
		t.Error(d)
	}
}

// A table is known by its lines: cells stay together, rows apart.
func TestPDFTable(t *testing.T) {
	var s strings.Builder
	s.WriteString(shown(60, 760, 12, "Bieu kem theo:"))
	for _, y := range []int{740, 720, 680, 660} {
		fmt.Fprintf(&s, "60 %d m 500 %d l S\n", y, y)
	}
	for _, x := range []int{60, 100, 300, 500} {
		fmt.Fprintf(&s, "%d 660 m %d 740 l S\n", x, x)
	}
	s.WriteString(shown(65, 725, 11, "TT") + shown(105, 725, 11, "Noi dung") + shown(305, 725, 11, "Chu tri"))
	s.WriteString(shown(65, 705, 11, "1") + shown(105, 705, 11, "To chuc mit tinh huong ung") + shown(305, 705, 11, "So Y te") + shown(105, 690, 11, "Ngay toan dan"))
	s.WriteString(shown(65, 665, 11, "2") + shown(105, 665, 11, "Treo pano") + shown(305, 665, 11, "UBND xa"))
	s.WriteString(shown(60, 640, 12, "Het bieu."))
	text, err := extractWith(t, pdfFile([]string{s.String()}, "", ""), testOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	want := "Bieu kem theo:\n\nTT | Noi dung | Chu tri\n1 | To chuc mit tinh huong ung Ngay toan dan | So Y te\n2 | Treo pano | UBND xa\n\nHet bieu.\n"
	if d := cmp.Diff(want, text.Plain); d != "" {
		t.Error(d)
	}
}

func TestPDFRefused(t *testing.T) {
	whole := pdfFile([]string{shown(60, 700, 12, "Mot hai ba bon")}, "", "")
	locked := pdfFile([]string{shown(60, 700, 12, "Kin")}, "", "/Encrypt<</Filter/Standard/V 1/R 2/P -44/O("+strings.Repeat("A", 32)+")/U("+strings.Repeat("B", 32)+")>>/ID[(1234567890123456)(1234567890123456)]")
	many := make([]string, 12)
	for i := range many {
		many[i] = shown(60, 700, 12, "trang")
	}
	short := testOptions(t)
	short.MaxPages = 10
	cases := []struct {
		name string
		file []byte
		o    Options
		want error
	}{
		{"password", locked, testOptions(t), ErrPassword},
		{"no body", []byte("%PDF-1.7\nnothing else"), testOptions(t), ErrDamaged},
		{"cut off", whole[:60], testOptions(t), ErrDamaged},
		{"too many pages", pdfFile(many, "", ""), short, ErrLong},
	}
	for _, c := range cases {
		if _, err := extractWith(t, c.file, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// A page made to keep PDFium busy is given up when its time is over, in both ways of reading.
func TestPDFTimeout(t *testing.T) {
	// Forms that draw forms, ten each, nine deep: a thousand million pieces of text.
	var b bytes.Buffer
	var at []int
	obj := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.4\n")
	obj("<</Type/Catalog/Pages 2 0 R>>")
	obj("<</Type/Pages/Kids[4 0 R]/Count 1/MediaBox[0 0 595 842]>>")
	obj("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	obj("<</Type/Page/Parent 2 0 R/Resources<</XObject<</X 6 0 R>>>>/Contents 5 0 R>>")
	obj("<</Length 5>>stream\n/X Do\nendstream")
	calls := strings.Repeat("/X Do ", 10)
	for i := range 12 {
		obj(fmt.Sprintf("<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>/Length %d>>stream\n%s\nendstream", 7+i, len(calls), calls))
	}
	text := "BT /F 9 Tf 60 700 Td (het gio) Tj ET"
	obj(fmt.Sprintf("<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Length %d>>stream\n%s\nendstream", len(text), text))
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	for _, mode := range []string{"helper", "in process"} {
		o := testOptions(t)
		o.Timeout, o.NoOCR = time.Second, true
		if mode == "in process" {
			o.Helper = nil
		}
		text, err := extractWith(t, b.Bytes(), o)
		if !errors.Is(err, ErrTimeout) {
			t.Errorf("%s: %d bytes, %v", mode, len(text.Plain), err)
		}
	}
}
