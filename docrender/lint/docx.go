package lint

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"chungtay/doctext"
	"chungtay/internal/errs"
)

// Limits of one part of a package; a directive of 500 pages has 20 MB of document.xml.
const (
	maxPart  = 128 << 20
	maxParas = 200_000
	maxDepth = 200
	maxNodes = 8_000_000 // pieces of XML
)

// node is one element of a part. Only what the rules look at is kept.
type node struct {
	name string
	attr map[string]string
	kids []*node
	text string
}

func (n *node) kid(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

func (n *node) at(names ...string) *node {
	for _, name := range names {
		n = n.kid(name)
	}
	return n
}

func (n *node) val() string { return n.get("val") }

func (n *node) get(name string) string {
	if n == nil {
		return ""
	}
	return n.attr[name]
}

func damaged(cause error) error {
	return errs.Wrap(fmt.Errorf("%w: %w", doctext.ErrDamaged, cause), errs.Invalid, "doctext.error.damaged")
}

// skipped are elements that are no text of the page: what was deleted, drawings and boxes, the old copy beside a new one.
var skipped = map[string]bool{"del": true, "moveFrom": true, "drawing": true, "pict": true, "Fallback": true, "object": true, "rPrChange": true, "pPrChange": true, "sectPrChange": true, "tblPrChange": true, "numberingChange": true, "footnoteReference": true, "commentReference": true}

func parse(r io.Reader) (*node, error) {
	d := xml.NewDecoder(r)
	root := &node{}
	stack := []*node{root}
	for n := 0; ; n++ {
		if n > maxNodes {
			return nil, errs.Wrap(doctext.ErrLong, errs.TooLarge, "doctext.error.long", "200.000 đoạn")
		}
		tok, err := d.RawToken()
		if err == io.EOF {
			return root, nil
		}
		if err != nil {
			return nil, damaged(err)
		}
		top := stack[len(stack)-1]
		switch x := tok.(type) {
		case xml.StartElement:
			n := &node{name: x.Name.Local}
			if len(x.Attr) > 0 {
				n.attr = make(map[string]string, len(x.Attr))
				for _, a := range x.Attr {
					n.attr[a.Name.Local] = a.Value
				}
			}
			if len(stack) > maxDepth {
				return nil, damaged(errors.New("not a document"))
			}
			if !skipped[n.name] {
				top.kids = append(top.kids, n)
			}
			stack = append(stack, n)
		case xml.EndElement:
			if len(stack) == 1 || top.name != x.Name.Local {
				return nil, damaged(errors.New("not a document"))
			}
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if top.name == "t" || top.name == "instrText" {
				top.text += string(x)
			}
		}
	}
}

// docx reads a package of WordprocessingML.
type docx struct {
	ctx    context.Context
	zip    *zip.Reader
	styles map[string]*node
	def    struct{ para, char string } // default styles
	base   props
	basePP paraProps
	theme  map[string]string
	rels   map[string]string
	lists  *lists
	out    *sheet
	heads  map[string]pageNumber // by part
	end    int                   // where the last section ended
}

// props are the properties of a run; nil is not said.
type props struct {
	font, colour       string
	size               float64
	bold, italic, caps *bool
	under              *bool
}

func (p *props) over(rp *node, d *docx) {
	if rp == nil {
		return
	}
	for _, k := range rp.kids {
		switch k.name {
		case "rFonts":
			if f := k.get("ascii"); f != "" {
				p.font = f
			}
			if t := k.get("asciiTheme"); t != "" {
				p.font = d.theme[strings.TrimRight(strings.TrimPrefix(t, "ascii"), "")]
			}
		case "sz":
			if v, err := strconv.ParseFloat(k.val(), 64); err == nil && v > 0 && v < 2000 {
				p.size = v / 2
			}
		case "b":
			p.bold = on(k)
		case "i":
			p.italic = on(k)
		case "caps":
			p.caps = on(k)
		case "color":
			p.colour = k.val()
		case "u":
			drawn := k.val() != "none"
			p.under = &drawn
		}
	}
}

func on(n *node) *bool {
	v := n.val()
	b := v != "0" && v != "false" && v != "off"
	return &b
}

func is(b *bool) bool { return b != nil && *b }

// paraProps are the properties of a paragraph; NaN-like -1 means not said.
type paraProps struct {
	align                      string
	first, left, before, after float64
	line                       float64
	rule                       string
	numID                      string
	ilvl                       int
	outline                    bool
}

func (p *paraProps) over(pp *node) {
	if pp == nil {
		return
	}
	mm := func(s string) (float64, bool) {
		v, err := strconv.ParseFloat(s, 64)
		return v / 20 * 25.4 / 72, err == nil
	}
	for _, k := range pp.kids {
		switch k.name {
		case "jc":
			p.align = k.val()
			switch p.align {
			case "start":
				p.align = "left"
			case "end":
				p.align = "right"
			case "distribute", "justify":
				p.align = "both"
			}
		case "ind":
			if v, ok := mm(k.get("firstLine")); ok {
				p.first = v
			}
			if v, ok := mm(k.get("hanging")); ok {
				p.first = -v
			}
			if v, ok := mm(k.get("left")); ok {
				p.left = v
			} else if v, ok := mm(k.get("start")); ok {
				p.left = v
			}
		case "spacing":
			if v, err := strconv.ParseFloat(k.get("before"), 64); err == nil {
				p.before = v / 20
			}
			if v, err := strconv.ParseFloat(k.get("after"), 64); err == nil {
				p.after = v / 20
			}
			if v, err := strconv.ParseFloat(k.get("line"), 64); err == nil {
				p.line, p.rule = v, k.get("lineRule")
			}
		case "numPr":
			if n := k.kid("numId"); n != nil {
				p.numID = n.val()
			}
			if n := k.kid("ilvl"); n != nil {
				p.ilvl, _ = strconv.Atoi(n.val())
			}
		case "outlineLvl":
			p.outline = k.val() != "9"
		}
	}
}

func readDOCX(ctx context.Context, r io.ReaderAt, size int64) (*sheet, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, damaged(err)
	}
	d := &docx{ctx: ctx, zip: z, styles: map[string]*node{}, theme: map[string]string{}, rels: map[string]string{}, out: &sheet{format: "docx"}, heads: map[string]pageNumber{}}
	d.base.size, d.base.font = 10, "Times New Roman" // what Word takes when nothing is said
	main, err := d.part("word/document.xml")
	if err != nil {
		return nil, err
	}
	if main.at("document", "body") == nil {
		return nil, damaged(errors.New("not a document"))
	}
	for _, f := range []func() error{d.readTheme, d.readStyles, d.readLists, d.readRels} {
		if err := f(); err != nil {
			return nil, err
		}
	}
	d.blocks(main.at("document", "body").kids, false, false)
	d.section(main.at("document", "body", "sectPr"), len(d.out.paras))
	if app, err := d.part("docProps/app.xml"); err == nil {
		_ = app // pages of the program that saved it last are a hint that is often old
	}
	return d.out, nil
}

