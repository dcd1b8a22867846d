package orgunit

import (
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/web"
)

// listed is how many units of one part of a phrase a page lists.
const listed = 300

type groupsPage struct {
	Issuer Unit
	Day    civil.Date
	Res    *Resolution
	Saved  []Group
	Edit   bool
	MayAdd bool
}

// groupIssuer is the unit from which phrases are seen: the one the person works for.
func (c *Units) groupIssuer(rq *web.Request) (Unit, error) {
	if !ids.Valid(rq.Actor.Unit) {
		return Unit{}, errs.New(errs.Conflict, "orgunit.groups.no_unit")
	}
	return Present(rq.Tx, rq.Actor.Unit)
}

func (c *Units) pageGroups(rq *web.Request) (web.Reply, error) {
	values := map[string]string{"phrase": rq.Query("phrase"), "once": rq.Once()}
	if id := rq.Query("group"); ids.Valid(id) {
		g, err := GroupOf(rq.Tx, rq.Actor.Unit, id)
		if err != nil {
			return web.Reply{}, err
		}
		values["phrase"], values["name"], values["group"] = g.Phrase, g.Name, g.ID
	}
	return c.showGroups(rq, rq.Filled("orgunit.groups", values), values["phrase"] != "")
}

func (c *Units) showGroups(rq *web.Request, f *web.Form, resolve bool) (web.Reply, error) {
	u, err := c.groupIssuer(rq)
	if err != nil {
		return web.Reply{}, err
	}
	p := groupsPage{Issuer: u, Day: civil.Of(rq.Tx.Now), Edit: rq.Actor.Holds(Edit), MayAdd: c.mayKeep(rq.Tx, rq.Actor, u.ID) == nil}
	if p.Saved, err = Groups(rq.Tx, u.ID); err != nil {
		return web.Reply{}, err
	}
	if phrase := strings.TrimSpace(f.Raw("phrase")); resolve && phrase != "" {
		r, err := Resolve(rq.Tx, u.ID, phrase, p.Day)
		if err != nil {
			return web.Reply{}, err
		}
		p.Res = &r
	}
	body := groupsView(f, p)
	if !f.OK() {
		return web.Again(rq.T("orgunit.groups.title"), f, body).Under(top), nil
	}
	return web.Show(rq.T("orgunit.groups.title"), body).Under(top), nil
}

func (c *Units) doGroup(rq *web.Request) (web.Reply, error) {
	f := rq.Form("orgunit.groups")
	phrase := f.LongText("phrase", maxPhrase, web.Need)
	if f.Raw("step") != "save" {
		return c.showGroups(rq, f, f.OK())
	}
	g := Group{ID: f.ID("group", false), Owner: rq.Actor.Unit, Name: f.Text("name", maxGroupName, web.Need), Phrase: phrase}
	if f.OK() {
		_, err := c.SaveGroup(rq.Tx, rq.Actor, g)
		if err == nil {
			return web.To("/unit-groups").Say("orgunit.groups.saved"), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.showGroups(rq, f, true)
}

func (c *Units) dropGroup(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if _, err := GroupOf(rq.Tx, rq.Actor.Unit, id); err != nil {
		return web.Reply{}, err
	}
	if err := c.DropGroup(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	return web.To("/unit-groups").Say("orgunit.groups.dropped"), nil
}
