package orgunit

import (
	"fmt"
	"slices"
	"strings"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/viet"
	"chungtay/internal/web"
	"chungtay/policy"
)

// MostListed is how many units come in with one file: more than the whole country has.
const MostListed = 20_000

// listColumns are the columns of a list of units, as it is exported and imported. Their heads stand in text.*.toml.
var listColumns = []string{"id", "code", "name", "kind", "sector", "level", "internal", "superior", "superior_name", "area", "phone", "email", "address", "from", "to"}

// mostOf is how long a cell of a column may be.
var mostOf = map[string]int{"code": 50, "phone": 100, "email": 200, "address": 300}

// Fates of a row of a list.
type RowFate string

// The fates.
const (
	RowNew     RowFate = "new"
	RowChanged RowFate = "changed"
	RowSame    RowFate = "same"
	RowRefused RowFate = "refused"
)

// RowFates lists them as pages show them.
var RowFates = []RowFate{RowRefused, RowNew, RowChanged, RowSame}

// Listed is one row of a list, as understood: what becomes of it, and why.
type Listed struct {
	Line     int // in the file
	Fate     RowFate
	Unit     Unit // as it will be
	Superior string
	Changes  []FieldChange
	Problems []errs.Message

	row   map[string]string
	was   Unit // as it is; no identifier for a new one
	area  string
	upRow int // index of the row that makes its superior; -1
}

// FieldChange is a field that gets another value. The values are as people read them in the list.
type FieldChange struct{ Field, From, To string }

func (l *Listed) refuse(key string, args ...any) {
	l.Fate = RowRefused
	l.Problems = append(l.Problems, errs.Message{Key: key, Args: args})
}

// ListPlan is what becomes of each row of a list.
type ListPlan struct {
	Rows  []Listed
	Count map[RowFate]int
	above map[string][]string
}

// vocabulary understands the words of a list in both languages.
type vocabulary struct {
	cat   *i18n.Catalogue
	heads map[string]string            // folded head -> column
	value map[string]map[string]string // column -> folded words -> value
}

func newVocabulary() (*vocabulary, error) {
	cat, err := i18n.Load(Text)
	if err != nil {
		return nil, err
	}
	v := &vocabulary{cat, map[string]string{}, map[string]map[string]string{"kind": {}, "sector": {}, "level": {}}}
	for _, lang := range []i18n.Lang{i18n.VI, i18n.EN} {
		for _, c := range listColumns {
			v.heads[viet.Fold(c)], v.heads[viet.Fold(cat.Text(lang, "orgunit.import.column."+c))] = c, c
		}
		for _, k := range Kinds {
			v.value["kind"][string(k)], v.value["kind"][viet.Fold(cat.Text(lang, "orgunit.kind."+string(k)))] = string(k), string(k)
		}
		for _, s := range Sectors {
			v.value["sector"][s], v.value["sector"][viet.Fold(cat.Text(lang, "orgunit.sector."+s))] = s, s
		}
		for _, l := range Levels {
			v.value["level"][string(l)], v.value["level"][viet.Fold(cat.Text(lang, "orgunit.level."+string(l)))] = string(l), string(l)
		}
	}
	return v, nil
}

// cell is a cell without the apostrophe that keeps spreadsheets from taking a text for a formula.
func cell(s string) string {
	s = line(s)
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@", rune(s[1])) {
		s = s[1:]
	}
	return s
}

