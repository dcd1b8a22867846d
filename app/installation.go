package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"chungtay/account"
	"chungtay/campaign"
	"chungtay/demo"
	"chungtay/directive"
	"chungtay/docparse"
	"chungtay/document"
	"chungtay/formbook"
	"chungtay/internal/blob"
	"chungtay/internal/db"
	"chungtay/internal/i18n"
	"chungtay/internal/jobs"
	"chungtay/internal/seal"
	"chungtay/internal/web"
	"chungtay/notify"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/report"
	"chungtay/task"
	assets "chungtay/web"
)

// Installation is one opened installation: configuration, database, rooms, log and metrics. Commands open it, use it and close it.
type Installation struct {
	Config  Config
	DB      *db.DB
	Log     *slog.Logger
	Words   *i18n.Catalogue
	Book    policy.Book
	Metrics *prometheus.Registry
	closers []io.Closer
	shown   []demo.Person // of a demonstration

	// Open from Ready on.
	Vault *seal.Vault
	Blobs *blob.Store

	// The rooms that hold settings or other rooms. A blank line between them keeps additions apart.
	Accounts *account.Accounts

	Notices *notify.Notices

	Units *orgunit.Units

	Documents *document.Documents

	Tasks *task.Tasks

	Directives *directive.Directives

	Forms *formbook.Books

	Campaigns *campaign.Campaigns

	Reports *report.Reports
}

// Open opens what a configuration names. It does not migrate.
func Open(ctx context.Context, cfg Config, log *slog.Logger) (*Installation, error) {
	d, err := db.Open(ctx, cfg.DatabaseURL, db.Options{MaxConns: cfg.DatabaseConns})
	if err != nil {
		return nil, fmt.Errorf("database.url: %w", err)
	}
	return Assemble(cfg, d, log)
}

// Assemble makes an installation around an open database, which it then owns.
func Assemble(cfg Config, d *db.DB, log *slog.Logger) (*Installation, error) {
	words, err := Words()
	if err != nil {
		return nil, err
	}
	in := &Installation{Config: cfg, DB: d, Log: log, Words: words, Book: Roles(), Metrics: prometheus.NewRegistry()}
	in.Metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	in.Units = &orgunit.Units{Book: in.Book}
	in.Accounts = &account.Accounts{Book: in.Book, Units: units{}, Hasher: account.NewHasher(), BaseURL: cfg.PublicURL, Bell: bell{}}
	in.Units.Actor = in.Accounts.ActorOf
	if s := cfg.SignOn; s.Issuer != "" {
		in.Accounts.SignOn = &account.Provider{Issuer: s.Issuer, ClientID: s.ClientID, ClientSecret: s.ClientSecret, Name: s.Name, Match: s.Match, StrongAMR: s.StrongAMR}
	}
	channels, err := channels(cfg)
	if err != nil {
		return nil, err
	}
	in.Notices = &notify.Notices{Accounts: in.Accounts, Words: words, BaseURL: cfg.PublicURL, Channels: channels}
	if in.Notices.CanSendLinks() {
		in.Accounts.Post = in.Notices
	}
	in.Documents = &document.Documents{Book: in.Book, Legal: docparse.AntiTrafficking(), People: in.Accounts, Drop: cfg.DropFolder, Texts: cfg.TextOptions(), Sentences: words, Logger: log}
	in.Units.People = staff{in.Accounts}
	in.Forms = &formbook.Books{Book: in.Book}
	in.Tasks = &task.Tasks{Book: in.Book, Accounts: in.Accounts, BaseURL: cfg.PublicURL}
	in.Directives = &directive.Directives{Book: in.Book, Accounts: in.Accounts, Documents: in.Documents, Tasks: in.Tasks}
	in.Campaigns = &campaign.Campaigns{Book: in.Book}
	in.Reports = &report.Reports{Book: in.Book, Accounts: in.Accounts, Forms: in.Forms}
	in.tie()
	return in, nil
}

// Ready brings the database up to date and opens the keys and the files: after it the rooms can work.
func (in *Installation) Ready(ctx context.Context) error {
	if _, err := in.Migrate(ctx); err != nil {
		return err
	}
	return in.Unlock(ctx)
}

// Unlock opens the keys and the files of a migrated installation.
func (in *Installation) Unlock(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Dir(in.Config.KeyFile), 0o700); err != nil {
		return fmt.Errorf("keys.file: %w", err)
	}
	v, err := seal.Open(ctx, in.DB, in.KeyFile())
	if err != nil {
		return fmt.Errorf("keys.file: %w", err)
	}
	in.Vault, in.Accounts.Vault, in.Notices.Vault = v, v, v
	in.Blobs, err = blob.Open(ctx, in.DB, v, blob.Options{URL: in.Config.FilesURL, Max: in.Config.FilesMax})
	if err != nil {
		return fmt.Errorf("files.url: %w", err)
	}
	in.closers = append(in.closers, in.Blobs)
	in.Tasks.Blobs = in.Blobs
	in.Documents.Blobs, in.Campaigns.Blobs, in.Reports.Blobs = in.Blobs, in.Blobs, in.Blobs
	return nil
}

// Migrate applies what is missing and fills what comes with the program: the map of both eras, the report forms.
func (in *Installation) Migrate(ctx context.Context) ([]db.Migration, error) {
	list, err := in.DB.Migrate(ctx, Migrations())
	if err != nil {
		return nil, err
	}
	return list, in.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := orgunit.LoadAreas(tx); err != nil {
			return err
		}
		if err := formbook.Install(tx); err != nil {
			return err
		}
		return campaign.Install(tx)
	})
}

