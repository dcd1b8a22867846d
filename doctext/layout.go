package doctext

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A page of PDF or a recognised picture is words at places. compose makes of it what a person reads: rows, the two blocks of header and
// signature one after the other, tables by their drawn lines, lines joined to paragraphs. The measures are those of official papers:
// letters of 11 to 14 points, lines 1 to 1.5 apart, first line indented by 1 to 1.27 cm (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II).

// row is words on one line, or one column of it.
type row struct {
	words          []word
	x0, y0, x1, y1 float32
	base           float32 // where the letters stand
	em             float32 // size of the letters, about
	page           int
}

func newRow(words []word, page int) row {
	r := row{words: words, page: page, x0: words[0].X0, y0: words[0].Y0, x1: words[0].X1, y1: words[0].Y1}
	ems, bases := make([]float32, 0, len(words)), make([]float32, 0, len(words))
	for _, w := range words {
		r.x0, r.y0, r.x1, r.y1 = min(r.x0, w.X0), min(r.y0, w.Y0), max(r.x1, w.X1), max(r.y1, w.Y1)
		base, em := w.stands()
		ems, bases = append(ems, em), append(bases, base)
	}
	r.base, r.em = median(bases), max(2, median(ems))
	return r
}

func median(v []float32) float32 {
	slices.Sort(v)
	return v[len(v)/2]
}

// stands returns the line that a word stands on and the size of its letters. Boxes are those of the ink, so how far a word reaches above
// and below its line depends on its letters; the shares of the size are those of Times and its kin.
func (w *word) stands() (base, em float32) {
	var up, down float32
	for _, r := range w.Text {
		u, d := letterReach(r)
		up, down = max(up, u), max(down, d)
	}
	h := w.Y1 - w.Y0
	switch {
	case up == 0 && down == 0: // dashes, dots and quotation marks hang somewhere in the line
		return w.Y1, 0
	default:
		em = h / (up + down)
		return w.Y1 - down*em, em
	}
}

// letterReach tells how far a character reaches above and below its line, in shares of its size.
func letterReach(r rune) (up, down float32) {
	switch {
	case r < 0x80:
		switch {
		case strings.ContainsRune("-_=~*\"'`.", r):
			return 0, 0
		case strings.ContainsRune(",;", r):
			return 0.1, 0.14
		case strings.ContainsRune("()[]{}|/\\@$", r):
			return 0.7, 0.2
		case r == 'Q' || r == 'j':
			return 0.68, 0.2
		case r == 'g' || r == 'p' || r == 'q' || r == 'y':
			return 0.46, 0.21
		case r == 't' || r == 'i':
			return 0.62, 0
		case strings.ContainsRune("acemnorsuvwxz:", r):
			return 0.46, 0
		}
		return 0.68, 0
	case r == '…' || r == '–' || r == '—' || r == '“' || r == '”' || r == '’' || r == '•':
		return 0, 0
	}
	reach := reaches[r]
	if reach == [2]float32{} {
		return 0.68, 0.05
	}
	return reach[0], reach[1]
}

// reaches holds the letters with marks: a mark above adds to the letter, two add more, a dot below reaches under the line.
var reaches = func() map[rune][2]float32 {
	m := map[rune][2]float32{'đ': {0.68, 0}, 'Đ': {0.68, 0}}
	for _, base := range "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" {
		for _, tone := range []string{"", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"} {
			r := firstRune(norm.NFC.String(string(base) + tone))
			if r < 0x80 {
				continue
			}
			up, down := float32(0.46), float32(0)
			if unicode.IsUpper(base) {
				up = 0.66
			} else if base == 'y' {
				down = 0.21
			}
			if strings.ContainsRune("ăâêôĂÂÊÔ", base) {
				up += 0.22
			}
			switch tone {
			case "":
			case "\u0323":
				down = 0.21
			default:
				up += 0.22
			}
			m[r] = [2]float32{up, down}
		}
	}
	return m
}()

func (r *row) text() string {
	var b strings.Builder
	for i, w := range r.words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.Text)
	}
	return b.String()
}

// strip is a line of the text as it will be read.
type strip struct {
	row
	flow  int // lines of different flows are never joined
	fixed bool
	table *grid
	text  string
}

