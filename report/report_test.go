package report_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"chungtay/app"
	"chungtay/directive"
	"chungtay/formbook"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/jobs"
	"chungtay/internal/world"
	"chungtay/policy"
	"chungtay/report"
)

type bench struct {
	*world.World
	r     *report.Reports
	clock *dbtest.Clock
	t     testing.TB
}

var start = time.Date(2026, 7, 20, 2, 0, 0, 0, time.UTC)

func newBench(t testing.TB, d *db.DB, clock *dbtest.Clock) *bench {
	w := world.New(t.(world.TB), d, app.Roles())
	b := &bench{World: w, clock: clock, t: t}
	b.r = &report.Reports{Book: w.Book, Accounts: w.Accounts, Forms: &formbook.Books{Book: w.Book}, Sources: map[string]report.Source{}, Office: directive.Office}
	b.must(func(tx *db.Tx) error { return formbook.Install(tx) })
	return b
}

func each(t *testing.T, f func(t *testing.T, b *bench)) {
	clock := dbtest.NewClock(start)
	dbtest.EachWith(t, app.Migrations(), db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		clock.Set(start)
		f(t, newBench(t, d, clock))
	})
}

func (b *bench) do(f func(tx *db.Tx) error) error {
	b.t.Helper()
	return b.DB.Write(context.Background(), f)
}

func (b *bench) must(f func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.do(f); err != nil {
		b.t.Fatalf("%v %v", err, errs.FieldsOf(err))
	}
}

func until(s string) deadline.Deadline { return deadline.New(deadline.Until, civil.MustParse(s)) }

// ask lets Sở Y tế ask three communes for the report of the Day.
func (b *bench) ask(form string, signed bool) (a report.Asked) {
	b.t.Helper()
	th := b.ThanhHoa
	b.must(func(tx *db.Tx) (err error) {
		a, err = b.r.Ask(tx, th.Health.Officer, report.New{Unit: th.Health.ID, Title: "Kết quả 30/7", Form: form, Due: deadline.New(deadline.Before, civil.MustParse("2026-08-03")),
			From: civil.MustParse("2026-07-01"), To: civil.MustParse("2026-07-30"), Signed: signed, Units: []string{th.HacThanh.Committee.ID, th.ThoXuan.Committee.ID, th.MuongLat.Committee.ID}})
		return err
	})
	return a
}

func (b *bench) of(a report.Asked, o world.Office) (r report.Report) {
	b.t.Helper()
	b.must(func(tx *db.Tx) error {
		rows, _, err := b.r.List(tx, o.Officer, report.Filter{Request: a.ID, Side: "ours"})
		if err != nil || len(rows) != 1 {
			return fmt.Errorf("%d reports: %w", len(rows), err)
		}
		r, err = b.r.Get(tx, o.Officer, rows[0].ID)
		return err
	})
	return r
}

// words are the narrative fields of a request without a form.
func words(s string) formdef.Values {
	return formdef.Values{"chi_dao_mo_ta": formdef.TextValue(s), "ket_qua_mo_ta": formdef.TextValue("Kết quả: " + s)}
}

func (b *bench) write(a report.Asked, o world.Office, v formdef.Values) report.Report {
	b.t.Helper()
	r := b.of(a, o)
	b.must(func(tx *db.Tx) (err error) { r, err = b.r.Start(tx, o.Officer, r.ID); return err })
	b.must(func(tx *db.Tx) (err error) { r, err = b.r.Save(tx, o.Officer, r.ID, r.Version, v, nil); return err })
	return r
}

func (b *bench) send(a report.Asked, o world.Office, v formdef.Values) report.Report {
	b.t.Helper()
	r := b.write(a, o, v)
	b.must(func(tx *db.Tx) (err error) { r, err = b.r.Submit(tx, o.Officer, r.ID, 0); return err })
	return r
}

