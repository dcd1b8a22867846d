package lint

import (
	"context"
	"errors"
	"io"
	"math"
	"sort"
	"strings"

	"chungtay/doctext"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
)

const perPoint = 25.4 / 72 // millimetres

// readPDF reads a PDF: its text in reading order, every line with the type its words are set in, and what can be measured of its pages.
// A PDF knows no styles and no indents; rules about them stay silent.
func (c *checker) readPDF(ctx context.Context, r io.ReaderAt, size int64, o doctext.Options) error {
	text, pages, err := doctext.Typeset(ctx, r, size, o)
	switch {
	case errors.Is(err, doctext.ErrNoOCR), errors.Is(err, doctext.ErrNoText):
		return errs.Wrap(ErrScan, errs.Invalid, "lint.report.scan")
	case err != nil:
		return err
	}
	c.sheet = &sheet{format: "pdf", pages: len(pages)}
	c.setPages = pages
	c.text = text.Plain
	w := newWordFinder(pages)
	table := func(pos int) bool {
		for _, b := range text.Blocks {
			if b.Kind == doctext.Table && pos >= b.Start && pos < b.End {
				return true
			}
		}
		return false
	}
	for from, k := 0, 0; from < len(c.text); k++ {
		end := strings.IndexByte(c.text[from:], '\n')
		if end < 0 {
			end = len(c.text) - from
		}
		line := c.text[from : from+end]
		if words := strings.TrimSpace(line); words != "" {
			it := item{from: from, words: words}
			it.runs, it.set = w.take(strings.Fields(words))
			if len(it.set) > 0 {
				it.page = it.set[0].page + 1
			}
			if table(from) {
				it.ruled, it.part, it.from = true, partTable, -1
			}
			c.items = append(c.items, it)
		}
		from += end + 1
	}
	c.measure()
	return nil
}

// wordRef is a word of a page.
type wordRef struct {
	page int
	*doctext.Word
}

// wordFinder finds the words of a line of text again on the pages.
type wordFinder struct {
	words []wordRef
	text  []string
	used  []bool
	at    map[string][]int
	next  int
}

func newWordFinder(pages []doctext.Page) *wordFinder {
	f := &wordFinder{at: map[string][]int{}}
	for p := range pages {
		for i := range pages[p].Words {
			w := &pages[p].Words[i]
			t := viet.NFC(strings.TrimSpace(w.Text))
			f.at[t] = append(f.at[t], len(f.words))
			f.words = append(f.words, wordRef{p, w})
			f.text = append(f.text, t)
		}
	}
	f.used = make([]bool, len(f.words))
	return f
}

// take returns the runs of the words in their order, and the words found.
func (f *wordFinder) take(words []string) (runs []run, found []wordRef) {
	pos := f.next
	for k, w := range words {
		i := -1
		if pos < len(f.text) && !f.used[pos] && f.text[pos] == w {
			i = pos
		} else {
			i = f.find(words[k:])
		}
		if i < 0 {
			continue
		}
		f.used[i] = true
		pos = i + 1
		x := f.words[i]
		found = append(found, x)
		r := run{text: w + " ", font: x.Font, size: math.Round(x.Size*2) / 2, bold: x.Bold, italic: x.Italic}
		if n := len(runs); n > 0 && runs[n-1].font == r.font && runs[n-1].size == r.size {
			runs[n-1].text += r.text
			continue
		}
		runs = append(runs, r)
	}
	f.next = pos
	return runs, found
}

// find looks for the place where the most of the words follow each other.
func (f *wordFinder) find(words []string) int {
	best, most := -1, 0
	for _, i := range f.at[words[0]] {
		if f.used[i] {
			continue
		}
		n := 0
		for n < len(words) && n < 6 && i+n < len(f.text) && f.text[i+n] == words[n] {
			n++
		}
		if n > most {
			best, most = i, n
			if n == min(6, len(words)) {
				break
			}
		}
	}
	return best
}

// pageRow is one row of words of a page.
type pageRow struct {
	words       []*doctext.Word
	y0, y1      float64
	left, right float64
}

func rowsOf(p *doctext.Page) []pageRow {
	ws := make([]*doctext.Word, 0, len(p.Words))
	for i := range p.Words {
		if strings.TrimSpace(p.Words[i].Text) != "" {
			ws = append(ws, &p.Words[i])
		}
	}
	mid := func(w *doctext.Word) float64 { return (w.Bottom + w.Top) / 2 }
	sort.SliceStable(ws, func(i, j int) bool { return mid(ws[i]) > mid(ws[j]) })
	var rows []pageRow
	for _, w := range ws {
		if n := len(rows); n > 0 && rows[n-1].y0 < mid(w) && mid(w) < rows[n-1].y1 {
			r := &rows[n-1]
			r.words = append(r.words, w)
			r.left, r.right = math.Min(r.left, w.Left), math.Max(r.right, w.Right)
			continue
		}
		rows = append(rows, pageRow{words: []*doctext.Word{w}, y0: w.Bottom, y1: w.Top, left: w.Left, right: w.Right})
	}
	return rows
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789-– ") == "" && strings.ContainsAny(s, "0123456789")
}