// compose writes the pages of a PDF or of pictures as text.
func (b *builder) compose(sheets []sheet) {
	var strips []strip
	flow := 0
	pages := make([][]row, len(sheets))
	for i := range sheets {
		pages[i] = rowsOf(sheets[i].Words, i)
	}
	b.dropFurniture(pages, sheets)
	starts := make([]int, len(sheets)) // index of the first strip of each page
	for i := range sheets {
		starts[i] = len(strips)
		if sheets[i].Damaged {
			b.warn("doctext.warn.page-damaged", sheets[i].Number)
		}
		strips = append(strips, arrange(pages[i], sheets[i].Rules, i, &flow)...)
	}
	b.join(strips, starts)
}

// rowsOf groups the words of a page into rows from top to bottom, words from left to right.
func rowsOf(words []word, page int) []row {
	ws := make([]word, 0, len(words))
	for _, w := range words {
		if w.Text != "" && w.X1 >= w.X0 && w.Y1 >= w.Y0 {
			ws = append(ws, w)
		}
	}
	type standing struct {
		word
		base, em float32
	}
	// Where a mark without letters stands cannot be told from its box alone: such marks join the row that they lie in.
	var sure []standing
	var loose []word
	for _, w := range ws {
		if base, em := w.stands(); em > 0 {
			sure = append(sure, standing{w, base, em})
		} else {
			loose = append(loose, w)
		}
	}
	slices.SortStableFunc(sure, func(a, b standing) int { return cmpFloat(a.base, b.base) })
	var groups [][]word
	var bases, ems []float32
	var base, em float32
	for _, s := range sure {
		n := len(groups) - 1
		if n < 0 || s.base-base > 0.4*max(em, min(s.em, 1.5*em)) {
			groups, bases, ems = append(groups, nil), append(bases, s.base), append(ems, s.em)
			base, em = s.base, s.em
			n++
		} else {
			k := float32(len(groups[n]))
			base, em = (base*k+s.base)/(k+1), (em*k+s.em)/(k+1)
			bases[n], ems[n] = base, em
		}
		groups[n] = append(groups[n], s.word)
	}
	var alone []word
	for _, w := range loose {
		c := (w.Y0 + w.Y1) / 2
		at := sort.Search(len(bases), func(i int) bool { return bases[i] >= c })
		switch {
		case at < len(bases) && c > bases[at]-0.95*ems[at]:
			groups[at] = append(groups[at], w)
		case at > 0 && c < bases[at-1]+0.25*ems[at-1]: // a rule of underscores, a low dot
			groups[at-1] = append(groups[at-1], w)
		default:
			alone = append(alone, w)
		}
	}
	for i, w := range alone {
		n := len(groups) - 1
		if i > 0 && n >= 0 && w.Y0 < groups[n][0].Y1 && w.Y1 > groups[n][0].Y0 && len(bases) < len(groups) {
			groups[n] = append(groups[n], w)
		} else {
			groups = append(groups, []word{w})
		}
	}
	rows := make([]row, 0, len(groups))
	for _, g := range groups {
		slices.SortStableFunc(g, func(a, b word) int { return cmpFloat(a.X0, b.X0) })
		rows = append(rows, newRow(g, page))
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmpFloat(a.base, b.base) })
	return rows
}

// dropFurniture takes page numbers and lines that stand on most pages out of the text.
func (b *builder) dropFurniture(pages [][]row, sheets []sheet) {
	type edge struct{ page, at int }
	seen := map[string][]edge{}
	for i, rows := range pages {
		tables := findTables(sheets[i].Rules)
		for _, at := range []int{0, 1, len(rows) - 2, len(rows) - 1} {
			if at < 0 || at >= len(rows) || at == 1 && len(rows) <= 3 {
				continue
			}
			if slices.ContainsFunc(tables, func(t ruled) bool { return len(rows[at].words) > 0 && t.holds(rows[at].words[0]) }) {
				continue // the head of a table that is repeated on each page is no furniture of the page
			}
			key := strings.Map(func(r rune) rune {
				if unicode.IsDigit(r) {
					return '#'
				}
				return r
			}, rows[at].text())
			if e := seen[key]; len(e) == 0 || e[len(e)-1].page != i {
				seen[key] = append(seen[key], edge{i, at})
			}
		}
	}
	drop := map[edge]bool{}
	for key, edges := range seen {
		first, last := edges[0], edges[len(edges)-1]
		switch {
		case isPageNumber(key) && (len(edges) > 1 || first.page > 0 || standsAlone(pages[first.page], first.at)):
			for _, e := range edges {
				if e.at == 0 || e.at == len(pages[e.page])-1 {
					drop[e] = true
				}
			}
		case len(edges) >= 3 && 2*len(edges) > len(pages) && last.page > first.page:
			b.beside("header", pages[first.page][first.at].text())
			for _, e := range edges {
				drop[e] = true
			}
		}
	}
	for i, rows := range pages {
		kept := rows[:0:0]
		for at, r := range rows {
			if !drop[edge{i, at}] {
				kept = append(kept, r)
			}
		}
		pages[i] = kept
	}
}

