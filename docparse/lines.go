package docparse

import (
	"strings"
	"unicode/utf8"
)

// line is one line of the normalised text.
type line struct {
	start, end int  // trimmed
	blank      bool // an empty line stands before it
	cell       bool // the right part of a line that a wide gap or a table pipe parts in columns
	row        int  // number of the line of the source that was parted in columns, from 1; 0 when it was not
	fixed      bool // a line of the header or footer that is never joined with its neighbours
	rule       bool // drawn: dashes, dots, stars
	caps       bool
	width      int // characters
}

// para is one block of the page text: lines that belong together.
type para struct {
	start, end int
	blank      bool
	caps       bool
	role       Role
	rule       string
	enum       enumMark
	front      bool // stands in a front matter block
	row        int  // the table row it is a cell of, 0 when it is none
}

// splitLines cuts the text into trimmed lines; blank ones are remembered on their successor. Wide gaps of header and
// footer lines ("Số: 12/KH-UBND        Hà Nội, ngày …") part them in two.
func splitLines(s string, cells []int) []line {
	out := make([]line, 0, strings.Count(s, "\n")+1)
	blank, piped := false, false
	row, rowStart := 0, 0
	gaps := strings.Contains(s, "    ")
	for i := 0; i <= len(s); {
		e := strings.IndexByte(s[i:], '\n')
		if e < 0 {
			e = len(s)
		} else {
			e += i
		}
		a, b := i, e
		for a < b && s[a] == ' ' {
			a++
		}
		for b > a && s[b-1] == ' ' {
			b--
		}
		for len(cells) > 0 && cells[0] < e {
			cells = cells[1:]
		}
		pipe := len(cells) > 0 && cells[0] == e
		if !piped {
			row++
			rowStart = len(out)
		}
		i = e + 1
		if a == b {
			blank = blank || !piped && !pipe
			piped = pipe
			continue
		}
		l := line{start: a, end: b, blank: blank, row: row}
		l.cell = len(out) > rowStart
		l.blank = blank && !l.cell
		blank = false
		for n := 0; gaps && n < 5 && l.end-l.start < 300; n++ {
			g, h := wideGap(s[l.start:l.end])
			if g == 0 {
				break
			}
			left := l
			left.end = l.start + g
			out = append(out, left)
			l.start, l.blank, l.cell = l.start+h, false, true
		}
		out = append(out, l)
		piped = pipe
	}
	for i := range out {
		measure(s, &out[i])
		if !out[i].cell && (i+1 == len(out) || out[i+1].row != out[i].row) {
			out[i].row = 0
		}
	}
	return out
}

// wideGap finds a gap of four or more spaces between two columns: the right one begins with a capital and the left one
// does not end with a mark that waits for a filled-in blank ("Số:      /SYT", "ngày     tháng").
func wideGap(s string) (start, end int) {
	for i := 1; i < len(s); i++ {
		if s[i] != ' ' {
			continue
		}
		j := i
		for j < len(s) && s[j] == ' ' {
			j++
		}
		if j-i >= 4 && (upperAt(s, j) || j-i >= 12 && isDigit0(s, j)) && s[i-1] != '/' && (s[i-1] != ':' || numberLabel(fold(s[:i])) == 0) {
			return i, j
		}
		i = j
	}
	return 0, 0
}

func measure(s string, l *line) {
	t := s[l.start:l.end]
	letters := false
	n, up, lo := 0, 0, 0
	for i := 0; i < len(t); {
		c := t[i]
		if c < utf8.RuneSelf {
			i++
			n++
			switch {
			case c >= 'a' && c <= 'z':
				lo++
				letters = true
			case c >= 'A' && c <= 'Z':
				up++
				letters = true
			case c >= '0' && c <= '9':
				letters = true
			}
			continue
		}
		r, w := utf8.DecodeRuneInString(t[i:])
		i += w
		n++
		if isUpper(r) {
			up++
			letters = true
		} else if isLower(r) {
			lo++
			letters = true
		}
	}
	l.width = n
	l.rule = !letters
	l.caps = up >= 2 && lo <= up/8
}

