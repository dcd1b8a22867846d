package audit

import (
	"encoding/hex"
	"encoding/json"
	"sort"

	"chungtay/internal/errs"
	"chungtay/internal/web"
	"chungtay/policy"
)

type changed struct{ Field, Before, After string }

// changes lists what an entry says was changed, sorted by field.
func changes(e Entry) []changed {
	var c Change
	if json.Unmarshal([]byte(e.Change), &c) != nil {
		return nil
	}
	var out []changed
	for f, v := range c {
		out = append(out, changed{f, v[0], v[1]})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Field < out[j].Field })
	return out
}

type showPage struct {
	line
	Seq     *int64
	Hash    string
	Changes []changed
}

func (c *Reader) pageShow(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	e, ok, err := findEntry(rq.Tx, id)
	if err != nil {
		return web.Reply{}, err
	}
	scope := c.Book.Scope(rq.Actor, Read)
	if !ok || !c.within(scope, e.Entry) {
		return web.Reply{}, errs.Absent("audit entry", id)
	}
	lines, err := c.named(rq.Tx, []Entry{e.Entry})
	if err != nil {
		return web.Reply{}, err
	}
	p := showPage{line: lines[0], Seq: e.Seq, Hash: hex.EncodeToString(e.Hash), Changes: changes(e.Entry)}
	return web.Show(rq.T("audit.entry"), showView(p)).With(crumb(rq), web.Crumb{Text: rq.T("audit.entry")}), nil
}

// within decides on one entry as Filter.Within does on the list. The log holds no tree of units: a reach below counts for the unit itself.
func (c *Reader) within(s policy.Scope, e Entry) bool {
	return s.Allows(policy.Record{Unit: e.UnitID, Persons: []string{e.PersonID}})
}

func crumb(rq *web.Request) web.Crumb { return web.Crumb{Text: rq.T("audit.title"), Path: "/audit"} }
