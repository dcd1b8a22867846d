package blob

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Type is what a content is, as a media type, judged by what is in it.
type Type string

// The types known. Unknown is everything else, programs among it; it is never taken in.
const (
	Unknown Type = "application/octet-stream"
	PDF     Type = "application/pdf"
	DOCX    Type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX    Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	PPTX    Type = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	ODT     Type = "application/vnd.oasis.opendocument.text"
	ODS     Type = "application/vnd.oasis.opendocument.spreadsheet"
	DOC     Type = "application/msword"
	XLS     Type = "application/vnd.ms-excel"
	PPT     Type = "application/vnd.ms-powerpoint"
	RTF     Type = "application/rtf"
	Plain   Type = "text/plain"
	JPEG    Type = "image/jpeg"
	PNG     Type = "image/png"
	WebP    Type = "image/webp"
	GIF     Type = "image/gif"
	TIFF    Type = "image/tiff"
	HEIC    Type = "image/heic"
	MP4     Type = "video/mp4"
	MOV     Type = "video/quicktime"
	M4A     Type = "audio/mp4"
	MP3     Type = "audio/mpeg"
	WAV     Type = "audio/wav"
	Ogg     Type = "audio/ogg"
	ZIP     Type = "application/zip"
	P7S     Type = "application/pkcs7-signature"
	HTML    Type = "text/html"
	XML     Type = "application/xml"
	SVG     Type = "image/svg+xml"
	Macro   Type = "application/x-office-macro"  // an Office file that carries a program (VBA, Excel 4 sheets of macros, Basic), old or new
	Locked  Type = "application/x-office-locked" // an Office file under a password
)

// What a field usually takes.
var (
	Documents = []Type{PDF, DOCX, DOC, XLSX, XLS, PPTX, PPT, ODT, ODS, RTF, Plain, P7S}
	Images    = []Type{JPEG, PNG, WebP, GIF} // that can be shrunk and shown
	Scans     = []Type{JPEG, PNG, WebP, GIF, TIFF, HEIC}
	Media     = []Type{MP4, MOV, M4A, MP3, WAV, Ogg}
	Anything  = slices.Concat(Documents, Scans, Media, []Type{ZIP}) // but nothing that runs in a browser, and no Office file with a program in it
	Papers    = slices.Concat(Anything, []Type{HTML})               // of a registry: also a web page as it was saved, which is read and only ever downloaded
)

// extensions that fit a type, the usual one first.
var extensions = map[Type][]string{
	PDF: {".pdf"}, DOCX: {".docx"}, XLSX: {".xlsx"}, PPTX: {".pptx"}, ODT: {".odt"}, ODS: {".ods"}, DOC: {".doc", ".dot"}, XLS: {".xls"}, PPT: {".ppt"},
	RTF: {".rtf", ".doc"}, Plain: {".txt", ".csv", ".md", ".log"}, JPEG: {".jpg", ".jpeg"}, PNG: {".png"}, WebP: {".webp"}, GIF: {".gif"},
	TIFF: {".tif", ".tiff"}, HEIC: {".heic", ".heif"}, MP4: {".mp4", ".m4v", ".3gp"}, MOV: {".mov"}, M4A: {".m4a"}, MP3: {".mp3"}, WAV: {".wav"}, Ogg: {".ogg", ".oga", ".opus"},
	ZIP: {".zip"}, P7S: {".p7s", ".p7m"}, HTML: {".html", ".htm"}, XML: {".xml"}, SVG: {".svg"}, Macro: {".docm", ".xlsm"},
}

// Ext is the usual extension of a type, with its dot; "" for Unknown.
func (t Type) Ext() string {
	if e := extensions[t]; len(e) > 0 {
		return e[0]
	}
	return ""
}

// Image tells whether a type can be decoded, shrunk and shown.
func (t Type) Image() bool { return slices.Contains(Images, t) }

// Words lists types for people: "PDF, DOCX, JPG".
func Words(types []Type) string {
	var out []string
	for _, t := range types {
		if w := strings.ToUpper(strings.TrimPrefix(t.Ext(), ".")); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return strings.Join(out, ", ")
}

// Accept is the accept attribute of a file input for types.
func Accept(types []Type) string {
	var out []string
	for _, t := range types {
		out = append(out, extensions[t]...)
	}
	return strings.Join(out, ",")
}

const headSize = 4096

// Judge tells the type of a content. Only ends of it are read: the beginning, and the directory of a container; a presentation of 97 to 2003
// is read whole.
func Judge(r io.ReaderAt, size int64) (Type, error) {
	head := make([]byte, min(headSize, size))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return Unknown, err
	}
	switch t := sniff(head, size > headSize); t {
	case ZIP:
		return judgeZip(r, size), nil
	case DOC:
		return judgeOLE(r, size, head), nil
	default:
		return t, nil
	}
}

