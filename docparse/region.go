package docparse

import "strings"

// recordLabels are the labels of a law database's record page (thuộc tính văn bản).
var recordLabels = []string{"số hiệu văn bản", "thể loại", "hình thức văn bản", "trích yếu văn bản", "ngày ký", "loại hình văn bản", "tên loại", "ký hiệu", "số văn bản", "cơ quan ban hành", "nơi ban hành", "đơn vị ban hành", "số ký hiệu", "số hiệu", "số/ký hiệu", "số công báo", "ngày đăng công báo", "ngày công báo", "loại văn bản",
	"người ký", "chức danh", "chức vụ", "ngày ban hành", "ngày hết hiệu lực", "ngày hết hạn", "ngày hiệu lực", "ngày có hiệu lực", "ngày áp dụng", "áp dụng", "tình trạng hiệu lực", "tình trạng",
	"lĩnh vực", "lĩnh vực, ngành", "trích yếu", "trích yếu nội dung", "tên văn bản", "ngày cập nhật", "cập nhật", "đã biết", "số trang", "file đính kèm", "tải về", "hiệu lực"}

// readRecord finds the labels and their values; the copy often lost the gaps between a value and the next label
// ("…PCTNXHNgày đăng công báo:"), so labels are looked for anywhere, with a capital and a colon.
func (p *page) readRecord() {
	type hit struct {
		name       string
		start, end int
	}
	var hits []hit
	for i := 0; i < len(p.low); i++ {
		if p.low[i] != ':' {
			continue
		}
		end := i
		for end > 0 && p.low[end-1] == ' ' {
			end--
		}
		best := hit{}
		for _, name := range recordLabels {
			if s := end - len(name); s >= 0 && p.low[s:end] == name && upperAt(p.text, s) && len(name) > len(best.name) {
				best = hit{name, s, i + 1}
			}
		}
		if best.name != "" {
			hits = append(hits, best)
		}
	}
	p.record = map[string]Span{}
	p.recordLines()
	for n, h := range hits {
		q := p.paraAt(h.start)
		if q == nil {
			continue
		}
		end := q.end
		if n+1 < len(hits) && hits[n+1].start < end {
			end = hits[n+1].start
		}
		start := skipSpaces(p.text, h.end)
		if start >= end { // the value stands in the next cell
			next := p.paraAt(q.end + 1)
			if next == nil || n+1 < len(hits) && hits[n+1].start < next.end && hits[n+1].start <= next.start {
				continue
			}
			start, end = next.start, next.end
			if n+1 < len(hits) && hits[n+1].start < end {
				end = hits[n+1].start
			}
		}
		for end > start && strings.IndexByte(" ;,", p.text[end-1]) >= 0 {
			end--
		}
		if _, seen := p.record[h.name]; !seen && end > start && end-start < 400 {
			p.record[h.name] = Span{start, end}
		}
	}
}

// recordLines reads a record whose labels stand on lines of their own, each with its value on the next line.
func (p *page) recordLines() {
	label := func(i int) string {
		if i >= len(p.paras) || p.paras[i].end-p.paras[i].start > 40 || !upperAt(p.text, p.paras[i].start) {
			return ""
		}
		low := p.lowOf(p.paras[i])
		for _, name := range recordLabels {
			if low == name {
				return name
			}
		}
		return ""
	}
	found := map[string]Span{}
	for i := 0; i+1 < len(p.paras); i++ {
		if name := label(i); name != "" && label(i+1) == "" {
			q := p.paras[i+1]
			if _, seen := found[name]; !seen && q.end-q.start < 400 {
				found[name] = Span{q.start, q.end}
			}
			i++
		}
	}
	if len(found) < 4 {
		return // words like "Hiệu lực" also head the tabs of a page
	}
	for name, v := range found {
		p.record[name] = v
	}
}

// signs are what of an official paper's parts the text shows.
type signs struct {
	motto, number, placeDate, title, addressee, subject, recipients, decision, basis, signature int // index of paragraph, -1
}

