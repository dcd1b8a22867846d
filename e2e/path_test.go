package e2e

import (
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"chungtay/demo"
)

// An officer of a commune works with scripts off from signing in to a record that is saved: the list and its filter, a form that is refused at
// its fields and loses nothing, the file that comes with it, and the language.
func TestWithoutScripts(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	b.scripts(false)
	text := func() string { b.t.Helper(); return eval[string](b, `document.querySelector("main").innerText`) }
	has := func(want ...string) {
		b.t.Helper()
		for _, w := range want {
			if !strings.Contains(text(), w) {
				t.Fatalf("%s does not say %q: %.500s", eval[string](b, "location.href"), w, text())
			}
		}
	}
	next := func(actions ...chromedp.Action[chromedp.Void]) { // goes on to another page
		b.t.Helper()
		eval[any](b, `document.documentElement.dataset.old = 1; 0`)
		b.do(append(actions, chromedp.WaitReady(`html:not([data-old]) .foot-site`))...)
	}

	b.open(s.url+"/activities", 390) // sends to the sign-in page, and back
	next(chromedp.SendKeys("#f-login", "bacyen.cv"), chromedp.SendKeys("#f-password", "sai mat khau\r"))
	if at := eval[string](b, `document.activeElement.tagName + document.querySelector("#f-login").value`); !strings.HasSuffix(at, "bacyen.cv") {
		t.Errorf("the name that was typed is lost: %q", at)
	}
	next(chromedp.SendKeys("#f-password", demo.Password+"\r"))
	if at := eval[string](b, "location.pathname"); at != "/activities" {
		t.Fatalf("signed in, and at %s", at)
	}
	all := eval[int](b, `document.querySelectorAll("main tbody tr").length`)

	choose := func(name, words string) { // as the keyboard does
		b.t.Helper()
		if !eval[bool](b, fmt.Sprintf(`(() => { const s = document.querySelector("main select[name=%s]"), o = [...s.options].find(o => o.text.startsWith(%q)); if (o) s.value = o.value; return !!o })()`, name, words)) {
			b.t.Fatalf("%s has no %q: %s", name, words, eval[string](b, fmt.Sprintf(`document.querySelector("main select[name=%s]").innerText`, name)))
		}
	}
	if !eval[bool](b, `document.querySelector("details.filter").open`) {
		b.do(chromedp.Click("details.filter summary"))
	}
	kind := eval[string](b, `[...document.querySelector("main select[name=kind]").options].slice(1).map(o => o.text).find(k => document.querySelector("main tbody").innerText.includes(k))`)
	choose("kind", kind)
	next(chromedp.Click("details.filter button"))
	if n := eval[int](b, `document.querySelectorAll("main tbody tr").length`); n == 0 || n >= all {
		t.Errorf("the filter shows %d of %d", n, all)
	}
	if q := eval[string](b, "location.search"); !strings.Contains(q, "kind=") {
		t.Errorf("the filter is not in the address: %s", q)
	}
	if n := eval[int](b, fmt.Sprintf(`[...document.querySelectorAll("main tbody tr")].filter(r => !r.innerText.includes(%q)).length`, kind)); n > 0 {
		t.Errorf("%d rows are of another kind than %s", n, kind)
	}

	b.open(s.url+"/activities/new", 390)
	choose("kind", "Mít tinh")
	next(chromedp.SendKeys("#f-place", "Nhà văn hóa bản Mới"), chromedp.SendKeys("#f-people", "hai trăm"), chromedp.Click(`main form[enctype] button.btn`))
	if title := eval[string](b, "document.title"); !strings.HasPrefix(title, "Lỗi:") {
		t.Errorf("the title of a refused form: %q", title)
	}
	if v := eval[string](b, `document.querySelector("#f-place").value + "|" + document.querySelector("#f-people").value + "|" + document.querySelector("[name=kind]").value`); v != "Nhà văn hóa bản Mới|hai trăm|mit_tinh" {
		t.Errorf("what was typed is lost: %q", v)
	}
	b.shot("without-scripts-refused-390")
	if n := eval[int](b, `[...document.querySelectorAll(".errors a")].filter(a => document.getElementById(a.hash.slice(1))).length`); n == 0 || n != eval[int](b, `document.querySelectorAll(".errors a").length`) {
		t.Errorf("%d lines of the summary lead to a field: %s", n, text())
	}
	b.do(chromedp.Click(`.errors a[href="#f-people"]`)) // leads there by itself
	if hash := eval[string](b, "location.hash"); hash != "#f-people" {
		t.Errorf("the summary leads to %q", hash)
	}

	paper := filepath.Join(t.TempDir(), "Danh sách.pdf")
	content := scan(300_000)
	if err := os.WriteFile(paper, content, 0o600); err != nil {
		t.Fatal(err)
	}
	eval[any](b, `document.querySelector("#f-people").value = ""; 0`)
	next(chromedp.SendKeys("#f-people", "1.250"), chromedp.SetUploadFiles("#f-files", []string{paper}), chromedp.Click(`main form[enctype] button.btn`))
	has("Nhà văn hóa bản Mới", "1.250", "Danh sách.pdf")
	b.shot("without-scripts-saved-390")
	if !same(b, link(b, "Danh sách.pdf"), content) {
		t.Error("the file came back other than sent")
	}

	b.scripts(false)
	b.do(chromedp.Click("details.menu summary"))
	next(chromedp.Click(`details.menu button[value=en]`))
	if lang := eval[string](b, "document.documentElement.lang"); lang != "en" {
		t.Errorf("the language is %q", lang)
	}
}

