package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/jobs"
)

// What Prometheus is told: the counters of the guide for operators, labels from closed sets only, and nothing that anybody typed into an address, a
// form or a header.
func TestMetricsHoldNothingPersonal(t *testing.T) {
	dir := t.TempDir()
	d := dbtest.SQLite(t, nil, db.Options{})
	in := openPlace(t, dir, dir+"/key.json", d)
	srv, err := in.Server()
	if err != nil {
		t.Fatal(err)
	}
	in.Runner()
	site := httptest.NewServer(srv.Handler())
	defer site.Close()
	const name = "vicongxanh"
	for _, path := range []string{"/", "/no-such/" + name, "/units?q=" + name, "/units/" + name, "/link/" + name, "/%ff" + name, "/a/" + name + ".css"} {
		resp, err := http.Get(site.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	for _, method := range []string{"POST", "PUT", "X" + strings.ToUpper(name)} {
		r, err := http.NewRequest(method, site.URL+"/sign-in", strings.NewReader(url.Values{"login": {name}, "password": {name}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("User-Agent", name)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}

	w := httptest.NewRecorder()
	in.metrics().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	text := w.Body.String()
	if i := strings.Index(strings.ToLower(text), name); i >= 0 {
		t.Errorf("somebody's words: …%.200s", text[max(0, i-150):])
	}
	guide, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	var patterns []string
	for _, r := range in.Routes() {
		patterns = append(patterns, r.Pattern)
	}
	families, err := in.Metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var ours []string
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "chungtay_") {
			if !strings.HasPrefix(f.GetName(), "go_") && !strings.HasPrefix(f.GetName(), "process_") {
				t.Errorf("a counter of unknown origin: %s", f.GetName())
			}
			continue
		}
		ours = append(ours, f.GetName())
		if !strings.Contains(string(guide), "`"+f.GetName()+"`") {
			t.Errorf("docs/operations.md does not speak of %s", f.GetName())
		}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				v, ok := l.GetValue(), false
				switch l.GetName() {
				case "route":
					ok = slices.Contains(patterns, v) || slices.Contains([]string{"/", "cross-origin", "POST /language"}, v)
				case "status":
					ok = regexp.MustCompile(`^[1-5][0-9][0-9]$`).MatchString(v)
				case "kind":
					ok = regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`).MatchString(v)
				case "outcome":
					ok = slices.Contains([]string{"done", "retried", "failed", "put_back", "lost"}, v)
				}
				if !ok {
					t.Errorf("%s{%s=%q}", f.GetName(), l.GetName(), v)
				}
			}
		}
	}
	if want := []string{"chungtay_jobs_busy", "chungtay_jobs_last_look_seconds", "chungtay_jobs_oldest_seconds", "chungtay_jobs_seconds_total", "chungtay_jobs_total", "chungtay_jobs_waiting", "chungtay_request_seconds"}; !slices.Equal(ours, want) {
		t.Errorf("counters %v, want %v", ours, want)
	}
}

// The queue is told as it stands: how many wait, how long the first has been due, and when the runner last looked.
func TestMetricsTellOfTheQueue(t *testing.T) {
	clock := dbtest.NewClock(time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC))
	dbtest.EachWith(t, nil, db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		dir := t.TempDir()
		in := openPlace(t, dir, dir+"/key.json", d)
		in.Runner()
		value := func(name string) float64 {
			t.Helper()
			families, err := in.Metrics.Gather()
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range families {
				if f.GetName() == name {
					return f.GetMetric()[0].GetGauge().GetValue()
				}
			}
			return -1
		}
		before := value("chungtay_jobs_waiting")
		dbtest.Write(t, d, func(tx *db.Tx) error {
			if _, err := jobs.Enqueue(tx, "jobs.prune", nil); err != nil {
				return err
			}
			_, err := jobs.Enqueue(tx, "jobs.prune", nil, jobs.At(tx.Now.Add(time.Hour)))
			return err
		})
		clock.Add(90 * time.Second)
		if n, late, look := value("chungtay_jobs_waiting"), value("chungtay_jobs_oldest_seconds"), value("chungtay_jobs_last_look_seconds"); n != before+2 || late < 90 || look != 0 {
			t.Errorf("%v waiting, first due %v s ago, last look %v", n, late, look)
		}
		d.Close() // away: the counters of the node are still told
		if busy, n := value("chungtay_jobs_busy"), value("chungtay_jobs_waiting"); busy != 0 || n != -1 {
			t.Errorf("busy %v, waiting %v", busy, n)
		}
	})
}
