package docrender

import (
	"io"
	"strconv"
)

// PDF writes the document as PDF 1.7: pages as the word processor would break them, Liberation Serif embedded as far as it is used,
// text that copies out in Vietnamese, tagged for screen readers, fit to be archived (PDF/A-2b). The same document gives the same bytes. When the document has a
// problem nothing is written and the error is an *Error.
func PDF(w io.Writer, d Document) error {
	_, err := PDFLayout(w, d)
	return err
}

// Layout says where things stand on the pages.
type Layout struct {
	Pages     int
	Signature Box // the room between the signer's office and name, for a signature and seal
}

// Box is a rectangle on a page, from 1, in points from the page's lower left corner.
type Box struct {
	Page                int
	Left, Bottom, Right float64
	Top                 float64
}

// PDFLayout is PDF, and tells where the signature stands.
func PDFLayout(w io.Writer, d Document) (Layout, error) {
	d, err := d.prepared()
	if err != nil {
		return Layout{}, err
	}
	p := &pdf{composed: compose(d), file: &pdfFile{b: make([]byte, 0, 64<<10)}}
	for i, f := range faces() {
		p.fonts[i] = newPDFFont(f)
	}
	for i, s := range p.sheets {
		p.sheet(i, s)
	}
	return Layout{Pages: len(p.pages), Signature: p.sign}, p.write(w)
}

// pdf lays nodes on pages. Lengths are points, y runs down from the upper edge.
type pdf struct {
	*composed
	file  *pdfFile
	fonts [4]*pdfFont
	set   setter
	runs  []setRun
	pages []*pdfPage
	page  *pdfPage

	landscape   bool
	first       int     // index of the sheet's first page
	left, right float64 // edges of the text
	width       float64
	top, bottom float64
	y           float64
	sign        Box
	torn        bool    // rows tied together are being divided
	signAt      float64 // upper edge of the row it stands in
	elems       []structElem
	outline     []outlineItem
	parent      int     // structure element that new ones belong to
	gap         float64 // space after the node just laid; the next one's space before lies in it
}

// pdfPage is one page: its marks and the structure elements they belong to, by MCID.
type pdfPage struct {
	width, height float64
	b             []byte
	marks         []int
	images        []*picture
	font          int // in force in the stream, face*1000+size*10; -1 none
}

// structElem is one element of the structure tree.
type structElem struct {
	tag    string
	alt    string
	parent int
	kids   []int    // elements
	marks  [][2]int // page and MCID
	head   bool
}

func (p *pdf) elem(tag string, parent int) int {
	p.elems = append(p.elems, structElem{tag: tag, parent: parent})
	id := len(p.elems) - 1
	if parent >= 0 {
		p.elems[parent].kids = append(p.elems[parent].kids, id)
	}
	return id
}

// mark opens a marked stretch of the page for an element; unmark closes it.
func (p *pdf) mark(elem int) {
	pg := p.page
	e := &p.elems[elem]
	pg.b = append(pg.b, '/')
	pg.b = append(pg.b, e.tag...)
	pg.b = append(pg.b, "<</MCID "...)
	pg.b = strconv.AppendInt(pg.b, int64(len(pg.marks)), 10)
	pg.b = append(pg.b, ">>BDC\n"...)
	e.marks = append(e.marks, [2]int{len(p.pages) - 1, len(pg.marks)})
	pg.marks = append(pg.marks, elem)
}

func (p *pdf) unmark() { p.page.b = append(p.page.b, "EMC\n"...) }

// artifact marks what is not part of the text: rules and page numbers.
func (p *pdf) artifact(draw func()) {
	p.page.b = append(p.page.b, "/Artifact BMC\n"...)
	draw()
	p.unmark()
}

// num writes a length with two decimals.
func (pg *pdfPage) num(v float64) {
	n := int64(v*100 + 0.5)
	if v < 0 {
		n = int64(v*100 - 0.5)
	}
	if n < 0 {
		pg.b = append(pg.b, '-')
		n = -n
	}
	pg.b = strconv.AppendInt(pg.b, n/100, 10)
	if f := n % 100; f != 0 {
		pg.b = append(pg.b, '.', byte('0'+f/10))
		if f%10 != 0 {
			pg.b = append(pg.b, byte('0'+f%10))
		}
	}
	pg.b = append(pg.b, ' ')
}

func (pg *pdfPage) op(s string) {
	pg.b = append(pg.b, s...)
	pg.b = append(pg.b, '\n')
}

