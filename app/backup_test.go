package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"chungtay/audit"
	"chungtay/internal/blob"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/dump"
	"chungtay/internal/ids"
	"chungtay/internal/world"
	"chungtay/policy"
)

// place is where an installation of a test keeps its files and keys.
func place(t *testing.T, dir, keys string, d *db.DB) *Installation {
	t.Helper()
	cfg, err := LoadConfig("", []string{"CHUNGTAY_FILES_URL=folder:" + filepath.Join(dir, "files"), "CHUNGTAY_KEYS_FILE=" + keys, "CHUNGTAY_AUDIT_KEY_FILE=" + filepath.Join(dir, "audit.key")})
	if err != nil {
		t.Fatal(err)
	}
	in, err := Assemble(cfg, d, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func openPlace(t *testing.T, dir, keys string, d *db.DB) *Installation {
	t.Helper()
	in := place(t, dir, keys, d)
	ctx := context.Background()
	if _, err := d.Migrate(ctx, Migrations()); err != nil {
		t.Fatal(err)
	}
	if err := in.Unlock(ctx); err != nil { // without the whole map: the cast brings the part it needs
		t.Fatal(err)
	}
	return in
}

// rows is the dump of a database without its head and its digest, which hold the time it was made.
func rows(t *testing.T, d *db.DB) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := dump.Write(context.Background(), d, &b, dump.Options{Skip: OneDialect}); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(b.Bytes(), []byte("\n"))
	return string(rest[:bytes.LastIndex(rest, []byte(`{"end"`))])
}

// filled is an installation with the cast, an audit log, files and sealed names.
func filled(t *testing.T, in *Installation) {
	t.Helper()
	world.New(t, in.DB, in.Book)
	for i := range 5 {
		addFile(t, in, i)
	}
	if _, err := audit.Sequence(context.Background(), in.DB, 10_000); err != nil {
		t.Fatal(err)
	}
}

func addFile(t testing.TB, in *Installation, i int) {
	ctx := context.Background()
	ref, err := in.Blobs.Put(ctx, bytes.NewReader(paper(i)), blob.PutOptions{Name: fmt.Sprintf("Văn bản %d.pdf", i)})
	if err != nil {
		t.Error(err)
		return
	}
	err = in.DB.Write(ctx, func(tx *db.Tx) error {
		if err := in.Blobs.Use(tx, ref, "paper", fmt.Sprint(i)); err != nil {
			return err
		}
		return audit.Log(tx, policy.System("test"), audit.Self(), audit.Deed{Action: "system.job_again", Kind: "paper", ID: ids.New(tx.Now)})
	})
	if err != nil {
		t.Error(err)
	}
}

func paper(i int) []byte {
	return append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte{byte(i), byte(i >> 8), 7}, 30_000+i)...)
}

// checkFile opens a file of a restored installation.
func checkFile(t *testing.T, in *Installation, i int) {
	t.Helper()
	ctx := context.Background()
	var c *blob.Content
	err := in.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := in.Blobs.Of(tx, "paper", fmt.Sprint(i))
		if err != nil || len(list) != 1 {
			return fmt.Errorf("paper %d has %d files: %w", i, len(list), err)
		}
		if want := fmt.Sprintf("Văn bản %d.pdf", i); list[0].Name != want {
			t.Errorf("name %q, want %q", list[0].Name, want)
		}
		c, err = in.Blobs.OpenIn(tx, list[0])
		return err
	})
	if err != nil {
		t.Error(err)
		return
	}
	defer c.Close()
	if b, err := io.ReadAll(c); err != nil || !bytes.Equal(b, paper(i)) {
		t.Errorf("paper %d differs: %v", i, err)
	}
}

