package report

import (
	"context"
	"sort"
	"strconv"
	"strings"

	"chungtay/account"
	"chungtay/docrender"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/viet"
	"chungtay/orgunit"
)

// Head is what a report's paper says beside its figures and texts. It is kept with each submission.
type Head struct {
	Office    docrender.Office  `json:"office"`
	To        string            `json:"to"`      // name of the unit that asked
	Grounds   string            `json:"grounds"` // the directive it answers, as cited
	On        civil.Date        `json:"on"`
	Authority []string          `json:"authority,omitempty"`
	Title     string            `json:"title,omitempty"`
	Signer    string            `json:"signer,omitempty"`
	Below     string            `json:"below,omitempty"`   // the unit's own request, whose reports it rests on
	Members   []Member          `json:"members,omitempty"` // these reports
	Missing   []string          `json:"missing,omitempty"` // units that did not report
	Names     map[string]string `json:"names,omitempty"`   // what all of them are called in this paper
}

func (c *Reports) cited(tx *db.Tx, a Asked) (string, error) {
	if a.Directive == "" || c.Cited == nil {
		return "", nil
	}
	s, err := c.Cited(tx, a.Directive)
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	return s, err
}

// headNow is the head a report would have if it were sent now.
func (c *Reports) headNow(tx *db.Tx, r Report, a Asked, signer string) (Head, error) {
	h := Head{On: civil.Of(tx.Now)}
	var err error
	if h.Office, err = c.Office(tx, r.Unit); err != nil {
		return h, err
	}
	names, err := orgunit.Names(tx, []string{r.Asker})
	if err != nil {
		return h, err
	}
	h.To = names[r.Asker]
	if h.Grounds, err = c.cited(tx, a); err != nil {
		return h, err
	}
	if signer != "" {
		name, title, err := account.NameAndTitle(tx, signer)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return h, err
		}
		h.Signer = name
		lent, err := c.Accounts.StoodIn(tx, []account.Done{{Person: signer, Unit: r.Unit, By: Sign, At: tx.Now}})
		if err != nil {
			return h, err
		}
		h.Authority, h.Title = authority(h.Office.Name, title, lent[0] != "")
	}
	own, ok, err := below(tx, a.ID, r.Unit)
	if err != nil || !ok {
		return h, err
	}
	h.Below = own.ID
	k, frozen, err := lastConsolidation(tx, own.ID)
	if err != nil {
		return h, err
	}
	if frozen {
		h.Members, h.Missing, h.Names = k.Members.V, k.Missing.V, k.Names.V
		return h, nil
	}
	s, err := c.consolidated(tx, own)
	if err != nil {
		return h, err
	}
	h.Members, h.Missing = s.Members, s.Missing
	h.Names, err = orgunit.NamesOn(tx, s.units(), own.day())
	return h, err
}

// keepHead keeps the head of what is sent.
func (c *Reports) keepHead(tx *db.Tx, r Report, a Asked, s Submission) error {
	h, err := c.headNow(tx, r, a, s.Signer)
	if errs.Is(err, errs.NotFound) { // a unit that is no more still hands in what it owed
		return nil
	}
	if err != nil {
		return err
	}
	return insertHead(tx, r.ID, s.Number, db.JSON[Head]{V: h})
}

// authority is the form in which an office is signed for (Nghị định 30/2020/NĐ-CP, Điều 13 and Phụ lục I, mục II.7): TM. for a committee that
// decides together, KT. for a deputy, also one who stands in by delegation, TUQ. for anybody else to whom the head has delegated it (ủy quyền).
func authority(unit, title string, delegated bool) (lines []string, last string) {
	title = strings.TrimSpace(title)
	committee := strings.HasPrefix(viet.Fold(unit), "uy ban nhan dan")
	if title == "" {
		title = leads(unit)
	}
	words := strings.Fields(title)
	deputy := len(words) > 1 && viet.Fold(words[0]) == "pho"
	// The position as the paper prints it ends before the unit: "Phó Giám đốc Sở Y tế" signs as PHÓ GIÁM ĐỐC.
	title = position(title)
	if committee {
		lines = append(lines, "TM. ỦY BAN NHÂN DÂN")
	}
	switch {
	case deputy:
		head := strings.TrimSpace(strings.TrimPrefix(title, strings.Fields(title)[0]))
		lines = append(lines, "KT. "+strings.ToUpper(head))
	case delegated:
		lines = append(lines, "TUQ. "+strings.ToUpper(leads(unit)))
	}
	return lines, strings.ToUpper(title)
}

