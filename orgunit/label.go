package orgunit

import (
	"context"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/i18n"
)

// Label is how a unit is shown on a record: as it was named on the record's date, with what it is today beside it.
type Label struct {
	ID    string
	Then  string // name on the record's date
	Now   string // name today when it is another one; of a vanished unit the name of its main successor
	NowID string // the successor, when the unit itself is gone
	Gone  bool   // it exists no more
}

// Text is the label in one line: "Trung tâm Bảo trợ xã hội (nay là Cơ sở trợ giúp xã hội)".
func (l Label) Text(ctx context.Context) string {
	switch {
	case l.Now != "":
		return i18n.T(ctx, "orgunit.now_named", l.Then, l.Now)
	case l.Gone:
		return i18n.T(ctx, "orgunit.now_gone", l.Then)
	}
	return l.Then
}

// Labels returns how units are shown on a record of a day, in few statements for any number of units. Unknown identifiers are left out.
func Labels(tx *db.Tx, ids []string, day civil.Date) (map[string]Label, error) {
	then, err := NamesOn(tx, ids, day)
	if err != nil {
		return nil, err
	}
	today := civil.Of(tx.Now)
	now, err := Many(tx, ids, today)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Label, len(then))
	for id, name := range then {
		l := Label{ID: id, Then: name}
		u := now[id]
		if l.Gone = !u.Gone.IsZero() && u.Gone.Before(today); l.Gone {
			heirs, err := Inheritors(tx, id)
			if err != nil {
				return nil, err
			}
			parts, err := Successors(tx, id)
			if err != nil {
				return nil, err
			}
			if len(heirs) > 0 && len(parts) > 0 { // of one abolished without successor nothing is said: the unit above is not the same body
				l.Now, l.NowID = heirs[0].Name, heirs[0].ID
			}
		} else if u.Name != name {
			l.Now = u.Name
		}
		out[id] = l
	}
	return out, nil
}

// LabelOf is Labels for one unit.
func LabelOf(tx *db.Tx, id string, day civil.Date) (Label, error) {
	ls, err := Labels(tx, []string{id}, day)
	return ls[id], err
}
