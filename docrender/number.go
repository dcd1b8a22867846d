package docrender

import (
	"slices"
	"strconv"
)

// levelForm says how a level of numbering is shown: as a title, as a paragraph, and where it stands in the word processor's lists.
type levelForm struct {
	depth      int // what it begins anew: every level deeper
	head, item string
	list, ilvl int // list of numbering.xml; 0: none
	onOwnLine  bool
	bullet     string
	boldLabel  bool
}

var levels = map[Level]levelForm{
	LevelPart:    {depth: 1, head: "Phan", item: "Phan", list: listParts, ilvl: 0, onOwnLine: true},
	LevelChapter: {depth: 2, head: "Chuong", item: "Chuong", list: listParts, ilvl: 1, onOwnLine: true},
	LevelSection: {depth: 3, head: "Muc", item: "Muc", list: listParts, ilvl: 2, onOwnLine: true},
	LevelArticle: {depth: 4, head: "Dieu", item: "DieuNoiDung", list: listArticles, ilvl: 0, boldLabel: true},
	LevelRoman:   {depth: 4, head: "DeMucLaMa", item: "Khoan", list: listHeads, ilvl: 0},
	LevelArabic:  {depth: 5, head: "DeMuc", item: "Khoan", list: listHeads, ilvl: 1},
	LevelDecimal: {depth: 6, head: "DeMucNho", item: "Khoan", list: listHeads, ilvl: 2},
	LevelPoint:   {depth: 7, head: "DeMucDiem", item: "Diem", list: listHeads, ilvl: 3},
	LevelDash:    {depth: 8, head: "GachDauDong", item: "GachDauDong", list: listDashes, ilvl: 0, bullet: "-"},
	LevelPlus:    {depth: 9, head: "GachDauDong", item: "GachDauDong", list: listDashes, ilvl: 1, bullet: "+"},
}

// numberer draws the numbers of one body. An article's number is never begun anew; the others begin anew below what stands higher.
type numberer struct {
	n         map[Level]int
	inArticle bool
}

func newNumberer() *numberer { return &numberer{n: map[Level]int{}} }

// next returns the label of the next block of a level and the count it stands for.
func (c *numberer) next(l Level, restart bool) (string, int) {
	f := levels[l]
	if f.bullet != "" {
		return f.bullet, 0
	}
	for other, g := range levels {
		if g.depth > f.depth && other != LevelArticle {
			c.n[other] = 0
		}
	}
	switch l {
	case LevelArticle:
		c.inArticle = true
	case LevelRoman, LevelPart, LevelChapter, LevelSection:
		c.inArticle = false
	}
	if restart {
		c.n[l] = 0
	}
	c.n[l]++
	n := c.n[l]
	switch l {
	case LevelPart:
		return "Phần " + romanLabel(n), n
	case LevelChapter:
		return "Chương " + romanLabel(n), n
	case LevelSection:
		return "Mục " + strconv.Itoa(n), n
	case LevelArticle:
		return "Điều " + strconv.Itoa(n) + ".", n
	case LevelRoman:
		return romanLabel(n) + ".", n
	case LevelArabic:
		return strconv.Itoa(n) + ".", n
	case LevelDecimal:
		return strconv.Itoa(max(1, c.n[LevelArabic])) + "." + strconv.Itoa(n) + ".", n
	}
	return letterLabel(n) + ")", n
}

// The lists of numbering.xml. Points after d stand in a list of their own, for word processors do not know the Vietnamese alphabet.
const (
	listParts = iota + 1
	listArticles
	listHeads
	listDashes
	listPoints
	listLiteral
)

// numRef is a paragraph's place in the word processor's numbering.
type numRef struct{ num, ilvl int }

// listNum is one w:num: a run of one list. From > 0 begins a level at a number.
type listNum struct {
	list, ilvl, from int
	literal          string // the label itself, in listLiteral
}

// lister follows how a word processor counts and gives every paragraph a list in which it shows the label wanted, beginning a new run
// of the list where the word processor would count otherwise.
type lister struct {
	nums  []listNum
	cur   [listLiteral + 1]int // index into nums + 1 of the run in use, by list
	count [][9]int             // by run: what the word processor has counted
}

func (s *lister) place(l Level, label string, n int, inArticle bool) numRef {
	f := levels[l]
	list, ilvl := f.list, f.ilvl
	if inArticle && list == listHeads {
		list = listArticles
	}
	if f.bullet != "" {
		return numRef{s.run(list), ilvl}
	}
	if l == LevelPoint && label != string(rune('a'+n-1))+")" {
		return s.point(label)
	}
	num := s.run(list)
	if c := s.count[num-1]; l == LevelDecimal && (c[ilvl]+1 != n || c[ilvl-1] != leading(label)) {
		return s.literal(label)
	} else if c[ilvl]+1 != n || c[ilvl] == 0 && slices.ContainsFunc(c[ilvl+1:], func(k int) bool { return k > 0 }) {
		num = s.begin(list, ilvl, n) // also where lower levels stood first: some word processors count the level above for them
	}
	c := &s.count[num-1]
	c[ilvl] = n
	for i := ilvl + 1; i < len(c); i++ {
		c[i] = 0
	}
	return numRef{num, ilvl}
}

// leading is the first number of a decimal label.
func leading(label string) int {
	n := 0
	for _, r := range label {
		if r < '0' || r > '9' {
			break
		}
		n = n*10 + int(r-'0')
	}
	return n
}

func (s *lister) run(list int) int {
	if s.cur[list] == 0 {
		s.nums = append(s.nums, listNum{list: list})
		s.count = append(s.count, [9]int{})
		s.cur[list] = len(s.nums)
	}
	return s.cur[list]
}

func (s *lister) begin(list, ilvl, from int) int {
	s.nums = append(s.nums, listNum{list: list, ilvl: ilvl, from: from})
	s.count = append(s.count, [9]int{})
	s.cur[list] = len(s.nums)
	return len(s.nums)
}

// point places a điểm from đ on: đ by itself, the stretches e, g h i, k to v, x y by a list of Latin letters that begins there.
func (s *lister) point(label string) numRef {
	r := []rune(label)
	if len(r) != 2 || r[0] < 'a' || r[0] > 'z' {
		return s.literal(label)
	}
	want := int(r[0]-'a') + 1
	num := s.cur[listPoints]
	if num == 0 || s.count[num-1][0]+1 != want {
		num = s.begin(listPoints, 0, want)
	}
	s.count[num-1][0] = want
	return numRef{num, 0}
}

func (s *lister) literal(label string) numRef {
	for i, n := range s.nums {
		if n.list == listLiteral && n.literal == label {
			return numRef{i + 1, 0}
		}
	}
	s.nums = append(s.nums, listNum{list: listLiteral, literal: label})
	s.count = append(s.count, [9]int{})
	return numRef{len(s.nums), 0}
}

// anew ends all runs, as at the beginning of an annex.
func (s *lister) anew() { s.cur = [listLiteral + 1]int{} }
