package archtest

import (
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/app"
)

var update = flag.Bool("update", false, "renew docs/imports.txt")

const root = "../.."

// ladder is the order in which packages may import each other: only downwards, and inside a step only along sameStep.
var ladder = [][]string{
	{"cmd/chungtay", "e2e"},
	{"app"},
	{"demo"},
	{"statistics", "portal"},
	{"directive", "campaign", "report", "casework", "shelter", "referral", "hotline", "inspection"},
	{"document", "task", "formbook", "notify", "account", "orgunit", "audit"},
	{"policy", "docparse", "doctext", "docrender", "formdef", "entitlement"},
	{"internal", "web"},
}

// sameStep lists the edges inside one step that were looked at and are wanted. internal/* are not listed: the compiler refuses cycles.
var sameStep = []string{
	"account audit",  // every event of an account is logged
	"orgunit audit",  // every change of a unit is logged
	"document audit", // every register entry is logged
	"document orgunit", "document account",
	"task audit", "task orgunit", "task account", "task notify", "task document",
	"notify account", "notify audit", "notify orgunit",
	"formbook account", "formbook audit", "formbook orgunit",
	"directive task",
	"doctext docparse",
	"docrender/lint docparse", "docrender/lint doctext", // the checker reads what it checks
}

func step(pkg string) int {
	top := strings.SplitN(pkg, "/", 2)[0]
	for i, s := range ladder {
		if slices.Contains(s, pkg) || slices.Contains(s, top) && (top == "internal" || top == "web" || len(pkg) > len(top)) {
			return i
		}
	}
	return -1
}

// down are the packages below internal/web that stand above others of internal: policy is used by them.
var belowPolicy = []string{"internal/web policy", "internal/agenda policy", "internal/archtest app", "internal/blob policy", "internal/jobs policy", "internal/seal policy",
	// The cast of tests and of the demonstration is made of these rooms; that nothing else uses it is checked below.
	"internal/world policy", "internal/world audit", "internal/world orgunit", "internal/world account"}

// castUsers may import the cast: tests do not count, so this is the demonstration alone.
var castUsers = []string{"app"}

func imports(t *testing.T) []string {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var edges []string
	d := json.NewDecoder(strings.NewReader(string(out)))
	for d.More() {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		from := strings.TrimPrefix(p.ImportPath, "chungtay/")
		for _, i := range p.Imports {
			if to, ok := strings.CutPrefix(i, "chungtay/"); ok {
				edges = append(edges, from+" "+to)
			}
		}
	}
	sort.Strings(edges)
	return edges
}

func TestImportsGoDownTheLadder(t *testing.T) {
	edges := imports(t)
	for _, e := range edges {
		from, to, _ := strings.Cut(e, " ")
		a, b := step(from), step(to)
		switch {
		case to == "internal/world" && !slices.Contains(castUsers, from):
			t.Errorf("%s: only tests and the demonstration use the cast", e)
		case a < 0 || b < 0:
			t.Errorf("%s: a package stands on no step; add it to the ladder", e)
		case slices.Contains(belowPolicy, e) || a < b:
		case a == b && (strings.HasPrefix(from, "internal/") && strings.HasPrefix(to, "internal/") || slices.Contains(sameStep, e)):
		case a == b && strings.SplitN(from, "/", 2)[0] == strings.SplitN(to, "/", 2)[0]:
		default:
			t.Errorf("%s goes up or sideways", e)
		}
	}
	text := "# Which package imports which. Renewed by `go test ./internal/archtest -update`, reviewed as prose.\n" + strings.Join(edges, "\n") + "\n"
	file := filepath.Join(root, "docs", "imports.txt")
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), text); d != "" {
		t.Errorf("docs/imports.txt differs from the code (go test ./internal/archtest -update, then review):\n%s", d)
	}
}

// source is one Go file with its string literals.
type source struct {
	path, dir string
	literals  []string
	test      bool
}

