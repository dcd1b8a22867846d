package account

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

// linkCookie holds the token of a single-use link between the click and the new password, so that it stands in no address.
const linkCookie = "link"

func bare(title string, f *web.Form, body templ.Component) web.Reply {
	rep := web.Show(title, body)
	if f != nil && !f.OK() {
		rep = web.Again(title, f, body)
	}
	rep.Frame.Bare = true
	return rep
}

// patience answers a form that was refused because too many came with the status that says so.
func patience(rep web.Reply, tooMany bool) web.Reply {
	if tooMany {
		rep.Status = http.StatusTooManyRequests
	}
	return rep
}

func (c *Accounts) pageSignIn(rq *web.Request) (web.Reply, error) {
	if rq.Actor.SignedIn() {
		return web.To(web.LocalPath(rq.Query("next"))), nil
	}
	f := rq.Filled("account.sign_in", map[string]string{"next": rq.Query("next")})
	return bare(rq.T("account.sign_in.title"), f, signInPage(f, c.providerName())), nil
}

func (c *Accounts) doSignIn(rq *web.Request) (web.Reply, error) {
	f := rq.Form("account.sign_in")
	login, password := f.Text("login", 200, web.Need), f.Raw("password")
	if password == "" {
		f.Refuse("password", "account.sign_in.need_password")
	}
	tooMany := false
	if f.OK() {
		opened, err := c.SignIn(rq.Context(), rq.DB(), Attempt{Login: login, Password: password, Address: rq.ClientAddress(), Device: rq.HTTP.UserAgent()})
		switch {
		case err == nil:
			next := web.LocalPath(f.Raw("next"))
			rep := web.To(next)
			if opened.NeedFactor {
				rep = web.To("/sign-in/code?next=" + url.QueryEscape(next))
			}
			rep.Cookies = append(rep.Cookies, &http.Cookie{Name: CookieName, Value: opened.Token, Path: "/"})
			return rep, nil
		case errs.Is(err, errs.TooMany):
			m, _ := errs.TextOf(err)
			f.Refuse("", m.Key, m.Args...)
			tooMany = true
		case !f.Take(err):
			return web.Reply{}, err
		}
	}
	return patience(bare(rq.T("account.sign_in.title"), f, signInPage(f, c.providerName())), tooMany), nil
}

func sessionToken(rq *web.Request) string {
	k, err := rq.HTTP.Cookie(CookieName)
	if err != nil {
		return ""
	}
	return k.Value
}

func (c *Accounts) pageCode(rq *web.Request) (web.Reply, error) {
	if rq.Actor.SignedIn() {
		return web.To(web.LocalPath(rq.Query("next"))), nil
	}
	if sessionToken(rq) == "" {
		return web.To("/sign-in"), nil
	}
	f := rq.Filled("account.code", map[string]string{"next": rq.Query("next")})
	return bare(rq.T("account.code.title"), f, codePage(f)), nil
}

func (c *Accounts) doCode(rq *web.Request) (web.Reply, error) {
	f := rq.Form("account.code")
	code := f.Text("code", 40, web.Need)
	tooMany := false
	if f.OK() {
		err := c.ShowFactor(rq.Context(), rq.DB(), sessionToken(rq), code)
		switch {
		case err == nil:
			return web.To(web.LocalPath(f.Raw("next"))), nil
		case errs.Is(err, errs.Forbidden):
			return web.To("/sign-in").Say("account.session_gone"), nil
		case errs.Is(err, errs.TooMany):
			m, _ := errs.TextOf(err)
			f.Refuse("", m.Key, m.Args...)
			tooMany = true
		case !f.Take(err):
			return web.Reply{}, err
		}
	}
	return patience(bare(rq.T("account.code.title"), f, codePage(f)), tooMany), nil
}

func (c *Accounts) doSignOut(rq *web.Request) (web.Reply, error) {
	if err := c.SignOut(rq.Tx, rq.Actor); err != nil {
		return web.Reply{}, err
	}
	rep := web.To("/sign-in").Say("account.signed_out")
	rep.Cookies = append(rep.Cookies, &http.Cookie{Name: CookieName, Path: "/", MaxAge: -1})
	rep.Header = http.Header{"Clear-Site-Data": {`"cache"`}}
	return rep, nil
}

func (c *Accounts) pageForgot(rq *web.Request) (web.Reply, error) {
	f := rq.Filled("account.forgot", nil)
	return bare(rq.T("account.forgot.title"), f, forgotPage(f)), nil
}

func (c *Accounts) doForgot(rq *web.Request) (web.Reply, error) {
	f := rq.Form("account.forgot")
	login := f.Text("login", 200, web.Need)
	if !f.OK() {
		return bare(rq.T("account.forgot.title"), f, forgotPage(f)), nil
	}
	if err := c.AskReset(rq.Tx, login, rq.ClientAddress()); err != nil {
		return web.Reply{}, err
	}
	return web.To("/sign-in").Say("account.forgot.sent"), nil
}

// followLink takes the token out of the address at once: it goes into a cookie of this site and the page that follows has a plain
// address, so that no history, referrer or proxy log of a later page holds it.
func (c *Accounts) followLink(rq *web.Request) (web.Reply, error) {
	token := rq.HTTP.PathValue("token")
	if _, err := c.LinkOwner(rq.Tx, token); err != nil {
		return web.Reply{}, err
	}
	rep := web.To("/set-password")
	rep.Cookies = append(rep.Cookies, &http.Cookie{Name: linkCookie, Value: token, Path: "/set-password", MaxAge: 1800})
	rep.Header = http.Header{"Referrer-Policy": {"no-referrer"}}
	return rep, nil
}

func linkToken(rq *web.Request) string {
	k, err := rq.HTTP.Cookie(linkCookie)
	if err != nil {
		return ""
	}
	return k.Value
}

func (c *Accounts) pageSetPassword(rq *web.Request) (web.Reply, error) {
	p, err := c.LinkOwner(rq.Tx, linkToken(rq))
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Filled("account.password", nil)
	return bare(rq.T("account.password.title"), f, setPasswordPage(f, p)), nil
}

func (c *Accounts) doSetPassword(rq *web.Request) (web.Reply, error) {
	f := rq.Form("account.password")
	var p Person // whose password it is stands above the form also when it is refused
	if err := rq.DB().Read(rq.Context(), func(tx *db.Tx) (err error) { p, err = c.LinkOwner(tx, linkToken(rq)); return err }); err != nil {
		return web.Reply{}, err
	}
	password := newPassword(f)
	if f.OK() {
		_, err := c.SetPassword(rq.Context(), rq.DB(), linkToken(rq), password)
		if err == nil {
			rep := web.To("/sign-in").Say("account.password.saved")
			rep.Cookies = append(rep.Cookies, &http.Cookie{Name: linkCookie, Path: "/set-password", MaxAge: -1})
			return rep, nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return bare(rq.T("account.password.title"), f, setPasswordPage(f, p)), nil
}

// newPassword reads a password typed twice. It is taken as typed: no trimming.
func newPassword(f *web.Form) string {
	p := f.Raw("password")
	switch {
	case p == "":
		f.Refuse("password", "account.password.need")
	case p != f.Raw("again"):
		f.Refuse("again", "account.password.differs")
	}
	return p
}

func codeField(f *web.Form) ui.Field {
	return ui.Of(f, "code").Narrow("w-20").As("text", "one-time-code")
}

func (c *Accounts) providerName() string {
	if c.SignOn == nil {
		return ""
	}
	return c.SignOn.Name
}
