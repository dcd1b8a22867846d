package docparse

import "strings"

// hotlineWords announce a public number for victims, children or tip-offs.
var hotlineWords = phrases(
	"đường dây nóng|hotline|tổng đài|trực số|số trực|số trực ban|trực ban hình sự|trực ban|điện thoại trực ban|đường dây hỗ trợ|đường dây tư vấn|đường dây",
	"báo ngay|báo tin|trình báo|tố giác|liên lạc|số điện thoại|điện thoại|số máy|gọi số|gọi điện|gọi đến số|gọi|đầu số|liên hệ|qua số|nhận tin|ghi nhớ|nhớ số|báo về số|báo về|báo đến|xin báo|phản ánh về|phản ánh qua|cung cấp thông tin",
)

// hotlineContact opens the address of an office behind a public number.
var hotlineContact = phrases("hoặc liên hệ|liên hệ trực tiếp|fax")

// helpWords tell that a telephone number is for the public in need.
var helpWords = phrases("hỗ trợ|tố giác|tin báo|phản ánh|nạn nhân|bảo vệ trẻ em|tư vấn|trình báo|báo tin|miễn phí|bị mua bán|mua bán người|tố cáo|ngôi nhà bình yên|nhà bình yên|tạm lánh|cần giúp|cầu cứu|kêu cứu|nghi vấn|khẩn cấp|bạo lực|xâm hại|người dân|tin báo|phát hiện|bảo hộ công dân|có tin|có thông tin|báo ngay|bị lừa|báo công an|báo cho|để báo|báo khi|bất thường|đáng ngờ|nghi ngờ|nghi bị|gặp nguy hiểm|nhận tin|cần giúp đỡ")

// officeWords tell that a number is an office's own.
var officeWords = phrases("qua cục|qua phòng|qua vụ|đầu mối|đồng chí|chuyên viên|fax|email|e-mail|thư điện tử|số nhà|địa chỉ|đ/c|liên hệ đồng chí")

// hotlines reads the public numbers.
func (p *page) hotlines() {
	p.trade = strings.Contains(p.low, "mua bán người") || strings.Contains(p.low, "trẻ em") || strings.Contains(p.low, "buôn bán người")
	seen := map[string]bool{}
	listing := false // a list of public numbers goes on
	for _, q := range p.paras {
		if q.role == RoleRecipients || q.role == RoleSignature || q.role == RoleFront || q.role == RoleNumber {
			continue
		}
		if listing && q.enum.kind != noEnum {
			p.phones(q.enum.after, q.end, 2, seen)
		}
		if q.role == RoleHeadline || strings.HasSuffix(p.of(q), ":") {
			s, _, tag := hotlineWords.find(p.low, q.start, q.end)
			listing = s >= 0 && tag == 1 && (p.trade || helpWords.has(p.low, q.start, q.end)) && q.end-q.start < 260
		} else if q.enum.kind == noEnum && q.role != RoleDateline && q.role != RoleChrome {
			listing = false
		}
		for a := q.start; a < q.end; {
			s, e, tag := hotlineWords.find(p.low, a, q.end)
			if s < 0 {
				break
			}
			a = e
			b := min(p.sentenceEnd(e, q.end), e+260)
			if tag == 2 {
				from := max(q.start, s-160)
				if n, _ := phoneAt(p.text[:b], skipToDigit(p.text, e, b)); len(n) == 3 && (hasAt(p.low, s, "gọi") || hasAt(p.low, s, "ghi nhớ") || hasAt(p.low, s, "nhớ số") || hasAt(p.low, s, "số điện thoại") && p.trade) {
					p.phones(e, min(b, e+60), 1, seen) // 111, 113: public by nature
				}
				if !helpWords.has(p.low, from, min(q.end, e+80)) || officeWords.has(p.low, max(q.start, s-90), min(q.end, b)) {
					continue
				}
				b = min(b, e+110)
			}
			if s2, _, _ := hotlineContact.find(p.low, e, b); s2 > 0 {
				b = s2 // what follows is an office's own number
			}
			p.phones(e, b, tag, seen)
			if tag == 1 { // "số 111 - Tổng đài …"
				p.phones(max(q.start, s-40), s, 3, seen)
			}
		}
		p.spokenNumbers(q, seen)
		p.serviceNumbers(q, seen)
		p.shortNumbers(q, seen)
	}
}

