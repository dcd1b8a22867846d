package audit

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"chungtay/internal/civil"
	"golang.org/x/mod/sumdb/tlog"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/policy"
)

var an = policy.Actor{Person: "p-an", Name: "Lường Văn An", Unit: "u-sonla"}

func logs(t *testing.T, d *db.DB, from, n int) {
	t.Helper()
	dbtest.Write(t, d, func(tx *db.Tx) error {
		for i := range n {
			if err := Log(tx, an, Self(), Deed{Action: "directive.issue", Kind: "directive", ID: fmt.Sprint("d", from+i), Change: Change{"state": {"signed", "issued"}}}); err != nil {
				return err
			}
		}
		return nil
	})
}

func sequence(t *testing.T, d *db.DB) int {
	t.Helper()
	n, err := Sequence(context.Background(), d, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func keys(t *testing.T) (sign func(d *db.DB) string, verify func(d *db.DB, old ...string) Report) {
	path := filepath.Join(t.TempDir(), "audit.key")
	s, v, err := SigningKey(path)
	if err != nil {
		t.Fatal(err)
	}
	s2, _, err := SigningKey(path)
	if err != nil || s2.KeyHash() != s.KeyHash() {
		t.Fatal("the key is not kept", err)
	}
	return func(d *db.DB) string {
			h, err := SignHead(context.Background(), d, s)
			if err != nil {
				t.Fatal(err)
			}
			return h
		}, func(d *db.DB, old ...string) Report {
			rep, err := Verify(context.Background(), d, v, old, nil)
			if err != nil {
				t.Fatal(err)
			}
			return rep
		}
}

func whats(r Report) string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.What)
	}
	return strings.Join(out, " ")
}

func TestUntouchedLogVerifies(t *testing.T) {
	dbtest.Each(t, []db.Migrations{Migrations()}, func(t *testing.T, d *db.DB) {
		sign, verify := keys(t)
		logs(t, d, 0, 20)
		if n := sequence(t, d); n != 20 {
			t.Fatal("sequenced", n)
		}
		first := sign(d)
		if sign(d) != first {
			t.Error("a head was signed twice for one size")
		}
		logs(t, d, 20, 13)
		if r := verify(d, first); len(r.Findings) != 0 || r.Size != 20 || r.Waiting != 13 {
			t.Errorf("%+v", r)
		}
		sequence(t, d)
		sign(d)
		if r := verify(d, first); len(r.Findings) != 0 || r.Size != 33 || r.Head.Size != 33 {
			t.Errorf("%+v", r)
		}
	})
}

func TestDatabaseRefusesChanges(t *testing.T) {
	dbtest.Each(t, []db.Migrations{Migrations()}, func(t *testing.T, d *db.DB) {
		sign, _ := keys(t)
		logs(t, d, 0, 3)
		sequence(t, d)
		sign(d)
		for _, table := range []string{"audit_entry", "audit_leaf", "audit_node", "audit_head"} {
			for _, q := range []string{"DELETE FROM " + table, "UPDATE " + table + " SET " + map[string]string{"audit_entry": "action = 'x'", "audit_leaf": "entry_id = 'x'", "audit_node": "idx = 99", "audit_head": "note = 'x'"}[table]} {
				if err := d.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(q); return err }); err == nil || !strings.Contains(err.Error(), "never") {
					t.Errorf("%s: %v", q, err)
				}
			}
		}
	})
}

// disarm drops the triggers, as somebody with the database's own rights could.
func disarm(t *testing.T, d *db.DB) {
	t.Helper()
	for _, table := range []string{"audit_entry", "audit_leaf", "audit_node", "audit_head"} {
		if d.Dialect() == db.Postgres {
			d.Raw().Exec("ALTER TABLE " + table + " DISABLE TRIGGER ALL")
		} else {
			d.Raw().Exec("DROP TRIGGER " + table + "_keep_u")
			d.Raw().Exec("DROP TRIGGER " + table + "_keep_d")
			d.Raw().Exec("PRAGMA foreign_keys = 0")
		}
	}
}

