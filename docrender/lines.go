package docrender

import (
	"math"
	"strings"
	"unicode"
)

// setter breaks paragraphs into lines. It keeps its buffers, so that one serves a whole document; it is not for several goroutines.
type setter struct {
	text  []rune
	style []uint8 // face of each rune
	width []float64
	lines []setLine
}

// setLine is one line of a paragraph: runes from..to of the setter's text, without the spaces it ends in.
type setLine struct {
	from, to int
	width    float64 // natural, points
	spaces   int     // that can be stretched
	last     bool    // of the paragraph, or before a forced line end
}

type setRun struct {
	text string
	face uint8
}

// set breaks runs of one size into lines, the first narrower by the indent. Lines are filled one after another, as word processors do.
func (s *setter) set(runs []setRun, size, room, indent float64) []setLine {
	s.text, s.style, s.width, s.lines = s.text[:0], s.style[:0], s.width[:0], s.lines[:0]
	for _, r := range runs {
		f := faces()[r.face]
		k := size / float64(f.units)
		for _, c := range r.text {
			s.text = append(s.text, c)
			s.style = append(s.style, r.face)
			s.width = append(s.width, float64(f.advance[f.glyph(c)])*k)
		}
	}
	n := len(s.text)
	start, used, avail := 0, 0.0, room-indent
	brk, brkWidth := -1, 0.0 // last place to break: the line would end before brk
	end := func(to, next int, last bool) {
		for to > start && s.text[to-1] == ' ' && !last {
			to--
		}
		l := setLine{from: start, to: to, last: last}
		for i := start; i < to; i++ {
			l.width += s.width[i]
			if s.text[i] == ' ' {
				l.spaces++
			}
		}
		s.lines = append(s.lines, l)
		start, brk = next, -1
		avail = room
	}
	for i := 0; i < n; i++ {
		c := s.text[i]
		if c == '\n' {
			end(i, i+1, true)
			used = 0
			continue
		}
		w := s.width[i]
		if c != ' ' && used+w > avail+0.02 {
			switch {
			case brk > start:
				rest := used - brkWidth
				end(brk, brk, false)
				used = rest
			case i > start: // a word longer than the line
				end(i, i, false)
				used = 0
			}
			if used+w > avail+0.02 && brk <= start && start < i && used > 0 {
				end(i, i, false)
				used = 0
			}
		}
		used += w
		if s.breaks(i) {
			brk, brkWidth = i+1, used
		}
	}
	end(n, n, true)
	return s.lines
}

// breaks tells whether a line may end after rune i.
func (s *setter) breaks(i int) bool {
	c := s.text[i]
	if i+1 >= len(s.text) {
		return false
	}
	next := s.text[i+1]
	switch c {
	case ' ':
		return next != ' '
	case '-':
		return i > 0 && s.text[i-1] != ' ' && unicode.IsLetter(next)
	case '–', '—':
		return next != ' ' && next != '\u00a0'
	}
	return false
}

// linesOf counts the lines of a text in a room of millimetres.
func linesOf(text string, bold bool, size, room float64) int {
	var s setter
	i, _ := faceOf(bold, false)
	return len(s.set([]setRun{{text, uint8(i)}}, size, room*ptPerMM, 0))
}

// lastLine is the width in millimetres of the last line of a text in a room.
func lastLine(text string, bold bool, size, room float64) float64 {
	var s setter
	i, _ := faceOf(bold, false)
	ls := s.set([]setRun{{text, uint8(i)}}, size, room*ptPerMM, 0)
	return math.Min(ls[len(ls)-1].width/ptPerMM, room)
}

// setRuns are the runs of a paragraph with its label.
func (p *para) setRuns(to []setRun) []setRun {
	if p.label != "" {
		i, _ := faceOf(p.boldLabel, p.italic)
		sep := " "
		if p.ownLine {
			sep = "\n"
		}
		to = append(to, setRun{p.label + sep, uint8(i)})
	}
	for _, r := range p.runs {
		i, _ := faceOf(p.bold || r.Bold, p.italic || r.Italic)
		to = append(to, setRun{strings.TrimRight(r.Text, "\r"), uint8(i)})
	}
	return to
}

