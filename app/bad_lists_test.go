package app

import (
	"fmt"
	"html"
	"os"
	"strings"
	"testing"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/i18n"
	"chungtay/orgunit"
	"chungtay/policy"
)

const badHead = "Tên đơn vị;Loại;Cấp;Mã cơ quan cấp trên;Cơ quan cấp trên;Mã đơn vị;Từ ngày;Đến hết ngày;Mã hệ thống\n"

// badLists are lists that cannot come in, and what is said of them. {here} is the unit under which they would come, {gone} one that has ended.
var badLists = []struct{ what, rows, says string }{
	{"a circle", "Tổ A;khac;Xã;;Tổ B;;;;\nTổ B;khac;Xã;;Tổ A;;;;\n", "không thể trực thuộc chính mình hoặc đơn vị cấp dưới"},
	{"two superiors in two rows", "Tổ T;khac;Xã;{here};;T1;;;\nTổ A;khac;Xã;{here};;X1;;;\nTổ A;khac;Xã;T1;;X1;;;\n", "ghi đơn vị này dưới cơ quan cấp trên khác"},
	{"two superiors in one row", "Tổ T;khac;Xã;{here};;T1;;;\nTổ A;khac;Xã;{here};Tổ T;;;;\n", "Hai cơ quan cấp trên khác nhau"},
	{"an end before the start", "Tổ A;khac;Xã;{here};;;02/01/2026;01/01/2026;\n", "Ngày kết thúc sớm hơn ngày bắt đầu"},
	{"a code twice", "Tổ A;khac;Xã;{here};;X1;;;\n;;;;;X1;;;{here}\n", "Mã X1 đã dùng ở dòng"},
	{"a unit that has ended", "Tên mới;;;;;;;;{gone}\n", "đã kết thúc hoạt động sau ngày"},
	{"a level above the superior's", "Tổ T;khac;Xã;{here};;T1;;;\nTổ A;khac;Trung ương;T1;;;;;\n", "ở cấp thấp hơn nên không thể là cơ quan cấp trên"},
}

// tenThousand are as many rows under superiors that are not there.
func tenThousand() string {
	var b strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&b, "Đơn vị %d;khac;Xã;KHONGCO%d;;;;;\n", i, i)
	}
	return b.String()
}

func unitsThere(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	dbtest.Read(t, d, func(tx *db.Tx) (err error) {
		n, err = db.One[int](tx, `SELECT COUNT(*) FROM orgunit`)
		return err
	})
	return n
}

// What cannot come in is said row by row by the command, with exit status 3, and nothing is written.
func TestBadListsByCommand(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			s := newShell(t)
			if kind == "postgres" {
				t.Setenv("CHUNGTAY_DATABASE_URL", dbtest.PostgresURL(t))
			}
			s.run(0, "migrate")
			write := func(text string) {
				if err := os.WriteFile("list.csv", []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write(badHead + "Chính phủ thử;Chính phủ;Trung ương;;;GOC;01/01/2020;;\nBộ Thử;ministry;Trung ương;GOC;;BO;01/01/2020;;\nVụ cũ;department;Trung ương;BO;;CU;01/01/2020;;\n")
			s.run(0, "units", "import", "list.csv")
			in, err := openReady(t.Context(), "", &Streams{Out: os.Stdout, Err: os.Stderr})
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			id := map[string]string{}
			dbtest.Write(t, in.DB, func(tx *db.Tx) error {
				for _, code := range []string{"BO", "CU"} {
					found, _, err := orgunit.Search(tx, orgunit.Filter{Words: code, Size: 1})
					if err != nil {
						return err
					}
					id[code] = found[0].ID
				}
				return in.Units.Abolish(tx, policy.System("test"), orgunit.Ending{Unit: id["CU"], On: civil.MustParse("2024-01-01")})
			})
			before := unitsThere(t, in.DB)
			fill := strings.NewReplacer("{here}", id["BO"], "{gone}", id["CU"])
			for _, c := range badLists {
				write(badHead + fill.Replace(c.rows))
				for _, dry := range [][]string{{"--dry-run"}, nil} {
					out, sum := s.run(3, append([]string{"units", "import", "list.csv"}, dry...)...)
					if !strings.Contains(out, c.says) || !strings.Contains(sum, "chưa nhập được: ") {
						t.Errorf("%s: %s%s", c.what, out, sum)
					}
				}
			}
			write(badHead + tenThousand())
			out, sum := s.run(3, "units", "import", "list.csv", "--dry-run")
			if n := strings.Count(out, "\tchưa nhập được\t"); n != 10_000 || !strings.Contains(sum, "chưa nhập được: 10.000") || !strings.Contains(out, "10001\t") {
				t.Errorf("of ten thousand %d rows are answered: %s", n, sum)
			}
			if n := unitsThere(t, in.DB); n != before {
				t.Errorf("%d units, %d before", n, before)
			}
		})
	}
}

// On the page the same: a preview of every row with what to mend, the button stays away, and sending it all the same is refused.
func TestBadListsOnPages(t *testing.T) {
	eachOffice(t, func(o office) {
		gone := o.made("Phòng đã hết", orgunit.Division, orgunit.Province, o.Here.ID)
		dbtest.Write(t, o.Installation.DB, func(tx *db.Tx) error {
			return o.Installation.Units.Abolish(tx, policy.System("test"), orgunit.Ending{Unit: gone.ID, On: civil.MustParse("2026-02-01")})
		})
		before := unitsThere(t, o.Installation.DB)
		fill := strings.NewReplacer("{here}", o.Here.ID, "{gone}", gone.ID)
		refused := func(what, rows, says string, n int) {
			t.Helper()
			sent := o.sendList(badHead+fill.Replace(rows), "20")
			at := sent.Header().Get("Location")
			if sent.Code != 303 || at == "" {
				t.Fatalf("%s: %d %.500s", what, sent.Code, sent.Body.String())
			}
			page := o.says(at, says, fmt.Sprintf("trong %s dòng rồi gửi lại tệp", i18n.Int(i18n.VI, int64(n))))
			if strings.Contains(page, at+"/go") || len(page) > 200<<10 {
				t.Errorf("%s: a button to go on, or %d KB", what, len(page)>>10)
			}
			if w := o.admin("POST", at+"/go", strings.NewReader(""), "application/x-www-form-urlencoded"); w.Code != 422 || !strings.Contains(html.UnescapeString(w.Body.String()), "dòng chưa nhập được rồi gửi lại tệp") {
				t.Errorf("%s sent all the same: %d", what, w.Code)
			}
		}
		for _, c := range badLists {
			refused(c.what, c.rows, c.says, strings.Count(c.rows, "\n"))
		}
		refused("ten thousand bad rows", tenThousand(), "Không tìm thấy cơ quan cấp trên “KHONGCO0”", 10_000)
		if n := unitsThere(t, o.Installation.DB); n != before {
			t.Errorf("%d units, %d before", n, before)
		}
	})
}
