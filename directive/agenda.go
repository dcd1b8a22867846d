package directive

import (
	"chungtay/internal/agenda"
	"chungtay/internal/db"
	"chungtay/internal/i18n"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Agenda lists for the home page what waits for a signature, for issue, for correction, for receipt and for reading.
func (c *Directives) Agenda(tx *db.Tx, a policy.Actor, limit int) ([]agenda.Item, error) {
	var out []agenda.Item
	ctx := tx.Context()
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
		from, err := issuers(tx, list)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			out = append(out, agenda.Item{Text: i18n.T(ctx, "directive.agenda.receive", d.Subject), Path: "/directives/" + d.ID, Small: from(d), Due: d.ReportDue().Late()})
		}
	}
	if a.Person != "" {
		list, err := toRead(tx, a.Person, limit)
		if err != nil {
			return nil, err
		}
		from, err := issuers(tx, list)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			out = append(out, agenda.Item{Text: i18n.T(ctx, "directive.agenda.read", d.Subject), Path: "/directives/" + d.ID, Small: from(d)})
		}
	}
	return out, nil
}

// issuers says of each directive its number and who issued it: many communes number their plans 01/KH-UBND.
func issuers(tx *db.Tx, list []Directive) (func(Directive) string, error) {
	var units []orgunit.Mention
	for _, d := range list {
		units = append(units, orgunit.On(d.Unit, d.IssuedOn))
	}
	labels, err := orgunit.Mentioned(tx, units)
	return func(d Directive) string {
		return d.Symbol + " · " + labels.Text(tx.Context(), d.Unit, d.IssuedOn)
	}, err
}
