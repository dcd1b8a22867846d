package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The budgets of the first page with everything it needs, and of each page after it, in KB on the wire.
const (
	firstBudget = 100
	laterBudget = 10
)

// load is what the open page took.
type load struct {
	Bytes int     // on the wire, of everything that was not in the cache
	Page  int     // of the page alone
	Paint float64 // first contentful paint, ms
	Parts []string
}

const measure = `new Promise(ok => {
	new PerformanceObserver((list, o) => { // those of the past as well
		if (!list.getEntriesByName('first-contentful-paint').length) return;
		o.disconnect();
		document.fonts.ready.then(done);
	}).observe({type: 'paint', buffered: true});
	const done = () => {
		const nav = performance.getEntriesByType('navigation')[0], all = [nav, ...performance.getEntriesByType('resource')];
		const paint = performance.getEntriesByName('first-contentful-paint')[0];
		ok(JSON.stringify({bytes: all.reduce((n, e) => n + e.transferSize, 0), page: nav.encodedBodySize, paint: paint ? paint.startTime : 0,
			parts: all.map(e => Math.round(e.transferSize / 102.4) / 10 + ' KB ' + new URL(e.name).pathname)}));
	};
})`

func weigh(b *browser) (l load) {
	b.t.Helper()
	if err := json.Unmarshal([]byte(eval[string](b, measure)), &l); err != nil {
		b.t.Fatal(err)
	}
	return l
}

// A first visit costs at most 100 KB with the faces; every page after it at most 10 KB.
func TestWeights(t *testing.T) {
	s := newSite(t)
	b := newBrowser(t)
	b.open(s.url+"/", 390)
	if l := weigh(b); l.Bytes > firstBudget<<10 {
		t.Errorf("the first page costs %.1f KB:\n%s", float64(l.Bytes)/1024, strings.Join(l.Parts, "\n"))
	} else {
		t.Logf("first page %.1f KB:\n%s", float64(l.Bytes)/1024, strings.Join(l.Parts, "\n"))
	}
	signedIn := ""
	for _, p := range pages {
		if p.as != signedIn {
			s.signIn(b, p.as)
			signedIn = p.as
		}
		b.open(s.follow(b, s.fill(t, p.path)), 390)
		if status := eval[int](b, "performance.getEntriesByType('navigation')[0].responseStatus"); status != http.StatusOK && p.name != "absent" && p.name != "conflict" {
			t.Errorf("%s answers %d", p.name, status)
		}
		l := weigh(b)
		if l.Page > laterBudget<<10 {
			t.Errorf("%s costs %.1f KB", p.name, float64(l.Page)/1024)
		}
		t.Logf("%-20s %5.1f KB", p.name, float64(l.Page)/1024)
	}
}

// The first paint of the first page and of a later one at 400 kbit/s, 400 ms and a processor four times as slow.
func BenchmarkSlowPhone(b *testing.B) {
	s := newSite(b)
	for b.Loop() {
		br := newBrowser(b)
		br.slow()
		br.open(s.url+"/", 390)
		first := weigh(br)
		br.open(s.url+"/sign-in", 390)
		later := weigh(br)
		b.ReportMetric(first.Paint, "ms-first-paint")
		b.ReportMetric(float64(first.Bytes)/1024, "KB-first")
		b.ReportMetric(later.Paint, "ms-later-paint")
		b.ReportMetric(float64(later.Bytes)/1024, "KB-later")
		if first.Paint > 2000 {
			b.Errorf("the first paint takes %.0f ms, the budget is 2000", first.Paint)
		}
	}
}

// The program as a newcomer has it: size of the binary, time from start until it is ready, memory with a province's data.
func BenchmarkStart(b *testing.B) {
	chromium(b) // with the other tests of the built program
	root, err := filepath.Abs("..")
	if err != nil {
		b.Fatal(err)
	}
	bin := filepath.Join(b.TempDir(), "chungtay")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", bin, "./cmd/chungtay")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	from, err := built()
	if err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(bin)
	if err != nil {
		b.Fatal(err)
	}
	env := append(os.Environ(), "CHUNGTAY_DATABASE_URL=sqlite:"+filepath.Join(from, "site.db"), "CHUNGTAY_FILES_URL=folder:"+filepath.Join(from, "files"),
		"CHUNGTAY_KEYS_FILE="+filepath.Join(from, "keyring.json"), "CHUNGTAY_AUDIT_KEY_FILE="+filepath.Join(from, "audit.key"), "CHUNGTAY_SERVER_LISTEN=127.0.0.1:18999",
		"CHUNGTAY_SERVER_PUBLIC_URL=http://127.0.0.1:18999", "CHUNGTAY_LOG_LEVEL=warn")
	for b.Loop() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		cmd := exec.CommandContext(ctx, bin, "serve")
		cmd.Env, cmd.Stderr = env, os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		bufio.NewScanner(out).Scan() // the line that says where
		for {
			if resp, err := http.Get("http://127.0.0.1:18999/readyz"); err == nil {
				resp.Body.Close()
				if resp.StatusCode == http.StatusOK {
					break
				}
			}
			if ctx.Err() != nil {
				b.Fatal("not ready")
			}
		}
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms-to-ready")
		for range 200 { // as after some work
			if resp, err := http.Get("http://127.0.0.1:18999/"); err == nil {
				resp.Body.Close()
			}
		}
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		if err != nil {
			b.Fatal(err)
		}
		var kb float64
		if _, rest, ok := strings.Cut(string(status), "VmRSS:"); ok {
			fmt.Sscan(rest, &kb)
		}
		b.ReportMetric(kb/1024, "MB-resident")
		b.ReportMetric(float64(info.Size())/(1<<20), "MB-binary") // here, as the first round forgets what was said before it
		cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			b.Errorf("stopping: %v", err)
		}
		cancel()
	}
}
