package directive

import (
	"sort"

	"chungtay/internal/db"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/task"
)

// Branch is a directive in the tree with what became of it: its own addressees, and those of everything below it.
type Branch struct {
	ID, Unit, UnitName, Symbol, Subject string
	State                               State
	Own, All                            Receipt      // All sums the branch with everything below
	Work, AllWork                       task.Summary // tasks of the directive; with everything below
	Children                            []*Branch
	Silent                              bool // somebody below has not received it although a day has passed
	Late                                bool // somebody below is late with a task
}

// Tree is the whole tree of a directive to the last unit, as seen from its issuer. It is three queries, whatever the size. The caller has
// been given the directive by Get; only what its issuer may see is in it: what others made of it, not what they still write.
func Tree(tx *db.Tx, d Directive) (*Branch, error) {
	rows, err := treeRows(tx, d.Root)
	if err != nil {
		return nil, err
	}
	counts, err := receiptsOf(tx, d.Root)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	units := make([]string, len(rows))
	for i, r := range rows {
		ids[i], units[i] = r.ID, r.Unit
	}
	work, err := task.OfDirective(tx, ids)
	if err != nil {
		return nil, err
	}
	names, err := orgunit.Texts(tx, units, d.IssuedOn)
	if err != nil {
		return nil, err
	}
	at := map[string]*Branch{}
	for _, r := range rows {
		if !r.State.Out() && r.ID != d.ID {
			continue
		}
		at[r.ID] = &Branch{ID: r.ID, Unit: r.Unit, UnitName: names[r.Unit], Symbol: r.Symbol, Subject: r.Subject, State: r.State, Own: counts[r.ID], Work: work[r.ID]}
	}
	for _, r := range rows {
		b, up := at[r.ID], at[r.Parent]
		if b != nil && up != nil {
			up.Children = append(up.Children, b)
		}
	}
	root := at[d.ID]
	if root == nil {
		return nil, nil
	}
	root.sum(map[string]bool{})
	return root, nil
}

func (b *Branch) sum(seen map[string]bool) {
	seen[b.ID] = true
	b.All, b.AllWork = b.Own, b.Work
	for _, k := range b.Children {
		if seen[k.ID] {
			continue
		}
		k.sum(seen)
		b.All.Act += k.All.Act
		b.All.Received += k.All.Received
		b.All.Cascaded += k.All.Cascaded
		b.All.Silent += k.All.Silent
		b.AllWork.Total += k.AllWork.Total
		b.AllWork.Open += k.AllWork.Open
		b.AllWork.Doing += k.AllWork.Doing
		b.AllWork.Submitted += k.AllWork.Submitted
		b.AllWork.Returned += k.AllWork.Returned
		b.AllWork.Done += k.AllWork.Done
		b.AllWork.Cancelled += k.AllWork.Cancelled
		b.AllWork.Late += k.AllWork.Late
		b.AllWork.LateOpen += k.AllWork.LateOpen
	}
	b.Silent, b.Late = b.All.Silent > 0, b.AllWork.LateOpen > 0
	sort.SliceStable(b.Children, func(i, j int) bool { return viet.Compare(b.Children[i].UnitName, b.Children[j].UnitName) < 0 })
}

// keep leaves only the branches for which ok holds, with the way to them.
func (b *Branch) keep(ok func(*Branch) bool) bool {
	var kids []*Branch
	for _, k := range b.Children {
		if k.keep(ok) {
			kids = append(kids, k)
		}
	}
	b.Children = kids
	return len(kids) > 0 || ok(b)
}

// unitsOf lists the units in which the actor holds a permission, itself or from above: those for which it receives.
func unitsOf(a policy.Actor, p policy.Permission) []string {
	var out []string
	seen := map[string]bool{}
	for _, g := range a.Grants {
		for _, x := range g.Permissions {
			if x == p && !seen[g.Unit] {
				seen[g.Unit] = true
				out = append(out, g.Unit)
			}
		}
	}
	return out
}