// line draws a rule between two points of the page.
func (pg *pdfPage) line(x1, y1, x2, y2, width float64) {
	pg.num(width)
	pg.b = append(pg.b, "w "...)
	pg.num(x1)
	pg.num(pg.height - y1)
	pg.b = append(pg.b, "m "...)
	pg.num(x2)
	pg.num(pg.height - y2)
	pg.op("l S")
}

func (p *pdf) newPage() {
	w, h := pageWidth*ptPerMM, pageHeight*ptPerMM
	if p.landscape {
		w, h = h, w
	}
	p.page = &pdfPage{width: w, height: h, font: -1, b: make([]byte, 0, 8<<10)}
	p.pages = append(p.pages, p.page)
	p.y, p.gap = p.top, 0
	p.bottom = h - marginBottom*ptPerMM
	n := len(p.pages) - p.first
	if n > 1 {
		p.artifact(func() {
			st := styleOf("SoTrang")
			s := strconv.Itoa(n)
			f := faces()[0]
			p.text(setRun{s, 0}, st.size, (p.left+p.right-f.width(s, st.size))/2, headerAt*ptPerMM+ascentOf(st.size))
		})
	} else if p.first == 0 && len(p.footer) > 0 {
		p.foot()
	}
}

// foot writes the address at the foot of page 1 below a rule.
func (p *pdf) foot() {
	height := 3.0
	for _, q := range p.footer {
		height += float64(len(p.linesOf(q, p.width))) * lineHeight(q.size)
	}
	top := p.page.height - footerAt*ptPerMM - height
	p.bottom = min(p.bottom, top)
	p.artifact(func() { p.page.line(p.left, top+0.4, p.right, top+0.4, 0.75) })
	y := top + 3
	for _, q := range p.footer {
		e := p.elem("P", 0)
		lines := p.linesOf(q, p.width)
		p.mark(e)
		for i := range lines {
			p.drawLine(q, lines[i], p.left, p.width, 0, y)
			y += lineHeight(q.size)
		}
		p.unmark()
	}
}

func ascentOf(size float64) float64 {
	f := faces()[0]
	return size * float64(f.ascent) / float64(f.units)
}

func (p *pdf) sheet(i int, s sheet) {
	p.landscape, p.first = s.landscape, len(p.pages)
	p.left, p.top = marginLeft*ptPerMM, marginTop*ptPerMM
	p.width = TextWidth(s.landscape) * ptPerMM
	p.right = p.left + p.width
	if i == 0 {
		p.elem("Document", -1)
	}
	p.newPage()
	p.flow(s.nodes)
}

// flow lays nodes one below another, beginning pages as needed.
func (p *pdf) flow(nodes []node) {
	for i, n := range nodes {
		switch n := n.(type) {
		case *para:
			p.flowPara(n, nodes[i+1:])
		case *rule:
			if p.y+n.height() > p.bottom {
				p.newPage()
			}
			p.drawRule(n, p.left, p.y)
			p.y += n.height()
			p.gap = n.after
		case *columns:
			p.flowColumns(n)
			p.gap = 0
		case *ruled:
			p.flowTable(n, p.need(nodes[i+1:], n.keepLast))
			p.gap = 0
		case *picture:
			p.y += p.above(pictureGap)
			h := n.height * ptPerMM
			if p.y+h+pictureGap+p.need(nodes[i+1:], n.Caption != "") > p.bottom {
				p.newPage()
			}
			p.drawPicture(n, p.y)
			p.y += h + pictureGap
			p.gap = pictureGap
		case *graph:
			p.y += p.above(pictureGap)
			h := n.height * ptPerMM
			if p.y+h > p.bottom {
				p.newPage()
			}
			p.drawGraph(n, p.y)
			p.y += h + pictureGap
			p.gap = pictureGap
		case pageBreak:
			p.newPage()
		}
	}
}

const pictureGap = 4.0 // of the style Hinh

// above is what a space before adds to the gap already there: of two spaces between paragraphs the larger counts.
func (p *pdf) above(before float64) float64 { return max(0, before-p.gap) }

func (r *rule) height() float64 {
	st := styleOf("Vach")
	return st.before + st.exact + ruleExtra + r.after
}

// ruleExtra is what the border of an empty paragraph adds to its height: the line and its distance.
const ruleExtra = 1.7

