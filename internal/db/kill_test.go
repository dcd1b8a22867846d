package db_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
)

var killRooms = []db.Migrations{{Room: "kill", FS: fstest.MapFS{"20260101_1_kill.sql": {Data: []byte(
	`CREATE TABLE pair (id BIGINT PRIMARY KEY, half TEXT NOT NULL); CREATE TABLE other (id BIGINT PRIMARY KEY, half TEXT NOT NULL);`)}}}}

// TestMain lets this binary be the process that is killed: with KILL_DSN set it writes pairs of rows and prints each number after the
// commit, until somebody stops it.
func TestMain(m *testing.M) {
	dsn := os.Getenv("KILL_DSN")
	if dsn == "" {
		os.Exit(m.Run())
	}
	ctx := context.Background()
	d, err := db.Open(ctx, dsn, db.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	first, _ := strconv.Atoi(os.Getenv("KILL_FROM"))
	for i := first; ; i++ {
		err := d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(`INSERT INTO pair (id, half) VALUES ($1, $2)`, i, strings.Repeat("a", 500)); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO other (id, half) VALUES ($1, $2)`, i, strings.Repeat("b", 500))
			return err
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(i)
	}
}

// A process is killed in the middle of writing, again and again: every number it had printed is there, whole, and nothing is half.
func TestKillDuringWritesLosesNothingAcknowledged(t *testing.T) {
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	check := func(t *testing.T, dsn string) {
		next := 0
		for round := range rounds {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "KILL_DSN="+dsn, "KILL_FROM="+strconv.Itoa(next))
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			cmd.Stderr = os.Stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			acknowledged, lines := next-1, bufio.NewScanner(out)
			for n := 0; lines.Scan(); {
				if acknowledged, err = strconv.Atoi(lines.Text()); err != nil {
					t.Fatal(err)
				}
				if n++; n == 20+round*17 { // what was printed after this is read until the pipe ends: it was acknowledged as well
					cmd.Process.Kill()
				}
			}
			cmd.Wait()
			d, err := db.Open(context.Background(), dsn, db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			dbtest.Read(t, d, func(tx *db.Tx) error {
				n, err := db.One[int](tx, `SELECT COUNT(*) FROM pair p JOIN other o ON o.id = p.id WHERE p.id <= $1`, acknowledged)
				if err != nil {
					return err
				}
				if n != acknowledged+1 {
					t.Errorf("round %d: %d of %d acknowledged rows are there", round, n, acknowledged+1)
				}
				half, err := db.One[int](tx, `SELECT (SELECT COUNT(*) FROM pair) - (SELECT COUNT(*) FROM other)`)
				if err != nil {
					return err
				}
				if half != 0 {
					t.Errorf("round %d: %d transactions are there by half", round, half)
				}
				next, err = db.One[int](tx, `SELECT COALESCE(MAX(id) + 1, 0) FROM pair`)
				return err
			})
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if next < rounds*20 {
			t.Errorf("only %d rows were written", next)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		dsn := "sqlite:" + filepath.Join(t.TempDir(), "kill.db")
		d, err := db.Open(context.Background(), dsn, db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Migrate(context.Background(), killRooms); err != nil {
			t.Fatal(err)
		}
		d.Close()
		check(t, dsn)
	})
	t.Run("postgres", func(t *testing.T) {
		dsn := dbtest.PostgresURL(t)
		d, err := db.Open(context.Background(), dsn, db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Migrate(context.Background(), killRooms); err != nil {
			t.Fatal(err)
		}
		d.Close()
		check(t, dsn)
	})
}
