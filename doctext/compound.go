package doctext

import (
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
)

var errCompound = errors.New("compound file is not whole")

// compound is a Compound File Binary container (MS-CFB): old Office files, and new ones behind a password.
type compound struct {
	r       io.ReaderAt
	size    int64
	sector  int64
	mini    int64
	fat     []uint32
	entries []compoundEntry
}

type compoundEntry struct {
	name  string
	kind  byte
	start uint32
	size  int64
}

const maxChain = 1 << 20 // sectors of one chain

func openCompound(r io.ReaderAt, size int64) (*compound, error) {
	var h [512]byte
	if n, err := r.ReadAt(h[:], 0); n < 512 {
		return nil, broken(err)
	}
	le := binary.LittleEndian
	c := &compound{r: r, size: size}
	shift, mini := le.Uint16(h[30:]), le.Uint16(h[32:])
	if shift != 9 && shift != 12 || mini < 4 || mini > 8 {
		return nil, broken(errCompound)
	}
	c.sector, c.mini = 1<<shift, 1<<mini
	var fatSectors []uint32
	for i := range 109 {
		if s := le.Uint32(h[76+4*i:]); s < 0xFFFFFFFA {
			fatSectors = append(fatSectors, s)
		}
	}
	next := le.Uint32(h[68:])
	for n := 0; next < 0xFFFFFFFA && n < 1000; n++ {
		b, err := c.at(next)
		if err != nil {
			return nil, err
		}
		for i := 0; i+8 <= len(b); i += 4 {
			if s := le.Uint32(b[i:]); s < 0xFFFFFFFA {
				fatSectors = append(fatSectors, s)
			}
		}
		next = le.Uint32(b[len(b)-4:])
	}
	if int64(len(fatSectors))*c.sector/4*c.sector > 2*size+int64(len(h))*1024 && len(fatSectors) > 64 {
		return nil, broken(errCompound)
	}
	for _, s := range fatSectors {
		b, err := c.at(s)
		if err != nil {
			return nil, err
		}
		for i := 0; i+4 <= len(b); i += 4 {
			c.fat = append(c.fat, le.Uint32(b[i:]))
		}
	}
	dir, err := c.chain(le.Uint32(h[48:]), 64<<20)
	if err != nil {
		return nil, err
	}
	for i := 0; i+128 <= len(dir) && len(c.entries) < 100_000; i += 128 {
		e := dir[i : i+128]
		n := int(le.Uint16(e[64:]))
		if e[66] == 0 || n < 2 || n > 64 {
			continue
		}
		var u []uint16
		for k := 0; k+2 < n; k += 2 {
			u = append(u, le.Uint16(e[k:]))
		}
		c.entries = append(c.entries, compoundEntry{string(utf16.Decode(u)), e[66], le.Uint32(e[116:]), int64(le.Uint32(e[120:]))})
	}
	return c, nil
}

// at reads one sector.
func (c *compound) at(n uint32) ([]byte, error) {
	b := make([]byte, c.sector)
	if off := (int64(n) + 1) * c.sector; off >= c.size {
		return nil, broken(errCompound)
	} else if got, err := c.r.ReadAt(b, off); got == 0 {
		return nil, broken(err)
	}
	return b, nil
}

// chain reads the sectors of a stream, at most max bytes.
func (c *compound) chain(start uint32, max int64) ([]byte, error) {
	var out []byte
	for n := 0; start < 0xFFFFFFFA; n++ {
		if n > maxChain || int64(start) >= int64(len(c.fat)) || int64(len(out)) > c.size {
			return nil, broken(errCompound)
		}
		b, err := c.at(start)
		if err != nil {
			return nil, err
		}
		if out = append(out, b...); int64(len(out)) >= max {
			return out[:max], nil
		}
		start = c.fat[start]
	}
	return out, nil
}

func (c *compound) find(name string) *compoundEntry {
	for i := range c.entries {
		if c.entries[i].name == name {
			return &c.entries[i]
		}
	}
	return nil
}

// detectCompound tells what a compound file holds.
func detectCompound(r io.ReaderAt, size int64) (Type, error) {
	c, err := openCompound(r, size)
	if err != nil {
		return Unknown, err
	}
	switch {
	case c.find("EncryptedPackage") != nil, c.find("EncryptionInfo") != nil:
		return Locked, refuse(ErrPassword)
	case c.find("WordDocument") != nil:
		if c.wordLocked() {
			return Locked, refuse(ErrPassword)
		}
		return Doc, nil
	case c.find("Workbook") != nil, c.find("Book") != nil:
		return XLS, refuse(ErrUnread, "XLS")
	case c.find("PowerPoint Document") != nil:
		return PPT, refuse(ErrUnread, "PPT")
	}
	return Unknown, refuse(ErrUnknown)
}

// wordLocked reads the flag of MS-DOC 2.5.2 (fEncrypted) that says that a .doc has a password.
func (c *compound) wordLocked() bool {
	e := c.find("WordDocument")
	if e.size < 4096 {
		return false
	}
	b, err := c.chain(e.start, 32)
	return err == nil && len(b) >= 12 && binary.LittleEndian.Uint16(b[10:])&0x0100 != 0
}
