package document

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"chungtay/internal/db"
	"chungtay/internal/viet"
)

// word is one word of a text: as written (lower case, older tone placement) and folded.
type word struct{ exact, fold string }

type words []word

const (
	maxWord    = 60        // bytes; longer runs of letters are no words
	maxIndexed = 3_000_000 // bytes of text that are indexed of one paper
)

// wordsOf splits text into words the one way in which it is indexed and searched, on both databases: runs of letters and digits.
func wordsOf(s string) words {
	var out words
	eachWord(viet.NFC(s), func(_, _ int, w word) bool {
		out = append(out, w)
		return true
	})
	return out
}

// eachWord calls f with each word of a text in NFC and its place, until f returns false.
func eachWord(s string, f func(start, end int, w word) bool) {
	for pos := 0; pos < len(s); {
		i := strings.IndexFunc(s[pos:], isWord)
		if i < 0 {
			return
		}
		pos += i
		n := strings.IndexFunc(s[pos:], func(r rune) bool { return !isWord(r) })
		if n < 0 {
			n = len(s) - pos
		}
		if n <= maxWord {
			w := word{exact: strings.ToLower(s[pos : pos+n])}
			if t := strings.TrimLeft(w.exact, "0"); len(t) < n && strings.Trim(w.exact, "0123456789") == "" { // 05 and 5 are one number
				w.exact = t
			}
			if w.fold = viet.Fold(w.exact); w.fold != w.exact {
				w.exact = viet.OldTone(w.exact)
			}
			if w.exact == "" {
				w = word{"0", "0"}
			}
			if w.fold != "" && !f(pos, pos+n, w) {
				return
			}
		}
		pos += n
	}
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

func (w words) exact() string  { return w.join(func(x word) string { return x.exact }) }
func (w words) folded() string { return w.join(func(x word) string { return x.fold }) }

func (w words) join(part func(word) string) string {
	var b strings.Builder
	for i, x := range w {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(part(x))
	}
	return b.String()
}

// The limits of a tsvector: positions up to 16,383, 256 of a word, a megabyte in all. What lies beyond is found by its words, not as a phrase.
const (
	maxPosition  = 16383
	maxPositions = 100
	maxVector    = 900_000
)

// vector writes a tsvector: title words with weight A (as written) and B (folded), the body's with C and D.
func vector(title, body words) string {
	type entry struct {
		word string
		at   []byte
		n    int
	}
	var list []*entry
	byWord := map[string]*entry{}
	size := 0
	add := func(w string, pos int, weight byte) {
		e := byWord[w]
		if e == nil {
			e = &entry{word: w}
			byWord[w] = e
			list = append(list, e)
			size += len(w) + 8
		}
		if e.n >= maxPositions || size > maxVector {
			return
		}
		if e.n > 0 {
			e.at = append(e.at, ',')
		}
		e.at = append(e.at, itoa(min(pos, maxPosition))...)
		e.at = append(e.at, weight)
		e.n++
		size += 2
	}
	pos := 0
	for i, ws := range []words{title, body} {
		for _, w := range ws {
			pos++
			add(w.fold, pos, "BD"[i])
			if w.exact != w.fold {
				add(w.exact, pos, "AC"[i])
			}
		}
		pos += 5 // a phrase does not reach from title into body
	}
	var b strings.Builder
	for _, e := range list {
		if size > maxVector && e.n == 0 && b.Len() > maxVector {
			break
		}
		b.WriteByte('\'')
		b.WriteString(e.word) // letters and digits only: nothing to quote
		b.WriteByte('\'')
		if e.n > 0 {
			b.WriteByte(':')
			b.Write(e.at)
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// index brings the full-text entry of a paper up to date: its title line, its text and its files' names and texts.
func index(tx *db.Tx, d Document) error {
	text, _, err := findText(tx, d.ID, 0)
	if err != nil {
		return err
	}
	parts, err := fileTexts(tx, d.ID)
	if err != nil {
		return err
	}
	files, err := listFiles(tx, d.ID)
	if err != nil {
		return err
	}
	title := wordsOf(strings.Join([]string{d.Symbol, d.Subject, d.Issuer}, "\n"))
	var body strings.Builder
	left := maxIndexed
	for _, s := range slices.Concat([]string{text.Text}, names(files), []string{d.Recipients, d.Signer, d.Note}, parts) {
		if len(s) > left {
			s = s[:left]
			for !utf8.ValidString(s[max(0, len(s)-4):]) && len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
				s = s[:len(s)-1]
			}
			s = strings.ToValidUTF8(s, "")
		}
		left -= len(s)
		body.WriteString(s)
		body.WriteByte('\n')
	}
	return indexRow(tx, d.SearchKey, title, wordsOf(body.String()))
}

func names(files []File) []string {
	var out []string
	for _, f := range files {
		out = append(out, f.Name)
	}
	return out
}

func unindex(tx *db.Tx, d Document) error { return dropIndexRow(tx, d.SearchKey) }
