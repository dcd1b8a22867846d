package doctext

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// sample is a text with every letter that matters and the words around them.
const sample = `Ủy ban nhân dân tỉnh Hà Giang yêu cầu các sở, ngành và Ủy ban nhân dân các huyện thực hiện kế hoạch phòng, chống mua bán người năm 2009.
Người bị lừa gạt, đưa sang bên kia biên giới khi trở về được giúp tiền ăn, tiền tàu xe, chữa bệnh, học nghề; họ tên được giữ kín.
Công an tỉnh chủ trì, phối hợp với Bộ đội Biên phòng mở đợt cao điểm từ ngày 01 đến hết ngày 30 tháng 7, báo cáo trước ngày 15 tháng 8.
Những điều còn vướng mắc thì gửi về Thường trực để cùng gỡ; ở đâu làm tốt thì nhân rộng, ở đâu chậm trễ thì nhắc nhở.
`

// encodeTCVN3 writes lower-case Vietnamese as a typist with an ABC keyboard did: capitals with a tone do not exist.
func encodeTCVN3(t testing.TB, s string) []byte {
	t.Helper()
	codes := map[rune]byte{}
	for i, r := range tcvn3Letters {
		if r < 0x300 || r > 0x36F {
			codes[r] = byte(0xA0 + i)
		}
	}
	var b []byte
	for _, r := range s {
		if r < 0x80 {
			b = append(b, byte(r))
			continue
		}
		c, ok := codes[r]
		if !ok {
			t.Fatalf("no TCVN3 code for %q", r)
		}
		b = append(b, c)
	}
	return b
}

// The table is that of the standard, as another implementation has it.
func TestTCVN3AgainstIconv(t *testing.T) {
	iconv, err := exec.LookPath("iconv")
	if err != nil {
		t.Skip("SKIPPED: iconv is not installed")
	}
	for i, want := range tcvn3Letters {
		cmd := exec.Command(iconv, "-f", "TCVN5712-1", "-t", "UTF-8")
		cmd.Stdin = bytes.NewReader([]byte{byte(0xA0 + i), ' '})
		out, err := cmd.Output()
		if err != nil {
			t.Skipf("SKIPPED: iconv does not know TCVN5712-1: %v", err)
		}
		if got := strings.TrimSuffix(string(out), " "); got != string(want) {
			t.Errorf("%#x is %q, not %q", 0xA0+i, got, want)
		}
	}
}

func latin(b []byte) string {
	s, _ := charmap.Windows1252.NewDecoder().Bytes(b)
	out := string(s)
	for _, c := range b { // what Windows-1252 leaves open
		if charmap.Windows1252.DecodeByte(c) == 0xFFFD {
			return strings.Map(func(r rune) rune { return r }, strings.ReplaceAll(out, "\uFFFD", string(rune(c))))
		}
	}
	return out
}

// encodeVNI writes Vietnamese as VNI for Windows does.
func encodeVNI(s string) []byte {
	letters := map[rune]rune{}
	for k, v := range vniLetters {
		letters[v] = k
	}
	signs := map[string]rune{}
	for k, v := range vniSigns {
		signs[v] = k
	}
	var b []byte
	put := func(r rune) {
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			panic(string(r))
		}
		b = append(b, c)
	}
	for _, r := range s {
		if l, ok := letters[r]; ok {
			put(l)
			continue
		}
		d := []rune(norm.NFD.String(string(r)))
		if len(d) == 1 {
			put(r)
			continue
		}
		base, marks := d[0], d[1:]
		if marks[0] == 0x31B || len(marks) > 1 && marks[1] == 0x31B { // ơ, ư have codes of their own
			horn := map[rune]rune{'o': 'ô', 'u': 'ö', 'O': 'Ô', 'U': 'Ö'}[base]
			put(horn)
			tone := ""
			for _, m := range marks {
				if m != 0x31B {
					tone = string(m)
				}
			}
			if tone != "" {
				put(upperSign(signs[tone], base))
			}
			continue
		}
		hat, tone := "", ""
		for _, m := range marks {
			if m == 0x302 || m == 0x306 {
				hat = string(m)
			} else {
				tone = string(m)
			}
		}
		put(base)
		put(upperSign(signs[hat+tone], base))
	}
	return b
}

func upperSign(sign, base rune) rune {
	if base >= 'A' && base <= 'Z' {
		return sign - 0x20
	}
	return sign
}

func encodeVIQR(s string) string {
	marks := map[rune]string{0x302: "^", 0x306: "(", 0x31B: "+", 0x300: "`", 0x301: "'", 0x309: "?", 0x303: "~", 0x323: "."}
	var b strings.Builder
	for _, r := range s {
		switch r {
		case 'đ':
			b.WriteString("dd")
			continue
		case 'Đ':
			b.WriteString("DD")
			continue
		}
		hat, tone := "", ""
		for i, m := range norm.NFD.String(string(r)) {
			switch {
			case i == 0:
				b.WriteRune(m)
			case m == 0x302 || m == 0x306 || m == 0x31B:
				hat = marks[m]
			default:
				tone = marks[m]
			}
		}
		b.WriteString(hat + tone)
	}
	return b.String()
}

