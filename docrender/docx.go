package docrender

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
)

// DOCX writes the document for the word processor: named styles, numbering, tables and sections that a clerk goes on editing. The same
// document gives the same bytes. When the document has a problem nothing is written and the error is an *Error.
func DOCX(w io.Writer, d Document) error {
	d, err := d.prepared()
	if err != nil {
		return err
	}
	c := compose(d)
	x := &docx{composed: c}
	x.document()
	return x.pack(w)
}

// docx writes word/document.xml and what hangs on it.
type docx struct {
	*composed
	b bytes.Buffer
}

const (
	nsMain  = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	nsRels  = `xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	nsDraw  = `xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"`
	xmlDecl = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
)

func twips(mm float64) int   { return int(math.Round(mm * ptPerMM * 20)) }
func twipsPt(pt float64) int { return int(math.Round(pt * 20)) }
func emu(mm float64) int     { return int(math.Round(mm * 36000)) }

func (x *docx) s(parts ...string) {
	for _, p := range parts {
		x.b.WriteString(p)
	}
}

// esc writes text for XML.
func (x *docx) esc(s string) { escape(&x.b, s) }

func escape(b *bytes.Buffer, s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		var e string
		switch s[i] {
		case '&':
			e = "&amp;"
		case '<':
			e = "&lt;"
		case '>':
			e = "&gt;"
		case '"':
			e = "&quot;"
		default:
			continue
		}
		b.WriteString(s[from:i])
		b.WriteString(e)
		from = i + 1
	}
	b.WriteString(s[from:])
}

func escaped(s string) string {
	var b bytes.Buffer
	escape(&b, s)
	return b.String()
}

func (x *docx) document() {
	x.s(xmlDecl, `<w:document `, nsMain, ` `, nsRels, ` `, nsDraw, `><w:body>`)
	for i, s := range x.sheets {
		x.nodes(s.nodes)
		last := i == len(x.sheets)-1
		if !last {
			// the section's properties stand in its last paragraph, here one of no height behind the signature
			x.s(`<w:p><w:pPr><w:pStyle w:val="SauBang"/>`)
			x.section(i, s)
			x.s(`</w:pPr></w:p>`)
		} else {
			if _, table := s.nodes[len(s.nodes)-1].(*columns); table {
				x.s(`<w:p><w:pPr><w:pStyle w:val="SauBang"/></w:pPr></w:p>`) // a body may not end in a table
			}
			x.section(i, s)
		}
	}
	x.s(`</w:body></w:document>`)
}

func (x *docx) section(i int, s sheet) {
	x.s(`<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/>`)
	x.s(`<w:headerReference w:type="first" r:id="rIdHeaderFirst"/>`)
	if len(x.footer) > 0 {
		// a section without footers of its own has those of the section before
		x.s(`<w:footerReference w:type="default" r:id="rIdFooterEmpty"/>`)
		if i == 0 {
			x.s(`<w:footerReference w:type="first" r:id="rIdFooter"/>`)
		} else {
			x.s(`<w:footerReference w:type="first" r:id="rIdFooterEmpty"/>`)
		}
	}
	if i > 0 {
		x.s(`<w:type w:val="nextPage"/>`)
	}
	w, h := twips(pageWidth), twips(pageHeight)
	if s.landscape {
		x.s(`<w:pgSz w:w="`, strconv.Itoa(h), `" w:h="`, strconv.Itoa(w), `" w:orient="landscape"/>`)
	} else {
		x.s(`<w:pgSz w:w="`, strconv.Itoa(w), `" w:h="`, strconv.Itoa(h), `"/>`)
	}
	fmt.Fprintf(&x.b, `<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/>`, twips(marginTop), twips(marginRight), twips(marginBottom), twips(marginLeft), twips(headerAt), twips(footerAt))
	x.s(`<w:pgNumType w:start="1"/><w:titlePg/></w:sectPr>`)
}

func (x *docx) nodes(in []node) {
	for i, n := range in {
		switch n := n.(type) {
		case *para:
			x.para(n)
		case *rule:
			x.rule(n)
		case *columns:
			x.columns(n)
		case *ruled:
			x.ruled(n)
		case *picture:
			x.picture(n)
		case *graph:
			x.graph(n)
		case pageBreak:
			x.s(`<w:p><w:pPr><w:pStyle w:val="SauBang"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>`)
		}
		if _, t := n.(*columns); t && i+1 < len(in) {
			if _, t := in[i+1].(*columns); t {
				x.s(`<w:p><w:pPr><w:pStyle w:val="SauBang"/></w:pPr></w:p>`) // two tables without a paragraph between become one
			}
		}
	}
}

