package orgunit

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/dump"
	"chungtay/internal/errs"
)

// timeline is everything the room knows of its units in time.
type timeline struct {
	versions map[string][]Unit // the oldest first
	events   int
	closure  map[closureLine]bool
}

func readTimeline(tx *db.Tx) (timeline, error) {
	l := timeline{versions: map[string][]Unit{}}
	all, err := db.All[Unit](tx, `SELECT `+unitColumns+unitFrom+` ORDER BY u.id, v.from_day`)
	if err != nil {
		return l, err
	}
	for _, u := range all {
		l.versions[u.ID] = append(l.versions[u.ID], u)
	}
	if l.events, err = db.One[int](tx, `SELECT COUNT(*) FROM orgunit_event`); err != nil {
		return l, err
	}
	l.closure, err = closureOf(tx)
	return l, err
}

// on is the superior of every unit that lives on a day.
func (l timeline) on(day civil.Date) map[string]string {
	out := map[string]string{}
	for id, vs := range l.versions {
		for _, v := range vs {
			if v.On(day) {
				out[id] = v.Superior
			}
		}
	}
	return out
}

// faults names what must never be.
func (l timeline) faults(days []civil.Date) (out []string) {
	for _, vs := range l.versions {
		first, last := vs[0], vs[len(vs)-1]
		if first.From != first.Born || last.To != last.Gone {
			out = append(out, fmt.Sprintf("%s lives from %s to %s but its versions run from %s to %s", first.Name, first.Born, first.Gone, first.From, last.To))
		}
		for i, v := range vs {
			if !v.To.IsZero() && v.To.Before(v.From) {
				out = append(out, fmt.Sprintf("a version of %s ends %s before it begins %s", v.Name, v.To, v.From))
			}
			if i > 0 && vs[i-1].To != v.From.AddDays(-1) {
				out = append(out, fmt.Sprintf("between versions of %s: one to %s, the next from %s", v.Name, vs[i-1].To, v.From))
			}
		}
	}
	for _, day := range days {
		sup := l.on(day)
		sum := 0
		sizes := map[string]int{}
		for id := range sup {
			steps := 0
			for at := id; at != ""; at = sup[at] {
				if _, there := sup[at]; !there {
					out = append(out, fmt.Sprintf("on %s a unit stands under %s, which is not there", day, at))
					break
				}
				sizes[at]++
				if steps++; steps > maxDeep {
					out = append(out, fmt.Sprintf("on %s the way up from %s has no end", day, id))
					break
				}
			}
		}
		for id, s := range sup {
			if s == "" {
				sum += sizes[id]
			}
			below := 1
			for other, o := range sup {
				if o == id {
					below += sizes[other]
				}
			}
			if below != sizes[id] {
				out = append(out, fmt.Sprintf("on %s %s has %d units, its parts have %d", day, id, sizes[id], below))
			}
		}
		if sum != len(sup) {
			out = append(out, fmt.Sprintf("on %s the roots add up to %d of %d units", day, sum, len(sup)))
		}
	}
	return out
}

