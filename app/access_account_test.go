package app

import (
	"context"
	"fmt"

	"chungtay/account"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/world"
	"chungtay/policy"
)

// people of several units, each with a role (person.role) and an open session (person.session); mine is who asks.
var _ = records("person", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	in := s.Installation
	stored, err := in.Accounts.Hasher.Hash(context.Background(), world.Password)
	if err != nil {
		return nil, err
	}
	enrol := func(relation string, o world.Office) error {
		p, err := in.Accounts.Enrol(tx, policy.System("access"), account.NewPerson{Name: "Người " + relation, Login: "nguoi." + relation}, stored,
			account.NewHolding{Role: "officer", Unit: o.ID, From: civil.MustParse("2020-01-01")})
		if err != nil {
			return err
		}
		out[relation] = p.ID
		hs, err := account.Holdings(tx, p.ID)
		if err != nil {
			return err
		}
		out[relation+".role"] = hs[0].ID
		s.Later(func() error {
			if _, err := in.Accounts.SignIn(context.Background(), s.Installation.DB, account.Attempt{Login: p.Login, Password: world.Password, Address: "192.0.2.1"}); err != nil {
				return err
			}
			return s.Installation.DB.Read(context.Background(), func(tx *db.Tx) error {
				open, err := in.Accounts.Sessions(tx, policy.System("access"), p.ID)
				if err == nil {
					out[relation+".session"] = open[0].ID
				}
				return err
			})
		})
		return nil
	}
	for relation, o := range map[string]world.Office{"own": s.Here, "below": s.Below, "above": s.Above, "foreign": s.Elsewhere} {
		if err := enrol(relation, o); err != nil {
			return nil, err
		}
	}
	// People without any role yet, brought in by the unit's administrator and by a stranger's.
	for relation, o := range map[string]world.Office{"new_own": s.Here, "new_foreign": s.Elsewhere} {
		boss, err := in.Accounts.Enrol(tx, policy.System("access"), account.NewPerson{Name: "Quản trị " + relation, Login: "quantri." + relation}, "",
			account.NewHolding{Role: account.Administrator, Unit: o.ID, From: civil.MustParse("2020-01-01")})
		if err != nil {
			return nil, err
		}
		by, err := in.Accounts.ActorOf(tx, boss.ID)
		if err != nil {
			return nil, err
		}
		p, err := in.Accounts.Invite(tx, by, account.NewPerson{Name: "Người mới " + relation, Login: "moi." + relation})
		if err != nil {
			return nil, err
		}
		out[relation] = p.ID
		out[relation+".role"], out[relation+".session"] = "none", "none"
	}
	return out, nil
})

// roles of those who ask, and of somebody else: for what people do with their own.
var _ = records("holding", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{"mine": ""}
	for role, a := range s.Role {
		hs, err := account.Holdings(tx, a.Person)
		if err != nil {
			return nil, err
		}
		if len(hs) > 0 {
			out["mine:"+role] = hs[0].ID
		}
	}
	hs, err := account.Holdings(tx, s.Here.Leader.Person)
	if err != nil {
		return nil, err
	}
	out["own"] = hs[0].ID // of a colleague
	for _, role := range []string{outsider, nobody} {
		out["mine:"+role] = hs[0].ID
	}
	return out, nil
})

// delegations between two officers of each unit.
var _ = records("lent", func(s *scene, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	in := s.Installation
	today := civil.Of(tx.Now)
	for relation, o := range map[string]world.Office{"own": s.Here, "below": s.Below, "above": s.Above, "foreign": s.Elsewhere} {
		var two [2]account.Person
		for i := range two {
			p, err := in.Accounts.Enrol(tx, policy.System("access"), account.NewPerson{Name: "Nghỉ phép " + relation + " Ý", Login: fmt.Sprintf("nghi.%s.%d", relation, i)}, "",
				account.NewHolding{Role: "officer", Unit: o.ID, From: civil.MustParse("2020-01-01")})
			if err != nil {
				return nil, err
			}
			two[i] = p
		}
		by, err := in.Accounts.ActorOf(tx, two[0].ID)
		if err != nil {
			return nil, err
		}
		hs, err := account.Holdings(tx, two[0].ID)
		if err != nil {
			return nil, err
		}
		h, err := in.Accounts.Delegate(tx, by, hs[0].ID, two[1].ID, today, today.AddDays(5), "nghỉ phép")
		if err != nil {
			return nil, err
		}
		out[relation] = h.ID
	}
	return out, nil
})
