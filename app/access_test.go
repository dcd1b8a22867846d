package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/account"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/ids"
	"chungtay/internal/web"
	"chungtay/internal/world"
	"chungtay/policy"
)

// Access is proved by enumeration: every route is asked by every role, by somebody without a role and by the public, for a record of
// their own unit, of a unit below, of a unit above, of a stranger that is addressed to them, and of a stranger. Nothing is written: each
// deed runs in full and is rolled back.
//
// A room says in app/access/ROOM.txt how its routes are asked, one line a route:
//
//	GET /tasks                 shows=task
//	GET /tasks/{id}            id=task
//	POST /tasks/{id}/note      id=task text=x
//	GET /tasks/{id}/f/{file}   id=task file=task.file
//	GET /open/{token}          token=#abc
//
// name=KIND fills {name} with a record of a kind, name=KIND.PART with a part of the same record, name=#TEXT with text; everything else
// of that shape is a field of the form, and @Name=value a header. shows=KIND looks for the records of that kind on the page. The records of a kind are made by
// records("KIND", …) in app/access_ROOM_test.go: identifiers by relation. The answers stand in app/access/ROOM.golden, which is renewed by
//
//	go test ./app -run Access -update
//
// and reviewed line by line: in (answered), no (403), absent (404), sign-in.

// scene is the world in which the routes are asked. All roles are held in Here.
type scene struct {
	*Installation
	*world.World
	t         testing.TB
	Here      world.Office            // Sở Y tế Thanh Hóa: every role is held here
	Below     world.Office            // Cơ sở trợ giúp xã hội
	Above     world.Office            // UBND tỉnh Thanh Hóa
	Elsewhere world.Office            // Sở LĐTBXH Sơn La
	Role      map[string]policy.Actor // who holds each role
	Instead   map[string]policy.Actor // who asks in the place of a role's holder, if somebody does
	known     map[string]map[string]string
	later     []func() error
}

// Later runs f when the records of a kind are committed: for operations that open their own transactions.
func (s *scene) Later(f func() error) { s.later = append(s.later, f) }

// relations in the order they are asked and shown. A room may add others (mine…); they follow.
var relations = []string{"own", "below", "above", "addressed", "foreign"}

type maker func(s *scene, tx *db.Tx) (map[string]string, error)

var makers = map[string]maker{}

// records says how the records of a kind are made: identifiers by relation ("own", "below", "above", "addressed", "foreign", or others),
// parts of a record as "own.PART", and what differs by who asks as "mine:ROLE".
func records(kind string, f maker) bool {
	if makers[kind] != nil {
		panic("two rooms make records of kind " + kind)
	}
	makers[kind] = f
	return true
}

const nobody, outsider = "public", "without_role"

