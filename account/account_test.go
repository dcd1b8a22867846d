package account

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/jobs"
	"chungtay/policy"
)

// office is a small world: a province p with a district d under it and a commune c under that, and a stranger x.
type office struct {
	*testing.T
	*db.DB
	*Accounts
	clock *dbtest.Clock
}

type tree map[string][]string

func (u tree) Above(_ *db.Tx, unit string) ([]string, error) {
	above, ok := u[unit]
	if !ok {
		return nil, errs.Absent("unit", unit)
	}
	return above, nil
}
func (u tree) Name(_ *db.Tx, unit string) (string, error)         { return "Đơn vị " + unit, nil }
func (u tree) Find(_ *db.Tx, words string, _ int) ([]Unit, error) { return []Unit{{ID: words}}, nil }

// glass is a vault that hides nothing but refuses a value of another record.
type glass struct{}

func (glass) Seal(_ *db.Tx, kind, id, field string, plain []byte) ([]byte, error) {
	return append([]byte(kind+id+field+"|"), plain...), nil
}
func (glass) Unseal(_ *db.Tx, kind, id, field string, sealed []byte) ([]byte, error) {
	p, ok := strings.CutPrefix(string(sealed), kind+id+field+"|")
	if !ok {
		return nil, errors.New("sealed for another record")
	}
	return []byte(p), nil
}

var book = policy.NewBook(
	policy.Role{Name: Administrator, Gives: map[policy.Permission]policy.Reach{Read: policy.Below, Manage: policy.Below, Session: policy.Below, "paper.read": policy.Below}},
	policy.Role{Name: "officer", Gives: map[policy.Permission]policy.Reach{"paper.read": policy.Own}},
	policy.Role{Name: "leader", Gives: map[policy.Permission]policy.Reach{"paper.sign": policy.Own}},
	policy.Role{Name: "case_worker", SecondFactor: true, Gives: map[policy.Permission]policy.Reach{"case.read": policy.Own}},
	policy.Role{Name: "auditor", Gives: map[policy.Permission]policy.Reach{"audit.read": policy.All}},
)

// closure stands for the table of the units' room that scopes of lists read.
var closure = db.Migrations{Room: "try", FS: fstest.MapFS{"20260101_1_tree.sql": {Data: []byte(`
CREATE TABLE orgunit_closure (ancestor_id TEXT NOT NULL, unit_id TEXT NOT NULL, PRIMARY KEY (ancestor_id, unit_id));
INSERT INTO orgunit_closure (ancestor_id, unit_id) VALUES ('p', 'p'), ('p', 'd'), ('p', 'c'), ('d', 'd'), ('d', 'c'), ('c', 'c'), ('x', 'x');`)}}}

func eachOffice(t *testing.T, f func(t *testing.T, o *office)) {
	clock := dbtest.NewClock(time.Date(2026, 7, 1, 1, 0, 0, 0, time.UTC))
	dbtest.EachWith(t, []db.Migrations{Migrations(), audit.Migrations(), jobs.Migrations(), closure}, db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		clock.Set(time.Date(2026, 7, 1, 1, 0, 0, 0, time.UTC))
		f(t, &office{t, d, &Accounts{Book: book, Units: tree{"p": nil, "d": {"p"}, "c": {"d", "p"}, "x": nil}, Vault: glass{}, Hasher: newHasher(1, 64, 2, 64)}, clock})
	})
}

const pass = "ba con gà trống"

// hire adds a person with a password and roles given as "role unit".
func (o *office) hire(login string, roles ...string) Person {
	o.Helper()
	var p Person
	dbtest.Write(o, o.DB, func(tx *db.Tx) (err error) {
		p, err = o.Invite(tx, policy.System("test"), NewPerson{Name: "Lường Văn " + login, Login: login, Email: login + "@example.invalid"})
		if err != nil {
			return err
		}
		for _, r := range roles {
			role, unit, _ := strings.Cut(r, " ")
			if _, err := o.Give(tx, policy.System("test"), NewHolding{Person: p.ID, Role: role, Unit: unit, Below: role == Administrator, From: civil.MustParse("2026-01-01")}); err != nil {
				return err
			}
		}
		return nil
	})
	var token string
	dbtest.Write(o, o.DB, func(tx *db.Tx) (err error) { token, err = o.MakeLink(tx, policy.System("test"), p.ID); return err })
	if _, err := o.SetPassword(context.Background(), o.DB, token, pass); err != nil {
		o.Fatal(err)
	}
	return p
}

