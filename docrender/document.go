package docrender

import "chungtay/internal/civil"

// Document is one official document (văn bản hành chính) with the components of Nghị định 30/2020/NĐ-CP, Phụ lục I. The numbers in
// the comments are those of the components ("ô số") in the decree. The zero value of a field means that the component is absent or,
// for Number and Date, still to be filled in by hand.
type Document struct {
	Kind        Kind        `json:"kind"`
	Title       string      `json:"title,omitempty"`        // 5a, instead of the kind's own title: GIẤY XÁC NHẬN
	Landscape   bool        `json:"landscape,omitempty"`    // the text on turned pages: for tables that are not put in an annex
	Superior    []string    `json:"superior,omitempty"`     // 2: cơ quan chủ quản trực tiếp, one string a line
	Issuer      []string    `json:"issuer"`                 // 2: cơ quan ban hành, one string a line
	IssuerName  string      `json:"issuer_name,omitempty"`  // the issuer as in a sentence, where annexes name it: Sở Y tế tỉnh Thanh Hóa
	Number      int         `json:"number,omitempty"`       // 3: 0 leaves a blank before the symbol
	Symbol      string      `json:"symbol,omitempty"`       // 3: KH-UBND, SYT-NVY
	Place       string      `json:"place"`                  // 4: địa danh
	Date        civil.Date  `json:"date"`                   // 4: the zero date leaves blanks
	BlankDay    bool        `json:"blank_day,omitempty"`    // 4: leaves the day of Date to the pen
	Subject     string      `json:"subject,omitempty"`      // 5: trích yếu, without "V/v"
	DecidedBy   string      `json:"decided_by,omitempty"`   // 6: who decides: GIÁM ĐỐC SỞ Y TẾ (quyết định, nghị quyết)
	Bases       []string    `json:"bases,omitempty"`        // 6: căn cứ, without the closing mark
	Addressees  []string    `json:"addressees,omitempty"`   // 9a: Kính gửi
	Body        []Block     `json:"body"`                   // 6
	Authority   []string    `json:"authority,omitempty"`    // 7a: the lines above the signer's own title: TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH
	SignerTitle string      `json:"signer_title,omitempty"` // 7a: PHÓ CHỦ TỊCH
	Signer      string      `json:"signer,omitempty"`       // 7b: no titles or degrees
	CoSigner    *CoSigner   `json:"co_signer,omitempty"`    // a second signature at the left: secretary of minutes, who hands over
	Recipients  []Recipient `json:"recipients,omitempty"`   // 9b
	Archive     Archive     `json:"archive"`                // 9b, the line "Lưu"
	Urgency     Urgency     `json:"urgency,omitempty"`      // 10b
	Circulation Circulation `json:"circulation,omitempty"`  // 11
	Draft       bool        `json:"draft,omitempty"`        // prints DỰ THẢO
	Contact     []string    `json:"contact,omitempty"`      // 13: address, telephone, web site
	Annexes     []Annex     `json:"annexes,omitempty"`
	Lang        string      `json:"lang,omitempty"` // BCP 47; empty is vi-VN
}

// CoSigner signs beside the signer: minutes (biên bản) have two, and so have papers that two bodies issue together (liên ngành).
type CoSigner struct {
	Authority []string `json:"authority,omitempty"` // the lines above the title: KT. GIÁM ĐỐC CÔNG AN TỈNH
	Title     string   `json:"title"`               // THƯ KÝ, BÊN GIAO
	Name      string   `json:"name,omitempty"`
}

// Recipient is one line of "Nơi nhận". Mark says what for: b/c, p/h, để báo cáo.
type Recipient struct {
	Name string `json:"name"`
	Mark string `json:"mark,omitempty"`
}

// Archive is the last line of "Nơi nhận": the registry (VT, written by itself), the drafting units, the drafter's code with the number
// of copies (component 12).
type Archive struct {
	Units   []string `json:"units,omitempty"`
	Drafter string   `json:"drafter,omitempty"`
	Copies  int      `json:"copies,omitempty"`
}

