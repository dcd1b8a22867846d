package e2e

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"chungtay/directive"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Pages that are there only in the middle of some work, which the demonstration has finished: a draft and its issue, a report being written,
// a list of units before it is carried out, what a unit that is no more has left open.
func TestPagesInTheMiddleOfWork(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	script := axe(t)
	look := func(name, path string) {
		t.Helper()
		for _, w := range widths {
			b.open(s.url+path, w)
			sound(b, script, name, w)
		}
		keyboard(b)
	}
	write := func(f func(tx *db.Tx) error) {
		t.Helper()
		if err := s.DB.Write(context.Background(), f); err != nil {
			t.Fatal(err)
		}
	}
	actor := func(login string) (a policy.Actor) {
		t.Helper()
		id := s.record(t, "person", login)
		if err := s.DB.Read(context.Background(), func(tx *db.Tx) (err error) { a, err = s.Accounts.ActorOf(tx, id); return err }); err != nil {
			t.Fatal(err)
		}
		return a
	}

	var draft, signed string
	officer, leader, plan := actor("ubnd.cv"), actor("ubnd.ld"), s.record(t, "directive", "01/KH-UBND")
	write(func(tx *db.Tx) error {
		d, err := s.Directives.Get(tx, officer, plan)
		if err != nil {
			return err
		}
		for _, id := range []*string{&draft, &signed} {
			made, err := s.Directives.Start(tx, officer, d.Unit, d.Content.V, directive.Directive{})
			if err != nil {
				return err
			}
			*id = made.ID
		}
		if err := s.Directives.Submit(tx, officer, signed, 0, leader.Person); err != nil {
			return err
		}
		return s.Directives.Sign(tx, leader, signed, 0)
	})
	s.signIn(b, "ubnd.cv")
	look("directive-draft", "/directives/"+draft)
	look("directive-edit", "/directives/"+draft+"/edit")
	s.signIn(b, "ubnd.vt")
	look("directive-issue", "/directives/"+signed+"/issue")

	s.signIn(b, "btxh.cv")
	b.open(s.follow(b, "/reports > Kế hoạch 01/KH-SYT"), 1366)
	press(b, "Lập báo cáo")
	report := eval[string](b, "location.pathname")
	look("report-edit", report)

	s.signIn(b, "quantri")
	list := filepath.Join(t.TempDir(), "don vi.csv")
	if err := os.WriteFile(list, []byte("Tên đơn vị;Loại;Cấp;Mã cơ quan cấp trên;Mã đơn vị\nTrạm mới;khac;commune;"+s.fill(t, "{unit Sở Y tế tỉnh Sơn La}")+";\nTrạm lạc;khac;commune;KHONGCO;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.open(s.url+"/unit-import", 1366)
	b.do(chromedp.SetUploadFiles("input[name=file]", []string{list}))
	press(b, "Xem trước")
	look("unit-imported", eval[string](b, "location.pathname"))

	gone, heir, admin := s.fill(t, "{unit Sở Ngoại vụ tỉnh Sơn La}"), s.fill(t, "{unit Sở Nội vụ tỉnh Sơn La}"), actor("quantri")
	write(func(tx *db.Tx) error {
		return s.Units.Merge(tx, admin, orgunit.Merger{From: []orgunit.Part{{Unit: gone, Extent: orgunit.Whole}}, Into: heir, On: civil.Of(time.Now()).AddDays(-2), Basis: "Nghị quyết (thử)"})
	})
	look("unit-takeover", "/units/"+gone+"/takeover")
}
