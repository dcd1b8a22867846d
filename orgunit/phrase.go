package orgunit

import (
	"slices"
	"strings"
	"unicode"

	"chungtay/internal/viet"
)

// word is a word of a phrase: folded, and whether it was written as an abbreviation by initials ("PCTNXH", "LĐTBXH").
type word struct {
	text     string
	initials bool
}

// wordsOf cuts a phrase into words; punctuation separates, letters of abbreviations stay together.
func wordsOf(s string) []word {
	var out []word
	for _, f := range strings.FieldsFunc(viet.NFC(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		upper, lower := 0, 0
		for _, r := range f {
			switch {
			case unicode.IsUpper(r):
				upper++
			case unicode.IsLower(r):
				lower++
			}
		}
		if viet.Fold(f) == "tw" {
			out = append(out, word{text: "trung"}, word{text: "uong"})
			continue
		}
		out = append(out, word{viet.Fold(f), upper >= 2 && lower == 0})
	}
	return out
}

// texts are the folded words of a phrase.
func texts(ws []word) []string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = w.text
	}
	return out
}

func joined(ws []word) string { return strings.Join(texts(ws), " ") }

// likeness tells how well a phrase names a body whose name has the words of core: 1 when every word of the name is said, in order, in
// full or by initials, and nothing else is; "và" counts for nothing. Initials stand for any run of words that begin with them, so no
// list of abbreviations is needed: "PCTNXH" is "phòng, chống tệ nạn xã hội", "LĐ-TB&XH" is "Lao động - Thương binh và Xã hội".
func likeness(phrase []word, core []string) float64 {
	phrase = slices.DeleteFunc(slices.Clone(phrase), func(w word) bool { return w.text == "va" })
	core = slices.DeleteFunc(slices.Clone(core), func(w string) bool { return w == "va" })
	if len(phrase) == 0 || len(core) == 0 {
		return 0
	}
	// best[i][j]: most words of core[i:] that phrase[j:] says.
	n, m := len(core), len(phrase)
	best := make([][]float64, n+1)
	for i := range best {
		best[i] = make([]float64, m+1)
	}
	for i := n; i >= 0; i-- {
		for j := m; j >= 0; j-- {
			b := 0.0
			if i < n || j < m {
				b = -float64(n + m)
			}
			if i < n {
				b = max(b, best[i+1][j])
			}
			if j < m {
				b = max(b, best[i][j+1]-0.5) // a word the name does not have
			}
			if i < n && j < m {
				if core[i] == phrase[j].text {
					b = max(b, 1+best[i+1][j+1])
				}
				if phrase[j].initials {
					if k := run(core[i:], phrase[j].text); k > 0 {
						b = max(b, float64(k)+best[i+k][j+1])
					}
				}
			}
			best[i][j] = b
		}
	}
	return best[0][0] / float64(n)
}

// run is how many words begin with the letters of an abbreviation, one each, or 0.
func run(core []string, letters string) int {
	if len(letters) > len(core) {
		return 0
	}
	for k := range len(letters) {
		if core[k] == "" || core[k][0] != letters[k] {
			return 0
		}
	}
	return len(letters)
}

// areaTerm is a kind of area as phrases name it.
type areaTerm struct {
	words string
	level Level
	kind  string
}

// areaTerms, the longer ones first. "thành" and "thị" stand in lists ("các huyện, thành, thị").
var areaTerms = []areaTerm{
	{"thanh pho truc thuoc trung uong", Province, "thanh_pho_tw"}, {"tinh", Province, "tinh"},
	{"thi tran", Commune, "thi_tran"}, {"thi xa", District, "thi_xa"}, {"thanh pho", District, "thanh_pho"}, {"dac khu", Commune, "dac_khu"},
	{"huyen", District, "huyen"}, {"quan", District, "quan"}, {"xa", Commune, "xa"}, {"phuong", Commune, "phuong"},
	{"tp", District, "thanh_pho"}, {"tx", District, "thi_xa"}, {"thanh", District, "thanh_pho"}, {"thi", District, "thi_xa"},
}

// termAt reads the name of a kind of area that begins at ws[0], and how many words it has.
func termAt(ws []string) (areaTerm, int, bool) {
	for _, t := range areaTerms {
		w := strings.Fields(t.words)
		if len(ws) >= len(w) && slices.Equal(ws[:len(w)], w) {
			return t, len(w), true
		}
	}
	return areaTerm{}, 0, false
}

// areaList is what a list of kinds of areas says: "các huyện, thị xã, thành phố".
type areaList struct {
	kinds map[string]bool // none: every kind of the level
	level map[Level]bool
	many  bool   // "các", "63", or several kinds
	under string // the committee of the area in which they lie; "": what goes without saying
}

func (l areaList) has(u standing) bool {
	return l.level[u.Level] && (len(l.kinds) == 0 || u.AreaKind == "" || l.kinds[u.AreaKind])
}