// part reads one part; a part that is not there is an empty element.
func (d *docx) part(name string) (*node, error) {
	if err := d.ctx.Err(); err != nil {
		return nil, err
	}
	for _, f := range d.zip.File {
		if f.Name != name {
			continue
		}
		rc, err := f.Open()
		if err != nil {
			return nil, damaged(err)
		}
		defer rc.Close()
		return parse(io.LimitReader(rc, maxPart))
	}
	return &node{}, nil
}

func (d *docx) readTheme() error {
	t, err := d.part("word/theme/theme1.xml")
	if err != nil {
		return err
	}
	fonts := t.at("theme", "themeElements", "fontScheme")
	for _, k := range []string{"major", "minor"} {
		name := fonts.at(k+"Font", "latin").get("typeface")
		d.theme[k+"HAnsi"], d.theme[k+"Ascii"] = name, name
	}
	return nil
}

func (d *docx) readStyles() error {
	s, err := d.part("word/styles.xml")
	if err != nil {
		return err
	}
	root := s.kid("styles")
	d.base.over(root.at("docDefaults", "rPrDefault", "rPr"), d)
	d.basePP.over(root.at("docDefaults", "pPrDefault", "pPr"))
	if root == nil {
		return nil
	}
	for _, k := range root.kids {
		if k.name != "style" {
			continue
		}
		id := k.get("styleId")
		d.styles[k.get("type")+" "+id] = k
		if v := k.get("default"); v == "1" || v == "true" {
			switch k.get("type") {
			case "paragraph":
				d.def.para = id
			case "character":
				d.def.char = id
			}
		}
	}
	return nil
}

