package doctext

import (
	"fmt"
	"slices"
	"strings"
)

// odt reads OpenDocument text (ISO/IEC 26300), what LibreOffice writes.
func (j *job) odt() error {
	z, err := j.container()
	if err != nil {
		return err
	}
	d := &odt{job: j, z: z, styles: map[string]*odtStyle{}, lists: map[string]*odtList{}, faces: map[string]string{}}
	if z.has("styles.xml") {
		if err := d.each("styles.xml", d.readStyles); err != nil {
			return err
		}
	}
	if !z.has("content.xml") {
		return refuse(ErrDamaged)
	}
	if err := d.each("content.xml", d.body); err != nil {
		return err
	}
	if z.has("meta.xml") {
		if err := d.each("meta.xml", d.readMeta); err != nil {
			return err
		}
	}
	if err := j.pasted(z, z.picturesUnder("Pictures/")); err != nil {
		return err
	}
	if d.legacy != "" {
		j.warn("doctext.warn.font", d.legacy)
	}
	if d.tracked {
		j.warn("doctext.warn.tracked")
	}
	if d.comments > 0 {
		j.warn("doctext.warn.comments", d.comments)
	}
	if d.paged {
		d.out.pieces = append([]piece{{page: true}}, d.out.pieces...)
	}
	return nil
}

type odt struct {
	*job
	z        *container
	styles   map[string]*odtStyle
	lists    map[string]*odtList
	faces    map[string]string // names of fonts by the name of their declaration
	legacy   string
	tracked  bool
	comments int
	paged    bool
	cells    int
	count    map[string]*[10]int // how far each list was counted
}

type odtStyle struct {
	parent string
	run    runProps
	para   paraProps
	list   string
}

type odtList struct {
	levels [10]odtLevel
}

type odtLevel struct {
	format         string
	prefix, suffix string
	bullet         bool
	text           string
	start          int
	show           int // how many levels are shown
}

