package campaign

import (
	"slices"
	"strings"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/policy"
)

// Found sets up a campaign of a unit for a year.
func (c *Campaigns) Found(tx *db.Tx, by policy.Actor, x Campaign) (Campaign, error) {
	if err := c.mayFor(tx, by, Manage, x.Unit); err != nil {
		return x, err
	}
	if err := x.check(); err != nil {
		return x, err
	}
	if err := c.mayName(tx, by, x.Directives.V, nil); err != nil {
		return x, err
	}
	x.ID, x.State, x.Version, x.MadeBy, x.MadeAt = newID(tx), "open", 1, by.Person, tx.Now
	if err := insertCampaign(tx, x); err != nil {
		return x, err
	}
	return x, audit.Log(tx, by, audit.By(Manage, x.Unit), audit.Deed{Action: "campaign.found", Kind: "campaign", ID: x.ID, Change: audit.Diff(nil, x)})
}

// Amend changes what a campaign says of itself: title, days, theme with the paper that announced it, groups, channels, directives. x.Version is the
// version that was read; a later one is a Conflict.
func (c *Campaigns) Amend(tx *db.Tx, by policy.Actor, x Campaign) error {
	was, err := findCampaign(tx, x.ID)
	if err != nil {
		return err
	}
	if err := c.mayFor(tx, by, Manage, was.Unit); err != nil {
		return err
	}
	x.Unit, x.State, x.MadeBy, x.MadeAt = was.Unit, was.State, was.MadeBy, was.MadeAt
	if err := x.check(); err != nil {
		return err
	}
	if err := c.mayName(tx, by, x.Directives.V, was.Directives.V); err != nil {
		return err
	}
	if err := updateCampaign(tx, x); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Manage, x.Unit), audit.Deed{Action: "campaign.amend", Kind: "campaign", ID: x.ID, Change: audit.Diff(was, x)})
}

// check tidies a campaign and refuses what cannot be, at the field. A theme is verified by the paper that announced it.
func (x *Campaign) check() error {
	line := func(s string) string { return strings.Join(strings.Fields(viet.NFC(s)), " ") }
	x.Title, x.Theme, x.ThemeSource = line(x.Title), line(x.Theme), line(x.ThemeSource)
	if x.Theme == "" {
		x.ThemeSource = ""
	}
	x.ThemeVerified, x.Year = x.ThemeSource != "", x.To.Year
	for _, l := range []struct {
		field string
		list  []string
		known []string
	}{{"groups", x.Groups.V, Groups}, {"channels", x.Channels.V, Channels}} {
		for _, s := range l.list {
			if !slices.Contains(l.known, s) {
				return errs.AtField(l.field, "campaign.choose_listed")
			}
		}
	}
	switch {
	case x.Title == "":
		return errs.AtField("title", "campaign.need_title")
	case len([]rune(x.Title)) > maxLine:
		return errs.AtField("title", "campaign.too_long", maxLine)
	case len([]rune(x.Theme)) > maxLine:
		return errs.AtField("theme", "campaign.too_long", maxLine)
	case len([]rune(x.ThemeSource)) > maxLine:
		return errs.AtField("theme_source", "campaign.too_long", maxLine)
	case x.From.IsZero() || x.To.IsZero():
		return errs.AtField("from", "campaign.need_day")
	case x.To.Before(x.From):
		return errs.AtField("to", "campaign.to_before_from")
	}
	return nil
}

// mayName refuses directives the actor may not read; those that were named before stay.
func (c *Campaigns) mayName(tx *db.Tx, by policy.Actor, list, before []string) error {
	for _, id := range list {
		if slices.Contains(before, id) {
			continue
		}
		if c.Directive == nil {
			return errs.AtField("directives", "campaign.choose_listed")
		}
		if title, _ := c.Directive(tx, by, id); title == "" {
			return errs.AtField("directives", "campaign.choose_listed")
		}
	}
	return nil
}

