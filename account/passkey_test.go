package account

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/policy"
)

const site = "https://chungtay.example"

// gadget is a device with a passkey: it does what a phone does, and on demand what a forger would.
type gadget struct {
	t      testing.TB
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte
	count  uint32
	origin string
	rp     string
	lazy   bool // answers without asking for finger or PIN
}

func newGadget(t testing.TB) *gadget {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	rand.Read(id)
	return &gadget{t: t, key: key, id: id, origin: site, rp: "chungtay.example"}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// cbor writes the few forms a registration needs: small integers, byte and text strings, maps in the order given.
func cborHead(major byte, n int) []byte {
	switch {
	case n < 24:
		return []byte{major<<5 | byte(n)}
	case n < 256:
		return []byte{major<<5 | 24, byte(n)}
	}
	return []byte{major<<5 | 25, byte(n >> 8), byte(n)}
}
func cborBytes(b []byte) []byte { return append(cborHead(2, len(b)), b...) }
func cborText(s string) []byte  { return append(cborHead(3, len(s)), s...) }

func (g *gadget) authData(attested []byte) []byte {
	rp := sha256.Sum256([]byte(g.rp))
	flags := byte(0x01)
	if !g.lazy {
		flags |= 0x04
	}
	if attested != nil {
		flags |= 0x40
	}
	out := append(rp[:], flags)
	out = binary.BigEndian.AppendUint32(out, g.count)
	return append(out, attested...)
}

func (g *gadget) clientData(typ, challenge string) []byte {
	b, _ := json.Marshal(map[string]any{"type": typ, "challenge": challenge, "origin": g.origin, "crossOrigin": false})
	return b
}

// challenge of options as our server writes them.
func challenge(options any) (challenge string, user []byte) {
	b, _ := json.Marshal(options)
	var o struct {
		PublicKey struct {
			Challenge string `json:"challenge"`
			User      struct {
				ID string `json:"id"`
			} `json:"user"`
		} `json:"publicKey"`
	}
	json.Unmarshal(b, &o)
	user, _ = base64.RawURLEncoding.DecodeString(o.PublicKey.User.ID)
	return o.PublicKey.Challenge, user
}

func (g *gadget) register(options any) []byte {
	c, user := challenge(options)
	g.handle = user
	pub := g.key.PublicKey
	point, err := pub.Bytes() // 4, X, Y
	if err != nil {
		panic(err)
	}
	x, y := point[1:33], point[33:]
	cose := append([]byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21}, cborBytes(x)...)
	cose = append(append(cose, 0x22), cborBytes(y)...)
	attested := append(make([]byte, 16), byte(len(g.id)>>8), byte(len(g.id)))
	attested = append(append(attested, g.id...), cose...)
	obj := append([]byte{0xa3}, cborText("fmt")...)
	obj = append(obj, cborText("none")...)
	obj = append(append(obj, cborText("attStmt")...), 0xa0)
	obj = append(append(obj, cborText("authData")...), cborBytes(g.authData(attested))...)
	b, _ := json.Marshal(map[string]any{"id": b64(g.id), "rawId": b64(g.id), "type": "public-key", "clientExtensionResults": map[string]any{},
		"response": map[string]any{"clientDataJSON": b64(g.clientData("webauthn.create", c)), "attestationObject": b64(obj)}})
	return b
}

func (g *gadget) sign(options any) []byte {
	c, _ := challenge(options)
	g.count++
	data := g.authData(nil)
	client := g.clientData("webauthn.get", c)
	sum := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, g.key, digest[:])
	if err != nil {
		g.t.Fatal(err)
	}
	b, _ := json.Marshal(map[string]any{"id": b64(g.id), "rawId": b64(g.id), "type": "public-key", "clientExtensionResults": map[string]any{},
		"response": map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(sig), "userHandle": b64(g.handle)}})
	return b
}

