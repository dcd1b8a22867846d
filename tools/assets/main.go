// Command assets builds web/dist from web/src: one sheet, one script, the faces, with hashed names, a manifest and the licences.
// The same input gives the same bytes. Run it from the repository's root after `npm ci` in web/. With -check it changes nothing and fails
// when web/dist is not what it would write.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	check := flag.Bool("check", false, "compare with web/dist instead of writing it")
	flag.Parse()
	run := func() error { return build("web/dist") }
	if *check {
		run = compare
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

// compare builds into a temporary folder and compares it with web/dist, file by file.
func compare() error {
	tmp, err := os.MkdirTemp("", "assets-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := build(tmp); err != nil {
		return err
	}
	files := map[string]bool{}
	for _, dir := range []string{tmp, "web/dist"} {
		list, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, f := range list {
			files[f.Name()] = true
		}
	}
	var differ []string
	for name := range files {
		a, errA := os.ReadFile(filepath.Join(tmp, name))
		b, errB := os.ReadFile(filepath.Join("web/dist", name))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			differ = append(differ, name)
		}
	}
	if len(differ) > 0 {
		sort.Strings(differ)
		return fmt.Errorf("web/dist is not what the sources give (%s): run `make assets` and commit it", strings.Join(differ, ", "))
	}
	return nil
}

func build(dist string) error {
	if _, err := os.Stat("web/node_modules"); err != nil {
		return fmt.Errorf("run `npm ci --ignore-scripts` in web/ first")
	}
	if err := os.RemoveAll(dist); err != nil {
		return err
	}
	r := api.Build(api.BuildOptions{
		EntryPoints: []string{"web/src/app.js", "web/src/app.css"}, Bundle: true, MinifySyntax: true, MinifyWhitespace: true, MinifyIdentifiers: true,
		Format: api.FormatIIFE, Target: api.ES2020, Outdir: dist, EntryNames: "[name]-[hash]", AssetNames: "[name]-[hash]", Write: true, Metafile: true,
		Loader: map[string]api.Loader{".woff2": api.LoaderFile}, LegalComments: api.LegalCommentsNone, LogLevel: api.LogLevelWarning,
		PreserveSymlinks: true, // names are made of paths too: wherever the packages lie, they are the same
	})
	if len(r.Errors) > 0 {
		return fmt.Errorf("%d errors", len(r.Errors))
	}
	manifest := map[string]string{}
	var fonts []string
	for _, f := range r.OutputFiles {
		base := filepath.Base(f.Path)
		dash, dot := strings.LastIndexByte(base, '-'), strings.LastIndexByte(base, '.')
		manifest[base[:dash]+base[dot:]] = base
		if strings.HasSuffix(base, ".woff2") {
			fonts = append(fonts, base)
		}
	}
	b, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(dist+"/manifest.json", append(b, '\n'), 0o644); err != nil {
		return err
	}
	sort.Strings(fonts)
	return licences(dist)
}

// licences gathers the licence texts of what was bundled.
func licences(dist string) error {
	var out strings.Builder
	out.WriteString("Licences of what web/dist contains beside our own code.\n")
	for _, p := range []string{"@fontsource/source-sans-3"} {
		dir := "web/node_modules/" + p
		meta, err := os.ReadFile(dir + "/package.json")
		if err != nil {
			return err
		}
		var pkg struct{ Name, Version, License string }
		if err := json.Unmarshal(meta, &pkg); err != nil {
			return err
		}
		text, err := os.ReadFile(dir + "/LICENSE")
		if err != nil {
			return err
		}
		fmt.Fprintf(&out, "\n==== %s %s (%s)\n\n%s\n", pkg.Name, pkg.Version, pkg.License, strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
	}
	return os.WriteFile(dist+"/LICENSES.txt", []byte(out.String()), 0o644)
}
