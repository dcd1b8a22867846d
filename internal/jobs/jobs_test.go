package jobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
)

func TestMain(m *testing.M) {
	if dsn := os.Getenv("CHUNGTAY_JOBS_CHILD"); dsn != "" {
		child(dsn)
	}
	os.Exit(m.Run())
}

var (
	ctx  = context.Background()
	noon = time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC) // 12:00 in Viet Nam
	mute = slog.New(slog.NewTextHandler(io.Discard, nil))
)

// schema is the queue and a table for effects whose primary key refuses a second time.
func schema() []db.Migrations {
	return []db.Migrations{Migrations(), {Room: "effects", FS: fstest.MapFS{"20260101_1_effect.sql": {Data: []byte(
		"CREATE TABLE effect (id TEXT PRIMARY KEY, n BIGINT NOT NULL);")}}}}
}

func each(t *testing.T, f func(t *testing.T, d *db.DB, clock *dbtest.Clock)) {
	t.Helper()
	for name, open := range map[string]func(testing.TB, []db.Migrations, db.Options) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			clock := dbtest.NewClock(noon)
			f(t, open(t, schema(), db.Options{Clock: clock.Now}), clock)
		})
	}
}

func enqueue(t testing.TB, d *db.DB, kind string, payload any, opts ...Option) string {
	t.Helper()
	var id string
	dbtest.Write(t, d, func(tx *db.Tx) (err error) { id, err = Enqueue(tx, kind, payload, opts...); return err })
	return id
}

func get(t testing.TB, d *db.DB, id string) Row {
	t.Helper()
	var row Row
	dbtest.Read(t, d, func(tx *db.Tx) (err error) { row, err = Get(tx, id); return err })
	return row
}

func effect(tx *db.Tx, id string) error {
	_, err := tx.Exec(`INSERT INTO effect (id, n) VALUES ($1, 1)`, id)
	return err
}

func effects(t testing.TB, d *db.DB) (n int) {
	t.Helper()
	dbtest.Read(t, d, func(tx *db.Tx) (err error) { n, err = db.One[int](tx, `SELECT COUNT(*) FROM effect`); return err })
	return n
}

// step lets r look once and take what is due; finish then waits for everything it holds and saves the results.
func step(t testing.TB, r *Runner) {
	t.Helper()
	if _, err := r.look(Waking(ctx, r), true); err != nil {
		t.Fatal(err)
	}
}

func finish(t testing.TB, r *Runner) {
	t.Helper()
	for r.Stats().Held > 0 {
		<-r.wake
		if _, err := r.look(ctx, false); err != nil {
			t.Fatal(err)
		}
	}
}

// A job exists exactly when its cause does.
func TestEnqueueBelongsToItsTransaction(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		err := d.Write(ctx, func(tx *db.Tx) error {
			if _, err := Enqueue(tx, "a", 1); err != nil {
				return err
			}
			return errs.New(errs.Invalid, "no")
		})
		if !errs.Is(err, errs.Invalid) {
			t.Fatal(err)
		}
		id := enqueue(t, d, "a", map[string]int{"n": 7}, Owner("unit1", "person1"), At(noon.Add(time.Hour)))
		dbtest.Read(t, d, func(tx *db.Tx) error {
			p, err := List(tx, Filter{})
			want := []Row{{ID: id, Kind: "a", Payload: `{"n":7}`, State: Waiting, Priority: Normal, Due: noon.Add(time.Hour),
				At: noon.Add(time.Hour), Unit: "unit1", Person: "person1", Created: noon}}
			if diff := cmp.Diff(want, p.Rows); diff != "" || p.Total != 1 {
				t.Errorf("total %d\n%s", p.Total, diff)
			}
			return err
		})
	})
}

