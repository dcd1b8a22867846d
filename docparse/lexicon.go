package docparse

import (
	"math/bits"
	"sort"
	"strings"
)

// lexicon finds phrases at a position of folded text: the longest phrase that begins there and ends at a word border.
type lexicon struct {
	byWord map[string][]phrase
	heads  [16]uint64  // which two bytes may begin a first word, by a hash
	seen   [128]uint64 // which first words may be in the map, by a hash of their ends and length
}

func hashHead(a, b byte) uint {
	return (uint(a)*7 + uint(b)*37) & 1023
}

func hashWord(s string, i, e int) uint {
	return (uint(s[i])*33 + uint(s[i+1])*131 + uint(s[e-1])*17 + uint(s[e-2])*257 + uint(e-i)*7) & 8191
}

type phrase struct {
	text string
	tag  int
}

// phrases makes a lexicon whose phrases carry the tag 1 + index of their group. Phrases of a group are parted by "|".
func phrases(groups ...string) *lexicon {
	l := &lexicon{byWord: map[string][]phrase{}}
	for tag, g := range groups {
		for p := range strings.SplitSeq(g, "|") {
			p = strings.Join(strings.Fields(fold(p)), " ")
			if p == "" {
				continue
			}
			first := p[:wordEnd(p, 0)]
			l.byWord[first] = append(l.byWord[first], phrase{p, tag + 1})
			if len(first) > 1 {
				h := hashWord(first, 0, len(first))
				l.seen[h/64] |= 1 << (h % 64)
				h = hashHead(first[0], first[1])
				l.heads[h/64] |= 1 << (h % 64)
				continue
			}
			for next := range 256 { // a word of one letter, whatever stands behind it
				h := hashHead(first[0], byte(next))
				l.heads[h/64] |= 1 << (h % 64)
			}
		}
	}
	for _, ps := range l.byWord {
		sort.SliceStable(ps, func(i, j int) bool { return len(ps[i].text) > len(ps[j].text) })
	}
	return l
}

// at returns the end and tag of the longest phrase at i, or 0, 0.
func (l *lexicon) at(low string, i int) (end, tag int) {
	if i+1 < len(low) {
		if h := hashHead(low[i], low[i+1]); l.heads[h/64]&(1<<(h%64)) == 0 {
			return 0, 0
		}
	}
	e := wordEnd(low, i)
	if e == i {
		return 0, 0
	}
	if e-i > 1 {
		if h := hashWord(low, i, e); l.seen[h/64]&(1<<(h%64)) == 0 {
			return 0, 0
		}
	}
	for _, p := range l.byWord[low[i:e]] {
		if strings.HasPrefix(low[i:], p.text) {
			end := i + len(p.text)
			if ok, _ := letterAt(low, end); !ok || !letterBefore(low, end) {
				return end, p.tag
			}
		}
	}
	return 0, 0
}

// starts tells whether a phrase of the lexicon begins at i.
func (l *lexicon) starts(low string, i int) bool {
	e, _ := l.at(low, i)
	return e > 0
}

// find returns the first phrase in low[from:to].
func (l *lexicon) find(low string, from, to int) (start, end, tag int) {
	low = low[:max(from, to)]
	for i := from; i < to; i++ {
		if i+1 < to {
			if h := hashHead(low[i], low[i+1]); l.heads[h/64]&(1<<(h%64)) == 0 {
				continue
			}
		}
		if i > from && letterBefore(low, i) {
			continue // inside a word
		}
		if e, t := l.at(low, i); e > 0 {
			return i, e, t
		}
	}
	return -1, -1, 0
}

// has tells whether a phrase of the lexicon stands in low[from:to].
func (l *lexicon) has(low string, from, to int) bool {
	s, _, _ := l.find(low, from, to)
	return s >= 0
}

// last returns the last phrase in low[from:to].
func (l *lexicon) last(low string, from, to int) (start, end, tag int) {
	start, end = -1, -1
	for from < to {
		s, e, t := l.find(low, from, to)
		if s < 0 {
			break
		}
		start, end, tag = s, e, t
		from = wordEnd(low, s)
	}
	return
}

// pieceSet finds pieces of text wherever they stand, at word borders or not, in one pass.
type pieceSet struct {
	words  []string
	first  [256]uint16 // the words that have a byte at their start, as bits
	second [256]uint16 // the same for the byte behind it
}

// pieces makes a set of at most sixteen pieces of two bytes or more.
func pieces(words ...string) *pieceSet {
	x := &pieceSet{words: words}
	for i, w := range words {
		x.first[w[0]] |= 1 << i
		x.second[w[1]] |= 1 << i
	}
	return x
}

// find returns the pieces that stand in low as bits; with first it stops at the first one.
func (x *pieceSet) find(low string, first bool) uint16 {
	var found uint16
	for i := range len(low) - 1 {
		for left := x.first[low[i]] & x.second[low[i+1]] &^ found; left != 0; left &= left - 1 {
			n := bits.TrailingZeros16(left)
			if strings.HasPrefix(low[i:], x.words[n]) {
				found |= 1 << n
				if first {
					return found
				}
			}
		}
	}
	return found
}

// in tells whether one of the pieces stands in low.
func (x *pieceSet) in(low string) bool { return x.find(low, true) != 0 }

// count tells how many of the pieces stand in low.
func (x *pieceSet) count(low string) int { return bits.OnesCount16(x.find(low, false)) }
