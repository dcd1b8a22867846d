package report

import (
	"crypto/sha256"
	"encoding/hex"
	"sort"

	"chungtay/audit"
	"chungtay/formdef"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/notify"
	"chungtay/orgunit"
	"chungtay/policy"
)

func digestOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// Refused is the error of a report that does not hold: what was found at which cell.
type Refused struct{ Found []formdef.Finding }

// Error says what happened, for the log.
func (*Refused) Error() string { return "the report does not hold" }

// Submit sends a report to the unit that asked. What is required must be there, hard rules must hold, corrected figures need a reason.
// Where the request asks for a leader's signature, an officer's Submit hands it to the leader and the leader's sends it.
func (c *Reports) Submit(tx *db.Tx, by policy.Actor, id string, version int64) (Report, error) {
	w, err := c.writing(tx, by, id)
	if err != nil {
		return w.Report, err
	}
	return c.submit(tx, by, w, version)
}

func (c *Reports) submit(tx *db.Tx, by policy.Actor, w writing, version int64) (Report, error) {
	r, a, f, id := w.Report, w.Asked, w.Form, w.Report.ID
	switch {
	case a.State != "open":
		return r, errs.New(errs.Conflict, "report.closed")
	case version != 0 && version != r.Version:
		return r, errs.New(errs.Conflict, "report.changed_meanwhile")
	case !r.State.Open() && r.State != Signing:
		return r, errs.New(errs.Conflict, "report.not_now", r.State.Text())
	}
	if a.Form != "" {
		if _, err := c.Forms.Accepting(tx, a.Form); err != nil {
			return r, err
		}
	}
	values, _, err := f.Decode([]byte(r.Body))
	if err != nil {
		return r, err
	}
	j, err := c.judge(tx, w, values)
	if err != nil {
		return r, err
	}
	if !r.Nothing {
		var found []formdef.Finding
		for _, x := range j.Result.Problems {
			if x.Level == formdef.Hard {
				found = append(found, x)
			}
		}
		for _, addr := range Corrected(r, j.Result.Values) {
			if r.Fills.V[addr].Reason == "" {
				found = append(found, formdef.Finding{At: addr, Level: formdef.Hard, Message: errs.Message{Key: "report.need_reason"}})
			}
		}
		if found != nil {
			sort.SliceStable(found, func(i, j int) bool { return found[i].At < found[j].At })
			return r, errs.Wrap(&Refused{found}, errs.Invalid, "report.refused", len(found))
		}
	}
	if a.Signed && !c.signs(tx, by, r) {
		if r.State == Signing {
			return r, errs.New(errs.Forbidden, "report.leader_signs")
		}
		before := r
		r.State = Signing
		if err := update(tx, &r); err != nil {
			return r, err
		}
		if err := c.event(tx, by, r, "signing", ""); err != nil {
			return r, err
		}
		if err := notify.Send(tx, notify.Notice{Unit: r.Unit, Needs: Sign, Kind: "report.signing", Key: "report.notice.signing", Args: []any{by.Name, a.Title}, Path: "/reports/" + r.ID}); err != nil {
			return r, err
		}
		return r, audit.Log(tx, by, audit.By(Write, r.Unit), audit.Deed{Action: "report.signing", Kind: "report", ID: id, Change: audit.Diff(before, r)})
	}
	return r, c.send(tx, by, &r, a, j.Result.Values)
}

func (c *Reports) signs(tx *db.Tx, by policy.Actor, r Report) bool {
	if by.IsSystem() {
		return true
	}
	up, err := above(tx, r.Unit)
	return err == nil && c.Book.Scope(by, Sign).Allows(policy.Record{Unit: r.Unit, Above: up, Addressed: []string{r.Unit}, AddressedAbove: append(up, r.Unit)})
}

// Nothing answers that nothing occurred (không phát sinh): every figure is answered so, which is neither zero nor silence.
func (c *Reports) Nothing(tx *db.Tx, by policy.Actor, id string, version int64) (Report, error) {
	r, err := c.may(tx, by, Write, id)
	if err != nil {
		return r, err
	}
	if !r.State.Open() {
		return r, errs.New(errs.Conflict, "report.not_now", r.State.Text())
	}
	if version != 0 && version != r.Version {
		return r, errs.New(errs.Conflict, "report.changed_meanwhile")
	}
	a, err := findAsked(tx, r.Request)
	if err != nil {
		return r, err
	}
	f, err := c.form(tx, a)
	if err != nil {
		return r, err
	}
	values := formdef.Values{}
	for _, cell := range f.Figures() {
		values[cell.Address] = formdef.NoneValue()
	}
	r.Body, r.Nothing, r.ChangedBy, r.ChangedAt = string(values.Canonical()), true, by.Person, tx.Now
	if err := update(tx, &r); err != nil {
		return r, err
	}
	if err := keepDraft(tx, r); err != nil {
		return r, err
	}
	if err := c.event(tx, by, r, "nothing", ""); err != nil {
		return r, err
	}
	return c.Submit(tx, by, id, r.Version)
}

