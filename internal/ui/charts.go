package ui

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"chungtay/internal/i18n"
)

// Part is a part of a bar: how many, in which tone, under which word.
type Part struct {
	Text string
	N    int
	Tone Tone
}

// Progress shows how far something is, as a figure, a bar and its legend.
type Progress struct {
	Figure, Caption, Label string
	Parts                  []Part
}

// barPart is a part with its place in hundredths of the bar.
type barPart struct {
	Part
	x, w float64
}

// roomy tells whether the number of a part fits into it on a phone.
func (b barPart) roomy() bool { return b.w >= 3+3*float64(len(strconv.Itoa(b.N))) }

func (p Progress) laid() []barPart {
	total := 0
	for _, x := range p.Parts {
		total += x.N
	}
	var out []barPart
	at := 0.0
	for _, x := range p.Parts {
		if x.N == 0 {
			continue
		}
		w := 100 * float64(x.N) / float64(total)
		out = append(out, barPart{x, at, w})
		at += w
	}
	return out
}

// pct writes hundredths: charts are laid out in them, so that bars stretch with the page and letters do not.
func pct(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0") + "%"
}

// Bar is a row of a bar chart.
type Bar struct {
	Text, Path string
	Value      float64
	Shown      string
	Tone       Tone
}

// Chart is a bar chart. It is a table: what is seen and what is read aloud are the same numbers.
type Chart struct {
	Title, Desc, Unit string
	Bars              []Bar
}

// length of a bar; the number stands behind it, so that the longest leaves room.
func (c Chart) length(b Bar) float64 {
	m := 0.0
	for _, x := range c.Bars {
		m = max(m, x.Value)
	}
	if m == 0 {
		return 0
	}
	return 80 * b.Value / m
}

// Point is a value of a trend.
type Point struct {
	Text  string
	Value float64
	Shown string
}

// Trend is a step line over periods with the table of its numbers.
type Trend struct {
	Title, Desc string
	Points      []Point
	Max         float64                // top of the scale; 0: fits the greatest value
	Scale       func(v float64) string // writes a value of the scale; nil: as a whole number
	Mark        int                    // a deadline after so many periods, 0: none
	MarkText    string
}

// top is the highest value of the scale: 1, 2 or 5 times a power of ten above the greatest.
func (t Trend) top() float64 {
	m := t.Max
	if m > 0 {
		return m
	}
	for _, p := range t.Points {
		m = max(m, p.Value)
	}
	for step := 1.0; ; step *= 10 {
		for _, k := range []float64{1, 2, 4, 5, 8} {
			if k*step >= m && k*step >= 4 {
				return k * step
			}
		}
	}
}

// lines are the values of the scale above zero, from the top down: halves, or thirds where those are whole.
func (t Trend) lines() []float64 {
	top := t.top()
	if int(top)%2 != 0 && int(top)%3 == 0 {
		return []float64{top, 2 * top / 3, top / 3}
	}
	return []float64{top, top / 2}
}

func (t Trend) marks(l i18n.Lang) []string {
	write := t.Scale
	if write == nil {
		write = func(v float64) string { return i18n.Decimal(l, v, -1) }
	}
	var out []string
	for _, v := range t.lines() {
		out = append(out, write(v))
	}
	return append(out, write(0))
}

func (t Trend) x(i int) float64 { return 100 * float64(i) / float64(len(t.Points)) }

// y leaves a tenth above the highest value for its number.
func (t Trend) y(v float64) float64 { return 100 - 88*v/t.top() }

// numbered tells whether the value of a period is written above its step: all of few, else the last.
func (t Trend) numbered(i int) bool { return len(t.Points) <= 8 || i == len(t.Points)-1 }

// labels are the periods written below: all of few, else the ends and the middle.
func (t Trend) labels() []string {
	n := len(t.Points)
	if n > 8 {
		return []string{t.Points[0].Text, t.Points[n/2].Text, t.Points[n-1].Text}
	}
	var out []string
	for _, p := range t.Points {
		out = append(out, p.Text)
	}
	return out
}

