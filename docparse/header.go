package docparse

import "strings"

var mottoParts = pieces("cộng hòa xã hội", "xã hội chủ nghĩa", "chủ nghĩa việt nam", "độc lập", "tự do", "hạnh phúc", "đảng cộng sản việt nam")

// isMotto recognises the national name and motto (Quốc hiệu, tiêu ngữ), whole, halved or damaged, and the party's name.
func isMotto(low string) bool {
	if len(low) > 140 {
		return false
	}
	hits := mottoParts.count(low)
	if hits < 2 && len(low) < 100 && low != "" && strings.IndexByte("cdx\xc4", low[0]) >= 0 {
		hits = max(hits, bareMotto(low)) // a mark lost or changed: "CONG HÒA XÃ HỘI …"
	}
	return hits >= 2 || hits == 1 && (strings.HasPrefix(low, "đảng cộng sản") || strings.HasPrefix(low, "chủ nghĩa việt nam") ||
		strings.HasPrefix(low, "cộng hòa xã hội")) && len(low) < 60
}

// bareMotto counts the parts of the national name and motto by their letters alone.
func bareMotto(low string) int {
	b := bare(low)
	hits := 0
	for _, w := range []string{"cong hoa xa hoi", "xa hoi chu nghia", "chu nghia viet nam", "doc lap", "tu do", "hanh phuc", "dang cong san viet nam"} {
		if strings.Contains(b, w) {
			hits++
		}
	}
	if hits == 1 && (strings.HasPrefix(b, "cong hoa xa hoi") || strings.HasPrefix(b, "chu nghia viet nam") || strings.HasPrefix(b, "dang cong san")) && len(b) < 60 {
		hits = 2
	}
	return hits
}

// mottoSpan finds the national name and motto inside a longer line, so that what stands beside it can be read.
func mottoSpan(low string) (start, end int) {
	start = -1
	for _, w := range []string{"cộng hòa xã hội chủ nghĩa việt nam", "cộng hòa xã hội", "đảng cộng sản việt nam", "chủ nghĩa việt nam", "độc lập"} {
		if k := strings.Index(low, w); k >= 0 && (start < 0 || k < start) {
			start = k
		}
	}
	if start < 0 {
		return -1, -1
	}
	end = start
	for _, w := range []string{"chủ nghĩa việt nam", "hạnh phúc", "cộng hòa xã hội", "tự do", "đảng cộng sản việt nam"} {
		if k := strings.LastIndex(low, w); k >= start {
			end = max(end, k+len(w))
		}
	}
	return start, end
}

// numberLine recognises the line of number and symbol: "Số: 28/KH-BCĐ", "Số:      /SYT-TTr", "Số 05-CT/TU".
func numberLine(low string) bool {
	k := numberLabel(low)
	if k == 0 || len(low) > 70 {
		return false
	}
	j := skipBlank(low, k)
	if j >= len(low) {
		return true
	}
	return low[k-1] == ':' && (isDigit(low[j]) || low[j] == '/' || low[j] == '-') || strings.ContainsAny(low[j:], "/-") && (isDigit(low[j]) || low[j] == '/') && symbolLike(low[j:])
}

// bareSymbol tells whether a line holds nothing but a number and symbol, the number perhaps blank: "/BTXH-PCTNXH".
func bareSymbol(s string) bool {
	if len(s) < 5 || len(s) > 40 || s[0] != '/' && !isDigit(s[0]) {
		return false
	}
	sym, e, ok := symbolAt(s, 0)
	return ok && strings.Trim(s[e:], " .") == "" && (sym.Type != "" || sym.Unit != "")
}

// numberLabel returns the end of "Số:", "Số", "Sô:", "So:" at the start, else 0.
func numberLabel(low string) int {
	if e := titleWord(low); e > 0 { // "Luật số: 66/2011/QH12"
		if k := skipSpaces(low, e); hasWord(low, k, "số") {
			if j := skipSpaces(low, k+len("số")); j < len(low) && low[j] == ':' {
				return j + 1
			}
		}
	}
	for _, w := range []string{"số hiệu", "số", "sô", "sồ", "so", "sổ"} {
		if !strings.HasPrefix(low, w) {
			continue
		}
		k := skipSpaces(low, len(w))
		if k < len(low) && low[k] == ':' {
			return k + 1
		}
		if w == "số" && k < len(low) && k > len(w) && (isDigit(low[k]) || low[k] == '/') {
			return k
		}
		return 0
	}
	return 0
}

func skipBlank(low string, i int) int {
	for i < len(low) && (low[i] == ' ' || low[i] == '.' || low[i] == '_' || hasAt(low, i, "…")) {
		if low[i] == 0xE2 {
			i += 2
		}
		i++
	}
	return i
}

// symbolLike tells whether s looks like digits, a stroke and letters.
func symbolLike(s string) bool {
	k := 0
	for k < len(s) && isDigit(s[k]) {
		k++
	}
	k = skipSpaces(s, k)
	if k >= len(s) || s[k] != '/' && s[k] != '-' {
		return false
	}
	for k < len(s) && (s[k] == '/' || s[k] == '-' || s[k] == ' ' || isDigit(s[k])) {
		k++
	}
	ok, _ := letterAt(s, k)
	return ok
}

// subjectLine recognises "V/v …" and "Về việc …" at the start of a line.
func subjectLine(low string) bool { return subjectLabel(low) > 0 }

