package app

import (
	"fmt"
	"strings"
	"testing"
)

// The page of settings shows what is in force and no secret, also none that stands inside an address.
func TestShownSettingsHoldNoSecret(t *testing.T) {
	c, err := LoadConfig("", []string{"CHUNGTAY_DATABASE_URL=postgres://who:geheim/1@db1,db2/chungtay?password=geheim2", "CHUNGTAY_KEYS_PASSPHRASE=geheim3",
		"CHUNGTAY_MAIL_PASSWORD=geheim4", "CHUNGTAY_SMS_URL=https://u:geheim5@sms.example/x?key=geheim6", "CHUNGTAY_SERVER_PUBLIC_URL=https://ct.example"})
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(c.Shown)
	if strings.Contains(text, "geheim") || strings.Contains(text, "who:") {
		t.Errorf("a secret is shown: %s", text)
	}
	for _, want := range []string{"https://ct.example", "db1,db2/chungtay", "https://sms.example/x"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not shown", want)
		}
	}
	if len(c.Shown) != len(Settings) {
		t.Errorf("%d of %d settings", len(c.Shown), len(Settings))
	}
}
