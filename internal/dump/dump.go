// Package dump writes a whole database to a stream and reads it back, from either database into either: it is what backup, restore and
// migrate-to are made of.
//
// A dump is one snapshot: it is read in a single transaction while the program goes on working. It holds the applied migrations, every
// row of every table and, at its end, the count of each table and a digest over everything, so that a cut or changed dump is refused.
// Full-text indexes are not in it; their rooms rebuild them (Options.Rebuild).
//
// The stream is a sequence of JSON values, one a line, compressed by the caller:
//
//	{"chungtay_dump": 1, "at": …, "migrations": […]}
//	{"table": "person", "columns": […]}   then one array a row: numbers, strings, bytes as base64, null
//	{"end": {"person": 812, …}, "sha256": "…"}
package dump

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"chungtay/internal/db"
)

// Format is the version of the stream.
const Format = 1

type header struct {
	Format     int         `json:"chungtay_dump"`
	At         time.Time   `json:"at"`
	Migrations []migration `json:"migrations"`
}

type migration struct {
	Room      string `json:"room" db:"room"`
	Name      string `json:"name" db:"name"`
	SHA256    string `json:"sha256" db:"sha256"`
	AppliedAt int64  `json:"applied_at" db:"applied_at"`
}

type tableHead struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
	Types   []string `json:"types"`
}

type trailer struct {
	End    map[string]int64 `json:"end"`
	SHA256 string           `json:"sha256"`
}

// Counts are rows by table.
type Counts map[string]int64

// Total is the sum over all tables.
func (c Counts) Total() int64 {
	var n int64
	for _, v := range c {
		n += v
	}
	return n
}

// Options tune a dump or a load.
type Options struct {
	Skip     func(table string) bool        // tables of one dialect alone
	Progress func(table string, rows int64) // called now and then; may be nil
	Rebuild  func(*db.Tx) error             // run after a load: full-text indexes; may be nil
}

// migrationTable is the table of internal/db that lists what was applied; it is written by Migrate, not by a load.
const migrationTable = "schema_migration"

// Write writes the database to w and returns the counts of rows.
func Write(ctx context.Context, d *db.DB, w io.Writer, o Options) (Counts, error) {
	counts := Counts{}
	err := d.Read(ctx, func(tx *db.Tx) error {
		out := &summed{w: bufio.NewWriterSize(w, 1<<20), sum: sha256.New()}
		applied, err := db.All[migration](tx, `SELECT room, name, sha256, applied_at FROM `+migrationTable+` ORDER BY applied_at, room, name`)
		if err != nil {
			return err
		}
		if err := out.line(header{Format, tx.Now, applied}); err != nil {
			return err
		}
		tables, err := db.Schema(tx, o.Skip)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if t.Name == migrationTable {
				continue
			}
			n, err := writeTable(tx, out, t, o)
			if err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
			counts[t.Name] = n
		}
		sum := hex.EncodeToString(out.sum.Sum(nil))
		if err := out.line(trailer{counts, sum}); err != nil {
			return err
		}
		return out.w.Flush()
	})
	return counts, err
}

type summed struct {
	w   *bufio.Writer
	sum hash.Hash
}

func (s *summed) line(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	b = append(b, '\n')
	s.sum.Write(b)
	_, err = s.w.Write(b)
	return err
}

func writeTable(tx *db.Tx, out *summed, t db.Table, o Options) (int64, error) {
	h := tableHead{Table: t.Name}
	for _, c := range t.Columns {
		h.Columns = append(h.Columns, c.Name)
		h.Types = append(h.Types, c.Type)
	}
	if err := out.line(h); err != nil {
		return 0, err
	}
	order := ""
	if t.Key != "" {
		order = " ORDER BY " + quoteList(strings.Split(t.Key, ", "))
	}
	rows, err := tx.Rows(`SELECT ` + quoteList(h.Columns) + ` FROM ` + quote(t.Name) + order)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	row, ptrs := make([]any, len(h.Columns)), make([]any, len(h.Columns))
	for i := range row {
		ptrs[i] = &row[i]
	}
	var n int64
	for rows.Next() {
		if err := rows.Scan(ptrs...); err != nil {
			return n, err
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok && !isBytes(h.Types[i]) {
				row[i] = string(b)
			}
		}
		if err := out.line(row); err != nil {
			return n, err
		}
		if n++; n%10_000 == 0 && o.Progress != nil {
			o.Progress(t.Name, n)
		}
	}
	return n, rows.Err()
}

func isBytes(typ string) bool { return typ == "BYTEA" || typ == "BLOB" }