func TestSentReturnedSentAgainApproved(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		a := b.ask("", false)
		r := b.send(a, th.HacThanh.Committee, words("đã ban hành kế hoạch"))
		if err := b.do(func(tx *db.Tx) error {
			_, err := b.r.Save(tx, th.HacThanh.Committee.Officer, r.ID, 0, words("x"), nil)
			return err
		}); !errs.Is(err, errs.Conflict) {
			t.Errorf("written after it was sent: %v", err)
		}
		if err := b.do(func(tx *db.Tx) error { return b.r.Approve(tx, th.ThoXuan.Committee.Officer, r.ID, 0) }); !errs.Is(err, errs.NotFound) {
			t.Errorf("a neighbour approves: %v", err)
		}
		if f := errs.FieldsOf(b.do(func(tx *db.Tx) error { return b.r.Return(tx, th.Health.Officer, r.ID, 1, "", nil) })); len(f) != 1 {
			t.Error("returned without a word")
		}
		b.must(func(tx *db.Tx) error {
			return b.r.Return(tx, th.Health.Officer, r.ID, 1, "", []report.CellNote{{Cell: "ket_qua_mo_ta", Text: "Bổ sung số buổi"}})
		})
		b.must(func(tx *db.Tx) (err error) {
			r, err = b.r.Save(tx, th.HacThanh.Committee.Officer, r.ID, b.get(tx, r.ID).Version, words("đã ban hành hai kế hoạch"), nil)
			return err
		})
		b.must(func(tx *db.Tx) (err error) {
			r, err = b.r.Submit(tx, th.HacThanh.Committee.Officer, r.ID, 0)
			return err
		})
		if err := b.do(func(tx *db.Tx) error { return b.r.Approve(tx, th.Health.Officer, r.ID, 1) }); !errs.Is(err, errs.Conflict) {
			t.Errorf("approved what was read before: %v", err)
		}
		b.must(func(tx *db.Tx) error { return b.r.Approve(tx, th.Health.Officer, r.ID, 2) })
		b.must(func(tx *db.Tx) error {
			got := b.get(tx, r.ID)
			if got.State != report.Approved || got.Current != 2 || got.ApprovedN != 2 {
				t.Errorf("%+v", got)
			}
			return nil
		})
		if f := errs.FieldsOf(b.do(func(tx *db.Tx) error { return b.r.Unlock(tx, th.Health.Officer, r.ID, "") })); len(f) != 1 {
			t.Error("unlocked without a reason")
		}
		b.must(func(tx *db.Tx) error { return b.r.Unlock(tx, th.Health.Officer, r.ID, "sai số") })
	})
}

func (b *bench) get(tx *db.Tx, id string) report.Report {
	r, err := b.r.Get(tx, policy.System("test"), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func TestNobodyApprovesTheirOwnAndLeadersSign(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		a := b.ask("", true)
		r := b.write(a, th.HacThanh.Committee, words("xong"))
		b.must(func(tx *db.Tx) (err error) {
			r, err = b.r.Submit(tx, th.HacThanh.Committee.Officer, r.ID, 0)
			return err
		})
		if r.State != report.Signing {
			t.Errorf("an officer sent what the leader has to sign: %s", r.State)
		}
		if err := b.do(func(tx *db.Tx) error { _, err := b.r.Submit(tx, th.HacThanh.Committee.Officer, r.ID, 0); return err }); !errs.Is(err, errs.Forbidden) {
			t.Errorf("signed by an officer: %v", err)
		}
		b.must(func(tx *db.Tx) (err error) {
			r, err = b.r.Submit(tx, th.HacThanh.Committee.Leader, r.ID, 0)
			return err
		})
		if r.State != report.Submitted {
			t.Errorf("%s", r.State)
		}
		var own report.Asked // a unit asks its own division; the same person must not decide
		b.must(func(tx *db.Tx) (err error) {
			own, err = b.r.Ask(tx, th.Health.Officer, report.New{Unit: th.Health.ID, Title: "Tự báo cáo", Due: until("2026-08-01"), Units: []string{th.Health.ID}})
			return err
		})
		s := b.send(own, th.Health, words("tự làm"))
		if err := b.do(func(tx *db.Tx) error { return b.r.Approve(tx, th.Health.Officer, s.ID, 0) }); !errs.Is(err, errs.Forbidden) {
			t.Errorf("approved by who sent it: %v", err)
		}
		b.must(func(tx *db.Tx) error { return b.r.Approve(tx, th.Health.Leader, s.ID, 0) })
	})
}

