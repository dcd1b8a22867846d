package doctext

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"slices"
)

// A scan or photo is made ready for recognition here: laid straight, because words of one line must stand in one row, and searched for
// the drawn lines of tables, which recognition leaves out.

const (
	maxSkew  = 10.0 // degrees looked at; more is a page on its side, which Tesseract turns
	leastDeg = 0.4  // less is left alone: rows are told apart all the same
)

// grey gives the brightness of a decoded picture.
func grey(src image.Image) *image.Gray {
	if g, ok := src.(*image.Gray); ok {
		return g
	}
	r := src.Bounds()
	out := image.NewGray(image.Rect(0, 0, r.Dx(), r.Dy()))
	luma, _ := src.(*image.YCbCr)
	for y := range r.Dy() {
		line := out.Pix[y*out.Stride:]
		for x := range r.Dx() {
			if luma != nil {
				line[x] = luma.Y[luma.YOffset(r.Min.X+x, r.Min.Y+y)]
				continue
			}
			cr, cg, cb, ca := src.At(r.Min.X+x, r.Min.Y+y).RGBA()
			// what is transparent shows the white of the paper
			line[x] = uint8(((299*cr+587*cg+114*cb)/1000 + 0xFFFF - ca) >> 8)
		}
	}
	return out
}

// pgm writes a picture as Netpbm, which Tesseract reads and nobody has to compress.
func pgm(g *image.Gray) []byte {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	var b bytes.Buffer
	b.Grow(w*h + 32)
	fmt.Fprintf(&b, "P5\n%d %d\n255\n", w, h)
	for y := range h {
		b.Write(g.Pix[y*g.Stride : y*g.Stride+w])
	}
	return b.Bytes()
}

// fromPGM reads what pgm wrote.
func fromPGM(b []byte) (*image.Gray, bool) {
	var w, h int
	if n, err := fmt.Sscanf(string(b[:min(len(b), 40)]), "P5\n%d %d\n255\n", &w, &h); n != 2 && err != nil || w <= 0 || h <= 0 || len(b) < w*h {
		return nil, false
	}
	return &image.Gray{Pix: b[len(b)-w*h:], Stride: w, Rect: image.Rect(0, 0, w, h)}, true
}

// ink is a picture in black and white, made smaller: true where something is printed.
type ink struct {
	w, h, scale int // scale: pixels of the picture a point of the ink
	on          []bool
}

// inkOf makes the picture smaller by a whole factor, so that its width is about the one given, and parts ink from paper (Otsu).
func inkOf(g *image.Gray, width int) ink {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	k := max(1, min(w, h)/max(1, width))
	i := ink{w: w / k, h: h / k, scale: k}
	mean := make([]uint8, i.w*i.h)
	var hist [256]int
	for y := range i.h {
		for x := range i.w {
			sum := 0
			for dy := range k {
				row := g.Pix[(y*k+dy)*g.Stride+x*k:]
				for dx := range k {
					sum += int(row[dx])
				}
			}
			v := uint8(sum / (k * k))
			mean[y*i.w+x] = v
			hist[v]++
		}
	}
	limit := otsu(hist[:], len(mean))
	i.on = make([]bool, len(mean))
	for n, v := range mean {
		i.on[n] = v <= limit
	}
	return i
}

// otsu finds the brightness that parts two groups best.
func otsu(hist []int, n int) uint8 {
	var all float64
	for v, c := range hist {
		all += float64(v) * float64(c)
	}
	var low, sum, best float64
	at := 127
	for v, c := range hist {
		low += float64(c)
		if low == 0 || low == float64(n) {
			continue
		}
		sum += float64(v) * float64(c)
		d := sum/low - (all-sum)/(float64(n)-low)
		if between := low * (float64(n) - low) * d * d; between > best {
			best, at = between, v
		}
	}
	return uint8(min(at, 200))
}

// skew returns by how many degrees the lines of a page fall to the right; 0 when it lies straight enough or no lines show.
func skew(g *image.Gray) float64 {
	i := inkOf(g, 600)
	var xs, ys []float64
	n := 0
	for _, on := range i.on {
		if on {
			n++
		}
	}
	if n < 400 || n > len(i.on)/2 {
		return 0
	}
	step := max(1, n/60_000)
	c := 0
	for p, on := range i.on {
		if on {
			if c++; c%step == 0 {
				xs = append(xs, float64(p%i.w))
				ys = append(ys, float64(p/i.w))
			}
		}
	}
	bins := make([]int, 2*(i.h+i.w)+2)
	// the rows of ink and of paper stand out most where the lines run along them
	score := func(deg float64) float64 {
		clear(bins)
		t := math.Tan(deg * math.Pi / 180)
		for p := range xs {
			if b := int(ys[p]-xs[p]*t) + i.w; b >= 0 && b < len(bins) {
				bins[b]++
			}
		}
		sum := 0.0
		for b := 1; b < len(bins); b++ {
			d := float64(bins[b] - bins[b-1])
			sum += d * d
		}
		return sum
	}
	best, top := 0.0, score(0)
	straight := top
	for deg := -maxSkew; deg <= maxSkew; deg += 0.5 {
		if s := score(deg); s > top {
			best, top = deg, s
		}
	}
	for deg := best - 0.4; deg <= best+0.45; deg += 0.1 {
		if s := score(deg); s > top {
			best, top = deg, s
		}
	}
	if math.Abs(best) < leastDeg || math.Abs(best) > maxSkew-0.4 || top < 1.15*straight {
		return 0
	}
	return best
}

