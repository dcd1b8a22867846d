package document

import (
	"strings"

	"chungtay/audit"
	"chungtay/docparse"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Outgoing is a paper that a unit issues.
type Outgoing struct {
	Unit     string
	Register string // the series its number comes from; "" the unit's general one
	Internal bool   // văn bản nội bộ: stays within the unit
	Tail     string // what follows the number: "KH-SYT", "SYT-TTr"
	Facts           // Symbol is made; Issuer and IssuedOn may be left empty (the unit's name, today)
	// Text is the text as signed. Where it must hold its own number, Compose makes it once the number is drawn; Text is then ignored.
	Text    string
	Compose func(d Document) (string, error)
	Files   []blob.Ref // of the paper as signed
	Links   []NewLink
}

// Issue draws the number of a paper and stores its text, which from then on does not change. The actor must hold document.issue in the unit.
// A text that carries a mark of secrecy is refused; Compose is therefore asked once before there is a number.
func (c *Documents) Issue(tx *db.Tx, by policy.Actor, o Outgoing) (Document, error) {
	if o.IssuedOn.IsZero() {
		o.IssuedOn = civil.Of(tx.Now)
	}
	if err := o.open(); err != nil { // before a number is drawn
		return Document{}, err
	}
	number, run, err := c.draw(tx, by, Series{o.Unit, o.IssuedOn.Year, o.Register})
	if err != nil {
		return Document{}, err
	}
	if o.Issuer == "" {
		u, err := orgunit.At(tx, o.Unit, o.IssuedOn)
		if err != nil {
			return Document{}, err
		}
		o.Issuer = u.Name
	}
	o.IssuerUnit = o.Unit
	o.Symbol = Format(number, strings.TrimPrefix(o.Tail, "/"))
	if err := o.Facts.tidy(tx); err != nil {
		return Document{}, err
	}
	switch {
	case o.Subject == "":
		return Document{}, errs.AtField("subject", "document.need_subject")
	case o.Kind == "":
		return Document{}, errs.AtField("kind", "document.choose_kind")
	case o.Tail == "":
		return Document{}, errs.AtField("tail", "document.need_tail")
	}
	d := Document{ID: ids.New(tx.Now), Unit: o.Unit, Direction: Out, State: Issued, Facts: o.Facts, Number: number, Register: o.Register, Year: o.IssuedOn.Year, Run: run,
		Extraction: NoText, CreatedAt: tx.Now, CreatedBy: by.Person, Version: 1}
	if o.Internal {
		d.Direction = Internal
	}
	d.SearchKey = searchKey(d.ID)
	d.place()
	if o.Compose != nil {
		if o.Text, err = o.Compose(d); err != nil {
			return d, err
		}
	}
	o.Text = strings.TrimSpace(viet.NFC(o.Text))
	if o.Text != "" {
		d.Extraction = Done
	}
	if err := insertDocument(tx, d); err != nil {
		return d, err
	}
	for i, f := range o.Files {
		if err := c.addFile(tx, by, d.ID, i+1, f); err != nil {
			return d, err
		}
	}
	for _, l := range o.Links {
		if _, err := c.link(tx, by, d, l); err != nil {
			return d, err
		}
	}
	if o.Text == "" {
		if len(o.Files) > 0 {
			d.Extraction = Waiting
			if err := setExtraction(tx, d.ID, Waiting, ""); err != nil {
				return d, err
			}
			d.Version++
			if err := c.enqueue(tx, by, d); err != nil {
				return d, err
			}
		}
		if err := index(tx, d); err != nil {
			return d, err
		}
	} else if err := c.keepText(tx, d, o.Text, docparse.Read(o.Text, docparse.Options{Register: c.Legal})); err != nil {
		return d, err
	}
	return d, audit.Log(tx, by, audit.By(Issue, d.Unit), audit.Deed{Action: "document.issued", Kind: "document", ID: d.ID, Change: audit.Diff(nil, d)})
}

// open refuses a paper whose text carries a mark of secrecy.
func (o Outgoing) open() error {
	text := o.Text
	if o.Compose != nil {
		var err error
		if text, err = o.Compose(Document{Unit: o.Unit, Facts: o.Facts}); err != nil {
			return err
		}
	}
	if mark := SecretMark(viet.NFC(text)); mark != "" {
		return secret(mark)
	}
	return nil
}

// Deliver puts an issued paper into the hands of units: each finds it among the papers to enter. Units that have it already keep their line.
// It returns how many received it now. The actor must hold document.issue on the paper.
func (c *Documents) Deliver(tx *db.Tx, by policy.Actor, document string, units []string, purpose string) (int, error) {
	d, err := c.see(tx, by, Issue, document)
	if err != nil {
		return 0, err
	}
	if d.State != Issued {
		return 0, errs.New(errs.Conflict, "document.not_issued")
	}
	if purpose != ToAct && purpose != ToKnow {
		return 0, errs.AtField("purpose", "document.choose_purpose")
	}
	n, err := deliver(tx, d.ID, units, purpose)
	if err != nil {
		return n, err
	}
	return n, audit.Log(tx, by, audit.By(Issue, d.Unit), audit.Deed{Action: "document.delivered", Kind: "document", ID: d.ID, Change: audit.Change{"units": {"", itoa(n)}}})
}

// Withdraw takes an issued paper back (thu hồi). Number and text stay, with who took it back and why; everybody who has it sees that.
func (c *Documents) Withdraw(tx *db.Tx, by policy.Actor, id, reason string) (Document, error) {
	d, err := c.see(tx, by, Issue, id)
	if err != nil {
		return d, err
	}
	reason = strings.TrimSpace(viet.NFC(reason))
	switch {
	case d.State != Issued:
		return d, errs.New(errs.Conflict, "document.not_issued")
	case reason == "":
		return d, errs.AtField("reason", "document.need_reason")
	case len([]rune(reason)) > maxNote:
		return d, errs.AtField("reason", "document.too_long", maxNote, len([]rune(reason))-maxNote)
	}
	before := d
	d.State, d.WithdrawnAt, d.WithdrawnBy, d.WithdrawnWhy = Withdrawn, tx.Now, by.Person, reason
	if err := saveDocument(tx, d); err != nil {
		return d, err
	}
	d.Version++
	return d, audit.Log(tx, by, audit.By(Issue, d.Unit), audit.Deed{Action: "document.withdrawn", Kind: "document", ID: d.ID, Purpose: reason, Change: audit.Diff(before, d)})
}
