package docparse

import (
	"sort"
	"strings"
)

// citeKinds are the names of kinds in front of a cited number, with the codes of the corpus form.
var citeKinds = phrases("kế hoạch", "công văn|văn bản|văn bản chỉ đạo|cv|thư", "quyết định|qđ", "chỉ thị", "nghị định", "nghị quyết|nghị quyết liên tịch", "thông tư|thông tư liên tịch", "thông báo", "tờ trình",
	"kết luận", "công điện|công điện khẩn|điện|điện khẩn|điện mật|điện hỏa tốc", "báo cáo", "hướng dẫn", "chương trình|chương trình hành động|chương trình phối hợp", "luật|bộ luật", "đề án", "giấy mời", "quy chế|quy chế phối hợp", "quy định", "pháp lệnh", "thông tri", "kh")

var citeCodes = [...]string{"", "ke_hoach", "cong_van", "quyet_dinh", "chi_thi", "nghi_dinh", "nghi_quyet", "thong_tu", "thong_bao", "to_trinh",
	"ket_luan", "cong_dien", "bao_cao", "huong_dan", "chuong_trinh", "luat", "de_an", "giay_moi", "quy_che", "quy_dinh", "phap_lenh", "thong_tri", "ke_hoach"}

var issuingVerbs = phrases("ban hành|có|ra|ký ban hành|vừa ban hành|đã ban hành|đã có|vừa có|ký|gửi|phát hành|đã gửi|vừa ra|đã ký|đã có|vừa có|ban hành các|đã phát hành|vừa phát hành|vừa gửi|ra")

// mention is one place where a number stands.
type mention struct {
	sym        Symbol
	kind       string
	kindAt     int // position of the kind's name, or of the number
	start, end int
	bare       bool
}

// mentions finds every number of a document in the text.
func (p *page) mentions() []mention {
	var out []mention
	low, text := p.low, p.text
	for _, q := range p.paras {
		if q.role == RoleChrome && (!p.mostlyText(q) || q.rule == "header.before") {
			continue
		}
		kind, kindAt, kindEnd := "", -1, -1 // the last kind named, for lists: "các Kế hoạch số 1/KH-A, số 2/KH-B"
		for i := q.start; i < q.end; {
			c := low[i]
			if isDigit(c) {
				if letterBefore(low, i) || i > 0 && (low[i-1] == '/' || low[i-1] == '.' && i > 1 && isDigit(low[i-2])) {
					i = wordEnd(low, i)
					continue
				}
				if sym, e, ok := symbolAt(text[:q.end], i); ok && !p.notSymbol(i, e, sym) {
					m := mention{sym: sym, start: i, end: e, kindAt: i}
					if near := p.kindBefore(q.start, i, kindAt, kindEnd); near {
						m.kind, m.kindAt = kind, kindAt
					} else if kindAt >= 0 && p.sameList(kindEnd, i, out) {
						m.kind = kind
					}
					if own := typeNames[fold(sym.Type)]; own != "" {
						if m.kind == "" || m.kind == "cong_van" {
							m.kind = own
						}
					} else if m.kind == "" {
						m.kind = sym.Kind()
					}
					out = append(out, m)
					i = e
					continue
				}
				if e := wordEnd(low, i); kindAt >= 0 && p.bareNumber(kindEnd, i, e, kindAt) {
					m := mention{start: i, end: e, kind: kind, kindAt: kindAt, bare: true}
					m.sym = Symbol{Text: text[i:e], Number: text[i:e]}
					out = append(out, m)
				}
				for i < q.end && isDigit(low[i]) {
					i++
				}
				continue
			}
			next := wordEnd(low, i)
			if next == i {
				_, w := letterAt(low, i)
				i += max(w, 1)
				continue
			}
			if e, tag := citeKinds.at(low, i); e > 0 {
				kind, kindAt, kindEnd = citeCodes[tag], i, e
				i = e
				continue
			}
			i = next
		}
	}
	return out
}

