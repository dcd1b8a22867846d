package docparse

import "unicode/utf8"

// fold returns s in lower case with the tone on the older place (hoà → hòa, uỷ → ủy), byte for byte as long as s, so
// that a position in the one is a position in the other. All grammars compare folded text.
func fold(s string) string {
	out := []byte(s)
	for i := 0; i < len(out); {
		c := out[i]
		switch {
		case c < utf8.RuneSelf:
			if c >= 'A' && c <= 'Z' {
				out[i] = c + 'a' - 'A'
			}
			i++
		case c == 0xC3 && i+1 < len(out): // À to Þ
			if d := out[i+1]; d >= 0x80 && d <= 0x9E && d != 0x97 {
				out[i+1] = d + 0x20
			}
			i += 2
		case c == 0xC4 && i+1 < len(out): // Ă, Đ, Ĩ
			if d := out[i+1]; d <= 0xB7 {
				out[i+1] = d | 1
			}
			i += 2
		case c == 0xC5 && i+1 < len(out): // Ũ
			if d := out[i+1]; d >= 0x8A && d <= 0xB7 {
				out[i+1] = d | 1
			}
			i += 2
		case c == 0xC6 && i+1 < len(out): // Ơ, Ư
			if d := out[i+1]; d == 0xA0 || d == 0xAF {
				out[i+1] = d + 1
			}
			i += 2
		case c == 0xE1 && i+2 < len(out) && out[i+1] >= 0xB8 && out[i+1] <= 0xBB: // the letters with two marks
			out[i+2] |= 1
			i += 3
		default:
			i++
		}
	}
	placeTones(out)
	return string(out)
}

// lower maps the capitals of Vietnamese; other letters with another length in lower case stay as they are.
func lower(r rune) rune {
	switch {
	case r >= 0xC0 && r <= 0xDE && r != 0xD7:
		return r + 0x20
	case r >= 0x100 && r <= 0x137, r >= 0x14A && r <= 0x177, r >= 0x1E00 && r <= 0x1EFF:
		return r | 1
	case r == 0x1A0 || r == 0x1AF:
		return r + 1
	}
	return r
}

// toneShift gives for a toned second vowel the toned first vowel that takes its tone in the older spelling, the second vowel
// without it, and the first vowel behind which that holds; "" for every other letter.
func toneShift(r rune) (first string, second, after byte) {
	switch r {
	case 'à':
		return "ò", 'a', 'o'
	case 'á':
		return "ó", 'a', 'o'
	case 'ả':
		return "ỏ", 'a', 'o'
	case 'ã':
		return "õ", 'a', 'o'
	case 'ạ':
		return "ọ", 'a', 'o'
	case 'è':
		return "ò", 'e', 'o'
	case 'é':
		return "ó", 'e', 'o'
	case 'ẻ':
		return "ỏ", 'e', 'o'
	case 'ẽ':
		return "õ", 'e', 'o'
	case 'ẹ':
		return "ọ", 'e', 'o'
	case 'ỳ':
		return "ù", 'y', 'u'
	case 'ý':
		return "ú", 'y', 'u'
	case 'ỷ':
		return "ủ", 'y', 'u'
	case 'ỹ':
		return "ũ", 'y', 'u'
	case 'ỵ':
		return "ụ", 'y', 'u'
	}
	return "", 0, 0
}

func placeTones(b []byte) {
	for i := 0; i+2 < len(b); i++ {
		if b[i] != 'o' && b[i] != 'u' || b[i+1] < utf8.RuneSelf {
			continue
		}
		r, w := utf8.DecodeRune(b[i+1:])
		first, second, after := toneShift(r)
		if len(first) != w || after != b[i] || b[i] == 'u' && i > 0 && b[i-1] == 'q' {
			continue
		}
		if end := i + 1 + w; end < len(b) && (isAlnum(b[end]) || b[end] >= 0xC3 && b[end] != 0xE2) {
			continue // a closed syllable is spelt alike in both ways
		}
		copy(b[i:], first)
		b[i+w] = second
	}
}

// The classes of first bytes of characters: alnum and the lead bytes of letters beyond ASCII (U+00C0 to U+1FFF).
const (
	otherByte  = iota
	alnumByte  // a letter or digit by itself
	letterTwo  // leads a letter of two bytes
	letterC3   // the same, but for × and ÷
	letterTail // leads a letter of three bytes
	otherTwo   // leads another character of two, three, four bytes
	otherThree
	otherFour
)

