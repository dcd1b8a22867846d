package directive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"chungtay/app"
	"chungtay/audit"
	"chungtay/directive"
	"chungtay/docparse"
	"chungtay/docrender"
	"chungtay/docrender/lint"
	"chungtay/doctext"
	"chungtay/document"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/jobs"
	"chungtay/internal/world"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/task"
)

type bench struct {
	*world.World
	d     *directive.Directives
	clock *dbtest.Clock
	t     testing.TB
	told  []string // what the hooks were told
}

var start = time.Date(2026, 6, 20, 2, 0, 0, 0, time.UTC)

func newBench(t testing.TB, d *db.DB, clock *dbtest.Clock) *bench {
	w := world.New(t.(world.TB), d, app.Roles())
	b := &bench{World: w, clock: clock, t: t}
	b.d = &directive.Directives{Book: w.Book, Accounts: w.Accounts, Documents: &document.Documents{Book: w.Book, Legal: docparse.AntiTrafficking()}, Tasks: &task.Tasks{Book: w.Book, Accounts: w.Accounts}}
	b.d.Hooks.Issued = func(_ *db.Tx, _ policy.Actor, d directive.Directive, act []string) error {
		b.told = append(b.told, fmt.Sprintf("issued %s to %d", d.Symbol, len(act)))
		return nil
	}
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

// content is a whole plan of Sở Y tế Thanh Hóa.
func content() directive.Content {
	return directive.Content{Kind: "ke_hoach", Superior: []string{"ỦY BAN NHÂN DÂN", "TỈNH THANH HÓA"}, Issuer: []string{"SỞ Y TẾ"}, Tail: "KH-SYT", Place: "Thanh Hóa",
		Subject: "Hưởng ứng Ngày toàn dân phòng, chống mua bán người 30/7 năm 2026", Intro: "Sở Y tế ban hành Kế hoạch với những nội dung sau:",
		Aims:       []string{"Nâng cao nhận thức của người dân về phòng, chống mua bán người"},
		Addressees: []string{"Ủy ban nhân dân các xã, phường"},
		Work: []directive.Duty{{Text: "Treo băng rôn, phát thanh trên loa truyền thanh"}, {Text: "Rà soát, lập danh sách người có nguy cơ cao"},
			{Text: "Phối hợp tuần tra, nắm tình hình", Who: "Công an tỉnh", Due: deadline.New(deadline.Until, civil.MustParse("2026-07-25"))}},
		Period:  directive.Period{From: civil.MustParse("2026-07-01"), To: civil.MustParse("2026-07-30")},
		Slogans: []string{"Chung tay phòng, chống mua bán người"}, Hotlines: []string{"111"},
		Report:  directive.Report{Due: deadline.New(deadline.Before, civil.MustParse("2026-08-03"))},
		Closing: "Yêu cầu các đơn vị nghiêm túc triển khai thực hiện", Recipients: []string{"Ủy ban nhân dân tỉnh (b/c)", "Công an tỉnh (p/h)"}, Archive: "NVY",
		Authority: []string{"KT. GIÁM ĐỐC"}, SignerTitle: "PHÓ GIÁM ĐỐC", Signer: "Lò Thị Mẫu"}
}

// draft makes a draft of Sở Y tế.
func (b *bench) draft(c directive.Content) (d directive.Directive) {
	b.t.Helper()
	b.must(func(tx *db.Tx) (err error) {
		d, err = b.d.Start(tx, b.ThanhHoa.Health.Officer, b.ThanhHoa.Health.ID, c, directive.Directive{})
		return err
	})
	return d
}

// issued makes it and brings it out.
func (b *bench) issued(c directive.Content) directive.Directive {
	b.t.Helper()
	d := b.draft(c)
	b.out(d.ID, b.ThanhHoa.Health)
	return b.get(d.ID, b.ThanhHoa.Health.Officer)
}

func (b *bench) out(id string, o world.Office) {
	b.t.Helper()
	b.must(func(tx *db.Tx) error { return b.d.Submit(tx, o.Officer, id, 0, "") })
	b.must(func(tx *db.Tx) error { return b.d.Sign(tx, o.Leader, id, 0) })
	b.must(func(tx *db.Tx) error { _, err := b.d.Issue(tx, o.Clerk, id); return err })
}

func (b *bench) get(id string, by policy.Actor) (d directive.Directive) {
	b.t.Helper()
	b.must(func(tx *db.Tx) (err error) { d, err = b.d.Get(tx, by, id); return err })
	return d
}

// Who stands in for the leader of another unit than the one they work for is noted down with whose role it was, in that unit; and signs a paper
// alone whose signature says so and names them.
func TestSignedByDelegationIsNotedDown(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		so, by := b.ThanhHoa.Health, b.SonLa.Labour.Leader
		by.Grants = append(slices.Clone(by.Grants), policy.Grant{Role: "leader", Unit: so.ID, DelegatedBy: so.Leader.Person, Permissions: b.Book.Permissions("leader")})
		c := content()
		c.Authority, c.SignerTitle, c.Signer = nil, "GIÁM ĐỐC", by.Name
		d := b.draft(c)
		submit := func() { b.must(func(tx *db.Tx) error { return b.d.Submit(tx, so.Officer, d.ID, 0, "") }) }
		for _, wrong := range []func(c *directive.Content){
			func(c *directive.Content) { c.Authority = nil },
			func(c *directive.Content) { c.Authority, c.Signer = []string{"TUQ. GIÁM ĐỐC"}, "Lò Thị Mẫu" },
		} {
			wrong(&c)
			b.must(func(tx *db.Tx) error {
				_, err := b.d.Save(tx, so.Officer, d.ID, b.get2(tx, d.ID).Version, c)
				return err
			})
			submit()
			if m, _ := errs.TextOf(b.do(func(tx *db.Tx) error { return b.d.Sign(tx, by, d.ID, 0) })); m.Key != "directive.sign.lent_unmarked" {
				t.Errorf("signed for somebody else as %q %q: %v", c.Authority, c.Signer, m)
			}
			b.must(func(tx *db.Tx) error { return b.d.TakeBack(tx, so.Officer, d.ID) })
		}
		c.Signer = by.Name
		b.must(func(tx *db.Tx) error {
			_, err := b.d.Save(tx, so.Officer, d.ID, b.get2(tx, d.ID).Version, c)
			return err
		})
		submit()
		b.must(func(tx *db.Tx) error { return b.d.Sign(tx, by, d.ID, 0) })
		b.must(func(tx *db.Tx) error {
			list, err := audit.List(tx, audit.Filter{Record: d.ID, Action: "directive.signed"})
			if len(list) != 1 || list[0].UnitID != so.ID || list[0].DelegatedBy != so.Leader.Person {
				t.Errorf("signed as %+v, want in %s for %s", list, so.ID, so.Leader.Person)
			}
			return err
		})
	})
}

