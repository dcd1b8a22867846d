package orgunit

import (
	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// Withdraw undoes a merger, split or abolition that was written down by mistake (hủy sự kiện ghi nhầm), with the reason: the units stand
// as before, those that went along return. It is refused once anything was built on it: a later event of one of the units, work taken
// over, or a subordinate whose move left no earlier version. The event stays in the history, marked as withdrawn.
func (c *Units) Withdraw(tx *db.Tx, by policy.Actor, event, reason string) error {
	e, parts, err := eventByID(tx, event)
	if err != nil {
		return err
	}
	var touched []string
	for _, p := range parts {
		for _, id := range []string{p.From, p.To} {
			if id != "" {
				touched = append(touched, id)
				if err := c.may(tx, by, id); err != nil {
					return err
				}
			}
		}
	}
	if e.Withdrawn != "" {
		return errs.New(errs.Conflict, "orgunit.withdrawn_already")
	}
	if e.Kind != Merged && e.Kind != Divided && e.Kind != Abolished {
		return errs.New(errs.Conflict, "orgunit.cannot_withdraw")
	}
	if line(reason) == "" {
		return errs.AtField("reason", "orgunit.need_reason")
	}
	ended := map[string]bool{}
	var units, reopened []string
	for _, p := range parts {
		units = append(units, or(p.From, p.To))
		if p.Extent != Moves {
			ended[p.From] = true
		}
	}
	if later, err := laterEvents(tx, e.Seq, units); err != nil {
		return err
	} else if later {
		return errs.New(errs.Conflict, "orgunit.built_on")
	}
	done := map[string]bool{}
	for _, p := range parts {
		u, err := lastVersion(tx, p.From)
		if err != nil {
			return err
		}
		switch {
		case done[p.From]:
			continue
		case p.Extent != Moves:
			if err := reopen(tx, u); err != nil {
				return err
			}
			reopened = append(reopened, u.ID)
		default:
			before, ok, err := versionBefore(tx, u)
			if err != nil {
				return err
			}
			if !ok || u.From != e.On || before.To != e.On.AddDays(-1) {
				return errs.New(errs.Conflict, "orgunit.built_on")
			}
			if err := dropVersion(tx, u, before); err != nil {
				return err
			}
			if !e.On.After(civil.Of(tx.Now)) {
				if err := moveClosure(tx, u.ID, before.Superior); err != nil {
					return err
				}
			}
		}
		done[p.From] = true
		if err := touch(tx, u.ID, u.Version); err != nil {
			return err
		}
	}
	// Those that came back to life must still have their places: a superior that lives, a code nobody took meanwhile.
	for _, id := range reopened {
		u, err := lastVersion(tx, id)
		if err != nil {
			return err
		}
		if err := c.check(tx, u, u, e.On); err != nil {
			return errs.Wrap(err, errs.Conflict, "orgunit.built_on")
		}
	}
	if err := markWithdrawn(tx, e.ID, line(reason)); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Edit, touched...), audit.Deed{Action: "orgunit.withdraw", Kind: "orgunit_event", ID: e.ID, Purpose: line(reason), Change: parted(e, parts)})
}
