package document

import (
	"strings"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/orgunit"
)

const documentColumns = `d.id, d.unit_id, d.direction, d.state, d.kind, d.symbol, d.issuer, d.issuer_unit_id, d.issued_on, d.subject, d.urgency, d.topic, d.signer,
	d.signer_title, d.recipients, d.copies, d.keeper, d.sent_on, d.receipt, d.note, d.symbol_key, d.number, d.register, d.series_year, d.run, d.issuer_key,
	d.extraction, d.extraction_note, d.search_key, d.withdrawn_at, d.withdrawn_by, d.withdrawn_why, d.created_at, d.created_by, d.changed_at, d.changed_by, d.version`

func findWhere(tx *db.Tx, w *db.Where) (Document, bool, error) {
	return db.Find[Document](tx, `SELECT `+documentColumns+` FROM document d`+w.SQL(), w.Args()...)
}

func byID(tx *db.Tx, id string) (Document, error) {
	var w db.Where
	w.And(`d.id = ?`, id)
	d, ok, err := findWhere(tx, &w)
	if err == nil && !ok {
		err = errs.Absent("document", id)
	}
	return d, err
}

func insertDocument(tx *db.Tx, d Document) error {
	_, err := tx.Exec(`INSERT INTO document (id, unit_id, direction, state, kind, symbol, issuer, issuer_unit_id, issued_on, subject, urgency, topic, signer,
		signer_title, recipients, copies, keeper, sent_on, receipt, note, symbol_key, number, register, series_year, run, issuer_key, extraction, extraction_note,
		search_key, withdrawn_why, created_at, created_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, NULLIF($8, ''), $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, 1)`,
		d.ID, d.Unit, d.Direction, d.State, d.Kind, d.Symbol, d.Issuer, d.IssuerUnit, d.IssuedOn, d.Subject, d.Urgency, d.Topic, d.Signer,
		d.SignerTitle, d.Recipients, d.Copies, d.Keeper, d.SentOn, d.Receipt, d.Note, d.Key, none(d.Number), d.Register, none(d.Year), none(d.Run), d.IssuerKey,
		d.Extraction, d.ExtractionNote, d.SearchKey, d.WithdrawnWhy, d.CreatedAt, d.CreatedBy)
	return err
}

