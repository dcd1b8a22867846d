package report

import (
	"fmt"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"chungtay/audit"
	"chungtay/formdef"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

// maxPieces is how many pieces one question may have to be edited on one page.
const maxPieces = 500

// Gathered is a saved state of the words on one question of a consolidation. States are never changed: saving again is another version.
type Gathered struct {
	Request string          `db:"request_id"`
	Cell    string          `db:"cell"`
	Version int64           `db:"version"` // 0: not saved yet, the pieces as they were reported
	Body    db.JSON[Edited] `db:"body"`
	Person  string          `db:"person_id"`
	At      time.Time       `db:"at"`
}

// Edited are the words on one question: those of the unit that consolidates, then those of the units below.
type Edited struct {
	Own    string  `json:"own,omitempty"`
	Pieces []Piece `json:"pieces,omitempty"`
}

// Piece is a text with the reports it was made from: one, or several that an editor joined. An empty text is left out; its sources stay, so that
// it is known to have been seen.
type Piece struct {
	From []Origin `json:"from"`
	Text string   `json:"text"`
}

// Origin is the submission a piece was made from.
type Origin struct {
	Unit   string `json:"unit"`
	Report string `json:"report"`
	Number int    `json:"number"`
}

func (p Piece) key() string {
	var s []string
	for _, o := range p.From {
		s = append(s, o.Unit)
	}
	return strings.Join(s, " ")
}

func (p Piece) same(q Piece) bool {
	return p.Text == q.Text && fmt.Sprint(p.From) == fmt.Sprint(q.From)
}

// Section is one question with its words and what has happened below since they were saved.
type Section struct {
	Gathered
	Field formdef.Cell
	New   []Piece           // of units that are not in what was saved; not part of it before it is saved again
	Later map[string]Origin // by unit: the report that was approved after the one a piece was made from
	Gone  map[string]bool   // units whose report is no longer approved
	said  map[string]string // by unit: the words of its approved report
}

// shown are the words with the new ones behind them, as the page to edit opens.
func (s Section) shown() Edited {
	return Edited{Own: s.Body.V.Own, Pieces: append(append([]Piece(nil), s.Body.V.Pieces...), s.New...)}
}

// line is the words as a report upward says them: the unit's own, then an item a piece that begins with the names of its units.
func (e Edited) line(names map[string]string) string {
	var out []string
	if e.Own != "" {
		out = append(out, e.Own)
	}
	for _, p := range e.Pieces {
		if p.Text != "" {
			out = append(out, "- "+p.names(names)+": "+p.Text)
		}
	}
	return strings.Join(out, "\n")
}

func (p Piece) names(names map[string]string) string {
	var list []string
	for i, o := range p.From {
		name := shortName(names[o.Unit])
		if i > 0 {
			name = lowerFirst(name)
		}
		list = append(list, name)
	}
	return strings.Join(list, ", ")
}

// gathered returns the questions of a consolidation that have words, in the order of the form.
func (c *Reports) gathered(tx *db.Tx, a Asked, s Sum) ([]Section, error) {
	stored, err := gatheredOf(tx, a.ID)
	if err != nil {
		return nil, err
	}
	saved := map[string]Gathered{}
	for _, g := range stored {
		saved[g.Cell] = g
	}
	number := map[string]Member{}
	for _, m := range s.Members {
		number[m.Unit] = m
	}
	said := map[string]map[string]string{}
	var units []string
	for _, p := range s.Narrative {
		if said[p.Cell] == nil {
			said[p.Cell] = map[string]string{}
		}
		said[p.Cell][p.Unit] = p.Text
	}
	for _, m := range s.Members {
		units = append(units, m.Unit)
	}
	order, _, err := named(tx, units, a.day())
	if err != nil {
		return nil, err
	}
	var out []Section
	for _, cell := range s.Form.Cells() {
		if !tells(cell) {
			continue
		}
		x := Section{Gathered: saved[cell.Address], Field: cell, Later: map[string]Origin{}, Gone: map[string]bool{}, said: said[cell.Address]}
		x.Request, x.Cell = a.ID, cell.Address
		known := map[string]bool{}
		for _, p := range x.Body.V.Pieces {
			for _, o := range p.From {
				known[o.Unit] = true
				switch m, there := number[o.Unit]; {
				case !there:
					x.Gone[o.Unit] = true
				case m.Number != o.Number || m.Report != o.Report:
					x.Later[o.Unit] = Origin{o.Unit, m.Report, m.Number}
				}
			}
		}
		var fresh []Piece
		for _, u := range order {
			if text := x.said[u]; text != "" && !known[u] {
				fresh = append(fresh, Piece{From: []Origin{{u, number[u].Report, number[u].Number}}, Text: text})
			}
		}
		if x.Version == 0 {
			x.Body.V.Pieces = fresh
		} else {
			x.New = fresh
		}
		out = append(out, x)
	}
	return out, nil
}

// wordsOf are the questions of a consolidation with their words: as they stand, or as they were when it was frozen.
func (c *Reports) wordsOf(tx *db.Tx, a Asked, m matrix) ([]Section, error) {
	if m.Frozen.Number == 0 {
		return c.gathered(tx, a, m.Sum)
	}
	number := map[string]Member{}
	for _, x := range m.Frozen.Members.V {
		number[x.Unit] = x
	}
	var out []Section
	for _, cell := range m.Sum.Form.Cells() {
		if !tells(cell) {
			continue
		}
		x := Section{Gathered: Gathered{Request: a.ID, Cell: cell.Address}, Field: cell}
		if v := m.Frozen.Texts.V[cell.Address]; v > 0 {
			g, ok, err := gatheredBy(tx, a.ID, cell.Address, v)
			if err != nil {
				return nil, err
			}
			if !ok {
				return nil, errs.Absent("words", cell.Address)
			}
			x.Gathered = g
		} else {
			said := map[string]string{}
			for _, p := range m.Frozen.Narrative.V {
				if p.Cell == cell.Address {
					said[p.Unit] = p.Text
				}
			}
			for _, u := range m.Units {
				if said[u] != "" {
					x.Body.V.Pieces = append(x.Body.V.Pieces, Piece{From: []Origin{{u, number[u].Report, number[u].Number}}, Text: said[u]})
				}
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// tells says whether a cell holds words that are gathered.
func tells(cell formdef.Cell) bool { return cell.Field.Type == formdef.Narrative && cell.Repeat == nil }

// Gather keeps the words on one question as edited. base is the version the editor started from. What another editor changed meanwhile in other
// pieces stays; a piece both changed is refused with both texts (StaleWords in a Conflict). A piece may only name submissions of the request, a
// unit in one piece alone.
func (c *Reports) Gather(tx *db.Tx, by policy.Actor, request, cell string, base int64, e Edited) (Gathered, error) {
	a, err := c.asked(tx, by, Approve, request)
	if err != nil {
		return Gathered{}, err
	}
	f, err := c.form(tx, a)
	if err != nil {
		return Gathered{}, err
	}
	field, ok := f.Cell(cell)
	if !ok || !tells(field) {
		return Gathered{}, errs.Absent("question", cell)
	}
	most := max(maxOutlin, field.Field.MaxLength)
	if e.Own, err = tidied("own", e.Own, most); err != nil {
		return Gathered{}, err
	}
	if len(e.Pieces) > maxPieces {
		return Gathered{}, errs.New(errs.TooLarge, "report.gather.many", maxPieces)
	}
	was := Edited{} // what the editor saw, when nothing had been saved: the pieces as they were reported
	for i, p := range e.Pieces {
		if e.Pieces[i].Text, err = tidied(fmt.Sprintf("text:%d", i), p.Text, most); err != nil {
			return Gathered{}, err
		}
		if len(p.From) == 0 {
			return Gathered{}, errs.Absent("piece", cell)
		}
		for j, o := range p.From {
			text, report, err := c.reported(tx, a, f, cell, o)
			if err != nil {
				return Gathered{}, err
			}
			e.Pieces[i].From[j].Report = report
			was.Pieces = append(was.Pieces, Piece{From: []Origin{{o.Unit, report, o.Number}}, Text: text})
		}
	}
	last, _, err := lastGathered(tx, request, cell)
	if err != nil {
		return last, err
	}
	if base != last.Version {
		if base > 0 {
			g, ok, err := gatheredBy(tx, request, cell, base)
			if err != nil {
				return last, err
			}
			if !ok {
				return last, errs.New(errs.Conflict, "report.changed_meanwhile")
			}
			was = g.Body.V
		}
		merged, stale := merge(was, e, last.Body.V)
		if stale != nil {
			return last, errs.Wrap(&StaleWords{Who: last.Person, Version: last.Version, Pieces: stale}, errs.Conflict, "report.changed_meanwhile")
		}
		e = merged
	}
	units := map[string]bool{}
	var first []string
	for _, p := range e.Pieces {
		first = append(first, p.From[0].Unit)
		for _, o := range p.From {
			if units[o.Unit] {
				return last, errs.New(errs.Conflict, "report.changed_meanwhile")
			}
			units[o.Unit] = true
		}
	}
	order, _, err := named(tx, first, a.day())
	if err != nil {
		return last, err
	}
	at := map[string]int{}
	for i, u := range order {
		at[u] = i
	}
	sort.SliceStable(e.Pieces, func(i, j int) bool { return at[e.Pieces[i].From[0].Unit] < at[e.Pieces[j].From[0].Unit] })
	g := Gathered{Request: request, Cell: cell, Version: last.Version + 1, Person: by.Person, At: tx.Now}
	g.Body.V = e
	if last.Version > 0 && equal(last.Body.V, e) {
		return last, nil
	}
	if err := insertGathered(tx, g); err != nil {
		return g, err
	}
	return g, audit.Log(tx, by, audit.By(Approve, a.Unit), audit.Deed{Action: "report.gather", Kind: "report_request", ID: request, Change: audit.Change{"cell": {"", cell}, "version": {itoa(int(last.Version)), itoa(int(g.Version))}}})
}

func tidied(field, s string, most int) (string, error) {
	s = strings.TrimSpace(strings.ReplaceAll(viet.NFC(s), "\r\n", "\n"))
	if n := utf8.RuneCountInString(s); n > most {
		return s, errs.AtField(field, "report.too_long", most)
	}
	return s, nil
}

// reported are the words of a submission on a question, and its report. A submission that is not one of the request is absent.
func (c *Reports) reported(tx *db.Tx, a Asked, f *formdef.Form, cell string, o Origin) (text, report string, err error) {
	r, ok, err := reportOf(tx, a.ID, o.Unit)
	if err != nil {
		return "", "", err
	}
	if !ok {
		return "", "", errs.Absent("report", o.Unit)
	}
	s, err := submission(tx, r.ID, o.Number)
	if err != nil {
		return "", "", err
	}
	v, err := f.Kept([]byte(s.Body))
	return v[cell].Text, r.ID, err
}

// StaleWords says which pieces two editors changed to different words.
type StaleWords struct {
	Who     string
	Version int64 // what is saved now
	Pieces  []StalePiece
}

// StalePiece is a piece with both texts; Units is empty for the editor's own words. A text is nil where that editor has no such piece: it was joined
// with another, or taken apart.
type StalePiece struct {
	Units        []string
	Mine, Theirs *string
}

// Error says what happened, for the log.
func (s *StaleWords) Error() string { return "two people changed the same words" }

func equal(a, b Edited) bool {
	if a.Own != b.Own || len(a.Pieces) != len(b.Pieces) {
		return false
	}
	for i := range a.Pieces {
		if !a.Pieces[i].same(b.Pieces[i]) {
			return false
		}
	}
	return true
}

// merge puts two editors' changes of the same words together, piece by piece; stale are the pieces that both changed differently.
func merge(was, mine, theirs Edited) (out Edited, stale []StalePiece) {
	type three [3]*Piece
	list := []string{}
	by := map[string]*three{}
	for n, e := range []Edited{was, theirs, mine} {
		for i := range e.Pieces {
			k := e.Pieces[i].key()
			if by[k] == nil {
				by[k] = &three{}
				list = append(list, k)
			}
			by[k][n] = &e.Pieces[i]
		}
	}
	alike := func(a, b *Piece) bool { return a == nil && b == nil || a != nil && b != nil && a.same(*b) }
	text := func(p *Piece) *string {
		if p == nil {
			return nil
		}
		return &p.Text
	}
	switch {
	case mine.Own == was.Own || mine.Own == theirs.Own:
		out.Own = theirs.Own
	case theirs.Own == was.Own:
		out.Own = mine.Own
	default:
		stale = append(stale, StalePiece{Mine: &mine.Own, Theirs: &theirs.Own})
	}
	in := map[string]bool{}
	for _, k := range list {
		w, t, m := by[k][0], by[k][1], by[k][2]
		p := t
		switch {
		case alike(m, w) || alike(m, t):
		case alike(t, w):
			p = m
		default:
			stale = append(stale, StalePiece{Units: strings.Fields(k), Mine: text(m), Theirs: text(t)})
			continue
		}
		if p == nil {
			continue
		}
		for _, o := range p.From { // joined with one unit by the one, with another by the other
			if in[o.Unit] {
				stale = append(stale, StalePiece{Units: strings.Fields(k), Mine: text(m), Theirs: text(t)})
			}
			in[o.Unit] = true
		}
		out.Pieces = append(out.Pieces, *p)
	}
	return out, stale
}

// told are the words of the reports below on each question, as the unit's own report upward opens with them, by the address of the question.
func (c *Reports) told(tx *db.Tx, a Asked, s Sum) (map[string]string, error) {
	list, err := c.gathered(tx, a, s)
	if err != nil {
		return nil, err
	}
	var units []string
	for _, x := range list {
		for _, p := range x.Body.V.Pieces {
			for _, o := range p.From {
				units = append(units, o.Unit)
			}
		}
	}
	names, err := orgunit.NamesOn(tx, units, a.day())
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, x := range list {
		out[x.Cell] = x.Body.V.line(names)
	}
	return out, nil
}

const gatheredColumns = `g.request_id, g.cell, g.version, g.body, g.person_id, g.at`

func insertGathered(tx *db.Tx, g Gathered) error {
	_, err := tx.Exec(`INSERT INTO report_gathered (request_id, cell, version, body, person_id, at) VALUES ($1, $2, $3, $4, $5, $6)`, g.Request, g.Cell, g.Version, g.Body, g.Person, g.At)
	return err
}

// gatheredOf returns the last saved words of a request on each question that has some, in the order of the addresses.
func gatheredOf(tx *db.Tx, request string) ([]Gathered, error) {
	return db.All[Gathered](tx, `SELECT `+gatheredColumns+` FROM report_gathered g WHERE g.request_id = $1
		AND g.version = (SELECT MAX(x.version) FROM report_gathered x WHERE x.request_id = g.request_id AND x.cell = g.cell) ORDER BY g.cell`, request)
}

func lastGathered(tx *db.Tx, request, cell string) (Gathered, bool, error) {
	return db.Find[Gathered](tx, `SELECT `+gatheredColumns+` FROM report_gathered g WHERE g.request_id = $1 AND g.cell = $2 ORDER BY g.version DESC LIMIT 1`, request, cell)
}

func gatheredBy(tx *db.Tx, request, cell string, version int64) (Gathered, bool, error) {
	return db.Find[Gathered](tx, `SELECT `+gatheredColumns+` FROM report_gathered g WHERE g.request_id = $1 AND g.cell = $2 AND g.version = $3`, request, cell, version)
}
