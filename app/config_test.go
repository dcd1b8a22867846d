package app

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files")

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("%s is not what the program says (%v); renew it with -update", path, err)
	}
}

func TestConfigurationIsDocumented(t *testing.T) { golden(t, "../docs/configuration.md", ConfigDoc()) }

func TestDefaultsAreGood(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := LoadConfig("", nil)
	if err != nil || c.Listen != "127.0.0.1:8080" || c.FilesMax != 100<<20 {
		t.Errorf("%+v %v", c, err)
	}
}

func TestWrongSettingsAreNamedWithTheCure(t *testing.T) {
	file := filepath.Join(t.TempDir(), "c.toml")
	os.WriteFile(file, []byte("stray = 1\n[server]\nlisten = \"here\"\nlissten = \":80\"\ngrace = \"1h\"\n[keys]\npassphrase = \"geheim\"\n[database]\nurl = \"mysql://u:geheim@h/x\"\n"), 0o600)
	_, err := LoadConfig(file, []string{"CHUNGTAY_JOBS_WORKER=3", "CHUNGTAY_SERVER_TRUSTED_PROXIES=10.0.0.1", "CHUNGTAY_LOG_LEVEL=loud", "CHUNGTAY_SERVER_TLS_CERT=/nowhere", "PATH=/bin"})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{`server.listen = "here"`, "like 127.0.0.1:8080", "server.lissten", "did you mean server.listen?", "server.grace", "from 1s to 10m0s",
		`"stray" stands outside a section`, "keys.passphrase: a secret does not belong in", "database.url", "CHUNGTAY_JOBS_WORKER: there is no such setting; did you mean jobs.workers?",
		"like 10.1.0.0/16", "debug, info, warn, error", "set both or neither", "the file cannot be opened"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "geheim") {
		t.Error("a secret is printed:", err)
	}
}

// A list in the TOML file is the same as values separated by commas. What can be no host name, network or single value is refused with the cure.
func TestListsInTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "c.toml")
	write := func(s string) {
		if err := os.WriteFile(file, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("[server]\nautocert = [\"a.gov.vn\", \"b-c.gov.vn\"]\ntrusted_proxies = [\"10.1.0.0/16\"]\n[oidc]\nstrong = [\"mfa\", \"otp\"]\n")
	c, err := LoadConfig(file, nil)
	if err != nil || !slices.Equal(c.AutoCert, []string{"a.gov.vn", "b-c.gov.vn"}) || len(c.TrustedProxies) != 1 || !slices.Equal(c.SignOn.StrongAMR, []string{"mfa", "otp"}) {
		t.Errorf("%q %v %q %v", c.AutoCert, c.TrustedProxies, c.SignOn.StrongAMR, err)
	}
	for text, want := range map[string]string{
		"[server]\nautocert = [\"a.gov.vn\", 7]\n":          "server.autocert (in " + file + "): write a list of texts",
		"[server]\nautocert = \"[a.gov.vn, b.gov.vn]\"\n":   `"[a.gov.vn" is not a host name; write it like chungtay.example.gov.vn`,
		"[server]\nautocert = \"https://a.gov.vn\"\n":       "is not a host name",
		"[server]\nautocert = \"192.0.2.1\"\n":              "is not a host name",
		"[server]\nautocert = \"-a.gov.vn\"\n":              "is not a host name",
		"[server]\nlisten = [\":80\", \":81\"]\n":           "server.listen (in " + file + "): write one value, not a list",
		"[server.listen]\nport = 80\n":                      "server.listen (in " + file + "): write a value, not a section",
		"[files]\nmax_mb = [5]\n":                           "files.max_mb (in " + file + "): write one value",
		"[server]\ntrusted_proxies = [\"10.1.0.0/16/2\"]\n": "write it like 10.1.0.0/16",
	} {
		write(text)
		if _, err := LoadConfig(file, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestEnvironmentWinsAndSecretsComeFromFiles(t *testing.T) {
	dir := t.TempDir()
	file, secret := filepath.Join(dir, "c.toml"), filepath.Join(dir, "pass")
	os.WriteFile(file, []byte("[server]\nlisten = \":1\"\ngrace = \"30s\"\n"), 0o600)
	os.WriteFile(secret, []byte("mật khẩu dài\n"), 0o600)
	c, err := LoadConfig(file, []string{"CHUNGTAY_SERVER_LISTEN=:2", "CHUNGTAY_KEYS_PASSPHRASE_FILE=" + secret})
	if err != nil || c.Listen != ":2" || c.Grace.Seconds() != 30 || c.KeyPassphrase != "mật khẩu dài" {
		t.Errorf("%+v %v", c, err)
	}
	if _, err := LoadConfig(filepath.Join(dir, "absent.toml"), nil); err == nil {
		t.Error("a named file that does not exist was passed over")
	}
}
