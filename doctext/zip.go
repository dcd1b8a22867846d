package doctext

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"strings"
)

// Limits of a container. A directive of 500 pages unpacks to about 30 MB of XML at a ratio of 1:20; a table of 50,000 rows to 150 MB at 1:40.
const (
	maxDirectory = 4 << 20   // bytes of the directory of the archive
	maxEntries   = 10_000    // files in it
	maxPart      = 256 << 20 // bytes of one part, unpacked
	freePart     = 8 << 20   // below this the ratio does not matter
	maxRatio     = 150       // bytes unpacked for a byte packed
	maxDepth     = 256       // elements inside each other
)

// container is an office file: a ZIP archive of which only the parts that are needed are opened.
type container struct {
	files map[string]*zip.File
	total int64 // bytes unpacked so far
	main  string
}

// openZip reads the directory of an archive within its limits.
func openZip(r io.ReaderAt, size int64) (*container, error) {
	g := &guard{r: r, left: maxDirectory}
	z, err := zip.NewReader(g, size)
	if g.spent {
		return nil, refuse(ErrBomb)
	}
	if err != nil {
		return nil, broken(err)
	}
	g.left = -1
	if len(z.File) > maxEntries {
		return nil, refuse(ErrBomb)
	}
	c := &container{files: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		name := strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")
		if _, twice := c.files[name]; !twice {
			c.files[name] = f
		}
	}
	return c, nil
}

// guard lets only so many bytes be read until it is opened with left = -1.
type guard struct {
	r     io.ReaderAt
	left  int64
	spent bool
}

var errSpent = errors.New("directory of the archive is too large")

func (g *guard) ReadAt(p []byte, off int64) (int, error) {
	if g.left >= 0 {
		if g.left -= int64(len(p)); g.left < 0 {
			g.left, g.spent = 0, true
			return 0, errSpent
		}
	}
	return g.r.ReadAt(p, off)
}

func (c *container) has(name string) bool { return c.files[name] != nil }

// part opens one part; reading it fails with ErrBomb when it grows beyond its limits.
func (c *container) part(name string) (io.ReadCloser, error) {
	f := c.files[name]
	if f == nil {
		return nil, refuse(ErrDamaged)
	}
	if f.Flags&1 != 0 {
		return nil, refuse(ErrPassword)
	}
	if f.UncompressedSize64 > maxPart {
		return nil, refuse(ErrBomb)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, broken(err)
	}
	return &partReader{rc: rc, c: c, packed: int64(f.CompressedSize64)}, nil
}

// partReader counts what is unpacked.
type partReader struct {
	rc     io.ReadCloser
	c      *container
	packed int64
	n      int64
}

func (p *partReader) Read(b []byte) (int, error) {
	n, err := p.rc.Read(b)
	p.n += int64(n)
	p.c.total += int64(n)
	if p.n > maxPart || p.c.total > 2*maxPart || p.n > freePart && p.n/maxRatio > p.packed {
		return 0, refuse(ErrBomb)
	}
	if err != nil && err != io.EOF {
		err = broken(err)
	}
	return n, err
}

func (p *partReader) Close() error { return p.rc.Close() }

// small reads a part that must not be larger than max.
func (c *container) small(name string, max int64) ([]byte, error) {
	r, err := c.part(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, max+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > max {
		return nil, refuse(ErrBomb)
	}
	return b, nil
}

// encrypted tells whether an OpenDocument file is behind a password.
func (c *container) encrypted() bool {
	b, err := c.small("META-INF/manifest.xml", 4<<20)
	return err == nil && bytes.Contains(b, []byte("encryption-data"))
}

// mainPart returns the part an Open Packaging container opens with (ECMA-376, part 2): the target of the officeDocument relation.
func (c *container) mainPart() (string, error) {
	if !c.has("_rels/.rels") {
		if c.has("word/document.xml") {
			return "word/document.xml", nil
		}
		return "", refuse(ErrUnread, "ZIP")
	}
	rels, err := c.relations("_rels/.rels", "")
	if err != nil {
		return "", err
	}
	for _, r := range rels {
		if strings.HasSuffix(r.kind, "/officeDocument") {
			if c.has(r.target) {
				return r.target, nil
			}
			return "", refuse(ErrDamaged)
		}
	}
	return "", refuse(ErrUnread, "ZIP")
}

// relation is one line of a .rels part.
type relation struct{ id, kind, target string }

// relations reads a .rels part; targets are made absolute with the folder of the part that has the relations.
func (c *container) relations(name, folder string) ([]relation, error) {
	if !c.has(name) {
		return nil, nil
	}
	r, err := c.part(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var out []relation
	x := newXML(r)
	for x.next() {
		if x.kind != xmlOpen || x.name != "Relationship" || len(out) > maxEntries {
			continue
		}
		rel := relation{id: x.attr("Id"), kind: x.attr("Type"), target: x.attr("Target")}
		if x.attr("TargetMode") == "External" {
			continue
		}
		if strings.HasPrefix(rel.target, "/") {
			rel.target = rel.target[1:]
		} else {
			rel.target = path.Join(folder, rel.target)
		}
		out = append(out, rel)
	}
	return out, x.err
}

// relsOf returns the relations of a part.
func (c *container) relsOf(part string) ([]relation, error) {
	dir, base := path.Split(part)
	return c.relations(dir+"_rels/"+base+".rels", strings.TrimSuffix(dir, "/"))
}
