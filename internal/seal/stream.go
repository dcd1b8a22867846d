package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"
)

// Stream seals one long content under a record's key, in Tink's AES-GCM-HKDF streaming format: segments of 64 KiB, each bound to its
// place, the last marked as such, so that cutting, swapping and appending are noticed. Tink writes it; reading is done here because
// Tink for Go reads only from the beginning, and a download goes on in the middle.
type Stream struct {
	main, bound []byte
	what        string // for errors: kind and id
}

const (
	segment   = 64 << 10 // of ciphertext, the first with the header
	tagSize   = 16
	saltSize  = 32
	header    = 1 + saltSize + 7 // its own length, salt, prefix of nonces
	perFirst  = segment - header - tagSize
	perOther  = segment - tagSize
	nonceSize = 12
)

// Stream returns the stream of a name under the record's key. One name seals one content.
func (r *Record) Stream(name string) (Stream, error) {
	k, err := hkdf.Key(sha256.New, r.data, nil, "chungtay stream", 32)
	return Stream{k, bind(r.kind, r.id, name), r.kind + " " + r.id}, err
}

// Writer seals what is written to it into w. The content is complete only after Close.
func (s Stream) Writer(w io.Writer) (io.WriteCloser, error) {
	a, err := subtle.NewAESGCMHKDF(s.main, "SHA256", 32, segment, 0)
	if err != nil {
		return nil, err
	}
	return a.NewEncryptingWriter(w, s.bound)
}

// SealedSize is the length of a sealed content of the given length.
func SealedSize(plain int64) int64 { return header + plain + segments(plain)*tagSize }

func segments(plain int64) int64 {
	if plain <= perFirst {
		return 1
	}
	return 1 + (plain-perFirst+perOther-1)/perOther
}

// Reader opens a sealed content of size bytes (unsealed). open gives the sealed bytes from an offset on; it is called again after a
// Seek, so that only the segments wanted are fetched. The Reader is an io.ReadSeekCloser and an io.ReaderAt; ReadAt may be called from
// several goroutines, but not beside Read and Seek. Bytes are given out only after their segment has been verified.
func (s Stream) Reader(size int64, open func(offset int64) (io.ReadCloser, error)) *Reader {
	return &Reader{s: s, open: open, size: size, have: -1}
}

// Reader is documented at Stream.Reader.
type Reader struct {
	s      Stream
	open   func(offset int64) (io.ReadCloser, error)
	size   int64
	pos    int64
	src    io.ReadCloser
	next   int64 // segment that src stands at
	gcm    cipher.AEAD
	prefix [7]byte
	have   int64 // segment in plain, -1: none
	plain  []byte
	buf    []byte
	mu     sync.Mutex
}

// ErrCut is the cause when fewer sealed bytes are there than there should be.
var ErrCut = errors.New("the sealed content is cut off")

func (r *Reader) start() error {
	src, err := r.open(0)
	if err != nil {
		return err
	}
	r.src = src
	var h [header]byte
	if _, err := io.ReadFull(src, h[:]); err != nil {
		return r.readError(err)
	}
	if h[0] != header {
		return fmt.Errorf("%s: %w", r.s.what, ErrBroken)
	}
	key, err := hkdf.Key(sha256.New, r.s.main, h[1:1+saltSize], string(r.s.bound), 32)
	if err != nil {
		return err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	copy(r.prefix[:], h[1+saltSize:])
	r.buf = make([]byte, segment)
	r.next = 0
	r.gcm, err = cipher.NewGCM(block)
	return err
}

func (r *Reader) readError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s: %w", r.s.what, ErrCut)
	}
	return err
}

// load brings segment n into plain.
func (r *Reader) load(n int64) error {
	if r.have == n {
		return nil
	}
	if r.gcm == nil {
		if err := r.start(); err != nil {
			r.drop()
			r.gcm = nil
			return err
		}
	}
	if r.src == nil || r.next != n {
		r.drop()
		off := n * segment
		if n == 0 {
			off = header
		}
		src, err := r.open(off)
		if err != nil {
			return err
		}
		r.src, r.next = src, n
	}
	last := n == segments(r.size)-1
	length := int64(perOther)
	switch {
	case last && n == 0:
		length = r.size
	case last:
		length = r.size - perFirst - (n-1)*perOther
	case n == 0:
		length = perFirst
	}
	b := r.buf[:length+tagSize]
	r.have = -1
	if _, err := io.ReadFull(r.src, b); err != nil {
		r.drop()
		return r.readError(err)
	}
	r.next = n + 1
	var nonce [nonceSize]byte
	copy(nonce[:], r.prefix[:])
	binary.BigEndian.PutUint32(nonce[7:], uint32(n))
	if last {
		nonce[11] = 1
	}
	p, err := r.gcm.Open(b[:0], nonce[:], b, nil)
	if err != nil {
		r.drop()
		return fmt.Errorf("%s, part %d: %w", r.s.what, n, ErrBroken)
	}
	r.plain, r.have = p, n
	return nil
}

func (r *Reader) drop() {
	if r.src != nil {
		r.src.Close()
		r.src = nil
	}
}

// at copies from one segment.
func (r *Reader) at(p []byte, off int64) (int, error) {
	if off >= r.size {
		if r.size == 0 && r.have != 0 { // the one empty segment proves that nothing is missing
			if err := r.load(0); err != nil {
				return 0, err
			}
		}
		return 0, io.EOF
	}
	n, in := int64(0), off
	if off >= perFirst {
		n, in = 1+(off-perFirst)/perOther, (off-perFirst)%perOther
	}
	if err := r.load(n); err != nil {
		return 0, err
	}
	return copy(p, r.plain[in:]), nil
}

func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := r.at(p, r.pos)
	r.pos += int64(n)
	return n, err
}

// ReadAt implements io.ReaderAt.
func (r *Reader) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	done := 0
	for done < len(p) {
		n, err := r.at(p[done:], off+int64(done))
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// Seek implements io.Seeker; it reads nothing.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.pos
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, errors.New("negative offset")
	}
	r.pos = offset
	return offset, nil
}

// Close lets go of the source.
func (r *Reader) Close() error { r.drop(); r.have = -1; return nil }

// Size is the length of the content.
func (r *Reader) Size() int64 { return r.size }