// para writes a paragraph. The order of the elements of pPr and rPr is that of the schema.
func (x *docx) para(p *para) {
	x.s(`<w:p><w:pPr><w:pStyle w:val="`, p.id, `"/>`)
	if p.keep && !p.keepNext {
		x.s(`<w:keepNext/>`)
	}
	if p.num.num > 0 {
		x.s(`<w:numPr><w:ilvl w:val="`, strconv.Itoa(p.num.ilvl), `"/><w:numId w:val="`, strconv.Itoa(p.num.num), `"/></w:numPr>`)
	}
	base := styleOf(p.id)
	if p.before >= 0 || p.after != base.after {
		x.s(`<w:spacing w:before="`, strconv.Itoa(twipsPt(p.spaceBefore())), `" w:after="`, strconv.Itoa(twipsPt(p.after)), `"/>`)
	}
	switch {
	case p.boxed && p.width > 0:
		side := twips((x.doc.headWidth() - p.width) / 2)
		x.s(`<w:ind w:left="`, strconv.Itoa(side), `" w:right="`, strconv.Itoa(side), `"/>`)
	case p.side > 0:
		side := strconv.Itoa(twips(p.side))
		x.s(`<w:ind w:left="`, side, `" w:right="`, side, `"/>`)
	case p.first != base.first:
		x.s(`<w:ind w:firstLine="0"/>`)
	}
	if p.align != "" {
		x.s(`<w:jc w:val="`, jc(p.align), `"/>`)
	}
	x.s(`</w:pPr>`)
	if p.label != "" && p.num.num == 0 {
		sep := " "
		if p.ownLine {
			sep = "\n"
		}
		x.run(p, Run{Text: p.label + sep, Bold: p.boldLabel})
	} else if p.ownLine {
		x.s(`<w:r><w:br/></w:r>`)
	}
	for _, r := range p.runs {
		x.run(p, r)
	}
	x.s(`</w:p>`)
}

func (x *docx) run(p *para, r Run) {
	if r.Text == "" {
		return
	}
	x.s(`<w:r>`)
	if b, i := r.Bold && !p.bold, r.Italic && !p.italic; b || i {
		x.s(`<w:rPr>`)
		if b {
			x.s(`<w:b/><w:bCs/>`)
		}
		if i {
			x.s(`<w:i/><w:iCs/>`)
		}
		x.s(`</w:rPr>`)
	}
	x.text(r.Text)
	x.s(`</w:r>`)
}

func (x *docx) text(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			x.s(`<w:br/>`)
		}
		if line != "" {
			x.s(`<w:t xml:space="preserve">`)
			x.esc(line)
			x.s(`</w:t>`)
		}
	}
}

func jc(a Align) string {
	switch a {
	case Center:
		return "center"
	case Right:
		return "right"
	case Left:
		return "left"
	}
	return "both"
}

// rule is an empty paragraph of small height with a line above, indented on both sides: it stays in the middle when names change.
func (x *docx) rule(r *rule) {
	side := strconv.Itoa(twips((r.room - r.width) / 2))
	x.s(`<w:p><w:pPr><w:pStyle w:val="Vach"/><w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>`)
	if r.after > 0 {
		x.s(`<w:spacing w:before="`, strconv.Itoa(twipsPt(styleOf("Vach").before)), `" w:after="`, strconv.Itoa(twipsPt(r.after)), `"/>`)
	}
	x.s(`<w:ind w:left="`, side, `" w:right="`, side, `"/></w:pPr></w:p>`)
}

func (x *docx) columns(c *columns) {
	x.s(`<w:tbl><w:tblPr><w:tblW w:w="`, strconv.Itoa(twips(c.widths[0]+c.widths[1])), `" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar><w:tblLook w:val="0000"/></w:tblPr><w:tblGrid>`)
	for _, w := range c.widths {
		x.s(`<w:gridCol w:w="`, strconv.Itoa(twips(w)), `"/>`)
	}
	x.s(`</w:tblGrid>`)
	for _, r := range c.rows {
		x.s(`<w:tr>`)
		if r.keep {
			x.s(`<w:trPr><w:cantSplit/></w:trPr>`)
		}
		for i, cell := range r.cells {
			x.s(`<w:tc><w:tcPr><w:tcW w:w="`, strconv.Itoa(twips(c.widths[i])), `" w:type="dxa"/></w:tcPr>`)
			if len(cell) == 0 {
				x.s(`<w:p><w:pPr><w:pStyle w:val="SauBang"/></w:pPr></w:p>`)
			}
			x.nodes(cell)
			x.s(`</w:tc>`)
		}
		x.s(`</w:tr>`)
	}
	x.s(`</w:tbl>`)
}

