package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/errs"
)

// RunnerOptions tune a node's Runner; the zero value is the default.
type RunnerOptions struct {
	Workers   int            // jobs at a time; 0: 4 per core
	Queues    map[string]int // limits of single queues on this node
	Node      string         // who holds the leases, shown to administrators; "": host name and process number
	Poll      time.Duration  // how often to look for other nodes' jobs; 0: 1 s
	Lease     time.Duration  // how long a dead node's jobs wait; 0: 1 min. It is prolonged every third of it.
	Drain     time.Duration  // how long running jobs may go on when the node stops; 0: 20 s
	Grace     time.Duration  // how long they then have to notice that their context ended; 0: 3 s
	Timetable []Entry
	Log       *slog.Logger // nil: slog.Default()
}

// Runner runs the jobs of one node. It is made by New and started by Run.
type Runner struct {
	db       *db.DB
	kinds    map[string]Kind
	o        RunnerOptions
	wake     chan struct{}
	nextTick time.Time // of the timetable; only the loop of Run uses it

	mu     sync.Mutex
	held   map[*run]struct{} // claimed, until the result is saved
	ended  []*run            // results to be saved
	busy   int               // Run going on
	queues map[string]int    // busy by limited queue
	stats  Stats
}

// run is one attempt: a claimed row, the goroutine working on it, its result.
type run struct {
	row    claimed
	kind   Kind
	began  time.Time
	until  time.Time // end of the lease as last prolonged; Runner.mu
	ctx    context.Context
	cancel context.CancelCauseFunc

	mu        sync.Mutex
	shown     time.Time // when progress was last saved
	finishing bool      // Job.Finish is running
	finished  bool      // Job.Finish has committed

	// The result, set before the run is put into Runner.ended.
	err     error
	failure Failure // of err
	fatal   bool    // no further attempt
	put     bool    // put back without counting the attempt
	due     time.Time
}

