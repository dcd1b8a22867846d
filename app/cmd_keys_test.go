package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/jobs"
	"chungtay/internal/seal"
)

// stopper is a terminal whose person presses Ctrl-C at the first line.
type stopper struct {
	bytes.Buffer
	stop func()
}

func (w *stopper) Write(b []byte) (int, error) {
	w.stop()
	return w.Buffer.Write(b)
}

// The master key is rotated from the command line and the rewrapping is cut off in the middle: everything opens at each moment, the command goes on where
// it was, the server's job finds nothing left, and both are in the audit log. A new key in the key file takes over at the next start.
func TestKeysAreRotated(t *testing.T) {
	s := newShell(t)
	s.run(0, "migrate")
	quiet := &Streams{In: strings.NewReader(""), Out: &bytes.Buffer{}, Err: &bytes.Buffer{}}
	open := func() *Installation {
		in, err := openReady(context.Background(), "", quiet)
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	const n = 1300
	sealed := make([][]byte, n)
	in := open()
	dbtest.Write(t, in.DB, func(tx *db.Tx) (err error) {
		for i := range sealed {
			if sealed[i], err = in.Vault.Seal(tx, "victim", fmt.Sprint(i), "name", []byte(fmt.Sprint("tên ", i))); err != nil {
				return err
			}
		}
		return nil
	})
	in.Close()
	opens := func(when string) {
		t.Helper()
		in := open()
		defer in.Close()
		dbtest.Read(t, in.DB, func(tx *db.Tx) error {
			for i, c := range sealed {
				if b, err := in.Vault.Unseal(tx, "victim", fmt.Sprint(i), "name", c); err != nil || string(b) != fmt.Sprint("tên ", i) {
					return fmt.Errorf("%s: %q, %w", when, b, err)
				}
			}
			return nil
		})
	}
	wraps := func(want ...string) {
		t.Helper()
		out, _ := s.run(0, "keys", "status")
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if len(lines) != len(want) {
			t.Fatalf("%d master keys, want %d:\n%s", len(lines), len(want), out)
		}
		for i, w := range want {
			if !strings.Contains(lines[i], "wraps "+w+" data keys") {
				t.Errorf("want %s: %s", w, lines[i])
			}
		}
	}
	wraps("1300")

	ctx, cancel := context.WithCancel(context.Background())
	err := KeysRotateCmd{}.Run(ctx, &Streams{Out: &bytes.Buffer{}, Err: &stopper{stop: cancel}})
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "keys rewrap") {
		t.Fatalf("cut off: %v", err)
	}
	wraps("500", "800")
	opens("half rewrapped")
	if _, e := s.run(0, "keys", "rewrap"); strings.Count(e, "rewrapped") != 2 {
		t.Errorf("it did not go on where it was: %s", e)
	}
	wraps("1300", "0")
	opens("rewrapped")
	in = open()
	kinds, _ := in.Jobs()
	if err := jobs.RunAll(context.Background(), in.DB, kinds); err != nil {
		t.Fatal(err)
	}
	dbtest.Read(t, in.DB, func(tx *db.Tx) error {
		list, err := audit.List(tx, audit.Filter{Action: "system.keys_rotated"})
		if len(list) != 1 {
			t.Errorf("%d entries in the audit log", len(list))
		}
		return err
	})
	in.Close()

	before, err := os.ReadFile(os.Getenv("CHUNGTAY_KEYS_FILE"))
	if err != nil {
		t.Fatal(err)
	}
	s.run(0, "keys", "renew-file")
	opens("after a start with the new key file") // wraps the rings anew
	if err := os.WriteFile(os.Getenv("CHUNGTAY_KEYS_FILE"), before, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, e := s.run(1, "keys", "status"); !strings.Contains(e, "key") {
		t.Errorf("the old key file still opens: %s", e)
	}
}

// A record is erased for good after a backup was made. Restored without the list of destroyed keys it opens again, with it it stays erased; a cut
// list is refused before anything is written.
func TestErasedStaysErasedAfterARestore(t *testing.T) {
	s := newShell(t)
	s.run(0, "migrate")
	quiet := &Streams{In: strings.NewReader(""), Out: &bytes.Buffer{}, Err: &bytes.Buffer{}}
	with := func(f func(in *Installation, tx *db.Tx) error) {
		t.Helper()
		in, err := openReady(context.Background(), "", quiet)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		dbtest.Write(t, in.DB, func(tx *db.Tx) error { return f(in, tx) })
	}
	sealed := map[string][]byte{}
	with(func(in *Installation, tx *db.Tx) (err error) {
		for _, id := range []string{"erased", "kept"} {
			if sealed[id], err = in.Vault.Seal(tx, "victim", id, "name", []byte("tên")); err != nil {
				return err
			}
		}
		return nil
	})
	public, _ := s.run(0, "backup-key", "backup.key")
	s.run(0, "backup", "--to", strings.TrimSpace(public), "b.age")
	with(func(in *Installation, tx *db.Tx) error { return in.Vault.Destroy(tx, "victim", "erased") })
	list, _ := s.run(0, "keys", "destroyed")
	if !strings.Contains(list, `"erased"`) || strings.Contains(list, `"kept"`) {
		t.Fatal(list)
	}
	for name, text := range map[string]string{"destroyed.json": list, "cut.json": list[:len(list)/2], "other.json": `{"keys":[]}`} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opens := func(id string) (err error) {
		with(func(in *Installation, tx *db.Tx) error {
			_, err = in.Vault.Unseal(tx, "victim", id, "name", sealed[id])
			return nil
		})
		return err
	}
	for i, args := range [][]string{{}, {"--destroyed", "destroyed.json"}} {
		dir := t.TempDir()
		t.Setenv("CHUNGTAY_DATABASE_URL", "sqlite:"+filepath.Join(dir, "c.db"))
		t.Setenv("CHUNGTAY_FILES_URL", "folder:"+filepath.Join(dir, "files"))
		for _, bad := range []string{"cut.json", "other.json"} {
			if _, e := s.run(1, "restore", "--key", "backup.key", "--destroyed", bad, "b.age"); !strings.Contains(e, "--destroyed") {
				t.Error(e)
			}
		}
		_, e := s.run(0, append([]string{"restore", "--key", "backup.key", "b.age"}, args...)...)
		if i == 0 && (opens("erased") != nil || !strings.Contains(e, "--destroyed")) {
			t.Errorf("without the list nothing is buried, and the command says so: %v, %s", opens("erased"), e)
		}
		if i == 1 && !errors.Is(opens("erased"), seal.ErrDestroyed) {
			t.Errorf("the erased record is back: %v", opens("erased"))
		}
		if err := opens("kept"); err != nil {
			t.Error(err)
		}
	}
}

// A newer program does not migrate the database of an older one on the way to a backup: it says what to do and changes nothing.
func TestABackupDoesNotMigrate(t *testing.T) {
	s := newShell(t)
	public, _ := s.run(0, "backup-key", "backup.key")
	older := Migrations()[:3]
	d, err := db.Open(context.Background(), os.Getenv("CHUNGTAY_DATABASE_URL"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(context.Background(), older); err != nil {
		t.Fatal(err)
	}
	before, err := d.Pending(context.Background(), Migrations())
	if err != nil || len(before) == 0 {
		t.Fatal(before, err)
	}
	for _, args := range [][]string{{"backup", "--to", strings.TrimSpace(public), "b.age"}, {"keys", "status"}, {"keys", "destroyed"}, {"migrate-to", "sqlite:" + filepath.Join(t.TempDir(), "to.db")}} {
		if _, e := s.run(1, args...); !strings.Contains(e, "chungtay migrate`") {
			t.Errorf("%v: %s", args, e)
		}
		if after, err := d.Pending(context.Background(), Migrations()); err != nil || len(after) != len(before) {
			t.Fatalf("%v migrated: %d of %d left, %v", args, len(after), len(before), err)
		}
	}
	if _, err := os.Stat(os.Getenv("CHUNGTAY_KEYS_FILE")); err == nil {
		t.Error("a key file was made")
	}
}
