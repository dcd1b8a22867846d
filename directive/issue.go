package directive

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"chungtay/audit"
	"chungtay/docrender"
	"chungtay/document"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/jobs"
	"chungtay/notify"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/task"
)

// Reach is whom a directive goes to, resolved for the day of issue: shown before it is issued.
type Reach struct {
	Act     []orgunit.Unit            // have to carry it out
	Know    []orgunit.Unit            // for their knowledge
	Unknown []string                  // words that name no unit here, as written
	ByWho   map[string][]orgunit.Unit // by the words of a duty for who does it, or who cooperates
}

// Reach resolves the words of a directive to units: addressees and bodies with duties have to act, recipients and bodies that cooperate are to
// know. A correction goes to whoever has the directive it corrects as well.
func (c *Directives) Reach(tx *db.Tx, d Directive) (Reach, error) {
	content := d.Content.V
	on := civil.Of(tx.Now)
	out := Reach{ByWho: map[string][]orgunit.Unit{}}
	seen := map[string]bool{d.Unit: true} // a unit does not write to itself; its divisions are units of their own
	unknown := map[string]bool{}
	note := func(list []string) {
		for _, s := range list {
			if !unknown[s] {
				unknown[s] = true
				out.Unknown = append(out.Unknown, s)
			}
		}
	}
	if len(content.Addressees) > 0 {
		bodies := make([]string, len(content.Addressees))
		for i, a := range content.Addressees {
			bodies[i] = bodyOf(a)
		}
		r, err := orgunit.Resolve(tx, d.Unit, strings.Join(bodies, "\n"), on)
		if err != nil {
			return out, err
		}
		note(append(r.Unknown, r.NotUnits...))
		for _, u := range r.Units {
			if !seen[u.ID] {
				seen[u.ID] = true
				out.Act = append(out.Act, u)
			}
		}
	}
	who, _ := content.Named()
	for _, w := range who {
		r, err := orgunit.Resolve(tx, d.Unit, bodyOf(w), on)
		if err != nil {
			return out, err
		}
		note(append(r.Unknown, r.NotUnits...))
		out.ByWho[w] = r.Units
		for _, u := range r.Units {
			if !seen[u.ID] {
				seen[u.ID] = true
				out.Act = append(out.Act, u)
			}
		}
	}
	if d.Correction() {
		if err := holders(tx, d.Replaces, on, seen, &out); err != nil {
			return out, err
		}
	}
	known := func(units []orgunit.Unit) {
		for _, u := range units {
			if !seen[u.ID] {
				seen[u.ID] = true
				out.Know = append(out.Know, u)
			}
		}
	}
	for _, x := range content.Work {
		if _, there := out.ByWho[x.With]; there || x.With == "" {
			continue
		}
		r, err := orgunit.Resolve(tx, d.Unit, bodyOf(x.With), on)
		if err != nil {
			return out, err
		}
		note(append(r.Unknown, r.NotUnits...))
		out.ByWho[x.With] = r.Units
		known(r.Units)
	}
	var names []string
	for _, s := range content.Recipients {
		names = append(names, recipient(s).Name)
	}
	if len(names) > 0 {
		r, err := orgunit.Resolve(tx, d.Unit, strings.Join(names, "\n"), on)
		if err != nil {
			return out, err
		}
		note(r.Unknown)
		known(r.Units)
	}
	return out, nil
}

// holders adds to a reach the units that have a directive.
func holders(tx *db.Tx, id string, on civil.Date, seen map[string]bool, out *Reach) error {
	have, err := allAddressees(tx, id)
	if err != nil {
		return err
	}
	var ids []string
	for _, a := range have {
		ids = append(ids, a.Unit)
	}
	units, err := orgunit.Many(tx, ids, on)
	if err != nil {
		return err
	}
	for _, a := range have {
		u, ok := units[a.Unit]
		if !ok || seen[a.Unit] {
			continue
		}
		seen[a.Unit] = true
		if a.Purpose == "act" {
			out.Act = append(out.Act, u)
		} else {
			out.Know = append(out.Know, u)
		}
	}
	return nil
}

