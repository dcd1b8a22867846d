package civil

import (
	"testing"
	"time"
)

func TestDayBoundaryIsVietNamMidnight(t *testing.T) {
	d := MustParse("2021-08-02")
	if got := d.End().UTC().Format(time.RFC3339); got != "2021-08-02T17:00:00Z" {
		t.Errorf("end of 02/8/2021 = %s", got)
	}
	if Of(d.End()) != MustParse("2021-08-03") || Of(d.End().Add(-time.Nanosecond)) != d {
		t.Error("the last instant of a day belongs to it, the next to the next")
	}
	if d.AddDays(-32) != MustParse("2021-07-01") || MustParse("2024-03-01").Sub(MustParse("2024-02-28")) != 2 {
		t.Error("day arithmetic")
	}
}

func TestDatesThatDoNotExist(t *testing.T) {
	for _, c := range [][3]int{{2021, 6, 31}, {2021, 2, 29}, {2021, 13, 1}, {2021, 0, 1}, {2021, 1, 0}} {
		if d, ok := New(c[0], time.Month(c[1]), c[2]); ok {
			t.Errorf("%v exists as %v", c, d)
		}
	}
	if _, ok := New(2024, 2, 29); !ok {
		t.Error("29/02/2024 exists")
	}
}

func TestScanAndValueRoundTrip(t *testing.T) {
	for _, d := range []Date{{}, MustParse("2026-07-30")} {
		v, _ := d.Value()
		var back Date
		if err := back.Scan(v); err != nil || back != d {
			t.Errorf("%v -> %v -> %v %v", d, v, back, err)
		}
	}
	var d Date
	if d.Scan("30/7/2026") == nil {
		t.Error("a date in another form was taken")
	}
}