// filler may stand in a list of areas and says nothing.
var filler = map[string]bool{"cac": true, "va": true, "trong": true, "tren": true, "dia": true, "ban": true, "toan": true, "quoc": true, "ca": true, "nuoc": true, "thuoc": true, "cua": true, "tai": true, "o": true, "tat": true}

// areasIn reads a list of kinds of areas that is the whole of ws.
func areasIn(ws []string) (areaList, bool) {
	l := areaList{kinds: map[string]bool{}, level: map[Level]bool{}}
	seen := 0
	for i := 0; i < len(ws); {
		switch t, n, ok := termAt(ws[i:]); {
		case ws[i] == "cap" && i+1 < len(ws): // cấp huyện: every kind of the level
			t, n, ok := termAt(ws[i+1:])
			if !ok || i+1+n < len(ws) {
				return l, false
			}
			l.level[t.level], l.many = true, true
			return areaList{level: l.level, many: true}, true
		case ok:
			l.kinds[t.kind], l.level[t.level] = true, true
			seen++
			i += n
		case filler[ws[i]] || isNumber(ws[i]):
			l.many = l.many || ws[i] == "cac" || isNumber(ws[i])
			i++
		default:
			return l, false
		}
	}
	if l.level[Province] && l.kinds["thanh_pho"] { // beside tỉnh, thành phố is one of the rank of a province
		delete(l.kinds, "thanh_pho")
		l.kinds["thanh_pho_tw"] = true
		if !l.kinds["huyen"] && !l.kinds["thi_xa"] && !l.kinds["quan"] {
			delete(l.level, District)
		}
	}
	l.many = l.many || seen > 1
	return l, seen > 0
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// bodyTerms are the words by which classes of bodies are named, with what they cover.
var bodyTerms = []struct {
	words string
	fits  func(Unit) bool
}{
	{"so", func(u Unit) bool { return u.Kind == ProvDept }},
	{"co quan ngang bo", func(u Unit) bool { return u.Kind == Ministry }},
	{"bo", func(u Unit) bool { return u.Kind == Ministry }},
	{"tong cuc", func(u Unit) bool { return u.Kind == Department }},
	{"cuc", func(u Unit) bool { return u.Kind == Department }},
	{"vu", func(u Unit) bool { return u.Kind == Department }},
	{"chi cuc", func(u Unit) bool { return u.Kind == SubDept }},
	{"phong", func(u Unit) bool { return u.Kind == Division || u.Kind == Office || u.Kind == Inspectorate }},
	{"ban chi dao", func(u Unit) bool { return u.Kind == Steering }},
	{"ban", func(u Unit) bool { return u.Kind == Steering || u.Kind == ProvDept || u.Kind == OtherKind }},
	{"nganh", func(u Unit) bool {
		switch u.Kind {
		case ProvDept, Police, BorderGuard, Court, Ministry:
			return true
		}
		return false
	}},
	{"doan the", func(u Unit) bool { return u.Kind == Union || u.Kind == Association }},
	{"to chuc chinh tri xa hoi", func(u Unit) bool { return u.Kind == Union || u.Kind == Association }},
	{"hoi", func(u Unit) bool { return u.Kind == Association }},
	{"trung tam", func(u Unit) bool { return u.Kind == Centre }},
	{"co so tro giup xa hoi", func(u Unit) bool { return u.Kind == Centre }},
	{"benh vien", func(u Unit) bool { return u.Kind == Hospital }},
	{"co so y te", func(u Unit) bool { return u.Kind == Hospital }},
	{"truong", func(u Unit) bool { return u.Kind == School }},
	{"bao dai", func(u Unit) bool { return u.Kind == Broadcaster }},
	{"bao", func(u Unit) bool { return u.Kind == Broadcaster }},
	{"dai", func(u Unit) bool { return u.Kind == Broadcaster }},
	{"dai dia phuong", func(u Unit) bool { return u.Kind == Broadcaster }},
	{"co quan bao dai dia phuong", func(u Unit) bool { return u.Kind == Broadcaster }},
	{"co quan bao dai", func(u Unit) bool { return u.Kind == Broadcaster }},
	{"co quan thong tin dai chung", func(u Unit) bool { return u.Kind == Broadcaster }},
	{"co quan truyen thong", func(u Unit) bool { return u.Kind == Broadcaster }},
	{"co quan bao chi", func(u Unit) bool { return u.Kind == Broadcaster }},
	{"don vi", func(Unit) bool { return true }},
	{"co quan", func(u Unit) bool { return !u.Internal }},
}

// qualifiers may stand in the name of a class and narrow nothing that the place of the issuer does not say already.
var qualifiers = []string{"chuyen mon", "nghiep vu", "truc thuoc", "thuoc", "cap tinh", "cap huyen", "cap so", "cua", "tinh", "thanh pho", "huyen", "so", "bo", "ubnd", "uy ban nhan dan", "xa", "phuong", "thi tran", "dac khu", "quan", "thi xa", "trong nganh", "cung cap", "su nghiep", "chuc nang", "tren dia ban"}
