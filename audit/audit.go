package audit

import (
	"embed"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/ids"
	"chungtay/policy"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of this room.
func Migrations() db.Migrations { return db.Migrations{Room: "audit", FS: migrations} }

// Deed is what a caller says of what was done. Action is needed; the rest as it applies.
type Deed struct {
	Action  string
	Kind    string // kind of record, "directive"
	ID      string // its identifier
	Purpose string // the reason given by the person; for a record opened for a reason it is filled in by itself
	Change  Change
	Ref     string
}

// Right is that by which an actor may do a deed: from it the log finds the role that was used, and in whose place. No deed is logged
// without one, so that a delegation (ủy quyền) is shown wherever it was used.
type Right struct {
	permission policy.Permission
	units      []string
}

// By is the right to use a permission in a unit: the one to which the record belongs, or in whose name the actor acts. Of several units
// the one that fits the actor best counts; a record that belongs to no unit has none.
func By(p policy.Permission, units ...string) Right { return Right{p, units} }

// Self is the right of everybody over their own account, and that of the program; no role gives it.
func Self() Right { return Right{} }

// Change holds before and after of each changed field.
type Change map[string][2]string

// Entry is one line of the log as stored.
type Entry struct {
	ID          string    `db:"id" json:"id"`
	At          time.Time `db:"at" json:"at"`
	Action      string    `db:"action" json:"action"`
	PersonID    string    `db:"person_id" json:"person_id"`
	PersonName  string    `db:"person_name" json:"person_name"`
	UnitID      string    `db:"unit_id" json:"unit_id"`
	DelegatedBy string    `db:"delegated_by" json:"delegated_by"`
	Purpose     string    `db:"purpose" json:"purpose"`
	RecordKind  string    `db:"record_kind" json:"record_kind"`
	RecordID    string    `db:"record_id" json:"record_id"`
	Change      string    `db:"change" json:"change"`
	Ref         string    `db:"ref" json:"ref"`
}

// Log writes what was done, and by what right, into the transaction of the deed.
func Log(tx *db.Tx, by policy.Actor, right Right, d Deed) error {
	if d.Action == "" {
		return fmt.Errorf("audit: a deed without an action")
	}
	change := []byte("{}")
	if len(d.Change) > 0 {
		var err error
		if change, err = json.Marshal(d.Change); err != nil {
			return err
		}
	}
	unit, delegated := by.Unit, ""
	if g, ok, err := used(tx, by, right); err != nil {
		return err
	} else if ok {
		unit, delegated = g.Unit, g.DelegatedBy
	}
	if d.Purpose == "" && d.ID != "" {
		for _, o := range by.Openings {
			if o.Record == d.ID {
				d.Purpose = o.Reason
			}
		}
	}
	return insertEntry(tx, Entry{ID: ids.New(tx.Now), At: tx.Now, Action: d.Action, PersonID: by.Person, PersonName: by.Name, UnitID: unit,
		DelegatedBy: delegated, Purpose: d.Purpose, RecordKind: d.Kind, RecordID: d.ID, Change: string(change), Ref: d.Ref})
}

// used finds the role by which an actor has a right: one that gives the permission, held in a unit of the right before one above it before
// one elsewhere, and the actor's own before one held by delegation. A deed that follows from another (the tasks of a directive that is
// recalled) may name a permission that no role of the actor gives; then the roles held in the unit count.
func used(tx *db.Tx, by policy.Actor, r Right) (policy.Grant, bool, error) {
	if r.permission == "" || len(by.Grants) == 0 {
		return policy.Grant{}, false, nil
	}
	var held []policy.Grant
	for _, g := range by.Grants {
		if slices.Contains(g.Permissions, r.permission) {
			held = append(held, g)
		}
	}
	if held == nil {
		held = by.Grants
	}
	within := func(units []string) func(policy.Grant) bool {
		return func(g policy.Grant) bool { return slices.Contains(units, g.Unit) }
	}
	var above []string
	if lent := func(g policy.Grant) bool { return g.DelegatedBy != "" }; len(held) > 1 && slices.ContainsFunc(held, lent) && !slices.ContainsFunc(held, within(r.units)) {
		for _, u := range r.units {
			up, err := listAbove(tx, u)
			if err != nil {
				return policy.Grant{}, false, err
			}
			above = append(above, up...)
		}
	}
	best, rank := policy.Grant{}, -1
	for _, g := range held {
		n := 0
		if g.DelegatedBy == "" {
			n++
		}
		switch {
		case within(r.units)(g):
			n += 6
		case within(above)(g):
			n += 4
		case g.Unit == by.Unit:
			n += 2
		}
		if n > rank {
			best, rank = g, n
		}
	}
	return best, true, nil
}

// Read lets auditors read the log.
const Read policy.Permission = "audit.read"

// Mask is what stands for a personal value: that it was there and changed, not what it was.
const Mask = "•••"

// Diff compares two structs of one type field by field and returns what differs; a nil side counts as empty. The field's name is its
// `audit` tag, else its `db` tag; fields tagged `audit:"mask"` show Mask, fields tagged `audit:"-"` or without either tag are left out;
// those of an embedded struct count as its own.
func Diff(before, after any) Change {
	out := Change{}
	b, a := reflect.Indirect(reflect.ValueOf(before)), reflect.Indirect(reflect.ValueOf(after))
	t := a
	if !t.IsValid() {
		t = b
	}
	if !t.IsValid() {
		return out
	}
	for i := range t.NumField() {
		f := t.Type().Field(i)
		tag, name := f.Tag.Get("audit"), f.Tag.Get("db")
		mask := tag == "mask"
		if tag != "" && !mask {
			name = tag
		}
		if name == "" && f.Anonymous && f.Type.Kind() == reflect.Struct { // its fields are scanned as the record's own (internal/db)
			inner := func(v reflect.Value) any {
				if !v.IsValid() {
					return nil
				}
				return v.Field(i).Interface()
			}
			for k, c := range Diff(inner(b), inner(a)) {
				out[k] = c
			}
			continue
		}
		if name == "" || name == "-" || !f.IsExported() {
			continue
		}
		was, is := show(b, i), show(a, i)
		if was == is {
			continue
		}
		if mask {
			was, is = hide(was), hide(is)
		}
		out[name] = [2]string{was, is}
	}
	return out
}

func hide(s string) string {
	if s == "" {
		return ""
	}
	return Mask
}

func show(v reflect.Value, i int) string {
	if !v.IsValid() {
		return ""
	}
	f := v.Field(i)
	switch x := f.Interface().(type) {
	case time.Time:
		if x.IsZero() {
			return ""
		}
		return x.UTC().Format(time.RFC3339)
	case civil.Date:
		return x.String()
	case string:
		return x
	case []byte:
		if len(x) == 0 {
			return ""
		}
		return Mask // bytes are sealed or files; never shown
	}
	if f.IsZero() && (f.Kind() == reflect.Pointer || f.Kind() == reflect.Slice || f.Kind() == reflect.Map) {
		return ""
	}
	if f.Kind() == reflect.Pointer {
		return fmt.Sprint(f.Elem().Interface())
	}
	switch f.Kind() {
	case reflect.Struct, reflect.Slice, reflect.Map:
		j, _ := json.Marshal(f.Interface())
		return string(j)
	}
	return fmt.Sprint(f.Interface())
}
