package docrender

import (
	"math"
	"strings"
)

// head returns the rows of the head: those given, or one of the columns' titles; none when no column has a title.
func (t *Table) head() [][]Cell {
	if len(t.Head) > 0 {
		return t.Head
	}
	row := make([]Cell, len(t.Columns))
	any := false
	for i, c := range t.Columns {
		row[i].Text = c.Title
		any = any || c.Title != ""
	}
	if !any {
		return nil
	}
	return [][]Cell{row}
}

// widths shares the width of the text among the columns. A column without a width gets at least its longest word and, as far as there
// is room, the whole of its text. It returns what the table needs and whether there is room.
func (t *Table) widths(room float64) (out []float64, need float64, ok bool) {
	n := len(t.Columns)
	least, most := make([]float64, n), make([]float64, n)
	rows := t.Rows
	if len(rows) > 400 { // the widths of a long register follow its first rows and a sample of the rest
		sample := append([][]Cell(nil), rows[:200]...)
		for i := 200; i < len(rows); i += len(rows) / 200 {
			sample = append(sample, rows[i])
		}
		rows = sample
	}
	measure := func(rows [][]Cell, bold bool) {
		open := make([]int, n)
		for _, r := range rows {
			col := 0
			next := make([]int, n)
			for j, c := range open {
				next[j] = max(0, c-1)
			}
			for _, c := range r {
				for col < n && open[col] > 0 {
					col++
				}
				if col >= n {
					break
				}
				if c.ColSpan <= 1 {
					_, f := faceOf(bold || c.Bold, c.Italic)
					word, whole := 0.0, 0.0
					for _, line := range strings.Split(c.Text, "\n") {
						whole = max(whole, f.width(line, tableSize))
						for _, w := range strings.Fields(line) {
							word = max(word, f.width(w, tableSize))
						}
					}
					if bold { // a title may take two lines
						whole = max(word, whole/2)
					}
					least[col] = max(least[col], word/ptPerMM+2*cellPad+0.2)
					most[col] = max(most[col], whole/ptPerMM+2*cellPad+0.2)
				}
				for k := 0; k < max(1, c.ColSpan) && col < n; k++ {
					next[col] = max(1, c.RowSpan) - 1
					col++
				}
			}
			open = next
		}
	}
	measure(t.head(), true)
	measure(rows, false)
	out = make([]float64, n)
	fixed, minFree, maxFree := 0.0, 0.0, 0.0
	for i, c := range t.Columns {
		if c.Width > 0 {
			out[i] = c.Width
			fixed += c.Width
		} else {
			least[i] = max(least[i], 8)
			most[i] = max(most[i], least[i])
			minFree += least[i]
			maxFree += most[i]
		}
	}
	need = fixed + minFree
	if need > room+0.01 {
		return out, need, false
	}
	left := room - fixed
	for i, c := range t.Columns {
		if c.Width > 0 {
			continue
		}
		switch {
		case maxFree <= left: // everything fits: what is over goes by the length of the text
			out[i] = most[i] * left / maxFree
		case maxFree > minFree:
			out[i] = least[i] + (most[i]-least[i])*(left-minFree)/(maxFree-minFree)
		default:
			out[i] = least[i] * left / minFree
		}
	}
	for i := range out { // whole twentieths of a point, so that all writers draw the same
		out[i] = math.Floor(out[i]*ptPerMM*20) / 20 / ptPerMM
	}
	return out, need, true
}

const (
	tableSize    = 12.0
	smallestSize = 6.0 // of letters in a table of fixed height
)

// fit chooses the letters of a table of fixed height, the largest with which its rows have room, and shares what is left among the rows. With
// more text than the smallest letters hold the table is higher.
func (t *ruled) fit() {
	for size := tableSize; ; size -= 0.5 {
		st := *styleCell
		st.size = size
		heights, sum := make([]float64, len(t.rows)), 0.0
		for i, r := range t.rows {
			for _, c := range r {
				if !c.cont && c.RowSpan <= 1 {
					n := linesOf(c.Text, c.Bold, size, t.span(c)/ptPerMM-2*cellPad)
					heights[i] = max(heights[i], (float64(n)*lineHeight(size)+2*cellPadTop+tableRule)/ptPerMM)
				}
			}
			sum += heights[i]
		}
		if sum > t.Fixed && size > smallestSize {
			continue
		}
		for i := range heights {
			heights[i] += max(0, t.Fixed-sum) / float64(len(heights))
		}
		t.cell, t.heights = &st, heights
		return
	}
}

// placed is a cell with its place in the grid of columns.
type placed struct {
	Cell
	col, row int
	cont     bool // goes on a cell that began in a row above
}

// grid places the cells of rows, with an entry for every row that a spanning cell reaches into.
func grid(rows [][]Cell, columns int) [][]placed {
	out := make([][]placed, len(rows))
	type span struct{ left, cols, row int }
	open := make([]span, columns)
	for i, r := range rows {
		line := make([]placed, 0, columns)
		col, k := 0, 0
		for col < columns {
			if open[col].left > 0 {
				o := open[col]
				line = append(line, placed{Cell: Cell{ColSpan: o.cols}, col: col, row: o.row, cont: true})
				open[col].left--
				col += o.cols
				continue
			}
			if k >= len(r) {
				break
			}
			c := r[k]
			k++
			c.ColSpan, c.RowSpan = max(1, c.ColSpan), max(1, c.RowSpan)
			line = append(line, placed{Cell: c, col: col, row: i})
			if c.RowSpan > 1 {
				open[col] = span{c.RowSpan - 1, c.ColSpan, i}
			}
			col += c.ColSpan
		}
		out[i] = line
	}
	return out
}