// Eight workers on two nodes: every job runs once.
func TestEachJobIsClaimedOnce(t *testing.T) {
	const jobs = 400
	check := func(t *testing.T, nodes [2]*db.DB) {
		var mu sync.Mutex
		ran := map[string]int{}
		all := make(chan struct{})
		kinds := []Kind{{Name: "count", Run: func(ctx context.Context, j *Job) error {
			mu.Lock()
			defer mu.Unlock()
			ran[j.ID]++
			if len(ran) == jobs {
				close(all)
			}
			return nil
		}}}
		run, stop := context.WithCancel(ctx)
		var wg sync.WaitGroup
		for i, d := range nodes {
			r := New(d, kinds, RunnerOptions{Workers: 4, Node: fmt.Sprint("node", i), Poll: 10 * time.Millisecond, Log: mute})
			wg.Go(func() { r.Run(run) })
		}
		for range 4 {
			wg.Go(func() {
				for range jobs / 4 {
					enqueue(t, nodes[0], "count", nil)
				}
			})
		}
		<-all
		stop()
		wg.Wait()
		if len(ran) != jobs {
			t.Errorf("%d jobs ran", len(ran))
		}
		for id, n := range ran {
			if n != 1 {
				t.Errorf("%s ran %d times", id, n)
			}
		}
		dbtest.Read(t, nodes[0], func(tx *db.Tx) error {
			s, err := Counts(tx)
			if diff := cmp.Diff(map[State]int{Done: jobs}, s.States); diff != "" {
				t.Error(diff)
			}
			return err
		})
	}
	t.Run("sqlite", func(t *testing.T) {
		d := dbtest.SQLite(t, schema(), db.Options{})
		check(t, [2]*db.DB{d, d})
	})
	t.Run("postgres", func(t *testing.T) {
		url := dbtest.PostgresURL(t)
		var nodes [2]*db.DB
		for i := range nodes {
			d, err := db.Open(ctx, url, db.Options{Relaxed: true})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { d.Close() })
			nodes[i] = d
		}
		if _, err := nodes[0].Migrate(ctx, schema()); err != nil {
			t.Fatal(err)
		}
		check(t, nodes)
	})
}

func TestUniqueKeys(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		got := make([]string, 12)
		var wg sync.WaitGroup
		for i := range got {
			wg.Go(func() { got[i] = enqueue(t, d, "render", nil, UniqueKey("doc1")) })
		}
		wg.Wait()
		slices.Sort(got)
		if got = slices.Compact(got); len(got) != 1 || got[0] == "" {
			t.Fatalf("one key, ids %q", got)
		}
		if id := enqueue(t, d, "render", nil, UniqueKey("doc2")); id == got[0] {
			t.Error("another key got the same job")
		}
		if id := enqueue(t, d, "index", nil, UniqueKey("doc1")); id == got[0] {
			t.Error("another kind got the same job")
		}
		a, b := enqueue(t, d, "p", []int{1}, UniquePayload()), enqueue(t, d, "p", []int{2}, UniquePayload())
		if c := enqueue(t, d, "p", []int{1}, UniquePayload()); a == b || c != a {
			t.Errorf("payload keys: %s %s %s", a, b, c)
		}
		k := Kind{Name: "render", Run: func(ctx context.Context, j *Job) error {
			if j.ID == got[0] { // running counts as well
				if id := enqueue(t, d, "render", nil, UniqueKey("doc1")); id != j.ID {
					t.Errorf("a second job beside the running one: %s", id)
				}
			}
			return nil
		}}
		if err := RunAll(ctx, d, []Kind{k}); err != nil {
			t.Fatal(err)
		}
		if id := enqueue(t, d, "render", nil, UniqueKey("doc1")); id == got[0] {
			t.Error("an ended job kept its key")
		}
	})
}

// What changes while a job runs is seen by one more run; what changes while it waits needs none.
func TestCoalesce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		runs := 0
		var id string
		k := Kind{Name: "index", MaxAttempts: 1, Run: func(ctx context.Context, j *Job) error {
			if runs++; runs == 1 {
				for range 3 {
					if again := enqueue(t, d, "index", nil, Coalesce("doc1")); again != j.ID {
						t.Errorf("a second row: %s", again)
					}
				}
			}
			if runs == 2 {
				enqueue(t, d, "index", nil, Coalesce("doc1"))
				return errors.New("broken") // the last attempt; the run asked for comes all the same
			}
			return nil
		}}
		for range 2 {
			id = enqueue(t, d, "index", nil, Coalesce("doc1"))
		}
		if err := RunAll(ctx, d, []Kind{k}); err == nil || !strings.Contains(err.Error(), "broken") {
			t.Error(err)
		}
		if row := get(t, d, id); runs != 3 || row.State != Done || row.Attempt != 1 {
			t.Errorf("%d runs, %+v", runs, row)
		}
	})
}

