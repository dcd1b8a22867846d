// Command notices writes the licences of all Go modules linked into the binary to the standard output. Run from the root:
//
//	go run -C tools ./notices .. > NOTICES.txt
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

func main() {
	cmd := exec.Command("go", "list", "-deps", "-json=Module", "./cmd/chungtay")
	cmd.Dir = os.Args[1]
	cmd.Env = append(os.Environ(), "GOWORK=off")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
	type module struct {
		Path, Version, Dir string
		Main               bool
	}
	found := map[string]module{}
	d := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct{ Module *module }
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "notices:", err)
			os.Exit(1)
		}
		if p.Module != nil && !p.Module.Main {
			found[p.Module.Path] = *p.Module
		}
	}
	var paths []string
	for p := range found {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	fmt.Println("Chung Tay contains the following software.")
	missing := false
	for _, p := range paths {
		m := found[p]
		fmt.Printf("\n%s\n%s %s\n%s\n", strings.Repeat("=", 80), m.Path, m.Version, strings.Repeat("=", 80))
		n := 0
		files, _ := os.ReadDir(m.Dir)
		for _, f := range files {
			up := strings.ToUpper(f.Name())
			if f.IsDir() || !(strings.HasPrefix(up, "LICEN") || strings.HasPrefix(up, "COPYING") || strings.HasPrefix(up, "NOTICE")) {
				continue
			}
			b, err := os.ReadFile(filepath.Join(m.Dir, f.Name()))
			if err == nil {
				fmt.Printf("\n%s\n", strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n")))
				n++
			}
		}
		if n == 0 {
			fmt.Fprintln(os.Stderr, "notices: no licence found in", m.Path)
			missing = true
		}
	}
	if missing {
		os.Exit(1)
	}
}
