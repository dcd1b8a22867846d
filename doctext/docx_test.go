package doctext

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/internal/errs"
	"chungtay/internal/i18n"
)

const wNS = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"`

// zipped makes an archive of parts; names beginning with ! are stored without compression.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range sortedKeys(parts) {
		h := &zip.FileHeader{Name: strings.TrimPrefix(name, "!"), Method: zip.Deflate}
		if strings.HasPrefix(name, "!") {
			h.Method = zip.Store
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	// [Content_Types].xml and mimetype first, as writers do.
	slices.SortFunc(keys, func(a, b string) int {
		return strings.Compare(strings.ToLower(strings.Trim(a, "![")), strings.ToLower(strings.Trim(b, "![")))
	})
	return keys
}

// wordFile makes a DOCX of the inside of w:body and further parts, given by their place ("styles.xml").
func wordFile(t testing.TB, body string, more map[string]string) []byte {
	t.Helper()
	parts := map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml":   `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document ` + wNS + `><w:body>` + body + `<w:sectPr/></w:body></w:document>`,
	}
	rels := `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	for name, s := range more {
		if strings.Contains(name, "/") {
			parts[name] = s
			continue
		}
		parts["word/"+name] = s
		kind := strings.TrimRight(strings.TrimSuffix(name, ".xml"), "0123456789")
		rels += `<Relationship Id="r` + name + `" Type="http://x/` + kind + `" Target="` + name + `"/>`
	}
	parts["word/_rels/document.xml.rels"] = rels + `</Relationships>`
	return zipped(t, parts)
}

func extract(t testing.TB, b []byte) Text {
	t.Helper()
	text, err := Extract(context.Background(), bytes.NewReader(b), int64(len(b)), "x", Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, text)
	return text
}

var catalogue = sync.OnceValue(func() *i18n.Catalogue {
	words, err := i18n.Load(Words)
	if err != nil {
		panic(err)
	}
	return words
})

// checkText proves what holds for every text.
func checkText(t testing.TB, text Text) {
	t.Helper()
	for i, b := range text.Blocks {
		if b.Start < 0 || b.End < b.Start || b.End > len(text.Plain) || i > 0 && b.Start < text.Blocks[i-1].End {
			t.Fatalf("block %d spans %v after %v in %d bytes", i, b.Span, text.Blocks[max(0, i-1)].Span, len(text.Plain))
		}
		for _, row := range b.Rows {
			for _, c := range row {
				if c.Start < 0 || c.End < c.Start || c.End > len(text.Plain) {
					t.Fatalf("cell %v in %d bytes", c, len(text.Plain))
				}
			}
		}
	}
	for i, p := range text.Pages {
		if p < 0 || p > len(text.Plain) || i > 0 && p < text.Pages[i-1] {
			t.Fatalf("pages %v in %d bytes", text.Pages, len(text.Plain))
		}
	}
	if len(text.Pages) > 0 && text.Pages[0] != 0 {
		t.Fatalf("first page begins at %d", text.Pages[0])
	}
	for _, w := range text.Warnings {
		if !catalogue().Has(w.Key) {
			t.Fatalf("warning %q has no text", w.Key)
		}
	}
	if strings.ContainsRune(text.Plain, 0) || text.Plain != nfc(valid(text.Plain)) {
		t.Fatalf("text is not clean: %q", text.Plain)
	}
}

func reason(t testing.TB, b []byte, want error) {
	t.Helper()
	text, err := Extract(context.Background(), bytes.NewReader(b), int64(len(b)), "x", Options{})
	if !errors.Is(err, want) {
		t.Fatalf("got %q, %v; want %v", cutAt(text.Plain, 100), err, want)
	}
	m, ok := errs.TextOf(err)
	if !ok {
		t.Fatalf("%v has no sentence", err)
	}
	if !catalogue().Has(m.Key) {
		t.Fatalf("%s is not in the catalogue", m.Key)
	}
}

func p(s string) string { return `<w:p><w:r><w:t xml:space="preserve">` + s + `</w:t></w:r></w:p>` }

func tc(ps ...string) string { return `<w:tc><w:tcPr/>` + strings.Join(ps, "") + `</w:tc>` }

// A header of two columns comes out as issuer, national name, number, place and date; the signature as recipients, signer.
func TestDOCXHeaderTable(t *testing.T) {
	b := wordFile(t, `<w:tbl><w:tblPr/><w:tblGrid/><w:tr>`+tc(p("ỦY BAN NHÂN DÂN"), p("TỈNH HÀ GIANG"))+tc(p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), p("Độc lập - Tự do - Hạnh phúc"))+`</w:tr><w:tr>`+
		tc(p("Số: 12/KH-UBND"))+tc(p("Hà Giang, ngày 03 tháng 7 năm 2023"))+`</w:tr></w:tbl>`+p("KẾ HOẠCH")+p("Phòng, chống mua bán người năm 2023")+
		`<w:tbl><w:tr>`+tc(p("Nơi nhận:"), p("- Như trên;"), p("- Lưu: VT."))+tc(p("TM. ỦY BAN NHÂN DÂN"), p("CHỦ TỊCH"), p(""), p("Lò Văn An"))+`</w:tr></w:tbl>`, nil)
	want := `ỦY BAN NHÂN DÂN
