package account

import (
	"context"
	"time"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/jobs"
	"chungtay/policy"
)

// How long links work.
const (
	inviteTime = 7 * 24 * time.Hour
	resetTime  = 30 * time.Minute
)

// MakeLink makes a single-use link for a person: an invitation while invited, a reset of the password later. Earlier links of the
// person stop working. The token is for the message to the person only.
func (c *Accounts) MakeLink(tx *db.Tx, by policy.Actor, person string) (token string, err error) {
	if err := c.mayCare(tx, by, person); err != nil {
		return "", err
	}
	p, err := personByID(tx, person)
	if err != nil {
		return "", err
	}
	return c.makeLink(tx, by, p)
}

func (c *Accounts) makeLink(tx *db.Tx, by policy.Actor, p Person) (string, error) {
	l := link{Kind: "reset", PersonID: p.ID, MadeBy: by.Person, MadeAt: tx.Now, ExpiresAt: tx.Now.Add(resetTime)}
	switch p.State {
	case Invited:
		l.Kind, l.ExpiresAt = "invite", tx.Now.Add(inviteTime)
	case Closed:
		return "", errs.New(errs.Conflict, "account.closed_already")
	}
	token := newToken()
	l.ID = tokenKey(token)
	if err := expireLinks(tx, p.ID); err != nil {
		return "", err
	}
	if err := insertLink(tx, l); err != nil {
		return "", err
	}
	right, err := over(tx, by, Manage, p.ID)
	if err != nil {
		return "", err
	}
	return token, audit.Log(tx, by, right, audit.Deed{Action: "account.link_made", Kind: "person", ID: p.ID})
}

// resetJob makes and posts a reset link; resetFor is its payload.
const resetJob = "account.reset"

type resetFor struct {
	Person string `json:"person"` // "": nobody has the name that was typed
}

// AskReset asks for a reset link for whoever has a login. Requests are counted by address. A known and an unknown name cost the same here
// (one look, one row), for all the rest is a job; so neither the answer nor its time tells which it was.
func (c *Accounts) AskReset(tx *db.Tx, login, address string) error {
	until, err := attempt(tx, throttleKey("reset", network(address)), nameLimit)
	if err != nil || !until.IsZero() {
		return err
	}
	p, _, err := findPersonByLogin(tx, LoginKey(login))
	if err != nil {
		return err
	}
	_, err = jobs.Enqueue(tx, resetJob, resetFor{p.ID})
	return err
}

// Reset makes a reset link for a person who may have one by mail and returns it; ok is false for everybody else.
func (c *Accounts) Reset(tx *db.Tx, person string) (p Person, token string, ok bool, err error) {
	if person == "" {
		return Person{}, "", false, nil
	}
	p, err = personByID(tx, person)
	if err != nil || p.State == Closed || p.Email == "" {
		return Person{}, "", false, err
	}
	token, err = c.makeLink(tx, policy.Actor{}, p)
	return p, token, err == nil, err
}

// Jobs of this room that need nothing but the room itself.
func (c *Accounts) Jobs() ([]jobs.Kind, []jobs.Entry) {
	return []jobs.Kind{{Name: resetJob, Run: c.runReset}}, nil
}

func (c *Accounts) runReset(ctx context.Context, j *jobs.Job) error {
	var f resetFor
	if err := j.Decode(&f); err != nil {
		return err
	}
	return j.Finish(ctx, func(tx *db.Tx) error {
		p, token, ok, err := c.Reset(tx, f.Person)
		if err != nil || !ok || c.Post == nil {
			return err
		}
		return c.Post.Link(tx, p, token)
	})
}

// LinkOwner tells whose link a token is, while it works.
func (c *Accounts) LinkOwner(tx *db.Tx, token string) (Person, error) {
	l, ok, err := findLink(tx, tokenKey(token))
	if err != nil {
		return Person{}, err
	}
	if !ok || !l.UsedAt.IsZero() || !tx.Now.Before(l.ExpiresAt) {
		return Person{}, errs.New(errs.NotFound, "account.link_gone")
	}
	p, err := personByID(tx, l.PersonID)
	if err == nil && p.State == Closed {
		err = errs.New(errs.NotFound, "account.link_gone")
	}
	return p, err
}

// SetPassword sets the password of the owner of a link and uses the link up. All sessions of the person end. It opens its own
// transactions, for hashing is slow.
func (c *Accounts) SetPassword(ctx context.Context, d *db.DB, token, password string) (Person, error) {
	var p Person
	if err := d.Read(ctx, func(tx *db.Tx) (err error) { p, err = c.LinkOwner(tx, token); return err }); err != nil {
		return Person{}, err
	}
	if err := CheckPassword(password, p); err != nil {
		return Person{}, err
	}
	hash, err := c.Hasher.Hash(ctx, password)
	if err != nil {
		return Person{}, err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		if p, err = c.LinkOwner(tx, token); err != nil {
			return err
		}
		if err := useLink(tx, tokenKey(token)); err != nil {
			return err
		}
		p.Password, p.PasswordAt, p.State = hash, tx.Now, Active
		if err := savePerson(tx, p); err != nil {
			return err
		}
		if err := endSessions(tx, p.ID, "", "password"); err != nil {
			return err
		}
		if err := clearThrottle(tx, throttleKey("name", p.Login)); err != nil {
			return err
		}
		return audit.Log(tx, policy.Actor{Person: p.ID, Name: p.Name}, audit.Self(), audit.Deed{Action: "account.password_set", Kind: "person", ID: p.ID})
	})
	return p, err
}

// ChangePassword changes one's own password after showing the present one. Other sessions end.
func (c *Accounts) ChangePassword(ctx context.Context, d *db.DB, by policy.Actor, present, password string) error {
	var p Person
	err := d.Write(ctx, func(tx *db.Tx) error {
		until, err := attempt(tx, throttleKey("change", by.Person), nameLimit)
		if err != nil {
			return err
		}
		if !until.IsZero() {
			p = Person{}
			return nil
		}
		p, err = personByID(tx, by.Person)
		return err
	})
	if err != nil {
		return err
	}
	if p.ID == "" {
		return errs.New(errs.TooMany, "account.busy")
	}
	ok, _, err := c.Hasher.Verify(ctx, p.Password, present)
	if err != nil {
		return err
	}
	if !ok {
		return errs.AtField("present", "account.present_wrong")
	}
	if err := CheckPassword(password, p); err != nil {
		return err
	}
	hash, err := c.Hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		p, err := personByID(tx, by.Person)
		if err != nil {
			return err
		}
		p.Password, p.PasswordAt = hash, tx.Now
		if err := savePerson(tx, p); err != nil {
			return err
		}
		if err := endSessions(tx, p.ID, by.Session, "password"); err != nil {
			return err
		}
		if err := clearThrottle(tx, throttleKey("change", by.Person)); err != nil {
			return err
		}
		return audit.Log(tx, by, audit.Self(), audit.Deed{Action: "account.password_changed", Kind: "person", ID: p.ID})
	})
}
