package doctext

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfium_errors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	wasmPages   = 6144       // of 64 KB each: 384 MB of memory for PDFium at most
	pageChars   = 200_000    // characters of one page; a dense table of an A3 page has 20,000
	pageObjects = 4000       // drawn objects of one page that are looked at for the lines of tables
	scanDPI     = 250        // resolution at which a page is drawn for recognition; Nghị định 30/2020/NĐ-CP asks for scans of at least 200
	scanPixels  = 20_000_000 // of a page drawn: A4 at 400 dpi is 15 million
	bareLetters = 25         // a page with fewer letters that has a picture is a scan
)

// pdfRequest is what the reading of a PDF is told.
type pdfRequest struct {
	Size     int64
	MaxPages int
	Pictures int // how many pages may be drawn for recognition
	CacheDir string
	Types    bool // tell the typeface of every word
}

// pdfMessage is one thing found: first the document, then a page each, or the reason why there is no more.
type pdfMessage struct {
	Meta   *Meta
	Pages  int
	Page   *sheet
	Reason string
	Detail string
	Done   bool // the file is read; the helper waits for the next
}

// pdfReasons are the errors that cross the border between processes.
var pdfReasons = map[string]error{"password": ErrPassword, "damaged": ErrDamaged, "long": ErrLong, "unread": ErrUnread}

// pdf reads a PDF, in a process of its own when there is a helper for it.
func (j *job) pdf() error {
	req := pdfRequest{Size: j.size, MaxPages: j.o.MaxPages, CacheDir: j.o.CacheDir, Types: j.typeset != nil}
	ocr, missing := j.recogniser()
	if missing == nil {
		req.Pictures = j.o.MaxOCR
	}
	var sheets []sheet
	scans, skipped := 0, 0
	take := func(m pdfMessage) error {
		switch {
		case m.Reason != "":
			reason := pdfReasons[m.Reason]
			switch {
			case reason == nil:
				return fmt.Errorf("read PDF: %s", m.Detail)
			case reason == ErrLong:
				return refuse(ErrLong, fmt.Sprintf("%d trang", j.o.MaxPages))
			case reason == ErrDamaged:
				return broken(errors.New(m.Detail))
			}
			return refuse(reason)
		case m.Meta != nil:
			j.out.meta, j.out.count = *m.Meta, m.Pages
		case m.Page != nil:
			s := *m.Page
			if s.Scan {
				scans++
				switch {
				case s.Picture == nil:
					skipped++
				default:
					var lines []rule
					if g, ok := fromPGM(s.Picture); ok {
						g, moved := straight(g)
						if lines = drawnLines(g); moved {
							s.Picture = pgm(g)
						}
					}
					words, err := ocr.words(j.ctx, s.Picture, s.DPI)
					if err != nil {
						return err
					}
					s.use(words, lines)
				}
				s.Picture = nil
			}
			n := 0
			for _, w := range s.Words {
				n += len(w.Text) + 1
			}
			if err := j.out.grow(n); err != nil {
				return err
			}
			sheets = append(sheets, s)
		}
		return nil
	}
	file := io.NewSectionReader(j.r, 0, j.size)
	var err error
	switch {
	case j.o.Helpers != nil:
		err = j.o.Helpers.read(j.ctx, file, req, take)
	case len(j.o.Helper) > 0:
		once := Helpers{command: j.o.Helper}
		err = once.read(j.ctx, file, req, take)
	default:
		err = readPDF(j.ctx, file, req, take)
	}
	if err != nil {
		return err
	}
	letters := 0
	for _, s := range sheets {
		letters += s.letters()
	}
	switch {
	case skipped > 0 && missing != nil && letters < bareLetters:
		return missing
	case skipped > 0:
		j.warn("doctext.warn.pages-skipped", skipped)
	}
	if j.typeset != nil {
		j.typeset(sheets)
	}
	j.out.compose(sheets)
	if ocr != nil {
		ocr.report(j.out)
	}
	return nil
}

// engine is PDFium, compiled and ready.
type engine struct {
	pool  pdfium.Pool
	close func()
}

