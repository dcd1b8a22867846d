package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"chungtay/internal/web"
)

// page is one line of the table of pages that people see.
type page struct {
	name string // of the picture
	path string // "/tasks > Lập kế hoạch" follows the first link of the page that has these words
	as   string // sign-in name of the demo person; "" for the public
}

var pages = []page{
	{"home-public", "/", ""},
	{"sign-in", "/sign-in", ""},
	{"forgot", "/forgot", ""},
	{"design-states", "/design?part=states", ""},
	{"design-charts", "/design?part=charts", ""},
	{"design-lists", "/design?part=lists", ""},
	{"design-matrix", "/design?part=matrix", ""},
	{"design-panels", "/design?part=panels", ""},
	{"design-papers", "/design?part=papers", ""},
	{"design-forms", "/design?part=forms", ""},
	{"licences", "/licences", ""},
	{"absent", "/no-such-page", ""},
	{"conflict", "/design?problem=conflict", ""},
	{"demo", "/demo", ""},
	{"home", "/", "btxh.cv"},
	{"me", "/me", "btxh.cv"},
	{"system", "/system", "quantri"},
	{"system-settings", "/system/settings", "quantri"},
	{"system-jobs", "/system/jobs", "quantri"},
	{"system-job", "/system/jobs > notify.fan", "quantri"},
	{"documents", "/documents?q=mua ban nguoi", "syt.vt"},
	{"document-waiting", "/documents/waiting", "syt.vt"},
	{"document-new", "/documents/new", "syt.vt"},
	{"document-enter", "/documents/waiting > Vào sổ", "syt.vt"},
	{"document", "/registers/in > Kế hoạch: Tổ chức", "syt.vt"},
	{"document-doubts", "/registers/in > Công văn: Rà soát", "syt.vt"},
	{"document-hits", "/documents?q=truyen thong&kind=ke_hoach > Tổ chức", "syt.vt"},
	{"document-edit", "/registers/in > Kế hoạch: Tổ chức > Sửa thông tin", "syt.vt"},
	{"document-pass", "/registers/in > Kế hoạch: Tổ chức > Chuyển xử lý", "syt.vt"},
	{"document-units", "/registers/out > 01/KH-SYT > đơn vị nhận", "syt.vt"},
	{"document-issue", "/documents/issue", "syt.vt"},
	{"document-refused", "/documents/refused", "syt.vt"},
	{"register-in", "/registers/in", "syt.vt"},
	{"register-out", "/registers/out", "syt.vt"},
	{"register-follow", "/registers/follow", "syt.vt"},
	{"register-sent", "/registers/sent", "syt.vt"},
	{"register-print", "/registers/in?print=1", "syt.vt"},
	{"registers", "/registers", "syt.vt"},
	{"legal", "/legal", "syt.vt"},
	{"units", "/units", "quantri"},
	{"units-found", "/units?q=btxh&day=01/3/2026&gone=1", "quantri"},
	{"unit-import", "/unit-import", "quantri"},
	{"units-none", "/units?q=khongcotennay", "btxh.cv"},
	{"unit-tree", "/unit-tree", "quantri"},
	{"unit-tree-top", "/unit-tree?at={unit Chính phủ}", "quantri"},
	{"unit-province", "/units/{unit Ủy ban nhân dân tỉnh Sơn La}", "quantri"},
	{"unit-dept", "/units/{unit Sở Y tế tỉnh Sơn La}", "quantri"},
	{"unit-dept-day", "/units/{unit Sở Y tế tỉnh Sơn La}?day=01/01/2020", "btxh.cv"},
	{"unit-new", "/units/{unit Sở Y tế tỉnh Sơn La}/new", "quantri"},
	{"unit-change", "/units/{unit Sở Y tế tỉnh Sơn La}/change", "quantri"},
	{"unit-merge", "/units/{unit Sở Nội vụ tỉnh Sơn La}/merge", "quantri"},
	{"unit-receive", "/units/{unit Ủy ban nhân dân xã Mai Sơn}/receive", "quantri"},
	{"unit-split", "/units/{unit Sở Nội vụ tỉnh Sơn La}/split", "quantri"},
	{"unit-abolish", "/units/{unit Sở Ngoại vụ tỉnh Sơn La}/abolish", "quantri"},
	{"unit-events", "/unit-events", "quantri"},
	{"unit-event", "/unit-events > Thiết lập theo mẫu", "quantri"},
	{"unit-sets", "/unit-sets", "quantri"},
	{"areas", "/areas", "quantri"},
	{"areas-found", "/areas?q=chieng+ngan", "quantri"},
	{"area", "/areas/{area province:son_la}", "quantri"},
	{"area-past", "/areas/{area province:yen_bai}", "quantri"},
	{"area-rename", "/areas/{area province:son_la}/rename", "quantri"},
	{"unit-groups", "/unit-groups?phrase=UBND+các+xã%2C+phường%3B+Công+an+tỉnh%3B+Hội+Người+cao+tuổi%3B+Lưu:+VT", "btxh.cv"},
	{"home-commune", "/", "bacyen.cv"},
	{"home-province", "/", "ubnd.cv"},
	{"directives", "/directives", "ubnd.cv"},
	{"directive", "/directives/{directive 01/KH-UBND}", "ubnd.cv"},
	{"directive-tree", "/directives/{directive 01/BCA-CSHS}/tree", "bca.cv"},
	{"directive-paper", "/directives/{directive 01/KH-UBND}/paper", "bacyen.cv"},
	{"directive-new", "/directives/new", "ubnd.cv"},
	{"directive-units", "/directives/{directive 01/KH-UBND}/units", "ubnd.cv"},
	{"directives-in", "/directives?box=in", "bacyen.cv"},
	{"directive-from-paper", "/registers/in > Kế hoạch: Tổ chức > Soạn văn bản triển khai", "syt.cv"},
	{"directive-received", "/directives/{directive 01/KH-UBND}", "bacyen.cv"},
	{"tasks", "/tasks", "ubnd.cv"},
	{"tasks-late", "/tasks?state=late", "ubnd.cv"},
	{"task", "/tasks/{task submitted}", "ubnd.cv"},
	{"task-new", "/tasks/new", "ubnd.cv"},
	{"tasks-units", "/tasks/units", "ubnd.cv"},
	{"tasks-calendar", "/tasks/calendar", "ubnd.cv"},
	{"holidays", "/calendar/holidays", "quantri"},
	{"task-delegate", "/tasks > Cập nhật số điện thoại > Giao lại", "bacyen.cv"},
	{"request", "/requests/{request 01/KH-UBND}", "ubnd.cv"},
	{"request-matrix", "/requests/{request 01/KH-UBND}/matrix", "ubnd.cv"},
	{"request-narrative", "/requests/{request 01/KH-UBND}/narrative", "ubnd.cv"},
	{"request-narrative-edit", "/requests/{request 01/KH-UBND}/narrative > Biên tập", "ubnd.cv"},
	{"requests", "/requests", "ubnd.cv"},
	{"request-new", "/requests/new", "ubnd.cv"},
	{"schedules", "/schedules", "ubnd.cv"},
	{"reports", "/reports", "ubnd.cv"},
	{"request-frozen", "/requests/{request 01/KH-UBND}/matrix?frozen=1", "ubnd.cv"},
	{"request-summary", "/requests/{request 01/KH-UBND}/summary", "ubnd.cv"},
	{"request-news", "/requests/{request 01/KH-UBND}/news", "ubnd.cv"},
	{"chase-letter", "/requests/{request 01/KH-UBND} > Công văn đôn đốc 1", "ubnd.cv"},
	{"report", "/reports/{report submitted}", "ubnd.cv"},
	{"report-versions", "/reports/{report submitted}/versions", "ubnd.cv"},
	{"report-paper", "/reports/{report submitted}/paper", "ubnd.cv"},
	{"activities", "/activities", "ubnd.cv"},
	{"activities-timeline", "/activities/timeline", "ubnd.cv"},
	{"activities-calendar", "/activities/calendar", "ubnd.cv"},
	{"activities-gallery", "/activities/gallery", "ubnd.cv"},
	{"activities-map", "/activities/map", "ubnd.cv"},
	{"compare", "/compare", "ubnd.cv"},
	{"campaign", "/campaigns/{campaign mit_tinh}", "ubnd.cv"},
	{"slogans-check", "/slogans?year=2026&lines=G%E1%BB%8Di+111+khi+nghi+ng%E1%BB%9D+c%C3%B3+ng%C6%B0%E1%BB%9Di+b%E1%BB%8B+mua+b%C3%A1n%0AChung+tay+ph%C3%B2ng%2C+ch%E1%BB%91ng+mua+b%C3%A1n+ng%C6%B0%E1%BB%9Di%0AG%E1%BB%8Di+18001567", "ubnd.cv"},
	{"campaign-edit", "/campaigns/{campaign mit_tinh}/edit", "ubnd.cv"},
	{"campaign-news", "/campaigns/{campaign mit_tinh}/news", "ubnd.cv"},
	{"campaigns", "/campaigns", "ubnd.cv"},
	{"activities-sums", "/activities/sums", "ubnd.cv"},
	{"activity-new", "/activities/new", "bacyen.cv"},
	{"activity-import", "/activities/import", "bacyen.cv"},
	{"activity", "/activities > Bản tin về thủ đoạn", "bacyen.cv"},
	{"activity-edit", "/activities > Bản tin về thủ đoạn > Sửa", "bacyen.cv"},
	{"slogans", "/slogans", "bca.ld"},
	{"me-password", "/me/password", "ubnd.ld"},
	{"me-notices", "/me/notices", "ubnd.ld"},
	{"me-delegate", "/me > Ủy quyền", "ubnd.ld"},
	{"inbox", "/inbox", "ubnd.ld"},
	{"emergency-reviews", "/emergency-reviews", "ubnd.ld"},
	{"home-factor", "/", "hoso"},
	{"emergency", "/emergency", "hoso"},
	{"me-factor", "/me", "hoso"},
	{"people", "/people", "quantri"},
	{"people-found", "/people?q=btxh&role=officer", "quantri"},
	{"people-none", "/people?q=khongcotennay", "quantri"},
	{"people-new", "/people/new", "quantri"},
	{"form-new", "/forms/new", "quantri"},
	{"people-import", "/people/import", "quantri"},
	{"people-sessions", "/people/sessions", "quantri"},
	{"people-delegations", "/people/delegations", "quantri"},
	{"person", "/people/{person syt.cv}", "quantri"},
	{"person-role", "/people/{person syt.cv}/role", "quantri"},
	{"deliveries", "/system/deliveries", "quantri"},
	{"audit", "/audit", "kiemsoat"},
	{"audit-found", "/audit?action=account.enrol", "kiemsoat"},
	{"audit-entry", "/audit/{entry account.enrol}", "kiemsoat"},
	{"audit-heads", "/audit/heads", "kiemsoat"},
}