func (x *docx) ruled(t *ruled) {
	total := 0.0
	for _, w := range t.widths {
		total += w
	}
	x.s(`<w:tbl><w:tblPr><w:tblStyle w:val="BangKe"/><w:tblW w:w="`, strconv.Itoa(twips(total)), `" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>`)
	for _, w := range t.widths {
		x.s(`<w:gridCol w:w="`, strconv.Itoa(twips(w)), `"/>`)
	}
	x.s(`</w:tblGrid>`)
	for _, r := range t.heads {
		x.row(t, 0, r, true, false)
	}
	for i, r := range t.rows {
		x.row(t, i, r, false, t.keepLast && i == len(t.rows)-1)
	}
	x.s(`</w:tbl>`)
}

func (x *docx) row(t *ruled, i int, r []placed, head, keep bool) {
	x.s(`<w:tr><w:trPr><w:cantSplit/>`)
	size := ""
	if t.heights != nil && !head {
		half := strconv.Itoa(int(t.cell.size * 2))
		size = `<w:sz w:val="` + half + `"/><w:szCs w:val="` + half + `"/>`
		x.s(`<w:trHeight w:val="`, strconv.Itoa(twips(t.heights[i])), `" w:hRule="exact"/>`)
	} else if t.Height > 0 && !head {
		x.s(`<w:trHeight w:val="`, strconv.Itoa(twips(t.Height)), `" w:hRule="atLeast"/>`)
	}
	if head {
		x.s(`<w:tblHeader/>`)
	}
	x.s(`</w:trPr>`)
	for _, c := range r {
		w := 0.0
		for i := c.col; i < c.col+max(1, c.ColSpan); i++ {
			w += t.widths[i]
		}
		x.s(`<w:tc><w:tcPr><w:tcW w:w="`, strconv.Itoa(twips(w)), `" w:type="dxa"/>`)
		if c.ColSpan > 1 {
			x.s(`<w:gridSpan w:val="`, strconv.Itoa(c.ColSpan), `"/>`)
		}
		if c.cont {
			x.s(`<w:vMerge/>`)
		} else if c.RowSpan > 1 {
			x.s(`<w:vMerge w:val="restart"/>`)
		}
		if head || t.heights != nil {
			x.s(`<w:vAlign w:val="center"/>`)
		}
		x.s(`</w:tcPr>`)
		style, align := "BangO", c.Align
		if head {
			style = "BangDau"
		} else if align == "" {
			align = t.Columns[c.col].Align
		}
		x.s(`<w:p><w:pPr><w:pStyle w:val="`, style, `"/>`)
		if keep {
			x.s(`<w:keepNext/>`)
		}
		if align != "" && !(head && align == Center) && (head || align != Left) {
			x.s(`<w:jc w:val="`, jc(align), `"/>`)
		}
		if size != "" {
			x.s(`<w:rPr>`, size, `</w:rPr>`)
		}
		x.s(`</w:pPr>`)
		if c.Text != "" {
			x.s(`<w:r>`)
			if c.Bold && !head || c.Italic || size != "" {
				x.s(`<w:rPr>`)
				if c.Bold && !head {
					x.s(`<w:b/><w:bCs/>`)
				}
				if c.Italic {
					x.s(`<w:i/><w:iCs/>`)
				}
				x.s(size, `</w:rPr>`)
			}
			x.text(c.Text)
			x.s(`</w:r>`)
		}
		x.s(`</w:p></w:tc>`)
	}
	x.s(`</w:tr>`)
}

func (x *docx) picture(p *picture) {
	x.s(`<w:p><w:pPr><w:pStyle w:val="Hinh"/>`)
	if p.Caption != "" {
		x.s(`<w:keepNext/>`)
	}
	x.s(`</w:pPr><w:r>`)
	cx, cy := emu(p.width), emu(p.height)
	fmt.Fprintf(&x.b, `<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="Hình %d" descr="`, cx, cy, p.index, p.index)
	x.esc(p.Alt)
	fmt.Fprintf(&x.b, `"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="%d" name="hinh%d"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdImage%d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`, p.index, p.index, p.index, cx, cy)
}

