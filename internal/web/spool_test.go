package web

import (
	"bytes"
	"io"
	"os"
	"testing"

	"pgregory.net/rapid"
)

func TestSpoolGivesBackWhatItTookAndHidesIt(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 0, 5000).Draw(t, "content")
		s, err := newSpool()
		if err != nil {
			t.Fatal(err)
		}
		defer s.close()
		if err := s.fill(bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
		r := s.open()
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%d bytes came back of %d: %v", len(got), len(b), err)
		}
		off := rapid.IntRange(0, len(b)).Draw(t, "offset")
		if _, err := r.Seek(int64(off), io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if got, _ := io.ReadAll(r); !bytes.Equal(got, b[off:]) {
			t.Fatal("the middle differs")
		}
		raw := make([]byte, len(b))
		s.f.ReadAt(raw, 0)
		if len(b) > 20 && bytes.Contains(raw, b[:20]) {
			t.Fatal("the content lies in the clear")
		}
	})
	if list, _ := os.ReadDir(dir); len(list) != 0 {
		t.Error("files are left in the temporary folder")
	}
}
