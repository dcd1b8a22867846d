package docparse

import (
	"sort"
	"strings"
)

// unitNouns are the nouns that are counted in results; the tag groups them for the English label.
var unitNouns = phrases(
	"vụ|vụ án|vụ việc|chuyên án|vụ mua bán người|vụ phạm tội|đường dây mua bán",
	"đối tượng|bị can|bị cáo|nghi can|nghi phạm|kẻ",
	"nạn nhân|người bị mua bán|nạn nhân bị mua bán|phụ nữ bị mua bán|người bị hại",
	"buổi|buổi tuyên truyền|cuộc|lượt|hội nghị|hội thảo|lớp|lớp tập huấn|khóa|khóa tập huấn|hội thi|cuộc thi|phiên tòa|đợt|chương trình|sự kiện|diễn đàn|tọa đàm|lễ|chuyến|chuyên đề|hoạt động|tiết|hội nghị tập huấn|buổi nói chuyện",
	"lượt người|người|hội viên|cán bộ|đại biểu|học sinh|sinh viên|phụ nữ|trẻ em|trẻ|em|cháu|lao động|lượt cán bộ|lượt|hộ|hộ dân|gia đình|hộ gia đình|đoàn viên|chiến sĩ|đồng chí|lượt học sinh|lượt hội viên|thanh niên|công nhân|bệnh nhân|thành viên|tuyên truyền viên|cộng tác viên|báo cáo viên|người dân|chị|bà|ông|khán giả|nhân khẩu|dân|công dân|người lao động|học viên|giáo viên|cô gái|nữ sinh|thiếu nữ|tình nguyện viên|người nghiện|nhân viên|bé gái|bé|người nước ngoài|phạm nhân|ca|ca nhiễm|trường hợp|chủ hộ|lượt trẻ em",
	"tin|tin bài|bài|bài viết|phóng sự|tờ rơi|tờ gấp|pano|áp phích|băng rôn|băng zôn|khẩu hiệu|cuốn|tài liệu|video|clip|chuyên mục|lượt xem|lượt truy cập|ấn phẩm|tranh|cuốn sổ tay|sách|tờ|bản|bộ tài liệu|đĩa|bảng|biển|cờ phướn|thông điệp|bản tin|chuyên trang|ảnh|phướn|lượt phát|cụm pano",
	"cuộc gọi|tin báo|đơn|lượt tư vấn|cuộc điện thoại|hồ sơ|thư|tin nhắn|tin tố giác|nguồn tin|tố giác",
	"chi nhánh|văn phòng đại diện|băng nhóm|ổ nhóm|tụ điểm|đường dây|tổ tự quản|chốt chặn|góc|mô hình|câu lạc bộ|clb|tổ|nhóm|đội|cơ sở|trung tâm|điểm|nhà|địa chỉ tin cậy|ngôi nhà|điểm tạm lánh|trạm|công trình|tổ chức|đơn vị|cơ quan|doanh nghiệp|công ty|trường|trường học|chốt|đồn|ban|hợp tác xã|phòng|chi hội|tủ sách|căn nhà|nhà ở|văn phòng|gian hàng|quầy",
	"xã|huyện|thôn|bản|phường|tỉnh|thị trấn|thị xã|thành phố|thôn bản|xóm|ấp|khu phố|buôn|dân tộc|tỉnh, thành phố|xã, phường|quận|địa phương|khu|tổ dân phố|nước|quốc gia|xã biên giới|cửa khẩu|vùng|km|km2|ha|m2|mét|kilômét|ki-lô-mét|cây số|hécta|héc ta|dân số|khu công nghiệp|cụm|khu dân cư",
	"đồng|triệu đồng|tỷ đồng|tỉ đồng|nghìn đồng|ngàn đồng|usd|đô la|nhân dân tệ|tệ|euro|vnđ|vnd|đ|triệu|tỷ|tỉ",
	"suất quà|phần quà|suất|phần|học bổng|chiếc|cái|xe|máy|thẻ|con|tấn|kg|bộ|lá|quyển|cây|thùng|hộp|gói|lít|chai|viên|giỏ|túi|bếp|bánh|khẩu trang|suất học bổng|xe đạp|tàu|thuyền|phương tiện|khẩu súng|liều|mũi|que thử|bao cao su|bơm kim tiêm|giải|huy chương|bằng khen|giấy khen",
	"văn bản|kế hoạch|quyết định|công văn|chỉ thị|nghị quyết|báo cáo|đề án|dự án|giấy|biên bản|hợp đồng|quy chế|thông báo",
	"lần|ý kiến|kiến nghị|giải pháp|nhiệm vụ|nội dung|vị trí|tiêu chí|mặt|dấu hiệu|nhóm|chỉ tiêu|sản phẩm|tiết mục|việc|kênh|đề tài|câu hỏi|phần thi|tội|hành vi|thủ đoạn|loại|lĩnh vực|ngành",
)

var unitMeasures = [...]string{"", "cases", "suspects", "victims", "activities", "people", "communication_products", "calls_and_reports", "models_and_bodies", "places", "money", "goods", "documents", "count"}

// numberWords are the words of numbers: the tag is 1 + the value of a digit, then the words that multiply or join.
var numberWords = phrases("không", "một|mốt", "hai", "ba", "bốn|tư", "năm|lăm", "sáu", "bảy|bẩy", "tám", "chín", "mười", "mươi|chục", "trăm", "nghìn|ngàn", "vạn", "triệu", "tỷ|tỉ", "linh|lẻ", "rưỡi")

