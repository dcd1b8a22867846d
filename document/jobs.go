package document

import (
	"context"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/jobs"
)

// Jobs of this room: reading files, keeping the index whole, watching the drop folder.
func (c *Documents) Jobs() ([]jobs.Kind, []jobs.Entry) {
	kinds := []jobs.Kind{
		{Name: Extract, Run: c.extract, Timeout: 15 * time.Minute, MaxAttempts: 4, Queue: "document.read"},
		{Name: "document.index", Run: func(ctx context.Context, j *jobs.Job) error { _, err := c.Reindex(ctx, j.DB, false); return err }, Timeout: 4 * time.Hour},
	}
	entries := []jobs.Entry{{Name: "document.index", Schedule: jobs.Every(time.Hour), Kind: "document.index"}}
	if c.Drop != "" {
		kinds = append(kinds, jobs.Kind{Name: "document.drop", Run: c.drop, MaxAttempts: 1})
		entries = append(entries, jobs.Entry{Name: "document.drop", Schedule: jobs.Every(time.Minute), Kind: "document.drop"})
	}
	return kinds, entries
}

// Reindex puts papers into the full-text index that are not in it: all of them after a move to another database, where the index is not part
// of what is carried over. It returns how many. With all it begins anew.
func (c *Documents) Reindex(ctx context.Context, d *db.DB, all bool) (int, error) {
	if all {
		if err := d.Write(ctx, emptyIndex); err != nil {
			return 0, err
		}
	}
	total := 0
	for {
		n := 0
		err := d.Write(ctx, func(tx *db.Tx) (err error) { n, err = indexSome(tx, 100); return err })
		if err != nil || n == 0 {
			return total, err
		}
		total += n
	}
}

// Rebuild makes the full-text index after a restore, in the transaction of the restore.
func Rebuild(tx *db.Tx) error {
	for {
		if n, err := indexSome(tx, 500); err != nil || n == 0 {
			return err
		}
	}
}

func indexSome(tx *db.Tx, limit int) (int, error) {
	list, err := notIndexed(tx, limit)
	if err != nil {
		return 0, err
	}
	for _, d := range list {
		if err := index(tx, d); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}