func (d *odt) each(name string, walk func(*xmlReader) error) error {
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

// readStyles reads declarations of styles and, of styles.xml, headers and footers.
func (d *odt) readStyles(x *xmlReader) error {
	for x.next() {
		if x.kind != xmlOpen {
			continue
		}
		switch {
		case d.declares(x):
		case x.name == "header" || x.name == "footer":
			kind := x.name
			var ps []piece
			if err := d.content(x, &ps, nil); err != nil {
				return err
			}
			d.out.beside(kind, strings.Join(flatten(ps), "\n"))
		}
	}
	return x.err
}

// declares reads one declaration, if the open tag is one.
func (d *odt) declares(x *xmlReader) bool {
	switch x.name {
	case "font-face":
		d.faces[x.attr("name")] = strings.Trim(x.attr("font-family"), `'"`)
		return true
	case "style", "default-style":
		if len(d.styles) > 20_000 {
			x.skip()
			return true
		}
		s := &odtStyle{parent: x.attr("parent-style-name"), list: x.attr("list-style-name")}
		name := x.attr("family") + "/" + x.attr("name")
		if s.parent != "" {
			s.parent = x.attr("family") + "/" + s.parent
		}
		d.styles[name] = s
		for depth := x.depth; x.next() && !(x.kind == xmlClose && x.depth == depth); {
			if x.kind != xmlOpen {
				continue
			}
			switch x.name {
			case "text-properties":
				if f := x.attr("font-name"); f != "" {
					s.run.font = f
					if face := d.faces[f]; face != "" {
						s.run.font = face
					}
				} else if f := x.attr("font-family"); f != "" {
					s.run.font = strings.Trim(f, `'"`)
				}
				switch x.attr("text-transform") {
				case "uppercase":
					s.run.caps = on
				case "none":
					s.run.caps = off
				}
				if x.attr("display") == "none" {
					s.run.vanish = on
				}
			case "paragraph-properties":
				if v, ok := x.attrOK("margin-top"); ok {
					s.para.before, s.para.hasBefore = twips(v), true
				}
				if v, ok := x.attrOK("margin-bottom"); ok {
					s.para.after, s.para.hasAfter = twips(v), true
				}
				if v, ok := x.attrOK("text-indent"); ok {
					s.para.indent, s.para.hasIndent = twips(v), true
				}
			}
		}
		return true
	case "list-style":
		if len(d.lists) > 20_000 {
			x.skip()
			return true
		}
		l := &odtList{}
		d.lists[x.attr("name")] = l
		for depth := x.depth; x.next() && !(x.kind == xmlClose && x.depth == depth); {
			if x.kind != xmlOpen {
				continue
			}
			n := x.intAttr("level", 0) - 1
			if n < 0 || n > 9 {
				continue
			}
			switch x.name {
			case "list-level-style-bullet":
				l.levels[n] = odtLevel{bullet: true, text: x.attr("bullet-char")}
			case "list-level-style-number":
				l.levels[n] = odtLevel{format: x.attr("num-format"), prefix: x.attr("num-prefix"), suffix: x.attr("num-suffix"), start: x.intAttr("start-value", 1), show: x.intAttr("display-levels", 1)}
			}
		}
		return true
	}
	return false
}

// twips reads a length as twentieths of a point.
func twips(s string) int {
	var v float64
	var unit string
	if n, _ := fmt.Sscanf(s, "%g%s", &v, &unit); n < 2 || v != v || v < 0 || v > 1000 {
		return 0
	}
	switch unit {
	case "cm":
		v *= 72 / 2.54
	case "mm":
		v *= 72 / 25.4
	case "in":
		v *= 72
	}
	return int(v * 20)
}

func (d *odt) body(x *xmlReader) error {
	for x.next() {
		if x.kind != xmlOpen {
			continue
		}
		switch {
		case d.declares(x):
		case x.name == "text" && x.prefix == "office":
			if err := d.content(x, &d.out.pieces, nil); err != nil {
				return err
			}
		}
	}
	return x.err
}

func (d *odt) run(style string) runProps {
	var p runProps
	for at, n := "text/"+style, 0; n < 32; n++ {
		s := d.styles[at]
		if s == nil {
			break
		}
		p = p.over(s.run)
		if at = s.parent; at == "" {
			break
		}
	}
	return p
}

func (d *odt) look(style string) (run runProps, para paraProps, list string) {
	at := "paragraph/" + style
	for n := 0; n < 32; n++ {
		s := d.styles[at]
		if s == nil {
			break
		}
		run, para = run.over(s.run), para.over(s.para)
		if list == "" {
			list = s.list
		}
		if at = s.parent; at == "" {
			break
		}
	}
	if s := d.styles["paragraph/"]; s != nil {
		run, para = run.over(s.run), para.over(s.para)
	}
	return run, para, list
}

// listPlace is where in a list a paragraph stands.
type listPlace struct {
	style string
	level int
	first *bool // the label of the item was not drawn yet
	start int
}

// content reads paragraphs, lists and tables up to the end of the element whose open tag was just read.
func (d *odt) content(x *xmlReader, to *[]piece, in *listPlace) error {
	for depth := x.depth; x.next() && !(x.kind == xmlClose && x.depth == depth); {
		if x.kind != xmlOpen {
			continue
		}
		switch x.name {
		case "p", "h":
			if err := d.paragraph(x, to, in); err != nil {
				return err
			}
		case "list":
			if err := d.list(x, to, in); err != nil {
				return err
			}
		case "table":
			if err := d.table(x, to); err != nil {
				return err
			}
		case "tracked-changes":
			d.tracked = true
			x.skip()
		case "soft-page-break":
			d.paged = true
			*to = append(*to, piece{page: true})
		case "annotation":
			d.comments++
			x.skip()
		case "sequence-decls", "variable-decls", "forms", "index-title-template", "table-of-content-source":
			x.skip()
		}
	}
	return x.err
}

// list reads a text:list: its items, and lists inside them one level deeper.
func (d *odt) list(x *xmlReader, to *[]piece, in *listPlace) error {
	here := &listPlace{style: x.attr("style-name")}
	if in != nil {
		here.level = in.level + 1
		if here.style == "" {
			here.style = in.style
		}
	}
	if in == nil && x.attr("continue-numbering") != "true" && x.attr("continue-list") == "" && d.count != nil {
		delete(d.count, here.style)
	}
	for depth := x.depth; x.next() && !(x.kind == xmlClose && x.depth == depth); {
		if x.kind != xmlOpen {
			continue
		}
		switch x.name {
		case "list-item":
			first := true
			here.first, here.start = &first, x.intAttr("start-value", 0)
			if err := d.content(x, to, here); err != nil {
				return err
			}
		case "list-header":
			here.first = nil
			if err := d.content(x, to, here); err != nil {
				return err
			}
		default:
			x.skip()
		}
	}
	return x.err
}

// label draws the number or bullet of a list item.
func (d *odt) label(in *listPlace) string {
	l := d.lists[in.style]
	if l == nil || in.level > 9 {
		return ""
	}
	level := l.levels[in.level]
	if level.bullet {
		return bullet(level.text)
	}
	if d.count == nil {
		d.count = map[string]*[10]int{}
	}
	c := d.count[in.style]
	if c == nil {
		c = &[10]int{}
		d.count[in.style] = c
	}
	switch {
	case in.start > 0:
		c[in.level] = in.start
	case c[in.level] == 0:
		c[in.level] = max(1, level.start)
	default:
		c[in.level]++
	}
	for i := in.level + 1; i < 10; i++ {
		c[i] = 0
	}
	if level.format == "" {
		return strings.TrimSpace(level.prefix + level.suffix)
	}
	var parts []string
	for i := max(0, in.level+1-max(1, level.show)); i <= in.level; i++ {
		parts = append(parts, numeral(map[string]string{"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}[l.levels[i].format], max(1, c[i])))
	}
	return strings.TrimSpace(level.prefix + strings.Join(parts, ".") + level.suffix)
}

func (d *odt) paragraph(x *xmlReader, to *[]piece, in *listPlace) error {
	base, look, _ := d.look(x.attr("style-name"))
	label := ""
	if in != nil && in.first != nil && *in.first {
		*in.first = false
		label = d.label(in)
	}
	var text paragraphText
	var boxes []piece
	var breaks []int
	if err := d.inline(x, base, &text, &boxes, &breaks); err != nil {
		return err
	}
	s := text.String()
	if err := d.out.grow(len(s) + len(label)); err != nil {
		return err
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		p := piece{label: label, text: line}
		if i == 0 {
			p.above, p.indent = look.before, look.indent > 0
		}
		if i == len(lines)-1 {
			p.below = look.after
			if i == 0 {
				p.breaks = breaks
			}
		}
		*to = append(*to, p)
		label = ""
	}
	if len(lines) > 1 {
		for range breaks {
			*to = append(*to, piece{page: true})
		}
	}
	*to = append(*to, boxes...)
	return nil
}

// inline reads what stands in a paragraph or span.
func (d *odt) inline(x *xmlReader, props runProps, text *paragraphText, boxes *[]piece, breaks *[]int) error {
	enc := encodingOfFont(props.font)
	symbols := symbolFont(props.font)
	put := func(s string) {
		if props.vanish == on {
			return
		}
		e := enc
		switch {
		case e != unicodeText && !e.fits(s):
			e = unicodeText
		case e != unicodeText && d.legacy == "" && !isASCII(s):
			d.legacy = props.font
		case symbols:
			s = symbolText(props.font, s)
		}
		st := text.to(e, props.caps == on)
		st.text = append(st.text, s...)
	}
	for depth := x.depth; x.next() && !(x.kind == xmlClose && x.depth == depth); {
		switch x.kind {
		case xmlText:
			// White space is one blank; more of it is written as elements.
			s := valid(string(x.appendText(nil)))
			put(strings.Map(func(r rune) rune {
				if r == '\n' || r == '\r' || r == '\t' {
					return ' '
				}
				return r
			}, s))
			continue
		case xmlClose:
			continue
		}
		switch x.name {
		case "s":
			put(strings.Repeat(" ", min(max(1, x.intAttr("c", 1)), 200)))
		case "tab":
			put("\t")
		case "line-break":
			put("\n")
		case "soft-page-break":
			d.paged = true
			*breaks = append(*breaks, text.len())
		case "span":
			style := x.attr("style-name")
			if err := d.inline(x, d.run(style).over(props), text, boxes, breaks); err != nil {
				return err
			}
		case "note":
			if err := d.note(x); err != nil {
				return err
			}
		case "text-box":
			if err := d.content(x, boxes, nil); err != nil {
				return err
			}
		case "annotation":
			d.comments++
			x.skip()
		case "frame", "a", "custom-shape", "g", "rect", "meta", "meta-field", "ruby", "ruby-base":
			if err := d.inline(x, props, text, boxes, breaks); err != nil {
				return err
			}
		case "p": // inside a shape
			if err := d.paragraph(x, boxes, nil); err != nil {
				return err
			}
		case "change", "change-start", "change-end":
			d.tracked = true
		case "image", "object", "object-ole", "plugin", "annotation-end", "ruby-text", "script", "title", "desc", "event-listeners":
			x.skip()
		}
	}
	return x.err
}

func (d *odt) note(x *xmlReader) error {
	for depth := x.depth; x.next() && !(x.kind == xmlClose && x.depth == depth); {
		if x.kind == xmlOpen && x.name == "note-body" {
			var ps []piece
			if err := d.content(x, &ps, nil); err != nil {
				return err
			}
			d.out.beside("note", strings.Join(flatten(ps), "\n"))
		}
	}
	return x.err
}

// maxCells is how many cells the tables of a file have at most: repeated ones are written once and counted.
const maxCells = 200_000

func (d *odt) table(x *xmlReader, to *[]piece) error {
	var g grid
	var row []cell
	repeat := 1
	for depth := x.depth; x.next() && !(x.kind == xmlClose && x.depth == depth); {
		switch {
		case x.kind == xmlOpen && x.name == "table-row":
			row, repeat = nil, x.intAttr("number-rows-repeated", 1)
		case x.kind == xmlClose && x.name == "table-row":
			for range max(1, repeat) {
				if d.cells += len(row) + 1; d.cells > maxCells {
					return refuse(ErrBomb)
				}
				line := make([]cell, len(row))
				for i, c := range row {
					line[i] = slices.Clone(c)
				}
				g.rows = append(g.rows, line)
			}
		case x.kind == xmlOpen && x.name == "table-cell":
			n := max(1, x.intAttr("number-columns-repeated", 1))
			var inside []piece
			if err := d.content(x, &inside, nil); err != nil {
				return err
			}
			c := flatten(inside)
			for range n {
				if d.cells++; d.cells > maxCells {
					return refuse(ErrBomb)
				}
				row = append(row, slices.Clone(c))
			}
		case x.kind == xmlOpen && x.name == "covered-table-cell":
			x.skip()
		}
	}
	*to = append(*to, piece{table: &g})
	return x.err
}

func (d *odt) readMeta(x *xmlReader) error {
	m := &d.out.meta
	for x.next() {
		if x.kind != xmlOpen {
			continue
		}
		switch x.name {
		case "generator":
			m.Program = short(x.inner())
		case "title":
			m.Title = short(x.inner())
		case "initial-creator":
			m.Author = short(x.inner())
		case "creator":
			m.Editor = short(x.inner())
		case "creation-date":
			m.Created = stamp(x.inner())
		case "date":
			m.Modified = stamp(x.inner())
		case "document-statistic":
			d.out.count = min(max(0, x.intAttr("page-count", 0)), 100_000)
		}
	}
	if m.Author == "" {
		m.Author = m.Editor
	}
	return x.err
}
