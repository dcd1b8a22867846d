package orgunit

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strconv"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/jobs"
	"chungtay/internal/sheet"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

const importSize = 100 // rows on a page

// importPage is a list that came in, row by row, or how far it has come.
type importPage struct {
	Import
	Plan  ListPlan
	Fate  RowFate
	Rows  []Listed
	Pages ui.Pages
	Job   jobs.Row
	Once  string
}

func importCrumbs(rq *web.Request) []web.Crumb {
	return []web.Crumb{{Text: rq.T("orgunit.title"), Path: top}, {Text: rq.T("orgunit.import.title")}}
}

func (c *Units) pageImport(rq *web.Request) (web.Reply, error) {
	values := map[string]string{"once": rq.Once()}
	dayFields(values, "on", civil.Of(rq.Tx.Now))
	return c.showImportForm(rq, rq.Filled("orgunit.import", values))
}

func (c *Units) showImportForm(rq *web.Request, f *web.Form) (web.Reply, error) {
	if !f.OK() {
		return web.Again(rq.T("orgunit.import.title"), f, importForm(f)).With(importCrumbs(rq)...).Under(top), nil
	}
	return web.Show(rq.T("orgunit.import.title"), importForm(f)).With(importCrumbs(rq)...).Under(top), nil
}

// doImport keeps a list and goes on to what would become of its rows; no unit is changed.
func (c *Units) doImport(rq *web.Request) (web.Reply, error) {
	f := rq.Form("orgunit.import")
	on, basis := f.Date("on", web.Need), f.Text("basis", 300, false)
	files := f.Files("file")
	if len(files) == 0 || files[0].Size == 0 {
		f.Refuse("file", "orgunit.import.need_file")
	}
	if !f.OK() {
		return c.showImportForm(rq, f)
	}
	r, err := files[0].Open()
	if err != nil {
		return web.Reply{}, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, sheet.MaxBytes+1))
	if err != nil {
		return web.Reply{}, err
	}
	table, err := sheet.Read(bytes.NewReader(b), int64(len(b)))
	if err == nil {
		_, err = c.PlanImport(rq.Tx, rq.Actor, table, on)
	}
	if err != nil {
		if m, ok := errs.TextOf(err); ok && errs.Is(err, errs.Invalid) && len(errs.FieldsOf(err)) == 0 {
			f.Refuse("file", m.Key, m.Args...)
		} else if !f.Take(err) {
			return web.Reply{}, err
		}
		return c.showImportForm(rq, f)
	}
	list, err := json.Marshal(table)
	if err != nil {
		return web.Reply{}, err
	}
	m := Import{ID: ids.New(rq.Tx.Now), Person: rq.Actor.Person, Unit: rq.Actor.Unit, At: rq.Tx.Now, On: on, Basis: line(basis), File: line(files[0].Name), List: string(list)}
	if err := insertImport(rq.Tx, m); err != nil {
		return web.Reply{}, err
	}
	return web.To("/unit-import/" + m.ID), nil
}

// importOf returns a list of the actor's own; that of another is absent.
func importOf(tx *db.Tx, rq *web.Request) (Import, error) {
	id, err := rq.ID("id")
	if err != nil {
		return Import{}, err
	}
	m, ok, err := findImport(tx, id)
	if err == nil && (!ok || m.Person != rq.Actor.Person) {
		err = errs.Absent("import", id)
	}
	return m, err
}

func (m Import) table() (out [][]string, err error) {
	err = json.Unmarshal([]byte(m.List), &out)
	return out, err
}

func (c *Units) pageImported(rq *web.Request) (web.Reply, error) {
	m, err := importOf(rq.Tx, rq)
	if err != nil {
		return web.Reply{}, err
	}
	return c.showImport(rq, m, rq.Filled("orgunit.import", nil))
}

func (c *Units) showImport(rq *web.Request, m Import, f *web.Form) (web.Reply, error) {
	p := importPage{Import: m, Once: rq.Once()}
	title := rq.T("orgunit.import.title")
	var err error
	if m.Job != "" {
		if p.Job, err = jobs.Get(rq.Tx, m.Job); errs.Is(err, errs.NotFound) { // cleared away long after it ended
			p.Job.State = jobs.Done
		} else if err != nil {
			return web.Reply{}, err
		}
	}
	if m.List != "" && !p.Job.State.Live() {
		table, err := m.table()
		if err != nil {
			return web.Reply{}, err
		}
		if p.Plan, err = c.PlanImport(rq.Tx, rq.Actor, table, m.On); err != nil {
			return web.Reply{}, err
		}
		for _, fate := range RowFates {
			if string(fate) == rq.Query("fate") {
				p.Fate = fate
			}
		}
		var list []Listed
		for _, fate := range RowFates { // what has to be mended first
			for _, r := range p.Plan.Rows {
				if r.Fate == fate && (p.Fate == "" || p.Fate == fate) {
					list = append(list, r)
				}
			}
		}
		page, _ := strconv.Atoi(rq.Query("page"))
		last := max(1, (len(list)+importSize-1)/importSize)
		page = min(max(page, 1), last)
		from, to := (page-1)*importSize, min(len(list), page*importSize)
		p.Rows = list[from:to]
		p.Pages = ui.PagesOf(page, importSize, len(list), func(n int) string {
			return address("/unit-import/"+m.ID, "fate", string(p.Fate), "page", itoa(n))
		})
	}
	if !f.OK() {
		return web.Again(title, f, importView(f, p)).With(importCrumbs(rq)...).Under(top), nil
	}
	return web.Show(title, importView(f, p)).With(importCrumbs(rq)...).Under(top), nil
}

