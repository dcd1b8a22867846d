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

// Merge ends units on the day before m.On and names the unit they go into (sáp nhập, hợp nhất). All are of one level. The units under
// them go under the receiving one from that day. What is open at them stays theirs until Takeover.
func (c *Units) Merge(tx *db.Tx, by policy.Actor, m Merger) error {
	if len(m.From) == 0 {
		return errs.AtField("units", "orgunit.need_units")
	}
	to, err := c.living(tx, by, m.Into, 0, m.On, "into")
	if err != nil {
		return err
	}
	var parts []EventPart
	seen := map[string]bool{m.Into: true}
	ending := map[string]Unit{}
	for _, p := range m.From {
		if seen[p.Unit] {
			return errs.AtField("units", "orgunit.twice")
		}
		seen[p.Unit] = true
		u, err := c.living(tx, by, p.Unit, p.Version, m.On, "units")
		if err != nil {
			return err
		}
		if u.Level != to.Level {
			return errs.AtField("units", "orgunit.levels_differ", u.Name, to.Name)
		}
		ending[u.ID] = u
		parts = append(parts, EventPart{From: u.ID, To: m.Into, Extent: p.Extent.or(Whole)})
	}
	if err := c.standsOutside(tx, to, ending, m.On); err != nil {
		return err
	}
	for _, p := range m.From {
		moved, err := c.hand(tx, ending[p.Unit], m.On, func(Unit) string { return m.Into }, ending)
		if err != nil {
			return err
		}
		parts = append(parts, moved...)
	}
	for _, p := range m.From {
		if err := end(tx, ending[p.Unit], m.On); err != nil {
			return err
		}
	}
	e, err := insertEvent(tx, Event{Kind: Merged, On: m.On, Basis: line(m.Basis), Note: line(m.Note), Person: by.Person}, parts...)
	if err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Deed{Action: "orgunit.merge", Kind: "orgunit", ID: m.Into, Purpose: e.Basis, Change: parted(e, parts)})
}

// standsOutside refuses to let a unit receive those above it: it would end with them.
func (c *Units) standsOutside(tx *db.Tx, to Unit, ending map[string]Unit, on civil.Date) error {
	for at, n := to.Superior, 0; at != "" && n < maxDeep; n++ {
		if u, ok := ending[at]; ok {
			return errs.AtField("into", "orgunit.into_below", to.Name, u.Name)
		}
		var err error
		if at, err = superiorOn(tx, at, on); err != nil {
			return err
		}
	}
	return nil
}

