package blob

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/seal"
)

const (
	uploadLife = 24 * time.Hour // without a new byte, and after the last one until a form claims it
	uploadPart = 1 << 20        // what is received is safe after each so many bytes
	maxUploads = 100            // open at the same time, of one person
	quotaFiles = 10             // and together not larger than so many of the largest file
)

// errOffset says that an upload stands elsewhere than the sender thinks.
var errOffset = errs.New(errs.Conflict, "blob.offset")

// errUnfinished says that a form came before its upload was whole.
func errUnfinished(name string) error { return errs.New(errs.Invalid, "blob.unfinished", name) }

// upload is an upload as its sender sees it.
type upload struct {
	ID               string
	Length, Received int64
	Expires          time.Time
	Meta             string // Upload-Metadata as the sender gave it; only statUpload tells it
}

// maxMeta bounds what a sender may say of an upload beside its bytes.
const maxMeta = 8 << 10

func (s *Store) createUpload(tx *db.Tx, person string, length int64, name, meta string) (upload, error) {
	name = nameFor(name, Unknown)
	if length > s.max {
		return upload{}, errs.New(errs.TooLarge, "blob.too_large", name, sizeWords(s.max))
	}
	have, err := countUploads(tx, person)
	if err != nil {
		return upload{}, err
	}
	if have.N >= maxUploads || have.Size+length > quotaFiles*s.max {
		return upload{}, errs.New(errs.TooLarge, "blob.quota", sizeWords(quotaFiles*s.max))
	}
	id := ids.New(tx.Now)
	key, err := s.vault.Record(tx, uploadKind, id)
	if err != nil {
		return upload{}, err
	}
	sealed, err := key.Seal("name", []byte(name))
	if err != nil {
		return upload{}, err
	}
	row := uploadRow{ID: id, Person: person, Name: sealed, Length: length, ExpiresAt: tx.Now.Add(uploadLife)}
	if meta != "" {
		if row.Meta, err = key.Seal("meta", []byte(meta)); err != nil {
			return upload{}, err
		}
	}
	if err := insertUpload(tx, row); err != nil {
		return upload{}, fmt.Errorf("create an upload: %w", err)
	}
	return upload{ID: id, Length: length, Expires: row.ExpiresAt}, nil
}

// findMine finds an upload of a person. Another's, one that has expired and one that never was are all absent.
func (s *Store) findMine(tx *db.Tx, person, id string) (uploadRow, error) {
	if !ids.Valid(id) || person == "" {
		return uploadRow{}, errs.Absent("upload", "")
	}
	u, ok, err := findUpload(tx, id)
	if err != nil {
		return u, fmt.Errorf("find upload %s: %w", id, err)
	}
	if !ok || u.Person != person || tx.Now.After(u.ExpiresAt) {
		return u, errs.Absent("upload", id)
	}
	return u, nil
}

func (s *Store) statUpload(ctx context.Context, person, id string) (upload, error) {
	var u uploadRow
	var meta []byte
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if u, err = s.findMine(tx, person, id); err != nil || len(u.Meta) == 0 {
			return err
		}
		key, err := s.vault.Find(tx, uploadKind, id)
		if err == nil {
			meta, err = key.Unseal("meta", u.Meta)
		}
		return err
	})
	return upload{u.ID, u.Length, u.Received, u.ExpiresAt, string(meta)}, err
}

func partName(object string) string { return "u/" + object[24:] + "/" + object }

// appendUpload takes in bytes from an offset on. Whatever arrived before the connection broke is kept, in parts that are durable each for
// itself, so that neither a cut nor a crash costs more than one part. It returns how far the upload is now.
func (s *Store) appendUpload(ctx context.Context, person, id string, offset int64, body io.Reader) (upload, error) {
	keep := context.WithoutCancel(ctx) // the sender may be gone while what he sent is put away
	var u uploadRow
	var key *seal.Record
	err := s.db.Read(keep, func(tx *db.Tx) (err error) {
		if u, err = s.findMine(tx, person, id); err == nil {
			key, err = s.vault.Find(tx, uploadKind, id)
		}
		return err
	})
	at := func() upload { return upload{u.ID, u.Length, u.Received, u.ExpiresAt, ""} }
	if err != nil {
		return at(), err
	}
	if u.Received != offset {
		return at(), errOffset
	}
	in := bufio.NewReaderSize(body, 64<<10)
	for u.Received < u.Length {
		if _, cut := in.Peek(1); cut != nil {
			if cut != io.EOF {
				return at(), cut
			}
			return at(), nil
		}
		object := ids.New(time.Now())
		stream, err := key.Stream("part " + object)
		if err != nil {
			return at(), err
		}
		var size int64
		var cut error
		err = s.backend.put(keep, partName(object), func(w io.Writer) error {
			sealed, err := stream.Writer(w)
			if err != nil {
				return err
			}
			src := &noting{r: io.LimitReader(in, min(uploadPart, u.Length-u.Received))}
			if size, err = io.Copy(sealed, src); err != nil && src.err == nil {
				return err
			}
			cut = src.err
			return sealed.Close()
		})
		if err != nil {
			return at(), failed(err, "write a part of upload "+id)
		}
		moved, unknown := false, false
		err = s.db.Write(keep, func(tx *db.Tx) (err error) {
			tx.InDoubt(func() { unknown = true })
			u.ExpiresAt = tx.Now.Add(uploadLife)
			if moved, err = advanceUpload(tx, id, u.Received, u.Received+size, u.ExpiresAt); err == nil && moved {
				err = insertPart(tx, id, u.Received, size, object)
			}
			return err
		})
		if err != nil || !moved {
			if !unknown {
				s.discard(keep, partName(object))
			}
			if err == nil {
				err = errOffset
			}
			return at(), err
		}
		u.Received += size
		if cut != nil {
			return at(), cut
		}
	}
	if u.Content != "" {
		return at(), nil
	}
	return at(), s.finish(keep, u)
}

