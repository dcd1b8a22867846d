package task_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/jobs"
	"chungtay/internal/seal"
	"chungtay/internal/world"
	"chungtay/notify"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/task"
)

// roles are what app/roles.go gives of this room.
var roles = func() policy.Book {
	work := policy.Addressed | policy.Assigned
	boss := map[policy.Permission]policy.Reach{task.Read: policy.Below | work, task.Assign: policy.Own, task.Work: work, task.Accept: policy.Own}
	return policy.NewBook(policy.Role{Name: "leader", Gives: boss}, policy.Role{Name: "officer", Gives: boss},
		policy.Role{Name: "clerk", Gives: map[policy.Permission]policy.Reach{task.Read: policy.Own | work}})
}()

type bench struct {
	*world.World
	tasks *task.Tasks
	clock *dbtest.Clock
	t     testing.TB
}

var start = time.Date(2026, 7, 1, 2, 0, 0, 0, time.UTC)

func newBench(t testing.TB, d *db.DB, clock *dbtest.Clock) *bench {
	w := world.New(t.(world.TB), d, roles)
	v, err := seal.Open(context.Background(), d, seal.KeyFile{Path: filepath.Join(t.TempDir(), "keys.json")})
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(context.Background(), d, v, blob.Options{URL: "folder:" + t.TempDir(), Max: 10 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	return &bench{w, &task.Tasks{Book: w.Book, Accounts: w.Accounts, Blobs: blobs, BaseURL: "https://x.vn"}, clock, t}
}

func migrations() []db.Migrations {
	return append(world.Migrations(), jobs.Migrations(), seal.Migrations(), blob.Migrations(), notify.Migrations(), task.Migrations())
}

func each(t *testing.T, f func(t *testing.T, b *bench)) {
	clock := dbtest.NewClock(start)
	dbtest.EachWith(t, migrations(), db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		clock.Set(start)
		f(t, newBench(t, d, clock))
	})
}

// do runs a deed in a transaction and returns its error.
func (b *bench) do(f func(tx *db.Tx) error) error {
	b.t.Helper()
	return b.DB.Write(context.Background(), f)
}

func (b *bench) must(f func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.do(f); err != nil {
		b.t.Fatal(err)
	}
}

// give assigns one task from Sở Y tế Thanh Hóa to the social division of a ward.
func (b *bench) give(due deadline.Deadline) string {
	b.t.Helper()
	var out []string
	b.must(func(tx *db.Tx) (err error) {
		out, err = b.tasks.Assign(tx, b.ThanhHoa.Health.Officer, task.New{Issuer: b.ThanhHoa.Health.ID, Text: "Treo băng rôn tại trụ sở", Product: "ảnh", Due: due, Units: []string{b.ThanhHoa.HacThanh.Committee.ID}})
		return err
	})
	return out[0]
}

func (b *bench) file(name string, content []byte) blob.Ref {
	b.t.Helper()
	ref, err := b.tasks.Blobs.Put(context.Background(), bytes.NewReader(content), blob.PutOptions{Name: name})
	if err != nil {
		b.t.Fatal(err)
	}
	return ref
}

func photo() []byte {
	var b bytes.Buffer
	jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30)), nil)
	return b.Bytes()
}

func (b *bench) get(id string, by policy.Actor) (t task.Task) {
	b.t.Helper()
	b.must(func(tx *db.Tx) (err error) { t, err = b.tasks.Get(tx, by, id); return err })
	return t
}