func TestFromDraftToIssue(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		so := b.ThanhHoa.Health
		c := content()
		c.Signer, c.Recipients = "", nil
		d := b.draft(c)
		err := b.do(func(tx *db.Tx) error { return b.d.Submit(tx, so.Officer, d.ID, 0, "") })
		var fields []string
		for _, f := range errs.FieldsOf(err) {
			fields = append(fields, f.Name)
		}
		if x := cmp.Diff([]string{"signer", "recipients"}, fields); x != "" {
			t.Error("what is missing:", x)
		}
		b.must(func(tx *db.Tx) error { _, err := b.d.Save(tx, so.Officer, d.ID, d.Version, content()); return err })
		if err := b.do(func(tx *db.Tx) error { return b.d.Sign(tx, so.Leader, d.ID, 0) }); !errs.Is(err, errs.Conflict) {
			t.Errorf("a draft was signed: %v", err)
		}
		b.must(func(tx *db.Tx) error { return b.d.Submit(tx, so.Officer, d.ID, 0, so.Leader.Person) })
		if err := b.do(func(tx *db.Tx) error { return b.d.Sign(tx, so.Officer, d.ID, 0) }); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an officer signed: %v", err)
		}
		if err := b.do(func(tx *db.Tx) error { return b.d.Sign(tx, so.Leader, d.ID, 1) }); !errs.Is(err, errs.Conflict) {
			t.Errorf("signed another version than was read: %v", err)
		}
		b.must(func(tx *db.Tx) error { return b.d.Return(tx, so.Leader, d.ID, "Bổ sung khẩu hiệu") })
		b.must(func(tx *db.Tx) error { return b.d.Submit(tx, so.Officer, d.ID, 0, "") })
		b.must(func(tx *db.Tx) error { return b.d.Sign(tx, so.Leader, d.ID, 0) })
		if err := b.do(func(tx *db.Tx) error { _, err := b.d.Save(tx, so.Officer, d.ID, 0, content()); return err }); !errs.Is(err, errs.Conflict) {
			t.Errorf("edited after the signature: %v", err)
		}
		if err := b.do(func(tx *db.Tx) error { _, err := b.d.Issue(tx, so.Leader, d.ID); return err }); !errs.Is(err, errs.Forbidden) {
			t.Errorf("issued by who is no clerk: %v", err)
		}
		b.must(func(tx *db.Tx) error { _, err := b.d.Issue(tx, so.Clerk, d.ID); return err })
		got := b.get(d.ID, so.Officer)
		if got.State != directive.Issued || got.Symbol != "01/KH-SYT" || got.IssuedOn.String() != "2026-06-20" {
			t.Errorf("%s %s %s", got.State, got.Symbol, got.IssuedOn)
		}
		if err := b.do(func(tx *db.Tx) error { _, err := b.d.Issue(tx, so.Clerk, d.ID); return err }); !errs.Is(err, errs.Conflict) {
			t.Errorf("issued twice: %v", err)
		}
		// Three communes and the police have it: one task each for the communes, one for the police alone.
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			list, err := directive.Addressees(tx, d.ID)
			if err != nil {
				return err
			}
			if len(list) != 4 {
				t.Errorf("%d addressees", len(list))
			}
			sum, err := task.PerUnitOf(tx, d.ID)
			if err != nil {
				return err
			}
			if sum[b.ThanhHoa.HacThanh.Committee.ID].Total != 1 || sum[b.ThanhHoa.Police.ID].Total != 2 {
				t.Errorf("tasks: %+v", sum)
			}
			rows, _, err := b.d.Tasks.List(tx, b.ThanhHoa.Police.Officer, task.Filter{Directive: d.ID, Words: "tuần tra"})
			if err != nil {
				return err
			}
			if len(rows) != 1 || rows[0].DueWords != "chậm nhất ngày 25/7/2026" {
				t.Errorf("%+v", rows)
			}
			papers, err := b.d.Documents.Get(tx, so.Officer, got.Document)
			if err != nil {
				return err
			}
			text, err := document.Text(tx, papers)
			if err == nil && !strings.Contains(text, "Số: 01/KH-SYT") {
				t.Errorf("the frozen text lacks its number: %.200s", text)
			}
			return err
		})
		if x := cmp.Diff([]string{"issued 01/KH-SYT to 4"}, b.told); x != "" {
			t.Error("hooks:", x)
		}
		b.told = nil
	})
}

func TestWhoSeesWhat(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		d := b.draft(content())
		see := func(by policy.Actor) bool {
			err := b.do(func(tx *db.Tx) error { _, err := b.d.Get(tx, by, d.ID); return err })
			if err != nil && !errs.Is(err, errs.NotFound) {
				t.Fatal(err)
			}
			in := false
			dbtest.Read(t, b.DB, func(tx *db.Tx) error {
				rows, n, err := b.d.List(tx, by, directive.Filter{})
				for _, r := range rows {
					in = in || r.ID == d.ID
				}
				if n != len(rows) {
					t.Errorf("%d rows, counted %d", len(rows), n)
				}
				return err
			})
			if in != (err == nil) {
				t.Errorf("%s: in the list %v, may open %v", by.Name, in, err == nil)
			}
			return err == nil
		}
		all := map[string]policy.Actor{"own": b.ThanhHoa.Health.Officer, "commune": b.ThanhHoa.HacThanh.Committee.Officer, "above": b.ThanhHoa.Committee.Leader, "foreign": b.SonLa.Labour.Officer, "to know": b.ThanhHoa.Committee.Officer}
		want := map[string]bool{"own": true}
		for who, a := range all {
			if see(a) != want[who] {
				t.Errorf("draft, %s: %v", who, !want[who])
			}
		}
		b.out(d.ID, b.ThanhHoa.Health)
		want = map[string]bool{"own": true, "commune": true, "above": true, "to know": true}
		for who, a := range all {
			if see(a) != want[who] {
				t.Errorf("issued, %s: %v", who, !want[who])
			}
		}
		b.told = nil
	})
}

