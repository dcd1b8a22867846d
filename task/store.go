package task

import (
	"slices"
	"strings"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

const columnsOf = `t.id, t.order_id, t.issuer_id, t.unit_id, t.person_id, t.state, t.due_words, t.due_day, t.due_bound, t.submitted_at, t.done_at, t.version, t.made_at`

func find(tx *db.Tx, id string) (Task, error) {
	t, ok, err := db.Find[Task](tx, `SELECT `+columnsOf+` FROM task t WHERE t.id = $1`, id)
	if err == nil && !ok {
		err = errs.Absent("task", id)
	}
	return t, err
}

func orderOf(tx *db.Tx, id string) (Order, error) {
	return db.One[Order](tx, `SELECT id, issuer_id, directive_id, parent_task_id, numbering, text, product, start_day, made_by, made_at FROM task_order WHERE id = $1`, id)
}

func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func insertOrder(tx *db.Tx, o Order) error {
	_, err := tx.Exec(`INSERT INTO task_order (id, issuer_id, directive_id, parent_task_id, numbering, text, text_fold, product, start_day, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, o.ID, o.Issuer, null(o.Directive), null(o.Parent), o.Numbering, o.Text, viet.Fold(o.Text+" "+o.Product), o.Product, o.Start, o.MadeBy, o.MadeAt)
	return err
}

// batch is how many identifiers go into one statement that reads.
const batch = 400

// times are the two instants a deadline is asked by in SQL.
func times(d deadline.Deadline) (late, soon time.Time) {
	if d.IsZero() {
		return
	}
	return d.Late(), d.Late().Add(-soonBefore)
}

func insertTasks(tx *db.Tx, tasks []Task) error {
	rows := make([][]any, len(tasks))
	for i, t := range tasks {
		late, soon := times(t.Due())
		rows[i] = []any{t.ID, t.Order, t.Issuer, t.Unit, null(t.Person), t.State, t.DueWords, t.DueDay, t.DueBound, late, soon, t.Version, t.MadeAt}
	}
	_, err := tx.InsertMany(`INSERT INTO task (id, order_id, issuer_id, unit_id, person_id, state, due_words, due_day, due_bound, due_at, due_soon_at, version, made_at)`, rows, "")
	return err
}

// update writes a changed task; one that somebody else changed meanwhile is a Conflict.
func update(tx *db.Tx, t *Task) error {
	late, soon := times(t.Due())
	if !t.State.Pending() {
		soon = time.Time{}
	}
	n, err := tx.Exec(`UPDATE task SET person_id = $1, state = $2, due_words = $3, due_day = $4, due_bound = $5, due_at = $6, due_soon_at = $7, submitted_at = $8, done_at = $9,
		version = version + 1 WHERE id = $10 AND version = $11`, null(t.Person), t.State, t.DueWords, t.DueDay, t.DueBound, late, soon, t.SubmittedAt, t.DoneAt, t.ID, t.Version)
	if err == nil && n != 1 {
		err = errs.New(errs.Conflict, "task.changed_meanwhile")
	}
	t.Version++
	return err
}

type party struct {
	Task   string `db:"task_id"`
	Holder string `db:"holder_id"`
	Part   string `db:"part"`
}

func insertParties(tx *db.Tx, list []party) error {
	rows := make([][]any, len(list))
	for i, p := range list {
		rows[i] = []any{p.Task, p.Holder, p.Part}
	}
	_, err := tx.InsertMany(`INSERT INTO task_party (task_id, holder_id, part)`, rows, "")
	return err
}

func partiesOf(tx *db.Tx, task string) ([]party, error) {
	return db.All[party](tx, `SELECT task_id, holder_id, part FROM task_party WHERE task_id = $1 ORDER BY part, holder_id`, task)
}

func setPerson(tx *db.Tx, task, person string) error {
	if _, err := tx.Exec(`DELETE FROM task_party WHERE task_id = $1 AND part = 'person'`, task); err != nil || person == "" {
		return err
	}
	_, err := tx.Exec(`INSERT INTO task_party (task_id, holder_id, part) VALUES ($1, $2, 'person')`, task, person)
	return err
}

func insertNotes(tx *db.Tx, list []Note) error {
	rows := make([][]any, len(list))
	for i, n := range list {
		rows[i] = []any{n.ID, n.Task, n.Kind, n.Text, n.Person, n.Unit, n.At}
	}
	_, err := tx.InsertMany(`INSERT INTO task_note (id, task_id, kind, text, person_id, unit_id, at)`, rows, "")
	return err
}

func notesOf(tx *db.Tx, task string) ([]Note, error) {
	return db.All[Note](tx, `SELECT id, task_id, kind, text, person_id, unit_id, at FROM task_note WHERE task_id = $1
		ORDER BY at, CASE kind WHEN 'assigned' THEN 0 WHEN 'started' THEN 1 WHEN 'evidence' THEN 2 ELSE 3 END, id`, task)
}

func lastNote(tx *db.Tx, task, kind string) (Note, error) {
	n, _, err := db.Find[Note](tx, `SELECT id, task_id, kind, text, person_id, unit_id, at FROM task_note WHERE task_id = $1 AND kind = $2 ORDER BY at DESC, id DESC LIMIT 1`, task, kind)
	return n, err
}

func insertEvidence(tx *db.Tx, e Evidence) error {
	_, err := tx.Exec(`INSERT INTO task_evidence (id, task_id, name, type, size, original, shown, person_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.ID, e.Task, e.Name, e.Type, e.Size, e.Original, null(e.Shown), e.Person, e.At)
	return err
}

func evidenceOf(tx *db.Tx, task string) ([]Evidence, error) {
	return db.All[Evidence](tx, `SELECT id, task_id, name, type, size, original, shown, person_id, at FROM task_evidence WHERE task_id = $1 AND dropped_at IS NULL ORDER BY at, id`, task)
}

func findEvidence(tx *db.Tx, id string) (Evidence, bool, error) {
	return db.Find[Evidence](tx, `SELECT id, task_id, name, type, size, original, shown, person_id, at FROM task_evidence WHERE id = $1`, id)
}

func setShown(tx *db.Tx, id, shown string) error {
	return tx.Must1(`UPDATE task_evidence SET shown = $1 WHERE id = $2`, shown, id)
}

func dropEvidence(tx *db.Tx, task, id string) error {
	n, err := tx.Exec(`UPDATE task_evidence SET dropped_at = $1 WHERE id = $2 AND task_id = $3 AND dropped_at IS NULL`, tx.Now, id, task)
	if err == nil && n != 1 {
		err = errs.Absent("evidence", id)
	}
	return err
}

const extensionColumns = `id, task_id, state, reason, until_words, until_day, until_bound, former_words, former_day, former_bound, asked_by, asked_at, decided_by, decided_at, answer`

func extensionsOf(tx *db.Tx, task string) ([]Extension, error) {
	return db.All[Extension](tx, `SELECT `+extensionColumns+` FROM task_extension WHERE task_id = $1 ORDER BY asked_at`, task)
}

func findExtension(tx *db.Tx, task, id string) (Extension, error) {
	e, ok, err := db.Find[Extension](tx, `SELECT `+extensionColumns+` FROM task_extension WHERE id = $1 AND task_id = $2`, id, task)
	if err == nil && !ok {
		err = errs.Absent("extension", id)
	}
	return e, err
}

func extensionAsked(tx *db.Tx, task string) (string, error) {
	id, _, err := db.Find[string](tx, `SELECT id FROM task_extension WHERE task_id = $1 AND state = 'asked'`, task)
	return id, err
}

func insertExtension(tx *db.Tx, e Extension) error {
	_, err := tx.Exec(`INSERT INTO task_extension (`+extensionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		e.ID, e.Task, e.State, e.Reason, e.UntilWords, e.UntilDay, e.UntilBound, e.FormerWords, e.FormerDay, e.FormerBound, e.AskedBy, e.AskedAt, null(e.DecidedBy), e.DecidedAt, e.Answer)
	return err
}

// escalateAgain lets the superior be told once more: the deadline has moved.
func escalateAgain(tx *db.Tx, task string) error {
	return tx.Must1(`UPDATE task SET escalated_at = NULL WHERE id = $1`, task)
}

func decideExtension(tx *db.Tx, e Extension) error {
	n, err := tx.Exec(`UPDATE task_extension SET state = $1, decided_by = $2, decided_at = $3, answer = $4 WHERE id = $5 AND state = 'asked'`, e.State, e.DecidedBy, e.DecidedAt, e.Answer, e.ID)
	if err == nil && n != 1 {
		err = errs.New(errs.Conflict, "task.decided_already")
	}
	return err
}

const pendingStates = `('open', 'doing', 'returned', 'submitted')`

func openOf(tx *db.Tx, directive string) ([]string, error) {
	return db.All[string](tx, `SELECT t.id FROM task t JOIN task_order o ON o.id = t.order_id WHERE o.directive_id = $1 AND t.state IN `+pendingStates+` ORDER BY t.id`, directive)
}

func cancelOf(tx *db.Tx, directive string) error {
	_, err := tx.Exec(`UPDATE task SET state = 'cancelled', due_soon_at = NULL, version = version + 1
		WHERE state IN `+pendingStates+` AND order_id IN (SELECT id FROM task_order WHERE directive_id = $1)`, directive)
	return err
}

func countOpen(tx *db.Tx, unit string) (int, error) {
	return db.One[int](tx, `SELECT COUNT(*) FROM task WHERE unit_id = $1 AND state IN `+pendingStates, unit)
}

func moveOpen(tx *db.Tx, from, to string) ([]string, error) {
	moved, err := db.All[string](tx, `SELECT id FROM task WHERE unit_id = $1 AND state IN `+pendingStates+` ORDER BY id`, from)
	if err != nil || len(moved) == 0 {
		return nil, err
	}
	if _, err := tx.Exec(`DELETE FROM task_party WHERE holder_id = $1 AND task_id IN (SELECT id FROM task WHERE unit_id = $2 AND state IN `+pendingStates+`)`, to, from); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`UPDATE task_party SET holder_id = $1 WHERE holder_id = $2 AND task_id IN (SELECT id FROM task WHERE unit_id = $3 AND state IN `+pendingStates+`)`, to, from, from); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`DELETE FROM task_party WHERE part = 'person' AND task_id IN (SELECT id FROM task WHERE unit_id = $1 AND state IN `+pendingStates+`)`, from); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`UPDATE task SET unit_id = $1, person_id = NULL, version = version + 1 WHERE unit_id = $2 AND state IN `+pendingStates, to, from)
	return moved, err
}

