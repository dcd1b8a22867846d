package jobs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
)

func runtimeGoexit() { runtime.Goexit() }

const childJobs = 3

// child is the node that dies: it takes jobs, says so, and works for ever.
func child(dsn string) {
	ms, _ := strconv.ParseInt(os.Getenv("CHUNGTAY_JOBS_CLOCK"), 10, 64)
	d, err := db.Open(ctx, dsn, db.Options{Clock: func() time.Time { return time.UnixMilli(ms) }})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	r := New(d, []Kind{{Name: "k", Run: func(ctx context.Context, j *Job) error {
		fmt.Println("holding")
		select {}
	}}}, RunnerOptions{Workers: childJobs, Node: "child", Lease: time.Minute, Log: mute})
	r.Run(ctx)
}

func TestJobsOfAKilledNodeAreTakenOver(t *testing.T) {
	for name, dsn := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "queue.db") },
		"postgres": func(t *testing.T) string { return dbtest.PostgresURL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			dsn := dsn(t)
			clock := dbtest.NewClock(noon)
			d, err := db.Open(ctx, dsn, db.Options{Clock: clock.Now})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if _, err := d.Migrate(ctx, schema()); err != nil {
				t.Fatal(err)
			}
			var ids []string
			for range childJobs {
				ids = append(ids, enqueue(t, d, "k", nil))
			}
			c := exec.Command(os.Args[0])
			c.Env = append(os.Environ(), "CHUNGTAY_JOBS_CHILD="+dsn, fmt.Sprint("CHUNGTAY_JOBS_CLOCK=", noon.UnixMilli()))
			out, err := c.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			for lines, n := bufio.NewScanner(out), 0; n < childJobs; n++ {
				if !lines.Scan() || lines.Text() != "holding" {
					t.Fatalf("child: %q %v", lines.Text(), lines.Err())
				}
			}
			c.Process.Kill()
			c.Wait()

			kinds := []Kind{{Name: "k", Run: func(ctx context.Context, j *Job) error {
				if j.Attempt != 2 {
					t.Errorf("attempt %d", j.Attempt)
				}
				return j.Finish(ctx, func(tx *db.Tx) error { return effect(tx, j.ID) })
			}}}
			for _, id := range ids {
				if r := get(t, d, id); r.State != Running || r.Node != "child" || !r.Due.Equal(noon.Add(time.Minute)) {
					t.Fatalf("%+v", r)
				}
			}
			clock.Add(time.Minute - time.Millisecond)
			if err := RunAll(ctx, d, kinds); err != nil || effects(t, d) != 0 {
				t.Fatalf("taken over before the lease ran out: %v", err)
			}
			clock.Add(time.Millisecond)
			if err := RunAll(ctx, d, kinds); err != nil || effects(t, d) != childJobs {
				t.Fatalf("%d effects, %v", effects(t, d), err)
			}
			for _, id := range ids {
				if r := get(t, d, id); r.State != Done || r.Attempt != 2 {
					t.Errorf("%+v", r)
				}
			}
		})
	}
}

// A job whose workers die each time is failed when its attempts are used up; it does not go on to kill node after node.
func TestJobThatKillsItsWorkersEnds(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		id := enqueue(t, d, "k", nil)
		gate := make(chan struct{})
		defer close(gate)
		kinds := []Kind{{Name: "k", MaxAttempts: 2, Run: func(context.Context, *Job) error { <-gate; return nil }}}
		for range 2 {
			step(t, New(d, kinds, RunnerOptions{Log: mute, Lease: time.Minute}))
			clock.Add(time.Minute)
		}
		r := New(d, kinds, RunnerOptions{Log: mute})
		step(t, r)
		finish(t, r)
		if row := get(t, d, id); row.State != Failed || row.Failure != FailedLost {
			t.Errorf("%+v", row)
		}
	})
}

