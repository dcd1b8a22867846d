package report

import (
	"strconv"
	"strings"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

func itoa(n int) string      { return strconv.Itoa(n) }
func newID(tx *db.Tx) string { return ids.New(tx.Now) }

func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

const askedColumns = `q.id, q.unit_id, q.directive_id, q.parent_id, q.root_id, q.schedule_id, q.title, q.form_code, q.form_version_id, q.outline, q.period_from, q.period_to, q.due_words, q.due_day, q.due_bound,
	q.signed, q.state, q.owing, q.made_by, q.made_at, q.version`

func findAsked(tx *db.Tx, id string) (Asked, error) {
	return db.Memo(tx, "report_request", id, func() (Asked, error) {
		a, ok, err := db.Find[Asked](tx, `SELECT `+askedColumns+` FROM report_request q WHERE q.id = $1`, id)
		if err == nil && !ok {
			err = errs.Absent("report request", id)
		}
		return a, err
	})
}

func insertAsked(tx *db.Tx, a Asked) error {
	_, err := tx.Exec(`INSERT INTO report_request (id, unit_id, directive_id, parent_id, root_id, schedule_id, title, title_fold, form_code, form_version_id, outline, period_from, period_to, due_words, due_day, due_bound, due_at,
		signed, state, owing, made_by, made_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
		a.ID, a.Unit, null(a.Directive), null(a.Parent), a.Root, null(a.Schedule), a.Title, viet.Fold(a.Title), a.FormCode, null(a.Form), a.Outline, a.From, a.To, a.DueWords, a.DueDay, a.DueBound, a.Due().Late(),
		a.Signed, a.State, a.Owing, a.MadeBy, a.MadeAt, a.Version)
	return err
}

func setAskedState(tx *db.Tx, a Asked, state string) error {
	n, err := tx.Exec(`UPDATE report_request SET state = $1, version = version + 1 WHERE id = $2 AND version = $3`, state, a.ID, a.Version)
	if err == nil && n != 1 {
		err = errs.New(errs.Conflict, "report.changed_meanwhile")
	}
	return err
}

// askedOf returns the request of a directive.
func askedOf(tx *db.Tx, directive string) (Asked, bool, error) {
	return db.Find[Asked](tx, `SELECT `+askedColumns+` FROM report_request q WHERE q.directive_id = $1 ORDER BY q.made_at DESC LIMIT 1`, directive)
}

// below returns the request a unit made itself for answering one from above.
func below(tx *db.Tx, parent, unit string) (Asked, bool, error) {
	return db.Find[Asked](tx, `SELECT `+askedColumns+` FROM report_request q WHERE q.parent_id = $1 AND q.unit_id = $2 AND q.state <> 'recalled' ORDER BY q.made_at DESC LIMIT 1`, parent, unit)
}

const reportColumns = `r.id, r.request_id, r.asker_id, r.unit_id, r.heir_id, r.state, r.nil_return, r.frozen, r.due_words, r.due_day, r.due_bound, r.body, r.fills, r.current, r.approved, r.submitted_at, r.first_at, r.approved_at,
	r.changed_by, r.changed_at, r.version`

func find(tx *db.Tx, id string) (Report, error) {
	r, ok, err := db.Find[Report](tx, `SELECT `+reportColumns+` FROM report r WHERE r.id = $1`, id)
	if err == nil && !ok {
		err = errs.Absent("report", id)
	}
	return r, err
}

func reportOf(tx *db.Tx, request, unit string) (Report, bool, error) {
	return db.Find[Report](tx, `SELECT `+reportColumns+` FROM report r WHERE r.request_id = $1 AND r.unit_id = $2`, request, unit)
}

// soonBefore is how long before the last instant the first reminder goes out.
const soonBefore = 3 * 24 * time.Hour

func times(d deadline.Deadline) (late, soon time.Time) {
	if d.IsZero() {
		return
	}
	return d.Late(), d.Late().Add(-soonBefore)
}

// batch is how many identifiers go into one statement that reads.
const batch = 500

func insertReports(tx *db.Tx, a Asked, units []string) error {
	late, soon := times(a.Due())
	rows := make([][]any, len(units))
	for i, u := range units {
		rows[i] = []any{newID(tx), a.ID, a.Unit, u, NotSent, 0, 0, a.DueWords, a.DueDay, a.DueBound, late, soon, "{}", "{}", 0, 0, 1}
	}
	_, err := tx.InsertMany(`INSERT INTO report (id, request_id, asker_id, unit_id, state, nil_return, frozen, due_words, due_day, due_bound, due_at, due_soon_at, body, fills, current, approved, version)`, rows, "")
	return err
}

// update writes a changed report; one that somebody else changed meanwhile is a Conflict.
func update(tx *db.Tx, r *Report) error {
	late, soon := times(r.Due())
	if !r.State.Open() && r.State != Signing {
		soon = time.Time{}
	}
	n, err := tx.Exec(`UPDATE report SET state = $1, nil_return = $2, frozen = $3, due_words = $4, due_day = $5, due_bound = $6, due_at = $7, due_soon_at = $8, body = $9, fills = $10, current = $11, approved = $12,
		submitted_at = $13, first_at = $14, approved_at = $15, changed_by = $16, changed_at = $17, version = version + 1 WHERE id = $18 AND version = $19`,
		r.State, r.Nothing, r.Frozen, r.DueWords, r.DueDay, r.DueBound, late, soon, r.Body, r.Fills, r.Current, r.ApprovedN, r.SubmittedAt, r.FirstAt, r.ApprovedAt, null(r.ChangedBy), r.ChangedAt, r.ID, r.Version)
	if err == nil && n != 1 {
		err = errs.New(errs.Conflict, "report.changed_meanwhile")
	}
	r.Version++
	return err
}

// keepDraft stores the values under the version that holds them.
func keepDraft(tx *db.Tx, r Report) error {
	_, err := tx.Exec(`INSERT INTO report_draft (report_id, version, body) VALUES ($1, $2, $3)`, r.ID, r.Version, r.Body)
	return err
}

// draftOf returns the values a writer started from; it reports false when they are no longer kept.
func draftOf(tx *db.Tx, id string, version int64) (string, bool, error) {
	return db.Find[string](tx, `SELECT body FROM report_draft WHERE report_id = $1 AND version <= $2 ORDER BY version DESC LIMIT 1`, id, version)
}

func dropDrafts(tx *db.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM report_draft WHERE report_id = $1`, id)
	return err
}

const submissionColumns = `report_id, number, body, digest, nil_return, fills, person_id, signer_id, late, at, verdict, verdict_by, verdict_at, verdict_note`

func insertSubmission(tx *db.Tx, s Submission) error {
	_, err := tx.Exec(`INSERT INTO report_submission (report_id, number, body, digest, nil_return, fills, person_id, signer_id, late, at, verdict, verdict_note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '')`,
		s.Report, s.Number, s.Body, s.Digest, s.Nothing, s.Fills, s.Person, s.Signer, s.Late, s.At)
	return err
}

func setVerdict(tx *db.Tx, report string, number int, verdict, by, note string) error {
	return tx.Must1(`UPDATE report_submission SET verdict = $1, verdict_by = $2, verdict_at = $3, verdict_note = $4 WHERE report_id = $5 AND number = $6`, verdict, by, tx.Now, note, report, number)
}

func submission(tx *db.Tx, report string, number int) (Submission, error) {
	s, ok, err := db.Find[Submission](tx, `SELECT `+submissionColumns+` FROM report_submission WHERE report_id = $1 AND number = $2`, report, number)
	if err == nil && !ok {
		err = errs.Absent("submission", report)
	}
	return s, err
}

func submissionsOf(tx *db.Tx, report string) ([]Submission, error) {
	return db.All[Submission](tx, `SELECT `+submissionColumns+` FROM report_submission WHERE report_id = $1 ORDER BY number DESC`, report)
}

// member is an approved submission as a consolidation takes it in.
type member struct {
	Report  string `db:"id"`
	Unit    string `db:"unit_id"`
	Number  int    `db:"number"`
	Body    string `db:"body"`
	Digest  string `db:"digest"`
	Nothing bool   `db:"nil_return"`
}

// approvedOf lists the approved submissions of a request in the order of the units.
func approvedOf(tx *db.Tx, request string) ([]member, error) {
	return db.All[member](tx, `SELECT r.id, r.unit_id, s.number, s.body, s.digest, s.nil_return FROM report r JOIN report_submission s ON s.report_id = r.id AND s.number = r.approved
		WHERE r.request_id = $1 AND r.approved > 0 ORDER BY r.unit_id`, request)
}

func insertEvents(tx *db.Tx, list []Event) error {
	rows := make([][]any, len(list))
	for i, e := range list {
		rows[i] = []any{e.ID, e.Report, e.Kind, e.Note, e.Person, e.Unit, e.At}
	}
	_, err := tx.InsertMany(`INSERT INTO report_event (id, report_id, kind, note, person_id, unit_id, at)`, rows, "")
	return err
}

func eventsOf(tx *db.Tx, report string) ([]Event, error) {
	return db.All[Event](tx, `SELECT id, report_id, kind, note, person_id, unit_id, at FROM report_event WHERE report_id = $1 ORDER BY at, id`, report)
}

func insertRemark(tx *db.Tx, report string, m Remark) error {
	_, err := tx.Exec(`INSERT INTO report_comment (id, report_id, number, cell, text, person_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`, m.ID, report, m.Number, m.Cell, m.Text, m.Person, m.At)
	return err
}

func remarksOf(tx *db.Tx, report string) ([]Remark, error) {
	return db.All[Remark](tx, `SELECT id, number, cell, text, person_id, at FROM report_comment WHERE report_id = $1 ORDER BY at, id`, report)
}

func insertAttachment(tx *db.Tx, report, person string, f Attachment) error {
	_, err := tx.Exec(`INSERT INTO report_file (id, report_id, name, type, size, blob, person_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, f.ID, report, f.Name, f.Type, f.Size, f.Blob, person, f.At)
	return err
}

func attachmentsOf(tx *db.Tx, report string) ([]Attachment, error) {
	return db.All[Attachment](tx, `SELECT id, name, type, size, blob, at FROM report_file WHERE report_id = $1 ORDER BY at, id`, report)
}

func dropAttachment(tx *db.Tx, report, id string) error {
	return tx.Must1(`DELETE FROM report_file WHERE id = $1 AND report_id = $2`, id, report)
}

func insertExtension(tx *db.Tx, r Report, until deadline.Deadline, reason, person string) error {
	_, err := tx.Exec(`INSERT INTO report_extension (id, report_id, until_words, until_day, until_bound, former_words, former_day, former_bound, reason, by_person, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		newID(tx), r.ID, until.Words, until.Day, until.Bound, r.DueWords, r.DueDay, r.DueBound, reason, person, tx.Now)
	return err
}

func extensionsOf(tx *db.Tx, report string) ([]Extension, error) {
	return db.All[Extension](tx, `SELECT until_words, former_words, reason, by_person, at FROM report_extension WHERE report_id = $1 ORDER BY at`, report)
}

// Filter says which reports a list shows; lists, counts, chasing and exports use it, so that they agree.
type Filter struct {
	Request string
	Side    string // "ours": to be written by the actor's units; "asked": asked for by them
	State   string // a state, "late", "missing" (not sent), "nothing", or ""
	Units   []string
	Words   string
	Page    int
	Size    int
}

// lateSQL is the condition of a report that was not there in time; it takes the present instant.
const lateSQL = `r.due_at IS NOT NULL AND r.state <> 'handed_over' AND COALESCE(r.first_at, CAST(? AS BIGINT)) >= r.due_at`

func (c *Reports) where(tx *db.Tx, by policy.Actor, f Filter) db.Where {
	var w db.Where
	cond, args := c.Book.Scope(by, Read).SQL(columns)
	w.And(cond, args...)
	switch f.Side {
	case "ours":
		cond, args := c.Book.Scope(by, Write).SQL(policy.Columns{Addressed: columns.Addressed})
		w.And(cond, args...)
	case "asked":
		cond, args := c.Book.Scope(by, Approve).SQL(policy.Columns{Unit: columns.Unit})
		w.And(cond, args...)
	}
	if f.Request != "" {
		w.And(`r.request_id = ?`, f.Request)
	} else {
		w.And(`q.state <> 'recalled'`)
	}
	switch f.State {
	case "":
	case "late":
		w.And(lateSQL, tx.Now.UnixMilli())
	case "missing":
		w.And(`r.state IN ('none', 'draft', 'signing')`)
	case "nothing":
		w.And(`r.nil_return = 1`)
	default:
		w.And(`r.state = ?`, f.State)
	}
	if len(f.Units) > 0 {
		args := make([]any, len(f.Units))
		for i, u := range f.Units {
			args[i] = u
		}
		w.And(`r.unit_id IN (`+strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", ")+`)`, args...)
	}
	for _, word := range strings.Fields(viet.Fold(f.Words)) {
		w.And(`q.title_fold LIKE ? ESCAPE '\'`, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)+"%")
	}
	return w
}

