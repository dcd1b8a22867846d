package blob

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/seal"
)

// house is a store with its database, clock and place.
type house struct {
	*Store
	clock *dbtest.Clock
	vault *seal.Vault
	ctx   context.Context
}

func rooms() []db.Migrations { return []db.Migrations{seal.Migrations(), Migrations()} }

// each runs f on a folder with SQLite and on a bucket with PostgreSQL.
func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	start := func(t *testing.T, d *db.DB, clock *dbtest.Clock, o Options) *house {
		ctx := context.Background()
		v, err := seal.Open(ctx, d, seal.KeyFile{Path: filepath.Join(t.TempDir(), "key.json")})
		if err != nil {
			t.Fatal(err)
		}
		s, err := Open(ctx, d, v, o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return &house{s, clock, v, ctx}
	}
	clock := func() *dbtest.Clock { return dbtest.NewClock(time.Now().UTC().Truncate(time.Millisecond)) }
	t.Run("folder, sqlite", func(t *testing.T) {
		c := clock()
		f(t, start(t, dbtest.SQLite(t, rooms(), db.Options{Clock: c.Now}), c, Options{URL: "folder:" + t.TempDir(), Max: 8 << 20}))
	})
	t.Run("bucket, postgres", func(t *testing.T) {
		c := clock()
		d := dbtest.Postgres(t, rooms(), db.Options{Clock: c.Now})
		o := bucketFor(t)
		o.Max = 8 << 20
		f(t, start(t, d, c, o))
	})
}

// bucketFor serves a bucket over TLS: without it the client signs chunks inside the body.
func bucketFor(t *testing.T) Options {
	t.Helper()
	mem := s3mem.New()
	if err := mem.CreateBucket("files"); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewTLSServer(gofakes3.New(mem).Server())
	t.Cleanup(srv.Close)
	env := map[string]string{"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}
	return Options{URL: "s3://files/ct?endpoint=" + strings.TrimPrefix(srv.URL, "https://"), Transport: srv.Client().Transport, Getenv: func(k string) string { return env[k] }}
}

func (h *house) objects(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := h.backend.list(h.ctx, func(name string, size int64, _ time.Time) error {
		r, err := h.backend.open(h.ctx, name, 0)
		if err != nil {
			return err
		}
		defer r.Close()
		out[name], err = io.ReadAll(r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (h *house) write(t *testing.T, f func(tx *db.Tx) error) {
	t.Helper()
	if err := h.db.Write(h.ctx, f); err != nil {
		t.Fatal(err)
	}
}

func (h *house) put(t *testing.T, name string, b []byte) Ref {
	t.Helper()
	ref, err := h.Put(h.ctx, bytes.NewReader(b), PutOptions{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func (h *house) content(t *testing.T, ref Ref) []byte {
	t.Helper()
	c, err := h.Open(h.ctx, ref)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	b, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pdf is something that begins like a PDF, of n bytes.
func pdf(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(n), byte(n >> 8), byte(n >> 16)})
	r.Read(b)
	copy(b, "%PDF-1.7\n")
	return b
}

func TestPutOpenAndReadFromTheMiddle(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, n := range []int{9, 5000, 65_000, 65_536, 3 << 20} {
			b := pdf(n)
			ref := h.put(t, "Báo cáo.pdf", b)
			if ref.Type != PDF || ref.Size != int64(n) || ref.Name != "Báo cáo.pdf" || !ids.Valid(ref.ID) {
				t.Fatal(ref)
			}
			if !bytes.Equal(h.content(t, ref), b) {
				t.Error("another content came back")
			}
			c, err := h.Open(h.ctx, ref)
			if err != nil {
				t.Fatal(err)
			}
			at := n * 2 / 3
			c.Seek(int64(at), io.SeekStart)
			rest, err := io.ReadAll(c)
			if err != nil || !bytes.Equal(rest, b[at:]) {
				t.Error("the middle differs", err)
			}
			c.Close()
		}
	})
}

func TestObjectsAreSealedAndNamedByIDsOnly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		secret := []byte("%PDF- Nguyễn Thị Hoa, bản Nà Lốc")
		h.put(t, "../../Nguyễn Thị Hoa.pdf", secret)
		for name, b := range h.objects(t) {
			if bytes.Contains(b, []byte("Hoa")) || bytes.Contains(b, []byte("%PDF")) {
				t.Error("the content lies in the clear")
			}
			if !ids.Valid(name[strings.LastIndexByte(name, '/')+1:]) || strings.Contains(name, "Hoa") {
				t.Error("object", name)
			}
		}
		h.write(t, func(tx *db.Tx) error {
			rows, err := tx.Rows(`SELECT digest FROM blob_content`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var digest string
				rows.Scan(&digest)
				if len(digest) != 32 {
					t.Error("digest", digest)
				}
			}
			return rows.Err()
		})
	})
}

func TestOneContentIsKeptOnceUnlessSealedUnderARecord(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := pdf(10_000)
		one, two := h.put(t, "a.pdf", b), h.put(t, "b.pdf", b)
		if one.ID != two.ID || two.Name != "b.pdf" {
			t.Error("kept twice", one, two)
		}
		if n := len(h.objects(t)); n != 1 {
			t.Errorf("%d objects", n)
		}
		case1 := ids.New(time.Now())
		h.write(t, func(tx *db.Tx) error { _, err := h.vault.Record(tx, "case", case1); return err })
		private, err := h.Put(h.ctx, bytes.NewReader(b), PutOptions{Name: "c.pdf", Under: Owner{"case", case1}})
		if err != nil || private.ID == one.ID {
			t.Fatal(private, err)
		}
		if !bytes.Equal(h.content(t, private), b) {
			t.Error("content under a record's key differs")
		}
		h.write(t, func(tx *db.Tx) error { return h.Use(tx, private, "case", case1) })
		h.write(t, func(tx *db.Tx) error { return h.vault.Destroy(tx, "case", case1) })
		if _, err := h.Open(h.ctx, private); !errs.Is(err, errs.NotFound) {
			t.Error("opens after its record's key was destroyed:", err)
		}
		h.write(t, func(tx *db.Tx) error {
			list, err := h.Of(tx, "case", case1)
			if len(list) != 0 {
				t.Error("listed after destruction")
			}
			return err
		})
		if _, err := h.Put(h.ctx, bytes.NewReader(b), PutOptions{Under: Owner{"case", case1}}); !errs.Is(err, errs.NotFound) {
			t.Error("sealed under a destroyed key:", err)
		}
	})
}

