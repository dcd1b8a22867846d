package orgunit

import (
	"testing"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
)

// A unit on a record: what it was called that day, and beside it what it is today, through renaming, mergers in a row, splits and abolition.
func TestUnitsOnRecordsOfAnyDay(t *testing.T) {
	eachLand(t, "2021-06-01", []string{"14"}, func(l *land) {
		day := civil.MustParse
		office, evils := l.find("Văn phòng Sở"), l.find("Phòng Phòng, chống tệ nạn xã hội")
		social, inspect := l.find("Phòng Bảo trợ xã hội và Bảo vệ chăm sóc trẻ em"), l.find("Thanh tra Sở")
		mung, noi, ban := l.find("Ủy ban nhân dân xã Chiềng Mung"), l.find("Ủy ban nhân dân xã Cò Nòi"), l.find("Ủy ban nhân dân xã Chiềng Ban")
		if err := l.try(func(tx *db.Tx) error {
			for _, x := range []struct{ name, on string }{{"Phòng Một", "2022-01-01"}, {"Phòng Hai", "2023-01-01"}, {"Phòng Ba", "2030-01-01"}} {
				u, err := lastVersion(tx, evils.ID)
				if err != nil {
					return err
				}
				u.Name = x.name
				if _, err = l.Change(tx, system, u, day(x.on), ""); err != nil {
					return err
				}
			}
			if err := l.Merge(tx, system, Merger{From: []Part{{Unit: mung.ID, Extent: Main}}, Into: noi.ID, On: day("2023-01-01")}); err != nil {
				return err
			}
			if err := l.Merge(tx, system, Merger{From: []Part{{Unit: noi.ID}}, Into: ban.ID, On: day("2024-01-01")}); err != nil {
				return err
			}
			if err := l.Split(tx, system, Splitting{From: social.ID, Into: []Part{{Unit: office.ID}, {Unit: evils.ID}}, On: day("2030-01-01")}); err != nil {
				return err
			}
			return l.Abolish(tx, system, Ending{Unit: inspect.ID, On: day("2024-01-01")})
		}); err != nil {
			t.Fatal(err)
		}
		dbtest.Read(l, l.DB, func(tx *db.Tx) error {
			var said []Mention
			for _, x := range []struct {
				unit Unit
				day  string
				want Label
			}{
				{evils, "2021-12-31", Label{Then: evils.Name, Now: "Phòng Hai"}},
				{evils, "2022-01-01", Label{Then: "Phòng Một", Now: "Phòng Hai"}},
				{evils, "2023-01-01", Label{Then: "Phòng Hai"}},
				{evils, "2031-01-01", Label{Then: "Phòng Hai"}}, // what is to come is not yet
				{evils, "2010-01-01", Label{Then: evils.Name, Now: "Phòng Hai"}},
				{mung, "2022-12-31", Label{Then: mung.Name, Now: ban.Name, NowID: ban.ID, Gone: true}}, // through two mergers
				{noi, "2025-01-01", Label{Then: noi.Name, Now: ban.Name, NowID: ban.ID, Gone: true}},
				{ban, "2021-06-01", Label{Then: ban.Name}},
				{social, "2024-06-01", Label{Then: social.Name}}, // its split is still to come
				{inspect, "2023-01-01", Label{Then: inspect.Name, Gone: true}},
			} {
				said = append(said, On(x.unit.ID, day(x.day)))
				x.want.ID = x.unit.ID
				if got, err := LabelOf(tx, x.unit.ID, day(x.day)); err != nil || got != x.want {
					l.Errorf("%s on %s: %+v %v", x.unit.Name, x.day, got, err)
				}
			}
			all, err := Mentioned(tx, append(said, On("no such unit", day("2022-01-01")), On(evils.ID, civil.Date{})))
			if err != nil || len(all) != len(said)+1 || all.Of(evils.ID, day("2022-01-01")).Then != "Phòng Một" || all.Of(evils.ID, civil.Date{}).Then != "Phòng Hai" {
				l.Errorf("%+v %v", all, err)
			}
			return err
		})
	})
}

// What cannot be is refused whatever day it is written down on: the rest of the list of issue after issue is in the import and the pages.
func TestEventsThatCannotBe(t *testing.T) {
	eachLand(t, "2021-06-01", []string{"14"}, func(l *land) {
		on := civil.MustParse("2024-01-01")
		xa, huyen, other := l.find("Ủy ban nhân dân xã Cò Nòi"), l.find("Ủy ban nhân dân huyện Mai Sơn"), l.find("Ủy ban nhân dân xã Chiềng Mung")
		merge := func(from, into Unit, on civil.Date) error {
			return l.try(func(tx *db.Tx) error {
				return l.Merge(tx, system, Merger{From: []Part{{Unit: from.ID}}, Into: into.ID, On: on})
			})
		}
		l.wantRefused(merge(xa, huyen, on), errs.Invalid, "orgunit.levels_differ")
		l.wantRefused(merge(xa, xa, on), errs.Invalid, "orgunit.twice")
		l.wantRefused(merge(xa, other, civil.MustParse("2021-06-01")), errs.Invalid, "orgunit.before_last") // would end before it began
		l.wantRefused(merge(xa, other, civil.MustParse("2001-01-01")), errs.Invalid, "orgunit.before_last")
		l.wantRefused(merge(xa, other, civil.Date{}), errs.Invalid, "orgunit.need_day")
		if err := merge(xa, other, on); err != nil {
			t.Fatal(err)
		}
		l.wantRefused(merge(xa, other, on.AddDays(9)), errs.Invalid, "orgunit.gone")
		l.wantRefused(merge(other, xa, on.AddDays(9)), errs.Invalid, "orgunit.gone")
		l.wantRefused(l.try(func(tx *db.Tx) error {
			return l.Abolish(tx, system, Ending{Unit: xa.ID, On: on.AddDays(9)})
		}), errs.Invalid, "orgunit.gone")
		l.wantRefused(l.try(func(tx *db.Tx) error {
			return l.Split(tx, system, Splitting{From: xa.ID, Into: []Part{{Unit: other.ID}, {Unit: l.find("Ủy ban nhân dân xã Chiềng Ban").ID}}, On: on.AddDays(9)})
		}), errs.Invalid, "orgunit.gone")
		l.wantRefused(l.try(func(tx *db.Tx) error {
			u, err := lastVersion(tx, xa.ID)
			if err != nil {
				return err
			}
			u.Name += " mới"
			_, err = l.Change(tx, system, u, on.AddDays(9), "")
			return err
		}), errs.Invalid, "orgunit.gone")
		l.wantRefused(l.try(func(tx *db.Tx) error {
			_, err := l.Establish(tx, system, Unit{Name: "Tổ", Kind: OtherKind, Level: Commune, Superior: xa.ID}, on.AddDays(9), "")
			return err
		}), errs.Invalid, "orgunit.superior_gone")
	})
}
