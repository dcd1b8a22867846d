package app

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/account"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/seal"
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

// tree is what lies under a folder: names and contents.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			out[name] = "folder"
			return err
		}
		b, err := os.ReadFile(name)
		out[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The doctor makes nothing, whatever it is asked and however little there is; it tries whether the key opens the database; and it misses no lost
// folder.
func TestTheDoctorChangesNothing(t *testing.T) {
	s := newShell(t)
	data := filepath.Dir(os.Getenv("CHUNGTAY_KEYS_FILE"))
	examined := func(code int, want ...string) {
		t.Helper()
		for _, args := range [][]string{{"doctor"}, {"doctor", "--deep"}} {
			before := tree(t, ".")
			out, _ := s.run(code, args...)
			if d := cmp.Diff(before, tree(t, ".")); d != "" {
				t.Errorf("%v changed the installation:\n%.500s", args, d)
			}
			for _, w := range want {
				if !strings.Contains(out, w) {
					t.Errorf("%v does not say %q:\n%s", args, w, out)
				}
			}
		}
	}
	examined(0, "there is no database yet")
	s.run(0, "migrate")
	examined(1, "keys are made at the first start", "no files yet")
	in, err := openReady(context.Background(), "", &Streams{Out: os.Stdout, Err: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	addFile(t, in, 1)
	in.Close()
	examined(1, "opens the keys", "all 1 files are there", "free for the database")
	key, err := os.ReadFile(os.Getenv("CHUNGTAY_KEYS_FILE"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("CHUNGTAY_KEYS_PASSPHRASE", "không có")
	examined(1, "keys.passphrase")
	os.Unsetenv("CHUNGTAY_KEYS_PASSPHRASE")
	other := seal.KeyFile{Path: filepath.Join(t.TempDir(), "k.json")}
	if _, err := seal.Open(context.Background(), dbtest.SQLite(t, []db.Migrations{seal.Migrations()}, db.Options{}), other); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(other.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(os.Getenv("CHUNGTAY_KEYS_FILE"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	examined(1, "sealed with another key file")
	if err := os.WriteFile(os.Getenv("CHUNGTAY_KEYS_FILE"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(data, "files"), filepath.Join(data, "moved")); err != nil {
		t.Fatal(err)
	}
	examined(1, "1 files are gone")
}

// An https address is good only with somebody who encrypts: else cookies and HSTS would be off without anybody knowing.
func TestTheDoctorLooksWhoEncrypts(t *testing.T) {
	for _, c := range []struct{ url, autocert, proxies, want string }{
		{"http://localhost:8080", "", "", "ok"}, {"http://chungtay.example.gov.vn", "", "", "wrong"}, {"https://chungtay.example.gov.vn", "", "", "wrong"},
		{"https://chungtay.example.gov.vn", "", "10.0.0.0/8", "ok"}, {"https://chungtay.example.gov.vn", "chungtay.example.gov.vn", "", "ok"},
		{"https://chungtay.example.gov.vn", "other.example.gov.vn", "", "wrong"},
	} {
		cfg, err := LoadConfig("", []string{"CHUNGTAY_SERVER_PUBLIC_URL=" + c.url, "CHUNGTAY_SERVER_AUTOCERT=" + c.autocert, "CHUNGTAY_SERVER_TRUSTED_PROXIES=" + c.proxies})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		DoctorCmd{}.network(cfg, func(level, cure, what string, args ...any) { got = append(got, level) })
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
