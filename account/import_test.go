package account

import (
	"fmt"
	"strings"
	"testing"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/policy"
)

var roleWords = map[string]string{"officer": "officer", viet.Fold("Chuyên viên"): "officer", viet.Fold("Lãnh đạo"): "leader"}

// postbox remembers to whom a link went.
type postbox struct{ sent []string }

func (p *postbox) Link(_ *db.Tx, to Person, _ string) error {
	p.sent = append(p.sent, to.Login)
	return nil
}

func heads(rows ...[]string) [][]string {
	return append([][]string{{"Danh sách"}, {}, {"Họ và tên", "Tên đăng nhập", "Thư điện tử", "Đơn vị", "Vai trò", "Cả đơn vị cấp dưới", "Từ ngày", "Đến ngày"}}, rows...)
}

func said(i Imported) string {
	var out []string
	for _, m := range i.Problems {
		out = append(out, strings.TrimPrefix(m.Key, "account."))
	}
	return strings.Join(out, " ")
}

func TestListIsCheckedBeforeAnybodyComesIn(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.hire("ann", "officer c")
		admin := o.actor(o.hire("admin", "administrator d"))
		table := heads(
			[]string{"Lò Văn Một", "lovanmot", "mot@example.com", "c", "Chuyên viên", "", "", ""},
			[]string{"", "", "", "", "", "", "", ""},
			[]string{"Lường Thị Hai", "", "", "d", "chuyên viên", "x", "01/9/2026", "2026-12-31"},
			[]string{"Ai Đó", "ann", "", "c", "officer", "", "", ""},
			[]string{"Lặp Lại", "LOVANMOT", "", "c", "officer", "", "", ""},
			[]string{"Sai Vai", "saivai", "", "c", "vua", "", "", ""},
			[]string{"Xa Xôi", "xaxoi", "", "x", "officer", "", "", ""},
			[]string{"Cao Hơn", "caohon", "", "d", "Lãnh đạo", "", "", ""},
			[]string{"Ngày Sai", "ngaysai", "", "c", "officer", "", "31/2/2026", ""},
			[]string{"Thư Sai", "thusai", "khong phai thu", "c", "officer", "", "", ""},
			[]string{"Thiếu Đơn vị", "thieu", "", "", "officer", "", "", ""},
			[]string{"", "vodanh", "", "c", "officer", "", "", ""},
			[]string{"Đảo Ngày", "daongay", "", "c", "officer", "", "01/12/2026", "01/9/2026"},
		)
		want := []string{"", "", "login_taken", "import.login_twice", "import.no_role", "import.no_unit", "not_held", "import.bad_day", "bad_email", "import.need_unit", "need_name", "to_before_from"}
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			list, err := o.CheckList(tx, admin, table, roleWords)
			for n, i := range list {
				if got := said(i); got != want[n] {
					t.Errorf("line %d (%s): %q, want %q", i.Line, i.Person.Name, got, want[n])
				}
			}
			if len(list) != len(want) || list[0].Line != 4 || list[1].Line != 6 || list[1].Person.Login != "hai.lt" || !list[1].Below || list[1].From.String() != "2026-09-01" || list[1].To.String() != "2026-12-31" {
				t.Errorf("%+v", list[1])
			}
			return err
		})
		o.want(o.try(func(tx *db.Tx) error { _, err := o.ImportList(tx, admin, table, roleWords); return err }), errs.Invalid, "account.import.mend_first")
		o.want(o.try(func(tx *db.Tx) error {
			_, err := o.CheckList(tx, policy.Actor{Person: "x"}, table, roleWords)
			return err
		}), errs.Forbidden, "account.may_not_manage")
		for name, bad := range map[string][][]string{
			"no_heads": {{"Tên", "Tuổi"}, {"An", "30"}}, "twice": {{"Họ và tên", "Name", "Đơn vị", "Vai trò"}, {"An", "An", "c", "officer"}}, "empty": heads(),
		} {
			o.want(o.try(func(tx *db.Tx) error { _, err := o.CheckList(tx, admin, bad, roleWords); return err }), errs.Invalid, "account.import."+name)
		}
	})
}

func TestListComesInWithInvitations(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		admin := o.actor(o.hire("admin", "administrator d"))
		post := &postbox{}
		o.Post, o.BaseURL = post, site
		var rows [][]string
		for n := range 30 {
			mail := ""
			if n%2 == 0 {
				mail = fmt.Sprintf("p%d@example.com", n)
			}
			rows = append(rows, []string{"Lò Văn Nam", "", mail, "c", "Chuyên viên", "", "", ""})
		}
		var made []Invitation
		dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) {
			made, err = o.ImportList(tx, admin, heads(rows...), roleWords)
			return err
		})
		if len(made) != 30 || len(post.sent) != 15 || made[0].Link != "" || made[0].Person.Login != "nam.lv" || made[29].Person.Login != "nam.lv30" {
			t.Fatalf("%d made, %d sent, %+v", len(made), len(post.sent), made[29])
		}
		token, ok := strings.CutPrefix(made[1].Link, site+"/link/")
		if !ok {
			t.Fatal(made[1].Link)
		}
		if _, err := o.SetPassword(t.Context(), o.DB, token, pass); err != nil {
			t.Fatal(err)
		}
		if s, err := o.signIn(made[1].Person.Login, pass); err != nil || !o.as(s.Token).Holds("paper.read") {
			t.Error("who came in by a list cannot work", err)
		}
		// the same list again brings nobody twice: the names are made anew, so it is the sign-in names that stop it
		again := heads([]string{"Lò Văn Nam", "nam.lv", "", "c", "Chuyên viên", "", "", ""})
		o.want(o.try(func(tx *db.Tx) error { _, err := o.ImportList(tx, admin, again, roleWords); return err }), errs.Invalid, "account.import.mend_first")
	})
}

func FuzzReadList(f *testing.F) {
	f.Add("Họ và tên\tĐơn vị\tVai trò\nAn\tc\tofficer")
	f.Add("Name\tUnit\tRole\tLogin\n\n\n")
	f.Fuzz(func(t *testing.T, s string) {
		var table [][]string
		for _, l := range strings.Split(s, "\n") {
			table = append(table, strings.Split(l, "\t"))
		}
		rows, lines, err := readList(table)
		if err == nil && (len(rows) == 0 || len(rows) != len(lines) || lines[len(lines)-1] > len(table)) {
			t.Fatalf("%d rows at %v of %d", len(rows), lines, len(table))
		}
		for _, r := range rows {
			listDay(r["from"], civil.Date{})
		}
	})
}