// pair is work that stands twice at a unit: its own task, and the one that came from a unit that ended.
type pair struct {
	Old string `db:"old"`
	Own string `db:"own"`
}

// owedTwice finds, for tasks that came to a unit, its own open task of the same order. What the old unit had handed in waits on for its verdict.
func owedTwice(tx *db.Tx, moved []string, unit string) ([]pair, error) {
	came := map[string]bool{}
	for _, id := range moved {
		came[id] = true
	}
	all, err := db.All[pair](tx, `SELECT t.id AS old, o.id AS own FROM task t JOIN task o ON o.order_id = t.order_id AND o.unit_id = t.unit_id AND o.id <> t.id
		WHERE t.unit_id = $1 AND t.state IN ('open', 'doing', 'returned') AND o.state IN `+pendingStates+` ORDER BY t.id, o.id`, unit)
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(p pair) bool {
		drop := !came[p.Old] || came[p.Own] || seen[p.Old]
		seen[p.Old] = seen[p.Old] || !drop
		return drop
	}), err
}

func closeJoined(tx *db.Tx, id string) error {
	return tx.Must1(`UPDATE task SET state = 'cancelled', due_soon_at = NULL, version = version + 1 WHERE id = $1`, id)
}

// givenOf lists the tasks a unit gave that are not done.
func givenOf(tx *db.Tx, unit string) ([]string, error) {
	return db.All[string](tx, `SELECT id FROM task WHERE issuer_id = $1 AND state IN `+pendingStates+` ORDER BY id`, unit)
}

