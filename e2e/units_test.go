package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// An administrator writes down, with scripts off, that a commune was merged into another: chooses among several units the words fit, looks at what
// will move, confirms, and lets the successor take over what is open. Then a list of units comes in: the preview of its rows, and the work going on.
func TestAMergerWithoutScripts(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	script := axe(t)
	s.signIn(b, "quantri")
	b.scripts(false)
	text := func() string { b.t.Helper(); return eval[string](b, `document.querySelector("main").innerText`) }
	has := func(want ...string) {
		b.t.Helper()
		for _, w := range want {
			if !strings.Contains(text(), w) {
				b.t.Fatalf("%s does not say %q: %.900s", eval[string](b, "location.href"), w, text())
			}
		}
	}
	next := func(actions ...chromedp.Action[chromedp.Void]) { // goes on to another page
		b.t.Helper()
		eval[any](b, `document.documentElement.dataset.old = 1; 0`)
		b.do(append(actions, chromedp.WaitReady(`html:not([data-old]) .foot-site`))...)
	}
	look := func(name string) { // the page as people have it, on a desk and on a phone
		b.t.Helper()
		for _, w := range []int64{1366, 390} {
			b.do(chromedp.EmulateViewport(w, 800))
			b.shot(fmt.Sprintf("%s-%d", name, w))
			if o := eval[string](b, overflow); o != "" {
				b.t.Errorf("%s at %d: %s", name, w, o)
			}
			b.scripts(true) // axe needs them; those of the page do not start again
			if v := violations(b, script); len(v) > 0 {
				b.t.Errorf("%s at %d: %s", name, w, strings.Join(v, "\n"))
			}
			b.scripts(false)
		}
		b.do(chromedp.EmulateViewport(1366, 800))
	}
	gone := s.fill(t, "{unit Ủy ban nhân dân xã Bắc Yên}")
	b.open(s.url+"/units/"+gone, 1366)
	b.open(s.url+"/units/"+gone+"/merge", 1366)
	next(chromedp.SendKeys("#f-into", "mường"), chromedp.SendKeys("#f-basis", "Nghị quyết 12/NQ-HĐND"), chromedp.Click(`main form button[value=preview]`))
	has("đơn vị phù hợp")
	if v := eval[string](b, `document.querySelector("#f-basis").value + "|" + document.querySelector("#f-into").value`); v != "Nghị quyết 12/NQ-HĐND|mường" {
		t.Errorf("what was typed is lost: %q", v)
	}
	look("unit-merge-choose")
	eval[any](b, `document.querySelector("#f-into").value = ""; 0`)
	next(chromedp.SendKeys("#f-into", "ubnd xa muong la"), chromedp.Click(`main form button[value=preview]`))
	has("Ủy ban nhân dân xã Mường Lạn") // begins so too: one is chosen
	next(chromedp.Click(`main form input[name=into_id]`), chromedp.Click(`main form button[value=preview]`))
	has("Những gì sẽ thay đổi", "Ủy ban nhân dân xã Bắc Yên", "Ủy ban nhân dân xã Mường La", "Công an xã Bắc Yên", "Phòng Văn hóa - Xã hội xã Bắc Yên", "Việc đang mở vẫn thuộc đơn vị cũ")
	look("unit-merge-preview")
	next(chromedp.Click(`main form button[value=do]`))
	has("Tiếp nhận Ủy ban nhân dân xã Bắc Yên", "Nghị quyết 12/NQ-HĐND")
	b.open(s.url+"/units/"+gone, 1366)
	has("Ủy ban nhân dân xã Bắc Yên", "Đã kết thúc", "Đơn vị kế thừa:")
	look("unit-gone")
	next(chromedp.Click(`main a[href$="/takeover"]`))
	look("unit-takeover")
	if n := eval[int](b, `document.querySelectorAll("main form input[name=to]:checked").length`); n != 1 {
		t.Errorf("%d successors are chosen", n)
	}
	next(chromedp.Click(`main form button.btn`))
	has("Nhận việc đang mở của Ủy ban nhân dân xã Bắc Yên")
	b.open(s.url+"/units/"+gone+"/takeover", 1366)
	has("Không có việc đang mở") // what the successor owes itself is not owed twice: the old unit's own ended
	b.open(s.url+"/tasks", 1366) // work of the commune is shown with its name of then, and where it is now
	b.open(s.url+"/unit-events", 1366)
	has("Sáp nhập", "Bàn giao việc đang mở", "Ủy ban nhân dân xã Bắc Yên → Ủy ban nhân dân xã Mường La")

	file := filepath.Join(t.TempDir(), "đơn vị.csv")
	rows := "Tên đơn vị;Loại;Cấp;Cơ quan cấp trên;Điện thoại\nTrạm Y tế Mường La;Cơ sở y tế;Xã;Ủy ban nhân dân xã Mường La;0212 1\nSở Tư pháp tỉnh Sơn La;;;Ủy ban nhân dân tỉnh Sơn La;0212 2\n"
	send := func(rows string) {
		b.t.Helper()
		if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
			b.t.Fatal(err)
		}
		b.open(s.url+"/unit-import", 1366)
		next(chromedp.SetUploadFiles("#f-file", []string{file}), chromedp.Click(`main form[enctype] button.btn`))
	}
	send(rows + "Trạm X;Trạm;Xã;Cơ quan không có;\n")
	has("Sửa 1 trong 3 dòng", "Không có loại đơn vị “Trạm”")
	look("unit-import-refused")
	send(rows)
	has("1 đơn vị mới, 1 thay đổi", "Trạm Y tế Mường La")
	look("unit-import-preview")
	next(chromedp.Click(`main form[action$="/go"] button`))
	has("Đang nhập danh mục")
	look("unit-import-running")
}
