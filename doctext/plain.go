package doctext

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// plain reads a text file: UTF-8, UTF-16, or one of the old Vietnamese encodings.
func (j *job) plain() error {
	raw, err := j.all()
	if err != nil {
		return err
	}
	s := decodeText(raw)
	if len(s) > j.o.MaxText {
		return j.out.grow(len(s))
	}
	s = strings.TrimSuffix(s, "\x1a") // the end mark of DOS
	for n := 0; s != ""; n++ {
		if n&0xFFF == 0 && j.ctx.Err() != nil {
			return j.ctx.Err()
		}
		line, rest, _ := cutLine(s)
		s = rest
		if line == "\f" {
			continue
		}
		if err := j.out.paragraph("", line); err != nil {
			return err
		}
	}
	return nil
}

// cutLine takes one line off, whatever its end.
func cutLine(s string) (line, rest string, found bool) {
	i := strings.IndexAny(s, "\r\n")
	if i < 0 {
		return s, "", false
	}
	next := i + 1
	if s[i] == '\r' && next < len(s) && s[next] == '\n' {
		next++
	}
	return s[:i], s[next:], true
}

// decodeText makes characters of the bytes of a text. Bytes that are no UTF-8 are taken for Windows-1252 characters, which recognise
// then looks through.
func decodeText(b []byte) string {
	if rest, ok := bytes.CutPrefix(b, []byte("\xEF\xBB\xBF")); ok {
		return valid(string(rest))
	}
	if order := utf16Order(b[:min(len(b), 8192)]); order != nil {
		u := make([]uint16, 0, len(b)/2)
		for i := 0; i+1 < len(b); i += 2 {
			u = append(u, order.Uint16(b[i:]))
		}
		return strings.TrimPrefix(string(utf16.Decode(u)), "\uFEFF")
	}
	if mostlyUTF8(b) {
		return valid(string(b))
	}
	out := make([]byte, 0, len(b)+len(b)/2)
	for _, c := range b {
		if c < 0x80 {
			out = append(out, c)
			continue
		}
		r := charmap.Windows1252.DecodeByte(c)
		if r == utf8.RuneError {
			r = rune(c)
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// mostlyUTF8 tells UTF-8, perhaps with a few broken or cut characters, from text in a one-byte encoding.
func mostlyUTF8(b []byte) bool {
	if utf8.Valid(b) {
		return true
	}
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return good >= 10*bad
}
