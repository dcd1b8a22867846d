package app

import (
	"io/fs"
	"strings"

	"chungtay/internal/db"
	"chungtay/internal/i18n"
	"chungtay/internal/web"
)

// Room is what a room gives to the program. Nothing registers itself: this list is the program.
type Room struct {
	Name       string
	Migrations *db.Migrations
	Text       fs.FS
	Routes     []web.Route
	Nav        []web.Nav
}

// Rooms lists the rooms and the plumbing that owns tables or words, in the order their migrations are applied.
func Rooms() []Room {
	return []Room{
		{Name: "web", Migrations: ptr(web.Migrations()), Text: web.Text},
	}
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
