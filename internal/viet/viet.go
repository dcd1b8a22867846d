// Package viet holds what is particular to Vietnamese text: folding for search, collation, tone placement.
//
// Text is stored in NFC. It is compared and searched folded: without case, marks, đ and tone placement, so that "thanh hoa", "Thanh Hóa"
// and "Thanh Hoá" are the same. It is sorted by the Vietnamese alphabet, people by their given name.
package viet

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// NFC returns s in the composed form in which text is stored.
func NFC(s string) string { return norm.NFC.String(s) }

// Fold returns the form in which text is compared and searched: lower case, no marks, d for đ, runs of white space as one space, none
// at the ends. Letters of other scripts keep their form in lower case.
func Fold(s string) string {
	if !norm.NFC.IsNormalString(s) {
		s = norm.NFC.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == ' ' || c >= '\t' && c <= '\r':
				space = true
				continue
			case c >= 'A' && c <= 'Z':
				c += 'a' - 'A'
			}
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteByte(c)
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case unicode.Is(unicode.Mn, r), r == '\u200b', r == '\ufeff', r == '\u00ad':
			continue
		}
		f, ok := folds[r]
		if !ok {
			f = foldRune(r)
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(f)
	}
	return b.String()
}

// folds maps every Vietnamese letter, in both cases, to its ASCII letter.
var folds = func() map[rune]rune {
	m := map[rune]rune{'đ': 'd', 'Đ': 'd', 'ð': 'd', 'Ð': 'd'}
	for _, r := range "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ" {
		m[r] = foldRune(r)
		m[unicode.ToUpper(r)] = foldRune(r)
	}
	return m
}()

func foldRune(r rune) rune {
	d := norm.NFD.String(string(r))
	f, _ := utf8.DecodeRuneInString(d)
	return unicode.ToLower(f)
}

var collators = sync.Pool{New: func() any { return collate.New(language.Vietnamese) }}

// Compare orders text by the Vietnamese alphabet: a ă â … d đ e ê …; it returns -1, 0 or 1. Safe for concurrent use.
func Compare(a, b string) int {
	c := collators.Get().(*collate.Collator)
	defer collators.Put(c)
	return c.CompareString(a, b)
}

// SortKey returns bytes that sort as Compare does, for a column by which a list is ordered.
func SortKey(s string) []byte {
	c := collators.Get().(*collate.Collator)
	defer collators.Put(c)
	var buf collate.Buffer
	return append([]byte(nil), c.KeyFromString(&buf, s)...)
}

// GivenNameFirst returns a personal name with the given name in front, the form by which people are sorted: "An Lường Văn".
func GivenNameFirst(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return name
	}
	last := len(words) - 1
	return words[last] + " " + strings.Join(words[:last], " ")
}

// CompareNames orders people by given name, then by the rest.
func CompareNames(a, b string) int { return Compare(GivenNameFirst(a), GivenNameFirst(b)) }

// oldTone maps the newer placement of the tone in oa, oe, uy (hoà, khoẻ, thuỷ) to the older one (hòa, khỏe, thủy) that the interface uses.
var oldTone = strings.NewReplacer(
	"oà", "òa", "oá", "óa", "oả", "ỏa", "oã", "õa", "oạ", "ọa", "oè", "òe", "oé", "óe", "oẻ", "ỏe", "oẽ", "õe", "oẹ", "ọe",
	"uỳ", "ùy", "uý", "úy", "uỷ", "ủy", "uỹ", "ũy", "uỵ", "ụy",
	"Oà", "Òa", "Oá", "Óa", "Oả", "Ỏa", "Oã", "Õa", "Oạ", "Ọa", "Uỳ", "Ùy", "Uý", "Úy", "Uỷ", "Ủy", "Uỹ", "Ũy", "Uỵ", "Ụy")

// OldTone writes hòa for hoà where the syllable ends there; "hoàn", "quý" and "quỳ" stay, for there the tone has one place only.
func OldTone(s string) string {
	words := strings.FieldsFunc(NFC(s), func(r rune) bool { return !unicode.IsLetter(r) })
	out := NFC(s)
	for _, w := range words {
		if n := changeTone(w); n != w {
			out = replaceWord(out, w, n)
		}
	}
	return out
}

func changeTone(w string) string {
	r := []rune(w)
	if len(r) < 2 {
		return w
	}
	if len(r) > 2 && unicode.ToLower(r[len(r)-3]) == 'q' {
		return w
	}
	return string(r[:len(r)-2]) + oldTone.Replace(string(r[len(r)-2:]))
}

func replaceWord(s, old, new string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, old)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[i+len(old):])
		b.WriteString(s[:i])
		if unicode.IsLetter(before) || unicode.IsLetter(after) {
			b.WriteString(old)
		} else {
			b.WriteString(new)
		}
		s = s[i+len(old):]
	}
}
