package seal

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"

	"chungtay/internal/db"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of tables seal_ring and seal_key.
func Migrations() db.Migrations { return db.Migrations{Room: "seal", FS: migrations} }

//go:embed text.*.toml
var text embed.FS

// Text is the wording of what cannot be opened.
var Text fs.FS = text

// Vault seals and opens. It is safe for concurrent use and holds no data keys: a destroyed one is gone with the commit that destroys it.
type Vault struct {
	kek   *kek
	index *prf.Set
	mu    sync.Mutex // one reload at a time
	ring  atomic.Pointer[ring]
}

// ring is the keyset that wraps data keys, as of a version.
type ring struct {
	version int64
	primary uint32
	handle  *keyset.Handle
	aead    tink.AEAD
}

const (
	recordRing = "record"
	indexRing  = "index"
)

// Open opens the rings of a database with the key file. At the first start, when neither exists, it makes both. It refuses a key file
// others may read, a missing one when the database has rings, and one that does not open them; the error says the cure.
func Open(ctx context.Context, d *db.DB, f KeyFile) (*Vault, error) {
	k, err := f.read()
	made := false
	if errors.Is(err, fs.ErrNotExist) {
		var rings int
		err = d.Read(ctx, func(tx *db.Tx) (err error) { rings, err = countRings(tx); return err })
		if err == nil && rings > 0 {
			k, err = f.read() // another process may have made both since
		}
		if err != nil && errors.Is(err, fs.ErrNotExist) {
			err = noKeyFile(f)
		}
		if err == nil && k == nil {
			if k, err = f.create(); errors.Is(err, fs.ErrExist) { // another process was first
				k, err = f.read()
			} else {
				made = err == nil
			}
		}
	}
	if err != nil {
		return nil, err
	}
	v := &Vault{kek: k}
	err = d.Write(ctx, v.start)
	if err != nil && made { // another node made the rings meanwhile with its own file: ours opens nothing
		os.Remove(f.Path)
	}
	if err != nil {
		return nil, fmt.Errorf("open sealed data with %s: %w", f.Path, err)
	}
	return v, nil
}

// ErrNoRings is the cause when a database has no rings yet: they are made at the first start.
var ErrNoRings = errors.New("the keys are not made yet")

// OpenExisting is Open that writes nothing: no key file and no ring is made, and nothing is wrapped anew.
func OpenExisting(ctx context.Context, d *db.DB, f KeyFile) (*Vault, error) {
	v := &Vault{}
	err := d.Read(ctx, func(tx *db.Tx) error {
		n, err := countRings(tx)
		switch {
		case err != nil:
			return err
		case n == 0:
			return ErrNoRings
		}
		if v.kek, err = f.read(); errors.Is(err, fs.ErrNotExist) {
			return noKeyFile(f)
		} else if err != nil {
			return err
		}
		return v.start(tx)
	})
	if err != nil {
		return nil, fmt.Errorf("open sealed data with %s: %w", f.Path, err)
	}
	return v, nil
}

func noKeyFile(f KeyFile) error {
	return fmt.Errorf("%w at %s, but this database was sealed with one: put back the copy kept apart (keys.file); without it sealed data are lost", ErrNoKeyFile, f.Path)
}

// start reads the rings and, in a transaction that may write, makes missing ones, and wraps anew those that an older key of the key file wraps.
func (v *Vault) start(tx *db.Tx) error {
	for name, template := range map[string]func() *tinkpb.KeyTemplate{recordRing: aead.XAES256GCM192BitNonceKeyTemplate, indexRing: prf.HMACSHA256PRFKeyTemplate} {
		row, ok, err := findRing(tx, name)
		if err != nil {
			return err
		}
		var h *keyset.Handle
		if ok {
			h, err = v.kek.open(row)
		} else if tx.ReadOnly() {
			err = fmt.Errorf("the ring %q is gone from the database", name)
		} else {
			h, err = keyset.NewHandle(template())
			row = ringRow{Name: name}
		}
		if err == nil && row.KEK != int64(v.kek.primary) && !tx.ReadOnly() {
			row, err = v.saveRing(tx, row, h)
		}
		if err != nil {
			return err
		}
		if name == recordRing {
			r, err := newRing(row.Version, h)
			if err != nil {
				return err
			}
			v.ring.Store(r)
		} else if v.index, err = prf.NewPRFSet(h); err != nil {
			return err
		}
	}
	return nil
}

func newRing(version int64, h *keyset.Handle) (*ring, error) {
	a, err := aead.New(h)
	if err != nil {
		return nil, err
	}
	return &ring{version, h.KeysetInfo().GetPrimaryKeyId(), h, a}, nil
}

func (k *kek) open(row ringRow) (*keyset.Handle, error) {
	h, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(row.Keyset)), k.aead, bind("ring", row.Name))
	if err != nil {
		return nil, errors.New("this database was sealed with another key file: put back the one that belongs to it (keys.file)")
	}
	return h, nil
}

func (v *Vault) saveRing(tx *db.Tx, row ringRow, h *keyset.Handle) (ringRow, error) {
	var b bytes.Buffer
	if err := h.WriteWithAssociatedData(keyset.NewBinaryWriter(&b), v.kek.aead, bind("ring", row.Name)); err != nil {
		return row, err
	}
	row.Keyset, row.KEK, row.Version, row.ChangedAt = b.Bytes(), int64(v.kek.primary), row.Version+1, tx.Now
	return row, putRing(tx, row)
}

// current returns the ring as the transaction sees it.
func (v *Vault) current(tx *db.Tx) (*ring, error) {
	version, err := ringVersion(tx, recordRing)
	if err != nil {
		return nil, err
	}
	if r := v.ring.Load(); r.version == version {
		return r, nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	row, ok, err := findRing(tx, recordRing)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errors.New("the ring of data keys is gone from the database")
	}
	h, err := v.kek.open(row)
	if err != nil {
		return nil, err
	}
	r, err := newRing(row.Version, h)
	if err != nil {
		return nil, err
	}
	// A transaction may yet be rolled back, so a ring it has changed itself is not remembered before its commit; one that only
	// reads sees what is committed.
	if tx.ReadOnly() {
		v.ring.Store(r)
	} else {
		tx.AfterCommit(func() { v.ring.Store(r) })
	}
	return r, nil
}

// bind joins texts so that no two lists give the same bytes.
func bind(parts ...string) []byte {
	var b []byte
	for _, p := range parts {
		b = append(b, byte(len(p)>>24), byte(len(p)>>16), byte(len(p)>>8), byte(len(p)))
		b = append(b, p...)
	}
	return b
}
