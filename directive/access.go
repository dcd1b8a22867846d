package directive

import (
	"slices"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/orgunit"
	"chungtay/policy"
)

// columns says where the facts of a directive stand that scopes ask for. Addressed holds only once it has left the house.
var columns = policy.Columns{
	Unit:      "d.unit_id",
	Addressed: "EXISTS (SELECT 1 FROM directive_addressee x WHERE x.directive_id = d.id AND d.state IN ('issued', 'recalled', 'completed') AND x.unit_id IN (%s))",
	Assigned:  "EXISTS (SELECT 1 FROM directive_reader r WHERE r.directive_id = d.id AND r.person_id IN (%s))",
}

// drafts are seen by the unit that writes them alone: what is not issued is not there for the units above and below.
func (c *Directives) listScope(by policy.Actor) (string, []any) {
	cond, args := c.Book.Scope(by, Read).SQL(columns)
	own, ownArgs := c.Book.Scope(by, Write).SQL(policy.Columns{Unit: "d.unit_id"})
	sign, signArgs := c.Book.Scope(by, Sign).SQL(policy.Columns{Unit: "d.unit_id"})
	issue, issueArgs := c.Book.Scope(by, Issue).SQL(policy.Columns{Unit: "d.unit_id"})
	return "(" + cond + ") AND (d.state IN ('issued', 'recalled', 'completed') OR (" + own + ") OR (" + sign + ") OR (" + issue + "))", slices.Concat(args, ownArgs, signArgs, issueArgs)
}

func above(tx *db.Tx, unit string) ([]string, error) {
	up, err := orgunit.Above(tx, unit)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	return up, err
}

func (c *Directives) record(tx *db.Tx, d Directive) (policy.Record, error) {
	r := policy.Record{Unit: d.Unit}
	var err error
	if r.Above, err = above(tx, d.Unit); err != nil || !d.State.Out() {
		return r, err
	}
	return r, nil
}

// reads tells whether the actor may read a directive. For lists the same is listScope.
func (c *Directives) reads(tx *db.Tx, by policy.Actor, d Directive) (bool, error) {
	var w db.Where
	cond, args := c.listScope(by)
	w.And(`d.id = ?`, d.ID)
	w.And(cond, args...)
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM directive d`+w.SQL(), w.Args()...)
	return n > 0, err
}

// may returns a directive on which the actor holds a permission of the issuing unit. What the actor may not even read is absent.
func (c *Directives) may(tx *db.Tx, by policy.Actor, p policy.Permission, id string) (Directive, error) {
	d, err := find(tx, id)
	if err != nil {
		return d, err
	}
	ok, err := c.reads(tx, by, d)
	if err != nil {
		return d, err
	}
	if !ok {
		return Directive{}, errs.Absent("directive", id)
	}
	if p == Read {
		return d, nil
	}
	r, err := c.record(tx, d)
	if err != nil {
		return d, err
	}
	if !c.Book.Scope(by, p).Allows(r) {
		return Directive{}, errs.New(errs.Forbidden, "directive.may_not")
	}
	return d, nil
}

// Get returns a directive the actor may read.
func (c *Directives) Get(tx *db.Tx, by policy.Actor, id string) (Directive, error) {
	return c.may(tx, by, Read, id)
}

// mayFor tells whether the actor may act in the name of a unit.
func (c *Directives) mayFor(tx *db.Tx, by policy.Actor, p policy.Permission, unit string) error {
	up, err := above(tx, unit)
	if err != nil {
		return err
	}
	if !c.Book.Scope(by, p).Allows(policy.Record{Unit: unit, Above: up}) {
		return errs.New(errs.Forbidden, "directive.may_not")
	}
	return nil
}

// receiver tells whether the actor may receive for a unit.
func (c *Directives) receiver(tx *db.Tx, by policy.Actor, unit string) (bool, error) {
	up, err := above(tx, unit)
	if err != nil {
		return false, err
	}
	return c.Book.Scope(by, Receive).Allows(policy.Record{Addressed: []string{unit}, AddressedAbove: append(up, unit)}), nil
}
