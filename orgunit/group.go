package orgunit

import (
	"slices"
	"strings"
	"unicode"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/viet"
)

// Fate is what became of a part of a phrase.
type Fate string

// The fates.
const (
	Found    Fate = "found"
	Nobody   Fate = "unknown"   // names no unit here
	Doubtful Fate = "ambiguous" // several units fit equally; Units lists them, a person chooses
	NoUnit   Fate = "not_unit"  // names no unit at all: "Như trên", "Lưu: VT"
)

// Meaning is one part of a phrase with the units it means.
type Meaning struct {
	Words string
	Fate  Fate
	Group bool // a class of units ("UBND các huyện"), not one named unit
	Units []Unit
	sure  bool // every word is accounted for
}

// Resolution is what the words of a paper mean in units, for an issuing unit and a day.
type Resolution struct {
	Units    []Unit // each once, in the order named
	Parts    []Meaning
	Unknown  []string // parts that name no unit here, or several equally, as written
	NotUnits []string // parts that name no unit at all
}

// Resolve turns the words by which a paper names its addressees, recipients or the assignee of a task into units: "UBND các huyện, thị
// xã, thành phố", "các phòng chuyên môn thuộc Sở", "Công an tỉnh", "Phòng PCTNXH". Groups are queries over the units of the day, seen
// from the issuer: a province's paper means its own districts and communes. What it cannot resolve it says.
//
// The grammar is that of addressee lines (Kính gửi, Nơi nhận; NĐ 30/2020/NĐ-CP, Phụ lục I): parts joined by ";" or line ends, inside a
// part a list of bodies joined by "," and "và", where a class of bodies may itself hold commas ("các huyện, thị xã, thành phố").
func Resolve(tx *db.Tx, issuer, phrase string, day civil.Date) (Resolution, error) {
	r, err := NewResolver(tx, issuer, day)
	if err != nil {
		return Resolution{}, err
	}
	return r.Resolve(phrase)
}

// Resolver resolves phrases of one issuer and day; it reads the issuer's surroundings once.
type Resolver struct {
	tx       *db.Tx
	day      civil.Date
	issuer   Unit
	chain    []string // the units above the issuer
	province string   // area of the issuer's province; "" for the centre
	district string   // area of the issuer's district
	committ  string   // UBND of the province
	distComm string   // UBND of the district
	body     Unit     // the body whose divisions "các phòng" are: the issuer, or its superior when the issuer is a division
	top      Unit     // the committee (or Chính phủ) of the issuer's level, under which "các Sở" stand
	near     []standing
}

// standing is a unit with where it stands, as phrases name it.
type standing struct {
	Unit
	AreaName string     `db:"area_name"`
	AreaKind string     `db:"area_kind"`
	cores    [][]string // words of its name without the place, and of its other name in brackets
	full     []string   // words of the whole name
	place    []string   // words of the place: "huyen mai son"
	bare     []string   // "mai son"
	in       map[string]bool
}

// NewResolver reads what papers of a unit can name on a day.
func NewResolver(tx *db.Tx, issuer string, day civil.Date) (*Resolver, error) {
	r := &Resolver{tx: tx, day: day}
	var err error
	if r.issuer, err = At(tx, issuer, day); err != nil {
		return nil, err
	}
	if err := r.place(); err != nil {
		return nil, err
	}
	if r.near, err = surroundings(tx, r.committ, day); err != nil {
		return nil, err
	}
	for i := range r.near {
		r.near[i].name()
	}
	return r, nil
}

// place finds where the issuer stands: its province, its body, the committee above it.
func (r *Resolver) place() error {
	r.body = r.issuer
	u := r.issuer
	for range maxDeep {
		if u.Kind == PeoplesComm {
			switch u.Level {
			case Province:
				r.committ, r.province = u.ID, u.Area
			case District:
				r.distComm, r.district = u.ID, u.Area
			}
		}
		if r.top.ID == "" && (u.Kind == PeoplesComm || u.Kind == Government) {
			r.top = u
		}
		if u.Superior == "" {
			break
		}
		next, err := At(r.tx, u.Superior, r.day)
		if err != nil {
			return err
		}
		if u.Internal && r.body.ID == u.ID {
			r.body = next
		}
		r.chain = append(r.chain, next.ID)
		u = next
	}
	return nil
}

