package task

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"chungtay/audit"
	"chungtay/internal/blob"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/jobs"
	"chungtay/internal/viet"
	"chungtay/notify"
	"chungtay/policy"
)

func itoa(n int) string { return strconv.Itoa(n) }

func newID(tx *db.Tx) string { return ids.New(tx.Now) }

// steps says from which state which deed leads where.
var steps = map[string][]State{
	"started":   {Open, Returned},
	"submitted": {Open, Doing, Returned},
	"returned":  {Submitted},
	"accepted":  {Submitted},
	"cancelled": {Open, Doing, Submitted, Returned},
}

// step moves a task to a state, writes the note and the audit line.
func (c *Tasks) step(tx *db.Tx, by policy.Actor, t *Task, to State, deed, text string) error {
	ok := false
	for _, s := range steps[deed] {
		ok = ok || s == t.State
	}
	if !ok {
		return errs.New(errs.Conflict, "task.not_now", t.State.Text())
	}
	before := *t
	t.State = to
	switch to {
	case Submitted:
		t.SubmittedAt = tx.Now
	case Returned, Open, Doing:
		t.SubmittedAt = t.DoneAt
	case Done:
		t.DoneAt = tx.Now
	}
	if err := update(tx, t); err != nil {
		return err
	}
	if err := c.note(tx, by, *t, deed, text); err != nil {
		return err
	}
	right := audit.By(noteNeeds[deed], t.Issuer)
	if noteNeeds[deed] == "" {
		var err error
		if right, err = working(tx, *t); err != nil {
			return err
		}
	}
	return audit.Log(tx, by, right, audit.Deed{Action: "task." + deed, Kind: "task", ID: t.ID, Change: audit.Diff(before, *t)})
}

// doers are the units that do the work of a task: the lead unit and those that cooperate.
func doers(tx *db.Tx, t Task) ([]string, error) {
	parties, err := partiesOf(tx, t.ID)
	units := []string{t.Unit}
	for _, p := range parties {
		if p.Part != "person" {
			units = append(units, p.Holder)
		}
	}
	return units, err
}

// working is their right.
func working(tx *db.Tx, t Task) (audit.Right, error) {
	units, err := doers(tx, t)
	return audit.By(Work, units...), err
}

// dated are the sentences that also say until when the work is to be done, where there is a deadline.
var dated = map[string]string{"task.notice.assigned": "task.notice.assigned_by", "task.notice.handed": "task.notice.handed_by", "task.notice.returned": "task.notice.returned_by",
	"task.notice.granted": "task.notice.granted_by", "task.notice.refused": "task.notice.refused_by"}

// until makes of a notice about a task the sentence with its deadline.
func until(t Task, n notify.Notice) notify.Notice {
	if key := dated[n.Key]; key != "" && !t.DueDay.IsZero() {
		n.Key, n.Args = key, append(n.Args, t.Due().Last())
	}
	return n
}

// tell sends a notice about a task: what the work is called, and until when it is to be done, follow the other arguments.
func (c *Tasks) tell(tx *db.Tx, t Task, n notify.Notice) error {
	o, err := orderOf(tx, t.Order)
	if err != nil {
		return err
	}
	n.Args, n.Path = append(n.Args, Title(o.Text)), "/tasks/"+t.ID
	return notify.Send(tx, until(t, n))
}

func (c *Tasks) note(tx *db.Tx, by policy.Actor, t Task, kind, text string) error {
	return insertNotes(tx, []Note{{ID: ids.New(tx.Now), Task: t.ID, Kind: kind, Text: text, Person: by.Person, Unit: by.Unit, At: tx.Now}})
}

// words checks a text that somebody writes on a task.
func words(field, s string, need bool) (string, error) {
	s = strings.TrimSpace(viet.NFC(s))
	switch {
	case s == "" && need:
		return "", errs.AtField(field, "task.need_note")
	case utf8.RuneCountInString(s) > maxNote:
		return "", errs.AtField(field, "task.text_long", maxNote)
	}
	return s, nil
}