// Row is a report in a list.
type Row struct {
	ID          string         `db:"id"`
	Request     string         `db:"request_id"`
	Title       string         `db:"title"`
	AskedAt     time.Time      `db:"asked_at"`
	Asker       string         `db:"asker_id"`
	Unit        string         `db:"unit_id"`
	State       State          `db:"state"`
	Nothing     bool           `db:"nil_return"`
	DueWords    string         `db:"due_words"`
	DueDay      civil.Date     `db:"due_day"`
	DueBound    deadline.Bound `db:"due_bound"`
	Current     int            `db:"current"`
	SubmittedAt time.Time      `db:"submitted_at"`
	FirstAt     time.Time      `db:"first_at"`
	ApprovedAt  time.Time      `db:"approved_at"`
}

// day is the day whose names a line of a list shows, as Asked.day.
func (r Row) day() civil.Date { return Asked{DueDay: r.DueDay, MadeAt: r.AskedAt}.day() }

// mentions are the units of reports, each on the day of its report.
func mentions(rows []Row) (out []orgunit.Mention) {
	for _, r := range rows {
		out = append(out, orgunit.On(r.Unit, r.day()), orgunit.On(r.Asker, r.day()))
	}
	return out
}

// Due and Late are as of a Report.
func (r Row) Due() deadline.Deadline {
	return deadline.Deadline{Words: r.DueWords, Day: r.DueDay, Bound: r.DueBound}
}

