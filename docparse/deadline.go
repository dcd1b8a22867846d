package docparse

import "strings"

// bounds are the words of a deadline. "trước ngày" is met until the midnight before; the others include the day.
var bounds = phrases(
	"trước ngày|xong trước ngày|trước|trước 17h ngày|trước 17 giờ ngày",
	"chậm nhất|chậm nhất là|chậm nhất ngày|chậm nhất là ngày|chậm nhất vào ngày|chậm nhất đến ngày|đến hết ngày|hết ngày|trong ngày|muộn nhất|muộn nhất là ngày|muộn nhất ngày|hạn cuối|hạn chót|vào ngày|đến ngày|thời hạn|thời hạn gửi|hạn nộp|hạn gửi|thời gian gửi báo cáo",
)

var reportNouns = phrases("báo cáo|kết quả thực hiện|kết quả triển khai|kết quả tổ chức|kết quả hưởng ứng|tổng hợp kết quả|gửi kết quả|kết quả về")

// otherDues are things due on a date that are no reports.
var otherDues = phrases("dự thảo|gửi kế hoạch|kế hoạch về|kế hoạch gửi|đăng ký|danh sách|góp ý|ý kiến|đề cương|hồ sơ|gửi bài|bài dự thi|đề xuất|phân công|trình|ban hành|xây dựng kế hoạch|xây dựng|dự toán|hoàn thành")

var recurring = phrases("hằng năm|hàng năm|hằng tháng|hàng tháng|hằng quý|hàng quý|mỗi năm|mỗi quý|mỗi tháng|định kỳ|của tháng|của quý")

// deadlines reads the dates by which reports must be sent.
func (p *page) deadlines() {
	for _, q := range p.paras {
		switch q.role {
		case RoleText, RoleItem, RoleHeading, "":
		default:
			continue
		}
		for a := q.start; a < q.end; {
			b := p.sentenceEnd(a, q.end)
			p.deadlinesIn(a, b, q)
			a = skipSpaces(p.text, b)
			if a <= b && a < q.end && b >= q.end {
				break
			}
		}
	}
	// the same date in two places of the text is one deadline
	var out []Deadline
	for _, d := range p.doc.Deadlines {
		dup := false
		for i := range out {
			if out[i].Date == d.Date && out[i].Recurring == d.Recurring && (out[i].To == d.To || d.To == "" || out[i].To == "") && !d.Recurring {
				if out[i].To == "" {
					out[i].To = d.To
				}
				dup = true
			}
		}
		if !dup {
			out = append(out, d)
		}
	}
	p.doc.Deadlines = out
}

func (p *page) deadlinesIn(a, b int, q para) {
	low := p.low
	if !strings.Contains(low[a:b], "báo cáo") && !strings.Contains(low[a:b], "kết quả") {
		return
	}
	for i := a; i < b; {
		if ok, w := letterAt(low, i); !ok {
			i += max(w, 1)
			continue
		}
		e, tag := bounds.at(low, i)
		if e == 0 || e > b {
			i = wordEnd(low, i)
			continue
		}
		k := skipMarks(low, e)
		if hasAt(low, k, "ngày") || low[min(k, len(low)-1)] == ':' {
			for k < b && (low[k] == ':' || low[k] == ' ') {
				k++
			}
		}
		// "17 giờ 00 ngày", "17h00 ngày"
		if isDigit0(low, k) {
			if n := strings.Index(low[k:min(b, k+30)], "ngày"); n > 0 && (strings.Contains(low[k:k+n], "giờ") || strings.Contains(low[k:k+n], "h")) {
				k += n
			}
		}
		f, ok := dateAt(low[:b], k)
		if !ok || f.Day == 0 {
			i = max(e, wordEnd(low, i))
			continue
		}
		i = f.end
		r, _, _ := reportNouns.last(low, a, f.start)
		after := false
		if r < 0 {
			if r, _, _ = reportNouns.find(low, f.end, b); r < 0 {
				continue
			}
			after = true
			// "trước ngày 03/8 để tổng hợp báo cáo cấp trên" tells what follows from the report, the report itself comes before
			if strings.Contains(low[f.end:r], "để ") || r-f.end > 120 {
				continue
			}
		}
		if hasAt(low, e-len("vào ngày"), "vào ngày") && after {
			continue
		}
		due := low[max(a, f.start-140):f.start]
		if o, _, _ := otherDues.last(due, 0, len(due)); o >= 0 && !after {
			at := f.start - len(due) + o
			if at > r && !strings.Contains(low[r:at], ";") && !hasAt(low, at, "ban hành") && !hasAt(low, at, "xây dựng") && !hasAt(low, at, "hoàn thành") {
				continue
			}
		}
		if p.draftOnly(a, f.start, r) {
			continue
		}
		d := Deadline{Date: f.Date, Words: oneLine(p.text[wordStart(p.text, e, i, a, f):f.end]), Bound: Before}
		if tag == 2 {
			d.Bound = Until
		}
		d.Mark = Mark{Span{f.start, f.end}, 0.93, "deadline.report"}
		if f.Year == 0 {
			d.Recurring = recurring.has(low, f.end, min(b, f.end+40)) || recurring.has(low, max(a, f.start-80), f.start) && p.doc.IssuedOn.Year == 0 || recurring.has(low, max(a, f.start-80), f.start)
			if !d.Recurring {
				y := p.yearNear(f, b)
				if y == 0 {
					continue
				}
				d.Date.Year = y
				d.Confidence = 0.7
				d.Rule = "deadline.year-of-document"
			}
		}
		d.To, d.Through = p.reportTo(a, b, f)
		d.Channel, d.Address = p.channel(a, b)
		p.doc.Deadlines = append(p.doc.Deadlines, d)
	}
}