// startPDF makes PDFium ready. With stoppable the work inside WebAssembly ends with the context, which makes it four times as slow; a
// helper is ended from outside instead.
func startPDF(ctx context.Context, cacheDir string, stoppable bool) (*engine, error) {
	e := &engine{close: func() {}}
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(wasmPages).
		WithCloseOnContextDone(stoppable)
	if cacheDir != "" {
		dir := filepath.Join(cacheDir, "wasm")
		if err := os.MkdirAll(dir, 0o700); err == nil {
			if cache, err := wazero.NewCompilationCacheWithDir(dir); err == nil {
				e.close = func() { cache.Close(context.Background()) }
				config = config.WithCompilationCache(cache)
			}
		}
	}
	pool, err := webassembly.Init(webassembly.Config{
		Context: experimental.WithCompilationWorkers(ctx, runtime.GOMAXPROCS(0)), MaxIdle: 1, MaxTotal: 1, RuntimeConfig: config, FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		e.close()
		return nil, fmt.Errorf("start PDFium: %w", err)
	}
	e.pool = pool
	return e, nil
}

func (e *engine) Close() {
	e.pool.Close()
	e.close()
}

// readPDF reads a PDF in this process.
func readPDF(ctx context.Context, r io.ReadSeeker, req pdfRequest, emit func(pdfMessage) error) error {
	e, err := startPDF(ctx, req.CacheDir, true)
	if err == nil {
		defer e.Close()
		err = e.read(ctx, r, req, emit)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// read reads one PDF, in memory of its own.
func (e *engine) read(ctx context.Context, r io.ReadSeeker, req pdfRequest, emit func(pdfMessage) error) (err error) {
	defer func() {
		if p := recover(); p != nil { // the binding turns some broken answers of PDFium into panics
			err = broken(fmt.Errorf("PDFium: %v", p))
		}
	}()
	in, err := e.pool.GetInstanceWithContext(ctx)
	if err != nil {
		return fmt.Errorf("start PDFium: %w", err)
	}
	defer in.Close()
	doc, err := in.OpenDocument(&requests.OpenDocument{FileReader: r, FileReaderSize: req.Size})
	switch {
	case errors.Is(err, pdfium_errors.ErrPassword), errors.Is(err, pdfium_errors.ErrSecurity):
		return refuse(ErrPassword)
	case err != nil:
		return broken(err)
	}
	count, err := in.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return broken(err)
	}
	switch {
	case count.PageCount == 0:
		return broken(errors.New("no pages"))
	case count.PageCount > req.MaxPages:
		return refuse(ErrLong, fmt.Sprintf("%d trang", req.MaxPages))
	}
	p := &pdfReader{in: in, doc: doc.Document, pictures: req.Pictures, types: req.Types, objectsLeft: 200_000}
	if err := emit(pdfMessage{Meta: p.meta(), Pages: count.PageCount}); err != nil {
		return err
	}
	damaged := 0
	for i := range count.PageCount {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s, err := p.sheet(i)
		if err != nil {
			if damaged++; damaged == count.PageCount {
				return broken(err)
			}
			s = &sheet{Damaged: true}
		}
		s.Number = i + 1
		if err := emit(pdfMessage{Page: s}); err != nil {
			return err
		}
	}
	return nil
}

type pdfReader struct {
	in       pdfium.Pdfium
	doc      references.FPDF_DOCUMENT
	pictures int
	types    bool

	objectsLeft int
}

func (p *pdfReader) meta() *Meta {
	text := func(tag string) string {
		r, err := p.in.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: p.doc, Tag: tag})
		if err != nil {
			return ""
		}
		return short(r.Value)
	}
	return &Meta{Title: text("Title"), Author: text("Author"), Program: text("Producer"), Created: pdfDate(text("CreationDate")), Modified: pdfDate(text("ModDate"))}
}