// need is the least height with which the first of the nodes can begin on a page, when something before it must stay with it.
func (p *pdf) need(nodes []node, kept bool) float64 {
	if !kept || len(nodes) == 0 {
		return 0
	}
	switch n := nodes[0].(type) {
	case *para:
		lines := len(p.linesOf(n, p.width))
		lh := n.lineHeight()
		h := n.spaceBefore()
		switch {
		case n.keepNext || n.keep && lines <= 3:
			return h + float64(lines)*lh + n.after + p.need(nodes[1:], true)
		case n.keepLines || lines <= 3:
			return h + float64(lines)*lh
		}
		return h + 2*lh
	case *rule:
		return n.height() + p.need(nodes[1:], true)
	case *columns:
		return p.rowHeight(n, n.rows[0])
	case *ruled:
		return p.tableStart(n)
	case *picture:
		return n.height*ptPerMM + 8
	case *graph:
		return n.height*ptPerMM + 8
	}
	return 0
}

func (p *para) lineHeight() float64 {
	if p.exact > 0 {
		return p.exact
	}
	return lineHeight(p.size)
}

// linesOf breaks a paragraph; the result is good until the next call.
func (p *pdf) linesOf(q *para, width float64) []setLine {
	p.runs = q.setRuns(p.runs[:0])
	return p.set.set(p.runs, q.size, width-(q.left+2*q.side)*ptPerMM, q.first*ptPerMM)
}

// flowPara lays a paragraph. A title stays with what follows, no single line of a paragraph is left alone, and the end of a paragraph
// that must stay with the next takes two lines along.
func (p *pdf) flowPara(q *para, after []node) {
	lh := q.lineHeight()
	next := 0.0
	if q.keepNext || q.keep {
		next = p.need(after, true)
	}
	lines := p.linesOf(q, p.width)
	n := len(lines)
	before := p.above(q.spaceBefore())
	whole := before + float64(n)*lh
	room := p.bottom - p.y
	keepWhole := q.keepLines || q.keepNext || n <= 3
	if next > 0 {
		whole += q.after
	}
	if p.y > p.top && (keepWhole && whole+next > room+0.01 || !keepWhole && before+2*lh > room+0.01) {
		p.newPage()
	}
	if p.y > p.top || len(p.pages)-p.first == 1 {
		p.y += before
	}
	e := p.elem(q.tag, p.parent)
	p.outlined(q, after)
	for from := 0; from < n; {
		fit := int((p.bottom - p.y + 0.01) / lh)
		rest := n - from
		take := rest
		if fit < rest || next > 0 && p.y+float64(rest)*lh+q.after+next > p.bottom+0.01 {
			take = min(fit, rest)
			if rest-take < 2 {
				take = rest - 2
			}
			if take < 2 && from == 0 && p.y > p.top+1 || take < 1 {
				if p.y > p.top+1 {
					p.newPage()
					continue
				}
				take = max(1, min(fit, rest))
			}
		}
		p.mark(e)
		for i := from; i < from+take; i++ {
			indent := 0.0
			if i == 0 {
				indent = q.first * ptPerMM
			}
			p.drawLine(q, lines[i], p.left+q.left*ptPerMM, p.width-q.left*ptPerMM, indent, p.y)
			p.y += lh
		}
		p.unmark()
		from += take
		if from < n {
			p.newPage()
			lines = p.linesOf(q, p.width) // the page's own text may have used the setter
		}
	}
	p.y += q.after
	p.gap = q.after
}

// drawLine draws one line of the paragraph last set, its upper edge at y.
func (p *pdf) drawLine(q *para, l setLine, left, width, indent, y float64) {
	x, stretch := left+indent, 0.0
	switch free := width - indent - l.width; q.alignment() {
	case Center:
		x += free / 2
	case Right:
		x += free
	case Justify:
		if !l.last && l.spaces > 0 && free > 0 {
			stretch = free / float64(l.spaces)
		}
	}
	base := y + ascentOf(q.size)
	if q.exact > 0 {
		base = y + q.exact*0.8
	}
	if l.from == l.to {
		return
	}
	if q.red {
		p.page.op("1 0 0 rg")
	}
	pg := p.page
	pg.b = append(pg.b, "BT\n"...)
	p.font(p.set.style[l.from], q.size)
	pg.num(x)
	pg.num(pg.height - base)
	pg.b = append(pg.b, "Td "...)
	pg.b = append(pg.b, "[<"...)
	face := p.set.style[l.from]
	f := p.fonts[face]
	for i := l.from; i < l.to; i++ {
		if s := p.set.style[i]; s != face {
			face = s
			f = p.fonts[face]
			pg.b = append(pg.b, ">]TJ\n"...)
			p.font(face, q.size)
			pg.b = append(pg.b, "[<"...)
		}
		c := f.cid(p.set.text[i])
		pg.b = append(pg.b, hexDigits[c>>12], hexDigits[c>>8&15], hexDigits[c>>4&15], hexDigits[c&15])
		if stretch != 0 && p.set.text[i] == ' ' {
			pg.b = append(pg.b, '>')
			pg.b = strconv.AppendInt(pg.b, -int64(stretch*1000/q.size+0.5), 10)
			pg.b = append(pg.b, '<')
		}
	}
	pg.b = append(pg.b, ">]TJ ET\n"...)
	if q.red {
		pg.op("0 g")
	}
}