// kindBefore tells whether the kind named at kindEnd belongs to the number at i: only "số", a date or the issuer stands between.
func (p *page) kindBefore(from, i, kindAt, kindEnd int) bool {
	if kindAt < from || i-kindEnd > 120 {
		return false
	}
	gap := strings.Trim(p.low[kindEnd:i], " :.(“\"")
	switch {
	case gap == "" || gap == "số" || gap == "số hiệu" || gap == "khẩn số" || gap == "mật số" || gap == "liên tịch số" || gap == "hỏa tốc số":
		return true
	case strings.ContainsAny(gap, ";/") && !strings.Contains(gap, "ngày"):
		return false
	case strings.HasSuffix(gap, "số") && !strings.ContainsAny(gap, ".;"):
		// "Công văn của Bộ Y tế số 12/…", "văn bản ngày 5/7/2023 số …"
		return strings.HasPrefix(gap, "của") || strings.HasPrefix(gap, "ngày") || strings.HasPrefix(gap, "chỉ đạo") || strings.HasPrefix(gap, "liên ngành")
	}
	return false
}

// sameList tells whether the number at i goes on a list begun by the kind at kindEnd.
func (p *page) sameList(kindEnd, i int, found []mention) bool {
	if len(found) == 0 {
		return false
	}
	last := found[len(found)-1]
	if last.start < kindEnd || i-last.end > 40 {
		return false
	}
	gap := strings.Trim(p.low[last.end:i], " ")
	switch gap {
	case ",", ", số", ";", "; số", "và", "và số", ", và":
		return true
	}
	return false
}

// notSymbol tells apart what only looks like a symbol: 138/CP of the steering committee, 24/7, measures.
func (p *page) notSymbol(i, e int, sym Symbol) bool {
	before := strings.TrimRight(p.low[max(0, i-40):i], " ")
	if sym.Year == "" && sym.Unit == "" && strings.HasSuffix(fold(sym.Text), "/cp") {
		for _, w := range []string{"chỉ đạo", "bcđ", "đề án", "ban chỉ đạo"} {
			if strings.HasSuffix(before, w) {
				return true
			}
		}
		return sym.Number == "138" || sym.Number == "389"
	}
	if strings.HasSuffix(before, "ban chỉ đạo") || strings.HasSuffix(before, "bcđ") {
		return true
	}
	if i > 0 && (p.low[i-1] == '@' || p.low[i-1] == '=' || p.low[i-1] == '-') {
		return true
	}
	// a path of a web address
	near := p.low[max(0, i-200):i]
	near = near[strings.LastIndexByte(near, ' ')+1:]
	return strings.Contains(near, "://") || strings.Contains(near, "www.")
}

var programmes = phrases("chương trình|đề án|luật|bộ luật|quy chế|quy định|pháp lệnh|thư")

// bareNumber tells whether digits behind a kind's name are a document number printed without its symbol.
func (p *page) bareNumber(kindEnd, i, e, kindAt int) bool {
	gap := strings.Trim(p.low[kindEnd:i], " :")
	if e-i > 5 || !isDigit(p.low[e-1]) && !(e-i <= 4 && p.low[e-1] == 'a') {
		return false
	}
	next := skipSpaces(p.low, e)
	if next < len(p.low) && p.low[next] == '/' && next+1 < len(p.low) {
		// a blank or damaged symbol
		return false
	}
	if next < len(p.low) && (p.low[next] == '%' || p.low[next] == '.' && next+1 < len(p.low) && isDigit(p.low[next+1])) {
		return false
	}
	if p.low[e-1] == 'a' && gap != "số" {
		return false
	}
	switch gap {
	case "số", "khẩn số", "số hiệu", "hỏa tốc số":
		return true
	case "":
		// programmes are called by a number that is none of a document: Chương trình 130, Đề án 06, Dự án 8
		if k, _ := programmes.at(p.low, kindAt); !upperAt(p.text, kindAt) || e-i < 2 || k > 0 || strings.HasSuffix(strings.TrimRight(p.low[max(0, kindAt-30):kindAt], " “\""), "là") {
			return false
		}
		if next >= len(p.low) {
			return true
		}
		switch p.low[next] {
		case ',', ';', '.', ')', '-':
			return true
		}
		for _, w := range []string{"của", "ngày", "về", "và", "do", "thì", "quy", "ban"} {
			if hasWord(p.low, next, w) {
				return true
			}
		}
	}
	return false
}