func (o *office) signIn(login, password string) (Opened, error) {
	return o.SignIn(context.Background(), o.DB, Attempt{Login: login, Password: password, Address: "192.0.2.7", Device: "thử"})
}

func (o *office) as(token string) policy.Actor {
	o.Helper()
	var a policy.Actor
	r, _ := http.NewRequest("GET", "/", nil)
	r.AddCookie(&http.Cookie{Name: CookieName, Value: token})
	dbtest.Read(o, o.DB, func(tx *db.Tx) (err error) { a, err = o.Actor(tx, r); return err })
	return a
}

func (o *office) actor(p Person) policy.Actor {
	o.Helper()
	var a policy.Actor
	dbtest.Read(o, o.DB, func(tx *db.Tx) (err error) { a, err = o.ActorOf(tx, p.ID); return err })
	return a
}

func (o *office) try(f func(tx *db.Tx) error) error { return o.Write(context.Background(), f) }

func (o *office) want(err error, kind errs.Kind, key string) {
	o.Helper()
	m, _ := errs.TextOf(err)
	for _, f := range errs.FieldsOf(err) {
		m = f.Message
	}
	if !errs.Is(err, kind) || key != "" && m.Key != key {
		o.Errorf("got %v, want %s %s", err, kind, key)
	}
}

func TestSignInOpensASessionThatIdlesOut(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.hire("ann", "officer d")
		s, err := o.signIn(" ANN ", pass)
		if err != nil {
			t.Fatal(err)
		}
		if a := o.as(s.Token); !a.Holds("paper.read") || a.Unit != "d" || a.UnitName != "Đơn vị d" {
			t.Errorf("%+v", a)
		}
		if o.as(s.Token[:42]+"x").SignedIn() || o.as("").SignedIn() {
			t.Error("a wrong token opens something")
		}
		o.clock.Add(29 * time.Minute)
		if err := o.Seen(context.Background(), o.DB, o.as(s.Token)); err != nil {
			t.Fatal(err)
		}
		o.clock.Add(29 * time.Minute)
		if !o.as(s.Token).SignedIn() {
			t.Error("a used session ended")
		}
		o.clock.Add(2 * time.Minute)
		if o.as(s.Token).SignedIn() {
			t.Error("an idle session goes on")
		}
		o.clock.Add(-10 * time.Hour) // a clock that jumps back
		if o.as(s.Token).SignedIn() {
			t.Error("a session from the future is good")
		}
	})
}

func TestRefusalsRevealNothing(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		closed := o.hire("binh", "officer d")
		o.hire("ann", "officer d")
		dbtest.Write(t, o.DB, func(tx *db.Tx) error { return o.Accounts.Close(tx, policy.System("test"), closed.ID) })
		var first error
		for _, c := range [][2]string{{"ann", "sai mật khẩu rồi"}, {"nobody", pass}, {"binh", pass}, {"", ""}, {"ann", strings.Repeat("x", 2000)}} {
			_, err := o.signIn(c[0], c[1])
			o.want(err, errs.Invalid, "account.refused")
			if first == nil {
				first = err
			} else if err.Error() != first.Error() {
				t.Errorf("%q differs from %q", err, first)
			}
		}
	})
}

func TestNameLocksWithoutBlockingOthersAndOpensAgain(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.hire("ann", "officer d")
		o.hire("binh", "officer d")
		for range nameLimit {
			_, err := o.signIn("ann", "sai mật khẩu rồi")
			o.want(err, errs.Invalid, "account.refused")
		}
		_, err := o.signIn("ann", pass)
		o.want(err, errs.TooMany, "account.locked")
		if _, err := o.signIn("binh", pass); err != nil {
			t.Error("another name is blocked:", err)
		}
		o.clock.Add(firstLock + time.Second)
		if _, err := o.signIn("ann", pass); err != nil {
			t.Error("the lock does not end:", err)
		}
		for range nameLimit - 1 { // success cleared the count
			_, err := o.signIn("ann", "sai mật khẩu rồi")
			o.want(err, errs.Invalid, "account.refused")
		}
	})
}

