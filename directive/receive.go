package directive

import (
	"slices"
	"strings"
	"time"

	"chungtay/audit"
	"chungtay/docrender"
	"chungtay/document"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/notify"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Acknowledge says that a unit has received a directive (xác nhận đã nhận). Once is enough; again changes nothing. The register of sending shows
// it, and who enters the paper in the unit's register need not say it again (Entered).
func (c *Directives) Acknowledge(tx *db.Tx, by policy.Actor, id, unit string) error {
	d, err := c.may(tx, by, Read, id)
	if err != nil {
		return err
	}
	ok, err := c.receiver(tx, by, unit)
	if err != nil {
		return err
	}
	if !ok && c.mayFor(tx, by, Write, unit) != nil {
		return errs.New(errs.Forbidden, "directive.may_not")
	}
	a, there, err := addressee(tx, id, unit)
	if err != nil {
		return err
	}
	if !there {
		return errs.Absent("addressee", unit)
	}
	if !a.ReceivedAt.IsZero() {
		return nil
	}
	return received(tx, by, d, unit)
}

// Entered takes the entry of a directive's paper in a unit's register for its receipt: what is entered has arrived.
func (c *Directives) Entered(tx *db.Tx, by policy.Actor, paper, unit string) error {
	d, ok, err := findByPaper(tx, paper)
	if err != nil || !ok || d.State != Issued {
		return err
	}
	a, ok, err := addressee(tx, d.ID, unit)
	if err != nil || !ok || !a.ReceivedAt.IsZero() {
		return err
	}
	return received(tx, by, d, unit)
}

func received(tx *db.Tx, by policy.Actor, d Directive, unit string) error {
	id := d.ID
	if err := setReceived(tx, id, unit, by.Person); err != nil {
		return err
	}
	if err := document.Opened(tx, by, d.Document, unit); err != nil {
		return err
	}
	if err := insertEvents(tx, []Event{{ID: newID(tx), Directive: id, Kind: "received", Person: by.Person, Unit: unit, At: tx.Now}}); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Receive, unit), audit.Deed{Action: "directive.received", Kind: "directive", ID: d.ID, Change: audit.Change{"unit": {"", unit}}})
}

// NameReaders names the staff of a unit who are to read a directive and confirm it (quán triệt).
func (c *Directives) NameReaders(tx *db.Tx, by policy.Actor, id, unit string, people []string) error {
	d, err := c.may(tx, by, Read, id)
	if err != nil {
		return err
	}
	ok, err := c.receiver(tx, by, unit)
	if err != nil {
		return err
	}
	if !ok && c.mayFor(tx, by, Write, unit) != nil {
		return errs.New(errs.Forbidden, "directive.may_not")
	}
	if unit != d.Unit {
		if _, there, err := addressee(tx, id, unit); err != nil || !there {
			return errs.Absent("addressee", unit)
		}
	}
	staff, err := c.Accounts.HoldersOf(tx, unit, Read)
	if err != nil {
		return err
	}
	works := map[string]bool{}
	for _, p := range staff {
		works[p.ID] = true
	}
	have, err := readers(tx, id, unit)
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, r := range have {
		named[r.Person] = true
	}
	n := 0
	for _, p := range people {
		if !works[p] {
			return errs.AtField("people", "directive.not_there")
		}
		if named[p] {
			continue
		}
		named[p] = true
		n++
		if err := insertReader(tx, id, unit, p); err != nil {
			return err
		}
		if err := notify.Send(tx, notify.Notice{Person: p, Kind: "directive.read", Key: "directive.notice.read", Args: []any{d.Symbol, d.Subject}, Path: "/directives/" + id}); err != nil {
			return err
		}
	}
	if n == 0 {
		return errs.AtField("people", "directive.choose_people")
	}
	return audit.Log(tx, by, audit.By(Receive, unit), audit.Deed{Action: "directive.name_readers", Kind: "directive", ID: id, Change: audit.Change{"readers": {itoa(len(have)), itoa(len(have) + n)}}})
}

// Confirm says that the actor has read a directive.
func (c *Directives) Confirm(tx *db.Tx, by policy.Actor, id string) error {
	d, err := c.may(tx, by, Read, id)
	if err != nil {
		return err
	}
	units, err := readingFor(tx, id, by.Person)
	if err != nil {
		return err
	}
	n, err := confirm(tx, id, by.Person)
	if err != nil {
		return err
	}
	if n == 0 {
		return nil
	}
	return audit.Log(tx, by, audit.By(Read, units...), audit.Deed{Action: "directive.read", Kind: "directive", ID: d.ID})
}

// Briefing counts for a unit who was named to read directives and who confirmed.
type Briefing struct {
	Named     int `db:"named"`
	Confirmed int `db:"confirmed"`
}

// BriefingOf counts the readers of a directive in a unit and in all units below it, for its report.
func BriefingOf(tx *db.Tx, directive, unit string) (Briefing, error) {
	return briefing(tx, directive, unit)
}

// Silent is how long a directive may stay without receipt before it is shown as silent.
const Silent = 24 * time.Hour

