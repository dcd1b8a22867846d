package docrender

import (
	"strings"
)

// A sheet is a stretch of pages with one numbering: the document itself, then each annex. Its nodes are what the three writers write.
type sheet struct {
	landscape bool
	nodes     []node
}

// node is *para, *rule, *columns, *ruled, *picture, *graph or pageBreak.
type node any

// para is one paragraph.
type para struct {
	*pstyle
	runs      []Run
	label     string // number or dash before the text
	boldLabel bool
	ownLine   bool // the label stands on a line of its own
	num       numRef
	align     Align   // the style's unless given
	before    float64 // the style's unless >= 0
	keep      bool    // keep with the next, besides the style's
	width     float64 // of a frame, mm
	side      float64 // drawn in on both sides, mm
	tag       string  // the part of a tagged PDF: P, H1 …
	part      string  // class in HTML and place in the checker's words
}

// rule is a line drawn below a paragraph, in the middle of the room.
type rule struct{ width, room, after float64 }

// columns is a frame of two columns without rules: the head, and the signature beside the recipients.
type columns struct {
	widths [2]float64
	rows   []columnsRow
	name   string
}

type columnsRow struct {
	cells [2][]node
	keep  bool // not divided between pages
}

// ruled is a table with rules.
type ruled struct {
	*Table
	widths []float64
	heads  [][]placed
	rows   [][]placed

	keepLast bool // the last row stays with what follows

	cell    *pstyle   // of its cells
	heights []float64 // of rows, millimetres, where the whole has a fixed one
}

type picture struct {
	*Image
	index         int
	width, height float64 // mm
	pixels        [2]int
	format        string
}

type graph struct {
	*Chart
	index  int
	width  float64
	height float64
}

type pageBreak struct{}

// composed is a document laid out in parts, before pages.
type composed struct {
	doc    Document
	sheets []sheet
	footer []*para // address lines of page 1
	nums   []listNum
	images []*picture
	graphs []*graph
	lister lister
	title  string // of the file
	issuer string
}

func newPara(style string, runs ...Run) *para {
	return &para{pstyle: styleOf(style), runs: runs, before: -1, tag: "P", part: style}
}

func plain(style, text string) *para { return newPara(style, Run{Text: text}) }

// balancedIn draws a centred paragraph in, so that its lines are of about one length.
func (p *para) balancedIn(room float64) *para {
	p.side = balanced(p.text(), p.bold, p.italic, p.size, room)
	return p
}

func (p *para) alignment() Align {
	if p.align != "" {
		return p.align
	}
	return p.pstyle.align
}

func (p *para) spaceBefore() float64 {
	if p.before >= 0 {
		return p.before
	}
	return p.pstyle.before
}

// text is the paragraph's text with its label.
func (p *para) text() string {
	var b strings.Builder
	if p.label != "" {
		b.WriteString(p.label)
		if p.ownLine {
			b.WriteString("\n")
		} else {
			b.WriteString(" ")
		}
	}
	for _, r := range p.runs {
		b.WriteString(r.Text)
	}
	return b.String()
}

// compose puts the parts of a prepared document in their order.
func compose(d Document) *composed {
	if d.BlankDay {
		d.Date.Day = 0
	}
	c := &composed{doc: d, issuer: strings.Join(d.Issuer, " ")}
	form, _ := formOf(d.Kind)
	kind := form.title
	if d.Title != "" {
		kind = strings.ToUpper(d.Title)
	}
	c.title = strings.TrimSpace(kind + " " + d.Subject)
	if d.Kind == Letter {
		c.title = "Công văn " + lowerFirst(d.Subject)
	}
	if d.Kind == Book {
		c.sheets = append(c.sheets, sheet{landscape: d.Landscape, nodes: append(c.bookHead(), c.blocks(d.Body, d.Landscape)...)})
		c.nums = c.lister.nums
		return c
	}
	nodes := []node{c.head()}
	if d.Kind != Letter {
		if kind != "" {
			p := plain("TenLoai", kind)
			p.tag = "H1"
			nodes = append(nodes, p)
		}
		if d.Subject != "" {
			room := TextWidth(d.Landscape)
			p := plain("TrichYeu", upperFirst(d.Subject)).balancedIn(room)
			nodes = append(nodes, p)
			nodes = append(nodes, &rule{width: ruleFor(lastLine(d.Subject, true, p.size, room-2*p.side)), room: room, after: gapAfter})
		}
	}
	nodes = append(nodes, addressees(d.Addressees)...)
	if d.DecidedBy != "" {
		nodes = append(nodes, plain("ThamQuyen", strings.ToUpper(d.DecidedBy)))
	}
	for i, b := range d.Bases {
		mark := ";"
		if i == len(d.Bases)-1 {
			mark = "."
		}
		nodes = append(nodes, plain("CanCu", closed(b, mark)))
	}
	if d.DecidedBy != "" && kind != "" {
		nodes = append(nodes, plain("LenhBanHanh", kind+":"))
	}
	body := c.blocks(ended(d.Body), d.Landscape)
	keepWithSignature(body, TextWidth(d.Landscape))
	nodes = append(nodes, body...)
	nodes = append(nodes, c.signature())
	c.sheets = append(c.sheets, sheet{landscape: d.Landscape, nodes: nodes})
	for i, a := range d.Annexes {
		c.lister.anew()
		c.sheets = append(c.sheets, sheet{landscape: a.Landscape, nodes: c.annex(i, a)})
	}
	for _, l := range d.Contact {
		c.footer = append(c.footer, plain("DiaChi", l))
	}
	c.nums = c.lister.nums
	return c
}

