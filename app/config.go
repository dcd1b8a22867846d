package app

import (
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"chungtay/doctext"
	"chungtay/notify"
)

// Config is everything an installation can be told. It is read once at start; docs/configuration.md is written from the table below.
type Config struct {
	Shown          []ShownSetting // what was set, without secrets, for the page of settings
	Listen         string
	PublicURL      string
	TLSCert        string
	TLSKey         string
	AutoCert       []string
	AutoCertCache  string
	AutoCertCA     string // directory of the authority; empty: Let's Encrypt
	AutoCertListen string
	TrustedProxies []netip.Prefix
	MetricsListen  string
	Drain          time.Duration
	Grace          time.Duration
	DatabaseURL    string
	DatabaseConns  int
	FilesURL       string
	FilesMax       int64
	Reading        doctext.Options // set further by ReadingOptions
	DropFolder     string
	KeyFile        string
	KeyPassphrase  string
	AuditKey       string
	JobWorkers     int
	Mail           notify.MailSettings
	SMS            notify.SMSSettings
	SignOn         SignOn
	LogLevel       string
	LogFormat      string
}

// SignOn names the sign-on provider of a ministry or province (OpenID Connect).
type SignOn struct {
	Issuer, ClientID, ClientSecret, Name, Match string
	StrongAMR                                   []string
}

// Setting is one line of the table of settings.
type Setting struct {
	Name    string // in the TOML file: section.key
	Default string
	Doc     string
	Secret  bool // only by environment or by a file named in NAME_FILE; never in the TOML file
	List    bool // several values: separated by commas, or a list in the TOML file
	set     func(c *Config, v string) error
}

// Env is the environment variable of a setting: CHUNGTAY_SERVER_LISTEN for server.listen.
func (s Setting) Env() string {
	return "CHUNGTAY_" + strings.ToUpper(strings.ReplaceAll(s.Name, ".", "_"))
}

