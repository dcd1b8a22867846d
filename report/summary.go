package report

import (
	"io"
	"math"
	"sort"
	"strconv"
	"strings"

	"chungtay/docrender"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/press"
	"chungtay/internal/web"
)

// brief is what a leader is told of a request on one page, and what news can be made of it.
type brief struct {
	asked   Asked
	office  docrender.Office
	grounds string
	sum     Sum
	units   []string // by name
	names   map[string]string
	last    formdef.Values // of the period before, nil: there was none
	lastOf  Asked
	count   Progress
	late    []string // names of units whose report is overdue and not there
	unit    func(code string) string
}

// briefOf gathers what stands approved on a request at this moment beside the same unit's request of the period before.
func (c *Reports) briefOf(tx *db.Tx, a Asked) (brief, error) {
	b := brief{asked: a}
	var err error
	if b.office, err = c.Office(tx, a.Unit); err != nil {
		return b, err
	}
	if b.grounds, err = c.cited(tx, a); err != nil {
		return b, err
	}
	if b.sum, err = c.consolidated(tx, a); err != nil {
		return b, err
	}
	b.unit = wordsOf(tx.Context(), b.sum.Form)
	if b.units, b.names, err = named(tx, b.sum.units(), a.day()); err != nil {
		return b, err
	}
	rows, err := unitsOf(tx, a.ID)
	if err != nil {
		return b, err
	}
	overdue := map[string]bool{}
	for _, r := range rows {
		overdue[r.Unit] = r.overdue(tx.Now)
	}
	for _, u := range b.units {
		if overdue[u] {
			b.late = append(b.late, lowerFirst(shortName(b.names[u])))
		}
	}
	counts, err := progressOf(tx, []string{a.ID})
	if err != nil {
		return b, err
	}
	b.count = counts[a.ID]
	last, ok, err := askedBefore(tx, a)
	if err != nil || !ok {
		return b, err
	}
	s, err := c.consolidated(tx, last)
	if err != nil || len(s.Members) == 0 {
		return b, err
	}
	b.lastOf, b.last = last, formdef.Values{}
	for _, cell := range b.sum.Form.Figures() { // another version of the form may count in another unit
		if old, there := s.Form.Cell(cell.Address); there && old.Unit == cell.Unit {
			b.last[cell.Address] = s.Values[cell.Address]
		}
	}
	return b, nil
}

// askedBefore is the request of the period before: the same form, the same asking unit.
func askedBefore(tx *db.Tx, a Asked) (Asked, bool, error) {
	if a.FormCode == "" {
		return Asked{}, false, nil
	}
	to := a.To
	if to.IsZero() {
		to = a.day()
	}
	return db.Find[Asked](tx, `SELECT `+askedColumns+` FROM report_request q WHERE q.unit_id = $1 AND q.form_code = $2 AND q.id <> $3 AND q.state <> 'recalled' AND COALESCE(q.period_to, q.due_day) < $4
		ORDER BY COALESCE(q.period_to, q.due_day) DESC, q.id DESC LIMIT 1`, a.Unit, a.FormCode, a.ID, to)
}

// key are the figures that are told: those that stand for themselves and the totals of tables, as far as something is said of them.
func (b brief) key() []formdef.Cell {
	var out []formdef.Cell
	for _, cell := range b.sum.Form.Figures() {
		if cell.Table != nil && (cell.Row == nil || !cell.Row.Total) {
			continue
		}
		now, before := b.sum.Values[cell.Address], b.last[cell.Address]
		if now.State == formdef.Given || before.State == formdef.Given {
			out = append(out, cell)
		}
	}
	return out
}

// change says how a figure stands to that of the period before: "tăng 12,5 %"; of a rate the difference in points; "" when one of the two is
// missing.
func (b brief) change(cell formdef.Cell) string {
	now, before := b.sum.Values[cell.Address], b.last[cell.Address]
	if now.State != formdef.Given || before.State != formdef.Given {
		return ""
	}
	d := now.Num.Float() - before.Num.Float()
	word := "tăng "
	if d < 0 {
		word = "giảm "
	}
	switch {
	case d == 0:
		return "không đổi"
	case cell.Unit == "phan_tram":
		return word + i18n.Decimal(i18n.VI, math.Abs(d), 1) + " điểm %"
	case before.Num.Float() == 0:
		return word + cell.Show(i18n.VI, now, nothingWords)
	}
	return word + i18n.Decimal(i18n.VI, math.Abs(d)/before.Num.Float()*100, 1) + " %"
}

