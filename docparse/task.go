package docparse

import "strings"

// ordering are the verbs by which one body tells another to act.
var ordering = phrases(
	"kính đề nghị|kính mong|trân trọng đề nghị|đề nghị|yêu cầu|giao|giao cho|giao nhiệm vụ cho|giao trách nhiệm cho|phân công|đề nghị đồng chí|lưu ý|đã đề nghị|đã yêu cầu|đã giao", // strong
	"mong|mong muốn|kêu gọi|đòi hỏi", // weak: they count where the text is known to order
	"chỉ đạo|đôn đốc|hướng dẫn",      // what a body does to those below it: an order only when the issuer does it
)

// issuers are bodies whose "chỉ đạo" is an order to others; what a lower body "chỉ đạo" is its own task.
var issuers = phrases("tư lệnh|bộ tư lệnh|giám đốc công an|giám đốc sở|tổng cục trưởng|ubnd tỉnh|ủy ban nhân dân tỉnh|ubnd thành phố|ủy ban nhân dân thành phố|chủ tịch ubnd tỉnh|chủ tịch ủy ban nhân dân tỉnh|chủ tịch ubnd thành phố|phó chủ tịch ubnd tỉnh|thủ tướng|thủ tướng chính phủ|chính phủ|bộ|bộ trưởng|tỉnh ủy|thường trực tỉnh ủy|ban thường vụ tỉnh ủy|thành ủy|ban chỉ đạo|lãnh đạo tỉnh|lãnh đạo ubnd tỉnh|thường trực|phó thủ tướng|ban bí thư|bộ chính trị|lãnh đạo bộ|chủ tịch")

// past are helpers that make a sentence an account of what happened or of what always is.
var past = phrases("đã|vừa|từng|luôn|thường xuyên|đang|vừa qua|trong thời gian qua|thời gian qua|những năm qua|trong những năm|đều|nhờ")

// leadWords show that a sentence before a list announces things to do.
var leadWords = phrases("kết luận|chỉ đạo|ý kiến|ý kiến chỉ đạo|phân công|giao|các việc sau|một số việc|những việc|nội dung|nhiệm vụ|giải pháp|đề nghị|yêu cầu|biện pháp|các việc|công việc|công tác sau|hoạt động|trọng tâm|triển khai|thực hiện")

// leadAgainst show that the list tells something else.
var leadAgainst = phrases("kết quả|dấu hiệu|thủ đoạn|hành vi|quy định như sau|chế độ|điều kiện|nguyên nhân|hồ sơ|đối tượng|nguyên tắc|quyền|số liệu|mục đích|mục tiêu|trường hợp|ý nghĩa|khẩu hiệu|thông điệp|hình thức lừa|cảnh báo|kỹ năng|định nghĩa|khái niệm|các bước|trình tự")

var connectors = phrases("một là|hai là|ba là|bốn là|năm là|sáu là|bảy là|thứ nhất|thứ hai|thứ ba|thứ tư|thứ năm|trước hết|cuối cùng|trong đó|đồng thời|bên cạnh đó|ngoài ra|cùng với đó|theo đó|cụ thể|đặc biệt|trước mắt|mặt khác|song song|song song với đó|cùng lúc|trên cơ sở đó|để đạt mục tiêu trên|qua đó|tiếp đó|thêm vào đó|về phía|riêng|nhất là|hơn nữa|từ đó")

var reportingStarts = phrases("hằng năm|hàng năm|hằng quý|hàng quý|hằng tháng|hàng tháng|trước ngày|chậm nhất|báo cáo|gửi báo cáo|định kỳ báo cáo|tổng hợp báo cáo|tổng hợp, báo cáo|tổng hợp kết quả, báo cáo|tổng hợp kết quả báo cáo|thực hiện chế độ báo cáo|thực hiện chế độ thông tin|thực hiện báo cáo|chế độ báo cáo|định kỳ|thực hiện nghiêm chế độ|kết quả thực hiện|gửi kết quả|chế độ thông tin|tổng hợp kết quả thực hiện|thông tin, báo cáo|thời hạn báo cáo|thời gian báo cáo")

// tasks reads what bodies are told to do.
func (p *page) tasks() {
	if p.pressRelease() {
		return // it tells, whoever issued it
	}
	if invitation, _ := invitations.at(fold(p.doc.KindName.Value), 0); invitation > 0 {
		if p.sharesOut() { // to come is no task, to prepare is
			p.sectionTasks("", noTopic)
		}
		return
	}
	defer p.dropTargets()
	lead, leadTopic := p.leadIn()
	if t := p.leadTask; t.Text != "" && p.doc.Kind != Plan && p.doc.Kind != Report && p.doc.Kind != Proposal {
		p.doc.Tasks = append(p.doc.Tasks, t)
	}
	p.sectionTasks(lead, leadTopic)
	p.tableTasks()
	p.closingTasks()
	if len(p.doc.Tasks) > 0 {
		return
	}
	switch p.doc.Kind {
	case Article, Letter, Other, Order:
		p.proseTasks()
	case Plan:
	}
}

// sharesOut tells whether a heading of the paper shares out work.
func (p *page) sharesOut() bool {
	for _, s := range p.sections {
		if s.Heading && strings.HasPrefix(fold(s.Title), "phân công") {
			return true
		}
	}
	return false
}

// pressRelease tells whether a paper only tells of an event.
func (p *page) pressRelease() bool {
	return strings.HasPrefix(fold(p.doc.KindName.Value), "thông cáo")
}

var invitations = phrases("giấy mời|thư mời|giấy triệu tập")

// dropTargets takes the counts that stand in what a page says is to be done out of the figures: they are targets.
func (p *page) dropTargets() {
	if p.doc.Form != Page || len(p.doc.Tasks) == 0 || len(p.doc.Figures) == 0 {
		return
	}
	kept := p.doc.Figures[:0]
	for _, f := range p.doc.Figures {
		target := false
		for _, t := range p.doc.Tasks {
			target = target || f.Span.Start >= t.Span.Start && f.Span.End <= t.Span.End
		}
		if !target {
			kept = append(kept, f)
		}
	}
	p.doc.Figures = kept
}

// followUp are the verbs by which a closing sentence gives one body a task of its own.
var followUp = phrases("trực tiếp chỉ đạo|chỉ đạo|phụ trách|theo dõi|đôn đốc|kiểm tra|giám sát|chủ trì|làm đầu mối|là cơ quan đầu mối|tham mưu|tổng hợp|hướng dẫn|thanh tra|bố trí|chịu trách nhiệm theo dõi|có trách nhiệm theo dõi|có trách nhiệm đôn đốc|có trách nhiệm hướng dẫn|có trách nhiệm kiểm tra|chịu trách nhiệm đôn đốc|nhắc")

// closingTasks reads the sentences behind the last item that give a body a task: "Giao Công an tỉnh theo dõi, đôn đốc …".
func (p *page) closingTasks() {
	if len(p.sections) == 0 || len(p.doc.Tasks) == 0 || p.doc.Kind == Report || p.doc.Kind == Proposal {
		return
	}
	for j := p.sections[len(p.sections)-1].para + 1; j < p.endBody && j < len(p.paras); j++ {
		q := p.paras[j]
		if q.role == RoleText && p.standsAlone(j) {
			for a := q.start; a < q.end; {
				b := p.clauseEnd(a, p.sentenceEnd(a, q.end))
				k := p.skipLead(a, b)
				if who, verb, ok := p.subject(k, b); ok && !p.reporting(k, b) && !p.narrates(verb, b) {
					p.doc.Tasks = append(p.doc.Tasks, Task{Text: p.say(verb, b), Assignee: who, AssignedBy: "sentence", Mark: Mark{Span{verb, b}, 0.65, "task.behind-list"}})
				}
				a = max(skipSpaces(p.text, b), a+1)
			}
			continue
		}
		if q.role != RoleText || !p.closes(q) {
			continue
		}
		if e, tag := ordering.at(p.low, q.start); p.doc.Form == Page && (e == 0 || tag != 1) {
			continue
		}
		for a := q.start; a < q.end; {
			b := p.sentenceEnd(a, q.end)
			if who, verb, ok := p.subject(a, b); ok && !p.reportsOnly(a, b) && !p.reporting(a, b) {
				if e, _ := followUp.at(p.low, verb); e > 0 && !sameBody(fold(who), fold(p.doc.Issuer.Value)) {
					p.doc.Tasks = append(p.doc.Tasks, Task{Text: p.say(verb, b), Assignee: who, AssignedBy: "sentence", Mark: Mark{Span{verb, b}, 0.7, "task.closing"}})
				}
			}
			a = skipSpaces(p.text, b)
		}
	}
}

