package jobs

import (
	"fmt"
	"strings"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/errs"
)

// insert writes a waiting job. With a key it returns the id of the live job of that kind and key, whichever it is.
func insert(tx *db.Tx, id, kind string, payload []byte, o order) (string, error) {
	const columns = `INSERT INTO job (id, kind, payload, state, priority, due_at, scheduled_at, unique_key, again, unit, person,
			attempt, fence, created_at, progress_done, progress_total)
		VALUES ($1, $2, $3, 'waiting', $4, $5, $5, $6, 0, $7, $8, 0, 0, $9, 0, 0)`
	args := []any{id, kind, string(payload), o.priority, o.at, null(o.key), null(o.unit), null(o.person), tx.Now}
	if o.key == "" {
		_, err := tx.Exec(columns, args...)
		return id, err
	}
	const clash = ` ON CONFLICT (kind, unique_key) WHERE state IN ('waiting', 'running') `
	if o.again {
		// Marking a waiting one as well makes a claim that runs beside this transaction wait for it, and so begin after it.
		return db.One[string](tx, columns+clash+`DO UPDATE SET again = 1 RETURNING id`, args...)
	}
	n, err := tx.Exec(columns+clash+`DO NOTHING`, args...)
	if err != nil || n == 1 {
		return id, err
	}
	return db.One[string](tx, `SELECT id FROM job WHERE kind = $1 AND unique_key = $2 AND state IN ('waiting', 'running')`, kind, o.key)
}

func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// claimed is what a worker needs of a row.
type claimed struct {
	ID      string    `db:"id"`
	Kind    string    `db:"kind"`
	Payload string    `db:"payload"`
	At      time.Time `db:"scheduled_at"`
	Unit    string    `db:"unit"`
	Person  string    `db:"person"`
	Attempt int       `db:"attempt"`
	Fence   int64     `db:"fence"`
	State   State     `db:"state"` // before the claim: Running means taken over from the dead
}

