package report

import (
	"chungtay/docrender"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/policy"
)

// Consolidated is consolidated for tests.
func (c *Reports) Consolidated(tx *db.Tx, a Asked) (Sum, error) { return c.consolidated(tx, a) }

// ProgressOf is the progress of one request.
func ProgressOf(tx *db.Tx, id string) (Progress, error) {
	m, err := progressOf(tx, []string{id})
	return m[id], err
}

// PeriodEnding is periodEnding for tests.
func PeriodEnding(every string, on civil.Date) (from, to civil.Date) { return periodEnding(every, on) }

// ForceApprove sends and approves what stands in a report, whatever its rules say.
func ForceApprove(tx *db.Tx, c *Reports, id string) error {
	r, err := find(tx, id)
	if err != nil {
		return err
	}
	a, err := findAsked(tx, r.Request)
	if err != nil {
		return err
	}
	f, err := c.form(tx, a)
	if err != nil {
		return err
	}
	values, _, err := f.Decode([]byte(r.Body))
	if err != nil {
		return err
	}
	by := policy.System("test")
	if err := c.send(tx, by, &r, a, f.Evaluate(values, formdef.Context{Today: civil.Of(tx.Now)}).Values); err != nil {
		return err
	}
	return c.Approve(tx, by, id, 0)
}

// Tamper changes a submission behind the program's back.
func Tamper(tx *db.Tx, id string, number int) error {
	return tx.Must1(`UPDATE report_submission SET body = '{}' WHERE report_id = $1 AND number = $2`, id, number)
}

// ApproveAll fills every report of a request with figures and approves it.
func ApproveAll(tx *db.Tx, c *Reports, a Asked) error {
	f, err := c.form(tx, a)
	if err != nil {
		return err
	}
	v := formdef.Values{}
	for i, cell := range f.Figures() {
		if !cell.Calculated() {
			v[cell.Address] = formdef.IntValue(int64(i))
		}
	}
	body := string(v.Canonical())
	if _, err := tx.Exec(`INSERT INTO report_submission (report_id, number, body, digest, nil_return, fills, person_id, signer_id, late, at, verdict, verdict_note) SELECT id, 1, $1, $2, 0, '{}', 'x', '', 0, 1, 'approved', '' FROM report WHERE request_id = $3`,
		body, digestOf(body), a.ID); err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE report SET state = 'approved', current = 1, approved = 1 WHERE request_id = $1`, a.ID)
	return err
}

// ApproveWith gives each report of a request the figures of its unit, approved; units without figures stay silent.
func ApproveWith(tx *db.Tx, a Asked, values map[string]formdef.Values) error {
	for unit, v := range values {
		body := string(v.Canonical())
		if _, err := tx.Exec(`INSERT INTO report_submission (report_id, number, body, digest, nil_return, fills, person_id, signer_id, late, at, verdict, verdict_note) SELECT id, 1, $1, $2, 0, '{}', 'x', '', 0, 1, 'approved', '' FROM report WHERE request_id = $3 AND unit_id = $4`,
			body, digestOf(body), a.ID, unit); err != nil {
			return err
		}
		if err := tx.Must1(`UPDATE report SET state = 'approved', current = 1, approved = 1, approved_at = 1 WHERE request_id = $1 AND unit_id = $2`, a.ID, unit); err != nil {
			return err
		}
	}
	return nil
}

// RawBodies reads what a consolidation takes in, and nothing more.
func RawBodies(tx *db.Tx, request string) (int, error) {
	list, err := approvedOf(tx, request)
	return len(list), err
}

// PaperOf is the paper of a report for tests.
func (c *Reports) PaperOf(tx *db.Tx, id string, draft bool) (docrender.Document, error) {
	r, err := find(tx, id)
	if err != nil {
		return docrender.Document{}, err
	}
	a, err := findAsked(tx, r.Request)
	if err != nil {
		return docrender.Document{}, err
	}
	return c.paperOf(tx, r, a, draft, 0)
}

// Authority is authority for tests.
func Authority(unit, title string, delegated bool) ([]string, string) {
	return authority(unit, title, delegated)
}

// LetterPaper is the paper of a chase letter for tests.
func LetterPaper(l Letter) docrender.Document { return l.document(0) }

// LettersOf is lettersOf for tests.
func LettersOf(tx *db.Tx, request string) ([]Letter, error) { return lettersOf(tx, request) }

// SummaryAndNews are the page for leaders and the news of a request for tests.
func (c *Reports) SummaryAndNews(tx *db.Tx, a Asked, by string) (docrender.Document, string, error) {
	b, err := c.briefOf(tx, a)
	if err != nil {
		return docrender.Document{}, "", err
	}
	d, err := b.document(by, civil.Of(tx.Now))
	return d, b.news([]string{"111"}, civil.Of(tx.Now)).Text(), err
}

// SectionOf is the question of a consolidation for tests.
func (c *Reports) SectionOf(tx *db.Tx, a Asked, cell string) (Section, error) {
	s, err := c.consolidated(tx, a)
	if err != nil {
		return Section{}, err
	}
	list, err := c.gathered(tx, a, s)
	for _, x := range list {
		if x.Cell == cell {
			return x, err
		}
	}
	return Section{}, err
}

// Filled is filled for tests.
func (c *Reports) Filled(tx *db.Tx, unit string, a Asked) (formdef.Values, map[string]Fill, error) {
	return c.filled(tx, unit, a)
}