func TestReceiveAndCarryOn(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		d := b.issued(content())
		commune := b.ThanhHoa.HacThanh.Committee
		if err := b.do(func(tx *db.Tx) error {
			return b.d.Acknowledge(tx, commune.Officer, d.ID, b.ThanhHoa.ThoXuan.Committee.ID)
		}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("received for another commune: %v", err)
		}
		b.must(func(tx *db.Tx) error { return b.d.Acknowledge(tx, commune.Clerk, d.ID, commune.ID) })
		b.must(func(tx *db.Tx) error { return b.d.Acknowledge(tx, commune.Clerk, d.ID, commune.ID) })
		var own directive.Directive
		b.must(func(tx *db.Tx) (err error) { own, err = b.d.Cascade(tx, commune.Officer, d.ID, commune.ID); return err })
		b.must(func(tx *db.Tx) error {
			again, err := b.d.Cascade(tx, commune.Officer, d.ID, commune.ID)
			if again.ID != own.ID {
				t.Error("carried on twice")
			}
			return err
		})
		c := own.Content.V
		if !strings.Contains(c.Intro, "Kế hoạch số 01/KH-SYT ngày 20/6/2026 của Sở Y tế tỉnh Thanh Hóa") && !strings.Contains(c.Intro, "Kế hoạch số 01/KH-SYT ngày 20/6/2026 của Sở Y tế") {
			t.Errorf("the one above is not quoted: %q", c.Intro)
		}
		if len(c.Work) != 2 {
			t.Errorf("duties taken over: %+v", c.Work)
		}
		if c.Report.Due.After(d.ReportDue()) || c.Report.Due.IsZero() {
			t.Errorf("due %s, above %s", c.Report.Due.Words, d.ReportDue().Words)
		}
		c.Report.Due = deadline.New(deadline.Until, civil.MustParse("2026-08-03"))
		c.Addressees = []string{"Phòng Văn hóa - Xã hội"}
		c.Signer, c.SignerTitle = "Hà Văn Páo", "CHỦ TỊCH"
		b.must(func(tx *db.Tx) (err error) {
			own, err = b.d.Save(tx, commune.Officer, own.ID, own.Version, c)
			return err
		})
		if f := errs.FieldsOf(b.do(func(tx *db.Tx) error { return b.d.Submit(tx, commune.Officer, own.ID, 0, "") })); len(f) != 1 || f[0].Name != "report" {
			t.Errorf("a deadline later than the one above: %v", f)
		}
		c.Report.Due = deadline.New(deadline.Until, civil.MustParse("2026-08-02"))
		c.Work[1].Due = deadline.New(deadline.Until, civil.MustParse("2026-08-03"))
		b.must(func(tx *db.Tx) (err error) {
			own, err = b.d.Save(tx, commune.Officer, own.ID, own.Version, c)
			return err
		})
		if f := errs.FieldsOf(b.do(func(tx *db.Tx) error { return b.d.Submit(tx, commune.Officer, own.ID, 0, "") })); len(f) != 1 || f[0].Name != "duty2_due" {
			t.Errorf("a duty later than everything asked above: %v", f)
		}
		c.Work[1].Due, c.Report.Due = deadline.Deadline{}, deadline.Deadline{}
		b.must(func(tx *db.Tx) error { _, err := b.d.Save(tx, commune.Officer, own.ID, own.Version, c); return err })
		b.out(own.ID, commune)
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			rows, _, err := b.d.Tasks.List(tx, commune.Officer, task.Filter{Directive: own.ID})
			for _, r := range rows {
				if r.Due().Last() != d.ReportDue().Last() {
					t.Errorf("without a deadline of its own it is due %s, not when the unit itself is", r.Due().Last())
				}
			}
			return err
		})
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			tree, err := directive.Tree(tx, b.get2(tx, d.ID))
			if err != nil {
				return err
			}
			if len(tree.Children) != 1 || tree.Children[0].Unit != commune.ID || tree.Own.Received != 1 || tree.All.Act != 5 || tree.Children[0].Above.Total != 1 {
				t.Errorf("%+v", tree)
			}
			// The units that made nothing of their own are the leaves, on both levels; who carried it on is a branch alone.
			var leaves []string
			for _, x := range []*directive.Branch{tree, tree.Children[0]} {
				for _, l := range x.Leaves {
					leaves = append(leaves, l.Unit)
					if l.Work.Total == 0 || !l.Received.IsZero() || l.Silent {
						t.Errorf("leaf %+v", l)
					}
				}
			}
			want := []string{b.ThanhHoa.MuongLat.Committee.ID, b.ThanhHoa.ThoXuan.Committee.ID, b.ThanhHoa.Police.ID, b.ThanhHoa.HacThanh.Social.ID}
			if x := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(leaves))); x != "" {
				t.Error("leaves:", x)
			}
			return nil
		})
		b.told = nil
	})
}

