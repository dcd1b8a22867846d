package seal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/jobs"
)

// account.Vault, written out because imports go the other way.
var _ interface {
	Seal(tx *db.Tx, kind, id, field string, plain []byte) ([]byte, error)
	Unseal(tx *db.Tx, kind, id, field string, sealed []byte) ([]byte, error)
} = (*Vault)(nil)

var ctx = context.Background()

const secret = "Lò Thị Đào, 0912 345 678"

type room struct {
	*testing.T
	*db.DB
	*Vault
	file  KeyFile
	clock *dbtest.Clock
}

func each(t *testing.T, f func(t *testing.T, r *room)) {
	t.Helper()
	rooms := []db.Migrations{jobs.Migrations(), Migrations()}
	clock := dbtest.NewClock(time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC))
	dbtest.EachWith(t, rooms, db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		file := KeyFile{Path: filepath.Join(t.TempDir(), "keys", "keyring.json")}
		f(t, &room{t, d, open(t, d, file), file, clock})
	})
}

func open(t testing.TB, d *db.DB, f KeyFile) *Vault {
	t.Helper()
	v, err := Open(ctx, d, f)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (r *room) seal(kind, id, field, plain string) (out []byte) {
	r.Helper()
	dbtest.Write(r, r.DB, func(tx *db.Tx) (err error) { out, err = r.Seal(tx, kind, id, field, []byte(plain)); return err })
	return out
}

func (r *room) unseal(v *Vault, kind, id, field string, sealed []byte) (string, error) {
	var out []byte
	err := r.Read(ctx, func(tx *db.Tx) (err error) { out, err = v.Unseal(tx, kind, id, field, sealed); return err })
	return string(out), err
}

func (r *room) opens(v *Vault, kind, id, field string, sealed []byte, want string) {
	r.Helper()
	if got, err := r.unseal(v, kind, id, field, sealed); err != nil || got != want {
		r.Errorf("unseal %s %s %s = %q, %v, want %q", kind, id, field, got, err, want)
	}
}

func TestFieldsAreBoundToTheirPlace(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		c := r.seal("victim", "v1", "name", secret)
		r.seal("victim", "v2", "name", "x")
		r.seal("tipster", "v1", "name", "x")
		r.opens(r.Vault, "victim", "v1", "name", c, secret)
		r.opens(open(r, r.DB, r.file), "victim", "v1", "name", c, secret)
		for _, x := range [][3]string{{"victim", "v2", "name"}, {"victim", "v1", "phone"}, {"tipster", "v1", "name"}} {
			if got, err := r.unseal(r.Vault, x[0], x[1], x[2], c); !errors.Is(err, ErrBroken) {
				r.Errorf("a value of victim v1 name opens as %v: %q, %v", x, got, err)
			}
		}
		for i := range c {
			bad := bytes.Clone(c)
			bad[i] ^= 1
			if _, err := r.unseal(r.Vault, "victim", "v1", "name", bad); !errors.Is(err, ErrBroken) {
				r.Fatalf("byte %d changed: %v", i, err)
			}
		}
		for n := range c {
			if _, err := r.unseal(r.Vault, "victim", "v1", "name", c[:n]); !errors.Is(err, ErrBroken) {
				r.Fatalf("cut to %d: %v", n, err)
			}
		}
		if _, err := r.unseal(r.Vault, "victim", "v9", "name", c); !errs.Is(err, errs.NotFound) {
			r.Errorf("a record without a key: %v", err)
		}
		// A whole row of the key table moved to another record does not open either.
		dbtest.Write(r, r.DB, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE seal_key SET wrapped = (SELECT wrapped FROM seal_key WHERE kind = 'victim' AND id = 'v1') WHERE id = 'v2'`)
			return err
		})
		if _, err := r.unseal(r.Vault, "victim", "v2", "name", c); !errors.Is(err, ErrBroken) {
			r.Errorf("a key moved to another record: %v", err)
		}
	})
}

func TestLengthsAndRepetitionsDoNotShow(t *testing.T) {
	rec, err := NewRecord("victim", "v1")
	if err != nil {
		t.Fatal(err)
	}
	seal := func(s string) []byte {
		c, err := rec.Seal("sex", []byte(s))
		if err != nil {
			t.Fatal(err)
		}
		p, err := rec.Unseal("sex", c)
		if err != nil || string(p) != s {
			t.Fatalf("%q came back as %q, %v", s, p, err)
		}
		return c
	}
	if len(seal("nam")) != len(seal("nữ")) || len(seal("")) != len(seal(strings.Repeat("a", 31))) {
		t.Error("short values differ in length")
	}
	if bytes.Equal(seal("nam"), seal("nam")) {
		t.Error("the same text sealed twice is the same")
	}
	for n := range 100 { // also what ends like padding
		seal(strings.Repeat("\x80", n))
		seal("x" + strings.Repeat("\x00", n))
	}
}

func TestDestroyed(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		c, other := r.seal("victim", "v1", "name", secret), r.seal("victim", "v2", "name", "còn")
		var before []keyRow
		dbtest.Read(r, r.DB, func(tx *db.Tx) (err error) { before, err = findKeys(tx, "victim", []string{"v1"}); return err })
		dbtest.Write(r, r.DB, func(tx *db.Tx) error { return r.Destroy(tx, "victim", "v1") })
		dbtest.Write(r, r.DB, func(tx *db.Tx) error { return r.Destroy(tx, "victim", "v3") })
		for _, v := range []*Vault{r.Vault, open(r, r.DB, r.file)} {
			if _, err := r.unseal(v, "victim", "v1", "name", c); !errors.Is(err, ErrDestroyed) || !errs.Is(err, errs.NotFound) {
				r.Errorf("a destroyed record opens: %v", err)
			}
			r.opens(v, "victim", "v2", "name", other, "còn")
		}
		for _, id := range []string{"v1", "v3"} {
			err := r.Write(ctx, func(tx *db.Tx) error { _, err := r.Seal(tx, "victim", id, "name", []byte("neu")); return err })
			if !errors.Is(err, ErrDestroyed) {
				r.Errorf("%s can be sealed again: %v", id, err)
			}
		}
		// A restored backup brings the wrapped key back; burying destroys it again.
		var dead []Tombstone
		dbtest.Read(r, r.DB, func(tx *db.Tx) (err error) { dead, err = Tombstones(tx); return err })
		dbtest.Write(r, r.DB, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE seal_key SET wrapped = $1, master = $2, destroyed_at = NULL WHERE id = 'v1'`, before[0].Wrapped, before[0].Master)
			return err
		})
		r.opens(r.Vault, "victim", "v1", "name", c, secret)
		dbtest.Write(r, r.DB, func(tx *db.Tx) error { return Bury(tx, dead) })
		if _, err := r.unseal(r.Vault, "victim", "v1", "name", c); !errors.Is(err, ErrDestroyed) || len(dead) != 2 {
			r.Errorf("buried again, %d tombstones: %v", len(dead), err)
		}
		var got map[string]*Record
		dbtest.Read(r, r.DB, func(tx *db.Tx) (err error) {
			got, err = r.Records(tx, "victim", []string{"v1", "v2", "v3", "v4"})
			return err
		})
		if len(got) != 1 || got["v2"] == nil {
			r.Errorf("records of a list: %v", got)
		}
	})
}