func sources(t *testing.T) []source {
	var out []source
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if e.IsDir() {
			if slices.Contains([]string{".git", "node_modules", "data", "bin", "tools", "testdata"}, e.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		s := source{path: rel, dir: filepath.Dir(rel), test: strings.HasSuffix(path, "_test.go")}
		ast.Inspect(f, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.BasicLit:
				if x.Kind == token.STRING {
					if v, err := strconv.Unquote(x.Value); err == nil {
						s.literals = append(s.literals, v)
					}
				}
			}
			return true
		})
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var (
	createTable = regexp.MustCompile(`CREATE (?:VIRTUAL )?TABLE (?:IF NOT EXISTS )?(\w+)`)
	usesTable   = regexp.MustCompile(`\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_][a-z_0-9]*)\b`)
	isSQL       = regexp.MustCompile(`\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\s`)
)

// sharedTables may be read outside their room: policy's scopes need to know what lies below a unit.
var sharedTables = map[string][]string{"orgunit_closure": {"policy"}, "schema_migration": {"internal/dump", "internal/db"}}

func TestOneRoomOwnsATable(t *testing.T) {
	owner := map[string]string{"schema_migration": "internal/db"}
	for _, m := range app.Migrations() {
		dir := ""
		for _, d := range []string{m.Room, "internal/" + m.Room} {
			if _, err := os.Stat(filepath.Join(root, d, "migrations")); err == nil {
				dir = d
			}
		}
		files, _ := filepath.Glob(filepath.Join(root, dir, "migrations", "*.sql"))
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range createTable.FindAllStringSubmatch(string(b), -1) {
				if other, ok := owner[x[1]]; ok && other != dir {
					t.Errorf("table %s is made by %s and by %s", x[1], other, dir)
				}
				owner[x[1]] = dir
			}
		}
	}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, l := range s.literals {
			for _, x := range usesTable.FindAllStringSubmatch(l, -1) {
				o, known := owner[x[1]]
				if known && o != s.dir && !slices.Contains(sharedTables[x[1]], s.dir) && isSQL.MatchString(l) {
					t.Errorf("%s uses table %s of %s: call the owner instead", s.path, x[1], o)
				}
			}
		}
	}
}

func TestPagesHoldNoSQL(t *testing.T) {
	for _, s := range sources(t) {
		name := filepath.Base(s.path)
		if s.test || !strings.HasPrefix(name, "page_") && !strings.HasSuffix(name, "_templ.go") && name != "routes.go" {
			continue
		}
		for _, l := range s.literals {
			if isSQL.MatchString(l) {
				t.Errorf("%s holds SQL: %.60q; it belongs into store.go", s.path, l)
			}
		}
	}
}

// Every key that the program speaks has a text, and every text is spoken.
func TestWords(t *testing.T) {
	words, err := app.Words()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	byDir := map[string]map[string]bool{}
	var prefixes []string
	for _, s := range sources(t) {
		if s.test || strings.HasPrefix(s.dir, "internal/archtest") {
			continue
		}
		if byDir[s.dir] == nil {
			byDir[s.dir] = map[string]bool{}
		}
		for _, l := range s.literals {
			all[l], byDir[s.dir][l] = true, true
			if strings.HasSuffix(l, ".") && regexp.MustCompile(`^[a-z_]+(\.[a-z_]+)*\.$`).MatchString(l) {
				prefixes = append(prefixes, l)
			}
		}
	}
	used := func(key string) bool {
		if all[key] || all[strings.TrimSuffix(key, "_hint")] {
			return true
		}
		for _, p := range prefixes { // "roles." + name
			if rest, ok := strings.CutPrefix(key, p); ok && !strings.Contains(rest, ".") {
				return true
			}
		}
		dot := strings.LastIndexByte(key, '.') // a field of a form: its prefix and its name stand apart in one package
		form, field := key[:dot], strings.TrimSuffix(key[dot+1:], "_hint")
		for _, in := range byDir {
			if in[form] && (in[field] || in[field+".day"]) {
				return true
			}
		}
		return false
	}
	for _, k := range words.Keys() {
		if !used(k) {
			t.Errorf("the text of %q is never used", k)
		}
	}
	tops := map[string]bool{}
	for _, k := range words.Keys() {
		tops[strings.SplitN(k, ".", 2)[0]] = true
	}
	call := regexp.MustCompile(`(?:i18n\.T\(ctx, |rq\.T\(|\.Say\(|errs\.New\(errs\.\w+, |errs\.AtField\("[^"]*", |\.Refuse\("[^"]*", |Key: )"([a-z0-9_.-]+)"\s*([,)}])`)
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		b, err := os.ReadFile(filepath.Join(root, s.path))
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range call.FindAllStringSubmatch(string(b), -1) {
			if tops[strings.SplitN(x[1], ".", 2)[0]] && !words.Has(x[1]) && strings.Contains(x[1], ".") {
				t.Errorf("%s speaks %q, which has no text", s.path, x[1])
			}
		}
	}
}

func TestNoLeftovers(t *testing.T) {
	bad := regexp.MustCompile(`\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\b|/(root|work)/|/tmp/[a-z]`)
	cmd := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Skip("SKIPPED: not a git checkout")
	}
	for _, name := range strings.Fields(string(out)) {
		switch filepath.Ext(name) {
		case ".go", ".templ", ".md", ".toml", ".sql", ".sh", ".css", ".js", "":
		default:
			continue
		}
		if strings.HasPrefix(name, "web/dist/") || strings.Contains(name, "testdata/") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			continue
		}
		for i, line := range strings.Split(string(b), "\n") {
			if m := bad.FindString(line); m != "" {
				t.Errorf("%s:%d holds %q", name, i+1, m)
			}
		}
	}
}