const (
	tenWord = 11 + iota
	tensWord
	hundredWord
	thousandWord
	myriadWord
	millionWord
	billionWord
	andWord
	halfWord
)

// measureUnits stand for time, age, share and rank: no counts of result.
var measureUnits = phrases("tuổi|năm|tháng|ngày|giờ|phút|giây|tuần|tuần lễ|quý|thế kỷ|h|đêm|thập kỷ|thập niên|năm tuổi|giờ đồng hồ|ngày đêm|tháng tuổi|độ|ngày làm việc|năm tù|tháng tù|chương|điều|khoản|điểm a|mục|phần|trang|chế độ|quyền|nguyên tắc|bước|tội danh|nhóm việc|nhóm nhiệm vụ|nhóm giải pháp|nhóm nội dung|nội dung|nhiệm vụ|giải pháp|mục tiêu|chỉ tiêu|kiến nghị|đề xuất|dấu hiệu|hành vi|thủ đoạn|kỹ năng|bài học|phần trăm|g|g/ngày|lần so với|điểm phần trăm|năm qua|năm học|buổi/tuần|khóa học")

// ordinalBefore are words before a number that names rather than counts: "Điều 11", "khóa 12", "Ban Chỉ đạo 138".
var ordinalBefore = phrases(
	"thứ|số|điều|khoản|điểm|chương|mục|khóa|quận|quý|hạng|ngày|tháng|tuổi|kỳ|giai đoạn|phụ lục|mẫu|biểu|chỉ đạo|bcđ|quốc lộ|tỉnh lộ|covid|tổng đài|gọi|điện thoại|hotline|luật|nghị định|thông tư|quyết định|nghị quyết|chỉ thị|công văn|"+
		"trang|vòng|lúc|hồi|lứa|đường dây nóng|đường dây|ngõ|hẻm|tầng|cấp|mức|loại|phần|tập|bảng|câu|hệ số|xếp|đứng|mốc|đường|trung đoàn|tiểu đoàn|sư đoàn|quân khu|bộ luật|dịch|vắc xin|năm|mẫu số|tiêu chí số|lần thứ|nghị quyết số",
	// these name only where no counted noun follows: "tổ 5", but "mỗi tổ 5 người"
	"lớp|tổ|đội|khu phố|khu|phòng|nhóm|ấp|thôn|km|lần|kế hoạch|đề án|dự án|chương trình|nội dung|tiểu dự án|hội nghị|phân khu|chi đội|cục|đồn|phiên|trạm|chốt|lô|dãy|xóm|đợt|f|thành phố|bản|từ|ban|xã|cụm")

var targetWords = phrases("ít nhất|tối thiểu|phấn đấu|chỉ tiêu|mục tiêu|dự kiến|không quá|tối đa|mỗi|mục tiêu đến|sẽ|kế hoạch đến|đặt mục tiêu|bình quân mỗi|cần đạt|yêu cầu mỗi|đạt tỷ lệ|phạt tiền từ|phạt từ|phạt tù từ|mức phạt|bị phạt|mức hỗ trợ|mức chi|trung bình mỗi|không dưới|không dưới mức|trở lên|thấp nhất|cao nhất|mức")

var approx = phrases("hơn|trên|gần|khoảng|xấp xỉ|chừng|hàng|độ|ước tính|ngót|tròn|đến|tới|cả|tổng số|tổng cộng")

// stateMarks are words of a sentence that tells a situation or result.
var stateMarks = phrases("nhận được|kêu cứu|hiện có|hiện nay có|hiện|đã|xảy ra|phát hiện|toàn tỉnh|toàn huyện|toàn xã|toàn quốc|cả nước|trong năm|năm qua|tính đến|đến nay|khởi tố|bắt giữ|bắt|giải cứu|tiếp nhận|tổng số|tỉnh có|huyện có|xã có|thành phố có|địa bàn có|trên địa bàn|so với|ghi nhận|thống kê|cùng kỳ|riêng năm|chỉ có|còn có|vẫn còn|mới có")

// figures reads counts and amounts stated as result or situation. Articles and reports state them anywhere; plans and
// orders only where they tell the situation, before they say what is to be done.
func (p *page) figures() {
	cited := map[int]int{} // start of a symbol → its end
	for _, c := range p.doc.Citations {
		for _, m := range c.Mentions {
			cited[m.Start] = m.End
		}
	}
	telling := p.doc.Kind == Article || p.doc.Kind == Report || p.pressRelease()
	top := p.topics()
	for i, q := range p.paras {
		switch q.role {
		case RoleText, RoleItem, RoleHeading, RoleCell:
		default:
			continue
		}
		if caption(p.lowOf(q)) || strings.Contains(window(p.low, q.start, q.end, 80), "khẩu hiệu") {
			continue
		}
		start := q.start
		if q.enum.kind != noEnum {
			start = q.enum.after
		}
		if e, _ := offers.at(p.low, start); e > 0 {
			continue
		}
		if telling && p.doc.Kind == Report && p.ahead(i) {
			continue
		}
		if telling {
			p.figuresIn(start, q.end, cited)
			continue
		}
		if top[i] == taskTopic && q.role == RoleText && p.opensState(start) {
			top[i] = stateTopic
		}
		switch top[i] {
		case stateTopic:
			p.figuresIn(start, q.end, cited)
		case noTopic:
			if q.role == RoleHeading || q.role == RoleCell {
				continue
			}
			if p.opensGrounds(start) { // "Thực hiện Quyết định số …, Đoàn thanh tra đã làm việc tại 07 doanh nghiệp"
				n := strings.Index(p.low[start:q.end], " đã ")
				if n < 0 {
					continue
				}
				start += n + 1
			}
			for a := start; a < q.end; {
				b := p.sentenceEnd(a, q.end)
				if (stateMarks.has(p.low, a, b) || p.tellsDay(a) || p.opensPast(a)) && !targetWords.has(p.low, a, min(b, a+40)) {
					p.figuresIn(a, b, cited)
				}
				a = skipSpaces(p.text, b)
			}
		}
	}
}

