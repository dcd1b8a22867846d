// Package ooxmltest checks Office documents by the strictest validator there is, the one of Microsoft's Open XML SDK: the schemas of ISO/IEC
// 29500 with the rules that schemas cannot say. `make deps` installs it (tools/ooxml); tests use it with CHUNGTAY_E2E=1.
package ooxmltest

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// Valid reports every error the validator finds in a document, which name says in its words. Without CHUNGTAY_E2E, and on machines for which
// there is no validator, it checks nothing and says so.
func Valid(t testing.TB, name string, docx []byte) {
	t.Helper()
	if os.Getenv("CHUNGTAY_E2E") == "" {
		return
	}
	_, here, _, _ := runtime.Caller(0)
	program := filepath.Join(filepath.Dir(here), "..", "..", "tools", "ooxml", "node_modules", "@xarsh", "ooxml-validator-linux-x64", "ooxml-validator")
	if _, err := os.Stat(program); err != nil {
		if runtime.GOOS == "linux" && runtime.GOARCH == "amd64" {
			t.Error("the validator of Office documents is not installed: make deps")
		} else {
			t.Logf("SKIPPED: no validator of Office documents for %s/%s", runtime.GOOS, runtime.GOARCH)
		}
		return
	}
	file := filepath.Join(t.TempDir(), "a.docx")
	if err := os.WriteFile(file, docx, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	out, err := exec.CommandContext(ctx, program, file, "Microsoft365").Output()
	var found *exec.ExitError
	if err != nil && !errors.As(err, &found) {
		t.Fatal(err)
	}
	var answer struct {
		OK     *bool `json:"ok"`
		Errors []struct{ Description, Path, XPath string }
	}
	if err := json.Unmarshal(out, &answer); err != nil || answer.OK == nil {
		t.Fatalf("%s: the validator says %q: %v", name, out, err)
	}
	for _, e := range answer.Errors {
		t.Errorf("%s: %s %s: %s", name, e.Path, e.XPath, e.Description)
	}
	if !*answer.OK && len(answer.Errors) == 0 {
		t.Errorf("%s is not valid: %s", name, out)
	}
}
