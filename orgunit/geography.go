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

// batch collects rows and inserts them many at a time: 60 times fewer round trips to PostgreSQL.
type batch struct {
	tx    *db.Tx
	table string
	cols  int
	rows  int
	args  []any
}

func newBatch(tx *db.Tx, table string, columns string) *batch {
	return &batch{tx: tx, table: table + " (" + columns + ")", cols: strings.Count(columns, ",") + 1}
}

func (b *batch) add(args ...any) error {
	b.args = append(b.args, args...)
	if b.rows++; b.rows == 200 {
		return b.flush()
	}
	return nil
}

func (b *batch) flush() error {
	if b.rows == 0 {
		return nil
	}
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
	_, err := b.tx.Exec(sql.String(), b.args...)
	b.rows, b.args = 0, b.args[:0]
	return err
}

// LoadAreas fills the areas of both eras and their links from the embedded file, unless they are there already. It returns how many
// versions it wrote.
func LoadAreas(tx *db.Tx) (int, error) {
	have, err := countAreas(tx)
	if err != nil || have > 0 {
		return 0, err
	}
	z, err := gzip.NewReader(bytes.NewReader(geography))
	if err != nil {
		return 0, err
	}
	areas := newBatch(tx, "orgunit_area", "id, level")
	versions := newBatch(tx, "orgunit_area_version", "area_id, from_day, to_day, code, kind, name, name_fold, name_sort, parent_id, basis, verified")
	links := newBatch(tx, "orgunit_area_link", "from_area, to_area, on_day, extent, source")
	seen := map[string]bool{}
	var rows [][]any
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	n := 0
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		switch f[0] {
		case "V":
			id := areaID(f[1])
			if !seen[id] {
				seen[id] = true
				if err := areas.add(id, f[2]); err != nil {
					return n, err
				}
			}
			var to any
			if f[4] != "" { // the file names the first day on which it is no longer so
				to = civil.MustParse(f[4]).AddDays(-1).String()
			}
			var parent any
			if f[8] != "" {
				parent = areaID(f[8])
			}
			rows = append(rows, []any{id, f[3], to, f[5], f[6], f[7], viet.Fold(f[7]), viet.SortKey(f[7]), parent, f[9], f[10] == "sure"})
		case "L":
			rows = append(rows, []any{areaID(f[1]), areaID(f[2]), f[3], f[4], f[5]})
		}
	}
	if err := lines.Err(); err != nil {
		return n, err
	}
	if err := areas.flush(); err != nil {
		return n, err
	}
	for _, r := range rows {
		b := versions
		if len(r) == 5 {
			b = links
		} else {
			n++
		}
		if err := b.add(r...); err != nil {
			return n, err
		}
	}
	if err := versions.flush(); err != nil {
		return n, err
	}
	return n, links.flush()
}
