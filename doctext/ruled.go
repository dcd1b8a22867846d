package doctext

import (
	"slices"
	"strings"
)

// ruled is a table known by its drawn lines: the edges of its columns and rows, and which of the lines between them are there.
type ruled struct {
	x0, y0, x1, y1 float32
	xs, ys         []float32
	wallRight      [][]bool // [row][column]: a line to the right of the cell
	wallBelow      [][]bool
}

const (
	near      = 3.0 // points within which two lines are one, or meet
	maxRules  = 5000
	maxEdges  = 400
	maxTables = 60 // of one page
)

// findTables groups the lines of a page into tables.
func findTables(rules []rule) []ruled {
	if len(rules) < 4 || len(rules) > maxRules {
		return nil
	}
	var across, down []rule
	for _, r := range rules {
		if r.X1-r.X0 >= r.Y1-r.Y0 {
			across = append(across, r)
		} else {
			down = append(down, r)
		}
	}
	if len(across) < 2 || len(down) < 2 {
		return nil
	}
	// Lines that meet belong together. Sorted by place, so that only neighbours are compared.
	all := slices.Concat(across, down)
	group := make([]int, len(all))
	for i := range group {
		group[i] = i
	}
	find := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmpFloat(all[a].Y0, all[b].Y0) })
	var active []int
	for _, i := range order {
		r := all[i]
		kept := active[:0]
		for _, k := range active {
			if all[k].Y1+near < r.Y0 {
				continue
			}
			kept = append(kept, k)
			if all[k].X0-near <= r.X1 && r.X0-near <= all[k].X1 {
				group[find(i)] = find(k)
			}
		}
		active = append(kept, i)
	}
	members := map[int][]rule{}
	for i, r := range all {
		members[find(i)] = append(members[find(i)], r)
	}
	var out []ruled
	for _, rs := range members {
		if t, ok := newRuled(rs); ok {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b ruled) int {
		if c := cmpFloat(a.y0, b.y0); c != 0 {
			return c
		}
		return cmpFloat(a.x0, b.x0)
	})
	// A frame around tables, or one table inside another's cell: the inner ones stand for themselves, the outer is left out.
	kept := out[:0]
	for i, t := range out {
		around := false
		for k, o := range out {
			if k != i && len(t.xs) <= 2 && len(t.ys) <= 2 && o.x0 >= t.x0-near && o.x1 <= t.x1+near && o.y0 >= t.y0-near && o.y1 <= t.y1+near {
				around = true
			}
		}
		if !around {
			kept = append(kept, t)
		}
	}
	return kept[:min(len(kept), maxTables)]
}

func cmpFloat(a, b float32) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// newRuled makes a table of lines that meet; false when they are no table of at least two cells.
func newRuled(rules []rule) (ruled, bool) {
	var xs, ys []float32
	for _, r := range rules {
		if r.X1-r.X0 >= r.Y1-r.Y0 {
			ys = append(ys, (r.Y0+r.Y1)/2)
		} else {
			xs = append(xs, (r.X0+r.X1)/2)
		}
	}
	xs, ys = distinct(xs), distinct(ys)
	if len(xs) < 2 || len(ys) < 2 || len(xs) > maxEdges || len(ys) > maxEdges || (len(xs)-1)*(len(ys)-1) < 2 {
		return ruled{}, false
	}
	t := ruled{x0: xs[0], x1: xs[len(xs)-1], y0: ys[0], y1: ys[len(ys)-1], xs: xs, ys: ys}
	rows, cols := len(ys)-1, len(xs)-1
	t.wallRight, t.wallBelow = make([][]bool, rows), make([][]bool, rows)
	for i := range rows {
		t.wallRight[i], t.wallBelow[i] = make([]bool, cols), make([]bool, cols)
	}
	for _, r := range rules {
		if r.X1-r.X0 >= r.Y1-r.Y0 {
			i := nearest(ys, (r.Y0+r.Y1)/2) - 1
			if i < 0 || i >= rows {
				continue
			}
			for c := range cols {
				if mid := (xs[c] + xs[c+1]) / 2; r.X0 <= mid && mid <= r.X1 {
					t.wallBelow[i][c] = true
				}
			}
			continue
		}
		c := nearest(xs, (r.X0+r.X1)/2) - 1
		if c < 0 || c >= cols {
			continue
		}
		for i := range rows {
			if mid := (ys[i] + ys[i+1]) / 2; r.Y0 <= mid && mid <= r.Y1 {
				t.wallRight[i][c] = true
			}
		}
	}
	return t, true
}

// distinct sorts places and makes one of those that are near each other.
func distinct(v []float32) []float32 {
	slices.Sort(v)
	var out []float32
	for _, x := range v {
		if n := len(out); n == 0 || x-out[n-1] > near {
			out = append(out, x)
		}
	}
	return out
}

// nearest returns the index of the edge at x.
func nearest(edges []float32, x float32) int {
	i, _ := slices.BinarySearch(edges, x)
	if i > 0 && (i == len(edges) || x-edges[i-1] < edges[i]-x) {
		i--
	}
	return i
}

func (t *ruled) holds(w word) bool {
	x, y := (w.X0+w.X1)/2, (w.Y0+w.Y1)/2
	return x > t.x0 && x < t.x1 && y > t.y0 && y < t.y1
}

// strips gives the table with its words; cells without a line between them are one.
func (t *ruled) strips(words []word, page int, flow *int) []strip {
	if len(words) == 0 {
		return nil
	}
	rows, cols := len(t.ys)-1, len(t.xs)-1
	owner := make([]int, rows*cols)
	for i := range owner {
		owner[i] = i
	}
	for i := range rows {
		for c := range cols {
			at := i*cols + c
			if c > 0 && !t.wallRight[i][c-1] {
				owner[at] = owner[at-1]
			}
			if i > 0 && !t.wallBelow[i-1][c] && owner[at] == at {
				owner[at] = owner[at-cols]
			}
		}
	}
	in := make([][]word, rows*cols)
	for _, w := range words {
		i, _ := slices.BinarySearch(t.ys, (w.Y0+w.Y1)/2)
		c, _ := slices.BinarySearch(t.xs, (w.X0+w.X1)/2)
		at := owner[min(max(i-1, 0), rows-1)*cols+min(max(c-1, 0), cols-1)]
		in[at] = append(in[at], w)
	}
	g := &grid{}
	for i := range rows {
		var line []cell
		for c := range cols {
			at := i*cols + c
			if owner[at] != at {
				continue
			}
			line = append(line, cellOf(in[at], page))
		}
		if len(line) > 0 {
			g.rows = append(g.rows, line)
		}
	}
	*flow++
	return []strip{{row: row{x0: t.x0, y0: t.y0, x1: t.x1, y1: t.y1, page: page, base: t.y1, em: 10}, flow: *flow, fixed: true, table: g}}
}

// cellOf makes paragraphs of the words of one cell.
func cellOf(words []word, page int) cell {
	if len(words) == 0 {
		return nil
	}
	var strips []strip
	for _, r := range rowsOf(words, page) {
		strips = append(strips, strip{row: r, text: r.text()})
	}
	m := measure(strips)
	var c cell
	for i := range strips {
		s := &strips[i]
		if n := len(c); n > 0 && !listMark(s.text) && (m.runsOn(&strips[i-1], s) || !endsClosed(c[n-1]) && !marksPlace(s.text) && !capitalLine(s.text)) {
			c[n-1] += " " + nfc(s.text)
			continue
		}
		c = append(c, strings.TrimSpace(nfc(s.text)))
	}
	return c
}
