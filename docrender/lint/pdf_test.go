package lint

import (
	"bytes"
	"testing"

	"chungtay/docrender"
)

func lintPDF(t *testing.T, b []byte) []Finding {
	t.Helper()
	f, err := Lint(t.Context(), bytes.NewReader(b), int64(len(b)), reading(t))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// What the house prints is right in its own eyes.
func TestOwnPDFIsClean(t *testing.T) {
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			for _, f := range lintPDF(t, write(t, docrender.PDF, golden(t, name))) {
				t.Error(say(t, f))
			}
		})
	}
}
