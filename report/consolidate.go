package report

import (
	"bytes"
	"encoding/json"
	"runtime"
	"sort"
	"sync"

	"chungtay/audit"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Sum is what the reports of a request say together, as far as they are approved.
type Sum struct {
	Form      *formdef.Form
	Values    formdef.Values
	Coverage  formdef.Coverage
	Members   []Member
	Each      map[string]formdef.Values // by unit
	Nothing   map[string]bool           // units that answered with "không phát sinh"
	Missing   []string                  // units without an approved report, never counted as zero
	Narrative []Passage
}

// consolidated works out the sum of a request: figures by the form's aggregation, texts by question with their units.
func (c *Reports) consolidated(tx *db.Tx, a Asked) (Sum, error) {
	members, err := approvedOf(tx, a.ID)
	if err != nil {
		return Sum{}, err
	}
	s, err := c.sum(tx, a, members)
	if err != nil {
		return s, err
	}
	rows, err := unitsOf(tx, a.ID)
	if err != nil {
		return s, err
	}
	for _, r := range rows {
		if s.Each[r.Unit] == nil && r.State != HandedOver {
			s.Missing = append(s.Missing, r.Unit)
		}
	}
	return s, nil
}

func (c *Reports) sum(tx *db.Tx, a Asked, members []member) (Sum, error) {
	f, err := c.form(tx, a)
	if err != nil {
		return Sum{}, err
	}
	s := Sum{Form: f, Each: make(map[string]formdef.Values, len(members)), Nothing: map[string]bool{}}
	t := f.NewTotal(formdef.OverUnits)
	var texts []formdef.Cell
	for _, cell := range f.Cells() {
		if cell.Field.Type == formdef.Narrative && cell.Repeat == nil {
			texts = append(texts, cell)
		}
	}
	each, err := kept(f, members)
	if err != nil {
		return s, err
	}
	for i, m := range members {
		v := each[i]
		t.Add(v)
		s.Each[m.Unit] = v
		s.Nothing[m.Unit] = m.Nothing
		s.Members = append(s.Members, Member{Report: m.Report, Unit: m.Unit, Number: m.Number, Digest: m.Digest})
		for _, cell := range texts {
			if x := v[cell.Address]; x.State == formdef.Given && x.Text != "" {
				s.Narrative = append(s.Narrative, Passage{Cell: cell.Address, Unit: m.Unit, Text: x.Text})
			}
		}
	}
	s.Values, s.Coverage = t.Result()
	sort.SliceStable(s.Narrative, func(i, j int) bool { return s.Narrative[i].Cell < s.Narrative[j].Cell })
	return s, nil
}

// kept reads the figures of many submissions, by their order, on all cores: of eleven thousand this is most of the work.
func kept(f *formdef.Form, members []member) ([]formdef.Values, error) {
	out := make([]formdef.Values, len(members))
	var failed error
	var once sync.Once
	var all sync.WaitGroup
	cores := runtime.GOMAXPROCS(0)
	for core := range cores {
		all.Go(func() {
			for i := core; i < len(members); i += cores {
				v, err := f.Kept([]byte(members[i].Body))
				if err != nil {
					once.Do(func() { failed = err })
					return
				}
				out[i] = v
			}
		})
	}
	all.Wait()
	return out, failed
}

// Freeze keeps a consolidation for ever (chốt số liệu): which submissions went in, what came out. The submissions are locked: they open
// again only with a reason. What comes later appears as a difference to accept by freezing anew.
func (c *Reports) Freeze(tx *db.Tx, by policy.Actor, id string) (Consolidation, error) {
	a, err := c.asked(tx, by, Approve, id)
	if err != nil {
		return Consolidation{}, err
	}
	s, err := c.consolidated(tx, a)
	if err != nil {
		return Consolidation{}, err
	}
	if len(s.Members) == 0 {
		return Consolidation{}, errs.New(errs.Conflict, "report.nothing_approved")
	}
	last, ok, err := lastConsolidation(tx, id)
	if err != nil {
		return last, err
	}
	k := Consolidation{ID: newID(tx), Request: id, Number: 1, Person: by.Person, At: tx.Now}
	if k.Names.V, err = orgunit.NamesOn(tx, s.units(), a.day()); err != nil {
		return k, err
	}
	if ok {
		k.Number = last.Number + 1
	}
	texts, err := gatheredOf(tx, id)
	if err != nil {
		return k, err
	}
	k.fill(s, texts)
	if ok && last.Digest == k.Digest {
		return last, nil // nothing has changed since
	}
	if err := insertConsolidation(tx, k); err != nil {
		return k, err
	}
	if err := freezeMembers(tx, id); err != nil {
		return k, err
	}
	return k, audit.Log(tx, by, audit.By(Approve, a.Unit), audit.Deed{Action: "report.freeze", Kind: "report_request", ID: id, Change: audit.Change{"consolidation": {itoa(last.Number), itoa(k.Number)}, "digest": {last.Digest, k.Digest}}})
}

// units are those that reported and those that did not.
func (s Sum) units() []string {
	out := append([]string(nil), s.Missing...)
	for _, m := range s.Members {
		out = append(out, m.Unit)
	}
	return out
}

// fill writes what came out in its one encoding and draws the digest over it, over the edited words and over the names, which the caller set.
func (k *Consolidation) fill(s Sum, texts []Gathered) {
	k.Members.V, k.Missing.V, k.Narrative.V = s.Members, s.Missing, s.Narrative
	k.Body = string(s.Values.Canonical())
	k.Coverage.V = map[string][4]int{}
	for addr, n := range s.Coverage.Cells {
		k.Coverage.V[addr] = [4]int{n.Given, n.None, n.Missing, n.NotAsked}
	}
	var b bytes.Buffer
	b.WriteString(k.Body)
	for _, part := range []any{k.Members.V, k.Missing.V, k.Narrative.V, k.Coverage.V, k.Names.V} {
		j, _ := json.Marshal(part) // maps are written in the order of their keys
		b.WriteByte('\n')
		b.Write(j)
	}
	k.Texts.V = map[string]int64{}
	for _, g := range texts {
		k.Texts.V[g.Cell] = g.Version
		j, _ := json.Marshal(g.Body.V)
		b.WriteString("\n" + g.Cell + "\n")
		b.Write(j)
	}
	k.Digest = digestOf(b.String())
}

// Reproduce works a frozen consolidation out again from the submissions it names and tells whether it comes out bit for bit.
func (c *Reports) Reproduce(tx *db.Tx, by policy.Actor, id string, number int) (bool, error) {
	a, err := c.asked(tx, by, Read, id)
	if err != nil {
		return false, err
	}
	k, err := consolidationBy(tx, id, number)
	if err != nil {
		return false, err
	}
	s, err := c.sumOf(tx, a, k.Members.V, k.Missing.V)
	if err != nil {
		return false, err
	}
	var texts []Gathered
	for cell, version := range k.Texts.V {
		g, ok, err := gatheredBy(tx, id, cell, version)
		if err != nil || !ok {
			return false, err
		}
		texts = append(texts, g)
	}
	sort.Slice(texts, func(i, j int) bool { return texts[i].Cell < texts[j].Cell })
	again := Consolidation{Names: k.Names}
	again.fill(s, texts)
	return again.Digest == k.Digest && again.Body == k.Body, nil
}

// sumOf works out the sum of named submissions. A submission that is not what it was when it was named goes in under another digest.
func (c *Reports) sumOf(tx *db.Tx, a Asked, of []Member, missing []string) (Sum, error) {
	members := make([]member, len(of))
	for i, m := range of {
		s, err := submission(tx, m.Report, m.Number)
		if err != nil {
			return Sum{}, err
		}
		members[i] = member{Report: m.Report, Unit: m.Unit, Number: m.Number, Body: s.Body, Digest: digestOf(s.Body), Nothing: s.Nothing}
	}
	s, err := c.sum(tx, a, members)
	s.Missing = missing
	return s, err
}

// Difference is what a unit's approved report says otherwise than the frozen consolidation.
type Difference struct {
	Unit     string
	Was, Now int // numbers of the submissions; Was 0: it was missing
	Changes  []formdef.Change
}

// Differences compares the last frozen consolidation with what is approved now.
func (c *Reports) Differences(tx *db.Tx, a Asked) (Consolidation, []Difference, error) {
	k, ok, err := lastConsolidation(tx, a.ID)
	if err != nil || !ok {
		return k, nil, err
	}
	f, err := c.form(tx, a)
	if err != nil {
		return k, nil, err
	}
	now, err := approvedOf(tx, a.ID)
	if err != nil {
		return k, nil, err
	}
	was := map[string]Member{}
	for _, m := range k.Members.V {
		was[m.Unit] = m
	}
	var out []Difference
	for _, m := range now {
		old, there := was[m.Unit]
		if there && old.Digest == m.Digest && old.Report == m.Report {
			continue
		}
		d := Difference{Unit: m.Unit, Was: old.Number, Now: m.Number}
		nv, err := f.Kept([]byte(m.Body))
		if err != nil {
			return k, nil, err
		}
		ov := formdef.Values{}
		if there {
			s, err := submission(tx, old.Report, old.Number)
			if err != nil {
				return k, nil, err
			}
			if ov, err = f.Kept([]byte(s.Body)); err != nil {
				return k, nil, err
			}
		}
		d.Changes = formdef.DiffCells(ov, nv)
		out = append(out, d)
	}
	return k, out, nil
}

// Outliers are figures far from those of the other units: more than four times the middle value of units that gave one, and large enough
// to matter. They are pointed out, nothing is refused for them.
func Outliers(s Sum) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, cell := range s.Form.Figures() {
		var list []float64
		for _, v := range s.Each {
			if x := v[cell.Address]; x.State == formdef.Given {
				list = append(list, x.Num.Float())
			}
		}
		if len(list) < 5 {
			continue
		}
		sort.Float64s(list)
		middle := list[len(list)/2]
		if middle <= 0 {
			continue
		}
		for unit, v := range s.Each {
			if x := v[cell.Address]; x.State == formdef.Given && x.Num.Float() > 4*middle && x.Num.Float()-middle >= 20 {
				if out[unit] == nil {
					out[unit] = map[string]bool{}
				}
				out[unit][cell.Address] = true
			}
		}
	}
	return out
}

