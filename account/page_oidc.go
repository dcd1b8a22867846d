package account

import (
	"net/http"
	"net/url"

	"chungtay/internal/errs"
	"chungtay/internal/web"
)

// stateCookie ties a sign-in at the provider to the browser that began it.
const stateCookie = "oidc"

func oidcPath(next string) string {
	if next = web.LocalPath(next); next == "/" {
		return "/sign-in/oidc"
	}
	return "/sign-in/oidc?next=" + url.QueryEscape(next)
}

func (c *Accounts) startSignOn(rq *web.Request) (web.Reply, error) {
	return c.leave(rq, web.LocalPath(rq.Query("next")), "")
}

func (c *Accounts) startLink(rq *web.Request) (web.Reply, error) {
	return c.leave(rq, "/me", rq.Actor.Person)
}

// leave sends the browser to the provider.
func (c *Accounts) leave(rq *web.Request, next, person string) (web.Reply, error) {
	address, state, err := c.StartSignOn(rq.Context(), rq.DB(), next, person)
	if err != nil {
		return web.Reply{}, err
	}
	rep := web.Reply{Status: http.StatusSeeOther, Header: http.Header{"Location": {address}, "Referrer-Policy": {"no-referrer"}}}
	rep.Cookies = append(rep.Cookies, &http.Cookie{Name: stateCookie, Value: state, Path: "/sign-in/oidc", MaxAge: int(ceremonyTime.Seconds())})
	return rep, nil
}

func (c *Accounts) finishSignOn(rq *web.Request) (web.Reply, error) {
	q := rq.HTTP.URL.Query()
	r := Return{State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss")}
	if k, err := rq.HTTP.Cookie(stateCookie); err == nil {
		r.Cookie = k.Value
	}
	opened, next, err := c.FinishSignOn(rq.Context(), rq.DB(), rq.Actor, Attempt{Address: rq.ClientAddress(), Device: rq.HTTP.UserAgent()}, r)
	if errs.Is(err, errs.Invalid) {
		rep := web.To("/sign-in").Say("account.oidc.refused")
		if rq.Actor.SignedIn() {
			rep = web.To("/me").Say("account.oidc.refused")
		}
		return rep, nil
	}
	if err != nil {
		return web.Reply{}, err
	}
	rep := web.To(next)
	if opened.Token == "" {
		rep = rep.Say("account.oidc.linked")
	} else {
		if opened.NeedFactor {
			rep = web.To("/sign-in/code?next=" + url.QueryEscape(next))
		}
		rep.Cookies = append(rep.Cookies, &http.Cookie{Name: CookieName, Value: opened.Token, Path: "/"})
	}
	rep.Cookies = append(rep.Cookies, &http.Cookie{Name: stateCookie, Path: "/sign-in/oidc", MaxAge: -1})
	return rep, nil
}

func (c *Accounts) unlink(rq *web.Request) (web.Reply, error) {
	if c.SignOn == nil {
		return web.Reply{}, errs.Absent("sign-on provider", "")
	}
	if err := c.Unlink(rq.Tx, rq.Actor); err != nil {
		return web.Reply{}, err
	}
	return web.To("/me").Say("account.oidc.unlinked"), nil
}
