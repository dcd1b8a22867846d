package report_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/world"
	"chungtay/orgunit"
	"chungtay/report"
)

const question = "ket_qua_mo_ta"

// telling lets the department answer the ministry with what its communes tell; two have told, the third is silent.
func (b *bench) telling() (own, up report.Asked, sent [2]report.Report) {
	b.t.Helper()
	th := b.ThanhHoa
	b.must(func(tx *db.Tx) (err error) {
		if up, err = b.r.Ask(tx, b.Bureau.Officer, report.New{Unit: b.Bureau.ID, Title: "Cả nước", Due: until("2026-08-20"), Units: []string{th.Health.ID}}); err != nil {
			return err
		}
		own, err = b.r.Ask(tx, th.Health.Officer, report.New{Unit: th.Health.ID, Parent: up.ID, Title: "Cả tỉnh", Due: until("2026-08-10"), Units: []string{th.HacThanh.Committee.ID, th.ThoXuan.Committee.ID, th.MuongLat.Committee.ID}})
		return err
	})
	for i, o := range []world.Office{th.HacThanh.Committee, th.ThoXuan.Committee} {
		sent[i] = b.approved(own, o, fmt.Sprintf("lời %d", i+1))
	}
	return own, up, sent
}

func (b *bench) approved(a report.Asked, o world.Office, said string) report.Report {
	b.t.Helper()
	r := b.write(a, o, words(said))
	b.must(func(tx *db.Tx) error { return report.ForceApprove(tx, b.r, r.ID) })
	return b.of(a, o)
}

// section is what stands on the question now.
func (b *bench) section(a report.Asked) (x report.Section) {
	b.t.Helper()
	dbtest.Read(b.t, b.DB, func(tx *db.Tx) (err error) {
		x, err = b.r.SectionOf(tx, a, question)
		return err
	})
	return x
}

func (b *bench) gather(a report.Asked, base int64, e report.Edited) (report.Gathered, error) {
	var g report.Gathered
	err := b.do(func(tx *db.Tx) (err error) {
		g, err = b.r.Gather(tx, b.ThanhHoa.Health.Officer, a.ID, question, base, e)
		return err
	})
	return g, err
}

