package app

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chungtay/docrender"
)

func TestLintCommand(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, spoil func(*docrender.Document)) string {
		d := designPaper()
		d.Number = 7
		d.Draft = false
		spoil(&d)
		var b bytes.Buffer
		if err := docrender.DOCX(&b, d); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	good := write("tot.docx", func(*docrender.Document) {})
	bad := write("sai.docx", func(d *docrender.Document) { d.Symbol = "CV-SYT" })
	text := filepath.Join(dir, "a.txt")
	if err := os.WriteFile(text, []byte("Kính gửi: các đơn vị"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		exit int
		out  string
		err  string
	}{
		{[]string{"lint", good}, 0, "không thấy chỗ nào trái thể thức", ""},
		{[]string{"lint", "--lang", "en", bad}, 1, `“Số: 07/CV-SYT”: The symbol CV-SYT does not fit the title KẾ HOẠCH. Begin the symbol with KH.`, ""},
		{[]string{"lint", good, bad}, 1, "1 chỗ cần sửa", ""},
		{[]string{"lint", text}, 3, "", "chỉ kiểm tra được tệp DOCX và tệp PDF có chữ"},
		{[]string{"lint", filepath.Join(dir, "khong-co.docx"), bad}, 3, "Bắt đầu ký hiệu bằng KH", "Không có tệp này."},
		{[]string{"lint"}, 2, "", "expected"},
	} {
		var out, errw bytes.Buffer
		if got := Main(c.args, strings.NewReader(""), &out, &errw); got != c.exit || !strings.Contains(out.String(), c.out) || !strings.Contains(errw.String(), c.err) {
			t.Errorf("%v: exit %d, out %q, err %q", c.args, got, out.String(), errw.String())
		}
	}
	var out, errw bytes.Buffer
	if got := Main([]string{"lint", "--json", bad}, strings.NewReader(""), &out, &errw); got != 1 {
		t.Fatalf("exit %d: %s", got, errw.String())
	}
	var r struct {
		File     string
		Findings []struct {
			Rule, Part, Message string
			Place               struct {
				Paragraph int
				Text      string
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.File != bad || len(r.Findings) != 1 || r.Findings[0].Rule != "number-type" || r.Findings[0].Part != "so-ky-hieu" || r.Findings[0].Place.Text != "Số: 07/CV-SYT" || r.Findings[0].Message == "" {
		t.Errorf("%s", out.String())
	}
}