func TestLostObjectIsReplacedByTheNextOfItsKind(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := pdf(1000)
		one := h.put(t, "a.pdf", b)
		if err := h.backend.remove(h.ctx, objectName(one.ID)); err != nil {
			t.Fatal(err)
		}
		c, err := h.Open(h.ctx, one)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(c); errs.Of(err) != errs.Internal {
			t.Error("missing object:", err)
		}
		two := h.put(t, "a.pdf", b)
		if two.ID == one.ID || !bytes.Equal(h.content(t, two), b) {
			t.Error("the lost content was offered again")
		}
	})
}

func TestUnusedIsSweptAfterADay(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		used, unused := h.put(t, "a.pdf", pdf(100)), h.put(t, "b.pdf", pdf(200))
		h.write(t, func(tx *db.Tx) error {
			if err := h.Use(tx, used, "document", "d1"); err != nil {
				return err
			}
			if err := h.Use(tx, used, "document", "d2"); err != nil {
				return err
			}
			return h.Use(tx, Ref{ID: used.ID, Name: "Tên sau.pdf"}, "document", "d1")
		})
		sweep := func(want int) {
			t.Helper()
			if n, err := h.Sweep(h.ctx); err != nil || n != want {
				t.Errorf("swept %d, want %d: %v", n, want, err)
			}
		}
		sweep(0)
		h.clock.Add(25 * time.Hour)
		sweep(1)
		if _, err := h.Open(h.ctx, unused); !errs.Is(err, errs.NotFound) {
			t.Error(err)
		}
		h.write(t, func(tx *db.Tx) error {
			list, err := h.Of(tx, "document", "d1")
			if err != nil || len(list) != 1 || list[0].Name != "Tên sau.pdf" || list[0].Type != PDF {
				t.Error(list, err)
			}
			if _, err := h.Used(tx, used.ID, "document", "d3"); !errs.Is(err, errs.NotFound) {
				t.Error("another record's file:", err)
			}
			if err := h.Unuse(tx, used, "document", "d1"); err != nil {
				return err
			}
			return h.Unuse(tx, used, "document", "d1") // twice is the same
		})
		h.clock.Add(25 * time.Hour)
		sweep(0)
		h.write(t, func(tx *db.Tx) error { return h.Unuse(tx, used, "document", "d2") })
		sweep(0)
		h.clock.Add(25 * time.Hour)
		sweep(1)
		if n := len(h.objects(t)); n != 0 {
			t.Errorf("%d objects are left", n)
		}
		h.write(t, func(tx *db.Tx) error {
			if err := h.Use(tx, used, "document", "d1"); !errs.Is(err, errs.NotFound) {
				t.Error("a swept content was used:", err)
			}
			return nil
		})
	})
}