// New makes a Runner for the kinds. It panics on tables that cannot work: that is a mistake in the program.
func New(d *db.DB, kinds []Kind, o RunnerOptions) *Runner {
	if o.Workers <= 0 {
		o.Workers = 4 * runtime.NumCPU()
	}
	if o.Node == "" {
		host, _ := os.Hostname()
		o.Node = fmt.Sprintf("%s-%d", host, os.Getpid())
	}
	for _, v := range []struct {
		d      *time.Duration
		normal time.Duration
	}{{&o.Poll, time.Second}, {&o.Lease, time.Minute}, {&o.Drain, 20 * time.Second}, {&o.Grace, 3 * time.Second}} {
		if *v.d <= 0 {
			*v.d = v.normal
		}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	r := &Runner{db: d, kinds: map[string]Kind{}, o: o, wake: make(chan struct{}, 1), held: map[*run]struct{}{},
		queues: map[string]int{}, stats: Stats{Node: o.Node, Workers: o.Workers, Kinds: map[string]KindStats{}}}
	for _, k := range kinds {
		if k.Name == "" || k.Run == nil {
			panic(fmt.Sprintf("the kind of job %q needs a name and a function", k.Name))
		}
		if _, twice := r.kinds[k.Name]; twice {
			panic(fmt.Sprintf("the kind of job %q is there twice", k.Name))
		}
		r.kinds[k.Name] = k
		r.stats.Kinds[k.Name] = KindStats{}
	}
	if err := checkTimetable(o.Timetable, r.kinds); err != nil {
		panic(err)
	}
	return r
}

// Wake makes the Runner look for due jobs now. It never blocks.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// queueTime bounds one transaction on the queue, so that a database that stopped answering does not hold up a stop.
const queueTime = 30 * time.Second

// Run works until ctx ends. Then it takes no new jobs, lets the running ones go on for RunnerOptions.Drain, ends their contexts with
// ErrStopping and gives back to the queue what still has not finished. While the database is away it waits for it.
func (r *Runner) Run(ctx context.Context) {
	work := Waking(context.WithoutCancel(ctx), r)
	stop := make(chan struct{})
	var beats sync.WaitGroup
	beats.Go(func() { r.beatUntil(work, stop) })
	defer beats.Wait()
	defer close(stop)

	timer := time.NewTimer(0)
	defer timer.Stop()
	for failures := 0; ctx.Err() == nil; {
		next, err := r.look(work, true)
		wake, pause := r.wake, r.pause(next)
		if err == nil {
			failures = 0
		} else {
			failures++
			wake, pause = nil, min(r.o.Poll<<min(failures-1, 5), 15*time.Second) // do not hammer a database that is away
			r.o.Log.Warn("jobs: the queue is out of reach", "err", errs.Reason(err))
		}
		timer.Reset(pause)
		select {
		case <-ctx.Done():
		case <-wake:
		case <-timer.C:
		}
	}
	r.drain(work)
}

// pause is how long to wait when nobody wakes the loop: until next, at most a poll, jittered so that nodes do not look in step.
func (r *Runner) pause(next time.Time) time.Duration {
	d := r.o.Poll - time.Duration(rand.Int64N(int64(r.o.Poll)/5+1))
	if !next.IsZero() {
		d = min(d, max(next.Sub(r.db.Now()), 0)+time.Millisecond)
	}
	return d
}

// drain is the end of Run.
func (r *Runner) drain(ctx context.Context) {
	if r.settle(ctx, r.o.Drain) {
		return
	}
	r.mu.Lock()
	for h := range r.held {
		h.cancel(ErrStopping)
	}
	r.mu.Unlock()
	if r.settle(ctx, r.o.Grace) {
		return
	}
	// What is left did not hear. Its rows go back, and the new fence keeps it from saving anything later.
	r.mu.Lock()
	left := make([]*run, 0, len(r.held))
	for h := range r.held {
		left = append(left, h)
		delete(r.held, h)
	}
	r.mu.Unlock()
	err := r.claim(ctx, func(tx *db.Tx) error {
		for _, h := range left {
			if _, err := putBack(tx, h.row.ID, h.row.Fence, tx.Now, "", ""); err != nil {
				return err
			}
		}
		return nil
	})
	for _, h := range left {
		r.o.Log.Warn("jobs: given back while running", "kind", h.kind.Name, "job", h.row.ID, "err", err)
	}
}

// settle saves results as they come until nothing is held or the time is up; it tells whether nothing is held.
func (r *Runner) settle(ctx context.Context, limit time.Duration) bool {
	over := time.NewTimer(limit)
	defer over.Stop()
	for {
		_, err := r.look(ctx, false)
		r.mu.Lock()
		n, wake := len(r.held), r.wake
		r.mu.Unlock()
		if n == 0 {
			return true
		}
		again := time.NewTimer(r.o.Poll)
		if err != nil {
			wake = nil
		}
		select {
		case <-over.C:
			again.Stop()
			return false
		case <-wake:
		case <-again.C:
		}
		again.Stop()
	}
}

func (r *Runner) claim(ctx context.Context, f func(tx *db.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, queueTime)
	defer cancel()
	return r.db.Claim(ctx, f)
}

// look saves the results there are and, when it may take, turns due ticks of the timetable into jobs, claims as many jobs as there are
// free workers, and starts them: results and claims share one transaction. It returns when to look again if nothing happens before.
func (r *Runner) look(ctx context.Context, take bool) (next time.Time, err error) {
	defer func() { r.looked(err) }()
	if take {
		if err := r.ticks(ctx); err != nil {
			return next, err
		}
	}
	r.mu.Lock()
	ended := r.ended
	r.ended = nil
	var wanted []share
	if take {
		wanted = r.free()
	}
	r.mu.Unlock()

	rows, next, err := r.saveAndClaim(ctx, ended, wanted)
	if err != nil {
		r.mu.Lock()
		r.ended = append(ended, r.ended...) // saved at the next look
		r.mu.Unlock()
		return next, err
	}
	for _, row := range rows {
		if h := r.accept(ctx, row); h != nil {
			go r.execute(h)
		}
	}
	if len(rows) > 0 {
		r.Wake() // there may be more
	}
	if !r.nextTick.IsZero() && (next.IsZero() || r.nextTick.Before(next)) {
		next = r.nextTick
	}
	return next, nil
}

// share is how many jobs of some kinds may be claimed.
type share struct {
	kinds []string
	n     int
}

// free says what may be claimed now: one share for the kinds without a limited queue, one for each limited queue. Under r.mu.
func (r *Runner) free() []share {
	n := r.o.Workers - r.busy
	if n <= 0 {
		return nil
	}
	by := map[string]*share{}
	for _, k := range r.kinds {
		q, room := "", n
		if limit, limited := r.o.Queues[k.Queue]; limited {
			q, room = k.Queue, min(n, limit-r.queues[k.Queue])
		}
		if room <= 0 {
			continue
		}
		if by[q] == nil {
			by[q] = &share{n: room}
		}
		by[q].kinds = append(by[q].kinds, k.Name)
	}
	var out []share
	for _, s := range by {
		slices.Sort(s.kinds) // one text of SQL, prepared once
		out = append(out, *s)
	}
	return out // in random order: no queue starves another
}

// saveAndClaim writes the results and claims at most the wanted shares, at most as many in all as the largest share.
func (r *Runner) saveAndClaim(ctx context.Context, ended []*run, wanted []share) (rows []claimed, next time.Time, err error) {
	most := 0
	var names []string
	for _, s := range wanted {
		most = max(most, s.n)
		names = append(names, s.kinds...)
	}
	if len(ended) == 0 {
		if most == 0 {
			return nil, next, nil
		}
		// A look costs a read; the writer's lock is taken only when there is something to take.
		slices.Sort(names)
		ctx, cancel := context.WithTimeout(ctx, queueTime)
		defer cancel()
		due := false
		err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
			next, err = nextDue(tx, names)
			due = !next.IsZero() && !next.After(tx.Now)
			return err
		})
		if err != nil || !due {
			return nil, next, err
		}
	}
	var refused map[*run]bool
	err = r.claim(ctx, func(tx *db.Tx) (err error) {
		rows = nil
		if refused, err = save(tx, ended); err != nil {
			return err
		}
		for _, s := range wanted {
			got, err := claim(tx, r.o.Node, s.kinds, min(s.n, most-len(rows)), r.o.Lease)
			if err != nil {
				return err
			}
			rows = append(rows, got...)
		}
		return nil
	})
	if err != nil {
		return nil, next, err
	}
	r.settled(ended, refused)
	if len(rows) == 0 && !next.After(r.db.Now()) {
		next = time.Time{} // what is due is another's who is just saving: look again after a pause, not at once
	}
	return rows, next, nil
}

