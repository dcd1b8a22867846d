package report

import (
	"context"
	"time"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/jobs"
	"chungtay/notify"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/task"
)

// Jobs of this room.
func (c *Reports) Jobs() ([]jobs.Kind, []jobs.Entry) {
	return []jobs.Kind{{Name: "report.remind", Run: c.remind}, {Name: "report.scheduled", Run: c.scheduled}},
		[]jobs.Entry{{Name: "report.remind", Schedule: jobs.Every(10 * time.Minute), Kind: "report.remind"}, {Name: "report.scheduled", Schedule: jobs.Every(6 * time.Hour), Kind: "report.scheduled"}}
}

const (
	remindBatch   = 500
	escalateAfter = 2 // working days after the deadline
)

// remind tells units of reports due in three days, of late ones on the day after, and their superior units two working days after. Each
// report carries the instant of its next reminder, so that running twice tells once.
func (c *Reports) remind(ctx context.Context, j *jobs.Job) error {
	for {
		n := 0
		if err := j.Write(ctx, func(tx *db.Tx) (err error) { n, err = c.remindSome(tx); return err }); err != nil {
			return err
		}
		if n < remindBatch {
			return j.Finish(ctx, nil)
		}
	}
}

func (c *Reports) remindSome(tx *db.Tx) (int, error) {
	list, err := due(tx, remindBatch)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	cal, err := task.WorkingDays(tx)
	if err != nil {
		return 0, err
	}
	titles := map[string]Asked{}
	told := map[string][]string{}
	var notices []notify.Notice
	for _, r := range list {
		a, ok := titles[r.Request]
		if !ok {
			if a, err = findAsked(tx, r.Request); err != nil {
				return 0, err
			}
			titles[r.Request] = a
		}
		d := r.Due()
		last := d.Last()
		var next time.Time
		switch {
		case tx.Now.Before(d.Late()):
			notices = append(notices, notify.Notice{Unit: r.Unit, Needs: Write, Kind: "report.soon", Key: "report.notice.soon", Args: []any{a.Title, last}, Path: "/reports/" + r.ID})
			told["soon"] = append(told["soon"], r.ID)
			next = d.Late()
		case civil.Of(tx.Now).Before(cal.Add(last, escalateAfter)):
			notices = append(notices, notify.Notice{Unit: r.Unit, Needs: Write, Kind: "report.late", Key: "report.notice.late", Args: []any{a.Title, last}, Path: "/reports/" + r.ID, Urgent: true})
			told["late"] = append(told["late"], r.ID)
			next = cal.Add(last, escalateAfter).Start()
		default:
			first, err := markEscalated(tx, r.ID)
			if err != nil {
				return 0, err
			}
			if first {
				name, err := orgunit.NamesOn(tx, []string{r.Unit}, last)
				if err != nil {
					return 0, err
				}
				up, err := above(tx, r.Unit)
				if err != nil {
					return 0, err
				}
				to := r.Asker
				if len(up) > 0 {
					to = up[0]
				}
				notices = append(notices, notify.Notice{Unit: to, Needs: Read, Kind: "report.escalated", Key: "report.notice.escalated", Args: []any{name[r.Unit], a.Title, last}, Path: "/reports/" + r.ID, Urgent: true})
				told["escalated"] = append(told["escalated"], r.ID)
			}
		}
		if err := remindAgain(tx, r.ID, next); err != nil {
			return 0, err
		}
	}
	for kind, ids := range told {
		if err := insertChases(tx, kind, "", "system", ids); err != nil {
			return 0, err
		}
	}
	return len(list), notify.SendMany(tx, notices)
}

// Chasing says whom to remind by hand and how.
type Chasing struct {
	Units  []string   // these; empty: all that have not sent
	Late   bool       // of those only the ones that are overdue
	Text   string     // what else is to be said
	Letter bool       // a letter is drafted to them beside the notices
	Answer civil.Date // until when the letter asks for the report; zero: at once
}

// Chase reminds units by hand. It returns how many were reminded and the letter, if one was wanted.
func (c *Reports) Chase(tx *db.Tx, by policy.Actor, request string, x Chasing) (int, Letter, error) {
	a, err := c.asked(tx, by, Approve, request)
	if err != nil {
		return 0, Letter{}, err
	}
	if a.State != "open" {
		return 0, Letter{}, errs.New(errs.Conflict, "report.closed")
	}
	if x.Text, err = words("text", x.Text, false); err != nil {
		return 0, Letter{}, err
	}
	if !x.Answer.IsZero() && x.Answer.Before(civil.Of(tx.Now)) {
		return 0, Letter{}, errs.AtField("answer", "report.due_past")
	}
	rows, err := unitsOf(tx, request)
	if err != nil {
		return 0, Letter{}, err
	}
	want := map[string]bool{}
	for _, u := range x.Units {
		want[u] = true
	}
	issuer, err := orgunit.Present(tx, a.Unit)
	if err != nil {
		return 0, Letter{}, err
	}
	var chased []Row
	var ids []string
	var notices []notify.Notice
	for _, r := range rows {
		if !r.State.Open() && r.State != Signing || len(want) > 0 && !want[r.Unit] || x.Late && !r.overdue(tx.Now) {
			continue
		}
		chased, ids = append(chased, r), append(ids, r.ID)
		notices = append(notices, notify.Notice{Unit: r.Unit, Needs: Write, Kind: "report.chased", Key: "report.notice.chased", Args: []any{issuer.Name, a.Title, r.Due().Last()}, Path: "/reports/" + r.ID, Urgent: true})
	}
	if len(ids) == 0 {
		return 0, Letter{}, errs.AtField("units", "report.nobody_to_chase")
	}
	kind, letter := "hand", Letter{}
	if x.Letter {
		kind = "letter"
		if letter, err = c.draftLetter(tx, by, a, chased, x); err != nil {
			return 0, letter, err
		}
	}
	if err := insertChases(tx, kind, x.Text, by.Person, ids); err != nil {
		return 0, letter, err
	}
	if err := notify.SendMany(tx, notices); err != nil {
		return 0, letter, err
	}
	return len(ids), letter, audit.Log(tx, by, audit.By(Approve, a.Unit), audit.Deed{Action: "report.chase", Kind: "report_request", ID: request, Change: audit.Change{"units": {"", itoa(len(ids))}}})
}
