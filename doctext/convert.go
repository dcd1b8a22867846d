package doctext

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// oldWord reads a Word file of 1997 to 2003 through LibreOffice, where the installation allows it: the file is converted to DOCX in a
// folder of its own, with a profile of its own, without macros, and everything is removed afterwards.
func (j *job) oldWord() error {
	if j.o.Soffice == "" {
		return refuse(ErrOldWord)
	}
	program, err := exec.LookPath(j.o.Soffice)
	if err != nil {
		return refuse(ErrOldWord)
	}
	dir, err := os.MkdirTemp("", "chungtay-doc-")
	if err != nil {
		return fmt.Errorf("convert .doc: %w", err)
	}
	defer os.RemoveAll(dir)
	in := filepath.Join(dir, "in.doc")
	f, err := os.OpenFile(in, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("convert .doc: %w", err)
	}
	_, err = io.Copy(f, io.NewSectionReader(j.r, 0, j.size))
	if err2 := f.Close(); err == nil {
		err = err2
	}
	if err != nil {
		return fmt.Errorf("convert .doc: %w", err)
	}
	ctx, cancel := context.WithTimeout(j.ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "--headless", "--norestore", "--nolockcheck", "-env:UserInstallation=file://"+filepath.ToSlash(filepath.Join(dir, "profile")),
		"--convert-to", "docx", "--outdir", filepath.Join(dir, "out"), in)
	endWithChildren(cmd)
	cmd.WaitDelay = time.Second
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &limited{&said, 4096}, &limited{&said, 4096}
	err = cmd.Run()
	out, openErr := os.Open(filepath.Join(dir, "out", "in.docx"))
	switch {
	case j.ctx.Err() != nil:
		return j.ctx.Err()
	case openErr != nil:
		return errorFor(ErrConvert, errors.Join(err, openErr))
	}
	defer out.Close()
	info, err := out.Stat()
	if err != nil {
		return errorFor(ErrConvert, err)
	}
	inner := *j
	inner.r, inner.size, inner.z = out, info.Size(), nil
	if err := inner.docx(); err != nil {
		return err
	}
	j.out.meta.Program = ""
	j.warn("doctext.warn.converted")
	return nil
}