func TestRetriesWaitLongerEachTimeAndEnd(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		runs := 0
		kinds := []Kind{{Name: "mail", MaxAttempts: 4, Backoff: Exponential(10*time.Second, 25*time.Second), Run: func(ctx context.Context, j *Job) error {
			if runs++; j.Attempt != runs {
				t.Errorf("attempt %d at run %d", j.Attempt, runs)
			}
			return fmt.Errorf("send letter: %w", errs.New(errs.Unavailable, "mail.away"))
		}}}
		id := enqueue(t, d, "mail", nil)
		for i, pause := range []time.Duration{10 * time.Second, 20 * time.Second, 25 * time.Second} {
			if err := RunAll(ctx, d, kinds); err == nil || runs != i+1 {
				t.Fatalf("run %d: %d runs, %v", i, runs, err)
			}
			row := get(t, d, id)
			if wait := row.Due.Sub(clock.Now()); row.State != Waiting || wait < pause*8/10 || wait > pause*12/10 {
				t.Errorf("after run %d: %s, due in %v, want about %v", i+1, row.State, wait, pause)
			}
			clock.Set(row.Due.Add(-time.Millisecond))
			if err := RunAll(ctx, d, kinds); err != nil || runs != i+1 {
				t.Errorf("ran before its time: %v", err)
			}
			clock.Set(row.Due)
		}
		if err := RunAll(ctx, d, kinds); err == nil {
			t.Error("the last attempt did not fail")
		}
		row := get(t, d, id)
		if row.State != Failed || row.Attempt != 4 || row.Failure != FailedError || row.Reason != "send letter: unavailable mail.away" || !row.Finished.Equal(clock.Now()) {
			t.Errorf("%+v", row)
		}
		clock.Add(1000 * time.Hour)
		if err := RunAll(ctx, d, kinds); err != nil || runs != 4 {
			t.Error("a failed job ran on")
		}
	})
}

func TestHowAttemptsEnd(t *testing.T) {
	var none []int
	for _, c := range []struct {
		name    string
		run     func(ctx context.Context, j *Job) error
		state   State
		attempt int
		failure Failure
		reason  string
	}{
		{"fatal", func(context.Context, *Job) error { return fmt.Errorf("x: %w", Fatal(errors.New("no such form"))) }, Failed, 1, FailedError, "x: no such form"},
		{"payload", func(_ context.Context, j *Job) error { var n int; return j.Decode(&n) }, Failed, 1, FailedError,
			"payload of payload: json: cannot unmarshal string into Go value of type int"},
		{"snooze", func(context.Context, *Job) error { return Snooze(time.Minute) }, Waiting, 0, "", ""},
		{"panic", func(context.Context, *Job) error { panic("Lò Thị Đào") }, Waiting, 1, FailedPanic, "panic: string at chungtay/internal/jobs.TestHowAttemptsEnd"},
		{"index", func(context.Context, *Job) error { none[3] = 1; return nil }, Waiting, 1, FailedPanic, "panic: runtime error: index out of range [3] with length 0 at"},
		{"exit", func(context.Context, *Job) error { runtimeGoexit(); return nil }, Waiting, 1, FailedPanic, "panic: goroutine ended at exit"},
		{"timeout", func(ctx context.Context, _ *Job) error { <-ctx.Done(); return ctx.Err() }, Waiting, 1, FailedTimeout, "context deadline exceeded"},
		{"slow but done", func(ctx context.Context, _ *Job) error { <-ctx.Done(); return nil }, Done, 1, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
				id := enqueue(t, d, c.name, "text")
				err := RunAll(ctx, d, []Kind{{Name: c.name, Run: c.run, Timeout: time.Millisecond}})
				row := get(t, d, id)
				if (err != nil) != (c.failure != "") || row.State != c.state || row.Attempt != c.attempt || row.Failure != c.failure || !strings.HasPrefix(row.Reason, c.reason) {
					t.Errorf("%v; %+v", err, row)
				}
				if c.name == "snooze" && !row.Due.Equal(clock.Now().Add(time.Minute)) {
					t.Errorf("due %v", row.Due)
				}
			})
		})
	}
}

