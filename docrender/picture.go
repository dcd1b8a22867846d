package docrender

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"image/jpeg"
	"math"
)

// picture prepares a picture for a page: its size, upright, without what a camera writes beside it (place, owner, thumbnail).
func (c *composed) picture(m *Image, room float64) *picture {
	cfg, format, err := image.DecodeConfig(bytes.NewReader(m.Data))
	if err != nil { // Check has refused it before
		return &picture{Image: m, width: 1, height: 1, pixels: [2]int{1, 1}}
	}
	clean := *m
	if format == "jpeg" {
		turn := orientation(m.Data)
		clean.Data = withoutCamera(m.Data)
		if turn > 1 {
			if b, ok := upright(m.Data, turn); ok {
				clean.Data = b
				if turn >= 5 {
					cfg.Width, cfg.Height = cfg.Height, cfg.Width
				}
			}
		}
	}
	w := m.Width
	if w <= 0 {
		w = float64(cfg.Width) / 150 * 25.4
	}
	w = math.Min(w, room)
	h := w * float64(cfg.Height) / float64(cfg.Width)
	if h > 215 {
		w, h = w*215/h, 215
	}
	p := &picture{Image: &clean, index: len(c.images) + 1, width: w, height: h, pixels: [2]int{cfg.Width, cfg.Height}, format: format}
	c.images = append(c.images, p)
	return p
}

// segments calls f for every marker segment of a JPEG before its scan data, and returns where that begins.
func segments(b []byte, f func(marker byte, whole []byte)) int {
	at := 2
	for at+4 <= len(b) && b[at] == 0xFF {
		m := b[at+1]
		if m == 0xDA || m == 0xD9 {
			break
		}
		n := int(binary.BigEndian.Uint16(b[at+2:])) + 2
		if at+n > len(b) {
			break
		}
		f(m, b[at:at+n])
		at += n
	}
	return at
}

// withoutCamera leaves out the segments that a camera or editor adds: all APPn but JFIF and the colour profile, and comments.
func withoutCamera(b []byte) []byte {
	if len(b) < 4 || b[0] != 0xFF || b[1] != 0xD8 {
		return b
	}
	out := append(make([]byte, 0, len(b)), 0xFF, 0xD8)
	rest := segments(b, func(m byte, whole []byte) {
		if m >= 0xE1 && m <= 0xEF && m != 0xE2 && m != 0xEE || m == 0xFE {
			return
		}
		out = append(out, whole...)
	})
	return append(out, b[rest:]...)
}

// orientation reads the turn a camera notes for a photo, 1 to 8; 1 is upright.
func orientation(b []byte) (turn int) {
	turn = 1
	if len(b) < 4 || b[0] != 0xFF || b[1] != 0xD8 {
		return
	}
	segments(b, func(m byte, whole []byte) {
		t := whole[min(len(whole), 10):]
		if m != 0xE1 || len(t) < 14 || string(whole[4:8]) != "Exif" {
			return
		}
		var o binary.ByteOrder = binary.LittleEndian
		if t[0] == 'M' {
			o = binary.BigEndian
		}
		dir := int(o.Uint32(t[4:]))
		if dir < 0 || dir+2 > len(t) {
			return
		}
		for i := range int(o.Uint16(t[dir:])) {
			e := dir + 2 + 12*i
			if e+12 > len(t) {
				return
			}
			if o.Uint16(t[e:]) == 0x0112 {
				if v := int(o.Uint16(t[e+8:])); v >= 1 && v <= 8 {
					turn = v
				}
				return
			}
		}
	})
	return
}

// upright turns a photo as its camera says.
func upright(b []byte, turn int) ([]byte, bool) {
	src, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, false
	}
	r := src.Bounds()
	w, h := r.Dx(), r.Dy()
	in := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(in, in.Bounds(), src, r.Min, draw.Src)
	if turn >= 5 {
		w, h = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := x, y
			switch turn {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, w-1-x
			case 7:
				sx, sy = h-1-y, w-1-x
			case 8:
				sx, sy = h-1-y, x
			}
			out.SetRGBA(x, y, in.RGBAAt(sx, sy))
		}
	}
	var buf bytes.Buffer
	if jpeg.Encode(&buf, out, &jpeg.Options{Quality: 90}) != nil {
		return nil, false
	}
	return buf.Bytes(), true
}