// Settings lists every setting, in the order of the documentation.
var Settings = []Setting{
	{Name: "server.listen", Default: "127.0.0.1:8080", Doc: "Address and port to serve on. Use \":8080\" to serve other machines.",
		set: func(c *Config, v string) error { c.Listen = v; return address(v) }},
	{Name: "server.public_url", Default: "http://localhost:8080", Doc: "Address people type in the browser; links in mail begin with it.",
		set: func(c *Config, v string) error {
			c.PublicURL = strings.TrimSuffix(v, "/")
			u, err := url.Parse(v)
			if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
				return fmt.Errorf("write it like https://chungtay.example.gov.vn")
			}
			return nil
		}},
	{Name: "server.tls_cert", Doc: "Certificate file (PEM). With server.tls_key, serves HTTPS.", set: func(c *Config, v string) error { c.TLSCert = v; return readable(v) }},
	{Name: "server.tls_key", Doc: "Private key file (PEM) of the certificate.", set: func(c *Config, v string) error { c.TLSKey = v; return readable(v) }},
	{Name: "server.autocert", Doc: "Host names, separated by commas, for which certificates are fetched and renewed automatically (ACME). The authority must reach this server on ports 80 and 443 of these names.",
		List: true, set: func(c *Config, v string) error {
			c.AutoCert = list(v)
			for _, name := range c.AutoCert {
				if !hostName(name) {
					return fmt.Errorf("%q is not a host name; write it like chungtay.example.gov.vn", name)
				}
			}
			return nil
		}},
	{Name: "server.autocert_cache", Default: "data/certificates", Doc: "Folder in which fetched certificates are kept.",
		set: func(c *Config, v string) error { c.AutoCertCache = v; return nil }},
	{Name: "server.autocert_ca", Doc: "Directory address of the authority that gives the certificates, for one inside the ministry's network. Empty: Let's Encrypt, whose terms are thereby agreed to.",
		set: func(c *Config, v string) error {
			c.AutoCertCA = v
			if u, err := url.Parse(v); v != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
				return fmt.Errorf("write it like https://ca.example.gov.vn/acme/acme/directory")
			}
			return nil
		}},
	{Name: "server.autocert_listen", Default: ":80", Doc: "Address and port on which automatic certificates answer the authority and send browsers on to HTTPS. Another than 80 when port 80 is passed on to it.",
		set: func(c *Config, v string) error { c.AutoCertListen = v; return address(v) }},
	{Name: "server.trusted_proxies", Doc: "Networks, separated by commas, of the load balancers whose X-Forwarded-For and X-Forwarded-Proto are believed.",
		List: true, set: func(c *Config, v string) error {
			for _, s := range list(v) {
				p, err := netip.ParsePrefix(s)
				if err != nil {
					return fmt.Errorf("%q is not a network; write it like 10.1.0.0/16", s)
				}
				c.TrustedProxies = append(c.TrustedProxies, p)
			}
			return nil
		}},
	{Name: "server.metrics_listen", Doc: "Address and port for Prometheus metrics, for example 127.0.0.1:9090. Empty: none are served.",
		set: func(c *Config, v string) error { c.MetricsListen = v; return address(v) }},
	{Name: "server.drain", Default: "0s", Doc: "How long to go on serving after the order to stop, while /readyz says no already. Set it to what a load balancer needs to notice, for example 10s.",
		set: func(c *Config, v string) (err error) {
			c.Drain, err = duration(v, 0, 5*time.Minute)
			return err
		}},
	{Name: "server.grace", Default: "20s", Doc: "How long running requests and jobs may go on after the order to stop.",
		set: func(c *Config, v string) (err error) {
			c.Grace, err = duration(v, time.Second, 10*time.Minute)
			return err
		}},
	{Name: "database.url", Default: "sqlite:data/chungtay.db", Doc: "sqlite:FILE for one machine, or postgres://USER:PASSWORD@HOST1,HOST2/NAME for several nodes; with several hosts the one that accepts writes is used.",
		set: func(c *Config, v string) error {
			c.DatabaseURL = v
			if !strings.HasPrefix(v, "sqlite:") && !strings.HasPrefix(v, "postgres://") && !strings.HasPrefix(v, "postgresql://") {
				return fmt.Errorf(`begin it with "sqlite:" or "postgres://"`)
			}
			return nil
		}},
	{Name: "database.connections", Default: "0", Doc: "PostgreSQL connections of this node. 0: four for each core, at least 16.",
		set: func(c *Config, v string) (err error) { c.DatabaseConns, err = whole(v, 0, 1000); return err }},
	{Name: "files.url", Default: "folder:data/files", Doc: "Where files are kept, always encrypted: folder:PATH, or s3://BUCKET?endpoint=HOST&region=NAME (keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY).",
		set: func(c *Config, v string) error {
			c.FilesURL = v
			if !strings.HasPrefix(v, "folder:") && !strings.HasPrefix(v, "s3://") {
				return fmt.Errorf(`begin it with "folder:" or "s3://"`)
			}
			return nil
		}},
	{Name: "files.max_mb", Default: "100", Doc: "Largest file accepted, in MB.",
		set: func(c *Config, v string) error {
			n, err := whole(v, 1, 10_000)
			c.FilesMax = int64(n) << 20
			return err
		}},
	{Name: "reading.cache", Default: "data/cache", Doc: "Folder for what is made once and used again when files are read (compiled PDF reader, about 22 MB). May be emptied at any time.",
		set: func(c *Config, v string) error { c.Reading.CacheDir = v; return nil }},
	{Name: "reading.ocr", Default: "tesseract", Doc: "Program that recognises letters in scans and photos: Tesseract with its Vietnamese data. Empty: pictures are not read.",
		set: func(c *Config, v string) error { c.Reading.OCR, c.Reading.NoOCR = v, v == ""; return nil }},
	{Name: "reading.soffice", Doc: "LibreOffice program (soffice) that may convert Word files of 1997 to 2003. Empty: people are asked to save such files as .docx.",
		set: func(c *Config, v string) error { c.Reading.Soffice = v; return nil }},
	{Name: "documents.drop_folder", Doc: "Folder that is watched for papers to take in, with one folder for each unit, named by the unit's code: a scanner or another system writes there. Empty: none.",
		set: func(c *Config, v string) error { c.DropFolder = v; return nil }},
	{Name: "keys.file", Default: "data/keyring.json", Doc: "Key ring that opens sealed fields and files; made at the first start. Keep a copy apart from the database: without it they are lost.",
		set: func(c *Config, v string) error { c.KeyFile = v; return nil }},
	{Name: "keys.passphrase", Secret: true, Doc: "Passphrase of the key ring. Empty: the file's own protection (mode 0600) is all there is.",
		set: func(c *Config, v string) error { c.KeyPassphrase = v; return nil }},
	{Name: "audit.key_file", Default: "data/audit.key", Doc: "Key that signs the heads of the audit log; made at the first start. Heads signed by it and kept elsewhere prove later that nothing was changed.",
		set: func(c *Config, v string) error { c.AuditKey = v; return nil }},
	{Name: "jobs.workers", Default: "2", Doc: "Jobs this node runs at the same time. 0: none, other nodes do.",
		set: func(c *Config, v string) (err error) { c.JobWorkers, err = whole(v, 0, 64); return err }},
	{Name: "mail.server", Doc: "Mail server (SMTP) that notices and invitations are handed to, like smtp.example.gov.vn:587. Empty: nothing goes out by mail.",
		set: func(c *Config, v string) error { c.Mail.Server = v; return address(v) }},
	{Name: "mail.tls", Default: "starttls", Doc: "starttls (refuses a server without it), tls (from the first byte, port 465), or none (only for a server on this machine).",
		set: func(c *Config, v string) error { c.Mail.TLS = v; return oneOf(v, "starttls", "tls", "none") }},
	{Name: "mail.from", Doc: "Sender of mail, like Chung Tay <no-reply@example.gov.vn>.",
		set: func(c *Config, v string) error {
			c.Mail.From = v
			if _, err := mail.ParseAddress(v); v != "" && err != nil {
				return fmt.Errorf("write it like Chung Tay <no-reply@example.gov.vn>")
			}
			return nil
		}},
	{Name: "mail.user", Doc: "User name at the mail server. Empty: without signing in.", set: func(c *Config, v string) error { c.Mail.User = v; return nil }},
	{Name: "mail.password", Secret: true, Doc: "Password at the mail server.", set: func(c *Config, v string) error { c.Mail.Password = v; return nil }},
	{Name: "sms.url", Doc: "Gateway for short messages: an https address that takes a POST of JSON {\"id\", \"to\", \"from\", \"text\"}. Empty: no short messages.",
		set: func(c *Config, v string) error {
			c.SMS.URL = v
			if v == "" {
				return nil
			}
			_, err := notify.NewSMS(notify.SMSSettings{URL: v})
			return err
		}},
	{Name: "sms.token", Secret: true, Doc: "Token sent to the gateway as bearer.", set: func(c *Config, v string) error { c.SMS.Token = v; return nil }},
	{Name: "sms.sender", Default: "CHUNGTAY", Doc: "Brand name registered with the telephone companies.",
		set: func(c *Config, v string) error { c.SMS.Sender = v; return nil }},
	{Name: "oidc.issuer", Doc: "Address of a sign-on provider (OpenID Connect) through which people may sign in, as it calls itself. Empty: none.",
		set: func(c *Config, v string) error {
			c.SignOn.Issuer = v
			u, err := url.Parse(v)
			if v != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1") {
				return fmt.Errorf("write it like https://sso.example.gov.vn")
			}
			return nil
		}},
	{Name: "oidc.client_id", Default: "chungtay", Doc: "Our identifier at the provider. The address to return to is server.public_url followed by /sign-in/oidc/callback.",
		set: func(c *Config, v string) error { c.SignOn.ClientID = v; return nil }},
	{Name: "oidc.client_secret", Secret: true, Doc: "Our secret at the provider.", set: func(c *Config, v string) error { c.SignOn.ClientSecret = v; return nil }},
	{Name: "oidc.name", Default: "tài khoản công vụ", Doc: "Name of the provider on the button.", set: func(c *Config, v string) error { c.SignOn.Name = v; return nil }},
	{Name: "oidc.match", Default: "none", Doc: "How people who never linked their account there are found: none, login (claim preferred_username is the sign-in name) or email (a verified address of one person).",
		set: func(c *Config, v string) error { c.SignOn.Match = v; return oneOf(v, "none", "login", "email") }},
	{Name: "oidc.strong", Default: "mfa", Doc: "Values of the claim amr, separated by commas, that stand for a second factor shown at the provider.",
		List: true, set: func(c *Config, v string) error { c.SignOn.StrongAMR = list(v); return nil }},
	{Name: "log.level", Default: "info", Doc: "debug, info, warn or error.",
		set: func(c *Config, v string) error { c.LogLevel = v; return oneOf(v, "debug", "info", "warn", "error") }},
	{Name: "log.format", Default: "text", Doc: "text or json.",
		set: func(c *Config, v string) error { c.LogFormat = v; return oneOf(v, "text", "json") }},
}