func moveGiven(tx *db.Tx, from, to string) error {
	_, err := tx.Exec(`UPDATE task SET issuer_id = $1, version = version + 1 WHERE issuer_id = $2 AND state IN `+pendingStates, to, from)
	return err
}

// Filter says which tasks a list, a count, a calendar or an export shows. All of them use it, so that they agree.
type Filter struct {
	Side      string        // "ours": the units of the actor do them; "given": they gave them; "mine": handed to the person; "": both
	State     string        // a state, "pending", "late" (not handed in), "handed_late", or ""
	Unit      string        // lead unit
	Below     bool          // with Unit: and all units below it
	Level     orgunit.Level // of the lead unit
	Issuer    string
	Directive string
	Order     string
	Words     string
	From, To  civil.Date // deadline between, both inclusive
	Last      civil.Date // the last day in time
	Page      int
	Size      int
}

// The conditions of a late task: late takes the present instant and holds for both kinds, stillLate for what is not handed in, handedLate for what
// was handed in after its deadline.
const (
	late       = `t.due_at IS NOT NULL AND t.state <> 'cancelled' AND CASE WHEN t.state IN ('submitted', 'done') THEN t.submitted_at ELSE CAST(? AS BIGINT) END >= t.due_at`
	stillLate  = `t.due_at IS NOT NULL AND t.state IN ('open', 'doing', 'returned') AND CAST(? AS BIGINT) >= t.due_at`
	handedLate = `t.due_at IS NOT NULL AND t.state IN ('submitted', 'done') AND t.submitted_at >= t.due_at`
)