// claim takes up to n due jobs of the kinds for a node, the most urgent first, and returns them with attempt and fence already drawn.
func claim(tx *db.Tx, node string, kinds []string, n int, lease time.Duration) ([]claimed, error) {
	var out []claimed
	for p := High; p <= Low && len(out) < n; p++ {
		args := []any{p, tx.Now, n - len(out)}
		for _, k := range kinds {
			args = append(args, k)
		}
		rows, err := db.All[claimed](tx, `SELECT id, kind, payload, scheduled_at, unit, person, attempt, fence, state FROM job
			WHERE priority = $1 AND due_at <= $2 AND kind IN `+db.In(4, len(kinds))+`
			ORDER BY due_at, id LIMIT $3 `+tx.SkipLocked(), args...)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	if len(out) == 0 {
		return nil, nil
	}
	args := []any{node, tx.Now, tx.Now.Add(lease)}
	for i := range out {
		args = append(args, out[i].ID)
		out[i].Attempt++
		out[i].Fence++
	}
	_, err := tx.Exec(`UPDATE job SET state = 'running', attempt = attempt + 1, fence = fence + 1, again = 0, node = $1, started_at = $2,
		due_at = $3, finished_at = NULL, failure = CASE state WHEN 'running' THEN 'lost' ELSE failure END,
		reason = CASE state WHEN 'running' THEN NULL ELSE reason END, progress_done = 0, progress_total = 0, progress_note = NULL
		WHERE id IN `+db.In(4, len(out)), args...)
	return out, err
}

// nextDue returns when the next job of the kinds may be taken; zero when there is none.
func nextDue(tx *db.Tx, kinds []string) (time.Time, error) {
	args := make([]any, len(kinds))
	for i, k := range kinds {
		args[i] = k
	}
	in := db.In(1, len(kinds))
	var parts []string
	for p := High; p <= Low; p++ {
		parts = append(parts, fmt.Sprintf(`SELECT MIN(due_at) AS due FROM job WHERE priority = %d AND due_at IS NOT NULL AND kind IN %s`, p, in))
	}
	return db.One[time.Time](tx, `SELECT MIN(due) FROM (`+strings.Join(parts, ` UNION ALL `)+`) AS d`, args...)
}

// finishDone ends the held jobs that succeeded and returns the ids it ended; the others had lost their lease.
func finishDone(tx *db.Tx, held []*run) ([]string, error) {
	args := []any{tx.Now}
	var pairs []string
	for _, h := range held {
		args = append(args, h.row.ID, h.row.Fence)
		pairs = append(pairs, fmt.Sprintf("(id = $%d AND fence = $%d)", len(args)-1, len(args)))
	}
	// A job marked "again" while it ran goes back to waiting, as if enqueued now.
	return db.All[string](tx, `UPDATE job SET state = CASE again WHEN 1 THEN 'waiting' ELSE 'done' END,
			due_at = CASE again WHEN 1 THEN CAST($1 AS BIGINT) END, finished_at = CASE again WHEN 0 THEN CAST($1 AS BIGINT) END,
			attempt = CASE again WHEN 1 THEN 0 ELSE attempt END, again = 0, fence = fence + 1, failure = NULL, reason = NULL
		WHERE state = 'running' AND (`+strings.Join(pairs, " OR ")+`) RETURNING id`, args...)
}

// finishFailed ends a job for good; one marked "again" gets its new run all the same. It returns false when the lease was lost.
func finishFailed(tx *db.Tx, id string, fence int64, f Failure, reason string) (bool, error) {
	n, err := tx.Exec(`UPDATE job SET state = CASE again WHEN 1 THEN 'waiting' ELSE 'failed' END,
			due_at = CASE again WHEN 1 THEN CAST($1 AS BIGINT) END, finished_at = CASE again WHEN 0 THEN CAST($1 AS BIGINT) END,
			attempt = CASE again WHEN 1 THEN 0 ELSE attempt END, again = 0, fence = fence + 1, failure = $2, reason = $3
		WHERE id = $4 AND fence = $5 AND state = 'running'`, tx.Now, f, null(reason), id, fence)
	return n == 1, err
}

// putBack returns a held job to the queue at due. Without a failure (snooze, stop) the attempt is not counted.
func putBack(tx *db.Tx, id string, fence int64, due time.Time, f Failure, reason string) (bool, error) {
	counted := 0
	if f == "" {
		counted = 1
	}
	n, err := tx.Exec(`UPDATE job SET state = 'waiting', due_at = $1, attempt = attempt - $2, again = 0, fence = fence + 1, node = NULL,
			failure = COALESCE($3, failure), reason = COALESCE($4, reason)
		WHERE id = $5 AND fence = $6 AND state = 'running'`, due, counted, null(string(f)), null(reason), id, fence)
	return n == 1, err
}

// prolong moves the end of the held leases and returns the ids it still found held.
func prolong(tx *db.Tx, held []*run, until time.Time) ([]string, error) {
	args := []any{until}
	var pairs []string
	for _, h := range held {
		args = append(args, h.row.ID, h.row.Fence)
		pairs = append(pairs, fmt.Sprintf("(id = $%d AND fence = $%d)", len(args)-1, len(args)))
	}
	return db.All[string](tx, `UPDATE job SET due_at = $1 WHERE state = 'running' AND (`+strings.Join(pairs, " OR ")+`) RETURNING id`, args...)
}

// lockHeld returns ErrLeaseLost unless the row is still the run's. Until the transaction ends nobody can take the row over: on
// PostgreSQL the lock keeps claims off, on SQLite there is one writer. KEY SHARE lets heartbeats through; a transaction that changes the row
// itself takes NO KEY UPDATE, because a heartbeat before its change would undo it.
func lockHeld(tx *db.Tx, r *run, strength string) error {
	lock := ""
	if tx.Dialect == db.Postgres {
		lock = " FOR " + strength
	}
	_, ok, err := db.Find[string](tx, `SELECT id FROM job WHERE id = $1 AND fence = $2 AND state = 'running'`+lock, r.row.ID, r.row.Fence)
	if err == nil && !ok {
		err = ErrLeaseLost
	}
	return err
}

func saveProgress(tx *db.Tx, r *run, done, total int, note string) (bool, error) {
	n, err := tx.Exec(`UPDATE job SET progress_done = $1, progress_total = $2, progress_note = $3
		WHERE id = $4 AND fence = $5 AND state = 'running'`, done, total, null(note), r.row.ID, r.row.Fence)
	return n == 1, err
}

// setTick moves the last tick of a timetable line forward. fresh: the line was unknown; moved: this transaction is the one that moved it.
func setTick(tx *db.Tx, name string, tick time.Time) (fresh, moved bool, err error) {
	n, err := tx.Exec(`INSERT INTO job_tick (name, tick) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, tick)
	if err != nil || n == 1 {
		return true, false, err
	}
	n, err = tx.Exec(`UPDATE job_tick SET tick = $2 WHERE name = $1 AND tick < $2`, name, tick)
	return false, n == 1, err
}

func lastTick(tx *db.Tx, name string) (time.Time, bool, error) {
	return db.Find[time.Time](tx, `SELECT tick FROM job_tick WHERE name = $1`, name)
}

const rowColumns = `id, kind, payload, state, priority, due_at, scheduled_at, unique_key, unit, person, attempt, node, created_at,
	started_at, finished_at, failure, reason, progress_done, progress_total, progress_note`

func (f Filter) where() db.Where {
	var w db.Where
	for _, c := range []struct{ column, value string }{
		{"state", string(f.State)}, {"kind", f.Kind}, {"unit", f.Unit}, {"person", f.Person}, {"unique_key", f.Key},
	} {
		if c.value != "" {
			w.And(c.column+" = ?", c.value)
		}
	}
	return w
}

func count(tx *db.Tx, f Filter) (int, error) {
	w := f.where()
	return db.One[int](tx, `SELECT COUNT(*) FROM job`+w.SQL(), w.Args()...)
}

func list(tx *db.Tx, f Filter, offset, limit int) ([]Row, error) {
	w := f.where()
	order := "id DESC"
	switch f.State {
	case Waiting:
		order = "priority, due_at, id"
	case Done, Failed, Cancelled:
		order = "finished_at DESC, id DESC"
	}
	tail := fmt.Sprintf(" ORDER BY %s LIMIT %s OFFSET %s", order, w.Arg(limit), w.Arg(offset))
	return db.All[Row](tx, `SELECT `+rowColumns+` FROM job`+w.SQL()+tail, w.Args()...)
}

func find(tx *db.Tx, id string) (Row, error) {
	return db.One[Row](tx, `SELECT `+rowColumns+` FROM job WHERE id = $1`, id)
}

func restart(tx *db.Tx, id string) (bool, error) {
	n, err := tx.Exec(`UPDATE job SET state = 'waiting', due_at = $1, attempt = 0, fence = fence + 1, node = NULL, finished_at = NULL
		WHERE id = $2 AND state <> 'running'`, tx.Now, id)
	return n == 1, err
}

func liveTwin(tx *db.Tx, r Row) (bool, error) {
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM job WHERE kind = $1 AND unique_key = $2 AND id <> $3 AND state IN ('waiting', 'running')`,
		r.Kind, r.Key, r.ID)
	return n > 0, err
}

func cancel(tx *db.Tx, id string) (bool, error) {
	n, err := tx.Exec(`UPDATE job SET state = 'cancelled', due_at = NULL, finished_at = $1, again = 0, fence = fence + 1
		WHERE id = $2 AND state IN ('waiting', 'running')`, tx.Now, id)
	return n == 1, err
}

type stateCount struct {
	Kind   string    `db:"kind"`
	State  State     `db:"state"`
	N      int       `db:"n"`
	Due    int       `db:"due"`
	Oldest time.Time `db:"oldest"`
}

func countStates(tx *db.Tx) ([]stateCount, error) {
	return db.All[stateCount](tx, `SELECT kind, state, COUNT(*) AS n, COALESCE(SUM(CASE WHEN due_at <= $1 THEN 1 ELSE 0 END), 0) AS due,
		MIN(CASE WHEN due_at <= $1 THEN due_at END) AS oldest FROM job GROUP BY kind, state ORDER BY kind, state`, tx.Now)
}

// prune deletes up to limit rows of the states that ended before a time.
func prune(tx *db.Tx, before time.Time, limit int, states ...State) (int, error) {
	args := []any{before, limit}
	for _, s := range states {
		args = append(args, s)
	}
	n, err := tx.Exec(`DELETE FROM job WHERE id IN (SELECT id FROM job WHERE finished_at < $1 AND state IN `+db.In(3, len(states))+` LIMIT $2)`, args...)
	return int(n), err
}

func absent(id string) error {
	return errs.Wrap(errs.Absent("job", id), errs.NotFound, "jobs.refused.absent")
}
