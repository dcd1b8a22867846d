package formbook

import (
	"net/url"
	"strconv"

	"chungtay/account"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

const listPage = 50

func crumb(rq *web.Request) web.Crumb {
	return web.Crumb{Text: rq.T("formbook.title"), Path: "/forms"}
}

var periods = []string{"campaign", "month", "quarter", "half_year", "year"}

func periodOptions(rq *web.Request) []ui.Option {
	out := []ui.Option{{Text: rq.T("formbook.period.any")}}
	for _, p := range periods {
		out = append(out, ui.Option{Value: p, Text: rq.T("formbook.period." + p)})
	}
	return out
}

type listView struct {
	Rows    []listRow
	Pages   ui.Pages
	Words   string
	Period  string
	Periods []ui.Option
	Edit    bool
}

type listRow struct {
	Listed
	Owner string
	Draft string // id of a draft the reader may open
}

func (b *Books) pageList(rq *web.Request) (web.Reply, error) {
	page, err := strconv.Atoi(rq.Query("page"))
	if err != nil || page < 1 {
		page = 1
	}
	v := listView{Words: rq.Query("q"), Period: rq.Query("period"), Periods: periodOptions(rq), Edit: rq.Actor.Holds(Edit)}
	scope := b.Book.Scope(rq.Actor, Edit)
	list, total, err := listForms(rq.Tx, formFilter{Words: v.Words, Period: v.Period, Drafts: &scope}, page, listPage)
	if err != nil {
		return web.Reply{}, err
	}
	var units []string
	for _, f := range list {
		if f.Unit != "" {
			units = append(units, f.Unit)
		}
	}
	names, err := orgunit.NamesOn(rq.Tx, units, civil.Of(rq.Tx.Now))
	if err != nil {
		return web.Reply{}, err
	}
	for _, f := range list {
		r := listRow{Listed: f, Owner: names[f.Unit]}
		if f.HasDraft {
			ok, err := b.mayEdit(rq.Tx, rq.Actor, f.Unit)
			if err != nil {
				return web.Reply{}, err
			}
			if ok {
				versions, err := listVersions(rq.Tx, f.ID)
				if err != nil {
					return web.Reply{}, err
				}
				r.Draft = versions[0].ID
			}
		}
		v.Rows = append(v.Rows, r)
	}
	v.Pages = ui.PagesOf(page, listPage, total, func(n int) string {
		return "/forms?" + url.Values{"q": {v.Words}, "period": {v.Period}, "page": {itoa(n)}}.Encode()
	})
	return web.Show(rq.T("formbook.title"), listPageView(v)), nil
}

type showView struct {
	Form     Form
	Version  Version
	Parsed   *formdef.Form
	Problems []formdef.Problem
	Hard     int
	Owner    string
	Others   []Version
	Names    map[string]string // of people
	May      bool              // the reader may write this form
	Edit     bool              // the reader may write some form
	Note     *web.Form
}

// version finds the version in the path, for the reader.
func (b *Books) version(rq *web.Request) (Version, Form, error) {
	id, err := rq.ID("version")
	if err != nil {
		return Version{}, Form{}, err
	}
	return b.see(rq.Tx, rq.Actor, id)
}

func (b *Books) pageShow(rq *web.Request) (web.Reply, error) {
	v, f, err := b.version(rq)
	if err != nil {
		return web.Reply{}, err
	}
	return b.show(rq, v, f, rq.Filled("formbook.publish", map[string]string{"once": rq.Once(), "edit": itoa(v.Edit)}))
}

func (b *Books) show(rq *web.Request, v Version, f Form, note *web.Form) (web.Reply, error) {
	out := showView{Form: f, Version: v, Note: note, Edit: rq.Actor.Holds(Edit)}
	var err error
	if out.Parsed, err = b.parse(v); err != nil {
		return web.Reply{}, err
	}
	if v.State == Draft {
		out.Problems = out.Parsed.Check()
		for _, p := range out.Problems {
			if p.Level == formdef.Hard {
				out.Hard++
			}
		}
	}
	if out.May, err = b.mayEdit(rq.Tx, rq.Actor, f.Unit); err != nil && !errs.Is(err, errs.NotFound) {
		return web.Reply{}, err
	}
	if out.Owner, err = unitName(rq.Tx, f.Unit); err != nil {
		return web.Reply{}, err
	}
	all, err := listVersions(rq.Tx, f.ID)
	if err != nil {
		return web.Reply{}, err
	}
	var people []string
	for _, x := range all {
		if x.State != Draft || out.May {
			out.Others = append(out.Others, x)
			people = append(people, x.MadeBy, x.PublishedBy, x.ClosedBy)
		}
	}
	if out.Names, err = account.NamesOf(rq.Tx, people); err != nil {
		return web.Reply{}, err
	}
	title := out.Parsed.Title.In(rq.Lang)
	if !note.OK() {
		return web.Again(title, note, showPage(out)).With(crumb(rq), web.Crumb{Text: title}), nil
	}
	return web.Show(title, showPage(out)).With(crumb(rq), web.Crumb{Text: title}), nil
}

func (b *Books) download(rq *web.Request) (web.Reply, error) {
	v, f, err := b.version(rq)
	if err != nil {
		return web.Reply{}, err
	}
	name := f.Code + "-" + itoa(v.Number) + ".json"
	return web.Download(fileOf(name, "application/json", []byte(v.Definition))), nil
}

func (b *Books) doAmend(rq *web.Request) (web.Reply, error) {
	_, f, err := b.version(rq)
	if err != nil {
		return web.Reply{}, err
	}
	id, err := b.Amend(rq.Tx, rq.Actor, f.ID)
	if err != nil {
		return web.Reply{}, err
	}
	return web.To("/forms/" + id + "/edit"), nil
}

func (b *Books) doPublish(rq *web.Request) (web.Reply, error) {
	v, form, err := b.version(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("formbook.publish")
	edit, _ := f.Int("edit", 1, 1_000_000, web.Need)
	note := f.LongText("note", maxNote, false)
	if f.OK() {
		err := b.Publish(rq.Tx, rq.Actor, v.ID, int(edit), note)
		if err == nil {
			return web.To("/forms/" + v.ID).Say("formbook.said.published"), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return b.show(rq, v, form, f)
}

func (b *Books) doClose(rq *web.Request) (web.Reply, error) {
	v, _, err := b.version(rq)
	if err != nil {
		return web.Reply{}, err
	}
	if err := b.Close(rq.Tx, rq.Actor, v.ID); err != nil {
		return web.Reply{}, err
	}
	return web.To("/forms/" + v.ID).Say("formbook.said.closed"), nil
}

func (b *Books) doDiscard(rq *web.Request) (web.Reply, error) {
	v, _, err := b.version(rq)
	if err != nil {
		return web.Reply{}, err
	}
	if err := b.Discard(rq.Tx, rq.Actor, v.ID); err != nil {
		return web.Reply{}, err
	}
	return web.To("/forms").Say("formbook.said.discarded"), nil
}
