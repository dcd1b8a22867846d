package document

import (
	"bytes"
	"context"
	"io"
	"net/url"
	"strings"
	"time"

	"chungtay/account"
	"chungtay/docparse"
	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/sheet"
	"chungtay/internal/ui"
	"chungtay/internal/viet"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

// The registers as pages: sổ đến, sổ đi, sổ chuyển giao, sổ theo dõi.
var bookNames = []string{"in", "out", "sent", "follow"}

const (
	bookPage  = 50
	bookPrint = 2000 // lines on one printed register; a longer one is printed by dates
)

type bookView struct {
	Book      string
	Filter    BookFilter
	UnitName  string
	Columns   []string
	Rows      [][]ui.Cell
	Pages     ui.Pages
	Tabs      []ui.Link
	Registers []ui.Option
	Years     []ui.Option
	Print     bool
	Numbers   bool   // the actor may number a paper here
	Bad       string // what is wrong with the dates
}

func (v bookView) address(path string, page int, print bool) string {
	q := url.Values{}
	if v.Filter.Year > 0 {
		q.Set("year", itoa(v.Filter.Year))
	}
	for k, d := range map[string]civil.Date{"from": v.Filter.From, "to": v.Filter.To} {
		if !d.IsZero() {
			q.Set(k, d.String())
		}
	}
	if v.Filter.Register != "" {
		q.Set("register", v.Filter.Register)
	}
	if v.Filter.Unit != "" {
		q.Set("unit", v.Filter.Unit)
	}
	if v.Filter.Late {
		q.Set("late", "1")
	}
	if page > 1 {
		q.Set("page", itoa(page))
	}
	if print {
		q.Set("print", "1")
	}
	return "/registers/" + v.Book + path + "?" + q.Encode()
}

// dateOf reads a date of the address: 2026-11-05, or as people type it.
func dateOf(s string) (civil.Date, bool) {
	if s == "" {
		return civil.Date{}, true
	}
	if d, err := civil.Parse(s); err == nil {
		return d, true
	}
	f := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' })
	if len(f) == 3 && len(f[2]) == 4 {
		for i := range 2 {
			f[i] = strings.Repeat("0", max(0, 2-len(f[i]))) + f[i]
		}
		if d, err := civil.Parse(f[2] + "-" + f[1] + "-" + f[0]); err == nil {
			return d, true
		}
	}
	return civil.Date{}, false
}

func (c *Documents) bookOf(rq *web.Request, size int) (bookView, error) {
	v := bookView{Book: rq.HTTP.PathValue("book")}
	if !known(bookNames, v.Book) {
		return v, errs.Absent("register", v.Book)
	}
	f := BookFilter{Unit: rq.Actor.Unit, Register: rq.Query("register"), Year: number(rq, "year"), Late: rq.Query("late") != "", Page: max(1, number(rq, "page")), Size: size}
	if id := rq.Query("unit"); id != "" {
		if !ids.Valid(id) {
			return v, errs.Absent("unit", "")
		}
		f.Unit = id
	}
	var ok1, ok2 bool
	f.From, ok1 = dateOf(rq.Query("from"))
	f.To, ok2 = dateOf(rq.Query("to"))
	if !ok1 || !ok2 {
		v.Bad = rq.T("document.book.bad_date")
	}
	if f.Year < 1900 || f.Year > 2200 {
		f.Year = civil.Of(rq.Tx.Now).Year
	}
	v.Filter = f
	book := inBook
	if v.Book == "out" || v.Book == "sent" {
		book = outBook
	}
	if v.Book == "out" {
		v.Numbers = f.Unit == rq.Actor.Unit && c.mayFor(rq.Tx, rq.Actor, Issue, f.Unit) == nil
	}
	list, err := Registers(rq.Tx, f.Unit, book)
	if err != nil {
		return v, err
	}
	if len(list) > 0 {
		v.Registers = []ui.Option{{Text: rq.T("document.register_general")}}
		for _, r := range list {
			v.Registers = append(v.Registers, ui.Option{Value: r.Code, Text: r.Name})
		}
	}
	years, err := yearsOf(rq.Tx, f.Unit, book)
	if err != nil {
		return v, err
	}
	seen := false
	for _, y := range years {
		seen = seen || y == f.Year
		v.Years = append(v.Years, ui.Option{Value: itoa(y), Text: itoa(y)})
	}
	if !seen {
		v.Years = append([]ui.Option{{Value: itoa(f.Year), Text: itoa(f.Year)}}, v.Years...)
	}
	u, err := orgunit.Present(rq.Tx, f.Unit)
	v.UnitName = u.Name
	return v, err
}

// bookColumns are the columns of a register (NĐ 30/2020/NĐ-CP, Phụ lục IV; those of the sending register are ours), as catalogue keys.
var bookColumns = map[string][]string{
	"in":     {"arrived_on", "number", "author", "symbol", "issued_on", "kind_subject", "handler", "passed_on", "signed", "note"},
	"out":    {"symbol", "issued_on", "kind_subject", "signer", "recipients", "keeper", "copies", "sent_on", "signed", "note"},
	"sent":   {"symbol", "issued_on", "kind_subject", "to_unit", "delivered", "opened", "entered", "note"},
	"follow": {"number", "paper", "receiver", "due_on", "progress", "answer", "note"},
}

// bookLines are the lines of a register as values, one slice a line in the order of bookColumns, with the paper of each.
func (c *Documents) bookLines(rq *web.Request, v bookView) (lines [][]any, papers []string, total int, err error) {
	ctx := rq.Context()
	if v.Book == "out" {
		list, n, err := c.Outgoing(rq.Tx, rq.Actor, v.Filter)
		if err != nil {
			return nil, nil, 0, err
		}
		for _, d := range list {
			note := d.Note
			if d.State == Withdrawn {
				note = strings.TrimSpace(rq.T("document.state.withdrawn") + ": " + d.WithdrawnWhy + ". " + note)
			}
			if d.Run > 1 {
				note = strings.TrimSpace(rq.T("document.book.run", d.Run) + ". " + note)
			}
			var copies any
			if d.Copies > 0 {
				copies = d.Copies
			}
			lines = append(lines, []any{d.Symbol, dayOrNil(d.IssuedOn), kindText(ctx, d.Kind) + ": " + d.Subject, d.Signer, d.Recipients, d.Keeper, copies, dayOrNil(d.SentOn), d.Receipt, note})
			papers = append(papers, d.ID)
		}
		return lines, papers, n, nil
	}
	read := c.Incoming
	switch v.Book {
	case "follow":
		read = c.FollowUp
	case "sent":
		read = c.Sent
	}
	list, n, err := read(rq.Tx, rq.Actor, v.Filter)
	if err != nil {
		return nil, nil, 0, err
	}
	var people []string
	var said []orgunit.Mention
	for _, x := range list {
		if x.HandlerKind == "unit" {
			said = append(said, orgunit.On(x.Handler, x.PassedOn))
		} else if x.HandlerKind == "person" {
			people = append(people, x.Handler)
		}
		people = append(people, x.ReceivedBy)
		if v.Book == "sent" {
			said = append(said, orgunit.On(x.Unit, civil.Of(x.DeliveredAt)))
		}
	}
	where, err := orgunit.Mentioned(rq.Tx, said)
	if err != nil {
		return nil, nil, 0, err
	}
	who, err := account.NamesOf(rq.Tx, people)
	if err != nil {
		return nil, nil, 0, err
	}
	for _, x := range list {
		handler := where.Text(rq.Context(), x.Handler, x.PassedOn) + who[x.Handler]
		paper := kindText(ctx, x.Paper.Kind) + ": " + x.Paper.Subject
		signed := ""
		if !x.ReceivedAt.IsZero() {
			signed = strings.TrimSpace(i18n.Time(rq.Lang, x.ReceivedAt) + " " + who[x.ReceivedBy])
		}
		note := strings.Trim(x.Note+". "+x.Paper.Note, ". ")
		if x.State == Withdrawn {
			note = strings.TrimSpace(rq.T("document.state.withdrawn") + ". " + note)
		}
		switch v.Book {
		case "in":
			lines = append(lines, []any{dayOrNil(x.ArrivedOn), itoa(x.Number), x.Paper.Issuer, x.Paper.Symbol, dayOrNil(x.Paper.IssuedOn), paper, handler, dayOrNil(x.PassedOn), signed, note})
		case "sent":
			lines = append(lines, []any{x.Paper.Symbol, dayOrNil(x.Paper.IssuedOn), paper, where.Text(ctx, x.Unit, civil.Of(x.DeliveredAt)), i18n.Time(rq.Lang, x.DeliveredAt), timeOrNone(rq.Lang, x.OpenedAt), enteredText(rq, x.Delivery), sentNote(rq, x)})
		default:
			what := line(ctx, x.Paper)
			if !x.Paper.IssuedOn.IsZero() {
				what += " " + rq.T("document.of_day", x.Paper.IssuedOn)
			}
			//i18n:prefix document.progress_of.
			state := rq.T("document.progress_of." + orNone(x.Progress))
			if late(x.Delivery, civil.Of(rq.Tx.Now)) {
				state += " (" + rq.T("document.late") + ")"
			}
			lines = append(lines, []any{itoa(x.Number), what + ", " + x.Paper.Issuer + ": " + x.Paper.Subject, handler, dayOrNil(x.DueOn), state, x.Answer, note})
		}
		papers = append(papers, x.Document)
	}
	return lines, papers, n, nil
}

// linesText counts the lines of a register: of the one of sending a line is a paper sent to a unit, of the others a paper.
func linesText(ctx context.Context, book string, n int) string {
	if book == "sent" {
		return i18n.T(ctx, "document.book.sendings", n)
	}
	return i18n.T(ctx, "document.book.lines", n)
}

func timeOrNone(l i18n.Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return i18n.Time(l, t)
}

// enteredText is the arrival number a unit gave a paper, and the day: its receipt.
func enteredText(rq *web.Request, x Delivery) string {
	if x.Number == 0 {
		return ""
	}
	return rq.T("document.book.entered", itoa(x.Number), x.ArrivedOn)
}

// sentNote says what a paper was sent for, and what became of it.
func sentNote(rq *web.Request, x InLine) string {
	//i18n:prefix document.purpose.
	out := []string{rq.T("document.purpose." + x.Purpose)}
	if !x.ReturnedAt.IsZero() {
		out = append(out, rq.T("document.book.returned", x.ReturnedAt, x.ReturnedWhy))
	}
	if x.State == Withdrawn {
		out = append(out, rq.T("document.state.withdrawn"))
	}
	return strings.Join(out, ". ")
}

// late tells whether the deadline of handling a paper is over.
func late(x Delivery, today civil.Date) bool {
	return !x.DueOn.IsZero() && x.DueOn.Before(today) && x.Progress != "done"
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// cellText shows a value of a register; numbers of papers have no separators.
func cellText(l i18n.Lang, x any) string {
	switch v := x.(type) {
	case string:
		return v
	case int:
		return itoa(v)
	case civil.Date:
		return i18n.Date(l, v)
	}
	return ""
}

func dayOrNil(d civil.Date) any {
	if d.IsZero() {
		return nil
	}
	return d
}

func (c *Documents) pageBook(rq *web.Request) (web.Reply, error) {
	size := bookPage
	print := rq.Query("print") != ""
	if print {
		size = bookPrint
	}
	v, err := c.bookOf(rq, size)
	if err != nil {
		return web.Reply{}, err
	}
	v.Print = print
	lines, papers, total, err := c.bookLines(rq, v)
	if err != nil {
		return web.Reply{}, err
	}
	link := map[string]int{"in": 5, "out": 0, "sent": 0, "follow": 1}[v.Book]
	opens, err := c.readable(rq.Tx, rq.Actor, papers)
	if err != nil {
		return web.Reply{}, err
	}
	for i, l := range lines {
		var row []ui.Cell
		for k, x := range l {
			cell := ui.Cell{Text: cellText(rq.Lang, x)}
			if k == link && !print && opens[papers[i]] {
				cell.Path = "/documents/" + papers[i]
			}
			row = append(row, cell)
		}
		v.Rows = append(v.Rows, row)
	}
	v.Pages = ui.PagesOf(v.Filter.Page, size, total, func(n int) string { return v.address("", n, print) })
	if v.Tabs, err = c.tabs(rq, "/registers/"+v.Book); err != nil {
		return web.Reply{}, err
	}
	return web.Show(rq.T("document.book."+v.Book), bookPageView(v)).Under("/documents"), nil
}

func (c *Documents) sheetBook(rq *web.Request) (web.Reply, error) {
	v, err := c.bookOf(rq, maxBook)
	if err != nil {
		return web.Reply{}, err
	}
	v.Filter.Page = 1
	lines, _, _, err := c.bookLines(rq, v)
	if err != nil {
		return web.Reply{}, err
	}
	t := sheet.Table{Name: rq.T("document.book." + v.Book), Title: v.UnitName + " – " + rq.T("document.book."+v.Book) + " " + itoa(v.Filter.Year), Notes: []string{rq.T("document.book.made", rq.Actor.Name, rq.Tx.Now)}, Rows: lines}
	kinds := map[string]sheet.Kind{"arrived_on": sheet.Date, "issued_on": sheet.Date, "passed_on": sheet.Date, "sent_on": sheet.Date, "due_on": sheet.Date, "copies": sheet.Int}
	for _, k := range bookColumns[v.Book] {
		//i18n:prefix document.column.
		t.Columns = append(t.Columns, sheet.Column{Text: rq.T("document.column." + k), Kind: kinds[k]})
	}
	var b bytes.Buffer
	if err := sheet.XLSX(&b, t); err != nil {
		return web.Reply{}, err
	}
	name := rq.T("document.book."+v.Book) + " " + itoa(v.Filter.Year) + ".xlsx"
	return web.Download(web.File{Name: name, Type: sheet.Type, Size: int64(b.Len()), ModTime: rq.Tx.Now, Open: func() (io.ReadCloser, error) { return io.NopCloser(&b), nil }}), nil
}

type registersView struct {
	Unit, UnitName string
	Tabs           []ui.Link
	Series         []seriesRow
	In, Out        bool      // may open registers of this book
	Old            []ui.Link // registers of the units that became this one
	Form           *web.Form
	At             string
}

// seriesRow is a register with where its numbers stand.
type seriesRow struct {
	Book, Name, Code string
	Year, Last, Run  int
}

func (c *Documents) registersPage(rq *web.Request, f *web.Form, at string) (web.Reply, error) {
	unit := rq.Actor.Unit
	if err := c.mayFor(rq.Tx, rq.Actor, Read, unit); err != nil {
		return web.Reply{}, err
	}
	v := registersView{Unit: unit, Form: f, At: at, In: c.mayFor(rq.Tx, rq.Actor, Register, unit) == nil, Out: c.mayFor(rq.Tx, rq.Actor, Issue, unit) == nil}
	u, err := orgunit.Present(rq.Tx, unit)
	if err != nil {
		return web.Reply{}, err
	}
	v.UnitName = u.Name
	year := civil.Of(rq.Tx.Now).Year
	for _, book := range []string{inBook, outBook} {
		list, err := Registers(rq.Tx, unit, book)
		if err != nil {
			return web.Reply{}, err
		}
		for _, r := range append([]RegisterOf{{Name: rq.T("document.register_general")}}, list...) {
			n, _, err := findCounter(rq.Tx, book, Series{unit, year, r.Code})
			if err != nil {
				return web.Reply{}, err
			}
			v.Series = append(v.Series, seriesRow{book, r.Name, r.Code, year, n.Last, n.Run})
		}
	}
	old, err := orgunit.Predecessors(rq.Tx, unit)
	if err != nil {
		return web.Reply{}, err
	}
	names, err := orgunit.Names(rq.Tx, old)
	if err != nil {
		return web.Reply{}, err
	}
	for _, id := range old {
		for _, book := range []string{inBook, outBook} {
			v.Old = append(v.Old, ui.Link{Text: names[id] + ": " + rq.T("document.book."+book), Path: "/registers/" + book + "?unit=" + id})
		}
	}
	if v.Tabs, err = c.tabs(rq, "/registers"); err != nil {
		return web.Reply{}, err
	}
	body := registersPage(rq.Context(), v)
	rep := web.Show(rq.T("document.registers.title"), body)
	if at != "" {
		rep = web.Again(rq.T("document.registers.title"), f, body)
	}
	return rep.Under("/documents"), nil
}

func (c *Documents) pageRegisters(rq *web.Request) (web.Reply, error) {
	return c.registersPage(rq, rq.Filled("document.form", map[string]string{"once": rq.Once(), "year": itoa(civil.Of(rq.Tx.Now).Year), "book": inBook, "start": "last"}), "")
}

func (c *Documents) doAddRegister(rq *web.Request) (web.Reply, error) {
	f := rq.Form("document.form")
	err := c.AddRegister(rq.Tx, rq.Actor, rq.Actor.Unit, f.Choice("book", web.Need, inBook, outBook), f.Text("code", 20, web.Need), f.Text("name", 100, web.Need))
	if err == nil && f.OK() {
		return web.To("/registers").Say("document.said.register"), nil
	}
	if err != nil && !f.Take(err) {
		return web.Reply{}, err
	}
	return c.registersPage(rq, f, "add")
}

func (c *Documents) doBegin(rq *web.Request) (web.Reply, error) {
	f := rq.Form("document.form")
	year, _ := f.Int("year", 2000, 2200, web.Need)
	last, _ := f.Int("last", 0, 999_999, false)
	start := f.Choice("start", web.Need, "last", "restart")
	if start == "restart" {
		last = 0
	}
	reason := f.Text("reason", 300, web.Need)
	if f.OK() {
		err := c.Begin(rq.Tx, rq.Actor, Series{rq.Actor.Unit, int(year), f.Raw("register")}, int(last), start == "restart", reason)
		if err == nil {
			return web.To("/registers").Say("document.said.begun"), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.registersPage(rq, f, "begin")
}

// pageLegal is the legal register.
func (c *Documents) pageLegal(rq *web.Request) (web.Reply, error) {
	words := wordsOf(rq.Query("q"))
	today := civil.Of(rq.Tx.Now)
	var rows []docparse.Instrument
	all := docparse.Instruments()
	for i := len(all) - 1; i >= 0; i-- {
		text := " " + viet.Fold(all[i].Number+" "+all[i].Subject+" "+all[i].Issuer+" "+kindText(rq.Context(), all[i].Kind)) + " "
		fits := true
		for _, w := range words {
			fits = fits && strings.Contains(text, w.fold)
		}
		if fits {
			rows = append(rows, all[i])
		}
	}
	tabs, err := c.tabs(rq, "/legal")
	if err != nil {
		return web.Reply{}, err
	}
	return web.Show(rq.T("document.legal.title"), legalPage(tabs, rq.Query("q"), rows, docparse.Date{Year: today.Year, Month: int(today.Month), Day: today.Day})).Under("/documents"), nil
}
