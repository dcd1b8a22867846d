package directive

import (
	"strconv"
	"strings"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

func itoa(n int) string      { return strconv.Itoa(n) }
func newID(tx *db.Tx) string { return ids.New(tx.Now) }

const columnsOf = `d.id, d.unit_id, d.parent_id, d.root_id, d.replaces_id, d.replace_kind, d.source_id, d.document_id, d.symbol, d.issued_on, d.issued_at, d.state, d.kind, d.subject,
	d.report_words, d.report_day, d.report_bound, d.briefing, d.content, d.signer_id, d.signed_version, d.addressees, d.version, d.made_by, d.made_at, d.changed_by, d.changed_at`

func find(tx *db.Tx, id string) (Directive, error) {
	d, ok, err := db.Find[Directive](tx, `SELECT `+columnsOf+` FROM directive d WHERE d.id = $1`, id)
	if err == nil && !ok {
		err = errs.Absent("directive", id)
	}
	return d, err
}

// Find returns a directive for rooms above that keep its id; who may see it is theirs to decide.
func Find(tx *db.Tx, id string) (Directive, error) { return find(tx, id) }

func findByPaper(tx *db.Tx, paper string) (Directive, bool, error) {
	return db.Find[Directive](tx, `SELECT `+columnsOf+` FROM directive d WHERE d.document_id = $1`, paper)
}

func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func insert(tx *db.Tx, d Directive) error {
	_, err := tx.Exec(`INSERT INTO directive (id, unit_id, parent_id, root_id, replaces_id, replace_kind, source_id, symbol, state, kind, subject, subject_fold, report_words, report_day, report_bound, report_at,
		briefing, content, addressees, version, made_by, made_at, changed_by, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, $18, $19, $20, $21, $22)`,
		d.ID, d.Unit, null(d.Parent), d.Root, null(d.Replaces), d.ReplaceKind, null(d.Source), d.State, d.Kind, d.Subject, viet.Fold(d.Subject), d.ReportWords, d.ReportDay, d.ReportBound, d.ReportDue().Late(),
		d.Briefing, d.Content, d.Version, d.MadeBy, d.MadeAt, d.ChangedBy, d.ChangedAt)
	return err
}

// update writes a changed directive; one that somebody else changed meanwhile is a Conflict.
func update(tx *db.Tx, d *Directive) error {
	var signed any
	if d.SignedVersion != 0 {
		signed = d.SignedVersion
	}
	n, err := tx.Exec(`UPDATE directive SET document_id = $1, symbol = $2, issued_on = $3, issued_at = $4, state = $5, kind = $6, subject = $7, subject_fold = $8, report_words = $9, report_day = $10, report_bound = $11,
		report_at = $12, briefing = $13, content = $14, signer_id = $15, signed_version = $16, addressees = $17, changed_by = $18, changed_at = $19, version = version + 1 WHERE id = $20 AND version = $21`,
		null(d.Document), d.Symbol, d.IssuedOn, d.IssuedAt, d.State, d.Kind, d.Subject, viet.Fold(d.Subject+" "+d.Symbol), d.ReportWords, d.ReportDay, d.ReportBound, d.ReportDue().Late(), d.Briefing, d.Content,
		null(d.Signer), signed, d.Addressees, d.ChangedBy, d.ChangedAt, d.ID, d.Version)
	if err == nil && n != 1 {
		err = errs.New(errs.Conflict, "directive.changed_since")
	}
	d.Version++
	return err
}

func drop(tx *db.Tx, d Directive) error {
	for _, q := range []string{`DELETE FROM directive_version WHERE directive_id = $1`, `DELETE FROM directive_comment WHERE directive_id = $1`, `DELETE FROM directive_event WHERE directive_id = $1`,
		`UPDATE directive_addressee SET cascade_id = NULL WHERE cascade_id = $1`, `DELETE FROM directive WHERE id = $1`} {
		if _, err := tx.Exec(q, d.ID); err != nil {
			return err
		}
	}
	return nil
}

// keepVersion stores the content under its version. Every version stays until the directive is issued: others may have started from it.
func keepVersion(tx *db.Tx, d Directive, person string) error {
	_, err := tx.Exec(`INSERT INTO directive_version (directive_id, version, content, person_id, at) VALUES ($1, $2, $3, $4, $5)`, d.ID, d.Version, d.Content, person, tx.Now)
	return err
}

func versionOf(tx *db.Tx, id string, version int64) (Version, error) {
	v, ok, err := db.Find[Version](tx, `SELECT version, content, person_id, at FROM directive_version WHERE directive_id = $1 AND version <= $2 ORDER BY version DESC LIMIT 1`, id, version)
	if err == nil && !ok {
		err = errs.New(errs.Conflict, "directive.changed_since")
	}
	return v, err
}

// unissuedOf lists what a unit is writing and has not issued.
func unissuedOf(tx *db.Tx, unit string) ([]Directive, error) {
	return db.All[Directive](tx, `SELECT `+columnsOf+` FROM directive d WHERE d.unit_id = $1 AND d.state IN ('draft', 'submitted', 'returned', 'signed') ORDER BY d.id`, unit)
}

// moveTo gives a directive to another unit.
func moveTo(tx *db.Tx, d *Directive) error {
	if err := tx.Must1(`UPDATE directive SET unit_id = $1 WHERE id = $2`, d.Unit, d.ID); err != nil {
		return err
	}
	return update(tx, d)
}

func insertEvents(tx *db.Tx, list []Event) error {
	for _, e := range list {
		if _, err := tx.Exec(`INSERT INTO directive_event (id, directive_id, kind, note, person_id, unit_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`, e.ID, e.Directive, e.Kind, e.Note, e.Person, e.Unit, e.At); err != nil {
			return err
		}
	}
	return nil
}

// eventsOf lists the steps of a directive. Receipts are left out: of thousands of units they are a list of their own.
func eventsOf(tx *db.Tx, id string) ([]Event, error) {
	return db.All[Event](tx, `SELECT id, directive_id, kind, note, person_id, unit_id, at FROM directive_event WHERE directive_id = $1 AND kind NOT IN ('received', 'read') ORDER BY at, id`, id)
}

func insertComment(tx *db.Tx, directive string, r Remark) error {
	_, err := tx.Exec(`INSERT INTO directive_comment (id, directive_id, text, person_id, at) VALUES ($1, $2, $3, $4, $5)`, r.ID, directive, r.Text, r.Person, r.At)
	return err
}

func commentsOf(tx *db.Tx, id string) ([]Remark, error) {
	return db.All[Remark](tx, `SELECT id, text, person_id, at FROM directive_comment WHERE directive_id = $1 ORDER BY at, id`, id)
}

func insertAddressees(tx *db.Tx, id string, act, know []string) error {
	rows := make([][]any, 0, len(act)+len(know))
	for _, u := range act {
		rows = append(rows, []any{id, u, "act"})
	}
	for _, u := range know {
		rows = append(rows, []any{id, u, "know"})
	}
	_, err := tx.InsertMany(`INSERT INTO directive_addressee (directive_id, unit_id, purpose)`, rows, "")
	return err
}

const addresseeColumns = `directive_id, unit_id, purpose, received_at, received_by, cascade_id`

func addressee(tx *db.Tx, id, unit string) (Addressee, bool, error) {
	return db.Find[Addressee](tx, `SELECT `+addresseeColumns+` FROM directive_addressee WHERE directive_id = $1 AND unit_id = $2`, id, unit)
}

func allAddressees(tx *db.Tx, id string) ([]Addressee, error) {
	return db.All[Addressee](tx, `SELECT `+addresseeColumns+` FROM directive_addressee WHERE directive_id = $1 ORDER BY purpose, unit_id`, id)
}

// Addressees lists the units that have to act on a directive, for rooms above.
func Addressees(tx *db.Tx, id string) ([]Addressee, error) {
	return db.All[Addressee](tx, `SELECT `+addresseeColumns+` FROM directive_addressee WHERE directive_id = $1 AND purpose = 'act' ORDER BY unit_id`, id)
}

// mine lists the places in which a directive reached given units.
func mine(tx *db.Tx, id string, units []string) ([]Addressee, error) {
	args := []any{id}
	for _, u := range units {
		args = append(args, u)
	}
	return db.All[Addressee](tx, `SELECT `+addresseeColumns+` FROM directive_addressee WHERE directive_id = $1 AND unit_id IN `+db.In(2, len(units))+` ORDER BY purpose, unit_id`, args...)
}

func setReceived(tx *db.Tx, id, unit, person string) error {
	_, err := tx.Exec(`UPDATE directive_addressee SET received_at = $1, received_by = $2 WHERE directive_id = $3 AND unit_id = $4 AND received_at IS NULL`, tx.Now, person, id, unit)
	return err
}

func setCascade(tx *db.Tx, id, unit, made string) error {
	return tx.Must1(`UPDATE directive_addressee SET cascade_id = $1 WHERE directive_id = $2 AND unit_id = $3`, made, id, unit)
}

// Receipt counts the units of a directive by what they did.
type Receipt struct {
	Directive string `db:"directive_id"`
	Act       int    `db:"act"`
	Received  int    `db:"received"`
	Cascaded  int    `db:"cascaded"`
	Silent    int    `db:"silent"` // not received although a day has passed
}

const receiptSelect = `SELECT a.directive_id, COUNT(*) AS act, SUM(CASE WHEN a.received_at IS NOT NULL THEN 1 ELSE 0 END) AS received,
	SUM(CASE WHEN a.cascade_id IS NOT NULL THEN 1 ELSE 0 END) AS cascaded, SUM(CASE WHEN a.received_at IS NULL AND d.issued_at < $1 THEN 1 ELSE 0 END) AS silent
	FROM directive_addressee a JOIN directive d ON d.id = a.directive_id WHERE a.purpose = 'act'`

// receiptsOf counts for all directives of a tree.
func receiptsOf(tx *db.Tx, root string) (map[string]Receipt, error) {
	return receipts(tx, receiptSelect+` AND d.root_id = $2 GROUP BY a.directive_id`, tx.Now.Add(-Silent), root)
}

func receiptOf(tx *db.Tx, id string) (Receipt, error) {
	m, err := receipts(tx, receiptSelect+` AND a.directive_id = $2 GROUP BY a.directive_id`, tx.Now.Add(-Silent), id)
	return m[id], err
}

func receipts(tx *db.Tx, query string, args ...any) (map[string]Receipt, error) {
	rows, err := db.All[Receipt](tx, query, args...)
	out := map[string]Receipt{}
	for _, r := range rows {
		out[r.Directive] = r
	}
	return out, err
}

// AddresseeFilter says which addressees of a directive a list shows.
type AddresseeFilter struct {
	State string // "", waiting, silent, received, cascaded, know
	Hours int    // silent: for at least so many hours; 0: Silent
	Page  int
	Size  int
}

// silenceHours are the hours of silence a list can ask for.
var silenceHours = []int{4, 8, 24, 48, 72}

func (f AddresseeFilter) silence() time.Duration {
	if f.Hours == 0 {
		return Silent
	}
	return time.Duration(f.Hours) * time.Hour
}

// listAddressees lists units of a directive by their names with the count of all, the silent first.
func listAddressees(tx *db.Tx, d Directive, f AddresseeFilter) ([]Addressee, int, error) {
	var w db.Where
	w.And(`directive_id = ?`, d.ID)
	if f.State == "know" {
		w.And(`purpose = 'know'`)
	} else {
		w.And(`purpose = 'act'`)
	}
	switch f.State {
	case "waiting":
		w.And(`received_at IS NULL`)
	case "silent":
		w.And(`received_at IS NULL`)
		if tx.Now.Sub(d.IssuedAt) < f.silence() {
			w.And(`1 = 0`)
		}
	case "received":
		w.And(`received_at IS NOT NULL`)
	case "cascaded":
		w.And(`cascade_id IS NOT NULL`)
	}
	total, err := db.One[int](tx, `SELECT COUNT(*) FROM directive_addressee`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	tail := ` ORDER BY CASE WHEN received_at IS NULL THEN 0 ELSE 1 END, ` + orgunit.ByName("unit_id") + `, unit_id`
	if f.Size > 0 {
		tail += ` LIMIT ` + w.Arg(f.Size) + ` OFFSET ` + w.Arg((max(f.Page, 1)-1)*f.Size)
	}
	rows, err := db.All[Addressee](tx, `SELECT `+addresseeColumns+` FROM directive_addressee`+w.SQL()+tail, w.Args()...)
	return rows, total, err
}

// treeRow is a directive in a tree.
type treeRow struct {
	ID       string     `db:"id"`
	Unit     string     `db:"unit_id"`
	Parent   string     `db:"parent_id"`
	Symbol   string     `db:"symbol"`
	Subject  string     `db:"subject"`
	State    State      `db:"state"`
	IssuedOn civil.Date `db:"issued_on"`
}

func treeRows(tx *db.Tx, root string) ([]treeRow, error) {
	return db.All[treeRow](tx, `SELECT id, unit_id, parent_id, symbol, subject, state, issued_on FROM directive WHERE root_id = $1 ORDER BY issued_at, id`, root)
}

// treeAddressee is a unit that has to act on a directive of a tree.
type treeAddressee struct {
	Directive  string    `db:"directive_id"`
	Unit       string    `db:"unit_id"`
	ReceivedAt time.Time `db:"received_at"`
	Cascade    string    `db:"cascade_id"`
	IssuedAt   time.Time `db:"issued_at"`
}

func treeAddressees(tx *db.Tx, root string) ([]treeAddressee, error) {
	return db.All[treeAddressee](tx, `SELECT a.directive_id, a.unit_id, a.received_at, a.cascade_id, d.issued_at FROM directive_addressee a JOIN directive d ON d.id = a.directive_id
		WHERE d.root_id = $1 AND a.purpose = 'act' ORDER BY a.directive_id, a.unit_id`, root)
}

func insertReader(tx *db.Tx, id, unit, person string) error {
	_, err := tx.Exec(`INSERT INTO directive_reader (directive_id, unit_id, person_id, named_at) VALUES ($1, $2, $3, $4)`, id, unit, person, tx.Now)
	return err
}

func readers(tx *db.Tx, id, unit string) ([]Reader, error) {
	return db.All[Reader](tx, `SELECT unit_id, person_id, named_at, confirmed_at FROM directive_reader WHERE directive_id = $1 AND unit_id = $2 ORDER BY named_at, person_id`, id, unit)
}

func readsOf(tx *db.Tx, id, person string) ([]Reader, error) {
	return db.All[Reader](tx, `SELECT unit_id, person_id, named_at, confirmed_at FROM directive_reader WHERE directive_id = $1 AND person_id = $2`, id, person)
}

// readingFor lists the units that named a person to read a directive.
func readingFor(tx *db.Tx, id, person string) ([]string, error) {
	return db.All[string](tx, `SELECT unit_id FROM directive_reader WHERE directive_id = $1 AND person_id = $2 ORDER BY unit_id`, id, person)
}

func confirm(tx *db.Tx, id, person string) (int64, error) {
	return tx.Exec(`UPDATE directive_reader SET confirmed_at = $1 WHERE directive_id = $2 AND person_id = $3 AND confirmed_at IS NULL`, tx.Now, id, person)
}

func briefing(tx *db.Tx, id, unit string) (Briefing, error) {
	return db.One[Briefing](tx, `SELECT COUNT(*) AS named, COALESCE(SUM(CASE WHEN r.confirmed_at IS NOT NULL THEN 1 ELSE 0 END), 0) AS confirmed FROM directive_reader r
		WHERE r.directive_id = $1 AND (r.unit_id = $2 OR r.unit_id IN (`+strings.Replace(policy.UnitsBelow, "?", "$3", 1)+`))`, id, unit, unit)
}

// Filter says which directives a list shows.
type Filter struct {
	Box   string // "in": addressed to the actor's units; "out": issued by them; "drafts"; "": all
	State string
	Kind  string
	Words string
	Year  int
	Page  int
	Size  int
}

func (c *Directives) where(by policy.Actor, f Filter) db.Where {
	var w db.Where
	cond, args := c.listScope(by)
	w.And(cond, args...)
	switch f.Box {
	case "in":
		cond, args := c.Book.Scope(by, Receive).SQL(policy.Columns{Addressed: columns.Addressed})
		w.And(cond, args...)
	case "out":
		w.And(`d.state IN ('issued', 'recalled', 'completed', 'issuing')`)
		cond, args := c.Book.Scope(by, Read).SQL(policy.Columns{Unit: "d.unit_id"})
		w.And(cond, args...)
	case "drafts":
		w.And(`d.state IN ('draft', 'submitted', 'returned', 'signed', 'issuing')`)
	}
	if f.State != "" {
		w.And(`d.state = ?`, f.State)
	}
	if f.Kind != "" {
		w.And(`d.kind = ?`, f.Kind)
	}
	for _, word := range strings.Fields(viet.Fold(f.Words)) {
		w.And(`d.subject_fold LIKE ? ESCAPE '\'`, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)+"%")
	}
	if f.Year != 0 {
		from, to := civil.Date{Year: f.Year, Month: 1, Day: 1}, civil.Date{Year: f.Year, Month: 12, Day: 31}
		w.And(`(d.issued_on >= ? AND d.issued_on <= ?) OR (d.issued_on IS NULL AND d.changed_at >= ? AND d.changed_at < ?)`, from, to, from.Start(), to.End())
	}
	return w
}

// List returns the directives of a filter, the newest first, with the count of all.
func (c *Directives) List(tx *db.Tx, by policy.Actor, f Filter) ([]Directive, int, error) {
	w := c.where(by, f)
	total, err := db.One[int](tx, `SELECT COUNT(*) FROM directive d`+w.SQL(), w.Args()...)
	if err != nil || total == 0 {
		return nil, 0, err
	}
	tail := ` ORDER BY COALESCE(d.issued_at, d.changed_at) DESC, d.id`
	if f.Size > 0 {
		tail += ` LIMIT ` + w.Arg(f.Size) + ` OFFSET ` + w.Arg((max(f.Page, 1)-1)*f.Size)
	}
	rows, err := db.All[Directive](tx, `SELECT `+columnsOf+` FROM directive d`+w.SQL()+tail, w.Args()...)
	return rows, total, err
}

// todo lists what waits for a deed in the units where the actor holds a permission.
func (c *Directives) todo(tx *db.Tx, by policy.Actor, p policy.Permission, states string, limit int) ([]Directive, error) {
	var w db.Where
	cond, args := c.Book.Scope(by, p).SQL(policy.Columns{Unit: "d.unit_id"})
	w.And(cond, args...)
	return db.All[Directive](tx, `SELECT `+columnsOf+` FROM directive d`+w.SQL()+` AND d.state IN `+states+` ORDER BY d.changed_at LIMIT `+w.Arg(limit), w.Args()...)
}

// arrived lists directives that units of the actor have not yet received.
func arrived(tx *db.Tx, units []string, limit int) ([]Directive, error) {
	args := []any{}
	for _, u := range units {
		args = append(args, u)
	}
	args = append(args, limit)
	return db.All[Directive](tx, `SELECT `+columnsOf+` FROM directive d JOIN directive_addressee a ON a.directive_id = d.id WHERE a.unit_id IN `+db.In(1, len(units))+` AND a.received_at IS NULL AND d.state = 'issued'
		ORDER BY d.issued_at DESC LIMIT $`+itoa(len(args)), args...)
}

// toRead lists directives a person was named to read.
func toRead(tx *db.Tx, person string, limit int) ([]Directive, error) {
	return db.All[Directive](tx, `SELECT `+columnsOf+` FROM directive d JOIN directive_reader r ON r.directive_id = d.id WHERE r.person_id = $1 AND r.confirmed_at IS NULL AND d.state = 'issued' ORDER BY r.named_at LIMIT $2`, person, limit)
}