// Urgency is the degree of haste (mức độ khẩn).
type Urgency string

// The degrees of haste, Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.10.
const (
	Urgent     Urgency = "khan"        // KHẨN
	MoreUrgent Urgency = "thuong_khan" // THƯỢNG KHẨN
	MostUrgent Urgency = "hoa_toc"     // HỎA TỐC
)

// Circulation limits who may read the document (phạm vi lưu hành).
type Circulation string

// The marks of circulation, Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.10.
const (
	ReadAndReturn Circulation = "xem_xong_tra_lai" // XEM XONG TRẢ LẠI
	InternalUse   Circulation = "luu_hanh_noi_bo"  // LƯU HÀNH NỘI BỘ
)

// Annex is a phụ lục. It stands in a section of its own, its pages numbered from 1.
type Annex struct {
	Title     string  `json:"title"`
	Body      []Block `json:"body"`
	Landscape bool    `json:"landscape,omitempty"`
}

// BlockType says what a Block is.
type BlockType string

// The types of block.
const (
	HeadingBlock   BlockType = "heading"   // a numbered title, bold
	ItemBlock      BlockType = "item"      // a numbered or dashed paragraph
	ParagraphBlock BlockType = "paragraph" // running text
	TableBlock     BlockType = "table"
	ImageBlock     BlockType = "image"
	ChartBlock     BlockType = "chart"
	BreakBlock     BlockType = "page_break"
)

// Level is a step of numbering. Numbers are drawn by the writers: Arabic begins anew below each Roman or Article,
// Point below each Arabic, in the Vietnamese alphabet (a b c d đ e g h i k …).
type Level string

// The levels of numbering, Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.6.
const (
	LevelPart    Level = "phan"    // Phần I, centred
	LevelChapter Level = "chuong"  // Chương I, centred
	LevelSection Level = "muc"     // Mục 1, centred
	LevelArticle Level = "dieu"    // Điều 1.
	LevelRoman   Level = "roman"   // I.
	LevelArabic  Level = "khoan"   // 1.
	LevelDecimal Level = "decimal" // 1.1.
	LevelPoint   Level = "diem"    // a)
	LevelDash    Level = "dash"    // -
	LevelPlus    Level = "plus"    // +
)

// Block is one piece of a body. Make it with the functions below.
type Block struct {
	Type    BlockType `json:"type"`
	Level   Level     `json:"level,omitempty"`
	Label   string    `json:"label,omitempty"`   // printed instead of the number drawn: "Điều 2a."
	Restart bool      `json:"restart,omitempty"` // begins its numbering anew
	Align   Align     `json:"align,omitempty"`   // a paragraph's; empty is justified
	Text    string    `json:"text,omitempty"`
	Runs    []Run     `json:"runs,omitempty"` // text with emphasis, instead of Text
	Table   *Table    `json:"table,omitempty"`
	Image   *Image    `json:"image,omitempty"`
	Chart   *Chart    `json:"chart,omitempty"`
}

// Run is a stretch of text in one style.
type Run struct {
	Text   string `json:"text"`
	Bold   bool   `json:"bold,omitempty"`
	Italic bool   `json:"italic,omitempty"`
}

// Align is how lines stand between the margins.
type Align string

// The alignments.
const (
	Justify Align = "justify"
	Left    Align = "left"
	Center  Align = "center"
	Right   Align = "right"
)

// Table is a table with ruled cells. Its head is repeated on every page.
type Table struct {
	Caption string   `json:"caption,omitempty"` // above the table
	Unit    string   `json:"unit,omitempty"`    // unit of the figures, above at the right: "Đơn vị tính: lượt người"
	Columns []Column `json:"columns"`
	Head    [][]Cell `json:"head,omitempty"` // rows of the head; empty: one row of the columns' titles
	Rows    [][]Cell `json:"rows"`
	Height  float64  `json:"height,omitempty"` // of a row at least, millimetres: room for the pen
	Fixed   float64  `json:"fixed,omitempty"`  // of the whole table, millimetres, as of a stamp: letters get smaller until all fit, down to 6 pt
}

