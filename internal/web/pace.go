package web

import (
	"io"
	"net/http"
	"time"
)

// How long a client may keep the server waiting. The clock of a connection is set for each step anew: for the body while it comes, for an
// answer whenever a piece of it is sent. Between the two no clock of the connection runs, so a page that comes after a long body still has its
// time to be sent, and a long download is cut off only when the client takes nothing any more.
const (
	// linger is how long net/http may throw away what still comes of a body that nobody reads, at most 256 KiB, so that the answer is not lost
	// on the way.
	linger = time.Second
	// sendTime is how long a client may take for one piece of an answer; 32 KiB of a file.
	sendTime = time.Minute
)

// bodyTime is how long a client may take to send a body: 20 s and a second for each 16 KiB, a phone on a bad line.
func (s *Server) bodyTime(limit int64) time.Duration {
	if s.Patience > 0 {
		return s.Patience
	}
	return 20*time.Second + time.Duration(limit/(16<<10))*time.Second
}

// body notes that a body has come whole. From then on the connection is read only to see whether the client is still there: a read deadline
// left behind would look like a client that went, and end the request's context in the middle of the answer.
type body struct {
	io.ReadCloser
	rc    *http.ResponseController
	whole bool
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF && !b.whole {
		b.whole = true
		b.rc.SetReadDeadline(time.Time{})
	}
	return n, err
}

// statusWriter remembers what was sent, and gives each piece its time.
type statusWriter struct {
	http.ResponseWriter
	rc     *http.ResponseController
	body   *body // of the request; nil: it has none
	status int
	bytes  int64
}

// pace makes the writer of a request's answer, and stops the clocks that would run out while the request is worked on.
func (s *Server) pace(w http.ResponseWriter, r *http.Request, limit int64) *statusWriter {
	out := &statusWriter{ResponseWriter: w, rc: http.NewResponseController(w)}
	out.rc.SetWriteDeadline(time.Time{})
	if r.ContentLength != 0 {
		out.rc.SetReadDeadline(time.Now().Add(s.bodyTime(limit)))
		out.body = &body{ReadCloser: r.Body, rc: out.rc}
		r.Body = out.body
	}
	return out
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.begin(status)
	}
	w.rc.SetWriteDeadline(time.Now().Add(sendTime))
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.begin(http.StatusOK)
	}
	w.rc.SetWriteDeadline(time.Now().Add(sendTime))
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// begin is the moment before the first byte: net/http throws away the rest of the body before it sends the header.
func (w *statusWriter) begin(status int) {
	w.status = status
	if w.body != nil && !w.body.whole {
		w.rc.SetReadDeadline(time.Now().Add(linger))
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
