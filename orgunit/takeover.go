package orgunit

import (
	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// Open is open work of a unit, as a preview of what a takeover moves.
type Open struct {
	Key   string
	Count int
}

// Estate counts what is open at a unit.
func (c *Units) Estate(tx *db.Tx, id string) ([]Open, error) {
	var out []Open
	for _, h := range c.Heirs {
		n, err := h.Count(tx, id)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, Open{h.Key, n})
		}
	}
	return out, nil
}

// Takeover hands what is open at a vanished unit over to one of its successors (bàn giao), or to a successor of those when they have
// gone too. A unit abolished without a successor leaves its work to the unit it stood under. It is a deed of its own, written down, so
// that nobody wonders why a task changed hands. It returns how many things moved.
func (c *Units) Takeover(tx *db.Tx, by policy.Actor, from, to string) (int, error) {
	if err := c.may(tx, by, to); err != nil {
		return 0, err
	}
	u, err := lastVersion(tx, from)
	if err != nil {
		return 0, err
	}
	if u.Gone.IsZero() || !u.Gone.Before(civil.Of(tx.Now)) {
		return 0, errs.New(errs.Conflict, "orgunit.still_there", u.Name)
	}
	heirs, err := Inheritors(tx, from)
	if err != nil {
		return 0, err
	}
	ok := false
	for _, h := range heirs {
		ok = ok || h.ID == to
	}
	if !ok {
		return 0, errs.AtField("to", "orgunit.not_successor")
	}
	moved := 0
	for _, h := range c.Heirs {
		n, err := h.Move(tx, by, from, to)
		if err != nil {
			return 0, err
		}
		moved += n
	}
	if _, err := insertEvent(tx, Event{Kind: TakenOver, On: civil.Of(tx.Now), Person: by.Person}, EventPart{From: from, To: to, Extent: Whole}); err != nil {
		return 0, err
	}
	return moved, audit.Log(tx, by, audit.By(Edit, to), audit.Deed{Action: "orgunit.takeover", Kind: "orgunit", ID: to, Change: audit.Change{"from": {"", from}, "moved": {"", itoa(moved)}}})
}

// Inheritors returns the units of today that may take over what is open at a vanished one: its successors, those of successors that
// have gone as well, the main one first; of a unit abolished without successor the nearest living one above it.
func Inheritors(tx *db.Tx, id string) ([]Unit, error) {
	var out []Unit
	seen := map[string]bool{id: true}
	for queue := []string{id}; len(queue) > 0; queue = queue[1:] {
		parts, err := Successors(tx, queue[0])
		if err != nil {
			return nil, err
		}
		for _, p := range parts {
			if seen[p.To] {
				continue
			}
			seen[p.To] = true
			u, err := Present(tx, p.To)
			if err != nil {
				return nil, err
			}
			if u.Gone.IsZero() {
				out = append(out, u)
			} else {
				queue = append(queue, u.ID)
			}
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	above, err := Above(tx, id)
	if err != nil {
		return nil, err
	}
	for _, a := range above {
		u, err := Present(tx, a)
		if err != nil {
			return nil, err
		}
		if u.Gone.IsZero() {
			return []Unit{u}, nil
		}
	}
	return nil, nil
}
