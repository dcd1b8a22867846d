package web

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// again restarts the site with other routes and another server.
func (s *site) again(set func(*httptest.Server), routes ...Route) {
	s.srv.Routes = append(noteRoutes(), routes...)
	s.Server.Close()
	s.Server = httptest.NewUnstartedServer(s.srv.Handler())
	s.Cleanup(s.Server.Close)
	set(s.Server)
	if s.Server.TLS == nil && !s.Server.EnableHTTP2 {
		s.Server.Start()
		return
	}
	s.Server.StartTLS()
	s.client = s.Server.Client()
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
}

// A page that comes after the server's time for writing is over reaches the client, the saved as well as the refused, over HTTP/1.1 and HTTP/2.
func TestAnAnswerAfterALongBodyReachesTheClient(t *testing.T) {
	for _, two := range []bool{false, true} {
		s := newSite(t, dbtest.SQLite(t, []db.Migrations{Migrations(), noteTables}, db.Options{}))
		const short = 20 * time.Millisecond
		long := func(rep Reply, err error) func(*Request) (Reply, error) {
			return func(*Request) (Reply, error) { <-time.After(4 * short); return rep, err }
		}
		s.again(func(h *httptest.Server) { h.Config.WriteTimeout, h.EnableHTTP2 = short, two },
			Route{Pattern: "POST /long", Needs: policy.Public, Page: long(To("/notes"), nil)},
			Route{Pattern: "POST /long-refused", Needs: policy.Public, Page: long(Reply{}, errs.New(errs.Invalid, "web.bad_form"))},
			Route{Pattern: "POST /long-raw", Needs: policy.Public, Raw: func(rq *Request, w http.ResponseWriter) {
				<-time.After(4 * short)
				rq.FailText(w, errs.New(errs.Invalid, "web.bad_form"))
			}})
		for path, status := range map[string]int{"/long": 303, "/long-refused": 422, "/long-raw": 422} {
			resp, body := s.do("POST", path, "", url.Values{"body": {"x"}})
			s.want(resp, body, status)
			if two != (resp.ProtoMajor == 2) {
				t.Errorf("%s came over %s", path, resp.Proto)
			}
		}
	}
}

// Whoever announces a body and does not send it gets an answer all the same, and holds nothing.
func TestABodyThatDoesNotComeHoldsNoAnswer(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t, []db.Migrations{Migrations(), noteTables}, db.Options{}))
	s.srv.Patience = 30 * time.Millisecond
	s.srv.Assets = http.NotFoundHandler()
	s.again(func(*httptest.Server) {}, Route{Pattern: "/raw", Needs: policy.Public, Raw: func(_ *Request, w http.ResponseWriter) { io.WriteString(w, "raw") }})
	for path, want := range map[string]string{"POST /raw": "200", "GET /healthz": "200", "GET /readyz": "200", "GET /a/x.js": "404", "GET /notes": "422", "POST /absent": "422"} {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		c.SetReadDeadline(time.Now().Add(time.Minute)) // only so that a failing test ends
		fmt.Fprintf(c, "%s HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nContent-Length: 1000\r\n\r\nx", path)
		answer, _ := io.ReadAll(c)
		c.Close()
		if !strings.HasPrefix(string(answer), "HTTP/1.1 "+want+" ") {
			t.Errorf("%s: %.300s", path, answer)
		}
	}
}