func (c *Tasks) where(tx *db.Tx, by policy.Actor, f Filter) db.Where {
	var w db.Where
	cond, args := c.Book.Scope(by, Read).SQL(columns)
	w.And(cond, args...)
	side := func(p policy.Permission, cols policy.Columns) {
		cond, args := c.Book.Scope(by, p).SQL(cols)
		w.And(cond, args...)
	}
	switch f.Side {
	case "ours":
		side(Work, policy.Columns{Addressed: columns.Addressed})
	case "given":
		side(Accept, policy.Columns{Unit: columns.Unit})
	case "mine":
		w.And(`t.person_id = ?`, by.Person)
	}
	switch f.State {
	case "":
	case "pending":
		w.And(`t.state IN ('open', 'doing', 'returned')`)
	case "late":
		w.And(stillLate, tx.Now.UnixMilli())
	case "handed_late":
		w.And(handedLate)
	default:
		w.And(`t.state = ?`, f.State)
	}
	if f.Unit != "" {
		if f.Below {
			w.And(`t.unit_id = ? OR t.unit_id IN (`+policy.UnitsBelow+`)`, f.Unit, f.Unit)
		} else {
			w.And(`t.unit_id = ?`, f.Unit)
		}
	}
	if f.Level != "" {
		w.And(`t.unit_id IN (`+orgunit.OfLevel+`)`, f.Level)
	}
	if f.Issuer != "" {
		w.And(`t.issuer_id = ?`, f.Issuer)
	}
	if f.Directive != "" {
		w.And(`o.directive_id = ?`, f.Directive)
	}
	if f.Order != "" {
		w.And(`t.order_id = ?`, f.Order)
	}
	for _, word := range strings.Fields(viet.Fold(f.Words)) {
		w.And(`o.text_fold LIKE ? ESCAPE '\'`, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)+"%")
	}
	if !f.From.IsZero() {
		w.And(`t.due_day >= ?`, f.From)
	}
	if !f.To.IsZero() {
		w.And(`t.due_day <= ?`, f.To)
	}
	if !f.Last.IsZero() {
		w.And(`t.due_at = ?`, f.Last.End())
	}
	return w
}

// Row is a task in a list.
type Row struct {
	Task
	Text      string     `db:"text"`
	Product   string     `db:"product"`
	Numbering string     `db:"numbering"`
	Directive string     `db:"directive_id"`
	Start     civil.Date `db:"start_day"`
}

// rowColumns are the columns of a Row.
const rowColumns = columnsOf + `, o.text, o.product, o.numbering, o.directive_id, o.start_day`

const listFrom = ` FROM task t JOIN task_order o ON o.id = t.order_id`

