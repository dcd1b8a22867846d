package doctext

import (
	"context"
	"embed"
	"io"
	"time"
)

// Words holds the sentences of this package for the catalogue of words.
//
//go:embed text.vi.toml text.en.toml
var Words embed.FS

// Type is what a file is, told by its content.
type Type string

// The types that are told apart. The last group is recognised to say what to do, and not read.
const (
	Plain Type = "text"
	HTML  Type = "html"
	MHT   Type = "mht" // a page saved with its pictures as one file
	DOCX  Type = "docx"
	ODT   Type = "odt"
	RTF   Type = "rtf"
	XLSX  Type = "xlsx"
	PDF   Type = "pdf"
	PNG   Type = "png"
	JPEG  Type = "jpeg"
	TIFF  Type = "tiff"
	WebP  Type = "webp"
	Doc   Type = "doc" // Word 97–2003; read through LibreOffice where Options.Soffice allows it

	Locked  Type = "locked" // an Office file behind a password
	XLS     Type = "xls"
	PPT     Type = "ppt"
	Slides  Type = "pptx"
	ODS     Type = "ods"
	HEIC    Type = "heic"
	Archive Type = "zip"
	Empty   Type = "empty"
	Unknown Type = "unknown"
)

// Picture tells whether the type holds an image of a page.
func (t Type) Picture() bool { return t == PNG || t == JPEG || t == TIFF || t == WebP }

// Span is a half-open range of bytes of Text.Plain.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// BlockKind says what a block is.
type BlockKind string

// The kinds of block.
const (
	Paragraph BlockKind = "paragraph"
	Table     BlockKind = "table"
)

// Block is one paragraph or one table of the text, in reading order.
type Block struct {
	Kind BlockKind `json:"kind"`
	Span
	Label string   `json:"label,omitempty"` // the number or bullet that the word processor drew; Plain has it as well
	Rows  [][]Span `json:"rows,omitempty"`  // the cells of a table
}

// Apart is text that stands beside the reading order: it is no part of Plain.
type Apart struct {
	Kind string `json:"kind"` // header, footer, note, comment
	Text string `json:"text"`
}

// Warning is something that a reader of the text should know; Key is in the catalogue of words.
type Warning struct {
	Key  string `json:"key"`
	Args []any  `json:"args,omitempty"`
	Page int    `json:"page,omitempty"` // from 1; 0 when it is about the whole file
}

// Meta is what the file says of itself. It is a hint and no proof: anybody can write anything there.
type Meta struct {
	Title    string    `json:"title,omitempty"`
	Author   string    `json:"author,omitempty"`
	Editor   string    `json:"editor,omitempty"` // who saved it last
	Program  string    `json:"program,omitempty"`
	Created  time.Time `json:"created,omitzero"`
	Modified time.Time `json:"modified,omitzero"`
}

// Text is what was read out of a file.
type Text struct {
	Type      Type      `json:"type"`
	Plain     string    `json:"plain"` // NFC; a paragraph or table row a line, pages one after the other; what docparse.Read takes
	Blocks    []Block   `json:"blocks,omitempty"`
	Pages     []int     `json:"pages,omitempty"`      // where in Plain each page begins; empty when the format does not say
	PageCount int       `json:"page_count,omitempty"` // 0 when the format does not say
	Apart     []Apart   `json:"apart,omitempty"`
	Warnings  []Warning `json:"warnings,omitempty"`
	Meta      Meta      `json:"meta,omitzero"`
	OCR       bool      `json:"ocr,omitempty"` // at least one page was read from its picture
}

// PageAt returns the page, from 1, on which the byte of Plain at pos stands; 0 when pages are not known.
func (t *Text) PageAt(pos int) int {
	n := 0
	for n < len(t.Pages) && t.Pages[n] <= pos {
		n++
	}
	return n
}

// Options bound a reading. The zero value reads everything that needs no other program, within the limits below.
type Options struct {
	MaxSize  int64         // bytes of the file; 0 is 100 MB
	MaxText  int           // bytes of text; 0 is 20 MB
	MaxPages int           // pages of a PDF; 0 is 2,000
	MaxOCR   int           // pages read from pictures, a file; 0 is 100
	Timeout  time.Duration // for the whole file; 0 is 2 minutes, 10 where pages are read from pictures
	CacheDir string        // where compiled WebAssembly is kept (about 22 MB); empty: compiled anew each time, 4 to 6 s
	Helper   []string      // the command that runs ServeHelper; each PDF is read in a process of its own. Empty: in this one, slower
	Helpers  *Helpers      // processes that stay for the next PDF, instead of Helper; for many files in a row
	NoOCR    bool          // leave pictures alone even where Tesseract is installed
	OCR      string        // the Tesseract program; empty: tesseract on the PATH
	Soffice  string        // the LibreOffice program allowed for .doc of 1997; empty: such files get an answer, not a text
}

