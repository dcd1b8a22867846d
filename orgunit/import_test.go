package orgunit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/sheet"
	"chungtay/policy"
)

var importDay = civil.MustParse("2026-11-24")

// words gives the Vietnamese words of a key, as a page has them.
func wordsOfLists(t testing.TB) func(string, ...any) string {
	v, err := newVocabulary()
	if err != nil {
		t.Fatal(err)
	}
	return func(key string, args ...any) string { return v.cat.Text("vi", key, args...) }
}

// lists writes the present list as a file and reads it again.
func (l *land) list(under string, as func(*bytes.Buffer, sheet.Table) error) [][]string {
	l.Helper()
	var b bytes.Buffer
	dbtest.Read(l, l.DB, func(tx *db.Tx) error {
		t, err := ListTable(tx, under, importDay, wordsOfLists(l))
		if err != nil {
			return err
		}
		return as(&b, t)
	})
	table, err := sheet.Read(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		l.Fatal(err)
	}
	return table
}

func asXLSX(b *bytes.Buffer, t sheet.Table) error { return sheet.XLSX(b, t) }
func asCSV(b *bytes.Buffer, t sheet.Table) error  { return sheet.CSV(b, t) }

func (l *land) plan(by policy.Actor, table [][]string) (p ListPlan) {
	l.Helper()
	dbtest.Read(l, l.DB, func(tx *db.Tx) (err error) { p, err = l.PlanImport(tx, by, table, importDay); return err })
	return p
}

// bring carries a list out in steps and returns how many rows were done.
func (l *land) bring(by policy.Actor, table [][]string, step int) (all int) {
	l.Helper()
	for range 100 {
		var done, left int
		dbtest.Write(l, l.DB, func(tx *db.Tx) (err error) {
			done, left, err = l.ImportSome(tx, by, table, importDay, "QĐ 1/QĐ-UBND", step)
			return err
		})
		if all += done; left == 0 {
			return all
		}
	}
	l.Fatal("the import does not end")
	return 0
}

// What is exported comes in again unchanged, as XLSX and as CSV, also text that looks like a formula.
func TestListComesInAgainUnchanged(t *testing.T) {
	eachLand(t, "2025-07-01", []string{"22"}, func(l *land) {
		health := l.find("Sở Y tế tỉnh Quảng Ninh")
		health.Phone, health.Address, health.Code = "+84 203 000 000", "=HYPERLINK(\"x\")", "@QN.SYT"
		dbtest.Write(l, l.DB, func(tx *db.Tx) error { _, err := l.Change(tx, system, health, importDay, ""); return err })
		for name, as := range map[string]func(*bytes.Buffer, sheet.Table) error{"xlsx": asXLSX, "csv": asCSV} {
			table := l.list("", as)
			p := l.plan(system, table)
			if p.Count[RowSame] != len(p.Rows) || len(p.Rows) < 150 {
				for _, r := range p.Rows {
					if r.Fate != RowSame {
						l.Errorf("%s line %d: %s %s %v %v", name, r.Line, r.Fate, r.Unit.Name, r.Changes, r.Problems)
						break
					}
				}
				l.Errorf("%s: %v of %d rows", name, p.Count, len(p.Rows))
			}
			if n := l.bring(system, table, 1000); n != 0 {
				l.Errorf("%s: %d rows done", name, n)
			}
		}
	})
}

