package doctext

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// xmlKind is the kind of a token.
type xmlKind uint8

const (
	xmlOpen xmlKind = iota + 1
	xmlClose
	xmlText
)

// xmlReader walks through an XML part token by token. It is about eight times as fast as encoding/xml, which matters because nearly all
// the time of reading a DOCX is spent here, and it is poorer on purpose: names without their namespaces, attributes looked at only when
// asked for, no entity but the five of XML and characters by number (so none can be made to grow), no document type. It is checked
// against encoding/xml by FuzzXML.
type xmlReader struct {
	kind   xmlKind
	name   string // local name of an element
	prefix string
	depth  int // elements that are open, this one counted
	err    error

	r       io.Reader
	buf     []byte
	pos     int
	eof     bool
	started bool
	attrs   []byte // of the open tag, as written
	text    []byte
	raw     bool // the text stood in a CDATA section
	empty   bool // <a/>: the close tag follows
	names   map[string]string
	seen    bool // a root element
}

const (
	xmlTagMax  = 1 << 20 // bytes of one tag
	xmlTextMax = 1 << 20 // bytes of one text token; longer text comes in pieces
)

var (
	errXMLCut   = errors.New("XML ends inside an element")
	errXMLTag   = errors.New("XML tag is not closed or too long")
	errXMLDepth = errors.New("XML elements nested too deeply")
	errXMLNone  = errors.New("no XML element")
	errXMLClose = errors.New("XML close tag without its element")
)

func newXML(r io.Reader) *xmlReader {
	return &xmlReader{r: r, buf: make([]byte, 0, 8<<10), names: make(map[string]string, 32)}
}

// more reads on, keeping what stands from x.pos on; it tells whether there is more.
func (x *xmlReader) more() bool {
	if x.eof {
		return false
	}
	if x.pos > 0 {
		n := copy(x.buf, x.buf[x.pos:])
		x.buf, x.pos = x.buf[:n], 0
	}
	if len(x.buf) == cap(x.buf) {
		x.buf = append(make([]byte, 0, 2*cap(x.buf)), x.buf...)
	}
	for range 100 {
		n, err := x.r.Read(x.buf[len(x.buf):cap(x.buf)])
		x.buf = x.buf[:len(x.buf)+n]
		if err != nil {
			x.eof = true
			if err != io.EOF && x.err == nil {
				x.err = err
			}
		}
		if n > 0 {
			return true
		}
		if x.eof {
			return false
		}
	}
	x.eof = true
	return false
}

// start looks at the first bytes: UTF-16 is turned into UTF-8, a mark is dropped.
func (x *xmlReader) start() {
	x.started = true
	for len(x.buf) < 4 && x.more() {
	}
	b := x.buf
	switch {
	case len(b) >= 2 && (b[0] == 0xFF && b[1] == 0xFE || b[0] == 0xFE && b[1] == 0xFF):
		rest := io.MultiReader(bytes.NewReader(append([]byte(nil), b...)), x.r)
		x.r = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(rest)
		x.buf, x.eof = x.buf[:0], false
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		x.pos = 3
	}
}

// next moves to the next token. It returns false at the end; x.err then tells whether the part was whole.
func (x *xmlReader) next() bool {
	if x.empty {
		x.empty = false
		x.kind = xmlClose
		return true
	}
	if x.err != nil {
		return false
	}
	if !x.started {
		x.start()
	}
	if x.kind == xmlClose {
		x.depth--
	}
	for x.err == nil {
		if x.pos == len(x.buf) && !x.more() {
			break
		}
		if x.buf[x.pos] != '<' {
			if x.takeText() {
				return true
			}
			continue
		}
		for len(x.buf)-x.pos < 12 && x.more() {
		}
		b := x.buf[x.pos:]
		switch {
		case bytes.HasPrefix(b, []byte("<!--")):
			x.skipTo(4, "-->")
		case bytes.HasPrefix(b, []byte("<![CDATA[")):
			x.takeCDATA()
			if x.err == nil && len(x.text) > 0 {
				return true
			}
		case bytes.HasPrefix(b, []byte("<!")):
			x.skipDoctype()
		case bytes.HasPrefix(b, []byte("<?")):
			x.skipTo(2, "?>")
		default:
			return x.takeTag()
		}
	}
	if x.err == nil {
		switch {
		case x.depth > 0:
			x.err = broken(errXMLCut)
		case !x.seen:
			x.err = broken(errXMLNone)
		}
	} else {
		x.err = broken(x.err)
	}
	return false
}