// leadIn finds the sentence that announces the list of tasks and says who is to do them.
func (p *page) leadIn() (assignee string, t topic) {
	paper := p.doc.Form == Paper
	first := p.endBody
	if len(p.sections) > 0 {
		first = p.sections[0].para
	}
	switch p.doc.Kind {
	case Letter, Order:
		t = taskTopic
	}
	for i := p.firstBody; i < first && i < len(p.paras); i++ {
		q := p.paras[i]
		if q.role != RoleText {
			continue
		}
		for a := q.start; a < q.end; {
			b := p.sentenceEnd(a, q.end)
			if o, ok := p.order(a, b, true); ok {
				assignee = o.assignee
				if strings.HasSuffix(strings.TrimRight(p.text[a:b], " "), ":") {
					t = taskTopic
					if p.listsContents(o.verb, b) {
						// "tuyên truyền tập trung vào các nội dung:" is the task, the items say what is made known
						end := b
						for end > o.verb && strings.IndexByte(" :", p.text[end-1]) >= 0 {
							end--
						}
						p.leadTask = Task{Text: p.say(o.verb, end), Assignee: o.assignee, AssignedBy: "sentence", Mark: Mark{Span{o.verb, end}, 0.75, "task.lead-in"}}
					}
				}
			}
			a = b
		}
		if strings.HasSuffix(p.of(q), ":") && (i+1 == first || i+2 == first) {
			low := p.low[max(q.start, q.end-220):q.end]
			if announces(low) {
				t = taskTopic
			}
		}
	}
	assignee = p.addressed(assignee)
	if p.leadTask.Text != "" {
		t = noTopic
	}
	switch p.doc.Kind {
	case Plan, Decision, Report, Proposal:
		t = noTopic
	case Other:
		if e, _ := lawTitles.at(fold(p.doc.KindName.Value), 0); e > 0 {
			t = noTopic // legislation gives rules, not tasks
		}
	}
	if !paper && t == taskTopic && assignee == "" && p.doc.Kind == Article && len(p.sections) > 0 {
		// an article: the items must read like orders
		verbs, n := 0, 0
		for _, s := range p.sections {
			if s.Parent >= 0 {
				continue
			}
			n++
			q := p.paras[s.para]
			if p.startsWithVerb(q.enum.after, q.end) || s.Heading || p.acts(q.enum.after, q.end) {
				verbs++
			}
		}
		if verbs*2 < n {
			t = noTopic
		}
	}
	return assignee, t
}

// addressed gives the body that is told to act: who the sentence names, or whom a letter is to where it names nobody or
// says "các đồng chí".
func (p *page) addressed(who string) string {
	switch fold(who) {
	case "", "đồng chí", "các đồng chí":
	default:
		return who
	}
	if p.doc.Kind != Letter || len(p.doc.Addressees) == 0 {
		return who
	}
	var all []string
	for _, f := range p.doc.Addressees {
		all = append(all, f.Value)
	}
	return strings.Join(all, "; ")
}

// makesKnown are the verbs of spreading word.
var makesKnown = phrases("tuyên truyền|truyền thông|phổ biến|thông tin|đăng tải|quán triệt|đẩy mạnh tuyên truyền|tăng cường tuyên truyền|tập trung tuyên truyền|tổ chức tuyên truyền")

// listsContents tells whether an order to spread word announces a list of what to make known: its items do not begin with verbs.
func (p *page) listsContents(verb, b int) bool {
	e, _ := makesKnown.at(p.low, verb)
	if e == 0 || !strings.Contains(p.low[max(verb, b-60):b], "nội dung") {
		return false
	}
	items, acts := 0, 0
	for _, s := range p.sections {
		q := p.paras[s.para]
		if s.Parent >= 0 || q.start < b || q.enum.kind == noEnum {
			continue
		}
		items++
		if p.startsWithVerb(q.enum.after, q.end) || p.acts(q.enum.after, q.end) {
			acts++
		}
	}
	return items > 1 && acts*2 < items
}

// lawTitles are types of legislation and of standing rules.
var lawTitles = phrases("thông tư|thông tư liên tịch|nghị định|luật|pháp lệnh|quy chế|quy định|nghị quyết liên tịch|quy chế phối hợp|bộ luật")

// sectionTasks walks the outline.
func (p *page) sectionTasks(lead string, leadTopic topic) {
	kind := p.doc.Kind
	eff := make([]topic, len(p.sections))
	unit := make([]string, len(p.sections))
	fromSentence := make([]string, len(p.sections))
	for i := range p.sections {
		s := &p.sections[i]
		q := p.paras[s.para]
		up := leadTopic
		if s.Parent >= 0 {
			up = eff[s.Parent]
			unit[i] = unit[s.Parent]
		}
		eff[i] = up
		if s.topic != noTopic {
			eff[i] = s.topic
		}
		if s.topic == requestTopic && kind == Other {
			eff[i] = taskTopic // what an inspection asks of bodies
		}
		if s.body != "" {
			unit[i] = s.body
		}
		start := q.start
		if q.enum.kind != noEnum {
			start = q.enum.after
		}
		if kind == Plan && s.Parent < 0 && s.topic == noTopic && s.Heading && q.enum.kind != bullet && i > 0 {
			eff[i] = taskTopic // a plan's part about a field of work
		}
		if kind == Report || kind == Proposal {
			eff[i] = p.reportTopics(s, up, start, q.end)
		}
		if kind == Article && s.topic == taskTopic && s.Parent < 0 && leadTopic != taskTopic && !p.tellsOfOrder() {
			eff[i] = noTopic
		}
		if q.enum.kind == article {
			p.articleTask(i, eff, unit, start, q.end)
			continue
		}
		if s.Heading {
			if eff[i] == taskTopic {
				p.underHeading(i, unit[i], lead)
			}
			continue
		}
		if eff[i] != taskTopic || start >= q.end {
			continue
		}
		if s.Parent >= 0 {
			up := p.sections[s.Parent]
			uq := p.paras[up.para]
			if !up.Heading && (sloganWords.has(p.low, uq.start, uq.end) || q.enum.kind == bullet && !p.startsLikeTask(start, q.end)) {
				continue
			}
		}
		if s.Parent >= 0 && p.contentHeading(s.Parent) && !p.startsWithVerb(start, q.end) && !p.acts(start, q.end) {
			continue // "Nội dung tuyên truyền" lists what is spoken of
		}
		if !p.isTask(start, q.end) || p.isSlogan(start, q.end) || kind == Report && (hasAt(p.low, start, "đề nghị") || hasAt(p.low, start, "kiến nghị")) {
			continue
		}
		end := p.bodyEnd(i)
		t := Task{Numbering: s.Numbering, Text: p.say(start, end), Mark: Mark{Span{start, end}, 0.9, "task.item"}}
		if who, _, ok := p.subjectBehindLabel(start, q.end); ok {
			t.Assignee, t.AssignedBy = who, "sentence"
			fromSentence[i] = who
		} else if who, _ := p.doneBy(start, q.end); who != "" && !p.startsWithVerb(start, q.end) {
			t.Assignee, t.AssignedBy = who, "sentence"
		} else if s.Parent >= 0 && fromSentence[s.Parent] != "" {
			t.Assignee, t.AssignedBy = fromSentence[s.Parent], "sentence above"
			fromSentence[i] = t.Assignee
		} else if unit[i] != "" {
			t.Assignee, t.AssignedBy = unit[i], "heading"
		} else if lead != "" {
			t.Assignee, t.AssignedBy = lead, "lead-in"
		}
		p.doc.Tasks = append(p.doc.Tasks, t)
	}
}

// contentHeading tells whether a section holds what is to be made known.
func (p *page) contentHeading(i int) bool {
	low := fold(p.sections[i].Title)
	return strings.HasPrefix(low, "nội dung tuyên truyền") || strings.HasPrefix(low, "nội dung truyền thông") || strings.HasPrefix(low, "nội dung phổ biến")
}

// bodyEnd returns where the text of a section's own paragraphs ends: unnumbered paragraphs below an item belong to it.
func (p *page) bodyEnd(i int) int {
	end := p.paras[p.sections[i].para].end
	for j := p.sections[i].para + 1; j < len(p.paras) && j < p.endBody; j++ {
		q := p.paras[j]
		if q.role == RoleRule {
			continue
		}
		if q.role != RoleText || q.caps || p.closes(q) || p.standsAlone(j) {
			break
		}
		end = q.end
	}
	return end
}

// standsAlone tells whether paragraph j, behind the last item of the text, is no part of it: a body of its own acts in it,
// and the item is a bullet or stands on a page, whose writer goes on in prose.
func (p *page) standsAlone(j int) bool {
	if len(p.sections) == 0 {
		return false
	}
	last := p.paras[p.sections[len(p.sections)-1].para]
	q := p.paras[j]
	if j <= p.sections[len(p.sections)-1].para || p.doc.Form != Page && last.enum.kind != bullet || p.doc.Form == Page && !p.tellsOfOrder() {
		return false
	}
	b, ok := p.bodyAt(p.skipLead(q.start, q.end), q.end)
	return ok && b.class < 3 && !b.guess && b.verb < q.end && (b.tag == dutyVerb || hasWord(p.low, b.verb, "là")) && !p.isSpeaker(b) && !p.narrates(b.verb, q.end)
}

// closers open the paragraph that ends a paper.
var closers = phrases("trên đây|nhận được|đề nghị|yêu cầu|căn cứ|trong quá trình|quá trình|trân trọng|kế hoạch này|chỉ thị này|quyết định này|hướng dẫn này|giao|mọi vướng mắc|nếu có vướng mắc|thời gian thực hiện")

// closes tells whether a paragraph ends the list of tasks rather than belonging to its last item.
func (p *page) closes(q para) bool {
	if e, _ := closers.at(p.low, q.start); e > 0 {
		return true
	}
	if b, ok := p.bodyAt(q.start, q.end); ok && b.class < 3 && (b.tag == orderVerb || p.isSpeaker(b)) {
		return true // "Sở … đề nghị các đơn vị …"
	}
	if p.reporting(q.start, q.end) {
		return true
	}
	_, verb, ok := p.subject(q.start, q.end)
	if !ok {
		return false
	}
	e, _ := followUp.at(p.low, verb)
	return e > 0 && q.blank
}

