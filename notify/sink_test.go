package notify

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"
)

// sink is a mail server on this machine that keeps what it is given. It speaks SMTP with STARTTLS and AUTH PLAIN, as servers do, and
// answers as the test tells it to.
type sink struct {
	addr  string
	roots *tls.Config

	mu     sync.Mutex
	mails  []taken
	answer func(rcpt string) string // to RCPT; "" accepts
	plain  bool                     // offers no STARTTLS
	breaks int                      // connections to drop after DATA
}

// taken is a mail as it came over the wire.
type taken struct {
	From, To, User string
	Secure         bool
	Header         mail.Header
	Body, Raw      string
}

func newSink(t *testing.T) *sink {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, _ := x509.ParseCertificate(der)
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{addr: ln.Addr().String(), roots: &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}}
	server := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { s.serve(c, server) })
		}
	})
	t.Cleanup(func() { ln.Close(); wg.Wait() })
	return s
}

func (s *sink) serve(c net.Conn, server *tls.Config) {
	defer func() { c.Close() }()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	r := bufio.NewReader(c)
	say := func(line string) { fmt.Fprintf(c, "%s\r\n", line) }
	say("220 sink ready")
	var m taken
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb := strings.ToUpper(line)
		s.mu.Lock()
		plain, answer := s.plain, s.answer
		s.mu.Unlock()
		switch {
		case strings.HasPrefix(verb, "EHLO"):
			say("250-sink")
			if !m.Secure && !plain {
				say("250-STARTTLS")
			}
			say("250-8BITMIME")
			say("250 AUTH PLAIN")
		case verb == "STARTTLS":
			say("220 go ahead")
			tc := tls.Server(c, server)
			if tc.Handshake() != nil {
				return
			}
			c, m.Secure = tc, true
			r = bufio.NewReader(c)
		case strings.HasPrefix(verb, "AUTH PLAIN "):
			b, _ := base64.StdEncoding.DecodeString(line[len("AUTH PLAIN "):])
			parts := strings.Split(string(b), "\x00")
			if len(parts) != 3 || parts[2] != "geheim" {
				say("535 wrong")
				continue
			}
			m.User = parts[1]
			say("235 welcome")
		case strings.HasPrefix(verb, "MAIL FROM:"):
			m.From = line[len("MAIL FROM:"):]
			say("250 ok")
		case strings.HasPrefix(verb, "RCPT TO:"):
			m.To = strings.Trim(line[len("RCPT TO:"):], "<> ")
			if answer != nil {
				if a := answer(m.To); a != "" {
					say(a)
					continue
				}
			}
			say("250 ok")
		case verb == "DATA":
			say("354 send")
			var b strings.Builder
			for {
				l, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if l == ".\r\n" {
					break
				}
				b.WriteString(strings.TrimPrefix(l, "."))
			}
			s.mu.Lock()
			if s.breaks > 0 {
				s.breaks--
				s.mu.Unlock()
				return // dies without an answer
			}
			m.Raw = b.String()
			if parsed, err := mail.ReadMessage(strings.NewReader(m.Raw)); err == nil {
				m.Header = parsed.Header
				body, _ := io.ReadAll(decoded(parsed))
				m.Body = string(body)
			}
			s.mails = append(s.mails, m)
			s.mu.Unlock()
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// all returns what was taken so far and forgets it.
func (s *sink) all() []taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.mails
	s.mails = nil
	return out
}

func (s *sink) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

func subject(m taken) string {
	s, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return err.Error()
	}
	return s
}

func decoded(m *mail.Message) io.Reader {
	switch strings.ToLower(m.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		return quotedprintable.NewReader(m.Body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, m.Body)
	}
	return m.Body
}
