package docparse

import "strings"

// page is the text being read: paragraphs of one line each, and the same text folded for comparing.
type page struct {
	text, low              string
	paras                  []para
	offsets                offsets
	joins, hyphens, splits int
	unmarked               bool // the text came without marks
	doc                    *Document
	trade                  bool // the text is about trafficking or children, whom the short numbers serve; known to hotlines
	firstBody              int  // index of the first paragraph of the body
	endBody                int  // index of the first paragraph behind the body
	sections               []Section
	record                 map[string]Span // labels of a law database's record page
	rows                   []tableRow      // rows of tables of work
	leadTask               Task            // the order that announces a list, where it is the task itself
	orders                 int             // whether an article tells of an order: 1 no, 2 yes, 0 not asked yet
}

// Role is the part a paragraph plays.
type Role string

// Roles of paragraphs.
const (
	RoleChrome     Role = "chrome" // furniture of a web page
	RoleFront      Role = "front-matter"
	RoleRecord     Role = "record"
	RoleRule       Role = "rule"
	RoleMotto      Role = "motto"
	RoleIssuer     Role = "issuer"
	RoleNumber     Role = "number"
	RolePlaceDate  Role = "place-date"
	RoleTitle      Role = "title"
	RoleSubject    Role = "subject"
	RoleMarks      Role = "marks" // độ khẩn, độ mật, phạm vi lưu hành
	RoleAddressee  Role = "addressee"
	RoleAuthority  Role = "authority" // ỦY BAN NHÂN DÂN TỈNH … above the grounds of a decision
	RoleBasis      Role = "basis"
	RoleHeadline   Role = "headline"
	RoleDateline   Role = "dateline"
	RoleCaption    Role = "caption"
	RoleByline     Role = "byline"
	RoleHeading    Role = "heading"
	RoleItem       Role = "item"
	RoleText       Role = "text"
	RoleCell       Role = "cell" // of a table of work
	RoleRecipients Role = "recipients"
	RoleSignature  Role = "signature"
	RoleAfter      Role = "after" // behind the signature
)

func (p *page) of(q para) string    { return p.text[q.start:q.end] }
func (p *page) lowOf(q para) string { return p.low[q.start:q.end] }

func (p *page) set(i int, r Role, rule string) {
	p.paras[i].role, p.paras[i].rule = r, rule
}

func (p *page) field(start, end int, conf float64, rule string) Field {
	for start < end && (p.text[start] == ' ') {
		start++
	}
	for end > start && (p.text[end-1] == ' ') {
		end--
	}
	return Field{p.say(start, end), Mark{Span{start, end}, conf, rule}}
}

// say gives text[start:end] in one line and as the source has it.
func (p *page) say(start, end int) string { return p.doc.Printed(Span{start, end}) }