// layout makes the page: lines that a wrap broke are joined, lost line ends are put back, front matter is set apart.
func layout(n normalised) *page {
	lines := splitLines(n.text, n.cells)
	p := &page{unmarked: n.unmarked}
	p.offsets.inLen = len(n.text)
	under := n.offsets
	p.offsets.under = &under
	front := frontMatter(n.text, lines)
	lows := make([]string, len(lines))
	for i := range lines {
		l := &lines[i]
		lows[i] = n.low[l.start:min(l.end, l.start+160)]
		l.fixed = l.rule || lows[i] == "tt" || lows[i] == "stt" || // the head of a table
			fixedLine(lows[i], l) && !(lowerAt(n.text, l.start) && numberLine(lows[i])) // "số 39/KH-UBND của …" goes on a sentence
	}
	wrap, double := wrapWidth(lines), doubleSpaced(lines)
	p.paras = make([]para, 0, len(lines))
	out, low := make([]byte, 0, len(n.text)+8), make([]byte, 0, len(n.text)+8)
	add := func(l line) {
		for i := l.start; i < l.end; {
			j := i
			for j < l.end && !(n.text[j] == ' ' && (j+1 < l.end && n.text[j+1] == ' ')) {
				j++
			}
			p.offsets.note(len(out), i)
			out = append(out, n.text[i:j]...)
			low = append(low, n.low[i:j]...)
			for j+1 < l.end && n.text[j] == ' ' && n.text[j+1] == ' ' {
				j++
			}
			i = j
		}
	}
	openQuote := 0 // bytes since an unclosed “ or ( of the paragraph
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if i > 0 && i >= front && !lines[i-1].rule && joins(n.text, lines, lows, i, wrap, double, openQuote > 0) {
			prev := &p.paras[len(p.paras)-1]
			glue := " "
			last := out[len(out)-1]
			first := n.text[l.start]
			if (last == '-' || last == '/') && len(out) > 1 && out[len(out)-2] != ' ' && (isAlnum(first) || first >= 0x80) {
				glue = ""
				p.hyphens++
			}
			p.offsets.note(len(out), lines[i-1].end)
			out = append(out, glue...)
			low = append(low, glue...)
			add(l)
			prev.end = len(out)
			p.joins++
		} else {
			if len(out) > 0 {
				p.offsets.note(len(out), max(0, l.start-1))
				out = append(out, '\n')
				low = append(low, '\n')
			}
			start := len(out)
			add(l)
			p.paras = append(p.paras, para{start: start, end: len(out), blank: l.blank, front: i < front, row: l.row})
			openQuote = 0
		}
		openQuote = openings(n.text[l.start:l.end], openQuote)
	}
	p.text = string(out)
	p.low = string(low)
	p.splitRunOns()
	for i := range p.paras {
		q := &p.paras[i]
		q.caps = capitals(p.text[q.start:q.end])
		q.enum = enumAt(p.text, q.start, q.end)
	}
	return p
}

// openings counts how many quotation marks or brackets are open after s; open is the count before.
func openings(s string, open int) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			open++
		case ')':
			open--
		case 0xE2:
			if strings.HasPrefix(s[i:], "“") {
				open++
			} else if strings.HasPrefix(s[i:], "”") {
				open--
			}
		}
	}
	return max(0, open)
}

// wrapWidth returns the width at which the lines of the body were wrapped, 0 when they were not.
func wrapWidth(lines []line) int {
	var hist [201]int
	n, long := 0, 0
	for _, l := range lines {
		if l.width > 200 {
			long++
			continue
		}
		if l.width >= 30 {
			hist[l.width]++
			n++
		}
	}
	if n < 4 || long > n {
		return 0
	}
	seen := 0
	for w := 200; w >= 30; w-- {
		if seen += hist[w]; seen*10 >= n {
			return w
		}
	}
	return 0
}