// The words of the units below are edited piece by piece: each keeps the submission it comes from, a report that is sent or comes later is
// shown and changes nothing by itself, and what was saved is what the unit's own report upward opens with.
func TestGatheredWordsKeepTheirSources(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		own, up, sent := b.telling()
		hac, tho, muong := th.HacThanh.Committee.ID, th.ThoXuan.Committee.ID, th.MuongLat.Committee.ID
		x := b.section(own)
		opens := report.Edited{Pieces: []report.Piece{{From: []report.Origin{{Unit: hac, Report: sent[0].ID, Number: 1}}, Text: "Kết quả: lời 1"}, {From: []report.Origin{{Unit: tho, Report: sent[1].ID, Number: 1}}, Text: "Kết quả: lời 2"}}}
		if d := cmp.Diff(opens, x.Body.V); d != "" || x.Version != 0 {
			t.Fatalf("opens with: %s", d)
		}
		upward := func() report.Fill {
			t.Helper()
			var f report.Fill
			dbtest.Read(t, b.DB, func(tx *db.Tx) error {
				_, fills, err := b.r.Filled(tx, th.Health.ID, up)
				f = fills[question]
				return err
			})
			return f
		}
		name := func(unit string) string {
			t.Helper()
			var s string
			dbtest.Read(t, b.DB, func(tx *db.Tx) error {
				names, err := orgunit.NamesOn(tx, []string{unit}, civil.MustParse("2026-07-20"))
				s = strings.TrimPrefix(names[unit], "Ủy ban nhân dân ")
				return err
			})
			return strings.ToUpper(s[:1]) + s[1:]
		}
		want := "- " + name(hac) + ": Kết quả: lời 1\n- " + name(tho) + ": Kết quả: lời 2"
		if f := upward(); f.Value != want || f.Text != "Dự thảo từ phần lời của 2/3 báo cáo cấp dưới" || f.Path != "/requests/"+own.ID+"/narrative" {
			t.Errorf("upward, not edited: %+v, want %q", f, want)
		}

		// Joined and rewritten: one piece of two units.
		joined := report.Edited{Own: "Toàn tỉnh hưởng ứng.", Pieces: []report.Piece{{From: []report.Origin{{Unit: hac, Number: 1}, {Unit: tho, Number: 1}}, Text: "Hai nơi cùng làm."}}}
		g, err := b.gather(own, 0, joined)
		if err != nil || g.Version != 1 {
			t.Fatalf("%+v %v", g, err)
		}
		stored := b.section(own)
		if d := cmp.Diff([]report.Origin{{Unit: hac, Report: sent[0].ID, Number: 1}, {Unit: tho, Report: sent[1].ID, Number: 1}}, stored.Body.V.Pieces[0].From); d != "" {
			t.Error("the sources: " + d)
		}
		want = "Toàn tỉnh hưởng ứng.\n- " + name(hac) + ", " + strings.ToLower(name(tho)[:1]) + name(tho)[1:] + ": Hai nơi cùng làm."
		if f := upward(); f.Value != want {
			t.Errorf("upward, edited: %q, want %q", f.Value, want)
		}
		var k report.Consolidation
		b.must(func(tx *db.Tx) (err error) { k, err = b.r.Freeze(tx, th.Health.Officer, own.ID); return err })
		if k.Texts.V[question] != 1 {
			t.Errorf("frozen without its words: %v", k.Texts.V)
		}

		// The third tells, the first tells otherwise, the second is opened again.
		b.approved(own, th.MuongLat.Committee, "lời 3")
		for _, r := range sent {
			b.must(func(tx *db.Tx) error { return b.r.Unlock(tx, th.Health.Officer, r.ID, "sai") })
		}
		b.must(func(tx *db.Tx) error {
			_, err := b.r.Save(tx, th.HacThanh.Committee.Officer, sent[0].ID, b.get(tx, sent[0].ID).Version, words("lời 1 mới"), nil)
			return err
		})
		b.must(func(tx *db.Tx) error { return report.ForceApprove(tx, b.r, sent[0].ID) })
		x = b.section(own)
		if len(x.New) != 1 || x.New[0].From[0].Unit != muong || x.Later[hac].Number != 2 {
			t.Errorf("what came later: %+v %v", x.New, x.Later)
		}
		if upward().Value != want {
			t.Error("what came later is in the words nobody edited")
		}

		// A later state leaves the frozen one as it is; a changed one is noticed.
		if _, err := b.gather(own, 1, report.Edited{Own: "Khác."}); err != nil {
			t.Fatal(err)
		}
		same := func() (ok bool) {
			t.Helper()
			dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) {
				ok, err = b.r.Reproduce(tx, th.Health.Officer, own.ID, 1)
				return err
			})
			return ok
		}
		if !same() {
			t.Error("the frozen consolidation does not come out again")
		}
		b.must(func(tx *db.Tx) error {
			return tx.Must1(`UPDATE report_gathered SET body = '{"own":"x"}' WHERE request_id = $1 AND version = 1`, own.ID)
		})
		if same() {
			t.Error("changed words went unnoticed")
		}
	})
}

// Only who consolidates edits, and a piece names submissions of the request alone.
func TestGatheredWordsRefuse(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		own, up, sent := b.telling()
		hac := th.HacThanh.Committee.ID
		one := func(o report.Origin) report.Edited {
			return report.Edited{Pieces: []report.Piece{{From: []report.Origin{o}, Text: "x"}}}
		}
		for name, e := range map[string]report.Edited{"a unit of another request": one(report.Origin{Unit: th.Health.ID, Number: 1}), "never sent": one(report.Origin{Unit: hac, Number: 2}), "not sent yet": one(report.Origin{Unit: th.MuongLat.Committee.ID, Number: 1}), "no source": {Pieces: []report.Piece{{Text: "x"}}}} {
			if _, err := b.gather(own, 0, e); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		twice := one(report.Origin{Unit: hac, Number: 1})
		twice.Pieces = append(twice.Pieces, twice.Pieces[0])
		if _, err := b.gather(own, 0, twice); !errs.Is(err, errs.Conflict) {
			t.Errorf("a unit in two pieces: %v", err)
		}
		if _, err := b.gather(own, 7, report.Edited{}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a version that is nowhere: %v", err)
		}
		if f := errs.FieldsOf(func() error { _, err := b.gather(own, 0, report.Edited{Own: strings.Repeat("x", 12_001)}); return err }()); len(f) != 1 || f[0].Name != "own" {
			t.Errorf("too long: %v", f)
		}
		by := map[string]error{}
		for who, o := range map[string]world.Office{"who reports": th.HacThanh.Committee, "a stranger": b.SonLa.Centre} {
			by[who] = b.do(func(tx *db.Tx) error {
				_, err := b.r.Gather(tx, o.Officer, own.ID, question, 0, report.Edited{Own: "x"})
				return err
			})
		}
		for who, err := range by {
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("%s edits: %v", who, err)
			}
		}
		if err := b.do(func(tx *db.Tx) error {
			_, err := b.r.Gather(tx, th.Health.Clerk, own.ID, question, 0, report.Edited{Own: "x"})
			return err
		}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a clerk edits: %v", err)
		}
		if err := b.do(func(tx *db.Tx) error {
			_, err := b.r.Gather(tx, th.Health.Officer, own.ID, "khong_co", 0, report.Edited{Own: "x"})
			return err
		}); !errs.Is(err, errs.NotFound) {
			t.Errorf("a question that is nowhere: %v", err)
		}
		_, _ = up, sent
	})
}

