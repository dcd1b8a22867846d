package app

import (
	"chungtay/directive"
	"chungtay/internal/db"
	"chungtay/internal/world"
	"chungtay/policy"
)

func paperOf(o world.Office, to string) directive.Content {
	return directive.Content{Kind: "cong_van", Issuer: []string{"CƠ QUAN"}, Tail: "CQ-VP", Place: "Hà Nội", Subject: "Việc thử", Intro: "Đề nghị thực hiện", Addressees: []string{to},
		Closing: "Trân trọng", Recipients: []string{"Như trên"}, SignerTitle: "GIÁM ĐỐC", Signer: "Người Ký"}
}

// Directives still written, by who writes them.
var _ = records("draft", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	for relation, o := range map[string]world.Office{"own": s.Here, "below": s.Below, "above": s.Above, "foreign": s.Elsewhere} {
		d, err := s.Directives.Start(tx, policy.System("access"), o.ID, paperOf(o, "Như trên"), directive.Directive{})
		if err != nil {
			return nil, err
		}
		out[relation] = d.ID
	}
	return out, nil
})

// Issued directives by who issued them; "addressed" came to the unit of the roles.
var _ = records("directive", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	for relation, x := range map[string]struct {
		from world.Office
		to   string
	}{"own": {s.Here, "Công an tỉnh"}, "below": {s.Below, "Công an tỉnh"}, "above": {s.Above, "Công an tỉnh"}, "addressed": {s.Above, "Sở Y tế"}, "foreign": {s.Elsewhere, "Công an tỉnh"}} {
		by := policy.System("access")
		d, err := s.Directives.Start(tx, by, x.from.ID, paperOf(x.from, x.to), directive.Directive{})
		if err != nil {
			return nil, err
		}
		for _, step := range []func() error{
			func() error { return s.Directives.Submit(tx, by, d.ID, 0, "") }, func() error { return s.Directives.Sign(tx, by, d.ID, 0) },
			func() error { _, err := s.Directives.Issue(tx, by, d.ID); return err },
		} {
			if err := step(); err != nil {
				return nil, err
			}
		}
		out[relation] = d.ID
	}
	return out, nil
})