// balanced is how far a centred text is drawn in on both sides, in millimetres, so that its lines have about the same length and end
// where the sense allows: "ỦY BAN NHÂN DÂN / TỈNH SƠN LA", never "ỦY BAN NHÂN / DÂN TỈNH SƠN LA". A line more is taken only when no
// other way spares a name or date.
func balanced(text string, bold, italic bool, size, room float64) float64 {
	var s setter
	i, _ := faceOf(bold, italic)
	runs := []setRun{{text, uint8(i)}}
	n := len(s.set(runs, size, room*ptPerMM, 0))
	if n < 2 {
		return 0
	}
	best, side := math.Inf(1), 0.0
	for in := 0.0; in < room*0.3; in += 0.5 {
		lines := s.set(runs, size, (room-2*in)*ptPerMM, 0)
		if len(lines) > n+1 {
			break
		}
		cost := 2 * float64(len(lines)-n)
		longest, shortest := 0.0, room*ptPerMM
		for k, l := range lines {
			longest, shortest = max(longest, l.width), min(shortest, l.width)
			if k > 0 {
				cost += breakCost(s.text[:lines[k-1].to], s.text[l.from:])
			}
		}
		cost += 1.5 * (longest - shortest) / (room * ptPerMM)
		if cost < best-1e-9 {
			best, side = cost, in
		}
	}
	return side
}

// breakCost is how bad it is to end a centred line between two stretches of text: 0 is a good place, 1 and more part what belongs together.
func breakCost(before, after []rune) float64 {
	a := strings.Fields(string(before[max(0, len(before)-24):]))
	b := strings.Fields(string(after[:min(len(after), 24)]))
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	inName := named(a[len(a)-1]) && named(b[0])
	last, next := strings.ToLower(a[len(a)-1]), strings.ToLower(b[0])
	bare := strings.Trim(last, ",;:.()“”\"")
	switch {
	case next == "-" || next == "–" || last == "-" || last == "–":
		return 3
	case bare != last && strings.ContainsAny(last[len(last)-1:], ",;:.") && last+" "+next != "phòng, chống":
		return 0
	case strings.Contains(parted, "|"+last+" "+strings.Trim(next, ",;:.()“”\"")+"|"):
		return 1.5
	case strings.Contains(hanging, "|"+bare+"|"):
		return 1
	case unicode.IsDigit([]rune(next)[0]), unicode.IsDigit([]rune(bare + " ")[0]) && (next == "tháng" || next == "năm"):
		return 1
	case inName:
		return 1
	}
	return 0.3
}

// named tells whether a word is written as the syllable of a name: Sơn, La.
func named(w string) bool {
	c := []rune(w)
	return len(c) > 1 && unicode.IsUpper(c[0]) && unicode.IsLower(c[1])
}

// hanging are words that no centred line should end in: they belong to what follows.
const hanging = "|và|về|của|các|những|cho|từ|đến|do|với|theo|tại|trên|việc|số|ngày|tháng|năm|quý|tỉnh|xã|phường|huyện|quận|thành phố|ban|sở|cục|vụ|"

// parted are pairs of syllables that make one word or name in the names of bodies and in subjects; a centred line does not end between them.
const parted = "|ủy ban|nhân dân|ban nhân|hội đồng|đồng nhân|ban chỉ|chỉ đạo|phòng, chống|chống tội|chống mua|tội phạm|tệ nạn|nạn xã|xã hội|phong trào|" +
	"toàn dân|dân bảo|bảo vệ|an ninh|ninh tổ|tổ quốc|mặt trận|trận tổ|công tác|công an|trung tâm|trung ương|trung học|thành phố|hồ chí|chí minh|việt nam|" +
	"tổ công|liên ngành|tiếp nhận|hỗ trợ|nạn nhân|nhân bị|mua bán|bán người|triển khai|hưởng ứng|hoạt động|thực hiện|kế hoạch|kết quả|báo cáo|tổ chức|" +
	"thành lập|ban hành|phối hợp|kiểm tra|thanh tra|truyền thông|tuyên truyền|cao điểm|thế giới|đặc khu|địa bàn|biên phòng|phụ nữ|thanh niên|liên hiệp|" +
	"lao động|thương binh|y tế|giáo dục|đào tạo|tài chính|tư pháp|nội vụ|ngoại vụ|cảnh sát|hình sự|quân sự|bộ chỉ|chỉ huy|chính phủ|bảo trợ|cơ sở|trợ giúp|" +
	"gia đình|trẻ em|xây dựng|quy chế|quy định|chương trình|hành động|giai đoạn|cuộc họp|phó chủ|chủ tịch|giám đốc|tổng kết|sơ kết|đôn đốc|thời hạn|đăng ký|" +
	"văn bản|bản đến|bản đi|giải quyết|" +
	"hà nội|cao bằng|điện biên|hà tĩnh|lai châu|lạng sơn|nghệ an|quảng ninh|thanh hóa|sơn la|an giang|bắc ninh|cà mau|cần thơ|đà nẵng|đắk lắk|đồng nai|" +
	"đồng tháp|gia lai|hải phòng|hưng yên|khánh hòa|lâm đồng|lào cai|ninh bình|phú thọ|quảng ngãi|quảng trị|tây ninh|thái nguyên|tuyên quang|vĩnh long|" +
	"bà rịa|vũng tàu|bình dương|"
