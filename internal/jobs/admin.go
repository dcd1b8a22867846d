package jobs

import (
	"context"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/errs"
)

// Row is a job as the administrator's list and its owner's pages show it.
type Row struct {
	ID        string    `db:"id"`
	Kind      string    `db:"kind"`
	Payload   string    `db:"payload"`
	State     State     `db:"state"`
	Priority  Priority  `db:"priority"`
	Due       time.Time `db:"due_at"`       // waiting: when it may begin; running: when its lease ends
	At        time.Time `db:"scheduled_at"` // when it was first to run
	Key       string    `db:"unique_key"`
	Unit      string    `db:"unit"`
	Person    string    `db:"person"`
	Attempt   int       `db:"attempt"` // attempts begun
	Node      string    `db:"node"`    // the last node that worked on it
	Created   time.Time `db:"created_at"`
	Started   time.Time `db:"started_at"`
	Finished  time.Time `db:"finished_at"`
	Failure   Failure   `db:"failure"` // of the last attempt that failed
	Reason    string    `db:"reason"`  // of the same, for technicians, masked
	DoneSteps int       `db:"progress_done"`
	Steps     int       `db:"progress_total"` // 0: unknown
	Note      string    `db:"progress_note"`  // catalogue key
}

// Percent is how far a job has come, 0 to 100, and whether that is known.
func (r Row) Percent() (int, bool) {
	if r.State == Done {
		return 100, true
	}
	if r.Steps <= 0 {
		return 0, false
	}
	return min(max(100*r.DoneSteps/r.Steps, 0), 100), true
}

// CanRunAgain tells whether RunAgain would accept the job: it has ended, or waits for a later time.
func (r Row) CanRunAgain() bool { return r.State != Running }

// CanCancel tells whether Cancel would accept the job.
func (r Row) CanCancel() bool { return r.State.Live() }

// Filter selects jobs; empty fields do not restrict.
type Filter struct {
	State  State
	Kind   string
	Unit   string // Owner
	Person string // Owner
	Key    string // UniqueKey
	Page   int    // from 1; 0 is 1
	Size   int    // rows a page; 0: 50, at most 200
}

// Page is one page of jobs.
type Page struct {
	Rows  []Row
	Total int // in all pages
	Page  int
	Size  int
}

// List returns one page of the jobs a filter selects: waiting ones in the order they will run, ended ones the latest first, others the
// newest first.
func List(tx *db.Tx, f Filter) (Page, error) {
	f.Page = max(f.Page, 1)
	if f.Size <= 0 {
		f.Size = 50
	}
	f.Size = min(f.Size, 200)
	total, err := count(tx, f)
	if err != nil {
		return Page{}, err
	}
	rows, err := list(tx, f, (f.Page-1)*f.Size, f.Size)
	return Page{rows, total, f.Page, f.Size}, err
}

// Get returns one job.
func Get(tx *db.Tx, id string) (Row, error) {
	r, err := find(tx, id)
	if db.IsNone(err) {
		err = absent(id)
	}
	return r, err
}

// RunAgain makes an ended job wait once more with all its attempts before it; one that waits for a later time becomes due now. A
// running job, or one whose work another live job of its key is doing, is a Conflict.
func RunAgain(tx *db.Tx, id string) error {
	r, err := Get(tx, id)
	if err != nil {
		return err
	}
	if r.State == Running {
		return errs.New(errs.Conflict, "jobs.refused.running")
	}
	if r.Key != "" {
		if twin, err := liveTwin(tx, r); err != nil || twin {
			return sameKey(err)
		}
	}
	ok, err := restart(tx, id)
	switch {
	case db.IsUnique(err):
		return sameKey(nil)
	case err != nil:
		return err
	case !ok:
		return errs.New(errs.Conflict, "jobs.refused.running")
	}
	if w, ok := tx.Context().Value(wakerKey{}).(*Runner); ok {
		tx.AfterCommit(w.Wake)
	}
	return nil
}

func sameKey(err error) error {
	if err != nil {
		return err
	}
	return errs.New(errs.Conflict, "jobs.refused.same_key")
}

// Cancel ends a waiting or running job. A running one has its context ended at its node's next heartbeat, and nothing it saves
// through Write or Finish is accepted from now on. An ended job is a Conflict.
func Cancel(tx *db.Tx, id string) error {
	if _, err := Get(tx, id); err != nil {
		return err
	}
	ok, err := cancel(tx, id)
	if err == nil && !ok {
		err = errs.New(errs.Conflict, "jobs.refused.finished")
	}
	return err
}

// Summary is the head of the administrator's page and what the health page needs.
type Summary struct {
	States map[State]int // how many jobs are in each state
	Kinds  []KindCount   // sorted by name
	Late   int           // waiting jobs whose time has come, and running ones whose lease has run out
	Oldest time.Time     // since when the longest of them waits; zero: none does
}

// KindCount counts the jobs of one kind.
type KindCount struct {
	Kind   string
	States map[State]int
}

// Counts summarises the queue.
func Counts(tx *db.Tx) (Summary, error) {
	rows, err := countStates(tx)
	s := Summary{States: map[State]int{}}
	for _, r := range rows {
		s.States[r.State] += r.N
		s.Late += r.Due
		if !r.Oldest.IsZero() && (s.Oldest.IsZero() || r.Oldest.Before(s.Oldest)) {
			s.Oldest = r.Oldest
		}
		if len(s.Kinds) == 0 || s.Kinds[len(s.Kinds)-1].Kind != r.Kind {
			s.Kinds = append(s.Kinds, KindCount{r.Kind, map[State]int{}})
		}
		s.Kinds[len(s.Kinds)-1].States[r.State] = r.N
	}
	return s, err
}

// pruneBatch rows are deleted in one transaction, so that other writers need not wait long.
const pruneBatch = 1000

// Prune deletes jobs that ended done or cancelled more than days ago, and failed ones after four times as long, and returns how many.
func Prune(ctx context.Context, d *db.DB, days int) (int, error) {
	sum := 0
	for _, step := range []struct {
		days   int
		states []State
	}{{days, []State{Done, Cancelled}}, {4 * days, []State{Failed}}} {
		for n := pruneBatch; n == pruneBatch; {
			err := d.Claim(ctx, func(tx *db.Tx) (err error) {
				n, err = prune(tx, tx.Now.AddDate(0, 0, -step.days), pruneBatch, step.states...)
				return err
			})
			if err != nil {
				return sum, err
			}
			sum += n
		}
	}
	return sum, nil
}

// Housekeeping is the kind that prunes the queue itself, and its line of the timetable.
func Housekeeping(days int) (Kind, Entry) {
	k := Kind{Name: "jobs.prune", MaxAttempts: 3, Run: func(ctx context.Context, j *Job) error {
		_, err := Prune(ctx, j.DB, days)
		return err
	}}
	return k, Entry{Name: k.Name, Schedule: Daily(2, 40), Kind: k.Name}
}
