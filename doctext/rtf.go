package doctext

import (
	"bytes"
	"errors"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// rtf reads Rich Text Format (Microsoft, version 1.9.1), which old programs and some law databases write, often under the name .doc.
func (j *job) rtf() error {
	raw, err := j.all()
	if err != nil {
		return err
	}
	r := &rtf{job: j, b: raw, fonts: map[int]rtfFont{}, code: charmap.Windows1252}
	if err := r.walk(); err != nil {
		return err
	}
	if r.legacy != "" {
		j.warn("doctext.warn.font", r.legacy)
	}
	if r.tracked {
		j.warn("doctext.warn.tracked")
	}
	if r.hiddenSeen {
		j.warn("doctext.warn.hidden")
	}
	return nil
}

type rtfFont struct {
	name    string
	charset int
}

// rtfState is what a group keeps to itself.
type rtfState struct {
	to                        rtfPlace
	font                      int
	uc                        int // characters behind \u that stand for programs without Unicode
	caps, hidden, gone, table bool
	above, below              int
	indent                    bool
}

// rtfPlace is where text of a group goes.
type rtfPlace uint8

const (
	rtfBody rtfPlace = iota
	rtfSkip
	rtfHeader
	rtfFooter
	rtfNote
	rtfFonts
	rtfTitle
	rtfAuthor
	rtfEditor
	rtfTime
	rtfLabel
)

type rtf struct {
	*job
	b     []byte
	at    int
	s     rtfState
	stack []rtfState
	fonts map[int]rtfFont
	code  *charmap.Charmap

	text    paragraphText
	high    uint16 // the first half of a character beyond the first plane
	skip    int    // characters still to leave out behind \u
	cell    cell
	row     []cell
	grid    *grid
	label   string
	aside   []byte // text of headers, footers, notes and properties
	font    int    // being declared
	clock   [6]int
	started *time.Time

	legacy     string
	tracked    bool
	hiddenSeen bool
}

const rtfDepth = 500

var errRTFCut = errors.New("RTF ends inside a group")

func (r *rtf) walk() error {
	r.s.uc = 1
	for r.at < len(r.b) {
		if r.at&0x3FFFF == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		switch c := r.b[r.at]; c {
		case '{':
			r.at++
			if len(r.stack) >= rtfDepth {
				return refuse(ErrBomb)
			}
			r.stack = append(r.stack, r.s)
			r.skip = 0
		case '}':
			r.at++
			if len(r.stack) == 0 {
				continue
			}
			old := r.s
			r.s = r.stack[len(r.stack)-1]
			r.stack = r.stack[:len(r.stack)-1]
			r.skip = 0
			r.leave(old.to)
			if len(r.stack) == 0 {
				return r.end()
			}
		case '\\':
			if err := r.control(); err != nil {
				return err
			}
		case '\r', '\n':
			r.at++
		default:
			end := r.at + 1
			for end < len(r.b) && r.b[end] != '{' && r.b[end] != '}' && r.b[end] != '\\' && r.b[end] != '\r' && r.b[end] != '\n' {
				end++
			}
			r.bytes(r.b[r.at:end])
			r.at = end
		}
	}
	if len(r.stack) > 0 && r.text.len() == 0 && len(r.out.pieces) == 0 {
		return broken(errRTFCut)
	}
	if len(r.stack) > 0 {
		r.warn("doctext.warn.cut")
	}
	return r.end()
}

// end closes what is open at the end of the file.
func (r *rtf) end() error {
	if r.text.len() > 0 {
		if err := r.paragraph(); err != nil {
			return err
		}
	}
	r.endTable()
	return nil
}

// leave ends a group that held something apart.
func (r *rtf) leave(from rtfPlace) {
	if from == r.s.to || from == rtfBody || from == rtfSkip {
		return
	}
	s := valid(string(r.aside))
	r.aside = r.aside[:0]
	m := &r.out.meta
	switch from {
	case rtfHeader:
		r.out.beside("header", s)
	case rtfFooter:
		r.out.beside("footer", s)
	case rtfNote:
		r.out.beside("note", s)
	case rtfLabel:
		if r.label = bulletOrNumber(s); len(r.label) > 60 {
			r.label = ""
		}
	case rtfTitle:
		m.Title = short(s)
	case rtfAuthor:
		m.Author = short(s)
	case rtfEditor:
		m.Editor = short(s)
	case rtfTime:
		if c := r.clock; r.started != nil && c[0] > 1900 && c[0] < 3000 {
			*r.started = time.Date(c[0], time.Month(c[1]), c[2], c[3], c[4], c[5], 0, time.UTC)
		}
		r.clock = [6]int{}
	}
}

// control reads a control word or symbol.
func (r *rtf) control() error {
	r.at++
	if r.at >= len(r.b) {
		return nil
	}
	c := r.b[r.at]
	if !isLetterByte(c) {
		r.at++
		switch c {
		case '\'':
			if r.at+2 <= len(r.b) {
				if v, ok := hexByte(r.b[r.at], r.b[r.at+1]); ok {
					r.at += 2
					r.bytes([]byte{v})
				}
			}
		case '~':
			r.put("\u00a0")
		case '_':
			r.put("-")
		case '\\', '{', '}':
			r.bytes([]byte{c})
		case '\r', '\n':
			return r.word("par", 1, false)
		case '*':
			// What a reader may leave out if it does not know it. A few are known.
			rest := r.b[r.at:min(len(r.b), r.at+24)]
			for _, known := range []string{`\shpinst`, `\shptxt`} {
				if bytes.HasPrefix(bytes.TrimLeft(rest, "\r\n "), []byte(known)) {
					return nil
				}
			}
			r.s.to = rtfSkip
		}
		return nil
	}
	start := r.at
	for r.at < len(r.b) && isLetterByte(r.b[r.at]) && r.at-start < 40 {
		r.at++
	}
	name := string(r.b[start:r.at])
	n, has, neg := 0, false, false
	if r.at < len(r.b) && r.b[r.at] == '-' {
		neg = true
		r.at++
	}
	for r.at < len(r.b) && r.b[r.at] >= '0' && r.b[r.at] <= '9' {
		if n < 1<<27 {
			n = n*10 + int(r.b[r.at]-'0')
		}
		has = true
		r.at++
	}
	if neg {
		n = -n
	}
	if r.at < len(r.b) && r.b[r.at] == ' ' {
		r.at++
	}
	return r.word(name, n, has)
}

func hexByte(a, b byte) (byte, bool) {
	x, ok1 := hexDigit(a)
	y, ok2 := hexDigit(b)
	return x<<4 | y, ok1 && ok2
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

func (r *rtf) word(name string, n int, has bool) error {
	onOff := !has || n != 0
	switch name {
	case "ansicpg":
		if n == 1258 {
			r.code = charmap.Windows1258
		}
	case "bin":
		r.at = min(len(r.b), r.at+max(0, n))
	case "u":
		r.skip = 0
		r.unicode(n)
		r.skip = r.s.uc
	case "uc":
		r.s.uc = min(max(0, n), 16)
	case "f":
		r.s.font = n
		if r.s.to == rtfFonts {
			r.font = n
			if len(r.fonts) < 10_000 {
				r.fonts[n] = rtfFont{}
			}
		}
	case "fcharset":
		if f, ok := r.fonts[r.font]; ok && r.s.to == rtfFonts {
			f.charset = n
			r.fonts[r.font] = f
		}
	case "caps":
		r.s.caps = onOff
	case "v":
		r.s.hidden = onOff
	case "deleted":
		r.s.gone = onOff
		r.tracked = r.tracked || onOff
	case "revised":
		r.tracked = true
	case "plain":
		r.s.caps, r.s.hidden, r.s.gone, r.s.font = false, false, false, 0
	case "pard":
		r.s.table, r.s.above, r.s.below, r.s.indent = false, 0, 0, false
	case "sb":
		r.s.above = min(max(n, 0), 10_000)
	case "sa":
		r.s.below = min(max(n, 0), 10_000)
	case "fi":
		r.s.indent = n > 0
	case "intbl":
		r.s.table = true
	case "par", "sect":
		if r.s.to == rtfBody {
			return r.paragraph()
		}
		r.put("\n")
	case "line":
		r.put("\n")
	case "page":
		if r.s.to == rtfBody && r.text.len() > 0 {
			return r.paragraph()
		}
	case "tab":
		r.put("\t")
	case "cell", "nestcell":
		return r.endCell(name == "nestcell")
	case "row":
		r.endRow()
	case "emdash":
		r.put("—")
	case "endash":
		r.put("–")
	case "lquote":
		r.put("‘")
	case "rquote":
		r.put("’")
	case "ldblquote":
		r.put("“")
	case "rdblquote":
		r.put("”")
	case "bullet":
		r.put("•")
	case "emspace", "enspace", "qmspace":
		r.put(" ")
	case "fonttbl":
		r.s.to = rtfFonts
	case "colortbl", "stylesheet", "listtable", "listoverridetable", "revtbl", "rsidtbl", "pict", "objdata", "object", "fldinst", "falt", "panose", "sp", "nonshppict", "themedata", "datastore", "xmlnstbl", "filetbl", "template", "comment", "keywords", "subject", "company", "nextfile", "ftnsep", "pntxta", "pntxtb", "xe", "tc", "bkmkstart", "bkmkend", "atnid", "atnauthor", "annotation":
		r.s.to = rtfSkip
	case "header", "headerl", "headerr", "headerf":
		r.s.to = rtfHeader
	case "footer", "footerl", "footerr", "footerf":
		r.s.to = rtfFooter
	case "footnote":
		r.s.to = rtfNote
	case "listtext", "pntext":
		r.apart(rtfLabel)
	case "title":
		r.apart(rtfTitle)
	case "author":
		r.apart(rtfAuthor)
	case "operator":
		r.apart(rtfEditor)
	case "creatim":
		r.apart(rtfTime)
		r.started = &r.out.meta.Created
	case "revtim":
		r.apart(rtfTime)
		r.started = &r.out.meta.Modified
	case "printim", "buptim":
		r.s.to = rtfSkip
	case "yr":
		r.clock[0] = n
	case "mo":
		r.clock[1] = n
	case "dy":
		r.clock[2] = n
	case "hr":
		r.clock[3] = n
	case "min":
		r.clock[4] = n
	case "sec":
		r.clock[5] = n
	case "nofpages":
		if n > 0 && n < 100_000 {
			r.out.count = n
		}
	}
	return nil
}

func (r *rtf) apart(to rtfPlace) {
	if r.s.to == rtfBody {
		r.s.to = to
	}
}

// unicode takes the number of a character, which RTF writes as a signed 16-bit number.
func (r *rtf) unicode(n int) {
	if n < 0 {
		n += 1 << 16
	}
	c := rune(n)
	switch {
	case n < 0 || n > utf8.MaxRune:
		return
	case utf16.IsSurrogate(c):
		if c < 0xDC00 {
			r.high = uint16(c)
			return
		}
		c = utf16.DecodeRune(rune(r.high), c)
	}
	r.high = 0
	r.put(string(c))
}

// bytes takes text in the code page of its font.
func (r *rtf) bytes(b []byte) {
	if r.skip > 0 {
		n := min(r.skip, len(b))
		r.skip -= n
		b = b[n:]
	}
	if len(b) == 0 || r.s.to == rtfSkip {
		return
	}
	plain := true
	for _, c := range b {
		plain = plain && c < 0x80
	}
	if plain {
		r.put(string(b))
		return
	}
	code := r.code
	f := r.fonts[r.s.font]
	switch {
	case f.charset == 163:
		code = charmap.Windows1258
	case f.charset == 0 && f.name != "":
		if code != charmap.Windows1258 || encodingOfFont(f.name) != unicodeText {
			code = charmap.Windows1252
		}
	}
	out := make([]byte, 0, 2*len(b))
	for _, c := range b {
		u := code.DecodeByte(c)
		if u == utf8.RuneError {
			u = rune(c)
		}
		out = utf8.AppendRune(out, u)
	}
	r.put(string(out))
}

func (r *rtf) put(s string) {
	switch r.s.to {
	case rtfSkip:
		return
	case rtfBody:
	case rtfFonts:
		r.aside = append(r.aside, s...)
		if name, ok := strings.CutSuffix(string(r.aside), ";"); ok || len(r.aside) > 200 {
			if f, known := r.fonts[r.font]; known && f.name == "" {
				f.name = strings.TrimSpace(name)
				r.fonts[r.font] = f
			}
			r.aside = r.aside[:0]
		}
		return
	default:
		if len(r.aside) < xmlTextMax {
			r.aside = append(r.aside, s...)
		}
		return
	}
	if r.s.gone {
		return
	}
	if r.s.hidden {
		r.hiddenSeen = r.hiddenSeen || strings.TrimSpace(s) != ""
		return
	}
	f := r.fonts[r.s.font]
	enc := encodingOfFont(f.name)
	switch {
	case enc != unicodeText && !enc.fits(s):
		enc = unicodeText
	case enc != unicodeText && r.legacy == "" && !isASCII(s):
		r.legacy = f.name
	case symbolFont(f.name):
		s = symbolText(f.name, s)
	}
	st := r.text.to(enc, r.s.caps)
	st.text = append(st.text, s...)
}

// bulletOrNumber gives the label that was drawn, signs of symbol fonts as a dash.
func bulletOrNumber(s string) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) == 1 && !isLetterByte(s[0]) {
		return bullet(s)
	}
	return tidy(s)
}

