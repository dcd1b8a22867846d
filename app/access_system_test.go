package app

import (
	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/jobs"
	"chungtay/internal/world"
	"chungtay/notify"
	"chungtay/policy"
)

var _ = records("job", func(s *scene, tx *db.Tx) (map[string]string, error) {
	id, err := jobs.Enqueue(tx, "web.prune", nil)
	return map[string]string{"any": id}, err
})

// entries of the audit log, by the unit in which the deed was done.
var _ = records("entry", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	for relation, o := range map[string]world.Office{"own": s.Here, "below": s.Below, "above": s.Above, "foreign": s.Elsewhere} {
		if err := audit.Log(tx, policy.Actor{Person: "system", Unit: o.ID}, audit.Self(), audit.Deed{Action: "access.test", Kind: relation}); err != nil {
			return nil, err
		}
	}
	list, err := audit.List(tx, audit.Filter{Action: "access.test"})
	for _, e := range list {
		out[e.RecordKind] = e.ID
	}
	return out, err
})

// notices to the person who asks, to the unit, and to others.
var _ = records("notice", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	send := func(relation string, n notify.Notice, reader policy.Actor) error {
		n.Kind, n.Key, n.Path = "account.test", "notify.title", "/me"
		if err := notify.Send(tx, n); err != nil {
			return err
		}
		p, err := notify.Inbox(tx, reader, false, "", 1)
		if err == nil && len(p.List) > 0 {
			out[relation] = p.List[0].ID
		}
		return err
	}
	for role, a := range s.Role {
		if err := send("mine:"+role, notify.Notice{Person: a.Person}, a); err != nil {
			return nil, err
		}
	}
	if err := send("own", notify.Notice{Unit: s.Here.ID, Needs: "account.read"}, s.Here.Officer); err != nil {
		return nil, err
	}
	out["mine:"+nobody] = out["own"]
	return out, send("foreign", notify.Notice{Unit: s.Elsewhere.ID, Needs: "account.read"}, s.Elsewhere.Officer)
})
