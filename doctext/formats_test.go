package doctext

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestODT(t *testing.T) {
	content := `<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="tb" xmlns:style="s" xmlns:fo="f">` +
		`<office:font-face-decls><style:font-face style:name="F1" svg:font-family="'.VnTime'"/></office:font-face-decls><office:automatic-styles>` +
		`<style:style style:name="T1" style:family="text"><style:text-properties style:font-name="F1"/></style:style><style:style style:name="T2" style:family="text"><style:text-properties fo:text-transform="uppercase"/></style:style><style:style style:name="T3" style:family="text"><style:text-properties text:display="none"/></style:style>` +
		`<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="I" style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix="." text:display-levels="1"/><text:list-level-style-bullet text:level="3" text:bullet-char="-"/></text:list-style>` +
		`</office:automatic-styles><office:body><office:text><text:tracked-changes><text:deletion><text:p>đã xóa</text:p></text:deletion></text:tracked-changes>` +
		`<text:p>Số:<text:s text:c="5"/>/SYT-TTr<text:tab/>x<text:line-break/>dòng hai</text:p>` +
		`<text:list text:style-name="L1"><text:list-item><text:p>Mục đích</text:p><text:list><text:list-item><text:p>Một</text:p></text:list-item><text:list-item><text:p>Hai</text:p><text:list><text:list-item><text:p>gạch</text:p></text:list-item></text:list></text:list-item></text:list></text:list-item><text:list-item><text:p>Nội dung</text:p></text:list-item></text:list>` +
		`<text:p><text:span text:style-name="T1">tØnh Thanh Hãa</text:span> <text:span text:style-name="T2">kế hoạch</text:span><text:span text:style-name="T3">ẩn</text:span><text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Chú thích</text:p></text:note-body></text:note></text:p>` +
		`<text:p>Trang một<text:soft-page-break/> sang trang hai<office:annotation><text:p>nhận xét</text:p></office:annotation></text:p>` +
		`<table:table><table:table-row><table:table-cell><text:p>TT</text:p></table:table-cell><table:table-cell><text:p>Xã</text:p></table:table-cell><table:table-cell><text:p>Buổi</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"><text:p>x</text:p></table:table-cell></table:table-row></table:table>` +
		`</office:text></office:body></office:document-content>`
	meta := `<m xmlns:dc="d" xmlns:meta="m"><meta:initial-creator>Lò Thị Đào</meta:initial-creator><dc:title>Kế hoạch</dc:title><meta:creation-date>2023-07-05T08:00:00</meta:creation-date><meta:document-statistic meta:page-count="2"/></m>`
	text := extract(t, zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, "meta.xml": meta}))
	want := "Số:     /SYT-TTr\tx\ndòng hai\nI. Mục đích\n1. Một\n2. Hai\n- gạch\nII. Nội dung\ntỉnh Thanh Hóa KẾ HOẠCH\nTrang một sang trang hai\n\nTT | Xã | Buổi | x | x\n"
	if d := cmp.Diff(want, text.Plain); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]Apart{{"note", "Chú thích"}}, text.Apart); d != "" {
		t.Error(d)
	}
	if len(text.Pages) != 2 || !strings.HasPrefix(text.Plain[text.Pages[1]:], " sang trang hai") || text.PageCount != 2 {
		t.Errorf("pages %v of %d", text.Pages, text.PageCount)
	}
	if text.Meta.Author != "Lò Thị Đào" || text.Meta.Created.Year() != 2023 {
		t.Errorf("%+v", text.Meta)
	}
	if got := keys(text); got != "doctext.warn.comments doctext.warn.font doctext.warn.tracked" {
		t.Errorf("warnings: %s", got)
	}
}

func keys(text Text) string {
	var out []string
	for _, w := range text.Warnings {
		out = append(out, w.Key)
	}
	sort.Strings(out)
	return strings.Join(out, " ")
}