func TestErasedIsGoneAtOnceUnlessAnotherUsesIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ref := h.put(t, "a.pdf", pdf(100))
		h.write(t, func(tx *db.Tx) error {
			if err := h.Use(tx, ref, "document", "d1"); err != nil {
				return err
			}
			return h.Use(tx, ref, "document", "d2")
		})
		h.write(t, func(tx *db.Tx) error { return h.Erase(tx, ref, "document", "d1") })
		if c, err := h.Open(h.ctx, ref); err != nil {
			t.Error("another record's file is gone:", err)
		} else {
			c.Close()
		}
		h.write(t, func(tx *db.Tx) error { return h.Erase(tx, ref, "document", "d2") })
		if _, err := h.Open(h.ctx, ref); !errs.Is(err, errs.NotFound) {
			t.Error(err)
		}
		if n := len(h.objects(t)); n != 0 {
			t.Errorf("%d objects are left", n)
		}
	})
}

func TestOrphansAreSweptWhenADayOld(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		kept := h.put(t, "a.pdf", pdf(100))
		boom := errors.New("rolled back")
		if err := h.db.Write(h.ctx, func(tx *db.Tx) error {
			if _, err := h.PutIn(tx, bytes.NewReader(pdf(300)), PutOptions{}); err != nil {
				return err
			}
			return boom
		}); !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if n, err := h.SweepOrphans(h.ctx); n != 0 || err != nil {
			t.Error("a young object was swept", n, err)
		}
		h.clock.Add(25 * time.Hour)
		if n, err := h.SweepOrphans(h.ctx); n != 1 || err != nil {
			t.Error("orphans swept:", n, err)
		}
		if len(h.content(t, kept)) != 100 {
			t.Error("the kept one is gone")
		}
	})
}

func TestRefusals(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		refused := func(key string, b []byte, o PutOptions) {
			t.Helper()
			_, err := h.Put(h.ctx, bytes.NewReader(b), o)
			if m, _ := errs.TextOf(err); m.Key != key {
				t.Errorf("want %s, got %v", key, err)
			}
		}
		refused("blob.empty", nil, PutOptions{Name: "a.pdf"})
		refused("blob.type", []byte("MZ\x90\x00\x03\x00\x00\x00"), PutOptions{Name: "Giấy mời.pdf"})
		refused("blob.type", []byte("<html><script>alert(1)</script>"), PutOptions{Name: "a.txt"})
		refused("blob.type", []byte(`<?xml version="1.0"?><svg xmlns="x"/>`), PutOptions{Name: "a.png"})
		refused("blob.type", []byte("chỉ là chữ"), PutOptions{Name: "a.jpg", Allow: Images})
		refused("blob.too_large", pdf(2<<10+1), PutOptions{Name: "a.pdf", Limit: 2 << 10})
		refused("blob.too_large", pdf(8<<20+1), PutOptions{Name: "a.pdf", Limit: 1 << 40})
		refused("blob.broken", append([]byte("\xff\xd8\xff\xe0"), make([]byte, 5000)...), PutOptions{Name: "a.jpg"})
		refused("blob.pixels", hugePNG(), PutOptions{Name: "a.png"})
		refused("blob.macro", zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), PutOptions{Name: "a.docx"})
		for _, streams := range [][]string{{"WordDocument", "Macros", "VBA"}, {"Macros", "WordDocument"}, {"Workbook", "_VBA_PROJECT_CUR"}, {"VBA"}} {
			refused("blob.macro", compound(nil, streams...), PutOptions{Name: "a.doc"})
		}
		refused("blob.macro", compound(vbaInfo(1), "PowerPoint Document"), PutOptions{Name: "a.ppt"})
		refused("blob.macro", odf("application/vnd.oasis.opendocument.text", "Basic/Standard/Module1.xml"), PutOptions{Name: "a.odt"})
		refused("blob.macro", zipped("[Content_Types].xml", "xl/workbook.xml", "xl/macrosheets/sheet1.xml"), PutOptions{Name: "a.xlsx"})
		if n := len(h.objects(t)); n != 0 {
			t.Errorf("refused files left %d objects", n)
		}
		ref := h.put(t, "bảng.pdf", zipped("[Content_Types].xml", "xl/workbook.xml"))
		if ref.Type != XLSX || ref.Name != "bảng.xlsx" {
			t.Error(ref)
		}
		for want, b := range map[Type][]byte{DOC: compound(nil, "WordDocument"), XLS: compound(nil, "Workbook"), PPT: compound(vbaInfo(0), "PowerPoint Document"),
			ODT: odf("application/vnd.oasis.opendocument.text", "content.xml")} {
			if ref := h.put(t, "không có macro"+want.Ext(), b); ref.Type != want {
				t.Errorf("%s, want %s", ref.Type, want)
			}
		}
	})
}

