package docparse

import (
	"strings"
	"time"
)

// bounds are the words of a deadline. "trước ngày" is met until the midnight before; the others include the day.
var bounds = phrases(
	"trước ngày|xong trước ngày|trước|trước hạn|trước thời hạn",
	"chậm nhất đến|chậm nhất vào|muộn nhất đến|muộn nhất vào|chậm nhất|chậm nhất là|chậm nhất trong ngày|chậm nhất là trong ngày|không quá ngày|không muộn hơn ngày|không chậm hơn ngày|muộn nhất là|hạn cuối là|hạn cuối ngày|hạn chót là|hạn chót ngày|đến hết|hết|trong|ngày|chậm nhất ngày|chậm nhất là ngày|chậm nhất vào ngày|chậm nhất đến ngày|đến hết ngày|hết ngày|trong ngày|muộn nhất|muộn nhất là ngày|muộn nhất ngày|hạn cuối|hạn chót|vào ngày|đến ngày|thời hạn|thời hạn gửi|hạn nộp|hạn gửi|thời gian gửi báo cáo",
)

var reportNouns = phrases("báo cáo|kết quả thực hiện|kết quả triển khai|kết quả tổ chức|kết quả hưởng ứng|tổng hợp kết quả|gửi kết quả|kết quả về|kết quả gửi|kết quả báo cáo|kết quả gửi về|kết quả đề nghị gửi", "báo cáo viên|tuyên truyền viên")

// reportAfter finds the first word for a report in low[a:b]; "báo cáo viên" is a speaker.
func reportAfter(low string, a, b int) (start, end int) {
	for a < b {
		s, e, tag := reportNouns.find(low, a, b)
		if s < 0 || tag == 1 {
			return s, e
		}
		a = e
	}
	return -1, -1
}

// reportBefore finds the last word for a report in low[a:b].
func reportBefore(low string, a, b int) int {
	last := -1
	for a < b {
		s, e := reportAfter(low, a, b)
		if s < 0 {
			break
		}
		last, a = s, e
	}
	return last
}

// otherDues are things due on a date that are no reports.
var otherDues = phrases("dự thảo|gửi kế hoạch|kế hoạch về|kế hoạch gửi|đăng ký|danh sách|góp ý|ý kiến|đề cương|hồ sơ|gửi bài|bài dự thi|đề xuất|phân công|trình|ban hành|xây dựng kế hoạch|xây dựng|dự toán|hoàn thành")

var recurring = phrases("hằng năm|hàng năm|hằng tháng|hàng tháng|hằng quý|hàng quý|mỗi năm|mỗi quý|mỗi tháng|định kỳ|của tháng|của quý")

