package seal

import (
	"time"

	"chungtay/internal/db"
)

type ringRow struct {
	Name      string    `db:"name"`
	Keyset    []byte    `db:"keyset"`
	KEK       int64     `db:"kek"`
	Version   int64     `db:"version"`
	ChangedAt time.Time `db:"changed_at"`
}

type keyRow struct {
	Kind        string    `db:"kind"`
	ID          string    `db:"id"`
	Wrapped     []byte    `db:"wrapped"`
	Master      int64     `db:"master"`
	DestroyedAt time.Time `db:"destroyed_at"`
}

func countRings(tx *db.Tx) (int, error) { return db.One[int](tx, `SELECT COUNT(*) FROM seal_ring`) }

func findRing(tx *db.Tx, name string) (ringRow, bool, error) {
	return db.Find[ringRow](tx, `SELECT name, keyset, kek, version, changed_at FROM seal_ring WHERE name = $1`, name)
}

func ringVersion(tx *db.Tx, name string) (int64, error) {
	return db.One[int64](tx, `SELECT version FROM seal_ring WHERE name = $1`, name)
}

func putRing(tx *db.Tx, r ringRow) error {
	_, err := tx.Exec(`INSERT INTO seal_ring (name, keyset, kek, version, changed_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (name) DO UPDATE SET keyset = excluded.keyset, kek = excluded.kek, version = excluded.version, changed_at = excluded.changed_at`,
		r.Name, r.Keyset, r.KEK, r.Version, r.ChangedAt)
	return err
}

func findKey(tx *db.Tx, kind, id string) (keyRow, bool, error) {
	return db.Find[keyRow](tx, `SELECT kind, id, wrapped, master, destroyed_at FROM seal_key WHERE kind = $1 AND id = $2`, kind, id)
}

// findKeys reads the keys of many records, a few hundred at a time: databases limit the placeholders of a statement.
func findKeys(tx *db.Tx, kind string, ids []string) ([]keyRow, error) {
	var out []keyRow
	for len(ids) > 0 {
		n := min(len(ids), 400)
		args := []any{kind}
		for _, id := range ids[:n] {
			args = append(args, id)
		}
		rows, err := db.All[keyRow](tx, `SELECT kind, id, wrapped, master, destroyed_at FROM seal_key WHERE kind = $1 AND id IN `+db.In(2, n), args...)
		if err != nil {
			return nil, err
		}
		out, ids = append(out, rows...), ids[n:]
	}
	return out, nil
}

func insertKey(tx *db.Tx, k keyRow) error {
	_, err := tx.Exec(`INSERT INTO seal_key (kind, id, wrapped, master, created_at) VALUES ($1, $2, $3, $4, $5)`, k.Kind, k.ID, k.Wrapped, k.Master, tx.Now)
	return err
}

func keysOfOthers(tx *db.Tx, master int64, limit int) ([]keyRow, error) {
	return db.All[keyRow](tx, `SELECT kind, id, wrapped, master, destroyed_at FROM seal_key WHERE master <> $1 AND destroyed_at IS NULL ORDER BY kind, id LIMIT $2`, master, limit)
}

func countKeysOf(tx *db.Tx, master int64) (int, error) {
	return db.One[int](tx, `SELECT COUNT(*) FROM seal_key WHERE master = $1 AND destroyed_at IS NULL`, master)
}

// rewrapKey does nothing when the key was destroyed or rewrapped meanwhile.
func rewrapKey(tx *db.Tx, k keyRow, was int64) error {
	_, err := tx.Exec(`UPDATE seal_key SET wrapped = $1, master = $2 WHERE kind = $3 AND id = $4 AND master = $5 AND destroyed_at IS NULL`, k.Wrapped, k.Master, k.Kind, k.ID, was)
	return err
}

func destroyKey(tx *db.Tx, kind, id string, at time.Time) error {
	_, err := tx.Exec(`INSERT INTO seal_key (kind, id, wrapped, master, created_at, destroyed_at) VALUES ($1, $2, NULL, 0, $3, $3)
		ON CONFLICT (kind, id) DO UPDATE SET wrapped = NULL, master = 0, destroyed_at = COALESCE(seal_key.destroyed_at, excluded.destroyed_at)`, kind, id, at)
	return err
}

func deleteKey(tx *db.Tx, kind, id string) error {
	_, err := tx.Exec(`DELETE FROM seal_key WHERE kind = $1 AND id = $2`, kind, id)
	return err
}

func tombstones(tx *db.Tx) ([]Tombstone, error) {
	return db.All[Tombstone](tx, `SELECT kind, id, destroyed_at FROM seal_key WHERE destroyed_at IS NOT NULL ORDER BY kind, id`)
}
