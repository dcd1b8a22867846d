package account

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// idp is a small provider of OpenID Connect that keeps to the standard: discovery, authorization code with PKCE (S256 only), client
// authentication, codes that work once and for a minute, identity tokens signed RS256 with keys that can be changed.
type idp struct {
	*httptest.Server
	t     testing.TB
	clock func() time.Time

	mu    sync.Mutex
	kid   string
	keys  map[string]*rsa.PrivateKey
	codes map[string]grant
	down  bool
	spoil func(header, claims map[string]any) // changes a token before it is signed
	sign  *rsa.PrivateKey                     // instead of the published key
	raw   func(token string) string           // changes a token after it is signed
	asked []url.Values                        // authorization requests
}

type grant struct {
	query url.Values
	user  map[string]any
	at    time.Time
}

const clientSecret = "bí mật của khách"

func newIDP(t testing.TB, clock func() time.Time) *idp {
	p := &idp{t: t, clock: clock, keys: map[string]*rsa.PrivateKey{}, codes: map[string]grant{}}
	p.rotate("k1")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		p.answer(w, 200, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		var list []map[string]any
		for kid, k := range p.keys {
			list = append(list, map[string]any{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": b64(k.N.Bytes()), "e": b64(big.NewInt(int64(k.E)).Bytes())})
		}
		p.answer(w, 200, map[string]any{"keys": list})
	})
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *idp) answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// rotate publishes a new key and forgets the others.
func (p *idp) rotate(kid string) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kid, p.keys = kid, map[string]*rsa.PrivateKey{kid: key}
}

// authorize is what happens at the provider while the person is there: it returns the code that the browser brings back.
func (p *idp) authorize(address string, user map[string]any) (code, state string) {
	p.t.Helper()
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, p.URL+"/authorize?") {
		p.t.Fatalf("sent to %s", address)
	}
	q := u.Query()
	if q.Get("response_type") != "code" || q.Get("client_id") != "chungtay" || q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43 ||
		q.Get("nonce") == "" || !strings.Contains(q.Get("scope"), "openid") || q.Get("redirect_uri") != site+"/sign-in/oidc/callback" {
		p.t.Fatalf("asked with %v", q)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, q)
	code = newToken()
	p.codes[code] = grant{q, user, p.clock()}
	return code, q.Get("state")
}

func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		w.WriteHeader(503)
		return
	}
	id, secret, ok := r.BasicAuth()
	if !ok {
		id, secret = url.QueryEscape(r.FormValue("client_id")), url.QueryEscape(r.FormValue("client_secret"))
	}
	if id != "chungtay" || subtle.ConstantTimeCompare([]byte(secret), []byte(url.QueryEscape(clientSecret))) != 1 {
		p.answer(w, 401, map[string]any{"error": "invalid_client"})
		return
	}
	g, ok := p.codes[r.FormValue("code")]
	delete(p.codes, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !ok || p.clock().Sub(g.at) > time.Minute || r.FormValue("grant_type") != "authorization_code" || r.FormValue("redirect_uri") != g.query.Get("redirect_uri") ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != g.query.Get("code_challenge") {
		p.answer(w, 400, map[string]any{"error": "invalid_grant"})
		return
	}
	header := map[string]any{"alg": "RS256", "typ": "JWT", "kid": p.kid}
	claims := map[string]any{"iss": p.URL, "aud": "chungtay", "iat": p.clock().Unix(), "exp": p.clock().Add(5 * time.Minute).Unix(), "nonce": g.query.Get("nonce")}
	maps.Copy(claims, g.user)
	if p.spoil != nil {
		p.spoil(header, claims)
	}
	key := p.keys[p.kid]
	if p.sign != nil {
		key = p.sign
	}
	h, _ := json.Marshal(header)
	c, _ := json.Marshal(claims)
	signed := b64(h) + "." + b64(c)
	digest := sha256.Sum256([]byte(signed))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		p.t.Error(err)
	}
	token := signed + "." + b64(sig)
	if p.raw != nil {
		token = p.raw(token)
	}
	p.answer(w, 200, map[string]any{"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": token})
}