// While an answer is being sent the time for the body does not end it: a file that comes slowly from the store comes whole, with a form sent
// before it or without.
func TestADownloadOutlivesTheTimeForTheBody(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t, []db.Migrations{Migrations(), noteTables}, db.Options{}))
	s.srv.Patience = 30 * time.Millisecond
	page := func(rq *Request) (Reply, error) {
		return Download(File{Name: "a.bin", Size: -1, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader("first "), readFunc(func(p []byte) (int, error) {
				select {
				case <-rq.Context().Done(): // as a store does that fetches with the request's context
					return 0, rq.Context().Err()
				case <-time.After(5 * s.srv.Patience):
					return copy(p, "last"), io.EOF
				}
			}))), nil
		}}), nil
	}
	s.again(func(*httptest.Server) {}, Route{Pattern: "GET /slow", Needs: policy.Public, Page: page}, Route{Pattern: "POST /slow", Needs: policy.Public, Page: page})
	resp, body := s.do("GET", "/slow", "", nil)
	s.want(resp, body, 200, "first last")
	resp, body = s.do("POST", "/slow", "", url.Values{"a": {"b"}})
	s.want(resp, body, 200, "first last")
	resp, body = s.do("POST", "/slow", "", nil, func(r *http.Request) { // with an epilogue after the last part
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		r.Body = io.NopCloser(strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n" + strings.Repeat(" ", 20<<10)))
		r.ContentLength = -1
	})
	s.want(resp, body, 200, "first last")
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// clockedWriter remembers the deadlines a connection was given.
type clockedWriter struct {
	*httptest.ResponseRecorder
	write []time.Time
}

func (w *clockedWriter) SetReadDeadline(time.Time) error { return nil }
func (w *clockedWriter) SetWriteDeadline(t time.Time) error {
	w.write = append(w.write, t)
	return nil
}

// The time for sending counts for each piece anew, so that a large file on a slow line is not cut off, and a client that takes nothing is.
func TestEachPieceOfADownloadHasItsTime(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t, []db.Migrations{Migrations(), noteTables}, db.Options{}))
	content := bytes.Repeat([]byte("x"), 1<<20)
	s.again(func(*httptest.Server) {}, Route{Pattern: "GET /big", Needs: policy.Public, Page: func(*Request) (Reply, error) {
		return Download(File{Name: "a.bin", Open: func() (io.ReadCloser, error) {
			return struct {
				io.ReadSeeker
				io.Closer
			}{bytes.NewReader(content), io.NopCloser(nil)}, nil
		}}), nil
	}})
	w := &clockedWriter{ResponseRecorder: httptest.NewRecorder()}
	s.Server.Config.Handler.ServeHTTP(w, httptest.NewRequest("GET", "/big", nil))
	if !bytes.Equal(w.Body.Bytes(), content) {
		t.Fatal(w.Code, w.Body.Len())
	}
	if len(w.write) < len(content)/(64<<10) {
		t.Errorf("%d deadlines for %d bytes", len(w.write), len(content))
	}
	for _, d := range w.write[1:] {
		if left := time.Until(d); left > sendTime {
			t.Errorf("%s for one piece", left)
		}
	}
}

// An answer broken off, by a store that fails or a mistake in the program, does not look whole; what the request held is let go all the same,
// and it is counted and logged.
func TestAnAnswerBrokenOffLeavesNothingBehind(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t, []db.Migrations{Migrations(), noteTables}, db.Options{}))
	ended := make(chan string, 10)
	s.srv.Observe = func(pattern string, status int, _ time.Duration) {
		ended <- fmt.Sprint("counted ", pattern, " ", status)
	}
	again := func(rq *Request) { rq.Finally(func() { ended <- "finally" }) }
	s.again(func(*httptest.Server) {}, Route{Pattern: "GET /cut", Needs: policy.Public, Page: func(rq *Request) (Reply, error) {
		again(rq)
		return Download(File{Name: "a.bin", Size: -1, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(bytes.NewReader(make([]byte, 64<<10)), readFunc(func([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }))), nil
		}}), nil
	}}, Route{Pattern: "GET /panics", Needs: policy.Public, Raw: func(rq *Request, w http.ResponseWriter) {
		again(rq)
		io.WriteString(w, strings.Repeat("x", 64<<10))
		panic("half way")
	}})
	for _, path := range []string{"/cut", "/panics"} {
		resp, err := s.client.Get(s.URL + path)
		if err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		if err == nil {
			t.Errorf("%s looks whole", path)
		}
		if a, b := <-ended, <-ended; a != "finally" || b != "counted GET "+path+" 200" {
			t.Error(a, b)
		}
	}
}
