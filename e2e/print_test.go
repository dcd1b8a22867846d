package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// printed is the text of the open page as the browser prints it.
func printed(b *browser) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 60*time.Second)
	defer cancel()
	yes := true
	got, err := chromedp.Call(ctx, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PreferCSSPageSize: &yes})
	if err != nil {
		b.t.Fatal(err)
	}
	file := filepath.Join(b.t.TempDir(), "page.pdf")
	if err := os.WriteFile(file, got.Data, 0o600); err != nil {
		b.t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-enc", "UTF-8", file, "-").Output()
	if err != nil {
		b.t.Fatal("pdftotext (poppler-utils): ", err)
	}
	return string(text)
}

// words are the words of a text, joined by single spaces.
func words(s string) string { return strings.Join(strings.Fields(s), " ") }

// On paper stands what the page says, all of it, and nothing that only a screen can use: no menu, no button, no filter.
func TestPagesArePrinted(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	for _, p := range []struct{ path, as string }{
		{"/directives/{directive 01/KH-UBND}", "ubnd.cv"}, {"/reports/{report submitted}", "ubnd.cv"}, {"/documents?q=mua ban nguoi", "syt.vt"},
	} {
		s.signIn(b, p.as)
		b.open(s.follow(b, s.fill(t, p.path)), 1366)
		// What is on the screen: words of the content, and the labels of what can only be clicked, as far as the content does not say the same.
		eval[bool](b, `(document.querySelectorAll(".vh").forEach(e => e.remove()), true)`) // what only a screen reader reads
		content := eval[[]string](b, `[...document.querySelectorAll("main h1, main h2, main dt, main dd, main td, main th, main p")]
			.filter(e => e.checkVisibility() && !e.closest(".btns,.filter,.pages,.crumbs,form") && !e.querySelector(".btn,form,select,input,summary")).map(e => e.innerText.trim()).filter(s => s)`)
		useless := eval[[]string](b, `[...document.querySelectorAll(".top a, .top button, .nav a, .nav summary, .btns .btn, .filter button, .filter label, .skip, .foot-site a")]
			.map(e => e.textContent.trim()).filter(s => s)`)
		if len(content) < 20 || len(useless) < 8 {
			t.Fatalf("%s: %d contents and %d menus and buttons: the test looks at nothing", p.path, len(content), len(useless))
		}
		all := words(eval[string](b, `(() => { const m = document.querySelector("main").cloneNode(true);
			m.querySelectorAll(".btns,.filter,.pages,.crumbs,form,.tabs").forEach(e => e.remove()); return m.textContent })()`))
		paper := words(printed(b))
		on := map[string]int{}
		for _, w := range strings.Fields(paper) {
			on[w]++
		}
		for _, c := range content {
			for _, w := range strings.Fields(c) {
				if on[w] == 0 && !strings.Contains(paper, w) && !strings.Contains(w, "-") && !strings.Contains(w, "/") { // those may be broken at the end of a line
					t.Errorf("%s: %q of %q is not on the paper", p.path, w, words(c))
				}
			}
		}
		for _, u := range useless {
			if u = words(u); strings.Contains(u, " ") && !strings.Contains(all, u) && strings.Contains(paper, u) {
				t.Errorf("%s: %q, which only a screen can use, is on the paper", p.path, u)
			}
		}
	}
}