func (p *page) look() signs {
	s := signs{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1}
	first := func(at *int, i int) {
		if *at < 0 {
			*at = i
		}
	}
	inRecord := map[int]bool{} // starts of paragraphs that hold labels of a record
	if len(p.record) >= 4 {
		for _, v := range p.record {
			if q := p.paraAt(v.Start); q != nil {
				inRecord[q.start] = true
			}
		}
	}
	for i := range p.paras {
		q := p.paras[i]
		if q.front || inRecord[q.start] {
			continue
		}
		low := p.lowOf(q)
		n := len(low)
		if n > 4000 {
			low = low[:4000]
		}
		switch {
		case isMotto(low):
			first(&s.motto, i)
		case numberLine(low) && !lowerAt(p.text, q.start) && (s.title < 0 || i < s.title+8):
			first(&s.number, i)
		case i < 25 && s.number < 0 && s.title < 0 && (s.motto >= 0 || s.placeDate >= 0 || low[0] == '/') && bareSymbol(p.of(q)):
			first(&s.number, i) // the word "Số:" was lost
		case isPlaceDate(low) && p.upperStart(q) && p.placeName(q):
			first(&s.placeDate, i)
		case subjectLine(low) && s.addressee < 0:
			if p.text[q.start] != 'T' && n < 400 {
				first(&s.subject, i)
			}
		case strings.HasPrefix(low, "kính gửi"):
			first(&s.addressee, i)
		case strings.HasPrefix(low, "nơi nhận") && n < 900:
			first(&s.recipients, i)
		case strings.HasPrefix(low, "quyết định") && n < 20 && capitals(p.of(q)):
			first(&s.decision, i)
			first(&s.title, i)
		case strings.HasPrefix(low, "căn cứ "):
			first(&s.basis, i)
		default:
			if e, _ := annexTitles.at(low, 0); e > 0 && hasAt(low, 0, "phụ lục") && i != p.firstText() {
				continue // an annex behind the paper
			}
			if e := titleWord(low); e > 0 && capitals(p.text[q.start:q.start+e]) && (e == n || n < 600) && p.titleEnds(q, e) {
				first(&s.title, i)
			}
			if n < 90 && p.signatureLine(q) {
				first(&s.signature, i)
			}
		}
	}
	return s
}

func (p *page) upperStart(q para) bool {
	return upperAt(p.text, q.start) || strings.HasPrefix(p.lowOf(q), "ngày")
}

// placeName tells whether what stands before the date is a place: capitalised words, with the word of its level.
func (p *page) placeName(q para) bool {
	place, _, ok := placeDate(p.lowOf(q))
	if !ok || place.End == 0 {
		return ok
	}
	small := 0
	for k := q.start; k < q.start+place.End; {
		e := wordEnd(p.low, k)
		if e == k {
			k++
			continue
		}
		if a, _ := areaWords.at(p.low, k); a > 0 {
			k = a
			continue
		}
		if lowerAt(p.text, k) {
			small++
		}
		k = e
	}
	return small == 0
}

// titleEnds tells whether a title word at the start of a line heads the document: nothing follows it, or a subject.
func (p *page) titleEnds(q para, e int) bool {
	k := skipSpaces(p.text, q.start+e)
	if k >= q.end {
		return true
	}
	if p.text[k] == ':' {
		k = skipSpaces(p.text, k+1)
		return k >= q.end || upperAt(p.text, k) && q.end-q.start < 260
	}
	return upperAt(p.text, k) || hasAt(p.low, k, "v/v") || hasAt(p.low, k, "về việc")
}

var signatureWords = phrases("kt|tm|tl|tuq|q|kt.|t/m|k/t|t/l|t/uq|chủ tịch|phó chủ tịch|giám đốc|phó giám đốc|bộ trưởng|thứ trưởng|cục trưởng|phó cục trưởng|chánh văn phòng|phó chánh văn phòng|trưởng ban|phó trưởng ban|thủ tướng|phó thủ tướng|chi cục trưởng|phó chi cục trưởng|" +
	"bí thư|phó bí thư|trưởng phòng|phó trưởng phòng|vụ trưởng|phó vụ trưởng|chánh thanh tra|phó chánh thanh tra|tổng giám đốc|phó tổng giám đốc|viện trưởng|phó viện trưởng|hiệu trưởng|phó hiệu trưởng|tư lệnh|phó tư lệnh|chính ủy|phó chính ủy|chỉ huy trưởng|phó chỉ huy trưởng|tổng cục trưởng|phó tổng cục trưởng|chánh án|phó chánh án|phó thường trực|ủy viên thường trực|trưởng đoàn|phó trưởng đoàn|phó trưởng ban thường trực|phó chủ tịch thường trực|phó giám đốc thường trực|chủ nhiệm|phó chủ nhiệm|đội trưởng|trưởng công an|phó trưởng công an|người đứng đầu|tổng biên tập|đồn trưởng|chính trị viên|quyền giám đốc|phó trưởng ban chuyên trách|phó ban|trưởng|phó trưởng|trưởng ấp|trưởng thôn|trưởng bản|trưởng khu phố|tổ trưởng|thủ trưởng|phụ trách|quyền trưởng|người lập|chủ trì|chủ tọa|thư ký|người ghi biên bản|kế toán trưởng|tư lệnh trưởng|trạm trưởng|phó trạm trưởng|đoàn trưởng|hạt trưởng")

// bareOffices are the offices of two words and more without marks.
var bareOffices = func() *lexicon {
	var two []string
	for _, ps := range signatureWords.byWord {
		for _, ph := range ps {
			if strings.Contains(ph.text, " ") {
				two = append(two, bare(ph.text))
			}
		}
	}
	return phrases(strings.Join(two, "|"))
}()

