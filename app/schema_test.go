package app

import (
	"strings"
	"testing"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
)

// docs/schema.sql shows the structure of the database in one place; both databases must have it.
func TestSchemaIsDumpedAndTheSameOnBoth(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) {
		dbtest.Read(t, d, func(tx *db.Tx) error {
			tables, err := db.Schema(tx, OneDialect)
			if err != nil {
				return err
			}
			var b strings.Builder
			b.WriteString("-- The structure of the database, dumped from the migrations (go test ./app -run Schema -update). The same on SQLite and PostgreSQL;\n-- full-text indexes, which each database has in its own way, are left out.\n")
			for _, t := range tables {
				b.WriteString("\n" + t.String())
			}
			golden(t, "../docs/schema.sql", b.String())
			return nil
		})
	})
}
