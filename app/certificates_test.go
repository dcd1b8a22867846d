package app

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/acme"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
)

// authority is a small certificate authority that speaks ACME (RFC 8555) with one account and gives a certificate for a name only after the
// proof that it asks for: http-01 (section 8.3) or tls-alpn-01 (RFC 8737).
type authority struct {
	*httptest.Server
	t         *testing.T
	proof     string // kind of proof
	web, tls  string // where the name's ports 80 and 443 are
	key       *ecdsa.PrivateKey
	root      *x509.Certificate
	thumb     string      // of the account's key
	name      string      // of the order
	proven    atomic.Bool // the order's name
	leaf      []byte
	orders    atomic.Int64
	challenge string
}

func newAuthority(t *testing.T, proof string) *authority {
	a := &authority{t: t, proof: proof, challenge: "phep-thu"}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	root := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, root, root, a.key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.root, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	a.Server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

func (a *authority) serve(w http.ResponseWriter, r *http.Request) {
	var message struct{ Protected, Payload string }
	if r.Method == http.MethodPost {
		if err := json.NewDecoder(r.Body).Decode(&message); err != nil {
			a.t.Error(r.URL.Path, err)
		}
	}
	part := func(s string, to any) {
		if b, err := base64.RawURLEncoding.DecodeString(s); err != nil || json.Unmarshal(b, to) != nil {
			a.t.Errorf("%s: %q cannot be read", r.URL.Path, s)
		}
	}
	state := map[bool]string{false: acme.StatusPending, true: acme.StatusValid}[a.proven.Load()]
	order := map[string]any{"status": acme.StatusPending, "identifiers": []any{map[string]string{"type": "dns", "value": a.name}},
		"authorizations": []string{a.URL + "/authorization"}, "finalize": a.URL + "/finalize"}
	if a.proven.Load() {
		order["status"] = acme.StatusReady
	}
	if a.leaf != nil {
		order["status"], order["certificate"] = acme.StatusValid, a.URL+"/certificate"
	}
	challenge := map[string]string{"type": a.proof, "url": a.URL + "/challenge", "token": a.challenge, "status": state}
	w.Header().Set("Replay-Nonce", fmt.Sprint(time.Now().UnixNano()))
	answer := func(status int, v any) {
		w.Header().Set("Location", a.URL+"/order")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(v)
	}
	switch r.URL.Path {
	case "/directory":
		answer(200, map[string]string{"newNonce": a.URL + "/nonce", "newAccount": a.URL + "/account", "newOrder": a.URL + "/new-order"})
	case "/nonce":
	case "/account":
		var head struct {
			JWK struct{ Crv, Kty, X, Y string }
		}
		part(message.Protected, &head)
		sum := sha256.Sum256(fmt.Appendf(nil, `{"crv":%q,"kty":%q,"x":%q,"y":%q}`, head.JWK.Crv, head.JWK.Kty, head.JWK.X, head.JWK.Y)) // RFC 7638
		a.thumb = base64.RawURLEncoding.EncodeToString(sum[:])
		answer(201, map[string]string{"status": acme.StatusValid})
	case "/new-order":
		var asked struct{ Identifiers []struct{ Value string } }
		part(message.Payload, &asked)
		a.orders.Add(1)
		a.name = asked.Identifiers[0].Value
		order["identifiers"] = asked.Identifiers
		answer(201, order)
	case "/order":
		answer(200, order)
	case "/authorization":
		answer(200, map[string]any{"status": state, "identifier": map[string]string{"type": "dns", "value": a.name}, "challenges": []any{challenge}})
	case "/challenge":
		if err := a.prove(r.Context()); err != nil {
			a.t.Error("the proof is wanting: ", err)
		} else {
			a.proven.Store(true)
		}
		answer(200, challenge)
	case "/finalize":
		var asked struct{ CSR string }
		part(message.Payload, &asked)
		if err := a.issue(asked.CSR); err != nil {
			a.t.Error(err)
		}
		order["status"], order["certificate"] = acme.StatusValid, a.URL+"/certificate"
		answer(200, order)
	case "/certificate":
		pem.Encode(w, &pem.Block{Type: "CERTIFICATE", Bytes: a.leaf})
		pem.Encode(w, &pem.Block{Type: "CERTIFICATE", Bytes: a.root.Raw})
	default:
		a.t.Errorf("asked for %s", r.URL.Path)
	}
}

// prove looks at the name's own ports for what only the holder of the account's key can put there.
func (a *authority) prove(ctx context.Context) error {
	want := a.challenge + "." + a.thumb
	if a.proof == "http-01" {
		r, err := http.NewRequestWithContext(ctx, "GET", "http://"+a.web+"/.well-known/acme-challenge/"+a.challenge, nil)
		if err != nil {
			return err
		}
		r.Host = a.name
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if b, _ := io.ReadAll(resp.Body); string(b) != want {
			return fmt.Errorf("%s %q, want %q", resp.Status, b, want)
		}
		return nil
	}
	conn, err := tls.Dial("tcp", a.tls, &tls.Config{ServerName: a.name, NextProtos: []string{acme.ALPNProto}, InsecureSkipVerify: true})
	if err != nil {
		return err
	}
	defer conn.Close()
	cert := conn.ConnectionState().PeerCertificates[0]
	sum := sha256.Sum256([]byte(want))
	for _, x := range cert.Extensions {
		if x.Id.Equal(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 31}) {
			if b, err := asn1.Marshal(sum[:]); err == nil && string(b) == string(x.Value) {
				return cert.VerifyHostname(a.name)
			}
		}
	}
	return fmt.Errorf("the certificate of the proof does not hold it")
}