func (p *idp) set(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

func eachSignOn(t *testing.T, f func(t *testing.T, o *office, p *idp)) {
	eachOffice(t, func(t *testing.T, o *office) {
		p := newIDP(t, o.clock.Now)
		o.BaseURL = site
		o.SignOn = &Provider{Issuer: p.URL, ClientID: "chungtay", ClientSecret: clientSecret, Name: "thử", Match: "login", StrongAMR: []string{"mfa"}}
		f(t, o, p)
	})
}

// signOn goes the whole way as a browser does.
func (o *office) signOn(p *idp, user map[string]any) (Opened, error) {
	o.Helper()
	address, state, err := o.StartSignOn(context.Background(), o.DB, "/tasks", "")
	if err != nil {
		return Opened{}, err
	}
	code, back := p.authorize(address, user)
	out, next, err := o.FinishSignOn(context.Background(), o.DB, policy.Actor{}, Attempt{Address: "192.0.2.7"}, Return{State: back, Code: code, Cookie: state})
	if err == nil && next != "/tasks" {
		o.Errorf("goes on to %q", next)
	}
	return out, err
}

func user(sub string, more ...string) map[string]any {
	out := map[string]any{"sub": sub}
	for i := 0; i+1 < len(more); i += 2 {
		out[more[i]] = more[i+1]
	}
	return out
}

func TestSignOn(t *testing.T) {
	eachSignOn(t, func(t *testing.T, o *office, p *idp) {
		an := o.hire("ann", "case_worker c", "officer c")
		in, err := o.signOn(p, user("s-1", "preferred_username", "ANN"))
		if err != nil || in.PersonID != an.ID || !o.as(in.Token).Holds("paper.read") || o.as(in.Token).Holds("case.read") {
			t.Fatalf("%+v %v", in, err)
		}
		// from now on it is the subject that counts, not the name
		in, err = o.signOn(p, user("s-1", "preferred_username", "bob"))
		if err != nil || in.PersonID != an.ID {
			t.Errorf("%+v %v", in, err)
		}
		// and whoever gets that name at the provider later does not get the account here
		if in, err := o.signOn(p, user("s-7", "preferred_username", "ann")); !errs.Is(err, errs.Invalid) || in.Token != "" {
			t.Errorf("another subject of the same name signs in: %v", err)
		}
		if in, err := o.signOn(p, user("s-1")); err != nil || in.PersonID != an.ID {
			t.Errorf("and the first one does not any more: %v", err)
		}
		strong := user("s-1")
		strong["amr"] = []string{"pwd", "mfa"}
		if in, err = o.signOn(p, strong); err != nil || !o.as(in.Token).Holds("case.read") {
			t.Error("the provider's second factor does not count", err)
		}
		weak := user("s-1")
		weak["amr"] = []string{"pwd"}
		if in, err = o.signOn(p, weak); err != nil || o.as(in.Token).Holds("case.read") {
			t.Error("a password at the provider counts as a second factor", err)
		}
		p.rotate("k2")
		if _, err := o.signOn(p, user("s-1")); err != nil {
			t.Error("after the provider changed its key:", err)
		}
		for _, c := range []map[string]any{user("s-2"), user("s-3", "preferred_username", "nobody"), user("", "preferred_username", "ann")} {
			if in, err := o.signOn(p, c); !errs.Is(err, errs.Invalid) || in.Token != "" {
				t.Errorf("%v signs in: %v", c, err)
			}
		}
		// an invited person is known by the provider
		var moi Person
		dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) {
			moi, err = o.Invite(tx, policy.System("x"), NewPerson{Name: "Lò Văn Mới", Login: "moi.lv"})
			return err
		})
		if in, err := o.signOn(p, user("s-9", "preferred_username", "moi.lv")); err != nil || in.PersonID != moi.ID {
			t.Error("an invited person", err)
		}
		dbtest.Write(t, o.DB, func(tx *db.Tx) error { return o.Accounts.Close(tx, policy.System("x"), an.ID) })
		if _, err := o.signOn(p, user("s-1")); !errs.Is(err, errs.Invalid) {
			t.Error("a closed account signs in", err)
		}
	})
}