// Plan adds a planned activity with its budget to a campaign.
func (c *Campaigns) Plan(tx *db.Tx, by policy.Actor, p Planned) error {
	if err := c.mayFor(tx, by, Log, p.Unit); err != nil {
		return err
	}
	x, err := findCampaign(tx, p.Campaign)
	if err != nil {
		return err
	}
	up, err := above(tx, p.Unit)
	if err != nil {
		return err
	}
	if x.Unit != p.Unit && !slices.Contains(up, x.Unit) {
		return errs.Absent("campaign", p.Campaign)
	}
	if _, ok := KindOf(p.Kind); !ok {
		return errs.AtField("kind", "campaign.need_kind")
	}
	if p.Quantity < 1 || p.Quantity > maxCount {
		return errs.AtField("quantity", "campaign.need_quantity")
	}
	for name, n := range map[string]int64{"central": p.Central, "local": p.Local, "aid": p.Aid} {
		if n < 0 || n > maxMoney {
			return errs.AtField(name, "campaign.money")
		}
	}
	p.ID = newID(tx)
	if err := insertPlanned(tx, p, by.Person); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Log, p.Unit), audit.Deed{Action: "campaign.plan", Kind: "campaign", ID: p.Campaign, Change: audit.Diff(nil, p)})
}

// DropPlan takes a line out of a unit's plan. A line that is not there any more is no error: somebody pressed twice.
func (c *Campaigns) DropPlan(tx *db.Tx, by policy.Actor, campaign, unit, line string) error {
	if err := c.mayFor(tx, by, Log, unit); err != nil {
		return err
	}
	list, err := plannedOf(tx, campaign, unit)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(p Planned) bool { return p.ID == line })
	if i < 0 {
		return nil
	}
	if err := deletePlanned(tx, line); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Log, unit), audit.Deed{Action: "campaign.plan_dropped", Kind: "campaign", ID: campaign, Change: audit.Diff(list[i], nil)})
}

// Budget is money by its source, in đồng.
type Budget struct{ Central, Local, Aid int64 }

// Sum is the money of all sources.
func (b Budget) Sum() int64 { return b.Central + b.Local + b.Aid }

func (b Budget) plus(o Budget) Budget {
	return Budget{b.Central + o.Central, b.Local + o.Local, b.Aid + o.Aid}
}

// Against is plan against done for one kind, each in its own unit of measure.
type Against struct {
	Kind          string
	Planned, Done int64
	Plan, Spent   Budget
}

// Compared is a plan against what was done, with its lines.
type Compared struct {
	Lines       []Planned
	Kinds       []Against
	Plan, Spent Budget
}

// doneIn is the filter of what counts as done in a campaign for a unit: what it and the units below it did while the campaign ran. The page
// leads to the log by the same filter.
func doneIn(x Campaign, unit string) Filter {
	return Filter{Unit: unit, Below: true, From: x.From, To: x.To}
}

// PlanAgainstDone compares a unit's plan with what it and the units below it did in the campaign. What was done without having been planned
// is in it as well.
func (c *Campaigns) PlanAgainstDone(tx *db.Tx, by policy.Actor, x Campaign, unit string) (Compared, error) {
	var out Compared
	var err error
	if out.Lines, err = plannedOf(tx, x.ID, unit); err != nil {
		return out, err
	}
	done, err := c.Sums(tx, by, doneIn(x, unit))
	if err != nil {
		return out, err
	}
	kinds := map[string]*Against{}
	get := func(k string) *Against {
		if kinds[k] == nil {
			kinds[k] = &Against{Kind: k}
		}
		return kinds[k]
	}
	for _, p := range out.Lines {
		a := get(p.Kind)
		a.Planned += p.Quantity
		a.Plan = a.Plan.plus(Budget{p.Central, p.Local, p.Aid})
	}
	for _, d := range done {
		a := get(d.Kind)
		a.Done += d.Quantity
		a.Spent = a.Spent.plus(Budget{d.Central, d.Local, d.Aid})
	}
	for _, k := range Kinds {
		if a := kinds[k.Code]; a != nil {
			out.Kinds = append(out.Kinds, *a)
			out.Plan, out.Spent = out.Plan.plus(a.Plan), out.Spent.plus(a.Spent)
		}
	}
	return out, nil
}
