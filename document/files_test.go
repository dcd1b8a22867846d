package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/jobs"
	"chungtay/orgunit"
	"chungtay/policy"
)

// docx makes a Word file of the lines of a text.
func docx(text string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name, body string) {
		w, _ := z.Create(name)
		w.Write([]byte(body))
	}
	put("[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`)
	put("_rels/.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`)
	var p strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		p.WriteString(`<w:p><w:r><w:t xml:space="preserve">`)
		xml.EscapeText(&p, []byte(line))
		p.WriteString(`</w:t></w:r></w:p>`)
	}
	put("word/document.xml", `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`+p.String()+`</w:body></w:document>`)
	z.Close()
	return b.Bytes()
}

type upload struct {
	name string
	body []byte
}

// send takes files in as one paper, without reading them.
func (o *office) send(unit string, files ...upload) (d Document) {
	o.Helper()
	var refs []blob.Ref
	for _, f := range files {
		ref, err := o.Blobs.Put(o.Context(), bytes.NewReader(f.body), blob.PutOptions{Name: f.name})
		if err != nil {
			o.Fatal(f.name, err)
		}
		refs = append(refs, ref)
	}
	o.write(func(tx *db.Tx) (err error) {
		d, err = o.Register(tx, o.clerk(unit), Incoming{Unit: unit, Files: refs})
		return err
	})
	return d
}

func (o *office) work() {
	o.Helper()
	kinds, _ := o.Jobs()
	if err := jobs.RunAll(o.Context(), o.DB, kinds); err != nil {
		o.Fatal(err)
	}
}

func (o *office) get(id string) (d Document) {
	o.Helper()
	dbtest.Read(o.TB, o.DB, func(tx *db.Tx) (err error) { d, err = byID(tx, id); return err })
	return d
}

func (o *office) objects() (n int) {
	filepath.WalkDir(o.files, func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			n++
		}
		return nil
	})
	return n
}

func TestFilesAreReadInAJob(t *testing.T) {
	eachOffice(t, func(o *office) {
		name := norm.NFD.String("Công văn rà soát ngày 12-10.docx")
		annex := upload{"Phụ lục biểu số 1.txt", []byte("Biểu tổng hợp: thôn Pá Khoang, bản Nậm Lịch")}
		d := o.send(o.north, annex, upload{name, docx(letter)})
		if d.Extraction != Waiting || d.Symbol != "" {
			t.Fatalf("%+v", d)
		}
		o.work()
		d = o.get(d.ID)
		if d.Extraction != Done || d.Symbol != "215/SYT-NVY" || d.IssuedOn != civil.MustParse("2026-10-12") || d.Subject == "" || d.State != Arrived {
			t.Errorf("%+v", d)
		}
		for words, want := range map[string]int{"rà soát": 1, "pa khoang": 1, "cong van ra soat ngay 12": 1, "phu luc bieu": 1, "khong co": 0} {
			if _, n := o.search(o.clerk(o.north), Filter{Words: words}); n != want {
				t.Errorf("%q finds %d", words, n)
			}
		}
		list, _ := o.search(o.clerk(o.north), Filter{Words: "Nậm Lịch"})
		if len(list[0].Snippet) == 0 {
			t.Error("no snippet of an annex")
		}
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			r, f, err := o.Content(tx, o.clerk(o.north), d.ID, firstFile(tx, d.ID, 2).ID)
			if err != nil {
				return err
			}
			defer r.Close()
			var b bytes.Buffer
			b.ReadFrom(r)
			if !bytes.Equal(b.Bytes(), docx(letter)) || f.Name != norm.NFC.String(name) {
				t.Error("the original is not what came:", f.Name)
			}
			_, _, err = o.Content(tx, o.clerk(o.sea), d.ID, f.ID)
			if !errs.Is(err, errs.NotFound) {
				t.Error("a stranger reads the file:", err)
			}
			return nil
		})
		// The job twice changes nothing; the paper is read again on demand, with what the clerk corrected left alone.
		facts := d.Facts
		facts.Subject = "Rà soát (đã sửa)"
		o.write(func(tx *db.Tx) error {
			if _, _, err := o.Confirm(tx, o.clerk(o.north), d.ID, d.Version, facts, Entry{}, false); err != nil {
				return err
			}
			return o.Reread(tx, o.clerk(o.north), d.ID)
		})
		o.work()
		if d = o.get(d.ID); d.Subject != "Rà soát (đã sửa)" || d.Extraction != Done || d.State != Registered {
			t.Errorf("%+v", d)
		}
		// The same content once more is shown as a duplicate, whatever it is called.
		again := o.send(o.north, upload{"khác.docx", docx(letter)})
		o.work()
		again = o.get(again.ID)
		again.Symbol = "99/XX-YY"
		err := o.try(func(tx *db.Tx) error {
			_, _, err := o.Confirm(tx, o.clerk(o.north), again.ID, again.Version, again.Facts, Entry{}, false)
			return err
		})
		o.refused(err, errs.Invalid, "document.duplicate")
	})
}