// underHeading takes plain paragraphs below a heading as tasks: "2. Văn phòng Sở" + "Phối hợp đăng tải …".
func (p *page) underHeading(i int, unit, lead string) {
	s := p.sections[i]
	for j := s.para + 1; j < len(p.paras) && j < p.endBody; j++ {
		q := p.paras[j]
		if q.role == RoleRule {
			continue
		}
		if q.role == RoleCaption {
			continue
		}
		if q.role != RoleText || q.enum.kind != noEnum {
			break
		}
		t := p.of(q)
		if s.kids > 0 && (strings.HasSuffix(t, ":") || !p.startsWithVerb(q.start, q.end)) || p.closes(q) && (unit == "" || p.closesEmpty(q)) {
			continue
		}
		if p.standsAlone(j) || !p.isTask(q.start, q.end) || caption(p.lowOf(q)) || !p.startsLikeTask(q.start, q.end) {
			continue
		}
		task := Task{Numbering: s.Numbering, Text: p.say(q.start, q.end), Mark: Mark{Span{q.start, q.end}, 0.85, "task.under-heading"}}
		if who, _, ok := p.subject(q.start, q.end); ok {
			task.Assignee, task.AssignedBy = who, "sentence"
		} else if unit != "" {
			task.Assignee, task.AssignedBy = unit, "heading"
		} else if lead != "" {
			task.Assignee, task.AssignedBy = lead, "lead-in"
		}
		p.doc.Tasks = append(p.doc.Tasks, task)
	}
}

// closesEmpty tells whether a closing paragraph only says to carry the paper out: "Yêu cầu các đơn vị nghiêm túc thực hiện."
func (p *page) closesEmpty(q para) bool {
	_, verb, ok := p.subject(q.start, q.end)
	return ok && p.saysNothing(verb, q.end)
}

var captionWords = pieces("(ảnh", "ảnh:", "ảnh minh họa", "nguồn ảnh", "(nguồn", "(hình")

func caption(low string) bool {
	return len(low) < 260 && captionWords.in(low) || strings.HasPrefix(low, "ảnh") && len(low) < 160
}

// articleTask reads "Điều 2. Sở … chủ trì, …" of a decision. The article that puts the decision into force and the one
// that names who carries it out are no tasks.
func (p *page) articleTask(i int, eff []topic, unit []string, start, end int) {
	s := &p.sections[i]
	eff[i] = noTopic
	who, verb, ok := p.subject(start, end)
	if ok {
		unit[i] = who
	}
	if s.kids > 0 && ok && p.saysNothing(verb, end) { // "Tổ công tác có nhiệm vụ" above its tasks
		eff[i] = taskTopic
		return
	}
	if s.kids > 0 && (ok || p.topicOf(start, p.headingEnd(start, end)) == taskTopic) {
		eff[i] = taskTopic
		if !ok || strings.HasSuffix(strings.TrimRight(p.text[start:end], " "), ":") {
			return
		}
	}
	if !ok || p.carriesOut(verb, end) {
		p.articleParagraphs(i)
		return
	}
	p.doc.Tasks = append(p.doc.Tasks, Task{Numbering: s.Numbering, Text: p.say(verb, end), Assignee: who, AssignedBy: "sentence",
		Mark: Mark{Span{verb, end}, 0.9, "task.article"}})
}

// articleParagraphs reads orders that stand in further paragraphs of an article: "Điều 2. … có hiệu lực từ ngày ký. | Giao
// Sở … theo dõi …".
func (p *page) articleParagraphs(i int) {
	s := &p.sections[i]
	for j := s.para + 1; j < len(p.paras) && j < p.endBody; j++ {
		q := p.paras[j]
		if q.role != RoleText || q.caps {
			return
		}
		if e, tag := ordering.at(p.low, q.start); e == 0 || tag != 1 {
			continue
		}
		if who, verb, ok := p.subject(q.start, q.end); ok && !p.carriesOut(verb, q.end) && !p.reporting(q.start, q.end) {
			p.doc.Tasks = append(p.doc.Tasks, Task{Numbering: s.Numbering, Text: p.say(verb, q.end), Assignee: who, AssignedBy: "sentence",
				Mark: Mark{Span{verb, q.end}, 0.8, "task.article-paragraph"}})
		}
	}
}

// carriesOut recognises the closing article: "… chịu trách nhiệm thi hành Quyết định này".
func (p *page) carriesOut(verb, end int) bool {
	low := window(p.low, verb, end, 200)
	return strings.Contains(low, "thi hành quyết định") || strings.Contains(low, "thi hành ./.") || strings.HasPrefix(low, "thi hành") || strings.Contains(low, "thực hiện quyết định này") || strings.Contains(low, "quyết định này thi hành") ||
		strings.Contains(low, "căn cứ quyết định") || strings.Contains(low, "thi hành chỉ thị") || strings.Contains(low, "chịu trách nhiệm thi hành")
}

// reportTopics keeps to the tasks of a report: what it announces for the time ahead.
func (p *page) reportTopics(s *Section, up topic, start, end int) topic {
	if s.Heading && s.topic != noTopic {
		low := window(p.low, start, end, 160)
		if (strings.HasPrefix(low, "nhiệm vụ") || strings.HasPrefix(low, "kế hoạch") || strings.HasPrefix(low, "chương trình công tác") || strings.Contains(low, "phương hướng") || strings.Contains(low, "nhiệm vụ trọng tâm") || strings.Contains(low, "thời gian tới") || strings.Contains(low, "nhiệm vụ, giải pháp") || strings.Contains(low, "nhiệm vụ công tác")) && !strings.Contains(low, "kết quả") && !strings.Contains(low, "tình hình") && !strings.Contains(low, "việc thực hiện") {
			return taskTopic
		}
		if s.Parent < 0 {
			return stateTopic
		}
	}
	if up == taskTopic && s.topic != stateTopic {
		return taskTopic
	}
	return stateTopic
}

// nounStarts open an item that tells a time, a target or a state rather than something to do.
var nounStarts = phrases("luật|bộ luật|công ước|hiến pháp|nghị định|thông tư|tổng đài|đường dây nóng|thời gian|địa điểm|thành phần|đối tượng|kinh phí|nguồn kinh phí|hình thức|phương thức|nội dung|chủ đề|thông điệp|khẩu hiệu|mục tiêu|mục đích|yêu cầu|số lượng|tháng|ngày|đợt|đợt cao điểm|lễ|cuộc thi|hội thi|mỗi|những|số|tỷ lệ|tình hình|việc|quy mô|tài liệu|cơ cấu|giải thưởng|tên gọi|phạm vi|điều kiện|thời hạn|tổng|trung bình|chỉ tiêu|kết quả|tiêu chí|kế hoạch này|công tác này|thể lệ|sản phẩm|đơn vị tổ chức|ban tổ chức|quy định|đến năm|đến hết|đến cuối|một số|nguyên tắc|thực trạng|hạn chế|tồn tại|nguyên nhân|văn bản|tháng hành động|tuần lễ|phần thưởng|dự kiến|trên|hơn|gần|từ")

// isSlogan tells whether an item is one of the slogans read.
func (p *page) isSlogan(start, end int) bool {
	for _, s := range p.doc.Slogans {
		if s.Span.Start <= start+4 && s.Span.End >= end-4 && s.Span.Start < end {
			return true
		}
	}
	return false
}

// agreements open an item in which those who meet agree or praise: nothing to do.
var agreements = phrases("thống nhất đánh giá|thống nhất với|thống nhất nội dung|thống nhất chủ trương|cơ bản thống nhất|cơ bản nhất trí|nhất trí|đồng ý|ghi nhận|biểu dương|đánh giá cao|hoan nghênh|thống nhất như")

// isTask filters what stands in a part of tasks without being one.
func (p *page) isTask(start, end int) bool {
	low := p.low[start:end]
	if b := p.sentenceEnd(start, end); b > start && p.text[b-1] == '?' {
		return false // a letter that answers questions
	}
	if e, _ := agreements.at(p.low, start); e > 0 && p.doc.Kind == Other {
		return false
	}
	if hasWord(p.low, start, "phấn đấu") && strings.IndexByte(low, '%') > 0 {
		return false // a target
	}
	if strings.HasPrefix(low, "“") || strings.HasPrefix(low, `"`) || isDigit(low[0]) {
		return false
	}
	if p.reporting(start, end) {
		return false
	}
	if p.startsWithVerb(start, end) {
		return true
	}
	if _, _, ok := p.subject(start, end); ok {
		return true
	}
	if who, _ := p.doneBy(start, end); who != "" {
		return true
	}
	if e, _ := nounStarts.at(p.low, start); e > 0 && e <= end && !p.everyTime(start) {
		if hasWord(p.low, start, "mỗi") {
			near := window(p.low, e, end, 60)
			return !targetWords.has(near, 0, len(near)) // "Mỗi xã một công trình cho trẻ"
		}
		// "Nội dung tuyên truyền phải dễ hiểu": a noun is told to do something only by phải, cần
		near := window(p.low, e, end, 120)
		return mustWords.has(near, 0, len(near)) && !targetWords.has(low[:min(len(low), 160)], 0, min(len(low), 160))
	}
	if h, class := p.headAt(start); h > 0 && class < 3 && strings.Count(low, " ") < 10 {
		return p.taskVerb(start, min(end, start+500)) // a body that does nothing is told nothing
	}
	return p.taskVerb(start, min(end, start+500)) || upperAt(p.text, start) && strings.Count(p.text[start:end], " ") > 3
}

// doneBy reads who does what a noun names: "Lễ phát động do Sở … chủ trì tổ chức".
func (p *page) doneBy(start, end int) (who string, verb int) {
	for k := start; k < min(end, start+140); {
		if !hasWord(p.low, k, "do") {
			n := wordEnd(p.low, k)
			if n == k {
				n++
			}
			k = n
			continue
		}
		if b, ok := p.bodyAt(skipSpaces(p.low, k+len("do")), end); ok && b.class < 3 && b.tag == dutyVerb && b.verb < end {
			return p.say(b.start, b.end), b.verb
		}
		return "", 0
	}
	return "", 0
}

