package notify

import (
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
)

// When says which notices go out by a channel, and when.
type When string

// The choices.
const (
	Each   When = "each"   // each notice, outside quiet hours; urgent ones always
	Daily  When = "daily"  // gathered once a day in the morning; urgent ones at once
	Urgent When = "urgent" // urgent ones only
	Never  When = "never"
)

// Preference is how a person wants to be told besides the inbox.
type Preference struct {
	PersonID  string    `db:"person_id"`
	Mail      When      `db:"mail"`
	SMS       When      `db:"sms"` // Urgent or Never
	QuietFrom int       `db:"quiet_from"`
	QuietTo   int       `db:"quiet_to"`
	Lang      i18n.Lang `db:"lang"`
	Version   int64     `db:"version"`
}

// defaults are the preferences of who never chose: one mail a morning, quiet from 21:00 to 06:30, no short messages but urgent ones.
func defaults(person string) Preference {
	return Preference{PersonID: person, Mail: Daily, SMS: Urgent, QuietFrom: 21 * 60, QuietTo: 6*60 + 30, Lang: i18n.VI}
}

// digestAt is when the day's mail goes out, in minutes after midnight: before work begins.
const digestAt = 7 * 60

// preferenceOf returns what a person chose, or the defaults.
func preferenceOf(tx *db.Tx, person string) (Preference, error) {
	p, ok, err := findPreference(tx, person)
	if err == nil && !ok {
		p = defaults(person)
	}
	return p, err
}

// SavePreference keeps what a person chose. A choice saved meanwhile in another window is a Conflict.
func SavePreference(tx *db.Tx, p Preference) error {
	switch {
	case p.Mail != Each && p.Mail != Daily && p.Mail != Urgent && p.Mail != Never:
		return errs.AtField("mail", "form.choose", errs.Message{Key: "notify.preference.mail"})
	case p.SMS != Urgent && p.SMS != Never:
		return errs.AtField("sms", "form.choose", errs.Message{Key: "notify.preference.sms"})
	case p.QuietFrom < 0 || p.QuietFrom >= 24*60 || p.QuietTo < 0 || p.QuietTo >= 24*60:
		return errs.AtField("quiet_from", "notify.preference.bad_time")
	}
	return savePreference(tx, p)
}

// due tells when a notice may go out by a channel; ok is false when it does not.
func (p Preference) due(channel string, urgent bool, now time.Time) (at time.Time, ok bool) {
	when := p.Mail
	if channel == SMS {
		when = p.SMS
	}
	switch {
	case when == Never:
		return time.Time{}, false
	case urgent:
		return now, true
	case when == Each:
		return p.afterQuiet(now), true
	case when == Daily:
		return next(now, digestAt), true
	}
	return time.Time{}, false
}

// afterQuiet returns the first instant from now on that is not in quiet hours. They may lie over midnight.
func (p Preference) afterQuiet(now time.Time) time.Time {
	from, to := p.QuietFrom, p.QuietTo
	if from == to {
		return now
	}
	m := minutes(now)
	quiet := m >= from && m < to
	if from > to {
		quiet = m >= from || m < to
	}
	if !quiet {
		return now
	}
	return next(now, to)
}

func minutes(t time.Time) int {
	t = t.In(civil.Zone)
	return t.Hour()*60 + t.Minute()
}

// next returns the first instant after now at so many minutes after midnight in Viet Nam.
func next(now time.Time, minute int) time.Time {
	at := civil.Of(now).Start().Add(time.Duration(minute) * time.Minute)
	if !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}