var widths = []int{320, 390, 1366}

func axe(t testing.TB) string {
	b, err := os.ReadFile("../web/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal("axe-core is missing; run `npm ci --ignore-scripts` in web/ (make deps does)")
	}
	return string(b)
}

// looked holds the paths of the pages that axe has seen.
var looked = map[string]bool{}

// violations runs axe on the open page and returns what it found, one line each.
func violations(b *browser, script string) []string {
	b.t.Helper()
	// The window is as tall as the page: what a bar at its lower edge hides for the moment is no fault of what is hidden.
	size := eval[[]int64](b, `[window.innerWidth, Math.max(document.documentElement.scrollHeight, window.innerHeight)]`)
	b.do(chromedp.EmulateViewport(size[0], size[1]))
	looked[eval[string](b, "location.pathname")] = true
	eval[any](b, script+";0")
	out := eval[string](b, `axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']})
		.then(r => JSON.stringify(r.violations.map(v => v.id + ': ' + v.help + ' [' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join('; ') + ']')))`)
	var list []string
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		b.t.Fatal(err)
	}
	return list
}

// notPages are routes that answer a browser with no page of their own, or with one that nothing leads to yet.
var notPages = map[string]string{
	"GET /a/":                      "assets",
	"GET /me/identity":             "goes on to the sign-on provider",
	"GET /sign-in/oidc":            "goes on to the sign-on provider",
	"GET /sign-in/oidc/callback":   "comes back from the sign-on provider",
	"GET /calendar/{secret}":       "a calendar for programs",
	"GET /people/import/template":  "a file",
	"GET /unit-export":             "a file",
	"GET /audit/heads/{size}":      "a file",
	"GET /registers/{book}/xlsx":   "a file",
	"GET /registers/{book}/docx":   "a file",
	"GET /registers/{book}/pdf":    "a file",
	"GET /forms/{version}/json":    "a file",
	"GET /documents/{id}/events":   "news for the open page",
	"GET /directives/{id}/events":  "news for the open page",
	"GET /unit-import/{id}/events": "news for the open page",
	"GET /reason":                  "no room has protected records yet",
}

