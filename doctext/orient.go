package doctext

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
)

// orientation reads how a phone was held when it took a JPEG (Exif 2.3, tag 0x0112): 1 upright, 3 upside down, 6 and 8 on a side.
func orientation(b []byte) int {
	if len(b) < 4 || b[0] != 0xFF || b[1] != 0xD8 {
		return 1
	}
	for at := 2; at+4 < len(b) && b[at] == 0xFF; {
		kind, size := b[at+1], int(binary.BigEndian.Uint16(b[at+2:]))
		if kind == 0xDA || size < 2 || at+2+size > len(b) {
			break
		}
		if seg := b[at+4 : at+2+size]; kind == 0xE1 && bytes.HasPrefix(seg, []byte("Exif\x00\x00")) {
			return exifTurn(seg[6:])
		}
		at += 2 + size
	}
	return 1
}

func exifTurn(b []byte) int {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return 1
	}
	if len(b) < 8 {
		return 1
	}
	at := int(order.Uint32(b[4:]))
	if at < 8 || at+2 > len(b) {
		return 1
	}
	for i := range int(order.Uint16(b[at:])) {
		e := at + 2 + 12*i
		if e+12 > len(b) {
			break
		}
		if order.Uint16(b[e:]) == 0x0112 {
			if v := int(order.Uint16(b[e+8:])); v >= 1 && v <= 8 {
				return v
			}
			break
		}
	}
	return 1
}

// upright decodes a JPEG, turns it by its orientation and returns it as a grey PNG.
func upright(b []byte, turn int) ([]byte, error) {
	src, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, broken(err)
	}
	r := src.Bounds()
	w, h := r.Dx(), r.Dy()
	ow, oh := w, h
	if turn >= 5 {
		ow, oh = h, w
	}
	out := image.NewGray(image.Rect(0, 0, ow, oh))
	luma, _ := src.(*image.YCbCr)
	for y := range h {
		for x := range w {
			var v uint8
			if luma != nil {
				v = luma.Y[luma.YOffset(r.Min.X+x, r.Min.Y+y)]
			} else {
				cr, cg, cb, _ := src.At(r.Min.X+x, r.Min.Y+y).RGBA()
				v = uint8((299*cr + 587*cg + 114*cb) / 1000 >> 8)
			}
			ox, oy := x, y
			switch turn {
			case 2:
				ox = w - 1 - x
			case 3:
				ox, oy = w-1-x, h-1-y
			case 4:
				oy = h - 1 - y
			case 5:
				ox, oy = y, x
			case 6:
				ox, oy = h-1-y, x
			case 7:
				ox, oy = h-1-y, w-1-x
			case 8:
				ox, oy = y, w-1-x
			}
			out.Pix[oy*out.Stride+ox] = v
		}
	}
	var buf bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&buf, out); err != nil {
		return nil, broken(err)
	}
	return buf.Bytes(), nil
}
