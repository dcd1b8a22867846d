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

// ReadingOptions says how this program reads files for one person: PDF in a helper process, compiled WebAssembly in the person's folder of
// cache.
func ReadingOptions() doctext.Options {
	var o doctext.Options
	if dir, err := os.UserCacheDir(); err == nil {
		o.CacheDir = filepath.Join(dir, "chungtay")
	}
	return inHelper(o)
}

// TextOptions says how the server reads files: as the settings tell, PDF in a helper process for each file, so that its memory is given
// back.
func (c *Config) TextOptions() doctext.Options {
	o := c.Reading
	o.MaxSize = c.FilesMax
	return inHelper(o)
}

// inHelper names this program as the helper. The binary of a test is not the program: asked for the helper it would run its tests again.
func inHelper(o doctext.Options) doctext.Options {
	if self, err := os.Executable(); err == nil && !strings.HasSuffix(strings.TrimSuffix(self, ".exe"), ".test") {
		o.Helper = []string{self, "helper"}
	}
	return o
}
