package blob

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"syscall"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/seal"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of tables blob_content, blob_use, blob_upload and blob_part.
func Migrations() db.Migrations { return db.Migrations{Room: "blob", FS: migrations} }

//go:embed text.*.toml
var text embed.FS

// Text is the wording of what is refused.
var Text fs.FS = text

// Ref names a content. Rooms keep ID in their tables, or nothing at all and ask Of.
type Ref struct {
	ID   string
	Type Type
	Size int64
	Name string // for people: what the device called it, with an extension that fits; "" from Find
}

// Zero tells whether r names nothing.
func (r Ref) Zero() bool { return r.ID == "" }

// Options open a Store.
type Options struct {
	URL       string              // folder:PATH or s3://BUCKET?endpoint=HOST&region=NAME
	Max       int64               // largest file in bytes
	Existing  bool                // do not make a folder that is missing; the error is fs.ErrNotExist
	Transport http.RoundTripper   // for S3; nil: the default
	Getenv    func(string) string // for the keys of S3
}

// Store keeps the files of an installation. It is safe for concurrent use.
type Store struct {
	db      *db.DB
	vault   *seal.Vault
	backend backend
	max     int64
	images  chan struct{} // decoding a photograph takes tens of megabytes: one at a time
}

// Open opens the store of an installation.
func Open(ctx context.Context, d *db.DB, v *seal.Vault, o Options) (*Store, error) {
	b, err := openBackend(ctx, o)
	if err != nil {
		return nil, err
	}
	if o.Max <= 0 {
		o.Max = 100 << 20
	}
	return &Store{db: d, vault: v, backend: b, max: o.Max, images: make(chan struct{}, 1)}, nil
}

// Max is the size of the largest file accepted.
func (s *Store) Max() int64 { return s.max }

// Check tells whether the store answers and can be written to, by writing a small object and removing it.
func (s *Store) Check(ctx context.Context) error {
	const name = "writable"
	if err := s.backend.put(ctx, name, func(w io.Writer) error { _, err := io.WriteString(w, "ok"); return err }); err != nil {
		return err
	}
	return s.backend.remove(ctx, name)
}

// Close lets go of the folder.
func (s *Store) Close() error { return s.backend.close() }

// failed gives failures of the store their kind.
func failed(err error, deed string) error {
	switch {
	case err == nil:
		return nil
	case errs.Of(err) != errs.Internal, errors.Is(err, context.Canceled), errors.Is(err, fs.ErrNotExist):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return errs.Wrap(fmt.Errorf("%s: %w", deed, err), errs.Unavailable, "blob.disk_full")
	}
	return errs.Wrap(fmt.Errorf("%s: %w", deed, err), errs.Unavailable, "blob.away")
}

const (
	contentKind = "blob"        // records of seal: a content's own key
	uploadKind  = "blob_upload" // an upload that is coming in
)

// unusedFor is how long a content may be without use.
const unusedFor = 24 * time.Hour

// backend is where sealed objects lie. Names are made here, never of anything typed.
type backend interface {
	// put writes an object whole or not at all, durable when it returns. fill gives the bytes.
	put(ctx context.Context, name string, fill func(io.Writer) error) error
	// open reads an object from an offset on; fs.ErrNotExist when there is none.
	open(ctx context.Context, name string, offset int64) (io.ReadCloser, error)
	// remove removes an object; one that is not there is no error.
	remove(ctx context.Context, name string) error
	// list calls f with every object.
	list(ctx context.Context, f func(name string, size int64, changed time.Time) error) error
	close() error
}
