package app

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// notOnDesign are components that the page of samples cannot or need not show.
var notOnDesign = map[string]string{
	"Layout":      "is around every page",
	"ProblemPage": "is /design?problem=conflict and /no-such-page",
	"Hidden":      "cannot be seen",
	"FileList":    "is part of File",
}

// Whoever adds a component to internal/ui shows it on /design, where the browser tests look at it; a tone that is not shown is not looked at either.
func TestDesignShowsEveryComponent(t *testing.T) {
	read := func(pattern string) string {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		var b strings.Builder
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(text)
		}
		return b.String()
	}
	shown := read("design.templ") + read("page_design*.go")
	components := regexp.MustCompile(`(?m)^templ ([A-Z]\w*)\(`).FindAllStringSubmatch(read("../internal/ui/*.templ"), -1)
	if len(components) < 40 {
		t.Fatalf("%d components: the test looks at nothing", len(components))
	}
	for _, c := range components {
		used, why := strings.Contains(shown, "ui."+c[1]+"("), notOnDesign[c[1]]
		if used == (why != "") {
			t.Errorf("ui.%s: shown on /design %v, excused %q", c[1], used, why)
		}
	}
	for _, tone := range []string{"None", "OK", "Act", "Warn", "Late"} {
		if !strings.Contains(shown, "ui."+tone) {
			t.Errorf("the tone ui.%s is not shown", tone)
		}
	}
}
