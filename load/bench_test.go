package load

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/ids"
	"chungtay/report"
)

const (
	nationSize = 11_000
	night      = 2 * time.Minute
	batch      = 300
	history    = 5 // campaigns whose reports are all there
)

// each settles a nation on each database and drives a server on it. PostgreSQL must be durable: scripts/with-postgres.sh with
// CHUNGTAY_PG_DURABLE=1.
func each(b *testing.B, f func(b *testing.B, x *nation)) {
	if os.Getenv("CHUNGTAY_LOAD") == "" {
		b.Skip("SKIPPED: a nation is driven with CHUNGTAY_LOAD=1; `make bench` sets it")
	}
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			dsn := ""
			if kind == "postgres" {
				dsn = dbtest.PostgresURL(b)
			}
			x := newNation(b, dsn, nationSize)
			x.serve()
			f(b, x)
		})
	}
}

// BenchmarkNation: submissions a second by eight clients; the night of the deadline; pages beside five campaigns of history. "floor" is the
// same number of durable transactions of one row of the size of a report, written raw by as many writers on the same database; "ratio" how
// many times longer a submission takes, with its parsing, rules, permission, audit, notices and page.
func BenchmarkNation(b *testing.B) {
	each(b, func(b *testing.B, x *nation) {
		b.Run("submissions", func(b *testing.B) {
			for b.Loop() {
				a, papers := x.ask("Tám máy cùng gửi", batch)
				took := x.sendAll(b, papers, 8)
				x.check(a, papers)
				b.ReportMetric(float64(batch)/took.Seconds(), "submissions/s")
				floor := x.floor(b, papers, 8)
				b.ReportMetric(float64(batch)/floor.Seconds(), "floor-tx/s")
				b.ReportMetric(took.Seconds()/floor.Seconds(), "ratio")
			}
		})
		b.Run("night", func(b *testing.B) {
			for b.Loop() {
				a, papers := x.ask("Đêm hạn chót", nationSize)
				waits, late := x.arrive(b, papers)
				x.check(a, papers)
				b.ReportMetric(float64(len(papers)), "kept")
				b.ReportMetric(at(waits, .50), "ms-p50")
				b.ReportMetric(at(waits, .99), "ms-p99")
				b.ReportMetric(at(waits, 1), "ms-max")
				b.ReportMetric(late.Seconds(), "s-after-two-minutes")
			}
		})
		b.Run("pages", func(b *testing.B) {
			var last report.Asked
			for i := range history {
				a, papers := x.ask(fmt.Sprintf("Đợt hưởng ứng năm %d", 2022+i), nationSize)
				x.approved(a, papers)
				last = a
			}
			own := ""
			x.read(func(tx *db.Tx) (err error) {
				own, err = db.One[string](tx, `SELECT id FROM report WHERE request_id = $1 AND unit_id = $2`, last.ID, x.offices[7].Unit)
				return err
			})
			for b.Loop() {
				for name, page := range map[string]struct{ path, token string }{
					"commune-home": {"/", x.offices[7].token}, "commune-report": {"/reports/" + own, x.offices[7].token}, "commune-reports": {"/reports", x.offices[7].token},
					"nation-home": {"/", x.head.token}, "nation-request": {"/requests/" + last.ID, x.head.token}, "nation-matrix": {"/requests/" + last.ID + "/matrix", x.head.token},
				} {
					var waits []time.Duration
					for range 30 {
						began := time.Now()
						status, body, err := x.call("GET", page.path, page.token, nil)
						waits = append(waits, time.Since(began))
						if err != nil || status != http.StatusOK {
							b.Fatalf("%s: %d %v %.500s", name, status, err, body)
						}
					}
					sort.Slice(waits, func(i, j int) bool { return waits[i] < waits[j] })
					b.ReportMetric(at(waits, .5), "ms-"+name)
					b.ReportMetric(at(waits, .99), "ms99-"+name)
				}
				// What the same database takes to give the rows behind them raw: the report of one unit, the reports of all.
				var waits []time.Duration
				for range 30 {
					began := time.Now()
					x.read(func(tx *db.Tx) error {
						_, err := db.One[string](tx, `SELECT body FROM report_submission WHERE report_id = $1 AND number = 1`, own)
						return err
					})
					waits = append(waits, time.Since(began))
				}
				sort.Slice(waits, func(i, j int) bool { return waits[i] < waits[j] })
				b.ReportMetric(at(waits, .5), "ms-floor-report")
				began := time.Now()
				x.read(func(tx *db.Tx) error {
					n := 0
					for _, err := range db.Each[string](tx, `SELECT s.body FROM report r JOIN report_submission s ON s.report_id = r.id AND s.number = r.approved WHERE r.request_id = $1`, last.ID) {
						if err != nil {
							return err
						}
						n++
					}
					if n != nationSize {
						b.Fatalf("%d reports are approved", n)
					}
					return nil
				})
				b.ReportMetric(time.Since(began).Seconds(), "s-floor-consolidate")
				began = time.Now()
				if status, body, err := x.call("POST", "/requests/"+last.ID+"/freeze", x.head.token, nil); err != nil || status >= 400 {
					b.Fatalf("freezing: %d %v %.500s", status, err, body)
				}
				b.ReportMetric(time.Since(began).Seconds(), "s-consolidate")
			}
		})
	})
}

