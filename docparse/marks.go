package docparse

import (
	_ "embed"
	"math/bits"
	"strings"
	"sync"
	"unicode"
)

// Papers are typed without marks ("Kinh gui: Cac xa"), and poor copies lose or change one here and there ("tháng 9 nãm
// 2022"). The grammar compares syllables with their marks, so they are put back for it, by which syllables stand beside
// each other in official papers; values are still given as the text has them.

// wordCounts says how often words and pairs of words stand in the written documents: a line is "count word" or "count word
// word", # is any number. TestWordCounts makes it anew.
//
//go:embed words.txt
var wordCounts string

// wordTable is wordCounts ready for looking up.
type wordTable struct {
	ids   map[string]uint32
	words []string            // by id
	count []int               // by id
	marks map[string][]uint32 // letters without marks → the words they may stand for, the most frequent first
	pairs map[uint64]int      // how often the second follows the first
}

const numberToken = "#"

var words = sync.OnceValue(func() *wordTable {
	t := &wordTable{ids: map[string]uint32{}, marks: map[string][]uint32{}, pairs: map[uint64]int{}}
	for line := range strings.Lines(wordCounts) {
		f := strings.Fields(line)
		n := atoi(f[0])
		if len(f) == 2 {
			id := uint32(len(t.words))
			t.ids[f[1]] = id
			t.words = append(t.words, f[1])
			t.count = append(t.count, n)
			b := bare(f[1])
			t.marks[b] = append(t.marks[b], id)
			continue
		}
		t.pairs[pairKey(t.ids[f[1]], t.ids[f[2]])] = n
	}
	return t
})

func pairKey(a, b uint32) uint64 { return uint64(a)<<32 | uint64(b) }

// weight is how likely b stands behind a: pairs count for more than words.
func (t *wordTable) weight(a, b uint32, known bool) int {
	w := bits.Len(uint(t.count[b]))
	if known {
		w += 6 * bits.Len(uint(t.pairs[pairKey(a, b)]))
	}
	return w
}

// bareLine is the least number of words by which a line alone is known to lack its marks.
const bareLine = 5

// remark puts back the marks that a text or line lacks altogether, single ones that a copy lost or changed, and digits
// that OCR took for letters in dates. What the words were is kept in repaired.
func remark(n normalised) normalised {
	n.low = fold(n.text)
	s, low := n.text, n.low
	t := words()
	buf := tokenBuffers.Get().(*[]token)
	toks := tokens((*buf)[:0], s, low, t)
	defer func() {
		*buf = toks
		tokenBuffers.Put(buf)
	}()
	if len(toks) == 0 {
		return n
	}
	all := bareShare(toks, 0, len(toks))
	for a := 0; a < len(toks); {
		b := a + 1
		for b < len(toks) && !toks[b].newline {
			b++
		}
		whole := all || bareShare(toks, a, b)
		for k := a; k < b; k++ {
			toks[k].bareLine = whole
		}
		a = b
	}
	t.choose(toks)
	return rewrite(n, s, toks, t)
}

// token is a word, a number, or a symbol that stands apart.
type token struct {
	start, end int32
	id, better uint32 // id in the table; what the word is taken for, +1
	letters    string // without marks; empty for a marked word that the table knows
	word       bool   // a word that may be looked at
	known      bool   // id is in the table
	number     bool
	marked     bool // has a letter with a mark
	joined     bool // the token before belongs to the same clause
	newline    bool // a line begins with it
	bareLine   bool // its line or text lacks the marks
	name       bool // a capitalised word behind another one
}

// tokenBuffers spare an allocation as long as the text for each reading.
var tokenBuffers = sync.Pool{New: func() any { return new([]token) }}

