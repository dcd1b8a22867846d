package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"chungtay/docrender/lint"
	"chungtay/doctext"
	"chungtay/internal/i18n"
)

// LintCmd checks documents against the form of Nghị định 30/2020/NĐ-CP.
//
// Exit status: 0 nothing found; 1 at least one deviation; 2 wrong usage; 3 at least one file could not be checked (the others were).
type LintCmd struct {
	Paths []string `arg:"" name:"file" help:"Tệp DOCX, PDF, hoặc - để đọc từ đầu vào chuẩn. (DOCX or PDF files, or - for standard input.)"`
	JSON  bool     `name:"json" help:"In JSON: một đối tượng mỗi tệp, mỗi đối tượng một dòng. (Print JSON: one object a file, one a line.)"`
	Lang  string   `name:"lang" enum:"vi,en" default:"vi" help:"Ngôn ngữ của bản in. (Language of the readable text.)"`
}

// linted is what --json prints for a file.
type linted struct {
	File     string        `json:"file"`
	Error    string        `json:"error,omitempty"`
	Findings []lintFinding `json:"findings"`
}

type lintFinding struct {
	lint.Finding
	Message string `json:"message"`
}

// Run checks the files in the order given.
func (c LintCmd) Run(ctx context.Context, s *Streams) error {
	words, err := i18n.Load(lint.Text, doctext.Words)
	if err != nil {
		return fmt.Errorf("load words: %w", err)
	}
	lang := i18n.ParseLang(c.Lang)
	say := func(key string, args ...any) string { return words.Text(lang, key, args...) }
	found, failed := false, false
	for _, name := range c.Paths {
		fs, err := c.file(ctx, s, name)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		out := linted{File: name, Findings: []lintFinding{}}
		if err != nil {
			failed = true
			out.Error = fileReason(say, err)
		}
		for _, f := range fs {
			found = true
			out.Findings = append(out.Findings, lintFinding{f, say(f.Message.Key, f.Message.Args...)})
		}
		if c.JSON {
			e := json.NewEncoder(s.Out)
			e.SetEscapeHTML(false)
			if err := e.Encode(out); err != nil {
				return fmt.Errorf("write result: %w", err)
			}
			continue
		}
		if err != nil {
			fmt.Fprintln(s.Err, say("lint.report.failed", name, out.Error))
			continue
		}
		if _, err := io.WriteString(s.Out, readableFindings(say, out)); err != nil {
			return fmt.Errorf("write result: %w", err)
		}
	}
	switch {
	case failed:
		return ExitCode(3)
	case found:
		return ExitCode(1)
	}
	return nil
}

func (c LintCmd) file(ctx context.Context, s *Streams, name string) ([]lint.Finding, error) {
	if name == "-" {
		b, err := io.ReadAll(io.LimitReader(s.In, doctext.DefaultMaxSize+1))
		if err != nil {
			return nil, fmt.Errorf("read: %w", err)
		}
		return lint.Lint(ctx, bytes.NewReader(b), int64(len(b)), ReadingOptions())
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("stat: %w", err)
	}
	return lint.Lint(ctx, f, info.Size(), ReadingOptions())
}

func readableFindings(say func(string, ...any) string, r linted) string {
	if len(r.Findings) == 0 {
		return say("lint.report.clean", r.File) + "\n"
	}
	var b strings.Builder
	b.WriteString(say("lint.report.found", r.File, len(r.Findings)) + "\n")
	for _, f := range r.Findings {
		place := say("lint.report.whole")
		var parts []string
		if f.Place.Page > 0 {
			parts = append(parts, say("lint.report.page", f.Place.Page))
		}
		if f.Place.Paragraph > 0 {
			parts = append(parts, say("lint.report.paragraph", f.Place.Paragraph))
		}
		if len(parts) > 0 {
			place = strings.Join(parts, ", ")
		}
		b.WriteString("  - " + place)
		if f.Place.Text != "" {
			b.WriteString(", “" + f.Place.Text + "”")
		}
		b.WriteString(": " + f.Message)
		if f.Others > 0 {
			b.WriteString(" " + say("lint.report.others", f.Others))
		}
		b.WriteString("\n")
	}
	return b.String()
}
