package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"chungtay/internal/errs"
)

// Stream writes server-sent events.
type Stream struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

// Send writes one event with JSON data.
func (s *Stream) Send(event string, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return s.write("event: " + strings.NewReplacer("\r", "", "\n", "").Replace(event) + "\ndata: " + string(b) + "\n\n")
}

// KeepAlive writes a comment, so that proxies do not close a quiet stream.
func (s *Stream) KeepAlive() error { return s.write(":\n\n") }

func (s *Stream) write(text string) error {
	if _, err := fmt.Fprint(s.w, text); err != nil {
		return err
	}
	return s.rc.Flush()
}

func (s *Server) stream(w *statusWriter, rq *Request, f func(context.Context, *Stream) error) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	ctx, cancel := context.WithCancel(rq.Context())
	defer cancel()
	defer context.AfterFunc(s.stopped, cancel)()
	if err := f(ctx, &Stream{w, w.rc}); err != nil && ctx.Err() == nil {
		s.Log.Warn("event stream ended", "ref", rq.Ref, "route", rq.route.Pattern, "err", errs.Reason(err))
	}
}
