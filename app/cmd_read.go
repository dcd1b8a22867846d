package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
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
	r := reading{cmd: c, words: words, lang: i18n.ParseLang(c.Lang), register: docparse.AntiTrafficking()}
	files, failed := c.files(s, &r)
	if len(files) == 0 && failed == 0 {
		fmt.Fprintln(s.Err, r.say("docparse.read.nothing"))
		return ExitCode(2)
	}
	jobs := c.Jobs
	if jobs <= 0 {
		jobs = runtime.NumCPU()
	}
	jobs = min(jobs, max(1, len(files)))
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
			fmt.Fprintln(s.Err, r.say("docparse.read.failed", f, reason(&r, res.err)))
			continue
		}
		if _, err := out.Write(res.text); err != nil {
			return fmt.Errorf("write result: %w", err)
		}
	}
	if progress {
		fmt.Fprint(s.Err, "\r\x1b[K")
	}
	wg.Wait()
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write result: %w", err)
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
			fmt.Fprintln(s.Err, r.say("docparse.read.failed", path, reason(r, err)))
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
			if e.Type().IsRegular() {
				found = append(found, name)
			}
			return nil
		})
		if err != nil {
			fmt.Fprintln(s.Err, r.say("docparse.read.failed", path, reason(r, err)))
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
}

type result struct {
	text []byte
	err  error
}

func (r *reading) say(key string, args ...any) string { return r.words.Text(r.lang, key, args...) }

// reason says for people why a file could not be read.
func reason(r *reading, err error) string {
	if m, ok := errs.TextOf(err); ok {
		return r.say(m.Key, m.Args...)
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// file reads one file and renders the result.
func (r *reading) file(ctx context.Context, s *Streams, name string) result {
	text, err := textOf(ctx, s, name)
	if err != nil {
		return result{err: err}
	}
	doc := docparse.Read(text.Plain, docparse.Options{Register: r.register})
	var b bytes.Buffer
	switch {
	case r.cmd.JSON:
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(doc); err != nil {
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
		r.readable(&b, name, doc)
	}
	return result{text: b.Bytes()}
}

// textOf returns the text of a file, or of standard input.
func textOf(ctx context.Context, s *Streams, name string) (doctext.Text, error) {
	if name == "-" {
		b, err := io.ReadAll(io.LimitReader(s.In, doctext.DefaultMaxSize+1))
		if err != nil {
			return doctext.Text{}, fmt.Errorf("read: %w", err)
		}
		return doctext.Extract(ctx, bytes.NewReader(b), int64(len(b)), name, ReadingOptions(""))
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
	return doctext.Extract(ctx, f, info.Size(), name, ReadingOptions(""))
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

// readable writes the facts for people.
func (r *reading) readable(b *bytes.Buffer, name string, d *docparse.Document) {
	if name != "-" {
		fmt.Fprintf(b, "%s\n", name)
	}
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(b, "  %-20s %s\n", r.say("docparse.read."+key)+":", value)
		}
	}
	list := func(key string, values []string) {
		if len(values) == 0 {
			return
		}
		fmt.Fprintf(b, "  %s:\n", r.say("docparse.read."+key))
		for _, v := range values {
			fmt.Fprintf(b, "    - %s\n", v)
		}
	}
	line("kind", r.say("docparse.kind."+string(d.Kind)))
	line("number", d.Number.Text)
	line("superior", d.Superior.Value)
	line("issuer", d.Issuer.Value)
	line("place", d.Place.Value)
	line("date", shownDate(d.IssuedOn.Date))
	line("urgency", d.Urgency.Value)
	line("secrecy", d.Secrecy.Value)
	line("subject", d.Subject.Value)
	list("addressees", values(d.Addressees))
	var cs []string
	for _, c := range d.Citations {
		cs = append(cs, strings.Join(nonEmpty(c.Number.Text, shownDate(c.Date), c.Issuer), ", "))
	}
	list("citations", cs)
	var ts []string
	for _, t := range d.Tasks {
		head := strings.Join(nonEmpty(t.Numbering, t.Assignee), " · ")
		if head != "" {
			head = "[" + head + "] "
		}
		ts = append(ts, head+t.Text)
	}
	list("tasks", ts)
	if d.Period != nil {
		line("period", shownDate(d.Period.From)+" – "+shownDate(d.Period.To))
	}
	var ds []string
	for _, x := range d.Deadlines {
		parts := nonEmpty(x.Words, x.To, x.Address)
		if last := x.Last(); !last.IsZero() {
			parts = append(parts, r.say("docparse.read.last", last.Format("15:04:05 02/01/2006")))
		}
		ds = append(ds, strings.Join(parts, "; "))
	}
	list("deadlines", ds)
	var hs []string
	for _, h := range d.Hotlines {
		hs = append(hs, h.Shown)
	}
	list("hotlines", hs)
	list("slogans", values(d.Slogans))
	list("groups", values(d.TargetGroups))
	var fsx []string
	for _, f := range d.Figures {
		fsx = append(fsx, f.Text+" · "+f.About)
	}
	list("figures", fsx)
	var rs []string
	for _, x := range d.Recipients {
		rs = append(rs, x.Value)
	}
	list("recipients", rs)
	line("signer", strings.Join(nonEmpty(strings.TrimSpace(d.Authority.Form+" "+d.Authority.Whose), d.SignerTitle.Value, d.Signer.Value), " / "))
	var qs []string
	for _, q := range d.Doubts {
		args := make([]any, len(q.Args))
		for i, a := range q.Args {
			args[i] = a
		}
		qs = append(qs, r.say(q.Key, args...))
	}
	list("doubts", qs)
	b.WriteByte('\n')
}

func values(fs []docparse.Field) []string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Value)
	}
	return out
}

func nonEmpty(parts ...string) []string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// shownDate writes a date as people read it, unknown parts left out.
func shownDate(d docparse.Date) string { return d.Shown() }
