package task

import (
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/orgunit"
	"chungtay/policy"
)

// columns says where the facts of a task stand that scopes ask for. Own and Below are the issuer's side, Addressed the side of the units
// that do the work, Assigned the person.
var columns = policy.Columns{
	Unit:      "t.issuer_id",
	Addressed: "EXISTS (SELECT 1 FROM task_party x WHERE x.task_id = t.id AND x.part <> 'person' AND x.holder_id IN (%s))",
	Assigned:  "EXISTS (SELECT 1 FROM task_party x WHERE x.task_id = t.id AND x.holder_id IN (%s))",
}

// record is the same for one task.
func record(tx *db.Tx, t Task) (policy.Record, error) {
	r := policy.Record{Unit: t.Issuer}
	var err error
	if r.Above, err = above(tx, t.Issuer); err != nil {
		return r, err
	}
	parties, err := partiesOf(tx, t.ID)
	if err != nil {
		return r, err
	}
	for _, p := range parties {
		r.Assigned = append(r.Assigned, p.Holder)
		if p.Part == "person" {
			continue
		}
		r.Addressed = append(r.Addressed, p.Holder)
		up, err := above(tx, p.Holder)
		if err != nil {
			return r, err
		}
		r.AddressedAbove = append(append(r.AddressedAbove, up...), p.Holder)
	}
	return r, nil
}

// above is orgunit.Above for a unit that may be unknown: then nothing is above it.
func above(tx *db.Tx, unit string) ([]string, error) {
	up, err := orgunit.Above(tx, unit)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	return up, err
}

// may returns a task on which the actor holds a permission. What the actor may not even read is absent.
func (c *Tasks) may(tx *db.Tx, by policy.Actor, p policy.Permission, id string) (Task, error) {
	t, err := find(tx, id)
	if err != nil {
		return t, err
	}
	r, err := record(tx, t)
	if err != nil {
		return t, err
	}
	if !c.Book.Scope(by, Read).Allows(r) {
		return Task{}, errs.Absent("task", id)
	}
	if p != Read && !c.Book.Scope(by, p).Allows(r) {
		return Task{}, errs.New(errs.Forbidden, "task.may_not")
	}
	return t, nil
}

// Get returns a task the actor may read.
func (c *Tasks) Get(tx *db.Tx, by policy.Actor, id string) (Task, error) {
	return c.may(tx, by, Read, id)
}

// Text is what a task asks for, of a task the actor may read.
func (c *Tasks) Text(tx *db.Tx, by policy.Actor, id string) (string, error) {
	t, err := c.Get(tx, by, id)
	if err != nil {
		return "", err
	}
	o, err := orderOf(tx, t.Order)
	return o.Text, err
}

// mayFor tells whether the actor may act in the name of a unit.
func (c *Tasks) mayFor(tx *db.Tx, by policy.Actor, p policy.Permission, unit string) error {
	up, err := above(tx, unit)
	if err != nil {
		return err
	}
	if !c.Book.Scope(by, p).Allows(policy.Record{Unit: unit, Above: up}) {
		return errs.New(errs.Forbidden, "task.may_not")
	}
	return nil
}
