package app

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/docrender"
)

// readSample is an invented letter that shows every part of the readable result.
const readSample = `UBND TỈNH HÀ GIANG
SỞ Y TẾ
Số: 1204/SYT-NVY

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hà Giang, ngày 05 tháng 7 năm 2023

V/v hưởng ứng Ngày toàn dân phòng, chống mua bán người năm 2023

Kính gửi: Thủ trưởng các đơn vị trực thuộc.

Thực hiện Kế hoạch số 211/KH-UBND ngày 20/6/2023 của Ủy ban nhân dân tỉnh, Sở Y tế yêu cầu Thủ trưởng các đơn vị thực hiện những việc sau:

1. Phổ biến cho viên chức cách nhận biết nạn nhân khi khám, chữa bệnh; khi nghi ngờ thì báo ngay cho công an xã nơi gần nhất.

2. Treo băng rôn với khẩu hiệu “Cả cộng đồng cùng canh, kẻ lừa người hết chỗ”; giới thiệu Tổng đài điện thoại quốc gia phòng, chống mua bán người 111.

Các đơn vị gửi báo cáo kết quả về Sở Y tế trước ngày 31/6/2023 để tổng hợp./.

Nơi nhận:
- Như trên;
- UBND tỉnh (B/c);
- Lưu: VT, NVY.

KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC

Vàng Thị Mỷ
`

func TestReadCommand(t *testing.T) {
	t.Setenv("COLUMNS", "80")
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	text := write("thu/a.txt", []byte(readSample))
	d := designPaper()
	d.Number = 7
	var docx bytes.Buffer
	if err := docrender.DOCX(&docx, d); err != nil {
		t.Fatal(err)
	}
	paper := write("thu/b.txt", docx.Bytes()) // what a file is is told by its content
	write("thu/.an.txt", []byte("tệp ẩn"))
	write("thu/~$b.docx", []byte("khóa của Word"))
	cut := write("hong.docx", docx.Bytes()[:docx.Len()/2])
	for _, c := range []struct {
		args []string
		in   string
		exit int
		out  string
		err  string
	}{
		{[]string{"read", text}, "", 0, "CÔNG VĂN số 1204/SYT-NVY", ""},
		{[]string{"read", "-"}, readSample, 0, "chậm nhất", ""},
		{[]string{"read", "--lang", "en", text}, "", 0, "LETTER (CÔNG VĂN) No. 1204/SYT-NVY", ""},
		{[]string{"read", paper}, "", 0, "b.txt [Word", ""},
		{[]string{"read", "--text", paper}, "", 0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n", ""},
		{[]string{"read", filepath.Join(dir, "thu")}, "", 0, "1204/SYT-NVY", "Đã đọc 2 tệp, 0 tệp không đọc được"},
		{[]string{"read", cut, text}, "", 1, "1204/SYT-NVY", "hong.docx: không đọc được: Tệp hỏng hoặc bị cắt cụt."},
		{[]string{"read", filepath.Join(dir, "khong-co.txt")}, "", 1, "", "khong-co.txt: không đọc được: Không có tệp này."},
		{[]string{"read", "-"}, "", 1, "", "Tệp rỗng"},
		{[]string{"read", t.TempDir()}, "", 2, "", "Không tìm thấy tệp nào"},
		{[]string{"read"}, "", 2, "", "expected"},
		{[]string{"read", "--explain", text}, "", 0, "facts", ""},
	} {
		var out, errw bytes.Buffer
		if got := Main(c.args, strings.NewReader(c.in), &out, &errw); got != c.exit || !strings.Contains(out.String(), c.out) || !strings.Contains(errw.String(), c.err) {
			t.Errorf("%v: exit %d, out %q, err %q", c.args, got, out.String(), errw.String())
		}
	}
}

// The readable result, as an officer sees it.
func TestReadCommandLooks(t *testing.T) {
	t.Setenv("COLUMNS", "80")
	var out, errw bytes.Buffer
	if got := Main([]string{"read", "-"}, strings.NewReader(readSample), &out, &errw); got != 0 {
		t.Fatalf("exit %d: %s", got, errw.String())
	}
	file := filepath.Join("testdata", "read.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), out.String()); d != "" {
		t.Error(d)
	}
}

// Every place in the JSON points into the text that stands beside it.
func TestReadCommandJSON(t *testing.T) {
	var out, errw bytes.Buffer
	if got := Main([]string{"read", "--json", "-"}, strings.NewReader("\xEF\xBB\xBF"+strings.ReplaceAll(readSample, "\n", "\r\n")), &out, &errw); got != 0 {
		t.Fatalf("exit %d: %s", got, errw.String())
	}
	type span struct{ Start, End int }
	var r struct {
		Number string
		Tasks  []struct {
			Text string
			Span span
		}
		Deadlines []struct {
			Words string
			Span  span
		} `json:"report_deadlines"`
		File struct {
			Type, Text string
		}
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Number != "1204/SYT-NVY" || len(r.Tasks) != 2 || r.File.Type != "text" || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("%s", out.String())
	}
	for _, task := range r.Tasks {
		if got := r.File.Text[task.Span.Start:task.Span.End]; !strings.HasPrefix(got, task.Text[:20]) {
			t.Errorf("%q stands where %q should", got, task.Text)
		}
	}
}