// Whatever people write down in whatever order, no unit has two versions at one time, every figure of a day adds up from the bottom to
// the top, and the present tree is what it would be if it were made anew. What is refused leaves nothing behind.
func TestTheTimeLineHolds(t *testing.T) {
	clock := dbtest.NewClock(now)
	rooms := rooms
	for name, open := range map[string]func(testing.TB, []db.Migrations, db.Options) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			d := open(t, rooms, db.Options{Clock: clock.Now})
			c := &Units{}
			refused := map[string]int{}
			runs := 0
			rapid.Check(t, func(rt *rapid.T) {
				if runs++; name == "postgres" && runs > 25 { // the same SQL, three times slower
					return
				}
				base := civil.MustParse("2024-01-01")
				// Days around today, so that some changes are written down before their day.
				day := func(label string) civil.Date {
					return base.AddDays(rapid.IntRange(0, 44).Draw(rt, label) * 30)
				}
				var units []string
				dbtest.Write(t, d, func(tx *db.Tx) error {
					for _, table := range []string{"orgunit_word", "orgunit_closure", "orgunit_event_part", "orgunit_event", "orgunit_version", "orgunit"} {
						if _, err := tx.Exec(`DELETE FROM ` + table); err != nil {
							return err
						}
					}
					units = nil
					top, err := c.Establish(tx, system, Unit{Name: "Chính phủ", Kind: Government, Level: Central}, base, "")
					units = append(units, top.ID)
					return err
				})
				pick := func(label string) string { return rapid.SampledFrom(units).Draw(rt, label) }
				levels := []Level{Province, Province, District, Commune}
				var days []civil.Date
				for i := range rapid.IntRange(4, 24).Draw(rt, "deeds") {
					on := day("on")
					days = append(days, on, on.AddDays(-1))
					var made Unit
					deed := rapid.SampledFrom([]string{"establish", "establish", "establish", "move", "move", "rename", "merge", "split", "abolish", "withdraw"}).Draw(rt, "deed")
					if i < 3 {
						deed, on = "establish", base
					}
					a, b, x := pick("a"), pick("b"), pick("x")
					level := rapid.SampledFrom(levels).Draw(rt, "level")
					internal := rapid.Bool().Draw(rt, "internal")
					var before timeline
					dbtest.Read(t, d, func(tx *db.Tx) (err error) { before, err = readTimeline(tx); return err })
					err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
						switch deed {
						case "establish":
							made, err = c.Establish(tx, system, Unit{Name: fmt.Sprintf("Đơn vị %d", len(units)), Kind: OtherKind, Level: level, Internal: internal, Superior: a}, on, "")
						case "move", "rename":
							u, err := lastVersion(tx, a)
							if err != nil {
								return err
							}
							if deed == "move" {
								u.Superior = b
							} else {
								u.Name += "'"
							}
							_, err = c.Change(tx, system, u, on, "")
							return err
						case "merge":
							err = c.Merge(tx, system, Merger{From: []Part{{Unit: a, Extent: Main}, {Unit: x}}, Into: b, On: on})
							if errs.Is(err, errs.Invalid) {
								err = c.Merge(tx, system, Merger{From: []Part{{Unit: a}}, Into: b, On: on})
							}
						case "split":
							err = c.Split(tx, system, Splitting{From: a, Into: []Part{{Unit: b, Extent: Main}, {Unit: x}}, On: on})
						case "abolish":
							err = c.Abolish(tx, system, Ending{Unit: a, On: on})
						case "withdraw":
							e, ok, err := db.Find[string](tx, `SELECT id FROM orgunit_event WHERE kind IN ('merge', 'split', 'abolish') AND withdrawn = '' ORDER BY seq DESC LIMIT 1`)
							if err != nil || !ok {
								return err
							}
							return c.Withdraw(tx, system, e, "ghi nhầm")
						}
						return err
					})
					if k := errs.Of(err); err != nil && k != errs.Invalid && k != errs.Conflict {
						rt.Fatalf("%s: %v", deed, err)
					}
					if err == nil && made.ID != "" {
						units = append(units, made.ID)
					}
					var after timeline
					changed := 0
					err2 := d.Write(t.Context(), func(tx *db.Tx) (err error) {
						if after, err = readTimeline(tx); err != nil {
							return err
						}
						changed, err = RefreshClosure(tx)
						return err
					})
					if err2 != nil {
						rt.Fatal(err2)
					}
					if changed != 0 {
						rt.Fatalf("after %s (%v) the present tree differs in %d lines from one made anew", deed, err, changed)
					}
					if err == nil && (deed == "merge" || deed == "split" || deed == "abolish") {
						if vs := after.versions[a]; vs[len(vs)-1].To != on.AddDays(-1) {
							rt.Fatalf("%s on %s, and the unit lives until %s", deed, on, vs[len(vs)-1].To)
						}
					}
					if err != nil {
						refused[deed]++
						if !cmp.Equal(before.versions, after.versions) || before.events != after.events {
							rt.Fatalf("refused %s left something behind", deed)
						}
					}
					if f := after.faults(days); len(f) > 0 {
						rt.Fatalf("after %s on %s: %s", deed, on, f[0])
					}
				}
			})
			t.Log("refused:", refused)
		})
	}
}