func (p *pdf) font(face uint8, size float64) {
	pg := p.page
	if k := int(face)*1000 + int(size*10); k != pg.font {
		pg.font = k
		pg.b = append(pg.b, "/F"...)
		pg.b = append(pg.b, '0'+face, ' ')
		pg.num(size)
		pg.b = append(pg.b, "Tf\n"...)
	}
}

// text draws a short text whose left end and baseline are given.
func (p *pdf) text(r setRun, size, x, base float64) {
	pg := p.page
	f := p.fonts[r.face]
	pg.b = append(pg.b, "BT\n"...)
	p.font(r.face, size)
	pg.num(x)
	pg.num(pg.height - base)
	pg.b = append(pg.b, "Td <"...)
	for _, c := range r.text {
		v := f.cid(c)
		pg.b = append(pg.b, hexDigits[v>>12], hexDigits[v>>8&15], hexDigits[v>>4&15], hexDigits[v&15])
	}
	pg.b = append(pg.b, ">Tj ET\n"...)
}

func (p *pdf) drawRule(r *rule, left, y float64) {
	x := left + (r.room-r.width)/2*ptPerMM
	st := styleOf("Vach")
	p.artifact(func() { p.page.line(x, y+st.before+0.4, x+r.width*ptPerMM, y+st.before+0.4, 0.75) })
}

// flowColumns lays the head or the signature. Rows that are kept stand whole; the others flow in the left column.
func (p *pdf) flowColumns(c *columns) {
	for _, r := range c.rows {
		if !r.keep {
			left, width, right := p.left, p.width, p.right
			p.width = c.widths[0] * ptPerMM
			p.right = p.left + p.width
			p.flowPlain(r.cells[0])
			p.left, p.width, p.right = left, width, right
			continue
		}
		h := p.rowHeight(c, r)
		if p.y+h > p.bottom+0.01 && p.y > p.top {
			p.newPage()
		}
		if c.name == "sign" {
			p.signAt = p.y
		}
		x := p.left
		for i, cell := range r.cells {
			p.cell(cell, x, c.widths[i]*ptPerMM, p.y, c.name == "sign" && i == 1)
			x += c.widths[i] * ptPerMM
		}
		p.y += h
	}
}

// flowPlain lays paragraphs of the column in force; pages keep their own middle for the page number.
func (p *pdf) flowPlain(nodes []node) {
	for _, n := range nodes {
		q := n.(*para)
		lines := p.linesOf(q, p.width)
		p.y += q.spaceBefore()
		h := float64(len(lines)) * q.lineHeight()
		if p.y+h > p.bottom+0.01 && p.y > p.top {
			left, width, right := p.left, p.width, p.right
			p.width = TextWidth(p.landscape) * ptPerMM
			p.right = p.left + p.width
			p.newPage()
			p.left, p.width, p.right = left, width, right
			lines = p.linesOf(q, p.width)
		}
		p.mark(p.elem(q.tag, p.parent))
		for _, l := range lines {
			p.drawLine(q, l, p.left, p.width, 0, p.y)
			p.y += q.lineHeight()
		}
		p.unmark()
		p.y += q.after
	}
}

func (p *pdf) rowHeight(c *columns, r columnsRow) float64 {
	h := 0.0
	for i, cell := range r.cells {
		h = max(h, p.cellHeight(cell, c.widths[i]*ptPerMM))
	}
	return h
}

func (p *pdf) cellHeight(nodes []node, width float64) float64 {
	h := 0.0
	for _, n := range nodes {
		switch n := n.(type) {
		case *para:
			if n.boxed {
				h += n.spaceBefore() + lineHeight(n.size) + 2*boxPad
				continue
			}
			h += n.spaceBefore() + float64(len(p.linesOf(n, width)))*n.lineHeight() + n.after
		case *rule:
			h += n.height()
		}
	}
	return h
}