func TestParallelGuessesAreCounted(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.hire("ann", "officer d")
		var wg sync.WaitGroup
		var mu sync.Mutex
		checked := 0
		for range 30 {
			wg.Go(func() {
				if _, err := o.signIn("ann", "sai mật khẩu rồi"); errs.Is(err, errs.Invalid) {
					mu.Lock()
					checked++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if checked > nameLimit {
			t.Errorf("%d guesses were checked, the limit is %d", checked, nameLimit)
		}
	})
}

func TestAddressLocksAfterMany(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.hire("ann", "officer d")
		for i := range addressLimit {
			o.signIn("nobody"+strings.Repeat("x", i), "sai mật khẩu rồi")
		}
		_, err := o.signIn("ann", pass)
		o.want(err, errs.TooMany, "account.locked")
		if _, err := o.SignIn(context.Background(), o.DB, Attempt{Login: "ann", Password: pass, Address: "198.51.100.1"}); err != nil {
			t.Error("another address is blocked:", err)
		}
	})
}

func code(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	s, err := totp.GenerateCodeCustom(secret, at, totp.ValidateOpts{Period: codePeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCodesWorkOnceAndStrongRolesNeedThem(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.hire("ann", "case_worker c", "officer c")
		s, _ := o.signIn("ann", pass)
		a := o.as(s.Token)
		if a.Holds("case.read") || !a.Holds("paper.read") {
			t.Error("a role that needs a second factor counts without one")
		}
		other, _ := o.signIn("ann", pass)
		var secret string
		var recovery []string
		dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) { secret, _, err = o.StartCodes(tx, a); return err })
		o.want(o.try(func(tx *db.Tx) error { _, err := o.ConfirmCodes(tx, a, "000000"); return err }), errs.Invalid, "account.code_wrong")
		dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) {
			recovery, err = o.ConfirmCodes(tx, a, code(t, secret, o.clock.Now()))
			return err
		})
		if !o.as(s.Token).Holds("case.read") || o.as(other.Token).SignedIn() {
			t.Error("after codes are on this session is strong and others have ended")
		}
		s2, _ := o.signIn("ann", pass)
		if !s2.NeedFactor || o.as(s2.Token).SignedIn() {
			t.Error("a session that owes its second factor is open")
		}
		show := func(c string) error {
			return o.ShowFactor(context.Background(), o.DB, s2.Token, c)
		}
		o.want(show(code(t, secret, o.clock.Now())), errs.Invalid, "account.code_wrong") // used when codes were turned on
		o.clock.Add(codePeriod * time.Second)
		if err := show(code(t, secret, o.clock.Now())); err != nil || !o.as(s2.Token).Holds("case.read") {
			t.Error("a good code is refused", err)
		}
		s2, _ = o.signIn("ann", pass)
		o.want(show(code(t, secret, o.clock.Now())), errs.Invalid, "account.code_wrong") // replayed in another session
		if err := show(strings.ToUpper(recovery[3])); err != nil {
			t.Error("recovery code:", err)
		}
		s2, _ = o.signIn("ann", pass)
		o.want(show(recovery[3]), errs.Invalid, "account.code_wrong")
	})
}

func TestWrongCodesLock(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.hire("ann", "officer c")
		s, _ := o.signIn("ann", pass)
		var secret string
		dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) { secret, _, err = o.StartCodes(tx, o.as(s.Token)); return err })
		dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) {
			_, err = o.ConfirmCodes(tx, o.as(s.Token), code(t, secret, o.clock.Now()))
			return err
		})
		s, _ = o.signIn("ann", pass)
		for range nameLimit { // a refusal is counted
			o.want(o.ShowFactor(context.Background(), o.DB, s.Token, "000000"), errs.Invalid, "account.code_wrong")
		}
		o.clock.Add(codePeriod * time.Second)
		err := o.ShowFactor(context.Background(), o.DB, s.Token, code(t, secret, o.clock.Now()))
		o.want(err, errs.TooMany, "account.locked")
	})
}

