package doctext

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// xlsx reads the cells of a workbook as they stand (ECMA-376, part 1, chapter 18): values, no formulas, hidden sheets left out. It is for
// annexes and lists; what a form expects of a workbook is the work of the rooms that own forms.
func (j *job) xlsx() error {
	z, err := j.container()
	if err != nil {
		return err
	}
	main := z.main
	x := &workbook{docx: docx{job: j, z: z}}
	rels, err := z.relsOf(main)
	if err != nil {
		return err
	}
	target := map[string]string{}
	for _, r := range rels {
		target[r.id] = r.target
		switch r.kind[strings.LastIndexByte(r.kind, '/')+1:] {
		case "sharedStrings":
			err = x.each(r.target, x.readShared)
		case "styles":
			err = x.each(r.target, x.readFormats)
		}
		if err != nil {
			return err
		}
	}
	type sheetRef struct{ name, part string }
	var sheets []sheetRef
	if err := x.each(main, func(r *xmlReader) error {
		for r.next() {
			if r.kind != xmlOpen {
				continue
			}
			switch r.name {
			case "workbookPr":
				x.mac = r.attr("date1904") == "1" || r.attr("date1904") == "true"
			case "sheet":
				if st := r.attr("state"); st == "hidden" || st == "veryHidden" {
					x.hidden = true
				} else if len(sheets) < 500 {
					sheets = append(sheets, sheetRef{r.attr("name"), target[r.attr("id")]})
				}
			}
		}
		return r.err
	}); err != nil {
		return err
	}
	for _, s := range sheets {
		if s.part == "" || !z.has(s.part) {
			continue
		}
		if len(sheets) > 1 {
			if err := j.out.paragraph("", s.name); err != nil {
				return err
			}
		}
		if err := x.each(s.part, x.readSheet); err != nil {
			return err
		}
	}
	if x.hidden {
		j.warn("doctext.warn.sheets")
	}
	return z.coreProperties(&j.out.meta)
}

type workbook struct {
	docx
	shared  []string
	formats []byte // by style: 0 number, 'd' date, 't' time, '%' percent
	mac     bool   // days are counted from 1904

	cellsUsed int
}

func (x *workbook) readShared(r *xmlReader) error {
	size := 0
	for r.next() {
		if r.kind != xmlOpen || r.name != "si" {
			continue
		}
		s, err := x.rich(r)
		if err != nil {
			return err
		}
		if size += len(s) + 16; size > x.o.MaxText*4 {
			return refuse(ErrLong, fmt.Sprintf("%d MB", x.o.MaxText>>20))
		}
		x.shared = append(x.shared, s)
	}
	return r.err
}

// rich reads the runs of a text, without its phonetic guide.
func (x *workbook) rich(r *xmlReader) (string, error) {
	var text paragraphText
	enc := unicodeText
	for depth := r.depth; r.next() && !(r.kind == xmlClose && r.depth == depth); {
		if r.kind != xmlOpen {
			continue
		}
		switch r.name {
		case "r":
			enc = unicodeText
		case "rFont":
			enc = encodingOfFont(r.attr("val"))
		case "rPh":
			r.skip()
		case "t":
			s := r.inner()
			e := enc
			if e != unicodeText && !e.fits(s) {
				e = unicodeText
			}
			st := text.to(e, false)
			st.text = append(st.text, s...)
		}
	}
	return text.String(), r.err
}

// readFormats tells which styles show a number as a date, a time or a share.
func (x *workbook) readFormats(r *xmlReader) error {
	own := map[int]byte{}
	inXfs := 0
	for r.next() {
		switch {
		case r.kind == xmlClose && r.name == "cellXfs":
			inXfs = 0
		case r.kind != xmlOpen:
		case r.name == "numFmt":
			own[r.intAttr("numFmtId", -1)] = formatKind(r.attr("formatCode"))
		case r.name == "cellXfs":
			inXfs = r.depth
		case r.name == "xf" && inXfs > 0 && len(x.formats) < 70_000:
			id := r.intAttr("numFmtId", 0)
			k, ok := own[id]
			if !ok {
				switch {
				case id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 36 || id >= 50 && id <= 58:
					k = 'd'
				case id >= 18 && id <= 21 || id >= 45 && id <= 47:
					k = 't'
				case id == 9 || id == 10:
					k = '%'
				}
			}
			x.formats = append(x.formats, k)
		}
	}
	return r.err
}

func formatKind(code string) byte {
	quoted := false
	date, clock := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == '"':
			quoted = !quoted
		case quoted:
		case code[i] == '\\':
			i++
		case code[i] == '[':
			if end := strings.IndexByte(code[i:], ']'); end > 0 {
				i += end
			}
		case code[i] == '%':
			return '%'
		case c == 'y' || c == 'd':
			date = true
		case c == 'h' || c == 's':
			clock = true
		case code[i] == '0' || code[i] == '#':
			return 0
		}
	}
	switch {
	case date:
		return 'd'
	case clock:
		return 't'
	}
	return 0
}