// save writes results in one transaction and returns those refused because the lease was lost.
func save(tx *db.Tx, ended []*run) (map[*run]bool, error) {
	refused := map[*run]bool{}
	var done []*run
	for _, h := range ended {
		ok := true
		var err error
		switch {
		case h.finished:
		case h.err == nil:
			done = append(done, h)
		case h.put:
			ok, err = putBack(tx, h.row.ID, h.row.Fence, h.due, "", "")
		case h.fatal:
			ok, err = finishFailed(tx, h.row.ID, h.row.Fence, h.failure, errs.Reason(h.err))
		default:
			ok, err = putBack(tx, h.row.ID, h.row.Fence, h.due, h.failure, errs.Reason(h.err))
		}
		if err != nil {
			return nil, err
		}
		if !ok {
			refused[h] = true
		}
	}
	if len(done) == 0 {
		return refused, nil
	}
	ids, err := finishDone(tx, done)
	for _, h := range done {
		if !slices.Contains(ids, h.row.ID) {
			refused[h] = true
		}
	}
	return refused, err
}

// accept makes a claimed row a held run, and returns it unless its attempts were used up by workers that died on it: then it is failed
// without another try, so that one job cannot take down node after node.
func (r *Runner) accept(ctx context.Context, row claimed) *run {
	kind := r.kinds[row.Kind]
	now := r.db.Now()
	h := &run{row: row, kind: kind, began: now, until: now.Add(r.o.Lease)}
	h.ctx, h.cancel = context.WithCancelCause(ctx)
	over := row.State == Running && row.Attempt > kind.maxAttempts()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held[h] = struct{}{}
	if row.State == Running {
		r.count(kind, func(s *KindStats) { s.TakenOver++ })
		r.o.Log.Warn("jobs: taken over", "kind", kind.Name, "job", row.ID, "attempt", row.Attempt)
	}
	if over {
		h.err, h.failure, h.fatal = ErrLeaseLost, FailedLost, true
		h.cancel(nil)
		r.ended = append(r.ended, h)
		r.Wake()
		return nil
	}
	r.busy++
	r.queues[kind.Queue]++
	return h
}

