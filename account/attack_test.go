package account

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/jobs"
	"chungtay/policy"
)

// from signs in from an address.
func (o *office) from(address, login, password string) error {
	_, err := o.SignIn(context.Background(), o.DB, Attempt{Login: login, Password: password, Address: address})
	return err
}

// code is what an authenticator shows now.
func (o *office) code(secret string) string {
	o.Helper()
	c, err := totp.GenerateCode(secret, o.clock.Now())
	if err != nil {
		o.Fatal(err)
	}
	return c
}

// What an attempt costs does not tell whether the name exists: the same number of slow hashes, asserted by counting and not by time.
func TestAttemptsCostTheSame(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.hire("ann", "officer d")
		closed := o.hire("binh", "officer d")
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			if err := o.Accounts.Close(tx, policy.System("test"), closed.ID); err != nil {
				return err
			}
			_, err := o.Invite(tx, policy.System("test"), NewPerson{Name: "Cầm Thị Chi", Login: "chi"})
			return err
		})
		for i, login := range []string{"ann", "nobody", "binh", "chi"} {
			before := o.Hasher.hashed.Load()
			o.want(o.from(fmt.Sprintf("192.0.2.%d", i), login, "sai mật khẩu rồi"), errs.Invalid, "account.refused")
			if n := o.Hasher.hashed.Load() - before; n != 1 {
				t.Errorf("%s: %d hashes, want 1", login, n)
			}
		}
		// A forgotten password: one job whatever was typed; the job finds out.
		for i, login := range []string{"ann", "nobody", "binh"} {
			dbtest.Write(t, o.DB, func(tx *db.Tx) error {
				before, err := jobs.Counts(tx)
				if err != nil {
					return err
				}
				if err := o.AskReset(tx, login, fmt.Sprintf("192.0.2.%d", i)); err != nil {
					return err
				}
				after, err := jobs.Counts(tx)
				if n := after.States[jobs.Waiting] - before.States[jobs.Waiting]; n != 1 {
					t.Errorf("forgot %s: %d jobs, want 1", login, n)
				}
				return err
			})
		}
	})
}

// Names tried from one address are stopped before they are hashed, whether they exist or not, and a stopped address locks no names.
func TestFloodIsStoppedBeforeHashing(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.hire("ann", "officer d")
		before := o.Hasher.hashed.Load()
		for i := range 3 * addressLimit {
			if err := o.from("2001:db8::"+fmt.Sprint(i), fmt.Sprintf("nobody%d", i), "x"); err == nil { // one subscriber's network
				t.Fatal("signed in")
			}
		}
		if n := o.Hasher.hashed.Load() - before; n != addressLimit {
			t.Errorf("%d hashes for a flood from one network, want %d", n, addressLimit)
		}
		for range 2 * nameLimit {
			o.want(o.from("2001:db8::1", "ann", "sai"), errs.TooMany, "account.locked")
		}
		if err := o.from("192.0.2.7", "ann", pass); err != nil {
			t.Errorf("a locked address locked a name: %v", err)
		}
	})
}

// While one address fills its share of the waiting places, somebody else still gets one.
func TestOneAddressDoesNotFillTheQueue(t *testing.T) {
	h := newHasher(1, 64, 1, 16)
	h.slots <- struct{}{} // somebody is hashing
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	refused, in := make(chan bool), make(chan error)
	for range 40 {
		go func() {
			_, _, err := h.VerifyFrom(ctx, "192.0.2.1", "", "x")
			refused <- errs.Is(err, errs.TooMany)
		}()
	}
	for range 40 - 16/8 { // all but an eighth of the places are turned away at once
		if !<-refused {
			t.Fatal("a place beyond the share")
		}
	}
	go func() { _, _, err := h.VerifyFrom(context.Background(), "192.0.2.2", "", "x"); in <- err }()
	<-h.slots // the hash under way ends
	if err := <-in; err != nil {
		t.Errorf("no room for another address: %v", err)
	}
	stop()
	for range h.share {
		<-refused
	}
	if len(h.waiting) != 0 {
		t.Errorf("places kept: %v", h.waiting)
	}
}

