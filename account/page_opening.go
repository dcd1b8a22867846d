package account

import (
	"net/url"

	"chungtay/internal/agenda"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/policy"
)

// ReasonPath is where a room sends a person who has to say why before a protected record opens; next is the address of the record.
func ReasonPath(kind, record, next string) string {
	return "/reason?" + url.Values{"kind": {kind}, "record": {record}, "next": {web.LocalPath(next)}}.Encode()
}

func (c *Accounts) pageReason(rq *web.Request) (web.Reply, error) {
	kind, record := rq.Query("kind"), rq.Query("record")
	if err := c.mayState(rq.Tx, rq.Actor, kind, record); err != nil {
		return web.Reply{}, err
	}
	f := rq.Filled("account.opening", map[string]string{"kind": kind, "record": record, "next": rq.Query("next")})
	return web.Show(rq.T("account.opening.reason_title"), reasonPage(f)), nil
}

// mayState tells whether the record stands before the actor at all.
func (c *Accounts) mayState(tx *db.Tx, by policy.Actor, kind, record string) error {
	k, ok := c.protected(kind)
	if !ok || !ids.Valid(record) {
		return errs.Absent("record", record)
	}
	r, ok, err := k.Find(tx, record)
	if err == nil && (!ok || c.Book.Needs(by, k.Permission, r) == policy.Withheld) {
		err = errs.Absent(kind, record)
	}
	return err
}