func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func quoteList(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = quote(n)
	}
	return strings.Join(q, ", ")
}

// Errors of Load. Their texts say what to do.
var (
	ErrNotEmpty = errors.New("the target database already holds data; name an empty one")
	ErrCut      = errors.New("the dump is incomplete or damaged; take another copy of it")
	ErrFormat   = errors.New("this is not a dump of Chung Tay, or of a newer version of it")
)

// Load reads one dump from r, which stands behind it afterwards if it is a *bufio.Reader of at least a megabyte,
// an empty database: it is migrated, filled in one transaction, checked for foreign keys, counts and digest, and left without rows if
// anything is wrong. rooms are the migrations this program knows; all of the dump's must be among
// them.
func Load(ctx context.Context, d *db.DB, r io.Reader, rooms []db.Migrations, o Options) (Counts, error) {
	in := &reader{r: bufio.NewReaderSize(r, 1<<20), sum: sha256.New()}
	first, err := in.line()
	if err != nil {
		return nil, ErrFormat
	}
	var h header
	if json.Unmarshal(first, &h) != nil || h.Format != Format {
		return nil, ErrFormat
	}
	in.sum.Write(first)
	known, err := db.Collect(rooms)
	if err != nil {
		return nil, err
	}
	for _, m := range h.Migrations {
		if !slices.ContainsFunc(known, func(k db.Migration) bool { return k.Room == m.Room && k.Name == m.Name && k.SHA256 == m.SHA256 }) {
			return nil, fmt.Errorf("%w (migration %s %s is unknown)", ErrFormat, m.Room, m.Name)
		}
	}
	if len(h.Migrations) < len(known) {
		return nil, fmt.Errorf("the dump was made by an older version (%d of %d migrations); restore it with that version, then start this one", len(h.Migrations), len(known))
	}
	if _, err := d.Migrate(ctx, rooms); err != nil {
		return nil, err
	}
	if err := refuseFull(ctx, d, o); err != nil {
		return nil, err
	}
	counts := Counts{}
	conn, err := d.Raw().Conn(ctx)
	if err != nil {
		return nil, err
	}
	if d.Dialect() == db.Postgres {
		err = loadPostgres(ctx, conn, in, counts, o)
	} else {
		err = loadSQLite(ctx, conn, in, counts, o)
	}
	if err := errors.Join(err, conn.Close()); err != nil { // SQLite has one connection for writing; Rebuild needs it
		return nil, err
	}
	if o.Rebuild != nil {
		if err := d.Write(ctx, o.Rebuild); err != nil {
			return nil, err
		}
	}
	if d.Dialect() == db.Postgres {
		if _, err := d.Raw().ExecContext(ctx, `ANALYZE`); err != nil { // the planner knows nothing yet of what was loaded
			return nil, err
		}
	}
	return counts, nil
}

func refuseFull(ctx context.Context, d *db.DB, o Options) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		tables, err := db.Schema(tx, o.Skip)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if t.Name == migrationTable {
				continue
			}
			n, err := db.One[int](tx, `SELECT COUNT(*) FROM (SELECT 1 FROM `+quote(t.Name)+` LIMIT 1) x`)
			if err != nil {
				return err
			}
			if n > 0 {
				return fmt.Errorf("%w (table %s)", ErrNotEmpty, t.Name)
			}
		}
		return nil
	})
}

type reader struct {
	r     *bufio.Reader
	sum   hash.Hash
	table tableHead
}

// maxLine bounds one row: a row holds texts and small blobs, files are kept elsewhere.
const maxLine = 64 << 20

func (in *reader) line() ([]byte, error) {
	var line []byte
	for {
		part, err := in.r.ReadSlice('\n')
		line = append(line, part...)
		if err == nil {
			return line, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) || len(line) > maxLine {
			return nil, ErrCut
		}
	}
}

// each reads the tables and rows of a dump to its end and checks counts and digest. It calls begin for each table and row for each row.
func (in *reader) each(counts Counts, progress func(string, int64), begin func(tableHead) error, row func([]any) error, end func() error) error {
	open := false
	for {
		line, err := in.line()
		if err != nil {
			return err
		}
		if line[0] == '[' {
			if !open {
				return ErrCut
			}
			vals, err := in.values(line)
			if err != nil {
				return err
			}
			in.sum.Write(line)
			if err := row(vals); err != nil {
				return err
			}
			if counts[in.table.Table]++; progress != nil && counts[in.table.Table]%10_000 == 0 {
				progress(in.table.Table, counts[in.table.Table])
			}
			continue
		}
		if open {
			if err := end(); err != nil {
				return err
			}
			open = false
		}
		var t trailer
		if json.Unmarshal(line, &t) == nil && t.End != nil {
			if t.SHA256 != hex.EncodeToString(in.sum.Sum(nil)) {
				return ErrCut
			}
			for name, n := range t.End {
				if counts[name] != n {
					return fmt.Errorf("%w (table %s: %d of %d rows)", ErrCut, name, counts[name], n)
				}
			}
			return nil
		}
		in.sum.Write(line)
		in.table = tableHead{}
		if json.Unmarshal(line, &in.table) != nil || in.table.Table == "" || len(in.table.Columns) != len(in.table.Types) {
			return ErrCut
		}
		counts[in.table.Table] = 0
		if err := begin(in.table); err != nil {
			return err
		}
		open = true
	}
}