// citations lists the other documents that the text cites, once each, in the order of first mention.
func (p *page) citations(own Symbol) []Citation {
	var out []Citation
	byKey := map[string]int{}
	ms := p.mentions()
	for n, m := range ms {
		if p.ownNumber(m, own) {
			continue
		}
		key := m.sym.key()
		at, seen := byKey[key]
		if !seen && m.bare {
			// "Công văn số 1848" after the full symbol was given
			for c := range out {
				if out[c].Number.Number == m.sym.Number && out[c].Kind == m.kind {
					at, seen = c, true
					break
				}
			}
			if !seen && own.Number != "" && own.Number == m.sym.Number {
				continue
			}
		}
		next := p.paraEnd(m.start)
		if n+1 < len(ms) && ms[n+1].kindAt < next && ms[n+1].kindAt > m.end {
			next = ms[n+1].kindAt
		}
		prev := p.paraStart(m.start)
		if n > 0 && ms[n-1].end > prev {
			prev = ms[n-1].end
		}
		date, issuer, rule := p.aboutCitation(m, prev, next)
		if seen {
			c := &out[at]
			c.Mentions = append(c.Mentions, Span{m.start, m.end})
			if c.Date.IsZero() {
				c.Date = date
			}
			if c.Issuer == "" {
				c.Issuer = issuer
			}
			if c.Kind == "cong_van" && m.kind != "cong_van" || c.Kind == "" {
				c.Kind = m.kind
			}
			if capitals(c.Number.Text) && !capitals(m.sym.Text) {
				c.Number = m.sym // the title in capitals spells QĐ-TTG, the text QĐ-TTg
			}
			continue
		}
		byKey[key] = len(out)
		conf := 0.97
		if m.bare {
			conf = 0.8
		}
		m.sym.Mark = Mark{Span{m.start, m.end}, conf, "cite.symbol"}
		out = append(out, Citation{Number: m.sym, Kind: m.kind, Date: date, Issuer: issuer,
			Mentions: []Span{{m.start, m.end}}, Mark: Mark{Span{m.start, m.end}, conf, rule}})
	}
	return out
}

// ownNumber tells whether a mention is the document's own number, or "(Kèm theo Quyết định số …)" to itself.
func (p *page) ownNumber(m mention, own Symbol) bool {
	if own.Text != "" && m.sym.key() == own.key() {
		return true
	}
	if q := p.paraAt(m.start); q != nil {
		switch q.role {
		case RoleNumber, RoleRecord, RoleFront, RoleRecipients:
			return true
		}
		if p.doc != nil && p.doc.Form != Page && !strings.HasPrefix(fold(p.doc.KindName.Value), "phụ lục") { // an annex alone cites its paper
			head := strings.TrimLeft(window(p.low, q.start, q.end, 60), "(")
			if strings.HasPrefix(head, "kèm theo") || strings.HasPrefix(head, "ban hành kèm theo") {
				return true
			}
		}
	}
	return false
}

