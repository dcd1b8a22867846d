package blob

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"io"

	"golang.org/x/image/draw"

	"chungtay/internal/errs"
)

// The sizes pictures are shown in.
const (
	PhotoSide = 1600 // the longer side of a picture on its own page
	ThumbSide = 320  // in lists
)

// Photo makes of a picture a JPEG whose longer side has at most side points, upright, without what the camera wrote into it (place, time,
// device). It takes up to a second: call it in a job. The original stays; a room that must not keep it stops using it.
func (s *Store) Photo(ctx context.Context, ref Ref, side int) (Ref, error) {
	c, err := s.Open(ctx, ref)
	if err != nil {
		return Ref{}, err
	}
	defer c.Close()
	select {
	case s.images <- struct{}{}:
		defer func() { <-s.images }()
	case <-ctx.Done():
		return Ref{}, ctx.Err()
	}
	var b bytes.Buffer
	if err := Shrink(&b, c, side); err != nil {
		return Ref{}, err
	}
	name := ref.Name
	if name == "" {
		name = ref.ID
	}
	return s.Put(ctx, &b, PutOptions{Name: name, Allow: []Type{JPEG}})
}

// Shrink decodes a picture and writes it as a JPEG whose longer side has at most side points, upright and without metadata. Its size is
// checked before anything is decoded.
func Shrink(w io.Writer, r io.ReadSeeker, side int) error {
	if err := checkImage(r, ""); err != nil {
		return err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	head := make([]byte, 256<<10)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	turn := orientation(head[:n])
	img, _, err := image.Decode(io.MultiReader(bytes.NewReader(head[:n]), r))
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "blob.broken", "")
	}
	b := img.Bounds()
	width, height := b.Dx(), b.Dy()
	if long := max(width, height); long > side {
		width, height = max(1, width*side/long), max(1, height*side/long)
	}
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(small, small.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src) // what was transparent
	if width == b.Dx() {
		draw.Draw(small, small.Bounds(), img, b.Min, draw.Over)
	} else {
		draw.ApproxBiLinear.Scale(small, small.Bounds(), img, b, draw.Over, nil)
	}
	return jpeg.Encode(w, upright(small, turn), &jpeg.Options{Quality: 82})
}

// upright undoes what a camera held askew wrote as its orientation (1-8).
func upright(m *image.RGBA, turn int) *image.RGBA {
	if turn < 2 || turn > 8 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if turn >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			var p image.Point
			switch turn {
			case 2:
				p = image.Pt(w-1-x, y)
			case 3:
				p = image.Pt(w-1-x, h-1-y)
			case 4:
				p = image.Pt(x, h-1-y)
			case 5:
				p = image.Pt(y, x)
			case 6:
				p = image.Pt(h-1-y, x)
			case 7:
				p = image.Pt(h-1-y, w-1-x)
			case 8:
				p = image.Pt(y, w-1-x)
			}
			copy(out.Pix[out.PixOffset(p.X, p.Y):][:4], m.Pix[m.PixOffset(x, y):][:4])
		}
	}
	return out
}

// orientation reads the EXIF orientation of a JPEG, 1 where there is none.
func orientation(b []byte) int {
	if len(b) < 4 || b[0] != 0xff || b[1] != 0xd8 {
		return 1
	}
	for b = b[2:]; len(b) > 4 && b[0] == 0xff && b[1] != 0xda; {
		n := int(binary.BigEndian.Uint16(b[2:]))
		if n < 2 || n+2 > len(b) {
			return 1
		}
		if seg := b[4 : n+2]; b[1] == 0xe1 && bytes.HasPrefix(seg, []byte("Exif\x00\x00")) {
			return tiffOrientation(seg[6:])
		}
		b = b[n+2:]
	}
	return 1
}

func tiffOrientation(t []byte) int {
	if len(t) < 8 {
		return 1
	}
	var o binary.ByteOrder = binary.LittleEndian
	if t[0] == 'M' {
		o = binary.BigEndian
	}
	at := int64(o.Uint32(t[4:]))
	if at+2 > int64(len(t)) {
		return 1
	}
	n := int64(o.Uint16(t[at:]))
	for i := range n {
		e := at + 2 + i*12
		if e+12 > int64(len(t)) {
			return 1
		}
		if o.Uint16(t[e:]) == 0x0112 {
			if v := int(o.Uint16(t[e+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}