TỈNH HÀ GIANG

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: 12/KH-UBND

Hà Giang, ngày 03 tháng 7 năm 2023

KẾ HOẠCH
Phòng, chống mua bán người năm 2023

Nơi nhận:
- Như trên;
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Lò Văn An
`
	text := extract(t, b)
	if d := cmp.Diff(want, text.Plain); d != "" {
		t.Error(d)
	}
	if text.Type != DOCX || len(text.Blocks) != 4 || text.Blocks[0].Kind != Table {
		t.Errorf("type %s, blocks %+v", text.Type, text.Blocks)
	}
	c := text.Blocks[0].Rows[1][1]
	if got := text.Plain[c.Start:c.End]; got != "Hà Giang, ngày 03 tháng 7 năm 2023" {
		t.Errorf("cell holds %q", got)
	}
}

func TestDOCXDataTable(t *testing.T) {
	b := wordFile(t, `<w:tbl><w:tr>`+tc(p("TT"))+tc(p("Nội dung"))+tc(p("Chủ trì"))+tc(p("Thời gian"))+`</w:tr><w:tr>`+tc(p("1"))+tc(p("Mít tinh"), p("- cấp xã"))+tc(p("Sở Y tế"))+tc(p("30/7"))+`</w:tr><w:tr>`+tc()+tc()+tc()+tc()+`</w:tr></w:tbl>`+p("Hết"), nil)
	text := extract(t, b)
	if d := cmp.Diff("TT | Nội dung | Chủ trì | Thời gian\n1 | Mít tinh\n- cấp xã | Sở Y tế | 30/7\n\nHết\n", text.Plain); d != "" {
		t.Error(d)
	}
	c := text.Blocks[0].Rows[1][2]
	if got := text.Plain[c.Start:c.End]; got != "Sở Y tế" {
		t.Errorf("cell holds %q", got)
	}
}

func TestDOCXNumbering(t *testing.T) {
	lvl := func(i int, format, text string) string {
		return `<w:lvl w:ilvl="` + string(rune('0'+i)) + `"><w:start w:val="1"/><w:numFmt w:val="` + format + `"/><w:lvlText w:val="` + text + `"/></w:lvl>`
	}
	numbering := `<w:numbering ` + wNS + `><w:abstractNum w:abstractNumId="0">` + lvl(0, "upperRoman", "%1.") + lvl(1, "decimal", "%2.") + lvl(2, "decimal", "%2.%3.") + lvl(3, "lowerLetter", "%4)") + lvl(4, "bullet", "\uf0b7") + `</w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="1">` + lvl(0, "bullet", "-") + `</w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="Dieu"/></w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="3">` + lvl(0, "decimal", "Điều %1.") + `</w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>` +
		`<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>` +
		`<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num><w:num w:numId="5"><w:abstractNumId w:val="3"/></w:num></w:numbering>`
	styles := `<w:styles ` + wNS + `><w:style w:styleId="Muc"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:styleId="MucCon"><w:basedOn w:val="Muc"/></w:style>` +
		`<w:style w:styleId="Dieu"><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style></w:styles>`
	item := func(num, level, s string) string {
		return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + num + `"/></w:numPr></w:pPr><w:r><w:t>` + s + `</w:t></w:r></w:p>`
	}
	b := wordFile(t, item("1", "0", "Mục đích")+item("1", "1", "Một")+item("1", "1", "Hai")+item("1", "2", "Hai một")+item("1", "3", "điểm")+item("1", "3", "điểm nữa")+item("1", "4", "chấm")+
		item("1", "0", "Nội dung")+item("1", "1", "Lại một")+`<w:p><w:pPr><w:pStyle w:val="MucCon"/></w:pPr><w:r><w:t>Theo kiểu</w:t></w:r></w:p>`+
		`<w:p><w:pPr><w:pStyle w:val="MucCon"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr><w:r><w:t>Không số</w:t></w:r></w:p>`+item("2", "0", "gạch")+item("3", "0", "Bắt đầu lại")+item("4", "0", "Phạm vi")+item("4", "0", "Đối tượng"),
		map[string]string{"numbering.xml": numbering, "styles.xml": styles})
	want := `I. Mục đích
1. Một
2. Hai
2.1. Hai một
a) điểm
b) điểm nữa
• chấm
II. Nội dung
1. Lại một
2. Theo kiểu
Không số
- gạch
VII. Bắt đầu lại
Điều 1. Phạm vi
Điều 2. Đối tượng
`
	text := extract(t, b)
	if d := cmp.Diff(want, text.Plain); d != "" {
		t.Error(d)
	}
	if text.Blocks[3].Label != "2.1." {
		t.Errorf("label %q", text.Blocks[3].Label)
	}
}