func TestRTF(t *testing.T) {
	file := `{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f1\fcharset163 Arial;}{\f2 .VnTimeH;}{\f3\fcharset2 Wingdings;}}` +
		`{\stylesheet{\s0 Normal;}}{\info{\title K\u7871? ho\u7841?ch}{\author L\'f2 An}{\operator B}{\creatim\yr2009\mo7\dy3\hr8\min5}{\nofpages3}}{\header Trang \chpgn\par}{\*\unknown n\'f4 bo}` + "\n" +
		`\trowd\cellx100\cellx200\pard\intbl S\u7902? Y T\u7870?\par S\u7889?: 12/KH-SYT\cell C\u7896?NG H\u210?A X\u195? H\u7896?I CH\u7910? NGH\u296?A VI\u7878?T NAM\cell\row` +
		`\pard{\listtext\pard\plain 1.\tab}{\f1 th\'fd\'ec x\'e3}\par\pard{\f2 \'f1y ban}{\v an}{\deleted xoa} {\caps hoa}\line hai\~ba\emdash\par{\f3\'fe} c\'f3\par` +
		`{\field{\*\fldinst PAGE}{\fldrslt 7}}\par{\pict 89504e47}{\footnote\pard ch\'fa th\'edch}cu\'1i\bin3 {}}\'f3i\par}`
	text := extract(t, []byte(file))
	want := "SỞ Y TẾ\nSố: 12/KH-SYT\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\n1. thứ xă\nỦY BAN HOA\nhai\u00a0ba—\n☑ có\n7\ncu1iói"
	if !strings.HasPrefix(text.Plain, want) {
		t.Error(cmp.Diff(want, text.Plain))
	}
	if text.Meta.Title != "Kế hoạch" || text.Meta.Author != "Lò An" || text.Meta.Created.Year() != 2009 || text.PageCount != 3 {
		t.Errorf("%+v, %d pages", text.Meta, text.PageCount)
	}
	if d := cmp.Diff([]Apart{{"header", "Trang"}, {"note", "chú thích"}}, text.Apart); d != "" {
		t.Error(d)
	}
	if got := keys(text); got != "doctext.warn.font doctext.warn.hidden doctext.warn.tracked" {
		t.Errorf("warnings: %s", got)
	}
}

