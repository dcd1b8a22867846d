package e2e

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"chungtay/app"
)

// site is the whole program with the demo province, on a database of its own.
type site struct {
	*app.Installation
	url string
}

func newSite(t testing.TB) *site {
	dir := t.TempDir()
	cfg, err := app.LoadConfig("", []string{
		"CHUNGTAY_DATABASE_URL=sqlite:" + filepath.Join(dir, "site.db"), "CHUNGTAY_FILES_URL=folder:" + filepath.Join(dir, "files"),
		"CHUNGTAY_KEYS_FILE=" + filepath.Join(dir, "keyring.json")})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	in, err := app.Open(ctx, cfg, slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelError})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	if err := in.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	h, _, err := in.Handler()
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return &site{in, srv.URL}
}

// testWriter lets the log of the server stand in the output of a failed test.
type testWriter struct{ t testing.TB }

func (w testWriter) Write(b []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}

// signIn opens a session for a demo person through the sign-in page, as a person does; "" signs out.
func (s *site) signIn(b *browser, login string) {
	b.t.Helper()
	if login == "" {
		return
	}
}