// enrol registers a device for whoever a session belongs to.
func (o *office) enrol(by policy.Actor, g *gadget) error {
	o.Helper()
	var options any
	var token string
	dbtest.Write(o, o.DB, func(tx *db.Tx) (err error) { options, token, err = o.StartPasskey(tx, by); return err })
	return o.try(func(tx *db.Tx) error { return o.AddPasskey(tx, by, token, "điện thoại", g.register(options)) })
}

func (o *office) startPasskey() (options any, token string) {
	o.Helper()
	dbtest.Write(o, o.DB, func(tx *db.Tx) (err error) { options, token, err = o.StartPasskeySignIn(tx); return err })
	return options, token
}

func (o *office) passkey(token string, answer []byte) (Opened, error) {
	return o.PasskeySignIn(context.Background(), o.DB, Attempt{Address: "192.0.2.9", Device: "thử"}, token, answer)
}

func TestPasskeysOpenStrongSessions(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.BaseURL = site
		an := o.hire("ann", "case_worker c", "officer c")
		s, _ := o.signIn("ann", pass)
		other, _ := o.signIn("ann", pass)
		g := newGadget(t)
		if err := o.enrol(o.as(s.Token), g); err != nil {
			t.Fatal(err)
		}
		if !o.as(s.Token).Holds("case.read") || o.as(other.Token).SignedIn() {
			t.Error("after a passkey was added this session is strong and others have ended")
		}
		options, token := o.startPasskey()
		in, err := o.passkey(token, g.sign(options))
		if err != nil || in.PersonID != an.ID || in.NeedFactor || !o.as(in.Token).Holds("case.read") {
			t.Fatalf("%+v %v", in, err)
		}
		// with a password alone the session now owes its second factor
		s, _ = o.signIn("ann", pass)
		if !s.NeedFactor || o.as(s.Token).SignedIn() {
			t.Error("the password alone opens an account with a passkey")
		}
		// recovery codes
		var codes []string
		dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) { codes, err = o.NewRecovery(tx, o.as(in.Token)); return err })
		if err := o.ShowFactor(context.Background(), o.DB, s.Token, codes[0]); err != nil || !o.as(s.Token).Holds("case.read") {
			t.Error("a recovery code is refused:", err)
		}
		// removing it
		var keys []Passkey
		dbtest.Read(t, o.DB, func(tx *db.Tx) (err error) { keys, err = Passkeys(tx, an.ID); return err })
		if len(keys) != 1 || keys[0].UsedAt.IsZero() {
			t.Errorf("%+v", keys)
		}
		bob := o.hire("bob", "officer c")
		o.want(o.try(func(tx *db.Tx) error {
			b := o.actor(bob)
			return o.DropPasskey(tx, b, keys[0].ID)
		}), errs.NotFound, "")
		weak := o.as(in.Token)
		weak.SecondFactor = false
		o.want(o.try(func(tx *db.Tx) error { return o.DropPasskey(tx, weak, keys[0].ID) }), errs.Forbidden, "account.show_factor_first")
		dbtest.Write(t, o.DB, func(tx *db.Tx) error { return o.DropPasskey(tx, o.as(in.Token), keys[0].ID) })
		options, token = o.startPasskey()
		_, err = o.passkey(token, g.sign(options))
		o.want(err, errs.Invalid, "account.passkey.refused")
	})
}

