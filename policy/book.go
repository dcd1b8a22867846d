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
	Appoints     []string             // roles that its holder may give in the units it reaches without holding what they give
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

// Covers tells whether an actor may give a role in a unit (with below also in all units under it): nobody grants what they do not hold.
// Each permission of the role must be held over that unit with at least the same reach, or one of the actor's roles that reach the unit
// must name the role among those it Appoints; a permission that reaches every record of the country is never covered by appointment
// alone. What is held by delegation is not granted on.
func (b Book) Covers(a Actor, role, unit string, below bool, above []string) bool {
	if a.IsSystem() {
		return true
	}
	reaches := func(g Grant) bool {
		return g.DelegatedBy == "" && (g.Unit == unit && (g.Below || !below) || g.Below && slices.Contains(above, g.Unit))
	}
	appoints := slices.ContainsFunc(a.Grants, func(g Grant) bool { return reaches(g) && slices.Contains(b[g.Role].Appoints, role) })
	for p, want := range b[role].Gives {
		if below && want&Own != 0 {
			want |= Below
		}
		if appoints && want&All == 0 {
			continue
		}
		if !slices.ContainsFunc(a.Grants, func(g Grant) bool {
			have, holds := b[g.Role].Gives[p]
			if g.Below && have&Own != 0 {
				have |= Below
			}
			return holds && g.DelegatedBy == "" && (have&All != 0 || (g.Unit == unit || g.Below && slices.Contains(above, g.Unit)) && widen(have)&want == want)
		}) {
			return false
		}
	}
	return true
}

// Oversees tells whether an actor may look after the account of somebody who holds a role: whoever resets a password can use what the
// account holds, so what reaches beyond any unit (every record, or any in an emergency) the actor must hold as well.
func (b Book) Oversees(a Actor, role string) bool {
	for p, want := range b[role].Gives {
		if want&(All|Emergency) == 0 || a.IsSystem() {
			continue
		}
		if !slices.ContainsFunc(a.Grants, func(g Grant) bool {
			have := b[g.Role].Gives[p]
			return have&All != 0 || want&All == 0 && have&Emergency != 0
		}) {
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
