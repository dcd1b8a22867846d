package docrender

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifbolditalic"
	"github.com/go-fonts/liberation/liberationserifitalic"
	"github.com/go-fonts/liberation/liberationserifregular"
)

// The decree asks for Times New Roman, which may not be given away. Liberation Serif has the same widths, so that lines break in the
// same places; DOCX names Times New Roman, PDF embeds Liberation Serif.

// face is one parsed TrueType font. It is read-only once made, apart from the cache of stripped glyphs.
type face struct {
	name    string // PostScript name
	units   int
	ascent  int // above the baseline, in units
	descent int // below, positive
	gap     int
	box     [4]int
	angle   int // of an italic
	glyphs  [1 << 16]uint16
	advance []uint16
	head    []byte
	hhea    []byte
	maxp    []byte
	glyf    []byte
	loca    []uint32
	lsb     []int16

	mu       sync.Mutex
	stripped map[uint16][]byte
}

// faces are the four styles, index by style().
var faces = sync.OnceValue(func() (out [4]*face) {
	for i, f := range []struct {
		name string
		ttf  []byte
	}{{"LiberationSerif", liberationserifregular.TTF}, {"LiberationSerif-Bold", liberationserifbold.TTF}, {"LiberationSerif-Italic", liberationserifitalic.TTF}, {"LiberationSerif-BoldItalic", liberationserifbolditalic.TTF}} {
		p, err := parseFace(f.name, f.ttf)
		if err != nil {
			panic("embedded font: " + err.Error()) // built into the binary: cannot differ at run time
		}
		out[i] = p
	}
	return out
})

func faceOf(bold, italic bool) (int, *face) {
	i := 0
	if bold {
		i |= 1
	}
	if italic {
		i |= 2
	}
	return i, faces()[i]
}

var errFont = errors.New("not a TrueType font this program can use")

func parseFace(name string, b []byte) (f *face, err error) {
	defer func() {
		if r := recover(); r != nil { // a table cut short
			err = fmt.Errorf("%s: %w", name, errFont)
		}
	}()
	be := binary.BigEndian
	tables := map[string][]byte{}
	for i := range int(be.Uint16(b[4:])) {
		e := b[12+16*i:]
		off, n := be.Uint32(e[8:]), be.Uint32(e[12:])
		tables[string(e[:4])] = b[off : off+n]
	}
	f = &face{name: name, head: tables["head"], hhea: tables["hhea"], maxp: tables["maxp"], glyf: tables["glyf"], stripped: map[uint16][]byte{}}
	f.units = int(be.Uint16(f.head[18:]))
	for i := range f.box {
		f.box[i] = int(int16(be.Uint16(f.head[36+2*i:])))
	}
	f.ascent, f.descent, f.gap = int(int16(be.Uint16(f.hhea[4:]))), -int(int16(be.Uint16(f.hhea[6:]))), int(int16(be.Uint16(f.hhea[8:])))
	f.angle = int(int32(be.Uint32(tables["post"][4:]))) >> 16
	count, metrics := int(be.Uint16(f.maxp[4:])), int(be.Uint16(f.hhea[34:]))
	f.advance, f.lsb = make([]uint16, count), make([]int16, count)
	hmtx := tables["hmtx"]
	for i := range count {
		if i < metrics {
			f.advance[i], f.lsb[i] = be.Uint16(hmtx[4*i:]), int16(be.Uint16(hmtx[4*i+2:]))
		} else {
			f.advance[i], f.lsb[i] = f.advance[metrics-1], int16(be.Uint16(hmtx[4*metrics+2*(i-metrics):]))
		}
	}
	f.loca = make([]uint32, count+1)
	for i := range f.loca {
		if be.Uint16(f.head[50:]) == 0 {
			f.loca[i] = uint32(be.Uint16(tables["loca"][2*i:])) * 2
		} else {
			f.loca[i] = be.Uint32(tables["loca"][4*i:])
		}
	}
	cmap := tables["cmap"]
	for i := range int(be.Uint16(cmap[2:])) {
		e := cmap[4+8*i:]
		t := cmap[be.Uint32(e[4:]):]
		if be.Uint16(t) != 4 || be.Uint16(e) != 3 && be.Uint16(e) != 0 {
			continue
		}
		n := int(be.Uint16(t[6:])) / 2
		ends, starts, deltas, offsets := t[14:], t[16+2*n:], t[16+4*n:], t[16+6*n:]
		for s := range n {
			from, to := int(be.Uint16(starts[2*s:])), int(be.Uint16(ends[2*s:]))
			delta, off := be.Uint16(deltas[2*s:]), int(be.Uint16(offsets[2*s:]))
			for c := from; c <= to && c < 0xFFFF; c++ {
				g := uint16(c) + delta
				if off != 0 {
					if g = be.Uint16(offsets[2*s+off+2*(c-from):]); g != 0 {
						g += delta
					}
				}
				f.glyphs[c] = g
			}
		}
		return f, nil
	}
	return nil, fmt.Errorf("%s: no Unicode map: %w", name, errFont)
}

// glyph returns the glyph of a character, 0 when the font has none.
func (f *face) glyph(r rune) uint16 {
	if r < 0 || r > 0xFFFF {
		return 0
	}
	return f.glyphs[r]
}

// width returns the width of text at one point size, in points.
func (f *face) width(s string, size float64) float64 {
	n := 0
	for _, r := range s {
		n += int(f.advance[f.glyph(r)])
	}
	return float64(n) * size / float64(f.units)
}

// covers returns the first character the font has no glyph for.
func (f *face) covers(s string) (rune, bool) {
	for _, r := range s {
		if r >= 0x20 && f.glyph(r) != 0 || r == '\n' || r == '\t' {
			continue
		}
		return r, false
	}
	return 0, true
}