// pdfDate reads a date of ISO 32000-1, 7.9.4: D:20230724093000+07'00'.
func pdfDate(s string) time.Time {
	s = strings.NewReplacer("'", "", "Z", "+").Replace(strings.TrimPrefix(s, "D:"))
	for _, f := range []string{"20060102150405-0700", "20060102150405-07", "20060102150405+", "20060102150405", "200601021504", "20060102"} {
		if t, err := time.Parse(f, s); err == nil {
			return t.UTC()
		}
		if t, err := time.Parse(f, strings.TrimSuffix(s, "0000")); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

func (p *pdfReader) page(i int) requests.Page {
	return requests.Page{ByIndex: &requests.PageByIndex{Document: p.doc, Index: i}}
}

func (p *pdfReader) sheet(i int) (*sheet, error) {
	page := p.page(i)
	size, err := p.in.GetPageSize(&requests.GetPageSize{Page: page})
	if err != nil {
		return nil, err
	}
	s := &sheet{Width: float32(size.Width), Height: float32(size.Height)}
	chars, err := p.in.GetPageTextStructured(&requests.GetPageTextStructured{Page: page, Mode: requests.GetPageTextStructuredModeChars, CollectFontInformation: p.types})
	if err != nil {
		return nil, err
	}
	var turn turning
	s.Words, turn = wordsOf(chars.Chars[:min(len(chars.Chars), pageChars)])
	letters := s.letters()
	cover := p.objects(page, s, letters, turn)
	if letters < bareLetters && cover > 0.3 || letters == 0 && cover > 0 || cover > 0.7 && !s.vietnamese() {
		s.Scan = true
		if p.pictures > 0 {
			p.pictures--
			if err := p.draw(page, s); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// objects collects the straight lines drawn on a page, from which tables are known, and returns how much of it pictures cover.
func (p *pdfReader) objects(page requests.Page, s *sheet, letters int, turn turning) (cover float32) {
	count, err := p.in.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return 0
	}
	area := s.Width * s.Height
	for i := range min(count.Count, pageObjects) {
		if p.objectsLeft--; p.objectsLeft < 0 { // the binding keeps a note of each until the end
			return cover
		}
		o, err := p.in.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
		if err != nil {
			return cover
		}
		kind, err := p.in.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o.PageObject})
		if err != nil {
			return cover
		}
		if letters == 0 && cover == 0 && kind.Type != enums.FPDF_PAGEOBJ_TEXT {
			cover = 0.01 // letters may be drawn as shapes, or sit in a form
		}
		if kind.Type != enums.FPDF_PAGEOBJ_PATH && kind.Type != enums.FPDF_PAGEOBJ_IMAGE && kind.Type != enums.FPDF_PAGEOBJ_FORM {
			continue
		}
		b, err := p.in.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: o.PageObject})
		if err != nil {
			continue
		}
		switch {
		case kind.Type == enums.FPDF_PAGEOBJ_PATH:
			s.Rules = p.path(s.Rules, o.PageObject, turn, turn.box(b.Left, b.Bottom, b.Right, b.Top))
		case area > 0:
			if w, h := b.Right-b.Left, b.Top-b.Bottom; w > 0 && h > 0 {
				cover += w * h / area
			}
		}
	}
	return min(cover, 1)
}

// pathSegments is how many points of one drawn path are looked at; the frames of a row of 40 cells have 200.
const pathSegments = 2000

// path adds the lines of one drawn path. Many programs draw the cells of a row, or a whole table, as one path: then each of its straight lines
// counts by itself. A path with nothing but one line or frame is what its box says.
func (p *pdfReader) path(to []rule, object references.FPDF_PAGEOBJECT, turn turning, box rule) []rule {
	if box.X1-box.X0 < 12 || box.Y1-box.Y0 < 8 {
		return appendRules(to, box)
	}
	n, err := p.in.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: object})
	if err != nil || n.Count <= 5 || n.Count > pathSegments || n.Count > p.objectsLeft {
		return appendRules(to, box)
	}
	m, err := p.in.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: object})
	if err != nil {
		return appendRules(to, box)
	}
	p.objectsLeft -= n.Count
	var first, last [2]float32
	points := 0
	line := func(a, b [2]float32) {
		if dx, dy := a[0]-b[0], a[1]-b[1]; max(dx, -dx) < 1 || max(dy, -dy) < 1 {
			to = appendRules(to, turn.box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])))
		}
	}
	closed := func() {
		if points > 3 {
			line(last, first)
		}
	}
	for i := range n.Count {
		s, err := p.in.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: object, Index: i})
		if err != nil {
			break
		}
		kind, err := p.in.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: s.PathSegment})
		if err != nil {
			break
		}
		at, err := p.in.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: s.PathSegment})
		if err != nil {
			break
		}
		now := [2]float32{m.Matrix.A*at.X + m.Matrix.C*at.Y + m.Matrix.E, m.Matrix.B*at.X + m.Matrix.D*at.Y + m.Matrix.F}
		switch kind.Type {
		case enums.FPDF_SEGMENT_MOVETO:
			closed()
			first, points = now, 0
		case enums.FPDF_SEGMENT_LINETO:
			line(last, now)
		}
		last = now
		points++
	}
	closed()
	return to
}

// draw makes the picture of a page for recognition.
func (p *pdfReader) draw(page requests.Page, s *sheet) error {
	dpi := float64(scanDPI)
	if inches := float64(s.Width) * float64(s.Height) / 72 / 72; inches*dpi*dpi > scanPixels {
		dpi = math.Sqrt(scanPixels / inches)
	}
	if dpi < 20 {
		return errors.New("page too large to draw")
	}
	r, err := p.in.RenderPageInDPI(&requests.RenderPageInDPI{Page: page, DPI: int(dpi), ImageFormat: requests.RenderImageFormatGrayscale})
	if err != nil {
		return err
	}
	defer r.Cleanup()
	gray, ok := r.Result.RenderedImage.(*image.Gray)
	if !ok {
		return errors.New("page was not drawn")
	}
	s.Picture, s.DPI = pgm(gray), int(dpi)
	return nil
}
