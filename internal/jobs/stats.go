package jobs

import (
	"maps"
	"time"
)

// Stats is a snapshot of a Runner for the metrics page. Counters begin at 0 with the process.
type Stats struct {
	Node     string
	Workers  int
	Busy     int       // workers at work
	Held     int       // leases held; more than Busy when results wait for the database
	LastLook time.Time // when the queue last answered; long ago means that the database is away
	Errors   uint64    // looks at the queue that failed
	Kinds    map[string]KindStats
}

// KindStats counts the attempts at one kind of job.
type KindStats struct {
	Attempts  uint64  // ended
	Seconds   float64 // spent in them
	Done      uint64
	Retried   uint64 // failed and to be tried again
	Failed    uint64 // failed for good
	PutBack   uint64 // snoozed, or given back at a stop
	Lost      uint64 // results refused because the lease was lost
	TakenOver uint64 // claimed from a node that died
	Panics    uint64
}

// Stats returns the counters of this node.
func (r *Runner) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Busy, s.Held, s.Kinds = r.busy, len(r.held), maps.Clone(r.stats.Kinds)
	return s
}

// count changes the counters of a kind. Under r.mu.
func (r *Runner) count(k Kind, f func(*KindStats)) {
	s := r.stats.Kinds[k.Name]
	f(&s)
	r.stats.Kinds[k.Name] = s
}

func (r *Runner) looked(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.stats.Errors++
		return
	}
	r.stats.LastLook = r.db.Now()
}
