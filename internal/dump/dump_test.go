package dump

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
)

var rooms = []db.Migrations{{Room: "t", FS: fstest.MapFS{"20260101_1_t.sql": {Data: []byte(`
CREATE TABLE parent (id TEXT PRIMARY KEY, name TEXT NOT NULL, of_parent TEXT REFERENCES parent (id), at BIGINT, body BYTEA, share DOUBLE PRECISION);
CREATE TABLE a_child (id BIGINT PRIMARY KEY, parent_id TEXT NOT NULL REFERENCES parent (id), day TEXT);
-- only: sqlite
CREATE TABLE x_fts (t TEXT);
-- only: postgres
CREATE TABLE y_fts (t TEXT);
-- both
`)}}}}

var opts = Options{Skip: func(t string) bool { return strings.HasSuffix(t, "_fts") }}

// everything reads all rows, for comparing.
func everything(t *testing.T, d *db.DB) []string {
	var out []string
	dbtest.Read(t, d, func(tx *db.Tx) error {
		type row struct {
			ID    string  `db:"id"`
			Name  string  `db:"name"`
			Of    string  `db:"of_parent"`
			At    int64   `db:"at"`
			Body  []byte  `db:"body"`
			Share float64 `db:"share"`
		}
		rows, err := db.All[row](tx, `SELECT id, name, COALESCE(of_parent, '') AS of_parent, at, body, share FROM parent ORDER BY id`)
		for _, r := range rows {
			out = append(out, fmt.Sprintf("%+v", r))
		}
		return err
	})
	return out
}

// insert parents first, children later: the child rows need all parents.
func fillAll(t *testing.T, d *db.DB) {
	dbtest.Write(t, d, func(tx *db.Tx) error {
		for i := range 300 {
			var of any
			if i > 0 {
				of = fmt.Sprintf("p%03d", i-1)
			}
			if _, err := tx.Exec(`INSERT INTO parent (id, name, of_parent, at, body, share) VALUES ($1, $2, $3, $4, $5, $6)`, fmt.Sprintf("p%03d", i),
				"Lò Thị \"Đào\"\n\\"+strings.Repeat("ắ", i%7), of, int64(9007199254740993+i), []byte{0, 255, byte(i)}, float64(i)/3); err != nil {
				return err
			}
		}
		for i := range 300 {
			if _, err := tx.Exec(`INSERT INTO a_child (id, parent_id, day) VALUES ($1, $2, $3)`, i, fmt.Sprintf("p%03d", 299-i), nil); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestEveryRowGoesFromEitherDatabaseToEither(t *testing.T) {
	makers := map[string]func(testing.TB, []db.Migrations, db.Options) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres}
	for from, makeFrom := range makers {
		for to, makeTo := range makers {
			t.Run(from+"-"+to, func(t *testing.T) {
				a := makeFrom(t, rooms, db.Options{})
				fillAll(t, a)
				var b bytes.Buffer
				wrote, err := Write(context.Background(), a, &b, opts)
				if err != nil {
					t.Fatal(err)
				}
				c := makeTo(t, rooms, db.Options{})
				rebuilt := false
				o := opts
				o.Rebuild = func(tx *db.Tx) error { rebuilt = true; return nil }
				read, err := Load(context.Background(), c, &b, rooms, o)
				if err != nil {
					t.Fatal(err)
				}
				if !rebuilt {
					t.Error("what a dump does not hold was not rebuilt")
				}
				if d := cmp.Diff(wrote, read); d != "" || wrote.Total() != 600 {
					t.Errorf("counts: %s %v", d, wrote)
				}
				if d := cmp.Diff(everything(t, a), everything(t, c)); d != "" {
					t.Error(d)
				}
				err = c.Write(context.Background(), func(tx *db.Tx) error {
					_, err := tx.Exec(`INSERT INTO a_child (id, parent_id) VALUES (1000, 'nobody')`)
					return err
				})
				if err == nil {
					t.Error("foreign keys are off after the load")
				}
			})
		}
	}
}

func TestADamagedDumpLeavesNothing(t *testing.T) {
	a := dbtest.SQLite(t, rooms, db.Options{})
	fillAll(t, a)
	var whole bytes.Buffer
	if _, err := Write(context.Background(), a, &whole, opts); err != nil {
		t.Fatal(err)
	}
	text := whole.String()
	lines := strings.SplitAfter(text, "\n")
	cases := map[string]string{
		"cut in the middle":   text[:len(text)/2],
		"without its end":     strings.Join(lines[:len(lines)-2], ""),
		"one row missing":     strings.Replace(text, lines[5], "", 1),
		"one letter changed":  strings.Replace(text, "Đào", "Đảo", 1),
		"rows without parent": strings.Replace(text, `"p007"`, `"p9"`, 1),
		"not a dump":          "hello\n",
		"empty":               "",
		"a newer format":      strings.Replace(text, `"chungtay_dump":1`, `"chungtay_dump":9`, 1),
		"unknown migration":   strings.Replace(text, `20260101_1_t.sql`, `20270101_1_t.sql`, 1),
	}
	for name, bad := range cases {
		dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
			if _, err := Load(context.Background(), d, strings.NewReader(bad), rooms, opts); err == nil {
				t.Errorf("%s: accepted", name)
			}
			if n := len(everything(t, d)); n != 0 {
				t.Errorf("%s: %d rows left", name, n)
			}
		})
	}
	if _, err := Load(context.Background(), a, strings.NewReader(text), rooms, opts); !errors.Is(err, ErrNotEmpty) {
		t.Error("a database with data was overwritten:", err)
	}
}

func TestADumpIsOneMoment(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		fillAll(t, d)
		stop := make(chan struct{})
		done := make(chan error, 1)
		go func() { // each transaction adds one parent and one child
			for i := 0; ; i++ {
				select {
				case <-stop:
					done <- nil
					return
				default:
				}
				err := d.Write(context.Background(), func(tx *db.Tx) error {
					if _, err := tx.Exec(`INSERT INTO parent (id, name) VALUES ($1, 'x')`, fmt.Sprintf("q%d", i)); err != nil {
						return err
					}
					_, err := tx.Exec(`INSERT INTO a_child (id, parent_id) VALUES ($1, $2)`, 10_000+i, fmt.Sprintf("q%d", i))
					return err
				})
				if err != nil {
					done <- err
					return
				}
			}
		}()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		for range 5 {
			n, err := Write(ctx, d, &bytes.Buffer{}, opts)
			if err != nil {
				t.Fatal(err)
			}
			if n["parent"] != n["a_child"] {
				t.Errorf("%d parents, %d children: the dump is not one moment", n["parent"], n["a_child"])
			}
		}
		close(stop)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