// officeAt returns the end of the office or authority form that begins at k, 0 when there is none. An office in capitals
// that lost or changed a mark ("GIÁM ĐÔC") is known by its letters.
func (p *page) officeAt(k, limit int) int {
	if e, _ := signatureWords.at(p.low, k); e > 0 {
		return e
	}
	end := min(limit, k+60)
	if end <= k || !upperAt(p.text, k) || !capitals(p.text[k:wordEnd(p.text, k)]+"A") {
		return 0
	}
	end = k + cutAt(p.low[k:limit], end-k)
	b := bare(p.low[k:end])
	e, _ := bareOffices.at(b, 0)
	if e == 0 {
		return 0
	}
	at := k
	for words := strings.Count(b[:e], " ") + 1; words > 0; words-- {
		w := wordEnd(p.low, skipSpaces(p.low, at))
		if w == at || w > limit {
			return 0
		}
		at = w
	}
	if !capitals(p.text[k:at]) {
		return 0
	}
	return at
}

// signatureLine recognises a line of the signature block: title or authority in capitals.
func (p *page) signatureLine(q para) bool {
	t := p.of(q)
	if len(t) > 160 {
		return false
	}
	if q.caps && representatives.starts(p.low, q.start) {
		return true
	}
	e := p.officeAt(q.start, q.end)
	if e == 0 || e > q.end {
		return false
	}
	return capitals(p.text[q.start:e])
}

// form decides in which form the text came.
func (p *page) form(s signs) Form {
	strong := 0
	for _, at := range []int{s.motto, s.number, s.placeDate, s.addressee, s.recipients} {
		if at >= 0 {
			strong++
		}
	}
	if s.decision >= 0 && s.basis >= 0 {
		strong += 2
	}
	if s.title >= 0 && s.title < 40 {
		strong++
		if s.title == p.firstText() && (s.title < 2 || p.titleWhole(s.title)) {
			strong++ // nothing but the title opens the text
		}
		if s.basis >= 0 || s.recipients >= 0 || s.signature >= 0 || p.titleAlone(s.title) {
			strong++
		}
	}
	labels := 0
	for _, l := range []string{"cơ quan ban hành", "nơi ban hành", "số hiệu", "số ký hiệu", "loại văn bản", "người ký", "ngày ban hành", "số công báo", "ngày hiệu lực", "ngày có hiệu lực", "ngày hết hiệu lực", "tình trạng hiệu lực", "lĩnh vực", "trích yếu", "tình trạng", "số hiệu văn bản", "thể loại", "ngày ký"} {
		if _, ok := p.record[l]; ok {
			labels++
		}
	}
	if labels < 3 && s.motto < 0 && s.number < 0 && s.placeDate < 0 && s.recipients < 0 && s.decision < 0 && s.addressee < 0 {
		// nothing of an office but a title, and a line that says who put it on the page
		for i := 0; i < len(p.paras) && i < 6; i++ {
			if !p.paras[i].front && datelineLine(p.lowOf(p.paras[i])) {
				return Page
			}
		}
	}
	switch {
	case labels >= 3 && s.motto < 0 && !(s.number >= 0 && s.placeDate >= 0):
		return Record
	case s.motto >= 0 && strong >= 1, s.number >= 0 && p.earlyIn(s.number), strong >= 2:
		return Paper
	case s.placeDate >= 0 && s.placeDate < 4, s.addressee >= 0 && s.addressee < 8, s.recipients >= 0 && s.signature >= 0:
		return Paper
	case labels >= 3:
		return Record
	}
	return Page
}

// firstText returns the first paragraph that is not drawn and no front matter.
func (p *page) firstText() int {
	for i := range p.paras {
		if !p.paras[i].front && !p.drawn(p.paras[i]) {
			return i
		}
	}
	return -1
}

// titleWhole tells whether a line holds nothing but the name of a type.
func (p *page) titleWhole(i int) bool {
	return titleWord(p.lowOf(p.paras[i])) == p.paras[i].end-p.paras[i].start
}

// titleAlone tells whether the title line holds only the name of the type and more capitals follow.
func (p *page) titleAlone(i int) bool {
	q := p.paras[i]
	if e := titleWord(p.lowOf(q)); e < q.end-q.start {
		return capitals(p.of(q))
	}
	for j := i + 1; j < len(p.paras) && j < i+3; j++ {
		if p.paras[j].caps {
			return true
		}
	}
	return false
}

// earlyIn tells whether a paragraph stands near the top, furniture left aside.
func (p *page) earlyIn(i int) bool { return i < 30 && p.paras[i].start < 3000 }

var marks = phrases("hỏa tốc|thượng khẩn|khẩn|hỏa tốc hẹn giờ", "mật|tối mật|tuyệt mật", "xem xong trả lại|lưu hành nội bộ|dự thảo")