// name works out by which words a unit is named.
func (s *standing) name() {
	name := s.Name
	if a := strings.IndexByte(name, '('); a > 0 && strings.HasSuffix(name, ")") { // another name stands in brackets
		s.cores = append(s.cores, strings.Fields(plain(name[a+1:len(name)-1])))
		name = strings.TrimSpace(name[:a])
	}
	core := strings.Fields(plain(name))
	s.full = slices.Clone(core)
	s.place = strings.Fields(plain(s.AreaName))
	if len(s.place) > 0 {
		if _, n, ok := termAt(s.place); ok {
			s.bare = s.place[n:]
		}
		switch {
		case cutTail(&core, s.place):
		case len(s.bare) > 0 && cutTail(&core, s.bare): // the place has become a city since, or the kind is left out
			for _, t := range areaTerms {
				if cutTail(&core, strings.Fields(t.words)) {
					break
				}
			}
		}
	}
	s.cores = append([][]string{slices.Clone(core)}, s.cores...)
	if s.Kind == Steering && slices.Contains(s.cores[len(s.cores)-1], "cp") { // "138/CP" is said "138 của Chính phủ"
		s.cores = append(s.cores, strings.Fields(strings.Replace(strings.Join(s.cores[len(s.cores)-1], " "), "cp", "chinh phu", 1)))
	}
	if s.Kind == Association && len(core) > 4 && core[0] == "trung" && core[1] == "uong" {
		s.cores = append(s.cores, slices.Clone(core[2:]))
	}
	if s.Kind == Union { // papers name the organisation for its committee: "Mặt trận Tổ quốc tỉnh", "Hội Chữ thập đỏ tỉnh"
		for _, lead := range []string{"uy ban", "ban chap hanh", "ban thuong truc", "ban thuong vu"} {
			if l := strings.Fields(lead); len(core) > len(l)+1 && slices.Equal(core[:len(l)], l) {
				core = core[len(l):]
				break
			}
		}
		if cutTail(&core, []string{"viet", "nam"}); len(core) < len(s.cores[0]) {
			s.cores = append(s.cores, slices.Clone(core))
		}
	}
}

// cutTail takes words off the end, if something is left.
func cutTail(ws *[]string, tail []string) bool {
	n := len(*ws) - len(tail)
	if n <= 0 || !slices.Equal((*ws)[n:], tail) {
		return false
	}
	*ws = (*ws)[:n]
	return true
}

func (s standing) likeness(ws []word) float64 {
	best := 0.0
	for _, c := range s.cores {
		best = max(best, likeness(ws, c))
	}
	if l := likeness(ws, s.full); l > 0.95 { // with its place a name fits wholly or not: another place is another body
		best = max(best, l)
	}
	return best
}

// Resolve resolves a phrase.
func (r *Resolver) Resolve(phrase string) (Resolution, error) {
	var out Resolution
	seen := map[string]bool{}
	for _, part := range strings.FieldsFunc(phrase, func(c rune) bool { return c == ';' || c == '\n' }) {
		part = strings.Trim(part, " .-–+*\t\r")
		if part == "" {
			continue
		}
		ms, err := r.part(part)
		if err != nil {
			return out, err
		}
		for _, m := range ms {
			out.Parts = append(out.Parts, m)
			switch m.Fate {
			case Found:
				for _, u := range m.Units {
					if !seen[u.ID] {
						seen[u.ID] = true
						out.Units = append(out.Units, u)
					}
				}
			case NoUnit:
				out.NotUnits = append(out.NotUnits, m.Words)
			default:
				out.Unknown = append(out.Unknown, m.Words)
			}
		}
	}
	return out, nil
}

// part resolves one part of a line: a class, one body, or a list of them.
func (r *Resolver) part(part string) ([]Meaning, error) {
	text := strip(part)
	if noUnit(text) {
		return []Meaning{{Words: part, Fate: NoUnit}}, nil
	}
	m, err := r.whole(text)
	if err != nil {
		return nil, err
	}
	pieces := cut(text)
	m.Words = part
	if narrowed, err := r.narrowed(wordsOf(text)); narrowed || err != nil {
		return []Meaning{m}, err
	}
	if len(pieces) == 1 || m.Fate == Found && m.sure {
		return []Meaning{m}, nil
	}
	list, all, err := r.list(pieces)
	if err != nil || all || m.Fate != Found { // a name that fits only roughly gives way to a list that fits wholly
		return list, err
	}
	return []Meaning{m}, nil
}

// list resolves the pieces of a list: each is a class or a body, and the longest run of pieces that means something goes first. all
// tells whether everything was found.
func (r *Resolver) list(pieces []string) (out []Meaning, all bool, err error) {
	all = true
	kind := "" // the word that a list of bodies of one kind says once: "các Sở: Y tế, Tư pháp, Nội vụ"
	for i := 0; i < len(pieces); {
		var hit Meaning
		n := 0
		for j := len(pieces); j > i && n == 0; j-- {
			if i == 0 && j == len(pieces) && j > 1 {
				continue
			}
			words := strings.TrimSpace(strings.Join(pieces[i:j], ", "))
			if j == i+1 && noUnit(words) {
				hit, n = Meaning{Words: words, Fate: NoUnit}, 1
				break
			}
			ways := []string{words}
			if kind != "" {
				ways = append(ways, kind+" "+words)
			}
			for _, way := range ways {
				h, err := r.whole(way)
				if err != nil {
					return nil, false, err
				}
				if h.Fate == Found && (h.sure || j == i+1) || j == i+1 && h.Fate != Nobody {
					h.Words = words
					hit, n = h, j-i
					break
				}
			}
		}
		if n > 0 && hit.Fate == Found && !hit.Group {
			if k := kindWord(hit.Words); k != "" {
				kind = k
			}
		}
		if n == 0 {
			hit, n = Meaning{Words: strings.TrimSpace(pieces[i]), Fate: Nobody}, 1
		}
		all = all && hit.Fate == Found
		out = append(out, hit)
		i += n
	}
	return out, all, nil
}

