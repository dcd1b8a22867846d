package doctext

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// legacy is a way in which Vietnamese was written before Unicode (and is, in files of that time and on old machines).
type legacy uint8

const (
	unicodeText  legacy = iota
	tcvn3               // TCVN 5712:1993, third subset: fonts .VnTime, .VnArial; the national standard until 2001
	tcvn3Capital        // the same codes drawn as capitals: fonts .VnTimeH; only the font tells
	vni                 // VNI for Windows: a letter and a sign behind it; the usage of the South
	windows1258         // letters with tones behind them
	viqr                // RFC 1456: plain ASCII, a^' for ấ; e-mail of the time
	mojibake            // UTF-8 that was taken for Windows-1252 and saved again
)

// name is how people call the encoding.
func (l legacy) name() string {
	return [...]string{"Unicode", "TCVN3 (ABC)", "TCVN3 (ABC)", "VNI", "Windows-1258", "VIQR", "UTF-8"}[l]
}

// tcvn3Table has the letters at codes 0xA0 to 0xFF. Checked against iconv(1) by TestTCVN3.
const tcvn3Table = "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"

var tcvn3Letters = []rune(tcvn3Table)

// vniSigns gives what a sign of VNI makes of the letter before it. A sign stands for a tone, a hat, or both.
var vniSigns = map[rune]string{
	'ø': "\u0300", 'ù': "\u0301", 'û': "\u0309", 'õ': "\u0303", 'ï': "\u0323",
	'â': "\u0302", 'à': "\u0302\u0300", 'á': "\u0302\u0301", 'å': "\u0302\u0309", 'ã': "\u0302\u0303", 'ä': "\u0302\u0323",
	'ê': "\u0306", 'è': "\u0306\u0300", 'é': "\u0306\u0301", 'ú': "\u0306\u0309", 'ü': "\u0306\u0303", 'ë': "\u0306\u0323",
}

// vniLetters are the letters that VNI has at a code of their own.
var vniLetters = map[rune]rune{
	'ñ': 'đ', 'Ñ': 'Đ', 'ô': 'ơ', 'Ô': 'Ơ', 'ö': 'ư', 'Ö': 'Ư', 'æ': 'ỉ', 'Æ': 'Ỉ', 'ó': 'ĩ', 'Ó': 'Ĩ', 'ò': 'ị', 'Ò': 'Ị', 'î': 'ỵ', 'Î': 'Ỵ',
}

// encodingOfFont tells the encoding by the name of the font, as far as it has one of its own.
func encodingOfFont(font string) legacy {
	switch {
	case len(font) < 3:
		return unicodeText
	case strings.HasPrefix(font, ".Vn"), strings.HasPrefix(font, ".vn"), strings.HasPrefix(font, ".VN"):
		if strings.HasSuffix(font, "H") && !strings.HasSuffix(font, "TH") {
			return tcvn3Capital
		}
		return tcvn3
	case strings.HasPrefix(font, "VNI-"), strings.HasPrefix(font, "VNI "), strings.HasPrefix(font, "vni-"):
		return vni
	}
	return unicodeText
}

// byteOf gives the byte that a character stood for when a legacy text was taken for Windows-1252, for Windows-1258 or for a symbol font.
func byteOf(r rune) (byte, bool) {
	switch {
	case r <= 0xFF:
		return byte(r), true
	case r >= 0xF020 && r <= 0xF0FF:
		return byte(r - 0xF000), true
	}
	if b, ok := charmap.Windows1252.EncodeRune(r); ok {
		return b, true
	}
	return charmap.Windows1258.EncodeRune(r)
}

// fits tells whether a text in a legacy font can be in its encoding: no letter that only Unicode has.
func (l legacy) fits(s string) bool {
	for _, r := range s {
		if r < 0x80 {
			continue
		}
		if _, ok := byteOf(r); !ok {
			return false
		}
	}
	return true
}

// decode turns text of the encoding, whose bytes were taken for characters, into Unicode.
func (l legacy) decode(s string) string {
	switch l {
	case tcvn3:
		return decodeTCVN3(s)
	case tcvn3Capital:
		return strings.ToUpper(nfc(decodeTCVN3(s)))
	case vni:
		return decodeVNI(s)
	case viqr:
		return decodeVIQR(s)
	case windows1258:
		return nfc(decodeBytes(s, charmap.Windows1258))
	case mojibake:
		return decodeMojibake(s)
	}
	return s
}

