package account

import (
	"slices"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// HoldersOf lists the people who hold a permission in a unit itself today, also by delegation, sorted by given name. Roles held in
// units above do not count: they make one responsible for the unit, not a member of it.
func (c *Accounts) HoldersOf(tx *db.Tx, unit string, p policy.Permission) ([]Person, error) {
	var roles []string
	for _, name := range c.Book.Roles() {
		if slices.Contains(c.Book.Permissions(name), p) {
			roles = append(roles, name)
		}
	}
	return listHolders(tx, unit, roles, civil.Of(tx.Now))
}

// ByID returns a person; an unknown one is errs.NotFound.
func ByID(tx *db.Tx, id string) (Person, error) { return personByID(tx, id) }

// ByLogin returns the person who has a sign-in name; an unknown one is errs.Invalid at the field.
func ByLogin(tx *db.Tx, login string) (Person, error) {
	p, ok, err := findPersonByLogin(tx, LoginKey(login))
	if err == nil && !ok {
		err = errs.AtField("login", "account.no_login", login)
	}
	return p, err
}

// NameOf returns a person's name; an unknown one is errs.NotFound.
func NameOf(tx *db.Tx, id string) (string, error) {
	p, err := personByID(tx, id)
	return p.Name, err
}

// NameAndTitle returns a person's name and position (chức vụ), as papers are signed; an unknown one is errs.NotFound.
func NameAndTitle(tx *db.Tx, id string) (name, title string, err error) {
	p, err := personByID(tx, id)
	return p.Name, p.Title, err
}

// NamesOf returns the names of people by identifier. Unknown ones are left out.
func NamesOf(tx *db.Tx, ids []string) (map[string]string, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	out := make(map[string]string, len(ids))
	for part := range slices.Chunk(ids, 500) {
		if err := namesOf(tx, part, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Find returns people whose name or sign-in name holds all the words, closed accounts too, sorted by given name, at most limit.
func Find(tx *db.Tx, words string, limit int) ([]Person, error) { return findPeople(tx, words, limit) }

// Holdings lists what a person holds and held, the oldest first.
func Holdings(tx *db.Tx, person string) ([]Holding, error) { return listHoldings(tx, person) }

// Colleague is a person with a role in a unit.
type Colleague struct {
	ID    string `db:"id"`
	Name  string `db:"name"`
	Title string `db:"title"`
	Role  string `db:"role"`
}

// In lists the people who hold a role in a unit itself today, by given name, as far as the actor may see the people of that unit:
// otherwise there are none.
func (c *Accounts) In(tx *db.Tx, by policy.Actor, unit string) ([]Colleague, error) {
	ok, err := c.inScope(tx, c.Book.Scope(by, Read), unit)
	if err != nil || !ok {
		return nil, err
	}
	return listColleagues(tx, unit, civil.Of(tx.Now))
}

// OwesFactor tells whether the actor holds a role that counts only with a second factor, in a session opened without one: the role is
// there and gives nothing yet.
func (c *Accounts) OwesFactor(tx *db.Tx, by policy.Actor) (bool, error) {
	if by.SecondFactor || by.Person == "" {
		return false, nil
	}
	hs, err := listHoldings(tx, by.Person)
	if err != nil {
		return false, err
	}
	today := civil.Of(tx.Now)
	return slices.ContainsFunc(hs, func(h Holding) bool { return h.InForce(today) && c.Book[h.Role].SecondFactor }), nil
}
