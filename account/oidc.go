package account

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// Provider is the sign-on of a ministry or province (OpenID Connect), through which people sign in with the account they have there. The
// authorization code flow with PKCE is used; state, nonce and code work once; signatures are checked against the provider's published
// keys, which may change at any time.
type Provider struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	Name         string   // on the button: "tài khoản công vụ"
	Match        string   // how people who were never linked are found: "" not at all, "login" by preferred_username, "email" by a verified address
	StrongAMR    []string // values of the claim amr that stand for a second factor (RFC 8176: mfa, otp, hwk…)
	HTTP         *http.Client

	mu   sync.Mutex
	live *oidc.Provider
}

// signOnTime bounds each request to the provider.
const signOnTime = 15 * time.Second

// context carries the client whose requests do not hang and are not redirected elsewhere.
func (p *Provider) context(ctx context.Context) context.Context {
	c := p.HTTP
	if c == nil {
		c = &http.Client{Timeout: signOnTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	return oidc.ClientContext(ctx, c)
}

// open reads what the provider publishes about itself, once; a failure is tried again at the next sign-in.
func (p *Provider) open() (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live != nil {
		return p.live, nil
	}
	live, err := oidc.NewProvider(p.context(context.Background()), p.Issuer) // the keys are fetched later with this context
	if err != nil {
		return nil, errs.Wrap(err, errs.Unavailable, "account.oidc.away", p.Name)
	}
	p.live = live
	return live, nil
}

func (c *Accounts) oauth(p *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: c.SignOn.ClientID, ClientSecret: c.SignOn.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: c.BaseURL + "/sign-in/oidc/callback",
		Scopes: []string{oidc.ScopeOpenID, "profile", "email"}}
}

// passage is what must be remembered while a person is at the provider.
type passage struct{ Nonce, Verifier, Next string }

// StartSignOn begins a sign-in at the provider, or with person the linking of a person's account there. It returns the provider's address
// and the state, which goes into a cookie: only the browser that began can finish.
func (c *Accounts) StartSignOn(ctx context.Context, d *db.DB, next, person string) (address, state string, err error) {
	if c.SignOn == nil {
		return "", "", errs.Absent("sign-on provider", "")
	}
	p, err := c.SignOn.open()
	if err != nil {
		return "", "", err
	}
	pass := passage{Nonce: newToken(), Verifier: oauth2.GenerateVerifier(), Next: next}
	err = d.Write(ctx, func(tx *db.Tx) error {
		state, err = beginCeremony(tx, "oidc", person, pass)
		return err
	})
	if err != nil {
		return "", "", err
	}
	return c.oauth(p).AuthCodeURL(state, oidc.Nonce(pass.Nonce), oauth2.S256ChallengeOption(pass.Verifier)), state, nil
}

// Return is what the provider sent the browser back with.
type Return struct {
	State, Code, Issuer string
	Cookie              string // the state that this browser began with
}

// claims are what we read of an identity token.
type claims struct {
	Nonce         string   `json:"nonce"`
	AuthorizedFor string   `json:"azp"`
	Login         string   `json:"preferred_username"`
	Email         string   `json:"email"`
	EmailVerified bool     `json:"email_verified"`
	Methods       []string `json:"amr"`
}

// FinishSignOn takes a return from the provider: it opens a session, or links the identity to the actor who began so. next is where to go
// on. Everything wrong with the return gives the same refusal; what it was goes into the error's chain for the log.
func (c *Accounts) FinishSignOn(ctx context.Context, d *db.DB, by policy.Actor, a Attempt, r Return) (out Opened, next string, err error) {
	if c.SignOn == nil {
		return Opened{}, "", errs.Absent("sign-on provider", "")
	}
	var pass passage
	var person string
	var ok bool
	err = d.Write(ctx, func(tx *db.Tx) error {
		person, ok, err = takeCeremony(tx, "oidc", r.State, &pass)
		return err
	})
	if err != nil {
		return Opened{}, "", err
	}
	switch {
	case !ok:
		err = errors.New("unknown, used or expired state")
	case subtle.ConstantTimeCompare([]byte(r.State), []byte(r.Cookie)) != 1:
		err = errors.New("another browser began this")
	case r.Issuer != "" && r.Issuer != c.SignOn.Issuer: // RFC 9207
		err = errors.New("another provider answers")
	case person != by.Person && person != "":
		err = errors.New("somebody else began to link")
	case r.Code == "":
		err = errors.New("no code")
	}
	if err != nil {
		return Opened{}, "", c.refuseSignOn(ctx, d, err)
	}
	token, cl, err := c.identify(ctx, d, pass, r.Code)
	if errs.Is(err, errs.Unavailable) {
		return Opened{}, "", err
	}
	if err != nil {
		return Opened{}, "", c.refuseSignOn(ctx, d, err)
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		ok = false
		if person != "" {
			ok = true
			return c.link(tx, by, token.Issuer, token.Subject)
		}
		p, known, err := c.knownBy(tx, token.Issuer, token.Subject, cl)
		if err != nil || !known {
			return err
		}
		ok = true
		out, err = c.open(tx, p, a, slices.ContainsFunc(cl.Methods, func(m string) bool { return slices.Contains(c.SignOn.StrongAMR, m) }), "account.sign_on")
		return err
	})
	if err != nil {
		return Opened{}, "", err
	}
	if !ok {
		return Opened{}, "", c.refuseSignOn(ctx, d, errors.New("the identity belongs to nobody here"))
	}
	return out, pass.Next, nil
}

