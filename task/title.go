package task

import (
	"strconv"
	"strings"
)

// Titles are at most so many characters.
const (
	titleMost  = 100
	titleLeast = 30 // a shorter sentence says too little
	titleComma = 60 // of what ends at a comma or colon: before one often stands a name alone
)

// Title is what a piece of work is called in lists, notices and calendars: its first sentence, or as much of it as ends at a natural
// boundary. Of work in numbered lines it is the first one, with how many more there are.
func Title(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	first, numbered := unnumbered(lines[0])
	more := 0
	if numbered {
		for _, l := range lines[1:] {
			if _, ok := unnumbered(l); ok {
				more++
			}
		}
	}
	title := clause(first)
	if more > 0 {
		title += " và " + strconv.Itoa(more) + " việc khác"
	}
	return title
}

// unnumbered takes "1. " off a line.
func unnumbered(line string) (string, bool) {
	line = strings.TrimSpace(line)
	n := len(line) - len(strings.TrimLeft(line, "0123456789"))
	if n == 0 || !strings.HasPrefix(line[n:], ". ") {
		return line, false
	}
	return strings.TrimSpace(line[n+1:]), true
}

// clause is the first sentence, or the part of it that ends at a semicolon or colon, a comma, or a word.
func clause(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if i := strings.Index(s, ". "); i > 0 && len([]rune(s[:i])) >= titleLeast {
		s = s[:i]
	}
	s = strings.TrimRight(s, ".;: ")
	r := []rune(s)
	if len(r) <= titleMost {
		return s
	}
	cut := 0
	for _, end := range []struct {
		marks string
		least int
	}{{";", titleLeast}, {":", titleComma}, {",", titleComma}, {" ", titleComma}} {
		for i := titleMost - 1; i >= end.least && cut == 0; i-- {
			// "phòng, chống" is one word
			if strings.ContainsRune(end.marks, r[i]) && !strings.HasPrefix(strings.TrimSpace(string(r[i+1:])), "chống") {
				cut = i
			}
		}
		if cut > 0 {
			break
		}
	}
	if cut == 0 {
		cut = titleMost
	}
	return strings.TrimRight(string(r[:cut]), ",;: ") + "…"
}
