package docparse

import "strings"

// datelineWords stand before the date of publication.
var datelineWords = phrases("đăng|cập nhật lúc|cập nhật|cập nhật ngày|đăng ngày|ngày đăng|đăng lúc|thứ hai|thứ ba|thứ tư|thứ năm|thứ sáu|thứ bảy|chủ nhật|ngày|thời gian đăng|xuất bản|đã đăng|posted|published|updated|date|last updated|ngày cập nhật|ngày xuất bản|thứ 2|thứ 3|thứ 4|thứ 5|thứ 6|thứ 7|cn|ngày tạo|lúc|phát hành|tin đăng ngày|ngày viết|đăng bởi|submitted by|submitted|on|by|ban biên tập|biên tập|admin|quản trị|tin|theo|lúc|vào lúc|gmt+7|tác giả|người đăng|lượt xem|số lượt xem|lượt đọc|đã xem|views|view|người viết|nguồn")

// chromeLines are furniture of web pages.
var chromeLines = phrases("skip to main content|hệ thống văn bản|cổng thông tin điện tử|go top|chưa có bình chọn|thống kê truy cập|đăng nhập|trang chủ|tin tức|thông báo|xem thêm|tin liên quan|chia sẻ|in bài viết|gửi email|bình luận|người trực tuyến|ban biên tập|quay lại|mục lục|lưu|theo dõi|tải về|báo lỗi|ghi chú|thuộc tính|nội dung|hiệu lực|lược đồ|tin tức - sự kiện|tin mới|đọc thêm|tags|từ khóa|nguồn tin|menu|tìm kiếm|liên hệ|sơ đồ|rss|english|tiếng việt|font|cỡ chữ|lượt xem|print|in trang|copyright|bản quyền|danh mục|chuyên mục|facebook|zalo|twitter|email|văn bản mới|tin nổi bật|bài viết|trước|sau|video|hình ảnh|media|văn hóa xã hội|chính trị|xã hội|pháp luật|đời sống|kinh tế|tin chính trị xã hội|thời sự|an ninh trật tự|tin hoạt động|hoạt động của ngành|tin trong tỉnh|tin trong nước|tin địa phương|home|share|like|theo dõi trên")

// article reads headline and date of publication of a page and parts its furniture from its text.
func (p *page) article() {
	p.firstBody, p.endBody = 0, len(p.paras)
	for i := range p.paras {
		q := p.paras[i]
		switch {
		case q.front:
			p.set(i, RoleFront, "page.front-matter")
		case p.drawn(q):
			p.set(i, RoleRule, "page.rule")
		}
	}
	p.frontFields()
	p.dateline()
	p.headline()
	for i := range p.paras {
		q := p.paras[i]
		if q.role != "" {
			continue
		}
		low := p.lowOf(q)
		switch {
		case caption(low):
			p.set(i, RoleCaption, "page.caption")
		case p.keywords(q):
			p.set(i, RoleChrome, "page.keywords")
		case i < p.firstBody:
			p.set(i, RoleChrome, "page.before-text")
		case q.end-q.start < 40 && p.byline(q, i):
			p.set(i, RoleByline, "page.byline")
		case strings.HasPrefix(low, "http") || strings.HasPrefix(low, "www."):
			p.set(i, RoleChrome, "page.address")
		}
	}
}

// frontFields takes title and date from the front matter of a static site.
func (p *page) frontFields() {
	for _, q := range p.paras {
		if !q.front {
			break
		}
		low := p.lowOf(q)
		k := 0
		for k < len(low) && (low[k] == '"' || low[k] == ' ') {
			k++
		}
		e := wordEnd(low, k)
		key := low[k:e]
		for e < len(low) && (low[e] == '"' || low[e] == ' ' || low[e] == ':') {
			e++
		}
		end := len(low)
		for end > e && strings.IndexByte(`", '`, low[end-1]) >= 0 {
			end--
		}
		if e >= end {
			continue
		}
		for e < end && low[e] == '\'' {
			e++
		}
		switch key {
		case "title", "tieu_de", "headline":
			if p.doc.Subject.Value == "" {
				p.doc.Subject = p.field(q.start+e, q.start+end, 0.95, "page.front-title")
				p.doc.Subject.Value = strings.ReplaceAll(p.doc.Subject.Value, `\"`, `"`)
			}
		case "date", "published", "pubdate", "created", "updated", "publishdate":
			if f, ok := dateAt(p.low[:q.end], q.start+e); ok && p.doc.IssuedOn.IsZero() {
				p.doc.IssuedOn = DatePlace{f.Date, Mark{Span{f.start, f.end}, 0.95, "page.front-date"}}
			}
		}
	}
}