// Start says that work has begun.
func (c *Tasks) Start(tx *db.Tx, by policy.Actor, id string) error {
	t, err := c.may(tx, by, Work, id)
	if err != nil {
		return err
	}
	return c.step(tx, by, &t, Doing, "started", "")
}

// Progress writes a note on how far the work is. Issuer and doers may.
func (c *Tasks) Progress(tx *db.Tx, by policy.Actor, id, text string) error {
	t, err := c.may(tx, by, Read, id)
	if err != nil {
		return err
	}
	if !by.Holds(Work) && !by.Holds(Accept) {
		return errs.New(errs.Forbidden, "task.may_not")
	}
	if t.State.Closed() {
		return errs.New(errs.Conflict, "task.not_now", t.State.Text())
	}
	if text, err = words("note", text, true); err != nil {
		return err
	}
	if t.State == Open && t.Unit == by.Unit {
		if err := c.step(tx, by, &t, Doing, "started", ""); err != nil {
			return err
		}
	}
	if err := c.note(tx, by, t, "note", text); err != nil {
		return err
	}
	units, err := doers(tx, t)
	if err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Read, append(units, t.Issuer)...), audit.Deed{Action: "task.note", Kind: "task", ID: id})
}

// Attach adds files as evidence to a task. Of photos a copy without place and device is made by a job.
func (c *Tasks) Attach(tx *db.Tx, by policy.Actor, id string, files []blob.Ref) error {
	t, err := c.may(tx, by, Work, id)
	if err != nil {
		return err
	}
	if !t.State.Pending() {
		return errs.New(errs.Conflict, "task.not_now", t.State.Text())
	}
	if len(files) == 0 {
		return errs.AtField("files", "task.need_files")
	}
	have, err := evidenceOf(tx, id)
	if err != nil {
		return err
	}
	if len(have)+len(files) > maxEvidence {
		return errs.AtField("files", "task.many_files", maxEvidence)
	}
	for _, f := range files {
		e := Evidence{ID: ids.New(tx.Now), Task: id, Name: f.Name, Type: string(f.Type), Size: f.Size, Original: f.ID, Person: by.Person, At: tx.Now}
		if err := insertEvidence(tx, e); err != nil {
			return err
		}
		if err := c.Blobs.Use(tx, f, "task", id); err != nil {
			return err
		}
		if err := c.note(tx, by, t, "evidence", f.Name); err != nil {
			return err
		}
		if isPhoto(f.Type) {
			if _, err := jobs.Enqueue(tx, "task.photo", photoJob{e.ID}); err != nil {
				return err
			}
		}
	}
	if t.State == Open {
		if err := c.step(tx, by, &t, Doing, "started", ""); err != nil {
			return err
		}
	}
	right, err := working(tx, t)
	if err != nil {
		return err
	}
	return audit.Log(tx, by, right, audit.Deed{Action: "task.attach", Kind: "task", ID: id, Change: audit.Change{"files": {itoa(len(have)), itoa(len(have) + len(files))}}})
}

// Detach takes evidence back before the work is handed in. The file's line stays in the history.
func (c *Tasks) Detach(tx *db.Tx, by policy.Actor, id, evidence string) error {
	t, err := c.may(tx, by, Work, id)
	if err != nil {
		return err
	}
	if !t.State.Pending() {
		return errs.New(errs.Conflict, "task.not_now", t.State.Text())
	}
	if err := dropEvidence(tx, id, evidence); err != nil {
		return err
	}
	right, err := working(tx, t)
	if err != nil {
		return err
	}
	return audit.Log(tx, by, right, audit.Deed{Action: "task.detach", Kind: "task", ID: id, Change: audit.Change{"evidence": {evidence, ""}}})
}