// send keeps what is sent as a submission that is never changed.
func (c *Reports) send(tx *db.Tx, by policy.Actor, r *Report, a Asked, values formdef.Values) error {
	before := *r
	r.Current++
	r.State, r.SubmittedAt, r.Body = Submitted, tx.Now, string(values.Canonical())
	if r.FirstAt.IsZero() {
		r.FirstAt = tx.Now
	}
	signer, sent := "", Write
	if a.Signed {
		signer, sent = by.Person, Sign
	}
	s := Submission{Report: r.ID, Number: r.Current, Body: r.Body, Digest: digestOf(r.Body), Nothing: r.Nothing, Fills: r.Fills, Person: by.Person, Signer: signer, Late: !r.Due().Met(r.FirstAt), At: tx.Now}
	if err := insertSubmission(tx, s); err != nil {
		return err
	}
	if err := c.keepHead(tx, *r, a, s); err != nil {
		return err
	}
	if err := update(tx, r); err != nil {
		return err
	}
	if err := dropDrafts(tx, r.ID); err != nil {
		return err
	}
	if err := keepDraft(tx, *r); err != nil {
		return err
	}
	if err := c.event(tx, by, *r, "submitted", ""); err != nil {
		return err
	}
	name, err := orgunit.Present(tx, r.Unit)
	if err != nil {
		return err
	}
	if err := notify.Send(tx, notify.Notice{Unit: r.Asker, Needs: Approve, Kind: "report.submitted", Key: "report.notice.submitted", Args: []any{name.Name, a.Title}, Path: "/reports/" + r.ID}); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(sent, r.Unit), audit.Deed{Action: "report.submit", Kind: "report", ID: r.ID, Change: audit.Diff(before, *r)})
}

// own refuses that somebody decides about what they sent themselves.
func (c *Reports) own(by policy.Actor, s Submission) error {
	if !by.IsSystem() && (by.Person == s.Person || by.Person == s.Signer) {
		return errs.New(errs.Forbidden, "report.not_own")
	}
	return nil
}

// judged returns a report that waits for a verdict of somebody else than its senders. number is the submission that was read, 0 the present
// one: a later one is a Conflict.
func (c *Reports) judged(tx *db.Tx, by policy.Actor, id string, number int) (Report, error) {
	r, err := c.may(tx, by, Approve, id)
	if err != nil {
		return r, err
	}
	if r.State != Submitted {
		return r, errs.New(errs.Conflict, "report.not_now", r.State.Text())
	}
	if number != 0 && number != r.Current {
		return r, errs.New(errs.Conflict, "report.changed_meanwhile")
	}
	s, err := submission(tx, id, r.Current)
	if err != nil {
		return r, err
	}
	return r, c.own(by, s)
}

// Approve takes a submission as it is; number as for judged.
func (c *Reports) Approve(tx *db.Tx, by policy.Actor, id string, number int) error {
	r, err := c.judged(tx, by, id, number)
	if err != nil {
		return err
	}
	before := r
	r.State, r.ApprovedN, r.ApprovedAt, r.Frozen = Approved, r.Current, tx.Now, false
	if err := setVerdict(tx, id, r.Current, "approved", by.Person, ""); err != nil {
		return err
	}
	if err := update(tx, &r); err != nil {
		return err
	}
	if err := c.event(tx, by, r, "approved", ""); err != nil {
		return err
	}
	if err := c.tell(tx, by, r, "approved", false); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Approve, r.Asker), audit.Deed{Action: "report.approve", Kind: "report", ID: id, Change: audit.Diff(before, r)})
}

// CellNote is a comment on one cell of a report that is returned.
type CellNote struct{ Cell, Text string }

