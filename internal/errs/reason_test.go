package errs

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestReasonsHoldNothingOfPeople(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("render directive 01jd9k3xg5v8n2q4r6s7t9w0yz: %w", New(Invalid, "docrender.no_number", "Lò Thị Đào")),
			"render directive 01jd9k3xg5v8n2q4r6s7t9w0yz: invalid docrender.no_number"},
		{errors.New(`ERROR: invalid input syntax for type bigint: "Lo Thi Dao" (SQLSTATE 22P02)`), "ERROR: invalid input syntax for type bigint: … (SQLSTATE 22P02)"},
		{errors.New("no unit named Lò Thị Đào"), "no unit named … … …"},
		{errors.New("call 0912 345 678 back"), "call … back"},
		{errors.New("identity 014185000123"), "identity …"},
		{errors.New("to an.nguyen+x@example.vn: mailbox full"), "to …: mailbox full"},
		{errors.New("Get https://sms.example.vn/send?to=0912345678&text=hi: timeout"), "Get https://… timeout"},
		{errors.New("read `Đơn`: 'x y' bad\n\tline two\x00"), "read …: … bad line two"},
		{errors.New("attempt 3 of 12 after 1500 ms"), "attempt 3 of 12 after 1500 ms"},
		{errors.New("an unclosed \"Lo Thi"), "an unclosed …"},
		{nil, ""},
	} {
		if got := Reason(c.err); got != c.want {
			t.Errorf("%v:\n got %s\nwant %s", c.err, got, c.want)
		}
	}
	if n := len(Reason(errors.New(strings.Repeat("abc ", 1000)))); n > reasonMax+3 {
		t.Errorf("%d bytes", n)
	}
}

func FuzzMask(f *testing.F) {
	f.Add("no unit named Lò Thị Đào, call 0912 345 678, \"quoted")
	f.Add("https://a@b/?x=\xff\x00")
	f.Fuzz(func(t *testing.T, s string) {
		m := mask(s)
		if !utf8.ValidString(m) || len(m) > 3*reasonMax || strings.ContainsAny(m, "\n\x00\x01") {
			t.Errorf("%q", m)
		}
		if rest := strings.ReplaceAll(m, "…", ""); strings.IndexFunc(rest, func(r rune) bool { return r > 0x7f }) >= 0 {
			t.Errorf("%q", m)
		}
	})
}
