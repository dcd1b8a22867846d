package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/seal"
	"chungtay/internal/web"
)

func isAbsent(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// Find returns what is known of a content; the name is the user's and stays empty.
func (s *Store) Find(tx *db.Tx, id string) (Ref, error) {
	c, ok, err := findContent(tx, id)
	if err != nil {
		return Ref{}, fmt.Errorf("find file %s: %w", id, err)
	}
	if !ok {
		return Ref{}, errs.Absent("file", id)
	}
	return c.ref(""), nil
}

// Open opens a content outside a transaction. It may be read from the middle; only what is read is fetched.
func (s *Store) Open(ctx context.Context, ref Ref) (*Content, error) {
	var c *Content
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) { c, err = s.OpenIn(tx, ref); return err })
	return c, err
}

// OpenIn is Open with the database as the transaction sees it. The content may be read after the transaction, as long as its context lives.
func (s *Store) OpenIn(tx *db.Tx, ref Ref) (*Content, error) {
	c, ok, err := findContent(tx, ref.ID)
	if err != nil {
		return nil, fmt.Errorf("find file %s: %w", ref.ID, err)
	}
	if !ok {
		return nil, errs.Absent("file", ref.ID)
	}
	key, err := s.vault.Find(tx, c.KeyKind, c.KeyID)
	if err != nil {
		return nil, err
	}
	stream, err := key.Stream(streamName(c.ID))
	if err != nil {
		return nil, err
	}
	return s.reader(tx.Context(), c, stream), nil
}

// Content is an opened file: io.ReadSeekCloser and io.ReaderAt.
type Content struct{ *seal.Reader }

func (s *Store) reader(ctx context.Context, c contentRow, stream seal.Stream) *Content {
	return &Content{stream.Reader(c.Size, func(offset int64) (io.ReadCloser, error) {
		r, err := s.backend.open(ctx, objectName(c.ID), offset)
		if isAbsent(err) {
			return nil, errs.Wrap(fmt.Errorf("file %s is missing in the store", c.ID), errs.Internal, "blob.missing")
		}
		return r, failed(err, "open file "+c.ID)
	})}
}

// File makes a download of a content under a name. Whoever calls it has decided that the reader may have it. Pictures, PDF and plain text
// are shown in the browser, everything else is saved.
func (s *Store) File(tx *db.Tx, ref Ref) (web.File, error) {
	c, err := s.OpenIn(tx, ref)
	if err != nil {
		return web.File{}, err
	}
	row, _, err := findContent(tx, ref.ID)
	if err != nil {
		return web.File{}, err
	}
	typ := string(row.Type)
	if row.Type == Plain {
		typ += "; charset=utf-8"
	}
	return web.File{Name: nameFor(ref.Name, row.Type), Type: typ, Size: row.Size, Inline: true, Open: func() (io.ReadCloser, error) { return c, nil }}, nil
}
