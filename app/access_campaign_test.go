package app

import (
	"chungtay/campaign"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/world"
	"chungtay/policy"
)

// byUnit are units by their relation to the unit of the roles.
func (s *scene) byUnit() map[string]world.Office {
	return map[string]world.Office{"own": s.Here, "below": s.Below, "above": s.Above, "foreign": s.Elsewhere}
}

var _ = records("activity", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	add := func(relation string, o world.Office, partners ...string) error {
		a, err := s.Campaigns.Add(tx, policy.System("access"), campaign.Activity{Unit: o.ID, Kind: "noi_chuyen", From: civil.MustParse("2021-07-20"), Place: "Nhà văn hóa", Quantity: 1}, partners)
		out[relation] = a.ID
		return err
	}
	for relation, o := range s.byUnit() {
		if err := add(relation, o); err != nil {
			return nil, err
		}
	}
	return out, add("addressed", s.Elsewhere, s.Here.ID)
})

var _ = records("campaign", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	for relation, o := range s.byUnit() {
		x, err := s.Campaigns.Found(tx, policy.System("access"), campaign.Campaign{Unit: o.ID, Title: "Ngày 30/7", From: civil.MustParse("2021-07-01"), To: civil.MustParse("2021-08-15")})
		if err != nil {
			return nil, err
		}
		out[relation] = x.ID
	}
	return out, nil
})

var _ = records("slogan", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	for relation, o := range s.byUnit() {
		made, err := s.Campaigns.ApproveSlogan(tx, policy.System("access"), campaign.Slogan{Unit: o.ID, Year: 2026, Text: "Khẩu hiệu thử của " + o.Name})
		if err != nil {
			return nil, err
		}
		out[relation] = made.ID
	}
	return out, nil
})
