// Package civil holds the calendar date of an administrative act: a day without a time, as papers and registers know it.
// The country has one time zone; a date begins and ends at midnight in Asia/Ho_Chi_Minh (UTC+7, no daylight saving since 1975).
package civil

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Zone is Asia/Ho_Chi_Minh.
var Zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// Date is a day of the Gregorian calendar. The zero Date means "no date"; it is stored as NULL.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Of returns the date of an instant in Viet Nam.
func Of(t time.Time) Date {
	y, m, d := t.In(Zone).Date()
	return Date{y, m, d}
}

// New returns the date and whether it exists (31/6 does not).
func New(year int, month time.Month, day int) (Date, bool) {
	d := Date{year, month, day}
	return d, d.exists()
}

func (d Date) exists() bool {
	return d.Year >= 1000 && d.Year <= 9999 && d == Of(time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, Zone))
}

// Parse reads YYYY-MM-DD.
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q is not YYYY-MM-DD", s)
	}
	return Date{t.Year(), t.Month(), t.Day()}, nil
}

// MustParse is Parse for constants; it panics on a wrong one.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero tells whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String returns YYYY-MM-DD, or "" for no date. People are shown viet.Date instead.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Start returns the first instant of the day in Viet Nam; End the first instant after it.
func (d Date) Start() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, Zone) }

// End returns the first instant after the day in Viet Nam.
func (d Date) End() time.Time { return d.AddDays(1).Start() }

// AddDays returns the date n days later (earlier for negative n).
func (d Date) AddDays(n int) Date {
	return Of(time.Date(d.Year, d.Month, d.Day+n, 12, 0, 0, 0, Zone))
}

// Sub returns the number of days from e to d.
func (d Date) Sub(e Date) int { return int(d.Start().Sub(e.Start()) / (24 * time.Hour)) }

// Before, After and Compare order dates; no date is before every date.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After tells whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// Compare returns -1, 0 or 1.
func (d Date) Compare(e Date) int {
	switch a, b := d.Year*10000+int(d.Month)*100+d.Day, e.Year*10000+int(e.Month)*100+e.Day; {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.Start().Weekday() }

// Value stores the date as TEXT YYYY-MM-DD, no date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		if v == "" {
			*d = Date{}
			return nil
		}
		p, err := Parse(v)
		*d = p
		return err
	case []byte:
		return d.Scan(string(v))
	}
	return fmt.Errorf("date from %T", src)
}

// MarshalText and UnmarshalText write and read YYYY-MM-DD in JSON and TOML.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD; empty text is no date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	p, err := Parse(string(b))
	*d = p
	return err
}