// leads is the title of who leads a body, for papers whose signer has none written down or is not known yet.
func leads(unit string) string {
	name := viet.Fold(unit) + " "
	for _, b := range []struct{ begins, title string }{
		{"uy ban nhan dan ", "Chủ tịch"}, {"ban chi dao ", "Trưởng ban"}, {"bo chi huy ", "Chỉ huy trưởng"}, {"ban chi huy ", "Chỉ huy trưởng"}, {"bo ", "Bộ trưởng"}, {"so ", "Giám đốc"},
		{"chi cuc ", "Chi cục trưởng"}, {"cuc ", "Cục trưởng"}, {"vu ", "Vụ trưởng"}, {"phong ", "Trưởng phòng"}, {"cong an tinh ", "Giám đốc"}, {"cong an thanh pho ", "Giám đốc"}, {"cong an ", "Trưởng Công an"},
		{"trung tam ", "Giám đốc"}, {"co so ", "Giám đốc"}, {"tram ", "Trạm trưởng"}, {"hoi ", "Chủ tịch"}, {"thanh tra ", "Chánh Thanh tra"}, {"van phong ", "Chánh Văn phòng"},
	} {
		if strings.HasPrefix(name, b.begins) {
			return b.title
		}
	}
	return "Thủ trưởng đơn vị"
}

func position(title string) string {
	low := strings.ToLower(title)
	for _, p := range []string{"phó giám đốc", "giám đốc", "phó chủ tịch", "chủ tịch", "phó cục trưởng", "cục trưởng", "phó vụ trưởng", "vụ trưởng", "phó trưởng phòng", "trưởng phòng", "phó trưởng ban", "trưởng ban", "thứ trưởng", "bộ trưởng", "phó trưởng công an", "trưởng công an", "phó trạm trưởng", "trạm trưởng"} {
		if strings.HasPrefix(low, p) {
			return string([]rune(title)[:len([]rune(p))])
		}
	}
	return title
}

// subject is what a report is about, as its title line says: "Kết quả hưởng ứng Ngày … năm 2026".
func subject(f *formdef.Form, a Asked) string {
	s := f.Title.VI
	if a.Form == "" {
		s = a.Title
		if kind, _, ok := strings.Cut(s, ": "); ok && strings.Contains(kind, "/") {
			s = "Kết quả thực hiện " + kind
		}
	}
	for _, p := range []string{"Báo cáo về ", "Báo cáo "} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			s = upperFirst(rest)
			break
		}
	}
	if !a.To.IsZero() && a.Form != "" && !strings.Contains(s, strconv.Itoa(a.To.Year)) {
		if year := strconv.Itoa(a.To.Year); strings.HasSuffix(s, " năm") || strings.HasSuffix(s, "tháng") {
			s += map[bool]string{true: " ", false: " năm "}[strings.HasSuffix(s, " năm")] + year
		} else {
			s += " năm " + year
		}
	}
	return s
}

