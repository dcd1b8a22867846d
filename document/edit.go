package document

import (
	"strings"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/policy"
)

// Edit corrects what the register says of a paper. Of a paper the unit issued only what is the register's own can change: who keeps it, copies,
// when it was sent, receipt, note, topic; what stands on the paper itself does not (Replaces and Corrects are the ways to mend that).
func (c *Documents) Edit(tx *db.Tx, by policy.Actor, id string, version int64, f Facts) (Document, error) {
	d, err := c.keeps(tx, by, id)
	if err != nil {
		return d, err
	}
	if d.Version != version {
		return d, errs.New(errs.Conflict, "document.changed_meanwhile")
	}
	if err := f.tidy(tx); err != nil {
		return d, err
	}
	before := d
	if d.Direction == In {
		switch {
		case f.Subject == "":
			return d, errs.AtField("subject", "document.need_subject")
		case f.Issuer == "":
			return d, errs.AtField("issuer", "document.need_issuer")
		case f.Kind == "":
			return d, errs.AtField("kind", "document.choose_kind")
		}
		if err := f.keepUnit(tx); err != nil {
			return d, err
		}
		d.Facts = f
	} else {
		d.Topic, d.Copies, d.Keeper, d.SentOn, d.Receipt, d.Note = f.Topic, f.Copies, f.Keeper, f.SentOn, f.Receipt, f.Note
	}
	d.place()
	d.ChangedAt, d.ChangedBy = tx.Now, by.Person
	change := audit.Diff(before, d)
	if len(change) == 0 {
		return before, nil
	}
	if err := saveDocument(tx, d); err != nil {
		return d, err
	}
	d.Version++
	if err := index(tx, d); err != nil {
		return d, err
	}
	return d, audit.Log(tx, by, audit.By(keeper(d), d.Unit), audit.Deed{Action: "document.edited", Kind: "document", ID: d.ID, Change: change})
}

// Unlink takes back what Link said.
func (c *Documents) Unlink(tx *db.Tx, by policy.Actor, id, link string) error {
	d, err := c.keeps(tx, by, id)
	if err != nil {
		return err
	}
	there, err := listLinks(tx, d.ID)
	if err != nil {
		return err
	}
	for _, l := range there {
		if l.ID == link {
			if err := deleteLink(tx, link); err != nil {
				return err
			}
			return audit.Log(tx, by, audit.By(keeper(d), d.Unit), audit.Deed{Action: "document.unlinked", Kind: "document", ID: d.ID, Change: audit.Change{"kind": {l.Kind, ""}, "symbol": {l.Symbol, ""}}})
		}
	}
	return errs.Absent("link", link)
}

// AddRegister opens a further register of a unit: for legal documents, for a committee that uses the unit's seal and numbers apart.
func (c *Documents) AddRegister(tx *db.Tx, by policy.Actor, unit, book, code, name string) error {
	p := Register
	if book == outBook {
		p = Issue
	}
	if err := c.mayFor(tx, by, p, unit); err != nil {
		return err
	}
	code, name = strings.ToUpper(strings.TrimSpace(viet.NFC(code))), strings.Join(strings.Fields(viet.NFC(name)), " ")
	switch {
	case book != outBook && book != inBook:
		return errs.AtField("book", "document.choose_book")
	case code == "" || len([]rune(code)) > 20 || strings.ContainsAny(code, " /\t"):
		return errs.AtField("code", "document.need_code")
	case name == "" || len([]rune(name)) > 100:
		return errs.AtField("name", "document.need_name")
	}
	there, err := hasRegister(tx, unit, book, code)
	if err != nil {
		return err
	}
	if there {
		return errs.AtField("code", "document.code_taken")
	}
	if err := insertRegister(tx, RegisterOf{unit, book, code, name}, by.Person); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(p, unit), audit.Deed{Action: "document.register_added", Kind: "orgunit", ID: unit, Change: audit.Change{"register": {"", code + " " + name}}})
}

// RegisterOf is a further register of a unit.
type RegisterOf struct {
	Unit string `db:"unit_id"`
	Book string `db:"book"`
	Code string `db:"code"`
	Name string `db:"name"`
}

// Registers lists the further registers of a unit's book.
func Registers(tx *db.Tx, unit, book string) ([]RegisterOf, error) {
	return listRegisters(tx, unit, book)
}