// deadlines reads the dates by which reports must be sent.
func (p *page) deadlines() {
	for _, q := range p.paras {
		switch q.role {
		case RoleText, RoleItem, RoleHeading, RoleCell, "":
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
	if r, _ := reportAfter(low, a, b); r < 0 {
		return
	}
	p.relativeDue(a, b)
	from := a      // behind the last date read
	taken := false // the last date was a deadline of a report
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
		loose := hasWord(low, i, "ngày") || hasWord(low, i, "trong") || hasWord(low, i, "hết")
		k := skipMarks(low, e)
		for k < b && (low[k] == ':' || low[k] == ' ') {
			k++
		}
		at, k := skipTime(low[:b], k)
		if hasWord(low, i, "ngày") {
			k = i
		}
		f, ok := dateAt(low[:b], k)
		if !ok && !loose {
			f, ok = dayOfMonth(low[:b], k)
		}
		if !ok || f.Day == 0 && (f.Month == 0 || tag == 1 || !hasWord(low, i, "trong")) {
			i = max(e, wordEnd(low, i))
			continue
		}
		i = f.end
		start, was := from, taken
		from, taken = f.end, false
		if loose && !p.looseBound(start, f) {
			continue
		}
		if !p.reportDue(a, start, b, f, was) {
			continue
		}
		taken = true
		p.addDeadline(a, b, at, e, f, tag)
		// "trước ngày 15/6 và 15/12": a second date under the same words
		for {
			j := skipSpaces(low, f.end)
			if hasWord(low, j, "và") {
				j = skipSpaces(low, j+len("và"))
			} else if j < b && low[j] == ',' {
				j = skipSpaces(low, j+1)
			} else {
				break
			}
			if hasWord(low, j, "trước") || hasWord(low, j, "ngày") {
				j = skipSpaces(low, wordEnd(low, j))
			}
			g, ok := dateAt(low[:b], j)
			if !ok || g.Day == 0 || !isDigit0(low, j) {
				break
			}
			p.addDeadline(a, b, clock{}, e, g, tag)
			f, from, i = g, g.end, g.end
		}
	}
}

// relativeDue reads a deadline counted from the end of the campaign: "chậm nhất 05 ngày sau khi kết thúc". Working days, which
// need a calendar, are left alone.
func (p *page) relativeDue(a, b int) {
	per := p.doc.Period
	k := strings.LastIndex(p.low[a:b], "kết thúc")
	if per == nil || !per.To.Full() || k < 0 {
		return
	}
	end := a + k + len("kết thúc")
	from := max(a, a+k-60)
	for i := from; i < a+k; i++ {
		if !isDigit(p.low[i]) || letterBefore(p.low, i) || i > 0 && p.low[i-1] == '/' {
			continue
		}
		n, e := digits(p.low, i, 2)
		j := skipSpaces(p.low, e)
		if !hasWord(p.low, j, "ngày") || n == 0 || hasWord(p.low, skipSpaces(p.low, j+len("ngày")), "làm việc") || !onlyWords(afterEnd, p.low[j+len("ngày"):a+k]) {
			continue
		}
		if _, _, tag := bounds.last(p.low, max(a, i-30), i); tag == 0 && !strings.Contains(p.low[max(a, i-30):i], "trong vòng") && !strings.Contains(p.low[max(a, i-30):i], "sau ") {
			return
		}
		t := time.Date(per.To.Year, time.Month(per.To.Month), per.To.Day+n, 0, 0, 0, 0, time.UTC)
		f := foundDate{Date{t.Year(), int(t.Month()), t.Day()}, i, end}
		p.addDeadline(a, b, clock{}, e, f, 2)
		d := &p.doc.Deadlines[len(p.doc.Deadlines)-1]
		d.Confidence, d.Rule = 0.6, "deadline.days-behind-end"
		return
	}
}

// afterEnd are the words between the count of days and the end they are counted from.
var afterEnd = phrases("sau|khi|kể|từ|ngày|thời điểm|đợt|đợt cao điểm|cao điểm|tháng|tháng cao điểm|chiến dịch|hoạt động|tháng hành động|lúc|tính")

// onlyWords tells whether s holds nothing but phrases of the lexicon.
func onlyWords(l *lexicon, s string) bool {
	for k := 0; k < len(s); {
		ok, w := letterAt(s, k)
		if !ok {
			k += max(w, 1)
			continue
		}
		e, _ := l.at(s, k)
		if e == 0 {
			return false
		}
		k = e
	}
	return true
}

// dayOfMonth reads the day of a report that comes back every month: "trước ngày 20 hằng tháng", "ngày 15 của tháng cuối quý".
func dayOfMonth(low string, k int) (foundDate, bool) {
	if hasWord(low, k, "ngày") {
		k = skipSpaces(low, k+len("ngày"))
	}
	d, e := digits(low, k, 2)
	if e == k || d == 0 || d > 31 {
		return foundDate{}, false
	}
	j := skipSpaces(low, e)
	if r, _ := recurring.at(low, j); r == 0 {
		return foundDate{}, false
	}
	return foundDate{Date{Day: d}, k, e}, true
}

// looseBound tells whether a bare "ngày 05/8" names the day of a report: only where sending stands just before it.
func (p *page) looseBound(start int, f foundDate) bool {
	near := p.low[max(start, f.start-70):f.start]
	s, _, _ := sends.last(near, 0, len(near))
	return s >= 0 && !strings.ContainsAny(near[s:], "()") && !strings.Contains(near[s:], "số ")
}

var sends = phrases("gửi về|gửi|báo cáo về|nộp|hạn gửi|hạn nộp|thời hạn|thời hạn báo cáo|thời gian gửi|thời gian báo cáo")

// reportDue tells whether what is due on the date is a report: the nearest noun before it decides.
func (p *page) reportDue(a, start, b int, f foundDate, was bool) bool {
	low := p.low
	r := reportBefore(low, start, f.start)
	o, oe, _ := otherDues.last(low, max(start, f.start-140), f.start)
	switch {
	case r >= 0:
		if o > r && !strings.Contains(low[r:o], ";") && !hasAt(low, o, "ban hành") && !hasAt(low, o, "xây dựng") && !hasAt(low, o, "hoàn thành") && !(hasAt(low, o, "trình") && oe-o == len("trình")) {
			return false
		}
		if p.draftOnly(start, f.start, r) {
			return false
		}
		return true
	case o >= 0 && start > a:
		return false
	case was:
		return true // "báo cáo sơ kết trước ngày …, tổng kết trước ngày …"
	case start > a:
		if r = reportBefore(low, a, start); r >= 0 && o < 0 {
			return !p.draftOnly(a, start, r)
		}
	}
	if o >= 0 || otherPapers.has(low, max(start, f.start-90), f.start) || f.end < b && low[f.end] == ';' {
		return false
	}
	// "Trước ngày 05/8/2025, các đơn vị gửi báo cáo": no other date may stand between, and "để tổng hợp báo cáo" only
	// tells what follows from it
	r, _ = reportAfter(low, f.end, b)
	if r < 0 || r-f.end > 160 || strings.Contains(low[f.end:r], "để ") {
		return false
	}
	if n, _, _ := bounds.find(low, f.end, b); n >= 0 && n < r || strings.Contains(low[f.end:r], " và ") && r-f.end < 30 {
		return false
	}
	return !strings.Contains(low[max(a, f.start-24):f.start], "vào ngày") && !p.draftOnly(r, min(b, r+40), r)
}

// otherPapers are what else can be due where no report is named before the date.
var otherPapers = phrases("kế hoạch|văn bản|danh sách|phương án|đề án|hồ sơ|tài liệu")

func (p *page) addDeadline(a, b int, at clock, e int, f foundDate, tag int) {
	d := Deadline{Date: f.Date, Words: p.say(p.wordStart(a, f), f.end), Bound: Before, Hour: at.hour, Minute: at.minute}
	if tag == 2 {
		d.Bound = Until
	}
	d.Mark = Mark{Span{f.start, f.end}, 0.93, "deadline.report"}
	if f.Year == 0 {
		near := p.low[max(a, f.start-80):min(b, f.end+40)]
		d.Recurring = f.Month == 0 || recurring.has(near, 0, len(near))
		if d.Recurring {
			if _, re, _ := recurring.find(p.low, f.end, min(b, f.end+40)); re > 0 {
				d.Words = p.say(p.wordStart(a, f), re)
			}
		} else {
			y := p.yearNear(f, a, b)
			if y == 0 {
				return
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

// wordStart gives the start of the words of the deadline.
func (p *page) wordStart(a int, f foundDate) int {
	k := f.start
	from := max(a, f.start-60)
	for _, w := range []string{"trước", "chậm nhất", "muộn nhất", "hết", "đến hết", "trong", "hạn cuối", "hạn chót", "vào", "đến", "không quá", "không muộn hơn"} {
		if j := strings.LastIndex(p.low[from:f.start], w); j >= 0 && from+j < k && hasWord(p.low, from+j, w) && !strings.ContainsAny(p.low[from+j:f.start], ";") {
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

// yearNear gives the year of a deadline printed without one: the document's, else one named in the same sentence, in
// the subject or at the top of the text.
func (p *page) yearNear(f foundDate, a, b int) int {
	if p.doc.IssuedOn.Year > 0 {
		return p.doc.IssuedOn.Year
	}
	for _, g := range datesIn(p.low, a, b) {
		if g.Year > 0 {
			return g.Year
		}
	}
	if y := yearNamed(p.low, f.end, b); y > 0 {
		return y
	}
	if y := yearNamed(fold(p.doc.Subject.Value), 0, len(fold(p.doc.Subject.Value))); y > 0 {
		return y
	}
	return yearNamed(p.low, 0, min(len(p.low), 900))
}

// yearNamed finds "năm 2021" in low[a:b].
func yearNamed(low string, a, b int) int {
	for k := a; k < b; k++ {
		if low[k] == 'n' && hasWord(low, k, "năm") {
			if y, e := digits(low, skipSpaces(low, k+len("năm")), 4); e > 0 && y > 1990 && y < 2100 {
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
				through = p.trimReceiver(bd)
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
				if h, _ := p.headAt(j); h > 0 || lowerAt(p.text, j) && !hasWord(p.low, j, "chống") {
					end = k
					break
				}
			}
		}
	}
	return strings.Trim(p.say(b.start, end), " ,.-")
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

var periodWords = phrases("thời gian|thực hiện|cao điểm|đợt|tháng hành động|chiến dịch|triển khai|tổ chức|diễn ra|kéo dài|bắt đầu|tập trung|truyền thông|tuyên truyền|phát động|hưởng ứng|mở|tiến hành|ra quân|trấn áp|treo|treo băng rôn|trưng bày|phát sóng|phát thanh")

var periodAgainst = phrases("hiệu lực|số liệu|kỳ báo cáo|thời gian lấy số liệu|lấy số liệu|tính từ|đã phát hiện|đã tiếp nhận|giai đoạn|áp dụng|sinh|bổ nhiệm|thời điểm báo cáo|số liệu tính|phát hiện|bắt giữ|khởi tố|trong thời gian từ|nghỉ|công tác tại")

// period reads the time of the campaign or action.
func (p *page) period() {
	var got Period
	found := false
	for i, q := range p.paras {
		switch q.role {
		case RoleText, RoleItem, RoleHeading, RoleHeadline, RoleSubject:
		default:
			continue
		}
		if p.doc.Kind == Report && !(p.ahead(i) && campaigns.has(p.low, q.start, q.end)) {
			continue // a report's span is what it covers; only a campaign that it announces is a period
		}
		for k := q.start; k < q.end; {
			next := wordEnd(p.low, k)
			if next == k {
				_, w := letterAt(p.low, k)
				k += max(w, 1)
				continue
			}
			if c := p.low[k]; c != 't' && c != 'b' && c != 'h' && c != 0xC4 && !isDigit(c) { // từ, bắt đầu, hết, đến
				k = next
				continue
			}
			per, end, ok := p.spanAt(k, q.end)
			if !ok {
				k = next
				continue
			}
			if p.isPeriod(k, end, q, i) {
				if !found {
					got, found = per, true
				} else {
					got.widen(per)
				}
			}
			k = end
		}
	}
	if found {
		p.doc.Period = &got
	}
}

var campaigns = phrases("cao điểm|chiến dịch|đợt ra quân|đợt tấn công|tháng hành động")

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
		_, j = skipTime(low, j)
		if hasWord(low, j, "nay") {
			j = skipSpaces(low, j+len("nay"))
		} else if f, ok := dateAt(low, j); ok {
			from, haveFrom = f, true
			j = skipSpaces(low, f.end)
		} else if f, ok := dayDashMonth(low, skipNgay(low, j)); ok {
			from, haveFrom = f, true // "từ ngày 15-11 đến 15-12-2021"
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
		_, n = skipTime(low, n)
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
	if per.From.IsZero() && per.To.IsZero() || per.From.Full() && per.To.Full() && per.To.Year-per.From.Year > 3 {
		return per, k, false
	}
	per.Mark = Mark{Span{k, end}, 0.85, "period.span"}
	if !per.From.IsZero() && !per.To.IsZero() {
		per.Confidence = 0.93
	}
	return per, end, true
}

// dayDashMonth reads "15-11" where "đến" follows; elsewhere such digits may be anything.
func dayDashMonth(low string, i int) (foundDate, bool) {
	d, e := digits(low, i, 2)
	if e == i || d == 0 || d > 31 || e >= len(low) || low[e] != '-' {
		return foundDate{}, false
	}
	m, e2 := digits(low, e+1, 2)
	if e2 == e+1 || m == 0 || m > 12 || !hasWord(low, skipSpaces(low, e2), "đến") {
		return foundDate{}, false
	}
	return foundDate{Date{Day: d, Month: m}, i, e2}, true
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
	for t := p.sectionAt(i); t >= 0; t = p.sections[t].Parent {
		switch p.sections[t].topic {
		case timeTopic:
			bySection = true
		case reportTopic, stateTopic:
			return false
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
	after := window(p.low, end, q.end, 60)
	return whole && (strings.HasPrefix(strings.TrimLeft(p.low[max(q.start, k-2):k], " "), "(") || periodWords.has(after, 0, len(after)))
}