// outline returns the data of a glyph without its hinting program: half the size, and no viewer of paper needs it.
func (f *face) outline(g uint16) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	if b, ok := f.stripped[g]; ok {
		return b
	}
	b := strip(f.glyf[f.loca[g]:f.loca[g+1]])
	f.stripped[g] = b
	return b
}

const (
	compWords     = 1 << 0
	compScale     = 1 << 3
	compMore      = 1 << 5
	compXYScale   = 1 << 6
	compMatrix    = 1 << 7
	compProgram   = 1 << 8
	simpleContour = 10
)

func strip(b []byte) []byte {
	be := binary.BigEndian
	if len(b) == 0 {
		return nil
	}
	if n := int(int16(be.Uint16(b))); n >= 0 {
		at := simpleContour + 2*n
		program := int(be.Uint16(b[at:]))
		out := append(append(make([]byte, 0, len(b)-program), b[:at]...), 0, 0)
		return append(out, b[at+2+program:]...)
	}
	out := append([]byte(nil), b...)
	for at := simpleContour; ; {
		flags := be.Uint16(out[at:])
		be.PutUint16(out[at:], flags&^compProgram)
		at = nextPart(at, flags)
		if flags&compMore == 0 {
			return out[:at]
		}
	}
}

func nextPart(at int, flags uint16) int {
	at += 6
	if flags&compWords != 0 {
		at += 2
	}
	switch {
	case flags&compMatrix != 0:
		at += 8
	case flags&compXYScale != 0:
		at += 4
	case flags&compScale != 0:
		at += 2
	}
	return at
}

// parts lists the glyphs a composite glyph is made of.
func parts(b []byte) []uint16 {
	be := binary.BigEndian
	if len(b) < simpleContour || int16(be.Uint16(b)) >= 0 {
		return nil
	}
	var out []uint16
	for at := simpleContour; ; {
		flags := be.Uint16(b[at:])
		out = append(out, be.Uint16(b[at+2:]))
		if flags&compMore == 0 {
			return out
		}
		at = nextPart(at, flags)
	}
}

// subset writes a TrueType font with the glyphs used and those they are made of, in the order used: glyph i of the result is used[i].
// used[0] must be glyph 0. The used list grows by the parts of composites.
func (f *face) subset(used []uint16) []byte {
	be := binary.BigEndian
	at := make(map[uint16]uint16, len(used)*2)
	for i, g := range used {
		at[g] = uint16(i)
	}
	size := 0
	for i := 0; i < len(used); i++ {
		b := f.outline(used[i])
		size += (len(b) + 3) &^ 3
		for _, p := range parts(b) {
			if _, ok := at[p]; !ok {
				at[p] = uint16(len(used))
				used = append(used, p)
			}
		}
	}
	n := len(used)
	glyf, loca, hmtx := make([]byte, 0, size), make([]byte, 4*(n+1)), make([]byte, 4*n)
	for i, g := range used {
		be.PutUint32(loca[4*i:], uint32(len(glyf)))
		be.PutUint16(hmtx[4*i:], f.advance[g])
		be.PutUint16(hmtx[4*i+2:], uint16(f.lsb[g]))
		from := len(glyf)
		glyf = append(glyf, f.outline(g)...)
		if b := glyf[from:]; len(b) > simpleContour && int16(be.Uint16(b)) < 0 {
			for at0 := simpleContour; ; {
				flags := be.Uint16(b[at0:])
				be.PutUint16(b[at0+2:], at[be.Uint16(b[at0+2:])])
				if flags&compMore == 0 {
					break
				}
				at0 = nextPart(at0, flags)
			}
		}
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	be.PutUint32(loca[4*n:], uint32(len(glyf)))
	head, hhea, maxp := clone(f.head), clone(f.hhea), clone(f.maxp)
	be.PutUint32(head[8:], 0)
	be.PutUint16(head[50:], 1)
	be.PutUint16(hhea[34:], uint16(n))
	be.PutUint16(maxp[4:], uint16(n))
	return sfnt([]table16{{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}})
}

type table16 struct {
	tag  string
	data []byte
}

// sfnt joins tables, sorted by tag, into a font file.
func sfnt(tables []table16) []byte {
	be := binary.BigEndian
	n := len(tables)
	off := 12 + 16*n
	size := off
	for _, t := range tables {
		size += (len(t.data) + 3) &^ 3
	}
	out := make([]byte, off, size)
	be.PutUint32(out, 0x00010000)
	be.PutUint16(out[4:], uint16(n))
	log := 0
	for 1<<(log+1) <= n {
		log++
	}
	be.PutUint16(out[6:], uint16(16<<log))
	be.PutUint16(out[8:], uint16(log))
	be.PutUint16(out[10:], uint16(16*n-16<<log))
	headAt := 0
	for i, t := range tables {
		e := out[12+16*i:]
		copy(e, t.tag)
		be.PutUint32(e[4:], checksum(t.data))
		be.PutUint32(e[8:], uint32(len(out)))
		be.PutUint32(e[12:], uint32(len(t.data)))
		if t.tag == "head" {
			headAt = len(out)
		}
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	be.PutUint32(out[headAt+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(b []byte) (sum uint32) {
	for len(b) >= 4 {
		sum += binary.BigEndian.Uint32(b)
		b = b[4:]
	}
	if len(b) > 0 {
		var last [4]byte
		copy(last[:], b)
		sum += binary.BigEndian.Uint32(last[:])
	}
	return sum
}

func clone(b []byte) []byte { return append([]byte(nil), b...) }
