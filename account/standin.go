package account

import (
	"slices"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/policy"
)

// Done is something a person did with a permission in a unit, as timelines show it. Without a permission nothing is asked about it.
type Done struct {
	Person, Unit string
	By           policy.Permission
	At           time.Time
}

// StoodIn tells for each deed in whose place it was done: the name of the person who had delegated the role by which the permission was
// held in that unit at that time, "" when the person held it in their own right. Roles are kept when they end, so it is told for ever.
func (c *Accounts) StoodIn(tx *db.Tx, list []Done) ([]string, error) {
	out := make([]string, len(list))
	held := map[string][]Holding{}
	for i, d := range list {
		if d.By == "" || d.Person == "" {
			continue
		}
		hs, ok := held[d.Person]
		if !ok {
			var err error
			if hs, err = listHoldings(tx, d.Person); err != nil {
				return nil, err
			}
			held[d.Person] = hs
		}
		of := ""
		for _, h := range hs {
			if h.UnitID != d.Unit || !h.heldAt(d.At) || !slices.Contains(c.Book.Permissions(h.Role), d.By) {
				continue
			}
			if of = h.Of; of == "" {
				break
			}
		}
		if of == "" {
			continue
		}
		from, ok, err := findHolding(tx, of)
		if err != nil || !ok {
			return nil, err
		}
		if out[i], err = NameOf(tx, from.PersonID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// heldAt tells whether the holding counted at a time of the past.
func (h Holding) heldAt(at time.Time) bool {
	day := civil.Of(at)
	return !at.Before(h.GrantedAt) && (h.EndedAt.IsZero() || at.Before(h.EndedAt)) && !day.Before(h.FromDay) && (h.ToDay.IsZero() || !day.After(h.ToDay))
}
