package app

import (
	"chungtay/formbook"
	"chungtay/internal/db"
	"chungtay/policy"
)

// Forms by whose they are: a published version of each, and a draft of each.
var _ = records("form", func(s *scene, tx *db.Tx) (map[string]string, error) { return formsOf(s, tx, true) })

var _ = records("form_draft", func(s *scene, tx *db.Tx) (map[string]string, error) { return formsOf(s, tx, false) })

func formsOf(s *scene, tx *db.Tx, publish bool) (map[string]string, error) {
	out := map[string]string{}
	by := policy.System("access")
	for relation, unit := range map[string]string{"own": s.Here.ID, "below": s.Below.ID, "above": s.Above.ID, "foreign": s.Elsewhere.ID} {
		code := "mau_" + relation
		if publish {
			code += "_phat_hanh"
		}
		id, err := s.Forms.Begin(tx, by, formbook.New{Unit: unit, Code: code, Title: "Biểu mẫu"})
		if err != nil {
			return nil, err
		}
		if publish {
			if err := s.Forms.Publish(tx, by, id, 1, ""); err != nil {
				return nil, err
			}
		}
		out[relation] = id
	}
	return out, nil
}