// wordStart gives the start of the words of the deadline.
func wordStart(s string, e, i, a int, f foundDate) int {
	k := f.start
	for _, w := range []string{"trước ", "Trước ", "chậm nhất ", "Chậm nhất ", "muộn nhất ", "hết ", "đến hết ", "trong ", "hạn cuối ", "vào ", "đến "} {
		from := max(a, f.start-60)
		if j := strings.LastIndex(s[from:f.start], w); j >= 0 && from+j < k {
			k = from + j
		}
	}
	return k
}

// draftOnly tells whether what is due is a draft of the report or another paper.
func (p *page) draftOnly(a, date, r int) bool {
	low := p.low[max(a, r-24):date]
	return strings.Contains(low, "dự thảo báo cáo") || strings.Contains(low, "dự thảo")
}

// yearNear gives the year of a deadline printed without one: a year named behind it, else the document's.
func (p *page) yearNear(f foundDate, b int) int {
	if p.doc.IssuedOn.Year > 0 {
		return p.doc.IssuedOn.Year
	}
	for k := f.end; k < b; k++ {
		if hasWord(p.low, k, "năm") {
			if y, e := digits(p.low, skipSpaces(p.low, k+len("năm")), 4); e > 0 && y > 1990 && y < 2100 {
				return y
			}
		}
	}
	return 0
}

// reportTo finds the body a report goes to and the unit it goes through.
func (p *page) reportTo(a, b int, f foundDate) (to, through string) {
	low := p.low
	best := -1
	for i := a; i < b; {
		if ok, w := letterAt(low, i); !ok {
			i += max(w, 1)
			continue
		}
		e := wordEnd(low, i)
		for _, w := range []string{"gửi về", "gửi", "về", "cho"} {
			if !hasWord(low, i, w) {
				continue
			}
			k := skipSpaces(low, i+len(w))
			if hasWord(low, k, "báo cáo về") {
				k = skipSpaces(low, k+len("báo cáo về"))
			}
			bd, ok := p.bodyAt(k, b)
			if !ok || bd.class == 3 {
				break
			}
			if i > f.end && best >= 0 {
				break // behind the date stands what the receiver does with it
			}
			name := p.trimReceiver(bd)
			if name != "" && (best < 0 || i < f.start) {
				to, best = name, i
			}
			break
		}
		if i < f.end && hasWord(low, i, "báo cáo") {
			// "báo cáo Ủy ban nhân dân tỉnh trước ngày"
			k := skipSpaces(low, i+len("báo cáo"))
			if bd, ok := p.bodyAt(k, b); ok && bd.class < 3 && best < 0 && !strings.Contains(low[max(a, i-30):i], "để ") {
				if name := p.trimReceiver(bd); name != "" {
					to, best = name, i
				}
			}
		}
		if hasWord(low, i, "qua") && i < f.end+200 && through == "" {
			if bd, ok := p.bodyAt(skipSpaces(low, i+len("qua")), b); ok {
				through = oneLine(p.text[bd.start:bd.end])
			}
		}
		i = e
	}
	return to, through
}

