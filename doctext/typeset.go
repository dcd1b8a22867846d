package doctext

import (
	"context"
	"io"
	"strings"

	"github.com/klippa-app/go-pdfium/responses"
)

// Page is one page of a PDF as it is set: words in the order of the file, with the type they are set in, and the straight lines drawn.
// Lengths are points from the lower left corner of the page as it is read.
type Page struct {
	Number        int
	Width, Height float64
	Words         []Word
	Lines         []Box
	Scan          bool // a picture without text
}

// Word is one word of a page.
type Word struct {
	Text string
	Box
	Font   string // as the file names it, with the marks of a subset
	Size   float64
	Bold   bool
	Italic bool
}

// Box is a rectangle.
type Box struct{ Left, Bottom, Right, Top float64 }

// Typeset is Extract for a PDF, and gives the pages as they are set beside the text. Pictures are not recognised.
func Typeset(ctx context.Context, r io.ReaderAt, size int64, o Options) (Text, []Page, error) {
	o.NoOCR = true
	var pages []Page
	text, err := extractAnd(ctx, r, size, "", o, func(sheets []sheet) {
		for _, s := range sheets {
			p := Page{Number: s.Number, Width: float64(s.Width), Height: float64(s.Height), Scan: s.Scan}
			for _, w := range s.Words {
				x := Word{Text: w.Text, Box: risen(w.X0, w.Y0, w.X1, w.Y1)}
				if t := w.Type; t != nil {
					x.Font, x.Size, x.Bold, x.Italic = t.Font, float64(t.Size), t.Bold, t.Italic
				}
				p.Words = append(p.Words, x)
			}
			for _, l := range s.Rules {
				p.Lines = append(p.Lines, risen(l.X0, l.Y0, l.X1, l.Y1))
			}
			pages = append(pages, p)
		}
	})
	return text, pages, err
}

// risen turns a box of a sheet, where lines follow each other downwards, back to one whose y runs up.
func risen(x0, y0, x1, y1 float32) Box {
	return Box{float64(x0), float64(-y1), float64(x1), float64(-y0)}
}

// typeface is the type a word is set in.
type typeface struct {
	Font         string
	Size         float32
	Bold, Italic bool
}

// typefaces keeps one value of each, for a page has thousands of words in five.
type typefaces []*typeface

// of tells the typeface of a character. Weight and slant stand in the name of the font where its flags do not tell.
func (t *typefaces) of(f *responses.FontInformation) *typeface {
	if f == nil {
		return nil
	}
	size := f.RenderedSize
	if size <= 0 {
		size = f.Size
	}
	low := strings.ToLower(f.Name)
	x := typeface{Font: short(f.Name), Size: float32(size), Bold: f.Weight >= 600 || strings.Contains(low, "bold"), Italic: f.Flags&64 != 0 || strings.Contains(low, "italic") || strings.Contains(low, "oblique")}
	for _, have := range *t {
		if *have == x {
			return have
		}
	}
	c := x
	*t = append(*t, &c)
	return &c
}