func (c *Accounts) doReason(rq *web.Request) (web.Reply, error) {
	f := rq.Form("account.opening")
	kind, record := f.Raw("kind"), f.Raw("record")
	if err := c.mayState(rq.Tx, rq.Actor, kind, record); err != nil {
		return web.Reply{}, err
	}
	reason := f.Text("reason", 300, web.Need)
	if f.OK() {
		o, err := c.StateReason(rq.Tx, rq.Actor, kind, record, reason)
		if err == nil {
			next := web.LocalPath(f.Raw("next"))
			if k, _ := c.protected(kind); next == "/" {
				next = k.Path(o.RecordID)
			}
			return web.To(next), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return web.Again(rq.T("account.opening.reason_title"), f, reasonPage(f)), nil
}

// breakable lists the kinds of record that the actor may open in an emergency.
func (c *Accounts) breakable(rq *web.Request) []ui.Option {
	var out []ui.Option
	for _, k := range c.Protected {
		if c.Book.MayBreakGlass(rq.Actor, k.Permission) {
			out = append(out, ui.Option{Value: k.Kind, Text: rq.T("record." + k.Kind)})
		}
	}
	return out
}

// shownOpening is an opening with its words for a list.
type shownOpening struct {
	Opening
	Who, Unit, Path string
}

func (c *Accounts) shown(rq *web.Request, list []Opening) ([]shownOpening, error) {
	var people []string
	for _, o := range list {
		people = append(people, o.PersonID, o.ReviewedBy)
	}
	names, err := NamesOf(rq.Tx, people)
	if err != nil {
		return nil, err
	}
	out := make([]shownOpening, len(list))
	for i, o := range list {
		out[i] = shownOpening{Opening: o, Who: names[o.PersonID]}
		if o.UnitID != "" {
			if out[i].Unit, err = c.unitName(rq, o.UnitID); err != nil {
				return nil, err
			}
		}
		if k, ok := c.protected(o.Kind); ok {
			out[i].Path = k.Path(o.RecordID)
		}
	}
	return out, nil
}

func (c *Accounts) pageEmergency(rq *web.Request) (web.Reply, error) {
	return c.emergency(rq, rq.Filled("account.opening", nil))
}

func (c *Accounts) emergency(rq *web.Request, f *web.Form) (web.Reply, error) {
	open, err := listOpen(rq.Tx, rq.Actor.Person)
	if err != nil {
		return web.Reply{}, err
	}
	list, err := c.shown(rq, open)
	if err != nil {
		return web.Reply{}, err
	}
	body := emergencyPage(f, list, c.breakable(rq), rq.Actor.SecondFactor)
	if !f.OK() {
		return web.Again(rq.T("account.opening.title"), f, body), nil
	}
	return web.Show(rq.T("account.opening.title"), body), nil
}

func (c *Accounts) doEmergency(rq *web.Request) (web.Reply, error) {
	f := rq.Form("account.opening")
	var kinds []string
	for _, o := range c.breakable(rq) {
		kinds = append(kinds, o.Value)
	}
	if len(kinds) == 0 {
		return web.Reply{}, errs.New(errs.Forbidden, "account.may_not_break")
	}
	kind := f.Choice("kind", web.Need, kinds...)
	code, reason := f.Text("code", 100, web.Need), f.Text("reason", 300, web.Need)
	if f.OK() {
		o, err := c.BreakGlass(rq.Tx, rq.Actor, kind, code, reason)
		if err == nil {
			k, _ := c.protected(kind)
			return web.To(k.Path(o.RecordID)).Say("account.opening.broken", o.Until), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.emergency(rq, f)
}

func (c *Accounts) endEmergency(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.EndOpening(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	return web.To("/emergency").Say("account.opening.ended"), nil
}

func (c *Accounts) pageReviews(rq *web.Request) (web.Reply, error) {
	waiting := rq.Query("done") == ""
	before := rq.Query("before")
	if !ids.Valid(before) {
		before = ""
	}
	list, err := listEmergencies(rq.Tx, c.Book.Scope(rq.Actor, Review), rq.Actor.Person, waiting, before, peoplePage+1)
	if err != nil {
		return web.Reply{}, err
	}
	older := ""
	if len(list) > peoplePage {
		list = list[:peoplePage]
		older = list[peoplePage-1].ID
	}
	rows, err := c.shown(rq, list)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Show(rq.T("account.opening.review"), reviewsPage(rows, waiting, before, older)), nil
}

// review finds the broken glass that an actor reviews.
func (c *Accounts) review(rq *web.Request) (Opening, error) {
	id, err := rq.ID("id")
	if err != nil {
		return Opening{}, err
	}
	o, ok, err := findOpening(rq.Tx, id)
	if err == nil && ok {
		ok, err = c.reviewable(rq.Tx, rq.Actor, o)
	}
	if err == nil && !ok {
		err = errs.Absent("opening", id)
	}
	return o, err
}

func (c *Accounts) pageReview(rq *web.Request) (web.Reply, error) {
	o, err := c.review(rq)
	if err != nil {
		return web.Reply{}, err
	}
	return c.showReview(rq, rq.Filled("account.opening", nil), o)
}

func (c *Accounts) showReview(rq *web.Request, f *web.Form, o Opening) (web.Reply, error) {
	rows, err := c.shown(rq, []Opening{o})
	if err != nil {
		return web.Reply{}, err
	}
	body := reviewPage(f, rows[0])
	rep := web.Show(rq.T("account.opening.review"), body)
	if !f.OK() {
		rep = web.Again(rq.T("account.opening.review"), f, body)
	}
	return rep.With(web.Crumb{Text: rq.T("account.opening.review"), Path: "/emergency-reviews"}, web.Crumb{Text: rows[0].Who}), nil
}

func (c *Accounts) doReview(rq *web.Request) (web.Reply, error) {
	o, err := c.review(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("account.opening")
	v := Verdict(f.Choice("verdict", web.Need, string(Justified), string(Unjustified)))
	remark := f.Text("remark", 300, false)
	if f.OK() {
		err := c.ReviewOpening(rq.Tx, rq.Actor, o.ID, v, remark)
		if err == nil {
			return web.To("/emergency-reviews").Say("account.opening.reviewed"), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.showReview(rq, f, o)
}

// reviewDays is how long a review may wait before it counts as late.
const reviewDays = 3

// Agenda lists the broken glass that waits for the actor's review, for the home page.
func (c *Accounts) Agenda(tx *db.Tx, a policy.Actor, limit int) ([]agenda.Item, error) {
	if !a.Holds(Review) {
		return nil, nil
	}
	list, err := listEmergencies(tx, c.Book.Scope(a, Review), a.Person, true, "", limit)
	if err != nil {
		return nil, err
	}
	out := make([]agenda.Item, len(list))
	for i, o := range list {
		name, err := NameOf(tx, o.PersonID)
		if err != nil {
			return nil, err
		}
		out[i] = agenda.Item{Text: i18n.T(tx.Context(), "account.opening.to_review", name), Path: "/emergency-reviews/" + o.ID, Due: civil.Of(o.At).AddDays(reviewDays).End()}
	}
	return out, nil
}
