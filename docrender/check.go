package docrender

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // the two formats of Image
	_ "image/png"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
)

// Limits of a picture: what a phone takes, and no more than a page can show.
const (
	maxImageBytes  = 20 << 20
	maxImagePixels = 50_000_000
)

// Check lists everything for which the document could not be written. The writers call it first.
func (d Document) Check() error {
	_, err := d.prepared()
	return err
}

// prepared returns the document with its text normalised (NFC, no invisible characters) and the problems as an *Error.
func (d Document) prepared() (Document, error) {
	var p problems
	form, ok := formOf(d.Kind)
	switch {
	case d.Kind == "":
		p.missing("kind")
	case !ok:
		p.add(UnknownKind, "kind", string(d.Kind))
	case form.title == "" && d.Kind != Letter && strings.TrimSpace(d.Title) == "":
		p.missing("title")
	}
	need := func(field string, values ...string) {
		for _, v := range values {
			if strings.TrimSpace(v) != "" {
				return
			}
		}
		p.missing(field)
	}
	need("issuer", d.Issuer...)
	if d.Kind != Book {
		need("place", d.Place)
	}
	if d.Kind != OtherKind && d.Kind != OfficialNote && d.Kind != Minutes && d.Kind != Book {
		need("symbol", d.Symbol)
	}
	if d.Kind != OtherKind && d.Kind != OfficialNote && d.Kind != Book {
		need("subject", d.Subject)
	}
	if d.Kind == Letter || d.Kind == Proposal {
		need("addressees", d.Addressees...)
	}
	if d.Kind == Decision {
		need("decided_by", d.DecidedBy)
	}
	if len(d.Body) == 0 {
		p.missing("body")
	}
	if !d.Draft && d.Kind != Book {
		need("signer_title", append([]string{d.SignerTitle}, d.Authority...)...)
		need("signer", d.Signer)
	}
	if d.Date.Day > 0 || d.Date.Month > 12 {
		if _, ok := civil.New(d.Date.Year, d.Date.Month, d.Date.Day); !ok {
			p.add(NoSuchDate, "date", ShortDate(d.Date))
		}
	}
	d = d.cleaned(&p)
	p.blocks("body", d.Body, d.Landscape)
	for i, a := range d.Annexes {
		if strings.TrimSpace(a.Title) == "" {
			p.add(MissingField, at("annexes", i)+".title", field("annex_title"))
		}
		p.blocks(at("annexes", i)+".body", a.Body, a.Landscape)
	}
	return d, p.err()
}

func (p *problems) missing(name string) { p.add(MissingField, name, field(name)) }

func field(name string) errs.Message { return errs.Message{Key: "docrender.field." + name} }

// cleaned copies the document with every text normalised, and notes characters no style of the font has and blanks never filled.
func (d Document) cleaned(p *problems) Document {
	line := func(where, s string) string { return p.text(where, strings.Join(strings.Fields(s), " ")) }
	lines := func(where string, in []string) []string {
		out := make([]string, 0, len(in))
		for i, s := range in {
			if s = line(at(where, i), s); s != "" {
				out = append(out, s)
			}
		}
		return out
	}
	d.Title, d.Symbol, d.Place, d.Subject = line("title", d.Title), line("symbol", d.Symbol), line("place", d.Place), line("subject", d.Subject)
	d.IssuerName = line("issuer_name", d.IssuerName)
	d.DecidedBy, d.SignerTitle, d.Signer = line("decided_by", d.DecidedBy), line("signer_title", d.SignerTitle), line("signer", d.Signer)
	d.Superior, d.Issuer, d.Bases = lines("superior", d.Superior), lines("issuer", d.Issuer), lines("bases", d.Bases)
	d.Addressees, d.Authority, d.Contact = lines("addressees", d.Addressees), lines("authority", d.Authority), lines("contact", d.Contact)
	d.Archive.Units, d.Archive.Drafter = lines("archive.units", d.Archive.Units), line("archive.drafter", d.Archive.Drafter)
	if d.CoSigner != nil {
		d.CoSigner = &CoSigner{lines("co_signer.authority", d.CoSigner.Authority), line("co_signer.title", d.CoSigner.Title), line("co_signer.name", d.CoSigner.Name)}
	}
	rs := make([]Recipient, 0, len(d.Recipients))
	for i, r := range d.Recipients {
		r = Recipient{line(at("recipients", i), r.Name), line(at("recipients", i), r.Mark)}
		if r.Name != "" {
			rs = append(rs, r)
		}
	}
	d.Recipients = rs
	d.Body = p.cleanBlocks("body", d.Body)
	as := make([]Annex, len(d.Annexes))
	for i, a := range d.Annexes {
		as[i] = Annex{line(at("annexes", i)+".title", a.Title), p.cleanBlocks(at("annexes", i)+".body", a.Body), a.Landscape}
	}
	d.Annexes = as
	return d
}

