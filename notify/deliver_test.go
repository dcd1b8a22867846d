package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"chungtay/account"
	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/jobs"
	"chungtay/policy"
)

// bureau is a unit with people who are told things by mail and by short messages.
type bureau struct {
	*testing.T
	*db.DB
	*Notices
	clock *dbtest.Clock
	sink  *sink
	sms   *phone
	kinds []jobs.Kind
}

// phone is a gateway for short messages that keeps what it is given.
type phone struct {
	mu     sync.Mutex
	texts  []map[string]string
	status int
	auth   string
}

func (p *phone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.auth = r.Header.Get("Authorization")
	if p.status != 0 {
		w.WriteHeader(p.status)
		return
	}
	var m map[string]string
	json.NewDecoder(r.Body).Decode(&m)
	p.texts = append(p.texts, m)
}

func (p *phone) all() []map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.texts
	p.texts = nil
	return out
}

// glass is a vault that hides nothing but remembers what was destroyed.
type glass struct{ gone map[string]bool }

func (glass) Seal(_ *db.Tx, kind, id, field string, plain []byte) ([]byte, error) {
	return append([]byte(kind+id+field+"|"), plain...), nil
}
func (glass) Unseal(_ *db.Tx, kind, id, field string, sealed []byte) ([]byte, error) {
	p, ok := strings.CutPrefix(string(sealed), kind+id+field+"|")
	if !ok {
		return nil, errors.New("sealed for another record")
	}
	return []byte(p), nil
}
func (g glass) Forget(_ *db.Tx, kind, id string) error { g.gone[kind+id] = true; return nil }

var sentences = fstest.MapFS{
	"text.vi.toml": {Data: []byte("[x]\nassigned = \"Được giao: {0}, hạn {1}\"\nplain = \"Có việc mới\"\n")},
	"text.en.toml": {Data: []byte("[x]\nassigned = \"Assigned: {0}, due {1}\"\nplain = \"New work\"\n")}}

// flat has no unit above another.
type flat struct{}

func (flat) Above(*db.Tx, string) ([]string, error)           { return nil, nil }
func (flat) Name(_ *db.Tx, unit string) (string, error)       { return unit, nil }
func (flat) Find(*db.Tx, string, int) ([]account.Unit, error) { return nil, nil }

// noon is a working day in Viet Nam, outside of quiet hours.
var noon = time.Date(2026, 7, 1, 5, 0, 0, 0, time.UTC)

func eachBureau(t *testing.T, f func(t *testing.T, b *bureau)) {
	clock := dbtest.NewClock(noon)
	dbtest.EachWith(t, []db.Migrations{Migrations(), account.Migrations(), audit.Migrations(), jobs.Migrations()}, db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		clock.Set(noon)
		words, err := i18n.Load(sentences, Text, fs.FS(account.Text))
		if err != nil {
			t.Fatal(err)
		}
		sink, sms := newSink(t), &phone{}
		gate := httptest.NewServer(sms)
		t.Cleanup(gate.Close)
		mail, err := NewMail(MailSettings{Server: sink.addr, TLS: "starttls", User: "chungtay", Password: "geheim", From: "Chung Tay <no-reply@chungtay.example>", Roots: sink.roots})
		if err != nil {
			t.Fatal(err)
		}
		short, err := NewSMS(SMSSettings{URL: gate.URL, Token: "token", Sender: "CHUNGTAY"})
		if err != nil {
			t.Fatal(err)
		}
		book := policy.NewBook(policy.Role{Name: "officer", Gives: map[policy.Permission]policy.Reach{"task.read": policy.Own}})
		n := &Notices{Accounts: &account.Accounts{Book: book, Units: flat{}}, Words: words, Vault: glass{map[string]bool{}}, BaseURL: "https://chungtay.example", Channels: []Channel{mail, short}}
		kinds, _ := n.Jobs()
		f(t, &bureau{t, d, n, clock, sink, sms, kinds})
	})
}

