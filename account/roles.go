package account

import (
	"slices"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/policy"
)

// Administrator is the role that manages people; an installation is never left without one in force and without end.
const Administrator = "administrator"

// mayManage checks that the actor holds a permission over a person: over a unit in which the person holds or held a role, or, for one who
// never held any, over the unit that brought the person in. Otherwise the person is absent.
func (c *Accounts) mayManage(tx *db.Tx, by policy.Actor, p policy.Permission, person string) error {
	scope := c.Book.Scope(by, p)
	if scope.Empty() {
		return errs.New(errs.Forbidden, "account.may_not_manage")
	}
	hs, err := listHoldings(tx, person)
	if err != nil {
		return err
	}
	var whose Person
	if len(hs) == 0 {
		if whose, err = personByID(tx, person); err != nil {
			return err
		}
	}
	for _, u := range unitsOf(hs, whose) {
		ok, err := c.inScope(tx, scope, u)
		if err != nil || ok {
			return err
		}
	}
	return errs.Absent("person", person)
}

// mayCare is mayManage for deeds on the account as a whole (links for a password, second factors, closing): every unit in which the person
// holds a role must be the actor's, and no role may reach beyond every unit without the actor's doing so. Otherwise the administrator of one unit
// could sign in as a colleague who holds more elsewhere, or as the auditor next door.
func (c *Accounts) mayCare(tx *db.Tx, by policy.Actor, person string) error {
	if err := c.mayManage(tx, by, Manage, person); err != nil {
		return err
	}
	hs, err := listHoldings(tx, person)
	if err != nil {
		return err
	}
	scope, today := c.Book.Scope(by, Manage), civil.Of(tx.Now)
	for _, h := range hs {
		if !h.EndedAt.IsZero() || !h.ToDay.IsZero() && today.After(h.ToDay) {
			continue
		}
		if ok, err := c.inScope(tx, scope, h.UnitID); err != nil {
			return err
		} else if !ok {
			return errs.New(errs.Forbidden, "account.held_elsewhere")
		}
		if !c.Book.Oversees(by, h.Role) {
			return errs.New(errs.Forbidden, "account.holds_more")
		}
	}
	return nil
}

// over is the right by which an actor does something to the account of a person: everybody's over their own, an administrator's over that
// of somebody who holds, or held, a role in a unit.
func over(tx *db.Tx, by policy.Actor, p policy.Permission, person string) (audit.Right, error) {
	if person == by.Person {
		return audit.Self(), nil
	}
	hs, err := listHoldings(tx, person)
	if err != nil {
		return audit.Self(), err
	}
	whose, err := personByID(tx, person)
	return audit.By(p, unitsOf(hs, whose)...), err
}

// unitsOf lists the units to which a person belongs: those of the roles, or, without any, the one that brought the person in.
func unitsOf(hs []Holding, p Person) []string {
	if len(hs) == 0 {
		return []string{p.UnitID}
	}
	units := make([]string, len(hs))
	for i, h := range hs {
		units[i] = h.UnitID
	}
	return units
}

func (c *Accounts) inScope(tx *db.Tx, s policy.Scope, unit string) (bool, error) {
	if unit == "" { // of no unit: for who reaches everything
		return s.Allows(policy.Record{}), nil
	}
	above, err := c.Units.Above(tx, unit)
	if err != nil {
		return false, err
	}
	return s.Allows(policy.Record{Unit: unit, Above: above}), nil
}

// NewHolding is a role to give.
type NewHolding struct {
	Person, Role, Unit string
	Below              bool
	From, To           civil.Date // To zero: without end
	Reason             string
}

func (c *Accounts) checkDays(tx *db.Tx, n NewHolding) error {
	switch {
	case n.From.IsZero():
		return errs.AtField("from", "account.need_from")
	case !n.To.IsZero() && n.To.Before(n.From):
		return errs.AtField("to", "account.to_before_from")
	case !n.To.IsZero() && n.To.Before(civil.Of(tx.Now)):
		return errs.AtField("to", "account.to_past")
	}
	return nil
}

