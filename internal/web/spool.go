package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// spool holds a file that came with a form until the request ends. It lies on the disk under a key that only this process knows, and without
// a name: what remains of it after a crash, in a temporary folder or on a disk thrown away, cannot be read.
type spool struct {
	f     *os.File
	block cipher.Block
	size  int64
	named bool // where a file in use cannot be removed, close does it
}

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "chungtay-upload-*")
	if err != nil {
		return nil, err
	}
	key := make([]byte, 32)
	rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &spool{f: f, block: block, named: os.Remove(f.Name()) != nil}, nil
}

// at is the stream of the key from an offset on. One key is used for one file, so the counter may begin at zero.
func (s *spool) at(offset int64) cipher.Stream {
	var iv [aes.BlockSize]byte
	binary.BigEndian.PutUint64(iv[8:], uint64(offset/aes.BlockSize))
	c := cipher.NewCTR(s.block, iv[:])
	var skip [aes.BlockSize]byte
	c.XORKeyStream(skip[:offset%aes.BlockSize], skip[:offset%aes.BlockSize])
	return c
}

// fill takes in a whole content.
func (s *spool) fill(r io.Reader) (err error) {
	s.size, err = io.Copy(cipher.StreamWriter{S: s.at(0), W: s.f}, r)
	return err
}

func (s *spool) close() {
	s.f.Close()
	if s.named {
		os.Remove(s.f.Name())
	}
}

// open reads the content from the beginning; several may read at once.
func (s *spool) open() io.ReadSeekCloser { return &spoolReader{s: s} }

type spoolReader struct {
	s   *spool
	pos int64
}

func (r *spoolReader) Read(p []byte) (int, error) {
	n, err := r.ReadAt(p, r.pos)
	r.pos += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// ReadAt lets archives be read without taking them into memory.
func (r *spoolReader) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	if off >= r.s.size {
		return 0, io.EOF
	}
	n, err := r.s.f.ReadAt(p[:min(int64(len(p)), r.s.size-off)], off)
	r.s.at(off).XORKeyStream(p[:n], p[:n])
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

func (r *spoolReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.pos
	case io.SeekEnd:
		offset += r.s.size
	}
	if offset < 0 {
		return 0, errors.New("negative offset")
	}
	r.pos = offset
	return offset, nil
}

func (r *spoolReader) Close() error { return nil }
