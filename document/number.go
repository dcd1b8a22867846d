package document

import (
	"fmt"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// Series names a series of numbers: one for each unit, year and register (Nghị định 30/2020/NĐ-CP, điều 15).
type Series struct {
	Unit     string
	Year     int
	Register string // "": the unit's general register
}

// The books of a unit that have numbers of their own.
const (
	outBook = "out"
	inBook  = "in"
)

// Draw draws the next number of an outgoing series: 1, 2, 3… without a gap and never one twice. It belongs into the transaction that issues
// the paper; when that fails, the number was never drawn. Callers that issue a paper use Issue, which draws.
func (c *Documents) Draw(tx *db.Tx, by policy.Actor, s Series) (int, error) {
	n, _, err := c.draw(tx, by, s)
	return n, err
}

func (c *Documents) draw(tx *db.Tx, by policy.Actor, s Series) (number, run int, err error) {
	if err := c.mayFor(tx, by, Issue, s.Unit); err != nil {
		return 0, 0, err
	}
	if err := knownRegister(tx, outBook, s); err != nil {
		return 0, 0, err
	}
	return nextNumber(tx, outBook, s)
}

// knownRegister refuses a register the unit does not keep.
func knownRegister(tx *db.Tx, book string, s Series) error {
	if s.Year < 1900 || s.Year > 2200 {
		return fmt.Errorf("series of year %d", s.Year)
	}
	if s.Register == "" {
		return nil
	}
	ok, err := hasRegister(tx, s.Unit, book, s.Register)
	if err == nil && !ok {
		err = errs.AtField("register", "document.choose_register")
	}
	return err
}

// Format writes a number in front of the rest of its symbol, with the leading zero below 10: "05/KH-SYT".
func Format(number int, tail string) string {
	if tail != "" && tail[0] != '/' {
		tail = "/" + tail
	}
	return fmt.Sprintf("%02d%s", number, tail)
}

// Begin says where a series begins. A unit that starts with this system within a year says the last number it gave on paper; a body that
// was made anew begins again at 1 under the same identity (restart). Neither can give a number twice: going on after papers have been
// numbered here is refused, and a restart opens a new run.
func (c *Documents) Begin(tx *db.Tx, by policy.Actor, s Series, last int, restart bool, reason string) error {
	if err := c.mayFor(tx, by, Issue, s.Unit); err != nil {
		return err
	}
	if err := knownRegister(tx, outBook, s); err != nil {
		return err
	}
	if last < 0 || last > 999_999 {
		return errs.AtField("last", "document.last_range")
	}
	if reason == "" {
		return errs.AtField("reason", "document.need_reason")
	}
	at, there, err := findCounter(tx, outBook, s)
	switch {
	case err != nil:
		return err
	case restart && !there:
		return errs.AtField("last", "document.nothing_to_restart")
	case !restart && there && at.Last > 0:
		return errs.AtField("last", "document.already_numbering", itoa(at.Last))
	}
	if restart {
		at.Run++
	}
	if err := setCounter(tx, outBook, s, at.Run, last); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Issue, s.Unit), audit.Deed{Action: "document.series_begun", Kind: "orgunit", ID: s.Unit, Purpose: reason,
		Change: audit.Change{"series": {"", fmt.Sprintf("%d %s", s.Year, s.Register)}, "last": {fmt.Sprint(at.Last), fmt.Sprint(last)}, "run": {"", fmt.Sprint(at.Run)}}})
}
