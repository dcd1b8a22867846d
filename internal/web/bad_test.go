package web

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/policy"
)

// A client that stops sending is told so and holds nothing.
func TestSlowBodyIsRefused(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t, []db.Migrations{Migrations(), noteTables}, db.Options{}))
	s.srv.Patience = 30 * time.Millisecond
	for _, body := range []string{"body=", "--x\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\nhal"} {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		typ := "application/x-www-form-urlencoded"
		if strings.HasPrefix(body, "--") {
			typ = "multipart/form-data; boundary=x"
		}
		fmt.Fprintf(c, "POST /notes HTTP/1.1\r\nHost: x\r\nX-Person: an\r\nAccept: text/html\r\nContent-Type: %s\r\nContent-Length: 100000\r\n\r\n%s", typ, body)
		answer, _ := io.ReadAll(c) // the server answers and closes; nothing more is ever sent
		c.Close()
		if !strings.HasPrefix(string(answer), "HTTP/1.1 422 ") || !strings.Contains(string(answer), "Đường truyền quá chậm") {
			t.Errorf("%.300s", answer)
		}
	}
}

// Who may not send a body is told so before it is read: one that goes on without end, a file or a form, one announced and one not.
func TestABodyIsReadOnlyFromThoseWhoMaySendIt(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		const file = "Content-Type: multipart/form-data; boundary=x\r\n"
		const part = "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF"
		for _, c := range []struct{ path, head, body, want string }{
			{"/notes", file + "Content-Length: 60000000\r\n", part, "401"},
			{"/notes", file + "Transfer-Encoding: chunked\r\n", fmt.Sprintf("%x\r\n%s\r\n", len(part), part), "401"},
			{"/notes", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n", "body=", "401"},
			{"/notes", "X-Person: binh\r\n" + file + "Content-Length: 60000000\r\n", part, "403"},
			{"/language", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000000\r\n", strings.Repeat("lang=vi&", publicMaxBody/8+1), "413"},
		} {
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n%s\r\n%s", c.path, c.head, c.body)
			answer, _ := io.ReadAll(conn) // nothing more is ever sent, and the body's own time is 20 seconds and more
			conn.Close()
			if !strings.HasPrefix(string(answer), "HTTP/1.1 "+c.want+" ") || strings.Contains(string(answer), "quá chậm") {
				t.Errorf("%s %q: %.300s", c.path, c.head, answer)
			}
		}
	})
}

// wire stands between the program and PostgreSQL and can be cut, or swallow everything.
type wire struct {
	net.Listener
	to    string
	mu    sync.Mutex
	cut   bool
	dumb  chan struct{} // closed: let everything through
	conns []net.Conn
}

func newWire(t *testing.T, to string) *wire {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: ln, to: to, dumb: make(chan struct{})}
	close(w.dumb)
	t.Cleanup(func() { ln.Close(); w.down() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			w.mu.Lock()
			if w.cut {
				c.Close()
				w.mu.Unlock()
				continue
			}
			up, err := net.Dial("tcp", w.to)
			if err != nil {
				c.Close()
				w.mu.Unlock()
				continue
			}
			w.conns = append(w.conns, c, up)
			w.mu.Unlock()
			go w.copy(up, c)
			go w.copy(c, up)
		}
	}()
	return w
}

func (w *wire) copy(to, from net.Conn) {
	defer to.Close()
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		w.mu.Lock()
		wait := w.dumb
		w.mu.Unlock()
		<-wait
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

func (w *wire) down() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = true
	for _, c := range w.conns {
		c.Close()
	}
	w.conns = nil
}

func (w *wire) up() { w.mu.Lock(); w.cut = false; w.mu.Unlock() }

