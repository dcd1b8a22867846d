package report

import (
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Reports are seen from both sides: by the unit that asked (Own, Below) and by the unit that writes (Addressed).
var columns = policy.Columns{Unit: "r.asker_id", Addressed: "r.unit_id IN (%s)"}

// Requests are seen by the unit that asks and by the units that have to report.
var requestColumns = policy.Columns{Unit: "q.unit_id", Addressed: "EXISTS (SELECT 1 FROM report x WHERE x.request_id = q.id AND x.unit_id IN (%s))"}

func above(tx *db.Tx, unit string) ([]string, error) {
	up, err := orgunit.Above(tx, unit)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	return up, err
}

// record is who a report concerns, for decisions about it. A report that was handed over concerns the unit that took it over as well;
// lists show it to its own side alone, the page of the other's own report leads to it.
func record(tx *db.Tx, x Report) (policy.Record, error) {
	r, err := side(tx, x)
	if err == nil {
		r.Unit = x.Asker
		r.Above, err = above(tx, x.Asker)
	}
	return r, err
}

// side is the side that writes a report.
func side(tx *db.Tx, x Report) (r policy.Record, err error) {
	for _, unit := range []string{x.Unit, x.Heir} {
		if unit == "" {
			continue
		}
		up, err := above(tx, unit)
		if err != nil {
			return r, err
		}
		r.Addressed, r.AddressedAbove = append(r.Addressed, unit), append(append(r.AddressedAbove, up...), unit)
	}
	return r, nil
}

// may returns a report on which the actor holds a permission. Write and Sign are on the side of the unit that reports, Approve on the
// side of the unit that asked. What may not be read is absent; a draft is seen by its own unit alone.
func (c *Reports) may(tx *db.Tx, by policy.Actor, p policy.Permission, id string) (Report, error) {
	r, err := find(tx, id)
	if err != nil {
		return r, err
	}
	rec, err := record(tx, r)
	if err != nil {
		return r, err
	}
	if !c.Book.Scope(by, Read).Allows(rec) {
		return Report{}, errs.Absent("report", id)
	}
	if p != Read && !c.Book.Scope(by, p).Allows(rec) {
		return Report{}, errs.New(errs.Forbidden, "report.may_not")
	}
	return r, nil
}

// Get returns a report the actor may read.
func (c *Reports) Get(tx *db.Tx, by policy.Actor, id string) (Report, error) {
	return c.may(tx, by, Read, id)
}

// MayFollow tells whether the actor may see a request with all reports on it.
func (c *Reports) MayFollow(tx *db.Tx, by policy.Actor, request string) bool {
	_, err := c.asked(tx, by, Read, request)
	return err == nil
}

// asked returns a request on which the actor holds a permission of the asking unit. One that only has to report sees that it is there
// (Read), not who else reports.
func (c *Reports) asked(tx *db.Tx, by policy.Actor, p policy.Permission, id string) (Asked, error) {
	a, err := findAsked(tx, id)
	if err != nil {
		return a, err
	}
	up, err := above(tx, a.Unit)
	if err != nil {
		return a, err
	}
	rec := policy.Record{Unit: a.Unit, Above: up}
	if !c.Book.Scope(by, Read).Allows(rec) {
		return Asked{}, errs.Absent("report request", id)
	}
	if p != Read && !c.Book.Scope(by, p).Allows(rec) {
		return Asked{}, errs.New(errs.Forbidden, "report.may_not")
	}
	return a, nil
}

func (c *Reports) mayFor(tx *db.Tx, by policy.Actor, p policy.Permission, unit string) error {
	up, err := above(tx, unit)
	if err != nil {
		return err
	}
	if !c.Book.Scope(by, p).Allows(policy.Record{Unit: unit, Above: up}) {
		return errs.New(errs.Forbidden, "report.may_not")
	}
	return nil
}

// readsOwn tells whether the actor may read what a unit reports. A role held in another unit does not help.
func (c *Reports) readsOwn(tx *db.Tx, by policy.Actor, unit string) (bool, error) {
	up, err := above(tx, unit)
	if err != nil {
		return false, err
	}
	return c.Book.Scope(by, Read).Allows(policy.Record{Addressed: []string{unit}, AddressedAbove: append(up, unit)}), nil
}

// writes tells whether the actor belongs to the side that writes a report.
func (c *Reports) writes(tx *db.Tx, by policy.Actor, r Report) (bool, error) {
	rec, err := side(tx, r)
	return err == nil && c.Book.Scope(by, Write).Allows(rec), err
}