// hand puts the units under one that ends under another from a day on.
func (c *Units) hand(tx *db.Tx, from Unit, on civil.Date, to func(Unit) string, ending map[string]Unit) ([]EventPart, error) {
	list, err := under(tx, from.ID, on)
	if err != nil {
		return nil, err
	}
	var parts []EventPart
	for _, u := range list {
		if _, ends := ending[u.ID]; ends {
			continue
		}
		if on.Before(u.From) {
			return nil, errs.AtField("on", "orgunit.before_last", u.Name, u.From)
		}
		next := u
		next.Superior = to(u)
		if _, err := succeed(tx, u, next, on, true); err != nil {
			return nil, err
		}
		parts = append(parts, EventPart{From: u.ID, To: u.ID, Extent: Moves})
	}
	return parts, nil
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

// Split ends a unit on the day before s.On and names the units it goes into (chia, tách). The units under it go where Takes says, the
// others to the main part.
func (c *Units) Split(tx *db.Tx, by policy.Actor, s Splitting) error {
	if len(s.Into) < 2 {
		return errs.AtField("units", "orgunit.need_two")
	}
	u, err := c.living(tx, by, s.From, s.Version, s.On, "from")
	if err != nil {
		return err
	}
	var parts []EventPart
	ending := map[string]Unit{u.ID: u}
	heir := map[string]string{}
	mainPart := s.Into[0].Unit
	seen := map[string]bool{}
	for _, p := range s.Into {
		if seen[p.Unit] || p.Unit == s.From {
			return errs.AtField("units", "orgunit.twice")
		}
		seen[p.Unit] = true
		to, err := c.living(tx, by, p.Unit, p.Version, s.On, "units")
		if err != nil {
			return err
		}
		if to.Level != u.Level {
			return errs.AtField("units", "orgunit.levels_differ", to.Name, u.Name)
		}
		if err := c.standsOutside(tx, to, ending, s.On); err != nil {
			return err
		}
		if p.Extent == Main {
			mainPart = p.Unit
		}
		for _, id := range p.Takes {
			if other, taken := heir[id]; taken && other != p.Unit {
				return errs.AtField("takes", "orgunit.taken_twice")
			}
			heir[id] = p.Unit
		}
		parts = append(parts, EventPart{From: s.From, To: p.Unit, Extent: p.Extent.or(Some)})
	}
	moved, err := c.hand(tx, u, s.On, func(x Unit) string { return or(heir[x.ID], mainPart) }, ending)
	if err != nil {
		return err
	}
	parts = append(parts, moved...)
	if err := end(tx, u, s.On); err != nil {
		return err
	}
	e, err := insertEvent(tx, Event{Kind: Divided, On: s.On, Basis: line(s.Basis), Note: line(s.Note), Person: by.Person}, parts...)
	if err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Deed{Action: "orgunit.split", Kind: "orgunit", ID: s.From, Purpose: e.Basis, Change: parted(e, parts)})
}

// Ending says which unit ends without a successor.
type Ending struct {
	Unit    string
	Version int64
	On      civil.Date
	Basis   string
	Note    string
}

// Abolish ends a unit on the day before e.On without a successor (giải thể), with the divisions inside it. Other units under it must
// have gone or moved before.
func (c *Units) Abolish(tx *db.Tx, by policy.Actor, x Ending) error {
	u, err := c.living(tx, by, x.Unit, x.Version, x.On, "on")
	if err != nil {
		return err
	}
	list, err := under(tx, u.ID, x.On)
	if err != nil {
		return err
	}
	ending, left := []Unit{u}, 0
	for i := 0; i < len(list); i++ {
		switch d := list[i]; {
		case !d.Internal:
			left++
		case x.On.Before(d.From):
			return errs.AtField("on", "orgunit.before_last", d.Name, d.From)
		default:
			ending = append(ending, d)
			more, err := under(tx, d.ID, x.On)
			if err != nil {
				return err
			}
			list = append(list, more...)
		}
	}
	if left > 0 {
		return errs.New(errs.Conflict, "orgunit.has_subordinates", left)
	}
	var parts []EventPart
	for i := len(ending) - 1; i >= 0; i-- {
		if err := end(tx, ending[i], x.On); err != nil {
			return err
		}
	}
	for _, d := range ending {
		parts = append(parts, EventPart{From: d.ID, Extent: Whole})
	}
	e, err := insertEvent(tx, Event{Kind: Abolished, On: x.On, Basis: line(x.Basis), Note: line(x.Note), Person: by.Person}, parts...)
	if err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Deed{Action: "orgunit.abolish", Kind: "orgunit", ID: u.ID, Purpose: e.Basis, Change: parted(e, parts)})
}

// parted is an event as the audit log tells it.
func parted(e Event, parts []EventPart) audit.Change {
	return audit.Change{"event": {"", e.ID}, "on": {"", e.On.String()}, "parts": {"", itoa(len(parts))}}
}

// end lets a unit exist until the day before on.
func end(tx *db.Tx, u Unit, on civil.Date) error {
	if on == u.From { // it would have existed for no day
		return errs.AtField("on", "orgunit.before_last", u.Name, u.From)
	}
	last := on.AddDays(-1)
	if err := endVersion(tx, u.VersionID, last); err != nil {
		return err
	}
	return endUnit(tx, u.ID, last)
}
