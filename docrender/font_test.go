package docrender

import (
	"strings"
	"testing"
	"unicode"
)

// Every Vietnamese letter, in both cases, stands in all four styles.
func TestFacesHaveVietnamese(t *testing.T) {
	letters := "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz"
	var all strings.Builder
	for _, r := range letters {
		all.WriteRune(r)
		all.WriteRune(unicode.ToUpper(r))
	}
	all.WriteString("0123456789 .,;:!?()[]/-–—…“”‘’\"'%&@#+=<>§°²³½\u00a0")
	for i, f := range faces() {
		if r, ok := f.covers(all.String()); !ok {
			t.Errorf("style %d has no %q", i, r)
		}
	}
	if _, ok := faces()[0].covers("漢"); ok {
		t.Error("a Chinese character counts as covered")
	}
}

// A subset is a font again: the same widths and outlines for the glyphs asked for.
func TestSubset(t *testing.T) {
	_, f := faceOf(true, false)
	used := []uint16{0}
	text := "Ưởng đậm"
	for _, r := range text {
		used = append(used, f.glyph(r))
	}
	b := f.subset(used)
	tables := len(b)
	if tables > 12_000 || tables < 1_000 {
		t.Errorf("subset of %d glyphs has %d bytes", len(used), tables)
	}
	var sum uint32 = checksum(b)
	if sum != 0xB1B0AFBA {
		t.Errorf("whole checksum %x", sum)
	}
}
