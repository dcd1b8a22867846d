package formdef

// MaxInputs is how many inputs a form may have on its page: what a browser sends at once has a limit, and a page of more is filled in by
// nobody. A form with more is not published; it is divided into forms or its repeats are made shorter.
const MaxInputs = 3800

// Inputs is the most a browser sends of the form at once: an input for each cell that is entered, three for a date, one for each choice of
// several, one for "không phát sinh" where it is an answer and for the reason where the cell is filled from elsewhere; of a repeat all entries
// it may have.
func (f *Form) Inputs() int {
	n := len(f.Sections) // "the rest of this part did not arise"
	rows := map[*Row]bool{}
	for _, c := range f.cells {
		switch {
		case c.calculate != nil:
			continue
		case c.typ == Repeat:
			n += 2 // how many entries, and none
			continue
		case c.repeat >= 0:
			n += c.inputs() * f.cells[c.repeat].field.MaxEntries
			continue
		}
		n += c.inputs()
		if c.row != nil && !rows[c.row] { // one tick for all figures of a row
			rows[c.row] = true
			n++
		}
		if c.source() != "" {
			n++
		}
	}
	return n
}

func (c *cell) inputs() int {
	n := 1
	switch {
	case c.typ == Date:
		n = 3
	case c.typ == Choice && c.field.Multiple:
		n = max(1, len(c.field.Choices))
	}
	if c.field.NoneAllowed && c.row == nil { // in a table it is typed into the cell
		n++
	}
	return n
}