// Late is as Report.Late.
func (r Row) Late(now time.Time) bool {
	return Report{State: r.State, DueWords: r.DueWords, DueDay: r.DueDay, DueBound: r.DueBound, FirstAt: r.FirstAt}.Late(now)
}

// overdue tells whether nothing was ever sent although the deadline has passed.
func (r Row) overdue(now time.Time) bool { return r.FirstAt.IsZero() && r.Late(now) }

const listFrom = ` FROM report r JOIN report_request q ON q.id = r.request_id`

const rowColumns = `r.id, r.request_id, q.title, q.made_at AS asked_at, r.asker_id, r.unit_id, r.state, r.nil_return, r.due_words, r.due_day, r.due_bound, r.current, r.submitted_at, r.first_at, r.approved_at`

// List returns reports, those to be done first and the most urgent of them on top, with the count of all.
func (c *Reports) List(tx *db.Tx, by policy.Actor, f Filter) ([]Row, int, error) {
	w := c.where(tx, by, f)
	total, err := db.One[int](tx, `SELECT COUNT(*)`+listFrom+w.SQL(), w.Args()...)
	if err != nil || total == 0 {
		return nil, 0, err
	}
	tail := ` ORDER BY CASE r.state WHEN 'approved' THEN 1 WHEN 'handed_over' THEN 2 ELSE 0 END, CASE WHEN r.due_at IS NULL THEN 1 ELSE 0 END, r.due_at, r.unit_id, r.id`
	if f.Size > 0 {
		tail += ` LIMIT ` + w.Arg(f.Size) + ` OFFSET ` + w.Arg((max(f.Page, 1)-1)*f.Size)
	}
	rows, err := db.All[Row](tx, `SELECT `+rowColumns+listFrom+w.SQL()+tail, w.Args()...)
	return rows, total, err
}