// keepWithSignature keeps the end of the text with the signature, which never stands alone: two lines at least, so that a last paragraph
// of one line takes the one before, or the last row of a table, along.
func keepWithSignature(body []node, room float64) {
	for i := len(body) - 1; i >= 0; i-- {
		switch n := body[i].(type) {
		case *para:
			n.keep = true
			if n.id != "SauBang" && linesOf(n.text(), n.bold, n.size, room-n.first-n.left) > 1 {
				return
			}
		case *ruled:
			n.keepLast = true
			return
		default:
			return
		}
	}
}

// bookHead is the head of a register: whose it is, what it is, its year and days.
func (c *composed) bookHead() []node {
	d := c.doc
	room := TextWidth(d.Landscape)
	var out []node
	for _, l := range d.Superior {
		out = append(out, plain("CoQuanChuQuan", strings.ToUpper(l)).balancedIn(room))
	}
	longest := 0.0
	for _, l := range d.Issuer {
		p := plain("CoQuanBanHanh", strings.ToUpper(l)).balancedIn(room)
		out = append(out, p)
		longest = lastLine(p.runs[0].Text, true, p.size, room-2*p.side)
	}
	out = append(out, &rule{width: ruleFor(longest), room: room})
	title := plain("TenLoai", strings.ToUpper(d.Title)).balancedIn(room)
	title.tag = "H1"
	out = append(out, title)
	if d.Subject != "" {
		out = append(out, plain("PhuLucKem", d.Subject).balancedIn(room))
	}
	return append(out, plain("SauBang", ""))
}

// headWidth is the width of the bodies' column.
func (d Document) headWidth() float64 { return headLeft * TextWidth(d.Landscape) / TextWidth(false) }

// head is the frame of quốc hiệu, bodies, number and date. On turned pages the columns share the width as on upright ones.
func (c *composed) head() *columns {
	d := c.doc
	room := TextWidth(d.Landscape)
	headLeft := d.headWidth()
	right := room - headLeft
	var left, r []node
	for _, l := range d.Superior {
		left = append(left, plain("CoQuanChuQuan", strings.ToUpper(l)).balancedIn(headLeft))
	}
	longest := 0.0
	for _, l := range d.Issuer {
		p := plain("CoQuanBanHanh", strings.ToUpper(l)).balancedIn(headLeft)
		left = append(left, p)
		longest = lastLine(p.runs[0].Text, true, p.size, headLeft-2*p.side)
	}
	left = append(left, &rule{width: ruleFor(longest), room: headLeft})
	m := plain("TieuNgu", motto)
	_, bold := faceOf(true, false)
	r = append(r, plain("QuocHieu", nationalName), m, &rule{width: bold.width(motto, m.size) / ptPerMM, room: right})
	row1 := columnsRow{cells: [2][]node{left, r}, keep: true}
	var under []node
	if d.Symbol != "" || d.Number > 0 {
		under = append(under, plain("SoKyHieu", NumberLine(d.Number, d.Symbol)))
	}
	if d.Kind == Letter && d.Subject != "" {
		under = append(under, plain("TrichYeuCongVan", "V/v "+lowerSubject(d.Subject)).balancedIn(headLeft))
	}
	if d.Draft {
		under = append(under, plain("DuThao", draftMark))
	}
	if w := d.Urgency.words(); w != "" {
		p := plain("DauKhan", w)
		p.width = map[Urgency]float64{Urgent: frameKhan, MoreUrgent: frameThuong, MostUrgent: frameHoaToc}[d.Urgency]
		under = append(under, p)
	}
	if w := d.Circulation.words(); w != "" {
		p := plain("DauLuuHanh", w)
		_, f := faceOf(true, false)
		p.width = f.width(w, p.size)/ptPerMM + 6
		under = append(under, p)
	}
	row2 := columnsRow{cells: [2][]node{under, {plain("DiaDanhNgay", PlaceDate(d.Place, d.Date))}}, keep: true}
	return &columns{name: "head", widths: [2]float64{headLeft, right}, rows: []columnsRow{row1, row2}}
}