// sniff judges by the first bytes; ZIP and DOC mean that the container must be looked into.
func sniff(b []byte, more bool) Type {
	has := func(s string) bool { return bytes.HasPrefix(b, []byte(s)) }
	at := func(i int, s string) bool { return len(b) >= i+len(s) && string(b[i:i+len(s)]) == s }
	switch {
	case len(b) == 0:
		return Unknown
	case has("PK\x03\x04"), has("PK\x05\x06"):
		return ZIP
	case has("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		return DOC
	case has("\xff\xd8\xff"):
		return JPEG
	case has("\x89PNG\r\n\x1a\n"):
		return PNG
	case has("RIFF") && at(8, "WEBP"):
		return WebP
	case has("RIFF") && at(8, "WAVE"):
		return WAV
	case has("GIF87a"), has("GIF89a"):
		return GIF
	case has("II*\x00"), has("MM\x00*"):
		return TIFF
	case at(4, "ftyp"):
		return brand(b)
	case has("ID3"), len(b) > 3 && b[0] == 0xff && (b[1] == 0xfb || b[1] == 0xf3 || b[1] == 0xf2):
		return MP3
	case has("OggS"):
		return Ogg
	case has("{\\rtf"):
		return RTF
	case bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")) && !bytes.HasPrefix(bytes.TrimSpace(b), []byte("<")):
		return PDF
	case signed(b), bytes.HasPrefix(b, []byte("-----BEGIN PKCS7-----")):
		return P7S
	}
	return markup(b, more)
}

func brand(b []byte) Type {
	if len(b) < 12 {
		return Unknown
	}
	switch br := string(b[8:12]); {
	case slices.Contains([]string{"heic", "heix", "hevc", "mif1", "msf1", "heif"}, br):
		return HEIC
	case br == "qt  ":
		return MOV
	case strings.HasPrefix(br, "M4A"), strings.HasPrefix(br, "M4B"):
		return M4A
	case slices.ContainsFunc([]string{"iso", "mp4", "avc", "M4V", "MSN", "3gp", "3g2", "dash", "f4v"}, func(p string) bool { return strings.HasPrefix(br, p) }):
		return MP4
	}
	return Unknown
}

// signed tells whether b begins a DER-coded PKCS #7 message (signedData).
func signed(b []byte) bool {
	oid := []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}
	return len(b) > 20 && b[0] == 0x30 && bytes.Contains(b[:20], oid)
}

// markup tells text from programs for a browser and from binary data.
func markup(b []byte, more bool) Type {
	s := bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if low := bytes.ToLower(bytes.TrimSpace(s)); bytes.HasPrefix(low, []byte("<")) {
		switch {
		case bytes.Contains(low, []byte("<svg")):
			return SVG
		case bytes.HasPrefix(low, []byte("<?xml")):
			return XML
		}
		if strings.HasPrefix(http.DetectContentType(b), "text/html") || bytes.Contains(low, []byte("<script")) || bytes.Contains(low, []byte("<html")) {
			return HTML
		}
	}
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) { // UTF-16 with its mark
		return Plain
	}
	if more { // a character may be cut by the end of the head
		for i := 0; i < 3 && len(s) > 0 && !utf8.Valid(s); i++ {
			s = s[:len(s)-1]
		}
	}
	control := bytes.ContainsFunc(s, func(r rune) bool { return r < 0x20 && r != '\n' && r != '\r' && r != '\t' && r != '\f' && r != 0x1b })
	if control {
		return Unknown
	}
	return Plain // also of the old code pages TCVN3 and VNI, which are no UTF-8
}