// doImported starts the work; a second click finds it started.
func (c *Units) doImported(rq *web.Request) (web.Reply, error) {
	m, err := importOf(rq.Tx, rq)
	if err != nil {
		return web.Reply{}, err
	}
	if m.List != "" {
		table, err := m.table()
		if err != nil {
			return web.Reply{}, err
		}
		plan, err := c.PlanImport(rq.Tx, rq.Actor, table, m.On)
		if err != nil {
			return web.Reply{}, err
		}
		if n := plan.Count[RowRefused]; n > 0 {
			f := rq.Form("orgunit.import")
			f.Refuse("file", "orgunit.import.mend_first", n)
			return c.showImport(rq, m, f)
		}
		if m.Job == "" {
			m.New, m.Changed, m.Same = plan.Count[RowNew], plan.Count[RowChanged], plan.Count[RowSame]
		}
		if m.Job, err = jobs.Enqueue(rq.Tx, "orgunit.import", importJob{m.ID}, jobs.UniqueKey("orgunit.import/"+m.ID), jobs.Owner(m.Unit, m.Person)); err != nil {
			return web.Reply{}, err
		}
		if err := startImport(rq.Tx, m); err != nil {
			return web.Reply{}, err
		}
	}
	return web.To("/unit-import/" + m.ID), nil
}

type importJob struct{ Import string }

// runImport carries a confirmed list out in steps, with the rights its person has now. Each step looks what is left, so that a second
// run goes on where the first stopped.
func (c *Units) runImport(ctx context.Context, j *jobs.Job) error {
	var what importJob
	if err := j.Decode(&what); err != nil {
		return err
	}
	for all := 0; ; {
		var done, left int
		err := j.Write(ctx, func(tx *db.Tx) error {
			m, ok, err := findImport(tx, what.Import)
			if err != nil || !ok || m.List == "" {
				return err
			}
			table, err := m.table()
			if err != nil {
				return err
			}
			by, err := c.Actor(tx, m.Person)
			if err != nil {
				return err
			}
			if done, left, err = c.ImportSome(tx, by, table, m.On, m.Basis, 1000); err != nil || left > 0 {
				return err
			}
			return endImport(tx, m.ID)
		})
		if k := errs.Of(err); err != nil && (k == errs.Invalid || k == errs.Forbidden || k == errs.NotFound) { // somebody changed a unit meanwhile; the page says which row
			return jobs.Fatal(err)
		}
		if err != nil {
			return err
		}
		all += done
		if err := j.Progress(ctx, all, all+left, ""); err != nil {
			return err
		}
		if left == 0 {
			return j.Finish(ctx, nil)
		}
	}
}

// importEvents tells how far the work has come.
func (c *Units) importEvents(rq *web.Request) (web.Reply, error) {
	m, err := importOf(rq.Tx, rq)
	if err != nil {
		return web.Reply{}, err
	}
	base, text := rq.DB(), rq.T("orgunit.import.running")
	return web.Events(func(ctx context.Context, s *web.Stream) error {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			var row jobs.Row
			err := base.Read(ctx, func(tx *db.Tx) (err error) {
				if m.Job != "" {
					row, err = jobs.Get(tx, m.Job)
				}
				return err
			})
			if err != nil && !errs.Is(err, errs.NotFound) {
				return err
			}
			if !row.State.Live() {
				return s.Send("end", true)
			}
			if err := s.Send("progress", map[string]any{"done": row.DoneSteps, "total": row.Steps, "text": text}); err != nil {
				return err
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return nil
			}
		}
	}), nil
}

// templateFile gives a file to be filled in.
func templateFile(rq *web.Request) (web.Reply, error) {
	var b bytes.Buffer
	if err := sheet.XLSX(&b, ListTemplate(rq.T)...); err != nil {
		return web.Reply{}, err
	}
	return web.Download(web.File{Name: rq.T("orgunit.import.template_name") + ".xlsx", Type: sheet.Type, Size: int64(b.Len()), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil }}), nil
}

// exportUnits gives the list of units in the columns that are imported.
func (c *Units) exportUnits(rq *web.Request) (web.Reply, error) {
	under := rq.Query("under")
	if under != "" && !ids.Valid(under) {
		return web.Reply{}, errs.Absent("unit", under)
	}
	t, err := ListTable(rq.Tx, under, civil.Of(rq.Tx.Now), rq.T)
	if err != nil {
		return web.Reply{}, err
	}
	var b bytes.Buffer
	f := web.File{Name: rq.T("orgunit.import.file_name") + ".xlsx", Type: sheet.Type}
	if rq.Query("as") == "csv" {
		f = web.File{Name: rq.T("orgunit.import.file_name") + ".csv", Type: "text/csv; charset=utf-8"}
		err = sheet.CSV(&b, t)
	} else {
		err = sheet.XLSX(&b, t)
	}
	if err != nil {
		return web.Reply{}, err
	}
	f.Size, f.Open = int64(b.Len()), func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil }
	return web.Download(f), nil
}