// standsAlone tells whether the last row of a page is far below the one before.
func standsAlone(rows []row, at int) bool {
	return at > 0 && at == len(rows)-1 && rows[at].y0-rows[at-1].y1 > 2*rows[at].em
}

// isPageNumber recognises "#", "- # -", "#/#", "Trang #" with digits as #.
func isPageNumber(key string) bool {
	low := strings.ToLower(key)
	for _, w := range []string{"trang", "page", "tr."} {
		low = strings.TrimSpace(strings.TrimPrefix(low, w))
	}
	digits := 0
	for _, r := range low {
		switch r {
		case '#':
			digits++
		case ' ', '-', '–', '/', '|', '.':
		default:
			return false
		}
	}
	return digits > 0 && digits <= 8 && len(low) <= 14
}

// arrange puts the rows of a page into reading order.
func arrange(rows []row, rules []rule, page int, flow *int) []strip {
	tables := findTables(rules)
	var free []row
	inside := make([][]word, len(tables))
	for _, r := range rows {
		var rest []word
		for _, w := range r.words {
			in := -1
			for t := range tables {
				if tables[t].holds(w) {
					in = t
					break
				}
			}
			if in < 0 {
				rest = append(rest, w)
			} else {
				inside[in] = append(inside[in], w)
			}
		}
		if len(rest) > 0 {
			free = append(free, newRow(rest, page))
		}
	}
	*flow++
	body := *flow
	var out []strip
	next := 0
	for i := 0; i <= len(free); {
		for next < len(tables) && (i == len(free) || tables[next].y0 < free[i].y0) {
			out = append(out, tables[next].strips(inside[next], page, flow)...)
			next++
		}
		if i == len(free) {
			break
		}
		limit := len(free)
		if next < len(tables) {
			limit = i + sort.Search(len(free)-i, func(k int) bool { return free[i+k].y0 > tables[next].y0 })
		}
		z, ok := findZone(free[:limit], i)
		if !ok {
			out = append(out, strip{row: free[i], flow: body, text: free[i].text()})
			i++
			continue
		}
		for k := i; k < z.from; k++ {
			out = append(out, strip{row: free[k], flow: body, text: free[k].text()})
		}
		out = append(out, z.strips(free, flow)...)
		i = z.to
	}
	return out
}

// gap is a white stripe between two columns.
type gap struct{ x0, x1 float32 }

// gaps returns the places in a row that are wider than a blank between words: those that surely part columns, and those that may.
func (r *row) gaps() (sure, maybe []gap) {
	if len(r.words) < 2 {
		return nil, nil
	}
	var blanks []float32
	end := r.words[0].X1
	for _, w := range r.words[1:] {
		blanks = append(blanks, w.X0-end)
		end = max(end, w.X1)
	}
	sorted := slices.Clone(blanks)
	slices.Sort(sorted)
	usual := sorted[len(sorted)/2]
	if len(sorted) == 1 {
		usual = 0.25 * r.em
	}
	end = r.words[0].X1
	for i, w := range r.words[1:] {
		g := gap{end, w.X0}
		switch d := blanks[i]; {
		case toFill(r.words[i].Text):
		case d > 1.7*r.em && d > 2*usual, isMotto(r.words[i+1:]):
			sure = append(sure, g)
			maybe = append(maybe, g)
		case d > 0.5*r.em && d > 2*usual:
			maybe = append(maybe, g)
		}
		end = max(end, w.X1)
	}
	return sure, maybe
}

// toFill tells whether a wide gap behind a word is a blank to be filled in: "Số:      /SYT-TTr", "ngày      tháng".
func toFill(s string) bool {
	switch strings.ToLower(nfc(s)) {
	case "số:", "số", "ngày", "tháng", "năm":
		return true
	}
	return strings.HasSuffix(s, "/")
}

// isMotto recognises the beginning of the national name or motto, or of the party's name, which open the right block of a header.
func isMotto(words []word) bool {
	var b strings.Builder
	for _, w := range words[:min(len(words), 4)] {
		b.WriteString(strings.ToLower(nfc(w.Text)))
		b.WriteByte(' ')
	}
	s := b.String()
	return strings.HasPrefix(s, "cộng hòa xã hội") || strings.HasPrefix(s, "cộng hoà xã hội") || strings.HasPrefix(s, "độc lập - tự") ||
		strings.HasPrefix(s, "độc lập – tự") || strings.HasPrefix(s, "đảng cộng sản việt")
}

