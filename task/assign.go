package task

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/viet"
	"chungtay/notify"
	"chungtay/orgunit"
	"chungtay/policy"
)

// New is work to be given.
type New struct {
	Issuer    string // unit in whose name it is given
	Directive string // "" when given by hand
	Parent    string // the issuer's own task that this passes on
	Numbering string
	Text      string
	Product   string
	Start     civil.Date
	Due       deadline.Deadline
	Units     []string // lead units: one task each
	Cooperate []string // units that cooperate in each of the tasks
	Quiet     bool     // no notice of its own: the directive sends one for all its tasks
}

// soonBefore is how long before the last instant the reminder goes out: three working days is what offices ask for; here three days.
const soonBefore = 3 * 24 * time.Hour

// Assign gives work to units and returns the identifiers of the tasks, in the order of n.Units. It is one statement per several hundred
// units: a directive to 11,000 communes takes seconds.
func (c *Tasks) Assign(tx *db.Tx, by policy.Actor, n New) ([]string, error) {
	if err := c.mayFor(tx, by, Assign, n.Issuer); err != nil {
		return nil, err
	}
	n.Text = strings.TrimSpace(viet.NFC(n.Text))
	n.Product = strings.Join(strings.Fields(viet.NFC(n.Product)), " ")
	switch {
	case n.Text == "":
		return nil, errs.AtField("text", "task.need_text")
	case utf8.RuneCountInString(n.Text) > maxText:
		return nil, errs.AtField("text", "task.text_long", maxText)
	case utf8.RuneCountInString(n.Product) > maxProduct:
		return nil, errs.AtField("product", "task.text_long", maxProduct)
	case len(n.Units) == 0:
		return nil, errs.AtField("units", "task.need_units")
	case !n.Start.IsZero() && !n.Due.IsZero() && n.Due.Last().Before(n.Start):
		return nil, errs.AtField("due", "task.due_before_start")
	}
	if n.Parent != "" {
		p, err := find(tx, n.Parent)
		if err != nil {
			return nil, err
		}
		if p.Unit != n.Issuer {
			return nil, errs.New(errs.Forbidden, "task.may_not")
		}
		if n.Due.After(p.Due()) {
			return nil, errs.AtField("due", "task.due_after_own", p.Due().Last())
		}
	}
	order := Order{ID: ids.New(tx.Now), Issuer: n.Issuer, Directive: n.Directive, Parent: n.Parent, Numbering: n.Numbering, Text: n.Text, Product: n.Product,
		Start: n.Start, MadeBy: by.Person, MadeAt: tx.Now}
	if err := insertOrder(tx, order); err != nil {
		return nil, err
	}
	tasks := make([]Task, 0, len(n.Units))
	var parties []party
	var notes []Note
	seen := map[string]bool{}
	for _, u := range n.Units {
		if seen[u] {
			continue
		}
		seen[u] = true
		t := Task{ID: ids.New(tx.Now), Order: order.ID, Issuer: n.Issuer, Unit: u, State: Open, DueWords: n.Due.Words, DueDay: n.Due.Day, DueBound: n.Due.Bound, Version: 1, MadeAt: tx.Now}
		tasks = append(tasks, t)
		parties = append(parties, party{t.ID, u, "lead"})
		for _, k := range n.Cooperate {
			if k != u && !slices.ContainsFunc(parties[len(parties)-1:], func(p party) bool { return p.Holder == k }) {
				parties = append(parties, party{t.ID, k, "cooperate"})
			}
		}
		notes = append(notes, Note{ID: ids.New(tx.Now), Task: t.ID, Kind: "assigned", Person: by.Person, Unit: n.Issuer, At: tx.Now})
	}
	if err := insertTasks(tx, tasks); err != nil {
		return nil, err
	}
	if err := insertParties(tx, parties); err != nil {
		return nil, err
	}
	if err := insertNotes(tx, notes); err != nil {
		return nil, err
	}
	out := make([]string, len(tasks))
	for i, t := range tasks {
		out[i] = t.ID
	}
	if !n.Quiet {
		name, err := orgunit.NamesOn(tx, []string{n.Issuer}, civil.Of(tx.Now))
		if err != nil {
			return nil, err
		}
		var list []notify.Notice
		for _, t := range tasks {
			list = append(list, until(t, notify.Notice{Unit: t.Unit, Needs: Work, Kind: "task.assigned", Key: "task.notice.assigned", Args: []any{name[n.Issuer], Title(n.Text)}, Path: "/tasks/" + t.ID}))
		}
		if err := notify.SendMany(tx, list); err != nil {
			return nil, err
		}
	}
	change := audit.Diff(nil, order)
	change["due"] = [2]string{"", n.Due.Words}
	change["units"] = [2]string{"", itoa(len(tasks))}
	return out, audit.Log(tx, by, audit.By(Assign, order.Issuer), audit.Deed{Action: "task.assign", Kind: "task_order", ID: order.ID, Change: change})
}

// Delegate passes a task on to units below its own (giao lại): the unit stays answerable to the issuer, the lower ones to it.
func (c *Tasks) Delegate(tx *db.Tx, by policy.Actor, id string, n New) ([]string, error) {
	t, err := c.may(tx, by, Work, id)
	if err != nil {
		return nil, err
	}
	if !t.State.Pending() {
		return nil, errs.New(errs.Conflict, "task.not_now", t.State.Text())
	}
	n.Issuer, n.Parent = t.Unit, t.ID
	if n.Due.IsZero() {
		n.Due = t.Due()
	}
	out, err := c.Assign(tx, by, n)
	if err != nil {
		return nil, err
	}
	if t.State == Open {
		err = c.step(tx, by, &t, Doing, "started", "")
	}
	return out, err
}