// unseen lists the routes with a page that axe has not seen in this run, and those of notPages that it has.
func unseen(routes []web.Route) (out []string) {
	mux := http.NewServeMux()
	for _, r := range routes {
		if strings.HasPrefix(r.Pattern, "GET ") {
			mux.Handle(r.Pattern, http.NotFoundHandler())
		}
	}
	seen := map[string]bool{}
	for path := range looked {
		_, pattern := mux.Handler(&http.Request{Method: "GET", URL: &url.URL{Path: path}})
		seen[pattern] = true
	}
	for _, r := range routes {
		_, path, get := strings.Cut(r.Pattern, "GET ")
		isFile := filepath.Ext(path) != "" || strings.Contains(path, "{file}")
		if get && !isFile && seen[r.Pattern] == (notPages[r.Pattern] != "") {
			out = append(out, r.Pattern)
		}
	}
	return out
}

// overflow tells what sticks out of the window to the right: names of elements that do not scroll by themselves.
const overflow = `(() => {
	const w = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= w) return '';
	const bad = [];
	for (const e of document.querySelectorAll('body *')) {
		const r = e.getBoundingClientRect();
		if (r.right > w + 1 && r.width > 0 && !e.closest('.scroll,.matrix,.vh,pre')) bad.push(e.tagName.toLowerCase() + '.' + e.className);
	}
	return document.documentElement.scrollWidth + ' > ' + w + ': ' + bad.slice(0, 5).join(', ');
})()`