// ruleFor is the length of the rule below a body's name and a subject: between a third and a half of the line.
func ruleFor(line float64) float64 { return min(max(line*0.42, 10), line/2) }

func addressees(names []string) []node {
	switch len(names) {
	case 0:
		return nil
	case 1:
		return []node{plain("KinhGui", "Kính gửi: "+closed(names[0], "."))}
	}
	out := []node{plain("KinhGuiNhieu", "Kính gửi:")}
	for i, n := range names {
		mark := ";"
		if i == len(names)-1 {
			mark = "."
		}
		p := plain("KinhGuiDong", "- "+closed(n, mark))
		out = append(out, p)
		if i == len(names)-1 {
			q := *p.pstyle
			q.after = 8
			p.pstyle = &q
		}
	}
	return out
}

// ended returns the body with the mark "./." at its end.
func ended(in []Block) []Block {
	out := append([]Block(nil), in...)
	for i := len(out) - 1; i >= 0; i-- {
		switch b := &out[i]; b.Type {
		case BreakBlock:
			continue
		case ParagraphBlock, ItemBlock:
			rs := append([]Run(nil), b.runs()...)
			for j := len(rs) - 1; j >= 0; j-- {
				if strings.TrimSpace(rs[j].Text) == "" && j > 0 {
					rs = rs[:j]
					continue
				}
				rs[j].Text = strings.TrimRight(strings.TrimSuffix(strings.TrimRight(rs[j].Text, " \n"), endMark), ".;, ") + endMark
				break
			}
			b.Text, b.Runs = "", rs
			return out
		}
		return append(out[:i+1:i+1], Block{Type: ParagraphBlock, Text: endMark, Align: Left})
	}
	return out
}

// blocks turns the blocks of a body into nodes.
func (c *composed) blocks(in []Block, landscape bool) []node {
	var out []node
	room := TextWidth(landscape)
	n := newNumberer()
	for _, b := range in {
		switch b.Type {
		case ParagraphBlock:
			p := newPara("ThanBai", b.runs()...)
			p.align = b.Align
			if b.Align != "" && b.Align != Justify {
				q := *p.pstyle
				q.first = 0
				p.pstyle = &q
			}
			out = append(out, p)
		case HeadingBlock, ItemBlock:
			out = append(out, c.numbered(n, b))
		case TableBlock:
			t := b.Table
			if t.Caption != "" {
				out = append(out, plain("BangTen", t.Caption).balancedIn(room))
			}
			if t.Unit != "" {
				out = append(out, plain("BangDonVi", t.Unit))
			}
			w, _, _ := t.widths(room)
			x := &ruled{Table: t, widths: w, heads: grid(t.head(), len(t.Columns)), rows: grid(t.Rows, len(t.Columns)), cell: styleCell}
			if t.Fixed > 0 {
				x.fit()
			}
			out = append(out, x, plain("SauBang", ""))
		case ImageBlock:
			out = append(out, c.picture(b.Image, room))
			if b.Image.Caption != "" {
				out = append(out, plain("HinhTen", b.Image.Caption))
			}
		case ChartBlock:
			h := b.Chart.Height
			if h <= 0 {
				h = chartHeight
			}
			g := &graph{Chart: b.Chart, index: len(c.graphs) + 1, width: room, height: min(h, 200)}
			c.graphs = append(c.graphs, g)
			out = append(out, g)
		case BreakBlock:
			out = append(out, pageBreak{})
		}
	}
	return out
}

func (c *composed) numbered(n *numberer, b Block) *para {
	f := levels[b.Level]
	style, tag := f.item, "P"
	if b.Type == HeadingBlock {
		style = f.head
		if s := styleOf(style); s.outline > 0 {
			tag = "H" + string(rune('1'+min(s.outline, 5)))
		}
	}
	p := newPara(style, b.runs()...)
	p.tag, p.ownLine = tag, f.onOwnLine && b.runs()[0].Text != ""
	p.boldLabel = f.boldLabel || p.bold
	label, count := n.next(b.Level, b.Restart)
	if b.Label != "" {
		p.label = b.Label
		return p
	}
	p.label = label
	p.num = c.lister.place(b.Level, label, count, n.inArticle)
	return p
}

