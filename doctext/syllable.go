package doctext

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Vietnamese writes each syllable apart, and a syllable is an onset, a rhyme and a tone out of short lists. So a wrong reading of bytes
// shows itself: hardly any of its words is a syllable. This is what recognise decides by.

var onsets = map[string]bool{
	"": true, "b": true, "c": true, "ch": true, "d": true, "đ": true, "g": true, "gh": true, "gi": true, "h": true, "k": true, "kh": true, "l": true,
	"m": true, "n": true, "ng": true, "ngh": true, "nh": true, "p": true, "ph": true, "qu": true, "r": true, "s": true, "t": true, "th": true,
	"tr": true, "v": true, "x": true,
}

var rhymes = func() map[string]bool {
	m := map[string]bool{}
	for _, r := range strings.Fields(`a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut
uy uya uych yt ynh ych uyên uyêt uynh uyt uyu uyn uơ ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu`) {
		m[r] = true
	}
	return m
}()

// toneOf splits a letter into the letter without tone and its tone (0: none).
type toned struct {
	base rune
	tone byte
}

var tones = func() map[rune]toned {
	m := map[rune]toned{}
	for _, base := range "aăâeêioôơuưy" {
		for i, t := range []string{"", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"} {
			for _, r := range norm.NFC.String(string(base) + t) {
				m[r] = toned{base, byte(i)}
			}
		}
	}
	for _, c := range "bcdđghklmnpqrstvx" {
		m[c] = toned{c, 0}
	}
	return m
}()

// isSyllable tells whether a word in lower case and NFC is a possible Vietnamese syllable.
func isSyllable(w string) bool {
	var buf [24]byte
	plain := buf[:0]
	tone := byte(0)
	letters := 0
	for _, r := range w {
		t, ok := tones[r]
		if letters++; !ok || letters > 7 {
			return false
		}
		if t.tone > 0 {
			if tone > 0 {
				return false
			}
			tone = t.tone
		}
		plain = append(plain, string(t.base)...)
	}
	if len(plain) == 0 {
		return false
	}
	for cut := min(3, len(plain)); cut >= 0; cut-- {
		if onsets[string(plain[:cut])] && rhymes[string(plain[cut:])] {
			return stopOK(plain, tone)
		}
	}
	return false
}

// stopOK: a syllable that ends in c, ch, p or t has the tone sắc or nặng.
func stopOK(plain []byte, tone byte) bool {
	switch last := plain[len(plain)-1]; {
	case last == 'c', last == 'p', last == 't', last == 'h' && len(plain) > 1 && plain[len(plain)-2] == 'c':
		return tone == 2 || tone == 5
	}
	return true
}

// tally counts the words of a text that have a letter beyond ASCII: those that are syllables and those that are not; and all words.
type tally struct{ good, bad, words int }

func count(s string) (t tally) {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0xA0 }) {
		w = strings.TrimFunc(w, func(r rune) bool {
			return r < 0x80 && !unicode.IsLetter(r) || strings.ContainsRune("“”‘’–—…•", r)
		})
		if w == "" {
			continue
		}
		t.words++
		if isASCII(w) || len(w) > 200 {
			continue
		}
		low := nfc(strings.ToLower(w))
		for _, part := range strings.FieldsFunc(low, func(r rune) bool { return r < 0x80 && !unicode.IsLetter(r) || r == '–' || r == '…' }) {
			switch {
			case isASCII(part):
			case isSyllable(part):
				t.good++
			default:
				t.bad++
			}
		}
	}
	return t
}

func (t tally) convincing() bool { return t.good >= 2 && t.good >= 4*t.bad }

// recognise tells in which encoding a text is whose bytes were taken for characters of Windows-1252 (or that is Unicode after all).
func recognise(s string) legacy {
	as := count(s)
	if isASCII(s) {
		return recogniseVIQR(s, as)
	}
	if as.good >= as.bad && as.good > 0 {
		return unicodeText
	}
	best, score := unicodeText, tally{}
	for _, l := range []legacy{tcvn3, vni, windows1258, mojibake} {
		t := count(l.decode(s))
		if t.convincing() && (best == unicodeText || t.good-t.bad > score.good-score.bad) {
			best, score = l, t
		}
	}
	if score.good <= as.good {
		return unicodeText
	}
	return best
}

// recogniseVIQR asks for many syllables and for the double signs that no other text has, because English is full of apostrophes.
func recogniseVIQR(s string, as tally) legacy {
	marks := strings.Count(s, "^") + strings.Count(s, "dd") + strings.Count(s, "u+") + strings.Count(s, "o+") + strings.Count(s, "a(")
	if marks < 3 {
		return unicodeText
	}
	t := count(decodeVIQR(s))
	if t.convincing() && 3*t.good >= as.words && 6*marks >= t.good {
		return viqr
	}
	return unicodeText
}

// suspicious counts the letters and signs that Vietnamese in Unicode does not have and legacy text is full of.
func suspicious(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r < 0x80:
		case r < 0x100 && !vietnameseLatin1[r], r >= 0x300 && r <= 0x323, r >= 0xF020 && r <= 0xF0FF, r == 'ƒ', r == '™', r == 'Œ':
			n++
		}
	}
	return n
}

var vietnameseLatin1 = func() map[rune]bool {
	m := map[rune]bool{0xA0: true, 0xAD: true, '°': true, '«': true, '»': true, '²': true, '³': true, '½': true, '×': true, '·': true, '§': true}
	for _, r := range "àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ" {
		m[r] = true
	}
	return m
}()

// sampleSize is how much text the encoding is decided by.
const sampleSize = 64 << 10

// modernise turns legacy text into Unicode: the whole file when its text says so, else the paragraphs that do.
func (b *builder) modernise() {
	var sample strings.Builder
	odd := 0
	b.eachText(func(s string) string {
		if sample.Len() < sampleSize {
			sample.WriteString(cutAt(s, sampleSize-sample.Len()))
			sample.WriteByte('\n')
		}
		if odd == 0 {
			odd += suspicious(s)
		}
		return s
	})
	whole := unicodeText
	if s := sample.String(); odd > 0 || isASCII(s) {
		whole = recognise(s)
	}
	found := whole
	switch {
	case whole != unicodeText:
		b.eachText(func(s string) string {
			if !whole.fits(s) && whole != viqr {
				return s
			}
			return whole.decode(s)
		})
	case odd > 0:
		b.eachText(func(s string) string {
			if suspicious(s) < 3 {
				return s
			}
			if l := recognise(s); l != unicodeText {
				found = l
				return l.decode(s)
			}
			return s
		})
	}
	if found != unicodeText {
		b.warn("doctext.warn.encoding", 0, found.name())
	}
}

// eachText replaces every text of the builder by what change makes of it.
func (b *builder) eachText(change func(string) string) {
	for i := range b.pieces {
		p := &b.pieces[i]
		if p.table == nil {
			p.text = change(p.text)
			continue
		}
		for _, row := range p.table.rows {
			for _, c := range row {
				for k := range c {
					c[k] = change(c[k])
				}
			}
		}
	}
}

// cutAt returns at most n bytes of s, cut between characters.
func cutAt(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