// spacing is the text spacing of WCAG 1.4.12, which people may set and pages must bear.
const spacing = `(() => {
	const s = new CSSStyleSheet();
	s.replaceSync('*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}');
	document.adoptedStyleSheets = [...document.adoptedStyleSheets, s];
})()`

// small lists targets smaller than 24 px (WCAG 2.5.8), links inside sentences excepted.
const small = `(() => {
	const bad = [];
	for (const e of document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')) {
		const r = e.getBoundingClientRect();
		if (r.width === 0 || e.closest('.vh,.skip') || getComputedStyle(e).position === 'absolute' && r.width <= 1) continue;
		if (e.tagName === 'A' && getComputedStyle(e).display === 'inline') continue;
		if (r.height < 23.5 || r.width < 23.5) bad.push(e.tagName.toLowerCase() + ' "' + (e.innerText || e.name || '').slice(0, 30) + '" ' + Math.round(r.width) + 'x' + Math.round(r.height));
	}
	return bad.slice(0, 5).join(', ');
})()`

func TestPages(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	script := axe(t)
	signedIn := ""
	for _, p := range pages {
		if p.as != signedIn {
			s.signIn(b, p.as)
			signedIn = p.as
		}
		for _, w := range widths {
			t.Run(fmt.Sprintf("%s/%d", p.name, w), func(t *testing.T) {
				b := &browser{t, b.ctx}
				b.open(s.follow(b, s.fill(t, p.path)), w)
				b.shot(fmt.Sprintf("%s-%d", p.name, w))
				if text := eval[string](b, "document.body.innerText"); strings.Contains(text, "⟦") {
					t.Errorf("a word without a text: …%.60s", text[strings.Index(text, "⟦"):])
				}
				if v := violations(b, script); len(v) > 0 {
					t.Errorf("axe:\n%s", strings.Join(v, "\n"))
				}
				if o := eval[string](b, overflow); o != "" {
					t.Error("overflow:", o)
				}
				if o := eval[string](b, small); o != "" {
					t.Error("small targets:", o)
				}
				eval[any](b, spacing+";0")
				if o := eval[string](b, overflow); o != "" && w > 320 {
					t.Error("overflow with wide text:", o)
				}
			})
		}
		t.Run(p.name+"/keyboard", func(t *testing.T) {
			b := &browser{t, b.ctx}
			b.open(s.follow(b, s.fill(t, p.path)), 1366)
			keyboard(b)
		})
	}
}