// A line that breaks twice while a file is sent: the page says that it waits, goes on where the server stands, sends no byte twice, and the
// file that the record gets is whole.
func TestUploadOverABrokenLine(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	s.signIn(b, "bacyen.cv")
	b.open(s.url+"/activities/new", 390)
	content := scan(5 << 20)
	file := filepath.Join(t.TempDir(), "Kế hoạch 30-7.pdf")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	patches, received := 0, 0
	s.between(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method != http.MethodPatch {
			next.ServeHTTP(w, r)
			return
		}
		mu.Lock()
		patches++
		broken := patches == 2 || patches == 4
		mu.Unlock()
		body := &line{ReadCloser: r.Body, left: 1 << 30}
		if broken {
			body.left = 400_000
		}
		r.Body = body
		if !broken {
			next.ServeHTTP(w, r)
		} else {
			next.ServeHTTP(httptest.NewRecorder(), r)
		}
		mu.Lock()
		received += body.read
		mu.Unlock()
		if broken {
			panic(http.ErrAbortHandler)
		}
	})
	eval[any](b, `window.said = []; new MutationObserver(() => { for (const s of document.querySelectorAll("#f-files-list span")) if (!said.includes(s.textContent)) said.push(s.textContent) })
		.observe(document.querySelector("#f-files-list"), {subtree: true, childList: true, characterData: true}); 0`)
	b.do(chromedp.SetUploadFiles("#f-files", []string{file}))
	b.do(chromedp.WaitReady(`input[name=files_sent][value*="/files/tus/"]`))
	b.shot("upload-sent-390")
	said := eval[string](b, `said.join("|")`)
	waiting := eval[string](b, `document.querySelector("#f-files").dataset.waiting`)
	if waiting == "" || !strings.Contains(said, waiting) {
		t.Errorf("the page did not say that it waits (%q): %s", waiting, said)
	}
	mu.Lock()
	if received != len(content) || patches < 7 {
		t.Errorf("%d bytes arrived in %d pieces of a file of %d", received, patches, len(content))
	}
	mu.Unlock()

	eval[any](b, `const k = document.querySelector("[name=kind]"); k.value = "mit_tinh"; 0`)
	enter(b, map[string]string{"place": "Sân vận động xã", "people": "40"})
	press(b, "Lưu")
	if !same(b, link(b, "Kế hoạch 30-7.pdf"), content) {
		t.Error("the file came back other than sent")
	}
}

// line is a body that breaks off after so many bytes.
type line struct {
	io.ReadCloser
	left, read int
}

func (l *line) Read(p []byte) (int, error) {
	if l.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := l.ReadCloser.Read(p[:min(len(p), l.left)])
	l.left, l.read = l.left-n, l.read+n
	return n, err
}

// scan is a file of so many bytes that looks like a PDF.
func scan(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n)}).Read(b)
	copy(b, "%PDF-1.7\n")
	return b
}

// same tells whether the address of a file gives a content to the person signed in.
func same(b *browser, url string, content []byte) bool {
	b.t.Helper()
	b.scripts(true)
	return eval[string](b, fmt.Sprintf(`fetch(%q).then(r => r.arrayBuffer()).then(a => crypto.subtle.digest("SHA-256", a)).then(d => [...new Uint8Array(d)].map(x => x.toString(16).padStart(2, "0")).join(""))`, url)) ==
		fmt.Sprintf("%x", sha256.Sum256(content))
}
