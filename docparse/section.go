package docparse

import (
	"strings"
)

// topic is what a part of the body is about; it decides whether its items are tasks.
type topic int

const (
	noTopic      topic = iota
	aimsTopic          // mục đích, yêu cầu, mục tiêu, chỉ tiêu, quan điểm
	taskTopic          // nội dung, nhiệm vụ, giải pháp, tổ chức thực hiện, phân công
	timeTopic          // thời gian, địa điểm, thành phần, đối tượng
	moneyTopic         // kinh phí
	reportTopic        // chế độ thông tin, báo cáo
	stateTopic         // tình hình, kết quả, đánh giá, tồn tại, nguyên nhân
	sloganTopic        // khẩu hiệu, thông điệp
	themeTopic         // chủ đề
	requestTopic       // kiến nghị, đề xuất
)

var topicNames = [...]string{"", "aims", "tasks", "time-and-place", "money", "reporting", "situation", "slogans", "theme", "requests"}

// topics are words of headings; the first group that a heading begins with, or failing that holds, decides.
var topics = phrases(
	"mục đích|yêu cầu|mục tiêu|chỉ tiêu|quan điểm|ý nghĩa|phạm vi|mục đích, yêu cầu|mục đích - yêu cầu|mục đích và yêu cầu|căn cứ|nguyên tắc|phương châm|tiêu chí",
	"nội dung|nhiệm vụ|giải pháp|tổ chức thực hiện|tổ chức triển khai|phân công|trách nhiệm|biện pháp|hoạt động|các hoạt động|công tác|nội dung và giải pháp|nhiệm vụ và giải pháp|nhiệm vụ, giải pháp|nội dung hoạt động|hình thức|một số nhiệm vụ|nội dung, nhiệm vụ|các nhiệm vụ|các biện pháp|các giải pháp|phương hướng|phương hướng, nhiệm vụ|triển khai thực hiện|kế hoạch thực hiện|phân công nhiệm vụ|phân công thực hiện|phân công trách nhiệm|nội dung thực hiện|nội dung công tác|nội dung trọng tâm|nhiệm vụ trọng tâm|nhiệm vụ cụ thể|nhiệm vụ chủ yếu|nội dung chính|nội dung chủ yếu|nội dung triển khai|nội dung tuyên truyền|nội dung, hình thức|nội dung, biện pháp|nội dung thống nhất|các nội dung thống nhất|thống nhất các nội dung|kết luận|ý kiến kết luận|nội dung kết luận|ý kiến chỉ đạo",
	"thời gian|địa điểm|thành phần|đối tượng|thời gian, địa điểm|thời gian và địa điểm|thời gian thực hiện|đối tượng, phạm vi|tiến độ|lộ trình|thời hạn|thời điểm|đối tượng áp dụng|số lượng|thời lượng",
	"kinh phí|nguồn kinh phí|kinh phí thực hiện|dự toán|nguồn lực|ngân sách|cơ sở vật chất",
	"chế độ báo cáo|chế độ thông tin|thông tin, báo cáo|thông tin báo cáo|báo cáo|công tác báo cáo|chế độ thông tin, báo cáo|chế độ thông tin báo cáo|tổng hợp, báo cáo|thông tin",
	"tình hình|kết quả|đánh giá|tồn tại|hạn chế|nguyên nhân|thuận lợi|khó khăn|ưu điểm|thực trạng|đặc điểm tình hình|khái quát|kết quả đạt được|kết quả thực hiện|những kết quả|bài học kinh nghiệm|dự báo|nhận xét|thuận lợi, khó khăn|khó khăn, vướng mắc|vướng mắc|tồn tại, hạn chế",
	"khẩu hiệu|thông điệp|thông điệp, khẩu hiệu|khẩu hiệu tuyên truyền|thông điệp truyền thông|các khẩu hiệu|các thông điệp|khẩu hiệu, thông điệp|một số khẩu hiệu|thông điệp chính",
	"chủ đề|tên gọi|chủ đề, thông điệp",
	"kiến nghị|đề xuất|đề xuất, kiến nghị|kiến nghị, đề xuất|một số kiến nghị|những kiến nghị",
)

// strongTask are words that make a heading one of tasks wherever they stand in it.
var strongTask = phrases("nhiệm vụ|giải pháp|tổ chức thực hiện|phân công|trách nhiệm|biện pháp|tổ chức triển khai")

