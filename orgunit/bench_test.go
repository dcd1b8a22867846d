package orgunit

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/sheet"
	"chungtay/policy"
)

// BenchmarkNation sets up the whole country of 2021 (about 15,000 units) on each database, and measures what people and other rooms ask.
func BenchmarkNation(b *testing.B) {
	for _, c := range []struct {
		name string
		open func(testing.TB, []db.Migrations, db.Options) *db.DB
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		b.Run(c.name, func(b *testing.B) { nation2021(b, c.open(b, rooms, db.Options{Clock: dbtest.NewClock(now).Now})) })
	}
}

func nation2021(b *testing.B, d *db.DB) {
	c := &Units{}
	day := civil.MustParse("2021-06-20")
	took := func(what string, f func(tx *db.Tx) error) {
		start := time.Now()
		dbtest.Write(b, d, f)
		b.Logf("%s: %s", what, time.Since(start).Round(time.Millisecond))
	}
	took("load the map of both eras", func(tx *db.Tx) error { _, err := LoadAreas(tx); return err })
	var top Unit
	took("63 provinces by template", func(tx *db.Tx) (err error) {
		if top, err = c.EstablishNation(tx, system, day.AddDays(-1)); err != nil {
			return err
		}
		ps, err := Areas(tx, "", day)
		if err != nil {
			return err
		}
		for _, p := range ps {
			if _, err := c.EstablishProvince(tx, system, top.ID, p.ID, day.AddDays(-1), ""); err != nil {
				return err
			}
		}
		return nil
	})
	var all []string
	var labour, sonla, maison, muongla Unit
	dbtest.Read(b, d, func(tx *db.Tx) error {
		us, err := Below(tx, top.ID, day)
		for _, u := range us {
			all = append(all, u.ID)
			switch u.Name {
			case "Bộ Lao động - Thương binh và Xã hội":
				labour = u
			case "Ủy ban nhân dân tỉnh Sơn La":
				sonla = u
			case "Ủy ban nhân dân huyện Mai Sơn":
				maison = u
			case "Ủy ban nhân dân huyện Mường La":
				muongla = u
			}
		}
		return err
	})
	b.Logf("units: %d", len(all))
	read := func(name string, want int, f func(tx *db.Tx) (int, error)) {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				dbtest.Read(b, d, func(tx *db.Tx) error {
					n, err := f(tx)
					if err == nil && want > 0 && n != want {
						b.Fatalf("%s: %d, want %d", name, n, want)
					}
					return err
				})
			}
		})
	}
	read("above", 3, func(tx *db.Tx) (int, error) { a, err := Above(tx, maison.ID); return len(a) + 1, err })
	read("subordinates of a province", 0, func(tx *db.Tx) (int, error) { l, err := subordinates(tx, sonla.ID, day); return len(l), err })
	read("all units below a province", 0, func(tx *db.Tx) (int, error) { l, err := Below(tx, sonla.ID, day); return len(l), err })
	read("all units below the centre", len(all), func(tx *db.Tx) (int, error) { l, err := Below(tx, top.ID, day); return len(l), err })
	read("scope of a province as SQL", 0, func(tx *db.Tx) (int, error) {
		s := policy.ScopeOf(policy.Actor{Person: "p", Grants: []policy.Grant{{Role: "r", Unit: sonla.ID, Permissions: []policy.Permission{Read}}}}, Read,
			func(string, policy.Permission) (policy.Reach, bool) { return policy.Below, true })
		cond, args := s.SQL(policy.Columns{Unit: "v.unit_id"})
		var w db.Where
		w.And(cond, args...)
		return db.One[int](tx, `SELECT COUNT(*) FROM orgunit_version v`+w.SQL(), w.Args()...)
	})
	read("many 11,000", 11000, func(tx *db.Tx) (int, error) { m, err := Many(tx, all[:11000], day); return len(m), err })
	read("names of 11,000", 11000, func(tx *db.Tx) (int, error) { m, err := NamesOn(tx, all[:11000], day); return len(m), err })
	read("above many 11,000", 11000, func(tx *db.Tx) (int, error) { m, err := AboveMany(tx, all[:11000]); return len(m), err })
	for _, words := range []string{"thanh hoa", "phong ldtbxh mai son", "uy ban nhan dan", "xã tân lập", "H52.1"} {
		read("search "+words, 0, func(tx *db.Tx) (int, error) {
			_, n, err := Search(tx, Filter{Words: words, Size: 20, Day: day})
			return n, err
		})
	}
	for phrase, n := range map[string]int{"UBND các xã, phường, thị trấn": 10599, "Sở LĐTBXH 63 tỉnh, thành phố": 63, "UBND các huyện, quận, thị xã, thành phố": 705} {
		read("resolve from the centre: "+phrase, n, func(tx *db.Tx) (int, error) {
			r, err := Resolve(tx, labour.ID, phrase, day)
			return len(r.Units), err
		})
	}
	read("resolve from a province: UBND các huyện, thành phố", 12, func(tx *db.Tx) (int, error) {
		r, err := Resolve(tx, sonla.ID, "UBND các huyện, thành phố", day)
		return len(r.Units), err
	})
	compareSubtrees(b, d, day, sonla, top)
	if d.Dialect() == db.Postgres {
		compareCounted(b, d, day, sonla, all)
	}
	// A district of 25 units under another province and back: the present tree is kept by subtree.
	b.Run("move a district", func(b *testing.B) {
		for i := range b.N {
			dbtest.Write(b, d, func(tx *db.Tx) error {
				u, err := lastVersion(tx, maison.ID)
				if err != nil {
					return err
				}
				u.Superior = []string{muongla.ID, sonla.ID}[i%2]
				_, err = c.Change(tx, system, u, day, "")
				return err
			})
		}
	})
	b.Run("check the whole tree", func(b *testing.B) {
		for range b.N {
			dbtest.Write(b, d, func(tx *db.Tx) error {
				n, err := RefreshClosure(tx)
				if n != 0 {
					return fmt.Errorf("%d lines differ", n)
				}
				return err
			})
		}
	})
	// The whole list goes out, is looked at, and comes in again with new contact data in a thousand rows.
	var file bytes.Buffer
	took("export the list as XLSX", func(tx *db.Tx) error {
		t, err := ListTable(tx, "", day, wordsOfLists(b))
		if err != nil {
			return err
		}
		return sheet.XLSX(&file, t)
	})
	var table [][]string
	took("read the list", func(*db.Tx) (err error) {
		table, err = sheet.Read(bytes.NewReader(file.Bytes()), int64(file.Len()))
		return err
	})
	took("plan the import of the list", func(tx *db.Tx) error {
		p, err := c.PlanImport(tx, system, table, day)
		if p.Count[RowSame] != len(all) {
			b.Errorf("%v of %d rows", p.Count, len(all))
		}
		return err
	})
	phone := slices.Index(table[3], "Điện thoại")
	for i := 4; phone >= 0 && i < 1004; i++ {
		table[i][phone] = "0212 000 000"
	}
	took("a step of 1,000 changed units", func(tx *db.Tx) error {
		done, _, err := c.ImportSome(tx, system, table, day, "", 1000)
		if done != 1000 {
			b.Errorf("%d rows done", done)
		}
		return err
	})
	fresh := [][]string{{"Tên đơn vị", "Loại", "Cấp", "Mã cơ quan cấp trên"}}
	for i := range 15_000 {
		fresh = append(fresh, []string{fmt.Sprint("Tổ ", i), "khac", "commune", all[i%len(all)]})
	}
	fresh = slices.DeleteFunc(fresh, func(r []string) bool { return r[3] == all[0] })
	took("import 15,000 new units in steps of 1,000", func(tx *db.Tx) error {
		for {
			if _, left, err := c.ImportSome(tx, system, fresh, day, "", 1000); err != nil || left == 0 {
				return err
			}
		}
	})
}