func TestTamperingIsFound(t *testing.T) {
	type attack struct {
		name, want string
		do         []string
	}
	id := func(n int) string { return fmt.Sprintf("(SELECT entry_id FROM audit_leaf WHERE seq = %d)", n) }
	attacks := []attack{
		{"a changed word", "changed", []string{`UPDATE audit_entry SET action = 'directive.read' WHERE id = ` + id(4)}},
		{"a changed name", "changed", []string{`UPDATE audit_entry SET person_name = 'Ai khác' WHERE id = ` + id(0)}},
		{"a changed time", "changed", []string{`UPDATE audit_entry SET at = at - 1 WHERE id = ` + id(9)}},
		{"a deleted entry", "missing", []string{`DELETE FROM audit_entry WHERE id = ` + id(5)}},
		{"an entry deleted with its place", "missing", []string{`DELETE FROM audit_leaf WHERE seq = 5`}},
		{"the last one cut off", "missing", []string{`DELETE FROM audit_leaf WHERE seq = 9`}},
		{"a change with its hash mended", "reordered", []string{}},
		{"two entries swapped", "reordered", []string{}},
		{"one slipped in later", "stranger", []string{`INSERT INTO audit_entry (` + entryColumns + `) SELECT 'slipped', at - 9000000, action, person_id, person_name, unit_id, delegated_by, purpose, record_kind, record_id, change, ref FROM audit_entry WHERE id = ` + id(2)}},
		{"a forged head", "head", []string{`UPDATE audit_head SET note = 'x'`}},
	}
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			dbtest.Each(t, []db.Migrations{Migrations()}, func(t *testing.T, d *db.DB) {
				sign, verify := keys(t)
				logs(t, d, 0, 10)
				sequence(t, d)
				old := sign(d)
				disarm(t, d)
				for _, q := range a.do {
					if _, err := d.Raw().Exec(q); err != nil {
						t.Fatal(q, err)
					}
				}
				if a.name == "a change with its hash mended" {
					mend(t, d, 3, func(e *Entry) { e.Purpose = "khác" })
				}
				if a.name == "two entries swapped" {
					swap(t, d, 2, 6)
				}
				if r := verify(d); !strings.Contains(whats(r), a.want) {
					t.Errorf("found %q, want %q", whats(r), a.want)
				}
				if a.name == "the last one cut off" { // also when the stored heads are cut off with it
					d.Raw().Exec(`DELETE FROM audit_head`)
					if r := verify(d); len(r.Findings) != 0 {
						t.Errorf("without any head nothing can be known: %q", whats(r))
					}
					if r := verify(d, old); !strings.Contains(whats(r), "missing") {
						t.Errorf("an older head kept elsewhere finds %q", whats(r))
					}
				}
			})
		})
	}
}

func mend(t *testing.T, d *db.DB, seq int64, change func(*Entry)) {
	t.Helper()
	dbtest.Write(t, d, func(tx *db.Tx) error {
		for l, err := range eachLeaf(tx) {
			if err != nil {
				return err
			}
			if l.Seq == seq {
				change(&l.Entry)
				hash := recordHash(l.Entry)
				defer func() {
					tx.Exec(`UPDATE audit_entry SET purpose = $1 WHERE id = $2`, l.Entry.Purpose, l.Entry.ID)
					tx.Exec(`UPDATE audit_leaf SET hash = $1 WHERE seq = $2`, hash[:], seq)
				}()
			}
		}
		return nil
	})
}