// whole resolves words that are one class or one body.
func (r *Resolver) whole(text string) (Meaning, error) {
	text = strings.TrimSuffix(text, " chủ trì")
	led := false // "Giám đốc Sở …": the body is meant, unless it is the issuer's own head
	for {
		rest, ok := cutTitle(text)
		if !ok {
			break
		}
		text, led = rest, true
	}
	ws := wordsOf(text)
	if len(ws) == 0 {
		return Meaning{Fate: Nobody}, nil
	}
	if led {
		for _, own := range []string{"so", "co quan", "don vi", "bo", "tinh", "uy ban nhan dan", "ubnd", "phong", "cuc", "huyen", "xa"} {
			if joined(ws) == own {
				return Meaning{Fate: NoUnit}, nil
			}
		}
	}
	m := Meaning{Fate: Found, Group: true}
	us, ok, err := r.classWithArea(ws)
	if err == nil && len(us) == 0 {
		var bodies bool
		us, bodies, err = r.classOfBodies(ws)
		ok = ok || bodies
	}
	if err != nil {
		return m, err
	}
	if !ok {
		if narrowed, err := r.narrowed(ws); narrowed || err != nil {
			return Meaning{Fate: Nobody}, err
		}
	}
	if ok {
		for _, u := range us { // nobody writes to themselves
			if u.ID != r.issuer.ID && u.ID != r.body.ID {
				m.Units = append(m.Units, u)
			}
		}
		if m.sure = true; len(us) > 0 { // a class of which only the issuer is here means nobody else
			return m, nil
		}
	}
	m, err = r.named(ws)
	if turned := turn(ws); err == nil && m.Fate == Nobody && turned != nil {
		m, err = r.named(turned)
	}
	if led && m.Fate == Found && len(m.Units) == 1 && m.Units[0].ID == r.body.ID {
		m = Meaning{Fate: NoUnit}
	}
	return m, err
}

// notUnits begin lines of a recipients list that name no unit.
var notUnits = []string{"nhu tren", "nhu kinh gui", "nhu dieu", "luu", "trang ", "cong thong tin", "cong ttdt", "website", "bo phan", "lanh dao vp", "ldvp", "cac phong cv", "phong cv", "chuyen vien", "thanh vien", "cac thanh vien"}

// noUnit tells whether words name no unit at all.
func noUnit(s string) bool {
	p := plain(s)
	if p == "" {
		return true
	}
	for _, n := range notUnits {
		if strings.HasPrefix(p+" ", n) {
			return true
		}
	}
	// Nothing but titles of persons: "Giám đốc, PGĐ sở", "Bộ trưởng".
	titled := false
	for {
		rest, ok := cutTitle(strings.TrimLeft(s, " ,"))
		if !ok {
			break
		}
		s, titled = rest, true
	}
	if !titled {
		return false
	}
	ws := wordsOf(s)
	if len(ws) == 0 {
		return true
	}
	for i, w := range ws { // the issuer's own head, with the drafter's initials: "PGĐ sở NKS"
		if !(i == 0 && (w.text == "so" || w.text == "bo" || w.text == "cuc" || w.text == "phong" || w.text == "ban") || i > 0 && w.initials && len(w.text) <= 4) {
			return false
		}
	}
	return true
}

// titles stand before the body whose head or standing committee they name. Only what stands before a bar is taken off: the head of a Phòng is its
// Trưởng phòng.
var titles = []string{"thu tuong", "pho thu tuong", "cac pho thu tuong", "cac pgd", "ban thuong vu", "btv", "ban thuong truc", "thuong truc", "co quan thuong truc", "ban chap hanh", "de nghi", "giao", "phoi hop voi", "luc luong", "truong|phong", "pho truong|phong",
	"truong|ban chi dao", "pho truong|ban chi dao", "chanh|van phong", "chanh|thanh tra", "pho chanh|van phong", "pho chanh|thanh tra", "thu truong", "lanh dao cac", "lanh dao", "dong chi", "cac dong chi", "pho giam doc", "giam doc", "cac pho giam doc", "pgd", "gd", "pho chu tich", "cac pho chu tich", "chu tich", "cac pct", "pct", "ct", "thu truong bo",
	"bo truong", "truong ban", "pho truong ban", "cuc truong", "bi thu", "ban giam doc", "ban giam hieu", "nguoi dung dau"}

// cutTitle takes the title of a head off the front.
func cutTitle(s string) (string, bool) {
	s = strings.TrimLeft(s, " ,")
	f := viet.Fold(s) + " "
	best := 0
	for _, t := range titles {
		before, after, kept := strings.Cut(t, "|")
		if kept {
			t = before + " " + after
		}
		if (strings.HasPrefix(f, t+" ") || strings.HasPrefix(f, t+",")) && len(before) > best {
			best = len(before)
		}
	}
	if best == 0 {
		return s, false
	}
	r := []rune(strings.Join(strings.Fields(s), " "))
	return strings.TrimSpace(string(r[min(best, len(r)):])), true
}

