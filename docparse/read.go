package docparse

import (
	"embed"
	"strings"
)

// Text holds the sentences of this package for the catalogue of words.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// Options are what a reading depends on beside the text.
type Options struct {
	Register Register // the documents that are known; the zero value raises no doubts about citations
}

// Read reads one document. It never fails: a text of which nothing is understood is a page without facts. The result
// depends on the arguments alone.
func Read(text string, opts Options) *Document {
	n := remark(unglue(normalise(text)))
	p := layout(n)
	d := &Document{Text: p.text, source: p.offsets, glued: n.glued, repaired: n.repaired}
	p.doc = d
	d.step("normalise", n.changes)
	d.step("layout", map[string]int{"paragraphs": len(p.paras), "lines joined": p.joins, "words joined": p.hyphens, "run-ons split": p.splits})

	p.readRecord()
	s := p.look()
	d.Form = p.form(s)
	switch d.Form {
	case Paper:
		p.header(s)
		p.footer(s)
		p.recordGaps()
	case Record:
		p.recordPage(s)
	default:
		d.Kind = Article
		d.KindMark = Mark{Span{}, 0.9, "kind.no-office-marks"}
		p.article()
	}
	p.kind(s)
	if d.Form == Page {
		p.endBody = len(p.paras)
	}
	p.tables()
	p.outline()
	d.Citations = p.citations(d.Number)
	p.bases()
	p.figures()
	p.slogans()
	p.tasks()
	p.period()
	p.deadlines()
	p.annexes()
	resolveYears(d.Citations, d.IssuedOn.Year)
	p.hotlines()
	p.targetGroups()
	if d.Form == Paper {
		p.speaker()
		p.marksOfHaste()
	}
	p.doubts(opts.Register)
	d.Sections = p.sections
	d.Paragraphs = make([]Paragraph, 0, len(p.paras))
	for _, q := range p.paras {
		label := q.enum.label
		d.Paragraphs = append(d.Paragraphs, Paragraph{Span{q.start, q.end}, q.role, label, q.rule})
	}
	return d
}

// kind settles the kind of document: the title line wins, then the symbol, then the form of a letter.
func (p *page) kind(s signs) {
	d := p.doc
	switch {
	case d.Form == Page || d.Kind != "":
		return
	case s.decision >= 0:
		d.Kind, d.KindMark = Decision, Mark{Span{p.paras[s.decision].start, p.paras[s.decision].end}, 0.97, "kind.quyết-định-line"}
		return
	}
	sym := d.Number
	if sym.Text == "" {
		sym = p.blankSymbol()
	}
	if sym.Type != "" {
		kind := sym.Kind()
		d.KindMark = Mark{sym.Span, 0.9, "kind.symbol"}
		switch Kind(kind) {
		case Letter, Plan, Report, Decision, Order, Proposal:
			d.Kind = Kind(kind)
		default:
			d.Kind = Other
		}
		if d.Kind != Letter {
			return
		}
	}
	d.Kind = Letter
	if s.addressee < 0 && s.subject < 0 && sym.Issuer == "" && s.recipients < 0 {
		d.Kind = Other
	}
	d.KindMark = Mark{sym.Span, 0.85, "kind.letter-form"}
}

// blankSymbol reads the symbol of a draft whose number is blank: "/SYT-TTr".
func (p *page) blankSymbol() Symbol {
	for _, q := range p.paras {
		if q.role == RoleNumber {
			if sym, e, ok := symbolAt(p.text[:q.end], skipBlank(p.low, q.start+numberLabel(p.lowOf(q)))); ok {
				sym.Span = Span{q.start, e}
				return sym
			}
			break
		}
	}
	return Symbol{}
}