// measure makes one section of the pages: the margins as far as letters show them, and the page number.
func (c *checker) measure() {
	s := section{from: 0, bottom: -1, right: -1}
	left, top := math.Inf(1), math.Inf(1)
	rights := map[int]int{}
	numbered, shown := 0, 0
	for i := range c.setPages {
		p := &c.setPages[i]
		rows := rowsOf(p)
		if i == 0 {
			s.width, s.height = p.Width*perPoint, p.Height*perPoint
		}
		if i > 0 && !opensAnnex(rows) { // the first page of an annex shows no number
			shown++
		}
		for k := 0; k < len(rows); k++ {
			r := rows[k]
			edge := r.y0 > p.Height-25/perPoint || r.y1 < 25/perPoint
			if edge && len(r.words) <= 3 && isNumber(joined(r.words)) && (k == 0 || k == len(rows)-1) {
				n := pageNumber{there: true, top: r.y0 > p.Height/2, size: math.Round(r.words[0].Size*2) / 2}
				mid := (r.left + r.right) / 2
				n.centred = math.Abs(mid-p.Width/2) < 12/perPoint
				if i == 0 {
					s.number.onFirst = true
				} else {
					numbered++
					n.onFirst = s.number.onFirst
				}
				if !s.number.there || i > 0 {
					n.onFirst = s.number.onFirst
					s.number = n
				}
				rows = append(rows[:k], rows[k+1:]...)
				k--
			}
		}
		if p.Width > p.Height || len(rows) == 0 {
			continue
		}
		foot := 0.0 // the address at the foot of page 1 stands below a full rule
		if i == 0 {
			for _, l := range p.Lines {
				if l.Right-l.Left > p.Width*0.6 && l.Top < p.Height/5 && l.Top-l.Bottom < 3 {
					foot = math.Max(foot, l.Top)
				}
			}
		}
		for k := range c.items {
			if it := &c.items[k]; it.page == i+1 && len(it.set) > 0 && it.set[0].Top < foot {
				it.from, it.part = -1, "" // component 13
			}
		}
		low := math.Inf(1)
		for _, r := range rows {
			if r.y1 < foot {
				continue
			}
			low = math.Min(low, r.y0)
			if r.right > p.Width/2 {
				rights[int(math.Round(r.right))]++
			}
			left = math.Min(left, r.left)
		}
		top = math.Min(top, (p.Height-rows[0].y1)*perPoint)
		if b := low * perPoint; b < 20-1.5 { // letters may stop anywhere above the margin, but not below it
			s.bottom = b
		}
	}
	if !math.IsInf(left, 1) {
		s.left = left * perPoint
	}
	if !math.IsInf(top, 1) {
		s.top = top
	}
	edge, all := 0, 0 // the edge that several lines reach: those of a table end before it
	for x, n := range rights {
		all += n
		if n+rights[x-1]+rights[x+1] >= 3 {
			edge = max(edge, x)
		}
	}
	if edge > 0 && all >= 8 {
		s.right = s.width - float64(edge)*perPoint
	}
	if shown > 0 && numbered*2 < shown {
		s.number = pageNumber{}
	}
	if shown == 0 {
		s.number.there, s.number.top, s.number.centred = true, true, true // first pages need no number
	}
	c.sections = []section{s}
}

// opensAnnex tells whether a page begins with the word for an annex.
func opensAnnex(rows []pageRow) bool {
	for _, r := range rows[:min(2, len(rows))] {
		ws := append([]*doctext.Word(nil), r.words...)
		sort.SliceStable(ws, func(i, j int) bool { return ws[i].Left < ws[j].Left })
		if low := viet.Fold(joined(ws)); strings.HasPrefix(low, "phuluc") || strings.HasPrefix(low, "phu luc") {
			return true
		}
	}
	return false
}

func joined(ws []*doctext.Word) string {
	var b strings.Builder
	for _, w := range ws {
		b.WriteString(w.Text)
	}
	return b.String()
}

// ruleRules looks for the rules below the motto and the issuer: as long as the motto, and a third to a half of the name.
func (c *checker) ruleRules() {
	if c.format != "pdf" {
		return
	}
	for _, x := range []struct {
		part     string
		from, to float64
	}{{partMotto, 0.85, 1.15}, {partIssuer, 0.28, 0.56}, {partSubject, 0.28, 0.56}} {
		its := c.parts(x.part)
		if len(its) == 0 || len(its[len(its)-1].set) == 0 {
			continue
		}
		it := its[len(its)-1]
		ws := it.set
		p := c.setPages[ws[0].page]
		last := lastRow(ws)
		left, right, bottom := math.Inf(1), 0.0, math.Inf(1)
		for _, w := range last {
			left, right, bottom = math.Min(left, w.Left), math.Max(right, w.Right), math.Min(bottom, w.Bottom)
		}
		length := -1.0
		for _, l := range p.Lines {
			mid := (l.Left + l.Right) / 2
			if l.Top-l.Bottom < 3 && l.Top < bottom+3 && l.Top > bottom-14 && mid > left && mid < right && l.Right-l.Left > 10 {
				length = l.Right - l.Left
			}
		}
		switch part := length / (right - left); {
		case length < 0:
			c.report("rule-missing", x.part, it, partName(x.part))
		case part < x.from || part > x.to:
			c.report("rule-length", x.part, it, partName(x.part), int(math.Round(part*100)))
		}
	}
}

// lastRow are the words of the lowest of the rows that a line of text takes.
func lastRow(ws []wordRef) []wordRef {
	low := ws[0]
	for _, w := range ws {
		if w.page == low.page && w.Top < low.Bottom {
			low = w
		}
	}
	var out []wordRef
	for _, w := range ws {
		if w.page == low.page && w.Bottom < low.Top && w.Top > low.Bottom {
			out = append(out, w)
		}
	}
	return out
}