// execute runs one attempt and leaves the result to be saved by the loop.
func (r *Runner) execute(h *run) {
	began := time.Now()
	ctx, stop := context.WithTimeoutCause(h.ctx, h.kind.timeout(), errTimeout)
	err := attempt(ctx, r.db, h)
	cause := context.Cause(ctx)
	stop()
	h.judge(err, cause, r.db.Now())
	h.cancel(nil)
	took := time.Since(began)

	r.mu.Lock()
	r.busy--
	r.queues[h.kind.Queue]--
	if _, held := r.held[h]; held {
		r.ended = append(r.ended, h)
	}
	r.count(h.kind, func(s *KindStats) {
		s.Attempts++
		s.Seconds += took.Seconds()
		if h.failure == FailedPanic {
			s.Panics++
		}
	})
	r.mu.Unlock()
	r.Wake()
}

var errTimeout = errors.New("the attempt took longer than its kind allows")

// panicked is what a panic becomes. The value is not kept: it may hold anything.
type panicked struct{ what, where string }

func (p *panicked) Error() string { return "panic: " + p.what + " at " + p.where }

// attempt calls Run and turns a panic, or a goroutine ended by runtime.Goexit, into an error.
func attempt(ctx context.Context, d *db.DB, h *run) (err error) {
	j := &Job{ID: h.row.ID, Kind: h.row.Kind, Payload: []byte(h.row.Payload), Attempt: h.row.Attempt, At: h.row.At.UTC(),
		Unit: h.row.Unit, Person: h.row.Person, DB: d, run: h}
	returned := make(chan error, 1)
	go func() { // a goroutine of its own, so that Goexit ends nothing else
		e := error(&panicked{"goroutine ended", h.kind.Name})
		defer func() {
			if p := recover(); p != nil {
				e = &panicked{what(p), where()}
			}
			returned <- e
		}()
		e = h.kind.Run(ctx, j)
	}()
	return <-returned
}

// what names a panic without its data: a run-time error's text, else the type of the value.
func what(p any) string {
	if e, ok := p.(runtime.Error); ok {
		return errs.Reason(e)
	}
	return fmt.Sprintf("%T", p)
}

// where finds the function that panicked: the first frame below the run-time's.
func where() string {
	pc := make([]uintptr, 32)
	frames := runtime.CallersFrames(pc[:runtime.Callers(1, pc)])
	seen := false
	for {
		f, more := frames.Next()
		if f.Function == "runtime.gopanic" {
			seen = true
		} else if seen && !isRuntime(f.Function) {
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
		if !more {
			return "unknown"
		}
	}
}

func isRuntime(f string) bool { return len(f) > 8 && f[:8] == "runtime." }

// judge turns what Run returned into a result.
func (h *run) judge(err error, cause error, now time.Time) {
	h.err = err
	if err == nil {
		return
	}
	var s snooze
	var f *fatal
	var p *panicked
	switch {
	case errors.As(err, &s):
		h.put, h.due = true, now.Add(max(time.Duration(s), 0))
		return
	case errors.Is(cause, ErrStopping):
		h.put, h.due = true, now
		return
	case errors.As(err, &p):
		h.failure = FailedPanic
	case errors.Is(cause, errTimeout):
		h.failure = FailedTimeout
	case errors.Is(cause, ErrLeaseLost), errors.Is(err, ErrLeaseLost):
		h.failure = FailedLost
	default:
		h.failure = FailedError
	}
	h.fatal = errors.As(err, &f) || h.row.Attempt >= h.kind.maxAttempts()
	if !h.fatal {
		h.due = now.Add(jitter(h.kind.backoff(h.row.Attempt)))
	}
}

// jitter spreads a pause by a fifth either way, so that what failed together does not come back together.
func jitter(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return d - d/5 + time.Duration(rand.Int64N(int64(d/5*2)+1))
}

// settled lets go of runs whose results are saved, and counts them.
func (r *Runner) settled(ended []*run, refused map[*run]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range ended {
		delete(r.held, h)
		result := "done"
		r.count(h.kind, func(s *KindStats) {
			switch {
			case refused[h]:
				result = "lost"
				s.Lost++
			case h.finished || h.err == nil:
				s.Done++
			case h.put:
				result = "put back"
				s.PutBack++
			case h.fatal:
				result = "failed"
				s.Failed++
			default:
				result = "retried"
				s.Retried++
			}
		})
		level := slog.LevelInfo
		args := []any{"kind", h.kind.Name, "job", h.row.ID, "attempt", h.row.Attempt, "ms", r.db.Now().Sub(h.began).Milliseconds(), "result", result}
		if h.err != nil && !h.put {
			level = slog.LevelWarn
			args = append(args, "failure", string(h.failure), "reason", errs.Reason(h.err))
		}
		r.o.Log.Log(h.ctx, level, "job", args...)
	}
}
