package account

import (
	"context"
	"net/http"
	"time"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// CookieName is the session cookie.
const CookieName = "session"

const (
	defaultIdle = 30 * time.Minute
	longest     = 12 * time.Hour // a session ends after a working day even when used all the time
	seenEvery   = time.Minute    // how often use of a session is written down
)

type session struct {
	ID           string    `db:"id"`
	PersonID     string    `db:"person_id"`
	UnitID       string    `db:"unit_id"`
	OpenedAt     time.Time `db:"opened_at"`
	SeenAt       time.Time `db:"seen_at"`
	SecondFactor bool      `db:"second_factor"`
	ConfirmedAt  time.Time `db:"confirmed_at"`
	Address      string    `db:"address"`
	Device       string    `db:"device"`
	EndedAt      time.Time `db:"ended_at"`
	EndedWhy     string    `db:"ended_why"`
}

func (c *Accounts) idle() time.Duration {
	if c.Idle > 0 {
		return c.Idle
	}
	return defaultIdle
}

func (c *Accounts) good(s session, now time.Time) bool {
	return s.EndedAt.IsZero() && now.Sub(s.SeenAt) < c.idle() && now.Sub(s.OpenedAt) < longest && !s.OpenedAt.After(now.Add(5*time.Minute))
}

// Actor finds who sent a request, by its session cookie. Roles are read in the request's transaction and cannot be taken away until it
// ends: one taken away a moment ago is gone, one taken away meanwhile waits. While a second factor is owed the actor holds nothing.
func (c *Accounts) Actor(tx *db.Tx, r *http.Request) (policy.Actor, error) {
	cookie, err := r.Cookie(CookieName)
	if err != nil || len(cookie.Value) != 43 {
		return policy.Actor{}, nil
	}
	s, ok, err := findSession(tx, tokenKey(cookie.Value))
	if err != nil || !ok || !c.good(s, tx.Now) {
		return policy.Actor{}, err
	}
	p, err := personByID(tx, s.PersonID)
	if err != nil || p.State != Active {
		return policy.Actor{}, err
	}
	if !s.SecondFactor {
		owes, err := hasFactor(tx, p.ID)
		if err != nil || owes {
			return policy.Actor{}, err
		}
	}
	return c.actorOf(tx, p, s)
}

// ActorOf returns the actor a person is without a session: for jobs that act in a person's name, and for tests.
func (c *Accounts) ActorOf(tx *db.Tx, person string) (policy.Actor, error) {
	p, err := personByID(tx, person)
	if err != nil {
		return policy.Actor{}, err
	}
	unit, err := c.firstUnit(tx, person)
	if err != nil {
		return policy.Actor{}, err
	}
	return c.actorOf(tx, p, session{UnitID: unit, SecondFactor: true})
}

func (c *Accounts) actorOf(tx *db.Tx, p Person, s session) (policy.Actor, error) {
	a := policy.Actor{Person: p.ID, Name: p.Name, Unit: s.UnitID, Session: s.ID, SecondFactor: s.SecondFactor}
	grants, err := c.grants(tx, p.ID, s.SecondFactor)
	if err != nil {
		return policy.Actor{}, err
	}
	a.Grants = grants
	if s.ID != "" {
		if a.Openings, err = openingsOf(tx, p.ID, s.ID); err != nil {
			return policy.Actor{}, err
		}
	}
	if a.Unit != "" && c.Units != nil {
		if a.UnitName, err = c.Units.Name(tx, a.Unit); err != nil && !errs.Is(err, errs.NotFound) {
			return policy.Actor{}, err
		}
	}
	return a, nil
}

// grants lists what a person holds today. Roles that need a second factor count only in a session opened with one.
func (c *Accounts) grants(tx *db.Tx, person string, strong bool) ([]policy.Grant, error) {
	if err := holdStill(tx, person); err != nil {
		return nil, err
	}
	hs, err := listHoldings(tx, person)
	if err != nil {
		return nil, err
	}
	today := civil.Of(tx.Now)
	var out []policy.Grant
	for _, h := range hs {
		role, known := c.Book[h.Role]
		if !known || !h.InForce(today) || role.SecondFactor && !strong {
			continue
		}
		g := policy.Grant{Role: h.Role, Unit: h.UnitID, Below: h.Below, Permissions: c.Book.Permissions(h.Role)}
		if !h.ToDay.IsZero() {
			g.Until = h.ToDay.End()
		}
		if h.Of != "" {
			from, ok, err := findHolding(tx, h.Of)
			if err != nil {
				return nil, err
			}
			if !ok || !from.InForce(today) { // the delegation ends with what it comes from
				continue
			}
			g.DelegatedBy = from.PersonID
		}
		out = append(out, g)
	}
	return out, nil
}

// Seen writes down that a session is used, at most once a minute.
func (c *Accounts) Seen(ctx context.Context, d *db.DB, a policy.Actor) error {
	var due bool
	err := d.Read(ctx, func(tx *db.Tx) error {
		s, ok, err := findSession(tx, a.Session)
		due = ok && tx.Now.Sub(s.SeenAt) >= seenEvery
		return err
	})
	if err != nil || !due {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error { return touchSession(tx, a.Session) })
}

// SignOut ends the actor's own session.
func (c *Accounts) SignOut(tx *db.Tx, by policy.Actor) error {
	if err := endSession(tx, by.Session, "out"); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Self(), audit.Deed{Action: "account.sign_out", Kind: "person", ID: by.Person})
}

// OpenSession is an open session as its owner or an administrator sees it.
type OpenSession struct {
	ID                string // of the session, safe to show
	OpenedAt, SeenAt  time.Time
	Address, Device   string
	SecondFactor, Own bool
}

// Sessions lists the open sessions of a person: one's own, or with Session another's.
func (c *Accounts) Sessions(tx *db.Tx, by policy.Actor, person string) ([]OpenSession, error) {
	if person != by.Person {
		if err := c.mayManage(tx, by, Session, person); err != nil {
			return nil, err
		}
	}
	rows, err := listSessions(tx, person)
	if err != nil {
		return nil, err
	}
	var out []OpenSession
	for _, s := range rows {
		if c.good(s, tx.Now) {
			out = append(out, OpenSession{s.ID, s.OpenedAt, s.SeenAt, s.Address, s.Device, s.SecondFactor, s.ID == by.Session})
		}
	}
	return out, nil
}

// EndSession ends one session of a person.
func (c *Accounts) EndSession(tx *db.Tx, by policy.Actor, person, id string) error {
	if person != by.Person {
		if err := c.mayManage(tx, by, Session, person); err != nil {
			return err
		}
	}
	s, ok, err := findSession(tx, id)
	if err != nil {
		return err
	}
	if !ok || s.PersonID != person {
		return errs.Absent("session", id)
	}
	if err := endSession(tx, id, "revoked"); err != nil {
		return err
	}
	right, err := over(tx, by, Session, person)
	if err != nil {
		return err
	}
	return audit.Log(tx, by, right, audit.Deed{Action: "account.session_ended", Kind: "person", ID: person})
}

// SwitchUnit makes the session work for another of the person's units.
func (c *Accounts) SwitchUnit(tx *db.Tx, by policy.Actor, unit string) error {
	for _, g := range by.Grants {
		if g.Unit == unit {
			return setSessionUnit(tx, by.Session, unit)
		}
	}
	return errs.Absent("unit", unit)
}