// workbookFile makes an XLSX of sheets by name.
func workbookFile(t testing.TB, sheets map[string]string, shared, styles string) []byte {
	parts := map[string]string{"_rels/.rels": sheetRels, "xl/sharedStrings.xml": shared, "xl/styles.xml": styles}
	book := `<workbook xmlns:r="r"><sheets>`
	rels := `<Relationships><Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="t" Type="x/styles" Target="styles.xml"/>`
	for i, name := range sortedKeys(sheets) {
		state := ""
		if strings.HasPrefix(name, "Ẩn") {
			state = ` state="hidden"`
		}
		book += fmt.Sprintf(`<sheet name="%s" sheetId="%d" r:id="r%d"%s/>`, name, i+1, i+1, state)
		rels += fmt.Sprintf(`<Relationship Id="r%d" Type="x/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, i+1)
		parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = sheets[name]
	}
	parts["xl/workbook.xml"] = book + `</sheets></workbook>`
	parts["xl/_rels/workbook.xml.rels"] = rels + `</Relationships>`
	return zipped(t, parts)
}

func TestXLSX(t *testing.T) {
	sheet := `<worksheet><sheetData>` +
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="D1" t="inlineStr"><is><t>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</t></is></c></row>` +
		`<row r="2"><c r="A2" t="inlineStr"><is><t>Số: 3/BC-SYT</t></is></c><c r="D2" t="inlineStr"><is><t>Độc lập - Tự do - Hạnh phúc</t></is></c></row><row r="3"/>` +
		`<row r="4"><c r="A4" t="inlineStr"><is><t>BIỂU TỔNG HỢP</t></is></c></row>` +
		`<row r="5"><c r="A5" t="inlineStr"><is><t>TT</t></is></c><c r="B5" t="s"><v>1</v></c><c r="C5" t="inlineStr"><is><t>Ngày</t></is></c><c r="D5" t="inlineStr"><is><t>Đạt</t></is></c></row>` +
		`<row r="6"><c r="A6"><v>1</v></c><c r="B6"><v>1450</v></c><c r="C6" s="1"><v>45123</v></c><c r="D6" s="2"><f>B6/C6</f><v>0.583</v></c></row>` +
		`<row r="7"><c r="A7"><v>2</v></c><c r="C7" s="1"><v>45124</v></c><c r="D7"><v>0.30000000000000004</v></c></row></sheetData></worksheet>`
	shared := `<sst><si><t>SỞ Y TẾ</t></si><si><r><rPr><rFont val=".VnTime"/></rPr><t>L` + "\u00adît ng\u00adêi" + `</t></r><rPh><t>bỏ</t></rPh></si></sst>`
	styles := `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy;@"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs></styleSheet>`
	text := extract(t, workbookFile(t, map[string]string{"Biểu": sheet, "Ẩn": sheet}, shared, styles))
	want := "SỞ Y TẾ\nSố: 3/BC-SYT\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\nBIỂU TỔNG HỢP\n\nTT | Lượt người | Ngày | Đạt\n1 | 1450 | 16/07/2023 | 58,3 %\n2 |  | 17/07/2023 | 0,3\n"
	if d := cmp.Diff(want, text.Plain); d != "" {
		t.Error(d)
	}
	if got := keys(text); got != "doctext.warn.sheets" {
		t.Errorf("warnings: %s", got)
	}
}

// What stands beside the text of a DOCX, and what is said about it.
func TestDOCXBeside(t *testing.T) {
	hdr := func(s string) string { return `<w:hdr ` + wNS + `>` + p(s) + `</w:hdr>` }
	text := extract(t, wordFile(t, p("Trước")+`<w:p><w:r><w:t>nửa đầu </w:t></w:r><w:r><w:lastRenderedPageBreak/><w:t>nửa sau</w:t><w:footnoteReference w:id="2"/></w:r></w:p><w:p><w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r></w:p>`, map[string]string{
		"header1.xml": hdr("Trang 1"), "header2.xml": hdr("Trang 1"), "footer1.xml": strings.ReplaceAll(hdr("Địa chỉ: 1 Trần Phú"), "hdr", "ftr"),
		"footnotes.xml":     `<w:footnotes ` + wNS + `><w:footnote w:type="separator" w:id="0">` + p("---") + `</w:footnote><w:footnote w:id="2">` + p("Theo số liệu của Công an tỉnh") + `</w:footnote></w:footnotes>`,
		"comments.xml":      `<w:comments ` + wNS + `><w:comment w:id="0">` + p("sửa lại") + `</w:comment></w:comments>`,
		"docProps/core.xml": coreXML, "docProps/app.xml": `<Properties><Application>Microsoft Office Word</Application><Pages>2</Pages></Properties>`,
	}))
	if text.Plain != "Trước\nnửa đầu nửa sau\n" {
		t.Errorf("%q", text.Plain)
	}
	if d := cmp.Diff([]Apart{{"header", "Trang 1"}, {"footer", "Địa chỉ: 1 Trần Phú"}, {"note", "Theo số liệu của Công an tỉnh"}}, text.Apart); d != "" {
		t.Error(d)
	}
	if len(text.Pages) != 2 || !strings.HasPrefix(text.Plain[text.Pages[1]:], "nửa sau") || text.PageAt(0) != 1 || text.PageAt(len(text.Plain)-1) != 2 {
		t.Errorf("pages %v", text.Pages)
	}
	want := Meta{Title: "Kế hoạch", Author: "Lò Thị Đào", Editor: "Vàng A Páo", Program: "Microsoft Office Word", Created: time.Date(2023, 7, 5, 1, 0, 0, 0, time.UTC), Modified: time.Date(2023, 7, 6, 1, 0, 0, 0, time.UTC)}
	if d := cmp.Diff(want, text.Meta); d != "" {
		t.Error(d)
	}
	if got := keys(text); got != "doctext.warn.comments doctext.warn.hidden doctext.warn.tracked" {
		t.Errorf("warnings: %s", got)
	}
}

const coreXML = `<cp:coreProperties xmlns:dc="d" xmlns:dcterms="t"><dc:title>Kế hoạch</dc:title><dc:creator>Lò Thị Đào</dc:creator><cp:lastModifiedBy>Vàng A Páo</cp:lastModifiedBy><dcterms:created>2023-07-05T08:00:00+07:00</dcterms:created><dcterms:modified>2023-07-06T01:00:00Z</dcterms:modified></cp:coreProperties>`

// throughOffice turns texts into DOCX and PDF by LibreOffice and asks that they are read to the same result as the texts.
func throughOffice(t *testing.T, texts map[string]string) {
	t.Helper()
	files := map[string][]byte{}
	for base, s := range texts {
		files[base+".txt"] = []byte(s)
	}
	for _, kind := range []string{"docx", "pdf"} {
		dir := office(t, kind, "Text (encoded):UTF8", files)
		for base, s := range texts {
			text := fileText(t, filepath.Join(dir, base+"."+kind))
			if d := cmp.Diff(facts(t, s), facts(t, text.Plain)); d != "" {
				t.Errorf("%s as %s:\n%s", base, kind, d)
			}
		}
	}
}

// The shared documents.
func TestCorpusThroughLibreOffice(t *testing.T) {
	root := os.Getenv("CHUNGTAY_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	found, _ := filepath.Glob(filepath.Join(root, "corpus", "docs", "*.txt"))
	if len(found) == 0 {
		t.Skipf("SKIPPED: no documents under %s: set CHUNGTAY_SHARED to the folder that holds corpus/", root)
	}
	texts := map[string]string{}
	for _, name := range found {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s := string(b)
		if strings.HasPrefix(s, "# source:") {
			s = strings.SplitN(s, "\n", 3)[2]
		}
		texts[strings.TrimSuffix(filepath.Base(name), ".txt")] = s
	}
	throughOffice(t, texts)
}

// The documents of our own wording that were held out.
func TestHeldOutThroughLibreOffice(t *testing.T) {
	found, _ := filepath.Glob(filepath.Join("..", "docparse", "testdata", "heldout", "*.txt"))
	if len(found) == 0 {
		t.Fatal("no held-out documents")
	}
	texts := map[string]string{}
	for _, name := range found {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[strings.TrimSuffix(filepath.Base(name), ".txt")], _, _ = strings.Cut(string(b), "\n-- gold --\n")
	}
	throughOffice(t, texts)
}

// One page as a scanner gives it: drawn, read by Tesseract, and what a careful officer needs is found.
func TestRecognition(t *testing.T) {
	needs(t, "tesseract")
	draw := needs(t, "pdftoppm")
	p := papers[1]
	pdf := office(t, "pdf", "", map[string][]byte{"p.docx": p.docx(t)})
	dir := t.TempDir()
	if out, err := command(draw, "-r", "200", "-gray", "-png", "-singlefile", filepath.Join(pdf, "p.pdf"), filepath.Join(dir, "p")); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text := fileText(t, filepath.Join(dir, "p.png"))
	want, got := facts(t, p.text()), facts(t, text.Plain)
	for _, k := range []string{"doc_type", "issuer", "issued_on", "place", "subject", "report_deadlines", "recipients", "signer", "signer_title"} {
		if d := cmp.Diff(want[k], got[k]); d != "" {
			t.Errorf("%s: %s", k, d)
		}
	}
	if !text.OCR || len(text.Warnings) != 1 || text.Warnings[0].Key != "doctext.warn.ocr" {
		t.Errorf("warnings %+v", text.Warnings)
	}
	if t.Failed() {
		t.Log(text.Plain)
	}
}

// Without the program a picture gets an answer that says what to install.
func TestNoRecognition(t *testing.T) {
	o := testOptions(t)
	o.OCR = "no-such-program"
	png := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0)
	if _, err := extractWith(t, png, o); !isErr(err, ErrNoOCR) {
		t.Error(err)
	}
	scan := "q 500 0 0 700 40 60 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x00\xff\xff\x00 EI Q"
	if _, err := extractWith(t, pdfFile([]string{scan}, "", ""), o); !isErr(err, ErrNoOCR) {
		t.Error(err)
	}
	text, err := extractWith(t, pdfFile([]string{shown(60, 700, 12, "Trang mot co chu va du dai de doc"), scan}, "", ""), o)
	if err != nil || keys(text) != "doctext.warn.pages-skipped" {
		t.Errorf("%v %s", err, keys(text))
	}
}

// A .doc of 1997 is read where the installation allows LibreOffice to convert it.
func TestOldWordThroughLibreOffice(t *testing.T) {
	p := papers[1]
	dir := office(t, "doc", "", map[string][]byte{"p.docx": p.docx(t)})
	b, err := os.ReadFile(filepath.Join(dir, "p.doc"))
	if err != nil {
		t.Fatal(err)
	}
	reason(t, b, ErrOldWord)
	o := testOptions(t)
	o.Soffice = needs(t, "soffice")
	text, err := extractWith(t, b, o)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(facts(t, p.text()), facts(t, text.Plain)); d != "" {
		t.Errorf("%s\n%s", d, text.Plain)
	}
}