// A flood from many addresses at once fills half of the places and then one more each, so that somebody new still gets one; who is turned
// away is told so at once, and nothing waits without end.
func TestManyAddressesLeaveRoom(t *testing.T) {
	h := newHasher(1, 64, 1, 16)
	h.slots <- struct{}{} // somebody is hashing
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	const networks, each = 10, 20
	refused, in := make(chan error, networks*each), make(chan error)
	for n := range networks {
		for range each {
			go func() {
				_, _, err := h.VerifyFrom(ctx, fmt.Sprintf("192.0.2.%d", n), "", "x")
				refused <- err
			}()
		}
	}
	for range networks*each - (8 + networks - 8/2) { // eight places by up to two of an address, then one more for each that has none
		if err := <-refused; !errs.Is(err, errs.TooMany) {
			t.Fatal("turned away without a word:", err)
		}
	}
	go func() { _, _, err := h.VerifyFrom(context.Background(), "203.0.113.9", "", "x"); in <- err }()
	<-h.slots // the hash under way ends
	if err := <-in; err != nil {
		t.Errorf("no room for a new address: %v", err)
	}
	stop()
}

// A clock that jumps opens nothing: a used code stays used, a session of the future does not count, and a delegation follows the day.
func TestClockThatJumps(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		ann := o.hire("ann", "officer d")
		s, err := o.signIn("ann", pass)
		if err != nil {
			t.Fatal(err)
		}
		o.clock.Add(-6 * time.Minute)
		if o.as(s.Token).SignedIn() {
			t.Error("a session opened in the future counts")
		}
		o.clock.Add(5 * time.Minute)
		if !o.as(s.Token).SignedIn() {
			t.Error("a clock set back by a minute signs everybody out")
		}
		o.clock.Add(longest)
		if o.as(s.Token).SignedIn() {
			t.Error("a session outlives a jump forward")
		}

		var row totpRow
		var secret string
		dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) {
			if secret, _, err = o.StartCodes(tx, policy.Actor{Person: ann.ID}); err != nil {
				return err
			}
			row, _, err = findTOTP(tx, ann.ID)
			return err
		})
		code := o.code(secret)
		try := func() (good bool) {
			dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) {
				step, fits, err := o.checkCode(tx, row, code)
				if good = fits; good {
					row.LastStep = step
				}
				return err
			})
			return good
		}
		if !try() {
			t.Fatal("the right code is refused")
		}
		for _, jump := range []time.Duration{0, -time.Hour, time.Hour - 30*time.Second, time.Minute} {
			o.clock.Add(jump)
			if try() {
				t.Errorf("after a jump of %s a used code counts again", jump)
			}
		}
		o.clock.Add(-time.Hour)
		code = o.code(secret)
		if try() {
			t.Error("a code from before the last one counts")
		}
	})
}

// A role that is taken away between the page and the deed is gone for the deed: the actor is read again in the transaction that writes.
// A session from before sign-in is not the one after it, so that a planted cookie opens nothing.
func TestRoleGoneAndSessionNew(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		admin := o.hire("root", Administrator+" p")
		o.hire("other", Administrator+" p")
		first, err := o.signIn("root", pass)
		if err != nil {
			t.Fatal(err)
		}
		second, err := o.signIn("root", pass)
		if err != nil || first.Token == second.Token || len(second.Token) != 43 {
			t.Fatalf("tokens %q and %q: %v", first.Token, second.Token, err)
		}
		if o.as("planted-by-somebody-else-planted-by-somebody").SignedIn() {
			t.Error("a token that was not made here counts")
		}
		if !o.as(second.Token).Holds(Manage) {
			t.Fatal("the administrator holds nothing")
		}
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			hs, err := listHoldings(tx, admin.ID)
			if err != nil {
				return err
			}
			return o.Take(tx, policy.System("test"), hs[0].ID)
		})
		if o.as(second.Token).SignedIn() || o.as(first.Token).SignedIn() {
			t.Error("a session goes on with a role that is gone")
		}
	})
}