func judgeZip(r io.ReaderAt, size int64) Type {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Unknown
	}
	if len(z.File) > 0 && z.File[0].Name == "mimetype" && z.File[0].UncompressedSize64 < 100 {
		if f, err := z.File[0].Open(); err == nil {
			b, _ := io.ReadAll(io.LimitReader(f, 100))
			f.Close()
			if t := Type(b); t == ODT || t == ODS {
				if slices.ContainsFunc(z.File, func(f *zip.File) bool {
					return strings.HasPrefix(f.Name, "Basic/") || strings.HasPrefix(f.Name, "Scripts/")
				}) {
					return Macro
				}
				return t
			}
		}
	}
	typ, office := ZIP, false
	for _, f := range z.File {
		switch name := strings.ToLower(f.Name); {
		case path.Base(name) == "vbaproject.bin", strings.HasPrefix(name, "xl/macrosheets/"):
			return Macro
		case name == "[content_types].xml":
			office = true
		case name == "word/document.xml":
			typ = DOCX
		case name == "xl/workbook.xml", name == "xl/workbook.bin":
			typ = XLSX
		case name == "ppt/presentation.xml":
			typ = PPTX
		}
	}
	if typ != ZIP && !office {
		return ZIP
	}
	return typ
}

// directoryOLE reads the directory of a compound file, whose sectors may lie anywhere, along the table of sectors; 512 KB of it at most.
// Sectors named beyond the part of that table that the header lists are taken to follow one another.
func directoryOLE(r io.ReaderAt, size int64, head []byte, shift uint16) []byte {
	var dir []byte
	number := func(b []byte, i int64) int64 { return int64(binary.LittleEndian.Uint32(b[i:])) }
	place := func(sector int64) int64 { return (sector + 1) << shift }
	per := int64(1) << (shift - 2) // entries of the table in one sector
	buf, entry := make([]byte, 1<<shift), make([]byte, 4)
	for sector := number(head, 48); sector < 0xfffffffa && place(sector) < size && len(dir) < 512<<10; {
		n, err := r.ReadAt(buf, place(sector))
		if err != nil && err != io.EOF {
			break
		}
		dir = append(dir, buf[:n]...)
		next := sector + 1
		if i := sector / per; i < 109 {
			if _, err := r.ReadAt(entry, place(number(head, 76+4*i))+4*(sector%per)); err != nil {
				break
			}
			next = number(entry, 0)
		}
		sector = next
	}
	return dir
}

// judgeOLE looks for the streams that tell the programs of Office 97 apart, in the directory. A program in the file outweighs all else.
func judgeOLE(r io.ReaderAt, size int64, head []byte) Type {
	if len(head) < 512 {
		return Unknown
	}
	shift := binary.LittleEndian.Uint16(head[30:])
	if shift != 9 && shift != 12 {
		return Unknown
	}
	dir := directoryOLE(r, size, head, shift)
	typ, macro := Unknown, false
	for ; len(dir) >= 128; dir = dir[128:] {
		n := int(binary.LittleEndian.Uint16(dir[64:]))
		if n < 2 || n > 64 {
			continue
		}
		name := make([]byte, 0, 32)
		for i := 0; i+1 < n-2; i += 2 {
			name = append(name, dir[i])
		}
		switch string(name) {
		case "EncryptedPackage":
			return Locked
		case "WordDocument":
			typ = DOC
		case "Workbook", "Book":
			typ = XLS
		case "PowerPoint Document":
			typ = PPT
		case "Macros", "_VBA_PROJECT_CUR", "VBA":
			macro = true
		}
	}
	if macro || typ == PPT && pptMacro(r, size) {
		return Macro
	}
	return typ
}

// pptMacro looks for the record by which a presentation of 97 to 2003 says that it has a program, which lies inside its one large stream:
// VbaInfoContainer with VbaInfoAtom, whose second field is not 0.
func pptMacro(r io.ReaderAt, size int64) bool {
	mark := []byte{0x1f, 0, 0xff, 0x03, 0x14, 0, 0, 0, 0x02, 0, 0x00, 0x04, 0x0c, 0, 0, 0}
	const record, step = 16 + 12, 64 << 10
	buf := make([]byte, step+record)
	for at := int64(0); at < size; at += step {
		n, err := r.ReadAt(buf, at)
		if err != nil && err != io.EOF {
			return false
		}
		for b := buf[:n]; ; {
			i := bytes.Index(b, mark)
			if i < 0 || len(b) < i+record {
				break
			}
			if b = b[i+len(mark):]; binary.LittleEndian.Uint32(b[4:]) != 0 {
				return true
			}
		}
	}
	return false
}