// readUnitList finds the heads among the first lines of a table and returns the rows below by column.
func (v *vocabulary) readUnitList(table [][]string) ([]Listed, error) {
	head, at := map[int]string{}, -1
	for n, cells := range table[:min(len(table), 20)] {
		found := map[int]string{}
		for i, c := range cells {
			if name := v.heads[viet.Fold(line(c))]; name != "" {
				found[i] = name
			}
		}
		if len(found) > len(head) {
			head, at = found, n
		}
	}
	have := map[string]bool{}
	for _, name := range head {
		if have[name] {
			return nil, errs.AtField("file", "orgunit.import.column_twice", v.cat.Text(i18n.VI, "orgunit.import.column."+name))
		}
		have[name] = true
	}
	if !have["name"] && !have["id"] && !have["code"] {
		var want []string
		for _, c := range listColumns {
			want = append(want, v.cat.Text(i18n.VI, "orgunit.import.column."+c))
		}
		return nil, errs.AtField("file", "orgunit.import.no_heads", strings.Join(want, "; "))
	}
	var out []Listed
	for n, cells := range table[at+1:] {
		row := map[string]string{}
		for i, c := range cells {
			if c = cell(c); head[i] != "" && c != "" {
				row[head[i]] = c
			}
		}
		if len(row) == 0 {
			continue
		}
		if len(out) == MostListed {
			return nil, errs.AtField("file", "orgunit.import.too_many", MostListed)
		}
		out = append(out, Listed{Line: at + 2 + n, row: row, upRow: -1})
	}
	if len(out) == 0 {
		return nil, errs.AtField("file", "orgunit.import.empty")
	}
	return out, nil
}

// register is every living unit as lists name them, read at once, with those that have ended and are named all the same.
type register struct {
	units  map[string]placedUnit
	gone   map[string]Unit // those a list names that have ended
	code   map[string]string
	name   map[string][]string // folded
	above  map[string][]string
	areas  map[string][]Area // by code
	kids   map[string][]string
	inFile map[string]int // by identifier: the row that names the unit
	taken  map[string]bool
}

func nameKey(name, superior string) string { return superior + "\x00" + name }

func readRegister(tx *db.Tx, rows []Listed, on civil.Date) (*register, error) {
	list, err := listedUnits(tx, on)
	if err != nil {
		return nil, err
	}
	r := &register{units: make(map[string]placedUnit, len(list)), code: map[string]string{}, name: map[string][]string{}, areas: map[string][]Area{}, kids: map[string][]string{}, inFile: map[string]int{}, taken: map[string]bool{}}
	all := make([]string, len(list))
	for i, u := range list {
		all[i], r.units[u.ID] = u.ID, u
		if u.Code != "" {
			r.code[u.Code] = u.ID
		}
		f := viet.Fold(u.Name)
		r.name[f] = append(r.name[f], u.ID)
		r.kids[u.Superior] = append(r.kids[u.Superior], u.ID)
		r.taken[nameKey(u.Name, u.Superior)] = true
	}
	if r.above, err = AboveMany(tx, all); err != nil {
		return nil, err
	}
	var unknown []string // named by their identifier, and no living unit: they have ended, or never were
	for _, l := range rows {
		if id := l.row["id"]; id != "" && r.units[id].ID == "" {
			unknown = append(unknown, id)
		}
	}
	if r.gone, err = Many(tx, unknown, on); err != nil {
		return nil, err
	}
	areas, err := everyArea(tx)
	for _, a := range areas {
		r.areas[a.Code] = append(r.areas[a.Code], a)
	}
	return r, err
}

// areaLevel is the level whose codes have a length (General Statistics Office: 2, 3, 5 digits).
var areaLevel = map[int]Level{2: Province, 3: District, 5: Commune}

func (r *register) areaOn(code string, day civil.Date) (Area, bool) {
	for _, a := range r.areas[code] {
		if a.Level == areaLevel[len(code)] && !day.Before(a.From) && (a.To.IsZero() || !day.After(a.To)) {
			return a, true
		}
	}
	return Area{}, false
}

