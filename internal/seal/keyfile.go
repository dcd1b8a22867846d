package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/tink-crypto/tink-go/v2/aead"
	aeadsubtle "github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
	"golang.org/x/crypto/argon2"
)

// KeyFile names the file with the key that wraps all others (KEK).
type KeyFile struct {
	Path       string
	Passphrase string // "": the file's mode 0600 is its only protection
}

// ErrNoKeyFile is the cause when there is no key file but a database that needs one.
var ErrNoKeyFile = errors.New("there is no key file")

const keyFileFormat = 1

// keyFile is the JSON in the file.
type keyFile struct {
	About  string `json:"about"`
	Format int    `json:"format"`
	KDF    *kdf   `json:"kdf,omitempty"`
	Keyset []byte `json:"keyset"` // Tink binary keyset, in the clear or encrypted under the passphrase
}

// kdf is argon2id with its cost, remembered so that it can rise later.
type kdf struct {
	Name    string `json:"name"`
	Salt    []byte `json:"salt"`
	Time    uint32 `json:"time"`
	Memory  uint32 `json:"memory_kib"`
	Threads uint8  `json:"threads"`
}

const aboutKeyFile = "Key file of Chung Tay. Sealed personal data and files open only with it. Keep a copy apart from the database and its backups; never send it by mail."

// kek is an opened key file.
type kek struct {
	handle  *keyset.Handle
	aead    tink.AEAD
	primary uint32
}

func newKEK(h *keyset.Handle) (*kek, error) {
	a, err := aead.New(h)
	if err != nil {
		return nil, err
	}
	return &kek{h, a, h.KeysetInfo().GetPrimaryKeyId()}, nil
}

// read opens the key file. fs.ErrNotExist when there is none; other errors say the cure.
func (f KeyFile) read() (*kek, error) {
	st, err := os.Stat(f.Path)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("key file %s is not a file", f.Path)
	}
	if runtime.GOOS != "windows" && st.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("key file %s can be read by others (mode %04o): run chmod 600 on it, and consider its keys known to whoever could read it", f.Path, st.Mode().Perm())
	}
	b, err := os.ReadFile(f.Path)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	var k keyFile
	if err := json.Unmarshal(b, &k); err != nil || len(k.Keyset) == 0 {
		return nil, fmt.Errorf("key file %s is damaged: put back the copy kept apart", f.Path)
	}
	if k.Format != keyFileFormat {
		return nil, fmt.Errorf("key file %s has format %d, this program knows %d: use the program version that made it or a newer one", f.Path, k.Format, keyFileFormat)
	}
	r := keyset.NewBinaryReader(bytes.NewReader(k.Keyset))
	var h *keyset.Handle
	switch {
	case k.KDF == nil && f.Passphrase != "":
		return nil, fmt.Errorf("key file %s has no passphrase, but one is set (keys.passphrase): remove the setting", f.Path)
	case k.KDF != nil && f.Passphrase == "":
		return nil, fmt.Errorf("key file %s needs its passphrase: set keys.passphrase", f.Path)
	case k.KDF == nil:
		h, err = insecurecleartextkeyset.Read(r)
	default:
		var a tink.AEAD
		if a, err = k.KDF.aead(f.Passphrase); err == nil {
			if h, err = keyset.ReadWithAssociatedData(r, a, []byte("chungtay key file")); err != nil {
				return nil, fmt.Errorf("the passphrase (keys.passphrase) does not open key file %s", f.Path)
			}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("key file %s is damaged: put back the copy kept apart", f.Path)
	}
	return newKEK(h)
}

func (k *kdf) aead(passphrase string) (tink.AEAD, error) {
	if k.Name != "argon2id" || len(k.Salt) < 16 || k.Time < 1 || k.Time > 100 || k.Memory < 8<<10 || k.Memory > 4<<20 || k.Threads < 1 {
		return nil, errors.New("unknown key derivation")
	}
	return aeadsubtle.NewAESGCM(argon2.IDKey([]byte(passphrase), k.Salt, k.Time, k.Memory, k.Threads, 32))
}

// create writes a key file that does not exist yet, with mode 0600, and opens it. Of two that create at once one gets fs.ErrExist.
func (f KeyFile) create() (*kek, error) {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o700); err != nil {
		return nil, fmt.Errorf("folder of the key file: %w", err)
	}
	if err := f.write(h, os.Link); err != nil {
		return nil, err
	}
	return newKEK(h)
}

// AddKey puts a new key into the key file, which from now on wraps the rings; the old ones stay to open what is still wrapped by them.
// Copy the file to all nodes before any of them is restarted: Open wraps the rings anew.
func (f KeyFile) AddKey() error {
	k, err := f.read()
	if err != nil {
		return err
	}
	m := keyset.NewManagerFromHandle(k.handle)
	id, err := m.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return err
	}
	if err := m.SetPrimary(id); err != nil {
		return err
	}
	h, err := m.Handle()
	if err != nil {
		return err
	}
	return f.write(h, os.Rename)
}

// write puts the file in place by rename or link, so that it is there whole or not at all, and survives a power cut.
func (f KeyFile) write(h *keyset.Handle, place func(from, to string) error) error {
	var b bytes.Buffer
	k := keyFile{About: aboutKeyFile, Format: keyFileFormat}
	var err error
	if f.Passphrase == "" {
		err = insecurecleartextkeyset.Write(h, keyset.NewBinaryWriter(&b))
	} else {
		k.KDF = &kdf{Name: "argon2id", Salt: make([]byte, 16), Time: 3, Memory: 64 << 10, Threads: 2}
		rand.Read(k.KDF.Salt)
		var a tink.AEAD
		if a, err = k.KDF.aead(f.Passphrase); err == nil {
			err = h.WriteWithAssociatedData(keyset.NewBinaryWriter(&b), a, []byte("chungtay key file"))
		}
	}
	if err != nil {
		return err
	}
	k.Keyset = b.Bytes()
	text, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return err
	}
	dir := filepath.Dir(f.Path)
	tmp, err := os.CreateTemp(dir, ".key-*") // mode 0600
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(append(text, '\n'))
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = place(tmp.Name(), f.Path)
	}
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, fs.ErrInvalid) && runtime.GOOS != "windows" {
		return err
	}
	return nil
}
