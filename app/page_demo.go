package app

import (
	"chungtay/demo"
	"chungtay/internal/errs"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

// pageDemo names the people of a demonstration; elsewhere there is no such page.
func (in *Installation) pageDemo(rq *web.Request) (web.Reply, error) {
	if len(in.shown) == 0 {
		return web.Reply{}, errs.Absent("demonstration", "")
	}
	t := ui.Table{Caption: rq.T("demo.people"), Columns: []ui.Column{{Text: rq.T("demo.login"), RowTitle: true}, {Text: rq.T("demo.role")}, {Text: rq.T("demo.name")}, {Text: rq.T("demo.unit")}}}
	for _, p := range in.shown {
		//i18n:prefix roles.
		t.Rows = append(t.Rows, []ui.Cell{{Text: p.Login}, {Text: rq.T("roles." + p.Role)}, {Text: p.Name}, {Text: p.Unit}})
	}
	return web.Show(rq.T("demo.title"), demoPage(t, demo.Password)), nil
}