// everyTime recognises "mỗi quý", "mỗi khi": a time, not a target.
func (p *page) everyTime(k int) bool {
	if !hasWord(p.low, k, "mỗi") {
		return false
	}
	j := skipSpaces(p.low, k+len("mỗi"))
	for _, w := range []string{"quý", "năm", "tháng", "tuần", "ngày", "khi", "lần", "dịp", "kỳ"} {
		if hasWord(p.low, j, w) {
			return true
		}
	}
	return false
}

var mustWords = phrases("phải|cần")

// reporting tells whether an item is a reporting duty: the first thing its body is to do is to report.
func (p *page) reporting(start, end int) bool {
	k := start
	if _, verb, ok := p.subject(start, end); ok {
		k = verb
	}
	if e, _ := reportingStarts.at(p.low, k); e > 0 && e <= end {
		low := p.low[k:end]
		switch {
		case strings.HasPrefix(low, "định kỳ"), strings.HasPrefix(low, "hằng"), strings.HasPrefix(low, "hàng"), strings.HasPrefix(low, "trước"), strings.HasPrefix(low, "chậm nhất"):
			s, e, tag := bodyVerbs.find(p.low, k+len("trước"), end)
			for s >= 0 && tag != dutyVerb && tag != orderVerb {
				s, e, tag = bodyVerbs.find(p.low, e, end)
			}
			return s >= 0 && p.reportVerb(s, end)
		case strings.HasPrefix(low, "kết quả thực hiện"):
			return strings.Contains(low, "báo cáo")
		}
		return !strings.HasPrefix(low, "báo cáo viên")
	}
	return p.reportVerb(k, end)
}

// reportVerb tells whether the verb at k with its object means to report.
func (p *page) reportVerb(k, end int) bool {
	for _, w := range []string{"gửi", "tổng hợp", "xây dựng", "lập", "hoàn thành", "có", "làm", "viết", "tổng kết", "sơ kết", "đánh giá", "rút kinh nghiệm", "hoàn thiện", "tham mưu", "chuẩn bị", "là đầu mối", "là đơn vị đầu mối", "là cơ quan đầu mối", "nộp", "chịu trách nhiệm", "có trách nhiệm", "tham mưu xây dựng"} {
		if !hasWord(p.low, k, w) {
			continue
		}
		near := window(p.low, k, end, 90)
		near = near[:cutAt(near, 88)]
		r := strings.Index(near, "báo cáo")
		if r < 0 {
			return w == "gửi" && (strings.Contains(near, "kết quả") || strings.Contains(near, "số liệu"))
		}
		if c := strings.IndexByte(near[:r], ','); c > 0 && makes[w] {
			return false // "xây dựng kế hoạch, báo cáo kết quả": the plan is a thing to make
		}
		if strings.HasPrefix(near[r:], "báo cáo viên") || strings.ContainsAny(near[:r], ";.") {
			return false
		}
		// nothing else may be done between the verb and the report
		for a := k + len(w); a < k+r; {
			s, e, tag := bodyVerbs.find(p.low, a, k+r)
			if s < 0 {
				break
			}
			if _, ok := reportParts[p.low[s:e]]; !ok && (tag == dutyVerb || tag == orderVerb) {
				return false
			}
			a = e
		}
		return true
	}
	return hasWord(p.low, k, "báo cáo") && !hasAt(p.low, k, "báo cáo viên")
}

// makes are the verbs of reportVerb whose object may be another thing than a report.
var makes = map[string]bool{"xây dựng": true, "lập": true, "có": true, "làm": true, "viết": true, "hoàn thiện": true, "chuẩn bị": true}

// reportParts are verbs that stand within the making of a report.
var reportParts = map[string]bool{"tổng hợp": true, "gửi": true, "đánh giá": true, "thực hiện": true, "triển khai": true, "xây dựng": true, "tham mưu": true, "tổ chức": true, "hưởng ứng": true, "thống kê": true, "lập": true, "sơ kết": true, "tổng kết": true}

// startsWithVerb tells whether a sentence opens with a verb of duty.
func (p *page) startsWithVerb(start, end int) bool {
	if e, _ := nounPhrases.at(p.low, start); e > 0 && !hasAt(p.low, start, "cấp") && !hasAt(p.low, start, "quản lý nhà nước") {
		return false
	}
	e, tag := bodyVerbs.at(p.low, start)
	if hasWord(p.low, start, "báo") && e == start+len("báo") && upperAt(p.text, skipSpaces(p.text, e)) {
		if h, _ := p.headAt(skipSpaces(p.text, e)); h == 0 {
			return false // "Báo Sơn La" is a paper; "Báo Công an xã" tells what to do
		}
	}
	return e > 0 && e <= end && (tag == dutyVerb || tag == orderVerb)
}

// startsLikeTask tells whether a sentence opens with a verb of duty, or with a body that acts.
func (p *page) startsLikeTask(start, end int) bool {
	if p.startsWithVerb(start, end) {
		return true
	}
	_, _, ok := p.subject(start, end)
	if ok {
		return true
	}
	// an adverb or a clause before the verb: "Kịp thời …", "Thông qua …, tổ chức …", "Trên cơ sở …"
	return p.taskVerb(start, min(end, start+240))
}

// subjectBehindLabel reads the subject of an item, behind its label if it has one: "Công tác đấu tranh: Công an tỉnh lập …".
func (p *page) subjectBehindLabel(start, end int) (who string, verb int, ok bool) {
	if who, verb, ok = p.subject(start, end); ok {
		return
	}
	if c := strings.IndexByte(window(p.text, start, end, 90), ':'); c > 0 && strings.IndexByte(p.text[start:start+c], '.') < 0 {
		if k := skipSpaces(p.text, start+c+1); k < end && upperAt(p.text, k) {
			return p.subject(k, end)
		}
	}
	return
}

var persons = phrases("thầy|cô|thầy giáo|cô giáo|ông|bà|đ/c|đồng chí|anh|chị|bác sĩ")

// subject reads "[Đề nghị|Giao] <body> [cần|có trách nhiệm] <verb> …": who is told to act, and where the verb begins.
func (p *page) subject(start, end int) (who string, verb int, ok bool) {
	k := start
	ordered := false
	for n := 0; n < 2; n++ {
		e, tag := ordering.at(p.low, k)
		if e == 0 || tag != 1 || e >= end {
			break
		}
		k = skipSpaces(p.low, e)
		ordered = true
	}
	if hasWord(p.low, k, "đối với") {
		k = skipSpaces(p.low, k+len("đối với"))
	}
	if e, _ := persons.at(p.low, k); e > 0 && upperAt(p.text, skipSpaces(p.text, e)) {
		if c := strings.IndexByte(window(p.text, k, end, 80), ':'); c > 0 && k+c+1 < end && strings.IndexByte(p.text[k:k+c], '.') < 0 {
			return p.say(k, k+c), skipSpaces(p.low, k+c+1), true // "Thầy Rơ Châm Hyê: âm thanh, ánh sáng"
		}
	}
	b, found := p.bodyAt(k, end)
	if !found || b.class == 3 && !ordered {
		return "", 0, false
	}
	v := b.verb
	switch b.tag {
	case 0:
		if v >= end || p.low[v] != ':' {
			return "", 0, false
		}
		v = skipSpaces(p.low, v+1)
		if v >= end {
			return "", 0, false
		}
	case helperVerb:
		if past.has(p.low, v, wordEnd(p.low, v)) && !ordered {
			return "", 0, false
		}
		if w := p.helperSkip(v, end); w > 0 {
			v = w
		} else if !ordered {
			return "", 0, false
		}
	case adverbial:
		if !ordered && !p.taskVerb(v, min(end, v+300)) {
			return "", 0, false
		}
	}
	return p.say(b.start, b.end), v, true
}

// helperSkip steps over cần, phải, cũng to the verb of duty; 0 when none follows.
func (p *page) helperSkip(v, end int) int {
	for n := 0; n < 4 && v < end; n++ {
		if hasAt(p.low, v, "là cơ quan") || hasAt(p.low, v, "là đơn vị") || hasAt(p.low, v, "là đầu mối") || hasAt(p.low, v, "là thường trực") {
			return v
		}
		if hasAt(p.low, v, "được giao") || hasAt(p.low, v, "được phân công") || hasAt(p.low, v, "được yêu cầu") || hasAt(p.low, v, "được đề nghị") {
			return v
		}
		e, tag := bodyVerbs.at(p.low, v)
		if e == 0 {
			return 0
		}
		if tag == dutyVerb || tag == orderVerb {
			return v
		}
		switch {
		case tag == adverbial:
			return v
		case hasWord(p.low, v, "cần"), hasWord(p.low, v, "phải"), hasWord(p.low, v, "cũng"), hasWord(p.low, v, "nên"), hasWord(p.low, v, "vẫn"), hasWord(p.low, v, "hãy"), hasWord(p.low, v, "đồng loạt"), hasWord(p.low, v, "đồng thời"), hasWord(p.low, v, "sẽ") && p.doc.Form == Page && p.orders == 2:
			v = skipSpaces(p.low, e)
		default:
			return 0
		}
	}
	return 0
}

// orderFound is an order read from running text.
type orderFound struct {
	assignee string
	verb     int
	class    int
	strong   bool
}

