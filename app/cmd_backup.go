package app

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"filippo.io/age"

	"chungtay/audit"
	"chungtay/document"
	"chungtay/internal/blob"
	"chungtay/internal/db"
	"chungtay/internal/dump"
	"chungtay/internal/seal"
	"chungtay/policy"
)

// A backup is one file: everything in the database and all stored files, compressed, encrypted with age to the public part of a backup
// key. The machine that makes backups cannot open them. The key file of the installation (keys.file) is not in it and must be kept
// apart: with the backup alone sealed fields stay sealed.
//
//	age( gzip( dump of the database · for each stored file: {"file": name, "size": n} and n bytes · {"files": count} ) )

// BackupKeyCmd makes a backup key.
type BackupKeyCmd struct {
	File string `arg:"" help:"Tệp khóa sẽ tạo; cất ở nơi khác máy chủ. (Key file to make; keep it away from the server.)" type:"path"`
}

// Run writes the secret part into a new file of mode 0600 and prints the public part.
func (c BackupKeyCmd) Run(s *Streams) error {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("the key file cannot be made: %w", err)
	}
	if _, err := fmt.Fprintf(f, "# Chung Tay: key that opens backups\n# public: %s\n%s\n", id.Recipient(), id); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "%s\n", id.Recipient())
	fmt.Fprintln(s.Err, "backup --to", id.Recipient())
	return nil
}

