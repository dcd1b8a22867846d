package app

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"chungtay/doctext"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/jobs"
	"chungtay/internal/ooxmltest"
)

// desk is the whole program at which the clerk of one office works.
type desk struct {
	*scene
	h http.Handler
}

func newDesk(t *testing.T) *desk {
	s := newScene(t, dbtest.SQLite(t, Migrations(), db.Options{}))
	srv, err := s.Server()
	if err != nil {
		t.Fatal(err)
	}
	srv.Door = s
	return &desk{s, srv.Handler()}
}

func (d *desk) do(method, path string, body io.Reader, typ string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	if typ != "" {
		r.Header.Set("Content-Type", typ)
	}
	r.Header.Set("X-Role", "clerk")
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, r)
	return w
}

func (d *desk) get(path string) *httptest.ResponseRecorder { return d.do("GET", path, nil, "") }

func (d *desk) post(path string, v url.Values) *httptest.ResponseRecorder {
	return d.do("POST", path, strings.NewReader(v.Encode()), "application/x-www-form-urlencoded")
}

func (d *desk) work() {
	kinds, _ := d.Jobs()
	if err := jobs.RunAll(context.Background(), d.Installation.DB, kinds); err != nil {
		d.t.Fatal(err)
	}
}

// form reads the fields of the last form of a page as a browser would send them.
func form(page string) url.Values {
	v := url.Values{}
	for _, m := range regexp.MustCompile(`<input [^>]*name="([^"]+)"[^>]*>`).FindAllStringSubmatch(page, -1) {
		val := regexp.MustCompile(`value="([^"]*)"`).FindStringSubmatch(m[0])
		if (strings.Contains(m[0], `type="radio"`) || strings.Contains(m[0], `type="checkbox"`)) && !strings.Contains(m[0], "checked") || val == nil {
			continue
		}
		v.Set(m[1], strings.NewReplacer("&#34;", `"`, "&amp;", "&", "&#39;", "'").Replace(val[1]))
	}
	for _, m := range regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>`).FindAllStringSubmatch(page, -1) {
		v.Set(m[1], m[2])
	}
	for _, m := range regexp.MustCompile(`(?s)<select [^>]*name="([^"]+)".*?</select>`).FindAllStringSubmatch(page, -1) {
		if o := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(m[0]); o != nil {
			v.Set(m[1], o[1])
		}
	}
	return v
}

const clerksPaper = `UBND TỈNH SÔNG LAM
SỞ Y TẾ
Số: 215/SYT-NVY
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Sông Lam, ngày 12 tháng 10 năm 2026
V/v rà soát người có nguy cơ bị mua bán
Kính gửi: Sở Y tế các tỉnh.
Thực hiện Quyết định số 33/QĐ-TTg ngày 07/01/2026 của Thủ tướng Chính phủ, đề nghị rà soát và báo cáo trước ngày 30/10/2026./.
Nơi nhận:
- Như trên;
- Lưu: VT, NVY.
PHÓ GIÁM ĐỐC
Đỗ Văn Hòa`

