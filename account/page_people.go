package account

import (
	"strconv"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/ui"
	"chungtay/internal/viet"
	"chungtay/internal/web"
	"chungtay/policy"
)

func itoa(n int) string { return strconv.Itoa(n) }

const peoplePage = 50

// listed is a person in the list with the roles held today.
type listed struct {
	Person
	Roles []heldRole
}

func (c *Accounts) pagePeople(rq *web.Request) (web.Reply, error) {
	page, err := strconv.Atoi(rq.Query("page"))
	if err != nil || page < 1 {
		page = 1
	}
	filter := peopleFilter{Words: rq.Query("q"), Role: rq.Query("role"), State: State(rq.Query("state")), Sort: rq.Query("sort")}
	if _, ok := peopleOrders[filter.Sort]; !ok {
		filter.Sort = ""
	}
	scope := c.Book.Scope(rq.Actor, Read)
	people, total, err := listPeople(rq.Tx, scope, filter, page, peoplePage)
	if err != nil {
		return web.Reply{}, err
	}
	rows := make([]listed, len(people))
	for i, p := range people {
		rows[i].Person = p
		roles, err := c.held(rq, p.ID)
		if err != nil {
			return web.Reply{}, err
		}
		for _, r := range roles {
			if r.InForce {
				rows[i].Roles = append(rows[i].Roles, r)
			}
		}
	}
	pages := ui.PagesOf(page, peoplePage, total, func(n int) string { return filter.address(n) })
	return web.Show(rq.T("account.people.title"), peopleView(rows, pages, filter, c.Book.Roles(), rq.Actor.Holds(Manage))), nil
}

// seen returns a person the actor may read about; others are absent.
func (c *Accounts) seen(rq *web.Request, p policy.Permission) (Person, error) {
	id, err := rq.ID("id")
	if err != nil {
		return Person{}, err
	}
	if err := c.mayManage(rq.Tx, rq.Actor, p, id); err != nil {
		return Person{}, err
	}
	return personByID(rq.Tx, id)
}

type personPage struct {
	Person   Person
	Roles    []heldRole
	Sessions []OpenSession
	Codes    bool
	Manage   bool
	Care     bool // the whole account is the reader's to look after
	Self     bool
	Link     string // a link just made, shown once
}

func (c *Accounts) person(rq *web.Request, p Person) (web.Reply, error) {
	v := personPage{Person: p, Self: p.ID == rq.Actor.Person}
	v.Manage = c.mayManage(rq.Tx, rq.Actor, Manage, p.ID) == nil && p.State != Closed
	v.Care = v.Manage && c.mayCare(rq.Tx, rq.Actor, p.ID) == nil
	var err error
	if v.Roles, err = c.held(rq, p.ID); err != nil {
		return web.Reply{}, err
	}
	scope := c.Book.Scope(rq.Actor, Manage)
	for i, r := range v.Roles {
		if v.Roles[i].End, err = c.inScope(rq.Tx, scope, r.UnitID); err != nil && !errs.Is(err, errs.NotFound) {
			return web.Reply{}, err
		}
		v.Roles[i].End = v.Roles[i].End && v.Manage && r.Running
	}
	if c.mayManage(rq.Tx, rq.Actor, Session, p.ID) == nil {
		if v.Sessions, err = c.Sessions(rq.Tx, rq.Actor, p.ID); err != nil {
			return web.Reply{}, err
		}
	}
	if v.Codes, err = hasFactor(rq.Tx, p.ID); err != nil {
		return web.Reply{}, err
	}
	return web.Show(p.Name, personView(v)).With(peopleCrumb(rq), web.Crumb{Text: p.Name}), nil
}

func peopleCrumb(rq *web.Request) web.Crumb {
	return web.Crumb{Text: rq.T("account.people.title"), Path: "/people"}
}

