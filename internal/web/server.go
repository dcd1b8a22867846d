package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/a-h/templ"
	"github.com/klauspost/compress/gzhttp"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/policy"
)

// Look is how pages are dressed; internal/ui gives it.
type Look interface {
	Layout(View, templ.Component) templ.Component
	Problem(Problem) templ.Component
}

// View is a page's frame with what the server knows of the reader.
type View struct {
	Frame
	Lang  i18n.Lang
	Path  string // address of this page, for the language switch and the sign-in link
	Actor policy.Actor
	Nav   []Nav // what this actor may open
	Flash *errs.Message
	Badge map[string]int // unread counts by Nav path or name
}

// Problem is a refusal or failure as a page.
type Problem struct {
	Status int
	Kind   errs.Kind
	Text   errs.Message   // what to do
	Fields []errs.Field   // refused fields nobody showed
	Ref    string         // reference number
	Pairs  []ConflictPair // for Conflict: both versions
	Typed  []string       // long texts that were sent and not kept, for copying
	SignIn string         // address of the sign-in page, when signing in is the cure
}

// ConflictPair is one value as the two savers left it.
type ConflictPair struct{ Label, Mine, Theirs string }

// Doorkeeper tells who is knocking. The account room gives it.
type Doorkeeper interface {
	// Actor returns who sent the request; the zero Actor is the public.
	Actor(tx *db.Tx, r *http.Request) (policy.Actor, error)
	// Seen is called after an answered request of a person signed in; it may keep the session alive.
	Seen(ctx context.Context, a policy.Actor, r *http.Request)
	// SignInPath is where to send the public that needs to sign in; next is the address wanted.
	SignInPath(next string) string
}

// Server serves routes. Fields are set before Handler is called.
type Server struct {
	DB             *db.DB
	Words          *i18n.Catalogue
	Look           Look
	Door           Doorkeeper
	Routes         []Route
	Navigation     []Nav
	Badges         func(tx *db.Tx, a policy.Actor) (map[string]int, error) // may be nil
	Assets         http.Handler                                            // under /a/, public and immutable
	Log            *slog.Logger
	Observe        func(pattern string, status int, took time.Duration) // metrics; may be nil
	TrustedProxies []netip.Prefix
	TLS            bool          // this server, or the trusted proxy before it, speaks TLS: HSTS and secure cookies
	TrustedOrigins []string      // origins that may post to us (a sign-on provider)
	Patience       time.Duration // how long a body may take beside a second for each 16 KiB; 0: 20 s
	Limit          time.Duration // how long a page may take, database included; 0: 45 s

	draining atomic.Bool
	stopped  context.Context // ends with Drain; event streams end with it
	stop     context.CancelFunc
}

// Handler builds the handler. It panics on a route table that cannot work: that is a mistake in the program.
func (s *Server) Handler() http.Handler {
	s.stopped, s.stop = context.WithCancel(context.Background())
	mux := http.NewServeMux()
	for i := range s.Routes {
		rt := &s.Routes[i]
		if rt.Needs == "" {
			panic("route " + rt.Pattern + " names no permission")
		}
		if (rt.Page == nil) == (rt.Raw == nil) {
			panic("route " + rt.Pattern + " needs a Page or a Raw handler")
		}
		mux.Handle(rt.Pattern, s.serve(rt))
	}
	if s.Assets != nil {
		mux.Handle("GET /a/", s.Assets)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("POST /language", s.serve(&Route{Pattern: "POST /language", Needs: policy.Public, Page: setLanguage}))
	absent := &Route{Pattern: "/", Needs: policy.Public, Page: func(*Request) (Reply, error) { return Reply{}, errs.Absent("page", "") }}
	mux.Handle("/", s.serve(absent))
	cross := http.NewCrossOriginProtection()
	for _, o := range s.TrustedOrigins {
		if err := cross.AddTrustedOrigin(o); err != nil {
			panic(err)
		}
	}
	cross.SetDenyHandler(s.serve(&Route{Pattern: "cross-origin", Needs: policy.Public,
		Page: func(*Request) (Reply, error) { return Reply{}, errs.New(errs.Forbidden, "web.cross_origin") }}))
	zip, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.ExceptContentTypes([]string{"text/event-stream", "application/zip",
		"application/pdf", "image/png", "image/jpeg", "image/webp", "font/woff2", "application/octet-stream"}))
	if err != nil {
		panic(err)
	}
	return s.headers(zip(cross.Handler(mux)))
}

