package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

func openBackend(ctx context.Context, o Options) (backend, error) {
	if dir, ok := strings.CutPrefix(o.URL, "folder:"); ok {
		return openFolder(dir, !o.Existing)
	}
	u, err := url.Parse(o.URL)
	if err == nil && u.Scheme == "s3" {
		return openS3(ctx, u, o)
	}
	return nil, errors.New(`files: the address must begin with "folder:" or "s3://"`)
}

// folder keeps objects as files of a folder; os.Root refuses to leave it, also through links.
type folder struct {
	root    *os.Root
	sync    func(root *os.Root, dir string) error // writes what a folder lists to the disk
	lasting *sync.Map                             // folders inside the root known to survive a power cut
}

func openFolder(dir string, create bool) (backend, error) {
	if create {
		if err := makeFolder(dir); err != nil {
			return nil, fmt.Errorf("files: %w", err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	return folder{root, syncDir, new(sync.Map)}, nil
}

// makeFolder makes a folder with those above it, so that they survive a power cut.
func makeFolder(dir string) error {
	switch err := os.Mkdir(dir, 0o700); {
	case errors.Is(err, fs.ErrExist):
		return nil
	case errors.Is(err, fs.ErrNotExist) && filepath.Dir(dir) != dir:
		if err := makeFolder(filepath.Dir(dir)); err != nil {
			return err
		}
		if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	case err != nil:
		return err
	}
	parent, err := os.OpenRoot(filepath.Dir(dir))
	if err != nil {
		return err
	}
	defer parent.Close()
	return syncDir(parent, ".")
}

const tmpMark = ".tmp-"

func (f folder) put(ctx context.Context, name string, fill func(io.Writer) error) error {
	dir := path.Dir(name)
	tmp := path.Join(dir, tmpMark+rand.Text())
	create := func() (*os.File, error) {
		if err := f.mkdir(dir); err != nil {
			return nil, err
		}
		return f.root.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	}
	w, err := create()
	if errors.Is(err, fs.ErrNotExist) { // somebody has removed the folder meanwhile
		f.lasting.Clear()
		w, err = create()
	}
	if err != nil {
		return err
	}
	err = fill(w)
	if err == nil {
		err = w.Sync()
	}
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = f.root.Rename(tmp, name)
	}
	if err != nil {
		f.root.Remove(tmp)
		return err
	}
	return f.sync(f.root, dir)
}

// mkdir makes a folder inside the root with those above it. Each is written to the disk in the folder above once in the life of the
// process, also one that is there already: whoever made it may not have come to it.
func (f folder) mkdir(dir string) error {
	if dir == "." {
		return nil
	}
	if _, ok := f.lasting.Load(dir); ok {
		return nil
	}
	parent := path.Dir(dir)
	if parent == dir {
		return fmt.Errorf("%s is outside the folder of files", dir)
	}
	if err := f.mkdir(parent); err != nil {
		return err
	}
	if err := f.root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := f.sync(f.root, parent); err != nil {
		return err
	}
	f.lasting.Store(dir, true)
	return nil
}

func syncDir(root *os.Root, dir string) error {
	d, err := root.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && runtime.GOOS != "windows" {
		return err
	}
	return nil
}

func (f folder) open(_ context.Context, name string, offset int64) (io.ReadCloser, error) {
	r, err := f.root.Open(name)
	if err != nil {
		return nil, err
	}
	if offset > 0 {
		if _, err := r.Seek(offset, io.SeekStart); err != nil {
			r.Close()
			return nil, err
		}
	}
	return r, nil
}

func (f folder) remove(_ context.Context, name string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (f folder) list(ctx context.Context, see func(string, int64, time.Time) error) error {
	return fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return see(name, info.Size(), info.ModTime())
	})
}

func (f folder) close() error { return f.root.Close() }
