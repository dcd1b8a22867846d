package formbook

import (
	"time"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/policy"
)

const formColumns = `f.id, f.code, f.unit_id, f.title, f.title_fold, f.period, f.copied_from, f.created_at, f.created_by`

const versionColumns = `v.id, v.form_id, v.number, v.state, v.definition, v.digest, v.figures, v.note, v.edit, v.made_at, v.made_by, v.published_at, v.published_by, v.closed_at, v.closed_by`

func findForm(tx *db.Tx, id string) (Form, error) {
	f, ok, err := db.Find[Form](tx, `SELECT `+formColumns+` FROM formbook_form f WHERE f.id = $1`, id)
	if err == nil && !ok {
		err = errs.Absent("form", id)
	}
	return f, err
}

func findFormByCode(tx *db.Tx, code string) (Form, bool, error) {
	return db.Find[Form](tx, `SELECT `+formColumns+` FROM formbook_form f WHERE f.code = $1`, code)
}

func insertForm(tx *db.Tx, f Form) error {
	_, err := tx.Exec(`INSERT INTO formbook_form (id, code, unit_id, title, title_fold, period, copied_from, created_at, created_by)
		VALUES ($1, $2, NULLIF($3, ''), $4, $5, $6, NULLIF($7, ''), $8, $9)`,
		f.ID, f.Code, f.Unit, f.Title, viet.Fold(f.Title+" "+f.Code), f.Period, f.CopiedFrom, f.CreatedAt, f.CreatedBy)
	if db.IsUnique(err) {
		return errs.AtField("code", "formbook.code_taken")
	}
	return err
}

func setTitle(tx *db.Tx, id, title, period, code string) error {
	return tx.Must1(`UPDATE formbook_form SET title = $1, title_fold = $2, period = $3 WHERE id = $4`, title, viet.Fold(title+" "+code), period, id)
}

// deleteForm takes away a form that was never published.
func deleteForm(tx *db.Tx, id string) error {
	return tx.Must1(`DELETE FROM formbook_form WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM formbook_version v WHERE v.form_id = formbook_form.id)`, id)
}

func findVersion(tx *db.Tx, id string) (Version, bool, error) {
	v, err := db.Memo(tx, "formbook", "version "+id, func() (Version, error) {
		v, _, err := db.Find[Version](tx, `SELECT `+versionColumns+` FROM formbook_version v WHERE v.id = $1`, id)
		return v, err
	})
	return v, v.ID != "", err
}

// standing is whether a version that was published still takes anything.
type standing struct {
	State  State `db:"state"`
	Number int   `db:"number"`
}

func standingOf(tx *db.Tx, id string) (standing, error) {
	return db.Memo(tx, "formbook", "standing "+id, func() (standing, error) {
		s, ok, err := db.Find[standing](tx, `SELECT state, number FROM formbook_version WHERE id = $1 AND state <> 'draft'`, id)
		if err == nil && !ok {
			err = errs.Absent("form version", id)
		}
		return s, err
	})
}

func versionByID(tx *db.Tx, id string) (Version, error) {
	v, ok, err := findVersion(tx, id)
	if err == nil && !ok {
		err = errs.Absent("form version", id)
	}
	return v, err
}

// listVersions lists the versions of a form, the draft first, then the newest.
func listVersions(tx *db.Tx, form string) ([]Version, error) {
	return db.All[Version](tx, `SELECT `+versionColumns+` FROM formbook_version v WHERE v.form_id = $1
		ORDER BY CASE v.state WHEN 'draft' THEN 0 ELSE 1 END, v.number DESC`, form)
}

func newestPublished(tx *db.Tx, code string) (Version, bool, error) {
	return db.Find[Version](tx, `SELECT `+versionColumns+` FROM formbook_version v JOIN formbook_form f ON f.id = v.form_id
		WHERE f.code = $1 AND v.state = 'published' ORDER BY v.number DESC LIMIT 1`, code)
}

func newestOf(tx *db.Tx, form string) (Version, bool, error) {
	return db.Find[Version](tx, `SELECT `+versionColumns+` FROM formbook_version v WHERE v.form_id = $1 AND v.number IS NOT NULL ORDER BY v.number DESC LIMIT 1`, form)
}

