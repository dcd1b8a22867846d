package policy

import (
	"slices"
	"time"
)

// Permission names one deed of one room, "directive.issue". Rooms declare theirs; a page cannot be registered without one.
type Permission string

// Two permissions that no role holds: Public pages are open to everybody, SignedIn ones to every person signed in.
const (
	Public   Permission = "public"
	SignedIn Permission = "signed_in"
)

// Grant is a role held in a unit, with what it permits at this moment.
type Grant struct {
	Role        string       // as in app/roles.go
	Unit        string       // the unit in which it is held
	Below       bool         // also in all units below it
	Until       time.Time    // zero: without end
	DelegatedBy string       // person whose role this is, when it is held by delegation (ủy quyền)
	Permissions []Permission // what the role permits
}

// Actor is the person, or the system itself, in whose name an operation runs.
type Actor struct {
	Person       string // "" for the public
	Name         string
	Unit         string // the unit the person works for in this session
	UnitName     string
	Session      string
	SecondFactor bool      // the session was opened with a second factor
	Grants       []Grant   // in force at the time of the transaction
	Openings     []Opening // protected records opened for a purpose, in force at the time of the transaction
}

// System is the actor of jobs and commands. It holds every permission and is named in the audit log.
func System(name string) Actor { return Actor{Person: "system", Name: name} }

// IsSystem tells whether the actor is the program itself.
func (a Actor) IsSystem() bool { return a.Person == "system" }

// SignedIn tells whether the actor is a person signed in, or the system.
func (a Actor) SignedIn() bool { return a.Person != "" }

// Holds tells whether the actor holds a permission in any unit. On which records is the business of a Scope.
func (a Actor) Holds(p Permission) bool {
	switch {
	case p == Public || a.IsSystem():
		return true
	case p == SignedIn:
		return a.SignedIn()
	}
	for _, g := range a.Grants {
		if slices.Contains(g.Permissions, p) {
			return true
		}
	}
	return false
}

// GrantFor returns the grant by which the actor holds a permission: first one held in the unit, then one of the actor's own, then one held
// by delegation. ok is false when the actor does not hold it by a grant.
func (a Actor) GrantFor(p Permission, unit string) (best Grant, ok bool) {
	rank := -1
	for _, g := range a.Grants {
		if !slices.Contains(g.Permissions, p) {
			continue
		}
		r := 0
		if g.DelegatedBy == "" {
			r++
		}
		if unit != "" && g.Unit == unit {
			r += 2
		}
		if r > rank {
			best, rank = g, r
		}
	}
	return best, rank >= 0
}
