package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"chungtay/internal/errs"
)

// Dialect names the database behind a DB.
type Dialect int

// The two databases.
const (
	SQLite Dialect = iota
	Postgres
)

// String returns "sqlite" or "postgres".
func (d Dialect) String() string { return [...]string{"sqlite", "postgres"}[d] }

// Options tune an installation; the zero value is the default of a new one.
type Options struct {
	Clock    func() time.Time // nil: time.Now
	MaxConns int              // PostgreSQL connections of this node; 0: 4 per core, at least 16
	Relaxed  bool             // tests only: do not wait for the disk at each commit
}

// DB is one open database. It is safe for concurrent use.
type DB struct {
	write, read *sql.DB
	dialect     Dialect
	clock       func() time.Time
	path        string // SQLite file
	rehearsal   atomic.Pointer[func(*Tx)]
	turn        turn
}

// Open opens the database named by dsn, "sqlite:FOLDER/FILE.db" or a postgres:// URL (several hosts are allowed; the one that
// accepts writes is used). A missing SQLite file is created with mode 0600; migrations are not run.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	d := &DB{clock: o.Clock, turn: newTurn()}
	if d.clock == nil {
		d.clock = time.Now
	}
	var err error
	switch {
	case strings.HasPrefix(dsn, "sqlite:"):
		err = d.openSQLite(strings.TrimPrefix(dsn, "sqlite:"), o)
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		err = d.openPostgres(dsn, o)
	default:
		return nil, errors.New(`database: the address must begin with "sqlite:" or "postgres://"`)
	}
	if err != nil {
		return nil, err
	}
	if err := d.Ping(ctx); err != nil {
		d.Close()
		return nil, fmt.Errorf("database does not answer: %w", err)
	}
	return d, nil
}

func (d *DB) openSQLite(path string, o Options) error {
	d.dialect, d.path = SQLite, path
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("database folder: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("database file: %w", err)
	}
	f.Close()
	sync := "full"
	if o.Relaxed {
		sync = "off"
	}
	pragmas := []string{"busy_timeout(15000)", "journal_mode(wal)", "synchronous(" + sync + ")", "foreign_keys(1)",
		"temp_store(memory)", "cache_size(-16384)", "trusted_schema(0)", "secure_delete(1)"} // what is erased is overwritten in the file
	dsn := func(extra ...string) string {
		q := url.Values{"_pragma": append(extra, pragmas...)}
		return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
	}
	if d.write, err = sql.Open("sqlite", dsn()+"&_txlock=immediate"); err != nil {
		return err
	}
	d.write.SetMaxOpenConns(1)
	if d.read, err = sql.Open("sqlite", dsn("query_only(1)")); err != nil {
		return err
	}
	d.read.SetMaxOpenConns(max(4, 2*runtime.NumCPU()))
	d.read.SetMaxIdleConns(max(4, 2*runtime.NumCPU()))
	return nil
}

func (d *DB) openPostgres(dsn string, o Options) error {
	d.dialect = Postgres
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return errors.New("database: the postgres:// address cannot be read") // the cause would print the password
	}
	if len(cfg.Fallbacks) > 0 && cfg.ValidateConnect == nil {
		cfg.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 5 * time.Second
	}
	cfg.RuntimeParams["application_name"] = "chungtay"
	cfg.RuntimeParams["TimeZone"] = "UTC"
	if o.Relaxed {
		cfg.RuntimeParams["synchronous_commit"] = "off"
	}
	d.write = stdlib.OpenDB(*cfg)
	n := o.MaxConns
	if n == 0 {
		n = max(16, 4*runtime.NumCPU())
	}
	d.write.SetMaxOpenConns(n)
	d.write.SetMaxIdleConns(n)
	d.write.SetConnMaxIdleTime(5 * time.Minute)
	d.read = d.write
	return nil
}

// Close closes all connections. On SQLite the write-ahead log is folded into the file.
func (d *DB) Close() error {
	if d.read != d.write {
		d.read.Close()
	}
	return d.write.Close()
}

// Dialect tells which database this is.
func (d *DB) Dialect() Dialect { return d.dialect }

// Now is the clock that transactions carry.
func (d *DB) Now() time.Time { return d.clock().Truncate(time.Millisecond) }

// Path is the SQLite file, "" on PostgreSQL.
func (d *DB) Path() string { return d.path }