func (b *bureau) hire(login, email, phone string) account.Person {
	b.Helper()
	var p account.Person
	dbtest.Write(b, b.DB, func(tx *db.Tx) (err error) {
		p, err = b.Accounts.Enrol(tx, policy.System("test"), account.NewPerson{Name: "Lò Thị " + login, Login: login, Email: email, Phone: phone}, "x",
			account.NewHolding{Role: "officer", Unit: "xa", From: civil.MustParse("2020-01-01")})
		return err
	})
	return p
}

func (b *bureau) prefer(p account.Person, change func(*Preference)) {
	b.Helper()
	dbtest.Write(b, b.DB, func(tx *db.Tx) error {
		x, err := preferenceOf(tx, p.ID)
		if err != nil {
			return err
		}
		change(&x)
		return SavePreference(tx, x)
	})
}

// work runs what the timetable runs each minute, and all that follows from it.
func (b *bureau) work() error {
	b.Helper()
	dbtest.Write(b, b.DB, func(tx *db.Tx) error {
		for _, k := range []string{"notify.fan", "notify.deliver"} {
			if _, err := jobs.Enqueue(tx, k, nil); err != nil {
				return err
			}
		}
		return nil
	})
	return jobs.RunAll(context.Background(), b.DB, b.kinds)
}

func (b *bureau) must() {
	b.Helper()
	if err := b.work(); err != nil {
		b.Fatal(err)
	}
}

func (b *bureau) states() string {
	b.Helper()
	var out []string
	dbtest.Read(b, b.DB, func(tx *db.Tx) error {
		list, err := listDeliveries(tx, "", "", "", 100)
		for _, d := range list {
			out = append(out, d.Channel+" "+string(d.State))
		}
		return err
	})
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func assigned(what string, urgent bool) Notice {
	return Notice{Unit: "xa", Needs: "task.read", Kind: "task.assigned", Key: "x.assigned", Args: []any{what, civil.MustParse("2026-08-03")}, Path: "/tasks/1", Urgent: urgent}
}

func TestMailGoesOutAsChosen(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		each := b.hire("each", "each@xa.example", "")
		b.hire("daily", "daily@xa.example", "0912 345 678") // has chosen nothing
		never := b.hire("never", "never@xa.example", "")
		b.hire("nowhere", "", "")
		b.prefer(each, func(p *Preference) { p.Mail, p.Lang = Each, i18n.EN })
		b.prefer(never, func(p *Preference) { p.Mail = Never })
		send(t, b.DB, assigned("lập báo cáo", false))
		b.must()
		mails := b.sink.all()
		if len(mails) != 1 || mails[0].To != "each@xa.example" || !mails[0].Secure || mails[0].User != "chungtay" {
			t.Fatalf("%+v", mails)
		}
		m := mails[0]
		if subject(m) != "Assigned: lập báo cáo, due 3 August 2026" || !strings.Contains(m.Body, "https://chungtay.example/tasks/1") || !strings.Contains(m.Body, "/me/notices") ||
			m.Header.Get("Auto-Submitted") != "auto-generated" || !strings.Contains(m.Header.Get("From"), "no-reply@chungtay.example") {
			t.Errorf("%q %+v\n%s", subject(m), m.Header, m.Body)
		}
		send(t, b.DB, assigned("kiểm tra", false), assigned("tập huấn", false))
		b.clock.Set(civil.MustParse("2026-07-02").Start().Add(7*time.Hour - time.Minute))
		b.must()
		b.sink.all() // each's
		b.clock.Add(2 * time.Minute)
		b.must()
		mails = b.sink.all()
		if len(mails) != 1 || mails[0].To != "daily@xa.example" || subject(mails[0]) != "Chung Tay: 3 thông báo mới" || strings.Count(mails[0].Body, "Được giao") != 3 {
			t.Errorf("the morning's mail: %+v", mails)
		}
		if len(b.sms.all()) != 0 {
			t.Error("a short message about what is not urgent")
		}
		b.must()
		if len(b.sink.all()) != 0 {
			t.Error("sent twice")
		}
	})
}

