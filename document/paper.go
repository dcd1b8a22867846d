package document

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"chungtay/docrender"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/web"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Papers of the document room itself: its registers and the slip that goes with an incoming paper, as DOCX and PDF.

const maxBookPaper = 10_000 // lines of one printed register; a longer one is printed by dates

// office is what the papers of a unit share; an installation of this room alone knows the unit's name.
func (c *Documents) office(tx *db.Tx, unit string) (docrender.Office, error) {
	if c.Office != nil {
		return c.Office(tx, unit)
	}
	u, err := orgunit.Present(tx, unit)
	return docrender.Office{Issuer: []string{u.Name}, Name: u.Name}, err
}

// sheetOf begins a paper of the room: no document of the decree, but in its letters and margins.
func sheetOf(l i18n.Lang, o docrender.Office, title, below string) docrender.Document {
	d := docrender.Document{Kind: docrender.Book, Title: title, Subject: below, Superior: o.Superior, Issuer: o.Issuer}
	if l != i18n.VI {
		d.Lang = string(l)
	}
	return d
}

func written(name, ext string, d docrender.Document) (web.Reply, error) {
	var b bytes.Buffer
	write, typ := docrender.DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	if ext == "pdf" {
		write, typ = docrender.PDF, "application/pdf"
	}
	if err := write(&b, d); err != nil {
		return web.Reply{}, fmt.Errorf("write %s: %w", name, err)
	}
	return web.Download(web.File{Name: name + "." + ext, Type: typ, Size: int64(b.Len()), Open: func() (io.ReadCloser, error) { return io.NopCloser(&b), nil }}), nil
}

func (c *Documents) docxBook(rq *web.Request) (web.Reply, error) { return c.paperBook(rq, "docx") }
func (c *Documents) pdfBook(rq *web.Request) (web.Reply, error)  { return c.paperBook(rq, "pdf") }

// paperBook is a register on turned pages: the columns of Nghị định 30/2020/NĐ-CP, Phụ lục IV, numbered, their head on every page.
func (c *Documents) paperBook(rq *web.Request, ext string) (web.Reply, error) {
	v, err := c.bookOf(rq, maxBookPaper)
	if err != nil {
		return web.Reply{}, err
	}
	v.Filter.Page = 1
	lines, _, total, err := c.bookLines(rq, v)
	if err != nil {
		return web.Reply{}, err
	}
	if total > maxBookPaper {
		return web.Reply{}, errs.New(errs.Invalid, "document.book.too_long", total, maxBookPaper)
	}
	o, err := c.office(rq.Tx, v.Filter.Unit)
	if err != nil {
		return web.Reply{}, err
	}
	below := rq.T("document.book.year", itoa(v.Filter.Year))
	for _, r := range v.Registers {
		if r.Value == v.Filter.Register && r.Value != "" {
			below += ", " + r.Text
		}
	}
	if !v.Filter.From.IsZero() || !v.Filter.To.IsZero() {
		below += ", " + dayWords(rq.Context(), v.Filter.From) + " – " + dayWords(rq.Context(), v.Filter.To)
	}
	//i18n:prefix document.book.heading.
	d := sheetOf(rq.Lang, o, rq.T("document.book.heading."+v.Book), below)
	d.Landscape = true
	t := docrender.Table{Height: 9} // room for a signature
	var head, count []docrender.Cell
	for i, k := range bookColumns[v.Book] {
		col := docrender.Column{}
		switch k {
		case "arrived_on", "issued_on", "passed_on", "sent_on", "due_on", "number", "copies":
			col.Align = docrender.Center
		}
		t.Columns = append(t.Columns, col)
		//i18n:prefix document.column.
		head = append(head, docrender.Cell{Text: rq.T("document.column." + k)})
		count = append(count, docrender.Cell{Text: "(" + itoa(i+1) + ")"})
	}
	t.Head = [][]docrender.Cell{head, count}
	t.Rows = cells(rq.Lang, lines)
	fit(&t)
	d.Body = []docrender.Block{docrender.OfTable(t), {Type: docrender.ParagraphBlock, Align: docrender.Left, Text: linesText(rq.Context(), v.Book, total) + ". " + rq.T("document.book.made", rq.Actor.Name, rq.Tx.Now) + "."}}
	return written(rq.T("document.book."+v.Book)+" "+itoa(v.Filter.Year), ext, d)
}

// cells are the lines of a register as text.
func cells(l i18n.Lang, lines [][]any) [][]docrender.Cell {
	out := make([][]docrender.Cell, len(lines))
	for i, line := range lines {
		out[i] = make([]docrender.Cell, len(line))
		for k, x := range line {
			out[i][k].Text = narrow(cellText(l, x), 18)
		}
	}
	return out
}

// fit gives the columns of a table on turned pages one width each when their words want more room than there is: words are parted then, but the
// register is printed.
func fit(t *docrender.Table) {
	if !t.Fits(true) {
		for i := range t.Columns {
			t.Columns[i].Width = docrender.TextWidth(true) / float64(len(t.Columns))
		}
	}
}

func hasteText(ctx context.Context, urgency string) string {
	if urgency == "" {
		return ""
	}
	//i18n:prefix document.urgency.
	return i18n.T(ctx, "document.urgency."+urgency)
}