func TestLinksWorkOnceAndExpire(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		p := o.hire("ann", "officer d")
		s, _ := o.signIn("ann", pass)
		make := func() (token string) {
			dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) { _, token, _, err = o.Reset(tx, p.ID); return err })
			return token
		}
		set := func(token, password string) error {
			_, err := o.SetPassword(context.Background(), o.DB, token, password)
			return err
		}
		first := make()
		second := make()
		o.want(set(first, "mật khẩu thứ hai"), errs.NotFound, "account.link_gone")
		for password, key := range map[string]string{"ngắn": "account.password_short", "Password12345678": "account.password_usual", "aaaaaaaaaaaaaaaa": "account.password_usual",
			"1234567890123": "account.password_usual", "Luong Van An!": "", p.NameFold + "": "account.password_name", strings.Repeat("dài ", 60): "account.password_long"} {
			if key != "" {
				o.want(set(second, password), errs.Invalid, key)
			}
		}
		if err := set(second, "mật khẩu thứ hai"); err != nil {
			t.Fatal(err)
		}
		o.want(set(second, "mật khẩu thứ ba đây"), errs.NotFound, "account.link_gone")
		if o.as(s.Token).SignedIn() {
			t.Error("sessions survive a new password")
		}
		_, err := o.signIn("ann", pass)
		o.want(err, errs.Invalid, "account.refused")
		third := make()
		o.clock.Add(resetTime)
		o.want(set(third, "mật khẩu thứ ba đây"), errs.NotFound, "account.link_gone")
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			_, token, ok, err := o.Reset(tx, "")
			if ok || token != "" {
				t.Error("a reset for nobody")
			}
			return err
		})
		fourth := make() // made before the account was closed
		dbtest.Write(t, o.DB, func(tx *db.Tx) error { return o.Accounts.Close(tx, policy.System("test"), p.ID) })
		o.want(set(fourth, "mật khẩu thứ ba đây"), errs.NotFound, "account.link_gone")
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			again, err := personByID(tx, p.ID)
			if again.State != Closed {
				t.Error("a link opens a closed account again")
			}
			return err
		})
	})
}

func TestNobodyGrantsWhatTheyDoNotHold(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		top := o.actor(o.hire("top", "administrator p", "leader p"))
		low := o.actor(o.hire("low", "administrator d"))
		an := o.hire("ann", "officer c")
		far := o.hire("far", "officer x")
		day := civil.MustParse("2026-07-01")
		give := func(by policy.Actor, person Person, role, unit string) error {
			return o.try(func(tx *db.Tx) error {
				_, err := o.Give(tx, by, NewHolding{Person: person.ID, Role: role, Unit: unit, From: day})
				return err
			})
		}
		o.want(give(low, an, "leader", "c"), errs.Forbidden, "account.not_held")
		o.want(give(top, an, "leader", "c"), errs.Forbidden, "account.not_held") // the leader's role reaches its own unit only
		o.want(give(low, an, "officer", "p"), errs.NotFound, "")
		o.want(give(low, far, "officer", "d"), errs.NotFound, "")
		o.want(give(o.actor(an), far, "officer", "c"), errs.Forbidden, "")
		o.want(give(low, an, "king", "c"), errs.Invalid, "account.no_role")
		if err := give(low, an, "officer", "d"); err != nil {
			t.Error(err)
		}
		o.want(give(low, an, "officer", "d"), errs.Invalid, "account.held_already")
		o.want(o.try(func(tx *db.Tx) error {
			_, err := o.Give(tx, low, NewHolding{Person: low.Person, Role: "officer", Unit: "d", From: day})
			return err
		}), errs.Forbidden, "account.not_oneself")
		if err := give(low, an, Administrator, "c"); err != nil {
			t.Error("an administrator of the district gives its commune one:", err)
		}
	})
}

