package notify

import (
	"net/url"

	"chungtay/account"
	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/web"
)

// shownDelivery is a delivery as the administrator sees it: to whom and whether it arrived, not what it says.
type shownDelivery struct {
	Delivery
	Name string `db:"name"`
	Kind string `db:"kind"`
}

type deliveriesPage struct {
	State, Channel string
	List           []shownDelivery
	Letters        []shownLetter
	Counts         map[State]int
	Channels       []string
	Newest, Older  string
}

type shownLetter struct {
	letter
	Name string
}

func deliveriesPath(state, channel, before string) string {
	q := url.Values{}
	for k, v := range map[string]string{"state": state, "channel": channel, "before": before} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if len(q) == 0 {
		return "/system/deliveries"
	}
	return "/system/deliveries?" + q.Encode()
}

func (n *Notices) pageDeliveries(rq *web.Request) (web.Reply, error) {
	p := deliveriesPage{State: rq.Query("state"), Channel: rq.Query("channel")}
	before := rq.Query("before")
	if !ids.Valid(before) {
		before = ""
	}
	for _, c := range n.Channels {
		p.Channels = append(p.Channels, c.Name())
	}
	var err error
	if p.Counts, err = countDeliveries(rq.Tx); err != nil {
		return web.Reply{}, err
	}
	list, err := listDeliveries(rq.Tx, p.State, p.Channel, before, pageSize+1)
	if err != nil {
		return web.Reply{}, err
	}
	if len(list) > pageSize {
		list = list[:pageSize]
		p.Older = deliveriesPath(p.State, p.Channel, list[pageSize-1].ID)
	}
	if before != "" {
		p.Newest = deliveriesPath(p.State, p.Channel, "")
	}
	letters, err := listLetters(rq.Tx, 20)
	if err != nil {
		return web.Reply{}, err
	}
	var people []string
	for _, d := range list {
		people = append(people, d.PersonID)
	}
	for _, l := range letters {
		people = append(people, l.PersonID)
	}
	names, err := account.NamesOf(rq.Tx, people)
	if err != nil {
		return web.Reply{}, err
	}
	for _, d := range list {
		d.Name = names[d.PersonID]
		p.List = append(p.List, d)
	}
	for _, l := range letters {
		p.Letters = append(p.Letters, shownLetter{l, names[l.PersonID]})
	}
	return web.Show(rq.T("notify.deliveries.title"), deliveriesView(p)), nil
}

// doAgain sends a failed delivery again.
func (n *Notices) doAgain(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if err := Again(rq.Tx, id); err != nil {
		return web.Reply{}, err
	}
	if err := audit.Log(rq.Tx, rq.Actor, audit.By(Deliveries), audit.Deed{Action: "notify.again", Kind: "delivery", ID: id}); err != nil {
		return web.Reply{}, err
	}
	return web.To("/system/deliveries").Say("notify.deliveries.again_done"), nil
}

// Again lets a failed delivery go out once more.
func Again(tx *db.Tx, id string) error {
	d, ok, err := findDelivery(tx, id)
	if err != nil {
		return err
	}
	if !ok {
		return errs.Absent("delivery", id)
	}
	if d.State != Failed {
		return errs.New(errs.Conflict, "notify.deliveries.not_failed")
	}
	return waitAgain(tx, id)
}

// doTest sends the administrator a message by each channel, to see whether the settings work.
func (n *Notices) doTest(rq *web.Request) (web.Reply, error) {
	if len(n.Channels) == 0 {
		return web.To("/system/deliveries").Say("notify.deliveries.no_channel"), nil
	}
	if err := Send(rq.Tx, Notice{Person: rq.Actor.Person, Kind: "notify.test", Key: "notify.test", Args: []any{rq.Tx.Now}, Path: "/system/deliveries", Urgent: true}); err != nil {
		return web.Reply{}, err
	}
	if err := audit.Log(rq.Tx, rq.Actor, audit.By(Deliveries), audit.Deed{Action: "notify.tested", Kind: "delivery"}); err != nil {
		return web.Reply{}, err
	}
	return web.To("/system/deliveries").Say("notify.deliveries.test_sent"), nil
}