// Progress counts the reports of a request. Every report is in exactly one of the states; Late and Nothing are counted beside. Total is
// what is owed: those handed over with their unit do not belong to it.
type Progress struct {
	Total, NotSent, Draft, Signing, Submitted, Returned, Approved int
	Nothing                                                       int // answered with "không phát sinh"
	Late                                                          int // not there in time
	Overdue                                                       int // of these: still not sent
	HandedOver                                                    int
}

// Sent is how many units have sent a report.
func (p Progress) Sent() int { return p.Submitted + p.Returned + p.Approved }

// Missing is how many have not.
func (p Progress) Missing() int { return p.Total - p.Sent() }

type tally struct {
	Request string `db:"request_id"`
	State   State  `db:"state"`
	Late    int    `db:"late"`
	Sent    int    `db:"sent"`
	Nothing int    `db:"nil_return"`
	N       int    `db:"n"`
}

func (p *Progress) add(t tally) {
	if t.State == HandedOver {
		p.HandedOver += t.N
		return
	}
	p.Total += t.N
	switch t.State {
	case NotSent:
		p.NotSent += t.N
	case Draft:
		p.Draft += t.N
	case Signing:
		p.Signing += t.N
	case Submitted:
		p.Submitted += t.N
	case Returned:
		p.Returned += t.N
	case Approved:
		p.Approved += t.N
	}
	if t.Nothing == 1 {
		p.Nothing += t.N
	}
	if t.Late == 1 {
		p.Late += t.N
		if t.Sent == 0 {
			p.Overdue += t.N
		}
	}
}

const tallySelect = `SELECT x.request_id, x.state, x.late, x.sent, x.nil_return, COUNT(*) AS n FROM (SELECT r.request_id, r.state, r.nil_return, CASE WHEN r.first_at IS NULL THEN 0 ELSE 1 END AS sent,
	CASE WHEN r.due_at IS NOT NULL AND COALESCE(r.first_at, CAST($1 AS BIGINT)) >= r.due_at THEN 1 ELSE 0 END AS late FROM report r`

// progressOf counts the reports of requests.
func progressOf(tx *db.Tx, requests []string) (map[string]Progress, error) {
	out := map[string]Progress{}
	for len(requests) > 0 {
		n := min(len(requests), batch)
		args := []any{tx.Now.UnixMilli()}
		for _, id := range requests[:n] {
			args = append(args, id)
		}
		rows, err := db.All[tally](tx, tallySelect+` WHERE r.request_id IN `+db.In(2, n)+`) x GROUP BY x.request_id, x.state, x.late, x.sent, x.nil_return`, args...)
		if err != nil {
			return nil, err
		}
		for _, t := range rows {
			p := out[t.Request]
			p.add(t)
			out[t.Request] = p
		}
		requests = requests[n:]
	}
	return out, nil
}