func TestLastAdministratorStays(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		one := o.hire("one", "administrator p")
		two := o.hire("two", "administrator p")
		end := func(p Person) error {
			return o.try(func(tx *db.Tx) error {
				hs, err := listHoldings(tx, p.ID)
				if err != nil {
					return err
				}
				return o.Take(tx, policy.System("test"), hs[0].ID)
			})
		}
		if err := end(one); err != nil {
			t.Fatal(err)
		}
		o.want(end(two), errs.Conflict, "account.last_administrator")
		o.want(o.try(func(tx *db.Tx) error { return o.Accounts.Close(tx, policy.System("test"), two.ID) }), errs.Conflict, "account.last_administrator")
	})
	eachOffice(t, func(t *testing.T, o *office) { // two take each other away at once
		a, b := o.hire("one", "administrator p"), o.hire("two", "administrator p")
		var wg sync.WaitGroup
		for _, p := range []Person{a, b} {
			wg.Go(func() { o.try(func(tx *db.Tx) error { return o.Accounts.Close(tx, policy.System("test"), p.ID) }) })
		}
		wg.Wait()
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			n, err := countAdministrators(tx, "")
			if n != 1 {
				t.Errorf("%d administrators are left", n)
			}
			return err
		})
	})
}

func TestDelegationEndsByItselfAndIsShown(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		boss := o.hire("boss", "leader d")
		an := o.hire("ann", "officer d")
		far := o.hire("far", "officer x")
		by := o.actor(boss)
		var holding string
		dbtest.Read(t, o.DB, func(tx *db.Tx) error { hs, err := listHoldings(tx, boss.ID); holding = hs[0].ID; return err })
		lend := func(by policy.Actor, holding string, to Person, from, until, why string) (h Holding, err error) {
			err = o.try(func(tx *db.Tx) error {
				u := civil.Date{}
				if until != "" {
					u = civil.MustParse(until)
				}
				h, err = o.Delegate(tx, by, holding, to.ID, civil.MustParse(from), u, why)
				return err
			})
			return h, err
		}
		_, err := lend(by, holding, far, "2026-07-02", "2026-07-05", "nghỉ phép")
		o.want(err, errs.Invalid, "account.choose_colleague")
		_, err = lend(by, holding, an, "2026-07-02", "", "nghỉ phép")
		o.want(err, errs.Invalid, "account.need_to")
		_, err = lend(o.actor(an), holding, far, "2026-07-02", "2026-07-05", "nghỉ phép")
		o.want(err, errs.NotFound, "")
		h, err := lend(by, holding, an, "2026-07-02", "2026-07-05", "nghỉ phép")
		if err != nil {
			t.Fatal(err)
		}
		if o.actor(an).Holds("paper.sign") {
			t.Error("before its first day")
		}
		o.clock.Set(civil.MustParse("2026-07-05").End().Add(-time.Second))
		a := o.actor(an)
		if i := slices.IndexFunc(a.Grants, func(g policy.Grant) bool { return g.DelegatedBy == boss.ID }); i < 0 || !a.Holds("paper.sign") ||
			!a.Grants[i].Until.Equal(civil.MustParse("2026-07-05").End()) {
			t.Errorf("%+v", a.Grants)
		}
		_, err = lend(a, h.ID, far, "2026-07-05", "2026-07-05", "nghỉ phép")
		o.want(err, errs.Forbidden, "account.delegated_on")
		o.clock.Add(time.Second)
		if o.actor(an).Holds("paper.sign") {
			t.Error("after its last day")
		}
		o.clock.Set(civil.MustParse("2026-07-03").Start())
		dbtest.Write(t, o.DB, func(tx *db.Tx) error { return o.Take(tx, policy.System("test"), holding) })
		if o.actor(an).Holds("paper.sign") {
			t.Error("a delegation outlives the role it comes from")
		}
	})
}

func TestRoleTakenEndsSessions(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		an := o.hire("ann", "officer d")
		s, _ := o.signIn("ann", pass)
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			hs, err := listHoldings(tx, an.ID)
			return errors.Join(err, o.Take(tx, policy.System("x"), hs[0].ID))
		})
		if o.as(s.Token).SignedIn() {
			t.Error("the session goes on")
		}
	})
}