func firstFile(tx *db.Tx, id string, seq int) File {
	list, _ := listFiles(tx, id)
	for _, f := range list {
		if f.Seq == seq {
			return f
		}
	}
	return File{}
}

// pixel is a picture with nothing on it.
var pixel = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82")

// A file that cannot be read says why and can be entered by hand.
func TestFilesThatAreNotWhatTheySay(t *testing.T) {
	eachOffice(t, func(o *office) {
		d := o.send(o.north, upload{"ke hoach.docx", pixel})
		o.work()
		d = o.get(d.ID)
		if d.Extraction != Failed {
			t.Errorf("%+v", d)
		}
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			if f := firstFile(tx, d.ID, 1); f.Extraction != Failed || len(f.Remarks()) == 0 || f.Type != "image/png" {
				t.Errorf("%+v", f)
			}
			return nil
		})
		f := Facts{Kind: "ke_hoach", Symbol: "5/KH-UBND", Issuer: "UBND tỉnh Sông Lam", IssuedOn: civil.MustParse("2026-11-02"), Subject: "Bản chụp"}
		o.write(func(tx *db.Tx) error {
			_, x, err := o.Confirm(tx, o.clerk(o.north), d.ID, d.Version, f, Entry{}, false)
			if x.Number != 1 {
				t.Error(x.Number)
			}
			return err
		})
	})
}

// A secret paper leaves nothing: no row, no text, no file, no key; only that something was refused, and why.
func TestSecretFilesLeaveNothing(t *testing.T) {
	eachOffice(t, func(o *office) {
		d := o.send(o.north, upload{"a.docx", docx(strings.Replace(letter, "V/v rà soát", "MẬT\nV/v rà soát", 1))}, upload{"phu luc.txt", []byte("Phụ lục kèm theo")})
		o.work()
		if n := o.objects(); n != 0 {
			t.Errorf("%d files are left", n)
		}
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			for _, table := range []string{"document", "document_text", "document_file", "document_delivery", "document_citation", "document_fts", "blob_content", "blob_use"} {
				if n, err := db.One[int](tx, `SELECT COUNT(*) FROM `+table); err != nil || n != 0 {
					t.Errorf("%s holds %d rows (%v)", table, n, err)
				}
			}
			r, ok, err := findRefused(tx, d.ID)
			if !ok || r.Reason != BecauseSecret || r.Unit != o.north {
				t.Errorf("%+v %v", r, err)
			}
			return nil
		})
	})
}

// Two clerks at once: of one paper one entry wins and the other is told; of two copies of a paper the second is shown the first.
func TestTwoClerksEnterAtOnce(t *testing.T) {
	eachOffice(t, func(o *office) {
		race := func(ids ...Document) (errors []error) {
			var wg sync.WaitGroup
			var mu sync.Mutex
			for _, d := range ids {
				wg.Go(func() {
					err := o.try(func(tx *db.Tx) error {
						_, _, err := o.Confirm(tx, o.clerk(o.north), d.ID, d.Version, d.Facts, Entry{}, false)
						return err
					})
					mu.Lock()
					defer mu.Unlock()
					if err != nil {
						errors = append(errors, err)
					}
				})
			}
			wg.Wait()
			return errors
		}
		a, b := o.arrive(o.north, letter), o.arrive(o.north, strings.Replace(letter, "Số: 215", "Số: 216", 1))
		if es := race(a, a); len(es) != 1 || !errs.Is(es[0], errs.Conflict) {
			t.Errorf("one paper by two: %v", es)
		}
		c := o.arrive(o.north, strings.Replace(letter, "Số: 215", "Số: 216", 1))
		if es := race(b, c); len(es) != 2 { // each sees that the other copy is there
			t.Errorf("two copies by two: %v", es)
		} else {
			for _, err := range es {
				o.refused(err, errs.Invalid, "document.duplicate")
			}
		}
	})
}