func (p *problems) cleanBlocks(where string, in []Block) []Block {
	out := make([]Block, len(in))
	for i, b := range in {
		w := at(where, i)
		b.Label, b.Text = p.text(w, b.Label), p.text(w, b.Text)
		if b.Runs != nil {
			rs := make([]Run, len(b.Runs))
			for j, r := range b.Runs {
				r.Text = p.text(w, r.Text)
				rs[j] = r
			}
			b.Runs = rs
		}
		if b.Table != nil {
			t := *b.Table
			t.Caption, t.Unit = p.text(w, t.Caption), p.text(w, t.Unit)
			t.Columns = append([]Column(nil), t.Columns...)
			for j := range t.Columns {
				t.Columns[j].Title = p.text(w, t.Columns[j].Title)
			}
			t.Head, t.Rows = p.cleanCells(w, t.Head), p.cleanCells(w, t.Rows)
			b.Table = &t
		}
		if b.Image != nil {
			m := *b.Image
			m.Alt, m.Caption = p.text(w, m.Alt), p.text(w, m.Caption)
			b.Image = &m
		}
		if b.Chart != nil {
			c := *b.Chart
			c.Title, c.Unit = p.text(w, c.Title), p.text(w, c.Unit)
			c.Categories = append([]string(nil), c.Categories...)
			for j := range c.Categories {
				c.Categories[j] = p.text(w, c.Categories[j])
			}
			c.Series = append([]Series(nil), c.Series...)
			for j := range c.Series {
				c.Series[j].Name = p.text(w, c.Series[j].Name)
			}
			b.Chart = &c
		}
		out[i] = b
	}
	return out
}

func (p *problems) cleanCells(where string, rows [][]Cell) [][]Cell {
	out := make([][]Cell, len(rows))
	for i, r := range rows {
		cs := make([]Cell, len(r))
		for j, c := range r {
			c.Text = p.text(where, c.Text)
			cs[j] = c
		}
		out[i] = cs
	}
	return out
}

// text normalises one text and notes what cannot be printed.
func (p *problems) text(where, s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= 0x7F || c == '{' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r == '\r', r == '\u00ad', r == '\u200b', r == '\u200c', r == '\u200d', r == '\u2060', r == '\ufeff':
			return -1
		case r == '\u2028' || r == '\u2029' || r == '\u0085':
			return '\n'
		case r == '\u2011': // the font has no unbreakable hyphen
			return '-'
		}
		return r
	}, norm.NFC.String(s))
	if i := strings.Index(s, "{{"); i >= 0 {
		if j := strings.Index(s[i:], "}}"); j > 0 {
			p.add(MissingVariable, where, strings.TrimSpace(s[i+2:i+j]))
		}
	}
	for _, f := range faces() {
		if r, ok := f.covers(s); !ok {
			shown := string(r)
			if !unicode.IsPrint(r) {
				shown = " "
			}
			p.add(Uncovered, where, shown, fmt.Sprintf("U+%04X", r))
			break
		}
	}
	return s
}

