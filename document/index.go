package document

import (
	"slices"
	"strings"
	"unicode"

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

// The index of a paper is the set of its tokens:
//
//	mua         a word, folded                mua_ban       two words that stand together, folded
//	bán         as written, where it differs  mua_bán       as written, where it differs
//	^mua …      the same of the title line (number, subject, issuer)
//
// Places of words are not kept: a phrase is the pairs it is made of. In Vietnamese, where a word is one to four syllables, that is as good
// as the places, and it does not make a search slow in which nearly every paper is found.
type tokens struct {
	set  map[string]struct{}
	list []string
	size int
}

// maxTokens bounds the tokens of one paper in bytes; a tsvector may have a megabyte. Single words come first, so that what lies beyond is
// found by its words, not as a phrase.
const maxTokens = 800_000

func (t *tokens) add(s string) {
	if _, there := t.set[s]; there || t.size > maxTokens {
		return
	}
	if t.set == nil {
		t.set = map[string]struct{}{}
	}
	t.set[s] = struct{}{}
	t.list = append(t.list, s)
	t.size += len(s) + 4
}

func (t *tokens) words(prefix string, ws words) {
	for _, w := range ws {
		t.add(prefix + w.fold)
		if w.exact != w.fold {
			t.add(prefix + w.exact)
		}
	}
}

func (t *tokens) pairs(prefix string, ws words) {
	for i := 1; i < len(ws); i++ {
		a, b := ws[i-1], ws[i]
		t.add(prefix + a.fold + "_" + b.fold)
		if a.exact != a.fold || b.exact != b.fold {
			t.add(prefix + a.exact + "_" + b.exact)
		}
	}
}

// tokensOf makes the index of a paper. A pair does not reach from one line of the title, or one part of the body, into the next.
func tokensOf(title, body []string) []string {
	var t tokens
	var heads, parts []words
	for _, s := range title {
		heads = append(heads, wordsOf(s))
	}
	for _, s := range body {
		parts = append(parts, wordsOf(s))
	}
	for _, ws := range heads {
		t.words("^", ws)
		t.pairs("^", ws)
		t.words("", ws)
	}
	for _, ws := range parts {
		t.words("", ws)
	}
	for _, ws := range heads {
		t.pairs("", ws)
	}
	for _, ws := range parts {
		t.pairs("", ws)
	}
	return t.list
}

// index brings the full-text entry of a paper up to date: its title line, its text and its files' names and texts. What only the register
// says (note, keeper) is not for those the paper was sent to, and so not in it.
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
	body := slices.Concat([]string{text.Text}, names(files), []string{d.Recipients, d.Signer}, parts)
	left := maxIndexed
	for i, s := range body {
		if len(s) > left {
			body[i] = strings.ToValidUTF8(s[:left], "")
		}
		left -= len(body[i])
	}
	return indexRow(tx, d.SearchKey, tokensOf([]string{d.Symbol, d.Subject, d.Issuer}, body))
}

func names(files []File) []string {
	var out []string
	for _, f := range files {
		out = append(out, f.Name)
	}
	return out
}

func unindex(tx *db.Tx, d Document) error { return dropIndexRow(tx, d.SearchKey) }