func TestATaskIsDoneWithEvidenceAndAcceptance(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		commune, so := b.ThanhHoa.HacThanh.Committee.Officer, b.ThanhHoa.Health.Officer
		id := b.give(deadline.New(deadline.Before, civil.MustParse("2026-07-30")))
		told := func(key string) {
			t.Helper()
			b.must(func(tx *db.Tx) error {
				p, err := notify.Inbox(tx, commune, false, "", 9)
				if !slices.ContainsFunc(p.List, func(r notify.Received) bool {
					return r.Text.Key == key && len(r.Text.Args) == 3 && r.Text.Args[1] == "Treo băng rôn tại trụ sở" && r.Text.Args[2] == civil.MustParse("2026-07-29")
				}) {
					t.Errorf("told %+v, want %s with the work and its last day", p.List, key)
				}
				return err
			})
		}
		told("task.notice.assigned_by")
		err := b.do(func(tx *db.Tx) error { return b.tasks.Submit(tx, commune, id, 0, "Đã treo 12 băng rôn") })
		if f := errs.FieldsOf(err); len(f) != 1 || f[0].Key != "task.need_evidence" {
			t.Errorf("handed in without evidence: %v", err)
		}
		picture := b.file("Ảnh băng rôn.jpg", photo())
		b.must(func(tx *db.Tx) error { return b.tasks.Attach(tx, commune, id, []blob.Ref{picture}) })
		if s := b.get(id, so).State; s != task.Doing {
			t.Errorf("evidence attached: %s", s)
		}
		if err := b.do(func(tx *db.Tx) error { return b.tasks.Submit(tx, commune, id, 1, "Đã treo") }); !errs.Is(err, errs.Conflict) {
			t.Errorf("handed in on a stale page: %v", err)
		}
		b.must(func(tx *db.Tx) error { return b.tasks.Submit(tx, commune, id, 0, "Đã treo 12 băng rôn") })
		if err := b.do(func(tx *db.Tx) error { return b.tasks.Accept(tx, commune, id, 0, "") }); !errs.Is(err, errs.Forbidden) {
			t.Errorf("accepted by the one who did it: %v", err)
		}
		if f := errs.FieldsOf(b.do(func(tx *db.Tx) error { return b.tasks.Return(tx, so, id, 0, " ") })); len(f) != 1 || f[0].Name != "answer" {
			t.Error("returned without a reason")
		}
		b.must(func(tx *db.Tx) error { return b.tasks.Return(tx, so, id, 0, "Thiếu ảnh ở hai thôn") })
		told("task.notice.returned_by")
		b.must(func(tx *db.Tx) error { return b.tasks.Submit(tx, commune, id, 0, "Đã bổ sung") })
		b.must(func(tx *db.Tx) error { return b.tasks.Accept(tx, so, id, 0, "") })
		if s := b.get(id, so).State; s != task.Done {
			t.Errorf("accepted: %s", s)
		}
		if err := b.do(func(tx *db.Tx) error { return b.tasks.Cancel(tx, so, id, "nhầm") }); !errs.Is(err, errs.Conflict) {
			t.Errorf("a task that is done was cancelled: %v", err)
		}
	})
}

// Every state and every deed: what is not named is a Conflict and changes nothing.
func TestLifeCycle(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		commune, so := b.ThanhHoa.HacThanh.Committee.Officer, b.ThanhHoa.Health.Officer
		deeds := map[string]func(tx *db.Tx, id string) error{
			"start":  func(tx *db.Tx, id string) error { return b.tasks.Start(tx, commune, id) },
			"submit": func(tx *db.Tx, id string) error { return b.tasks.Submit(tx, commune, id, 0, "xong") },
			"return": func(tx *db.Tx, id string) error { return b.tasks.Return(tx, so, id, 0, "thiếu") },
			"accept": func(tx *db.Tx, id string) error { return b.tasks.Accept(tx, so, id, 0, "") },
			"cancel": func(tx *db.Tx, id string) error { return b.tasks.Cancel(tx, so, id, "thôi") },
		}
		paths := map[task.State][]string{task.Open: {}, task.Doing: {"start"}, task.Submitted: {"submit"}, task.Returned: {"submit", "return"}, task.Done: {"submit", "accept"}, task.Cancelled: {"cancel"}}
		leads := map[task.State]map[string]task.State{
			task.Open:      {"start": task.Doing, "submit": task.Submitted, "cancel": task.Cancelled},
			task.Doing:     {"submit": task.Submitted, "cancel": task.Cancelled},
			task.Submitted: {"return": task.Returned, "accept": task.Done, "cancel": task.Cancelled},
			task.Returned:  {"start": task.Doing, "submit": task.Submitted, "cancel": task.Cancelled},
			task.Done:      {}, task.Cancelled: {},
		}
		evidence := b.file("kq.jpg", photo())
		for _, from := range task.States {
			for deed, f := range deeds {
				id := b.give(deadline.Deadline{})
				b.must(func(tx *db.Tx) error { return b.tasks.Attach(tx, commune, id, []blob.Ref{evidence}) })
				if from == task.Open && deed == "start" {
					continue // attaching has begun the work
				}
				for _, step := range paths[from] {
					if step != "start" {
						b.must(func(tx *db.Tx) error { return deeds[step](tx, id) })
					}
				}
				was := b.get(id, so).State
				err := b.do(func(tx *db.Tx) error { return f(tx, id) })
				want, ok := leads[was][deed]
				got := b.get(id, so).State
				if ok && (err != nil || got != want) || !ok && (!errs.Is(err, errs.Conflict) || got != was) {
					t.Errorf("%s, %s: now %s (%v), want %s", was, deed, got, err, want)
				}
			}
		}
	})
}

