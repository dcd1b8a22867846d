package orgunit

import (
	"slices"
	"testing"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/policy"
)

// A committee that ended with the reform of 2025 is followed through its area: a province wholly, a commune mainly, one without a link not
// at all. Other bodies are followed only through what was written down of themselves.
func TestWhatUnitsBecameThroughTheirAreas(t *testing.T) {
	clock := dbtest.NewClock(now)
	dbtest.EachWith(t, rooms, db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		clock.Set(now)
		c := &Units{Book: policy.NewBook()}
		before, reform := civil.MustParse("2021-01-01"), Reform
		u := map[string]Unit{}
		dbtest.Write(t, d, func(tx *db.Tx) error {
			if _, err := LoadAreas(tx); err != nil {
				return err
			}
			nation, err := c.EstablishNation(tx, system, before)
			if err != nil {
				return err
			}
			for _, x := range []struct {
				key, name string
				kind      Kind
				level     Level
				area, sup string
				on        civil.Date
			}{
				{"ha giang", "Ủy ban nhân dân tỉnh Hà Giang", PeoplesComm, Province, "province:ha_giang", "", before},
				{"tuyen quang", "Ủy ban nhân dân tỉnh Tuyên Quang (cũ)", PeoplesComm, Province, "province:tuyen_quang", "", before},
				{"so", "Sở Tư pháp tỉnh Hà Giang", ProvDept, Province, "", "ha giang", before},
				{"xa", "Ủy ban nhân dân xã cũ", PeoplesComm, Commune, "commune:2021:00688", "ha giang", before},
				{"new", "Ủy ban nhân dân tỉnh Tuyên Quang", PeoplesComm, Province, "province:tuyen_quang", "", reform},
				{"xa new", "Ủy ban nhân dân xã mới", PeoplesComm, Commune, "commune:2025:00691", "new", reform},
			} {
				n := Unit{Name: x.name, Kind: x.kind, Level: x.level, Sector: "general", Superior: nation.ID}
				if x.area != "" {
					n.Area = areaID(x.area)
				}
				if x.sup != "" {
					n.Superior = u[x.sup].ID
				}
				if u[x.key], err = c.Establish(tx, system, n, x.on, ""); err != nil {
					return err
				}
			}
			for _, key := range []string{"xa", "so", "ha giang", "tuyen quang"} {
				if err := c.Abolish(tx, system, Ending{Unit: u[key].ID, On: reform}); err != nil {
					return err
				}
			}
			return nil
		})
		dbtest.Read(t, d, func(tx *db.Tx) error {
			var ids []string
			for _, x := range u {
				ids = append(ids, x.ID)
			}
			got, err := BecameOf(tx, ids)
			if err != nil {
				return err
			}
			for key, want := range map[string]Became{"ha giang": {u["new"].ID, Whole}, "tuyen quang": {u["new"].ID, Whole}, "new": {u["new"].ID, Whole}, "so": {"", Unknown}, "xa": {u["xa new"].ID, Main}, "xa new": {u["xa new"].ID, Whole}} {
				if got[u[key].ID] != want {
					t.Errorf("%s became %+v, want %+v", key, got[u[key].ID], want)
				}
			}
			former, err := Predecessors(tx, u["new"].ID)
			if err != nil {
				return err
			}
			slices.Sort(former)
			want := []string{u["ha giang"].ID, u["tuyen quang"].ID}
			slices.Sort(want)
			if !slices.Equal(former, want) {
				t.Errorf("predecessors %v, want %v", former, want)
			}
			if former, err = Predecessors(tx, u["xa new"].ID); err != nil || len(former) > 0 {
				t.Errorf("predecessors of a commune that got the main part of others: %v %v", former, err)
			}
			where, err := ProvincesOf(tx, ids)
			if err != nil {
				return err
			}
			for key, x := range u {
				if where[x.ID].Code != "08" {
					t.Errorf("%s lies in %+v, want Tuyên Quang", key, where[x.ID])
				}
			}
			return nil
		})
	})
}