// The wrapped key of a destroyed record is not left in free pages of an SQLite file once it is closed.
func TestDestroyedIsOverwrittenInTheFile(t *testing.T) {
	dir := t.TempDir()
	d, err := db.Open(ctx, "sqlite:"+filepath.Join(dir, "c.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Migrate(ctx, []db.Migrations{Migrations(), jobs.Migrations()}); err != nil {
		t.Fatal(err)
	}
	v := open(t, d, KeyFile{Path: filepath.Join(dir, "key.json")})
	const n = 200
	keys := make([][]byte, n)
	dbtest.Write(t, d, func(tx *db.Tx) error {
		for i := range n {
			id := fmt.Sprint("v", i)
			if _, err := v.Seal(tx, "victim", id, "name", []byte(secret)); err != nil {
				return err
			}
			row, _, err := findKey(tx, "victim", id)
			if err != nil {
				return err
			}
			keys[i] = row.Wrapped
		}
		return nil
	})
	dead := func(i int) bool { return i%3 == 0 }
	dbtest.Write(t, d, func(tx *db.Tx) error {
		for i := range n {
			if dead(i) {
				if err := v.Destroy(tx, "victim", fmt.Sprint("v", i)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "c.db*"))
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	left, kept := 0, 0
	for i, k := range keys {
		switch found := bytes.Contains(all, k[len(k)-24:]); {
		case found && dead(i):
			left++
		case found:
			kept++
		}
	}
	if left > 0 || kept != n-(n+2)/3 {
		t.Errorf("%d destroyed keys are still in the file; %d of the others", left, kept)
	}
}

func TestRotation(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		other := open(r, r.DB, r.file) // a second node, which learns of nothing by itself
		kinds, _ := r.Jobs()
		type sealed struct {
			id string
			c  []byte
		}
		var all []sealed
		add := func(v *Vault, n int) {
			dbtest.Write(r, r.DB, func(tx *db.Tx) error {
				for range n {
					id := fmt.Sprint("v", len(all))
					c, err := v.Seal(tx, "victim", id, "name", []byte(id))
					if err != nil {
						return err
					}
					all = append(all, sealed{id, c})
				}
				return nil
			})
		}
		check := func(when string) {
			r.Helper()
			for _, v := range []*Vault{r.Vault, other, open(r, r.DB, r.file)} {
				err := r.Read(ctx, func(tx *db.Tx) error {
					for _, s := range all {
						if p, err := v.Unseal(tx, "victim", s.id, "name", s.c); err != nil || string(p) != s.id {
							return fmt.Errorf("%s = %q, %w", s.id, p, err)
						}
					}
					return nil
				})
				if err != nil {
					r.Fatalf("%s: %v", when, err)
				}
			}
		}
		masters := func() (n int) {
			dbtest.Read(r, r.DB, func(tx *db.Tx) (err error) {
				n, err = db.One[int](tx, `SELECT COUNT(DISTINCT master) FROM seal_key WHERE destroyed_at IS NULL`)
				return err
			})
			return n
		}
		add(r.Vault, rewrapBatch+20)
		dbtest.Write(r, r.DB, func(tx *db.Tx) error { return r.Destroy(tx, "victim", "gone") })
		old := r.ring.Load().primary
		dbtest.Write(r, r.DB, r.Rotate)
		check("just rotated")
		if r.ring.Load().primary == old {
			t.Error("the master key is the old one")
		}
		add(r.Vault, 5)
		other.ring.Store(&ring{version: 1, primary: old, handle: other.ring.Load().handle, aead: other.ring.Load().aead})
		add(other, 5) // the other node notices in its transaction
		if m := masters(); m != 2 {
			t.Errorf("%d master keys in use after rotation, want 2", m)
		}
		// The first batch, then the node stops: everything opens in between, and the job goes on where it was.
		dbtest.Write(r, r.DB, func(tx *db.Tx) error { _, err := r.rewrap(tx, rewrapBatch); return err })
		if m := masters(); m != 2 {
			t.Errorf("%d master keys in use after the first batch, want 2", m)
		}
		check("half rewrapped")
		if err := jobs.RunAll(ctx, r.DB, kinds); err != nil {
			t.Fatal(err)
		}
		if m := masters(); m != 1 {
			t.Errorf("%d master keys in use after rewrapping, want 1", m)
		}
		check("rewrapped")
		if n := r.ring.Load().handle.Len(); n != 2 {
			t.Errorf("%d master keys in the ring, want the old one kept for a day", n)
		}
		r.clock.Add(retireAfter)
		dbtest.Write(r, r.DB, r.retire)
		if n := r.ring.Load().handle.Len(); n != 1 {
			t.Errorf("%d master keys in the ring, want the old one retired", n)
		}
		check("retired")
	})
}

func TestRotationRolledBackLeavesNoTrace(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		c := r.seal("victim", "v1", "name", secret)
		stop := errors.New("stop")
		err := r.Write(ctx, func(tx *db.Tx) error {
			if err := r.Rotate(tx); err != nil {
				return err
			}
			if _, err := r.Seal(tx, "victim", "v2", "name", []byte("x")); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		r.opens(r.Vault, "victim", "v1", "name", c, secret)
		d := r.seal("victim", "v2", "name", "y")
		r.opens(open(r, r.DB, r.file), "victim", "v2", "name", d, "y")
	})
}

func TestKeyFile(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		c := r.seal("victim", "v1", "name", secret)
		st, err := os.Stat(r.file.Path)
		if err != nil || st.Mode().Perm() != 0o600 {
			t.Fatalf("key file: %v, %v", st.Mode(), err)
		}
		refused := func(what string, f KeyFile, cure string) {
			t.Helper()
			_, err := Open(ctx, r.DB, f)
			if err == nil || !strings.Contains(err.Error(), cure) {
				t.Errorf("%s: %v, want it to say %q", what, err, cure)
			}
		}
		for _, mode := range []os.FileMode{0o640, 0o604, 0o660} {
			os.Chmod(r.file.Path, mode)
			refused("readable by others", r.file, "chmod 600")
		}
		os.Chmod(r.file.Path, 0o600)
		refused("passphrase where there is none", KeyFile{r.file.Path, "x"}, "keys.passphrase")

		away := KeyFile{Path: filepath.Join(r.TempDir(), "other.json")}
		refused("missing", away, "put back the copy")
		if _, err := os.Stat(away.Path); err == nil {
			t.Error("a key file was made for a database that has rings")
		}
		if _, err := away.create(); err != nil {
			t.Fatal(err)
		}
		refused("of another installation", away, "another key file")
		good, _ := os.ReadFile(r.file.Path)
		for _, bad := range []string{"", "{}", string(good[:len(good)/2]), strings.Replace(string(good), `"format": 1`, `"format": 9`, 1)} {
			os.WriteFile(away.Path, []byte(bad), 0o600)
			refused("damaged", away, "key file")
		}
		// A new key in the file: rings are wrapped anew, and the old file no longer suffices.
		if err := r.file.AddKey(); err != nil {
			t.Fatal(err)
		}
		r.opens(open(t, r.DB, r.file), "victim", "v1", "name", c, secret)
		os.WriteFile(away.Path, good, 0o600)
		refused("older than the rings", away, "another key file")
	})
}