// tokens adds the words of the text to out; symbols and abbreviations are left as they are.
func tokens(out []token, s, low string, t *wordTable) []token {
	number, hasNumber := t.ids[numberToken]
	joined, newline, prevName := false, true, false
	for i := 0; i < len(s); {
		ok, w := letterAt(low, i)
		if !ok {
			switch c := s[i]; c {
			case '\n':
				newline = true
			case ' ', ',', '-', '"', '(', ':':
			default:
				joined = false
			}
			i += max(w, 1)
			continue
		}
		e, marked, digit := i, false, false
		for e < len(low) {
			c := low[e]
			w := int(letterWidth[c])
			if w == 0 || e+w > len(low) || c == 0xC3 && (low[e+1] == 0x97 || low[e+1] == 0xB7) {
				break
			}
			marked, digit = marked || w > 1, digit || isDigit(c)
			e += w
		}
		k := token{start: int32(i), end: int32(e), joined: joined, newline: newline}
		joined, newline = true, false
		switch {
		case isDigit(s[i]):
			k.number, k.id, k.known = true, number, hasNumber
		case digit || symbolPart(s, i, e):
			k.joined, joined, prevName = false, false, false
		default:
			k.word = true
			k.marked = marked
			k.id, k.known = t.ids[low[i:e]]
			switch {
			case !k.marked:
				k.letters = low[i:e]
			case !k.known:
				k.letters = bare(low[i:e])
			}
			capital := upperAt(s, i) && lowerAt(s, i+w)
			k.name = capital && prevName
			prevName = capital
		}
		out = append(out, k)
		i = e
	}
	return out
}

// symbolPart tells whether the word belongs to a symbol or address: a stroke or an at stands at it.
func symbolPart(s string, a, b int) bool {
	if a > 0 && strings.IndexByte("/@.", s[a-1]) >= 0 && a > 1 && s[a-2] != ' ' || b < len(s) && strings.IndexByte("/@", s[b]) >= 0 || b+1 < len(s) && s[b] == '.' && isAlnum(s[b+1]) {
		return true
	}
	return a > 0 && s[a-1] == '-' && a > 1 && isAlnum(s[a-2]) && upperAt(s, a)
}

// bareShare tells whether the words of toks[a:b] lack their marks: hardly any has one, and most are words that have
// one in official papers.
func bareShare(toks []token, a, b int) bool {
	n, marked, like := 0, 0, 0
	t := words()
	for _, k := range toks[a:b] {
		if !k.word {
			continue
		}
		n++
		if k.marked {
			marked++
		} else if len(t.marks[k.letters]) > 0 {
			like++
		}
	}
	return n >= bareLine && marked*20 < n && like*4 >= n*3
}

// choose finds for the words that may lack marks what they are, by the best chain of neighbours.
func (t *wordTable) choose(toks []token) {
	for a := 0; a < len(toks); {
		if !toks[a].doubtful(t) {
			a++
			continue
		}
		b := a + 1
		for b < len(toks) && toks[b].joined && toks[b].doubtful(t) {
			b++
		}
		t.chain(toks, a, b)
		a = b
	}
}

// doubtful tells whether a word may be another one without or with other marks.
func (k *token) doubtful(t *wordTable) bool {
	return k.word && (k.bareLine && !k.marked || !k.known && !k.name) && len(t.marks[k.letters]) > 0
}

// mostChoices bounds the words that one run of letters may stand for.
const mostChoices = 8

// chain chooses for toks[a:b], all doubtful, the likeliest words between their neighbours.
func (t *wordTable) chain(toks []token, a, b int) {
	type step struct {
		id    uint32
		score int
		back  int
	}
	steps := make([][]step, 0, b-a)
	for i := a; i < b; i++ {
		k := &toks[i]
		choices := t.marks[k.letters]
		choices = choices[:min(len(choices), mostChoices)]
		row := make([]step, 0, len(choices))
		for _, id := range choices {
			best := step{id: id, back: -1}
			switch {
			case i > a:
				best.score = -1
				for j, prev := range steps[i-a-1] {
					if s := prev.score + t.weight(prev.id, id, true); s > best.score {
						best.score, best.back = s, j
					}
				}
			case k.joined && i > 0 && toks[i-1].known:
				best.score = t.weight(toks[i-1].id, id, true)
			default:
				best.score = t.weight(0, id, false)
			}
			if i == b-1 && i+1 < len(toks) && toks[i+1].joined && toks[i+1].known {
				best.score += 6 * bits.Len(uint(t.pairs[pairKey(id, toks[i+1].id)]))
			}
			row = append(row, best)
		}
		steps = append(steps, row)
	}
	at := 0
	last := steps[len(steps)-1]
	for j := range last {
		if last[j].score > last[at].score {
			at = j
		}
	}
	for i := b - 1; i >= a; i-- {
		st := steps[i-a][at]
		k := &toks[i]
		if (t.words[st.id] != k.letters || k.marked) && (k.bareLine || t.borneOut(toks, i, st.id)) {
			k.better = st.id + 1
			k.id, k.known = st.id, true
		}
		at = max(st.back, 0)
	}
}

