package docparse

import "strings"

// Span is a half-open range of bytes of Document.Text.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Mark says where a value stands, how sure the reading is (0 to 1) and which rule made it.
// A zero Span with a Rule is a value inferred from several places.
type Mark struct {
	Span       Span    `json:"span"`
	Confidence float64 `json:"confidence"`
	Rule       string  `json:"rule"`
}

// Field is one value of text read from the document; an empty Value means that the document does not say it.
type Field struct {
	Value string `json:"value"`
	Mark
}

// Kind is the type of document (tên loại văn bản) as far as the work of the system tells types apart.
type Kind string

// The kinds of document that are told apart. Everything else of an office (hướng dẫn, thông báo, nghị quyết, …) is Other.
const (
	Letter   Kind = "cong_van"   // công văn
	Plan     Kind = "ke_hoach"   // kế hoạch
	Report   Kind = "bao_cao"    // báo cáo
	Decision Kind = "quyet_dinh" // quyết định
	Order    Kind = "chi_thi"    // chỉ thị
	Proposal Kind = "to_trinh"   // tờ trình
	Article  Kind = "tin_bai"    // a page that tells about a document or an event
	Other    Kind = "other"
)

// Form is the outer form in which the text came.
type Form string

// The forms of text: an official paper, the record page of a law database, a page that tells something.
const (
	Paper  Form = "paper"
	Record Form = "record"
	Page   Form = "page"
)

// Symbol is a document's number and symbol (số, ký hiệu), Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.3 and Phụ lục III.
type Symbol struct {
	Text   string `json:"text"`             // canonical: no spaces beside / and -
	Number string `json:"number,omitempty"` // the digits; empty when left blank
	Year   string `json:"year,omitempty"`   // legislation: 27/2015/TT-…
	Type   string `json:"type,omitempty"`   // KH, QĐ, …; empty for a công văn
	Issuer string `json:"issuer,omitempty"` // UBND, BCĐ138, …
	Unit   string `json:"unit,omitempty"`   // drafting unit or field of a công văn: TTr, KGVX, …
	Mark
}

// Date is a calendar date of which the day, or day and month, may be unknown (0).
type Date struct{ Year, Month, Day int }

// DatePlace is a date read from the text.
type DatePlace struct {
	Date
	Mark
}

// Citation is another document that the text cites with a number.
type Citation struct {
	Number   Symbol
	Kind     string // quyet_dinh, ke_hoach, …; empty when the text does not say
	Date     Date
	Issuer   string
	Basis    bool // stands in the part that gives the grounds (căn cứ)
	Mentions []Span
	Mark
}

// Recipient is one line of the "Nơi nhận" block.
type Recipient struct {
	Field
	Purpose string // B/c (to report), P/h (to work together), "để báo cáo", …
	Drafter string // initials and number of copies that stand after the archive line: (HVL)02
}

// Task is one thing a body is told to do.
type Task struct {
	Text       string
	Assignee   string
	AssignedBy string // the rule that found the assignee: sentence, heading, lead-in
	Numbering  string // II.2, Điều 2.1
	When       string // the time given beside it in a table
	Mark
}

// Period is the time of the campaign or action; either end may be unknown.
type Period struct {
	From, To Date
	Mark
}

// Bound says whether a deadline's day itself is still in time.
type Bound string

// "trước ngày" excludes the day, "chậm nhất", "đến hết ngày", "trong ngày" include it.
const (
	Before Bound = "before"
	Until  Bound = "until"
)

// Deadline is a date by which reports must be sent.
type Deadline struct {
	Date      Date
	Words     string // the exact words: "trước ngày 03/8/2021"
	Bound     Bound
	To        string // the body the report goes to
	Through   string // the unit through which it goes (qua …)
	Channel   string // email, or empty
	Address   string // the address of the channel
	Hour      int    // time of day where one is given: "trước 15h00 ngày 10/9"
	Minute    int
	Recurring bool // "hằng năm", "hằng quý": no single date
	Mark
}

// Phone is a public number for victims, children or tip-offs (đường dây nóng).
type Phone struct {
	Number string // digits only
	Shown  string // as printed
	Mark
}

// Figure is a count or amount stated as result or situation.
type Figure struct {
	Text    string
	Value   float64
	Unit    string
	Measure string // a free English label
	About   string // what is counted, in the words of the text
	OfWhich bool   // a part of the figure before it ("trong đó …")
	Approx  string // over, nearly, about
	Mark
}