func TestOrder(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		var got []string
		k := Kind{Name: "a", Run: func(ctx context.Context, j *Job) error {
			var s string
			defer func() { got = append(got, s) }()
			return j.Decode(&s)
		}}
		enqueue(t, d, "a", "night", WithPriority(Low), At(noon.Add(-3*time.Hour)))
		enqueue(t, d, "a", "tomorrow", WithPriority(High), At(noon.Add(24*time.Hour)))
		enqueue(t, d, "a", "now")
		enqueue(t, d, "a", "since an hour", At(noon.Add(-time.Hour)))
		enqueue(t, d, "a", "screen", WithPriority(High))
		enqueue(t, d, "stranger", "nobody does this")
		if err := RunAll(ctx, d, []Kind{k}); err != nil {
			t.Fatal(err)
		}
		clock.Add(24 * time.Hour)
		if err := RunAll(ctx, d, []Kind{k}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"screen", "since an hour", "now", "night", "tomorrow"}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestQueueLimits(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		var renders, mails atomic.Int32
		gate := make(chan struct{})
		hold := func(n *atomic.Int32) func(context.Context, *Job) error {
			return func(context.Context, *Job) error { n.Add(1); <-gate; return nil }
		}
		r := New(d, []Kind{{Name: "render", Queue: "render", Run: hold(&renders)}, {Name: "mail", Run: hold(&mails)}},
			RunnerOptions{Workers: 5, Queues: map[string]int{"render": 2}, Log: mute})
		for range 10 {
			enqueue(t, d, "render", nil)
		}
		enqueue(t, d, "mail", nil)
		for range 4 {
			step(t, r)
		}
		dbtest.Read(t, d, func(tx *db.Tx) error {
			s, err := Counts(tx)
			want := []KindCount{{"mail", map[State]int{Running: 1}}, {"render", map[State]int{Running: 2, Waiting: 8}}}
			if diff := cmp.Diff(want, s.Kinds); diff != "" {
				t.Error(diff)
			}
			return err
		})
		close(gate)
		finish(t, r)
	})
}

// Whoever enqueues in a context that wakes need not wait for the poll, nor does a job that was put off.
func TestCommitWakesWorkers(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		ran := make(chan string)
		r := New(d, []Kind{
			{Name: "first", Run: func(ctx context.Context, j *Job) error {
				return j.Finish(ctx, func(tx *db.Tx) error { _, err := Enqueue(tx, "second", nil); return err })
			}},
			{Name: "second", Run: func(ctx context.Context, j *Job) error { ran <- j.Kind; return nil }},
		}, RunnerOptions{Poll: 24 * time.Hour, Log: mute})
		run, stop := context.WithCancel(ctx)
		over := make(chan struct{})
		go func() { r.Run(run); close(over) }()
		if err := d.Write(Waking(ctx, r), func(tx *db.Tx) error { _, err := Enqueue(tx, "first", nil); return err }); err != nil {
			t.Fatal(err)
		}
		<-ran
		stop()
		<-over
		if s := r.Stats(); s.Kinds["first"].Done != 1 || s.Kinds["second"].Done != 1 || s.Busy != 0 || s.Held != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestProgress(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		seen := func(j *Job) [2]int { r := get(t, d, j.ID); return [2]int{r.DoneSteps, r.Steps} }
		id := enqueue(t, d, "import", nil, Owner("", "p1"))
		err := RunAll(ctx, d, []Kind{{Name: "import", Run: func(ctx context.Context, j *Job) error {
			for _, c := range []struct {
				wait time.Duration
				done int
				want int
			}{{0, 1, 1}, {progressEvery / 2, 2, 1}, {progressEvery / 2, 3, 3}, {0, 4, 3}, {0, 10, 10}} {
				clock.Add(c.wait)
				if err := j.Progress(ctx, c.done, 10, "jobs.state.running"); err != nil {
					return err
				}
				if got := seen(j); got != [2]int{c.want, 10} {
					t.Errorf("after %d: saved %v", c.done, got)
				}
			}
			return nil
		}}})
		row := get(t, d, id)
		if p, ok := row.Percent(); err != nil || p != 100 || !ok || row.Note != "jobs.state.running" {
			t.Errorf("%v %d %v %+v", err, p, ok, row)
		}
		if p, ok := (Row{State: Running, DoneSteps: 1, Steps: 3}).Percent(); p != 33 || !ok {
			t.Error(p, ok)
		}
		if _, ok := (Row{State: Running, DoneSteps: 1}).Percent(); ok {
			t.Error("an unknown total gave a percentage")
		}
	})
}