// "Trước ngày 03/8" is met until the midnight before; nothing occurred is neither zero nor silence.
func TestLateAndNothing(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		a := b.ask("ket_qua_30_7", false)
		one, two := b.of(a, th.HacThanh.Committee), b.of(a, th.ThoXuan.Committee)
		at := func(s string) {
			x, _ := time.ParseInLocation("2006-01-02 15:04:05", s, civil.Zone)
			b.clock.Set(x)
		}
		progress := func() (p report.Progress) {
			dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) { p, err = report.ProgressOf(tx, a.ID); return err })
			return p
		}
		at("2026-08-02 23:59:59")
		b.must(func(tx *db.Tx) error { _, err := b.r.Start(tx, th.HacThanh.Committee.Officer, one.ID); return err })
		b.must(func(tx *db.Tx) error { _, err := b.r.Nothing(tx, th.HacThanh.Committee.Officer, one.ID, 0); return err })
		if p := progress(); p.Late != 0 || p.Nothing != 1 || p.Missing() != 2 {
			t.Errorf("before the deadline: %+v", p)
		}
		at("2026-08-03 00:00:00")
		if p := progress(); p.Late != 2 || p.Overdue != 2 {
			t.Errorf("at the deadline: %+v", p)
		}
		b.must(func(tx *db.Tx) error { _, err := b.r.Start(tx, th.ThoXuan.Committee.Officer, two.ID); return err })
		b.must(func(tx *db.Tx) error {
			return b.r.Extend(tx, th.Health.Officer, two.ID, until("2026-08-10"), "mưa lũ")
		})
		if p := progress(); p.Late != 1 {
			t.Errorf("with more time: %+v", p)
		}
		b.must(func(tx *db.Tx) error { return b.r.Approve(tx, th.Health.Officer, one.ID, 0) })
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			s, err := b.r.Consolidated(tx, a)
			if err != nil {
				return err
			}
			if len(s.Missing) != 2 || !s.Nothing[th.HacThanh.Committee.ID] {
				t.Errorf("missing %v nothing %v", s.Missing, s.Nothing)
			}
			for _, c := range s.Form.Figures() {
				if v := s.Values[c.Address]; v.State == formdef.Given && !v.Num.IsZero() {
					t.Errorf("%s: nothing became %s", c.Address, v.Num)
				} else if v.State == formdef.Given {
					t.Errorf("%s: nothing became zero", c.Address)
				}
			}
			return nil
		})
	})
}

func TestTwoWritersLoseNothing(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa.HacThanh.Committee
		a := b.ask("", false)
		r := b.write(a, th, words("một"))
		base := r.Version
		v := words("một")
		v["danh_gia_mo_ta"] = formdef.TextValue("khó khăn")
		b.must(func(tx *db.Tx) (err error) { r, err = b.r.Save(tx, th.Officer, r.ID, base, v, nil); return err })
		w := words("một")
		w["kien_nghi_mo_ta"] = formdef.TextValue("kiến nghị")
		b.must(func(tx *db.Tx) (err error) { r, err = b.r.Save(tx, th.Leader, r.ID, base, w, nil); return err })
		want := words("một")
		want["danh_gia_mo_ta"], want["kien_nghi_mo_ta"] = v["danh_gia_mo_ta"], w["kien_nghi_mo_ta"]
		if string(want.Canonical()) != r.Body {
			t.Errorf("%s", r.Body)
		}
		x := words("một")
		x["danh_gia_mo_ta"] = formdef.TextValue("khác")
		err := b.do(func(tx *db.Tx) error { _, err := b.r.Save(tx, th.Leader, r.ID, base, x, nil); return err })
		var stale *report.Stale
		if !errors.As(err, &stale) || len(stale.Cells) != 1 || stale.Cells[0] != (report.StaleCell{Addr: "danh_gia_mo_ta", Mine: "khác", Theirs: "khó khăn"}) {
			t.Errorf("%v %+v", err, stale)
		}
	})
}

// figure is the first plain integer of the form that has no rules in the way.
const figure = "van_ban"