// A backup of one database is restored into the other: every row, every file and the audit log are the same.
func TestBackupRestoredIsTheSame(t *testing.T) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	way := func(t *testing.T, from, to *db.DB) {
		keys := filepath.Join(t.TempDir(), "key.json")
		a := openPlace(t, t.TempDir(), keys, from)
		filled(t, a)
		var b bytes.Buffer
		made, err := a.Backup(ctx, &b, []age.Recipient{key.Recipient()}, nil)
		if err != nil || made.Files != 5 || len(made.Missing) != 0 {
			t.Fatal(made, err)
		}
		if bytes.Contains(b.Bytes(), []byte("sld.sonla")) {
			t.Error("the backup can be read by whoever has it")
		}
		dir := t.TempDir()
		got, err := place(t, dir, keys, to).Restore(ctx, bytes.NewReader(b.Bytes()), []age.Identity{key}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(made.Rows, got.Rows); d != "" || got.Files != 5 {
			t.Error(d)
		}
		if a, b := rows(t, from), rows(t, to); a != b {
			for i, line := range strings.Split(a, "\n") {
				if other := strings.Split(b, "\n")[i]; line != other {
					t.Fatalf("the rows differ:\n%.300s\n%.300s", line, other)
				}
			}
		}
		c := openPlace(t, dir, keys, to)
		for i := range 5 {
			checkFile(t, c, i)
		}
		was, err := audit.Verify(ctx, from, nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		is, err := audit.Verify(ctx, to, nil, nil, nil)
		if err != nil || was.Size == 0 || was.Root != is.Root || len(is.Findings) > 0 {
			t.Error(was, is, err)
		}
		cut := b.Bytes()[:b.Len()-b.Len()/3]
		if _, err := place(t, t.TempDir(), keys, dbtest.SQLite(t, nil, db.Options{})).Restore(ctx, bytes.NewReader(cut), []age.Identity{key}, nil, nil); err == nil {
			t.Error("two thirds of a backup were restored")
		}
		if _, err := place(t, t.TempDir(), keys, to).Restore(ctx, bytes.NewReader(b.Bytes()), []age.Identity{key}, nil, nil); err == nil {
			t.Error("restored over what is there")
		}
	}
	t.Run("sqlite to postgres", func(t *testing.T) {
		way(t, dbtest.SQLite(t, nil, db.Options{}), dbtest.Postgres(t, nil, db.Options{}))
	})
	t.Run("postgres to sqlite", func(t *testing.T) {
		way(t, dbtest.Postgres(t, nil, db.Options{}), dbtest.SQLite(t, nil, db.Options{}))
	})
}

// A backup made while people work holds everything that was acknowledged before it began, and only whole deeds.
func TestBackupWhileRunning(t *testing.T) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		keys := filepath.Join(t.TempDir(), "key.json")
		in := openPlace(t, t.TempDir(), keys, d)
		filled(t, in)
		const before, writers, each = 20, 3, 30
		for i := 5; i < before; i++ {
			addFile(t, in, i)
		}
		var wg, begun sync.WaitGroup
		for w := range writers {
			begun.Add(1)
			wg.Go(func() {
				for i := range each {
					addFile(t, in, before+w*each+i)
					if i == 2 {
						begun.Done()
					}
				}
			})
		}
		begun.Wait()
		var b bytes.Buffer
		if _, err := in.Backup(ctx, &b, []age.Recipient{key.Recipient()}, nil); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		dir := t.TempDir()
		to := dbtest.SQLite(t, nil, db.Options{})
		if _, err := place(t, dir, keys, to).Restore(ctx, bytes.NewReader(b.Bytes()), []age.Identity{key}, nil, nil); err != nil {
			t.Fatal(err)
		}
		c := openPlace(t, dir, keys, to)
		for i := range before {
			checkFile(t, c, i)
		}
		var used []string
		dbtest.Read(t, to, func(tx *db.Tx) (err error) {
			used, err = db.All[string](tx, `SELECT record FROM blob_use WHERE kind = 'paper'`)
			return err
		})
		t.Logf("%d of %d", len(used), before+writers*each)
		for _, r := range used {
			var i int
			fmt.Sscan(r, &i)
			checkFile(t, c, i)
		}
		bad := 0
		if _, err := c.Blobs.Audit(ctx, true, func(string, error) { bad++ }); err != nil || bad > 0 {
			t.Errorf("%d contents do not open: %v", bad, err)
		}
	})
}

// A lost file does not prevent the backup of the others; it is named.
func TestBackupNamesLostFiles(t *testing.T) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	dir := t.TempDir()
	in := openPlace(t, dir, filepath.Join(dir, "key.json"), dbtest.SQLite(t, nil, db.Options{}))
	addFile(t, in, 1)
	addFile(t, in, 2)
	lost, err := filepath.Glob(filepath.Join(dir, "files", "c", "*", "*"))
	if err != nil || len(lost) != 2 {
		t.Fatal(lost, err)
	}
	if err := os.Remove(lost[0]); err != nil {
		t.Fatal(err)
	}
	made, err := in.Backup(ctx, io.Discard, []age.Recipient{key.Recipient()}, nil)
	if err != nil || made.Files != 1 || len(made.Missing) != 1 || made.Missing[0] != filepath.Base(lost[0]) {
		t.Error(made, err)
	}
}

// A backup that ends among the files leaves the target empty, so that the whole one can be restored into it.
func TestACutBackupLeavesTheTargetEmpty(t *testing.T) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	dbtest.Each(t, nil, func(t *testing.T, to *db.DB) {
		keys := filepath.Join(t.TempDir(), "key.json")
		a := openPlace(t, t.TempDir(), keys, dbtest.SQLite(t, nil, db.Options{}))
		filled(t, a)
		var b bytes.Buffer
		if _, err := a.Backup(ctx, &b, []age.Recipient{key.Recipient()}, nil); err != nil {
			t.Fatal(err)
		}
		whole, dir := b.Bytes(), t.TempDir()
		changed := bytes.Clone(whole)
		changed[len(changed)-100_000] ^= 1
		for name, bad := range map[string][]byte{"cut in the last file": whole[:len(whole)-50_000], "one bit changed": changed} {
			_, err := place(t, dir, keys, to).Restore(ctx, bytes.NewReader(bad), []age.Identity{key}, nil, nil)
			if !errors.Is(err, dump.ErrCut) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := place(t, dir, keys, to).Restore(ctx, bytes.NewReader(whole), []age.Identity{key}, nil, nil); err != nil {
			t.Fatal("the whole backup after the cut one:", err)
		}
		checkFile(t, openPlace(t, dir, keys, to), 4)
	})
}