func hasDigest(tx *db.Tx, form, digest string) (bool, error) {
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM formbook_version WHERE form_id = $1 AND digest = $2 AND state <> 'draft'`, form, digest)
	return n > 0, err
}

func insertVersion(tx *db.Tx, v Version) error {
	_, err := tx.Exec(`INSERT INTO formbook_version (id, form_id, number, state, definition, digest, figures, note, edit, made_at, made_by, published_at, published_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULLIF($13, ''))`,
		v.ID, v.Form, numberOrNull(v.Number), v.State, v.Definition, v.Digest, v.Figures, v.Note, v.Edit, v.MadeAt, v.MadeBy, v.PublishedAt, v.PublishedBy)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, "formbook.has_draft")
	}
	return err
}

func numberOrNull(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// saveDraft writes a draft back; a version that is no draft any more, or was saved meanwhile, is not touched.
func saveDraft(tx *db.Tx, v Version) (bool, error) {
	n, err := tx.Exec(`UPDATE formbook_version SET definition = $1, digest = $2, figures = $3, edit = edit + 1, made_at = $4, made_by = $5
		WHERE id = $6 AND edit = $7 AND state = 'draft'`, v.Definition, v.Digest, v.Figures, v.MadeAt, v.MadeBy, v.ID, v.Edit)
	return n == 1, err
}

func publishDraft(tx *db.Tx, v Version) (bool, error) {
	n, err := tx.Exec(`UPDATE formbook_version SET state = 'published', number = $1, note = $2, published_at = $3, published_by = $4 WHERE id = $5 AND edit = $6 AND state = 'draft'`,
		v.Number, v.Note, v.PublishedAt, v.PublishedBy, v.ID, v.Edit)
	return n == 1, err
}

func closeVersion(tx *db.Tx, id, by string) (bool, error) {
	n, err := tx.Exec(`UPDATE formbook_version SET state = 'closed', closed_at = $1, closed_by = $2 WHERE id = $3 AND state = 'published'`, tx.Now, by, id)
	return n == 1, err
}

func deleteDraft(tx *db.Tx, id string) (bool, error) {
	n, err := tx.Exec(`DELETE FROM formbook_version WHERE id = $1 AND state = 'draft'`, id)
	return n == 1, err
}

// formFilter is what a list is narrowed by.
type formFilter struct {
	Words     string
	Period    string
	Published bool          // only forms with a published version
	Drafts    *policy.Scope // also forms that were never published, of these units
}

// Listed is a form in a list with its newest published version and its draft.
type Listed struct {
	Form
	VersionID   string    `db:"version_id"` // newest published, "" if there is none
	Number      int       `db:"number"`
	Figures     int       `db:"figures"`
	HasDraft    bool      `db:"has_draft"`
	PublishedAt time.Time `db:"published_at"`
}

func listForms(tx *db.Tx, o formFilter, page, size int) ([]Listed, int, error) {
	var w db.Where
	const published = `p.id IS NOT NULL`
	if o.Drafts != nil && !o.Published {
		cond, args := o.Drafts.SQL(policy.Columns{Unit: "f.unit_id"})
		w.And(published+` OR `+cond, args...)
	} else {
		w.And(published)
	}
	if o.Words != "" {
		w.And(`f.title_fold LIKE ? ESCAPE '\'`, "%"+likeText(viet.Fold(o.Words))+"%")
	}
	if o.Period != "" {
		w.And(`f.period = ?`, o.Period)
	}
	const from = ` FROM formbook_form f LEFT JOIN formbook_version p ON p.form_id = f.id AND p.state = 'published'
		AND p.number = (SELECT MAX(x.number) FROM formbook_version x WHERE x.form_id = f.id AND x.state = 'published')`
	total, err := db.One[int](tx, `SELECT COUNT(*)`+from+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	query := `SELECT ` + formColumns + `, p.id AS version_id, p.number, p.figures, p.published_at,
		CASE WHEN EXISTS (SELECT 1 FROM formbook_version d WHERE d.form_id = f.id AND d.state = 'draft') THEN 1 ELSE 0 END AS has_draft` + from + w.SQL() +
		` ORDER BY f.title_fold, f.id LIMIT ` + w.Arg(size) + ` OFFSET ` + w.Arg((page-1)*size)
	list, err := db.All[Listed](tx, query, w.Args()...)
	return list, total, err
}

func likeText(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r == '%' || r == '_' || r == '\\' {
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}
