package orgunit

import (
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/ui"
	"chungtay/internal/viet"
	"chungtay/internal/web"
)

// Picker is the choice of one unit in a form, without scripts: words are typed; when they fit one unit it is chosen, when they fit
// several the form comes back with these to choose from. The field is Name, the choice among several Name_id, and Name_for remembers the
// words they were found by, so that other words are a new search. The room's form prefix needs texts for Name.
//
//	p := orgunit.Picker{Name: "into"}
//	unit, err := p.Read(rq, f, web.Need)   // refuses at the field; p.Options holds what was found
//	@orgunit.PickerField(f, p)             // in the form
type Picker struct {
	Name    string
	Day     civil.Date                            // units of this day; zero: today
	Allowed func(tx *db.Tx, u Unit) (bool, error) // nil: any unit; others are as if they did not exist
	Options []ui.Option
}

// pickerSize is how many units are offered; words that fit more should be narrowed.
const pickerSize = 12

// Read returns the unit chosen, or the zero Unit with the field refused (or left empty, when need is not set).
func (p *Picker) Read(rq *web.Request, f *web.Form, need bool) (Unit, error) {
	day := p.Day
	if day.IsZero() {
		day = civil.Of(rq.Tx.Now)
	}
	words := f.Text(p.Name, 250, need)
	if words == "" {
		return Unit{}, nil
	}
	if id := f.Raw(p.Name + "_id"); ids.Valid(id) && f.Raw(p.Name+"_for") == words {
		u, err := At(rq.Tx, id, day)
		if err == nil {
			if ok, err := p.allowed(rq.Tx, u); err != nil || ok {
				return u, err
			}
		} else if !errs.Is(err, errs.NotFound) {
			return Unit{}, err
		}
	}
	found, total, err := Search(rq.Tx, Filter{Words: words, Day: day, Size: 60})
	if err != nil {
		return Unit{}, err
	}
	places, err := placed(rq.Tx, found, day)
	if err != nil {
		return Unit{}, err
	}
	p.Options = nil
	var hit, exact Unit
	exacts := 0
	for _, u := range places {
		ok, err := p.allowed(rq.Tx, u.Unit)
		if err != nil {
			return Unit{}, err
		}
		if !ok {
			total--
			continue
		}
		hit = u.Unit
		if viet.Fold(u.Name) == viet.Fold(words) || u.Code != "" && u.Code == words {
			exact = u.Unit
			exacts++
		}
		if len(p.Options) < pickerSize {
			p.Options = append(p.Options, ui.Option{Value: u.ID, Text: u.Name, Hint: u.Place})
		}
	}
	switch {
	case len(p.Options) == 0:
		f.Refuse(p.Name, "orgunit.pick.none")
	case len(p.Options) == 1:
		p.Options = nil
		return hit, nil
	case exacts == 1:
		p.Options = nil
		return exact, nil
	case total > pickerSize:
		f.Refuse(p.Name, "orgunit.pick.many", total)
	default:
		f.Refuse(p.Name, "orgunit.pick.which")
	}
	return Unit{}, nil
}

func (p *Picker) allowed(tx *db.Tx, u Unit) (bool, error) {
	if p.Allowed == nil {
		return true, nil
	}
	return p.Allowed(tx, u)
}

// Editable is a Picker's Allowed for units that the actor of a request may change.
func (c *Units) Editable(rq *web.Request) func(tx *db.Tx, u Unit) (bool, error) {
	return func(tx *db.Tx, u Unit) (bool, error) {
		err := c.may(tx, rq.Actor, u.ID)
		if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) {
			return false, nil
		}
		return err == nil, err
	}
}
