package docparse

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Copies of old papers lose blanks: "ngày14/11/2013", "củaThủ tướng", "vềchống", "Kínhgửi". A word that the syllable
// grammar of Vietnamese does not allow is parted where both halves are syllables; the blanks put in are remembered, so
// that values are given as the text has them.

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// onsets and rhymes are the two halves of a syllable, tones left aside.
var onsets = wordSet("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")

var rhymes = wordSet("a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et " +
	"ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oan oang oanh oat oay oăc oăm oăn oăng oăt " +
	"oc oe oen oeo oet oi om on ong oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uê uêch uênh uêt ui uc um un ung " +
	"uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt uynh uyt uyu ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu êc ươ iê uyê")

// common are syllables frequent in official papers; of several ways to part a word the one with more of them is taken.
var common = wordSet("an áp ban bán bảo bàn báo bị biện biên bình bộ bồi bố các cả cán cảnh cao cáo cấp cầu căn cần chấp chất chế chỉ chi chiến chính cho chống chú chủ chung chương chức " +
	"có cơ cố công cộng cục của cứ cùng cứu cư dân dẫn danh dịch dục dụng dự dưỡng đa đã đại đảm đạo đào đảng đặc đầu đẩy địa điểm điều định đình đoàn độ đội đối đồng đơn đốc động được đến đề để đường " +
	"gia giá giác giải giám giao giáo giới gìn gồm hà hành hai hàng hại hạn hằng hậu hệ hiện hiệu hình hoá hóa hoạch hoàn hoạt họa hòa học hội hợp hỗ huy huyện hướng hưởng khai khác khẩn khi khoa khó khu không khuyến kịp kiểm kinh kết kế kỳ kỹ " +
	"lao lãnh lập lý lệ liên lĩnh loại lợi luật lượng lưu lực mại mạnh mặt mệnh miền mình mới một mở mua mục mức nam năm nâng năng nạn này nắm nền ngành ngăn ngày nghiệp nghiêm nghị người ngừa nguồn nhà nhân nhận nhanh nhất nhằm nhiệm nhiều như những nông nội nước nữ ở phạm pháp phân phát phải phần phê phí phó phòng phố phổ phối phong phù phủ phục phụ phương " +
	"quan quán quản quả quận quốc quy quyền quyết rà ra sách sản sát sau sẽ soát số sống sở sử sự sức tác tái tải tại tăng tập tài tâm tạo tế tệ tháng tham thành thanh theo thể thế thi thiết thiện thị thông thống thời thu thủ thuật thuộc thực thức thường thượng tiếp tiền tiến tiêu tính tình tỉnh tin toàn toán tổ tội tổng tố tốt tộc trách trại trao trẻ triển trì trên trị trình trong trọng trọng trưởng trung truyền trường trực trước trừ tuần túy tuyên tử từ từng tư tự vào văn vấn về vệ việc viên vi việt vị và vùng vụ với xã xác xây xét xếp xử xuất ý yêu gửi kính nơi trân bằng bên cạnh cách dạng đáp đặt gặp giữ giữa hỏi khắc lại lên lứa mang mới môi nào nghĩa ngoài ngược nhóm nữa phẩm rộng sinh sửa tận thấp thấy thêm tìm tuổi tra trái trang vay bản băng bạo chọn chậm dài dựng giảm gây hiểu hưởng hút kéo khỏi lan lao lẫn lừa nghề nguyên nguy phúc quyết rủi tham thiếu thoát thủ tiện trật trốn tuyến túc vật vượt vững xem")

// plain takes the tone off a lower-case vowel; toned tells whether it had one.
func plain(r rune) (base rune, toned bool) {
	switch r {
	case 'à', 'á', 'ả', 'ã', 'ạ':
		return 'a', true
	case 'ằ', 'ắ', 'ẳ', 'ẵ', 'ặ':
		return 'ă', true
	case 'ầ', 'ấ', 'ẩ', 'ẫ', 'ậ':
		return 'â', true
	case 'è', 'é', 'ẻ', 'ẽ', 'ẹ':
		return 'e', true
	case 'ề', 'ế', 'ể', 'ễ', 'ệ':
		return 'ê', true
	case 'ì', 'í', 'ỉ', 'ĩ', 'ị':
		return 'i', true
	case 'ò', 'ó', 'ỏ', 'õ', 'ọ':
		return 'o', true
	case 'ồ', 'ố', 'ổ', 'ỗ', 'ộ':
		return 'ô', true
	case 'ờ', 'ớ', 'ở', 'ỡ', 'ợ':
		return 'ơ', true
	case 'ù', 'ú', 'ủ', 'ũ', 'ụ':
		return 'u', true
	case 'ừ', 'ứ', 'ử', 'ữ', 'ự':
		return 'ư', true
	case 'ỳ', 'ý', 'ỷ', 'ỹ', 'ỵ':
		return 'y', true
	}
	return r, false
}

// tonedLetters are the letters that bear a tone, capital or small.
var tonedLetters = func() (t [0x1F00]bool) {
	for r := range rune(len(t)) {
		_, t[r] = plain(lower(r))
	}
	return t
}()

// syllable tells whether lower-case letters make one Vietnamese syllable.
func syllable(w string) bool {
	if len(w) > 24 {
		return false
	}
	var buf [24]byte
	out := buf[:0]
	tones := 0
	for _, r := range w {
		b, t := plain(r)
		if t {
			tones++
		}
		out = utf8.AppendRune(out, b)
	}
	if tones > 1 {
		return false
	}
	s := string(out)
	for k := min(3, len(s)); k >= 0; k-- {
		if (k == 0 || onsets[s[:k]]) && rhymes[s[k:]] {
			return true
		}
	}
	if strings.HasPrefix(s, "đ") && rhymes[s[len("đ"):]] || strings.HasPrefix(s, "gi") && rhymes[s[1:]] || s == "gi" {
		return true
	}
	return false
}

