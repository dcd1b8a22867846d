package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/web"
	"chungtay/policy"
)

// A server that is told to stop in the middle of work: what it acknowledged is saved, a request that is running ends well, an event stream
// ends at once, readiness says no before the door closes.
func TestStoppingLosesNoRequest(t *testing.T) {
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		dir := t.TempDir()
		in := openPlace(t, dir, dir+"/key.json", d)
		in.Config.Grace, in.Config.Drain = 20*time.Second, 150*time.Millisecond
		srv, err := in.Server()
		if err != nil {
			t.Fatal(err)
		}
		inside, leave := make(chan struct{}), make(chan struct{})
		var number atomic.Int64
		srv.Routes = append(srv.Routes,
			web.Route{Pattern: "POST /test/save", Needs: policy.Public, Page: func(rq *web.Request) (web.Reply, error) {
				return web.To("/"), putSetting(rq.Tx, "test "+rq.Form("test").Raw("n"), "1")
			}},
			web.Route{Pattern: "GET /test/slow", Needs: policy.Public, Page: func(rq *web.Request) (web.Reply, error) {
				close(inside)
				<-leave
				return web.JSON("done"), nil
			}},
			web.Route{Pattern: "GET /test/stream", Needs: policy.Public, Page: func(rq *web.Request) (web.Reply, error) {
				return web.Events(func(ctx context.Context, s *web.Stream) error {
					s.KeepAlive()
					<-ctx.Done()
					return nil
				}), nil
			}})
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		at := "http://" + ln.Addr().String()
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- in.Serve(ctx, ln, srv.Handler(), srv, in.Runner()) }()

		slow := make(chan string, 1)
		go func() {
			resp, err := http.Get(at + "/test/slow")
			if err != nil {
				slow <- err.Error()
				return
			}
			b, _ := io.ReadAll(resp.Body)
			slow <- resp.Status + " " + string(b)
		}()
		<-inside
		stream := make(chan error, 1)
		resp, err := http.Get(at + "/test/stream")
		if err != nil {
			t.Fatal(err)
		}
		go func() { _, err := io.Copy(io.Discard, resp.Body); stream <- err }()

		var acknowledged sync.Map
		var wg sync.WaitGroup
		half := make(chan struct{})
		for range 4 {
			wg.Go(func() {
				c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
				for {
					n := number.Add(1)
					if n == 60 {
						close(half)
					}
					resp, err := c.PostForm(at+"/test/save", url.Values{"n": {fmt.Sprint(n)}})
					if err != nil {
						return // the door is closed
					}
					io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
					if resp.StatusCode != http.StatusSeeOther {
						t.Errorf("%s while stopping", resp.Status)
						return
					}
					acknowledged.Store(fmt.Sprintf("test %d", n), true)
				}
			})
		}
		<-half
		stop()
		if err := <-stream; err != nil {
			t.Error("the stream broke:", err)
		}
		if resp, err := http.Get(at + "/readyz"); err == nil { // within server.drain; afterwards the door is closed
			if resp.StatusCode != http.StatusServiceUnavailable {
				t.Error("ready while stopping:", resp.Status)
			}
			resp.Body.Close()
		}
		wg.Wait()
		close(leave)
		if got := <-slow; got != `200 OK "done"` {
			t.Error("a running request was cut off:", got)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if _, err := http.Get(at + "/healthz"); err == nil {
			t.Error("still serving")
		}
		saved := map[string]bool{}
		dbtest.Read(t, d, func(tx *db.Tx) error {
			names, err := db.All[string](tx, `SELECT name FROM app_setting`)
			for _, n := range names {
				saved[n] = true
			}
			return err
		})
		n := 0
		acknowledged.Range(func(name, _ any) bool {
			n++
			if !saved[name.(string)] {
				t.Errorf("%s was acknowledged and is not there", name)
			}
			return true
		})
		t.Logf("%d acknowledged, %d saved", n, len(saved))
	})
}

// Requests that do not end within the grace time are cut off, and the command says so.
func TestStoppingHasAnEnd(t *testing.T) {
	d := dbtest.SQLite(t, nil, db.Options{})
	dir := t.TempDir()
	in := openPlace(t, dir, dir+"/key.json", d)
	in.Config.Grace, in.Config.Drain = 20*time.Millisecond, 0
	srv, err := in.Server()
	if err != nil {
		t.Fatal(err)
	}
	inside := make(chan struct{})
	leave := make(chan struct{})
	defer close(leave)
	srv.Routes = append(srv.Routes, web.Route{Pattern: "GET /test/stuck", Needs: policy.Public, Loose: true, Page: func(rq *web.Request) (web.Reply, error) {
		close(inside)
		<-leave
		return web.JSON("never"), nil
	}})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- in.Serve(ctx, ln, srv.Handler(), srv, in.Runner()) }()
	go http.Get("http://" + ln.Addr().String() + "/test/stuck")
	<-inside
	stop()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "server.grace = 20ms") {
		t.Error(err)
	}
}