// New units with new ones under them, changes field by field, in steps; the same file again does nothing.
func TestListBringsNewAndChangedUnits(t *testing.T) {
	eachLand(t, "2025-07-01", []string{"22"}, func(l *land) {
		health, police := l.find("Sở Y tế tỉnh Quảng Ninh"), l.find("Công an tỉnh Quảng Ninh")
		table := [][]string{
			{"Danh mục đơn vị"}, {},
			{"Tên đơn vị", "Mã đơn vị", "Loại", "Cấp", "Cơ quan cấp trên", "Mã cơ quan cấp trên", "Điện thoại", "Mã hệ thống", "Từ ngày", "Mã địa bàn", "Là phòng, ban bên trong"},
			{"Tổ hỗ trợ", "", "Khác", "Tỉnh", "Trung tâm Công tác xã hội", "", "", "", "", "", "x"},
			{"Trung tâm Công tác xã hội", "H43.1", "trung_tam", "Province", health.Name, "", "", "", "01/01/2026", "22", ""},
			{"Công an Quảng Ninh", "", "", "", "", "", "0203", police.ID, "", "", ""},
			{"", "", "", "", "", "H43.1", "", l.find("Văn phòng Sở Y tế").ID, "", "", ""},
		}
		p := l.plan(system, table)
		var got []string
		for _, r := range p.Rows {
			s := fmt.Sprint(r.Line, " ", r.Fate)
			for _, c := range r.Changes {
				s += fmt.Sprintf(" %s:%s>%s", c.Field, c.From, c.To)
			}
			got = append(got, s)
		}
		want := []string{"4 new", "5 new", "6 changed name:Công an tỉnh Quảng Ninh>Công an Quảng Ninh phone:>0203", "7 changed superior:Sở Y tế tỉnh Quảng Ninh>Trung tâm Công tác xã hội"}
		if !slices.Equal(got, want) {
			l.Fatalf("%q, want %q", got, want)
		}
		if n := l.bring(system, table, 1); n < 4 {
			l.Errorf("%d rows done, want 4", n)
		}
		centre, team := l.find("Trung tâm Công tác xã hội"), l.find("Tổ hỗ trợ")
		if centre.Superior != health.ID || centre.Born.String() != "2026-01-01" || centre.Code != "H43.1" || centre.Area != health.Area || team.Superior != centre.ID || !team.Internal || team.Born != importDay {
			l.Errorf("%+v\n%+v", centre, team)
		}
		if u := l.find("Công an Quảng Ninh"); u.ID != police.ID || u.Phone != "0203" || u.From != importDay {
			l.Errorf("%+v", u)
		}
		dbtest.Read(l, l.DB, func(tx *db.Tx) error {
			up, err := Above(tx, team.ID)
			if err == nil && (len(up) < 3 || up[0] != centre.ID || up[1] != health.ID) {
				l.Errorf("above the new unit: %v", up)
			}
			events, err := EventsOf(tx, team.ID)
			if len(events) != 1 || events[0].Kind != Imported || events[0].Basis != "QĐ 1/QĐ-UBND" {
				l.Errorf("%+v", events)
			}
			return err
		})
		if p := l.plan(system, table); p.Count[RowSame] != 4 {
			l.Errorf("again: %v", p.Count)
		}
	})
}