// A merger, withdrawn, leaves units, tree and superiors as they were.
func TestAWithdrawnMergerLeavesNothing(t *testing.T) {
	eachLand(t, "2021-06-01", []string{"14"}, func(l *land) {
		a, b := l.find("Ủy ban nhân dân huyện Mai Sơn"), l.find("Ủy ban nhân dân huyện Mường La")
		var before, during, after timeline
		read := func(into *timeline) {
			dbtest.Read(l, l.DB, func(tx *db.Tx) (err error) { *into, err = readTimeline(tx); return err })
		}
		read(&before)
		on := civil.MustParse("2025-03-01")
		if err := l.try(func(tx *db.Tx) error {
			return l.Merge(tx, system, Merger{From: []Part{{Unit: a.ID}}, Into: b.ID, On: on, Basis: "NQ 1"})
		}); err != nil {
			t.Fatal(err)
		}
		read(&during)
		// 25 units went along: 22 communes and three bodies of the district.
		moved := 0
		for id, vs := range during.versions {
			if len(vs) == 2 && len(before.versions[id]) == 1 && vs[0].Superior == a.ID && vs[1].Superior == b.ID {
				moved++
			}
		}
		if moved != 25 {
			t.Error("moved:", moved)
		}
		var event string
		dbtest.Read(l, l.DB, func(tx *db.Tx) error {
			es, parts, err := history(tx, a.ID)
			if err != nil || es[0].Kind != Merged || es[0].Basis != "NQ 1" || len(parts[es[0].ID]) != 1 {
				l.Error(es, parts, err)
			}
			event = es[0].ID
			return nil
		})
		l.wantRefused(l.try(func(tx *db.Tx) error { return l.Withdraw(tx, system, event, " ") }), errs.Invalid, "orgunit.need_reason")
		if err := l.try(func(tx *db.Tx) error { return l.Withdraw(tx, system, event, "ghi nhầm ngày") }); err != nil {
			t.Fatal(err)
		}
		l.wantRefused(l.try(func(tx *db.Tx) error { return l.Withdraw(tx, system, event, "x") }), errs.Conflict, "orgunit.withdrawn_already")
		read(&after)
		for _, vs := range before.versions {
			for i := range vs {
				vs[i].Version = 0
			}
		}
		for _, vs := range after.versions {
			for i := range vs {
				vs[i].Version = 0
			}
		}
		if d := cmp.Diff(before.versions, after.versions); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(before.closure, after.closure, cmp.AllowUnexported(closureLine{})); d != "" {
			t.Error(d)
		}
		dbtest.Read(l, l.DB, func(tx *db.Tx) error {
			if s, err := Successors(tx, a.ID); err != nil || len(s) != 0 {
				l.Error("a withdrawn merger has successors:", s, err)
			}
			return nil
		})
		// What was built on is not withdrawn.
		if err := l.try(func(tx *db.Tx) error {
			if err := l.Merge(tx, system, Merger{From: []Part{{Unit: a.ID}}, Into: b.ID, On: on}); err != nil {
				return err
			}
			es, _, err := history(tx, a.ID)
			if err != nil {
				return err
			}
			event = es[0].ID
			if _, err := l.Takeover(tx, system, a.ID, b.ID); err != nil {
				return err
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		l.wantRefused(l.try(func(tx *db.Tx) error { return l.Withdraw(tx, system, event, "x") }), errs.Conflict, "orgunit.built_on")
	})
}

// Units, versions and what happened to them are the same after a journey into another database.
func TestHistoryTravels(t *testing.T) {
	eachLand(t, "2021-06-01", []string{"14"}, func(l *land) {
		a, b, p := l.find("Ủy ban nhân dân xã Chiềng Mung"), l.find("Ủy ban nhân dân xã Cò Nòi"), l.find("Phòng Phòng, chống tệ nạn xã hội")
		if err := l.try(func(tx *db.Tx) error {
			if err := l.Merge(tx, system, Merger{From: []Part{{Unit: a.ID, Extent: Main}}, Into: b.ID, On: civil.MustParse("2025-01-01"), Basis: "NQ 2"}); err != nil {
				return err
			}
			p.Name = "Phòng Phòng, chống tệ nạn xã hội và Trẻ em"
			_, err := l.Change(tx, system, p, civil.MustParse("2023-05-01"), "QĐ 9")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if _, err := dump.Write(t.Context(), l.DB, &file, dump.Options{}); err != nil {
			t.Fatal(err)
		}
		other := dbtest.SQLite(t, nil, db.Options{Clock: l.clock.Now})
		if _, err := dump.Load(t.Context(), other, &file, rooms, dump.Options{}); err != nil {
			t.Fatal(err)
		}
		type told struct {
			Line   timeline
			Events []Event
			Parts  map[string][]EventPart
			Heirs  []Unit
			Names  []string
		}
		tell := func(d *db.DB) (out told) {
			dbtest.Read(t, d, func(tx *db.Tx) (err error) {
				if out.Line, err = readTimeline(tx); err != nil {
					return err
				}
				for _, id := range []string{a.ID, b.ID, p.ID} {
					es, ps, err := history(tx, id)
					if err != nil {
						return err
					}
					out.Events = append(out.Events, es...)
					out.Parts = ps
					for _, day := range []string{"2020-01-01", "2023-04-30", "2023-05-01", "2024-12-31", "2025-01-01", "2030-01-01"} {
						u, err := At(tx, id, civil.MustParse(day))
						if err != nil {
							return err
						}
						out.Names = append(out.Names, u.Name)
					}
				}
				out.Heirs, err = Inheritors(tx, a.ID)
				return err
			})
			return out
		}
		here, there := tell(l.DB), tell(other)
		if d := cmp.Diff(here, there, cmp.AllowUnexported(timeline{}, closureLine{})); d != "" {
			t.Error(d)
		}
		if len(here.Heirs) != 1 || here.Heirs[0].ID != b.ID || !slices.Contains(here.Names, "Phòng Phòng, chống tệ nạn xã hội và Trẻ em") {
			t.Error(here.Heirs, here.Names)
		}
	})
}

// A change written down before its day counts from that day on, also in the present tree.
func TestAChangeBeforeItsDay(t *testing.T) {
	eachLand(t, "2021-06-01", []string{"14"}, func(l *land) {
		u, to := l.find("Ủy ban nhân dân xã Cò Nòi"), l.find("Ủy ban nhân dân huyện Mường La")
		from := l.find("Ủy ban nhân dân huyện Mai Sơn")
		if err := l.try(func(tx *db.Tx) error {
			u.Superior = to.ID
			_, err := l.Change(tx, system, u, civil.MustParse("2027-01-01"), "")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		// A circle that would only close on a later day is refused today.
		l.wantRefused(l.try(func(tx *db.Tx) error {
			x, err := lastVersion(tx, to.ID)
			if err != nil {
				return err
			}
			x.Level, x.Superior = Commune, u.ID
			_, err = l.Change(tx, system, x, civil.MustParse("2026-12-01"), "")
			return err
		}), errs.Invalid, "orgunit.cycle")
		stands := func(want string) {
			l.Helper()
			dbtest.Read(l, l.DB, func(tx *db.Tx) error {
				above, err := Above(tx, u.ID)
				if err != nil || above[0] != want {
					l.Error(above, err)
				}
				return nil
			})
		}
		stands(from.ID)
		l.clock.Set(civil.MustParse("2027-01-01").Start())
		stands(from.ID)
		dbtest.Write(l, l.DB, func(tx *db.Tx) error {
			n, err := RefreshClosure(tx)
			if n != 2 {
				l.Error("lines changed:", n)
			}
			return err
		})
		stands(to.ID)
	})
}

// A unit that is still to come, and is given another superior before it is there, stands in the present tree under the new one.
func TestAUnitToComeIsMoved(t *testing.T) {
	eachLand(t, "2021-06-01", []string{"14"}, func(l *land) {
		a, b := l.find("Ủy ban nhân dân huyện Mai Sơn"), l.find("Ủy ban nhân dân huyện Mường La")
		on := civil.MustParse("2027-01-01")
		dbtest.Write(l, l.DB, func(tx *db.Tx) error {
			u, err := l.Establish(tx, system, Unit{Name: "Trung tâm mới", Kind: OtherKind, Level: District, Superior: a.ID}, on, "")
			if err != nil {
				return err
			}
			u.Superior = b.ID
			if _, err = l.Change(tx, system, u, on, ""); err != nil {
				return err
			}
			if n, err := RefreshClosure(tx); err != nil || n != 0 {
				l.Error("the tree differs from one made anew:", n, err)
			}
			return nil
		})
	})
}