func TestDropFolder(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d, dbtest.NewClock(now))
		o.Drop = t.TempDir()
		o.code(o.north, "H56.12")
		dir := filepath.Join(o.Drop, "H56.12")
		os.MkdirAll(filepath.Join(o.Drop, "khong-co-don-vi"), 0o700)
		os.MkdirAll(dir, 0o700)
		old := time.Now().Add(-time.Minute)
		put := func(name string, body []byte, at time.Time) {
			p := filepath.Join(dir, name)
			if err := os.WriteFile(p, body, 0o600); err != nil {
				t.Fatal(err)
			}
			os.Chtimes(p, at, at)
		}
		for i := range 100 {
			name := fmt.Sprintf("Kế hoạch số %d.docx", i)
			if i%2 == 1 {
				name = norm.NFD.String(name)
			}
			put(name, docx(strings.Replace(letter, "Số: 215", fmt.Sprint("Số: ", 300+i), 1)), old)
		}
		put("mat.docx", docx(strings.Replace(letter, "V/v rà soát", "TUYỆT MẬT\nV/v rà soát nội dung riêng", 1)), old)
		put("trang.html", []byte("<!doctype html><html><body><p>Bản tin vùng cao: hỏi từng nhà</p></body></html>"), old)
		put("chuong trinh.exe", []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"), old)
		put("dang ghi.docx", docx(letter), time.Now().Add(time.Hour)) // still being written
		os.Symlink("/etc/hostname", filepath.Join(dir, "link.txt"))
		kinds, entries := o.Jobs()
		if !slices.ContainsFunc(entries, func(e jobs.Entry) bool { return e.Kind == "document.drop" }) {
			t.Fatal("the folder is not watched")
		}
		o.write(func(tx *db.Tx) error { _, err := jobs.Enqueue(tx, "document.drop", nil); return err })
		if err := jobs.RunAll(t.Context(), d, kinds); err != nil {
			t.Fatal(err)
		}
		left, _ := filepath.Glob(filepath.Join(dir, "*"))
		for i := range left {
			left[i] = filepath.Base(left[i])
		}
		slices.Sort(left)
		if want := []string{"dang ghi.docx", "link.txt", "refused"}; !slices.Equal(left, want) {
			t.Errorf("left in the folder: %q", left)
		}
		if b, err := os.ReadFile(filepath.Join(dir, "refused", "chuong trinh.exe.txt")); err != nil || len(b) < 10 {
			t.Errorf("no reason beside the refused file: %q %v", b, err)
		}
		list, n := o.search(o.clerk(o.north), Filter{Size: 200})
		numbers := map[int]bool{}
		for _, x := range list {
			numbers[x.Number] = x.Extraction == Done
		}
		if n != 101 || len(numbers) != 101 || !numbers[300] || !numbers[399] {
			t.Errorf("%d papers with %d numbers", n, len(numbers))
		}
		// The secret paper left the folder and nothing else of it is anywhere; that it was refused is kept. The web page is a paper.
		for words, want := range map[string]int{"nội dung riêng": 0, "mat.docx": 0, "hỏi từng nhà": 1} {
			if _, n := o.search(o.clerk(o.north), Filter{Words: words}); n != want {
				t.Errorf("%q finds %d", words, n)
			}
		}
		dbtest.Read(t, d, func(tx *db.Tx) error {
			if n, err := db.One[int](tx, `SELECT COUNT(*) FROM document_refused WHERE unit_id = $1 AND reason = $2`, o.north, BecauseSecret); err != nil || n != 1 {
				t.Errorf("%d papers refused as secret, %v", n, err)
			}
			for _, table := range []string{"document", "document_file", "blob_use"} {
				if n, err := db.One[int](tx, `SELECT COUNT(*) FROM `+table); err != nil || n != 101 {
					t.Errorf("%s holds %d rows, %v", table, n, err)
				}
			}
			return nil
		})
		if n := o.objects(); n != 101 {
			t.Errorf("%d files are stored", n)
		}
		if _, n := o.search(o.clerk(o.north), Filter{Words: "Kế hoạch số 77.docx"}); n != 1 {
			t.Error("a file with a decomposed name is not found by it:", n)
		}
	})
}

