package orgunit

import (
	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

type setsPage struct {
	Superior  Unit
	Provinces []ui.Option
	Day       civil.Date
}

// setSuperior is the unit under which a province's set is made: the government, or the highest unit the actor may change.
func (c *Units) setSuperior(rq *web.Request) (Unit, error) {
	rs, err := roots(rq.Tx, civil.Of(rq.Tx.Now))
	if err != nil {
		return Unit{}, err
	}
	for _, r := range rs {
		if r.Kind == Government && c.may(rq.Tx, rq.Actor, r.ID) == nil {
			return r, nil
		}
	}
	return Unit{}, errs.New(errs.Forbidden, "orgunit.sets.may_not")
}

func (c *Units) pageSets(rq *web.Request) (web.Reply, error) {
	values := map[string]string{"once": rq.Once()}
	dayFields(values, "on", civil.Of(rq.Tx.Now))
	return c.showSets(rq, rq.Filled("orgunit.sets", values))
}

func (c *Units) showSets(rq *web.Request, f *web.Form) (web.Reply, error) {
	s, err := c.setSuperior(rq)
	if err != nil {
		return web.Reply{}, err
	}
	p := setsPage{Superior: s, Day: formDay(rq, f)}
	list, err := Areas(rq.Tx, "", p.Day)
	if err != nil {
		return web.Reply{}, err
	}
	p.Provinces = []ui.Option{{Text: rq.T("orgunit.sets.choose")}}
	for _, a := range list {
		p.Provinces = append(p.Provinces, ui.Option{Value: a.ID, Text: a.Name})
	}
	crumbs := []web.Crumb{{Text: rq.T("orgunit.title"), Path: top}, {Text: rq.T("orgunit.sets.title")}}
	if !f.OK() {
		return web.Again(rq.T("orgunit.sets.title"), f, setsView(f, p)).With(crumbs...).Under(top), nil
	}
	return web.Show(rq.T("orgunit.sets.title"), setsView(f, p)).With(crumbs...).Under(top), nil
}

func (c *Units) doSet(rq *web.Request) (web.Reply, error) {
	s, err := c.setSuperior(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("orgunit.sets")
	on, basis := f.Date("on", web.Need), f.Text("basis", 300, false)
	area := f.Raw("area")
	if !ids.Valid(area) {
		f.Refuse("area", "orgunit.need_province")
	}
	if f.OK() {
		u, err := c.EstablishProvince(rq.Tx, rq.Actor, s.ID, area, on, basis)
		switch {
		case err == nil:
			return web.To("/units/"+u.ID).Say("orgunit.sets.done", u.Name), nil
		case errs.Is(err, errs.NotFound):
			f.Refuse("area", "orgunit.need_province")
		case errs.Is(err, errs.Conflict):
			m, _ := errs.TextOf(err)
			f.Refuse("area", m.Key, m.Args...)
		case !f.Take(err):
			return web.Reply{}, err
		}
	}
	return c.showSets(rq, f)
}
