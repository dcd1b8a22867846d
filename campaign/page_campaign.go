package campaign

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/sheet"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

type campaignView struct {
	C        Campaign
	Unit     string
	Slogans  []Slogan
	Hotlines []ui.Pair
	Plan     ui.Table
	Budget   ui.Table
	Lines    []lineView
	Form     *web.Form
	Kinds    []ui.Option
	Log      bool
	Manage   bool
	Papers   []ui.Link
	LogPath  string
}

// lineView is a line of the plan as it can be taken out.
type lineView struct{ ID, Text, Small string }

// shown finds the campaign of the address among those the reader may see.
func (c *Campaigns) shown(rq *web.Request) (Campaign, error) {
	id, err := rq.ID("id")
	if err != nil {
		return Campaign{}, err
	}
	list, err := c.visible(rq)
	if err != nil {
		return Campaign{}, err
	}
	for _, x := range list {
		if x.ID == id {
			return x, nil
		}
	}
	return Campaign{}, errs.Absent("campaign", id)
}

func (c *Campaigns) pageCampaign(rq *web.Request) (web.Reply, error) {
	return c.campaignPage(rq, rq.Filled("campaign.plan", map[string]string{"once": rq.Once()}))
}

func (c *Campaigns) campaignPage(rq *web.Request, f *web.Form) (web.Reply, error) {
	x, err := c.shown(rq)
	if err != nil {
		return web.Reply{}, err
	}
	v := campaignView{C: x, Form: f, Kinds: kindOptions(rq), Log: c.mayFor(rq.Tx, rq.Actor, Log, rq.Actor.Unit) == nil, LogPath: doneIn(x, rq.Actor.Unit).address(viewList, 1)}
	v.Manage = c.mayFor(rq.Tx, rq.Actor, Manage, x.Unit) == nil
	for _, id := range x.Directives.V {
		if title, path := c.Directive(rq.Tx, rq.Actor, id); title != "" {
			v.Papers = append(v.Papers, ui.Link{Text: title, Path: path})
		}
	}
	names, err := orgunit.Texts(rq.Tx, []string{x.Unit}, x.From)
	if err != nil {
		return web.Reply{}, err
	}
	v.Unit = names[x.Unit]
	if v.Slogans, err = Slogans(rq.Tx, x.Year); err != nil {
		return web.Reply{}, err
	}
	lines, err := HotlinesIn(rq.Tx, x.From, x.To)
	if err != nil {
		return web.Reply{}, err
	}
	for _, h := range lines {
		v.Hotlines = append(v.Hotlines, ui.Pair{Label: h.Shown, Value: strings.Join(append([]string{h.Name}, duringCampaign(rq, h, x)...), "; ")})
	}
	all, err := c.PlanAgainstDone(rq.Tx, rq.Actor, x, rq.Actor.Unit)
	if err != nil {
		return web.Reply{}, err
	}
	num := func(i int64) ui.Cell { return ui.Cell{Text: i18n.Int(rq.Lang, i)} }
	v.Plan = ui.Table{Caption: rq.T("campaign.plan_done"), Hide: true, Columns: []ui.Column{{Text: rq.T("campaign.kind_"), RowTitle: true}, {Text: rq.T("campaign.planned"), Num: true}, {Text: rq.T("campaign.done"), Num: true}, {Text: rq.T("campaign.share"), Num: true}, {Text: rq.T("campaign.planned_cost"), Num: true}, {Text: rq.T("campaign.cost"), Num: true}}}
	for _, a := range all.Kinds {
		k, _ := KindOf(a.Kind)
		g := doneIn(x, rq.Actor.Unit)
		g.Kind = a.Kind
		cell := ui.Cell{Text: kindName(rq, a.Kind), Path: g.address(viewList, 1), Small: rq.T("formdef.unit." + k.Unit)}
		v.Plan.Rows = append(v.Plan.Rows, []ui.Cell{cell, num(a.Planned), num(a.Done), {Text: share(rq, a.Done, a.Planned)}, num(a.Plan.Sum()), num(a.Spent.Sum())})
	}
	v.Plan.Foot = []ui.Cell{{Text: rq.T("campaign.all")}, {}, {}, {}, num(all.Plan.Sum()), num(all.Spent.Sum())}
	v.Budget = ui.Table{Caption: rq.T("campaign.budget"), Hide: true, Columns: []ui.Column{{Text: rq.T("campaign.source"), RowTitle: true}, {Text: rq.T("campaign.planned_cost"), Num: true}, {Text: rq.T("campaign.cost"), Num: true}, {Text: rq.T("campaign.left"), Num: true}}}
	for _, s := range budgetLines(rq, all) {
		left := num(s.plan - s.spent)
		if s.plan < s.spent {
			left.Class = "late"
			left.Text = rq.T("campaign.over", s.spent-s.plan)
		}
		v.Budget.Rows = append(v.Budget.Rows, []ui.Cell{{Text: s.name}, num(s.plan), num(s.spent), left})
	}
	for _, p := range all.Lines {
		k, _ := KindOf(p.Kind)
		v.Lines = append(v.Lines, lineView{p.ID, kindName(rq, p.Kind) + ": " + i18n.Int(rq.Lang, p.Quantity) + " " + rq.T("formdef.unit."+k.Unit), strings.Trim(i18n.Int(rq.Lang, p.Central+p.Local+p.Aid)+" "+rq.T("formdef.unit.dong")+" · "+p.Note, " ·")})
	}
	if !f.OK() {
		return web.Again(x.Title, f, campaignPage(v)).Under(viewList), nil
	}
	return web.Show(x.Title, campaignPage(v)).Under(viewList), nil
}

