package load

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"chungtay/account"
	"chungtay/app"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/ids"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/report"
)

// TestMain lets this binary be the server that is killed: with LOAD_SERVE set it is the program's command "serve".
func TestMain(m *testing.M) {
	if os.Getenv("LOAD_SERVE") != "" {
		os.Exit(app.Main([]string{"serve"}, os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

const password = "mật khẩu thử tải"

var loader = policy.System("load")

// office is a reporting unit with its officer, signed in.
type office struct {
	Unit, Person string
	token        string
}

// nation is an installation with many reporting units.
type nation struct {
	t       testing.TB
	env     []string
	in      *app.Installation
	address string
	top     orgunit.Unit
	head    office   // who asks
	offices []office // who reports
	form    *formdef.Form
}

// newNation settles as many provinces as it takes for n reporting units and signs an officer of each in. dsn: where.
func newNation(t testing.TB, dsn string, n int) *nation {
	t.Helper()
	dir := t.TempDir()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	x := &nation{t: t, address: ln.Addr().String()}
	ln.Close()
	if dsn == "" {
		dsn = "sqlite:" + filepath.Join(dir, "site.db")
	}
	x.env = []string{"CHUNGTAY_DATABASE_URL=" + dsn, "CHUNGTAY_FILES_URL=folder:" + filepath.Join(dir, "files"), "CHUNGTAY_KEYS_FILE=" + filepath.Join(dir, "keyring.json"),
		"CHUNGTAY_AUDIT_KEY_FILE=" + filepath.Join(dir, "audit.key"), "CHUNGTAY_SERVER_LISTEN=" + x.address, "CHUNGTAY_SERVER_PUBLIC_URL=http://" + x.address, "CHUNGTAY_LOG_LEVEL=warn"}
	cfg, err := app.LoadConfig("", x.env)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if x.in, err = app.Open(ctx, cfg, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.in.Close() })
	if err := x.in.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	x.in.Accounts.Hasher = account.NewQuickHasher()
	stored, err := x.in.Accounts.Hasher.Hash(ctx, password)
	if err != nil {
		t.Fatal(err)
	}
	var units []orgunit.Unit
	x.write(func(tx *db.Tx) error {
		since := civil.MustParse("2025-07-01")
		if x.top, err = x.in.Units.EstablishNation(tx, loader, since); err != nil {
			return err
		}
		provinces, err := orgunit.Areas(tx, "", civil.Of(tx.Now))
		if err != nil {
			return err
		}
		for _, p := range provinces {
			committee, err := x.in.Units.EstablishProvince(tx, loader, x.top.ID, p.ID, since, "")
			if err != nil {
				return err
			}
			below, err := orgunit.Below(tx, committee.ID, civil.Of(tx.Now))
			if err != nil {
				return err
			}
			if units = append(units, below...); len(units) >= n {
				units = units[:n]
				break
			}
		}
		// What the standard set of 34 provinces lacks of the number wanted are health stations of communes.
		for i := 0; len(units) < n; i++ {
			if units[i].Level != orgunit.Commune || units[i].Kind != orgunit.PeoplesComm {
				continue
			}
			u, err := x.in.Units.Establish(tx, loader, orgunit.Unit{Name: fmt.Sprintf("Trạm Y tế %05d", i), Kind: orgunit.Hospital, Level: orgunit.Commune, Superior: units[i].ID}, since, "")
			if err != nil {
				return err
			}
			units = append(units, u)
		}
		x.form, err = x.published(tx)
		return err
	})
	if len(units) < n {
		t.Fatalf("the nation has %d units, %d are wanted", len(units), n)
	}
	x.head = x.hire([]orgunit.Unit{x.top}, stored)[0]
	x.offices = x.hire(units, stored)
	x.signIn()
	return x
}

const formOfTheDay = "ket_qua_30_7"

func (x *nation) published(tx *db.Tx) (*formdef.Form, error) {
	_, f, err := x.in.Forms.Published(tx, formOfTheDay)
	return f, err
}

func (x *nation) write(f func(tx *db.Tx) error) {
	x.t.Helper()
	if err := x.in.DB.Write(context.Background(), f); err != nil {
		x.t.Fatal(err)
	}
}

func (x *nation) read(f func(tx *db.Tx) error) {
	x.t.Helper()
	if err := x.in.DB.Read(context.Background(), f); err != nil {
		x.t.Fatal(err)
	}
}

// hire gives each unit an officer.
func (x *nation) hire(units []orgunit.Unit, stored string) []office {
	var out []office
	x.write(func(tx *db.Tx) error {
		for _, u := range units {
			p, err := x.in.Accounts.Enrol(tx, loader, account.NewPerson{Name: "Cán bộ Thử Tải", Login: "cb." + u.ID}, stored, account.NewHolding{Role: "officer", Unit: u.ID, From: civil.Of(tx.Now)})
			if err != nil {
				return err
			}
			out = append(out, office{Unit: u.ID, Person: p.ID})
		}
		return nil
	})
	return out
}

// signIn opens a session for everybody.
func (x *nation) signIn() {
	work := make(chan *office)
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for o := range work {
				got, err := x.in.Accounts.SignIn(context.Background(), x.in.DB, account.Attempt{Login: "cb." + o.Unit, Password: password, Address: fmt.Sprintf("10.%d.%s", w, o.Unit[20:])})
				if err != nil {
					x.t.Error(err)
				}
				o.token = got.Token
			}
		})
	}
	work <- &x.head
	for i := range x.offices {
		work <- &x.offices[i]
	}
	close(work)
	all.Wait()
	if x.t.Failed() {
		x.t.FailNow()
	}
}

