package orgunit

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/policy"
)

var now = time.Date(2026, 11, 24, 9, 0, 0, 0, civil.Zone)

var rooms = []db.Migrations{audit.Migrations(), Migrations()}

// land is a database with the areas of some provinces in both eras, the centre and those provinces' units.
type land struct {
	*testing.T
	*db.DB
	*Units
	clock *dbtest.Clock
}

var system = policy.System("test")

var wholeMap = sync.OnceValue(func() []AreaRow {
	rows, _, err := readGeography()
	if err != nil {
		panic(err)
	}
	return rows
})

// mapOf is the part of the map with the provinces of some codes of 2021.
func mapOf(codes ...string) []AreaRow {
	in := map[string]bool{}
	var out []AreaRow
	for _, level := range Levels {
		for _, r := range wholeMap() {
			if r.Level == level && (in[r.Parent] || in[r.ID] || level == Province && slices.Contains(codes, r.Code) && r.From.IsZero()) {
				in[r.ID] = true
				out = append(out, r)
			}
		}
	}
	return out
}

// eachLand runs f on each database with provinces set up on a day.
func eachLand(t *testing.T, on string, provinces []string, f func(*land)) {
	clock := dbtest.NewClock(now)
	dbtest.EachWith(t, rooms, db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		clock.Set(now)
		f(settle(t, d, clock, on, provinces...))
	})
}

