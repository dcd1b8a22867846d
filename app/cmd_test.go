package app

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chungtay/account"
	"chungtay/internal/db"
)

// shell runs commands of the program against one installation in a folder.
type shell struct {
	*testing.T
}

func newShell(t *testing.T) *shell {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, kv := range []string{"CHUNGTAY_DATABASE_URL=sqlite:" + filepath.Join(dir, "data", "c.db"), "CHUNGTAY_FILES_URL=folder:" + filepath.Join(dir, "data", "files"),
		"CHUNGTAY_KEYS_FILE=" + filepath.Join(dir, "data", "key.json"), "CHUNGTAY_AUDIT_KEY_FILE=" + filepath.Join(dir, "data", "audit.key")} {
		k, v, _ := strings.Cut(kv, "=")
		t.Setenv(k, v)
	}
	return &shell{T: t}
}

func (s *shell) run(want int, args ...string) (out, errout string) {
	s.Helper()
	var o, e bytes.Buffer
	if got := Main(args, strings.NewReader(""), &o, &e); got != want {
		s.Errorf("chungtay %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, want, o.String(), e.String())
	}
	return o.String(), e.String()
}

// From an empty machine to an administrator who signs in, with a backup that is restored: the commands of docs/operations.md.
func TestCommandsOfANewInstallation(t *testing.T) {
	s := newShell(t)
	out, _ := s.run(0, "doctor")
	if !strings.Contains(out, "there is no database yet") {
		t.Error(out)
	}
	s.run(0, "migrate")
	out, _ = s.run(1, "doctor")
	if !strings.Contains(out, "run `chungtay admin`") {
		t.Error("the doctor misses the administrator:", out)
	}
	link, _ := s.run(0, "admin", "quantri", "Hoàng Gia Khoa")
	if !strings.HasPrefix(link, "http://localhost:8080/link/") {
		t.Fatal(link)
	}
	if _, e := s.run(1, "admin", "quantri", "Người khác"); !strings.Contains(e, "Tên đăng nhập") {
		t.Error("a name taken:", e)
	}
	if out, _ := s.run(0, "admin", "quantri", "--role", "auditor"); out != "" {
		t.Error("a link for somebody known:", out)
	}
	if _, e := s.run(1, "admin", "khongai"); !strings.Contains(e, "khongai") {
		t.Error("a role for nobody:", e)
	}
	s.run(2, "admin", "quantri", "--role", "king")
	cfg, err := LoadConfig("", os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	in, err := openReady(ctx, "", &Streams{Out: os.Stdout, Err: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	token := strings.TrimSpace(strings.TrimPrefix(link, cfg.PublicURL+"/link/"))
	if _, err := in.Accounts.SetPassword(ctx, in.DB, token, "bốn con vịt bơi qua sông"); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Accounts.SignIn(ctx, in.DB, account.Attempt{Login: "quantri", Password: "bốn con vịt bơi qua sông"}); err != nil {
		t.Error(err)
	}
	addFile(t, in, 1)
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	out, _ = s.run(0, "doctor", "--deep")
	if !strings.Contains(out, "all 1 files are there") {
		t.Error(out)
	}

	public, _ := s.run(0, "backup-key", "backup.key")
	out, _ = s.run(0, "backup", "--to", strings.TrimSpace(public), "b.age")
	if !strings.Contains(out, "1 files") {
		t.Error(out)
	}
	if _, e := s.run(1, "restore", "--key", "backup.key", "b.age"); !strings.Contains(e, "empty") {
		t.Error("restored over what is there:", e)
	}
	if _, e := s.run(1, "demo"); !strings.Contains(e, "people already") {
		t.Error(e)
	}
	s.run(0, "demo", "--if-empty")

	other := filepath.Join(t.TempDir(), "other")
	t.Setenv("CHUNGTAY_DATABASE_URL", "sqlite:"+filepath.Join(other, "c.db"))
	t.Setenv("CHUNGTAY_FILES_URL", "folder:"+filepath.Join(other, "files"))
	s.run(0, "restore", "--key", "backup.key", "b.age")
	out, _ = s.run(0, "doctor", "--deep")
	if !strings.Contains(out, "all 1 files are there") || !strings.Contains(out, "1 administrators") {
		t.Error(out)
	}
	lost, _ := filepath.Glob(filepath.Join(other, "files", "c", "*", "*"))
	if len(lost) != 1 {
		t.Fatal(lost)
	}
	if err := os.Remove(lost[0]); err != nil {
		t.Fatal(err)
	}
	out, _ = s.run(1, "doctor")
	if !strings.Contains(out, filepath.Base(lost[0])) || !strings.Contains(out, "put the file back") {
		t.Error("the doctor misses a lost file:", out)
	}
	to := "sqlite:" + filepath.Join(t.TempDir(), "moved.db")
	out, _ = s.run(0, "migrate-to", to)
	if !strings.Contains(out, "counts and audit log equal") {
		t.Error(out)
	}
	d, err := db.Open(ctx, to, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d.Close()
}
