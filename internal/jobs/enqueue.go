package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/ids"
)

// Priority orders due jobs; within one priority the one due first runs first. Higher ones always go before lower ones, so High is for
// what somebody waits for at the screen and Low for what may take the night.
type Priority int

// The priorities.
const (
	High   Priority = 0
	Normal Priority = 1
	Low    Priority = 2
)

// Option says how a job is enqueued.
type Option func(*order)

type order struct {
	at           time.Time
	key          string
	samePayload  bool
	again        bool
	priority     Priority
	unit, person string
}

// At lets the job wait until t.
func At(t time.Time) Option { return func(o *order) { o.at = t } }

// UniqueKey makes Enqueue return the waiting or running job of the same kind and key instead of adding a second one. A running one may
// have read its data before this transaction changed them; where that matters use Coalesce.
func UniqueKey(key string) Option { return func(o *order) { o.key = key } }

// UniquePayload is UniqueKey with the payload as the key.
func UniquePayload() Option { return func(o *order) { o.samePayload = true } }

// Coalesce is UniqueKey, and in addition one run is certain to begin after this transaction: a job of the key that is running already
// runs once more when it has ended. For "bring X up to date".
func Coalesce(key string) Option { return func(o *order) { o.key, o.again = key, true } }

// WithPriority sets the priority; without it a job is Normal.
func WithPriority(p Priority) Option {
	return func(o *order) { o.priority = min(max(p, High), Low) }
}

// Owner records for which unit and person the job is done, either may be "", so that their pages can show it (Filter).
func Owner(unit, person string) Option { return func(o *order) { o.unit, o.person = unit, person } }

// Enqueue adds a job of a kind to the transaction and returns its id, or that of the job a unique key stands for. The payload is
// stored as JSON and must not hold personal data. Workers of this process begin right after the commit when the transaction's context
// comes from Waking; others see the job at their next poll.
func Enqueue(tx *db.Tx, kind string, payload any, opts ...Option) (string, error) {
	o := order{at: tx.Now, priority: Normal}
	for _, f := range opts {
		f(&o)
	}
	b, err := json.Marshal(payload)
	if err != nil {
		return "", fmt.Errorf("enqueue %s: payload: %w", kind, err)
	}
	if o.samePayload {
		sum := sha256.Sum256(b)
		o.key = hex.EncodeToString(sum[:16])
	}
	id, err := insert(tx, ids.New(tx.Now), kind, b, o)
	if err != nil {
		return "", fmt.Errorf("enqueue %s: %w", kind, err)
	}
	if w, ok := tx.Context().Value(wakerKey{}).(*Runner); ok && !o.at.After(tx.Now) {
		tx.AfterCommit(w.Wake)
	}
	return id, nil
}

type wakerKey struct{}

// Waking returns a context whose transactions wake r when they have enqueued something. The web server's base context is made so;
// jobs run by r have such a context already.
func Waking(ctx context.Context, r *Runner) context.Context {
	return context.WithValue(ctx, wakerKey{}, r)
}