// bodyOf is the body whose head a paper speaks to: "Thủ trưởng các đơn vị trực thuộc Sở" means the units.
func bodyOf(words string) string {
	for _, head := range []string{"Thủ trưởng ", "Chủ tịch ", "Giám đốc ", "Lãnh đạo "} {
		if rest, ok := strings.CutPrefix(words, head); ok {
			return rest
		}
	}
	return words
}

// atOnce is to how many units a directive is issued while its clerk waits; to more it is a job.
const atOnce = 1500

func (c *Directives) atOnce() int {
	if c.AtOnce > 0 {
		return c.AtOnce
	}
	return atOnce
}

// issueJob is the kind of job that issues to many units.
const issueJob = "directive.issue"

type issueOrder struct {
	Directive string `json:"directive"`
	Person    string `json:"person"`
	Name      string `json:"name"`
	Unit      string `json:"unit"`
}

// Issue numbers a signed directive and sends it out. It returns true when a job does it because the addressees are many.
func (c *Directives) Issue(tx *db.Tx, by policy.Actor, id string) (later bool, err error) {
	d, err := c.may(tx, by, Issue, id)
	if err != nil {
		return false, err
	}
	if d.State != Signed {
		return false, errs.New(errs.Conflict, "directive.not_now", d.State.Text())
	}
	if err := c.ready(tx, d); err != nil { // before a number is drawn or a job begun
		return false, err
	}
	reach, err := c.Reach(tx, d)
	if err != nil {
		return false, err
	}
	if len(reach.Act) == 0 {
		return false, errs.AtField("addressees", "directive.nobody")
	}
	if len(reach.Act)+len(reach.Know) > c.atOnce() {
		if err := c.step(tx, by, &d, "issuing", ""); err != nil {
			return false, err
		}
		_, err := jobs.Enqueue(tx, issueJob, issueOrder{id, by.Person, by.Name, by.Unit}, jobs.UniqueKey(id), jobs.WithPriority(jobs.High), jobs.Owner(d.Unit, by.Person))
		return true, err
	}
	return false, c.issue(tx, by, &d, reach)
}

// Step is how far issuing is: what is being done, for how many units, after how many of all steps.
type Step struct {
	Done int
	Text errs.Message
}

// issueSteps are what is done for every unit when a directive is issued.
var issueSteps = []string{"papers", "work", "reports", "notices"}

// Running tells how far the issuing of a directive is. The transaction that issues is seen by nobody until it is over, so this is known on the
// node that runs it alone.
func (c *Directives) Running(id string) (Step, bool) {
	s, ok := c.running.Load(id)
	if !ok {
		return Step{}, false
	}
	return s.(Step), true
}

func (c *Directives) reached(id string, done, units int) {
	c.running.Store(id, Step{done, errs.Message{Key: "directive.issue_step." + issueSteps[done], Args: []any{units}}})
}

