package orgunit

import (
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/policy"
)

// Units is the room: its rules with what they need from outside.
type Units struct {
	Book   policy.Book
	Heirs  []Heir
	People People                                               // nil: pages show no people
	Actor  func(tx *db.Tx, person string) (policy.Actor, error) // whose rights a job has that a person started
}

// Heir is a room's open work that a successor unit takes over.
type Heir struct {
	Key   string                                                         // catalogue key of what it is, "Việc đang mở"
	Count func(tx *db.Tx, unit string) (int, error)                      // how much is open at a unit
	Move  func(tx *db.Tx, by policy.Actor, from, to string) (int, error) // hands it over
}

// People tells who works in a unit, as far as the actor may see it; the account room gives it.
type People interface {
	In(tx *db.Tx, by policy.Actor, unit string) ([]Staff, error)
}

// Staff is a person of a unit as a page shows them.
type Staff struct{ ID, Name, Title, Role string }

const (
	maxName = 250
	maxDeep = 8 // levels of superiors; the longest real chain has five
)

// may checks that the actor may change a unit: it lies in the scope of Edit. Otherwise it is absent, or Forbidden when the actor may
// change no unit at all.
func (c *Units) may(tx *db.Tx, by policy.Actor, id string) error {
	if by.IsSystem() {
		return nil
	}
	scope := c.Book.Scope(by, Edit)
	if scope.Empty() {
		return errs.New(errs.Forbidden, "orgunit.may_not")
	}
	above, err := Above(tx, id)
	if err != nil {
		return err
	}
	if !scope.Allows(policy.Record{Unit: id, Above: above}) {
		return errs.Absent("unit", id)
	}
	return nil
}

// MayEdit tells whether the actor may change a unit.
func (c *Units) MayEdit(tx *db.Tx, by policy.Actor, id string) bool { return c.may(tx, by, id) == nil }

// check refuses what no unit can be from a day on, at the field. What it was before (last; none for a new one) may stay: a unit outlives
// its area.
func (c *Units) check(tx *db.Tx, u, last Unit, on civil.Date) error {
	switch {
	case u.Name == "":
		return errs.AtField("name", "orgunit.need_name")
	case len([]rune(u.Name)) > maxName:
		return errs.AtField("name", "orgunit.name_long", maxName)
	case on.IsZero():
		return errs.AtField("on", "orgunit.need_day")
	case !validKind(u.Kind):
		return errs.AtField("kind", "orgunit.need_kind")
	case rank(u.Level) >= len(Levels):
		return errs.AtField("level", "orgunit.need_level")
	case u.Superior == "" && u.Kind != Government && u.Level != Central:
		return errs.AtField("superior", "orgunit.need_superior")
	}
	if u.Superior != "" {
		if err := c.checkSuperior(tx, u, on); err != nil {
			return err
		}
	}
	if u.ID != "" {
		lowest, err := highestBelow(tx, u.ID, on)
		if err != nil {
			return err
		}
		if lowest.ID != "" && !lowest.Level.below(u.Level) {
			return errs.AtField("level", "orgunit.below_is_higher", lowest.Name)
		}
	}
	if u.Area != "" && u.Area != last.Area {
		a, err := AreaOn(tx, u.Area, on)
		if errs.Is(err, errs.NotFound) {
			return errs.AtField("area", "orgunit.no_area")
		}
		if err != nil {
			return err
		}
		if on.Before(a.From) || !a.To.IsZero() && on.After(a.To) {
			return errs.AtField("area", "orgunit.area_gone", a.Name)
		}
	}
	if u.Code != "" {
		taken, err := codeTaken(tx, u.Code, u.ID, on)
		if err != nil {
			return err
		}
		if taken {
			return errs.AtField("code", "orgunit.code_taken", u.Code)
		}
	}
	return nil
}

// checkSuperior refuses a superior that is not there from the day on, is lower, ends, or would make a circle on any later day.
func (c *Units) checkSuperior(tx *db.Tx, u Unit, on civil.Date) error {
	if u.Superior == u.ID {
		return errs.AtField("superior", "orgunit.cycle")
	}
	s, err := At(tx, u.Superior, on)
	if errs.Is(err, errs.NotFound) {
		return errs.AtField("superior", "orgunit.no_superior")
	}
	if err != nil {
		return err
	}
	switch {
	case !s.On(on):
		return errs.AtField("superior", "orgunit.superior_gone", s.Name)
	case !s.Gone.IsZero():
		return errs.AtField("superior", "orgunit.superior_ends", s.Name, s.Gone)
	case !u.Level.below(s.Level):
		return errs.AtField("superior", "orgunit.superior_lower", s.Name)
	}
	// Changes may be written down before their day, so the way up is walked on this day and on every later day on which a unit changes.
	later, err := laterDays(tx, on)
	if err != nil {
		return err
	}
	height := 0
	if u.ID != "" {
		if height, err = heightBelow(tx, u.ID); err != nil {
			return err
		}
	}
	for _, day := range append([]civil.Date{on}, later...) {
		deep := 1
		for at := u.Superior; at != ""; deep++ {
			if at == u.ID {
				return errs.AtField("superior", "orgunit.cycle")
			}
			if deep+height >= maxDeep {
				return errs.AtField("superior", "orgunit.too_deep", maxDeep)
			}
			if at, err = superiorOn(tx, at, day); err != nil {
				return err
			}
		}
	}
	return nil
}

func validKind(k Kind) bool {
	for _, x := range Kinds {
		if x == k {
			return true
		}
	}
	return false
}

// line is a text of one line as it is stored.
func line(s string) string { return strings.Join(strings.Fields(viet.NFC(s)), " ") }

func tidy(u *Unit) {
	u.Name, u.Code, u.Phone, u.Email, u.Address, u.Sector = line(u.Name), line(u.Code), line(u.Phone), strings.ToLower(line(u.Email)), line(u.Address), line(u.Sector)
}

// trimText is a text of several lines as it is stored.
func trimText(s string) string {
	return strings.TrimSpace(viet.NFC(strings.ReplaceAll(s, "\r\n", "\n")))
}
