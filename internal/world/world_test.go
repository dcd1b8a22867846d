package world

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/account"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/orgunit"
	"chungtay/policy"
)

func TestTheCastIsWhatTheRoomsSay(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) {
		w := New(t, d)
		dbtest.Read(t, d, func(tx *db.Tx) error {
			for login, a := range w.People {
				got, err := w.Accounts.ActorOf(tx, a.Person)
				if err != nil {
					return err
				}
				if diff := cmp.Diff(got, a); diff != "" {
					t.Errorf("%s is not what the account room says:\n%s", login, diff)
				}
			}
			for _, c := range []struct {
				low, high Office
			}{{w.SonLa.ChiengMung, w.SonLa.MaiSon.Committee}, {w.SonLa.MaiSon.Labour, w.SonLa.Committee}, {w.SonLa.Evils, w.SonLa.Labour}, {w.ThanhHoa.MuongLat.Committee, w.ThanhHoa.Committee},
				{w.ThanhHoa.Centre, w.ThanhHoa.Health}, {w.Bureau, w.Health}, {w.ThanhHoa.HacThanh.Social, w.ThanhHoa.HacThanh.Committee}} {
				above, err := orgunit.Above(tx, c.low.ID)
				if err != nil {
					return err
				}
				found := false
				for _, a := range above {
					found = found || a == c.high.ID
				}
				if !found {
					t.Errorf("%s does not stand under %s", c.low.Name, c.high.Name)
				}
			}
			return nil
		})
		if s, err := w.Accounts.SignIn(t.Context(), d, account.Attempt{Login: "sld.sonla.cv", Password: Password, Address: "192.0.2.1"}); err != nil || s.Token == "" {
			t.Error("an officer cannot sign in:", err)
		}
	})
}

func TestTheLittleMapIsPartOfTheWholeOne(t *testing.T) {
	d := dbtest.SQLite(t, Migrations(), db.Options{})
	dbtest.Write(t, d, func(tx *db.Tx) error { _, err := orgunit.LoadAreas(tx); return err })
	w := New(t, d) // on a whole map the cast is the same
	dbtest.Read(t, d, func(tx *db.Tx) error {
		for _, r := range areas() {
			day := r.From
			if day.IsZero() {
				day = civil.MustParse("2021-01-01")
			}
			a, err := orgunit.AreaOn(tx, r.ID, day)
			if err != nil || a.Name != r.Name || a.Code != r.Code || a.Kind != r.Kind || a.To != r.To || a.Parent != r.Parent {
				t.Errorf("%s: %+v, %v", r.Name, a, err)
			}
		}
		list, err := orgunit.Below(tx, w.SonLa.Committee.ID, since)
		if err != nil || len(list) > 60 {
			t.Errorf("Sơn La has %d units, %v", len(list), err)
		}
		return nil
	})
}

func TestBooksAdd(t *testing.T) {
	b := Roles(policy.NewBook(policy.Role{Name: "leader", Gives: map[policy.Permission]policy.Reach{"paper.sign": policy.Own}}, policy.Role{Name: "visitor"}))
	if b["leader"].Gives["paper.sign"] != policy.Own || b["leader"].Gives[orgunit.Read] != policy.All || b["visitor"].Name == "" || !b["case_worker"].SecondFactor {
		t.Error(b)
	}
}

// The cast stands in every test of every room, so it has to be made quickly.
func BenchmarkNew(b *testing.B) {
	for name, open := range map[string]func(testing.TB, []db.Migrations, db.Options) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				d := open(b, Migrations(), db.Options{})
				b.StartTimer()
				New(b, d)
			}
		})
	}
}
