//go:build unix

package web

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/policy"
)

// The PostgreSQL process is stopped in the middle of writing, orderly, at once and by kill -9, and started again. Meanwhile everybody is told to try
// again; who sends the same form until it is acknowledged finds it there once, also where the answer to the commit was lost.
func TestPostgresStopsAndStartsWhilePeopleWrite(t *testing.T) {
	c := dbtest.NewCluster(t)
	ctx := context.Background()
	d, err := db.Open(ctx, c.URL, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.Migrate(ctx, []db.Migrations{Migrations(), noteTables}); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, d)
	s.srv.Routes = append(noteRoutes(), Route{Pattern: "POST /keep", Needs: policy.SignedIn, Page: func(rq *Request) (Reply, error) {
		_, err := rq.Tx.Exec(`INSERT INTO note (id, body) VALUES ($1, $2)`, rand.Int64(), rq.Form("note").Raw("body"))
		return To("/notes"), err
	}})
	s.Server.Config.Handler = s.srv.Handler()

	const writers = 4
	saved, refused := make(chan string, 1000), make(chan string, 1000)
	end := make(chan struct{})
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			for n := 0; ; {
				body := fmt.Sprintf("%d-%d", w, n)
				r, err := http.NewRequest("POST", s.URL+"/keep", strings.NewReader(url.Values{"body": {body}, "once": {"k" + body}}.Encode()))
				if err != nil {
					t.Error(err)
					return
				}
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("X-Person", "an")
				r.Header.Set("Accept", "text/html")
				resp, err := client.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				b, _ := io.ReadAll(resp.Body)
				resp.Body.Close()
				out := saved
				switch {
				case resp.StatusCode == http.StatusSeeOther:
					n++
				case resp.StatusCode == http.StatusServiceUnavailable && strings.Contains(string(b), "tạm gián đoạn"):
					out = refused
				default:
					t.Errorf("%s: %d %.300s\n%s", body, resp.StatusCode, b, s.log)
					return
				}
				select {
				case out <- body:
				case <-end:
					if out == refused {
						continue // until it is acknowledged
					}
					saved <- body
					return
				}
			}
		})
	}
	acknowledged := map[string]bool{}
	until := func(what string, from chan string, n int) {
		t.Helper()
		gone := make(chan struct{})
		go func() { wg.Wait(); close(gone) }()
		for n > 0 {
			select {
			case body := <-saved:
				acknowledged[body] = true
				if from == saved {
					n--
				}
			case <-refused:
				if from == refused {
					n--
				}
			case <-gone:
				t.Fatalf("%s: the writers gave up", what)
			}
		}
	}
	ways := []syscall.Signal{syscall.SIGKILL, syscall.SIGQUIT, syscall.SIGINT}
	if testing.Short() {
		ways = ways[:1]
	}
	for _, how := range ways {
		until("before "+how.String(), saved, 60)
		c.Stop(how)
		for len(refused) > 0 {
			<-refused
		}
		until("after "+how.String(), refused, 3*writers)
		resp, body := s.do("GET", "/notes", "", nil)
		s.want(resp, body, 503, "tạm gián đoạn")
		resp, body = s.do("GET", "/readyz", "", nil)
		s.want(resp, body, 503)
		c.Start()
		until("after its return", saved, 60)
		resp, body = s.do("GET", "/readyz", "", nil)
		s.want(resp, body, 200)
	}
	close(end)
	go func() { wg.Wait(); close(saved) }()
	for open := true; open; {
		select {
		case body, ok := <-saved:
			if open = ok; ok {
				acknowledged[body] = true
			}
		case <-refused:
		}
	}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		list, err := db.All[string](tx, `SELECT body FROM note`)
		there := map[string]int{}
		for _, b := range list {
			there[b]++
		}
		for b := range acknowledged {
			if there[b] != 1 {
				t.Errorf("%s was acknowledged and is there %d times", b, there[b])
			}
		}
		if len(there) != len(acknowledged) {
			t.Errorf("%d there, %d acknowledged", len(there), len(acknowledged))
		}
		t.Logf("%d acknowledged", len(acknowledged))
		return err
	})
}