// Two editors of the same words: other pieces are put together, the same piece is refused with both texts, nothing is lost.
func TestTwoEditorsOfGatheredWords(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		own, _, _ := b.telling()
		hac, tho := report.Origin{Unit: th.HacThanh.Committee.ID, Number: 1}, report.Origin{Unit: th.ThoXuan.Committee.ID, Number: 1}
		two := func(own, a, b string) report.Edited {
			return report.Edited{Own: own, Pieces: []report.Piece{{From: []report.Origin{hac}, Text: a}, {From: []report.Origin{tho}, Text: b}}}
		}
		texts := func() []string {
			t.Helper()
			x := b.section(own)
			out := []string{x.Body.V.Own}
			for _, p := range x.Body.V.Pieces {
				out = append(out, p.Text)
			}
			return out
		}
		save := func(base int64, e report.Edited) *report.StaleWords {
			t.Helper()
			_, err := b.gather(own, base, e)
			var stale *report.StaleWords
			if err != nil && !errors.As(err, &stale) {
				t.Fatal(err)
			}
			return stale
		}
		// Both open what nobody has saved; each rewrites another piece.
		if s := save(0, two("", "một", "Kết quả: lời 2")); s != nil {
			t.Fatal(s)
		}
		if s := save(0, two("", "Kết quả: lời 1", "hai")); s != nil {
			t.Fatal(s)
		}
		if d := cmp.Diff([]string{"", "một", "hai"}, texts()); d != "" {
			t.Error("put together: " + d)
		}
		// The same piece.
		if s := save(2, two("", "một của tôi", "hai")); s != nil {
			t.Fatal(s)
		}
		s := save(2, two("mở", "một của người khác", "hai"))
		if s == nil || s.Version != 3 || len(s.Pieces) != 1 || *s.Pieces[0].Mine != "một của người khác" || *s.Pieces[0].Theirs != "một của tôi" {
			t.Fatalf("%+v", s)
		}
		// One joins two pieces while the other rewrites one of them.
		if s := save(3, report.Edited{Pieces: []report.Piece{{From: []report.Origin{hac, tho}, Text: "chung"}}}); s != nil {
			t.Fatal(s)
		}
		s = save(3, two("", "một của tôi", "hai sửa"))
		if s == nil || len(s.Pieces) != 1 || s.Pieces[0].Theirs != nil || *s.Pieces[0].Mine != "hai sửa" {
			t.Fatalf("%+v", s)
		}
		if d := cmp.Diff([]string{"", "chung"}, texts()); d != "" {
			t.Error("after a refusal: " + d)
		}
		n := int64(0)
		dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) {
			n, err = db.One[int64](tx, `SELECT COUNT(*) FROM audit_entry WHERE action = 'report.gather'`)
			return err
		})
		if n != 4 {
			t.Errorf("%d deeds in the log", n)
		}
	})
}

// Words that are longer than the field of the report upward do not go into it by themselves.
func TestGatheredWordsThatDoNotFit(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		own, up, _ := b.telling()
		fits := func() string {
			t.Helper()
			var v formdef.Values
			dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) {
				v, _, err = b.r.Filled(tx, b.ThanhHoa.Health.ID, up)
				return err
			})
			return v[question].Text
		}
		if fits() == "" {
			t.Fatal("nothing goes up")
		}
		if _, err := b.gather(own, 0, report.Edited{Own: strings.Repeat("x", 11_990), Pieces: []report.Piece{{From: []report.Origin{{Unit: b.ThanhHoa.HacThanh.Committee.ID, Number: 1}}, Text: "mười hai chữ"}}}); err != nil {
			t.Fatal(err)
		}
		if s := fits(); s != "" {
			t.Errorf("%d characters went up", len(s))
		}
	})
}