// doubleSpaced tells whether a copy put an empty line between all lines, so that it parts no paragraphs.
func doubleSpaced(lines []line) bool {
	n, blank := 0, 0
	for _, l := range lines {
		if l.width < 30 {
			continue
		}
		n++
		if l.blank {
			blank++
		}
	}
	return n > 6 && blank*10 >= n*7
}

// dashNames are names with a dash, at which a wrap may break: "Lao động" + "- Thương binh và Xã hội".
var dashNames = [][2]string{{"lao động", "thương binh"}, {"phát thanh", "truyền hình"}, {"văn hóa", "thông tin"}, {"văn hóa", "xã hội"}, {"chính trị", "xã hội"}, {"kinh tế", "xã hội"}, {"tài chính", "kế hoạch"}, {"kế hoạch", "tài chính"}, {"văn hóa", "truyền thông"}, {"phát thanh", "truyền thanh"}, {"phòng, chống mua bán người", "30/7"}}

// dashName tells whether line b goes on a name with a dash that line a breaks off.
func dashName(a, b string) bool {
	b = strings.TrimLeft(b, "-– ")
	for _, n := range dashNames {
		if strings.HasSuffix(a, n[0]) && strings.HasPrefix(b, n[1]) {
			return true
		}
	}
	return false
}

// publishedLine tells whether line b is nothing but a day and a time, as pages print below their headline, and not the end of
// a sentence that line a breaks off.
func publishedLine(a, b string) bool {
	if b == "" || !isDigit(b[0]) {
		return false
	}
	f, ok := dateAt(b, 0)
	if !ok || !f.Full() || f.end < 8 {
		return false
	}
	for _, w := range []string{"ngày", "từ", "đến", "trước", "sau", ","} {
		if strings.HasSuffix(a, w) {
			return false
		}
	}
	rest := strings.Trim(b[f.end:], " -,|")
	return rest == "" || len(rest) < 9 && isDigit(rest[0]) && strings.ContainsAny(rest, ":h")
}