func address(v string) error {
	if v == "" {
		return nil
	}
	_, port, err := net.SplitHostPort(v)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("write it like 127.0.0.1:8080 or :8080")
	}
	return nil
}

func readable(path string) error {
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("the file cannot be opened: name a file this program may read")
	}
	return f.Close()
}

func whole(v string, lo, hi int) (int, error) {
	n, err := strconv.Atoi(v)
	if err != nil || n < lo || n > hi {
		return 0, fmt.Errorf("write a whole number from %d to %d", lo, hi)
	}
	return n, nil
}

func duration(v string, lo, hi time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if err != nil || d < lo || d > hi {
		return 0, fmt.Errorf("write a time from %s to %s, like 30s or 5m", lo, hi)
	}
	return d, nil
}

func oneOf(v string, allowed ...string) error {
	if !slices.Contains(allowed, v) {
		return fmt.Errorf("write one of %s", strings.Join(allowed, ", "))
	}
	return nil
}

// hostName tells whether v can be the name in a certificate: letters, digits and hyphens between dots.
func hostName(v string) bool {
	if _, err := netip.ParseAddr(v); err == nil || len(v) > 253 {
		return false
	}
	for label := range strings.SplitSeq(v, ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") ||
			strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return true
}

// tomlText is a value of the TOML file as it would stand in the environment.
func tomlText(v any) (text string, isList bool, err error) {
	switch v := v.(type) {
	case map[string]any, []map[string]any:
		return "", false, fmt.Errorf("write a value, not a section")
	case []any:
		var parts []string
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return "", true, fmt.Errorf("write a list of texts, each in quotes")
			}
			parts = append(parts, s)
		}
		return strings.Join(parts, ","), true, nil
	}
	return fmt.Sprint(v), false, nil
}