// header reads the top of a paper and sets the roles of its paragraphs.
func (p *page) header(s signs) {
	d := p.doc
	last := -1 // the last paragraph of the header seen
	reach := func(i int) { last = max(last, i) }
	limit := len(p.paras)
	if s.recipients >= 0 {
		limit = s.recipients
	}
	if s.subject >= 0 && s.number > s.subject && s.motto > s.subject {
		// the page's own headline above the paper repeats the subject
		s.subject = -1
		for i := s.number + 1; i < len(p.paras) && i < s.number+6; i++ {
			if subjectLine(p.lowOf(p.paras[i])) {
				s.subject = i
				break
			}
		}
	}
	titleAt := -1
	if s.title >= 0 && s.title < limit && (s.basis < 0 || s.title < s.basis) {
		titleAt = s.title
	}
	// anchors
	for _, at := range []int{s.motto, s.number, s.placeDate} {
		if at >= 0 && at < limit && (titleAt < 0 || at < titleAt+12) && at < 60 && !p.behindText(titleAt, at) {
			reach(at)
		}
	}
	top := last
	if titleAt >= 0 {
		top = max(top, titleAt)
	}
	if s.subject >= 0 && s.subject < limit && (last < 0 || s.subject < last+6) {
		top = max(top, s.subject)
	}
	if s.addressee >= 0 && s.addressee < limit {
		top = max(top, s.addressee)
	}
	begin := p.headerBegin(s, titleAt, top)
	for i := begin; i <= top && i < len(p.paras); i++ {
		q := p.paras[i]
		low := p.lowOf(q)
		switch {
		case i == titleAt:
			p.set(i, RoleTitle, "header.title")
		case p.drawn(q):
			p.set(i, RoleRule, "header.rule")
		case isMotto(low):
			p.set(i, RoleMotto, "header.motto")
		case numberLine(low):
			p.set(i, RoleNumber, "header.number")
		case isPlaceDate(low):
			p.set(i, RolePlaceDate, "header.place-date")
		case strings.HasPrefix(low, "kính gửi"):
			p.set(i, RoleAddressee, "header.addressee")
		case subjectLine(low):
			p.set(i, RoleSubject, "header.subject-label")
		case p.markLine(q):
			p.set(i, RoleMarks, "header.marks")
		}
	}
	p.readNumber(s)
	if s.placeDate > top && p.tailDate(s.placeDate) {
		p.set(s.placeDate, RolePlaceDate, "footer.place-date")
	}
	p.readPlaceDate()
	p.readIssuer(begin, top, titleAt)
	end := top
	if titleAt >= 0 {
		end = max(end, p.readTitle(titleAt, limit))
	} else if s.subject >= 0 && p.paras[s.subject].role == RoleSubject {
		end = max(end, p.readSubjectLine(s.subject))
	} else if s.subject < 0 && s.addressee < 0 && top >= 0 {
		end = max(end, p.capitalSubject(top, limit))
	}
	if d.Subject.Value == "" && s.subject >= 0 && p.paras[s.subject].role == RoleSubject {
		end = max(end, p.readSubjectLine(s.subject))
	}
	if s.addressee >= 0 && s.addressee < limit {
		end = max(end, p.readAddressees(s.addressee, limit))
	} else if titleAt >= 0 && strings.HasPrefix(fold(d.KindName.Value), "công điện") {
		end = p.readTelegram(end, limit)
	}
	p.firstBody = end + 1
	for i := 0; i < begin; i++ {
		if p.paras[i].role == "" {
			p.set(i, RoleChrome, "header.before")
		}
	}
	if begin < 0 {
		p.firstBody = 0
	}
}

// behindText tells whether sentences stand between the title and paragraph at, which then is no part of the header.
func (p *page) behindText(titleAt, at int) bool {
	if titleAt < 0 || at < titleAt {
		return false
	}
	for i := titleAt + 1; i < at; i++ {
		if q := p.paras[i]; q.end-q.start > 90 && !q.caps && endsClosed(p.of(q)) {
			return true
		}
	}
	return false
}

// tailDate tells whether a place and date stand above the signature, as in programmes and minutes of two bodies.
func (p *page) tailDate(i int) bool {
	rest := 0
	for j := i + 1; j < len(p.paras); j++ {
		rest += p.paras[j].end - p.paras[j].start
	}
	return rest < 700
}

// headerBegin finds the first paragraph of the header: lines in capitals that name a body stand above number and motto.
func (p *page) headerBegin(s signs, titleAt, top int) int {
	first := top
	for _, at := range []int{s.motto, s.number, s.placeDate, titleAt, s.subject, s.addressee} {
		if at >= 0 && at <= top {
			first = min(first, at)
		}
	}
	if first < 0 {
		return 0
	}
	for i := first - 1; i >= 0 && i >= first-8; i-- {
		q := p.paras[i]
		if p.drawn(q) || p.issuerLine(q) || p.markLine(q) {
			first = i
			continue
		}
		break
	}
	return first
}

func (p *page) drawn(q para) bool {
	for i := q.start; i < q.end; {
		ok, w := letterAt(p.text, i)
		if ok {
			return false
		}
		i += max(w, 1)
	}
	return true
}

func (p *page) markLine(q para) bool {
	e, _ := marks.at(p.low, q.start)
	return e == q.end && capitals(p.of(q))
}

