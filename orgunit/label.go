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

// Beside is what stands beside the name in smaller type: "nay là Cơ sở trợ giúp xã hội", or nothing.
func (l Label) Beside(ctx context.Context) string {
	switch {
	case l.Now != "":
		return i18n.T(ctx, "orgunit.now") + " " + l.Now
	case l.Gone:
		return i18n.T(ctx, "orgunit.gone_tag")
	}
	return ""
}

// Mention is a unit with the day of the record that names it. No day, or one to come, is today.
type Mention struct {
	Unit string
	Day  civil.Date
}

// On mentions a unit on a record of a day.
func On(unit string, day civil.Date) Mention { return Mention{unit, day} }

// Mentions are the labels of units on records.
type Mentions map[Mention]Label

// Of is the label of a unit on a record of a day; of an unknown unit the zero Label.
func (m Mentions) Of(unit string, day civil.Date) Label { return m[On(unit, day)] }

// Text is Label.Text of a unit on a record of a day.
func (m Mentions) Text(ctx context.Context, unit string, day civil.Date) string {
	return m.Of(unit, day).Text(ctx)
}

// Mentioned returns how units are shown on records of different days, in few statements for any number of them. Unknown identifiers are
// left out.
func Mentioned(tx *db.Tx, list []Mention) (Mentions, error) {
	today := civil.Of(tx.Now)
	ids := make([]string, len(list))
	for i, m := range list {
		ids[i] = m.Unit
	}
	lives, err := livesOf(tx, ids)
	if err != nil {
		return nil, err
	}
	var gone []string
	for id, life := range lives {
		if last := life[len(life)-1].To; !last.IsZero() && last.Before(today) {
			gone = append(gone, id)
		}
	}
	became, err := BecameOf(tx, gone)
	if err != nil {
		return nil, err
	}
	var heirs []string
	for _, b := range became {
		heirs = append(heirs, b.Unit)
	}
	heirNames, err := Names(tx, heirs)
	if err != nil {
		return nil, err
	}
	out := make(Mentions, len(list))
	for _, m := range list {
		life := lives[m.Unit]
		if _, done := out[m]; done || life == nil {
			continue
		}
		day := m.Day
		if day.IsZero() || day.After(today) {
			day = today
		}
		l := Label{ID: m.Unit, Then: nameOn(life, day)}
		if b, ended := became[m.Unit]; ended {
			l.Gone = true
			if b.Extent == Whole || b.Extent == Main { // of one abolished or divided nothing is said: no other unit is the same body
				l.Now, l.NowID = heirNames[b.Unit], b.Unit
			}
		} else if now := nameOn(life, today); now != l.Then {
			l.Now = now
		}
		out[m] = l
	}
	return out, nil
}

// nameOn is the name a unit had on a day, as At finds it.
func nameOn(life []lived, day civil.Date) string {
	name := life[0].Name
	for _, v := range life {
		if !v.From.After(day) {
			name = v.Name
		}
	}
	return name
}

// Labels is Mentioned for units on one record.
func Labels(tx *db.Tx, ids []string, day civil.Date) (map[string]Label, error) {
	list := make([]Mention, len(ids))
	for i, id := range ids {
		list[i] = On(id, day)
	}
	all, err := Mentioned(tx, list)
	out := make(map[string]Label, len(all))
	for m, l := range all {
		out[m.Unit] = l
	}
	return out, err
}

// Texts is Label.Text of units on one record, in the language of the transaction.
func Texts(tx *db.Tx, ids []string, day civil.Date) (map[string]string, error) {
	labels, err := Labels(tx, ids, day)
	out := make(map[string]string, len(labels))
	for id, l := range labels {
		out[id] = l.Text(tx.Context())
	}
	return out, err
}

// LabelOf is Labels for one unit.
func LabelOf(tx *db.Tx, id string, day civil.Date) (Label, error) {
	ls, err := Labels(tx, []string{id}, day)
	return ls[id], err
}
