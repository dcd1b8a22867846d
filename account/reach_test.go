package account

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// The administrator of one unit cannot take over the account of a colleague who holds a role elsewhere as well: no link, no factor, no
// closing. Roles that have ended elsewhere do not count.
func TestAccountsOfTwoUnitsAreTakenOverByNobody(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		both := o.hire("both", "officer d", "leader x")
		low, far := o.actor(o.hire("low", "administrator d")), o.actor(o.hire("far", "administrator x"))
		deeds := map[string]func(tx *db.Tx, by policy.Actor) error{
			"link":  func(tx *db.Tx, by policy.Actor) error { _, err := o.MakeLink(tx, by, both.ID); return err },
			"codes": func(tx *db.Tx, by policy.Actor) error { return o.DropCodes(tx, by, both.ID) },
			"close": func(tx *db.Tx, by policy.Actor) error { return o.Accounts.Close(tx, by, both.ID) },
		}
		for name, deed := range deeds {
			for _, by := range []policy.Actor{low, far} {
				if err := o.try(func(tx *db.Tx) error { return deed(tx, by) }); !errs.Is(err, errs.Forbidden) {
					t.Errorf("%s by the administrator of %s: %v", name, by.Unit, err)
				}
			}
		}
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			hs, err := listHoldings(tx, both.ID)
			for _, h := range hs {
				if h.UnitID == "x" {
					err = errors.Join(err, o.Take(tx, policy.System("test"), h.ID))
				}
			}
			return err
		})
		if err := o.try(func(tx *db.Tx) error { return deeds["link"](tx, low) }); err != nil {
			t.Error("a role that ended still counts:", err)
		}
		if err := o.try(func(tx *db.Tx) error { return deeds["close"](tx, far) }); !errs.Is(err, errs.Forbidden) {
			t.Error("the unit the person left closes the account:", err)
		}
	})
}

// Nor can they take over the account of somebody in their own unit who reaches further than they do: the auditor.
func TestAccountOfTheAuditorIsTakenOverByNobody(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		auditor := o.hire("van", "auditor d", "officer d")
		admin, two := o.actor(o.hire("low", "administrator d")), o.actor(o.hire("both", "administrator d", "auditor x"))
		for name, deed := range map[string]func(tx *db.Tx, by policy.Actor) error{
			"link":  func(tx *db.Tx, by policy.Actor) error { _, err := o.MakeLink(tx, by, auditor.ID); return err },
			"codes": func(tx *db.Tx, by policy.Actor) error { return o.DropCodes(tx, by, auditor.ID) },
			"close": func(tx *db.Tx, by policy.Actor) error { return o.Accounts.Close(tx, by, auditor.ID) },
		} {
			if err := o.try(func(tx *db.Tx) error { return deed(tx, admin) }); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s by the administrator of the unit: %v", name, err)
			}
		}
		if err := o.try(func(tx *db.Tx) error { _, err := o.MakeLink(tx, two, auditor.ID); return err }); err != nil {
			t.Error("an administrator who is an auditor as well:", err)
		}
	})
}

