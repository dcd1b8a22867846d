package app

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"

	"chungtay/docparse"
	"chungtay/doctext"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
)

// ReadCmd reads official documents and prints what a careful officer finds in them.
//
// Exit status: 0 everything was read; 1 at least one file could not be read (the others were); 2 wrong usage.
type ReadCmd struct {
	Paths   []string `arg:"" name:"file" help:"Tệp, thư mục, hoặc - để đọc từ đầu vào chuẩn. (Files, folders, or - for standard input.)"`
	JSON    bool     `name:"json" help:"In JSON: một đối tượng mỗi tệp, mỗi đối tượng một dòng. (Print JSON: one object a file, one a line.)"`
	Text    bool     `name:"text" help:"Chỉ in chữ đọc được trong tệp. (Print only the text of the file.)"`
	Explain bool     `name:"explain" help:"In từng bước đọc, quy tắc và vị trí của mỗi giá trị. (Print each step, and rule and place of each value.)"`
	Lang    string   `name:"lang" enum:"vi,en" default:"vi" help:"Ngôn ngữ của bản in. (Language of the readable text.)"`
	Jobs    int      `name:"jobs" default:"0" help:"Số tệp đọc cùng lúc; 0 là số nhân của máy. (Files read at the same time; 0 is the number of cores.)"`
}

// Run reads the files named, several at a time, and prints the results in the order of the names.
func (c ReadCmd) Run(ctx context.Context, s *Streams) error {
	words, err := i18n.Load(docparse.Text, doctext.Words)
	if err != nil {
		return fmt.Errorf("load words: %w", err)
	}
	r := reading{cmd: c, words: words, lang: i18n.ParseLang(c.Lang), register: docparse.AntiTrafficking(), options: ReadingOptions(), width: textWidth()}
	files, failed := c.files(s, &r)
	missing := failed
	if len(files) == 0 && failed == 0 {
		fmt.Fprintln(s.Err, r.say("docparse.read.nothing"))
		return ExitCode(2)
	}
	jobs := c.Jobs
	if jobs <= 0 {
		jobs = runtime.NumCPU()
	}
	jobs = min(jobs, max(1, len(files)))
	if len(r.options.Helper) > 0 {
		helpers := doctext.NewHelpers(r.options.Helper, jobs)
		defer helpers.Close()
		r.options.Helpers = helpers
	}
	begun := time.Now()
	results := make([]chan result, len(files))
	for i := range results {
		results[i] = make(chan result, 1)
	}
	next := make(chan int)
	var wg sync.WaitGroup
	for range jobs {
		wg.Go(func() {
			for i := range next {
				results[i] <- r.file(ctx, s, files[i])
			}
		})
	}
	go func() {
		defer close(next)
		for i := range files {
			select {
			case next <- i:
			case <-ctx.Done():
				results[i] <- result{err: ctx.Err()}
			}
		}
	}()
	out := bufio.NewWriter(s.Out)
	progress := len(files) > 1 && isTerminal(s.Err)
	for i, f := range files {
		res := <-results[i]
		if progress {
			fmt.Fprintf(s.Err, "\r\x1b[K%s", r.say("docparse.read.progress", i+1, len(files), f))
		}
		if res.err != nil {
			failed++
			if progress {
				fmt.Fprint(s.Err, "\r\x1b[K")
			}
			fmt.Fprintln(s.Err, r.say("docparse.read.failed", f, fileReason(r.say, res.err)))
			continue
		}
		if _, err := out.Write(res.text); err != nil {
			return fmt.Errorf("write result: %w", err)
		}
	}
	wg.Wait()
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	if progress {
		fmt.Fprint(s.Err, "\r\x1b[K")
	}
	if len(files) > 1 {
		fmt.Fprintln(s.Err, r.say("docparse.read.summary", len(files)-(failed-missing), failed, i18n.Decimal(r.lang, time.Since(begun).Seconds(), 1)))
	}
	if failed > 0 {
		return ExitCode(1)
	}
	return nil
}

// files lists the files named; folders are walked, hidden files left aside.
func (c ReadCmd) files(s *Streams, r *reading) (files []string, failed int) {
	for _, path := range c.Paths {
		if path == "-" {
			files = append(files, path)
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			fmt.Fprintln(s.Err, r.say("docparse.read.failed", path, fileReason(r.say, err)))
			failed++
			continue
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		var found []string
		err = filepath.WalkDir(path, func(name string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if base := e.Name(); strings.HasPrefix(base, ".") && name != path {
				if e.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), "~$") && e.Name() != "Thumbs.db" && e.Name() != "desktop.ini" {
				found = append(found, name)
			}
			return nil
		})
		if err != nil {
			fmt.Fprintln(s.Err, r.say("docparse.read.failed", path, fileReason(r.say, err)))
			failed++
		}
		sort.Strings(found)
		files = append(files, found...)
	}
	return files, failed
}

// reading is what one run of the command shares among its files.
type reading struct {
	cmd      ReadCmd
	words    *i18n.Catalogue
	lang     i18n.Lang
	register docparse.Register
	options  doctext.Options
	width    int
}

type result struct {
	text []byte
	err  error
}

func (r *reading) say(key string, args ...any) string { return r.words.Text(r.lang, key, args...) }

// fileReason says for people why a file could not be read.
func fileReason(say func(string, ...any) string, err error) string {
	if m, ok := errs.TextOf(err); ok {
		return say(m.Key, m.Args...)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return say("doctext.error.missing")
	case errors.Is(err, fs.ErrPermission):
		return say("doctext.error.forbidden")
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// file reads one file and renders the result.
func (r *reading) file(ctx context.Context, s *Streams, name string) result {
	text, err := r.textOf(ctx, s, name)
	if err != nil {
		return result{err: err}
	}
	if r.cmd.Text {
		return result{text: []byte(text.Plain)}
	}
	doc := docparse.Read(text.Plain, docparse.Options{Register: r.register})
	var b bytes.Buffer
	switch {
	case r.cmd.JSON:
		if err := r.json(&b, name, doc, &text); err != nil {
			return result{err: fmt.Errorf("encode: %w", err)}
		}
	case r.cmd.Explain:
		if name != "-" {
			fmt.Fprintf(&b, "%s\n", name)
		}
		if err := doc.Explain(&b); err != nil {
			return result{err: fmt.Errorf("explain: %w", err)}
		}
	default:
		r.readable(&b, name, doc, &text)
	}
	return result{text: b.Bytes()}
}

// textOf returns the text of a file, or of standard input.
func (r *reading) textOf(ctx context.Context, s *Streams, name string) (doctext.Text, error) {
	if name == "-" {
		b, err := io.ReadAll(io.LimitReader(s.In, doctext.DefaultMaxSize+1))
		if err != nil {
			return doctext.Text{}, fmt.Errorf("read: %w", err)
		}
		return doctext.Extract(ctx, bytes.NewReader(b), int64(len(b)), name, r.options)
	}
	f, err := os.Open(name)
	if err != nil {
		return doctext.Text{}, fmt.Errorf("open: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return doctext.Text{}, fmt.Errorf("stat: %w", err)
	}
	return doctext.Extract(ctx, f, info.Size(), name, r.options)
}

// isTerminal tells whether progress may be drawn over itself.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