func list(v string) []string {
	return strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
}

// notSettings are variables of the tests and scripts that share the prefix.
var notSettings = []string{"CHUNGTAY_CONFIG", "CHUNGTAY_SHARED", "CHUNGTAY_PG_DURABLE", "CHUNGTAY_E2E", "CHUNGTAY_SLOW"}

// LoadConfig reads the TOML file (CHUNGTAY_CONFIG, else ./chungtay.toml if it exists) and the environment, which wins. The error names
// every wrong setting with its cure.
func LoadConfig(file string, environ []string) (Config, error) {
	env := map[string]string{}
	for _, e := range environ {
		if k, v, ok := strings.Cut(e, "="); ok && strings.HasPrefix(k, "CHUNGTAY_") {
			env[k] = v
		}
	}
	named := file != ""
	if !named {
		file, named = env["CHUNGTAY_CONFIG"], env["CHUNGTAY_CONFIG"] != ""
	}
	if !named {
		file = "chungtay.toml"
	}
	values := map[string]any{}
	var wrong []string
	b, err := os.ReadFile(file)
	switch {
	case err == nil:
		var tree map[string]any
		if err := toml.Unmarshal(b, &tree); err != nil {
			return Config{}, fmt.Errorf("settings file %s: %w", file, err)
		}
		for section, v := range tree {
			keys, ok := v.(map[string]any)
			if !ok {
				wrong = append(wrong, fmt.Sprintf("%s: %q stands outside a section; see docs/configuration.md", file, section))
				continue
			}
			for k, v := range keys {
				values[section+"."+k] = v
			}
		}
	case named || !os.IsNotExist(err):
		return Config{}, fmt.Errorf("settings file %s cannot be read: %w", file, err)
	}
	var c Config
	known := map[string]bool{}
	for _, s := range Settings {
		known[s.Env()], known[s.Env()+"_FILE"] = true, s.Secret
		v, from := s.Default, ""
		if w, ok := values[s.Name]; ok {
			if s.Secret {
				wrong = append(wrong, fmt.Sprintf("%s: a secret does not belong in %s; set %s or %s_FILE", s.Name, file, s.Env(), s.Env()))
			}
			delete(values, s.Name)
			text, isList, err := tomlText(w)
			if isList && !s.List {
				err = fmt.Errorf("write one value, not a list")
			}
			if err != nil {
				wrong = append(wrong, fmt.Sprintf("%s (in %s): %s", s.Name, file, err))
				text = s.Default
			}
			v, from = text, " (in "+file+")"
		}
		if w, ok := env[s.Env()]; ok {
			v, from = w, " ("+s.Env()+")"
		}
		if w, ok := env[s.Env()+"_FILE"]; ok && s.Secret {
			b, err := os.ReadFile(w)
			if err != nil {
				wrong = append(wrong, fmt.Sprintf("%s_FILE: the file cannot be read", s.Env()))
			}
			v, from = strings.TrimRight(string(b), "\r\n"), ""
		}
		c.Shown = append(c.Shown, shownSetting(s, v))
		if err := s.set(&c, v); err != nil {
			shown := " = " + strconv.Quote(v)
			if s.Secret || s.Name == "database.url" {
				shown = ""
			}
			wrong = append(wrong, fmt.Sprintf("%s%s%s: %s", s.Name, shown, from, err))
		}
	}
	for name := range values {
		wrong = append(wrong, fmt.Sprintf("%s (in %s): there is no such setting%s", name, file, nearest(name)))
	}
	for k := range env {
		if !known[k] && !slices.Contains(notSettings, k) && !strings.HasPrefix(k, "CHUNGTAY_TEST_") {
			wrong = append(wrong, fmt.Sprintf("%s: there is no such setting%s", k, nearest(strings.ToLower(strings.TrimPrefix(k, "CHUNGTAY_")))))
		}
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		wrong = append(wrong, "server.tls_cert and server.tls_key: set both or neither")
	}
	if len(c.AutoCert) > 0 && c.TLSCert != "" {
		wrong = append(wrong, "server.autocert and server.tls_cert: set one of them")
	}
	if c.Mail.Server != "" && c.Mail.From == "" {
		wrong = append(wrong, "mail.from: mail.server is set, so mail needs a sender")
	}
	if wrong != nil {
		sort.Strings(wrong)
		return c, fmt.Errorf("settings to correct:\n  %s", strings.Join(wrong, "\n  "))
	}
	return c, nil
}