// A worker that slept through its lease cannot save over its successor.
func TestFence(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		id := enqueue(t, d, "k", nil)
		began, wakeUp := make(chan struct{}), make(chan struct{})
		refused := make(chan error, 3)
		sleeper := New(d, []Kind{{Name: "k", Run: func(ctx context.Context, j *Job) error {
			close(began)
			<-wakeUp
			refused <- j.Write(ctx, func(tx *db.Tx) error { return effect(tx, "sleeper") })
			refused <- j.Finish(ctx, func(tx *db.Tx) error { return effect(tx, "sleeper") })
			refused <- j.Progress(ctx, 1, 1, "")
			return nil // success, it thinks
		}}}, RunnerOptions{Node: "sleeper", Lease: time.Minute, Log: mute})
		step(t, sleeper)
		<-began
		clock.Add(time.Minute)

		var fresh int
		other := []Kind{{Name: "k", Run: func(ctx context.Context, j *Job) error {
			fresh++
			close(wakeUp)
			for range 3 { // while the successor is at work
				if err := <-refused; !errors.Is(err, ErrLeaseLost) {
					t.Errorf("the sleeper: %v", err)
				}
			}
			finish(t, sleeper)
			return j.Finish(ctx, func(tx *db.Tx) error { return effect(tx, "successor") })
		}}}
		if err := RunAll(ctx, d, other); err != nil || fresh != 1 {
			t.Fatal(err, fresh)
		}
		if s := sleeper.Stats().Kinds["k"]; s.Lost != 1 || s.Done != 0 {
			t.Errorf("%+v", s)
		}
		if row := get(t, d, id); effects(t, d) != 1 || row.State != Done || row.Attempt != 2 || row.Node != "runall" {
			t.Errorf("%+v", row)
		}
	})
}

// While a job saves, nobody takes it over, and its heartbeat does not wait.
func TestNobodyTakesOverInTheMiddleOfAWrite(t *testing.T) {
	clock := dbtest.NewClock(noon)
	d := dbtest.Postgres(t, schema(), db.Options{Clock: clock.Now}) // on SQLite there is one writer
	id := enqueue(t, d, "k", nil)
	other := New(d, []Kind{{Name: "k", Run: func(context.Context, *Job) error { t.Error("taken over"); return nil }}}, RunnerOptions{Log: mute})
	var r *Runner
	r = New(d, []Kind{{Name: "k", Run: func(ctx context.Context, j *Job) error {
		return j.Write(ctx, func(tx *db.Tx) error {
			clock.Add(2 * time.Minute)
			step(t, other)
			finish(t, other)
			r.beat(ctx)
			return effect(tx, j.ID)
		})
	}}}, RunnerOptions{Log: mute})
	step(t, r)
	finish(t, r)
	if row := get(t, d, id); row.State != Done || row.Attempt != 1 || effects(t, d) != 1 {
		t.Errorf("%+v", row)
	}
}

// A heartbeat in the middle of a Finish, however long that takes, does not undo it: f runs once, on one attempt.
func TestAHeartbeatDoesNotUndoAFinish(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		id := enqueue(t, d, "k", nil)
		other := New(d, []Kind{{Name: "k", Run: func(context.Context, *Job) error { t.Error("taken over"); return nil }}}, RunnerOptions{Log: mute})
		var r *Runner
		runs := 0
		r = New(d, []Kind{{Name: "k", Run: func(ctx context.Context, j *Job) error {
			return j.Finish(ctx, func(tx *db.Tx) error {
				runs++
				clock.Add(2 * time.Minute)
				r.beat(ctx)
				if tx.Dialect == db.Postgres { // on SQLite there is one writer
					step(t, other)
					finish(t, other)
				}
				if ctx.Err() != nil {
					t.Error("the heartbeat ended the attempt:", context.Cause(ctx))
				}
				return effect(tx, j.ID)
			})
		}}}, RunnerOptions{Log: mute})
		step(t, r)
		finish(t, r)
		if row := get(t, d, id); runs != 1 || row.State != Done || row.Attempt != 1 || effects(t, d) != 1 {
			t.Errorf("f ran %d times: %+v", runs, row)
		}
	})
}

func TestHeartbeats(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		began, lost := make(chan struct{}), make(chan error, 1)
		r := New(d, []Kind{{Name: "k", Run: func(ctx context.Context, j *Job) error {
			close(began)
			<-ctx.Done()
			lost <- context.Cause(ctx)
			return ctx.Err()
		}}}, RunnerOptions{Lease: time.Minute, Log: mute})
		id := enqueue(t, d, "k", nil)
		step(t, r)
		<-began
		for range 5 { // far beyond the first lease
			clock.Add(50 * time.Second)
			r.beat(ctx)
		}
		if row := get(t, d, id); !row.Due.Equal(clock.Now().Add(time.Minute)) {
			t.Errorf("lease until %v", row.Due)
		}
		dbtest.Write(t, d, func(tx *db.Tx) error { return Cancel(tx, id) }) // an administrator
		r.beat(ctx)
		if err := <-lost; !errors.Is(err, ErrLeaseLost) {
			t.Errorf("the context ended with %v", err)
		}
		finish(t, r)
		if row := get(t, d, id); row.State != Cancelled {
			t.Errorf("%+v", row)
		}
	})
}