func (c *Accounts) pagePerson(rq *web.Request) (web.Reply, error) {
	p, err := c.seen(rq, Read)
	if err != nil {
		return web.Reply{}, err
	}
	return c.person(rq, p)
}

func (c *Accounts) pageInvite(rq *web.Request) (web.Reply, error) {
	f := rq.Filled("account.invite", map[string]string{"once": rq.Once()})
	return web.Show(rq.T("account.invite.heading"), invitePage(f)).With(peopleCrumb(rq)), nil
}

func (c *Accounts) doInvite(rq *web.Request) (web.Reply, error) {
	f := rq.Form("account.invite")
	n := NewPerson{Name: f.Text("name", 100, web.Need), Login: f.Text("login", 100, web.Need), Email: f.Text("email", 200, false),
		Phone: f.Text("phone", 30, false), Title: f.Text("title", 150, false)}
	if f.OK() {
		p, err := c.Invite(rq.Tx, rq.Actor, n)
		if err == nil {
			return web.To("/people/"+p.ID).Say("account.invite.done", p.Name), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return web.Again(rq.T("account.invite.heading"), f, invitePage(f)).With(peopleCrumb(rq)), nil
}

// giveable lists the roles the actor could give somewhere: those whose permissions the actor holds.
func (c *Accounts) giveable(rq *web.Request) []ui.Option {
	out := []ui.Option{{Text: rq.T("account.give.choose")}}
	for _, name := range c.Book.Roles() {
		for _, g := range rq.Actor.Grants {
			if c.Book.Covers(rq.Actor, name, g.Unit, false, nil) {
				out = append(out, ui.Option{Value: name, Text: rq.T("roles." + name)})
				break
			}
		}
	}
	return out
}

func (c *Accounts) pageGive(rq *web.Request) (web.Reply, error) {
	p, err := c.seen(rq, Manage)
	if err != nil {
		return web.Reply{}, err
	}
	today := civil.Of(rq.Tx.Now)
	f := rq.Filled("account.give", map[string]string{"unit": rq.Actor.UnitName, "from.day": itoa(today.Day), "from.month": itoa(int(today.Month)), "from.year": itoa(today.Year)})
	return web.Show(rq.T("account.give.title"), givePage(f, p, c.giveable(rq), nil)).With(peopleCrumb(rq), web.Crumb{Text: p.Name, Path: "/people/" + p.ID}), nil
}

// chooseUnit turns what was typed into one unit of the actor's; several are offered to choose from.
func (c *Accounts) chooseUnit(rq *web.Request, f *web.Form, p policy.Permission) (string, []ui.Option, error) {
	if id := f.ID("unit_id", false); id != "" {
		return id, nil, nil
	}
	words := f.Text("unit", 200, web.Need)
	if words == "" {
		return "", nil, nil
	}
	found, err := c.Units.Find(rq.Tx, words, 20)
	if err != nil {
		return "", nil, err
	}
	scope := c.Book.Scope(rq.Actor, p)
	var options []ui.Option
	exact := ""
	n := 0
	for _, u := range found {
		ok, err := c.inScope(rq.Tx, scope, u.ID)
		if err != nil {
			return "", nil, err
		}
		if !ok {
			continue
		}
		options = append(options, ui.Option{Value: u.ID, Text: u.Name, Hint: u.Place})
		if viet.Fold(u.Name) == viet.Fold(words) {
			exact = u.ID
			n++
		}
	}
	switch {
	case len(options) == 1:
		return options[0].Value, nil, nil
	case n == 1:
		return exact, nil, nil
	case len(options) == 0:
		f.Refuse("unit", "account.give.no_unit")
	default:
		f.Refuse("unit_id", "account.give.which_unit")
	}
	return "", options, nil
}

func (c *Accounts) doGive(rq *web.Request) (web.Reply, error) {
	p, err := c.seen(rq, Manage)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("account.give")
	n := NewHolding{Person: p.ID, Role: f.Choice("role", web.Need, c.Book.Roles()...), Below: f.Bool("below"), From: f.Date("from", web.Need), To: f.Date("to", false),
		Reason: f.Text("reason", 300, false)}
	var units []ui.Option
	if n.Unit, units, err = c.chooseUnit(rq, f, Manage); err != nil {
		return web.Reply{}, err
	}
	if f.OK() {
		_, err := c.Give(rq.Tx, rq.Actor, n)
		switch {
		case err == nil:
			return web.To("/people/" + p.ID).Say("account.give.done"), nil
		case errs.Is(err, errs.Forbidden):
			m, _ := errs.TextOf(err)
			f.Refuse("role", m.Key, m.Args...)
		case errs.Is(err, errs.NotFound):
			f.Refuse("unit", "account.give.no_unit")
		case !f.Take(err):
			return web.Reply{}, err
		}
	}
	return web.Again(rq.T("account.give.title"), f, givePage(f, p, c.giveable(rq), units)).With(peopleCrumb(rq), web.Crumb{Text: p.Name, Path: "/people/" + p.ID}), nil
}

func (c *Accounts) doTake(rq *web.Request) (web.Reply, error) {
	p, err := c.seen(rq, Manage)
	if err != nil {
		return web.Reply{}, err
	}
	id, err := rq.ID("holding")
	if err != nil {
		return web.Reply{}, err
	}
	h, ok, err := findHolding(rq.Tx, id)
	if err != nil || !ok || h.PersonID != p.ID {
		return web.Reply{}, errs.Absent("holding", id)
	}
	if err := c.Take(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	if rq.Form("account").Raw("list") != "" {
		return web.To("/people/delegations").Say("account.delegate.ended"), nil
	}
	return web.To("/people/" + p.ID).Say("account.give.taken"), nil
}

// doLink makes a single-use link. With mail set up it is sent to the person; otherwise it is shown once, to be handed over.
func (c *Accounts) doLink(rq *web.Request) (web.Reply, error) {
	p, err := c.seen(rq, Manage)
	if err != nil {
		return web.Reply{}, err
	}
	token, err := c.MakeLink(rq.Tx, rq.Actor, p.ID)
	if err != nil {
		return web.Reply{}, err
	}
	if c.Post != nil && p.Email != "" {
		if err := c.Post.Link(rq.Tx, p, token); err != nil {
			return web.Reply{}, err
		}
		return web.To("/people/" + p.ID).Say("account.link.sent"), nil
	}
	return web.Show(rq.T("account.link.title"), linkPage(p, c.BaseURL+"/link/"+token)).With(peopleCrumb(rq), web.Crumb{Text: p.Name, Path: "/people/" + p.ID}), nil
}

func (c *Accounts) dropCodes(rq *web.Request) (web.Reply, error) {
	p, err := c.seen(rq, Manage)
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.DropCodes(rq.Tx, rq.Actor, p.ID); err != nil {
		return web.Reply{}, err
	}
	return web.To("/people/" + p.ID).Say("account.codes.dropped"), nil
}

func (c *Accounts) doClose(rq *web.Request) (web.Reply, error) {
	p, err := c.seen(rq, Manage)
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.Close(rq.Tx, rq.Actor, p.ID); err != nil {
		return web.Reply{}, err
	}
	return web.To("/people/" + p.ID).Say("account.person.closed"), nil
}

func (c *Accounts) endSessionOf(rq *web.Request) (web.Reply, error) {
	p, err := c.seen(rq, Session)
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.EndSession(rq.Tx, rq.Actor, p.ID, rq.HTTP.PathValue("session")); err != nil {
		return web.Reply{}, err
	}
	if rq.Form("account").Raw("list") != "" {
		return web.To("/people/sessions").Say("account.me.session_ended"), nil
	}
	return web.To("/people/" + p.ID).Say("account.me.session_ended"), nil
}
