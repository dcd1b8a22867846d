package docrender

import (
	"embed"
	"fmt"
	"strings"

	"chungtay/internal/errs"
)

// Text holds the sentences about problems of a document and about findings of the checker.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// Code says what sort of problem a document has.
type Code string

// The problems for which nothing is written.
const (
	MissingField    Code = "missing-field"
	MissingVariable Code = "missing-variable" // {{name}} was never filled
	Uncovered       Code = "uncovered"        // a character that the paper's font does not have
	UnknownKind     Code = "unknown-kind"
	UnknownLevel    Code = "unknown-level"
	NoSuchDate      Code = "no-such-date"
	TableTooWide    Code = "table-too-wide"
	TableShape      Code = "table-shape" // a row that does not fit the columns
	ImageNone       Code = "image-none"  // no bytes, or bytes that are no picture
	ImageTooBig     Code = "image-too-big"
	ChartShape      Code = "chart-shape"
)

// Problem is one reason why a document cannot be written. Where is the field in the document (body.3, annexes.0.title); Message is the
// sentence for people.
type Problem struct {
	Code    Code
	Where   string
	Message errs.Message
}

// Error says why nothing was written; it lists every problem found. errs.Of of it is Invalid.
type Error struct{ Problems []Problem }

// Error returns the codes and places, without the text of the document.
func (e *Error) Error() string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = string(p.Code) + " at " + p.Where
	}
	return "document cannot be written: " + strings.Join(parts, ", ")
}

// Unwrap gives the error for a form: one field a problem.
func (e *Error) Unwrap() error {
	out := errs.New(errs.Invalid, "docrender.problem.any", len(e.Problems))
	for _, p := range e.Problems {
		out.Fields = append(out.Fields, errs.Field{Name: p.Where, Message: p.Message})
	}
	return out
}

// Has tells whether a problem of the code is among them.
func (e *Error) Has(c Code) bool {
	for _, p := range e.Problems {
		if p.Code == c {
			return true
		}
	}
	return false
}

type problems struct{ list []Problem }

func (p *problems) add(c Code, where string, args ...any) {
	if len(p.list) < 50 { // a person mends some and tries again
		p.list = append(p.list, Problem{c, where, errs.Message{Key: "docrender.problem." + string(c), Args: args}})
	}
}

func (p *problems) err() error {
	if p.list == nil {
		return nil
	}
	return &Error{p.list}
}

func at(where string, i int) string { return fmt.Sprintf("%s.%d", where, i) }