// compound is a compound file of Office 97 with entries in its directory, whose second sector lies before its first and holds all but the root.
func compound(content []byte, streams ...string) []byte {
	const end, free = 0xfffffffe, 0xffffffff
	head := make([]byte, 512)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	binary.LittleEndian.PutUint16(head[30:], 9)
	binary.LittleEndian.PutUint32(head[48:], 2) // the directory begins in sector 2
	binary.LittleEndian.PutUint32(head[76:], 0) // the table is sector 0
	table := bytes.Repeat([]byte{0xff}, 512)
	for sector, next := range map[int]uint32{0: 0xfffffffd, 1: end, 2: 1, 3: free} {
		binary.LittleEndian.PutUint32(table[4*sector:], next)
	}
	entries := func(names []string) []byte {
		b := make([]byte, 512)
		for i, name := range names {
			for j, c := range []byte(name) {
				b[128*i+2*j] = c
			}
			binary.LittleEndian.PutUint16(b[128*i+64:], uint16(2*len(name)+2))
		}
		return b
	}
	return slices.Concat(head, table, entries(streams), entries([]string{"Root Entry"}), make([]byte, 512), content)
}

// vbaInfo is the record of a presentation that says whether it has a program.
func vbaInfo(has byte) []byte {
	return append([]byte{0x1f, 0, 0xff, 0x03, 0x14, 0, 0, 0, 0x02, 0, 0x00, 0x04, 0x0c, 0, 0, 0, 7, 0, 0, 0, has, 0, 0, 0, 2, 0, 0, 0}, make([]byte, 100)...)
}

func odf(mimetype string, names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.CreateHeader(&zip.FileHeader{Name: "mimetype", Method: zip.Store})
	io.WriteString(w, mimetype)
	for _, n := range names {
		w, _ := z.Create(n)
		io.WriteString(w, "<x/>")
	}
	z.Close()
	return b.Bytes()
}

type failing struct{ after int }

func (f *failing) Read(p []byte) (int, error) {
	if f.after <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := min(len(p), f.after)
	copy(p, "%PDF-")
	f.after -= n
	return n, nil
}

func TestACutSourceLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		if _, err := h.Put(h.ctx, &failing{after: 3 << 20}, PutOptions{Name: "a.pdf"}); err == nil {
			t.Error("half a file was taken")
		}
		if n := len(h.objects(t)); n != 0 {
			t.Errorf("%d objects", n)
		}
	})
}

func zipped(names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		w, _ := z.Create(n)
		io.WriteString(w, "x")
	}
	z.Close()
	return b.Bytes()
}