func (x *docx) graph(g *graph) {
	fmt.Fprintf(&x.b, `<w:p><w:pPr><w:pStyle w:val="Hinh"/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="Biểu đồ %d" descr="`, emu(g.width), emu(g.height), 1000+g.index, g.index)
	x.esc(g.words())
	fmt.Fprintf(&x.b, `"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="rIdChart%d"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`, g.index)
}

// pack writes the package. Parts that are the same in every document are deflated once.
func (x *docx) pack(w io.Writer) error {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return deflater(w), nil })
	put := func(name string, content []byte) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			_, err = f.Write(content)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		return nil
	}
	type part struct {
		name    string
		content func() []byte
	}
	var list []part
	add := func(name string, content func() []byte) { list = append(list, part{name, content}) }
	add("[Content_Types].xml", x.contentTypes)
	add("word/document.xml", x.b.Bytes)
	add("word/numbering.xml", x.numbering)
	add("word/_rels/document.xml.rels", x.relations)
	add("docProps/core.xml", x.core)
	if len(x.footer) > 0 {
		add("word/footer1.xml", x.footerPart)
	}
	for _, p := range x.images {
		add(p.file(), func() []byte { return p.Data })
	}
	for _, g := range x.graphs {
		name := fmt.Sprintf("word/charts/chart%d.xml", g.index)
		add(name, func() []byte { return g.chartPart(x.lang()) })
		add(fmt.Sprintf("word/charts/_rels/chart%d.xml.rels", g.index), func() []byte {
			return []byte(xmlDecl + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/package" Target="../embeddings/bang` + strconv.Itoa(g.index) + `.xlsx"/></Relationships>`)
		})
		add(fmt.Sprintf("word/embeddings/bang%d.xlsx", g.index), g.workbook)
	}
	for i, p := range list {
		if err := put(p.name, p.content()); err != nil {
			return err
		}
		if i == 0 {
			for _, f := range fixedParts(x.lang()) {
				h := f.header
				raw, err := z.CreateRaw(&h)
				if err == nil {
					_, err = raw.Write(f.deflated)
				}
				if err != nil {
					return fmt.Errorf("write %s: %w", h.Name, err)
				}
			}
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return nil
}

func (x *docx) lang() string { return x.doc.lang() }

func (p *picture) file() string {
	ext := "png"
	if p.format == "jpeg" {
		ext = "jpg"
	}
	return fmt.Sprintf("word/media/hinh%d.%s", p.index, ext)
}

// deflater lends a compressor; making one costs more than a document's text.
func deflater(w io.Writer) io.WriteCloser {
	f, ok := deflaters.Get().(*flate.Writer)
	if !ok {
		f, _ = flate.NewWriter(w, 6) // the level is valid
	} else {
		f.Reset(w)
	}
	return &lent{f}
}

var deflaters sync.Pool

type lent struct{ *flate.Writer }

func (l *lent) Close() error {
	err := l.Writer.Close()
	deflaters.Put(l.Writer)
	l.Writer = nil
	return err
}

type fixedPart struct {
	header   zip.FileHeader
	deflated []byte
}

var fixed sync.Map // language -> []fixedPart

// fixedParts are the parts that all documents of a language share, deflated.
func fixedParts(lang string) []fixedPart {
	if v, ok := fixed.Load(lang); ok {
		return v.([]fixedPart)
	}
	var out []fixedPart
	for _, p := range []struct{ name, content string }{
		{"_rels/.rels", packageRels}, {"word/styles.xml", stylesPart(lang)}, {"word/settings.xml", settingsPart(lang)}, {"word/fontTable.xml", fontTable},
		{"word/header1.xml", headerPart()}, {"word/header2.xml", headerFirst}, {"word/footer2.xml", footerEmpty}, {"docProps/app.xml", appPart},
	} {
		var b bytes.Buffer
		f, _ := flate.NewWriter(&b, 9)
		_, _ = f.Write([]byte(p.content)) // a buffer takes all
		_ = f.Close()
		out = append(out, fixedPart{zip.FileHeader{Name: p.name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE([]byte(p.content)), CompressedSize64: uint64(b.Len()), UncompressedSize64: uint64(len(p.content))}, b.Bytes()})
	}
	fixed.Store(lang, out)
	return out
}
