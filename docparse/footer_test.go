package docparse

import (
	"strings"
	"testing"
)

// Behind "Lưu:" stand the initials of who drafted and the number of copies, which may look like a mark of authority; a signature that ran into
// the line goes on with an office in capitals.
func TestTheArchiveLineAndASignatureInIt(t *testing.T) {
	for last, want := range map[string][2]string{
		"- Lưu: VT, TM. Tr05.":               {"Lưu: VT, TM. Tr05", ""},
		"- Lưu: VT, TL.Hg03b.":               {"Lưu: VT, TL.Hg03b", ""},
		"- Lưu: VT. KT. GIÁM ĐỐC":            {"Lưu: VT", "KT."},
		"- Lưu: VT, NC. TM. ỦY BAN NHÂN DÂN": {"Lưu: VT, NC", "TM."},
	} {
		text := strings.Replace(letter("12/SYT-NV", "Hà Giang, ngày 05 tháng 7 năm 2021", "Các đơn vị treo băng rôn."), "- Lưu: VT.", last, 1)
		d := Read(text, Options{})
		var got string
		if n := len(d.Recipients); n > 0 {
			got = d.Recipients[n-1].Value
		}
		if got != want[0] || d.Authority.Form != want[1] {
			t.Errorf("%s: archive %q, authority %q; want %q, %q", last, got, d.Authority.Form, want[0], want[1])
		}
	}
}