// progressOfTree counts for every request of a tree.
func progressOfTree(tx *db.Tx, root string) (map[string]Progress, error) {
	rows, err := db.All[tally](tx, tallySelect+` JOIN report_request q ON q.id = r.request_id WHERE q.root_id = $2 AND q.state <> 'recalled') x GROUP BY x.request_id, x.state, x.late, x.sent, x.nil_return`, tx.Now.UnixMilli(), root)
	out := map[string]Progress{}
	for _, t := range rows {
		p := out[t.Request]
		p.add(t)
		out[t.Request] = p
	}
	return out, err
}

func treeOf(tx *db.Tx, root string) ([]Asked, error) {
	return db.All[Asked](tx, `SELECT `+askedColumns+` FROM report_request q WHERE q.root_id = $1 AND q.state <> 'recalled' ORDER BY q.made_at, q.id`, root)
}

// Requests lists requests made by the actor's units and units below, the newest first.
func (c *Reports) Requests(tx *db.Tx, by policy.Actor, words string, page, size int) ([]Asked, int, error) {
	var w db.Where
	cond, args := c.Book.Scope(by, Read).SQL(policy.Columns{Unit: requestColumns.Unit})
	w.And(cond, args...)
	w.And(`q.state <> 'recalled'`)
	for _, word := range strings.Fields(viet.Fold(words)) {
		w.And(`q.title_fold LIKE ? ESCAPE '\'`, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)+"%")
	}
	total, err := db.One[int](tx, `SELECT COUNT(*) FROM report_request q`+w.SQL(), w.Args()...)
	if err != nil || total == 0 {
		return nil, 0, err
	}
	tail := ` ORDER BY q.made_at DESC, q.id LIMIT ` + w.Arg(size) + ` OFFSET ` + w.Arg((max(page, 1)-1)*size)
	rows, err := db.All[Asked](tx, `SELECT `+askedColumns+` FROM report_request q`+w.SQL()+tail, w.Args()...)
	return rows, total, err
}

// lastOf returns the approved values of a unit's report of the period before, of the same form.
func lastOf(tx *db.Tx, unit string, a Asked) (Submission, Asked, bool, error) {
	if a.FormCode == "" {
		return Submission{}, Asked{}, false, nil
	}
	to := a.To
	if to.IsZero() {
		to = civil.Of(a.MadeAt)
	}
	type row struct {
		Report  string `db:"id"`
		Number  int    `db:"approved"`
		Request string `db:"request_id"`
	}
	x, ok, err := db.Find[row](tx, `SELECT r.id, r.approved, r.request_id FROM report r JOIN report_request q ON q.id = r.request_id WHERE r.unit_id = $1 AND q.form_code = $2 AND r.approved > 0 AND q.id <> $3
		AND COALESCE(q.period_to, q.due_day) < $4 ORDER BY COALESCE(q.period_to, q.due_day) DESC LIMIT 1`, unit, a.FormCode, a.ID, to)
	if err != nil || !ok {
		return Submission{}, Asked{}, false, err
	}
	s, err := submission(tx, x.Report, x.Number)
	if err != nil {
		return s, Asked{}, false, err
	}
	q, err := findAsked(tx, x.Request)
	return s, q, err == nil, err
}

// Consolidation is a frozen sum of a request.
type Consolidation struct {
	ID        string                     `db:"id"`
	Request   string                     `db:"request_id"`
	Number    int                        `db:"number"`
	Members   db.JSON[[]Member]          `db:"members"`
	Missing   db.JSON[[]string]          `db:"missing"`
	Body      string                     `db:"body"`
	Coverage  db.JSON[map[string][4]int] `db:"coverage"`
	Narrative db.JSON[[]Passage]         `db:"narrative"`
	Names     db.JSON[map[string]string] `db:"names"` // of members and missing, as they were called on the day the reports were due
	Texts     db.JSON[map[string]int64]  `db:"texts"` // versions of the edited words, by question
	Digest    string                     `db:"digest"`
	Person    string                     `db:"by_person"`
	At        time.Time                  `db:"at"`
}

// Member is a submission that went into a consolidation.
type Member struct {
	Report string `json:"report"`
	Unit   string `json:"unit"`
	Number int    `json:"number"`
	Digest string `json:"digest"`
}

// Passage is a text of one unit on one question, gathered with its source.
type Passage struct {
	Cell string `json:"cell"`
	Unit string `json:"unit"`
	Text string `json:"text"`
}

const consolidationColumns = `id, request_id, number, members, missing, body, coverage, narrative, names, texts, digest, by_person, at`

