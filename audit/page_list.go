package audit

import (
	"chungtay/internal/ids"
	"chungtay/internal/web"
)

const pageSize = 50

func asked(get func(string) string) query {
	return query{Person: get("person"), Unit: get("unit"), Record: get("record"), Action: get("action"), From: get("from"), Until: get("until")}
}

type listPage struct {
	Query   query
	Found   found
	Lines   []line
	Actions []string
	Newest  string
	Older   string
}

func (c *Reader) pageList(rq *web.Request) (web.Reply, error) {
	p := listPage{Query: asked(rq.Query)}
	var err error
	if p.Found, err = c.resolve(rq.Tx, p.Query); err != nil {
		return web.Reply{}, err
	}
	if p.Actions, err = listActions(rq.Tx); err != nil {
		return web.Reply{}, err
	}
	if p.Found.clear() {
		f := p.Found.Filter
		scope := c.Book.Scope(rq.Actor, Read)
		f.Within, f.Limit = &scope, pageSize+1
		if before := rq.Query("before"); ids.Valid(before) {
			f.Before, p.Newest = before, p.Query.address("")
		}
		list, err := List(rq.Tx, f)
		if err != nil {
			return web.Reply{}, err
		}
		if len(list) > pageSize {
			list = list[:pageSize]
			p.Older = p.Query.address(list[pageSize-1].ID)
		}
		if p.Lines, err = c.named(rq.Tx, list); err != nil {
			return web.Reply{}, err
		}
	}
	return web.Show(rq.T("audit.title"), listView(p)), nil
}