const boxPad = 3.0 // between a frame and its text

// cell lays the nodes of one cell of a frame.
func (p *pdf) cell(nodes []node, x, width, y float64, sign bool) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *para:
			if sign && n.id == "HoTen" {
				p.sign = Box{Page: len(p.pages), Left: x, Right: x + width, Top: p.page.height - y, Bottom: p.page.height - y - n.spaceBefore()}
			}
			y += n.spaceBefore()
			if n.boxed {
				y = p.box(n, x, width, y)
				continue
			}
			lines := p.linesOf(n, width)
			if len(lines) == 1 && lines[0].from == lines[0].to {
				y += n.lineHeight() + n.after
				continue
			}
			p.mark(p.elem(n.tag, p.parent))
			for _, l := range lines {
				p.drawLine(n, l, x, width, 0, y)
				y += n.lineHeight()
			}
			p.unmark()
			y += n.after
		case *rule:
			p.drawRule(n, x, y)
			y += n.height()
		}
	}
}

// box draws a mark of haste or circulation in its frame.
func (p *pdf) box(q *para, x, width, y float64) float64 {
	w := q.width*ptPerMM + 2*boxPad
	h := lineHeight(q.size) + 2*boxPad
	pg := p.page
	p.artifact(func() {
		if q.red {
			pg.op("1 0 0 RG")
		}
		pg.num(1)
		pg.b = append(pg.b, "w "...)
		pg.num(x + (width-w)/2)
		pg.num(pg.height - y - h)
		pg.num(w)
		pg.num(h)
		pg.op("re S")
		if q.red {
			pg.op("0 G")
		}
	})
	lines := p.linesOf(q, width)
	p.mark(p.elem("P", p.parent))
	p.drawLine(q, lines[0], x, width, 0, y+boxPad)
	p.unmark()
	return y + h
}

func (p *pdf) drawPicture(m *picture, y float64) {
	pg := p.page
	e := p.elem("Figure", p.parent)
	p.elems[e].alt = m.Alt
	w, h := m.width*ptPerMM, m.height*ptPerMM
	p.mark(e)
	pg.b = append(pg.b, "q "...)
	pg.num(w)
	pg.b = append(pg.b, "0 0 "...)
	pg.num(h)
	pg.num(p.left + (p.width-w)/2)
	pg.num(pg.height - y - h)
	pg.op("cm /Im" + strconv.Itoa(m.index) + " Do Q")
	p.unmark()
	pg.images = append(pg.images, m)
}

