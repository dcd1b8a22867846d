package orgunit

import (
	"strings"
	"testing"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// Đồng Nai became a city and ten of its xã became phường on 30/4/2026: their units, established before, are offered the new names; renamed,
// they have both, each in its time, with the paper.
func TestUnitsOfARenamedAreaAreOfferedItsName(t *testing.T) {
	eachLand(t, "2026-01-01", []string{"75"}, func(l *land) {
		day := civil.MustParse("2026-04-30")
		var ward Area
		outdated := func(by policy.Actor, area string) (list []Renaming) {
			l.Helper()
			dbtest.Read(l, l.DB, func(tx *db.Tx) (err error) { list, err = l.Outdated(tx, by, area); return err })
			return list
		}
		dbtest.Read(l, l.DB, func(tx *db.Tx) (err error) {
			ward, _, err = areaByCode(tx, Commune, "26485", day)
			return err
		})
		communes, city := map[string]int{}, 0
		for _, r := range outdated(system, "") {
			if r.Unit.Level == Province {
				city++
				if r.Name != strings.Replace(r.Unit.Name, "tỉnh Đồng Nai", "thành phố Đồng Nai", 1) {
					l.Error(r.Unit.Name, "would be", r.Name)
				}
			} else {
				communes[r.Unit.Area]++
			}
		}
		if len(communes) != 10 || communes[ward.ID] != 3 || city < 25 {
			l.Errorf("%d communes, %d units of the ward, %d of the city", len(communes), communes[ward.ID], city)
		}
		list := outdated(system, ward.ID)
		was := "Ủy ban nhân dân xã " + ward.Bare()
		if len(list) != 3 || list[0].Unit.Name != was || list[0].Name != "Ủy ban nhân dân phường "+ward.Bare() || list[0].Area.Basis != "Nghị quyết 237/NQ-UBTVQH16" {
			l.Fatalf("%+v", list)
		}
		committee := list[0].Unit.ID
		stranger := policy.Actor{Person: "p", Unit: committee}
		if n := len(outdated(stranger, ward.ID)); n != 0 {
			l.Errorf("who may change nothing is offered %d", n)
		}
		rename := func(by policy.Actor, on civil.Date, basis string, units ...string) error {
			return l.try(func(tx *db.Tx) error { return l.Rename(tx, by, ward.ID, units, on, basis) })
		}
		l.wantRefused(rename(system, day, "NQ 237"), errs.Invalid, "orgunit.need_units")
		l.wantRefused(rename(system, day, " ", committee), errs.Invalid, "orgunit.need_basis")
		l.wantRefused(rename(system, day.AddDays(-1), "NQ 237", committee), errs.Invalid, "orgunit.before_area")
		l.wantRefused(rename(stranger, day, "NQ 237", committee), errs.Conflict, "orgunit.changed_meanwhile")
		if err := rename(system, day, "NQ 237", committee, list[1].Unit.ID); err != nil {
			t.Fatal(err)
		}
		l.wantRefused(rename(system, day, "NQ 237", committee), errs.Conflict, "orgunit.changed_meanwhile")
		if left := outdated(system, ward.ID); len(left) != 1 || left[0].Unit.ID != list[2].Unit.ID {
			l.Errorf("left: %+v", left)
		}
		dbtest.Read(l, l.DB, func(tx *db.Tx) error {
			got, err := LabelOf(tx, committee, day.AddDays(-1))
			if err != nil || got.Then != was || got.Now != list[0].Name {
				l.Errorf("the day before: %+v %v", got, err)
			}
			if got, err = LabelOf(tx, committee, day); err != nil || got.Then != list[0].Name || got.Now != "" {
				l.Errorf("the day itself: %+v %v", got, err)
			}
			events, err := EventsOf(tx, committee)
			if len(events) != 2 || events[0].Kind != Renamed || events[0].Basis != "NQ 237" || events[0].On != day {
				l.Errorf("%+v", events)
			}
			logged, err2 := db.One[int](tx, `SELECT COUNT(*) FROM audit_entry WHERE action = 'orgunit.change' AND purpose = 'NQ 237'`)
			if logged != 2 {
				l.Errorf("%d renamings in the log: %v", logged, err2)
			}
			return err
		})
	})
}
