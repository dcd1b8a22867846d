package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// sound looks at the open page as TestPages does, in a window of a width.
func sound(b *browser, script, name string, width int) {
	b.t.Helper()
	b.window(width)
	b.shot(fmt.Sprintf("%s-%d", name, width))
	if text := eval[string](b, "document.body.innerText"); strings.Contains(text, "⟦") {
		b.t.Errorf("%s: a word without a text: %.60s", name, text[strings.Index(text, "⟦"):])
	}
	if v := violations(b, script); len(v) > 0 {
		b.t.Errorf("%s at %d, axe:\n%s", name, width, strings.Join(v, "\n"))
	}
	if o := eval[string](b, overflow); o != "" {
		b.t.Errorf("%s at %d overflows: %s", name, width, o)
	}
	if o := eval[string](b, small); o != "" {
		b.t.Errorf("%s at %d has small targets: %s", name, width, o)
	}
}

// link returns the address of the first link that begins with a text.
func link(b *browser, text string) string {
	b.t.Helper()
	href := eval[string](b, fmt.Sprintf(`([...document.querySelectorAll("main a")].find(a => a.innerText.trim().startsWith(%q)) || {href: ""}).href`, text))
	if href == "" {
		b.t.Fatalf("no link %q on the page", text)
	}
	return href
}

// press clicks the first button that begins with a text and waits for the page that follows.
func press(b *browser, text string) {
	b.t.Helper()
	eval[any](b, `document.documentElement.dataset.old = 1; 0`)
	if !eval[bool](b, fmt.Sprintf(`(() => { const e = [...document.querySelectorAll("main button")].find(e => e.innerText.trim().startsWith(%q)); if (e) e.click(); return !!e })()`, text)) {
		b.t.Fatalf("no button %q on the page", text)
	}
	b.do(chromedp.WaitReady(`html:not([data-old]) .foot-site`))
	eval[bool](b, `document.fonts.ready.then(() => true)`)
}

// enter puts text into inputs by name, as typing does.
func enter(b *browser, values map[string]string) {
	b.t.Helper()
	for name, v := range values {
		ok := eval[bool](b, fmt.Sprintf(`(() => { const e = document.querySelector('[name="' + CSS.escape(%q) + '"]'); if (!e) return false;
			if (e.type === "checkbox") e.checked = true; else e.value = %q;
			e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return true })()`, name, v))
		if !ok {
			b.t.Fatalf("no input %q on the page", name)
		}
	}
}