func insertConsolidation(tx *db.Tx, c Consolidation) error {
	_, err := tx.Exec(`INSERT INTO report_consolidation (`+consolidationColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, c.ID, c.Request, c.Number, c.Members, c.Missing, c.Body, c.Coverage, c.Narrative, c.Names, c.Texts, c.Digest, c.Person, c.At)
	return err
}

func lastConsolidation(tx *db.Tx, request string) (Consolidation, bool, error) {
	return db.Find[Consolidation](tx, `SELECT `+consolidationColumns+` FROM report_consolidation WHERE request_id = $1 ORDER BY number DESC LIMIT 1`, request)
}

func consolidationBy(tx *db.Tx, request string, number int) (Consolidation, error) {
	c, ok, err := db.Find[Consolidation](tx, `SELECT `+consolidationColumns+` FROM report_consolidation WHERE request_id = $1 AND number = $2`, request, number)
	if err == nil && !ok {
		err = errs.Absent("consolidation", request)
	}
	return c, err
}

func freezeMembers(tx *db.Tx, request string) error {
	_, err := tx.Exec(`UPDATE report SET frozen = 1 WHERE request_id = $1 AND approved > 0`, request)
	return err
}

// unitsOf lists the units of a request with the state of their reports.
func unitsOf(tx *db.Tx, request string) ([]Row, error) {
	return db.All[Row](tx, `SELECT `+rowColumns+listFrom+` WHERE r.request_id = $1 ORDER BY r.unit_id`, request)
}

// Chase is one reminder of a report.
type Chase struct {
	Kind   string    `db:"kind"`
	Text   string    `db:"text"`
	Person string    `db:"person_id"`
	At     time.Time `db:"at"`
}

func insertChases(tx *db.Tx, kind, text, person string, reports []string) error {
	rows := make([][]any, len(reports))
	for i, id := range reports {
		rows[i] = []any{newID(tx), id, kind, text, person, tx.Now}
	}
	_, err := tx.InsertMany(`INSERT INTO report_chase (id, report_id, kind, text, person_id, at)`, rows, "")
	return err
}

func chasesOf(tx *db.Tx, report string) ([]Chase, error) {
	return db.All[Chase](tx, `SELECT kind, text, person_id, at FROM report_chase WHERE report_id = $1 ORDER BY at`, report)
}

// lastChases tells for the reports of a request how often and when last they were chased.
type chased struct {
	Report string    `db:"report_id"`
	N      int       `db:"n"`
	Last   time.Time `db:"last"`
}

func chasedOf(tx *db.Tx, request string) (map[string]chased, error) {
	rows, err := db.All[chased](tx, `SELECT h.report_id, COUNT(*) AS n, MAX(h.at) AS last FROM report_chase h JOIN report r ON r.id = h.report_id WHERE r.request_id = $1 GROUP BY h.report_id`, request)
	out := map[string]chased{}
	for _, x := range rows {
		out[x.Report] = x
	}
	return out, err
}

// due lists reports to remind of, at most limit.
func due(tx *db.Tx, limit int) ([]Report, error) {
	return db.All[Report](tx, `SELECT `+reportColumns+` FROM report r JOIN report_request q ON q.id = r.request_id WHERE r.due_soon_at <= $1 AND r.state IN ('none', 'draft', 'signing', 'returned') AND q.state = 'open'
		ORDER BY r.due_soon_at, r.id LIMIT $2`, tx.Now, limit)
}

func remindAgain(tx *db.Tx, id string, at time.Time) error {
	return tx.Must1(`UPDATE report SET due_soon_at = $1 WHERE id = $2`, at, id)
}

func markEscalated(tx *db.Tx, id string) (bool, error) {
	n, err := tx.Exec(`UPDATE report SET escalated_at = $1 WHERE id = $2 AND escalated_at IS NULL`, tx.Now, id)
	return n == 1, err
}

// openOf lists the reports on open requests that a unit has still to send, or that wait for a verdict.
func openOf(tx *db.Tx, unit string) ([]Report, error) {
	return db.All[Report](tx, `SELECT `+reportColumns+` FROM report r JOIN report_request q ON q.id = r.request_id
		WHERE r.unit_id = $1 AND r.state NOT IN ('approved', 'handed_over') AND q.state = 'open' ORDER BY r.id`, unit)
}

