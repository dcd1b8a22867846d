package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"chungtay/doctext"
)

// HelperCmd is the program in the role of a helper: it reads one PDF from standard input for another process of the program, which ends
// it when its time is up. It is for the program itself, not for people.
type HelperCmd struct{}

// Run serves one file.
func (HelperCmd) Run(ctx context.Context, s *Streams) error {
	return doctext.ServeHelper(ctx, s.In, s.Out)
}

// ReadingOptions says how this program reads files: PDF in a helper process, compiled WebAssembly kept in a folder of cache. An empty
// folder stands for the cache folder of the user.
func ReadingOptions(cache string) doctext.Options {
	if cache == "" {
		if dir, err := os.UserCacheDir(); err == nil {
			cache = filepath.Join(dir, "chungtay")
		}
	}
	o := doctext.Options{CacheDir: cache}
	// The binary of a test is not the program: asked for the helper it would run its tests again.
	if self, err := os.Executable(); err == nil && !strings.HasSuffix(strings.TrimSuffix(self, ".exe"), ".test") {
		o.Helper = []string{self, "helper"}
	}
	return o
}
