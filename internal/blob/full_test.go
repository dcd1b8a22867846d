package blob

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/seal"
)

// A store that is full says so, keeps nothing half, and takes what fits.
func TestFullStore(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "BLOB_FULL="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "blob.disk_full unavailable; then a small one is taken; 1 objects" {
		t.Errorf("%v: %s", err, out)
	}
}

// fullStore runs in a process of its own, whose files may not grow beyond a megabyte.
func fullStore(dir string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, "sqlite:"+filepath.Join(dir, "test.db"), db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := d.Migrate(ctx, rooms()); err != nil {
		return err
	}
	v, err := seal.Open(ctx, d, seal.KeyFile{Path: filepath.Join(dir, "key.json")})
	if err != nil {
		return err
	}
	s, err := Open(ctx, d, v, Options{URL: "folder:" + filepath.Join(dir, "files"), Max: 100 << 20})
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}); err != nil {
		return err
	}
	_, err = s.Put(ctx, bytes.NewReader(pdf(3<<20)), PutOptions{Name: "a.pdf"})
	m, _ := errs.TextOf(err)
	fmt.Printf("%s %s; ", m.Key, errs.Of(err))
	if _, err := s.Put(ctx, bytes.NewReader(pdf(1000)), PutOptions{Name: "a.pdf"}); err != nil {
		return err
	}
	objects, err := filepath.Glob(filepath.Join(dir, "files", "*", "*", "*"))
	fmt.Printf("then a small one is taken; %d objects\n", len(objects))
	return err
}
