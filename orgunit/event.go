package orgunit

import (
	"strings"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/viet"
	"chungtay/policy"
)

// Units is the room: its rules with what they need from outside.
type Units struct {
	Book  policy.Book
	Heirs []Heir
}

// Heir is a room's open work that a successor unit takes over.
type Heir struct {
	Key   string                                                         // catalogue key of what it is, "Việc đang mở"
	Count func(tx *db.Tx, unit string) (int, error)                      // how much is open at a unit
	Move  func(tx *db.Tx, by policy.Actor, from, to string) (int, error) // hands it over
}

const (
	maxName = 250
	maxDeep = 8 // levels of superiors; the longest real chain has five
)

// may checks that the actor may change a unit: it lies in the scope of Edit. Otherwise it is absent.
func (c *Units) may(tx *db.Tx, by policy.Actor, id string) error {
	scope := c.Book.Scope(by, Edit)
	if by.IsSystem() {
		return nil
	}
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

// check refuses what no unit can be, at the field.
func (c *Units) check(tx *db.Tx, u Unit, on civil.Date) error {
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
	}
	if u.Superior == "" && u.Kind != Government && u.Level != Central {
		return errs.AtField("superior", "orgunit.need_superior")
	}
	if u.Superior != "" {
		if u.Superior == u.ID {
			return errs.AtField("superior", "orgunit.cycle")
		}
		s, err := At(tx, u.Superior, on)
		if err != nil {
			return errs.AtField("superior", "orgunit.no_superior")
		}
		if !s.On(on) {
			return errs.AtField("superior", "orgunit.superior_gone", s.Name)
		}
		if !u.Level.below(s.Level) {
			return errs.AtField("superior", "orgunit.superior_lower", s.Name)
		}
		above, err := Above(tx, u.Superior)
		if err != nil {
			return err
		}
		for _, a := range above {
			if a == u.ID {
				return errs.AtField("superior", "orgunit.cycle")
			}
		}
		if len(above)+1 >= maxDeep {
			return errs.AtField("superior", "orgunit.too_deep", maxDeep)
		}
	}
	if u.Area != "" {
		a, err := AreaOn(tx, u.Area, on)
		if err != nil {
			return errs.AtField("area", "orgunit.no_area")
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

func validKind(k Kind) bool {
	for _, x := range Kinds {
		if x == k {
			return true
		}
	}
	return false
}

func tidy(u *Unit) {
	line := func(s string) string { return strings.Join(strings.Fields(viet.NFC(s)), " ") }
	u.Name, u.Code, u.Phone, u.Email, u.Address = line(u.Name), line(u.Code), line(u.Phone), strings.ToLower(line(u.Email)), line(u.Address)
}

// Establish makes a unit from a day on. The actor must be allowed to change the superior. It returns the unit.
func (c *Units) Establish(tx *db.Tx, by policy.Actor, u Unit, on civil.Date, basis string) (Unit, error) {
	tidy(&u)
	if u.Superior != "" || !by.IsSystem() {
		if u.Superior == "" {
			return u, errs.AtField("superior", "orgunit.need_superior")
		}
		if err := c.may(tx, by, u.Superior); err != nil {
			return u, err
		}
	}
	if err := c.check(tx, u, on); err != nil {
		return u, err
	}
	u.ID, u.VersionID, u.Born, u.From, u.To, u.Gone, u.Version = ids.New(tx.Now), ids.New(tx.Now), on, on, civil.Date{}, civil.Date{}, 1
	if err := insertUnit(tx, u); err != nil {
		return u, err
	}
	if _, err := insertEvent(tx, Event{Kind: "establish", On: on, Basis: basis, Person: by.Person}, EventPart{To: u.ID, Extent: "whole"}); err != nil {
		return u, err
	}
	if err := addToClosure(tx, u); err != nil {
		return u, err
	}
	return u, audit.Log(tx, by, audit.Deed{Action: "orgunit.establish", Kind: "orgunit", ID: u.ID, Change: audit.Diff(nil, u)})
}

// Change gives a unit another name, kind, superior, area, code or contact from a day on (đổi tên, chuyển cơ quan quản lý). u carries the
// Version that was shown. The day must not be before the last change.
func (c *Units) Change(tx *db.Tx, by policy.Actor, u Unit, on civil.Date, basis string) (Unit, error) {
	tidy(&u)
	if err := c.may(tx, by, u.ID); err != nil {
		return u, err
	}
	last, err := lastVersion(tx, u.ID)
	if err != nil {
		return u, err
	}
	if !last.Gone.IsZero() {
		return u, errs.New(errs.Conflict, "orgunit.gone", last.Name, last.Gone)
	}
	if on.IsZero() {
		return u, errs.AtField("on", "orgunit.need_day")
	}
	if on.Before(last.From) {
		return u, errs.AtField("on", "orgunit.before_last", last.From)
	}
	if u.Superior != last.Superior && u.Superior != "" {
		if err := c.may(tx, by, u.Superior); err != nil {
			return u, errs.AtField("superior", "orgunit.no_superior")
		}
	}
	if err := c.check(tx, u, on); err != nil {
		return u, err
	}
	if err := touch(tx, u.ID, u.Version); err != nil {
		return u, err
	}
	u.Born, u.From, u.To, u.Gone = last.Born, on, civil.Date{}, civil.Date{}
	contact := u.Name == last.Name && u.Kind == last.Kind && u.Superior == last.Superior && u.Area == last.Area && u.Level == last.Level && u.Internal == last.Internal && u.Code == last.Code && u.Sector == last.Sector
	if on == last.From || contact { // contact data have no history
		u.VersionID, u.From = last.VersionID, last.From
		err = updateVersion(tx, u)
	} else {
		u.VersionID = ids.New(tx.Now)
		if err = endVersion(tx, last.VersionID, on.AddDays(-1)); err == nil {
			err = insertVersion(tx, u)
		}
	}
	if err != nil {
		return u, err
	}
	if !contact {
		kind := "change"
		if u.Superior != last.Superior {
			kind = "transfer"
		} else if u.Name != last.Name {
			kind = "rename"
		}
		if _, err := insertEvent(tx, Event{Kind: kind, On: on, Basis: basis, Person: by.Person}, EventPart{From: u.ID, To: u.ID, Extent: "whole"}); err != nil {
			return u, err
		}
	}
	if u.Superior != last.Superior {
		if err := rebuildClosure(tx); err != nil {
			return u, err
		}
	}
	u.Version++
	return u, audit.Log(tx, by, audit.Deed{Action: "orgunit.change", Kind: "orgunit", ID: u.ID, Change: audit.Diff(last, u)})
}

// Part is one unit's share in a merger or split.
type Part struct {
	Unit   string
	Extent string // whole, main, part, unknown
}

// Merge ends units on the day before on and names the unit they go into (sáp nhập, hợp nhất): an existing one, or one established in the
// same step. All are of one level. What is open at them stays theirs until Takeover.
func (c *Units) Merge(tx *db.Tx, by policy.Actor, from []Part, into string, on civil.Date, basis string) error {
	if len(from) == 0 {
		return errs.AtField("units", "orgunit.need_units")
	}
	to, err := c.living(tx, by, into, on, "into")
	if err != nil {
		return err
	}
	var parts []EventPart
	seen := map[string]bool{into: true}
	for _, p := range from {
		if seen[p.Unit] {
			return errs.AtField("units", "orgunit.twice")
		}
		seen[p.Unit] = true
		u, err := c.living(tx, by, p.Unit, on, "units")
		if err != nil {
			return err
		}
		if u.Level != to.Level {
			return errs.AtField("units", "orgunit.levels_differ", u.Name, to.Name)
		}
		if err := c.end(tx, u, on); err != nil {
			return err
		}
		parts = append(parts, EventPart{From: u.ID, To: into, Extent: p.Extent})
	}
	e, err := insertEvent(tx, Event{Kind: "merge", On: on, Basis: basis, Person: by.Person}, parts...)
	if err != nil {
		return err
	}
	if err := rebuildClosure(tx); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Deed{Action: "orgunit.merge", Kind: "orgunit", ID: into, Purpose: basis, Change: audit.Change{"event": {"", e.ID}, "parts": {"", itoa(len(parts))}}})
}

// Split ends a unit on the day before on and names the units it goes into (chia, tách).
func (c *Units) Split(tx *db.Tx, by policy.Actor, from string, into []Part, on civil.Date, basis string) error {
	if len(into) < 2 {
		return errs.AtField("units", "orgunit.need_two")
	}
	u, err := c.living(tx, by, from, on, "from")
	if err != nil {
		return err
	}
	var parts []EventPart
	seen := map[string]bool{}
	for _, p := range into {
		if seen[p.Unit] || p.Unit == from {
			return errs.AtField("units", "orgunit.twice")
		}
		seen[p.Unit] = true
		to, err := c.living(tx, by, p.Unit, on, "units")
		if err != nil {
			return err
		}
		if to.Level != u.Level {
			return errs.AtField("units", "orgunit.levels_differ", to.Name, u.Name)
		}
		parts = append(parts, EventPart{From: from, To: p.Unit, Extent: p.Extent})
	}
	if err := c.end(tx, u, on); err != nil {
		return err
	}
	if _, err := insertEvent(tx, Event{Kind: "split", On: on, Basis: basis, Person: by.Person}, parts...); err != nil {
		return err
	}
	if err := rebuildClosure(tx); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Deed{Action: "orgunit.split", Kind: "orgunit", ID: from, Purpose: basis})
}

// Abolish ends a unit on the day before on without a successor (giải thể). Units under it must have gone or moved before.
func (c *Units) Abolish(tx *db.Tx, by policy.Actor, id string, on civil.Date, basis string) error {
	u, err := c.living(tx, by, id, on, "on")
	if err != nil {
		return err
	}
	left, err := subordinates(tx, id, on)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return errs.New(errs.Conflict, "orgunit.has_subordinates", len(left))
	}
	if err := c.end(tx, u, on); err != nil {
		return err
	}
	if _, err := insertEvent(tx, Event{Kind: "abolish", On: on, Basis: basis, Person: by.Person}, EventPart{From: id, Extent: "whole"}); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Deed{Action: "orgunit.abolish", Kind: "orgunit", ID: id, Purpose: basis})
}

