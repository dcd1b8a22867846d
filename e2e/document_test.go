package e2e

import (
	"archive/zip"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"chungtay/internal/jobs"
)

// word writes a Word file of the lines of a text.
func word(t *testing.T, name, text string) string {
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for part, body := range map[string]string{
		"[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml": `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>` +
			strings.ReplaceAll(text, "\n", `</w:t></w:r></w:p><w:p><w:r><w:t>`) + `</w:t></w:r></w:p></w:body></w:document>`,
	} {
		w, err := z.Create(part)
		if err == nil {
			_, err = w.Write([]byte(body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	return path
}

const arriving = `UBND TỈNH SƠN LA
CÔNG AN TỈNH
Số: 877/CAT-PV01
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Sơn La, ngày 03 tháng 7 năm 2026
V/v phối hợp xác minh người bị mua bán trở về
Kính gửi: Sở Y tế.
Thực hiện Kế hoạch số 118/KH-UBND ngày 09/6/2026 của Ủy ban nhân dân tỉnh, Công an tỉnh đề nghị Sở Y tế cử cán bộ phối hợp, trả lời trước ngày 10/7/2026./.
Nơi nhận:
- Như trên;
- Lưu: VT, PV01.
PHÓ GIÁM ĐỐC
Vì Văn Long`

// A clerk takes a Word file in, watches it being read, enters what was proposed, and passes the paper on, whose handler finds it at home.
func TestAPaperComesInThroughTheBrowser(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	s.signIn(b, "syt.vt")
	b.open(s.url+"/documents/new", 1366)
	b.do(chromedp.SetUploadFiles("#f-file", []string{word(t, "Công văn phối hợp.docx", arriving)}))
	b.do(chromedp.WaitReady(`input[name=file_sent][value*="/files/tus/"]`)) // sent piece by piece
	following, once := make(chan struct{}), sync.Once{}
	s.between(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/events") {
			once.Do(func() { close(following) })
		}
		next.ServeHTTP(w, r)
	})
	b.do(chromedp.Click(`main form button.btn:not([type=button])`))
	b.do(chromedp.WaitReady(`progress[data-events]`))
	b.shot("document-reading-1366")

	<-following // the page asks for news before there is any
	kinds, _ := s.Jobs()
	if err := jobs.RunAll(context.Background(), s.DB, kinds); err != nil { // what the runner of a node does
		t.Fatal(err)
	}
	b.do(chromedp.WaitReady(`.source mark`)) // the page goes on by itself when the reading is over
	if at := eval[string](b, `document.querySelector("h1").innerText`); at != "Phối hợp xác minh người bị mua bán trở về" {
		t.Errorf("read: %q", at)
	}
	if there := eval[bool](b, `[...document.querySelectorAll(".cites a")].some(a => a.innerText === "118/KH-UBND")`); !there {
		t.Error("the plan it cites, which is stored, is no link")
	}
	b.do(chromedp.Click(`a.btn[href$="/enter"]`), chromedp.WaitReady(`#f-subject`))
	if v := eval[string](b, `document.querySelector("#f-symbol").value + "|" + document.querySelector("#f-issuer").value`); v != "877/CAT-PV01|Công an tỉnh Sơn La" {
		t.Errorf("proposed: %q", v)
	}
	b.do(chromedp.Click(`form[action$="/enter"] button.btn`), chromedp.WaitReady(`.flash`))
	if said := eval[string](b, `document.querySelector(".flash").innerText`); !strings.Contains(said, "số đến 5") {
		t.Errorf("said %q", said)
	}
	b.do(chromedp.Click(`a[href$="/pass"]`), chromedp.WaitReady(`#f-handler`))
	eval[any](b, `const o = [...document.querySelector("#f-handler").options].find(o => o.value.startsWith("unit:")); document.querySelector("#f-handler").value = o.value; 0`)
	b.do(chromedp.Click(`form[action$="/pass"] button.btn`), chromedp.WaitReady(`.flash`))

	s.signIn(b, "btxh.cv")
	b.open(s.url+"/", 1366)
	if home := eval[string](b, `document.querySelector("main").innerText`); !strings.Contains(home, "Giải quyết văn bản: Phối hợp xác minh") {
		t.Errorf("the handler's home page: %.400s", home)
	}
	b.open(s.follow(b, "/ > Phối hợp xác minh"), 1366)
	b.scripts(false) // the rest goes without scripts as well
	b.do(chromedp.Click(`form[action$="/take"] button`), chromedp.WaitReady(`.flash`))
	b.open(s.url+"/documents?q=xac+minh+nguoi+bi+mua+ban", 390)
	if marks := eval[int](b, `document.querySelectorAll(".snippet mark").length`); marks == 0 {
		t.Error("nothing is marked in the search")
	}
	b.scripts(true)
}

// A clerk numbers a paper that was written elsewhere: a unit that nobody knows is told at its field and costs no number, then the paper goes
// out with its file and is found in the register.
func TestAPaperIsNumbered(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	s.signIn(b, "syt.vt")
	b.open(s.url+"/registers/out", 1366)
	before := eval[int](b, `document.querySelectorAll("main tbody tr").length`)
	b.open(link(b, "Cấp số văn bản đi"), 1366)
	enter(b, map[string]string{"tail": "SYT-VP", "subject": "Mời dự tập huấn tiếp nhận nạn nhân", "signer": "Cầm Thị Nhung", "units": "Sở Không Có"})
	b.do(chromedp.SetUploadFiles("#f-file", []string{word(t, "Giấy mời.docx", "Sở Y tế mời dự tập huấn")}))
	b.do(chromedp.WaitReady(`input[name=file_sent][value*="/files/tus/"]`))
	press(b, "Cấp số")
	if said := eval[string](b, `document.querySelector(".errors").innerText`); !strings.Contains(said, "Sở Không Có") {
		t.Errorf("an unknown unit: %q", said)
	}
	enter(b, map[string]string{"units": "UBND các xã, phường"})
	press(b, "Cấp số")
	said := eval[string](b, `document.querySelector(".flash").innerText`)
	if !strings.HasPrefix(said, "Đã cấp số ") || !strings.Contains(said, "/SYT-VP") {
		t.Fatalf("said %q", said)
	}
	b.open(s.url+"/registers/out", 1366)
	if rows := eval[int](b, `document.querySelectorAll("main tbody tr").length`); rows != before+1 {
		t.Errorf("%d papers in the register, %d before", rows, before)
	}
	s.signIn(b, "bacyen.vt")
	b.open(s.url+"/documents/waiting", 1366)
	if text := eval[string](b, `document.querySelector("main").innerText`); !strings.Contains(text, "Mời dự tập huấn tiếp nhận nạn nhân") {
		t.Errorf("a commune has to enter: %.400s", text)
	}
}

// Where something between refuses the stream of news, the page that follows a reading goes on by asking.
func TestAReadingIsFollowedWithoutAStream(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	s.signIn(b, "syt.vt")
	b.open(s.url+"/documents/new", 1366)
	b.do(chromedp.SetUploadFiles("#f-file", []string{word(t, "Công văn phối hợp.docx", arriving)}), chromedp.WaitReady(`input[name=file_sent][value*="/files/tus/"]`))
	refused, once := make(chan struct{}), sync.Once{}
	s.between(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/events") {
			w.WriteHeader(http.StatusForbidden)
			once.Do(func() { close(refused) })
			return
		}
		next.ServeHTTP(w, r)
	})
	b.do(chromedp.Click(`main form button.btn:not([type=button])`), chromedp.WaitReady(`progress[data-events]`))
	<-refused
	kinds, _ := s.Jobs()
	if err := jobs.RunAll(context.Background(), s.DB, kinds); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.WaitReady(`.source mark`))
}
