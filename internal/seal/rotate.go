package seal

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"chungtay/internal/db"
	"chungtay/internal/jobs"
)

// rewrapKind wraps all data keys under the newest master key.
const rewrapKind = "seal.rewrap"

const (
	rewrapBatch = 500
	// retireAfter is how long an unused master key stays: a node that still knows only the old one must have noticed by then.
	retireAfter = 24 * time.Hour
)

// Rotate makes a new master key: from now on data keys are wrapped by it, and a job rewraps the old ones in batches. What is sealed
// stays as it is and opens at any moment. The old master key goes once nothing needs it.
func (v *Vault) Rotate(tx *db.Tx) error {
	row, ok, err := findRing(tx, recordRing)
	if err == nil && !ok {
		err = fmt.Errorf("the ring is gone")
	}
	if err != nil {
		return fmt.Errorf("rotate the master key: %w", err)
	}
	err = v.change(tx, row, func(m *keyset.Manager) error {
		id, err := m.Add(aead.XAES256GCM192BitNonceKeyTemplate())
		if err != nil {
			return err
		}
		return m.SetPrimary(id)
	})
	if err == nil {
		_, err = jobs.Enqueue(tx, rewrapKind, struct{}{}, jobs.Coalesce("all"), jobs.WithPriority(jobs.Low))
	}
	if err != nil {
		return fmt.Errorf("rotate the master key: %w", err)
	}
	return nil
}

func (v *Vault) change(tx *db.Tx, row ringRow, f func(*keyset.Manager) error) error {
	h, err := v.kek.open(row)
	if err != nil {
		return err
	}
	m := keyset.NewManagerFromHandle(h)
	if err := f(m); err != nil {
		return err
	}
	if h, err = m.Handle(); err != nil {
		return err
	}
	row, err = v.saveRing(tx, row, h)
	if err != nil {
		return err
	}
	r, err := newRing(row.Version, h)
	if err == nil {
		tx.AfterCommit(func() { v.ring.Store(r) })
	}
	return err
}

// rewrap wraps up to n data keys under the newest master key and returns how many it found to do.
func (v *Vault) rewrap(tx *db.Tx, n int) (int, error) {
	g, err := v.current(tx)
	if err != nil {
		return 0, err
	}
	rows, err := keysOfOthers(tx, int64(g.primary), n)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		data, err := g.aead.Decrypt(row.Wrapped, bind("key", row.Kind, row.ID))
		if err != nil {
			return 0, broken(row.Kind, row.ID, "its key")
		}
		k, err := g.wrap(row.Kind, row.ID, data)
		if err != nil {
			return 0, err
		}
		if err := rewrapKey(tx, k, row.Master); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

// Master is a master key: how many data keys it wraps.
type Master struct {
	ID     uint32
	Newest bool
	Keys   int
}

// Masters lists the master keys of the ring, the newest first.
func (v *Vault) Masters(tx *db.Tx) ([]Master, error) {
	g, err := v.current(tx)
	if err != nil {
		return nil, err
	}
	var out []Master
	for _, k := range g.handle.KeysetInfo().GetKeyInfo() {
		n, err := countKeysOf(tx, int64(k.GetKeyId()))
		if err != nil {
			return nil, err
		}
		out = append(out, Master{k.GetKeyId(), k.GetKeyId() == g.primary, n})
	}
	slices.SortStableFunc(out, func(a, b Master) int {
		if a.Newest == b.Newest {
			return 0
		} else if a.Newest {
			return -1
		}
		return 1
	})
	return out, nil
}

// Rewrap wraps data keys of older master keys under the newest, in transactions of a few hundred, and retires master keys. It may be cut off at
// any moment and run again, also beside the job and on several nodes at once. show hears how many were done so far.
func (v *Vault) Rewrap(ctx context.Context, write func(context.Context, func(*db.Tx) error) error, show func(done int) error) error {
	for done := 0; ; {
		n := 0
		if err := write(ctx, func(tx *db.Tx) (err error) { n, err = v.rewrap(tx, rewrapBatch); return err }); err != nil {
			return fmt.Errorf("rewrap data keys: %w", err)
		}
		if n == 0 {
			break
		}
		done += n
		if err := show(done); err != nil {
			return err
		}
	}
	if err := write(ctx, v.retire); err != nil {
		return fmt.Errorf("retire master keys: %w", err)
	}
	return nil
}

// retire removes master keys that wrap nothing any more and were replaced long enough ago.
func (v *Vault) retire(tx *db.Tx) error {
	row, ok, err := findRing(tx, recordRing)
	if err != nil || !ok || tx.Now.Sub(row.ChangedAt) < retireAfter {
		return err
	}
	h, err := v.kek.open(row)
	if err != nil {
		return err
	}
	info := h.KeysetInfo()
	var idle []uint32
	for _, k := range info.GetKeyInfo() {
		if k.GetKeyId() == info.GetPrimaryKeyId() {
			continue
		}
		n, err := countKeysOf(tx, int64(k.GetKeyId()))
		if err != nil {
			return err
		}
		if n == 0 {
			idle = append(idle, k.GetKeyId())
		}
	}
	if len(idle) == 0 {
		return nil
	}
	return v.change(tx, row, func(m *keyset.Manager) error {
		for _, id := range idle {
			if err := m.Delete(id); err != nil {
				return err
			}
		}
		return nil
	})
}

// Jobs returns the job that rewraps after a rotation and its line of the timetable, which catches what a node with an old ring made
// meanwhile and retires master keys.
func (v *Vault) Jobs() ([]jobs.Kind, []jobs.Entry) {
	run := func(ctx context.Context, j *jobs.Job) error {
		return v.Rewrap(ctx, j.Write, func(done int) error { return j.Progress(ctx, done, 0, "") })
	}
	return []jobs.Kind{{Name: rewrapKind, Run: run, Timeout: 2 * time.Hour}},
		[]jobs.Entry{{Name: rewrapKind, Schedule: jobs.Daily(2, 40), Kind: rewrapKind, Payload: struct{}{}}}
}
