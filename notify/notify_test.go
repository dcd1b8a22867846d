package notify

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/policy"
)

var start = time.Date(2026, 7, 1, 1, 0, 0, 0, time.UTC)

func each(t *testing.T, f func(t *testing.T, d *db.DB, clock *dbtest.Clock)) {
	clock := dbtest.NewClock(start)
	dbtest.EachWith(t, []db.Migrations{Migrations()}, db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		clock.Set(start)
		f(t, d, clock)
	})
}

func actor(person string, grants ...policy.Grant) policy.Actor {
	return policy.Actor{Person: person, Name: person, Grants: grants}
}

func at(unit string, perms ...policy.Permission) policy.Grant {
	return policy.Grant{Role: "role", Unit: unit, Permissions: perms}
}

var (
	an   = actor("an", at("xa", "task.read", "paper.read"), at("huyen", "paper.read"))
	binh = actor("binh", at("xa", "paper.read"))
)

func toUnit(unit string, needs policy.Permission, word string) Notice {
	return Notice{Unit: unit, Needs: needs, Kind: "task.assigned", Key: word, Path: "/tasks/1"}
}

func words(t *testing.T, d *db.DB, a policy.Actor, unread bool) []string {
	t.Helper()
	var out []string
	dbtest.Read(t, d, func(tx *db.Tx) error {
		p, err := Inbox(tx, a, unread, "", 100)
		for _, r := range p.List {
			out = append(out, r.Text.Key)
		}
		n, err2 := Unread(tx, a)
		if unread && n != len(p.List) {
			t.Errorf("the badge says %d, the list holds %d", n, len(p.List))
		}
		if err2 != nil {
			return err2
		}
		return err
	})
	return out
}

func send(t *testing.T, d *db.DB, list ...Notice) {
	t.Helper()
	dbtest.Write(t, d, func(tx *db.Tx) error { return SendMany(tx, list) })
}

func TestWhoReceives(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		for _, n := range []Notice{toUnit("xa", "task.read", "1"), toUnit("xa", "paper.read", "2"), toUnit("huyen", "paper.read", "3"),
			toUnit("huyen", "task.read", "4"), toUnit("tinh", "paper.read", "5"), {Person: "an", Kind: "k.x", Key: "6", Path: "/me"}, {Person: "binh", Kind: "k.x", Key: "7", Path: "/me"}} {
			send(t, d, n)
			clock.Add(time.Second)
		}
		for _, c := range []struct {
			who  policy.Actor
			want []string
		}{
			{an, []string{"6", "3", "2", "1"}}, // task.read is held in the commune only
			{binh, []string{"7", "2"}},
			{actor("an"), []string{"6"}}, // the roles have ended
			{actor("moi", at("xa", "task.read")), []string{"1"}},
			{actor("xa", at("an", "task.read")), nil}, // an identifier of a unit is not one of a person
			{policy.Actor{}, nil},
		} {
			if diff := cmp.Diff(c.want, words(t, d, c.who, false)); diff != "" {
				t.Errorf("%s: %s", c.who.Person, diff)
			}
			if diff := cmp.Diff(c.want, words(t, d, c.who, true)); diff != "" {
				t.Errorf("%s unread: %s", c.who.Person, diff)
			}
		}
	})
}

func TestReadingIsEachOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		for i := range 5 {
			send(t, d, toUnit("xa", "paper.read", fmt.Sprint(i)))
			clock.Add(time.Second)
		}
		var id string
		dbtest.Read(t, d, func(tx *db.Tx) error { p, err := Inbox(tx, an, false, "", 1); id = p.List[0].ID; return err })
		open := func(a policy.Actor) (path string, err error) {
			err = d.Write(context.Background(), func(tx *db.Tx) (err error) { path, err = Open(tx, a, id); return err })
			return path, err
		}
		for range 2 { // opening twice is no mistake
			if path, err := open(an); err != nil || path != "/tasks/1" {
				t.Error(path, err)
			}
		}
		if _, err := open(actor("la", at("tinh", "paper.read"))); !errs.Is(err, errs.NotFound) {
			t.Error("a notice of another unit opens:", err)
		}
		if got := words(t, d, an, true); len(got) != 4 {
			t.Errorf("unread %v", got)
		}
		if got := words(t, d, binh, true); len(got) != 5 {
			t.Errorf("somebody else's reading counts: %v", got)
		}
		dbtest.Write(t, d, func(tx *db.Tx) error { return ReadAll(tx, an) })
		if got := words(t, d, an, true); len(got) != 0 || len(words(t, d, an, false)) != 5 || len(words(t, d, binh, true)) != 5 {
			t.Errorf("after reading all: %v", got)
		}
		clock.Add(2 * time.Hour)
		send(t, d, toUnit("xa", "paper.read", "new"))
		clock.Add(time.Second)
		dbtest.Write(t, d, func(tx *db.Tx) error { return ReadAll(tx, an) })
		dbtest.Read(t, d, func(tx *db.Tx) error {
			n, err := db.One[int](tx, `SELECT COUNT(*) FROM notify_read WHERE person_id = $1`, "an")
			if n != 1 {
				t.Errorf("%d marks are kept; those below the line are not needed", n)
			}
			return err
		})
		if got := words(t, d, an, true); len(got) != 0 {
			t.Errorf("unread again: %v", got)
		}
	})
}