// issuerLine recognises a header line that names a body.
func (p *page) issuerLine(q para) bool {
	if q.front || q.end-q.start > 180 || p.drawn(q) {
		return false
	}
	t := p.of(q)
	low := p.lowOf(q)
	if isMotto(low) || numberLine(low) || isPlaceDate(low) || strings.HasPrefix(low, "kính gửi") || subjectLine(low) || p.markLine(q) {
		return false
	}
	if strings.ContainsAny(t, ":?!") || q.enum.kind != noEnum {
		return false
	}
	if capitals(t) {
		if e := titleWord(low); e > 0 {
			if h, _ := p.headAt(q.start); h == 0 {
				return false
			}
		}
		return true
	}
	e, class := p.headAt(q.start)
	return e > 0 && class == 1 && len(t) < 100 && upperAt(t, 0) && !endsClosed(t) && strings.IndexByte(t, ',') < 0
}

// readIssuer joins the header lines of the issuing body and sets the body above it apart.
func (p *page) readIssuer(begin, top, titleAt int) {
	d := p.doc
	type name struct{ start, end int }
	var names []name
	var lines [][]name
	stop := top
	if titleAt >= 0 {
		stop = titleAt - 1
	}
	for i := begin; i <= stop && i < len(p.paras); i++ {
		q := p.paras[i]
		if q.role == RoleSubject || q.role == RoleAddressee || q.role == RoleTitle {
			break
		}
		if q.role != "" || !p.issuerLine(q) {
			continue
		}
		if d.Number.Span.End > 0 && q.start > d.Number.Span.End && !p.twoColumns(q) {
			continue
		}
		p.set(i, RoleIssuer, "header.issuer")
		n := name{q.start, q.end}
		if k := p.secondBody(q, len(names) > 0 && p.superiorHead(names[0].start)); k > 0 {
			names = append(names, name{q.start, k})
			lines = append(lines, names)
			names = []name{{k, q.end}}
			continue
		}
		if h, class := p.headAt(q.start); h > 0 && class <= 2 && len(names) > 0 && !p.namePart(p.lowOf(q)) && !p.endsOpen(names[len(names)-1].start, names[len(names)-1].end) {
			lines = append(lines, names)
			names = nil
		}
		names = append(names, n)
	}
	if len(names) > 0 {
		lines = append(lines, names)
	}
	join := func(ns []name, rule string) Field {
		var parts []string
		for _, n := range ns {
			parts = append(parts, p.say(n.start, n.end))
		}
		f := Field{strings.Trim(oneLine(strings.Join(parts, " ")), " .,-"), Mark{Span{ns[0].start, ns[len(ns)-1].end}, 0.95, rule}}
		if len(ns) > 1 && strings.HasSuffix(parts[0], "-") {
			f.Value = oneLine(strings.Join(parts, " "))
		}
		return f
	}
	switch n := len(lines); {
	case n > 1:
		d.Superior = join(lines[n-2], "header.superior")
		d.Issuer = join(lines[n-1], "header.issuer")
	case n == 1:
		d.Issuer = join(lines[0], "header.issuer")
	}
}

// superiorHeads open the name of a body above others; lowerHeads that of a unit below it.
var superiorHeads = phrases("bộ|ubnd|ủy ban nhân dân|sở|tổng cục|tỉnh ủy|công an tỉnh|công an thành phố")

var lowerHeads = phrases("cục|chi cục|tổng cục|vụ|sở|trung tâm|ban chỉ đạo|văn phòng|trường|bộ chỉ huy|công an tỉnh|công an thành phố|công an huyện|công an xã|bệnh viện|phòng lao động|phòng giáo dục|phòng văn hóa|phòng y tế|phòng tư pháp|đồn biên phòng|công đoàn")

// compoundHeads are words that end like the head of a body and are none.
var compoundHeads = phrases("môi trường|thị trường|công trường|lập trường|nông trường|cơ sở|trụ sở|nội vụ|dịch vụ|nhiệm vụ|ngoại vụ|thường vụ")

func (p *page) superiorHead(k int) bool {
	e, _ := superiorHeads.at(p.low, k)
	return e > 0
}

// secondBody finds where a second body begins in one header line: "VÀ XÃ HỘI CỤC QUẢN LÝ LAO ĐỘNG". With begun the line
// goes on a name begun above.
func (p *page) secondBody(q para, begun bool) int {
	if !begun && !p.superiorHead(q.start) {
		return 0
	}
	for k := wordEnd(p.low, q.start); k < q.end; {
		k = skipMarks(p.low, k)
		e := wordEnd(p.low, k)
		if e == k {
			k++
			continue
		}
		if h, _ := lowerHeads.at(p.low, k); h > 0 && h < q.end && k > q.start+6 && !p.endsOpen(q.start, k) && !lastPhrase(compoundHeads, p.low[q.start:wordEnd(p.low, k)]) {
			return k
		}
		k = e
	}
	return 0
}

// twoColumns tells whether an issuer line may stand behind the number: the columns of the header were read one after the other.
func (p *page) twoColumns(q para) bool { return false }