func (x *workbook) readSheet(r *xmlReader) error {
	var rows [][]string
	var row []string
	for r.next() {
		switch {
		case r.kind == xmlOpen && r.name == "row":
			row = nil
		case r.kind == xmlClose && r.name == "row":
			for len(row) > 0 && row[len(row)-1] == "" {
				row = row[:len(row)-1]
			}
			rows = append(rows, row)
			if x.cellsUsed += len(row) + 1; x.cellsUsed > maxCells {
				return refuse(ErrLong, fmt.Sprintf("%d ô", maxCells))
			}
		case r.kind == xmlOpen && r.name == "c":
			at := columnOf(r.attr("r"), len(row))
			kind, style := r.attr("t"), r.intAttr("s", 0)
			v, err := x.value(r, kind, style)
			if err != nil {
				return err
			}
			if v == "" {
				continue
			}
			for len(row) < min(at, 512) {
				row = append(row, "")
			}
			if err := x.out.grow(len(v)); err != nil {
				return err
			}
			row = append(row, v)
		}
	}
	if r.err != nil {
		return r.err
	}
	x.layRows(rows)
	return nil
}

// columnOf reads the letters of "AB12".
func columnOf(ref string, other int) int {
	n := 0
	for i := 0; i < len(ref) && i < 4; i++ {
		c := ref[i] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		n = n*26 + int(c-'a') + 1
	}
	if n == 0 {
		return other
	}
	return n - 1
}

func (x *workbook) value(r *xmlReader, kind string, style int) (string, error) {
	var v string
	for depth := r.depth; r.next() && !(r.kind == xmlClose && r.depth == depth); {
		if r.kind != xmlOpen {
			continue
		}
		switch r.name {
		case "v":
			v = r.inner()
		case "is":
			s, err := x.rich(r)
			if err != nil {
				return "", err
			}
			v = s
		case "f":
			r.skip()
		}
	}
	switch kind {
	case "s":
		if n := atoi(v); v != "" && n < len(x.shared) {
			return strings.TrimSpace(x.shared[n]), nil
		}
		return "", nil
	case "b":
		return map[string]string{"1": "✓"}[v], nil
	case "str", "inlineStr", "d":
		return strings.TrimSpace(v), nil
	case "e":
		return "", nil
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	if err != nil {
		return strings.TrimSpace(v), nil
	}
	format := byte(0)
	if style >= 0 && style < len(x.formats) {
		format = x.formats[style]
	}
	switch {
	case format == 'd' && f >= 1 && f < 200_000:
		days := int(f)
		if x.mac {
			days += 1462
		}
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days).Format("02/01/2006"), nil
	case format == 't' && f >= 0 && f < 1:
		m := int(math.Round(f * 24 * 60))
		return fmt.Sprintf("%02d:%02d", m/60, m%60), nil
	case format == '%':
		return decimal(f*100) + " %", nil
	}
	return decimal(f), nil
}

// decimal writes a number with the comma of Vietnamese and without the dust of binary fractions.
func decimal(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if strings.Contains(s, ".") {
		s = strconv.FormatFloat(f, 'f', 6, 64)
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return strings.Replace(s, ".", ",", 1)
}

// layRows writes the rows of a sheet: rows of one or two texts, as in the heading of a list, as text; the rest as tables.
func (x *workbook) layRows(rows [][]string) {
	var g *grid
	var head *grid
	flush := func() {
		if head != nil {
			x.out.add(piece{table: head})
			head = nil
		}
		if g != nil {
			x.out.add(piece{table: g})
			g = nil
		}
	}
	for _, row := range rows {
		var filled []string
		for _, v := range row {
			if v != "" {
				filled = append(filled, v)
			}
		}
		switch {
		case len(filled) == 0:
			flush()
		case len(filled) == 2 && g == nil && (marksPlace(filled[0]) || marksPlace(filled[1]) || head != nil):
			if head == nil {
				head = &grid{rows: [][]cell{{nil, nil}}}
			}
			head.rows[0][0] = append(head.rows[0][0], strings.Split(filled[0], "\n")...)
			head.rows[0][1] = append(head.rows[0][1], strings.Split(filled[1], "\n")...)
		case len(filled) == 1 && g == nil:
			flush()
			for _, line := range strings.Split(filled[0], "\n") {
				x.out.add(piece{text: line})
			}
		default:
			if g == nil {
				flush()
				g = &grid{}
			}
			cells := make([]cell, len(row))
			for i, v := range row {
				if v != "" {
					cells[i] = strings.Split(v, "\n")
				}
			}
			g.rows = append(g.rows, cells)
		}
	}
	flush()
}