// order finds "<body> đề nghị|yêu cầu|giao <body> <verb> …" in one sentence. With open, an order whose list follows in
// the next paragraphs ("… thực hiện một số nội dung sau:") counts too.
func (p *page) order(a, b int, open bool) (orderFound, bool) {
	for i := a; i < b; {
		if ok, w := letterAt(p.low, i); !ok {
			i += max(w, 1)
			continue
		}
		e, tag := ordering.at(p.low, i)
		if e == 0 {
			i = wordEnd(p.low, i)
			continue
		}
		if p.nounContext(i) || hasAt(p.low, i, "chỉ đạo của") || hasAt(p.low, i, "yêu cầu của") || hasAt(p.low, i, "đề nghị của") {
			i = e
			continue
		}
		if tag == 1 && hasAt(p.low, i, "đã ") || past.has(p.low, a, i) && p.doc.Kind == Article && !p.doneByPaper(a, i) {
			i = e
			continue
		}
		k := skipSpaces(p.low, e)
		if k < b && p.low[k] == ':' { // "… và đề nghị: các xã biên giới củng cố …; Đồn Biên phòng …"
			k = skipSpaces(p.low, k+1)
		}
		for _, w := range []string{"cho", "đồng chí"} {
			if hasWord(p.low, k, w) {
				k = skipSpaces(p.low, k+len(w))
			}
		}
		bd, ok := p.bodyAt(k, b)
		if !ok {
			i = e
			continue
		}
		o := orderFound{p.say(bd.start, bd.end), bd.verb, bd.class, tag == 1 || tag == 3 && p.subjectAt(a, i)}
		switch bd.tag {
		case 0:
			if bd.verb >= b || p.low[bd.verb] != ':' {
				i = e
				continue
			}
			o.verb = skipSpaces(p.low, bd.verb+1)
			if o.verb >= b && !open {
				i = e
				continue
			}
		case helperVerb:
			if w := p.helperSkip(bd.verb, b); w > 0 {
				o.verb = w
			} else {
				i = e
				continue
			}
		}
		if tag >= 2 && !p.subjectBefore(a, i, tag == 3 && !(open && p.doc.Form == Paper)) {
			i = e
			continue
		}
		return o, true
	}
	return orderFound{}, false
}

// subjectAt tells whether the sentence opens with an issuing body whose verb stands at i and nowhere later: "UBND tỉnh chỉ đạo".
func (p *page) subjectAt(a, i int) bool {
	k := p.skipLead(a, p.paraEnd(i))
	if k >= i {
		return false
	}
	b, ok := p.bodyAt(k, p.paraEnd(i))
	return ok && p.isIssuer(k, b.end) && b.class < 3 && b.verb == i
}

// isIssuer tells whether the body at k orders others by its place, and not a lower one of the same kind: "Chủ tịch UBND
// tỉnh", but not "Chủ tịch UBND các huyện".
func (p *page) isIssuer(k, end int) bool {
	if e, _ := issuers.at(p.low, k); e == 0 {
		return false
	}
	for _, w := range []string{"các huyện", "các xã", "cấp huyện", "cấp xã", "huyện, ", "xã, ", "các quận", "các phường", "các tỉnh"} {
		if strings.Contains(p.low[k:end], w) {
			return false
		}
	}
	return true
}

// doneByPaper tells whether the past in low[a:i] only says that the paper which orders was issued.
func (p *page) doneByPaper(a, i int) bool {
	s, e, _ := past.last(p.low, a, i)
	if s < 0 {
		return false
	}
	v, _ := issuingVerbs.at(p.low, skipSpaces(p.low, e))
	v2, _ := issuingVerbs.at(p.low, s)
	return v > 0 || v2 > 0
}

// subjectBefore tells whether the sentence opens with the body whose verb stands at i.
func (p *page) subjectBefore(a, i int, issuer bool) bool {
	k := p.skipLead(a, p.paraEnd(i))
	if k >= i {
		return false
	}
	b, ok := p.bodyAt(k, p.paraEnd(i))
	if issuer && !p.isIssuer(k, b.end) {
		return false
	}
	return ok && b.class < 3 && b.verb >= i
}

// skipLead steps over "Trong đó, ", "Nhân ngày này, ", "Căn cứ …, " to the subject.
func (p *page) skipLead(a, b int) int {
	k := a
	for k < b && (p.low[k] == ' ' || p.low[k] == '-' || p.low[k] == '+') {
		k++
	}
	for n := 0; n < 3; n++ {
		if e, _ := connectors.at(p.low, k); e > 0 && e < b {
			k = skipSpaces(p.low, e)
			if k < b && (p.low[k] == ',' || p.low[k] == ':') {
				k = skipSpaces(p.low, k+1)
			}
			continue
		}
		break
	}
	if k >= b {
		return k
	}
	if e, _ := nameTitles.at(p.low, k); e > 0 && e < b { // "Trung tướng Tư lệnh … chỉ đạo"
		if h, class := p.headAt(skipSpaces(p.low, e)); h > 0 && class == 2 {
			k = skipSpaces(p.low, e)
		}
	}
	if c := strings.IndexByte(window(p.text, k, b, 50), ':'); c > 0 && hasWord(p.low, k, "về") { // "Về phân công: Công an tỉnh …"
		if j := skipSpaces(p.low, k+c+1); j < b {
			if h, class := p.headAt(j); h > 0 && class < 3 {
				return j
			}
		}
	}
	if e, _ := papers.at(p.low, k); e > 0 { // "Chỉ thị nêu: các cấp ủy …", "Công văn yêu cầu rõ: …"
		if c := strings.IndexByte(window(p.low, k, b, 90), ':'); c > 0 && saysWords.has(p.low, e, k+c) {
			if j := skipSpaces(p.low, k+c+1); j < b {
				if h, class := p.headAt(j); h > 0 && class < 3 {
					return j
				}
			}
		}
	}
	if e, _ := p.headAt(k); e > 0 {
		return k
	}
	if e, _ := introWords.at(p.low, k); e > 0 {
		// the clause ends at a comma that a body follows
		for j := e; j < b; j++ {
			if p.low[j] != ',' && p.low[j] != ';' {
				continue
			}
			if past.has(p.low, e, j) && p.low[j] == ',' {
				break // the clause has a subject and verb of its own
			}
			m := skipSpaces(p.low, j+1)
			if h, class := p.headAt(m); h > 0 && class < 3 && m < b && (upperAt(p.text, m) || genericHead(p.low, m)) {
				if bd, ok := p.bodyAt(m, b); ok && bd.tag != 0 && bd.verb < b && !bd.guess {
					if c := strings.LastIndexByte(p.low[k:j], ','); bd.tag != orderVerb && strings.Contains(p.low[k+max(c, 0):j], "để ") {
						continue // "để các cấp, các ngành hiểu rõ hơn": the purpose has a subject of its own
					}
					return m
				}
			}
		}
	}
	return k
}

var genericHeads = phrases("trường học|các trường|các|những|mỗi|cơ quan|đơn vị|địa phương|cấp ủy|chính quyền|nhà trường|lực lượng|ngành|đoàn viên|chi hội|hội viên|giáo viên|cán bộ|thủ trưởng")

// genericHead tells whether bodies in general are named at k, which are written small.
func genericHead(low string, k int) bool {
	e, _ := genericHeads.at(low, k)
	return e > 0
}

var saysWords = phrases("nêu|nêu rõ|ghi rõ|chỉ rõ|quy định|quy định rõ|yêu cầu|đề nghị|nhấn mạnh|xác định")

var introWords = phrases("nhân|để|nhằm|theo|trên cơ sở|thực hiện|căn cứ|tại|nhân dịp|hưởng ứng|với|qua|từ|ngày|năm|trong|trước|triển khai|về|sau|dựa vào|chiều|sáng")

// tellsOfOrder tells whether an article is about a paper that orders: it cites one near its top, orders itself, or says
// nothing but what bodies are to do.
func (p *page) tellsOfOrder() bool {
	if p.orders == 0 { // asked for each section: once is enough
		p.orders = 1
		if p.findOrder() {
			p.orders = 2
		}
	}
	return p.orders == 2
}

func (p *page) findOrder() bool {
	for _, c := range p.doc.Citations {
		switch c.Kind {
		case "ke_hoach", "cong_van", "chi_thi", "cong_dien", "huong_dan":
			if q := p.paraAt(c.Span.Start); q != nil && c.Span.Start < p.bodyStart()+1600 {
				return true
			}
		}
	}
	if p.issuesPaper() {
		return true
	}
	plain, all := 0, 0
	for i := p.firstBody; i < p.endBody && i < len(p.paras); i++ {
		q := p.paras[i]
		if q.role != RoleText && q.role != RoleItem {
			continue
		}
		for a := q.start; a < q.end; {
			b := p.sentenceEnd(a, q.end)
			if o, ok := p.order(a, b, true); ok && (o.strong && o.class < 3 || p.low[o.verb-1] == ':') {
				return true
			}
			if strings.Contains(p.low[a:b], "được yêu cầu ") || strings.Contains(p.low[a:b], "được giao ") {
				return true
			}
			if b-a > 60 {
				all++
				if p.plainDuty(a, b) {
					if e, _ := contentLeads.at(p.low, skipSpaces(p.low, a)); e > 0 {
						return true // what follows "Theo đó" is what the paper spoken of says
					}
					plain++
				}
			}
			a = b
		}
	}
	return plain > 1 && plain*5 >= all*3 && !p.aboutLaw()
}

// orderPapers are the kinds of papers that tell bodies what to do.
var orderPapers = phrases("kế hoạch|công văn|văn bản|chỉ thị|công điện|hướng dẫn|chương trình hành động|văn bản chỉ đạo|chương trình")

