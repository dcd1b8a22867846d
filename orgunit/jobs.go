package orgunit

import (
	"context"

	"chungtay/internal/db"
	"chungtay/internal/jobs"
)

// Jobs of this room, with their timetable.
func (c *Units) Jobs() ([]jobs.Kind, []jobs.Entry) {
	return []jobs.Kind{
			{Name: "orgunit.day", Run: func(ctx context.Context, j *jobs.Job) error {
				return j.Finish(ctx, func(tx *db.Tx) error { _, err := RefreshClosure(tx); return err })
			}},
			{Name: "orgunit.import", Run: c.runImport},
		}, []jobs.Entry{
			{Name: "orgunit.day", Schedule: jobs.Daily(0, 1), Kind: "orgunit.day"}, // changes written down before their day begin to count
		}
}
