package document

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"chungtay/internal/blob"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/jobs"
	"chungtay/orgunit"
	"chungtay/policy"
)

// The drop folder is how a scanner, a mail gateway or another system hands papers in. It has one folder a unit, named by the unit's code:
//
//	drop/H56.12/Kế hoạch 30-7.pdf    is taken in for the unit with code H56.12 and removed
//	drop/H56.12/refused/…            what could not be taken in, each with a .txt that says why
//
// A file is taken when it has not changed for a while, so that one still being written is left alone.
const (
	dropSettled = 10 * time.Second
	dropRefused = "refused"
	dropAtOnce  = 200 // files in one run; the next minute goes on
)

// drop takes in what lies in the drop folder. It is safe to run twice: a file is removed when its paper is stored, and stored twice it is shown
// as a duplicate.
func (c *Documents) drop(ctx context.Context, j *jobs.Job) error {
	root, err := os.OpenRoot(c.Drop) // links cannot lead out of it
	if err != nil {
		return fmt.Errorf("drop folder: %w", err)
	}
	defer root.Close()
	folders, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return fmt.Errorf("drop folder: %w", err)
	}
	taken := 0
	for _, f := range folders {
		if !f.IsDir() || strings.HasPrefix(f.Name(), ".") {
			continue
		}
		unit := ""
		if err := j.DB.Read(ctx, func(tx *db.Tx) (err error) { unit, err = unitByCode(tx, f.Name()); return err }); err != nil {
			return err
		}
		if unit == "" {
			c.log().Warn("drop folder: no unit has this code", "folder", f.Name())
			continue
		}
		files, err := fs.ReadDir(root.FS(), f.Name())
		if err != nil {
			return fmt.Errorf("drop folder: %w", err)
		}
		for i, x := range files {
			info, err := x.Info()
			if err != nil || !info.Mode().IsRegular() || strings.HasPrefix(x.Name(), ".") || time.Since(info.ModTime()) < dropSettled {
				continue
			}
			if taken++; taken > dropAtOnce {
				return nil
			}
			if err := j.Progress(ctx, i, len(files), ""); err != nil {
				return err
			}
			if err := c.takeDropped(ctx, j.DB, root, unit, path.Join(f.Name(), x.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func unitByCode(tx *db.Tx, code string) (string, error) {
	list, _, err := orgunit.Search(tx, orgunit.Filter{Words: code, Size: 50})
	for _, u := range list {
		if strings.EqualFold(u.Code, code) {
			return u.ID, err
		}
	}
	return "", err
}

func (c *Documents) takeDropped(ctx context.Context, d *db.DB, root *os.Root, unit, name string) error {
	refuse := func(reason error) error {
		dir := path.Join(path.Dir(name), dropRefused)
		if err := root.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) {
			return err
		}
		to := path.Join(dir, path.Base(name))
		if err := root.Rename(name, to); err != nil {
			return err
		}
		m := errs.Message{Key: "document.drop_refused"}
		if said, ok := errs.TextOf(reason); ok {
			m = said
		} else if fields := errs.FieldsOf(reason); len(fields) > 0 {
			m = fields[0].Message
		}
		text := i18n.TM(i18n.With(ctx, c.Sentences, i18n.VI), m)
		return root.WriteFile(to+".txt", []byte(text+"\n"), 0o600)
	}
	f, err := root.Open(name)
	if err != nil {
		return fmt.Errorf("drop folder: %w", err)
	}
	ref, err := c.Blobs.Put(ctx, f, blob.PutOptions{Name: path.Base(name), Allow: blob.Papers})
	f.Close()
	switch errs.Of(err) {
	case errs.Invalid, errs.TooLarge:
		if err != nil {
			return refuse(err)
		}
	}
	if err != nil {
		return err
	}
	by := policy.System("drop-folder")
	err = d.Write(ctx, func(tx *db.Tx) error {
		_, err := c.Register(tx, by, Incoming{Unit: unit, Files: []blob.Ref{ref}})
		return err
	})
	if errs.Is(err, errs.Invalid) {
		return refuse(err)
	}
	if err != nil {
		return err
	}
	return root.Remove(name)
}