// issuesPaper tells whether the top of a page says that a body issued a paper, its number not given: "Ban Chỉ đạo 138/CP vừa
// ban hành Kế hoạch …".
func (p *page) issuesPaper() bool {
	for i := 0; i < len(p.paras) && i < p.firstBody+4; i++ {
		q := p.paras[i]
		if q.role != RoleText && q.role != RoleHeadline {
			continue
		}
		for k := q.start; k < q.end; {
			s, e, _ := issuingVerbs.find(p.low, k, q.end)
			if s < 0 {
				break
			}
			if v, _ := orderPapers.at(p.low, skipSpaces(p.low, e)); v > 0 && v < q.end && !p.nounContext(s) {
				return true
			}
			k = e
		}
	}
	return false
}

// contentLeads open a sentence that gives what a paper says.
var contentLeads = phrases("theo đó|cụ thể|theo kế hoạch|theo công văn|theo văn bản|theo chỉ thị|theo công điện|theo hướng dẫn|theo yêu cầu|theo chỉ đạo|theo quyết định|theo thông báo|theo nội dung")

// plainDuty tells whether a sentence says what bodies in general do, with no sign of time or count: the mood of an order.
func (p *page) plainDuty(a, b int) bool {
	k := p.skipLead(a, b)
	bd, ok := p.bodyAt(k, b)
	if !ok || bd.class > 2 || bd.guess || bd.verb >= b || bd.tag != dutyVerb && bd.tag != orderVerb && bd.tag != adverbial {
		return false
	}
	return !past.has(p.low, a, bd.verb) && !hasWord(p.low, bd.verb, "là") && !strings.Contains(p.low[bd.verb:b], " đã ") && !p.narrates(bd.verb, b) && p.taskVerb(bd.verb, min(b, bd.verb+200))
}

func (p *page) bodyStart() int {
	if p.firstBody < len(p.paras) {
		return p.paras[p.firstBody].start
	}
	return 0
}

// sentenceMarks are the bytes at which sentenceEnd looks closer.
var sentenceMarks = [256]bool{'(': true, ')': true, 0xE2: true, '.': true, '!': true, '?': true}

// sentenceEnd returns the end of the sentence that begins at a, mark included.
func (p *page) sentenceEnd(a, limit int) int {
	depth := 0
	for k := a; k < limit; k++ {
		if !sentenceMarks[p.text[k]] {
			continue
		}
		switch c := p.text[k]; c {
		case '(':
			depth++
		case ')':
			depth--
		case 0xE2:
			if hasAt(p.text, k, "“") {
				depth++
			} else if hasAt(p.text, k, "”") {
				depth--
			} else if hasAt(p.text, k, "…") && depth <= 0 && k+4 < limit && p.text[k+3] == ' ' && upperAt(p.text, k+4) {
				return k + 3
			}
		case '.', '!', '?':
			if k+1 >= limit {
				return limit
			}
			if p.text[k+1] != ' ' {
				continue
			}
			if depth > 0 && k-a < 1500 {
				continue
			}
			j := skipSpaces(p.text, k+1)
			if j < limit && (lowerAt(p.text, j)) {
				continue
			}
			if w := k; w >= 2 && (hasAt(p.low, w-2, "tp") || hasAt(p.low, w-2, "gs") || hasAt(p.low, w-2, "ts")) && (w < 3 || !letterBefore(p.low, w-2)) {
				continue
			}
			return k + 1
		}
	}
	return limit
}

// proseTasks reads orders from running text. A sentence without a subject behind an order, in the same paragraph,
// carries the order on; paragraphs below "các đơn vị cần:" that open with a verb are what those bodies are to do.
func (p *page) proseTasks() {
	context := p.doc.Kind != Article || p.tellsOfOrder()
	lead, open := "", false
	for i := p.firstBody; i < p.endBody && i < len(p.paras); i++ {
		q := p.paras[i]
		if q.role != RoleText && q.role != RoleItem || q.front || caption(p.lowOf(q)) {
			continue
		}
		current := -1
		start := q.start
		if q.enum.kind != noEnum {
			start = q.enum.after
		}
		if open && start < q.end {
			// "Kế hoạch phân công cụ thể:" above "Công an tỉnh: Là cơ quan thường trực, …"
			if who, verb, ok := p.subject(start, q.end); ok && verb > start && strings.HasSuffix(strings.TrimRight(p.text[start:verb], " "), ":") && !p.reporting(verb, q.end) {
				p.doc.Tasks = append(p.doc.Tasks, Task{Text: p.say(verb, q.end), Assignee: who, AssignedBy: "sentence", Mark: Mark{Span{verb, q.end}, 0.75, "task.below-lead"}})
				continue
			}
			if e, _ := ordinals.at(p.low, start); e > 0 { // "Thứ hai, Đảng ủy Công an tỉnh lãnh đạo …"
				k := p.skipLead(start, q.end)
				who, verb, ok := p.subject(k, q.end)
				by := "sentence"
				if !ok && p.startsWithVerb(k, q.end) {
					who, verb, ok, by = lead, k, true, "lead-in"
				}
				if ok && !p.reporting(k, q.end) {
					p.doc.Tasks = append(p.doc.Tasks, Task{Text: p.say(verb, q.end), Assignee: who, AssignedBy: by, Mark: Mark{Span{verb, q.end}, 0.75, "task.ordinal-below-lead"}})
					continue
				}
			}
			if e, _ := ordering.at(p.low, start); e == 0 && p.startsWithVerb(start, q.end) && !p.reporting(start, q.end) && !strings.HasSuffix(p.of(q), ":") {
				p.doc.Tasks = append(p.doc.Tasks, Task{Text: p.say(start, q.end), Assignee: lead, AssignedBy: "lead-in", Mark: Mark{Span{start, q.end}, 0.75, "task.below-lead"}})
				continue
			}
			open = false
		}
		if who, verb, ok := p.unitColon(start, q.end); ok && context && p.doc.Form == Page {
			p.doc.Tasks = append(p.doc.Tasks, Task{Text: p.say(verb, q.end), Assignee: who, AssignedBy: "sentence", Mark: Mark{Span{verb, q.end}, 0.7, "task.unit-colon"}})
			continue
		}
		ordered := false // a clause of the sentence before ordered
		for a := start; a < q.end; {
			end := p.sentenceEnd(a, q.end)
			b := p.clauseEnd(a, end)
			if t, ok := p.proseTask(a, b, context || ordered); ok {
				ordered = b < end
				if current >= 0 && t.class == 3 {
					p.extend(current, b)
				} else if !p.generalLead(b, q.end) {
					p.doc.Tasks = append(p.doc.Tasks, t.Task)
					current = len(p.doc.Tasks) - 1
				}
			} else if current >= 0 {
				k := p.skipLead(a, b)
				if p.startsWithVerb(k, b) || p.helperSkip(k, b) > 0 || hasAt(p.low, k, "đối với") {
					if !p.reporting(k, b) {
						p.extend(current, b)
					}
				}
			}
			if b == end {
				ordered = false
			}
			a = skipSpaces(p.text, b)
		}
		if strings.HasSuffix(p.of(q), ":") && context {
			lead, open = p.openLead(p.lastSentence(q), q.end)
			lead = p.addressed(lead)
		}
	}
}

// unitColon reads a paragraph that shares out work: "Sở Nội vụ: Quản lý người lao động …".
func (p *page) unitColon(start, end int) (who string, verb int, ok bool) {
	b, found := p.bodyAt(p.skipLead(start, end), end)
	if !found || b.class > 2 || b.verb >= end || p.low[b.verb] != ':' || b.verb-start > 160 {
		return
	}
	verb = skipSpaces(p.low, b.verb+1)
	if verb >= end || !p.startsWithVerb(verb, end) || p.reporting(verb, end) || p.narrates(verb, end) {
		return
	}
	return p.say(b.start, b.end), verb, true
}

// lastSentence returns where the last sentence of a paragraph begins.
func (p *page) lastSentence(q para) int {
	a := q.start
	for {
		b := skipSpaces(p.text, p.sentenceEnd(a, q.end))
		if b >= q.end {
			return a
		}
		a = b
	}
}

// openLead reads a sentence that ends with a colon and announces what bodies are to do.
func (p *page) openLead(a, end int) (who string, ok bool) {
	if o, ok := p.order(a, end, true); ok {
		return o.assignee, true
	}
	k := p.skipLead(a, end)
	if b, ok := p.bodyAt(k, end); ok && b.class < 3 && (b.tag == helperVerb || b.tag == dutyVerb || b.verb < end && p.low[b.verb] == ':') && !p.isSpeaker(b) {
		return p.say(b.start, b.end), true
	}
	low := p.low[max(a, end-220):end]
	return "", announces(low)
}

// taskNouns are what a list of things to do is called.
var taskNouns = phrases("nhiệm vụ|giải pháp|biện pháp|việc sau|công việc|công tác trọng tâm|hoạt động sau")

// announces tells whether the end of a sentence before a list says that its items are to be done: "Để đạt mục tiêu trên, Kế
// hoạch đề ra các nhiệm vụ:" does, "… nêu các kết quả:" does not.
func announces(low string) bool {
	if !leadWords.has(low, 0, len(low)) {
		return false
	}
	against, _, _ := leadAgainst.last(low, max(0, len(low)-90), len(low))
	task, _, _ := taskNouns.last(low, 0, len(low))
	return against < 0 || task > against
}