// namePart tells whether a header line goes on the name above it although it begins like a body.
func (p *page) namePart(low string) bool {
	if e, _ := areaWords.at(low, 0); e > 0 && !hasWord(low, skipSpaces(low, e), "ủy") && !hasWord(low, skipSpaces(low, e), "đoàn") && !hasWord(low, skipSpaces(low, e), "đội") {
		return true // ỦY BAN NHÂN DÂN + PHƯỜNG …
	}
	for _, w := range []string{"ban thường vụ", "ban thường trực", "ban chấp hành", "đoàn chủ tịch", "phòng,", "phòng chống", "xã hội", "hội và", "bộ phận", "trung ương"} {
		if strings.HasPrefix(low, w) {
			return true
		}
	}
	return false
}

// endsOpen tells whether a line ends with a word that the next line must complete.
func (p *page) endsOpen(start, end int) bool {
	low := strings.TrimRight(p.low[start:end], " -,")
	for _, w := range []string{"biên phòng", "quốc phòng", "văn phòng", "trưởng phòng"} {
		if strings.HasSuffix(low, w) {
			return false
		}
	}
	for _, w := range []string{" và", " của", " các", " về", " với", " cho", " giữa", " ngành", " ban", " phòng"} {
		if strings.HasSuffix(low, w) {
			return true
		}
	}
	return strings.HasSuffix(strings.TrimRight(p.low[start:end], " "), ",") || strings.HasSuffix(strings.TrimRight(p.low[start:end], " "), "-")
}

func (p *page) readNumber(s signs) {
	for i := range p.paras {
		q := p.paras[i]
		if q.role != RoleNumber {
			continue
		}
		label := numberLabel(p.lowOf(q))
		k := skipBlank(p.low, q.start+label)
		if k >= q.end && i+1 < len(p.paras) { // "Số:" with its symbol on the next line
			if next := p.paras[i+1]; next.role == "" && next.end-next.start < 40 {
				if sym, e, ok := symbolAt(p.text[:next.end], next.start); ok && sym.Number != "" && e >= next.end-1 {
					sym.Mark = Mark{Span{next.start, e}, 0.9, "header.number"}
					p.doc.Number = sym
					p.set(i+1, RoleNumber, "header.number")
				}
			}
			return
		}
		sym, e, ok := symbolAt(p.text[:q.end], k)
		if !ok {
			sym, e, ok = p.damagedSymbol(k, q.end)
		}
		if ok {
			sym.Mark = Mark{Span{k, e}, 0.98, "header.number"}
			p.doc.Number = sym
		}
		return
	}
}

// damagedSymbol takes what stands behind "Số:" as it is when it is no known grammar: digits and a stroke are enough.
func (p *page) damagedSymbol(k, end int) (Symbol, int, bool) {
	t := strings.TrimRight(p.text[k:end], " .;,")
	if len(t) == 0 || len(t) > 40 || !isDigit(t[0]) || !strings.ContainsAny(t, "/-") {
		return Symbol{}, k, false
	}
	_, e := digits(t, 0, 6)
	return Symbol{Text: strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(t, " /", "/"), "/ ", "/"), " -", "-"), Number: t[:e]}, k + len(t), e > 0
}

func (p *page) readPlaceDate() {
	for i := range p.paras {
		q := p.paras[i]
		if q.role != RolePlaceDate {
			continue
		}
		place, d, ok := placeDate(p.lowOf(q))
		if !ok {
			continue
		}
		if place.End > 0 {
			p.doc.Place = p.field(q.start+place.Start, q.start+place.End, 0.97, "header.place")
		}
		if !d.IsZero() {
			p.doc.IssuedOn = DatePlace{d.Date, Mark{Span{q.start + d.start, q.start + d.end}, 0.98, "header.date"}}
		}
		return
	}
}

// readTitle reads the title line and the subject under it; it returns the last paragraph they take.
func (p *page) readTitle(at, limit int) int {
	d := p.doc
	q := p.paras[at]
	e := titleWord(p.lowOf(q))
	d.KindName = p.field(q.start, q.start+e, 0.98, "header.title")
	_, tag := titles.at(p.low, q.start)
	d.Kind = titleKinds[tag]
	d.KindMark = Mark{Span{q.start, q.start + e}, 0.98, "kind.title"}
	rest := skipSpaces(p.text, q.start+e)
	for rest < q.end && (p.text[rest] == ':' || p.text[rest] == ' ') {
		rest++
	}
	start, end := -1, -1
	last := at
	if rest < q.end {
		start, end = rest, q.end
	}
	for i := at + 1; i < limit && i < at+12; i++ {
		n := p.paras[i]
		if p.drawn(n) {
			p.set(i, RoleRule, "header.rule")
			last = i
			if start >= 0 {
				break
			}
			continue
		}
		if start < 0 {
			if p.opensBody(n, false) {
				break
			}
			if strings.HasPrefix(p.lowOf(n), "của ") && n.caps && i+1 < limit && !p.drawn(p.paras[i+1]) && !p.opensBody(p.paras[i+1], true) && p.paras[i+1].enum.kind == noEnum {
				p.set(i, RoleTitle, "header.title-of") // "CHỈ THỊ | CỦA BAN THƯỜNG VỤ HUYỆN ỦY | về …"
				last = i
				continue
			}
			start, end = n.start, n.end
			p.set(i, RoleSubject, "header.subject")
			last = i
			continue
		}
		if !p.subjectGoesOn(p.paras[i-1], n, start, end) {
			break
		}
		end = n.end
		p.set(i, RoleSubject, "header.subject")
		last = i
	}
	if start >= 0 {
		p.setSubject(start, end, "header.subject-under-title")
	}
	return last
}