// document is the summary (tóm tắt) as a page: with most figures that fit. It is no paper of the decree's kinds; who takes it signs for it.
func (b brief) document(by string, now civil.Date) (docrender.Document, error) {
	rows, names := len(b.key()), len(b.late)
	for {
		d := b.page(by, now, rows, names)
		layout, err := docrender.PDFLayout(io.Discard, d)
		if err != nil || layout.Pages <= 1 || rows <= 4 && names <= 3 {
			return d, err
		}
		if names > 6 {
			names = 6
		} else if rows > 4 {
			rows--
		} else {
			names--
		}
	}
}

func (b brief) page(by string, now civil.Date, most, named int) docrender.Document {
	a := b.asked
	d := b.office.New(docrender.OtherKind, "", upperFirst(subject(b.sum.Form, a)), now)
	d.Title, d.Symbol, d.SignerTitle, d.Signer = "TÓM TẮT", "", "NGƯỜI LẬP", by
	d.Recipients = []docrender.Recipient{{Name: "Lãnh đạo " + b.office.Name}}
	d.Body = []docrender.Block{docrender.Rich(docrender.Run{Text: "Tiến độ. ", Bold: true}, docrender.Run{Text: b.progress()})}
	t := docrender.Table{Columns: []docrender.Column{{Title: "Chỉ tiêu"}, {Title: "Đơn vị tính", Width: 24, Align: docrender.Center}, {Title: "Kỳ này", Width: 24, Align: docrender.Right}}}
	if b.last != nil {
		t.Columns = append(t.Columns, docrender.Column{Title: "Kỳ trước", Width: 24, Align: docrender.Right}, docrender.Column{Title: "Tăng, giảm", Width: 28, Align: docrender.Right})
	}
	for i, cell := range b.key() {
		if i == most {
			break
		}
		row := []docrender.Cell{{Text: cell.Label().VI}, {Text: b.unit(cell.Unit)}, {Text: cell.Show(i18n.VI, b.sum.Values[cell.Address], nothingWords), Bold: true}}
		if b.last != nil {
			change := b.change(cell)
			if change == "" {
				change = "–"
			}
			row = append(row, docrender.Cell{Text: cell.Show(i18n.VI, b.last[cell.Address], nothingWords)}, docrender.Cell{Text: change})
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) > 0 {
		d.Body = append(d.Body, docrender.OfTable(t))
	}
	if chart, ok := b.chart(); ok {
		d.Body = append(d.Body, docrender.OfChart(chart))
	}
	d.Body = append(d.Body, docrender.Rich(docrender.Run{Text: "Phạm vi số liệu. ", Bold: true}, docrender.Run{Text: b.covered(named)}))
	return d
}

func (b brief) progress() string {
	p := b.count
	s := strconv.Itoa(p.Sent()) + "/" + strconv.Itoa(p.Total) + " cơ quan, đơn vị đã gửi báo cáo, " + strconv.Itoa(p.Approved) + " báo cáo đã duyệt"
	if p.Nothing > 0 {
		s += ", " + strconv.Itoa(p.Nothing) + " đơn vị trả lời không phát sinh"
	}
	if last := b.asked.Due().Last(); !last.IsZero() {
		s += "; hạn " + deadline.Written(last)
	}
	return s + "."
}

func (b brief) covered(names int) string {
	s := "Cộng từ báo cáo đã duyệt của " + strconv.Itoa(len(b.sum.Members)) + "/" + strconv.Itoa(len(b.sum.Members)+len(b.sum.Missing)) + " đơn vị"
	if b.last != nil {
		s += "; kỳ trước là " + periodShort(b.lastOf)
	}
	switch n := len(b.late); {
	case n == 0:
		return s + "; không có đơn vị quá hạn chưa gửi"
	case n > names:
		return s + ". Quá hạn chưa gửi (" + strconv.Itoa(n) + "): " + strings.Join(b.late[:names], ", ") + " và " + strconv.Itoa(n-names) + " đơn vị khác"
	default:
		return s + ". Quá hạn chưa gửi (" + strconv.Itoa(n) + "): " + strings.Join(b.late, ", ")
	}
}

func periodShort(a Asked) string {
	if a.From.IsZero() || a.To.IsZero() {
		return deadline.Written(a.day())
	}
	return deadline.Written(a.From) + " – " + deadline.Written(a.To)
}

// chart draws the first table of the form whose figures can stand side by side, beside the period before; without one the units by the
// largest figure.
func (b brief) chart() (docrender.Chart, bool) {
	p := paper{form: b.sum.Form, values: b.sum.Values, unit: b.unit}
	for _, s := range b.sum.Form.Sections {
		for _, f := range s.Fields {
			if f.Type != formdef.Table {
				continue
			}
			_, c, ok := p.tableOf(f)
			if !ok {
				continue
			}
			c.Height = 48
			if b.last == nil {
				return c, true
			}
			before := docrender.Series{Name: "Kỳ trước"}
			for _, r := range f.Rows {
				addr := f.Name + "/" + r.Name + "/" + f.Columns[0].Name
				if b.sum.Values[addr].State == formdef.Given && !r.Total && r.Calculate == nil {
					v := 0.0
					if x := b.last[addr]; x.State == formdef.Given {
						v = x.Num.Float()
					}
					before.Values = append(before.Values, v)
				}
			}
			c.Series[0].Name = "Kỳ này"
			c.Series = append([]docrender.Series{before}, c.Series...)
			return c, true
		}
	}
	c, ok := largest(b.sum, &belowData{sum: b.sum, units: b.units, names: b.names}, b.sum.Form.Figures(), b.unit)
	c.Height = 48
	return c, ok
}

func (c *Reports) summary(rq *web.Request) (docrender.Document, Asked, error) {
	a, err := c.overseen(rq)
	if err != nil {
		return docrender.Document{}, a, err
	}
	b, err := c.briefOf(rq.Tx, a)
	if err != nil {
		return docrender.Document{}, a, err
	}
	d, err := b.document(rq.Actor.Name, civil.Of(rq.Tx.Now))
	return d, a, err
}

func (c *Reports) pageSummary(rq *web.Request) (web.Reply, error) {
	d, a, err := c.summary(rq)
	if err != nil {
		return web.Reply{}, err
	}
	path := "/requests/" + a.ID + "/summary"
	return web.Show(rq.T("report.summary.title"), paperPage(paperView{Title: rq.T("report.summary.title"), Path: path, Files: path + "/paper", Tabs: requestTabs(rq, a, "/summary"), Body: docrender.HTML(d, nil)})).With(crumb(rq), requestCrumb(rq, a)).Under("/reports"), nil
}

func (c *Reports) summaryFile(ext string) func(rq *web.Request) (web.Reply, error) {
	return func(rq *web.Request) (web.Reply, error) {
		d, _, err := c.summary(rq)
		if err != nil {
			return web.Reply{}, err
		}
		return written("tom-tat", ext, d)
	}
}

// fewest is the smallest number of persons that news tells: fewer in a small place point to somebody.
const fewest = 5

// news is a news item on the results: where, how much, who most, how it stands to the period before, whom to call. What a report says in
// private (difficulties, units that are late) is not in it, nor are the names of persons.
func (b brief) news(call []string, day civil.Date) press.Item {
	a, place := b.asked, b.office.Place
	about := lowerFirst(subject(b.sum.Form, a))
	about = strings.TrimPrefix(about, "kết quả ")
	var x press.Item
	main, top := b.main()
	show := func(cell formdef.Cell, v formdef.Value) string {
		return strings.TrimSpace(cell.Show(i18n.VI, v, nothingWords) + " " + b.unit(cell.Unit))
	}
	x.Title = place + ": kết quả " + about
	if top != nil {
		x.Title = place + ": " + show(main, b.sum.Values[main.Address]) + " – kết quả " + about
	}
	x.Lead = "(" + place + ", " + i18n.Date(i18n.VI, day) + ") – " + strconv.Itoa(len(b.sum.Members)) + " cơ quan, đơn vị đã báo cáo " + lowerFirst(subject(b.sum.Form, a)) + " về " + b.office.Name + periodWords(a) + "."
	if b.grounds != "" {
		x.Lead += " Đợt hoạt động được tổ chức theo " + b.grounds + "."
	}
	for _, s := range b.sum.Form.Sections {
		var said []string
		for _, cell := range b.sum.Form.Figures() {
			v := b.sum.Values[cell.Address]
			if cell.Section.Name != s.Name || v.State != formdef.Given || v.Num.Float() == 0 || cell.Unit == "nguoi" && v.Num.Float() < fewest || s.Name == "kinh_phi" || strings.HasPrefix(s.Outline, "I.") || s.Outline == "I" {
				continue
			}
			if cell.Table != nil && cell.Field.Name != cell.Table.Columns[0].Name {
				continue
			}
			label := cell.Label().VI
			if cell.Table != nil && cell.Row != nil {
				label = cell.Row.Label.VI
			}
			said = append(said, lowerFirst(label)+": "+show(cell, v))
		}
		if len(said) > 0 {
			x.Paras = append(x.Paras, s.Title.VI+". "+upperFirst(strings.Join(said, "; "))+".")
		}
	}
	if top != nil {
		if ch := b.change(main); ch != "" && ch != "không đổi" {
			x.Paras = append(x.Paras, "So với kỳ trước ("+periodShort(b.lastOf)+"), "+lowerFirst(main.Label().VI)+" "+ch+".")
		}
		if len(top) > 1 {
			x.Paras = append(x.Paras, "Những nơi có số liệu cao nhất về "+lowerFirst(main.Label().VI)+": "+strings.Join(top, "; ")+".")
		}
	}
	if len(call) > 0 {
		x.Paras = append(x.Paras, "Khi nghi ngờ có người bị mua bán, hoặc bản thân cần giúp đỡ, hãy gọi "+strings.Join(call, " hoặc ")+".")
	}
	return x
}

// main is the counted figure with the largest total, and up to three units that have most of it; top is nil when nothing was counted.
func (b brief) main() (main formdef.Cell, top []string) {
	most := 0.0
	for _, cell := range b.sum.Form.Figures() {
		over, _ := cell.Aggregation()
		if v := b.sum.Values[cell.Address]; v.State == formdef.Given && over == formdef.Sum && cell.Table == nil && cell.Unit != "trieu_dong" && !strings.HasPrefix(cell.Section.Outline, "I.") && cell.Section.Outline != "I" && v.Num.Float() > most {
			main, most = cell, v.Num.Float()
		}
	}
	if most == 0 {
		return main, nil
	}
	units := append([]string(nil), b.units...)
	of := func(u string) float64 {
		if v := b.sum.Each[u][main.Address]; v.State == formdef.Given {
			return v.Num.Float()
		}
		return 0
	}
	sort.SliceStable(units, func(i, j int) bool { return of(units[i]) > of(units[j]) })
	for _, u := range units[:min(3, len(units))] {
		if of(u) > 0 {
			top = append(top, shortName(b.names[u])+" "+strings.TrimSpace(main.Show(i18n.VI, b.sum.Each[u][main.Address], nothingWords)+" "+b.unit(main.Unit)))
		}
	}
	return main, top
}

func (c *Reports) pageNews(rq *web.Request) (web.Reply, error) {
	a, err := c.overseen(rq)
	if err != nil {
		return web.Reply{}, err
	}
	b, err := c.briefOf(rq.Tx, a)
	if err != nil {
		return web.Reply{}, err
	}
	if len(b.sum.Members) == 0 {
		return web.Reply{}, errs.New(errs.Conflict, "report.nothing_approved")
	}
	var call []string
	if c.Call != nil {
		if call, err = c.Call(rq.Tx, civil.Of(rq.Tx.Now)); err != nil {
			return web.Reply{}, err
		}
	}
	f := rq.Filled("report.news", map[string]string{"text": b.news(call, civil.Of(rq.Tx.Now)).Text()})
	return c.newsPage(rq, a, f)
}

func (c *Reports) newsPage(rq *web.Request, a Asked, f *web.Form) (web.Reply, error) {
	title := rq.T("report.news.title")
	page := press.Page(press.View{Heading: title, Action: "/requests/" + a.ID + "/news", Back: "/requests/" + a.ID, Notes: []string{rq.T("report.news.note")}, Form: f})
	if !f.OK() {
		return web.Again(title, f, page).With(crumb(rq), requestCrumb(rq, a)).Under("/reports"), nil
	}
	return web.Show(title, page).With(crumb(rq), requestCrumb(rq, a)).Under("/reports"), nil
}

func (c *Reports) doNews(rq *web.Request) (web.Reply, error) {
	a, err := c.overseen(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("report.news")
	if reply, ok := press.Answer(f, "tin-bai"); ok {
		return reply, nil
	}
	return c.newsPage(rq, a, f)
}
