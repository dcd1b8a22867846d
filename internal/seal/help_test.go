package seal

import (
	"bytes"
	"io"

	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"
)

func newKEKFromClear(b []byte) (*kek, error) {
	h, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(b)))
	if err != nil {
		return nil, err
	}
	return newKEK(h)
}

func tinkReader(s Stream, r io.Reader) (io.Reader, error) {
	a, err := subtle.NewAESGCMHKDF(s.main, "SHA256", 32, segment, 0)
	if err != nil {
		return nil, err
	}
	return a.NewDecryptingReader(r, s.bound)
}
