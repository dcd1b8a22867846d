package doctext

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"
)

// allocated runs f and returns how many bytes it asked for.
func allocated(f func()) uint64 {
	var a, b runtime.MemStats
	runtime.ReadMemStats(&a)
	f()
	runtime.ReadMemStats(&b)
	return b.TotalAlloc - a.TotalAlloc
}

// bigZip makes an archive of which one part is filled with a repeated text, without holding it.
func bigZip(t testing.TB, parts map[string]string, name, head, repeat string, size int, tail string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range sortedKeys(parts) {
		w, err := z.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, parts[n])
	}
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, head)
	chunk := strings.Repeat(repeat, 1+(1<<20)/len(repeat))
	for n := 0; n < size; n += len(chunk) {
		io.WriteString(w, chunk)
	}
	io.WriteString(w, tail)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const docRels = `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="word/document.xml"/></Relationships>`
const sheetRels = `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`

// lyingZip makes an archive whose headers say that a part is small.
func lyingZip(t testing.TB) []byte {
	t.Helper()
	var packed bytes.Buffer
	f, _ := flate.NewWriter(&packed, 9)
	sum := crc32.NewIEEE()
	all := io.MultiWriter(f, sum)
	io.WriteString(all, "<w:document><w:body>")
	for range 20 {
		io.WriteString(all, strings.Repeat("<w:p></w:p>", 100_000))
	}
	io.WriteString(all, "</w:body></w:document>")
	f.Close()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create("_rels/.rels")
	io.WriteString(w, docRels)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "word/document.xml", Method: zip.Deflate, CRC32: sum.Sum32(), CompressedSize64: uint64(packed.Len()), UncompressedSize64: 1000})
	if err != nil {
		t.Fatal(err)
	}
	w.Write(packed.Bytes())
	z.Close()
	return b.Bytes()
}