// PlanImport understands a list of units and their contact data and says what becomes of each row from a day on; nothing is written. A
// row means the unit of its identifier, else of its code, else of its name under its superior; any other row is a new unit. An empty cell
// leaves a value as it is, "-" takes it away. Every living unit is read at once, so that 15,000 rows take as long as reading them.
func (c *Units) PlanImport(tx *db.Tx, by policy.Actor, table [][]string, on civil.Date) (ListPlan, error) {
	plan := ListPlan{Count: map[RowFate]int{}}
	scope := c.Book.Scope(by, Edit)
	if !by.IsSystem() && scope.Empty() {
		return plan, errs.New(errs.Forbidden, "orgunit.may_not")
	}
	v, err := newVocabulary()
	if err != nil {
		return plan, err
	}
	rows, err := v.readUnitList(table)
	if err != nil {
		return plan, err
	}
	r, err := readRegister(tx, rows, on)
	if err != nil {
		return plan, err
	}
	p := &planner{r: r, v: v, on: on, rows: rows, newCode: map[string][]int{}, newName: map[string][]int{}, allows: func(id string) bool {
		return by.IsSystem() || scope.Allows(policy.Record{Unit: id, Above: r.above[id]})
	}, system: by.IsSystem()}
	for i := range rows {
		p.read(i)
	}
	for i := range rows {
		p.superior(i)
	}
	for i := range rows {
		p.identify(i)
	}
	for i := range rows {
		p.check(i)
	}
	for range maxDeep { // what stands under a refused row is refused
		for i := range rows {
			if up := rows[i].upRow; rows[i].Fate != RowRefused && up >= 0 && rows[up].Fate == RowRefused {
				rows[i].refuse("orgunit.import.superior_refused", rows[up].Line)
			}
		}
	}
	for i := range rows {
		p.judge(i)
		plan.Count[rows[i].Fate]++
	}
	plan.Rows, plan.above = rows, r.above
	return plan, nil
}

type planner struct {
	r                *register
	v                *vocabulary
	on               civil.Date
	rows             []Listed
	newCode, newName map[string][]int // rows that may be new units, by code and folded name
	allows           func(id string) bool
	system           bool
}