func TestPasskeysAreNotFooled(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.BaseURL = site
		an := o.hire("ann", "officer c")
		bob := o.hire("bob", "officer c")
		s, _ := o.signIn("ann", pass)
		g := newGadget(t)
		for name, spoil := range map[string]func(*gadget){
			"a look-alike site": func(g *gadget) { g.origin = "https://chungtay.example.evil.example" },
			"plain http":        func(g *gadget) { g.origin = "http://chungtay.example" },
			"another party":     func(g *gadget) { g.rp = "evil.example" },
			"no finger, no PIN": func(g *gadget) { g.lazy = true },
		} {
			bad := newGadget(t)
			spoil(bad)
			if err := o.enrol(o.as(s.Token), bad); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s registers: %v", name, err)
			}
		}
		if err := o.enrol(o.as(s.Token), g); err != nil {
			t.Fatal(err)
		}
		refused := func(name string, token string, answer []byte) {
			t.Helper()
			if in, err := o.passkey(token, answer); !errs.Is(err, errs.Invalid) || in.Token != "" {
				t.Errorf("%s signs in: %v", name, err)
			}
		}
		for name, spoil := range map[string]func(*gadget){
			"a look-alike site": func(g *gadget) { g.origin = "https://chungtay.example.evil.example" },
			"another party":     func(g *gadget) { g.rp = "evil.example" },
			"no finger, no PIN": func(g *gadget) { g.lazy = true },
			"somebody else":     func(g *gadget) { g.handle = []byte(bob.ID) },
			"nobody":            func(g *gadget) { g.handle = []byte("nobody") },
			"another key":       func(g *gadget) { g.key = newGadget(t).key },
			"an unknown key":    func(g *gadget) { g.id = newGadget(t).id },
		} {
			bad := *g
			spoil(&bad)
			options, token := o.startPasskey()
			refused(name, token, bad.sign(options))
		}
		options, token := o.startPasskey()
		answer := g.sign(options)
		if _, err := o.passkey(token, answer); err != nil {
			t.Fatal(err)
		}
		refused("a replayed answer", token, answer)
		_, fresh := o.startPasskey()
		refused("an answer to another question", fresh, answer)
		options, token = o.startPasskey()
		o.clock.Add(ceremonyTime)
		refused("too late", token, g.sign(options))
		refused("nonsense", "x", []byte("{"))

		options, token = o.startPasskey()
		clone := *g
		clone.count = 0
		refused("a copy of the key", token, clone.sign(options))

		// a token of a registration opens no session, and nobody finishes what another began
		var reg any
		dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) { reg, token, err = o.StartPasskey(tx, o.as(s.Token)); return err })
		refused("a registration", token, g.sign(reg))
		dbtest.Write(t, o.DB, func(tx *db.Tx) (err error) { reg, token, err = o.StartPasskey(tx, o.as(s.Token)); return err })
		o.want(o.try(func(tx *db.Tx) error {
			return o.AddPasskey(tx, policy.Actor{Person: bob.ID, Session: "x"}, token, "x", newGadget(t).register(reg))
		}), errs.Invalid, "account.passkey.refused")

		dbtest.Write(t, o.DB, func(tx *db.Tx) error { return o.Accounts.Close(tx, policy.System("x"), an.ID) })
		options, token = o.startPasskey()
		refused("a closed account", token, g.sign(options))
	})
}

func TestLostDeviceIsDroppedByAnAdministrator(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.BaseURL = site
		an := o.hire("ann", "officer c")
		admin := o.actor(o.hire("admin", "administrator d"))
		s, _ := o.signIn("ann", pass)
		g := newGadget(t)
		if err := o.enrol(o.as(s.Token), g); err != nil {
			t.Fatal(err)
		}
		dbtest.Write(t, o.DB, func(tx *db.Tx) error { return o.DropCodes(tx, admin, an.ID) })
		options, token := o.startPasskey()
		_, err := o.passkey(token, g.sign(options))
		o.want(err, errs.Invalid, "account.passkey.refused")
		if again, err := o.signIn("ann", pass); err != nil || again.NeedFactor {
			t.Error("still owes a factor that is gone", err)
		}
	})
}

func TestPasskeyAttemptsAreCounted(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.BaseURL = site
		for range addressLimit {
			o.passkey("x", []byte("{}"))
		}
		_, err := o.passkey("x", []byte("{}"))
		o.want(err, errs.TooMany, "account.locked")
		o.clock.Add(longestLock + time.Minute)
		_, err = o.passkey("x", []byte("{}"))
		o.want(err, errs.Invalid, "account.passkey.refused")
	})
}
