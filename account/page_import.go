package account

import (
	"bytes"
	"encoding/json"
	"io"

	"chungtay/internal/errs"
	"chungtay/internal/sheet"
	"chungtay/internal/viet"
	"chungtay/internal/web"
)

// roleNames gives the roles by how people call them in the reader's language, and by their codes.
func (c *Accounts) roleNames(rq *web.Request) map[string]string {
	out := map[string]string{}
	for _, r := range c.Book.Roles() {
		out[r], out[viet.Fold(rq.T("roles."+r))] = r, r
	}
	return out
}

func (c *Accounts) pageImport(rq *web.Request) (web.Reply, error) {
	return c.showImport(rq, rq.Filled("account.import", nil), nil, "")
}

func (c *Accounts) showImport(rq *web.Request, f *web.Form, list []Imported, table string) (web.Reply, error) {
	v := importPage{List: list, Table: table, Once: rq.Once()}
	for _, i := range list {
		if len(i.Problems) > 0 {
			v.Bad++
		}
	}
	body := importView(f, v)
	rep := web.Show(rq.T("account.import.title"), body)
	if !f.OK() || v.Bad > 0 {
		rep = web.Again(rq.T("account.import.title"), f, body)
	}
	return rep.With(peopleCrumb(rq), web.Crumb{Text: rq.T("account.import.title")}), nil
}

// doImport is the dry run: it shows what would come in and what has to be mended first.
func (c *Accounts) doImport(rq *web.Request) (web.Reply, error) {
	f := rq.Form("account.import")
	files := f.Files("file")
	if len(files) == 0 || files[0].Size == 0 {
		f.Refuse("file", "account.import.need_file")
		return c.showImport(rq, f, nil, "")
	}
	r, err := files[0].Open()
	if err != nil {
		return web.Reply{}, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, 8<<20))
	if err != nil {
		return web.Reply{}, err
	}
	table, err := sheet.Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return c.refuseFile(rq, f, err)
	}
	list, err := c.CheckList(rq.Tx, rq.Actor, table, c.roleNames(rq))
	if err != nil {
		return c.refuseFile(rq, f, err)
	}
	kept, err := json.Marshal(table)
	if err != nil {
		return web.Reply{}, err
	}
	return c.showImport(rq, f, list, string(kept))
}

func (c *Accounts) refuseFile(rq *web.Request, f *web.Form, err error) (web.Reply, error) {
	if m, ok := errs.TextOf(err); ok && errs.Of(err) != errs.Internal && len(errs.FieldsOf(err)) == 0 {
		f.Refuse("file", m.Key, m.Args...)
	} else if !f.Take(err) {
		return web.Reply{}, err
	}
	return c.showImport(rq, f, nil, "")
}

// doImportAll takes the list that was shown, checks it again and adds everybody.
func (c *Accounts) doImportAll(rq *web.Request) (web.Reply, error) {
	f := rq.Form("account.import")
	var table [][]string
	if err := json.Unmarshal([]byte(f.Raw("table")), &table); err != nil {
		f.Refuse("file", "account.import.need_file")
		return c.showImport(rq, f, nil, "")
	}
	made, err := c.ImportList(rq.Tx, rq.Actor, table, c.roleNames(rq))
	if errs.Is(err, errs.Invalid) { // somebody took a name meanwhile
		list, lerr := c.CheckList(rq.Tx, rq.Actor, table, c.roleNames(rq))
		if lerr != nil {
			return c.refuseFile(rq, f, lerr)
		}
		return c.showImport(rq, f, list, f.Raw("table"))
	}
	if err != nil {
		return web.Reply{}, err
	}
	for _, i := range made {
		if i.Link != "" {
			return web.Show(rq.T("account.import.done_title"), invitationsPage(made)).With(peopleCrumb(rq), web.Crumb{Text: rq.T("account.import.done_title")}), nil
		}
	}
	return web.To("/people?state=invited").Say("account.import.done", len(made)), nil
}

// importTemplate is an empty list to fill in.
func (c *Accounts) importTemplate(rq *web.Request) (web.Reply, error) {
	t := sheet.Table{Name: rq.T("account.people.title"), Title: rq.T("account.import.template_title"), Notes: []string{rq.T("account.import.template_note")}}
	for _, col := range importColumns {
		t.Columns = append(t.Columns, sheet.Column{Text: rq.T("account.import.column." + col.name), Width: 24})
	}
	roles := sheet.Table{Name: rq.T("account.give.role"), Columns: []sheet.Column{{Text: rq.T("account.give.role"), Width: 40}}}
	for _, o := range c.giveable(rq)[1:] {
		roles.Rows = append(roles.Rows, []any{o.Text})
	}
	var b bytes.Buffer
	if err := sheet.XLSX(&b, t, roles); err != nil {
		return web.Reply{}, err
	}
	return web.Download(web.File{Name: rq.T("account.import.template_file") + ".xlsx", Type: sheet.Type, Size: int64(b.Len()),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil }}), nil
}