// strip takes off what stands around a body's name: marks such as "(B/c)", "(để phối hợp)", "có liên quan".
func strip(s string) string {
	for {
		a := strings.IndexByte(s, '(')
		if a < 0 {
			break
		}
		b := strings.IndexByte(s[a:], ')')
		if b < 0 {
			s = s[:a]
			break
		}
		s = s[:a] + " " + s[a+b+1:]
	}
	r := []rune(strings.Join(strings.Fields(viet.NFC(s)), " "))
	f := []rune(viet.Fold(string(r)))
	if len(r) != len(f) { // a letter that folds to two: leave it
		return string(r)
	}
	for i := len(r) - 2; i > 0; i-- { // "sởNKS": the drafter's initials run into the word
		if unicode.IsLower(r[i-1]) && unicode.IsUpper(r[i]) && unicode.IsUpper(r[i+1]) {
			r, f = slices.Insert(r, i, ' '), slices.Insert(f, i, ' ')
		}
	}
	for _, out := range []string{" co lien quan", " lien quan"} {
		for {
			at := strings.Index(string(f), out)
			if at < 0 {
				break
			}
			n := len(out)
			r, f = append(r[:at:at], r[at+n:]...), append(f[:at:at], f[at+n:]...)
		}
	}
	out := strings.Trim(string(r), " .:")
	if head, rest, ok := strings.Cut(out, ":"); ok && slices.Contains([]string{"cac co quan", "cac don vi", "cac co quan don vi", "cac doan the", "cac to chuc"}, plain(head)) {
		return strings.TrimSpace(rest) // what follows is named one by one
	}
	return out
}

// cut divides a list at commas and "và".
func cut(s string) []string {
	var out []string
	for _, c := range strings.Split(s, ",") {
		words := strings.Fields(c)
		at := 0
		for i, w := range words {
			if viet.Fold(w) == "va" && i > at {
				out = append(out, strings.Join(words[at:i], " "))
				at = i + 1
			}
		}
		if at < len(words) {
			out = append(out, strings.Join(words[at:], " "))
		}
	}
	return out
}

// classWithArea resolves "HEAD các huyện, thị xã, thành phố": the bodies of a name, or the committees, of every area of some kinds; also
// "UBND các huyện Mai Sơn, Mường La", where the areas are named.
func (r *Resolver) classWithArea(ws []word) ([]Unit, bool, error) {
	ts := texts(ws)
	switch p := joined(ws); p {
	case "cac dia phuong", "dia phuong", "chinh quyen dia phuong":
		us, err := r.localities(nil)
		return us, true, err
	case "ubnd cac cap", "uy ban nhan dan cac cap", "chinh quyen cac cap", "chinh quyen dia phuong cac cap":
		us, err := r.allBelow()
		return us, true, err
	default: // "Công an các đơn vị, địa phương"
		for _, tail := range []string{" cac don vi dia phuong", " cac dia phuong"} {
			if strings.HasSuffix(p, tail) {
				us, err := r.localities(ws[:len(ws)-len(strings.Fields(tail))])
				return us, len(us) > 0, err
			}
		}
	}
	for head := 0; head < len(ts); head++ {
		// the list of areas begins here: at "các", a number, "cấp" or a kind of area
		_, _, term := termAt(ts[head:])
		if !(term || ts[head] == "cac" || ts[head] == "cap" || isNumber(ts[head])) {
			continue
		}
		body := ws[:head]
		if len(body) > 0 && body[0].text == "cac" {
			body = body[1:]
		}
		list, ok, err := r.within(ts[head:])
		if err != nil {
			return nil, false, err
		}
		if !ok || list.under == "" {
			list, ok = areasIn(ts[head:])
		}
		if !ok {
			if us, ok, err := r.andOne(body, ts[head:]); err != nil || ok {
				return us, ok, err
			}
			if us, ok, err := r.namedAreas(body, ts[head:]); err != nil || ok {
				return us, ok, err
			}
			continue
		}
		if len(body) == 0 {
			if !list.many {
				continue
			}
			us, err := r.inAreas(nil, list)
			return us, true, err
		}
		if !list.many { // one area of its kind: the issuer's own, or all when the issuer stands above
			if r.own(list) {
				continue
			}
		}
		us, err := r.inAreas(body, list)
		if err != nil || len(us) > 0 {
			return us, true, err
		}
	}
	return nil, false, nil
}

// own tells whether a single kind of area means the area the issuer itself lies in.
func (r *Resolver) own(l areaList) bool {
	switch {
	case l.level[Province]:
		return true
	case l.level[District]:
		return r.district != "" || r.issuer.Level == Province && l.kinds["thanh_pho"] && r.cityRank()
	case l.level[Commune]:
		return r.issuer.Level == Commune
	}
	return false
}

// cityRank tells whether the issuer's province is a centrally-run city, where "thành phố" alone means it.
func (r *Resolver) cityRank() bool {
	for _, s := range r.near {
		if s.ID == r.committ {
			return s.AreaKind == "thanh_pho_tw"
		}
	}
	return false
}

// localities are the bodies of a name (nil: the committees) of the next level below the issuer's: "các địa phương".
func (r *Resolver) localities(body []word) ([]Unit, error) {
	for _, l := range Levels[1:] {
		if !l.below(r.top.Level) || l == r.top.Level {
			continue
		}
		us, err := r.inAreas(body, areaList{level: map[Level]bool{l: true}})
		if err != nil || len(us) > 0 {
			return us, err
		}
	}
	return nil, nil
}

