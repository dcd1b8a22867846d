package app

import (
	"chungtay/account"
	"chungtay/internal/db"
	"chungtay/notify"
)

// bell tells the supervisors in a unit that the glass was broken.
type bell struct{}

func (bell) Ring(tx *db.Tx, unit string, o account.Opening) error {
	name, err := account.NameOf(tx, o.PersonID)
	if err != nil {
		return err
	}
	return notify.Send(tx, notify.Notice{Unit: unit, Needs: account.Review, Kind: "account.emergency", Key: "account.opening.notice", Args: []any{name, o.Until},
		Path: "/emergency-reviews/" + o.ID, Urgent: true})
}
