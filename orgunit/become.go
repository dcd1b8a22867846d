package orgunit

import (
	"chungtay/internal/civil"
	"chungtay/internal/db"
)

// Became says what a unit is today, for series of figures that go on after a merger.
type Became struct {
	Unit   string // the living unit that stands in its place, "" when there is no single one
	Extent Extent // Whole: all of it went there, or it lives on itself; Main: mainly there; Some, Unknown: divided, or nothing is known
}

// maxChain bounds how often a unit's successor was itself merged.
const maxChain = 12

// BecameOf tells of many units what they are today. A unit that lives is itself. One that vanished is followed through the mergers and
// splits that were written down, and where none was, as a committee, through the links of its area. Whole is said only when every step
// was whole and into one unit; figures of anything less must not be counted as the successor's.
func BecameOf(tx *db.Tx, ids []string) (map[string]Became, error) {
	today := civil.Of(tx.Now)
	out := make(map[string]Became, len(ids))
	at := map[string]string{} // unit asked for -> unit reached
	for _, id := range ids {
		at[id] = id
	}
	extent := map[string]Extent{}
	for range maxChain {
		var reached []string
		for _, u := range at {
			reached = append(reached, u)
		}
		units, err := Many(tx, reached, today)
		if err != nil {
			return nil, err
		}
		var gone []Unit
		for id, u := range at {
			x, ok := units[u]
			if ok && (x.Gone.IsZero() || !x.Gone.Before(today)) {
				out[id] = Became{Unit: u, Extent: extent[id].or(Whole)}
				delete(at, id)
			} else if ok {
				gone = append(gone, x)
			}
		}
		if len(at) == 0 {
			break
		}
		next, err := steps(tx, gone)
		if err != nil {
			return nil, err
		}
		for id, u := range at {
			s, ok := next[u]
			switch {
			case !ok:
				out[id] = Became{Extent: Unknown}
				delete(at, id)
			case s.Unit == "":
				out[id] = Became{Extent: s.Extent}
				delete(at, id)
			default:
				if s.Extent != Whole || extent[id] == "" {
					extent[id] = s.Extent
				}
				at[id] = s.Unit
			}
		}
	}
	for id := range at { // mergers in a circle
		out[id] = Became{Extent: Unknown}
	}
	return out, nil
}

// steps gives for vanished units the one unit each went into, where there is one.
func steps(tx *db.Tx, gone []Unit) (map[string]Became, error) {
	var ids []string
	for _, u := range gone {
		ids = append(ids, u.ID)
	}
	parts, err := partsFrom(tx, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]Became{}
	var areas []string
	for _, u := range gone {
		if list := parts[u.ID]; len(list) > 0 {
			out[u.ID] = oneOf(list)
		} else if u.Kind == PeoplesComm && u.Area != "" {
			areas = append(areas, u.Area)
		}
	}
	if len(areas) == 0 {
		return out, nil
	}
	into, err := areasInto(tx, areas)
	if err != nil {
		return nil, err
	}
	var to []string
	for _, a := range areas {
		if into[a].Unit == "" && into[a].Extent == "" { // the area itself lives on
			into[a] = Became{Unit: a, Extent: Whole}
		}
		to = append(to, into[a].Unit)
	}
	committees, err := committeesOf(tx, to)
	if err != nil {
		return nil, err
	}
	for _, u := range gone {
		if _, done := out[u.ID]; done || u.Kind != PeoplesComm || u.Area == "" {
			continue
		}
		s := into[u.Area]
		if heir := committees[s.Unit]; heir != "" && heir != u.ID {
			out[u.ID] = Became{Unit: heir, Extent: s.Extent}
		} else if s.Unit == "" {
			out[u.ID] = Became{Extent: s.Extent}
		}
	}
	return out, nil
}

// oneOf tells which of several receiving units stands in the place of the one that went: the only one, or the main one.
func oneOf(list []EventPart) Became {
	main := Became{Extent: list[0].Extent}
	for _, p := range list {
		switch {
		case p.Extent == Main && main.Unit == "":
			main = Became{Unit: p.To, Extent: Main}
		case p.Extent == Main && main.Unit != p.To:
			return Became{Extent: Some}
		}
	}
	for _, p := range list[1:] {
		if p.To != list[0].To || p.Extent != list[0].Extent {
			if main.Extent == Whole { // whole into two is no whole
				main.Extent = Some
			}
			return main
		}
	}
	if list[0].Extent == Whole {
		return Became{Unit: list[0].To, Extent: Whole}
	}
	return main
}

// Predecessors lists the vanished units that wholly became one of today, itself not among them.
func Predecessors(tx *db.Tx, unit string) ([]string, error) {
	seen := map[string]bool{unit: true}
	var found []string
	for queue := []string{unit}; len(queue) > 0; {
		from, err := wholeInto(tx, queue)
		if err != nil {
			return nil, err
		}
		queue = nil
		for _, u := range from {
			if !seen[u] {
				seen[u] = true
				queue = append(queue, u)
				found = append(found, u)
			}
		}
	}
	became, err := BecameOf(tx, found)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, u := range found {
		if became[u] == (Became{unit, Whole}) {
			out = append(out, u)
		}
	}
	return out, nil
}