func TestSessionsOfOthers(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		an, admin, far := o.hire("ann", "officer c"), o.hire("admin", "administrator d"), o.hire("far", "administrator x")
		s, _ := o.signIn("ann", pass)
		list := func(by policy.Actor) (out []OpenSession, err error) {
			err = o.Read(context.Background(), func(tx *db.Tx) (err error) { out, err = o.Sessions(tx, by, an.ID); return err })
			return out, err
		}
		if mine, err := list(o.as(s.Token)); err != nil || len(mine) != 1 || !mine[0].Own || mine[0].Device != "thử" {
			t.Errorf("%+v %v", mine, err)
		}
		_, err := list(o.actor(far))
		o.want(err, errs.NotFound, "")
		theirs, err := list(o.actor(admin))
		if err != nil || len(theirs) != 1 {
			t.Fatalf("%+v %v", theirs, err)
		}
		o.want(o.try(func(tx *db.Tx) error { return o.EndSession(tx, o.actor(far), an.ID, theirs[0].ID) }), errs.NotFound, "")
		dbtest.Write(t, o.DB, func(tx *db.Tx) error { return o.EndSession(tx, o.actor(admin), an.ID, theirs[0].ID) })
		if o.as(s.Token).SignedIn() {
			t.Error("the session goes on")
		}
	})
}

func TestEveryEventIsAudited(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.hire("ann", "officer d")
		s, _ := o.signIn("ann", pass)
		o.signIn("ann", "sai mật khẩu rồi")
		dbtest.Write(t, o.DB, func(tx *db.Tx) error { return o.SignOut(tx, o.as(s.Token)) })
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			all, err := audit.List(tx, audit.Filter{})
			got := map[string]int{}
			for _, e := range all {
				got[e.Action]++
				if strings.Contains(e.Change, "argon2id") || strings.Contains(e.Change, pass) {
					t.Error("a password in the audit log:", e.Change)
				}
			}
			for _, want := range []string{"account.invite", "account.role_given", "account.link_made", "account.password_set", "account.sign_in", "account.sign_in_refused", "account.sign_out"} {
				if got[want] != 1 {
					t.Errorf("%s: %d entries", want, got[want])
				}
			}
			return err
		})
	})
}

func TestHasherTurnsAFloodAway(t *testing.T) {
	h := newHasher(1, 64, 1, 2)
	h.slots <- struct{}{} // somebody is hashing
	h.all = h.places      // no place to wait in
	if _, _, err := h.Verify(context.Background(), "", "x"); !errs.Is(err, errs.TooMany) {
		t.Error(err)
	}
}

func TestPasswordFormsAreRenewed(t *testing.T) {
	ctx := context.Background()
	old, now := newHasher(1, 64, 1, 1), newHasher(2, 128, 1, 1)
	stored, _ := old.Hash(ctx, pass)
	if ok, stale, err := now.Verify(ctx, stored, pass); !ok || !stale || err != nil {
		t.Error(ok, stale, err)
	}
	if ok, _, _ := now.Verify(ctx, stored, pass+" "); ok {
		t.Error("a wrong password fits")
	}
	if ok, _, _ := now.Verify(ctx, "", ""); ok {
		t.Error("no password fits the empty one")
	}
	nfd := "ba con ga\u0300 tro\u0302\u0301ng"
	if ok, _, _ := old.Verify(ctx, stored, nfd); !ok {
		t.Error("the same password typed on another system does not fit")
	}
}