// capitalSubject reads the lines in capitals under number and date of a copy that lost its title line.
func (p *page) capitalSubject(top, limit int) int {
	start, end, last := -1, -1, top
	for i := top + 1; i < limit && i < top+8; i++ {
		q := p.paras[i]
		if p.drawn(q) {
			continue
		}
		if !q.caps || q.enum.kind != noEnum || start < 0 && p.authorityLine(q) || start >= 0 && p.authorityLine(q) && !p.endsOpen(p.paras[i-1].start, p.paras[i-1].end) {
			break
		}
		if start < 0 {
			start = q.start
		}
		end, last = q.end, i
		p.set(i, RoleSubject, "header.subject-without-title")
	}
	if start >= 0 {
		p.setSubject(start, end, "header.subject-without-title")
	}
	return last
}

// setSubject takes away "V/v" and "Về việc" and closing marks.
func (p *page) setSubject(start, end int, rule string) {
	if n := subjectLabel(p.low[start:end]); n > 0 {
		start += n
	}
	for end > start && strings.IndexByte(" .;,)", p.text[end-1]) >= 0 && !(p.text[end-1] == ')' && strings.IndexByte(p.text[start:end], '(') >= 0) {
		end--
	}
	f := p.field(start, end, 0.95, rule)
	if len(f.Value) > 1 {
		p.doc.Subject = f
	}
}

// opensBody tells whether a paragraph under the title belongs to the body already.
func (p *page) opensBody(q para, haveSubject bool) bool {
	low := p.lowOf(q)
	if strings.HasPrefix(low, "kính gửi") || q.enum.kind != noEnum && q.enum.kind != bullet {
		return true
	}
	if !q.caps {
		if strings.HasPrefix(low, "căn cứ ") || strings.HasPrefix(low, "xét ") {
			return true
		}
		if e, _ := bodyOpeners.at(p.low, q.start); e > 0 && (len(low) > 200 || haveSubject) {
			return true
		}
		return len(low) > 500
	}
	return false
}

// subjectGoesOn tells whether line n carries on the subject that ends with line prev.
func (p *page) subjectGoesOn(prev, n para, start, end int) bool {
	if p.opensBody(n, true) || strings.HasPrefix(p.of(n), "(") && n.end-n.start < 200 {
		return false
	}
	sofar := p.text[start:end]
	if n.caps != capitals(sofar) && !(prev.caps && n.end-n.start < 12) {
		if n.caps || !lowerAt(p.text, n.start) {
			return !n.caps && prev.caps && !capitals(sofar)
		}
		return !n.blank
	}
	if n.caps {
		if !p.endsOpen(prev.start, prev.end) && p.authorityLine(n) {
			return false
		}
		return true
	}
	if endsClosed(sofar) && !strings.HasSuffix(sofar, "”") && !strings.HasSuffix(sofar, `"`) {
		return false
	}
	if lowerAt(p.text, n.start) {
		return true
	}
	if n.blank || n.end-n.start > 160 || endsClosed(strings.TrimRight(p.of(n), "”\"")) {
		return false
	}
	if e, _ := p.headAt(n.start); e > 0 {
		return p.endsOpen(prev.start, prev.end)
	}
	return true
}

// authorityLine recognises the line of the deciding authority above the grounds: "ỦY BAN NHÂN DÂN TỈNH …", "BỘ TRƯỞNG …".
func (p *page) authorityLine(q para) bool {
	if e, _ := areaWords.at(p.low, q.start); e > 0 && !hasWord(p.low, skipSpaces(p.low, e), "ủy") && !hasWord(p.low, skipSpaces(p.low, e), "đoàn") {
		return false // "TỈNH HÀ NAM GIAI ĐOẠN …" goes on a title
	}
	e, class := p.headAt(q.start)
	return e > 0 && class <= 2 && q.caps
}

// readSubjectLine reads "V/v …"; the lines behind it go on the subject until another part of the header begins.
func (p *page) readSubjectLine(at int) int {
	q := p.paras[at]
	start, end := q.start, q.end
	last := at
	for i := at + 1; i < len(p.paras) && i < at+6; i++ {
		n := p.paras[i]
		if n.role != "" || n.enum.kind != noEnum || p.drawn(n) || isPlaceDate(p.lowOf(n)) {
			break
		}
		if n.blank && !lowerAt(p.text, n.start) || n.end-n.start > 120 || endsClosed(p.text[start:end]) || p.issuerLine(n) && n.caps && !isDigit(p.text[n.start]) {
			break
		}
		if e, _ := bodyOpeners.at(p.low, n.start); e > 0 {
			break
		}
		if !lowerAt(p.text, n.start) && end-q.start > 90 {
			break
		}
		end, last = n.end, i
		p.set(i, RoleSubject, "header.subject")
	}
	p.setSubject(start, end, "header.subject-label")
	return last
}

