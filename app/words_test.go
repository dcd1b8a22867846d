package app

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Every deed that the program writes into the audit log, every kind of record and every field of which it keeps before and after has a
// Vietnamese and an English word, so that the log reads as sentences and can be searched by what people call a deed. They are read from
// the source with its types: what is written is found, whether it stands there, comes through a variable or is put together.
func TestDeedsHaveWords(t *testing.T) {
	l := readLogged(t)
	if len(l.actions) < 100 || len(l.kinds) < 20 || len(l.fields) < 100 {
		t.Fatalf("only %d deeds, %d kinds and %d fields were found in the source", len(l.actions), len(l.kinds), len(l.fields))
	}
	t.Logf("%d deeds, %d kinds of record, %d fields", len(l.actions), len(l.kinds), len(l.fields))
	words, err := Words()
	if err != nil {
		t.Fatal(err)
	}
	for prefix, set := range map[string]map[string]bool{"deed.": l.actions, "record.": l.kinds, "field.": l.fields} {
		for _, s := range slices.Sorted(maps.Keys(set)) {
			key := prefix + strings.ReplaceAll(s, ".", "_")
			if s != "" && !words.Has(key) {
				t.Errorf("no word for %s", key)
			}
		}
	}
}

// open are the places where what is logged is named by data, not by the program.
var open = map[string]string{
	"account.Opening.Kind": "kinds of protected records are given by later rooms, which word them",
}

// logged is what the source says may be written into the log.
type logged struct {
	t                      *testing.T
	actions, kinds, fields map[string]bool
	fset                   *token.FileSet
	info                   *types.Info
	files                  []*ast.File
	depth                  int
}

func readLogged(t *testing.T) *logged {
	l := &logged{t: t, actions: map[string]bool{}, kinds: map[string]bool{}, fields: map[string]bool{}, fset: token.NewFileSet()}
	type listed struct {
		ImportPath, Export, Dir string
		GoFiles, Imports        []string
	}
	list := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export,Dir,GoFiles,Imports", "./...")
	list.Dir, list.Stderr = "..", os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	var rooms []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if p.ImportPath == "chungtay/audit" || slices.Contains(p.Imports, "chungtay/audit") {
			rooms = append(rooms, p)
		}
	}
	imp := importer.ForCompiler(l.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for _, p := range rooms {
		if p.ImportPath == "chungtay/internal/world" { // of tests
			continue
		}
		l.files, l.info = nil, &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(l.fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			l.files = append(l.files, f)
		}
		if _, err := (&types.Config{Importer: imp}).Check(p.ImportPath, l.fset, l.files, l.info); err != nil {
			t.Fatal(err)
		}
		for _, f := range l.files {
			ast.Inspect(f, l.visit)
		}
	}
	return l
}

func (l *logged) is(e ast.Expr, name string) bool {
	t := l.info.Types[e].Type
	return t != nil && strings.TrimPrefix(t.String(), "*") == "chungtay/audit."+name
}

func (l *logged) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CompositeLit:
		for _, e := range n.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			switch {
			case !ok:
			case l.is(n, "Deed"):
				switch kv.Key.(*ast.Ident).Name {
				case "Action":
					l.add(l.actions, kv.Value)
				case "Kind":
					l.add(l.kinds, kv.Value)
				}
			case l.is(n, "Change"):
				l.add(l.fields, kv.Key)
			}
		}
	case *ast.AssignStmt:
		for _, e := range n.Lhs {
			if x, ok := e.(*ast.IndexExpr); ok && l.is(x.X, "Change") && !strings.HasSuffix(l.fset.Position(x.Pos()).Filename, "/audit/audit.go") { // Diff itself
				l.add(l.fields, x.Index)
			}
		}
	case *ast.CallExpr:
		if f := l.called(n); f != nil && f.FullName() == "chungtay/audit.Diff" {
			for _, a := range n.Args {
				l.diffed(l.info.Types[a].Type)
			}
		}
	}
	return true
}

// diffed adds the fields that audit.Diff shows of a struct.
func (l *logged) diffed(t types.Type) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i := range s.NumFields() {
		tag := reflect.StructTag(s.Tag(i))
		name := tag.Get("db")
		if a := tag.Get("audit"); a != "" && a != "mask" {
			name = a
		}
		if name == "" && s.Field(i).Anonymous() {
			l.diffed(s.Field(i).Type())
		} else if name != "" && name != "-" && s.Field(i).Exported() {
			l.fields[name] = true
		}
	}
}

func (l *logged) called(c *ast.CallExpr) *types.Func {
	var id *ast.Ident
	switch f := c.Fun.(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return nil
	}
	f, _ := l.info.Uses[id].(*types.Func)
	return f
}

func (l *logged) add(to map[string]bool, e ast.Expr) {
	l.depth = 0
	for _, s := range l.strings(e) {
		to[s] = true
	}
}

// strings lists what a text can be: a constant, the parts of a sum, what is assigned to a variable or given to a parameter in the package.
func (l *logged) strings(e ast.Expr) (out []string) {
	if l.depth++; l.depth > 100 {
		l.t.Fatalf("%s: what is logged here goes round in circles", l.fset.Position(e.Pos()))
	}
	if v := l.info.Types[e].Value; v != nil && v.Kind() == constant.String {
		return []string{constant.StringVal(v)}
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return l.strings(e.X)
	case *ast.BinaryExpr:
		for _, a := range l.strings(e.X) {
			for _, b := range l.strings(e.Y) {
				out = append(out, a+b)
			}
		}
		return out
	case *ast.CallExpr: // a conversion
		if l.info.Types[e.Fun].IsType() && len(e.Args) == 1 {
			return l.strings(e.Args[0])
		}
	case *ast.Ident:
		if v, ok := l.info.Uses[e].(*types.Var); ok {
			if out = l.assigned(v); out != nil {
				return out
			}
		}
	case *ast.SelectorExpr:
		if t := l.info.Types[e.X].Type; t != nil && open[strings.TrimPrefix(strings.TrimPrefix(t.String(), "*"), "chungtay/")+"."+e.Sel.Name] != "" {
			return nil
		}
	}
	l.t.Errorf("%s: it cannot be seen from the source what is logged here", l.fset.Position(e.Pos()))
	return nil
}

// assigned lists what a variable can be.
func (l *logged) assigned(v *types.Var) (out []string) {
	for _, f := range l.files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, x := range n.Lhs {
					if id, ok := x.(*ast.Ident); ok && len(n.Lhs) == len(n.Rhs) && (l.info.Defs[id] == v || l.info.Uses[id] == v) {
						out = append(out, l.strings(n.Rhs[i])...)
					}
				}
			case *ast.FuncDecl:
				k := 0
				for _, p := range n.Type.Params.List {
					for _, name := range p.Names {
						if l.info.Defs[name] == v {
							out = append(out, l.given(l.info.Defs[n.Name], k)...)
						}
						k++
					}
				}
			}
			return true
		})
	}
	return out
}

// given lists what a function of the package is given as its k-th argument.
func (l *logged) given(f types.Object, k int) (out []string) {
	for _, file := range l.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if c, ok := n.(*ast.CallExpr); ok && len(c.Args) > k && types.Object(l.called(c)) == f {
				out = append(out, l.strings(c.Args[k])...)
			}
			return true
		})
	}
	return out
}
