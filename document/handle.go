package document

import (
	"strings"
	"time"

	"chungtay/account"
	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Passing says to whom a paper is passed on for handling (chuyển xử lý): one of the unit's divisions, or a person who works in it.
type Passing struct {
	Kind    string // unit, person
	Handler string
	On      civil.Date // zero: today
	Due     civil.Date // zero: no deadline
	Note    string
}

// delivery returns a unit's line for a paper, if the actor keeps that unit's register.
func (c *Documents) delivery(tx *db.Tx, by policy.Actor, document, unit string, version int64) (Delivery, error) {
	if err := c.mayFor(tx, by, Register, unit); err != nil {
		return Delivery{}, err
	}
	x, ok, err := findDelivery(tx, document, unit)
	switch {
	case err != nil:
		return x, err
	case !ok:
		return x, errs.Absent("delivery", document)
	case x.Version != version:
		return x, errs.New(errs.Conflict, "document.changed_meanwhile")
	}
	return x, nil
}

// PassOn passes an entered paper on to who handles it, with a deadline if it has one. It is then to be read by them.
func (c *Documents) PassOn(tx *db.Tx, by policy.Actor, document, unit string, version int64, p Passing) (Delivery, error) {
	x, err := c.delivery(tx, by, document, unit, version)
	if err != nil {
		return x, err
	}
	p.Note = strings.TrimSpace(viet.NFC(p.Note))
	if p.On.IsZero() {
		p.On = civil.Of(tx.Now)
	}
	switch {
	case x.Number == 0:
		return x, errs.New(errs.Conflict, "document.enter_first")
	case p.On.After(civil.Of(tx.Now)):
		return x, errs.AtField("passed_on", "document.passed_in_future")
	case !p.Due.IsZero() && p.Due.Before(p.On):
		return x, errs.AtField("due_on", "document.due_before_passing")
	case len([]rune(p.Note)) > maxNote:
		return x, errs.AtField("note", "document.too_long", maxNote, len([]rune(p.Note))-maxNote)
	}
	if err := c.mayHandle(tx, unit, p); err != nil {
		return x, err
	}
	before := x
	x.HandlerKind, x.Handler, x.PassedOn, x.DueOn, x.Note = p.Kind, p.Handler, p.On, p.Due, p.Note
	if x.Handler != before.Handler {
		x.ReceivedAt, x.ReceivedBy, x.Progress = time.Time{}, "", ""
	}
	return c.saveHandling(tx, by, audit.By(Register, unit), before, x, "document.passed_on")
}

// mayHandle checks that a handler is of the unit: a division under it, or a person with a role in it or in a division.
func (c *Documents) mayHandle(tx *db.Tx, unit string, p Passing) error {
	under := func(u string) (bool, error) {
		if u == unit {
			return true, nil
		}
		above, err := orgunit.Above(tx, u)
		if errs.Is(err, errs.NotFound) {
			return false, nil
		}
		for _, a := range above {
			if a == unit {
				return true, nil
			}
		}
		return false, err
	}
	switch p.Kind {
	case "unit":
		if ok, err := under(p.Handler); err != nil || !ok || p.Handler == unit {
			return notNil(err, errs.AtField("handler", "document.choose_handler"))
		}
	case "person":
		list, err := c.Handlers(tx, unit)
		if err != nil {
			return err
		}
		for _, h := range list {
			if h.Kind == "person" && h.ID == p.Handler {
				return nil
			}
		}
		return errs.AtField("handler", "document.choose_handler")
	default:
		return errs.AtField("handler", "document.choose_handler")
	}
	return nil
}

func notNil(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// Handler is somebody a paper can be passed on to.
type Handler struct{ Kind, ID, Name string }

// Handlers lists to whom papers of a unit can be passed on: its divisions, and the people who hold a role in it or in them.
func (c *Documents) Handlers(tx *db.Tx, unit string) ([]Handler, error) {
	u, err := orgunit.Present(tx, unit)
	if err != nil {
		return nil, err
	}
	under, _, err := orgunit.Search(tx, orgunit.Filter{Under: unit, Size: 200})
	if err != nil {
		return nil, err
	}
	var out []Handler
	offices := []orgunit.Unit{u}
	for _, x := range under {
		if x.ID != unit && x.Internal {
			out = append(out, Handler{"unit", x.ID, x.Name})
			offices = append(offices, x)
		}
	}
	seen := map[string]bool{}
	for _, o := range offices {
		people, err := c.People.HoldersOf(tx, o.ID, Read)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			if !seen[p.ID] {
				seen[p.ID] = true
				out = append(out, Handler{"person", p.ID, p.Name})
			}
		}
	}
	return out, nil
}

// Take records that the handler has received a paper passed on (ký nhận). The actor is the handler, or works in the handling division.
func (c *Documents) Take(tx *db.Tx, by policy.Actor, document, unit string) (Delivery, error) {
	x, right, err := c.handled(tx, by, document, unit)
	if err != nil || !x.ReceivedAt.IsZero() {
		return x, err
	}
	before := x
	x.ReceivedAt, x.ReceivedBy, x.Progress = tx.Now, by.Person, "doing"
	return c.saveHandling(tx, by, right, before, x, "document.taken")
}

// Opened notes that a unit has a paper before it, as the register of sending shows it: a room above has had it confirmed. Once noted it stays.
func Opened(tx *db.Tx, by policy.Actor, document, unit string) error {
	return opened(tx, document, by.Person, unit)
}

// handled returns a line that was passed on to the actor, or that the actor keeps, and by what right the actor handles it.
func (c *Documents) handled(tx *db.Tx, by policy.Actor, document, unit string) (Delivery, audit.Right, error) {
	right := audit.By(Read, unit)
	if _, err := c.Get(tx, by, document); err != nil {
		return Delivery{}, right, err
	}
	x, ok, err := findDelivery(tx, document, unit)
	switch {
	case err != nil:
		return x, right, err
	case !ok || x.Handler == "":
		return x, right, errs.Absent("delivery", document)
	case x.HandlerKind == "person" && x.Handler == by.Person:
		return x, right, nil
	case c.mayFor(tx, by, Register, unit) == nil:
		return x, audit.By(Register, unit), nil
	}
	for _, g := range by.Grants {
		if g.Unit == x.Handler {
			return x, audit.By(Read, x.Handler), nil
		}
	}
	return x, right, errs.New(errs.Forbidden, "document.not_handler")
}

// The progress of handling (tiến độ) in the follow-up register.
var progresses = []string{"", "doing", "done"}

// Follow records how far the handling of a paper is, with the number of the paper that answers it.
func (c *Documents) Follow(tx *db.Tx, by policy.Actor, document, unit string, version int64, progress, answer, note string) (Delivery, error) {
	x, right, err := c.handled(tx, by, document, unit)
	if err != nil {
		return x, err
	}
	answer, note = strings.Join(strings.Fields(viet.NFC(answer)), " "), strings.TrimSpace(viet.NFC(note))
	switch {
	case x.Version != version:
		return x, errs.New(errs.Conflict, "document.changed_meanwhile")
	case !known(progresses, progress):
		return x, errs.AtField("progress", "document.choose_progress")
	case len([]rune(answer)) > maxSymbol:
		return x, errs.AtField("answer", "document.too_long", maxSymbol, len([]rune(answer))-maxSymbol)
	case len([]rune(note)) > maxNote:
		return x, errs.AtField("note", "document.too_long", maxNote, len([]rune(note))-maxNote)
	}
	before := x
	x.Progress, x.Answer, x.Note = progress, answer, note
	return c.saveHandling(tx, by, right, before, x, "document.followed")
}

// Return sends a paper delivered through this system back to its sender: wrong addressee, unreadable (NĐ 30/2020/NĐ-CP, điều 21). It leaves the
// list of papers to enter; the sender sees it with the reason.
func (c *Documents) Return(tx *db.Tx, by policy.Actor, document, unit string, version int64, reason string) (Delivery, error) {
	x, err := c.delivery(tx, by, document, unit, version)
	if err != nil {
		return x, err
	}
	d, err := byID(tx, document)
	if err != nil {
		return x, err
	}
	reason = strings.TrimSpace(viet.NFC(reason))
	switch {
	case d.Unit == unit || x.Number != 0 || !x.ReturnedAt.IsZero():
		return x, errs.New(errs.Conflict, "document.not_returnable")
	case reason == "":
		return x, errs.AtField("reason", "document.need_reason")
	case len([]rune(reason)) > maxNote:
		return x, errs.AtField("reason", "document.too_long", maxNote, len([]rune(reason))-maxNote)
	}
	before := x
	x.ReturnedAt, x.ReturnedBy, x.ReturnedWhy = tx.Now, by.Person, reason
	return c.saveHandling(tx, by, audit.By(Register, unit), before, x, "document.returned")
}

func (c *Documents) saveHandling(tx *db.Tx, by policy.Actor, right audit.Right, before, x Delivery, action string) (Delivery, error) {
	if err := saveDelivery(tx, x); err != nil {
		return x, err
	}
	x.Version++
	change := audit.Diff(before, x)
	delete(change, "version")
	return x, audit.Log(tx, by, right, audit.Deed{Action: action, Kind: "document", ID: x.Document, Change: change})
}

// People is what this room asks of accounts.
type People interface {
	HoldersOf(tx *db.Tx, unit string, p policy.Permission) ([]account.Person, error)
}
