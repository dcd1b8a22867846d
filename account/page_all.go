package account

import (
	"net/url"
	"strconv"

	"chungtay/internal/ui"
	"chungtay/internal/web"
)

// wideList is a list of what belongs to many people: all sessions, all delegations of the own reach.
type wideList struct {
	Path  string
	Words string // of a name
	Pages ui.Pages
}

func wide(rq *web.Request, path string) wideList {
	l := wideList{Path: path, Words: rq.Query("q")}
	if l.Pages.Page, _ = strconv.Atoi(rq.Query("page")); l.Pages.Page < 1 {
		l.Pages.Page = 1
	}
	l.Pages.Address = func(n int) string {
		q := url.Values{}
		if l.Words != "" {
			q.Set("q", l.Words)
		}
		if n > 1 {
			q.Set("page", strconv.Itoa(n))
		}
		if len(q) == 0 {
			return path
		}
		return path + "?" + q.Encode()
	}
	return l
}

func (l *wideList) skip() int { return (l.Pages.Page - 1) * peoplePage }

func (l *wideList) of(shown, total int) {
	p := &l.Pages
	p.Total, p.Last = total, max(1, (total+peoplePage-1)/peoplePage)
	p.From, p.To = min(total, l.skip()+1), min(total, l.skip()+shown)
}

// pageSessions lists every open session of the people whose sessions the actor may see.
func (c *Accounts) pageSessions(rq *web.Request) (web.Reply, error) {
	l := wide(rq, "/people/sessions")
	list, total, err := c.openSessions(rq.Tx, rq.Actor, l.Words, l.skip(), peoplePage)
	if err != nil {
		return web.Reply{}, err
	}
	l.of(len(list), total)
	return web.Show(rq.T("account.all_sessions"), sessionsView(l, list, rq.Actor.Session)).With(peopleCrumb(rq), web.Crumb{Text: rq.T("account.all_sessions")}), nil
}

// pageDelegations lists every delegation that runs or is to come in the units whose people the actor manages.
func (c *Accounts) pageDelegations(rq *web.Request) (web.Reply, error) {
	l := wide(rq, "/people/delegations")
	list, total, err := listLent(rq.Tx, c.Book.Scope(rq.Actor, Manage), l.Words, l.skip(), peoplePage)
	if err != nil {
		return web.Reply{}, err
	}
	for i := range list {
		if list[i].Unit, err = c.unitName(rq, list[i].UnitID); err != nil {
			return web.Reply{}, err
		}
	}
	l.of(len(list), total)
	return web.Show(rq.T("account.all_delegations"), delegationsView(l, list)).With(peopleCrumb(rq), web.Crumb{Text: rq.T("account.all_delegations")}), nil
}