// signature is the frame of recipients and signature. The recipients that do not fit beside the signature follow in a row that may be
// divided between pages.
func (c *composed) signature() *columns {
	d := c.doc
	width := TextWidth(d.Landscape)
	left := signLeft * width / TextWidth(false)
	if d.CoSigner != nil {
		left = width / 2
	}
	right := width - left
	var sign []node
	for _, l := range d.Authority {
		sign = append(sign, plain("QuyenHan", l).balancedIn(right))
	}
	if d.SignerTitle != "" {
		sign = append(sign, plain("QuyenHan", strings.ToUpper(d.SignerTitle)).balancedIn(right))
	}
	if len(sign) == 0 {
		sign = append(sign, plain("QuyenHan", ""))
	}
	sign = append(sign, plain("HoTen", d.Signer))
	var first, rest []node
	used := lineHeight(12)
	room := signGap
	if d.CoSigner != nil { // the recipients stand below both
		room = 0
	}
	for _, n := range sign {
		p := n.(*para)
		room += lineHeight(p.size) * float64(linesOf(p.text(), true, p.size, right))
	}
	first = append(first, plain("NoiNhan", "Nơi nhận:"))
	for _, l := range d.recipientLines() {
		p := plain("NoiNhanDong", l)
		h := lineHeight(p.size) * float64(linesOf(l, false, p.size, left))
		if d.CoSigner != nil || used >= room || rest != nil { // a line or two more is better than a gap in the list
			rest = append(rest, p)
			continue
		}
		used += h
		first = append(first, p)
	}
	if d.CoSigner != nil {
		rest = append(first, rest...)
		rest[0].(*para).before = 10
		first = nil
		for _, l := range append(append([]string(nil), d.CoSigner.Authority...), strings.ToUpper(d.CoSigner.Title)) {
			first = append(first, plain("QuyenHan", l).balancedIn(left))
		}
		for len(first) < len(sign)-1 { // the names stand in one line
			first = append(first, plain("QuyenHan", ""))
		}
		for len(sign)-1 < len(first) {
			sign = append(sign[:len(sign)-1:len(sign)-1], plain("QuyenHan", ""), sign[len(sign)-1])
		}
		first = append(first, plain("HoTen", d.CoSigner.Name))
	}
	out := &columns{name: "sign", widths: [2]float64{left, right}, rows: []columnsRow{{cells: [2][]node{first, sign}, keep: true}}}
	if rest != nil {
		out.rows = append(out.rows, columnsRow{cells: [2][]node{rest, nil}})
	}
	return out
}

func (c *composed) annex(i int, a Annex) []node {
	d := c.doc
	name := "Phụ lục"
	if len(d.Annexes) > 1 {
		name += " " + romanLabel(i+1)
	}
	h := plain("PhuLuc", name)
	h.tag = "H1"
	room := TextWidth(a.Landscape)
	with := plain("PhuLucKem", "(Kèm theo "+c.itself()+")").balancedIn(room)
	out := []node{h, plain("PhuLucTen", strings.ToUpper(a.Title)).balancedIn(room), with, &rule{width: min(ruleFor(lastLine(with.text(), false, with.size, room-2*with.side)), room/3), room: room, after: gapAfter}}
	return append(out, c.blocks(a.Body, a.Landscape)...)
}

// itself names the document as its annexes cite it.
func (c *composed) itself() string {
	d := c.doc
	kind := "Công văn"
	if f, ok := formOf(d.Kind); ok && f.title != "" {
		kind = upperFirst(strings.ToLower(f.title))
	}
	if d.Title != "" {
		kind = upperFirst(strings.ToLower(d.Title))
	}
	number := strings.TrimPrefix(NumberLine(d.Number, d.Symbol), "Số: ")
	number = strings.TrimPrefix(number, "Số:")
	if d.Symbol != "" || d.Number > 0 {
		kind += " số " + number
	}
	kind += " " + LongDate(d.Date)
	if d.IssuerName != "" {
		kind += " của " + d.IssuerName
	}
	return kind
}

// lowerSubject makes a subject follow "V/v": "Triển khai …" becomes "triển khai …", "UBND tỉnh …" stays.
func lowerSubject(s string) string {
	r := []rune(s)
	if len(r) > 1 && strings.ToUpper(string(r[1])) == string(r[1]) && r[1] != ' ' {
		return s
	}
	return lowerFirst(s)
}