// Give gives a role in a unit. The actor must manage that unit and hold everything the role gives there.
func (c *Accounts) Give(tx *db.Tx, by policy.Actor, n NewHolding) (Holding, error) {
	if _, ok := c.Book[n.Role]; !ok {
		return Holding{}, errs.AtField("role", "account.no_role")
	}
	if err := c.mayManage(tx, by, Manage, n.Person); err != nil {
		return Holding{}, err
	}
	if err := c.mayGive(tx, by, n); err != nil {
		return Holding{}, err
	}
	if n.Person == by.Person && !by.IsSystem() {
		return Holding{}, errs.New(errs.Forbidden, "account.not_oneself")
	}
	hs, err := listHoldings(tx, n.Person)
	if err != nil {
		return Holding{}, err
	}
	if slices.ContainsFunc(hs, func(h Holding) bool {
		return h.EndedAt.IsZero() && h.Of == "" && h.Role == n.Role && h.UnitID == n.Unit && overlap(h.FromDay, h.ToDay, n.From, n.To)
	}) {
		return Holding{}, errs.AtField("role", "account.held_already")
	}
	h := Holding{ID: ids.New(tx.Now), PersonID: n.Person, Role: n.Role, UnitID: n.Unit, Below: n.Below, FromDay: n.From, ToDay: n.To, Reason: n.Reason,
		GrantedBy: by.Person, GrantedAt: tx.Now}
	if err := insertHolding(tx, h); err != nil {
		return Holding{}, err
	}
	return h, audit.Log(tx, by, audit.By(Manage, n.Unit), audit.Deed{Action: "account.role_given", Kind: "person", ID: n.Person, Change: audit.Diff(nil, h)})
}

// mayGive tells whether the actor may give a role in a unit to anybody.
func (c *Accounts) mayGive(tx *db.Tx, by policy.Actor, n NewHolding) error {
	above, err := c.Units.Above(tx, n.Unit)
	if err != nil {
		return err
	}
	if !c.Book.Scope(by, Manage).Allows(policy.Record{Unit: n.Unit, Above: above}) {
		return errs.Absent("unit", n.Unit)
	}
	if !c.Book.Covers(by, n.Role, n.Unit, n.Below, above) {
		return errs.New(errs.Forbidden, "account.not_held")
	}
	return c.checkDays(tx, n)
}

func overlap(aFrom, aTo, bFrom, bTo civil.Date) bool {
	return (bTo.IsZero() || !aFrom.After(bTo)) && (aTo.IsZero() || !bFrom.After(aTo))
}

// Take ends a role before its time. Sessions of the person end, so that nothing goes on with what is gone. The last administrator
// without end cannot be taken away.
func (c *Accounts) Take(tx *db.Tx, by policy.Actor, holding string) error {
	h, ok, err := findHolding(tx, holding)
	if err != nil {
		return err
	}
	if !ok {
		return errs.Absent("holding", holding)
	}
	own := h.Of != "" && by.Person != ""
	if own { // who delegated may take it back
		from, ok, err := findHolding(tx, h.Of)
		if err != nil {
			return err
		}
		own = ok && from.PersonID == by.Person
	}
	if !own {
		scope := c.Book.Scope(by, Manage)
		if in, err := c.inScope(tx, scope, h.UnitID); err != nil {
			return err
		} else if !in {
			return errs.Absent("holding", holding)
		}
	}
	if !h.EndedAt.IsZero() {
		return errs.New(errs.Conflict, "account.ended_already")
	}
	if err := c.keepAdministrator(tx, h.Role, h.PersonID); err != nil {
		return err
	}
	if err := endHolding(tx, h.ID, by.Person); err != nil {
		return err
	}
	if err := endSessions(tx, h.PersonID, "", "role"); err != nil {
		return err
	}
	after := h
	after.EndedAt, after.EndedBy = tx.Now, by.Person
	right := audit.By(Manage, h.UnitID)
	if own {
		right = audit.Self()
	}
	return audit.Log(tx, by, right, audit.Deed{Action: "account.role_taken", Kind: "person", ID: h.PersonID, Change: audit.Diff(h, after)})
}