// Drain makes the readiness endpoint answer 503, so that a load balancer sends no new requests, and ends event streams: browsers open
// them again elsewhere.
func (s *Server) Drain() {
	s.draining.Store(true)
	s.stop()
}

func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	switch {
	case s.draining.Load():
		http.Error(w, "draining", http.StatusServiceUnavailable)
	case s.DB.Ping(ctx) != nil:
		http.Error(w, "database away", http.StatusServiceUnavailable)
	default:
		io.WriteString(w, "ready\n")
	}
}

const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; worker-src 'self'"

func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			http.NewResponseController(w).SetReadDeadline(time.Now().Add(linger)) // who means to read a body gives it its time
		}
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()")
		if isSecure(r, s) {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// errTooLong ends a page that took longer than Server.Limit.
var errTooLong = errors.New("the page took too long")

// errRefused leaves a write transaction without committing and without being a failure.
var errRefused = errors.New("refused")

func (s *Server) serve(rt *Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		rq := &Request{HTTP: r, Lang: language(r), Ref: newRef(), server: s, route: rt}
		rq.HTTP = r.WithContext(i18n.With(r.Context(), s.Words, rq.Lang))
		limit := rt.maxBody()
		out := s.pace(w, rq.HTTP, limit)
		defer func() { // also when the answer is broken off
			for _, f := range rq.finally {
				f()
			}
			for _, f := range rq.files {
				f.remove()
			}
			took := time.Since(began)
			if s.Observe != nil {
				s.Observe(rt.Pattern, out.status, took)
			}
			s.Log.Info("request", "ref", rq.Ref, "route", rt.Pattern, "status", out.status, "ms", took.Milliseconds(), "bytes", out.bytes)
		}()
		defer func() {
			switch p := recover(); {
			case p == nil:
			case p == http.ErrAbortHandler:
				panic(p)
			default:
				s.Log.Error("panic", "ref", rq.Ref, "route", rt.Pattern, "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
				if out.status != 0 {
					panic(http.ErrAbortHandler) // half an answer must not look like a whole one
				}
				s.fail(out, rq, errors.New("panic"))
			}
		}()
		if rt.Raw != nil {
			s.serveRaw(out, rq)
			return
		}
		if rq.HTTP.ContentLength != 0 && rt.Needs != policy.Public { // who may not send it is told so before it is read
			if err := s.admitted(rq); err != nil {
				s.fail(out, rq, err)
				return
			}
		}
		rq.HTTP.Body = http.MaxBytesReader(out, rq.HTTP.Body, limit)
		if err := rq.read(limit); err != nil {
			s.fail(out, rq, err)
			return
		}
		longest := s.Limit
		if longest == 0 {
			longest = 45 * time.Second
		}
		// A database that does not answer holds nobody for ever. The answer itself, a long download say, has its own time.
		ctx, cancel := context.WithCancelCause(rq.HTTP.Context())
		defer cancel(nil)
		rq.HTTP = rq.HTTP.WithContext(ctx)
		watch := time.AfterFunc(longest, func() { cancel(errTooLong) })
		rep, err := s.run(rq)
		if watch.Stop(); err != nil && context.Cause(ctx) == errTooLong {
			err = errs.Wrap(err, errs.Unavailable, "web.unavailable")
		}
		if err != nil {
			s.fail(out, rq, err)
			return
		}
		s.answer(out, rq, rep)
		if rq.Actor.SignedIn() && s.Door != nil {
			s.Door.Seen(context.WithoutCancel(rq.Context()), rq.Actor, rq.HTTP)
		}
	})
}

