package audit

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/ids"
)

// Named is a person or unit as shown for choosing.
type Named struct{ ID, Name, Small string }

// Directory finds the people and units that an auditor names, and their names for the list; app gives it.
type Directory interface {
	FindPeople(tx *db.Tx, words string, limit int) ([]Named, error)
	FindUnits(tx *db.Tx, words string, limit int) ([]Named, error)
	PersonNames(tx *db.Tx, ids []string) (map[string]string, error)
	UnitNames(tx *db.Tx, ids []string) (map[string]string, error)
	UnitsThen(tx *db.Tx, list []Entry) ([]string, error) // the unit of each entry as it was named that day, with what it is today
}

// query is a search as typed: people and units by name or identifier, a record by identifier or address, days as people write them.
type query struct {
	Person, Unit, Record, Action, From, Until string
}

func (q query) active() bool { return q != query{} }

func (q query) values(before string) url.Values {
	v := url.Values{}
	for k, s := range map[string]string{"person": q.Person, "unit": q.Unit, "record": q.Record, "action": q.Action, "from": q.From, "until": q.Until, "before": before} {
		if s != "" {
			v.Set(k, s)
		}
	}
	return v
}

func (q query) address(before string) string {
	if v := q.values(before); len(v) > 0 {
		return "/audit?" + v.Encode()
	}
	return "/audit"
}

// found is a query after its names were looked up.
type found struct {
	Filter  Filter
	Person  string  // name of the one person meant
	Unit    string  // name of the one unit meant
	People  []Named // several fit: one must be chosen
	Units   []Named
	Refusal string // catalogue key of what to mend
}

// clear tells whether the query means one thing and can be answered.
func (f found) clear() bool { return len(f.People) == 0 && len(f.Units) == 0 && f.Refusal == "" }

// mostChoices is how many people or units are offered to choose from.
const mostChoices = 20

func (c *Reader) resolve(tx *db.Tx, q query) (found, error) {
	f := found{Filter: Filter{Action: q.Action}}
	var err error
	if q.Person != "" {
		if f.Filter.Person, f.Person, f.People, err = one(tx, q.Person, c.Names.PersonNames, c.Names.FindPeople); err != nil {
			return f, err
		}
		if f.Filter.Person == "" && f.People == nil {
			f.Refusal = "audit.no_person"
		}
	}
	if q.Unit != "" {
		if f.Filter.Unit, f.Unit, f.Units, err = one(tx, q.Unit, c.Names.UnitNames, c.Names.FindUnits); err != nil {
			return f, err
		}
		if f.Filter.Unit == "" && f.Units == nil {
			f.Refusal = "audit.no_unit"
		}
	}
	if q.Record != "" {
		if f.Filter.Record = recordIn(q.Record); f.Filter.Record == "" {
			f.Refusal = "audit.no_record"
		}
	}
	from, ok1 := readDay(q.From)
	until, ok2 := readDay(q.Until)
	switch {
	case !ok1 || !ok2:
		f.Refusal = "audit.bad_day"
	case !from.IsZero() && !until.IsZero() && until.Before(from):
		f.Refusal = "audit.until_before_from"
	}
	if !from.IsZero() {
		f.Filter.From = from.Start()
	}
	if !until.IsZero() {
		f.Filter.Until = until.End()
	}
	return f, nil
}

// one turns an identifier or words into the one thing meant, or into the several that fit.
func one(tx *db.Tx, typed string, names func(*db.Tx, []string) (map[string]string, error), find func(*db.Tx, string, int) ([]Named, error)) (id, name string, several []Named, err error) {
	if ids.Valid(typed) {
		known, err := names(tx, []string{typed})
		return typed, known[typed], nil, err
	}
	list, err := find(tx, typed, mostChoices)
	if err != nil {
		return "", "", nil, err
	}
	if len(list) == 1 {
		return list[0].ID, list[0].Name, nil, nil
	}
	return "", "", list, nil
}

// recordIn finds the identifier in what was typed: itself, or the address of a page of the record.
func recordIn(s string) string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') })
	for _, p := range slices.Backward(parts) {
		if ids.Valid(p) {
			return p
		}
	}
	return ""
}

// readDay reads 30/7/2026 or 2026-07-30; nothing typed is the zero day.
func readDay(s string) (civil.Date, bool) {
	if s == "" {
		return civil.Date{}, true
	}
	p := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' })
	if len(p) != 3 {
		return civil.Date{}, false
	}
	if len(p[0]) == 4 {
		slices.Reverse(p)
	}
	d, err1 := strconv.Atoi(p[0])
	m, err2 := strconv.Atoi(p[1])
	y, err3 := strconv.Atoi(p[2])
	if err1 != nil || err2 != nil || err3 != nil || y < 1900 || y > 2200 {
		return civil.Date{}, false
	}
	day, ok := civil.New(y, time.Month(m), d)
	if !ok {
		return civil.Date{}, false
	}
	return day, true
}

// line is an entry with the names beside its identifiers, as the list and the export show it.
type line struct {
	Entry
	Unit  string // name of the unit
	Owner string // name of the person whose role was used by delegation
}

// named looks up the names of a page of entries.
func (c *Reader) named(tx *db.Tx, list []Entry) ([]line, error) {
	var people []string
	for _, e := range list {
		if e.DelegatedBy != "" {
			people = append(people, e.DelegatedBy)
		}
	}
	owners, err := c.Names.PersonNames(tx, people)
	if err != nil {
		return nil, err
	}
	places, err := c.Names.UnitsThen(tx, list)
	if err != nil {
		return nil, err
	}
	out := make([]line, len(list))
	for i, e := range list {
		out[i] = line{e, places[i], owners[e.DelegatedBy]}
	}
	return out, nil
}
