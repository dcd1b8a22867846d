package app

import (
	"io"
	"strconv"
	"strings"
	"time"

	"chungtay/account"
	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/i18n"
	"chungtay/internal/jobs"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/notify"
	"chungtay/policy"
	assets "chungtay/web"
)

// SystemAdministrator is the role of who runs the installation: background work, settings, deliveries, days off. It is given apart from
// account.Administrator, so that an administrator of one province sees nothing of the others.
const SystemAdministrator = "system_administrator"

// Permissions over the installation itself.
const (
	Glance       policy.Permission = "system.glance" // see the administration at a glance, as far as the other permissions reach
	SystemRead   policy.Permission = "system.read"   // see the state of the installation: jobs, settings
	SystemManage policy.Permission = "system.manage" // run jobs again or cancel them
)

func (in *Installation) systemRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /system", Needs: Glance, Page: in.pageSystem},
		{Pattern: "GET /system/settings", Needs: SystemRead, Page: in.pageSettings},
		{Pattern: "GET /system/jobs", Needs: SystemRead, Page: in.pageJobs},
		{Pattern: "GET /system/jobs/{id}", Needs: SystemRead, Page: in.pageJob},
		{Pattern: "POST /system/jobs/{id}/again", Needs: SystemManage, Page: in.jobAgain},
		{Pattern: "POST /system/jobs/{id}/cancel", Needs: SystemManage, Page: in.jobCancel},
	}
}

// overview is the administration at a glance.
type overview struct {
	People     account.Overview
	Jobs       jobs.Summary
	Deliveries map[notify.State]int
	May        func(policy.Permission) bool
}

func (in *Installation) pageSystem(rq *web.Request) (web.Reply, error) {
	o := overview{May: rq.Actor.Holds}
	var err error
	if o.May(account.Manage) {
		if o.People, err = in.Accounts.Overview(rq.Tx, rq.Actor); err != nil {
			return web.Reply{}, err
		}
	}
	if o.May(SystemRead) {
		if o.Jobs, err = jobs.Counts(rq.Tx); err != nil {
			return web.Reply{}, err
		}
	}
	if o.May(notify.Deliveries) {
		if o.Deliveries, err = notify.Counts(rq.Tx); err != nil {
			return web.Reply{}, err
		}
	}
	return web.Show(rq.T("system.title"), overviewPage(o)), nil
}

func (in *Installation) pageSettings(rq *web.Request) (web.Reply, error) {
	return web.Show(rq.T("system.settings.title"), settingsPage(in.Config.Shown)).With(systemCrumb(rq)), nil
}

func systemCrumb(rq *web.Request) web.Crumb {
	return web.Crumb{Text: rq.T("system.title"), Path: "/system"}
}

func (in *Installation) pageJobs(rq *web.Request) (web.Reply, error) {
	n, _ := strconv.Atoi(rq.Query("page"))
	f := jobs.Filter{State: jobs.State(rq.Query("state")), Kind: rq.Query("kind"), Page: n}
	page, err := jobs.List(rq.Tx, f)
	if err != nil {
		return web.Reply{}, err
	}
	sum, err := jobs.Counts(rq.Tx)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Show(rq.T("system.jobs.title"), jobsPage(page, sum, f)).With(systemCrumb(rq)), nil
}

func (in *Installation) pageJob(rq *web.Request) (web.Reply, error) {
	row, err := in.job(rq)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Show(row.Kind, jobPage(row, rq.Actor.Holds(SystemManage))).With(systemCrumb(rq), web.Crumb{Text: rq.T("system.jobs.title"), Path: "/system/jobs"}, web.Crumb{Text: row.Kind}), nil
}

func (in *Installation) job(rq *web.Request) (jobs.Row, error) {
	id, err := rq.ID("id")
	if err != nil {
		return jobs.Row{}, err
	}
	return jobs.Get(rq.Tx, id)
}

func (in *Installation) jobAgain(rq *web.Request) (web.Reply, error) {
	return in.jobDeed(rq, "system.job_again", "system.jobs.again_done", jobs.RunAgain)
}

func (in *Installation) jobCancel(rq *web.Request) (web.Reply, error) {
	return in.jobDeed(rq, "system.job_cancelled", "system.jobs.cancel_done", jobs.Cancel)
}

func (in *Installation) jobDeed(rq *web.Request, action, done string, deed func(tx *db.Tx, id string) error) (web.Reply, error) {
	row, err := in.job(rq)
	if err != nil {
		return web.Reply{}, err
	}
	if err := deed(rq.Tx, row.ID); err != nil {
		return web.Reply{}, err
	}
	if err := audit.Log(rq.Tx, rq.Actor, audit.By(SystemManage), audit.Deed{Action: action, Kind: "job", ID: row.ID}); err != nil {
		return web.Reply{}, err
	}
	return web.To("/system/jobs/" + row.ID).Say(done), nil
}

func pageLicences(rq *web.Request) (web.Reply, error) {
	t := ui.Table{Caption: rq.T("licences.parts"), Columns: []ui.Column{{Text: rq.T("licences.part"), RowTitle: true}, {Text: rq.T("licences.version")}, {Text: rq.T("licences.kind")}}}
	for _, n := range parts() {
		t.Rows = append(t.Rows, []ui.Cell{{Text: n.name}, {Text: n.version}, {Text: n.kind}})
	}
	return web.Show(rq.T("licences.title"), licencesPage(t)), nil
}

// licenceTexts are all licence texts, as they must go with the program.
func licenceTexts(*web.Request) (web.Reply, error) {
	text := Notices + "\n\n" + assets.Licences()
	return web.Download(web.File{Name: "licences.txt", Type: "text/plain; charset=utf-8", Inline: true, Size: int64(len(text)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}), nil
}

var jobTones = map[jobs.State]ui.Tone{jobs.Running: ui.Act, jobs.Done: ui.OK, jobs.Failed: ui.Late, jobs.Waiting: ui.None, jobs.Cancelled: ui.None}

func when(rq i18n.Lang, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return i18n.Time(rq, t)
}