func TestKeyFileWithPassphrase(t *testing.T) {
	d := dbtest.SQLite(t, []db.Migrations{Migrations()}, db.Options{})
	f := KeyFile{filepath.Join(t.TempDir(), "k.json"), "ba con gà trống"}
	open(t, d, f)
	open(t, d, f)
	for _, p := range []string{"", "ba con gà"} {
		if _, err := Open(ctx, d, KeyFile{f.Path, p}); err == nil || !strings.Contains(err.Error(), "keys.passphrase") {
			t.Errorf("passphrase %q: %v", p, err)
		}
	}
	b, _ := os.ReadFile(f.Path)
	var k keyFile
	if err := json.Unmarshal(b, &k); err != nil || k.KDF == nil {
		t.Fatal(string(b), err)
	}
	if _, err := newKEKFromClear(k.Keyset); err == nil {
		t.Error("the keyset is in the clear")
	}
}

func TestManyStartAtOnce(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		f := KeyFile{Path: filepath.Join(r.TempDir(), "shared.json")}
		dbtest.Write(r, r.DB, func(tx *db.Tx) error { _, err := tx.Exec(`DELETE FROM seal_ring`); return err })
		vs, failed := make([]*Vault, 6), make(chan error, 6)
		for i := range vs {
			go func() { var err error; vs[i], err = Open(ctx, r.DB, f); failed <- err }()
		}
		for range vs {
			if err := <-failed; err != nil {
				t.Fatal(err)
			}
		}
		var c []byte
		dbtest.Write(r, r.DB, func(tx *db.Tx) (err error) { c, err = vs[0].Seal(tx, "a", "1", "f", []byte("x")); return err })
		for _, v := range vs {
			r.opens(v, "a", "1", "f", c, "x")
		}
	})
}