func TestSignOnByAddressNeedsAVerifiedOneOfOnePerson(t *testing.T) {
	eachSignOn(t, func(t *testing.T, o *office, p *idp) {
		o.SignOn.Match = "email"
		an := o.hire("ann", "officer c") // ann@example.invalid
		mail := func(address string, verified bool) map[string]any {
			u := user("s-"+strings.ToLower(address)+fmt.Sprint(verified), "email", address, "preferred_username", "ann")
			u["email_verified"] = verified
			return u
		}
		if _, err := o.signOn(p, mail("ann@example.invalid", false)); !errs.Is(err, errs.Invalid) {
			t.Error("an address that nobody verified", err)
		}
		if in, err := o.signOn(p, mail("Ann@Example.Invalid", true)); err != nil || in.PersonID != an.ID {
			t.Error(err)
		}
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			for _, l := range []string{"mot", "hai"} {
				if _, err := o.Invite(tx, policy.System("x"), NewPerson{Name: l, Login: l, Email: "chung@example.invalid"}); err != nil {
					return err
				}
			}
			return nil
		})
		if _, err := o.signOn(p, mail("chung@example.invalid", true)); !errs.Is(err, errs.Invalid) {
			t.Error("an address of two people identifies one", err)
		}
		o.SignOn.Match = ""
		if _, err := o.signOn(p, mail("ann@example.invalid", true)); err != nil {
			t.Error("who was linked before stays linked", err)
		}
		if _, err := o.signOn(p, user("s-new", "preferred_username", "ann")); !errs.Is(err, errs.Invalid) {
			t.Error("found without a way to match", err)
		}
	})
}

func TestForgedSignOnIsRefused(t *testing.T) {
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	set := func(k string, v any) func(h, c map[string]any) { return func(_, c map[string]any) { c[k] = v } }
	eachSignOn(t, func(t *testing.T, o *office, p *idp) {
		o.hire("ann", "officer c")
		now := o.clock.Now()
		for name, spoil := range map[string]func(h, c map[string]any){
			"wrong issuer":    set("iss", "https://evil.example"),
			"wrong audience":  set("aud", "another"),
			"another's too":   func(_, c map[string]any) { c["aud"], c["azp"] = []string{"chungtay", "another"}, "another" },
			"two without azp": set("aud", []string{"chungtay", "another"}),
			"no audience":     func(_, c map[string]any) { delete(c, "aud") },
			"expired": func(_, c map[string]any) {
				c["exp"], c["iat"] = now.Add(-time.Minute).Unix(), now.Add(-time.Hour).Unix()
			},
			"no expiry":            func(_, c map[string]any) { delete(c, "exp") },
			"of the future":        set("iat", now.Add(time.Hour).Unix()),
			"another nonce":        set("nonce", "x"),
			"no nonce":             func(_, c map[string]any) { delete(c, "nonce") },
			"no subject":           func(_, c map[string]any) { delete(c, "sub") },
			"an unpublished key":   func(h, _ map[string]any) { h["kid"] = "k9" },
			"not signed (none)":    func(h, _ map[string]any) { h["alg"] = "none" },
			"signed with a secret": func(h, _ map[string]any) { h["alg"] = "HS256" },
		} {
			p.set(func() { p.spoil = spoil })
			if in, err := o.signOn(p, user("s-1", "preferred_username", "ann")); !errs.Is(err, errs.Invalid) || in.Token != "" {
				t.Errorf("%s signs in: %v", name, err)
			}
		}
		p.set(func() { p.spoil = nil; p.sign = stranger })
		if _, err := o.signOn(p, user("s-1", "preferred_username", "ann")); !errs.Is(err, errs.Invalid) {
			t.Errorf("signed by a stranger: %v", err)
		}
		p.set(func() { p.sign = nil })
		for name, raw := range map[string]func(string) string{
			"changed claims": func(s string) string {
				parts := strings.Split(s, ".")
				b, _ := base64.RawURLEncoding.DecodeString(parts[1])
				parts[1] = b64([]byte(strings.Replace(string(b), "s-1", "s-2", 1)))
				return strings.Join(parts, ".")
			},
			"cut off signature": func(s string) string { return s[:strings.LastIndexByte(s, '.')+1] },
			"none by hand": func(s string) string {
				parts := strings.Split(s, ".")
				return b64([]byte(`{"alg":"none"}`)) + "." + parts[1] + "."
			},
			"nonsense": func(string) string { return "x.y.z" },
			"nothing":  func(string) string { return "" },
		} {
			p.set(func() { p.raw = raw })
			if _, err := o.signOn(p, user("s-1", "preferred_username", "ann")); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		p.set(func() { p.raw = nil })
		if _, err := o.signOn(p, user("s-1", "preferred_username", "ann")); err != nil {
			t.Error("and an honest one is let in:", err)
		}
	})
}

func TestReturnsFromTheProviderWorkOnceInOneBrowser(t *testing.T) {
	eachSignOn(t, func(t *testing.T, o *office, p *idp) {
		o.hire("ann", "officer c")
		ctx := context.Background()
		finish := func(r Return) error {
			in, _, err := o.FinishSignOn(ctx, o.DB, policy.Actor{}, Attempt{Address: "192.0.2.7"}, r)
			if err != nil && in.Token != "" {
				t.Error("a refusal with a session")
			}
			return err
		}
		begin := func() (Return, string) {
			address, state, err := o.StartSignOn(ctx, o.DB, "/", "")
			if err != nil {
				t.Fatal(err)
			}
			code, back := p.authorize(address, user("s-1", "preferred_username", "ann"))
			return Return{State: back, Code: code, Cookie: state}, address
		}
		r, _ := begin()
		if err := finish(r); err != nil {
			t.Fatal(err)
		}
		o.want(finish(r), errs.Invalid, "account.oidc.refused") // replayed
		r, _ = begin()
		code := r.Code
		other, _ := begin()
		other.Code = code // somebody else's code slipped in: the verifier does not fit
		o.want(finish(other), errs.Invalid, "account.oidc.refused")
		r, _ = begin()
		r.Cookie = "another browser"
		o.want(finish(r), errs.Invalid, "account.oidc.refused")
		r, _ = begin()
		r.Cookie = ""
		o.want(finish(r), errs.Invalid, "account.oidc.refused")
		r, _ = begin()
		r.Issuer = "https://evil.example"
		o.want(finish(r), errs.Invalid, "account.oidc.refused")
		r, _ = begin()
		r.Code = ""
		o.want(finish(r), errs.Invalid, "account.oidc.refused")
		r, _ = begin()
		o.clock.Add(ceremonyTime)
		o.want(finish(r), errs.Invalid, "account.oidc.refused")
		o.want(finish(Return{State: "made up", Code: "x", Cookie: "made up"}), errs.Invalid, "account.oidc.refused")
		r, _ = begin()
		p.set(func() { p.down = true })
		if err := finish(r); !errs.Is(err, errs.Unavailable) {
			t.Errorf("a provider that is away: %v", err)
		}
		seen := map[string]bool{}
		for _, q := range p.asked {
			for _, k := range []string{"state", "nonce", "code_challenge"} {
				if seen[q.Get(k)] {
					t.Errorf("%s is used twice", k)
				}
				seen[q.Get(k)] = true
			}
		}
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			list, err := audit.List(tx, audit.Filter{Action: "account.sign_in_refused"})
			if len(list) != 8 {
				t.Errorf("%d refusals are noted, want 8", len(list))
			}
			return err
		})
	})
}