// Recall takes a directive back (thu hồi): number and text stay, the work that is not done is cancelled, everybody who has it is told.
func (c *Directives) Recall(tx *db.Tx, by policy.Actor, id, reason string) error {
	d, err := c.may(tx, by, Issue, id)
	if err != nil {
		return err
	}
	if reason, err = words("reason", reason, true); err != nil {
		return err
	}
	return c.recall(tx, by, d, "recalled", reason, reason)
}

// recall takes a directive back by a deed: recalled for a reason, replaced by another one. said is what the timeline says beside the deed.
func (c *Directives) recall(tx *db.Tx, by policy.Actor, d Directive, deed, said, reason string) error {
	if err := c.step(tx, by, &d, deed, said); err != nil {
		return err
	}
	if _, err := c.Documents.Withdraw(tx, by, d.Document, reason); err != nil {
		return err
	}
	if _, err := c.Tasks.CancelOf(tx, by, d.ID, d.Unit, reason); err != nil {
		return err
	}
	if c.Hooks.Recalled != nil {
		if err := c.Hooks.Recalled(tx, by, d, reason); err != nil {
			return err
		}
	}
	list, err := allAddressees(tx, d.ID)
	if err != nil {
		return err
	}
	issuer, err := orgunit.Present(tx, d.Unit)
	if err != nil {
		return err
	}
	notices := make([]notify.Notice, len(list))
	for i, a := range list {
		//i18n:prefix directive.notice.
		notices[i] = notify.Notice{Unit: a.Unit, Needs: Receive, Kind: "directive." + deed, Key: "directive.notice." + deed, Args: []any{issuer.Name, d.Symbol, said}, Path: "/directives/" + d.ID, Urgent: true}
	}
	return notify.SendMany(tx, notices)
}

// Replace makes the draft of a directive that replaces an issued one (content was wrong), which is recalled when the new one is issued; or of
// the letter that corrects it (form was wrong), which leaves it in force with its work and its reports (Nghị định 30/2020/NĐ-CP: errors of
// content by a paper of equal form, errors of form by công văn).
func (c *Directives) Replace(tx *db.Tx, by policy.Actor, id, kind string) (Directive, error) {
	d, err := c.may(tx, by, Write, id)
	if err != nil {
		return d, err
	}
	if d.State != Issued {
		return d, errs.New(errs.Conflict, "directive.not_now", d.State.Text())
	}
	if kind != "correct" {
		return c.Start(tx, by, d.Unit, d.Content.V, Directive{Parent: d.Parent, Replaces: d.ID, ReplaceKind: "replace"})
	}
	content, err := c.correction(tx, d)
	if err != nil {
		return d, err
	}
	return c.Start(tx, by, d.Unit, content, Directive{Replaces: d.ID, ReplaceKind: kind})
}

// correction is the letter that corrects a directive, to its addressees and signed as it was. What is put right its drafter writes.
func (c *Directives) correction(tx *db.Tx, d Directive) (Content, error) {
	was := d.Content.V
	out, err := c.Blank(tx, d.Unit, string(docrender.Letter))
	if err != nil {
		return out, err
	}
	unit, err := orgunit.Present(tx, d.Unit)
	if err != nil {
		return out, err
	}
	paper := KindName(was.Kind) + " số " + d.Symbol
	out.Subject = "đính chính " + paper
	out.Intro = unit.Name + " đính chính " + Cite(KindName(was.Kind), d.Symbol, d.IssuedOn, unit.Name, was.Subject) + " như sau:"
	out.Closing = "Các nội dung khác của " + paper + " không thay đổi"
	who, _ := was.Named()
	out.Addressees = append(slices.Clone(was.Addressees), who...)
	for _, r := range was.Recipients {
		if !strings.EqualFold(recipient(r).Name, "như trên") {
			out.Recipients = append(out.Recipients, r)
		}
	}
	out.Archive, out.Authority, out.SignerTitle, out.Signer = was.Archive, was.Authority, was.SignerTitle, was.Signer
	return out, nil
}

// replaced ends the directive that a new one replaces.
func (c *Directives) replaced(tx *db.Tx, by policy.Actor, d Directive) error {
	old, err := find(tx, d.Replaces)
	if err != nil || old.State != Issued {
		return err
	}
	if d.Correction() {
		return c.event(tx, by, old, "corrected", d.Symbol)
	}
	return c.recall(tx, by, old, "replaced", d.Symbol, "Được thay thế bằng "+KindName(d.Kind)+" số "+d.Symbol)
}

// Complete closes a directive whose work is done.
func (c *Directives) Complete(tx *db.Tx, by policy.Actor, id string) error {
	d, err := c.may(tx, by, Write, id)
	if err != nil {
		return err
	}
	return c.step(tx, by, &d, "completed", "")
}

// CopyLast makes a draft from an earlier directive with its dates moved by whole years.
func (c *Directives) CopyLast(tx *db.Tx, by policy.Actor, id string, years int) (Directive, error) {
	d, err := c.may(tx, by, Read, id)
	if err != nil {
		return d, err
	}
	if years < 0 || years > 20 {
		return d, errs.AtField("years", "directive.years")
	}
	unit := d.Unit
	if c.mayFor(tx, by, Write, unit) != nil {
		unit = by.Unit
	}
	return c.Start(tx, by, unit, d.Content.V.Shift(years), Directive{})
}