func TestBlindIndex(t *testing.T) {
	for _, bits := range []int{1, 6, 14, MinBits - 1} {
		if _, err := NewIndex("victim", "birth_year", bits); err == nil {
			t.Errorf("an index on a field of %d bits was allowed", bits)
		}
	}
	id, phone := MustIndex("victim", "id_number", 30), MustIndex("victim", "phone", 26)
	each(t, func(t *testing.T, r *room) {
		digest := func(v *Vault, x Index, s string) string {
			t.Helper()
			d, err := v.Digest(x, s)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		a := digest(r.Vault, id, "014190001234")
		dbtest.Write(r, r.DB, r.Rotate)
		if b := digest(open(r, r.DB, r.file), id, "014190001234"); a != b || len(a) != 32 {
			t.Errorf("digests %q and %q of one value", a, b)
		}
		if a == digest(r.Vault, id, "014190001235") || a == digest(r.Vault, phone, "014190001234") {
			t.Error("values or fields share a digest")
		}
		if digest(r.Vault, id, "") != "" {
			t.Error("an empty value has a digest")
		}
		if _, err := r.Digest(Index{}, "x"); err == nil {
			t.Error("an undeclared index was used")
		}
	})
}

// Nothing personal may stand in an error, a log line or the database.
func TestNothingLeaks(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		var log bytes.Buffer
		l := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		note := func(err error) {
			if err == nil {
				t.Error("no error where one was wanted")
				return
			}
			l.Error("failed", "err", err.Error(), "more", fmt.Sprintf("%+v %#v", err, err))
		}
		c := r.seal("victim", "v1", "name", secret)
		_, err := r.unseal(r.Vault, "victim", "v1", "phone", c)
		note(err)
		_, err = r.unseal(r.Vault, "victim", "v1", "name", []byte(secret))
		note(err)
		note(r.Read(ctx, func(tx *db.Tx) error {
			_, err := r.Seal(tx, "victim", "new", "name", []byte(secret))
			return err
		}))
		dbtest.Write(r, r.DB, func(tx *db.Tx) error { return r.Destroy(tx, "victim", "v1") })
		note(r.Write(ctx, func(tx *db.Tx) error {
			_, err := r.Seal(tx, "victim", "v1", "name", []byte(secret))
			return err
		}))
		s := NewSecret(secret)
		l.Info("secret", "s", s, "p", &s, "struct", struct{ S Secret }{s}, "text", fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, []Secret{s}))
		b, err := json.Marshal(map[string]any{"s": s, "m": map[Secret]int{s: 1}})
		if err != nil {
			t.Fatal(err)
		}
		log.Write(b)
		dbtest.Read(r, r.DB, func(tx *db.Tx) error {
			for row, err := range db.Each[keyRow](tx, `SELECT kind, id, wrapped, master, destroyed_at FROM seal_key`) {
				if err != nil {
					return err
				}
				fmt.Fprintf(&log, "%s\n", row.Wrapped)
			}
			return nil
		})
		log.Write(c)
		for _, part := range []string{"Lò", "Đào", "0912", "345", fmt.Sprintf("%x", "Đào"), fmt.Sprintf("%X", "Đào")} {
			if strings.Contains(log.String(), part) {
				t.Errorf("%q stands in what was logged:\n%s", part, log.String())
			}
		}
		if s.Reveal() != secret {
			t.Error("the text is gone")
		}
	})
}

