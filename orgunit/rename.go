package orgunit

import (
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// Renaming is a unit that still bears the name its area had before, with the name it would bear now. The map changes with the program (a
// xã becomes a phường, a province a city); units are renamed by a person who has read the paper.
type Renaming struct {
	Unit Unit
	Name string
	Area Area // as it is now: since when, and by what paper
}

// Outdated lists the living units that bear a former name of their area and that the actor may change: of one area, or of all when area
// is "". Units are in the order of their areas' names.
func (c *Units) Outdated(tx *db.Tx, by policy.Actor, area string) ([]Renaming, error) {
	list, err := formerNames(tx, area, civil.Of(tx.Now))
	if err != nil {
		return nil, err
	}
	var out []Renaming
	seen := map[string]bool{}
	for _, x := range list {
		now, was := x.Area.Lower(), Area{Name: x.Former}.Lower() // as they stand inside the name of a unit
		if seen[x.Unit.ID] || strings.Contains(x.Unit.Name, now) || !strings.Contains(x.Unit.Name, was) || c.may(tx, by, x.Unit.ID) != nil {
			continue
		}
		seen[x.Unit.ID] = true
		out = append(out, Renaming{Unit: x.Unit, Name: strings.Replace(x.Unit.Name, was, now, 1), Area: x.Area})
	}
	return out, nil
}

// Rename gives units of an area the names that Outdated proposes, from a day on and by a paper. Each is a change of its own in the unit's
// history. A unit that is not among the proposals any more is refused.
func (c *Units) Rename(tx *db.Tx, by policy.Actor, area string, units []string, on civil.Date, basis string) error {
	if len(units) == 0 {
		return errs.AtField("units", "orgunit.need_units")
	}
	if line(basis) == "" {
		return errs.AtField("basis", "orgunit.need_basis")
	}
	list, err := c.Outdated(tx, by, area)
	if err != nil {
		return err
	}
	proposed := map[string]Renaming{}
	for _, r := range list {
		proposed[r.Unit.ID] = r
	}
	for _, id := range units {
		r, ok := proposed[id]
		if !ok {
			return errs.New(errs.Conflict, "orgunit.changed_meanwhile")
		}
		if on.Before(r.Area.From) {
			return errs.AtField("on", "orgunit.before_area", r.Area.Name, r.Area.From)
		}
		u := r.Unit
		u.Name = r.Name
		if _, err := c.Change(tx, by, u, on, basis); err != nil {
			return err
		}
		delete(proposed, id)
	}
	return nil
}