func TestWhoSeesAndDoesWhat(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		id := b.give(deadline.Deadline{})
		for _, c := range []struct {
			who  string
			by   policy.Actor
			read bool
			work bool
		}{
			{"the unit", b.ThanhHoa.HacThanh.Committee.Officer, true, true},
			{"another commune", b.ThanhHoa.ThoXuan.Committee.Officer, false, false},
			{"the issuer", b.ThanhHoa.Health.Officer, true, false},
			{"the unit above the issuer", b.ThanhHoa.Committee.Leader, true, false},
			{"another province", b.SonLa.Labour.Officer, false, false},
			{"nobody's role", b.Stranger, false, false},
		} {
			_, err := func() (t task.Task, err error) {
				err = b.do(func(tx *db.Tx) error { t, err = b.tasks.Get(tx, c.by, id); return err })
				return t, err
			}()
			if c.read != (err == nil) || !c.read && !errs.Is(err, errs.NotFound) {
				t.Errorf("%s reads: %v", c.who, err)
			}
			err = b.do(func(tx *db.Tx) error { return b.tasks.Start(tx, c.by, id) })
			want := errs.NotFound
			if c.read {
				want = errs.Forbidden
			}
			if c.work && err != nil || !c.work && !errs.Is(err, want) {
				t.Errorf("%s works: %v", c.who, err)
			}
		}
		if err := b.do(func(tx *db.Tx) error {
			_, err := b.tasks.Assign(tx, b.ThanhHoa.ThoXuan.Committee.Officer, task.New{Issuer: b.ThanhHoa.Health.ID, Text: "x", Units: []string{b.ThanhHoa.HacThanh.Committee.ID}})
			return err
		}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("work given in another unit's name: %v", err)
		}
	})
}

// The list, its count, the counts by unit and the single decision agree, for random tasks and every member of the cast.
func TestListCountsAndDecisionsAgree(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		offices := []world.Office{b.ThanhHoa.Committee, b.ThanhHoa.Health, b.ThanhHoa.HacThanh.Committee, b.ThanhHoa.ThoXuan.Committee, b.ThanhHoa.MuongLat.Committee}
		var all []string
		rapid.Check(t, func(rt *rapid.T) {
			if len(all) > 60 {
				return // enough: each round looks at all the tasks before
			}
			n := rapid.IntRange(1, 3).Draw(rt, "tasks")
			for range n {
				from := rapid.SampledFrom(offices[:2]).Draw(rt, "from")
				to := rapid.SampledFrom(offices[1:]).Draw(rt, "to")
				due := deadline.Deadline{}
				if k := rapid.IntRange(-5, 5).Draw(rt, "due"); k != 5 {
					due = deadline.New(rapid.SampledFrom(deadline.Bounds).Draw(rt, "bound"), civil.Of(start).AddDays(k))
				}
				var cooperate []string
				if rapid.Bool().Draw(rt, "cooperate") {
					cooperate = []string{b.ThanhHoa.Police.ID}
				}
				b.must(func(tx *db.Tx) error {
					made, err := b.tasks.Assign(tx, from.Officer, task.New{Issuer: from.ID, Text: "việc", Due: due, Units: []string{to.ID}, Cooperate: cooperate})
					all = append(all, made...)
					return err
				})
			}
			for name, by := range b.People {
				f := task.Filter{Side: rapid.SampledFrom([]string{"", "ours", "given"}).Draw(rt, "side"), State: rapid.SampledFrom([]string{"", "late", "pending", "open"}).Draw(rt, "state")}
				dbtest.Read(t, b.DB, func(tx *db.Tx) error {
					rows, total, err := b.tasks.List(tx, by, f)
					if err != nil {
						return err
					}
					sum, err := b.tasks.Sum(tx, by, f)
					if err != nil {
						return err
					}
					if len(rows) != total || sum.Total != total {
						rt.Fatalf("%s %+v: %d rows, counted %d, summed %d", name, f, len(rows), total, sum.Total)
					}
					late := 0
					for _, r := range rows {
						if r.Late(tx.Now) {
							late++
						}
					}
					if late != sum.Late {
						rt.Fatalf("%s: %d late rows, counted %d", name, late, sum.Late)
					}
					if f.State == "" { // what counts as late is what the list of late work shows
						still, handed := f, f
						still.State, handed.State = "late", "handed_late"
						_, a, err := b.tasks.List(tx, by, still)
						if err != nil {
							return err
						}
						_, z, err := b.tasks.List(tx, by, handed)
						if err != nil || a != sum.LateOpen || a+z != sum.Late {
							rt.Fatalf("%s: %d still late and %d handed in late, counted %d of %d: %v", name, a, z, sum.LateOpen, sum.Late, err)
						}
						per := 0
						for _, l := range orgunit.Levels {
							at := f
							at.Level = l
							_, n, err := b.tasks.List(tx, by, at)
							if err != nil {
								return err
							}
							per += n
						}
						if per != total {
							rt.Fatalf("%s: %d tasks by level, %d in all", name, per, total)
						}
					}
					if f.Side != "" || f.State != "" {
						return nil
					}
					for _, id := range all {
						_, err := b.tasks.Get(tx, by, id)
						in := slices.ContainsFunc(rows, func(r task.Row) bool { return r.ID == id })
						if in != (err == nil) {
							rt.Fatalf("%s: task in the list %v, decision %v", name, in, err)
						}
					}
					return nil
				})
			}
		})
	})
}