// takeText takes the text up to the next tag; it tells whether there was any inside an element.
func (x *xmlReader) takeText() bool {
	from := 0
	for {
		i := bytes.IndexByte(x.buf[x.pos+from:], '<')
		if i >= 0 {
			x.text = x.buf[x.pos : x.pos+from+i]
			x.pos += from + i
			break
		}
		from = len(x.buf) - x.pos
		if from > xmlTextMax {
			cut := from
			if amp := bytes.LastIndexByte(x.buf[x.pos:], '&'); amp > 0 && from-amp < 12 {
				cut = amp
			}
			for back := 0; back < 3 && cut > 1 && !utf8.RuneStart(x.buf[x.pos+cut-1]); back++ {
				cut--
			}
			cut--
			x.text = x.buf[x.pos : x.pos+cut]
			x.pos += cut
			break
		}
		if !x.more() {
			x.text = x.buf[x.pos:]
			x.pos = len(x.buf)
			break
		}
	}
	x.kind, x.raw = xmlText, false
	return x.depth > 0 && len(x.text) > 0
}

func (x *xmlReader) takeCDATA() {
	const open, end = "<![CDATA[", "]]>"
	from := len(open)
	for {
		if i := bytes.Index(x.buf[x.pos+min(from, len(x.buf)-x.pos):], []byte(end)); i >= 0 {
			x.text = x.buf[x.pos+len(open) : x.pos+from+i]
			x.pos += from + i + len(end)
			x.kind, x.raw = xmlText, true
			if x.depth == 0 {
				x.text = nil
			}
			return
		}
		from = max(len(open), len(x.buf)-x.pos-len(end)+1)
		if from > maxPart/16 || !x.more() {
			x.err = errXMLTag
			return
		}
	}
}

func (x *xmlReader) skipTo(from int, end string) {
	x.pos += from
	for {
		if i := bytes.Index(x.buf[x.pos:], []byte(end)); i >= 0 {
			x.pos += i + len(end)
			return
		}
		x.pos = max(x.pos, len(x.buf)-len(end)+1)
		if !x.more() {
			x.err = errXMLTag
			return
		}
	}
}

// skipDoctype passes over a document type with its internal subset. What it declares is not used.
func (x *xmlReader) skipDoctype() {
	depth := 0
	var quote byte
	for {
		for x.pos < len(x.buf) {
			c := x.buf[x.pos]
			x.pos++
			switch {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'':
				quote = c
			case c == '<' || c == '[':
				depth++
			case c == ']':
				depth--
			case c == '>':
				if depth--; depth <= 0 {
					return
				}
			}
		}
		if !x.more() {
			x.err = errXMLTag
			return
		}
	}
}

func (x *xmlReader) takeTag() bool {
	var quote byte
	end := 1
scan:
	for {
		for end < len(x.buf)-x.pos {
			c := x.buf[x.pos+end]
			switch {
			case quote != 0:
				if i := bytes.IndexByte(x.buf[x.pos+end:], quote); i >= 0 {
					end += i
					quote = 0
				} else {
					end = len(x.buf) - x.pos - 1
				}
			case c == '"' || c == '\'':
				quote = c
			case c == '>':
				break scan
			}
			end++
		}
		if end > xmlTagMax || !x.more() {
			if x.err == nil {
				x.err = errXMLTag
			}
			x.err = broken(x.err)
			return false
		}
	}
	tag := x.buf[x.pos+1 : x.pos+end]
	x.pos += end + 1
	if len(tag) > 0 && tag[0] == '/' {
		if x.depth == 0 {
			x.err = broken(errXMLClose)
			return false
		}
		x.setName(bytes.TrimRight(tag[1:], " \t\r\n"))
		x.kind = xmlClose
		return true
	}
	if len(tag) > 0 && tag[len(tag)-1] == '/' {
		x.empty = true
		tag = tag[:len(tag)-1]
	}
	n := 0
	for n < len(tag) && tag[n] > ' ' {
		n++
	}
	x.setName(tag[:n])
	x.attrs = tag[n:]
	x.kind = xmlOpen
	x.seen = true
	if x.depth++; x.depth > maxDepth {
		x.err, x.empty = broken(errXMLDepth), false
		return false
	}
	return true
}

