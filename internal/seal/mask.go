package seal

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"unicode/utf8"
)

// dots stands for what is masked; always as many, so that lengths do not show.
const dots = "•••"

// Secret is an opened text on its way to a page. Printed, logged or encoded by accident it shows dots; Reveal gives the text.
type Secret struct{ s string }

// NewSecret wraps a text.
func NewSecret(s string) Secret { return Secret{s} }

// Reveal returns the text.
func (s Secret) Reveal() string { return s.s }

// IsZero tells whether there is no text.
func (s Secret) IsZero() bool { return s.s == "" }

// String shows dots.
func (s Secret) String() string { return dots }

// Format shows dots whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, dots) }

// LogValue shows dots.
func (s Secret) LogValue() slog.Value { return slog.StringValue(dots) }

// MarshalJSON shows dots.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(dots) }

// MarshalText shows dots.
func (s Secret) MarshalText() ([]byte, error) { return []byte(dots), nil }

// MaskName shows the initials: "Lò Thị Đào" becomes "L. T. Đ.".
func MaskName(s string) string {
	var out []string
	for _, w := range strings.Fields(s) {
		r, _ := utf8.DecodeRuneInString(w)
		out = append(out, strings.ToUpper(string(r))+".")
	}
	return strings.Join(out, " ")
}

// MaskNumber shows the last three digits of a number of at least eight (phone, identity papers), of a shorter one nothing.
func MaskNumber(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	switch {
	case strings.TrimSpace(s) == "":
		return ""
	case len(digits) < 8:
		return dots
	}
	return dots + digits[len(digits)-3:]
}

// MaskText shows that there is something.
func MaskText(s string) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return dots
}
