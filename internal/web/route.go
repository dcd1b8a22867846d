package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/policy"
)

// Route is one line of a room's table.
type Route struct {
	Pattern string            // as net/http.ServeMux: "GET /units/{id}"
	Needs   policy.Permission // policy.Public, policy.SignedIn or a declared permission
	Page    func(*Request) (Reply, error)
	Raw     func(*Request, http.ResponseWriter) // instead of Page: no transaction, the handler answers by itself
	MaxBody int64                               // 0: 1 MiB, 64 KiB where everybody may knock; with files attached 32 MiB is usual
	Logs    bool                                // a GET that notes down who read a protected record: it runs in a write transaction
	Loose   bool                                // Page runs without a transaction and opens its own (sign-in: slow hashing must hold no lock)
}

// Bounds of a form without files: of those who were let in, and of everybody.
const (
	DefaultMaxBody = 1 << 20
	publicMaxBody  = 64 << 10
)

func (rt *Route) maxBody() int64 {
	switch {
	case rt.MaxBody > 0:
		return rt.MaxBody
	case rt.Needs == policy.Public:
		return publicMaxBody
	}
	return DefaultMaxBody
}

// Nav is an entry of the main navigation, shown to those who hold the permission.
type Nav struct {
	Key   string // catalogue key of the label
	Path  string
	Needs policy.Permission
}

// Request is one request as a page sees it.
type Request struct {
	HTTP  *http.Request
	Tx    *db.Tx // nil on Raw and Loose routes
	Actor policy.Actor
	Lang  i18n.Lang
	Ref   string // reference number of this request, for the log and for people

	server *Server
	route  *Route
	form   url.Values
	files  []*upload

	prepared map[any]prepared // see Outside
	finally  []func()
}

// Context carries the language, for templates.
func (rq *Request) Context() context.Context { return rq.HTTP.Context() }

// T returns a sentence in the reader's language.
func (rq *Request) T(key string, args ...any) string { return i18n.T(rq.Context(), key, args...) }

// ID returns the identifier in the path under a name; what is not an identifier is absent.
func (rq *Request) ID(name string) (string, error) {
	v := rq.HTTP.PathValue(name)
	if !ids.Valid(v) {
		return "", errs.Absent("path value "+name, "")
	}
	return v, nil
}

// Query returns a value of the address, trimmed and in NFC.
func (rq *Request) Query(name string) string { return clean(rq.HTTP.URL.Query().Get(name)) }

// DB gives Raw and Loose routes the database.
func (rq *Request) DB() *db.DB { return rq.server.DB }

// ClientAddress is the address the request came from, without port; behind a trusted proxy the one it names.
func (rq *Request) ClientAddress() string { return clientAddress(rq.HTTP, rq.server.TrustedProxies) }

// Secure tells whether the client speaks TLS with us or with a trusted proxy.
func (rq *Request) Secure() bool { return isSecure(rq.HTTP, rq.server) }

// Reply is the answer of a page. Make it with Show, Again, To, Download, JSON or Events.
type Reply struct {
	Status  int
	Frame   Frame
	Body    templ.Component
	To      string // address to go on to, 303
	Flash   *errs.Message
	File    *File
	Data    any
	Stream  func(ctx context.Context, s *Stream) error
	Cookies []*http.Cookie
	Header  http.Header
}

// Frame is what surrounds the body of a page.
type Frame struct {
	Title  string // in the reader's language
	Crumbs []Crumb
	Active string // path of the Nav entry this page belongs to; empty: by the longest prefix of the address
	Errors int    // number of refused fields, for the title "Lỗi: …"
	Public bool   // page of the public site, without the officers' navigation
	Bare   bool   // without navigation at all (sign-in)
}

// Crumb is a step of the breadcrumb trail.
type Crumb struct{ Text, Path string }

// File is a download. Content is read after the transaction.
type File struct {
	Name    string // shown to the person; any characters
	Type    string
	Size    int64 // -1: unknown
	ModTime time.Time
	Inline  bool // shown in the browser; only for types that cannot run code
	Open    func() (io.ReadCloser, error)
}

// Show answers 200 with a page.
func Show(title string, body templ.Component) Reply {
	return Reply{Status: http.StatusOK, Frame: Frame{Title: title}, Body: body}
}

// Again answers 422 with the form as it was typed and the refused fields marked.
func Again(title string, f *Form, body templ.Component) Reply {
	return Reply{Status: http.StatusUnprocessableEntity, Frame: Frame{Title: title, Errors: max(1, len(f.errs))}, Body: body}
}

// To answers 303: go on to another page of this site.
func To(path string) Reply { return Reply{Status: http.StatusSeeOther, To: path} }

// Say adds a message shown once on the next page. It must hold no personal data.
func (r Reply) Say(key string, args ...any) Reply {
	r.Flash = &errs.Message{Key: key, Args: args}
	return r
}

// With sets the trail above the page.
func (r Reply) With(crumbs ...Crumb) Reply { r.Frame.Crumbs = crumbs; return r }

// Under names the navigation entry a page belongs to.
func (r Reply) Under(path string) Reply { r.Frame.Active = path; return r }

// Download answers with a file.
func Download(f File) Reply { return Reply{Status: http.StatusOK, File: &f} }

// JSON answers with data for a program.
func JSON(v any) Reply { return Reply{Status: http.StatusOK, Data: v} }

// Events answers with server-sent events written by f, which runs without a transaction until it returns or the client goes.
func Events(f func(ctx context.Context, s *Stream) error) Reply {
	return Reply{Status: http.StatusOK, Stream: f}
}
