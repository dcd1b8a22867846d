package blob

import (
	"time"

	"chungtay/internal/db"
)

type contentRow struct {
	ID      string `db:"id"`
	Type    Type   `db:"type"`
	Size    int64  `db:"size"`
	KeyKind string `db:"key_kind"`
	KeyID   string `db:"key_id"`
}

func (c contentRow) ref(name string) Ref {
	return Ref{ID: c.ID, Type: c.Type, Size: c.Size, Name: name}
}

func findContent(tx *db.Tx, id string) (contentRow, bool, error) {
	return db.Find[contentRow](tx, `SELECT id, type, size, key_kind, key_id FROM blob_content WHERE id = $1`, id)
}

func findDigest(tx *db.Tx, digest string) (contentRow, bool, error) {
	return db.Find[contentRow](tx, `SELECT id, type, size, key_kind, key_id FROM blob_content WHERE digest = $1`, digest)
}

func insertContent(tx *db.Tx, c contentRow, digest string) error {
	_, err := tx.Exec(`INSERT INTO blob_content (id, digest, type, size, key_kind, key_id, created_at, unused_since) VALUES ($1, NULLIF($2, ''), $3, $4, $5, $6, $7, $8)`,
		c.ID, digest, c.Type, c.Size, c.KeyKind, c.KeyID, tx.Now, tx.Now)
	return err
}

// touchContent starts the day of an unused content anew.
func touchContent(tx *db.Tx, id string) error {
	_, err := tx.Exec(`UPDATE blob_content SET unused_since = $1 WHERE id = $2 AND unused_since IS NOT NULL`, tx.Now, id)
	return err
}

func dropDigest(tx *db.Tx, id string) error {
	_, err := tx.Exec(`UPDATE blob_content SET digest = NULL WHERE id = $1`, id)
	return err
}

func markUsed(tx *db.Tx, id string) error {
	_, err := tx.Exec(`UPDATE blob_content SET unused_since = NULL WHERE id = $1`, id)
	return err
}

func markUnused(tx *db.Tx, id string) error {
	_, err := tx.Exec(`UPDATE blob_content SET unused_since = $1 WHERE id = $2 AND unused_since IS NULL AND NOT EXISTS (SELECT 1 FROM blob_use WHERE blob = $3)`, tx.Now, id, id)
	return err
}

func isUsed(tx *db.Tx, id string) (bool, error) {
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM blob_use WHERE blob = $1`, id)
	return n > 0, err
}

func unusedContents(tx *db.Tx, before time.Time, limit int) ([]contentRow, error) {
	return db.All[contentRow](tx, `SELECT id, type, size, key_kind, key_id FROM blob_content WHERE unused_since < $1 ORDER BY unused_since LIMIT $2`, before, limit)
}

func deleteContent(tx *db.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM blob_content WHERE id = $1`, id)
	return err
}

func countContents(tx *db.Tx) (int, error) {
	return db.One[int](tx, `SELECT COUNT(*) FROM blob_content`)
}

func contentsAfter(tx *db.Tx, id string, limit int) ([]contentRow, error) {
	return db.All[contentRow](tx, `SELECT id, type, size, key_kind, key_id FROM blob_content WHERE id > $1 ORDER BY id LIMIT $2`, id, limit)
}

type useRow struct {
	contentRow
	Name []byte    `db:"name"`
	At   time.Time `db:"used_at"`
}

func insertUse(tx *db.Tx, blob, kind, record string, name []byte) error {
	_, err := tx.Exec(`INSERT INTO blob_use (blob, kind, record, name, used_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (blob, kind, record) DO UPDATE SET name = excluded.name`, blob, kind, record, name, tx.Now)
	return err
}

func deleteUse(tx *db.Tx, blob, kind, record string) error {
	_, err := tx.Exec(`DELETE FROM blob_use WHERE blob = $1 AND kind = $2 AND record = $3`, blob, kind, record)
	return err
}

