// Package db is the one way to the database: SQLite in one file, or PostgreSQL, behind one SQL text.
//
// A request, a job or a command is one transaction. It is opened by Read or Write, carries the only clock (Tx.Now) and is given down
// to every operation:
//
//	err := d.Write(ctx, func(tx *db.Tx) error { return directive.Issue(tx, by, id) })
//
// Isolation is the same on both databases, so one argument about correctness serves both: a write transaction is serialisable (SQLite:
// the one writer, BEGIN IMMEDIATE; PostgreSQL: SERIALIZABLE) and a read transaction sees one snapshot. A serialisation failure is
// retried by running the function again from the start; the function must therefore keep its effects in the transaction, and put what
// must happen once after it into Tx.AfterCommit. On PostgreSQL writers go in turn for a while after one was beaten (decision 0112).
//
// Storage conventions, the same on both: instants are BIGINT Unix milliseconds, dates TEXT YYYY-MM-DD (civil.Date), truth BIGINT 0/1,
// ids TEXT, amounts BIGINT đồng, bytes BYTEA, JSON TEXT (db.JSON). The row mapper converts time.Time and bool both ways; a zero
// time.Time is NULL.
//
// Placeholders are $1, $2… in both. What differs between the databases (full-text search, row locks) is asked from Tx.Dialect in the
// few places that need it, and in migrations is marked with "-- only: sqlite" or "-- only: postgres" lines.
package db