// hugePNG says that it is 30,000 points wide and high, and is 60 bytes long.
func hugePNG() []byte {
	var b bytes.Buffer
	png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1)))
	p := b.Bytes()
	copy(p[16:], "\x00\x00\x75\x30\x00\x00\x75\x30")
	// the checksum of the changed header
	crc := crcOf(p[12:29])
	copy(p[29:], []byte{byte(crc >> 24), byte(crc >> 16), byte(crc >> 8), byte(crc)})
	return p
}

func crcOf(b []byte) uint32 {
	c := ^uint32(0)
	for _, x := range b {
		c ^= uint32(x)
		for range 8 {
			if c&1 == 1 {
				c = c>>1 ^ 0xedb88320
			} else {
				c >>= 1
			}
		}
	}
	return ^c
}

func TestPhotosAreSmallUprightAndSilent(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		img := image.NewRGBA(image.Rect(0, 0, 2000, 1000)) // red above, blue below
		for y := range 1000 {
			for x := range 2000 {
				img.Set(x, y, color.RGBA{R: uint8(255 * (1 - y/500)), B: uint8(255 * (y / 500)), A: 255})
			}
		}
		var b bytes.Buffer
		jpeg.Encode(&b, img, nil)
		exif := []byte("\xff\xe1\x00\x2aExif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00GPS21.3N103.9E")
		shot := append(append([]byte("\xff\xd8"), exif...), b.Bytes()[2:]...)
		ref := h.put(t, "Ảnh.jpg", shot)
		small, err := h.Photo(h.ctx, ref, PhotoSide)
		if err != nil {
			t.Fatal(err)
		}
		out := h.content(t, small)
		if bytes.Contains(out, []byte("GPS")) || bytes.Contains(out, []byte("Exif")) {
			t.Error("the place is still in the picture")
		}
		m, err := jpeg.Decode(bytes.NewReader(out))
		if err != nil || m.Bounds().Dx() != 800 || m.Bounds().Dy() != 1600 {
			t.Fatal(m.Bounds(), err)
		}
		// turned by 90 degrees clockwise: what was above is now at the right
		if r, _, bl, _ := m.At(700, 800).RGBA(); r < bl {
			t.Error("turned the wrong way")
		}
	})
}

func TestFolderRefusesToLeaveItself(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	b, err := openFolder(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	if err := os.Symlink(outside, filepath.Join(dir, "c")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"c/x", "../x", "/x"} {
		if err := b.put(context.Background(), name, func(w io.Writer) error { _, err := w.Write([]byte("x")); return err }); err == nil {
			t.Error("wrote to", name)
		}
	}
	if list, _ := os.ReadDir(outside); len(list) != 0 {
		t.Error("something was written outside")
	}
}

// A new object's folders are written to the disk from the object up to the root before put returns, and once in the life of a process.
func TestNewFoldersAreWrittenToTheDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	opened, err := openFolder(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.close()
	var synced []string
	f := opened.(folder)
	f.sync = func(root *os.Root, dir string) error {
		synced = append(synced, dir)
		return syncDir(root, dir)
	}
	put := func(name string, want ...string) {
		t.Helper()
		synced = nil
		if err := f.put(context.Background(), name, func(w io.Writer) error { _, err := w.Write([]byte("x")); return err }); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(synced, want) {
			t.Errorf("%s: written %q, want %q", name, synced, want)
		}
	}
	put("c/x/1", ".", "c", "c/x")
	put("c/x/2", "c/x")
	put("c/y/1", "c", "c/y")
	if err := os.RemoveAll(filepath.Join(dir, "c")); err != nil {
		t.Fatal(err)
	}
	put("c/x/3", ".", "c", "c/x")
	if _, err := openFolder(filepath.Join(dir, "none"), false); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a missing folder:", err)
	}
}

func TestOpenSaysTheCure(t *testing.T) {
	for url, want := range map[string]string{"ftp://x": "begin with", "s3://b": "endpoint", "s3://b?endpoint=h": "AWS_ACCESS_KEY_ID"} {
		_, err := openBackend(context.Background(), Options{URL: url, Getenv: func(string) string { return "" }})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Error(url, err)
		}
	}
	o := bucketFor(t)
	o.URL = strings.Replace(o.URL, "s3://files", "s3://none", 1)
	if _, err := openBackend(context.Background(), o); err == nil || !strings.Contains(err.Error(), "create it") {
		t.Error(err)
	}
}
