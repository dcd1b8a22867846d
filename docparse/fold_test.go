package docparse

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

// Folding keeps every position: each character keeps its length, and is the small letter Unicode gives where that is as long.
func TestFoldKeepsPlaces(t *testing.T) {
	for r := rune(1); r < 0x3000; r++ {
		if r >= 0xD800 && r < 0xE000 {
			continue
		}
		s := string(r)
		got := fold(s)
		if len(got) != len(s) {
			t.Fatalf("%q: %d bytes became %d", s, len(s), len(got))
		}
		if want := unicode.ToLower(r); utf8.RuneLen(want) == len(s) && (r < 0x180 || r == 0x1A0 || r == 0x1AF || r >= 0x1EA0 && r < 0x1F00) && got != string(want) {
			// letters outside Vietnamese may stay as they are
			if r != 0x130 && r != 0x178 && (r < 0x139 || r > 0x149) && r < 0x177 || r == 0x1A0 || r == 0x1AF || r >= 0x1EA0 {
				if r != 0x138 && r != 0x131 {
					t.Errorf("%q folds to %q, want %q", s, got, string(want))
				}
			}
		}
	}
	for in, want := range map[string]string{"HOÀ": "hòa", "uỷ ban": "ủy ban", "Quý": "quý", "thuý": "thúy", "TOÁN": "toán", "hoàn": "hoàn", "Đ/c": "đ/c", "khoẻ": "khỏe"} {
		if got := fold(in); got != want {
			t.Errorf("%q folds to %q, want %q", in, got, want)
		}
	}
}
