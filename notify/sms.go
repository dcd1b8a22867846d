package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"chungtay/account"
	"chungtay/internal/viet"
)

// SMSSettings say how short messages are handed over to the gateway of a telephone company or of the administration: an HTTP POST of JSON
// {"id", "to", "from", "text"} with the token as bearer. 2xx is accepted; 400, 404 and 422 are refused for good; everything else is tried
// again.
type SMSSettings struct {
	URL    string
	Token  string
	Sender string // brand name registered with the companies
	Client *http.Client
}

type gateway struct{ s SMSSettings }

// NewSMS makes the channel of short messages.
func NewSMS(s SMSSettings) (Channel, error) {
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1")) {
		return nil, errors.New("write the gateway like https://sms.example.vn/send")
	}
	if !oneLine(s.Token) || !oneLine(s.Sender) {
		return nil, errors.New("the token and the sender are one line each")
	}
	if s.Client == nil {
		s.Client = &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	return &gateway{s}, nil
}

// Name makes gateway a Channel.
func (g *gateway) Name() string { return SMS }

// Address makes gateway a Channel: a Vietnamese number in international form, +84…
func (g *gateway) Address(p account.Person) string { return PhoneNumber(p.Phone) }

// PhoneNumber brings a number as people write it to the form +84912345678; "" if it is none that receives short messages.
func PhoneNumber(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9', r == '+' && i == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" .-()", r):
		default:
			return ""
		}
	}
	n := b.String()
	switch {
	case strings.HasPrefix(n, "+84"):
		n = n[3:]
	case strings.HasPrefix(n, "0084"):
		n = n[4:]
	case strings.HasPrefix(n, "84") && len(n) == 11:
		n = n[2:]
	case strings.HasPrefix(n, "0"):
		n = n[1:]
	default:
		return ""
	}
	if len(n) != 9 || !strings.ContainsRune("35789", rune(n[0])) { // mobile numbers have nine digits after +84
		return ""
	}
	return "+84" + n
}

// longestSMS is two parts of a message in the 7-bit alphabet.
const longestSMS = 306

// Send makes gateway a Channel.
func (g *gateway) Send(ctx context.Context, m Message) error {
	if PhoneNumber(m.To) != m.To {
		return Refused(errors.New("not a number for short messages"))
	}
	body, err := json.Marshal(map[string]string{"id": m.ID, "to": m.To, "from": g.s.Sender, "text": cutShort(plainText(m.Body), longestSMS)})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.s.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if g.s.Token != "" {
		r.Header.Set("Authorization", "Bearer "+g.s.Token)
	}
	resp, err := g.s.Client.Do(r)
	if err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	switch {
	case resp.StatusCode >= 200 && resp.StatusCode < 300:
		return nil
	case resp.StatusCode == 400, resp.StatusCode == 404, resp.StatusCode == 422:
		return Refused(fmt.Errorf("gateway: status %d", resp.StatusCode))
	}
	return fmt.Errorf("gateway: status %d", resp.StatusCode)
}

// plainText writes a text without marks, one line: with them a short message holds 70 characters, without 160.
func plainText(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(s), " ") {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		f := viet.Fold(string(r))
		if upper := strings.ToUpper(string(r)) == string(r); upper && f != "" {
			f = strings.ToUpper(f)
		}
		for _, c := range f {
			if c < 0x80 {
				b.WriteRune(c)
			} else {
				b.WriteByte('-')
			}
		}
	}
	return b.String()
}

func cutShort(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n-3] + "..."
}
