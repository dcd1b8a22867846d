package campaign

import (
	"bytes"
	"io"
	"net/url"
	"strconv"
	"strings"

	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/sheet"
	"chungtay/internal/ui"
	"chungtay/internal/viet"
	"chungtay/internal/web"
	"chungtay/orgunit"
	"chungtay/policy"
)

const pageSize = 50

func filterOf(rq *web.Request) (Filter, error) {
	f := Filter{Kind: rq.Query("kind"), Words: rq.Query("q"), Size: pageSize, Asked: rq.Query("asked") != ""}
	if _, ok := KindOf(f.Kind); !ok {
		f.Kind = ""
	}
	for _, k := range strings.Split(rq.Query("kinds"), ",") {
		if _, ok := KindOf(k); ok && len(f.Kinds) < len(Kinds) {
			f.Kinds = append(f.Kinds, k)
		}
	}
	if id := rq.Query("unit"); ids.Valid(id) {
		f.Unit, f.Below, f.Own = id, rq.Query("below") != "", rq.Query("own") != ""
	}
	if id := rq.Query("campaign"); ids.Valid(id) {
		f.Campaign = id
	}
	if d, err := civil.Parse(rq.Query("from")); err == nil {
		f.From = d
	}
	if d, err := civil.Parse(rq.Query("to")); err == nil {
		f.To = d
	}
	if y, err := strconv.Atoi(rq.Query("year")); err == nil && y > 2000 && y < 2200 {
		f.From, f.To = civil.Date{Year: y, Month: 1, Day: 1}, civil.Date{Year: y, Month: 12, Day: 31}
	}
	f.Page, _ = strconv.Atoi(rq.Query("page"))
	f.Page = max(f.Page, 1)
	if f.Own {
		var err error
		if f.units, err = ownUnits(rq.Tx, f.Unit, civil.Of(rq.Tx.Now)); err != nil {
			return f, err
		}
	}
	return f, nil
}