// topicOf reads the topic of a heading.
func (p *page) topicOf(start, end int) topic {
	if end-start > 400 {
		end = start + 400
	}
	k := start
	for k < end {
		ok, w := letterAt(p.low, k)
		if ok {
			break
		}
		k += max(w, 1)
	}
	for _, w := range []string{"về", "công tác về", "một số", "các"} {
		if j := skipSpaces(p.low, k+len(w)); hasWord(p.low, k, w) && j < end {
			if e, _ := topics.at(p.low, k); e > 0 {
				break
			}
			if e, _ := topics.at(p.low, j); e > 0 {
				k = j
			}
			break
		}
	}
	if e, t := topics.at(p.low, k); e > 0 && e <= end {
		tp := topic(t)
		if tp == reportTopic && !p.reportHeading(k, end) {
			return taskTopic
		}
		if tp == stateTopic && strongTask.has(p.low, e, end) {
			return taskTopic
		}
		if tp == aimsTopic && hasAt(p.low, k, "yêu cầu") && !capitals(p.text[k:end]) && end-e > 30 {
			return noTopic // a sentence that orders
		}
		return tp
	}
	if strongTask.has(p.low, k, end) {
		return taskTopic
	}
	return noTopic
}

// reportHeading tells a heading of reporting duties from a task that begins with "Thông tin" or "Báo cáo".
func (p *page) reportHeading(k, end int) bool {
	return strings.Contains(p.low[k:end], "báo cáo") && (end-k < 70 || hasAt(p.low, k, "báo cáo"))
}

// rank orders the kinds of enumeration from the outermost in.
func rank(e enumMark, caps bool) int {
	switch e.kind {
	case part:
		return 1
	case chapter:
		return 2
	case letters:
		return 3
	case roman:
		return 4
	case section:
		return 5
	case article:
		return 6
	case number:
		return 7
	case number2:
		return 8
	case number3:
		return 9
	case point:
		return 10
	case paren:
		return 11
	case bullet:
		switch e.sub {
		case '*': // a star stands above dashes, or alone
			return 12
		case '-':
			return 13
		case '+':
			return 14
		default:
			return 15
		}
	}
	return 0
}

// outline builds the tree of sections from the paragraphs of the body. A paragraph without a mark belongs to the
// section it follows; a short line in capitals opens one of its own.
func (p *page) outline() {
	type open struct {
		at, rank int
	}
	var stack []open
	firstRank := map[int]int{}
	for i := p.firstBody; i < p.endBody && i < len(p.paras); i++ {
		q := &p.paras[i]
		if q.role != "" {
			continue
		}
		if p.drawn(*q) {
			p.set(i, RoleRule, "body.rule")
			continue
		}
		r := rank(q.enum, q.caps)
		if q.enum.kind == noEnum && q.caps && q.end-q.start < 200 && !isDigit(p.text[q.start]) && strings.IndexByte(p.of(*q), ' ') > 0 && !endsClosed(strings.TrimRight(p.of(*q), ":")) && i > p.firstBody-1 {
			if e, _ := p.headAt(q.start); e == 0 || p.topicOf(q.start, q.end) != noTopic {
				r = 4 // an unnumbered heading in capitals stands where a Roman number would
			}
		}
		if r == 0 && p.plainHeading(i) {
			r = 5
		}
		if r == 0 {
			if len(stack) > 0 {
				p.sections[stack[len(stack)-1].at].kids |= 0
				p.sections[stack[len(stack)-1].at].Span.End = q.end
			}
			p.set(i, RoleText, "body.text")
			continue
		}
		// A number one below numbers of the same kind opens a level below: 1. … 1. … under a bullet list is a new list.
		for len(stack) > 0 && stack[len(stack)-1].rank >= r {
			stack = stack[:len(stack)-1]
		}
		parent := -1
		if len(stack) > 0 {
			parent = stack[len(stack)-1].at
			p.sections[parent].kids++
		}
		if _, ok := firstRank[r]; !ok {
			firstRank[r] = i
		}
		after := q.start
		if q.enum.kind != noEnum {
			after = q.enum.after
		}
		s := Section{Label: q.enum.label, Level: len(stack), Parent: parent, Span: Span{q.start, q.end}, para: i}
		s.Numbering = p.numbering(parent, q.enum)
		p.sections = append(p.sections, s)
		at := len(p.sections) - 1
		stack = append(stack, open{at, r})
		p.set(i, RoleItem, "body.item")
		if q.enum.kind == noEnum && q.caps {
			p.set(i, RoleHeading, "body.heading-capitals")
		} else if q.enum.kind == noEnum {
			p.set(i, RoleHeading, "body.heading-plain")
		}
		_ = after
	}
	p.headings()
	// spans of sections include their children
	for i := len(p.sections) - 1; i >= 0; i-- {
		if par := p.sections[i].Parent; par >= 0 {
			p.sections[par].Span.End = max(p.sections[par].Span.End, p.sections[i].Span.End)
		}
	}
}

