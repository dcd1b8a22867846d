package docrender

import (
	"math"
	"strings"
	"unicode"
)

// setter breaks paragraphs into lines. It keeps its buffers, so that one serves a whole document; it is not for several goroutines.
type setter struct {
	text  []rune
	style []uint8 // face of each rune
	width []float64
	lines []setLine
}

// setLine is one line of a paragraph: runes from..to of the setter's text, without the spaces it ends in.
type setLine struct {
	from, to int
	width    float64 // natural, points
	spaces   int     // that can be stretched
	last     bool    // of the paragraph, or before a forced line end
}

type setRun struct {
	text string
	face uint8
}

// set breaks runs of one size into lines, the first narrower by the indent. Lines are filled one after another, as word processors do.
func (s *setter) set(runs []setRun, size, room, indent float64) []setLine {
	s.text, s.style, s.width, s.lines = s.text[:0], s.style[:0], s.width[:0], s.lines[:0]
	for _, r := range runs {
		f := faces()[r.face]
		k := size / float64(f.units)
		for _, c := range r.text {
			s.text = append(s.text, c)
			s.style = append(s.style, r.face)
			s.width = append(s.width, float64(f.advance[f.glyph(c)])*k)
		}
	}
	n := len(s.text)
	start, used, avail := 0, 0.0, room-indent
	brk, brkWidth := -1, 0.0 // last place to break: the line would end before brk
	end := func(to, next int, last bool) {
		for to > start && s.text[to-1] == ' ' && !last {
			to--
		}
		l := setLine{from: start, to: to, last: last}
		for i := start; i < to; i++ {
			l.width += s.width[i]
			if s.text[i] == ' ' {
				l.spaces++
			}
		}
		s.lines = append(s.lines, l)
		start, brk = next, -1
		avail = room
	}
	for i := 0; i < n; i++ {
		c := s.text[i]
		if c == '\n' {
			end(i, i+1, true)
			used = 0
			continue
		}
		w := s.width[i]
		if c != ' ' && used+w > avail+0.02 {
			switch {
			case brk > start:
				rest := used - brkWidth
				end(brk, brk, false)
				used = rest
			case i > start: // a word longer than the line
				end(i, i, false)
				used = 0
			}
			if used+w > avail+0.02 && brk <= start && start < i && used > 0 {
				end(i, i, false)
				used = 0
			}
		}
		used += w
		if s.breaks(i) {
			brk, brkWidth = i+1, used
		}
	}
	end(n, n, true)
	return s.lines
}

// breaks tells whether a line may end after rune i.
func (s *setter) breaks(i int) bool {
	c := s.text[i]
	if i+1 >= len(s.text) {
		return false
	}
	next := s.text[i+1]
	switch c {
	case ' ':
		return next != ' '
	case '-':
		return i > 0 && s.text[i-1] != ' ' && unicode.IsLetter(next)
	case '–', '—':
		return next != ' ' && next != '\u00a0'
	}
	return false
}

// linesOf counts the lines of a text in a room of millimetres.
func linesOf(text string, bold bool, size, room float64) int {
	var s setter
	i, _ := faceOf(bold, false)
	return len(s.set([]setRun{{text, uint8(i)}}, size, room*ptPerMM, 0))
}

// lastLine is the width in millimetres of the last line of a text in a room.
func lastLine(text string, bold bool, size, room float64) float64 {
	var s setter
	i, _ := faceOf(bold, false)
	ls := s.set([]setRun{{text, uint8(i)}}, size, room*ptPerMM, 0)
	return math.Min(ls[len(ls)-1].width/ptPerMM, room)
}

// setRuns are the runs of a paragraph with its label.
func (p *para) setRuns(to []setRun) []setRun {
	if p.label != "" {
		i, _ := faceOf(p.boldLabel, p.italic)
		sep := " "
		if p.ownLine {
			sep = "\n"
		}
		to = append(to, setRun{p.label + sep, uint8(i)})
	}
	for _, r := range p.runs {
		i, _ := faceOf(p.bold || r.Bold, p.italic || r.Italic)
		to = append(to, setRun{strings.TrimRight(r.Text, "\r"), uint8(i)})
	}
	return to
}

// balanced is how far a centred text is drawn in on both sides, in millimetres, so that its lines have about the same length and no
// word stands alone on the last.
func balanced(text string, bold, italic bool, size, room float64) float64 {
	var s setter
	i, _ := faceOf(bold, italic)
	runs := []setRun{{text, uint8(i)}}
	n := len(s.set(runs, size, room*ptPerMM, 0))
	if n < 2 {
		return 0
	}
	lo, hi := room/2, room
	for hi-lo > 0.5 {
		mid := (lo + hi) / 2
		if len(s.set(runs, size, mid*ptPerMM, 0)) > n {
			lo = mid
		} else {
			hi = mid
		}
	}
	return max(0, (room-hi-1)/2)
}
