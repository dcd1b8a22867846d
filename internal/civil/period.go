package civil

import (
	"fmt"
	"time"
)

// Period is a span of days, both included. The zero Period is no period.
type Period struct{ From, To Date }

// Contains tells whether a day lies in the period.
func (p Period) Contains(d Date) bool { return !d.Before(p.From) && !d.After(p.To) }

// Days is the number of days.
func (p Period) Days() int { return p.To.Sub(p.From) + 1 }

// String returns YYYY-MM-DD/YYYY-MM-DD, for logs and keys.
func (p Period) String() string { return p.From.String() + "/" + p.To.String() }

// The data periods (thời gian chốt số liệu) of periodic reports between agencies, Nghị định 09/2019/NĐ-CP: a month's report counts from
// the 15th of the month before to the 14th, a quarter's from the 15th of the month before the quarter to the 14th of its last month, and
// so on. Campaign reports have periods of their own and do not use these.

// MonthReport is the data period of the report of a month: July 2026 is 15/6–14/7/2026.
func MonthReport(year int, month time.Month) Period { return cutOff(year, month, 1) }

// QuarterReport is the data period of the report of a quarter, 1 to 4: Q1/2026 is 15/12/2025–14/3/2026.
func QuarterReport(year, quarter int) Period { return cutOff(year, time.Month(3*quarter), 3) }

// HalfReport is the data period of the report of a half-year, 1 or 2: H1/2026 is 15/12/2025–14/6/2026.
func HalfReport(year, half int) Period { return cutOff(year, time.Month(6*half), 6) }

// YearReport is the data period of the annual report: 2026 is 15/12/2025–14/12/2026.
func YearReport(year int) Period { return cutOff(year, time.December, 12) }

// cutOff is the period of so many months that closes on the 14th of a month.
func cutOff(year int, last time.Month, months int) Period {
	from := time.Date(year, last-time.Month(months), 15, 12, 0, 0, 0, Zone)
	return Period{Of(from), Date{year, last, 14}}
}

// PeriodKind is the kind of a periodic report.
type PeriodKind string

// The kinds of periodic reports.
const (
	Monthly   PeriodKind = "month"
	Quarterly PeriodKind = "quarter"
	HalfYear  PeriodKind = "half_year"
	Yearly    PeriodKind = "year"
)

// PeriodKinds lists them, the shortest first.
var PeriodKinds = []PeriodKind{Monthly, Quarterly, HalfYear, Yearly}

// Reporting is a periodic report of a year: the Number-th month, quarter or half-year, or the year itself (Number 1).
type Reporting struct {
	Kind   PeriodKind
	Year   int
	Number int
}

// per is how many reports of a kind a year has.
func (k PeriodKind) per() int {
	return map[PeriodKind]int{Monthly: 12, Quarterly: 4, HalfYear: 2, Yearly: 1}[k]
}

// Valid tells whether there is such a report.
func (r Reporting) Valid() bool {
	return r.Number >= 1 && r.Number <= r.Kind.per() && r.Year >= 1000 && r.Year <= 9999
}

// Period is the data period of the report.
func (r Reporting) Period() Period {
	n := r.Kind.per()
	return cutOff(r.Year, time.Month(12/n*r.Number), 12/n)
}

// Next is the report after it, Previous the one before: the one that "kỳ trước" means.
func (r Reporting) Next() Reporting {
	if r.Number == r.Kind.per() {
		return Reporting{r.Kind, r.Year + 1, 1}
	}
	return Reporting{r.Kind, r.Year, r.Number + 1}
}

// Previous is the report before it.
func (r Reporting) Previous() Reporting {
	if r.Number == 1 {
		return Reporting{r.Kind, r.Year - 1, r.Kind.per()}
	}
	return Reporting{r.Kind, r.Year, r.Number - 1}
}

// SameLastYear is the report of the same number a year before: "cùng kỳ năm trước".
func (r Reporting) SameLastYear() Reporting { return Reporting{r.Kind, r.Year - 1, r.Number} }

// ReportingOn is the report of a kind whose data period a day falls into. The 15th of December begins the next year.
func ReportingOn(k PeriodKind, d Date) Reporting {
	month := int(d.Month)
	year := d.Year
	if d.Day >= 15 {
		if month++; month == 13 {
			month, year = 1, year+1
		}
	}
	long := 12 / k.per()
	return Reporting{k, year, (month + long - 1) / long}
}

// String names the report in keys and logs: 2026-07, 2026-Q3, 2026-H1, 2026.
func (r Reporting) String() string {
	switch r.Kind {
	case Monthly:
		return fmt.Sprintf("%04d-%02d", r.Year, r.Number)
	case Quarterly:
		return fmt.Sprintf("%04d-Q%d", r.Year, r.Number)
	case HalfYear:
		return fmt.Sprintf("%04d-H%d", r.Year, r.Number)
	}
	return fmt.Sprintf("%04d", r.Year)
}