// What a person does not see is not read; what a person sees is, however it is stored.
func TestDOCXWhatIsSeen(t *testing.T) {
	r := func(props, s string) string {
		return `<w:r><w:rPr>` + props + `</w:rPr><w:t xml:space="preserve">` + s + `</w:t></w:r>`
	}
	fld := func(kind string) string { return `<w:r><w:fldChar w:fldCharType="` + kind + `"/></w:r>` }
	cases := []struct{ name, body, want string }{
		{"tracked", `<w:p>` + r("", "Sở ") + `<w:ins w:author="A">` + r("", "Y tế") + `</w:ins><w:del><w:r><w:delText>Nội vụ</w:delText></w:r></w:del></w:p>`, "Sở Y tế"},
		{"moved", `<w:p><w:moveFrom>` + r("", "cũ") + `</w:moveFrom>` + r("", "a ") + `<w:moveTo>` + r("", "mới") + `</w:moveTo></w:p>`, "a mới"},
		{"caps", `<w:p>` + r("<w:caps/>", "kế hoạch") + r(`<w:caps w:val="0"/>`, " năm") + `</w:p>`, "KẾ HOẠCH năm"},
		{"hidden", `<w:p>` + r("", "hiện") + r("<w:vanish/>", " ẩn") + `</w:p>`, "hiện"},
		{"breaks", `<w:p><w:r><w:t>một</w:t><w:br/><w:t>hai</w:t><w:tab/><w:t>ba</w:t><w:noBreakHyphen/></w:r></w:p>`, "một\nhai\tba-"},
		{"field", `<w:p>` + fld("begin") + `<w:r><w:instrText> DATE \@ "dd" </w:instrText></w:r>` + fld("separate") + r("", "ngày 03") + fld("end") + r("", " tháng 7") + `</w:p>`, "ngày 03 tháng 7"},
		{"nested field", `<w:p>` + fld("begin") + `<w:r><w:instrText>IF </w:instrText></w:r>` + fld("begin") + `<w:r><w:instrText>PAGE</w:instrText></w:r>` + fld("separate") + r("", "9") + fld("end") + fld("separate") + r("", "kết quả") + fld("end") + `</w:p>`, "kết quả"},
		{"simple field", `<w:p><w:fldSimple w:instr="AUTHOR">` + r("", "Lò Thị Đào") + `</w:fldSimple></w:p>`, "Lò Thị Đào"},
		{"link", `<w:p><w:hyperlink>` + r("", "chungtay@example.vn") + `</w:hyperlink></w:p>`, "chungtay@example.vn"},
		{"control", `<w:sdt><w:sdtPr><w:alias w:val="x"/></w:sdtPr><w:sdtContent><w:p>` + r("", "trong khung") + `</w:p></w:sdtContent></w:sdt>`, "trong khung"},
		{"box", `<w:p>` + r("", "Neo") + `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><w:txbxContent>` + p("HỎA TỐC") + `</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>` + p("HỎA TỐC") + `</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`, "Neo\nHỎA TỐC"},
		{"old box", `<w:p><w:r><w:pict><w:txbxContent>` + p("MẬT") + `</w:txbxContent></w:pict></w:r></w:p>`, "MẬT"},
		{"signs", `<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>` + r("", " có") + r(`<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>`, "\uf0b3") + `</w:p>`, "☑ có≥"},
		{"marks apart", `<w:p>` + r("", "Pho\u0300ng cho\u0302\u0301ng") + `</w:p>`, "Phòng chống"},
		{"entities", `<w:p>` + r("", "A &amp; B &lt;1&gt; &#272;") + `</w:p>`, "A & B <1> Đ"},
		{"formula", `<w:p><m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath></w:p>`, "x+1"},
		{"nested table", `<w:tbl><w:tr><w:tc>` + p("ngoài") + `<w:tbl><w:tr>` + tc(p("a")) + tc(p("b")) + tc(p("c")) + tc(p("d")) + `</w:tr></w:tbl>` + `</w:tc></w:tr></w:tbl>`, "ngoài\na | b | c | d"},
		{"old font", `<w:p>` + r(`<w:rFonts w:ascii=".VnTimeH" w:hAnsi=".VnTimeH"/>`, "ñy ban nh©n d©n") + r(`<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>`, " tØnh Thanh Hãa") + `</w:p>`, "ỦY BAN NHÂN DÂN tỉnh Thanh Hóa"},
		{"old symbol font", `<w:p>` + r(`<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>`, "phßng, chèng mua b\uf0b8n ng\uf0adêi") + `</w:p>`, "phòng, chống mua bán người"},
		{"VNI", `<w:p>` + r(`<w:rFonts w:ascii="VNI-Times" w:hAnsi="VNI-Times"/>`, "UÛY BAN NHA") + r(`<w:rFonts w:ascii="VNI-Times" w:hAnsi="VNI-Times"/><w:b/>`, "ÂN DAÂN tænh Ñoàng Thaùp, ngöôøi ñöôïc giuùp") + `</w:p>`, "ỦY BAN NHÂN DÂN tỉnh Đồng Tháp, người được giúp"},
		{"Unicode in an old font", `<w:p>` + r(`<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>`, "người được giúp") + `</w:p>`, "người được giúp"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want+"\n", extract(t, wordFile(t, c.body, nil)).Plain); d != "" {
				t.Error(d)
			}
		})
	}
}
