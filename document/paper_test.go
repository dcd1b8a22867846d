package document

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"chungtay/docrender"
	"chungtay/internal/civil"
	"chungtay/internal/i18n"
	"chungtay/internal/ooxmltest"
)

// The stamp ĐẾN is 50 mm wide and 35 mm high (Nghị định 30/2020/NĐ-CP, Phụ lục IV), however long the names in it are.
func TestStamp(t *testing.T) {
	words, err := i18n.Load(Words)
	if err != nil {
		t.Fatal(err)
	}
	ctx := i18n.With(t.Context(), words, i18n.VI)
	x := Delivery{Number: 7, ArrivedOn: civil.MustParse("2026-11-26")}
	height := regexp.MustCompile(`<w:trHeight w:val="(\d+)" w:hRule="exact"/>`)
	for _, names := range [][2]string{
		{"Sở Y tế", "Phòng Bảo trợ"},
		{"Ủy ban nhân dân tỉnh Bà Rịa - Vũng Tàu và Bình Dương cũ", "Phòng Bảo trợ xã hội và Phòng, chống tệ nạn xã hội"},
		{strings.Repeat("Ban Quản lý Khu kinh tế cửa khẩu ", 8), strings.Repeat("Phòng Bảo trợ xã hội và Phòng, chống tệ nạn xã hội ", 8)},
	} {
		d := slip(ctx, docrender.Office{Issuer: []string{names[0]}}, Document{Facts: Facts{Kind: "cong_van", Subject: "Về việc thử"}}, x, names[1])
		var b bytes.Buffer
		if err := docrender.DOCX(&b, d); err != nil {
			t.Fatal(err)
		}
		ooxmltest.Valid(t, "slip", b.Bytes())
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		f, err := z.Open("word/document.xml")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		rows := height.FindAllSubmatch(text, -1)
		for _, m := range rows {
			n, _ := strconv.Atoi(string(m[1]))
			sum += n
		}
		if mm := float64(sum) / 20 * 25.4 / 72; len(rows) != 5 || mm < 34.8 || mm > 35.2 {
			t.Errorf("%q: the stamp of %d rows is %.1f mm high", names[0], len(rows), mm)
		}
	}
	s := stamp(ctx, docrender.Office{Issuer: []string{"Sở Y tế"}}, x, "Phòng Bảo trợ")
	width := 0.0
	for _, c := range s.Columns {
		width += c.Width
	}
	if width != 50 || s.Fixed != 35 {
		t.Errorf("the stamp is %v by %v mm", width, s.Fixed)
	}
	var lines []string
	for _, r := range s.Rows {
		for _, c := range r {
			lines = append(lines, c.Text)
		}
	}
	if got := strings.Join(lines, " | "); got != "SỞ Y TẾ | ĐẾN | Số: 07 | Ngày: 26/11/2026 | Chuyển: Phòng Bảo trợ | Số và ký hiệu HS:" {
		t.Error(got)
	}
}

// Whatever was typed into a register, the cell can be printed: no column grows beyond the page, no letter stops the whole register.
func TestNarrow(t *testing.T) {
	for in, want := range map[string]string{
		"Về việc phòng, chống":                 "Về việc phòng, chống",
		"1205/QĐ-PCTNXH-HTNNTT-BCĐ138-SLĐTBXH": "1205/QĐ-PCTNXH-\nHTNNTT-BCĐ138-\nSLĐTBXH",
		strings.Repeat("a", 40):                strings.Repeat("a", 18) + "\n" + strings.Repeat("a", 18) + "\naaaa",
		"ghi chú 漢字 {{tên}} 😀\x00":             "ghi chú ?? { {tên}} ??",
	} {
		got := narrow(in, 18)
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
		d := sheetOf(i18n.VI, docrender.Office{Issuer: []string{"Sở Y tế"}}, "Sổ", "")
		line := make([]any, 10)
		for i := range line {
			line[i] = in
		}
		x := docrender.Table{Columns: make([]docrender.Column, 10), Rows: cells(i18n.VI, [][]any{line})}
		fit(&x)
		d.Landscape, d.Body = true, []docrender.Block{docrender.OfTable(x)}
		if err := docrender.PDF(io.Discard, d); err != nil {
			t.Error(err)
		}
	}
}
