package formdef

import (
	"embed"

	"chungtay/internal/errs"
	"chungtay/internal/i18n"
)

// Words are the sentences of this package: problems of definitions and of values, names of units of measure.
//
//go:embed text.vi.toml text.en.toml
var Words embed.FS

// Text is a wording in both languages. English may be missing in a draft; it then reads Vietnamese.
type Text struct{ VI, EN string }

// In returns the wording in a language.
func (t Text) In(l i18n.Lang) string {
	if l == i18n.EN && t.EN != "" {
		return t.EN
	}
	return t.VI
}

// IsZero tells whether nothing is written.
func (t Text) IsZero() bool { return t.VI == "" && t.EN == "" }

// Type is the type of a field, a column or a field of a repeat.
type Type string

// The types. Integer, Decimal and Money are figures; money is whole đồng unless it has decimals.
const (
	Integer   Type = "integer"
	Decimal   Type = "decimal"
	Money     Type = "money"
	Line      Type = "text"      // one line
	Narrative Type = "narrative" // paragraphs, gathered by section in a consolidation
	Choice    Type = "choice"    // one of the choices, or several when Multiple
	Date      Type = "date"
	Table     Type = "table"
	Repeat    Type = "repeat"
)

// Number tells whether cells of the type hold figures.
func (t Type) Number() bool { return t == Integer || t == Decimal || t == Money }

// Aggregation says how figures of several reports become one.
type Aggregation string

// The aggregations. Ratio is worked out from the sums of its numerator and denominator, never from ratios.
const (
	Sum    Aggregation = "sum"
	Latest Aggregation = "latest" // the value of the last report given: stocks over time
	NoSum  Aggregation = "none"
	Ratio  Aggregation = "ratio"
)

// Dimension says how the parts of a breakdown relate to their whole.
type Dimension string

// The dimension types. Partition: every unit counted falls into exactly one part, the parts add up to the whole. Open: into at most one
// ("trong đó"), the parts add up to no more than the whole. Multiple: into any number of parts, their sum means nothing.
const (
	Partition Dimension = "partition"
	Multiple  Dimension = "multiple"
	Open      Dimension = "open"
)

// Level is the weight of a rule: Hard refuses a submission, Warn asks to look again.
type Level string

// The levels.
const (
	Hard Level = "hard"
	Warn Level = "warn"
)

// Form is a parsed definition. It is read-only and safe for concurrent use.
type Form struct {
	Code       string
	Title      Text
	Note       Text
	Period     string // kind of period it is for: campaign, month, quarter, half_year, year, or "" any
	Units      []Unit // units of measure of its own, beside the common ones
	Sections   []*Section
	Breakdowns []*Breakdown
	Rules      []*Rule
	Jump       *Jump

	raw     []byte
	cells   []*cell
	byAddr  map[string]int
	fields  map[string]*Field
	order   []int // cells in the order their formulas are worked out
	figures []*cell
	gated   bool // some figure has a relevant
	nodes   int
}

// Section is a part of the form with its place in the outline (đề cương) of the report.
type Section struct {
	Name     string
	Title    Text
	Outline  string // "I", "II.1"
	Hint     Text
	Relevant *Expr
	Fields   []*Field

	at at
}

// Field is a question, a column of a table or a field of a repeat.
type Field struct {
	Name          string
	Type          Type
	Label         Text
	Hint          Text
	Unit          string // code of the unit of measure
	Decimals      int
	Min, Max      *Number
	MaxLength     int
	Outline       string // of a narrative: its number in the outline
	Required      *Expr
	RequiredMsg   Text
	Relevant      *Expr
	Calculate     *Expr
	Constraint    *Expr
	ConstraintMsg Text
	Rules         []*Rule
	Choices       []Option
	Multiple      bool
	NoneAllowed   bool // "không phát sinh" is an answer
	Total         bool // a column that is the sum of the entered columns of its row
	Rows          []*Row
	Columns       []*Field
	Fields        []*Field // of a repeat
	MaxEntries    int
	Dimension     *RowDimension
	Indicator     *Indicator
	Aggregate     Aggregation
	OverTime      Aggregation // over periods of one unit, where it differs from over units
	Ratio         *RatioOf
	Jump          *Jump
	Source        string // "activities.quantity kind=loa_truyen_thanh"
	Appearance    string

	at      at
	section *Section
	jumpOff bool
}

// Row is a line of a table.
type Row struct {
	Name      string
	Label     Text
	Unit      string
	Calculate *Expr
	Total     bool // the sum of the entered rows of its column
	Required  *Expr
	Relevant  *Expr
	Band      *Band
	Indicator *Indicator
	Source    string

	at at
}

// Option is an answer of a choice.
type Option struct {
	Value string
	Label Text
}

// Indicator is what a figure counts. The code stays the same over versions and years; comparisons go by it.
type Indicator struct {
	Code       string
	Definition Text
}

// RatioOf is a rate: Per times numerator divided by denominator (100 for per cent).
type RatioOf struct {
	Numerator, Denominator string // addresses as in ${…}
	Per                    Number

	num, den *Expr
}

// Band is a range of completed years (or of another count): From to To, both included; a To below zero is open.
type Band struct{ From, To int }

// Breakdown splits a whole into parts.
type Breakdown struct {
	Name     string
	Label    Text
	Of       string // address of the whole; "" when it is not asked
	Type     Dimension
	Parts    []Part
	Residual string // address of the part for what is not known
	Complete bool   // nothing can be unknown: no residual is wanted
	Level    Level

	at       at
	of       int
	parts    []int
	residual int
}

// Part is one part of a breakdown.
type Part struct {
	At   string
	Band *Band
}

// RowDimension says that the rows of a table are the parts of a whole, column by column.
type RowDimension struct {
	Name     string
	Label    Text
	Type     Dimension
	Of       string // name of a row of the table, or the address of a cell outside it (for a table with one figure column)
	Residual string // name of a row
	Complete bool
	Level    Level

	at at
}

// Rule is a condition between cells.
type Rule struct {
	Name    string
	Level   Level
	Test    *Expr
	At      string // address of the cell that shows the message
	Message Text

	at at
}

// Jump warns when a figure moved by more than Percent against the last period and by at least AtLeast.
type Jump struct {
	Percent int
	AtLeast Number
}

// Unit is a unit of measure (đơn vị tính). Figures of different units are never added.
type Unit struct {
	Code  string
	Label Text
}

// at is a place in the definition's text.
type at struct {
	path string
	off  int // in bytes
}

// Problem is something wrong with a definition: where, and what to do. Hard ones forbid publishing.
type Problem struct {
	Path      string // "sections[1].fields[3].calculate"
	Line, Col int    // in the text parsed, from 1
	Level     Level
	Message   errs.Message
}

// ParseError lists why a definition cannot be used at all.
type ParseError struct{ Problems []Problem }

// Error is for logs; people are shown Problems.
func (e *ParseError) Error() string {
	p := e.Problems[0]
	s := "form definition: line " + itoa(p.Line) + ", " + p.Path + ": " + p.Message.Key
	if n := len(e.Problems); n > 1 {
		s += " and " + itoa(n-1) + " more"
	}
	return s
}

// JSON is the text the form was parsed from.
func (f *Form) JSON() []byte { return f.raw }

// Field returns a field of the form by its name.
func (f *Form) Field(name string) (*Field, bool) { d, ok := f.fields[name]; return d, ok }