func (s *Server) serveRaw(w *statusWriter, rq *Request) {
	if err := s.admitted(rq); err != nil {
		s.fail(w, rq, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	rq.route.Raw(rq, w)
}

// admitted admits in a transaction of its own, where the page has none or not yet.
func (s *Server) admitted(rq *Request) error {
	err := s.DB.Read(rq.Context(), func(tx *db.Tx) error { return s.admit(rq, tx) })
	rq.Tx = nil
	return err
}

// admit finds the actor and checks the route's permission.
func (s *Server) admit(rq *Request, tx *db.Tx) error {
	rq.Tx = tx
	if s.Door != nil {
		a, err := s.Door.Actor(tx, rq.HTTP)
		if err != nil {
			return err
		}
		rq.Actor = a
	}
	if rq.Actor.Holds(rq.route.Needs) {
		return nil
	}
	if !rq.Actor.SignedIn() {
		return errSignIn
	}
	return errs.New(errs.Forbidden, "web.forbidden")
}

var errSignIn = errs.New(errs.Forbidden, "web.sign_in")

func (s *Server) run(rq *Request) (Reply, error) {
	var rep Reply
	get := rq.HTTP.Method == http.MethodGet || rq.HTTP.Method == http.MethodHead
	read := get && !rq.route.Logs
	body := func(tx *db.Tx) error {
		if err := s.admit(rq, tx); err != nil {
			return err
		}
		var err error
		if get {
			rep, err = rq.route.Page(rq)
		} else {
			rep, err = rq.onceOnly(rq.route.Page)
		}
		if err != nil {
			return err
		}
		if rep.Body != nil {
			if err := s.dress(rq, &rep); err != nil {
				return err
			}
		}
		if !read && rep.Status >= 400 {
			return errRefused
		}
		return nil
	}
	var err error
	if rq.route.Loose {
		return s.runLoose(rq)
	}
	if read {
		err = rq.leaving(func() error { return s.DB.Read(rq.Context(), body) })
	} else {
		err = rq.leaving(func() error { return s.DB.Write(rq.Context(), body) })
	}
	rq.Tx = nil
	if errors.Is(err, errRefused) {
		err = nil
	}
	return rep, err
}

func (s *Server) runLoose(rq *Request) (Reply, error) {
	if err := s.admitted(rq); err != nil {
		return Reply{}, err
	}
	rep, err := rq.route.Page(rq)
	if err == nil && rep.Body != nil {
		err = s.dress(rq, &rep)
	}
	return rep, err
}

// dress renders a page into a buffer, inside the transaction: a template that fails leaves nothing written and nothing sent.
func (s *Server) dress(rq *Request, rep *Reply) error {
	v := View{Frame: rep.Frame, Lang: rq.Lang, Path: rq.HTTP.URL.RequestURI(), Actor: rq.Actor}
	if rq.HTTP.Method != http.MethodGet {
		v.Path = ""
	}
	for _, n := range s.Navigation {
		if rq.Actor.Holds(n.Needs) {
			v.Nav = append(v.Nav, n)
		}
	}
	if v.Active == "" {
		for _, n := range v.Nav {
			if p := rq.HTTP.URL.Path; (p == n.Path || strings.HasPrefix(p, strings.TrimSuffix(n.Path, "/")+"/")) && len(n.Path) > len(v.Active) {
				v.Active = n.Path
			}
		}
	}
	if s.Badges != nil && rq.Actor.SignedIn() && rq.Tx != nil {
		b, err := s.Badges(rq.Tx, rq.Actor)
		if err != nil {
			return err
		}
		v.Badge = b
	}
	if rq.HTTP.Method == http.MethodGet {
		v.Flash = readFlash(rq.HTTP)
		if v.Flash != nil && !s.Words.Has(v.Flash.Key) {
			v.Flash = nil
		}
	}
	var buf bytes.Buffer
	if err := s.Look.Layout(v, rep.Body).Render(rq.Context(), &buf); err != nil {
		return fmt.Errorf("render %s: %w", rq.route.Pattern, err)
	}
	rep.Data = buf.Bytes()
	if v.Flash != nil {
		rep.Cookies = append(rep.Cookies, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1})
	}
	return nil
}

func (s *Server) answer(w *statusWriter, rq *Request, rep Reply) {
	h := w.Header()
	for k, v := range rep.Header {
		h[k] = v
	}
	if rep.Flash != nil {
		rep.Cookies = append(rep.Cookies, flashOf(*rep.Flash))
	}
	for _, c := range rep.Cookies {
		SetCookie(w, c, isSecure(rq.HTTP, s))
	}
	if rq.Actor.SignedIn() || rep.Flash != nil || h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	status := rep.Status
	if status == 0 {
		status = http.StatusOK
	}
	switch {
	case rep.Stream != nil:
		s.stream(w, rq, rep.Stream)
	case rep.File != nil:
		s.sendFile(w, rq, rep.File)
	case rep.To != "":
		http.Redirect(w, rq.HTTP, localPath(rep.To), http.StatusSeeOther)
	case rep.Body != nil:
		page := rep.Data.([]byte)
		h.Set("Content-Type", "text/html; charset=utf-8")
		if status == http.StatusOK && !rq.Actor.SignedIn() {
			sum := sha256.Sum256(page)
			h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
		}
		w.WriteHeader(status)
		w.Write(page)
	case rep.Data != nil:
		b, err := json.Marshal(rep.Data)
		if err != nil {
			s.fail(w, rq, err)
			return
		}
		h.Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		w.Write(b)
	default:
		w.WriteHeader(status)
	}
}

func (s *Server) sendFile(w *statusWriter, rq *Request, f *File) {
	body, err := f.Open()
	if err != nil {
		s.fail(w, rq, err)
		return
	}
	defer body.Close()
	h := w.Header()
	typ := f.Type
	if typ == "" {
		typ = "application/octet-stream"
	}
	h.Set("Content-Type", typ)
	disposition := "attachment"
	if f.Inline && slices.Contains(inlineTypes, strings.SplitN(typ, ";", 2)[0]) {
		disposition = "inline"
	} else {
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	}
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": fileName(f.Name)}))
	if seeker, ok := body.(io.ReadSeeker); ok {
		http.ServeContent(w, rq.HTTP, "", f.ModTime, seeker)
		return
	}
	if f.Size >= 0 {
		h.Set("Content-Length", fmt.Sprint(f.Size))
	}
	w.WriteHeader(http.StatusOK)
	if _, err := io.Copy(w, body); err != nil {
		s.Log.Warn("download ended early", "ref", rq.Ref, "route", rq.route.Pattern, "err", errs.Reason(err))
		panic(http.ErrAbortHandler) // so that the client sees a broken transfer, not a short file
	}
}

// inlineTypes cannot run code in our origin.
var inlineTypes = []string{"image/png", "image/jpeg", "image/webp", "image/gif", "application/pdf", "text/plain", "text/calendar"}

// fileName keeps a name usable on every system: no separators, no control characters, at most 200 bytes.
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, s)
	for len(s) > 200 {
		i := strings.LastIndexByte(s, '.')
		if i < 0 || len(s)-i > 10 {
			i = len(s)
		}
		r := []rune(s[:i])
		s = string(r[:len(r)-1]) + s[i:]
	}
	if strings.Trim(s, ". ") == "" {
		return "tep"
	}
	return s
}

