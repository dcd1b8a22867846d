package account

import (
	"encoding/json"
	"net/http"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/web"
)

// begun is what the browser gets before it asks the device.
type begun struct {
	Token   string `json:"token"`
	Options any    `json:"options"`
}

// answered is what the browser sends after the device answered.
type answered struct {
	Token    string          `json:"token"`
	Next     string          `json:"next"`
	Response json.RawMessage `json:"response"`
}

func answer(rq *web.Request) (answered, error) {
	var a answered
	if err := json.Unmarshal(rq.JSONBody(), &a); err != nil || len(a.Token) > 100 {
		return a, errs.New(errs.Invalid, "account.passkey.refused")
	}
	return a, nil
}

func (c *Accounts) beginPasskeySignIn(rq *web.Request) (web.Reply, error) {
	o, token, err := c.StartPasskeySignIn(rq.Tx)
	return web.JSON(begun{token, o}), err
}

func (c *Accounts) doPasskeySignIn(rq *web.Request) (web.Reply, error) {
	a, err := answer(rq)
	if err != nil {
		return web.Reply{}, err
	}
	opened, err := c.PasskeySignIn(rq.Context(), rq.DB(), Attempt{Address: rq.ClientAddress(), Device: rq.HTTP.UserAgent()}, a.Token, a.Response)
	if err != nil {
		return web.Reply{}, err
	}
	rep := web.JSON(map[string]string{"to": web.LocalPath(a.Next)})
	rep.Cookies = append(rep.Cookies, &http.Cookie{Name: CookieName, Value: opened.Token, Path: "/"})
	return rep, nil
}

func (c *Accounts) beginPasskey(rq *web.Request) (web.Reply, error) {
	o, token, err := c.StartPasskey(rq.Tx, rq.Actor)
	return web.JSON(begun{token, o}), err
}

func (c *Accounts) addPasskey(rq *web.Request) (web.Reply, error) {
	a, err := answer(rq)
	if err != nil {
		return web.Reply{}, err
	}
	name := device(rq.HTTP.UserAgent()) + ", " + i18n.Date(rq.Lang, civil.Of(rq.Tx.Now))
	if err := c.AddPasskey(rq.Tx, rq.Actor, a.Token, name, a.Response); err != nil {
		return web.Reply{}, err
	}
	rep := web.JSON(map[string]string{"to": "/me"})
	return rep.Say("account.passkey.added"), nil
}

func (c *Accounts) dropPasskey(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.DropPasskey(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	return web.To("/me").Say("account.passkey.dropped"), nil
}

func (c *Accounts) newRecovery(rq *web.Request) (web.Reply, error) {
	codes, err := c.NewRecovery(rq.Tx, rq.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Show(rq.T("account.codes.recovery"), recoveryPage(codes, false)).With(meCrumb(rq)), nil
}
