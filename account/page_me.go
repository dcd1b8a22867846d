package account

import (
	"strings"

	"rsc.io/qr"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/web"
)

// heldRole is a holding as pages show it.
type heldRole struct {
	Holding
	Unit     string
	From     string // who delegated it
	To       string // to whom it is delegated (own delegations)
	InForce  bool
	Running  bool // in force or to come
	Delegate bool // may be delegated
	End      bool // may be ended by the reader
}

// held lists what a person holds, the present first, with names.
func (c *Accounts) held(rq *web.Request, person string) ([]heldRole, error) {
	hs, err := listHoldings(rq.Tx, person)
	if err != nil {
		return nil, err
	}
	today := civil.Of(rq.Tx.Now)
	var now, past []heldRole
	for _, h := range hs {
		r := heldRole{Holding: h, InForce: h.InForce(today)}
		if r.Unit, err = c.unitName(rq, h.UnitID); err != nil {
			return nil, err
		}
		if h.Of != "" {
			from, ok, err := findHolding(rq.Tx, h.Of)
			if err != nil {
				return nil, err
			}
			if ok {
				p, err := personByID(rq.Tx, from.PersonID)
				if err != nil {
					return nil, err
				}
				r.From = p.Name
				r.InForce = r.InForce && from.InForce(today)
			}
		}
		r.Delegate = r.InForce && h.Of == ""
		if r.Running = r.InForce || h.EndedAt.IsZero() && h.FromDay.After(today); r.Running {
			now = append(now, r)
		} else {
			past = append(past, r)
		}
	}
	return append(now, past...), nil
}

func (c *Accounts) unitName(rq *web.Request, id string) (string, error) {
	name, err := c.Units.Name(rq.Tx, id)
	if errs.Is(err, errs.NotFound) {
		return rq.T("account.unit_gone"), nil
	}
	return name, err
}

type mePage struct {
	Person      Person
	Unit        string
	Units       [][2]string // other units to switch to
	Roles       []heldRole
	Delegations []heldRole
	Sessions    []OpenSession
	Codes       bool // turned on
	Passkeys    []Passkey
	Strong      bool   // this session was opened with a second factor
	Provider    string // name of the sign-on provider, if one is set up
	Linked      bool   // with the provider
	Needs       bool   // a role held needs a second factor and this session has none
	Glass       bool   // a role held may open protected records in an emergency
}

func (c *Accounts) pageMe(rq *web.Request) (web.Reply, error) {
	if rq.Actor.Person == "" {
		return web.Reply{}, errs.Absent("person", "")
	}
	m, err := c.me(rq)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Show(rq.T("account.me.title"), meView(rq.Context(), m)), nil
}

func (c *Accounts) me(rq *web.Request) (m mePage, err error) {
	if m.Person, err = personByID(rq.Tx, rq.Actor.Person); err != nil {
		return m, err
	}
	m.Unit, m.Glass = rq.Actor.UnitName, len(c.breakable(rq)) > 0
	if m.Roles, err = c.held(rq, m.Person.ID); err != nil {
		return m, err
	}
	seen := map[string]bool{rq.Actor.Unit: true}
	for _, r := range m.Roles {
		if r.InForce && !seen[r.UnitID] {
			seen[r.UnitID] = true
			m.Units = append(m.Units, [2]string{r.UnitID, r.Unit})
		}
		if r.InForce && c.Book[r.Role].SecondFactor && !rq.Actor.SecondFactor {
			m.Needs = true
		}
	}
	given, err := listDelegated(rq.Tx, m.Person.ID)
	if err != nil {
		return m, err
	}
	today := civil.Of(rq.Tx.Now)
	for _, h := range given {
		if !h.EndedAt.IsZero() || h.ToDay.Before(today) {
			continue
		}
		r := heldRole{Holding: h, InForce: h.InForce(today)}
		if r.Unit, err = c.unitName(rq, h.UnitID); err != nil {
			return m, err
		}
		p, err := personByID(rq.Tx, h.PersonID)
		if err != nil {
			return m, err
		}
		r.To = p.Name
		m.Delegations = append(m.Delegations, r)
	}
	if m.Sessions, err = c.Sessions(rq.Tx, rq.Actor, m.Person.ID); err != nil {
		return m, err
	}
	t, ok, err := findTOTP(rq.Tx, m.Person.ID)
	if err != nil {
		return m, err
	}
	m.Codes = ok && !t.ConfirmedAt.IsZero()
	m.Strong = rq.Actor.SecondFactor
	if m.Passkeys, err = listPasskeys(rq.Tx, m.Person.ID); err != nil {
		return m, err
	}
	if c.SignOn != nil {
		m.Provider = c.SignOn.Name
		m.Linked, err = hasIdentity(rq.Tx, m.Person.ID, c.SignOn.Issuer)
	}
	return m, err
}

func (c *Accounts) pagePassword(rq *web.Request) (web.Reply, error) {
	f := rq.Filled("account.password", nil)
	return web.Show(rq.T("account.password.title"), passwordPage(f)).With(meCrumb(rq)), nil
}

func meCrumb(rq *web.Request) web.Crumb {
	return web.Crumb{Text: rq.T("account.me.title"), Path: "/me"}
}

