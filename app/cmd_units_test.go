package app

import (
	"os"
	"strings"
	"testing"
)

// The list of units goes out and comes in again by command: nothing changes; a changed file is shown first, then carried out once.
func TestUnitsByCommand(t *testing.T) {
	s := newShell(t)
	s.run(0, "migrate")
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("new.csv", "Tên đơn vị;Loại;Cấp;Cơ quan cấp trên;Mã đơn vị\nChính phủ thử;Chính phủ;Trung ương;;T0\nBộ Thử nghiệm;ministry;Trung ương;T0;T1\n")
	out, sum := s.run(0, "units", "import", "new.csv", "--dry-run", "--lang", "en")
	if strings.Count(out, "\tnew\t") != 2 || !strings.Contains(sum, "new: 2") {
		t.Errorf("%s%s", out, sum)
	}
	s.run(0, "units", "import", "new.csv")
	if out, _ := s.run(0, "units", "import", "new.csv"); out != "" {
		t.Errorf("again: %s", out)
	}
	s.run(0, "units", "export", "-o", "units.csv")
	s.run(0, "units", "export", "-o", "units.xlsx")
	for _, f := range []string{"units.csv", "units.xlsx"} {
		if out, _ := s.run(0, "units", "import", f, "--dry-run"); out != "" {
			t.Errorf("%s comes in again changed: %s", f, out)
		}
	}
	write("bad.csv", "Tên đơn vị;Loại;Cấp;Cơ quan cấp trên;Mã đơn vị\nBộ Thử nghiệm 2;ministry;Trung ương;T9;T2\n")
	if out, _ := s.run(3, "units", "import", "bad.csv"); !strings.Contains(out, "2\tchưa nhập được\tBộ Thử nghiệm 2\tKhông tìm thấy cơ quan cấp trên “T9”") {
		t.Error(out)
	}
}