// opensPast tells whether a sentence opens with a time that is over: "Thời gian gần đây, …", "Trưa ngày 18/8/2022, …".
func (p *page) opensPast(a int) bool {
	k := skipSpaces(p.low, a)
	if e, _ := pastTimes.at(p.low, k); e > 0 {
		return true
	}
	if e, _ := dayTimes.at(p.low, k); e > 0 {
		j := skipSpaces(p.low, e)
		return hasWord(p.low, j, "ngày") || isDigit0(p.low, j)
	}
	return false
}

// opensState tells whether a paragraph among tasks opens with a time whose state it tells: "Đến hết quý I/2026, …".
func (p *page) opensState(k int) bool {
	e, _ := stateTimes.at(p.low, k)
	if e == 0 {
		return false
	}
	first := window(p.low, k, p.sentenceEnd(k, p.paraEnd(k)), 160)
	s, _, _ := stateMarks.find(first, 0, len(first))
	return s >= 0 && !targetWords.has(first, 0, len(first))
}

var stateTimes = phrases("đến hết|tính đến|đến nay|hiện nay|hiện|từ đầu năm|năm qua|trong năm qua|qua rà soát|qua thống kê|qua theo dõi|vừa qua|thời gian qua")

var pastTimes = phrases("thời gian gần đây|gần đây|mới đây|thời gian qua|trong thời gian qua|vừa qua|tuần qua|tháng qua|từ đầu năm|những năm gần đây|những tháng đầu năm|qua rà soát|qua kiểm tra|qua thống kê|theo thống kê|theo báo cáo")
var dayTimes = phrases("trưa|tối|đêm|sáng|chiều|hồi|khoảng|lúc|vào hồi|rạng sáng|vào lúc|vào khoảng")

// offers open a paragraph about prizes and conditions.
var offers = phrases("cơ cấu giải|cơ cấu giải thưởng|giải thưởng|thể lệ|đối tượng dự thi|đối tượng tham gia|mức thưởng|mức chi|mức hỗ trợ|lệ phí|học phí")

// sectionAt returns the last section that begins at or before a paragraph, -1 when there is none.
func (p *page) sectionAt(para int) int {
	return sort.Search(len(p.sections), func(i int) bool { return p.sections[i].para > para }) - 1
}

// ahead tells whether a paragraph of a report stands in the part about the time ahead.
func (p *page) ahead(para int) bool {
	for at := p.sectionAt(para); at >= 0; at = p.sections[at].Parent {
		q := p.paras[p.sections[at].para]
		if p.sections[at].Heading && (p.sections[at].topic == taskTopic && hasWord(p.low, q.enum.after, "nhiệm vụ") || hasWord(p.low, q.enum.after, "kế hoạch")) && !strings.Contains(p.low[q.start:q.end], "kết quả") {
			return true
		}
		if p.sections[at].Heading && aheadWords.has(p.low, q.start, min(q.end, q.start+160)) {
			return true
		}
	}
	return false
}

var aheadWords = phrases("phương hướng|nhiệm vụ trọng tâm|thời gian tới|kiến nghị|đề xuất|nhiệm vụ, giải pháp|nhiệm vụ công tác|chương trình công tác|dự kiến")

// opensGrounds tells whether a paragraph gives the grounds of a paper.
func (p *page) opensGrounds(k int) bool {
	e, _ := bodyOpeners.at(p.low, k)
	return e > 0
}

// topics gives each paragraph the topic of the section it stands in. What stands before the first section, or in one
// whose heading says nothing, has none; what follows an announcement of tasks is about tasks.
func (p *page) topics() []topic {
	out := make([]topic, len(p.paras))
	at := -1
	_, lead := p.leadIn()
	for i := p.firstBody; i < p.endBody && i < len(p.paras); i++ {
		for at+1 < len(p.sections) && p.sections[at+1].para <= i {
			at++
		}
		if at < 0 {
			continue
		}
		t := noTopic
		for s := at; s >= 0; s = p.sections[s].Parent {
			if t = p.sections[s].topic; t != noTopic {
				break
			}
			if p.sections[s].body != "" {
				t = taskTopic
				break
			}
		}
		if t == noTopic {
			t = lead
		}
		out[i] = t
	}
	return out
}

func (p *page) figuresIn(start, end int, cited map[int]int) {
	quote := 0
	first := len(p.doc.Figures)
	for i := start; i < end; {
		c := p.text[i]
		if c == 0xE2 {
			if hasAt(p.text, i, "“") {
				if p.privateWords(i+3, end) {
					quote = i + 1
				}
				i += 3
				continue
			}
			if hasAt(p.text, i, "”") {
				quote = 0
			}
		}
		ok, w := letterAt(p.low, i)
		if !ok {
			i += max(w, 1)
			continue
		}
		if e, hit := cited[i]; hit {
			i = e
			continue
		}
		if c == '1' { // 1800 1567 is a telephone
			if d, e := phoneAt(p.text[:end], i); len(d) >= 8 {
				i = e
				continue
			}
		}
		var n numberFound
		if isDigit(c) {
			n, ok = p.numberAt(i, end)
			if !ok {
				i = max(n.end, wordEnd(p.low, i))
				continue
			}
		} else {
			n, ok = p.wordNumberAt(i, end)
			if !ok {
				i = wordEnd(p.low, i)
				continue
			}
		}
		if quote > 0 && i-quote < 600 {
			i = n.end // what a person says, or a title
			continue
		}
		f, ok := p.figure(n, start, end, first)
		if ok {
			p.doc.Figures = append(p.doc.Figures, f)
		}
		i = max(n.end, i+1)
	}
}

