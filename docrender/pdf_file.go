package docrender

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"

	"github.com/klauspost/compress/zlib"
)

// pdfFile writes the objects of a PDF 1.7 file with a classic cross-reference table. Everything stays in memory until the file is
// whole, so that a failure leaves nothing half-written.
type pdfFile struct {
	b       []byte
	offsets []int // by object number - 1; 0 is not yet written
}

func (f *pdfFile) reserve() int {
	f.offsets = append(f.offsets, 0)
	return len(f.offsets)
}

func (f *pdfFile) begin(id int) {
	f.offsets[id-1] = len(f.b)
	f.b = strconv.AppendInt(f.b, int64(id), 10)
	f.b = append(f.b, " 0 obj\n"...)
}

func (f *pdfFile) end() { f.b = append(f.b, "\nendobj\n"...) }

func (f *pdfFile) s(parts ...string) {
	for _, p := range parts {
		f.b = append(f.b, p...)
	}
}

func (f *pdfFile) n(n int) { f.b = strconv.AppendInt(f.b, int64(n), 10) }

func (f *pdfFile) ref(id int) {
	f.n(id)
	f.s(" 0 R")
}

// stream writes a stream object; dict is the rest of its dictionary.
func (f *pdfFile) stream(id int, dict string, data []byte, deflate bool) {
	if deflate {
		data = deflated(data)
		dict += "/Filter/FlateDecode"
	}
	f.begin(id)
	f.s("<<", dict, "/Length ")
	f.n(len(data))
	f.s(">>\nstream\n")
	f.b = append(f.b, data...)
	f.s("\nendstream")
	f.end()
}

var zlibs sync.Pool

func deflated(data []byte) []byte {
	var b bytes.Buffer
	z, ok := zlibs.Get().(*zlib.Writer)
	if !ok {
		z, _ = zlib.NewWriterLevel(&b, 5) // the level is valid
	} else {
		z.Reset(&b)
	}
	_, _ = z.Write(data) // a buffer takes all
	_ = z.Close()
	zlibs.Put(z)
	return b.Bytes()
}

// finish writes the cross-reference table and trailer. The file's identifier is the hash of its bytes.
func (f *pdfFile) finish(w io.Writer, root, info int) error {
	sum := sha256.Sum256(f.b)
	id := strings.ToUpper(hex.EncodeToString(sum[:16]))
	at := len(f.b)
	f.s("xref\n0 ")
	f.n(len(f.offsets) + 1)
	f.s("\n0000000000 65535 f \n")
	for _, o := range f.offsets {
		f.b = fmt.Appendf(f.b, "%010d 00000 n \n", o)
	}
	f.s("trailer\n<</Size ")
	f.n(len(f.offsets) + 1)
	f.s("/Root ")
	f.ref(root)
	f.s("/Info ")
	f.ref(info)
	f.s("/ID[<", id, "><", id, ">]>>\nstartxref\n")
	f.n(at)
	f.s("\n%%EOF\n")
	if _, err := w.Write(f.b); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	return nil
}

// pdfText writes a text string: UTF-16 with its mark.
func pdfText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteString(">")
	return b.String()
}

// pdfFont collects the characters of one face that a document uses; character i of the font is runes[i].
type pdfFont struct {
	*face
	id    int
	cids  map[rune]uint16
	quick [0x2000]uint16 // cids of the characters below U+2000, 0: not yet
	runes []rune
}

func newPDFFont(f *face) *pdfFont {
	return &pdfFont{face: f, cids: map[rune]uint16{}, runes: []rune{0}}
}

func (f *pdfFont) cid(r rune) uint16 {
	if r < rune(len(f.quick)) {
		if c := f.quick[r]; c != 0 {
			return c
		}
	} else if c, ok := f.cids[r]; ok {
		return c
	}
	c := uint16(len(f.runes))
	f.runes = append(f.runes, r)
	if r < rune(len(f.quick)) {
		f.quick[r] = c
	} else {
		f.cids[r] = c
	}
	return c
}

