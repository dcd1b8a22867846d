package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"chungtay/account"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/sheet"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

func requestCrumb(rq *web.Request, a Asked) web.Crumb {
	return web.Crumb{Text: a.Title, Path: "/requests/" + a.ID}
}

func (c *Reports) overseen(rq *web.Request) (Asked, error) {
	id, err := rq.ID("id")
	if err != nil {
		return Asked{}, err
	}
	return c.asked(rq.Tx, rq.Actor, Read, id)
}

type requestsView struct {
	Table ui.Table
	Pages ui.Pages
	Words string
	Total int
}

func (c *Reports) pageRequests(rq *web.Request) (web.Reply, error) {
	page, _ := strconv.Atoi(rq.Query("page"))
	page = max(page, 1)
	rows, total, err := c.Requests(rq.Tx, rq.Actor, rq.Query("q"), page, pageSize)
	if err != nil {
		return web.Reply{}, err
	}
	var list []string
	var said []orgunit.Mention
	for _, a := range rows {
		list, said = append(list, a.ID), append(said, orgunit.On(a.Unit, a.day()))
	}
	counts, err := progressOf(rq.Tx, list)
	if err != nil {
		return web.Reply{}, err
	}
	labels, err := orgunit.Mentioned(rq.Tx, said)
	if err != nil {
		return web.Reply{}, err
	}
	v := requestsView{Words: rq.Query("q"), Total: total, Pages: ui.PagesOf(page, pageSize, total, func(n int) string { return Filter{Words: rq.Query("q")}.address("/requests", n) })}
	v.Table = ui.Table{Caption: rq.T("report.requests.title"), Hide: true, Columns: []ui.Column{{Text: rq.T("report.name"), RowTitle: true}, {Text: rq.T("report.asker")}, {Text: rq.T("report.due")}, {Text: rq.T("report.sent"), Num: true}, {Text: rq.T("report.approved"), Num: true}, {Text: rq.T("report.late"), Num: true}}}
	n := func(i int) string { return i18n.Int(rq.Lang, int64(i)) }
	for _, a := range rows {
		p := counts[a.ID]
		last, words := dueText(rq, a.Due())
		late := ui.Cell{Text: n(p.Overdue)}
		if p.Overdue > 0 {
			late.Class = "late"
		}
		v.Table.Rows = append(v.Table.Rows, []ui.Cell{{Text: a.Title, Path: "/requests/" + a.ID}, unitCell(rq, labels, a.Unit, a.day()), {Text: last, Small: words, Class: "nw"}, {Text: n(p.Sent()) + "/" + n(p.Total)}, {Text: n(p.Approved)}, late})
	}
	return web.Show(rq.T("report.requests.title"), requestsPage(v)).With(crumb(rq)).Under("/reports"), nil
}

type newView struct {
	Form    *web.Form
	Units   []ui.Option
	Forms   []ui.Option
	Bounds  []ui.Option
	Meant   []orgunit.Unit
	Periods []ui.Option
}

func (c *Reports) newView(rq *web.Request, f *web.Form) (newView, error) {
	v := newView{Form: f, Bounds: []ui.Option{{Value: "until", Text: rq.T("report.bound.until")}, {Value: "before", Text: rq.T("report.bound.before")}}, Forms: []ui.Option{{Text: rq.T("report.form_none")}}}
	seen := map[string]bool{}
	for _, g := range rq.Actor.Grants {
		if seen[g.Unit] || c.mayFor(rq.Tx, rq.Actor, Request, g.Unit) != nil {
			continue
		}
		seen[g.Unit] = true
		u, err := orgunit.Present(rq.Tx, g.Unit)
		if err != nil {
			return v, err
		}
		v.Units = append(v.Units, ui.Option{Value: g.Unit, Text: u.Name})
	}
	forms, err := c.Forms.Choices(rq.Tx)
	if err != nil {
		return v, err
	}
	for _, x := range forms {
		v.Forms = append(v.Forms, ui.Option{Value: x.Code, Text: x.Title})
	}
	for _, e := range Every {
		//i18n:prefix report.every.
		v.Periods = append(v.Periods, ui.Option{Value: e, Text: rq.T("report.every." + e)})
	}
	return v, nil
}

