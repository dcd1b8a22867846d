package doctext

import (
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// docx reads Office Open XML text (ECMA-376, part 1, chapter 17): what a person sees when all tracked changes are accepted and nothing
// hidden is shown.
func (j *job) docx() error {
	z, err := j.container()
	if err != nil {
		return err
	}
	main := z.main
	d := &docx{job: j, z: z, styles: map[string]*docxStyle{}, num: newNumbering()}
	rels, err := z.relsOf(main)
	if err != nil {
		return err
	}
	parts := map[string][]string{}
	for _, r := range rels {
		kind := r.kind[strings.LastIndexByte(r.kind, '/')+1:]
		if z.has(r.target) && len(parts[kind]) < 200 {
			parts[kind] = append(parts[kind], r.target)
		}
	}
	for _, p := range parts["styles"] {
		if err := d.each(p, d.readStyles); err != nil {
			return err
		}
	}
	for _, p := range parts["numbering"] {
		if err := d.each(p, d.num.read); err != nil {
			return err
		}
	}
	if err := d.each(main, d.body); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, kind := range []string{"header", "footer", "footnotes", "endnotes"} {
		for _, p := range parts[kind] {
			if err := d.each(p, func(x *xmlReader) error { return d.beside(x, kind, seen) }); err != nil {
				return err
			}
		}
	}
	if len(parts["comments"]) > 0 {
		n := 0
		if err := d.each(parts["comments"][0], func(x *xmlReader) error {
			for x.next() {
				if x.kind == xmlOpen && x.name == "comment" {
					n++
				}
			}
			return x.err
		}); err != nil {
			return err
		}
		if n > 0 {
			j.warn("doctext.warn.comments", n)
		}
	}
	if err := j.pasted(z, parts["image"]); err != nil {
		return err
	}
	if d.tracked {
		j.warn("doctext.warn.tracked")
	}
	if d.hidden {
		j.warn("doctext.warn.hidden")
	}
	if d.legacy != "" {
		j.warn("doctext.warn.font", d.legacy)
	}
	return d.properties()
}

type docx struct {
	*job
	z        *container
	styles   map[string]*docxStyle
	defaults runProps

	paraDefaults paraProps
	plainStyle   string // the paragraph style of paragraphs that name none

	num      *numbering
	fields   []bool // complex fields that are open; true while the instruction is read
	rendered bool   // the writer noted where its pages ended
	tracked  bool
	hidden   bool
	legacy   string // the first font name by which text was converted
	props    map[string]runProps
}

// runProps are the properties of text that change what is read.
type runProps struct {
	font         string
	caps, vanish toggle
}

type toggle uint8

const (
	unset toggle = iota
	on
	off
)

func (p runProps) over(base runProps) runProps {
	if p.font == "" {
		p.font = base.font
	}
	if p.caps == unset {
		p.caps = base.caps
	}
	if p.vanish == unset {
		p.vanish = base.vanish
	}
	return p
}

// paraProps are what parts a paragraph from the one before, for the eye: space and an indented first line. Twentieths of a point.
type paraProps struct {
	before, after, indent int
	hasBefore, hasAfter   bool
	hasIndent             bool
}

func (p paraProps) over(base paraProps) paraProps {
	if !p.hasBefore {
		p.before, p.hasBefore = base.before, base.hasBefore
	}
	if !p.hasAfter {
		p.after, p.hasAfter = base.after, base.hasAfter
	}
	if !p.hasIndent {
		p.indent, p.hasIndent = base.indent, base.hasIndent
	}
	return p
}

// read takes w:spacing and w:ind.
func (p *paraProps) read(x *xmlReader) {
	take := func(name string, v *int, has *bool) {
		if s, ok := x.attrOK(name); ok {
			*v, *has = min(max(atoiSigned(s), 0), 10_000), true
		}
	}
	switch x.name {
	case "spacing":
		take("before", &p.before, &p.hasBefore)
		take("after", &p.after, &p.hasAfter)
		if v := x.attr("beforeAutospacing"); v == "1" || v == "true" {
			p.before, p.hasBefore = 280, true
		}
		if v := x.attr("afterAutospacing"); v == "1" || v == "true" {
			p.after, p.hasAfter = 280, true
		}
	case "ind":
		take("firstLine", &p.indent, &p.hasIndent)
	}
}

type docxStyle struct {
	based  string
	run    runProps
	para   paraProps
	numID  string
	level  int
	hasNum bool
}

// each walks one part and fails when the part is not whole.
func (d *docx) each(name string, walk func(*xmlReader) error) error {
	r, err := d.z.part(name)
	if err != nil {
		return err
	}
	defer r.Close()
	x := newXML(&ctxReader{r: r, done: d.ctx.Done(), err: d.ctx.Err})
	if err := walk(x); err != nil {
		return err
	}
	for x.next() {
	}
	return x.err
}

// ctxReader stops reading when the time is up.
type ctxReader struct {
	r    io.Reader
	done <-chan struct{}
	err  func() error
}

func (c *ctxReader) Read(p []byte) (int, error) {
	select {
	case <-c.done:
		return 0, c.err()
	default:
		return c.r.Read(p)
	}
}

func (d *docx) readStyles(x *xmlReader) error {
	var s *docxStyle
	depth := 0
	for x.next() {
		if x.kind == xmlClose && s != nil && x.depth == depth {
			s = nil
		}
		if x.kind != xmlOpen {
			continue
		}
		switch x.name {
		case "rPrDefault":
			depth := x.depth
			for x.next() && !(x.kind == xmlClose && x.depth == depth) {
				if x.kind == xmlOpen && x.name == "rPr" {
					d.defaults, _ = readRunProps(x)
				}
			}
		case "pPrDefault":
			depth := x.depth
			for x.next() && !(x.kind == xmlClose && x.depth == depth) {
				if x.kind == xmlOpen {
					d.paraDefaults.read(x)
				}
			}
		case "style":
			if len(d.styles) > 10_000 {
				return refuse(ErrBomb)
			}
			s, depth = &docxStyle{}, x.depth
			d.styles[x.attr("styleId")] = s
			if x.attr("type") == "paragraph" && x.attr("default") == "1" {
				d.plainStyle = x.attr("styleId")
			}
		case "basedOn":
			if s != nil {
				s.based = x.attr("val")
			}
		case "rPr":
			if s != nil && x.depth == depth+1 {
				s.run, _ = readRunProps(x)
			}
		case "spacing", "ind":
			if s != nil && x.depth == depth+2 {
				s.para.read(x)
			}
		case "numId":
			if s != nil {
				s.numID, s.hasNum = x.attr("val"), true
			}
		case "ilvl":
			if s != nil {
				s.level = x.intAttr("val", 0)
			}
		}
	}
	return x.err
}

// readRunProps reads a w:rPr element and the character style it names.
func readRunProps(x *xmlReader) (p runProps, style string) {
	for depth := x.depth; x.next() && !(x.kind == xmlClose && x.depth == depth); {
		if x.kind != xmlOpen {
			continue
		}
		switch x.name {
		case "rStyle":
			style = x.attr("val")
		case "rFonts":
			// Letters with marks are drawn in the hAnsi font; the ascii font is for plain letters.
			if p.font = x.attr("hAnsi"); p.font == "" {
				p.font = x.attr("ascii")
			}
		case "caps":
			p.caps = switched(x)
		case "vanish":
			p.vanish = switched(x)
		case "rPrChange":
			x.skip()
		}
	}
	return p, style
}

func switched(x *xmlReader) toggle {
	switch x.attr("val") {
	case "0", "false", "off":
		return off
	}
	return on
}

// styled returns the text properties of a style with those it is based on.
func (d *docx) styled(id string) runProps {
	if id == "" {
		return runProps{}
	}
	if p, ok := d.props[id]; ok {
		return p
	}
	var p runProps
	for at, n := id, 0; at != "" && n < 32; n++ {
		s := d.styles[at]
		if s == nil {
			break
		}
		p = p.over(s.run)
		at = s.based
	}
	if d.props == nil {
		d.props = map[string]runProps{}
	}
	d.props[id] = p
	return p
}

// spaced returns the paragraph properties of a style with those it is based on.
func (d *docx) spaced(id string) paraProps {
	var p paraProps
	for n := 0; id != "" && n < 32; n++ {
		s := d.styles[id]
		if s == nil {
			break
		}
		p = p.over(s.para)
		id = s.based
	}
	return p.over(d.paraDefaults)
}

// numberOf returns the list and level that a paragraph style gives.
func (d *docx) numberOf(id string) (numID string, level int) {
	for n := 0; id != "" && n < 32; n++ {
		s := d.styles[id]
		if s == nil {
			break
		}
		if s.hasNum {
			return s.numID, s.level
		}
		id = s.based
	}
	return "", 0
}

func (d *docx) body(x *xmlReader) error {
	for x.next() {
		if x.kind == xmlOpen && x.name == "body" {
			if err := d.content(x, &d.out.pieces); err != nil {
				return err
			}
		}
	}
	return x.err
}

// content reads paragraphs and tables up to the end of the element whose open tag was just read.
func (d *docx) content(x *xmlReader, to *[]piece) error {
	for depth := x.depth; x.next() && !(x.kind == xmlClose && x.depth == depth); {
		if x.kind != xmlOpen {
			continue
		}
		switch x.name {
		case "p":
			if err := d.paragraph(x, to); err != nil {
				return err
			}
		case "tbl":
			if err := d.table(x, to); err != nil {
				return err
			}
		case "del", "moveFrom":
			d.tracked = true
			x.skip()
		case "ins", "moveTo":
			d.tracked = true
		case "sectPr", "sdtPr", "sdtEndPr", "tblPr", "tcPr", "trPr":
			x.skip()
		case "AlternateContent":
			// The parts inside are chosen one by one: see paragraph.
		case "Fallback":
			x.skip()
		}
	}
	return x.err
}

// run of text with the same encoding and case.
type stretch struct {
	text []byte
	enc  legacy
	caps bool
}

type paragraphText struct {
	runs []stretch
}

func (p *paragraphText) to(enc legacy, caps bool) *stretch {
	if n := len(p.runs); n > 0 && p.runs[n-1].enc == enc && p.runs[n-1].caps == caps {
		return &p.runs[n-1]
	}
	p.runs = append(p.runs, stretch{enc: enc, caps: caps})
	return &p.runs[len(p.runs)-1]
}

func (p *paragraphText) len() int {
	n := 0
	for _, r := range p.runs {
		n += len(r.text)
	}
	return n
}

func (p *paragraphText) String() string {
	if len(p.runs) == 1 && p.runs[0].enc == unicodeText && !p.runs[0].caps {
		return valid(string(p.runs[0].text))
	}
	var b strings.Builder
	for _, r := range p.runs {
		s := valid(string(r.text))
		s = r.enc.decode(s)
		if r.caps {
			s = strings.ToUpper(s)
		}
		b.WriteString(s)
	}
	return b.String()
}

// paragraph reads one w:p. Text boxes anchored in it follow it.
func (d *docx) paragraph(x *xmlReader, to *[]piece) error {
	var text paragraphText
	var boxes []piece
	style, numID := d.plainStyle, ""
	var look paraProps
	level, hasNum := 0, false
	var mark, base runProps
	pagesBefore := 0
	var breaks []int
	baseReady := false
	depth := x.depth
	for x.next() && !(x.kind == xmlClose && x.depth == depth) {
		if x.kind != xmlOpen {
			continue
		}
		switch x.name {
		case "pPr":
			for inner := x.depth; x.next() && !(x.kind == xmlClose && x.depth == inner); {
				if x.kind != xmlOpen {
					continue
				}
				switch x.name {
				case "pStyle":
					style = x.attr("val")
				case "numId":
					numID, hasNum = x.attr("val"), true
				case "ilvl":
					level = x.intAttr("val", 0)
				case "spacing", "ind":
					look.read(x)
				case "rPr":
					mark, _ = readRunProps(x)
				case "pPrChange", "sectPr", "numberingChange":
					x.skip()
				}
			}
		case "r":
			if !baseReady {
				base, baseReady = d.styled(style).over(d.defaults), true
			}
			at := text.len()
			n, err := d.run(x, base, &text, &boxes)
			if err != nil {
				return err
			}
			for range n {
				if at == 0 {
					pagesBefore++
				} else {
					breaks = append(breaks, at)
				}
			}
		case "del", "moveFrom":
			d.tracked = true
			x.skip()
		case "ins", "moveTo":
			d.tracked = true
		case "sdtPr", "sdtEndPr", "fldData", "proofErr", "bookmarkStart", "bookmarkEnd":
			x.skip()
		case "t": // of a formula (m:t)
			if x.prefix == "m" {
				text.to(unicodeText, false).text = append(text.to(unicodeText, false).text, x.inner()...)
			}
		}
	}
	if x.err != nil {
		return x.err
	}
	for range pagesBefore {
		*to = append(*to, piece{page: true})
	}
	if !hasNum {
		numID, level = d.numberOf(style)
	}
	look = look.over(d.spaced(style))
	s := text.String()
	label := ""
	if numID != "" && numID != "0" && mark.vanish != on && (strings.TrimSpace(s) != "" || len(boxes) == 0) {
		label = d.num.label(numID, level, d.linked)
	}
	if err := d.out.grow(len(s) + len(label)); err != nil {
		return err
	}
	if s == "" && label == "" && len(boxes) == 0 && len(breaks) == 0 {
		if n := len(*to); n > 0 && (*to)[n-1].blank() {
			return nil
		}
	}
	if !strings.Contains(s, "\n") {
		*to = append(*to, piece{label: label, text: s, breaks: breaks, above: look.before, below: look.after, indent: look.indent > 0})
	} else {
		lines := strings.Split(s, "\n")
		for i, line := range lines {
			p := piece{label: label, text: line}
			if i == 0 {
				p.above, p.indent = look.before, look.indent > 0
			}
			if i == len(lines)-1 {
				p.below = look.after
			}
			*to = append(*to, p)
			label = ""
		}
		for range breaks {
			*to = append(*to, piece{page: true})
		}
	}
	*to = append(*to, boxes...)
	return nil
}

// linked returns the list that a numbering style stands for.
func (d *docx) linked(style string) string {
	if s := d.styles[style]; s != nil {
		return s.numID
	}
	return ""
}

// run reads one w:r. It returns how many pages ended in it.
func (d *docx) run(x *xmlReader, base runProps, text *paragraphText, boxes *[]piece) (pages int, err error) {
	props := base
	enc := unicodeText
	symbols := false
	set := func(p runProps) {
		props = p
		enc = encodingOfFont(p.font)
		symbols = symbolFont(p.font)
	}
	set(base)
	depth := x.depth
	choice := -1 // depth of the last mc:Choice that held text
	put := func(s string) {
		if slices.Contains(d.fields, true) {
			return
		}
		if props.vanish == on {
			d.hidden = d.hidden || strings.TrimSpace(s) != ""
			return
		}
		e := enc
		if e != unicodeText {
			if !e.fits(s) {
				e = unicodeText
			} else if d.legacy == "" && !isASCII(s) {
				d.legacy = props.font
			}
		} else if symbols {
			s = symbolText(props.font, s)
		}
		st := text.to(e, props.caps == on)
		st.text = append(st.text, s...)
	}
	for x.next() && !(x.kind == xmlClose && x.depth == depth) {
		if x.kind != xmlOpen {
			continue
		}
		switch x.name {
		case "rPr":
			own, style := readRunProps(x)
			if style != "" {
				own = own.over(d.styled(style))
			}
			set(own.over(base))
		case "t":
			if x.prefix == "a" { // text of a drawing, not of the paragraph
				x.skip()
				continue
			}
			put(x.inner())
		case "tab", "ptab":
			put("\t")
		case "br", "cr":
			put("\n")
		case "lastRenderedPageBreak":
			d.rendered = true
			pages++
		case "noBreakHyphen":
			put("-")
		case "sym":
			if n := hexRune(x.attr("char")); n > 0 {
				put(symbolText(x.attr("font"), string(n)))
			}
		case "instrText", "delText", "delInstrText", "rPrChange", "pict3D", "binData":
			x.skip()
		case "fldChar":
			switch x.attr("fldCharType") {
			case "begin":
				if len(d.fields) < 64 {
					d.fields = append(d.fields, true)
				}
			case "separate":
				if n := len(d.fields); n > 0 {
					d.fields[n-1] = false
				}
			case "end":
				if n := len(d.fields); n > 0 {
					d.fields = d.fields[:n-1]
				}
			}
		case "txbxContent":
			saved := d.fields
			d.fields = nil
			before := len(*boxes)
			if err := d.content(x, boxes); err != nil {
				return 0, err
			}
			d.fields = saved
			if len(*boxes) > before && choice < 0 {
				choice = x.depth
			}
		case "Fallback":
			// Word writes a text box twice: for new programs (Choice) and for old ones (Fallback).
			if choice >= 0 {
				x.skip()
				choice = -1
			}
		case "AlternateContent":
			choice = -1
		}
	}
	return pages, x.err
}

// table reads one w:tbl.
func (d *docx) table(x *xmlReader, to *[]piece) error {
	var g grid
	var row []cell
	rowDepth := 0
	pages := 0
	for depth := x.depth; x.next() && !(x.kind == xmlClose && x.depth == depth); {
		switch {
		case x.kind == xmlOpen && x.name == "tr":
			row, rowDepth = nil, x.depth
		case x.kind == xmlClose && x.name == "tr" && x.depth == rowDepth:
			g.rows = append(g.rows, row)
		case x.kind == xmlOpen && x.name == "tc":
			var inside []piece
			if err := d.content(x, &inside); err != nil {
				return err
			}
			var c cell
			for _, p := range inside {
				switch {
				case p.page:
					pages++
				case p.table != nil:
					c = append(c, p.table.lines()...)
				case p.label != "":
					c = append(c, p.label+" "+p.text)
				default:
					c = append(c, p.text)
				}
			}
			row = append(row, c)
		case x.kind == xmlOpen && (x.name == "tblPr" || x.name == "tblGrid" || x.name == "trPr" || x.name == "sdtPr"):
			x.skip()
		case x.kind == xmlOpen && (x.name == "del" || x.name == "moveFrom"):
			d.tracked = true
			x.skip()
		}
	}
	if x.err != nil {
		return x.err
	}
	*to = append(*to, piece{table: &g})
	for range pages {
		*to = append(*to, piece{page: true})
	}
	return nil
}

// lines gives a table inside a cell as lines.
func (g *grid) lines() []string {
	var out []string
	placed := g.places()
	for _, row := range g.rows {
		var parts []string
		for _, c := range row {
			if placed {
				if !c.empty() {
					out = append(append(out, c...), "")
				}
			} else if s := strings.TrimSpace(strings.Join(c, " ")); s != "" {
				parts = append(parts, s)
			}
		}
		if len(parts) > 0 {
			out = append(out, strings.Join(parts, " | "))
		}
	}
	return out
}

// beside reads headers, footers and notes.
func (d *docx) beside(x *xmlReader, kind string, seen map[string]bool) error {
	kind = strings.TrimSuffix(kind, "s")
	flat := func() error {
		var ps []piece
		if err := d.content(x, &ps); err != nil {
			return err
		}
		var lines []string
		for _, p := range ps {
			if p.table != nil {
				lines = append(lines, p.table.lines()...)
			} else if s := tidy(strings.TrimSpace(p.label + " " + p.text)); s != "" {
				lines = append(lines, s)
			}
		}
		s := strings.Join(lines, "\n")
		if !seen[kind+s] {
			seen[kind+s] = true
			name := kind
			if kind == "footnote" || kind == "endnote" {
				name = "note"
			}
			d.out.beside(name, s)
		}
		return nil
	}
	for x.next() {
		if x.kind != xmlOpen {
			continue
		}
		switch x.name {
		case "hdr", "ftr":
			if err := flat(); err != nil {
				return err
			}
		case "footnote", "endnote":
			if t := x.attr("type"); t == "separator" || t == "continuationSeparator" || t == "continuationNotice" {
				x.skip()
				continue
			}
			if err := flat(); err != nil {
				return err
			}
		}
	}
	return x.err
}

// properties reads what the file says of itself, and settles the pages.
func (d *docx) properties() error {
	m := &d.out.meta
	if err := d.z.coreProperties(m); err != nil {
		return err
	}
	pages := 0
	if d.z.has("docProps/app.xml") {
		if err := d.each("docProps/app.xml", func(x *xmlReader) error {
			for x.next() {
				if x.kind == xmlOpen && x.depth == 2 {
					switch x.name {
					case "Pages":
						pages = atoi(x.inner())
					case "Application":
						m.Program = short(x.inner())
					}
				}
			}
			return x.err
		}); err != nil {
			return err
		}
	}
	if d.rendered || pages == 1 {
		d.out.pieces = append([]piece{{page: true}}, d.out.pieces...)
	}
	if pages > 0 && pages < 100_000 {
		d.out.count = pages
	}
	return nil
}

// coreProperties reads docProps/core.xml (ECMA-376, part 2, chapter 11).
func (c *container) coreProperties(m *Meta) error {
	if !c.has("docProps/core.xml") {
		return nil
	}
	r, err := c.part("docProps/core.xml")
	if err != nil {
		return err
	}
	defer r.Close()
	x := newXML(r)
	for x.next() {
		if x.kind != xmlOpen || x.depth != 2 {
			continue
		}
		switch x.name {
		case "creator":
			m.Author = short(x.inner())
		case "lastModifiedBy":
			m.Editor = short(x.inner())
		case "title":
			m.Title = short(x.inner())
		case "created":
			m.Created = stamp(x.inner())
		case "modified":
			m.Modified = stamp(x.inner())
		}
	}
	return x.err
}

// stamp reads a W3C date; the zero time when it is none.
func stamp(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, f := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02"} {
		if t, err := time.Parse(f, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// short keeps a property of sane length.
func short(s string) string {
	s = nfc(strings.Join(strings.Fields(tidy(s)), " "))
	if len(s) <= 300 {
		return s
	}
	cut := 300
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

func atoi(s string) int {
	n := 0
	for _, c := range strings.TrimSpace(s) {
		if c < '0' || c > '9' || n > 1<<24 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func atoiSigned(s string) int {
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		return -atoi(rest)
	}
	return atoi(s)
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