// Tile is the value of a province on the tile grid.
type Tile struct {
	Shown string // "58 %"; "": no figure
	Level int    // 0-4: the darker the more
	Low   bool   // below what is expected: framed
	Path  string
}

// Tiles is a grid of the provinces where they lie, each a tile with its value.
type Tiles struct {
	Title, Desc string
	Values      map[string]Tile // by the province's code
	Legend      [5]string       // what the levels mean, "" for those not used
	LowText     string
}

// Province is a place on the tile grid.
type Province struct {
	Code, Name, Short string
	Row, Col          int
}

// Provinces lists the 34 provinces since 01/7/2025 row by row, with codes as in QĐ 19/2025/QĐ-TTg. The places are our own drawing.
func Provinces() []Province {
	return []Province{
		{"12", "Lai Châu", "Lai Châu", 0, 0}, {"15", "Lào Cai", "Lào Cai", 0, 1}, {"08", "Tuyên Quang", "T. Quang", 0, 2}, {"04", "Cao Bằng", "C. Bằng", 0, 3},
		{"11", "Điện Biên", "Đ. Biên", 1, 0}, {"14", "Sơn La", "Sơn La", 1, 1}, {"25", "Phú Thọ", "Phú Thọ", 1, 2}, {"19", "Thái Nguyên", "T. Nguyên", 1, 3}, {"20", "Lạng Sơn", "L. Sơn", 1, 4},
		{"01", "Hà Nội", "Hà Nội", 2, 2}, {"24", "Bắc Ninh", "B. Ninh", 2, 3}, {"22", "Quảng Ninh", "Q. Ninh", 2, 4},
		{"37", "Ninh Bình", "N. Bình", 3, 2}, {"33", "Hưng Yên", "H. Yên", 3, 3}, {"31", "Hải Phòng", "H. Phòng", 3, 4},
		{"38", "Thanh Hóa", "T. Hóa", 4, 2}, {"40", "Nghệ An", "N. An", 5, 2}, {"42", "Hà Tĩnh", "Hà Tĩnh", 6, 2},
		{"44", "Quảng Trị", "Q. Trị", 7, 3}, {"46", "Huế", "Huế", 8, 3}, {"48", "Đà Nẵng", "Đ. Nẵng", 8, 4},
		{"51", "Quảng Ngãi", "Q. Ngãi", 9, 4}, {"52", "Gia Lai", "Gia Lai", 10, 4}, {"66", "Đắk Lắk", "Đ. Lắk", 11, 4},
		{"80", "Tây Ninh", "T. Ninh", 12, 1}, {"75", "Đồng Nai", "Đ. Nai", 12, 2}, {"68", "Lâm Đồng", "L. Đồng", 12, 3}, {"56", "Khánh Hòa", "K. Hòa", 12, 4},
		{"91", "An Giang", "A. Giang", 13, 0}, {"82", "Đồng Tháp", "Đ. Tháp", 13, 1}, {"79", "Thành phố Hồ Chí Minh", "TP HCM", 13, 2},
		{"92", "Cần Thơ", "C. Thơ", 14, 0}, {"86", "Vĩnh Long", "V. Long", 14, 1},
		{"96", "Cà Mau", "Cà Mau", 15, 0},
	}
}

func (t Tile) class(p Province) string {
	s := "tg-r" + strconv.Itoa(p.Row) + " tg-c" + strconv.Itoa(p.Col)
	switch {
	case t.Shown == "":
		return s + " tg-none"
	case t.Low:
		return s + " tg-low"
	}
	return s + " tg-" + strconv.Itoa(min(max(t.Level, 0), 4))
}

func (t Tile) text() string {
	if t.Shown == "" {
		return "–"
	}
	return t.Shown
}

func blankTo(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

func link(path string) templ.SafeURL { return templ.SafeURL(path) }
