package report

import (
	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Heir hands the open reports of a vanished unit to its successor; orgunit calls it in a takeover. A report that the successor owes as
// well, or asked for itself, is not owed twice: that of the old unit ends, with what was written in it for the successor to read. What the
// old unit had sent already waits on for its verdict; returned, it ends by another takeover.
type Heir struct{}

// Count is how many reports of a unit a takeover would move or end.
func (Heir) Count(tx *db.Tx, unit string) (int, error) {
	list, err := openOf(tx, unit)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	heirs, err := orgunit.Inheritors(tx, unit)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, r := range list {
		stays := false
		for _, h := range heirs {
			if stays || r.State != Submitted {
				break
			}
			if stays, err = owes(tx, r.Request, h.ID); err != nil {
				return 0, err
			}
		}
		if !stays {
			n++
		}
	}
	return n, nil
}

// Move moves them with their history, or ends them, and returns how many there were.
func (Heir) Move(tx *db.Tx, by policy.Actor, from, to string) (int, error) {
	list, err := openOf(tx, from)
	if err != nil {
		return 0, err
	}
	n := 0
	var events []Event
	note := func(report, kind, other string) {
		events = append(events, Event{ID: newID(tx), Report: report, Kind: kind, Note: other, Person: by.Person, At: tx.Now})
	}
	for _, r := range list {
		both, err := owes(tx, r.Request, to)
		if err != nil {
			return 0, err
		}
		if both && r.State == Submitted {
			continue
		}
		before := r
		if !both {
			r.Unit = to
			note(r.ID, "moved", from)
			err = moveReport(tx, r, to)
		} else {
			err = handOver(tx, &r, to)
			note(r.ID, "handed_over", to)
			if own, ok, err := reportOf(tx, r.Request, to); err != nil {
				return 0, err
			} else if ok {
				note(own.ID, "received", from)
			}
		}
		if err != nil {
			return 0, err
		}
		if err := audit.Log(tx, by, audit.By(orgunit.Edit, to), audit.Deed{Action: "report.handed_over", Kind: "report", ID: r.ID, Change: audit.Diff(before, r)}); err != nil {
			return 0, err
		}
		n++
	}
	return n, insertEvents(tx, events)
}

// handOver ends a report in favour of the unit that takes it over. One that was approved once and then unlocked stands approved again.
func handOver(tx *db.Tx, r *Report, to string) error {
	if r.ApprovedN > 0 {
		r.State = Approved
		return update(tx, r)
	}
	r.State, r.Heir = HandedOver, to
	return endReport(tx, r)
}

// AskerHeir hands what a vanished unit had asked for to its successor: the open requests with the reports on them, which the successor now
// approves, returns and consolidates, and the schedules by which it asked again and again.
type AskerHeir struct{}

// Count is how many requests and schedules are open.
func (AskerHeir) Count(tx *db.Tx, unit string) (int, error) {
	requests, schedules, err := askedBy(tx, unit)
	return len(requests) + len(schedules), err
}

// Move hands them over and returns how many there were. Where the successor has to answer such a request itself, its report ends: nobody
// reports to themselves. Where the successor has asked its own units for the same request from above, the reports go on there, so that both
// come up as one sum. A schedule like one of the successor's own stops.
func (AskerHeir) Move(tx *db.Tx, by policy.Actor, from, to string) (int, error) {
	requests, schedules, err := askedBy(tx, from)
	if err != nil {
		return 0, err
	}
	change := audit.Change{"unit_id": {from, to}}
	for _, id := range requests {
		if err := moveAsked(tx, id, to); err != nil {
			return 0, err
		}
		if err := changedHands(tx, by, id, from, to); err != nil {
			return 0, err
		}
		own, ok, err := reportOf(tx, id, to)
		if err != nil {
			return 0, err
		}
		if ok && own.State != Approved && own.State != HandedOver {
			if err := handOver(tx, &own, to); err != nil {
				return 0, err
			}
			if err := insertEvents(tx, []Event{{ID: newID(tx), Report: own.ID, Kind: "handed_over", Note: to, Person: by.Person, At: tx.Now}}); err != nil {
				return 0, err
			}
		}
		if err := fold(tx, id); err != nil {
			return 0, err
		}
		if err := audit.Log(tx, by, audit.By(orgunit.Edit, to), audit.Deed{Action: "report.request_handed_over", Kind: "report_request", ID: id, Change: change}); err != nil {
			return 0, err
		}
	}
	own, err := activeSchedulesOf(tx, to)
	if err != nil {
		return 0, err
	}
	for _, s := range schedules {
		for _, o := range own {
			s.Active = s.Active && (o.FormCode != s.FormCode || o.Every != s.Every)
		}
		if err := moveSchedule(tx, s, to); err != nil {
			return 0, err
		}
		if err := audit.Log(tx, by, audit.By(orgunit.Edit, to), audit.Deed{Action: "report.schedule_handed_over", Kind: "report_schedule", ID: s.ID, Change: change}); err != nil {
			return 0, err
		}
	}
	return len(requests) + len(schedules), nil
}

// changedHands notes in the reports on a request that another unit asks for them from now on.
func changedHands(tx *db.Tx, by policy.Actor, request, from, to string) error {
	rows, err := unitsOf(tx, request)
	if err != nil {
		return err
	}
	events := make([]Event, len(rows))
	for i, r := range rows {
		events[i] = Event{ID: newID(tx), Report: r.ID, Kind: "asker_moved", Note: from, Person: by.Person, Unit: to, At: tx.Now}
	}
	return insertEvents(tx, events)
}

// fold lets the reports of a request that was handed over go on in the one that its new unit made itself for the same request from above and
// with the same form. Units that report on both have their other report there already; the one on this request stays apart from the sum, and
// the request is closed when none is left on it.
func fold(tx *db.Tx, request string) error {
	a, err := findAsked(tx, request)
	if err != nil || a.Parent == "" {
		return err
	}
	into, ok, err := beside(tx, a)
	if err != nil || !ok {
		return err
	}
	return foldInto(tx, a, into)
}