// maxZone is how many rows a zone has at most; a page of recipients has 60.
const maxZone = 200

// zone is rows from..to that stand in two columns with a white stripe between them, or in more.
type zone struct {
	from, to int
	stripe   gap
	placed   bool // header or signature: read column after column
}

// findZone looks for a zone whose first row with two columns is at row i.
func findZone(rows []row, i int) (zone, bool) {
	sure, maybe := rows[i].gaps()
	first := sure
	if len(first) == 0 {
		// A short gap parts columns only where the words say so.
		if len(maybe) != 1 || !opensBlock(&rows[i], maybe[0]) {
			return zone{}, false
		}
		first = maybe
	}
	if len(first) > 1 {
		return zone{from: i, to: i + 1}, true
	}
	z := zone{from: i, to: i + 1, stripe: first[0]}
	z.placed = z.marks(&rows[i])
	end := z.to
	var left, right []row
	note := func(r *row) {
		if l, rr := z.split(r); true {
			left, right = append(left, l...), append(right, rr...)
		}
	}
	note(&rows[i])
	for k := i + 1; k < min(len(rows), i+maxZone); k++ {
		r := &rows[k]
		if r.y0-rows[k-1].y1 > 14*r.em { // the rest of the page is another matter
			break
		}
		stripe, ok := z.through(r)
		if !ok || titleLine(r.text()) {
			break
		}
		saved := z.stripe
		z.stripe = stripe
		l, rr := z.split(r)
		if len(l) > 0 && len(rr) > 0 {
			if s, _ := r.gaps(); len(s) > 1 {
				z.stripe = saved
				break
			}
			z.placed = z.placed || z.marks(r)
			end = k + 1
			note(r)
			continue
		}
		if !z.fitsColumn(r, left, right) || len(rr) == 0 && len(left) > 0 && strings.HasPrefix(strings.ToLower(nfc(r.text())), "nơi nhận") {
			z.stripe = saved // the recipients below two signatures are no part of the left one
			break
		}
		z.placed = z.placed || z.marks(r)
		note(r)
		if z.placed {
			end = k + 1
		}
	}
	z.to = end
	if z.placed {
		// The right block of a signature or header may begin a row above the left one.
		for z.from > 0 && z.from > i-4 {
			r := &rows[z.from-1]
			stripe, ok := z.through(r)
			if !ok || r.x0 < z.stripe.x1-1 || !z.fitsColumn(r, left, right) || rows[z.from].y0-r.y1 > 2*r.em {
				break
			}
			z.stripe = stripe
			z.from--
		}
	}
	return z, true
}

// titleLine recognises the name of the kind of document that stands by itself below the header (Nghị định 30/2020/NĐ-CP, Phụ lục III).
func titleLine(s string) bool {
	switch strings.TrimSpace(strings.ToUpper(nfc(s))) {
	case "KẾ HOẠCH", "BÁO CÁO", "QUYẾT ĐỊNH", "CHỈ THỊ", "TỜ TRÌNH", "THÔNG BÁO", "HƯỚNG DẪN", "CHƯƠNG TRÌNH", "PHƯƠNG ÁN", "ĐỀ ÁN", "NGHỊ QUYẾT", "CÔNG ĐIỆN", "GIẤY MỜI", "BIÊN BẢN", "QUY CHẾ", "QUY ĐỊNH":
		return true
	}
	return false
}

// opensBlock tells whether the words beside a short gap are those of a header or signature.
func opensBlock(r *row, g gap) bool {
	for i, w := range r.words {
		if w.X0 >= g.x1-0.1 {
			left := strings.ToLower(nfc(textOf(r.words[:i])))
			return isMotto(r.words[i:]) || blockWord(textOf(r.words[i:])) || left == "nơi nhận:" || left == "nơi nhận"
		}
	}
	return false
}

// blockWord recognises lines that stand in one of the two blocks of header and signature.
func blockWord(s string) bool {
	low := strings.ToLower(nfc(s))
	if marksPlace(s) || strings.HasPrefix(low, "số:") || strings.HasPrefix(low, "số :") {
		return true
	}
	return strings.Contains(low, ", ngày") && strings.Contains(low, "tháng") && strings.Contains(low, "năm")
}

func textOf(words []word) string {
	r := row{words: words}
	return r.text()
}