// refuseSignOn notes the refusal down and returns the one answer with its cause.
func (c *Accounts) refuseSignOn(ctx context.Context, d *db.DB, cause error) error {
	err := d.Write(ctx, func(tx *db.Tx) error {
		return audit.Log(tx, policy.Actor{}, audit.Self(), audit.Deed{Action: "account.sign_in_refused", Kind: "person"})
	})
	if err != nil {
		return err
	}
	return errs.Wrap(fmt.Errorf("sign-on: %w", cause), errs.Invalid, "account.oidc.refused")
}

// identify trades the code for an identity token and checks it: signature, issuer, audience, time, nonce.
func (c *Accounts) identify(ctx context.Context, d *db.DB, pass passage, code string) (*oidc.IDToken, claims, error) {
	var cl claims
	p, err := c.SignOn.open()
	if err != nil {
		return nil, cl, err
	}
	ctx, cancel := context.WithTimeout(c.SignOn.context(ctx), signOnTime)
	defer cancel()
	tokens, err := c.oauth(p).Exchange(ctx, code, oauth2.VerifierOption(pass.Verifier))
	if err != nil {
		var refused *oauth2.RetrieveError
		if errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode < 500 {
			return nil, cl, fmt.Errorf("code refused: status %d", refused.Response.StatusCode) // the body may repeat the code
		}
		return nil, cl, errs.Wrap(errors.New("token endpoint does not answer"), errs.Unavailable, "account.oidc.away", c.SignOn.Name)
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return nil, cl, errors.New("no identity token")
	}
	token, err := p.Verifier(&oidc.Config{ClientID: c.SignOn.ClientID, Now: d.Now}).Verify(ctx, raw)
	if err != nil {
		return nil, cl, fmt.Errorf("identity token: %w", err)
	}
	if err := token.Claims(&cl); err != nil {
		return nil, cl, err
	}
	switch {
	case token.Nonce == "" || subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(pass.Nonce)) != 1:
		return nil, cl, errors.New("identity token of another sign-in")
	case cl.AuthorizedFor != "" && cl.AuthorizedFor != c.SignOn.ClientID, len(token.Audience) > 1 && cl.AuthorizedFor == "":
		return nil, cl, errors.New("identity token for another client")
	case token.Subject == "":
		return nil, cl, errors.New("identity token of nobody")
	case token.IssuedAt.After(d.Now().Add(5 * time.Minute)):
		return nil, cl, errors.New("identity token of the future")
	}
	return token, cl, nil
}

// knownBy finds the person of an identity: linked before, or matched as the settings say and linked now.
func (c *Accounts) knownBy(tx *db.Tx, issuer, subject string, cl claims) (Person, bool, error) {
	id, linked, err := findIdentity(tx, issuer, subject)
	if err != nil {
		return Person{}, false, err
	}
	if linked {
		p, err := personByID(tx, id)
		return p, err == nil && p.State == Active, err
	}
	var p Person
	var ok bool
	switch {
	case c.SignOn.Match == "login" && cl.Login != "":
		p, ok, err = findPersonByLogin(tx, LoginKey(cl.Login))
	case c.SignOn.Match == "email" && cl.Email != "" && cl.EmailVerified:
		p, ok, err = findPersonByEmail(tx, strings.ToLower(cl.Email))
	}
	if err != nil || !ok || p.State == Closed {
		return Person{}, false, err
	}
	if has, err := hasIdentity(tx, p.ID, issuer); err != nil || has { // a name given to somebody else there does not take the person's place here
		return Person{}, false, err
	}
	if p.State == Invited { // whom the provider knows needs no link to be activated
		p.State = Active
		if err := savePerson(tx, p); err != nil {
			return Person{}, false, err
		}
		p.Version++
	}
	return p, true, c.link(tx, policy.Actor{Person: p.ID, Name: p.Name}, issuer, subject)
}

// link ties an identity at the provider to the actor. One identity belongs to one person.
func (c *Accounts) link(tx *db.Tx, by policy.Actor, issuer, subject string) error {
	other, taken, err := findIdentity(tx, issuer, subject)
	if err != nil {
		return err
	}
	if taken && other == by.Person {
		return nil
	}
	if taken {
		return errs.New(errs.Conflict, "account.oidc.taken")
	}
	if err := deleteIdentities(tx, by.Person, issuer); err != nil { // the person had another account there before
		return err
	}
	if err := insertIdentity(tx, issuer, subject, by.Person); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Self(), audit.Deed{Action: "account.identity_linked", Kind: "person", ID: by.Person, Change: audit.Change{"issuer": {"", issuer}}})
}

// Unlink unties the actor from the provider. Other sessions end. Who has no password keeps the link: it is the only way in.
func (c *Accounts) Unlink(tx *db.Tx, by policy.Actor) error {
	p, err := personByID(tx, by.Person)
	if err != nil {
		return err
	}
	if p.Password == "" {
		return errs.New(errs.Conflict, "account.oidc.only_way")
	}
	if err := deleteIdentities(tx, by.Person, c.SignOn.Issuer); err != nil {
		return err
	}
	if err := endSessions(tx, by.Person, by.Session, "factor"); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Self(), audit.Deed{Action: "account.identity_unlinked", Kind: "person", ID: by.Person})
}
