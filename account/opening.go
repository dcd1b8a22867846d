package account

import (
	"slices"
	"strings"
	"time"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/policy"
)

// How long an opening lasts.
const (
	reasonTime     = 8 * time.Hour // a stated reason: a working day, in its session
	emergencyTime  = 2 * time.Hour // broken glass
	emergencyLimit = 5             // of one person in 24 hours; who needs more asks for a role
)

// ProtectedKind is a kind of record that is read for a stated purpose only. The room that owns it gives it to app.
type ProtectedKind struct {
	Kind       string // "case"; its name for people is the catalogue key "record." + Kind
	Permission policy.Permission
	// Find returns the record of a code as people know it, or of an identifier; ok is false when there is none.
	Find func(tx *db.Tx, code string) (r policy.Record, ok bool, err error)
	Path func(id string) string // its page
}

// Bell tells the supervisors in a unit that the glass was broken; app gives it with the notify room.
type Bell interface {
	Ring(tx *db.Tx, unit string, o Opening) error
}

// Opening is an opened record as stored. See policy.Opening.
type Opening struct {
	ID         string    `db:"id"`
	PersonID   string    `db:"person_id" audit:"-"`
	SessionID  string    `db:"session_id" audit:"-"`
	UnitID     string    `db:"unit_id" audit:"-"`
	Kind       string    `db:"kind"`
	RecordID   string    `db:"record_id"`
	RecordUnit string    `db:"record_unit"`
	Permission string    `db:"permission"`
	Emergency  bool      `db:"emergency"`
	Reason     string    `db:"reason" audit:"-"` // stands in the entry's purpose
	At         time.Time `db:"at" audit:"-"`
	Until      time.Time `db:"until"`
	EndedAt    time.Time `db:"ended_at"`
	ReviewedAt time.Time `db:"reviewed_at"`
	ReviewedBy string    `db:"reviewed_by"`
	Verdict    Verdict   `db:"verdict"`
	Remark     string    `db:"remark"`
}

// Verdict is what a review found.
type Verdict string

// The verdicts.
const (
	Justified   Verdict = "justified"
	Unjustified Verdict = "unjustified"
)

func (c *Accounts) protected(kind string) (ProtectedKind, bool) {
	i := slices.IndexFunc(c.Protected, func(k ProtectedKind) bool { return k.Kind == kind })
	if i < 0 {
		return ProtectedKind{}, false
	}
	return c.Protected[i], true
}

// StateReason opens a protected record that the actor may see, for the rest of the session and at most a working day. Rooms send there
// when policy.Book.Needs answers NeedReason.
func (c *Accounts) StateReason(tx *db.Tx, by policy.Actor, kind, record, reason string) (Opening, error) {
	k, ok := c.protected(kind)
	if !ok || by.Session == "" {
		return Opening{}, errs.Absent(kind, record)
	}
	r, ok, err := k.Find(tx, record)
	if err != nil {
		return Opening{}, err
	}
	if !ok || c.Book.Needs(by, k.Permission, r) == policy.Withheld {
		return Opening{}, errs.Absent(kind, record)
	}
	if err := checkReason(reason); err != nil {
		return Opening{}, err
	}
	o := newOpening(tx, by, k, r, reason)
	o.Until = tx.Now.Add(reasonTime)
	return o, c.keepOpening(tx, by, o, "account.reason_stated")
}

// BreakGlass opens a record that is withheld from the actor, in danger to life or health: by the code the actor knows it by, with a
// reason, for two hours. The supervisors of the record's unit and of the actor's are told at once, and review it. It needs a session
// opened with a second factor.
func (c *Accounts) BreakGlass(tx *db.Tx, by policy.Actor, kind, code, reason string) (Opening, error) {
	k, ok := c.protected(kind)
	if !ok || !c.Book.MayBreakGlass(by, k.Permission) {
		return Opening{}, errs.New(errs.Forbidden, "account.may_not_break")
	}
	if !by.SecondFactor {
		return Opening{}, errs.New(errs.Forbidden, "account.show_factor_first")
	}
	if err := checkReason(reason); err != nil {
		return Opening{}, err
	}
	n, err := countEmergencies(tx, by.Person, tx.Now.Add(-24*time.Hour))
	if err != nil {
		return Opening{}, err
	}
	if n >= emergencyLimit {
		return Opening{}, errs.New(errs.TooMany, "account.too_many_emergencies", emergencyLimit)
	}
	r, ok, err := k.Find(tx, strings.TrimSpace(code))
	if err != nil {
		return Opening{}, err
	}
	if !ok {
		return Opening{}, errs.AtField("code", "account.no_such_record")
	}
	o := newOpening(tx, by, k, r, reason)
	o.Emergency, o.Until = true, tx.Now.Add(emergencyTime)
	if err := c.keepOpening(tx, by, o, "account.glass_broken"); err != nil {
		return Opening{}, err
	}
	if c.Bell == nil {
		return o, nil
	}
	told := map[string]bool{}
	for _, unit := range []string{r.Unit, by.Unit} {
		super, err := c.supervisors(tx, unit, by.Person)
		if err != nil {
			return Opening{}, err
		}
		if super == "" || told[super] {
			continue
		}
		told[super] = true
		if err := c.Bell.Ring(tx, super, o); err != nil {
			return Opening{}, err
		}
	}
	return o, nil
}

