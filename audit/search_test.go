package audit

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/ids"
	"chungtay/policy"
)

// book of two: people with these identifiers or names.
type card struct{}

const anID, binhID = "01k0000000000000000000000a", "01k0000000000000000000000b"

func (card) find(words string) []Named {
	var out []Named
	for _, n := range []Named{{ID: anID, Name: "Lường Văn An"}, {ID: binhID, Name: "Lường Thị Bình"}} {
		if strings.Contains(n.Name, words) {
			out = append(out, n)
		}
	}
	return out
}
func (c card) FindPeople(_ *db.Tx, words string, _ int) ([]Named, error) { return c.find(words), nil }
func (c card) FindUnits(_ *db.Tx, words string, _ int) ([]Named, error)  { return c.find(words), nil }
func (c card) PersonNames(_ *db.Tx, ids []string) (map[string]string, error) {
	return map[string]string{anID: "Lường Văn An"}, nil
}
func (c card) UnitNames(_ *db.Tx, ids []string) (map[string]string, error) {
	return map[string]string{anID: "Xã An"}, nil
}

func (c card) UnitsThen(_ *db.Tx, list []Entry) ([]string, error) {
	return make([]string, len(list)), nil
}

func TestQueriesAreUnderstood(t *testing.T) {
	c := &Reader{Names: card{}}
	day := func(s string) time.Time { return civil.MustParse(s).Start() }
	for _, x := range []struct {
		q    query
		want Filter
		bad  string
		of   int // people or units to choose from
	}{
		{query{}, Filter{}, "", 0},
		{query{Person: "An"}, Filter{Person: anID}, "", 0},
		{query{Person: anID}, Filter{Person: anID}, "", 0},
		{query{Person: "Lường"}, Filter{}, "", 2},
		{query{Unit: "Lường"}, Filter{}, "", 2},
		{query{Person: "Ai"}, Filter{}, "audit.no_person", 0},
		{query{Unit: "Đâu"}, Filter{}, "audit.no_unit", 0},
		{query{Record: "https://chungtay.example/tasks/" + binhID + "/edit?x=1"}, Filter{Record: binhID}, "", 0},
		{query{Record: binhID}, Filter{Record: binhID}, "", 0},
		{query{Record: "739/QĐ-TTg"}, Filter{}, "audit.no_record", 0},
		{query{From: "03/8/2026", Until: "2026-08-03"}, Filter{From: day("2026-08-03"), Until: day("2026-08-04")}, "", 0},
		{query{From: "31/2/2026"}, Filter{}, "audit.bad_day", 0},
		{query{From: "hôm qua"}, Filter{}, "audit.bad_day", 0},
		{query{From: "03/8/2026", Until: "02/8/2026"}, Filter{From: day("2026-08-03"), Until: day("2026-08-03")}, "audit.until_before_from", 0},
	} {
		got, err := c.resolve(nil, x.q)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(x.want, got.Filter); d != "" || got.Refusal != x.bad || len(got.People)+len(got.Units) != x.of || got.clear() != (x.bad == "" && x.of == 0) {
			t.Errorf("%+v: %+v %s", x.q, got, d)
		}
	}
}

func TestActionsOfTheLog(t *testing.T) {
	dbtest.Each(t, []db.Migrations{Migrations()}, func(t *testing.T, d *db.DB) {
		list := func() (out []string) {
			dbtest.Read(t, d, func(tx *db.Tx) (err error) { out, err = listActions(tx); return err })
			return out
		}
		if got := list(); len(got) != 0 {
			t.Errorf("an empty log has %q", got)
		}
		dbtest.Write(t, d, func(tx *db.Tx) error {
			for _, a := range []string{"b.c", "a.b", "b.c", "z.z", "a.b"} {
				if err := Log(tx, an, Self(), Deed{Action: a}); err != nil {
					return err
				}
			}
			return nil
		})
		if d := cmp.Diff([]string{"a.b", "b.c", "z.z"}, list()); d != "" {
			t.Error(d)
		}
	})
}