// localPath makes sure that a redirect stays on this site.
func localPath(p string) string {
	u, err := url.Parse(p)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n") {
		return "/"
	}
	return p
}

// LocalPath returns p if it is an address of this site, else "/". For addresses that came with a request.
func LocalPath(p string) string { return localPath(p) }

func newRef() string {
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var b [8]byte
	rand.Read(b[:])
	for i := range b {
		b[i] = letters[b[i]&31]
	}
	return string(b[:4]) + "-" + string(b[4:])
}

const (
	flashCookie = "flash"
	langCookie  = "lang"
)

func flashOf(m errs.Message) *http.Cookie {
	b, err := json.Marshal(m)
	if err != nil || len(b) > 1500 {
		b = nil
	}
	return &http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(b), Path: "/", MaxAge: 60}
}

func readFlash(r *http.Request) *errs.Message {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var m errs.Message
	if d.Decode(&m) != nil || m.Key == "" {
		return nil
	}
	for i, a := range m.Args {
		if n, ok := a.(json.Number); ok {
			if v, err := n.Int64(); err == nil {
				m.Args[i] = v
			}
		}
	}
	return &m
}

// SetCookie sets a cookie with the attributes every cookie of this site has: not for scripts, not for other sites, only over TLS
// where there is TLS.
func SetCookie(w http.ResponseWriter, c *http.Cookie, secure bool) {
	c.HttpOnly, c.Secure = true, secure
	if c.SameSite == 0 {
		c.SameSite = http.SameSiteLaxMode
	}
	if c.Path == "" {
		c.Path = "/"
	}
	http.SetCookie(w, c)
}

func language(r *http.Request) i18n.Lang {
	if c, err := r.Cookie(langCookie); err == nil {
		return i18n.ParseLang(c.Value)
	}
	return i18n.VI
}

func setLanguage(rq *Request) (Reply, error) {
	rep := To(rq.form.Get("next"))
	rep.Cookies = []*http.Cookie{{Name: langCookie, Value: string(i18n.ParseLang(rq.form.Get("lang"))), Path: "/", MaxAge: 365 * 24 * 3600}}
	return rep, nil
}

func isSecure(r *http.Request, s *Server) bool {
	return r.TLS != nil || s.TLS || (trusted(r, s.TrustedProxies) && r.Header.Get("X-Forwarded-Proto") == "https")
}

func trusted(r *http.Request, proxies []netip.Prefix) bool {
	a, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a.Addr().Unmap()) })
}

func clientAddress(r *http.Request, proxies []netip.Prefix) string {
	a, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	addr := a.Addr().Unmap()
	if trusted(r, proxies) {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0; i-- { // the last hop that is not one of our proxies
			h, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			addr = h.Unmap()
			if !slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(addr) }) {
				break
			}
		}
	}
	return addr.String()
}
