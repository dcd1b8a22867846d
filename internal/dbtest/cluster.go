//go:build unix

package dbtest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"chungtay/internal/db"
)

// Cluster is a PostgreSQL server of one test, which stops and starts it as it likes. It is as durable as an installation's.
type Cluster struct {
	URL string

	t    *testing.T
	bin  string
	dir  string
	port string
	as   *syscall.SysProcAttr
	cmd  *exec.Cmd
	log  bytes.Buffer
}

// NewCluster makes a server and starts it, or skips loudly where PostgreSQL is not installed.
func NewCluster(t *testing.T) *Cluster {
	t.Helper()
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.Sort(bins)
	if p, err := exec.LookPath("initdb"); err == nil {
		bins = append(bins, p)
	}
	if len(bins) == 0 {
		t.Skip("SKIPPED: no PostgreSQL server on this machine (initdb); `make deps` installs it")
	}
	c := &Cluster{t: t, bin: filepath.Dir(bins[0]), as: &syscall.SysProcAttr{}}
	dir, err := os.MkdirTemp("", "chungtay-pg-*") // short: a socket's path has a limit
	if err != nil {
		t.Fatal(err)
	}
	c.dir = dir
	t.Cleanup(func() { os.RemoveAll(dir) })
	if os.Getuid() == 0 { // the server refuses root
		u, err := user.Lookup("postgres")
		if err != nil {
			t.Skip("SKIPPED: as root this needs the user postgres, as whom the server runs")
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		if err := os.Chown(dir, uid, gid); err != nil {
			t.Fatal(err)
		}
		c.as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	initdb := c.command("initdb", "-D", dir+"/data", "-U", "chungtay", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, c.port, _ = net.SplitHostPort(ln.Addr().String())
	ln.Close()
	c.URL = "postgres://chungtay@127.0.0.1:" + c.port + "/postgres?sslmode=disable"
	c.Start()
	t.Cleanup(func() { c.Stop(syscall.SIGQUIT) })
	return c
}

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir, cmd.SysProcAttr = c.dir, c.as
	return cmd
}

// Start starts the server and returns when it answers.
func (c *Cluster) Start() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var err error
	for ctx.Err() == nil {
		if c.cmd == nil {
			c.log.Reset()
			c.cmd = c.command("postgres", "-D", c.dir+"/data", "-p", c.port, "-k", c.dir, "-c", "listen_addresses=127.0.0.1")
			c.cmd.Stderr = &c.log
			if err := c.cmd.Start(); err != nil {
				c.t.Fatal(err)
			}
		}
		var d *db.DB
		if d, err = db.Open(ctx, c.URL, db.Options{MaxConns: 1}); err == nil {
			d.Close()
			return
		}
		// After kill -9 the children of the old server may still be there, and the new one refuses to start until they are gone.
		if syscall.Kill(c.cmd.Process.Pid, 0) != nil || exited(c.cmd.Process.Pid) {
			c.cmd.Wait()
			c.cmd = nil
		}
	}
	c.t.Fatalf("PostgreSQL does not start: %v\n%s", err, c.log.String())
}

// exited tells whether a child has ended, without taking its end from Wait.
func exited(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := bytes.Cut(b, []byte(") "))
	return err == nil && bytes.HasPrefix(rest, []byte("Z"))
}

// Stop ends the server by a signal: SIGINT orderly, SIGQUIT at once and without writing anything more, SIGKILL as a power cut would.
func (c *Cluster) Stop(how syscall.Signal) {
	if c.cmd != nil {
		c.cmd.Process.Signal(how)
		c.cmd.Wait()
		c.cmd = nil
	}
}