func (z *zone) marks(r *row) bool {
	l, rr := z.split(r)
	for _, part := range append(l, rr...) {
		if blockWord(part.text()) {
			return true
		}
	}
	return false
}

// through returns what is left of the stripe after a row; false when words of the row cross it.
func (z *zone) through(r *row) (gap, bool) {
	best := gap{}
	free := z.stripe.x0
	consider := func(to float32) {
		to = min(to, z.stripe.x1)
		if to-free > best.x1-best.x0 {
			best = gap{free, to}
		}
	}
	_, maybe := r.gaps()
	for i, w := range r.words {
		if i > 0 {
			// An ordinary blank between two words is no stripe.
			prev := r.words[i-1].X1
			open := false
			for _, g := range maybe {
				open = open || g.x0 == prev || g.x1 == w.X0
			}
			if !open && w.X0 > free && prev < z.stripe.x1 {
				free = max(free, w.X0)
			}
		}
		consider(w.X0)
		free = max(free, w.X1)
	}
	consider(z.stripe.x1)
	return best, best.x1-best.x0 >= 0.35*r.em
}

// split parts a row at the stripe.
func (z *zone) split(r *row) (left, right []row) {
	mid := (z.stripe.x0 + z.stripe.x1) / 2
	n := 0
	for n < len(r.words) && (r.words[n].X0+r.words[n].X1)/2 < mid {
		n++
	}
	if n > 0 {
		left = append(left, newRow(r.words[:n:n], r.page))
	}
	if n < len(r.words) {
		right = append(right, newRow(r.words[n:], r.page))
	}
	return left, right
}

// fitsColumn tells whether a row that stands in one column only belongs to the zone: it is centred under its column or begins at its
// edge, and does not reach out of it.
func (z *zone) fitsColumn(r *row, left, right []row) bool {
	column := right
	if r.x1 <= (z.stripe.x0+z.stripe.x1)/2 {
		column = left
	}
	if len(column) == 0 {
		return true
	}
	x0, x1 := column[0].x0, column[0].x1
	for _, c := range column {
		x0, x1 = min(x0, c.x0), max(x1, c.x1)
	}
	center := (r.x0+r.x1)/2 - (x0+x1)/2
	return max(center, -center) < 1.5*r.em || max(r.x0-x0, x0-r.x0) < 1.5*r.em
}

// strips gives the rows of a zone in reading order: column after column, or, where the words do not say that the columns are blocks, row
// after row with the columns apart.
func (z *zone) strips(rows []row, flow *int) []strip {
	var out []strip
	if !z.placed {
		for k := z.from; k < z.to; k++ {
			*flow++
			r := rows[k]
			sure, _ := r.gaps()
			var b strings.Builder
			for i, w := range r.words {
				if i > 0 {
					wide := false
					for _, g := range sure {
						wide = wide || g.x1 == w.X0
					}
					if wide {
						b.WriteString("    ")
					} else {
						b.WriteByte(' ')
					}
				}
				b.WriteString(w.Text)
			}
			out = append(out, strip{row: r, flow: *flow, fixed: true, text: b.String()})
		}
		return out
	}
	for side := range 2 {
		*flow++
		for k := z.from; k < z.to; k++ {
			l, r := z.split(&rows[k])
			if side == 1 {
				l = r
			}
			for _, part := range l {
				s := strip{row: part, flow: *flow, fixed: true, text: part.text()}
				if n := len(out); n > 0 && out[n-1].flow == *flow && len(part.words) == 1 && capitalLine(s.text) && capitalLine(out[n-1].text) {
					// One word by itself is the end of a name that was too long for its column: TRUNG TÂM CÔNG TÁC XÃ | HỘI.
					out[n-1].text += " " + s.text
					continue
				}
				out = append(out, s)
			}
		}
	}
	return out
}

