package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"chungtay/account"
	"chungtay/internal/blob"
	"chungtay/internal/db"
	"chungtay/internal/jobs"
	"chungtay/internal/seal"
)

// DoctorCmd looks at an installation and says what is wrong with the cure. It changes nothing: no key, folder or row is made. Whether files
// can be written it finds out by writing a small one and removing it.
// Exit status: 0 nothing is wrong (there may be advice); 1 something is.
type DoctorCmd struct {
	Deep   bool   `help:"Đọc và mở mọi tệp. (Read and open every file.)"`
	Config string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// finding is one line of the doctor.
type finding struct {
	level string // ok, advice, wrong
	what  string
	cure  string
}

// Run prints a line for each thing looked at.
func (c DoctorCmd) Run(ctx context.Context, s *Streams) error {
	wrong := 0
	for _, f := range c.examine(ctx) {
		fmt.Fprintf(s.Out, "%-7s %s\n", f.level, f.what)
		if f.cure != "" {
			fmt.Fprintf(s.Out, "        -> %s\n", f.cure)
		}
		if f.level == "wrong" {
			wrong++
		}
	}
	if wrong > 0 {
		return ExitCode(1)
	}
	return nil
}

func (c DoctorCmd) examine(ctx context.Context) (out []finding) {
	add := func(level, cure, what string, args ...any) {
		out = append(out, finding{level, fmt.Sprintf(what, args...), cure})
	}
	cfg, err := LoadConfig(c.Config, os.Environ())
	if err != nil {
		add("wrong", "correct the settings; docs/configuration.md explains each", "%v", err)
		return out
	}
	add("ok", "", "settings are readable")
	c.network(cfg, add)
	c.programs(cfg, add)
	if f, ok := strings.CutPrefix(cfg.DatabaseURL, "sqlite:"); ok {
		if _, err := os.Stat(f); err != nil {
			add("advice", "run `chungtay demo` to try it out, or `chungtay serve` to begin", "there is no database yet (%s)", filepath.Base(f))
			return out
		}
	}
	free(cfg, add)
	in, err := Open(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		add("wrong", "check database.url and that the database server runs", "the database does not open: %v", err)
		return out
	}
	defer in.Close()
	began := time.Now()
	if err := in.DB.Ping(ctx); err != nil {
		add("wrong", "check that the database server runs and accepts this user", "the database does not answer: %v", err)
		return out
	}
	add("ok", "", "the database (%s) answers in %s", in.DB.Dialect(), time.Since(began).Round(time.Millisecond))
	pending, err := in.DB.Pending(ctx, Migrations())
	switch {
	case err != nil:
		add("wrong", "run the version of the program that fits this database", "%v", err)
		return out
	case len(pending) > 0:
		add("wrong", "run `chungtay migrate`", "%d migrations are missing", len(pending))
		return out
	}
	add("ok", "", "the database is up to date")
	in.Vault = keys(ctx, in, add)
	c.files(ctx, in, add)
	err = in.DB.Read(ctx, func(tx *db.Tx) error {
		admins, err := account.CountAdministrators(tx)
		if err != nil {
			return err
		}
		if admins == 0 {
			add("wrong", "run `chungtay admin` to make the first administrator", "nobody can manage people")
		} else {
			add("ok", "", "%d administrators", admins)
		}
		sum, err := jobs.Counts(tx)
		if err != nil {
			return err
		}
		switch {
		case sum.States[jobs.Failed] > 0:
			add("advice", "look at /system/jobs and run them again", "%d jobs have failed", sum.States[jobs.Failed])
		case sum.Late > 0 && tx.Now.Sub(sum.Oldest) > 10*time.Minute:
			add("wrong", "start a node with jobs.workers above 0", "%d jobs wait since %s", sum.Late, sum.Oldest.Format(time.RFC3339))
		default:
			add("ok", "", "no failed or forgotten jobs")
		}
		return nil
	})
	if err != nil {
		add("wrong", "look at the log", "the database cannot be read: %v", err)
	}
	return out
}

// manyFiles is how many files the doctor looks for one by one unless it is asked to read all.
const manyFiles = 20_000

func (c DoctorCmd) files(ctx context.Context, in *Installation, add adder) {
	var total int
	err := in.DB.Read(ctx, func(tx *db.Tx) (err error) { total, err = blob.Count(tx); return err })
	if err != nil {
		add("wrong", "look at the log", "the files cannot be counted: %v", err)
		return
	}
	in.Blobs, err = blob.Open(ctx, in.DB, in.Vault, blob.Options{URL: in.Config.FilesURL, Max: in.Config.FilesMax, Existing: true})
	switch {
	case errors.Is(err, fs.ErrNotExist) && total == 0:
		add("ok", "", "there are no files yet; their folder is made at the first start")
		return
	case errors.Is(err, fs.ErrNotExist):
		add("wrong", "put the folder back from a backup or mount its disk; check files.url", "%d files are gone: their folder is not there", total)
		return
	case err != nil:
		add("wrong", "check files.url", "%v", err)
		return
	}
	defer in.Blobs.Close()
	if err := in.Blobs.Check(ctx); err != nil {
		add("wrong", "check files.url, its permissions and its free space", "files cannot be written: %v", err)
		return
	}
	deep := c.Deep && in.Vault != nil // without keys nothing opens, which was said already
	if deep || total <= manyFiles {
		bad := 0
		_, err = in.Blobs.Audit(ctx, deep, func(id string, cause error) {
			if bad++; bad <= 10 {
				add("wrong", "put the file back from a backup", "file %s: %v", id, cause)
			}
		})
		if bad > 10 {
			add("wrong", "restore the files of a backup beside this database", "%d files in all are missing or damaged", bad)
		}
		if bad == 0 && err == nil {
			add("ok", "", "all %d files are there", total)
		}
	} else {
		add("ok", "", "%d files; `chungtay doctor --deep` reads all of them", total)
	}
	if err != nil {
		add("wrong", "look at the log", "the files cannot be looked through: %v", err)
	}
}

type adder func(level, cure, what string, args ...any)

func (DoctorCmd) network(cfg Config, add adder) {
	u, _ := url.Parse(cfg.PublicURL)
	local := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1"
	switch {
	case u.Scheme == "http" && !local:
		add("wrong", "set server.tls_cert and server.tls_key, or server.autocert, or a proxy that speaks TLS, and an https address", "people would sign in without encryption: %s", cfg.PublicURL)
	case cfg.TLSCert != "":
		pair, err := tls.LoadX509KeyPair(cfg.TLSCert, cfg.TLSKey)
		if err != nil {
			add("wrong", "name a certificate and the key that belongs to it", "server.tls_cert and server.tls_key do not fit: %v", err)
			return
		}
		cert, err := x509.ParseCertificate(pair.Certificate[0])
		if err != nil {
			add("wrong", "renew the certificate", "server.tls_cert: %v", err)
			return
		}
		left := time.Until(cert.NotAfter)
		switch {
		case left < 0:
			add("wrong", "renew the certificate", "the certificate ended on %s", cert.NotAfter.Format("02/01/2006"))
		case left < 21*24*time.Hour:
			add("advice", "renew the certificate", "the certificate ends on %s", cert.NotAfter.Format("02/01/2006"))
		case cert.VerifyHostname(u.Hostname()) != nil:
			add("wrong", "get a certificate for this name, or correct server.public_url", "the certificate is not for %s", u.Hostname())
		default:
			add("ok", "", "the certificate is good until %s", cert.NotAfter.Format("02/01/2006"))
		}
	case len(cfg.AutoCert) > 0 && !slices.Contains(cfg.AutoCert, u.Hostname()):
		add("wrong", "add the name to server.autocert, or correct server.public_url", "no certificate is fetched for %s", u.Hostname())
	case u.Scheme == "https" && len(cfg.AutoCert) == 0 && len(cfg.TrustedProxies) == 0:
		add("wrong", "set server.tls_cert and server.tls_key, or server.autocert, or name the proxy that speaks TLS in server.trusted_proxies",
			"%s is encrypted by nobody this server knows of, so cookies are not kept to https and HSTS is off", cfg.PublicURL)
	case u.Scheme == "https" && len(cfg.AutoCert) == 0:
		add("ok", "", "address %s, encrypted by a trusted proxy, which must send X-Forwarded-Proto", cfg.PublicURL)
	default:
		add("ok", "", "address %s", cfg.PublicURL)
	}
}

func (DoctorCmd) programs(cfg Config, add adder) {
	ocr := cfg.Reading.OCR
	if cfg.Reading.NoOCR {
		add("advice", "set reading.ocr to read scans", "scanned papers are not read: reading.ocr is empty")
	} else if _, err := exec.LookPath(ocr); err != nil {
		add("advice", "install tesseract-ocr and tesseract-ocr-vie to read scans", "scanned papers cannot be read")
	} else if out, err := exec.Command(ocr, "--list-langs").CombinedOutput(); err != nil || !strings.Contains(string(out), "vie") {
		add("advice", "install tesseract-ocr-vie", "scanned papers cannot be read in Vietnamese")
	} else {
		add("ok", "", "scanned papers can be read")
	}
	if cfg.Reading.Soffice == "" {
		add("advice", "install libreoffice-writer and set reading.soffice to read .doc files of Word 97", "old .doc files are not read")
	} else if _, err := exec.LookPath(cfg.Reading.Soffice); err != nil {
		add("wrong", "install libreoffice-writer, or empty reading.soffice", "reading.soffice is not there")
	} else {
		add("ok", "", "old .doc files can be read")
	}
}

// keys tries whether the key file opens the database's keys. It returns nil when it does not.
func keys(ctx context.Context, in *Installation, add adder) *seal.Vault {
	v, err := seal.OpenExisting(ctx, in.DB, in.KeyFile())
	switch {
	case errors.Is(err, seal.ErrNoRings):
		add("advice", "run `chungtay serve` to begin", "the keys are made at the first start")
	case err != nil:
		add("wrong", "put back the key file that belongs to this database and check keys.file and keys.passphrase; without it sealed fields and files stay closed", "%v", err)
	default:
		add("ok", "", "the key file is private and opens the keys; keep a copy away from this machine")
	}
	return v
}

// free looks at the disks of what is kept on this machine; of a database server or a bucket it cannot know.
func free(cfg Config, add adder) {
	seen := map[uint64]bool{}
	look := func(what, dir string) {
		info, err := os.Stat(dir)
		for err != nil && filepath.Dir(dir) != dir { // not made yet: the disk it will be on
			dir = filepath.Dir(dir)
			info, err = os.Stat(dir)
		}
		var st syscall.Statfs_t
		if err != nil || syscall.Statfs(dir, &st) != nil {
			return
		}
		if sys, ok := info.Sys().(*syscall.Stat_t); ok {
			if seen[uint64(sys.Dev)] {
				return
			}
			seen[uint64(sys.Dev)] = true
		}
		mb := int64(st.Bavail) * int64(st.Bsize) >> 20
		switch {
		case mb < 500:
			add("wrong", "free space on the disk or move them", "only %d MB are free for %s", mb, what)
		case mb < 5000:
			add("advice", "free space on the disk soon", "%d MB are free for %s", mb, what)
		default:
			add("ok", "", "%d GB are free for %s", mb>>10, what)
		}
	}
	f, local := strings.CutPrefix(cfg.DatabaseURL, "sqlite:")
	if local {
		look("the database", filepath.Dir(f))
	}
	if dir, ok := strings.CutPrefix(cfg.FilesURL, "folder:"); ok {
		look("the files", dir)
		local = true
	}
	if !local {
		look("what is read and made in between", os.TempDir())
	}
}
