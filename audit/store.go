package audit

import (
	"encoding/base64"
	"iter"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"chungtay/internal/db"
	"chungtay/internal/ids"
	"chungtay/policy"
)

func decode64(s string) ([]byte, error) { return base64.StdEncoding.DecodeString(s) }

const entryColumns = `id, at, action, person_id, person_name, unit_id, delegated_by, purpose, record_kind, record_id, change, ref`

func insertEntry(tx *db.Tx, e Entry) error {
	_, err := tx.Exec(`INSERT INTO audit_entry (`+entryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		e.ID, e.At, e.Action, e.PersonID, e.PersonName, e.UnitID, e.DelegatedBy, e.Purpose, e.RecordKind, e.RecordID, e.Change, e.Ref)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO audit_waiting (entry_id) VALUES ($1)`, e.ID)
	return err
}

// listAbove returns the units above a unit.
func listAbove(tx *db.Tx, unit string) ([]string, error) {
	return db.All[string](tx, strings.Replace(policy.UnitsAbove, "?", "$1", 1), unit)
}

// lockTree lets one sequencer at a time in, over all nodes.
func lockTree(tx *db.Tx) error {
	if tx.Dialect == db.Postgres {
		_, err := tx.Exec(`SELECT pg_advisory_xact_lock(7305112027)`)
		return err
	}
	return nil
}

func treeSize(tx *db.Tx) (int64, error) {
	return db.One[int64](tx, `SELECT COALESCE(MAX(seq) + 1, 0) FROM audit_leaf`)
}

func listWaiting(tx *db.Tx, limit int) ([]Entry, error) {
	return db.All[Entry](tx, `SELECT `+entryColumns+` FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_waiting ORDER BY entry_id LIMIT $1) ORDER BY id`, limit)
}

func endWaiting(tx *db.Tx, id string) error {
	return tx.Must1(`DELETE FROM audit_waiting WHERE entry_id = $1`, id)
}

// eachUnsequenced looks through the whole log for entries without a place in the tree.
func eachUnsequenced(tx *db.Tx) iter.Seq2[Entry, error] {
	return db.Each[Entry](tx, `SELECT `+entryColumns+` FROM audit_entry e
		WHERE NOT EXISTS (SELECT 1 FROM audit_leaf l WHERE l.entry_id = e.id) ORDER BY at, id`)
}

func insertNode(tx *db.Tx, idx int64, h tlog.Hash) error {
	_, err := tx.Exec(`INSERT INTO audit_node (idx, hash) VALUES ($1, $2)`, idx, h[:])
	return err
}

func insertLeaf(tx *db.Tx, seq int64, entry string, h tlog.Hash) error {
	_, err := tx.Exec(`INSERT INTO audit_leaf (seq, entry_id, hash) VALUES ($1, $2, $3)`, seq, entry, h[:])
	return err
}

func insertHead(tx *db.Tx, size int64, note string) error {
	_, err := tx.Exec(`INSERT INTO audit_head (size, at, note) VALUES ($1, $2, $3)`, size, tx.Now, note)
	return err
}

type headRow struct {
	Size int64     `db:"size"`
	At   time.Time `db:"at"`
	Note string    `db:"note"`
}

func newestHead(tx *db.Tx) (headRow, bool, error) {
	return db.Find[headRow](tx, `SELECT size, at, note FROM audit_head ORDER BY size DESC LIMIT 1`)
}

func listHeads(tx *db.Tx) ([]headRow, error) {
	return db.All[headRow](tx, `SELECT size, at, note FROM audit_head ORDER BY size`)
}

type leafRow struct {
	Seq     int64  `db:"seq"`
	EntryID string `db:"entry_id"`
	Hash    []byte `db:"hash"`
	Entry
}

// eachLeaf yields the log in its order with the entries; an entry that is gone has an empty id.
func eachLeaf(tx *db.Tx) iter.Seq2[leafRow, error] {
	return db.Each[leafRow](tx, `SELECT l.seq, l.entry_id, l.hash, COALESCE(e.id, '') AS id, e.at, e.action, e.person_id, e.person_name, e.unit_id,
		e.delegated_by, e.purpose, e.record_kind, e.record_id, e.change, e.ref
		FROM audit_leaf l LEFT JOIN audit_entry e ON e.id = l.entry_id ORDER BY l.seq`)
}

func nodeReader(tx *db.Tx) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			b, err := db.One[[]byte](tx, `SELECT hash FROM audit_node WHERE idx = $1`, x)
			if err != nil {
				return nil, err
			}
			copy(out[i][:], b)
		}
		return out, nil
	})
}

// Filter says which entries a list shows.
type Filter struct {
	Person, Unit, Record, Action string
	From, Until                  time.Time     // Until is exclusive
	Before                       string        // continue after this entry id (the last of the page before)
	Limit                        int           // 0: 50
	Within                       *policy.Scope // nil: the whole log
}

// List returns entries, newest first. It reads an index in its order and stops after Limit, so that a million entries cost no more than
// a thousand.
func List(tx *db.Tx, f Filter) ([]Entry, error) {
	w := f.where()
	if f.Limit <= 0 {
		f.Limit = 50
	}
	limit := w.Arg(f.Limit)
	return db.All[Entry](tx, `SELECT `+entryColumns+` FROM audit_entry`+w.SQL()+` ORDER BY id DESC LIMIT `+limit, w.Args()...)
}

func (f Filter) where() db.Where {
	var w db.Where
	if f.Within != nil {
		cond, args := f.Within.SQL(policy.Columns{Unit: "unit_id", Person: "person_id"})
		w.And(cond, args...)
	}
	if f.Person != "" {
		w.And("person_id = ?", f.Person)
	}
	if f.Unit != "" {
		w.And("unit_id = ?", f.Unit)
	}
	if f.Record != "" {
		w.And("record_id = ?", f.Record)
	}
	if f.Action != "" {
		w.And("action = ?", f.Action)
	}
	if !f.From.IsZero() {
		w.And("id >= ?", ids.Least(f.From))
	}
	if !f.Until.IsZero() {
		w.And("id < ?", ids.Least(f.Until))
	}
	if f.Before != "" {
		w.And("id < ?", f.Before)
	}
	return w
}

// listActions returns the actions that occur in the log. It jumps from one to the next in the index instead of reading them all.
func listActions(tx *db.Tx) ([]string, error) {
	return db.All[string](tx, `WITH RECURSIVE step (action) AS (
			SELECT (SELECT MIN(action) FROM audit_entry)
			UNION ALL SELECT (SELECT MIN(e.action) FROM audit_entry e WHERE e.action > step.action) FROM step WHERE step.action IS NOT NULL)
		SELECT action FROM step WHERE action IS NOT NULL`)
}

type placed struct {
	Entry
	Seq  *int64 `db:"seq"`
	Hash []byte `db:"hash"`
}

func findEntry(tx *db.Tx, id string) (placed, bool, error) {
	return db.Find[placed](tx, `SELECT e.id, e.at, e.action, e.person_id, e.person_name, e.unit_id, e.delegated_by, e.purpose, e.record_kind, e.record_id, e.change, e.ref,
		l.seq, l.hash FROM audit_entry e LEFT JOIN audit_leaf l ON l.entry_id = e.id WHERE e.id = $1`, id)
}

func lastHeads(tx *db.Tx, limit int) ([]headRow, error) {
	return db.All[headRow](tx, `SELECT size, at, note FROM audit_head ORDER BY size DESC LIMIT $1`, limit)
}

func findHead(tx *db.Tx, size int64) (headRow, bool, error) {
	return db.Find[headRow](tx, `SELECT size, at, note FROM audit_head WHERE size = $1`, size)
}

// moreThan tells whether a filter covers more than n entries.
func moreThan(tx *db.Tx, f Filter, n int) (bool, error) {
	w := f.where()
	_, more, err := db.Find[string](tx, `SELECT id FROM audit_entry`+w.SQL()+` ORDER BY id DESC LIMIT 1 OFFSET `+w.Arg(n), w.Args()...)
	return more, err
}
