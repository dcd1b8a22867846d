package document

import (
	"context"
	"strconv"

	"chungtay/internal/civil"
	"chungtay/internal/i18n"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
	"chungtay/policy"
)

const pageSize = 30

// number reads a number of the address, 0 when there is none.
func number(rq *web.Request, name string) int {
	n, err := strconv.Atoi(rq.Query(name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func pick(list []string, s string) string {
	if known(list, s) {
		return s
	}
	return ""
}

func filterOf(rq *web.Request) Filter {
	return Filter{Words: rq.Query("q"), Book: pick(Books, rq.Query("book")), Kind: pick(Kinds, rq.Query("kind")), Year: number(rq, "year"), Topic: pick(Topics, rq.Query("topic")),
		Issuer: rq.Query("issuer"), Page: max(1, number(rq, "page")), Size: pageSize}
}

type listView struct {
	Filter  Filter
	Rows    []Found
	Pages   ui.Pages
	Tabs    []ui.Link
	New     bool
	Years   []int
	Below   int // papers of units below that fit as well
	Reaches bool
	Further []ui.Option // further registers of the unit
}

// tabs are the views of the registry; at is the present one.
func (c *Documents) tabs(rq *web.Request, at string) ([]ui.Link, error) {
	list := []ui.Link{{Text: rq.T("document.tab.search"), Path: "/documents"}}
	if c.mayFor(rq.Tx, rq.Actor, Register, rq.Actor.Unit) == nil {
		_, n, err := c.ToEnter(rq.Tx, rq.Actor, rq.Actor.Unit, 1, 1)
		if err != nil {
			return nil, err
		}
		text := rq.T("document.tab.waiting")
		if n > 0 {
			text += " (" + i18n.Int(rq.Lang, int64(n)) + ")"
		}
		list = append(list, ui.Link{Text: text, Path: "/documents/waiting"})
	}
	if c.mayFor(rq.Tx, rq.Actor, Read, rq.Actor.Unit) == nil {
		for _, b := range bookNames {
			//i18n:prefix document.book.
			list = append(list, ui.Link{Text: rq.T("document.book." + b), Path: "/registers/" + b})
		}
		list = append(list, ui.Link{Text: rq.T("document.tab.registers"), Path: "/registers"})
	}
	list = append(list, ui.Link{Text: rq.T("document.tab.legal"), Path: "/legal"})
	for i := range list {
		list[i].Current = list[i].Path == at
	}
	return list, nil
}

func (c *Documents) pageList(rq *web.Request) (web.Reply, error) {
	f := filterOf(rq)
	var further []ui.Option
	for _, book := range []string{inBook, outBook} {
		list, err := Registers(rq.Tx, rq.Actor.Unit, book)
		if err != nil {
			return web.Reply{}, err
		}
		for _, r := range list {
			//i18n:prefix document.book.
			further = append(further, ui.Option{Value: book + "/" + r.Code, Text: rq.T("document.book."+book) + ": " + r.Name})
			if at := rq.Query("book"); at == book+"/"+r.Code {
				f.Book = at
			}
		}
	}
	rows, total, err := c.List(rq.Tx, rq.Actor, f)
	if err != nil {
		return web.Reply{}, err
	}
	v := listView{Further: further, Filter: f, Rows: rows, Pages: ui.PagesOf(f.Page, f.Size, total, f.address), New: c.mayFor(rq.Tx, rq.Actor, Register, rq.Actor.Unit) == nil}
	if v.Tabs, err = c.tabs(rq, "/documents"); err != nil {
		return web.Reply{}, err
	}
	for y := rq.Tx.Now.Year() + 1; len(v.Years) < 12; y-- {
		v.Years = append(v.Years, y)
	}
	if f.Book == "" && f.Page == 1 && c.reachesBelow(rq) {
		v.Reaches = true
		all := f
		all.Book, all.Size = "all", 1
		_, n, err := c.List(rq.Tx, rq.Actor, all)
		if err != nil {
			return web.Reply{}, err
		}
		v.Below = n - total
	}
	return web.Show(rq.T("document.title"), listPage(v)), nil
}

// reachesBelow tells whether the actor reads papers of other units than their own.
func (c *Documents) reachesBelow(rq *web.Request) bool {
	for _, g := range rq.Actor.Grants {
		if g.Below || c.Book[g.Role].Gives[Read]&(policy.Below|policy.All) != 0 {
			return true
		}
	}
	return rq.Actor.IsSystem()
}

// waitingRow is a paper to enter as it is shown.
type waitingRow struct {
	InLine
	Sender  string
	Reading bool
	Failed  bool
}

func (c *Documents) pageWaiting(rq *web.Request) (web.Reply, error) {
	page := max(1, number(rq, "page"))
	rows, total, err := c.ToEnter(rq.Tx, rq.Actor, rq.Actor.Unit, page, pageSize)
	if err != nil {
		return web.Reply{}, err
	}
	var out []waitingRow
	for _, x := range rows {
		d, err := byID(rq.Tx, x.Document)
		if err != nil {
			return web.Reply{}, err
		}
		r := waitingRow{InLine: x, Reading: d.Extraction == Waiting, Failed: d.Extraction == Failed}
		if d.Direction != In {
			r.Sender = d.Issuer
		}
		if r.Paper.Subject == "" {
			if files, err := listFiles(rq.Tx, d.ID); err != nil {
				return web.Reply{}, err
			} else if len(files) > 0 {
				r.Paper.Subject = files[0].Name
			}
		}
		out = append(out, r)
	}
	tabs, err := c.tabs(rq, "/documents/waiting")
	if err != nil {
		return web.Reply{}, err
	}
	pages := ui.PagesOf(page, pageSize, total, func(n int) string { return "/documents/waiting?page=" + itoa(n) })
	return web.Show(rq.T("document.waiting.title"), waitingPage(tabs, out, pages)).Under("/documents"), nil
}

// pageUnits lists who has a paper that the unit issued.
func (c *Documents) pageUnits(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	page := max(1, number(rq, "page"))
	d, err := c.Get(rq.Tx, rq.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	list, total, err := c.Deliveries(rq.Tx, rq.Actor, id, page, 100)
	if err != nil {
		return web.Reply{}, err
	}
	var said []orgunit.Mention
	for _, x := range list {
		said = append(said, orgunit.On(x.Unit, civil.Of(x.DeliveredAt)))
	}
	names, err := orgunit.Mentioned(rq.Tx, said)
	if err != nil {
		return web.Reply{}, err
	}
	pages := ui.PagesOf(page, 100, total, func(n int) string { return "/documents/" + id + "/units?page=" + itoa(n) })
	return web.Show(rq.T("document.units.title"), unitsPage(d, list, names, pages)).With(c.crumbs(rq, d)...).Under("/documents"), nil
}

// crumbs lead from a page of a paper back.
func (c *Documents) crumbs(rq *web.Request, d Document) []web.Crumb {
	return []web.Crumb{{Text: rq.T("document.title"), Path: "/documents"}, {Text: line(rq.Context(), d.Facts), Path: "/documents/" + d.ID}}
}

// kindText is the name of a kind: "Kế hoạch".
func kindText(ctx context.Context, kind string) string {
	if kind == "" {
		return i18n.T(ctx, "document.paper")
	}
	//i18n:prefix document.kind.
	return i18n.T(ctx, "document.kind."+kind)
}

// line names a paper in one line: "Kế hoạch 173/KH-BCĐ".
func line(ctx context.Context, f Facts) string {
	s := kindText(ctx, f.Kind)
	if f.Symbol != "" {
		s += " " + f.Symbol
	}
	return s
}