// joins tells whether line i carries on the paragraph of line i-1.
func joins(s string, lines []line, lows []string, i, wrap int, double, open bool) bool {
	a, b := lines[i-1], lines[i]
	if b.cell || b.rule || a.row > 0 && b.row > 0 && a.row != b.row {
		return false
	}
	left, right := s[a.start:a.end], s[b.start:b.end]
	if strings.HasPrefix(right, "http") || strings.HasPrefix(right, "www.") {
		return false
	}
	la, lb := lows[i-1], lows[i]
	if publishedLine(la, lb) {
		return false
	}
	if len(right) > 1 && (strings.HasSuffix(left, "/") || strings.HasSuffix(left, "-") && !strings.HasSuffix(left, " -")) &&
		(upperAt(right, 0) || lowerAt(right, 0)) && !a.rule && !lines[i].fixed && symbolTail(left) {
		return true // a symbol broken behind its stroke: 162/PCTNXH- | HTNNTT
	}
	if !a.cell && (placeDateBroken(la, lb) || !b.blank && placeBroken(left, lb)) || !b.blank && titleBroken(la, lb) {
		return true
	}
	if a.fixed || b.fixed || strings.HasSuffix(la, "điện:") || i > 1 && strings.HasSuffix(lows[i-2], "điện:") {
		return false
	}
	if e := enumAt(s, a.start, a.end); e.kind == article && e.after >= a.end && enumAt(s, b.start, b.end).kind == noEnum {
		return true // "Điều 2." with its text on the next line
	}
	if e := enumAt(s, b.start, b.end); e.kind != noEnum {
		if e.kind == bullet && !b.blank && dashName(la, lb) {
			return true
		}
		if e.kind == bullet && open && b.width < 40 && e.after < b.end && isDigit(s[e.after]) {
			return true // "Ngày toàn dân … | - 30/7” năm 2021"
		}
		if e.kind != bullet && !b.blank && e.kind == number && strings.HasSuffix(strings.TrimRight(la, " "), "ngày") {
			return true
		}
		return false
	}
	if a.caps != b.caps {
		if a.caps && !b.caps && !(a.width < 12 && !a.blank && wrap > 0) {
			return false
		}
		if b.caps && !a.caps && (b.blank || b.width > 12) {
			return false
		}
	}
	if a.caps && b.caps {
		// A heading in capitals broken in two; lines of the header and title stay apart, the header grammar joins them.
		e := enumAt(s, a.start, a.end)
		if w, tag := columnWords.at(lb, 0); w == len(lb) && tag == numberColumn {
			return false // "TT" heads the first column of a table
		}
		return e.kind != noEnum && e.kind != bullet && !b.blank && !endsClosed(left)
	}
	closed := endsClosed(left)
	if lowerAt(right, 0) || startsInside(right) {
		if !closed || strings.HasSuffix(left, ",") {
			return !b.blank || a.width >= 40 || open || strings.HasSuffix(left, ",")
		}
		return wrap > 0 && !b.blank && a.width*4 >= wrap*3 && strings.HasSuffix(left, ";") || open && !b.blank
	}
	if closed && !open {
		return false
	}
	if strings.HasSuffix(left, ":") {
		return open && !b.blank && isDigit(right[0]) // "(điện thoại trực ban: | 0225…)"
	}
	if e, _ := newsOpeners.at(lb, 0); i == 1 && e > 0 && upperAt(right, 0) && !open {
		return false // a headline as wide as the text, and the first words of the news
	}
	full := wrap > 0 && a.width*4 >= wrap*3
	if t, e := timeAt(lb, 0); e > 0 && t.hour >= 0 { // "15:40 15/03/2023"
		if f, ok := dateAt(lb, skipSpaces(lb, e)); ok && f.Year > 0 && f.end >= len(lb)-1 {
			return false
		}
	}
	if f, ok := dateAt(lb, 0); ok && f.Year > 0 && !endsBeforeDate(la) {
		if e := dateTimeEnd(lb, f.end); e >= len(lb)-1 || e > f.end {
			return false // a date by itself, or with a time of day, is a line of its own
		}
	}
	if isDigit(right[0]) {
		return a.width >= 25 && (!b.blank || full)
	}
	if right[0] == '(' {
		return full && !b.blank || a.width >= 25 && !b.blank && lowerAt(right, 1)
	}
	if strings.HasPrefix(right, "“") || right[0] == '"' {
		return a.width >= 25 && !b.blank || full
	}
	if e, _ := bodyOpeners.at(lb, 0); e > 0 && strings.ContainsAny(lb[:min(len(lb), 60)], "0123456789") && !strings.HasSuffix(left, ",") && a.width*5 < wrap*6 && !open && b.width > a.width {
		return false // "Thực hiện Kế hoạch số …" under a title
	}
	// A capital at the start of the line: only a full line of a wrapped text runs on.
	if wrap > 0 && a.width+1+utf8.RuneCountInString(right[:wordEnd(right, 0)])+3 >= wrap && a.width*4 >= wrap*3 && wrap < 160 && a.width <= wrap+12 && b.width <= wrap+12 {
		return !b.blank || double && a.width*10 >= wrap*8 && !sentenceOpens(lb)
	}
	return open && !b.blank && a.width >= 25
}

// newsOpeners open the first sentence below a headline.
var newsOpeners = phrases("năm|ngày|sáng|sáng nay|chiều|tối|theo|từ|tại|trong|nhằm|thực hiện|để|vừa qua|hiện nay|nhân|sau|trước|hưởng ứng|mới đây|thời gian qua|thời gian gần đây|ubnd|ủy ban nhân dân|sở|công an|bộ|hội")