func (b *bench) get2(tx *db.Tx, id string) directive.Directive {
	d, err := directive.Find(tx, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

func TestRecallAndReplace(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		so := b.ThanhHoa.Health
		d := b.issued(content())
		if f := errs.FieldsOf(b.do(func(tx *db.Tx) error { return b.d.Recall(tx, so.Clerk, d.ID, " ") })); len(f) != 1 {
			t.Error("recalled without a reason")
		}
		var next directive.Directive
		b.must(func(tx *db.Tx) (err error) { next, err = b.d.Replace(tx, so.Officer, d.ID, "replace"); return err })
		b.out(next.ID, so)
		old, now := b.get(d.ID, so.Officer), b.get(next.ID, so.Officer)
		if old.State != directive.Recalled || old.Symbol != "01/KH-SYT" || now.State != directive.Issued || now.Symbol != "02/KH-SYT" {
			t.Errorf("old %s %s, new %s %s", old.State, old.Symbol, now.State, now.Symbol)
		}
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			paper, err := b.d.Documents.Get(tx, so.Officer, old.Document)
			if err != nil || paper.State != document.Withdrawn || paper.WithdrawnWhy != "Được thay thế bằng Kế hoạch số 02/KH-SYT" {
				t.Errorf("the paper: %s, %q, %v", paper.State, paper.WithdrawnWhy, err)
			}
			steps, err := db.All[string](tx, `SELECT kind || ' ' || note FROM directive_event WHERE directive_id = $1 AND kind IN ('replaced', 'recalled')`, d.ID)
			if x := cmp.Diff([]string{"replaced 02/KH-SYT"}, steps); x != "" {
				t.Error("timeline:", x)
			}
			told, err2 := db.One[int](tx, `SELECT COUNT(*) FROM notify_notice WHERE kind = 'directive.replaced' AND unit_id = $1`, b.ThanhHoa.HacThanh.Committee.ID)
			if told != 1 || err2 != nil {
				t.Errorf("addressees were told %d times: %v", told, err2)
			}
			return err
		})
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			sum, err := task.OfDirective(tx, []string{d.ID, next.ID})
			if sum[d.ID].Cancelled != sum[d.ID].Total || sum[next.ID].Open != sum[next.ID].Total {
				t.Errorf("work: %+v", sum)
			}
			return err
		})
		b.told = nil
	})
}

// What is wrong in form is corrected by a letter: to everybody who has the directive, with what is put right, and without any work or report; the
// directive stays in force.
func TestCorrection(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		so, commune := b.ThanhHoa.Health, b.ThanhHoa.HacThanh.Committee
		d := b.issued(content())
		var fix directive.Directive
		b.must(func(tx *db.Tx) (err error) { fix, err = b.d.Replace(tx, so.Officer, d.ID, "correct"); return err })
		c := fix.Content.V
		if c.Kind != "cong_van" || c.Subject != "đính chính Kế hoạch số 01/KH-SYT" || !strings.Contains(c.Intro, "Kế hoạch số 01/KH-SYT ngày 20/6/2026 của Sở Y tế") || len(c.Work) != 0 || !c.Report.Due.IsZero() {
			t.Errorf("%+v", c)
		}
		if f := errs.FieldsOf(b.do(func(tx *db.Tx) error { return b.d.Submit(tx, so.Officer, fix.ID, 0, "") })); len(f) != 1 || f[0].Key != "directive.need.corrected" {
			t.Errorf("a correction that puts nothing right: %v", f)
		}
		c.Work = []directive.Duty{{Text: "Tại phần căn cứ, ghi “năm 2062”, nay sửa là “năm 2026”"}}
		c.Addressees = []string{"Ủy ban nhân dân phường Hạc Thành"} // the others have it all the same
		b.must(func(tx *db.Tx) error { _, err := b.d.Save(tx, so.Officer, fix.ID, fix.Version, c); return err })
		b.told = nil
		b.out(fix.ID, so)
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			sum, err := task.OfDirective(tx, []string{d.ID, fix.ID})
			if sum[fix.ID].Total != 0 || sum[d.ID].Open == 0 || len(b.told) != 0 {
				t.Errorf("work of the correction %+v, of the directive %+v; told %v", sum[fix.ID], sum[d.ID], b.told)
			}
			for id, want := range map[string]int{d.ID: 4, fix.ID: 4} {
				if list, _ := directive.Addressees(tx, id); len(list) != want {
					t.Errorf("%d addressees, want %d", len(list), want)
				}
			}
			return err
		})
		if old := b.get(d.ID, so.Officer); old.State != directive.Issued {
			t.Errorf("the directive corrected is %s", old.State)
		}
		if err := b.do(func(tx *db.Tx) error { _, err := b.d.Cascade(tx, commune.Officer, fix.ID, commune.ID); return err }); !errs.Is(err, errs.NotFound) {
			t.Errorf("a correction was carried on: %v", err)
		}
		b.told = nil
	})
}

// A duty has who cooperates and when it begins; the cooperating unit sees the task, and has the paper to know.
func TestWorkWithCooperatingUnits(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		c := content()
		c.Work[2].With = "Sở Nội vụ"
		c.Work[0].With = "Công an tỉnh"
		c.Recipients = []string{"Như trên"}
		d := b.issued(c)
		if paper := directive.Plain(d.Paper()); !strings.Contains(paper, "Đơn vị phối hợp: Công an tỉnh.") {
			t.Errorf("who cooperates is not on the paper:\n%s", paper)
		}
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			rows, _, err := b.d.Tasks.List(tx, b.ThanhHoa.Police.Officer, task.Filter{Directive: d.ID})
			lead, with := 0, 0
			for _, r := range rows {
				if r.Unit == b.ThanhHoa.Police.ID {
					lead++
				} else {
					with++
				}
				if r.Start.String() != "2026-07-01" {
					t.Errorf("begins %s", r.Start)
				}
			}
			if lead != 2 || with != 3 {
				t.Errorf("the police lead %d and cooperate in %d", lead, with)
			}
			return err
		})
		b.told = nil
	})
}