// Authority says for whom the signer signs (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.7).
type Authority struct {
	Form  string // TM., KT., TL., TUQ., Q.; empty when the signer signs in their own right
	Whose string // for whom: GIÁM ĐỐC
	Mark
}

// CoSigner is another person who signed.
type CoSigner struct{ Name, Title Field }

// Document is what a careful officer finds in a text. It is a pure function of the text and the register passed to Read.
type Document struct {
	Text         string // the text as read: one paragraph a line; every Span points into it
	Form         Form
	Kind         Kind
	KindMark     Mark
	KindName     Field // the title line as printed: KẾ HOẠCH
	Superior     Field // cơ quan chủ quản trực tiếp
	Issuer       Field
	Number       Symbol
	IssuedOn     DatePlace
	Place        Field
	Subject      Field
	Urgency      Field
	Secrecy      Field
	Addressees   []Field
	Citations    []Citation
	Tasks        []Task
	Period       *Period
	Deadlines    []Deadline
	Hotlines     []Phone
	Slogans      []Field
	TargetGroups []Field
	Figures      []Figure
	Recipients   []Recipient
	Signer       Field
	SignerTitle  Field
	SignerOffice Field // the office the signer holds beside the one signed for: a Trưởng ban who is Chủ tịch
	Authority    Authority
	CoSigners    []CoSigner // who signed beside the signer: the secretary of minutes
	Sections     []Section
	Doubts       []Doubt
	Paragraphs   []Paragraph // the layout, for Explain

	source   offsets
	glued    bool           // blanks that a copy lost were put back into Text
	repaired map[int]string // words of Text whose marks were put back, as the source has them
	steps    []step
}

// Paragraph is one block of Document.Text with the part it plays.
type Paragraph struct {
	Span  Span
	Role  Role
	Label string // enumeration mark: "I.", "1.1.", "a)", "-"
	Rule  string
}

// Section is one numbered or headed part of the body; Parent is an index into Document.Sections, -1 at the top.
type Section struct {
	Label     string `json:"label,omitempty"`     // as printed, without the closing mark: I, 1.1, a, -
	Numbering string `json:"numbering,omitempty"` // path: III.1
	Title     string `json:"title"`               // the heading, or the first words of a paragraph
	Level     int    `json:"level"`
	Parent    int    `json:"parent"`
	Heading   bool   `json:"heading"` // a heading, not a sentence
	Topic     string `json:"topic,omitempty"`
	Span      Span   `json:"span"`

	para  int // index of the paragraph that opens it
	topic topic
	body  string // the unit the heading names
	kids  int
}

// Original maps a byte offset of Document.Text to a byte offset of the string given to Read.
func (d *Document) Original(pos int) int { return d.source.from(pos) }

// OriginalSpan maps a span of Document.Text to the string given to Read.
func (d *Document) OriginalSpan(s Span) Span {
	return Span{d.source.from(s.Start), d.source.end(s.End)}
}

// Printed gives a part of Text in one line and as the source has it: without the blanks that were put back where a copy lost them, with
// the words as they were before marks were put back. What is shown or written on goes through it; Text is for comparing.
func (d *Document) Printed(at Span) string { return oneLine(d.Shown(at.Start, at.End)) }

// Shown is Printed with its blanks and line ends as they are, for showing Text in pieces.
func (d *Document) Shown(start, end int) string {
	at, s := Span{start, end}, d.Text[start:end]
	if len(d.repaired) > 0 {
		var out strings.Builder
		for k := at.Start; k < at.End; {
			e := wordEnd(d.Text, k)
			if e == k {
				e++
			}
			e = min(e, at.End)
			if was, ok := d.repaired[d.source.local(k)]; ok && (k == at.Start || d.source.local(k-1) != d.source.local(k)) {
				out.WriteString(was)
				for e < at.End && d.source.from(e) < d.source.from(k)+len(was) {
					e++
				}
			} else if !d.putIn(k) {
				out.WriteString(d.Text[k:e])
			}
			k = e
		}
		s = out.String()
	} else if d.glued {
		out := make([]byte, 0, len(s))
		for k := at.Start; k < at.End; k++ {
			if k+1 < at.End && d.putIn(k) {
				continue
			}
			out = append(out, d.Text[k])
		}
		s = string(out)
	}
	return s
}

// putIn tells whether the blank at k was put in.
func (d *Document) putIn(k int) bool {
	return d.glued && d.Text[k] == ' ' && k+1 < len(d.Text) && d.source.from(k) == d.source.from(k+1)
}
