package app

import (
	"chungtay/account"
	"chungtay/internal/db"
	"chungtay/internal/errs"
)

// units tells the account room where units stand.
type units struct{}

func (units) Above(tx *db.Tx, unit string) ([]string, error) { return nil, errs.Absent("unit", unit) }
func (units) Name(tx *db.Tx, unit string) (string, error)    { return "", errs.Absent("unit", unit) }
func (units) Find(tx *db.Tx, words string, limit int) ([]account.Unit, error) {
	return nil, nil
}
