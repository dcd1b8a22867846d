package policy

import (
	"maps"
	"slices"
)

// Role is what a kind of office may do. The list of roles is app/roles.go.
type Role struct {
	Name         string               // key of the role, "leader"
	Gives        map[Permission]Reach // each permission with the records it covers
	SecondFactor bool                 // may only be used in a session opened with a second factor
	Unit         string               // "" any unit, else the kind of unit in which it makes sense
}

// Book is the list of all roles.
type Book map[string]Role

// NewBook makes a book; a role given twice is a mistake in the program.
func NewBook(roles ...Role) Book {
	b := Book{}
	for _, r := range roles {
		if _, ok := b[r.Name]; ok {
			panic("role " + r.Name + " is defined twice")
		}
		b[r.Name] = r
	}
	return b
}

// Roles lists the names of the roles, sorted.
func (b Book) Roles() []string { return slices.Sorted(maps.Keys(b)) }

// Permissions lists what a role gives, sorted.
func (b Book) Permissions(role string) []Permission { return slices.Sorted(maps.Keys(b[role].Gives)) }

// Scope returns the records on which the actor holds a permission.
func (b Book) Scope(a Actor, p Permission) Scope {
	return ScopeOf(a, p, func(role string, p Permission) (Reach, bool) {
		r, ok := b[role].Gives[p]
		return r, ok
	})
}

// Covers tells whether everything role b2 gives is also given, with at least the same reach, by the grants of a that reach the unit.
// Nobody grants what they do not hold.
func (b Book) Covers(a Actor, role, unit string, above []string) bool {
	if a.IsSystem() {
		return true
	}
	for p, want := range b[role].Gives {
		ok := false
		for _, g := range a.Grants {
			have, holds := b[g.Role].Gives[p]
			if !holds || !(g.Unit == unit || g.Below && slices.Contains(above, g.Unit) || have&All != 0) {
				continue
			}
			if have&All != 0 || widen(have)&want == want {
				ok = true
				break
			}
		}
		if !ok {
			return false
		}
	}
	return true
}

// widen adds the reaches that a reach includes.
func widen(r Reach) Reach {
	if r&Below != 0 {
		r |= Own
	}
	return r
}