// plainHeading recognises a heading without number or capitals: a short line that names a topic, with or without a colon,
// above a list: "Phương hướng năm 2018:", "Các hoạt động chính".
func (p *page) plainHeading(i int) bool {
	q := p.paras[i]
	if q.enum.kind != noEnum || q.end-q.start > 110 || !upperAt(p.text, q.start) || i+1 >= p.endBody || i+1 >= len(p.paras) {
		return false
	}
	e, _ := topics.at(p.low, q.start)
	if e == 0 || p.topicOf(q.start, q.end) == noTopic {
		return false
	}
	t := p.of(q)
	n := p.paras[i+1]
	if n.role != "" || n.enum.kind != bullet && n.enum.kind != number && n.enum.kind != point {
		return false
	}
	if strings.HasSuffix(t, ":") {
		return !leadWords.has(p.low, e, q.end) && strings.Count(t, ",") < 3 && !p.taskVerb(e, q.end)
	}
	return !endsClosed(t) && strings.Count(t, " ") < 12
}

// numbering makes the path of an item: II.2, III.1, Điều 2.1. Bullets carry the number of the item above them.
func (p *page) numbering(parent int, e enumMark) string {
	up := ""
	if parent >= 0 {
		up = p.sections[parent].Numbering
	}
	switch e.kind {
	case noEnum, bullet:
		return up
	case part, chapter, section:
		return e.label
	case number2, number3:
		// 2.1 carries the 2 of its parent already
		if k := strings.IndexByte(e.label, '.'); parent >= 0 && k > 0 {
			if up == e.label[:k] {
				return e.label
			}
			if strings.HasSuffix(up, "."+e.label[:strings.LastIndexByte(e.label, '.')]) {
				return up + e.label[strings.LastIndexByte(e.label, '.'):]
			}
			if up == e.label[:strings.LastIndexByte(e.label, '.')] {
				return e.label
			}
		}
	}
	if up == "" {
		return e.label
	}
	return up + "." + e.label
}

// headings decides which sections are headings, and reads their topics and the bodies they name.
func (p *page) headings() {
	for i := range p.sections {
		s := &p.sections[i]
		q := p.paras[s.para]
		start := q.start
		if q.enum.kind != noEnum {
			start = q.enum.after
		}
		own := p.headingEnd(start, q.end)
		s.Title = oneLine(strings.TrimRight(p.text[start:min(own, start+cutAt(p.text[start:own], 240))], " :;.,"))
		s.Heading = p.isHeading(i, start, q.end)
		if s.Heading {
			s.topic = p.topicOf(start, own)
			if b, ok := p.unitHeading(start, q.end); ok {
				s.body = p.say(b.start, b.end)
				if s.topic == noTopic {
					s.topic = taskTopic
				}
			}
			p.set(s.para, RoleHeading, "body.heading")
		} else if e := p.label(start, q.end); e > 0 {
			// "Thời gian: từ …", "Kinh phí: …": a labelled item
			if t := p.topicOf(start, e); strings.HasPrefix(strings.TrimLeft(p.text[e:q.end], " "), ":") || t == moneyTopic && !p.taskVerb(e, q.end) || t == timeTopic && e-start > len("thời gian") {
				s.topic = t
			}
		}
		s.Topic = topicNames[s.topic]
	}
}

// label returns the end of the topic that labels an item: "Thời gian: …", "Về tình hình: …"; 0 when there is none.
func (p *page) label(start, end int) int {
	k := start
	if hasWord(p.low, k, "về") {
		k = skipSpaces(p.low, k+len("về"))
	}
	if e, _ := topics.at(p.low, k); e > 0 && e <= end {
		return e
	}
	return 0
}

