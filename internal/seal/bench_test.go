package seal

import (
	"fmt"
	"io"
	"testing"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
)

func BenchmarkField(b *testing.B) {
	rec, err := NewRecord("victim", "v1")
	if err != nil {
		b.Fatal(err)
	}
	c, _ := rec.Seal("name", []byte(secret))
	b.Run("seal", func(b *testing.B) {
		for b.Loop() {
			rec.Seal("name", []byte(secret))
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "fields/s")
	})
	b.Run("unseal", func(b *testing.B) {
		for b.Loop() {
			rec.Unseal("name", c)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "fields/s")
	})
}

// A page that lists 50 records of 6 sealed fields, beside the same rows read without opening them.
func BenchmarkPageOf50(b *testing.B) {
	for name, open := range map[string]func(testing.TB, []db.Migrations, db.Options) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			d := open(b, []db.Migrations{Migrations()}, db.Options{})
			v, err := Open(ctx, d, KeyFile{Path: b.TempDir() + "/k.json"})
			if err != nil {
				b.Fatal(err)
			}
			const n, fields = 50, 6
			ids, sealed := make([]string, n), make([][][]byte, n)
			dbtest.Write(b, d, func(tx *db.Tx) error {
				for i := range n {
					ids[i], sealed[i] = fmt.Sprintf("v%d", i), nil
					for f := range fields {
						c, err := v.Seal(tx, "victim", ids[i], fmt.Sprint(f), []byte(secret))
						if err != nil {
							return err
						}
						sealed[i] = append(sealed[i], c)
					}
				}
				return nil
			})
			for b.Loop() {
				dbtest.Read(b, d, func(tx *db.Tx) error {
					recs, err := v.Records(tx, "victim", ids)
					for i, id := range ids {
						for f, c := range sealed[i] {
							if _, err := recs[id].Unseal(fmt.Sprint(f), c); err != nil {
								return err
							}
						}
					}
					return err
				})
			}
			b.ReportMetric(float64(b.N*n*fields)/b.Elapsed().Seconds(), "fields/s")
		})
	}
}

func BenchmarkStream(b *testing.B) {
	rec, _ := NewRecord("blob", "b")
	s, _ := rec.Stream("content")
	buf := make([]byte, 8<<20)
	b.SetBytes(int64(len(buf)))
	for b.Loop() {
		w, _ := s.Writer(io.Discard)
		w.Write(buf)
		w.Close()
	}
}