// List returns the tasks of a filter, the most urgent first, with the count of all.
func (c *Tasks) List(tx *db.Tx, by policy.Actor, f Filter) ([]Row, int, error) {
	w := c.where(tx, by, f)
	total, err := db.One[int](tx, `SELECT COUNT(*)`+listFrom+w.SQL(), w.Args()...)
	if err != nil || total == 0 {
		return nil, 0, err
	}
	tail := ` ORDER BY CASE WHEN t.state IN ('done', 'cancelled') THEN 1 ELSE 0 END, CASE WHEN t.due_at IS NULL THEN 1 ELSE 0 END, t.due_at, t.made_at DESC, t.id`
	if f.Size > 0 {
		tail += ` LIMIT ` + w.Arg(f.Size) + ` OFFSET ` + w.Arg((max(f.Page, 1)-1)*f.Size)
	}
	rows, err := db.All[Row](tx, `SELECT `+rowColumns+listFrom+w.SQL()+tail, w.Args()...)
	return rows, total, err
}

// Summary counts the tasks of a filter by state. Late counts those that are late in any state; it is no state of its own.
type Summary struct {
	Total, Open, Doing, Submitted, Returned, Done, Cancelled int
	Late                                                     int // deadline passed and not handed in, or handed in after it
	LateOpen                                                 int // of these: still not handed in
}

type count struct {
	Unit  string `db:"unit_id"`
	State State  `db:"state"`
	Late  int    `db:"late"`
	N     int    `db:"n"`
}

func (s *Summary) add(c count) {
	s.Total += c.N
	switch c.State {
	case Open:
		s.Open += c.N
	case Doing:
		s.Doing += c.N
	case Submitted:
		s.Submitted += c.N
	case Returned:
		s.Returned += c.N
	case Done:
		s.Done += c.N
	case Cancelled:
		s.Cancelled += c.N
	}
	if c.Late == 1 {
		s.Late += c.N
		if c.State.Pending() {
			s.LateOpen += c.N
		}
	}
}

// Sum counts the tasks of a filter.
func (c *Tasks) Sum(tx *db.Tx, by policy.Actor, f Filter) (Summary, error) {
	per, err := c.PerUnit(tx, by, f)
	var out Summary
	for _, s := range per {
		out.Plus(s)
	}
	return out, err
}

// PerUnit counts the tasks of a filter for each lead unit.
func (c *Tasks) PerUnit(tx *db.Tx, by policy.Actor, f Filter) (map[string]Summary, error) {
	w := c.where(tx, by, f)
	// The argument stands in the select list, before the conditions of the text but after them in number.
	isLate := strings.Replace(late, "?", w.Arg(tx.Now.UnixMilli()), 1)
	rows, err := db.All[count](tx, `SELECT x.unit_id, x.state, x.late, COUNT(*) AS n FROM (SELECT t.unit_id, t.state, CASE WHEN `+isLate+` THEN 1 ELSE 0 END AS late`+listFrom+w.SQL()+`) x
		GROUP BY x.unit_id, x.state, x.late`, w.Args()...)
	if err != nil {
		return nil, err
	}
	out := map[string]Summary{}
	for _, r := range rows {
		s := out[r.Unit]
		s.add(r)
		out[r.Unit] = s
	}
	return out, nil
}

// OfDirective counts the tasks of directives, for each directive; the caller has checked that they may be seen.
func OfDirective(tx *db.Tx, directives []string) (map[string]Summary, error) {
	out := map[string]Summary{}
	for len(directives) > 0 {
		n := min(len(directives), batch)
		var w db.Where
		args := make([]any, n)
		for i, d := range directives[:n] {
			args[i] = d
		}
		w.And(`o.directive_id IN (`+strings.TrimSuffix(strings.Repeat("?, ", n), ", ")+`)`, args...)
		isLate := strings.Replace(late, "?", w.Arg(tx.Now.UnixMilli()), 1)
		rows, err := db.All[count](tx, `SELECT x.directive_id AS unit_id, x.state, x.late, COUNT(*) AS n FROM (SELECT o.directive_id, t.state, CASE WHEN `+isLate+` THEN 1 ELSE 0 END AS late`+listFrom+w.SQL()+`) x
			GROUP BY x.directive_id, x.state, x.late`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			s := out[r.Unit]
			s.add(r)
			out[r.Unit] = s
		}
		directives = directives[n:]
	}
	return out, nil
}

