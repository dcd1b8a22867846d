// Package agenda is how rooms say what a person has to do: each gives a Source, the home page "Việc của tôi" asks them all.
package agenda

import (
	"sort"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// Item is one thing to do, or to wait for.
type Item struct {
	Text, Path string    // in the reader's language
	Small      string    // what it belongs to
	Due        time.Time // last instant; zero: no deadline
	Waiting    bool      // others have to do it ("Chờ người khác")
}

// Source lists a person's items, the most urgent first, at most limit of each sort.
type Source func(tx *db.Tx, a policy.Actor, limit int) ([]Item, error)

// Day is where an item stands among the days.
type Day int

// The days of the home page.
const (
	Late Day = iota
	Today
	ThisWeek
	Later
)

// On tells where an item stands at an instant: late, today, within seven days, or later.
func (i Item) On(now time.Time) Day {
	today := civil.Of(now)
	switch {
	case i.Due.IsZero():
		return Later
	case !i.Due.After(now):
		return Late
	case !i.Due.After(today.End()):
		return Today
	case !i.Due.After(today.AddDays(7).End()):
		return ThisWeek
	}
	return Later
}

// Collect asks all sources and sorts by deadline; items without one come last.
func Collect(tx *db.Tx, a policy.Actor, limit int, sources []Source) ([]Item, error) {
	var out []Item
	for _, s := range sources {
		items, err := s(tx, a, limit)
		if err != nil {
			return nil, err
		}
		out = append(out, items...)
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].Due, out[j].Due
		if a.IsZero() != b.IsZero() {
			return b.IsZero()
		}
		return a.Before(b)
	})
	return out, nil
}

// Remaining says how long there is until the deadline, for a tag.
func (i Item) Remaining(now time.Time) errs.Message {
	today, last := civil.Of(now), civil.Of(i.Due.Add(-time.Second))
	days := int(last.Start().Sub(today.Start()).Hours()+0.5) / 24
	switch {
	case !i.Due.After(now) && days >= 0:
		return errs.Message{Key: "agenda.late_today"}
	case days < 0:
		return errs.Message{Key: "agenda.late", Args: []any{-days}}
	case days == 0:
		return errs.Message{Key: "agenda.today"}
	case days == 1:
		return errs.Message{Key: "agenda.tomorrow"}
	}
	return errs.Message{Key: "agenda.left", Args: []any{days}}
}
