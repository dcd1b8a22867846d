package orgunit

import (
	"slices"
	"strings"
	"time"

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
	return db.Memo(tx, "orgunit", "at "+id+" "+day.String(), func() (Unit, error) {
		var w db.Where
		w.And(`u.id = ?`, id)
		shownOn(&w, day)
		u, ok, err := db.Find[Unit](tx, `SELECT `+unitColumns+unitFrom+w.SQL(), w.Args()...)
		if err == nil && !ok {
			err = errs.Absent("unit", id)
		}
		return u, err
	})
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

// lived is a unit's name in one of its versions.
type lived struct {
	ID   string     `db:"unit_id"`
	Name string     `db:"name"`
	From civil.Date `db:"from_day"`
	To   civil.Date `db:"to_day"`
}

// livesOf returns the versions of many units, of each the oldest first.
func livesOf(tx *db.Tx, unitIDs []string) (map[string][]lived, error) {
	out := make(map[string][]lived, len(unitIDs))
	err := inChunks(unitIDs, func(part []any) error {
		var w db.Where
		w.And(`unit_id IN (`+marks(len(part))+`)`, part...)
		for v, err := range db.Each[lived](tx, `SELECT unit_id, name, from_day, to_day FROM orgunit_version`+w.SQL()+` ORDER BY unit_id, from_day`, w.Args()...) {
			if err != nil {
				return err
			}
			out[v.ID] = append(out[v.ID], v)
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

// subordinates lists the units directly under one on a day: divisions first, then bodies by kind, then committees.
func subordinates(tx *db.Tx, id string, day civil.Date) ([]Unit, error) {
	var w db.Where
	w.And(`v.superior_id = ?`, id)
	w.And(onDay, day.String(), day.String())
	return db.All[Unit](tx, `SELECT `+unitColumns+unitFrom+w.SQL()+` ORDER BY v.internal DESC, `+levelRank+`, `+kindGroup+`, v.name_sort, u.id`, w.Args()...)
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

// belowTo is Below down to a number of steps.
func belowTo(tx *db.Tx, id string, day civil.Date, steps int) ([]Unit, error) {
	var w db.Where
	w.And(`c.ancestor_id = ? AND c.depth <= ?`, id, steps)
	w.And(onDay, day.String(), day.String())
	return db.All[Unit](tx, `SELECT `+unitColumns+unitFrom+` JOIN orgunit_closure c ON c.unit_id = u.id`+w.SQL()+` ORDER BY v.internal DESC, `+levelRank+`, `+kindGroup+`, v.name_sort, u.id`, w.Args()...)
}

// kindGroup keeps bodies of a kind together below their superior: the departments, then the rest, then the committees.
const kindGroup = `CASE v.kind WHEN 'phong' THEN 0 WHEN 'so' THEN 1 WHEN 'ubnd' THEN 9 ELSE 2 END`

// countBelow is how many units the present tree has below a unit, itself included.
func countBelow(tx *db.Tx, id string) (int, error) {
	return db.One[int](tx, `SELECT COUNT(*) FROM orgunit_closure WHERE ancestor_id = $1`, id)
}

// countsUnder is how many units the present tree has at each unit directly under one, these included.
func countsUnder(tx *db.Tx, id string) (map[string]int, error) {
	type row struct {
		ID string `db:"ancestor_id"`
		N  int    `db:"n"`
	}
	rows, err := db.All[row](tx, `SELECT ancestor_id, COUNT(*) AS n FROM orgunit_closure WHERE ancestor_id IN (SELECT unit_id FROM orgunit_closure WHERE ancestor_id = $1 AND depth = 1) GROUP BY ancestor_id`, id)
	out := map[string]int{}
	for _, r := range rows {
		out[r.ID] = r.N
	}
	return out, err
}

// Above returns the units above one in the present tree, the nearest first.
func Above(tx *db.Tx, id string) ([]string, error) {
	rows, err := db.Memo(tx, "orgunit", "above "+id, func() ([]string, error) {
		rows, err := db.All[string](tx, `SELECT ancestor_id FROM orgunit_closure WHERE unit_id = $1 ORDER BY depth`, id)
		if err == nil && len(rows) == 0 {
			err = errs.Absent("unit", id)
		}
		return rows, err
	})
	if err != nil {
		return nil, err
	}
	return slices.Clone(rows[1:]), nil
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
	b = newBatch(tx, "orgunit_word", "word, unit_id")
	for _, u := range list {
		for _, w := range distinct(searchText(u.Name, u.Code)) {
			if err := b.add([]byte(w), u.ID); err != nil {
				return err
			}
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
	if err := b.flush(); err != nil || len(list) < chunk {
		return err
	}
	return tx.Counted("orgunit", "orgunit_version", "orgunit_word", "orgunit_closure")
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
	if err != nil {
		return err
	}
	return indexWords(tx, u.ID)
}

// indexWords makes the words of a unit anew from all its versions.
func indexWords(tx *db.Tx, id string) error {
	texts, err := db.All[string](tx, `SELECT search FROM orgunit_version WHERE unit_id = $1`, id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM orgunit_word WHERE unit_id = $1`, id); err != nil {
		return err
	}
	b := newBatch(tx, "orgunit_word", "word, unit_id")
	for _, w := range distinct(strings.Join(texts, " ")) {
		if err := b.add([]byte(w), id); err != nil {
			return err
		}
	}
	return b.flush()
}

// distinct cuts a text into its words, each once.
func distinct(text string) []string {
	ws := strings.Fields(text)
	slices.Sort(ws)
	return slices.Compact(ws)
}

// updateVersion writes a version in place: contact data, and changes on the day it began.
func updateVersion(tx *db.Tx, u Unit) error {
	a := versionArgs(u)
	if err := tx.Must1(`UPDATE orgunit_version SET to_day = $1, name = $2, name_sort = $3, search = $4, kind = $5, sector = $6, level = $7, internal = $8, superior_id = $9,
		area_id = $10, code = $11, phone = $12, email = $13, address = $14 WHERE id = $15`, append(a[3:], u.VersionID)...); err != nil {
		return err
	}
	return indexWords(tx, u.ID)
}

func endVersion(tx *db.Tx, versionID string, last civil.Date) error {
	return tx.Must1(`UPDATE orgunit_version SET to_day = $1 WHERE id = $2`, last, versionID)
}

// endUnit lets a unit exist until a day.
func endUnit(tx *db.Tx, u Unit, last civil.Date) error {
	if err := endVersion(tx, u.VersionID, last); err != nil {
		return err
	}
	return tx.Must1(`UPDATE orgunit SET gone_on = $1, version = version + 1 WHERE id = $2`, last, u.ID)
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

// moveClosure gives a unit and everything below it the lines of another superior, after its superior changed. It touches the subtree only.
func moveClosure(tx *db.Tx, id, superior string) error {
	if _, err := tx.Exec(`DELETE FROM orgunit_closure WHERE unit_id IN (SELECT unit_id FROM orgunit_closure WHERE ancestor_id = $1)
		AND ancestor_id NOT IN (SELECT unit_id FROM orgunit_closure WHERE ancestor_id = $2)`, id, id); err != nil {
		return err
	}
	if superior == "" {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO orgunit_closure (ancestor_id, unit_id, depth)
		SELECT a.ancestor_id, s.unit_id, a.depth + s.depth + 1 FROM orgunit_closure a, orgunit_closure s WHERE a.unit_id = $1 AND s.ancestor_id = $2`, superior, id)
	return err
}

// RefreshClosure puts the present tree right where it differs from the versions of today, and returns how many lines it changed. A job
// calls it after midnight, for changes that were written down before their day.
func RefreshClosure(tx *db.Tx) (int, error) {
	superiors, err := presentSuperiors(tx)
	if err != nil {
		return 0, err
	}
	have, err := closureOf(tx)
	if err != nil {
		return 0, err
	}
	changed := 0
	add := newBatch(tx, "orgunit_closure", "ancestor_id, unit_id, depth")
	for unit := range superiors {
		for at, depth := unit, 0; at != "" && depth <= maxDeep; at, depth = superiors[at], depth+1 {
			l := closureLine{at, unit, depth}
			if have[l] {
				delete(have, l)
				continue
			}
			changed++
			have[closureLine{at, unit, -1}] = true
		}
	}
	for l := range have {
		if l.Depth >= 0 {
			changed++
			if _, err := tx.Exec(`DELETE FROM orgunit_closure WHERE ancestor_id = $1 AND unit_id = $2`, l.Ancestor, l.Unit); err != nil {
				return 0, err
			}
		}
	}
	for l := range have {
		if l.Depth < 0 {
			depth := 0
			for at := l.Unit; at != l.Ancestor; at = superiors[at] {
				depth++
			}
			if err := add.add(l.Ancestor, l.Unit, depth); err != nil {
				return 0, err
			}
		}
	}
	return changed, add.flush()
}

type closureLine struct {
	Ancestor string `db:"ancestor_id"`
	Unit     string `db:"unit_id"`
	Depth    int    `db:"depth"`
}

func closureOf(tx *db.Tx) (map[closureLine]bool, error) {
	out := map[closureLine]bool{}
	for l, err := range db.Each[closureLine](tx, `SELECT ancestor_id, unit_id, depth FROM orgunit_closure`) {
		if err != nil {
			return nil, err
		}
		out[l] = true
	}
	return out, nil
}

// presentSuperiors gives every unit its superior of today: of the version valid now, else the last one, else the first.
func presentSuperiors(tx *db.Tx) (map[string]string, error) {
	type row struct {
		Unit     string `db:"unit_id"`
		Superior string `db:"superior_id"`
	}
	var w db.Where
	shownOn(&w, civil.Of(tx.Now))
	out := map[string]string{}
	for r, err := range db.Each[row](tx, `SELECT v.unit_id, v.superior_id FROM orgunit_version v`+w.SQL(), w.Args()...) {
		if err != nil {
			return nil, err
		}
		out[r.Unit] = r.Superior
	}
	return out, nil
}

// superiorOn is the superior of a unit on a day; "" at the top, and of a unit that is not there.
func superiorOn(tx *db.Tx, id string, day civil.Date) (string, error) {
	s, _, err := db.Find[string](tx, `SELECT COALESCE(superior_id, '') FROM orgunit_version WHERE unit_id = $1 AND from_day <= $2 AND (to_day IS NULL OR to_day >= $3)`, id, day.String(), day.String())
	return s, err
}

// laterDays lists the days after one on which a version begins.
func laterDays(tx *db.Tx, day civil.Date) ([]civil.Date, error) {
	return db.All[civil.Date](tx, `SELECT DISTINCT from_day FROM orgunit_version WHERE from_day > $1 ORDER BY from_day`, day.String())
}

// heightBelow is how many steps the present tree has below a unit.
func heightBelow(tx *db.Tx, id string) (int, error) {
	return db.One[int](tx, `SELECT COALESCE(MAX(depth), 0) FROM orgunit_closure WHERE ancestor_id = $1`, id)
}

// highestBelow returns the unit directly under one, on a day or later, whose level is the highest; no identifier when there is none.
func highestBelow(tx *db.Tx, id string, day civil.Date) (Unit, error) {
	u, _, err := db.Find[Unit](tx, `SELECT `+unitColumns+unitFrom+` WHERE v.superior_id = $1 AND (v.to_day IS NULL OR v.to_day >= $2) ORDER BY `+levelRank+` LIMIT 1`, id, day.String())
	return u, err
}

// namesake tells whether another unit of the same name stands under the same superior on a day or later.
func namesake(tx *db.Tx, name, superior, except string, day civil.Date) (bool, error) {
	var w db.Where
	if superior == "" {
		w.And(`v.superior_id IS NULL`)
	} else {
		w.And(`v.superior_id = ?`, superior)
	}
	w.And(`v.name = ? AND v.unit_id <> ?`, name, except)
	w.And(`v.to_day IS NULL OR v.to_day >= ?`, day.String())
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM orgunit_version v`+w.SQL(), w.Args()...)
	return n > 0, err
}

// under lists the units that stand under one on a day or later, each in its newest version.
func under(tx *db.Tx, id string, day civil.Date) ([]Unit, error) {
	return db.All[Unit](tx, `SELECT `+unitColumns+unitFrom+` WHERE u.id IN (SELECT unit_id FROM orgunit_version WHERE superior_id = $1 AND (to_day IS NULL OR to_day >= $2))
		AND NOT EXISTS (SELECT 1 FROM orgunit_version n WHERE n.unit_id = v.unit_id AND n.from_day > v.from_day) ORDER BY v.internal DESC, `+levelRank+`, v.name_sort, u.id`, id, day.String())
}

// versionBefore returns the version of a unit before the given one.
func versionBefore(tx *db.Tx, u Unit) (Unit, bool, error) {
	return db.Find[Unit](tx, `SELECT `+unitColumns+unitFrom+` WHERE u.id = $1 AND v.from_day < $2 ORDER BY v.from_day DESC LIMIT 1`, u.ID, dayText(u.From))
}

// dropVersion takes the newest version of a unit away and lets the one before go on.
func dropVersion(tx *db.Tx, last, before Unit) error {
	if err := tx.Must1(`DELETE FROM orgunit_version WHERE id = $1`, last.VersionID); err != nil {
		return err
	}
	if err := tx.Must1(`UPDATE orgunit_version SET to_day = $1 WHERE id = $2`, last.To, before.VersionID); err != nil {
		return err
	}
	return indexWords(tx, last.ID)
}

// reopen takes the end of a unit away.
func reopen(tx *db.Tx, u Unit) error {
	if err := tx.Must1(`UPDATE orgunit_version SET to_day = NULL WHERE id = $1`, u.VersionID); err != nil {
		return err
	}
	return tx.Must1(`UPDATE orgunit SET gone_on = NULL WHERE id = $1`, u.ID)
}

const eventColumns = `id, seq, kind, on_day, basis, note, withdrawn, by_person, at`

func insertEvent(tx *db.Tx, e Event, parts ...EventPart) (Event, error) {
	e.ID, e.At = ids.New(tx.Now), tx.Now
	var err error
	if e.Seq, err = db.One[int64](tx, `SELECT COALESCE(MAX(seq), 0) + 1 FROM orgunit_event`); err != nil {
		return e, err
	}
	if _, err := tx.Exec(`INSERT INTO orgunit_event (id, seq, kind, on_day, basis, note, by_person, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.ID, e.Seq, e.Kind, dayText(e.On), e.Basis, e.Note, e.Person, e.At); err != nil {
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

// eventByID returns an event with its parts.
func eventByID(tx *db.Tx, id string) (Event, []EventPart, error) {
	e, ok, err := db.Find[Event](tx, `SELECT `+eventColumns+` FROM orgunit_event WHERE id = $1`, id)
	if err == nil && !ok {
		err = errs.Absent("event", id)
	}
	if err != nil {
		return e, nil, err
	}
	parts, err := partsOf(tx, id)
	return e, parts, err
}

func partsOf(tx *db.Tx, event string) ([]EventPart, error) {
	return db.All[EventPart](tx, `SELECT event_id, from_unit, to_unit, extent FROM orgunit_event_part WHERE event_id = $1 ORDER BY seq`, event)
}

// laterEvents tells whether one of the units has an event written down after one.
func laterEvents(tx *db.Tx, seq int64, units []string) (bool, error) {
	later := false
	err := inChunks(units, func(part []any) error {
		var w db.Where
		w.And(`p.from_unit IN (`+marks(len(part))+`) OR p.to_unit IN (`+marks(len(part))+`)`, append(append([]any{}, part...), part...)...)
		w.And(`e.seq > ? AND e.withdrawn = ''`, seq)
		n, err := db.One[int](tx, `SELECT COUNT(*) FROM orgunit_event_part p JOIN orgunit_event e ON e.id = p.event_id`+w.SQL(), w.Args()...)
		later = later || n > 0
		return err
	})
	return later, err
}

// markWithdrawn keeps a withdrawn event in the history, with the reason.
func markWithdrawn(tx *db.Tx, event, reason string) error {
	return tx.Must1(`UPDATE orgunit_event SET withdrawn = $1 WHERE id = $2 AND withdrawn = ''`, reason, event)
}

// history lists the events of a unit, the newest first, with the parts it has in each: of an event of a thousand units only those.
func history(tx *db.Tx, id string) ([]Event, map[string][]EventPart, error) {
	events, err := db.All[Event](tx, `SELECT `+eventColumns+` FROM orgunit_event
		WHERE id IN (SELECT event_id FROM orgunit_event_part WHERE from_unit = $1 OR to_unit = $2) ORDER BY on_day DESC, seq DESC`, id, id)
	if err != nil {
		return nil, nil, err
	}
	rows, err := db.All[EventPart](tx, `SELECT event_id, from_unit, to_unit, extent FROM orgunit_event_part WHERE from_unit = $1 OR to_unit = $2 ORDER BY event_id, seq`, id, id)
	parts := map[string][]EventPart{}
	for _, p := range rows {
		parts[p.Event] = append(parts[p.Event], p)
	}
	return events, parts, err
}

// EventsOf lists what happened to a unit, the newest first.
func EventsOf(tx *db.Tx, id string) ([]Event, error) {
	events, _, err := history(tx, id)
	return events, err
}

// Successors returns the units into which a vanished unit went, the main one first.
func Successors(tx *db.Tx, id string) ([]EventPart, error) {
	return db.All[EventPart](tx, `SELECT p.event_id, p.from_unit, p.to_unit, p.extent FROM orgunit_event_part p JOIN orgunit_event e ON e.id = p.event_id
		WHERE p.from_unit = $1 AND p.to_unit IS NOT NULL AND p.extent <> 'moves' AND e.withdrawn = '' AND e.kind IN ('merge', 'split') ORDER BY CASE p.extent WHEN 'whole' THEN 0 WHEN 'main' THEN 1 ELSE 2 END, p.seq`, id)
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

// partsFrom lists the mergers and splits in which units ended, by unit.
func partsFrom(tx *db.Tx, ids []string) (map[string][]EventPart, error) {
	out := map[string][]EventPart{}
	err := inChunks(ids, func(part []any) error {
		var w db.Where
		w.And(`p.from_unit IN (`+marks(len(part))+`)`, part...)
		w.And(`p.to_unit IS NOT NULL AND p.extent <> 'moves' AND e.withdrawn = '' AND e.kind IN ('merge', 'split')`)
		for x, err := range db.Each[EventPart](tx, `SELECT p.event_id, p.from_unit, p.to_unit, p.extent FROM orgunit_event_part p JOIN orgunit_event e ON e.id = p.event_id`+w.SQL()+` ORDER BY p.from_unit, p.event_id, p.seq`, w.Args()...) {
			if err != nil {
				return err
			}
			out[x.From] = append(out[x.From], x)
		}
		return nil
	})
	return out, err
}

// areasInto gives for areas the one area each went into; an area without links is left out.
func areasInto(tx *db.Tx, ids []string) (map[string]Became, error) {
	links := map[string][]EventPart{}
	err := inChunks(ids, func(part []any) error {
		var w db.Where
		w.And(`from_area IN (`+marks(len(part))+`)`, part...)
		w.And(`from_area <> to_area`)
		for l, err := range db.Each[Link](tx, `SELECT from_area, to_area, on_day, extent, source FROM orgunit_area_link`+w.SQL()+` ORDER BY from_area, on_day, to_area`, w.Args()...) {
			if err != nil {
				return err
			}
			links[l.From] = append(links[l.From], EventPart{From: l.From, To: l.To, Extent: Extent(l.Extent)})
		}
		return nil
	})
	out := map[string]Became{}
	for a, list := range links {
		out[a] = oneOf(list)
	}
	return out, err
}

// committeesOf gives the living committee of each area, where there is exactly one.
func committeesOf(tx *db.Tx, areas []string) (map[string]string, error) {
	out, twice := map[string]string{}, map[string]bool{}
	err := inChunks(areas, func(part []any) error {
		var w db.Where
		w.And(`v.area_id IN (`+marks(len(part))+`)`, part...)
		w.And(`v.kind = ? AND v.to_day IS NULL AND u.gone_on IS NULL`, PeoplesComm)
		for u, err := range db.Each[Unit](tx, `SELECT `+unitColumns+unitFrom+w.SQL()+` ORDER BY u.id`, w.Args()...) {
			if err != nil {
				return err
			}
			twice[u.Area] = twice[u.Area] || out[u.Area] != ""
			out[u.Area] = u.ID
		}
		return nil
	})
	for a := range twice {
		if twice[a] {
			delete(out, a)
		}
	}
	return out, err
}

// wholeInto lists units that may have gone wholly into others: by what was written down, and committees by the links of their areas.
func wholeInto(tx *db.Tx, ids []string) ([]string, error) {
	var out []string
	err := inChunks(ids, func(part []any) error {
		var w db.Where
		w.And(`p.to_unit IN (`+marks(len(part))+`)`, part...)
		w.And(`p.from_unit IS NOT NULL AND p.extent = 'whole' AND e.withdrawn = '' AND e.kind IN ('merge', 'split')`)
		list, err := db.All[string](tx, `SELECT DISTINCT p.from_unit FROM orgunit_event_part p JOIN orgunit_event e ON e.id = p.event_id`+w.SQL(), w.Args()...)
		if err != nil {
			return err
		}
		out = append(out, list...)
		w = db.Where{}
		w.And(`t.unit_id IN (`+marks(len(part))+`)`, part...)
		w.And(`t.kind = 'ubnd' AND v.kind = 'ubnd' AND u.gone_on IS NOT NULL AND (v.area_id = t.area_id OR EXISTS (SELECT 1 FROM orgunit_area_link l WHERE l.from_area = v.area_id AND l.to_area = t.area_id AND l.extent = 'whole'))`)
		list, err = db.All[string](tx, `SELECT DISTINCT v.unit_id FROM orgunit_version t, orgunit_version v JOIN orgunit u ON u.id = v.unit_id`+w.SQL()+` AND t.area_id IS NOT NULL`, w.Args()...)
		out = append(out, list...)
		return err
	})
	return out, err
}

// lastAreas returns the newest versions of areas.
func lastAreas(tx *db.Tx, ids []string) ([]Area, error) {
	var out []Area
	err := inChunks(ids, func(part []any) error {
		var w db.Where
		w.And(`a.id IN (`+marks(len(part))+`)`, part...)
		w.And(`NOT EXISTS (SELECT 1 FROM orgunit_area_version n WHERE n.area_id = x.area_id AND n.from_day > x.from_day)`)
		list, err := db.All[Area](tx, `SELECT `+areaColumns+areaFrom+w.SQL(), w.Args()...)
		out = append(out, list...)
		return err
	})
	return out, err
}

// provinceHeirs are the provinces that vanished provinces wholly became.
func provinceHeirs(tx *db.Tx) (map[string]Area, error) {
	type heir struct {
		Gone string `db:"from_area"`
		Area
	}
	list, err := db.All[heir](tx, `SELECT l.from_area, `+areaColumns+areaFrom+` JOIN orgunit_area_link l ON l.to_area = a.id JOIN orgunit_area f ON f.id = l.from_area
		WHERE a.level = $1 AND f.level = $2 AND l.extent = $3 AND l.from_area <> l.to_area AND NOT EXISTS (SELECT 1 FROM orgunit_area_version n WHERE n.area_id = x.area_id AND n.from_day > x.from_day)`, Province, Province, Whole)
	out := make(map[string]Area, len(list))
	for _, h := range list {
		out[h.Gone] = h.Area
	}
	return out, err
}

// areaNamed tells whether an area of a folded name exists on a day, by its full name or the name after its kind.
func areaNamed(tx *db.Tx, folded string, day civil.Date) (bool, error) {
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM orgunit_area_version WHERE name_fold = $1 AND from_day <= $2 AND (to_day IS NULL OR to_day >= $3)`, folded, day.String(), day.String())
	return n > 0, err
}

// committeeThere tells whether an area has a committee on a day or later.
func committeeThere(tx *db.Tx, area string, day civil.Date) (bool, error) {
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM orgunit_version WHERE area_id = $1 AND kind = $2 AND (to_day IS NULL OR to_day >= $3)`, area, PeoplesComm, day.String())
	return n > 0, err
}

const standingFrom = unitFrom + ` LEFT JOIN orgunit_area_version x ON x.area_id = v.area_id AND x.from_day <= v.from_day AND (x.to_day IS NULL OR x.to_day >= v.from_day)`

const standingColumns = unitColumns + `, COALESCE(x.name, '') AS area_name, COALESCE(x.kind, '') AS area_kind`

// surroundings lists the units of a day that the papers of a province can name: those below its committee, itself among them, and
// those of the centre; from the centre only these. Each knows the units above it.
func surroundings(tx *db.Tx, committee string, day civil.Date) ([]standing, error) {
	var w db.Where
	w.And(onDay, day.String(), day.String())
	w.And(`v.level = ? OR u.id IN (SELECT unit_id FROM orgunit_closure WHERE ancestor_id = ?)`, Central, committee)
	list, err := db.All[standing](tx, `SELECT `+standingColumns+standingFrom+w.SQL()+` ORDER BY v.internal DESC, `+levelRank+`, v.name_sort, u.id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = s.ID
	}
	above, err := AboveMany(tx, all)
	for i := range list {
		list[i].in = make(map[string]bool, 4)
		list[i].in[list[i].ID] = true
		for _, a := range above[list[i].ID] {
			list[i].in[a] = true
		}
	}
	return list, err
}

// bodiesAt lists the units of some levels on a day, or only the committees among them.
func bodiesAt(tx *db.Tx, levels map[Level]bool, committees bool, day civil.Date) ([]standing, error) {
	var w db.Where
	w.And(onDay, day.String(), day.String())
	var ls []any
	for _, l := range Levels {
		if levels[l] {
			ls = append(ls, l)
		}
	}
	w.And(`v.level IN (`+marks(len(ls))+`)`, ls...)
	if committees {
		w.And(`v.kind = ?`, PeoplesComm)
	}
	return db.All[standing](tx, `SELECT `+standingColumns+standingFrom+w.SQL()+` ORDER BY `+levelRank+`, v.name_sort, u.id`, w.Args()...)
}

// inPlace lists the units that serve areas of a folded name on a day.
func inPlace(tx *db.Tx, place []string, day civil.Date) ([]standing, error) {
	var w db.Where
	w.And(onDay, day.String(), day.String())
	w.And(`x.name_fold = ?`, strings.Join(place, " "))
	return db.All[standing](tx, `SELECT `+standingColumns+standingFrom+w.SQL()+` ORDER BY `+levelRank+`, v.name_sort, u.id`, w.Args()...)
}

// storedAreas reads the whole map.
func storedAreas(tx *db.Tx) (rows []AreaRow, links []Link, err error) {
	rows, err = db.All[AreaRow](tx, `SELECT x.area_id, COALESCE(x.parent_id, '') AS parent_id, a.level, x.from_day, x.to_day, x.code, x.kind, x.name, x.basis, x.verified
		FROM orgunit_area_version x JOIN orgunit_area a ON a.id = x.area_id`)
	if err != nil {
		return nil, nil, err
	}
	links, err = db.All[Link](tx, `SELECT from_area, to_area, on_day, extent, source FROM orgunit_area_link`)
	return rows, links, err
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

// Search lists units by name, old name, abbreviation or code, best first, with the count of all. Every word typed must begin a word of
// one of the unit's names.
func Search(tx *db.Tx, f Filter) ([]Unit, int, error) {
	if f.Day.IsZero() {
		f.Day = civil.Of(tx.Now)
	}
	f.Page, f.Size = max(f.Page, 1), max(1, min(f.Size, 200))
	qs, err := rarestFirst(tx, words(f.Words))
	if err != nil {
		return nil, 0, err
	}
	var w db.Where
	for i, q := range qs {
		from, to := []byte(q), append([]byte(q), 0xff)
		if i == 0 { // the rarest word leads, the others are looked up in what it finds
			w.And(`u.id IN (SELECT unit_id FROM orgunit_word WHERE word >= ? AND word < ?)`, from, to)
		} else {
			w.And(`EXISTS (SELECT 1 FROM orgunit_word s WHERE s.unit_id = u.id AND s.word >= ? AND s.word < ?)`, from, to)
		}
	}
	if f.Gone {
		shownOn(&w, f.Day)
	} else {
		w.And(onDay, f.Day.String(), f.Day.String())
	}
	if f.Kind != "" {
		w.And(`v.kind = ?`, f.Kind)
	}
	if f.Level != "" {
		w.And(`v.level = ?`, f.Level)
	}
	if f.Under != "" {
		w.And(`u.id IN (SELECT unit_id FROM orgunit_closure WHERE ancestor_id = ?)`, f.Under)
	}
	total, err := db.One[int](tx, `SELECT COUNT(*)`+unitFrom+w.SQL(), w.Args()...)
	if err != nil || total == 0 {
		return nil, 0, err
	}
	first := ``
	if p := plain(f.Words); p != "" {
		first = `CASE WHEN v.search LIKE ` + w.Arg(" "+like(p)+" %") + ` ESCAPE '\' THEN 0 WHEN v.search LIKE ` + w.Arg("% "+like(p)+" %") + ` ESCAPE '\' THEN 1 ELSE 2 END, `
	}
	list, err := db.All[Unit](tx, `SELECT `+unitColumns+unitFrom+w.SQL()+` ORDER BY `+first+levelRank+`, `+kindRank+`, v.internal, v.name_sort, u.id LIMIT `+w.Arg(f.Size)+` OFFSET `+w.Arg((f.Page-1)*f.Size), w.Args()...)
	return list, total, err
}

// rarestFirst orders the words of a query by how many units have them.
func rarestFirst(tx *db.Tx, qs []string) ([]string, error) {
	slices.Sort(qs)
	qs = slices.Compact(qs)
	if len(qs) > 12 {
		qs = qs[:12]
	}
	n := map[string]int{}
	for _, q := range qs {
		var err error
		if n[q], err = db.One[int](tx, `SELECT COUNT(*) FROM (SELECT unit_id FROM orgunit_word WHERE word >= $1 AND word < $2 LIMIT 3000) t`, []byte(q), append([]byte(q), 0xff)); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(qs, func(a, b string) int { return n[a] - n[b] })
	return qs, nil
}

func like(s string) string { return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) }

const groupColumns = `id, owner_id, name, phrase`

func listGroups(tx *db.Tx, owner string) ([]Group, error) {
	list, err := db.All[Group](tx, `SELECT `+groupColumns+` FROM orgunit_group WHERE owner_id = $1`, owner)
	slices.SortFunc(list, func(a, b Group) int { return viet.Compare(a.Name, b.Name) })
	return list, err
}

func findGroup(tx *db.Tx, id string) (Group, bool, error) {
	return db.Find[Group](tx, `SELECT `+groupColumns+` FROM orgunit_group WHERE id = $1`, id)
}

func groupTaken(tx *db.Tx, g Group) (bool, error) {
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM orgunit_group WHERE owner_id = $1 AND name = $2 AND id <> $3`, g.Owner, g.Name, g.ID)
	return n > 0, err
}

func insertGroup(tx *db.Tx, g Group, by string) error {
	_, err := tx.Exec(`INSERT INTO orgunit_group (id, owner_id, name, phrase, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6)`, g.ID, g.Owner, g.Name, g.Phrase, by, tx.Now)
	return err
}

func updateGroup(tx *db.Tx, g Group) error {
	return tx.Must1(`UPDATE orgunit_group SET name = $1, phrase = $2 WHERE id = $3`, g.Name, g.Phrase, g.ID)
}

func deleteGroup(tx *db.Tx, id string) error {
	return tx.Must1(`DELETE FROM orgunit_group WHERE id = $1`, id)
}

// eventOf returns an event without its parts.
func eventOf(tx *db.Tx, id string) (Event, error) {
	e, ok, err := db.Find[Event](tx, `SELECT `+eventColumns+` FROM orgunit_event WHERE id = $1`, id)
	if err == nil && !ok {
		err = errs.Absent("event", id)
	}
	return e, err
}

// somePartsOf returns the first parts of an event, and how many more it has.
func somePartsOf(tx *db.Tx, event string, limit int) ([]EventPart, int, error) {
	list, err := db.All[EventPart](tx, `SELECT event_id, from_unit, to_unit, extent FROM orgunit_event_part WHERE event_id = $1 ORDER BY seq LIMIT $2`, event, limit)
	if err != nil || len(list) < limit {
		return list, 0, err
	}
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM orgunit_event_part WHERE event_id = $1`, event)
	return list, n - len(list), err
}

// listEvents lists a page of the events of a kind and of some days, the newest first, with the count of all.
func listEvents(tx *db.Tx, kind EventKind, from, to civil.Date, page, size int) ([]Event, int, error) {
	var w db.Where
	if kind != "" {
		w.And(`kind = ?`, kind)
	}
	if !from.IsZero() {
		w.And(`on_day >= ?`, from.String())
	}
	if !to.IsZero() {
		w.And(`on_day <= ?`, to.String())
	}
	total, err := db.One[int](tx, `SELECT COUNT(*) FROM orgunit_event`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[Event](tx, `SELECT `+eventColumns+` FROM orgunit_event`+w.SQL()+` ORDER BY on_day DESC, seq DESC LIMIT `+w.Arg(size)+` OFFSET `+w.Arg((page-1)*size), w.Args()...)
	return list, total, err
}

// areaVersions lists the versions of an area, the newest first.
func areaVersions(tx *db.Tx, id string) ([]Area, error) {
	return db.All[Area](tx, `SELECT `+areaColumns+areaFrom+` WHERE a.id = $1 ORDER BY x.from_day DESC`, id)
}

// areaCounts is how many areas lie directly in each on a day.
func areaCounts(tx *db.Tx, day civil.Date) (map[string]int, error) {
	type row struct {
		ID string `db:"parent_id"`
		N  int    `db:"n"`
	}
	rows, err := db.All[row](tx, `SELECT parent_id, COUNT(*) AS n FROM orgunit_area_version WHERE parent_id IS NOT NULL AND from_day <= $1 AND (to_day IS NULL OR to_day >= $2) GROUP BY parent_id`, day.String(), day.String())
	out := map[string]int{}
	for _, r := range rows {
		out[r.ID] = r.N
	}
	return out, err
}

// findAreas lists areas of any time by the words of one of their names, present and past, the wider and the present ones first, with the
// count of all. Each is shown in the version that fits.
func findAreas(tx *db.Tx, text string, page, size int) ([]Area, int, error) {
	var w db.Where
	for _, word := range words(text) {
		w.And(`' ' || x.name_fold LIKE ? ESCAPE '\' OR x.code = ?`, "% "+like(word)+"%", word)
	}
	w.And(`NOT EXISTS (SELECT 1 FROM orgunit_area_version n WHERE n.area_id = x.area_id AND n.name = x.name AND n.code = x.code AND n.from_day > x.from_day)`)
	total, err := db.One[int](tx, `SELECT COUNT(*)`+areaFrom+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[Area](tx, `SELECT `+areaColumns+areaFrom+w.SQL()+` ORDER BY CASE a.level WHEN 'province' THEN 0 WHEN 'district' THEN 1 ELSE 2 END, CASE WHEN x.to_day IS NULL THEN 0 ELSE 1 END, x.name_sort, a.id LIMIT `+w.Arg(size)+` OFFSET `+w.Arg((page-1)*size), w.Args()...)
	return list, total, err
}

// unitsOfArea lists the units that serve an area itself on a day, its committee first.
func unitsOfArea(tx *db.Tx, id string, day civil.Date) ([]Unit, error) {
	var w db.Where
	w.And(`v.area_id = ?`, id)
	w.And(onDay, day.String(), day.String())
	return db.All[Unit](tx, `SELECT `+unitColumns+unitFrom+w.SQL()+` ORDER BY `+kindRank+`, v.internal, v.name_sort, u.id LIMIT 200`, w.Args()...)
}

// formerNamed is a living unit with its area as it is today and a name the area had before.
type formerNamed struct {
	Unit
	Area   Area
	Former string
}

// formerNames lists the living units whose area bore another name before, once for each such name: of one area, or of all.
func formerNames(tx *db.Tx, area string, today civil.Date) ([]formerNamed, error) {
	type row struct {
		Unit
		AreaName  string     `db:"area_name"`
		AreaSince civil.Date `db:"area_since"`
		Basis     string     `db:"basis"`
		Verified  bool       `db:"verified"`
		Former    string     `db:"former"`
	}
	var w db.Where
	w.And(`x.from_day <= ? AND (x.to_day IS NULL OR x.to_day >= ?)`, today.String(), today.String())
	w.And(`v.to_day IS NULL AND u.gone_on IS NULL`)
	if area != "" {
		w.And(`x.area_id = ?`, area)
	}
	rows, err := db.All[row](tx, `SELECT `+unitColumns+`, x.name AS area_name, x.from_day AS area_since, x.basis, x.verified, o.name AS former FROM orgunit_area_version x
		JOIN orgunit_area_version o ON o.area_id = x.area_id AND o.from_day < x.from_day AND o.name <> x.name
		JOIN orgunit_version v ON v.area_id = x.area_id JOIN orgunit u ON u.id = v.unit_id`+w.SQL()+` ORDER BY x.name_sort, x.area_id, `+kindRank+`, v.name_sort, u.id, o.from_day DESC`, w.Args()...)
	out := make([]formerNamed, len(rows))
	for i, r := range rows {
		out[i] = formerNamed{r.Unit, Area{ID: r.Unit.Area, From: r.AreaSince, Name: r.AreaName, Basis: r.Basis, Verified: r.Verified}, r.Former}
	}
	return out, err
}

// placedUnit is a unit with the code of its area as it was when the version began.
type placedUnit struct {
	Unit
	AreaCode string `db:"area_code"`
}

// listedUnits lists the units that live on a day or later, each in its newest version, superiors before those under them.
func listedUnits(tx *db.Tx, on civil.Date) ([]placedUnit, error) {
	return db.All[placedUnit](tx, `SELECT `+unitColumns+`, COALESCE(x.code, '') AS area_code`+standingFrom+`
		WHERE (u.gone_on IS NULL OR u.gone_on >= $1) AND NOT EXISTS (SELECT 1 FROM orgunit_version n WHERE n.unit_id = v.unit_id AND n.from_day > v.from_day)
		ORDER BY `+levelRank+`, v.name_sort, u.id`, on.String())
}

// everyArea lists every version of every area.
func everyArea(tx *db.Tx) ([]Area, error) {
	return db.All[Area](tx, `SELECT `+areaColumns+areaFrom)
}

// Import is a list of units that a person looks at before it comes in.
type Import struct {
	ID      string     `db:"id"`
	Person  string     `db:"by_person"`
	Unit    string     `db:"by_unit"`
	At      time.Time  `db:"at"`
	On      civil.Date `db:"on_day"`
	Basis   string     `db:"basis"`
	File    string     `db:"file_name"`
	List    string     `db:"list"` // the cells, JSON; "" when all is done
	Job     string     `db:"job_id"`
	New     int        `db:"new_units"`
	Changed int        `db:"changed_units"`
	Same    int        `db:"same_units"`
}

const importColumns = `id, by_person, by_unit, at, on_day, basis, file_name, list, job_id, new_units, changed_units, same_units`

func insertImport(tx *db.Tx, m Import) error {
	_, err := tx.Exec(`INSERT INTO orgunit_import (`+importColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		m.ID, m.Person, m.Unit, m.At, m.On, m.Basis, m.File, m.List, m.Job, m.New, m.Changed, m.Same)
	return err
}

func findImport(tx *db.Tx, id string) (Import, bool, error) {
	return db.Find[Import](tx, `SELECT `+importColumns+` FROM orgunit_import WHERE id = $1`, id)
}

func startImport(tx *db.Tx, m Import) error {
	return tx.Must1(`UPDATE orgunit_import SET job_id = $1, new_units = $2, changed_units = $3, same_units = $4 WHERE id = $5`, m.Job, m.New, m.Changed, m.Same, m.ID)
}

// endImport lets the cells go when all is done.
func endImport(tx *db.Tx, id string) error {
	return tx.Must1(`UPDATE orgunit_import SET list = '' WHERE id = $1`, id)
}
