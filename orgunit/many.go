package orgunit

import (
	"chungtay/internal/civil"
	"chungtay/internal/db"
)

// chunk is how many identifiers stand in one statement: few enough for both databases, many enough that 11,000 units take 22 of them.
const chunk = 500

// OfLevel selects the units of a level by their newest version, for the conditions of lists; it takes the level.
const OfLevel = `SELECT v.unit_id FROM orgunit_version v WHERE v.level = ? AND NOT EXISTS (SELECT 1 FROM orgunit_version n WHERE n.unit_id = v.unit_id AND n.from_day > v.from_day)`

// ByName is what lists of units are ordered by in SQL, in the order of the Vietnamese alphabet: the sort key of the newest name of the unit in a
// column.
func ByName(column string) string {
	return `(SELECT v.name_sort FROM orgunit_version v WHERE v.unit_id = ` + column + ` ORDER BY v.from_day DESC LIMIT 1)`
}

// Many returns units as they were on a day (the version valid then; before birth the first, after the end the last). Unknown
// identifiers are left out.
func Many(tx *db.Tx, ids []string, day civil.Date) (map[string]Unit, error) {
	out := make(map[string]Unit, len(ids))
	err := inChunks(ids, func(part []any) error {
		var w db.Where
		w.And(`u.id IN (`+marks(len(part))+`)`, part...)
		shownOn(&w, day)
		for u, err := range db.Each[Unit](tx, `SELECT `+unitColumns+unitFrom+w.SQL(), w.Args()...) {
			if err != nil {
				return err
			}
			out[u.ID] = u
		}
		return nil
	})
	return out, err
}

// AboveMany returns for each of many units the units above it, the nearest first. Unknown identifiers are left out.
func AboveMany(tx *db.Tx, ids []string) (map[string][]string, error) {
	type line struct {
		Unit     string `db:"unit_id"`
		Ancestor string `db:"ancestor_id"`
	}
	out := make(map[string][]string, len(ids))
	err := inChunks(ids, func(part []any) error {
		var w db.Where
		w.And(`unit_id IN (`+marks(len(part))+`)`, part...)
		for l, err := range db.Each[line](tx, `SELECT unit_id, ancestor_id FROM orgunit_closure`+w.SQL()+` ORDER BY unit_id, depth`, w.Args()...) {
			switch {
			case err != nil:
				return err
			case l.Unit == l.Ancestor:
				out[l.Unit] = []string{}
			default:
				out[l.Unit] = append(out[l.Unit], l.Ancestor)
			}
		}
		return nil
	})
	return out, err
}

// inChunks gives a list of identifiers, each once, in parts that fit into one statement.
func inChunks(ids []string, f func(part []any) error) error {
	seen := make(map[string]bool, len(ids))
	part := make([]any, 0, min(len(ids), chunk))
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		if part = append(part, id); len(part) == chunk {
			if err := f(part); err != nil {
				return err
			}
			part = part[:0]
		}
	}
	if len(part) == 0 {
		return nil
	}
	return f(part)
}

// Place is a unit with the body it stands under, as shown for choosing.
type Place struct {
	Unit
	Place string // name of the superior, "" at the top
}

// Places returns the living units that fit what a person typed, best first, at most limit, each with where it stands.
func Places(tx *db.Tx, words string, limit int) ([]Place, error) {
	found, _, err := Search(tx, Filter{Words: words, Size: limit})
	if err != nil {
		return nil, err
	}
	return placed(tx, found, civil.Of(tx.Now))
}

// placed adds to each unit the name of its superior on a day.
func placed(tx *db.Tx, list []Unit, day civil.Date) ([]Place, error) {
	var ids []string
	for _, u := range list {
		if u.Superior != "" {
			ids = append(ids, u.Superior)
		}
	}
	names, err := NamesOn(tx, ids, day)
	if err != nil {
		return nil, err
	}
	out := make([]Place, len(list))
	for i, u := range list {
		out[i] = Place{u, names[u.Superior]}
	}
	return out, nil
}
