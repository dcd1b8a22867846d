// Package deadline holds the time limit of an administrative act: a day with the word that says whether the day itself is still in
// time, and the calendar of working days. It is pure.
//
// "Trước ngày 03/8/2021" is met until the midnight before that day, "chậm nhất ngày", "đến hết ngày" and "đến ngày" include it (the
// plain reading of the words; Bộ luật Dân sự 91/2015/QH13, the end of a day being 24:00). The words are kept as written and shown beside
// the last instant.
package deadline

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"chungtay/internal/civil"
)

// Bound says whether the day itself is still in time.
type Bound string

// The bounds.
const (
	Before Bound = "before" // trước ngày: the day before is the last
	Until  Bound = "until"  // chậm nhất, đến hết ngày, đến ngày: the day itself is the last
)

// Bounds lists them as forms offer them.
var Bounds = []Bound{Before, Until}

// Deadline is a time limit. The zero Deadline means that there is none.
type Deadline struct {
	Words string     // as written: "trước ngày 03/8/2021"
	Day   civil.Date // the day named
	Bound Bound
}

// New makes a deadline in the usual words.
func New(b Bound, day civil.Date) Deadline {
	if day.IsZero() {
		return Deadline{}
	}
	words := "chậm nhất ngày " + Written(day)
	if b == Before {
		words = "trước ngày " + Written(day)
	}
	return Deadline{words, day, b}
}

// IsZero tells whether there is no deadline.
func (d Deadline) IsZero() bool { return d.Day.IsZero() }

// Late returns the first instant that is too late; the zero time without a deadline.
func (d Deadline) Late() time.Time {
	switch {
	case d.IsZero():
		return time.Time{}
	case d.Bound == Before:
		return d.Day.Start().UTC()
	}
	return d.Day.End().UTC()
}

// Last returns the last day that is still in time.
func (d Deadline) Last() civil.Date {
	if d.IsZero() || d.Bound != Before {
		return d.Day
	}
	return d.Day.AddDays(-1)
}

// Met tells whether something done at an instant was in time.
func (d Deadline) Met(at time.Time) bool { return d.IsZero() || at.Before(d.Late()) }

// After tells whether d ends later than e; no deadline ends after every deadline.
func (d Deadline) After(e Deadline) bool {
	switch {
	case d.IsZero():
		return !e.IsZero()
	case e.IsZero():
		return false
	}
	return d.Late().After(e.Late())
}

// Move returns the same words for another day.
func (d Deadline) Move(day civil.Date) Deadline {
	if d.IsZero() || day.IsZero() {
		return Deadline{}
	}
	m := dated.FindStringIndex(d.Words)
	if m == nil {
		return New(d.Bound, day)
	}
	return Deadline{d.Words[:m[0]] + Written(day) + d.Words[m[1]:], day, d.Bound}
}

// Written is a date as papers write it: a zero before days 1 to 9 and months 1 and 2 (Nghị định 30/2020/NĐ-CP, Phụ lục I).
func Written(d civil.Date) string {
	month := strconv.Itoa(int(d.Month))
	if d.Month <= 2 {
		month = "0" + month
	}
	return fmt.Sprintf("%02d/%s/%d", d.Day, month, d.Year)
}

var dated = regexp.MustCompile(`\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}`)

// Read reads words such as "trước ngày 03/8/2021" or "đến hết ngày 30/9/2026". It reports false when they hold no date that exists.
func Read(words string) (Deadline, bool) {
	words = strings.Join(strings.Fields(words), " ")
	m := dated.FindString(words)
	if m == "" {
		return Deadline{}, false
	}
	p := strings.FieldsFunc(m, func(r rune) bool { return r < '0' || r > '9' })
	day, _ := strconv.Atoi(p[0])
	month, _ := strconv.Atoi(p[1])
	year, _ := strconv.Atoi(p[2])
	d, ok := civil.New(year, time.Month(month), day)
	if !ok {
		return Deadline{}, false
	}
	b := Until
	if low := strings.ToLower(words[:strings.Index(words, m)]); strings.Contains(low, "trước") {
		b = Before
	}
	return Deadline{words, d, b}, true
}

// Calendar knows which days are worked. Saturdays and Sundays are not, unless made up for; holidays are data.
type Calendar struct {
	Off map[civil.Date]bool // holidays and days off in lieu
	On  map[civil.Date]bool // weekend days worked in exchange
}

// Works tells whether a day is a working day.
func (c Calendar) Works(d civil.Date) bool {
	switch {
	case c.On[d]:
		return true
	case c.Off[d]:
		return false
	}
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
}

// Add returns the n-th working day after d; for n = 0 d itself or the next working day.
func (c Calendar) Add(d civil.Date, n int) civil.Date {
	for n > 0 {
		d = d.AddDays(1)
		if c.Works(d) {
			n--
		}
	}
	for !c.Works(d) {
		d = d.AddDays(1)
	}
	return d
}

// Between counts the working days after from up to and including to; negative when to is earlier.
func (c Calendar) Between(from, to civil.Date) int {
	if to.Before(from) {
		return -c.Between(to, from)
	}
	n := 0
	for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
		if c.Works(d) {
			n++
		}
	}
	return n
}