// owes tells whether a unit has itself to answer a request, or made it.
func owes(tx *db.Tx, request, unit string) (bool, error) {
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM report_request q WHERE q.id = $1 AND (q.unit_id = $2 OR EXISTS (SELECT 1 FROM report r WHERE r.request_id = q.id AND r.unit_id = $3))`, request, unit, unit)
	return n > 0, err
}

// moveReport gives a report to another unit.
func moveReport(tx *db.Tx, r Report, to string) error {
	return tx.Must1(`UPDATE report SET unit_id = $1, version = version + 1 WHERE id = $2`, to, r.ID)
}

// endReport lets a report end with its unit; one less is owed.
func endReport(tx *db.Tx, r *Report) error {
	if err := tx.Must1(`UPDATE report SET heir_id = $1 WHERE id = $2`, r.Heir, r.ID); err != nil {
		return err
	}
	if err := update(tx, r); err != nil {
		return err
	}
	return tx.Must1(`UPDATE report_request SET owing = owing - 1 WHERE id = $1`, r.Request)
}

// askedBy lists the open requests and the schedules of a unit.
func askedBy(tx *db.Tx, unit string) (requests []string, schedules []Schedule, err error) {
	if requests, err = db.All[string](tx, `SELECT id FROM report_request WHERE unit_id = $1 AND state = 'open' ORDER BY id`, unit); err != nil {
		return nil, nil, err
	}
	schedules, err = activeSchedulesOf(tx, unit)
	return requests, schedules, err
}

// moveAsked lets another unit be the one that asks.
func moveAsked(tx *db.Tx, request, to string) error {
	if err := tx.Must1(`UPDATE report_request SET unit_id = $1, version = version + 1 WHERE id = $2`, to, request); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE report SET asker_id = $1, version = version + 1 WHERE request_id = $2`, to, request)
	return err
}

// beside returns another open request that the same unit made for the same request from above with the same form.
func beside(tx *db.Tx, a Asked) (Asked, bool, error) {
	return db.Find[Asked](tx, `SELECT `+askedColumns+` FROM report_request q WHERE q.parent_id = $1 AND q.unit_id = $2 AND q.id <> $3 AND q.state = 'open' AND COALESCE(q.form_version_id, '') = $4
		ORDER BY q.made_at DESC LIMIT 1`, a.Parent, a.Unit, a.ID, a.Form)
}

