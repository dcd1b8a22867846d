package report

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"chungtay/account"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

type sectionRow struct {
	Title, Own, Saved string
	Pieces            []pieceRow
	Edit              string // address of the editor, "" for those who may not
	Waiting           int    // pieces that are new or were sent again since the words were saved
	Long              string // why the words do not go into the unit's own report
}

// openPieces is how many pieces of a question stand unfolded; of more the beginnings are shown.
const openPieces = 6

// units is how many units have a piece.
func (r sectionRow) units() int {
	n := 0
	for _, p := range r.Pieces {
		n += len(p.From)
	}
	return n
}

func sectionAnchor(i int) string { return "g" + strconv.Itoa(i) }

// sectionIndex leads to the questions and says how much there is on each.
func sectionIndex(ctx context.Context, rows []sectionRow) []ui.Todo {
	var out []ui.Todo
	for i, r := range rows {
		t := ui.Todo{Text: r.Title, Path: "#" + sectionAnchor(i), Tag: i18n.T(ctx, "report.gather.pieces", len(r.Pieces))}
		if r.Waiting > 0 {
			t.Tag, t.Tone = i18n.T(ctx, "report.gather.waiting", r.Waiting), ui.Warn
		}
		out = append(out, t)
	}
	return out
}

// beginning is how a text begins, on one line.
func beginning(s string) string {
	const most = 90
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= most {
		return string(r)
	}
	cut := string(r[:most])
	if i := strings.LastIndex(cut, " "); i > 0 {
		cut = cut[:i]
	}
	return cut + "…"
}

type pieceRow struct {
	I          int
	Names      string
	From       []originRow
	Text       string
	As         string // as the form sends the origins: "unit:number …"
	Reported   string // the words of the reports as they are approved now, when Text is other than these
	New, Again bool
	Gone       bool
	Out        bool // left out
	Field      ui.Field
	Several    bool
	Joined     bool // ticked: to be joined with the piece above
}

type originRow struct{ Text, Path string }

func (c *Reports) pageNarrative(rq *web.Request) (web.Reply, error) {
	a, err := c.overseen(rq)
	if err != nil {
		return web.Reply{}, err
	}
	s, err := c.consolidated(rq.Tx, a)
	if err != nil {
		return web.Reply{}, err
	}
	list, err := c.gathered(rq.Tx, a, s)
	if err != nil {
		return web.Reply{}, err
	}
	_, err = c.asked(rq.Tx, rq.Actor, Approve, a.ID)
	manage := err == nil
	var rows []sectionRow
	for _, x := range list {
		if len(x.shown().Pieces) == 0 && x.Body.V.Own == "" {
			continue
		}
		row, err := c.sectionRow(rq, a, x, x.shown())
		if err != nil {
			return web.Reply{}, err
		}
		if manage && len(row.Pieces) <= maxPieces {
			row.Edit = gatherPath(a, x.Cell)
		}
		rows = append(rows, row)
	}
	return web.Show(a.Title, narrativePage(a, requestTabs(rq, a, "/narrative"), rows)).With(crumb(rq), requestCrumb(rq, a)).Under("/reports"), nil
}

func gatherPath(a Asked, cell string) string { return "/requests/" + a.ID + "/narrative/" + cell }

