package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// Migrations are the dated SQL files of one room, named YYYYMMDD_N_words.sql.
type Migrations struct {
	Room string
	FS   fs.FS // the files at its root or in a folder "migrations"
}

// Migration is one file.
type Migration struct {
	Room, Name, SQL, SHA256 string
}

// State is what an installation knows of a migration.
type State struct {
	Migration
	AppliedAt time.Time // zero: not yet
	Changed   bool      // the file differs from what was applied
}

// Collect reads the rooms' files in the order they are applied: by date and number, rooms of the same day in the order given.
func Collect(rooms []Migrations) ([]Migration, error) {
	var out []Migration
	seen := map[string]bool{}
	for _, r := range rooms {
		files, err := fs.Glob(r.FS, "*.sql")
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			if files, err = fs.Glob(r.FS, "migrations/*.sql"); err != nil {
				return nil, err
			}
		}
		slices.Sort(files)
		for _, f := range files {
			b, err := fs.ReadFile(r.FS, f)
			if err != nil {
				return nil, err
			}
			name := f[strings.LastIndexByte(f, '/')+1:]
			if len(name) < 12 || strings.Trim(name[:8], "0123456789") != "" || name[8] != '_' {
				return nil, fmt.Errorf("migration %s of %s: the name must begin with YYYYMMDD_", name, r.Room)
			}
			if seen[r.Room+"/"+name] {
				return nil, fmt.Errorf("migration %s/%s twice", r.Room, name)
			}
			seen[r.Room+"/"+name] = true
			sum := sha256.Sum256(b)
			out = append(out, Migration{r.Room, name, string(b), hex.EncodeToString(sum[:])})
		}
	}
	slices.SortStableFunc(out, func(a, b Migration) int { return strings.Compare(a.Name[:8], b.Name[:8]) })
	return out, nil
}

const ledger = `CREATE TABLE IF NOT EXISTS schema_migration (
	room TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL,
	PRIMARY KEY (room, name))`

// Migrate applies what is missing, each file in a transaction of its own, and returns what it applied. Several nodes may start at
// once: they wait for each other. A file that was applied and has changed since, or one that was applied and is gone, stops it.
func (d *DB) Migrate(ctx context.Context, rooms []Migrations) ([]Migration, error) {
	all, err := Collect(rooms)
	if err != nil {
		return nil, err
	}
	var applied []Migration
	for _, m := range append([]Migration{{}}, all...) {
		err := d.Claim(ctx, func(tx *Tx) error {
			if tx.Dialect == Postgres {
				if _, err := tx.Exec(`SELECT pg_advisory_xact_lock(7305112026)`); err != nil {
					return err
				}
			}
			if m.Name == "" {
				if _, err := tx.Exec(ledger); err != nil {
					return err
				}
				return checkLedger(tx, all)
			}
			if _, done, err := Find[string](tx, `SELECT sha256 FROM schema_migration WHERE room = $1 AND name = $2`, m.Room, m.Name); err != nil || done {
				return err
			}
			if _, err := tx.Exec(ForDialect(m.SQL, tx.Dialect)); err != nil {
				return fmt.Errorf("migration %s/%s: %w", m.Room, m.Name, err)
			}
			_, err := tx.Exec(`INSERT INTO schema_migration (room, name, sha256, applied_at) VALUES ($1, $2, $3, $4)`, m.Room, m.Name, m.SHA256, tx.Now)
			tx.AfterCommit(func() { applied = append(applied, m) })
			return err
		})
		if err != nil {
			return applied, err
		}
	}
	return applied, nil
}

func checkLedger(tx *Tx, all []Migration) error {
	type row struct {
		Room string `db:"room"`
		Name string `db:"name"`
		Sum  string `db:"sha256"`
	}
	known := map[string]string{}
	for _, m := range all {
		known[m.Room+"/"+m.Name] = m.SHA256
	}
	rows, err := All[row](tx, `SELECT room, name, sha256 FROM schema_migration ORDER BY applied_at, room, name`)
	if err != nil {
		return err
	}
	for _, r := range rows {
		switch sum, ok := known[r.Room+"/"+r.Name]; {
		case !ok:
			return fmt.Errorf("this database knows migration %s/%s, this program does not: use the program version that made it or a newer one", r.Room, r.Name)
		case sum != r.Sum:
			return fmt.Errorf("migration %s/%s was changed after it was applied here: restore the file, and put the change into a new one", r.Room, r.Name)
		}
	}
	return nil
}

// Pending tells which migrations this database still lacks; a database never migrated lacks all.
func (d *DB) Pending(ctx context.Context, rooms []Migrations) ([]Migration, error) {
	all, err := Collect(rooms)
	if err != nil {
		return nil, err
	}
	var names []string
	err = d.Read(ctx, func(tx *Tx) error {
		exists := `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'`
		if tx.Dialect == Postgres {
			exists = `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = CURRENT_SCHEMA() AND table_name = 'schema_migration'`
		}
		if n, err := One[int](tx, exists); err != nil || n == 0 {
			return err
		}
		if err := checkLedger(tx, all); err != nil {
			return err
		}
		names, err = All[string](tx, `SELECT room || '/' || name FROM schema_migration`)
		return err
	})
	return slices.DeleteFunc(all, func(m Migration) bool { return slices.Contains(names, m.Room+"/"+m.Name) }), err
}

// ForDialect keeps the parts of a migration meant for one database: lines after "-- only: NAME" belong to that database until
// "-- both".
func ForDialect(sql string, d Dialect) string {
	var b strings.Builder
	keep := true
	for line := range strings.Lines(sql) {
		switch mark := strings.TrimSpace(line); {
		case strings.HasPrefix(mark, "-- only: "):
			keep = strings.TrimPrefix(mark, "-- only: ") == d.String()
			continue
		case mark == "-- both":
			keep = true
			continue
		}
		if keep {
			b.WriteString(line)
		}
	}
	return b.String()
}
