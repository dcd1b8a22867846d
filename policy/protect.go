package policy

import (
	"slices"
	"time"
)

// Opening is a protected record that a person may read until a time for a reason given beforehand. Records of people whom the law
// protects (law: 53/2024/QH15 art. 3(10), no disclosure without consent) are read for a purpose only: whoever may see the record says why,
// and whoever may not, but holds Emergency, may break the glass in danger to life: with a reason, for a short time, with a notice to the
// supervisors at once and a review afterwards.
type Opening struct {
	ID         string
	Record     string     // identifier of the record
	Permission Permission // what is opened: "case.read"
	Reason     string     // goes into the audit log with every deed
	Until      time.Time
	Emergency  bool // the glass was broken
}

// Need says what stands between an actor and a protected record.
type Need int

// The needs, from nothing to everything.
const (
	Opened     Need = iota // the actor may go on; the reason is in OpeningOf
	NeedReason             // the actor may see the record and has to say why first
	Withheld               // the record is absent for the actor
)

// Needs decides on one protected record. Rooms ask it instead of Scope.Allows.
func (b Book) Needs(a Actor, p Permission, r Record) Need {
	if a.IsSystem() {
		return Opened
	}
	if !b.Scope(a, p).Allows(r) {
		return Withheld
	}
	if _, ok := a.OpeningOf(p, r.ID); ok {
		return Opened
	}
	return NeedReason
}

// OpeningOf returns the actor's opening of a record.
func (a Actor) OpeningOf(p Permission, record string) (Opening, bool) {
	i := slices.IndexFunc(a.Openings, func(o Opening) bool { return o.Permission == p && o.Record == record && record != "" })
	if i < 0 {
		return Opening{}, false
	}
	return a.Openings[i], true
}

// MayBreakGlass tells whether the actor may open any record with a permission in an emergency.
func (b Book) MayBreakGlass(a Actor, p Permission) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return slices.Contains(g.Permissions, p) && b[g.Role].Gives[p]&Emergency != 0 })
}