// keepAdministrator refuses a deed that would leave nobody to manage people.
func (c *Accounts) keepAdministrator(tx *db.Tx, role, person string) error {
	if role != Administrator {
		return nil
	}
	others, err := countAdministrators(tx, person)
	if err != nil {
		return err
	}
	if others == 0 {
		return errs.New(errs.Conflict, "account.last_administrator")
	}
	return nil
}

// Close ends an account: nobody signs in with it again, roles and sessions end. Records keep the name.
func (c *Accounts) Close(tx *db.Tx, by policy.Actor, person string) error {
	if err := c.mayCare(tx, by, person); err != nil {
		return err
	}
	if person == by.Person {
		return errs.New(errs.Forbidden, "account.not_oneself")
	}
	p, err := personByID(tx, person)
	if err != nil {
		return err
	}
	if p.State == Closed {
		return errs.New(errs.Conflict, "account.closed_already")
	}
	hs, err := listHoldings(tx, person)
	if err != nil {
		return err
	}
	for _, h := range hs {
		if h.EndedAt.IsZero() {
			if err := c.keepAdministrator(tx, h.Role, person); err != nil {
				return err
			}
			if err := endHolding(tx, h.ID, by.Person); err != nil {
				return err
			}
		}
	}
	if err := expireLinks(tx, person); err != nil {
		return err
	}
	before := p
	p.State, p.Password = Closed, ""
	if err := savePerson(tx, p); err != nil {
		return err
	}
	if err := endSessions(tx, person, "", "revoked"); err != nil {
		return err
	}
	right := audit.By(Manage, unitsOf(hs, p)...)
	return audit.Log(tx, by, right, audit.Deed{Action: "account.closed", Kind: "person", ID: person, Change: audit.Diff(before, p)})
}

// Delegate lends a role one holds to another person of one's unit or below, from a day to a day (ủy quyền). What is delegated cannot
// be delegated on, and the last day is never after the end of one's own.
func (c *Accounts) Delegate(tx *db.Tx, by policy.Actor, holding, to string, from, until civil.Date, reason string) (Holding, error) {
	h, ok, err := findHolding(tx, holding)
	if err != nil {
		return Holding{}, err
	}
	if !ok || h.PersonID != by.Person || !h.InForce(civil.Of(tx.Now)) {
		return Holding{}, errs.Absent("holding", holding)
	}
	switch {
	case h.Of != "":
		return Holding{}, errs.New(errs.Forbidden, "account.delegated_on")
	case until.IsZero():
		return Holding{}, errs.AtField("to", "account.need_to")
	case !h.ToDay.IsZero() && until.After(h.ToDay):
		return Holding{}, errs.AtField("to", "account.beyond_own", h.ToDay)
	case to == by.Person:
		return Holding{}, errs.AtField("person", "account.not_oneself")
	case reason == "":
		return Holding{}, errs.AtField("reason", "account.need_reason")
	}
	if err := c.checkDays(tx, NewHolding{From: from, To: until}); err != nil {
		return Holding{}, err
	}
	p, err := personByID(tx, to)
	if err != nil || p.State != Active {
		return Holding{}, errs.AtField("person", "account.choose_colleague")
	}
	theirs, err := listHoldings(tx, to)
	if err != nil {
		return Holding{}, err
	}
	colleague := false
	for _, t := range theirs {
		if !t.InForce(civil.Of(tx.Now)) {
			continue
		}
		above, err := c.Units.Above(tx, t.UnitID)
		if err != nil {
			return Holding{}, err
		}
		colleague = colleague || t.UnitID == h.UnitID || slices.Contains(above, h.UnitID)
	}
	if !colleague {
		return Holding{}, errs.AtField("person", "account.choose_colleague")
	}
	d := Holding{ID: ids.New(tx.Now), PersonID: to, Role: h.Role, UnitID: h.UnitID, Below: h.Below, FromDay: from, ToDay: until, Of: h.ID, Reason: reason,
		GrantedBy: by.Person, GrantedAt: tx.Now}
	if err := insertHolding(tx, d); err != nil {
		return Holding{}, err
	}
	return d, audit.Log(tx, by, audit.Self(), audit.Deed{Action: "account.delegated", Kind: "person", ID: to, Purpose: reason, Change: audit.Diff(nil, d)})
}
