package doctext

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// piece is a paragraph, a table or the beginning of a page, in reading order.
type piece struct {
	label string // number or bullet drawn by the word processor
	text  string
	table *grid
	page  bool
	// breaks are the places in text at which a new page begins.
	breaks []int
	// above and below are the space that parts the paragraph from its neighbours, in twentieths of a point; indent says that its first
	// line is indented.
	above, below int
	indent       bool
}

// blank tells whether the piece is an empty paragraph; several in a row are one empty line.
func (p *piece) blank() bool {
	return p.text == "" && p.label == "" && p.table == nil && !p.page && len(p.breaks) == 0
}

// gap20 is the space from which on two paragraphs are written with an empty line between them. Nghị định 30/2020/NĐ-CP asks for 6 points.
const gap20 = 80

// cell is one cell of a table: its paragraphs.
type cell []string

// grid is one table as it was read.
type grid struct {
	rows   [][]cell
	breaks []int // the rows before which a new page begins
}

// builder collects what a reader finds and makes a Text of it at the end.
type builder struct {
	limit    int
	size     int
	pieces   []piece
	count    int // pages, when the file says so
	apart    []Apart
	warnings []Warning
	meta     Meta
	ocr      bool

	text   strings.Builder
	blocks []Block
	pages  []int
}

func newBuilder(limit int) *builder { return &builder{limit: limit} }

// pieceCost is what a paragraph costs beside its text, in the account of grow: so that millions of empty ones are a lot of text.
const pieceCost = 16

// grow accounts for a paragraph with n bytes of text.
func (b *builder) grow(n int) error {
	if b.size += n + pieceCost; b.size > b.limit {
		return refuse(ErrLong, fmt.Sprintf("%d MB", b.limit>>20))
	}
	return nil
}

// paragraph adds one paragraph; an empty one becomes an empty line.
func (b *builder) paragraph(label, s string) error {
	if err := b.grow(len(label) + len(s)); err != nil {
		return err
	}
	b.pieces = append(b.pieces, piece{label: label, text: s})
	return nil
}

// add adds pieces that were collected elsewhere and accounted for.
func (b *builder) add(ps ...piece) { b.pieces = append(b.pieces, ps...) }

// page notes that a page begins here.
func (b *builder) page() { b.pieces = append(b.pieces, piece{page: true}) }

func (b *builder) beside(kind, s string) {
	if s = tidy(s); s != "" && len(b.apart) < 5000 && b.grow(len(s)) == nil {
		b.apart = append(b.apart, Apart{kind, nfc(s)})
	}
}

func (b *builder) warn(key string, page int, args ...any) {
	if len(b.warnings) < 200 {
		b.warnings = append(b.warnings, Warning{Key: key, Args: args, Page: page})
	}
}

// finish writes the pieces as one text.
func (b *builder) finish(kind Type) Text {
	b.modernise()
	b.text.Grow(b.size - pieceCost*min(len(b.pieces), b.size/pieceCost))
	for i, p := range b.pieces {
		switch {
		case p.page:
			b.pages = append(b.pages, b.text.Len())
		case p.table != nil:
			b.writeTable(*p.table)
		default:
			if i > 0 && (p.indent || b.pieces[i-1].below+p.above >= gap20) && p.text != "" {
				b.blank()
			}
			b.writeParagraph(p.label, p.text, p.breaks)
		}
	}
	plain := strings.TrimRight(b.text.String(), "\n ")
	if plain != "" {
		plain += "\n"
	}
	for _, block := range b.blocks { // empty cells at the end of the text
		for _, row := range block.Rows {
			for i := range row {
				row[i] = Span{min(row[i].Start, len(plain)), min(row[i].End, len(plain))}
			}
		}
	}
	t := Text{Type: kind, Plain: plain, Blocks: b.blocks, PageCount: b.count, Apart: b.apart, Warnings: b.warnings, Meta: b.meta, OCR: b.ocr}
	for i, at := range b.pages {
		if i == 0 {
			at = 0
		}
		at = min(at, len(plain))
		for at > 0 && at < len(plain) && !utf8.RuneStart(plain[at]) {
			at--
		}
		t.Pages = append(t.Pages, at)
	}
	t.PageCount = max(t.PageCount, len(t.Pages))
	return t
}

func (b *builder) writeParagraph(label, s string, breaks []int) {
	before := len(s)
	s = nfc(tidy(s))
	after, indent := len(s), 0
	if label = tidy(label); label != "" { // an author's own label may hold anything
		indent = len(label) + 1
	}
	if label != "" {
		s = strings.TrimRight(label+" "+s, " ")
	}
	for _, at := range breaks {
		if before != after && before > 0 { // converted since: about there
			at = at * after / before
		}
		b.pages = append(b.pages, b.text.Len()+min(len(s), indent+at))
	}
	if s == "" {
		b.blank()
		return
	}
	b.blocks = append(b.blocks, Block{Kind: Paragraph, Span: b.line(s), Label: label})
}

