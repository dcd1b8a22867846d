package blob

import (
	"context"
	"fmt"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/seal"
)

// Use says that a record needs a content, under the name of ref. The same use twice is one; the later name stays.
func (s *Store) Use(tx *db.Tx, ref Ref, kind, record string) error {
	c, ok, err := findContent(tx, ref.ID)
	if err == nil && !ok {
		err = errs.Absent("file", ref.ID)
	}
	var key *seal.Record
	if err == nil {
		key, err = s.vault.Find(tx, c.KeyKind, c.KeyID)
	}
	var name []byte
	if err == nil {
		name, err = key.Seal(useField(ref.ID, kind, record), []byte(nameFor(ref.Name, c.Type)))
	}
	if err == nil {
		err = insertUse(tx, ref.ID, kind, record, name)
	}
	if err == nil {
		err = markUsed(tx, ref.ID)
	}
	if err != nil {
		return fmt.Errorf("use file %s for %s %s: %w", ref.ID, kind, record, err)
	}
	return nil
}

func useField(blob, kind, record string) string { return "name " + blob + " " + kind + " " + record }

// Unuse says that a record needs a content no more. A day after its last use it is swept.
func (s *Store) Unuse(tx *db.Tx, ref Ref, kind, record string) error {
	err := deleteUse(tx, ref.ID, kind, record)
	if err == nil {
		err = markUnused(tx, ref.ID)
	}
	if err != nil {
		return fmt.Errorf("unuse file %s for %s %s: %w", ref.ID, kind, record, err)
	}
	return nil
}

// Of lists the contents a record uses, in the order they came. Those whose key was destroyed are missing.
func (s *Store) Of(tx *db.Tx, kind, record string) ([]Ref, error) {
	rows, err := usesOf(tx, kind, record)
	if err != nil {
		return nil, fmt.Errorf("files of %s %s: %w", kind, record, err)
	}
	var out []Ref
	for _, u := range rows {
		ref, err := s.named(tx, u, kind, record)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, ref)
	}
	return out, nil
}

// Used returns a content as a record uses it; one that it does not use is absent. Download pages ask it, so that an id of
// another record's file opens nothing.
func (s *Store) Used(tx *db.Tx, id, kind, record string) (Ref, error) {
	u, ok, err := findUse(tx, id, kind, record)
	if err != nil {
		return Ref{}, fmt.Errorf("file %s of %s %s: %w", id, kind, record, err)
	}
	if !ok {
		return Ref{}, errs.Absent("file of "+kind, id)
	}
	return s.named(tx, u, kind, record)
}

func (s *Store) named(tx *db.Tx, u useRow, kind, record string) (Ref, error) {
	key, err := s.vault.Find(tx, u.KeyKind, u.KeyID)
	if err != nil {
		return Ref{}, err
	}
	name, err := key.Unseal(useField(u.ID, kind, record), u.Name)
	return u.ref(string(name)), err
}

// Erase is Unuse for what must not stay: a content that no other record uses is gone at once. Its key is forgotten in this transaction and
// the object removed after the commit.
func (s *Store) Erase(tx *db.Tx, ref Ref, kind, record string) error {
	if err := s.Unuse(tx, ref, kind, record); err != nil {
		return err
	}
	c, ok, err := findContent(tx, ref.ID)
	if err != nil || !ok {
		return err
	}
	if used, err := isUsed(tx, c.ID); err != nil || used {
		return err
	}
	err = deleteContent(tx, c.ID)
	if err == nil && c.KeyKind == contentKind {
		err = s.vault.Forget(tx, contentKind, c.ID)
	}
	if err != nil {
		return fmt.Errorf("erase file %s of %s %s: %w", ref.ID, kind, record, err)
	}
	keep := context.WithoutCancel(tx.Context())
	tx.AfterCommit(func() { s.discard(keep, objectName(c.ID)) })
	return nil
}