// privateWords tells whether the quotation that opens before a holds a title, or what someone tells of themselves: no
// counts of result. What an office says of its work counts.
func (p *page) privateWords(a, end int) bool {
	e := strings.Index(window(p.text, a, end, 900), "”")
	if e < 0 {
		return true
	}
	if strings.Count(p.text[a:a+e], " ") < 9 {
		return true
	}
	low := p.low[a : a+e]
	for k := 0; ; {
		n := strings.Index(low[k:], "tôi")
		if n < 0 {
			return false
		}
		k += n + len("tôi")
		if !strings.HasSuffix(low[:k-len("tôi")], "chúng ") {
			return true
		}
	}
}

// numberFound is a number of the text with what it multiplies to.
type numberFound struct {
	start, end int
	value      float64
	words      bool // written as a word
	scaled     bool // nghìn, triệu, tỷ
}

// numberAt reads 17.123, 98,2, 1.200.000, 10 nghìn, 2,5 tỷ.
func (p *page) numberAt(i, limit int) (numberFound, bool) {
	n := numberFound{start: i, end: i}
	if letterBefore(p.text, i) || i > 0 && (p.text[i-1] == '.' || p.text[i-1] == ',') && i > 1 && isDigit(p.text[i-2]) {
		return n, false
	}
	k := i
	var whole, frac float64
	count := 0
	for k < limit && isDigit(p.text[k]) {
		whole = whole*10 + float64(p.text[k]-'0')
		k++
		count++
	}
	if count > 12 {
		n.end = k
		return n, false
	}
	leadZero := count > 2 && p.text[i] == '0'
	grouped := false
	for k+3 < limit+0 && (p.text[k] == '.' || p.text[k] == ',') && k+3 < len(p.text)+0 && isDigit0(p.text, k+1) && isDigit0(p.text, k+2) && isDigit0(p.text, k+3) && !isDigit0(p.text, k+4) && count <= 3 {
		sep := p.text[k]
		whole = whole*1000 + float64(int(p.text[k+1]-'0')*100+int(p.text[k+2]-'0')*10+int(p.text[k+3]-'0'))
		k += 4
		grouped = true
		if k >= limit || p.text[k] != sep {
			break
		}
	}
	if !grouped && k+1 < limit && (p.text[k] == ',' || p.text[k] == '.') && isDigit(p.text[k+1]) {
		scale := 0.1
		j := k + 1
		for j < limit && isDigit(p.text[j]) {
			frac += float64(p.text[j]-'0') * scale
			scale /= 10
			j++
		}
		if j < limit && (p.text[j] == '.' || p.text[j] == ',') && isDigit0(p.text, j+1) {
			n.end = j + 1 // a date or phone: 12.5.2021
			for n.end < limit && (isDigit(p.text[n.end]) || p.text[n.end] == '.') {
				n.end++
			}
			return n, false
		}
		k = j
	}
	if grouped && k < limit && p.text[k] == ',' && isDigit0(p.text, k+1) {
		j := k + 1
		scale := 0.1
		for j < limit && isDigit(p.text[j]) {
			frac += float64(p.text[j]-'0') * scale
			scale /= 10
			j++
		}
		k = j
	}
	if grouped && count <= 3 && k-i == count+4 && p.text[i+count] == ',' {
		// 80,485 km is a length with a decimal comma; 1,200 người are people
		if u := skipSpaces(p.low, k); hasWord(p.low, u, "km") || hasWord(p.low, u, "ha") || hasWord(p.low, u, "tấn") || hasWord(p.low, u, "kg") || hasWord(p.low, u, "km2") || hasWord(p.low, u, "tỷ") || hasWord(p.low, u, "triệu") {
			whole /= 1000
		}
	}
	n.value, n.end = whole+frac, k
	if leadZero && !grouped {
		return n, false // a phone or code
	}
	n.scale(p, limit)
	return n, true
}

func (n *numberFound) scale(p *page, limit int) {
	for r := 0; r < 2; r++ {
		j := skipSpaces(p.low, n.end)
		for _, s := range []struct {
			word string
			by   float64
		}{{"nghìn", 1e3}, {"ngàn", 1e3}, {"vạn", 1e4}, {"triệu", 1e6}, {"tỷ", 1e9}, {"tỉ", 1e9}, {"trăm", 100}, {"chục", 10}} {
			if hasWord(p.low, j, s.word) && j < limit {
				n.value *= s.by
				n.end = j + len(s.word)
				n.scaled = true
				// "1 tỷ 200 triệu"
				if k := skipSpaces(p.low, n.end); isDigit0(p.low, k) && s.by > 1e5 {
					v, e := digits(p.low, k, 3)
					m := skipSpaces(p.low, e)
					if hasWord(p.low, m, "triệu") && s.by > 1e6 {
						n.value += float64(v) * 1e6
						n.end = m + len("triệu")
					} else if hasWord(p.low, m, "nghìn") && e > k {
						n.value += float64(v) * 1e3
						n.end = m + len("nghìn")
					}
				} else if hasWord(p.low, k, "rưỡi") {
					n.value += s.by / 2
					n.end = k + len("rưỡi")
				}
				break
			}
		}
	}
	n.value = round(n.value)
}

