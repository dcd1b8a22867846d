package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// composed are the deeds whose names are put together when they are done, by the part that stands in the code.
var composed = map[string][]string{
	"directive.":      {"submitted", "returned", "signed", "taken", "issuing", "recalled", "completed"},
	"task.":           {"started", "submitted", "accepted", "returned", "cancelled"},
	"task.extension_": {"granted", "refused"},
	"campaign.":       {"confirmed", "declined"},
	"report.":         {"returned", "unlocked"},
}

// Every deed that the program writes into the audit log, and every kind of record, has a Vietnamese and an English word, so that the log
// reads as sentences and can be searched by what people call a deed. The deeds are read from the source.
func TestDeedsHaveWords(t *testing.T) {
	actions, kinds := map[string]bool{}, map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "node_modules" || d.Name() == "world" || d.Name() == "tools") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(src), "audit.Deed{") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if s, ok := lit.Type.(*ast.SelectorExpr); !ok || s.Sel.Name != "Deed" {
				return true
			}
			for _, e := range lit.Elts {
				kv, ok := e.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				switch key := kv.Key.(*ast.Ident).Name; v := kv.Value.(type) {
				case *ast.BasicLit:
					s, _ := strconv.Unquote(v.Value)
					if key == "Action" {
						actions[s] = true
					} else if key == "Kind" {
						kinds[s] = true
					}
				case *ast.BinaryExpr:
					if l, ok := v.X.(*ast.BasicLit); ok && key == "Action" {
						s, _ := strconv.Unquote(l.Value)
						if composed[s] == nil {
							t.Errorf("%s: deeds that begin with %q are not listed in composed", path, s)
						}
						for _, end := range composed[s] {
							actions[s+end] = true
						}
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(actions) < 90 || len(kinds) < 20 {
		t.Fatalf("only %d deeds and %d kinds were found in the source", len(actions), len(kinds))
	}
	words, err := Words()
	if err != nil {
		t.Fatal(err)
	}
	for prefix, set := range map[string]map[string]bool{"deed.": actions, "record.": kinds} {
		for s := range set {
			key := prefix + strings.ReplaceAll(s, ".", "_")
			if s != "" && !words.Has(key) {
				t.Errorf("no word for %s", key)
			}
		}
	}
}
