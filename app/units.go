package app

import (
	"chungtay/account"
	"chungtay/internal/db"
	"chungtay/orgunit"
	"chungtay/policy"
)

// units tells the account room where units stand.
type units struct{}

func (units) Above(tx *db.Tx, unit string) ([]string, error) { return orgunit.Above(tx, unit) }

func (units) Name(tx *db.Tx, unit string) (string, error) {
	u, err := orgunit.Present(tx, unit)
	return u.Name, err
}

func (units) Find(tx *db.Tx, words string, limit int) ([]account.Unit, error) {
	found, err := orgunit.Places(tx, words, limit)
	if err != nil {
		return nil, err
	}
	out := make([]account.Unit, len(found))
	for i, u := range found {
		out[i] = account.Unit{ID: u.ID, Name: u.Name, Place: u.Place, Code: u.Code}
	}
	return out, nil
}

// staff tells the orgunit room who works in a unit.
type staff struct{ accounts *account.Accounts }

func (s staff) In(tx *db.Tx, by policy.Actor, unit string) ([]orgunit.Staff, error) {
	list, err := s.accounts.In(tx, by, unit)
	out := make([]orgunit.Staff, len(list))
	for i, c := range list {
		out[i] = orgunit.Staff{ID: c.ID, Name: c.Name, Title: c.Title, Role: c.Role}
	}
	return out, err
}