// read takes the cells of a row that need no other row.
func (p *planner) read(i int) {
	l := &p.rows[i]
	id := l.row["id"]
	if id != "" {
		u, ok := p.r.units[id]
		if gone := p.r.gone[id]; gone.ID != "" {
			l.refuse("orgunit.gone", gone.Name, gone.Gone)
			return
		}
		if !ok {
			l.refuse("orgunit.import.no_id", shorten(id))
			return
		}
		l.was = u.Unit
	} else if owner := p.r.code[l.row["code"]]; l.row["code"] != "" && owner != "" {
		l.was = p.r.units[owner].Unit
	}
	for column, most := range mostOf {
		if len([]rune(l.row[column])) > most {
			l.refuse("orgunit.import.too_long", shorten(l.row[column]), most)
		}
	}
	for column, unknown := range map[string]string{"kind": "orgunit.import.no_kind", "sector": "orgunit.import.no_sector", "level": "orgunit.import.no_level"} {
		if s := l.row[column]; s != "" && s != "-" {
			known := p.v.value[column][viet.Fold(s)]
			if known == "" {
				l.refuse(unknown, shorten(s))
			}
			l.row[column] = known
		}
	}
	if e := l.row["email"]; e != "" && e != "-" && (strings.Count(e, "@") != 1 || strings.ContainsRune(e, ' ') || strings.HasPrefix(e, "@") || strings.HasSuffix(e, "@")) {
		l.refuse("orgunit.import.no_email", shorten(e))
	}
	if len([]rune(l.row["name"])) > maxName {
		l.refuse("orgunit.name_long", maxName)
	}
	l.Unit.Born = p.on
	if s := l.row["from"]; s != "" {
		day, ok := listedDay(s)
		if !ok {
			l.refuse("orgunit.import.no_day", shorten(s))
		}
		l.Unit.Born = day
	}
	if s := l.row["to"]; s != "" {
		day, ok := listedDay(s)
		start := l.Unit.Born
		if l.row["from"] == "" && l.was.ID != "" {
			start = l.was.Born
		}
		switch {
		case !ok:
			l.refuse("orgunit.import.no_day", shorten(s))
		case day.Before(start):
			l.refuse("orgunit.import.ends_early", start)
		case l.was.ID == "" || day != l.was.Gone:
			l.refuse("orgunit.import.ends_by_event")
		}
	}
	if l.was.ID == "" {
		p.newName[viet.Fold(l.row["name"])] = append(p.newName[viet.Fold(l.row["name"])], i)
	}
	if code := l.row["code"]; code != "" && code != "-" {
		p.newCode[code] = append(p.newCode[code], i)
	}
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func listedDay(s string) (civil.Date, bool) {
	if d, err := civil.Parse(s); err == nil {
		return d, true
	}
	return web.ParseDate(s)
}

// superior finds the superior a row names: an identifier, a code, or a name that only one unit has; living, or new in the file.
func (p *planner) superior(i int) {
	l := &p.rows[i]
	if l.Fate == RowRefused {
		return
	}
	words, named := l.row["superior"], l.row["superior_name"]
	if words == "" {
		words = named
	}
	if words == "" || words == "-" {
		l.Unit.Superior = l.was.Superior
		return
	}
	id, rows := p.find(words, i)
	switch {
	case id == "" && len(rows) == 0:
		l.refuse("orgunit.import.no_superior", shorten(words))
		return
	case id == "" && len(rows) > 1 || id == "?":
		l.refuse("orgunit.import.which_superior", shorten(words))
		return
	case id != "":
		l.Unit.Superior = id
	default:
		l.upRow = rows[0]
	}
	if named != "" && words != named { // both are said: they must be one
		said := viet.Fold(named)
		is, was := "", ""
		if l.upRow >= 0 {
			is = p.rows[l.upRow].row["name"]
		} else {
			was = p.r.units[id].Name
			for _, x := range p.newCode[p.r.units[id].Code] {
				is = p.rows[x].row["name"]
			}
		}
		if said != viet.Fold(is) && said != viet.Fold(was) {
			l.refuse("orgunit.import.two_superiors", shorten(words), shorten(named))
		}
	}
}

// find returns the living unit that words name, "?" for several, or the rows of new units.
func (p *planner) find(words string, self int) (string, []int) {
	if _, ok := p.r.units[words]; ok {
		return words, nil
	}
	if id := p.r.code[words]; id != "" {
		return id, nil
	}
	var rows []int
	for _, x := range p.newCode[words] {
		if p.rows[x].was.ID == "" {
			rows = append(rows, x)
		} else {
			return p.rows[x].was.ID, nil
		}
	}
	if len(rows) > 0 {
		return "", rows[:1]
	}
	f := viet.Fold(words)
	living := p.r.name[f]
	for _, x := range p.newName[f] {
		if x != self && !slices.ContainsFunc(living, func(id string) bool { return p.sameUnit(x, id) }) {
			rows = append(rows, x)
		}
	}
	switch {
	case len(living)+len(rows) > 1:
		return "?", nil
	case len(living) == 1:
		return living[0], nil
	}
	return "", rows
}

// sameUnit tells whether a row without identifier and known code may mean a living unit of its name.
func (p *planner) sameUnit(x int, id string) bool {
	u, l := p.r.units[id], p.rows[x]
	return l.row["code"] == "" || l.row["code"] == u.Code
}

// identify settles which unit a row means when only its name says so, and that no two rows mean one.
func (p *planner) identify(i int) {
	l := &p.rows[i]
	if l.Fate == RowRefused {
		return
	}
	if l.was.ID == "" && l.upRow < 0 {
		for _, id := range p.r.name[viet.Fold(l.row["name"])] {
			if u := p.r.units[id]; u.Superior == l.Unit.Superior && u.Name == l.row["name"] && (l.row["code"] == "" || u.Code == "" || l.row["code"] == u.Code) {
				l.was = u.Unit
			}
		}
	}
	key := l.was.ID
	if key == "" {
		if code := l.row["code"]; code != "" && code != "-" {
			key = "code " + code
		} else {
			key = nameKey(l.row["name"], l.Unit.Superior+" "+itoa(l.upRow))
		}
	}
	first, twice := p.r.inFile[key]
	switch {
	case !twice:
		p.r.inFile[key] = i
	case p.rows[first].Unit.Superior != l.Unit.Superior || p.rows[first].upRow != l.upRow:
		l.refuse("orgunit.import.two_superiors_rows", p.rows[first].Line)
	default:
		l.refuse("orgunit.import.twice", p.rows[first].Line)
	}
}

// check makes the unit of a row and refuses what no unit can be.
func (p *planner) check(i int) {
	l := &p.rows[i]
	if l.Fate == RowRefused {
		return
	}
	born, superior := l.Unit.Born, l.Unit.Superior
	u := l.was
	day := p.on
	if u.ID == "" {
		u.Born, day = born, born
		u.From = born
	} else {
		if l.row["from"] != "" && born != u.Born && born != u.From {
			l.refuse("orgunit.import.other_birth", u.Born)
		}
	}
	u.Superior = superior
	set := func(to *string, column string) {
		switch s := l.row[column]; {
		case s == "" || s == *to:
		case s == "-":
			*to = ""
		default:
			*to = s
		}
	}
	set(&u.Name, "name")
	set((*string)(&u.Kind), "kind")
	set((*string)(&u.Level), "level")
	set(&u.Sector, "sector")
	set(&u.Code, "code")
	set(&u.Phone, "phone")
	set(&u.Email, "email")
	set(&u.Address, "address")
	switch s := viet.Fold(l.row["internal"]); s {
	case "":
	case "x", "co", "yes", "1":
		u.Internal = true
	case "-", "khong", "no", "0":
		u.Internal = false
	default:
		l.refuse("orgunit.import.no_internal", shorten(l.row["internal"]))
	}
	l.area = p.r.units[u.ID].AreaCode
	if s := l.row["area"]; s == "-" {
		u.Area, l.area = "", ""
	} else if s != "" && s != l.area {
		if n := len(s); n == 1 || n == 4 || n == 2 && l.was.Area == "" && u.Level == District { // a spreadsheet took the leading zeros of a number away
			if a, ok := p.r.areaOn("0"+s, day); ok {
				s = a.Code
			}
		}
		if a, ok := p.r.areaOn(s, day); ok {
			u.Area, l.area = a.ID, s
		} else {
			l.refuse("orgunit.import.no_area", shorten(s))
		}
	}
	tidy(&u)
	switch {
	case u.Name == "":
		l.refuse("orgunit.need_name")
	case u.Kind == "":
		l.refuse("orgunit.need_kind")
	case u.Level == "":
		l.refuse("orgunit.need_level")
	case u.Superior == "" && l.upRow < 0 && (u.ID == "" && !p.system || u.Kind != Government && u.Level != Central):
		l.refuse("orgunit.need_superior")
	}
	l.Unit = u
	if owner := p.r.code[u.Code]; u.Code != "" && owner != "" && owner != u.ID {
		l.refuse("orgunit.code_taken", u.Code)
	}
	if u.Code != "" {
		for _, x := range p.newCode[u.Code] {
			if x < i && p.rows[x].was.ID != u.ID {
				l.refuse("orgunit.import.code_twice", u.Code, p.rows[x].Line)
				break
			}
		}
	}
	if (u.Name != l.was.Name || u.Superior != l.was.Superior) && l.upRow < 0 {
		if p.r.taken[nameKey(u.Name, u.Superior)] {
			l.refuse("orgunit.name_there", u.Name)
		} else {
			p.r.taken[nameKey(u.Name, u.Superior)] = true
		}
	}
}

// judge looks up the tree that the whole list makes, and settles the fate.
func (p *planner) judge(i int) {
	l := &p.rows[i]
	u := &l.Unit
	if l.upRow >= 0 {
		l.Superior = p.rows[l.upRow].row["name"]
	} else {
		l.Superior = p.r.units[u.Superior].Name
	}
	if u.Name == "" {
		u.Name = or(l.row["name"], or(l.row["code"], l.row["id"]))
	}
	if l.Fate == RowRefused {
		return
	}
	l.diff(p)
	if l.was.ID != "" && len(l.Changes) == 0 {
		l.Fate = RowSame
		return
	}
	moved := l.was.ID == "" || l.upRow >= 0 || u.Superior != l.was.Superior || u.Level != l.was.Level
	day := p.on
	if l.was.ID == "" {
		day = u.Born
	} else {
		switch {
		case !l.was.Gone.IsZero():
			l.refuse("orgunit.gone", l.was.Name, l.was.Gone)
			return
		case p.on.Before(l.was.From):
			l.refuse("orgunit.before_last", l.was.Name, l.was.From)
			return
		case !p.allows(l.was.ID):
			l.refuse("orgunit.import.not_yours")
			return
		}
	}
	if moved {
		deep, at, up := 1, u.Superior, l.upRow
		first := true
		for at != "" || up >= 0 {
			var s Unit
			if up >= 0 {
				s = p.rows[up].Unit
				at, up = s.Superior, p.rows[up].upRow
				if first && !s.Born.IsZero() && day.Before(s.Born) {
					l.refuse("orgunit.superior_gone", s.Name)
					return
				}
			} else {
				id := at
				s = p.r.units[id].Unit
				at = s.Superior
				if x, ok := p.r.inFile[id]; ok && p.rows[x].Fate != RowRefused {
					s = p.rows[x].Unit
					at, up = s.Superior, p.rows[x].upRow
				}
				if first {
					switch {
					case s.ID == "" || day.Before(s.Born):
						l.refuse("orgunit.superior_gone", s.Name)
						return
					case !s.Gone.IsZero():
						l.refuse("orgunit.superior_ends", s.Name, s.Gone)
						return
					}
				}
				if id == l.was.ID && id != "" {
					l.refuse("orgunit.cycle")
					return
				}
				if first && (l.was.ID == "" || u.Superior != l.was.Superior) && !p.allows(id) {
					l.refuse("orgunit.import.not_yours")
					return
				}
			}
			if first && !u.Level.below(s.Level) {
				l.refuse("orgunit.superior_lower", s.Name)
				return
			}
			first = false
			if deep++; deep > maxDeep {
				if l.was.ID == "" && l.row["superior"]+l.row["superior_name"] != "" && p.circle(i) {
					l.refuse("orgunit.cycle")
				} else {
					l.refuse("orgunit.too_deep", maxDeep)
				}
				return
			}
		}
	}
	if l.was.ID != "" && u.Level != l.was.Level {
		for _, kid := range p.r.kids[l.was.ID] {
			k := p.r.units[kid].Unit
			if x, ok := p.r.inFile[kid]; ok && p.rows[x].Fate != RowRefused {
				k = p.rows[x].Unit
			}
			if !k.Level.below(u.Level) {
				l.refuse("orgunit.below_is_higher", k.Name)
				return
			}
		}
	}
	if l.Fate = RowChanged; l.was.ID == "" {
		l.Fate = RowNew
	}
}

// circle tells whether new rows stand under each other in a ring.
func (p *planner) circle(i int) bool {
	at := p.rows[i].upRow
	for n := 0; at >= 0 && n <= len(p.rows); n++ {
		if n == len(p.rows) {
			return true
		}
		at = p.rows[at].upRow
	}
	return false
}

// diff notes which fields of a living unit get another value.
func (l *Listed) diff(p *planner) {
	if l.was.ID == "" {
		return
	}
	a, b := l.was, l.Unit
	add := func(field, from, to string) {
		if from != to {
			l.Changes = append(l.Changes, FieldChange{field, from, to})
		}
	}
	add("name", a.Name, b.Name)
	add("kind", string(a.Kind), string(b.Kind))
	add("sector", a.Sector, b.Sector)
	add("level", string(a.Level), string(b.Level))
	yes := func(is bool) string { return map[bool]string{true: "x", false: ""}[is] }
	add("internal", yes(a.Internal), yes(b.Internal))
	if a.Superior != b.Superior || l.upRow >= 0 {
		l.Changes = append(l.Changes, FieldChange{"superior", p.r.units[a.Superior].Name, l.Superior})
	}
	if a.Area != b.Area {
		l.Changes = append(l.Changes, FieldChange{"area", p.r.units[a.ID].AreaCode, l.area})
	}
	add("code", a.Code, b.Code)
	add("phone", a.Phone, b.Phone)
	add("email", a.Email, b.Email)
	add("address", a.Address, b.Address)
}

// ImportSome carries out at most so many rows of a list, superiors first, and returns how many rows it did and how many are left. It plans
// anew, so calling it again after a failure goes on where it stopped, and a list that is in already changes nothing. A list with a
// refused row changes nothing.
func (c *Units) ImportSome(tx *db.Tx, by policy.Actor, table [][]string, on civil.Date, basis string, most int) (done, left int, err error) {
	plan, err := c.PlanImport(tx, by, table, on)
	if err != nil {
		return 0, 0, err
	}
	if n := plan.Count[RowRefused]; n > 0 {
		return 0, 0, errs.AtField("file", "orgunit.import.mend_first", n)
	}
	todo := plan.Count[RowNew] + plan.Count[RowChanged]
	b := newBuilder(c, tx, by, on, basis)
	b.above = plan.above
	made := map[int]string{}
	var make func(i int) (string, error)
	make = func(i int) (string, error) {
		l := plan.Rows[i]
		if l.was.ID != "" {
			return l.was.ID, nil
		}
		if id := made[i]; id != "" {
			return id, nil
		}
		u := l.Unit
		if l.upRow >= 0 {
			if u.Superior, err = make(l.upRow); err != nil {
				return "", err
			}
		}
		b.on = u.Born
		u = b.unit(u)
		made[i] = u.ID
		done++
		return u.ID, b.err
	}
	for i, l := range plan.Rows {
		if done >= most {
			break
		}
		if l.Fate == RowNew {
			if _, err := make(i); err != nil {
				return 0, 0, err
			}
		}
	}
	if len(b.made) > 0 {
		if err := insertMany(tx, b.made, b.above); err != nil {
			return 0, 0, err
		}
		parts := []EventPart{}
		var under []string
		for _, u := range b.made {
			parts = append(parts, EventPart{To: u.ID, Extent: Whole})
			under = append(under, u.Superior)
		}
		e, err := insertEvent(tx, Event{Kind: Imported, On: on, Basis: line(basis), Person: by.Person}, parts...)
		if err != nil {
			return 0, 0, err
		}
		if err := audit.Log(tx, by, audit.By(Edit, under...), audit.Deed{Action: "orgunit.import", Kind: "orgunit", ID: b.made[0].ID, Purpose: line(basis), Change: parted(e, parts)}); err != nil {
			return 0, 0, err
		}
	}
	if done >= most { // superiors first: changes wait until every new unit is there
		return done, todo - done, nil
	}
	for _, l := range plan.Rows {
		if done >= most {
			break
		}
		if l.Fate != RowChanged {
			continue
		}
		u := l.Unit
		if l.upRow >= 0 {
			if u.Superior, err = make(l.upRow); err != nil {
				return 0, 0, err
			}
		}
		if _, err := c.Change(tx, by, u, on, basis); err != nil {
			return 0, 0, fmt.Errorf("row %d: %w", l.Line, err)
		}
		done++
	}
	return done, todo - done, nil
}