// Every page in English on the narrowest phone: all words are there, in the language the page says it has, and nothing sticks out.
func TestPagesInEnglish(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	for i, p := range pages {
		if i == 0 || p.as != pages[i-1].as {
			s.signIn(b, p.as)
		}
		t.Run(p.name, func(t *testing.T) {
			b := &browser{t, b.ctx}
			s.language(b, "vi")
			at := s.follow(b, s.fill(t, p.path)) // its links have Vietnamese words
			s.language(b, "en")
			b.open(at, 320)
			b.shot(p.name + "-en-320")
			if lang := eval[string](b, "document.documentElement.lang"); lang != "en" {
				t.Errorf("the page says it is %q", lang)
			}
			if text := eval[string](b, "document.title + document.body.innerText"); strings.Contains(text, "⟦") {
				t.Errorf("a word without a text: …%.60s", text[strings.Index(text, "⟦"):])
			}
			if o := eval[string](b, overflow); o != "" {
				t.Error("overflow:", o)
			}
		})
	}
}

// language chooses the language of pages, as the switch at their foot does.
func (s *site) language(b *browser, lang string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: "lang", Value: lang, URL: s.url}); err != nil {
		b.t.Fatal(err)
	}
}

// follow returns the address of a line of the table: a path, or a path and the words of the links to follow from there.
func (s *site) follow(b *browser, path string) string {
	b.t.Helper()
	steps := strings.Split(path, " > ")
	at := s.url + strings.ReplaceAll(steps[0], " ", "+")
	for _, words := range steps[1:] {
		b.open(at, 1366)
		at = eval[string](b, fmt.Sprintf(`([...document.querySelectorAll('main a')].find(a => a.innerText.includes(%q)) || {href: ''}).href.split('#')[0]`, words))
		if at == "" {
			b.t.Fatalf("%s: no link %q", path, words)
		}
	}
	return at
}

// keyboard goes through the page with the Tab key: every control is reached in turn, each shows its focus, and none holds it.
func keyboard(b *browser) {
	b.t.Helper()
	const controls = `[...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex="0"]')]
		.filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0 && !(e.closest('details:not([open])') && e.tagName !== 'SUMMARY')
			&& !(e.type === 'radio' && e.name && [...document.querySelectorAll('input[type=radio]')].find(r => r.name === e.name) !== e))`
	want := eval[int](b, controls+".length")
	seen := map[string]bool{}
	eval[any](b, `document.activeElement.blur(); window.scrollTo(0, 0); let n = 0; for (const e of document.querySelectorAll('*')) e.dataset && (e.__n = n++); 0`)
	stuck := 0
	last := ""
	for range want*2 + 20 {
		b.do(chromedp.KeyEvent("\t"))
		at := eval[string](b, `(() => { const e = document.activeElement; if (!e || e === document.body) return ''; e.__at = 1; const s = getComputedStyle(e); return e.__n + '|' + e.tagName + '|' + (s.outlineStyle !== 'none' || s.boxShadow !== 'none') })()`)
		if at == "" {
			break
		}
		if strings.HasSuffix(at, "|false") {
			b.t.Errorf("focus does not show on %s", eval[string](b, `document.activeElement.outerHTML.slice(0, 120)`))
			return
		}
		if at == last {
			if stuck++; stuck > 3 {
				b.t.Errorf("the keyboard is held by %s", at)
				return
			}
		}
		if seen[at] && at != last {
			break // around the page once
		}
		seen[at], last = true, at
	}
	if len(seen) < want {
		b.t.Errorf("the keyboard reached %d of %d controls, not %s", len(seen), want, eval[string](b, controls+`.filter(e => !e.__at).map(e => e.outerHTML.slice(0, 120)).join(", ")`))
	}
}