// Printable is a text as every writer takes it: normalised, with a question mark for each letter the font lacks and no blank that would want
// to be filled. It is for lists of what others have written; in a document of one's own Check asks for better words.
func Printable(s string) string {
	s = new(problems).text("", strings.ReplaceAll(s, "{{", "{ {"))
	return strings.Map(func(r rune) rune {
		for _, f := range faces() {
			if _, ok := f.covers(string(r)); !ok {
				return '?'
			}
		}
		return r
	}, s)
}

// Fill replaces {{name}} in every text of the document. Names that vars does not have are problems.
func (d Document) Fill(vars map[string]string) (Document, error) {
	var p problems
	f := filler{vars: vars, p: &p}
	f.strs(&d.Title, &d.IssuerName, &d.Symbol, &d.Place, &d.Subject, &d.DecidedBy, &d.SignerTitle, &d.Signer, &d.Archive.Drafter)
	for _, l := range []*[]string{&d.Superior, &d.Issuer, &d.Bases, &d.Addressees, &d.Authority, &d.Contact, &d.Archive.Units} {
		*l = f.list(*l)
	}
	if d.CoSigner != nil {
		s := *d.CoSigner
		f.strs(&s.Title, &s.Name)
		s.Authority = f.list(s.Authority)
		d.CoSigner = &s
	}
	rs := append([]Recipient(nil), d.Recipients...)
	for i := range rs {
		f.strs(&rs[i].Name, &rs[i].Mark)
	}
	d.Recipients = rs
	d.Body = f.blocks(d.Body)
	as := append([]Annex(nil), d.Annexes...)
	for i := range as {
		f.strs(&as[i].Title)
		as[i].Body = f.blocks(as[i].Body)
	}
	d.Annexes = as
	return d, p.err()
}

type filler struct {
	vars map[string]string
	p    *problems
	seen map[string]bool
}

func (f *filler) strs(in ...*string) {
	for _, s := range in {
		if !strings.Contains(*s, "{{") {
			continue
		}
		var b strings.Builder
		rest := *s
		for {
			i := strings.Index(rest, "{{")
			j := -1
			if i >= 0 {
				j = strings.Index(rest[i:], "}}")
			}
			if j < 0 {
				b.WriteString(rest)
				break
			}
			name := strings.TrimSpace(rest[i+2 : i+j])
			b.WriteString(rest[:i])
			if v, ok := f.vars[name]; ok {
				b.WriteString(v)
			} else if !f.seen[name] {
				if f.seen == nil {
					f.seen = map[string]bool{}
				}
				f.seen[name] = true
				f.p.add(MissingVariable, name, name)
			}
			rest = rest[i+j+2:]
		}
		*s = b.String()
	}
}

func (f *filler) list(in []string) []string {
	out := append([]string(nil), in...)
	for i := range out {
		f.strs(&out[i])
	}
	return out
}

func (f *filler) blocks(in []Block) []Block {
	out := append([]Block(nil), in...)
	for i := range out {
		b := &out[i]
		f.strs(&b.Text, &b.Label)
		b.Runs = append([]Run(nil), b.Runs...)
		for j := range b.Runs {
			f.strs(&b.Runs[j].Text)
		}
		if len(b.Runs) == 0 {
			b.Runs = nil
		}
		if b.Table != nil {
			t := *b.Table
			f.strs(&t.Caption, &t.Unit)
			t.Rows, t.Head = f.cells(t.Rows), f.cells(t.Head)
			b.Table = &t
		}
	}
	return out
}

func (f *filler) cells(in [][]Cell) [][]Cell {
	out := make([][]Cell, len(in))
	for i, r := range in {
		out[i] = append([]Cell(nil), r...)
		for j := range out[i] {
			f.strs(&out[i][j].Text)
		}
	}
	return out
}

// Fits tells whether the words of a table have room on a page.
func (t *Table) Fits(landscape bool) bool {
	_, _, ok := t.widths(TextWidth(landscape))
	return ok
}