// What a sign-in costs beside the slow hash that it must cost, and whether a refusal tells by its time that the name exists: the figures of
// docs/access.md. All are taken side by side in random order, so that what else the machine does falls on each alike, and the medians are reported. The clock
// moves on by an hour a time, so that nothing is throttled.
func BenchmarkSignIn(b *testing.B) {
	h := NewHasher()
	clock := dbtest.NewClock(time.Date(2026, 7, 1, 1, 0, 0, 0, time.UTC))
	rooms, o := []db.Migrations{Migrations(), audit.Migrations(), jobs.Migrations(), closure}, db.Options{Clock: clock.Now}
	run := func(b *testing.B, d *db.DB) {
		c := &Accounts{Book: book, Units: tree{"d": nil}, Vault: glass{}, Hasher: h}
		stored, err := h.Hash(context.Background(), pass)
		if err != nil {
			b.Fatal(err)
		}
		dbtest.Write(b, d, func(tx *db.Tx) error {
			_, err := c.Enrol(tx, policy.System("test"), NewPerson{Name: "Lường Văn An", Login: "ann"}, stored, NewHolding{Role: "officer", Unit: "d", From: civil.MustParse("2026-01-01")})
			return err
		})
		took := map[string][]time.Duration{}
		measure := func(what string, f func()) {
			from := time.Now()
			f()
			took[what] = append(took[what], time.Since(from))
		}
		signIn := func(login, password string) func() {
			return func() {
				clock.Add(time.Hour)
				if _, err := c.SignIn(context.Background(), d, Attempt{Login: login, Password: password, Address: "192.0.2.7"}); (err == nil) != (password == pass) {
					b.Fatal(err)
				}
			}
		}
		whats := []struct {
			name string
			f    func()
		}{{"floor", func() { h.encode(pass, []byte("0123456789abcdef")) }}, {"in", signIn("ann", pass)},
			{"known", signIn("ann", "sai mật khẩu rồi")}, {"unknown", signIn("nobody", "sai mật khẩu rồi")}}
		for b.Loop() {
			for _, i := range rand.Perm(len(whats)) {
				measure(whats[i].name, whats[i].f)
			}
		}
		b.ReportMetric(0, "ns/op") // of four different things
		median := func(what string) float64 {
			slices.Sort(took[what])
			return float64(took[what][len(took[what])/2]) / float64(time.Millisecond)
		}
		for _, what := range []string{"floor", "in", "known", "unknown"} {
			b.ReportMetric(median(what), what+"-ms")
		}
		b.ReportMetric(median("known")/median("unknown"), "known/unknown")
		b.ReportMetric(median("in")/median("floor"), "in/floor")
	}
	b.Run("sqlite", func(b *testing.B) { run(b, dbtest.SQLite(b, rooms, o)) })
	b.Run("postgres", func(b *testing.B) { run(b, dbtest.Postgres(b, rooms, o)) })
}

func TestHoldersOfAUnit(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		boss, an := o.hire("boss", "leader d"), o.hire("ann", "officer d")
		o.hire("top", "administrator p") // holds paper.read above, which makes no member of d
		o.hire("away", "officer x")
		holders := func(unit string, p policy.Permission) string {
			var out []string
			dbtest.Read(t, o.DB, func(tx *db.Tx) error {
				list, err := o.HoldersOf(tx, unit, p)
				for _, x := range list {
					out = append(out, x.Login)
				}
				return err
			})
			return strings.Join(out, " ")
		}
		if got := holders("d", "paper.sign") + "|" + holders("d", "paper.read") + "|" + holders("c", "paper.read") + "|" + holders("d", "no.such"); got != "boss|ann||" {
			t.Error(got)
		}
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			hs, err := listHoldings(tx, boss.ID)
			if err != nil {
				return err
			}
			_, err = o.Delegate(tx, o.actor(boss), hs[0].ID, an.ID, civil.MustParse("2026-07-02"), civil.MustParse("2026-07-05"), "nghỉ phép")
			return err
		})
		if got := holders("d", "paper.sign"); got != "boss" {
			t.Error("before the delegation:", got)
		}
		o.clock.Add(24 * time.Hour)
		if got := holders("d", "paper.sign"); got != "ann boss" {
			t.Error("during the delegation:", got)
		}
		dbtest.Write(t, o.DB, func(tx *db.Tx) error { return o.Accounts.Close(tx, policy.System("x"), boss.ID) })
		if got := holders("d", "paper.sign"); got != "" {
			t.Error("a delegation outlives the role it comes from:", got)
		}
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			names, err := NamesOf(tx, []string{an.ID, "nobody", an.ID})
			if len(names) != 1 || names[an.ID] != "Lường Văn ann" {
				t.Errorf("%v", names)
			}
			if _, err := NameOf(tx, "nobody"); !errs.Is(err, errs.NotFound) {
				t.Error(err)
			}
			return err
		})
	})
}
