package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"image"
	_ "image/gif" // formats that are judged by decoding
	_ "image/jpeg"
	_ "image/png"
	"io"
	"slices"
	"time"

	_ "golang.org/x/image/webp"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/seal"
)

// Owner names a record whose key seals a content.
type Owner struct{ Kind, ID string }

// PutOptions say what is accepted.
type PutOptions struct {
	Name  string // what the device called it; only ever shown
	Limit int64  // bytes; 0: the installation's
	Allow []Type // nil: Anything
	Under Owner  // seals under this record's key, which must exist: the file is gone with the key, and kept once for each Put
}

func (o PutOptions) allow() []Type {
	if o.Allow == nil {
		return Anything
	}
	return o.Allow
}

var contentDigest = seal.MustIndex("blob", "content", 128)

// staged is an object that is in the store but not yet in the database.
type staged struct {
	row    contentRow
	name   string
	digest string       // of the plain content
	key    *seal.Record // to be kept; nil when sealed under a record's key
	kept   bool         // the database has it, or may have it
}

// Put takes in a content outside a transaction. It has no use yet: a record uses it within a day, or it is swept.
func (s *Store) Put(ctx context.Context, r io.Reader, o PutOptions) (Ref, error) {
	var under *seal.Record
	if o.Under != (Owner{}) {
		err := s.db.Read(ctx, func(tx *db.Tx) (err error) { under, err = s.vault.Find(tx, o.Under.Kind, o.Under.ID); return err })
		if err != nil {
			return Ref{}, err
		}
	}
	st, err := s.stage(ctx, r, o, under)
	if err != nil {
		return Ref{}, err
	}
	var ref Ref
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) { ref, err = s.add(tx, st); return err })
	if err != nil && !st.kept {
		s.discard(ctx, objectName(st.row.ID))
	}
	return ref, err
}

// PutIn is Put inside a write transaction, for small contents the program makes itself. What came from people is stored before the
// transaction (Received).
func (s *Store) PutIn(tx *db.Tx, r io.Reader, o PutOptions) (Ref, error) {
	var under *seal.Record
	if o.Under != (Owner{}) {
		var err error
		if under, err = s.vault.Find(tx, o.Under.Kind, o.Under.ID); err != nil {
			return Ref{}, err
		}
	}
	st, err := s.stage(tx.Context(), r, o, under)
	if err != nil {
		return Ref{}, err
	}
	return s.add(tx, st)
}

// objectName spreads objects over 1024 folders by the random end of the id.
func objectName(id string) string { return "c/" + id[24:] + "/" + id }

func streamName(id string) string { return "blob " + id }

// stage writes a sealed object and judges it. What is refused leaves nothing behind.
func (s *Store) stage(ctx context.Context, r io.Reader, o PutOptions, under *seal.Record) (*staged, error) {
	limit := o.Limit
	if limit <= 0 || limit > s.max {
		limit = s.max
	}
	head := make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	head = head[:n]
	first := sniff(head, n == headSize)
	name := nameFor(o.Name, Unknown)
	if n == 0 {
		return nil, errs.New(errs.Invalid, "blob.empty", name)
	}
	if first != ZIP && first != DOC && !slices.Contains(o.allow(), first) {
		return nil, refusal(first, name, o.allow())
	}
	id := ids.New(time.Now())
	st := &staged{row: contentRow{ID: id, KeyKind: o.Under.Kind, KeyID: o.Under.ID}}
	key := under
	if key == nil {
		if key, err = seal.NewRecord(contentKind, id); err != nil {
			return nil, err
		}
		st.key, st.row.KeyKind, st.row.KeyID = key, contentKind, id
	}
	stream, err := key.Stream(streamName(id))
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	err = s.backend.put(ctx, objectName(id), func(w io.Writer) error {
		sealed, err := stream.Writer(w)
		if err != nil {
			return err
		}
		size, err := copyLimited(io.MultiWriter(sealed, hashWriter{sum}), io.MultiReader(bytes.NewReader(head), r), limit)
		if errors.Is(err, errTooLarge) {
			return errs.New(errs.TooLarge, "blob.too_large", name, sizeWords(limit))
		}
		if err != nil {
			return err
		}
		st.row.Size = size
		return sealed.Close()
	})
	if err != nil {
		return nil, failed(err, "write a file")
	}
	st.digest = hex.EncodeToString(sum.Sum(nil))
	content := s.reader(ctx, st.row, stream)
	defer content.Close()
	typ, err := Judge(content, st.row.Size)
	if err == nil {
		st.row.Type, st.name = typ, nameFor(o.Name, typ)
		if !slices.Contains(o.allow(), typ) {
			err = refusal(typ, name, o.allow())
		} else if typ.Image() {
			err = checkImage(content, st.name)
		}
	}
	if err != nil {
		s.discard(ctx, objectName(id))
		return nil, failed(err, "judge a file")
	}
	return st, nil
}

