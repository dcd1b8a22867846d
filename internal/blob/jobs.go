package blob

import (
	"context"
	"fmt"
	"path"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/ids"
	"chungtay/internal/jobs"
)

// Jobs sweep what is not used: contents and uploads each hour, objects without a row each night.
func (s *Store) Jobs() ([]jobs.Kind, []jobs.Entry) {
	return []jobs.Kind{
			{Name: "blob.sweep", Run: func(ctx context.Context, j *jobs.Job) error { _, err := s.Sweep(ctx); return err }},
			{Name: "blob.orphans", Timeout: 2 * time.Hour, Run: func(ctx context.Context, j *jobs.Job) error { _, err := s.SweepOrphans(ctx); return err }},
		}, []jobs.Entry{
			{Name: "blob.sweep", Schedule: jobs.Every(time.Hour), Kind: "blob.sweep"},
			{Name: "blob.orphans", Schedule: jobs.Daily(3, 20), Kind: "blob.orphans"},
		}
}

const sweepBatch = 100

// Sweep removes contents that nothing has used for a day, and uploads that have expired. It returns how many.
func (s *Store) Sweep(ctx context.Context) (int, error) {
	total := 0
	for {
		n := 0
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			n = 0
			uploads, err := expiredUploads(tx, sweepBatch)
			if err != nil {
				return err
			}
			for _, id := range uploads {
				if err := s.removeUpload(tx, id); err != nil {
					return err
				}
				n++
			}
			rows, err := unusedContents(tx, tx.Now.Add(-unusedFor), sweepBatch)
			if err != nil {
				return err
			}
			var objects []string
			for _, c := range rows {
				if err := deleteContent(tx, c.ID); err != nil {
					return err
				}
				if c.KeyKind == contentKind {
					if err := s.vault.Forget(tx, contentKind, c.ID); err != nil {
						return err
					}
				}
				objects = append(objects, objectName(c.ID))
				n++
			}
			keep := context.WithoutCancel(ctx)
			tx.AfterCommit(func() { s.discard(keep, objects...) })
			return nil
		})
		if err != nil {
			return total, fmt.Errorf("sweep files: %w", err)
		}
		total += n
		if n == 0 {
			return total, nil
		}
	}
}

// SweepOrphans removes objects that are a day old and have no row: what crashes left behind. It returns how many.
func (s *Store) SweepOrphans(ctx context.Context) (int, error) {
	n := 0
	var old []string
	limit := s.db.Now().Add(-unusedFor)
	err := s.backend.list(ctx, func(name string, _ int64, changed time.Time) error {
		if changed.Before(limit) {
			old = append(old, name)
		}
		return nil
	})
	if err != nil {
		return 0, failed(err, "list files")
	}
	for len(old) > 0 {
		batch := old[:min(len(old), 500)]
		old = old[len(batch):]
		var gone []string
		err := s.db.Read(ctx, func(tx *db.Tx) error {
			gone = gone[:0]
			for _, name := range batch {
				id, needed := path.Base(name), false
				if ids.Valid(id) {
					var err error
					if name[0] == 'u' {
						needed, err = partExists(tx, id)
					} else {
						_, needed, err = findContent(tx, id)
					}
					if err != nil {
						return err
					}
				}
				if !needed {
					gone = append(gone, name)
				}
			}
			return nil
		})
		if err != nil {
			return n, fmt.Errorf("sweep objects: %w", err)
		}
		for _, name := range gone {
			if err := s.backend.remove(ctx, name); err != nil {
				return n, failed(err, "remove an object")
			}
			n++
		}
	}
	return n, nil
}
