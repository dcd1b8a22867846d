package app

import (
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/world"
	"chungtay/policy"
	"chungtay/report"
)

// asked lists who asks whom, by relation to the unit of the roles.
func (s *scene) asked() map[string][2]world.Office {
	return map[string][2]world.Office{"own": {s.Here, s.Elsewhere}, "below": {s.Below, s.Elsewhere}, "above": {s.Above, s.Elsewhere},
		"addressed": {s.Elsewhere, s.Here}, "foreign": {s.Elsewhere, s.World.SonLa.Centre}}
}

var _ = records("report", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	for relation, who := range s.asked() {
		a, err := s.Reports.Ask(tx, policy.System("access"), report.New{Unit: who[0].ID, Title: "báo cáo", Units: []string{who[1].ID}, Due: deadline.New(deadline.Until, civil.MustParse("2030-12-20"))})
		if err != nil {
			return nil, err
		}
		rows, _, err := s.Reports.List(tx, policy.System("access"), report.Filter{Request: a.ID, Size: 1})
		if err != nil {
			return nil, err
		}
		out[relation] = rows[0].ID
		if _, err := s.Reports.Start(tx, policy.System("access"), rows[0].ID); err != nil {
			return nil, err
		}
	}
	return out, nil
})

var _ = records("request", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	for relation, who := range s.asked() {
		a, err := s.Reports.Ask(tx, policy.System("access"), report.New{Unit: who[0].ID, Title: "yêu cầu", Units: []string{who[1].ID}, Due: deadline.New(deadline.Until, civil.MustParse("2030-12-20"))})
		if err != nil {
			return nil, err
		}
		out[relation] = a.ID
	}
	return out, nil
})

var _ = records("schedule", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	for relation, o := range map[string]world.Office{"own": s.Here, "below": s.Below, "above": s.Above, "foreign": s.Elsewhere} {
		x, err := s.Reports.Plan(tx, policy.System("access"), report.Schedule{Unit: o.ID, Title: "định kỳ", Every: "quarter", Addressees: "Công an tỉnh", Days: 10})
		if err != nil {
			return nil, err
		}
		out[relation] = x.ID
	}
	return out, nil
})

var _ = records("letter", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	for relation, who := range s.asked() {
		a, err := s.Reports.Ask(tx, policy.System("access"), report.New{Unit: who[0].ID, Title: "yêu cầu", Units: []string{who[1].ID}, Due: deadline.New(deadline.Until, civil.MustParse("2030-12-20"))})
		if err != nil {
			return nil, err
		}
		_, l, err := s.Reports.Chase(tx, policy.System("access"), a.ID, report.Chasing{Letter: true})
		if err != nil {
			return nil, err
		}
		out[relation], out[relation+".request"] = l.ID, a.ID
	}
	return out, nil
})
