package app

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"chungtay/directive"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
)

// Two people have one draft open and it saves itself while they write: what they write in different fields is kept, the same field is refused
// and shown with both texts; remarks stand on the page of the draft. Nobody else's office sees it.
func TestTwoEditorsOfADraft(t *testing.T) {
	s := newScene(t, dbtest.SQLite(t, Migrations(), db.Options{}))
	srv, err := s.Server()
	if err != nil {
		t.Fatal(err)
	}
	srv.Door = s
	h := srv.Handler()
	ask := func(role, method, path string, v url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(v.Encode()))
		r.Header.Set("X-Role", role)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	draft := "/directives/" + s.known["draft"]["own"]
	open := func(role string) url.Values { return form(ask(role, "GET", draft+"/edit", nil).Body.String()) }
	one, two, three := open("officer"), open("leader"), open("leader")
	one.Set("subject", "Trích yếu của chuyên viên")
	two.Set("intro", "Câu mở đầu của lãnh đạo")
	three.Set("subject", "Trích yếu của lãnh đạo")
	for i, x := range []struct {
		role   string
		v      url.Values
		status int
	}{{"officer", one, 200}, {"leader", two, 200}, {"leader", three, 409}} {
		if w := ask(x.role, "POST", draft+"/autosave", x.v); w.Code != x.status {
			t.Errorf("save %d: %d %s", i+1, w.Code, w.Body)
		}
	}
	dbtest.Read(t, s.Installation.DB, func(tx *db.Tx) error {
		var d directive.Directive
		d, err := s.Directives.Get(tx, s.Role["officer"], s.known["draft"]["own"])
		if c := d.Content.V; c.Subject != "Trích yếu của chuyên viên" || c.Intro != "Câu mở đầu của lãnh đạo" {
			t.Errorf("%q %q", c.Subject, c.Intro)
		}
		return err
	})
	if w := ask("leader", "POST", draft+"/edit", three); !strings.Contains(w.Body.String(), "Trích yếu của chuyên viên") || !strings.Contains(w.Body.String(), "Trích yếu của lãnh đạo") {
		t.Errorf("both texts are not shown: %d", w.Code)
	}
	if w := ask("leader", "POST", draft+"/comment", url.Values{"comment": {"Nêu rõ ai làm thay"}}); w.Code != 303 {
		t.Errorf("a remark: %d %s", w.Code, w.Body)
	}
	if w := ask("leader", "POST", draft+"/comment", url.Values{"comment": {" "}}); w.Code != 422 {
		t.Errorf("an empty remark: %d", w.Code)
	}
	if page := ask("officer", "GET", draft, nil).Body.String(); !strings.Contains(page, "Nêu rõ ai làm thay") {
		t.Error("the remark is not on the page")
	}
	for _, method := range []string{"GET", "POST"} {
		path := map[string]string{"GET": "", "POST": "/comment"}[method]
		if w := ask("officer", method, "/directives/"+s.known["draft"]["foreign"]+path, url.Values{"comment": {"x"}}); w.Code != 404 {
			t.Errorf("%s of another office's draft: %d", method, w.Code)
		}
	}
}
