package jobs

import (
	"context"
	"sync"
	"testing"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
)

func vn(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, civil.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func TestSchedules(t *testing.T) {
	for _, c := range []struct {
		s               Schedule
		at, last, next_ string
	}{
		{Daily(2, 30), "2026-11-24 02:29", "2026-11-23 02:30", "2026-11-24 02:30"},
		{Daily(2, 30), "2026-11-24 02:30", "2026-11-24 02:30", "2026-11-25 02:30"},
		{Daily(0, 0), "2026-12-31 23:59", "2026-12-31 00:00", "2027-01-01 00:00"},
		{Daily(6, 0), "2026-03-29 06:00", "2026-03-29 06:00", "2026-03-30 06:00"}, // a night when clocks elsewhere jump
		{Daily(23, 59), "2028-02-29 12:00", "2028-02-28 23:59", "2028-02-29 23:59"},
		{Every(time.Hour), "2026-11-24 09:59", "2026-11-24 09:00", "2026-11-24 10:00"},
		{Every(15 * time.Minute), "2026-11-24 09:59", "2026-11-24 09:45", "2026-11-24 10:00"},
		{Every(8 * time.Hour), "2026-11-24 23:00", "2026-11-24 16:00", "2026-11-25 00:00"},
	} {
		at := vn(c.at)
		if l, n := c.s.Last(at), c.s.Next(at); !l.Equal(vn(c.last)) || !n.Equal(vn(c.next_)) {
			t.Errorf("%v at %s: last %v, next %v", c.s, c.at, l.In(civil.Zone), n.In(civil.Zone))
		}
	}
}

func TestTimetable(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		clock.Set(vn("2026-11-24 10:00"))
		var got []time.Time
		kinds := []Kind{{Name: "remind", Run: func(_ context.Context, j *Job) error {
			var p string
			got = append(got, j.At)
			return j.Decode(&p)
		}}}
		table := []Entry{{Name: "remind late units", Schedule: Daily(7, 0), Kind: "remind", Payload: "x"}}
		nodes := func() { // several nodes tick at once
			var wg sync.WaitGroup
			for range 5 {
				wg.Go(func() {
					if _, err := Tick(ctx, d, table); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if err := RunAll(ctx, d, kinds); err != nil {
				t.Error(err)
			}
		}
		for _, c := range []struct {
			now  string
			want []string
		}{
			{"2026-11-24 10:00", nil}, // a new line does not run for the morning that has passed
			{"2026-11-25 06:59", nil},
			{"2026-11-25 07:00", []string{"2026-11-25 07:00"}},
			{"2026-11-25 07:01", nil},
			{"2026-11-26 09:30", []string{"2026-11-26 07:00"}},
			{"2026-12-05 08:00", []string{"2026-12-05 07:00"}}, // down for nine days: once
			{"2026-12-05 23:00", nil},
			{"2026-12-04 23:00", nil}, // a clock set back repeats nothing
			{"2026-12-06 07:00", []string{"2026-12-06 07:00"}},
		} {
			clock.Set(vn(c.now))
			got = nil
			nodes()
			if len(got) != len(c.want) || len(got) == 1 && !got[0].Equal(vn(c.want[0])) {
				t.Errorf("%s: ran for %v, want %v", c.now, got, c.want)
			}
		}
	})
}

// The Runner keeps the timetable by itself.
func TestRunnerTicks(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		clock.Set(vn("2026-11-24 06:59"))
		ran := make(chan time.Time, 10)
		r := New(d, []Kind{{Name: "k", Run: func(_ context.Context, j *Job) error { ran <- j.At; return nil }}},
			RunnerOptions{Log: mute, Timetable: []Entry{{Name: "n", Schedule: Daily(7, 0), Kind: "k"}}})
		next := func() time.Time {
			n, err := r.look(ctx, true)
			if err != nil {
				t.Fatal(err)
			}
			finish(t, r)
			return n
		}
		if n := next(); !n.Equal(vn("2026-11-24 07:00")) {
			t.Errorf("the loop would sleep until %v", n)
		}
		clock.Set(vn("2026-11-24 07:00"))
		next()
		next()
		if len(ran) != 1 || !(<-ran).Equal(vn("2026-11-24 07:00")) {
			t.Error("the tick did not run once")
		}
	})
}
