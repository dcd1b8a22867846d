package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/jobs"
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
