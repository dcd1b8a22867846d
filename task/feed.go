package task

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"chungtay/account"
	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/policy"
)

const maxFeeds = 10 // of one person

// OpenFeed makes a secret address under which a calendar program reads the deadlines of a person, or of a unit whose tasks the person may
// read. The address is shown once; only its hash is kept.
func (c *Tasks) OpenFeed(tx *db.Tx, by policy.Actor, unit string) (secret string, err error) {
	if by.Person == "" {
		return "", errs.New(errs.Forbidden, "task.may_not")
	}
	if unit != "" {
		if err := c.mayReadOf(tx, by, unit); err != nil {
			return "", err
		}
	}
	have, err := feedsOf(tx, by.Person)
	if err != nil {
		return "", err
	}
	if len(have) >= maxFeeds {
		return "", errs.New(errs.Invalid, "task.many_feeds", maxFeeds)
	}
	var b [32]byte
	rand.Read(b[:])
	secret = base64.RawURLEncoding.EncodeToString(b[:])
	f := feed{ID: ids.New(tx.Now), Person: by.Person, Unit: unit, MadeAt: tx.Now}
	if err := insertFeed(tx, f, hashOf(secret)); err != nil {
		return "", err
	}
	return secret, audit.Log(tx, by, audit.By(Read, unit), audit.Deed{Action: "task.feed_open", Kind: "task_feed", ID: f.ID})
}

// mayReadOf tells whether the actor may read the tasks of a unit.
func (c *Tasks) mayReadOf(tx *db.Tx, by policy.Actor, unit string) error {
	up, err := above(tx, unit)
	if err != nil {
		return err
	}
	if !c.Book.Scope(by, Read).Allows(policy.Record{Addressed: []string{unit}, AddressedAbove: append(up, unit), Assigned: []string{unit}}) {
		return errs.Absent("unit", unit)
	}
	return nil
}

// CloseFeed revokes a secret address.
func (c *Tasks) CloseFeed(tx *db.Tx, by policy.Actor, id string) error {
	if err := dropFeed(tx, by.Person, id); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Self(), audit.Deed{Action: "task.feed_close", Kind: "task_feed", ID: id})
}

// reads tells whether the person an address was made for may still read what is behind it: an account that is shut, or a role that has ended,
// ends its calendars.
func (c *Tasks) reads(tx *db.Tx, f feed) (bool, error) {
	p, err := account.ByID(tx, f.Person)
	if errs.Is(err, errs.NotFound) || err == nil && p.State != account.Active {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	by, err := c.Accounts.ActorOf(tx, f.Person)
	if err != nil || !by.Holds(Read) || f.Unit == "" {
		return err == nil && by.Holds(Read), err
	}
	err = c.mayReadOf(tx, by, f.Unit)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil, err
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte("task feed " + secret))
	return hex.EncodeToString(sum[:])
}

// Calendar writes the deadlines behind a secret address as iCalendar (RFC 5545). title says whose they are. A wrong or revoked secret is
// absent. The entry of a deadline is the last day that is in time, so that "trước ngày 03/8" stands on 02/8.
func (c *Tasks) Calendar(tx *db.Tx, secret, title string, done func(words string) string) ([]byte, error) {
	f, ok, err := feedBySecret(tx, hashOf(secret))
	if err != nil {
		return nil, err
	}
	if ok {
		ok, err = c.reads(tx, f)
	}
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errs.Absent("feed", "")
	}
	rows, err := feedRows(tx, f)
	if err != nil {
		return nil, err
	}
	cal := ics.NewCalendarFor("Chung Tay")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(title)
	cal.SetXWRCalName(title)
	cal.SetRefreshInterval("PT1H")
	for _, r := range rows {
		t := Task{DueWords: r.DueWords, DueDay: r.DueDay, DueBound: boundOf(r.DueBound)}
		day := t.Due().Last()
		e := cal.AddEvent(r.ID + "@chungtay")
		e.SetDtStampTime(tx.Now)
		e.SetAllDayStartAt(time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC))
		next := day.AddDays(1)
		e.SetAllDayEndAt(time.Date(next.Year, next.Month, next.Day, 0, 0, 0, 0, time.UTC))
		summary := Title(r.Text)
		if r.State == Done {
			summary = done(summary)
		}
		e.SetSummary(summary)
		e.SetDescription(strings.TrimSpace(r.Text + "\n" + r.DueWords))
		e.SetSequence(int(r.Version))
		e.SetURL(c.BaseURL + "/tasks/" + r.ID)
		e.SetTimeTransparency(ics.TransparencyTransparent)
	}
	var b bytes.Buffer
	if err := cal.SerializeTo(&b, ics.WithNewLineWindows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
