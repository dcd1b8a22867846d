package account

import (
	"testing"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
)

// The overview counts what stands in the own reach and nothing of it elsewhere.
func TestOverviewOfTheOwnReach(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		boss := o.hire("boss", Administrator+" d")
		ann := o.hire("ann", "officer d")
		binh := o.hire("binh", "officer c")
		o.hire("stranger", "officer x")
		for _, who := range []string{"ann", "binh", "stranger"} {
			if _, err := o.signIn(who, pass); err != nil {
				t.Fatal(err)
			}
		}
		today := civil.Of(o.clock.Now())
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			by, err := o.ActorOf(tx, ann.ID)
			if err != nil {
				return err
			}
			hs, err := listHoldings(tx, ann.ID)
			if err != nil {
				return err
			}
			_, err = o.Delegate(tx, by, hs[0].ID, binh.ID, today, today.AddDays(3), "nghỉ phép")
			return err
		})
		look := func(p Person) (v Overview) {
			by := o.actor(p)
			dbtest.Read(t, o.DB, func(tx *db.Tx) (err error) { v, err = o.Overview(tx, by); return err })
			return v
		}
		v := look(boss)
		if v.States[Active] != 3 || v.Open != 2 || len(v.Sessions) != 2 || v.LentTotal != 1 || len(v.Lent) != 1 || v.Lent[0].To != binh.Name || v.Lent[0].From != ann.Name {
			t.Errorf("of the own reach: %+v", v)
		}
		for _, r := range v.Roles {
			if r.Role == "officer" && r.Count != 2 {
				t.Errorf("%d officers, want 2", r.Count)
			}
		}
		if w := look(ann); w.Open != 0 || w.LentTotal != 0 || len(w.Roles) != 0 {
			t.Errorf("an officer sees %+v", w)
		}
		o.clock.Add(4 * 24 * time.Hour)
		if v = look(boss); v.Open != 0 || v.LentTotal != 0 {
			t.Errorf("days later: %+v", v)
		}
	})
}
