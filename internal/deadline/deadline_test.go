package deadline_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"chungtay/internal/civil"
	"chungtay/internal/deadline"
)

func TestTheWordsDecideAboutTheDay(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04:05", s, civil.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		words, last string
		in, late    string
	}{
		{"trước ngày 03/8/2021", "2021-08-02", "2021-08-02 23:59:59", "2021-08-03 00:00:00"},
		{"chậm nhất ngày 03/8/2021", "2021-08-03", "2021-08-03 23:59:59", "2021-08-04 00:00:00"},
		{"đến hết ngày 30/9/2026", "2026-09-30", "2026-09-30 23:59:59", "2026-10-01 00:00:00"},
		{"Hoàn thành xong trước 01/01/2027", "2026-12-31", "2026-12-31 23:59:59", "2027-01-01 00:00:00"},
	} {
		d, ok := deadline.Read(c.words)
		if !ok || d.Words != c.words || d.Last().String() != c.last {
			t.Errorf("%q: %+v %v, last day %s, want %s", c.words, d, ok, d.Last(), c.last)
		}
		if !d.Met(at(c.in)) || d.Met(at(c.late)) {
			t.Errorf("%q: %s must be in time, %s must be late", c.words, c.in, c.late)
		}
	}
	for _, words := range []string{"", "trước ngày 31/6/2026", "sớm", "30/7"} {
		if d, ok := deadline.Read(words); ok {
			t.Errorf("%q was read as %+v", words, d)
		}
	}
}

func TestWordsMoveWithTheDay(t *testing.T) {
	d, _ := deadline.Read("gửi về Sở trước ngày 03/8/2021 để tổng hợp")
	got := d.Move(civil.MustParse("2026-02-05"))
	if got.Words != "gửi về Sở trước ngày 05/02/2026 để tổng hợp" || got.Bound != deadline.Before {
		t.Errorf("%+v", got)
	}
}

func TestWorkingDays(t *testing.T) {
	c := deadline.Calendar{Off: map[civil.Date]bool{civil.MustParse("2026-09-02"): true, civil.MustParse("2026-09-01"): true}, On: map[civil.Date]bool{civil.MustParse("2026-08-29"): true}}
	for _, x := range []struct {
		from string
		n    int
		want string
	}{{"2026-08-28", 1, "2026-08-29"}, {"2026-08-28", 2, "2026-08-31"}, {"2026-08-28", 3, "2026-09-03"}, {"2026-09-01", 0, "2026-09-03"}} {
		if got := c.Add(civil.MustParse(x.from), x.n); got.String() != x.want {
			t.Errorf("%s + %d: %s, want %s", x.from, x.n, got, x.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		from := civil.MustParse("2026-01-01").AddDays(rapid.IntRange(0, 400).Draw(t, "from"))
		n := rapid.IntRange(1, 60).Draw(t, "n")
		if got := c.Between(from, c.Add(from, n)); got != n {
			t.Fatalf("%s + %d working days counts as %d", from, n, got)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add("trước ngày 03/8/2021")
	f.Add("99/99/9999")
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := deadline.Read(s)
		if ok && (d.IsZero() || d.Late().IsZero()) {
			t.Errorf("%q: %+v", s, d)
		}
	})
}