func TestUrgentGoesAtOnceAndQuietHoursHoldTheRest(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		p := b.hire("ann", "an@xa.example", "0912.345.678")
		b.prefer(p, func(p *Preference) { p.Mail = Each })
		night := civil.MustParse("2026-07-01").Start().Add(23 * time.Hour)
		b.clock.Set(night)
		send(t, b.DB, assigned("việc thường", false))
		send(t, b.DB, assigned("việc khẩn", true))
		b.must()
		mails, texts := b.sink.all(), b.sms.all()
		if len(mails) != 1 || !strings.Contains(subject(mails[0]), "việc khẩn") || strings.Contains(mails[0].Body, "việc thường") {
			t.Errorf("at night: %+v", mails)
		}
		if len(texts) != 1 || texts[0]["to"] != "+84912345678" || texts[0]["from"] != "CHUNGTAY" || texts[0]["text"] != "Chung Tay: Duoc giao: viec khan, han 03/8/2026. Xem https://chungtay.example/inbox" || b.sms.auth != "Bearer token" {
			t.Errorf("short message: %v", texts)
		}
		b.clock.Set(civil.MustParse("2026-07-02").Start().Add(6*time.Hour + 29*time.Minute))
		b.must()
		if len(b.sink.all()) != 0 {
			t.Error("disturbed")
		}
		b.clock.Add(time.Minute)
		b.must()
		if mails := b.sink.all(); len(mails) != 1 || !strings.Contains(subject(mails[0]), "việc thường") {
			t.Errorf("after quiet hours: %+v", mails)
		}
	})
}

func TestWhatWasReadNeedsNoMail(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		p := b.hire("ann", "an@xa.example", "")
		send(t, b.DB, assigned("việc", false))
		b.must()
		by := actor(p.ID, at("xa", "task.read"))
		dbtest.Write(t, b.DB, func(tx *db.Tx) error { return ReadAll(tx, by) })
		b.clock.Add(24 * time.Hour)
		b.must()
		if len(b.sink.all()) != 0 || b.states() != "mail unneeded" {
			t.Error(b.states())
		}
	})
}

func TestServersThatFailAreTriedAgain(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		b.prefer(b.hire("ann", "an@xa.example", "0912345678"), func(p *Preference) { p.Mail = Each })
		b.sink.set(func() { b.sink.answer = func(string) string { return "451 later" } })
		b.sms.status = 503
		send(t, b.DB, assigned("việc", true))
		if err := b.work(); err == nil || b.states() != "mail queued, sms queued" {
			t.Error(err, b.states())
		}
		b.sink.set(func() { b.sink.answer = nil; b.sink.breaks = 1 }) // takes the text and dies without an answer
		b.clock.Add(time.Minute)
		if err := b.work(); err == nil {
			t.Error("a broken line counts as sent")
		}
		b.sms.status = 0
		b.clock.Add(10 * time.Minute)
		b.must()
		if mails := b.sink.all(); len(mails) != 1 || len(b.sms.all()) != 1 || b.states() != "mail sent, sms sent" {
			t.Error(b.states(), mails)
		}
	})
}

func TestRefusedForGoodAndTriedTooOften(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		b.prefer(b.hire("ann", "an@xa.example", ""), func(p *Preference) { p.Mail = Each })
		b.sink.set(func() { b.sink.answer = func(string) string { return "550 no such user" } })
		send(t, b.DB, assigned("việc", false))
		b.must() // a refusal is an outcome, not a failure of the job
		if b.states() != "mail failed" {
			t.Error(b.states())
		}
		var id string
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			list, err := listDeliveries(tx, "failed", "mail", "", 10)
			if len(list) != 1 || !strings.Contains(list[0].Reason, "550") || strings.Contains(list[0].Reason, "an@xa") {
				t.Errorf("the administrator reads %q", list[0].Reason)
			}
			id = list[0].ID
			return err
		})
		b.sink.set(func() { b.sink.answer = nil })
		dbtest.Write(t, b.DB, func(tx *db.Tx) error { return Again(tx, id) })
		b.must()
		if len(b.sink.all()) != 1 || b.states() != "mail sent" {
			t.Error("again:", b.states())
		}
		if err := b.Write(context.Background(), func(tx *db.Tx) error { return Again(tx, id) }); !errs.Is(err, errs.Conflict) {
			t.Error("sent again what arrived:", err)
		}
		b.sink.set(func() { b.sink.answer = func(string) string { return "451 later" } })
		send(t, b.DB, assigned("việc hai", true))
		for range sendAttempts + 2 {
			b.work()
			b.clock.Add(5 * time.Hour)
		}
		if b.states() != "mail failed, mail sent" {
			t.Error("after too many tries:", b.states())
		}
	})
}