// allBelow are the committees of every level below the issuer's.
func (r *Resolver) allBelow() (out []Unit, err error) {
	for _, l := range Levels[1:] {
		if l.below(r.top.Level) && l != r.top.Level {
			us, err := r.inAreas(nil, areaList{level: map[Level]bool{l: true}})
			if err != nil {
				return nil, err
			}
			out = append(out, us...)
		}
	}
	return out, nil
}

// within reads a list of kinds of areas with where they lie: "các huyện, thành phố trong tỉnh", "các xã, thị trấn huyện Mai Sơn", "các xã, phường
// tỉnh Thanh Hóa". said tells that the words are such; the list has no committee when that place is none here.
func (r *Resolver) within(ts []string) (list areaList, said bool, err error) {
	for k := len(ts) - 1; k > 0; k-- {
		t, n, ok := termAt(ts[k:])
		if !ok {
			continue
		}
		if list, ok = areasIn(ts[:k]); !ok {
			continue
		}
		for l := range list.level {
			ok = ok && l != t.level && l.below(t.level)
		}
		switch {
		case !ok:
		case k+n == len(ts) && where[ts[k-1]]: // the issuer's own
			if t.level == District {
				list.under = r.distComm
			} else if t.level == Province {
				list.under = r.committ
			}
		case k+n < len(ts):
			if said = !organised[ts[k+n]]; !said {
				continue
			}
			there, err := inPlace(r.tx, ts[k:], r.day)
			if err != nil {
				return list, false, err
			}
			for _, s := range there {
				if s.Kind == PeoplesComm {
					list.under = s.ID
				}
			}
		}
		if said = said || list.under != ""; said {
			return list, true, nil
		}
	}
	return areaList{}, false, nil
}

// organised are the words after a kind of area that make a body of it: "Tỉnh đoàn", "Huyện ủy".
var organised = map[string]bool{"doan": true, "hoi": true, "uy": true}

// where are the words before the area in which others lie: "trong tỉnh", "trên địa bàn huyện".
var where = map[string]bool{"trong": true, "thuoc": true, "cua": true, "ban": true, "toan": true, "tai": true}

// andOne resolves a list of kinds of areas that ends with one by name: "các huyện và thành phố Sơn La".
func (r *Resolver) andOne(body []word, ts []string) ([]Unit, bool, error) {
	for k := 1; k < len(ts); k++ {
		t, n, ok := termAt(ts[k:])
		list, is := areasIn(ts[:k])
		if !ok || !is || k+n == len(ts) || len(list.kinds) == 0 {
			continue
		}
		list.kinds[t.kind] = false // of this kind only the one that is named
		for _, s := range r.near {
			if s.Level == t.level && s.AreaKind == t.kind && slices.Equal(s.bare, ts[k+n:]) && s.likeness(orCommittee(body)) >= 0.9 {
				us, err := r.inAreas(body, list)
				return append(us, s.Unit), true, err
			}
		}
	}
	return nil, false, nil
}

// orCommittee is the words of a body, or those of the committee when none are said.
func orCommittee(body []word) []word {
	if len(body) == 0 {
		return []word{{text: "uy"}, {text: "ban"}, {text: "nhan"}, {text: "dan"}}
	}
	return body
}

// narrowed tells whether words name a class of areas that something narrows which holds for all of it: where they lie, or what only people know:
// "UBND các xã biên giới".
func (r *Resolver) narrowed(ws []word) (bool, error) {
	ts := texts(ws)
	for i := range ts {
		if _, ok, err := r.within(ts[i:]); ok || err != nil {
			return ok, err
		}
	}
	p := " " + joined(ws)
	for _, n := range []string{"bien gioi", "giap bien", "ven bien", "mien nui", "vung cao", "trong diem"} {
		if head, ok := strings.CutSuffix(p, " "+n); ok {
			ts := strings.Fields(head)
			for i := range ts {
				if _, ok := areasIn(ts[i:]); ok {
					return true, nil
				}
			}
		}
	}
	return false, nil
}

// inAreas lists the bodies of a name (nil: the committees) at the areas of a list, in the issuer's district or province, or everywhere.
func (r *Resolver) inAreas(body []word, l areaList) ([]Unit, error) {
	from := r.near
	scope := ""
	switch {
	case l.under == "" && (l.level[Province] || r.province == ""): // beyond what is near
		var err error
		if from, err = r.everywhere(body, l); err != nil {
			return nil, err
		}
	case l.under != "" && !slices.ContainsFunc(r.near, func(s standing) bool { return s.ID == l.under }):
		var err error
		if from, err = surroundings(r.tx, l.under, r.day); err != nil {
			return nil, err
		}
		for i := range from {
			from[i].name()
		}
		scope = l.under
	case l.under != "":
		scope = l.under
	case l.level[Commune] && !l.level[District] && r.distComm != "" && (r.issuer.Level == District || r.issuer.Level == Commune):
		scope = r.distComm
	}
	body = orCommittee(body)
	var out []Unit
	for _, s := range from {
		if l.has(s) && (scope == "" || s.in[scope]) && s.likeness(body) >= 0.9 {
			out = append(out, s.Unit)
		}
	}
	return out, nil
}

