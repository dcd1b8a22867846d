package app

import (
	"chungtay/account"
	"chungtay/internal/db"
	"chungtay/orgunit"
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
		out[i] = account.Unit{ID: u.ID, Name: u.Name, Place: u.Place}
	}
	return out, nil
}