// The lists of all sessions and of all delegations hold what is in the own reach, page by page, and find by name.
func TestAllSessionsAndDelegationsOfTheReach(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		admin := o.actor(o.hire("admin", "administrator d"))
		far := o.actor(o.hire("far", "administrator x"))
		boss := o.hire("boss", "leader c")
		day := civil.Of(o.clock.Now())
		for i := range 3 {
			p := o.hire(fmt.Sprint("ann", i), "officer c")
			if _, err := o.signIn(p.Login, pass); err != nil {
				t.Fatal(err)
			}
			by := o.actor(boss)
			dbtest.Write(t, o.DB, func(tx *db.Tx) error {
				hs, err := listHoldings(tx, boss.ID)
				if err != nil {
					return err
				}
				_, err = o.Delegate(tx, by, hs[0].ID, p.ID, day.AddDays(i), day.AddDays(i+1), "nghỉ phép")
				return err
			})
		}
		sessions := func(by policy.Actor, words string, skip, limit int) (list []OpenAt, total int) {
			dbtest.Read(t, o.DB, func(tx *db.Tx) (err error) {
				list, total, err = o.openSessions(tx, by, words, skip, limit)
				return err
			})
			return list, total
		}
		lent := func(by policy.Actor, words string, skip, limit int) (list []Lent, total int) {
			dbtest.Read(t, o.DB, func(tx *db.Tx) (err error) {
				list, total, err = listLent(tx, o.Book.Scope(by, Manage), words, skip, limit)
				return err
			})
			return list, total
		}
		if l, n := sessions(admin, "", 2, 2); n != 3 || len(l) != 1 {
			t.Errorf("second page of sessions: %d of %d", len(l), n)
		}
		if l, n := sessions(admin, "ann1", 0, 9); n != 1 || l[0].Login != "ann1" || l[0].ID == "" {
			t.Errorf("by name: %+v of %d", l, n)
		}
		if _, n := sessions(far, "", 0, 9); n != 0 {
			t.Errorf("a stranger sees %d sessions", n)
		}
		if l, n := lent(admin, "", 1, 9); n != 3 || len(l) != 2 || l[0].Reason != "nghỉ phép" || l[0].UnitID != "c" || l[0].ToDay.After(l[1].ToDay) {
			t.Errorf("delegations after the first: %+v of %d", l, n)
		}
		if _, n := lent(far, "", 0, 9); n != 0 {
			t.Errorf("a stranger sees %d delegations", n)
		}
		l, _ := lent(admin, "ann2", 0, 9)
		if len(l) != 1 {
			t.Fatal(l)
		}
		dbtest.Write(t, o.DB, func(tx *db.Tx) error { return o.Take(tx, admin, l[0].ID) }) // before its first day
		if _, n := lent(admin, "", 0, 9); n != 2 {
			t.Errorf("%d delegations after one was ended", n)
		}
	})
}

// A role that is taken away while a request runs: once the request has read its roles the taking waits until it is through, and what was
// taken before the request could write is found gone. Never half of it.
func TestRoleTakenWhileARequestRuns(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		an := o.hire("ann", "leader d")
		lent := o.hire("binh", "officer d")
		take := func() error {
			return o.Write(context.Background(), func(tx *db.Tx) error {
				hs, err := listHoldings(tx, an.ID)
				if err != nil {
					return err
				}
				return o.Take(tx, policy.System("test"), hs[0].ID)
			})
		}
		by := o.actor(an)
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			hs, err := listHoldings(tx, an.ID)
			if err != nil {
				return err
			}
			_, err = o.Delegate(tx, by, hs[0].ID, lent.ID, civil.Of(tx.Now), civil.Of(tx.Now).AddDays(3), "nghỉ phép")
			return err
		})
		var tokens []string
		for _, who := range []string{"ann", "binh"} {
			s, err := o.signIn(who, pass)
			if err != nil {
				t.Fatal(err)
			}
			tokens = append(tokens, s.Token)
		}
		sign := func(token string, meanwhile func()) error {
			return o.Write(context.Background(), func(tx *db.Tx) error {
				r, _ := http.NewRequest("POST", "/", nil)
				r.AddCookie(&http.Cookie{Name: CookieName, Value: token})
				a, err := o.Actor(tx, r)
				if err != nil {
					return err
				}
				if meanwhile != nil {
					meanwhile()
				}
				if !a.Holds("paper.sign") {
					return errs.New(errs.Forbidden, "account.may_not_manage")
				}
				return audit.Log(tx, a, audit.By("paper.sign", "d"), audit.Deed{Action: "paper.sign", Kind: "paper", ID: "p1"})
			})
		}
		taken := make(chan error, 1)
		for _, token := range tokens { // both hold the role: its holder and who stands in
			err := sign(token, func() {
				ctx, stop := context.WithTimeout(context.Background(), 200*time.Millisecond) // the taking cannot get through; this bounds how long it tries
				defer stop()
				if err := o.Write(ctx, func(tx *db.Tx) error {
					hs, err := listHoldings(tx, an.ID)
					if err != nil {
						return err
					}
					return o.Take(tx, policy.System("test"), hs[0].ID)
				}); err == nil {
					t.Error("a role is taken away between the decision and the commit")
				}
			})
			if err != nil {
				t.Error("the deed that was first:", err)
			}
		}
		if err := sign(tokens[1], func() { go func() { taken <- take() }() }); err != nil {
			t.Error(err)
		}
		if err := <-taken; err != nil {
			t.Error("the taking that waited:", err)
		}
		for _, token := range tokens {
			if err := sign(token, nil); !errs.Is(err, errs.Forbidden) {
				t.Error("a deed with a role that is gone:", err)
			}
		}
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			list, err := audit.List(tx, audit.Filter{Action: "paper.sign", Limit: 9})
			if len(list) != 3 {
				t.Errorf("%d deeds, want 3", len(list))
			}
			return err
		})
	})
}