func TestForms(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	script := axe(t)
	s.signIn(b, "quantri")
	b.open(s.url+"/forms", 1366)
	form := link(b, "Báo cáo kết quả hưởng ứng")
	both := []int{390, 1366}
	for _, w := range widths {
		b.open(s.url+"/forms", w)
		sound(b, script, "forms", w)
		b.open(form+"/try", w)
		sound(b, script, "form-try", w)
	}
	for _, w := range both {
		b.open(form, w)
		sound(b, script, "form", w)
	}

	// Without scripts a form is refused at its cells, and what was typed stays.
	b.scripts(false)
	b.open(form+"/try", 1366)
	b.scripts(true) // the page is there; only its own scripts did not run
	enter(b, map[string]string{"v.van_ban": "mười", "v.viec_duoc_giao": "12", "v.viec_xong": "15", "v.truc_tiep/mit_tinh/so": "2", "v.truc_tiep/mit_tinh/nguoi": "1.250", "v.truc_tiep/mit_tinh/nu": "1.300",
		"n.truc_tiep/dieu_hanh": "1", "v.chi/trung_uong/so": "12.5", "v.thuan_loi": "Làm tốt"})
	press(b, "Kiểm tra số liệu")
	text := eval[string](b, "document.body.innerText")
	for _, want := range []string{"nhập số nguyên bằng chữ số", "Số việc đã hoàn thành không lớn hơn số việc được giao", "Số nữ không lớn hơn số lượt người dự", "số lẻ viết sau dấu phẩy. Nhập 12,5"} {
		if !strings.Contains(text, want) {
			t.Errorf("the refused form does not say %q", want)
		}
	}
	if v := eval[string](b, `document.querySelector('[name="v.van_ban"]').value + "|" + document.querySelector('[name="v.truc_tiep/mit_tinh/nguoi"]').value + "|" + document.title.slice(0, 4)`); v != "mười|1.250|Lỗi:" {
		t.Errorf("typed values and title: %q", v)
	}
	for _, w := range both {
		sound(b, script, "form-refused", w)
	}

	// With scripts totals and warnings come while typing, by the same rules.
	b.open(form+"/try", 1366)
	enter(b, map[string]string{"v.truc_tiep/mit_tinh/nguoi": "1.250", "v.truc_tiep/mit_tinh/nu": "700"})
	for _, row := range []string{"dieu_hanh", "noi_chuyen", "hoi_thao", "tap_huan", "luu_dong"} {
		enter(b, map[string]string{"n.truc_tiep/" + row: "1"})
	}
	if got := eval[string](b, `[...document.querySelectorAll('[data-cell=tong_luot_nguoi] output, [data-cell=tong_luot_nu] output, [data-cell=ty_le_nu] output')].map(o => o.textContent).join("|")`); got != "1.250|700|56" {
		t.Errorf("worked out in the browser: %q", got)
	}
	enter(b, map[string]string{"v.thuan_loi": "Làm tốt"})
	if got := eval[string](b, `document.getElementById("f-v.thuan_loi-count").textContent`); got != "Còn 3.993 ký tự" {
		t.Errorf("the counter of a long text says %q", got)
	}
	enter(b, map[string]string{"v.truc_tiep/mit_tinh/nu": "1.300"})
	if !eval[bool](b, `[...document.querySelectorAll('.live:not([hidden])')].some(e => e.textContent.includes("Số nữ không lớn hơn"))`) {
		t.Error("the browser does not warn of more women than people")
	}

	// A copy of one's own: changed part by part, refused by line, published.
	b.open(form, 1366)
	b.open(link(b, "Sao chép"), 1366)
	enter(b, map[string]string{"title": "Kết quả Ngày 30/7 của tỉnh", "code": "ket_qua_tinh"})
	press(b, "Soạn biểu mẫu")
	edit := eval[string](b, "location.href")
	for _, w := range both {
		b.open(edit, w)
		sound(b, script, "form-edit", w)
	}
	b.open(link(b, "Văn bản chỉ đạo đã ban hành"), 1366)
	for _, w := range both {
		sound(b, script, "form-item", w)
	}
	enter(b, map[string]string{"label_vi": "Văn bản đã ban hành", "calculate": "${van_bn} + 1"})
	press(b, "Lưu")
	if text := eval[string](b, "document.querySelector('.errors').innerText"); !strings.Contains(text, "không có ô nào tên van_bn. Có phải là van_ban?") {
		t.Errorf("a wrong formula: %s", text)
	}
	enter(b, map[string]string{"calculate": ""})
	press(b, "Lưu")
	if text := eval[string](b, "document.body.innerText"); !strings.Contains(text, "Văn bản đã ban hành") {
		t.Error("the new label is not there")
	}
	b.open(link(b, "Sửa JSON"), 1366)
	eval[any](b, `const e = document.querySelector("textarea"); e.value = e.value.replace('"integer"', '"intger"'); 0`)
	press(b, "Lưu JSON")
	if text := eval[string](b, "document.body.innerText"); !strings.Contains(text, "Giá trị intger không dùng được") || !strings.Contains(text, "Dòng ") {
		t.Errorf("a wrong word in the text: %.300s", text)
	}
	for _, w := range both {
		sound(b, script, "form-text", w)
	}
	b.open(strings.TrimSuffix(edit, "/edit"), 1366)
	press(b, "Ban hành phiên bản")
	if text := eval[string](b, "document.body.innerText"); !strings.Contains(text, "Đã ban hành") || !strings.Contains(text, "Soạn phiên bản mới") {
		t.Errorf("published: %.300s", text)
	}
}