func settle(t *testing.T, d *db.DB, clock *dbtest.Clock, on string, provinces ...string) *land {
	l := &land{t, d, &Units{Book: policy.NewBook(policy.Role{Name: "administrator", Gives: map[policy.Permission]policy.Reach{Edit: policy.Below}})}, clock}
	day := civil.MustParse(on)
	dbtest.Write(t, d, func(tx *db.Tx) error {
		rows := mapOf(provinces...)
		if err := LoadSomeAreas(tx, rows); err != nil {
			return err
		}
		top, err := l.EstablishNation(tx, system, day)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Level == Province && r.From.IsZero() {
				if _, err := l.EstablishProvince(tx, system, top.ID, r.ID, day, ""); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return l
}

// find returns the unit of this very name.
func (l *land) find(name string) Unit {
	l.Helper()
	var out Unit
	dbtest.Read(l, l.DB, func(tx *db.Tx) error {
		list, _, err := Search(tx, Filter{Words: name, Size: 200, Gone: true})
		if err != nil {
			return err
		}
		for _, u := range list {
			if u.Name == name {
				out = u
			}
		}
		return nil
	})
	if out.ID == "" {
		l.Fatalf("no unit %q", name)
	}
	return out
}

// try runs a deed and undoes it when it fails.
func (l *land) try(f func(tx *db.Tx) error) error {
	return l.DB.Write(l.T.Context(), f)
}

func (l *land) wantRefused(err error, kind errs.Kind, key string) {
	l.Helper()
	got := ""
	if fs := errs.FieldsOf(err); len(fs) > 0 {
		got = fs[0].Key
	} else if m, ok := errs.TextOf(err); ok {
		got = m.Key
	}
	if errs.Of(err) != kind || got != key {
		l.Errorf("got %v (%s), want %s %s", err, got, kind, key)
	}
}

func TestTheMapOfBothEras(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		l := &land{T: t, DB: d}
		dbtest.Write(t, d, func(tx *db.Tx) error { _, err := LoadAreas(tx); return err })
		dbtest.Read(l, l.DB, func(tx *db.Tx) error {
			count := func(day string) map[Level]int {
				type row struct {
					Level Level `db:"level"`
					N     int   `db:"n"`
				}
				rows, err := db.All[row](tx, `SELECT a.level, COUNT(*) AS n FROM orgunit_area a JOIN orgunit_area_version x ON x.area_id = a.id WHERE x.from_day <= $1 AND (x.to_day IS NULL OR x.to_day >= $2) GROUP BY a.level`, day, day)
				if err != nil {
					l.Fatal(err)
				}
				out := map[Level]int{}
				for _, r := range rows {
					out[r.Level] = r.N
				}
				return out
			}
			if c := count("2025-06-30"); c[Province] != 63 || c[District] != 705 || c[Commune] != 10599 {
				l.Error("before the reform:", c)
			}
			if c := count("2025-07-01"); c[Province] != 34 || c[District] != 0 || c[Commune] != 3321 {
				l.Error("since the reform:", c)
			}
			// A code is no identity: 15 was Yên Bái and is Lào Cai.
			a, _, _ := areaByCode(tx, Province, "15", civil.MustParse("2024-01-01"))
			b, _, _ := areaByCode(tx, Province, "15", civil.MustParse("2026-01-01"))
			if a.Name != "Tỉnh Yên Bái" || b.Name != "Tỉnh Lào Cai" || a.ID == b.ID {
				l.Error(a.Name, b.Name)
			}
			into, _, err := links(tx, a.ID)
			if err != nil || len(into) != 1 || into[0].To != b.ID || into[0].Extent != "whole" {
				l.Error("Yên Bái went into", into, err)
			}
			old, _, _ := areaByCode(tx, Province, "10", civil.MustParse("2024-01-01"))
			if old.ID != b.ID {
				l.Error("Lào Cai did not stay itself when its code changed")
			}
			sl, _, _ := areaByCode(tx, Province, "14", civil.MustParse("2026-01-01"))
			communes, err := Areas(tx, sl.ID, civil.MustParse("2026-01-01"))
			if err != nil || len(communes) != 75 {
				l.Error("Sơn La has", len(communes), "communes", err)
			}
			dn, _, _ := areaByCode(tx, Province, "75", civil.MustParse("2026-05-01"))
			before, _, _ := areaByCode(tx, Province, "75", civil.MustParse("2026-04-29"))
			if dn.Name != "Thành phố Đồng Nai" || before.Name != "Tỉnh Đồng Nai" || dn.ID != before.ID {
				l.Error(before.Name, dn.Name)
			}
			// The communes of Đồng Nai and Bắc Ninh that became phường in 2026 stay themselves.
			for code, day := range map[string]string{"26485": "2026-04-30", "09496": "2026-09-20"} {
				was, _, _ := areaByCode(tx, Commune, code, civil.MustParse(day).AddDays(-1))
				is, _, _ := areaByCode(tx, Commune, code, civil.MustParse(day))
				if was.Kind != "xa" || is.Kind != "phuong" || was.ID != is.ID || "Xã "+is.Bare() != was.Name {
					l.Error(code, was.Name, is.Name)
				}
			}
			wards, err := db.One[int](tx, `SELECT COUNT(*) FROM orgunit_area_version WHERE to_day IS NULL AND kind = 'phuong'`)
			if err != nil || wards != 709 {
				l.Error("phường today:", wards, err)
			}
			// Ia Mơ goes on under the code it always had; an island district became a đặc khu whole.
			iaMo, _, _ := areaByCode(tx, Commune, "23938", civil.MustParse("2021-01-01"))
			iaMoNow, _, _ := areaByCode(tx, Commune, "23938", civil.MustParse("2026-01-01"))
			if iaMo.Name != "Xã Ia Mơ" || iaMo.ID != iaMoNow.ID {
				l.Error(iaMo.Name, iaMoNow.Name)
			}
			conDao, _, _ := areaByCode(tx, District, "755", civil.MustParse("2021-01-01"))
			if into, _, err := links(tx, conDao.ID); err != nil || len(into) != 1 || into[0].Extent != "whole" {
				l.Error(conDao.Name, "went into", into, err)
			}
			// Nothing new is without an origin.
			orphans, err := db.One[int](tx, `SELECT COUNT(*) FROM orgunit_area a WHERE NOT EXISTS (SELECT 1 FROM orgunit_area_version x WHERE x.area_id = a.id AND x.from_day = '')
				AND NOT EXISTS (SELECT 1 FROM orgunit_area_link k WHERE k.to_area = a.id)`)
			if err != nil || orphans != 0 {
				l.Error("areas whose origin is not told:", orphans, err)
			}
			return nil
		})
		load := func() (n int) {
			dbtest.Write(l, l.DB, func(tx *db.Tx) (err error) { n, err = LoadAreas(tx); return err })
			return n
		}
		if n := load(); n != 0 {
			l.Error("loading twice wrote", n)
		}
		// An older map, with a wrong name and link and without what happened in September 2026, becomes what the file says.
		state := func() (rows []AreaRow, links []Link) {
			dbtest.Read(l, l.DB, func(tx *db.Tx) (err error) { rows, links, err = storedAreas(tx); return err })
			return rows, links
		}
		rows, links := state()
		dbtest.Write(l, l.DB, func(tx *db.Tx) error {
			for _, q := range []string{
				`DELETE FROM orgunit_area_version WHERE from_day = '2026-09-20'`, `UPDATE orgunit_area_version SET to_day = NULL WHERE to_day = '2026-09-19'`,
				`UPDATE orgunit_area_version SET name = 'Xã Sai' WHERE code = '04138'`, `UPDATE orgunit_area_link SET extent = 'part' WHERE extent = 'whole'`,
			} {
				if _, err := tx.Exec(q); err != nil {
					return err
				}
			}
			return nil
		})
		if n := load(); n < 26 {
			l.Error("versions brought up to date:", n)
		}
		again, linksAgain := state()
		if missing, extra := differing(rows, again); len(missing)+len(extra) > 0 {
			l.Error(missing, extra)
		}
		if missing, extra := differing(links, linksAgain); len(missing)+len(extra) > 0 {
			l.Error(missing, extra)
		}
	})
}

func TestStandardSetsOfBothEras(t *testing.T) {
	eachLand(t, "2021-06-01", []string{"14"}, func(l *land) {
		sl := l.find("Ủy ban nhân dân tỉnh Sơn La")
		dbtest.Read(l, l.DB, func(tx *db.Tx) error {
			all, err := Below(tx, sl.ID, civil.MustParse("2021-06-01"))
			if err != nil {
				return err
			}
			kinds := map[string]int{}
			for _, u := range all {
				kinds[string(u.Kind)+" "+string(u.Level)]++
			}
			if kinds["ubnd commune"] != 204 || kinds["ubnd district"] != 12 || kinds["phong district"] != 24 {
				l.Error(kinds)
			}
			above, err := Above(tx, l.find("Phòng Lao động - Thương binh và Xã hội huyện Mai Sơn").ID)
			if err != nil || len(above) != 3 {
				l.Error("above:", above, err)
			}
			return nil
		})
		err := l.try(func(tx *db.Tx) error {
			_, err := l.EstablishProvince(tx, system, "", sl.Area, civil.MustParse("2021-06-01"), "")
			return err
		})
		l.wantRefused(err, errs.Conflict, "orgunit.province_there")
	})
}

// What of a template was not verified is said in the history of the unit, and of no other.
func TestDoubtsOfATemplateAreSaid(t *testing.T) {
	for on, want := range map[string]bool{"2021-06-01": false, "2025-07-01": true} {
		eachLand(t, on, []string{"14"}, func(l *land) {
			for name, doubted := range map[string]bool{"Bộ Chỉ huy Bộ đội Biên phòng tỉnh Sơn La": want, "Bộ Chỉ huy Quân sự tỉnh Sơn La": false} {
				u := l.find(name)
				dbtest.Read(l, l.DB, func(tx *db.Tx) error {
					events, err := EventsOf(tx, u.ID)
					if len(events) != 1 || events[0].Kind != Template || strings.HasPrefix(events[0].Note, "Chưa xác minh") != doubted {
						l.Errorf("%s on %s: %+v", name, on, events)
					}
					return err
				})
			}
		})
	}
}

func TestAUnitLivesInTime(t *testing.T) {
	eachLand(t, "2021-06-01", []string{"14"}, func(l *land) {
		u := l.find("Trung tâm Bảo trợ xã hội tỉnh Sơn La")
		rename := func(name, on string, version int64) error {
			return l.try(func(tx *db.Tx) error {
				x, err := lastVersion(tx, u.ID)
				if err != nil {
					return err
				}
				x.Name, x.Version = name, version
				_, err = l.Change(tx, system, x, civil.MustParse(on), "QĐ 1")
				return err
			})
		}
		if err := rename("Cơ sở trợ giúp xã hội tỉnh Sơn La", "2023-01-15", 1); err != nil {
			t.Fatal(err)
		}
		l.wantRefused(rename("X", "2022-01-01", 2), errs.Invalid, "orgunit.before_last")
		l.wantRefused(rename("X", "2024-01-01", 1), errs.Conflict, "orgunit.changed_meanwhile")
		dbtest.Read(l, l.DB, func(tx *db.Tx) error {
			for day, want := range map[string]string{"2020-01-01": "Trung tâm Bảo trợ xã hội tỉnh Sơn La", "2023-01-14": "Trung tâm Bảo trợ xã hội tỉnh Sơn La", "2023-01-15": "Cơ sở trợ giúp xã hội tỉnh Sơn La", "2026-01-01": "Cơ sở trợ giúp xã hội tỉnh Sơn La"} {
				if x, err := At(tx, u.ID, civil.MustParse(day)); err != nil || x.Name != want {
					l.Error(day, x.Name, err)
				}
			}
			// The old name still finds it.
			list, _, err := Search(tx, Filter{Words: "trung tam BTXH son la"})
			if err != nil || len(list) == 0 || list[0].ID != u.ID {
				l.Error("by the old name:", list, err)
			}
			return nil
		})
	})
}

func TestMergersAndTheirHeirs(t *testing.T) {
	eachLand(t, "2021-06-01", []string{"14"}, func(l *land) {
		open := map[string]int{}
		a, b := l.find("Ủy ban nhân dân xã Chiềng Ngần"), l.find("Ủy ban nhân dân phường Chiềng Sinh")
		district := l.find("Ủy ban nhân dân thành phố Sơn La")
		open[a.ID] = 3
		l.Heirs = []Heir{{Key: "x", Count: func(_ *db.Tx, u string) (int, error) { return open[u], nil },
			Move: func(_ *db.Tx, _ policy.Actor, from, to string) (int, error) {
				n := open[from]
				open[to] += n
				open[from] = 0
				return n, nil
			}}}
		on := civil.MustParse("2025-07-01")
		l.wantRefused(l.try(func(tx *db.Tx) error {
			return l.Merge(tx, system, Merger{From: []Part{{Unit: district.ID}}, Into: b.ID, On: on})
		}), errs.Invalid, "orgunit.levels_differ")
		l.wantRefused(l.try(func(tx *db.Tx) error {
			return l.Merge(tx, system, Merger{From: []Part{{Unit: b.ID}}, Into: b.ID, On: on})
		}), errs.Invalid, "orgunit.twice")
		l.wantRefused(l.try(func(tx *db.Tx) error { _, err := l.Takeover(tx, system, a.ID, b.ID); return err }), errs.Conflict, "orgunit.still_there")
		if err := l.try(func(tx *db.Tx) error {
			return l.Merge(tx, system, Merger{From: []Part{{Unit: a.ID, Extent: Main}}, Into: b.ID, On: on, Basis: "NQ 202/2025/QH15"})
		}); err != nil {
			t.Fatal(err)
		}
		l.wantRefused(l.try(func(tx *db.Tx) error {
			return l.Abolish(tx, system, Ending{Unit: a.ID, On: civil.MustParse("2026-01-01")})
		}), errs.Invalid, "orgunit.gone")
		l.wantRefused(l.try(func(tx *db.Tx) error { _, err := l.Takeover(tx, system, a.ID, district.ID); return err }), errs.Invalid, "orgunit.not_successor")
		if open[a.ID] != 3 {
			t.Error("work moved without a takeover")
		}
		var moved int
		if err := l.try(func(tx *db.Tx) (err error) { moved, err = l.Takeover(tx, system, a.ID, b.ID); return err }); err != nil || moved != 3 || open[b.ID] != 3 {
			t.Error(err, moved, open)
		}
		l.wantRefused(l.try(func(tx *db.Tx) error { return l.Abolish(tx, system, Ending{Unit: district.ID, On: on}) }), errs.Conflict, "orgunit.has_subordinates")
		dbtest.Read(l, l.DB, func(tx *db.Tx) error {
			if _, err := Above(tx, a.ID); err != nil { // records of a vanished unit stay reachable for those above it
				l.Error(err)
			}
			x, err := At(tx, a.ID, civil.MustParse("2026-01-01"))
			if err != nil || x.Gone != civil.MustParse("2025-06-30") {
				l.Error(x.Gone, err)
			}
			return nil
		})
	})
}

func TestBadUnits(t *testing.T) {
	eachLand(t, "2026-01-01", []string{"14"}, func(l *land) {
		top, health, xa := l.find("Ủy ban nhân dân tỉnh Sơn La"), l.find("Sở Y tế tỉnh Sơn La"), l.find("Ủy ban nhân dân xã Mường Bú")
		on := civil.MustParse("2026-02-01")
		establish := func(u Unit, on civil.Date) error {
			return l.try(func(tx *db.Tx) error { _, err := l.Establish(tx, system, u, on, ""); return err })
		}
		good := Unit{Name: "Phòng Kiểm tra", Kind: Division, Level: Province, Superior: health.ID}
		for _, c := range []struct {
			change func(*Unit)
			on     civil.Date
			key    string
		}{
			{func(u *Unit) { u.Name = " " }, on, "orgunit.need_name"},
			{func(u *Unit) { u.Name = strings.Repeat("ă", 251) }, on, "orgunit.name_long"},
			{func(u *Unit) { u.Kind = "x" }, on, "orgunit.need_kind"},
			{func(u *Unit) { u.Level = "" }, on, "orgunit.need_level"},
			{func(u *Unit) { u.Superior = xa.ID }, on, "orgunit.superior_lower"},
			{func(u *Unit) { u.Superior = "01arz3ndektsv4rrffq69g5fav" }, on, ""},
			{func(u *Unit) {}, civil.Date{}, "orgunit.need_day"},
			{func(u *Unit) {}, civil.MustParse("2025-12-31"), "orgunit.superior_gone"},
		} {
			u := good
			c.change(&u)
			err := establish(u, c.on)
			if c.key == "" {
				if err == nil {
					t.Error("an unknown superior was accepted")
				}
				continue
			}
			l.wantRefused(err, errs.Invalid, c.key)
		}
		coded := good
		coded.Code = "H52.1"
		if err := establish(coded, on); err != nil {
			t.Fatal(err)
		}
		coded.Name = "Phòng Khác"
		l.wantRefused(establish(coded, on), errs.Invalid, "orgunit.code_taken")
		// a cycle: the province under one of its own
		l.wantRefused(l.try(func(tx *db.Tx) error {
			x, err := lastVersion(tx, top.ID)
			if err != nil {
				return err
			}
			x.Superior = health.ID
			_, err = l.Change(tx, system, x, on, "")
			return err
		}), errs.Invalid, "orgunit.cycle")
	})
}

func TestOnlyThoseAboveMayChange(t *testing.T) {
	eachLand(t, "2026-01-01", []string{"14", "12"}, func(l *land) {
		sl, lc := l.find("Ủy ban nhân dân tỉnh Sơn La"), l.find("Ủy ban nhân dân xã Mường Kim")
		xa := l.find("Ủy ban nhân dân xã Mường Bú")
		admin := policy.Actor{Person: "p", Unit: sl.ID, Grants: []policy.Grant{{Role: "administrator", Unit: sl.ID, Below: true, Permissions: l.Book.Permissions("administrator")}}}
		on := civil.MustParse("2026-03-01")
		for unit, kind := range map[string]errs.Kind{xa.ID: 0, lc.ID: errs.NotFound} {
			err := l.try(func(tx *db.Tx) error {
				u, err := lastVersion(tx, unit)
				if err != nil {
					return err
				}
				u.Name += " mới"
				_, err = l.Change(tx, admin, u, on, "")
				return err
			})
			if kind == 0 && err != nil || kind != 0 && errs.Of(err) != kind {
				t.Errorf("%s: %v", unit, err)
			}
		}
		officer := policy.Actor{Person: "o", Unit: sl.ID}
		l.wantRefused(l.try(func(tx *db.Tx) error { return l.Abolish(tx, officer, Ending{Unit: xa.ID, On: on}) }), errs.Forbidden, "orgunit.may_not")
	})
}

func TestSearchAsPeopleType(t *testing.T) {
	eachLand(t, "2021-06-01", []string{"38", "14"}, func(l *land) {
		want := map[string]string{
			"thanh hoa":              "Ủy ban nhân dân tỉnh Thanh Hóa",
			"Thanh Hoá":              "Ủy ban nhân dân tỉnh Thanh Hóa",
			"UBND tỉnh Thanh Hóa":    "Ủy ban nhân dân tỉnh Thanh Hóa",
			"so ldtbxh thanh hoa":    "Sở Lao động - Thương binh và Xã hội tỉnh Thanh Hóa",
			"Phòng LĐTBXH Mai Sơn":   "Phòng Lao động - Thương binh và Xã hội huyện Mai Sơn",
			"UBND TP Sơn La":         "Ủy ban nhân dân thành phố Sơn La",
			"trung tâm BTXH sơn la":  "Trung tâm Bảo trợ xã hội tỉnh Sơn La",
			"công an huyện mường la": "Công an huyện Mường La",
			"ubnd tx bim son":        "Ủy ban nhân dân thị xã Bỉm Sơn",
			"UBND TX Nghi Sơn":       "Ủy ban nhân dân thị xã Nghi Sơn",
			"xã chiềng ngần":         "Ủy ban nhân dân xã Chiềng Ngần",
		}
		dbtest.Read(l, l.DB, func(tx *db.Tx) error {
			for q, name := range want {
				list, n, err := Search(tx, Filter{Words: q, Size: 20})
				if err != nil || n == 0 || list[0].Name != name {
					first := ""
					if n > 0 {
						first = list[0].Name
					}
					l.Errorf("%q found %q (%d), want %q; %v", q, first, n, name, err)
				}
			}
			for _, q := range []string{"%", "_", "'", "\\", "x'; DROP TABLE area"} {
				if _, n, err := Search(tx, Filter{Words: q}); err != nil || n > 0 && q != "%" && q != "_" && q != "'" {
					l.Errorf("%q: %d %v", q, n, err)
				}
			}
			// Lists stand in the order of the Vietnamese alphabet: Bắc Yên, Mai Sơn, …; Đ after D.
			list, n, err := Search(tx, Filter{Kind: PeoplesComm, Level: Commune, Under: l.find("Ủy ban nhân dân tỉnh Sơn La").ID, Size: 200})
			if err != nil || n != 204 || !slices.IsSortedFunc(list, func(a, b Unit) int { return viet.Compare(a.Name, b.Name) }) {
				var names []string
				for _, u := range list {
					names = append(names, u.Name)
				}
				l.Error(n, names, err)
			}
			return nil
		})
	})
}
