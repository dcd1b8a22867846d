package document

import (
	"strings"

	"chungtay/audit"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/viet"
	"chungtay/policy"
)

// Incoming is a paper that came from outside this system: files as they came, or its text, and what the clerk knows of it already.
type Incoming struct {
	Unit    string // the unit whose register it goes to
	Secrecy string // the clerk's word: "" or the degree of secrecy on the paper
	Facts
	Text  string     // pasted; read at once
	Files []blob.Ref // uploaded; read by a job
}

// MaxText bounds a text that is pasted or read from a file, in bytes: about 1,500 pages.
const MaxText = 8 << 20

// Secret is the error of a paper that carries a mark of secrecy: it is not taken in, and nothing of it is kept.
func secret(mark string) error { return errs.AtField("secrecy", "document.secret", mark) }

// Register takes a paper in. It is then Arrived: its text is read (at once or by a job), its facts are proposed from the reading where the
// clerk gave none, and Confirm enters it in the register. A paper marked secret, by the clerk or on its face, is refused.
func (c *Documents) Register(tx *db.Tx, by policy.Actor, n Incoming) (Document, error) {
	if err := c.mayFor(tx, by, Register, n.Unit); err != nil {
		return Document{}, err
	}
	if n.Secrecy != "" {
		return Document{}, secret(n.Secrecy)
	}
	n.Text = strings.TrimSpace(viet.NFC(n.Text))
	switch {
	case n.Text == "" && len(n.Files) == 0:
		return Document{}, errs.AtField("text", "document.need_text")
	case len(n.Text) > MaxText:
		return Document{}, errs.AtField("text", "document.text_too_long", MaxText>>20)
	}
	if err := n.Facts.tidy(tx); err != nil {
		return Document{}, err
	}
	d := Document{ID: ids.New(tx.Now), Unit: n.Unit, Direction: In, State: Arrived, Facts: n.Facts, Extraction: NoText, CreatedAt: tx.Now, CreatedBy: by.Person, Version: 1}
	d.SearchKey = searchKey(d.ID)
	if len(n.Files) > 0 {
		d.Extraction = Waiting
	}
	d.place()
	if err := insertDocument(tx, d); err != nil {
		return d, err
	}
	for i, f := range n.Files {
		if err := c.addFile(tx, by, d.ID, i+1, f); err != nil {
			return d, err
		}
	}
	if n.Text != "" {
		if err := c.takeIn(tx, &d, n.Text); err != nil {
			return d, err
		}
	} else if err := index(tx, d); err != nil {
		return d, err
	}
	if _, err := deliver(tx, d.ID, []string{d.Unit}, ToAct); err != nil {
		return d, err
	}
	if len(n.Files) > 0 {
		if err := c.enqueue(tx, by, d); err != nil {
			return d, err
		}
	}
	return d, audit.Log(tx, by, audit.By(Register, d.Unit), audit.Deed{Action: "document.arrived", Kind: "document", ID: d.ID}) // what it says is logged when it is entered
}

// Entry is what a clerk says when entering a paper in the incoming register.
type Entry struct {
	Register  string     // "": the general incoming register
	ArrivedOn civil.Date // zero: today
	Note      string
}

// Confirm enters a paper that has arrived: the facts as the clerk leaves them are kept, and the unit's next arrival number is drawn. A paper
// that is in the unit's hands already (same number, body and day, or the same content) is refused with its name at the field "duplicate",
// unless the clerk has seen it and says so (again).
func (c *Documents) Confirm(tx *db.Tx, by policy.Actor, id string, version int64, f Facts, e Entry, again bool) (Document, Delivery, error) {
	d, err := c.see(tx, by, Register, id)
	if err != nil {
		return d, Delivery{}, err
	}
	switch {
	case d.State != Arrived:
		return d, Delivery{}, errs.New(errs.Conflict, "document.entered_already")
	case d.Version != version:
		return d, Delivery{}, errs.New(errs.Conflict, "document.changed_meanwhile")
	}
	if err := f.tidy(tx); err != nil {
		return d, Delivery{}, err
	}
	switch {
	case f.Subject == "":
		return d, Delivery{}, errs.AtField("subject", "document.need_subject")
	case f.Issuer == "":
		return d, Delivery{}, errs.AtField("issuer", "document.need_issuer")
	case f.Kind == "":
		return d, Delivery{}, errs.AtField("kind", "document.choose_kind")
	}
	if err := f.keepUnit(tx); err != nil {
		return d, Delivery{}, err
	}
	if !again {
		same, err := c.Duplicates(tx, d, f)
		if err != nil {
			return d, Delivery{}, err
		}
		if len(same) > 0 {
			return d, Delivery{}, errs.AtField("duplicate", "document.duplicate", same[0].Title(), same[0].Issuer)
		}
	}
	d.Facts, d.State = f, Registered
	d.ChangedAt, d.ChangedBy = tx.Now, by.Person
	d.place()
	if err := saveDocument(tx, d); err != nil {
		return d, Delivery{}, err
	}
	d.Version++
	if err := index(tx, d); err != nil {
		return d, Delivery{}, err
	}
	if err := audit.Log(tx, by, audit.By(Register, d.Unit), audit.Deed{Action: "document.registered", Kind: "document", ID: d.ID, Change: audit.Diff(nil, d)}); err != nil {
		return d, Delivery{}, err
	}
	x, err := c.Enter(tx, by, d.ID, d.Unit, e)
	return d, x, err
}