func round(v float64) float64 {
	if r := float64(int64(v*1000+0.5)) / 1000; v < 1e15 {
		return r
	}
	return v
}

// wordNumberAt reads a number written in words: "hai", "mười hai", "hai tỷ ba trăm triệu", "một trăm linh năm". "Hàng
// trăm" and "vài chục" say no number.
func (p *page) wordNumberAt(i, limit int) (numberFound, bool) {
	n := numberFound{start: i, words: true}
	var total, cur float64
	last, count, scale := 0, 0, 1.0
	for k := i; k < limit; {
		e, tag := numberWords.at(p.low[:limit], k)
		if e == 0 {
			break
		}
		digit := tag <= 10
		if count == 0 && (tag == 1 || tag > tenWord) || count == 0 && (hasWord(p.low, k, "mốt") || hasWord(p.low, k, "tư") || hasWord(p.low, k, "lăm")) {
			break
		}
		if digit {
			if last != 0 && last <= tenWord-1 || last == tenWord && tag == 1 {
				break // "hai ba": about so many
			}
			if hasWord(p.low, k, "năm") && last != 0 && last != tensWord && last != andWord && last != hundredWord && last < thousandWord {
				break // "mười năm": ten years
			}
			cur += float64(tag - 1)
		} else {
			switch tag {
			case tenWord:
				if last != 0 && last < hundredWord && last != andWord {
					e = 0
				}
				cur += 10
			case tensWord:
				if last == 0 || last >= tenWord {
					e = 0
					break
				}
				d := float64(last - 1)
				cur += d*10 - d
			case hundredWord:
				cur *= 100
			case thousandWord, myriadWord, millionWord, billionWord:
				scale = [...]float64{1e3, 1e4, 1e6, 1e9}[tag-thousandWord]
				if cur == 0 {
					total *= scale
				} else {
					total += cur * scale
				}
				cur = 0
				n.scaled = true
			case halfWord:
				if last < thousandWord || last > billionWord {
					e = 0
					break
				}
				total += scale / 2
			}
		}
		if e == 0 {
			break
		}
		if tag == andWord && last != hundredWord && last != thousandWord {
			break
		}
		last = tag
		count++
		n.end = e
		k = skipSpaces(p.low, e)
		if k != e+1 {
			break
		}
	}
	if last == andWord {
		return n, false
	}
	n.value = total + cur
	return n, count > 0 && n.value > 0
}