// recordPage reads the record of a law database: the labels say what a paper's header would.
func (p *page) recordPage(s signs) {
	d := p.doc
	p.firstBody, p.endBody = 0, len(p.paras)
	get := func(names ...string) (Span, bool) {
		for _, n := range names {
			if v, ok := p.record[n]; ok {
				if !p.known(v) {
					continue
				}
				return v, true
			}
		}
		return Span{}, false
	}
	if v, ok := get("cơ quan ban hành", "nơi ban hành", "đơn vị ban hành"); ok {
		d.Issuer = p.field(v.Start, v.End, 0.97, "record.issuer")
	}
	if v, ok := get("số hiệu", "số ký hiệu", "số/ký hiệu", "số hiệu văn bản", "ký hiệu", "số văn bản"); ok {
		if sym, e, ok := symbolAt(p.text[:v.End], v.Start); ok {
			sym.Mark = Mark{Span{v.Start, e}, 0.98, "record.number"}
			d.Number = sym
		}
	}
	if v, ok := get("ngày ban hành", "ngày ký"); ok {
		if f, ok := dateAt(p.low[:v.End], v.Start); ok {
			d.IssuedOn = DatePlace{f.Date, Mark{Span{f.start, f.end}, 0.98, "record.date"}}
		}
	}
	if v, ok := get("người ký"); ok {
		d.Signer = p.field(v.Start, v.End, 0.95, "record.signer")
	}
	if v, ok := get("chức danh", "chức vụ"); ok {
		d.SignerTitle = p.field(v.Start, v.End, 0.9, "record.signer-title")
	}
	if v, ok := get("loại văn bản", "thể loại", "hình thức văn bản", "tên loại", "loại hình văn bản"); ok {
		if e, tag := titles.at(p.low, v.Start); e > 0 && e <= v.End {
			d.Kind, d.KindMark = titleKinds[tag], Mark{v, 0.98, "record.kind"}
		}
	}
	if v, ok := get("trích yếu", "trích yếu nội dung", "trích yếu văn bản", "tên văn bản"); ok {
		p.setSubject(v.Start, v.End, "record.subject")
	}
	if d.Subject.Value == "" {
		p.recordTitle()
	}
	for i := range p.paras {
		q := p.paras[i]
		for _, v := range p.record {
			if v.Start >= q.start && v.Start < q.end {
				p.set(i, RoleRecord, "record.field")
			}
		}
		if q.role == "" && p.paras[i].role == "" && (q.end-q.start < 160 || q.enum.kind != noEnum) {
			p.set(i, RoleChrome, "record.furniture")
		}
	}
	if s.recipients >= 0 {
		p.recipients(s.recipients)
	}
}

// recordGaps fills what the copy of a paper lost from the record that stands above it.
func (p *page) recordGaps() {
	d := p.doc
	if len(p.record) < 4 {
		return
	}
	if v, ok := p.record["người ký"]; ok && d.Signer.Value == "" && p.known(v) {
		d.Signer = p.field(v.Start, v.End, 0.9, "record.signer")
	}
	for _, name := range []string{"cơ quan ban hành", "nơi ban hành", "đơn vị ban hành"} {
		if v, ok := p.record[name]; ok && d.Issuer.Value == "" && p.known(v) {
			d.Issuer = p.field(v.Start, v.End, 0.9, "record.issuer")
		}
	}
	if v, ok := p.record["ngày ban hành"]; ok && !d.IssuedOn.Full() {
		if f, ok := dateAt(p.low[:v.End], v.Start); ok && f.Full() {
			d.IssuedOn = DatePlace{f.Date, Mark{Span{f.start, f.end}, 0.9, "record.date"}}
		}
	}
}

// known tells whether a value of a record is one, and not "Đang cập nhật".
func (p *page) known(v Span) bool {
	switch p.low[v.Start:v.End] {
	case "đang cập nhật", "đã biết", "không xác định", "chưa xác định", "đang cập nhập", "theo quy định":
		return false
	}
	return true
}

// recordTitle reads the subject from the title of the page: "Công văn 1636/… của Bộ … xây dựng dữ liệu …".
func (p *page) recordTitle() {
	d := p.doc
	for i := 0; i < len(p.paras) && i < 12; i++ {
		q := p.paras[i]
		e := titleWord(p.lowOf(q))
		if e == 0 || q.end-q.start < 30 {
			continue
		}
		k := skipSpaces(p.text, q.start+e)
		if hasWord(p.low, k, "số") {
			k = skipSpaces(p.text, k+len("số"))
		}
		at := k
		sym, se, ok := symbolAt(p.text[:q.end], k)
		if ok {
			k = skipMarks(p.low, se)
			if d.Number.Text == "" {
				sym.Mark = Mark{Span{at, se}, 0.9, "record.title-number"}
				d.Number = sym
			}
		}
		for n := 0; n < 2; n++ {
			if f, ok := dateAt(p.low[:q.end], k); ok && hasWord(p.low, k, "ngày") {
				k = skipMarks(p.low, f.end)
			}
			if hasWord(p.low, k, "năm") {
				if _, ye := digits(p.low, skipSpaces(p.low, k+len("năm")), 4); ye > k {
					k = skipMarks(p.low, ye)
				}
			}
			if hasWord(p.low, k, "của") || hasWord(p.low, k, "do") {
				from := skipSpaces(p.low, wordEnd(p.low, k))
				if d.Issuer.Value != "" && strings.HasPrefix(p.low[from:q.end], fold(d.Issuer.Value)) {
					k = skipMarks(p.low, from+len(fold(d.Issuer.Value)))
				} else if b, ok := p.bodyAt(from, q.end); ok {
					k = skipMarks(p.low, b.end)
				}
				if hasWord(p.low, k, "ban hành") && n == 0 && d.Kind == Letter {
					k = skipMarks(p.low, k+len("ban hành"))
				}
			}
		}
		p.set(i, RoleHeadline, "record.title")
		if k < q.end && ok {
			p.setSubject(k, q.end, "record.subject-in-title")
		}
		return
	}
}