// A secret file that comes later, beside a paper that stands in a register, is erased with what was read from it; the paper and its other
// files stay, and the page says what happened.
func TestSecretFilesAddedLaterAreErased(t *testing.T) {
	eachOffice(t, func(o *office) {
		const said = "nội dung riêng của tệp mật"
		d := o.arrive(o.north, letter)
		o.write(func(tx *db.Tx) error {
			_, _, err := o.Confirm(tx, o.clerk(o.north), d.ID, d.Version, d.Facts, Entry{}, false)
			return err
		})
		signed, err := o.Blobs.Put(o.Context(), bytes.NewReader(docx(strings.Replace(letter, "V/v rà soát", "TỐI MẬT\nV/v rà soát", 1))), blob.PutOptions{Name: "ban ky.docx"})
		if err != nil {
			t.Fatal(err)
		}
		var out Document
		o.write(func(tx *db.Tx) (err error) {
			n := plan(o.north)
			n.Text, n.Compose, n.Files = "", nil, []blob.Ref{signed}
			out, err = o.Issue(tx, o.clerk(o.north), n)
			return err
		})
		attach := func(name, body string) {
			ref, err := o.Blobs.Put(o.Context(), bytes.NewReader(docx(body)), blob.PutOptions{Name: name})
			if err != nil {
				t.Fatal(err)
			}
			o.write(func(tx *db.Tx) error { return o.Attach(tx, o.clerk(o.north), d.ID, []blob.Ref{ref}) })
		}
		// A paper entered by hand, whose scan comes later: what was typed of it is the secret itself.
		typed := o.send(o.north, upload{"hong.docx", pixel})
		o.work()
		typed = o.get(typed.ID)
		o.write(func(tx *db.Tx) error {
			_, _, err := o.Confirm(tx, o.clerk(o.north), typed.ID, typed.Version, Facts{Kind: "cong_van", Symbol: "9/CAT-PA05", Issuer: "Công an tỉnh", Subject: "Đường dây đang theo dõi", Signer: "Lò Văn A"}, Entry{}, false)
			return err
		})
		ref, err := o.Blobs.Put(o.Context(), bytes.NewReader(docx(strings.Replace(letter, "V/v rà soát", "MẬT\nV/v Đường dây đang theo dõi: rà soát", 1))), blob.PutOptions{Name: "scan.docx"})
		if err != nil {
			t.Fatal(err)
		}
		o.write(func(tx *db.Tx) error {
			return o.Attach(tx, o.clerk(o.north), typed.ID, []blob.Ref{ref})
		})
		attach("phu luc.docx", "Phụ lục\nBiểu tổng hợp thôn Pá Khoang")
		attach("mat.docx", strings.Replace(letter, "V/v rà soát", "MẬT\nV/v rà soát "+said, 1))
		o.work()
		if n := o.objects(); n != 2 {
			t.Errorf("%d files are left", n)
		}
		for _, id := range []string{typed.ID, out.ID} {
			if x := o.get(id); !strings.HasPrefix(x.Subject, "Đã xóa trích yếu") || x.Signer != "" || x.Number == 0 {
				t.Errorf("what was typed of a secret paper is left: %+v", x.Facts)
			}
		}
		if x := o.get(d.ID); x.Subject != d.Subject {
			t.Errorf("an open paper lost its subject: %q", x.Subject)
		}
		for words, want := range map[string]int{"Đường dây đang theo dõi": 0, "9/CAT-PA05": 1} {
			if _, n := o.search(o.clerk(o.north), Filter{Words: words}); n != want {
				t.Errorf("%q finds %d", words, n)
			}
		}
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			files, err := listFiles(tx, d.ID)
			if len(files) != 1 || files[0].Name != "phu luc.docx" {
				t.Errorf("%+v", files)
			}
			if n, err := db.One[int](tx, `SELECT COUNT(*) FROM audit_entry WHERE change LIKE '%Đường dây%' OR change LIKE '%Lò Văn A%' OR purpose LIKE '%Đường dây%'`); n != 0 || err != nil {
				t.Errorf("%d entries of the log hold what was typed of it: %v", n, err)
			}
			n, _ := db.One[int](tx, `SELECT COUNT(*) FROM document_text WHERE text LIKE '%`+said+`%'`)
			if own, there, _ := findText(tx, d.ID, 0); n != 0 || !there || own.Text == "" {
				t.Errorf("%d texts hold it; own text there: %v", n, there)
			}
			for _, id := range []string{d.ID, out.ID} {
				x, err := byID(tx, id)
				if err != nil || x.ExtractionNote != noteSecret || x.Extraction == Waiting {
					t.Errorf("%s: %s, %q %v", x.Title(), x.Extraction, x.ExtractionNote, err)
				}
			}
			return err
		})
	})
}