func (b *builder) line(s string) Span {
	start := b.text.Len()
	b.text.WriteString(s)
	end := b.text.Len()
	b.text.WriteByte('\n')
	return Span{start, end}
}

// blank adds an empty line; several in a row are one.
func (b *builder) blank() {
	if s := b.text.String(); s != "" && !strings.HasSuffix(s, "\n\n") {
		b.text.WriteByte('\n')
	}
}

// writeTable writes a table. One that only places things on the page (header, signature: Nghị định 30/2020/NĐ-CP, Phụ lục I sets the two
// blocks side by side) is written cell after cell, each paragraph on its line; a table of data is written a row a line, cells parted by
// " | ".
func (b *builder) writeTable(g grid) {
	b.blank()
	block := Block{Kind: Table, Span: Span{b.text.Len(), b.text.Len()}}
	placed := g.places()
	for i, row := range g.rows {
		for _, at := range g.breaks {
			if at == i {
				b.pages = append(b.pages, b.text.Len())
			}
		}
		var spans []Span
		if placed {
			spans = b.placedRow(row)
		} else {
			spans = b.dataRow(row)
		}
		for _, s := range spans {
			if s.End > s.Start {
				block.End = max(block.End, s.End)
			}
		}
		block.Rows = append(block.Rows, spans)
	}
	if block.End > block.Start {
		b.blocks = append(b.blocks, block)
		b.blank()
	}
}

func (b *builder) placedRow(row []cell) []Span {
	var spans []Span
	for _, c := range row {
		at := Span{b.text.Len(), b.text.Len()}
		for _, p := range c {
			if p = nfc(tidy(p)); p != "" {
				at.End = b.line(p).End
			}
		}
		spans = append(spans, at)
		if at.End > at.Start {
			b.blank()
		}
	}
	return spans
}

func (b *builder) dataRow(row []cell) []Span {
	var spans []Span
	start := b.text.Len()
	var line strings.Builder
	filled := false
	for i, c := range row {
		if i > 0 {
			line.WriteString(" | ")
		}
		at := start + line.Len()
		for _, p := range c {
			if p = nfc(tidy(p)); p == "" {
				continue
			}
			if start+line.Len() > at {
				line.WriteByte('\n')
			}
			line.WriteString(strings.ReplaceAll(p, "|", "¦"))
			filled = true
		}
		spans = append(spans, Span{at, start + line.Len()})
	}
	if !filled {
		for i := range spans {
			spans[i] = Span{start, start}
		}
		return spans
	}
	end := b.line(strings.TrimRight(line.String(), " ")).End
	for i := range spans {
		spans[i] = Span{min(spans[i].Start, end), min(spans[i].End, end)}
	}
	return spans
}

// places tells whether a table only places blocks on the page.
func (g grid) places() bool {
	widest, long := 0, 0
	for _, row := range g.rows {
		n := 0
		for _, c := range row {
			if c.empty() {
				continue
			}
			n++
			if len(c) > 3 {
				long++
			}
		}
		widest = max(widest, n)
	}
	if widest <= 1 {
		return true
	}
	if widest > 3 {
		return false
	}
	for _, row := range g.rows[:min(len(g.rows), 6)] {
		for _, c := range row {
			for _, p := range c {
				if marksPlace(p) {
					return true
				}
			}
		}
	}
	return len(g.rows) <= 2 && long > 0
}

// marksPlace recognises the lines that only header and signature tables hold.
func marksPlace(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) > 200 {
		return false
	}
	low := strings.ToLower(nfc(s))
	for _, m := range []string{"cộng hòa xã hội", "cộng hoà xã hội", "độc lập - tự do", "độc lập – tự do", "độc lập-tự do", "nơi nhận", "đảng cộng sản việt nam"} {
		if strings.HasPrefix(low, m) {
			return true
		}
	}
	for _, m := range []string{"KT.", "TM.", "TL.", "TUQ.", "T/M", "Q."} {
		if rest, ok := strings.CutPrefix(s, m); ok && strings.HasPrefix(rest, " ") {
			return true
		}
	}
	return false
}

func (c cell) empty() bool {
	for _, p := range c {
		if strings.TrimSpace(p) != "" {
			return false
		}
	}
	return true
}

func nfc(s string) string {
	if norm.NFC.IsNormalString(s) {
		return s
	}
	return norm.NFC.String(s)
}

// tidy drops characters that never are text and white space at the ends. Wide gaps stay: they stand for blanks that are to be filled in
// ("Số:      /SYT-TTr").
func tidy(s string) string {
	for i, r := range s {
		if !isText(r) {
			var b strings.Builder
			b.WriteString(s[:i])
			for _, r := range s[i:] {
				if isText(r) {
					b.WriteRune(r)
				}
			}
			s = b.String()
			break
		}
	}
	return strings.Trim(s, " \t\n\u00a0")
}

func isText(r rune) bool {
	switch {
	case r < ' ':
		return r == '\n' || r == '\t'
	case r >= 0x7F && r < 0xA0 || r == 0xFFFE || r == 0xFFFF || r >= 0xE000 && r <= 0xF8FF:
		return false
	}
	return true
}