func subjectLabel(low string) int {
	k := 0
	if strings.HasPrefix(low, "(") || strings.HasPrefix(low, `"`) {
		k = 1
	}
	for _, w := range []string{"v/v", "v/ v", "vv:", "về việc", "v.v:", "trích yếu:", "trích yếu nội dung:"} {
		if hasAt(low, k, w) {
			j := k + len(w)
			if ok, _ := letterAt(low, j); ok && w != "v/v" {
				continue
			}
			for j < len(low) && (low[j] == ':' || low[j] == ' ' || low[j] == '.') {
				j++
			}
			return j
		}
	}
	return 0
}

// isPlaceDate recognises the line of place and date: "Hà Nội, ngày 24 tháng 01 năm 2023", blanks allowed.
func isPlaceDate(low string) bool {
	if len(low) >= 90 {
		return false
	}
	_, d, ok := placeDate(low)
	return ok && d.end >= len(low)-3
}

// placeDate reads place and date of such a line; the place may have been lost.
func placeDate(low string) (place Span, d foundDate, ok bool) {
	near := low[:min(len(low), 80)]
	k := strings.Index(near, "ngày")
	if k < 0 {
		k = strings.Index(near, ", ngay ")
		if k >= 0 {
			k += len(", ")
		}
	}
	if k < 0 || k > 60 {
		return place, d, false
	}
	if len(low) < 200 && (strings.Contains(low, "tháng") || strings.Contains(low, "thang")) {
		low = readDigits(low)
	}
	d, ok = dateAt(low, k)
	if !ok {
		// "ngày … tháng … năm 2021": only the year is there.
		j := skipBlank(low, k+oneWord(low, k, dayWords))
		n := oneWord(low, j, monthWords)
		if n == 0 {
			return place, d, false
		}
		j = skipBlank(low, j+n)
		if n = oneWord(low, j, yearWords); n == 0 {
			return place, d, false
		}
		j = skipBlank(low, j+n)
		_, e := digits(low, j, 4)
		d = foundDate{Date{}, k, max(e, j)}
	}
	head := strings.TrimRight(low[:k], " ")
	if head == "" {
		return place, d, namesMonth(low[k:d.end])
	}
	if !strings.HasSuffix(head, ",") && !strings.HasSuffix(head, ".") && !namesMonth(low[k:d.end]) {
		return place, d, false
	}
	head = strings.TrimRight(head, " ,.")
	words := strings.Count(head, " ") + 1
	if words > 7 || len(head) < 2 || strings.ContainsAny(head, ":;/") {
		return place, d, false
	}
	return Span{0, len(head)}, d, true
}

func namesMonth(low string) bool {
	return strings.Contains(low, "tháng") || strings.Contains(low, "thang") || strings.Contains(low, "thảng") || strings.Contains(low, "thàng")
}

// readDigits gives back the digits that OCR took for letters, beside other digits or behind a word of a date: "ngày l5
// tháng 8 năm 2O22".
func readDigits(low string) string {
	var out []byte
	for i := 0; i < len(low); i++ {
		c := low[i]
		if c != 'l' && c != 'o' && c != 'i' {
			continue
		}
		digitNear := i > 0 && isDigit(low[i-1]) || i+1 < len(low) && isDigit(low[i+1])
		letterNear := false
		if i > 0 && letterBefore(low, i) && !isDigit(low[i-1]) {
			letterNear = true
		}
		if ok, _ := letterAt(low, i+1); ok && !isDigit(low[i+1]) {
			letterNear = true
		}
		if !digitNear || letterNear {
			continue
		}
		if out == nil {
			out = []byte(low)
		}
		out[i] = '1'
		if c == 'o' {
			out[i] = '0'
		}
	}
	if out == nil {
		return low
	}
	return string(out)
}

// titles are the names of types that head a document (Nghị định 30/2020/NĐ-CP, Điều 7), by the kind they make.
var titles = phrases(
	"kế hoạch|kế hoạch hành động|kế hoạch phối hợp",
	"báo cáo|báo cáo nhanh|báo cáo tóm tắt|báo cáo giải trình|báo cáo bổ sung|báo cáo chuyên đề|báo cáo đột xuất|báo cáo tổng kết|báo cáo sơ kết|báo cáo kết quả",
	"quyết định",
	"chỉ thị",
	"tờ trình",
	"thông báo|hướng dẫn|chương trình|chương trình hành động|chương trình phối hợp|nghị quyết|nghị quyết liên tịch|công điện|thông tư|thông tư liên tịch|nghị định|phương án|đề án|dự án|giấy mời|thư mời|thư kêu gọi|lời kêu gọi|kết luận|quy chế|quy chế phối hợp|quy định|biên bản|hợp đồng|thông cáo|thông cáo báo chí|bản ghi nhớ|giấy ủy quyền|giấy giới thiệu|giấy nghỉ phép|phiếu gửi|luật|pháp lệnh|lệnh|thông tri|đề cương|phiếu trình|phụ lục|bảng phân công|bảng phân công nhiệm vụ",
	"công văn",
)

var titleKinds = [...]Kind{"", Plan, Report, Decision, Order, Proposal, Other, Letter}

// titleWord returns the length of the name of a type at the start of the line, 0 when there is none. The caller sees to
// it that the line is in capitals.
func titleWord(low string) int {
	e, _ := titles.at(low, 0)
	return e
}