// everywhere reads the bodies of a name and of some levels of the whole country.
func (r *Resolver) everywhere(body []word, l areaList) ([]standing, error) {
	list, err := bodiesAt(r.tx, l.level, body == nil || joined(body) == "ubnd" || joined(body) == "uy ban nhan dan", r.day)
	for i := range list {
		list[i].name()
	}
	return list, err
}

// namedAreas resolves "UBND các huyện Mai Sơn, Mường La và Yên Châu".
func (r *Resolver) namedAreas(body []word, ts []string) ([]Unit, bool, error) {
	for len(ts) > 0 && (ts[0] == "cac" || isNumber(ts[0])) {
		ts = ts[1:]
	}
	t, n, ok := termAt(ts)
	if !ok || n == len(ts) {
		return nil, false, nil
	}
	rest := ts[n:]
	body = orCommittee(body)
	var out []Unit
	for len(rest) > 0 {
		if rest[0] == "va" {
			rest = rest[1:]
			continue
		}
		if _, n, ok := termAt(rest); ok && n < len(rest) { // the kind is said again: "huyện Mai Sơn, huyện Mường La"
			if t2, _, _ := termAt(rest); t2.level == t.level {
				rest, t = rest[n:], t2
				continue
			}
		}
		best, unit := 0, Unit{}
		for _, s := range r.near {
			if s.Level == t.level && (s.AreaKind == t.kind || s.AreaKind == "") && len(s.bare) > best && len(s.bare) <= len(rest) && slices.Equal(rest[:len(s.bare)], s.bare) && s.likeness(body) >= 0.9 {
				best, unit = len(s.bare), s.Unit
			}
		}
		if best == 0 {
			return nil, false, nil
		}
		out, rest = append(out, unit), rest[best:]
	}
	return out, len(out) > 1, nil
}

// classOfBodies resolves classes that need no area: "các Sở, ban, ngành", "các phòng chuyên môn thuộc Sở", "các đơn vị trực thuộc".
func (r *Resolver) classOfBodies(ws []word) ([]Unit, bool, error) {
	ts := texts(ws)
	many := false
	var fits []func(Unit) bool
	var said []string
	for i := 0; i < len(ts); {
		if ts[i] == "cac" || ts[i] == "va" || ts[i] == "tat" || ts[i] == "ca" || ts[i] == "toan" {
			many = many || ts[i] == "cac"
			i++
			continue
		}
		found := 0
		for _, b := range bodyTerms {
			w := strings.Fields(b.words)
			if len(w) > found && len(ts)-i >= len(w) && slices.Equal(ts[i:i+len(w)], w) {
				found = len(w)
				fits = append(fits[:len(said):len(said)], b.fits)
			}
		}
		if found > 0 {
			said = append(said, strings.Join(ts[i:i+found], " "))
			i += found
			continue
		}
		if len(said) == 0 {
			return nil, false, nil
		}
		return r.bodies(said, fits, strings.Join(ts[i:], " "), many)
	}
	return r.bodies(said, fits, "", many)
}

// bodies lists the bodies of a class: kinds said, with the words after them.
func (r *Resolver) bodies(said []string, fits []func(Unit) bool, tail string, many bool) ([]Unit, bool, error) {
	last := ""
	if len(said) > 0 {
		last = said[len(said)-1]
	}
	inTrade := strings.Contains(tail, "trong nganh") || strings.HasPrefix(tail, "y te") && last == "don vi"
	narrowed := strings.Contains(tail, "thuoc") || strings.Contains(tail, "chuyen mon") || strings.Contains(tail, "nghiep vu") || inTrade
	if len(said) == 0 || !many && len(said) < 2 && !narrowed {
		return nil, false, nil
	}
	// What is left must be qualifiers.
	rest := " " + tail + " "
	if last == "don vi" {
		rest = strings.Replace(rest, " y te ", " ", 1)
	}
	for _, q := range qualifiers {
		rest = strings.ReplaceAll(rest, " "+q+" ", " ")
		rest = strings.ReplaceAll(rest, " "+q+" ", " ")
	}
	if strings.TrimSpace(rest) != "" {
		return nil, false, nil
	}
	want := func(u Unit) bool {
		for i, f := range fits {
			if f(u) && !(said[i] == "don vi" && u.Internal && len(said) == 1 && strings.Contains(tail, "thuoc")) {
				return true
			}
		}
		return false
	}
	inside := last == "phong" || slices.Contains(said, "phong") || slices.Contains(said, "trung tam") || slices.Contains(said, "benh vien") || slices.Contains(said, "co so y te") ||
		slices.Contains(said, "don vi") && !slices.Contains(said, "so") && !slices.Contains(said, "ban") && !slices.Contains(said, "nganh") && !strings.Contains(tail, "cap tinh")
	var out []Unit
	switch {
	case inTrade: // the units of a Sở's trade, at every depth, without its own divisions
		for _, s := range r.near {
			if s.in[r.body.ID] && s.ID != r.body.ID && !s.Internal && want(s.Unit) {
				out = append(out, s.Unit)
			}
		}
		return out, true, nil
	case inside:
		for _, at := range []string{r.body.ID, r.top.ID} { // a division of a district has none of its own: those beside it are meant
			for _, s := range r.near {
				if s.Superior == at && s.Kind != PeoplesComm && want(s.Unit) {
					out = append(out, s.Unit)
				}
			}
			if len(out) > 0 {
				break
			}
		}
		return out, true, nil
	}
	under := r.top
	if r.top.Kind == PeoplesComm && strings.Contains(tail, "tinh") && r.committ != "" {
		under = Unit{ID: r.committ, Level: Province}
	}
	for _, s := range r.near {
		if s.Superior == under.ID && s.Kind != PeoplesComm && !s.Internal && want(s.Unit) {
			out = append(out, s.Unit)
		}
	}
	return out, true, nil
}

