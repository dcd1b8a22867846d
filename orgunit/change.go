package orgunit

import (
	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/policy"
)

// Establish makes a unit from a day on (thành lập). The actor must be allowed to change the superior. It returns the unit.
func (c *Units) Establish(tx *db.Tx, by policy.Actor, u Unit, on civil.Date, basis string) (Unit, error) {
	tidy(&u)
	if u.Superior == "" && !by.IsSystem() {
		return u, errs.AtField("superior", "orgunit.need_superior")
	}
	if u.Superior != "" {
		if err := c.may(tx, by, u.Superior); err != nil {
			return u, err
		}
	}
	u.ID = ""
	if err := c.check(tx, u, Unit{}, on); err != nil {
		return u, err
	}
	if twin, err := namesake(tx, u.Name, u.Superior, "", on); err != nil {
		return u, err
	} else if twin {
		return u, errs.AtField("name", "orgunit.name_there", u.Name)
	}
	u.ID, u.VersionID, u.Born, u.From, u.To, u.Gone, u.Version = ids.New(tx.Now), ids.New(tx.Now), on, on, civil.Date{}, civil.Date{}, 1
	above := map[string][]string{}
	if u.Superior != "" {
		up, err := Above(tx, u.Superior)
		if err != nil {
			return u, err
		}
		above[u.ID] = append([]string{u.Superior}, up...)
	}
	if err := insertMany(tx, []Unit{u}, above); err != nil {
		return u, err
	}
	if _, err := insertEvent(tx, Event{Kind: Established, On: on, Basis: line(basis), Person: by.Person}, EventPart{To: u.ID, Extent: Whole}); err != nil {
		return u, err
	}
	return u, audit.Log(tx, by, audit.By(Edit, u.Superior), audit.Deed{Action: "orgunit.establish", Kind: "orgunit", ID: u.ID, Change: audit.Diff(nil, u)})
}

// Change gives a unit another name, kind, superior, area, code or contact from a day on (đổi tên, chuyển cơ quan quản lý). u carries the
// Version that was shown. The day must not be before the last change. Contact data have no history: they are changed at once.
func (c *Units) Change(tx *db.Tx, by policy.Actor, u Unit, on civil.Date, basis string) (Unit, error) {
	tidy(&u)
	last, err := c.changeable(tx, by, u, on)
	if err != nil {
		return u, err
	}
	kind := Changed
	switch {
	case u.sameRecord(last):
		kind = ""
	case u.Superior != last.Superior:
		kind = Transferred
	case u.Name != last.Name:
		kind = Renamed
	}
	if u, err = succeed(tx, last, u, on, kind != ""); err != nil {
		return u, err
	}
	if kind != "" {
		if _, err := insertEvent(tx, Event{Kind: kind, On: on, Basis: line(basis), Person: by.Person}, EventPart{From: u.ID, To: u.ID, Extent: Whole}); err != nil {
			return u, err
		}
	}
	return u, audit.Log(tx, by, audit.By(Edit, u.ID), audit.Deed{Action: "orgunit.change", Kind: "orgunit", ID: u.ID, Purpose: line(basis), Change: audit.Diff(last, u)})
}

// PlanTransfer checks a change that puts a unit under another superior, and says what goes along; nothing is written.
func (c *Units) PlanTransfer(tx *db.Tx, by policy.Actor, u Unit, on civil.Date) (Plan, error) {
	tidy(&u)
	p := Plan{Kind: Transferred, On: on}
	last, err := c.changeable(tx, by, u, on)
	if err != nil {
		return p, err
	}
	from, err := At(tx, last.Superior, on)
	if err != nil {
		return p, err
	}
	to, err := At(tx, u.Superior, on)
	if err != nil {
		return p, err
	}
	p.Ending, p.Into = []Unit{from}, []Unit{to}
	list, err := under(tx, u.ID, on)
	for _, x := range append([]Unit{u}, list...) {
		p.Moves = append(p.Moves, Move{x, to})
	}
	return p, err
}

// changeable returns the newest version of a unit if it can become u on a day.
func (c *Units) changeable(tx *db.Tx, by policy.Actor, u Unit, on civil.Date) (Unit, error) {
	last, err := c.living(tx, by, u.ID, u.Version, on, "on")
	if err != nil {
		return last, err
	}
	if u.Superior != last.Superior {
		if u.Superior == "" && !by.IsSystem() {
			return last, errs.AtField("superior", "orgunit.need_superior")
		}
		if u.Superior != "" {
			if err := c.may(tx, by, u.Superior); err != nil {
				return last, errs.AtField("superior", "orgunit.no_superior")
			}
		}
	}
	if err := c.check(tx, u, last, on); err != nil {
		return last, err
	}
	if u.Name != last.Name || u.Superior != last.Superior {
		if twin, err := namesake(tx, u.Name, u.Superior, u.ID, on); err != nil {
			return last, err
		} else if twin {
			return last, errs.AtField("name", "orgunit.name_there", u.Name)
		}
	}
	return last, nil
}

// sameRecord tells whether two versions differ at most in contact data.
func (u Unit) sameRecord(v Unit) bool {
	return u.Name == v.Name && u.Kind == v.Kind && u.Superior == v.Superior && u.Area == v.Area && u.Level == v.Level && u.Internal == v.Internal && u.Code == v.Code && u.Sector == v.Sector
}

// succeed lets a unit be next from a day on: a new version, or the last one in place when only contact data differ or it began that day.
// It keeps the present tree.
func succeed(tx *db.Tx, last, next Unit, on civil.Date, dated bool) (Unit, error) {
	if err := touch(tx, last.ID, last.Version); err != nil {
		return next, err
	}
	next.ID, next.Born, next.To, next.Gone, next.Version = last.ID, last.Born, last.To, last.Gone, last.Version+1
	var err error
	if !dated || on == last.From {
		next.VersionID, next.From = last.VersionID, last.From
		err = updateVersion(tx, next)
	} else {
		next.VersionID, next.From = ids.New(tx.Now), on
		if err = endVersion(tx, last.VersionID, on.AddDays(-1)); err == nil {
			err = insertVersion(tx, next)
		}
	}
	// The present tree shows a unit that is still to come by its first version.
	if err == nil && next.Superior != last.Superior && (!on.After(civil.Of(tx.Now)) || next.From == next.Born) {
		err = moveClosure(tx, next.ID, next.Superior)
	}
	return next, err
}

// living returns a unit that exists on a day, with its newest version, and that the actor may change. version is the one that was
// shown; 0: not asked. A day before the newest version began is refused: history is written forwards.
func (c *Units) living(tx *db.Tx, by policy.Actor, id string, version int64, on civil.Date, field string) (Unit, error) {
	if err := c.may(tx, by, id); err != nil {
		return Unit{}, err
	}
	u, err := lastVersion(tx, id)
	switch {
	case err != nil:
		return u, err
	case version != 0 && version != u.Version:
		return u, errs.New(errs.Conflict, "orgunit.changed_meanwhile")
	case on.IsZero():
		return u, errs.AtField("on", "orgunit.need_day")
	case !u.Gone.IsZero():
		return u, errs.AtField(field, "orgunit.gone", u.Name, u.Gone)
	case on.Before(u.From):
		return u, errs.AtField("on", "orgunit.before_last", u.Name, u.From)
	}
	return u, nil
}