// write writes the font's objects: the subset, its widths and the way back from glyphs to characters.
func (f *pdfFont) write(p *pdfFile) {
	file, descriptor, cidFont, unicode := p.reserve(), p.reserve(), p.reserve(), p.reserve()
	used := make([]uint16, len(f.runes))
	for i, r := range f.runes {
		if i > 0 {
			used[i] = f.glyph(r)
		}
	}
	ttf := f.subset(used)
	p.stream(file, "/Length1 "+strconv.Itoa(len(ttf)), ttf, true)
	k := func(n int) string { return strconv.Itoa(n * 1000 / f.units) }
	name := subsetTag(f.runes) + "+" + f.name
	flags := "6" // serif, symbolic: the characters are numbered by this document
	if f.angle != 0 {
		flags = "70"
	}
	stem := "80"
	if strings.Contains(f.name, "Bold") {
		stem = "140"
	}
	p.begin(descriptor)
	p.s("<</Type/FontDescriptor/FontName/", name, "/Flags ", flags, "/FontBBox[", k(f.box[0]), " ", k(f.box[1]), " ", k(f.box[2]), " ", k(f.box[3]), "]/ItalicAngle ", strconv.Itoa(f.angle), "/Ascent ", k(f.ascent), "/Descent -", k(f.descent), "/CapHeight 660/StemV ", stem, "/FontFile2 ")
	p.ref(file)
	p.s(">>")
	p.end()
	p.begin(cidFont)
	p.s("<</Type/Font/Subtype/CIDFontType2/BaseFont/", name, "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity/DW 500/FontDescriptor ")
	p.ref(descriptor)
	p.s("/W[0[")
	for i, r := range f.runes {
		if i > 0 {
			p.s(" ")
		}
		g := uint16(0)
		if i > 0 {
			g = f.glyph(r)
		}
		p.n((int(f.advance[g])*1000 + f.units/2) / f.units)
	}
	p.s("]]>>")
	p.end()
	var m strings.Builder
	m.WriteString("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for from := 1; from < len(f.runes); from += 100 {
		to := min(from+100, len(f.runes))
		m.WriteString(strconv.Itoa(to-from) + " beginbfchar\n")
		for i := from; i < to; i++ {
			m.WriteByte('<')
			hex4(&m, uint16(i))
			m.WriteString("><")
			hex4(&m, uint16(f.runes[i]))
			m.WriteString(">\n")
		}
		m.WriteString("endbfchar\n")
	}
	m.WriteString("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend")
	p.stream(unicode, "", []byte(m.String()), true)
	p.begin(f.id)
	p.s("<</Type/Font/Subtype/Type0/BaseFont/", name, "/Encoding/Identity-H/DescendantFonts[")
	p.ref(cidFont)
	p.s("]/ToUnicode ")
	p.ref(unicode)
	p.s(">>")
	p.end()
}

const hexDigits = "0123456789ABCDEF"

func hex4(b *strings.Builder, v uint16) {
	b.WriteByte(hexDigits[v>>12])
	b.WriteByte(hexDigits[v>>8&15])
	b.WriteByte(hexDigits[v>>4&15])
	b.WriteByte(hexDigits[v&15])
}

// subsetTag is the six letters before a subset's name, from the characters it holds.
func subsetTag(runes []rune) string {
	h := uint64(14695981039346656037)
	for _, r := range runes {
		h = (h ^ uint64(r)) * 1099511628211
	}
	var tag [6]byte
	for i := range tag {
		tag[i] = 'A' + byte(h%26)
		h /= 26
	}
	return string(tag[:])
}

// writeImage writes a picture: a JPEG as it is, a PNG as its pixels with a mask for what is transparent.
func (f *pdfFile) writeImage(id int, p *picture) {
	dict := "/Type/XObject/Subtype/Image/Width " + strconv.Itoa(p.pixels[0]) + "/Height " + strconv.Itoa(p.pixels[1]) + "/BitsPerComponent 8"
	img, _, err := image.Decode(bytes.NewReader(p.Data))
	if p.format == "jpeg" {
		space := "/ColorSpace/DeviceRGB"
		if cfg, _, err := image.DecodeConfig(bytes.NewReader(p.Data)); err == nil && cfg.ColorModel == color.GrayModel {
			space = "/ColorSpace/DeviceGray"
		}
		f.stream(id, dict+space+"/Filter/DCTDecode", p.Data, false)
		return
	}
	if err != nil { // the head was good, the pixels are not: an empty frame
		img = image.NewGray(image.Rect(0, 0, p.pixels[0], p.pixels[1]))
	}
	r := img.Bounds()
	if g, ok := img.(*image.Gray); ok {
		px := make([]byte, 0, r.Dx()*r.Dy())
		for y := range r.Dy() {
			px = append(px, g.Pix[y*g.Stride:y*g.Stride+r.Dx()]...)
		}
		f.stream(id, dict+"/ColorSpace/DeviceGray", px, true)
		return
	}
	px, mask := make([]byte, 0, 3*r.Dx()*r.Dy()), make([]byte, 0, r.Dx()*r.Dy())
	opaque := true
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			px, mask = append(px, c.R, c.G, c.B), append(mask, c.A)
			opaque = opaque && c.A == 255
		}
	}
	if !opaque {
		m := f.reserve()
		f.stream(m, dict+"/ColorSpace/DeviceGray", mask, true)
		dict += "/SMask " + strconv.Itoa(m) + " 0 R"
	}
	f.stream(id, dict+"/ColorSpace/DeviceRGB", px, true)
}
