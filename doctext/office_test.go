package doctext

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"chungtay/docparse"
)

// paper is an invented official document: its blocks as the decree sets them, from which its text and its DOCX are made.
type paper struct {
	name       string
	head       [][2][]string // rows of the header table: left and right block
	title      []string
	body       []string
	grid       [][]string // a table of data behind the body
	closing    string
	recipients []string
	signature  []string
}

var papers = []paper{
	{
		name: "cong-van",
		head: [][2][]string{{{"UBND TỈNH HÀ GIANG", "SỞ Y TẾ", "Số: 1204/SYT-NVY", "V/v hưởng ứng Ngày toàn dân phòng, chống mua bán người năm 2023"},
			{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Hà Giang, ngày 05 tháng 7 năm 2023"}}},
		body: []string{"Kính gửi: Thủ trưởng các đơn vị trực thuộc.",
			"Thực hiện Kế hoạch số 211/KH-UBND ngày 20/6/2023 của Ủy ban nhân dân tỉnh về phòng, chống mua bán người năm 2023, Sở Y tế yêu cầu Thủ trưởng các đơn vị thực hiện những việc sau:",
			"1. Phổ biến cho viên chức, người lao động cách nhận biết nạn nhân khi khám, chữa bệnh; khi nghi ngờ thì báo ngay cho công an xã nơi gần nhất và ghi vào sổ theo dõi của khoa.",
			"2. Treo băng rôn, phát tờ gấp tại khoa khám bệnh từ ngày 20/7/2023 đến ngày 05/8/2023; giới thiệu Tổng đài điện thoại quốc gia phòng, chống mua bán người 111.",
			"3. Bố trí một phòng riêng để khám cho nạn nhân, giữ kín họ tên và nơi ở của nạn nhân.",
			"Các đơn vị gửi báo cáo kết quả về Sở Y tế trước ngày 10/8/2023 để tổng hợp./."},
		recipients: []string{"- Như trên;", "- UBND tỉnh (B/c);", "- Lưu: VT, NVY."},
		signature:  []string{"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Vàng Thị Mỷ"},
	},
	{
		name: "ke-hoach",
		head: [][2][]string{{{"ỦY BAN NHÂN DÂN", "HUYỆN MƯỜNG KHÉN"}, {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"}},
			{{"Số: 57/KH-UBND"}, {"Mường Khén, ngày 12 tháng 7 năm 2022"}}},
		title: []string{"KẾ HOẠCH", "Phòng, chống mua bán người trên địa bàn huyện năm 2022"},
		body: []string{"Căn cứ Kế hoạch số 98/KH-UBND ngày 01/6/2022 của Ủy ban nhân dân tỉnh về phòng, chống mua bán người năm 2022, Ủy ban nhân dân huyện ban hành Kế hoạch như sau:",
			"I. MỤC ĐÍCH, YÊU CẦU",
			"1. Người dân ở các xã biên giới biết thủ đoạn của kẻ mua bán người và biết gọi cho ai khi nghi ngờ.",
			"2. Việc làm phải gọn, đúng người, không phô trương; giữ kín chuyện riêng của nạn nhân.",
			"II. NHIỆM VỤ",
			"1. Công an huyện chủ trì, phối hợp với Đồn Biên phòng nắm tình hình người đi làm thuê bên kia biên giới; lập danh sách các hộ có người vắng mặt lâu ngày không rõ lý do để giúp tìm kiếm.",
			"2. Phòng Lao động - Thương binh và Xã hội tiếp nhận nạn nhân trở về, hỗ trợ tiền ăn, tiền tàu xe và học nghề theo quy định.",
			"3. Phòng Văn hóa và Thông tin phát bài truyền thanh bằng tiếng Mông, tiếng Thái vào buổi sáng và buổi tối trong tháng 7.",
			"III. TỔ CHỨC THỰC HIỆN",
			"Ủy ban nhân dân các xã báo cáo kết quả về Công an huyện trước ngày 15/8/2022./."},
		recipients: []string{"- UBND tỉnh;", "- Các phòng, ban của huyện;", "- UBND các xã;", "- Lưu: VT."},
		signature:  []string{"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lò Văn Tướng"},
	},
	{
		name: "bao-cao",
		head: [][2][]string{{{"SỞ LAO ĐỘNG - THƯƠNG BINH", "VÀ XÃ HỘI TỈNH SƠN TÂY", "TRUNG TÂM CÔNG TÁC XÃ HỘI"}, {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"}},
			{{"Số: 33/BC-TTCTXH"}, {"Sơn Tây, ngày 04 tháng 8 năm 2023"}}},
		title: []string{"BÁO CÁO", "Kết quả hoạt động hưởng ứng Ngày toàn dân phòng, chống mua bán người năm 2023"},
		body: []string{"Thực hiện Công văn số 415/SLĐTBXH-BTXH ngày 03/7/2023 của Sở Lao động - Thương binh và Xã hội, Trung tâm báo cáo kết quả như sau:",
			"1. Đã tổ chức 12 buổi nói chuyện với 1.450 lượt người nghe; phát 3.200 tờ gấp; treo 45 băng rôn.",
			"2. Đã tiếp nhận 03 nạn nhân, trong đó có 01 trẻ em; hỗ trợ 4.500.000 đồng tiền ăn và tiền tàu xe.",
			"Kết quả theo địa bàn như sau:"},
		grid:       [][]string{{"TT", "Địa bàn", "Số buổi", "Lượt người nghe"}, {"1", "Xã Bản Lầm, gồm cả khu tái định cư mới", "5", "620"}, {"2", "Xã Nậm Vài", "4", "530"}, {"3", "Thị trấn Khe Sáng", "3", "300"}},
		closing:    "Trên đây là báo cáo của Trung tâm./.",
		recipients: []string{"- Sở LĐTBXH (B/c);", "- Lưu: VT."},
		signature:  []string{"GIÁM ĐỐC", "Nguyễn Thị Hạnh"},
	},
}

// text is what a careful typist would copy.
func (p *paper) text() string {
	var b strings.Builder
	block := func(lines []string) {
		if len(lines) > 0 {
			b.WriteString(strings.Join(lines, "\n") + "\n\n")
		}
	}
	for _, r := range p.head {
		block(r[0])
		block(r[1])
	}
	block(p.title)
	b.WriteString(strings.Join(p.body, "\n\n") + "\n\n")
	for _, r := range p.grid {
		b.WriteString(strings.Join(r, " | ") + "\n")
	}
	if p.closing != "" {
		b.WriteString("\n" + p.closing + "\n\n")
	}
	block(append([]string{"Nơi nhận:"}, p.recipients...))
	block(p.signature)
	return b.String()
}

func (p *paper) docx(t testing.TB) []byte {
	par := func(align, s string, size int, bold bool, indent int) string {
		run := fmt.Sprintf(`<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="%d"/>`, 2*size)
		if bold {
			run += "<w:b/>"
		}
		return fmt.Sprintf(`<w:p><w:pPr><w:spacing w:before="60" w:after="60"/><w:ind w:firstLine="%d"/><w:jc w:val="%s"/></w:pPr><w:r><w:rPr>%s</w:rPr><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, indent, align, run, s)
	}
	lines := func(align string, size int, ls []string) (out []string) {
		for _, l := range ls {
			out = append(out, par(align, l, size, false, 0))
		}
		return out
	}
	table := func(border string, widths []int, rows [][][]string) string {
		s := `<w:tbl><w:tblPr><w:tblW w:w="9300" w:type="dxa"/><w:tblLayout w:type="fixed"/>`
		if border != "" {
			s += "<w:tblBorders>"
			for _, e := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
				s += `<w:` + e + ` w:val="` + border + `" w:sz="4" w:space="0" w:color="000000"/>`
			}
			s += "</w:tblBorders>"
		}
		s += "</w:tblPr><w:tblGrid>"
		for _, w := range widths {
			s += fmt.Sprintf(`<w:gridCol w:w="%d"/>`, w)
		}
		s += "</w:tblGrid>"
		for _, r := range rows {
			s += "<w:tr>"
			for i, c := range r {
				s += fmt.Sprintf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>%s</w:tc>`, widths[i], strings.Join(c, ""))
			}
			s += "</w:tr>"
		}
		return s + "</w:tbl>"
	}
	var b strings.Builder
	var rows [][][]string
	for _, r := range p.head {
		rows = append(rows, [][]string{lines("center", 12, r[0]), lines("center", 12, r[1])})
	}
	b.WriteString(table("", []int{3800, 5500}, rows))
	for _, s := range p.title {
		b.WriteString(par("center", s, 14, true, 0))
	}
	for _, s := range p.body {
		b.WriteString(par("both", s, 14, false, 720))
	}
	if p.grid != nil {
		rows = nil
		for _, r := range p.grid {
			var cells [][]string
			for _, c := range r {
				cells = append(cells, lines("left", 12, []string{c}))
			}
			rows = append(rows, cells)
		}
		b.WriteString(table("single", []int{700, 4200, 2000, 2400}, rows))
	}
	if p.closing != "" {
		b.WriteString(par("both", p.closing, 14, false, 720))
	}
	sign := lines("center", 13, p.signature[:len(p.signature)-1])
	for range 3 {
		sign = append(sign, par("center", "", 13, false, 0))
	}
	sign = append(sign, par("center", p.signature[len(p.signature)-1], 13, true, 0))
	b.WriteString(table("", []int{4600, 4700}, [][][]string{{append([]string{par("left", "Nơi nhận:", 12, true, 0)}, lines("left", 11, p.recipients)...), sign}}))
	b.WriteString(par("left", "", 13, false, 0))
	return wordFile(t, b.String(), nil)
}

// facts is what docparse finds in a text, without the places.
func facts(t testing.TB, text string) map[string]any {
	t.Helper()
	b, err := json.Marshal(docparse.Read(text, docparse.Options{Register: docparse.AntiTrafficking()}))
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	for _, k := range []string{"doc_type", "issuer", "number", "issued_on", "place", "subject", "cited_documents", "addressees", "recipients", "tasks", "period", "report_deadlines", "hotlines", "slogans", "signer", "signer_title", "report_figures"} {
		out[k] = stripped(m[k])
	}
	return out
}

func stripped(v any) any {
	switch x := v.(type) {
	case []any:
		var out []any
		for _, e := range x {
			out = append(out, stripped(e))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for _, k := range []string{"number", "date", "issuer", "kind", "text", "assignee", "numbering", "from", "to", "value", "unit"} {
			if e, ok := x[k]; ok {
				out[k] = stripped(e)
			}
		}
		return out
	}
	return v
}

// A paper is read the same as its typed text, when its blocks stand in tables.
func TestPapersAsDOCX(t *testing.T) {
	for _, p := range papers {
		t.Run(p.name, func(t *testing.T) {
			text := extract(t, p.docx(t))
			if d := cmp.Diff(facts(t, p.text()), facts(t, text.Plain)); d != "" {
				t.Errorf("%s\n%s", d, text.Plain)
			}
		})
	}
}

// needs skips a test that uses another program, unless the whole suite runs, where it must be there.
func needs(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("SKIPPED: %s is not installed", program)
	}
	return path
}

// office converts files in one run of LibreOffice and returns the folder of the results.
func office(t *testing.T, to, filter string, files map[string][]byte) string {
	t.Helper()
	if os.Getenv("CHUNGTAY_E2E") == "" {
		t.Skip("SKIPPED: set CHUNGTAY_E2E=1 to run the tests with LibreOffice")
	}
	soffice := needs(t, "soffice")
	in, out := t.TempDir(), t.TempDir()
	args := []string{"--headless", "--norestore", "-env:UserInstallation=file://" + t.TempDir(), "--convert-to", to, "--outdir", out}
	if filter != "" {
		args = append(args, "--infilter="+filter)
	}
	for name, b := range files {
		path := filepath.Join(in, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	if o, err := exec.CommandContext(ctx, soffice, args...).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, o)
	}
	return out
}

func fileText(t *testing.T, path string) Text {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := Extract(context.Background(), bytes.NewReader(b), int64(len(b)), filepath.Base(path), testOptions(t))
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	checkText(t, text)
	return text
}

// The same papers, laid out and printed to PDF by LibreOffice, are read to the same result.
func TestPapersAsPDF(t *testing.T) {
	files := map[string][]byte{}
	for _, p := range papers {
		files[p.name+".docx"] = p.docx(t)
	}
	dir := office(t, "pdf", "", files)
	for _, p := range papers {
		t.Run(p.name, func(t *testing.T) {
			text := fileText(t, filepath.Join(dir, p.name+".pdf"))
			if d := cmp.Diff(facts(t, p.text()), facts(t, text.Plain)); d != "" {
				t.Errorf("%s\n%s", d, text.Plain)
			}
		})
	}
}

func command(program string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	return exec.CommandContext(ctx, program, args...).CombinedOutput()
}

func isErr(err, want error) bool { return errors.Is(err, want) }