// spokenNumbers reads the telephone numbers of a page about trafficking that stand in a sentence which speaks to the public or of
// help, whatever word is before them; an office's own number and a person's are none.
func (p *page) spokenNumbers(q para, seen map[string]bool) {
	if p.doc.Form != Page || q.role == RoleChrome || q.role == RoleByline || q.role == RoleDateline || !p.trade {
		return
	}
	for a := q.start; a < q.end; {
		b := p.sentenceEnd(a, q.end)
		if helpWords.has(p.low, a, b) && !officeWords.has(p.low, a, b) && !ownContact.has(p.low, a, b) {
			for i := a; i < b; i++ {
				if p.text[i] != '0' || i > a && (isDigit(p.text[i-1]) || strings.IndexByte("./,-", p.text[i-1]) >= 0) || letterBefore(p.text, i) {
					continue
				}
				if n, end := phoneAt(p.text[:b], i); len(n) > 8 {
					if !seen[n] {
						seen[n] = true
						p.doc.Hotlines = append(p.doc.Hotlines, Phone{n, p.text[i:end], Mark{Span{i, end}, 0.7, "hotline.spoken"}})
					}
					i = end
				}
			}
		}
		a = max(skipSpaces(p.text, b), a+1)
	}
}

// ownContact opens the number by which an office or a person is asked about something else.
var ownContact = phrases("liên hệ chị|liên hệ anh|liên hệ ông|liên hệ bà|liên hệ cô|liên hệ thầy|tòa soạn|quảng cáo|ban tổ chức|đăng ký tham gia|nhà hảo tâm|ủng hộ|tài khoản|phòng vé|đặt vé")

// shortNumbers reads "số 111 và số của Công an tỉnh 0692.579.250": a short public number behind "số" opens a list of them.
func (p *page) shortNumbers(q para, seen map[string]bool) {
	for k := q.start; k < q.end; {
		n := strings.Index(p.low[k:q.end], "số 11")
		if n < 0 {
			return
		}
		s := k + n
		k = s + len("số 11")
		d := s + len("số ")
		if letterBefore(p.low, s) || !isDigit0(p.low, d+2) || isDigit0(p.low, d+3) || d+3 < q.end && (p.low[d+3] == '/' || p.low[d+3] == '-' || p.low[d+3] == '.' && isDigit0(p.low, d+4)) {
			continue
		}
		if e, _, tag := citeKinds.last(p.low, max(q.start, s-20), s); e >= 0 && tag > 0 {
			continue // Nghị định số 111
		}
		if helpWords.has(p.low, q.start, q.end) || p.trade {
			p.phones(d, min(p.sentenceEnd(d, q.end), d+160), 1, seen)
		}
	}
}

// serviceNumbers reads free and paid service numbers (1800…, 1900…) that stand without a word before them: they are
// public by nature, and of help where the paragraph speaks of help.
func (p *page) serviceNumbers(q para, seen map[string]bool) {
	for i := q.start; i+5 < q.end; i++ {
		if p.text[i] != '1' || p.text[i+2] != '0' || p.text[i+1] != '8' && p.text[i+1] != '9' || !hasAt(p.text, i+2, "00") || letterBefore(p.text, i) {
			continue
		}
		if n, end := phoneAt(p.text[:q.end], i); len(n) >= 8 && !seen[n] && (helpWords.has(p.low, q.start, q.end) || strings.Contains(p.low[q.start:q.end], "tổng đài") && p.trade) {
			seen[n] = true
			p.doc.Hotlines = append(p.doc.Hotlines, Phone{n, p.text[i:end], Mark{Span{i, end}, 0.8, "hotline.service-number"}})
		}
	}
}