// none stores a number that is not there as NULL.
func none(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// saveDocument writes a paper back. The version is the caller's business (web.Conflict); here it only counts up.
func saveDocument(tx *db.Tx, d Document) error {
	return tx.Must1(`UPDATE document SET state = $1, kind = $2, symbol = $3, issuer = $4, issuer_unit_id = NULLIF($5, ''), issued_on = $6, subject = $7, urgency = $8,
		topic = $9, signer = $10, signer_title = $11, recipients = $12, copies = $13, keeper = $14, sent_on = $15, receipt = $16, note = $17, symbol_key = $18,
		number = $19, issuer_key = $20, extraction = $21, extraction_note = $22, withdrawn_at = $23, withdrawn_by = $24, withdrawn_why = $25, changed_at = $26, changed_by = $27,
		version = version + 1 WHERE id = $28 AND version = $29`,
		d.State, d.Kind, d.Symbol, d.Issuer, d.IssuerUnit, d.IssuedOn, d.Subject, d.Urgency, d.Topic, d.Signer, d.SignerTitle, d.Recipients, d.Copies, d.Keeper,
		d.SentOn, d.Receipt, d.Note, d.Key, none(d.Number), d.IssuerKey, d.Extraction, d.ExtractionNote, d.WithdrawnAt, nothing(d.WithdrawnBy), d.WithdrawnWhy, d.ChangedAt,
		nothing(d.ChangedBy), d.ID, d.Version)
}

func nothing(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func setExtraction(tx *db.Tx, id string, e Extraction, note string) error {
	return tx.Must1(`UPDATE document SET extraction = $1, extraction_note = $2, version = version + 1 WHERE id = $3`, e, note, id)
}

// eraseDocument leaves nothing of a paper. Only papers that were never entered are erased.
func eraseDocument(tx *db.Tx, d Document) error {
	for _, q := range []string{`DELETE FROM document_citation WHERE document_id = $1`, `DELETE FROM document_text WHERE document_id = $1`,
		`DELETE FROM document_link WHERE document_id = $1`, `DELETE FROM document_reader WHERE document_id = $1`, `DELETE FROM document_delivery WHERE document_id = $1`,
		`DELETE FROM document_file WHERE document_id = $1`, `DELETE FROM document WHERE id = $1 AND state = 'arrived'`} {
		if _, err := tx.Exec(q, d.ID); err != nil {
			return err
		}
	}
	return nil
}

const fileColumns = `id, document_id, seq, name, type, size, blob, extraction, note, added_at, added_by`

func insertFile(tx *db.Tx, f File) error {
	_, err := tx.Exec(`INSERT INTO document_file (`+fileColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		f.ID, f.Document, f.Seq, f.Name, f.Type, f.Size, f.Blob, f.Extraction, f.Note, f.AddedAt, f.AddedBy)
	return err
}

func listFiles(tx *db.Tx, document string) ([]File, error) {
	return db.All[File](tx, `SELECT `+fileColumns+` FROM document_file WHERE document_id = $1 ORDER BY seq`, document)
}

// Text of a paper or of one of its files.
type textRow struct {
	Text    string    `db:"text"`
	Reading string    `db:"reading"`
	ReadAt  time.Time `db:"read_at"`
}

func saveText(tx *db.Tx, document string, part int, text, reading string) error {
	_, err := tx.Exec(`INSERT INTO document_text (document_id, part, text, reading, read_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (document_id, part) DO UPDATE SET text = excluded.text, reading = excluded.reading, read_at = excluded.read_at`,
		document, part, text, nothing(reading), tx.Now)
	return err
}

func findText(tx *db.Tx, document string, part int) (textRow, bool, error) {
	return db.Find[textRow](tx, `SELECT text, reading, read_at FROM document_text WHERE document_id = $1 AND part = $2`, document, part)
}

// fileTexts lists the texts of a paper's files, without the paper itself.
func fileTexts(tx *db.Tx, document string) ([]string, error) {
	return db.All[string](tx, `SELECT text FROM document_text WHERE document_id = $1 AND part > 0 ORDER BY part`, document)
}

const citationColumns = `c.document_id, c.seq, c.symbol, c.symbol_key, c.kind, c.issuer, c.issued_on, c.basis, c.span_start, c.span_end`

func saveCitations(tx *db.Tx, document string, list []Citation) error {
	if _, err := tx.Exec(`DELETE FROM document_citation WHERE document_id = $1`, document); err != nil {
		return err
	}
	for _, c := range list {
		if _, err := tx.Exec(`INSERT INTO document_citation (document_id, seq, symbol, symbol_key, kind, issuer, issued_on, basis, span_start, span_end)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			document, c.Seq, c.Symbol, c.Key, c.Kind, c.Issuer, c.IssuedOn, c.Basis, c.SpanStart, c.SpanEnd); err != nil {
			return err
		}
	}
	return nil
}

func listCitations(tx *db.Tx, document string) ([]Citation, error) {
	return db.All[Citation](tx, `SELECT `+citationColumns+` FROM document_citation c WHERE c.document_id = $1 ORDER BY c.seq`, document)
}

const deliveryColumns = `x.id, x.document_id, x.unit_id, x.purpose, x.delivered_at, x.opened_at, x.opened_by, x.register, x.year, x.run, x.number, x.arrived_on, x.registered_at,
	x.registered_by, x.handler_kind, x.handler_id, x.passed_on, x.received_at, x.received_by, x.due_on, x.progress, x.answer, x.note, x.returned_at, x.returned_by,
	x.returned_why, x.version`

func findDelivery(tx *db.Tx, document, unit string) (Delivery, bool, error) {
	return db.Find[Delivery](tx, `SELECT `+deliveryColumns+` FROM document_delivery x WHERE x.document_id = $1 AND x.unit_id = $2`, document, unit)
}

// deliver adds the lines of units that have none yet and returns how many it added.
func deliver(tx *db.Tx, document string, units []string, purpose string) (int, error) {
	rows := make([][]any, len(units))
	for i, u := range units {
		rows[i] = []any{ids.New(tx.Now), document, u, purpose, tx.Now, "", "", "", "", "", "", "", 1}
	}
	n, err := tx.InsertMany(`INSERT INTO document_delivery (id, document_id, unit_id, purpose, delivered_at, register, handler_kind, handler_id, progress, answer, note, returned_why, version)`, rows,
		`ON CONFLICT (unit_id, document_id) DO NOTHING`)
	return int(n), err
}

// enter gives a delivery its arrival number.
func enter(tx *db.Tx, x Delivery) error {
	return tx.Must1(`UPDATE document_delivery SET register = $1, year = $2, run = $3, number = $4, arrived_on = $5, registered_at = $6, registered_by = $7, note = $8,
		version = version + 1 WHERE id = $9 AND version = $10 AND number IS NULL`,
		x.Register, x.Year, x.Run, x.Number, x.ArrivedOn, x.RegisteredAt, x.RegisteredBy, x.Note, x.ID, x.Version)
}

type counter struct {
	Run  int `db:"run"`
	Last int `db:"last"`
}

func findCounter(tx *db.Tx, book string, s Series) (counter, bool, error) {
	return db.Find[counter](tx, `SELECT run, last FROM document_counter WHERE unit_id = $1 AND book = $2 AND year = $3 AND register = $4`, s.Unit, book, s.Year, s.Register)
}

// nextNumber counts a series up by one. Two transactions that do so at once cannot both commit with the same number: the row is locked, and
// under PostgreSQL the later one is run again.
func nextNumber(tx *db.Tx, book string, s Series) (number, run int, err error) {
	c, err := db.One[counter](tx, `INSERT INTO document_counter (unit_id, book, year, register, run, last) VALUES ($1, $2, $3, $4, 1, 1)
		ON CONFLICT (unit_id, book, year, register) DO UPDATE SET last = document_counter.last + 1 RETURNING run, last`, s.Unit, book, s.Year, s.Register)
	return c.Last, c.Run, err
}

func setCounter(tx *db.Tx, book string, s Series, run, last int) error {
	_, err := tx.Exec(`INSERT INTO document_counter (unit_id, book, year, register, run, last) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (unit_id, book, year, register) DO UPDATE SET run = excluded.run, last = excluded.last`, s.Unit, book, s.Year, s.Register, max(run, 1), last)
	return err
}

func hasRegister(tx *db.Tx, unit, book, code string) (bool, error) {
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM document_register WHERE unit_id = $1 AND book = $2 AND code = $3`, unit, book, code)
	return n > 0, err
}

// sameNumber lists the papers with a number that may be one and the same: of that day, or of no known day.
func sameNumber(tx *db.Tx, w *db.Where, key string, on civil.Date) ([]Document, error) {
	w.And(`d.symbol_key = ?`, key)
	if !on.IsZero() {
		w.And(`d.issued_on = ? OR d.issued_on IS NULL`, on)
	}
	return db.All[Document](tx, `SELECT `+documentColumns+` FROM document d`+w.SQL()+` ORDER BY d.created_at, d.id LIMIT 50`, w.Args()...)
}

func sameContent(tx *db.Tx, w *db.Where, blobs []string) ([]Document, error) {
	args := make([]any, len(blobs))
	for i, s := range blobs {
		args[i] = s
	}
	w.And(`d.id IN (SELECT f.document_id FROM document_file f WHERE f.blob IN (`+marks(len(blobs))+`))`, args...)
	return db.All[Document](tx, `SELECT `+documentColumns+` FROM document d`+w.SQL()+` ORDER BY d.created_at, d.id LIMIT 50`, w.Args()...)
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// listWhere lists papers under a condition, those in a register before those only arrived, the oldest first; at most 200.
func listWhere(tx *db.Tx, w *db.Where) ([]Document, error) {
	return db.All[Document](tx, `SELECT `+documentColumns+` FROM document d`+w.SQL()+` ORDER BY CASE d.state WHEN 'arrived' THEN 1 ELSE 0 END, d.created_at, d.id LIMIT 200`, w.Args()...)
}

// pageWhere lists the newest papers under a condition with the count of all.
func pageWhere(tx *db.Tx, w *db.Where, limit int) ([]Document, int, error) {
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM document d`+w.SQL(), w.Args()...)
	if err != nil || n == 0 {
		return nil, 0, err
	}
	list, err := db.All[Document](tx, `SELECT `+documentColumns+` FROM document d`+w.SQL()+` ORDER BY d.created_at DESC, d.id DESC LIMIT `+w.Arg(limit), w.Args()...)
	return list, n, err
}

const linkColumns = `id, document_id, kind, target_id, symbol, symbol_key, issued_on`

func listLinks(tx *db.Tx, document string) ([]Link, error) {
	return db.All[Link](tx, `SELECT `+linkColumns+` FROM document_link WHERE document_id = $1 ORDER BY made_at, kind, symbol_key`, document)
}

// listLinksTo lists the links that name a paper, by its id or by its number and date.
func listLinksTo(tx *db.Tx, d Document) ([]Link, error) {
	if d.Number == 0 {
		return db.All[Link](tx, `SELECT `+linkColumns+` FROM document_link WHERE target_id = $1 ORDER BY made_at, kind, document_id LIMIT 200`, d.ID)
	}
	return db.All[Link](tx, `SELECT `+linkColumns+` FROM document_link WHERE target_id = $1 OR (symbol_key = $2 AND issued_on = SUBSTR($3, 1, LENGTH(issued_on)))
		ORDER BY made_at, kind, document_id LIMIT 200`, d.ID, d.Key, d.IssuedOn.String())
}

func insertLink(tx *db.Tx, l Link, by string) error {
	_, err := tx.Exec(`INSERT INTO document_link (id, document_id, kind, target_id, symbol, symbol_key, issued_on, made_at, made_by) VALUES ($1, $2, $3, NULLIF($4, ''), $5, $6, $7, $8, $9)`,
		l.ID, l.Document, l.Kind, l.Target, l.Symbol, l.Key, l.IssuedOn, tx.Now, by)
	return err
}

// The full-text index: one row a paper, its tokens.
func indexRow(tx *db.Tx, key int64, tokens []string) error {
	if tx.Dialect == db.Postgres {
		var b strings.Builder // tokens are letters, digits, _ and ^: there is nothing to quote
		for _, t := range tokens {
			b.WriteString("'" + t + "' ")
		}
		_, err := tx.Exec(`INSERT INTO document_fts (search_key, words) VALUES ($1, $2::tsvector) ON CONFLICT (search_key) DO UPDATE SET words = excluded.words`, key, b.String())
		return err
	}
	if err := dropIndexRow(tx, key); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO document_fts (rowid, words) VALUES ($1, $2)`, key, strings.Join(tokens, " "))
	return err
}

func dropIndexRow(tx *db.Tx, key int64) error {
	if tx.Dialect == db.Postgres {
		_, err := tx.Exec(`DELETE FROM document_fts WHERE search_key = $1`, key)
		return err
	}
	_, err := tx.Exec(`DELETE FROM document_fts WHERE rowid = $1`, key)
	return err
}

// search runs a list: conditions, and where there are words the full-text index of the database at hand.
func search(tx *db.Tx, w *db.Where, q query, f Filter) ([]Document, int, error) {
	found := func(tokens []string) (cond string, arg string) {
		if tx.Dialect == db.Postgres {
			return `d.search_key IN (SELECT t.search_key FROM document_fts t WHERE t.words @@ ?::tsquery)`, "'" + strings.Join(tokens, "' & '") + "'"
		}
		return `d.search_key IN (SELECT rowid FROM document_fts WHERE document_fts MATCH ?)`, `"` + strings.Join(tokens, `" AND "`) + `"`
	}
	if !q.empty() {
		w.And(found(q.tokens()))
		if tx.Dialect == db.Postgres {
			// The planner does not count what it costs to unpack a tsvector and reads them all where most papers are found.
			if _, err := tx.Exec(`SET LOCAL enable_seqscan = off`); err != nil {
				return nil, 0, err
			}
			defer tx.Exec(`SET LOCAL enable_seqscan = on`)
		}
	}
	total, err := db.One[int](tx, `SELECT COUNT(*) FROM document d`+w.SQL(), w.Args()...)
	if err != nil || total == 0 {
		return nil, total, err
	}
	where := w.SQL()
	var order strings.Builder
	switch {
	case q.symbol != "":
		order.WriteString(`CASE WHEN d.symbol_key = ` + w.Arg(q.symbol) + ` THEN 0 ELSE 1 END, `)
	case q.number > 0:
		order.WriteString(`CASE WHEN d.number = ` + w.Arg(q.number) + ` THEN 0 ELSE 1 END, `)
	}
	if tiers := q.tiers(); len(tiers) > 0 {
		order.WriteString(`CASE`)
		for i, t := range tiers {
			cond, arg := found(t)
			order.WriteString(` WHEN ` + strings.Replace(cond, "?", w.Arg(arg), 1) + ` THEN ` + itoa(i))
		}
		order.WriteString(` ELSE ` + itoa(len(tiers)) + ` END, `)
	}
	list, err := db.All[Document](tx, `SELECT `+documentColumns+` FROM document d`+where+` ORDER BY `+order.String()+`d.created_at DESC, d.id DESC LIMIT `+w.Arg(f.Size)+` OFFSET `+w.Arg((f.Page-1)*f.Size), w.Args()...)
	return list, total, err
}

type refusal struct {
	ID     string    `db:"id"`
	Unit   string    `db:"unit_id"`
	Reason string    `db:"reason"`
	At     time.Time `db:"refused_at"`
	By     string    `db:"refused_by"`
}

func insertRefused(tx *db.Tx, r refusal) error {
	_, err := tx.Exec(`INSERT INTO document_refused (id, unit_id, reason, refused_at, refused_by) VALUES ($1, $2, $3, $4, $5)`, r.ID, r.Unit, r.Reason, r.At, r.By)
	return err
}

func findRefused(tx *db.Tx, id string) (refusal, bool, error) {
	return db.Find[refusal](tx, `SELECT id, unit_id, reason, refused_at, refused_by FROM document_refused WHERE id = $1`, id)
}

func setFileExtraction(tx *db.Tx, f File) error {
	return tx.Must1(`UPDATE document_file SET extraction = $1, note = $2 WHERE id = $3`, f.Extraction, f.Note, f.ID)
}

func dropText(tx *db.Tx, document string, part int) error {
	_, err := tx.Exec(`DELETE FROM document_text WHERE document_id = $1 AND part = $2`, document, part)
	return err
}

func deleteFile(tx *db.Tx, id string) error {
	return tx.Must1(`DELETE FROM document_file WHERE id = $1`, id)
}

func findFile(tx *db.Tx, document, id string) (File, error) {
	f, ok, err := db.Find[File](tx, `SELECT `+fileColumns+` FROM document_file WHERE document_id = $1 AND id = $2`, document, id)
	if err == nil && !ok {
		err = errs.Absent("file", id)
	}
	return f, err
}

func deleteLink(tx *db.Tx, id string) error {
	return tx.Must1(`DELETE FROM document_link WHERE id = $1`, id)
}

func insertRegister(tx *db.Tx, r RegisterOf, by string) error {
	_, err := tx.Exec(`INSERT INTO document_register (unit_id, book, code, name, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6)`, r.Unit, r.Book, r.Code, r.Name, tx.Now, by)
	return err
}

func listRegisters(tx *db.Tx, unit, book string) ([]RegisterOf, error) {
	return db.All[RegisterOf](tx, `SELECT unit_id, book, code, name FROM document_register WHERE unit_id = $1 AND book = $2 ORDER BY code`, unit, book)
}

func saveDelivery(tx *db.Tx, x Delivery) error {
	return tx.Must1(`UPDATE document_delivery SET handler_kind = $1, handler_id = $2, passed_on = $3, received_at = $4, received_by = $5, due_on = $6, progress = $7, answer = $8,
		note = $9, returned_at = $10, returned_by = $11, returned_why = $12, version = version + 1 WHERE id = $13 AND version = $14`,
		x.HandlerKind, x.Handler, x.PassedOn, x.ReceivedAt, nothing(x.ReceivedBy), x.DueOn, x.Progress, x.Answer, x.Note, x.ReturnedAt, nothing(x.ReturnedBy), x.ReturnedWhy, x.ID, x.Version)
}

// markRead records that a person has opened a paper, and the first opening by the unit.
func markRead(tx *db.Tx, document, person, unit string) error {
	if _, err := tx.Exec(`INSERT INTO document_reader (document_id, person_id, unit_id, first_at, last_at, times) VALUES ($1, $2, $3, $4, $5, 1)
		ON CONFLICT (document_id, person_id) DO UPDATE SET last_at = excluded.last_at, times = document_reader.times + 1, unit_id = excluded.unit_id`, document, person, unit, tx.Now, tx.Now); err != nil {
		return err
	}
	return opened(tx, document, person, unit)
}

func opened(tx *db.Tx, document, person, unit string) error {
	_, err := tx.Exec(`UPDATE document_delivery SET opened_at = $1, opened_by = $2 WHERE document_id = $3 AND unit_id = $4 AND opened_at IS NULL`, tx.Now, person, document, unit)
	return err
}

// Reader is a person who has opened a paper.
type Reader struct {
	Person  string    `db:"person_id"`
	Unit    string    `db:"unit_id"`
	FirstAt time.Time `db:"first_at"`
	LastAt  time.Time `db:"last_at"`
	Times   int       `db:"times"`
}

func listReaders(tx *db.Tx, document string, limit int) ([]Reader, error) {
	return db.All[Reader](tx, `SELECT person_id, unit_id, first_at, last_at, times FROM document_reader WHERE document_id = $1 ORDER BY last_at DESC, person_id LIMIT $2`, document, limit)
}

// wasReadSince tells whether a person opened a paper after a time: then it need not be written again.
func wasReadSince(tx *db.Tx, document, person string, since time.Time) (bool, error) {
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM document_reader WHERE document_id = $1 AND person_id = $2 AND last_at > $3`, document, person, since)
	return n > 0, err
}

// Lines of the registers.

// InLine is a line of the incoming or the follow-up register: a delivery with its paper.
type InLine struct {
	Delivery
	Paper Facts
	State State
}

// inRow is InLine as the query gives it; names that both tables have are told apart.
type inRow struct {
	Delivery
	State    State      `db:"doc_state"`
	Kind     string     `db:"doc_kind"`
	Symbol   string     `db:"doc_symbol"`
	Issuer   string     `db:"doc_issuer"`
	IssuedOn civil.Date `db:"doc_issued_on"`
	Subject  string     `db:"doc_subject"`
	Urgency  string     `db:"doc_urgency"`
	Note     string     `db:"doc_note"`
}

func listInLines(tx *db.Tx, w *db.Where, order string, limit, offset int) ([]InLine, int, error) {
	const from = ` FROM document_delivery x JOIN document d ON d.id = x.document_id`
	total, err := db.One[int](tx, `SELECT COUNT(*)`+from+w.SQL(), w.Args()...)
	if err != nil || total == 0 {
		return nil, total, err
	}
	rows, err := db.All[inRow](tx, `SELECT `+deliveryColumns+`, d.state AS doc_state, d.kind AS doc_kind, d.symbol AS doc_symbol, d.issuer AS doc_issuer, d.issued_on AS doc_issued_on,
		d.subject AS doc_subject, d.urgency AS doc_urgency, CASE WHEN d.unit_id = x.unit_id THEN d.note ELSE '' END AS doc_note`+from+w.SQL()+` ORDER BY `+order+` LIMIT `+w.Arg(limit)+` OFFSET `+w.Arg(offset), w.Args()...)
	out := make([]InLine, len(rows))
	for i, r := range rows {
		out[i] = InLine{r.Delivery, Facts{Kind: r.Kind, Symbol: r.Symbol, Issuer: r.Issuer, IssuedOn: r.IssuedOn, Subject: r.Subject, Urgency: r.Urgency, Note: r.Note}, r.State}
	}
	return out, total, err
}

func listOutLines(tx *db.Tx, w *db.Where, limit, offset int) ([]Document, int, error) {
	total, err := db.One[int](tx, `SELECT COUNT(*) FROM document d`+w.SQL(), w.Args()...)
	if err != nil || total == 0 {
		return nil, total, err
	}
	list, err := db.All[Document](tx, `SELECT `+documentColumns+` FROM document d`+w.SQL()+` ORDER BY d.run, d.number LIMIT `+w.Arg(limit)+` OFFSET `+w.Arg(offset), w.Args()...)
	return list, total, err
}

// waiting lists what a unit has in its hands and has not entered: papers delivered, and those that arrived by file or text.
func waiting(tx *db.Tx, unit string, limit, offset int) ([]InLine, int, error) {
	var w db.Where
	w.And(`x.unit_id = ? AND x.number IS NULL AND x.returned_at IS NULL`, unit)
	return listInLines(tx, &w, `x.delivered_at DESC, x.id`, limit, offset)
}

// yearsOf lists the years of a unit's book, the latest first.
func yearsOf(tx *db.Tx, unit, book string) ([]int, error) {
	return db.All[int](tx, `SELECT DISTINCT year FROM document_counter WHERE unit_id = $1 AND book = $2 ORDER BY year DESC`, unit, book)
}

func listDeliveries(tx *db.Tx, document string, limit, offset int) ([]Delivery, int, error) {
	total, err := db.One[int](tx, `SELECT COUNT(*) FROM document_delivery WHERE document_id = $1`, document)
	if err != nil || total == 0 {
		return nil, total, err
	}
	list, err := db.All[Delivery](tx, `SELECT `+deliveryColumns+` FROM document_delivery x WHERE x.document_id = $1 ORDER BY `+orgunit.ByName("x.unit_id")+`, x.id LIMIT $2 OFFSET $3`, document, limit, offset)
	return list, total, err
}

// notIndexed lists papers without an entry in the full-text index.
func notIndexed(tx *db.Tx, limit int) ([]Document, error) {
	key := `rowid`
	if tx.Dialect == db.Postgres {
		key = `search_key`
	}
	return db.All[Document](tx, `SELECT `+documentColumns+` FROM document d WHERE d.search_key NOT IN (SELECT `+key+` FROM document_fts) ORDER BY d.id LIMIT $1`, limit)
}

func emptyIndex(tx *db.Tx) error {
	_, err := tx.Exec(`DELETE FROM document_fts`)
	if err != nil && tx.Dialect == db.SQLite {
		_, err = tx.Exec(`INSERT INTO document_fts (document_fts) VALUES ('delete-all')`)
	}
	return err
}

func countEntered(tx *db.Tx, document string) (int, error) {
	return db.One[int](tx, `SELECT COUNT(*) FROM document_delivery WHERE document_id = $1 AND number IS NOT NULL`, document)
}

// passedTo lists the papers passed on to a person or a division that are not done, the most urgent first.
func passedTo(tx *db.Tx, person, unit string, limit int) ([]InLine, error) {
	var w db.Where
	w.And(`x.handler_id IN (?, ?)`, person, unit)
	w.And(`x.progress <> 'done' AND d.state <> 'withdrawn'`)
	list, _, err := listInLines(tx, &w, `CASE WHEN x.due_on IS NULL THEN 1 ELSE 0 END, x.due_on, x.passed_on, x.id`, limit, 0)
	return list, err
}

// IssuedCount counts the papers a unit issued in a period on the subject of the system (topics trafficking, campaign, victims), for reports.
// An open end of the period is the zero Date.
func IssuedCount(tx *db.Tx, unit string, from, to civil.Date) (int, error) {
	var w db.Where
	w.And(`unit_id = ? AND direction = 'out' AND state = 'issued' AND topic IN ('trafficking', 'campaign', 'victims')`, unit)
	if !from.IsZero() {
		w.And(`issued_on >= ?`, from)
	}
	if !to.IsZero() {
		w.And(`issued_on <= ?`, to)
	}
	return db.One[int](tx, `SELECT COUNT(*) FROM document`+w.SQL(), w.Args()...)
}

// Open lines of a unit, for its successor: not entered, or in the follow-up register and not done.
const openLines = `x.returned_at IS NULL AND x.progress <> 'done' AND (x.number IS NULL OR x.handler_id <> '' OR x.due_on IS NOT NULL)
	AND x.document_id NOT IN (SELECT w.id FROM document w WHERE w.state = 'withdrawn')`

func countOpenLines(tx *db.Tx, unit string) (int, error) {
	return db.One[int](tx, `SELECT COUNT(*) FROM document_delivery x WHERE x.unit_id = $1 AND `+openLines, unit)
}

func listOpenLines(tx *db.Tx, unit string) ([]Delivery, error) {
	return db.All[Delivery](tx, `SELECT `+deliveryColumns+` FROM document_delivery x WHERE x.unit_id = $1 AND `+openLines+` ORDER BY x.delivered_at, x.id`, unit)
}

// handOver gives a line that is not entered yet to another unit, and the paper with it when it only arrived.
func handOver(tx *db.Tx, x Delivery, to string) error {
	if err := tx.Must1(`UPDATE document_delivery SET unit_id = $1, version = version + 1 WHERE id = $2 AND version = $3`, to, x.ID, x.Version); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE document SET unit_id = $1, version = version + 1 WHERE id = $2 AND unit_id = $3 AND state = 'arrived'`, to, x.Document, x.Unit)
	return err
}

func setDue(tx *db.Tx, document, unit string, due civil.Date) error {
	return tx.Must1(`UPDATE document_delivery SET due_on = $1, version = version + 1 WHERE document_id = $2 AND unit_id = $3`, due, document, unit)
}

// copyRegisters opens the further registers of a unit for another one that does not keep them yet.
func copyRegisters(tx *db.Tx, from, to, by string) error {
	_, err := tx.Exec(`INSERT INTO document_register (unit_id, book, code, name, made_at, made_by)
		SELECT $1, r.book, r.code, r.name, $2, $3 FROM document_register r WHERE r.unit_id = $4 ON CONFLICT (unit_id, book, code) DO NOTHING`, to, tx.Now, by, from)
	return err
}
