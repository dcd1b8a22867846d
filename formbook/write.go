package formbook

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"chungtay/account"
	"chungtay/audit"
	"chungtay/formdef"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/web"
	"chungtay/orgunit"
	"chungtay/policy"
)

const maxTitle = 200

// New is a form to be begun: blank, or as a copy of a published version or of the actor's own draft.
type New struct {
	Unit  string // whose form it is
	Code  string
	Title string
	From  string // version to copy, "": blank
}

// blank is a definition to begin with: one section with one figure.
const blank = `{"code": "x", "title": "x", "jump": {"percent": 50, "at_least": 20}, "sections": [{"name": "ket_qua", "outline": "I", "title": {"vi": "Kết quả", "en": "Results"},
"fields": [{"name": "so_lieu", "type": "integer", "label": {"vi": "Số liệu", "en": "Figure"}, "unit": "cuoc"}]}]}`

// Begin makes a form with its first draft and returns the draft's id.
func (b *Books) Begin(tx *db.Tx, by policy.Actor, n New) (string, error) {
	if ok, err := b.mayEdit(tx, by, n.Unit); err != nil && !errs.Is(err, errs.NotFound) {
		return "", err
	} else if !ok {
		return "", errs.AtField("unit", "formbook.not_for_unit")
	}
	definition := blank
	if n.From != "" {
		v, _, err := b.see(tx, by, n.From)
		if err != nil {
			return "", err
		}
		definition = v.Definition
	}
	n.Code, n.Title = strings.TrimSpace(n.Code), strings.TrimSpace(n.Title)
	if n.Title == "" || utf8.RuneCountInString(n.Title) > maxTitle {
		return "", errs.AtField("title", "formbook.need_title", maxTitle)
	}
	d, err := formdef.NewDraft([]byte(definition))
	if err != nil {
		return "", err
	}
	d.SetText("code", n.Code)
	if en := d.Wording("title").EN; n.From == "" || en == "" {
		d.SetWording("title", formdef.Text{VI: n.Title})
	} else {
		d.SetWording("title", formdef.Text{VI: n.Title, EN: en + " (copy)"})
	}
	text := d.JSON()
	parsed, err := formdef.Parse(text)
	if err != nil { // the code is the only thing that was not accepted before
		return "", errs.AtField("code", "formbook.bad_code")
	}
	f := Form{ID: ids.New(tx.Now), Code: n.Code, Unit: n.Unit, Title: n.Title, Period: parsed.Period, CopiedFrom: n.From, CreatedAt: tx.Now, CreatedBy: by.Person}
	if err := insertForm(tx, f); err != nil {
		return "", err
	}
	v := draftOf(tx, by, f.ID, string(text), len(parsed.Figures()))
	if err := insertVersion(tx, v); err != nil {
		return "", err
	}
	return v.ID, audit.Log(tx, by, audit.By(Edit, f.Unit), audit.Deed{Action: "formbook.begin", Kind: "form", ID: f.ID, Change: audit.Diff(nil, &f)})
}

func draftOf(tx *db.Tx, by policy.Actor, form, definition string, figures int) Version {
	return Version{ID: ids.New(tx.Now), Form: form, State: Draft, Definition: definition, Digest: digest(definition), Figures: figures, Edit: 1, MadeAt: tx.Now, MadeBy: by.Person}
}

// see returns a version the actor may look at: published and closed ones, and drafts of forms the actor may write.
func (b *Books) see(tx *db.Tx, by policy.Actor, id string) (Version, Form, error) {
	v, err := versionByID(tx, id)
	if err != nil {
		return v, Form{}, err
	}
	f, err := findForm(tx, v.Form)
	if err != nil {
		return v, f, err
	}
	if v.State == Draft {
		ok, err := b.mayEdit(tx, by, f.Unit)
		if err != nil {
			return v, f, err
		}
		if !ok {
			return v, f, errs.Absent("form version", id)
		}
	}
	return v, f, nil
}

// draft returns a draft the actor may write.
func (b *Books) draft(tx *db.Tx, by policy.Actor, id string) (Version, Form, error) {
	v, f, err := b.see(tx, by, id)
	if err == nil && v.State != Draft {
		ok, err := b.mayEdit(tx, by, f.Unit)
		if err == nil && !ok {
			err = errs.New(errs.Forbidden, "formbook.not_yours")
		} else if err == nil {
			err = errs.New(errs.Conflict, "formbook.not_draft")
		}
		return v, f, err
	}
	return v, f, err
}

// Refusal is the error of a definition that cannot be saved; Problems says why, line by line.
func refusal(err error) error {
	var p *formdef.ParseError
	if errors.As(err, &p) {
		return errs.Wrap(err, errs.Invalid, "formbook.refused", len(p.Problems))
	}
	return err
}

// Problems lists why a definition was refused, nil for other errors.
func Problems(err error) []formdef.Problem {
	var p *formdef.ParseError
	if errors.As(err, &p) {
		return p.Problems
	}
	return nil
}

