package jobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"chungtay/internal/db"
)

// RunAll runs the jobs that are due, one after the other in the order of the queue, with those they enqueue, until none is due. It uses
// the database's clock: a retry or a later job runs when the clock has been moved and RunAll is called again. It returns the errors of
// the attempts that failed, joined. Tests and the demo command use it; a job that forever enqueues itself is stopped after 100,000 runs.
func RunAll(ctx context.Context, d *db.DB, kinds []Kind) error {
	r := New(d, kinds, RunnerOptions{Workers: 1, Node: "runall", Lease: time.Hour, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	ctx = Waking(ctx, r)
	var failed []error
	var ended []*run
	for range 100_000 {
		rows, _, err := r.saveAndClaim(ctx, ended, r.free())
		if err != nil {
			return errors.Join(append(failed, err)...)
		}
		if len(rows) == 0 && len(ended) == 0 {
			return errors.Join(failed...)
		}
		for _, row := range rows {
			if h := r.accept(ctx, row); h != nil {
				r.execute(h)
			}
		}
		ended, r.ended = r.ended, nil
		for _, h := range ended {
			if h.err != nil && !h.put {
				failed = append(failed, fmt.Errorf("job %s (%s, attempt %d): %w", h.row.ID, h.row.Kind, h.row.Attempt, h.err))
			}
		}
	}
	return errors.Join(append(failed, errors.New("jobs enqueue jobs without end"))...)
}
