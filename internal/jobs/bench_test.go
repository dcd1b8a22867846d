package jobs

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
)

// BenchmarkJobs measures a job's whole way through the queue (claim, run of an empty function, completion, with all the leases, fences
// and limits) and, beside it in the same run, the least any queue in the database can do: the same workers insert a row and delete a
// row, each in a transaction of its own. "x-floor" is the ratio of the two rates; above 1 the queue's batching beats the floor. The
// databases wait for the disk as an installation does; with-postgres.sh does so when CHUNGTAY_PG_DURABLE=1.
func BenchmarkJobs(b *testing.B) {
	for name, dsn := range map[string]func(b *testing.B) string{
		"sqlite":   func(b *testing.B) string { return "sqlite:" + filepath.Join(b.TempDir(), "q.db") },
		"postgres": func(b *testing.B) string { return dbtest.PostgresURL(b) },
	} {
		b.Run(name, func(b *testing.B) {
			d, err := db.Open(ctx, dsn(b), db.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			if _, err := d.Migrate(ctx, schema()); err != nil {
				b.Fatal(err)
			}
			workers := 4 * runtime.NumCPU()
			dbtest.Write(b, d, func(tx *db.Tx) error {
				for range b.N {
					if _, err := Enqueue(tx, "empty", nil); err != nil {
						return err
					}
				}
				return nil
			})
			var left sync.WaitGroup
			left.Add(b.N)
			r := New(d, []Kind{{Name: "empty", Run: func(context.Context, *Job) error { left.Done(); return nil }}},
				RunnerOptions{Workers: workers, Log: mute})
			run, stop := context.WithCancel(ctx)
			b.ResetTimer()
			var over sync.WaitGroup
			over.Go(func() { r.Run(run) })
			left.Wait()
			stop()
			over.Wait() // all results are saved
			rate := float64(b.N) / b.Elapsed().Seconds()
			b.StopTimer()

			floor := rawRate(b, d, workers, min(b.N, 2000))
			b.ReportMetric(rate, "jobs/s")
			b.ReportMetric(floor, "floor/s")
			b.ReportMetric(rate/floor, "x-floor")
			dbtest.Read(b, d, func(tx *db.Tx) error {
				s, err := Counts(tx)
				if s.States[Done] != b.N {
					b.Errorf("%v done, want %d", s.States, b.N)
				}
				return err
			})
		})
	}
}

// rawRate is rows inserted and deleted a second, two transactions a row.
func rawRate(b *testing.B, d *db.DB, workers, n int) float64 {
	rows := make(chan string, n)
	for i := range n {
		rows <- fmt.Sprint("row", i)
	}
	close(rows)
	began := time.Now()
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for id := range rows {
				for _, q := range []string{`INSERT INTO effect (id, n) VALUES ($1, 1)`, `DELETE FROM effect WHERE id = $1`} {
					if err := d.Claim(ctx, func(tx *db.Tx) error { _, err := tx.Exec(q, id); return err }); err != nil {
						b.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	return float64(n) / time.Since(began).Seconds()
}
