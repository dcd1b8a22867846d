package task

import (
	"chungtay/internal/agenda"
	"chungtay/internal/db"
	"chungtay/internal/i18n"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Agenda lists for the home page what a person's units have to do, what waits for their acceptance, and what they wait for.
func (c *Tasks) Agenda(tx *db.Tx, a policy.Actor, limit int) ([]agenda.Item, error) {
	if !a.Holds(Read) {
		return nil, nil
	}
	var out []agenda.Item
	add := func(f Filter, make func(Row, func(string) string) agenda.Item) error {
		f.Page, f.Size = 1, limit
		rows, _, err := c.List(tx, a, f)
		if err != nil || len(rows) == 0 {
			return err
		}
		var said []orgunit.Mention
		for _, r := range rows {
			said = append(said, orgunit.On(r.Unit, r.Given()), orgunit.On(r.Issuer, r.Given()))
		}
		labels, err := orgunit.Mentioned(tx, said)
		if err != nil {
			return err
		}
		for _, r := range rows {
			it := make(r, func(unit string) string { return labels.Text(tx.Context(), unit, r.Given()) })
			it.Path = "/tasks/" + r.ID
			out = append(out, it)
		}
		return nil
	}
	ctx := tx.Context()
	if a.Holds(Work) {
		if err := add(Filter{Side: "ours", State: "pending", Unit: a.Unit}, func(r Row, n func(string) string) agenda.Item {
			return agenda.Item{Text: Title(r.Text), Small: i18n.T(ctx, "task.agenda.issuer", n(r.Issuer)), Due: r.Due().Late()}
		}); err != nil {
			return nil, err
		}
	}
	if a.Holds(Accept) {
		if err := add(Filter{Side: "given", Issuer: a.Unit, State: string(Submitted)}, func(r Row, n func(string) string) agenda.Item {
			return agenda.Item{Text: i18n.T(ctx, "task.agenda.check", Title(r.Text)), Small: n(r.Unit)}
		}); err != nil {
			return nil, err
		}
		if err := add(Filter{Side: "given", Issuer: a.Unit, State: "late"}, func(r Row, n func(string) string) agenda.Item {
			return agenda.Item{Text: Title(r.Text), Small: i18n.T(ctx, "task.agenda.waiting", n(r.Unit)), Due: r.Due().Late(), Waiting: true}
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}
