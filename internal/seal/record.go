package seal

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	aeadsubtle "github.com/tink-crypto/tink-go/v2/aead/subtle"

	"chungtay/internal/db"
	"chungtay/internal/errs"
)

// ErrDestroyed is the cause when a record's key was destroyed; the error's kind is NotFound.
var ErrDestroyed = errors.New("the key was destroyed")

// ErrBroken is the cause when a value does not open: damaged, or sealed for another record or field.
var ErrBroken = errors.New("the sealed value does not open")

// Record opens and seals the fields of one record. It lives no longer than the transaction it came from.
type Record struct {
	kind, id string
	data     []byte // data key
	fields   *aeadsubtle.AESGCM
}

const dataKeySize = 32

// NewRecord makes a data key for a record that is not in the database yet, so that slow work (a file) can be sealed before the
// transaction. Keep saves the key.
func NewRecord(kind, id string) (*Record, error) {
	k := make([]byte, dataKeySize)
	rand.Read(k)
	return newRecord(kind, id, k)
}

func newRecord(kind, id string, data []byte) (*Record, error) {
	sub, err := hkdf.Key(sha256.New, data, nil, "chungtay fields", 32)
	if err != nil {
		return nil, err
	}
	a, err := aeadsubtle.NewAESGCM(sub)
	if err != nil {
		return nil, err
	}
	return &Record{kind, id, data, a}, nil
}

// Keep saves the key of a record made by NewRecord. The record must not have one yet.
func (v *Vault) Keep(tx *db.Tx, r *Record) error {
	ring, err := v.current(tx)
	if err != nil {
		return fmt.Errorf("keep the key of %s %s: %w", r.kind, r.id, err)
	}
	k, err := ring.wrap(r.kind, r.id, r.data)
	if err == nil {
		err = insertKey(tx, k)
	}
	if err != nil {
		return fmt.Errorf("keep the key of %s %s: %w", r.kind, r.id, err)
	}
	return nil
}

func (g *ring) wrap(kind, id string, data []byte) (keyRow, error) {
	w, err := g.aead.Encrypt(data, bind("key", kind, id))
	return keyRow{Kind: kind, ID: id, Wrapped: w, Master: int64(g.primary)}, err
}

// Record returns the record's key, made when it has none yet (which needs a write transaction). A destroyed key is ErrDestroyed.
func (v *Vault) Record(tx *db.Tx, kind, id string) (*Record, error) {
	if kind == "" || id == "" {
		return nil, errors.New("seal: a record needs a kind and an id")
	}
	row, ok, err := findKey(tx, kind, id)
	if err != nil {
		return nil, fmt.Errorf("key of %s %s: %w", kind, id, err)
	}
	if ok {
		return v.unwrap(tx, row)
	}
	r, err := NewRecord(kind, id)
	if err != nil {
		return nil, err
	}
	return r, v.Keep(tx, r)
}

// Find is Record for a record that must have a key already; without one it is NotFound.
func (v *Vault) Find(tx *db.Tx, kind, id string) (*Record, error) {
	row, ok, err := findKey(tx, kind, id)
	if err != nil {
		return nil, fmt.Errorf("key of %s %s: %w", kind, id, err)
	}
	if !ok {
		return nil, errs.Absent("key of "+kind, id)
	}
	return v.unwrap(tx, row)
}

// Records returns the keys of many records of one kind, for lists. Records without a key and destroyed ones are missing in the map.
func (v *Vault) Records(tx *db.Tx, kind string, ids []string) (map[string]*Record, error) {
	rows, err := findKeys(tx, kind, ids)
	if err != nil {
		return nil, fmt.Errorf("keys of %d %s: %w", len(ids), kind, err)
	}
	out := make(map[string]*Record, len(rows))
	for _, row := range rows {
		r, err := v.unwrap(tx, row)
		if errors.Is(err, ErrDestroyed) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out[row.ID] = r
	}
	return out, nil
}

