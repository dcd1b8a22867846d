package orgunit

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/viet"
)

// geography is written by tools/geography: versions of areas (V) and what became what (L).
//
//go:embed geography.tsv.gz
var geography []byte

// areaID makes the identifier of an area from its key in the file: the same in every installation.
func areaID(key string) string {
	sum := sha256.Sum256([]byte("chungtay area " + key))
	const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
	out := make([]byte, 26)
	out[0] = '0'
	for i := 1; i < 26; i++ {
		out[i] = alphabet[sum[i]&31]
	}
	return string(out)
}

// batch collects rows and inserts them many at a time.
type batch struct {
	tx    *db.Tx
	table string
	cols  int
	size  int // rows a statement
	sql   string
	rows  int
	args  []any
}

// newBatch sizes the statements: PostgreSQL wants few round trips; SQLite has none, and looks numbered parameters up one by one, so that
// long statements cost the square of their length there.
func newBatch(tx *db.Tx, table string, columns string) *batch {
	b := &batch{tx: tx, table: table + " (" + columns + ")", cols: strings.Count(columns, ",") + 1}
	params := 100
	if tx.Dialect == db.Postgres {
		params = 3000
	}
	b.size = max(1, params/b.cols)
	return b
}

func (b *batch) add(args ...any) error {
	b.args = append(b.args, args...)
	if b.rows++; b.rows == b.size {
		return b.flush()
	}
	return nil
}

func (b *batch) flush() error {
	if b.rows == 0 {
		return nil
	}
	text := b.sql
	if text == "" || b.rows != b.size {
		var sql strings.Builder
		sql.WriteString("INSERT INTO " + b.table + " VALUES ")
		n := 1
		for r := range b.rows {
			if r > 0 {
				sql.WriteByte(',')
			}
			sql.WriteByte('(')
			for c := range b.cols {
				if c > 0 {
					sql.WriteByte(',')
				}
				fmt.Fprintf(&sql, "$%d", n)
				n++
			}
			sql.WriteByte(')')
		}
		if text = sql.String(); b.rows == b.size {
			b.sql = text
		}
	}
	_, err := b.tx.Exec(text, b.args...)
	b.rows, b.args = 0, b.args[:0]
	return err
}

// AreaRow is a version of an area as the embedded file holds it. To is the last day.
type AreaRow struct {
	ID       string     `db:"area_id"`
	Parent   string     `db:"parent_id"`
	Level    Level      `db:"level"`
	From     civil.Date `db:"from_day"`
	To       civil.Date `db:"to_day"`
	Code     string     `db:"code"`
	Kind     string     `db:"kind"`
	Name     string     `db:"name"`
	Basis    string     `db:"basis"`
	Verified bool       `db:"verified"`
}

// LoadAreas brings the areas of both eras and their links to what the embedded file says: all of it where there are none yet, and what a newer
// file adds, ends or puts right where an older one was loaded. Areas that the file does not name stay. It returns how many versions it wrote.
func LoadAreas(tx *db.Tx) (int, error) {
	rows, links, err := readGeography()
	if err != nil {
		return 0, err
	}
	there, linked, err := storedAreas(tx)
	if err != nil {
		return 0, err
	}
	known, areas := map[string]bool{}, map[string]bool{}
	for _, r := range there {
		areas[r.ID] = true
	}
	for _, r := range rows {
		known[r.ID] = true
	}
	rows, outdated := differing(rows, there)
	for _, r := range outdated {
		if known[r.ID] {
			if _, err := tx.Exec(`DELETE FROM orgunit_area_version WHERE area_id = $1 AND from_day = $2`, r.ID, dayText(r.From)); err != nil {
				return 0, err
			}
		}
	}
	links, wrong := differing(links, linked)
	for _, l := range wrong {
		if known[l.From] {
			if _, err := tx.Exec(`DELETE FROM orgunit_area_link WHERE from_area = $1 AND to_area = $2 AND on_day = $3`, l.From, l.To, l.On); err != nil {
				return 0, err
			}
		}
	}
	if len(rows)+len(links) == 0 {
		return 0, nil
	}
	if err := insertAreas(tx, rows, areas); err != nil {
		return 0, err
	}
	b := newBatch(tx, "orgunit_area_link", "from_area, to_area, on_day, extent, source")
	for _, l := range links {
		if err := b.add(l.From, l.To, l.On, l.Extent, l.Source); err != nil {
			return 0, err
		}
	}
	if err := b.flush(); err != nil {
		return 0, err
	}
	return len(rows), tx.Counted("orgunit_area", "orgunit_area_version", "orgunit_area_link")
}

// differing returns what is wanted and not there, in order, and what is there and not wanted.
func differing[T comparable](wanted, there []T) (missing, extra []T) {
	want, have := map[T]bool{}, map[T]bool{}
	for _, x := range wanted {
		want[x] = true
	}
	for _, x := range there {
		if have[x] = true; !want[x] {
			extra = append(extra, x)
		}
	}
	for _, x := range wanted {
		if !have[x] {
			missing = append(missing, x)
		}
	}
	return missing, extra
}

// LoadSomeAreas fills a few areas instead of all, for tests, unless there are areas already. Superiors stand before what lies in them.
func LoadSomeAreas(tx *db.Tx, rows []AreaRow) error {
	have, err := countAreas(tx)
	if err != nil || have > 0 {
		return err
	}
	return insertAreas(tx, rows, nil)
}

// AreaOf returns the identifier of the area of a key; it is the same in every installation.
func AreaOf(key string) string { return areaID(key) }

// readGeography reads the embedded file.
func readGeography() (rows []AreaRow, links []Link, err error) {
	z, err := gzip.NewReader(bytes.NewReader(geography))
	if err != nil {
		return nil, nil, err
	}
	day := func(s string) (d civil.Date) {
		if s != "" && err == nil {
			d, err = civil.Parse(s)
		}
		return d
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		switch f[0] {
		case "V":
			r := AreaRow{ID: areaID(f[1]), Level: Level(f[2]), From: day(f[3]), Code: f[5], Kind: f[6], Name: f[7], Basis: f[9], Verified: f[10] == "sure"}
			if f[4] != "" { // the file names the first day on which it is no longer so
				r.To = day(f[4]).AddDays(-1)
			}
			if f[8] != "" {
				r.Parent = areaID(f[8])
			}
			rows = append(rows, r)
		case "L":
			links = append(links, Link{From: areaID(f[1]), To: areaID(f[2]), On: day(f[3]), Extent: f[4], Source: f[5]})
		}
	}
	if err == nil {
		err = lines.Err()
	}
	return rows, links, err
}

// insertAreas writes versions, and the areas among them that are not there yet.
func insertAreas(tx *db.Tx, rows []AreaRow, there map[string]bool) error {
	b := newBatch(tx, "orgunit_area", "id, level")
	seen := map[string]bool{}
	for _, r := range rows {
		if !there[r.ID] && !seen[r.ID] {
			seen[r.ID] = true
			if err := b.add(r.ID, r.Level); err != nil {
				return err
			}
		}
	}
	if err := b.flush(); err != nil {
		return err
	}
	b = newBatch(tx, "orgunit_area_version", "area_id, from_day, to_day, code, kind, name, name_fold, name_sort, parent_id, basis, verified")
	for _, r := range rows {
		if err := b.add(r.ID, dayText(r.From), r.To, r.Code, r.Kind, r.Name, viet.Fold(r.Name), viet.SortKey(r.Name), null(r.Parent), r.Basis, r.Verified); err != nil {
			return err
		}
	}
	return b.flush()
}
