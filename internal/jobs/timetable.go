package jobs

import (
	"context"
	"fmt"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
)

// Entry is one line of the timetable: at each tick of the schedule a job of the kind is enqueued, once over all nodes. Ticks missed
// while no node ran are made up for by one job, for the last of them. A new line begins with its next tick. The job's At is its tick.
type Entry struct {
	Name     string // stays the same for ever; it is what ticks are remembered by
	Schedule Schedule
	Kind     string
	Payload  any
}

// Schedule is a sequence of ticks, the same on every node.
type Schedule struct {
	every  time.Duration
	offset time.Duration // after midnight in Viet Nam
}

// Daily ticks each day at hh:mm in Viet Nam.
func Daily(hour, minute int) Schedule {
	return Schedule{24 * time.Hour, time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute}
}

// Every ticks every d, counted from a midnight in Viet Nam: every hour is on the hour. d is at least a second.
func Every(d time.Duration) Schedule { return Schedule{every: d} }

// epoch is a midnight in Viet Nam from which ticks are counted; the zone has one offset, so a day always has 24 hours.
var epoch = time.Date(1975, 6, 13, 0, 0, 0, 0, civil.Zone)

// Last returns the last tick at or before t.
func (s Schedule) Last(t time.Time) time.Time {
	from := epoch.Add(s.offset)
	return from.Add(t.Sub(from) / s.every * s.every).UTC()
}

// Next returns the first tick after t.
func (s Schedule) Next(t time.Time) time.Time { return s.Last(t).Add(s.every) }

// Text says the schedule in words.
func (s Schedule) Text() errs.Message {
	switch {
	case s.every == 24*time.Hour:
		return errs.Message{Key: "jobs.schedule.daily", Args: []any{fmt.Sprintf("%02d:%02d", int(s.offset.Hours()), int(s.offset.Minutes())%60)}}
	case s.every%time.Hour == 0:
		return errs.Message{Key: "jobs.schedule.hours", Args: []any{int(s.every / time.Hour)}}
	case s.every%time.Minute == 0:
		return errs.Message{Key: "jobs.schedule.minutes", Args: []any{int(s.every / time.Minute)}}
	}
	return errs.Message{Key: "jobs.schedule.seconds", Args: []any{int(s.every / time.Second)}}
}

func checkTimetable(entries []Entry, kinds map[string]Kind) error {
	names := map[string]bool{}
	for _, e := range entries {
		_, known := kinds[e.Kind]
		switch {
		case e.Name == "" || names[e.Name]:
			return fmt.Errorf("the timetable's name %q is empty or there twice", e.Name)
		case !known:
			return fmt.Errorf("the timetable's line %s names the unknown kind %q", e.Name, e.Kind)
		case e.Schedule.every < time.Second || e.Schedule.offset < 0 || e.Schedule.offset >= e.Schedule.every:
			return fmt.Errorf("the timetable's line %s has a schedule that cannot be", e.Name)
		}
		names[e.Name] = true
	}
	return nil
}

// Tick enqueues what the timetable has due now and returns how many jobs that were. The Runner calls it; tests and the command line may.
func Tick(ctx context.Context, d *db.DB, entries []Entry) (int, error) {
	var behind []Entry
	err := d.Read(ctx, func(tx *db.Tx) error {
		for _, e := range entries {
			last, ok, err := lastTick(tx, e.Name)
			if err != nil {
				return err
			}
			if !ok || last.Before(e.Schedule.Last(tx.Now)) {
				behind = append(behind, e)
			}
		}
		return nil
	})
	n := 0
	for _, e := range behind {
		enqueued := false
		err := d.Claim(ctx, func(tx *db.Tx) error {
			enqueued = false
			tick := e.Schedule.Last(tx.Now)
			fresh, moved, err := setTick(tx, e.Name, tick)
			if err != nil || fresh || !moved {
				return err
			}
			enqueued = true
			_, err = Enqueue(tx, e.Kind, e.Payload, At(tick), UniqueKey("timetable:"+e.Name+"@"+tick.Format(time.RFC3339)))
			return err
		})
		if err != nil {
			return n, fmt.Errorf("timetable %s: %w", e.Name, err)
		}
		if enqueued {
			n++
		}
	}
	return n, err
}

// ticks calls Tick when a tick may have passed since it was last called.
func (r *Runner) ticks(ctx context.Context) error {
	now := r.db.Now()
	if len(r.o.Timetable) == 0 || now.Before(r.nextTick) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, queueTime)
	defer cancel()
	if _, err := Tick(ctx, r.db, r.o.Timetable); err != nil {
		return err
	}
	r.nextTick = time.Time{}
	for _, e := range r.o.Timetable {
		if n := e.Schedule.Next(now); r.nextTick.IsZero() || n.Before(r.nextTick) {
			r.nextTick = n
		}
	}
	return nil
}