func (f Filter) address(path string, page int) string {
	q := url.Values{}
	for k, v := range map[string]string{"kind": f.Kind, "kinds": strings.Join(f.Kinds, ","), "q": f.Words, "unit": f.Unit, "campaign": f.Campaign, "from": f.From.String(), "to": f.To.String()} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if f.Below {
		q.Set("below", "1")
	}
	if f.Own {
		q.Set("own", "1")
	}
	if f.Asked {
		q.Set("asked", "1")
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// kindName is the name of a kind; amount its quantity with its own unit of measure: "12 buổi".
func kindName(rq *web.Request, code string) string {
	//i18n:prefix campaign.kind.
	return rq.T("campaign.kind." + code)
}

func amount(rq *web.Request, a Activity) string {
	k, _ := KindOf(a.Kind)
	//i18n:prefix formdef.unit.
	s := i18n.Int(rq.Lang, a.Quantity) + " " + rq.T("formdef.unit."+k.Unit)
	if a.Minutes != nil {
		s += ", " + i18n.Int(rq.Lang, *a.Minutes) + " " + rq.T("formdef.unit.phut")
	}
	return s
}

func days(rq *web.Request, a Activity) string {
	if a.From == a.To {
		return i18n.Date(rq.Lang, a.From)
	}
	return i18n.Date(rq.Lang, a.From) + " – " + i18n.Date(rq.Lang, a.To)
}

func count(rq *web.Request, n *int64) string {
	if n == nil {
		return "–"
	}
	return i18n.Int(rq.Lang, *n)
}

type listView struct {
	seen
	Table ui.Table
	Pages ui.Pages
	N     int
	Asked int
}

func (c *Campaigns) pageList(rq *web.Request) (web.Reply, error) {
	f, err := filterOf(rq)
	if err != nil {
		return web.Reply{}, err
	}
	rows, total, err := c.List(rq.Tx, rq.Actor, f)
	if err != nil {
		return web.Reply{}, err
	}
	names, err := unitNames(rq, rows)
	if err != nil {
		return web.Reply{}, err
	}
	s, _, err := c.seen(rq, viewList, f)
	if err != nil {
		return web.Reply{}, err
	}
	v := listView{seen: s, N: total, Pages: pagesOf(f, viewList, total, pageSize)}
	if v.Log && !f.Asked {
		if _, v.Asked, err = c.List(rq.Tx, rq.Actor, Filter{Asked: true, Page: 1, Size: 1}); err != nil {
			return web.Reply{}, err
		}
	}
	v.Table = ui.Table{Caption: rq.T("campaign.title"), Hide: true, Columns: []ui.Column{{Text: rq.T("campaign.what"), RowTitle: true}, {Text: rq.T("campaign.day")}, {Text: rq.T("campaign.unit")}, {Text: rq.T("campaign.quantity")}, {Text: rq.T("campaign.people"), Num: true}}}
	for _, a := range rows {
		title := a.Title
		if title == "" {
			title = kindName(rq, a.Kind)
		}
		v.Table.Rows = append(v.Table.Rows, []ui.Cell{{Text: title, Path: "/activities/" + a.ID, Small: kindName(rq, a.Kind) + " · " + a.Place}, {Text: days(rq, a), Class: "nw"}, {Text: names.Of(a.Unit, a.From).Then, Small: names.Of(a.Unit, a.From).Beside(rq.Context())}, {Text: amount(rq, a)}, {Text: count(rq, a.People)}})
	}
	return web.Show(rq.T("campaign.title"), listPage(v)), nil
}

// unitNames names the unit of each activity as it was on its first day, with what it is today beside it.
func unitNames(rq *web.Request, rows []Activity) (orgunit.Mentions, error) {
	said := make([]orgunit.Mention, len(rows))
	for i, a := range rows {
		said[i] = orgunit.On(a.Unit, a.From)
	}
	return orgunit.Mentioned(rq.Tx, said)
}

func download(name, typ string, b []byte) web.Reply {
	return web.Download(web.File{Name: name, Type: typ, Size: int64(len(b)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }})
}

func xlsx(name string, tables ...sheet.Table) (web.Reply, error) {
	var b bytes.Buffer
	if err := sheet.XLSX(&b, tables...); err != nil {
		return web.Reply{}, err
	}
	return download(name+".xlsx", sheet.Type, b.Bytes()), nil
}

func cellOf(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

type editView struct {
	Form    *web.Form
	Action  string
	Units   []ui.Option
	Kinds   []ui.Option
	Version string
	Copy    []ui.Link
	Title   string
}

func (c *Campaigns) unitOptions(rq *web.Request, p policy.Permission) ([]ui.Option, error) {
	var out []ui.Option
	seen := map[string]bool{}
	for _, g := range rq.Actor.Grants {
		if seen[g.Unit] || c.mayFor(rq.Tx, rq.Actor, p, g.Unit) != nil {
			continue
		}
		seen[g.Unit] = true
		u, err := orgunit.Present(rq.Tx, g.Unit)
		if err != nil {
			return nil, err
		}
		out = append(out, ui.Option{Value: g.Unit, Text: u.Name})
	}
	return out, nil
}

func kindOptions(rq *web.Request) []ui.Option {
	var out []ui.Option
	for _, k := range Kinds {
		out = append(out, ui.Option{Value: k.Code, Text: kindName(rq, k.Code) + " (" + rq.T("formdef.unit."+k.Unit) + ")"})
	}
	return out
}

func values(a Activity) map[string]string {
	m := map[string]string{"unit": a.Unit, "kind": a.Kind, "place": a.Place, "title": a.Title, "note": a.Note, "task": a.Task}
	put := func(name string, n *int64) {
		if n != nil {
			m[name] = strconv.FormatInt(*n, 10)
		}
	}
	if a.Quantity > 0 {
		m["quantity"] = strconv.FormatInt(a.Quantity, 10)
	}
	put("minutes", a.Minutes)
	put("people", a.People)
	put("women", a.Women)
	put("minority", a.Minority)
	put("under16", a.Under16)
	put("from16", a.From16)
	put("adults", a.Adults)
	for g, n := range a.Groups.V {
		m["group_"+g] = strconv.FormatInt(n, 10)
	}
	for name, n := range map[string]int64{"central": a.Central, "local": a.Local, "aid": a.Aid} {
		if n > 0 {
			m[name] = strconv.FormatInt(n, 10)
		}
	}
	day := func(name string, d civil.Date) {
		if !d.IsZero() {
			m[name+".day"], m[name+".month"], m[name+".year"] = itoa(d.Day), itoa(int(d.Month)), itoa(d.Year)
		}
	}
	day("from", a.From)
	if a.To != a.From {
		day("to", a.To)
	}
	return m
}

func (c *Campaigns) pageNew(rq *web.Request) (web.Reply, error) {
	m := map[string]string{"unit": rq.Actor.Unit, "kind": "loa_truyen_thanh", "quantity": "1"}
	today := civil.Of(rq.Tx.Now)
	if id := rq.Query("copy"); ids.Valid(id) {
		a, err := c.Get(rq.Tx, rq.Actor, id)
		if err != nil {
			return web.Reply{}, err
		}
		a.From, a.To = today, today
		m = values(a)
	}
	m["once"] = rq.Once()
	m["from.day"], m["from.month"], m["from.year"] = itoa(today.Day), itoa(int(today.Month)), itoa(today.Year)
	if t := rq.Query("task"); ids.Valid(t) {
		m["task"] = t
	}
	return c.formPage(rq, rq.Filled("campaign.form", m), "/activities/new", 0)
}

func (c *Campaigns) formPage(rq *web.Request, f *web.Form, action string, version int64) (web.Reply, error) {
	v := editView{Form: f, Action: action, Kinds: kindOptions(rq), Title: rq.T("campaign.new")}
	if version > 0 {
		v.Version, v.Title = strconv.FormatInt(version, 10), rq.T("campaign.edit")
	}
	var err error
	if v.Units, err = c.unitOptions(rq, Log); err != nil {
		return web.Reply{}, err
	}
	if version == 0 {
		last, _, err := c.List(rq.Tx, rq.Actor, Filter{Unit: rq.Actor.Unit, Page: 1, Size: 3})
		if err != nil {
			return web.Reply{}, err
		}
		for _, a := range last {
			v.Copy = append(v.Copy, ui.Link{Text: kindName(rq, a.Kind) + ", " + a.Place + " (" + days(rq, a) + ")", Path: "/activities/new?copy=" + a.ID})
		}
	}
	crumb := web.Crumb{Text: rq.T("campaign.title"), Path: "/activities"}
	if !f.OK() {
		return web.Again(v.Title, f, formPage(v)).With(crumb), nil
	}
	return web.Show(v.Title, formPage(v)).With(crumb), nil
}

// readActivity takes the form of an activity; partners are named in the words of papers.
func (c *Campaigns) readActivity(rq *web.Request, f *web.Form) (Activity, []string, error) {
	n := func(name string) *int64 {
		if x, ok := f.Int(name, 0, maxCount, false); ok {
			return &x
		}
		return nil
	}
	money := func(name string) int64 { x, _ := f.Int(name, 0, maxMoney, false); return x }
	a := Activity{Unit: f.ID("unit", web.Need), Task: f.ID("task", false), Kind: f.Text("kind", 40, web.Need), From: f.Date("from", web.Need), To: f.Date("to", false), Place: f.Text("place", maxLine, web.Need), Title: f.Text("title", maxLine, false),
		Minutes: n("minutes"), People: n("people"), Women: n("women"), Minority: n("minority"), Under16: n("under16"), From16: n("from16"), Adults: n("adults"), Central: money("central"), Local: money("local"), Aid: money("aid"), Note: f.LongText("note", maxNote, false)}
	a.Quantity, _ = f.Int("quantity", 1, maxCount, web.Need)
	a.Groups.V = map[string]int64{}
	for _, g := range Groups {
		if x := n("group_" + g); x != nil {
			a.Groups.V[g] = *x
		}
	}
	var partners []string
	if words := f.LongText("partners", 1000, false); strings.TrimSpace(words) != "" && a.Unit != "" {
		r, err := orgunit.Resolve(rq.Tx, a.Unit, words, civil.Of(rq.Tx.Now))
		if err != nil {
			return a, nil, err
		}
		if len(r.Unknown)+len(r.NotUnits) > 0 {
			f.Refuse("partners", "campaign.unknown_units", strings.Join(append(r.Unknown, r.NotUnits...), "; "))
		}
		for _, u := range r.Units {
			partners = append(partners, u.ID)
		}
	}
	return a, partners, nil
}

func (c *Campaigns) doNew(rq *web.Request) (web.Reply, error) {
	f := rq.Form("campaign.form")
	a, partners, err := c.readActivity(rq, f)
	if err != nil {
		return web.Reply{}, err
	}
	var files []blob.Ref
	if f.OK() {
		if err := c.mayFor(rq.Tx, rq.Actor, Log, a.Unit); err != nil {
			f.Refuse("unit", "campaign.unit_bad")
		} else if files, err = c.Blobs.Received(rq, f, "files"); err != nil {
			return web.Reply{}, err
		}
	}
	if f.OK() {
		made, err := c.Add(rq.Tx, rq.Actor, a, partners)
		if err == nil && len(files) > 0 {
			err = c.Attach(rq.Tx, rq.Actor, made.ID, files)
		}
		if err == nil {
			return web.To("/activities/" + made.ID).Say("campaign.said.logged"), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.formPage(rq, f, "/activities/new", 0)
}

func (c *Campaigns) own(rq *web.Request, p policy.Permission) (Activity, error) {
	id, err := rq.ID("id")
	if err != nil {
		return Activity{}, err
	}
	return c.may(rq.Tx, rq.Actor, p, id)
}

func (c *Campaigns) pageEdit(rq *web.Request) (web.Reply, error) {
	a, err := c.own(rq, Log)
	if err != nil {
		return web.Reply{}, err
	}
	return c.formPage(rq, rq.Filled("campaign.form", values(a)), "/activities/"+a.ID+"/edit", a.Version)
}

func (c *Campaigns) doEdit(rq *web.Request) (web.Reply, error) {
	was, err := c.own(rq, Log)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("campaign.form")
	a, partners, err := c.readActivity(rq, f)
	if err != nil {
		return web.Reply{}, err
	}
	version, _ := f.Int("version", 1, 1<<40, web.Need)
	var files []blob.Ref
	if f.OK() {
		if files, err = c.Blobs.Received(rq, f, "files"); err != nil {
			return web.Reply{}, err
		}
	}
	if f.OK() {
		a.ID, a.Version = was.ID, version
		err := c.Change(rq.Tx, rq.Actor, a, partners)
		if err == nil && len(files) > 0 {
			err = c.Attach(rq.Tx, rq.Actor, a.ID, files)
		}
		if err == nil {
			return web.To("/activities/" + a.ID).Say("campaign.said.changed"), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.formPage(rq, f, "/activities/"+was.ID+"/edit", max(version, 1))
}

type showView struct {
	A       Activity
	Title   string
	Pairs   []ui.Pair
	Photos  []Photo
	Edit    bool
	Answer  []ui.Option // units of the actor that are asked whether they took part
	Partner []ui.Pair
}

func (c *Campaigns) pageShow(rq *web.Request) (web.Reply, error) {
	a, err := c.own(rq, Read)
	if err != nil {
		return web.Reply{}, err
	}
	v := showView{A: a, Title: a.Title}
	if v.Title == "" {
		v.Title = kindName(rq, a.Kind) + ", " + a.Place
	}
	_, editErr := c.may(rq.Tx, rq.Actor, Log, a.ID)
	v.Edit = editErr == nil && c.mayFor(rq.Tx, rq.Actor, Log, a.Unit) == nil && a.State == "done"
	partners, err := partnersOf(rq.Tx, a.ID)
	if err != nil {
		return web.Reply{}, err
	}
	units := []string{a.Unit}
	for _, p := range partners {
		units = append(units, p.Unit)
	}
	names, err := orgunit.Texts(rq.Tx, units, a.From)
	if err != nil {
		return web.Reply{}, err
	}
	add := func(key, value string) {
		if value != "" && value != "–" {
			v.Pairs = append(v.Pairs, ui.Pair{Label: rq.T(key), Value: value})
		}
	}
	add("campaign.kind_", kindName(rq, a.Kind))
	add("campaign.day", days(rq, a))
	add("campaign.place", a.Place)
	add("campaign.unit", names[a.Unit])
	add("campaign.quantity", amount(rq, a))
	add("campaign.people", count(rq, a.People))
	add("campaign.women", count(rq, a.Women))
	add("campaign.minority", count(rq, a.Minority))
	add("campaign.under16", count(rq, a.Under16))
	add("campaign.from16", count(rq, a.From16))
	add("campaign.adults", count(rq, a.Adults))
	for _, g := range Groups {
		if n, ok := a.Groups.V[g]; ok {
			//i18n:prefix campaign.group.
			v.Pairs = append(v.Pairs, ui.Pair{Label: rq.T("campaign.group." + g), Value: i18n.Int(rq.Lang, n)})
		}
	}
	if cost := a.Central + a.Local + a.Aid; cost > 0 {
		add("campaign.cost", i18n.Int(rq.Lang, cost)+" "+rq.T("formdef.unit.dong"))
	}
	add("campaign.note", a.Note)
	for _, p := range partners {
		//i18n:prefix campaign.partner.
		v.Partner = append(v.Partner, ui.Pair{Label: names[p.Unit], Value: rq.T("campaign.partner." + p.State)})
		if p.State == "asked" && c.mayFor(rq.Tx, rq.Actor, Log, p.Unit) == nil {
			v.Answer = append(v.Answer, ui.Option{Value: p.Unit, Text: names[p.Unit]})
		}
	}
	if v.Photos, err = photosOf(rq.Tx, a.ID); err != nil {
		return web.Reply{}, err
	}
	return web.Show(v.Title, showPage(v)).With(web.Crumb{Text: rq.T("campaign.title"), Path: "/activities"}), nil
}

func (c *Campaigns) doDrop(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.Drop(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	return web.To("/activities").Say("campaign.said.dropped"), nil
}

func (c *Campaigns) doConfirm(rq *web.Request) (web.Reply, error) {
	a, err := c.own(rq, Read)
	if err != nil {
		return web.Reply{}, err
	}
	id := a.ID
	f := rq.Form("campaign.form")
	unit := f.Raw("unit")
	if !ids.Valid(unit) {
		return web.Reply{}, errs.Absent("partner", "")
	}
	if err := c.Confirm(rq.Tx, rq.Actor, id, unit, f.Raw("took") == "1"); err != nil {
		return web.Reply{}, err
	}
	return web.To("/activities/" + id).Say("campaign.said.answered"), nil
}

func (c *Campaigns) file(rq *web.Request) (web.Reply, error) {
	a, err := c.own(rq, Read)
	if err != nil {
		return web.Reply{}, err
	}
	p, ok, err := findPhoto(rq.Tx, rq.HTTP.PathValue("file"))
	if err != nil || !ok || p.Activity != a.ID {
		return web.Reply{}, errs.Absent("file", rq.HTTP.PathValue("file"))
	}
	ref := p.Original
	if p.Shown != "" && rq.Query("original") == "" {
		ref = p.Shown
	}
	used, err := c.Blobs.Used(rq.Tx, ref, "activity", a.ID)
	if err != nil {
		return web.Reply{}, err
	}
	out, err := c.Blobs.File(rq.Tx, used)
	out.Inline = ref == p.Shown
	return web.Download(out), err
}

// importColumns are the columns of the sheet in which many activities come at once.
func importColumns(rq *web.Request) []sheet.Column {
	return []sheet.Column{{Text: rq.T("campaign.kind_"), Width: 26}, {Text: rq.T("campaign.form.from"), Kind: sheet.Date}, {Text: rq.T("campaign.form.to"), Kind: sheet.Date}, {Text: rq.T("campaign.place"), Width: 30}, {Text: rq.T("campaign.form.title"), Width: 40},
		{Text: rq.T("campaign.quantity"), Kind: sheet.Int}, {Text: rq.T("campaign.minutes"), Kind: sheet.Int}, {Text: rq.T("campaign.people"), Kind: sheet.Int}, {Text: rq.T("campaign.women"), Kind: sheet.Int}, {Text: rq.T("campaign.minority"), Kind: sheet.Int},
		{Text: rq.T("campaign.form.central"), Kind: sheet.Int}, {Text: rq.T("campaign.form.local"), Kind: sheet.Int}, {Text: rq.T("campaign.form.aid"), Kind: sheet.Int}, {Text: rq.T("campaign.note"), Width: 40}}
}

func (c *Campaigns) sheetTemplate(rq *web.Request) (web.Reply, error) {
	t := sheet.Table{Name: rq.T("campaign.import"), Columns: importColumns(rq)}
	kinds := sheet.Table{Name: rq.T("campaign.kind_"), Columns: []sheet.Column{{Text: rq.T("campaign.kind_"), Width: 40}, {Text: rq.T("campaign.measure")}}}
	for _, k := range Kinds {
		kinds.Rows = append(kinds.Rows, []any{kindName(rq, k.Code), rq.T("formdef.unit." + k.Unit)})
	}
	return xlsx(rq.T("campaign.import"), t, kinds)
}

type importView struct {
	Form  *web.Form
	Units []ui.Option
	Fates []ui.Event // a line for each row: what will become of it
	Good  int
	Bad   int
	Done  bool
}

func (c *Campaigns) pageImport(rq *web.Request) (web.Reply, error) {
	units, err := c.unitOptions(rq, Log)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Show(rq.T("campaign.import"), importPage(importView{Form: rq.Filled("campaign.form", map[string]string{"unit": rq.Actor.Unit, "once": rq.Once()}), Units: units})).With(web.Crumb{Text: rq.T("campaign.title"), Path: "/activities"}), nil
}

// doImport reads a sheet. Without "sure" nothing is written: each row's fate is shown.
func (c *Campaigns) doImport(rq *web.Request) (web.Reply, error) {
	f := rq.Form("campaign.form")
	v := importView{Form: f}
	var err error
	if v.Units, err = c.unitOptions(rq, Log); err != nil {
		return web.Reply{}, err
	}
	unit := f.ID("unit", web.Need)
	if f.OK() && c.mayFor(rq.Tx, rq.Actor, Log, unit) != nil {
		f.Refuse("unit", "campaign.unit_bad")
	}
	files := f.Files("sheet")
	if len(files) == 0 {
		f.Refuse("sheet", "campaign.need_sheet")
	}
	if f.OK() {
		r, err := files[0].Open()
		if err != nil {
			return web.Reply{}, err
		}
		defer r.Close()
		b, err := io.ReadAll(io.LimitReader(r, sheet.MaxBytes+1))
		if err != nil {
			return web.Reply{}, err
		}
		rows, err := sheet.Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			if m, ok := errs.TextOf(err); ok {
				f.Refuse("sheet", m.Key, m.Args...)
			} else {
				return web.Reply{}, err
			}
		}
		sure := f.Bool("sure")
		for i, row := range rows {
			if i == 0 || strings.Join(row, "") == "" {
				continue
			}
			a, err := c.rowActivity(rq, row)
			a.Unit = unit
			if err == nil && sure {
				_, err = c.Add(rq.Tx, rq.Actor, a, nil)
			} else if err == nil {
				err = a.check(civil.Of(rq.Tx.Now))
			}
			e := ui.Event{Text: rq.T("campaign.row", i+1), Note: strings.Join(row[:min(4, len(row))], " · ")}
			if err != nil {
				fields := errs.FieldsOf(err)
				if len(fields) == 0 {
					return web.Reply{}, err
				}
				v.Bad++
				e.State, e.When = "late", rq.T(fields[0].Key, fields[0].Args...)
				v.Fates = append(v.Fates, e)
			} else {
				v.Good++
			}
		}
		if v.Bad > 0 && sure {
			f.Refuse("sheet", "campaign.bad_rows", v.Bad) // all or nothing: the refusal undoes what was written
		} else if sure && f.OK() {
			return web.To("/activities").Say("campaign.said.imported", v.Good), nil
		}
		v.Done = f.OK()
	}
	return web.Again(rq.T("campaign.import"), f, importPage(v)).With(web.Crumb{Text: rq.T("campaign.title"), Path: "/activities"}), nil
}

// rowActivity reads a line of a sheet. What cannot be read is refused at the column's field.
func (c *Campaigns) rowActivity(rq *web.Request, row []string) (Activity, error) {
	get := func(i int) string {
		if i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	a := Activity{Place: get(3), Title: get(4), Note: get(13)}
	for _, k := range Kinds {
		if strings.EqualFold(get(0), kindName(rq, k.Code)) || get(0) == k.Code {
			a.Kind = k.Code
		}
	}
	var ok bool
	if a.From, ok = dayOf(get(1)); !ok {
		return a, errs.AtField("from", "campaign.need_day")
	}
	if get(2) != "" {
		if a.To, ok = dayOf(get(2)); !ok {
			return a, errs.AtField("to", "campaign.need_day")
		}
	}
	numbers := map[int]*int64{}
	for _, i := range []int{5, 6, 7, 8, 9, 10, 11, 12} {
		if get(i) == "" {
			continue
		}
		n, ok := web.ParseInt(get(i))
		if !ok {
			return a, errs.AtField("quantity", "campaign.bad_number", get(i))
		}
		numbers[i] = &n
	}
	if numbers[5] != nil {
		a.Quantity = *numbers[5]
	}
	a.Minutes, a.People, a.Women, a.Minority = numbers[6], numbers[7], numbers[8], numbers[9]
	for i, p := range map[int]*int64{10: &a.Central, 11: &a.Local, 12: &a.Aid} {
		if numbers[i] != nil {
			*p = *numbers[i]
		}
	}
	return a, nil
}

// dayOf reads a day as people and spreadsheets write it: 30/7/2026, 2026-07-30.
func dayOf(s string) (civil.Date, bool) {
	if d, err := civil.Parse(s); err == nil {
		return d, !d.IsZero()
	}
	p := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' })
	if len(p) != 3 {
		return civil.Date{}, false
	}
	d, err1 := strconv.Atoi(p[0])
	m, err2 := strconv.Atoi(p[1])
	y, err3 := strconv.Atoi(strings.Fields(p[2] + " ")[0])
	if err1 != nil || err2 != nil || err3 != nil || m < 1 || m > 12 {
		return civil.Date{}, false
	}
	return newDate(y, m, d)
}

type campaignsView struct {
	List  []Campaign
	Names orgunit.Mentions
	Form  *web.Form
	Units []ui.Option
}

func (c *Campaigns) visible(rq *web.Request) ([]Campaign, error) {
	var units []string
	for _, g := range rq.Actor.Grants {
		up, err := above(rq.Tx, g.Unit)
		if err != nil {
			return nil, err
		}
		units = append(append(units, g.Unit), up...)
	}
	return campaignsFor(rq.Tx, units)
}

func (c *Campaigns) pageCampaigns(rq *web.Request) (web.Reply, error) {
	return c.campaignsPage(rq, rq.Filled("campaign.found", map[string]string{"unit": rq.Actor.Unit, "once": rq.Once()}))
}

func (c *Campaigns) campaignsPage(rq *web.Request, f *web.Form) (web.Reply, error) {
	v := campaignsView{Form: f}
	var err error
	if v.List, err = c.visible(rq); err != nil {
		return web.Reply{}, err
	}
	var said []orgunit.Mention
	for _, x := range v.List {
		said = append(said, orgunit.On(x.Unit, x.From))
	}
	if v.Names, err = orgunit.Mentioned(rq.Tx, said); err != nil {
		return web.Reply{}, err
	}
	if v.Units, err = c.unitOptions(rq, Manage); err != nil {
		return web.Reply{}, err
	}
	if !f.OK() {
		return web.Again(rq.T("campaign.campaigns"), f, campaignsPage(v)).Under("/activities"), nil
	}
	return web.Show(rq.T("campaign.campaigns"), campaignsPage(v)).Under("/activities"), nil
}

func (c *Campaigns) doFound(rq *web.Request) (web.Reply, error) {
	f := rq.Form("campaign.found")
	x := Campaign{Unit: f.ID("unit", web.Need), Title: f.Text("title", maxLine, web.Need), Theme: f.Text("theme", maxLine, false), From: f.Date("from", web.Need), To: f.Date("to", web.Need)}
	if f.OK() {
		made, err := c.Found(rq.Tx, rq.Actor, x)
		if err == nil {
			return web.To("/campaigns/" + made.ID).Say("campaign.said.founded"), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.campaignsPage(rq, f)
}

func (c *Campaigns) pageSlogans(rq *web.Request) (web.Reply, error) {
	return c.slogansPage(rq, rq.Filled("campaign.slogan", map[string]string{"year": itoa(civil.Of(rq.Tx.Now).Year)}))
}

func (c *Campaigns) slogansPage(rq *web.Request, f *web.Form) (web.Reply, error) {
	list, err := Slogans(rq.Tx, 0)
	if err != nil {
		return web.Reply{}, err
	}
	lines, err := Hotlines(rq.Tx, civil.Date{})
	if err != nil {
		return web.Reply{}, err
	}
	may := map[string]bool{"new": c.mayRule(rq.Tx, rq.Actor, rq.Actor.Unit) == nil}
	if rq.Actor.Holds(Manage) {
		for _, s := range list {
			may[s.ID] = c.mayWithdraw(rq.Tx, rq.Actor, s) == nil
		}
	}
	year, err := strconv.Atoi(rq.Query("year"))
	if err != nil || year < 2016 || year > 2200 {
		year = civil.Of(rq.Tx.Now).Year
	}
	text := viet.NFC(rq.HTTP.URL.Query().Get("lines")) // lines are kept apart, which rq.Query would not
	if r := []rune(text); len(r) > maxNote {
		text = string(r[:maxNote])
	}
	known, err := c.checked(rq, year, text)
	if err != nil {
		return web.Reply{}, err
	}
	page := slogansPage(list, lines, f, may, known)
	if !f.OK() {
		return web.Again(rq.T("campaign.slogans"), f, page).Under("/activities"), nil
	}
	return web.Show(rq.T("campaign.slogans"), page).Under("/activities"), nil
}

func (c *Campaigns) doSlogan(rq *web.Request) (web.Reply, error) {
	f := rq.Form("campaign.slogan")
	s := Slogan{Text: f.Text("text", 300, web.Need), Source: f.Text("source", 300, false), Unit: rq.Actor.Unit}
	year, _ := f.Int("year", 2016, 2200, web.Need)
	s.Year = int(year)
	if f.OK() {
		_, err := c.ApproveSlogan(rq.Tx, rq.Actor, s)
		if err == nil {
			return web.To("/slogans").Say("campaign.said.slogan"), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.slogansPage(rq, f)
}

func (c *Campaigns) doWithdraw(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.WithdrawSlogan(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	return web.To("/slogans").Say("campaign.said.withdrawn"), nil
}
