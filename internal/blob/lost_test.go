package blob

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"path/filepath"
	"testing"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/seal"
)

// When the answer to a commit is lost the rows may be there, so the object stays: a saved paper has its file, and a part of an upload its bytes. What
// is not there after all is for the nightly sweep.
func TestAFileOutlivesALostAnswerToTheCommit(t *testing.T) {
	ctx := context.Background()
	d, lose := dbtest.LoseCommits(t, rooms(), db.Options{})
	v, err := seal.Open(ctx, d, seal.KeyFile{Path: filepath.Join(t.TempDir(), "key.json")})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(ctx, d, v, Options{URL: "folder:" + t.TempDir(), Max: 8 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	whole := func(content []byte, want int) {
		t.Helper()
		rows := all(t, s)
		if len(rows) != want {
			t.Fatalf("%d contents, want %d: the commit did take place", len(rows), want)
		}
		c, err := s.Open(ctx, Ref{ID: rows[len(rows)-1]})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if got, err := io.ReadAll(c); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes, want %d: %v", len(got), len(content), err)
		}
	}
	first := pdf(2000)
	lose()
	if _, err := s.Put(ctx, bytes.NewReader(first), PutOptions{Name: "a.pdf"}); err == nil {
		t.Fatal("nobody answered, and it was taken for an answer")
	}
	whole(first, 1)

	// An upload: the answer to its only part is lost, then that to its end.
	second := pdf(3000)
	var u upload
	dbtest.Write(t, d, func(tx *db.Tx) error { u, err = s.createUpload(tx, "an", int64(len(second)), "b.pdf", ""); return err })
	lose()
	if _, err := s.appendUpload(ctx, "an", u.ID, 0, bytes.NewReader(second)); err == nil {
		t.Fatal("nobody answered, and it was taken for an answer")
	}
	if u, err = s.statUpload(ctx, "an", u.ID); err != nil || u.Received != int64(len(second)) {
		t.Fatal(u, err)
	}
	lose()
	if _, err := s.appendUpload(ctx, "an", u.ID, u.Received, bytes.NewReader(nil)); err == nil {
		t.Fatal("nobody answered, and it was taken for an answer")
	}
	whole(second, 2)

	// A form with a file.
	third := pdf(4000)
	h := &house{Store: s, ctx: ctx, vault: v}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("papers", "c.pdf")
	if err != nil {
		t.Fatal(err)
	}
	part.Write(third)
	w.Close()
	lose()
	if a := call(t, "POST", h.site(t).URL+"/form", "an", &form, "Content-Type", w.FormDataContentType()); a.status != 503 {
		t.Fatal(a)
	}
	whole(third, 3)
}

func all(t *testing.T, s *Store) []string {
	t.Helper()
	var out []string
	dbtest.Read(t, s.db, func(tx *db.Tx) (err error) {
		out, err = db.All[string](tx, `SELECT id FROM blob_content ORDER BY id`)
		return err
	})
	return out
}