func TestLateByTheWordsAndMoreTime(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		commune, so := b.ThanhHoa.HacThanh.Committee.Officer, b.ThanhHoa.Health.Officer
		before := b.give(deadline.New(deadline.Before, civil.MustParse("2026-07-10")))
		until := b.give(deadline.New(deadline.Until, civil.MustParse("2026-07-10")))
		late := func() (out []string) {
			dbtest.Read(t, b.DB, func(tx *db.Tx) error {
				rows, _, err := b.tasks.List(tx, so, task.Filter{State: "late"})
				for _, r := range rows {
					out = append(out, r.ID)
				}
				return err
			})
			return out
		}
		at := func(s string) {
			x, _ := time.ParseInLocation("2006-01-02 15:04:05", s, civil.Zone)
			b.clock.Set(x)
		}
		at("2026-07-09 23:59:59")
		if l := late(); len(l) != 0 {
			t.Errorf("late too early: %v", l)
		}
		at("2026-07-10 00:00:00")
		if d := cmp.Diff([]string{before}, late()); d != "" {
			t.Error(d)
		}
		at("2026-07-11 00:00:00")
		if l := late(); len(l) != 2 {
			t.Errorf("late: %v", l)
		}
		if f := errs.FieldsOf(b.do(func(tx *db.Tx) error {
			return b.tasks.AskMore(tx, commune, until, deadline.New(deadline.Until, civil.MustParse("2026-07-10")), "mưa lũ")
		})); len(f) != 1 || f[0].Name != "until" {
			t.Error("asked for no more time")
		}
		b.must(func(tx *db.Tx) error {
			return b.tasks.AskMore(tx, commune, until, deadline.New(deadline.Until, civil.MustParse("2026-07-20")), "mưa lũ")
		})
		if err := b.do(func(tx *db.Tx) error {
			return b.tasks.AskMore(tx, commune, until, deadline.New(deadline.Until, civil.MustParse("2026-07-21")), "mưa")
		}); !errs.Is(err, errs.Conflict) {
			t.Errorf("asked twice: %v", err)
		}
		var asked []task.Extension
		dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) { asked, err = task.Extensions(tx, until); return err })
		b.must(func(tx *db.Tx) error { return b.tasks.Decide(tx, so, until, asked[0].ID, true, "") })
		if d := cmp.Diff([]string{before}, late()); d != "" {
			t.Error("after the extension:", d)
		}
		dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) { asked, err = task.Extensions(tx, until); return err })
		if asked[0].State != "granted" || asked[0].Former().Words != "chậm nhất ngày 10/7/2026" {
			t.Errorf("%+v", asked[0])
		}
		if err := b.do(func(tx *db.Tx) error { return b.tasks.Decide(tx, so, until, asked[0].ID, false, "không") }); !errs.Is(err, errs.Conflict) {
			t.Errorf("decided twice: %v", err)
		}
		// What is handed in after its deadline is late for ever, and no longer among what is still to come.
		evidence := b.file("kq.jpg", photo())
		b.must(func(tx *db.Tx) error { return b.tasks.Attach(tx, commune, before, []blob.Ref{evidence}) })
		b.must(func(tx *db.Tx) error { return b.tasks.Submit(tx, commune, before, 0, "Đã treo") })
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			for state, want := range map[string]int{"late": 0, "handed_late": 1} {
				_, n, err := b.tasks.List(tx, so, task.Filter{State: state})
				if err != nil || n != want {
					t.Errorf("%s: %d, want %d (%v)", state, n, want, err)
				}
			}
			return nil
		})
	})
}

