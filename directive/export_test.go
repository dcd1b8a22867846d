package directive

import (
	"context"
	"io"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/policy"
)

// TreePage writes the tree of a directive as its page shows it.
func TreePage(ctx context.Context, tx *db.Tx, w io.Writer, d Directive) error {
	root, err := Tree(tx, d)
	if err != nil {
		return err
	}
	if err := nameLeaves(tx, root, civil.Of(tx.Now)); err != nil {
		return err
	}
	return treePage(d, root, "", node(ctx, root, 0)).Render(ctx, w)
}

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
