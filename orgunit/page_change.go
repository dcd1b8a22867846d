package orgunit

import (
	"strconv"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

// formPage is the form by which a unit is established or changed.
type formPage struct {
	Title, Action, Back, Save string
	Under                     string // the superior, fixed when establishing
	Hint                      bool
	Superior                  *Picker
	Plan                      *Plan  // a transfer that waits to be confirmed
	Seen                      string // what it was made of
	Areas                     []ui.Option
}

const noArea = "none"

// unitForm reads the fields that establishing and changing share.
func (c *Units) unitForm(f *web.Form, u *Unit) {
	u.Name = f.Text("name", maxName, web.Need)
	u.Kind = Kind(f.Choice("kind", web.Need, strs(Kinds)...))
	u.Level = Level(f.Choice("level", web.Need, strs(Levels)...))
	u.Internal = f.Bool("internal")
	u.Sector = f.Choice("sector", false, Sectors...)
	u.Code = f.Text("code", 50, false)
	u.Phone = f.Text("phone", 100, false)
	u.Email = f.Text("email", 200, false)
	u.Address = f.Text("address", 300, false)
	switch a := f.Raw("area"); {
	case a == noArea, a == "":
		u.Area = ""
	case ids.Valid(a):
		u.Area = a
	default:
		f.Refuse("area", "orgunit.no_area")
	}
}

func strs[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = string(x)
	}
	return out
}

func dayFields(values map[string]string, name string, d civil.Date) {
	if !d.IsZero() {
		values[name+".day"], values[name+".month"], values[name+".year"] = itoa(d.Day), itoa(int(d.Month)), itoa(d.Year)
	}
}

// areaOptions offers the area of a superior and those in it: what a unit under it may serve.
func areaOptions(rq *web.Request, superior Unit, own string, day civil.Date) ([]ui.Option, error) {
	out := []ui.Option{{Value: noArea, Text: rq.T("orgunit.any_area")}}
	seen := map[string]bool{}
	add := func(a Area) {
		if !seen[a.ID] {
			seen[a.ID] = true
			out = append(out, ui.Option{Value: a.ID, Text: a.Name})
		}
	}
	for _, id := range []string{own, superior.Area} {
		if id != "" {
			a, err := AreaOn(rq.Tx, id, day)
			if err != nil {
				return nil, err
			}
			add(a)
		}
	}
	list, err := Areas(rq.Tx, superior.Area, day)
	for _, a := range list {
		add(a)
	}
	return out, err
}

func (c *Units) pageNew(rq *web.Request) (web.Reply, error) {
	s, err := c.unitOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	level := s.Level
	values := map[string]string{"once": rq.Once(), "level": string(level), "area": or(s.Area, noArea), "sector": s.Sector}
	dayFields(values, "on", civil.Of(rq.Tx.Now))
	return c.showNew(rq, rq.Filled("orgunit.new", values), s, 0)
}

func (c *Units) showNew(rq *web.Request, f *web.Form, s Unit, refused int) (web.Reply, error) {
	areas, err := areaOptions(rq, s, "", civil.Of(rq.Tx.Now))
	if err != nil {
		return web.Reply{}, err
	}
	p := formPage{Title: rq.T("orgunit.new.title"), Action: "/units/" + s.ID + "/new", Back: "/units/" + s.ID, Save: rq.T("orgunit.new.save"), Under: s.Name, Areas: areas}
	crumbs, err := c.crumbs(rq, s, civil.Of(rq.Tx.Now))
	if err != nil {
		return web.Reply{}, err
	}
	crumbs[len(crumbs)-1].Path = "/units/" + s.ID
	if refused > 0 {
		return web.Again(p.Title, f, unitFormView(f, p)).With(crumbs...), nil
	}
	return web.Show(p.Title, unitFormView(f, p)).With(crumbs...), nil
}