func TestPassedOnNotLaterThanOwn(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		commune := b.ThanhHoa.HacThanh.Committee.Officer
		id := b.give(deadline.New(deadline.Before, civil.MustParse("2026-07-30")))
		n := task.New{Text: "Treo ở từng khu phố", Units: []string{b.ThanhHoa.HacThanh.Social.ID}, Due: deadline.New(deadline.Until, civil.MustParse("2026-07-30"))}
		if f := errs.FieldsOf(b.do(func(tx *db.Tx) error { _, err := b.tasks.Delegate(tx, commune, id, n); return err })); len(f) != 1 || f[0].Name != "due" {
			t.Error("passed on with a later deadline")
		}
		n.Due = deadline.New(deadline.Until, civil.MustParse("2026-07-29"))
		b.must(func(tx *db.Tx) error { _, err := b.tasks.Delegate(tx, commune, id, n); return err })
		if s := b.get(id, commune).State; s != task.Doing {
			t.Errorf("passed on, own task is %s", s)
		}
		// Nor is more time granted to the lower unit than the upper one has.
		below := b.ThanhHoa.HacThanh.Social.Officer
		var lower string
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			rows, _, err := b.tasks.List(tx, below, task.Filter{Issuer: b.ThanhHoa.HacThanh.Committee.ID})
			if len(rows) == 1 {
				lower = rows[0].ID
			}
			return err
		})
		b.must(func(tx *db.Tx) error {
			return b.tasks.AskMore(tx, below, lower, deadline.New(deadline.Until, civil.MustParse("2026-07-30")), "mưa")
		})
		var asked []task.Extension
		dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) { asked, err = task.Extensions(tx, lower); return err })
		if f := errs.FieldsOf(b.do(func(tx *db.Tx) error { return b.tasks.Decide(tx, commune, lower, asked[0].ID, true, "") })); len(f) != 1 || f[0].Key != "task.due_after_own" {
			t.Errorf("more time granted than the unit itself has: %v", f)
		}
	})
}

func TestRemindersOnceEachAndEscalation(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		id := b.give(deadline.New(deadline.Until, civil.MustParse("2026-07-10"))) // a Friday
		kinds, _ := b.tasks.Jobs()
		count := func(unit string) (out map[string]int) {
			out = map[string]int{}
			dbtest.Read(t, b.DB, func(tx *db.Tx) error {
				list, err := db.All[string](tx, `SELECT kind FROM notify_notice WHERE unit_id = $1`, unit)
				for _, k := range list {
					out[k]++
				}
				return err
			})
			return out
		}
		run := func() {
			t.Helper()
			b.must(func(tx *db.Tx) error { _, err := jobs.Enqueue(tx, "task.remind", nil); return err })
			if err := jobs.RunAll(context.Background(), b.DB, kinds); err != nil {
				t.Fatal(err)
			}
		}
		ward := b.ThanhHoa.HacThanh.Committee.ID
		for _, step := range []struct {
			at               string
			soon, late, told int
		}{{"2026-07-07 08:00", 0, 0, 0}, {"2026-07-08 08:00", 1, 0, 0}, {"2026-07-08 09:00", 1, 0, 0}, {"2026-07-11 08:00", 1, 1, 0}, {"2026-07-12 08:00", 1, 1, 0}, {"2026-07-14 08:00", 1, 1, 1}, {"2026-07-20 08:00", 1, 1, 1}} {
			x, _ := time.ParseInLocation("2006-01-02 15:04", step.at, civil.Zone)
			b.clock.Set(x)
			run()
			run()
			c := count(ward)
			up := count(b.ThanhHoa.Committee.ID)
			if c["task.soon"] != step.soon || c["task.late"] != step.late || up["task.escalated"] != step.told {
				t.Errorf("%s: %v, above %v; want soon %d late %d told %d", step.at, c, up, step.soon, step.late, step.told)
			}
		}
		// More time begins it all again.
		b.must(func(tx *db.Tx) error {
			return b.tasks.AskMore(tx, b.ThanhHoa.HacThanh.Committee.Officer, id, deadline.New(deadline.Until, civil.MustParse("2026-07-24")), "mưa lũ")
		})
		var asked []task.Extension
		dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) { asked, err = task.Extensions(tx, id); return err })
		b.must(func(tx *db.Tx) error {
			return b.tasks.Decide(tx, b.ThanhHoa.Health.Officer, id, asked[0].ID, true, "")
		})
		x, _ := time.ParseInLocation("2006-01-02 15:04", "2026-07-29 08:00", civil.Zone)
		b.clock.Set(x)
		run()
		if up := count(b.ThanhHoa.Committee.ID); up["task.escalated"] != 2 {
			t.Errorf("after the second deadline the unit above was told %d times in all", up["task.escalated"])
		}
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			args, err := db.All[string](tx, `SELECT args FROM notify_notice WHERE kind = 'task.escalated'`)
			for _, a := range args {
				if !strings.Contains(a, "Treo băng rôn tại trụ sở") {
					t.Errorf("the notice does not say of which work: %s", a)
				}
			}
			return err
		})
	})
}