func swap(t *testing.T, d *db.DB, a, b int64) {
	t.Helper()
	dbtest.Write(t, d, func(tx *db.Tx) error {
		for _, q := range []string{
			fmt.Sprintf(`UPDATE audit_leaf SET seq = -1 WHERE seq = %d`, a),
			fmt.Sprintf(`UPDATE audit_leaf SET seq = %d WHERE seq = %d`, a, b),
			fmt.Sprintf(`UPDATE audit_leaf SET seq = %d WHERE seq = -1`, b)} {
			if _, err := tx.Exec(q); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestSequencersAtSeveralNodes(t *testing.T) {
	dbtest.Each(t, []db.Migrations{Migrations()}, func(t *testing.T, d *db.DB) {
		sign, verify := keys(t)
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i := range 10 {
					logs(t, d, w*100+i*5, 5)
					sequence(t, d)
				}
			})
		}
		wg.Wait()
		sequence(t, d)
		sign(d)
		if r := verify(d); len(r.Findings) != 0 || r.Size != 200 {
			t.Errorf("%+v", r)
		}
	})
}

func TestListFiltersAndPages(t *testing.T) {
	clock := dbtest.NewClock(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))
	dbtest.EachWith(t, []db.Migrations{Migrations()}, db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		logs(t, d, 0, 7)
		dbtest.Write(t, d, func(tx *db.Tx) error {
			return Log(tx, policy.Actor{Person: "p-binh"}, Self(), Deed{Action: "account.sign_in"})
		})
		dbtest.Read(t, d, func(tx *db.Tx) error {
			var got []string
			f := Filter{Person: "p-an", Limit: 3}
			for {
				page, err := List(tx, f)
				if err != nil {
					return err
				}
				for _, e := range page {
					got = append(got, e.RecordID)
				}
				if len(page) < 3 {
					break
				}
				f.Before = page[2].ID
			}
			if len(got) != 7 {
				t.Errorf("paged through %v", got)
			}
			all, err := List(tx, Filter{Action: "account.sign_in"})
			if len(all) != 1 || all[0].Change != "{}" {
				t.Errorf("%+v", all)
			}
			none, _ := List(tx, Filter{From: clock.Now().Add(time.Hour)})
			if len(none) != 0 {
				t.Error("the future has entries")
			}
			return err
		})
	})
}

