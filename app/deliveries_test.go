package app

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"chungtay/account"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/jobs"
	"chungtay/notify"
	"chungtay/policy"
)

// doors asks the pages of a scene as somebody.
type doors struct {
	t testing.TB
	h http.Handler
}

func newDoors(t testing.TB, s *scene) doors {
	srv, err := s.Server()
	if err != nil {
		t.Fatal(err)
	}
	srv.Door = s
	return doors{t, srv.Handler()}
}

func (d doors) ask(role, method, path, form string) (int, string) {
	r := httptest.NewRequest(method, path, strings.NewReader(form))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("X-Role", role)
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// page asks for a page and checks what stands on it and what does not.
func (d doors) page(role, path string, want, not []string) string {
	d.t.Helper()
	code, body := d.ask(role, "GET", path, "")
	if code != http.StatusOK {
		d.t.Fatalf("%s by %s: status %d", path, role, code)
	}
	for _, s := range want {
		if !strings.Contains(body, s) {
			d.t.Errorf("%s by %s does not show %q", path, role, s)
		}
	}
	for _, s := range not {
		if strings.Contains(body, s) {
			d.t.Errorf("%s by %s shows %q", path, role, s)
		}
	}
	return body
}

// refusing is a mail server that knows one mailbox only.
type refusing struct{ known string }

func (refusing) Name() string                    { return notify.Mail }
func (refusing) Address(p account.Person) string { return p.Email }
func (c refusing) Send(_ context.Context, m notify.Message) error {
	if m.To == c.known {
		return nil
	}
	return notify.Refused(errors.New("550 no such mailbox"))
}

// The administrator sees to whom messages went, by which channel and whether they arrived, with the reason of a failure; not what they say,
// and no address. A failed one goes out again.
func TestDeliveriesPage(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		p := newDoors(t, s)
		kinds, _ := s.Notices.Jobs()
		work := func() {
			t.Helper()
			dbtest.Write(t, d, func(tx *db.Tx) error {
				_, err := jobs.Enqueue(tx, "notify.fan", nil)
				if err == nil {
					_, err = jobs.Enqueue(tx, "notify.deliver", nil)
				}
				return err
			})
			if err := jobs.RunAll(context.Background(), d, kinds); err != nil {
				t.Fatal(err)
			}
		}
		work() // without a channel: what the scene was told goes nowhere
		s.Notices.Channels = []notify.Channel{refusing{"den@chungtay.example"}}
		dbtest.Write(t, d, func(tx *db.Tx) error {
			for _, n := range []account.NewPerson{{Name: "Lò Thị Đến", Login: "den", Email: "den@chungtay.example"}, {Name: "Lò Văn Mất", Login: "mat", Email: "mat@chungtay.example"}} {
				who, err := s.Installation.Accounts.Enrol(tx, policy.System("test"), n, "")
				if err != nil {
					return err
				}
				if err := notify.Send(tx, notify.Notice{Person: who.ID, Kind: "task.assigned", Key: "task.notice.assigned", Args: []any{"Sở Y tế", "việc kín không ai được đọc ở đây"}, Path: "/tasks/viec-kin", Urgent: true}); err != nil {
					return err
				}
			}
			return nil
		})
		work()
		secret := []string{"việc kín", "viec-kin", "chungtay.example"}
		body := p.page(SystemAdministrator, "/system/deliveries", []string{"Lò Thị Đến", "Lò Văn Mất", "550 no such mailbox", s.say("notify.state.sent"), s.say("notify.state.failed")}, secret)
		p.page(SystemAdministrator, "/system/deliveries?state=failed", []string{"Lò Văn Mất"}, append(secret, "Lò Thị Đến"))
		p.page(SystemAdministrator, "/system/deliveries?state=sent", []string{"Lò Thị Đến"}, append(secret, "Lò Văn Mất"))
		for _, role := range []string{account.Administrator, "leader", "auditor", outsider} {
			if code, _ := p.ask(role, "GET", "/system/deliveries", ""); code != http.StatusForbidden {
				t.Errorf("%s sees the deliveries: %d", role, code)
			}
		}
		before, _, ok := strings.Cut(body, `<span class="vh">: Lò Văn Mất`)
		before = before[:max(0, strings.LastIndex(before, "/again"))]
		id := before[strings.LastIndex(before, "/")+1:]
		if !ok || len(id) != 26 {
			t.Fatal("the failed delivery has no button")
		}
		s.Notices.Channels = []notify.Channel{refusing{"mat@chungtay.example"}}
		if code, _ := p.ask(SystemAdministrator, "POST", "/system/deliveries/"+id+"/again", ""); code != http.StatusSeeOther {
			t.Fatalf("again: %d", code)
		}
		if code, _ := p.ask(SystemAdministrator, "POST", "/system/deliveries/"+id+"/again", ""); code != http.StatusConflict {
			t.Errorf("again while it waits: %d", code)
		}
		work()
		p.page(SystemAdministrator, "/system/deliveries?state=failed", nil, []string{"Lò Văn Mất", "Lò Thị Đến"})
	})
}

