package web

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// Work outside is done once, while the database is free, and what the page had written before it is written once. When the request is over, what was
// to be done finally is done, also after a refusal and after work that never comes to an end.
func TestWorkOutsideTheTransaction(t *testing.T) {
	dbtest.Each(t, []db.Migrations{Migrations(), noteTables}, func(t *testing.T, d *db.DB) {
		runs, works, over := 0, 0, 0
		free := func(context.Context) (any, error) { // another writes meanwhile
			works++
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			return 7, d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(`INSERT INTO note (id, body) VALUES ($1, 'other')`, 1000+works)
				return err
			})
		}
		page := func(rq *Request) (Reply, error) {
			runs++
			if runs == 1 {
				rq.Finally(func() { over++ })
			}
			if err := insertNote(rq, "mine"); err != nil {
				return Reply{}, err
			}
			for _, key := range []string{"a", "b"} {
				if v, err := rq.Outside(key, free); err != nil || v != 7 {
					return Reply{}, err
				}
			}
			_, err := rq.Outside("c", func(context.Context) (any, error) { return nil, errs.New(errs.Invalid, "web.bad_form") })
			if err == nil || !errs.Is(err, errs.Invalid) {
				return Reply{}, err
			}
			return To("/notes"), nil
		}
		endless := func(rq *Request) (Reply, error) {
			rq.Finally(func() { over++ })
			_, err := rq.Outside(new(int), func(context.Context) (any, error) { return nil, nil })
			return Reply{}, err
		}
		s := newSite(t, d)
		s.srv.Routes = append(noteRoutes(), Route{Pattern: "POST /outside", Needs: policy.Public, Page: page}, Route{Pattern: "POST /endless", Needs: policy.Public, Page: endless},
			Route{Pattern: "POST /at-once", Needs: policy.Public, Loose: true, Page: func(rq *Request) (Reply, error) {
				_, err := rq.Outside("x", func(context.Context) (any, error) { return nil, errors.New("broke") })
				if err == nil || err.Error() != "broke" {
					t.Errorf("without a transaction: %v", err)
				}
				return To("/notes"), nil
			}})
		s.Server.Config.Handler = s.srv.Handler()
		resp, body := s.do("POST", "/outside", "an", map[string][]string{"once": {"k"}})
		s.want(resp, body, http.StatusSeeOther)
		if runs != 4 || works != 2 || over != 1 {
			t.Errorf("the page ran %d times, work was done %d times, %d ends", runs, works, over)
		}
		dbtest.Read(t, d, func(tx *db.Tx) error {
			n, err := db.One[int](tx, `SELECT COUNT(*) FROM note WHERE body = 'mine'`)
			if n != 1 {
				t.Errorf("%d notes of the page", n)
			}
			return err
		})
		over = 0
		resp, body = s.do("POST", "/endless", "an", map[string][]string{"a": {"b"}})
		if s.want(resp, body, http.StatusInternalServerError); over != maxOutside+1 {
			t.Errorf("%d runs", over)
		}
		resp, body = s.do("POST", "/at-once", "an", map[string][]string{"a": {"b"}})
		s.want(resp, body, http.StatusSeeOther)
	})
}
