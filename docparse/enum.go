package docparse

import (
	"strings"
	"unicode/utf8"
)

// enumKind is a level of enumeration of an official document (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.5: phần,
// chương, mục, điều, khoản, điểm) and what is used in plans beside it.
type enumKind int

const (
	noEnum  enumKind = iota
	part             // Phần thứ nhất, Phần I
	chapter          // Chương II
	letters          // A.
	roman            // I.
	section          // Mục 1
	article          // Điều 1.
	number           // 1.
	number2          // 1.1.
	number3          // 1.1.1.
	point            // a)
	paren            // 1) or (1)
	bullet           // - + • *
)

// enumMark is the enumeration mark at the start of a paragraph.
type enumMark struct {
	kind  enumKind
	label string // I, 1.1, a, đ, Điều 2, -
	after int    // position of the text behind the mark
	sub   byte   // the sign of a bullet
}

// enumAt reads the mark at the start of s[i:end].
func enumAt(s string, i, end int) enumMark {
	if i >= end {
		return enumMark{}
	}
	skip := func(k int) int {
		for k < end && (s[k] == ' ' || s[k] == '.' && k+1 < end && s[k+1] == ' ') {
			k++
		}
		return k
	}
	c := s[i]
	switch {
	case c == '-' || c == '+' || c == '*':
		k := i
		for k < end && s[k] == c {
			k++
		}
		if k-i == 1 && k < end {
			return enumMark{bullet, s[i:k], skip(k), c}
		}
		return enumMark{}
	case c == 0xE2:
		for _, b := range []string{"–", "—", "•", "●", "▪", "■", "◦", "►", "✓", "→"} {
			if strings.HasPrefix(s[i:end], b) && i+len(b) < end {
				sub := byte('-')
				if b != "–" && b != "—" {
					sub = '.'
				}
				return enumMark{bullet, "-", skip(i + len(b)), sub}
			}
		}
		return enumMark{}
	case c == 0xC2 && strings.HasPrefix(s[i:end], "· "):
		return enumMark{bullet, "-", skip(i + 2), '.'}
	case c == '(':
		k := i + 1
		for k < end && isDigit(s[k]) && k-i < 4 {
			k++
		}
		if k > i+1 && k+1 < end && s[k] == ')' && s[k+1] == ' ' {
			return enumMark{paren, s[i+1 : k], skip(k + 1), 0}
		}
		return enumMark{}
	case isDigit(c):
		return digitMark(s, i, end, skip)
	}
	if m := wordMark(s, i, end, skip); m.kind != noEnum {
		return m
	}
	// Roman numbers and letters.
	k := i
	for k < end && strings.IndexByte("IVXL", s[k]) >= 0 && k-i < 6 {
		k++
	}
	if k > i && k+6 < end && isRoman(s[i:k]) {
		switch {
		case strings.IndexByte("./):-", s[k]) >= 0 && (s[k+1] == ' ' || s[k] != '/' && upperAt(s, k+1)):
			return enumMark{roman, s[i:k], skip(k + 1), 0}
		case strings.HasPrefix(s[k:], " - ") || strings.HasPrefix(s[k:], " – "):
			return enumMark{roman, s[i:k], skip(k + strings.IndexByte(s[k+1:], ' ') + 1), 0}
		}
	}
	r, w := utf8.DecodeRuneInString(s[i:end])
	k = i + w
	if k+1 < end && (s[k] == ')' || s[k] == '.' || s[k] == '/') {
		next := s[k+1] == ' ' || s[k] == ')'
		switch {
		case next && (r >= 'a' && r <= 'z' || r == 'đ'):
			if s[k] == '/' && s[k+1] != ' ' {
				break
			}
			return enumMark{point, s[i:k], skip(k + 1), 0}
		case next && r >= 'A' && r <= 'H' && s[k] == '.' && s[k+1] == ' ' && capitals(s[k+1:min(end, k+60)]):
			return enumMark{letters, s[i:k], skip(k + 1), 0}
		}
	}
	return enumMark{}
}

func isRoman(s string) bool {
	switch s {
	case "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX":
		return true
	}
	return false
}

// digitMark reads 1. 1.1. 1.1.1. 1) 1/ and tells them from dates, numbers and times.
func digitMark(s string, i, end int, skip func(int) int) enumMark {
	k, dots := i, 0
	for k < end && k-i < 12 {
		d := k
		for k < end && isDigit(s[k]) {
			k++
		}
		if k-d == 0 || k-d > 2 {
			return enumMark{}
		}
		if k+1 < end && s[k] == '.' && isDigit(s[k+1]) {
			dots++
			k++
			continue
		}
		break
	}
	if k >= end {
		return enumMark{}
	}
	label := s[i:k]
	kind := number + enumKind(min(dots, 2))
	switch s[k] {
	case '.', ')', '/':
		if s[k] == ')' && dots == 0 {
			kind = paren
		}
		if k+1 < end && (s[k+1] == ' ' || s[k] != '/' && !isDigit(s[k+1]) && s[k+1] != '.') {
			if s[k] == '/' && !(upperAt(s, skip(k+1))) {
				return enumMark{}
			}
			return enumMark{kind, label, skip(k + 1), 0}
		}
	case ' ':
		// "1.1 Tăng cường": the last dot is often left out, but only below the first level.
		if dots > 0 && upperAt(s, skip(k)) {
			return enumMark{kind, label, skip(k), 0}
		}
	case '-':
		if dots == 0 && k+1 < end && s[k+1] == ' ' && upperAt(s, skip(k+1)) || dots == 0 && k+1 < end && upperAt(s, k+1) && !upperAt(s, k+2) && lowerAt(s, k+2) {
			return enumMark{kind, label, skip(k + 1), 0}
		}
	}
	return enumMark{}
}

// wordMark reads Phần, Chương, Mục, Điều.
func wordMark(s string, i, end int, skip func(int) int) enumMark {
	c := s[i]
	if c != 'P' && c != 'C' && c != 'M' && c != 0xC4 && c != 'D' || i+2 >= end {
		return enumMark{}
	}
	switch s[i+1] { // Phần, Chương, Mục, Điều, in capitals or not
	case 'h', 'H': // ầ and Ầ begin with E1 BA, ư and Ư with C6
		if third := s[i+2]; third != 0xE1 && third != 0xC6 {
			return enumMark{}
		}
	case 0xE1, 0x90, 'i', 'I':
	default:
		return enumMark{}
	}
	low := fold(s[i:min(end, i+40)])
	for _, w := range []struct {
		word string
		kind enumKind
	}{{"điều ", article}, {"chương ", chapter}, {"mục ", section}, {"phần thứ ", part}, {"phần ", part}} {
		if !strings.HasPrefix(low, w.word) {
			continue
		}
		k := len(w.word)
		e := wordEnd(low, k)
		id := s[i+k : i+e]
		switch {
		case id == "":
			return enumMark{}
		case w.kind == part && w.word == "phần thứ ":
		case !isDigit(id[0]) && !isRoman(id):
			return enumMark{}
		case len(id) > 5:
			return enumMark{}
		}
		at := i + e
		if w.kind == article && !(at >= end || s[at] == '.' || s[at] == ':' || s[at] == ' ' && upperAt(s, at+1)) {
			return enumMark{} // "Điều 11 Luật" is a citation, but so is "Điều 1 Quyết định": the caller looks at the order
		}
		if w.kind == article && at < end && s[at] == ' ' {
			return enumMark{}
		}
		if at < end && (s[at] == '.' || s[at] == ':') {
			at++
		}
		return enumMark{w.kind, s[i : i+e], skip(at), 0}
	}
	return enumMark{}
}
