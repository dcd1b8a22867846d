// Package ui holds the components that pages are made of: the frame, forms, tables, panels, states and charts. It is presentation only:
// components are given plain values and words in the reader's language, and decide nothing.
//
// The behaviour follows the GOV.UK Design System (error summary, labels and hints, one question to a field); the look is our own
// (web/src/app.css, docs/decisions/0101). Nothing here uses inline styles or scripts: the content security policy forbids both.
package ui

import (
	"embed"

	"github.com/a-h/templ"
)

// Text holds the words of this package.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// Page is what surrounds the body.
type Page struct {
	Title   string
	Lang    string // vi, en
	Path    string // this page, for the language switch; "" where it cannot be opened again
	User    *User  // nil: the public
	Nav     []Link
	Crumbs  []Link
	Unread  int
	Flash   string
	Errors  int // refused fields, for the title
	Bare    bool
	CSS, JS string // addresses of the assets
	Version string
	SignIn  string // address of the sign-in page, offered to the public
	Demo    bool   // a demonstration: people and work are invented
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
	Accept                          string   // of a file input: extensions, as blob.Accept writes them
	Sent                            []Sent   // files that are on the server already
}

// Option is a choice.
type Option struct {
	Value, Text, Hint string
	Reveal            templ.Component // fields that belong to this choice; browsers that cannot hide them show them always
}

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
	Class             string          // nw, late, act; in a matrix miss (no figure yet) and odd (a figure that cannot be)
	Span              int             // in a matrix: the columns it covers, 0: one
	Note              string          // what is odd about it
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

// PagesOf is the foot of the page-th part, size rows long, of a list of total rows. Pages count from 1.
func PagesOf(page, size, total int, address func(page int) string) Pages {
	return Pages{From: min(total, (page-1)*size+1), To: min(total, page*size), Total: total, Page: page, Last: max(1, (total+size-1)/size), Address: address}
}

// Steps lists the page numbers shown: the ends, the present one and its neighbours; 0 stands for a gap.
func (p Pages) Steps() []int {
	var out []int
	for i := 1; i <= p.Last; i++ {
		if i == 1 || i == p.Last || i >= p.Page-1 && i <= p.Page+1 {
			if n := len(out); n > 0 && out[n-1] == i-2 {
				out = append(out, i-1) // takes no more room than the gap
			} else if n > 0 && out[n-1] != i-1 {
				out = append(out, 0)
			}
			out = append(out, i)
		}
	}
	return out
}

// Todo is an entry of a list of work.
type Todo struct {
	Text, Path, Small string
	Tag               string
	Tone              Tone
}

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
	Typed            []string // what was sent and not kept
	SignIn           string
	Server           bool
}

// Stat is a large figure with what it counts and how it changed.
type Stat struct {
	Label, Value, Change, Path string
	Tone                       Tone
}

// Event is an entry of a timeline.
type Event struct {
	Text, When, Who, Note string
	State                 string // "", late, todo, done
	Path                  string
}

// Node is a branch of a tree that opens without scripts.
type Node struct {
	Text, Path, Small, Tag string
	Tone                   Tone
	Open                   bool
	Below                  string // what the branch below says when closed; "": how many there are
	Children               []Node
}

// Comment is one remark in a thread. About leads to the field it speaks of.
type Comment struct {
	Who, When, Text  string
	About, AboutPath string
	Resolved         string // by whom and when it was settled
	Mine             bool
}