// dateline finds the line that says when the page was published: a short line that is little but a date, near the top
// or at the end; or a tool's " date 2024-07" before the text.
func (p *page) dateline() {
	if !p.doc.IssuedOn.IsZero() {
		return
	}
	try := func(i int) bool {
		q := p.paras[i]
		if q.role != "" {
			return false
		}
		f, ok := p.publication(q)
		if !ok {
			return false
		}
		p.doc.IssuedOn = DatePlace{f.Date, Mark{Span{f.start, f.end}, 0.9, "page.dateline"}}
		if f.end >= q.end-30 {
			p.set(i, RoleDateline, "page.dateline")
		}
		return true
	}
	for i := 0; i < len(p.paras) && i < 40; i++ {
		if try(i) {
			return
		}
	}
	for i := len(p.paras) - 1; i >= 40; i-- {
		if len(p.paras)-i > 12 {
			break
		}
		if try(i) {
			return
		}
	}
}

// publication reads a date of publication from a short line.
func (p *page) publication(q para) (foundDate, bool) {
	low := p.low[:q.end]
	k := q.start
	if hasWord(low, k, "date") { // " date 2024-07 Lễ phát động …"
		if f, ok := dateAt(low, skipSpaces(low, k+len("date"))); ok && f.Year > 0 {
			return f, true
		}
	}
	if q.end-q.start > 140 {
		return foundDate{}, false
	}
	for i := k; i < q.end; {
		ok, _ := letterAt(low, i)
		if !ok {
			i++
			continue
		}
		f, found := dateAt(low, i)
		if !found || f.Year == 0 {
			f, found = englishDateAt(low, i)
		}
		if !found || f.Year == 0 || f.Month == 0 || !f.Exists() {
			i = wordEnd(low, i)
			continue
		}
		// what else stands in the line must be words of a dateline, a time, a name
		if p.datelineRest(q.start, f.start, true) && p.datelineRest(f.end, q.end, false) {
			return f, true
		}
		i = f.end
	}
	return foundDate{}, false
}

// datelineRest tells whether low[a:b] holds only what stands beside a date of publication.
func (p *page) datelineRest(a, b int, before bool) bool {
	words, known := 0, 0
	for k := a; k < b; {
		ok, w := letterAt(p.low, k)
		if !ok {
			k += max(w, 1)
			continue
		}
		if e, _ := datelineWords.at(p.low, k); e > 0 {
			known++
			k = e
			continue
		}
		e := wordEnd(p.low, k)
		if !isDigit(p.low[k]) && p.low[k:e] != "gmt" && p.low[k:e] != "pm" && p.low[k:e] != "am" && p.low[k:e] != "t" {
			words++
		}
		k = e
	}
	if before {
		if e, _ := outlets.at(p.low, a); e > 0 && words <= 8 {
			return true
		}
		return words == 0 || known > 0 && words <= 2 || words <= 3 && strings.ContainsAny(p.low[a:b], "|(-:")
	}
	return words <= 5
}

// outlets are what a page names before its date: "Bản tin Sở …, ngày 12 tháng 7 năm 2018".
var outlets = phrases("bản tin|báo|tạp chí|cổng thông tin|trang thông tin|theo|nguồn|tin từ|bài")

// headline finds the title of the page: a short first line without a full stop, furniture left aside.
func (p *page) headline() {
	first := -1
	limit := 14
	for i := 0; i < len(p.paras) && i < limit; i++ {
		q := p.paras[i]
		if q.role == RoleDateline || q.role == RoleRule || q.role == RoleFront {
			continue
		}
		t := p.of(q)
		low := p.lowOf(q)
		if p.chrome(q) || p.keywords(q) {
			p.set(i, RoleChrome, "page.furniture")
			continue
		}
		if caption(low) {
			p.set(i, RoleCaption, "page.caption")
			continue
		}
		if len(t) <= 260 && p.titleLike(q, i) {
			if p.sectionLabel(i) {
				p.set(i, RoleChrome, "page.section-label")
				continue
			}
			first = i
		}
		break
	}
	body := 0
	if first >= 0 && p.doc.Subject.Value == "" {
		end := p.paras[first].end
		last := first
		p.set(first, RoleHeadline, "page.headline")
		// a headline broken in two lines
		if first+1 < len(p.paras) {
			if n := p.paras[first+1]; n.role == "" && !n.blank && lowerAt(p.text, n.start) && n.end-n.start < 160 && !endsClosed(p.of(n)) && !strings.HasPrefix(p.of(n), "http") && !strings.HasPrefix(p.of(n), "www.") {
				end, last = n.end, first+1
				p.set(last, RoleHeadline, "page.headline")
			}
		}
		p.doc.Subject = p.field(p.paras[first].start, end, 0.9, "page.headline")
		p.doc.Subject.Value = strings.TrimRight(p.doc.Subject.Value, " .")
		body = last + 1
	}
	// the same headline printed again, dateline behind it
	for body < len(p.paras) && body < limit {
		q := p.paras[body]
		if q.role == RoleDateline || q.role == RoleRule || q.role == RoleFront || q.role == RoleChrome || q.role == RoleCaption {
			body++
			continue
		}
		break
	}
	p.firstBody = body
	if p.doc.Subject.Value != "" {
		want := fold(p.doc.Subject.Value)
		for i := body; i < len(p.paras) && i < body+8; i++ {
			if p.paras[i].role == "" && p.lowOf(p.paras[i]) == want {
				p.set(i, RoleHeadline, "page.headline-again")
			}
		}
	}
}