// wired opens a PostgreSQL database through a wire.
func wired(t *testing.T) (*wire, *db.DB) {
	u, err := url.Parse(dbtest.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	w := newWire(t, u.Host)
	u.Host = w.Addr().String()
	ctx := context.Background()
	d, err := db.Open(ctx, u.String(), db.Options{Relaxed: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.Migrate(ctx, []db.Migrations{Migrations(), noteTables}); err != nil {
		t.Fatal(err)
	}
	return w, d
}

// The database goes away and returns: people are told to try again, nothing acknowledged is lost, and the program needs no restart.
func TestDatabaseGoesAwayAndReturns(t *testing.T) {
	w, d := wired(t)
	s := newSite(t, d)
	saved := 0
	save := func() int {
		resp, body := s.do("POST", "/notes", "an", url.Values{"body": {fmt.Sprintf("tờ %d", saved)}})
		switch resp.StatusCode {
		case 303:
			saved++
		case 503:
			s.want(resp, body, 503, "tạm gián đoạn", "Chờ ít phút")
			if resp.Header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		default:
			s.want(resp, body, 303)
		}
		return resp.StatusCode
	}
	for range 3 {
		for range 5 {
			if status := save(); status != 303 {
				t.Fatal(status)
			}
		}
		w.down()
		for range 5 {
			if status := save(); status != 503 {
				t.Errorf("saved without a database: %d", status)
			}
			resp, body := s.do("GET", "/notes", "", nil)
			s.want(resp, body, 503)
			resp, body = s.do("GET", "/readyz", "", nil)
			s.want(resp, body, 503)
			resp, body = s.do("GET", "/healthz", "", nil)
			s.want(resp, body, 200)
		}
		w.up()
		if status := save(); status != 303 {
			t.Errorf("after its return: %d", status)
		}
		resp, body := s.do("GET", "/readyz", "", nil)
		s.want(resp, body, 200)
	}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		n, err := db.One[int](tx, `SELECT COUNT(*) FROM note`)
		if n != saved {
			t.Errorf("%d rows, %d acknowledged", n, saved)
		}
		return err
	})
}

// A database that takes everything and answers nothing: the page is given up after its time, with an answer.
func TestDatabaseThatHangsIsGivenUp(t *testing.T) {
	w, d := wired(t)
	s := newSite(t, d)
	s.srv.Limit = 100 * time.Millisecond
	gate := make(chan struct{})
	w.mu.Lock()
	w.dumb = gate
	w.mu.Unlock()
	resp, body := s.do("GET", "/notes", "", nil)
	s.want(resp, body, 503, "tạm gián đoạn")
	close(gate)
	s.srv.Limit = 0
	resp, body = s.do("GET", "/notes", "", nil)
	s.want(resp, body, 200)
}

// A page that is given up because it took too long changes nothing.
func TestAPageThatTakesTooLongIsRolledBack(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.srv.Routes = append(s.srv.Routes, Route{Pattern: "POST /slow", Needs: policy.Public, Page: func(rq *Request) (Reply, error) {
			if err := insertNote(rq, "mất"); err != nil {
				return Reply{}, err
			}
			<-rq.Context().Done()
			return To("/notes"), nil
		}})
		s.srv.Limit = 20 * time.Millisecond
		s.Server.Config.Handler = s.srv.Handler()
		resp, body := s.do("POST", "/slow", "", url.Values{})
		s.want(resp, body, 503)
		s.srv.Limit = 0
		resp, body = s.do("GET", "/notes", "", nil)
		s.want(resp, body, 200, "!mất")
	})
}

// A full disk is a clear answer; what fits again afterwards is saved, what was refused is not there.
func TestFullDisk(t *testing.T) {
	d := dbtest.SQLite(t, []db.Migrations{Migrations(), noteTables}, db.Options{})
	s := newSite(t, d)
	pages := func(n int) {
		t.Helper()
		if _, err := d.Raw().Exec(fmt.Sprintf("PRAGMA max_page_count = %d", n)); err != nil {
			t.Fatal(err)
		}
	}
	var have int
	if err := d.Raw().QueryRow("PRAGMA page_count").Scan(&have); err != nil {
		t.Fatal(err)
	}
	pages(have + 1)
	saved, full := 0, 0
	for i := range 2000 {
		resp, body := s.do("POST", "/notes", "an", url.Values{"body": {fmt.Sprint(i)}})
		if resp.StatusCode == http.StatusServiceUnavailable {
			s.want(resp, body, 503, "hết chỗ")
			if full++; full == 3 {
				break
			}
			continue
		}
		s.want(resp, body, 303)
		saved++
	}
	if full == 0 {
		t.Fatal("the disk was never full")
	}
	resp, body := s.do("GET", "/notes", "", nil) // reading goes on
	s.want(resp, body, 200)
	pages(1 << 30)
	resp, body = s.do("POST", "/notes", "an", url.Values{"body": {"sau"}})
	s.want(resp, body, 303)
	dbtest.Read(t, d, func(tx *db.Tx) error {
		n, err := db.One[int](tx, `SELECT COUNT(*) FROM note`)
		if n != saved+1 {
			t.Errorf("%d rows, %d acknowledged", n, saved+1)
		}
		return err
	})
}
