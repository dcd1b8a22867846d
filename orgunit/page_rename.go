package orgunit

import (
	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

// renamePage offers the units of an area that bear its former name.
type renamePage struct {
	Area   Area
	Units  []ui.Option
	Chosen []string
}

// renaming reads what there is to rename in the area of the address.
func (c *Units) renaming(rq *web.Request) (p renamePage, err error) {
	id, err := rq.ID("id")
	if err != nil {
		return p, err
	}
	if p.Area, err = AreaOn(rq.Tx, id, civil.Of(rq.Tx.Now)); err != nil {
		return p, err
	}
	list, err := c.Outdated(rq.Tx, rq.Actor, id)
	for _, r := range list {
		p.Units = append(p.Units, ui.Option{Value: r.Unit.ID, Text: r.Name, Hint: rq.T("orgunit.rename.now", r.Unit.Name)})
	}
	return p, err
}

func (c *Units) pageRename(rq *web.Request) (web.Reply, error) {
	p, err := c.renaming(rq)
	if err != nil {
		return web.Reply{}, err
	}
	p.Chosen = values(p.Units)
	v := map[string]string{"once": rq.Once(), "basis": p.Area.Basis}
	dayFields(v, "on", p.Area.From)
	return showRename(rq, rq.Filled("orgunit.rename", v), p), nil
}

func showRename(rq *web.Request, f *web.Form, p renamePage) web.Reply {
	title := rq.T("orgunit.rename.title")
	rep := web.Show(title, renameView(f, p))
	if !f.OK() {
		rep = web.Again(title, f, renameView(f, p))
	}
	return rep.With(web.Crumb{Text: rq.T("orgunit.areas.title"), Path: "/areas"}, web.Crumb{Text: p.Area.Name, Path: "/areas/" + p.Area.ID}, web.Crumb{Text: title}).Under(top)
}

func (c *Units) doRename(rq *web.Request) (web.Reply, error) {
	p, err := c.renaming(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("orgunit.rename")
	on, basis := f.Date("on", web.Need), f.Text("basis", 300, web.Need)
	p.Chosen = f.Choices("units", web.Need, values(p.Units)...)
	if f.OK() {
		err := c.Rename(rq.Tx, rq.Actor, p.Area.ID, p.Chosen, on, basis)
		if err == nil {
			return web.To("/areas/"+p.Area.ID).Say("orgunit.rename.done", len(p.Chosen)), nil
		}
		if m, ok := errs.TextOf(err); ok && errs.Is(err, errs.Conflict) {
			f.Refuse("units", m.Key, m.Args...)
		} else if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return showRename(rq, f, p), nil
}