func (a *authority) issue(request string) error {
	if !a.proven.Load() {
		return fmt.Errorf("a certificate was asked for before the proof")
	}
	der, err := base64.RawURLEncoding.DecodeString(request)
	if err != nil {
		return err
	}
	asked, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return err
	}
	if len(asked.DNSNames) != 1 || asked.DNSNames[0] != a.name || asked.CheckSignature() != nil {
		return fmt.Errorf("a certificate was asked for %v", asked.DNSNames)
	}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: a.name}, DNSNames: asked.DNSNames, NotBefore: a.root.NotBefore,
		NotAfter: time.Now().Add(80 * 24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	a.leaf, err = x509.CreateCertificate(rand.Reader, leaf, a.root, asked.PublicKey, a.key)
	return err
}

// A server with automatic certificates fetches one at the first visit, by either proof, keeps it over a restart, speaks TLS with HSTS from then
// on, sends plain HTTP to HTTPS, and asks for nobody else's name.
func TestCertificatesAreFetched(t *testing.T) {
	const name = "chungtay.example.gov.vn"
	for _, proof := range []string{"http-01", "tls-alpn-01"} {
		t.Run(proof, func(t *testing.T) {
			a := newAuthority(t, proof)
			dir := t.TempDir()
			in := openPlace(t, dir, dir+"/key.json", dbtest.SQLite(t, nil, db.Options{}))
			plain, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			a.web = plain.Addr().String()
			plain.Close()
			in.Config.AutoCert, in.Config.AutoCertCache, in.Config.AutoCertCA, in.Config.AutoCertListen = []string{name}, dir+"/certificates", a.URL+"/directory", a.web
			in.Config.Drain, in.Config.Grace = 0, 10*time.Second
			srv, err := in.Server()
			if err != nil {
				t.Fatal(err)
			}
			pool := x509.NewCertPool()
			pool.AddCert(a.root)
			runner := in.Runner()
			visit := func() {
				ln, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				a.tls = ln.Addr().String()
				ctx, stop := context.WithCancel(context.Background())
				ended := make(chan error, 1)
				go func() { ended <- in.Serve(ctx, ln, srv.Handler(), srv, runner) }()
				client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true,
					DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
						return (&net.Dialer{}).DialContext(ctx, "tcp", a.tls)
					}},
					CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
				defer client.CloseIdleConnections()
				resp, err := client.Get("https://" + name + "/sign-in")
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				if resp.StatusCode != http.StatusOK || resp.ProtoMajor != 2 || !strings.HasPrefix(resp.Header.Get("Strict-Transport-Security"), "max-age=31536000") {
					t.Error(resp.Status, resp.Proto, resp.Header)
				}
				if _, err := client.Get("https://other.example.com/"); err == nil {
					t.Error("a certificate for somebody else's name")
				}
				r, err := http.NewRequest("GET", "http://"+a.web+"/sign-in?next=/x", nil)
				if err != nil {
					t.Fatal(err)
				}
				r.Host = name
				resp, err = http.DefaultTransport.RoundTrip(r)
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				if to := resp.Header.Get("Location"); resp.StatusCode != http.StatusFound || to != "https://"+name+"/sign-in?next=/x" {
					t.Error("plain HTTP goes to", resp.Status, to)
				}
				stop()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			}
			visit()
			visit()
			if n := a.orders.Load(); n != 1 {
				t.Errorf("%d certificates were ordered, want 1 for both starts", n)
			}
		})
	}
}
