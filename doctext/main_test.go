package doctext

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestMain lets the binary of the tests be the helper, as the program is its own.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "helper" {
		if err := ServeHelper(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// testOptions read PDF in a helper; what was compiled is kept from one run of the tests to the next.
func testOptions(t testing.TB) Options {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = t.TempDir()
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Options{CacheDir: filepath.Join(dir, "chungtay"), Helper: []string{self, "helper"}}
}