// speaker fills the issuer where the header lost it: a fuller name in the text, or the body that speaks.
func (p *page) speaker() {
	d := p.doc
	if d.Issuer.Value != "" {
		p.fullerIssuer()
		return
	}
	for i := p.firstBody; i < p.endBody && i < len(p.paras) && i < p.firstBody+40; i++ {
		q := p.paras[i]
		if q.role != RoleText {
			continue
		}
		for a := q.start; a < q.end; {
			b := p.sentenceEnd(a, q.end)
			if f, ok := p.speakerIn(a, b); ok {
				d.Issuer = f
				return
			}
			a = skipSpaces(p.text, b)
		}
	}
}

var speaks = phrases("đề nghị|yêu cầu|xây dựng kế hoạch|xây dựng|ban hành|báo cáo|đề ra|lập kế hoạch|lập|mong|trân trọng|kính đề nghị|kính trình|kính gửi|kính báo cáo|thông báo|hướng dẫn|kính mời|giao|chỉ đạo|chỉ thị|triển khai|trình")

// speakerIn finds the body that asks, plans or reports in a sentence: the last one before such a verb.
func (p *page) speakerIn(a, b int) (Field, bool) {
	for k := a; k < b; {
		if ok, w := letterAt(p.low, k); !ok {
			k += max(w, 1)
			continue
		}
		e, class := p.headAt(k)
		if e == 0 || class == 3 || !upperAt(p.text, k) || k > a+1 && !p.clauseStart(k, a) {
			k = wordEnd(p.low, k)
			continue
		}
		bd, ok := p.bodyAt(k, b)
		if !ok {
			k = wordEnd(p.low, k)
			continue
		}
		if v, _ := speaks.at(p.low, bd.verb); v > 0 && bd.verb < b {
			s := bd.start
			if class == 2 { // "Giám đốc Sở Y tế đề nghị": the body speaks through its head
				for j := e; j < bd.end; {
					j = skipSpaces(p.low, j)
					if h, cl := p.headAt(j); h > 0 && cl == 1 {
						s = j
						break
					}
					n := wordEnd(p.low, j)
					if n == j {
						break
					}
					j = n
				}
			}
			return p.field(s, bd.end, 0.75, "issuer.speaker"), true
		}
		k = max(bd.end, wordEnd(p.low, k))
	}
	return Field{}, false
}

// clauseStart tells whether a comma, semicolon or full stop stands before k.
func (p *page) clauseStart(k, a int) bool {
	j := k - 1
	for j > a && p.low[j] == ' ' {
		j--
	}
	return p.low[j] == ',' || p.low[j] == ';' || p.low[j] == '.' || p.low[j] == ':' || p.low[j] == ')'
}

var areaWords = phrases("tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn")

// fullerIssuer looks for the whole name of a body of which the copy kept only the first line: "ỦY BAN NHÂN DÂN".
func (p *page) fullerIssuer() {
	d := p.doc
	low := fold(d.Issuer.Value)
	switch low {
	case "ủy ban nhân dân", "ubnd", "hội đồng nhân dân", "công an", "ban chỉ đạo", "tỉnh ủy", "sở lao động", "ủy ban mặt trận tổ quốc":
	default:
		return
	}
	best, area := p.abbreviatedIssuer(low), false
	for k := 0; k+len(low) < len(p.low); {
		n := strings.Index(p.low[k:], low)
		if n < 0 {
			break
		}
		s := k + n
		e := s + len(low)
		k = e
		if s == d.Issuer.Span.Start || letterBefore(p.low, s) {
			continue
		}
		j := skipSpaces(p.low, e)
		ae, _ := areaWords.at(p.low, j)
		if ae == 0 {
			continue
		}
		// a proper name behind the level
		end := ae
		for m, words := skipSpaces(p.low, ae), 0; words < 4 && upperAt(p.text, m) && m == end+1; words++ {
			end = wordEnd(p.text, m)
			m = skipSpaces(p.low, end)
		}
		named := end > ae
		if best.Value == "" || named && !area {
			if named || upperAt(p.text, s) {
				best, area = p.field(s, end, 0.8, "issuer.fuller-in-text"), named
			}
		}
		if area {
			break
		}
	}
	if best.Value != "" {
		d.Issuer = best
	}
}