// figure decides whether a number counts a result and reads its unit.
func (p *page) figure(n numberFound, start, end, first int) (Figure, bool) {
	var f Figure
	before := strings.TrimRight(p.low[max(start, n.start-40):n.start], " ")
	u := n.end
	if u < len(p.low) && p.low[u] == '%' {
		return f, false
	}
	// dates, times, shares, ranges of years
	if !n.words {
		if u < end && (p.low[u] == '/' || p.low[u] == '-' || p.low[u] == ':') && isDigit0(p.low, u+1) {
			return f, false
		}
		if n.start > 0 && (p.low[n.start-1] == '/' || p.low[n.start-1] == '-' || p.low[n.start-1] == ':') && n.start > 1 && isDigit(p.low[n.start-2]) {
			return f, false
		}
		if n.start > 0 && (p.low[n.start-1] == '-' || p.low[n.start-1] == '@') && letterBefore(p.low, n.start-1) {
			return f, false // Covid-19
		}
		if u < end && (p.low[u] == 'h' || p.low[u] == 'g') && !(hasAt(p.low, u, "ha")) {
			return f, false
		}
	}
	k := skipSpaces(p.low, u)
	if k < end && p.low[k] == '(' { // 05 (năm) vụ
		if c := strings.IndexByte(window(p.low, k, end, 24), ')'); c > 0 && u > 0 {
			k = skipSpaces(p.low, k+c+1)
		}
	}
	if n.scaled && !n.words && (k >= end || !lowerAt(p.text, k)) && p.millions(n) {
		// "đã chi 1,1 tỷ.": money without its unit
		f.Value, f.Unit, f.Measure = n.value, "đồng", "money"
		f.Text = p.say(n.start, n.end)
		f.Mark = Mark{Span{n.start, n.end}, 0.7, "figure.money-without-unit"}
		return f, true
	}
	if unit, measure, ok := p.labelled(n, before, start, k, end, first); ok {
		f.Value, f.Unit, f.Measure, f.About = n.value, unit, measure, unit
		f.Text = p.say(n.start, n.end)
		f.Mark = Mark{Span{n.start, n.end}, 0.65, "figure.label"}
		return f, true
	}
	if u, ok := p.sharedOut(n, k, end, first); ok {
		f.Value, f.Unit, f.Measure, f.About, f.OfWhich = n.value, u.Unit, u.Measure, u.About, true
		f.Text = p.say(n.start, n.end)
		f.Mark = Mark{Span{n.start, n.end}, 0.65, "figure.shared-out"}
		return f, true
	}
	if k >= end {
		return f, false
	}
	if u, ok := p.sameUnit(n, before, k, end, first); ok {
		// "402 vụ so với 488 năm 2012": the unit is that of the figure before it
		f.Value, f.Unit, f.Measure, f.About = n.value, u.Unit, u.Measure, u.About
		f.Text = p.say(n.start, n.end)
		f.Mark = Mark{Span{n.start, n.end}, 0.7, "figure.same-unit"}
		return f, true
	}
	if e, _ := measureUnits.at(p.low, k); e > 0 {
		if ue, _ := unitNouns.at(p.low, k); ue <= e {
			return f, false
		}
	}
	if k < end && p.low[k] == '%' {
		return f, false
	}
	ue, group := unitNouns.at(p.low, k)
	if ue > end {
		ue = 0
	}
	if group == 9 && lastPhrase(bodyBefore, before) {
		return f, false // "UBND 16 phường, xã" names bodies
	}
	money := group == 10
	if n.words && group == 9 && upperAt(p.text, skipSpaces(p.text, ue)) {
		return f, false // "hai tỉnh Quảng Ninh, Lào Cai" names them
	}
	if n.words && p.counted(n.value, k) {
		return f, false // "hai cháu" behind "2 cháu gái" are the same
	}
	if n.words {
		if ue == 0 || !p.wordCounts(n, before, k, group) {
			return f, false
		}
	}
	ordinal := lastTag(ordinalBefore, before)
	if strings.HasSuffix(before, "theo nhóm") || strings.HasSuffix(before, "chia nhóm") {
		return f, false // "theo nhóm 5 người": how, not how many
	}
	if strings.HasSuffix(before, ":") && ue > 0 && !lastPhrase(numberLabels, before) {
		ordinal = 0 // "phạt tù trên 15 năm: 03 bị cáo"
	}
	if money && n.scaled || strings.HasSuffix(before, "cấp") && ue > 0 && n.value > 5 {
		ordinal = 0 // "được cấp 1 tỷ 250 triệu đồng", "cấp 1.500 cuốn sổ tay"
	}
	switch ordinal {
	case 1:
		if !(strings.HasSuffix(before, "chỉ đạo") && ue > 0 && n.value < 60 || strings.HasSuffix(before, "tổng số") || strings.HasSuffix(before, "trong năm") && n.value < 1900 || strings.HasSuffix(before, "trong tháng") && n.value > 12 && group > 0) {
			return f, false
		}
	case 2:
		if ue == 0 {
			return f, false
		}
	}
	if ue == 0 {
		// an unknown noun is taken as the thing counted when it is a plain word and the number is no year
		if n.words || n.value >= 1900 && n.value <= 2100 && p.text[n.start:n.end] == trimFloat(n.value) {
			return f, false
		}
		if !lowerAt(p.text, k) {
			return f, false
		}
		if e, tag := bodyVerbs.at(p.low, k); e > 0 && (tag != dutyVerb) {
			return f, false
		} else if e > 0 && !n.scaled {
			return f, false
		}
		for _, w := range []string{"và", "của", "thì", "là", "các", "những", "này", "đó", "ngày", "hay", "hoặc"} {
			if hasWord(p.low, k, w) {
				return f, false
			}
		}
		ue = wordEnd(p.low, k)
		group = len(unitMeasures) - 1
	}
	if !n.words && n.value >= 1990 && n.value <= 2035 && !strings.ContainsAny(p.text[n.start:n.end], ".,") && lastPhrase(yearBefore, before) {
		return f, false
	}
	if e, _ := futureStarts.at(p.low, skipSpaces(p.low, max(start, p.sentenceStart(n.start, start)))); e > 0 {
		return f, false
	}
	if strings.HasSuffix(before, "cứ") || strings.HasSuffix(before, "thì") && strings.Contains(p.low[max(start, n.start-60):n.start], "cứ ") {
		return f, false // "cứ 10 nạn nhân thì 7 người là phụ nữ": a share
	}
	// targets and rates
	near := p.low[max(p.sentenceStart(n.start, start), n.start-110):n.start]
	if c := strings.LastIndexAny(near, ";)"); c >= 0 {
		near = near[c:]
	}
	for _, w := range []string{"tổng số", "tổng cộng", "tổng kinh phí", "tổng trị giá", "với số tiền"} { // "mỗi người 1.800.000 đồng, tổng số tiền 3.600.000 đồng"
		if c := strings.LastIndex(near, w); c >= 0 {
			near = near[c:]
		}
	}
	if targetWords.has(near, 0, len(near)) && !strings.Contains(near, "đã ") && !strings.HasSuffix(before, "mỗi nơi") {
		return f, false
	}
	if after := window(p.low, ue, end, 24); strings.HasPrefix(after, "/") && (strings.HasPrefix(after, "/năm") || strings.HasPrefix(after, "/tháng") || strings.HasPrefix(after, "/người") || strings.HasPrefix(after, "/ngày")) || strings.HasPrefix(after, " mỗi ") || strings.HasPrefix(after, " trở lên") {
		return f, false
	}
	unitEnd := ue
	if !money {
		unitEnd = p.unitGoesOn(k, ue, end)
	}
	s := n.start
	if w := wordBefore(p.low, n.start, start); w >= 0 {
		if e, _ := approx.at(p.low, w); e > 0 && skipSpaces(p.low, e) == n.start {
			s = w
			f.Approx = p.low[w:e]
		}
	}
	f.Value = n.value
	f.Unit = p.say(k, unitEnd)
	if money && n.scaled && (f.Unit == "triệu" || f.Unit == "tỷ") {
		f.Unit = "đồng"
	}
	f.Text = p.say(s, unitEnd)
	f.Measure = unitMeasures[group]
	f.About = p.say(k, p.phraseEnd(k, end))
	f.OfWhich = strings.Contains(near, "trong đó") && len(p.doc.Figures) > first
	conf := 0.85
	if n.words {
		conf = 0.65
	} else if group == len(unitMeasures)-1 {
		conf = 0.6
	}
	f.Mark = Mark{Span{s, unitEnd}, conf, "figure.count"}
	return f, true
}