// Column is a column of a table. Width is in millimetres; 0 shares what is left by the length of the text.
type Column struct {
	Title string  `json:"title,omitempty"`
	Width float64 `json:"width,omitempty"`
	Align Align   `json:"align,omitempty"` // empty: left
}

// Cell is a cell; spans of 0 and 1 are the same. A row lists only the cells that begin in it.
type Cell struct {
	Text    string `json:"text,omitempty"`
	Bold    bool   `json:"bold,omitempty"`
	Italic  bool   `json:"italic,omitempty"`
	Align   Align  `json:"align,omitempty"` // empty: the column's
	ColSpan int    `json:"col_span,omitempty"`
	RowSpan int    `json:"row_span,omitempty"`
}

// Image is a picture in PNG or JPEG. Width is in millimetres; 0 is its own size at 150 dpi, at most the width of the text.
type Image struct {
	Data    []byte  `json:"data"`
	Width   float64 `json:"width,omitempty"`
	Alt     string  `json:"alt"` // what it shows, for people who do not see it
	Caption string  `json:"caption,omitempty"`
}

// ChartKind is the kind of a chart.
type ChartKind string

// The kinds of chart.
const (
	Bars  ChartKind = "bars"  // upright bars side by side, one group a category
	Lines ChartKind = "lines" // one line a series over the categories
)

// Chart is a simple chart; its axis begins at zero. In DOCX it is a chart of the word processor with its figures inside.
type Chart struct {
	Kind       ChartKind `json:"kind"`
	Title      string    `json:"title"`
	Unit       string    `json:"unit,omitempty"` // of the figures
	Categories []string  `json:"categories"`
	Series     []Series  `json:"series"`
	Height     float64   `json:"height,omitempty"` // millimetres; 0 is 70
}

// Series is one row of a chart's figures, one for each category.
type Series struct {
	Name   string    `json:"name"`
	Values []float64 `json:"values"`
}

// Para is a paragraph of running text.
func Para(text string) Block { return Block{Type: ParagraphBlock, Text: text} }

// Rich is a paragraph of running text with emphasis.
func Rich(runs ...Run) Block { return Block{Type: ParagraphBlock, Runs: runs} }

// Heading is a numbered title.
func Heading(l Level, text string) Block { return Block{Type: HeadingBlock, Level: l, Text: text} }

// Item is a numbered or dashed paragraph.
func Item(l Level, text string) Block { return Block{Type: ItemBlock, Level: l, Text: text} }

// Items are paragraphs of one level.
func Items(l Level, texts ...string) []Block {
	out := make([]Block, len(texts))
	for i, t := range texts {
		out[i] = Item(l, t)
	}
	return out
}

// OfTable, OfImage and OfChart make a block of what they name.
func OfTable(t Table) Block { return Block{Type: TableBlock, Table: &t} }

// OfImage is described at OfTable.
func OfImage(i Image) Block { return Block{Type: ImageBlock, Image: &i} }

// OfChart is described at OfTable.
func OfChart(c Chart) Block { return Block{Type: ChartBlock, Chart: &c} }

// PageBreak begins a new page.
func PageBreak() Block { return Block{Type: BreakBlock} }

// Row is a row of plain cells.
func Row(texts ...string) []Cell {
	out := make([]Cell, len(texts))
	for i, t := range texts {
		out[i].Text = t
	}
	return out
}

func (b Block) runs() []Run {
	if b.Runs != nil {
		return b.Runs
	}
	return []Run{{Text: b.Text}}
}

func (d Document) lang() string {
	if d.Lang == "" {
		return "vi-VN"
	}
	return d.Lang
}