// A unit that enters the paper in its register has received the directive; one that confirmed receipt has opened the paper for the register of
// sending.
func TestEnteredIsReceived(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.d.Documents.Entered = b.d.Entered
		d := b.issued(content())
		one, two := b.ThanhHoa.HacThanh.Committee, b.ThanhHoa.ThoXuan.Committee
		b.must(func(tx *db.Tx) error {
			_, err := b.d.Documents.Enter(tx, one.Clerk, d.Document, one.ID, document.Entry{})
			return err
		})
		b.must(func(tx *db.Tx) error { return b.d.Acknowledge(tx, two.Officer, d.ID, two.ID) })
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			list, err := directive.Addressees(tx, d.ID)
			for _, a := range list {
				if want := a.Unit == one.ID || a.Unit == two.ID; a.ReceivedAt.IsZero() == want {
					t.Errorf("%s received at %s", a.Unit, a.ReceivedAt)
				}
			}
			if err != nil {
				return err
			}
			sent, _, err := b.d.Documents.Deliveries(tx, b.ThanhHoa.Health.Officer, d.Document, 1, 50)
			for _, x := range sent {
				if x.Unit == two.ID && x.OpenedAt.IsZero() {
					t.Error("receipt was confirmed, and the register of sending does not say so")
				}
			}
			return err
		})
		b.told = nil
	})
}

func TestBriefing(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		c := content()
		c.Briefing = true
		d := b.issued(c)
		commune := b.ThanhHoa.HacThanh.Committee
		if f := errs.FieldsOf(b.do(func(tx *db.Tx) error {
			return b.d.NameReaders(tx, commune.Leader, d.ID, commune.ID, []string{b.Stranger.Person})
		})); len(f) != 1 {
			t.Error("a stranger was named")
		}
		b.must(func(tx *db.Tx) error {
			return b.d.NameReaders(tx, commune.Leader, d.ID, commune.ID, []string{commune.Officer.Person, commune.Clerk.Person})
		})
		b.must(func(tx *db.Tx) error { return b.d.Confirm(tx, commune.Officer, d.ID) })
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			for unit, want := range map[string]directive.Briefing{commune.ID: {Named: 2, Confirmed: 1}, b.ThanhHoa.Committee.ID: {Named: 2, Confirmed: 1}, b.ThanhHoa.ThoXuan.Committee.ID: {}} {
				got, err := directive.BriefingOf(tx, d.ID, unit)
				if err != nil {
					return err
				}
				if got != want {
					t.Errorf("%+v, want %+v", got, want)
				}
			}
			return nil
		})
		b.told = nil
	})
}

// Two people write at once: what they wrote in different parts is kept, the same part is refused with both texts.
func TestNobodysEditIsLost(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		d := b.draft(content())
		one, two := content(), content()
		one.Subject = "Trích yếu của người thứ nhất"
		two.Aims = []string{"Mục đích của người thứ hai"}
		b.must(func(tx *db.Tx) error { _, err := b.d.Save(tx, b.ThanhHoa.Health.Officer, d.ID, 1, one); return err })
		b.must(func(tx *db.Tx) error { _, err := b.d.Save(tx, b.ThanhHoa.Health.Leader, d.ID, 1, two); return err })
		got := b.get(d.ID, b.ThanhHoa.Health.Officer).Content.V
		if got.Subject != one.Subject || got.Aims[0] != two.Aims[0] {
			t.Errorf("%q %q", got.Subject, got.Aims)
		}
		three := content()
		three.Subject = "Trích yếu của người thứ ba"
		err := b.do(func(tx *db.Tx) error { _, err := b.d.Save(tx, b.ThanhHoa.Health.Leader, d.ID, 1, three); return err })
		var stale *directive.Stale
		if !errs.Is(err, errs.Conflict) || !errors.As(err, &stale) || len(stale.Fields) != 1 || stale.Fields[0].Mine != three.Subject || stale.Fields[0].Theirs != one.Subject {
			t.Errorf("%v %+v", err, stale)
		}
	})
}

func TestMergeKeepsEveryChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"a", "b", "c"})
		draw := func(c directive.Content, label string) directive.Content {
			if rapid.Bool().Draw(t, label+" subject") {
				c.Subject = text.Draw(t, label)
			}
			if rapid.Bool().Draw(t, label+" place") {
				c.Place = text.Draw(t, label)
			}
			if rapid.Bool().Draw(t, label+" aims") {
				c.Aims = []string{text.Draw(t, label)}
			}
			return c
		}
		base := draw(directive.Content{Subject: "a", Place: "a", Aims: []string{"a"}}, "base")
		mine, theirs := draw(base, "mine"), draw(base, "theirs")
		out, stale := directive.Merge(base, mine, theirs)
		bad := map[string]bool{}
		for _, s := range stale {
			bad[s.Name] = true
		}
		check := func(name, b, m, h, o string) {
			switch {
			case m != b && h != b && m != h:
				if !bad[name] {
					t.Fatalf("%s: both changed it, nobody was told", name)
				}
			case m != b && o != m, m == b && o != h:
				t.Fatalf("%s: base %q mine %q theirs %q became %q", name, b, m, h, o)
			}
		}
		check("subject", base.Subject, mine.Subject, theirs.Subject, out.Subject)
		check("place", base.Place, mine.Place, theirs.Place, out.Place)
		check("aims", base.Aims[0], mine.Aims[0], theirs.Aims[0], out.Aims[0])
	})
}

func TestLastYearsDirectiveMovesOn(t *testing.T) {
	c := content()
	c.Work[0].Text = "Tổng kết năm 2026, xây dựng kế hoạch năm 2027; giữ nguyên Nghị định số 162/2025/NĐ-CP"
	got := c.Shift(1)
	if got.Subject != "Hưởng ứng Ngày toàn dân phòng, chống mua bán người 30/7 năm 2027" || got.Report.Due.Words != "trước ngày 03/8/2027" || got.Period.From.String() != "2027-07-01" {
		t.Errorf("%q %q %v", got.Subject, got.Report.Due.Words, got.Period)
	}
	if got.Work[0].Text != "Tổng kết năm 2027, xây dựng kế hoạch năm 2028; giữ nguyên Nghị định số 162/2025/NĐ-CP" {
		t.Error(got.Work[0].Text)
	}
	if len(got.Slogans) != 0 {
		t.Error("last year's slogans slipped in")
	}
}