// skipToDigit steps over the few words between "gọi" and its number.
func skipToDigit(s string, i, end int) int {
	for k := i; k < min(end, i+16); k++ {
		if isDigit(s[k]) {
			return k
		}
	}
	return i
}

// phones adds the numbers of text[a:b].
func (p *page) phones(a, b, tag int, seen map[string]bool) {
	for i := a; i < b; {
		if !isDigit(p.text[i]) && p.text[i] != '(' && p.text[i] != '+' {
			i++
			continue
		}
		if letterBefore(p.text, i) || i > 0 && (p.text[i-1] == '/' || p.text[i-1] == '.' || p.text[i-1] == ',') {
			for i < b && isDigit(p.text[i]) {
				i++
			}
			i = max(i, a+1)
			if i < b && !isDigit(p.text[i]) {
				i++
			}
			continue
		}
		n, end := phoneAt(p.text[:b], i)
		if n == "" {
			i++
			for i < b && isDigit(p.text[i]) {
				i++
			}
			continue
		}
		if p.publicNumber(n, i, end, tag) && !seen[n] {
			seen[n] = true
			p.doc.Hotlines = append(p.doc.Hotlines, Phone{n, p.text[i:end], Mark{Span{i, end}, 0.93, "hotline.behind-word"}})
		}
		i = end
	}
}

// phoneAt reads a telephone number: a short public one (111), a free or paid service (1800…, 1900…), or a number that
// begins with 0 or +84, with the dots, blanks and dashes people write. A number with an unusual count of digits is kept.
func phoneAt(s string, i int) (string, int) {
	var d []byte
	k := i
	end := i
	plus := false
	for k < len(s) && len(d) < 14 {
		c := s[k]
		switch {
		case isDigit(c):
			d = append(d, c)
			end = k + 1
		case c == '+' && len(d) == 0:
			plus = true
		case (c == '.' || c == '-' || c == ' ' || c == '(' || c == ')') && len(d) < 13:
			if c == ' ' && k+1 < len(s) && !isDigit(s[k+1]) && s[k+1] != '(' {
				return phoneDone(d, end, plus)
			}
			if (c == '.' || c == '-' || c == ')') && (k+1 >= len(s) || !isDigit(s[k+1]) && s[k+1] != ' ') {
				return phoneDone(d, end, plus)
			}
			if len(d) == 3 && d[0] == '1' && d[1] == '1' { // 111 stands by itself
				return phoneDone(d, end, plus)
			}
		default:
			return phoneDone(d, end, plus)
		}
		k++
	}
	return phoneDone(d, end, plus)
}

func phoneDone(d []byte, end int, plus bool) (string, int) {
	n := string(d)
	switch {
	case len(n) == 3 && n[0] == '1' && n[1] == '1', n == "1022":
		return n, end
	case strings.HasPrefix(n, "1800") || strings.HasPrefix(n, "1900"):
		if len(n) >= 6 && len(n) <= 10 {
			return n, end
		}
	case strings.HasPrefix(n, "0") && len(n) >= 9 && len(n) <= 12:
		return n, end
	case plus && strings.HasPrefix(n, "84") && len(n) >= 10 && len(n) <= 12:
		return "0" + n[2:], end
	}
	return "", end
}

// publicNumber tells whether the number read is what the word announced, not a count or a date.
func (p *page) publicNumber(n string, i, end, tag int) bool {
	if len(n) > 4 {
		return tag != 3 || strings.HasPrefix(n, "18")
	}
	next := skipSpaces(p.low, end)
	if next < len(p.low) && next > end && lowerAt(p.text, next) {
		// "111 cuộc gọi" is a count
		for _, w := range []string{"cuộc", "lượt", "ca", "vụ", "người", "trẻ", "trường hợp", "nạn nhân", "tin"} {
			if hasWord(p.low, next, w) {
				return false
			}
		}
	}
	if next < len(p.low) && (p.low[next] == '%' || p.low[next] == '/' && next == end) {
		return false
	}
	if tag == 3 {
		before := strings.TrimRight(p.low[max(0, i-8):i], " ")
		return strings.HasSuffix(before, "số")
	}
	return true
}
