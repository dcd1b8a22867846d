package app

import (
	"chungtay/campaign"
	"chungtay/internal/agenda"
	"chungtay/internal/db"
	"chungtay/internal/i18n"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/notify"
	"chungtay/policy"
)

func (in *Installation) homeRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /{$}", Needs: policy.Public, Page: in.pageHome},
		{Pattern: "GET /design", Needs: policy.Public, Page: pageDesign},
		{Pattern: "POST /design", Needs: policy.Public, Page: pageDesign},
		{Pattern: "GET /demo", Needs: policy.Public, Page: in.pageDemo},
		{Pattern: "GET /licences", Needs: policy.Public, Page: pageLicences},
		{Pattern: "GET /licences.txt", Needs: policy.Public, Page: licenceTexts},
	}
}

// homeLimit is how many items of each source the home page shows.
const homeLimit = 50

// dayLimit is how many of them stand open under a day; the rest unfolds.
const dayLimit = 12

// waitingLimit is how many things others have to do stand there; the lists of work have all.
const waitingLimit = 8

// pageHome is "Việc của tôi" for people signed in and the door for everybody else.
func (in *Installation) pageHome(rq *web.Request) (web.Reply, error) {
	if !rq.Actor.SignedIn() {
		return web.Show(rq.T("home.public.title"), publicHome()), nil
	}
	items, err := agenda.Collect(rq.Tx, rq.Actor, homeLimit, in.Sources())
	if err != nil {
		return web.Reply{}, err
	}
	h := home{Has: len(rq.Actor.Grants) > 0, Log: rq.Actor.Holds(campaign.Log)}
	if h.Factor, err = in.Accounts.OwesFactor(rq.Tx, rq.Actor); err != nil {
		return web.Reply{}, err
	}
	for _, i := range items {
		t := ui.Todo{Text: i.Text, Path: i.Path, Small: i.Small}
		if !i.Due.IsZero() {
			t.Tag = i18n.TM(rq.Context(), i.Remaining(rq.Tx.Now))
		}
		day := i.On(rq.Tx.Now)
		switch day {
		case agenda.Late:
			t.Tone = ui.Late
		case agenda.Today:
			t.Tone = ui.Warn
		}
		if i.Waiting {
			if len(h.Waiting) < waitingLimit {
				h.Waiting = append(h.Waiting, t)
			} else {
				h.More = true
			}
			continue
		}
		h.Days[day] = append(h.Days[day], t)
	}
	return web.Show(rq.T("home.title"), homePage(h)), nil
}

type home struct {
	Days    [4][]ui.Todo
	Waiting []ui.Todo
	More    bool // waiting, not shown; how many is known to the lists of work
	Has     bool // any role at all
	Log     bool // activities of a unit
	Factor  bool // a role waits for a second factor
}

func (h home) empty() bool {
	return len(h.Days[0])+len(h.Days[1])+len(h.Days[2])+len(h.Days[3]) == 0
}

// badges are the counts beside the navigation.
func (in *Installation) badges(tx *db.Tx, a policy.Actor) (map[string]int, error) {
	n, err := notify.Unread(tx, a)
	return map[string]int{"inbox": n}, err
}
