package doctext

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// A table over several pages of a PDF is one table: its head of two rows stands once, and a row that the end of a page broke is whole.
func TestTableOverPages(t *testing.T) {
	row := func(cells ...string) string {
		s := "<w:tr>"
		for _, c := range cells {
			s += tc(p(c))
		}
		return s + "</w:tr>"
	}
	lines := `<w:tblPr><w:tblW w:w="9000" w:type="dxa"/><w:tblBorders>`
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		lines += `<w:` + side + ` w:val="single" w:sz="8" w:color="000000"/>`
	}
	lines += `</w:tblBorders></w:tblPr>`
	body := p("Phân công thực hiện") + `<w:tbl>` + lines + `<w:tr><w:trPr><w:tblHeader/></w:trPr>` + tc(p("TT")) + tc(p("Nội dung công việc")) + tc(p("Đơn vị chủ trì")) + `</w:tr><w:tr><w:trPr><w:tblHeader/></w:trPr>` + tc(p("(1)")) + tc(p("(2)")) + tc(p("(3)")) + `</w:tr>`
	for i := range 60 {
		body += row(fmt.Sprint(i+1), fmt.Sprintf("Kiểm tra cơ sở lưu trú số %d trên địa bàn, lập biên bản, báo cáo đội trưởng trong ngày", i+1), "Công an xã")
	}
	body += `</w:tbl>` + p("Trên đây là phân công.")
	dir := office(t, "pdf", "", map[string][]byte{"p.docx": wordFile(t, body, nil)})
	text := fileText(t, filepath.Join(dir, "p.pdf"))
	if n := len(text.Blocks); n != 3 || len(text.Blocks[1].Rows) != 62 {
		t.Fatalf("%d blocks, not a paragraph, a table of 62 rows and a paragraph\n%s", n, text.Plain)
	}
	if strings.Count(text.Plain, "TT | Nội dung") != 1 || strings.Count(text.Plain, "(1) | (2) | (3)") != 1 || text.PageCount < 3 || len(text.Pages) != text.PageCount {
		t.Errorf("%d pages %v\n%s", text.PageCount, text.Pages, text.Plain)
	}
	for i := range 60 {
		if want := fmt.Sprintf("%d | Kiểm tra cơ sở lưu trú số %d trên địa bàn, lập biên bản, báo cáo đội trưởng trong ngày | Công an xã\n", i+1, i+1); !strings.Contains(text.Plain, want) {
			t.Errorf("no row %q", want)
		}
	}
	last := 0
	for i, at := range text.Pages {
		if at < last || i > 0 && at == last {
			t.Errorf("page %d begins at %d, the one before at %d", i+1, at, last)
		}
		last = at
	}
}
