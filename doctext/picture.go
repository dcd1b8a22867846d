package doctext

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	_ "image/jpeg" // the sizes of pictures are looked at before anything is done with them
	_ "image/png"

	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"
)

// maxPixels is the largest picture that is recognised: A3 at 600 dpi is 70 million.
const maxPixels = 100_000_000

// picture reads a photo or scan of a page, or a TIFF of several.
func (j *job) picture() error {
	o, err := j.recogniser()
	if err != nil {
		return err
	}
	raw, err := j.all()
	if err != nil {
		return err
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(raw))
	switch {
	case err != nil && j.kind != TIFF: // TIFF has more kinds than this program decodes; Tesseract reads them
		return broken(err)
	case int64(config.Width)*int64(config.Height) > maxPixels:
		return refuse(ErrBomb)
	}
	if j.kind == TIFF {
		n, err := tiffPages(raw)
		if err != nil {
			return err
		}
		if n > j.o.MaxOCR {
			return refuse(ErrLong, fmt.Sprintf("%d trang", j.o.MaxOCR))
		}
	}
	if turn := orientation(raw); j.kind == JPEG && turn > 1 {
		if raw, err = upright(raw, turn); err != nil {
			return err
		}
	}
	var lines []rule
	dpi := 0
	if j.kind != TIFF { // several pages, and kinds of packing that only Tesseract reads
		if img, _, err := image.Decode(bytes.NewReader(raw)); err == nil {
			g, moved := straight(grey(img))
			if dpi = paperDPI(g); moved {
				raw = pgm(g)
			}
			lines = drawnLines(g)
		}
	}
	pages, err := o.read(j.ctx, raw, 0)
	if err != nil {
		return err
	}
	sheets := make([]sheet, len(pages))
	letters := 0
	for i, words := range pages {
		sheets[i] = sheet{Number: i + 1, DPI: dpi}
		sheets[i].use(words, lines)
		lines = nil
		letters += sheets[i].letters()
	}
	if letters == 0 {
		return refuse(ErrNoText)
	}
	j.out.count = len(pages)
	j.out.compose(sheets)
	o.report(j.out)
	return nil
}

// paperDPI is the resolution that a picture has if it shows a sheet of A4, upright or on its side: the widths of gaps and lines are
// judged in points of the page.
func paperDPI(g *image.Gray) int {
	return max(72, min(1200, min(g.Rect.Dx(), g.Rect.Dy())*72/595))
}

// tiffPages counts the pictures of a TIFF and looks at their sizes (TIFF 6.0, section 2).
func tiffPages(b []byte) (int, error) {
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 'M' {
		order = binary.BigEndian
	}
	if len(b) < 8 || order.Uint16(b[2:]) != 42 {
		return 1, nil // BigTIFF: Tesseract decides
	}
	at := int64(order.Uint32(b[4:]))
	n := 0
	for at > 0 {
		if at+2 > int64(len(b)) {
			return 0, refuse(ErrDamaged)
		}
		count := int64(order.Uint16(b[at:]))
		if at+2+12*count+4 > int64(len(b)) {
			return 0, refuse(ErrDamaged)
		}
		var w, h int64
		for i := range count {
			e := b[at+2+12*i:]
			v := int64(order.Uint32(e[8:]))
			if order.Uint16(e[2:]) == 3 {
				v = int64(order.Uint16(e[8:]))
			}
			switch order.Uint16(e) {
			case 256:
				w = v
			case 257:
				h = v
			}
		}
		if w*h > maxPixels {
			return 0, refuse(ErrBomb)
		}
		next := int64(order.Uint32(b[at+2+12*count:]))
		if n++; n > 10_000 || next != 0 && next <= at && next < 8 {
			return 0, refuse(ErrDamaged)
		}
		at = next
	}
	return n, nil
}
