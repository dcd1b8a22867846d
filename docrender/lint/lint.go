package lint

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"sort"

	"chungtay/doctext"
	"chungtay/internal/errs"
)

// Text holds the sentences of the findings.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// Finding is one deviation from the form.
type Finding struct {
	Rule    string       `json:"rule"`           // size, number-zero, …
	Part    string       `json:"part,omitempty"` // the component: quoc-hieu, so-ky-hieu, …
	Place   Place        `json:"place"`
	Others  int          `json:"others,omitempty"` // further places with the same deviation
	Message errs.Message `json:"-"`                // what is wrong and the cure, one sentence each

	at int // in the text
}

// Place says where in the file. A zero number is not known or not one place.
type Place struct {
	Page      int    `json:"page,omitempty"`
	Paragraph int    `json:"paragraph,omitempty"`
	Text      string `json:"text,omitempty"` // how the place begins
}

// The reasons for which a file is not checked, besides doctext's; errs.TextOf gives the sentence.
var (
	ErrNotPaper = errors.New("neither DOCX nor PDF")
	ErrScan     = errors.New("PDF without text")
)

// Lint checks a DOCX or PDF. An empty result means that nothing was found that the decree would have otherwise; what cannot be read is an
// error (one of doctext's, ErrNotPaper or ErrScan).
func Lint(ctx context.Context, r io.ReaderAt, size int64, o doctext.Options) ([]Finding, error) {
	if limit := max(o.MaxSize, 0); size > limit && limit > 0 || size > doctext.DefaultMaxSize {
		return nil, errs.Wrap(doctext.ErrTooBig, errs.TooLarge, "doctext.error.too-big", doctext.DefaultMaxSize>>20)
	}
	kind, err := doctext.Detect(r, size)
	if err != nil {
		return nil, fmt.Errorf("detect: %w", err)
	}
	c := &checker{}
	switch kind {
	case doctext.DOCX:
		if c.sheet, err = readDOCX(ctx, r, size); err == nil {
			c.layLines()
		}
	case doctext.PDF:
		err = c.readPDF(ctx, r, size, o)
	default:
		err = errs.Wrap(ErrNotPaper, errs.Invalid, "lint.report.not-paper")
	}
	if err != nil {
		return nil, err
	}
	c.findParts()
	c.run()
	sort.SliceStable(c.found, func(i, j int) bool {
		return c.found[i].at < c.found[j].at
	})
	return c.found, nil
}
