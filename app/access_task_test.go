package app

import (
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/policy"
	"chungtay/task"
)

// Tasks by who gave them and who does them. "task.unit" is the unit that does it, as the table of units names it.
var _ = records("task", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	for relation, who := range map[string][2]string{
		"own": {s.Here.ID, s.Elsewhere.ID}, "below": {s.Below.ID, s.Elsewhere.ID}, "above": {s.Above.ID, s.Elsewhere.ID},
		"addressed": {s.Elsewhere.ID, s.Here.ID}, "foreign": {s.Elsewhere.ID, s.World.SonLa.Centre.ID},
	} {
		made, err := s.Tasks.Assign(tx, policy.System("access"), task.New{Issuer: who[0], Text: "việc", Units: []string{who[1]}, Due: deadline.New(deadline.Until, civil.MustParse("2030-12-20"))})
		if err != nil {
			return nil, err
		}
		out[relation], out[relation+".unit"] = made[0], who[1]
	}
	return out, nil
})