// Default limits.
const (
	DefaultMaxSize  = 100 << 20
	DefaultMaxText  = 20 << 20
	DefaultMaxPages = 2000
	DefaultMaxOCR   = 100
)

func (o Options) withDefaults() Options {
	if o.MaxSize <= 0 {
		o.MaxSize = DefaultMaxSize
	}
	if o.MaxText <= 0 {
		o.MaxText = DefaultMaxText
	}
	if o.MaxPages <= 0 {
		o.MaxPages = DefaultMaxPages
	}
	if o.MaxOCR <= 0 {
		o.MaxOCR = DefaultMaxOCR
	}
	return o
}

// Extract reads the text of a file of the given size. The name is for messages and for nothing else.
//
// An error is one of those in errors.go: it carries a sentence for a person (errs.TextOf) and can be told apart by errors.Is. When the
// time of Options or of ctx is up, the answer is ErrTimeout or ctx.Err(). No reader panics and none waits for more than its share.
func Extract(ctx context.Context, r io.ReaderAt, size int64, name string, o Options) (Text, error) {
	return extractAnd(ctx, r, size, name, o, nil)
}

// extractAnd is Extract that also hands the pages of a PDF to typeset.
func extractAnd(ctx context.Context, r io.ReaderAt, size int64, name string, o Options, typeset func([]sheet)) (Text, error) {
	o = o.withDefaults()
	if size > o.MaxSize {
		return Text{}, refuse(ErrTooBig, o.MaxSize>>20)
	}
	kind, z, err := detect(r, size)
	if err != nil {
		return Text{Type: kind}, err
	}
	limit := o.Timeout
	if limit <= 0 {
		limit = 2 * time.Minute
		if !o.NoOCR && (kind.Picture() || kind == PDF) {
			limit = 10 * time.Minute
		}
	}
	inner, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	j := &job{ctx: inner, r: r, size: size, name: name, o: o, kind: kind, z: z, out: newBuilder(o.MaxText), typeset: typeset}
	err = j.read()
	switch {
	case err == nil:
		return j.out.finish(kind), nil
	case ctx.Err() != nil:
		return Text{Type: kind}, ctx.Err()
	case inner.Err() != nil:
		return Text{Type: kind}, refuse(ErrTimeout, int(limit/time.Second))
	default:
		return Text{Type: kind}, err
	}
}

// job is the reading of one file.
type job struct {
	ctx  context.Context
	r    io.ReaderAt
	size int64
	name string
	o    Options
	kind Type
	z    *container // of a kind that is one
	out  *builder

	typeset func([]sheet) // takes the pages of a PDF with their typefaces, when somebody asks for them
}

// container opens the container of the file.
func (j *job) container() (*container, error) {
	if j.z != nil {
		return j.z, nil
	}
	_, z, err := detect(j.r, j.size)
	if err != nil {
		return nil, err
	}
	if z == nil {
		return nil, refuse(ErrDamaged)
	}
	return z, nil
}

func (j *job) read() error {
	switch j.kind {
	case Plain:
		return j.plain()
	case DOCX:
		return j.docx()
	case ODT:
		return j.odt()
	case RTF:
		return j.rtf()
	case XLSX:
		return j.xlsx()
	case HTML:
		return j.html()
	case MHT:
		return j.mht()
	case PDF:
		return j.pdf()
	case PNG, JPEG, TIFF, WebP:
		return j.picture()
	case Doc:
		return j.oldWord()
	}
	return refuse(ErrUnknown)
}

// all returns the whole file; the size was checked.
func (j *job) all() ([]byte, error) {
	b := make([]byte, j.size)
	n, err := io.ReadFull(io.NewSectionReader(j.r, 0, j.size), b)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return nil, broken(err)
	}
	return b[:n], nil
}

func (j *job) warn(key string, args ...any) { j.out.warn(key, 0, args...) }