func TestAdministrator(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		broken := true
		kinds := []Kind{{Name: "k", MaxAttempts: 1, Run: func(ctx context.Context, j *Job) error {
			if broken {
				return errors.New("broken")
			}
			return nil
		}}}
		id := enqueue(t, d, "k", nil, UniqueKey("x"))
		later := enqueue(t, d, "k", nil, At(noon.Add(time.Hour)))
		if err := RunAll(ctx, d, kinds); err == nil {
			t.Fatal("no failure")
		}
		write := func(f func(tx *db.Tx) error) error { return d.Write(ctx, f) }

		twin := enqueue(t, d, "k", nil, UniqueKey("x"), At(noon.Add(2*time.Hour)))
		if err := write(func(tx *db.Tx) error { return RunAgain(tx, id) }); !errs.Is(err, errs.Conflict) {
			t.Errorf("run again beside a live twin: %v", err)
		}
		if err := write(func(tx *db.Tx) error { return Cancel(tx, twin) }); err != nil {
			t.Error(err)
		}
		if err := write(func(tx *db.Tx) error { return Cancel(tx, twin) }); !errs.Is(err, errs.Conflict) {
			t.Errorf("cancelled twice: %v", err)
		}
		for _, f := range []func(*db.Tx, string) error{RunAgain, Cancel} {
			if err := write(func(tx *db.Tx) error { return f(tx, "nothing") }); !errs.Is(err, errs.NotFound) {
				t.Errorf("an absent job: %v", err)
			}
		}
		dbtest.Read(t, d, func(tx *db.Tx) error {
			s, err := Counts(tx)
			if diff := cmp.Diff(map[State]int{Failed: 1, Cancelled: 1, Waiting: 1}, s.States); diff != "" || s.Late != 0 || !s.Oldest.IsZero() {
				t.Errorf("%+v\n%s", s, diff)
			}
			p, err2 := List(tx, Filter{State: Failed, Kind: "k"})
			if len(p.Rows) != 1 || p.Rows[0].ID != id || p.Rows[0].Reason != "broken" {
				t.Errorf("%+v", p)
			}
			p, err3 := List(tx, Filter{Kind: "k", Size: 2, Page: 2})
			if p.Total != 3 || len(p.Rows) != 1 {
				t.Errorf("second page: %+v", p)
			}
			return errors.Join(err, err2, err3)
		})

		broken = false
		dbtest.Write(t, d, func(tx *db.Tx) error { return errors.Join(RunAgain(tx, id), RunAgain(tx, later)) })
		clock.Add(time.Minute)
		dbtest.Read(t, d, func(tx *db.Tx) error {
			s, err := Counts(tx)
			if s.Late != 2 || !s.Oldest.Equal(noon) {
				t.Errorf("%+v", s)
			}
			return err
		})
		if err := RunAll(ctx, d, kinds); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{id, later} {
			if r := get(t, d, id); r.State != Done || r.Attempt != 1 || r.Failure != "" {
				t.Errorf("%+v", r)
			}
		}
	})
}

