package orgunit

import (
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/viet"
)

// dayText is a day as the tables hold the beginning of a version: ” since before records began.
func dayText(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

const unitColumns = `u.id, v.id AS version_id, u.born_on, u.gone_on, u.version, v.from_day, v.to_day, v.name, v.kind, v.sector, v.level, v.internal,
	v.superior_id, v.area_id, v.code, v.phone, v.email, v.address`

const unitFrom = ` FROM orgunit u JOIN orgunit_version v ON v.unit_id = u.id`

// onDay is the condition of the version valid on a day, given twice.
const onDay = `(v.from_day <= ? AND (v.to_day IS NULL OR v.to_day >= ?))`

// shownOn is the condition of the version to show for a day: the one valid then, of a unit not yet born its first, of one gone its last.
func shownOn(w *db.Where, day civil.Date) {
	d := day.String()
	w.And(`(v.from_day <= ? AND (v.to_day IS NULL OR v.to_day >= ?))
		OR (v.to_day IS NOT NULL AND v.to_day < ? AND NOT EXISTS (SELECT 1 FROM orgunit_version n WHERE n.unit_id = v.unit_id AND n.from_day > v.from_day))
		OR (v.from_day > ? AND NOT EXISTS (SELECT 1 FROM orgunit_version n WHERE n.unit_id = v.unit_id AND n.from_day < v.from_day))`, d, d, d, d)
}

// At returns a unit as it was on a day: the version valid then; before its birth the first, after its end the last.
func At(tx *db.Tx, id string, day civil.Date) (Unit, error) {
	var w db.Where
	w.And(`u.id = ?`, id)
	shownOn(&w, day)
	u, ok, err := db.Find[Unit](tx, `SELECT `+unitColumns+unitFrom+w.SQL(), w.Args()...)
	if err == nil && !ok {
		err = errs.Absent("unit", id)
	}
	return u, err
}

// Present returns a unit as it is today.
func Present(tx *db.Tx, id string) (Unit, error) { return At(tx, id, civil.Of(tx.Now)) }

// Names returns the present names of many units.
func Names(tx *db.Tx, unitIDs []string) (map[string]string, error) {
	return NamesOn(tx, unitIDs, civil.Of(tx.Now))
}

// NamesOn returns the names of many units as they were on a day.
func NamesOn(tx *db.Tx, unitIDs []string, day civil.Date) (map[string]string, error) {
	type named struct {
		ID   string `db:"unit_id"`
		Name string `db:"name"`
	}
	out := make(map[string]string, len(unitIDs))
	err := inChunks(unitIDs, func(part []any) error {
		var w db.Where
		w.And(`v.unit_id IN (`+marks(len(part))+`)`, part...)
		shownOn(&w, day)
		for u, err := range db.Each[named](tx, `SELECT v.unit_id, v.name FROM orgunit_version v`+w.SQL(), w.Args()...) {
			if err != nil {
				return err
			}
			out[u.ID] = u.Name
		}
		return nil
	})
	return out, err
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// versions lists all versions of a unit, the newest first.
func versions(tx *db.Tx, id string) ([]Unit, error) {
	return db.All[Unit](tx, `SELECT `+unitColumns+unitFrom+` WHERE u.id = $1 ORDER BY v.from_day DESC`, id)
}

// subordinates lists the units directly under one on a day, divisions first, then by level and name.
func subordinates(tx *db.Tx, id string, day civil.Date) ([]Unit, error) {
	var w db.Where
	w.And(`v.superior_id = ?`, id)
	w.And(onDay, day.String(), day.String())
	return db.All[Unit](tx, `SELECT `+unitColumns+unitFrom+w.SQL()+` ORDER BY v.internal DESC, `+levelRank+`, v.name_sort, u.id`, w.Args()...)
}

// kindRank lets the committee of an area stand before the bodies under it.
const kindRank = `CASE v.kind WHEN 'government' THEN 0 WHEN 'ubnd' THEN 1 ELSE 2 END`

const levelRank = `CASE v.level WHEN 'central' THEN 0 WHEN 'province' THEN 1 WHEN 'district' THEN 2 ELSE 3 END`

// roots lists the units with no superior on a day.
func roots(tx *db.Tx, day civil.Date) ([]Unit, error) {
	var w db.Where
	w.And(`v.superior_id IS NULL`)
	w.And(onDay, day.String(), day.String())
	return db.All[Unit](tx, `SELECT `+unitColumns+unitFrom+w.SQL()+` ORDER BY `+levelRank+`, v.name_sort, u.id`, w.Args()...)
}

// Below lists all units under one, itself first, as the present tree has them and as they are on a day.
func Below(tx *db.Tx, id string, day civil.Date) ([]Unit, error) {
	var w db.Where
	w.And(`c.ancestor_id = ?`, id)
	w.And(onDay, day.String(), day.String())
	return db.All[Unit](tx, `SELECT `+unitColumns+unitFrom+` JOIN orgunit_closure c ON c.unit_id = u.id`+w.SQL()+` ORDER BY c.depth, v.internal DESC, `+levelRank+`, v.name_sort, u.id`, w.Args()...)
}

// Above returns the units above one in the present tree, the nearest first.
func Above(tx *db.Tx, id string) ([]string, error) {
	rows, err := db.All[string](tx, `SELECT ancestor_id FROM orgunit_closure WHERE unit_id = $1 ORDER BY depth`, id)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errs.Absent("unit", id)
	}
	return rows[1:], nil
}

func insertUnit(tx *db.Tx, u Unit) error {
	_, err := tx.Exec(`INSERT INTO orgunit (id, born_on, gone_on, version) VALUES ($1, $2, $3, 1)`, u.ID, dayText(u.Born), u.Gone)
	if err != nil {
		return err
	}
	return insertVersion(tx, u)
}

// insertMany writes units that have one version each and nothing below them but each other; above gives the units over each.
func insertMany(tx *db.Tx, list []Unit, above map[string][]string) error {
	b := newBatch(tx, "orgunit", "id, born_on, gone_on, version")
	for _, u := range list {
		if err := b.add(u.ID, dayText(u.Born), u.Gone, 1); err != nil {
			return err
		}
	}
	if err := b.flush(); err != nil {
		return err
	}
	b = newBatch(tx, "orgunit_version", versionColumns)
	for _, u := range list {
		if err := b.add(versionArgs(u)...); err != nil {
			return err
		}
	}
	if err := b.flush(); err != nil {
		return err
	}
	b = newBatch(tx, "orgunit_closure", "ancestor_id, unit_id, depth")
	for _, u := range list {
		if err := b.add(u.ID, u.ID, 0); err != nil {
			return err
		}
		for i, a := range above[u.ID] {
			if err := b.add(a, u.ID, i+1); err != nil {
				return err
			}
		}
	}
	return b.flush()
}

const versionColumns = `id, unit_id, from_day, to_day, name, name_sort, search, kind, sector, level, internal, superior_id, area_id, code, phone, email, address`

func versionArgs(u Unit) []any {
	return []any{u.VersionID, u.ID, dayText(u.From), u.To, u.Name, viet.SortKey(u.Name), searchText(u.Name, u.Code), u.Kind, u.Sector, u.Level, u.Internal,
		null(u.Superior), null(u.Area), u.Code, u.Phone, u.Email, u.Address}
}

func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func insertVersion(tx *db.Tx, u Unit) error {
	_, err := tx.Exec(`INSERT INTO orgunit_version (`+versionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`, versionArgs(u)...)
	if db.IsUnique(err) {
		return errs.AtField("on", "orgunit.changed_that_day")
	}
	return err
}

// updateVersion writes a version in place: contact data, and changes on the day it began.
func updateVersion(tx *db.Tx, u Unit) error {
	a := versionArgs(u)
	return tx.Must1(`UPDATE orgunit_version SET to_day = $1, name = $2, name_sort = $3, search = $4, kind = $5, sector = $6, level = $7, internal = $8, superior_id = $9,
		area_id = $10, code = $11, phone = $12, email = $13, address = $14 WHERE id = $15`, append(a[3:], u.VersionID)...)
}

func endVersion(tx *db.Tx, versionID string, last civil.Date) error {
	return tx.Must1(`UPDATE orgunit_version SET to_day = $1 WHERE id = $2`, last, versionID)
}

func endUnit(tx *db.Tx, id string, last civil.Date) error {
	return tx.Must1(`UPDATE orgunit SET gone_on = $1 WHERE id = $2`, last, id)
}

// touch counts a change; a version that somebody else has counted meanwhile is a Conflict.
func touch(tx *db.Tx, id string, version int64) error {
	n, err := tx.Exec(`UPDATE orgunit SET version = version + 1 WHERE id = $1 AND version = $2`, id, version)
	if err == nil && n != 1 {
		return errs.New(errs.Conflict, "orgunit.changed_meanwhile")
	}
	return err
}

// lastVersion returns the newest version of a unit, whether in force or not.
func lastVersion(tx *db.Tx, id string) (Unit, error) {
	u, ok, err := db.Find[Unit](tx, `SELECT `+unitColumns+unitFrom+` WHERE u.id = $1 ORDER BY v.from_day DESC LIMIT 1`, id)
	if err == nil && !ok {
		err = errs.Absent("unit", id)
	}
	return u, err
}

// codeTaken tells whether a living unit other than one has a code on a day.
func codeTaken(tx *db.Tx, code, except string, day civil.Date) (bool, error) {
	var w db.Where
	w.And(`v.code = ? AND u.id <> ?`, code, except)
	w.And(`v.to_day IS NULL OR v.to_day >= ?`, day.String())
	n, err := db.One[int](tx, `SELECT COUNT(*)`+unitFrom+w.SQL(), w.Args()...)
	return n > 0, err
}

// rebuildClosure makes the present tree anew: for all units, or for the given ones and everything below them.
func rebuildClosure(tx *db.Tx) error {
	if _, err := tx.Exec(`DELETE FROM orgunit_closure`); err != nil {
		return err
	}
	_, err := tx.Exec(`WITH RECURSIVE latest (unit_id, superior_id) AS (
			SELECT v.unit_id, v.superior_id FROM orgunit_version v
			WHERE v.from_day <= $1 AND NOT EXISTS (SELECT 1 FROM orgunit_version n WHERE n.unit_id = v.unit_id AND n.from_day > v.from_day AND n.from_day <= $2)
			UNION ALL
			SELECT v.unit_id, v.superior_id FROM orgunit_version v
			WHERE v.from_day > $3 AND NOT EXISTS (SELECT 1 FROM orgunit_version n WHERE n.unit_id = v.unit_id AND n.from_day < v.from_day)
		), up (ancestor_id, unit_id, depth) AS (
			SELECT unit_id, unit_id, CAST(0 AS BIGINT) FROM latest
			UNION ALL
			SELECT l.superior_id, up.unit_id, up.depth + 1 FROM up JOIN latest l ON l.unit_id = up.ancestor_id WHERE l.superior_id IS NOT NULL AND up.depth < 12
		)
		INSERT INTO orgunit_closure (ancestor_id, unit_id, depth) SELECT ancestor_id, unit_id, MIN(depth) FROM up GROUP BY ancestor_id, unit_id`,
		civil.Of(tx.Now).String(), civil.Of(tx.Now).String(), civil.Of(tx.Now).String())
	return err
}

// refreshClosure makes the lines of one unit and all below it anew, after its superior changed.
func refreshClosure(tx *db.Tx, id string) error {
	return rebuildClosure(tx)
}

// Event is what happened to units.
type Event struct {
	ID     string     `db:"id"`
	Kind   string     `db:"kind"`
	On     civil.Date `db:"on_day"`
	Basis  string     `db:"basis"`
	Note   string     `db:"note"`
	Person string     `db:"by_person"`
}

// EventPart is one unit's part in an event. Extent: whole, main, part, unknown.
type EventPart struct {
	Event  string `db:"event_id"`
	From   string `db:"from_unit"`
	To     string `db:"to_unit"`
	Extent string `db:"extent"`
}

func insertEvent(tx *db.Tx, e Event, parts ...EventPart) (Event, error) {
	e.ID = ids.New(tx.Now)
	if _, err := tx.Exec(`INSERT INTO orgunit_event (id, kind, on_day, basis, note, by_person, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.ID, e.Kind, dayText(e.On), e.Basis, e.Note, e.Person, tx.Now); err != nil {
		return e, err
	}
	b := newBatch(tx, "orgunit_event_part", "event_id, from_unit, to_unit, extent, seq")
	for i, p := range parts {
		if err := b.add(e.ID, null(p.From), null(p.To), p.Extent, i); err != nil {
			return e, err
		}
	}
	return e, b.flush()
}

// history lists the events of a unit, the newest first, with its parts.
func history(tx *db.Tx, id string) ([]Event, map[string][]EventPart, error) {
	events, err := db.All[Event](tx, `SELECT id, kind, on_day, basis, note, by_person FROM orgunit_event
		WHERE id IN (SELECT event_id FROM orgunit_event_part WHERE from_unit = $1 OR to_unit = $2) ORDER BY on_day DESC, at DESC`, id, id)
	if err != nil {
		return nil, nil, err
	}
	parts := map[string][]EventPart{}
	for _, e := range events {
		ps, err := db.All[EventPart](tx, `SELECT event_id, from_unit, to_unit, extent FROM orgunit_event_part WHERE event_id = $1 ORDER BY seq`, e.ID)
		if err != nil {
			return nil, nil, err
		}
		parts[e.ID] = ps
	}
	return events, parts, nil
}

// Successors returns the units into which a vanished unit went, the main one first.
func Successors(tx *db.Tx, id string) ([]EventPart, error) {
	return db.All[EventPart](tx, `SELECT p.event_id, p.from_unit, p.to_unit, p.extent FROM orgunit_event_part p JOIN orgunit_event e ON e.id = p.event_id
		WHERE p.from_unit = $1 AND p.to_unit IS NOT NULL AND e.kind IN ('merge', 'split') ORDER BY CASE p.extent WHEN 'whole' THEN 0 WHEN 'main' THEN 1 ELSE 2 END, p.seq`, id)
}

const areaColumns = `a.id AS area_id, a.level, x.from_day, x.to_day, x.code, x.kind, x.name, x.parent_id, x.basis, x.verified`

const areaFrom = ` FROM orgunit_area a JOIN orgunit_area_version x ON x.area_id = a.id`

// AreaOn returns an area as it was on a day: the version valid then, else its last before or its first after.
func AreaOn(tx *db.Tx, id string, day civil.Date) (Area, error) {
	a, ok, err := db.Find[Area](tx, `SELECT `+areaColumns+areaFrom+` WHERE a.id = $1 ORDER BY CASE WHEN x.from_day <= $2 AND (x.to_day IS NULL OR x.to_day >= $3) THEN 0 WHEN x.from_day <= $4 THEN 1 ELSE 2 END, x.from_day DESC LIMIT 1`,
		id, day.String(), day.String(), day.String())
	if err == nil && !ok {
		err = errs.Absent("area", id)
	}
	return a, err
}

// Areas lists the areas under one on a day, sorted by name; under "" the provinces.
func Areas(tx *db.Tx, parent string, day civil.Date) ([]Area, error) {
	var w db.Where
	if parent == "" {
		w.And(`x.parent_id IS NULL`)
	} else {
		w.And(`x.parent_id = ?`, parent)
	}
	w.And(`x.from_day <= ? AND (x.to_day IS NULL OR x.to_day >= ?)`, day.String(), day.String())
	return db.All[Area](tx, `SELECT `+areaColumns+areaFrom+w.SQL()+` ORDER BY x.name_sort, a.id`, w.Args()...)
}

// areaByCode finds an area by level and code on a day.
func areaByCode(tx *db.Tx, level Level, code string, day civil.Date) (Area, bool, error) {
	return db.Find[Area](tx, `SELECT `+areaColumns+areaFrom+` WHERE a.level = $1 AND x.code = $2 AND x.from_day <= $3 AND (x.to_day IS NULL OR x.to_day >= $4)`,
		level, code, day.String(), day.String())
}

// links lists what became of an area, and of what it was made.
func links(tx *db.Tx, id string) (into, from []Link, err error) {
	if into, err = db.All[Link](tx, `SELECT from_area, to_area, on_day, extent, source FROM orgunit_area_link WHERE from_area = $1 ORDER BY on_day, to_area`, id); err != nil {
		return nil, nil, err
	}
	from, err = db.All[Link](tx, `SELECT from_area, to_area, on_day, extent, source FROM orgunit_area_link WHERE to_area = $1 ORDER BY on_day, from_area`, id)
	return into, from, err
}

func countAreas(tx *db.Tx) (int, error) { return db.One[int](tx, `SELECT COUNT(*) FROM orgunit_area`) }

// Filter says which units a list shows.
type Filter struct {
	Words string
	Kind  Kind
	Level Level
	Under string     // only units below this one, itself included
	Day   civil.Date // as they are on this day; zero: today
	Gone  bool       // also units that no longer exist
	Page  int
	Size  int
}

// Search lists units by name, old name, abbreviation or code, best first, with the count of all.
func Search(tx *db.Tx, f Filter) ([]Unit, int, error) {
	if f.Day.IsZero() {
		f.Day = civil.Of(tx.Now)
	}
	f.Page, f.Size = max(f.Page, 1), max(1, min(f.Size, 200))
	var w db.Where
	if f.Gone {
		shownOn(&w, f.Day)
	} else {
		w.And(onDay, f.Day.String(), f.Day.String())
	}
	for _, word := range words(f.Words) {
		// Any version of the unit may hold the word: people know old names.
		w.And(`EXISTS (SELECT 1 FROM orgunit_version s WHERE s.unit_id = u.id AND s.search LIKE ? ESCAPE '\')`, "% "+like(word)+"%")
	}
	if f.Kind != "" {
		w.And(`v.kind = ?`, f.Kind)
	}
	if f.Level != "" {
		w.And(`v.level = ?`, f.Level)
	}
	if f.Under != "" {
		w.And(`EXISTS (SELECT 1 FROM orgunit_closure c WHERE c.ancestor_id = ? AND c.unit_id = u.id)`, f.Under)
	}
	total, err := db.One[int](tx, `SELECT COUNT(*)`+unitFrom+w.SQL(), w.Args()...)
	if err != nil || total == 0 {
		return nil, 0, err
	}
	first := `1`
	if p := plain(f.Words); p != "" {
		first = `CASE WHEN v.search LIKE ` + w.Arg(" "+like(p)+" %") + ` ESCAPE '\' THEN 0 WHEN v.search LIKE ` + w.Arg("% "+like(p)+" %") + ` ESCAPE '\' THEN 1 ELSE 2 END`
	}
	list, err := db.All[Unit](tx, `SELECT `+unitColumns+unitFrom+w.SQL()+` ORDER BY `+first+`, `+levelRank+`, `+kindRank+`, v.internal, v.name_sort, u.id LIMIT `+w.Arg(f.Size)+` OFFSET `+w.Arg((f.Page-1)*f.Size), w.Args()...)
	return list, total, err
}

func like(s string) string { return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) }

// Group is a saved group of units.
type Group struct {
	ID     string `db:"id"`
	Owner  string `db:"owner_id"`
	Name   string `db:"name"`
	Phrase string `db:"phrase"`
}

func listGroups(tx *db.Tx, owner string) ([]Group, error) {
	return db.All[Group](tx, `SELECT id, owner_id, name, phrase FROM orgunit_group WHERE owner_id = $1 ORDER BY name`, owner)
}

func insertGroup(tx *db.Tx, g Group, by string) error {
	_, err := tx.Exec(`INSERT INTO orgunit_group (id, owner_id, name, phrase, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6)`, g.ID, g.Owner, g.Name, g.Phrase, by, tx.Now)
	if db.IsUnique(err) {
		return errs.AtField("name", "orgunit.group_name_taken")
	}
	return err
}