func TestRowsOfListsRefused(t *testing.T) {
	eachLand(t, "2025-07-01", []string{"22", "38"}, func(l *land) {
		health, thanh := l.find("Sở Y tế tỉnh Quảng Ninh"), l.find("Sở Y tế tỉnh Thanh Hóa")
		var inside Unit
		dbtest.Read(l, l.DB, func(tx *db.Tx) error {
			list, err := under(tx, health.ID, importDay)
			inside = list[0]
			return err
		})
		head := []string{"Tên đơn vị", "Loại", "Cấp", "Cơ quan cấp trên", "Mã đơn vị", "Từ ngày", "Đến hết ngày", "Mã hệ thống", "Mã cơ quan cấp trên", "Thư điện tử", "Mã địa bàn"}
		row := func(cells ...string) []string { return append(cells, make([]string, len(head)-len(cells))...) }
		h := health.Name
		cases := []struct {
			key  string
			rows [][]string
		}{
			{"orgunit.cycle", [][]string{row("A", "Khác", "Tỉnh", "B"), row("B", "Khác", "Tỉnh", "A")}},
			{"orgunit.cycle", [][]string{{"", "", "", "", "", "", "", health.ID, inside.ID, "", ""}}},
			{"orgunit.import.two_superiors_rows", [][]string{row("A", "Khác", "Tỉnh", h, "X1"), row("A", "Khác", "Tỉnh", thanh.Name, "X1")}},
			{"orgunit.import.two_superiors", [][]string{{"A", "Khác", "Tỉnh", h, "", "", "", "", thanh.ID, "", ""}}},
			{"orgunit.import.twice", [][]string{row("A", "Khác", "Tỉnh", h), row("A", "Khác", "Tỉnh", h)}},
			{"orgunit.import.code_twice", [][]string{row("A", "Khác", "Tỉnh", h, "X1"), {"", "", "", "", "X1", "", "", health.ID, "", "", ""}}},
			{"orgunit.import.ends_early", [][]string{row("A", "Khác", "Tỉnh", h, "", "02/01/2026", "01/01/2026")}},
			{"orgunit.import.ends_by_event", [][]string{row("A", "Khác", "Tỉnh", h, "", "02/01/2026", "03/01/2026")}},
			{"orgunit.import.no_day", [][]string{row("A", "Khác", "Tỉnh", h, "", "31/02/2026")}},
			{"orgunit.import.no_kind", [][]string{row("A", "=1+1", "Tỉnh", h)}},
			{"orgunit.import.no_level", [][]string{row("A", "Khác", "Làng", h)}},
			{"orgunit.need_kind", [][]string{row("A", "", "Tỉnh", h)}},
			{"orgunit.need_superior", [][]string{row("A", "Khác", "Tỉnh")}},
			{"orgunit.import.no_superior", [][]string{row("A", "Khác", "Tỉnh", "Sở Không có")}},
			{"orgunit.import.which_superior", [][]string{row("A", "Khác", "Tỉnh", "Văn phòng Sở Y tế")}},
			{"orgunit.superior_lower", [][]string{row("A", "Khác", "Trung ương", h)}},
			{"orgunit.superior_gone", [][]string{row("A", "Khác", "Tỉnh", h, "", "01/01/2020")}},
			{"orgunit.name_there", [][]string{{"Sở Y tế tỉnh Quảng Ninh", "", "", "", "", "", "", l.find("Sở Tư pháp tỉnh Quảng Ninh").ID, "", "", ""}}},
			{"orgunit.name_long", [][]string{row(strings.Repeat("dài ", 5000), "Khác", "Tỉnh", h)}},
			{"orgunit.import.too_long", [][]string{row("A", "Khác", "Tỉnh", h, strings.Repeat("9", 30000))}},
			{"orgunit.import.no_id", [][]string{{"A", "Khác", "Tỉnh", h, "", "", "", "01JAAAAAAAAAAAAAAAAAAAAAAA", "", "", ""}}},
			{"orgunit.import.no_email", [][]string{{"A", "Khác", "Tỉnh", h, "", "", "", "", "", "không", ""}}},
			{"orgunit.import.no_area", [][]string{{"A", "Khác", "Tỉnh", h, "", "", "", "", "", "", "99999"}}},
			{"orgunit.import.other_birth", [][]string{{"", "", "", "", "", "01/01/2020", "", health.ID, "", "", ""}}},
			{"orgunit.import.superior_refused", [][]string{row("A", "Khác", "Làng", h), row("B", "Khác", "Xã", "A")}},
		}
		for _, c := range cases {
			table := append([][]string{head}, c.rows...)
			p := l.plan(system, table)
			var keys []string
			for _, r := range p.Rows {
				for _, m := range r.Problems {
					keys = append(keys, m.Key)
				}
			}
			if !slices.Contains(keys, c.key) {
				l.Errorf("%.80q: %v, want %s", c.rows, keys, c.key)
			}
			err := l.try(func(tx *db.Tx) error { _, _, err := l.ImportSome(tx, system, table, importDay, "", 10); return err })
			l.wantRefused(err, errs.Invalid, "orgunit.import.mend_first")
		}
		for key, table := range map[string][][]string{
			"orgunit.import.no_heads":     {{"Cột 1", "Cột 2"}, {"x", "y"}},
			"orgunit.import.column_twice": {{"Tên đơn vị", "Tên đơn vị"}, {"x", "y"}},
			"orgunit.import.empty":        {{"Tên đơn vị"}, {""}},
		} {
			err := l.try(func(tx *db.Tx) error { _, err := l.PlanImport(tx, system, table, importDay); return err })
			l.wantRefused(err, errs.Invalid, key)
		}
		// A province's administrator changes what is theirs and sees the rest refused.
		here := l.find("Ủy ban nhân dân tỉnh Quảng Ninh").ID
		by := policy.Actor{Person: "p", Unit: here, Grants: []policy.Grant{{Role: "administrator", Unit: here, Below: true, Permissions: l.Book.Permissions("administrator")}}}
		p := l.plan(by, [][]string{head, row("A", "Khác", "Tỉnh", h), row("A", "Khác", "Tỉnh", thanh.Name)})
		if p.Rows[0].Fate != RowNew || p.Rows[1].Fate != RowRefused || p.Rows[1].Problems[0].Key != "orgunit.import.not_yours" {
			l.Errorf("%+v", p.Rows)
		}
		// Ten thousand bad rows are answered row by row.
		bad := [][]string{head}
		for i := range 10_000 {
			bad = append(bad, row(fmt.Sprint("Đơn vị ", i), "Khác", "Tỉnh", fmt.Sprint("Cấp trên ", i)))
		}
		if p := l.plan(system, bad); p.Count[RowRefused] != 10_000 {
			l.Errorf("%v", p.Count)
		}
	})
}