// take ends the paragraph and returns its text.
func (r *rtf) take() (string, error) {
	s := r.text.String()
	r.text = paragraphText{}
	return s, r.out.grow(len(s))
}

func (r *rtf) paragraph() error {
	s, err := r.take()
	if err != nil {
		return err
	}
	if r.s.table {
		if r.label != "" {
			s, r.label = r.label+" "+s, ""
		}
		r.cell = append(r.cell, strings.Split(s, "\n")...)
		return nil
	}
	r.endTable()
	defer func() { r.label = "" }()
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		p := piece{text: line}
		if i == 0 {
			p.label, p.above, p.indent = r.label, r.s.above, r.s.indent
		}
		if i == len(lines)-1 {
			p.below = r.s.below
		}
		r.out.add(p)
	}
	return nil
}

func (r *rtf) endCell(nested bool) error {
	if r.s.to != rtfBody {
		return nil
	}
	s, err := r.take()
	if err != nil {
		return err
	}
	r.cell = append(r.cell, strings.Split(s, "\n")...)
	if !nested {
		r.row = append(r.row, r.cell)
		r.cell = nil
	}
	return nil
}

func (r *rtf) endRow() {
	if r.s.to != rtfBody || len(r.row) == 0 {
		return
	}
	if r.grid == nil {
		r.grid = &grid{}
	}
	r.grid.rows = append(r.grid.rows, r.row)
	r.row = nil
}

func (r *rtf) endTable() {
	if len(r.cell) > 0 {
		r.row = append(r.row, r.cell)
		r.cell = nil
	}
	r.endRow()
	if r.grid != nil {
		r.out.add(piece{table: r.grid})
		r.grid = nil
	}
}