// chain lists a style and those it is based on, the base first.
func (d *docx) chain(kind, id string) []*node {
	var out []*node
	for n := 0; id != "" && n < 30; n++ {
		s := d.styles[kind+" "+id]
		if s == nil {
			break
		}
		out = append([]*node{s}, out...)
		id = s.kid("basedOn").val()
	}
	return out
}

func (d *docx) readRels() error {
	r, err := d.part("word/_rels/document.xml.rels")
	if err != nil {
		return err
	}
	if root := r.kid("Relationships"); root != nil {
		for _, k := range root.kids {
			d.rels[k.get("Id")] = path.Join("word", k.get("Target"))
		}
	}
	return nil
}

// blocks reads paragraphs and tables.
func (d *docx) blocks(in []*node, cell, ruled bool) {
	for _, k := range in {
		if len(d.out.paras) > maxParas {
			return
		}
		switch k.name {
		case "p":
			d.paragraph(k, cell, ruled)
		case "tbl":
			r := d.hasRules(k)
			for _, row := range k.kids {
				d.rows(row, r)
			}
		case "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice":
			d.blocks(k.kids, cell, ruled)
		}
	}
}

func (d *docx) rows(n *node, ruled bool) {
	switch n.name {
	case "tr", "sdt", "sdtContent", "ins":
		for _, k := range n.kids {
			if k.name == "tc" {
				d.blocks(k.kids, true, ruled)
			} else {
				d.rows(k, ruled)
			}
		}
	}
}

// hasRules tells a table of figures from a frame: borders that are drawn, of the table or of its style or cells.
func (d *docx) hasRules(tbl *node) bool {
	drawn := func(b *node) bool {
		if b == nil {
			return false
		}
		n := 0
		for _, k := range b.kids {
			if v := k.val(); v != "nil" && v != "none" && v != "" {
				n++
			}
		}
		return n >= 3
	}
	pr := tbl.kid("tblPr")
	if b := pr.kid("tblBorders"); b != nil {
		return drawn(b)
	}
	for _, s := range d.chain("table", pr.kid("tblStyle").val()) {
		if drawn(s.at("tblPr", "tblBorders")) {
			return true
		}
	}
	count := 0
	for _, tr := range tbl.kids {
		for _, tc := range tr.kids {
			if drawn(tc.at("tcPr", "tcBorders")) {
				count++
			}
		}
	}
	return count >= 2
}

func (d *docx) paragraph(n *node, cell, ruled bool) {
	pp := n.kid("pPr")
	style := pp.kid("pStyle").val()
	if style == "" {
		style = d.def.para
	}
	prop, text := d.basePP, d.base
	for _, s := range d.chain("paragraph", style) {
		prop.over(s.kid("pPr"))
		text.over(s.kid("rPr"), d)
	}
	if prop.numID != "" && prop.numID != "0" && pp.kid("numPr") == nil {
		prop.ilvl = d.lists.levelOfStyle(prop.numID, style, prop.ilvl)
	}
	listed := prop
	listed.over(pp)
	if listed.numID != "" && listed.numID != "0" { // the list's indents lie between the style's and the paragraph's own
		if lvl := d.lists.level(listed.numID, listed.ilvl); lvl != nil {
			prop.over(lvl.kid("pPr"))
		}
	}
	prop.over(pp)
	out := par{align: prop.align, first: prop.first, left: prop.left, before: prop.before, after: prop.after, known: true, cell: cell, ruled: ruled, heads: prop.outline}
	if out.align == "" {
		out.align = "left"
	}
	if prop.rule == "" || prop.rule == "auto" {
		out.line = 1
		if prop.line > 0 {
			out.line = prop.line / 240
		}
	}
	d.runs(n.kids, text, &out)
	if prop.numID != "" && prop.numID != "0" && out.text() != "" {
		out.label = d.lists.next(prop.numID, prop.ilvl)
	}
	d.out.paras = append(d.out.paras, out)
	if s := pp.kid("sectPr"); s != nil {
		d.section(s, len(d.out.paras))
	}
}