// join makes paragraphs of strips.
func (b *builder) join(strips []strip, starts []int) {
	if len(starts) == 0 {
		return
	}
	m := measure(strips)
	var text strings.Builder
	var breaks []int
	open := false
	flush := func() {
		if open {
			b.add(piece{text: text.String(), breaks: breaks})
			text.Reset()
			breaks, open = nil, false
		}
	}
	page := 0
	begin := func(i int) {
		for page < len(starts) && starts[page] <= i {
			if open && page > 0 {
				breaks = append(breaks, text.Len())
			} else {
				b.page()
			}
			page++
		}
	}
	for i := range strips {
		s := &strips[i]
		if i > 0 && s.table != nil && goesOn(&strips[i-1], s) {
			// the table piece is the last one: nothing was written since
			g := b.pieces[len(b.pieces)-1].table
			rows := s.table.rows
			for n := 0; len(rows) > 0 && n < len(g.rows) && sameRow(rows[0], g.rows[n]); n++ { // the head, of one row or more, is repeated on each page
				rows = rows[1:]
			}
			if last := g.rows[len(g.rows)-1]; len(rows) > 0 && len(rows[0]) == len(last) && rows[0][0].empty() && !last[0].empty() {
				for k := range last { // a row that the end of the page broke
					last[k] = last[k].with(rows[0][k])
				}
				rows = rows[1:]
			}
			for ; page < len(starts) && starts[page] <= i; page++ {
				g.breaks = append(g.breaks, len(g.rows))
			}
			g.rows = append(g.rows, rows...)
			strips[i].table = g
			if len(rows) == 0 && len(g.breaks) > 0 && g.breaks[len(g.breaks)-1] >= len(g.rows) {
				g.breaks[len(g.breaks)-1] = len(g.rows) - 1
			}
			continue
		}
		if i > 0 && open && m.runsOn(&strips[i-1], s) {
			begin(i)
			if !brokenWord(strips[i-1].text, s.text) {
				text.WriteByte(' ')
			}
			text.WriteString(nfc(s.text))
			continue
		}
		flush()
		begin(i)
		if s.table != nil {
			b.add(piece{table: s.table})
			continue
		}
		if i > 0 && m.apart(&strips[i-1], s) {
			b.add(piece{})
		}
		text.WriteString(nfc(s.text))
		open = true
	}
	flush()
	begin(len(strips))
}

// goesOn tells whether a table at the top of a page carries on the one that ends the page before: the same edges, and the head again or as many
// columns.
func goesOn(a, c *strip) bool {
	if a.table == nil || c.table == nil || c.page != a.page+1 || len(a.table.rows) == 0 || len(c.table.rows) == 0 {
		return false
	}
	last, first := a.table.rows[len(a.table.rows)-1], c.table.rows[0]
	off := func(x, y float32) bool { return x-y > 8 || y-x > 8 }
	return (len(last) == len(first) || sameRow(first, a.table.rows[0])) && len(first) > 1 && !off(a.x0, c.x0) && !off(a.x1, c.x1)
}

func sameRow(a, c []cell) bool {
	return slices.EqualFunc(a, c, func(x, y cell) bool { return slices.Equal(x, y) })
}

// with carries a cell on that the end of a page broke.
func (c cell) with(more cell) cell {
	n := len(c)
	if n == 0 || len(more) == 0 || endsClosed(c[n-1]) {
		return append(c, more...)
	}
	return append(append(c[:n-1:n-1], c[n-1]+" "+more[0]), more[1:]...)
}