// write writes all objects.
func (p *pdf) write(w io.Writer) error {
	f := p.file
	f.s("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	catalog, tree, info, meta, root, parents := f.reserve(), f.reserve(), f.reserve(), f.reserve(), f.reserve(), f.reserve()
	pages := make([]int, len(p.pages))
	for i := range pages {
		pages[i] = f.reserve()
	}
	elems := make([]int, len(p.elems))
	for i := range elems {
		elems[i] = f.reserve()
	}
	for _, x := range p.fonts {
		if len(x.runes) > 1 {
			x.id = f.reserve()
		}
	}
	images := map[int]int{}
	for _, m := range p.images {
		images[m.index] = f.reserve()
	}
	for i, pg := range p.pages {
		content := f.reserve()
		f.stream(content, "", pg.b, true)
		f.begin(pages[i])
		f.s("<</Type/Page/Parent ")
		f.ref(tree)
		f.s("/MediaBox[0 0 ", strconv.FormatFloat(pg.width, 'f', 2, 64), " ", strconv.FormatFloat(pg.height, 'f', 2, 64), "]/Resources<</Font<<")
		for k, x := range p.fonts {
			if x.id > 0 {
				f.s("/F", strconv.Itoa(k), " ")
				f.ref(x.id)
			}
		}
		f.s(">>")
		if len(pg.images) > 0 {
			f.s("/XObject<<")
			for _, m := range pg.images {
				f.s("/Im", strconv.Itoa(m.index), " ")
				f.ref(images[m.index])
			}
			f.s(">>")
		}
		f.s(">>/Contents ")
		f.ref(content)
		f.s("/StructParents ", strconv.Itoa(i), "/Tabs/S>>")
		f.end()
	}
	for i, e := range p.elems {
		f.begin(elems[i])
		f.s("<</Type/StructElem/S/", e.tag, "/P ")
		if e.parent < 0 {
			f.ref(root)
		} else {
			f.ref(elems[e.parent])
		}
		if e.alt != "" {
			f.s("/Alt", pdfText(e.alt))
		}
		if e.head {
			f.s("/A<</O/Table/Scope/Column>>")
		}
		if len(e.marks) > 0 {
			f.s("/Pg ")
			f.ref(pages[e.marks[0][0]])
		}
		f.s("/K[")
		for k, m := range e.marks {
			if k > 0 {
				f.s(" ")
			}
			if m[0] == e.marks[0][0] {
				f.n(m[1])
				continue
			}
			f.s("<</Type/MCR/Pg ")
			f.ref(pages[m[0]])
			f.s("/MCID ", strconv.Itoa(m[1]), ">>")
		}
		for _, k := range e.kids {
			f.s(" ")
			f.ref(elems[k])
		}
		f.s("]>>")
		f.end()
	}
	f.begin(root)
	f.s("<</Type/StructTreeRoot/K ")
	f.ref(elems[0])
	f.s("/ParentTreeNextKey ", strconv.Itoa(len(p.pages)), "/ParentTree ")
	f.ref(parents)
	f.s(">>")
	f.end()
	f.begin(parents)
	f.s("<</Nums[")
	for i, pg := range p.pages {
		f.s(strconv.Itoa(i), "[")
		for k, e := range pg.marks {
			if k > 0 {
				f.s(" ")
			}
			f.ref(elems[e])
		}
		f.s("]")
	}
	f.s("]>>")
	f.end()
	for _, m := range p.images {
		f.writeImage(images[m.index], m)
	}
	for _, x := range p.fonts {
		if x.id > 0 {
			x.write(f)
		}
	}
	f.begin(tree)
	f.s("<</Type/Pages/Count ", strconv.Itoa(len(pages)), "/Kids[")
	for i, id := range pages {
		if i > 0 {
			f.s(" ")
		}
		f.ref(id)
	}
	f.s("]>>")
	f.end()
	profile, outline := f.reserve(), p.writeOutline(pages)
	f.stream(profile, "/N 3", colourProfile(), true)
	d := p.doc
	f.begin(info)
	f.s("<</Title", pdfText(p.title), "/Author", pdfText(p.issuer), "/Subject", pdfText(d.Subject), "/Creator(Chung Tay)/Producer(Chung Tay)")
	if d.Date.Day > 0 {
		stamp := d.Date.Start().Format("20060102")
		f.s("/CreationDate(D:", stamp, "000000+07'00')/ModDate(D:", stamp, "000000+07'00')")
	}
	f.s(">>")
	f.end()
	f.stream(meta, "/Type/Metadata/Subtype/XML", p.xmp(), false)
	f.begin(catalog)
	f.s("<</Type/Catalog/Pages ")
	f.ref(tree)
	f.s("/Lang(", pdfName(d.lang()), ")/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>/StructTreeRoot ")
	f.ref(root)
	f.s("/Metadata ")
	f.ref(meta)
	f.s("/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB IEC61966-2.1)/Info(sRGB IEC61966-2.1)/DestOutputProfile ")
	f.ref(profile)
	f.s(">>]")
	if outline > 0 {
		f.s("/Outlines ")
		f.ref(outline)
	}
	f.s(">>")
	f.end()
	return f.finish(w, catalog, info)
}

// pdfName keeps the letters, digits and dashes of a language tag.
func pdfName(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if c := s[i]; c == '-' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			out = append(out, c)
		}
	}
	return string(out)
}

func (p *pdf) xmp() []byte {
	d := p.doc
	when := ""
	if d.Date.Day > 0 {
		stamp := d.Date.String() + "T00:00:00+07:00"
		when = "<xmp:CreateDate>" + stamp + "</xmp:CreateDate><xmp:ModifyDate>" + stamp + "</xmp:ModifyDate>"
	}
	return []byte(`<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance><dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + escaped(p.title) + `</rdf:li></rdf:Alt></dc:title><dc:description><rdf:Alt><rdf:li xml:lang="x-default">` + escaped(d.Subject) + `</rdf:li></rdf:Alt></dc:description><dc:creator><rdf:Seq><rdf:li>` + escaped(p.issuer) + `</rdf:li></rdf:Seq></dc:creator><dc:language><rdf:Bag><rdf:li>` + escaped(d.lang()) + `</rdf:li></rdf:Bag></dc:language>` + when + `<xmp:CreatorTool>Chung Tay</xmp:CreatorTool><pdf:Producer>Chung Tay</pdf:Producer></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`)
}