// narrow makes a text fit for a cell, whatever was typed into the register: letters the font lacks are marked, words of more than n letters
// broken behind a slash or dash where there is one, so that every column keeps its room.
func narrow(s string, n int) string {
	words := strings.Split(docrender.Printable(s), " ")
	for i, w := range words {
		if utf8.RuneCountInString(w) <= n {
			continue
		}
		r, out := []rune(w), ""
		for len(r) > n {
			cut := n
			for k := n; k > n/2; k-- {
				if r[k-1] == '/' || r[k-1] == '-' {
					cut = k
					break
				}
			}
			out += string(r[:cut]) + "\n"
			r = r[cut:]
		}
		words[i] = out + string(r)
	}
	return strings.Join(words, " ")
}

func (c *Documents) docxSlip(rq *web.Request) (web.Reply, error) { return c.paperSlip(rq, "docx") }
func (c *Documents) pdfSlip(rq *web.Request) (web.Reply, error)  { return c.paperSlip(rq, "pdf") }

// paperSlip is the slip that goes with an incoming paper to who handles it (phiếu giải quyết văn bản đến): the stamp ĐẾN of the unit in whose
// register the paper stands, what the paper is, room for what is decided by hand. A paper that is not entered has none.
func (c *Documents) paperSlip(rq *web.Request, ext string) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	d, err := c.Get(rq.Tx, rq.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	x, ok, err := mine(rq.Tx, rq.Actor, d)
	if err != nil {
		return web.Reply{}, err
	}
	if !ok || x.Number == 0 {
		return web.Reply{}, errs.Absent("slip of document", id)
	}
	o, err := c.office(rq.Tx, x.Unit)
	if err != nil {
		return web.Reply{}, err
	}
	handler := ""
	if x.Handler != "" {
		if handler, err = c.handlerName(rq.Tx, x); err != nil {
			return web.Reply{}, err
		}
	}
	return written(rq.T("document.slip.file", x.Number, x.Year), ext, slip(rq.Context(), o, d, x, handler))
}

// mine is the line in whose hands a paper is for an actor: that of the own unit, or of a unit above that passed the paper on to it.
func mine(tx *db.Tx, by policy.Actor, d Document) (Delivery, bool, error) {
	x, ok, err := findDelivery(tx, d.ID, by.Unit)
	if err != nil || ok {
		return x, ok, err
	}
	above, err := orgunit.Above(tx, by.Unit)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return x, false, err
	}
	for _, u := range above {
		if y, there, err := findDelivery(tx, d.ID, u); err != nil {
			return y, false, err
		} else if there && (y.Handler == by.Unit || y.Handler == by.Person) {
			return y, true, nil
		}
	}
	return Delivery{}, false, nil
}

// Size of the stamp ĐẾN, Nghị định 30/2020/NĐ-CP, Phụ lục IV: 35 by 50 mm.
const (
	stampWidth  = 50.0
	stampHeight = 35.0
	stampLabel  = 14.0
)

// stamp is the stamp of arrival: whose it is, the number and day of arrival, to whom the paper went, the mark of its file. It is as large as the
// decree has it whatever the names: long ones are set smaller, the longest cut.
func stamp(ctx context.Context, o docrender.Office, x Delivery, handler string) docrender.Table {
	t := docrender.Table{Fixed: stampHeight, Columns: []docrender.Column{{Width: stampLabel, Align: docrender.Center}, {Width: stampWidth - stampLabel}}}
	say := func(key, value string) string { return strings.TrimSpace(i18n.T(ctx, key) + " " + value) }
	t.Rows = [][]docrender.Cell{
		{{Text: narrow(shortened(strings.ToUpper(strings.Join(o.Issuer, " ")), 120), 18), Bold: true, ColSpan: 2, Align: docrender.Center}},
		{{Text: i18n.T(ctx, "document.slip.arrived"), Bold: true, RowSpan: 4}, {Text: say("document.slip.number", twoDigits(x.Number))}},
		{{Text: say("document.slip.day", dayWords(ctx, x.ArrivedOn))}},
		{{Text: narrow(shortened(say("document.slip.to", handler), 120), 18)}},
		{{Text: i18n.T(ctx, "document.slip.mark")}},
	}
	return t
}

// shortened shortens a text to about n letters, at a word's end.
func shortened(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	s = string(r[:n])
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return s + "…"
}

// twoDigits writes a number with a zero before those below 10.
func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

func slip(ctx context.Context, o docrender.Office, d Document, x Delivery, handler string) docrender.Document {
	out := sheetOf(i18n.Current(ctx), o, i18n.T(ctx, "document.slip.title"), "")
	facts := docrender.Table{Columns: []docrender.Column{{Width: 46}, {}}}
	for _, f := range []struct{ key, value string }{
		{"document.form.issuer", d.Issuer}, {"document.column.symbol", d.Symbol}, {"document.column.issued_on", dayWords(ctx, d.IssuedOn)},
		{"document.column.kind_subject", kindText(ctx, d.Kind) + ": " + d.Subject}, {"document.form.urgency", hasteText(ctx, d.Urgency)},
		{"document.column.signer", d.Signer}, {"document.column.due_on", dayWords(ctx, x.DueOn)},
	} {
		if f.value != "" {
			facts.Rows = append(facts.Rows, []docrender.Cell{{Text: i18n.T(ctx, f.key), Bold: true}, {Text: narrow(f.value, 40)}})
		}
	}
	hand := docrender.Table{Height: 38, Columns: []docrender.Column{{Width: 46}, {}}}
	for _, k := range []string{"leader", "head", "handler"} {
		//i18n:prefix document.slip.opinion.
		hand.Rows = append(hand.Rows, []docrender.Cell{{Text: i18n.T(ctx, "document.slip.opinion."+k), Bold: true}, {}})
	}
	out.Body = []docrender.Block{docrender.OfTable(stamp(ctx, o, x, handler)), docrender.OfTable(facts), docrender.OfTable(hand)}
	return out
}