func TestDiffMasksPeople(t *testing.T) {
	type person struct {
		Name  string     `db:"name" audit:"mask"`
		Born  civil.Date `db:"born" audit:"mask"`
		Unit  string     `db:"unit_id"`
		Paid  int64      `db:"paid"`
		Key   []byte     `db:"key"`
		Notes string     `audit:"-"`
		Inner string
	}
	got := Diff(person{Name: "Lò Thị Đào", Unit: "a", Notes: "x"}, person{Name: "Lò Thị Mai", Born: civil.MustParse("2005-01-02"), Unit: "b", Paid: 3, Key: []byte{1}, Notes: "y", Inner: "z"})
	want := Change{"name": {Mask, Mask}, "born": {"", Mask}, "unit_id": {"a", "b"}, "paid": {"0", "3"}, "key": {"", Mask}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	type officer struct {
		person `audit:"-"`
	}
	type Worker struct {
		Post string `db:"post"`
	}
	type member struct {
		Worker
		Unit string `db:"unit_id"`
	}
	if diff := cmp.Diff(Change{"post": {"", "kế toán"}}, Diff(member{Unit: "a"}, member{Worker{"kế toán"}, "a"})); diff != "" {
		t.Error("embedded:", diff)
	}
	if got := Diff(nil, officer{person{Unit: "b"}}); len(got) != 0 {
		t.Errorf("left out, and yet: %v", got)
	}
	if got := Diff(nil, &person{Unit: "b"}); len(got) != 1 && got["unit_id"] != [2]string{"", "b"} {
		t.Errorf("%v", got)
	}
}

func TestDelegationAndReasonAreNotedByThemselves(t *testing.T) {
	const issue, read policy.Permission = "directive.issue", "directive.read"
	grant := func(unit, from string, p ...policy.Permission) policy.Grant {
		return policy.Grant{Role: "leader", Unit: unit, DelegatedBy: from, Permissions: p}
	}
	an := policy.Actor{Person: "an", Unit: "u1", Grants: []policy.Grant{grant("u1", "", read), grant("u2", "boss", read, issue)}, Openings: []policy.Opening{{Record: "r1", Reason: "cứu người"}}}
	both := policy.Actor{Person: "an", Unit: "u1", Grants: []policy.Grant{grant("u2", "boss", read), grant("u1", "", read), grant("u2", "", read)}}
	higher := policy.Actor{Person: "an", Unit: "u1", Grants: []policy.Grant{grant("u1", "", read), grant("top", "boss", read)}}
	elsewhere := policy.Actor{Person: "an", Unit: "u2", Grants: an.Grants}
	clock := dbtest.NewClock(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))
	dbtest.EachWith(t, []db.Migrations{Migrations()}, db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		dbtest.Write(t, d, func(tx *db.Tx) error { // top is above u2 and u8
			_, err := tx.Exec(`CREATE TABLE orgunit_closure (ancestor_id TEXT, unit_id TEXT)`)
			if err == nil {
				_, err = tx.Exec(`INSERT INTO orgunit_closure (ancestor_id, unit_id) VALUES ('top', 'u2'), ('top', 'u8'), ('u8', 'u8'), ('u1', 'u1'), ('u2', 'u2')`)
			}
			return err
		})
		for _, c := range []struct {
			name                string
			by                  policy.Actor
			right               Right
			deed                Deed
			unit, from, purpose string
		}{
			{"held by delegation alone", an, By(issue), Deed{}, "u2", "boss", ""},
			{"held by delegation alone, whatever the unit", an, By(issue, "u1"), Deed{}, "u2", "boss", ""},
			{"in one's own unit", an, By(read, "u1"), Deed{}, "u1", "", ""},
			{"in the unit one stands in for", an, By(read, "u2"), Deed{}, "u2", "boss", ""},
			{"in one of several units", an, By(read, "u9", "u2"), Deed{}, "u2", "boss", ""},
			{"in both ways in one unit", both, By(read, "u2"), Deed{}, "u2", "", ""},
			{"under the unit one stands in for", higher, By(read, "u8"), Deed{}, "top", "boss", ""},
			{"under no unit of one's own", higher, By(read, "u9"), Deed{}, "u1", "", ""},
			{"in no unit, by the one worked for", elsewhere, By(read), Deed{}, "u2", "boss", ""},
			{"in another unit, by the one worked for", elsewhere, By(read, "u9"), Deed{}, "u2", "boss", ""},
			{"by a permission that follows from another", an, By("task.cancel", "u2"), Deed{}, "u2", "boss", ""},
			{"over oneself", an, Self(), Deed{}, "u1", "", ""},
			{"opened for a reason", an, By(read, "u1"), Deed{ID: "r1"}, "u1", "", "cứu người"},
			{"another reason", an, By(read, "u1"), Deed{ID: "r1", Purpose: "khác"}, "u1", "", "khác"},
			{"another record", an, By(read, "u1"), Deed{ID: "r2"}, "u1", "", ""},
			{"by nobody", policy.Actor{}, By(read, "u1"), Deed{}, "", "", ""},
		} {
			clock.Add(time.Second)
			c.deed.Action = "directive.opened"
			dbtest.Write(t, d, func(tx *db.Tx) error {
				if err := Log(tx, c.by, c.right, c.deed); err != nil {
					return err
				}
				list, err := List(tx, Filter{Limit: 1})
				if e := list[0]; e.UnitID != c.unit || e.DelegatedBy != c.from || e.Purpose != c.purpose {
					t.Errorf("%s: in %q by %q for %q", c.name, e.UnitID, e.DelegatedBy, e.Purpose)
				}
				return err
			})
		}
	})
}

// memoryTree is a whole tree, as the library of the log builds it.
type memoryTree struct {
	size   int64
	hashes []tlog.Hash
}

func (m *memoryTree) add(leaf tlog.Hash) error {
	hs, err := tlog.StoredHashesForRecordHash(m.size, leaf, m)
	if err != nil {
		return err
	}
	m.hashes = append(m.hashes, hs...)
	m.size++
	return nil
}

// ReadHashes makes memoryTree a tlog.HashReader.
func (m *memoryTree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(m.hashes)) {
			return nil, fmt.Errorf("hash %d of %d", x, len(m.hashes))
		}
		out[i] = m.hashes[x]
	}
	return out, nil
}

// The root that Verify computes along the edge is that of the library at every size.
func TestEdgeIsTheTree(t *testing.T) {
	var all memoryTree
	var e edge
	for i := range 600 {
		leaf := tlog.RecordHash(fmt.Append(nil, i))
		if err := all.add(leaf); err != nil {
			t.Fatal(err)
		}
		e.add(leaf)
		if want, err := tlog.TreeHash(all.size, &all); err != nil || e.root() != want || e.size != all.size {
			t.Fatalf("at size %d: %v", all.size, err)
		}
		if len(e.subtrees) > 10 {
			t.Fatalf("%d subtrees are kept at size %d", len(e.subtrees), e.size)
		}
	}
}