// turned lays a picture straight whose lines fall by so many degrees; what comes in at the corners is white.
func turned(g *image.Gray, deg float64) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, w, h))
	sin, cos := math.Sincos(deg * math.Pi / 180)
	cx, cy := float64(w)/2, float64(h)/2
	for y := range h {
		dy := float64(y) - cy
		for x := range w {
			dx := float64(x) - cx
			sx, sy := cx+dx*cos-dy*sin, cy+dx*sin+dy*cos
			x0, y0 := int(math.Floor(sx)), int(math.Floor(sy))
			v := uint8(255)
			if x0 >= 0 && y0 >= 0 && x0+1 < w && y0+1 < h {
				fx, fy := sx-float64(x0), sy-float64(y0)
				at := y0*g.Stride + x0
				a := float64(g.Pix[at])*(1-fx) + float64(g.Pix[at+1])*fx
				b := float64(g.Pix[at+g.Stride])*(1-fx) + float64(g.Pix[at+g.Stride+1])*fx
				v = uint8(a*(1-fy) + b*fy + 0.5)
			}
			out.Pix[y*out.Stride+x] = v
		}
	}
	return out
}

// straight lays a picture straight and says whether that was needed.
func straight(g *image.Gray) (*image.Gray, bool) {
	if d := skew(g); d != 0 {
		return turned(g, d), true
	}
	return g, false
}

// drawnLines finds the long thin lines of a straight picture, in its pixels: those of tables.
func drawnLines(g *image.Gray) []rule {
	i := inkOf(g, 850)                    // about a hundredth of an inch on A4
	long, tall := i.w/11, max(18, i.w/32) // no letter is as long or as tall
	lines := slices.Concat(i.runs(long, false), i.runs(tall, true))
	if len(lines) > maxRules {
		return nil
	}
	k := float32(i.scale)
	for n := range lines {
		l := &lines[n]
		l.X0, l.Y0, l.X1, l.Y1 = l.X0*k, l.Y0*k, l.X1*k, l.Y1*k
	}
	return lines
}

// runs finds unbroken runs of ink along rows, or down columns, at least so long and no thicker than a line; runs side by side are one.
func (i ink) runs(least int, down bool) []rule {
	length, depth := i.w, i.h
	if down {
		length, depth = i.h, i.w
	}
	at := func(along, across int) bool {
		if across < 0 || across >= depth {
			return false
		}
		if down {
			return i.on[along*i.w+across]
		}
		return i.on[across*i.w+along]
	}
	type run struct{ a, b, first, last int }
	var open, done []run
	for d := range depth {
		kept := open[:0]
		for _, r := range open {
			if d-r.last > 2 {
				done = append(done, r)
			} else {
				kept = append(kept, r)
			}
		}
		open = kept
		for a := 0; a < length; a++ {
			// a line that falls by a hair goes on in the row beside
			if !at(a, d) && !at(a, d+1) {
				continue
			}
			b := a
			for b < length && (at(b, d) || at(b, d+1) || b+1 < length && (at(b+1, d) || at(b+1, d+1))) {
				b++
			}
			if b-a >= least {
				found := false
				for n := range open {
					if r := &open[n]; r.a <= b && a <= r.b {
						r.a, r.b, r.last, found = min(r.a, a), max(r.b, b), d, true
						break
					}
				}
				if !found {
					open = append(open, run{a, b, d, d})
				}
			}
			a = b
		}
	}
	done = append(done, open...)
	var out []rule
	for _, r := range done {
		if r.last-r.first > 7 {
			continue // a bar, a picture, the dark edge of a photo
		}
		mid := float32(r.first+r.last+1) / 2
		if down {
			out = append(out, rule{mid, float32(r.a), mid, float32(r.b)})
		} else {
			out = append(out, rule{float32(r.a), mid, float32(r.b), mid})
		}
	}
	return out
}