// share is done of planned in hundredths; of what was not planned it says so.
func share(rq *web.Request, done, planned int64) string {
	if planned == 0 {
		return rq.T("campaign.unplanned")
	}
	return i18n.Decimal(rq.Lang, float64(done*1000/planned)/10, -1) + " %"
}

// duringCampaign says of a number that did not answer during the whole campaign from when or until when it did, and what to call instead.
func duringCampaign(rq *web.Request, h Hotline, x Campaign) []string {
	var out []string
	if !h.From.IsZero() && h.From.After(x.From) {
		out = append(out, rq.T("campaign.valid_from", i18n.Date(rq.Lang, h.From)))
	}
	if !h.To.IsZero() && h.To.Before(x.To) {
		out = append(out, rq.T("campaign.valid_to", i18n.Date(rq.Lang, h.To)))
		if h.Successor != "" {
			out = append(out, rq.T("campaign.call_after", h.Successor))
		}
	}
	return out
}

type budgetLine struct {
	name        string
	plan, spent int64
}

func budgetLines(rq *web.Request, all Compared) []budgetLine {
	return []budgetLine{{rq.T("campaign.central"), all.Plan.Central, all.Spent.Central}, {rq.T("campaign.local"), all.Plan.Local, all.Spent.Local}, {rq.T("campaign.aid"), all.Plan.Aid, all.Spent.Aid}, {rq.T("campaign.all"), all.Plan.Sum(), all.Spent.Sum()}}
}

