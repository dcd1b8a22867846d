package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"chungtay/app"
	"chungtay/campaign"
	"chungtay/demo"
	"chungtay/directive"
	"chungtay/internal/db"
	"chungtay/internal/web"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/report"
	"chungtay/task"
)

// site is the whole program with the demo province, on a database of its own.
type site struct {
	*app.Installation
	url string
	on  atomic.Pointer[func(http.ResponseWriter, *http.Request, http.Handler)] // what stands between the browser and the program; see between
}

// between puts f before the program: it sees each request and passes it on, or breaks the line.
func (s *site) between(f func(w http.ResponseWriter, r *http.Request, next http.Handler)) {
	s.on.Store(&f)
}

// built is the demonstration, built once for all tests of a run and copied for each.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "chungtay-e2e-*")
	if err != nil {
		return "", err
	}
	cfg, err := config(dir)
	if err != nil {
		return "", err
	}
	_, err = app.MakeDemo(context.Background(), cfg, slog.New(slog.DiscardHandler), nil)
	return dir, err
})

// routes are those of the program that was tested.
var routes []web.Route

// TestMain fails a run of all tests that has not looked at every page there is.
func TestMain(m *testing.M) {
	code := m.Run()
	if os.Getenv("CHUNGTAY_E2E") == "" {
		os.Exit(code)
	}
	if dir, err := built(); err == nil {
		os.RemoveAll(dir)
	}
	if part := flag.Lookup("test.run").Value.String() + flag.Lookup("test.skip").Value.String() + flag.Lookup("test.bench").Value.String(); code == 0 && part == "" {
		for _, pattern := range unseen(routes) {
			fmt.Printf("FAIL: %s: no test looks at this page, or it stands in notPages and is one; see pages_test.go\n", pattern)
			code = 1
		}
	}
	os.Exit(code)
}

func config(dir string) (app.Config, error) {
	return app.LoadConfig("", []string{
		"CHUNGTAY_DATABASE_URL=sqlite:" + filepath.Join(dir, "site.db"), "CHUNGTAY_FILES_URL=folder:" + filepath.Join(dir, "files"),
		"CHUNGTAY_KEYS_FILE=" + filepath.Join(dir, "keyring.json"), "CHUNGTAY_AUDIT_KEY_FILE=" + filepath.Join(dir, "audit.key")})
}

func newSite(t testing.TB) *site {
	from, err := built()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "keyring.json"), 0o600); err != nil { // CopyFS widens it
		t.Fatal(err)
	}
	cfg, err := config(dir)
	if err != nil {
		t.Fatal(err)
	}
	// The address has a name, as passkeys need one; it is known before the program is opened, which builds its links with it.
	s := &site{}
	var h http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := s.on.Load(); f != nil {
			(*f)(w, r, h)
			return
		}
		h.ServeHTTP(w, r)
	}))
	s.url = strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)
	cfg.PublicURL = s.url
	ctx := context.Background()
	in, err := app.Open(ctx, cfg, slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelError})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	if err := in.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	if h, _, err = in.Handler(); err != nil {
		t.Fatal(err)
	}
	s.Installation = in
	routes = in.Routes()
	t.Cleanup(srv.Close)
	return s
}

// testWriter lets the log of the server stand in the output of a failed test.
type testWriter struct{ t testing.TB }

func (w testWriter) Write(b []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}

// signIn opens a session for a person of the demonstration through the sign-in page, as a person does; "" signs out.
func (s *site) signIn(b *browser, login string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		b.t.Fatal(err)
	}
	if login == "" {
		return
	}
	b.open(s.url+"/sign-in", 1366)
	b.do(chromedp.SendKeys("#f-login", login), chromedp.SendKeys("#f-password", demo.Password), chromedp.SendKeys("#f-password", "\r"))
	b.do(chromedp.WaitReady(`.tools a[href="/me"], .errors`))
	if refused := eval[string](b, `(document.querySelector(".errors") || {innerText: ""}).innerText`); refused != "" {
		b.t.Fatalf("%s cannot sign in: %s", login, refused)
	}
}

var named = regexp.MustCompile(`\{(unit|area|directive|request|report|task|activity|campaign|person|entry) ([^}]+)\}`)

// fill puts identifiers into an address: "{unit Sở Y tế tỉnh Sơn La}", "{area province:son_la}", "{directive 01/KH-UBND}", its "{request …}",
// the person "{person syt.cv}", the first entry of the audit log "{entry account.enrol}",
// the first "{report approved}" of that request, the first "{task submitted}" and "{activity mit_tinh}", its "{campaign mit_tinh}".
func (s *site) fill(t testing.TB, path string) string {
	t.Helper()
	out := named.ReplaceAllStringFunc(path, func(m string) string {
		what := named.FindStringSubmatch(m)
		if what[1] == "area" {
			return orgunit.AreaOf(what[2])
		}
		if what[1] != "unit" {
			return s.record(t, what[1], what[2])
		}
		id := ""
		err := s.DB.Read(context.Background(), func(tx *db.Tx) error {
			list, _, err := orgunit.Search(tx, orgunit.Filter{Words: what[2], Size: 50})
			for _, u := range list {
				if u.Name == what[2] {
					id = u.ID
				}
			}
			return err
		})
		if err != nil || id == "" {
			t.Fatalf("no unit %q: %v", what[2], err)
		}
		return id
	})
	if strings.Contains(out, "{") {
		t.Fatalf("%s names a record of an unknown kind", out)
	}
	return out
}

// firstID answers a question for one identifier.
func firstID(tx *db.Tx, query, arg string) (id string, err error) {
	rows, err := tx.Rows(query, arg)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&id)
	}
	return id, errors.Join(err, rows.Err())
}

func (s *site) record(t testing.TB, kind, which string) (id string) {
	t.Helper()
	root := policy.System("e2e")
	err := s.DB.Read(context.Background(), func(tx *db.Tx) (err error) {
		switch kind {
		case "person":
			id, err = firstID(tx, `SELECT id FROM person WHERE login = $1`, which)
			return err
		case "entry":
			id, err = firstID(tx, `SELECT id FROM audit_entry WHERE action = $1 ORDER BY id LIMIT 1`, which)
			return err
		case "directive", "request":
			list, _, err := s.Directives.List(tx, root, directive.Filter{Page: 1, Size: 50})
			for _, d := range list { // the oldest of that symbol: communes number their own 01/KH-UBND, and later
				if d.Symbol == which {
					id = d.ID
				}
			}
			if kind == "request" && err == nil {
				a, _, _, err := report.OfDirective(tx, id, nil)
				id = a.ID
				return err
			}
			return err
		case "report":
			list, _, err := s.Reports.List(tx, root, report.Filter{Request: s.record(t, "request", "01/KH-UBND"), State: which, Page: 1, Size: 1})
			if len(list) > 0 {
				id = list[0].ID
			}
			return err
		case "task":
			list, _, err := s.Tasks.List(tx, root, task.Filter{State: which, Page: 1, Size: 1})
			if len(list) > 0 {
				id = list[0].ID
			}
			return err
		case "activity", "campaign":
			list, _, err := s.Campaigns.List(tx, root, campaign.Filter{Kind: which, Page: 1, Size: 1})
			if len(list) > 0 {
				if id = list[0].ID; kind == "campaign" {
					id = list[0].Campaign
				}
			}
			return err
		}
		return nil
	})
	if err != nil || id == "" {
		t.Fatalf("no %s %q: %v", kind, which, err)
	}
	return id
}