// What we write can be read back: the plain text and the reader agree about number, date, tasks, deadline.
func TestThePaperReadsBack(t *testing.T) {
	c := content()
	p := c.Paper(7, civil.MustParse("2026-07-01"))
	r := docparse.Read(directive.Plain(p), docparse.Options{Register: docparse.AntiTrafficking()})
	if r.Number.Text != "07/KH-SYT" || r.Kind != docparse.Plan || r.IssuedOn.Day != 1 || r.IssuedOn.Month != 7 || r.Signer.Value != c.Signer {
		t.Errorf("%q %s %v %q", r.Number.Text, r.Kind, r.IssuedOn, r.Signer.Value)
	}
	if len(r.Deadlines) != 1 || r.Deadlines[0].Words != "trước ngày 03/8/2026" {
		t.Errorf("%+v", r.Deadlines)
	}
	if len(r.Slogans) != 1 || r.Slogans[0].Value != c.Slogans[0] {
		t.Errorf("%+v", r.Slogans)
	}
	var b bytes.Buffer
	if err := docrender.DOCX(&b, p); err != nil {
		t.Error(err)
	}
	if err := docrender.PDF(&b, p); err != nil {
		t.Error(err)
	}
}

// ours is a letter of the unit itself with blanks, of our own wording.
const ours = `Thanh Hóa, ngày     tháng 6 năm 2026
Kính gửi: Thủ trưởng các đơn vị trực thuộc Sở.
Thực hiện Kế hoạch số 31/KH-UBND ngày 05/6/2026 của Ủy ban nhân dân tỉnh về hưởng ứng “Ngày toàn dân phòng, chống mua bán người” năm 2026;
Sở Y tế đề nghị Thủ trưởng các đơn vị thực hiện những nội dung sau:
1. Tuyên truyền tại đơn vị với các khẩu hiệu:
- “Cùng nhau giữ bình yên cho mỗi gia đình”
2. Phổ biến đường dây nóng 111 cho người bệnh và người nhà.
Nhận được công văn này, đề nghị các đơn vị tổ chức thực hiện nghiêm túc; báo cáo kết quả về Sở Y tế trước ngày 03/8/2026./.
Nơi nhận:
- Như trên;
- Công an tỉnh (p/h);
- Lưu: VT, NVY.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
Lò Thị Mẫu`

// A draft from a letter typed without marks says what was typed: marks that the reader puts back to understand it are guesses.
func TestADraftKeepsWhatWasTyped(t *testing.T) {
	d := dbtest.SQLite(t, app.Migrations(), db.Options{Clock: dbtest.NewClock(start).Now})
	b := newBench(t, d, nil)
	strip := strings.NewReplacer("đ", "d", "Đ", "D").Replace
	unmarked := func(s string) string {
		return strip(strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return r
		}, norm.NFD.String(s)))
	}
	typed := unmarked(ours)
	var c directive.Content
	b.must(func(tx *db.Tx) (err error) {
		c, err = b.d.FromReading(tx, b.ThanhHoa.Health.ID, docparse.Read(typed, docparse.Options{}), true)
		return err
	})
	if c.Intro == "" || len(c.Work) == 0 {
		t.Fatalf("nothing was taken over: %+v", c)
	}
	for _, s := range []string{c.Intro, c.Work[0].Text} {
		for line := range strings.Lines(s) {
			if x := strings.Trim(line, "- \n"); unmarked(x) != x {
				t.Errorf("%q is not what was typed", x)
			}
		}
	}
}

// A draft takes everything a paper says and says nothing twice.
func TestADraftFromAPaper(t *testing.T) {
	d := dbtest.SQLite(t, app.Migrations(), db.Options{Clock: dbtest.NewClock(start).Now})
	b := newBench(t, d, nil)
	read := func(text string, own bool) (c directive.Content) {
		b.must(func(tx *db.Tx) (err error) {
			c, err = b.d.FromReading(tx, b.ThanhHoa.Health.ID, docparse.Read(text, docparse.Options{Register: docparse.AntiTrafficking()}), own)
			return err
		})
		return c
	}
	c := read(ours, true)
	want := directive.Content{Kind: "cong_van", Superior: []string{"ỦY BAN NHÂN DÂN TỈNH THANH HÓA"}, Issuer: []string{"SỞ Y TẾ"}, Tail: "SYT-NVY", Place: "Thanh Hóa",
		Subject:    "triển khai các hoạt động hưởng ứng “Ngày toàn dân phòng, chống mua bán người” năm 2026",
		Addressees: []string{"Thủ trưởng các đơn vị trực thuộc Sở"},
		Intro:      "Thực hiện Kế hoạch số 31/KH-UBND ngày 05/6/2026 của Ủy ban nhân dân tỉnh về hưởng ứng “Ngày toàn dân phòng, chống mua bán người” năm 2026;\nSở Y tế đề nghị Thủ trưởng các đơn vị thực hiện những nội dung sau:",
		Work: []directive.Duty{{Numbering: "1", Text: "Tuyên truyền tại đơn vị với các khẩu hiệu:\n- “Cùng nhau giữ bình yên cho mỗi gia đình”"},
			{Numbering: "2", Text: "Phổ biến đường dây nóng 111 cho người bệnh và người nhà."}},
		Slogans: []string{"Cùng nhau giữ bình yên cho mỗi gia đình"}, Hotlines: []string{"111"},
		Report:  directive.Report{Due: deadline.New(deadline.Before, civil.MustParse("2026-08-03")), To: "Sở Y tế"},
		Closing: "Nhận được công văn này, đề nghị các đơn vị tổ chức thực hiện nghiêm túc", Recipients: []string{"Như trên", "Công an tỉnh (p/h)"}, Archive: "NVY",
		Authority: []string{"KT. GIÁM ĐỐC"}, SignerTitle: "PHÓ GIÁM ĐỐC", Signer: "Lò Thị Mẫu"}
	if x := cmp.Diff(want, c); x != "" {
		t.Error(x)
	}
	paper := directive.Plain(c.Paper(0, civil.Date{}))
	for _, s := range []string{"31/KH-UBND", "giữ bình yên", "đường dây nóng 111"} {
		if strings.Count(paper, s) != 1 {
			t.Errorf("%q stands %d times in\n%s", s, strings.Count(paper, s), paper)
		}
	}
	c = read(strings.Replace(ours, "Nhận được công văn này, đề nghị các đơn vị tổ chức thực hiện nghiêm túc; báo cáo", "Báo cáo", 1), true)
	if got := c.Work[1].Text; got != "Phổ biến đường dây nóng 111 cho người bệnh và người nhà." {
		t.Errorf("the report is a part of a duty: %q", got)
	}
	// A deadline in the words of a duty is the duty's own; that of the report stays the report's.
	c = read(strings.Replace(ours, "Phổ biến đường dây nóng 111 cho người bệnh và người nhà.", "Phổ biến đường dây nóng 111 cho người bệnh; hoàn thành chậm nhất ngày 20/7/2026.", 1), true)
	if due := c.Work[1].Due; due.Day != civil.MustParse("2026-07-20") || due.Bound != deadline.Until || due.Words != "chậm nhất ngày 20/7/2026" || c.Report.Due.Day != civil.MustParse("2026-08-03") {
		t.Errorf("the duty is due %+v, the report %+v", due, c.Report.Due)
	}
	news := read("Xã biên giới vào cuộc\n\nThực hiện Công văn số 12/UBND-VX ngày 03/6/2026 của Ủy ban nhân dân tỉnh, hôm qua xã đã mít tinh, phổ biến số điện thoại đường dây nóng (111 và 18001567) cho phụ nữ trong bản.", false)
	if strings.Contains(news.Intro, "số  ") || !strings.HasPrefix(news.Intro, "Thực hiện Công văn số 12/UBND-VX ngày 03/6/2026") {
		t.Errorf("from a news item: %q", news.Intro)
	}
	if x := cmp.Diff([]string{"111"}, news.Hotlines); x != "" {
		t.Error("hotlines handed on:", x)
	}
}

