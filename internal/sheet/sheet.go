// Package sheet writes tables as XLSX and CSV and reads tables that people made. Every table carries its title and notes, so that a file
// passed on still says what its figures mean.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
)

// Kind says how the values of a column are written.
type Kind int

// The kinds.
const (
	Text    Kind = iota
	Int          // 38.450
	Decimal      // 12,5
	Percent      // 0.583 is 58,3 %
	Date         // 03/8/2021
	Time         // 03/8/2021 14:32
)

// Column is a column with its head. Width is in characters; 0: by kind.
type Column struct {
	Text  string
	Kind  Kind
	Width float64
}

// Table is one table. Values are string, int, int64, float64, bool, time.Time, civil.Date, or nil for "nothing said", which stays empty
// and is not a zero.
type Table struct {
	Name    string // of the sheet, at most 31 characters
	Title   string
	Notes   []string // under the title: period, definition, unit, who asked, when
	Columns []Column
	Rows    [][]any
	Foot    []any // a last row in bold, or nil

	// Progress, if set, is told how many of Rows are written: after every 1,000 and after the last.
	Progress func(done int)
}

// wrote tells Progress after the row of an index.
func (t Table) wrote(i int) {
	if done := i + 1; t.Progress != nil && i < len(t.Rows) && (done%1000 == 0 || done == len(t.Rows)) {
		t.Progress(done)
	}
}

// Type is the media type of XLSX.
const Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// XLSX writes tables as the sheets of one workbook. It streams: a hundred thousand rows need no more memory than a hundred.
func XLSX(w io.Writer, tables ...Table) error {
	f := excelize.NewFile()
	defer f.Close()
	st, err := styles(f)
	if err != nil {
		return err
	}
	for i, t := range tables {
		name := sheetName(t.Name, i)
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				return err
			}
		} else if _, err := f.NewSheet(name); err != nil {
			return err
		}
		if err := write(f, name, t, st); err != nil {
			return fmt.Errorf("sheet %q: %w", name, err)
		}
	}
	_, err = f.WriteTo(w)
	return err
}

type look struct {
	title, note, head int
	cell, foot        [Time + 1]int
}

