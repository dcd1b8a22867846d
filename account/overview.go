package account

import (
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/policy"
)

// Overview is what an administrator sees at a glance of the people of the own reach: nobody outside it is counted.
type Overview struct {
	States    map[State]int
	Roles     []RoleCount // held today, most held first
	Lent      []Lent      // delegations that run or are to come, the first to end first
	Sessions  []OpenAt    // open now, other people's and one's own, the last used first; at most overviewRows
	LentTotal int
	Open      int // sessions open now
}

// RoleCount says how many people hold a role today.
type RoleCount struct {
	Role  string `db:"role"`
	Count int    `db:"n"`
}

// Lent is a delegation.
type Lent struct {
	ID      string     `db:"id"` // of the holding
	UnitID  string     `db:"unit_id"`
	Unit    string     // its name, where it is asked for
	Reason  string     `db:"reason"`
	Role    string     `db:"role"`
	ToID    string     `db:"to_id"`
	To      string     `db:"to_name"`
	From    string     `db:"from_name"`
	FromDay civil.Date `db:"from_day"`
	ToDay   civil.Date `db:"to_day"`
}

// OpenAt is an open session with whose it is.
type OpenAt struct {
	ID       string    `db:"id"`
	PersonID string    `db:"person_id"`
	Name     string    `db:"name"`
	Login    string    `db:"login"`
	Device   string    `db:"device"`
	Address  string    `db:"address"`
	OpenedAt time.Time `db:"opened_at"`
	SeenAt   time.Time `db:"seen_at"`
	Strong   bool      `db:"second_factor"`
}

const overviewRows = 5

// Overview sums up the people, roles, delegations and sessions that the actor may manage. Sessions are shown to who holds Session.
func (c *Accounts) Overview(tx *db.Tx, by policy.Actor) (o Overview, err error) {
	people := c.Book.Scope(by, Manage)
	if o.States, err = countByState(tx, people); err != nil {
		return o, err
	}
	if o.Roles, err = countByRole(tx, people); err != nil {
		return o, err
	}
	if o.Lent, o.LentTotal, err = listLent(tx, people, "", 0, overviewRows); err != nil {
		return o, err
	}
	o.Sessions, o.Open, err = c.openSessions(tx, by, "", 0, overviewRows)
	return o, err
}

// openSessions lists the open sessions that the actor may see, the last used first, with how many there are in all.
func (c *Accounts) openSessions(tx *db.Tx, by policy.Actor, words string, skip, limit int) ([]OpenAt, int, error) {
	list, total, err := listOpenSessions(tx, c.Book.Scope(by, Session), tx.Now.Add(-c.idle()), tx.Now.Add(-longest), words, skip, limit)
	for i := range list {
		list[i].Device = device(list[i].Device)
	}
	return list, total, err
}
