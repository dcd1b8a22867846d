package db_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
)

func rooms(files map[string]string) []db.Migrations {
	fs := fstest.MapFS{}
	for n, s := range files {
		fs[n] = &fstest.MapFile{Data: []byte(s)}
	}
	return []db.Migrations{{Room: "try", FS: fs}}
}

var things = rooms(map[string]string{"20260101_1_things.sql": `
CREATE TABLE thing (id TEXT PRIMARY KEY, n BIGINT NOT NULL, at BIGINT, day TEXT, ok BIGINT NOT NULL, body BYTEA, extra TEXT, share DOUBLE PRECISION);
CREATE UNIQUE INDEX thing_n ON thing (n);
-- only: sqlite
CREATE TABLE only_here (x TEXT);
-- only: postgres
CREATE TABLE only_there (x TEXT);
-- both
CREATE TABLE counter (id TEXT PRIMARY KEY, n BIGINT NOT NULL);
INSERT INTO counter (id, n) VALUES ('a', 0);
`})

type kind string

type thing struct {
	ID    kind              `db:"id"`
	N     int               `db:"n"`
	At    time.Time         `db:"at"`
	Day   civil.Date        `db:"day"`
	OK    bool              `db:"ok"`
	Body  []byte            `db:"body"`
	Extra db.JSON[[]string] `db:"extra"`
	Share *float64          `db:"share"`
}

const selectThing = `SELECT id, n, at, day, ok, body, extra, share FROM thing WHERE id = $1`

