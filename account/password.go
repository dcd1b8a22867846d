package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"chungtay/internal/errs"
)

// Hasher hashes passwords with argon2id, a bounded number at a time: each takes memory and a core, so a flood of sign-ins must queue
// and then be turned away rather than exhaust the machine. One network address gets a share of the waiting places, so that a flood from it
// leaves room for everybody else; when half of all places are taken an address gets one. The share does not depend on whether the names
// exist, which would tell.
type Hasher struct {
	time, memory uint32
	slots        chan struct{}
	dummy        string
	hashed       atomic.Int64 // passwords hashed, for tests

	mu      sync.Mutex
	waiting map[string]int // places taken by an address
	all     int            // places taken
	places  int
	share   int // places for one address
}

// NewHasher returns the hasher of an installation: 19 MiB, two passes (the OWASP minimum, about 40 ms), one at a time per core.
func NewHasher() *Hasher { return newHasher(2, 19*1024, runtime.NumCPU(), 64) }

// NewQuickHasher returns a hasher that is not slow on purpose, for the people of tests and demonstrations.
func NewQuickHasher() *Hasher { return newHasher(1, 64, runtime.NumCPU(), 64) }

func newHasher(time, memory uint32, slots, places int) *Hasher {
	h := &Hasher{time: time, memory: memory, slots: make(chan struct{}, slots), waiting: map[string]int{}, places: places, share: max(1, places/8)}
	h.dummy = h.encode("", []byte("0123456789abcdef"))
	return h
}

// enter waits for a place to hash; when too many wait already, in all or from one address ("" stands for none), it refuses.
func (h *Hasher) enter(ctx context.Context, from string) (leave func(), err error) {
	if !h.wait(from) {
		return nil, errs.New(errs.TooMany, "account.busy")
	}
	defer h.waited(from)
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (h *Hasher) wait(from string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.waiting[from]
	if h.all >= h.places || from != "" && (n >= h.share || n > 0 && h.all >= h.places/2) {
		return false
	}
	h.waiting[from], h.all = n+1, h.all+1
	return true
}

func (h *Hasher) waited(from string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all--
	if h.waiting[from]--; h.waiting[from] == 0 {
		delete(h.waiting, from)
	}
}

// Hash returns the stored form of a password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx, "")
	if err != nil {
		return "", err
	}
	defer leave()
	salt := make([]byte, 16)
	rand.Read(salt)
	return h.encode(password, salt), nil
}

func (h *Hasher) encode(password string, salt []byte) string {
	h.hashed.Add(1)
	key := argon2.IDKey([]byte(norm.NFC.String(password)), salt, h.time, h.memory, 1, 32)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", h.memory, h.time, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// Verify tells whether a password fits a stored form. An empty form (unknown name, no password set) takes the same time and fits
// nothing. stale says that the form was made with other parameters and should be renewed.
func (h *Hasher) Verify(ctx context.Context, stored, password string) (ok, stale bool, err error) {
	return h.VerifyFrom(ctx, "", stored, password)
}

// VerifyFrom is Verify for an attempt from a network address, which waits within the share of that address.
func (h *Hasher) VerifyFrom(ctx context.Context, from, stored, password string) (ok, stale bool, err error) {
	leave, err := h.enter(ctx, from)
	if err != nil {
		return false, false, err
	}
	defer leave()
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, false, fmt.Errorf("stored password of unknown form")
	}
	var m, t uint32
	var p uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &m, &t, &p); err != nil {
		return false, false, fmt.Errorf("stored password of unknown form")
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil {
		return false, false, fmt.Errorf("stored password of unknown form")
	}
	h.hashed.Add(1)
	got := argon2.IDKey([]byte(norm.NFC.String(password)), salt, t, m, p, uint32(len(want)))
	fits := subtle.ConstantTimeCompare(got, want) == 1
	return fits && known, fits && (m != h.memory || t != h.time), nil
}

// MinPassword and MaxPassword bound a password in characters.
const (
	MinPassword = 12
	MaxPassword = 200
)

// CheckPassword refuses passwords that are too short, too long, made of the login or name, or on the list of the usual ones.
func CheckPassword(password string, p Person) error {
	low := LoginKey(password)
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return errs.AtField("password", "account.password_short", MinPassword)
	case n > MaxPassword:
		return errs.AtField("password", "account.password_long", MaxPassword)
	case len(p.Login) >= 3 && strings.Contains(low, p.Login), strings.ReplaceAll(low, " ", "") == strings.ReplaceAll(p.NameFold, " ", ""):
		return errs.AtField("password", "account.password_name")
	case usual(low):
		return errs.AtField("password", "account.password_usual")
	}
	return nil
}

// usual tells whether a folded password is one that everybody tries: one character repeated, a run of neighbours, or a word of the
// usual lists with digits and signs around it.
func usual(low string) bool {
	runs := 0
	r := []rune(low)
	for i := 1; i < len(r); i++ {
		if d := r[i] - r[i-1]; d >= -1 && d <= 1 {
			runs++
		}
	}
	if len(r) > 1 && runs*4 >= (len(r)-1)*3 {
		return true
	}
	core := strings.TrimFunc(low, func(r rune) bool { return r < 'a' || r > 'z' })
	core = strings.NewReplacer("@", "a", "0", "o", "1", "l", "3", "e", "$", "s", " ", "").Replace(core)
	for _, w := range []string{"password", "matkhau", "qwerty", "qwertyuiop", "administrator", "admin", "chungtay", "vietnam", "iloveyou", "abc", "welcome", "letmein",
		"passwordpassword", "matkhaumatkhau", "quantri", "quantrivien", "anhyeuem", "hanoi", "saigon", "congan", "phongchongmuabannguoi"} {
		if core == w {
			return true
		}
	}
	return false
}