// issue does everything in the given transaction.
func (c *Directives) issue(tx *db.Tx, by policy.Actor, d *Directive, reach Reach) error {
	content := d.Content.V
	if err := c.ready(tx, *d); err != nil {
		return err
	}
	if len(reach.Act) == 0 {
		return errs.AtField("addressees", "directive.nobody")
	}
	on := civil.Of(tx.Now)
	facts := document.Facts{Kind: content.Kind, Subject: content.Subject, Urgency: content.Urgency, Topic: "campaign", Signer: content.Signer, SignerTitle: content.SignerTitle,
		Recipients: strings.Join(content.Recipients, "; "), Copies: 1, Keeper: content.Archive, SentOn: on}
	out := document.Outgoing{Unit: d.Unit, Tail: content.Tail, Facts: facts, Compose: func(paper document.Document) (string, error) {
		return Plain(content.Paper(paper.Number, paper.IssuedOn)), nil
	}}
	if d.Replaces != "" {
		old, err := find(tx, d.Replaces)
		if err != nil {
			return err
		}
		if old.Document != "" {
			kind := document.Replaces
			if d.Correction() {
				kind = document.Corrects
			}
			out.Links = []document.NewLink{{Kind: kind, Target: old.Document}}
		}
	}
	defer c.running.Delete(d.ID)
	c.reached(d.ID, 0, len(reach.Act)+len(reach.Know))
	paper, err := c.Documents.Issue(tx, by, out)
	if err != nil {
		return err
	}
	var act, know []string
	for _, u := range reach.Act {
		act = append(act, u.ID)
	}
	for _, u := range reach.Know {
		know = append(know, u.ID)
	}
	if _, err := c.Documents.Deliver(tx, by, paper.ID, act, document.ToAct); err != nil {
		return err
	}
	if len(know) > 0 {
		if _, err := c.Documents.Deliver(tx, by, paper.ID, know, document.ToKnow); err != nil {
			return err
		}
	}
	if err := insertAddressees(tx, d.ID, act, know); err != nil {
		return err
	}
	d.Document, d.Symbol, d.IssuedOn, d.IssuedAt, d.Addressees = paper.ID, paper.Symbol, paper.IssuedOn, tx.Now, len(act)
	if err := c.step(tx, by, d, "issued", paper.Symbol); err != nil {
		return err
	}
	if !d.Correction() { // the work and the reports are those of the directive it corrects
		c.reached(d.ID, 1, len(act))
		if err := c.assign(tx, by, *d, reach, act); err != nil {
			return err
		}
		c.reached(d.ID, 2, len(act))
		if c.Hooks.Issued != nil {
			if err := c.Hooks.Issued(tx, by, *d, act); err != nil {
				return err
			}
		}
	}
	issuer, err := orgunit.Present(tx, d.Unit)
	if err != nil {
		return err
	}
	c.reached(d.ID, 3, len(act)+len(know))
	notices := make([]notify.Notice, 0, len(act)+len(know))
	for _, u := range append(append([]string(nil), act...), know...) {
		notices = append(notices, notify.Notice{Unit: u, Needs: Receive, Kind: "directive.issued", Key: "directive.notice.issued", Args: []any{issuer.Name, d.Symbol, d.Subject}, Path: "/directives/" + d.ID,
			Urgent: content.Urgency != ""})
	}
	if err := notify.SendMany(tx, notices); err != nil {
		return err
	}
	if d.Replaces != "" {
		if err := c.replaced(tx, by, *d); err != nil {
			return err
		}
	}
	return nil
}

// assign gives the work: what every addressee has to do is one task each, what a named body has to do one task each duty and body.
func (c *Directives) assign(tx *db.Tx, by policy.Actor, d Directive, reach Reach, act []string) error {
	content := d.Content.V
	giver, err := c.Accounts.ActorOf(tx, d.Signer) // the work is the leader's who signed; the clerk sends it out
	if err != nil || c.mayFor(tx, giver, Sign, d.Unit) != nil {
		giver = policy.System(by.Name) // signed by somebody who has left since
	}
	var own deadline.Deadline // until when the unit itself has to be done
	if d.Parent != "" {
		up, err := find(tx, d.Parent)
		if err != nil {
			return err
		}
		own = up.Content.V.last()
	}
	give := func(n task.New, with ...string) error {
		n.Issuer, n.Directive, n.Quiet = d.Unit, d.ID, true
		if n.Due.IsZero() {
			n.Due = content.Report.Due
		}
		if n.Due.IsZero() {
			n.Due = own
		}
		if from := content.Period.From; n.Due.IsZero() || !n.Due.Last().Before(from) {
			n.Start = from
		}
		for _, w := range with {
			for _, u := range reach.ByWho[w] {
				if u.ID != d.Unit && !slices.Contains(n.Cooperate, u.ID) {
					n.Cooperate = append(n.Cooperate, u.ID)
				}
			}
		}
		_, err := c.Tasks.Assign(tx, giver, n)
		return err
	}
	if general := content.General(); len(general) > 0 {
		var lines, with []string
		due := general[0].Due
		for i, x := range general {
			if x.With != "" {
				with = append(with, x.With)
			}
			text := sentence(x.Text)
			if len(general) > 1 {
				text = fmt.Sprintf("%d. %s", i+1, text)
			}
			lines = append(lines, text)
			if x.Due.After(due) {
				due = x.Due
			}
		}
		text := strings.Join(lines, "\n")
		if r := []rune(text); len(r) > 3900 {
			text = string(r[:3900]) + "…"
		}
		numbering := general[0].Numbering
		if last := general[len(general)-1].Numbering; last != numbering {
			numbering = strings.Trim(numbering+"–"+last, "–")
		}
		if err := give(task.New{Text: text, Numbering: numbering, Product: general[0].Product, Due: due, Units: act}, with...); err != nil {
			return err
		}
	} else if len(content.Work) == 0 {
		if err := give(task.New{Text: sentence("Thực hiện " + KindName(d.Kind) + " số " + d.Symbol + " về " + d.Subject), Units: act}); err != nil {
			return err
		}
	}
	for _, x := range content.Work {
		if x.Who == "" {
			continue
		}
		var units []string
		for _, u := range reach.ByWho[x.Who] {
			if u.ID != d.Unit {
				units = append(units, u.ID)
			}
		}
		if len(units) == 0 {
			continue // said before issue as a body that names no unit here
		}
		text := x.Text
		if r := []rune(text); len(r) > 3900 {
			text = string(r[:3900]) + "…"
		}
		if err := give(task.New{Text: text, Numbering: x.Numbering, Product: x.Product, Due: x.Due, Units: units}, x.With); err != nil {
			return err
		}
	}
	return nil
}