// PerUnitOf counts the tasks of one directive for each lead unit.
func PerUnitOf(tx *db.Tx, directive string) (map[string]Summary, error) {
	rows, err := db.All[count](tx, `SELECT x.unit_id, x.state, x.late, COUNT(*) AS n FROM (SELECT t.unit_id, t.state, CASE WHEN `+strings.Replace(late, "?", "$1", 1)+` THEN 1 ELSE 0 END AS late`+listFrom+`
		WHERE o.directive_id = $2) x GROUP BY x.unit_id, x.state, x.late`, tx.Now.UnixMilli(), directive)
	if err != nil {
		return nil, err
	}
	out := map[string]Summary{}
	for _, r := range rows {
		s := out[r.Unit]
		s.add(r)
		out[r.Unit] = s
	}
	return out, nil
}

// PerUnitOfEach counts the tasks of directives, for each directive and lead unit; the caller has checked that they may be seen.
func PerUnitOfEach(tx *db.Tx, directives []string) (map[string]map[string]Summary, error) {
	type line struct {
		Directive string `db:"directive_id"`
		count
	}
	out := make(map[string]map[string]Summary, len(directives))
	for part := range slices.Chunk(directives, batch) {
		args := make([]any, len(part))
		for i, d := range part {
			args[i] = d
		}
		var w db.Where
		w.And(`o.directive_id IN (`+strings.TrimSuffix(strings.Repeat("?, ", len(part)), ", ")+`)`, args...)
		isLate := strings.Replace(late, "?", w.Arg(tx.Now.UnixMilli()), 1)
		rows, err := db.All[line](tx, `SELECT x.directive_id, x.unit_id, x.state, x.late, COUNT(*) AS n FROM (SELECT o.directive_id, t.unit_id, t.state, CASE WHEN `+isLate+` THEN 1 ELSE 0 END AS late`+listFrom+w.SQL()+`) x
			GROUP BY x.directive_id, x.unit_id, x.state, x.late`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			of := out[r.Directive]
			if of == nil {
				of = map[string]Summary{}
				out[r.Directive] = of
			}
			s := of[r.Unit]
			s.add(r.count)
			of[r.Unit] = s
		}
	}
	return out, nil
}

// Plus adds the counts of another summary.
func (s *Summary) Plus(o Summary) {
	s.Total += o.Total
	s.Open += o.Open
	s.Doing += o.Doing
	s.Submitted += o.Submitted
	s.Returned += o.Returned
	s.Done += o.Done
	s.Cancelled += o.Cancelled
	s.Late += o.Late
	s.LateOpen += o.LateOpen
}

// Result is what one unit reached in the tasks of a directive, for its report.
type Result struct {
	ID        string `db:"id"`
	Numbering string `db:"numbering"`
	Text      string `db:"text"`
	State     State  `db:"state"`
	Said      string `db:"said"` // what the unit wrote when handing in
}

// ResultsOf lists what a unit reached in the tasks of a directive.
func ResultsOf(tx *db.Tx, unit, directive string) ([]Result, error) {
	return db.All[Result](tx, `SELECT t.id, o.numbering, o.text, t.state, COALESCE((SELECT n.text FROM task_note n WHERE n.task_id = t.id AND n.kind = 'submitted' ORDER BY n.at DESC, n.id DESC LIMIT 1), '') AS said`+listFrom+`
		WHERE t.unit_id = $1 AND o.directive_id = $2 AND t.state <> 'cancelled' ORDER BY t.made_at, t.id`, unit, directive)
}

// children lists the tasks that pass one on.
func children(tx *db.Tx, id string) ([]Row, error) {
	return db.All[Row](tx, `SELECT `+rowColumns+listFrom+` WHERE o.parent_task_id = $1 ORDER BY t.made_at, t.id`, id)
}

// dueSoon lists tasks to remind of, at most limit.
func dueSoon(tx *db.Tx, limit int) ([]Row, error) {
	return db.All[Row](tx, `SELECT `+rowColumns+listFrom+` WHERE t.due_soon_at <= $1 AND t.state IN ('open', 'doing', 'returned') ORDER BY t.due_soon_at, t.id LIMIT $2`, tx.Now, limit)
}