// Ping asks the database for a sign of life.
func (d *DB) Ping(ctx context.Context) error { return d.read.PingContext(ctx) }

// Raw gives the pool for writing to the few callers that work on the whole database (backup, migrate-to, tests).
func (d *DB) Raw() *sql.DB { return d.write }

// Rehearse makes every write from now on run in full, be shown to look, and then be rolled back, until it is called with nil. For tests that
// try every deed on one state of things; nothing registered with AfterCommit happens.
func (d *DB) Rehearse(look func(*Tx)) {
	if look == nil {
		d.rehearsal.Store(nil)
		return
	}
	d.rehearsal.Store(&look)
}

// Tx is one transaction. It is used by one goroutine.
type Tx struct {
	Now     time.Time // the time of everything that happens in this transaction, UTC, whole milliseconds
	Dialect Dialect

	ctx     context.Context
	tx      *sql.Tx
	after   []func()
	doubt   []func()
	readers bool
	memo    map[string]map[string]any // by table and key, see Memo
	broken  error                     // the first failure of a statement on PostgreSQL, after which nothing else can succeed
}

// note keeps the failure that ended a transaction of PostgreSQL, also when the caller makes nothing of it: what follows fails with an error that
// no longer says why, and whether to try again is told by the first.
func (tx *Tx) note(err error) {
	if err != nil && tx.broken == nil && (tx.Dialect == Postgres || isBeaten(err)) {
		tx.broken = err
	}
}

// Context is the context the transaction was opened with.
func (tx *Tx) Context() context.Context { return tx.ctx }

// ReadOnly tells whether the transaction was opened by Read.
func (tx *Tx) ReadOnly() bool { return tx.readers }

// Counted tells the planner of PostgreSQL how many rows tables have after very many were written at once, so that the next query is not planned blindly
// until its own housekeeping finds out (docs/units.md has what that costs). SQLite plans without.
func (tx *Tx) Counted(tables ...string) error {
	if tx.Dialect != Postgres {
		return nil
	}
	_, err := tx.Exec(`ANALYZE ` + strings.Join(tables, ", "))
	return err
}

// AfterCommit registers what must happen once the transaction is durable: waking a worker, closing a file. It is dropped with the
// transaction on failure and on retry.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// InDoubt registers what must happen when the answer to the commit is lost, so that nobody knows whether the transaction is durable. Then what it may
// refer to must not be thrown away: it is for a sweep that looks at the database later. Like AfterCommit it is dropped with a known failure.
func (tx *Tx) InDoubt(f func()) { tx.doubt = append(tx.doubt, f) }

// Read runs f in a read-only transaction on one snapshot.
func (d *DB) Read(ctx context.Context, f func(*Tx) error) error {
	o := &sql.TxOptions{ReadOnly: true}
	if d.dialect == Postgres {
		o.Isolation = sql.LevelRepeatableRead
	} else {
		o = nil // the pool is query_only; the driver refuses ReadOnly options
	}
	return d.run(ctx, d.read, o, true, f)
}

// Write runs f in a serialisable transaction and commits it when f returns nil. f may run more than once (see the package comment).
func (d *DB) Write(ctx context.Context, f func(*Tx) error) error {
	var o *sql.TxOptions
	if d.dialect == Postgres {
		o = &sql.TxOptions{Isolation: sql.LevelSerializable}
	}
	return d.run(ctx, d.write, o, false, f)
}

// Claim runs f in a READ COMMITTED write transaction: for queues that take rows with SkipLocked and must not fail each other.
// On SQLite it is Write.
func (d *DB) Claim(ctx context.Context, f func(*Tx) error) error {
	var o *sql.TxOptions
	if d.dialect == Postgres {
		o = &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	}
	return d.run(ctx, d.write, o, false, f)
}

// maxTries bounds the retries of one transaction.
const maxTries = 60