// A clerk's day without scripts: a pasted paper, a file, a duplicate, two windows of one entry, the register on paper and as a table.
func TestAClerksDay(t *testing.T) {
	d := newDesk(t)
	must := func(w *httptest.ResponseRecorder, status int, words ...string) *httptest.ResponseRecorder {
		t.Helper()
		if w.Code != status {
			t.Fatalf("status %d, want %d: %.600s", w.Code, status, pageText(w))
		}
		for _, x := range words {
			if !strings.Contains(w.Body.String(), x) {
				t.Errorf("the page does not say %q: %.1500s", x, pageText(w))
			}
		}
		return w
	}
	next := func(w *httptest.ResponseRecorder) string { t.Helper(); must(w, 303); return w.Header().Get("Location") }

	// Pasted: the reading is proposed at once, and entered.
	to := next(d.post("/documents/new", url.Values{"secrecy": {"none"}, "text": {clerksPaper}}))
	page := must(d.get(to), 200, "215/SYT-NVY", "Vào sổ văn bản đến", "Số đến tiếp theo").Body.String()
	f := form(page)
	if f.Get("issued_on.day") != "12" || f.Get("kind") != "cong_van" || f.Get("subject") != "Rà soát người có nguy cơ bị mua bán" {
		t.Errorf("proposed: %v", f)
	}
	f.Set("subject", "")
	must(d.post(to, f), 422, "Nhập trích yếu nội dung")
	f.Set("subject", "Rà soát người có nguy cơ bị mua bán")
	show := next(d.post(to, f))
	must(d.get(show), 200, "Số đến", "33/QĐ-TTg", "trước ngày 30/10/2026", "Vào sổ đến")

	// Two windows: the second save shows both versions and loses nothing.
	edit := form(must(d.get(show+"/edit"), 200).Body.String())
	one, two := url.Values{}, url.Values{}
	for k := range edit {
		one.Set(k, edit.Get(k))
		two.Set(k, edit.Get(k))
	}
	one.Set("note", "Bản giấy đến sau")
	two.Set("note", "Ghi chú của cửa sổ thứ hai")
	next(d.post(show+"/edit", one))
	must(d.post(show+"/edit", two), 409, "Bản giấy đến sau", "Ghi chú của cửa sổ thứ hai")

	// The same paper as a file: read by a job, shown as a duplicate, entered only when that was seen.
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	m.WriteField("secrecy", "none")
	m.WriteField("together", "each")
	w, _ := m.CreateFormFile("file", "Công văn 215.txt")
	io.WriteString(w, clerksPaper+"\n")
	m.Close()
	again := next(d.do("POST", "/documents/new", &b, m.FormDataContentType()))
	must(d.get(again), 200, "đang chờ đọc")
	d.work()
	page = must(d.get(again+"/enter"), 200, "Đơn vị đã có văn bản giống văn bản này").Body.String()
	f = form(page)
	must(d.post(again+"/enter", f), 422, "đánh dấu xác nhận")
	f.Set("again", "1")
	next(d.post(again+"/enter", f))
	file := regexp.MustCompile(`href="(/documents/[^"]+/files/[^"]+)"`).FindStringSubmatch(must(d.get(again), 200).Body.String())
	if file == nil {
		t.Fatal("the file is not on the page")
	}
	got := must(d.get(file[1]), 200)
	if got.Body.String() != clerksPaper+"\n" || !strings.Contains(got.Header().Get("Content-Disposition"), "C%C3%B4ng%20v%C4%83n%20215.txt") {
		t.Errorf("the original: %q %s", got.Body, got.Header())
	}

	// A secret paper: chosen by the clerk, or on its face.
	if to := next(d.post("/documents/new", url.Values{"secrecy": {"mat"}, "text": {clerksPaper}})); to != "/documents/refused" {
		t.Error(to)
	}
	must(d.get("/documents/refused"), 200, "không lưu bí mật nhà nước")
	must(d.post("/documents/new", url.Values{"secrecy": {"none"}, "text": {strings.Replace(clerksPaper, "V/v", "TỐI MẬT\nV/v", 1)}}), 422, "không lưu bí mật nhà nước")

	// Search in the address; the register on screen, on paper and as a workbook.
	must(d.get("/documents?q=ra+soat+nguy+co&kind=cong_van&year=2026"), 200, "<mark>", "215/SYT-NVY")
	must(d.get("/documents?q=khong+he+co"), 200, "Không có văn bản nào khớp")
	must(d.get("/registers/in"), 200, "215/SYT-NVY", "Bản giấy đến sau")
	must(d.get("/registers/in?print=1"), 200, "Sổ đăng ký văn bản đến")
	must(d.get("/registers/in?from=31/2/2026"), 200, "Nhập ngày theo mẫu")
	must(d.get("/registers/none"), 404)
	// Each register has the columns of Nghị định 30/2020/NĐ-CP, Phụ lục IV, in their order: on the page, on paper and in the workbook.
	for name, columns := range map[string][]string{
		"in":     {"Ngày đến", "Số đến", "Tác giả", "Số, ký hiệu", "Ngày tháng", "Tên loại và trích yếu nội dung", "Đơn vị hoặc người nhận", "Ngày chuyển", "Ký nhận", "Ghi chú"},
		"out":    {"Số, ký hiệu", "Ngày tháng", "Tên loại và trích yếu nội dung", "Người ký", "Nơi nhận", "Đơn vị, người nhận bản lưu", "Số lượng bản", "Ngày chuyển", "Ký nhận", "Ghi chú"},
		"follow": {"Số đến", "Tên loại, số, ngày, tác giả và trích yếu", "Đơn vị hoặc người nhận", "Thời hạn giải quyết", "Tiến độ giải quyết", "Số, ký hiệu văn bản trả lời", "Ghi chú"},
		"sent":   {"Số, ký hiệu", "Ngày tháng", "Tên loại và trích yếu nội dung", "Nơi nhận văn bản", "Chuyển lúc", "Mở lần đầu", "Ký nhận (số đến)", "Ghi chú"},
	} {
		book, err := excelize.OpenReader(must(d.get("/registers/"+name+"/xlsx"), 200).Body)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows(book.GetSheetName(0))
		if err != nil || !slices.ContainsFunc(rows, func(r []string) bool { return slices.Equal(r, columns) }) {
			t.Errorf("%s: no row of the workbook is its columns: %q %v", name, rows, err)
		}
		for _, address := range []string{"", "?print=1"} {
			var heads []string
			for _, m := range regexp.MustCompile(`(?s)<th[^>]*scope="col"[^>]*>(.*?)</th>`).FindAllStringSubmatch(must(d.get("/registers/"+name+address), 200).Body.String(), -1) {
				heads = append(heads, strings.TrimSpace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(m[1], "")))
			}
			if len(heads) > 0 && !slices.Equal(heads, columns) {
				t.Errorf("%s%s has the columns %q", name, address, heads)
			}
		}
	}
	book, err := excelize.OpenReader(must(d.get("/registers/in/xlsx"), 200).Body)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows(book.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	head := slices.IndexFunc(rows, func(r []string) bool { return len(r) > 1 && r[1] == "Số đến" })
	if head < 0 {
		t.Fatalf("%q", rows)
	}
	if want := []string{"Ngày đến", "Số đến", "Tác giả", "Số, ký hiệu", "Ngày tháng", "Tên loại và trích yếu nội dung", "Đơn vị hoặc người nhận", "Ngày chuyển", "Ký nhận", "Ghi chú"}; !slices.Equal(rows[head], want) {
		t.Errorf("columns %q", rows[head])
	}
	if last := rows[len(rows)-1]; last[3] != "215/SYT-NVY" || last[4] == "" {
		t.Errorf("last line %q", last)
	}
	// The same register as papers, and the slip of the paper with its stamp; a paper that is not entered has no slip.
	var lines [][]string // of the paper last read, by row, without what is empty
	said := func(path, name string) string {
		t.Helper()
		b := must(d.get(path), 200).Body.Bytes()
		if strings.HasSuffix(name, ".docx") {
			ooxmltest.Valid(t, path, b)
		}
		x, err := doctext.Extract(t.Context(), bytes.NewReader(b), int64(len(b)), name, doctext.Options{NoOCR: true})
		if err != nil {
			t.Fatal(err)
		}
		lines = nil
		for _, block := range x.Blocks {
			for _, r := range block.Rows {
				var line []string
				for _, c := range r {
					if s := strings.Join(strings.Fields(x.Plain[c.Start:c.End]), ""); s != "" {
						line = append(line, s)
					}
				}
				if line != nil {
					lines = append(lines, line)
				}
			}
		}
		return strings.Join(strings.Fields(x.Plain), " ")
	}
	var printed [][]string // the same register as the workbook has it, cell by cell
	for _, r := range rows[head:] {
		var line []string
		for _, c := range r {
			if s := strings.Join(strings.Fields(c), ""); s != "" {
				line = append(line, s)
			}
		}
		printed = append(printed, line)
	}
	numbers := []string{"(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)"}
	printed = slices.Insert(printed, 1, numbers)
	for ext, words := range map[string][]string{"docx": {"Ngày đến", "(10)"}, "pdf": {"Ngày đến", "(10)"}} {
		text := said("/registers/in/"+ext+"?year=2026", "a."+ext)
		for _, w := range append(words, "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", "Năm 2026", "215/SYT-NVY", "Bản giấy", "3 văn bản.") {
			if !strings.Contains(text, w) {
				t.Errorf("the register as %s does not say %q: %s", ext, w, text)
			}
		}
		if diff := cmp.Diff(printed, lines); diff != "" {
			t.Errorf("the register as %s has other cells than the workbook:\n%s", ext, diff)
		}
		text = said(show+"/slip."+ext, "a."+ext)
		for _, w := range []string{"PHIẾU GIẢI QUYẾT VĂN BẢN ĐẾN", "ĐẾN", "Số: 02", "215/SYT-NVY", "Rà soát người có nguy cơ bị mua bán", "Ý kiến của người có thẩm quyền"} {
			if !strings.Contains(text, w) {
				t.Errorf("the slip as %s does not say %q: %s", ext, w, text)
			}
		}
		for _, want := range [][]string{{"ĐẾN", "Số:02"}, {"Số,kýhiệu", "215/SYT-NVY"}} {
			if !slices.ContainsFunc(lines, func(l []string) bool { return slices.Equal(l, want) }) {
				t.Errorf("the slip as %s has no row %q: %q", ext, want, lines)
			}
		}
	}
	waiting := next(d.post("/documents/new", url.Values{"secrecy": {"none"}, "text": {strings.Replace(clerksPaper, "215", "216", 1)}}))
	must(d.get(strings.TrimSuffix(waiting, "/enter")+"/slip.pdf"), 404)

	// The series of the outgoing register.
	must(d.post("/registers/begin", url.Values{"year": {"2031"}, "start": {"last"}, "last": {"41"}, "reason": {"Tiếp theo sổ giấy"}}), 303)
	must(d.post("/registers", url.Values{"book": {"out"}, "code": {"bcđ"}, "name": {"Văn bản của Ban Chỉ đạo"}}), 303)
	must(d.get("/registers"), 200, "Văn bản của Ban Chỉ đạo", "BCĐ")
	must(d.get("/legal?q=53/2024"), 200, "Còn hiệu lực", "86/2025/QH15")
}

// pageText is what a page says, for messages.
func pageText(w *httptest.ResponseRecorder) string {
	s := w.Body.String()
	if i := strings.Index(s, "<main"); i >= 0 {
		s = s[i:]
	}
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]+>`).ReplaceAllString(s, " ")), " ")
}