// borneOut tells whether a neighbour shows that the word at i is id.
func (t *wordTable) borneOut(toks []token, i int, id uint32) bool {
	if toks[i].joined && i > 0 && toks[i-1].known && t.pairs[pairKey(toks[i-1].id, id)] > 1 {
		return true
	}
	return i+1 < len(toks) && toks[i+1].joined && toks[i+1].known && t.pairs[pairKey(id, toks[i+1].id)] > 1
}

// rewrite writes the text anew with what the words were taken for.
func rewrite(n normalised, s string, toks []token, t *wordTable) normalised {
	dates := letterDates(s)
	changed := len(dates)
	for _, k := range toks {
		if k.better > 0 {
			changed++
		}
	}
	if changed == 0 {
		return n
	}
	under := n.offsets
	next := normalised{changes: n.changes, glued: n.glued, repaired: map[int]string{}}
	next.offsets.inLen, next.offsets.under = len(s), &under
	out := make([]byte, 0, len(s)+len(s)/4)
	from, c := 0, 0
	copyTo := func(to int) {
		next.offsets.note(len(out), from)
		for c < len(n.cells) && n.cells[c] < to {
			next.cells = append(next.cells, len(out)+n.cells[c]-from)
			c++
		}
		out = append(out, s[from:to]...)
		from = to
	}
	put := func(start, end int, w string) {
		copyTo(start)
		next.offsets.note(len(out), start)
		next.repaired[len(out)] = s[start:end]
		out = append(out, w...)
		from = end
	}
	d := 0
	bareWords := 0
	for _, k := range toks {
		start, end := int(k.start), int(k.end)
		for d < len(dates) && dates[d].Start <= start {
			if dates[d].Start >= from {
				put(dates[d].Start, dates[d].End, readDigits(fold(s[dates[d].Start:dates[d].End])))
				next.changes["letters in dates"]++
			}
			d++
		}
		if k.better == 0 || start < from {
			continue
		}
		put(start, end, likeCase(t.words[k.better-1], s[start:end]))
		if k.bareLine {
			bareWords++
		} else {
			next.changes["mark lost"]++
		}
	}
	if bareWords > 0 {
		next.changes["marks put back"] = bareWords
		next.unmarked = bareWords*3 > len(toks)
	}
	copyTo(len(s))
	next.text = string(out)
	next.low = fold(next.text)
	return next
}

// likeCase writes a word in the capitals of the one it is for.
func likeCase(w, as string) string {
	u, l := cases(as)
	switch {
	case u > 1 && l == 0, u == 1 && l == 0 && len(as) == 1:
		return strings.ToUpper(w)
	case upperAt(as, 0):
		r := []rune(w)
		r[0] = unicode.ToUpper(r[0])
		return string(r)
	}
	return w
}

// letterDates finds dates in which OCR took digits for letters: "25/l2/2022".
func letterDates(s string) []Span {
	var out []Span
	for i := 0; i < len(s); i++ {
		if s[i] != '/' || i == 0 || !dateChar(s[i-1]) {
			continue
		}
		a, b := i, i+1
		for a > 0 && dateChar(s[a-1]) && i-a < 3 {
			a--
		}
		strokes := 1
		for b < len(s) && (dateChar(s[b]) || s[b] == '/' && strokes < 2) && b-i < 9 {
			if s[b] == '/' {
				strokes++
			}
			b++
		}
		letters, digits := 0, 0
		for _, c := range []byte(s[a:b]) {
			if isDigit(c) {
				digits++
			} else if c != '/' {
				letters++
			}
		}
		if strokes == 2 && letters > 0 && digits >= 4 && b-a >= 8 && !letterBefore(s, a) && wordEnd(s, b-1) == b {
			out = append(out, Span{a, b})
		}
		i = b
	}
	return out
}

func dateChar(c byte) bool {
	return isDigit(c) || c == 'l' || c == 'O' || c == 'o' || c == 'I' || c == 'i'
}