// sectionRow is one question as a page shows it, with the words given: those saved, or those somebody has just typed.
func (c *Reports) sectionRow(rq *web.Request, a Asked, x Section, e Edited) (sectionRow, error) {
	row := sectionRow{Title: strings.TrimSpace(x.Field.Field.Outline + " " + x.Field.Label().In(rq.Lang)), Own: e.Own}
	var units []string
	for _, p := range e.Pieces {
		for _, o := range p.From {
			units = append(units, o.Unit)
		}
	}
	names, err := orgunit.NamesOn(rq.Tx, units, a.day())
	if err != nil {
		return row, err
	}
	if x.Version > 0 {
		who, err := account.NamesOf(rq.Tx, []string{x.Person})
		if err != nil {
			return row, err
		}
		row.Saved = rq.T("report.saved", i18n.Time(rq.Lang, x.At), who[x.Person])
	}
	fresh := map[string]bool{}
	for _, p := range x.New {
		fresh[p.key()] = true
	}
	for i, p := range e.Pieces {
		r := pieceRow{I: i, Text: p.Text, New: fresh[p.key()], Out: p.Text == "", Several: len(p.From) > 1}
		var called, as, now []string
		for _, o := range p.From {
			called = append(called, names[o.Unit])
			as = append(as, o.Unit+":"+strconv.Itoa(o.Number))
			r.From = append(r.From, originRow{rq.T("report.gather.from", names[o.Unit], o.Number), "/reports/" + o.Report})
			if later, ok := x.Later[o.Unit]; ok && later.Number != o.Number {
				r.Again = true
			}
			r.Gone = r.Gone || x.Gone[o.Unit]
			if t := x.said[o.Unit]; t != "" {
				now = append(now, t)
			}
		}
		r.Names, r.As = strings.Join(called, "; "), strings.Join(as, " ")
		if t := strings.Join(now, "\n"); t != p.Text {
			r.Reported = t
		}
		if r.New || r.Again || r.Gone {
			row.Waiting++
		}
		r.Field = ui.Field{Name: "text:" + strconv.Itoa(i), Label: r.Names, Value: p.Text, Rows: min(12, 3+utf8.RuneCountInString(p.Text)/90)}
		row.Pieces = append(row.Pieces, r)
	}
	if n, most := utf8.RuneCountInString(x.Body.V.line(names)), x.Field.Field.MaxLength; n > most {
		row.Long = rq.T("report.gather.long", n, most)
	}
	return row, nil
}

// section is the question of a page, for those who consolidate.
func (c *Reports) section(rq *web.Request) (Asked, Section, error) {
	id, err := rq.ID("id")
	if err != nil {
		return Asked{}, Section{}, err
	}
	a, err := c.asked(rq.Tx, rq.Actor, Approve, id)
	if err != nil {
		return a, Section{}, err
	}
	s, err := c.consolidated(rq.Tx, a)
	if err != nil {
		return a, Section{}, err
	}
	list, err := c.gathered(rq.Tx, a, s)
	if err != nil {
		return a, Section{}, err
	}
	for _, x := range list {
		if x.Cell == rq.HTTP.PathValue("cell") {
			if len(x.shown().Pieces) > maxPieces {
				return a, x, errs.New(errs.TooLarge, "report.gather.many", maxPieces)
			}
			return a, x, nil
		}
	}
	return a, Section{}, errs.Absent("question", rq.HTTP.PathValue("cell"))
}

type gatherView struct {
	A       Asked
	Path    string
	Row     sectionRow
	Form    *web.Form
	Version int64
	Stale   []staleRow
	Who     string
}

func (c *Reports) pageGather(rq *web.Request) (web.Reply, error) {
	a, x, err := c.section(rq)
	if err != nil {
		return web.Reply{}, err
	}
	return c.gatherPage(rq, a, x, x.shown(), rq.Filled("report.gather", map[string]string{"own": x.Body.V.Own}), nil)
}

func (c *Reports) gatherPage(rq *web.Request, a Asked, x Section, e Edited, f *web.Form, stale *StaleWords) (web.Reply, error) {
	row, err := c.sectionRow(rq, a, x, e)
	if err != nil {
		return web.Reply{}, err
	}
	for i := range row.Pieces {
		p := &row.Pieces[i]
		p.Field.Error, p.Joined = f.Error(p.Field.Name), f.Bool("join:"+strconv.Itoa(i))
	}
	v := gatherView{A: a, Path: gatherPath(a, x.Cell), Row: row, Form: f, Version: x.Version}
	title := rq.T("report.gather.heading")
	if stale != nil {
		var units []string
		for _, p := range stale.Pieces {
			units = append(units, p.Units...)
		}
		names, err := orgunit.NamesOn(rq.Tx, units, a.day())
		if err != nil {
			return web.Reply{}, err
		}
		who, err := account.NamesOf(rq.Tx, []string{stale.Who})
		if err != nil {
			return web.Reply{}, err
		}
		v.Who, v.Version = who[stale.Who], stale.Version
		text := func(s *string) string {
			switch {
			case s == nil:
				return rq.T("report.gather.elsewhere")
			case *s == "":
				return rq.T("report.gather.empty")
			}
			return *s
		}
		for _, p := range stale.Pieces {
			label := rq.T("report.gather.own")
			if len(p.Units) > 0 {
				var list []string
				for _, u := range p.Units {
					list = append(list, names[u])
				}
				label = strings.Join(list, "; ")
			}
			v.Stale = append(v.Stale, staleRow{label, text(p.Mine), text(p.Theirs)})
		}
		rep := web.Again(title, f, gatherPage(v)).With(crumb(rq), requestCrumb(rq, a)).Under("/reports")
		rep.Status = 409
		return rep, nil
	}
	if !f.OK() {
		return web.Again(title, f, gatherPage(v)).With(crumb(rq), requestCrumb(rq, a)).Under("/reports"), nil
	}
	return web.Show(title, gatherPage(v)).With(crumb(rq), requestCrumb(rq, a)).Under("/reports"), nil
}

