package docrender

import (
	"math"
	"strconv"
	"strings"
)

// canvas is what a chart is drawn on: a page of a PDF or an SVG. Lengths are points, y runs down.
type canvas interface {
	rect(x, y, w, h float64, colour string)
	line(x1, y1, x2, y2, width float64, colour string)
	text(s string, x, base, size float64, bold bool)
}

// draw draws a chart: title, grid from zero, bars or lines, figures where there is room, legend. It keeps close to what word processors
// make of the chart in the DOCX.
func (g *graph) draw(c canvas, left, top float64) {
	width, height := g.width*ptPerMM, g.height*ptPerMM
	_, regular := faceOf(false, false)
	_, heavy := faceOf(true, false)
	centre := func(s string, size, x, base float64, bold bool) {
		f := regular
		if bold {
			f = heavy
		}
		c.text(s, x-f.width(s, size)/2, base, size, bold)
	}
	title, size := g.heading(), 13.0
	if w := heavy.width(title, size); w > width {
		size = math.Max(8, size*width/w)
	}
	centre(title, size, left+width/2, top+21, true)
	most, step := g.scale()
	label := 0.0
	for v := 0.0; v <= most*1.0001; v += step {
		label = math.Max(label, regular.width(number(v), 11))
	}
	bottom := 24.0
	if len(g.Series) > 1 {
		bottom += 20
	}
	x0, x1 := left+label+12, left+width-8
	y0, y1 := top+39, top+height-bottom // y1 is the axis
	for v := 0.0; v <= most*1.0001; v += step {
		at := y1 - (y1-y0)*v/most
		colour := "D9D9D9"
		if v == 0 {
			colour = "7F7F7F"
		}
		c.line(x0, at, x1, at, 0.5, colour)
		s := number(v)
		c.text(s, x0-6-regular.width(s, 11), at+3.5, 11, false)
	}
	c.line(x0, y0, x0, y1, 0.5, "7F7F7F")
	n, k := len(g.Categories), len(g.Series)
	slot := (x1 - x0) / float64(n)
	every := 1
	for i := 0; i < n; i += every { // labels that would run into each other are left out evenly
		if w := regular.width(g.Categories[i], 11); w > slot*float64(every)-2 && n > 12 {
			every, i = every+1, -every-1
			if every > n {
				break
			}
		}
	}
	for i := 0; i < n; i += every {
		centre(shortened(g.Categories[i], slot*float64(every)-2), 11, x0+slot*(float64(i)+0.5), y1+14, false)
	}
	bar := slot / 1.6 / float64(k) // the gap is 60 % of a bar's width, as in the word processor
	for j, s := range g.Series {
		colour := colourOf(j)
		px, py := 0.0, 0.0
		for i, v := range s.Values {
			at, x := y1-(y1-y0)*v/most, x0+slot*(float64(i)+0.5)
			if g.Kind == Bars {
				c.rect(x+bar*(float64(j)-float64(k)/2), at, bar, y1-at, colour)
				continue
			}
			if i > 0 {
				c.line(px, py, x, at, 2, colour)
			}
			c.rect(x-2.5, at-2.5, 5, 5, colour)
			px, py = x, at
		}
	}
	for j, s := range g.Series {
		for i, v := range s.Values {
			if !g.labelled() {
				break
			}
			at, x := y1-(y1-y0)*v/most, x0+slot*(float64(i)+0.5)
			if g.Kind == Bars {
				x += bar * (float64(j) + 0.5 - float64(k)/2)
			}
			if g.below(j) {
				at += 16
			}
			centre(number(v), 10, x, at-4, false)
		}
	}
	if k < 2 {
		return
	}
	total := 0.0
	for _, s := range g.Series {
		total += 30 + regular.width(s.Name, 11)
	}
	x := left + max(0, width-total)/2
	for j, s := range g.Series {
		c.rect(x, top+height-14, 8, 8, colourOf(j))
		c.text(s.Name, x+12, top+height-6, 11, false)
		x += 30 + regular.width(s.Name, 11)
	}
}

// shortened cuts a label to the room it has.
func shortened(s string, room float64) string {
	f := faces()[0]
	if f.width(s, 11) <= room {
		return s
	}
	r := []rune(s)
	for len(r) > 1 && f.width(string(r)+"…", 11) > room {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}

// pdfCanvas draws on the page in force.
type pdfCanvas struct{ *pdf }

func (c pdfCanvas) rect(x, y, w, h float64, colour string) {
	pg := c.page
	pg.op(rgb(colour) + " rg")
	pg.num(x)
	pg.num(pg.height - y - h)
	pg.num(w)
	pg.num(h)
	pg.op("re f 0 g")
}

func (c pdfCanvas) line(x1, y1, x2, y2, width float64, colour string) {
	c.page.op(rgb(colour) + " RG")
	c.page.line(x1, y1, x2, y2, width)
	c.page.op("0 G")
}

func (c pdfCanvas) text(s string, x, base, size float64, bold bool) {
	i, _ := faceOf(bold, false)
	c.pdf.text(setRun{s, uint8(i)}, size, x, base)
}

func (p *pdf) drawGraph(g *graph, y float64) {
	e := p.elem("Figure", p.parent)
	p.elems[e].alt = g.words()
	p.mark(e)
	g.draw(pdfCanvas{p}, p.left, y)
	p.unmark()
}

// svgCanvas writes an SVG with attributes alone: pages forbid styles in the text.
type svgCanvas struct{ *strings.Builder }

func (c svgCanvas) put(parts ...string) {
	for _, p := range parts {
		c.WriteString(p)
	}
}

func pt(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

func (c svgCanvas) rect(x, y, w, h float64, colour string) {
	c.put(`<rect x="`, pt(x), `" y="`, pt(y), `" width="`, pt(w), `" height="`, pt(h), `" fill="#`, colour, `"/>`)
}

func (c svgCanvas) line(x1, y1, x2, y2, width float64, colour string) {
	c.put(`<line x1="`, pt(x1), `" y1="`, pt(y1), `" x2="`, pt(x2), `" y2="`, pt(y2), `" stroke-width="`, pt(width), `" stroke="#`, colour, `"/>`)
}

func (c svgCanvas) text(s string, x, base, size float64, bold bool) {
	c.put(`<text x="`, pt(x), `" y="`, pt(base), `" font-size="`, pt(size), `"`)
	if bold {
		c.put(` font-weight="bold"`)
	}
	c.put(`>`, escaped(s), `</text>`)
}

// svg is the chart as a picture in a page.
func (g *graph) svg() string {
	var b strings.Builder
	c := svgCanvas{&b}
	c.put(`<svg class="paper-chart" role="img" aria-label="`, escaped(g.words()), `" viewBox="0 0 `, pt(g.width*ptPerMM), ` `, pt(g.height*ptPerMM), `" xmlns="http://www.w3.org/2000/svg">`)
	g.draw(c, 0, 0)
	c.put(`</svg>`)
	return b.String()
}

// rgb turns 1F4E79 into the three numbers of a colour operator.
func rgb(hex string) string {
	v, _ := strconv.ParseUint(hex, 16, 32) // the colours are constants
	f := func(n uint64) string { return strconv.FormatFloat(float64(n&255)/255, 'f', 3, 64) }
	return f(v>>16) + " " + f(v>>8) + " " + f(v)
}
