package docparse

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzRead: no text makes the reader panic; what it says points into the text; the same text reads the same twice.
func FuzzRead(f *testing.F) {
	names, _ := filepath.Glob(filepath.Join("testdata", "read", "*.txt"))
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		text, _, _ := strings.Cut(string(b), goldMark)
		f.Add(text)
	}
	for _, s := range []string{"", "\x00", "|||\n|||", "Số:", "Điều 1.", "“", "ngày  tháng  năm", strings.Repeat("1.", 300), strings.Repeat("(", 300), strings.Repeat("a\u0301", 50), "\xff\xfe", "Kính gửi:", "Nơi nhận:\n-", "I. A\n1. B\na) C\n- D\n+ E"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := Read(text, Options{Register: AntiTrafficking()})
		raw, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := json.Marshal(Read(text, Options{Register: AntiTrafficking()}))
		if string(raw) != string(again) {
			t.Fatal("the same text was read in two ways")
		}
		for _, x := range d.facts() {
			if x.Span.Start < 0 || x.Span.End > len(d.Text) || x.Span.Start > x.Span.End {
				t.Fatalf("%s %q: span %v outside the text of %d bytes", x.name, x.value, x.Span, len(d.Text))
			}
			if o := d.OriginalSpan(x.Span); o.Start < 0 || o.End > len(text) || o.Start > o.End {
				t.Fatalf("%s %q: original span %v outside the text of %d bytes", x.name, x.value, o, len(text))
			}
			if utf8.ValidString(text) && !utf8.ValidString(x.value) {
				t.Fatalf("%s %q cut inside a character", x.name, x.value)
			}
			if x.Confidence <= 0 || x.Confidence > 1 || x.Rule == "" {
				t.Fatalf("%s %q: confidence %v, rule %q", x.name, x.value, x.Confidence, x.Rule)
			}
		}
		if err := d.Explain(io.Discard); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzSymbol: a symbol that was read is read again to the same.
func FuzzSymbol(f *testing.F) {
	for _, s := range []string{"173/KH-BCĐ", "/SYT-TTr", "5417-CV/TU", "53/2024/QH15", "1436//BLĐTBXH-PCTNXH", "1183 BC/NG-LS", "26 /BC-UBND", "162/PCTNXH-HTNNTT", "03/2008/TTLT-BCA-BQP-BNG-BLĐTBXH", "30a/2008/NQ-CP"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		sym, ok := ParseSymbol(s)
		if !ok {
			return
		}
		again, ok := ParseSymbol(sym.Text)
		if !ok || again.Text != sym.Text || again.Type != sym.Type || again.Issuer != sym.Issuer || again.Unit != sym.Unit {
			t.Fatalf("%q -> %+v, read again %+v %v", s, sym, again, ok)
		}
	})
}

// FuzzDate: a date that was read lies within the text it was read from.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"14/5/2021", "ngày 03 tháng 8 năm 2021", "12 - 07 - 2021", "2020-02-02T23:55", "6/2021", "30/7", "ngày      tháng 5 năm 2021", "15h00 ngày 10/9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		low := fold(s)
		for _, d := range datesIn(low, 0, len(low)) {
			if d.start < 0 || d.end > len(low) || d.start >= d.end || d.Year == 0 && !(Date{2024, d.Month, d.Day}).Exists() && d.Day > 31 {
				t.Fatalf("%q: %+v", s, d)
			}
		}
	})
}

// FuzzNormalise: every place of the normalised text has a place in the source, and places do not run backwards.
func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"a\u0302\u0301 b", "**đậm** [x](y)", "a|b|c\r\nd", "củaỦy ban vềchống ngày14/11/2013", "<b>Số</b>: 1⁄KH&nbsp;-UBND", "\xff", "Kinh gui: Cac xa, phuong tren dia ban tinh", "ngày 25/l2/2022, phòng, chông mua bán"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := remark(unglue(normalise(s)))
		last := 0
		for i := 0; i <= len(n.text); i++ {
			at := n.offsets.from(i)
			if at < 0 || at > len(s) {
				t.Fatalf("%q: place %d of %q comes from %d", s, i, n.text, at)
			}
			if at < last {
				t.Fatalf("%q: place %d of %q comes from %d, the one before from %d", s, i, n.text, at, last)
			}
			last = at
		}
	})
}
