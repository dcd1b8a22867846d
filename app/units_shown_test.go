package app

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Every page that shows a unit shows it as it was on the day of its record, with what it is today beside it: of one that was renamed its
// present name, of one that was merged its successor.
func TestUnitsAreShownAsTheyWere(t *testing.T) {
	then := civil.MustParse("2026-08-10")
	clock := dbtest.NewClock(then.Start().Add(9 * time.Hour))
	s := newScene(t, dbtest.SQLite(t, Migrations(), db.Options{Clock: clock.Now}))
	srv, err := s.Server()
	if err != nil {
		t.Fatal(err)
	}
	srv.Door = s
	h := srv.Handler()
	const renamed, heir = "Sở Y tế và Dân số tỉnh Thanh Hóa", "Sở Nội vụ và Xã hội tỉnh Sơn La"
	on := then.AddDays(20)
	dbtest.Write(t, s.Installation.DB, func(tx *db.Tx) error {
		by, units := policy.System("test"), s.Installation.Units
		if err := audit.Log(tx, s.Role["officer"], audit.By(orgunit.Edit, s.Here.ID), audit.Deed{Action: "orgunit.takeover", Kind: "orgunit", ID: s.Here.ID}); err != nil {
			return err
		}
		u, err := orgunit.Present(tx, s.Here.ID)
		if err != nil {
			return err
		}
		u.Name = renamed
		if _, err := units.Change(tx, by, u, on, "QĐ 1/QĐ-UBND"); err != nil {
			return err
		}
		gone, err := orgunit.Present(tx, s.Elsewhere.ID)
		if err != nil {
			return err
		}
		to, err := units.Establish(tx, by, orgunit.Unit{Name: heir, Kind: orgunit.ProvDept, Level: orgunit.Province, Superior: gone.Superior}, then, "")
		if err != nil {
			return err
		}
		return units.Merge(tx, by, orgunit.Merger{From: []orgunit.Part{{Unit: gone.ID}}, Into: to.ID, On: on})
	})
	clock.Set(then.AddDays(60).Start())
	for _, x := range []struct{ role, path, record, named string }{
		{"officer", "/", "", heir},
		{"leader", "/tasks", "", renamed},
		{"leader", "/tasks", "", heir},
		{"leader", "/tasks/", "task.own", renamed},
		{"leader", "/tasks/", "task.own", heir},
		{"leader", "/tasks/units", "", heir},
		{"leader", "/reports", "", renamed},
		{"leader", "/reports", "", heir},
		{"leader", "/reports/", "report.own", renamed},
		{"leader", "/reports/", "report.own", heir},
		{"leader", "/requests", "", renamed},
		{"leader", "/requests/", "request.own", heir},
		{"leader", "/directives", "", renamed},
		{"leader", "/directives/", "directive.own", renamed},
		{"leader", "/directives/tree", "directive.own", renamed},
		{"clerk", "/documents/", "document.own", renamed},
		{"leader", "/activities", "", renamed},
		{"leader", "/activities/timeline", "", renamed},
		{"leader", "/activities/sums?from=2021-07-01&to=2021-07-31", "", renamed},
		{"leader", "/activities/", "activity.own", renamed},
		{"leader", "/campaigns", "", renamed},
		{"leader", "/campaigns/", "campaign.own", renamed},
		{"auditor", "/audit?action=orgunit.takeover", "", renamed},
	} {
		path := x.path
		if kind, relation, ok := strings.Cut(x.record, "."); ok {
			a, b, _ := strings.Cut(path[1:], "/")
			path = strings.TrimSuffix("/"+a+"/"+s.id(kind, relation, x.role)+"/"+b, "/")
		}
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("X-Role", x.role)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		page := w.Body.String()
		if w.Code != 200 || !strings.Contains(page, "nay là "+x.named) {
			t.Errorf("%s of %s by %s: %d, does not say %q", x.path, x.record, x.role, w.Code, "nay là "+x.named)
		}
	}
}
