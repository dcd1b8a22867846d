package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/world"
)

// Ten thousand sign-ins, as many as a minute of the attack the installation has to bear, sent as fast as they are answered: by a botnet of
// forty networks with names that exist and names that do not. All but the first few of each network are stopped before they are hashed,
// every answer is a page that says what to do, and somebody else signs in meanwhile.
func TestTenThousandSignIns(t *testing.T) {
	const sent, networks, workers = 10_000, 40, 8
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		h, _, err := s.Handler()
		if err != nil {
			t.Fatal(err)
		}
		try := func(from, login, password string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("POST", "/sign-in", strings.NewReader(url.Values{"login": {login}, "password": {password}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.RemoteAddr = from + ":40000"
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		var victims []string // who works at the offices of the scene
		for login := range s.People {
			if login != "quantri" {
				victims = append(victims, login)
			}
		}
		var next atomic.Int64
		var mu sync.Mutex
		answers := map[int]int{}
		var all sync.WaitGroup
		for range workers {
			all.Go(func() {
				for i := next.Add(1); i <= sent; i = next.Add(1) {
					login := fmt.Sprint("nobody", i)
					if i%2 == 0 {
						login = victims[int(i)%len(victims)]
					}
					w := try(fmt.Sprintf("198.51.100.%d", i%networks), login, "sai mật khẩu rồi")
					mu.Lock()
					answers[w.Code]++
					mu.Unlock()
					if w.Code >= 500 || w.Code == http.StatusTooManyRequests && !strings.Contains(w.Body.String(), "<h1") {
						t.Errorf("answer %d: %.300s", w.Code, w.Body)
						return
					}
					if i == sent/2 {
						if w := try("203.0.113.5", "quantri", world.Password); w.Code != http.StatusSeeOther {
							t.Errorf("nobody else gets in: %d", w.Code)
						}
					}
				}
			})
		}
		all.Wait()
		hashed := 0
		dbtest.Read(t, d, func(tx *db.Tx) error {
			for before := ""; ; {
				list, err := audit.List(tx, audit.Filter{Action: "account.sign_in_refused", Limit: 1000, Before: before})
				if err != nil || len(list) == 0 {
					return err
				}
				hashed += len(list)
				before = list[len(list)-1].ID
			}
		})
		t.Logf("%d sign-ins: answers %v, %d hashed", sent, answers, hashed)
		if hashed > networks*60 {
			t.Errorf("%d were hashed, want at most 60 of each of %d networks", hashed, networks)
		}
		if answers[http.StatusUnprocessableEntity] != hashed || answers[http.StatusTooManyRequests] != sent-hashed {
			t.Errorf("answers %v", answers)
		}
		if w := try("203.0.113.6", "quantri", world.Password); w.Code != http.StatusSeeOther {
			t.Errorf("nobody gets in afterwards: %d", w.Code)
		}
	})
}