// cutAt returns n cut back to a character border of s.
func cutAt(s string, n int) int {
	if len(s) <= n {
		return len(s)
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return n
}

// headingEnd returns where the heading part of a paragraph ends: at a colon or the end of the first sentence.
func (p *page) headingEnd(start, end int) int {
	for k := start; k < end; k++ {
		switch p.text[k] {
		case ':':
			return k
		case '.':
			if k+1 >= end || p.text[k+1] == ' ' {
				return k
			}
		}
	}
	return end
}

// isHeading tells a heading from a sentence: capitals, a colon at its end, or a short phrase without a full stop that
// items follow.
func (p *page) isHeading(i, start, end int) bool {
	s := p.sections[i]
	q := p.paras[s.para]
	if start >= end {
		return true
	}
	t := p.text[start:end]
	if capitals(t) {
		return true
	}
	switch q.enum.kind {
	case part, chapter, letters, roman, section:
		if q.enum.kind == roman && s.kids == 0 && strings.HasSuffix(t, ".") && p.startsLikeTask(start, end) && !p.followed(s.para) {
			return false // "II. Treo băng rôn ở trụ sở.": an item with a Roman number
		}
		return !endsClosed(t) || strings.HasSuffix(t, ":") || len(t) < 120
	case article:
		return s.kids > 0 && len(t) < 160 && !strings.HasSuffix(t, ".")
	}
	if len(t) > 420 {
		return false
	}
	if q.enum.kind == bullet && s.kids == 0 {
		if b, ok := p.unitHeading(start, end); ok && strings.HasSuffix(t, ":") && b.end > b.start {
			return p.followed(s.para)
		}
		return false
	}
	followed := s.kids > 0 || p.followed(s.para)
	if !followed {
		return false
	}
	if b, ok := p.unitHeading(start, end); ok && b.end > 0 {
		return true
	}
	if strings.HasSuffix(t, ":") {
		// "2. Công tác tuyên truyền:" heads items; "3. Tổ chức … với các khẩu hiệu:" is a task whose list is its object
		return len(t) < 130 && !sloganWords.has(p.low, start, end)
	}
	if endsClosed(t) {
		return len(t) < 70 && !strings.HasSuffix(t, ";") && (s.kids > 0 || !p.startsWithVerb(start, end) && !p.acts(start, end))
	}
	return len(t) < 160
}

// acts tells whether a body that does something opens the text.
func (p *page) acts(start, end int) bool {
	_, _, ok := p.subject(start, end)
	return ok
}

// followed tells whether plain paragraphs stand below paragraph i before the next mark.
func (p *page) followed(i int) bool {
	return i+1 < p.endBody && i+1 < len(p.paras) && p.paras[i+1].enum.kind == noEnum && !p.paras[i+1].caps && p.paras[i+1].role != RoleRecipients
}

var unitTails = phrases("chịu trách nhiệm|có trách nhiệm|chủ trì|thực hiện|trách nhiệm|chịu trách nhiệm thực hiện|có nhiệm vụ|chủ trì, phối hợp|căn cứ|theo chức năng")
var unitLeads = phrases("đề nghị|giao|trách nhiệm của|yêu cầu|đối với|nhiệm vụ của|đề nghị các|giao cho|trách nhiệm|phân công")

// unitHeading reads a heading that names who is to act: "2. Văn phòng Sở", "Công an tỉnh chịu trách nhiệm:".
func (p *page) unitHeading(start, end int) (body, bool) {
	k := start
	for n := 0; n < 2; n++ {
		if e, _ := unitLeads.at(p.low, k); e > 0 && e < end {
			k = skipSpaces(p.low, e)
		}
	}
	b, ok := p.bodyAt(k, end)
	if !ok || b.class == 3 {
		return b, false
	}
	rest := strings.Trim(p.low[b.end:end], " :.,;-")
	if rest == "" {
		return b, true
	}
	j := skipMarks(p.low, b.end)
	if e, _ := unitTails.at(p.low, j); e > 0 && strings.Trim(p.low[e:end], " :.,;-") == "" {
		return b, true
	}
	if strings.HasPrefix(rest, "(") && strings.HasSuffix(rest, ")") {
		return b, true
	}
	return b, false
}

// taskVerb tells whether a duty verb stands in low[from:to].
func (p *page) taskVerb(from, to int) bool {
	for from < to {
		s, e, tag := bodyVerbs.find(p.low, from, to)
		if s < 0 {
			return false
		}
		if (tag == dutyVerb || tag == orderVerb) && !p.nounContext(s) {
			return true
		}
		from = e
	}
	return false
}