func (in *reader) values(line []byte) ([]any, error) {
	dec := json.NewDecoder(strings.NewReader(string(line)))
	dec.UseNumber()
	var raw []any
	if err := dec.Decode(&raw); err != nil || len(raw) != len(in.table.Columns) {
		return nil, ErrCut
	}
	for i, v := range raw {
		switch x := v.(type) {
		case json.Number:
			if n, err := x.Int64(); err == nil {
				raw[i] = n
			} else if f, err := x.Float64(); err == nil {
				raw[i] = f
			} else {
				return nil, ErrCut
			}
		case string:
			if isBytes(in.table.Types[i]) {
				b, err := base64.StdEncoding.DecodeString(x)
				if err != nil {
					return nil, ErrCut
				}
				raw[i] = b
			}
		}
	}
	return raw, nil
}

// loadSQLite fills the tables in one transaction with foreign keys off, and checks them at the end.
func loadSQLite(ctx context.Context, conn *sql.Conn, in *reader, counts Counts, o Options) (err error) {
	if _, err := conn.ExecContext(ctx, `PRAGMA foreign_keys = OFF`); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA foreign_keys = ON`)
	if _, err := conn.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`)
		}
	}()
	var st *sql.Stmt
	err = in.each(counts, o.Progress, func(t tableHead) (err error) {
		st, err = conn.PrepareContext(ctx, `INSERT INTO `+quote(t.Table)+` (`+quoteList(t.Columns)+`) VALUES (`+strings.TrimSuffix(strings.Repeat("?, ", len(t.Columns)), ", ")+`)`)
		return err
	}, func(row []any) error {
		_, err := st.ExecContext(ctx, row...)
		return err
	}, func() error { return st.Close() })
	if err != nil {
		return err
	}
	var bad int
	if err := conn.QueryRowContext(ctx, `SELECT COUNT(*) FROM pragma_foreign_key_check`).Scan(&bad); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%w (%d rows point to rows that are not there)", ErrCut, bad)
	}
	_, err = conn.ExecContext(ctx, `COMMIT`)
	return err
}

// loadPostgres fills the tables by COPY in one transaction. Foreign keys are taken off and put back in it: putting them back checks
// every row.
func loadPostgres(ctx context.Context, conn *sql.Conn, in *reader, counts Counts, o Options) error {
	return conn.Raw(func(driver any) error {
		pg := driver.(*stdlib.Conn).Conn()
		tx, err := pg.Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback(context.WithoutCancel(ctx))
		keys, err := foreignKeys(ctx, tx)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if _, err := tx.Exec(ctx, `ALTER TABLE `+k[0]+` DROP CONSTRAINT `+k[1]); err != nil {
				return err
			}
		}
		var head tableHead
		var batch [][]any
		flush := func() error {
			if len(batch) == 0 {
				return nil
			}
			_, err := tx.CopyFrom(ctx, pgx.Identifier{head.Table}, head.Columns, pgx.CopyFromRows(batch))
			batch = batch[:0]
			return err
		}
		err = in.each(counts, o.Progress, func(t tableHead) error { head = t; return nil }, func(row []any) error {
			if batch = append(batch, row); len(batch) >= 5000 {
				return flush()
			}
			return nil
		}, flush)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if _, err := tx.Exec(ctx, `ALTER TABLE `+k[0]+` ADD CONSTRAINT `+k[1]+` `+k[2]); err != nil {
				return fmt.Errorf("%w (%s: %s)", ErrCut, k[0], err)
			}
		}
		return tx.Commit(ctx)
	})
}

func foreignKeys(ctx context.Context, tx pgx.Tx) ([][3]string, error) {
	rows, err := tx.Query(ctx, `SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
		WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (k [3]string, err error) {
		err = r.Scan(&k[0], &k[1], &k[2])
		return k, err
	})
}