// A directive to many units goes out by a job, in one piece.
func TestManyUnitsByAJob(t *testing.T) {
	d := dbtest.SQLite(t, app.Migrations(), db.Options{Clock: dbtest.NewClock(start).Now})
	b := newBench(t, d, nil)
	dir := b.draft(content())
	b.must(func(tx *db.Tx) error { return b.d.Submit(tx, b.ThanhHoa.Health.Officer, dir.ID, 0, "") })
	b.must(func(tx *db.Tx) error { return b.d.Sign(tx, b.ThanhHoa.Health.Leader, dir.ID, 0) })
	b.d.AtOnce = 2
	b.must(func(tx *db.Tx) error {
		later, err := b.d.Issue(tx, b.ThanhHoa.Health.Clerk, dir.ID)
		if !later {
			t.Error("no job")
		}
		return err
	})
	if s := b.get(dir.ID, b.ThanhHoa.Health.Officer).State; s != directive.Issuing {
		t.Errorf("%s", s)
	}
	var during directive.Step
	issued := b.d.Hooks.Issued
	b.d.Hooks.Issued = func(tx *db.Tx, by policy.Actor, d directive.Directive, units []string) error {
		during, _ = b.d.Running(d.ID)
		if issued == nil {
			return nil
		}
		return issued(tx, by, d, units)
	}
	kinds, _ := b.d.Jobs()
	if err := jobs.RunAll(context.Background(), d, kinds); err != nil {
		t.Fatal(err)
	}
	if during.Done != 2 || during.Text.Key != "directive.issue_step.reports" || !slices.Equal(during.Text.Args, []any{4}) {
		t.Errorf("while the reports are asked for, issuing is at %+v", during)
	}
	if s, ok := b.d.Running(dir.ID); ok {
		t.Errorf("it is over, and at %+v", s)
	}
	if x := b.get(dir.ID, b.ThanhHoa.Health.Officer); x.State != directive.Issued || x.Addressees != 4 {
		t.Errorf("%s to %d", x.State, x.Addressees)
	}

	// What the job cannot do and no waiting cures goes back to the clerk with the reason.
	b.d.Hooks.Issued = func(*db.Tx, policy.Actor, directive.Directive, []string) error {
		return errs.AtField("report", "directive.too_long", 5)
	}
	dir = b.draft(content())
	b.must(func(tx *db.Tx) error { return b.d.Submit(tx, b.ThanhHoa.Health.Officer, dir.ID, 0, "") })
	b.must(func(tx *db.Tx) error { return b.d.Sign(tx, b.ThanhHoa.Health.Leader, dir.ID, 0) })
	b.must(func(tx *db.Tx) error { _, err := b.d.Issue(tx, b.ThanhHoa.Health.Clerk, dir.ID); return err })
	if err := jobs.RunAll(context.Background(), d, kinds); err != nil {
		t.Fatal(err)
	}
	if x := b.get(dir.ID, b.ThanhHoa.Health.Officer); x.State != directive.Signed || x.Symbol != "" {
		t.Errorf("after a refused issue: %s %q", x.State, x.Symbol)
	}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		told, err := db.All[string](tx, `SELECT word FROM notify_notice WHERE kind = 'directive.issue_failed' AND to_id = $1 ORDER BY word`, b.ThanhHoa.Health.Clerk.Person)
		if x := cmp.Diff([]string{"directive.notice.issue_failed", "directive.too_long"}, told); x != "" {
			t.Error("the clerk was told:", x)
		}
		return err
	})
}

// BenchmarkIssue issues to 11,000 units: number, text, deliveries, tasks, notices in one transaction; and opens the tree.
func BenchmarkIssue(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			var d *db.DB
			if kind == "sqlite" {
				d = dbtest.SQLite(b, app.Migrations(), db.Options{})
			} else {
				d = dbtest.Postgres(b, app.Migrations(), db.Options{})
			}
			x := newBench(b, d, nil)
			var reach directive.Reach
			for range 11000 {
				reach.Act = append(reach.Act, orgunit.Unit{ID: ids.New(time.Now())})
			}
			var last string
			for b.Loop() {
				dir := x.draft(content())
				x.must(func(tx *db.Tx) error { return x.d.Submit(tx, x.ThanhHoa.Health.Officer, dir.ID, 0, "") })
				x.must(func(tx *db.Tx) error { return x.d.Sign(tx, x.ThanhHoa.Health.Leader, dir.ID, 0) })
				x.must(func(tx *db.Tx) error { return x.d.IssueTo(tx, x.ThanhHoa.Health.Clerk, dir.ID, reach) })
				last = dir.ID
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/issue")
			root, units := x.nation(last)
			words, err := app.Words()
			if err != nil {
				b.Fatal(err)
			}
			ctx := i18n.With(context.Background(), words, i18n.VI)
			began := time.Now()
			var page bytes.Buffer
			dbtest.Read(b, d, func(tx *db.Tx) error { return directive.TreePage(ctx, tx, &page, x.get2(tx, root)) })
			b.ReportMetric(time.Since(began).Seconds(), "s/tree")
			if n := strings.Count(page.String(), "<li>"); n < units {
				b.Errorf("the page has %d units of %d", n, units)
			}
		})
	}
}

