package app

import (
	"context"
	"io"
	"net/http"

	"github.com/a-h/templ"

	"chungtay/account"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/policy"
	assets "chungtay/web"
)

// look dresses pages with the components of internal/ui and the built assets.
type look struct {
	assets *assets.Assets
	demo   bool
}

func (l look) Layout(v web.View, body templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		p := ui.Page{Title: v.Title, Lang: string(v.Lang), Path: v.Path, Errors: v.Errors, Bare: v.Bare, Version: Version, Demo: l.demo,
			CSS: l.assets.URL("app.css"), JS: l.assets.URL("app.js"), Unread: v.Badge["inbox"]}
		if v.Actor.SignedIn() {
			p.User = &ui.User{Name: v.Actor.Name, Unit: v.Actor.UnitName}
		} else {
			p.SignIn = account.SignInPath(v.Path)
		}
		for _, n := range v.Nav {
			p.Nav = append(p.Nav, ui.Link{Text: i18n.T(ctx, n.Key), Path: n.Path, Current: n.Path == v.Active})
		}
		for _, c := range v.Crumbs {
			p.Crumbs = append(p.Crumbs, ui.Link{Text: c.Text, Path: c.Path})
		}
		if v.Flash != nil {
			p.Flash = i18n.T(ctx, v.Flash.Key, v.Flash.Args...)
		}
		return ui.Layout(p).Render(templ.WithChildren(ctx, body), w)
	})
}

func (l look) Problem(p web.Problem) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		out := ui.Problem{Title: i18n.T(ctx, "web.title."+p.Kind.String()), Text: i18n.T(ctx, p.Text.Key, p.Text.Args...), Ref: p.Ref,
			SignIn: p.SignIn, Typed: p.Typed, Server: p.Kind == errs.Internal || p.Kind == errs.Unavailable}
		for _, f := range p.Fields {
			out.Fields = append(out.Fields, i18n.T(ctx, f.Key, f.Args...))
		}
		for _, c := range p.Pairs {
			out.Mine = append(out.Mine, ui.Pair{Label: c.Label, Value: c.Mine})
			out.Theirs = append(out.Theirs, ui.Pair{Label: c.Label, Value: c.Theirs})
		}
		return ui.ProblemPage(out).Render(ctx, w)
	})
}

// door tells the web server who is knocking, by the sessions of the account room.
type door struct {
	accounts *account.Accounts
	db       *db.DB
}

func (d door) Actor(tx *db.Tx, r *http.Request) (policy.Actor, error) { return d.accounts.Actor(tx, r) }

// Seen keeps the session alive. A failure is not the person's: the next request tries again.
func (d door) Seen(ctx context.Context, a policy.Actor, r *http.Request) {
	_ = d.accounts.Seen(ctx, d.db, a)
}

func (d door) SignInPath(next string) string { return account.SignInPath(next) }