// oneLine collapses white space, line ends too.
func oneLine(s string) string {
	if strings.IndexByte(s, '\n') < 0 && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// splitRunOns puts back line ends that a copy lost: header parts, enumerated items, recipients written in one run.
func (p *page) splitRunOns() {
	var out []para // none as long as nothing was cut
	for i, q := range p.paras {
		var cuts []int
		if !q.front {
			cuts = p.cuts(q, i)
		}
		if len(cuts) == 0 {
			if out != nil {
				out = append(out, q)
			}
			continue
		}
		if out == nil {
			out = append(make([]para, 0, len(p.paras)+len(cuts)+8), p.paras[:i]...)
		}
		p.splits += len(cuts)
		at := q.start
		for n, c := range append(cuts, q.end) {
			e := c
			for e > at && p.text[e-1] == ' ' {
				e--
			}
			if e > at {
				out = append(out, para{start: at, end: e, blank: q.blank && n == 0, row: q.row})
			}
			at = skipSpaces(p.text[:q.end], c)
		}
	}
	if out != nil {
		p.paras = out
	}
}

var bodyOpeners = phrases("căn cứ|thực hiện quyết định|thực hiện kế hoạch|thực hiện công văn|thực hiện chỉ thị|thực hiện nghị quyết|thực hiện văn bản|thực hiện chương trình|thực hiện thông báo|thực hiện luật|thực hiện hướng dẫn|thực hiện nghị định|thực hiện công điện|xét đề nghị|kính gửi")

// cuts returns the positions inside a paragraph where a new one begins.
func (p *page) cuts(q para, index int) []int {
	text, low := p.text, p.low
	if q.end-q.start < 24 {
		return nil
	}
	var cuts []int
	cut := func(at int) {
		if at > q.start && at < q.end && (len(cuts) == 0 || at > cuts[len(cuts)-1]) {
			cuts = append(cuts, at)
		}
	}
	head := low[q.start:min(q.end, q.start+600)]
	from := q.start
	if index < 60 {
		if a, b := mottoSpan(head); a >= 0 && isMottoInside(head, a, b) || a >= 0 && b-a < 60 && strings.Contains(head[a:b], "chủ nghĩa việt nam") && capitals(text[q.start+a:q.start+b]) {
			cut(q.start + a)
			for b < len(head) && (head[b] == ' ' || head[b] == '-' || head[b] == '_') {
				b++
			}
			cut(q.start + b)
			from = q.start + b
		}
		from = p.headerCuts(q, from, cut)
	}
	var lastNumber, lastRoman int
	if e := enumAt(text, q.start, q.end); e.kind == number {
		lastNumber = atoi(e.label)
	} else if e.kind == roman {
		lastRoman = 1
	}
	items := 0
	for i := from + 1; i < q.end; i++ {
		c := text[i]
		if text[i-1] != ' ' || c == ' ' {
			continue
		}
		switch {
		case c == 'K' && strings.HasPrefix(low[i:], "kính gửi:") || c == 'N' && strings.HasPrefix(low[i:], "nơi nhận:"):
			cut(i)
			continue
		case isDigit(c) || c == '-' || c == '+' || c == 'I' || c == 'V' || c == 'X' || c == 0xC4 || c >= 'a' && c <= 'h' || c == 0xE2:
		default:
			continue
		}
		e := enumAt(text, i, q.end)
		if e.kind == noEnum {
			continue
		}
		prev := prevMark(text, q.start, i)
		capsBefore := prev == 'A'
		if prev == 'a' {
			continue
		}
		ok := false
		switch e.kind {
		case number:
			n := atoi(e.label)
			ok = n == lastNumber+1 && (upperAt(text, e.after) || hasAt(text, e.after, "“")) && (n > 1 || prev == ':' || prev == '.' || capsBefore)
			if ok {
				lastNumber = n
			}
		case number2, number3:
			ok = upperAt(text, e.after) && prev != 0
		case roman:
			run := capitalRun(text, e.after, q.end)
			ok = upperAt(text, e.after) && (e.label == "I" || lastRoman > 0 || prev == '.' || prev == ':') && run > e.after+6
			if ok {
				lastRoman++
				lastNumber = 0
				cut(i)
				if next := skipSpaces(text, run); next < q.end && upperAt(text, next) && enumAt(text, next, q.end).kind == noEnum {
					cut(next) // a heading in capitals that its sentence follows
				}
				continue
			}
		case article:
			ok = upperAt(text, e.after)
			lastNumber = 0
		case bullet:
			ok = (prev == ';' || prev == ':' || prev == '.') && (upperAt(text, e.after) || hasAt(text, e.after, "“")) && !capsBefore
		case point:
			ok = (e.label == "a" || items > 0) && (prev == ';' || prev == ':' || prev == '.') && upperAt(text, e.after) && e.after < q.end
			if ok {
				items++
			}
		}
		if ok {
			cut(i)
		}
	}
	return cuts
}

// isMottoInside tells whether the national name is a part of a header line rather than of a sentence.
func isMottoInside(low string, a, b int) bool {
	if b-a < 12 || b-a > 120 {
		return false
	}
	return strings.Contains(low[a:b], "độc lập") || strings.Contains(low[a:b], "chủ nghĩa việt nam") && b-a < 40
}

// headerCuts parts a header written in one line: number, place and date, title, subject, first words of the body.
func (p *page) headerCuts(q para, from int, cut func(int)) int {
	text, low := p.text, p.low
	i := from
	if n := numberLabel(low[i:q.end]); n > 0 && low[i+n-1] == ':' {
		k := skipBlank(low, i+n)
		if _, e, ok := symbolAt(text[:q.end], k); ok && e < q.end {
			j := skipDashes(text, e)
			if upperAt(text, j) {
				cut(j)
				i = j
			}
		}
	} else if from > q.start {
		// behind the motto
	} else if k := strings.Index(low[i:min(q.end, i+200)], "số:"); k > 0 && text[i+k] == 'S' && q.end-q.start > 40 {
		if _, e, ok := symbolAt(text[:q.end], skipBlank(low, i+k+len("số:"))); ok {
			cut(i + k)
			j := skipSpaces(text, e)
			if upperAt(text, j) {
				cut(j)
				i = j
			}
		}
	}
	if i == q.start && from == q.start {
		// a title in one line with the body: "KẾ HOẠCH Triển khai … Thực hiện Công văn số …"
		if e := titleWord(low[i:min(q.end, i+80)]); e == 0 || !capitals(text[i:i+e]) || q.end-q.start < 160 {
			return from
		}
	}
	if place, d, ok := placeDate(low[i:min(q.end, i+110)]); ok && place.End > 0 || ok && d.start < 3 {
		if e := i + d.end; e < q.end {
			j := skipSpaces(text, e)
			if upperAt(text, j) || hasAt(low, j, "(") {
				cut(j)
				i = j
			}
		}
	}
	if k := strings.Index(low[i:min(q.end, i+40)], "v/v"); k == 0 && i > q.start {
		if s, _, _ := bodyOpeners.find(low, i+8, min(q.end, i+400)); s > 0 && upperAt(text, s) {
			cut(s)
			return s
		}
	}
	if e := titleWord(low[i:min(q.end, i+80)]); e > 0 && capitals(text[i:i+e]) {
		j := i + e
		for n := 0; j < q.end && n < 80; n++ {
			k := skipSpaces(text, j)
			if s, _ := bodyOpeners.at(low, k); s > 0 && upperAt(text, k) && n > 2 && !capitals(text[k:s]) {
				cut(k)
				return k
			}
			j = max(wordEnd(text, k), k+1)
		}
	}
	return i
}

// skipDashes steps over blanks and the dash or comma that parts two pieces of a header written in one line.
func skipDashes(s string, i int) int {
	k := skipSpaces(s, i)
	for _, w := range []string{"—", "–", "-", ",", ";", "|"} {
		if hasAt(s, k, w) && k > i {
			return skipSpaces(s, k+len(w))
		}
	}
	return k
}

// capitalRun returns the end of the words in capitals that begin at i.
func capitalRun(s string, i, end int) int {
	last := i
	for k := i; k < end; {
		ok, w := letterAt(s, k)
		if !ok {
			if s[k] == '.' || s[k] == ';' || s[k] == ':' {
				return last
			}
			k += max(w, 1)
			continue
		}
		e := wordEnd(s, k)
		if u, l := cases(s[k:e]); l > 0 || u == 0 && !isDigit(s[k]) || u == 0 && isDigit(s[k]) && e < end && s[e] == '.' {
			return last
		}
		last, k = e, e
	}
	return last
}

// prevMark classifies what stands before i: a mark, 'A' a word in capitals or digits, 'a' another word.
func prevMark(s string, from, i int) byte {
	k := i - 1
	for k > from && s[k] == ' ' {
		k--
	}
	for k > from && (s[k] == ')' || s[k] == '"' || s[k] == '\'') {
		k--
	}
	if k > from+2 && strings.HasSuffix(s[:k+1], "”") {
		k -= 3
		switch s[k] {
		case '.', ';', ':':
		default:
			return '.'
		}
	}
	switch c := s[k]; c {
	case '.', ';', ':':
		if c == '.' && k > from && s[k-1] == '/' {
			return '.'
		}
		return c
	}
	if strings.HasSuffix(s[:k+1], "…") {
		return '.'
	}
	if capitalWordBefore(s, from, i) {
		return 'A'
	}
	return 'a'
}

// capitalWordBefore tells whether the two words before i are written in capitals, as at the end of a heading.
func capitalWordBefore(s string, from, i int) bool {
	k := i
	for k > from && (s[k-1] == ' ' || s[k-1] == ',') {
		k--
	}
	upper := 0
	for words := 0; words < 2; words++ {
		e := k
		for k > from && s[k-1] != ' ' && i-k < 40 {
			k--
		}
		if e == k {
			return false
		}
		u, l := cases(s[k:e])
		if l > 0 {
			return false
		}
		upper += u
		for k > from && s[k-1] == ' ' {
			k--
		}
	}
	return upper >= 4
}

func atoi(s string) int {
	v, _ := digits(s, 0, 4)
	return v
}