// KeyFile names the file with the key that opens all others.
func (in *Installation) KeyFile() seal.KeyFile {
	return seal.KeyFile{Path: in.Config.KeyFile, Passphrase: in.Config.KeyPassphrase}
}

// Close closes the database and what else is open.
func (in *Installation) Close() error {
	for _, c := range in.closers {
		c.Close()
	}
	return in.DB.Close()
}

// Server builds the web server of the installation.
func (in *Installation) Server() (*web.Server, error) {
	a, err := assets.Load()
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	shown, _, err := in.demonstration(context.Background())
	if err != nil {
		return nil, err
	}
	in.shown = shown
	requests := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "chungtay_request_seconds", Help: "Time of answered requests by route and status.",
		Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}}, []string{"route", "status"})
	in.Metrics.MustRegister(requests)
	srv := &web.Server{DB: in.DB, Words: in.Words, Log: in.Log, TrustedProxies: in.Config.TrustedProxies,
		TLS: in.Config.TLSCert != "" || len(in.Config.AutoCert) > 0, Look: look{a, len(shown) > 0}, Door: door{in.Accounts, in.DB}, Assets: a,
		Observe: func(route string, status int, took time.Duration) {
			requests.WithLabelValues(route, fmt.Sprint(status)).Observe(took.Seconds())
		}}
	srv.Routes = in.Routes()
	srv.Navigation = Navigation()
	srv.Badges = in.badges
	return srv, nil
}

// Handler is the site.
func (in *Installation) Handler() (http.Handler, *web.Server, error) {
	srv, err := in.Server()
	if err != nil {
		return nil, nil, err
	}
	return srv.Handler(), srv, nil
}

// Runner runs the jobs of this node.
func (in *Installation) Runner() *jobs.Runner {
	kinds, timetable := in.Jobs()
	r := jobs.New(in.DB, kinds, jobs.RunnerOptions{Workers: in.Config.JobWorkers, Drain: in.Config.Grace / 2, Timetable: timetable, Log: in.Log})
	in.Metrics.MustRegister(jobMetrics{r, in.DB})
	return r
}

// jobMetrics shows the counters of the runner to Prometheus.
type jobMetrics struct {
	runner *jobs.Runner
	db     *db.DB
}

var (
	jobsEnded = prometheus.NewDesc("chungtay_jobs_total", "Attempts at jobs that ended on this node, by kind and outcome.", []string{"kind", "outcome"}, nil)
	jobsTime  = prometheus.NewDesc("chungtay_jobs_seconds_total", "Time spent in jobs on this node, by kind.", []string{"kind"}, nil)
	jobsBusy  = prometheus.NewDesc("chungtay_jobs_busy", "Workers at work on this node.", nil, nil)
	jobsLook  = prometheus.NewDesc("chungtay_jobs_last_look_seconds", "When the queue last answered this node, in seconds since 1970; 0: not yet.", nil, nil)
	jobsQueue = prometheus.NewDesc("chungtay_jobs_waiting", "Jobs waiting in the queue of the installation.", nil, nil)
	jobsOld   = prometheus.NewDesc("chungtay_jobs_oldest_seconds", "How long the job due first has been due; 0: none is.", nil, nil)
)

func (m jobMetrics) Describe(ch chan<- *prometheus.Desc) {
	ch <- jobsEnded
	ch <- jobsTime
	ch <- jobsBusy
	ch <- jobsLook
	ch <- jobsQueue
	ch <- jobsOld
}

// metricsTime bounds the look at the queue: a database that hangs must not hide the other counters.
const metricsTime = 5 * time.Second

func (m jobMetrics) Collect(ch chan<- prometheus.Metric) {
	s := m.runner.Stats()
	ch <- prometheus.MustNewConstMetric(jobsBusy, prometheus.GaugeValue, float64(s.Busy))
	var look float64
	if !s.LastLook.IsZero() {
		look = float64(s.LastLook.UnixMilli()) / 1000
	}
	ch <- prometheus.MustNewConstMetric(jobsLook, prometheus.GaugeValue, look)
	ctx, cancel := context.WithTimeout(context.Background(), metricsTime)
	defer cancel()
	var queue jobs.Summary
	var late time.Duration
	if err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		queue, err = jobs.Counts(tx)
		if late = 0; !queue.Oldest.IsZero() {
			late = tx.Now.Sub(queue.Oldest)
		}
		return err
	}); err == nil { // while the database is away nothing is said of the queue, and the last look gets old
		ch <- prometheus.MustNewConstMetric(jobsQueue, prometheus.GaugeValue, float64(queue.States[jobs.Waiting]))
		ch <- prometheus.MustNewConstMetric(jobsOld, prometheus.GaugeValue, late.Seconds())
	}
	for kind, k := range s.Kinds {
		ch <- prometheus.MustNewConstMetric(jobsTime, prometheus.CounterValue, k.Seconds, kind)
		for outcome, n := range map[string]uint64{"done": k.Done, "retried": k.Retried, "failed": k.Failed, "put_back": k.PutBack, "lost": k.Lost} {
			ch <- prometheus.MustNewConstMetric(jobsEnded, prometheus.CounterValue, float64(n), kind, outcome)
		}
	}
}
