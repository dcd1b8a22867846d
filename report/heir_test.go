package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/jobs"
	"chungtay/internal/world"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/report"
)

// heirs are what app ties to a takeover for this room.
var heirs = []orgunit.Heir{{Key: "report.open_reports", Count: report.Heir{}.Count, Move: report.Heir{}.Move}, {Key: "report.open_requests", Count: report.AskerHeir{}.Count, Move: report.AskerHeir{}.Move}}

// merged writes a merger down that holds since yesterday.
func (b *bench) merged(from, into world.Office) {
	b.t.Helper()
	b.must(func(tx *db.Tx) error {
		return b.Units.Merge(tx, policy.System("test"), orgunit.Merger{From: []orgunit.Part{{Unit: from.ID}}, Into: into.ID, On: civil.Of(tx.Now), Basis: "NQ 1"})
	})
}

func (b *bench) takenOver(from, to world.Office) (n int) {
	b.t.Helper()
	b.must(func(tx *db.Tx) (err error) {
		n, err = b.Units.Takeover(tx, policy.System("test"), from.ID, to.ID)
		return err
	})
	return n
}

func (b *bench) count(id string) (p report.Progress) {
	b.t.Helper()
	b.must(func(tx *db.Tx) (err error) { p, err = report.ProgressOf(tx, id); return err })
	return p
}

// A commune that owed a report went into another that owes it too. Its own ends: nobody is late with it, nobody is chased for it, nothing
// counts it as missing; what was written in it is read by the successor, and by nobody new besides.
func TestWhatBothOweEndsWithTheUnitThatEnded(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.Units.Heirs = heirs
		th := b.ThanhHoa
		gone, sent, heir := th.ThoXuan.Committee, th.MuongLat.Committee, th.HacThanh.Committee
		a := b.ask("", false)
		old := b.write(a, gone, words("đang viết dở"))
		waiting := b.send(a, sent, words("đã gửi"))
		b.clock.Set(time.Date(2026, 7, 25, 2, 0, 0, 0, time.UTC))
		b.merged(gone, heir)
		b.merged(sent, heir)
		b.clock.Set(time.Date(2026, 8, 10, 2, 0, 0, 0, time.UTC))
		if p := b.count(a.ID); p.Overdue != 2 || p.Total != 3 {
			t.Fatalf("before: %+v", p)
		}
		estate := func(o world.Office) (n int) {
			b.must(func(tx *db.Tx) error {
				open, err := b.Units.Estate(tx, o.ID)
				for _, x := range open {
					n += x.Count
				}
				return err
			})
			return n
		}
		if e := []int{estate(gone), estate(sent)}; !slices.Equal(e, []int{1, 0}) {
			t.Errorf("a takeover is said to move %v", e)
		}
		if n := b.takenOver(gone, heir); n != 1 {
			t.Errorf("%d moved", n)
		}
		if n := b.takenOver(sent, heir); n != 0 {
			t.Errorf("%d moved of what waits for a verdict", n)
		}
		if n := estate(gone); n != 0 {
			t.Errorf("%d still open at the unit that ended", n)
		}

		if p := b.count(a.ID); p.Overdue != 1 || p.Total != 2 || p.HandedOver != 1 || p.Missing() != 1 || p.Submitted != 1 {
			t.Errorf("the asking unit counts %+v", p)
		}
		b.must(func(tx *db.Tx) error {
			s, err := b.r.Consolidated(tx, a)
			if slices.Contains(s.Missing, gone.ID) || !slices.Contains(s.Missing, heir.ID) {
				t.Errorf("missing: %v", s.Missing)
			}
			if err != nil {
				return err
			}
			for _, state := range []string{"late", "missing"} {
				rows, _, err := b.r.List(tx, th.Health.Officer, report.Filter{Request: a.ID, State: state})
				if err != nil || len(rows) != 1 || rows[0].Unit != heir.ID {
					t.Errorf("%s: %+v %v", state, rows, err)
				}
			}
			all, _, err := b.r.List(tx, th.Health.Officer, report.Filter{Request: a.ID})
			if err != nil || len(all) != 3 || all[2].State != report.HandedOver || all[2].Late(tx.Now) {
				t.Errorf("all: %+v %v", all, err)
			}
			asked, err := db.One[int](tx, `SELECT owing FROM report_request WHERE id = $1`, a.ID)
			if asked != 2 {
				t.Errorf("%d owe", asked)
			}
			return err
		})
		kinds, _ := b.r.Jobs()
		b.must(func(tx *db.Tx) error { _, err := jobs.Enqueue(tx, "report.remind", nil); return err })
		if err := jobs.RunAll(t.Context(), b.DB, kinds[:1]); err != nil {
			t.Fatal(err)
		}
		b.must(func(tx *db.Tx) error {
			if n, _, err := b.r.Chase(tx, th.Health.Officer, a.ID, report.Chasing{Text: "Gửi ngay"}); err != nil || n != 1 {
				t.Errorf("%d chased: %v", n, err)
			}
			if _, _, err := b.r.Chase(tx, th.Health.Officer, a.ID, report.Chasing{Units: []string{gone.ID}}); len(errs.FieldsOf(err)) != 1 {
				t.Errorf("the unit that ended is chased: %v", err)
			}
			chased, err := db.One[int](tx, `SELECT COUNT(*) FROM report_chase WHERE report_id = $1`, old.ID)
			if chased != 0 {
				t.Errorf("reminded %d times", chased)
			}
			return err
		})

		// Nothing is lost, nothing goes on.
		b.must(func(tx *db.Tx) error {
			r, err := b.r.Get(tx, heir.Officer, old.ID)
			if err != nil || !strings.Contains(r.Body, "đang viết dở") || r.State != report.HandedOver || r.Heir != heir.ID || r.Unit != gone.ID {
				t.Errorf("the successor reads %+v %v", r, err)
			}
			if _, err := b.r.Get(tx, sent.Officer, old.ID); !errs.Is(err, errs.NotFound) {
				t.Errorf("a neighbour reads it: %v", err)
			}
			if _, err := b.r.Get(tx, th.Health.Officer, old.ID); err != nil {
				t.Errorf("the asking unit: %v", err)
			}
			list, err := audit.List(tx, audit.Filter{Action: "report.handed_over"})
			if err != nil || len(list) != 1 || list[0].RecordID != old.ID {
				t.Errorf("log: %+v %v", list, err)
			}
			return nil
		})
		for what, f := range map[string]func(tx *db.Tx) error{
			"save":   func(tx *db.Tx) error { _, err := b.r.Save(tx, heir.Officer, old.ID, 0, words("x"), nil); return err },
			"submit": func(tx *db.Tx) error { _, err := b.r.Submit(tx, heir.Officer, old.ID, 0); return err },
			"extend": func(tx *db.Tx) error { return b.r.Extend(tx, th.Health.Officer, old.ID, until("2026-09-01"), "x") },
		} {
			if err := b.do(f); !errs.Is(err, errs.Conflict) {
				t.Errorf("%s: %v", what, err)
			}
		}
		// What waited for its verdict is returned: it ends by another takeover, with what was sent kept.
		b.must(func(tx *db.Tx) error {
			return b.r.Return(tx, th.Health.Officer, waiting.ID, 0, "thiếu số liệu", nil)
		})
		if n := estate(sent); n != 1 {
			t.Errorf("returned: %d open", n)
		}
		b.takenOver(sent, heir)
		if p := b.count(a.ID); p.Total != 1 || p.HandedOver != 2 || p.Returned != 0 {
			t.Errorf("after the second takeover: %+v", p)
		}
		// The successor sends its own, and the request is complete.
		mine := b.send(a, heir, words("của cả hai"))
		b.must(func(tx *db.Tx) error { return b.r.Approve(tx, th.Health.Officer, mine.ID, 0) })
		b.must(func(tx *db.Tx) error {
			s, err := b.r.Consolidated(tx, a)
			if err != nil || len(s.Missing) != 0 || s.Coverage.Reports != 1 {
				t.Errorf("missing %v of %d: %v", s.Missing, s.Coverage.Reports, err)
			}
			k, err := b.r.Freeze(tx, th.Health.Officer, a.ID)
			if err != nil {
				return err
			}
			same, err := b.r.Reproduce(tx, th.Health.Officer, a.ID, k.Number)
			if !same {
				t.Error("the frozen consolidation does not come out again")
			}
			return err
		})
	})
}