func checkReason(reason string) error {
	if len(strings.Fields(reason)) < 3 {
		return errs.AtField("reason", "account.opening.need_reason")
	}
	return nil
}

func newOpening(tx *db.Tx, by policy.Actor, k ProtectedKind, r policy.Record, reason string) Opening {
	return Opening{ID: ids.New(tx.Now), PersonID: by.Person, SessionID: by.Session, UnitID: by.Unit, Kind: k.Kind, RecordID: r.ID, RecordUnit: r.Unit,
		Permission: string(k.Permission), Reason: reason, At: tx.Now}
}

func (c *Accounts) keepOpening(tx *db.Tx, by policy.Actor, o Opening, action string) error {
	if err := insertOpening(tx, o); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(policy.Permission(o.Permission), o.RecordUnit), audit.Deed{Action: action, Kind: o.Kind, ID: o.RecordID, Purpose: o.Reason, Change: audit.Diff(nil, o)})
}

// supervisors returns the nearest unit, the given one or one above, in which somebody other than a person holds Review; "" if nobody does.
func (c *Accounts) supervisors(tx *db.Tx, unit, except string) (string, error) {
	if unit == "" {
		return "", nil
	}
	above, err := c.Units.Above(tx, unit)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return "", err
	}
	for _, u := range append([]string{unit}, above...) {
		list, err := c.HoldersOf(tx, u, Review)
		if err != nil {
			return "", err
		}
		if slices.ContainsFunc(list, func(p Person) bool { return p.ID != except }) {
			return u, nil
		}
	}
	return "", nil
}

// EndOpening gives an opening back before its time.
func (c *Accounts) EndOpening(tx *db.Tx, by policy.Actor, id string) error {
	o, ok, err := findOpening(tx, id)
	if err != nil {
		return err
	}
	if !ok || o.PersonID != by.Person || !o.EndedAt.IsZero() || !tx.Now.Before(o.Until) {
		return errs.Absent("opening", id)
	}
	if err := endOpening(tx, id); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(policy.Permission(o.Permission), o.RecordUnit), audit.Deed{Action: "account.opening_ended", Kind: o.Kind, ID: o.RecordID})
}

// reviewable is the record of an opening as the rule of Review sees it: it belongs to the unit of the opened record and to that of the
// person, and nobody reviews their own.
func (c *Accounts) reviewable(tx *db.Tx, by policy.Actor, o Opening) (bool, error) {
	if !o.Emergency || o.PersonID == by.Person {
		return false, nil
	}
	scope := c.Book.Scope(by, Review)
	for _, unit := range []string{o.RecordUnit, o.UnitID} {
		if unit == "" {
			continue
		}
		in, err := c.inScope(tx, scope, unit)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil || in {
			return in, err
		}
	}
	return false, nil
}

// ReviewOpening records what a supervisor found about broken glass. It is done once.
func (c *Accounts) ReviewOpening(tx *db.Tx, by policy.Actor, id string, v Verdict, remark string) error {
	o, ok, err := findOpening(tx, id)
	if err != nil {
		return err
	}
	if ok {
		ok, err = c.reviewable(tx, by, o)
		if err != nil {
			return err
		}
	}
	switch {
	case !ok:
		return errs.Absent("opening", id)
	case !o.ReviewedAt.IsZero():
		return errs.New(errs.Conflict, "account.reviewed_already")
	case v != Justified && v != Unjustified:
		return errs.AtField("verdict", "account.opening.need_verdict")
	case v == Unjustified && strings.TrimSpace(remark) == "":
		return errs.AtField("remark", "account.opening.need_remark")
	}
	before := o
	o.ReviewedAt, o.ReviewedBy, o.Verdict, o.Remark = tx.Now, by.Person, v, remark
	if v == Unjustified && tx.Now.Before(o.Until) && o.EndedAt.IsZero() {
		o.EndedAt = tx.Now // what should not have been opened is closed
	}
	if err := saveReview(tx, o); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Review, o.RecordUnit, o.UnitID), audit.Deed{Action: "account.glass_reviewed", Kind: o.Kind, ID: o.RecordID, Change: audit.Diff(before, o)})
}