func TestLinkingAnAccountAtTheProvider(t *testing.T) {
	eachSignOn(t, func(t *testing.T, o *office, p *idp) {
		o.SignOn.Match = ""
		o.hire("ann", "officer c")
		bob := o.hire("bob", "officer c")
		s, _ := o.signIn("ann", pass)
		by := o.as(s.Token)
		ctx := context.Background()
		link := func(starts, ends policy.Actor, sub string) error {
			address, state, err := o.StartSignOn(ctx, o.DB, "/me", starts.Person)
			if err != nil {
				t.Fatal(err)
			}
			code, back := p.authorize(address, user(sub))
			in, _, err := o.FinishSignOn(ctx, o.DB, ends, Attempt{}, Return{State: back, Code: code, Cookie: state})
			if in.Token != "" {
				t.Error("linking opens a session")
			}
			return err
		}
		o.want(link(by, o.actor(bob), "s-1"), errs.Invalid, "account.oidc.refused") // who finishes is not who began
		o.want(link(by, policy.Actor{}, "s-1"), errs.Invalid, "account.oidc.refused")
		if err := link(by, by, "s-1"); err != nil {
			t.Fatal(err)
		}
		o.want(link(o.actor(bob), o.actor(bob), "s-1"), errs.Conflict, "account.oidc.taken")
		if in, err := o.signOn(p, user("s-1")); err != nil || in.PersonID != by.Person {
			t.Error(err)
		}
		if err := link(by, by, "s-2"); err != nil { // another account there takes the place of the first
			t.Fatal(err)
		}
		if _, err := o.signOn(p, user("s-1")); !errs.Is(err, errs.Invalid) {
			t.Error("the account given up still signs in", err)
		}
		dbtest.Write(t, o.DB, func(tx *db.Tx) error { return o.Unlink(tx, by) })
		if _, err := o.signOn(p, user("s-2")); !errs.Is(err, errs.Invalid) {
			t.Error("unlinked and still signs in", err)
		}
	})
}