func TestMasks(t *testing.T) {
	for _, x := range [][2]string{
		{MaskName(" Lò  Thị đào "), "L. T. Đ."}, {MaskName(""), ""}, {MaskNumber("0912 345 678"), "•••678"}, {MaskNumber("12345"), "•••"},
		{MaskNumber(" "), ""}, {MaskText("bản Nà Sản"), "•••"}, {MaskText(""), ""},
	} {
		if x[0] != x[1] {
			t.Errorf("masked %q, want %q", x[0], x[1])
		}
	}
}

func TestStream(t *testing.T) {
	rec, err := NewRecord("blob", "b1")
	if err != nil {
		t.Fatal(err)
	}
	s, err := rec.Stream("content")
	if err != nil {
		t.Fatal(err)
	}
	sizes := []int{0, 1, perFirst - 1, perFirst, perFirst + 1, perFirst + perOther, perFirst + perOther + 1, 3*perOther + 7}
	for _, n := range sizes {
		plain := make([]byte, n)
		for i := range plain {
			plain[i] = byte(i*7 + i>>8)
		}
		var c bytes.Buffer
		w, err := s.Writer(&c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(plain); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if int64(c.Len()) != SealedSize(int64(n)) {
			t.Fatalf("%d bytes are sealed in %d, SealedSize says %d", n, c.Len(), SealedSize(int64(n)))
		}
		opens := 0
		reader := func(s Stream, c []byte, n int) *Reader {
			return s.Reader(int64(n), func(off int64) (io.ReadCloser, error) {
				opens++
				return io.NopCloser(bytes.NewReader(c[min(off, int64(len(c))):])), nil
			})
		}
		got, err := io.ReadAll(reader(s, c.Bytes(), n))
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%d bytes come back as %d, %v", n, len(got), err)
		}
		if opens != 1 {
			t.Errorf("read from the beginning in %d fetches", opens)
		}
		r := reader(s, c.Bytes(), n)
		for _, off := range []int{n, n / 2, n - 1, 0, perFirst - 1, perFirst} {
			if off < 0 || off > n {
				continue
			}
			if _, err := r.Seek(int64(off), io.SeekStart); err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain[off:]) {
				t.Fatalf("from %d of %d: %d bytes, %v", off, n, len(got), err)
			}
			p := make([]byte, min(10, n-off))
			if _, err := r.ReadAt(p, int64(off)); err != nil && err != io.EOF || !bytes.Equal(p, plain[off:off+len(p)]) {
				t.Fatalf("ReadAt %d of %d: %v", off, n, err)
			}
		}
		// Everything that is not the whole true content is noticed.
		broken := func(what string, s Stream, c []byte, n int) {
			t.Helper()
			if got, err := io.ReadAll(reader(s, c, n)); !errors.Is(err, ErrBroken) && !errors.Is(err, ErrCut) {
				t.Errorf("%s of %d: %d bytes, %v", what, len(plain), len(got), err)
			}
		}
		for _, i := range []int{0, 1, header - 1, header, c.Len() / 2, c.Len() - 1} {
			bad := bytes.Clone(c.Bytes())
			bad[i] ^= 1
			broken(fmt.Sprint("byte ", i), s, bad, n)
		}
		broken("cut", s, c.Bytes()[:c.Len()-1], n)
		broken("said to be longer", s, c.Bytes(), n+1)
		if n > 0 {
			broken("said to be shorter", s, c.Bytes(), n-1)
		}
		if c.Len() > segment {
			broken("cut at a segment", s, c.Bytes()[:segment], n)
			broken("cut at a segment and said to be so long", s, c.Bytes()[:segment], perFirst)
		}
		other, _ := rec.Stream("another")
		broken("of another name", other, c.Bytes(), n)
		stranger, _ := NewRecord("blob", "b1")
		other, _ = stranger.Stream("content")
		broken("of another key", other, c.Bytes(), n)
	}
}