// clauseEnd returns where the clause of an order that begins at a ends: at a semicolon behind which another body acts
// ("Công an tỉnh …; Sở Y tế …").
func (p *page) clauseEnd(a, end int) int {
	depth := 0
	for k := a; k < end; k++ {
		switch p.text[k] {
		case '(':
			depth++
		case ')':
			depth--
		case ';':
			if depth > 0 {
				continue
			}
			j := p.skipLead(skipSpaces(p.text, k+1), end)
			for _, w := range []string{"yêu cầu", "giao", "đề nghị"} {
				if hasWord(p.low, j, w) {
					j = skipSpaces(p.low, j+len(w))
				}
			}
			if (upperAt(p.text, j) || hasWord(p.low, j, "các")) && p.listOfBodies(a, k) {
				continue
			} else if !upperAt(p.text, j) && !hasWord(p.low, j, "các") && !genericHead(p.low, j) {
				continue
			}
			if b, ok := p.bodyAt(j, end); ok && b.class < 3 && b.verb < end && (b.tag == dutyVerb || b.tag == orderVerb || b.tag == helperVerb) && k-a > 20 {
				return k + 1
			}
		}
	}
	return end
}

// listOfBodies tells whether what stands before k is a member of a list of bodies: "…, cùng Sở A, Sở B;".
func (p *page) listOfBodies(a, k int) bool {
	s := k
	for s > a && p.text[s-1] != ',' && p.text[s-1] != ';' {
		s--
	}
	s = skipSpaces(p.text, s)
	for _, w := range []string{"cùng", "với", "phối hợp với", "và"} {
		if hasWord(p.low, s, w) {
			s = skipSpaces(p.low, s+len(w))
		}
	}
	b, ok := p.bodyAt(s, k)
	return ok && b.class < 3 && b.tag == 0 && b.end >= k-1
}

func (p *page) extend(at, end int) {
	t := &p.doc.Tasks[at]
	t.Span.End = end
	t.Text = p.say(t.Span.Start, end)
}

// generalLead tells whether the next sentence breaks the order down ("Trong đó, Công an tỉnh …").
func (p *page) generalLead(b, end int) bool {
	k := skipSpaces(p.text, b)
	if k >= end { // the next paragraph may do so
		if k = skipSpaces(p.text, end+1); end+1 >= len(p.text) {
			return false
		}
		end = p.paraEnd(k)
		if !hasWord(p.low, k, "cụ thể") && !hasWord(p.low, k, "trong đó") {
			return false
		}
	}
	if !hasWord(p.low, k, "trong đó") && !hasWord(p.low, k, "cụ thể") || k >= end {
		return false
	}
	m := p.skipLead(k, end)
	h, _ := p.headAt(m)
	return h > 0
}

// directs tells whether a body below the issuer is to direct those below it: "UBND các huyện chỉ đạo …".
func (p *page) directs(b body) bool {
	if _, tag := ordering.at(p.low, b.verb); tag != 3 {
		return false
	}
	if hasWord(p.low, b.start, "bộ") && (len(p.doc.Citations) > 0 && central(p.doc.Citations[0].Number) || p.fromCentre()) {
		return true // below the Prime Minister a ministry is told what to do
	}
	return !p.isIssuer(b.start, b.end)
}

// fromCentre tells whether the top of a page names the Government or its head as the one who orders.
func (p *page) fromCentre() bool {
	top := window(p.low, p.bodyStart(), len(p.low), 500)
	return strings.Contains(top, "thủ tướng") || strings.Contains(top, "138/cp") || strings.Contains(top, "chính phủ ban hành") || strings.Contains(top, "phòng, chống tội phạm của chính phủ")
}

type proseFound struct {
	Task
	class int
}

// ordinals count the actions of a plan in running text: "Một là …", "Thứ hai, …".
var ordinals = phrases("một là|hai là|ba là|bốn là|năm là|sáu là|bảy là|thứ nhất|thứ hai|thứ ba|thứ tư|thứ năm")

// mustBy are the helpers by which a sentence alone tells a body to act.
var mustBy = phrases("phải|cần|có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|được giao|được phân công|được yêu cầu|được đề nghị")

// proseTask reads one sentence.
func (p *page) proseTask(a, b int, context bool) (proseFound, bool) {
	none := proseFound{}
	if p.reportsOnly(a, b) || p.doc.Form == Paper && p.tellsDay(skipSpaces(p.low, a)) {
		return none, false
	}
	make := func(who string, verb, class int, rule string, conf float64) (proseFound, bool) {
		end := b
		for end > verb && strings.IndexByte(" .;", p.text[end-1]) >= 0 {
			end--
		}
		if hasAt(p.low, verb, "chủ trì") && end == verb+len("chủ trì") {
			return none, false // who led a meeting
		}
		if hasWord(p.low, verb, "là") && !p.taskVerb(verb, end) {
			return none, false // "là cơ quan thường trực" is a place, not a task
		}
		if end-verb < 8 || p.text[end-1] == ':' && !p.announcesSlogans(verb, end) || p.reportVerb(verb, end) || p.saysNothing(verb, end) {
			return none, false
		}
		return proseFound{Task{Text: p.say(verb, end), Assignee: who, AssignedBy: "sentence", Mark: Mark{Span{verb, end}, conf, rule}}, class}, true
	}
	k := p.skipLead(a, b)
	if hasWord(p.low, k, "đối với") && context { // "Đối với Phòng Văn hóa: tham mưu …"
		if who, verb, ok := p.subject(k, b); ok && !p.narrates(verb, b) {
			return make(who, verb, 1, "task.prose-for", 0.7)
		}
	}
	// a body that acts
	if bd, ok := p.bodyAt(k, b); ok && bd.class < 3 && bd.verb < b && !p.isSpeaker(bd) {
		if hasWord(p.low, k, "mỗi") && p.doc.Form == Page && targetWords.has(p.low, bd.verb, b) {
			return none, false // "mỗi cơ sở Hội giám sát ít nhất 1 vụ" sets a target
		}
		must, _ := mustBy.at(p.low, bd.verb)
		if p.aboutLaw() {
			must = 0 // what a law lays on bodies is their function
		}
		switch {
		case !context && must == 0:
		case (bd.tag == dutyVerb || p.directs(bd)) && !p.narrates(bd.verb, b):
			return make(p.say(bd.start, bd.end), bd.verb, bd.class, "task.prose-subject", 0.7)
		case bd.tag == helperVerb:
			v := p.helperSkip(bd.verb, b)
			if _, tag := ordering.at(p.low, v); v > 0 && tag == 1 {
				break // "UBND thành phố cũng đề nghị Ủy ban MTTQ …": another one acts
			}
			if v > 0 && !p.narrates(v, b) {
				return make(p.say(bd.start, bd.end), v, bd.class, "task.prose-subject", 0.7)
			}
		case bd.tag == adverbial && (hasWord(p.low, bd.verb, "theo") || hasWord(p.low, bd.verb, "căn cứ") || hasWord(p.low, bd.verb, "trên cơ sở") || hasWord(p.low, bd.verb, "định kỳ")):
			if p.taskVerb(bd.verb, b) && !p.narrates(bd.verb, b) {
				return make(p.say(bd.start, bd.end), bd.verb, bd.class, "task.prose-subject", 0.65)
			}
		}
	}
	if o, ok := p.order(a, b, false); ok && (o.strong || context) && o.verb < b {
		return make(o.assignee, o.verb, o.class, "task.prose-order", 0.8)
	}
	if e, _ := ordinals.at(p.low, skipSpaces(p.low, a)); e > 0 && context && p.startsWithVerb(k, b) && !p.narrates(k, b) {
		return make("", k, 1, "task.prose-ordinal", 0.6)
	}
	if who, verb, ok := p.bareOrder(a, b); ok {
		return make(who, verb, 1, "task.prose-bare-order", 0.6)
	}
	// "Sở … hướng dẫn các cơ quan … tuyên truyền": a guide that is an order in itself
	if bd, ok := p.bodyAt(k, b); ok && bd.class < 3 && hasWord(p.low, bd.verb, "hướng dẫn") && bd.tag == dutyVerb {
		j := skipSpaces(p.low, bd.verb+len("hướng dẫn"))
		if g, ok := p.bodyAt(j, b); ok && g.class < 3 && (g.tag == dutyVerb || p.taskVerb(j, b)) && !p.narrates(bd.verb, b) {
			return make(p.say(bd.start, bd.end), bd.verb, bd.class, "task.prose-guide", 0.6)
		}
	}
	return none, false
}

// announcesSlogans tells whether a sentence that ends with a colon orders banners whose words follow as a list.
func (p *page) announcesSlogans(verb, end int) bool {
	if !sloganWords.has(p.low, verb, end) {
		return false
	}
	for _, s := range p.doc.Slogans {
		if s.Span.Start >= end && s.Span.Start < end+40 {
			return true
		}
	}
	return false
}

// aboutLaw tells whether an article is about legislation.
func (p *page) aboutLaw() bool {
	if p.doc.Form != Page || len(p.doc.Citations) == 0 {
		return false
	}
	switch p.doc.Citations[0].Kind {
	case "luat", "nghi_dinh", "thong_tu", "phap_lenh":
		return true
	}
	return false
}