func TestPhotosAreShownWithoutPlace(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		commune := b.ThanhHoa.HacThanh.Committee.Officer
		id := b.give(deadline.Deadline{})
		withGPS := append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, 20, 'E', 'x', 'i', 'f', 0, 0, 'G', 'P', 'S', ' ', '1', '0', '4', '.', '9', 0, 0, 0}[:24], photo()[2:]...)
		picture := b.file("a.jpg", withGPS)
		b.must(func(tx *db.Tx) error { return b.tasks.Attach(tx, commune, id, []blob.Ref{picture}) })
		kinds, _ := b.tasks.Jobs()
		if err := jobs.RunAll(context.Background(), b.DB, kinds); err != nil {
			t.Fatal(err)
		}
		var e []task.Evidence
		dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) { e, err = task.EvidenceOf(tx, id); return err })
		if len(e) != 1 || e[0].Shown == "" || e[0].Shown == e[0].Original {
			t.Fatalf("%+v", e)
		}
		read := func(ref string) string {
			c, err := b.tasks.Blobs.Open(context.Background(), blob.Ref{ID: ref})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			var buf bytes.Buffer
			buf.ReadFrom(c)
			return buf.String()
		}
		if !strings.Contains(read(e[0].Original), "GPS 104.9") || strings.Contains(read(e[0].Shown), "GPS") {
			t.Error("the original must keep the place, the copy shown must not have it")
		}
	})
}

func TestSuccessorTakesOver(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		id := b.give(deadline.New(deadline.Until, civil.MustParse("2026-07-30")))
		b.must(func(tx *db.Tx) error {
			n, err := task.Heir{}.Move(tx, policy.System("test"), b.ThanhHoa.HacThanh.Committee.ID, b.ThanhHoa.ThoXuan.Committee.ID)
			if n != 1 {
				t.Errorf("%d tasks moved", n)
			}
			return err
		})
		if u := b.get(id, b.ThanhHoa.ThoXuan.Committee.Officer).Unit; u != b.ThanhHoa.ThoXuan.Committee.ID {
			t.Errorf("now with %s", u)
		}
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			notes, err := db.All[string](tx, `SELECT kind || ' ' || text FROM task_note WHERE task_id = $1 ORDER BY at, id`, id)
			slices.Sort(notes)
			if x := cmp.Diff([]string{"assigned ", "moved " + b.ThanhHoa.HacThanh.Committee.ID}, notes); x != "" {
				t.Error("its history:", x)
			}
			return err
		})
		if err := b.do(func(tx *db.Tx) error {
			_, err := b.tasks.Get(tx, b.ThanhHoa.HacThanh.Committee.Officer, id)
			return err
		}); !errs.Is(err, errs.NotFound) {
			t.Errorf("still seen by the unit that is gone: %v", err)
		}
	})
}

// Work that both units were given is not owed twice: the old unit's task is closed and read by the successor, and what the successor has done
// already does not close what is left of the old unit's area.
func TestWorkOfBothUnitsIsOwedOnce(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		from, to := th.HacThanh.Committee, th.ThoXuan.Committee
		give := func() (old, own string) {
			b.must(func(tx *db.Tx) error {
				out, err := b.tasks.Assign(tx, th.Health.Officer, task.New{Issuer: th.Health.ID, Text: "Treo băng rôn", Product: "ảnh",
					Due: deadline.New(deadline.Until, civil.MustParse("2026-07-30")), Units: []string{from.ID, to.ID}})
				old, own = out[0], out[1]
				return err
			})
			if b.get(old, from.Officer).Unit != from.ID {
				old, own = own, old
			}
			return old, own
		}
		old, own := give()
		late, done := give()
		sent, beside := give()
		b.must(func(tx *db.Tx) error { return tx.Must1(`UPDATE task SET state = 'submitted' WHERE id = $1`, sent) })
		b.must(func(tx *db.Tx) error { return tx.Must1(`UPDATE task SET state = 'done' WHERE id = $1`, done) })
		b.must(func(tx *db.Tx) error {
			n, err := task.Heir{}.Move(tx, policy.System("test"), from.ID, to.ID)
			if n != 3 {
				t.Errorf("%d moved", n)
			}
			return err
		})
		if x := b.get(old, to.Officer); x.State != task.Cancelled || x.Unit != to.ID {
			t.Errorf("the old unit's: %s at %s", x.State, x.Unit)
		}
		for id, want := range map[string]task.State{own: task.Open, late: task.Open, done: task.Done, sent: task.Submitted, beside: task.Open} {
			if x := b.get(id, to.Officer); x.State != want {
				t.Errorf("%s, want %s", x.State, want)
			}
		}
		if n, err := count(b, task.Heir{}.Count, to.ID); err != nil || n != 4 {
			t.Errorf("%d open at the successor: %v", n, err)
		}
		b.must(func(tx *db.Tx) error {
			notes, err := db.All[string](tx, `SELECT kind || ' ' || text FROM task_note WHERE kind IN ('joined', 'joins') ORDER BY kind`)
			if x := cmp.Diff([]string{"joined " + own, "joins " + old}, notes); x != "" {
				t.Error(x)
			}
			return err
		})
	})
}