// sectionLabel tells whether a short line at the top is the name of a column of the site: a longer headline follows at
// once.
func (p *page) sectionLabel(i int) bool {
	if len(strings.Fields(p.of(p.paras[i]))) > 4 || i+1 >= len(p.paras) {
		return false
	}
	n := p.paras[i+1]
	return n.role == "" && len(strings.Fields(p.of(n))) > 4 && n.end-n.start <= 260 && p.titleLike(n, i+1)
}

// titleLike tells a headline from the first paragraph of a text.
func (p *page) titleLike(q para, i int) bool {
	t := p.of(q)
	if q.enum.kind != noEnum && q.enum.kind != article || len(t) < 12 {
		return false
	}
	if !upperAt(t, 0) && !strings.HasPrefix(t, "“") && !strings.HasPrefix(t, `"`) && !isDigit(t[0]) {
		return false
	}
	c := t[len(t)-1]
	if c == '.' && !strings.HasSuffix(t, "...") || c == ';' || c == ':' || c == ',' {
		return false
	}
	for k := 0; k+1 < len(t); k++ { // a full stop inside; "Chị L. và …" has an initial
		if t[k] == '.' && t[k+1] == ' ' && !(k > 1 && upperAt(t, k-1) && t[k-2] == ' ') {
			return false
		}
	}
	// there must be a text behind it
	for j := i + 1; j < len(p.paras) && j < i+6; j++ {
		if p.paras[j].end-p.paras[j].start > 60 || p.paras[j].role == RoleDateline {
			return true
		}
	}
	return false
}

// chrome recognises furniture: a short line that is a known label, a breadcrumb, a counter.
func (p *page) chrome(q para) bool {
	t := p.of(q)
	low := p.lowOf(q)
	if len(t) > 120 {
		return false
	}
	if e, _ := chromeLines.at(p.low, q.start); e > 0 {
		rest := strings.Trim(low[e-q.start:], " .:|/>»-")
		if rest == "" || len(strings.Fields(rest)) <= 2 && len(low) < 40 || strings.HasPrefix(low, "skip to") {
			return true
		}
	}
	if strings.Contains(t, "»") || strings.Contains(t, " > ") || strings.Contains(t, "›") {
		return true
	}
	words := strings.Fields(t)
	if len(words) > 2 && !hasMark(t) {
		return true // no Vietnamese line is without marks: words of the software
	}
	if len(words) <= 3 && len(t) < 30 {
		return true
	}
	letters := 0
	for _, w := range words {
		if ok, _ := letterAt(w, 0); ok && !isDigit(w[0]) {
			letters++
		}
	}
	return letters == 0
}

// keywords recognises a line of tags: commas without blanks between small words.
func (p *page) keywords(q para) bool {
	t := p.of(q)
	if len(t) > 300 {
		return false
	}
	n := 0
	for i := 0; i+1 < len(t); i++ {
		if t[i] == ',' && t[i+1] != ' ' && !isDigit(t[i+1]) {
			n++
		}
	}
	return n >= 1 && n == strings.Count(t, ",") && lowerAt(t, 0) || n >= 3
}

// byline recognises the name of the writer or outlet at the end.
func (p *page) byline(q para, i int) bool {
	if i+4 < len(p.paras) && i < len(p.paras)*2/3 {
		return false
	}
	return p.personName(q) || strings.HasPrefix(p.lowOf(q), "theo ") || strings.HasPrefix(p.lowOf(q), "nguồn")
}