// A three-level tree: the sums of a level are the sum of the level below, and the report upward opens with them.
func TestThreeLevelsAddUp(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		var top, mid report.Asked
		b.must(func(tx *db.Tx) (err error) {
			top, err = b.r.Ask(tx, policy.System("test"), report.New{Unit: b.Health.ID, Title: "Cả nước", Form: "ket_qua_30_7", Due: until("2026-08-20"), Units: []string{th.Health.ID}})
			return err
		})
		b.must(func(tx *db.Tx) (err error) {
			mid, err = b.r.Ask(tx, th.Health.Officer, report.New{Unit: th.Health.ID, Parent: top.ID, Title: "Cả tỉnh", Form: "ket_qua_30_7", Due: until("2026-08-10"), Units: []string{th.HacThanh.Committee.ID, th.ThoXuan.Committee.ID, th.MuongLat.Committee.ID}})
			return err
		})
		if f := errs.FieldsOf(b.do(func(tx *db.Tx) error {
			_, err := b.r.Ask(tx, th.Health.Officer, report.New{Unit: th.Health.ID, Parent: top.ID, Title: "Muộn", Due: until("2026-08-21"), Units: []string{th.MuongLat.Committee.ID}})
			return err
		})); len(f) != 1 || f[0].Name != "due" {
			t.Error("asked for later than one's own deadline")
		}
		for i, o := range []world.Office{th.HacThanh.Committee, th.ThoXuan.Committee} {
			r := b.write(mid, o, formdef.Values{figure: formdef.IntValue(int64(3 + i))})
			b.must(func(tx *db.Tx) error { return report.ForceApprove(tx, b.r, r.ID) })
		}
		own := b.of(top, th.Health)
		b.must(func(tx *db.Tx) (err error) { own, err = b.r.Start(tx, th.Health.Officer, own.ID); return err })
		f := own.Fills.V[figure]
		if f.Value != "7" || f.Text != "2/3 báo cáo cấp dưới" || f.Path != "/requests/"+mid.ID+"/matrix" {
			t.Errorf("filled: %+v", f)
		}
		// A correction must say why.
		b.must(func(tx *db.Tx) (err error) {
			own, err = b.r.Save(tx, th.Health.Officer, own.ID, own.Version, formdef.Values{figure: formdef.IntValue(9)}, nil)
			return err
		})
		var refused *report.Refused
		err := b.do(func(tx *db.Tx) error { _, err := b.r.Submit(tx, th.Health.Officer, own.ID, 0); return err })
		said := false
		if errors.As(err, &refused) {
			for _, x := range refused.Found {
				said = said || x.At == figure && x.Message.Key == "report.need_reason"
			}
		}
		if !said {
			t.Errorf("a corrected figure went without a reason: %v", err)
		}
	})
}

func TestFrozenComesOutAgainBitForBit(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		a := b.ask("ket_qua_30_7", false)
		r := b.write(a, th.HacThanh.Committee, formdef.Values{figure: formdef.IntValue(5), "chi_dao_mo_ta": formdef.TextValue("Đã chỉ đạo")})
		b.must(func(tx *db.Tx) error { return report.ForceApprove(tx, b.r, r.ID) })
		var k report.Consolidation
		b.must(func(tx *db.Tx) (err error) { k, err = b.r.Freeze(tx, th.Health.Officer, a.ID); return err })
		if k.Number != 1 || len(k.Members.V) != 1 || len(k.Missing.V) != 2 {
			t.Fatalf("%+v", k)
		}
		b.must(func(tx *db.Tx) error {
			again, err := b.r.Freeze(tx, th.Health.Officer, a.ID)
			if again.Number != 1 {
				t.Error("frozen anew although nothing changed")
			}
			return err
		})
		// The unit sends another figure after freezing: a difference to accept, while the frozen one stays.
		b.must(func(tx *db.Tx) error { return b.r.Unlock(tx, th.Health.Officer, r.ID, "sai số") })
		b.must(func(tx *db.Tx) (err error) {
			r, err = b.r.Save(tx, th.HacThanh.Committee.Officer, r.ID, b.get(tx, r.ID).Version, formdef.Values{figure: formdef.IntValue(8)}, nil)
			return err
		})
		b.must(func(tx *db.Tx) error { return report.ForceApprove(tx, b.r, r.ID) })
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			_, diffs, err := b.r.Differences(tx, a)
			if err != nil {
				return err
			}
			if len(diffs) != 1 || diffs[0].Was != 1 || diffs[0].Now != 2 {
				t.Errorf("%+v", diffs)
			}
			same, err := b.r.Reproduce(tx, th.Health.Officer, a.ID, 1)
			if !same {
				t.Error("the frozen consolidation does not come out again")
			}
			return err
		})
		b.must(func(tx *db.Tx) error { return report.Tamper(tx, r.ID, 1) })
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			same, err := b.r.Reproduce(tx, th.Health.Officer, a.ID, 1)
			if same {
				t.Error("a changed submission went unnoticed")
			}
			return err
		})
	})
}