func (v *Vault) unwrap(tx *db.Tx, row keyRow) (*Record, error) {
	if !row.DestroyedAt.IsZero() {
		return nil, errs.Wrap(fmt.Errorf("%s %s: %w", row.Kind, row.ID, ErrDestroyed), errs.NotFound, "seal.destroyed")
	}
	data, err := v.ring.Load().aead.Decrypt(row.Wrapped, bind("key", row.Kind, row.ID))
	if err != nil { // wrapped by a master key this node has not seen yet
		g, err := v.current(tx)
		if err != nil {
			return nil, err
		}
		if data, err = g.aead.Decrypt(row.Wrapped, bind("key", row.Kind, row.ID)); err != nil {
			return nil, broken(row.Kind, row.ID, "its key")
		}
	}
	return newRecord(row.Kind, row.ID, data)
}

func broken(kind, id, field string) error {
	return errs.Wrap(fmt.Errorf("%s of %s %s: %w", field, kind, id, ErrBroken), errs.Internal, "seal.broken")
}

const (
	sealVersion = 1  // first byte of every sealed field
	padStep     = 32 // lengths are rounded up to it
)

// Seal seals one field. The same text sealed twice gives different bytes; an empty text is sealed like any other.
func (r *Record) Seal(field string, plain []byte) ([]byte, error) {
	padded := make([]byte, (len(plain)/padStep+1)*padStep)
	padded[copy(padded, plain)] = 0x80
	c, err := r.fields.Encrypt(padded, bind(r.kind, r.id, field))
	if err != nil {
		return nil, fmt.Errorf("seal %s of %s %s failed", field, r.kind, r.id)
	}
	return append([]byte{sealVersion}, c...), nil
}

// Unseal opens one field. What was sealed for another record or field, or changed by a single bit, is ErrBroken.
func (r *Record) Unseal(field string, sealed []byte) ([]byte, error) {
	if len(sealed) < 1 || sealed[0] != sealVersion {
		return nil, broken(r.kind, r.id, field)
	}
	p, err := r.fields.Decrypt(sealed[1:], bind(r.kind, r.id, field))
	if err != nil {
		return nil, broken(r.kind, r.id, field)
	}
	p = bytes.TrimRight(p, "\x00")
	if len(p) == 0 || p[len(p)-1] != 0x80 {
		return nil, broken(r.kind, r.id, field)
	}
	return p[:len(p)-1], nil
}

// Seal seals one field of a record, making the record's key when it has none.
func (v *Vault) Seal(tx *db.Tx, kind, id, field string, plain []byte) ([]byte, error) {
	r, err := v.Record(tx, kind, id)
	if err != nil {
		return nil, err
	}
	return r.Seal(field, plain)
}

// Unseal opens one field of a record.
func (v *Vault) Unseal(tx *db.Tx, kind, id, field string, sealed []byte) ([]byte, error) {
	r, err := v.Find(tx, kind, id)
	if err != nil {
		return nil, err
	}
	return r.Unseal(field, sealed)
}

// Destroy destroys a record's key for ever; doing it twice, or before there was a key, is the same. The record can never be sealed again.
func (v *Vault) Destroy(tx *db.Tx, kind, id string) error {
	if err := destroyKey(tx, kind, id, tx.Now); err != nil {
		return fmt.Errorf("destroy the key of %s %s: %w", kind, id, err)
	}
	return nil
}

// Forget removes a key without leaving a tombstone: for records whose random id never comes back and whose absence says enough (files).
func (v *Vault) Forget(tx *db.Tx, kind, id string) error {
	if err := deleteKey(tx, kind, id); err != nil {
		return fmt.Errorf("forget the key of %s %s: %w", kind, id, err)
	}
	return nil
}

// Tombstone is a destroyed key.
type Tombstone struct {
	Kind        string    `db:"kind" json:"kind"`
	ID          string    `db:"id" json:"id"`
	DestroyedAt time.Time `db:"destroyed_at" json:"destroyed_at"`
}

// Tombstones lists all destroyed keys. They hold no personal data and belong beside every backup (`chungtay keys destroyed`), so that Bury can
// repeat the destructions that are younger than the backup restored (`chungtay restore --destroyed`).
func Tombstones(tx *db.Tx) ([]Tombstone, error) { return tombstones(tx) }

// Bury destroys the keys listed, again where a restored backup has brought them back.
func Bury(tx *db.Tx, dead []Tombstone) error {
	for _, t := range dead {
		if err := destroyKey(tx, t.Kind, t.ID, t.DestroyedAt); err != nil {
			return fmt.Errorf("destroy the key of %s %s again: %w", t.Kind, t.ID, err)
		}
	}
	return nil
}
