package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"text/tabwriter"
	"time"

	"chungtay/account"
	"chungtay/demo"
	"chungtay/internal/db"
	"chungtay/internal/i18n"
	"chungtay/internal/jobs"
	"chungtay/notify"
)

// DemoCmd fills an empty installation with the demonstration and prints who can sign in.
type DemoCmd struct {
	IfEmpty bool   `help:"Không làm gì nếu đã có người dùng. (Do nothing when there are people already.)"`
	Config  string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// Run refuses an installation that somebody works with, unless IfEmpty says to leave it alone.
func (c DemoCmd) Run(ctx context.Context, s *Streams) error {
	cfg, err := LoadConfig(c.Config, os.Environ())
	if err != nil {
		return err
	}
	in, err := Open(ctx, cfg, newLogger(cfg, s))
	if err != nil {
		return err
	}
	_, err = in.Migrate(ctx)
	var shown []demo.Person
	used := false
	if err == nil {
		shown, used, err = in.demonstration(ctx)
	}
	if cerr := in.Close(); err == nil {
		err = cerr
	}
	switch {
	case err != nil:
		return err
	case used && shown == nil && c.IfEmpty:
		fmt.Fprintln(s.Out, "Cơ sở dữ liệu đã có người dùng; không tạo dữ liệu mẫu. (There are people already; no demonstration is made.)")
		return nil
	case used && !c.IfEmpty:
		return fmt.Errorf("this database has people already: the demonstration is made only in an empty one")
	case !used:
		if shown, err = MakeDemo(ctx, cfg, slog.New(slog.DiscardHandler), func(step string) { fmt.Fprintf(s.Err, "Dữ liệu mẫu: %s…\n", step) }); err != nil {
			return err
		}
	}
	printPeople(s.Out, shown)
	return nil
}

const demoSetting = "demo"

// demonstration tells whether an installation has people, and who of them is shown when it is a demonstration.
func (in *Installation) demonstration(ctx context.Context) (shown []demo.Person, used bool, err error) {
	err = in.DB.Read(ctx, func(tx *db.Tx) error {
		n, err := account.CountPeople(tx)
		if err != nil || n == 0 {
			return err
		}
		used = true
		v, err := setting(tx, demoSetting)
		if err != nil || v == "" {
			return err
		}
		return json.Unmarshal([]byte(v), &shown)
	})
	return shown, used, err
}

// MakeDemo builds the demonstration in the empty installation of a configuration and returns the people to show. Tests use it too.
func MakeDemo(ctx context.Context, cfg Config, log *slog.Logger, said func(step string)) ([]demo.Person, error) {
	clock := demo.NewClock(time.Now())
	d, err := db.Open(ctx, cfg.DatabaseURL, db.Options{MaxConns: cfg.DatabaseConns, Clock: clock.Now})
	if err != nil {
		return nil, fmt.Errorf("database.url: %w", err)
	}
	in, err := Assemble(cfg, d, log)
	if err != nil {
		d.Close()
		return nil, err
	}
	defer in.Close()
	if err := in.Ready(ctx); err != nil {
		return nil, err
	}
	kinds, _ := in.Jobs()
	p, err := demo.Build(ctx, in.demoRooms(func(ctx context.Context) error { return jobs.RunAll(ctx, d, kinds) }), clock, said)
	if err != nil {
		return nil, err
	}
	var shown []demo.Person
	for _, x := range p.People {
		if x.Shown {
			shown = append(shown, x)
		}
	}
	b, err := json.Marshal(shown)
	if err != nil {
		return nil, err
	}
	return shown, d.Write(ctx, func(tx *db.Tx) error {
		for _, x := range p.People { // everybody has worked through what is older than ten days
			who, err := account.ByLogin(tx, x.Login)
			if err != nil {
				return err
			}
			if err := notify.ReadBefore(tx, who.ID, time.Now().Add(-10*24*time.Hour)); err != nil {
				return err
			}
		}
		return putSetting(tx, demoSetting, string(b))
	})
}

// demoRooms gives the demonstration the rooms it works with.
func (in *Installation) demoRooms(work func(context.Context) error) demo.Rooms {
	return demo.Rooms{DB: in.DB, Book: in.Book, Units: in.Units, Accounts: in.Accounts, Blobs: in.Blobs, Documents: in.Documents,
		Tasks: in.Tasks, Directives: in.Directives, Campaigns: in.Campaigns, Reports: in.Reports, Work: work}
}

func printPeople(w io.Writer, shown []demo.Person) {
	words, err := Words()
	if err != nil || len(shown) == 0 {
		return
	}
	fmt.Fprintf(w, "Dữ liệu mẫu, mọi người đều là hư cấu. Mật khẩu chung: %s\n(Demonstration; all people are invented. One password for all: %s)\n\n", demo.Password, demo.Password)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, p := range shown {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", p.Login, words.Text(i18n.VI, "roles."+p.Role), p.Name, p.Unit)
	}
	t.Flush()
	fmt.Fprintln(w)
}
