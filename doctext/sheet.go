package doctext

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium/responses"
)

// word is a piece of text without spaces and its box on the page, in points, y growing downwards.
type word struct {
	Text           string
	X0, Y0, X1, Y1 float32
	Type           *typeface // when asked for
}

// rule is a straight line drawn on the page, or the box of one.
type rule struct{ X0, Y0, X1, Y1 float32 }

// sheet is one page: what stands where.
type sheet struct {
	Number        int
	Width, Height float32
	Words         []word
	Rules         []rule
	Scan          bool   // there is a picture and no text worth reading
	Picture       []byte // of a scan, when it is to be recognised
	DPI           int
	Read          bool // the words come from recognition
	Damaged       bool
}

func (s *sheet) letters() int {
	n := 0
	for _, w := range s.Words {
		for _, r := range w.Text {
			if unicode.IsLetter(r) {
				n++
			}
		}
	}
	return n
}

// vietnamese tells whether the words of a page are Vietnamese rather than what a scanner's own recognition made without its letters:
// in Vietnamese more than half of the words have a mark.
func (s *sheet) vietnamese() bool {
	var b strings.Builder
	for _, w := range s.Words {
		b.WriteString(w.Text)
		b.WriteByte(' ')
	}
	t := count(b.String())
	return t.words < 20 || 4*t.good >= t.words && t.good >= 3*t.bad || recognise(cutAt(b.String(), sampleSize)) != unicodeText
}

// use takes the words of recognition and the lines found, in pixels of the picture, for those of the page. What recognition made of the
// lines themselves is left out.
func (s *sheet) use(words []word, lines []rule) {
	k := float32(72)
	if s.DPI > 0 {
		k /= float32(s.DPI)
	}
	s.Words, s.Rules, s.Read = words, lines, true
	for i := range s.Rules {
		r := &s.Rules[i]
		r.X0, r.Y0, r.X1, r.Y1 = r.X0*k, r.Y0*k, r.X1*k, r.Y1*k
	}
	if len(findTables(s.Rules)) > 0 {
		s.Words = slices.DeleteFunc(s.Words, func(w word) bool { return strings.Trim(w.Text, "|_[]—") == "" })
	}
	for i := range s.Words {
		w := &s.Words[i]
		w.X0, w.Y0, w.X1, w.Y1 = w.X0*k, w.Y0*k, w.X1*k, w.Y1*k
	}
}

// turning is the direction in which the text of a page runs, in PDF space (y upwards): 0 right, 1 up, 2 left, 3 down. Pages are turned
// by a flag or by what is drawn; the text itself tells best.
type turning uint8

// box turns a box of PDF space so that text runs to the right and lines follow each other downwards.
func (t turning) box(x0, y0, x1, y1 float32) rule {
	switch t {
	case 1:
		return rule{y0, x0, y1, x1}
	case 2:
		return rule{-x1, y0, -x0, y1}
	case 3:
		return rule{-y1, -x1, -y0, -x0}
	}
	return rule{x0, -y1, x1, -y0}
}

// wordsOf makes words of the characters of a page. Text that runs across the others (water marks, stamps at the edge) is left out.
func wordsOf(chars []*responses.GetPageTextStructuredChar) ([]word, turning) {
	type part struct {
		text           []byte
		x0, y0, x1, y1 float32
		lastX, lastY   float32
		angle          float64 // of its first character, degrees
		dir            [5]int
		face           *typeface
	}
	var faces typefaces
	var parts []part
	open := false
	var votes [4]int
	angles := map[float64]int{}
	for _, c := range chars {
		text := c.Text
		if text == "\x02" || text == "\uFFFE" || text == "\u00ad" { // what PDFium makes of a hyphen at the end of a line
			text = "-"
		}
		blank := true
		for _, r := range text {
			if r > ' ' && r != 0xA0 && r != 0xFEFF && r != 0x200B {
				blank = false
			}
		}
		if blank {
			open = false
			continue
		}
		angles[degrees(c.Angle)]++
		q := c.PointPosition
		x0, y0, x1, y1 := float32(q.Left), float32(q.Bottom), float32(q.Right), float32(q.Top)
		if !open {
			parts = append(parts, part{x0: x0, y0: y0, x1: x1, y1: y1, lastX: (x0 + x1) / 2, lastY: (y0 + y1) / 2, angle: degrees(c.Angle)})
			open = true
			parts[len(parts)-1].face = faces.of(c.FontInformation)
		}
		p := &parts[len(parts)-1]
		p.text = append(p.text, text...)
		if x1 <= x0 && y1 <= y0 {
			continue
		}
		dx, dy := (x0+x1)/2-p.lastX, (y0+y1)/2-p.lastY
		if d, moved := direction(dx, dy); moved {
			p.dir[d]++
			if d != across {
				votes[d]++
			}
		}
		p.lastX, p.lastY = (x0+x1)/2, (y0+y1)/2
		p.x0, p.y0, p.x1, p.y1 = min(p.x0, x0), min(p.y0, y0), max(p.x1, x1), max(p.y1, y1)
	}
	var turn turning
	for d := range votes {
		if votes[d] > votes[turn] {
			turn = turning(d)
		}
	}
	main := 0.0
	for a, n := range angles {
		if n > angles[main] || n == angles[main] && a < main {
			main = a
		}
	}
	words := make([]word, 0, len(parts))
	for _, p := range parts {
		all := p.dir[0] + p.dir[1] + p.dir[2] + p.dir[3] + p.dir[across]
		// Letters of one line differ in height and place: the centres in "lễ./." go up and down, and the word stands in its line.
		if all > 1 && 2*p.dir[turn] < all && math.Abs(p.angle-main) > 10 {
			continue
		}
		b := turn.box(p.x0, p.y0, p.x1, p.y1)
		words = append(words, word{valid(string(p.text)), b.X0, b.Y0, b.X1, b.Y1, p.face})
	}
	return words, turn
}

// degrees is an angle in steps of five degrees.
func degrees(radians float64) float64 { return math.Round(radians*180/math.Pi/5) * 5 }

// across is the direction of text that runs neither along a line nor down a column.
const across = 4

// direction tells where the next character stands from the one before, if it has moved at all.
func direction(dx, dy float32) (int, bool) {
	ax, ay := max(dx, -dx), max(dy, -dy)
	switch {
	case ax < 0.5 && ay < 0.5:
		return 0, false
	case 2*ay > ax && 2*ax > ay:
		return across, true
	case ax > ay && dx > 0:
		return 0, true
	case ax > ay:
		return 2, true
	case dy > 0:
		return 1, true
	default:
		return 3, true
	}
}

// appendRules adds a drawn object when it is a straight line or a frame; a frame is its four sides.
func appendRules(to []rule, r rule) []rule {
	const thin = 2.5
	w, h := r.X1-r.X0, r.Y1-r.Y0
	switch {
	case w <= thin && h <= thin || w < 0 || h < 0:
	case h <= thin && w >= 6, w <= thin && h >= 6:
		to = append(to, r)
	case w >= 12 && h >= 8:
		to = append(to, rule{r.X0, r.Y0, r.X1, r.Y0}, rule{r.X0, r.Y1, r.X1, r.Y1}, rule{r.X0, r.Y0, r.X0, r.Y1}, rule{r.X1, r.Y0, r.X1, r.Y1})
	}
	return to
}
