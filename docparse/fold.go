package docparse

import "unicode/utf8"

// fold returns s in lower case with the tone on the older place (hoà → hòa, uỷ → ủy), byte for byte as long as s, so
// that a position in the one is a position in the other. All grammars compare folded text.
func fold(s string) string {
	out := make([]byte, len(s))
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			out[i] = c
			i++
			continue
		}
		r, w := utf8.DecodeRuneInString(s[i:])
		if l := lower(r); l != r && utf8.RuneLen(l) == w {
			utf8.EncodeRune(out[i:], l)
		} else {
			copy(out[i:], s[i:i+w])
		}
		i += w
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

// toneShift maps a toned second vowel to the toned first vowel it takes its tone from in the older spelling.
var toneShift = map[rune]struct {
	first  string // after o or u
	second byte
	after  byte
}{
	'à': {"ò", 'a', 'o'}, 'á': {"ó", 'a', 'o'}, 'ả': {"ỏ", 'a', 'o'}, 'ã': {"õ", 'a', 'o'}, 'ạ': {"ọ", 'a', 'o'},
	'è': {"ò", 'e', 'o'}, 'é': {"ó", 'e', 'o'}, 'ẻ': {"ỏ", 'e', 'o'}, 'ẽ': {"õ", 'e', 'o'}, 'ẹ': {"ọ", 'e', 'o'},
	'ỳ': {"ù", 'y', 'u'}, 'ý': {"ú", 'y', 'u'}, 'ỷ': {"ủ", 'y', 'u'}, 'ỹ': {"ũ", 'y', 'u'}, 'ỵ': {"ụ", 'y', 'u'},
}

func placeTones(b []byte) {
	for i := 0; i+2 < len(b); i++ {
		if b[i] != 'o' && b[i] != 'u' || b[i+1] < utf8.RuneSelf {
			continue
		}
		r, w := utf8.DecodeRune(b[i+1:])
		t, ok := toneShift[r]
		if !ok || t.after != b[i] || len(t.first) != w || b[i] == 'u' && i > 0 && b[i-1] == 'q' {
			continue
		}
		if end := i + 1 + w; end < len(b) && (isAlnum(b[end]) || b[end] >= 0xC3 && b[end] != 0xE2) {
			continue // a closed syllable is spelt alike in both ways
		}
		copy(b[i:], t.first)
		b[i+w] = t.second
	}
}

// letterAt tells whether a letter or digit begins at i, and how long it is.
func letterAt(s string, i int) (bool, int) {
	if i >= len(s) {
		return false, 0
	}
	c := s[i]
	if c < utf8.RuneSelf {
		return isAlnum(c), 1
	}
	r, w := utf8.DecodeRuneInString(s[i:])
	return r >= 0xC0 && r < 0x2000 && r != 0xD7 && r != 0xF7, w
}

// letterBefore tells whether the character that ends at i is a letter or digit.
func letterBefore(s string, i int) bool {
	if i <= 0 {
		return false
	}
	if c := s[i-1]; c < utf8.RuneSelf {
		return isAlnum(c)
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return r >= 0xC0 && r < 0x2000 && r != 0xD7 && r != 0xF7
}

// wordEnd returns the end of the word that begins at i; i itself when there is none.
func wordEnd(s string, i int) int {
	for i < len(s) {
		ok, w := letterAt(s, i)
		if !ok {
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
