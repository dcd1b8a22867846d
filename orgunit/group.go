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
			h, err := r.whole(words)
			if err != nil {
				return nil, false, err
			}
			if h.Fate == Found && (h.sure || j == i+1) || j == i+1 && h.Fate == Doubtful {
				h.Words = words
				hit, n = h, j-i
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
	if led && m.Fate == Found && len(m.Units) == 1 && m.Units[0].ID == r.body.ID {
		m = Meaning{Fate: NoUnit}
	}
	return m, err
}

// notUnits begin lines of a recipients list that name no unit.
var notUnits = []string{"nhu tren", "nhu kinh gui", "nhu dieu", "luu", "trang ", "cong thong tin", "cong ttdt", "website", "bo phan", "lanh dao vp", "thanh vien"}

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
		if !(i == 0 && (w.text == "so" || w.text == "bo" || w.text == "cuc" || w.text == "phong") || i > 0 && w.initials && len(w.text) <= 4) {
			return false
		}
	}
	return true
}

// titles stand before the body whose head they name.
var titles = []string{"thu truong", "lanh dao cac", "lanh dao", "dong chi", "cac dong chi", "pho giam doc", "giam doc", "cac pho giam doc", "pgd", "gd", "pho chu tich", "cac pho chu tich", "chu tich", "cac pct", "pct", "ct", "thu truong bo",
	"bo truong", "thu truong", "truong phong", "pho truong phong", "truong ban", "pho truong ban", "chanh van phong", "chanh thanh tra", "cuc truong", "bi thu", "ban giam doc", "ban giam hieu", "nguoi dung dau"}

// cutTitle takes the title of a head off the front.
func cutTitle(s string) (string, bool) {
	s = strings.TrimLeft(s, " ,")
	f := viet.Fold(s) + " "
	best := 0
	for _, t := range titles {
		if (strings.HasPrefix(f, t+" ") || strings.HasPrefix(f, t+",")) && len(t) > best {
			best = len(t)
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
	return strings.Trim(string(r), " .:")
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
	if p := joined(ws); p == "cac dia phuong" || p == "dia phuong" {
		us, err := r.localities()
		return us, true, err
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
		list, ok := areasIn(ts[head:])
		if !ok {
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

// localities are the committees of the next level below the issuer's: "các địa phương".
func (r *Resolver) localities() ([]Unit, error) {
	for _, l := range Levels[1:] {
		if !l.below(r.top.Level) || l == r.top.Level {
			continue
		}
		us, err := r.inAreas(nil, areaList{level: map[Level]bool{l: true}})
		if err != nil || len(us) > 0 {
			return us, err
		}
	}
	return nil, nil
}

// inAreas lists the bodies of a name (nil: the committees) at the areas of a list, in the issuer's district or province, or everywhere.
func (r *Resolver) inAreas(body []word, l areaList) ([]Unit, error) {
	from := r.near
	scope := ""
	switch {
	case l.level[Province] || r.province == "": // beyond what is near
		var err error
		if from, err = r.everywhere(body, l); err != nil {
			return nil, err
		}
	case l.level[Commune] && !l.level[District] && r.distComm != "" && (r.issuer.Level == District || r.issuer.Level == Commune):
		scope = r.distComm
	}
	if body == nil {
		body = []word{{text: "uy"}, {text: "ban"}, {text: "nhan"}, {text: "dan"}}
	}
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
	if len(body) == 0 {
		body = []word{{text: "uy"}, {text: "ban"}, {text: "nhan"}, {text: "dan"}}
	}
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
	inTrade := strings.Contains(tail, "trong nganh") || tail == "y te" && last == "don vi"
	narrowed := strings.Contains(tail, "thuoc") || strings.Contains(tail, "chuyen mon") || strings.Contains(tail, "nghiep vu") || inTrade
	if len(said) == 0 || !many && len(said) < 2 && !narrowed {
		return nil, false, nil
	}
	// What is left must be qualifiers.
	rest := " " + tail + " "
	for _, q := range append([]string{"y te"}, qualifiers...) {
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
			if !begins(s.cores[0], name) {
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

// begins tells whether a name begins with the words said: "Sở Văn hóa" for Sở Văn hóa, Thể thao và Du lịch.
func begins(core []string, name []word) bool {
	return len(name) >= 2 && len(name) < len(core) && slices.Equal(core[:len(name)], texts(name))
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
	return ws, "", nil, nil
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