// trimReceiver keeps the first body of a name that runs on.
func (p *page) trimReceiver(b body) string {
	end := b.end
	for k := b.start; k < b.end; k++ {
		if p.text[k] == '(' || p.text[k] == ';' {
			end = k
			break
		}
		if p.text[k] == ',' {
			if j := skipSpaces(p.text, k+1); j < b.end {
				if h, _ := p.headAt(j); h > 0 || hasWord(p.low, j, "bản mềm") || hasWord(p.low, j, "đồng thời") {
					end = k
					break
				}
			}
		}
	}
	return strings.Trim(oneLine(p.text[b.start:end]), " ,.-")
}

// channel finds an e-mail address in the sentence.
func (p *page) channel(a, b int) (string, string) {
	at := strings.IndexByte(p.text[a:b], '@')
	if at < 0 {
		return "", ""
	}
	at += a
	s, e := at, at+1
	mail := func(c byte) bool { return isAlnum(c) || c == '.' || c == '_' || c == '-' }
	for s > a && mail(p.text[s-1]) {
		s--
	}
	for e < b && mail(p.text[e]) {
		e++
	}
	addr := strings.Trim(p.text[s:e], ".")
	if s == at || !strings.Contains(addr[at-s:], ".") {
		return "", ""
	}
	return "email", addr
}

var periodWords = phrases("thời gian|thực hiện|cao điểm|đợt|tháng hành động|chiến dịch|triển khai|tổ chức|diễn ra|kéo dài|bắt đầu|tập trung|truyền thông|tuyên truyền|phát động|hưởng ứng|mở|tiến hành|ra quân|trấn áp")

var periodAgainst = phrases("hiệu lực|số liệu|kỳ báo cáo|thời gian lấy số liệu|lấy số liệu|tính từ|đã phát hiện|đã tiếp nhận|giai đoạn|áp dụng|sinh|bổ nhiệm|thời điểm báo cáo|số liệu tính|phát hiện|bắt giữ|khởi tố|trong thời gian từ|nghỉ|công tác tại")

// period reads the time of the campaign or action.
func (p *page) period() {
	if p.doc.Kind == Report {
		return // a report's span is what it covers
	}
	var got *Period
	for i, q := range p.paras {
		switch q.role {
		case RoleText, RoleItem, RoleHeading, RoleHeadline, RoleSubject:
		default:
			continue
		}
		for k := q.start; k < q.end; {
			if ok, w := letterAt(p.low, k); !ok {
				k += max(w, 1)
				continue
			}
			per, end, ok := p.spanAt(k, q.end)
			if !ok {
				k = wordEnd(p.low, k)
				continue
			}
			if p.isPeriod(k, end, q, i) {
				if got == nil {
					got = &per
				} else {
					got.widen(per)
				}
			}
			k = end
		}
	}
	p.doc.Period = got
}

// widen makes the period cover another one.
func (a *Period) widen(b Period) {
	if a.From.IsZero() || !b.From.IsZero() && b.From.compare(a.From) < 0 {
		if !b.From.IsZero() {
			a.From = b.From
		}
	}
	if a.To.IsZero() || !b.To.IsZero() && b.To.compare(a.To) > 0 {
		if !b.To.IsZero() {
			a.To = b.To
		}
	}
	a.Rule = "period.widest"
}