// What was approved once and unlocked stands as approved when its unit has ended: its figures stay in the sum.
func TestApprovedFiguresOutliveTheirUnit(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.Units.Heirs = heirs
		th := b.ThanhHoa
		gone, heir := th.ThoXuan.Committee, th.HacThanh.Committee
		a := b.ask("", false)
		r := b.send(a, gone, words("đã duyệt"))
		b.must(func(tx *db.Tx) error { return b.r.Approve(tx, th.Health.Officer, r.ID, 0) })
		b.must(func(tx *db.Tx) error { return b.r.Unlock(tx, th.Health.Officer, r.ID, "sai") })
		b.clock.Set(start.AddDate(0, 0, 5))
		b.merged(gone, heir)
		b.clock.Set(start.AddDate(0, 0, 6))
		b.takenOver(gone, heir)
		if p := b.count(a.ID); p.Total != 3 || p.Approved != 1 || p.HandedOver != 0 {
			t.Errorf("%+v", p)
		}
	})
}

// What a unit had asked for goes to its successor, which approves it and is not asked by itself; schedules go on in its name, not twice.
func TestRequestsOfAUnitThatEndedGoOn(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.Units.Heirs = heirs
		th := b.ThanhHoa
		gone, heir := th.Police, th.Health
		plan := func(o world.Office, form, every string) {
			b.must(func(tx *db.Tx) error {
				_, err := b.r.Plan(tx, policy.System("test"), report.Schedule{Unit: o.ID, Title: "Định kỳ", FormCode: form, Every: every, Addressees: "UBND các xã, phường", Days: 10})
				return err
			})
		}
		var a report.Asked
		b.must(func(tx *db.Tx) (err error) {
			a, err = b.r.Ask(tx, policy.System("test"), report.New{Unit: gone.ID, Title: "Kết quả", Due: until("2026-08-20"), Units: []string{th.HacThanh.Committee.ID, heir.ID}})
			return err
		})
		plan(gone, "", "month")
		plan(gone, "", "quarter")
		plan(heir, "", "quarter")
		r := b.send(a, th.HacThanh.Committee, words("gửi cho đơn vị cũ"))
		b.clock.Set(start.AddDate(0, 0, 5))
		b.merged(gone, heir)
		b.clock.Set(start.AddDate(0, 0, 6))
		if err := b.do(func(tx *db.Tx) error { return b.r.Approve(tx, heir.Officer, r.ID, 0) }); err == nil {
			t.Error("approved before the takeover")
		}
		if n := b.takenOver(gone, heir); n != 3 {
			t.Errorf("%d moved", n)
		}
		b.must(func(tx *db.Tx) error { return b.r.Approve(tx, heir.Officer, r.ID, 0) })
		if p := b.count(a.ID); p.Total != 1 || p.Approved != 1 || p.HandedOver != 1 {
			t.Errorf("the successor owes itself: %+v", p)
		}
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			active, err := db.All[string](tx, `SELECT every FROM report_schedule WHERE active = 1 AND unit_id = $1 ORDER BY every`, heir.ID)
			if err != nil || !slices.Equal(active, []string{"month", "quarter"}) {
				t.Errorf("schedules: %v %v", active, err)
			}
			left, err := db.One[int](tx, `SELECT COUNT(*) FROM report_schedule WHERE unit_id = $1`, gone.ID)
			if left != 0 {
				t.Errorf("%d schedules stay", left)
			}
			return err
		})
	})
}

