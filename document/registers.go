package document

import (
	"slices"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/orgunit"
	"chungtay/policy"
)

// BookFilter says which lines of a register are shown.
type BookFilter struct {
	Unit     string
	Register string // code of a further register, "" the general one
	Year     int
	From, To civil.Date // of arrival, of issue; zero: the whole year
	Late     bool       // follow-up register: only what is past its deadline and not done
	Page     int
	Size     int
}

const maxBook = 100_000 // lines of an export

func (f *BookFilter) tidy() {
	f.Page, f.Size = max(f.Page, 1), max(1, min(f.Size, maxBook))
}

// mayReadBooks tells whether the actor may read the registers of a unit: those of the own unit and of the units that wholly became it, whose
// registers it keeps, and of others where the scope allows.
func (c *Documents) mayReadBooks(tx *db.Tx, by policy.Actor, unit string) error {
	err := c.mayFor(tx, by, Read, unit)
	if !errs.Is(err, errs.NotFound) || c.mayFor(tx, by, Read, by.Unit) != nil {
		return err
	}
	old, perr := orgunit.Predecessors(tx, by.Unit)
	if perr != nil {
		return perr
	}
	if slices.Contains(old, unit) {
		return nil
	}
	return err
}

// Incoming lists the lines of a unit's incoming register (sổ đăng ký văn bản đến) in the order of arrival numbers.
func (c *Documents) Incoming(tx *db.Tx, by policy.Actor, f BookFilter) ([]InLine, int, error) {
	if err := c.mayReadBooks(tx, by, f.Unit); err != nil {
		return nil, 0, err
	}
	f.tidy()
	var w db.Where
	w.And(`x.unit_id = ? AND x.year = ? AND x.register = ? AND x.number IS NOT NULL`, f.Unit, f.Year, f.Register)
	if !f.From.IsZero() {
		w.And(`x.arrived_on >= ?`, f.From)
	}
	if !f.To.IsZero() {
		w.And(`x.arrived_on <= ?`, f.To)
	}
	return listInLines(tx, &w, `x.run, x.number`, f.Size, (f.Page-1)*f.Size)
}

// FollowUp lists the lines of a unit's follow-up register (sổ theo dõi giải quyết văn bản đến): what was passed on or has a deadline.
func (c *Documents) FollowUp(tx *db.Tx, by policy.Actor, f BookFilter) ([]InLine, int, error) {
	if err := c.mayReadBooks(tx, by, f.Unit); err != nil {
		return nil, 0, err
	}
	f.tidy()
	var w db.Where
	w.And(`x.unit_id = ? AND x.year = ? AND x.register = ? AND (x.handler_id <> '' OR x.due_on IS NOT NULL)`, f.Unit, f.Year, f.Register)
	if f.Late {
		w.And(`x.due_on < ? AND x.progress <> 'done'`, civil.Of(tx.Now))
	}
	if !f.From.IsZero() {
		w.And(`x.arrived_on >= ?`, f.From)
	}
	if !f.To.IsZero() {
		w.And(`x.arrived_on <= ?`, f.To)
	}
	return listInLines(tx, &w, `x.run, x.number`, f.Size, (f.Page-1)*f.Size)
}

// Outgoing lists the papers of a unit's outgoing register (sổ đăng ký văn bản đi) in the order of their numbers, withdrawn ones in their place.
func (c *Documents) Outgoing(tx *db.Tx, by policy.Actor, f BookFilter) ([]Document, int, error) {
	if err := c.mayReadBooks(tx, by, f.Unit); err != nil {
		return nil, 0, err
	}
	f.tidy()
	var w db.Where
	w.And(`d.unit_id = ? AND d.series_year = ? AND d.register = ? AND d.direction <> 'in'`, f.Unit, f.Year, f.Register)
	if !f.From.IsZero() {
		w.And(`d.issued_on >= ?`, f.From)
	}
	if !f.To.IsZero() {
		w.And(`d.issued_on <= ?`, f.To)
	}
	return listOutLines(tx, &w, f.Size, (f.Page-1)*f.Size)
}

// Sent lists to which units the papers of an outgoing register went (sổ chuyển giao), in the order of their numbers and of the units' names: when each unit had it, opened
// it, entered it or sent it back.
func (c *Documents) Sent(tx *db.Tx, by policy.Actor, f BookFilter) ([]InLine, int, error) {
	if err := c.mayReadBooks(tx, by, f.Unit); err != nil {
		return nil, 0, err
	}
	f.tidy()
	var w db.Where
	w.And(`d.unit_id = ? AND d.series_year = ? AND d.register = ? AND d.direction <> 'in'`, f.Unit, f.Year, f.Register)
	if !f.From.IsZero() {
		w.And(`d.issued_on >= ?`, f.From)
	}
	if !f.To.IsZero() {
		w.And(`d.issued_on <= ?`, f.To)
	}
	return listInLines(tx, &w, `d.run, d.number, `+orgunit.ByName("x.unit_id")+`, x.id`, f.Size, (f.Page-1)*f.Size)
}

// readable tells which papers of a list the actor may open: a register kept for a unit that is gone shows lines whose papers were not given to
// its successor.
func (c *Documents) readable(tx *db.Tx, by policy.Actor, papers []string) (map[string]bool, error) {
	out := map[string]bool{}
	cond, args := c.Book.Scope(by, Read).SQL(columns)
	for list := range slices.Chunk(papers, 400) {
		var w db.Where
		some := make([]any, len(list))
		for i, id := range list {
			some[i] = id
		}
		w.And(`d.id IN (`+marks(len(list))+`)`, some...)
		w.And(cond, args...)
		seen, err := db.All[string](tx, `SELECT d.id FROM document d`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, id := range seen {
			out[id] = true
		}
	}
	return out, nil
}

// ToEnter lists what a unit has in its hands and has not entered, the latest first: papers sent through this system, and those that came in
// by file or text and are being read.
func (c *Documents) ToEnter(tx *db.Tx, by policy.Actor, unit string, page, size int) ([]InLine, int, error) {
	if err := c.mayFor(tx, by, Register, unit); err != nil {
		return nil, 0, err
	}
	return waiting(tx, unit, size, (max(page, 1)-1)*size)
}

// Deliveries lists the units that have a paper, for its issuer: who entered it, opened it, sent it back.
func (c *Documents) Deliveries(tx *db.Tx, by policy.Actor, document string, page, size int) ([]Delivery, int, error) {
	d, err := c.Get(tx, by, document)
	if err != nil {
		return nil, 0, err
	}
	if err := c.mayFor(tx, by, Read, d.Unit); errs.Is(err, errs.NotFound) {
		return nil, 0, errs.Absent("deliveries", document)
	} else if err != nil {
		return nil, 0, err
	}
	return listDeliveries(tx, document, size, (max(page, 1)-1)*size)
}
