package audit

import (
	"bytes"
	"context"
	"io"
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/sheet"
	"chungtay/internal/web"
)

// MostExported is how many entries go into one file. More than that nobody reads in a spreadsheet; a longer time is taken in parts.
const MostExported = 50_000

// doExport gives the entries of a search as a file, and notes down that it was taken. It is a POST because it writes.
func (c *Reader) doExport(rq *web.Request) (web.Reply, error) {
	f := rq.Form("audit.export")
	q := asked(func(name string) string { return f.Text(name, 200, false) })
	format := f.Choice("format", web.Need, "csv", "xlsx")
	if !f.OK() {
		return web.Reply{}, errs.New(errs.Invalid, "audit.export.choose")
	}
	res, err := c.resolve(rq.Tx, q)
	if err != nil {
		return web.Reply{}, err
	}
	if !res.clear() {
		return web.To(q.address("")), nil
	}
	scope := c.Book.Scope(rq.Actor, Read)
	res.Filter.Within = &scope
	if many, err := moreThan(rq.Tx, res.Filter, MostExported); err != nil {
		return web.Reply{}, err
	} else if many {
		return web.To(q.address("")).Say("audit.export.too_many", MostExported), nil
	}
	asked := q.values("").Encode()
	if err := Log(rq.Tx, rq.Actor, By(Read), Deed{Action: "audit.exported", Kind: "audit", Change: Change{"query": {"", asked}, "format": {"", format}}}); err != nil {
		return web.Reply{}, err
	}
	today := civil.Of(rq.Tx.Now)
	file := web.File{Name: rq.T("audit.export.file") + " " + today.String() + "." + format, Size: -1, Type: sheet.Type}
	if format == "csv" {
		file.Type = "text/csv; charset=utf-8"
	}
	d, ctx := rq.DB(), rq.Context()
	notes := []string{rq.T("audit.export.note", rq.Actor.Name, rq.Tx.Now), rq.T("audit.export.of", orAll(rq, res, q))}
	file.Open = func() (io.ReadCloser, error) { // after the commit: what was taken is noted down before it leaves
		t, err := c.table(ctx, d, res.Filter)
		if err != nil {
			return nil, err
		}
		t.Notes = notes
		var b bytes.Buffer
		if format == "csv" {
			err = sheet.CSV(&b, t)
		} else {
			err = sheet.XLSX(&b, t)
		}
		return io.NopCloser(bytes.NewReader(b.Bytes())), err
	}
	return web.Download(file), nil
}

// orAll says in words what was asked for.
func orAll(rq *web.Request, f found, q query) string {
	var parts []string
	add := func(key, value string) {
		if value != "" {
			parts = append(parts, rq.T(key)+": "+value)
		}
	}
	add("audit.person", f.Person)
	add("audit.unit", f.Unit)
	add("audit.record", f.Filter.Record)
	if q.Action != "" {
		add("audit.action", deedWords(rq.Context(), q.Action))
	}
	add("audit.from", q.From)
	add("audit.until", q.Until)
	if parts == nil {
		return rq.T("audit.everything")
	}
	return strings.Join(parts, "; ")
}

func (c *Reader) table(ctx context.Context, d *db.DB, f Filter) (sheet.Table, error) {
	word := func(key string) string { return i18n.T(ctx, key) }
	t := sheet.Table{Name: word("audit.title"), Title: word("audit.title"), Columns: []sheet.Column{
		{Text: word("audit.at"), Kind: sheet.Time}, {Text: word("audit.person"), Width: 26}, {Text: word("audit.person_id"), Width: 28}, {Text: word("audit.unit")},
		{Text: word("audit.unit_id"), Width: 28}, {Text: word("audit.delegated_by"), Width: 26}, {Text: word("audit.action"), Width: 28}, {Text: word("audit.action_code"), Width: 28}, {Text: word("audit.record_kind"), Width: 16},
		{Text: word("audit.record"), Width: 28}, {Text: word("audit.purpose")}, {Text: word("audit.change"), Width: 60}, {Text: word("audit.ref"), Width: 14}, {Text: word("audit.id"), Width: 28}}}
	err := d.Read(ctx, func(tx *db.Tx) error {
		t.Rows = nil
		for f.Limit = 1000; ; {
			list, err := List(tx, f)
			if err != nil {
				return err
			}
			lines, err := c.named(tx, list)
			if err != nil {
				return err
			}
			for _, l := range lines {
				t.Rows = append(t.Rows, []any{l.At, l.PersonName, l.PersonID, l.Unit, l.UnitID, l.Owner, deedWords(ctx, l.Action), l.Action, kindWords(ctx, l.RecordKind), l.RecordID, l.Purpose, inWords(ctx, l.Entry), l.Ref, l.ID})
			}
			if len(list) < f.Limit || len(t.Rows) >= MostExported {
				return nil
			}
			f.Before = list[len(list)-1].ID
		}
	})
	return t, err
}

func inWords(ctx context.Context, e Entry) string {
	var parts []string
	for _, c := range changes(e) {
		parts = append(parts, fieldWords(ctx, c.Field)+": "+c.Before+" → "+c.After)
	}
	return strings.Join(parts, "; ")
}