func usesOf(tx *db.Tx, kind, record string) ([]useRow, error) {
	return db.All[useRow](tx, `SELECT c.id, c.type, c.size, c.key_kind, c.key_id, u.name, u.used_at FROM blob_use u JOIN blob_content c ON c.id = u.blob
		WHERE u.kind = $1 AND u.record = $2 ORDER BY u.used_at, c.id`, kind, record)
}

func findUse(tx *db.Tx, blob, kind, record string) (useRow, bool, error) {
	return db.Find[useRow](tx, `SELECT c.id, c.type, c.size, c.key_kind, c.key_id, u.name, u.used_at FROM blob_use u JOIN blob_content c ON c.id = u.blob
		WHERE u.blob = $1 AND u.kind = $2 AND u.record = $3`, blob, kind, record)
}

type uploadRow struct {
	ID        string    `db:"id"`
	Person    string    `db:"person"`
	Name      []byte    `db:"name"`
	Length    int64     `db:"length"`
	Received  int64     `db:"received"`
	Content   string    `db:"content"`
	ExpiresAt time.Time `db:"expires_at"`
	Meta      []byte    `db:"meta"`
}

func findUpload(tx *db.Tx, id string) (uploadRow, bool, error) {
	return db.Find[uploadRow](tx, `SELECT id, person, name, length, received, content, expires_at, meta FROM blob_upload WHERE id = $1`, id)
}

func insertUpload(tx *db.Tx, u uploadRow) error {
	_, err := tx.Exec(`INSERT INTO blob_upload (id, person, name, length, received, created_at, expires_at, meta) VALUES ($1, $2, $3, $4, 0, $5, $6, $7)`,
		u.ID, u.Person, u.Name, u.Length, tx.Now, u.ExpiresAt, u.Meta)
	return err
}

type openUploads struct {
	N    int64 `db:"n"`
	Size int64 `db:"size"`
}

func countUploads(tx *db.Tx, person string) (openUploads, error) {
	return db.One[openUploads](tx, `SELECT COUNT(*) AS n, COALESCE(SUM(length), 0) AS size FROM blob_upload WHERE person = $1 AND claimed_at IS NULL`, person)
}

// advanceUpload adds a part that follows what was received, and tells whether it did.
func advanceUpload(tx *db.Tx, id string, from, to int64, expires time.Time) (bool, error) {
	n, err := tx.Exec(`UPDATE blob_upload SET received = $1, expires_at = $2 WHERE id = $3 AND received = $4`, to, expires, id, from)
	return n == 1, err
}

func insertPart(tx *db.Tx, upload string, start, size int64, object string) error {
	_, err := tx.Exec(`INSERT INTO blob_part (upload, start, size, object) VALUES ($1, $2, $3, $4)`, upload, start, size, object)
	return err
}

type partRow struct {
	Start  int64  `db:"start"`
	Size   int64  `db:"size"`
	Object string `db:"object"`
}

func partsOf(tx *db.Tx, upload string) ([]partRow, error) {
	return db.All[partRow](tx, `SELECT start, size, object FROM blob_part WHERE upload = $1 ORDER BY start`, upload)
}

func deleteParts(tx *db.Tx, upload string) error {
	_, err := tx.Exec(`DELETE FROM blob_part WHERE upload = $1`, upload)
	return err
}

func partExists(tx *db.Tx, object string) (bool, error) {
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM blob_part WHERE object = $1`, object)
	return n > 0, err
}

func finishUpload(tx *db.Tx, id, content string) error {
	_, err := tx.Exec(`UPDATE blob_upload SET content = $1 WHERE id = $2`, content, id)
	return err
}

func claimUpload(tx *db.Tx, id string) error {
	_, err := tx.Exec(`UPDATE blob_upload SET claimed_at = $1 WHERE id = $2`, tx.Now, id)
	return err
}

func deleteUpload(tx *db.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM blob_upload WHERE id = $1`, id)
	return err
}

func expiredUploads(tx *db.Tx, limit int) ([]string, error) {
	return db.All[string](tx, `SELECT id FROM blob_upload WHERE expires_at < $1 ORDER BY expires_at LIMIT $2`, tx.Now, limit)
}

func expireUnfinished(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE blob_upload SET expires_at = 0 WHERE content IS NULL`)
	return err
}
