package directive

import (
	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/ids"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Heir hands what a vanished unit was still writing to its successor; orgunit calls it in a takeover.
type Heir struct{}

// Count is how many directives of a unit are not issued yet.
func (Heir) Count(tx *db.Tx, unit string) (int, error) {
	list, err := unissuedOf(tx, unit)
	return len(list), err
}

// Move hands them over, with their comments and steps. What was submitted or signed is with the officers again: the successor issues under its own
// name and number, so its leader signs anew what bears them. One that is being issued at this moment is issued by the unit that signed it.
func (Heir) Move(tx *db.Tx, by policy.Actor, from, to string) (int, error) {
	list, err := unissuedOf(tx, from)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	former, err := orgunit.Present(tx, from)
	if err != nil {
		return 0, err
	}
	for _, d := range list {
		before := d
		d.Unit, d.Signer, d.SignedVersion = to, "", 0
		if d.State != Draft {
			d.State = Returned
		}
		if err := moveTo(tx, &d); err != nil {
			return 0, err
		}
		e := Event{ID: ids.New(tx.Now), Directive: d.ID, Kind: "moved", Note: former.Name, Person: by.Person, Unit: to, At: tx.Now}
		if err := insertEvents(tx, []Event{e}); err != nil {
			return 0, err
		}
		if err := audit.Log(tx, by, audit.By(orgunit.Edit, to), audit.Deed{Action: "directive.moved", Kind: "directive", ID: d.ID, Change: audit.Diff(before, d)}); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}