// Save writes a draft. edit is the count of saves the writer began from; a save in between is a Conflict that shows both. A definition
// that cannot be parsed is Invalid and Problems tells the lines.
func (b *Books) Save(tx *db.Tx, by policy.Actor, id string, edit int, definition []byte) error {
	v, f, err := b.draft(tx, by, id)
	if err != nil {
		return err
	}
	parsed, err := formdef.Parse(definition)
	if err != nil {
		return refusal(err)
	}
	if parsed.Code != f.Code {
		return errs.AtField("definition", "formbook.other_code", f.Code)
	}
	if v.Edit != edit {
		who, err := account.NameOf(tx, v.MadeBy)
		if err != nil {
			return err
		}
		return web.Conflict(who, v.MadeAt, web.ConflictPair{Label: f.Title, Mine: string(definition), Theirs: v.Definition})
	}
	before := v
	v.Definition, v.Digest, v.Figures, v.MadeAt, v.MadeBy = string(definition), digest(string(definition)), len(parsed.Figures()), tx.Now, by.Person
	if v.Digest == before.Digest {
		return nil
	}
	if ok, err := saveDraft(tx, v); err != nil {
		return err
	} else if !ok {
		return errs.New(errs.Conflict, "formbook.not_draft")
	}
	if _, published, err := newestOf(tx, f.ID); err != nil {
		return err
	} else if !published {
		if err := setTitle(tx, f.ID, parsed.Title.VI, parsed.Period, f.Code); err != nil {
			return err
		}
	}
	return audit.Log(tx, by, audit.By(Edit, f.Unit), audit.Deed{Action: "formbook.save", Kind: "form", ID: f.ID, Change: audit.Change{"digest": {before.Digest, v.Digest}}})
}

// Amend begins a new draft from the newest version of a form and returns it; a draft that is there already is returned as it is.
func (b *Books) Amend(tx *db.Tx, by policy.Actor, form string) (string, error) {
	f, err := findForm(tx, form)
	if err != nil {
		return "", err
	}
	if ok, err := b.mayEdit(tx, by, f.Unit); err != nil {
		return "", err
	} else if !ok {
		return "", errs.New(errs.Forbidden, "formbook.not_yours")
	}
	list, err := listVersions(tx, form)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return "", errs.Absent("version of form", form)
	}
	if list[0].State == Draft {
		return list[0].ID, nil
	}
	v := draftOf(tx, by, f.ID, list[0].Definition, list[0].Figures)
	if err := insertVersion(tx, v); err != nil {
		return "", err
	}
	return v.ID, audit.Log(tx, by, audit.By(Edit, f.Unit), audit.Deed{Action: "formbook.amend", Kind: "form", ID: f.ID})
}

// Discard throws a draft away; a form that was never published goes with it.
func (b *Books) Discard(tx *db.Tx, by policy.Actor, id string) error {
	v, f, err := b.draft(tx, by, id)
	if err != nil {
		return err
	}
	if _, err := deleteDraft(tx, v.ID); err != nil {
		return err
	}
	if _, published, err := newestOf(tx, f.ID); err != nil {
		return err
	} else if !published {
		if err := deleteForm(tx, f.ID); err != nil {
			return err
		}
	}
	return audit.Log(tx, by, audit.By(Edit, f.Unit), audit.Deed{Action: "formbook.discard", Kind: "form", ID: f.ID})
}

const maxNote = 500

// Publish gives a draft its number; from then on it does not change. A form that Check finds unsound is refused.
func (b *Books) Publish(tx *db.Tx, by policy.Actor, id string, edit int, note string) error {
	v, f, err := b.draft(tx, by, id)
	if err != nil {
		return err
	}
	if v.Edit != edit {
		return errs.New(errs.Conflict, "formbook.saved_meanwhile")
	}
	if utf8.RuneCountInString(note) > maxNote {
		return errs.AtField("note", "formbook.note_long", maxNote)
	}
	parsed, err := formdef.Parse([]byte(v.Definition))
	if err != nil {
		return refusal(err)
	}
	hard := 0
	for _, p := range parsed.Check() {
		if p.Level == formdef.Hard {
			hard++
		}
	}
	if hard > 0 {
		return errs.New(errs.Invalid, "formbook.unsound", hard)
	}
	last, ok, err := newestOf(tx, f.ID)
	if err != nil {
		return err
	}
	if ok && last.Digest == v.Digest {
		return errs.New(errs.Invalid, "formbook.unchanged", last.Number)
	}
	v.Number, v.Note, v.PublishedAt, v.PublishedBy = last.Number+1, strings.TrimSpace(note), tx.Now, by.Person
	if ok, err := publishDraft(tx, v); err != nil {
		return err
	} else if !ok {
		return errs.New(errs.Conflict, "formbook.not_draft")
	}
	if err := setTitle(tx, f.ID, parsed.Title.VI, parsed.Period, f.Code); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Edit, f.Unit), audit.Deed{Action: "formbook.publish", Kind: "form", ID: f.ID, Change: audit.Change{"number": {"", fmt.Sprint(v.Number)}, "digest": {"", v.Digest}}})
}

// Close ends a published version: nothing more is sent in by it, what was sent stays and opens as before.
func (b *Books) Close(tx *db.Tx, by policy.Actor, id string) error {
	v, f, err := b.see(tx, by, id)
	if err != nil {
		return err
	}
	if ok, err := b.mayEdit(tx, by, f.Unit); err != nil {
		return err
	} else if !ok {
		return errs.New(errs.Forbidden, "formbook.not_yours")
	}
	if ok, err := closeVersion(tx, v.ID, by.Person); err != nil {
		return err
	} else if !ok {
		return errs.New(errs.Conflict, "formbook.not_published")
	}
	return audit.Log(tx, by, audit.By(Edit, f.Unit), audit.Deed{Action: "formbook.close", Kind: "form", ID: f.ID, Change: audit.Change{"number": {fmt.Sprint(v.Number), ""}}})
}

// unitName is the name of the unit a form belongs to, "" for those that came with the system.
func unitName(tx *db.Tx, unit string) (string, error) {
	if unit == "" {
		return "", nil
	}
	u, err := orgunit.Present(tx, unit)
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	return u.Name, err
}
