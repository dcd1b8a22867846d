package formdef

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A reader of JSON that remembers where things stand, so that a refusal names the line. It refuses keys given twice and bounds the
// depth; encoding/json does neither.

type jkind uint8

const (
	jNull jkind = iota
	jBool
	jNumber
	jString
	jArray
	jObject
)

type jnode struct {
	kind  jkind
	text  string // string value, number as written, "true" or "false"
	items []jnode
	keys  []string
	off   int // where it begins, in bytes
}

type jerror struct {
	off int
	key string
	arg string
}

const maxJSONDepth = 20

type jreader struct {
	s   string
	i   int
	err *jerror
}

const bom = "\ufeff"

// lineOf returns the line and column, from 1, of a place in a text.
func lineOf(s string, off int) (line, col int) {
	s = s[:min(off, len(s))]
	start := strings.LastIndexByte(s, '\n') + 1
	return strings.Count(s, "\n") + 1, utf8.RuneCountInString(strings.TrimPrefix(s[start:], bom)) + 1
}

// readJSON reads one JSON value that fills the text.
func readJSON(s string) (jnode, *jerror) {
	r := &jreader{s: s}
	if !utf8.ValidString(s) {
		return jnode{}, &jerror{0, "formdef.json.utf8", ""}
	}
	if strings.HasPrefix(s, bom) {
		r.i = len(bom)
	}
	r.space()
	n := r.value(0)
	r.space()
	if r.err == nil && r.i < len(r.s) {
		r.fail("formdef.json.after", "")
	}
	return n, r.err
}

func (r *jreader) fail(key, arg string) {
	if r.err == nil {
		r.err = &jerror{r.i, key, arg}
	}
	r.i = len(r.s)
}

func (r *jreader) peek() byte {
	if r.i < len(r.s) {
		return r.s[r.i]
	}
	return 0
}

func (r *jreader) space() {
	for r.i < len(r.s) && strings.IndexByte(" \t\r\n", r.s[r.i]) >= 0 {
		r.i++
	}
}

func (r *jreader) value(depth int) jnode {
	n := jnode{off: r.i}
	if depth > maxJSONDepth {
		r.fail("formdef.json.depth", itoa(maxJSONDepth))
		return n
	}
	switch c := r.peek(); {
	case c == '{':
		n.kind = jObject
		r.object(&n, depth)
	case c == '[':
		n.kind = jArray
		r.array(&n, depth)
	case c == '"':
		n.kind = jString
		n.text = r.str()
	case c == '-' || c >= '0' && c <= '9':
		n.kind = jNumber
		from := r.i
		for r.i < len(r.s) && strings.IndexByte("+-.eE0123456789", r.s[r.i]) >= 0 {
			r.i++
		}
		n.text = r.s[from:r.i]
		if !jsonNumber(n.text) {
			r.i = from
			r.fail("formdef.json.number", n.text)
		}
	default:
		for _, w := range []string{"true", "false", "null"} {
			if strings.HasPrefix(r.s[r.i:], w) {
				r.i += len(w)
				n.text = w
				n.kind = jBool
				if w == "null" {
					n.kind = jNull
				}
				return n
			}
		}
		if r.i >= len(r.s) {
			r.fail("formdef.json.end", "")
		} else {
			_, size := utf8.DecodeRuneInString(r.s[r.i:])
			r.fail("formdef.json.value", r.s[r.i:r.i+size])
		}
	}
	return n
}

// jsonNumber tells whether s is a number of the JSON grammar.
func jsonNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	digits := func() int {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		return n
	}
	n := digits()
	if n == 0 || n > 1 && s[0] == '0' {
		return false
	}
	s = s[n:]
	if strings.HasPrefix(s, ".") {
		s = s[1:]
		if n = digits(); n == 0 {
			return false
		}
		s = s[n:]
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		if s = s[1:]; strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") {
			s = s[1:]
		}
		n = digits()
		return n > 0 && n == len(s)
	}
	return s == ""
}

func (r *jreader) object(n *jnode, depth int) {
	r.i++
	seen := map[string]bool{}
	for first := true; ; first = false {
		r.space()
		if r.peek() == '}' {
			r.i++
			return
		}
		if !first && !r.comma() {
			return
		}
		r.space()
		if r.peek() == '}' {
			r.fail("formdef.json.last_comma", "")
			return
		}
		if r.peek() != '"' {
			if r.i >= len(r.s) {
				r.fail("formdef.json.end", "")
			} else {
				r.fail("formdef.json.key", "")
			}
			return
		}
		at := r.i
		k := r.str()
		if seen[k] {
			r.i = at
			r.fail("formdef.json.twice", k)
			return
		}
		seen[k] = true
		r.space()
		if r.peek() != ':' {
			r.fail("formdef.json.colon", k)
			return
		}
		r.i++
		r.space()
		v := r.value(depth + 1)
		if r.err != nil {
			return
		}
		n.keys, n.items = append(n.keys, k), append(n.items, v)
	}
}

func (r *jreader) comma() bool {
	if r.peek() != ',' {
		if r.i >= len(r.s) {
			r.fail("formdef.json.end", "")
		} else {
			r.fail("formdef.json.comma", "")
		}
		return false
	}
	r.i++
	return true
}

func (r *jreader) array(n *jnode, depth int) {
	r.i++
	for first := true; ; first = false {
		r.space()
		if r.peek() == ']' {
			r.i++
			return
		}
		if !first && !r.comma() {
			return
		}
		r.space()
		if r.peek() == ']' {
			r.fail("formdef.json.last_comma", "")
			return
		}
		v := r.value(depth + 1)
		if r.err != nil {
			return
		}
		n.items = append(n.items, v)
	}
}

// str reads a string; r stands at its opening quote.
func (r *jreader) str() string {
	r.i++
	from := r.i
	for r.i < len(r.s) && r.s[r.i] != '"' && r.s[r.i] != '\\' && r.s[r.i] >= ' ' {
		r.i++
	}
	if r.peek() == '"' {
		r.i++
		return r.s[from : r.i-1]
	}
	var b strings.Builder
	b.WriteString(r.s[from:r.i])
	for r.i < len(r.s) {
		c := r.s[r.i]
		switch {
		case c == '"':
			r.i++
			return b.String()
		case c < ' ':
			r.fail("formdef.json.control", "")
			return ""
		case c != '\\':
			b.WriteByte(c)
			r.i++
			continue
		}
		r.i++
		switch c := r.peek(); c {
		case '"', '\\', '/':
			b.WriteByte(c)
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'u':
			u, ok := r.hex4()
			if ok && utf16.IsSurrogate(u) {
				if ok = strings.HasPrefix(r.s[r.i+1:], `\u`); ok {
					r.i += 2
					var u2 rune
					u2, ok = r.hex4()
					u = utf16.DecodeRune(u, u2)
					ok = ok && u != utf8.RuneError
				}
			}
			if !ok {
				r.fail("formdef.json.escape", "")
				return ""
			}
			b.WriteRune(u)
		default:
			r.fail("formdef.json.escape", "")
			return ""
		}
		r.i++
	}
	r.fail("formdef.json.end", "")
	return ""
}

// hex4 reads the four digits after \u and stays on the last.
func (r *jreader) hex4() (rune, bool) {
	if r.i+4 >= len(r.s) {
		return 0, false
	}
	n, err := strconv.ParseUint(r.s[r.i+1:r.i+5], 16, 32)
	if err != nil {
		return 0, false
	}
	r.i += 4
	return rune(n), true
}

func itoa(n int) string { return strconv.Itoa(n) }