// named orders units by their names as they were on a day.
func named(tx *db.Tx, units []string, day civil.Date) ([]string, map[string]string, error) {
	names, err := orgunit.NamesOn(tx, units, day)
	return byName(units, names), names, err
}

// byName orders units by the names given.
func byName(units []string, names map[string]string) []string {
	keys := make(map[string][]byte, len(units))
	for _, u := range units {
		keys[u] = viet.SortKey(names[u])
	}
	out := append([]string(nil), units...)
	sort.SliceStable(out, func(i, j int) bool {
		if d := bytes.Compare(keys[out[i]], keys[out[j]]); d != 0 {
			return d < 0
		}
		return out[i] < out[j]
	})
	return out
}

// day is the day whose names a request shows: that on which it was made, or the deadline of one that was written down afterwards.
func (a Asked) day() civil.Date {
	made := civil.Of(a.MadeAt)
	if !a.DueDay.IsZero() && a.DueDay.Before(made) {
		return a.DueDay
	}
	return made
}

// Branch is a request in the tree with the progress of everything below it.
type Branch struct {
	Asked    Asked
	UnitName string
	Own, All Progress
	Children []*Branch
}

// Tree is the progress of a request at every level to the last unit. The caller may read the request.
func Tree(tx *db.Tx, a Asked) (*Branch, error) {
	list, err := treeOf(tx, a.Root)
	if err != nil {
		return nil, err
	}
	counts, err := progressOfTree(tx, a.Root)
	if err != nil {
		return nil, err
	}
	var units []string
	for _, q := range list {
		units = append(units, q.Unit)
	}
	names, err := orgunit.Texts(tx, units, a.day())
	if err != nil {
		return nil, err
	}
	at := map[string]*Branch{}
	for _, q := range list {
		at[q.ID] = &Branch{Asked: q, UnitName: names[q.Unit], Own: counts[q.ID]}
	}
	for _, q := range list {
		if up := at[q.Parent]; up != nil {
			up.Children = append(up.Children, at[q.ID])
		}
	}
	root := at[a.ID]
	if root != nil {
		root.sum()
	}
	return root, nil
}

func (b *Branch) sum() {
	b.All = b.Own
	for _, k := range b.Children {
		k.sum()
		b.All.Total += k.All.Total
		b.All.NotSent += k.All.NotSent
		b.All.Draft += k.All.Draft
		b.All.Signing += k.All.Signing
		b.All.Submitted += k.All.Submitted
		b.All.Returned += k.All.Returned
		b.All.Approved += k.All.Approved
		b.All.Nothing += k.All.Nothing
		b.All.Late += k.All.Late
		b.All.Overdue += k.All.Overdue
	}
	sort.SliceStable(b.Children, func(i, j int) bool { return viet.Compare(b.Children[i].UnitName, b.Children[j].UnitName) < 0 })
}
