package formbook

import (
	"chungtay/internal/errs"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

type newView struct {
	Form   *web.Form
	Units  []ui.Option
	Source string // title of what is copied
}

// owners are the units in whose name the actor writes forms.
func (b *Books) owners(rq *web.Request) ([]ui.Option, error) {
	var out []ui.Option
	seen := map[string]bool{}
	for _, g := range rq.Actor.Grants {
		if seen[g.Unit] || g.Unit == "" {
			continue
		}
		seen[g.Unit] = true
		ok, err := b.mayEdit(rq.Tx, rq.Actor, g.Unit)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return nil, err
		}
		if !ok {
			continue
		}
		u, err := orgunit.Present(rq.Tx, g.Unit)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, ui.Option{Value: g.Unit, Text: u.Name})
	}
	return out, nil
}

func (b *Books) pageNew(rq *web.Request) (web.Reply, error) {
	values := map[string]string{"once": rq.Once(), "from": rq.Query("from"), "unit": rq.Actor.Unit}
	if from := rq.Query("from"); from != "" {
		_, f, err := b.see(rq.Tx, rq.Actor, from)
		if err != nil {
			return web.Reply{}, err
		}
		values["title"], values["code"] = f.Title, f.Code+"_2"
	}
	return b.newPage(rq, rq.Filled("formbook.new", values))
}

func (b *Books) newPage(rq *web.Request, f *web.Form) (web.Reply, error) {
	v := newView{Form: f}
	var err error
	if v.Units, err = b.owners(rq); err != nil {
		return web.Reply{}, err
	}
	if from := f.Raw("from"); from != "" {
		_, source, err := b.see(rq.Tx, rq.Actor, from)
		if err != nil {
			return web.Reply{}, err
		}
		v.Source = source.Title
	}
	title := rq.T("formbook.new.page")
	if v.Source != "" {
		title = rq.T("formbook.new.copy")
	}
	if !f.OK() {
		return web.Again(title, f, newPage(v, title)).With(crumb(rq)), nil
	}
	return web.Show(title, newPage(v, title)).With(crumb(rq)), nil
}

func (b *Books) doNew(rq *web.Request) (web.Reply, error) {
	f := rq.Form("formbook.new")
	n := New{Title: f.Text("title", maxTitle, web.Need), Code: f.Text("code", 60, web.Need), Unit: f.ID("unit", web.Need), From: f.ID("from", false)}
	if f.OK() {
		id, err := b.Begin(rq.Tx, rq.Actor, n)
		if err == nil {
			return web.To("/forms/" + id + "/edit").Say("formbook.said.begun"), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return b.newPage(rq, f)
}