// Work that a vanished unit gave is accepted by its successor.
func TestWorkGivenByAUnitThatEnded(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		id := b.give(deadline.New(deadline.Until, civil.MustParse("2026-07-30")))
		from := b.get(id, th.HacThanh.Committee.Officer).Issuer
		to := th.Police
		if n, err := count(b, task.GiverHeir{}.Count, from); err != nil || n != 1 {
			t.Errorf("%d open: %v", n, err)
		}
		if err := b.do(func(tx *db.Tx) error { _, err := b.tasks.Get(tx, to.Officer, id); return err }); !errs.Is(err, errs.NotFound) {
			t.Errorf("seen before: %v", err)
		}
		b.must(func(tx *db.Tx) error {
			n, err := task.GiverHeir{}.Move(tx, policy.System("test"), from, to.ID)
			if n != 1 {
				t.Errorf("%d moved", n)
			}
			return err
		})
		if x := b.get(id, to.Officer); x.Issuer != to.ID || x.Unit != th.HacThanh.Committee.ID {
			t.Errorf("%+v", x)
		}
		if n, err := count(b, task.GiverHeir{}.Count, from); err != nil || n != 0 {
			t.Errorf("%d left: %v", n, err)
		}
	})
}

func count(b *bench, f func(*db.Tx, string) (int, error), unit string) (n int, err error) {
	b.must(func(tx *db.Tx) error { n, err = f(tx, unit); return err })
	return n, err
}

