package app

import (
	"context"
	"fmt"
	"os"
)

// MigrateCmd brings the database up to date. serve does it as well when it starts; on several nodes it is better done once before.
type MigrateCmd struct {
	Config string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
	DryRun bool   `help:"Chỉ liệt kê, không thay đổi. (List only.)"`
}

// Run applies what is missing and lists it.
func (c MigrateCmd) Run(ctx context.Context, s *Streams) error {
	cfg, err := LoadConfig(c.Config, os.Environ())
	if err != nil {
		return err
	}
	in, err := Open(ctx, cfg, newLogger(cfg, s))
	if err != nil {
		return err
	}
	defer in.Close()
	list, err := in.DB.Pending(ctx, Migrations())
	if err == nil && !c.DryRun {
		list, err = in.Migrate(ctx)
	}
	if err != nil {
		return err
	}
	for _, m := range list {
		fmt.Fprintln(s.Out, m.Room, m.Name)
	}
	if len(list) == 0 {
		fmt.Fprintln(s.Out, "the database is up to date")
	}
	return nil
}