// at is a quantile of sorted times, in milliseconds.
func at(sorted []time.Duration, q float64) float64 {
	return float64(sorted[min(int(q*float64(len(sorted))), len(sorted)-1)].Microseconds()) / 1000
}

// sendAll lets n clients send all papers as fast as they can.
func (x *nation) sendAll(b *testing.B, papers []paper, n int) time.Duration {
	var next atomic.Int64
	began := time.Now()
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(papers)); i = next.Add(1) - 1 {
				if err := x.send(papers[i]); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	return time.Since(began)
}

// arrive lets the papers come in evenly over the night, each when it comes and not when another is done. It returns the waiting times,
// sorted, and how long after the night the last one was answered.
func (x *nation) arrive(b *testing.B, papers []paper) ([]time.Duration, time.Duration) {
	waits := make([]time.Duration, len(papers))
	began := time.Now()
	var all sync.WaitGroup
	for i := range papers {
		due := began.Add(night * time.Duration(i) / time.Duration(len(papers)))
		time.Sleep(time.Until(due))
		all.Go(func() {
			if err := x.send(papers[i]); err != nil {
				b.Error(err)
			}
			waits[i] = time.Since(due)
		})
	}
	all.Wait()
	late := max(0, time.Since(began)-night)
	sort.Slice(waits, func(i, j int) bool { return waits[i] < waits[j] })
	return waits, late
}

// floor writes what the papers hold raw, a durable transaction each.
func (x *nation) floor(b *testing.B, papers []paper, writers int) time.Duration {
	dsn := x.env[0][strings.Index(x.env[0], "=")+1:]
	if strings.HasPrefix(dsn, "sqlite:") {
		dsn = "sqlite:" + filepath.Join(b.TempDir(), "floor.db")
	}
	d, err := db.Open(context.Background(), dsn, db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Raw().Exec(`CREATE TABLE IF NOT EXISTS load_floor (id TEXT PRIMARY KEY, body TEXT NOT NULL)`); err != nil {
		b.Fatal(err)
	}
	var next atomic.Int64
	began := time.Now()
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(papers)); i = next.Add(1) - 1 {
				err := d.Write(context.Background(), func(tx *db.Tx) error {
					return tx.Must1(`INSERT INTO load_floor (id, body) VALUES ($1, $2)`, ids.New(time.Now()), papers[i].values.Encode())
				})
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	return time.Since(began)
}

// approved lets the head have approved all papers of a request, as after a campaign.
func (x *nation) approved(a report.Asked, papers []paper) {
	for from := 0; from < len(papers); from += 500 {
		x.write(func(tx *db.Tx) error {
			head, err := x.in.Accounts.ActorOf(tx, x.head.Person)
			if err != nil {
				return err
			}
			for _, p := range papers[from:min(from+500, len(papers))] {
				by, err := x.in.Accounts.ActorOf(tx, p.office.Person)
				if err != nil {
					return err
				}
				values, _ := x.form.Posted(func(name string) []string { return p.values[name] })
				r, err := x.in.Reports.Save(tx, by, p.ID, p.version, values, nil)
				if err != nil {
					return err
				}
				if r, err = x.in.Reports.Submit(tx, by, p.ID, r.Version); err != nil {
					return err
				}
				if err := x.in.Reports.Approve(tx, head, p.ID, r.Current); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