// BackupCmd backs up while the program runs.
type BackupCmd struct {
	File   string   `arg:"" help:"Tệp sao lưu sẽ tạo. (Backup file to make.)" type:"path"`
	To     []string `required:"" help:"Khóa công khai age1… của lệnh backup-key; có thể nhiều khóa. (Public key age1… from backup-key.)"`
	Config string   `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// Run writes the backup beside its final name and renames it when it is whole and on the disk. Exit status 3: made, but files are missing
// in the store.
func (c BackupCmd) Run(ctx context.Context, s *Streams) error {
	var to []age.Recipient
	for _, k := range c.To {
		r, err := age.ParseX25519Recipient(strings.TrimSpace(k))
		if err != nil {
			return fmt.Errorf("--to: %q is not a public key; make one with `chungtay backup-key`", k)
		}
		to = append(to, r)
	}
	in, err := openReady(ctx, c.Config, s)
	if err != nil {
		return err
	}
	defer in.Close()
	part := c.File + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("the backup file cannot be made: %w", err)
	}
	defer os.Remove(part)
	made, err := in.Backup(ctx, f, to, progress(s))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(part, c.File); err != nil {
		return err
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "%s: %d rows of %d tables, %d files, %d KB\n", filepath.Base(c.File), made.Rows.Total(), len(made.Rows), made.Files, info.Size()/1024)
	if len(made.Missing) > 0 {
		fmt.Fprintf(s.Err, "chungtay: %d files are missing in the store and so in this backup; `chungtay doctor` names them\n", len(made.Missing))
		return ExitCode(3)
	}
	return nil
}

// progress draws rows read on a terminal; elsewhere it says nothing.
func progress(s *Streams) func(string, int64) {
	if !isTerminal(s.Err) {
		return nil
	}
	return func(table string, rows int64) { fmt.Fprintf(s.Err, "\r\x1b[K%s %d", table, rows) }
}

// Backed tells what a backup or a restore held.
type Backed struct {
	Rows    dump.Counts
	Files   int
	Missing []string // contents the database knows and the store has lost
}

// Backup writes a backup of the installation: the database in one snapshot, then the files. A file put into the store meanwhile may be in
// it without its row; the nightly sweep of a restored installation removes it.
func (in *Installation) Backup(ctx context.Context, w io.Writer, to []age.Recipient, progress func(string, int64)) (made Backed, err error) {
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return made, err
	}
	zip, err := gzip.NewWriterLevel(sealed, gzip.BestSpeed) // the files, sealed, do not shrink anyway
	if err != nil {
		return made, err
	}
	if made.Rows, err = dump.Write(ctx, in.DB, zip, dump.Options{Skip: OneDialect, Progress: progress}); err != nil {
		return made, err
	}
	if made.Files, made.Missing, err = in.backupFiles(ctx, zip); err != nil {
		return made, err
	}
	return made, errors.Join(zip.Close(), sealed.Close())
}

// RestoreCmd restores a backup.
type RestoreCmd struct {
	File      string `arg:"" help:"Tệp sao lưu. (Backup file.)" type:"existingfile"`
	Key       string `required:"" help:"Tệp khóa của lệnh backup-key. (Key file from backup-key.)" type:"existingfile"`
	Destroyed string `help:"Danh sách khóa đã hủy của lệnh keys destroyed: những gì đã xóa vĩnh viễn sau bản sao lưu vẫn bị xóa. (List from keys destroyed: what was erased after the backup stays erased.)" type:"existingfile"`
	Config    string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// Run fills the empty database of the settings.
func (c RestoreCmd) Run(ctx context.Context, s *Streams) error {
	cfg, err := LoadConfig(c.Config, os.Environ())
	if err != nil {
		return err
	}
	in, err := Open(ctx, cfg, newLogger(cfg, s))
	if err != nil {
		return err
	}
	defer in.Close()
	key, err := os.Open(c.Key)
	if err != nil {
		return fmt.Errorf("--key: %w", err)
	}
	ids, err := age.ParseIdentities(key)
	key.Close()
	if err != nil {
		return fmt.Errorf("--key: this is not a key file of `chungtay backup-key`")
	}
	var dead []seal.Tombstone
	if c.Destroyed != "" {
		if dead, err = readDestroyed(c.Destroyed); err != nil {
			return fmt.Errorf("--destroyed: %w", err)
		}
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	got, err := in.Restore(ctx, f, ids, dead, progress(s))
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "%d rows of %d tables, %d files\n", got.Rows.Total(), len(got.Rows), got.Files)
	if c.Destroyed != "" {
		fmt.Fprintf(s.Out, "%d destroyed keys stay destroyed\n", len(dead))
	} else {
		fmt.Fprintln(s.Err, "chungtay: what was erased for good after this backup was made is back; restore with --destroyed and the newest list of `chungtay keys destroyed` to keep it erased")
	}
	return nil
}

// Restore reads a backup into the empty installation and destroys again the keys of dead, which the backup may have brought back. The
// backup is read to its end and proved whole before the first row is written, so that a cut or changed one leaves the target empty.
func (in *Installation) Restore(ctx context.Context, r io.ReadSeeker, ids []age.Identity, dead []seal.Tombstone, progress func(string, int64)) (got Backed, err error) {
	if err := proveWhole(r, ids); err != nil {
		return got, err
	}
	opened, err := age.Decrypt(r, ids...)
	if err != nil {
		return got, err
	}
	unzip, err := gzip.NewReader(opened)
	if err != nil {
		return got, dump.ErrFormat
	}
	buf := bufio.NewReaderSize(unzip, 1<<20)
	if got.Rows, err = dump.Load(ctx, in.DB, buf, Migrations(), dump.Options{Skip: OneDialect, Progress: progress, Rebuild: rebuild(dead)}); err != nil {
		return got, err
	}
	if got.Files, err = in.restoreFiles(ctx, buf); err != nil {
		return got, fmt.Errorf("the rows are back, but not all files: %w; remove this database and its files (database.url, files.url) and restore again", err)
	}
	return got, nil
}

// proveWhole reads a backup to its end, where its encryption shows whether all of it is there and unchanged, and goes back to its beginning.
func proveWhole(r io.ReadSeeker, ids []age.Identity) error {
	opened, err := age.Decrypt(r, ids...)
	if err != nil {
		return fmt.Errorf("the backup does not open with this key, or it is damaged: %w", err)
	}
	if _, err := io.Copy(io.Discard, opened); err != nil {
		return fmt.Errorf("%w; nothing was restored", dump.ErrCut)
	}
	_, err = r.Seek(0, io.SeekStart)
	return err
}

// rebuild makes what a dump does not hold and destroys again what it brought back.
func rebuild(dead []seal.Tombstone) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		if err := errors.Join(document.Rebuild(tx), blob.AfterRestore(tx)); err != nil || len(dead) == 0 {
			return err
		}
		if err := seal.Bury(tx, dead); err != nil {
			return err
		}
		return audit.Log(tx, policy.System("restore"), audit.Self(), audit.Deed{Action: "system.keys_destroyed_again", Kind: "keys", ID: "record"})
	}
}

// MigrateToCmd moves an installation to another, empty database.
type MigrateToCmd struct {
	URL    string `arg:"" help:"Cơ sở dữ liệu đích, trống, ví dụ postgres://… (Target database, empty.)"`
	Config string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// Run copies everything in one snapshot, then compares the counts of all tables and the state of the audit log.
func (c MigrateToCmd) Run(ctx context.Context, s *Streams) error {
	from, err := openReady(ctx, c.Config, s)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := db.Open(ctx, c.URL, db.Options{})
	if err != nil {
		return fmt.Errorf("the target database: %w", err)
	}
	defer to.Close()
	counts, err := MoveTo(ctx, from.DB, to, progress(s))
	if err != nil {
		return err
	}
	tables := make([]string, 0, len(counts))
	for t := range counts {
		tables = append(tables, t)
	}
	sort.Strings(tables)
	for _, t := range tables {
		fmt.Fprintf(s.Out, "%-28s %10d\n", t, counts[t])
	}
	fmt.Fprintf(s.Out, "%d rows, counts and audit log equal. Now set database.url to the new database and start again.\n", counts.Total())
	return nil
}

// MoveTo copies one database into another, empty one and proves that they are equal: counts by table, and size and root of the audit
// log recomputed on both.
func MoveTo(ctx context.Context, from, to *db.DB, progress func(string, int64)) (dump.Counts, error) {
	pr, pw := io.Pipe()
	type written struct {
		counts dump.Counts
		err    error
	}
	done := make(chan written, 1)
	go func() {
		n, err := dump.Write(ctx, from, pw, dump.Options{Skip: OneDialect})
		pw.CloseWithError(err)
		done <- written{n, err}
	}()
	got, err := dump.Load(ctx, to, pr, Migrations(), dump.Options{Skip: OneDialect, Progress: progress, Rebuild: document.Rebuild})
	pr.CloseWithError(err)
	w := <-done
	if err := errors.Join(err, w.err); err != nil {
		return nil, err
	}
	for t, n := range w.counts {
		if got[t] != n {
			return nil, fmt.Errorf("table %s: %d rows here, %d there", t, n, got[t])
		}
	}
	a, err := audit.Verify(ctx, from, nil, nil, nil)
	if err != nil {
		return nil, err
	}
	b, err := audit.Verify(ctx, to, nil, nil, nil)
	if err != nil {
		return nil, err
	}
	if a.Size != b.Size || a.Root != b.Root || len(b.Findings) > len(a.Findings) {
		return nil, fmt.Errorf("the audit logs differ: %d entries here, %d there", a.Size, b.Size)
	}
	return got, nil
}

// openReady opens the installation of a settings file with its keys. It does not migrate: who backs up or counts keys with a newer program
// must still be able to go back to the older one.
func openReady(ctx context.Context, config string, s *Streams) (*Installation, error) {
	cfg, err := LoadConfig(config, os.Environ())
	if err != nil {
		return nil, err
	}
	in, err := Open(ctx, cfg, newLogger(cfg, s))
	if err != nil {
		return nil, err
	}
	if err := in.unlockCurrent(ctx); err != nil {
		in.Close()
		return nil, err
	}
	return in, nil
}

// unlockCurrent opens the keys and files of an installation whose database is up to date, and refuses one that is not.
func (in *Installation) unlockCurrent(ctx context.Context) error {
	pending, err := in.DB.Pending(ctx, Migrations())
	if err != nil {
		return err
	}
	if len(pending) > 0 {
		return fmt.Errorf("the database lacks %d migrations of this program, and after them there is no way back but a backup: back up with the program that runs now if there is one, then run `chungtay migrate`; nothing was changed", len(pending))
	}
	return in.Unlock(ctx)
}

type fileHead struct {
	File string `json:"file"`
	Size int64  `json:"size"`
}

type filesEnd struct {
	Files *int `json:"files"`
}

func (in *Installation) backupFiles(ctx context.Context, w io.Writer) (n int, missing []string, err error) {
	enc := json.NewEncoder(w)
	missing, err = in.Blobs.Export(ctx, func(o blob.Object, r io.Reader) error {
		if err := enc.Encode(fileHead{o.Name, o.Size}); err != nil {
			return err
		}
		if got, err := io.Copy(w, io.LimitReader(r, o.Size)); err != nil || got != o.Size {
			return fmt.Errorf("file %s is cut off in the store: %w", o.Name, errors.Join(err, io.ErrUnexpectedEOF))
		}
		n++
		return nil
	})
	if err != nil {
		return n, missing, err
	}
	return n, missing, enc.Encode(filesEnd{&n})
}

func (in *Installation) restoreFiles(ctx context.Context, r *bufio.Reader) (int, error) {
	store, err := blob.Open(ctx, in.DB, nil, blob.Options{URL: in.Config.FilesURL, Max: in.Config.FilesMax})
	if err != nil {
		return 0, fmt.Errorf("files.url: %w", err)
	}
	defer store.Close()
	for n := 0; ; n++ {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return n, dump.ErrCut
		}
		var end filesEnd
		if json.Unmarshal(line, &end) == nil && end.Files != nil {
			if *end.Files != n {
				return n, dump.ErrCut
			}
			return n, nil
		}
		var head fileHead
		if err := json.Unmarshal(line, &head); err != nil || head.File == "" || head.Size < 0 {
			return n, dump.ErrFormat
		}
		if err := store.Import(ctx, blob.Object{Name: head.File, Size: head.Size}, r); err != nil {
			return n, err
		}
	}
}