func upperFirst(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

func lowerFirst(s string) string {
	r := []rune(s)
	if len(r) > 1 && strings.ToLower(string(r[1])) == string(r[1]) {
		return strings.ToLower(string(r[0])) + string(r[1:])
	}
	return s
}

// wordsOf are the names of units of measure in Vietnamese: papers are, whoever takes them.
func wordsOf(ctx context.Context, f *formdef.Form) func(code string) string {
	ctx = i18n.As(ctx, i18n.VI)
	return func(code string) string {
		if code == "" {
			return ""
		}
		switch u := f.UnitWord(code).(type) {
		case formdef.Text:
			return u.VI
		case errs.Message:
			return i18n.TM(ctx, u)
		}
		return ""
	}
}

const nothingWords = "không phát sinh"

// paper is everything of which a report's paper is made.
type paper struct {
	head    Head
	asked   Asked
	form    *formdef.Form
	values  formdef.Values
	nothing bool
	number  int  // of the paper, 0: a blank
	draft   bool // not sent, or sent without a leader's signature
	unsent  bool
	unit    func(code string) string
	below   *belowData
}

// belowData are the reports of the units below that the paper rests on.
type belowData struct {
	sum   Sum
	units []string
	names map[string]string
}

// paperOf is a report in the prescribed form (báo cáo): as it was sent, or what is being written when draft is wanted. A paper of the same
// submission is the same for ever. The caller may read the report.
func (c *Reports) paperOf(tx *db.Tx, r Report, a Asked, draft bool, number int) (docrender.Document, error) {
	f, err := c.form(tx, a)
	if err != nil {
		return docrender.Document{}, err
	}
	p := paper{asked: a, form: f, number: number, unit: wordsOf(tx.Context(), f)}
	if draft {
		p.draft, p.unsent, p.nothing = true, true, r.Nothing
		v, _, err := f.Decode([]byte(r.Body))
		if err != nil {
			return docrender.Document{}, err
		}
		j, err := c.Judge(tx, r, a, v)
		if err != nil {
			return docrender.Document{}, err
		}
		p.values = j.Result.Values
		if p.head, err = c.headNow(tx, r, a, ""); err != nil {
			return docrender.Document{}, err
		}
	} else {
		s, err := submission(tx, r.ID, r.Current)
		if err != nil {
			return docrender.Document{}, err
		}
		p.nothing = s.Nothing
		v, _, err := f.Decode([]byte(s.Body))
		if err != nil {
			return docrender.Document{}, err
		}
		p.values = f.Evaluate(v, formdef.Context{Today: civil.Of(s.At)}).Values
		var kept bool
		if p.head, kept, err = paperHead(tx, r.ID, s.Number); err != nil {
			return docrender.Document{}, err
		}
		if !kept {
			if p.head, err = c.headNow(tx, r, a, s.Signer); err != nil {
				return docrender.Document{}, err
			}
			p.head.On = civil.Of(s.At)
		}
		p.draft = p.head.Signer == ""
	}
	if len(p.head.Members) > 0 {
		own, err := findAsked(tx, p.head.Below)
		if err != nil {
			return docrender.Document{}, err
		}
		if p.below, err = c.belowOf(tx, own, p.head); err != nil {
			return docrender.Document{}, err
		}
	}
	return p.document(), nil
}

func (c *Reports) belowOf(tx *db.Tx, own Asked, h Head) (*belowData, error) {
	s, err := c.sumOf(tx, own, h.Members, h.Missing)
	return &belowData{sum: s, units: byName(s.units(), h.Names), names: h.Names}, err
}

func (p paper) document() docrender.Document {
	h := p.head
	subject := subject(p.form, p.asked)
	d := h.Office.New(docrender.Report, "", subject, h.On)
	d.Number, d.Draft = p.number, p.draft
	if p.unsent {
		d.Date, d.Number = civil.Date{}, 0
	}
	d.Addressees = []string{h.To}
	d.Authority, d.SignerTitle, d.Signer = h.Authority, h.Title, h.Signer
	if d.SignerTitle == "" {
		d.Authority, d.SignerTitle = authority(h.Office.Name, "", false)
	}
	d.Recipients = []docrender.Recipient{{Name: "Như trên"}}
	d.Body = append(d.Body, docrender.Para(p.opening(subject)))
	if p.below != nil {
		d.Body = append(d.Body, docrender.Para(p.coverage()))
	}
	if !p.nothing {
		d.Body = append(d.Body, p.sections()...)
	}
	closing := "Trên đây là Báo cáo " + lowerFirst(subject) + " của " + h.Office.Name
	if p.nothing {
		closing += ", kính gửi " + h.To + " tổng hợp"
	}
	d.Body = append(d.Body, docrender.Para(closing))
	if !p.nothing {
		d.Annexes = p.annexes()
	}
	return d
}

func (p paper) opening(subject string) string {
	name := p.head.Office.Name
	s := name + " báo cáo " + lowerFirst(subject)
	if p.head.Grounds != "" {
		s = "Thực hiện " + p.head.Grounds + ", " + name + " báo cáo kết quả"
	}
	s += periodWords(p.asked)
	if p.nothing {
		return s + " như sau: trong kỳ báo cáo, đơn vị không phát sinh nội dung phải báo cáo."
	}
	return s + " như sau:"
}

func periodWords(a Asked) string {
	switch {
	case a.From.IsZero() && a.To.IsZero():
		return ""
	case a.From.IsZero():
		return " (số liệu tính đến ngày " + deadline.Written(a.To) + ")"
	case a.To.IsZero():
		return " (số liệu từ ngày " + deadline.Written(a.From) + ")"
	}
	return " (số liệu từ ngày " + deadline.Written(a.From) + " đến ngày " + deadline.Written(a.To) + ")"
}

// coverage says on whose reports the figures rest; who is missing is named, never counted as zero.
func (p paper) coverage() string {
	return coverageWords(len(p.head.Members), len(p.head.Missing), missingNames(p.below.units, p.below.names, p.head.Missing))
}

func coverageWords(have, missing int, names []string) string {
	s := "Số liệu được tổng hợp từ báo cáo đã duyệt của " + strconv.Itoa(have) + "/" + strconv.Itoa(have+missing) + " cơ quan, đơn vị"
	if missing == 0 {
		return s + "."
	}
	if len(names) > 12 {
		names = append(append([]string(nil), names[:12]...), "và "+strconv.Itoa(missing-12)+" đơn vị khác (nêu tại phụ lục)")
	}
	return s + "; chưa có báo cáo của " + strings.Join(names, ", ") + ", số liệu của các đơn vị này không được tính."
}

func missingNames(order []string, names map[string]string, missing []string) []string {
	is := map[string]bool{}
	for _, u := range missing {
		is[u] = true
	}
	var out []string
	for _, u := range order {
		if is[u] {
			out = append(out, names[u])
		}
	}
	return out
}

// sections writes the body by the outline of the form: figures as lines and tables, texts as paragraphs. What was not answered is left out.
func (p paper) sections() []docrender.Block {
	var out []docrender.Block
	roman := ""
	for _, s := range p.form.Sections {
		blocks := p.section(s)
		if len(blocks) == 0 {
			continue
		}
		part, sub, _ := strings.Cut(s.Outline, ".")
		switch {
		case sub == "":
			out = append(out, docrender.Heading(docrender.LevelRoman, strings.ToUpper(s.Title.VI)))
		default:
			if part != roman {
				out = append(out, docrender.Heading(docrender.LevelRoman, partTitle(part)))
			}
			out = append(out, docrender.Heading(docrender.LevelArabic, s.Title.VI))
		}
		roman = part
		out = append(out, blocks...)
	}
	return out
}

// partTitle is the title of a part of the usual outline whose sections stand one level lower in the form.
func partTitle(roman string) string {
	switch roman {
	case "I":
		return "CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI"
	case "III":
		return "ĐÁNH GIÁ"
	case "IV":
		return "PHƯƠNG HƯỚNG, KIẾN NGHỊ"
	}
	return "KẾT QUẢ THỰC HIỆN"
}

func (p paper) section(s *formdef.Section) []docrender.Block {
	var out []docrender.Block
	several := 0
	for _, f := range s.Fields {
		if f.Type == formdef.Narrative && p.answered(f.Name) {
			several++
		}
	}
	for _, f := range s.Fields {
		switch f.Type {
		case formdef.Table:
			out = append(out, p.table(f)...)
		case formdef.Repeat:
			out = append(out, p.repeat(f)...)
		default:
			v := p.values[f.Name]
			cell, ok := p.form.Cell(f.Name)
			if !ok || !v.Answered() {
				continue
			}
			text := cell.Show(i18n.VI, v, nothingWords)
			if f.Type == formdef.Narrative && v.State == formdef.Given {
				if several > 1 {
					out = append(out, docrender.Rich(docrender.Run{Text: f.Label.VI + ":", Italic: true}))
				}
				out = append(out, paragraphs(text)...)
				continue
			}
			if v.State == formdef.Given && f.Type.Number() {
				text = strings.TrimSpace(text + " " + p.unit(cell.Unit))
			}
			out = append(out, docrender.Item(docrender.LevelDash, f.Label.VI+": "+strings.TrimRight(text, ".;")+"."))
		}
	}
	return out
}

func (p paper) answered(addr string) bool { return p.values[addr].Answered() }

// paragraphs are the lines of a text; one that opens with a dash or plus is an item.
func paragraphs(text string) []docrender.Block {
	var out []docrender.Block
	for _, l := range strings.Split(text, "\n") {
		l = strings.TrimSpace(l)
		rest := strings.TrimSpace(strings.TrimLeft(l, "-–•+*"))
		switch {
		case rest == "":
		case rest != l && strings.HasPrefix(l, "+"):
			out = append(out, docrender.Item(docrender.LevelPlus, rest))
		case rest != l:
			out = append(out, docrender.Item(docrender.LevelDash, rest))
		default:
			out = append(out, docrender.Para(l))
		}
	}
	return out
}

// table is a table of the form with the rows in which something occurred; the annex has them all.
func (p paper) table(f *formdef.Field) []docrender.Block {
	t, _, _ := p.tableOf(f)
	if len(t.Rows) == 0 {
		return nil
	}
	return []docrender.Block{docrender.OfTable(t)}
}

// charts are those of the tables whose figures can stand side by side. They stand in the annex, behind the figures they draw: the text of a
// paper is of one size, a chart's letters are smaller.
func (p paper) charts() []docrender.Block {
	var out []docrender.Block
	for _, s := range p.form.Sections {
		for _, f := range s.Fields {
			if f.Type == formdef.Table {
				if _, c, ok := p.tableOf(f); ok {
					out = append(out, docrender.OfChart(c))
				}
			}
		}
	}
	return out
}

func (p paper) tableOf(f *formdef.Field) (docrender.Table, docrender.Chart, bool) {
	t := docrender.Table{Caption: f.Label.VI, Columns: []docrender.Column{{Title: "Nội dung", Width: 60}, {Title: "Đơn vị tính", Width: 24, Align: docrender.Center}}}
	for _, c := range f.Columns {
		t.Columns = append(t.Columns, docrender.Column{Title: c.Label.VI, Align: docrender.Right})
	}
	if len(f.Columns) == 1 {
		t.Columns[0].Width, t.Columns[2].Width = 0, 34
	}
	one := map[string]bool{}
	var labels []string
	var figures []float64
	for _, r := range f.Rows {
		row := []docrender.Cell{{Text: r.Label.VI, Bold: r.Total}, {}}
		there := false
		unit := ""
		for i, c := range f.Columns {
			addr := f.Name + "/" + r.Name + "/" + c.Name
			v := p.values[addr]
			cell, ok := p.form.Cell(addr)
			if !ok {
				row = append(row, docrender.Cell{})
				continue
			}
			if i == 0 {
				unit = p.unit(cell.Unit)
			}
			there = there || v.State == formdef.Given
			row = append(row, docrender.Cell{Text: cell.Show(i18n.VI, v, nothingWords), Bold: r.Total})
			if i == 0 && v.State == formdef.Given && !r.Total && r.Calculate == nil {
				labels, figures = append(labels, r.Label.VI), append(figures, v.Num.Float())
				one[unit] = true
			}
		}
		row[1].Text = unit
		if there {
			t.Rows = append(t.Rows, row)
		}
	}
	if len(one) != 1 || len(labels) < 2 || len(labels) > 8 || !distinct(figures) {
		return t, docrender.Chart{}, false
	}
	unit := ""
	for u := range one {
		unit = u
	}
	return t, docrender.Chart{Kind: docrender.Bars, Title: f.Label.VI, Unit: unit, Categories: labels, Series: []docrender.Series{{Name: f.Columns[0].Label.VI, Values: figures}}, Height: 60}, true
}

func distinct(list []float64) bool {
	for _, x := range list {
		if x != list[0] {
			return true
		}
	}
	return false
}

func (p paper) repeat(f *formdef.Field) []docrender.Block {
	var out []docrender.Block
	for i := 1; i <= max(f.MaxEntries, 100); i++ {
		var parts []string
		for _, x := range f.Fields {
			v := p.values[formdef.EntryAddress(f.Name, i, x.Name)]
			cell, ok := p.form.Cell(f.Name + "/" + x.Name)
			if ok && v.Answered() {
				parts = append(parts, x.Label.VI+": "+strings.TrimRight(cell.Show(i18n.VI, v, nothingWords), ".;"))
			}
		}
		if len(parts) == 0 {
			break
		}
		out = append(out, docrender.Item(docrender.LevelDash, strings.Join(parts, "; ")+"."))
	}
	if len(out) > 0 {
		out = append([]docrender.Block{docrender.Rich(docrender.Run{Text: f.Label.VI + ":", Italic: true})}, out...)
	}
	return out
}

func (p paper) annexes() []docrender.Annex {
	var out []docrender.Annex
	if rows := p.figureRows(); len(rows) > 0 {
		out = append(out, docrender.Annex{Title: "Số liệu báo cáo", Body: append([]docrender.Block{docrender.OfTable(docrender.Table{
			Columns: []docrender.Column{{Title: "TT", Width: 12, Align: docrender.Center}, {Title: "Chỉ tiêu"}, {Title: "Đơn vị tính", Width: 28, Align: docrender.Center}, {Title: "Số liệu", Width: 32, Align: docrender.Right}}, Rows: rows})}, p.charts()...)})
	}
	if p.below != nil {
		if a, ok := matrixAnnex(p.form, p.below, p.unit); ok {
			out = append(out, a)
		}
	}
	return out
}

func (p paper) figureRows() [][]docrender.Cell {
	var out [][]docrender.Cell
	section, n := "", 0
	for _, cell := range p.form.Figures() {
		v := p.values[cell.Address]
		if !v.Answered() {
			continue
		}
		if cell.Section.Name != section {
			section = cell.Section.Name
			out = append(out, []docrender.Cell{{Text: cell.Section.Title.VI, Bold: true, ColSpan: 4}})
		}
		n++
		out = append(out, docrender.Row(strconv.Itoa(n), cell.Label().VI, p.unit(cell.Unit), cell.Show(i18n.VI, v, nothingWords)))
	}
	return out
}

// perTable is how many figures stand side by side on a landscape page.
const perTable = 8

// matrixAnnex is the annex units x figures (biểu tổng hợp theo đơn vị): as many tables side after side as the page's width asks, the total
// first, then every unit that reported, then those that did not; and a chart of the figure with the largest total.
func matrixAnnex(f *formdef.Form, b *belowData, unit func(string) string) (docrender.Annex, bool) {
	s := b.sum
	var cells []formdef.Cell
	for _, cell := range f.Figures() {
		if v := s.Values[cell.Address]; v.State == formdef.Given || v.State == formdef.None {
			cells = append(cells, cell)
		}
	}
	if len(cells) == 0 {
		return docrender.Annex{}, false
	}
	missing := map[string]bool{}
	for _, u := range s.Missing {
		missing[u] = true
	}
	a := docrender.Annex{Title: "Số liệu theo cơ quan, đơn vị", Landscape: true}
	tables := (len(cells) + perTable - 1) / perTable
	each := (len(cells) + tables - 1) / tables // even tables instead of a narrow last one
	for i := 0; i < len(cells); i += each {
		part := cells[i:min(len(cells), i+each)]
		t := docrender.Table{Columns: []docrender.Column{{Title: "TT", Width: 10, Align: docrender.Center}, {Title: "Cơ quan, đơn vị", Width: 56}}}
		if tables > 1 {
			t.Caption = "Biểu " + strconv.Itoa(i/each+1) + "/" + strconv.Itoa(tables)
		}
		for _, cell := range part {
			head := cell.Label().VI
			if u := unit(cell.Unit); u != "" {
				head += " (" + u + ")"
			}
			t.Columns = append(t.Columns, docrender.Column{Title: head, Align: docrender.Right})
		}
		line := func(no, name string, v formdef.Values, bold bool) {
			row := []docrender.Cell{{Text: no}, {Text: name, Bold: bold}}
			for _, cell := range part {
				row = append(row, docrender.Cell{Text: cell.Show(i18n.VI, v[cell.Address], "k.p.s."), Bold: bold})
			}
			t.Rows = append(t.Rows, row)
		}
		line("", "Tổng số", s.Values, true)
		n := 0
		for _, u := range b.units {
			if !missing[u] {
				n++
				line(strconv.Itoa(n), b.names[u], s.Each[u], false)
			}
		}
		for _, u := range b.units {
			if missing[u] {
				n++
				t.Rows = append(t.Rows, []docrender.Cell{{Text: strconv.Itoa(n)}, {Text: b.names[u]}, {Text: "chưa có báo cáo", Italic: true, Align: docrender.Center, ColSpan: len(part)}})
			}
		}
		a.Body = append(a.Body, docrender.OfTable(t))
	}
	a.Body = append(a.Body, docrender.Para("Ghi chú: “k.p.s.” là đơn vị trả lời không phát sinh; “–” là đơn vị không trả lời chỉ tiêu này. Đơn vị chưa có báo cáo không được tính là 0."))
	if c, ok := largest(s, b, cells, unit); ok {
		a.Body = append(a.Body, docrender.OfChart(c))
	}
	return a, true
}

// largest charts the units by the counted figure with the largest total. Its figures stand in the table above it.
func largest(s Sum, b *belowData, cells []formdef.Cell, unit func(string) string) (docrender.Chart, bool) {
	var best formdef.Cell
	top := 0.0
	for _, cell := range cells {
		over, _ := cell.Aggregation()
		if v := s.Values[cell.Address]; v.State == formdef.Given && over == formdef.Sum && cell.Field.Type == formdef.Integer && cell.Table == nil && v.Num.Float() > top {
			best, top = cell, v.Num.Float()
		}
	}
	if top == 0 {
		return docrender.Chart{}, false
	}
	type bar struct {
		name string
		n    float64
	}
	var bars []bar
	for _, u := range b.units {
		if v := s.Each[u][best.Address]; v.State == formdef.Given {
			bars = append(bars, bar{b.names[u], v.Num.Float()})
		}
	}
	if len(bars) < 2 {
		return docrender.Chart{}, false
	}
	sort.SliceStable(bars, func(i, j int) bool { return bars[i].n > bars[j].n })
	title := best.Label().VI + " theo đơn vị"
	if len(bars) > 10 {
		bars, title = bars[:10], best.Label().VI+": mười đơn vị có số liệu lớn nhất"
	}
	c := docrender.Chart{Kind: docrender.Bars, Title: title, Unit: unit(best.Unit), Height: 80, Series: []docrender.Series{{Name: best.Label().VI}}}
	for _, x := range bars {
		c.Categories = append(c.Categories, shortName(x.name))
		c.Series[0].Values = append(c.Series[0].Values, x.n)
	}
	return c, true
}

// shortName is a unit's name where there is little room: "xã Bắc Yên" of "Ủy ban nhân dân xã Bắc Yên".
func shortName(name string) string {
	for _, p := range []string{"Ủy ban nhân dân ", "Uỷ ban nhân dân "} {
		if rest, ok := strings.CutPrefix(name, p); ok {
			return upperFirst(rest)
		}
	}
	return name
}