func TestWhatCameBeforeATimeIsRead(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		send(t, d, toUnit("xa", "paper.read", "before"))
		clock.Add(time.Hour)
		at := clock.Now()
		send(t, d, toUnit("xa", "paper.read", "after"))
		for _, at := range []time.Time{at, at.Add(-time.Minute)} { // an earlier time takes nothing back
			dbtest.Write(t, d, func(tx *db.Tx) error { return ReadBefore(tx, an.Person, at) })
			if got := words(t, d, an, true); len(got) != 1 || got[0] != "after" || len(words(t, d, binh, true)) != 2 {
				t.Errorf("unread %v", got)
			}
		}
	})
}

func TestOldOnesCountAsReadAndAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		send(t, d, toUnit("xa", "paper.read", "old"))
		clock.Add(unreadTime + time.Hour)
		send(t, d, toUnit("xa", "paper.read", "new"))
		if diff := cmp.Diff([]string{"new"}, words(t, d, an, true)); diff != "" {
			t.Error(diff)
		}
		clock.Add(keepTime - unreadTime)
		dbtest.Write(t, d, Prune)
		if diff := cmp.Diff([]string{"new"}, words(t, d, an, false)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPagesGoThroughEverythingOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		for i := range 11 {
			send(t, d, toUnit("xa", "paper.read", fmt.Sprint(i)), toUnit("xa", "task.read", fmt.Sprint(i, "b"))) // two in one instant
			clock.Add(time.Millisecond)
		}
		seen := map[string]bool{}
		dbtest.Read(t, d, func(tx *db.Tx) error {
			before := ""
			for {
				p, err := Inbox(tx, an, false, before, 5)
				if err != nil {
					return err
				}
				for _, r := range p.List {
					if seen[r.ID] {
						t.Error("twice:", r.ID)
					}
					seen[r.ID] = true
				}
				if before = p.Older; before == "" {
					break
				}
			}
			return nil
		})
		if len(seen) != 22 {
			t.Errorf("paged through %d of 22", len(seen))
		}
	})
}

func TestArgumentsKeepTheirTypes(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		want := []any{"Kế hoạch", int64(38450), civil.MustParse("2021-08-03"), start}
		send(t, d, Notice{Person: "an", Kind: "k.x", Key: "a", Path: "/", Args: []any{"Kế hoạch", 38450, civil.MustParse("2021-08-03"), start}})
		dbtest.Read(t, d, func(tx *db.Tx) error {
			p, err := Inbox(tx, an, false, "", 1)
			if diff := cmp.Diff(want, p.List[0].Text.Args); diff != "" {
				t.Error(diff)
			}
			return err
		})
	})
}

func TestRefusesWhatCannotBeTold(t *testing.T) {
	good := toUnit("xa", "task.read", "w")
	if _, err := good.row(start); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Notice){
		"nobody": func(n *Notice) { n.Unit = "" }, "both": func(n *Notice) { n.Person = "an" }, "everybody": func(n *Notice) { n.Needs = policy.SignedIn },
		"no permission": func(n *Notice) { n.Needs = "" }, "no words": func(n *Notice) { n.Key = "" }, "elsewhere": func(n *Notice) { n.Path = "//example.com" },
		"scheme": func(n *Notice) { n.Path = "https://example.com" }, "a struct": func(n *Notice) { n.Args = []any{good} },
	} {
		n := good
		change(&n)
		if _, err := n.row(start); err == nil {
			t.Errorf("%s is told", name)
		}
	}
}

func BenchmarkSendMany(b *testing.B) {
	run := func(b *testing.B, d *db.DB) {
		list := make([]Notice, 11_000)
		for i := range list {
			list[i] = Notice{Unit: fmt.Sprint("u", i), Needs: "directive.read", Kind: "directive.issued", Key: "directive.notice.issued", Args: []any{"739/QĐ-TTg", civil.MustParse("2026-07-30")}, Path: "/directives/1"}
		}
		for b.Loop() {
			dbtest.Write(b, d, func(tx *db.Tx) error { return SendMany(tx, list) })
		}
	}
	b.Run("sqlite", func(b *testing.B) { run(b, dbtest.SQLite(b, []db.Migrations{Migrations()}, db.Options{})) })
	b.Run("postgres", func(b *testing.B) { run(b, dbtest.Postgres(b, []db.Migrations{Migrations()}, db.Options{})) })
}

// The badge is asked at every page: it must not grow with the history of a unit.
func BenchmarkUnread(b *testing.B) {
	run := func(b *testing.B, d *db.DB) {
		list := make([]Notice, 5000)
		for i := range list {
			list[i] = toUnit("xa", "task.read", "w")
		}
		dbtest.Write(b, d, func(tx *db.Tx) error { return SendMany(tx, list) })
		ask := func(b *testing.B) {
			for b.Loop() {
				dbtest.Read(b, d, func(tx *db.Tx) error { _, err := Unread(tx, an); return err })
			}
		}
		b.Run("none read", ask)
		dbtest.Write(b, d, func(tx *db.Tx) error { return ReadAll(tx, an) })
		b.Run("all read in one hour", ask)
	}
	b.Run("sqlite", func(b *testing.B) { run(b, dbtest.SQLite(b, []db.Migrations{Migrations()}, db.Options{})) })
	b.Run("postgres", func(b *testing.B) { run(b, dbtest.Postgres(b, []db.Migrations{Migrations()}, db.Options{})) })
}