// aboutCitation reads date and issuer beside a cited number, between the number before it (prev) and the next (limit).
func (p *page) aboutCitation(m mention, prev, limit int) (d Date, issuer, rule string) {
	low := p.low
	rule = "cite.symbol"
	k := skipMarks(low, m.end)
	// …, ngày 14/8/2020 … của …
	if f, ok := p.citeDate(k, limit); ok {
		d, k = f.Date, f.end
		rule = "cite.date-after"
		k = skipMarks(low, k)
	}
	// of whom
	for step := 0; step < 2; step++ {
		for _, w := range []string{"của", "do", "từ", ""} {
			// "ngày 09/02/2021 Thủ tướng Chính phủ về …": the "của" was left out
			if !hasWord(low, k, w) && !(w == "" && !d.IsZero() && issuer == "" && low[k-1] == ' ' && upperAt(p.text, k)) {
				continue
			}
			from := skipSpaces(low, k+len(w))
			if b, ok := p.issuerAt(from, limit); ok && issuer == "" {
				issuer = p.say(b.start, b.end)
				k = skipMarks(low, b.end)
				for _, v := range []string{"ký ban hành", "ban hành", "ký", "gửi", "về"} {
					if hasWord(low, k, v) && v != "về" {
						k = skipMarks(low, k+len(v))
					}
				}
			}
			break
		}
		if d.IsZero() {
			if hasWord(low, k, "ban hành") || hasWord(low, k, "ký") {
				k = skipMarks(low, wordEnd(low, k))
				k = skipMarks(low, wordEnd(low, k))
			}
			if f, ok := p.citeDate(k, limit); ok {
				d, k = f.Date, skipMarks(low, f.end)
				rule = "cite.date-after-issuer"
				continue
			}
		}
		break
	}
	if issuer == "" { // "Kế hoạch số … ngày … đã được Sở Y tế ban hành"
		j := k
		for _, w := range []string{"đã", "vừa", "mới"} {
			if hasWord(low, j, w) {
				j = skipSpaces(low, j+len(w))
			}
		}
		if hasWord(low, j, "được") {
			if b, ok := p.bodyAt(skipSpaces(low, j+len("được")), limit); ok && b.class < 3 {
				if e, _ := issuingVerbs.at(low, b.verb); e > 0 {
					issuer = p.say(b.start, b.end)
				}
			}
		}
	}
	if !d.IsZero() && issuer != "" {
		return
	}
	if issuer == "" {
		issuer = p.holderBefore(m, prev)
	}
	// before: "Ngày 11/7/2023, Sở X ban hành Kế hoạch số …", "Bộ Y ngày 27/7 có công văn số …"
	s := p.sentenceStart(m.kindAt, prev)
	s = max(s, m.kindAt-300)
	if _, ve, _ := issuingVerbs.last(low, s, m.kindAt); ve > 0 {
		vs, _, _ := issuingVerbs.last(low, s, m.kindAt)
		if d.IsZero() {
			if ds := datesIn(low, s, m.kindAt); len(ds) > 0 && ds[len(ds)-1].Day > 0 {
				f := ds[len(ds)-1]
				if strings.HasSuffix(strings.TrimRight(low[s:f.start], " "), "ngày") || hasWord(low, f.start, "ngày") {
					d = f.Date
					rule = "cite.date-before"
				}
			}
		}
		if issuer == "" {
			for i := s; i < vs; {
				if ok, w := letterAt(low, i); !ok {
					i += max(w, 1)
					continue
				}
				if b, ok := p.bodyAt(i, ve); ok && b.class < 3 && b.end <= vs {
					if skipSpaces(low, b.verb) >= vs { // its verb is the issuing one
						issuer = p.say(b.start, b.end)
						break
					}
					if issuer == "" && !strings.Contains(low[s:i], "để ") {
						issuer = p.say(b.start, b.end)
					}
					i = max(b.end, wordEnd(low, i))
					continue
				}
				i = wordEnd(low, i)
			}
		}
	}
	return
}

// holderBefore finds the body of "đề nghị của Sở Y tế tại Tờ trình số …" and "Bộ Y tế (báo cáo số …)".
func (p *page) holderBefore(m mention, prev int) string {
	low := p.low
	at := m.kindAt
	for at > prev && (low[at-1] == ' ' || low[at-1] == '(') {
		at--
	}
	open := at < m.kindAt && strings.IndexByte(low[at:m.kindAt], '(') >= 0
	tai := at-len("tại") >= prev && hasWord(low, at-len("tại"), "tại")
	if !open && !tai {
		return ""
	}
	if tai {
		at -= len("tại")
	}
	for i := max(prev, at-200); i < at; {
		if ok, w := letterAt(low, i); !ok {
			i += max(w, 1)
			continue
		}
		if e, class := p.headAt(i); e > 0 && class < 3 && upperAt(p.text, i) {
			if b, ok := p.bodyAt(i, at); ok && skipSpaces(low, b.end) >= at-1 {
				return p.say(b.start, b.end)
			}
		}
		i = wordEnd(low, i)
	}
	return ""
}