func TestPruneKeepsFailuresLonger(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		const days = 7
		prune, line := Housekeeping(days)
		kinds := []Kind{prune, {Name: "good", Run: func(context.Context, *Job) error { return nil }},
			{Name: "bad", Run: func(context.Context, *Job) error { return Fatal(errors.New("x")) }}}
		left := func() (out []string) {
			dbtest.Read(t, d, func(tx *db.Tx) error {
				p, err := List(tx, Filter{})
				for _, r := range p.Rows {
					if r.Kind != prune.Name {
						out = append(out, r.Kind)
					}
				}
				return err
			})
			slices.Sort(out)
			return out
		}
		enqueue(t, d, "good", nil)
		enqueue(t, d, "bad", nil)
		enqueue(t, d, "good", nil, At(noon.AddDate(1, 0, 0)))
		RunAll(ctx, d, kinds)
		Tick(ctx, d, []Entry{line})
		for _, c := range []struct {
			day  int
			want []string
		}{{days, []string{"bad", "good", "good"}}, {days + 1, []string{"bad", "good"}}, {4 * days, []string{"bad", "good"}}, {4*days + 1, []string{"good"}}} {
			clock.Set(noon.AddDate(0, 0, c.day))
			if n, err := Tick(ctx, d, []Entry{line}); n != 1 || err != nil {
				t.Fatal(n, err)
			}
			if err := RunAll(ctx, d, kinds); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, left()); diff != "" {
				t.Errorf("day %d: %s", c.day, diff)
			}
		}
	})
}

func TestClaimUsesItsIndex(t *testing.T) {
	d := dbtest.SQLite(t, schema(), db.Options{})
	dbtest.Read(t, d, func(tx *db.Tx) error {
		type plan struct {
			ID     int    `db:"id"`
			Parent int    `db:"parent"`
			Unused int    `db:"notused"`
			Detail string `db:"detail"`
		}
		rows, err := db.All[plan](tx, `EXPLAIN QUERY PLAN SELECT id FROM job WHERE priority = $1 AND due_at <= $2 AND kind IN ($3) ORDER BY due_at, id LIMIT 4`, 1, 2, "a")
		if len(rows) != 1 || !strings.Contains(rows[0].Detail, "job_due (priority=? AND due_at<?)") {
			t.Errorf("%+v", rows)
		}
		return err
	})
}

func TestWordsAreComplete(t *testing.T) {
	c, err := i18n.Load(Text)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, s := range States {
		used[s.Text().Key] = true
	}
	for _, f := range []Failure{FailedError, FailedPanic, FailedTimeout, FailedLost} {
		used[f.Text().Key] = true
	}
	for k := range used {
		if !c.Has(k) {
			t.Errorf("%s has no words", k)
		}
	}
	for s, want := range map[Schedule]string{Daily(2, 5): "Hằng ngày lúc 02:05", Every(6 * time.Hour): "Cứ 6 giờ một lần",
		Every(10 * time.Minute): "Cứ 10 phút một lần", Every(90 * time.Second): "Cứ 90 giây một lần"} {
		if m := s.Text(); c.Text(i18n.VI, m.Key, m.Args...) != want {
			t.Errorf("%+v", m)
		}
	}
}

func TestTablesThatCannotWork(t *testing.T) {
	d := dbtest.SQLite(t, schema(), db.Options{})
	ok := Kind{Name: "a", Run: func(context.Context, *Job) error { return nil }}
	for name, f := range map[string]func(){
		"no name":     func() { New(d, []Kind{{Run: ok.Run}}, RunnerOptions{}) },
		"no function": func() { New(d, []Kind{{Name: "x"}}, RunnerOptions{}) },
		"twice":       func() { New(d, []Kind{ok, ok}, RunnerOptions{}) },
		"unknown kind": func() {
			New(d, []Kind{ok}, RunnerOptions{Timetable: []Entry{{Name: "n", Schedule: Daily(1, 0), Kind: "b"}}})
		},
		"no schedule": func() { New(d, []Kind{ok}, RunnerOptions{Timetable: []Entry{{Name: "n", Kind: "a"}}}) },
		"25 o'clock": func() {
			New(d, []Kind{ok}, RunnerOptions{Timetable: []Entry{{Name: "n", Schedule: Daily(25, 0), Kind: "a"}}})
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: accepted", name)
				}
			}()
			f()
		}()
	}
}
