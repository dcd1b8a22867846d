package docrender

// Tables with more cells than this are tagged by rows: a tag a cell would outweigh the text.
const maxTaggedCells = 2000

// cellPara is the paragraph of one cell.
func (t *ruled) cellPara(c placed, head bool, to *para) *para {
	*to = para{pstyle: t.cell, runs: to.runs[:0], before: -1, tag: "TD"}
	if head {
		to.pstyle, to.tag = styleHead, "TH"
	}
	to.align = c.Align
	if to.align == "" && !head {
		to.align = t.Columns[c.col].Align
	}
	to.runs = append(to.runs, Run{Text: c.Text, Bold: c.Bold, Italic: c.Italic})
	return to
}

var styleCell, styleHead = styleOf("BangO"), styleOf("BangDau")

func (t *ruled) span(c placed) float64 {
	w := 0.0
	for i := c.col; i < c.col+max(1, c.ColSpan); i++ {
		w += t.widths[i]
	}
	return w * ptPerMM
}

// rowHeights measures rows, the first of which is row from of the table; a cell over several rows adds what it lacks to the last of them.
func (p *pdf) rowHeights(t *ruled, rows [][]placed, from int, head bool) []float64 {
	var q para
	out := make([]float64, len(rows))
	if t.heights != nil && !head {
		for i := range out {
			out[i] = t.heights[from+i] * ptPerMM
		}
		return out
	}
	var spanning []placed
	for i, r := range rows {
		h := lineHeight(tableSize)
		if !head {
			h = max(h, t.Height*ptPerMM-2*cellPadTop-tableRule)
		}
		for _, c := range r {
			if c.cont {
				continue
			}
			if c.RowSpan > 1 {
				spanning = append(spanning, c)
				continue
			}
			t.cellPara(c, head, &q)
			n := len(p.linesOf(&q, t.span(c)-2*cellPad*ptPerMM))
			h = max(h, float64(n)*q.lineHeight())
		}
		out[i] = h + 2*cellPadTop + tableRule
	}
	for _, c := range spanning {
		t.cellPara(c, head, &q)
		h := float64(len(p.linesOf(&q, t.span(c)-2*cellPad*ptPerMM)))*q.lineHeight() + 2*cellPadTop + tableRule
		for i := c.row - from; i < c.row-from+c.RowSpan; i++ {
			h -= out[i]
		}
		if h > 0 {
			out[c.row-from+c.RowSpan-1] += h
		}
	}
	return out
}

const tableRule = 0.5

// together is the number of rows from i that cells over several rows tie together.
func together(rows [][]placed, i int) int {
	end := i + 1
	for k := i; k < end && k < len(rows); k++ {
		for _, c := range rows[k] {
			if !c.cont && c.RowSpan > 1 {
				end = max(end, k+c.RowSpan)
			}
		}
	}
	return min(end, len(rows)) - i
}

// tableStart is the height of a table's head with its first row.
func (p *pdf) tableStart(t *ruled) float64 {
	h := 0.0
	for _, x := range p.rowHeights(t, t.heads, 0, true) {
		h += x
	}
	if n := min(len(t.rows), 1); n > 0 {
		for _, x := range p.rowHeights(t, t.rows[:together(t.rows, 0)], 0, false) {
			h += x
		}
	}
	return h
}

// flowTable lays a table. Its head stands on every page; rows are not divided unless one is higher than a page. The last row stays with
// what follows and needs a height.
func (p *pdf) flowTable(t *ruled, next float64) {
	heads := p.rowHeights(t, t.heads, 0, true)
	head := 0.0
	for _, h := range heads {
		head += h
	}
	cells := len(t.rows) * len(t.Columns)
	fine := cells <= maxTaggedCells
	table := p.elem("Table", p.parent)
	begun := false
	top := func() {
		p.rowsOf(t, t.heads, heads, true, table, fine && !begun)
		begun = true
	}
	for i := 0; i < len(t.rows) || i == 0 && len(t.heads) > 0; {
		n, block := 0, 0.0
		var hs []float64
		if len(t.rows) > 0 {
			n = together(t.rows, i)
			hs = p.rowHeights(t, t.rows[i:i+n], i, false)
			for _, h := range hs {
				block += h
			}
		}
		start := 0.0
		if !begun {
			start = head
		}
		whole := block
		if i+n == len(t.rows) {
			whole += next
		}
		if p.y+start+whole > p.bottom+0.01 && p.y > p.top+0.01 && (begun || p.y+start+whole > p.bottom) {
			fresh := p.bottom - p.top - head
			if whole <= fresh || p.bottom-p.y < 4*lineHeight(tableSize) {
				p.newPage()
				top()
			}
		}
		if !begun {
			top()
		}
		if n == 0 {
			return
		}
		if p.y+block > p.bottom+0.01 && n == 1 {
			p.longRow(t, t.rows[i], table, top)
		} else if p.y+block > p.bottom+0.01 {
			p.tornRows(t, t.rows[i:i+n], hs, table, fine, top)
		} else {
			p.rowsOf(t, t.rows[i:i+n], hs, false, table, fine)
		}
		i += n
	}
}

