package ui

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// Mark is a place in a text: bytes from Start to End, with the id that links lead to and what was found there.
type Mark struct {
	Start, End int
	ID         string
	Title      string
	Back       string // address of the value, for the way back
	Tone       Tone
}

// SourceSpan is a run of a paragraph, marked or not.
type SourceSpan struct {
	Text string
	Mark *Mark
}

// SourcePara is a paragraph of a source.
type SourcePara struct {
	Class string // "", centre, right, strong
	Spans []SourceSpan
}

// Marked cuts a text into paragraphs at line ends and lays the marks over them. Marks that overlap an earlier one, or do not lie on the
// borders of characters inside the text, are left out; one over several paragraphs is marked in each, and its id stands at the first.
func Marked(text string, marks []Mark) []SourcePara {
	return MarkedAs(text, marks, func(start, end int) string { return text[start:end] })
}

// MarkedAs is Marked for a text that is shown otherwise than it is: say gives how a part of it is shown.
func MarkedAs(text string, marks []Mark, say func(start, end int) string) []SourcePara {
	marks = append([]Mark(nil), marks...)
	sort.SliceStable(marks, func(i, j int) bool { return marks[i].Start < marks[j].Start })
	var out []SourcePara
	at, next := 0, 0
	placed := map[string]bool{}
	owner, covered := -1, 0 // the mark that reaches farthest so far, and where it ends
	for line := range strings.SplitSeq(text, "\n") {
		end := at + len(line)
		var p SourcePara
		pos := at
		for i := next; i < len(marks); i++ {
			m := marks[i]
			if m.Start >= end {
				break
			}
			from, to := max(m.Start, pos), min(m.End, end)
			if m.Start < 0 || m.End > len(text) || from >= to || i != owner && m.Start < covered || !onRune(text, m.Start) || !onRune(text, m.End) {
				continue
			}
			owner, covered = i, m.End
			if from > pos {
				p.Spans = append(p.Spans, SourceSpan{Text: say(pos, from)})
			}
			mark := m
			if placed[m.ID] {
				mark.ID = ""
			}
			placed[m.ID] = true
			p.Spans = append(p.Spans, SourceSpan{say(from, to), &mark})
			pos = to
		}
		for next < len(marks) && marks[next].End <= end {
			next++
		}
		if pos < end {
			p.Spans = append(p.Spans, SourceSpan{Text: say(pos, end)})
		}
		if len(p.Spans) > 0 {
			out = append(out, p)
		}
		at = end + 1
	}
	return out
}

func onRune(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }

// Found is a value read from a source.
type Found struct {
	ID, Label, Value string
	Body             templ.Component // instead of Value
	Source           string          // address of the mark in the text, "" when it was typed
	Tag              string
	Tone             Tone
	Note             string
}

// Piece is a run of words in a comparison.
type Piece struct {
	Text    string
	Changed bool
}

// maxCompare bounds the work of comparing two texts word by word; longer ones are shown as changed whole.
const maxCompare = 4_000_000

// Compare finds the words that were taken out of one text and put into another.
func Compare(before, after string) (old, new []Piece) {
	a, b := words(before), words(after)
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	x, y := a[start:len(a)-end], b[start:len(b)-end]
	add := func(list *[]Piece, text string, changed bool) {
		if n := len(*list); n > 0 && (*list)[n-1].Changed == changed {
			(*list)[n-1].Text += text
		} else if text != "" {
			*list = append(*list, Piece{text, changed})
		}
	}
	both := func(text string) { add(&old, text, false); add(&new, text, false) }
	both(strings.Join(a[:start], ""))
	if len(x)*len(y) > maxCompare {
		add(&old, strings.Join(x, ""), true)
		add(&new, strings.Join(y, ""), true)
	} else {
		// longest common subsequence
		lcs := make([][]int32, len(x)+1)
		for i := range lcs {
			lcs[i] = make([]int32, len(y)+1)
		}
		for i := len(x) - 1; i >= 0; i-- {
			for j := len(y) - 1; j >= 0; j-- {
				if x[i] == y[j] {
					lcs[i][j] = lcs[i+1][j+1] + 1
				} else {
					lcs[i][j] = max(lcs[i+1][j], lcs[i][j+1])
				}
			}
		}
		i, j := 0, 0
		for i < len(x) || j < len(y) {
			switch {
			case i < len(x) && j < len(y) && x[i] == y[j]:
				both(x[i])
				i++
				j++
			case j == len(y) || i < len(x) && lcs[i+1][j] >= lcs[i][j+1]:
				add(&old, x[i], true)
				i++
			default:
				add(&new, y[j], true)
				j++
			}
		}
	}
	both(strings.Join(a[len(a)-end:], ""))
	return old, new
}

// words cuts a text into words, each with the space after it.
func words(s string) []string {
	var out []string
	for s != "" {
		i := strings.IndexAny(s, " \n\t")
		if i < 0 {
			return append(out, s)
		}
		for i < len(s) && strings.ContainsRune(" \n\t", rune(s[i])) {
			i++
		}
		out, s = append(out, s[:i]), s[i:]
	}
	return out
}

// Change is one row of a comparison of two versions. Note says what follows: "+12", "18,5 %".
type Change struct {
	Label, Before, After, Note string
	Path                       string
	Tone                       Tone
}

// Same tells whether nothing changed.
func (c Change) Same() bool { return c.Before == c.After }

// Changes compares two versions field by field.
type Changes struct {
	Title, Before, After string // the captions of the two versions
	Rows                 []Change
}

// Changed counts the rows that differ.
func (c Changes) Changed() int {
	n := 0
	for _, r := range c.Rows {
		if !r.Same() {
			n++
		}
	}
	return n
}
