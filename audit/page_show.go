package audit

import (
	"encoding/hex"
	"encoding/json"
	"sort"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
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

// nameValues puts the names of people and units in the place of their identifiers, and times, days and yes or no as people read them.
func (c *Reader) nameValues(rq *web.Request, list []changed) error {
	var known []string
	for _, x := range list {
		for _, v := range []string{x.Before, x.After} {
			if ids.Valid(v) {
				known = append(known, v)
			}
		}
	}
	people, err := c.Names.PersonNames(rq.Tx, known)
	if err != nil {
		return err
	}
	units, err := c.Names.UnitNames(rq.Tx, known)
	if err != nil {
		return err
	}
	l := i18n.Current(rq.Context())
	say := func(v *string) {
		switch t, err := time.Parse(time.RFC3339, *v); {
		case err == nil:
			*v = i18n.Time(l, t)
		case people[*v] != "":
			*v = people[*v]
		case units[*v] != "":
			*v = units[*v]
		case *v == "true", *v == "false":
			*v = rq.T("audit." + *v)
		default:
			if day, err := civil.Parse(*v); err == nil {
				*v = i18n.Date(l, day)
			}
		}
	}
	for i := range list {
		say(&list[i].Before)
		say(&list[i].After)
	}
	return nil
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
	if err := c.nameValues(rq, p.Changes); err != nil {
		return web.Reply{}, err
	}
	return web.Show(rq.T("audit.entry"), showView(p)).With(crumb(rq), web.Crumb{Text: rq.T("audit.entry")}), nil
}

// within decides on one entry as Filter.Within does on the list. The log holds no tree of units: a reach below counts for the unit itself.
func (c *Reader) within(s policy.Scope, e Entry) bool {
	return s.Allows(policy.Record{Unit: e.UnitID, Persons: []string{e.PersonID}})
}

func crumb(rq *web.Request) web.Crumb { return web.Crumb{Text: rq.T("audit.title"), Path: "/audit"} }
