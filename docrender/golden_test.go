package docrender

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/docparse"
	"chungtay/doctext"
)

var update = flag.Bool("update", false, "renew the goldens in testdata")

// golden names the documents of testdata: each kind at its hardest, the input as NAME.json beside what comes out.
var golden = []string{"bao_cao", "bao_cao_ngang", "bien_ban", "cong_dien", "cong_van", "cong_van_don_doc", "giay_moi", "ke_hoach", "lien_nganh", "quyet_dinh", "thong_bao", "to_trinh"}

// read reads the input of a golden document.
func read(t *testing.T, name string) Document {
	b, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var d Document
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

func written(t *testing.T, write func(io.Writer, Document) error, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func compare(t *testing.T, file string, got string) {
	t.Helper()
	file = filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("%s (renew with -update, then read the difference):\n%s", file, d)
	}
}

// The text of a DOCX, numbers counted as Word counts them, is the golden text: what a clerk reads.
func TestDOCXText(t *testing.T) {
	for _, name := range golden {
		t.Run(name, func(t *testing.T) {
			var lines []string
			for _, l := range strings.Split(textOfDOCX(t, written(t, DOCX, read(t, name))), "\n") {
				if l = strings.TrimRight(strings.Join(strings.Fields(l), " "), " |"); l != "" {
					lines = append(lines, l)
				}
			}
			compare(t, name+".txt", strings.Join(lines, "\n")+"\n")
		})
	}
}

// tablesReadBack compares the cells of every table, row by row, with those of a text that was read.
func tablesReadBack(t *testing.T, d Document, x doctext.Text) {
	t.Helper()
	bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
	var got []string
	for _, b := range x.Blocks {
		for _, r := range b.Rows {
			var cells []string
			for _, c := range r {
				if s := bare(x.Plain[c.Start:c.End]); s != "" {
					cells = append(cells, s)
				}
			}
			got = append(got, strings.Join(cells, " | "))
		}
	}
	at := 0
	blocks := d.Body
	for _, a := range d.Annexes {
		blocks = append(blocks[:len(blocks):len(blocks)], a.Body...)
	}
	for _, b := range blocks {
		if b.Table == nil {
			continue
		}
		var want []string
		for _, r := range append(append([][]Cell(nil), b.Table.head()...), b.Table.Rows...) {
			var cells []string
			for _, c := range r {
				if s := bare(strings.ReplaceAll(c.Text, "|", "¦")); s != "" {
					cells = append(cells, s)
				}
			}
			if cells != nil {
				want = append(want, strings.Join(cells, " | "))
			}
		}
		for at < len(got) && got[at] != want[0] {
			at++
		}
		have := make([]string, 0, len(want))
		for ; at < len(got) && len(have) < len(want); at++ {
			if got[at] != "" {
				have = append(have, got[at])
			}
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("table %q:\n%s", b.Table.Caption, diff)
		}
	}
}

func textOfDOCX(t *testing.T, b []byte) string {
	t.Helper()
	return docxRead(t, b).Plain
}

func docxRead(t *testing.T, b []byte) doctext.Text {
	t.Helper()
	x, err := doctext.Extract(t.Context(), bytes.NewReader(b), int64(len(b)), "a.docx", doctext.Options{NoOCR: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range x.Warnings {
		t.Errorf("reading it back warns: %s %v", w.Key, w.Args)
	}
	return x
}

func pdfRead(t *testing.T, b []byte) doctext.Text {
	t.Helper()
	x, err := doctext.Extract(t.Context(), bytes.NewReader(b), int64(len(b)), "a.pdf", reading(t))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// The numbers a word processor counts are the numbers of the other writers.
func TestNumbersAgree(t *testing.T) {
	for _, name := range golden {
		d, err := read(t, name).prepared()
		if err != nil {
			t.Fatal(err)
		}
		text := textOfDOCX(t, written(t, DOCX, d))
		for _, s := range compose(d).sheets {
			for _, n := range s.nodes {
				if p, ok := n.(*para); ok && p.label != "" {
					if want := strings.Join(strings.Fields(p.text()), " "); !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
						t.Errorf("%s: the DOCX does not say %q", name, want)
					}
				}
			}
		}
	}
}

// The same document gives the same bytes.
func TestDeterministic(t *testing.T) {
	for _, name := range golden {
		d := read(t, name)
		if !bytes.Equal(written(t, DOCX, d), written(t, DOCX, d)) {
			t.Errorf("%s: two DOCX differ", name)
		}
		if !bytes.Equal(written(t, PDF, d), written(t, PDF, d)) {
			t.Errorf("%s: two PDF differ", name)
		}
	}
}

// What was written and read back by the reader of documents is what went in.
func TestReadBackDOCX(t *testing.T) {
	for _, name := range golden {
		t.Run(name, func(t *testing.T) {
			d := read(t, name)
			x := docxRead(t, written(t, DOCX, d))
			readBack(t, d, x.Plain)
			tablesReadBack(t, d, x)
		})
	}
}

func readBack(t *testing.T, d Document, text string) {
	t.Helper()
	got := docparse.Read(text, docparse.Options{})
	if got.Form != docparse.Paper {
		t.Errorf("form %s", got.Form)
	}
	kind := docparse.Kind(d.Kind)
	switch d.Kind {
	case Notice, Invitation, Telegram, Minutes:
		kind = docparse.Other
	}
	if got.Kind != kind {
		t.Errorf("kind %s, want %s", got.Kind, kind)
	}
	same := func(what, got, want string) {
		t.Helper()
		squeeze := func(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
		if squeeze(got) != squeeze(want) {
			t.Errorf("%s %q, want %q", what, got, want)
		}
	}
	same("issuer", got.Issuer.Value, strings.Join(d.Issuer, " "))
	same("superior", got.Superior.Value, strings.Join(d.Superior, " "))
	number := ""
	if d.Number > 0 {
		number = strings.TrimPrefix(NumberLine(d.Number, d.Symbol), "Số: ")
	}
	if got.Number.Number == "" && d.Number == 0 {
		number = "/" + d.Symbol
	}
	same("number", got.Number.Text, number)
	same("place", got.Place.Value, d.Place)
	date := d.Date.String()
	if d.BlankDay {
		date = date[:7]
	}
	same("date", got.IssuedOn.String(), date)
	same("subject", got.Subject.Value, strings.TrimPrefix(d.Subject, "Về việc "))
	var to []string
	for _, f := range got.Addressees {
		to = append(to, f.Value)
	}
	if d.Kind == Telegram {
		d.Addressees = nil // a telegram names them in its text; the reader finds them there
		for _, b := range d.Body {
			if b.Level == LevelDash {
				d.Addressees = append(d.Addressees, strings.TrimRight(b.Text, ";."))
			}
		}
	}
	same("addressees", strings.Join(to, " | "), strings.Join(d.Addressees, " | "))
	if d.CoSigner != nil { // which of two who sign leads, the paper does not say
		var names []string
		for _, s := range append(got.CoSigners, docparse.CoSigner{Name: got.Signer}) {
			names = append(names, s.Name.Value)
		}
		slices.Sort(names)
		want := []string{d.Signer, d.CoSigner.Name}
		slices.Sort(want)
		same("who sign", strings.Join(names, ", "), strings.Join(want, ", "))
	} else {
		same("signer", got.Signer.Value, d.Signer)
		same("signer's office", got.SignerTitle.Value, d.SignerTitle)
	}
	same("urgency", got.Urgency.Value, d.Urgency.words())
	var names, want []string
	for _, r := range got.Recipients {
		names = append(names, strings.TrimRight(r.Value, ";. "))
	}
	for _, r := range d.Recipients {
		name := strings.TrimRight(r.Name, ";. ")
		if r.Mark != "" {
			name += " (" + r.Mark + ")"
		}
		want = append(want, name)
	}
	want = append(want, strings.Join(append([]string{"Lưu: VT"}, d.Archive.Units...), ", "))
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("recipients:\n%s", diff)
	}
	if n := len(d.Archive.Drafter); n > 0 {
		if last := got.Recipients[len(got.Recipients)-1]; !strings.Contains(last.Drafter, d.Archive.Drafter) {
			t.Errorf("drafter %q, want %q", last.Drafter, d.Archive.Drafter)
		}
	}
	// every document cited with a number, in the order of first mention
	for _, c := range got.Citations {
		if !strings.Contains(text, c.Number.Text) {
			t.Errorf("citation %s is not in the text", c.Number.Text)
		}
	}
	if len(got.Citations) == 0 && strings.Contains(text, "145/KH-UBND") {
		t.Error("no citation was read")
	}
}

// The PDF says the same to the reader of documents as the DOCX.
func TestReadBackPDF(t *testing.T) {
	for _, name := range golden {
		t.Run(name, func(t *testing.T) {
			d := read(t, name)
			x := pdfRead(t, written(t, PDF, d))
			readBack(t, d, x.Plain)
			tablesReadBack(t, d, x)
		})
	}
}

// hardest is a golden document with what makes a paper hard, whatever its kind: three grounds, 40 recipients, titles and points down to điểm đ
// and below, a table in the text and one of 30 rows with two rows of head on turned pages in an annex.
func hardest(t *testing.T, name string) Document {
	d := read(t, name)
	for i := range 40 {
		d.Recipients = append(d.Recipients, Recipient{Name: fmt.Sprintf("Ủy ban nhân dân xã Mường Và thứ %d", i+1)})
	}
	for len(d.Bases) < 3 && d.Kind == Decision {
		d.Bases = append(d.Bases, "Căn cứ Luật Tổ chức chính quyền địa phương")
	}
	long := "Phối hợp với các cơ quan, đơn vị liên quan tiếp nhận, xác minh, bảo vệ và hỗ trợ nạn nhân; giữ kín thông tin của nạn nhân và người thân"
	d.Body = append(d.Body, Heading(LevelRoman, "NHIỆM VỤ VÀ GIẢI PHÁP"), Heading(LevelArabic, "Công tác tiếp nhận, xác minh"))
	for range 6 { // a to e, đ among them
		d.Body = append(d.Body, Item(LevelPoint, long+";"))
	}
	if d.Kind != Telegram { // whose dashes are whom it goes to
		d.Body = append(d.Body, Items(LevelDash, long+";", long+".")...)
	}
	small := Table{Columns: []Column{{Title: "TT", Width: 12, Align: Center}, {Title: "Nội dung"}, {Title: "Số lượng", Width: 30, Align: Right}}, Rows: [][]Cell{Row("1", long, "1.250"), Row("2", "Tổng", "7")}}
	d.Body = append(d.Body, OfTable(small), Para("Đề nghị các cơ quan, đơn vị tổ chức thực hiện."))
	annex := Table{Columns: []Column{{Width: 12, Align: Center}, {}, {Align: Right}, {Align: Right}, {}},
		Head: [][]Cell{{{Text: "TT", RowSpan: 2}, {Text: "Cơ quan, đơn vị", RowSpan: 2}, {Text: "Kết quả", ColSpan: 2}, {Text: "Ghi chú", RowSpan: 2}}, Row("Số buổi", "Số lượt người")}}
	for i := range 30 {
		annex.Rows = append(annex.Rows, Row(fmt.Sprint(i+1), fmt.Sprintf("Ban Quản lý Khu kinh tế cửa khẩu số %d", i+1), fmt.Sprint(10+i), number(float64(1000+i)), "Đã kiểm tra, đối chiếu với báo cáo của cơ sở"))
	}
	d.Annexes = append(d.Annexes, Annex{Title: "Kết quả của các cơ quan, đơn vị", Landscape: true, Body: []Block{OfTable(annex)}})
	return d
}

// Each kind at its hardest keeps the form of its pages, is valid, and is read back with every cell from DOCX and PDF.
func TestEachKindAtItsHardest(t *testing.T) {
	for _, name := range golden {
		t.Run(name, func(t *testing.T) {
			d := hardest(t, name)
			checkPages(t, d)
			b := written(t, DOCX, d)
			validate(t, b)
			for ext, x := range map[string]doctext.Text{"docx": docxRead(t, b), "pdf": pdfRead(t, written(t, PDF, d))} {
				t.Run(ext, func(t *testing.T) {
					readBack(t, d, x.Plain)
					tablesReadBack(t, d, x)
					for _, want := range []string{"đ) Phối hợp", "e) Phối hợp", "./."} {
						if !strings.Contains(x.Plain, want) {
							t.Errorf("no %q", want)
						}
					}
				})
			}
		})
	}
}

// A subject of any length is read back by itself, whatever opens the text below it.
func TestSubjectBeforeAShortOpening(t *testing.T) {
	words := strings.Fields("Hưởng ứng Ngày toàn dân phòng, chống mua bán người 30/7 năm 2026 tại các cơ sở khám bệnh, chữa bệnh và trợ giúp xã hội trên địa bàn tỉnh Sơn La trong đợt cao điểm tuyên truyền, vận động")
	for n := 3; n <= len(words); n++ {
		d := read(t, "bao_cao")
		d.Contact = nil
		d.Subject = strings.TrimRight(strings.Join(words[:n], " "), ",")
		d.Addressees = nil
		d.Kind, d.Symbol = Plan, "KH-SYT"
		d.Body = []Block{Para("Sở Y tế xây dựng kế hoạch như sau:"), Item(LevelArabic, "Treo băng rôn."), Item(LevelArabic, "Phát tờ rơi."), Para("Trên đây là Kế hoạch.")}
		for ext, x := range map[string]doctext.Text{"docx": docxRead(t, written(t, DOCX, d)), "pdf": pdfRead(t, written(t, PDF, d))} {
			if got := docparse.Read(x.Plain, docparse.Options{}).Subject.Value; got != d.Subject {
				t.Errorf("%s: %q, want %q", ext, got, d.Subject)
			}
		}
	}
}
