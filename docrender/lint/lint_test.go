package lint

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"chungtay/docrender"
	"chungtay/doctext"
	"chungtay/internal/i18n"
)

func golden(t *testing.T, name string) docrender.Document {
	b, err := os.ReadFile(filepath.Join("..", "testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var d docrender.Document
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func lintBytes(t *testing.T, b []byte) []Finding {
	t.Helper()
	f, err := Lint(t.Context(), bytes.NewReader(b), int64(len(b)), doctext.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func say(t *testing.T, f Finding) string {
	words, err := i18n.Load(Text)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d/%d %q %s %s: %s (+%d)", f.Place.Page, f.Place.Paragraph, f.Place.Text, f.Rule, f.Part, words.Text(i18n.VI, f.Message.Key, f.Message.Args...), f.Others)
}

var names = []string{"bao_cao", "bao_cao_ngang", "bien_ban", "cong_dien", "cong_van", "cong_van_don_doc", "giay_moi", "ke_hoach", "lien_nganh", "quyet_dinh", "thong_bao", "to_trinh"}

// What the house writes is right in its own eyes.
func TestOwnDOCXIsClean(t *testing.T) {
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			for _, f := range lintBytes(t, write(t, docrender.DOCX, golden(t, name))) {
				t.Error(say(t, f))
			}
		})
	}
}

func write(t *testing.T, w func(io.Writer, docrender.Document) error, d docrender.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := w(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// spoilt changes one part of a package.
func spoilt(t *testing.T, b []byte, part, old, new string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	hit := false
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == part {
			changed := strings.Replace(string(content), old, new, 1)
			hit = changed != string(content)
			content = []byte(changed)
		}
		x, err := w.Create(f.Name)
		if err == nil {
			_, err = x.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if !hit {
		t.Fatalf("%s holds no %q", part, old)
	}
	return out.Bytes()
}

const (
	inDoc    = "word/document.xml"
	inStyles = "word/styles.xml"
)

// style is the run properties of a style of ours, to be changed.
func style(id string) string { return `w:styleId="` + id + `">` }

// Each fault alone gives its finding, at its component, and no other.
func TestEachFault(t *testing.T) {
	for _, c := range []struct {
		base, part, old, new string
		rule, component      string
	}{
		{"quyet_dinh", inDoc, `w:w="11906" w:h="16838"`, `w:w="12240" w:h="15840"`, "paper", ""},
		{"quyet_dinh", inDoc, `w:left="1701"`, `w:left="1134"`, "margin", "left"},
		{"quyet_dinh", inDoc, `w:right="850"`, `w:right="567"`, "margin", "right"},
		{"quyet_dinh", inDoc, `w:top="1134"`, `w:top="1701"`, "margin", "top"},
		{"quyet_dinh", inDoc, `w:bottom="1134"`, `w:bottom="850"`, "margin", "bottom"},
		{"quyet_dinh", "word/header1.xml", ` PAGE `, ` DATE `, "page-number-missing", ""},
		{"quyet_dinh", inStyles, `<w:jc w:val="center"/></w:pPr><w:rPr><w:sz w:val="26"/><w:szCs w:val="26"/></w:rPr></w:style><w:style w:type="paragraph" w:customStyle="1" w:styleId="DiaChi">`, `<w:jc w:val="right"/></w:pPr><w:rPr><w:sz w:val="26"/><w:szCs w:val="26"/></w:rPr></w:style><w:style w:type="paragraph" w:customStyle="1" w:styleId="DiaChi">`, "page-number-place", ""},
		{"quyet_dinh", "word/header2.xml", `</w:pPr>`, `</w:pPr><w:fldSimple w:instr=" PAGE "/>`, "page-number-first", ""},
		{"quyet_dinh", "word/header1.xml", `<w:r><w:t>2<`, `<w:r><w:rPr><w:sz w:val="20"/></w:rPr><w:t>2<`, "page-number-size", ""},
		{"quyet_dinh", inDoc, `>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<`, `>NƯỚC CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<`, "national-words", "quoc-hieu"},
		{"quyet_dinh", inDoc, `<w:t xml:space="preserve">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM`, `<w:t xml:space="preserve">CỘNG HOÀ XÃ HỘI CHỦ NGHĨA  VIỆT-NAM`, "missing", "quoc-hieu"},
		{"quyet_dinh", inDoc, `Độc lập - Tự do - Hạnh phúc`, `Độc lập-Tự do-Hạnh phúc`, "motto-words", "tieu-ngu"},
		{"quyet_dinh", inDoc, `Độc lập - Tự do - Hạnh phúc`, `Độc Lập - Tự Do - Hạnh Phúc`, "motto-words", "tieu-ngu"},
		{"cong_dien", inDoc, `Số: 03/CĐ-UBND`, `Số: 3/CĐ-UBND`, "number-zero", "so-ky-hieu"},
		{"thong_bao", inDoc, `Số: 88/TB-UBND`, `Số: 088/TB-UBND`, "number-zeros", "so-ky-hieu"},
		{"thong_bao", inDoc, `Số: 88/TB-UBND`, `Số: 88 /TB - UBND`, "number-space", "so-ky-hieu"},
		{"thong_bao", inDoc, `Số: 88/TB-UBND`, `Số: 88/KH-UBND`, "number-type", "so-ky-hieu"},
		{"cong_van", inDoc, `/SYT-NVY`, `/CV-SYT`, "number-cv", "so-ky-hieu"},
		{"thong_bao", inDoc, `Số: 88/TB-UBND`, `Số 88/TB-UBND`, "number-label", "so-ky-hieu"},
		{"thong_bao", inDoc, `Số: 88/TB-UBND`, `Số: 88`, "number-symbol", "so-ky-hieu"},
		{"thong_bao", inDoc, `Số: 88/TB-UBND`, `Số: 88/TB–UBND`, "number-dash", "so-ky-hieu"},
		{"cong_van", inDoc, `/SYT-NVY`, `/KH-SYT`, "number-type-letter", "so-ky-hieu"},
		{"thong_bao", inDoc, `Thanh Hóa, ngày 10 tháng 4 năm 2026`, `Thanh Hóa, ngày 10/4/2026`, "date-form", "dia-danh"},
		{"thong_bao", inDoc, `Thanh Hóa, ngày 10`, `Thanh Hóa ngày 10`, "date-comma", "dia-danh"},
		{"cong_dien", inDoc, `ngày 03 tháng 10`, `ngày 3 tháng 10`, "date-day", "dia-danh"},
		{"to_trinh", inDoc, `ngày 05 tháng 01`, `ngày 05 tháng 1`, "date-month", "dia-danh"},
		{"thong_bao", inDoc, `ngày 10 tháng 4`, `ngày 10 tháng 04`, "date-month", "dia-danh"},
		{"thong_bao", inDoc, `ngày 10 tháng 4`, `ngày 31 tháng 4`, "date-none", "dia-danh"},
		{"cong_van", inDoc, `V/v triển khai`, `Triển khai`, "subject-vv", "trich-yeu-cv"},
		{"thong_bao", inStyles, style("TenLoai") + `<w:name w:val="Tên loại"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:widowControl/><w:spacing w:before="280" w:after="0"/><w:jc w:val="center"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:bCs/>`, style("TenLoai") + `<w:name w:val="Tên loại"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:jc w:val="center"/></w:pPr><w:rPr>`, "bold", "ten-loai"},
		{"to_trinh", inDoc, `>Về việc đề nghị`, `>V/v đề nghị`, "subject-not-vv", "trich-yeu"},
		{"thong_bao", inDoc, `<w:pStyle w:val="SoKyHieu"/></w:pPr><w:r>`, `<w:pStyle w:val="SoKyHieu"/></w:pPr><w:r><w:rPr><w:b/></w:rPr>`, "not-bold", "so-ky-hieu"},
		{"thong_bao", inDoc, `<w:pStyle w:val="SoKyHieu"/></w:pPr><w:r>`, `<w:pStyle w:val="SoKyHieu"/></w:pPr><w:r><w:rPr><w:i/></w:rPr>`, "not-italic", "so-ky-hieu"},
		{"thong_bao", inDoc, `<w:pStyle w:val="TenLoai"/>`, `<w:pStyle w:val="TenLoai"/><w:jc w:val="left"/>`, "centre", "ten-loai"},
		{"thong_bao", inDoc, `<w:pStyle w:val="HoTen"/>`, `<w:pStyle w:val="SoKyHieu"/>`, "bold", "ho-ten"},
		{"thong_bao", inDoc, `<w:pStyle w:val="DiaDanhNgay"/>`, `<w:pStyle w:val="SoKyHieu"/>`, "italic", "dia-danh"},
		{"thong_bao", inDoc, `<w:pStyle w:val="CoQuanBanHanh"/>`, `<w:pStyle w:val="CoQuanChuQuan"/>`, "bold", "ban-hanh"},
		{"thong_bao", inDoc, `<w:pStyle w:val="NoiNhanDong"/>`, `<w:pStyle w:val="BangO"/>`, "size", "noi-nhan-dong"},
		{"thong_bao", inDoc, `<w:t xml:space="preserve">Nơi nhận:`, `<w:rPr><w:sz w:val="28"/></w:rPr><w:t xml:space="preserve">Nơi nhận:`, "size", "noi-nhan"},
		{"thong_bao", inDoc, `<w:t xml:space="preserve">CHÁNH VĂN PHÒNG`, `<w:t xml:space="preserve">Chánh Văn phòng`, "upper", "quyen-han"},
		{"thong_bao", inStyles, `<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"`, `<w:rFonts w:ascii="Arial" w:hAnsi="Arial"`, "font", ""},
		{"thong_bao", inDoc, `<w:pStyle w:val="ThanBai"/></w:pPr><w:r>`, `<w:pStyle w:val="ThanBai"/></w:pPr><w:r><w:rPr><w:color w:val="FF0000"/></w:rPr>`, "colour", ""},
		{"thong_bao", inDoc, `<w:pStyle w:val="ThanBai"/>`, `<w:pStyle w:val="ThanBai"/><w:jc w:val="left"/>`, "justify", "than-bai"},
		{"thong_bao", inDoc, `<w:pStyle w:val="ThanBai"/>`, `<w:pStyle w:val="ThanBai"/><w:ind w:firstLine="0"/>`, "indent", "than-bai"},
		{"thong_bao", inDoc, `<w:pStyle w:val="ThanBai"/>`, `<w:pStyle w:val="ThanBai"/><w:spacing w:after="0"/>`, "gap", "than-bai"},
		{"thong_bao", inDoc, `<w:pStyle w:val="ThanBai"/>`, `<w:pStyle w:val="ThanBai"/><w:spacing w:line="480" w:lineRule="auto"/>`, "line-spacing", "than-bai"},
		{"thong_bao", inDoc, `./.`, `.`, "end-mark", "than-bai"},
		{"thong_bao", inDoc, `>Nơi nhận:<`, `>Nơi nhận<`, "to-label", "noi-nhan"},
		{"thong_bao", inDoc, `- UBND các xã, phường;`, `- Lưu: VT;`, "archive-last", "noi-nhan-dong"},
		{"thong_bao", inDoc, `- Lưu: VT, VP.`, `- Lưu VT, VP.`, "archive-colon", "noi-nhan-dong"},
		{"thong_bao", inDoc, `- Lưu: VT, VP.`, `- Lưu: VP.`, "archive-vt", "noi-nhan-dong"},
		{"thong_bao", inDoc, `- Lưu: VT, VP.`, `- Văn phòng.`, "archive", "noi-nhan-dong"},
		{"thong_bao", inDoc, `- Các sở, ban, ngành;`, `- Các sở, ban, ngành`, "to-mark", "noi-nhan-dong"},
		{"thong_bao", inDoc, `Đỗ Quang Khải`, `ThS. Đỗ Quang Khải`, "signer-title", "ho-ten"},
		{"thong_bao", inDoc, `TL. CHỦ TỊCH`, `TL CHỦ TỊCH`, "authority-mark", "quyen-han"},
		{"quyet_dinh", inDoc, `<w:pStyle w:val="CanCu"/>`, `<w:pStyle w:val="ThanBai"/>`, "italic", "can-cu"},
		{"quyet_dinh", inDoc, `địa phương;`, `địa phương.`, "basis-mark", "can-cu"},
		{"quyet_dinh", inDoc, `ngày 05 tháng 01 năm 2026.`, `ngày 05 tháng 01 năm 2026;`, "basis-last", "can-cu"},
		{"ke_hoach", inDoc, `>Phụ lục I<`, `>Phụ lục 1<`, "annex-roman", "phu-luc"},
		{"quyet_dinh", inDoc, `w:gutter="0"/><w:pgNumType w:start="1"/><w:titlePg/></w:sectPr></w:body>`, `w:gutter="0"/><w:titlePg/></w:sectPr></w:body>`, "annex-number", "phu-luc"},
		{"to_trinh", inDoc, `w:w="11906" w:h="16838"`, `w:w="16838" w:h="11906" w:orient="landscape"`, "turned", ""},
		{"cong_dien", inStyles, `<w:color w:val="FF0000"/>`, `<w:color w:val="000000"/>`, "mark-colour", "dau"},
		{"thong_bao", inDoc, `<w:t xml:space="preserve">Độc lập - Tự do - Hạnh phúc`, `<w:rPr><w:u w:val="single"/></w:rPr><w:t xml:space="preserve">Độc lập - Tự do - Hạnh phúc`, "underline", "tieu-ngu"},
		{"thong_bao", inDoc, `<w:t xml:space="preserve">Ngày 07/4/2026, Phó`, `<w:t xml:space="preserve">Điều 1. Ngày 07/4/2026, Phó`, "article-bold", "than-bai"},
		{"cong_van", inStyles, style("TrichYeuCongVan") + `<w:name w:val="Trích yếu công văn"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl/><w:spacing w:before="120"`, style("TrichYeuCongVan") + `<w:name w:val="Trích yếu công văn"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl/><w:spacing w:before="0"`, "gap", "trich-yeu-cv"},
		{"quyet_dinh", inDoc, `Căn cứ Luật Phòng, chống mua bán người;`, `Căn cứ Luật Phòng, chống mua bán người số 53/2024/QH15 ngày 28 tháng 11 năm 2024;`, "citation-law", "than-bai"},
		{"cong_van", inDoc, `Kế hoạch số 145/KH-UBND ngày 09 tháng 02 năm 2026 của Ủy ban nhân dân tỉnh về việc`, `Kế hoạch số 145/KH-UBND về việc`, "citation-first", "than-bai"},
		{"cong_van", inDoc, `Công văn số 2557/C02-P5`, `Công văn 2557/C02-P5`, "citation-number", "than-bai"},
	} {
		t.Run(c.rule+" "+c.component, func(t *testing.T) {
			found := lintBytes(t, spoilt(t, write(t, docrender.DOCX, golden(t, c.base)), c.part, c.old, c.new))
			hit := false
			for _, f := range found {
				if f.Rule == c.rule && (f.Part == c.component || c.component == "") {
					hit = true
					continue
				}
				t.Error("besides:", say(t, f))
			}
			if !hit {
				t.Errorf("no %s at %s", c.rule, c.component)
			}
		})
	}
}

// without is a golden document without some of the paragraphs of a style, or with them moved.
func without(t *testing.T, name string, change func(paras []string) []string) []byte {
	t.Helper()
	b := write(t, docrender.DOCX, golden(t, name))
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open(inDoc)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	text := string(whole)
	paras := regexp.MustCompile(`(?s)<w:p>.*?</w:p>`).FindAllString(text, -1)
	for i, p := range change(append([]string(nil), paras...)) {
		if p != paras[i] {
			b = spoilt(t, b, inDoc, paras[i], "\x00"+fmt.Sprint(i)+"\x00")
		}
	}
	for i, p := range change(append([]string(nil), paras...)) {
		if p != paras[i] {
			b = spoilt(t, b, inDoc, "\x00"+fmt.Sprint(i)+"\x00", p)
		}
	}
	return b
}

// Components that are not there are named, and so are those that stand in another order; a rule of the wrong length shows in a PDF.
func TestMissingAndMovedParts(t *testing.T) {
	const empty = `<w:p><w:pPr><w:pStyle w:val="BangO"/></w:pPr></w:p>`
	drop := func(styles ...string) func([]string) []string {
		return func(ps []string) []string {
			for i, p := range ps {
				for _, s := range styles {
					if strings.Contains(p, `<w:pStyle w:val="`+s+`"/>`) {
						ps[i] = empty
					}
				}
			}
			return ps
		}
	}
	swap := func(a, b string) func([]string) []string {
		return func(ps []string) []string {
			at := func(s string) int {
				for i, p := range ps {
					if strings.Contains(p, s) {
						return i
					}
				}
				t.Fatalf("no %s", s)
				return 0
			}
			i, k := at(a), at(b)
			ps[i], ps[k] = ps[k], ps[i]
			return ps
		}
	}
	for _, c := range []struct {
		base       string
		change     func([]string) []string
		rule, part string
	}{
		{"thong_bao", drop("TieuNgu"), "missing", "tieu-ngu"},
		{"thong_bao", drop("CoQuanBanHanh"), "missing", "ban-hanh"},
		{"thong_bao", drop("SoKyHieu"), "missing", "so-ky-hieu"},
		{"thong_bao", drop("DiaDanhNgay"), "missing", "dia-danh"},
		{"thong_bao", drop("TrichYeu"), "missing", "trich-yeu"},
		{"thong_bao", drop("NoiNhan", "NoiNhanDong"), "missing", "noi-nhan"},
		{"thong_bao", drop("HoTen"), "missing", "ho-ten"},
		{"to_trinh", drop("KinhGui"), "missing", "kinh-gui"},
		{"thong_bao", swap(">CỘNG HÒA", ">Độc lập - Tự do"), "order", "tieu-ngu"},
	} {
		t.Run(c.rule+" "+c.part, func(t *testing.T) {
			found := lintBytes(t, without(t, c.base, c.change))
			hit := false
			for _, f := range found {
				hit = hit || f.Rule == c.rule && f.Part == c.part
			}
			if !hit || len(found) > 2 {
				for _, f := range found {
					t.Error(say(t, f))
				}
				t.Errorf("%d findings, no %s at %s among them: %v", len(found), c.rule, c.part, !hit)
			}
		})
	}
}

// A point e) after d) is a fault of the alphabet.
func TestPointsInLatinOrder(t *testing.T) {
	d := golden(t, "cong_van")
	d.Body = []docrender.Block{docrender.Para("Các nội dung:")}
	for _, l := range []string{"a)", "b)", "c)", "d)", "e)"} {
		b := docrender.Item(docrender.LevelPoint, "việc phải làm;")
		b.Label = l
		d.Body = append(d.Body, b)
	}
	found := lintBytes(t, write(t, docrender.DOCX, d))
	if len(found) != 1 || found[0].Rule != "point-letter" || found[0].Place.Text != "e) việc phải làm./." {
		t.Errorf("found %v", found)
	}
}

// What the decree allows beside the house's choice is no fault.
func TestRangesOfTheDecree(t *testing.T) {
	b := write(t, docrender.DOCX, golden(t, "thong_bao"))
	for _, c := range [][2]string{
		{`w:left="1701"`, `w:left="1985"`}, {`w:right="850"`, `w:right="1134"`}, {`w:top="1134"`, `w:top="1417"`},
	} {
		b = spoilt(t, b, inDoc, c[0], c[1])
	}
	b = spoilt(t, b, inDoc, `<w:pStyle w:val="ThanBai"/>`, `<w:pStyle w:val="ThanBai"/><w:spacing w:before="120" w:after="120" w:line="360" w:lineRule="auto"/><w:ind w:firstLine="720"/>`)
	b = spoilt(t, b, inStyles, `w:styleId="QuocHieu"><w:name w:val="Quốc hiệu"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl/><w:spacing w:before="0" w:after="0"/><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:bCs/><w:sz w:val="26"/>`, `w:styleId="QuocHieu"><w:name w:val="Quốc hiệu"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl/><w:spacing w:before="0" w:after="0"/><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:bCs/><w:sz w:val="24"/>`)
	for _, f := range lintBytes(t, b) {
		t.Error(say(t, f))
	}
}

// Every rule has its sentence in both languages, of what is wrong and what to do, and every sentence is spoken; every rule has a wrong document
// in these tests.
func TestSentences(t *testing.T) {
	words, err := i18n.Load(Text)
	if err != nil {
		t.Fatal(err)
	}
	gather := func(names ...string) (s string) {
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			s += string(b)
		}
		return s
	}
	source, tests := gather("rules.go", "parts.go", "pdf.go", "lint.go"), gather("lint_test.go", "pdf_test.go", "office_test.go")
	cure := regexp.MustCompile(`\S[.:] \p{Lu}.*\.$`) // a sentence behind the first
	for _, m := range regexp.MustCompile(`report\("([a-z-]+)"`).FindAllStringSubmatch(source, -1) {
		if !words.Has("lint.rule." + m[1]) {
			t.Errorf("rule %s has no sentence", m[1])
		}
		for _, l := range i18n.Langs {
			if s := words.Text(l, "lint.rule."+m[1], "A", "B", "C"); !cure.MatchString(s) {
				t.Errorf("rule %s says no cure: %q", m[1], s)
			}
		}
		if !strings.Contains(tests, `"`+m[1]+`"`) {
			t.Errorf("no test has a document that breaks %s", m[1])
		}
	}
	for _, k := range words.Keys() {
		if name, ok := strings.CutPrefix(k, "lint.rule."); ok && !strings.Contains(source, `"`+name+`"`) {
			t.Errorf("nothing reports %s", name)
		}
	}
}

// Hostile and broken files end in an error or in findings, never in a crash.
func FuzzLint(f *testing.F) {
	var b bytes.Buffer
	d := docrender.Document{Kind: docrender.OtherKind, Title: "BIÊN BẢN", Issuer: []string{"Sở Y tế"}, Place: "Sơn La", Body: []docrender.Block{docrender.Item(docrender.LevelPoint, "x")}, SignerTitle: "A", Signer: "B"}
	if err := docrender.DOCX(&b, d); err != nil {
		f.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range []string{inDoc, inStyles, "word/numbering.xml"} {
		r, err := z.Open(name)
		if err != nil {
			f.Fatal(err)
		}
		c, err := io.ReadAll(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(name, c)
	}
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for _, p := range z.File {
			if p.Name == name {
				continue
			}
			if err := w.Copy(p); err != nil {
				t.Fatal(err)
			}
		}
		x, err := w.Create(name)
		if err != nil {
			return
		}
		_, _ = x.Write(content)
		if err := w.Close(); err != nil {
			return
		}
		_, _ = Lint(context.Background(), bytes.NewReader(out.Bytes()), int64(out.Len()), doctext.Options{})
	})
}