// spanAt reads "từ ngày … đến (hết) ngày …", "từ nay đến hết ngày …", "… - …", "từ ngày …", "đến hết ngày …".
func (p *page) spanAt(k, limit int) (Period, int, bool) {
	low := p.low[:limit]
	var per Period
	from, to := foundDate{}, foundDate{}
	j := k
	haveFrom, haveTo := false, false
	switch {
	case hasWord(low, k, "từ") || hasWord(low, k, "bắt đầu từ"):
		j = skipSpaces(low, wordEnd(low, k))
		if hasWord(low, k, "bắt đầu từ") {
			j = skipSpaces(low, k+len("bắt đầu từ"))
		}
		if hasWord(low, j, "nay") {
			j = skipSpaces(low, j+len("nay"))
		} else if f, ok := dateAt(low, j); ok {
			from, haveFrom = f, true
			j = skipSpaces(low, f.end)
		} else if n, e := digits(low, skipNgay(low, j), 2); e > skipNgay(low, j) && n <= 31 && (hasWord(low, skipSpaces(low, e), "đến") || low[min(e, limit-1)] == '-') {
			from = foundDate{Date{Day: n}, j, e} // "từ 15 đến 30/6/2022"
			haveFrom = true
			j = skipSpaces(low, e)
		} else {
			return per, k, false
		}
	case hasWord(low, k, "đến hết ngày") || hasWord(low, k, "đến hết") || hasWord(low, k, "hết ngày"):
	case isDigit(low[k]):
		f, ok := dateAt(low, k)
		if !ok || f.Month == 0 || f.Day == 0 {
			return per, k, false
		}
		n := skipSpaces(low, f.end)
		if !hasAt(low, n, "-") && !hasAt(low, n, "–") && !hasWord(low, n, "đến") {
			return per, k, false
		}
		from, haveFrom = f, true
		j = n
	default:
		return per, k, false
	}
	// the far end
	n := j
	if n < limit && low[n] == ',' {
		n = skipSpaces(low, n+1)
	}
	switch {
	case hasWord(low, n, "đến"):
		n = skipSpaces(low, n+len("đến"))
	case hasAt(low, n, "–"):
		n = skipSpaces(low, n+len("–"))
	case hasAt(low, n, "-"):
		n = skipSpaces(low, n+1)
	case hasWord(low, n, "tới"):
		n = skipSpaces(low, n+len("tới"))
	case hasWord(low, n, "hết"):
	default:
		n = -1
	}
	end := j
	if n >= 0 {
		for _, w := range []string{"hết", "cuối"} {
			if hasWord(low, n, w) {
				n = skipSpaces(low, n+len(w))
			}
		}
		if f, ok := dateAt(low, n); ok && f.Month > 0 {
			to, haveTo = f, true
			end = f.end
		}
	}
	if !haveTo {
		if !haveFrom || from.Year == 0 || from.Day == 0 {
			return per, k, false
		}
		end = from.end
	}
	if haveFrom && haveTo {
		if from.Month == 0 {
			from.Month = to.Month
		}
		if from.Year == 0 && to.Year > 0 {
			from.Year = to.Year
			if from.Month > to.Month {
				from.Year--
			}
		}
		if to.Year == 0 && from.Year > 0 {
			to.Year = from.Year
			if to.Month < from.Month {
				to.Year++
			}
		}
	}
	if haveFrom && from.Date.Full() {
		per.From = from.Date
	}
	if haveTo && to.Date.Full() {
		per.To = to.Date
	}
	if per.From.IsZero() && per.To.IsZero() {
		return per, k, false
	}
	per.Mark = Mark{Span{k, end}, 0.85, "period.span"}
	if !per.From.IsZero() && !per.To.IsZero() {
		per.Confidence = 0.93
	}
	return per, end, true
}

func skipNgay(low string, i int) int {
	if hasWord(low, i, "ngày") {
		return skipSpaces(low, i+len("ngày"))
	}
	return i
}

// isPeriod tells whether a span of dates is the time of the action, by the words around it.
func (p *page) isPeriod(k, end int, q para, i int) bool {
	from := max(q.start, k-150)
	if s := p.sentenceStart(k, from); s > from {
		from = s
	}
	before := p.low[from:k]
	if periodAgainst.has(before, max(0, len(before)-90), len(before)) {
		return false
	}
	whole := hasAt(p.low, k, "từ") && strings.Contains(p.low[k:end], "đến") || strings.Contains(p.low[k:end], "-") || strings.Contains(p.low[k:end], "–")
	bySection := false
	for s := len(p.sections) - 1; s >= 0; s-- {
		if p.sections[s].para <= i {
			for t := s; t >= 0; t = p.sections[t].Parent {
				if p.sections[t].topic == timeTopic {
					bySection = true
				}
				if p.sections[t].topic == reportTopic || p.sections[t].topic == stateTopic {
					return false
				}
				if p.sections[t].Parent < 0 {
					break
				}
			}
			break
		}
	}
	if strings.Contains(before, "báo cáo") && !strings.Contains(before, "thời gian") {
		return false
	}
	if bySection || periodWords.has(before, 0, len(before)) {
		if past.has(before, max(0, len(before)-60), len(before)) && p.doc.Kind == Article && strings.Contains(before, "đã ") {
			return false
		}
		return whole || hasAt(p.low, k, "từ") || bySection || strings.Contains(before, "cao điểm") || strings.Contains(before, "từ nay")
	}
	after := p.low[end:min(q.end, end+60)]
	return whole && (strings.HasPrefix(strings.TrimLeft(p.low[max(q.start, k-2):k], " "), "(") || periodWords.has(after, 0, len(after)))
}