// issuerAt reads the body that issued a cited document: one body, with the body above it ("Cục …, Bộ …").
func (p *page) issuerAt(i, limit int) (body, bool) {
	b, ok := p.bodyAt(i, min(limit, i+160))
	if !ok {
		return b, false
	}
	// stop at what follows the name in a citation
	for k := b.start; k < b.end; {
		if okw, w := letterAt(p.low, k); !okw {
			if p.low[k] == '(' || p.low[k] == ';' {
				b.end = k
				break
			}
			if p.low[k] == ',' {
				j := skipSpaces(p.low, k+1)
				if lowerAt(p.text, j) && !hasWord(p.low, j, "chống") {
					if e, _ := p.headAt(j); e == 0 {
						b.end = k
						break
					}
				}
				if e, _ := citeKinds.at(p.low, j); e > 0 || hasWord(p.low, j, "ngày") || hasWord(p.low, j, "số") {
					b.end = k
					break
				}
				// "…, Sở X xây dựng": another body begins, unless it is the ministry above
				if e, cl := p.headAt(j); e > 0 && !(cl == 1 && (hasWord(p.low, j, "bộ") || hasWord(p.low, j, "sở") || hasWord(p.low, j, "ubnd") || hasWord(p.low, j, "ủy ban"))) {
					b.end = k
					break
				} else if e > 0 && p.speaks(j, limit) {
					b.end = k
					break
				}
			}
			k += max(w, 1)
			continue
		}
		if hasWord(p.low, k, "ngày") || hasWord(p.low, k, "năm") || hasWord(p.low, k, "giai đoạn") || k > b.start && capitals(p.text[b.start:k]) && (hasWord(p.low, k, "về") || hasWord(p.low, k, "phê duyệt") || hasWord(p.low, k, "ban hành") || hasWord(p.low, k, "v")) {
			b.end = k
			break
		}
		if k > b.start && hasWord(p.low, k, "và") {
			j := skipSpaces(p.low, k+len("và"))
			if e, _ := citeKinds.at(p.low, j); e > 0 {
				b.end = k
				break
			}
		}
		k = wordEnd(p.low, k)
	}
	for b.end > b.start && strings.IndexByte(" ,-;:(.", p.text[b.end-1]) >= 0 {
		b.end--
	}
	return b, b.end > b.start
}

// speaks tells whether the body at j is the subject of a new clause.
func (p *page) speaks(j, limit int) bool {
	b, ok := p.bodyAt(j, limit)
	return ok && b.verb < limit && (b.tag == dutyVerb || b.tag == orderVerb || b.tag == helperVerb)
}

func skipMarks(low string, k int) int {
	for k < len(low) && (low[k] == ' ' || low[k] == ',' || low[k] == '(' || low[k] == ')') {
		k++
	}
	return k
}

// citeDate reads "ngày …" or a bare date at k.
func (p *page) citeDate(k, limit int) (foundDate, bool) {
	for _, w := range []string{"ban hành", "ký", "đề", "được ban hành"} {
		if hasWord(p.low, k, w) && hasWord(p.low, skipSpaces(p.low, k+len(w)), "ngày") {
			k = skipSpaces(p.low, k+len(w))
		}
	}
	f, ok := dateAt(p.low[:limit], k)
	if !ok || f.Month == 0 {
		return f, false
	}
	return f, hasWord(p.low, k, "ngày") || f.Year > 0 && f.Day > 0
}

// resolveYears gives a year to dates of citations printed without one: the year of the document itself, as a reader does.
func resolveYears(cs []Citation, year int) {
	for i := range cs {
		if cs[i].Date.Month > 0 && cs[i].Date.Year == 0 {
			if year == 0 {
				cs[i].Date = Date{}
				continue
			}
			cs[i].Date.Year = year
			cs[i].Confidence = min(cs[i].Confidence, 0.7)
		}
	}
}

// paraAt returns the paragraph that holds a position.
func (p *page) paraAt(pos int) *para {
	n := sort.Search(len(p.paras), func(i int) bool { return p.paras[i].end > pos })
	if n < len(p.paras) && p.paras[n].start <= pos {
		return &p.paras[n]
	}
	return nil
}

func (p *page) paraStart(pos int) int {
	if q := p.paraAt(pos); q != nil {
		return q.start
	}
	return pos
}

func (p *page) paraEnd(pos int) int {
	if q := p.paraAt(pos); q != nil {
		return q.end
	}
	return pos
}

// sentenceStart returns where the sentence that holds pos begins, not before from.
func (p *page) sentenceStart(pos, from int) int {
	for k := pos - 1; k > from; k-- {
		switch p.low[k] {
		case '.', '!', '?', ';':
			if k+1 < len(p.low) && p.low[k+1] == ' ' {
				return k + 1
			}
		}
	}
	return from
}

// mostlyText tells whether a paragraph outside the document proper still reads as running text.
func (p *page) mostlyText(q para) bool { return q.end-q.start > 120 }
