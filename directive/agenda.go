package directive

import (
	"chungtay/internal/agenda"
	"chungtay/internal/db"
	"chungtay/internal/i18n"
	"chungtay/policy"
)

// Agenda lists for the home page what waits for a signature, for issue, for correction, for receipt and for reading.
func (c *Directives) Agenda(tx *db.Tx, a policy.Actor, limit int) ([]agenda.Item, error) {
	var out []agenda.Item
	ctx := tx.Context()
	add := func(list []Directive, text func(Directive) string, waiting bool) {
		for _, d := range list {
			out = append(out, agenda.Item{Text: text(d), Path: "/directives/" + d.ID, Small: d.Symbol, Due: d.ReportDue().Late(), Waiting: waiting})
		}
	}
	for _, w := range []struct {
		p      policy.Permission
		states string
		key    string
	}{{Sign, `('submitted')`, "directive.agenda.sign"}, {Issue, `('signed')`, "directive.agenda.issue"}, {Write, `('returned')`, "directive.agenda.mend"}} {
		if !a.Holds(w.p) {
			continue
		}
		list, err := c.todo(tx, a, w.p, w.states, limit)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			out = append(out, agenda.Item{Text: i18n.T(ctx, w.key, d.Subject), Path: "/directives/" + d.ID})
		}
	}
	if units := unitsOf(a, Receive); len(units) > 0 {
		list, err := arrived(tx, units, limit)
		if err != nil {
			return nil, err
		}
		add(list, func(d Directive) string { return i18n.T(ctx, "directive.agenda.receive", d.Subject) }, false)
	}
	if a.Person != "" {
		list, err := toRead(tx, a.Person, limit)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			out = append(out, agenda.Item{Text: i18n.T(ctx, "directive.agenda.read", d.Subject), Path: "/directives/" + d.ID, Small: d.Symbol})
		}
	}
	return out, nil
}
