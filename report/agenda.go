package report

import (
	"chungtay/internal/agenda"
	"chungtay/internal/db"
	"chungtay/internal/i18n"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Agenda lists for the home page the reports a unit owes, those that wait for a signature or approval, and those that others owe.
func (c *Reports) Agenda(tx *db.Tx, a policy.Actor, limit int) ([]agenda.Item, error) {
	if !a.Holds(Read) {
		return nil, nil
	}
	ctx := tx.Context()
	var out []agenda.Item
	add := func(f Filter, waiting bool, text func(Row, func(string) string) string) error {
		f.Page, f.Size = 1, limit
		rows, _, err := c.List(tx, a, f)
		if err != nil || len(rows) == 0 {
			return err
		}
		labels, err := orgunit.Mentioned(tx, mentions(rows))
		if err != nil {
			return err
		}
		for _, r := range rows {
			names := func(unit string) string { return labels.Text(ctx, unit, r.day()) }
			out = append(out, agenda.Item{Text: text(r, names), Small: names(r.Asker), Path: "/reports/" + r.ID, Due: r.Due().Late(), Waiting: waiting})
		}
		return nil
	}
	if a.Holds(Write) {
		for _, s := range []State{NotSent, Draft, Returned} {
			if err := add(Filter{Side: "ours", State: string(s), Units: []string{a.Unit}}, false, func(r Row, _ func(string) string) string { return i18n.T(ctx, "report.agenda.write", r.Title) }); err != nil {
				return nil, err
			}
		}
	}
	if a.Holds(Sign) {
		if err := add(Filter{Side: "ours", State: string(Signing), Units: []string{a.Unit}}, false, func(r Row, _ func(string) string) string { return i18n.T(ctx, "report.agenda.sign", r.Title) }); err != nil {
			return nil, err
		}
	}
	if a.Holds(Approve) {
		if err := add(Filter{Side: "asked", State: string(Submitted)}, false, func(r Row, n func(string) string) string {
			return i18n.T(ctx, "report.agenda.approve", n(r.Unit), r.Title)
		}); err != nil {
			return nil, err
		}
		if err := add(Filter{Side: "asked", State: "missing"}, true, func(r Row, n func(string) string) string { return n(r.Unit) + ": " + r.Title }); err != nil {
			return nil, err
		}
	}
	return out, nil
}