func (d *docx) runs(in []*node, base props, out *par) {
	for _, k := range in {
		switch k.name {
		case "r":
			p := base
			rp := k.kid("rPr")
			for _, s := range d.chain("character", rp.kid("rStyle").val()) {
				p.over(s.kid("rPr"), d)
			}
			p.over(rp, d)
			if rp.kid("vanish") != nil && is(on(rp.kid("vanish"))) {
				continue
			}
			var b strings.Builder
			for _, t := range k.kids {
				switch t.name {
				case "t":
					b.WriteString(t.text)
				case "tab":
					b.WriteByte('\t')
				case "br", "cr":
					if t.get("type") != "page" {
						b.WriteByte('\n')
					}
				case "noBreakHyphen":
					b.WriteByte('-')
				}
			}
			if b.Len() == 0 {
				continue
			}
			text := b.String()
			if is(p.caps) {
				text = strings.ToUpper(text)
			}
			colour := strings.ToUpper(p.colour)
			if colour == "AUTO" || colour == "000000" {
				colour = ""
			}
			out.runs = append(out.runs, run{text: text, font: p.font, size: p.size, bold: is(p.bold), italic: is(p.italic), colour: colour, under: is(p.under)})
		case "hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "AlternateContent", "Choice":
			d.runs(k.kids, base, out)
		}
	}
}

// section ends a section before paragraph to.
func (d *docx) section(n *node, to int) {
	mm := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return -1
		}
		return v / 20 * 25.4 / 72
	}
	s := section{}
	if k := len(d.out.sections); k > 0 {
		s.number = d.out.sections[k-1].number // headers are those of the section before unless given
		s.from = d.end
	}
	sz, mar := n.kid("pgSz"), n.kid("pgMar")
	s.width, s.height = mm(sz.get("w")), mm(sz.get("h"))
	s.landscape = sz.get("orient") == "landscape" || s.width > s.height
	s.top, s.bottom, s.left, s.right = mm(mar.get("top")), mm(mar.get("bottom")), mm(mar.get("left")), mm(mar.get("right"))
	title := n.kid("titlePg") != nil && is(on(n.kid("titlePg")))
	if n != nil {
		refs := map[string]string{}
		for _, k := range n.kids {
			if k.name == "headerReference" || k.name == "footerReference" {
				refs[k.name+" "+k.get("type")] = d.rels[k.get("id")]
			}
		}
		if len(refs) > 0 || len(d.out.sections) == 0 {
			s.number = d.numbers(refs, title)
		}
		s.number.continues = n.kid("pgNumType").get("start") == ""
	}
	d.end = to
	d.out.sections = append(d.out.sections, s)
}

// numbers looks for a page number in the headers and footers of a section.
func (d *docx) numbers(refs map[string]string, title bool) pageNumber {
	var out pageNumber
	for _, kind := range []string{"headerReference default", "footerReference default"} {
		if n, ok := d.numberIn(refs[kind]); ok {
			n.top = strings.HasPrefix(kind, "header")
			out = n
			break
		}
	}
	if !out.there {
		return out
	}
	out.onFirst = !title
	if title {
		for _, kind := range []string{"headerReference first", "footerReference first"} {
			if _, ok := d.numberIn(refs[kind]); ok {
				out.onFirst = true
			}
		}
	}
	return out
}

func (d *docx) numberIn(part string) (pageNumber, bool) {
	if part == "" {
		return pageNumber{}, false
	}
	root, err := d.part(part)
	if err != nil || len(root.kids) == 0 {
		return pageNumber{}, false
	}
	var found *pageNumber
	sub := &docx{ctx: d.ctx, zip: d.zip, styles: d.styles, def: d.def, base: d.base, basePP: d.basePP, theme: d.theme, lists: d.lists, out: &sheet{}}
	var look func(n *node, para *node)
	look = func(n *node, para *node) {
		if n.name == "p" {
			para = n
		}
		field := n.name == "instrText" && strings.Contains(" "+strings.ToUpper(n.text)+" ", " PAGE ") || n.name == "fldSimple" && strings.Contains(" "+strings.ToUpper(n.get("instr"))+" ", " PAGE ") || n.name == "pgNum"
		if field && found == nil && para != nil {
			sub.out.paras = nil
			sub.paragraph(para, false, false)
			p := sub.out.paras[0]
			found = &pageNumber{there: true, centred: p.align == "center" || para.at("pPr", "framePr").get("xAlign") == "center", size: p.size()}
		}
		for _, k := range n.kids {
			look(k, para)
		}
	}
	look(root, nil)
	if found == nil {
		return pageNumber{}, false
	}
	return *found, true
}