// named finds one body by its name as papers write it: with abbreviations, without the place that goes without saying ("Công an tỉnh").
// Of several the nearest to the issuer is meant: a division of its own body, then a body beside it, then of its province, then the
// centre's.
func (r *Resolver) named(ws []word) (Meaning, error) {
	if ws[0].text == "cac" && len(ws) > 1 {
		ws = ws[1:]
	}
	if ws[0].text == "nganh" && len(ws) > 1 { // "Ngành Y tế": the Sở that leads it
		ws = append([]word{{text: "so"}}, ws[1:]...)
	}
	name, level, place, err := r.tail(ws)
	if err != nil || len(name) == 0 {
		return Meaning{Fate: Nobody}, err
	}
	pool := r.near
	if len(place) > 0 && !r.knows(place) {
		if pool, err = inPlace(r.tx, place, r.day); err != nil {
			return Meaning{}, err
		}
		for i := range pool {
			pool[i].name()
		}
	}
	type scored struct {
		standing
		likeness, near float64
	}
	var list []scored
	for _, s := range pool {
		l := s.likeness(ws) // what looks like a place may belong to the name
		if l < 1 && (len(place) == 0 || s.named(place)) && (level == "" || len(place) > 0 || s.Level == level) {
			l = max(l, s.likeness(name))
		} else if l < 1 {
			continue
		}
		if l < 0.75 {
			if !begins(s, name) && !abridged(s.cores[0], name) {
				continue
			}
			l = 0.6
		}
		list = append(list, scored{s, l, r.nearness(s)})
	}
	slices.SortStableFunc(list, func(a, b scored) int {
		switch {
		case a.likeness > b.likeness+0.01:
			return -1
		case b.likeness > a.likeness+0.01:
			return 1
		case a.near > b.near:
			return -1
		case b.near > a.near:
			return 1
		}
		return 0
	})
	if len(list) == 0 || list[0].likeness < 1 {
		if u, said := r.division(ws); said {
			if u.ID == "" {
				return Meaning{Fate: Nobody}, nil
			}
			return Meaning{Fate: Found, sure: true, Units: []Unit{u}}, nil
		}
	}
	if len(list) == 0 {
		return Meaning{Fate: Nobody}, nil
	}
	n := 1
	for n < len(list) && list[n].likeness >= list[0].likeness-0.01 && list[n].near == list[0].near {
		n++
	}
	m := Meaning{Fate: Found, sure: list[0].likeness > 0.95}
	for _, s := range list[:min(n, 20)] {
		m.Units = append(m.Units, s.Unit)
	}
	if n > 1 { // several fit equally: a person decides
		m.Fate = Doubtful
	}
	return m, nil
}

// division resolves a part of a body with the body after it: "Thanh tra Sở LĐTBXH", "Cục PCTNXH - Bộ LĐTBXH". said tells that the words are such;
// without such a part there the unit has no identifier.
func (r *Resolver) division(ws []word) (u Unit, said bool) {
	for k := len(ws) - 1; k > 0; k-- {
		switch w := ws[k].text; {
		case w == "so" || w == "bo" || w == "cuc" || w == "ubnd":
		case w == "uy" && k+1 < len(ws) && ws[k+1].text == "ban":
		default:
			continue
		}
		if !partWord(ws[0].text) {
			return Unit{}, false
		}
		tail := ws[k:]
		if ts := texts(tail); len(tail) > 1 && (ts[len(ts)-1] == "tinh" || ts[len(ts)-1] == "huyen") {
			tail = tail[:len(tail)-1]
		}
		head := ws[:k]
		if head[len(head)-1].text == "thuoc" {
			head = head[:len(head)-1]
		}
		var body standing
		near := -1.0
		for _, s := range r.near {
			if n := r.nearness(s); n > near && (s.likeness(ws[k:]) > 0.95 || s.likeness(tail) > 0.95) {
				body, near = s, n
			}
		}
		if body.ID == "" {
			continue
		}
		said = true
		for _, s := range r.near {
			if s.Superior == body.ID && max(s.likeness(head), s.likeness(append(slices.Clone(head), ws[k]))) > 0.95 {
				return s.Unit, true
			}
		}
	}
	return Unit{}, said
}

// partWord tells whether a word begins the name of what may be a part of a body.
func partWord(w string) bool {
	return slices.Contains([]string{"thanh", "van", "phong", "cuc", "vu", "chi", "trung"}, w)
}