// planSheet gives plan against done as XLSX or CSV: money by source beside each kind.
func (c *Campaigns) planSheet(ext string) func(rq *web.Request) (web.Reply, error) {
	return func(rq *web.Request) (web.Reply, error) {
		x, err := c.shown(rq)
		if err != nil {
			return web.Reply{}, err
		}
		all, err := c.PlanAgainstDone(rq.Tx, rq.Actor, x, rq.Actor.Unit)
		if err != nil {
			return web.Reply{}, err
		}
		t := sheet.Table{Name: rq.T("campaign.plan_done"), Title: x.Title, Notes: []string{i18n.Date(rq.Lang, x.From) + " – " + i18n.Date(rq.Lang, x.To), rq.T("campaign.as_of", i18n.Time(rq.Lang, rq.Tx.Now))},
			Columns: []sheet.Column{{Text: rq.T("campaign.kind_"), Width: 30}, {Text: rq.T("campaign.measure"), Width: 12}, {Text: rq.T("campaign.planned"), Kind: sheet.Int}, {Text: rq.T("campaign.done"), Kind: sheet.Int}}}
		for _, when := range []string{rq.T("campaign.planned_cost"), rq.T("campaign.cost")} {
			for _, s := range budgetLines(rq, all) {
				t.Columns = append(t.Columns, sheet.Column{Text: when + ": " + s.name, Kind: sheet.Int, Width: 20})
			}
		}
		money := func(b Budget) []any { return []any{b.Central, b.Local, b.Aid, b.Sum()} }
		for _, a := range all.Kinds {
			k, _ := KindOf(a.Kind)
			t.Rows = append(t.Rows, append(append([]any{kindName(rq, a.Kind), rq.T("formdef.unit." + k.Unit), a.Planned, a.Done}, money(a.Plan)...), money(a.Spent)...))
		}
		t.Foot = append(append([]any{rq.T("campaign.all"), nil, nil, nil}, money(all.Plan)...), money(all.Spent)...)
		if ext == ".xlsx" {
			return xlsx(t.Name, t)
		}
		var b bytes.Buffer
		if err := sheet.CSV(&b, t); err != nil {
			return web.Reply{}, err
		}
		return download(t.Name+".csv", "text/csv; charset=utf-8", b.Bytes()), nil
	}
}