func TestWithoutTLSNothingLeaves(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		b.sink.set(func() { b.sink.plain = true })
		c := b.channel(Mail)
		if err := c.Send(context.Background(), Message{ID: "1", To: "an@xa.example", Subject: "x", Body: "y"}); err == nil || len(b.sink.all()) != 0 {
			t.Error("sent in the clear:", err)
		}
	})
}

func TestHeadersCannotBeInjected(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		c := b.channel(Mail)
		for _, m := range []Message{
			{ID: "1", To: "an@xa.example", Subject: "x\r\nBcc: victim@example.com", Body: "y"},
			{ID: "1", To: "an@xa.example\r\nBcc: victim@example.com", Subject: "x", Body: "y"},
			{ID: "1", To: "an@xa.example>\r\nRCPT TO:<victim@example.com", Subject: "x", Body: "y"},
			{ID: "1\r\nX: y", To: "an@xa.example", Subject: "x", Body: "y"},
			{ID: "1", To: "an@xa.example, victim@example.com", Subject: "x", Body: "y"},
			{ID: "1", To: "An <an@xa.example>", Subject: "x", Body: "y"},
			{ID: "1", To: "an@xa.example", Subject: "x\x00y", Body: "y"},
		} {
			if err := c.Send(context.Background(), m); !IsRefused(err) {
				t.Errorf("%q is sent: %v", m, err)
			}
		}
		if got := b.sink.all(); len(got) != 0 {
			t.Fatalf("the server heard of it: %+v", got)
		}
		b.prefer(b.hire("ann", "an@xa.example", "0912345678"), func(p *Preference) { p.Mail = Each })
		send(t, b.DB, assigned("việc\r\nBcc: victim@example.com\r\n\r\nGiả mạo\u2028x", true))
		b.must()
		mails, texts := b.sink.all(), b.sms.all()
		if len(mails) != 1 || mails[0].Header.Get("Bcc") != "" || subject(mails[0]) != "Được giao: việc Bcc: victim@example.com Giả mạo x, hạn 03/8/2026" {
			t.Errorf("%+v", mails)
		}
		if len(texts) != 1 || strings.ContainsAny(texts[0]["text"], "\r\n") {
			t.Errorf("%q", texts)
		}
		// a body that looks like the end of a mail and another one stays a body
		if err := c.Send(context.Background(), Message{ID: "2", To: "an@xa.example", Subject: "x", Body: "một\r\n.\r\nMAIL FROM:<x@y>\r\n"}); err != nil {
			t.Fatal(err)
		}
		if got := b.sink.all(); len(got) != 1 || !strings.Contains(got[0].Body, "MAIL FROM:<x@y>") {
			t.Errorf("%+v", got)
		}
	})
}

func TestLettersCarryTheLinkAndForgetIt(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		p := b.hire("ann", "an@xa.example", "")
		const token = "khoa-bi-mat"
		dbtest.Write(t, b.DB, func(tx *db.Tx) error { return b.Link(tx, p, token) })
		b.sink.set(func() { b.sink.answer = func(string) string { return "451 later" } })
		if err := jobs.RunAll(context.Background(), b.DB, b.kinds); err == nil || strings.Contains(err.Error(), token) {
			t.Error(err)
		}
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			page, err := jobs.List(tx, jobs.Filter{Kind: "notify.letter"})
			for _, r := range page.Rows {
				if strings.Contains(r.Payload+r.Reason, token) {
					t.Error("the link stands in the job:", r.Payload, r.Reason)
				}
			}
			return err
		})
		b.sink.set(func() { b.sink.answer = nil })
		b.clock.Add(time.Minute)
		if err := jobs.RunAll(context.Background(), b.DB, b.kinds); err != nil {
			t.Fatal(err)
		}
		mails := b.sink.all()
		if len(mails) != 1 || !strings.Contains(mails[0].Body, "https://chungtay.example/link/"+token) || subject(mails[0]) != "Chung Tay: đặt lại mật khẩu" {
			t.Fatalf("%+v", mails)
		}
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			list, err := listLetters(tx, 10)
			l, _, err2 := findLetter(tx, list[0].ID)
			if l.Secret != nil || l.SentAt.IsZero() || !b.Vault.(glass).gone["letter"+l.ID] {
				t.Errorf("the link is kept: %+v", l)
			}
			return errors.Join(err, err2)
		})
	})
}

