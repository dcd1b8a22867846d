package orgunit

import (
	"sort"
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/viet"
	"chungtay/policy"
)

// Resolution is what the words of a paper mean in units, for an issuing unit and a day.
type Resolution struct {
	Units    []Unit
	Unknown  []string // parts that name no unit here, as written
	NotUnits []string // parts that name no unit at all: "Như trên", "Lưu: VT"
}

// Resolve turns the words by which a paper names its addressees, recipients or the assignee of a task into units: "UBND các huyện, thị
// xã, thành phố", "các phòng chuyên môn thuộc Sở", "Công an tỉnh", "Phòng PCTNXH". Groups are queries over the units of the day, seen
// from the issuer: a province's paper means its own districts and communes. What it cannot resolve it says.
//
// The grammar is that of addressee lines (Kính gửi, Nơi nhận; NĐ 30/2020/NĐ-CP, Phụ lục I): parts joined by ";" or line ends, inside a
// part a list of bodies joined by "," and "và", where a class of bodies may itself hold commas ("các huyện, thị xã, thành phố").
func Resolve(tx *db.Tx, issuer, phrase string, day civil.Date) (Resolution, error) {
	var r resolver
	r.tx, r.day = tx, day
	u, err := At(tx, issuer, day)
	if err != nil {
		return Resolution{}, err
	}
	r.issuer = u
	if err := r.place(); err != nil {
		return Resolution{}, err
	}
	var out Resolution
	seen := map[string]bool{}
	for _, part := range strings.FieldsFunc(phrase, func(c rune) bool { return c == ';' || c == '\n' }) {
		part = strings.Trim(part, " .-–+*\t")
		if part == "" {
			continue
		}
		units, unknown, not, err := r.part(part)
		if err != nil {
			return out, err
		}
		for _, x := range units {
			if !seen[x.ID] {
				seen[x.ID] = true
				out.Units = append(out.Units, x)
			}
		}
		out.Unknown = append(out.Unknown, unknown...)
		out.NotUnits = append(out.NotUnits, not...)
	}
	return out, nil
}

type resolver struct {
	tx       *db.Tx
	day      civil.Date
	issuer   Unit
	province string // area of the issuer's province; "" for the centre
	district string // area of the issuer's district
	body     Unit   // the body whose divisions "các phòng" are: the issuer, or its superior when the issuer is a division
	top      Unit   // the UBND of the issuer's level, under which "các Sở" stand
}

