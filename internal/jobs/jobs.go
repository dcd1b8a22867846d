package jobs

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/errs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of tables job and job_tick.
func Migrations() db.Migrations { return db.Migrations{Room: "jobs", FS: migrations} }

//go:embed text.*.toml
var text embed.FS

// Text is the wording of states and failures.
var Text fs.FS = text

// Kind is one sort of job. Names are "room.deed" ("directive.render"); a name once used stays, rows refer to it.
type Kind struct {
	Name string
	// Run does the work. Its context ends when the time is up, the lease is lost or the node stops; it then returns as soon as it
	// can. nil is success, Snooze(d) puts it off, Fatal(err) gives up, any other error is tried again after Backoff.
	Run         func(ctx context.Context, j *Job) error
	MaxAttempts int           // tries before it is failed; 0: 12, about a day and a half with the default back-off
	Timeout     time.Duration // of one attempt; 0: 15 minutes
	Queue       string        // kinds of one queue share its limit of workers on a node (RunnerOptions.Queues); "": no limit but Workers
	// Backoff is the pause after attempt n (1, 2, …) failed; nil: Exponential(15 s, 6 h). A fifth either way is added as jitter.
	Backoff func(attempt int) time.Duration
}

// The defaults of a Kind.
const (
	DefaultMaxAttempts = 12
	DefaultTimeout     = 15 * time.Minute
)

func (k Kind) maxAttempts() int {
	if k.MaxAttempts > 0 {
		return k.MaxAttempts
	}
	return DefaultMaxAttempts
}

func (k Kind) timeout() time.Duration {
	if k.Timeout > 0 {
		return k.Timeout
	}
	return DefaultTimeout
}

func (k Kind) backoff(attempt int) time.Duration {
	if k.Backoff != nil {
		return k.Backoff(attempt)
	}
	return Exponential(15*time.Second, 6*time.Hour)(attempt)
}

// Exponential doubles the pause after each attempt, from first up to most.
func Exponential(first, most time.Duration) func(attempt int) time.Duration {
	return func(attempt int) time.Duration {
		d := first
		for ; attempt > 1 && d < most; attempt-- {
			d *= 2
		}
		return min(d, most)
	}
}

// State is where a job stands.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// States lists them in the order of a job's life.
var States = []State{Waiting, Running, Done, Failed, Cancelled}

// Live tells whether a job of this state still has something before it.
func (s State) Live() bool { return s == Waiting || s == Running }

// Text is the state's name for people.
func (s State) Text() errs.Message {
	//i18n:prefix jobs.state.
	return errs.Message{Key: "jobs.state." + string(s)}
}

// Failure says in one word why an attempt did not succeed.
type Failure string

// The failures.
const (
	FailedError   Failure = "error"   // Run returned an error
	FailedPanic   Failure = "panic"   // Run panicked
	FailedTimeout Failure = "timeout" // the attempt took longer than its Kind allows
	FailedLost    Failure = "lost"    // its node died or could not prolong the lease
)

// Text is the failure's sentence for people.
func (f Failure) Text() errs.Message {
	//i18n:prefix jobs.failure.
	return errs.Message{Key: "jobs.failure." + string(f)}
}

// Job is one attempt at a job, as its Kind's Run sees it. It is used by the goroutine of Run and those that end before Run returns.
type Job struct {
	ID      string
	Kind    string
	Payload json.RawMessage
	Attempt int       // 1 for the first
	At      time.Time // when it was to run: the tick of a timetable's job, the time of At, else when it was enqueued
	Unit    string    // Owner
	Person  string    // Owner
	DB      *db.DB    // for reading; writes go through Write or Finish

	run *run
}

// Decode reads the payload into v. A payload that does not fit is Fatal: trying again would not help.
func (j *Job) Decode(v any) error {
	if err := json.Unmarshal(j.Payload, v); err != nil {
		return Fatal(fmt.Errorf("payload of %s: %w", j.Kind, err))
	}
	return nil
}

// ErrLeaseLost is the cause of a job's context when its row is no longer its own (taken over after the lease ran out, or cancelled by
// an administrator), and what Write, Finish and Progress return then.
var ErrLeaseLost = errors.New("the job's lease is lost")

// ErrStopping is the cause of a job's context when its node stops and the time to finish is over. The job is given back to the
// queue and the attempt is not counted.
var ErrStopping = errors.New("the node is stopping")

// Fatal marks an error that another attempt cannot cure; the job is failed at once.
func Fatal(err error) error {
	if err == nil {
		return nil
	}
	return &fatal{err}
}

type fatal struct{ error }

func (f *fatal) Unwrap() error { return f.error }

// Snooze, returned by Run, puts the job off for d. The attempt is not counted.
func Snooze(d time.Duration) error { return snooze(d) }

type snooze time.Duration

func (s snooze) Error() string { return "put off for " + time.Duration(s).String() }
