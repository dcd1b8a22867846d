package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"chungtay/internal/errs"
)

// ConflictError is a refused save of a record that somebody else saved meanwhile, with both versions.
type ConflictError struct{ Pairs []ConflictPair }

func (e *ConflictError) Error() string { return "stale edit" }

// Conflict makes the error of a stale edit: the page shows both versions, what was typed is not lost.
func Conflict(who string, at time.Time, pairs ...ConflictPair) error {
	return errs.Wrap(&ConflictError{pairs}, errs.Conflict, "web.stale.by", who, at)
}

var statusOf = map[errs.Kind]int{
	errs.Internal: http.StatusInternalServerError, errs.Invalid: http.StatusUnprocessableEntity, errs.Forbidden: http.StatusForbidden,
	errs.NotFound: http.StatusNotFound, errs.Conflict: http.StatusConflict, errs.TooLarge: http.StatusRequestEntityTooLarge,
	errs.Unavailable: http.StatusServiceUnavailable, errs.TooMany: http.StatusTooManyRequests,
}

var textOf = map[errs.Kind]string{
	errs.Internal: "web.internal", errs.Invalid: "web.invalid", errs.Forbidden: "web.forbidden", errs.NotFound: "web.not_found",
	errs.Conflict: "web.conflict", errs.TooLarge: "web.too_large", errs.Unavailable: "web.unavailable", errs.TooMany: "web.too_many",
}

// fail is the one place where an error becomes an answer.
func (s *Server) fail(w *statusWriter, rq *Request, err error) {
	if errs.Of(err) == errs.Internal && rq.HTTP.Context().Err() != nil && errors.Is(err, context.Canceled) { // the client went away
		w.status = 499
		return
	}
	kind := errs.Of(err)
	p := Problem{Status: statusOf[kind], Kind: kind, Ref: rq.Ref, Fields: errs.FieldsOf(err)}
	if m, ok := errs.TextOf(err); ok {
		p.Text = m
	} else {
		p.Text = errs.Message{Key: textOf[kind]}
	}
	if err == errSignIn {
		next := "/"
		if rq.HTTP.Method == http.MethodGet {
			next = rq.HTTP.URL.RequestURI()
		}
		if s.Door != nil {
			p.SignIn = s.Door.SignInPath(next)
		}
		if rq.HTTP.Method == http.MethodGet && wantsPage(rq.HTTP) && p.SignIn != "" {
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, rq.HTTP, p.SignIn, http.StatusSeeOther)
			return
		}
		p.Status, p.Text = http.StatusUnauthorized, errs.Message{Key: "web.session_ended"}
	}
	var stale *ConflictError
	if errors.As(err, &stale) {
		p.Pairs = stale.Pairs
	}
	if len(p.Pairs) == 0 && (kind == errs.Conflict || kind == errs.Unavailable || kind == errs.Internal) {
		p.Typed = typed(rq.form)
	}
	if kind == errs.Internal {
		s.Log.Error("failed", "ref", rq.Ref, "route", rq.route.Pattern, "err", errs.Reason(err))
	} else {
		s.Log.Debug("refused", "ref", rq.Ref, "route", rq.route.Pattern, "err", errs.Reason(err))
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if kind == errs.Unavailable || kind == errs.TooMany {
		h.Set("Retry-After", "10")
	}
	if !wantsPage(rq.HTTP) {
		h.Set("Content-Type", "application/problem+json; charset=utf-8")
		w.WriteHeader(p.Status)
		out := map[string]any{"status": p.Status, "kind": kind.String(), "title": rq.T(p.Text.Key, p.Text.Args...), "ref": p.Ref}
		if len(p.Fields) > 0 {
			fields := map[string]string{}
			for _, f := range p.Fields {
				fields[f.Name] = rq.T(f.Key, f.Args...)
			}
			out["fields"] = fields
		}
		json.NewEncoder(w).Encode(out)
		return
	}
	v := View{Frame: Frame{Title: rq.T("web.title." + kind.String()), Bare: !rq.Actor.SignedIn()}, Lang: rq.Lang, Actor: rq.Actor}
	if rq.HTTP.Method == http.MethodGet {
		v.Path = rq.HTTP.URL.RequestURI()
	}
	for _, n := range s.Navigation {
		if rq.Actor.Holds(n.Needs) {
			v.Nav = append(v.Nav, n)
		}
	}
	var buf bytes.Buffer
	if err := s.Look.Layout(v, s.Look.Problem(p)).Render(rq.Context(), &buf); err != nil {
		s.Log.Error("problem page", "ref", rq.Ref, "err", errs.Reason(err))
		buf.Reset()
		buf.WriteString("Máy chủ gặp lỗi. Mã: " + p.Ref)
		h.Set("Content-Type", "text/plain; charset=utf-8")
	} else {
		h.Set("Content-Type", "text/html; charset=utf-8")
	}
	w.WriteHeader(p.Status)
	w.Write(buf.Bytes())
}

// secretFields are never shown again.
var secretFields = map[string]bool{"password": true, "again": true, "present": true, "secret": true, "code": true, "once": true}

// typed are the long texts of a form that could not be kept, by the names of their fields: without scripts the page they stood on is gone, and
// nobody should have to write a paragraph twice.
func typed(form url.Values) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if secretFields[name] {
			continue
		}
		for _, s := range form[name] {
			if s = strings.TrimSpace(s); utf8.RuneCountInString(s) >= 20 && strings.ContainsRune(s, ' ') {
				out = append(out, s)
			}
		}
	}
	return out
}

// FailText answers a Raw route's failure with the sentence for the person as plain text; programs that send files show it beside them.
func (rq *Request) FailText(w http.ResponseWriter, err error) {
	if rq.HTTP.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return
	}
	kind := errs.Of(err)
	text, ok := errs.TextOf(err)
	if !ok {
		text = errs.Message{Key: textOf[kind]}
	}
	if kind == errs.Internal {
		rq.server.Log.Error("failed", "ref", rq.Ref, "route", rq.route.Pattern, "err", errs.Reason(err))
	}
	if kind == errs.Unavailable || kind == errs.TooMany {
		w.Header().Set("Retry-After", "10")
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(statusOf[kind])
	io.WriteString(w, rq.T(text.Key, text.Args...))
}

// wantsPage tells whether a person's browser asks, rather than a program.
func wantsPage(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return accept == "" || strings.Contains(accept, "text/html") || strings.Contains(accept, "*/*") && !strings.Contains(accept, "json")
}