func TestListStaysWithinItsScope(t *testing.T) {
	dbtest.Each(t, []db.Migrations{Migrations()}, func(t *testing.T, d *db.DB) {
		dbtest.Write(t, d, func(tx *db.Tx) error {
			for _, u := range []string{"here", "there"} {
				if err := Log(tx, policy.Actor{Person: "p", Unit: u}, Self(), Deed{Action: "x.y", ID: u}); err != nil {
					return err
				}
			}
			return nil
		})
		scope := policy.ScopeOf(policy.Actor{Person: "q", Grants: []policy.Grant{{Role: "auditor", Unit: "here", Permissions: []policy.Permission{Read}}}}, Read,
			func(string, policy.Permission) (policy.Reach, bool) { return policy.Own, true })
		dbtest.Read(t, d, func(tx *db.Tx) error {
			list, err := List(tx, Filter{Within: &scope})
			if len(list) != 1 || list[0].RecordID != "here" {
				t.Errorf("%+v", list)
			}
			if more, err := moreThan(tx, Filter{Within: &scope}, 1); more || err != nil {
				t.Error("counts what it may not see", err)
			}
			if more, err := moreThan(tx, Filter{}, 1); !more || err != nil {
				t.Error("does not count", err)
			}
			return err
		})
	})
}

// A file holds exactly what its search finds, over several pages and with the names beside the identifiers, and nothing of another search.
func TestFileHoldsWhatTheSearchFinds(t *testing.T) {
	clock := dbtest.NewClock(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))
	dbtest.EachWith(t, []db.Migrations{Migrations()}, db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		dbtest.Write(t, d, func(tx *db.Tx) error {
			for i := range 2300 {
				by := policy.Actor{Person: anID, Name: "Lường Văn An", Unit: "u1"}
				if i%2 == 1 {
					by = policy.Actor{Person: binhID, Name: "Lường Thị Bình", Unit: "u1", Grants: []policy.Grant{{Unit: "u1", DelegatedBy: anID, Permissions: []policy.Permission{"task.work"}}}}
				}
				if err := Log(tx, by, By("task.work", "u1"), Deed{Action: "task.work", Kind: "task", ID: fmt.Sprint("r", i), Purpose: "tiếp nhận", Change: Change{"state": {"open", "done"}}}); err != nil {
					return err
				}
			}
			return nil
		})
		c := &Reader{Names: card{}}
		for _, x := range []struct {
			f    Filter
			rows int
		}{{Filter{}, 2300}, {Filter{Person: binhID}, 1150}, {Filter{Record: "r7"}, 1}, {Filter{Action: "task.drop"}, 0}, {Filter{From: clock.Now().Add(time.Hour)}, 0}} {
			tab, err := c.table(context.Background(), d, x.f)
			if err != nil || len(tab.Rows) != x.rows {
				t.Fatalf("%+v: %d rows, want %d: %v", x.f, len(tab.Rows), x.rows, err)
			}
			seen := map[any]bool{}
			for _, r := range tab.Rows {
				id := r[len(r)-1]
				if len(r) != len(tab.Columns) || seen[id] || x.f.Person != "" && (r[2] != x.f.Person || r[5] != "Lường Văn An") || r[10] != "tiếp nhận" || !strings.Contains(fmt.Sprint(r[11]), "open → done") {
					t.Fatalf("%+v: %v", x.f, r)
				}
				seen[id] = true
			}
		}
	})
}