func (x *xmlReader) setName(b []byte) {
	x.prefix = ""
	if i := bytes.IndexByte(b, ':'); i >= 0 {
		x.prefix = x.intern(b[:i])
		b = b[i+1:]
	}
	x.name = x.intern(b)
}

func (x *xmlReader) intern(b []byte) string {
	if s, ok := x.names[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(x.names) < 2000 && len(s) < 64 {
		x.names[s] = s
	}
	return s
}

// attr returns the value of an attribute of the open tag by its local name; "" when it is not there.
func (x *xmlReader) attr(local string) string {
	v, _ := x.attrOK(local)
	return v
}

// attrOK tells an empty attribute from a missing one.
func (x *xmlReader) attrOK(local string) (string, bool) {
	b := x.attrs
	for {
		b = bytes.TrimLeft(b, " \t\r\n")
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			return "", false
		}
		name := bytes.TrimRight(b[:eq], " \t\r\n")
		b = bytes.TrimLeft(b[eq+1:], " \t\r\n")
		if len(b) < 2 || b[0] != '"' && b[0] != '\'' {
			return "", false
		}
		end := bytes.IndexByte(b[1:], b[0])
		if end < 0 {
			return "", false
		}
		value := b[1 : 1+end]
		b = b[end+2:]
		if i := bytes.IndexByte(name, ':'); i >= 0 {
			if string(name[:i]) == "xmlns" {
				continue
			}
			name = name[i+1:]
		}
		if string(name) == local {
			return strings.ToValidUTF8(string(unescape(nil, value)), "\uFFFD"), true // a label is text of the document too
		}
	}
}

// intAttr returns an attribute as a number, and other when it is none.
func (x *xmlReader) intAttr(local string, other int) int {
	if n, err := strconv.Atoi(x.attr(local)); err == nil {
		return n
	}
	return other
}

// appendText adds the text of the token to b, entities replaced.
func (x *xmlReader) appendText(b []byte) []byte {
	if x.raw {
		return append(b, x.text...)
	}
	return unescape(b, x.text)
}

// skip passes over the element whose open tag was just read.
func (x *xmlReader) skip() {
	for depth := x.depth; x.next(); {
		if x.kind == xmlClose && x.depth == depth {
			return
		}
	}
}

// inner returns the text inside the element whose open tag was just read, that of inner elements too.
func (x *xmlReader) inner() string {
	var b []byte
	for depth := x.depth; x.next(); {
		switch {
		case x.kind == xmlText && len(b) < xmlTextMax:
			b = x.appendText(b)
		case x.kind == xmlClose && x.depth == depth:
			return valid(string(b))
		}
	}
	return valid(string(b))
}

var xmlEntities = map[string]string{"lt": "<", "gt": ">", "amp": "&", "quot": `"`, "apos": "'"}

// unescape appends s to b with entities replaced; an unknown one stays as it is written.
func unescape(b, s []byte) []byte {
	for {
		i := bytes.IndexByte(s, '&')
		if i < 0 {
			return append(b, s...)
		}
		b = append(b, s[:i]...)
		s = s[i:]
		end := bytes.IndexByte(s[:min(len(s), 12)], ';')
		if end < 2 {
			b = append(b, '&')
			s = s[1:]
			continue
		}
		name := s[1:end]
		if t, ok := xmlEntities[string(name)]; ok {
			b = append(b, t...)
		} else if r := charRef(name); r > 0 {
			b = utf8.AppendRune(b, r)
		} else {
			b = append(b, s[:end+1]...)
		}
		s = s[end+1:]
	}
}

func charRef(name []byte) rune {
	if len(name) < 2 || name[0] != '#' {
		return 0
	}
	base, digits := 10, string(name[1:])
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n == 0 || n > utf8.MaxRune || n >= 0xD800 && n < 0xE000 {
		return 0
	}
	return rune(n)
}

// valid replaces broken UTF-8.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string(bytes.ToValidUTF8([]byte(s), []byte("\uFFFD")))
}