func TestClosedAccountsHearNothing(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		p := b.hire("ann", "an@xa.example", "")
		send(t, b.DB, assigned("việc", false))
		b.must()
		dbtest.Write(t, b.DB, func(tx *db.Tx) error { return b.Accounts.Close(tx, policy.System("x"), p.ID) })
		b.clock.Add(24 * time.Hour)
		send(t, b.DB, assigned("việc hai", true))
		b.must()
		if len(b.sink.all()) != 0 || b.states() != "mail unneeded" {
			t.Error(b.states())
		}
	})
}

func TestPreferencesOfTwoWindows(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		p := b.hire("ann", "an@xa.example", "")
		var old Preference
		dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) { old, err = preferenceOf(tx, p.ID); return err })
		b.prefer(p, func(x *Preference) { x.Mail = Each })
		if err := b.Write(context.Background(), func(tx *db.Tx) error { old.Mail = Never; return SavePreference(tx, old) }); !errs.Is(err, errs.Conflict) {
			t.Error(err)
		}
		for _, bad := range []func(*Preference){func(x *Preference) { x.Mail = "always" }, func(x *Preference) { x.SMS = Daily }, func(x *Preference) { x.QuietFrom = 24 * 60 }, func(x *Preference) { x.QuietTo = -1 }} {
			x := defaults(p.ID)
			bad(&x)
			if err := b.Write(context.Background(), func(tx *db.Tx) error { return SavePreference(tx, x) }); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", x, err)
			}
		}
	})
}

func TestQuietHours(t *testing.T) {
	at := func(clock string) time.Time {
		d, err := time.Parse("15:04", clock)
		if err != nil {
			t.Fatal(err)
		}
		return civil.MustParse("2026-07-01").Start().Add(time.Duration(d.Hour()*60+d.Minute()) * time.Minute)
	}
	for _, c := range []struct{ from, to, now, want string }{
		{"21:00", "06:30", "20:59", "20:59"}, {"21:00", "06:30", "21:00", "next 06:30"}, {"21:00", "06:30", "00:00", "06:30"}, {"21:00", "06:30", "06:29", "06:30"},
		{"21:00", "06:30", "06:30", "06:30"}, {"12:00", "13:30", "12:30", "13:30"}, {"12:00", "13:30", "11:59", "11:59"}, {"12:00", "12:00", "12:00", "12:00"},
		{"00:00", "06:00", "23:59", "23:59"}, {"00:00", "06:00", "00:00", "06:00"},
	} {
		from, _ := readClock(c.from)
		to, _ := readClock(c.to)
		want := at(strings.TrimPrefix(c.want, "next "))
		if strings.HasPrefix(c.want, "next ") {
			want = want.AddDate(0, 0, 1)
		}
		if got := (Preference{QuietFrom: from, QuietTo: to}).afterQuiet(at(c.now)); !got.Equal(want) {
			t.Errorf("%v: %s", c, got.In(civil.Zone))
		}
	}
}