// bareOrder reads an order that names no body behind its verb: "UBND tỉnh yêu cầu tăng cường …", "… gửi UBND các tỉnh đề
// nghị chỉ đạo …"; it goes to the body the paper was sent to, if one is named.
func (p *page) bareOrder(a, b int) (who string, verb int, ok bool) {
	for i := a; i < b; {
		if ok, w := letterAt(p.low, i); !ok {
			i += max(w, 1)
			continue
		}
		e, tag := ordering.at(p.low, i)
		if e == 0 || tag == 3 || !lowerAt(p.text, i) {
			i = wordEnd(p.low, i)
			continue
		}
		v := skipSpaces(p.low, e)
		if p.low[min(v, len(p.low)-1)] == ':' {
			v = skipSpaces(p.low, v+1)
		}
		ve, vtag := bodyVerbs.at(p.low, v)
		i = e
		if ve == 0 || vtag != dutyVerb && vtag != orderVerb || v >= b || p.nounContext(e-1) {
			continue
		}
		if past.has(p.low, a, e) && p.doc.Kind == Article && !p.doneByPaper(a, e) && !strings.Contains(p.low[a:e], "gửi ") {
			continue
		}
		if at := lastWord(p.low, a, e, "gửi"); at >= 0 {
			if bd, ok := p.bodyAt(skipSpaces(p.low, at+len("gửi")), e); ok && bd.class < 3 {
				return p.say(bd.start, bd.end), v, true
			}
		}
		if p.subjectBefore(a, e-1, false) {
			return "", v, true
		}
	}
	return "", 0, false
}

// lastWord returns where the last word w stands in low[a:b], -1 when it stands nowhere.
func lastWord(low string, a, b int, w string) int {
	for k := b; k > a; {
		n := strings.LastIndex(low[a:k], w)
		if n < 0 {
			return -1
		}
		if hasWord(low, a+n, w) && !letterBefore(low, a+n) {
			return a + n
		}
		k = a + n
	}
	return -1
}

// saysNothing tells whether a task only says to carry the paper out: "triển khai thực hiện", "biết, thực hiện".
func (p *page) saysNothing(verb, end int) bool {
	for k := verb; k < end; {
		ok, w := letterAt(p.low, k)
		if !ok {
			k += max(w, 1)
			continue
		}
		e, _ := emptyWords.at(p.low, k)
		if e == 0 {
			return false
		}
		k = e
	}
	return true
}

var emptyWords = phrases("thực hiện|triển khai|tổ chức|nghiêm túc|nghiêm|biết|và|để|khẩn trương|tốt|nội dung|trên|này|theo|các|quan tâm|phối hợp|công văn|kế hoạch|chỉ thị|văn bản|quyết định|thông báo|những|hiệu quả|có|nhiệm vụ|có nhiệm vụ|sau|sau đây|như sau|cụ thể|như|một số|việc")

// isSpeaker tells whether a body is the one whose paper this is: what it does itself in running text is no order.
func (p *page) isSpeaker(b body) bool {
	if p.doc.Form != Paper {
		return false
	}
	return sameBody(p.low[b.start:b.end], fold(p.doc.Issuer.Value))
}

// sameBody tells whether two names mean one body: one is the other with its place left out, abbreviated or not.
func sameBody(a, b string) bool {
	a, b = wide(a), wide(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	if e, _ := heads.at(a, 0); e == len(a) && e > 0 && strings.HasPrefix(b, a) {
		return true // "Công ty", "Cục": the body by its first word
	}
	return a != "" && strings.HasPrefix(b, a) && len(a)*3 >= len(b)
}

// wide writes the common abbreviations of bodies in full.
func wide(s string) string {
	for _, w := range [][2]string{{"ubnd", "ủy ban nhân dân"}, {"lđtbxh", "lao động - thương binh và xã hội"}, {"lđ-tb&xh", "lao động - thương binh và xã hội"}, {" – ", " - "}, {"gd&đt", "giáo dục và đào tạo"}, {"lhpn", "liên hiệp phụ nữ"}, {"bđbp", "bộ đội biên phòng"}} {
		s = strings.ReplaceAll(s, w[0], w[1])
	}
	return s
}

// tellsCount tells whether a clause counts results: cases, suspects, victims, calls, people reached; or anything at all
// with a time behind it. "Lập 3 chốt", "mở 27 buổi" can also be what is to be done.
func (p *page) tellsCount(verb, b int) bool {
	for _, f := range p.doc.Figures {
		if f.Span.Start < verb || f.Span.Start >= b {
			continue
		}
		switch f.Measure {
		case "cases", "suspects", "victims", "people", "calls_and_reports", "money":
			return true
		case "places", "count", "documents":
		default:
			s := p.sentenceStart(verb, p.paraStart(verb))
			if timeBefore.has(p.low, s, b) || past.has(p.low, s, b) {
				return true
			}
		}
	}
	return false
}

// timeBefore are the times that a result is told of.
var timeBefore = phrases("từ đầu năm|trong năm|đến nay|tính đến|năm qua|tháng qua|tháng đầu năm|trong tháng|cùng kỳ|dịp này|vừa qua|mỗi năm|hằng năm|năm ngoái|năm 2010|năm 2011|năm 2012|năm 2013|năm 2014|năm 2015|năm 2016|năm 2017|năm 2018|năm 2019|năm 2020|năm 2021|năm 2022|năm 2023|năm 2024|năm 2025|năm 2026")

// tellsDay tells whether the sentence that holds pos opens with a day: "Ngày 18/5/2022, Phó Chủ tịch … chủ trì họp".
func (p *page) tellsDay(pos int) bool {
	k := skipSpaces(p.low, p.sentenceStart(pos, p.paraStart(pos)))
	if !hasWord(p.low, k, "ngày") && !hasWord(p.low, k, "sáng") && !hasWord(p.low, k, "chiều") && !hasWord(p.low, k, "vừa qua") {
		return false
	}
	return !hasWord(p.low, k, "ngày") || isDigit0(p.low, skipSpaces(p.low, k+len("ngày")))
}

// tellings are verbs with which a body says, issues or holds something: news, not an order.
var tellings = phrases("chủ trì hội nghị|chủ trì buổi|chủ trì cuộc họp|chủ trì lễ|chủ trì phiên|dự|tham dự|phát biểu|có mặt|phát động|báo cáo|cho biết|cho hay|công bố|nêu|nêu rõ|nhấn mạnh|khẳng định|đánh giá|đánh giá cao|ghi nhận|cho rằng|chia sẻ|thông tin|thông báo|tổ chức lễ|tổ chức hội nghị|tổ chức buổi|tổ chức lớp|tổ chức mít tinh|cảnh báo|khuyến cáo|cho thấy|dự kiến|xác định|thống nhất|ký|ký kết|ra mắt|khai mạc|trao|tặng|phát hiện|bắt|bắt giữ|khởi tố|giải cứu|tiếp nhận|lấy|coi|nhận định")

// papers are what a body issues; naming one with its number tells of it.
var papers = phrases("thông tư|thông tư liên tịch|nghị định|luật|đề án|quy chế|kết luận|quy định|kế hoạch|công văn|văn bản|chỉ thị|quyết định|công điện|thông báo|hướng dẫn|nghị quyết|chương trình|báo cáo")

// narrates tells whether a sentence tells what happened rather than what is to be done: a verb of telling, a paper that
// was issued, the past, or a count of results.
func (p *page) narrates(verb, b int) bool {
	low := p.low[verb:b]
	head := low[:min(len(low), 60)]
	head = head[:cutAt(head, 60)]
	if p.doc.Form != Page {
		return strings.Contains(head, " đã ") || p.tellsDay(verb) || p.tellsCount(verb, b)
	}
	if _, tag := ordering.at(p.low, verb); tag == 0 && p.tellsDay(verb) {
		return true
	}
	if e, _ := tellings.at(p.low, verb); e > 0 {
		next := skipSpaces(p.low, e)
		view := hasWord(p.low, verb, "xác định") || hasWord(p.low, verb, "coi") || hasWord(p.low, verb, "lấy")
		return !view || !hasWord(p.low, next, "đây") && !hasWord(p.low, next, "việc") && !hasWord(p.low, next, "rõ") // "coi đây là việc cấp bách" is told, not news
	}
	if hasWord(p.low, verb, "chỉ đạo") { // "chỉ đạo thực hiện Công văn số …": handing on what another ordered
		j := skipSpaces(p.low, verb+len("chỉ đạo"))
		for _, w := range []string{"thực hiện", "triển khai", "triển khai thực hiện"} {
			if hasWord(p.low, j, w) {
				if e, _ := papers.at(p.low, skipSpaces(p.low, j+len(w))); e > 0 {
					return true
				}
			}
		}
	}
	for _, w := range []string{"ban hành", "có", "ra", "gửi", "vừa ban hành", "xây dựng", "ký ban hành", "phát hành", "triển khai", "thực hiện"} {
		if !hasWord(p.low, verb, w) {
			continue
		}
		if e, _ := papers.at(p.low, skipSpaces(p.low, verb+len(w))); e > 0 && e < b {
			next := skipSpaces(p.low, e)
			if w != "triển khai" && w != "thực hiện" && w != "xây dựng" || hasWord(p.low, next, "số") {
				return !hasWord(p.low, next, "của mình") && !hasWord(p.low, next, "riêng")
			}
		}
	}
	if p.tellsCount(verb, b) {
		return true
	}
	return strings.Contains(head, " đã ")
}

// reportsOnly tells whether a sentence only asks for a report, or closes a letter.
func (p *page) reportsOnly(a, b int) bool {
	low := p.low[a:b]
	if hasAt(low, 0, "trân trọng") || hasAt(low, 0, "nhận được") || hasAt(low, 0, "trên đây") {
		return true
	}
	if !strings.Contains(low, "báo cáo") && !strings.Contains(low, "kết quả") && !strings.Contains(low, "tình hình") && !strings.Contains(low, "việc thực hiện") {
		return false
	}
	if o, ok := p.order(a, b, false); ok {
		return p.reportVerb(o.verb, b) || p.reporting(o.verb, b)
	}
	k := p.skipLead(a, b)
	if _, verb, ok := p.subject(k, b); ok {
		return p.reporting(k, b) || p.reportVerb(verb, b)
	}
	return p.reporting(k, b)
}
