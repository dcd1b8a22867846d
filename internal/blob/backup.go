package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"chungtay/internal/db"
	"chungtay/internal/ids"
	"chungtay/internal/seal"
)

// Object is a sealed content as it lies in the store, for backups.
type Object struct {
	Name string
	Size int64
}

// Export calls each for every content with its sealed bytes. A content that cannot be read whole is named in the list returned and not
// given to each: a backup of the rest is worth more than none.
func (s *Store) Export(ctx context.Context, each func(o Object, r io.Reader) error) (missing []string, err error) {
	after := ""
	for {
		var rows []contentRow
		err := s.db.Read(ctx, func(tx *db.Tx) (err error) { rows, err = contentsAfter(tx, after, 500); return err })
		if err != nil {
			return missing, fmt.Errorf("list files: %w", err)
		}
		if len(rows) == 0 {
			return missing, nil
		}
		for _, c := range rows {
			after = c.ID
			r, err := s.backend.open(ctx, objectName(c.ID), 0)
			if isAbsent(err) {
				missing = append(missing, c.ID)
				continue
			}
			if err != nil {
				return missing, failed(err, "read file "+c.ID)
			}
			err = each(Object{objectName(c.ID), seal.SealedSize(c.Size)}, r)
			r.Close()
			if err != nil {
				return missing, err
			}
		}
	}
}

// errName refuses an object whose name this program would not have made.
var errName = errors.New("the name of an object in the backup is not one of ours")

// Import puts back an object that Export gave.
func (s *Store) Import(ctx context.Context, o Object, r io.Reader) error {
	id := o.Name[strings.LastIndexByte(o.Name, '/')+1:]
	if !ids.Valid(id) || o.Name != objectName(id) {
		return errName
	}
	return failed(s.backend.put(ctx, o.Name, func(w io.Writer) error {
		n, err := io.Copy(w, io.LimitReader(r, o.Size))
		if err == nil && n != o.Size {
			err = io.ErrUnexpectedEOF
		}
		return err
	}), "put back "+o.Name)
}

// Count tells how many contents there are.
func Count(tx *db.Tx) (int, error) { return countContents(tx) }

// Audit calls bad with every content whose object is missing or does not open, reading all of it when deep is set, else looking only
// whether it is there. It returns how many contents there are.
func (s *Store) Audit(ctx context.Context, deep bool, bad func(id string, err error)) (int, error) {
	after, n := "", 0
	for {
		var rows []contentRow
		err := s.db.Read(ctx, func(tx *db.Tx) (err error) { rows, err = contentsAfter(tx, after, 200); return err })
		if err != nil || len(rows) == 0 {
			return n, err
		}
		for _, c := range rows {
			after = c.ID
			n++
			if !deep {
				if there, err := s.present(ctx, c); err != nil {
					return n, err
				} else if !there {
					bad(c.ID, errors.New("missing"))
				}
				continue
			}
			content, err := s.Open(ctx, Ref{ID: c.ID})
			if err == nil {
				_, err = io.Copy(io.Discard, content)
				content.Close()
			}
			if err != nil && !errors.Is(err, seal.ErrDestroyed) {
				bad(c.ID, err)
			}
		}
	}
}

// AfterRestore ends the uploads that were coming in when a backup was made: their parts are not in it.
func AfterRestore(tx *db.Tx) error { return expireUnfinished(tx) }
