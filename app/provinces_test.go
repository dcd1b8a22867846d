package app

import (
	"context"
	"testing"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/ui"
	"chungtay/orgunit"
)

// The tile grid draws the provinces that the register of areas knows, under their codes and names.
func TestTilesAreTheProvinces(t *testing.T) {
	d := dbtest.SQLite(t, Migrations(), db.Options{})
	var areas []orgunit.Area
	err := d.Write(context.Background(), func(tx *db.Tx) (err error) {
		if _, err = orgunit.LoadAreas(tx); err != nil {
			return err
		}
		areas, err = orgunit.Areas(tx, "", civil.MustParse("2026-11-26"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(areas) == 1 { // the country stands above
		err = d.Read(context.Background(), func(tx *db.Tx) (err error) {
			areas, err = orgunit.Areas(tx, areas[0].ID, civil.MustParse("2026-11-26"))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	known := map[string]string{}
	for _, a := range areas {
		known[a.Code] = a.Bare()
	}
	places := map[[2]int]string{}
	for _, p := range ui.Provinces() {
		if known[p.Code] != p.Name && "Thành phố "+known[p.Code] != p.Name {
			t.Errorf("tile %s %s, the register says %q", p.Code, p.Name, known[p.Code])
		}
		delete(known, p.Code)
		if other := places[[2]int{p.Row, p.Col}]; other != "" {
			t.Errorf("%s lies on %s", p.Name, other)
		}
		places[[2]int{p.Row, p.Col}] = p.Name
	}
	if len(known) > 0 {
		t.Error("without a tile:", known)
	}
}