// A clock that jumps neither opens a delegation before its day nor keeps it after, and a link that ran out stays so only while the clock
// says it: what was used is used whatever the clock says.
func TestClockThatJumpsOverDelegationsAndLinks(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		boss, an := o.hire("boss", "leader d"), o.hire("ann", "officer d")
		by := o.actor(boss)
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			hs, err := listHoldings(tx, boss.ID)
			if err != nil {
				return err
			}
			_, err = o.Delegate(tx, by, hs[0].ID, an.ID, civil.MustParse("2026-07-02"), civil.MustParse("2026-07-03"), "nghỉ phép")
			return err
		})
		start := o.clock.Now()
		for _, c := range []struct {
			at    string
			signs bool
		}{{"2026-07-03", true}, {"2026-07-01", false}, {"2027-01-01", false}, {"2026-07-02", true}, {"2025-12-31", false}} {
			o.clock.Set(civil.MustParse(c.at).Start().Add(time.Hour))
			if o.actor(an).Holds("paper.sign") != c.signs {
				t.Errorf("on %s after a jump the delegation counts: %v", c.at, !c.signs)
			}
		}
		o.clock.Set(start)
		var token string
		dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) { _, token, _, err = o.Reset(tx, an.ID); return err })
		set := func(password string) error {
			_, err := o.SetPassword(context.Background(), o.DB, token, password)
			return err
		}
		o.clock.Add(24 * time.Hour)
		o.want(set("mật khẩu sau một ngày"), errs.NotFound, "account.link_gone")
		o.clock.Set(start)
		if err := set("mật khẩu thứ hai đây"); err != nil {
			t.Fatal(err)
		}
		for _, jump := range []time.Duration{0, -time.Hour, -48 * time.Hour} {
			o.clock.Set(start.Add(jump))
			o.want(set("mật khẩu thứ ba đây"), errs.NotFound, "account.link_gone")
		}
		// A lock set while the clock was ahead does not outlast the jump back by more than a lock may last.
		o.clock.Set(start.Add(10 * 365 * 24 * time.Hour))
		for range nameLimit + 1 {
			o.from("198.51.100.1", "ann", "sai")
		}
		o.clock.Set(start)
		if _, err := o.signIn("ann", "mật khẩu thứ hai đây"); err != nil {
			t.Error("locked out for ten years by a clock that was wrong:", err)
		}
	})
}

// A timeline tells in whose place a deed was done: while the role was lent, and for ever afterwards; not of what one holds oneself, not of
// another unit or permission, and not of a time before or after.
func TestTimelinesTellWhoStoodIn(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		boss, an := o.hire("boss", "leader d", "officer d"), o.hire("ann", "officer d")
		by := o.actor(boss)
		start := o.clock.Now()
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			hs, err := listHoldings(tx, boss.ID)
			for _, h := range hs {
				if err == nil {
					_, err = o.Delegate(tx, by, h.ID, an.ID, civil.Of(start), civil.Of(start).AddDays(2), "nghỉ phép")
				}
			}
			return err
		})
		o.clock.Add(24 * time.Hour)
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			hs, err := listDelegated(tx, boss.ID)
			for _, h := range hs {
				if err == nil {
					err = o.Take(tx, by, h.ID)
				}
			}
			return err
		})
		o.clock.Add(400 * 24 * time.Hour)
		hour := start.Add(time.Hour)
		for _, c := range []struct {
			what string
			d    Done
			want string
		}{
			{"lent", Done{an.ID, "d", "paper.sign", hour}, boss.Name},
			{"held too", Done{an.ID, "d", "paper.read", hour}, ""},
			{"its owner", Done{boss.ID, "d", "paper.sign", hour}, ""},
			{"another unit", Done{an.ID, "c", "paper.sign", hour}, ""},
			{"before", Done{an.ID, "d", "paper.sign", start.Add(-time.Hour)}, ""},
			{"after it was ended", Done{an.ID, "d", "paper.sign", start.Add(25 * time.Hour)}, ""},
			{"no permission", Done{an.ID, "d", "", hour}, ""},
			{"the system", Done{"system", "d", "paper.sign", hour}, ""},
		} {
			dbtest.Read(t, o.DB, func(tx *db.Tx) error {
				got, err := o.StoodIn(tx, []Done{{}, c.d})
				if err == nil && (got[0] != "" || got[1] != c.want) {
					t.Errorf("%s: %q, want %q", c.what, got, c.want)
				}
				return err
			})
		}
	})
}

