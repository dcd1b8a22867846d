package app

import (
	"strings"

	"chungtay/document"
	"chungtay/internal/blob"
	"chungtay/internal/db"
	"chungtay/policy"
)

// Papers by who issued them; the addressed one is a stranger's in the hands of Here, which has entered it and passed it on to nobody.
var _ = records("document", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	by := policy.System("access")
	for relation, unit := range map[string]string{"own": s.Here.ID, "below": s.Below.ID, "above": s.Above.ID, "addressed": s.Elsewhere.ID, "foreign": s.Elsewhere.ID} {
		ref, err := s.Blobs.PutIn(tx, strings.NewReader("Phụ lục kèm theo văn bản "+relation), blob.PutOptions{Name: "phu luc.txt"})
		if err != nil {
			return nil, err
		}
		d, err := s.Documents.Issue(tx, by, document.Outgoing{Unit: unit, Tail: "KH-" + strings.ToUpper(relation), Text: "Nội dung", Files: []blob.Ref{ref},
			Facts: document.Facts{Kind: "ke_hoach", Subject: "Kế hoạch " + relation}})
		if err != nil {
			return nil, err
		}
		if relation == "addressed" {
			if _, err := s.Documents.Deliver(tx, by, d.ID, []string{s.Here.ID}, document.ToAct); err != nil {
				return nil, err
			}
			if _, err := s.Documents.Enter(tx, by, d.ID, s.Here.ID, document.Entry{}); err != nil {
				return nil, err
			}
		}
		l, err := s.Documents.Link(tx, by, d.ID, document.NewLink{Kind: document.Relates, Symbol: "9/KH-UBND"})
		if err != nil {
			return nil, err
		}
		files, err := document.Files(tx, d)
		if err != nil {
			return nil, err
		}
		out[relation], out[relation+".file"], out[relation+".link"] = d.ID, files[0].ID, l.ID
	}
	return out, nil
})

// Papers that came in by text; the addressed one was sent through the system and is not entered yet.
var _ = records("arrived", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	by := policy.System("access")
	for relation, unit := range map[string]string{"own": s.Here.ID, "below": s.Below.ID, "above": s.Above.ID, "foreign": s.Elsewhere.ID} {
		d, err := s.Documents.Register(tx, by, document.Incoming{Unit: unit, Text: "Nội dung văn bản " + relation})
		if err != nil {
			return nil, err
		}
		out[relation] = d.ID
	}
	d, err := s.Documents.Issue(tx, by, document.Outgoing{Unit: s.Elsewhere.ID, Tail: "CV", Text: "Nội dung", Facts: document.Facts{Kind: "cong_van", Subject: "Công văn gửi đến"}})
	if err != nil {
		return nil, err
	}
	_, err = s.Documents.Deliver(tx, by, d.ID, []string{s.Here.ID}, document.ToAct)
	out["addressed"] = d.ID
	return out, err
})