// sharedOut reads the numbers of "47 nạn nhân trở về (Na Rì 29, Ngân Sơn 18)": places with their parts in brackets behind a figure.
func (p *page) sharedOut(n numberFound, k, end, first int) (Figure, bool) {
	if n.words || n.scaled || len(p.doc.Figures) <= first || k < end && strings.IndexByte(",;)", p.low[k]) < 0 {
		return Figure{}, false
	}
	last := p.doc.Figures[len(p.doc.Figures)-1]
	open := strings.LastIndexByte(p.low[last.Span.Start:n.start], '(')
	bracket := open >= 0
	if !bracket { // "36 em, gồm: người Mông 21, người Dao 9"
		for _, w := range []string{"gồm:", "trong đó:", "gồm có:"} {
			if o := strings.LastIndex(p.low[last.Span.Start:n.start], w); o > 0 {
				open = o + len(w)
			}
		}
	}
	if open < 0 {
		if last.Rule != "figure.shared-out" {
			return Figure{}, false
		}
	} else if n.start-last.Span.Start-open > 40 || last.Span.Start+open-last.Span.End > 40 {
		return Figure{}, false
	}
	// a name stands right before the number
	w := wordBefore(p.low, n.start, max(last.Span.Start, n.start-24))
	closed := strings.IndexByte(window(p.low, n.start, end, 80), ')') >= 0
	if w < 0 || !upperAt(p.text, w) && !hasWord(p.low, w, "khác") && !((bracket || last.Rule == "figure.shared-out" || p.sharing(last, n.start)) && lastPhrase(shareLabels, p.low[max(last.Span.Start, n.start-24):n.start])) || n.value >= 1900 && n.value < 2100 || (bracket || last.Rule == "figure.shared-out" && open < 0) && !closed && !p.sharing(last, n.start) {
		return Figure{}, false
	}
	return last, true
}

// shareLabels are what people are parted by in brackets: "186 người (nữ 171, nam 15)".
var shareLabels = phrases("nam|nữ|trẻ em|người lớn|phụ nữ|nam giới|nữ giới|trẻ em gái|trẻ em trai")

// sharing tells whether the numbers shared out stand behind "gồm:" rather than in brackets.
func (p *page) sharing(last Figure, at int) bool {
	s := p.sentenceStart(at, p.paraStart(at))
	part := p.low[max(s, last.Span.Start-90):at]
	return strings.Contains(part, "gồm:") || strings.Contains(part, "trong đó:") || strings.Contains(part, "gồm có:")
}

var numberLabels = phrases("số|điện thoại|tổng đài|hotline|đường dây nóng|đường dây|gọi|số điện thoại")

// labelled reads a number of a report that stands by itself behind a label: "số vụ: 03; tự trở về: 01". Its unit is the
// counted noun of the label, or that of the figure before it.
func (p *page) labelled(n numberFound, before string, start, k, end, first int) (unit, measure string, ok bool) {
	if p.doc.Kind != Report || n.words || n.value == 0 || !strings.HasSuffix(before, ":") || n.scaled {
		return
	}
	if k < end && strings.IndexByte(",;)", p.low[k]) < 0 && !(p.low[k] == '.' && (k+1 >= end || p.low[k+1] == ' ')) {
		return
	}
	a := n.start
	for a > start && strings.IndexByte(",;.(", p.low[a-1]) < 0 {
		a--
	}
	label := p.low[a:n.start]
	if s, e, g := unitNouns.last(label, 0, len(label)); s >= 0 && g < len(unitMeasures) {
		return p.say(a+s, a+e), unitMeasures[g], true
	}
	if len(p.doc.Figures) > first {
		f := p.doc.Figures[len(p.doc.Figures)-1]
		return f.Unit, f.Measure, true
	}
	return
}

// counted tells whether the same number of the same things was counted before.
func (p *page) counted(v float64, k int) bool {
	for _, f := range p.doc.Figures {
		if f.Value == v && hasWord(p.low, k, fold(f.Unit[:wordEnd(f.Unit, 0)])) {
			return true
		}
	}
	return false
}

// millions tells whether a number was written with triệu or tỷ.
func (p *page) millions(n numberFound) bool {
	for _, w := range []string{"triệu", "tỷ", "tỉ"} {
		if strings.HasSuffix(p.low[n.start:n.end], w) {
			return true
		}
	}
	return false
}

// futureStarts open a sentence about what is still to come.
var futureStarts = phrases("giai đoạn tới|thời gian tới|trong thời gian tới|năm tới|tới đây|sắp tới|từ nay đến|dự kiến|mục tiêu|phấn đấu|trong năm tới|những năm tới|trong giai đoạn tới|đến năm|kế hoạch đặt ra")

var bodyBefore = phrases("ubnd|ủy ban nhân dân|công an|hội|đoàn|phòng|sở|các sở")

// sameUnit tells whether a bare number is compared with the figure before it.
func (p *page) sameUnit(n numberFound, before string, k, end, first int) (Figure, bool) {
	if n.words || len(p.doc.Figures) <= first {
		return Figure{}, false
	}
	last := p.doc.Figures[len(p.doc.Figures)-1]
	compared := strings.HasSuffix(before, "so với") || strings.HasSuffix(before, "thay vì") || strings.HasSuffix(before, "còn")
	listed := strings.HasSuffix(before, " và") && strings.Contains(p.low[last.Span.End:n.start], "năm ") && hasWord(p.low, k, "năm") // "469 vụ năm 2014 và 407 năm 2015"
	if !compared && !listed || n.start-last.Span.End > 90 {
		return Figure{}, false
	}
	for _, w := range []string{"năm", "của năm", "cùng kỳ", "ở năm", "hồi"} {
		if hasWord(p.low, k, w) {
			return last, true
		}
	}
	return Figure{}, k >= end
}