func (c *Reports) pageNew(rq *web.Request) (web.Reply, error) {
	f := rq.Filled("report.ask", map[string]string{"once": rq.Once(), "unit": rq.Actor.Unit, "bound": "until"})
	v, err := c.newView(rq, f)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Show(rq.T("report.ask.heading"), newPage(v)).With(crumb(rq)).Under("/reports"), nil
}

func (c *Reports) doNew(rq *web.Request) (web.Reply, error) {
	f := rq.Form("report.ask")
	n := New{Unit: f.ID("unit", web.Need), Title: f.Text("title", maxTitle, web.Need), Form: f.Text("form", 100, false), Outline: f.LongText("outline", maxOutlin, false), From: f.Date("from", false), To: f.Date("to", false), Signed: f.Bool("signed")}
	bound := deadline.Until
	if f.Choice("bound", web.Need, "until", "before") == "before" {
		bound = deadline.Before
	}
	if day := f.Date("due", web.Need); !day.IsZero() {
		if n.Due = deadline.New(bound, day); !n.Due.Met(rq.Tx.Now) {
			f.Refuse("due", "report.due_past")
		}
	}
	phrase := f.LongText("units", 2000, web.Need)
	if f.OK() && c.mayFor(rq.Tx, rq.Actor, Request, n.Unit) != nil {
		f.Refuse("unit", "report.unit_bad")
	}
	v, err := c.newView(rq, f)
	if err != nil {
		return web.Reply{}, err
	}
	if f.OK() {
		r, err := orgunit.Resolve(rq.Tx, n.Unit, phrase, civil.Of(rq.Tx.Now))
		if err != nil {
			return web.Reply{}, err
		}
		if len(r.Unknown)+len(r.NotUnits) > 0 {
			f.Refuse("units", "report.unknown_units", strings.Join(append(r.Unknown, r.NotUnits...), "; "))
		}
		for _, u := range r.Units {
			if u.ID != n.Unit {
				n.Units = append(n.Units, u.ID)
				v.Meant = append(v.Meant, u)
			}
		}
	}
	if f.OK() && f.Raw("confirmed") != phrase {
		return web.Again(rq.T("report.ask.heading"), f, newPage(v)).With(crumb(rq)).Under("/reports"), nil
	}
	if f.OK() {
		a, err := c.Ask(rq.Tx, rq.Actor, n)
		if err == nil {
			return web.To("/requests/"+a.ID).Say("report.said.asked", a.Owing), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return web.Again(rq.T("report.ask.heading"), f, newPage(v)).With(crumb(rq)).Under("/reports"), nil
}

func requestTabs(rq *web.Request, a Asked, at string) []ui.Link {
	p := "/requests/" + a.ID
	out := []ui.Link{{Text: rq.T("report.tab.progress"), Path: p}, {Text: rq.T("report.tab.matrix"), Path: p + "/matrix"}, {Text: rq.T("report.tab.narrative"), Path: p + "/narrative"}, {Text: rq.T("report.tab.summary"), Path: p + "/summary"}}
	for i := range out {
		out[i].Current = out[i].Path == p+at
	}
	return out
}

type progressView struct {
	A        Asked
	Tabs     []ui.Link
	Count    Progress
	Table    ui.Table
	Tree     []ui.Node
	State    string
	Form     *web.Form
	Manage   bool
	Chase    bool
	Frozen   Consolidation
	HasFroze bool
	Diffs    []diffRow
	Own      string // the asking unit's own report upward
	Meta     []ui.Pair
	Open     []ui.Option
	Chosen   []string
	Owe      int // that can be chased: returned ones too
	Letters  []ui.Event
	Pages    ui.Pages
}

type diffRow struct{ Unit, Path, Text string }

func (c *Reports) pageProgress(rq *web.Request) (web.Reply, error) {
	return c.progressPage(rq, rq.Filled("report.form", nil))
}

func (c *Reports) progressPage(rq *web.Request, f *web.Form) (web.Reply, error) {
	a, err := c.overseen(rq)
	if err != nil {
		return web.Reply{}, err
	}
	v := progressView{A: a, Tabs: requestTabs(rq, a, ""), State: rq.Query("state"), Form: f}
	counts, err := progressOf(rq.Tx, []string{a.ID})
	if err != nil {
		return web.Reply{}, err
	}
	v.Count = counts[a.ID]
	v.Manage = c.mayFor(rq.Tx, rq.Actor, Approve, a.Unit) == nil
	v.Owe = v.Count.Missing() + v.Count.Returned
	v.Chase = v.Manage && a.State == "open" && v.Owe > 0
	page, _ := strconv.Atoi(rq.Query("page"))
	page = max(page, 1)
	rows, total, err := c.progressRows(rq, a, v.State, page, 200)
	if err != nil {
		return web.Reply{}, err
	}
	v.Pages = ui.PagesOf(page, 200, total, func(n int) string { return "/requests/" + a.ID + "?state=" + v.State + "&page=" + strconv.Itoa(n) })
	v.Table = ui.Table{Caption: rq.T("report.units"), Hide: true, Columns: []ui.Column{{Text: rq.T("report.unit"), RowTitle: true}, {Text: rq.T("report.state_")}, {Text: rq.T("report.due")}, {Text: rq.T("report.sent_at")}, {Text: rq.T("report.below"), Num: true}, {Text: rq.T("report.chases")}}}
	for _, r := range rows {
		v.Table.Rows = append(v.Table.Rows, []ui.Cell{{Text: r.name, Path: "/reports/" + r.row.ID}, {Body: ui.Tag(r.tag, r.tone), Class: "nw"}, {Text: r.last, Class: "nw"}, {Text: r.sent, Class: "nw"}, {Text: r.below, Path: r.belowPath}, {Text: r.chased}})
		if r.row.State.Open() || r.row.State == Signing {
			v.Open = append(v.Open, ui.Option{Value: r.row.Unit, Text: r.name})
		}
	}
	if v.Chosen = f.RawAll("units"); len(v.Chosen) == 0 && rq.Query("unit") != "" {
		v.Chosen = []string{rq.Query("unit")}
	}
	letters, err := lettersOf(rq.Tx, a.ID)
	if err != nil {
		return web.Reply{}, err
	}
	var writers []string
	for _, l := range letters {
		writers = append(writers, l.Person)
	}
	who, err := account.NamesOf(rq.Tx, writers)
	if err != nil {
		return web.Reply{}, err
	}
	for _, l := range letters {
		v.Letters = append(v.Letters, ui.Event{Text: rq.T("report.letter.line", l.Number, len(l.Body.V.Units)), When: i18n.Time(rq.Lang, l.At), Who: who[l.Person], Path: "/requests/" + a.ID + "/letters/" + l.ID})
	}
	tree, err := Tree(rq.Tx, a)
	if err != nil {
		return web.Reply{}, err
	}
	if tree != nil && len(tree.Children) > 0 {
		v.Tree = []ui.Node{c.node(rq, tree, 0)}
	}
	var diffs []Difference
	if v.Frozen, diffs, err = c.Differences(rq.Tx, a); err != nil {
		return web.Reply{}, err
	}
	v.HasFroze = v.Frozen.ID != ""
	var units []string
	for _, d := range diffs {
		units = append(units, d.Unit)
	}
	names, err := orgunit.Texts(rq.Tx, units, a.day())
	if err != nil {
		return web.Reply{}, err
	}
	for _, d := range diffs {
		row := diffRow{Unit: names[d.Unit], Text: rq.T("report.diff", len(d.Changes))}
		if d.Was == 0 {
			row.Text = rq.T("report.diff_new")
		}
		v.Diffs = append(v.Diffs, row)
	}
	if a.Parent != "" {
		own, ok, err := reportOf(rq.Tx, a.Parent, a.Unit)
		if err != nil {
			return web.Reply{}, err
		}
		if ok {
			v.Own = own.ID
		}
	}
	last, words := dueText(rq, a.Due())
	v.Meta = []ui.Pair{{Label: rq.T("report.due"), Value: rq.T("report.due_last", last, words)}}
	if p := period(rq, a); p != "" {
		v.Meta = append(v.Meta, ui.Pair{Label: rq.T("report.period"), Value: p})
	}
	if a.Directive != "" && c.Directive != nil {
		if title, path := c.Directive(rq.Tx, rq.Actor, a.Directive); title != "" {
			v.Meta = append(v.Meta, ui.Pair{Label: rq.T("report.directive"), Body: ui.Anchor(title, path)})
		}
	}
	rep := web.Show(a.Title, progressPage(v))
	if !f.OK() {
		rep = web.Again(a.Title, f, progressPage(v))
	}
	return rep.With(crumb(rq), web.Crumb{Text: rq.T("report.requests.title"), Path: "/requests"}).Under("/reports"), nil
}

type progressRow struct {
	row                                             Row
	name, tag, last, sent, below, belowPath, chased string
	tone                                            ui.Tone
}

// progressRows are the units of a request with the state of their reports, those that are late on top.
func (c *Reports) progressRows(rq *web.Request, a Asked, state string, page, size int) ([]progressRow, int, error) {
	rows, total, err := c.List(rq.Tx, rq.Actor, Filter{Request: a.ID, State: filterState(state), Page: page, Size: size})
	if err != nil {
		return nil, 0, err
	}
	var units []string
	for _, r := range rows {
		units = append(units, r.Unit)
	}
	names, err := orgunit.Texts(rq.Tx, units, a.day())
	if err != nil {
		return nil, 0, err
	}
	chases, err := chasedOf(rq.Tx, a.ID)
	if err != nil {
		return nil, 0, err
	}
	tree, err := treeOf(rq.Tx, a.Root)
	if err != nil {
		return nil, 0, err
	}
	counts, err := progressOfTree(rq.Tx, a.Root)
	if err != nil {
		return nil, 0, err
	}
	children := map[string]Asked{}
	for _, q := range tree {
		if q.Parent == a.ID {
			children[q.Unit] = q
		}
	}
	out := make([]progressRow, len(rows))
	for i, r := range rows {
		x := progressRow{row: r, name: names[r.Unit]}
		x.tag, x.tone = tag(rq, r)
		x.last, _ = dueText(rq, r.Due())
		if !r.FirstAt.IsZero() {
			x.sent = i18n.Time(rq.Lang, r.FirstAt)
		}
		if q, ok := children[r.Unit]; ok {
			p := counts[q.ID]
			x.below, x.belowPath = i18n.Int(rq.Lang, int64(p.Sent()))+"/"+i18n.Int(rq.Lang, int64(p.Total)), "/requests/"+q.ID
		}
		if h, ok := chases[r.ID]; ok {
			x.chased = rq.T("report.chased_n", h.N, i18n.Time(rq.Lang, h.Last))
		}
		out[i] = x
	}
	return out, total, nil
}

func filterState(s string) string {
	for _, x := range States {
		if s == string(x) {
			return s
		}
	}
	if s == "late" || s == "missing" || s == "nothing" {
		return s
	}
	return ""
}

func (c *Reports) node(rq *web.Request, b *Branch, depth int) ui.Node {
	n := ui.Node{Text: b.UnitName, Path: "/requests/" + b.Asked.ID, Small: rq.T("report.tree", b.All.Sent(), b.All.Total, b.All.Approved), Open: depth < 1}
	if b.All.Overdue > 0 {
		n.Tag, n.Tone = rq.T("report.tree_late", b.All.Overdue), ui.Late
	} else if b.All.Total > 0 && b.All.Approved == b.All.Total {
		n.Tag, n.Tone = rq.T("report.tree_done"), ui.OK
	}
	for _, k := range b.Children {
		n.Children = append(n.Children, c.node(rq, k, depth+1))
	}
	return n
}

func (c *Reports) sheetProgress(rq *web.Request) (web.Reply, error) {
	a, err := c.overseen(rq)
	if err != nil {
		return web.Reply{}, err
	}
	rows, _, err := c.progressRows(rq, a, rq.Query("state"), 1, maxOwing)
	if err != nil {
		return web.Reply{}, err
	}
	t := sheet.Table{Name: rq.T("report.tab.progress"), Title: a.Title, Notes: []string{rq.T("report.as_of", i18n.Time(rq.Lang, rq.Tx.Now))}, Columns: []sheet.Column{{Text: rq.T("report.unit"), Width: 44}, {Text: rq.T("report.state_"), Width: 20}, {Text: rq.T("report.last_day"), Kind: sheet.Date},
		{Text: rq.T("report.sent_at"), Kind: sheet.Time}, {Text: rq.T("report.late"), Width: 10}, {Text: rq.T("report.below"), Width: 12}, {Text: rq.T("report.chases"), Width: 26}}}
	for _, r := range rows {
		late := ""
		if r.row.Late(rq.Tx.Now) {
			late = rq.T("report.late")
		}
		t.Rows = append(t.Rows, []any{r.name, i18n.TM(rq.Context(), r.row.State.Text()), r.row.Due().Last(), r.row.FirstAt, late, r.below, r.chased})
	}
	return xlsx(rq, rq.T("report.tab.progress"), t)
}

func (c *Reports) doChase(rq *web.Request) (web.Reply, error) {
	a, err := c.overseen(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("report.form")
	x := Chasing{Units: validIDs(f.RawAll("units")), Late: f.Raw("whom") == "late", Text: f.Raw("text"), Letter: f.Bool("letter"), Answer: f.Date("answer", false)}
	if f.Raw("whom") == "" && len(x.Units) == 0 {
		f.Refuse("units", "report.choose_units")
	}
	if f.Raw("whom") != "" {
		x.Units = nil
	}
	if !f.OK() {
		return c.progressPage(rq, f)
	}
	n, letter, err := c.Chase(rq.Tx, rq.Actor, a.ID, x)
	if err != nil {
		if !f.Take(err) {
			return web.Reply{}, err
		}
		return c.progressPage(rq, f)
	}
	if x.Letter {
		return web.To("/requests/"+a.ID+"/letters/"+letter.ID).Say("report.said.chased", n), nil
	}
	return web.To("/requests/"+a.ID).Say("report.said.chased", n), nil
}

func (c *Reports) doFreeze(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	k, err := c.Freeze(rq.Tx, rq.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	return web.To("/requests/"+id+"/matrix").Say("report.said.frozen", k.Number, len(k.Members.V)), nil
}

func (c *Reports) doClose(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.Close(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	return web.To("/requests/" + id).Say("report.said.closed"), nil
}

// matrix is the table units x figures of a request, with its total and what it rests on: as it stands, or as it was frozen (?frozen=2).
type matrix struct {
	Sum     Sum
	As      time.Time     // when it stood so
	Frozen  Consolidation // zero: as it stands
	Units   []string      // with an approved report, by name
	Names   map[string]string
	Missing []string // names
	Cells   []formdef.Cell
	Odd     map[string]map[string]bool
	Owing   int
}

func (c *Reports) matrix(rq *web.Request, a Asked) (m matrix, err error) {
	m.As = rq.Tx.Now
	n, _ := strconv.Atoi(rq.Query("frozen"))
	if n > 0 {
		if m.Frozen, err = consolidationBy(rq.Tx, a.ID, n); err != nil {
			return m, err
		}
		m.As, m.Names = m.Frozen.At, m.Frozen.Names.V
		m.Sum, err = c.sumOf(rq.Tx, a, m.Frozen.Members.V, m.Frozen.Missing.V)
	} else {
		m.Sum, err = c.consolidated(rq.Tx, a)
	}
	if err != nil {
		return m, err
	}
	s := m.Sum
	m.Cells, m.Odd, m.Owing = s.Form.Figures(), Outliers(s), len(s.Each)+len(s.Missing)
	if n <= 0 {
		if m.Names, err = orgunit.NamesOn(rq.Tx, s.units(), a.day()); err != nil {
			return m, err
		}
	}
	names := m.Names
	for _, u := range byName(s.units(), names) {
		if s.Each[u] != nil {
			m.Units = append(m.Units, u)
		} else {
			m.Missing = append(m.Missing, names[u])
		}
	}
	return m, nil
}

func unitWord(rq *web.Request, f *formdef.Form, code string) string {
	if code == "" {
		return ""
	}
	switch u := f.UnitWord(code).(type) {
	case formdef.Text:
		return u.In(rq.Lang)
	case errs.Message:
		return i18n.TM(rq.Context(), u)
	}
	return ""
}

type matrixView struct {
	A       Asked
	Tabs    []ui.Link
	M       matrix
	Table   ui.Table
	Cover   string
	Manage  bool
	Frozen  Consolidation
	Section string
	Parts   []ui.Link
	At      string    // what follows addresses of the state shown
	Times   []ui.Link // as it stands, as it was frozen
}

// overseenMatrix is the matrix of the request in the path, for those who oversee it.
func (c *Reports) overseenMatrix(rq *web.Request) (Asked, matrix, error) {
	a, err := c.overseen(rq)
	if err != nil {
		return a, matrix{}, err
	}
	m, err := c.matrix(rq, a)
	return a, m, err
}

func (c *Reports) pageMatrix(rq *web.Request) (web.Reply, error) {
	a, m, err := c.overseenMatrix(rq)
	if err != nil {
		return web.Reply{}, err
	}
	v := matrixView{A: a, Tabs: requestTabs(rq, a, "/matrix"), M: m, Manage: c.mayFor(rq.Tx, rq.Actor, Approve, a.Unit) == nil, Cover: rq.T("report.coverage", len(m.Units), m.Owing)}
	if v.Frozen, _, err = lastConsolidation(rq.Tx, a.ID); err != nil {
		return web.Reply{}, err
	}
	if m.Frozen.Number > 0 {
		v.At = "?frozen=" + strconv.Itoa(m.Frozen.Number)
	}
	if v.Frozen.Number > 0 {
		v.Times = append(v.Times, ui.Link{Text: rq.T("report.freeze.now"), Path: "/requests/" + a.ID + "/matrix", Current: m.Frozen.Number == 0})
		for n := v.Frozen.Number; n > max(0, v.Frozen.Number-5); n-- {
			v.Times = append(v.Times, ui.Link{Text: rq.T("report.freeze.nth", n), Path: "/requests/" + a.ID + "/matrix?frozen=" + strconv.Itoa(n), Current: m.Frozen.Number == n})
		}
	}
	v.Section = rq.Query("section")
	seen := map[string]bool{}
	var cells []formdef.Cell
	for _, cell := range m.Cells {
		name := cell.Section.Name
		if !seen[name] {
			seen[name] = true
			if v.Section == "" {
				v.Section = name
			}
			v.Parts = append(v.Parts, ui.Link{Text: cell.Section.Title.In(rq.Lang), Path: "/requests/" + a.ID + "/matrix" + joined(v.At, "section="+name)})
		}
		if name == v.Section {
			cells = append(cells, cell)
		}
	}
	for i := range v.Parts {
		v.Parts[i].Current = strings.HasSuffix(v.Parts[i].Path, "section="+v.Section)
	}
	v.Table = c.matrixTable(rq, m, cells)
	return web.Show(a.Title, matrixPage(v)).With(crumb(rq), requestCrumb(rq, a)).Under("/reports"), nil
}

// joined adds to what follows an address.
func joined(query, more string) string {
	if query == "" {
		return "?" + more
	}
	return query + "&" + more
}

func (c *Reports) matrixTable(rq *web.Request, m matrix, cells []formdef.Cell) ui.Table {
	t := ui.Table{Caption: rq.T("report.tab.matrix"), Columns: []ui.Column{{Text: rq.T("report.unit")}}}
	for _, cell := range cells {
		head := cell.Label().In(rq.Lang)
		if u := unitWord(rq, m.Sum.Form, cell.Unit); u != "" {
			head += " (" + u + ")"
		}
		t.Columns = append(t.Columns, ui.Column{Text: head, Num: true})
	}
	none := rq.T("report.none_short")
	for _, u := range m.Units {
		row := []ui.Cell{{Text: m.Names[u]}}
		for _, cell := range cells {
			x := ui.Cell{Text: cell.Show(rq.Lang, m.Sum.Each[u][cell.Address], none)}
			switch {
			case m.Sum.Each[u][cell.Address].State == formdef.Missing:
				x.Class = "miss"
			case m.Odd[u][cell.Address]:
				x.Class, x.Note = "odd", rq.T("report.outlier")
			}
			row = append(row, x)
		}
		t.Rows = append(t.Rows, row)
	}
	for _, name := range m.Missing {
		row := []ui.Cell{{Text: name, Small: rq.T("report.not_reported")}}
		for range cells {
			row = append(row, ui.Cell{Text: "–", Class: "miss"})
		}
		t.Rows = append(t.Rows, row)
	}
	t.Foot = []ui.Cell{{Text: rq.T("report.total")}}
	for _, cell := range cells {
		t.Foot = append(t.Foot, ui.Cell{Text: cell.Show(rq.Lang, m.Sum.Values[cell.Address], none)})
	}
	return t
}

func (c *Reports) matrixSheet(rq *web.Request, a Asked, m matrix) sheet.Table {
	t := sheet.Table{Name: rq.T("report.tab.matrix"), Title: a.Title, Notes: []string{rq.T("report.coverage", len(m.Units), m.Owing), rq.T("report.period") + ": " + period(rq, a), rq.T("report.as_of", i18n.Time(rq.Lang, m.As))},
		Columns: []sheet.Column{{Text: rq.T("report.unit"), Width: 40}}}
	if m.Frozen.Number > 0 {
		t.Notes = append(t.Notes, rq.T("report.freeze.digest", m.Frozen.Number, m.Frozen.Digest))
	}
	if len(m.Missing) > 0 {
		t.Notes = append(t.Notes, rq.T("report.missing_names", strings.Join(m.Missing, "; ")))
	}
	for _, cell := range m.Cells {
		head := cell.Label().In(rq.Lang)
		if u := unitWord(rq, m.Sum.Form, cell.Unit); u != "" {
			head += " (" + u + ")"
		}
		kind := sheet.Int
		if cell.Field.Decimals > 0 {
			kind = sheet.Decimal
		}
		t.Columns = append(t.Columns, sheet.Column{Text: head, Kind: kind, Width: 16})
	}
	line := func(name string, v formdef.Values) []any {
		row := []any{name}
		for _, cell := range m.Cells {
			row = append(row, figureValue(rq, v[cell.Address]))
		}
		return row
	}
	for _, u := range m.Units {
		t.Rows = append(t.Rows, line(m.Names[u], m.Sum.Each[u]))
	}
	for _, name := range m.Missing {
		t.Rows = append(t.Rows, []any{name + " – " + rq.T("report.not_reported")})
	}
	t.Foot = line(rq.T("report.total"), m.Sum.Values)
	return t
}

func (c *Reports) sheetMatrix(rq *web.Request) (web.Reply, error) {
	a, m, err := c.overseenMatrix(rq)
	if err != nil {
		return web.Reply{}, err
	}
	return xlsx(rq, rq.T("report.tab.matrix"), c.matrixSheet(rq, a, m))
}

func (c *Reports) csvMatrix(rq *web.Request) (web.Reply, error) {
	a, m, err := c.overseenMatrix(rq)
	if err != nil {
		return web.Reply{}, err
	}
	var b bytes.Buffer
	if err := sheet.CSV(&b, c.matrixSheet(rq, a, m)); err != nil {
		return web.Reply{}, err
	}
	return file(rq.T("report.tab.matrix")+".csv", "text/csv; charset=utf-8", b.Bytes()), nil
}

// jsonMatrix is the same for programs: the form's code, values by unit, the total, who is missing, the words gathered on each question.
func (c *Reports) jsonMatrix(rq *web.Request) (web.Reply, error) {
	a, m, err := c.overseenMatrix(rq)
	if err != nil {
		return web.Reply{}, err
	}
	type unit struct {
		ID      string          `json:"id"`
		Name    string          `json:"name"`
		Nothing bool            `json:"nothing"`
		Values  json.RawMessage `json:"values"`
	}
	out := struct {
		Title   string          `json:"title"`
		Form    string          `json:"form"`
		From    civil.Date      `json:"from"`
		To      civil.Date      `json:"to"`
		Owing   int             `json:"owing"`
		Units   []unit          `json:"units"`
		Missing []string        `json:"missing"`
		Total   json.RawMessage `json:"total"`
		Words   []saidOn        `json:"narrative"`
	}{Title: a.Title, Form: a.FormCode, From: a.From, To: a.To, Owing: m.Owing, Missing: m.Missing, Total: m.Sum.Values.Canonical()}
	for _, u := range m.Units {
		out.Units = append(out.Units, unit{u, m.Names[u], m.Sum.Nothing[u], m.Sum.Each[u].Canonical()})
	}
	if out.Words, err = c.saidOn(rq, a, m); err != nil {
		return web.Reply{}, err
	}
	b, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return web.Reply{}, err
	}
	return file(fmt.Sprintf("%s.json", orPlain(a.FormCode)), "application/json", b), nil
}

// saidOn are the words on one question of a consolidation, for programs: those of the unit that consolidates, then a piece for each unit or for
// several that an editor joined. Version 0: nobody has edited them. Pieces that were left out are not in it.
type saidOn struct {
	Field   string      `json:"field"`
	Outline string      `json:"outline"`
	Title   string      `json:"title"`
	Version int64       `json:"version"`
	Own     string      `json:"own"`
	Pieces  []saidPiece `json:"pieces"`
}

type saidPiece struct {
	Text string     `json:"text"`
	From []saidFrom `json:"from"`
}

type saidFrom struct {
	Unit       string `json:"unit"`
	Name       string `json:"name"`
	Submission int    `json:"submission"`
}

func (c *Reports) saidOn(rq *web.Request, a Asked, m matrix) ([]saidOn, error) {
	list, err := c.wordsOf(rq.Tx, a, m)
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
	names, err := orgunit.NamesOn(rq.Tx, units, a.day())
	if err != nil {
		return nil, err
	}
	out := []saidOn{}
	for _, x := range list {
		s := saidOn{Field: x.Cell, Outline: x.Field.Field.Outline, Title: x.Field.Label().In(rq.Lang), Version: x.Version, Own: x.Body.V.Own, Pieces: []saidPiece{}}
		for _, p := range x.Body.V.Pieces {
			if p.Text == "" {
				continue
			}
			piece := saidPiece{Text: p.Text}
			for _, o := range p.From {
				name := m.Names[o.Unit] // of a frozen consolidation as it was then
				if name == "" {
					name = names[o.Unit]
				}
				piece.From = append(piece.From, saidFrom{o.Unit, name, o.Number})
			}
			s.Pieces = append(s.Pieces, piece)
		}
		if s.Own != "" || len(s.Pieces) > 0 {
			out = append(out, s)
		}
	}
	return out, nil
}

func orPlain(code string) string {
	if code == "" {
		return "bao-cao"
	}
	return code
}

func (c *Reports) pageSchedules(rq *web.Request) (web.Reply, error) {
	return c.schedulesPage(rq, rq.Filled("report.plan", map[string]string{"unit": rq.Actor.Unit, "every": "half", "days": "10"}))
}

type schedulesView struct {
	New  newView
	List []Schedule
	Name map[string]string
}

func (c *Reports) schedulesPage(rq *web.Request, f *web.Form) (web.Reply, error) {
	nv, err := c.newView(rq, f)
	if err != nil {
		return web.Reply{}, err
	}
	list, err := schedulesOf(rq.Tx, c.Book.Scope(rq.Actor, Request))
	if err != nil {
		return web.Reply{}, err
	}
	var units []string
	for _, s := range list {
		units = append(units, s.Unit)
	}
	names, err := orgunit.Texts(rq.Tx, units, civil.Of(rq.Tx.Now))
	if err != nil {
		return web.Reply{}, err
	}
	page := schedulesPage(schedulesView{nv, list, names})
	if !f.OK() {
		return web.Again(rq.T("report.plan.heading"), f, page).With(crumb(rq)).Under("/reports"), nil
	}
	return web.Show(rq.T("report.plan.heading"), page).With(crumb(rq)).Under("/reports"), nil
}

func (c *Reports) doSchedule(rq *web.Request) (web.Reply, error) {
	f := rq.Form("report.plan")
	s := Schedule{Unit: f.ID("unit", web.Need), Title: f.Text("title", maxTitle, web.Need), FormCode: f.Text("form", 100, false), Every: f.Choice("every", web.Need, Every...), Addressees: f.LongText("units", 2000, web.Need), Signed: f.Bool("signed")}
	days, _ := f.Int("days", 1, 120, web.Need)
	s.Days = int(days)
	if f.OK() {
		_, err := c.Plan(rq.Tx, rq.Actor, s)
		if err == nil {
			return web.To("/schedules").Say("report.said.planned"), nil
		}
		if errs.Is(err, errs.Forbidden) {
			f.Refuse("unit", "report.unit_bad")
		} else if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.schedulesPage(rq, f)
}

func (c *Reports) doPause(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.Pause(rq.Tx, rq.Actor, id, rq.Form("report.plan").Raw("active") == "1"); err != nil {
		return web.Reply{}, err
	}
	return web.To("/schedules").Say("report.said.saved"), nil
}