// abbreviatedIssuer finds "UBND tỉnh", which says more than the "ỦY BAN NHÂN DÂN" that a halved header kept.
func (p *page) abbreviatedIssuer(low string) Field {
	if low != "ủy ban nhân dân" && low != "hội đồng nhân dân" {
		return Field{}
	}
	short := map[string]string{"ủy ban nhân dân": "ubnd", "hội đồng nhân dân": "hđnd"}[low]
	if p.firstBody >= len(p.paras) {
		return Field{}
	}
	best := Field{}
	for k := p.paras[p.firstBody].start; ; {
		n := strings.Index(p.low[k:], short)
		if n < 0 {
			return best
		}
		s := k + n
		k = s + len(short)
		if letterBefore(p.low, s) {
			continue
		}
		if e, _ := areaWords.at(p.low, skipSpaces(p.low, k)); e > 0 {
			end := e
			for m := skipSpaces(p.low, e); m == end+1 && upperAt(p.text, m); m = skipSpaces(p.low, end) {
				end = wordEnd(p.text, m)
			}
			if f := p.field(s, end, 0.6, "issuer.abbreviated-in-text"); end > e || best.Value == "" {
				best = f
			}
			if end > e {
				return best
			}
		}
	}
}

// bases marks the citations that stand in the part giving the grounds.
func (p *page) bases() {
	for i := range p.doc.Citations {
		c := &p.doc.Citations[i]
		q := p.paraAt(c.Span.Start)
		if q == nil {
			continue
		}
		low := p.lowOf(*q)
		for _, w := range []string{"căn cứ", "thực hiện", "xét đề nghị", "theo đề nghị", "theo "} {
			if strings.HasPrefix(low, w) && p.paras[p.firstBodyOr0()].start <= q.start && (len(p.sections) == 0 || q.end <= p.sections[0].Span.Start+1) {
				c.Basis = true
			}
		}
	}
}

func (p *page) firstBodyOr0() int {
	if p.firstBody < len(p.paras) && p.firstBody >= 0 {
		return p.firstBody
	}
	return 0
}

// marksOfHaste reads the marks of urgency and secrecy (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.10).
func (p *page) marksOfHaste() {
	for _, q := range p.paras {
		if q.role != RoleMarks {
			continue
		}
		_, tag := marks.at(p.low, q.start)
		f := p.field(q.start, q.end, 0.95, "header.marks")
		switch tag {
		case 1:
			p.doc.Urgency = f
		case 2:
			p.doc.Secrecy = f
		}
	}
}

// groupNouns are the groups of people that papers on trafficking speak to or of.
var groupNouns = phrases("phụ nữ và trẻ em|phụ nữ, trẻ em|trẻ em|phụ nữ|đồng bào dân tộc thiểu số|người dân tộc thiểu số|dân tộc thiểu số|học sinh, sinh viên|học sinh|sinh viên|thanh niên|thanh thiếu niên|lao động tự do|người lao động|người không có việc làm|người nghèo|hộ nghèo|hộ cận nghèo|nạn nhân bị mua bán|người thân của nạn nhân|người mất việc làm|mất việc làm|người di cư|lao động di cư|ngư dân|công nhân|người khuyết tật|người chưa thành niên|nạn nhân của bạo lực gia đình|người dân vùng biên giới|nhân dân vùng biên giới|người có nguy cơ cao|nhóm có nguy cơ cao|nhóm nguy cơ cao|người cao tuổi|cán bộ, công chức, viên chức|đoàn viên, hội viên|trẻ em gái|nam giới|người nước ngoài|người đang trong độ tuổi lao động|trẻ em có hoàn cảnh đặc biệt|người lao động đi làm việc ở nước ngoài")

var groupLeads = phrases("đối tượng|nhóm|nhóm người|nhóm đối tượng|tuyên truyền cho|truyền thông cho|cho|đối với|tới|đến|là|như|nguy cơ|hỗ trợ|bảo vệ|trong|nhất là|đặc biệt là|gồm")

// targetGroups reads the groups whom measures are for.
func (p *page) targetGroups() {
	seen := map[string]bool{}
	for _, q := range p.paras {
		switch q.role {
		case RoleText, RoleItem, RoleHeading:
		default:
			continue
		}
		for k := q.start; k < q.end; {
			s, e, _ := groupNouns.find(p.low, k, q.end)
			if s < 0 {
				break
			}
			k = e
			name := p.low[s:e]
			if seen[name] || strings.Contains(p.low[max(q.start, s-16):s], "liên hiệp") || strings.Contains(p.low[max(q.start, s-10):s], "hội ") || upperAt(p.text, s) && s > q.start {
				continue
			}
			from := max(q.start, s-60)
			if groupLeads.has(p.low, from, s) {
				seen[name] = true
				p.doc.TargetGroups = append(p.doc.TargetGroups, p.field(s, e, 0.6, "group.named"))
			}
		}
	}
}
