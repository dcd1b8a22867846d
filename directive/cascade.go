package directive

import (
	"slices"
	"strings"
	"time"

	"chungtay/docparse"
	"chungtay/docrender"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

// lead is how many days before its own deadline a unit asks for the reports of the units below it: what is left is for consolidating.
const lead = 3

// KindName is the name of a kind in a sentence: "Kế hoạch".
func KindName(kind string) string {
	t := docrender.Kind(kind).Title()
	if t == "" {
		return "Công văn"
	}
	r := []rune(strings.ToLower(t))
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// Cascade makes the draft of a unit's own directive from one it has to act on: its grounds quote the one above in full, its duties are
// those given to the unit and to everybody, its report is due before its own. The unit changes what it likes but may not be later.
func (c *Directives) Cascade(tx *db.Tx, by policy.Actor, id, unit string) (Directive, error) {
	d, err := c.may(tx, by, Read, id)
	if err != nil {
		return d, err
	}
	if d.State != Issued {
		return d, errs.New(errs.Conflict, "directive.not_open", d.State.Text())
	}
	if err := c.mayFor(tx, by, Write, unit); err != nil {
		return d, err
	}
	a, ok, err := addressee(tx, id, unit)
	if err != nil {
		return d, err
	}
	if !ok || a.Purpose != "act" || d.Correction() {
		return d, errs.Absent("addressee", unit)
	}
	if a.Cascade != "" {
		return find(tx, a.Cascade)
	}
	content, err := c.carried(tx, unit, d)
	if err != nil {
		return d, err
	}
	made, err := c.Start(tx, by, unit, content, Directive{Parent: id})
	if err != nil {
		return made, err
	}
	if a.ReceivedAt.IsZero() {
		if err := c.Acknowledge(tx, by, id, unit); err != nil {
			return made, err
		}
	}
	return made, setCascade(tx, id, unit, made.ID)
}

// carried is the content of a unit's own directive made from one of this system.
func (c *Directives) carried(tx *db.Tx, unit string, d Directive) (Content, error) {
	up := d.Content.V
	kind := string(docrender.Plan)
	if up.Kind == string(docrender.Letter) {
		kind = up.Kind
	}
	out, err := c.Blank(tx, unit, kind)
	if err != nil {
		return out, err
	}
	issuer, err := orgunit.At(tx, d.Unit, d.IssuedOn)
	if err != nil {
		return out, err
	}
	own, err := orgunit.Present(tx, unit)
	if err != nil {
		return out, err
	}
	cite := Cite(KindName(up.Kind), d.Symbol, d.IssuedOn, issuer.Name, up.Subject)
	out.Subject, out.Aims, out.Period, out.Slogans, out.Hotlines, out.Groups, out.Briefing, out.Urgency = up.Subject, up.Aims, up.Period, up.Slogans, up.Hotlines, up.Groups, up.Briefing, up.Urgency
	out.Intro = introOf(kind, cite, own.Name)
	for _, x := range up.Work {
		if x.Who == "" || c.names(tx, d, x.Who, unit) {
			out.Work = append(out.Work, Duty{Text: x.Text, With: x.With, Product: x.Product, Due: earlier(x.Due, tx.Now)})
		}
	}
	out.Report = Report{Due: earlier(up.Report.Due, tx.Now), To: own.Name, Form: up.Report.Form, Outline: up.Report.Outline}
	out.Addressees = below(own)
	out.Recipients = append([]string{issuer.Name + " (b/c)"}, out.Recipients...)
	return out, nil
}

func introOf(kind, cite, own string) string {
	if cite != "" {
		own = "Thực hiện " + cite + ", " + own
	}
	if kind == string(docrender.Letter) {
		return own + " đề nghị các đơn vị thực hiện những nội dung sau:"
	}
	return own + " ban hành " + KindName(kind) + " với những nội dung sau:"
}

// names tells whether the words of an assignee mean a unit.
func (c *Directives) names(tx *db.Tx, d Directive, who, unit string) bool {
	r, err := orgunit.Resolve(tx, d.Unit, who, d.IssuedOn)
	if err != nil {
		return false
	}
	for _, u := range r.Units {
		if u.ID == unit {
			return true
		}
	}
	return false
}

// earlier is a deadline some days before one, but never in the past.
func earlier(d deadline.Deadline, now time.Time) deadline.Deadline {
	if d.IsZero() {
		return d
	}
	day := d.Day.AddDays(-lead)
	if today := civil.Of(now).AddDays(1); day.Before(today) {
		day = d.Day
	}
	return deadline.New(d.Bound, day)
}

// below are the addressees a unit usually has, in the words of papers.
func below(u orgunit.Unit) []string {
	switch {
	case u.Level == orgunit.Province && u.To.IsZero() && u.Kind == orgunit.PeoplesComm:
		return []string{"Các sở, ban, ngành tỉnh", "Ủy ban nhân dân các xã, phường"}
	case u.Level == orgunit.Province:
		return []string{"Ủy ban nhân dân các xã, phường"}
	case u.Level == orgunit.District:
		return []string{"Ủy ban nhân dân các xã, phường, thị trấn"}
	}
	return nil
}

// carryOn is the content of a unit's own directive made from a paper of another body that came from outside this system. A paper without a
// number (a news item) is not quoted; the papers it quotes are.
func (c *Directives) carryOn(tx *db.Tx, unit string, r *docparse.Document, out Content) (Content, error) {
	own, err := orgunit.Present(tx, unit)
	if err != nil {
		return out, err
	}
	var cited []string
	if r.Number.Text != "" && r.Number.Text[0] != '/' {
		day, _ := civil.New(r.IssuedOn.Year, time.Month(r.IssuedOn.Month), r.IssuedOn.Day)
		cited = []string{Cite(KindName(string(r.Kind)), r.Number.Text, day, proper(r.Issuer.Value), r.Subject.Value)}
	} else {
		for _, x := range r.Citations {
			if x.Basis {
				cited = append(cited, citation(x))
			}
		}
	}
	out.Intro = introOf(out.Kind, strings.Join(cited, "; "), own.Name)
	out.Addressees = below(own)
	switch {
	case r.Issuer.Value != "" && r.Number.Text != "":
		out.Recipients = append([]string{proper(r.Issuer.Value) + " (b/c)"}, out.Recipients...)
	case r.Number.Text == "": // a news item: who asked for the work is who is told of it
		var asked []string
		for _, x := range r.Citations {
			if s := x.Issuer + " (b/c)"; x.Basis && x.Issuer != "" && !meansOwn(x.Issuer, own) && !slices.Contains(asked, s) {
				asked = append(asked, s)
			}
		}
		out.Recipients = append(asked, out.Recipients...)
	}
	out.Aims = aims(r)
	for i := range out.Work {
		if viet.Fold(out.Work[i].Who) != "" && meansOwn(out.Work[i].Who, own) {
			out.Work[i].Who = ""
		}
	}
	out.Report.Due, out.Report.To, out.Report.Channel = earlier(out.Report.Due, tx.Now), own.Name, ""
	return out, nil
}

func meansOwn(who string, u orgunit.Unit) bool {
	a, b := viet.Fold(who), viet.Fold(u.Name)
	return a == b || strings.Contains(b, a) || strings.Contains(a, b)
}

// last is the latest deadline a content sets: of its duties and its report.
func (c Content) last() deadline.Deadline {
	out := c.Report.Due
	for _, x := range c.Work {
		if !x.Due.IsZero() && (out.IsZero() || x.Due.After(out)) {
			out = x.Due
		}
	}
	return out
}

// notLater refuses deadlines later than those of the directive above: a report later than its report, a duty later than everything it asks.
func notLater(content Content, up Directive) error {
	if due := up.ReportDue(); !due.IsZero() && !content.Report.Due.IsZero() && content.Report.Due.After(due) {
		return errs.AtField("report", "directive.later_than_above", due.Last())
	}
	limit := up.Content.V.last()
	if limit.IsZero() {
		return nil
	}
	for i, x := range content.Work {
		if !x.Due.IsZero() && x.Due.After(limit) {
			return errs.AtField("duty"+itoa(i+1)+"_due", "directive.duty_later_than_above", limit.Last())
		}
	}
	return nil
}