// Return gives a report back with what is to be mended, as a whole and cell by cell.
func (c *Reports) Return(tx *db.Tx, by policy.Actor, id string, number int, reason string, notes []CellNote) error {
	r, err := c.judged(tx, by, id, number)
	if err != nil {
		return err
	}
	if reason, err = words("reason", reason, len(notes) == 0); err != nil {
		return err
	}
	return c.back(tx, by, r, "returned", reason, notes)
}

func (c *Reports) back(tx *db.Tx, by policy.Actor, r Report, kind, reason string, notes []CellNote) error {
	before := r
	r.State, r.Frozen = Returned, false
	if kind == "returned" {
		if err := setVerdict(tx, r.ID, r.Current, "returned", by.Person, reason); err != nil {
			return err
		}
	}
	if err := update(tx, &r); err != nil {
		return err
	}
	if err := keepDraft(tx, r); err != nil {
		return err
	}
	for _, n := range notes {
		if err := c.remark(tx, by, audit.By(Approve, r.Asker), r, n.Cell, n.Text); err != nil {
			return err
		}
	}
	if err := c.event(tx, by, r, kind, reason); err != nil {
		return err
	}
	if err := c.tell(tx, by, r, kind, true); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Approve, r.Asker), audit.Deed{Action: "report." + kind, Kind: "report", ID: r.ID, Purpose: reason, Change: audit.Diff(before, r)})
}

// TakeBack lets the unit go on with what waits for its leader's signature.
func (c *Reports) TakeBack(tx *db.Tx, by policy.Actor, id string) error {
	r, err := c.may(tx, by, Write, id)
	if err != nil {
		return err
	}
	if r.State != Signing {
		return errs.New(errs.Conflict, "report.not_now", r.State.Text())
	}
	r.State = Draft
	if r.Current > 0 {
		r.State = Returned
	}
	if err := update(tx, &r); err != nil {
		return err
	}
	if err := keepDraft(tx, r); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Write, r.Unit), audit.Deed{Action: "report.take_back", Kind: "report", ID: id})
}

// Unlock opens an approved report again, with a reason. The approved submission stays and stays part of frozen consolidations; what is sent
// next appears there as a difference.
func (c *Reports) Unlock(tx *db.Tx, by policy.Actor, id, reason string) error {
	r, err := c.may(tx, by, Approve, id)
	if err != nil {
		return err
	}
	if r.State != Approved {
		return errs.New(errs.Conflict, "report.not_now", r.State.Text())
	}
	if reason, err = words("reason", reason, true); err != nil {
		return err
	}
	return c.back(tx, by, r, "unlocked", reason, nil)
}

// Extend gives a unit more time; the former deadline stays on record.
func (c *Reports) Extend(tx *db.Tx, by policy.Actor, id string, until deadline.Deadline, reason string) error {
	r, err := c.may(tx, by, Approve, id)
	if err != nil {
		return err
	}
	switch {
	case r.State.Sent(), r.State == HandedOver:
		return errs.New(errs.Conflict, "report.not_now", r.State.Text())
	case until.IsZero():
		return errs.AtField("until", "report.need_until")
	case !until.After(r.Due()):
		return errs.AtField("until", "report.until_earlier", r.Due().Last())
	}
	if reason, err = words("why", reason, true); err != nil {
		return err
	}
	if err := insertExtension(tx, r, until, reason, by.Person); err != nil {
		return err
	}
	before := r
	r.DueWords, r.DueDay, r.DueBound = until.Words, until.Day, until.Bound
	if err := update(tx, &r); err != nil {
		return err
	}
	if r.State.Open() {
		if err := keepDraft(tx, r); err != nil {
			return err
		}
	}
	if err := c.event(tx, by, r, "extension", until.Words+": "+reason); err != nil {
		return err
	}
	if err := c.tell(tx, by, r, "extended", false); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Approve, r.Asker), audit.Deed{Action: "report.extend", Kind: "report", ID: id, Purpose: reason, Change: audit.Diff(before, r)})
}

// tell sends the unit that reports a notice.
func (c *Reports) tell(tx *db.Tx, by policy.Actor, r Report, kind string, urgent bool) error {
	a, err := findAsked(tx, r.Request)
	if err != nil {
		return err
	}
	//i18n:prefix report.notice.
	return notify.Send(tx, notify.Notice{Unit: r.Unit, Needs: Write, Kind: "report." + kind, Key: "report.notice." + kind, Args: []any{by.UnitName, a.Title}, Path: "/reports/" + r.ID, Urgent: urgent})
}
