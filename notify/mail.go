package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"chungtay/account"
)

// MailSettings say how mail is handed over to the mail server of the administration (SMTP).
type MailSettings struct {
	Server   string // host:port
	TLS      string // starttls (must), tls (from the first byte), none (only to a server on this machine or network)
	User     string
	Password string
	From     string      // "Chung Tay <no-reply@…>"
	Roots    *tls.Config // nil: the authorities this machine trusts
}

// mailTime bounds one conversation with the mail server.
const mailTime = 30 * time.Second

type smtp struct {
	s    MailSettings
	from *mail.Address
	host string
	port int
}

// NewMail makes the mail channel.
func NewMail(s MailSettings) (Channel, error) {
	host, port, err := net.SplitHostPort(s.Server)
	if err != nil {
		return nil, errors.New("write the mail server like smtp.example.gov.vn:587")
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, errors.New("write the mail server like smtp.example.gov.vn:587")
	}
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return nil, errors.New(`write the sender like "Chung Tay <no-reply@example.gov.vn>"`)
	}
	return &smtp{s, from, host, int(n)}, nil
}

// Name makes smtp a Channel.
func (c *smtp) Name() string { return Mail }

// Address makes smtp a Channel.
func (c *smtp) Address(p account.Person) string { return p.Email }

func (c *smtp) client(dial gomail.DialContextFunc) (*gomail.Client, error) {
	o := []gomail.Option{gomail.WithPort(c.port), gomail.WithTimeout(mailTime), gomail.WithDialContextFunc(dial)}
	switch c.s.TLS {
	case "tls":
		o = append(o, gomail.WithSSL())
	case "none":
		o = append(o, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		o = append(o, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if c.s.TLS != "none" {
		o = append(o, gomail.WithTLSConfig(c.tlsConfig()))
	}
	if c.s.User != "" {
		o = append(o, gomail.WithUsername(c.s.User), gomail.WithPassword(c.s.Password), gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover))
	}
	return gomail.NewClient(c.host, o...)
}

func (c *smtp) tlsConfig() *tls.Config {
	if c.s.Roots != nil {
		return c.s.Roots
	}
	return &tls.Config{ServerName: c.host, MinVersion: tls.VersionTLS12}
}

// Send makes smtp a Channel. Subject and address with a line end or another control character are refused before the server hears of it.
func (c *smtp) Send(ctx context.Context, m Message) error {
	if !oneLine(m.Subject) || !oneLine(m.To) || !oneLine(m.ID) {
		return errHeader
	}
	to, err := mail.ParseAddress(m.To)
	if err != nil || to.Address != m.To {
		return Refused(fmt.Errorf("not an address for mail"))
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(c.from)
	msg.ToMailAddress(to)
	msg.Subject(m.Subject)
	msg.SetDate()
	msg.SetMessageIDWithValue(m.ID + "@" + domain(c.from.Address))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: absence notes stay silent
	msg.SetBodyString(gomail.TypeTextPlain, m.Body)
	ctx, cancel := context.WithTimeout(ctx, mailTime)
	defer cancel()
	var conn net.Conn
	client, err := c.client(func(ctx context.Context, network, address string) (net.Conn, error) {
		var err error
		if c.s.TLS == "tls" {
			conn, err = (&tls.Dialer{Config: c.tlsConfig()}).DialContext(ctx, network, address)
		} else {
			conn, err = (&net.Dialer{}).DialContext(ctx, network, address)
		}
		return conn, err
	})
	if err != nil {
		return err
	}
	defer func() { // the client leaves the line open when the server offers no TLS
		if conn != nil {
			conn.Close()
		}
	}()
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return judge(err)
	}
	return nil
}

// judge tells what the server refuses for good (codes 5xx to the message or the receiver) from what may pass later.
func judge(err error) error {
	var send *gomail.SendError
	if errors.As(err, &send) && !send.IsTemp() && send.ErrorCode() >= 500 {
		return Refused(err)
	}
	var proto *textproto.Error
	if errors.As(err, &proto) && proto.Code >= 550 && proto.Code < 560 {
		return Refused(err)
	}
	return err
}

func domain(address string) string {
	for i := len(address) - 1; i >= 0; i-- {
		if address[i] == '@' {
			return address[i+1:]
		}
	}
	return "localhost"
}