// typed are the words of the form as they were typed, before anything is joined.
func typed(f *web.Form) (Edited, error) {
	e := Edited{Own: f.Raw("own")}
	for i := 0; i <= maxPieces; i++ {
		of := f.RawAll("of:" + strconv.Itoa(i))
		if len(of) == 0 {
			break
		}
		p := Piece{Text: f.Raw("text:" + strconv.Itoa(i))}
		for _, s := range strings.Fields(of[0]) {
			unit, number, _ := strings.Cut(s, ":")
			n, err := strconv.Atoi(number)
			if err != nil || len(validIDs([]string{unit})) == 0 {
				return e, errs.Absent("piece", s)
			}
			p.From = append(p.From, Origin{Unit: unit, Number: n})
		}
		e.Pieces = append(e.Pieces, p)
	}
	return e, nil
}

// arranged does what was chosen beside the words: pieces joined with the one above, one taken anew from its reports, one taken apart.
func (x Section) arranged(e Edited, f *web.Form) Edited {
	number := map[string]int{}
	for _, p := range x.shown().Pieces {
		for _, o := range p.From {
			number[o.Unit] = o.Number
		}
	}
	for unit, o := range x.Later {
		number[unit] = o.Number
	}
	act, at, _ := strings.Cut(f.Raw("do"), ":")
	out := Edited{Own: e.Own}
	for i, p := range e.Pieces {
		var anew []string
		var apart []Piece
		for j, o := range p.From {
			if n := number[o.Unit]; n > 0 && act != "save" && at == strconv.Itoa(i) {
				p.From[j].Number = n
			}
			apart = append(apart, Piece{From: []Origin{p.From[j]}, Text: x.said[o.Unit]})
			if t := x.said[o.Unit]; t != "" {
				anew = append(anew, t)
			}
		}
		last := len(out.Pieces) - 1
		switch {
		case act == "take" && at == strconv.Itoa(i):
			p.Text = strings.Join(anew, "\n")
			out.Pieces = append(out.Pieces, p)
		case act == "split" && at == strconv.Itoa(i):
			out.Pieces = append(out.Pieces, apart...)
		case last >= 0 && f.Bool("join:"+strconv.Itoa(i)):
			up := &out.Pieces[last]
			up.From = append(up.From, p.From...)
			up.Text = strings.TrimSpace(up.Text + "\n" + p.Text)
		default:
			out.Pieces = append(out.Pieces, p)
		}
	}
	return out
}

func (c *Reports) doGather(rq *web.Request) (web.Reply, error) {
	a, x, err := c.section(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("report.gather")
	base, _ := f.Int("version", 0, 1<<40, web.Need)
	e, err := typed(f)
	if err != nil {
		return web.Reply{}, err
	}
	if !f.OK() {
		return c.gatherPage(rq, a, x, e, f, nil)
	}
	_, err = c.Gather(rq.Tx, rq.Actor, a.ID, x.Cell, base, x.arranged(e, f))
	var stale *StaleWords
	switch {
	case errors.As(err, &stale):
		return c.gatherPage(rq, a, x, e, f, stale)
	case err != nil && f.Take(err):
		return c.gatherPage(rq, a, x, e, f, nil)
	case err != nil:
		return web.Reply{}, err
	}
	if strings.Contains(f.Raw("do"), ":") || joins(f) {
		return web.To(gatherPath(a, x.Cell)).Say("report.said.saved"), nil
	}
	return web.To("/requests/" + a.ID + "/narrative").Say("report.said.saved"), nil
}

func joins(f *web.Form) bool {
	for i := range maxPieces {
		if f.Bool("join:" + strconv.Itoa(i)) {
			return true
		}
	}
	return false
}