func TestRemindersOnceEachAndByHand(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		a := b.ask("", false)
		b.send(a, th.HacThanh.Committee, words("xong"))
		kinds, _ := b.r.Jobs()
		run := func(s string) {
			x, _ := time.ParseInLocation("2006-01-02 15:04", s, civil.Zone)
			b.clock.Set(x)
			for range 2 {
				b.must(func(tx *db.Tx) error { _, err := jobs.Enqueue(tx, "report.remind", nil); return err })
				if err := jobs.RunAll(context.Background(), b.DB, kinds[:1]); err != nil {
					t.Fatal(err)
				}
			}
		}
		count := func() map[string]int {
			out := map[string]int{}
			dbtest.Read(t, b.DB, func(tx *db.Tx) error {
				list, err := db.All[string](tx, `SELECT kind FROM report_chase`)
				for _, k := range list {
					out[k]++
				}
				return err
			})
			return out
		}
		run("2026-07-29 08:00")
		run("2026-07-31 08:00")
		run("2026-08-03 08:00")
		run("2026-08-04 23:00")
		run("2026-08-06 08:00")
		if d := cmp.Diff(map[string]int{"soon": 2, "late": 2, "escalated": 2}, count()); d != "" {
			t.Error(d)
		}
		b.must(func(tx *db.Tx) error {
			n, _, err := b.r.Chase(tx, th.Health.Officer, a.ID, report.Chasing{Text: "Đề nghị gửi ngay"})
			if n != 2 {
				t.Errorf("%d chased", n)
			}
			return err
		})
		if err := b.do(func(tx *db.Tx) error {
			_, _, err := b.r.Chase(tx, th.Health.Officer, a.ID, report.Chasing{Units: []string{th.HacThanh.Committee.ID}})
			return err
		}); len(errs.FieldsOf(err)) != 1 {
			t.Errorf("chased who has sent: %v", err)
		}
	})
}

// The six test vectors of the cut-off periods.
func TestCutOffPeriods(t *testing.T) {
	for _, c := range []struct{ every, on, from, to string }{
		{"half", "2026-06-20", "2025-12-15", "2026-06-14"}, {"half", "2026-12-20", "2026-06-15", "2026-12-14"}, {"year", "2026-12-31", "2025-12-15", "2026-12-14"},
		{"quarter", "2026-03-31", "2025-12-15", "2026-03-14"}, {"quarter", "2026-09-14", "2026-06-15", "2026-09-14"}, {"month", "2026-07-14", "2026-06-15", "2026-07-14"}, {"month", "2026-07-13", "2026-05-15", "2026-06-14"},
	} {
		from, to := report.PeriodEnding(c.every, civil.MustParse(c.on))
		if from.String() != c.from || to.String() != c.to {
			t.Errorf("%s on %s: %s – %s, want %s – %s", c.every, c.on, from, to, c.from, c.to)
		}
	}
}

// Lists, counts and single decisions agree for everybody.
func TestListsCountsAndDecisionsAgree(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		a := b.ask("", false)
		c := b.ask("ket_qua_30_7", true)
		b.send(a, b.ThanhHoa.HacThanh.Committee, words("xong"))
		var all []string
		dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) { all, err = db.All[string](tx, `SELECT id FROM report`); return err })
		rapid.Check(t, func(rt *rapid.T) {
			names := make([]string, 0, len(b.People))
			for n := range b.People {
				names = append(names, n)
			}
			by := b.People[rapid.SampledFrom(names).Draw(rt, "who")]
			f := report.Filter{Request: rapid.SampledFrom([]string{"", a.ID, c.ID}).Draw(rt, "request"), State: rapid.SampledFrom([]string{"", "late", "missing", "submitted"}).Draw(rt, "state")}
			dbtest.Read(t, b.DB, func(tx *db.Tx) error {
				rows, n, err := b.r.List(tx, by, f)
				if err != nil {
					return err
				}
				if n != len(rows) {
					rt.Fatalf("%d rows, counted %d", len(rows), n)
				}
				if f.Request != "" || f.State != "" {
					return nil
				}
				in := map[string]bool{}
				for _, r := range rows {
					in[r.ID] = true
				}
				for _, id := range all {
					_, err := b.r.Get(tx, by, id)
					if in[id] != (err == nil) {
						rt.Fatalf("%s: in the list %v, may open %v", by.Name, in[id], err == nil)
					}
				}
				return nil
			})
		})
	})
}