// server is the program in a process of its own.
type server struct{ *exec.Cmd }

func (x *nation) serve() *server {
	x.t.Helper()
	cmd := exec.Command(os.Args[0])
	others := slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "CHUNGTAY_") }) // the settings of tests are no settings
	cmd.Env = append(append(others, x.env...), "LOAD_SERVE=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		x.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		x.t.Fatal(err)
	}
	s := &server{cmd}
	x.t.Cleanup(s.kill)
	if line := bufio.NewScanner(out); !line.Scan() || !strings.HasPrefix(line.Text(), "Chung Tay") {
		x.t.Fatal("the server did not start")
	}
	return s
}

// kill is kill -9.
func (s *server) kill() {
	if s.ProcessState == nil {
		s.Process.Signal(syscall.SIGKILL)
		s.Wait()
	}
}

// paper is a report an office has to send.
type paper struct {
	office  office
	ID      string
	version int64
	values  url.Values
	total   int64 // people reached
}

// ask lets the head ask the first n offices for a report and opens the drafts.
func (x *nation) ask(title string, n int) (report.Asked, []paper) {
	x.t.Helper()
	var units []string
	by := map[string]office{}
	for _, o := range x.offices[:n] {
		units = append(units, o.Unit)
		by[o.Unit] = o
	}
	var a report.Asked
	x.write(func(tx *db.Tx) (err error) {
		today := civil.Of(tx.Now)
		a, err = x.in.Reports.Ask(tx, loader, report.New{Unit: x.top.ID, Title: title, Form: formOfTheDay, Due: deadline.New(deadline.Until, today.AddDays(1)), From: today.AddDays(-30), To: today, Units: units, Quiet: true})
		return err
	})
	type owed struct {
		ID   string `db:"id"`
		Unit string `db:"unit_id"`
	}
	var list []owed
	x.read(func(tx *db.Tx) (err error) {
		list, err = db.All[owed](tx, `SELECT id, unit_id FROM report WHERE request_id = $1 ORDER BY id`, a.ID)
		return err
	})
	if len(list) != n {
		x.t.Fatalf("%d reports are owed, want %d", len(list), n)
	}
	var out []paper
	for at := 0; at < n; at += 250 {
		x.write(func(tx *db.Tx) error {
			for i := at; i < min(at+250, n); i++ {
				o := by[list[i].Unit]
				actor, err := x.in.Accounts.ActorOf(tx, o.Person)
				if err != nil {
					return err
				}
				r, err := x.in.Reports.Start(tx, actor, list[i].ID)
				if err != nil {
					return err
				}
				v, total := x.values(int64(i))
				v.Set("version", strconv.FormatInt(r.Version, 10))
				v.Set("once", ids.New(time.Now()))
				v.Set("do", "submit")
				out = append(out, paper{o, r.ID, r.Version, v, total})
			}
			return nil
		})
	}
	return a, out
}