// kindWord is the word of the kind of body with which words begin.
func kindWord(words string) string {
	ws := wordsOf(words)
	if len(ws) > 1 && ws[0].text == "cac" {
		ws = ws[1:]
	}
	for _, k := range []string{"so", "bo", "phong", "cuc", "hoi", "ban"} {
		if len(ws) > 1 && ws[0].text == k {
			return k
		}
	}
	return ""
}

// turn puts "Tỉnh đoàn", "Tỉnh hội Phụ nữ" into the order of other names: "Đoàn Thanh niên tỉnh", "Hội Phụ nữ tỉnh"; nil for other words.
func turn(ws []word) []word {
	if len(ws) < 2 || ws[1].text != "doan" && ws[1].text != "hoi" {
		return nil
	}
	t, n, ok := termAt(texts(ws))
	if !ok || n != 1 {
		return nil
	}
	out := []word{ws[1]}
	rest := ws[2:]
	if ws[1].text == "hoi" || len(rest) > 1 && rest[0].text == "thanh" && rest[1].text == "nien" {
		return append(append(out, rest...), word{text: t.words})
	}
	return append(append(out, word{text: "thanh"}, word{text: "nien"}, word{text: t.words}), rest...)
}

// begins tells whether a name begins with the words said: "Sở Văn hóa" for Sở Văn hóa, Thể thao và Du lịch. Of papers and broadcasters one word is
// enough: "Đài tỉnh".
func begins(s standing, name []word) bool {
	core := s.cores[0]
	return (len(name) >= 2 || s.Kind == Broadcaster) && len(name) < len(core) && slices.Equal(core[:len(name)], texts(name))
}

// abridged tells whether words are a name of which some in the middle or at the front are left out: "Hội Phụ nữ" for Hội Liên hiệp Phụ nữ, "BĐBP"
// for Bộ Chỉ huy Bộ đội Biên phòng. Two words at least, and the last of the name, are said.
func abridged(core []string, name []word) bool {
	first, at, said, gaps := -1, 0, 0, 0
	for _, w := range name {
		n, here := 0, at
		for ; here < len(core); here++ {
			if n = 1; core[here] == w.text {
				break
			}
			if n = run(core[here:], w.text); w.initials && n > 0 {
				break
			}
		}
		if here == len(core) {
			return false
		}
		if first < 0 {
			first = here
		} else if here > at {
			gaps++
		}
		at, said = here+n, said+n
	}
	return said >= 2 && at == len(core) && (first == 0 || gaps == 0)
}

// named tells whether a unit lies in a place by its words: "huyen mai son", or "mai son".
func (s standing) named(place []string) bool {
	return slices.Equal(s.place, place) || slices.Equal(s.bare, place)
}

// tail takes the place off the end of a name: "tỉnh" (level, no place), "huyện Mai Sơn" (level and place).
func (r *Resolver) tail(ws []word) (name []word, level Level, place []string, err error) {
	ts := texts(ws)
	for i := len(ts) - 1; i > 0; i-- {
		t, n, ok := termAt(ts[i:])
		if !ok || t.words == "thanh" || t.words == "thi" {
			continue
		}
		head := ws[:i]
		if head[len(head)-1].text == "cap" && len(head) > 1 {
			head = head[:len(head)-1]
		}
		level := t.level
		if t.kind == "thanh_pho" && r.cityRank() {
			level = Province
		}
		if i+n == len(ts) {
			return head, level, nil, nil
		}
		place := ts[i:]
		if full := map[string]string{"tp": "thanh pho", "tx": "thi xa"}[t.words]; full != "" {
			place = append(strings.Fields(full), ts[i+n:]...)
		}
		known := r.knows(place)
		if !known { // "xã hội" is no xã
			if known, err = areaNamed(r.tx, strings.Join(place, " "), r.day); err != nil {
				return nil, "", nil, err
			}
		}
		if known {
			return head, level, place, nil
		}
	}
	for i := 1; i < len(ts); i++ { // the kind of the place is left out: "Công an Sơn La"; one that is said must be right
		if !endsWithTerm(ts[:i]) && r.knows(ts[i:]) {
			return ws[:i], "", ts[i:], nil
		}
	}
	return ws, "", nil, nil
}

// endsWithTerm tells whether words end with a kind of area.
func endsWithTerm(ts []string) bool {
	for i := range ts {
		if _, n, ok := termAt(ts[i:]); ok && i+n == len(ts) {
			return true
		}
	}
	return false
}

// knows tells whether a place is among the issuer's surroundings.
func (r *Resolver) knows(place []string) bool {
	for _, s := range r.near {
		if s.named(place) {
			return true
		}
	}
	return false
}

// nearness orders units that a name fits equally.
func (r *Resolver) nearness(s standing) float64 {
	switch {
	case s.ID == r.issuer.ID:
		return 9.5
	case s.Superior == r.body.ID:
		return 9
	case s.Superior == r.issuer.ID:
		return 8.5
	case slices.Contains(r.chain, s.ID):
		return 8
	case s.Superior == r.top.ID:
		return 7
	case slices.Contains(r.chain, s.Superior):
		return 6
	case r.distComm != "" && s.in[r.distComm]:
		return 4
	case s.Level == Province:
		return 3
	case s.Level == Central:
		return 2
	}
	return 1
}
