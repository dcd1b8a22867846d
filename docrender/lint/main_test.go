package lint

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"chungtay/doctext"
)

// TestMain lets the binary of the tests be the helper that reads PDF, as the program is its own.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "helper" {
		if err := doctext.ServeHelper(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// reading are the options that read PDF in a helper; what was compiled is kept from one run of the tests to the next.
func reading(t testing.TB) doctext.Options {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = t.TempDir()
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return doctext.Options{CacheDir: filepath.Join(dir, "chungtay"), Helper: []string{self, "helper"}}
}