// values fills every input of the form: figures that hold together, other ones for each unit.
func (x *nation) values(unit int64) (v url.Values, total int64) {
	v = url.Values{}
	for _, c := range x.form.Cells() {
		if c.Calculated() || c.Repeat != nil {
			continue
		}
		name := formdef.InputValue + c.Address
		switch {
		case c.Field.Type == formdef.Narrative:
			v.Set(name, "Đơn vị đã phổ biến kế hoạch tới toàn thể cán bộ, treo băng rôn tại trụ sở và phát thanh trong suốt đợt.")
		case !c.Figure:
		case reached(c):
			n := 20 + unit%7
			total += n
			v.Set(name, strconv.FormatInt(n, 10))
		case c.Table != nil && c.Table.Name == "truc_tiep" && !strings.HasSuffix(c.Address, "/nu"):
			v.Set(name, "1")
		default:
			v.Set(name, "0")
		}
	}
	return v, total
}

// reached tells whether a cell counts people reached directly.
func reached(c formdef.Cell) bool {
	return c.Table != nil && c.Table.Name == "truc_tiep" && strings.HasSuffix(c.Address, "/nguoi")
}

// client is the HTTP client of all offices; it follows no redirect.
var client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 256, MaxConnsPerHost: 256},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func (x *nation) call(method, path, token string, form url.Values) (status int, body string, err error) {
	var in io.Reader
	if form != nil {
		in = strings.NewReader(form.Encode())
	}
	rq, err := http.NewRequest(method, "http://"+x.address+path, in)
	if err != nil {
		return 0, "", err
	}
	if form != nil {
		rq.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rq.AddCookie(&http.Cookie{Name: account.CookieName, Value: token})
	resp, err := client.Do(rq)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

// send sends one report; an answer other than the usual one is an error.
func (x *nation) send(p paper) error {
	status, body, err := x.call("POST", "/reports/"+p.ID+"/edit", p.office.token, p.values)
	if err != nil {
		return &lost{err}
	}
	if status != http.StatusSeeOther {
		return fmt.Errorf("%d: %.200s", status, body[max(0, strings.Index(body, "<h1")):])
	}
	return nil
}

// lost is a request without an answer.
type lost struct{ error }

// submissions counts, for each report of a request, what was kept.
func (x *nation) submissions(a report.Asked) (kept map[string]int, bodies map[string]string) {
	type row struct {
		Report string `db:"report_id"`
		Body   string `db:"body"`
	}
	kept, bodies = map[string]int{}, map[string]string{}
	x.read(func(tx *db.Tx) error {
		for r, err := range db.Each[row](tx, `SELECT s.report_id, s.body FROM report_submission s JOIN report r ON r.id = s.report_id WHERE r.request_id = $1`, a.ID) {
			if err != nil {
				return err
			}
			kept[r.Report]++
			bodies[r.Report] = r.Body
		}
		return nil
	})
	return kept, bodies
}

// check asserts that each acknowledged report is there exactly once, with its own figures, and nothing else is there.
func (x *nation) check(a report.Asked, sent []paper) {
	x.t.Helper()
	kept, bodies := x.submissions(a)
	if len(kept) != len(sent) {
		x.t.Errorf("%d reports are kept, %d were acknowledged", len(kept), len(sent))
	}
	for _, p := range sent {
		if kept[p.ID] != 1 {
			x.t.Errorf("an acknowledged report is there %d times", kept[p.ID])
			continue
		}
		v, _, err := x.form.Decode([]byte(bodies[p.ID]))
		if err != nil {
			x.t.Error(err)
		}
		var got int64
		for _, c := range x.form.Cells() {
			if reached(c) {
				got += v[c.Address].Num.Int64()
			}
		}
		if got != p.total {
			x.t.Errorf("a report says %d people were reached, %d were sent", got, p.total)
		}
	}
}