func styles(f *excelize.File) (look, error) {
	var st look
	var err error
	border := []excelize.Border{{Type: "left", Color: "999999", Style: 1}, {Type: "right", Color: "999999", Style: 1}, {Type: "top", Color: "999999", Style: 1}, {Type: "bottom", Color: "999999", Style: 1}}
	add := func(s *excelize.Style) int {
		if err != nil {
			return 0
		}
		var id int
		id, err = f.NewStyle(s)
		return id
	}
	font := func(bold bool) *excelize.Font { return &excelize.Font{Family: "Times New Roman", Size: 12, Bold: bold} }
	formats := [Time + 1]string{Int: "#,##0", Decimal: "#,##0.##", Percent: "0.0%", Date: "dd/m/yyyy", Time: "dd/m/yyyy hh:mm"}
	st.title = add(&excelize.Style{Font: &excelize.Font{Family: "Times New Roman", Size: 14, Bold: true}})
	st.note = add(&excelize.Style{Font: &excelize.Font{Family: "Times New Roman", Size: 11, Italic: true}})
	st.head = add(&excelize.Style{Font: font(true), Border: border, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EEEEEE"}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	for k := range formats {
		for _, bold := range []bool{false, true} {
			s := &excelize.Style{Font: font(bold), Border: border, Alignment: &excelize.Alignment{Vertical: "top", WrapText: Kind(k) == Text}}
			if formats[k] != "" {
				s.CustomNumFmt = &formats[k]
			}
			if id := add(s); bold {
				st.foot[k] = id
			} else {
				st.cell[k] = id
			}
		}
	}
	return st, err
}

func write(f *excelize.File, name string, t Table, st look) error {
	sw, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, c := range t.Columns {
		width := c.Width
		if width == 0 {
			width = [Time + 1]float64{Text: 32, Int: 12, Decimal: 12, Percent: 10, Date: 12, Time: 17}[c.Kind]
		}
		if err := sw.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	row := 1
	lines := append([]string{t.Title}, t.Notes...)
	if t.Title == "" {
		lines = t.Notes
	}
	head := len(lines) + 1
	if len(lines) > 0 {
		head++
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: fmt.Sprintf("A%d", head+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	put := func(values []any) error {
		err := sw.SetRow(fmt.Sprintf("A%d", row), values)
		row++
		return err
	}
	for i, l := range lines {
		style := st.note
		if i == 0 && t.Title != "" {
			style = st.title
		}
		if err := put([]any{excelize.Cell{StyleID: style, Value: l}}); err != nil {
			return err
		}
	}
	if len(lines) > 0 {
		row++
	}
	heads := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = excelize.Cell{StyleID: st.head, Value: c.Text}
	}
	if err := put(heads); err != nil {
		return err
	}
	cells := func(values []any, style [Time + 1]int) []any {
		out := make([]any, len(t.Columns))
		for i, c := range t.Columns {
			var v any
			if i < len(values) {
				v = value(values[i])
			}
			out[i] = excelize.Cell{StyleID: style[c.Kind], Value: v}
		}
		return out
	}
	for i, r := range t.Rows {
		if err := put(cells(r, st.cell)); err != nil {
			return err
		}
		t.wrote(i)
	}
	if t.Foot != nil {
		if err := put(cells(t.Foot, st.foot)); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// value is a value as excelize takes it: days and instants as local wall-clock time, text never as a formula.
func value(v any) any {
	switch x := v.(type) {
	case time.Time:
		if x.IsZero() {
			return nil
		}
		t := x.In(civil.Zone)
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
	case civil.Date:
		if x.IsZero() {
			return nil
		}
		return time.Date(x.Year, x.Month, x.Day, 0, 0, 0, 0, time.UTC)
	case string:
		if len(x) > 32000 { // a cell holds 32,767 characters
			x = string([]rune(x)[:min(len([]rune(x)), 32000)])
		}
		return strings.ToValidUTF8(x, "\uFFFD")
	}
	return v
}

func sheetName(s string, i int) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, s)
	r := []rune(strings.TrimSpace(s))
	if len(r) == 0 {
		return fmt.Sprintf("Bảng %d", i+1)
	}
	return string(r[:min(len(r), 31)])
}

// CSV writes a table as CSV in UTF-8 with a byte order mark, which Excel needs to read Vietnamese. The first line is the head: title and
// notes are left out, so that programs can read it. Text that a spreadsheet would take for a formula gets an apostrophe before it.
func CSV(w io.Writer, t Table) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	line := make([]string, len(t.Columns))
	for i, col := range t.Columns {
		line[i] = col.Text
	}
	if err := c.Write(line); err != nil {
		return err
	}
	rows := t.Rows
	if t.Foot != nil {
		rows = append(rows[:len(rows):len(rows)], t.Foot)
	}
	for n, r := range rows {
		for i := range line {
			line[i] = ""
			if i < len(r) {
				line[i] = plain(r[i])
			}
		}
		if err := c.Write(line); err != nil {
			return err
		}
		t.wrote(n)
	}
	c.Flush()
	return c.Error()
}

func plain(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		if x != "" && strings.ContainsRune("=+-@\t\r", rune(x[0])) {
			return "'" + x
		}
		return x
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case bool:
		if x {
			return "1"
		}
		return "0"
	case time.Time:
		if x.IsZero() {
			return ""
		}
		return x.In(civil.Zone).Format("2006-01-02 15:04")
	}
	return fmt.Sprint(v)
}

// Limits of a table that is read, stated to the person when exceeded.
const (
	MaxBytes = 20 << 20
	MaxRows  = 50_000
	MaxCells = 200 // in one row
)

// Read reads the first sheet of an XLSX file or a CSV file (comma, semicolon or tab), told apart by content. Cells are trimmed and in
// NFC; empty rows at the end are left out. Errors are Invalid and say what to do.
func Read(r io.ReaderAt, size int64) ([][]string, error) {
	if size > MaxBytes {
		return nil, errs.New(errs.Invalid, "sheet.too_large", MaxBytes>>20)
	}
	b := make([]byte, size)
	if _, err := r.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	var rows [][]string
	var err error
	if bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		rows, err = readXLSX(b)
	} else {
		rows, err = readCSV(b)
	}
	if err != nil {
		return nil, err
	}
	last := 0
	for i, row := range rows {
		if len(row) > MaxCells {
			return nil, errs.New(errs.Invalid, "sheet.too_wide", i+1, MaxCells)
		}
		for k := range row {
			row[k] = strings.TrimSpace(viet.NFC(row[k]))
			if row[k] != "" {
				last = i + 1
			}
		}
	}
	return rows[:last], nil
}

func readXLSX(b []byte) ([][]string, error) {
	f, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{UnzipSizeLimit: 200 << 20, UnzipXMLSizeLimit: 16 << 20})
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "sheet.unreadable")
	}
	defer f.Close()
	names := f.GetSheetList()
	if len(names) == 0 {
		return nil, errs.New(errs.Invalid, "sheet.unreadable")
	}
	it, err := f.Rows(names[0])
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "sheet.unreadable")
	}
	defer it.Close()
	var rows [][]string
	for it.Next() {
		if len(rows) == MaxRows {
			return nil, errs.New(errs.Invalid, "sheet.too_long", MaxRows)
		}
		cols, err := it.Columns()
		if err != nil {
			return nil, errs.Wrap(err, errs.Invalid, "sheet.unreadable")
		}
		rows = append(rows, cols)
	}
	return rows, it.Error()
}

func readCSV(b []byte) ([][]string, error) {
	b = bytes.TrimPrefix(b, []byte("\uFEFF"))
	if !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 {
		return nil, errs.New(errs.Invalid, "sheet.unreadable")
	}
	head, _, _ := bytes.Cut(b, []byte("\n"))
	comma := ','
	for _, c := range []rune{';', '\t'} {
		if bytes.Count(head, []byte(string(c))) > bytes.Count(head, []byte(string(comma))) {
			comma = c
		}
	}
	r := csv.NewReader(bytes.NewReader(b))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	var rows [][]string
	for {
		row, err := r.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, errs.Wrap(err, errs.Invalid, "sheet.bad_line", len(rows)+1)
		}
		if len(rows) == MaxRows {
			return nil, errs.New(errs.Invalid, "sheet.too_long", MaxRows)
		}
		rows = append(rows, row)
	}
}