// remindAgain sets the next instant to remind of a task; zero: never.
func remindAgain(tx *db.Tx, id string, at time.Time) error {
	return tx.Must1(`UPDATE task SET due_soon_at = $1 WHERE id = $2`, at, id)
}

func markEscalated(tx *db.Tx, id string) (bool, error) {
	n, err := tx.Exec(`UPDATE task SET escalated_at = $1 WHERE id = $2 AND escalated_at IS NULL`, tx.Now, id)
	return n == 1, err
}

// Holiday is a day that differs from its weekday.
type Holiday struct {
	Day      civil.Date `db:"day"`
	Name     string     `db:"name"`
	Works    bool       `db:"works"`
	Verified bool       `db:"verified"`
}

// Holidays lists the days that differ, of one year or, with 0, of all.
func Holidays(tx *db.Tx, year int) ([]Holiday, error) {
	from, to := "0000-01-01", "9999-12-31"
	if year != 0 {
		from, to = civil.Date{Year: year, Month: 1, Day: 1}.String(), civil.Date{Year: year, Month: 12, Day: 31}.String()
	}
	return db.All[Holiday](tx, `SELECT day, name, works, verified FROM task_holiday WHERE day >= $1 AND day <= $2 ORDER BY day`, from, to)
}

func saveHoliday(tx *db.Tx, h Holiday) error {
	_, err := tx.Exec(`INSERT INTO task_holiday (day, name, works, verified) VALUES ($1, $2, $3, $4)
		ON CONFLICT (day) DO UPDATE SET name = excluded.name, works = excluded.works, verified = excluded.verified`, h.Day, h.Name, h.Works, h.Verified)
	return err
}

func dropHoliday(tx *db.Tx, day civil.Date) error {
	return tx.Must1(`DELETE FROM task_holiday WHERE day = $1`, day)
}

type feed struct {
	ID     string    `db:"id"`
	Person string    `db:"person_id"`
	Unit   string    `db:"unit_id"`
	MadeAt time.Time `db:"made_at"`
	ReadAt time.Time `db:"read_at"`
}

const feedColumns = `id, person_id, unit_id, made_at, read_at`

func insertFeed(tx *db.Tx, f feed, hash string) error {
	_, err := tx.Exec(`INSERT INTO task_feed (id, secret_hash, person_id, unit_id, made_at) VALUES ($1, $2, $3, $4, $5)`, f.ID, hash, f.Person, null(f.Unit), f.MadeAt)
	return err
}

func feedsOf(tx *db.Tx, person string) ([]feed, error) {
	return db.All[feed](tx, `SELECT `+feedColumns+` FROM task_feed WHERE person_id = $1 ORDER BY made_at`, person)
}

func feedBySecret(tx *db.Tx, hash string) (feed, bool, error) {
	return db.Find[feed](tx, `SELECT `+feedColumns+` FROM task_feed WHERE secret_hash = $1`, hash)
}

func dropFeed(tx *db.Tx, person, id string) error {
	return tx.Must1(`DELETE FROM task_feed WHERE id = $1 AND person_id = $2`, id, person)
}

// feedRow is a task as a calendar shows it.
type feedRow struct {
	ID        string     `db:"id"`
	Text      string     `db:"text"`
	DueDay    civil.Date `db:"due_day"`
	DueBound  string     `db:"due_bound"`
	DueWords  string     `db:"due_words"`
	State     State      `db:"state"`
	Version   int64      `db:"version"`
	Numbering string     `db:"numbering"`
}

func feedRows(tx *db.Tx, f feed) ([]feedRow, error) {
	cond, arg := `t.person_id = $1`, f.Person
	if f.Unit != "" {
		cond, arg = `t.unit_id = $1`, f.Unit
	}
	return db.All[feedRow](tx, `SELECT t.id, o.text, t.due_day, t.due_bound, t.due_words, t.state, t.version, o.numbering`+listFrom+` WHERE `+cond+` AND t.due_day IS NOT NULL AND t.state <> 'cancelled'
		AND t.due_day >= $2 ORDER BY t.due_at, t.id LIMIT 2000`, arg, civil.Of(tx.Now).AddDays(-120))
}