// encode1258 writes the form of the code page: letters with hats as one, tones behind them.
func encode1258(t testing.TB, s string) []byte {
	t.Helper()
	var b []byte
	for _, r := range s {
		if c, ok := charmap.Windows1258.EncodeRune(r); ok {
			b = append(b, c)
			continue
		}
		d := []rune(norm.NFD.String(string(r)))
		tone := -1
		for i, m := range d {
			if m == 0x300 || m == 0x301 || m == 0x303 || m == 0x309 || m == 0x323 {
				tone = i
			}
		}
		if tone < 0 {
			t.Fatalf("no 1258 code for %q", r)
		}
		base := norm.NFC.String(string(append(append([]rune{}, d[:tone]...), d[tone+1:]...)))
		for _, x := range base + string(d[tone]) {
			c, ok := charmap.Windows1258.EncodeRune(x)
			if !ok {
				t.Fatalf("no 1258 code for %q of %q", x, r)
			}
			b = append(b, c)
		}
	}
	return b
}

func TestOldEncodings(t *testing.T) {
	low := strings.ReplaceAll(sample, "Ủ", "ủ")
	double := func(s string) []byte { // UTF-8 taken for Windows-1252 and written as UTF-8 again
		var b strings.Builder
		for _, c := range []byte(s) {
			r := charmap.Windows1252.DecodeByte(c)
			if r == 0xFFFD {
				r = rune(c)
			}
			b.WriteRune(r)
		}
		return []byte(b.String())
	}
	utf16of := func(big bool, mark bool) []byte {
		var b []byte
		s := sample
		if mark {
			s = "\uFEFF" + s
		}
		for _, u := range utf16.Encode([]rune(s)) {
			if big {
				b = append(b, byte(u>>8), byte(u))
			} else {
				b = append(b, byte(u), byte(u>>8))
			}
		}
		return b
	}
	cases := []struct {
		name string
		file []byte
		want string
		warn string
	}{
		{"UTF-8", []byte(sample), sample, ""},
		{"UTF-8 with a mark", []byte("\xEF\xBB\xBF" + sample), sample, ""},
		{"UTF-8 taken apart", []byte(norm.NFD.String(sample)), sample, ""},
		{"UTF-16 LE", utf16of(false, true), sample, ""},
		{"UTF-16 BE", utf16of(true, true), sample, ""},
		{"UTF-16 LE without a mark", utf16of(false, false), sample, ""},
		{"UTF-16 BE without a mark", utf16of(true, false), sample, ""},
		{"TCVN3", encodeTCVN3(t, low), low, "TCVN3 (ABC)"},
		{"TCVN3 pasted as Latin letters", []byte(latin(encodeTCVN3(t, low))), low, "TCVN3 (ABC)"},
		{"VNI", encodeVNI(sample), sample, "VNI"},
		{"VNI pasted as Latin letters", []byte(latin(encodeVNI(sample))), sample, "VNI"},
		{"Windows-1258", encode1258(t, sample), sample, "Windows-1258"},
		{"VIQR", []byte(encodeVIQR(sample)), sample, "VIQR"},
		{"taken for Windows-1252", double(sample), sample, "UTF-8"},
		{"DOS line ends", []byte(strings.ReplaceAll(sample, "\n", "\r\n") + "\x1a"), sample, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := extract(t, c.file)
			if d := cmp.Diff(c.want, text.Plain); d != "" {
				t.Error(d)
			}
			warned := ""
			for _, w := range text.Warnings {
				if w.Key == "doctext.warn.encoding" {
					warned = w.Args[0].(string)
				}
			}
			if warned != c.warn {
				t.Errorf("warning about %q, want %q", warned, c.warn)
			}
		})
	}
}

// Texts that are what they seem are left alone.
func TestNotOldEncodings(t *testing.T) {
	for _, s := range []string{
		"Le règlement a été adopté à l'unanimité; les députés français l'ont voté dès l'été.\n",
		"It's a child's right: don't you think they'd help? I'm sure; we've the data (a+b) ^ 2.\n",
		"Die Straße führt über die Brücke; größere Häuser stehen dort.\n",
		"12.345 | 67,8 % | ±2 °C | 5 µg/m³ | § 12 | « trích dẫn »\n",
		"Tổng số: 45 buổi; Müller và Ångström là tên riêng.\n",
		"Ho ten: Nguyen Van A. Dia chi: so 5, duong Tran Phu? (a) mot; (b) hai.\n",
	} {
		if got := extract(t, []byte(s)).Plain; got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

// In a file of today a paragraph pasted from an old one is still found.
func TestOldParagraphInNewText(t *testing.T) {
	low := "báo cáo kết quả thực hiện chương trình phòng, chống mua bán người của tỉnh"
	s := sample + latin(encodeTCVN3(t, low)) + "\n"
	if d := cmp.Diff(sample+low+"\n", extract(t, []byte(s)).Plain); d != "" {
		t.Error(d)
	}
}

func TestSyllables(t *testing.T) {
	for _, w := range strings.Fields("người nghiêng quyền giữ gìn giếng khuya ngoằn thuở yêu ươm ưng uỷ ủy quốc quýt xoong huyện nguyệt khuỷu ngoéo chếch đặng đường ăn ở gì nghĩa") {
		if !isSyllable(nfc(w)) {
			t.Errorf("%s is a syllable", w)
		}
	}
	for _, w := range strings.Fields("ngưòiời ngợc hàc têt bẩt càp über straße façade ñaáu viÖt nguyẹ́n kkh") {
		if isSyllable(nfc(w)) {
			t.Errorf("%s is no syllable", w)
		}
	}
}
