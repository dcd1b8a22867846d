package notify

import (
	"time"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/policy"
)

// MostUnread is where Unread stops counting: nobody needs to know whether it is 300 or 301, and the query stays cheap.
const MostUnread = 100

// Unread counts what the actor has not read, at most MostUnread.
func Unread(tx *db.Tx, a policy.Actor) (int, error) {
	if a.Person == "" || a.IsSystem() {
		return 0, nil
	}
	line, err := lineOf(tx, a.Person)
	if err != nil {
		return 0, err
	}
	return countUnread(tx, a, line)
}

// lineOf is the identifier below which everything counts as read.
func lineOf(tx *db.Tx, person string) (string, error) {
	line, err := readerLine(tx, person)
	return max(line, ids.Least(tx.Now.Add(-unreadTime))), err
}

// settle is how far the line stays behind: a transaction that began earlier may commit notices with smaller identifiers later.
const settle = 10 * time.Minute

// Page is a part of an inbox: the newest first.
type Page struct {
	List  []Received
	Older string // identifier to go on from; "" at the end
}

// Inbox lists what the actor receives, the newest first, before an identifier ("" from the top).
func Inbox(tx *db.Tx, a policy.Actor, unreadOnly bool, before string, size int) (Page, error) {
	line, err := lineOf(tx, a.Person)
	if err != nil {
		return Page{}, err
	}
	rows, err := listReceived(tx, a, line, unreadOnly, before, size+1)
	if err != nil {
		return Page{}, err
	}
	var p Page
	if len(rows) > size {
		rows = rows[:size]
		p.Older = rows[size-1].ID
	}
	for _, r := range rows {
		p.List = append(p.List, Received{ID: r.ID, Unit: r.Unit, Kind: r.Kind, Text: errs.Message{Key: r.Word, Args: unpackArgs(r.Args.V)}, Path: r.Path,
			Urgent: r.Urgent, Read: r.IsRead || r.ID < line, At: r.At})
	}
	return p, nil
}

// Open marks one notice of the actor as read and returns where it leads. A notice of somebody else is absent.
func Open(tx *db.Tx, a policy.Actor, id string) (string, error) {
	n, ok, err := findReceived(tx, a, id)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errs.Absent("notice", id)
	}
	return n.Path, markRead(tx, a.Person, n.ID)
}

// ReadBefore marks what a person received before a time as read: for people who come with a history that they have worked through.
func ReadBefore(tx *db.Tx, person string, at time.Time) error {
	line, err := lineOf(tx, person)
	if err != nil {
		return err
	}
	return saveLine(tx, person, max(line, ids.Least(at)))
}

// ReadAll marks everything the actor receives as read.
func ReadAll(tx *db.Tx, a policy.Actor) error {
	line, err := lineOf(tx, a.Person)
	if err != nil {
		return err
	}
	if err := markAllRead(tx, a, line); err != nil {
		return err
	}
	return saveLine(tx, a.Person, max(line, ids.Least(tx.Now.Add(-settle))))
}