var yearBefore = phrases("năm|từ|đến|đầu năm|cuối năm|giai đoạn|so với|của năm|tháng")

// lastPhrase tells whether s ends with a phrase of the lexicon.
func lastPhrase(l *lexicon, s string) bool { return lastTag(l, s) > 0 }

// lastTag returns the tag of the phrase that s ends with, 0 when there is none.
func lastTag(l *lexicon, s string) int {
	s = strings.TrimRight(s, " :(")
	k := len(s)
	for words := 0; words < 3 && k > 0; words++ {
		j := k
		for j > 0 && s[j-1] != ' ' && s[j-1] != '(' && s[j-1] != ',' {
			j--
		}
		if e, tag := l.at(s, j); e == len(s) {
			return tag
		}
		if j == 0 {
			break
		}
		k = j - 1
	}
	return 0
}

// wordCounts tells whether a number written as a word counts.
func (p *page) wordCounts(n numberFound, before string, k, group int) bool {
	switch n.value {
	case 1:
		switch group {
		case 1, 2, 3:
		default:
			return false
		}
		return strings.HasSuffix(before, "được") || strings.HasSuffix(before, "cho") || strings.HasSuffix(before, "có") || strings.HasSuffix(before, "tố") || strings.HasSuffix(before, "phá") || strings.HasSuffix(before, "cứu")
	case 5:
		if lastPhrase(yearWordBefore, before) || hasWord(p.low, k, "trẻ em") {
			return false
		}
	case 3:
		// "ba" is also "father": only before a counted noun, checked by the caller
	}
	switch group {
	case 8, 9:
		for _, w := range []string{"của", "tại", "ở", "giữa", "đề nghị", "yêu cầu", "cả", "với", "giao"} {
			if strings.HasSuffix(before, " "+w) {
				return false // "theo báo cáo của hai huyện": known ones
			}
		}
	}
	switch group {
	case 1, 2, 3, 4, 8, 9, 11:
		if hasWord(p.low, k, "đơn vị") || hasWord(p.low, k, "cơ quan") || hasWord(p.low, k, "tổ chức") {
			return false // "hai đơn vị họp": they are named, not counted
		}
		return !hasWord(p.low, k, "nước") && !hasWord(p.low, k, "phần") && !hasWord(p.low, k, "mặt") && !(hasWord(p.low, k, "lượt") && n.value < 3) && !hasWord(p.low, k, "bản")
	case 5:
		return n.scaled || n.value >= 10 || hasWord(p.low, k, "lượt") || hasWord(p.low, k, "nạn nhân") || hasWord(p.low, k, "người") || hasWord(p.low, k, "cháu") || hasWord(p.low, k, "em") || hasWord(p.low, k, "cô gái") || hasWord(p.low, k, "trẻ") || hasWord(p.low, k, "phụ nữ") || hasWord(p.low, k, "chị") || hasWord(p.low, k, "hội viên") || hasWord(p.low, k, "học sinh") || hasWord(p.low, k, "thanh niên") || hasWord(p.low, k, "lao động") || hasWord(p.low, k, "nữ sinh") || hasWord(p.low, k, "bé gái") || hasWord(p.low, k, "hộ") || hasWord(p.low, k, "gia đình")
	case 6, 12:
		return n.value > 1
	case 10:
		return n.scaled
	}
	return false
}

var yearWordBefore = phrases("trong|của|mỗi|hằng|hàng|cuối|đầu|giữa|từ|đến|các|những|nhiều|vài|cả|suốt|quanh|trong các")

// unitGoesOn takes the second half of a unit: "lượt người", "lượt cán bộ", "tin bài".
func (p *page) unitGoesOn(k, ue, end int) int {
	j := skipSpaces(p.low, ue)
	if j == ue+1 && hasWord(p.low, k, "lượt") {
		if e, g := unitNouns.at(p.low, j); e > 0 && g == 5 && e <= end {
			return e
		}
	}
	return ue
}

func wordBefore(low string, i, from int) int {
	k := i
	for k > from && low[k-1] == ' ' {
		k--
	}
	if k == i || !letterBefore(low, k) {
		return -1
	}
	for k > from && letterBefore(low, k) {
		k--
		for k > from && low[k]&0xC0 == 0x80 {
			k--
		}
	}
	return k
}

// phraseEnd returns where the words that say what is counted end.
func (p *page) phraseEnd(k, end int) int {
	words := 0
	for k < end && words < 9 {
		c := p.low[k]
		if c == ',' || c == ';' || c == '.' || c == '(' || c == ':' || c == '/' {
			break
		}
		ok, w := letterAt(p.low, k)
		if !ok {
			if c == 0xE2 {
				break
			}
			k += max(w, 1)
			continue
		}
		if isDigit(c) {
			break
		}
		words++
		k = wordEnd(p.low, k)
	}
	for k > 0 && p.low[k-1] == ' ' {
		k--
	}
	return k
}

func trimFloat(v float64) string {
	n := int64(v)
	var b [20]byte
	i := len(b)
	for n > 0 {
		i--
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return string(b[i:])
}