// dateTimeEnd returns the end of the time that stands behind a date.
func dateTimeEnd(low string, e int) int {
	k := e
	for k < len(low) && strings.IndexByte(" ,-|", low[k]) >= 0 {
		k++
	}
	if _, t := timeAt(low, k); t > k {
		return t
	}
	return e
}

// endsBeforeDate tells whether a line ends with a word that a date must follow.
func endsBeforeDate(low string) bool {
	low = strings.TrimRight(low, " ")
	for _, w := range []string{"ngày", "từ", "đến", "và", ",", "trước", "hết", "năm", "tháng", "-", "–", "("} {
		if strings.HasSuffix(low, w) {
			return true
		}
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// symbolTail tells whether a line ends within a document symbol.
func symbolTail(s string) bool {
	i := strings.LastIndexByte(s, ' ')
	last := s[i+1:]
	return len(last) > 2 && strings.ContainsAny(last, "0123456789/") && strings.IndexByte(last[:len(last)-1], '/') >= 0 ||
		strings.HasSuffix(last, "/") && isDigit(last[0])
}

// startsInside tells whether a line begins with a mark that can only stand inside a sentence.
func startsInside(s string) bool {
	switch s[0] {
	case ',', ';', ')', '.', '%', '&':
		return true
	}
	return strings.HasPrefix(s, "”") || strings.HasPrefix(s, "…")
}

// endsClosed tells whether a line ends with the end of a sentence or item.
func endsClosed(s string) bool {
	s = strings.TrimRight(s, " ”\"')")
	if s == "" {
		return true
	}
	switch s[len(s)-1] {
	case '.', ';', ':', '!', '?':
		return true
	}
	return strings.HasSuffix(s, "…")
}

var opensSentence = phrases("thực hiện|căn cứ|theo|sở|ủy ban nhân dân|ubnd|bộ|đề nghị|kính gửi|nhận được|trên đây|nơi nhận|xét|để|ban chỉ đạo|công an|cục|trân trọng|hiện nay|nhằm|giám đốc|chủ tịch")

func sentenceOpens(low string) bool {
	e, _ := opensSentence.at(low, 0)
	return e > 0
}

// placeDateBroken recognises the place-and-date line broken in two.
func placeDateBroken(a, b string) bool {
	if len(a) > 70 || len(b) > 60 {
		return false
	}
	switch {
	case strings.HasSuffix(a, ", ngày") && isDigit(b[0]) && strings.Contains(b, "tháng"):
		return true
	case strings.HasPrefix(b, "ngày"):
		return strings.HasSuffix(a, ",") && !strings.Contains(a, "ngày") && strings.Contains(b, "năm")
	case strings.HasPrefix(b, "tháng"):
		return strings.Contains(a, ", ngày") && !strings.Contains(a, "tháng")
	case len(b) == 4 && isDigit(b[0]) && isDigit(b[3]): // "…, ngày 09 tháng 7 năm" + "2025"
		return strings.Contains(a, ", ngày") && strings.Contains(a, "tháng") && strings.HasSuffix(a, " năm")
	case strings.HasPrefix(b, "năm "):
		return strings.Contains(a, ", ngày") && strings.Contains(a, "tháng") && !strings.Contains(a, "năm 2")
	}
	return false
}

// placeBroken recognises a place of two or three words broken over two lines: "Hải" + "Phòng, ngày 01 tháng 3 năm 2022".
func placeBroken(a, lowB string) bool {
	if len(a) > 24 || a == "" || endsClosed(a) || !isPlaceDate(lowB) || strings.HasPrefix(lowB, "ngày") || capitals(a) {
		return false
	}
	for w := range strings.FieldsSeq(a) {
		if !upperAt(w, 0) && w != "-" {
			return false
		}
	}
	return true
}

// headWords are set phrases of the top of a paper; a narrow column breaks them over lines.
var headWords = []string{"cộng hòa xã hội chủ nghĩa việt nam", "ủy ban nhân dân", "hội đồng nhân dân", "kế hoạch", "quyết định", "chỉ thị", "báo cáo", "tờ trình", "công điện",
	"thông báo", "hướng dẫn", "chương trình", "thông tư liên tịch", "thông tư", "nghị quyết", "công văn", "nghị định", "phương án", "đề án", "kết luận", "ban chỉ đạo", "độc lập - tự do - hạnh phúc", "văn phòng"}

// titleBroken tells whether line a is the first part of a set phrase that line b goes on with.
func titleBroken(a, b string) bool {
	if len(a) > 40 {
		return false
	}
	for _, w := range headWords {
		if len(a) < len(w) && strings.HasPrefix(w, a) && w[len(a)] == ' ' {
			rest := w[len(a)+1:]
			if first := rest[:wordEnd(rest, 0)]; hasWord(b, 0, first) && (strings.HasPrefix(b, rest) || strings.HasPrefix(rest, b)) {
				return true
			}
		}
	}
	return false
}

// fixedLine recognises the lines of header and footer that stand by themselves.
func fixedLine(low string, l *line) bool {
	if l.width > 110 {
		return strings.HasPrefix(low, "kính gửi")
	}
	return isMotto(low) || numberLine(low) || datelineLine(low) || subjectLine(low) || strings.HasPrefix(low, "kính gửi") ||
		strings.HasPrefix(low, "nơi nhận") || isPlaceDate(low) || l.caps && titleWord(low) > 0 && l.width < 40
}

var publishedWords = pieces("đăng bởi", "người đăng", "lượt xem", "ngày đăng", "đăng ngày", "cập nhật", "đăng lúc", "ngày xuất bản")

// datelineLine recognises the line below a headline that says who put it on the page and when.
func datelineLine(low string) bool {
	if len(low) > 110 {
		return false
	}
	return publishedWords.in(low) && (strings.IndexByte(low, ':') >= 0 || len(datesIn(low, 0, len(low))) > 0)
}

// frontMatter returns how many lines a block between --- lines at the top takes (YAML or JSON of a static site).
func frontMatter(s string, lines []line) int {
	if len(lines) < 3 {
		return 0
	}
	if !strings.HasPrefix(s[lines[0].start:lines[0].end], "---") {
		return openFrontMatter(s, lines)
	}
	if head := s[lines[0].start:lines[0].end]; strings.Trim(head, "-") != "" && len(head) > 12 {
		return 0
	} else if strings.Trim(head, "-") == "" && !keyLine(s[lines[1].start:lines[1].end]) {
		return 0
	}
	for i := 1; i < len(lines) && i < 60; i++ {
		if t := s[lines[i].start:lines[i].end]; strings.HasPrefix(t, "---") && strings.Trim(t, "-") == "" {
			return i + 1
		}
	}
	return 0
}

// openFrontMatter returns how many lines such a block takes whose first --- the copy lost: two or more lines of keys
// that site makers use, then ---.
func openFrontMatter(s string, lines []line) int {
	known := 0
	for i := 0; i < len(lines) && i < 40; i++ {
		t := s[lines[i].start:lines[i].end]
		if strings.HasPrefix(t, "---") && strings.Trim(t, "-") == "" {
			if known >= 2 {
				return i + 1
			}
			return 0
		}
		if !keyLine(t) && !strings.HasPrefix(t, "- ") {
			return 0
		}
		switch t[:strings.IndexByte(t+":", ':')] {
		case "title", "date", "author", "tags", "description", "slug", "categories", "draft", "layout", "published", "updated", "thumbnail", "url":
			known++
		}
	}
	return 0
}

// keyLine recognises "key: value" with an ASCII key.
func keyLine(s string) bool {
	k := 0
	for k < len(s) && (isAlnum(s[k]) || s[k] == '_' || s[k] == '-' || s[k] == '"') {
		k++
	}
	return k > 0 && k < len(s) && s[k] == ':'
}