// Who holds no role yet is seen and managed by the administrators of the unit that brought them in, and by those above; the list and the
// single decisions agree. After the first role that role counts.
func TestWhoHoldsNoRoleYetBelongsToWhoBroughtThemIn(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		top, low, far := o.actor(o.hire("top", "administrator p")), o.actor(o.hire("low", "administrator d")), o.actor(o.hire("far", "administrator x"))
		invite := func(by policy.Actor, login string) (p Person) {
			dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) {
				p, err = o.Invite(tx, by, NewPerson{Name: "Lò Thị " + login, Login: login})
				return err
			})
			return p
		}
		mai, lan := invite(low, "mai"), invite(far, "lan")
		stray := invite(policy.System("admin"), "stray")
		sees := func(by policy.Actor) map[string]bool {
			out := map[string]bool{}
			dbtest.Read(t, o.DB, func(tx *db.Tx) error {
				list, total, err := listPeople(tx, o.Book.Scope(by, Manage), peopleFilter{}, 1, 50)
				if err != nil || total != len(list) {
					t.Errorf("%d of %d: %v", len(list), total, err)
				}
				for _, p := range list {
					out[p.ID] = true
				}
				states, err := countByState(tx, o.Book.Scope(by, Manage))
				if states[Active]+states[Invited] != total {
					t.Errorf("%s counts %v, lists %d", by.Unit, states, total)
				}
				for _, p := range []Person{mai, lan, stray, {ID: top.Person}, {ID: low.Person}, {ID: far.Person}} {
					if err := o.mayManage(tx, by, Manage, p.ID); (err == nil) != out[p.ID] || err != nil && !errs.Is(err, errs.NotFound) {
						t.Errorf("administrator of %s on %s: listed %v, decided %v", by.Unit, p.Login, out[p.ID], err)
					}
				}
				return err
			})
			return out
		}
		for _, c := range []struct {
			by             policy.Actor
			mai, lan, away bool
		}{{top, true, false, false}, {low, true, false, false}, {far, false, true, false}, {policy.System("admin"), true, true, true}} {
			if got := sees(c.by); got[mai.ID] != c.mai || got[lan.ID] != c.lan || got[stray.ID] != c.away {
				t.Errorf("administrator of %q sees mai %v, lan %v, who came with the installation %v", c.by.Unit, got[mai.ID], got[lan.ID], got[stray.ID])
			}
		}
		o.want(o.try(func(tx *db.Tx) error { _, err := o.MakeLink(tx, far, mai.ID); return err }), errs.NotFound, "")
		o.want(o.try(func(tx *db.Tx) error {
			_, err := o.Give(tx, far, NewHolding{Person: mai.ID, Role: "officer", Unit: "x", From: civil.MustParse("2026-07-01")})
			return err
		}), errs.NotFound, "")
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			_, err := o.Give(tx, top, NewHolding{Person: mai.ID, Role: "officer", Unit: "p", From: civil.MustParse("2026-07-01")})
			return err
		})
		if sees(low)[mai.ID] || !sees(top)[mai.ID] {
			t.Error("the first role does not decide")
		}
	})
}
