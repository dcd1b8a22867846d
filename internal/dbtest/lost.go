package dbtest

import (
	"bytes"
	"net"
	"net/url"
	"sync/atomic"
	"testing"

	"chungtay/internal/db"
)

// LoseCommits opens a PostgreSQL database of its own whose next commit of a write, each time lose is called, takes place without its answer arriving: the
// connection breaks in between.
func LoseCommits(t testing.TB, rooms []db.Migrations, o db.Options) (d *db.DB, lose func()) {
	t.Helper()
	u, err := url.Parse(PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	server := u.Host
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	var armed atomic.Bool
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			up, err := net.Dial("tcp", server)
			if err != nil {
				c.Close()
				continue
			}
			go func() {
				defer c.Close()
				defer up.Close()
				var lost atomic.Bool
				go func() {
					defer c.Close()
					defer up.Close()
					b := make([]byte, 32<<10)
					for {
						n, err := up.Read(b)
						if err != nil || lost.Load() { // the answer to the commit: it took place
							return
						}
						if _, err := c.Write(b[:n]); err != nil {
							return
						}
					}
				}()
				b := make([]byte, 32<<10)
				reads := false
				for {
					n, err := c.Read(b)
					if err != nil {
						return
					}
					sent := bytes.ToLower(b[:n])
					if bytes.Contains(sent, []byte("begin")) {
						reads = bytes.Contains(sent, []byte("read only"))
					}
					if !reads && bytes.Contains(sent, []byte("commit\x00")) && armed.CompareAndSwap(true, false) {
						lost.Store(true)
					}
					if _, err := up.Write(b[:n]); err != nil {
						return
					}
				}
			}()
		}
	}()
	u.Host = ln.Addr().String()
	return open(t, u.String(), rooms, o), func() { armed.Store(true) }
}