var byteClass = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c < utf8.RuneSelf && isAlnum(byte(c)):
			t[c] = alnumByte
		case c == 0xC3:
			t[c] = letterC3
		case c >= 0xC4 && c <= 0xDF:
			t[c] = letterTwo
		case c == 0xC2:
			t[c] = otherTwo
		case c == 0xE0 || c == 0xE1:
			t[c] = letterTail
		case c >= 0xE2 && c <= 0xEF:
			t[c] = otherThree
		case c >= 0xF0:
			t[c] = otherFour
		}
	}
	return t
}()

// letterAt tells whether a letter or digit begins at i, and how long it is.
func letterAt(s string, i int) (bool, int) {
	if i >= len(s) {
		return false, 0
	}
	switch byteClass[s[i]] {
	case alnumByte:
		return true, 1
	case letterTwo:
		if i+1 < len(s) {
			return true, 2
		}
	case letterC3:
		if i+1 < len(s) {
			return s[i+1] != 0x97 && s[i+1] != 0xB7, 2
		}
	case letterTail:
		if i+2 < len(s) {
			return true, 3
		}
	case otherTwo:
		return false, min(2, len(s)-i)
	case otherThree:
		return false, min(3, len(s)-i)
	case otherFour:
		return false, min(4, len(s)-i)
	}
	return false, 1
}

// letterBefore tells whether the character that ends at i is a letter or digit.
func letterBefore(s string, i int) bool {
	if i <= 0 || i > len(s) {
		return false
	}
	if c := s[i-1]; c < utf8.RuneSelf {
		return byteClass[c] == alnumByte
	}
	k := i - 1
	for k > 0 && i-k < 4 && s[k]&0xC0 == 0x80 {
		k--
	}
	ok, w := letterAt(s, k)
	return ok && k+w == i
}

// letterWidth is the length of the letter or digit that a byte leads, 0 for any other byte.
var letterWidth = func() (t [256]uint8) {
	for c := range t {
		switch byteClass[c] {
		case alnumByte:
			t[c] = 1
		case letterTwo, letterC3:
			t[c] = 2
		case letterTail:
			t[c] = 3
		}
	}
	return t
}()

// wordEnd returns the end of the word that begins at i; i itself when there is none.
func wordEnd(s string, i int) int {
	for i < len(s) {
		w := int(letterWidth[s[i]])
		if w == 0 || i+w > len(s) || s[i] == 0xC3 && (s[i+1] == 0x97 || s[i+1] == 0xB7) {
			break
		}
		i += w
	}
	return i
}

func isUpper(r rune) bool {
	return r >= 'A' && r <= 'Z' || r > 0x7F && lower(r) != r
}

func isLower(r rune) bool {
	switch {
	case r < 0x80:
		return r >= 'a' && r <= 'z'
	case r >= 0xDF && r <= 0xFF:
		return r != 0xF7
	case r >= 0x100 && r <= 0x137, r >= 0x14A && r <= 0x177, r >= 0x1E00 && r <= 0x1EFF:
		return r&1 == 1
	case r == 0x1A1 || r == 0x1B0:
		return true
	}
	return false
}

// upperAt tells whether the character at i is a capital letter.
func upperAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return isUpper(r)
}

// lowerAt tells whether the character at i is a small letter.
func lowerAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return isLower(r)
}

// cases counts capitals and small letters of a line; it stops early once more than a few small letters were seen.
func cases(s string) (upper, lower int) {
	for _, r := range s {
		if isUpper(r) {
			upper++
		} else if isLower(r) {
			if lower++; lower > 12 {
				return
			}
		}
	}
	return
}

// capitals tells whether a line is written in capitals; a few small letters (TTg, OCR damage) are allowed.
func capitals(s string) bool {
	u, l := cases(s)
	return u >= 2 && l <= u/8
}

// window returns the n bytes of s from i on that lie before end, "" where i is not before it: blanks were skipped beyond the end of a
// sentence or paragraph.
func window(s string, i, end, n int) string {
	end = min(end, i+n, len(s))
	if i < 0 || i >= end {
		return ""
	}
	return s[i:end]
}