// Two units had each asked their own communes for what the province asked of both; one went into the other. Both groups of reports come up as
// one sum, and the province is owed one report.
func TestCascadedRequestsOfBothBecomeOne(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.Units.Heirs = heirs
		th := b.ThanhHoa
		gone, heir := th.Police, th.Health
		ask := func(unit, parent string, of ...string) (a report.Asked) {
			b.must(func(tx *db.Tx) (err error) {
				a, err = b.r.Ask(tx, policy.System("test"), report.New{Unit: unit, Parent: parent, Title: "Kết quả", Due: until("2026-08-20"), Units: of})
				return err
			})
			return a
		}
		top := ask(th.Committee.ID, "", gone.ID, heir.ID)
		theirs, own := ask(gone.ID, top.ID, th.ThoXuan.Committee.ID, th.MuongLat.Committee.ID), ask(heir.ID, top.ID, th.HacThanh.Committee.ID, th.MuongLat.Committee.ID)
		one := b.send(theirs, th.ThoXuan.Committee, words("của Thọ Xuân"))
		two := b.send(own, th.HacThanh.Committee, words("của Hạc Thành"))
		b.clock.Set(start.AddDate(0, 0, 5))
		b.merged(gone, heir)
		b.clock.Set(start.AddDate(0, 0, 6))
		b.takenOver(gone, heir)
		for _, id := range []string{one.ID, two.ID} {
			b.must(func(tx *db.Tx) error { return b.r.Approve(tx, heir.Officer, id, 0) })
		}
		if p := b.count(top.ID); p.Total != 1 || p.HandedOver != 1 {
			t.Errorf("the province is owed %+v", p)
		}
		if p := b.count(own.ID); p.Total != 3 || p.Approved != 2 {
			t.Errorf("asked by the successor: %+v", p)
		}
		if p := b.count(theirs.ID); p.Total != 1 { // who reports on both stays where it is
			t.Errorf("left behind: %+v", p)
		}
		b.must(func(tx *db.Tx) error {
			s, err := b.r.Consolidated(tx, own)
			if err != nil || s.Coverage.Reports != 2 {
				t.Errorf("%d reports in the sum: %v", s.Coverage.Reports, err)
			}
			_, fills, err := b.r.Filled(tx, heir.ID, top)
			said := false
			for _, f := range fills {
				said = said || strings.Contains(f.Text, "2/3 báo cáo cấp dưới")
			}
			if !said {
				t.Errorf("%v: the report upward opens from %+v", err, fills)
			}
			states, err2 := db.All[string](tx, `SELECT state FROM report_request WHERE id = $1 AND unit_id = $2 AND owing = 1`, theirs.ID, heir.ID)
			if err2 != nil || !slices.Equal(states, []string{"open"}) {
				t.Errorf("the request taken over: %v %v", states, err2)
			}
			return err
		})
	})
}
