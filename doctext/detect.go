package doctext

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
)

// Detect tells what a file is by its content. An error comes with the types that are recognised and not read, and with files that are
// locked, empty or damaged.
func Detect(r io.ReaderAt, size int64) (Type, error) {
	kind, _, err := detect(r, size)
	return kind, err
}

// detect also returns the container, if the file is one, so that it is opened once.
func detect(r io.ReaderAt, size int64) (Type, *container, error) {
	if size > 0 {
		var magic [4]byte
		if n, _ := r.ReadAt(magic[:], 0); n == 4 && (string(magic[:]) == "PK\x03\x04" || string(magic[:]) == "PK\x05\x06") {
			return detectZip(r, size)
		}
	}
	kind, err := detectPlain(r, size)
	return kind, nil, err
}

// detectPlain tells everything but containers apart.
func detectPlain(r io.ReaderAt, size int64) (Type, error) {
	if size == 0 {
		return Empty, refuse(ErrEmpty)
	}
	head := make([]byte, min(size, 8192))
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return Unknown, broken(err)
	}
	head = head[:n]
	has := func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) }
	switch {
	case n == 0:
		return Empty, refuse(ErrEmpty)
	case has("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"):
		return detectCompound(r, size)
	case has("{\\rtf"):
		return RTF, nil
	case has("\x89PNG\r\n\x1a\n"):
		return PNG, nil
	case has("\xFF\xD8\xFF"):
		return JPEG, nil
	case has("II*\x00"), has("MM\x00*"), has("II+\x00"), has("MM\x00+"):
		return TIFF, nil
	case has("RIFF") && n > 12 && string(head[8:12]) == "WEBP":
		return WebP, nil
	case n > 12 && string(head[4:8]) == "ftyp":
		if brand := string(head[8:12]); brand == "heic" || brand == "heix" || brand == "mif1" || brand == "hevc" || brand == "avif" {
			return HEIC, refuse(ErrUnread, "HEIC")
		}
		return Unknown, refuse(ErrUnknown)
	case bytes.Contains(head[:min(n, 1024)], []byte("%PDF-")):
		return PDF, nil
	case has("\x1f\x8b"), has("Rar!"), has("7z\xBC\xAF"), has("BZh"), has("\xFD7zXZ"), has("\x28\xB5\x2F\xFD"):
		return Archive, refuse(ErrUnread, "RAR/ZIP")
	case has("GIF8"), has("BM") && n > 30 && head[14] == 40, has("8BPS"):
		return Unknown, refuse(ErrUnread, "GIF/BMP")
	}
	if looksMHT(head) {
		return MHT, nil
	}
	if looksHTML(head) {
		return HTML, nil
	}
	if looksText(head) {
		return Plain, nil
	}
	return Unknown, refuse(ErrUnknown)
}

// looksText tells whether a file is text in some encoding: no control characters except in UTF-16.
func looksText(head []byte) bool {
	if utf16Order(head) != nil {
		return true
	}
	odd := 0
	for _, c := range head {
		switch {
		case c == 0:
			return false
		case c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\v' && c != 0x1A:
			odd++
		}
	}
	// A few control characters occur in texts saved by old programs, and TCVN 5712 VN1 has letters among them.
	return odd*50 <= len(head)
}

// utf16Order returns the byte order of UTF-16 text, with or without a mark, and nil for anything else.
func utf16Order(b []byte) binary.ByteOrder {
	if len(b) < 4 {
		return nil
	}
	switch {
	case b[0] == 0xFF && b[1] == 0xFE:
		return binary.LittleEndian
	case b[0] == 0xFE && b[1] == 0xFF:
		return binary.BigEndian
	}
	// Without a mark: Vietnamese text has a zero in every second byte for at least its spaces and plain letters, on one side only.
	var zero [2]int
	for i, c := range b {
		if c == 0 {
			zero[i&1]++
		}
	}
	half := len(b) / 2
	switch {
	case zero[1]*3 > half && zero[0]*50 < half:
		return binary.LittleEndian
	case zero[0]*3 > half && zero[1]*50 < half:
		return binary.BigEndian
	}
	return nil
}

// looksMHT recognises the headers of a web archive.
func looksMHT(head []byte) bool {
	s := strings.ToLower(string(head[:min(len(head), 4096)]))
	return (strings.HasPrefix(s, "mime-version:") || strings.HasPrefix(s, "from:")) && strings.Contains(s, "content-type: multipart/related")
}

// looksHTML recognises a page: it begins as one, or has the frame of one near its beginning. A text with a few stray tags is text.
func looksHTML(head []byte) bool {
	b := head
	if order := utf16Order(b); order != nil {
		var u []uint16
		for i := 0; i+1 < len(b); i += 2 {
			u = append(u, order.Uint16(b[i:]))
		}
		b = []byte(string(utf16.Decode(u)))
	}
	s := strings.ToLower(string(bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF")), "\uFEFF \t\r\n")))
	for strings.HasPrefix(s, "<?xml") || strings.HasPrefix(s, "<!--") {
		end, skip := strings.Index(s, "?>"), 2
		if strings.HasPrefix(s, "<!--") {
			end, skip = strings.Index(s, "-->"), 3
		}
		if end < 0 {
			return false
		}
		s = strings.TrimLeft(s[end+skip:], " \t\r\n")
	}
	for _, t := range []string{"<!doctype html", "<html", "<head", "<body", "<meta ", "<title", "<table", "<div", "<p>", "<p ", "<span", "<center", "<font", "<article", "<main", "<h1"} {
		if strings.HasPrefix(s, t) {
			return true
		}
	}
	return strings.Contains(s, "<html") || strings.Contains(s, "<body") && strings.Contains(s, "<p")
}

// detectZip tells the office formats in a ZIP container apart by the parts they must have.
func detectZip(r io.ReaderAt, size int64) (Type, *container, error) {
	z, err := openZip(r, size)
	if err != nil {
		return Archive, z, err
	}
	switch {
	case z.has("META-INF/manifest.xml") && z.encrypted():
		return Locked, z, refuse(ErrPassword)
	case z.has("mimetype"):
		m, err := z.small("mimetype", 200)
		if err != nil {
			return Archive, z, err
		}
		switch mime := strings.TrimSpace(string(m)); {
		case strings.HasPrefix(mime, "application/vnd.oasis.opendocument.text"):
			return ODT, z, nil
		case strings.HasPrefix(mime, "application/vnd.oasis.opendocument.spreadsheet"):
			return ODS, z, refuse(ErrUnread, "ODS")
		}
		return Archive, z, refuse(ErrUnread, "ZIP")
	}
	main, err := z.mainPart()
	z.main = main
	if err != nil {
		return Archive, z, err
	}
	switch {
	case strings.HasPrefix(main, "word/"), strings.HasSuffix(main, "document.xml"):
		return DOCX, z, nil
	case strings.HasPrefix(main, "xl/"), strings.HasSuffix(main, "workbook.xml"):
		return XLSX, z, nil
	case strings.HasPrefix(main, "ppt/"):
		return Slides, z, refuse(ErrUnread, "PPTX")
	}
	return Archive, z, refuse(ErrUnread, "ZIP")
}