// brokenWord tells whether a line was broken inside a symbol or a span of years: 162/PCTNXH- | HTNNTT, 2021- | 2025.
func brokenWord(a, c string) bool {
	n := len(a)
	if n < 2 || a[n-1] != '-' && a[n-1] != '/' || a[n-2] == ' ' {
		return false
	}
	r := firstRune(c)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// measures of a document: the edges of its text on each page, and how far its lines are apart.
type measures struct {
	left, right map[int]float32 // by flow
	pitch       map[int]float32
	indented    map[int]bool // the first lines of paragraphs are indented
}

func measure(strips []strip) measures {
	m := measures{map[int]float32{}, map[int]float32{}, map[int]float32{}, map[int]bool{}}
	dist := map[int][]float32{}
	var all []float32
	var middle []int
	for i := range strips {
		s := &strips[i]
		if s.table != nil {
			continue
		}
		if l, ok := m.left[s.flow]; !ok || s.x0 < l {
			if i > 0 && centred(&strips[i-1], s) || i+1 < len(strips) && centred(s, &strips[i+1]) {
				middle = append(middle, i) // a centred line begins anywhere
			} else {
				m.left[s.flow] = s.x0
			}
		}
		m.right[s.flow] = max(m.right[s.flow], s.x1)
		if i > 0 && strips[i-1].flow == s.flow && strips[i-1].page == s.page && strips[i-1].table == nil {
			if d := s.base - strips[i-1].base; d > 0 {
				dist[s.flow] = append(dist[s.flow], d)
				all = append(all, d)
			}
		}
	}
	for _, i := range middle {
		s := &strips[i]
		if l, ok := m.left[s.flow]; !ok || s.x0 < l-4*s.em {
			m.left[s.flow] = s.x0
		}
	}
	lines, shifted := map[int]int{}, map[int]int{}
	for i := range strips {
		if s := &strips[i]; s.table == nil {
			lines[s.flow]++
			if d := s.x0 - m.left[s.flow]; d > 0.6*s.em && d < 4*s.em {
				shifted[s.flow]++
			}
		}
	}
	for f, n := range lines {
		m.indented[f] = shifted[f]*6 > n
	}
	slices.Sort(all)
	for f := range m.left {
		d := dist[f]
		slices.Sort(d)
		switch {
		case len(d) >= 5:
			m.pitch[f] = d[len(d)*2/5]
		case len(all) > 0:
			m.pitch[f] = all[len(all)*2/5]
		}
	}
	return m
}

// centred tells whether two lines of different length, one below the other, stand about one middle: a kind of document above its subject.
func centred(a, c *strip) bool {
	off, begins := (a.x0+a.x1)/2-(c.x0+c.x1)/2, a.x0-c.x0
	return a.table == nil && c.table == nil && a.flow == c.flow && a.page == c.page && max(off, -off) < 1.5 && max(begins, -begins) > c.em
}

// runsOn tells whether strip c carries on the paragraph of strip a.
func (m *measures) runsOn(a, c *strip) bool {
	if a.table != nil || c.table != nil || a.fixed || c.fixed {
		return false
	}
	across := a.page != c.page
	if a.flow != c.flow && !across {
		return false
	}
	left, right, em := m.left[c.flow], m.right[a.flow], max(a.em, c.em)
	if len(c.words) == 0 || len(a.words) == 0 {
		return false
	}
	first := c.words[0].X1 - c.words[0].X0
	slack := right - a.x1
	if slack > first+0.8*em {
		return false // the word would have had room: the line was ended on purpose
	}
	if a.em > 1.3*c.em || c.em > 1.3*a.em {
		return false
	}
	closed := endsClosed(a.text)
	if strings.HasSuffix(a.text, ":") && !unicode.IsLower(firstRune(c.text)) {
		return false
	}
	indent := c.x0 - left
	aIndent := a.x0 - m.left[a.flow]
	if !across {
		if d := c.base - a.base; d > 1.6*m.pitch[c.flow] || d > 1.25*m.pitch[c.flow] && (closed || d > 2*em) { // lines of a paragraph are at most one and a half apart
			return false
		}
	}
	if listMark(c.text) && (closed || indent > 0.5*em || capitalLine(c.text)) || publishedAt(a.text, c.text) || strings.HasPrefix(c.text, "http") || outlet(c.text) {
		return false
	}
	if !across && !m.indented[c.flow] && (closed && hasPrefix(c.text, sentenceOpeners) || hasPrefix(c.text, partOpeners)) {
		return false // where paragraphs are not indented, a full line tells nothing
	}
	if indent > 0.6*em {
		hanging := listMark(a.text) && c.x0 > a.x0+1
		block := aIndent > indent-4 && aIndent < indent+4 && !closed
		if !hanging && !block {
			return false
		}
	}
	if capitalLine(a.text) != capitalLine(c.text) && closedOrShort(a.text) {
		return false
	}
	return true
}

// sentenceOpeners are words with which paragraphs of official papers begin, and sentences inside them seldom do; partOpeners those that
// begin a part of the paper wherever they stand.
var (
	sentenceOpeners = []string{"Đề nghị ", "Yêu cầu ", "Giao ", "Báo cáo ", "Kết quả ", "Thời gian", "Kinh phí", "Định kỳ ", "Mọi ", "Các đơn vị ", "Hằng năm", "Theo đó", "Cụ thể", "Một là", "Hai là", "Ba là", "Bốn là", "Năm là", "Sáu là", "Thứ nhất", "Thứ hai, ", "Thứ ba, ", "Thứ tư, ", "Thứ năm, "}
	partOpeners     = []string{"Căn cứ ", "Thực hiện ", "Kính gửi", "Nơi nhận", "Trên đây là ", "Trân trọng ", "Nhận được ", "(Ban hành kèm theo", "(Kèm theo", "Tệp đính kèm", "Tài liệu đính kèm"}
)

func hasPrefix(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(s, w) })
}

// dateWords begin the line that says when a page was published.
var dateWords = []string{"Thứ ", "Chủ nhật", "Chủ Nhật", "Ngày ", "Cập nhật", "Đăng ", "Ngày đăng", "Tác giả", "Xuất bản", "Người đăng"}

