package document

import (
	"chungtay/internal/agenda"
	"chungtay/internal/db"
	"chungtay/internal/i18n"
	"chungtay/policy"
)

// Agenda is this room's part of the home page: for who keeps a register how many papers wait to be entered, for everybody the papers passed
// on to them or their division.
func (c *Documents) Agenda(tx *db.Tx, a policy.Actor, limit int) ([]agenda.Item, error) {
	if !a.Holds(Read) || a.Unit == "" {
		return nil, nil
	}
	ctx := tx.Context()
	var out []agenda.Item
	if a.Holds(Register) && c.mayFor(tx, a, Register, a.Unit) == nil {
		_, n, err := c.ToEnter(tx, a, a.Unit, 1, 1)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, agenda.Item{Text: i18n.T(ctx, "document.agenda.enter", n), Path: "/documents/waiting"})
		}
	}
	mine, err := passedTo(tx, a.Person, a.Unit, limit)
	if err != nil {
		return nil, err
	}
	for _, x := range mine {
		it := agenda.Item{Text: i18n.T(ctx, "document.agenda.handle", shorten(x.Paper.Subject, 120)), Small: line(ctx, x.Paper) + " · " + x.Paper.Issuer, Path: "/documents/" + x.Document}
		if !x.DueOn.IsZero() {
			it.Due = x.DueOn.End()
		}
		out = append(out, it)
	}
	return out, nil
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