// noting remembers why reading ended, and reads as if it had ended well.
type noting struct {
	r   io.Reader
	err error
}

func (n *noting) Read(p []byte) (int, error) {
	k, err := n.r.Read(p)
	if err != nil && err != io.EOF {
		n.err, err = err, io.EOF
	}
	return k, err
}

// stageUpload stages the content of a whole upload.
func (s *Store) stageUpload(ctx context.Context, u uploadRow) (*staged, error) {
	var src *parts
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) { src, err = s.partsReader(tx, u); return err })
	if err != nil {
		return nil, err
	}
	defer src.Close()
	return s.stage(ctx, src, PutOptions{Name: src.name, Allow: Papers}, nil)
}

// finish makes a content of a whole upload. What is refused takes the upload with it.
func (s *Store) finish(ctx context.Context, u uploadRow) error {
	st, err := s.stageUpload(ctx, u)
	if err != nil {
		if errs.Is(err, errs.Invalid) {
			if derr := s.db.Write(ctx, func(tx *db.Tx) error { return s.removeUpload(tx, u.ID) }); derr != nil {
				return derr
			}
		}
		return err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error { return s.finishWith(tx, u.ID, st) })
	if err != nil && !st.kept {
		s.discard(ctx, objectName(st.row.ID))
	}
	return err
}

func (s *Store) finishWith(tx *db.Tx, id string, st *staged) error {
	u, ok, err := findUpload(tx, id)
	if err != nil {
		return err
	}
	ctx := context.WithoutCancel(tx.Context())
	if !ok || u.Content != "" { // ended or finished by another request meanwhile
		tx.AfterCommit(func() { s.discard(ctx, objectName(st.row.ID)) })
		return nil
	}
	ref, err := s.add(tx, st)
	if err != nil {
		return err
	}
	if err := finishUpload(tx, id, ref.ID); err != nil {
		return err
	}
	return s.dropParts(tx, id)
}

func (s *Store) dropParts(tx *db.Tx, id string) error {
	list, err := partsOf(tx, id)
	if err != nil {
		return err
	}
	var names []string
	for _, p := range list {
		names = append(names, partName(p.Object))
	}
	ctx := context.WithoutCancel(tx.Context())
	tx.AfterCommit(func() { s.discard(ctx, names...) })
	return deleteParts(tx, id)
}

func (s *Store) removeUpload(tx *db.Tx, id string) error {
	err := s.dropParts(tx, id)
	if err == nil {
		err = deleteUpload(tx, id)
	}
	if err == nil {
		err = s.vault.Forget(tx, uploadKind, id)
	}
	if err != nil {
		return fmt.Errorf("remove upload %s: %w", id, err)
	}
	return nil
}

func (s *Store) endUpload(ctx context.Context, person, id string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.findMine(tx, person, id); err != nil {
			return err
		}
		return s.removeUpload(tx, id)
	})
}

// parts reads the parts of an upload one after the other.
type parts struct {
	s    *Store
	ctx  context.Context
	key  *seal.Record
	list []partRow
	name string
	now  *seal.Reader
}

func (s *Store) partsReader(tx *db.Tx, u uploadRow) (*parts, error) {
	key, err := s.vault.Find(tx, uploadKind, u.ID)
	if err != nil {
		return nil, err
	}
	name, err := key.Unseal("name", u.Name)
	if err != nil {
		return nil, err
	}
	list, err := partsOf(tx, u.ID)
	return &parts{s: s, ctx: tx.Context(), key: key, list: list, name: string(name)}, err
}

func (p *parts) Read(b []byte) (int, error) {
	for {
		if p.now == nil {
			if len(p.list) == 0 {
				return 0, io.EOF
			}
			part := p.list[0]
			p.list = p.list[1:]
			stream, err := p.key.Stream("part " + part.Object)
			if err != nil {
				return 0, err
			}
			p.now = stream.Reader(part.Size, func(offset int64) (io.ReadCloser, error) {
				return p.s.backend.open(p.ctx, partName(part.Object), offset)
			})
		}
		n, err := p.now.Read(b)
		if errors.Is(err, io.EOF) {
			p.now.Close()
			p.now = nil
			err = nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (p *parts) Close() {
	if p.now != nil {
		p.now.Close()
	}
}