// living returns a unit that exists on a day and that the actor may change.
func (c *Units) living(tx *db.Tx, by policy.Actor, id string, on civil.Date, field string) (Unit, error) {
	if err := c.may(tx, by, id); err != nil {
		return Unit{}, err
	}
	if on.IsZero() {
		return Unit{}, errs.AtField("on", "orgunit.need_day")
	}
	u, err := lastVersion(tx, id)
	if err != nil {
		return u, err
	}
	switch {
	case !u.Gone.IsZero() && u.Gone.Before(on):
		return u, errs.AtField(field, "orgunit.gone", u.Name, u.Gone)
	case on.Before(u.From):
		return u, errs.AtField("on", "orgunit.before_last", u.From)
	}
	return u, nil
}

// end lets a unit exist until the day before on.
func (c *Units) end(tx *db.Tx, u Unit, on civil.Date) error {
	if on == u.From { // it would have existed for no day
		return errs.AtField("on", "orgunit.before_last", u.From)
	}
	last := on.AddDays(-1)
	if err := endVersion(tx, u.VersionID, last); err != nil {
		return err
	}
	return endUnit(tx, u.ID, last)
}

// Open is open work of a unit, as a preview of what a takeover moves.
type Open struct {
	Key   string
	Count int
}

// Estate counts what is open at a unit.
func (c *Units) Estate(tx *db.Tx, id string) ([]Open, error) {
	var out []Open
	for _, h := range c.Heirs {
		n, err := h.Count(tx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, Open{h.Key, n})
	}
	return out, nil
}

