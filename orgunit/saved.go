package orgunit

import (
	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/policy"
)

// Group is a group of units saved under a name for a unit's papers. Its phrase is resolved anew each time it is used: units that were
// renamed or merged meanwhile are found as they are then.
type Group struct {
	ID     string `db:"id" audit:"-"`
	Owner  string `db:"owner_id"`
	Name   string `db:"name"`
	Phrase string `db:"phrase"`
}

const (
	maxGroupName = 100
	maxPhrase    = 5000
)

// mayKeep checks that the actor may keep groups of a unit: people of the unit itself, and those who may change it.
func (c *Units) mayKeep(tx *db.Tx, by policy.Actor, owner string) error {
	if by.IsSystem() {
		return nil
	}
	for _, g := range by.Grants {
		if g.Unit == owner {
			return nil
		}
	}
	return c.may(tx, by, owner)
}

// SaveGroup keeps a phrase under a name for a unit's papers; a group with an ID is changed.
func (c *Units) SaveGroup(tx *db.Tx, by policy.Actor, g Group) (Group, error) {
	g.Name, g.Phrase = line(g.Name), trimText(g.Phrase)
	var before *Group
	if g.ID != "" {
		old, ok, err := findGroup(tx, g.ID)
		if err != nil {
			return g, err
		}
		if !ok {
			return g, errs.New(errs.NotFound, "orgunit.group_gone")
		}
		g.Owner, before = old.Owner, &old
	}
	if err := c.mayKeep(tx, by, g.Owner); err != nil {
		return g, err
	}
	switch {
	case g.Name == "":
		return g, errs.AtField("name", "orgunit.need_group_name")
	case len([]rune(g.Name)) > maxGroupName:
		return g, errs.AtField("name", "orgunit.name_long", maxGroupName)
	case g.Phrase == "":
		return g, errs.AtField("phrase", "orgunit.need_phrase")
	case len([]rune(g.Phrase)) > maxPhrase:
		return g, errs.AtField("phrase", "orgunit.phrase_long", maxPhrase)
	}
	if taken, err := groupTaken(tx, g); err != nil {
		return g, err
	} else if taken {
		return g, errs.AtField("name", "orgunit.group_name_taken")
	}
	var err error
	if before == nil {
		g.ID = ids.New(tx.Now)
		err = insertGroup(tx, g, by.Person)
	} else {
		err = updateGroup(tx, g)
	}
	if err != nil {
		return g, err
	}
	return g, audit.Log(tx, by, audit.By(Read, g.Owner), audit.Deed{Action: "orgunit.group_saved", Kind: "orgunit_group", ID: g.ID, Change: audit.Diff(before, &g)})
}

// DropGroup forgets a group. Papers that used it keep the units they were sent to.
func (c *Units) DropGroup(tx *db.Tx, by policy.Actor, id string) error {
	g, ok, err := findGroup(tx, id)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.NotFound, "orgunit.group_gone")
	}
	if err := c.mayKeep(tx, by, g.Owner); err != nil {
		return err
	}
	if err := deleteGroup(tx, id); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Read, g.Owner), audit.Deed{Action: "orgunit.group_dropped", Kind: "orgunit_group", ID: id, Change: audit.Diff(&g, nil)})
}

// Groups lists the saved groups of a unit, by name.
func Groups(tx *db.Tx, owner string) ([]Group, error) { return listGroups(tx, owner) }

// GroupOf returns a saved group of a unit; of another unit it is absent.
func GroupOf(tx *db.Tx, owner, id string) (Group, error) {
	g, ok, err := findGroup(tx, id)
	if err == nil && (!ok || g.Owner != owner) {
		err = errs.Absent("group", id)
	}
	return g, err
}

// ResolveGroup resolves a saved group for papers of a day.
func ResolveGroup(tx *db.Tx, owner, id string, day civil.Date) (Resolution, error) {
	g, err := GroupOf(tx, owner, id)
	if err != nil {
		return Resolution{}, err
	}
	return Resolve(tx, owner, g.Phrase, day)
}