// compareSubtrees asks for the units below a province and below the centre in three ways: by the stored tree as the program does, by walking
// down from superior to superior in SQL, and by reading every version there is. All three find the same units; how many times longer the
// two others take is reported.
func compareSubtrees(b *testing.B, d *db.DB, day civil.Date, province, top Unit) {
	on := day.String()
	walk := func(tx *db.Tx, id string) ([]Unit, error) {
		return db.All[Unit](tx, `WITH RECURSIVE below (id) AS (SELECT id FROM orgunit WHERE id = $1
			UNION ALL SELECT v.unit_id FROM below b JOIN orgunit_version v ON v.superior_id = b.id WHERE v.from_day <= $2 AND (v.to_day IS NULL OR v.to_day >= $3))
			SELECT `+unitColumns+unitFrom+` JOIN below b ON b.id = u.id WHERE v.from_day <= $4 AND (v.to_day IS NULL OR v.to_day >= $5)`, id, on, on, on, on)
	}
	scan := func(tx *db.Tx, id string) ([]Unit, error) {
		all, err := db.All[Unit](tx, `SELECT `+unitColumns+unitFrom+` WHERE v.from_day <= $1 AND (v.to_day IS NULL OR v.to_day >= $2)`, on, on)
		superior := make(map[string]string, len(all))
		for _, u := range all {
			superior[u.ID] = u.Superior
		}
		var out []Unit
		for _, u := range all {
			for at := u.ID; at != ""; at = superior[at] {
				if at == id {
					out = append(out, u)
					break
				}
			}
		}
		return out, err
	}
	stored := func(tx *db.Tx, id string) ([]Unit, error) { return Below(tx, id, day) }
	for _, at := range []Unit{province, top} {
		b.Run("subtree of "+at.Name, func(b *testing.B) {
			var took [3]time.Duration
			for range b.N {
				var first []string
				for i, ask := range []func(*db.Tx, string) ([]Unit, error){stored, walk, scan} {
					var list []Unit
					began := time.Now()
					dbtest.Read(b, d, func(tx *db.Tx) (err error) { list, err = ask(tx, at.ID); return err })
					took[i] += time.Since(began)
					ids := make([]string, len(list))
					for k, u := range list {
						ids[k] = u.ID
					}
					slices.Sort(ids)
					if first == nil {
						first = ids
					}
					if !slices.Equal(first, ids) {
						b.Fatalf("way %d finds %d units, the first %d", i, len(ids), len(first))
					}
				}
			}
			b.ReportMetric(float64(took[1])/float64(took[0]), "x-walk")
			b.ReportMetric(float64(took[2])/float64(took[0]), "x-scan")
			b.ReportMetric(took[0].Seconds()*1e3/float64(b.N), "ms-stored")
		})
	}
}

