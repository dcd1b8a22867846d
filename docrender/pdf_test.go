package docrender

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
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
	tagged    = regexp.MustCompile(`(?s)/\w+ ?(<<.*?>>BDC|BMC)\n.*?EMC\n`)
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
		if rest := bytes.TrimSpace(tagged.ReplaceAll(pg.b, nil)); len(rest) > 0 {
			t.Errorf("page %d: %.60q is neither text nor artifact", i+1, rest)
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

var streams = regexp.MustCompile(`(?s)(\d+) 0 obj\n<<(.*?)/Length \d+>>\nstream\n(.*?)\nendstream`)

// The file is fit to be archived (ISO 19005-2, level B): it says so, says what its colours mean, embeds every font and asks for nothing
// outside of itself. This looks at the points of the standard one by one; no independent validator was to be had.
func TestPDFForArchives(t *testing.T) {
	for _, name := range golden {
		b := written(t, PDF, read(t, name))
		for _, want := range []string{"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>", "/S/GTS_PDFA1", "<dc:description>", "/ID[<"} {
			if !bytes.Contains(b, []byte(want)) {
				t.Errorf("%s has no %s", name, want)
			}
		}
		for _, no := range []string{"/Encrypt", "/JavaScript", "/JS", "/URI", "/EmbeddedFiles", "/LZWDecode", "/DeviceCMYK", "/AA", "/OpenAction"} {
			if bytes.Contains(streams.ReplaceAll(b, nil), []byte(no)) {
				t.Errorf("%s has %s", name, no)
			}
		}
		if fonts, files := bytes.Count(b, []byte("/Type/FontDescriptor")), bytes.Count(b, []byte("/FontFile2 ")); fonts == 0 || fonts != files {
			t.Errorf("%s: %d fonts, %d of them embedded", name, fonts, files)
		}
		at := regexp.MustCompile(`/DestOutputProfile (\d+) 0 R`).FindSubmatch(b)
		if at == nil {
			t.Fatalf("%s names no colour profile", name)
		}
		for _, m := range streams.FindAllSubmatch(b, -1) {
			if !bytes.Equal(m[1], at[1]) {
				continue
			}
			z, err := zlib.NewReader(bytes.NewReader(m[3]))
			if err != nil {
				t.Fatal(err)
			}
			p, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			if n := binary.BigEndian.Uint32(p); int(n) != len(p) || string(p[12:24]) != "mntrRGB XYZ " || string(p[36:40]) != "acsp" || !bytes.Contains(m[2], []byte("/N 3")) {
				t.Errorf("%s: the colour profile is none", name)
			}
			for i := range int(binary.BigEndian.Uint32(p[128:])) { // every part lies in the file and begins with its type
				off, size := binary.BigEndian.Uint32(p[132+12*i+4:]), binary.BigEndian.Uint32(p[132+12*i+8:])
				if int(off+size) > len(p) || off%4 > 0 || p[off] < 'A' {
					t.Errorf("part %d of the colour profile is at %d, %d bytes", i, off, size)
				}
			}
		}
	}
}

// The outline names the document, its titles below one another and each annex, and leads to their pages.
func TestPDFOutline(t *testing.T) {
	b := written(t, PDF, read(t, "ke_hoach"))
	item := regexp.MustCompile(`(\d+) 0 obj\n<</Title<FEFF([0-9A-F]+)>/Parent (\d+) 0 R(.*?)/Dest\[(\d+) 0 R/XYZ 0 ([\d.]+) null\]>>`)
	depth, page := map[string]int{}, map[string]int{}
	for i, m := range regexp.MustCompile(`(\d+) 0 obj\n<</Type/Page/`).FindAllSubmatch(b, -1) {
		page[string(m[1])] = i + 1
	}
	var got []string
	for _, m := range item.FindAllSubmatch(b, -1) {
		h, err := hex.DecodeString(string(m[2]))
		if err != nil {
			t.Fatal(err)
		}
		u := make([]uint16, len(h)/2)
		for i := range u {
			u[i] = binary.BigEndian.Uint16(h[2*i:])
		}
		d := 0
		if up, ok := depth[string(m[3])]; ok {
			d = up + 1
		}
		depth[string(m[1])] = d
		got = append(got, fmt.Sprintf("%s%s %d", strings.Repeat("  ", d), string(utf16.Decode(u)), page[string(m[5])]))
	}
	want := []string{
		"KẾ HOẠCH Triển khai đợt cao điểm hưởng ứng “Ngày Thế giới phòng, chống mua bán người” và “Ngày toàn dân phòng, chống mua bán người - 30/7” năm 2026 trên địa bàn các xã, phường, đặc khu 1",
		"  I. MỤC ĐÍCH, YÊU CẦU 1", "  II. NỘI DUNG HOẠT ĐỘNG 1", "    1. Truyền thông, nâng cao nhận thức 1", "    2. Tiếp nhận, xác minh, bảo vệ và hỗ trợ nạn nhân 2", "    3. Đấu tranh, ngăn chặn 2",
		"  III. TỔ CHỨC THỰC HIỆN 2", "    1. Công an tỉnh (cơ quan thường trực) 2", "    2. Sở Y tế 2", "    3. Ủy ban nhân dân các xã, phường, đặc khu 2", "  IV. CHẾ ĐỘ THÔNG TIN, BÁO CÁO 2",
		"Phụ lục I. CHỈ TIÊU TRUYỀN THÔNG GIAO CÁC XÃ, PHƯỜNG, ĐẶC KHU 4", "Phụ lục II. ĐỀ CƯƠNG BÁO CÁO KẾT QUẢ 7", "  I. CÔNG TÁC CHỈ ĐẠO 7", "  II. KẾT QUẢ 7",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Centred lines end where the sense allows it: no name, date or number is parted.
func TestBalancedLines(t *testing.T) {
	for _, c := range []struct {
		text string
		size float64
		room float64
		want string
	}{
		{"ỦY BAN NHÂN DÂN TỈNH SƠN LA", 13, headLeft, "ỦY BAN NHÂN DÂN | TỈNH SƠN LA"},
		{"ỦY BAN NHÂN DÂN TỈNH BÀ RỊA - VŨNG TÀU VÀ BÌNH DƯƠNG CŨ", 13, headLeft, "ỦY BAN NHÂN DÂN TỈNH | BÀ RỊA - VŨNG TÀU VÀ | BÌNH DƯƠNG CŨ"},
		{"Về việc thành lập Tổ công tác liên ngành tiếp nhận, bảo vệ và hỗ trợ nạn nhân bị mua bán", 14, 165, "Về việc thành lập Tổ công tác liên ngành tiếp nhận, | bảo vệ và hỗ trợ nạn nhân bị mua bán"},
		{"V/v triển khai các hoạt động hưởng ứng “Ngày toàn dân phòng, chống mua bán người - 30/7” năm 2026", 12, headLeft, "V/v triển khai các hoạt động hưởng | ứng “Ngày toàn dân phòng, chống | mua bán người - 30/7” năm 2026"},
		{"(Kèm theo Quyết định số 45/QĐ-UBND ngày 09 tháng 01 năm 2026 của Ủy ban nhân dân tỉnh Thanh Hóa)", 13, 165, "(Kèm theo Quyết định số 45/QĐ-UBND ngày 09 tháng 01 năm 2026 | của Ủy ban nhân dân tỉnh Thanh Hóa)"},
		{"SỞ Y TẾ", 13, headLeft, "SỞ Y TẾ"},
	} {
		var s setter
		i, _ := faceOf(c.size == 14, false)
		side := balanced(c.text, c.size == 14, false, c.size, c.room)
		var got []string
		for _, l := range s.set([]setRun{{c.text, uint8(i)}}, c.size, (c.room-2*side)*ptPerMM, 0) {
			got = append(got, string(s.text[l.from:l.to]))
		}
		if g := strings.Join(got, " | "); g != c.want {
			t.Errorf("%s", g)
		}
	}
}

// A register has its bodies, title and lines, on turned pages with the head of the table on each; nothing of a document beside. Its rows
// are as high as asked.
func TestBook(t *testing.T) {
	d := Document{Kind: Book, Title: "Sổ đăng ký văn bản đến", Subject: "Năm 2026", Superior: []string{"Ủy ban nhân dân", "tỉnh Sơn La"}, Issuer: []string{"Sở Y tế"}, Landscape: true}
	x := Table{Height: 7, Columns: []Column{{Title: "Ngày đến", Width: 30}, {Title: "Số đến", Width: 20}, {Title: "Trích yếu"}}}
	for i := range 40 {
		x.Rows = append(x.Rows, Row("26/11/2026", strconv.Itoa(i+1), "Về việc phòng, chống mua bán người"))
	}
	d.Body = []Block{OfTable(x)}
	validate(t, written(t, DOCX, d))
	text := textOfDOCX(t, written(t, DOCX, d))
	if strings.Contains(text, "CỘNG HÒA") || strings.Contains(text, "Nơi nhận") || strings.Contains(text, "./.") || !strings.Contains(text, "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN") {
		t.Error(text)
	}
	parts, _ := unzip(t, written(t, DOCX, d))
	if n := strings.Count(string(parts["word/document.xml"]), `<w:trHeight w:val="397" w:hRule="atLeast"/>`); n != 40 {
		t.Errorf("%d rows are 7 mm high", n)
	}
	l, err := PDFLayout(io.Discard, d)
	if err != nil || l.Pages != 2 || l.Signature != (Box{}) { // 20 rows of 7 mm below the heads, then the rest
		t.Errorf("%+v, %v", l, err)
	}
	d.Title = ""
	var e *Error
	if err := PDF(io.Discard, d); !errors.As(err, &e) || !e.Has(MissingField) {
		t.Errorf("a register without a title: %v", err)
	}
}