// Submit hands the work in. Evidence must be attached: a task is not done because somebody says so.
func (c *Tasks) Submit(tx *db.Tx, by policy.Actor, id string, version int64, text string) error {
	t, err := c.may(tx, by, Work, id)
	if err != nil {
		return err
	}
	if version != 0 && version != t.Version {
		return errs.New(errs.Conflict, "task.changed_meanwhile")
	}
	if text, err = words("result", text, true); err != nil {
		return err
	}
	have, err := evidenceOf(tx, id)
	if err != nil {
		return err
	}
	if len(have) == 0 {
		return errs.AtField("files", "task.need_evidence")
	}
	if err := c.step(tx, by, &t, Submitted, "submitted", text); err != nil {
		return err
	}
	return c.tell(tx, t, notify.Notice{Unit: t.Issuer, Needs: Accept, Kind: "task.submitted", Key: "task.notice.submitted", Args: []any{by.UnitName}})
}

// Accept says that the work is done (nghiệm thu). Nobody accepts their own: the issuer is another unit, or at least another person.
func (c *Tasks) Accept(tx *db.Tx, by policy.Actor, id string, version int64, text string) error {
	t, err := c.may(tx, by, Accept, id)
	if err != nil {
		return err
	}
	if version != 0 && version != t.Version {
		return errs.New(errs.Conflict, "task.changed_meanwhile")
	}
	if who, err := lastNote(tx, id, "submitted"); err != nil {
		return err
	} else if who.Person == by.Person && t.Issuer == t.Unit && !by.IsSystem() {
		return errs.New(errs.Forbidden, "task.not_own")
	}
	if text, err = words("answer", text, false); err != nil {
		return err
	}
	if err := c.step(tx, by, &t, Done, "accepted", text); err != nil {
		return err
	}
	return c.tell(tx, t, notify.Notice{Unit: t.Unit, Needs: Work, Kind: "task.accepted", Key: "task.notice.accepted", Args: []any{by.UnitName}})
}

// Return gives the work back with what is missing.
func (c *Tasks) Return(tx *db.Tx, by policy.Actor, id string, version int64, reason string) error {
	t, err := c.may(tx, by, Accept, id)
	if err != nil {
		return err
	}
	if version != 0 && version != t.Version {
		return errs.New(errs.Conflict, "task.changed_meanwhile")
	}
	if reason, err = words("answer", reason, true); err != nil {
		return err
	}
	if err := c.step(tx, by, &t, Returned, "returned", reason); err != nil {
		return err
	}
	return c.tell(tx, t, notify.Notice{Unit: t.Unit, Needs: Work, Kind: "task.returned", Key: "task.notice.returned", Args: []any{by.UnitName}, Urgent: true})
}

// Cancel withdraws a task.
func (c *Tasks) Cancel(tx *db.Tx, by policy.Actor, id, reason string) error {
	t, err := c.may(tx, by, Accept, id)
	if err != nil {
		return err
	}
	if reason, err = words("reason", reason, true); err != nil {
		return err
	}
	if err := c.step(tx, by, &t, Cancelled, "cancelled", reason); err != nil {
		return err
	}
	return c.tell(tx, t, notify.Notice{Unit: t.Unit, Needs: Work, Kind: "task.cancelled", Key: "task.notice.cancelled", Args: []any{by.UnitName}})
}

// CancelOf withdraws all tasks of a directive that its issuer recalls, done ones excepted.
func (c *Tasks) CancelOf(tx *db.Tx, by policy.Actor, directive, issuer, reason string) (int, error) {
	open, err := openOf(tx, directive)
	if err != nil {
		return 0, err
	}
	if err := cancelOf(tx, directive); err != nil {
		return 0, err
	}
	notes := make([]Note, len(open))
	for i, id := range open {
		notes[i] = Note{ID: ids.New(tx.Now), Task: id, Kind: "cancelled", Text: reason, Person: by.Person, Unit: by.Unit, At: tx.Now}
	}
	if err := insertNotes(tx, notes); err != nil {
		return 0, err
	}
	return len(open), audit.Log(tx, by, audit.By(Assign, issuer), audit.Deed{Action: "task.cancel_all", Kind: "directive", ID: directive, Purpose: reason, Change: audit.Change{"tasks": {itoa(len(open)), "0"}}})
}

