package docparse

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// offsets maps positions of a derived text to positions of the text it was made from.
type offsets struct {
	runs  []offsetRun
	inLen int
	under *offsets // the map of the text below, when a text was derived in two steps
}

// offsetRun says that from position to on, each byte stems from the byte at the same distance after from.
type offsetRun struct{ to, from int }

func (o *offsets) note(to, from int) {
	if n := len(o.runs); n > 0 {
		last := &o.runs[n-1]
		if to-last.to == from-last.from {
			return
		}
		if last.to == to {
			last.from = from
			return
		}
	}
	o.runs = append(o.runs, offsetRun{to, from})
}

func (o *offsets) from(pos int) int {
	at := o.local(pos)
	if o.under != nil {
		return o.under.from(at)
	}
	return at
}

// local maps a position to the text one step below.
func (o *offsets) local(pos int) int {
	lo, hi := 0, len(o.runs)
	for lo < hi {
		if mid := (lo + hi) / 2; o.runs[mid].to <= pos {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	at := pos
	if lo > 0 {
		r := o.runs[lo-1]
		at = r.from + pos - r.to
		if lo < len(o.runs) && at > o.runs[lo].from && o.runs[lo].from >= r.from {
			at = o.runs[lo].from
		}
	}
	return max(0, min(at, o.inLen))
}

// end maps the end of a range: the position after the source of the last byte.
func (o *offsets) end(pos int) int {
	if pos == 0 {
		return o.from(0)
	}
	return min(o.from(pos-1)+1, o.sourceLen())
}

func (o *offsets) sourceLen() int {
	if o.under != nil {
		return o.under.sourceLen()
	}
	return o.inLen
}

// normalised is the result of the first step.
type normalised struct {
	text    string
	low     string // text folded; remark makes it
	offsets offsets
	changes map[string]int // what was repaired, by kind, for Explain
	cells   []int          // the line ends that stand for a table pipe
	glued   bool           // blanks that the copy lost were put in

	unmarked bool           // the text has no marks of Vietnamese
	repaired map[int]string // words whose marks were put back, as they were, by their position
}

// attention marks the bytes at which normalise must look closer.
var attention = func() (t [256]bool) {
	for _, c := range "\r\t\f\v|*_`\\<>&[!#" {
		t[c] = true
	}
	for _, c := range []byte{0xC2, 0xCC, 0xCD, 0xE2, 0xE3, 0xEF} {
		t[c] = true
	}
	return t
}()

// normalise brings a text into one spelling: NFC with detached marks put back on their letters, plain spaces and line
// ends, ⁄ as /, and without the marks that markdown, HTML and table dumps leave behind. Letters are never changed
// otherwise: errors of the writer are the officer's to see.
func normalise(s string) normalised {
	n := normalised{changes: map[string]int{}}
	n.offsets.inLen = len(s)
	look := attention
	if !utf8.ValidString(s) {
		for c := 0x80; c < 0x100; c++ {
			look[c] = true
		}
	}
	out := make([]byte, 0, len(s)+16)
	put := func(from int, t string) {
		n.offsets.note(len(out), from)
		out = append(out, t...)
	}
	lineStart := func() bool {
		for j := len(out) - 1; j >= 0; j-- {
			switch out[j] {
			case ' ':
			case '\n':
				return true
			default:
				return false
			}
		}
		return true
	}
	drop := func(what string) { n.changes[what]++ }
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && !look[s[j]] {
			j++
		}
		if j > i {
			put(i, s[i:j])
			i = j
			continue
		}
		switch c := s[i]; c {
		case '\r':
			if i+1 >= len(s) || s[i+1] != '\n' {
				put(i, "\n")
			}
			drop("line end")
			i++
		case '\f', '\v':
			put(i, "\n")
			drop("page break")
			i++
		case '\t':
			put(i, "    ") // a tab parts columns, as a wide gap does
			i++
		case '|':
			n.cells = append(n.cells, len(out))
			put(i, "\n")
			drop("table pipe")
			i++
		case '#':
			k := i
			for k < len(s) && s[k] == '#' && k-i < 7 {
				k++
			}
			if k-i <= 6 && k < len(s) && s[k] == ' ' && lineStart() {
				drop("markdown heading")
				i = k
				break
			}
			put(i, s[i:k])
			i = k
		case '>':
			if lineStart() {
				drop("quote mark")
			} else {
				put(i, ">")
			}
			i++
		case '*', '_', '`':
			i = emphasis(s, i, &out, put, lineStart, drop)
		case '\\':
			if i+1 < len(s) && isPunct(s[i+1]) {
				drop("escape")
				put(i+1, s[i+1:i+2])
				i += 2
				break
			}
			put(i, `\`)
			i++
		case '!':
			if i+1 < len(s) && s[i+1] == '[' {
				if _, end := link(s, i+1); end > 0 {
					drop("picture")
					i = end
					break
				}
			}
			put(i, "!")
			i++
		case '[':
			if shown, end := link(s, i); end > 0 {
				drop("link")
				sub := normalise(s[shown.Start:shown.End])
				put(shown.Start, sub.text)
				i = end
				break
			}
			put(i, "[")
			i++
		case '<':
			if t, end := tag(s, i); end > 0 {
				drop("tag")
				if t != "" {
					put(i, t)
				}
				i = end
				break
			}
			put(i, "<")
			i++
		case '&':
			if t, end := entity(s, i); end > 0 {
				drop("entity")
				put(i, t)
				i = end
				break
			}
			put(i, "&")
			i++
		default:
			r, w := utf8.DecodeRuneInString(s[i:])
			i = n.rune(s, i, r, w, &out, put, drop)
		}
	}
	n.text = string(out)
	return n
}

// rune handles one non-ASCII character and returns the position after it.
func (n *normalised) rune(s string, i int, r rune, w int, out *[]byte, put func(int, string), drop func(string)) int {
	switch {
	case r == utf8.RuneError && w == 1:
		drop("broken byte")
		put(i, "\uFFFD")
	case r == 0xA0 || r >= 0x2000 && r <= 0x200A || r == 0x202F || r == 0x205F || r == 0x3000:
		drop("space")
		put(i, " ")
	case r == 0xAD || r >= 0x200B && r <= 0x200F || r == 0x2060 || r == 0xFEFF:
		drop("invisible")
	case r == 0x85 || r == 0x2028 || r == 0x2029:
		put(i, "\n")
	case r == 0x2044 || r == 0x2215: // ⁄ and ∕ stand for / in symbols copied from PDF
		drop("fraction slash")
		put(i, "/")
	case r == 0x2010 || r == 0x2011:
		put(i, "-")
	case r >= 0x300 && r <= 0x36F:
		drop("combining mark")
		b := *out
		end := len(b)
		if end > 1 && b[end-1] == ' ' { // a mark torn from its letter by a PDF: "nha ̂n"
			end--
		}
		_, last := utf8.DecodeLastRune(b[:end])
		if last > 0 && end-last >= 0 && b[end-1] != '\n' && b[end-1] != ' ' {
			start := end - last
			composed := norm.NFC.String(string(b[start:end]) + string(r))
			if utf8.RuneCountInString(composed) == 1 {
				*out = append(b[:start], composed...)
				n.offsets.note(len(*out), i+w)
				return i + w
			}
		}
		put(i, s[i:i+w])
	default:
		put(i, s[i:i+w])
	}
	return i + w
}

func isPunct(c byte) bool {
	return c > ' ' && c < 0x7F && !isAlnum(c)
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// emphasis drops the marks of bold, italic and code; a star that opens a line as bullet becomes a dash.
func emphasis(s string, i int, out *[]byte, put func(int, string), lineStart func() bool, drop func(string)) int {
	c := s[i]
	k := i
	for k < len(s) && s[k] == c {
		k++
	}
	prev, next := byte(' '), byte(' ')
	if n := len(*out); n > 0 {
		prev = (*out)[n-1]
	}
	if k < len(s) {
		next = s[k]
	}
	wordy := func(b byte) bool { return isAlnum(b) || b >= 0x80 }
	switch {
	case c == '*' && k == i+1 && next == ' ' && lineStart():
		put(i, "*")
	case c == '*' && prev == '(' && next == ')':
		put(i, s[i:k])
	case c == '*' && k == i+1 && prev == ' ' && next == ' ':
		put(i, "*")
	case c == '_' && k == i+1 && next == '{': // a subscript: TTr._{(HVL)02}
		if end := strings.IndexByte(s[k:min(len(s), k+60)], '}'); end > 0 {
			drop("subscript")
			put(k+1, s[k+1:k+end])
			return k + end + 1
		}
		put(i, "_")
	case c == '_' && wordy(prev) && wordy(next):
		put(i, s[i:k])
	case c == '_' && k-i > 2: // a drawn rule
		put(i, s[i:k])
	default:
		drop("markdown emphasis")
	}
	return k
}

// link recognises [text](target) at i and returns the span of the text and the end of the whole.
func link(s string, i int) (Span, int) {
	window := s[i:min(len(s), i+400)]
	mid := strings.Index(window, "](")
	if mid < 0 || strings.IndexByte(window[1:mid], '[') >= 0 {
		return Span{}, 0
	}
	end := strings.IndexByte(window[mid:], ')')
	if end < 0 || strings.IndexByte(window[mid:mid+end], '\n') >= 0 {
		return Span{}, 0
	}
	return Span{i + 1, i + mid}, i + mid + end + 1
}

var blockTags = map[string]string{
	"br": "\n", "p": "\n", "div": "\n", "tr": "\n", "td": "\n", "th": "\n", "li": "\n- ", "h1": "\n", "h2": "\n", "h3": "\n",
	"html": "\n", "head": "\n", "title": "\n", "body": "\n", "section": "\n", "article": "\n", "header": "\n", "footer": "\n", "main": "\n", "meta": "",
	"h4": "\n", "table": "\n", "ul": "\n", "ol": "\n", "hr": "\n", "b": "", "i": "", "u": "", "em": "", "strong": "",
	"span": "", "font": "", "a": "", "sup": "", "sub": "", "center": "\n", "tbody": "\n", "img": "", "o:p": "",
}

// tag recognises a leftover HTML tag at i; an unknown word in angle brackets is text.
func tag(s string, i int) (string, int) {
	k := i + 1
	closing := k < len(s) && s[k] == '/'
	if closing {
		k++
	}
	start := k
	for k < len(s) && k-start < 8 && (isAlnum(s[k]) || s[k] == ':') {
		k++
	}
	t, known := blockTags[strings.ToLower(s[start:k])]
	if !known {
		return "", 0
	}
	end := strings.IndexByte(s[k:min(len(s), k+300)], '>')
	if end < 0 {
		return "", 0
	}
	if closing && t != "" {
		t = "\n"
	}
	return t, k + end + 1
}

var entities = map[string]string{
	"nbsp": " ", "amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'", "ndash": "–", "mdash": "—",
	"ldquo": "“", "rdquo": "”", "hellip": "…", "#39": "'", "#34": `"`, "#160": " ",
}

func entity(s string, i int) (string, int) {
	end := strings.IndexByte(s[i:min(len(s), i+9)], ';')
	if end < 2 {
		return "", 0
	}
	t, ok := entities[s[i+1:i+end]]
	if !ok {
		return "", 0
	}
	return t, i + end + 1
}