// Jobs of this room.
func (c *Directives) Jobs() ([]jobs.Kind, []jobs.Entry) {
	return []jobs.Kind{{Name: issueJob, Run: c.runIssue, MaxAttempts: 5}}, nil
}

// runIssue issues to many units: the same deeds in one transaction, so that no addressee has the paper before the others.
func (c *Directives) runIssue(ctx context.Context, j *jobs.Job) error {
	var o issueOrder
	if err := j.Decode(&o); err != nil {
		return err
	}
	if err := j.Progress(ctx, 0, 1, ""); err != nil {
		return err
	}
	var failed error
	err := j.Finish(ctx, func(tx *db.Tx) error {
		failed = nil
		d, err := find(tx, o.Directive)
		if err != nil {
			return err
		}
		if d.State != Issuing {
			return nil // done by an attempt before
		}
		by := policy.Actor{Person: o.Person, Name: o.Name, Unit: o.Unit}
		if a, err := c.Accounts.ActorOf(tx, o.Person); err == nil {
			by = a
		}
		reach, err := c.Reach(tx, d)
		if err != nil {
			return err
		}
		return c.issue(tx, by, &d, reach)
	})
	if err != nil && (errs.Is(err, errs.Invalid) || errs.Is(err, errs.Forbidden)) {
		failed = err
	}
	if failed == nil {
		return err
	}
	// What nobody can cure by waiting goes back to the clerk, who is told the reason.
	return j.Finish(ctx, func(tx *db.Tx) error {
		d, err := find(tx, o.Directive)
		if err != nil || d.State != Issuing {
			return err
		}
		d.State = Signed
		if err := update(tx, &d); err != nil {
			return err
		}
		by := policy.Actor{Person: o.Person, Name: o.Name, Unit: o.Unit}
		if err := c.event(tx, by, d, "issue_failed", ""); err != nil {
			return err
		}
		said := []errs.Message{{Key: "directive.notice.issue_failed", Args: []any{d.Subject}}}
		if fields := errs.FieldsOf(failed); len(fields) > 0 {
			said = append(said, fields[0].Message)
		} else if m, ok := errs.TextOf(failed); ok {
			said = append(said, m)
		}
		for _, m := range said {
			if err := notify.Send(tx, notify.Notice{Person: o.Person, Kind: "directive.issue_failed", Key: m.Key, Args: m.Args, Path: "/directives/" + d.ID + "/issue", Urgent: true}); err != nil {
				return err
			}
		}
		return audit.Log(tx, policy.System(issueJob), audit.Self(), audit.Deed{Action: "directive.issue_failed", Kind: "directive", ID: d.ID})
	})
}

// Paper is a directive in the prescribed form: with its number and date once it has them, with blanks before.
func (d Directive) Paper() docrender.Document {
	number := 0
	if d.Symbol != "" {
		n, _, _ := strings.Cut(d.Symbol, "/")
		fmt.Sscan(strings.TrimLeft(n, "0"), &number)
	}
	p := d.Content.V.Paper(number, d.IssuedOn)
	p.Draft = d.State == Draft || d.State == Returned || d.State == Submitted
	return p
}

// DOCX is the paper as a file of a word processor.
func (d Directive) DOCX() ([]byte, error) {
	var b bytes.Buffer
	err := docrender.DOCX(&b, d.Paper())
	return b.Bytes(), err
}
