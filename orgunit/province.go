package orgunit

import (
	"chungtay/internal/civil"
	"chungtay/internal/db"
)

// ProvincesOf returns for each of many units the province in which it lies by the present map: of vanished provinces the one they wholly
// became (Nghị quyết 202/2025/QH15 merged whole provinces only). Units of the centre are left out.
func ProvincesOf(tx *db.Tx, ids []string) (map[string]Area, error) {
	units, err := Many(tx, ids, civil.Of(tx.Now))
	if err != nil {
		return nil, err
	}
	// A body without an area of its own lies where the nearest unit above it does.
	var bare []string
	for id, u := range units {
		if u.Area == "" && u.Level != Central {
			bare = append(bare, id)
		}
	}
	above, err := AboveMany(tx, bare)
	if err != nil {
		return nil, err
	}
	var over []string
	for _, up := range above {
		over = append(over, up...)
	}
	upper, err := Many(tx, over, civil.Of(tx.Now))
	if err != nil {
		return nil, err
	}
	at := map[string]string{} // unit -> area
	var areas []string
	for id, u := range units {
		area := u.Area
		for _, up := range above[id] {
			if area != "" {
				break
			}
			area = upper[up].Area
		}
		if area != "" && u.Level != Central {
			at[id] = area
			areas = append(areas, area)
		}
	}
	known := map[string]Area{}
	for range Levels {
		var next []string
		list, err := lastAreas(tx, areas)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			known[a.ID] = a
			if _, ok := known[a.Parent]; a.Parent != "" && !ok {
				next = append(next, a.Parent)
			}
		}
		areas = next
	}
	into, err := provinceHeirs(tx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Area, len(at))
	for id, area := range at {
		a, ok := known[area]
		for n := 0; ok && a.Level != Province && n < len(Levels); n++ {
			a, ok = known[a.Parent]
		}
		if !ok || a.Level != Province {
			continue
		}
		if heir, gone := into[a.ID]; gone {
			a = heir
		}
		out[id] = a
	}
	return out, nil
}
