package formbook

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"chungtay/formdef"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/orgunit"
	"chungtay/policy"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of this room.
func Migrations() db.Migrations { return db.Migrations{Room: "formbook", FS: migrations} }

// Permissions of this room.
const (
	Read policy.Permission = "formbook.read" // see published forms
	Edit policy.Permission = "formbook.edit" // write, publish and close the forms of a unit
)

// State is where a version stands.
type State string

// The states.
const (
	Draft     State = "draft"
	Published State = "published"
	Closed    State = "closed"
)

// Form is a form without its definition.
type Form struct {
	ID         string    `db:"id" audit:"-"`
	Code       string    `db:"code"`
	Unit       string    `db:"unit_id"` // "": came with the system
	Title      string    `db:"title"`
	TitleFold  string    `db:"title_fold" audit:"-"`
	Period     string    `db:"period"`
	CopiedFrom string    `db:"copied_from"`
	CreatedAt  time.Time `db:"created_at" audit:"-"`
	CreatedBy  string    `db:"created_by" audit:"-"`
}

// Version is one state of a form's definition.
type Version struct {
	ID          string    `db:"id"`
	Form        string    `db:"form_id"`
	Number      int       `db:"number"` // 0: a draft
	State       State     `db:"state"`
	Definition  string    `db:"definition"`
	Digest      string    `db:"digest"`
	Figures     int       `db:"figures"`
	Note        string    `db:"note"`
	Edit        int       `db:"edit"`
	MadeAt      time.Time `db:"made_at"`
	MadeBy      string    `db:"made_by"`
	PublishedAt time.Time `db:"published_at"`
	PublishedBy string    `db:"published_by"`
	ClosedAt    time.Time `db:"closed_at"`
	ClosedBy    string    `db:"closed_by"`
}

// Books is the room opened.
type Books struct {
	Book policy.Book

	mu     sync.Mutex
	parsed map[string]*formdef.Form // by version; published definitions do not change, so nothing is ever stale
}

// keepParsed bounds the parsed forms kept in memory; a parsed form takes about 1 KB a cell.
const keepParsed = 100

func digest(definition string) string {
	sum := sha256.Sum256([]byte(definition))
	return hex.EncodeToString(sum[:])
}

// parse returns the meaning of a version. A published definition whose digest does not fit was changed behind our back and is refused.
func (b *Books) parse(v Version) (*formdef.Form, error) {
	if v.State != Draft {
		b.mu.Lock()
		f := b.parsed[v.ID]
		b.mu.Unlock()
		if f != nil {
			return f, nil
		}
		if digest(v.Definition) != v.Digest {
			return nil, fmt.Errorf("form version %s: the definition was changed after it was published", v.ID)
		}
	}
	f, err := formdef.Parse([]byte(v.Definition))
	if err != nil {
		return nil, fmt.Errorf("form version %s: %w", v.ID, err)
	}
	if v.State != Draft {
		b.mu.Lock()
		if b.parsed == nil || len(b.parsed) >= keepParsed {
			b.parsed = map[string]*formdef.Form{}
		}
		b.parsed[v.ID] = f
		b.mu.Unlock()
	}
	return f, nil
}

// Published returns the newest published version of the form with a code, for new report requests.
func (b *Books) Published(tx *db.Tx, code string) (Version, *formdef.Form, error) {
	v, ok, err := newestPublished(tx, code)
	if err == nil && !ok {
		err = errs.Absent("published form", code)
	}
	if err != nil {
		return Version{}, nil, err
	}
	f, err := b.parse(v)
	return v, f, err
}

// Version returns a version that was published, closed ones as well: an old report opens in its own form. A draft is absent.
func (b *Books) Version(tx *db.Tx, id string) (*formdef.Form, error) {
	_, f, err := b.published(tx, id)
	return f, err
}

// published returns a version that was published with its state. The text of a definition that is in memory is not read again: it never changes.
func (b *Books) published(tx *db.Tx, id string) (standing, *formdef.Form, error) {
	b.mu.Lock()
	f := b.parsed[id]
	b.mu.Unlock()
	if f != nil {
		s, err := standingOf(tx, id)
		return s, f, err
	}
	v, ok, err := findVersion(tx, id)
	if err == nil && (!ok || v.State == Draft) {
		err = errs.Absent("form version", id)
	}
	if err != nil {
		return standing{}, nil, err
	}
	f, err = b.parse(v)
	return standing{v.State, v.Number}, f, err
}

// Accepting is Version for something that is being sent in: a closed version refuses it.
func (b *Books) Accepting(tx *db.Tx, id string) (*formdef.Form, error) {
	s, f, err := b.published(tx, id)
	if err == nil && s.State == Closed {
		err = errs.New(errs.Conflict, "formbook.closed", s.Number)
	}
	return f, err
}

// Choices lists what can be asked for: the newest published version of every form, those of a unit and of the units above it first.
func (b *Books) Choices(tx *db.Tx) ([]Listed, error) {
	list, _, err := listForms(tx, formFilter{Published: true}, 1, 500)
	return list, err
}

// mayEdit decides about writing one form. Forms that came with the system are copied, not changed.
func (b *Books) mayEdit(tx *db.Tx, by policy.Actor, unit string) (bool, error) {
	if unit == "" {
		return by.IsSystem(), nil
	}
	above, err := orgunit.Above(tx, unit)
	if err != nil {
		return false, err
	}
	return b.Book.Scope(by, Edit).Allows(policy.Record{Unit: unit, Above: above}), nil
}
