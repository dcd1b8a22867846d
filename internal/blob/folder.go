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
	"runtime"
	"strings"
	"time"
)

func openBackend(ctx context.Context, o Options) (backend, error) {
	if dir, ok := strings.CutPrefix(o.URL, "folder:"); ok {
		return openFolder(dir)
	}
	u, err := url.Parse(o.URL)
	if err == nil && u.Scheme == "s3" {
		return openS3(ctx, u, o)
	}
	return nil, errors.New(`files: the address must begin with "folder:" or "s3://"`)
}

// folder keeps objects as files of a folder; os.Root refuses to leave it, also through links.
type folder struct{ root *os.Root }

func openFolder(dir string) (backend, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	return folder{root}, nil
}

const tmpMark = ".tmp-"

func (f folder) put(ctx context.Context, name string, fill func(io.Writer) error) error {
	dir := path.Dir(name)
	if err := f.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp := path.Join(dir, tmpMark+rand.Text())
	w, err := f.root.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
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
	return f.syncDir(dir)
}

func (f folder) syncDir(dir string) error {
	d, err := f.root.Open(dir)
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

func (f folder) check(ctx context.Context) error {
	const name = "check/writable"
	err := f.put(ctx, name, func(w io.Writer) error { _, err := io.WriteString(w, "ok"); return err })
	if err == nil {
		err = f.remove(ctx, name)
	}
	return err
}

func (f folder) close() error { return f.root.Close() }