// Tink's own reader opens what we store: the format is a published one, not ours.
func TestStreamIsTinks(t *testing.T) {
	rec, _ := NewRecord("blob", "b1")
	s, _ := rec.Stream("content")
	plain := bytes.Repeat([]byte("ngày 30/7 "), 20_000)
	var c bytes.Buffer
	w, _ := s.Writer(&c)
	w.Write(plain)
	w.Close()
	r, err := tinkReader(s, &c)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestReadErrorsPass(t *testing.T) {
	rec, _ := NewRecord("blob", "b1")
	s, _ := rec.Stream("content")
	away := errors.New("bucket away")
	if _, err := io.ReadAll(s.Reader(5, func(int64) (io.ReadCloser, error) { return nil, away })); !errors.Is(err, away) {
		t.Error(err)
	}
}

func TestWords(t *testing.T) {
	if _, err := i18n.Load(Text); err != nil {
		t.Error(err)
	}
}

func FuzzUnseal(f *testing.F) {
	rec, err := NewRecord("victim", "v1")
	if err != nil {
		f.Fatal(err)
	}
	c, _ := rec.Seal("name", []byte(secret))
	f.Add(c)
	f.Add([]byte{})
	f.Add([]byte{sealVersion})
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := rec.Unseal("name", b); err == nil && !bytes.Equal(b, c) {
			t.Errorf("%x opens to %q", b, p)
		}
	})
}