// tornRows draws rows that a cell ties together and that no page holds: as many as fit at a time; the cell's text stands where it begins.
func (p *pdf) tornRows(t *ruled, rows [][]placed, heights []float64, table int, fine bool, top func()) {
	p.torn = true
	defer func() { p.torn = false }()
	for from := 0; from < len(rows); {
		to, h := from, 0.0
		for to < len(rows) && (p.y+h+heights[to] <= p.bottom+0.01 || to == from && p.y <= p.top+1) {
			h += heights[to]
			to++
		}
		if to > from {
			p.rowsOf(t, rows[from:to], heights[from:to], false, table, fine)
			from = to
		}
		if from < len(rows) {
			p.newPage()
			top()
			if p.y+heights[from] > p.bottom { // a row of its own higher than the page under its head
				p.rowsOf(t, rows[from:from+1], heights[from:from+1], false, table, fine)
				from++
			}
		}
	}
}

// rowsOf draws rows of known heights at y.
func (p *pdf) rowsOf(t *ruled, rows [][]placed, heights []float64, head bool, table int, fine bool) {
	if len(rows) == 0 {
		return
	}
	var q para
	for i, r := range rows {
		x, row := p.left, -1
		if fine {
			row = p.elem("TR", table)
		} else if !head {
			row = p.elem("P", table)
			p.elems[row].tag = "TR"
			row2 := p.elem("TD", row)
			row = row2
			p.mark(row)
		}
		for _, c := range r {
			w := t.span(c)
			if c.cont {
				x += w
				continue
			}
			h := 0.0
			for k := i; k < i+max(1, c.RowSpan) && k < len(heights); k++ {
				h += heights[k]
			}
			t.cellPara(c, head, &q)
			lines := p.linesOf(&q, w-2*cellPad*ptPerMM)
			y := p.y + cellPadTop + tableRule/2
			if head || t.heights != nil {
				y = p.y + (h-float64(len(lines))*q.lineHeight())/2
			}
			if c.Text != "" {
				if fine {
					e := p.elem(q.tag, row)
					p.elems[e].head = head
					p.mark(e)
				} else if head {
					p.page.op("/Artifact BMC")
				}
				for _, l := range lines {
					p.drawLine(&q, l, x+cellPad*ptPerMM, w-2*cellPad*ptPerMM, 0, y)
					y += q.lineHeight()
				}
				if fine || head {
					p.unmark()
				}
			} else if fine {
				p.elem(q.tag, row)
			}
			x += w
		}
		if !fine && !head {
			p.unmark()
		}
		p.frames(t, r, heights, i)
		p.y += heights[i]
	}
}

// frames draws the rules around the cells that begin in a row.
func (p *pdf) frames(t *ruled, r []placed, heights []float64, i int) {
	pg := p.page
	p.artifact(func() {
		pg.num(tableRule)
		pg.b = append(pg.b, "w "...)
		x := p.left
		for _, c := range r {
			w := t.span(c)
			if !c.cont {
				h := 0.0
				for k := i; k < i+max(1, c.RowSpan) && k < len(heights); k++ {
					h += heights[k]
				}
				pg.num(x)
				pg.num(pg.height - p.y - h)
				pg.num(w)
				pg.num(h)
				pg.b = append(pg.b, "re "...)
			} else if p.torn {
				pg.num(x)
				pg.num(pg.height - p.y - heights[i])
				pg.num(w)
				pg.num(heights[i])
				pg.b = append(pg.b, "re "...)
			}
			x += w
		}
		pg.op("S")
	})
}

// longRow draws a row that is higher than the page, in pieces.
func (p *pdf) longRow(t *ruled, r []placed, table int, top func()) {
	var q para
	row := p.elem("TR", table)
	elems := make([]int, len(r))
	for i := range r {
		elems[i] = p.elem("TD", row)
	}
	lh := lineHeight(tableSize)
	for from, more := 0, true; more; {
		fit := max(1, int((p.bottom-p.y-2*cellPadTop-tableRule+0.01)/lh))
		more = false
		most := 1
		x := p.left
		for i, c := range r {
			w := t.span(c)
			t.cellPara(c, false, &q)
			lines := p.linesOf(&q, w-2*cellPad*ptPerMM)
			to := min(len(lines), from+fit)
			more = more || to < len(lines)
			most = max(most, to-from)
			if from < to {
				p.mark(elems[i])
				y := p.y + cellPadTop + tableRule/2
				for _, l := range lines[from:to] {
					p.drawLine(&q, l, x+cellPad*ptPerMM, w-2*cellPad*ptPerMM, 0, y)
					y += lh
				}
				p.unmark()
			}
			x += w
		}
		h := float64(most)*lh + 2*cellPadTop + tableRule
		p.frames(t, r, []float64{h}, 0)
		p.y += h
		from += fit
		if more {
			p.newPage()
			top()
		}
	}
}
