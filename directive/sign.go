package directive

import (
	"chungtay/account"
	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/notify"
	"chungtay/policy"
)

// steps says from which state which deed leads where.
var steps = map[string]struct {
	from []State
	to   State
}{
	"submitted": {[]State{Draft, Returned}, Submitted},
	"returned":  {[]State{Submitted, Signed}, Returned},
	"signed":    {[]State{Submitted}, Signed},
	"issuing":   {[]State{Signed}, Issuing},
	"issued":    {[]State{Signed, Issuing}, Issued},
	"recalled":  {[]State{Issued}, Recalled},
	"completed": {[]State{Issued}, Completed},
	"taken":     {[]State{Submitted}, Draft}, // taken back by its drafter before the leader has seen it
}

func (c *Directives) step(tx *db.Tx, by policy.Actor, d *Directive, deed, note string) error {
	s := steps[deed]
	ok := false
	for _, f := range s.from {
		ok = ok || f == d.State
	}
	if !ok {
		return errs.New(errs.Conflict, "directive.not_now", d.State.Text())
	}
	before := *d
	d.State = s.to
	if err := update(tx, d); err != nil {
		return err
	}
	if err := c.event(tx, by, *d, deed, note); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Deed{Action: "directive." + deed, Kind: "directive", ID: d.ID, Unit: d.Unit, Purpose: note, Change: audit.Diff(before, *d)})
}

// Signers lists the people who may sign for a unit.
func (c *Directives) Signers(tx *db.Tx, unit string) ([]account.Person, error) {
	return c.Accounts.HoldersOf(tx, unit, Sign)
}

// Submit sends a draft to the leader who is to sign. Everything the form of the paper needs must be there.
func (c *Directives) Submit(tx *db.Tx, by policy.Actor, id string, version int64, signer string) error {
	d, err := c.may(tx, by, Write, id)
	if err != nil {
		return err
	}
	if version != 0 && version != d.Version {
		return errs.New(errs.Conflict, "directive.changed_since")
	}
	if missing := d.Content.V.Missing(); len(missing) > 0 {
		return &errs.Error{Kind: errs.Invalid, Fields: missing}
	}
	if err := d.Content.V.open(); err != nil {
		return err
	}
	if d.Parent != "" {
		up, err := find(tx, d.Parent)
		if err != nil {
			return err
		}
		if err := notLater(d.Content.V, up); err != nil {
			return err
		}
	}
	if signer != "" {
		people, err := c.Signers(tx, d.Unit)
		if err != nil {
			return err
		}
		ok := false
		for _, p := range people {
			ok = ok || p.ID == signer
		}
		if !ok {
			return errs.AtField("signer_id", "directive.choose_signer")
		}
	}
	d.Signer = signer
	if err := c.step(tx, by, &d, "submitted", ""); err != nil {
		return err
	}
	n := notify.Notice{Unit: d.Unit, Needs: Sign, Kind: "directive.submitted", Key: "directive.notice.submitted", Args: []any{by.Name, d.Subject}, Path: "/directives/" + d.ID}
	if signer != "" {
		n.Unit, n.Needs, n.Person = "", "", signer
	}
	return notify.Send(tx, n)
}

// TakeBack lets the drafter go on before the leader has decided.
func (c *Directives) TakeBack(tx *db.Tx, by policy.Actor, id string) error {
	d, err := c.may(tx, by, Write, id)
	if err != nil {
		return err
	}
	return c.step(tx, by, &d, "taken", "")
}

// Return sends it back with what is to be changed.
func (c *Directives) Return(tx *db.Tx, by policy.Actor, id, reason string) error {
	d, err := c.may(tx, by, Sign, id)
	if err != nil {
		return err
	}
	if reason, err = words("reason", reason, true); err != nil {
		return err
	}
	d.SignedVersion = 0
	if err := c.step(tx, by, &d, "returned", reason); err != nil {
		return err
	}
	return notify.Send(tx, notify.Notice{Unit: d.Unit, Needs: Write, Kind: "directive.returned", Key: "directive.notice.returned", Args: []any{by.Name, d.Subject}, Path: "/directives/" + d.ID, Urgent: true})
}

// Sign signs the version that was read: a later one is a Conflict.
func (c *Directives) Sign(tx *db.Tx, by policy.Actor, id string, version int64) error {
	d, err := c.may(tx, by, Sign, id)
	if err != nil {
		return err
	}
	if version != 0 && version != d.Version {
		return errs.New(errs.Conflict, "directive.changed_since")
	}
	if d.Signer != "" && d.Signer != by.Person && !by.IsSystem() {
		return errs.New(errs.Forbidden, "directive.other_signer")
	}
	d.Signer, d.SignedVersion = by.Person, d.Version
	if err := c.step(tx, by, &d, "signed", ""); err != nil {
		return err
	}
	return notify.Send(tx, notify.Notice{Unit: d.Unit, Needs: Issue, Kind: "directive.signed", Key: "directive.notice.signed", Args: []any{d.Subject}, Path: "/directives/" + d.ID})
}