// A text with a mark of secrecy is not issued: no number is drawn for it.
func TestSecretPapersAreNotIssued(t *testing.T) {
	eachOffice(t, func(o *office) {
		n := plan(o.health)
		n.Text = strings.Replace(letter, "V/v rà soát", "MẬT\nV/v rà soát", 1)
		o.refused(o.try(func(tx *db.Tx) error { _, err := o.Issue(tx, o.clerk(o.health), n); return err }), errs.Invalid, "document.secret")
		if d := o.issue(plan(o.health)); d.Number != 1 {
			t.Errorf("the next paper has number %d", d.Number)
		}
	})
}

// What a vanished unit had still to deal with is its successor's: papers not entered with their line, entered ones under a number of the
// successor's own, with their deadline. What was done stays where it was.
func TestTheSuccessorTakesPapersOver(t *testing.T) {
	eachOffice(t, func(o *office) {
		paper := func(symbol string) Document {
			return o.arrive(o.north, strings.Replace(letter, "215/SYT-NVY", symbol, 1))
		}
		enter := func(d Document) {
			o.write(func(tx *db.Tx) error {
				_, _, err := o.Confirm(tx, o.clerk(o.north), d.ID, d.Version, d.Facts, Entry{}, false)
				return err
			})
		}
		due := civil.MustParse("2027-03-01")
		arrived, entered, quiet := paper("301/SYT-NVY"), paper("302/SYT-NVY"), paper("303/SYT-NVY")
		enter(entered)
		enter(quiet)
		o.write(func(tx *db.Tx) error {
			if err := setDue(tx, entered.ID, o.north, due); err != nil {
				return err
			}
			return o.AddRegister(tx, o.clerk(o.north), o.north, inBook, "BCĐ", "Ban Chỉ đạo")
		})
		o.write(func(tx *db.Tx) error {
			if n, err := (Heir{}).Count(tx, o.north); err != nil || n != 2 {
				t.Errorf("%d open papers, %v", n, err)
			}
			n, err := (Heir{}).Move(tx, actor("clerk", o.sea), o.north, o.sea)
			if n != 2 {
				t.Errorf("%d papers moved", n)
			}
			return err
		})
		o.write(func(tx *db.Tx) error {
			if n, err := (Heir{}).Count(tx, o.north); err != nil || n != 0 {
				t.Errorf("%d papers left, %v", n, err)
			}
			x, ok, err := findDelivery(tx, entered.ID, o.sea)
			if err != nil || !ok || x.Number != 0 || x.DueOn != due {
				t.Errorf("%+v %v", x, err)
			}
			if old, _, _ := findDelivery(tx, entered.ID, o.north); old.Number != 1 || old.Progress != "done" {
				t.Errorf("the old line: %+v", old)
			}
			if list, err := Registers(tx, o.sea, inBook); err != nil || len(list) != 1 {
				t.Errorf("%v %v", list, err)
			}
			return nil
		})
		now := o.get(arrived.ID)
		o.write(func(tx *db.Tx) error {
			_, x, err := o.Confirm(tx, o.clerk(o.sea), now.ID, now.Version, now.Facts, Entry{}, false)
			if x.Number != 1 || x.Unit != o.sea {
				t.Errorf("%+v", x)
			}
			return err
		})
	})
}