// An independent program reads the calendar: "trước ngày 10/7" stands on the 9th.
func TestCalendarForOtherPrograms(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		commune := b.ThanhHoa.HacThanh.Committee.Officer
		id := b.give(deadline.New(deadline.Before, civil.MustParse("2026-07-10")))
		var secret string
		b.must(func(tx *db.Tx) (err error) { secret, err = b.tasks.OpenFeed(tx, commune, commune.Unit); return err })
		var body []byte
		dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) {
			body, err = b.tasks.Calendar(tx, secret, "Lịch hạn", func(s string) string { return s })
			return err
		})
		cal, err := ical.NewDecoder(bytes.NewReader(body)).Decode()
		if err != nil {
			t.Fatal(err)
		}
		if len(cal.Events()) != 1 {
			t.Fatalf("%d events", len(cal.Events()))
		}
		e := cal.Events()[0]
		day, err := e.DateTimeStart(time.UTC)
		if err != nil || day.Format("2006-01-02") != "2026-07-09" {
			t.Errorf("on %s (%v)", day, err)
		}
		summary, _ := e.Props.Text(ical.PropSummary)
		link, _ := e.Props.URI(ical.PropURL)
		if summary != "Treo băng rôn tại trụ sở" || link.String() != "https://x.vn/tasks/"+id {
			t.Errorf("%q %s", summary, link)
		}
		if err := b.do(func(tx *db.Tx) error {
			_, err := b.tasks.Calendar(tx, secret[1:], "", nil)
			return err
		}); !errs.Is(err, errs.NotFound) {
			t.Errorf("a wrong secret: %v", err)
		}
		var feeds []string
		dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) { feeds, err = db.All[string](tx, `SELECT id FROM task_feed`); return err })
		b.must(func(tx *db.Tx) error { return b.tasks.CloseFeed(tx, commune, feeds[0]) })
		if err := b.do(func(tx *db.Tx) error { _, err := b.tasks.Calendar(tx, secret, "", nil); return err }); !errs.Is(err, errs.NotFound) {
			t.Errorf("a revoked secret: %v", err)
		}
		if err := b.do(func(tx *db.Tx) error {
			_, err := b.tasks.OpenFeed(tx, commune, b.ThanhHoa.ThoXuan.Committee.ID)
			return err
		}); !errs.Is(err, errs.NotFound) {
			t.Errorf("a feed of another unit: %v", err)
		}

		// A person's own has what was handed to them; both kinds end with the role, and with the account.
		events := func(secret string) int {
			t.Helper()
			n := 0
			dbtest.Read(t, b.DB, func(tx *db.Tx) error {
				body, err := b.tasks.Calendar(tx, secret, "Lịch hạn", func(s string) string { return s })
				if errs.Is(err, errs.NotFound) {
					n = -1
					return nil
				}
				if err != nil {
					return err
				}
				cal, err := ical.NewDecoder(bytes.NewReader(body)).Decode()
				if err == nil {
					n = len(cal.Events())
				}
				return nil
			})
			return n
		}
		var own, units string
		b.must(func(tx *db.Tx) (err error) {
			if own, err = b.tasks.OpenFeed(tx, commune, ""); err == nil {
				units, err = b.tasks.OpenFeed(tx, commune, commune.Unit)
			}
			return err
		})
		if n := events(own); n != 0 {
			t.Errorf("%d events of a person to whom nothing was handed", n)
		}
		b.must(func(tx *db.Tx) error { return b.tasks.Hand(tx, commune, id, commune.Person) })
		if a, z := events(own), events(units); a != 1 || z != 1 {
			t.Errorf("%d own events, %d of the unit", a, z)
		}
		for _, end := range []string{`UPDATE person SET state = 'suspended' WHERE id = $1`, `UPDATE holding SET ended_at = 1 WHERE person_id = $1`} {
			b.must(func(tx *db.Tx) error { _, err := tx.Exec(end, commune.Person); return err })
			if a, z := events(own), events(units); a != -1 || z != -1 {
				t.Errorf("after %s: %d own events, %d of the unit", end, a, z)
			}
			b.must(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE person SET state = 'active' WHERE id = $1`, commune.Person)
				return err
			})
		}
	})
}

// What a task is called in lists is short, and ends where a sentence, a clause or a word does.
func TestTitle(t *testing.T) {
	for text, want := range map[string]string{
		"Treo băng rôn tại trụ sở.": "Treo băng rôn tại trụ sở",
		"1. Phát thanh ít nhất hai lần mỗi tuần.\n2. Nói chuyện tại bản.\n3. Treo băng rôn.":                                                      "Phát thanh ít nhất hai lần mỗi tuần và 2 việc khác",
		"Rà soát, lập danh sách nạn nhân đang cư trú. Gửi danh sách về Sở.":                                                                       "Rà soát, lập danh sách nạn nhân đang cư trú",
		"Xây dựng pano, treo băng rôn ở nơi đông người; đồng thời tăng cường tuyên truyền về đường dây nóng tư vấn và hỗ trợ nạn nhân":            "Xây dựng pano, treo băng rôn ở nơi đông người…",
		"Tổ chức quán triệt sâu rộng trong toàn ngành các văn bản chỉ đạo của Trung ương về công tác phòng, chống tội phạm mua bán người":         "Tổ chức quán triệt sâu rộng trong toàn ngành các văn bản chỉ đạo của Trung ương về công tác…",
		"Sở Văn hóa, Thể thao và Du lịch hướng dẫn hệ thống thông tin cơ sở phát thanh về thủ đoạn mua bán người qua mạng xã hội và cách tố giác": "Sở Văn hóa, Thể thao và Du lịch hướng dẫn hệ thống thông tin cơ sở phát thanh về thủ đoạn mua bán…",
		"Đi. Về nhà ngay khi xong việc và báo lại": "Đi. Về nhà ngay khi xong việc và báo lại",
	} {
		if got := task.Title(text); got != want {
			t.Errorf("%q is called %q, want %q", text, got, want)
		}
	}
}

// BenchmarkAssign gives work to 11,000 units in one transaction.
func BenchmarkAssign(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			var d *db.DB
			if kind == "sqlite" {
				d = dbtest.SQLite(b, migrations(), db.Options{})
			} else {
				d = dbtest.Postgres(b, migrations(), db.Options{})
			}
			x := newBench(b, d, nil)
			units := make([]string, 11000)
			for i := range units {
				units[i] = ids.New(time.Now())
			}
			for b.Loop() {
				x.must(func(tx *db.Tx) error {
					_, err := x.tasks.Assign(tx, policy.System("bench"), task.New{Issuer: x.ThanhHoa.Health.ID, Text: "việc", Due: deadline.New(deadline.Until, civil.MustParse("2026-07-30")), Units: units, Quiet: true})
					return err
				})
			}
			b.ReportMetric(float64(len(units))*float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
		})
	}
}