// A node cut off from the database lets go of its jobs when their leases have run out, not before.
func TestLeaseEndsWhenTheDatabaseIsAway(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		began, lost := make(chan struct{}), make(chan error, 1)
		r := New(d, []Kind{{Name: "k", Run: func(ctx context.Context, j *Job) error {
			close(began)
			<-ctx.Done()
			lost <- context.Cause(ctx)
			return ctx.Err()
		}}}, RunnerOptions{Lease: time.Minute, Log: mute})
		enqueue(t, d, "k", nil)
		step(t, r)
		<-began
		d.Close()
		clock.Add(59 * time.Second)
		r.beat(ctx)
		select {
		case err := <-lost:
			t.Fatalf("let go with time left: %v", err)
		default:
		}
		clock.Add(2 * time.Second)
		r.beat(ctx)
		if err := <-lost; !errors.Is(err, ErrLeaseLost) {
			t.Error(err)
		}
		for r.Stats().Busy > 0 {
			<-r.wake
		}
		if _, err := r.look(ctx, false); err == nil || r.Stats().Held != 1 || r.Stats().Errors != 1 {
			t.Errorf("the result is not kept for when the database returns: %v %+v", err, r.Stats())
		}
	})
}

// Effects in Finish happen once even when Run fails after it.
func TestFinishIsTheEnd(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		tries := 0
		kinds := []Kind{{Name: "k", Run: func(ctx context.Context, j *Job) error {
			tries++
			err := j.Finish(ctx, func(tx *db.Tx) error {
				if err := effect(tx, j.ID); err != nil || tries > 1 {
					return err
				}
				return errors.New("the first try fails inside")
			})
			if err == nil {
				err = errors.New("a late complaint")
			}
			return err
		}}}
		id := enqueue(t, d, "k", nil)
		for range 3 {
			RunAll(ctx, d, kinds)
			clock.Add(time.Hour)
		}
		if row := get(t, d, id); tries != 2 || effects(t, d) != 1 || row.State != Done {
			t.Errorf("%d tries, %+v", tries, row)
		}
	})
}

// A job that finds nothing left to do finishes with nil.
func TestFinishWithNothingToDo(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		id := enqueue(t, d, "k", nil)
		RunAll(ctx, d, []Kind{{Name: "k", Run: func(ctx context.Context, j *Job) error { return j.Finish(ctx, nil) }}})
		if row := get(t, d, id); row.State != Done || row.Attempt != 1 {
			t.Errorf("%+v", row)
		}
	})
}

func TestGracefulStop(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		const all = 3
		began := make(chan struct{}, all)
		var stopping atomic.Bool
		gate, deafOver := make(chan struct{}), make(chan error, 1)
		kinds := []Kind{
			{Name: "quick", Run: func(ctx context.Context, j *Job) error { // ends within the time to drain
				began <- struct{}{}
				<-gate
				return j.Finish(ctx, func(tx *db.Tx) error { return effect(tx, j.ID) })
			}},
			{Name: "polite", Run: func(ctx context.Context, j *Job) error { // ends when told
				began <- struct{}{}
				<-ctx.Done()
				stopping.Store(errors.Is(context.Cause(ctx), ErrStopping))
				return ctx.Err()
			}},
			{Name: "deaf", Run: func(_ context.Context, j *Job) error { // hears nothing
				began <- struct{}{}
				<-deafOver
				deafOver <- j.Write(context.Background(), func(tx *db.Tx) error { return effect(tx, j.ID) })
				return nil
			}},
		}
		ids := map[string]string{}
		for _, k := range kinds {
			ids[k.Name] = enqueue(t, d, k.Name, nil)
		}
		r := New(d, kinds, RunnerOptions{Node: "a", Drain: 200 * time.Millisecond, Grace: 200 * time.Millisecond, Log: mute})
		run, stop := context.WithCancel(ctx)
		over := make(chan struct{})
		go func() { r.Run(run); close(over) }()
		for range all {
			<-began
		}
		stop()
		close(gate)
		<-over
		late := enqueue(t, d, "quick", nil)
		for name, want := range map[string]State{"quick": Done, "polite": Waiting, "deaf": Waiting} {
			row := get(t, d, ids[name])
			if row.State != want || want == Waiting && (row.Attempt != 0 || !row.Due.Equal(clock.Now()) || row.Node != "") {
				t.Errorf("%s: %+v", name, row)
			}
		}
		if !stopping.Load() || get(t, d, late).State != Waiting {
			t.Error("the context did not say why it ended, or a stopped runner took a job")
		}
		deafOver <- nil
		if err := <-deafOver; !errors.Is(err, ErrLeaseLost) {
			t.Errorf("a job given back saved: %v", err)
		}
	})
}
