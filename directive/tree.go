package directive

import (
	"cmp"
	"slices"
	"sort"
	"time"

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
	Above                               task.Summary // tasks of the unit in the directive above
	Children                            []*Branch
	Leaves                              []Leaf
	Silent                              bool // somebody below has not received it although a day has passed
	Late                                bool // the unit or somebody below is late with a task
}

// Leaf is a unit that has a directive and has brought out none of its own: the end of a branch.
type Leaf struct {
	Unit, Name string // Name is filled by who shows it
	Received   time.Time
	Silent     bool // not received although a day has passed
	Writing    bool // its own is being written
	Work       task.Summary
}

// rank puts who needs to be asked first.
func (l Leaf) rank() int {
	switch {
	case l.Work.LateOpen > 0:
		return 0
	case l.Silent:
		return 1
	case l.Received.IsZero():
		return 2
	}
	return 3
}

// Tree is the whole tree of a directive to the last unit, as seen from its issuer. How many queries it is does not depend on how many units
// have the directives (internal/db: some hundred directives a query). The caller has been given the directive by Get; only what its issuer may see is in it: what others made of it, not what they still write.
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
	work, err := task.PerUnitOfEach(tx, ids)
	if err != nil {
		return nil, err
	}
	have, err := treeAddressees(tx, d.Root)
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
		at[r.ID] = &Branch{ID: r.ID, Unit: r.Unit, UnitName: names[r.Unit], Symbol: r.Symbol, Subject: r.Subject, State: r.State, Own: counts[r.ID], Above: work[r.Parent][r.Unit]}
		for _, s := range work[r.ID] {
			at[r.ID].Work.Plus(s)
		}
	}
	for _, a := range have {
		b := at[a.Directive]
		if b == nil || at[a.Cascade] != nil {
			continue
		}
		b.Leaves = append(b.Leaves, Leaf{Unit: a.Unit, Received: a.ReceivedAt, Silent: a.ReceivedAt.IsZero() && !a.IssuedAt.After(tx.Now.Add(-Silent)), Writing: a.Cascade != "", Work: work[a.Directive][a.Unit]})
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
		b.AllWork.Plus(k.AllWork)
	}
	b.Silent, b.Late = b.All.Silent > 0, b.AllWork.LateOpen+b.Above.LateOpen > 0
	slices.SortStableFunc(b.Leaves, func(x, y Leaf) int { return cmp.Or(x.rank()-y.rank(), y.Work.LateOpen-x.Work.LateOpen) })
	sort.SliceStable(b.Children, func(i, j int) bool { return viet.Compare(b.Children[i].UnitName, b.Children[j].UnitName) < 0 })
}

// keep leaves only the branches and leaves for which ok holds, with the way to them.
func (b *Branch) keep(ok func(Leaf) bool) bool {
	b.Leaves = slices.DeleteFunc(b.Leaves, func(l Leaf) bool { return !ok(l) })
	b.Children = slices.DeleteFunc(b.Children, func(k *Branch) bool {
		return !k.keep(ok) && !ok(Leaf{Work: k.Above})
	})
	return len(b.Children)+len(b.Leaves) > 0
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