// A million entries stay usable: every search of the page, also the worst ones (whoever wrote a third of the log, with a deed they never did),
// the minute's sequencing, a file of as many entries as one may take, and the whole tree built and verified.
func BenchmarkMillion(b *testing.B) {
	const million = 1_000_000
	run := func(b *testing.B, d *db.DB) {
		from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		// An identifier begins with its time in milliseconds, five bits a letter (internal/ids); the system itself does a third of all, and never
		// the deeds from 20 on.
		at := fmt.Sprintf("(%d + i * 20000)", from.UnixMilli())
		id := ""
		for shift := 45; shift >= 0; shift -= 5 {
			id += fmt.Sprintf("substr('0123456789abcdefghjkmnpqrstvwxyz', CAST((%s >> %d) & 31 AS INTEGER) + 1, 1) || ", at, shift)
		}
		id += "substr(CAST(10000000000000000 + i AS TEXT), 2)"
		for i := 0; i < million; i += 50_000 {
			dbtest.Write(b, d, func(tx *db.Tx) error {
				_, err := tx.Exec(fmt.Sprintf(`INSERT INTO audit_entry (`+entryColumns+`)
					WITH RECURSIVE n (i) AS (SELECT CAST(%d AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < %d)
					SELECT %s, %s, 'room.deed' || (i %% 60), CASE WHEN i %% 60 < 20 THEN 'system' ELSE 'person' || (i * 7919 %% 20000) END, 'Lường Văn An', 'unit' || (i * 104729 %% 15000),
						'', '', 'task', 'record' || (i / 4), '{"state":["open","done"]}', '' FROM n`, i, i+49_999, id, at))
				return err
			})
		}
		if least := ids.Least(from); !strings.HasPrefix(firstID(b, d), least[:10]) {
			b.Fatal("an identifier is not of its time: ", least)
		}
		if d.Dialect() == db.Postgres {
			d.Raw().Exec("ANALYZE audit_entry")
		}
		if _, err := d.Raw().Exec("INSERT INTO audit_waiting (entry_id) SELECT id FROM audit_entry"); err != nil {
			b.Fatal(err)
		}
		middle := from.Add(million / 2 * 20 * time.Second)
		for _, c := range []struct {
			name string
			f    Filter
		}{
			{"newest", Filter{}}, {"person", Filter{Person: "person77"}}, {"unit", Filter{Unit: "unit77"}}, {"record", Filter{Record: "record1000"}},
			{"action", Filter{Action: "room.deed7"}}, {"day", Filter{From: middle, Until: middle.Add(24 * time.Hour)}},
			{"person and action", Filter{Person: "person77", Action: "room.deed27"}},
			{"busiest person", Filter{Person: "system"}}, {"busiest person and a deed never done", Filter{Person: "system", Action: "room.deed27"}},
			{"busiest person and unit", Filter{Person: "system", Unit: "unit77"}}, {"unit and action", Filter{Unit: "unit77", Action: "room.deed27"}},
			{"action on a day long ago", Filter{Action: "room.deed7", From: from, Until: from.Add(24 * time.Hour)}}, {"person who did nothing", Filter{Person: "nobody"}},
			{"deep page", Filter{Before: ids.Least(from.Add(24 * time.Hour))}},
		} {
			b.Run(c.name, func(b *testing.B) {
				for b.Loop() {
					dbtest.Read(b, d, func(tx *db.Tx) error { _, err := List(tx, c.f); return err })
				}
			})
		}
		b.Run("actions", func(b *testing.B) {
			for b.Loop() {
				dbtest.Read(b, d, func(tx *db.Tx) error { _, err := listActions(tx); return err })
			}
		})
		b.Run("more than fit in a file", func(b *testing.B) {
			for b.Loop() {
				dbtest.Read(b, d, func(tx *db.Tx) error { _, err := moreThan(tx, Filter{}, MostExported); return err })
			}
		})
		b.Run("table of a file", func(b *testing.B) {
			c := &Reader{Names: card{}}
			for b.Loop() {
				if t, err := c.table(context.Background(), d, Filter{}); err != nil || len(t.Rows) < MostExported {
					b.Fatal(len(t.Rows), err)
				}
			}
		})
		b.Run("sequence all", func(b *testing.B) {
			for b.Loop() {
				for n := 1; n > 0; {
					var err error
					if n, err = Sequence(context.Background(), d, 10_000); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
		s, v, err := SigningKey(b.TempDir() + "/audit.key")
		if err != nil {
			b.Fatal(err)
		}
		b.Run("verify", func(b *testing.B) {
			if _, err := SignHead(context.Background(), d, s); err != nil {
				b.Fatal(err)
			}
			// What is alive while it runs must not grow with the log: the memory in use is looked at every hundred thousand entries.
			var first, most uint64
			look := func(done int64) {
				if done%100_000 == 0 {
					var m runtime.MemStats
					runtime.GC()
					runtime.ReadMemStats(&m)
					if most = max(most, m.HeapAlloc); done == 100_000 {
						first = m.HeapAlloc
					}
				}
			}
			for b.Loop() {
				if r, err := Verify(context.Background(), d, v, nil, look); err != nil || len(r.Findings) > 0 || r.Size < million {
					b.Fatal(r, err)
				}
			}
			b.ReportMetric(float64(most)/float64(first), "memory-at-1M/at-100k")
		})
		b.Run("log and sequence one", func(b *testing.B) {
			for b.Loop() {
				dbtest.Write(b, d, func(tx *db.Tx) error { return Log(tx, an, Self(), Deed{Action: "x.y"}) })
				if _, err := Sequence(context.Background(), d, 100); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("sqlite", func(b *testing.B) { run(b, dbtest.SQLite(b, []db.Migrations{Migrations()}, db.Options{})) })
	b.Run("postgres", func(b *testing.B) { run(b, dbtest.Postgres(b, []db.Migrations{Migrations()}, db.Options{})) })
}

func firstID(b *testing.B, d *db.DB) (id string) {
	dbtest.Read(b, d, func(tx *db.Tx) (err error) {
		id, err = db.One[string](tx, `SELECT MIN(id) FROM audit_entry`)
		return err
	})
	return id
}