// BenchmarkConsolidate consolidates 11,000 approved reports of the shipped form.
func BenchmarkConsolidate(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			var d *db.DB
			if kind == "sqlite" {
				d = dbtest.SQLite(b, app.Migrations(), db.Options{})
			} else {
				d = dbtest.Postgres(b, app.Migrations(), db.Options{})
			}
			x := newBench(b, d, nil)
			units := make([]string, 11000)
			for i := range units {
				units[i] = ids.New(time.Now())
			}
			var a report.Asked
			x.must(func(tx *db.Tx) (err error) {
				a, err = x.r.Ask(tx, policy.System("bench"), report.New{Unit: x.Health.ID, Title: "Cả nước", Form: "ket_qua_30_7", Due: until("2026-08-20"), Units: units, Quiet: true})
				return err
			})
			x.must(func(tx *db.Tx) error { return report.ApproveAll(tx, x.r, a) })
			began := time.Now() // the floor: the same rows read raw
			dbtest.Read(b, d, func(tx *db.Tx) error {
				_, err := report.RawBodies(tx, a.ID)
				return err
			})
			floor := time.Since(began)
			for b.Loop() {
				dbtest.Read(b, d, func(tx *db.Tx) error {
					s, err := x.r.Consolidated(tx, a)
					if err == nil && s.Coverage.Reports != 11000 {
						b.Fatalf("%d reports", s.Coverage.Reports)
					}
					return err
				})
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(floor), "x-floor")
			b.ReportMetric(float64(floor.Milliseconds()), "ms-floor")
		})
	}
}

// The log keeps money in đồng, the form asks for million đồng.
func TestMoneyOfTheLogInTheUnitOfTheForm(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.r.Sources["activities"] = func(_ *db.Tx, _ string, _ report.Asked, s formdef.Source) (report.Found, bool, error) {
			return report.Found{Value: formdef.IntValue(12_400_600), Unit: "dong", Text: "5 hoạt động"}, s.Measure == "cost" && slices.Equal(s.Where["budget"], []string{"dia_phuong"}), nil
		}
		a := b.ask("ket_qua_30_7", false)
		r := b.of(a, b.ThanhHoa.ThoXuan.Committee)
		b.must(func(tx *db.Tx) (err error) {
			r, err = b.r.Start(tx, b.ThanhHoa.ThoXuan.Committee.Officer, r.ID)
			return err
		})
		for addr, f := range r.Fills.V {
			if f.Text == "5 hoạt động" && f.Value != "12.401" {
				t.Errorf("%s: %q, want 12.401 million", addr, f.Value)
			}
		}
		if len(r.Fills.V) != 1 {
			t.Errorf("%d figures were filled, want 1", len(r.Fills.V))
		}
	})
}

// Whoever may read reports in one unit, and works in another at the moment, sees nothing of what that other unit reports.
func TestARoleElsewhereReadsNoOwnSeries(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.ask("ket_qua_30_7", false)
		tho, hac := b.ThanhHoa.ThoXuan.Committee, b.ThanhHoa.HacThanh.Committee
		own := report.Comparison{Series: report.Series{Form: "ket_qua_30_7"}}
		for _, c := range []struct {
			by    policy.Actor
			reads bool
		}{{tho.Officer, true}, {func() policy.Actor { x := hac.Officer; x.Unit = tho.ID; return x }(), false}} {
			dbtest.Read(t, b.DB, func(tx *db.Tx) error {
				if _, err := b.r.Compare(tx, c.by, own); errs.Is(err, errs.NotFound) == c.reads {
					t.Errorf("reads %v: %v", c.reads, err)
				}
				return nil
			})
		}
	})
}
