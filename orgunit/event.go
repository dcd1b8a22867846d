package orgunit

import (
	"time"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// EventKind is what happened to units.
type EventKind string

// The events.
const (
	Established EventKind = "establish" // thành lập
	Changed     EventKind = "change"    // thay đổi loại, mã, địa bàn
	Renamed     EventKind = "rename"    // đổi tên
	Transferred EventKind = "transfer"  // chuyển cơ quan quản lý
	Merged      EventKind = "merge"     // sáp nhập, hợp nhất
	Divided     EventKind = "split"     // chia, tách
	Abolished   EventKind = "abolish"   // giải thể
	TakenOver   EventKind = "takeover"  // bàn giao việc đang mở
	Template    EventKind = "template"  // thiết lập theo mẫu
	Imported    EventKind = "import"    // nhập từ tệp
)

// Extent is what share of a unit goes to another.
type Extent string

// The extents. Moves marks a unit that goes along under another superior.
const (
	Whole   Extent = "whole"
	Main    Extent = "main"
	Some    Extent = "part"
	Unknown Extent = "unknown"
	Moves   Extent = "moves"
)

// Extents lists those a person chooses from.
var Extents = []Extent{Whole, Main, Some, Unknown}

func (x Extent) or(d Extent) Extent {
	for _, e := range Extents {
		if x == e {
			return x
		}
	}
	return d
}

// Event is what happened to units on a day, with the paper that orders it.
type Event struct {
	ID        string     `db:"id"`
	Seq       int64      `db:"seq"` // order in which events were written down
	Kind      EventKind  `db:"kind"`
	On        civil.Date `db:"on_day"`
	Basis     string     `db:"basis"`
	Note      string     `db:"note"`
	Withdrawn string     `db:"withdrawn"` // the reason, when it was a mistake
	Person    string     `db:"by_person"`
	At        time.Time  `db:"at"`
}

// EventPart is one unit's part in an event.
type EventPart struct {
	Event  string `db:"event_id"`
	From   string `db:"from_unit"`
	To     string `db:"to_unit"`
	Extent Extent `db:"extent"`
}

// Part is one unit's share in a merger or split.
type Part struct {
	Unit    string
	Extent  Extent
	Version int64    // as shown, for stale forms; 0: not asked
	Takes   []string // split: the units under the divided one that go under this part
}

// Merger says which units end and into which they go.
type Merger struct {
	From  []Part
	Into  string
	On    civil.Date // first day of the new state
	Basis string
	Note  string
}

// Plan is what an event will do, checked and not yet done: what a preview shows and what is then carried out.
type Plan struct {
	Kind   EventKind
	On     civil.Date
	Ending []Unit // exist no more from On
	Into   []Unit // receive
	Moves  []Move // go under another superior
	parts  []EventPart
}

// Move is a unit that goes under another superior.
type Move struct {
	Unit Unit
	To   Unit
}

// PlanMerge checks a merger: units end on the day before m.On and go into another (sáp nhập, hợp nhất). All are of one level. The units
// under them go under the receiving one from that day.
func (c *Units) PlanMerge(tx *db.Tx, by policy.Actor, m Merger) (Plan, error) {
	p := Plan{Kind: Merged, On: m.On}
	if len(m.From) == 0 {
		return p, errs.AtField("units", "orgunit.need_units")
	}
	to, err := c.living(tx, by, m.Into, 0, m.On, "into")
	if err != nil {
		return p, err
	}
	p.Into = []Unit{to}
	seen := map[string]bool{m.Into: true}
	for _, part := range m.From {
		if seen[part.Unit] {
			return p, errs.AtField("units", "orgunit.twice")
		}
		seen[part.Unit] = true
		u, err := c.ending(tx, by, part.Unit, part.Version, m.On, "units")
		if err != nil {
			return p, err
		}
		if u.Level != to.Level {
			return p, errs.AtField("units", "orgunit.levels_differ", u.Name, to.Name)
		}
		p.Ending = append(p.Ending, u)
		p.parts = append(p.parts, EventPart{From: u.ID, To: m.Into, Extent: part.Extent.or(Whole)})
	}
	if err := c.standsOutside(tx, to, p); err != nil {
		return p, err
	}
	return p, c.hand(tx, &p, func(Unit) Unit { return to })
}

// Merge carries a merger out. What is open at the units that end stays theirs until Takeover.
func (c *Units) Merge(tx *db.Tx, by policy.Actor, m Merger) error {
	p, err := c.PlanMerge(tx, by, m)
	if err != nil {
		return err
	}
	return c.carryOut(tx, by, p, m.Into, "orgunit.merge", m.Basis, m.Note)
}

// Splitting says which unit ends and into which it goes.
type Splitting struct {
	From    string
	Version int64
	Into    []Part
	On      civil.Date
	Basis   string
	Note    string
}

// PlanSplit checks a split: a unit ends on the day before s.On and goes into several (chia, tách). The units under it go where Takes
// says, the others to the main part.
func (c *Units) PlanSplit(tx *db.Tx, by policy.Actor, s Splitting) (Plan, error) {
	p := Plan{Kind: Divided, On: s.On}
	if len(s.Into) < 2 {
		return p, errs.AtField("units", "orgunit.need_two")
	}
	u, err := c.ending(tx, by, s.From, s.Version, s.On, "from")
	if err != nil {
		return p, err
	}
	p.Ending = []Unit{u}
	heir, byID := map[string]Unit{}, map[string]bool{}
	mainPart := 0
	for i, part := range s.Into {
		if byID[part.Unit] || part.Unit == s.From {
			return p, errs.AtField("units", "orgunit.twice")
		}
		byID[part.Unit] = true
		to, err := c.living(tx, by, part.Unit, part.Version, s.On, "units")
		if err != nil {
			return p, err
		}
		if to.Level != u.Level {
			return p, errs.AtField("units", "orgunit.levels_differ", to.Name, u.Name)
		}
		if err := c.standsOutside(tx, to, p); err != nil {
			return p, err
		}
		if part.Extent == Main {
			mainPart = i
		}
		for _, id := range part.Takes {
			if other, taken := heir[id]; taken && other.ID != to.ID {
				return p, errs.AtField("takes", "orgunit.taken_twice")
			}
			heir[id] = to
		}
		p.Into = append(p.Into, to)
		p.parts = append(p.parts, EventPart{From: s.From, To: part.Unit, Extent: part.Extent.or(Some)})
	}
	return p, c.hand(tx, &p, func(x Unit) Unit {
		if to, ok := heir[x.ID]; ok {
			return to
		}
		return p.Into[mainPart]
	})
}

// Split carries a split out.
func (c *Units) Split(tx *db.Tx, by policy.Actor, s Splitting) error {
	p, err := c.PlanSplit(tx, by, s)
	if err != nil {
		return err
	}
	return c.carryOut(tx, by, p, s.From, "orgunit.split", s.Basis, s.Note)
}

// Ending says which unit ends without a successor.
type Ending struct {
	Unit    string
	Version int64
	On      civil.Date
	Basis   string
	Note    string
}

// PlanAbolish checks an abolition: a unit ends on the day before e.On without a successor (giải thể), with the divisions inside it.
// Other units under it must have gone or moved before.
func (c *Units) PlanAbolish(tx *db.Tx, by policy.Actor, x Ending) (Plan, error) {
	p := Plan{Kind: Abolished, On: x.On}
	u, err := c.ending(tx, by, x.Unit, x.Version, x.On, "on")
	if err != nil {
		return p, err
	}
	left := 0
	p.Ending = []Unit{u}
	for i := 0; i < len(p.Ending); i++ {
		list, err := under(tx, p.Ending[i].ID, x.On)
		if err != nil {
			return p, err
		}
		for _, d := range list {
			switch {
			case !d.Internal:
				left++
			case !x.On.After(d.From):
				return p, errs.AtField("on", "orgunit.before_last", d.Name, d.From.AddDays(1))
			case !d.Gone.IsZero():
				return p, errs.AtField("on", "orgunit.gone", d.Name, d.Gone)
			default:
				p.Ending = append(p.Ending, d)
			}
		}
	}
	if left > 0 {
		return p, errs.New(errs.Conflict, "orgunit.has_subordinates", left)
	}
	for _, d := range p.Ending {
		p.parts = append(p.parts, EventPart{From: d.ID, Extent: Whole})
	}
	return p, nil
}

// Abolish carries an abolition out.
func (c *Units) Abolish(tx *db.Tx, by policy.Actor, x Ending) error {
	p, err := c.PlanAbolish(tx, by, x)
	if err != nil {
		return err
	}
	return c.carryOut(tx, by, p, x.Unit, "orgunit.abolish", x.Basis, x.Note)
}

// ending is living for a unit that is to end on the day before on: it must have existed at least that day.
func (c *Units) ending(tx *db.Tx, by policy.Actor, id string, version int64, on civil.Date, field string) (Unit, error) {
	u, err := c.living(tx, by, id, version, on, field)
	if err == nil && on == u.From {
		err = errs.AtField("on", "orgunit.before_last", u.Name, u.From.AddDays(1))
	}
	return u, err
}

// standsOutside refuses to let a unit receive those above it: it would end with them.
func (c *Units) standsOutside(tx *db.Tx, to Unit, p Plan) error {
	for at, n := to.Superior, 0; at != "" && n < maxDeep; n++ {
		for _, u := range p.Ending {
			if u.ID == at {
				return errs.AtField("into", "orgunit.into_below", to.Name, u.Name)
			}
		}
		var err error
		if at, err = superiorOn(tx, at, p.On); err != nil {
			return err
		}
	}
	return nil
}

// hand plans where the units go that stand under those which end.
func (c *Units) hand(tx *db.Tx, p *Plan, to func(Unit) Unit) error {
	ends := map[string]bool{}
	for _, u := range p.Ending {
		ends[u.ID] = true
	}
	for _, from := range p.Ending {
		list, err := under(tx, from.ID, p.On)
		if err != nil {
			return err
		}
		for _, u := range list {
			if ends[u.ID] {
				continue
			}
			if p.On.Before(u.From) {
				return errs.AtField("on", "orgunit.before_last", u.Name, u.From)
			}
			next := u
			next.Superior = to(u).ID
			if err := c.checkSuperior(tx, next, p.On); err != nil {
				if fs := errs.FieldsOf(err); len(fs) > 0 { // say it at the field people filled in
					return errs.AtField("into", fs[0].Key, fs[0].Args...)
				}
				return err
			}
			p.Moves = append(p.Moves, Move{u, to(u)})
			p.parts = append(p.parts, EventPart{From: u.ID, To: u.ID, Extent: Moves})
		}
	}
	return nil
}

// carryOut does what a plan says.
func (c *Units) carryOut(tx *db.Tx, by policy.Actor, p Plan, about, action, basis, note string) error {
	for _, m := range p.Moves {
		next := m.Unit
		next.Superior = m.To.ID
		if _, err := succeed(tx, m.Unit, next, p.On, true); err != nil {
			return err
		}
	}
	for i := len(p.Ending) - 1; i >= 0; i-- {
		if err := endUnit(tx, p.Ending[i], p.On.AddDays(-1)); err != nil {
			return err
		}
	}
	e, err := insertEvent(tx, Event{Kind: p.Kind, On: p.On, Basis: line(basis), Note: line(note), Person: by.Person}, p.parts...)
	if err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Edit, about), audit.Deed{Action: action, Kind: "orgunit", ID: about, Purpose: e.Basis, Change: parted(e, p.parts)})
}

// parted is an event as the audit log tells it.
func parted(e Event, parts []EventPart) audit.Change {
	return audit.Change{"event": {"", e.ID}, "on": {"", e.On.String()}, "parts": {"", itoa(len(parts))}}
}