// nation makes a national tree out of an issued directive: a centre, 63 provinces, 11 districts in each, 15 communes in each of those; every
// unit has its task, every body its own directive. It returns the topmost directive and how many units have work.
func (b *bench) nation(like string) (root string, units int) {
	root = ids.New(time.Now())
	b.must(func(tx *db.Tx) error {
		var have, orders, tasks [][]any
		var make func(id, parent string, sizes []int) error
		make = func(id, parent string, sizes []int) error {
			var up any
			if parent != "" {
				up = parent
			}
			if _, err := tx.Exec(`INSERT INTO directive (id, unit_id, parent_id, root_id, replace_kind, symbol, issued_on, issued_at, state, kind, subject, subject_fold, report_words, report_day, report_bound, report_at, briefing, content,
				addressees, version, made_by, made_at, changed_by, changed_at) SELECT $1, $1, $2, $3, replace_kind, symbol, issued_on, issued_at, state, kind, subject, subject_fold, report_words, report_day, report_bound, report_at, briefing,
				content, addressees, version, made_by, made_at, changed_by, changed_at FROM directive WHERE id = $4`, id, up, root, like); err != nil {
				return err
			}
			order := ids.New(time.Now())
			orders = append(orders, []any{order, id, id, "", "việc", "viec", "", "x", tx.Now})
			for range sizes[0] {
				unit := ids.New(time.Now())
				var own any
				if len(sizes) > 1 {
					if err := make(unit, id, sizes[1:]); err != nil {
						return err
					}
					own = unit
				}
				have = append(have, []any{id, unit, "act", own})
				tasks = append(tasks, []any{ids.New(time.Now()), order, id, unit, "open", "", "until", tx.Now, 1, tx.Now})
			}
			return nil
		}
		if err := make(root, "", []int{63, 11, 15}); err != nil {
			return err
		}
		units = len(have)
		for _, x := range []struct {
			head string
			rows [][]any
		}{{`INSERT INTO directive_addressee (directive_id, unit_id, purpose, cascade_id)`, have},
			{`INSERT INTO task_order (id, issuer_id, directive_id, numbering, text, text_fold, product, made_by, made_at)`, orders},
			{`INSERT INTO task (id, order_id, issuer_id, unit_id, state, due_words, due_bound, due_at, version, made_at)`, tasks}} {
			if _, err := tx.InsertMany(x.head, x.rows, ""); err != nil {
				return err
			}
		}
		return tx.Counted("directive", "directive_addressee", "task", "task_order")
	})
	return root, units
}

// What carries a mark of secrecy goes neither to the leader nor out, and costs no number.
func TestSecretDirectivesAreRefused(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		so := b.ThanhHoa.Health
		c := content()
		c.Superior = append([]string{"MẬT"}, c.Superior...)
		d := b.draft(c)
		refused := func(err error) {
			t.Helper()
			if list := errs.FieldsOf(err); len(list) != 1 || list[0].Key != "directive.secret" {
				t.Errorf("%v %v", err, list)
			}
		}
		refused(b.do(func(tx *db.Tx) error { return b.d.Submit(tx, so.Officer, d.ID, 0, "") }))
		b.must(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directive SET state = 'signed' WHERE id = $1`, d.ID)
			return err
		})
		refused(b.do(func(tx *db.Tx) error { _, err := b.d.Issue(tx, so.Clerk, d.ID); return err }))
		if next := b.issued(content()); next.Symbol != "01/KH-SYT" {
			t.Error(next.Symbol)
		}
	})
}

// A directive leaves the house in the prescribed form: the checker finds nothing in its files, the reader of documents reads what was written.
func TestPaperIsInForm(t *testing.T) {
	for _, kind := range []docrender.Kind{docrender.Plan, docrender.Letter} {
		c := content()
		c.Kind = string(kind)
		if kind == docrender.Letter {
			c.Tail, c.Recipients = "SYT-NVY", append([]string{"Như trên"}, c.Recipients...)
		}
		d := c.Paper(7, civil.MustParse("2026-06-09"))
		for ext, write := range map[string]func(io.Writer, docrender.Document) error{".docx": docrender.DOCX, ".pdf": docrender.PDF} {
			var b bytes.Buffer
			if err := write(&b, d); err != nil {
				t.Fatal(err)
			}
			found, err := lint.Lint(t.Context(), bytes.NewReader(b.Bytes()), int64(b.Len()), doctext.Options{NoOCR: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				t.Errorf("%s%s: %s %s at %+v", kind, ext, f.Rule, f.Part, f.Place)
			}
			x, err := doctext.Extract(t.Context(), bytes.NewReader(b.Bytes()), int64(b.Len()), "a"+ext, doctext.Options{NoOCR: true})
			if err != nil {
				t.Fatal(err)
			}
			got := docparse.Read(x.Plain, docparse.Options{})
			if got.Number.Text != "07/"+c.Tail || got.IssuedOn.String() != "2026-06-09" || !strings.EqualFold(got.Subject.Value, c.Subject) || got.Signer.Value != c.Signer {
				t.Errorf("%s%s: read back %q of %s, %q, signed %q", kind, ext, got.Number.Text, got.IssuedOn, got.Subject.Value, got.Signer.Value)
			}
		}
	}
}