// foldInto moves the reports of a request to another one, with the requests that were made for it. What is left of it answers nothing above.
func foldInto(tx *db.Tx, a, into Asked) error {
	n, err := tx.Exec(`UPDATE report SET request_id = $1, version = version + 1 WHERE request_id = $2 AND state <> 'handed_over' AND unit_id NOT IN (SELECT o.unit_id FROM report o WHERE o.request_id = $3)`, into.ID, a.ID, into.ID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE report_request SET parent_id = $1 WHERE parent_id = $2`, into.ID, a.ID); err != nil {
		return err
	}
	if err := tx.Must1(`UPDATE report_request SET owing = owing + $1, version = version + 1 WHERE id = $2`, n, into.ID); err != nil {
		return err
	}
	return tx.Must1(`UPDATE report_request SET owing = owing - $1, state = CASE WHEN owing = $2 THEN 'closed' ELSE state END, parent_id = NULL, version = version + 1 WHERE id = $3`, n, n, a.ID)
}

// Schedule asks for reports again and again.
type Schedule struct {
	ID         string     `db:"id" audit:"-"`
	Unit       string     `db:"unit_id"`
	Title      string     `db:"title"`
	FormCode   string     `db:"form_code"`
	Every      string     `db:"every"` // month, quarter, half, year
	Addressees string     `db:"addressees"`
	Days       int        `db:"days"`
	Signed     bool       `db:"signed"`
	Active     bool       `db:"active"`
	LastTo     civil.Date `db:"last_to"`
	MadeBy     string     `db:"made_by" audit:"-"`
	MadeAt     time.Time  `db:"made_at" audit:"-"`
	Version    int64      `db:"version" audit:"-"`
}

const scheduleColumns = `id, unit_id, title, form_code, every, addressees, days, signed, active, last_to, made_by, made_at, version`

func insertSchedule(tx *db.Tx, s Schedule) error {
	_, err := tx.Exec(`INSERT INTO report_schedule (`+scheduleColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, s.ID, s.Unit, s.Title, s.FormCode, s.Every, s.Addressees, s.Days, s.Signed, s.Active, s.LastTo, s.MadeBy, s.MadeAt, s.Version)
	return err
}

func schedulesOf(tx *db.Tx, scope policy.Scope) ([]Schedule, error) {
	var w db.Where
	cond, args := scope.SQL(policy.Columns{Unit: "unit_id"})
	w.And(cond, args...)
	return db.All[Schedule](tx, `SELECT `+scheduleColumns+` FROM report_schedule`+w.SQL()+` ORDER BY title, id`, w.Args()...)
}

func activeSchedules(tx *db.Tx) ([]Schedule, error) {
	return db.All[Schedule](tx, `SELECT `+scheduleColumns+` FROM report_schedule WHERE active = 1 ORDER BY id`)
}

func activeSchedulesOf(tx *db.Tx, unit string) ([]Schedule, error) {
	return db.All[Schedule](tx, `SELECT `+scheduleColumns+` FROM report_schedule WHERE unit_id = $1 AND active = 1 ORDER BY id`, unit)
}

func moveSchedule(tx *db.Tx, s Schedule, to string) error {
	return tx.Must1(`UPDATE report_schedule SET unit_id = $1, active = $2, version = version + 1 WHERE id = $3`, to, s.Active, s.ID)
}

func findSchedule(tx *db.Tx, id string) (Schedule, error) {
	s, ok, err := db.Find[Schedule](tx, `SELECT `+scheduleColumns+` FROM report_schedule WHERE id = $1`, id)
	if err == nil && !ok {
		err = errs.Absent("schedule", id)
	}
	return s, err
}

func saveSchedule(tx *db.Tx, s Schedule) error {
	n, err := tx.Exec(`UPDATE report_schedule SET active = $1, last_to = $2, version = version + 1 WHERE id = $3 AND version = $4`, s.Active, s.LastTo, s.ID, s.Version)
	if err == nil && n != 1 {
		err = errs.New(errs.Conflict, "report.changed_meanwhile")
	}
	return err
}

// askedSeries lists the forms that were asked for with the units that asked, the newest first, as far as the actor sees the requests.
func (c *Reports) askedSeries(tx *db.Tx, by policy.Actor) ([]Series, error) {
	var w db.Where
	cond, args := c.Book.Scope(by, Read).SQL(policy.Columns{Unit: requestColumns.Unit})
	w.And(cond, args...)
	w.And(`q.state <> 'recalled' AND q.form_code <> ''`)
	type row struct {
		Form  string `db:"form_code"`
		Asker string `db:"unit_id"`
		Last  int64  `db:"last"`
	}
	rows, err := db.All[row](tx, `SELECT q.form_code, q.unit_id, MAX(q.made_at) AS last FROM report_request q`+w.SQL()+` GROUP BY q.form_code, q.unit_id ORDER BY last DESC, q.unit_id LIMIT 500`, w.Args()...)
	var out []Series
	for _, r := range rows {
		out = append(out, Series{Form: r.Form, Asker: r.Asker})
	}
	return out, err
}

// answered lists the forms of which a unit has approved reports.
func answered(tx *db.Tx, unit string) ([]string, error) {
	return db.All[string](tx, `SELECT DISTINCT q.form_code FROM report r JOIN report_request q ON q.id = r.request_id WHERE r.unit_id = $1 AND r.approved > 0 AND q.form_code <> '' AND q.state <> 'recalled' ORDER BY q.form_code`, unit)
}

// compareRows lists the reports of a form that units asked for, or that they answered, in the order in which the requests were made.
func compareRows(tx *db.Tx, form string, asked bool, units []string) ([]compareRow, error) {
	column := `r.unit_id`
	if asked {
		column = `r.asker_id`
	}
	args := []any{form}
	for _, u := range units {
		args = append(args, u)
	}
	return db.All[compareRow](tx, `SELECT r.id, r.unit_id, q.form_version_id, q.period_from, q.period_to, q.due_day, q.made_at, r.approved, r.approved_at FROM report r JOIN report_request q ON q.id = r.request_id
		WHERE q.form_code = $1 AND q.form_code <> '' AND q.state <> 'recalled' AND r.state <> 'handed_over' AND `+column+` IN `+db.In(2, len(units))+` ORDER BY q.made_at, q.id, r.unit_id`, args...)
}

// approvedBodies returns the approved submissions of reports, by report.
func approvedBodies(tx *db.Tx, reports []string) (map[string]string, error) {
	type row struct {
		ID   string `db:"id"`
		Body string `db:"body"`
	}
	out := make(map[string]string, len(reports))
	for len(reports) > 0 {
		n := min(len(reports), batch)
		args := make([]any, n)
		for i, id := range reports[:n] {
			args[i] = id
		}
		for r, err := range db.Each[row](tx, `SELECT r.id, s.body FROM report r JOIN report_submission s ON s.report_id = r.id AND s.number = r.approved WHERE r.id IN `+db.In(1, n), args...) {
			if err != nil {
				return nil, err
			}
			out[r.ID] = r.Body
		}
		reports = reports[n:]
	}
	return out, nil
}

func insertHead(tx *db.Tx, report string, number int, h db.JSON[Head]) error {
	_, err := tx.Exec(`INSERT INTO report_head (report_id, number, head) VALUES ($1, $2, $3)`, report, number, h)
	return err
}

func paperHead(tx *db.Tx, report string, number int) (Head, bool, error) {
	h, ok, err := db.Find[struct {
		Head db.JSON[Head] `db:"head"`
	}](tx, `SELECT head FROM report_head WHERE report_id = $1 AND number = $2`, report, number)
	return h.Head.V, ok, err
}
