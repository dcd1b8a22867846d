package app

import (
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Units by where they stand: an administrator of Here changes Here and what is below.
var _ = records("unit", func(s *scene, tx *db.Tx) (map[string]string, error) {
	return map[string]string{"own": s.Here.ID, "below": s.Below.ID, "above": s.Above.ID, "foreign": s.Elsewhere.ID}, nil
})

// Vanished units with open work to hand over to unit_gone.heir; unit_gone.event is the merger.
var _ = records("unit_gone", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	by := policy.System("access")
	for relation, under := range map[string]string{"own": s.Here.ID, "above": s.Above.ID, "foreign": s.Elsewhere.ID} {
		var made [2]orgunit.Unit
		for i, name := range []string{"Phòng cũ", "Phòng nhận"} {
			var err error
			if made[i], err = s.Installation.Units.Establish(tx, by, orgunit.Unit{Name: name, Kind: orgunit.Division, Level: orgunit.Province, Superior: under}, civil.MustParse("2025-08-01"), ""); err != nil {
				return nil, err
			}
		}
		if err := s.Installation.Units.Merge(tx, by, orgunit.Merger{From: []orgunit.Part{{Unit: made[0].ID}}, Into: made[1].ID, On: civil.MustParse("2026-01-01")}); err != nil {
			return nil, err
		}
		events, err := orgunit.EventsOf(tx, made[0].ID)
		if err != nil {
			return nil, err
		}
		out[relation], out[relation+".heir"], out[relation+".event"] = made[0].ID, made[1].ID, events[0].ID
	}
	return out, nil
})

var _ = records("unit_group", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	for relation, owner := range map[string]string{"own": s.Here.ID, "below": s.Below.ID, "foreign": s.Elsewhere.ID} {
		g, err := s.Installation.Units.SaveGroup(tx, policy.System("access"), orgunit.Group{Owner: owner, Name: "Các xã", Phrase: "UBND các xã"})
		if err != nil {
			return nil, err
		}
		out[relation] = g.ID
	}
	return out, nil
})

var _ = records("area", func(s *scene, tx *db.Tx) (map[string]string, error) {
	return map[string]string{"own": orgunit.AreaOf("province:thanh_hoa")}, nil
})