func newScene(t *testing.T, d *db.DB) *scene {
	dir := t.TempDir()
	cfg, err := LoadConfig("", []string{"CHUNGTAY_FILES_URL=folder:" + dir + "/files", "CHUNGTAY_KEYS_FILE=" + dir + "/keyring.json", "CHUNGTAY_AUDIT_KEY_FILE=" + dir + "/audit.key"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	in, err := Assemble(cfg, d, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Unlock(ctx); err != nil { // without the whole map: the cast brings the part it needs
		t.Fatal(err)
	}
	in.Accounts.Hasher = account.NewQuickHasher()
	w := world.New(t, d, in.Book)
	s := &scene{Installation: in, World: w, t: t, Here: w.ThanhHoa.Health, Below: w.ThanhHoa.Centre, Above: w.ThanhHoa.Committee, Elsewhere: w.SonLa.Labour,
		Role: map[string]policy.Actor{}, known: map[string]map[string]string{}}
	dbtest.Write(t, d, func(tx *db.Tx) error {
		for _, r := range append(in.Book.Roles(), outsider) {
			var roles []account.NewHolding
			if r != outsider {
				roles = append(roles, account.NewHolding{Role: r, Unit: s.Here.ID, Below: r == account.Administrator, From: civil.MustParse("2020-01-01")})
			}
			p, err := in.Accounts.Enrol(tx, policy.System("access"), account.NewPerson{Name: "Người giữ vai " + strings.ReplaceAll(r, "_", " "), Login: "vai." + r}, "", roles...)
			if err != nil {
				return err
			}
			if s.Role[r], err = in.Accounts.ActorOf(tx, p.ID); err != nil {
				return err
			}
		}
		return nil
	})
	for _, kind := range slices.Sorted(maps.Keys(makers)) {
		dbtest.Write(t, d, func(tx *db.Tx) error {
			made, err := makers[kind](s, tx)
			if err != nil {
				return fmt.Errorf("records of kind %q: %w", kind, err)
			}
			s.known[kind] = made
			return nil
		})
		for _, f := range s.later {
			if err := f(); err != nil {
				t.Fatalf("records of kind %q: %v", kind, err)
			}
		}
		s.later = nil
	}
	return s
}

// of lists the relations a kind has for somebody.
func (s *scene) of(kind, role string) []string {
	var out []string
	have := map[string]bool{}
	for k := range s.known[kind] {
		base, who, _ := strings.Cut(k, ":")
		if !strings.Contains(k, ".") && (who == "" || who == role) {
			have[base] = true
		}
	}
	for _, r := range relations {
		if have[r] {
			out = append(out, r)
			delete(have, r)
		}
	}
	return append(out, slices.Sorted(maps.Keys(have))...)
}

func (s *scene) id(kind, relation, role string) string {
	kind, part, _ := strings.Cut(kind, ".")
	if part != "" {
		part = "." + part
	}
	if id, ok := s.known[kind][relation+part+":"+role]; ok {
		return id
	}
	return s.known[kind][relation+part]
}

// Actor makes scene a web.Doorkeeper: the request says who is knocking.
func (s *scene) Actor(tx *db.Tx, r *http.Request) (policy.Actor, error) {
	role := r.Header.Get("X-Role")
	if a, ok := s.Instead[role]; ok {
		return a, nil
	}
	return s.Role[role], nil
}
func (s *scene) Seen(context.Context, policy.Actor, *http.Request) {}
func (s *scene) SignInPath(string) string                          { return "/sign-in" }

// asking is one line of a table: how a route is asked.
type asking struct {
	file, route string
	path        map[string]string // {name}: KIND, KIND.PART or #TEXT
	form        url.Values
	header      map[string]string
	shows       []string
}

func (a asking) kind() string {
	for _, v := range a.path {
		if !strings.HasPrefix(v, "#") {
			return strings.SplitN(v, ".", 2)[0]
		}
	}
	return ""
}

func readAccess(t *testing.T) map[string]asking {
	files, err := filepath.Glob("access/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]asking{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for n, l := range strings.Split(string(b), "\n") {
			words := strings.Fields(l)
			if len(words) == 0 || words[0][0] == '#' {
				continue
			}
			if len(words) < 2 {
				t.Fatalf("%s:%d: a line names a method and a path", f, n+1)
			}
			a := asking{file: f, route: words[0] + " " + words[1], path: map[string]string{}, form: url.Values{}, header: map[string]string{}}
			for _, w := range words[2:] {
				name, value, ok := strings.Cut(w, "=")
				switch {
				case !ok:
					t.Fatalf("%s:%d: %q is not name=value", f, n+1, w)
				case name[0] == '@':
					a.header[name[1:]] = value
				case name == "shows":
					a.shows = append(a.shows, value)
				case strings.Contains(a.route, "{"+name+"}"), strings.Contains(a.route, "{"+name+"...}"):
					a.path[name] = value
				default:
					a.form.Add(name, value)
				}
			}
			if _, twice := out[a.route]; twice {
				t.Errorf("%s:%d: %s has a line already", f, n+1, a.route)
			}
			for _, kind := range append(slices.Collect(maps.Values(a.path)), a.shows...) {
				if k := strings.SplitN(kind, ".", 2)[0]; kind[0] != '#' && makers[k] == nil {
					t.Fatalf("%s:%d: nobody makes records of kind %q; write records(%q, …) into app/access_ROOM_test.go", f, n+1, k, k)
				}
			}
			out[a.route] = a
		}
	}
	return out
}

// ask sends one request and says in a word what came back, with the kinds of records that the page shows.
func (s *scene) ask(h http.Handler, a asking, needs policy.Permission, relation, role string) string {
	method, path, _ := strings.Cut(a.route, " ")
	path = strings.TrimSuffix(path, "{$}")
	for name, v := range a.path {
		value, literal := strings.CutPrefix(v, "#")
		if !literal {
			if value = s.id(v, relation, role); value == "" {
				s.t.Errorf("%s: there is no %s record of kind %s", a.route, relation, v)
			}
		}
		path = strings.NewReplacer("{"+name+"}", url.PathEscape(value), "{"+name+"...}", value).Replace(path)
	}
	if strings.Contains(path, "{") {
		s.t.Fatalf("%s: the line in %s does not say what stands for a {name}", a.route, a.file)
	}
	var body io.Reader
	if method == "GET" || method == "HEAD" {
		if len(a.form) > 0 {
			path += "?" + a.form.Encode()
		}
	} else {
		body = strings.NewReader(a.form.Encode())
	}
	r := httptest.NewRequest(method, path, body)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, v := range a.header {
		r.Header.Set(k, v)
	}
	r.Header.Set("X-Role", role)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	to := w.Header().Get("Location")
	word := fmt.Sprint(w.Code)
	switch {
	case w.Code == 401, w.Code == 303 && strings.HasPrefix(to, "/sign-in") && role == nobody && needs != policy.Public:
		word = "sign-in"
	case w.Code == 403:
		word = "no"
	case w.Code == 404:
		word = "absent"
	case w.Code < 400, w.Code == 409, w.Code == 412, w.Code == 413, w.Code == 415, w.Code == 422, w.Code == 429:
		word = "in"
	default:
		s.t.Errorf("%s by %s for %s: status %d\n%s", a.route, role, relation, w.Code, w.Body.String())
	}
	if bytes.Contains(w.Body.Bytes(), []byte("⟦")) {
		i := bytes.Index(w.Body.Bytes(), []byte("⟦"))
		s.t.Errorf("%s by %s: a word without a text: %.60s", a.route, role, w.Body.Bytes()[i:])
	}
	if word == "in" {
		for _, kind := range a.shows {
			var seen []string
			for _, rel := range s.of(kind, role) {
				if strings.Contains(w.Body.String(), s.id(kind, rel, role)) {
					seen = append(seen, rel)
				}
			}
			if seen == nil {
				seen = []string{"nothing"}
			}
			word += " and sees " + kind + " " + strings.Join(seen, "+")
		}
	}
	return word
}

func TestAccess(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) {
		table := readAccess(t)
		s := newScene(t, d)
		srv, err := s.Server()
		if err != nil {
			t.Fatal(err)
		}
		srv.Door = s
		h := srv.Handler()
		known := map[string]bool{}
		var missing []string
		for _, r := range srv.Routes {
			known[r.Pattern] = true
			if _, ok := table[r.Pattern]; !ok {
				missing = append(missing, r.Pattern)
			}
		}
		if missing != nil {
			t.Errorf("these routes have no line in app/access/ROOM.txt. Add one each, like\n\t%s\nthen run `go test ./app -run Access -update` and read the answers in ROOM.golden (docs/rooms.md says how):\n%s",
				example(missing[0]), strings.Join(missing, "\n"))
		}
		for route, a := range table {
			if !known[route] {
				t.Errorf("%s: the program has no route %q", a.file, route)
			}
		}
		d.Rehearse(func(*db.Tx) {})
		answers := map[string]map[string][]string{} // file -> route -> lines
		asked := 0
		for _, r := range srv.Routes {
			a, ok := table[r.Pattern]
			if !ok {
				continue
			}
			if answers[a.file] == nil {
				answers[a.file] = map[string][]string{}
			}
			lines, n := s.answers(h, r, a)
			answers[a.file][r.Pattern] = lines
			asked += n
		}
		t.Logf("%d routes, %d roles and two without, %d requests", len(srv.Routes), len(s.Installation.Book), asked)
		for file, by := range answers {
			var b strings.Builder
			fmt.Fprintf(&b, "# Who may do what: written by go test ./app -run Access -update, reviewed line by line.\n")
			for _, route := range slices.Sorted(maps.Keys(by)) {
				fmt.Fprintf(&b, "\n%s\n", route)
				for _, l := range by[route] {
					fmt.Fprintf(&b, "\t%s\n", l)
				}
			}
			compare(t, strings.TrimSuffix(file, ".txt")+".golden", b.String())
		}
	})
}