func (c *Accounts) doPassword(rq *web.Request) (web.Reply, error) {
	f := rq.Form("account.password")
	if f.Raw("present") == "" {
		f.Refuse("present", "account.password.need_present")
	}
	password := newPassword(f)
	if f.OK() {
		err := c.ChangePassword(rq.Context(), rq.DB(), rq.Actor, f.Raw("present"), password)
		if err == nil {
			return web.To("/me").Say("account.password.saved"), nil
		}
		if errs.Is(err, errs.TooMany) {
			m, _ := errs.TextOf(err)
			f.Refuse("", m.Key, m.Args...)
		} else if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return web.Again(rq.T("account.password.title"), f, passwordPage(f)).With(meCrumb(rq)), nil
}

func (c *Accounts) doUnit(rq *web.Request) (web.Reply, error) {
	f := rq.Form("account.me")
	unit := f.ID("unit", web.Need)
	if !f.OK() {
		return web.Reply{}, errs.Absent("unit", "")
	}
	if err := c.SwitchUnit(rq.Tx, rq.Actor, unit); err != nil {
		return web.Reply{}, err
	}
	return web.To("/").Say("account.me.switched"), nil
}

func (c *Accounts) startCodes(rq *web.Request) (web.Reply, error) {
	secret, address, err := c.StartCodes(rq.Tx, rq.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Filled("account.codes", nil)
	return c.showCodes(rq, f, secret, address)
}

// showCodes shows a new secret as a picture for the authenticator and in letters for typing.
func (c *Accounts) showCodes(rq *web.Request, f *web.Form, secret, address string) (web.Reply, error) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return web.Reply{}, err
	}
	body := codesPage(f, squares(code), code.Size, inFours(secret))
	if !f.OK() {
		return web.Again(rq.T("account.codes.title"), f, body).With(meCrumb(rq)), nil
	}
	return web.Show(rq.T("account.codes.title"), body).With(meCrumb(rq)), nil
}

// squares is the path of a QR picture: one unit square for each dark point.
func squares(code *qr.Code) string {
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			if code.Black(x, y) {
				n := 1
				for x+n < code.Size && code.Black(x+n, y) {
					n++
				}
				b.WriteString("M" + itoa(x) + " " + itoa(y) + "h" + itoa(n) + "v1h-" + itoa(n) + "z")
				x += n
			}
		}
	}
	return b.String()
}

func inFours(s string) string {
	var parts []string
	for len(s) > 4 {
		parts, s = append(parts, s[:4]), s[4:]
	}
	return strings.Join(append(parts, s), " ")
}

func (c *Accounts) confirmCodes(rq *web.Request) (web.Reply, error) {
	f := rq.Form("account.codes")
	code := f.Text("code", 20, web.Need)
	var recovery []string
	if f.OK() {
		var err error
		recovery, err = c.ConfirmCodes(rq.Tx, rq.Actor, code)
		if err != nil && !f.Take(err) {
			return web.Reply{}, err
		}
	}
	if f.OK() {
		return web.Show(rq.T("account.codes.recovery"), recoveryPage(recovery, true)).With(meCrumb(rq)), nil
	}
	secret, address, err := c.pendingCodes(rq.Tx, rq.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	return c.showCodes(rq, f, secret, address)
}

func (c *Accounts) dropOwnCodes(rq *web.Request) (web.Reply, error) {
	if err := c.DropCodes(rq.Tx, rq.Actor, rq.Actor.Person); err != nil {
		return web.Reply{}, err
	}
	return web.To("/me").Say("account.codes.dropped"), nil
}

func (c *Accounts) endOwnSession(rq *web.Request) (web.Reply, error) {
	if err := c.EndSession(rq.Tx, rq.Actor, rq.Actor.Person, rq.HTTP.PathValue("id")); err != nil {
		return web.Reply{}, err
	}
	return web.To("/me").Say("account.me.session_ended"), nil
}

func (c *Accounts) pageDelegate(rq *web.Request) (web.Reply, error) {
	h, unit, err := c.ownHolding(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Filled("account.delegate", nil)
	return web.Show(rq.T("account.delegate.title"), delegatePage(f, h, unit)).With(meCrumb(rq)), nil
}

func (c *Accounts) ownHolding(rq *web.Request) (Holding, string, error) {
	id, err := rq.ID("holding")
	if err != nil {
		return Holding{}, "", err
	}
	h, ok, err := findHolding(rq.Tx, id)
	if err != nil {
		return Holding{}, "", err
	}
	if !ok || h.PersonID != rq.Actor.Person || !h.InForce(civil.Of(rq.Tx.Now)) {
		return Holding{}, "", errs.Absent("holding", id)
	}
	unit, err := c.unitName(rq, h.UnitID)
	return h, unit, err
}

func (c *Accounts) doDelegate(rq *web.Request) (web.Reply, error) {
	h, unit, err := c.ownHolding(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("account.delegate")
	login := f.Text("person", 200, web.Need)
	from, to := f.Date("from", web.Need), f.Date("to", web.Need)
	reason := f.Text("reason", 300, web.Need)
	if f.OK() {
		p, known, err := findPersonByLogin(rq.Tx, LoginKey(login))
		if err != nil {
			return web.Reply{}, err
		}
		if !known {
			f.Refuse("person", "account.choose_colleague")
		} else if _, err := c.Delegate(rq.Tx, rq.Actor, h.ID, p.ID, from, to, reason); err != nil && !f.Take(err) {
			return web.Reply{}, err
		}
	}
	if f.OK() {
		return web.To("/me").Say("account.delegate.done"), nil
	}
	return web.Again(rq.T("account.delegate.title"), f, delegatePage(f, h, unit)).With(meCrumb(rq)), nil
}

func (c *Accounts) endDelegation(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("holding")
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.Take(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	return web.To("/me").Say("account.delegate.ended"), nil
}