// Hand gives a task to a person of the lead unit.
func (c *Tasks) Hand(tx *db.Tx, by policy.Actor, id, person string) error {
	t, err := c.may(tx, by, Work, id)
	if err != nil {
		return err
	}
	if t.State.Closed() {
		return errs.New(errs.Conflict, "task.not_now", t.State.Text())
	}
	holders, err := c.Accounts.HoldersOf(tx, t.Unit, Work)
	if err != nil {
		return err
	}
	name := ""
	for _, h := range holders {
		if h.ID == person {
			name = h.Name
		}
	}
	if person != "" && name == "" {
		return errs.AtField("person", "task.not_there")
	}
	before := t
	t.Person = person
	if err := update(tx, &t); err != nil {
		return err
	}
	if err := setPerson(tx, id, person); err != nil {
		return err
	}
	if err := c.note(tx, by, t, "person", name); err != nil {
		return err
	}
	if person != "" && person != by.Person {
		if err := c.tell(tx, t, notify.Notice{Person: person, Kind: "task.handed", Key: "task.notice.handed", Args: []any{by.Name}}); err != nil {
			return err
		}
	}
	right, err := working(tx, t)
	if err != nil {
		return err
	}
	return audit.Log(tx, by, right, audit.Deed{Action: "task.hand", Kind: "task", ID: id, Change: audit.Diff(before, t)})
}

// AskMore asks for more time (đề nghị gia hạn).
func (c *Tasks) AskMore(tx *db.Tx, by policy.Actor, id string, until deadline.Deadline, reason string) error {
	t, err := c.may(tx, by, Work, id)
	if err != nil {
		return err
	}
	switch {
	case !t.State.Pending():
		return errs.New(errs.Conflict, "task.not_now", t.State.Text())
	case t.DueDay.IsZero():
		return errs.New(errs.Conflict, "task.no_due")
	case until.IsZero():
		return errs.AtField("until", "task.need_until")
	case !until.After(t.Due()):
		return errs.AtField("until", "task.until_earlier", t.Due().Last())
	}
	if reason, err = words("reason", reason, true); err != nil {
		return err
	}
	if open, err := extensionAsked(tx, id); err != nil {
		return err
	} else if open != "" {
		return errs.New(errs.Conflict, "task.asked_already")
	}
	e := Extension{ID: ids.New(tx.Now), Task: id, State: "asked", Reason: reason, UntilWords: until.Words, UntilDay: until.Day, UntilBound: until.Bound,
		FormerWords: t.DueWords, FormerDay: t.DueDay, FormerBound: t.DueBound, AskedBy: by.Person, AskedAt: tx.Now}
	if err := insertExtension(tx, e); err != nil {
		return err
	}
	if err := c.note(tx, by, t, "asked", until.Words+": "+reason); err != nil {
		return err
	}
	if err := c.tell(tx, t, notify.Notice{Unit: t.Issuer, Needs: Accept, Kind: "task.asked", Key: "task.notice.asked", Args: []any{by.UnitName}}); err != nil {
		return err
	}
	right, err := working(tx, t)
	if err != nil {
		return err
	}
	return audit.Log(tx, by, right, audit.Deed{Action: "task.ask_more", Kind: "task", ID: id, Change: audit.Change{"due": {t.DueWords, until.Words}}})
}