// Enter draws the arrival number of a paper for a unit that has it: one delivered through this system, or one just confirmed.
func (c *Documents) Enter(tx *db.Tx, by policy.Actor, document, unit string, e Entry) (Delivery, error) {
	if err := c.mayFor(tx, by, Register, unit); err != nil {
		return Delivery{}, err
	}
	x, ok, err := findDelivery(tx, document, unit)
	switch {
	case err != nil:
		return x, err
	case !ok:
		return x, errs.Absent("delivery", document)
	case x.Number != 0:
		return x, errs.New(errs.Conflict, "document.has_number", itoa(x.Number))
	}
	if e.ArrivedOn.IsZero() {
		e.ArrivedOn = civil.Of(tx.Now)
	}
	if e.ArrivedOn.After(civil.Of(tx.Now)) {
		return x, errs.AtField("arrived_on", "document.arrived_in_future")
	}
	s := Series{unit, e.ArrivedOn.Year, e.Register}
	if err := knownRegister(tx, inBook, s); err != nil {
		return x, err
	}
	if x.Number, x.Run, err = nextNumber(tx, inBook, s); err != nil {
		return x, err
	}
	x.Register, x.Year, x.ArrivedOn, x.RegisteredAt, x.RegisteredBy, x.Note = e.Register, s.Year, e.ArrivedOn, tx.Now, by.Person, e.Note
	if err := enter(tx, x); err != nil {
		return x, err
	}
	x.Version++
	if c.Entered != nil {
		if err := c.Entered(tx, by, document, unit); err != nil {
			return x, err
		}
	}
	return x, audit.Log(tx, by, audit.By(Register, unit), audit.Deed{Action: "document.entered", Kind: "document", ID: document,
		Change: audit.Change{"number": {"", itoa(x.Number)}, "year": {"", itoa(x.Year)}, "unit": {"", unit}}})
}

// Duplicates lists the papers already in the hands of a paper's unit that are the same: same number, body and day, or a file with the same
// content. The facts are those about to be saved.
func (c *Documents) Duplicates(tx *db.Tx, d Document, f Facts) ([]Document, error) {
	mine := func() *db.Where {
		var w db.Where
		w.And(`d.id <> ?`, d.ID)
		w.And(`d.unit_id = ? OR d.id IN (SELECT x.document_id FROM document_delivery x WHERE x.unit_id = ?)`, d.Unit, d.Unit)
		return &w
	}
	var out []Document
	seen := map[string]bool{}
	add := func(list []Document) {
		for _, o := range list {
			if !seen[o.ID] {
				seen[o.ID] = true
				out = append(out, o)
			}
		}
	}
	files, err := listFiles(tx, d.ID)
	if err != nil {
		return nil, err
	}
	var blobs []string
	for _, x := range files {
		blobs = append(blobs, x.Blob) // the store keeps a content once
	}
	if len(blobs) > 0 {
		list, err := sameContent(tx, mine(), blobs)
		if err != nil {
			return nil, err
		}
		add(list)
	}
	if digits(f.Symbol) > 0 {
		list, err := sameNumber(tx, mine(), Key(f.Symbol), f.IssuedOn)
		if err != nil {
			return nil, err
		}
		body := plain(f.Issuer)
		for _, o := range list {
			if sameBody(o.IssuerKey, body) {
				add([]Document{o})
			}
		}
	}
	return out, nil
}

// sameBody tells whether two names may be of one body: equal, one the other's end or beginning ("UBND tỉnh", "UBND tỉnh Sơn La"), or unknown.
func sameBody(a, b string) bool {
	return a == "" || b == "" || a == b || strings.HasPrefix(a, b+" ") || strings.HasPrefix(b, a+" ") || strings.HasSuffix(a, " "+b) || strings.HasSuffix(b, " "+a)
}

// The reasons for which a paper that has arrived is thrown away.
const (
	BecauseSecret  = "secret"
	BecauseMistake = "mistake"
)

// Refuse throws away a paper that has arrived and is not to be entered: one marked secret, or one sent here by mistake. Nothing of it is kept
// but the fact that something was refused, when, by whom and why.
func (c *Documents) Refuse(tx *db.Tx, by policy.Actor, id string, reason string) error {
	d, err := c.see(tx, by, Register, id)
	if err != nil {
		return err
	}
	if d.State != Arrived {
		return errs.New(errs.Conflict, "document.entered_already")
	}
	if reason != BecauseSecret && reason != BecauseMistake {
		return errs.AtField("reason", "document.choose_reason")
	}
	return c.refuse(tx, by, d, reason)
}

// RefuseAtDoor turns away a paper that its clerk says is secret: what was sent of it is erased at once.
func (c *Documents) RefuseAtDoor(tx *db.Tx, by policy.Actor, unit string, files []blob.Ref) error {
	if err := c.mayFor(tx, by, Register, unit); err != nil {
		return err
	}
	id := ids.New(tx.Now)
	for _, f := range files {
		if err := c.Blobs.Erase(tx, f, fileKind, id); err != nil {
			return err
		}
	}
	if err := insertRefused(tx, refusal{id, unit, BecauseSecret, tx.Now, by.Person}); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Register, unit), audit.Deed{Action: "document.refused", Kind: "document", ID: id, Purpose: BecauseSecret})
}

func (c *Documents) refuse(tx *db.Tx, by policy.Actor, d Document, reason string) error {
	files, err := listFiles(tx, d.ID)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := c.Blobs.Erase(tx, f.ref(), fileKind, d.ID); err != nil {
			return err
		}
	}
	if err := unindex(tx, d); err != nil {
		return err
	}
	if err := eraseDocument(tx, d); err != nil {
		return err
	}
	if err := insertRefused(tx, refusal{d.ID, d.Unit, reason, tx.Now, by.Person}); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Register, d.Unit), audit.Deed{Action: "document.refused", Kind: "document", ID: d.ID, Purpose: reason})
}