func example(route string) string {
	for _, name := range []string{"id", "holding", "file", "token"} {
		if strings.Contains(route, "{"+name+"}") {
			return route + " " + name + "=KIND"
		}
	}
	return route
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); err != nil || diff != "" {
		t.Errorf("%s: who may do what has changed. If it is meant, renew with `go test ./app -run Access -update` and review.\n%s", path, diff)
	}
}

// answers asks one route by everybody and returns one line for each group of people who were answered alike.
func (s *scene) answers(h http.Handler, r web.Route, a asking) ([]string, int) {
	var order []string
	who := map[string][]string{}
	n := 0
	for _, role := range append(s.Installation.Book.Roles(), outsider, nobody) {
		rels := []string{""}
		if k := a.kind(); k != "" {
			rels = s.of(k, role)
			if !s.Role[role].Holds(r.Needs) {
				rels = rels[:1] // the door is closed whatever stands behind it
			}
		}
		var parts []string
		same := true
		first := ""
		for i, rel := range rels {
			answer := s.ask(h, a, r.Needs, rel, role)
			n++
			if i == 0 {
				first = answer
			}
			same = same && answer == first
			parts = append(parts, rel+" "+answer)
		}
		line := first
		if !same {
			line = strings.Join(parts, ", ")
		}
		if who[line] == nil {
			order = append(order, line)
		}
		who[line] = append(who[line], role)
	}
	var out []string
	for _, line := range order {
		name := strings.Join(who[line], " ")
		if len(who[line]) == len(s.Installation.Book)+2 {
			name = "everybody"
		}
		out = append(out, name+": "+line)
	}
	return out, n
}

// no such record: a valid identifier that stands for nothing.
var _ = records("none", func(s *scene, tx *db.Tx) (map[string]string, error) {
	return map[string]string{"none": ids.New(tx.Now)}, nil
})