// compareCounted asks the same of tables whose rows PostgreSQL was told of (tx.Counted) and of copies it was not told of.
func compareCounted(b *testing.B, d *db.DB, day civil.Date, province Unit, all []string) {
	dbtest.Write(b, d, func(tx *db.Tx) error {
		if _, err := tx.Exec(`CREATE SCHEMA untold`); err != nil {
			return err
		}
		for _, t := range []string{"orgunit", "orgunit_version", "orgunit_word", "orgunit_closure"} {
			for _, q := range []string{`CREATE TABLE untold.` + t + ` (LIKE public.` + t + ` INCLUDING ALL)`, `ALTER TABLE untold.` + t + ` SET (autovacuum_enabled = false)`, `INSERT INTO untold.` + t + ` SELECT * FROM public.` + t} {
				if _, err := tx.Exec(q); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for name, ask := range map[string]func(tx *db.Tx) error{
		"below a province": func(tx *db.Tx) error { _, err := Below(tx, province.ID, day); return err },
		"search": func(tx *db.Tx) error {
			_, _, err := Search(tx, Filter{Words: "phong ldtbxh mai son", Size: 20, Day: day})
			return err
		},
		"many 11,000": func(tx *db.Tx) error { _, err := Many(tx, all[:11000], day); return err },
	} {
		b.Run("told of its rows: "+name, func(b *testing.B) {
			var took [2]time.Duration
			for n := range 2*b.N + 2 {
				for k := range 2 {
					i := (n + k) % 2 // each of the two goes first in turn
					path := [2]string{"public", "untold, public"}[i]
					dbtest.Read(b, d, func(tx *db.Tx) error {
						if _, err := tx.Exec(`SET LOCAL search_path TO ` + path); err != nil {
							return err
						}
						began := time.Now()
						err := ask(tx)
						if n > 1 { // the first rounds fill caches
							took[i] += time.Since(began)
						}
						return err
					})
				}
			}
			b.ReportMetric(float64(took[1])/float64(took[0]), "x-untold")
		})
	}
}
