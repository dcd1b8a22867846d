package sheet_test

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/sheet"
)

func table() sheet.Table {
	return sheet.Table{Name: "Kết quả: xã/phường", Title: "Kết quả hưởng ứng", Notes: []string{"Kỳ: 01/6 - 30/7/2026"},
		Columns: []sheet.Column{{Text: "Đơn vị"}, {Text: "Số buổi", Kind: sheet.Int}, {Text: "Tỷ lệ", Kind: sheet.Percent}, {Text: "Ngày", Kind: sheet.Date}, {Text: "Lúc", Kind: sheet.Time}},
		Rows:    [][]any{{"Xã Chiềng Ngần", 38450, .583, civil.MustParse("2026-08-03"), time.Date(2026, 8, 2, 23, 5, 0, 0, time.UTC)}, {"=1+1", nil, nil, civil.Date{}, time.Time{}}},
		Foot:    []any{"Cộng", 38450}}
}

func TestWorkbook(t *testing.T) {
	var b bytes.Buffer
	if err := sheet.XLSX(&b, table(), sheet.Table{Columns: []sheet.Column{{Text: "A"}}}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"Kết quả  xã phường", "Bảng 2"}, f.GetSheetList()); d != "" {
		t.Error(d)
	}
	rows, err := f.GetRows(f.GetSheetList()[0])
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"Kết quả hưởng ứng"}, {"Kỳ: 01/6 - 30/7/2026"}, nil, {"Đơn vị", "Số buổi", "Tỷ lệ", "Ngày", "Lúc"},
		{"Xã Chiềng Ngần", "38,450", "58.3%", "03/8/2026", "03/8/2026 06:05"}, {"=1+1"}, {"Cộng", "38,450"}}
	if d := cmp.Diff(want, rows); d != "" {
		t.Error(d)
	}
	if formula, _ := f.GetCellFormula(f.GetSheetList()[0], "A6"); formula != "" {
		t.Errorf("text became the formula %q", formula)
	}
	back, err := sheet.Read(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil || len(back) != 7 || back[4][0] != "Xã Chiềng Ngần" {
		t.Errorf("read back: %v %v", back, err)
	}
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	if err := sheet.CSV(&b, table()); err != nil {
		t.Fatal(err)
	}
	want := "\uFEFFĐơn vị,Số buổi,Tỷ lệ,Ngày,Lúc\nXã Chiềng Ngần,38450,0.583,2026-08-03,2026-08-03 06:05\n'=1+1,,,,\nCộng,38450,,,\n"
	if b.String() != want {
		t.Errorf("%q", b.String())
	}
}

// Who writes a long table is told how far it has come, the foot not counted.
func TestProgress(t *testing.T) {
	for name, write := range map[string]func(x sheet.Table) error{
		"xlsx": func(x sheet.Table) error { return sheet.XLSX(io.Discard, x) },
		"csv":  func(x sheet.Table) error { return sheet.CSV(io.Discard, x) },
	} {
		x := table()
		x.Rows, x.Foot = make([][]any, 2500), []any{"Tổng"}
		var told []int
		x.Progress = func(done int) { told = append(told, done) }
		if err := write(x); err != nil {
			t.Fatal(err)
		}
		if want := []int{1000, 2000, 2500}; !slices.Equal(told, want) {
			t.Errorf("%s: told %v, want %v", name, told, want)
		}
	}
}

func TestTablesOfPeople(t *testing.T) {
	read := func(s string) ([][]string, error) { return sheet.Read(strings.NewReader(s), int64(len(s))) }
	rows, err := read("\uFEFFTên;Mã\nSơn La;014\n\"Hoa\u0300 Bi\u0300nh\";017\n;\n\n")
	if d := cmp.Diff([][]string{{"Tên", "Mã"}, {"Sơn La", "014"}, {"Hoà Bình", "017"}}, rows); d != "" || err != nil {
		t.Error(d, err)
	}
	for name, s := range map[string]string{"bytes": "\xff\xfe\x00", "a broken workbook": "PK\x03\x04xxxx", "too many lines": strings.Repeat("x\n", sheet.MaxRows+1), "too wide": strings.Repeat(",", 300)} {
		if _, err := read(s); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	sheet.XLSX(&b, table())
	f.Add(b.Bytes())
	f.Add([]byte("a,b\n\"c"))
	f.Fuzz(func(t *testing.T, b []byte) { sheet.Read(bytes.NewReader(b), int64(len(b))) })
}
