package directive_test

import (
	"testing"

	"chungtay/directive"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// What a unit that ended was still writing goes on at its successor: seen there alone, signed anew, and issued in the successor's name.
func TestDraftsOfAUnitThatEnded(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		heir := th.HacThanh.Committee
		out := b.issued(content())
		draft := b.draft(content())
		signed := b.draft(content())
		b.must(func(tx *db.Tx) error { return b.d.Submit(tx, th.Health.Officer, signed.ID, 0, "") })
		b.must(func(tx *db.Tx) error { return b.d.Sign(tx, th.Health.Leader, signed.ID, 0) })
		open := func(unit string) (n int) {
			b.must(func(tx *db.Tx) (err error) { n, err = directive.Heir{}.Count(tx, unit); return err })
			return n
		}
		if n := open(th.Health.ID); n != 2 {
			t.Errorf("%d open before", n)
		}
		b.must(func(tx *db.Tx) error {
			n, err := directive.Heir{}.Move(tx, policy.System("test"), th.Health.ID, heir.ID)
			if n != 2 {
				t.Errorf("%d moved", n)
			}
			return err
		})
		if a, z := open(th.Health.ID), open(heir.ID); a != 0 || z != 2 {
			t.Errorf("%d left, %d at the successor", a, z)
		}
		if d := b.get(draft.ID, heir.Officer); d.Unit != heir.ID || d.State != directive.Draft {
			t.Errorf("the draft: %+v", d)
		}
		if d := b.get(signed.ID, heir.Officer); d.State != directive.Returned || d.Signer != "" || d.SignedVersion != 0 {
			t.Errorf("the signed one: %s by %q of version %d", d.State, d.Signer, d.SignedVersion)
		}
		if err := b.do(func(tx *db.Tx) error { _, err := b.d.Get(tx, th.Health.Officer, draft.ID); return err }); !errs.Is(err, errs.NotFound) {
			t.Errorf("still seen by the unit that is gone: %v", err)
		}
		if err := b.do(func(tx *db.Tx) error { _, err := b.d.Issue(tx, heir.Clerk, signed.ID); return err }); !errs.Is(err, errs.Conflict) {
			t.Errorf("issued on the signature of the unit that is gone: %v", err)
		}
		b.out(signed.ID, heir)
		if d := b.get(out.ID, th.Health.Officer); d.Unit != th.Health.ID {
			t.Errorf("an issued directive changed its unit to %s", d.Unit)
		}
	})
}
