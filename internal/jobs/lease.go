package jobs

import (
	"context"
	"errors"
	"slices"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/errs"
)

// Write runs f in a write transaction as long as the job is still this attempt's; otherwise it returns ErrLeaseLost and nothing is
// written. Nobody can take the job over while f runs.
func (j *Job) Write(ctx context.Context, f func(tx *db.Tx) error) error {
	return j.DB.Write(ctx, func(tx *db.Tx) error {
		if err := lockHeld(tx, j.run, "KEY SHARE"); err != nil {
			return err
		}
		return f(tx)
	})
}

// Finish runs f in a write transaction that also ends the job as done: what f writes happens exactly once, however often the job is
// tried. With nil nothing was left to do. Run returns nil after it; an error after a successful Finish is only logged. Like Write it returns ErrLeaseLost when the job is
// no longer this attempt's.
func (j *Job) Finish(ctx context.Context, f func(tx *db.Tx) error) error {
	j.run.finish(true)
	defer j.run.finish(false)
	return j.DB.Write(ctx, func(tx *db.Tx) error {
		if err := lockHeld(tx, j.run, "NO KEY UPDATE"); err != nil {
			return err
		}
		if f != nil {
			if err := f(tx); err != nil {
				return err
			}
		}
		ids, err := finishDone(tx, []*run{j.run})
		if err == nil && len(ids) == 0 {
			err = ErrLeaseLost
		}
		tx.AfterCommit(func() {
			j.run.mu.Lock()
			j.run.finished = true
			j.run.mu.Unlock()
		})
		return err
	})
}

// finish marks the time a Finish takes. The lock on the row keeps the others off then, and a heartbeat leaves it alone: it would wait for the
// lock, and the leases of the other runs with it.
func (h *run) finish(on bool) {
	h.mu.Lock()
	h.finishing = on
	h.mu.Unlock()
}

// progressEvery is the least time between two saved steps of progress.
const progressEvery = time.Second

// Progress saves how far the job has come, for the pages that show it: done of total (0: unknown), and note, a catalogue key or "".
// It may be called for every row worked on: it writes at most once a second, and always when done reaches total. It returns
// ErrLeaseLost when the job is no longer this attempt's; the work then stops. It must not be called inside a transaction.
func (j *Job) Progress(ctx context.Context, done, total int, note string) error {
	h := j.run
	h.mu.Lock()
	now := j.DB.Now()
	if h.finished || now.Sub(h.shown) < progressEvery && done != total {
		h.mu.Unlock()
		if errors.Is(context.Cause(ctx), ErrLeaseLost) {
			return ErrLeaseLost
		}
		return ctx.Err()
	}
	h.shown = now
	h.mu.Unlock()
	return j.DB.Claim(ctx, func(tx *db.Tx) error {
		ok, err := saveProgress(tx, h, done, total, note)
		if err == nil && !ok {
			err = ErrLeaseLost
		}
		return err
	})
}

// beatUntil prolongs the leases held, three times in the length of one, until stop.
func (r *Runner) beatUntil(ctx context.Context, stop <-chan struct{}) {
	t := time.NewTicker(r.o.Lease / 3)
	defer t.Stop()
	for {
		select {
		case <-stop:
			return
		case <-t.C:
			r.beat(ctx)
		}
	}
}

// beat prolongs the leases held. A run whose row has gone to somebody else, or whose lease ran out while the database was away, has its
// context ended with ErrLeaseLost.
func (r *Runner) beat(ctx context.Context) {
	r.mu.Lock()
	held := make([]*run, 0, len(r.held))
	for h := range r.held {
		h.mu.Lock()
		if !h.finished && !h.finishing {
			held = append(held, h)
		}
		h.mu.Unlock()
	}
	r.mu.Unlock()
	if len(held) == 0 {
		return
	}
	var kept []string
	var until time.Time
	ctx, cancel := context.WithTimeout(ctx, max(r.o.Lease/3, time.Second))
	defer cancel()
	err := r.db.Claim(ctx, func(tx *db.Tx) (err error) {
		until = tx.Now.Add(r.o.Lease)
		kept, err = prolong(tx, held, until)
		return err
	})
	if err != nil {
		r.o.Log.Warn("jobs: leases not prolonged", "held", len(held), "err", errs.Reason(err))
	}
	now := r.db.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range held {
		h.mu.Lock()
		left := h.finished || h.finishing
		h.mu.Unlock()
		if _, still := r.held[h]; !still || left {
			continue // its result was saved meanwhile, or is being saved
		}
		switch {
		case err == nil && slices.Contains(kept, h.row.ID):
			h.until = until
		case err == nil, !now.Before(h.until):
			h.cancel(ErrLeaseLost)
		}
	}
}
