package task

import (
	"context"
	"strings"
	"time"

	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/jobs"
	"chungtay/notify"
	"chungtay/orgunit"
)

func boundOf(s string) deadline.Bound {
	if s == string(deadline.Before) {
		return deadline.Before
	}
	return deadline.Until
}

// Calendar of working days from the table of holidays.
func workdays(tx *db.Tx) (deadline.Calendar, error) {
	list, err := Holidays(tx, 0)
	c := deadline.Calendar{Off: map[civil.Date]bool{}, On: map[civil.Date]bool{}}
	for _, h := range list {
		if h.Works {
			c.On[h.Day] = true
		} else {
			c.Off[h.Day] = true
		}
	}
	return c, err
}

// WorkingDays returns the calendar of working days.
func WorkingDays(tx *db.Tx) (deadline.Calendar, error) { return workdays(tx) }

// Jobs of this room: reminders before and after the deadline, escalation to the superior unit.
func (c *Tasks) Jobs() ([]jobs.Kind, []jobs.Entry) {
	return []jobs.Kind{{Name: "task.remind", Run: c.remind}, {Name: "task.photo", Run: c.photo, Queue: "photo"}, {Name: "task.holidays", Run: func(ctx context.Context, j *jobs.Job) error { return j.Finish(ctx, Plant) }}},
		[]jobs.Entry{{Name: "task.remind", Schedule: jobs.Every(10 * time.Minute), Kind: "task.remind"}, {Name: "task.holidays", Schedule: jobs.Every(24 * time.Hour), Kind: "task.holidays"}}
}

type photoJob struct {
	Evidence string `json:"evidence"`
}

func isPhoto(t blob.Type) bool { return strings.HasPrefix(string(t), "image/") }

// photoSide is how many points the longer side of a photo shown has.
const photoSide = 1600

// photo makes the copy of a photo that is shown: upright, without the place and the device the camera wrote into it.
func (c *Tasks) photo(ctx context.Context, j *jobs.Job) error {
	var p photoJob
	if err := j.Decode(&p); err != nil {
		return err
	}
	var e Evidence
	var ok bool
	if err := j.DB.Read(ctx, func(tx *db.Tx) (err error) { e, ok, err = findEvidence(tx, p.Evidence); return err }); err != nil {
		return err
	}
	if !ok || e.Shown != "" {
		return j.Finish(ctx, nil)
	}
	copied, err := c.Blobs.Photo(ctx, blob.Ref{ID: e.Original, Type: blob.Type(e.Type), Size: e.Size, Name: e.Name}, photoSide)
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.TooLarge) { // not a picture that can be decoded: it is offered as a download only
		return j.Finish(ctx, nil)
	}
	if err != nil {
		return err
	}
	return j.Finish(ctx, func(tx *db.Tx) error {
		if err := c.Blobs.Use(tx, copied, "task", e.Task); err != nil {
			return err
		}
		return setShown(tx, e.ID, copied.ID)
	})
}

// escalateAfter is how many working days after the deadline the superior of the unit is told.
const escalateAfter = 2

// remindBatch bounds one transaction of the reminding job.
const remindBatch = 500

// remind tells units of deadlines three days before, on the day after, and tells their superiors two working days after. It is safe to
// run twice: each task carries the instant of its next reminder, which moves in the transaction that sends.
func (c *Tasks) remind(ctx context.Context, j *jobs.Job) error {
	for {
		n := 0
		err := j.Write(ctx, func(tx *db.Tx) error {
			var err error
			n, err = c.remindSome(tx)
			return err
		})
		if err != nil {
			return err
		}
		if n < remindBatch {
			return j.Finish(ctx, nil)
		}
	}
}

func (c *Tasks) remindSome(tx *db.Tx) (int, error) {
	due, err := dueSoon(tx, remindBatch)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	cal, err := workdays(tx)
	if err != nil {
		return 0, err
	}
	var notices []notify.Notice
	for _, t := range due {
		d := t.Due()
		path := "/tasks/" + t.ID
		var next time.Time
		switch last := d.Last(); {
		case tx.Now.Before(d.Late()):
			notices = append(notices, notify.Notice{Unit: t.Unit, Needs: Work, Kind: "task.soon", Key: "task.notice.soon", Args: []any{last, Title(t.Text)}, Path: path})
			next = d.Late()
		case civil.Of(tx.Now).Before(cal.Add(last, escalateAfter)):
			notices = append(notices, notify.Notice{Unit: t.Unit, Needs: Work, Kind: "task.late", Key: "task.notice.late", Args: []any{last, Title(t.Text)}, Path: path, Urgent: true})
			next = cal.Add(last, escalateAfter).Start()
		default:
			first, err := markEscalated(tx, t.ID)
			if err != nil {
				return 0, err
			}
			if first {
				names, err := orgunit.NamesOn(tx, []string{t.Unit}, civil.Of(tx.Now))
				if err != nil {
					return 0, err
				}
				up, err := above(tx, t.Unit)
				if err != nil {
					return 0, err
				}
				to := t.Issuer
				if len(up) > 0 {
					to = up[0]
				}
				notices = append(notices, notify.Notice{Unit: to, Needs: Read, Kind: "task.escalated", Key: "task.notice.escalated", Args: []any{names[t.Unit], last, Title(t.Text)}, Path: path, Urgent: true})
				if err := insertNotes(tx, []Note{{ID: newID(tx), Task: t.ID, Kind: "escalated", Person: "system", Unit: to, At: tx.Now}}); err != nil {
					return 0, err
				}
			}
		}
		if err := remindAgain(tx, t.ID, next); err != nil {
			return 0, err
		}
	}
	return len(due), notify.SendMany(tx, notices)
}