// TextWidth is the room between the margins in millimetres, on upright or on turned pages.
func TextWidth(landscape bool) float64 {
	if landscape {
		return pageHeight - marginLeft - marginRight
	}
	return pageWidth - marginLeft - marginRight
}

// blocks checks tables, pictures, charts and levels.
func (p *problems) blocks(where string, in []Block, landscape bool) {
	for i, b := range in {
		w := at(where, i)
		switch b.Type {
		case ParagraphBlock, BreakBlock:
		case HeadingBlock, ItemBlock:
			if _, ok := levels[b.Level]; !ok {
				p.add(UnknownLevel, w, string(b.Level))
			}
		case TableBlock:
			if b.Table == nil || len(b.Table.Columns) == 0 {
				p.add(TableShape, w, 1, 0, 0)
				continue
			}
			p.table(w, b.Table, landscape)
		case ImageBlock:
			p.image(w, b.Image)
		case ChartBlock:
			c := b.Chart
			good := c != nil && len(c.Categories) > 0 && len(c.Series) > 0 && len(c.Series) < 20 && (c.Kind == Bars || c.Kind == Lines)
			if good {
				for _, s := range c.Series {
					good = good && len(s.Values) == len(c.Categories)
					for _, v := range s.Values {
						good = good && v >= 0 && v < 1e15 // false for what is no number
					}
				}
			}
			if !good {
				title := ""
				if c != nil {
					title = c.Title
				}
				p.add(ChartShape, w, title)
			}
		default:
			p.add(UnknownLevel, w, string(b.Type))
		}
	}
}

func (p *problems) table(where string, t *Table, landscape bool) {
	for _, part := range []struct {
		rows [][]Cell
		from int
	}{{t.head(), 1}, {t.Rows, 1}} {
		if bad, got := spanned(part.rows, len(t.Columns)); bad >= 0 {
			p.add(TableShape, where, bad+part.from, got, len(t.Columns))
			return
		}
	}
	if _, need, ok := t.widths(TextWidth(landscape)); !ok {
		p.add(TableTooWide, where, int(need+0.5), int(TextWidth(landscape)))
	}
}

// spanned returns the first row whose cells, with the spans that reach into it, do not fill the columns exactly.
func spanned(rows [][]Cell, columns int) (bad, got int) {
	open := make([]int, columns) // rows that a span still covers, by column
	for i, r := range rows {
		n := 0
		for _, c := range open {
			if c > 0 {
				n++
			}
		}
		for _, c := range r {
			n += max(1, c.ColSpan)
		}
		if n != columns {
			return i, n
		}
		col := 0
		next := make([]int, columns)
		for j, c := range open {
			next[j] = max(0, c-1)
		}
		for _, c := range r {
			for col < columns && open[col] > 0 {
				col++
			}
			for k := 0; k < max(1, c.ColSpan); k++ {
				if col >= columns || open[col] > 0 || i+max(1, c.RowSpan) > len(rows) {
					return i, n
				}
				next[col] = max(1, c.RowSpan) - 1
				col++
			}
		}
		open = next
	}
	return -1, 0
}

func (p *problems) image(where string, m *Image) {
	switch {
	case m == nil || len(m.Data) == 0:
		p.add(ImageNone, where)
	case len(m.Data) > maxImageBytes:
		p.add(ImageTooBig, where, maxImageBytes>>20, maxImagePixels/1_000_000)
	default:
		c, format, err := image.DecodeConfig(bytes.NewReader(m.Data))
		switch {
		case err != nil || format != "png" && format != "jpeg" || c.Width == 0 || c.Height == 0 || format == "jpeg" && c.ColorModel == color.CMYKModel:
			p.add(ImageNone, where)
		case c.Width*c.Height > maxImagePixels:
			p.add(ImageTooBig, where, maxImageBytes>>20, maxImagePixels/1_000_000)
		}
	}
}