func (c *Campaigns) doPlan(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("campaign.plan")
	p := Planned{Campaign: id, Unit: rq.Actor.Unit, Kind: f.Text("kind", 40, web.Need), Note: f.Text("note", 300, false)}
	p.Quantity, _ = f.Int("quantity", 1, maxCount, web.Need)
	p.Central, _ = f.Int("central", 0, maxMoney, false)
	p.Local, _ = f.Int("local", 0, maxMoney, false)
	p.Aid, _ = f.Int("aid", 0, maxMoney, false)
	if f.OK() {
		err := c.Plan(rq.Tx, rq.Actor, p)
		if err == nil {
			return web.To("/campaigns/" + id).Say("campaign.said.planned"), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.campaignPage(rq, f)
}

func (c *Campaigns) doDropPlan(rq *web.Request) (web.Reply, error) {
	x, err := c.shown(rq)
	if err != nil {
		return web.Reply{}, err
	}
	line, err := rq.ID("line")
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.DropPlan(rq.Tx, rq.Actor, x.ID, rq.Actor.Unit, line); err != nil {
		return web.Reply{}, err
	}
	return web.To("/campaigns/" + x.ID).Say("campaign.said.unplanned"), nil
}

type amendView struct {
	C          Campaign
	Form       *web.Form
	Groups     []ui.Option
	Channels   []ui.Option
	Directives []ui.Option
}

// managed is the campaign of the address, for those who manage it.
func (c *Campaigns) managed(rq *web.Request) (Campaign, error) {
	x, err := c.shown(rq)
	if err != nil {
		return x, err
	}
	return x, c.mayFor(rq.Tx, rq.Actor, Manage, x.Unit)
}

func (c *Campaigns) pageAmend(rq *web.Request) (web.Reply, error) {
	x, err := c.managed(rq)
	if err != nil {
		return web.Reply{}, err
	}
	m := map[string]string{"title": x.Title, "theme": x.Theme, "theme_source": x.ThemeSource, "version": strconv.FormatInt(x.Version, 10)}
	for name, d := range map[string]civil.Date{"from": x.From, "to": x.To} {
		m[name+".day"], m[name+".month"], m[name+".year"] = itoa(d.Day), itoa(int(d.Month)), itoa(d.Year)
	}
	return c.amendPage(rq, x, rq.Filled("campaign.found", m))
}

// amendPage is the form of a campaign; x holds what is ticked.
func (c *Campaigns) amendPage(rq *web.Request, x Campaign, f *web.Form) (web.Reply, error) {
	v := amendView{C: x, Form: f}
	for _, g := range Groups {
		//i18n:prefix campaign.group.
		v.Groups = append(v.Groups, ui.Option{Value: g, Text: rq.T("campaign.group." + g)})
	}
	for _, k := range Channels {
		//i18n:prefix campaign.channel.
		v.Channels = append(v.Channels, ui.Option{Value: k, Text: rq.T("campaign.channel." + k)})
	}
	known := map[string]bool{}
	list, err := c.Directives(rq.Tx, rq.Actor, x.From, x.To)
	if err != nil {
		return web.Reply{}, err
	}
	for _, p := range list {
		known[p.ID] = true
		v.Directives = append(v.Directives, ui.Option{Value: p.ID, Text: p.Text})
	}
	for _, id := range x.Directives.V { // named, and not among those of the days any more
		if title, _ := c.Directive(rq.Tx, rq.Actor, id); title != "" && !known[id] {
			v.Directives = append(v.Directives, ui.Option{Value: id, Text: title})
		}
	}
	title, crumb := rq.T("campaign.amend"), web.Crumb{Text: x.Title, Path: "/campaigns/" + x.ID}
	if !f.OK() {
		return web.Again(title, f, amendPage(v)).With(crumb).Under(viewList), nil
	}
	return web.Show(title, amendPage(v)).With(crumb).Under(viewList), nil
}

func (c *Campaigns) doAmend(rq *web.Request) (web.Reply, error) {
	was, err := c.managed(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("campaign.found")
	x := Campaign{ID: was.ID, Title: f.Text("title", maxLine, web.Need), Theme: f.Text("theme", maxLine, false), ThemeSource: f.Text("theme_source", maxLine, false), From: f.Date("from", web.Need), To: f.Date("to", web.Need)}
	x.Version, _ = f.Int("version", 1, 1<<40, web.Need)
	x.Groups.V, x.Channels.V = f.Choices("groups", false, Groups...), f.Choices("channels", false, Channels...)
	for _, id := range f.RawAll("directives") {
		if ids.Valid(id) && !slices.Contains(x.Directives.V, id) {
			x.Directives.V = append(x.Directives.V, id)
		}
	}
	for _, id := range was.Directives.V { // the form shows none that this person may not read, so it cannot take those out
		if title, _ := c.Directive(rq.Tx, rq.Actor, id); title == "" {
			x.Directives.V = append(x.Directives.V, id)
		}
	}
	if f.OK() {
		err := c.Amend(rq.Tx, rq.Actor, x)
		if err == nil {
			return web.To("/campaigns/" + was.ID).Say("campaign.said.amended"), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	x.Title = was.Title // of the trail
	if x.From.IsZero() || x.To.IsZero() {
		x.From, x.To = was.From, was.To
	}
	return c.amendPage(rq, x, f)
}

// checkedView is what is known of the slogans and numbers in a text.
type checkedView struct {
	Text, Year string
	Lines      []ui.Todo
	Numbers    []string
}

// checked looks at the lines of a text as slogans of a year, and at the numbers in it as hotlines on the Day of that year.
func (c *Campaigns) checked(rq *web.Request, year int, text string) (checkedView, error) {
	v := checkedView{Text: text, Year: itoa(year)}
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if l = strings.Trim(strings.TrimSpace(l), `-–•"“”. `); l != "" && len(lines) < 40 {
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 {
		return v, nil
	}
	list, err := Check(rq.Tx, year, lines)
	if err != nil {
		return v, err
	}
	for _, x := range list {
		t := ui.Todo{Text: x.Text, Tag: rq.T("campaign.slogan_ok"), Tone: ui.OK}
		switch {
		case x.OK && x.Variant != "":
			t.Tag, t.Tone, t.Small = rq.T("campaign.slogan_variant"), ui.Warn, rq.T("campaign.slogan_as", x.Variant)
		case !x.OK && x.Year > 0:
			t.Tag, t.Tone = rq.T("campaign.slogan_other_year", itoa(x.Year)), ui.Late
		case !x.OK:
			t.Tag, t.Tone = rq.T("campaign.slogan_unknown"), ui.None
		}
		v.Lines = append(v.Lines, t)
	}
	day, _ := civil.New(year, 7, 30)
	old, err := Retired(rq.Tx, text, day)
	for _, h := range old {
		v.Numbers = append(v.Numbers, h.Shown+": "+strings.Join(validities(rq.Lang, rq.T, h), "; "))
	}
	return v, err
}