func (c *Units) doNew(rq *web.Request) (web.Reply, error) {
	s, err := c.unitOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("orgunit.new")
	u := Unit{Superior: s.ID}
	c.unitForm(f, &u)
	on, basis := f.Date("on", web.Need), f.Text("basis", 300, false)
	if f.OK() {
		made, err := c.Establish(rq.Tx, rq.Actor, u, on, basis)
		if err == nil {
			return web.To("/units/"+made.ID).Say("orgunit.new.done", made.Name), nil
		}
		if fields := errs.FieldsOf(err); len(fields) > 0 && fields[0].Name == "superior" { // the superior is given here: it is the level or the day that does not fit it
			at := "on"
			if fields[0].Key == "orgunit.superior_lower" {
				at = "level"
			}
			err = errs.AtField(at, fields[0].Key, fields[0].Args...)
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.showNew(rq, f, s, 1)
}

func (c *Units) pageChange(rq *web.Request) (web.Reply, error) {
	u, err := c.unitOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	values := map[string]string{"version": strconv.FormatInt(u.Version, 10), "name": u.Name, "kind": string(u.Kind), "level": string(u.Level), "sector": u.Sector, "area": or(u.Area, noArea),
		"code": u.Code, "phone": u.Phone, "email": u.Email, "address": u.Address, "once": rq.Once()}
	if u.Internal {
		values["internal"] = "1"
	}
	if u.Superior != "" {
		s, err := Present(rq.Tx, u.Superior)
		if err != nil {
			return web.Reply{}, err
		}
		values["superior"], values["superior_id"], values["superior_for"] = s.Name, s.ID, s.Name
	}
	dayFields(values, "on", civil.Of(rq.Tx.Now))
	return c.showChange(rq, rq.Filled("orgunit.edit", values), u, Picker{Name: "superior"}, nil)
}

func (c *Units) showChange(rq *web.Request, f *web.Form, u Unit, pick Picker, plan *Plan) (web.Reply, error) {
	s := Unit{}
	if u.Superior != "" {
		var err error
		if s, err = Present(rq.Tx, u.Superior); err != nil {
			return web.Reply{}, err
		}
	}
	areas, err := areaOptions(rq, s, u.Area, civil.Of(rq.Tx.Now))
	if err != nil {
		return web.Reply{}, err
	}
	p := formPage{Title: rq.T("orgunit.edit.title"), Action: "/units/" + u.ID + "/change", Back: "/units/" + u.ID, Save: rq.T("orgunit.edit.save"), Hint: true, Areas: areas, Plan: plan, Seen: seenChange(f)}
	if u.Superior != "" {
		p.Superior = &pick
	}
	crumbs, err := c.crumbs(rq, u, civil.Of(rq.Tx.Now))
	if err != nil {
		return web.Reply{}, err
	}
	crumbs[len(crumbs)-1].Path = "/units/" + u.ID
	if !f.OK() {
		return web.Again(p.Title, f, unitFormView(f, p)).With(crumbs...), nil
	}
	return web.Show(p.Title, unitFormView(f, p)).With(crumbs...), nil
}

func (c *Units) doChange(rq *web.Request) (web.Reply, error) {
	last, err := c.unitOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("orgunit.edit")
	u := last
	c.unitForm(f, &u)
	u.Version, _ = f.Int("version", 1, 1<<40, web.Need)
	on, basis := f.Date("on", web.Need), f.Text("basis", 300, false)
	pick := Picker{Name: "superior", Allowed: func(tx *db.Tx, s Unit) (bool, error) {
		if s.ID == last.Superior {
			return true, nil
		}
		return c.Editable(rq)(tx, s)
	}}
	if last.Superior != "" {
		s, err := pick.Read(rq, f, web.Need)
		if err != nil {
			return web.Reply{}, err
		}
		u.Superior = s.ID
	}
	if f.OK() && u.Superior != last.Superior && f.Raw("seen") != seenChange(f) { // a transfer is looked at first
		plan, err := c.PlanTransfer(rq.Tx, rq.Actor, u, on)
		switch {
		case err == nil:
			return c.showChange(rq, f, last, pick, &plan)
		case errs.Is(err, errs.Conflict) && u.Version != last.Version:
			return web.Reply{}, c.stale(rq, u, last)
		case !f.Take(err):
			return web.Reply{}, err
		}
	}
	if f.OK() {
		changed, err := c.Change(rq.Tx, rq.Actor, u, on, basis)
		switch {
		case err == nil:
			return web.To("/units/" + changed.ID).Say("orgunit.edit.done"), nil
		case errs.Is(err, errs.Conflict) && u.Version != last.Version:
			return web.Reply{}, c.stale(rq, u, last)
		case !f.Take(err):
			return web.Reply{}, err
		}
	}
	return c.showChange(rq, f, last, pick, nil)
}

// seenChange is a digest of what the preview of a transfer was made of.
func seenChange(f *web.Form) string {
	return seen(f, f.Raw("superior"), f.Raw("superior_id"))
}

// stale shows what was typed beside what somebody else saved meanwhile.
func (c *Units) stale(rq *web.Request, mine, theirs Unit) error {
	var pairs []web.ConflictPair
	add := func(label, a, b string) {
		if a != b {
			pairs = append(pairs, web.ConflictPair{Label: rq.T(label), Mine: dash(a), Theirs: dash(b)})
		}
	}
	names, err := Names(rq.Tx, []string{mine.Superior, theirs.Superior})
	if err != nil {
		return err
	}
	add("orgunit.name", mine.Name, theirs.Name)
	add("orgunit.superior", names[mine.Superior], names[theirs.Superior])
	add("orgunit.kind_of", rq.T("orgunit.kind."+string(mine.Kind)), rq.T("orgunit.kind."+string(theirs.Kind)))
	add("orgunit.level_of", rq.T("orgunit.level."+string(mine.Level)), rq.T("orgunit.level."+string(theirs.Level)))
	add("orgunit.code", mine.Code, theirs.Code)
	add("orgunit.phone", mine.Phone, theirs.Phone)
	add("orgunit.email", mine.Email, theirs.Email)
	add("orgunit.address", mine.Address, theirs.Address)
	add("orgunit.since_day", i18n.Date(rq.Lang, mine.From), i18n.Date(rq.Lang, theirs.From))
	return errs.Wrap(&web.ConflictError{Pairs: pairs}, errs.Conflict, "orgunit.changed_meanwhile")
}
