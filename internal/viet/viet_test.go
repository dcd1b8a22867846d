package viet

import (
	"slices"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Thanh Hóa": "thanh hoa", "Thanh Hoá": "thanh hoa", "ĐƯỜNG  Đặng\tDung ": "duong dang dung", "Ủy ban": "uy ban", "Uỷ ban": "uy ban",
		norm.NFD.String("Ẵm Ộ Ữ"): "am o u", "LĐTBXH": "ldtbxh", "": "", "  ": "", "a\u200bb": "ab", "Москва": "москва",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSorting(t *testing.T) {
	want := []string{"An", "Ăn", "Ân", "Dương", "Điện", "Đông", "Ê đê", "Hà", "Hòa", "Yên"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, Compare)
	if !slices.Equal(got, want) {
		t.Error(got)
	}
	byKey := slices.Clone(want)
	slices.Reverse(byKey)
	slices.SortFunc(byKey, func(a, b string) int { return slices.Compare(SortKey(a), SortKey(b)) })
	if !slices.Equal(byKey, want) {
		t.Error(byKey)
	}
	people := []string{"Vì Thị Đào", "Lường Văn An", "Quàng Thị Ánh", "Bùi An"}
	slices.SortFunc(people, CompareNames)
	if !slices.Equal(people, []string{"Bùi An", "Lường Văn An", "Quàng Thị Ánh", "Vì Thị Đào"}) {
		t.Error(people)
	}
}

func TestOldTone(t *testing.T) {
	for in, want := range map[string]string{"Thanh Hoá": "Thanh Hóa", "thuỷ điện Hoà Bình": "thủy điện Hòa Bình", "hoàn": "hoàn", "quý": "quý", "Quỳ Hợp": "Quỳ Hợp", "loè loẹt": "lòe loẹt", "toán": "toán"} {
		if got := OldTone(in); got != want {
			t.Errorf("OldTone(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("Thanh Hoá")
	f.Add("Ê\u0302\xff")
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if utf8.ValidString(s) && Fold(once) != once {
			t.Errorf("folding %q twice changes it: %q %q", s, once, Fold(once))
		}
		if Fold(norm.NFC.String(s)) != Fold(norm.NFD.String(s)) && utf8.ValidString(s) {
			t.Errorf("%q folds differently in NFC and NFD", s)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	s := "Ủy ban nhân dân các huyện, thị xã, thành phố thuộc tỉnh Thanh Hóa; Sở Lao động - Thương binh và Xã hội"
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Fold(s)
	}
}