// The registers of a unit that wholly became another are read by the other, and by nobody else.
func TestTheSuccessorReadsTheOldRegisters(t *testing.T) {
	eachOffice(t, func(o *office) {
		d := o.arrive(o.north, letter)
		o.write(func(tx *db.Tx) error {
			_, _, err := o.Confirm(tx, o.clerk(o.north), d.ID, d.Version, d.Facts, Entry{}, false)
			return err
		})
		read := func(unit string) (n int) {
			o.write(func(tx *db.Tx) error {
				list, _, err := o.Incoming(tx, o.clerk(unit), BookFilter{Unit: o.north, Year: d.CreatedAt.Year()})
				if err != nil && !errs.Is(err, errs.NotFound) {
					return err
				}
				n = len(list)
				return nil
			})
			return n
		}
		if n := read(o.sea); n != 0 {
			t.Errorf("%d lines of another unit's register", n)
		}
		units := &orgunit.Units{Book: policy.NewBook()}
		o.write(func(tx *db.Tx) error {
			return units.Merge(tx, policy.System("test"), orgunit.Merger{From: []orgunit.Part{{Unit: o.north, Version: 1}}, Into: o.sea, On: civil.Of(tx.Now), Basis: "1/NQ"})
		})
		if n := read(o.sea); n != 1 {
			t.Errorf("the successor reads %d lines", n)
		}
		// The papers behind the lines open where they were handed over, and only there.
		given := o.arrive(o.north, strings.Replace(letter, "Số: 215", "Số: 217", 1))
		o.write(func(tx *db.Tx) error {
			if _, _, err := o.Confirm(tx, o.clerk(o.north), given.ID, given.Version, given.Facts, Entry{}, false); err != nil {
				return err
			}
			if err := setDue(tx, given.ID, o.north, civil.MustParse("2027-03-01")); err != nil {
				return err
			}
			_, err := (Heir{}).Move(tx, o.clerk(o.sea), o.north, o.sea)
			return err
		})
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			opens, err := o.readable(tx, o.clerk(o.sea), []string{d.ID, given.ID})
			if err != nil || opens[d.ID] || !opens[given.ID] {
				t.Errorf("the successor opens %v, %v", opens, err)
			}
			_, err = o.Get(tx, o.clerk(o.sea), given.ID)
			return err
		})
	})
}

// The register of sending has a line for each unit a paper went to, with when it was opened and under which number it was entered.
func TestTheSendingRegister(t *testing.T) {
	eachOffice(t, func(o *office) {
		first, second := o.issue(plan(o.health)), o.issue(plan(o.health))
		o.write(func(tx *db.Tx) error {
			if _, err := o.Deliver(tx, o.clerk(o.health), second.ID, []string{o.sea}, ToKnow); err != nil {
				return err
			}
			if _, err := o.Deliver(tx, o.clerk(o.health), first.ID, []string{o.north, o.sea}, ToAct); err != nil {
				return err
			}
			if err := markRead(tx, first.ID, "clerk", o.north); err != nil {
				return err
			}
			_, err := o.Enter(tx, o.clerk(o.north), first.ID, o.north, Entry{})
			return err
		})
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			f := BookFilter{Unit: o.health, Year: first.Year, Size: 10}
			list, n, err := o.Sent(tx, o.clerk(o.health), f)
			if err != nil || n != 3 || len(list) != 3 {
				t.Fatalf("%d lines, %v", n, err)
			}
			north := slices.IndexFunc(list, func(x InLine) bool { return x.Unit == o.north })
			if list[2].Document != second.ID || list[2].Purpose != ToKnow || north < 0 || list[north].Number != 1 || list[north].OpenedAt.IsZero() || !list[1-north].OpenedAt.IsZero() {
				t.Errorf("%+v", list)
			}
			if _, _, err := o.Sent(tx, o.clerk(o.sea), f); !errs.Is(err, errs.NotFound) {
				t.Error("another unit reads the register:", err)
			}
			f.To = first.IssuedOn.AddDays(-1)
			if _, n, err := o.Sent(tx, o.clerk(o.health), f); n != 0 || err != nil {
				t.Errorf("%d lines before the day of issue, %v", n, err)
			}
			return nil
		})
	})
}
