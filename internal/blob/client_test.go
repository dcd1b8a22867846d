package blob

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"chungtay/internal/db"
	"chungtay/internal/seal"
)

// TestMain lets this binary be the server that is killed: with BLOB_SERVE set to a folder it serves an installation there on BLOB_LISTEN;
// and the process whose disk is full: BLOB_FULL.
func TestMain(m *testing.M) {
	run := func() error { os.Exit(m.Run()); return nil }
	if dir := os.Getenv("BLOB_SERVE"); dir != "" {
		run = func() error { return serveForKill(dir, os.Getenv("BLOB_LISTEN")) }
	} else if dir := os.Getenv("BLOB_FULL"); dir != "" {
		run = func() error { return fullStore(dir) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serveForKill(dir, address string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, "sqlite:"+filepath.Join(dir, "test.db"), db.Options{})
	if err != nil {
		return err
	}
	if _, err := d.Migrate(ctx, rooms()); err != nil {
		return err
	}
	v, err := seal.Open(ctx, d, seal.KeyFile{Path: filepath.Join(dir, "key.json")})
	if err != nil {
		return err
	}
	s, err := Open(ctx, d, v, Options{URL: "folder:" + filepath.Join(dir, "files"), Max: 100 << 20})
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("ready " + ln.Addr().String())
	return http.Serve(ln, (&house{Store: s, ctx: ctx, vault: v}).handler())
}

// killable is a server in a process of its own.
type killable struct {
	*exec.Cmd
	address string
}

func startServer(t *testing.T, dir, address string) *killable {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "BLOB_SERVE="+dir, "BLOB_LISTEN="+address)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	lines := bufio.NewScanner(out)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "ready ") {
		t.Fatal("the server did not start")
	}
	return &killable{cmd, strings.TrimPrefix(lines.Text(), "ready ")}
}

// tus-js-client, which others wrote, uploads to a server that is killed again and again; it goes on where the server stands, and what
// arrives is what was sent.
func TestTusJSClientAcrossKills(t *testing.T) {
	if os.Getenv("CHUNGTAY_E2E") == "" {
		t.Skip("SKIPPED: tests with tus-js-client run with CHUNGTAY_E2E=1; `make test` sets it")
	}
	if _, err := os.Stat("../../web/node_modules/tus-js-client"); err != nil {
		t.Fatal("tus-js-client is missing; run `npm ci --ignore-scripts` in web/ (make deps does)")
	}
	for _, chunk := range []string{"all", "300000"} {
		t.Run("chunk "+chunk, func(t *testing.T) {
			dir := t.TempDir()
			b := pdf(24 << 20)
			file := filepath.Join(t.TempDir(), "a.pdf")
			if err := os.WriteFile(file, b, 0o600); err != nil {
				t.Fatal(err)
			}
			srv := startServer(t, dir, "127.0.0.1:0")
			client := exec.Command("node", "testdata/upload.mjs", "http://"+srv.address+TusPath, file, "Kế hoạch 30-7.pdf", chunk)
			client.Stderr = os.Stderr
			out, err := client.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := client.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { client.Process.Kill() })
			at, kills := "", 0
			for lines := bufio.NewScanner(out); lines.Scan(); {
				word, rest, _ := strings.Cut(lines.Text(), " ")
				switch word {
				case "at":
					n, err := strconv.Atoi(rest)
					if err != nil {
						t.Fatal(lines.Text())
					}
					if kills < 3 && n > (kills+1)*len(b)/4 && n < len(b) {
						kills++
						srv.Process.Kill()
						srv.Wait()
						srv = startServer(t, dir, srv.address)
					}
				case "done":
					at = rest
				default:
					t.Fatal(lines.Text())
				}
			}
			client.Wait()
			if at == "" || kills == 0 {
				t.Fatalf("not done (%q), or not killed (%d)", at, kills)
			}
			t.Logf("killed %d times", kills)
			form := call(t, "POST", "http://"+srv.address+"/form", "an", strings.NewReader("papers_sent="+at), "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html")
			form.want(t, 200, `"Kế hoạch 30-7.pdf"`)
			id := strings.Split(strings.Split(form.body, `"ID":"`)[1], `"`)[0]
			got := call(t, "GET", "http://"+srv.address+"/file/"+id, "an", nil)
			if !bytes.Equal([]byte(got.body), b) {
				t.Errorf("%d bytes came back, other than sent", len(got.body))
			}
		})
	}
}
