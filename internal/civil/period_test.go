package civil

import "testing"

// The six vectors computed from the rule.
func TestReportPeriods(t *testing.T) {
	for _, c := range []struct {
		r    Reporting
		want string
	}{
		{Reporting{HalfYear, 2026, 1}, "2025-12-15/2026-06-14"},
		{Reporting{HalfYear, 2026, 2}, "2026-06-15/2026-12-14"},
		{Reporting{Yearly, 2026, 1}, "2025-12-15/2026-12-14"},
		{Reporting{Quarterly, 2026, 1}, "2025-12-15/2026-03-14"},
		{Reporting{Quarterly, 2026, 3}, "2026-06-15/2026-09-14"},
		{Reporting{Monthly, 2026, 7}, "2026-06-15/2026-07-14"},
	} {
		if got := c.r.Period().String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.r, got, c.want)
		}
	}
	for _, p := range []struct{ got, want Period }{
		{MonthReport(2026, 1), Reporting{Monthly, 2026, 1}.Period()}, {QuarterReport(2026, 4), Reporting{Quarterly, 2026, 4}.Period()},
		{HalfReport(2026, 2), Reporting{HalfYear, 2026, 2}.Period()}, {YearReport(2026), Reporting{Yearly, 2026, 1}.Period()},
	} {
		if p.got != p.want {
			t.Errorf("%s, want %s", p.got, p.want)
		}
	}
}

// Every day of twelve years falls into exactly the report that ReportingOn names, and reports follow each other without gap or overlap.
func TestReportPeriodsTileTheCalendar(t *testing.T) {
	for _, k := range PeriodKinds {
		for d := MustParse("2019-12-01"); d.Year < 2032; d = d.AddDays(1) {
			r := ReportingOn(k, d)
			if !r.Valid() || !r.Period().Contains(d) {
				t.Fatalf("%s on %s: %s, %s", k, d, r, r.Period())
			}
			if next := r.Next(); next.Period().From != r.Period().To.AddDays(1) || next.Previous() != r {
				t.Fatalf("%s and %s do not follow: %s, %s", r, next, r.Period(), next.Period())
			}
		}
	}
	if (Reporting{Quarterly, 2026, 5}).Valid() || (Reporting{Monthly, 2026, 0}).Valid() {
		t.Error("a fifth quarter exists")
	}
}