// place finds where the issuer stands: its province, its body, the committee above it.
func (r *resolver) place() error {
	r.body = r.issuer
	u := r.issuer
	for n := 0; n < maxDeep; n++ {
		if u.Area != "" {
			a, err := AreaOn(r.tx, u.Area, r.day)
			if err != nil {
				return err
			}
			for a.Level != Province && a.Parent != "" {
				if a.Level == District {
					r.district = a.ID
				}
				if a, err = AreaOn(r.tx, a.Parent, r.day); err != nil {
					return err
				}
			}
			if r.province == "" {
				r.province = a.ID
			}
		}
		if u.Kind == PeoplesComm && r.top.ID == "" || u.Kind == Government && r.top.ID == "" {
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
		u = next
	}
	return nil
}

// notUnits begin lines of a recipients list that name no unit.
var notUnits = []string{"nhu tren", "nhu kinh gui", "luu", "trang ", "cong thong tin", "website", "lanh dao ", "giam doc", "pho giam doc", "chu tich", "pho chu tich", "bo truong", "thu truong bo", "cac pct", "ct, cac pct", "thanh vien"}

// classes of areas as lists name them, by the words they may consist of.
var areaWords = map[string]Level{"huyen": District, "thi xa": District, "thi": District, "quan": District, "xa": Commune, "phuong": Commune, "thi tran": Commune, "dac khu": Commune, "tinh": Province}

// part resolves one part of a line: a class, a list or one body.
func (r *resolver) part(part string) (units []Unit, unknown, not []string, err error) {
	text := strip(part)
	p := plain(text)
	if p == "" {
		return nil, nil, []string{part}, nil
	}
	for _, n := range notUnits {
		if strings.HasPrefix(p+" ", n) {
			return nil, nil, []string{part}, nil
		}
	}
	if us, ok, err := r.class(p); err != nil || ok {
		if err == nil && len(us) == 0 {
			return nil, []string{part}, nil, nil
		}
		return us, nil, nil, err
	}
	if us, ok, err := r.named(p); err != nil || ok {
		return us, nil, nil, err
	}
	// A list: try to cut it at commas and "và"; each piece is a class or a body, the longest piece that means something first.
	pieces := cut(text)
	if len(pieces) == 1 {
		return nil, []string{part}, nil, nil
	}
	for i := 0; i < len(pieces); {
		found := false
		for j := len(pieces); j > i && !found; j-- {
			if i == 0 && j == len(pieces) {
				continue
			}
			q := plain(strings.Join(pieces[i:j], ", "))
			us, ok, err := r.class(q)
			if err == nil && (!ok || len(us) == 0) {
				us, ok, err = r.named(q)
			}
			if err != nil {
				return nil, nil, nil, err
			}
			if ok && len(us) > 0 {
				units = append(units, us...)
				i, found = j, true
			}
		}
		if !found {
			unknown = append(unknown, strings.TrimSpace(pieces[i]))
			i++
		}
	}
	return units, unknown, nil, nil
}

// strip takes off what stands around a body's name: marks such as "(B/c)", "(để phối hợp)", "Thủ trưởng", "có liên quan".
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
	s = strings.Join(strings.Fields(viet.NFC(s)), " ")
	f := viet.Fold(s)
	for _, head := range []string{"thu truong ", "dong chi ", "ong ba ", "lanh dao cac "} {
		if strings.HasPrefix(f, head) {
			n := len([]rune(head))
			s = string([]rune(s)[n:])
			f = viet.Fold(s)
		}
	}
	for _, tail := range []string{" co lien quan", " lien quan", " tren dia ban tinh", " tren dia ban"} {
		if strings.HasSuffix(f, tail) {
			s = string([]rune(s)[:len([]rune(s))-len([]rune(tail))])
			f = viet.Fold(s)
		}
	}
	return strings.TrimSpace(s)
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

// expand writes abbreviations out, so that one form is compared.
func expand(p string) string {
	p = " " + p + " "
	for _, a := range abbreviations {
		if strings.Contains(p, " "+a[0]+" ") {
			p = strings.ReplaceAll(p, " "+a[0]+" ", " "+a[1]+" ")
		}
	}
	return strings.Join(strings.Fields(p), " ")
}

// areas reads a list of area words at the end of a phrase: "huyen thi xa thanh pho". Numbers ("63 tinh thanh pho") and "cac" are passed.
func areaLevels(words string) (levels map[Level]bool, ok bool) {
	levels = map[Level]bool{}
	w := strings.Fields(words)
	for i := 0; i < len(w); i++ {
		switch x := w[i]; {
		case x == "cac" || x == "va" || x == "truc" || x == "thuoc" || x == "toan" || x == "quoc" || x == "tat" || x == "ca" || x[0] >= '0' && x[0] <= '9':
		case x == "trung" && i+1 < len(w) && w[i+1] == "uong":
			i++
		case x == "thanh" && (i+1 == len(w) || w[i+1] == "pho" || w[i+1] == "thi"):
			if i+1 < len(w) && w[i+1] == "pho" {
				i++
			}
			levels["city"] = true
		case x == "thi" && i+1 < len(w) && w[i+1] == "tran":
			levels[Commune], i = true, i+1
		case x == "thi" && i+1 < len(w) && w[i+1] == "xa":
			levels[District], i = true, i+1
		case x == "dac" && i+1 < len(w) && w[i+1] == "khu":
			levels[Commune], i = true, i+1
		case areaWords[x] != "":
			levels[areaWords[x]] = true
		default:
			return nil, false
		}
	}
	if levels["city"] { // "thành phố" is of the rank of its neighbours: with tỉnh a central city, with huyện a provincial one
		delete(levels, "city")
		switch {
		case levels[Province]:
		case levels[District]:
		default:
			levels[District] = true
		}
	}
	return levels, len(levels) > 0
}

// class resolves a class of bodies. ok is false when the phrase is no class.
func (r *resolver) class(p string) ([]Unit, bool, error) {
	p = expand(strings.TrimPrefix(p, "cac dong chi "))
	many := strings.Contains(" "+p+" ", " cac ") || strings.Contains(p, " 63 ") || strings.Contains(p, " 34 ")
	try := func(head string) (string, bool) {
		rest, ok := strings.CutPrefix(p, head+" ")
		if !ok {
			rest, ok = strings.CutPrefix(p, "cac "+head+" ")
		}
		return rest, ok
	}
	type bodies struct {
		head   string
		kind   Kind
		sector string
	}
	for _, b := range []bodies{
		{"uy ban nhan dan", PeoplesComm, ""}, {"phong lao dong thuong binh va xa hoi", Division, "labour"}, {"phong y te", Division, "health"},
		{"phong van hoa xa hoi", Division, "social"}, {"so lao dong thuong binh va xa hoi", ProvDept, "labour"}, {"so y te", ProvDept, "health"}, {"so thong tin va truyen thong", ProvDept, "information"},
		{"cong an", Police, "police"}, {"hoi lien hiep phu nu", Association, "women"}, {"so noi vu", ProvDept, "interior"},
	} {
		rest, ok := try(b.head)
		if !ok {
			continue
		}
		levels, ok := areaLevels(rest)
		if !ok || !many && len(strings.Fields(rest)) < 2 { // "Công an tỉnh" is one body; "Phòng LĐTBXH huyện, thành phố" are many
			continue
		}
		us, err := r.inAreas(b.kind, b.sector, levels)
		return us, true, err
	}
	switch p {
	case "cac phong chuyen mon thuoc so", "cac phong thuoc so", "cac phong don vi thuoc so", "cac phong ban thuoc so", "cac phong chuyen mon nghiep vu", "cac phong chuyen mon", "cac phong thanh tra so", "cac phong chuyen mon thuoc bo",
		"cac phong ban chuyen mon", "cac phong thuoc", "cac phong chuyen mon so", "cac phong don vi truc thuoc so":
		us, err := r.under(r.body.ID, func(u Unit) bool { return u.Internal || strings.Contains(p, "don vi") })
		return us, true, err
	case "cac don vi truc thuoc", "cac don vi su nghiep", "cac don vi su nghiep truc thuoc", "cac don vi truc thuoc so", "cac don vi trong nganh", "don vi trong nganh", "cac co so truc thuoc", "cac trung tam truc thuoc":
		us, err := r.under(r.body.ID, func(u Unit) bool { return !u.Internal })
		return us, true, err
	case "cac don vi y te trong nganh", "cac don vi y te", "cac co so y te", "don vi y te trong nganh":
		us, err := r.under(r.body.ID, func(u Unit) bool { return u.Kind == Hospital || u.Sector == "health" && !u.Internal })
		return us, true, err
	case "cac tinh thanh uy truc thuoc trung uong":
		return nil, true, nil
	}
	if f := strings.TrimSuffix(strings.TrimSuffix(p, " cap tinh"), " tinh"); strings.HasPrefix(f, "cac so") && !strings.Contains(f, "uy ban nhan dan") {
		ok := true
		for _, w := range strings.Fields(f) {
			ok = ok && strings.Contains(" cac so ban nganh doan the don vi co quan hoi thuoc ", " "+w+" ")
		}
		if ok && r.top.ID != "" {
			top := r.top
			for top.Level != Province && top.Superior != "" {
				next, err := At(r.tx, top.Superior, r.day)
				if err != nil {
					return nil, false, err
				}
				top = next
			}
			broad := strings.Contains(f, "ban") || strings.Contains(f, "nganh") || strings.Contains(f, "doan the")
			us, err := r.under(top.ID, func(u Unit) bool {
				return u.Kind == ProvDept || broad && !u.Internal && u.Level == Province && u.Kind != PeoplesComm
			})
			return us, true, err
		}
	}
	if levels, ok := areaLevels(p); ok && many { // "các huyện, thành phố": their committees
		us, err := r.inAreas(PeoplesComm, "", levels)
		return us, true, err
	}
	return nil, false, nil
}

// inAreas lists the bodies of a kind at the levels, in the issuer's province or, from the centre, everywhere.
func (r *resolver) inAreas(kind Kind, sector string, levels map[Level]bool) ([]Unit, error) {
	var w db.Where
	w.And(`v.kind = ?`, kind)
	w.And(onDay, r.day.String(), r.day.String())
	if sector != "" {
		w.And(`v.sector = ?`, sector)
	}
	var ls []any
	for _, l := range Levels {
		if levels[l] {
			ls = append(ls, l)
		}
	}
	w.And(`v.level IN (`+marks(len(ls))+`)`, ls...)
	if !levels[Province] && r.province != "" {
		top, err := r.committee(r.province)
		if err != nil {
			return nil, err
		}
		if r.issuer.Level == District && r.district != "" {
			if top, err = r.committee(r.district); err != nil {
				return nil, err
			}
		}
		w.And(`EXISTS (SELECT 1 FROM orgunit_closure c WHERE c.ancestor_id = ? AND c.unit_id = u.id)`, top)
	}
	return db.All[Unit](r.tx, `SELECT `+unitColumns+unitFrom+w.SQL()+` ORDER BY `+levelRank+`, v.name_sort, u.id`, w.Args()...)
}

// committee is the UBND of an area on the day.
func (r *resolver) committee(area string) (string, error) {
	id, ok, err := db.Find[string](r.tx, `SELECT unit_id FROM orgunit_version WHERE area_id = $1 AND kind = $2 AND from_day <= $3 AND (to_day IS NULL OR to_day >= $4)`,
		area, PeoplesComm, r.day.String(), r.day.String())
	if err == nil && !ok {
		return "", nil
	}
	return id, err
}

func (r *resolver) under(id string, want func(Unit) bool) ([]Unit, error) {
	us, err := subordinates(r.tx, id, r.day)
	if err != nil {
		return nil, err
	}
	var out []Unit
	for _, u := range us {
		if want(u) {
			out = append(out, u)
		}
	}
	return out, nil
}

// named finds one body by its name as papers write it: with abbreviations, without the place that goes without saying ("Công an tỉnh").
// Of several the nearest to the issuer is meant: a division of its own body, then a body of its province, then the centre's.
func (r *resolver) named(p string) ([]Unit, bool, error) {
	p = expand(p)
	short := p
	for _, tail := range []string{" tinh", " thanh pho", " so", " huyen", " cap tinh", " trung uong"} {
		short = strings.TrimSuffix(short, tail)
	}
	if short == "" || len(strings.Fields(short)) < 2 && short != "chinh phu" {
		return nil, false, nil
	}
	var w db.Where
	w.And(onDay, r.day.String(), r.day.String())
	for _, word := range strings.Fields(short) {
		if word == "va" {
			continue
		}
		w.And(`v.search LIKE ? ESCAPE '\'`, "% "+like(word)+" %")
	}
	found, err := db.All[Unit](r.tx, `SELECT `+unitColumns+unitFrom+w.SQL()+` ORDER BY u.id LIMIT 400`, w.Args()...)
	if err != nil || len(found) == 0 {
		return nil, false, err
	}
	type scored struct {
		Unit
		score int
	}
	var list []scored
	for _, u := range found {
		name := expand(plain(u.Name))
		s := 0
		if name == p || name == short {
			s += 100
		}
		if strings.HasPrefix(name, short) {
			s += 40
		} else if !strings.Contains(name, short) {
			s -= 30
		}
		s -= 2 * (len(strings.Fields(name)) - len(strings.Fields(short)))
		switch {
		case u.Superior == r.body.ID:
			s += 30
		case u.ID == r.body.ID || u.ID == r.issuer.ID:
			s += 10
		}
		above, err := Above(r.tx, u.ID)
		if err != nil {
			return nil, false, err
		}
		for _, a := range above {
			if a == r.top.ID {
				s += 15
			}
		}
		if strings.HasSuffix(p, " tinh") && u.Level == Province {
			s += 25
		}
		if strings.HasSuffix(p, " huyen") && u.Level == District {
			s += 25
		}
		if r.province != "" && u.Level != Central && u.Area != "" {
			a, err := AreaOn(r.tx, u.Area, r.day)
			if err != nil {
				return nil, false, err
			}
			for a.Parent != "" {
				if a, err = AreaOn(r.tx, a.Parent, r.day); err != nil {
					return nil, false, err
				}
			}
			if a.ID != r.province && !strings.Contains(p, plain(a.Bare())) { // another province's body is meant only when it is named
				continue
			}
		}
		list = append(list, scored{u, s})
	}
	if len(list) == 0 {
		return nil, false, nil
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].score > list[j].score })
	if list[0].score < 0 || len(list) > 1 && list[0].score == list[1].score && list[0].score < 100 {
		return nil, false, nil // two bodies fit equally: a person decides
	}
	return []Unit{list[0].Unit}, true, nil
}

// SaveGroup keeps a phrase under a name for a unit's papers.
func (c *Units) SaveGroup(tx *db.Tx, by policy.Actor, owner, name, phrase string) (Group, error) {
	if err := c.may(tx, by, owner); err != nil && owner != by.Unit {
		return Group{}, err
	}
	g := Group{ID: ids.New(tx.Now), Owner: owner, Name: strings.Join(strings.Fields(viet.NFC(name)), " "), Phrase: strings.TrimSpace(viet.NFC(phrase))}
	switch {
	case g.Name == "":
		return g, errs.AtField("name", "orgunit.need_group_name")
	case g.Phrase == "":
		return g, errs.AtField("phrase", "orgunit.need_phrase")
	case len([]rune(g.Phrase)) > 5000:
		return g, errs.AtField("phrase", "orgunit.phrase_long", 5000)
	}
	return g, insertGroup(tx, g, by.Person)
}

// Groups lists the saved groups of a unit.
func Groups(tx *db.Tx, owner string) ([]Group, error) { return listGroups(tx, owner) }
