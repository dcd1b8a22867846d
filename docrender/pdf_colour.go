package docrender

import (
	"encoding/binary"
	"math"
	"sync"
)

// colourProfile is what the colours of a PDF mean (sRGB, IEC 61966-2-1), as an ICC profile of version 2: PDF/A wants it named in the file.
var colourProfile = sync.OnceValue(func() []byte {
	be := binary.BigEndian
	fixed := func(b []byte, v float64) []byte { return be.AppendUint32(b, uint32(int32(math.Round(v*65536)))) }
	xyz := func(x, y, z float64) []byte {
		return fixed(fixed(fixed([]byte("XYZ \x00\x00\x00\x00"), x), y), z)
	}
	text := func(s string) []byte { return append([]byte("text\x00\x00\x00\x00"+s), 0) }
	const name = "sRGB IEC61966-2.1"
	desc := be.AppendUint32([]byte("desc\x00\x00\x00\x00"), uint32(len(name)+1))
	desc = append(append(desc, name...), 0)
	desc = append(desc, make([]byte, 4+4+2+1+67)...) // no other scripts
	curve := be.AppendUint32([]byte("curv\x00\x00\x00\x00"), 1024)
	for i := range 1024 {
		v := float64(i) / 1023
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		curve = be.AppendUint16(curve, uint16(math.Round(v*65535)))
	}
	// the primaries, adapted to the white of the profile's connection space
	parts := []struct {
		tags string
		data []byte
	}{{"desc", desc}, {"cprt", text("Public domain")}, {"wtpt", xyz(0.9642, 1, 0.8249)}, {"rXYZ", xyz(0.43607, 0.22249, 0.01392)}, {"gXYZ", xyz(0.38515, 0.71687, 0.09708)}, {"bXYZ", xyz(0.14307, 0.06061, 0.71410)}, {"rTRCgTRCbTRC", curve}}
	var table, data []byte
	n := 0
	for _, p := range parts {
		n += len(p.tags) / 4
	}
	at := 128 + 4 + 12*n
	for _, p := range parts {
		for i := 0; i < len(p.tags); i += 4 { // one curve serves three colours
			table = append(table, p.tags[i:i+4]...)
			table = be.AppendUint32(table, uint32(at+len(data)))
			table = be.AppendUint32(table, uint32(len(p.data)))
		}
		data = append(data, p.data...)
		for len(data)%4 > 0 {
			data = append(data, 0)
		}
	}
	head := be.AppendUint32(nil, uint32(at+len(data)))
	head = append(head, "\x00\x00\x00\x00\x02\x10\x00\x00mntrRGB XYZ "...)
	head = append(head, 0x07, 0xE2, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0) // 2018-01-01, fixed: the same document gives the same bytes
	head = append(head, "acsp"...)
	head = append(head, make([]byte, 68-len(head))...)
	head = fixed(fixed(fixed(head, 0.9642), 1), 0.8249)
	head = append(head, make([]byte, 128-len(head))...)
	out := be.AppendUint32(head, uint32(n))
	return append(append(out, table...), data...)
})