// Decide grants or refuses more time. What is granted moves the deadline, with its reminders; the former one stays with the extension. Of work
// that passes on a task of the issuer's own, no more time can be granted than that task has.
func (c *Tasks) Decide(tx *db.Tx, by policy.Actor, id, extension string, grant bool, answer string) error {
	t, err := c.may(tx, by, Accept, id)
	if err != nil {
		return err
	}
	e, err := findExtension(tx, id, extension)
	if err != nil {
		return err
	}
	if e.State != "asked" {
		return errs.New(errs.Conflict, "task.decided_already")
	}
	if answer, err = words("answer", answer, !grant); err != nil {
		return err
	}
	e.State, e.DecidedBy, e.DecidedAt, e.Answer = "refused", by.Person, tx.Now, answer
	before := t
	kind := "refused"
	if grant {
		o, err := orderOf(tx, t.Order)
		if err != nil {
			return err
		}
		if o.Parent != "" {
			if up, err := find(tx, o.Parent); err != nil {
				return err
			} else if e.Until().After(up.Due()) {
				return errs.AtField("verdict", "task.due_after_own", up.Due().Last())
			}
		}
		e.State, kind = "granted", "granted"
		t.DueWords, t.DueDay, t.DueBound = e.UntilWords, e.UntilDay, e.UntilBound
		if err := update(tx, &t); err != nil {
			return err
		}
		if err := escalateAgain(tx, t.ID); err != nil {
			return err
		}
	}
	if err := decideExtension(tx, e); err != nil {
		return err
	}
	if err := c.note(tx, by, t, kind, strings.Trim(e.UntilWords+": "+answer, ": ")); err != nil {
		return err
	}
	key := "task.notice.refused"
	if grant {
		key = "task.notice.granted"
	}
	if err := c.tell(tx, t, notify.Notice{Unit: t.Unit, Needs: Work, Kind: "task.decided", Key: key, Args: []any{by.UnitName}}); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Accept, t.Issuer), audit.Deed{Action: "task.extension_" + kind, Kind: "task", ID: id, Change: audit.Diff(before, t)})
}

// Heir hands the open tasks of a vanished unit to its successor, with their history; orgunit calls it in a takeover.
type Heir struct{}

// Count is how many tasks are open at a unit.
func (Heir) Count(tx *db.Tx, unit string) (int, error) { return countOpen(tx, unit) }

// Move moves them. Work that the successor has been given as well and has not done yet is not owed twice: the old unit's task is closed, readable for
// the successor, and the two lead to each other.
func (Heir) Move(tx *db.Tx, by policy.Actor, from, to string) (int, error) {
	moved, err := moveOpen(tx, from, to)
	if err != nil || len(moved) == 0 {
		return 0, err
	}
	var notes []Note
	note := func(id, kind, text string) {
		notes = append(notes, Note{ID: ids.New(tx.Now), Task: id, Kind: kind, Text: text, Person: by.Person, Unit: to, At: tx.Now})
	}
	for _, id := range moved {
		note(id, "moved", from)
	}
	twice, err := owedTwice(tx, moved, to)
	if err != nil {
		return 0, err
	}
	for _, p := range twice {
		if err := closeJoined(tx, p.Old); err != nil {
			return 0, err
		}
		note(p.Old, "joined", p.Own)
		note(p.Own, "joins", p.Old)
	}
	return len(moved), insertNotes(tx, notes)
}

// GiverHeir hands the work that a vanished unit had given and that is not done yet to its successor, which accepts or returns it from now on.
type GiverHeir struct{}

// Count is how many such tasks there are.
func (GiverHeir) Count(tx *db.Tx, unit string) (int, error) {
	given, err := givenOf(tx, unit)
	return len(given), err
}

// Move hands them over.
func (GiverHeir) Move(tx *db.Tx, by policy.Actor, from, to string) (int, error) {
	given, err := givenOf(tx, from)
	if err != nil || len(given) == 0 {
		return 0, err
	}
	if err := moveGiven(tx, from, to); err != nil {
		return 0, err
	}
	notes := make([]Note, len(given))
	for i, id := range given {
		notes[i] = Note{ID: ids.New(tx.Now), Task: id, Kind: "given_moved", Text: from, Person: by.Person, Unit: to, At: tx.Now}
	}
	return len(given), insertNotes(tx, notes)
}