func TestClocksAsPeopleWriteThem(t *testing.T) {
	for s, want := range map[string]int{"21:00": 1260, "21h": 1260, "21h30": 1290, "6:30": 390, "06:30": 390, "7": 420, "07": 420, "0:00": 0, "21.15": 1275, "23:59": 1439} {
		if got, ok := readClock(s); !ok || got != want {
			t.Errorf("%q: %d %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "24:00", "6:3", "6:60", "-1", "1:2:3", "bảy giờ", "7:00 tối", "1e1"} {
		if got, ok := readClock(s); ok {
			t.Errorf("%q is read as %d", s, got)
		}
	}
}

func TestNumbersForShortMessages(t *testing.T) {
	for s, want := range map[string]string{"0912 345 678": "+84912345678", "+84 (912) 345-678": "+84912345678", "84912345678": "+84912345678", "0084912345678": "+84912345678", "0351234567": "+84351234567",
		"111": "", "0243 936 1234": "", "091234567": "", "09123456789": "", "": "", "abc": "", "+1 202 555 0100": "", "0912345678\n": ""} {
		if got := PhoneNumber(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestGatewayRefusals(t *testing.T) {
	for status, refused := range map[int]bool{400: true, 404: true, 422: true, 401: false, 429: false, 500: false, 302: false} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) }))
		c, err := NewSMS(SMSSettings{URL: srv.URL})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Send(context.Background(), Message{ID: "1", To: "+84912345678", Body: "x"}); err == nil || IsRefused(err) != refused {
			t.Errorf("%d: %v", status, err)
		}
		srv.Close()
	}
	for _, u := range []string{"http://sms.example.vn", "ftp://x", "sms.example.vn", "https://"} {
		if _, err := NewSMS(SMSSettings{URL: u}); err == nil {
			t.Errorf("%q is taken for a gateway", u)
		}
	}
}

func TestShortTextsHoldNoMarks(t *testing.T) {
	for s, want := range map[string]string{"Đường Ỷ Lan – Hòa": "Duong Y Lan - Hoa", "UBND tỉnh Sơn La": "UBND tinh Son La", "739/QĐ-TTg": "739/QD-TTg", "a\nb": "a b"} {
		if got := plainText(s); got != want {
			t.Errorf("%q: %q", s, got)
		}
	}
	if n := len(cutShort(strings.Repeat("a", 500), longestSMS)); n != longestSMS {
		t.Error(n)
	}
}

func FuzzPlainText(f *testing.F) {
	f.Add("Đường Ỷ Lan – Hòa\r\n.\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range []byte(cutShort(plainText(s), longestSMS)) {
			if c < 0x20 || c >= 0x7f && c != 0x7f {
				t.Fatalf("%q gives %q", s, plainText(s))
			}
		}
	})
}

func FuzzReadClock(f *testing.F) {
	f.Add("21h30")
	f.Fuzz(func(t *testing.T, s string) {
		if m, ok := readClock(s); ok && (m < 0 || m >= 24*60) {
			t.Fatalf("%q: %d", s, m)
		}
	})
}

func BenchmarkFan(b *testing.B) {
	d := dbtest.SQLite(b, []db.Migrations{Migrations(), account.Migrations(), audit.Migrations(), jobs.Migrations()}, db.Options{})
	book := policy.NewBook(policy.Role{Name: "officer", Gives: map[policy.Permission]policy.Reach{"task.read": policy.Own}})
	c, _ := NewMail(MailSettings{Server: "127.0.0.1:25", From: "a@b.example"})
	n := &Notices{Accounts: &account.Accounts{Book: book}, Channels: []Channel{c}}
	const units = 2000
	dbtest.Write(b, d, func(tx *db.Tx) error {
		for i := range units {
			if _, err := n.Accounts.Enrol(tx, policy.System("x"), account.NewPerson{Name: "An", Login: fmt.Sprint("an", i), Email: "an@xa.example"}, "x",
				account.NewHolding{Role: "officer", Unit: fmt.Sprint("u", i), From: civil.MustParse("2020-01-01")}); err != nil {
				return err
			}
		}
		return nil
	})
	list := make([]Notice, units)
	for i := range list {
		list[i] = toUnit(fmt.Sprint("u", i), "task.read", "w")
	}
	kinds, _ := n.Jobs()
	for b.Loop() {
		dbtest.Write(b, d, func(tx *db.Tx) error {
			if err := SendMany(tx, list); err != nil {
				return err
			}
			_, err := jobs.Enqueue(tx, "notify.fan", nil)
			return err
		})
		if err := jobs.RunAll(context.Background(), d, kinds[:1]); err != nil {
			b.Fatal(err)
		}
	}
}