func insertThing(tx *db.Tx, th thing) error {
	_, err := tx.Exec(`INSERT INTO thing (id, n, at, day, ok, body, extra, share) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		th.ID, th.N, th.At, th.Day, th.OK, th.Body, th.Extra, th.Share)
	return err
}

func TestValuesComeBackAsTheyWentIn(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		share := 58.3
		want := []thing{
			{ID: "Lò Thị Đào", N: 1, At: time.UnixMilli(1_790_000_000_123).UTC(), Day: civil.MustParse("2021-08-03"), OK: true,
				Body: []byte{0, 255, 7}, Extra: db.JSON[[]string]{V: []string{"ẵ", "b"}}, Share: &share},
			{ID: "nothing", N: -9_007_199_254_740_993},
		}
		dbtest.Write(t, d, func(tx *db.Tx) error { return errors.Join(insertThing(tx, want[0]), insertThing(tx, want[1])) })
		dbtest.Read(t, d, func(tx *db.Tx) error {
			for _, w := range want {
				got, err := db.One[thing](tx, selectThing, w.ID)
				if err != nil {
					return err
				}
				if diff := cmp.Diff(w, got); diff != "" {
					t.Error(diff)
				}
			}
			sum, err := db.One[int](tx, `SELECT SUM(n) FROM thing WHERE n > $1`, 0)
			if err != nil || sum != 1 {
				t.Errorf("sum %d %v", sum, err)
			}
			return nil
		})
	})
}

// Many rows go in whatever their number and width, in few statements; rows that are there already are left as the tail says, and not counted.
func TestManyRowsAtOnce(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		rows := make([][]any, 20_001)
		for i := range rows {
			rows[i] = []any{strings.Repeat("x", i%7) + "-" + strconv.Itoa(i), i, true}
		}
		dbtest.Write(t, d, func(tx *db.Tx) error {
			if n, err := tx.InsertMany(`INSERT INTO thing (id, n, ok)`, rows[:10_000], ""); n != 10_000 || err != nil {
				t.Errorf("%d rows, %v", n, err)
			}
			if n, err := tx.InsertMany(`INSERT INTO thing (id, n, ok)`, rows, `ON CONFLICT (n) DO NOTHING`); n != 10_001 || err != nil {
				t.Errorf("%d rows were new, %v", n, err)
			}
			if n, err := tx.InsertMany(`INSERT INTO thing (id, n, ok)`, nil, ""); n != 0 || err != nil {
				t.Errorf("of no rows %d, %v", n, err)
			}
			sum, err := db.One[int](tx, `SELECT SUM(n) FROM thing`)
			if sum != 20_000*20_001/2 {
				t.Errorf("sum %d", sum)
			}
			return err
		})
	})
}

func TestAbsentRowAndWrongShape(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		dbtest.Read(t, d, func(tx *db.Tx) error {
			if _, err := db.One[thing](tx, selectThing, "x"); !errs.Is(err, errs.NotFound) || !db.IsNone(err) {
				t.Errorf("absent row: %v", err)
			}
			if _, ok, err := db.Find[thing](tx, selectThing, "x"); ok || err != nil {
				t.Errorf("find absent: %v %v", ok, err)
			}
			if _, _, err := db.Find[thing](tx, `SELECT id FROM thing`); err == nil || !strings.Contains(err.Error(), "fields") {
				t.Errorf("too few columns: %v", err)
			}
			if _, _, err := db.Find[thing](tx, `SELECT id AS stranger FROM thing`); err == nil || !strings.Contains(err.Error(), "stranger") {
				t.Errorf("unknown column: %v", err)
			}
			return nil
		})
	})
}

func TestFailureLeavesNothing(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		ran := false
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			tx.AfterCommit(func() { ran = true })
			if err := insertThing(tx, thing{ID: "a", N: 1}); err != nil {
				return err
			}
			return errs.New(errs.Invalid, "no")
		})
		if !errs.Is(err, errs.Invalid) || ran {
			t.Errorf("err %v, after-commit ran %v", err, ran)
		}
		dbtest.Read(t, d, func(tx *db.Tx) error {
			if _, ok, _ := db.Find[thing](tx, selectThing, "a"); ok {
				t.Error("the row stayed")
			}
			return nil
		})
		func() {
			defer func() { recover() }()
			d.Write(context.Background(), func(tx *db.Tx) error { insertThing(tx, thing{ID: "p", N: 5}); panic("x") })
		}()
		dbtest.Write(t, d, func(tx *db.Tx) error { // the connection of the panic is free again
			_, ok, err := db.Find[thing](tx, selectThing, "p")
			if ok {
				t.Error("the row of a panic stayed")
			}
			return err
		})
	})
}

func TestReadsCannotWriteAndSeeOneSnapshot(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		err := d.Read(context.Background(), func(tx *db.Tx) error { return insertThing(tx, thing{ID: "a", N: 1}) })
		if err == nil {
			t.Error("a read transaction wrote")
		}
		dbtest.Read(t, d, func(tx *db.Tx) error {
			before, err := db.One[int](tx, `SELECT n FROM counter WHERE id = 'a'`)
			if err != nil {
				return err
			}
			dbtest.Write(t, d, func(tx *db.Tx) error { _, err := tx.Exec(`UPDATE counter SET n = n + 1 WHERE id = 'a'`); return err })
			after, err := db.One[int](tx, `SELECT n FROM counter WHERE id = 'a'`)
			if before != after {
				t.Errorf("the snapshot moved from %d to %d", before, after)
			}
			return err
		})
	})
}

// Serialisable: read, think, write back must not lose an update, nor may two transactions each see the other's absence.
func TestConcurrentWritersLoseNothing(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		const writers, rounds = 10, 5
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for range rounds {
					err := d.Write(context.Background(), func(tx *db.Tx) error {
						n, err := db.One[int](tx, `SELECT n FROM counter WHERE id = 'a'`)
						if err != nil {
							return err
						}
						_, err = tx.Exec(`UPDATE counter SET n = $1 WHERE id = 'a'`, n+1)
						return err
					})
					if err != nil {
						t.Errorf("writer %d: %v", w, err)
					}
				}
			})
		}
		wg.Wait()
		dbtest.Read(t, d, func(tx *db.Tx) error {
			n, err := db.One[int](tx, `SELECT n FROM counter WHERE id = 'a'`)
			if n != writers*rounds {
				t.Errorf("counter %d, want %d", n, writers*rounds)
			}
			return err
		})
		for range 4 {
			wg.Go(func() {
				d.Write(context.Background(), func(tx *db.Tx) error {
					n, err := db.One[int](tx, `SELECT COUNT(*) FROM thing`)
					if err != nil || n > 0 {
						return err
					}
					return insertThing(tx, thing{ID: kind("only " + time.Now().String()), N: int(time.Now().UnixNano())})
				})
			})
		}
		wg.Wait()
		dbtest.Read(t, d, func(tx *db.Tx) error {
			n, err := db.One[int](tx, `SELECT COUNT(*) FROM thing`)
			if n != 1 {
				t.Errorf("%d rows each thought to be the only one", n)
			}
			return err
		})
	})
}

func TestUniqueIsRecognised(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			return errors.Join(insertThing(tx, thing{ID: "a", N: 1}), insertThing(tx, thing{ID: "b", N: 1}))
		})
		if !db.IsUnique(err) {
			t.Errorf("not recognised: %v", err)
		}
	})
}

func TestMigrations(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if again, err := d.Migrate(ctx, things); err != nil || len(again) != 0 {
			t.Errorf("second run applied %v, %v", again, err)
		}
		table := map[db.Dialect]string{db.SQLite: "only_here", db.Postgres: "only_there"}[d.Dialect()]
		dbtest.Read(t, d, func(tx *db.Tx) error { _, err := db.One[int](tx, `SELECT COUNT(*) FROM `+table); return err })
		old, _ := db.Collect(things)
		changed := rooms(map[string]string{"20260101_1_things.sql": old[0].SQL + " "})
		if _, err := d.Migrate(ctx, changed); err == nil || !strings.Contains(err.Error(), "changed after it was applied") {
			t.Errorf("a changed file: %v", err)
		}
		if _, err := d.Migrate(ctx, nil); err == nil || !strings.Contains(err.Error(), "newer one") {
			t.Errorf("an older program: %v", err)
		}
		broken := rooms(map[string]string{"20260101_1_things.sql": old[0].SQL, "20260102_1_broken.sql": "CREATE TABLE half (x TEXT); INSERT INTO nowhere VALUES (1);"})
		if _, err := d.Migrate(ctx, broken); err == nil {
			t.Error("a broken file was taken")
		}
		mended := rooms(map[string]string{"20260101_1_things.sql": old[0].SQL, "20260102_1_broken.sql": "CREATE TABLE half (x TEXT);"})
		if done, err := d.Migrate(ctx, mended); err != nil || len(done) != 1 {
			t.Errorf("mended: %v %v; the broken one must have left nothing", done, err)
		}
		if p, err := d.Pending(ctx, mended); err != nil || len(p) != 0 {
			t.Errorf("pending %v %v", p, err)
		}
	})
}

func TestSeveralNodesMigrateAtOnce(t *testing.T) {
	dsn := dbtest.PostgresURL(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			d, err := db.Open(context.Background(), dsn, db.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			defer d.Close()
			if _, err := d.Migrate(context.Background(), things); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestWhere(t *testing.T) {
	var w db.Where
	w.And("a = ?", 1)
	w.And("b IN (?, ?) OR c > ?", 2, 3, 4)
	limit := w.Arg(50)
	if got := w.SQL() + " LIMIT " + limit; got != " WHERE (a = $1) AND (b IN ($2, $3) OR c > $4) LIMIT $5" {
		t.Error(got)
	}
	if db.In(3, 2) != "($3, $4)" || db.In(1, 0) != "(NULL)" {
		t.Error("In")
	}
}

func TestOpenNamesWhatIsWrong(t *testing.T) {
	_, err := db.Open(context.Background(), "mysql://x", db.Options{})
	if err == nil || !strings.Contains(err.Error(), "sqlite:") {
		t.Error(err)
	}
	_, err = db.Open(context.Background(), "postgres://u:secret@127.0.0.1:1/x?connect_timeout=1", db.Options{})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

// A statement that was beaten by another transaction lets the whole transaction be tried again, even when its error was swallowed and
// only the next statement's came back.
func TestABeatenTransactionIsTriedAgain(t *testing.T) {
	d := dbtest.Postgres(t, things, db.Options{}) // SQLite writes one after the other
	tries := 0
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		tries++
		if _, err := db.One[int](tx, `SELECT n FROM counter WHERE id = 'a'`); err != nil {
			return err
		}
		if tries == 1 {
			dbtest.Write(t, d, func(other *db.Tx) error { return other.Must1(`UPDATE counter SET n = n + 1 WHERE id = 'a'`) })
		}
		tx.Exec(`UPDATE counter SET n = n + 10 WHERE id = 'a'`) // fails the first time, and nobody looks
		_, err := db.One[int](tx, `SELECT n FROM counter WHERE id = 'a'`)
		return err
	})
	if err != nil || tries != 2 {
		t.Fatal(tries, err)
	}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		if n, err := db.One[int](tx, `SELECT n FROM counter WHERE id = 'a'`); err != nil || n != 11 {
			t.Error(n, err)
		}
		return nil
	})
}

// Writers that all want the same row run again in turn: however many there are, none is beaten more often than there are writers that had begun
// before the first was beaten.
func TestBeatenWritersGoInTurn(t *testing.T) {
	d := dbtest.Postgres(t, things, db.Options{})
	const writers, rounds = 20, 4
	var runs, all atomic.Int64
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range rounds {
				err := d.Write(context.Background(), func(tx *db.Tx) error {
					runs.Add(1)
					n, err := db.One[int](tx, `SELECT n FROM counter WHERE id = 'a'`)
					if err != nil {
						return err
					}
					return tx.Must1(`UPDATE counter SET n = $1 WHERE id = 'a'`, n+1)
				})
				if err != nil {
					t.Error(err)
					continue
				}
				all.Add(1)
			}
		})
	}
	wg.Wait()
	dbtest.Read(t, d, func(tx *db.Tx) error {
		if n, err := db.One[int](tx, `SELECT n FROM counter WHERE id = 'a'`); err != nil || n != writers*rounds {
			t.Error(n, err)
		}
		return nil
	})
	// Each writer may run once side by side, and each in turn may be beaten by those.
	if n := runs.Load(); n > writers*rounds+2*writers {
		t.Errorf("%d writes took %d runs", all.Load(), n)
	} else {
		t.Logf("%d writes took %d runs", all.Load(), n)
	}
}

// A statement whose failure was swallowed is what the caller hears of, not that the transaction is dead.
func TestTheFirstFailureIsTold(t *testing.T) {
	d := dbtest.Postgres(t, things, db.Options{})
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		tx.Exec(`INSERT INTO counter (id, n) VALUES ('a', 1)`) // there is one, and nobody looks
		_, err := db.One[int](tx, `SELECT n FROM counter WHERE id = 'a'`)
		return err
	})
	if !db.IsUnique(err) {
		t.Errorf("told %v", err)
	}
	err = d.Write(context.Background(), func(tx *db.Tx) error {
		tx.Exec(`INSERT INTO counter (id, n) VALUES ('a', 1)`)
		return nil
	})
	if !db.IsUnique(err) {
		t.Errorf("a transaction that could not be kept: %v", err)
	}
}

// What was read once is remembered until something writes to where it came from, and no longer than the transaction.
func TestMemo(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		looks := 0
		read := func(tx *db.Tx) int {
			n, err := db.Memo(tx, "counter", "a", func() (int, error) {
				looks++
				return db.One[int](tx, `SELECT n FROM counter WHERE id = 'a'`)
			})
			if err != nil {
				t.Error(err)
			}
			return n
		}
		dbtest.Write(t, d, func(tx *db.Tx) error {
			read(tx)
			if n := read(tx); n != 0 || looks != 1 {
				t.Errorf("read %d with %d looks", n, looks)
			}
			if err := insertThing(tx, thing{ID: "x", N: 1}); err != nil { // elsewhere
				return err
			}
			if read(tx); looks != 1 {
				t.Errorf("%d looks after a write elsewhere", looks)
			}
			if _, err := tx.Exec(`UPDATE counter SET n = 5 WHERE id = 'a'`); err != nil {
				return err
			}
			if n := read(tx); n != 5 || looks != 2 {
				t.Errorf("read %d with %d looks after the write", n, looks)
			}
			if n, err := db.One[int](tx, `UPDATE counter SET n = 6 WHERE id = 'a' RETURNING n`); err != nil || n != 6 {
				t.Error(n, err)
			}
			if n := read(tx); n != 6 || looks != 3 {
				t.Errorf("read %d with %d looks after a write that returns", n, looks)
			}
			_, err := db.Memo(tx, "counter", "absent", func() (int, error) { return 0, errors.New("away") })
			if err == nil {
				t.Error("no error")
			}
			if n, err := db.Memo(tx, "counter", "absent", func() (int, error) { return 7, nil }); n != 7 || err != nil {
				t.Errorf("an error was kept: %d %v", n, err)
			}
			return nil
		})
		dbtest.Read(t, d, func(tx *db.Tx) error {
			if read(tx); looks != 4 {
				t.Errorf("%d looks in the next transaction", looks)
			}
			return nil
		})
	})
}

// A transaction whose commit was not answered is not run a second time: it took place, and the caller is told that nobody knows.
func TestALostAnswerIsNotTriedAgain(t *testing.T) {
	d, lose := dbtest.LoseCommits(t, things, db.Options{})
	doubts := 0
	lose()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		tx.InDoubt(func() { doubts++ })
		tx.AfterCommit(func() { t.Error("it was taken for answered") })
		_, err := tx.Exec(`UPDATE counter SET n = n + 1`)
		return err
	})
	if errs.Of(err) != errs.Unavailable || doubts != 1 {
		t.Errorf("%v, %d doubts", err, doubts)
	}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		n, err := db.One[int](tx, `SELECT n FROM counter`)
		if n != 1 {
			t.Errorf("it was run %d times", n)
		}
		return err
	})
}

// Who waits for others until the time of the request is over hears that the database is away for the moment, and nothing is a fault of the program.
func TestWaitingForTheTurnEnds(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		tries := 0
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			tries++
			if _, err := db.One[int](tx, `SELECT n FROM counter WHERE id = 'a'`); err != nil {
				return err
			}
			if tries == 1 && tx.Dialect == db.Postgres { // beaten once, the second run has the turn
				dbtest.Write(t, d, func(other *db.Tx) error { return other.Must1(`UPDATE counter SET n = n + 1 WHERE id = 'a'`) })
			} else {
				short, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
				defer stop()
				if err := d.Write(short, func(*db.Tx) error { return nil }); errs.Of(err) != errs.Unavailable {
					t.Errorf("told %v", err)
				}
			}
			return tx.Must1(`UPDATE counter SET n = n + 10 WHERE id = 'a'`)
		})
		if err != nil {
			t.Error(err)
		}
	})
}
