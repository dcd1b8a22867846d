package lint

import "strings"

// sheet is a file as the rules see it. Lengths are millimetres, sizes points.
type sheet struct {
	format   string // docx, pdf
	sections []section
	paras    []par
	pages    int // 0: the format does not say
}

// section is a stretch of pages of one form.
type section struct {
	width, height            float64
	top, bottom, left, right float64 // 0 and below: not known
	landscape                bool
	number                   pageNumber
	from                     int // its first paragraph
}

// pageNumber is how pages are numbered.
type pageNumber struct {
	there     bool
	top       bool // in the top margin
	centred   bool
	size      float64
	onFirst   bool // shown on page 1
	continues bool // goes on from the section before
}

// par is a paragraph, or in a PDF a line.
type par struct {
	runs   []run
	label  string // number drawn by a list
	align  string // left, center, right, both; empty: not known
	first  float64
	left   float64
	before float64
	after  float64
	line   float64 // multiple of single spacing; 0: exact or not known
	known  bool    // indents and spacing are known
	cell   bool    // in a table
	ruled  bool    // in a table with rules: figures and lists
	page   int
	heads  bool // has an outline level or stands in a heading style
}

// run is a stretch of text in one style.
type run struct {
	text   string
	font   string
	size   float64
	bold   bool
	italic bool
	colour string // empty: black
	under  bool   // underlined
}

func (p *par) text() string {
	var b strings.Builder
	for _, r := range p.runs {
		b.WriteString(r.text)
	}
	return strings.TrimSpace(b.String())
}

// shown is the text with its label.
func (p *par) shown() string {
	if p.label == "" {
		return p.text()
	}
	return p.label + " " + p.text()
}

// most tells whether more than four fifths of the letters are so.
func (p *par) most(is func(run) bool) bool {
	yes, all := 0, 0
	for _, r := range p.runs {
		n := letters(r.text)
		all += n
		if is(r) {
			yes += n
		}
	}
	return all > 0 && yes*5 >= all*4
}

// none tells whether no more than a fifth is so.
func (p *par) none(is func(run) bool) bool {
	yes, all := 0, 0
	for _, r := range p.runs {
		n := letters(r.text)
		all += n
		if is(r) {
			yes += n
		}
	}
	return yes*5 <= all
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if r > ' ' {
			n++
		}
	}
	return n
}

// size is the size of most of the letters.
func (p *par) size() float64 {
	count := map[float64]int{}
	best := 0.0
	for _, r := range p.runs {
		count[r.size] += letters(r.text)
		if count[r.size] > count[best] {
			best = r.size
		}
	}
	return best
}
