// Package ui holds the components that pages are made of: the frame, forms, tables, panels, states and charts. It is presentation only:
// components are given plain values and words in the reader's language, and decide nothing.
//
// The behaviour follows the GOV.UK Design System (error summary, labels and hints, one question to a field); the look is our own
// (web/src/app.css, docs/decisions/0101). Nothing here uses inline styles or scripts: the content security policy forbids both.
package ui

import (
	"embed"
	"fmt"
	"strconv"

	"github.com/a-h/templ"
)

// Text holds the words of this package.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// Page is what surrounds the body.
type Page struct {
	Title    string
	Lang     string // vi, en
	Path     string // this page, for the language switch; "" where it cannot be opened again
	User     *User  // nil: the public
	Nav      []Link
	Crumbs   []Link
	Unread   int
	Flash    string
	Errors   int // refused fields, for the title
	Bare     bool
	CSS, JS  string   // addresses of the assets
	Fonts    []string // faces to fetch early
	Version  string
	SignIn   string // address of the sign-in page, offered to the public
	SaveData bool
}

// User is who is signed in.
type User struct{ Name, Unit string }

// Link is a link with its text. Current marks the place the reader is at.
type Link struct {
	Text, Path string
	Current    bool
}

// Tone is the meaning of a state, by which tags and bars are coloured. The word is always there as well.
type Tone string

// The tones.
const (
	None Tone = ""
	OK   Tone = "ok"
	Act  Tone = "act"
	Warn Tone = "warn"
	Late Tone = "late"
)

// Field is one field of a form as shown: what was typed stays, a refusal stands above it.
type Field struct {
	Name, Label, Hint, Value, Error string
	Max                             int    // characters; 0: no counter
	Width                           string // "", "w-4", "w-10", "w-20"
	Type                            string // text (default), email, tel, search, password, number-like input uses InputMode
	InputMode                       string
	Auto                            string // autocomplete
	Prefix, Suffix                  string
	Rows                            int
	Optional                        bool
	Options                         []Option
	Values                          []string // ticked boxes
}

// Option is a choice.
type Option struct{ Value, Text, Hint string }

// ID is the id of the field's first control, where the error summary jumps to.
func (f Field) ID() string { return "f-" + f.Name }

func (f Field) describedBy() string {
	s := ""
	if f.Hint != "" {
		s = f.ID() + "-hint"
	}
	if f.Error != "" {
		if s != "" {
			s += " "
		}
		s += f.ID() + "-error"
	}
	if f.Max > 0 && f.Rows > 0 {
		if s != "" {
			s += " "
		}
		s += f.ID() + "-count"
	}
	return s
}

func (f Field) attrs() templ.Attributes {
	a := templ.Attributes{}
	if d := f.describedBy(); d != "" {
		a["aria-describedby"] = d
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	if f.InputMode != "" {
		a["inputmode"] = f.InputMode
	}
	if f.Auto != "" {
		a["autocomplete"] = f.Auto
	}
	return a
}

func (f Field) ticked(v string) bool {
	for _, x := range f.Values {
		if x == v {
			return true
		}
	}
	return false
}

func (f Field) class() string {
	if f.Error != "" {
		return "field bad"
	}
	return "field"
}

// Err is an entry of the error summary.
type Err struct{ Field, Text string }

// Column is a head of a table. Sort is the address that sorts by it, empty: it cannot be sorted.
type Column struct {
	Text     string
	Num      bool
	Sort     string
	Sorted   string // "", ascending, descending
	Hidden   bool   // the head is for screen readers only (a column of actions)
	RowTitle bool   // the cells are the heads of their rows
}

// Cell is a cell of a table.
type Cell struct {
	Text, Small, Path string
	Body              templ.Component // instead of Text
	Class             string          // nw, late, act
}

// Table is a list. On phones each row is a card with the labels of its columns.
type Table struct {
	Caption string
	Hide    bool // caption for screen readers only
	Columns []Column
	Rows    [][]Cell
	Foot    []Cell
}

func (t Table) class(col int, c Cell) string {
	s := c.Class
	if t.Columns[col].Num {
		s += " num"
	}
	if c.Text == "" && c.Body == nil {
		s += " blank"
	}
	return s
}

// Pages is the navigation of a long list.
type Pages struct {
	From, To, Total int
	Page, Last      int
	Address         func(page int) string
}

// Steps lists the page numbers shown: the ends, the present one and its neighbours; 0 stands for a gap.
func (p Pages) Steps() []int {
	var out []int
	for i := 1; i <= p.Last; i++ {
		if i == 1 || i == p.Last || i >= p.Page-1 && i <= p.Page+1 {
			if n := len(out); n > 0 && out[n-1] != i-1 && out[n-1] != 0 {
				out = append(out, 0)
			}
			out = append(out, i)
		}
	}
	return out
}

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

type barPart struct {
	Part
	x, w float64
}

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
		w := 600 * float64(x.N) / float64(total)
		out = append(out, barPart{x, at, w})
		at += w
	}
	return out
}

func px(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// Todo is an entry of a list of work.
type Todo struct {
	Text, Path, Small string
	Tag               string
	Tone              Tone
}

// Event is an entry of a timeline.
type Event struct {
	Text, When, Who, Note string
	State                 string // "", late, todo
}

// Node is a branch of a tree that opens without scripts.
type Node struct {
	Text, Path, Small, Tag string
	Tone                   Tone
	Open                   bool
	Children               []Node
}

// Comment is one remark in a thread.
type Comment struct{ Who, When, Text string }

// Pair is a label with its value, for summary lists and figures.
type Pair struct {
	Label, Value string
	Body         templ.Component
	Action, Path string
}

// Problem is a refusal or failure shown as a page.
type Problem struct {
	Title, Text, Ref string
	Fields           []string
	Mine, Theirs     []Pair
	SignIn           string
	Server           bool
}

// Tile is a province on the tile grid.
type Tile struct {
	Name, Path, Value string
	X, Y              int
	Level             int // 0-4: the darker the more
}

// Bar is a row of a bar chart.
type Bar struct {
	Text  string
	Value float64
	Shown string
	Tone  Tone
}

// Chart is a bar chart with the table of its numbers.
type Chart struct {
	Title, Desc, Unit string
	Bars              []Bar
}

func (c Chart) max() float64 {
	m := 0.0
	for _, b := range c.Bars {
		m = max(m, b.Value)
	}
	if m == 0 {
		return 1
	}
	return m
}

func (c Chart) viewBox() string { return fmt.Sprintf("0 0 760 %d", len(c.Bars)*30+6) }

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
}

func (t Trend) path() string {
	if len(t.Points) == 0 {
		return ""
	}
	m := 0.0
	for _, p := range t.Points {
		m = max(m, p.Value)
	}
	if m == 0 {
		m = 1
	}
	w := 700 / float64(len(t.Points))
	s := ""
	for i, p := range t.Points {
		y := 170 - 140*p.Value/m
		if i == 0 {
			s += "M" + px(30) + " " + px(y)
		} else {
			s += "V" + px(y)
		}
		s += "H" + px(30+w*float64(i+1))
	}
	return s
}

func (t Trend) x(i int) string {
	w := 700 / float64(len(t.Points))
	return px(30 + w*(float64(i)+.5))
}

func (t Trend) y(p Point) string {
	m := 1.0
	for i, q := range t.Points {
		if i == 0 || q.Value > m {
			m = max(q.Value, 1e-9)
		}
	}
	return px(160 - 140*p.Value/m)
}