// compoundFile makes a compound file with empty streams of the given names, and may close a circle in its chain of sectors.
func compoundFile(circle bool, first string, streams ...string) []byte {
	le := binary.LittleEndian
	b := make([]byte, 512*4)
	copy(b, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	le.PutUint16(b[24:], 0x3E)
	le.PutUint16(b[26:], 3)
	le.PutUint16(b[28:], 0xFFFE)
	le.PutUint16(b[30:], 9)
	le.PutUint16(b[32:], 6)
	le.PutUint32(b[44:], 1)
	le.PutUint32(b[48:], 1) // directory in sector 1
	le.PutUint32(b[56:], 4096)
	le.PutUint32(b[60:], 0xFFFFFFFE)
	le.PutUint32(b[68:], 0xFFFFFFFE)
	for i := range 109 {
		le.PutUint32(b[76+4*i:], 0xFFFFFFFF)
	}
	le.PutUint32(b[76:], 0) // the table of sectors in sector 0
	fat := b[512:]
	for i := range 128 {
		le.PutUint32(fat[4*i:], 0xFFFFFFFF)
	}
	le.PutUint32(fat[0:], 0xFFFFFFFD)
	le.PutUint32(fat[4:], 0xFFFFFFFE)
	le.PutUint32(fat[8:], 0xFFFFFFFE)
	if circle {
		le.PutUint32(fat[4:], 1)
	}
	dir := b[1024:]
	for i, name := range append([]string{first}, streams...) {
		e := dir[128*i:]
		u := utf16.Encode([]rune(name))
		for k, c := range u {
			le.PutUint16(e[2*k:], c)
		}
		le.PutUint16(e[64:], uint16(2*len(u)+2))
		e[66] = 2
		if i == 0 {
			e[66] = 5
		}
		le.PutUint32(e[116:], 2)
		le.PutUint32(e[120:], 4096)
	}
	return b
}

// What is refused, and with which reason; and that nothing of it costs much.
func TestRefused(t *testing.T) {
	rels := map[string]string{"_rels/.rels": docRels}
	locked := map[string]string{"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": `<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`, "content.xml": "x"}
	oldLocked := compoundFile(false, "Root Entry", "WordDocument")
	binary.LittleEndian.PutUint16(oldLocked[512*3:], 0xA5EC)
	binary.LittleEndian.PutUint16(oldLocked[512*3+10:], 0x0100)
	whole := wordFile(t, strings.Repeat(p("Một đoạn văn đủ dài để tệp có thể bị cắt ở giữa, số "+strings.Repeat("9", 40)), 400), nil)
	many := map[string]string{}
	for i := range maxEntries + 10 {
		many["f/"+string(rune('a'+i%26))+strings.Repeat("b", i%50)+string(rune('A'+i/26%26))+strings.Repeat("c", i/1300)] = ""
	}
	hugePNG := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0)
	hugePNG = binary.BigEndian.AppendUint32(hugePNG, crc32.ChecksumIEEE(hugePNG[12:]))
	cases := []struct {
		name string
		file []byte
		want error
	}{
		{"empty", nil, ErrEmpty},
		{"noise", []byte("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11"), ErrUnknown},
		{"program", []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00"), ErrUnknown},
		{"archive", zipped(t, map[string]string{"a.txt": "chữ"}), ErrUnread},
		{"RAR", []byte("Rar!\x1a\x07\x01\x00xxxxxxxxxxxxxxxx"), ErrUnread},
		{"slides", zipped(t, map[string]string{"_rels/.rels": strings.Replace(docRels, "word/document.xml", "ppt/presentation.xml", 1), "ppt/presentation.xml": "<p/>"}), ErrUnread},
		{"spreadsheet of 1997", compoundFile(false, "Root Entry", "Workbook"), ErrUnread},
		{"Word of 1997", compoundFile(false, "Root Entry", "WordDocument"), ErrOldWord},
		{"Word of 1997 with a password", oldLocked, ErrPassword},
		{"password on DOCX", compoundFile(false, "Root Entry", "EncryptionInfo", "EncryptedPackage"), ErrPassword},
		{"password on ODT", zipped(t, locked), ErrPassword},
		{"compound file in a circle", compoundFile(true, "Root Entry", "WordDocument"), ErrDamaged},
		{"compound file cut off", compoundFile(false, "Root Entry", "WordDocument")[:700], ErrDamaged},
		{"DOCX cut off", whole[:len(whole)/2], ErrDamaged},
		{"DOCX without its text", zipped(t, rels), ErrDamaged},
		{"DOCX with half its text", zipped(t, map[string]string{"_rels/.rels": docRels, "word/document.xml": "<w:document><w:body><w:p><w:r><w:t>nửa"}), ErrDamaged},
		{"DOCX that is no XML", zipped(t, map[string]string{"_rels/.rels": docRels, "word/document.xml": "không phải XML"}), ErrDamaged},
		{"bomb", bigZip(t, rels, "word/document.xml", "<w:document><w:body>", "<w:p></w:p>", 24<<20, "</w:body></w:document>"), ErrBomb},
		{"bomb of text", bigZip(t, rels, "word/document.xml", "<w:document><w:body><w:p><w:r><w:t>", "aaaaaaaaaaaaaaaaaaaaaaaa", 24<<20, "</w:t></w:r></w:p></w:body></w:document>"), ErrBomb},
		{"bomb that lies", lyingZip(t), ErrDamaged},
		{"deep", zipped(t, map[string]string{"_rels/.rels": docRels, "word/document.xml": "<w:document><w:body>" + strings.Repeat("<w:sdt>", 5000) + strings.Repeat("</w:sdt>", 5000) + "</w:body></w:document>"}), ErrDamaged},
		{"tables in tables", zipped(t, map[string]string{"_rels/.rels": docRels, "word/document.xml": "<w:document><w:body>" + strings.Repeat("<w:tbl><w:tr><w:tc>", 3000)}), ErrDamaged},
		{"many entries", zipped(t, many), ErrBomb},
		{"shared strings", bigZip(t, map[string]string{"_rels/.rels": sheetRels, "xl/workbook.xml": "<workbook/>", "xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`}, "xl/sharedStrings.xml", "<sst>", "<si><t>a</t></si>", 24<<20, "</sst>"), ErrBomb},
		{"repeated cells", zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": `<d xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:text><table:table><table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000000"><text:p>a</text:p></table:table-cell></table:table-row></table:table></office:text></d>`}), ErrBomb},
		{"RTF in a thousand groups", []byte(`{\rtf1 ` + strings.Repeat("{", 100_000)), ErrBomb},
		{"page of a million tags", []byte("<html>" + strings.Repeat("<b>", 1_100_000)), ErrLong},
		{"long text", bytes.Repeat([]byte("Một dòng chữ dài. "), 1_000_000), ErrLong},
		{"photo of 65536 x 65536", hugePNG, ErrBomb},
		{"photo cut off", []byte("\xFF\xD8\xFF\xE0\x00\x10JFIF"), ErrDamaged},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), ErrUnread},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if strings.HasPrefix(c.name, "photo") {
				needs(t, "tesseract")
			}
			used := allocated(func() { reason(t, c.file, c.want) })
			if used > 300<<20 {
				t.Errorf("asked for %d MB", used>>20)
			}
		})
	}
}

// A document type that would grow to thousands of millions of letters stays as it is written.
func TestEntitiesDoNotGrow(t *testing.T) {
	xml := `<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha ha ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><w:document><w:body><w:p><w:r><w:t>&c; &amp; &#7909;</w:t></w:r></w:p></w:body></w:document>`
	b := zipped(t, map[string]string{"_rels/.rels": docRels, "word/document.xml": xml})
	if got := extract(t, b).Plain; got != "&c; & ụ\n" {
		t.Errorf("%q", got)
	}
}

// endless is a file that is larger than it may be; reading it would be an error.
type endless struct{ t *testing.T }

func (e endless) ReadAt([]byte, int64) (int, error) {
	e.t.Error("a file too big is looked into")
	return 0, io.EOF
}

func TestTooBig(t *testing.T) {
	_, err := Extract(context.Background(), endless{t}, DefaultMaxSize+1, "x", Options{})
	if !errors.Is(err, ErrTooBig) {
		t.Error(err)
	}
}

// Whatever its size, a file within its limits is read within a few times its text.
func TestMemoryIsLinear(t *testing.T) {
	para := p("Ủy ban nhân dân các xã, phường, thị trấn tổ chức thực hiện và báo cáo kết quả theo quy định của pháp luật hiện hành.")
	use := func(n int) uint64 {
		b := wordFile(t, strings.Repeat(para, n), nil)
		return allocated(func() { extract(t, b) })
	}
	small, large := use(2_000), use(20_000)
	if large > 12*small {
		t.Errorf("ten times the text asks for %d times the memory (%d and %d KB)", large/small, small>>10, large>>10)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	b := wordFile(t, p("một"), nil)
	if _, err := Extract(ctx, bytes.NewReader(b), int64(len(b)), "x", Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