func (d *DB) run(ctx context.Context, pool *sql.DB, o *sql.TxOptions, reads bool, f func(*Tx) error) error {
	turns := o != nil && o.Isolation == sql.LevelSerializable
	inTurn := false
	defer func() {
		if inTurn {
			d.turn.leave()
		}
	}()
	for try := 1; ; try++ {
		if turns && !inTurn && d.turn.wanted() {
			if err := d.turn.enter(ctx); err != nil {
				return classify(err)
			}
			inTurn = true
		}
		err := d.once(ctx, pool, o, reads, inTurn, f)
		if err != nil && try < 4 && !errors.Is(err, errAnswerLost) && pgconn.SafeToRetry(err) { // the connection was dead before anything was sent: take another
			continue
		}
		if err == nil || !isBeaten(err) || try == maxTries || ctx.Err() != nil {
			return classify(err)
		}
		if turns {
			d.turn.want()
		}
		pause := min(time.Duration(try)*2*time.Millisecond, 40*time.Millisecond)
		t := time.NewTimer(time.Duration(rand.Int64N(int64(pause)) + 1))
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return classify(ctx.Err())
		}
	}
}

func (d *DB) once(ctx context.Context, pool *sql.DB, o *sql.TxOptions, reads, inTurn bool, f func(*Tx) error) (err error) {
	t, err := pool.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	done := false
	defer func() {
		if !done {
			t.Rollback()
		}
	}()
	if inTurn { // before the first query, whose snapshot must see what those before wrote
		if _, err := t.ExecContext(ctx, takeTurn); err != nil {
			return fmt.Errorf("turn: %w", err)
		}
	}
	tx := &Tx{Now: d.Now().UTC(), Dialect: d.dialect, ctx: ctx, tx: t, readers: reads}
	err = f(tx)
	if tx.broken != nil && (err == nil || isBeaten(tx.broken) || isAftermath(err)) {
		return tx.broken
	}
	if err != nil {
		return err
	}
	if look := d.rehearsal.Load(); look != nil && !reads {
		(*look)(tx)
		done = true
		return t.Rollback()
	}
	done = true
	if err := t.Commit(); err != nil {
		t.Rollback()
		if !reads && !isRefusal(err) {
			for _, f := range tx.doubt {
				f()
			}
			return fmt.Errorf("%w: %w", errAnswerLost, err)
		}
		return fmt.Errorf("commit: %w", err)
	}
	for _, f := range tx.after {
		f()
	}
	return nil
}

// errAnswerLost says that a transaction may be durable or not: it is not tried again, for that could do its work twice.
var errAnswerLost = errors.New("commit: the answer was lost")

// isRefusal tells whether the database itself answered to a commit that it did not take place. A connection that broke and a server that
// went down while it was at it leave that open, also where the driver says that nothing was sent.
func isRefusal(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return !strings.HasPrefix(pg.Code, "57P") && !strings.HasPrefix(pg.Code, "08")
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		return s.Code()&0xff != sqlite3.SQLITE_IOERR
	}
	return errors.Is(err, pgx.ErrTxCommitRollback) || errors.Is(err, sql.ErrTxDone)
}

// isBeaten tells whether err means that another was faster or that too much was going on at once: the transaction is tried again.
func isBeaten(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01" || pg.Code == "53200" // the table of predicate locks is full
	}
	return isBusy(err)
}

// isAftermath tells whether err only says that an earlier statement failed.
func isAftermath(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "25P02"
}

func isBusy(err error) bool {
	var s *sqlite.Error
	return errors.As(err, &s) && (s.Code()&0xff == sqlite3.SQLITE_BUSY || s.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

// classify gives failures of the installation their kind; everything else passes unchanged.
func classify(err error) error {
	if err == nil || errs.Of(err) != errs.Internal {
		return err
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		switch s.Code() & 0xff {
		case sqlite3.SQLITE_FULL:
			return errs.Wrap(err, errs.Unavailable, "db.disk_full")
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
			return errs.Wrap(err, errs.Unavailable, "db.away")
		}
		return err
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch {
		case pg.Code == "53100":
			return errs.Wrap(err, errs.Unavailable, "db.disk_full")
		case strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "57P"), strings.HasPrefix(pg.Code, "53"),
			pg.Code == "25006", pg.Code == "40001", pg.Code == "40P01":
			return errs.Wrap(err, errs.Unavailable, "db.away")
		}
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) { // the time of the request went by while it waited for others
		return errs.Wrap(err, errs.Unavailable, "db.away")
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || pgconn.Timeout(err) || pgconn.SafeToRetry(err) || isConnLost(err) {
		return errs.Wrap(err, errs.Unavailable, "db.away")
	}
	return err
}

// IsUnique tells whether err says that a UNIQUE or PRIMARY KEY constraint refused a row.
func IsUnique(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var s *sqlite.Error
	return errors.As(err, &s) && (s.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || s.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}
