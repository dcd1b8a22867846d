package directive

import (
	"chungtay/internal/db"
	"chungtay/policy"
)

// IssueTo issues to a reach made by a test.
func (c *Directives) IssueTo(tx *db.Tx, by policy.Actor, id string, r Reach) error {
	d, err := find(tx, id)
	if err != nil {
		return err
	}
	return c.issue(tx, by, &d, r)
}

// Merge is merge for tests.
func Merge(base, mine, theirs Content) (Content, []StaleField) { return merge(base, mine, theirs) }
