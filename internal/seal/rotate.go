package seal

import (
	"context"
	"fmt"
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
		for done := 0; ; {
			n := 0
			if err := j.Write(ctx, func(tx *db.Tx) (err error) { n, err = v.rewrap(tx, rewrapBatch); return err }); err != nil {
				return fmt.Errorf("rewrap data keys: %w", err)
			}
			if n == 0 {
				break
			}
			done += n
			if err := j.Progress(ctx, done, 0, ""); err != nil {
				return err
			}
		}
		if err := j.Write(ctx, v.retire); err != nil {
			return fmt.Errorf("retire master keys: %w", err)
		}
		return nil
	}
	return []jobs.Kind{{Name: rewrapKind, Run: run, Timeout: 2 * time.Hour}},
		[]jobs.Entry{{Name: rewrapKind, Schedule: jobs.Daily(2, 40), Kind: rewrapKind, Payload: struct{}{}}}
}
