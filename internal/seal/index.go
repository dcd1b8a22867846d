package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// MinBits is the least entropy of a field that may have a blind index. Equal values have equal digests, so whoever sees the database
// can count them: of birth years, sexes or provinces that tells everything, of identity numbers nothing.
const MinBits = 20

// Index declares a sealed field that can be found by its exact value. Make it with NewIndex.
type Index struct{ kind, field string }

// NewIndex declares a blind index on a field. bits is how hard the commonest value is to guess, as a power of two (min-entropy): an
// identity number (số định danh) has 30, a mobile number 26, a full name with day of birth 22, a day of birth 14, a sex 1. Below MinBits it is refused.
func NewIndex(kind, field string, bits int) (Index, error) {
	switch {
	case kind == "" || field == "":
		return Index{}, errors.New("seal: an index needs a kind and a field")
	case bits < MinBits:
		return Index{}, fmt.Errorf("seal: %s.%s has %d bits of entropy and would give itself away in a blind index, which needs %d: join it with another field, or search without it", kind, field, bits, MinBits)
	}
	return Index{kind, field}, nil
}

// MustIndex is NewIndex for declarations in the program.
func MustIndex(kind, field string, bits int) Index {
	x, err := NewIndex(kind, field, bits)
	if err != nil {
		panic(err)
	}
	return x
}

// Digest returns what stands in the index column for a value: 32 hexadecimal digits, equal for equal values of one field and unrelated
// between fields. The caller normalises first (viet.Fold, digits only), the same way when saving and when searching. An empty value
// has no digest: "" is returned, to be stored as NULL.
//
// The key of the index is not rotated with the master key: digests would have to be made anew from the opened fields.
func (v *Vault) Digest(x Index, normalised string) (string, error) {
	if x.kind == "" {
		return "", errors.New("seal: an undeclared index")
	}
	if normalised == "" {
		return "", nil
	}
	key, err := v.index.ComputePrimaryPRF(bind("index", x.kind, x.field), 32)
	if err != nil {
		return "", fmt.Errorf("digest for %s.%s failed", x.kind, x.field)
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(normalised))
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}