// publishedAt tells whether a short line says when a page was published, as it stands below a headline: "20/11/2025 09:15",
// "Thứ Ba, 17 tháng 6, 2025", "Cập nhật: 05.8.2020".
// before is the line above: "trước ngày" is ended by a day.
func publishedAt(before, s string) bool {
	for _, w := range []string{"ngày", "từ", "đến", "trước", "và", "sau", ",", "-"} {
		if strings.HasSuffix(before, w) {
			return false
		}
	}
	if utf8.RuneCountInString(s) > 50 || strings.HasSuffix(s, ".") || strings.HasSuffix(s, ";") || strings.HasSuffix(s, ",") {
		return false
	}
	if place, rest, ok := strings.Cut(s, ", ngày "); ok && utf8.RuneCountInString(place) < 24 && unicode.IsUpper(firstRune(place)) && unicode.IsDigit(firstRune(rest)) {
		return true
	}
	if hasPrefix(s, dateWords) {
		return strings.Count(s, "/") > 1 || strings.Count(s, ".") > 1 || strings.Contains(s, "tháng") && strings.ContainsAny(s, "0123456789")
	}
	day, other := 0, 0
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(" ,|-()", r) }) {
		switch {
		case len(w) >= 8 && strings.Count(w, "/")+strings.Count(w, ".") == 2 && strings.Trim(w, "0123456789/.") == "":
			day++
		case strings.Trim(w, "0123456789:") == "":
		default:
			other++
		}
	}
	return day == 1 && unicode.IsDigit(firstRune(s)) && (other == 0 || other < 3 && strings.Contains(s, ":"))
}

// outlet tells whether a line opens with the sign of a newspaper, as the text of its reports does: "(TTXVN) - ".
func outlet(s string) bool {
	sign, _, ok := strings.Cut(strings.TrimPrefix(s, "("), ")")
	return ok && s[0] == '(' && len(sign) > 1 && len(sign) < 14 && sign == strings.ToUpper(sign) && strings.Trim(sign, "0123456789/.- ") != ""
}

// apart tells whether a blank line parts two paragraphs on the page.
func (m *measures) apart(a, c *strip) bool {
	if a.table != nil || c.table != nil {
		return false // tables bring their own
	}
	if a.page != c.page {
		return true
	}
	if a.flow != c.flow {
		return true
	}
	p := m.pitch[c.flow]
	d := c.base - a.base
	if a.fixed {
		return d > 2.2*max(p, a.em)
	}
	return p > 0 && d > 1.3*p || c.x0-m.left[c.flow] > 0.6*c.em && endsClosed(a.text)
}

func closedOrShort(s string) bool { return endsClosed(s) || utf8.RuneCountInString(s) < 60 }

// endsClosed tells whether a line ends with the end of a sentence or item.
func endsClosed(s string) bool {
	s = strings.TrimRight(s, " ”\"')")
	if s == "" {
		return true
	}
	switch s[len(s)-1] {
	case '.', ';', ':', '!', '?':
		return true
	}
	return strings.HasSuffix(s, "…")
}

// capitalLine tells whether a line is in capitals, as headings are.
func capitalLine(s string) bool {
	up, low := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			up++
		case unicode.IsLower(r):
			low++
		}
	}
	return up > 1 && low*8 <= up
}

// listMark tells whether a line begins as an item: "- ", "+ ", "1. ", "1.2. ", "a) ", "IV. ", "Điều 5. ".
func listMark(s string) bool {
	if len(s) < 2 {
		return false
	}
	i := strings.IndexByte(s, ' ')
	if i < 0 {
		i = len(s)
	}
	head := s[:i]
	switch head {
	case "-", "–", "+", "•", "*", "Điều", "Chương", "Mục", "Phần":
		return true
	}
	if last := head[len(head)-1]; last != '.' && last != ')' && last != '/' || len(head) > 9 {
		return len(head) > 3 && (strings.HasPrefix(head, "-") || strings.HasPrefix(head, "+")) && unicode.IsUpper(firstRune(head[1:]))
	}
	body := head[:len(head)-1]
	digits, letters, roman := 0, 0, true
	for _, r := range body {
		switch {
		case r >= '0' && r <= '9':
			digits++
			roman = false
		case r == '.':
		case unicode.IsLetter(r):
			letters++
			roman = roman && strings.ContainsRune("IVXL", r)
		default:
			return false
		}
	}
	return digits > 0 && digits <= 6 && letters == 0 || letters == 1 && digits == 0 || letters > 0 && roman && digits == 0
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
