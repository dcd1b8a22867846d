package directive

import (
	"slices"
	"strings"

	"chungtay/account"
	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/notify"
	"chungtay/policy"
)

// steps says from which state which deed leads where, and by which permission of the issuing unit.
var steps = map[string]struct {
	from  []State
	to    State
	needs policy.Permission
}{
	"submitted": {[]State{Draft, Returned}, Submitted, Write},
	"returned":  {[]State{Submitted, Signed}, Returned, Sign},
	"signed":    {[]State{Submitted}, Signed, Sign},
	"issuing":   {[]State{Signed}, Issuing, Issue},
	"issued":    {[]State{Signed, Issuing}, Issued, Issue},
	"recalled":  {[]State{Issued}, Recalled, Issue},
	"replaced":  {[]State{Issued}, Recalled, Issue}, // by another of equal form, from the issue of that one on
	"completed": {[]State{Issued}, Completed, Write},
	"taken":     {[]State{Submitted}, Draft, Write}, // taken back by its drafter before the leader has seen it
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
	return audit.Log(tx, by, audit.By(s.needs, d.Unit), audit.Deed{Action: "directive." + deed, Kind: "directive", ID: d.ID, Purpose: note, Change: audit.Diff(before, *d)})
}

// Signers lists the people who may sign for a unit.
func (c *Directives) Signers(tx *db.Tx, unit string) ([]account.Person, error) {
	return c.Accounts.HoldersOf(tx, unit, Sign)
}

// lender is whose right an actor signs for a unit by, when it is held by delegation alone (ủy quyền); "" for who signs in their own right.
func lender(tx *db.Tx, by policy.Actor, unit string) (string, error) {
	up, err := above(tx, unit)
	if err != nil {
		return "", err
	}
	of := ""
	for _, g := range by.Grants {
		if !slices.Contains(g.Permissions, Sign) || g.Unit != unit && !slices.Contains(up, g.Unit) {
			continue
		}
		if of = g.DelegatedBy; of == "" {
			return "", nil
		}
	}
	if of == "" {
		return "", nil
	}
	return account.NameOf(tx, of)
}

// signedFor tells whether the signature of the paper is that of somebody who signs in a leader's place: it says by what right, KT. for a deputy,
// TUQ. for who was authorised, and it names them (Nghị định 30/2020/NĐ-CP, Điều 13 khoản 1, 3; Phụ lục I, mục II.7).
func (c Content) signedFor(name string) bool {
	marked := slices.ContainsFunc(c.Authority, func(l string) bool { return strings.HasPrefix(l, "TUQ.") || strings.HasPrefix(l, "KT.") })
	return marked && viet.Fold(c.Signer) == viet.Fold(name)
}

// ready refuses a directive that cannot be signed and issued as it stands: something its form needs is missing, it carries a mark of secrecy,
// or it sets a deadline later than those of the one above.
func (c *Directives) ready(tx *db.Tx, d Directive) error {
	if missing := d.missing(); len(missing) > 0 {
		return &errs.Error{Kind: errs.Invalid, Fields: missing}
	}
	if err := d.Content.V.open(); err != nil {
		return err
	}
	if d.Parent == "" {
		return nil
	}
	up, err := find(tx, d.Parent)
	if err != nil {
		return err
	}
	return notLater(d.Content.V, up)
}

// missing lists what must be filled before a leader can sign.
func (d Directive) missing() []errs.Field {
	out := d.Content.V.Missing()
	if d.Correction() && len(d.Content.V.Work) == 0 {
		out = append(out, errs.Field{Name: "duty1_text", Message: errs.Message{Key: "directive.need.corrected"}})
	}
	return out
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
	if err := c.ready(tx, d); err != nil {
		return err
	}
	if signer != "" {
		people, err := c.Signers(tx, d.Unit)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(people, func(p account.Person) bool { return p.ID == signer })
		if at < 0 {
			return errs.AtField("signer_id", "directive.choose_signer")
		}
		by, err := c.Accounts.ActorOf(tx, signer)
		if err != nil {
			return err
		}
		if of, err := lender(tx, by, d.Unit); err != nil {
			return err
		} else if of != "" && !d.Content.V.signedFor(people[at].Name) {
			return errs.AtField("signer_id", "directive.sign.lent_unmarked", people[at].Name, of)
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
	if of, err := lender(tx, by, d.Unit); err != nil {
		return err
	} else if of != "" && !d.Content.V.signedFor(by.Name) {
		return errs.New(errs.Invalid, "directive.sign.lent_unmarked", by.Name, of)
	}
	d.Signer, d.SignedVersion = by.Person, d.Version
	if err := c.step(tx, by, &d, "signed", ""); err != nil {
		return err
	}
	return notify.Send(tx, notify.Notice{Unit: d.Unit, Needs: Issue, Kind: "directive.signed", Key: "directive.notice.signed", Args: []any{d.Subject}, Path: "/directives/" + d.ID})
}
