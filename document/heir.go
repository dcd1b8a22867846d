package document

import (
	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Heir hands the papers a vanished unit had still to deal with to its successor; orgunit calls it in a takeover. What was entered stays in
// the old unit's register under its number; the successor enters the paper under a number of its own, with the same deadline. The
// registers of the old unit stay closed as they are, and the successor numbers anew (Nghị định 30/2020/NĐ-CP, Điều 15); it keeps the same
// further registers.
type Heir struct{}

// Count is how many papers a unit has still to enter or to deal with.
func (Heir) Count(tx *db.Tx, unit string) (int, error) { return countOpenLines(tx, unit) }

// Move hands them over and returns how many there were.
func (Heir) Move(tx *db.Tx, by policy.Actor, from, to string) (int, error) {
	lines, err := listOpenLines(tx, from)
	if err != nil {
		return 0, err
	}
	for _, x := range lines {
		_, has, err := findDelivery(tx, x.Document, to)
		switch {
		case err != nil:
		case !has && x.Number == 0:
			err = handOver(tx, x, to)
		default: // entered by the old unit, or in the successor's hands as well: the old line ends
			if !has {
				if _, err = deliver(tx, x.Document, []string{to}, x.Purpose); err == nil && !x.DueOn.IsZero() {
					err = setDue(tx, x.Document, to, x.DueOn)
				}
			}
			if err == nil {
				x.Progress = "done"
				err = saveDelivery(tx, x)
			}
		}
		if err != nil {
			return 0, err
		}
		if err := audit.Log(tx, by, audit.By(orgunit.Edit, to), audit.Deed{Action: "document.handed_over", Kind: "document", ID: x.Document, Change: audit.Change{"unit": {from, to}}}); err != nil {
			return 0, err
		}
	}
	return len(lines), copyRegisters(tx, from, to, by.Person)
}
