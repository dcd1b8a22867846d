package policy

import (
	"slices"
	"strings"
)

// Reach says which records a role's permission covers, seen from the unit in which the role is held. Reaches are combined with |.
type Reach uint8

// The reaches. Below includes the unit's own records.
const (
	Own       Reach = 1 << iota // records of the unit itself
	Below                       // records of the unit and of all units below it
	Addressed                   // records addressed to the unit (with Below in the same grant: or to a unit below it)
	Assigned                    // records assigned to the unit or to the person
	Mine                        // records the person is named on
	All                         // every record
	Emergency                   // any record, after breaking the glass for it (see Opening); nothing without
)

// Record is what a rule needs to know of one record.
type Record struct {
	ID        string   // its identifier; needed only for kinds that can be opened in an emergency
	Unit      string   // the owning unit
	Above     []string // the units above Unit, in any order; Unit itself may be among them
	Persons   []string // the people named on the record
	Addressed []string // units it is addressed to
	Assigned  []string // units or people it is assigned to
	// AddressedAbove holds the units above the addressees; needed only for rules whose grants reach below.
	AddressedAbove []string
}

// Columns says where a room keeps the same facts, as SQL over the list's table. Empty: the room has no such fact, and a reach that
// needs it covers nothing. Addressed and Assigned are conditions that hold "%s" where the list of units or people goes, for example
// "EXISTS (SELECT 1 FROM task_unit x WHERE x.task_id = t.id AND x.unit_id IN (%s))".
type Columns struct {
	ID        string // needed only for kinds that can be opened in an emergency
	Unit      string
	Person    string
	Addressed string
	Assigned  string
}

// Scope is the union of what an actor's grants reach for one permission. It answers for one record and as SQL for lists; the two
// agree, which a property test keeps.
type Scope struct {
	all    bool
	person string
	parts  []part
	opened []string // records opened in an emergency
}

type part struct {
	reach Reach
	unit  string
}

// ScopeOf returns the records on which the actor holds a permission, given what each role reaches with it. A permission the role does
// not list is not held.
func ScopeOf(a Actor, p Permission, reach func(role string, p Permission) (Reach, bool)) Scope {
	s := Scope{person: a.Person}
	if a.IsSystem() {
		s.all = true
		return s
	}
	for _, g := range a.Grants {
		if !slices.Contains(g.Permissions, p) {
			continue
		}
		r, ok := reach(g.Role, p)
		if !ok {
			continue
		}
		if r&All != 0 {
			s.all = true
		}
		if g.Below && r&Own != 0 {
			r |= Below
		}
		s.parts = append(s.parts, part{r, g.Unit})
	}
	for _, o := range a.Openings {
		if o.Emergency && o.Permission == p {
			s.opened = append(s.opened, o.Record)
		}
	}
	return s
}

// Empty tells whether the scope covers nothing at all.
func (s Scope) Empty() bool { return !s.all && len(s.parts) == 0 && len(s.opened) == 0 }

// Allows decides on one record.
func (s Scope) Allows(r Record) bool {
	if s.all || r.ID != "" && slices.Contains(s.opened, r.ID) {
		return true
	}
	for _, p := range s.parts {
		switch {
		case p.reach&(Own|Below) != 0 && r.Unit != "" && r.Unit == p.unit,
			p.reach&Below != 0 && r.Unit != "" && slices.Contains(r.Above, p.unit),
			p.reach&Addressed != 0 && slices.Contains(r.Addressed, p.unit),
			p.reach&Addressed != 0 && p.reach&Below != 0 && slices.Contains(r.AddressedAbove, p.unit),
			p.reach&Assigned != 0 && (slices.Contains(r.Assigned, p.unit) || s.person != "" && slices.Contains(r.Assigned, s.person)),
			p.reach&Mine != 0 && s.person != "" && slices.Contains(r.Persons, s.person):
			return true
		}
	}
	return false
}

// UnitsBelow selects the units below a unit and itself, for the filters of lists; it takes the unit.
const UnitsBelow = "SELECT unit_id FROM orgunit_closure WHERE ancestor_id = ?"

// UnitsAbove selects the units above a unit and itself; it takes the unit.
const UnitsAbove = "SELECT ancestor_id FROM orgunit_closure WHERE unit_id = ?"

// SQL returns the condition of a list with its arguments, written with ? placeholders for db.Where.And and in brackets, so that it can
// stand beside others. The units below a unit come from the table orgunit_closure (ancestor_id, unit_id).
func (s Scope) SQL(c Columns) (string, []any) {
	if s.all {
		return "1 = 1", nil
	}
	var conds []string
	var args []any
	add := func(cond string, a ...any) { conds, args = append(conds, cond), append(args, a...) }
	const below = UnitsBelow
	for _, p := range s.parts {
		if p.reach&(Own|Below) != 0 && c.Unit != "" {
			add(c.Unit+" = ?", p.unit)
		}
		if p.reach&Below != 0 && c.Unit != "" {
			add(c.Unit+" IN ("+below+")", p.unit)
		}
		if p.reach&Addressed != 0 && c.Addressed != "" {
			add(strings.Replace(c.Addressed, "%s", "?", 1), p.unit)
			if p.reach&Below != 0 {
				add(strings.Replace(c.Addressed, "%s", below, 1), p.unit)
			}
		}
		if p.reach&Assigned != 0 && c.Assigned != "" {
			add(strings.Replace(c.Assigned, "%s", "?, ?", 1), p.unit, s.person)
		}
		if p.reach&Mine != 0 && c.Person != "" && s.person != "" {
			add(c.Person+" = ?", s.person)
		}
	}
	if c.ID != "" {
		for _, id := range s.opened {
			add(c.ID+" = ?", id)
		}
	}
	if conds == nil {
		return "1 = 0", nil
	}
	return "(" + strings.Join(conds, " OR ") + ")", args
}
