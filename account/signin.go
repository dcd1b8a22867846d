package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// Attempt is what a sign-in form sent.
type Attempt struct {
	Login, Password string
	Address, Device string // where it came from
}

// Opened is a session just opened. Token goes into the cookie and nowhere else.
type Opened struct {
	Token      string
	PersonID   string
	NeedFactor bool // a second factor is set up and must be shown before the session is good for more than that
}

// refused is the one answer to a wrong name, a wrong password, a closed account and an account not yet activated: it reveals nothing.
var refused = errs.New(errs.Invalid, "account.refused")

// SignIn checks a name and a password and opens a session. It opens its own transactions: attempts are counted in one before the slow
// check, which holds no transaction, and the outcome is written in another. A locked name or address answers errs.TooMany with the
// time; everything else that is wrong gives the same refusal after the same time.
func (c *Accounts) SignIn(ctx context.Context, d *db.DB, a Attempt) (Opened, error) {
	login := LoginKey(a.Login)
	if len(login) > 200 || len(a.Password) > 1000 {
		return Opened{}, refused
	}
	from := network(a.Address)
	var p Person
	var known bool
	var locked time.Time
	err := d.Write(ctx, func(tx *db.Tx) error { // commits the count also when the answer is a refusal
		var err error
		if locked, err = attempt(tx, throttleKey("address", from), addressLimit); err != nil {
			return err
		}
		if locked.IsZero() { // a locked address cannot go on locking names
			if locked, err = attempt(tx, throttleKey("name", login), nameLimit); err != nil {
				return err
			}
		}
		p, known, err = findPersonByLogin(tx, login)
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	if !locked.IsZero() {
		return Opened{}, errs.New(errs.TooMany, "account.locked", locked)
	}
	stored := ""
	if known && p.State == Active {
		stored = p.Password
	}
	ok, stale, err := c.Hasher.VerifyFrom(ctx, from, stored, a.Password)
	if err != nil {
		return Opened{}, err
	}
	renewed := ""
	if ok && stale {
		if renewed, err = c.Hasher.Hash(ctx, a.Password); err != nil {
			return Opened{}, err
		}
	}
	var out Opened
	err = d.Write(ctx, func(tx *db.Tx) error {
		if !ok {
			who := policy.Actor{}
			if known {
				who = policy.Actor{Person: p.ID, Name: p.Name}
			}
			return audit.Log(tx, who, audit.Self(), audit.Deed{Action: "account.sign_in_refused", Kind: "person", ID: p.ID})
		}
		again, err := personByID(tx, p.ID) // it may have been closed meanwhile
		if err != nil {
			return err
		}
		if again.State != Active || again.Password != p.Password {
			ok = false
			return nil
		}
		if renewed != "" {
			again.Password = renewed
			if err := savePerson(tx, again); err != nil {
				return err
			}
		}
		if err := clearThrottle(tx, throttleKey("name", login)); err != nil {
			return err
		}
		out, err = c.open(tx, again, a, false, "account.sign_in")
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	if !ok {
		return Opened{}, refused
	}
	return out, nil
}

// open writes a session and returns its token. strong says that a second factor was shown already (a passkey).
func (c *Accounts) open(tx *db.Tx, p Person, a Attempt, strong bool, action string) (Opened, error) {
	need := false
	if !strong {
		var err error
		if need, err = hasFactor(tx, p.ID); err != nil {
			return Opened{}, err
		}
	}
	unit, err := c.firstUnit(tx, p.ID)
	if err != nil {
		return Opened{}, err
	}
	token := newToken()
	s := session{ID: tokenKey(token), PersonID: p.ID, UnitID: unit, OpenedAt: tx.Now, SeenAt: tx.Now, SecondFactor: strong, ConfirmedAt: tx.Now,
		Address: a.Address, Device: short(a.Device, 200)}
	if err := insertSession(tx, s); err != nil {
		return Opened{}, err
	}
	who := policy.Actor{Person: p.ID, Name: p.Name, Unit: unit}
	return Opened{token, p.ID, need}, audit.Log(tx, who, audit.Self(), audit.Deed{Action: action, Kind: "person", ID: p.ID})
}

// firstUnit is the unit of the person's first role in force.
func (c *Accounts) firstUnit(tx *db.Tx, person string) (string, error) {
	hs, err := listHoldings(tx, person)
	if err != nil {
		return "", err
	}
	for _, h := range hs {
		if h.InForce(civil.Of(tx.Now)) && h.Of == "" {
			return h.UnitID, nil
		}
	}
	for _, h := range hs {
		if h.InForce(civil.Of(tx.Now)) {
			return h.UnitID, nil
		}
	}
	return "", nil
}

// newToken returns 256 random bits for a cookie or a link.
func newToken() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func tokenKey(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func short(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		r = r[:n]
	}
	return string(r)
}