func (s *scene) say(key string) string { return s.Words.Text("vi", key) }

// The page of a person shows who they are, what they hold where and until when, and in whose place; the administrator of all their units may
// do everything to the account, one of a part of them only take the roles there, and a colleague reads.
func TestPersonPage(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		p := newDoors(t, s)
		var one, two account.Person
		dbtest.Write(t, d, func(tx *db.Tx) (err error) {
			system, since := policy.System("test"), civil.MustParse("2020-01-01")
			if one, err = s.Installation.Accounts.Enrol(tx, system, account.NewPerson{Name: "Lò Thị Một", Login: "mot.lt", Email: "mot@chungtay.example", Title: "Phó phòng"}, "",
				account.NewHolding{Role: "officer", Unit: s.Here.ID, From: since, To: civil.Of(tx.Now).AddDays(400)}); err != nil {
				return err
			}
			if two, err = s.Installation.Accounts.Enrol(tx, system, account.NewPerson{Name: "Lò Văn Hai", Login: "hai.lv"}, "",
				account.NewHolding{Role: "officer", Unit: s.Here.ID, From: since}, account.NewHolding{Role: "clerk", Unit: s.Elsewhere.ID, From: since}); err != nil {
				return err
			}
			hs, err := account.Holdings(tx, two.ID)
			if err != nil {
				return err
			}
			for _, h := range hs {
				if h.UnitID == s.Here.ID {
					by, err := s.Installation.Accounts.ActorOf(tx, two.ID)
					if err != nil {
						return err
					}
					_, err = s.Installation.Accounts.Delegate(tx, by, h.ID, one.ID, civil.Of(tx.Now), civil.Of(tx.Now).AddDays(5), "nghỉ phép năm")
					return err
				}
			}
			return nil
		})
		first, second := "/people/"+one.ID, "/people/"+two.ID
		care := []string{`action="` + first + `/link"`, `action="` + first + `/close"`}
		p.page(account.Administrator, first, append(care, "Lò Thị Một", "mot.lt", "Phó phòng", s.say("roles.officer"), s.Here.Name, "Lò Văn Hai", first+"/role"), nil)
		p.page("officer", first, []string{"Lò Thị Một", s.Here.Name}, append(care, first+"/role"))
		p.page("auditor", first, []string{"Lò Thị Một"}, append(care, first+"/role"))
		body := p.page(account.Administrator, second, []string{"Lò Văn Hai", s.Here.Name, s.Elsewhere.Name}, []string{second + "/link", second + "/close"})
		if n := strings.Count(body, "/end\""); n != 1 {
			t.Errorf("%d roles can be ended by the administrator of one unit, want one of the two", n)
		}
	})
}