// readAddressees reads "Kính gửi:"; it returns the last paragraph taken.
func (p *page) readAddressees(at, limit int) int {
	q := p.paras[at]
	start := q.start + len("kính gửi")
	for start < q.end && (p.text[start] == ':' || p.text[start] == ' ' || p.text[start] == '.') {
		start++
	}
	p.addressees(start, q.end)
	last := at
	list := start >= q.end || p.text[q.end-1] == ';'
	for i := at + 1; i < limit; i++ {
		n := p.paras[i]
		if p.drawn(n) {
			last = i
			continue
		}
		e := n.enum
		if e.kind == bullet && n.end-n.start < 260 {
			p.addressees(e.after, n.end)
		} else if e.kind == noEnum && list && n.end-n.start < 260 && !p.opensLetter(n) && p.text[n.end-1] != ':' && !p.speaksIn(n.start, n.end) {
			p.addressees(n.start, n.end)
			list = p.text[n.end-1] == ';' || p.text[n.end-1] == ','
		} else if e.kind == noEnum && lowerAt(p.text, n.start) && n.end-n.start < 120 && len(p.doc.Addressees) > 0 && !endsClosed(p.of(p.paras[i-1])) {
			f := &p.doc.Addressees[len(p.doc.Addressees)-1]
			*f = p.field(f.Span.Start, n.end, f.Confidence, f.Rule)
			f.Value = strings.TrimRight(f.Value, " .;,")
		} else {
			break
		}
		p.set(i, RoleAddressee, "header.addressee")
		last = i
	}
	return last
}

// readTelegram reads the head of a công điện (Nghị định 30/2020/NĐ-CP, Phụ lục III, mẫu 1.6): the authority, "điện:", and
// the addressees below it. It returns the last paragraph taken.
func (p *page) readTelegram(from, limit int) int {
	for i := from + 1; i < limit && i < from+4; i++ {
		q := p.paras[i]
		low := p.lowOf(q)
		k := strings.Index(low, "điện:")
		if k < 0 || k > 160 || k > 0 && letterBefore(low, k) && low[k-1] != ' ' {
			if p.authorityLine(q) {
				continue
			}
			return from
		}
		for j := from + 1; j <= i; j++ {
			p.set(j, RoleAuthority, "header.telegram")
		}
		start := q.start + k + len("điện:")
		p.addressees(start, q.end)
		last := i
		for j := i + 1; j < limit && j < i+12; j++ {
			n := p.paras[j]
			a := n.start
			if n.enum.kind == bullet {
				a = n.enum.after
			}
			h, class := p.headAt(a)
			if n.enum.kind != noEnum && n.enum.kind != bullet || h == 0 || class > 2 || n.end-n.start > 260 || p.opensLetter(n) || p.speaksIn(a, n.end) {
				break
			}
			p.addressees(a, n.end)
			p.set(j, RoleAddressee, "header.addressee")
			last = j
		}
		return last
	}
	return from
}

// speaksIn tells whether the body at a is the subject of a sentence.
func (p *page) speaksIn(a, end int) bool {
	b, ok := p.bodyAt(a, end)
	return ok && b.verb < end && b.tag != 0
}

// opensLetter tells whether a paragraph begins the text of a letter.
func (p *page) opensLetter(q para) bool {
	e, _ := bodyOpeners.at(p.low, q.start)
	return e > 0 || endsClosed(p.of(q)) && p.text[q.end-1] != ';' && q.end-q.start > 90 || q.end-q.start > 200
}

// addressees parts one line of addressees at semicolons and inline dashes.
func (p *page) addressees(start, end int) {
	for start < end {
		e := start
		for e < end && p.text[e] != ';' && !(p.text[e] == '-' && e > start && e+2 < end && p.text[e-1] == ' ' && p.text[e+1] == ' ' && (p.text[skipBack(p.text, e)] == ';' || p.text[skipBack(p.text, e)] == ',')) {
			if p.text[e] == '(' {
				if c := strings.IndexByte(p.text[e:end], ')'); c > 0 {
					e += c
				}
			}
			e++
		}
		a := start
		for a < e && strings.IndexByte(" -+.", p.text[a]) >= 0 {
			a++
		}
		f := p.field(a, e, 0.96, "header.addressee")
		f.Value = strings.Trim(f.Value, " .;,-…")
		if ok, _ := letterAt(f.Value, 0); ok || strings.HasPrefix(f.Value, "“") {
			p.doc.Addressees = append(p.doc.Addressees, f)
		}
		start = e + 1
	}
}

func skipBack(s string, i int) int {
	for i--; i > 0 && s[i] == ' '; i-- {
	}
	return max(i, 0)
}