func decodeTCVN3(s string) string {
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		c, ok := byteOf(r)
		switch {
		case !ok:
			b.WriteRune(r)
		case c >= 0xA0:
			b.WriteRune(tcvn3Letters[c-0xA0])
		default:
			b.WriteRune(r)
		}
	}
	return nfc(b.String())
}

func decodeVNI(s string) string {
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	var last rune
	for _, r := range s {
		if c, ok := byteOf(r); ok && c >= 0x80 {
			if u := charmap.Windows1252.DecodeByte(c); u != utf8.RuneError {
				r = u
			}
		}
		low := r
		upper := r >= 'À' && r <= 'Þ'
		if upper {
			low = r + 0x20
		}
		sign, isSign := vniSigns[low]
		letter, isLetter := vniLetters[r]
		switch {
		case isSign && takesSign(last, sign):
			b.WriteString(sign)
			last = 0
			continue
		case isLetter:
			r = letter
		}
		b.WriteRune(r)
		last = r
	}
	return nfc(b.String())
}

// takesSign tells whether a VNI sign can stand behind a letter.
func takesSign(letter rune, sign string) bool {
	hat := strings.HasPrefix(sign, "\u0302")
	breve := strings.HasPrefix(sign, "\u0306")
	switch letter {
	case 'a', 'A':
		return true
	case 'e', 'E', 'o', 'O':
		return !breve
	case 'u', 'U', 'y', 'Y', 'ơ', 'Ơ', 'ư', 'Ư':
		return !hat && !breve
	case 'i', 'I': // seen in texts typed with another keyboard
		return !hat && !breve
	}
	return false
}

var viqrTones = map[byte]string{'`': "\u0300", '\'': "\u0301", '?': "\u0309", '~': "\u0303", '.': "\u0323"}

// decodeVIQR reads RFC 1456: a letter, then ^ ( or +, then a tone; dd is đ; a backslash keeps the next character as it is.
func decodeVIQR(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		c := s[i]
		if c == '\\' && i+1 < len(s) {
			b.WriteByte(s[i+1])
			i += 2
			continue
		}
		if (c == 'd' || c == 'D') && i+1 < len(s) && (s[i+1] == 'd' || s[i+1] == 'D') {
			if c == 'd' {
				b.WriteString("đ")
			} else {
				b.WriteString("Đ")
			}
			i += 2
			continue
		}
		b.WriteByte(c)
		i++
		low := c | 0x20
		if !strings.ContainsRune("aeiouy", rune(low)) {
			continue
		}
		if i < len(s) {
			switch {
			case s[i] == '^' && strings.IndexByte("aeo", low) >= 0:
				b.WriteString("\u0302")
				i++
			case s[i] == '(' && low == 'a':
				b.WriteString("\u0306")
				i++
			case (s[i] == '+' || s[i] == '*') && (low == 'o' || low == 'u'):
				b.WriteString("\u031b")
				i++
			}
		}
		if i < len(s) {
			// A point or question mark at the end of a word is punctuation far more often than a tone.
			tone, ok := viqrTones[s[i]]
			if ok && (s[i] != '.' && s[i] != '?' && s[i] != '\'' || i+1 < len(s) && isLetterByte(s[i+1]) || viqrFinal(s, i)) {
				b.WriteString(tone)
				i++
			}
		}
	}
	return nfc(b.String())
}

// viqrFinal decides about a mark at the end of a word: a tone, when another mark of punctuation or a space with a small letter follows.
func viqrFinal(s string, i int) bool {
	rest := s[i+1:]
	if rest == "" {
		return s[i] == '\''
	}
	switch c := rest[0]; {
	case c == '.' || c == ',' || c == ';' || c == ':' || c == '?' || c == '!' || c == ')' || c == '"':
		return true
	case c == ' ' && len(rest) > 1:
		return rest[1] >= 'a' && rest[1] <= 'z' || rest[1] == '(' || s[i] == '\''
	}
	return false
}

func isLetterByte(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func decodeBytes(s string, m *charmap.Charmap) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if c, ok := byteOf(r); ok && c >= 0x80 {
			if u := m.DecodeByte(c); u != utf8.RuneError {
				r = u
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// decodeMojibake undoes one wrong reading of UTF-8 as Windows-1252.
func decodeMojibake(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		c, ok := byteOf1252(r)
		if !ok {
			return s
		}
		b = append(b, c)
	}
	if !utf8.Valid(b) {
		return s
	}
	return nfc(string(b))
}

func byteOf1252(r rune) (byte, bool) {
	if r < 0x100 {
		return byte(r), true
	}
	return charmap.Windows1252.EncodeRune(r)
}
