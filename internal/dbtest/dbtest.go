// Package dbtest opens real databases for tests: a fresh SQLite file, and a fresh PostgreSQL database on the server named by
// CHUNGTAY_TEST_PG (scripts/with-postgres.sh starts one). `make check` runs without that server, `make test` with it.
package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chungtay/internal/db"
)

// Clock is a clock that tests set. It is safe for concurrent use.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// NewClock returns a clock that stands still at t.
func NewClock(t time.Time) *Clock { return &Clock{t: t} }

// Now is the time set.
func (c *Clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

// Add moves the clock.
func (c *Clock) Add(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.t = c.t.Add(d) }

// Set sets the clock.
func (c *Clock) Set(t time.Time) { c.mu.Lock(); defer c.mu.Unlock(); c.t = t }

// Each runs f once on each database, as subtests "sqlite" and "postgres".
func Each(t *testing.T, rooms []db.Migrations, f func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachWith(t, rooms, db.Options{}, f)
}

// EachWith is Each with options (a clock, say).
func EachWith(t *testing.T, rooms []db.Migrations, o db.Options, f func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t, rooms, o)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t, rooms, o)) })
}

// SQLite returns a migrated SQLite database in a temporary folder. It does not wait for the disk.
func SQLite(t testing.TB, rooms []db.Migrations, o db.Options) *db.DB {
	t.Helper()
	o.Relaxed = true
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"), rooms, o)
}

var number atomic.Int64

// Postgres returns a migrated database of its own on the test server, or skips loudly when there is no server.
func Postgres(t testing.TB, rooms []db.Migrations, o db.Options) *db.DB {
	t.Helper()
	return open(t, PostgresURL(t), rooms, o)
}

// PostgresURL creates an empty database on the test server and returns its address, or skips loudly when there is no server.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server := os.Getenv("CHUNGTAY_TEST_PG")
	if server == "" {
		t.Skip("SKIPPED: the PostgreSQL half needs CHUNGTAY_TEST_PG; run it with scripts/with-postgres.sh or make test")
	}
	ctx := context.Background()
	admin, err := db.Open(ctx, server, db.Options{MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	name := fmt.Sprintf("t_%d_%d", os.Getpid(), number.Add(1))
	if _, err := admin.Raw().Exec("CREATE DATABASE " + name + " TEMPLATE template0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if admin, err := db.Open(ctx, server, db.Options{MaxConns: 1}); err == nil {
			admin.Raw().Exec("DROP DATABASE " + name + " WITH (FORCE)")
			admin.Close()
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func open(t testing.TB, dsn string, rooms []db.Migrations, o db.Options) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.Migrate(context.Background(), rooms); err != nil {
		t.Fatal(err)
	}
	return d
}

// Write runs f in a write transaction and fails the test on error.
func Write(t testing.TB, d *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// Read runs f in a read transaction and fails the test on error.
func Read(t testing.TB, d *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Read(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}
