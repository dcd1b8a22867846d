package app

import (
	"context"
	"embed"
	"io/fs"
	"slices"
	"strings"
	"time"

	"chungtay/account"
	"chungtay/audit"
	"chungtay/campaign"
	"chungtay/directive"
	"chungtay/docparse"
	"chungtay/docrender"
	"chungtay/docrender/lint"
	"chungtay/doctext"
	"chungtay/document"
	"chungtay/formbook"
	"chungtay/formdef"
	"chungtay/internal/agenda"
	"chungtay/internal/blob"
	"chungtay/internal/db"
	"chungtay/internal/i18n"
	"chungtay/internal/jobs"
	"chungtay/internal/seal"
	"chungtay/internal/sheet"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/notify"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/report"
	"chungtay/task"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed text.vi.toml text.en.toml
var text embed.FS

// Room is what a room gives to the program without being opened. Nothing registers itself: this list is the program.
type Room struct {
	Name       string
	Migrations *db.Migrations
	Text       fs.FS
}

// Rooms lists the rooms and the plumbing that owns tables or words, in the order their migrations are applied.
func Rooms() []Room {
	return []Room{
		{Name: "app", Migrations: ptr(db.Migrations{Room: "app", FS: migrations}), Text: text},
		{Name: "ui", Text: ui.Text},
		{Name: "sheet", Text: sheet.Words},
		{Name: "web", Migrations: ptr(web.Migrations()), Text: web.Text},
		{Name: "jobs", Migrations: ptr(jobs.Migrations()), Text: jobs.Text},
		{Name: "seal", Migrations: ptr(seal.Migrations()), Text: seal.Text},
		{Name: "blob", Migrations: ptr(blob.Migrations()), Text: blob.Text},
		{Name: "audit", Migrations: ptr(audit.Migrations()), Text: audit.Text},
		{Name: "account", Migrations: ptr(account.Migrations()), Text: account.Text},
		{Name: "orgunit", Migrations: ptr(orgunit.Migrations()), Text: orgunit.Text},
		{Name: "notify", Migrations: ptr(notify.Migrations()), Text: notify.Text},
		{Name: "document", Migrations: ptr(document.Migrations()), Text: document.Words},
		{Name: "task", Migrations: ptr(task.Migrations()), Text: task.Text},
		{Name: "directive", Migrations: ptr(directive.Migrations()), Text: directive.Text},
		{Name: "formbook", Migrations: ptr(formbook.Migrations()), Text: formbook.Text},
		{Name: "campaign", Migrations: ptr(campaign.Migrations()), Text: campaign.Text},
		{Name: "report", Migrations: ptr(report.Migrations()), Text: report.Text},
		{Name: "docparse", Text: docparse.Text},
		{Name: "doctext", Text: doctext.Words},
		{Name: "formdef", Text: formdef.Words},
		{Name: "docrender", Text: docrender.Text},
		{Name: "lint", Text: lint.Text},
	}
}

// Navigation is the main menu in the order of a working day: what is to do, papers, work, what was done and reported; then what is
// looked up now and then; administration last. Each person sees of it what they may open.
func Navigation() []web.Nav {
	return slices.Concat(
		[]web.Nav{{Key: "home.title", Path: "/", Needs: policy.SignedIn}},
		document.Nav, directive.Nav, task.Nav, campaign.Nav, report.Nav,
		formbook.Nav, orgunit.Nav, account.Nav, audit.Nav,
		[]web.Nav{{Key: "system.title", Path: "/system", Needs: Glance}},
	)
}

// Routes of all rooms.
func (in *Installation) Routes() []web.Route {
	var out []web.Route
	out = append(out, in.homeRoutes()...)
	out = append(out, in.Accounts.Routes()...)
	out = append(out, in.Units.Routes()...)
	out = append(out, in.Notices.Routes()...)
	out = append(out, in.Blobs.Routes()...)
	out = append(out, (&audit.Reader{Book: in.Book, Names: names{}, Key: in.auditVerifier}).Routes()...)
	out = append(out, in.Documents.Routes()...)
	out = append(out, in.Tasks.Routes()...)
	out = append(out, in.Directives.Routes()...)
	out = append(out, in.Forms.Routes()...)
	out = append(out, in.Campaigns.Routes()...)
	out = append(out, in.Reports.Routes()...)
	out = append(out, in.systemRoutes()...)
	return out
}

// Jobs of all rooms, with their timetable.
func (in *Installation) Jobs() ([]jobs.Kind, []jobs.Entry) {
	keep, keepEntry := jobs.Housekeeping(30)
	kinds := []jobs.Kind{keep,
		{Name: "account.prune", Run: func(ctx context.Context, j *jobs.Job) error {
			return j.Finish(ctx, func(tx *db.Tx) error {
				if err := account.PruneSessions(tx); err != nil {
					return err
				}
				if err := account.PruneCeremonies(tx); err != nil {
					return err
				}
				return account.PruneThrottle(tx)
			})
		}},
		{Name: "web.prune", Run: func(ctx context.Context, j *jobs.Job) error { return j.Finish(ctx, web.PruneOnce) }},
		{Name: "audit.sequence", Run: func(ctx context.Context, j *jobs.Job) error {
			_, err := audit.Sequence(ctx, in.DB, 10_000)
			return err
		}},
		{Name: "audit.sign", Run: func(ctx context.Context, j *jobs.Job) error {
			signer, _, err := audit.SigningKey(in.Config.AuditKey)
			if err != nil {
				return err
			}
			_, err = audit.SignHead(ctx, in.DB, signer)
			return err
		}},
	}
	timetable := []jobs.Entry{keepEntry,
		{Name: "account.prune", Schedule: jobs.Every(time.Hour), Kind: "account.prune"},
		{Name: "web.prune", Schedule: jobs.Every(time.Hour), Kind: "web.prune"},
		{Name: "audit.sequence", Schedule: jobs.Every(time.Minute), Kind: "audit.sequence"},
		{Name: "audit.sign", Schedule: jobs.Every(time.Hour), Kind: "audit.sign"},
	}
	add := func(k []jobs.Kind, e []jobs.Entry) { kinds, timetable = append(kinds, k...), append(timetable, e...) }
	add(in.Vault.Jobs())
	add(in.Blobs.Jobs())
	add(in.Accounts.Jobs())
	add(in.Units.Jobs())
	add(in.Notices.Jobs())
	add(in.Documents.Jobs())
	add(in.Tasks.Jobs())
	add(in.Directives.Jobs())
	add(in.Reports.Jobs())
	add(in.Campaigns.Jobs(), nil)
	return kinds, timetable
}

// Sources of the home page.
func (in *Installation) Sources() []agenda.Source {
	return []agenda.Source{in.Documents.Agenda, in.Directives.Agenda, in.Tasks.Agenda, in.Reports.Agenda, in.Accounts.Agenda}
}

func ptr[T any](v T) *T { return &v }

// Migrations of all rooms.
func Migrations() []db.Migrations {
	var out []db.Migrations
	for _, r := range Rooms() {
		if r.Migrations != nil {
			out = append(out, *r.Migrations)
		}
	}
	return out
}

// Words of all rooms.
func Words() (*i18n.Catalogue, error) {
	var out []fs.FS
	for _, r := range Rooms() {
		if r.Text != nil {
			out = append(out, r.Text)
		}
	}
	return i18n.Load(out...)
}

// OneDialect names the tables that exist in one database alone: the shadow tables of full-text search.
func OneDialect(table string) bool { return strings.Contains(table, "_fts") }
