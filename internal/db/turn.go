package db

import (
	"context"
	"sync/atomic"
	"time"
)

// turn lets writers on PostgreSQL go one after the other while they get in each other's way. As long as nobody is beaten they run side by side;
// whoever is beaten runs again in turn, and for a while so does everybody: otherwise many writers that read the same pages of an index beat
// each other until the last of them gives up (decision 0112). It is about speed alone; correctness is the isolation's.
type turn struct {
	held  chan struct{} // of this node; the channel lets the waiting in by their order
	until *atomic.Int64 // Unix nanoseconds up to which writers go in turn
}

// contended is how long writers go in turn after one was beaten.
const contended = time.Second

// takeTurn waits for the writers in turn of the other nodes. LOCK TABLE takes no snapshot, unlike a function for advisory locks, and nobody
// but a migration writes to this table.
const takeTurn = `LOCK TABLE schema_migration IN EXCLUSIVE MODE`

func newTurn() turn { return turn{make(chan struct{}, 1), new(atomic.Int64)} }

func (t turn) wanted() bool { return time.Now().UnixNano() < t.until.Load() }

func (t turn) want() { t.until.Store(time.Now().Add(contended).UnixNano()) }

func (t turn) enter(ctx context.Context) error {
	select {
	case t.held <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) leave() { <-t.held }