func refusal(t Type, name string, allow []Type) error {
	switch t {
	case Macro:
		return errs.New(errs.Invalid, "blob.macro", name)
	case Locked:
		return errs.New(errs.Invalid, "blob.locked", name)
	}
	return errs.New(errs.Invalid, "blob.type", name, Words(allow))
}

// maxPixels bounds what is decoded: 60 million, more than any phone takes by default, 240 MB in memory at worst.
const maxPixels = 60 << 20

func checkImage(r io.ReadSeeker, name string) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	c, _, err := image.DecodeConfig(r)
	switch {
	case err != nil:
		return errs.Wrap(err, errs.Invalid, "blob.broken", name)
	case int64(c.Width)*int64(c.Height) > maxPixels:
		return errs.New(errs.Invalid, "blob.pixels", name, c.Width, c.Height)
	}
	return nil
}

// add writes the rows of a staged content, or finds the one that is there already.
func (s *Store) add(tx *db.Tx, st *staged) (Ref, error) {
	keep := func() { st.kept = true }
	tx.AfterCommit(keep)
	tx.InDoubt(keep)
	digest := ""
	if st.key != nil {
		var err error
		if digest, err = s.vault.Digest(contentDigest, st.digest); err != nil {
			return Ref{}, err
		}
		same, ok, err := findDigest(tx, digest)
		if err != nil {
			return Ref{}, fmt.Errorf("find a file's content: %w", err)
		}
		if ok && same.Size == st.row.Size {
			whole, err := s.present(tx.Context(), same)
			if err != nil {
				return Ref{}, err
			}
			if whole {
				ctx := context.WithoutCancel(tx.Context())
				tx.AfterCommit(func() { s.discard(ctx, objectName(st.row.ID)) })
				return same.ref(st.name), touchContent(tx, same.ID)
			}
		}
		if ok { // its object was lost: the new one is found from now on
			if err := dropDigest(tx, same.ID); err != nil {
				return Ref{}, err
			}
		}
		if err := s.vault.Keep(tx, st.key); err != nil {
			return Ref{}, err
		}
	}
	if err := insertContent(tx, st.row, digest); err != nil {
		return Ref{}, fmt.Errorf("add file %s: %w", st.row.ID, err)
	}
	return st.row.ref(st.name), nil
}

// present tells whether the object of a content is there.
func (s *Store) present(ctx context.Context, c contentRow) (bool, error) {
	r, err := s.backend.open(ctx, objectName(c.ID), 0)
	if isAbsent(err) {
		return false, nil
	}
	if err != nil {
		return false, failed(err, "look for a file")
	}
	return true, r.Close()
}

// discard removes an object nobody needs. What cannot be removed now is found by the nightly sweep.
func (s *Store) discard(ctx context.Context, objects ...string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	for _, o := range objects {
		s.backend.remove(ctx, o)
	}
}

var errTooLarge = errors.New("too large")

func copyLimited(w io.Writer, r io.Reader, limit int64) (int64, error) {
	n, err := io.Copy(w, io.LimitReader(r, limit+1))
	if err == nil && n > limit {
		err = errTooLarge
	}
	return n, err
}

type hashWriter struct{ hash.Hash }

func sizeWords(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%d GB", n>>30)
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d KB", max(1, n>>10))
}