// ShownSetting is a setting in force as it may be shown to an administrator.
type ShownSetting struct {
	Name, Value string
	Secret      bool // Value is withheld; it is empty when the setting is
	Default     bool
}

// shownSetting withholds what a value hides: a secret whole, and in an address the name and password before the host and everything after
// the question mark.
func shownSetting(s Setting, v string) ShownSetting {
	out := ShownSetting{Name: s.Name, Value: v, Secret: s.Secret, Default: v == s.Default}
	switch scheme, rest, found := strings.Cut(v, "://"); {
	case s.Secret && v != "":
		out.Value = "•"
	case found:
		rest, _, _ = strings.Cut(rest, "?")
		host, path, hasPath := strings.Cut(rest, "/")
		host = host[strings.LastIndex(host, "@")+1:]
		if out.Value = scheme + "://" + host; hasPath {
			out.Value += "/" + path
		}
		if at := strings.LastIndex(out.Value, "@"); at >= 0 { // a slash in a password
			out.Value = scheme + "://" + out.Value[at+1:]
		}
	}
	return out
}

// nearest suggests the setting whose name is most alike.
func nearest(name string) string {
	best, least := "", 5
	for _, s := range Settings {
		for _, n := range []string{s.Name, strings.ReplaceAll(s.Name, ".", "_")} {
			if d := distance(name, n); d < least {
				best, least = s.Name, d
			}
		}
	}
	if best == "" {
		return "; the settings are listed in docs/configuration.md"
	}
	return "; did you mean " + best + "?"
}

// distance is the Levenshtein distance.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost = 1 + min(last, row[j], row[j+1])
			}
			last, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// ConfigDoc writes docs/configuration.md.
func ConfigDoc() string {
	var b strings.Builder
	b.WriteString("# Settings\n\nWritten from the table in `app/config.go` (`go test ./app -update`). A setting is given in the environment, or in a TOML file\n" +
		"(`chungtay.toml` in the working folder, or the file named by `CHUNGTAY_CONFIG` or `--config`); the environment wins. A wrong or unknown\n" +
		"setting is refused at start with its name and the cure. Several values are separated by commas; in the TOML file they may also be a list of texts.\n\n| setting | environment | default | meaning |\n|---|---|---|---|\n")
	for _, s := range Settings {
		def := "–"
		if s.Default != "" {
			def = "`" + s.Default + "`"
		}
		doc := s.Doc
		if s.Secret {
			doc += " A secret: by environment, or in a file named by `" + s.Env() + "_FILE`; never in the TOML file."
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", s.Name, s.Env(), def, doc)
	}
	b.WriteString("\n```toml\n# chungtay.toml\n[server]\nlisten = \":8080\"\npublic_url = \"https://chungtay.example.gov.vn\"\n\n[database]\nurl = \"sqlite:/var/lib/chungtay/chungtay.db\"\n```\n")
	return b.String()
}
