package task

import (
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

type newView struct {
	Form    *web.Form
	Action  string
	Parent  *Task
	Units   []orgunit.Unit // what the words mean
	Unknown []string
	Issuers []ui.Option
	Bounds  []ui.Option
	Limit   string // own deadline, which may not be exceeded
}

func boundOptions(rq *web.Request) []ui.Option {
	return []ui.Option{{Value: string(deadline.Until), Text: rq.T("task.bound.until")}, {Value: string(deadline.Before), Text: rq.T("task.bound.before")}}
}

// issuers are the units in whose name the actor gives work.
func (c *Tasks) issuers(rq *web.Request) ([]ui.Option, error) {
	var out []ui.Option
	seen := map[string]bool{}
	for _, g := range rq.Actor.Grants {
		if seen[g.Unit] || c.mayFor(rq.Tx, rq.Actor, Assign, g.Unit) != nil {
			continue
		}
		seen[g.Unit] = true
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

func (c *Tasks) pageNew(rq *web.Request) (web.Reply, error) {
	f := rq.Filled("task.new", map[string]string{"once": rq.Once(), "bound": string(deadline.Until), "issuer": rq.Actor.Unit})
	return c.newPage(rq, newView{Form: f, Action: "/tasks/new"})
}

func (c *Tasks) newPage(rq *web.Request, v newView) (web.Reply, error) {
	var err error
	if v.Issuers, err = c.issuers(rq); err != nil {
		return web.Reply{}, err
	}
	v.Bounds = boundOptions(rq)
	title := rq.T("task.new.title")
	if v.Parent != nil {
		title = rq.T("task.delegate.title")
	}
	if !v.Form.OK() {
		return web.Again(title, v.Form, newTaskPage(v, title)).With(crumb(rq)), nil
	}
	return web.Show(title, newTaskPage(v, title)).With(crumb(rq)), nil
}

// read takes the form of new work. The units are named in the words of papers, resolved for the issuer and shown before anything is given.
func (c *Tasks) read(rq *web.Request, f *web.Form, issuer string) (New, newView, error) {
	v := newView{Form: f}
	n := New{Issuer: issuer, Text: f.LongText("text", maxText, web.Need), Product: f.Text("product", maxProduct, false)}
	bound := f.Choice("bound", web.Need, string(deadline.Until), string(deadline.Before))
	if day := f.Date("due", false); !day.IsZero() {
		n.Due = deadline.New(deadline.Bound(bound), day)
		if !n.Due.Met(rq.Tx.Now) {
			f.Refuse("due", "task.due_past")
		}
	}
	if n.Start = f.Date("start", false); !n.Start.IsZero() && !n.Due.IsZero() && n.Due.Last().Before(n.Start) {
		f.Refuse("due", "task.due_before_start")
	}
	today := civil.Of(rq.Tx.Now)
	resolve := func(field string, need bool) ([]string, []orgunit.Unit, []string, error) {
		words := f.LongText(field, 2000, need)
		if strings.TrimSpace(words) == "" {
			return nil, nil, nil, nil
		}
		r, err := orgunit.Resolve(rq.Tx, issuer, words, today)
		if err != nil {
			return nil, nil, nil, err
		}
		unknown := append(r.Unknown, r.NotUnits...)
		if len(unknown) > 0 {
			f.Refuse(field, "task.new.unknown", strings.Join(unknown, "; "))
		} else if len(r.Units) == 0 {
			f.Refuse(field, "task.need_units")
		}
		var out []string
		for _, u := range r.Units {
			out = append(out, u.ID)
		}
		return out, r.Units, unknown, nil
	}
	var err error
	if n.Units, v.Units, v.Unknown, err = resolve("units", web.Need); err != nil {
		return n, v, err
	}
	n.Cooperate, _, _, err = resolve("cooperate", false)
	return n, v, err
}

func (c *Tasks) doNew(rq *web.Request) (web.Reply, error) {
	f := rq.Form("task.new")
	issuer := f.ID("issuer", web.Need)
	if f.OK() {
		if err := c.mayFor(rq.Tx, rq.Actor, Assign, issuer); err != nil {
			f.Refuse("issuer", "task.new.issuer_bad")
		}
	}
	if !f.OK() {
		return c.newPage(rq, newView{Form: f, Action: "/tasks/new"})
	}
	n, v, err := c.read(rq, f, issuer)
	v.Action = "/tasks/new"
	if err != nil {
		return web.Reply{}, err
	}
	if f.OK() && f.Raw("confirmed") != f.Raw("units") {
		v.Form = f
		return c.newPage(rq, v) // shows the units that are meant; the same words sent again give the work
	}
	if f.OK() {
		made, err := c.Assign(rq.Tx, rq.Actor, n)
		if err == nil {
			to := "/tasks?side=given"
			if len(made) == 1 {
				to = "/tasks/" + made[0]
			}
			return web.To(to).Say("task.said.assigned", len(made)), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.newPage(rq, v)
}

func (c *Tasks) parent(rq *web.Request) (Task, Order, error) {
	id, err := rq.ID("id")
	if err != nil {
		return Task{}, Order{}, err
	}
	t, err := c.may(rq.Tx, rq.Actor, Work, id)
	if err != nil {
		return t, Order{}, err
	}
	o, err := orderOf(rq.Tx, t.Order)
	return t, o, err
}

func (c *Tasks) pageDelegate(rq *web.Request) (web.Reply, error) {
	t, o, err := c.parent(rq)
	if err != nil {
		return web.Reply{}, err
	}
	values := map[string]string{"once": rq.Once(), "text": o.Text, "product": o.Product, "bound": string(t.DueBound)}
	put := func(name string, d civil.Date) {
		if !d.IsZero() {
			values[name+".day"], values[name+".month"], values[name+".year"] = itoa(d.Day), itoa(int(d.Month)), itoa(d.Year)
		}
	}
	put("start", o.Start)
	put("due", t.DueDay)
	if t.DueDay.IsZero() {
		values["bound"] = string(deadline.Until)
	}
	return c.newPage(rq, newView{Form: rq.Filled("task.new", values), Action: "/tasks/" + t.ID + "/delegate", Parent: &t, Limit: t.DueWords})
}

func (c *Tasks) doDelegate(rq *web.Request) (web.Reply, error) {
	t, _, err := c.parent(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("task.new")
	n, v, err := c.read(rq, f, t.Unit)
	if err != nil {
		return web.Reply{}, err
	}
	v.Action, v.Parent, v.Limit = "/tasks/"+t.ID+"/delegate", &t, t.DueWords
	if f.OK() && f.Raw("confirmed") != f.Raw("units") {
		return c.newPage(rq, v)
	}
	if f.OK() {
		made, err := c.Delegate(rq.Tx, rq.Actor, t.ID, n)
		if err == nil {
			return web.To("/tasks/"+t.ID).Say("task.said.assigned", len(made)), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.newPage(rq, v)
}