// partition finds where a word that is no syllable falls into two; 0 when it does not.
func partition(low string) int {
	best, score := 0, -1
	for k := range low {
		if k == 0 || !syllable(low[:k]) || !syllable(low[k:]) {
			continue
		}
		n := 0
		if common[low[:k]] {
			n++
		}
		if common[low[k:]] {
			n++
		}
		if n > score || n == score && k > best && n < 2 {
			best, score = k, n
		}
	}
	if score < 1 {
		return 0
	}
	return best
}

// beforeNumber are words that a number follows: "ngày14/11/2013", "số48-CT/TW".
var beforeNumber = map[string]bool{"ngày": true, "tháng": true, "năm": true, "số": true, "điều": true, "khoản": true, "từ": true, "đến": true, "quý": true}

// unglue puts back the blanks that a copy lost between words.
func unglue(n normalised) normalised {
	s := n.text
	var at []int
	for i := 0; i < len(s); {
		e := wordEnd(s, i)
		if e == i {
			_, w := letterAt(s, i)
			i += max(w, 1)
			continue
		}
		at = gluedIn(s, i, e, at)
		i = e
	}
	if len(at) == 0 {
		return n
	}
	n.changes["lost blank"] = len(at)
	under := n.offsets
	next := normalised{changes: n.changes, glued: true}
	next.offsets.inLen, next.offsets.under = len(s), &under
	out := make([]byte, 0, len(s)+len(at))
	from, c := 0, 0
	copyTo := func(to int) {
		next.offsets.note(len(out), from)
		for c < len(n.cells) && n.cells[c] < to {
			next.cells = append(next.cells, len(out)+n.cells[c]-from)
			c++
		}
		out = append(out, s[from:to]...)
		from = to
	}
	for _, k := range at {
		copyTo(k)
		next.offsets.note(len(out), k)
		out = append(out, ' ')
	}
	copyTo(len(s))
	next.text = string(out)
	return next
}

// gluedIn adds the places inside the word s[a:b] where a blank was lost.
func gluedIn(s string, a, b int, at []int) []int {
	if b-a < 4 {
		return at
	}
	tones, cases, numbers := 0, 0, 0
	prevLower, prevDigit, prevLetter := false, false, false
	for i := a; i < b; {
		c := s[i]
		if c < utf8.RuneSelf {
			d := isDigit(c)
			up := c >= 'A' && c <= 'Z'
			if up && prevLower {
				cases++
			}
			if d && prevLetter || !d && prevDigit {
				numbers++
			}
			prevLower, prevDigit, prevLetter = !d && !up, d, !d
			i++
			continue
		}
		r, w := utf8.DecodeRuneInString(s[i:b])
		up := isUpper(r)
		if up && prevLower {
			cases++
		}
		if prevDigit {
			numbers++
		}
		if r < rune(len(tonedLetters)) && tonedLetters[r] {
			tones++
		}
		prevLower, prevDigit, prevLetter = !up, false, true
		i += w
	}
	if tones < 2 && cases == 0 && numbers == 0 {
		return at
	}
	low := fold(s[a:b])
	// small letters that a capital or digit follows, digits that a syllable follows
	start := 0
	piece := func(end int) {
		if end-start > 4 && tones >= 2 && !syllable(low[start:end]) {
			if k := partition(low[start:end]); k > 0 {
				at = append(at, a+start+k)
			}
		}
	}
	for k := 0; k < len(low); {
		_, w := utf8.DecodeRuneInString(low[k:])
		n := k + w
		if n < len(low) {
			digit, next := isDigit(low[k]), isDigit(low[n])
			cut := false
			switch {
			case !digit && next:
				cut = beforeNumber[low[start:n]]
			case digit && !next:
				end := n
				for end < len(low) && !isDigit(low[end]) {
					end++
				}
				cut = hasMark(low[n:end]) && syllable(low[n:end])
			case !digit && lowerAt(s, a+k) && upperAt(s, a+n):
				cut = n-start > 1 && (hasMark(low[start:n]) || n-start > 2) && syllable(low[start:n])
			}
			if cut {
				piece(n)
				at = append(at, a+n)
				start = n
			}
		}
		k = n
	}
	piece(len(low))
	return at
}

// hasMark tells whether a word has a letter that only Vietnamese has.
func hasMark(w string) bool {
	for i := 0; i < len(w); i++ {
		if w[i] >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// bareLetters gives the letter without its marks for the small letters of Vietnamese: U+00E0 to U+01B0 and U+1EA1 to U+1EF9.
var bareLetters = func() (t [0x1F00]byte) {
	for r := rune(0xC0); r < 0x1F00; r++ {
		if r == 0x1B1 {
			r = 0x1EA0
		}
		if d := norm.NFD.String(string(r)); d[0] < utf8.RuneSelf && len(d) > 1 {
			t[r] = d[0]
		}
	}
	t['đ'] = 'd'
	return t
}()

// bare returns folded text without marks: "phó giám đốc" as "pho giam doc".
func bare(low string) string {
	out := make([]byte, 0, len(low))
	for _, r := range low {
		switch {
		case r >= 0xC0 && r < 0x1F00 && bareLetters[r] != 0:
			out = append(out, bareLetters[r])
		case r >= 0x300 && r <= 0x36F:
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return string(out)
}