// Takeover hands what is open at a vanished unit over to one of its successors (bàn giao). It is a deed of its own, written down, so
// that nobody wonders why a task changed hands.
func (c *Units) Takeover(tx *db.Tx, by policy.Actor, from, to string) (int, error) {
	if err := c.may(tx, by, to); err != nil {
		return 0, err
	}
	u, err := lastVersion(tx, from)
	if err != nil {
		return 0, err
	}
	if u.Gone.IsZero() {
		return 0, errs.New(errs.Conflict, "orgunit.still_there", u.Name)
	}
	heirs, err := Successors(tx, from)
	if err != nil {
		return 0, err
	}
	ok := false
	for _, h := range heirs {
		ok = ok || h.To == to
	}
	if !ok {
		return 0, errs.AtField("to", "orgunit.not_successor")
	}
	moved := 0
	for _, h := range c.Heirs {
		n, err := h.Move(tx, by, from, to)
		if err != nil {
			return 0, err
		}
		moved += n
	}
	if _, err := insertEvent(tx, Event{Kind: "takeover", On: civil.Of(tx.Now), Person: by.Person}, EventPart{From: from, To: to, Extent: "whole"}); err != nil {
		return 0, err
	}
	return moved, audit.Log(tx, by, audit.Deed{Action: "orgunit.takeover", Kind: "orgunit", ID: to, Change: audit.Change{"from": {"", from}, "moved": {"", itoa(moved)}}})
}

// addToClosure adds the lines of a unit that has nothing below it yet.
func addToClosure(tx *db.Tx, u Unit) error {
	if _, err := tx.Exec(`INSERT INTO orgunit_closure (ancestor_id, unit_id, depth) VALUES ($1, $2, 0)`, u.ID, u.ID); err != nil {
		return err
	}
	if u.Superior == "" {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO orgunit_closure (ancestor_id, unit_id, depth) SELECT ancestor_id, CAST($1 AS TEXT), depth + 1 FROM orgunit_closure WHERE unit_id = $2`, u.ID, u.Superior)
	return err
}
