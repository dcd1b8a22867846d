package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/a-h/templ"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/policy"
)

// plainLook shows what a page was given, as text.
type plainLook struct{}

func (plainLook) Layout(v View, body templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		io.WriteString(w, "<title>"+templ.EscapeString(v.Title)+"</title>")
		if v.Flash != nil {
			io.WriteString(w, "[flash "+i18n.TM(ctx, *v.Flash)+"]")
		}
		for _, n := range v.Nav {
			io.WriteString(w, "[nav "+n.Path+"]")
		}
		return body.Render(ctx, w)
	})
}

func (plainLook) Problem(p Problem) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		io.WriteString(w, "[problem "+i18n.TM(ctx, p.Text)+" ref="+p.Ref+"]")
		for _, x := range p.Pairs {
			io.WriteString(w, "[pair "+x.Label+"|"+x.Mine+"|"+x.Theirs+"]")
		}
		for _, x := range p.Typed {
			io.WriteString(w, "[typed "+templ.EscapeString(x)+"]")
		}
		return nil
	})
}

func text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(s))
		return err
	})
}

// headerDoor believes the header X-Person: a door for tests.
type headerDoor struct{ seen atomic.Int64 }

func (d *headerDoor) Actor(_ *db.Tx, r *http.Request) (policy.Actor, error) {
	p := r.Header.Get("X-Person")
	if p == "" {
		return policy.Actor{}, nil
	}
	a := policy.Actor{Person: p, Name: p}
	if p == "an" {
		a.Grants = []policy.Grant{{Permissions: []policy.Permission{"notes.edit"}}}
	}
	return a, nil
}
func (d *headerDoor) Seen(context.Context, policy.Actor, *http.Request) { d.seen.Add(1) }
func (d *headerDoor) SignInPath(next string) string                     { return "/sign-in?next=" + url.QueryEscape(next) }

var noteTables = db.Migrations{Room: "notes", FS: fstest.MapFS{"20260101_1_notes.sql": {Data: []byte(
	`CREATE TABLE note (id BIGINT PRIMARY KEY, body TEXT NOT NULL)`)}}}

var noteText = fstest.MapFS{
	"text.vi.toml": {Data: []byte("saved = \"Đã lưu {0} mục\"\n[note]\nbody = \"Nội dung\"\nday = \"Ngày họp\"\ncount = \"Số tờ\"")},
	"text.en.toml": {Data: []byte("saved = \"{0} saved\"\n[note]\nbody = \"Body\"\nday = \"Meeting day\"\ncount = \"Sheets\"")},
}

func insertNote(rq *Request, body string) error {
	n, err := db.One[int](rq.Tx, `SELECT COUNT(*) FROM note`)
	if err != nil {
		return err
	}
	_, err = rq.Tx.Exec(`INSERT INTO note (id, body) VALUES ($1, $2)`, n+1, body)
	return err
}

func noteRoutes() []Route {
	watched := func(rq *Request) (Reply, error) {
		return Show("Đã xem", text("secret")), insertNote(rq, "read by "+rq.Actor.Person)
	}
	list := func(rq *Request) (Reply, error) {
		all, err := db.All[string](rq.Tx, `SELECT body FROM note ORDER BY id`)
		return Show("Ghi chép", text(strings.Join(all, ","))), err
	}
	save := func(rq *Request) (Reply, error) {
		f := rq.Form("note")
		body := f.Text("body", 10, Need)
		if err := insertNote(rq, body); err != nil { // written first: a refusal must take it back
			return Reply{}, err
		}
		f.Date("day", false)
		f.Int("count", 1, 500, false)
		if !f.OK() {
			var b strings.Builder
			for _, e := range f.Errors() {
				b.WriteString(e.Name + ": " + e.Text + ";")
			}
			return Again("Ghi chép", f, text(b.String()+" typed="+f.Raw("body"))), nil
		}
		return To("/notes").Say("saved", 1), nil
	}
	fails := func(err error) func(*Request) (Reply, error) {
		return func(*Request) (Reply, error) { return Reply{}, err }
	}
	return []Route{
		{Pattern: "GET /notes", Needs: policy.Public, Page: list},
		{Pattern: "GET /watched", Needs: policy.SignedIn, Page: watched, Logs: true},
		{Pattern: "POST /notes", Needs: "notes.edit", Page: save},
		{Pattern: "GET /notes/edit", Needs: "notes.edit", Page: list},
		{Pattern: "GET /mine", Needs: policy.SignedIn, Page: list},
		{Pattern: "POST /file", Needs: policy.Public, MaxBody: 1 << 20, Page: func(rq *Request) (Reply, error) {
			fs := rq.Form("note").Files("f")
			if len(fs) != 1 {
				return Reply{}, errors.New("no file")
			}
			r, err := fs[0].Open()
			if err != nil {
				return Reply{}, err
			}
			defer r.Close()
			b, err := io.ReadAll(r)
			return JSON(map[string]any{"name": fs[0].Name, "content": string(b)}), err
		}},
		{Pattern: "GET /broken", Needs: policy.Public, Page: fails(errors.New("secret cause"))},
		{Pattern: "GET /named", Needs: policy.Public, Page: fails(errors.New(`no person "Lo Thi Dao" called Lò Thị Đào with 0912 345 678`))},
		{Pattern: "GET /named-raw", Needs: policy.Public, Raw: func(rq *Request, w http.ResponseWriter) {
			rq.FailText(w, errors.New(`no person "Lo Thi Dao" called Lò Thị Đào with 0912 345 678`))
		}},
		{Pattern: "GET /panic", Needs: policy.Public, Page: func(*Request) (Reply, error) { panic("secret panic") }},
		{Pattern: "GET /halfway", Needs: policy.Public, Page: func(*Request) (Reply, error) {
			return Show("x", templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				io.WriteString(w, "half a page")
				return errors.New("template broke")
			})), nil
		}},
		{Pattern: "POST /stale", Needs: policy.Public, Page: fails(Conflict("Bùi Thị Cẩm", time.Date(2026, 7, 1, 2, 0, 0, 0, time.UTC), ConflictPair{"Nội dung", "của tôi", "của Cẩm"}))},
		{Pattern: "POST /moved-on", Needs: policy.Public, Page: fails(errs.New(errs.Conflict, "db.away"))},
		{Pattern: "GET /away", Needs: policy.Public, Page: fails(errs.New(errs.Unavailable, "db.away"))},
		{Pattern: "GET /records/{id}", Needs: policy.Public, Page: func(rq *Request) (Reply, error) {
			id, err := rq.ID("id")
			return Show(id, text(id)), err
		}},
		{Pattern: "GET /download", Needs: policy.Public, Page: func(*Request) (Reply, error) {
			return Download(File{Name: "Báo cáo 30/7 – Sơn La.xlsx", Type: "text/html", Inline: true, Size: 3,
				Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("abc")), nil }}), nil
		}},
		{Pattern: "GET /away-from-here", Needs: policy.Public, Page: func(rq *Request) (Reply, error) { return To(rq.Query("to")), nil }},
		{Pattern: "GET /events", Needs: policy.Public, Page: func(*Request) (Reply, error) {
			return Events(func(_ context.Context, s *Stream) error { return s.Send("progress", map[string]int{"done": 3}) }), nil
		}},
	}
}

type site struct {
	*testing.T
	*httptest.Server
	srv    *Server
	door   *headerDoor
	log    *bytes.Buffer
	client *http.Client
}

func newSite(t *testing.T, d *db.DB) *site {
	t.Helper()
	words, err := i18n.Load(Text, noteText)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{T: t, door: &headerDoor{}, log: &bytes.Buffer{}}
	s.srv = &Server{DB: d, Words: words, Look: plainLook{}, Door: s.door, Routes: noteRoutes(), Log: slog.New(slog.NewJSONHandler(s.log, nil)),
		Navigation: []Nav{{"note.body", "/notes", policy.Public}, {"note.day", "/notes/edit", "notes.edit"}}}
	s.Server = httptest.NewServer(s.srv.Handler())
	t.Cleanup(s.Server.Close)
	jar, _ := cookiejar.New(nil)
	s.client = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return s
}

func (s *site) do(method, path, person string, form url.Values, set ...func(*http.Request)) (*http.Response, string) {
	s.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, s.URL+path, body)
	if err != nil {
		s.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if person != "" {
		r.Header.Set("X-Person", person)
	}
	r.Header.Set("Accept", "text/html")
	for _, f := range set {
		f(r)
	}
	resp, err := s.client.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp, string(b)
}

func header(k, v string) func(*http.Request) { return func(r *http.Request) { r.Header.Set(k, v) } }

func eachSite(t *testing.T, f func(t *testing.T, s *site)) {
	dbtest.Each(t, []db.Migrations{Migrations(), noteTables}, func(t *testing.T, d *db.DB) { f(t, newSite(t, d)) })
}

func (s *site) want(resp *http.Response, body string, status int, parts ...string) {
	s.Helper()
	if resp.StatusCode != status {
		s.Errorf("status %d, want %d: %.300s", resp.StatusCode, status, body)
	}
	for _, p := range parts {
		if not, ok := strings.CutPrefix(p, "!"); ok {
			if strings.Contains(body, not) {
				s.Errorf("unwanted %q in %.300s", not, body)
			}
		} else if !strings.Contains(body, p) {
			s.Errorf("no %q in %.300s", p, body)
		}
	}
}

func TestPostWritesOnceAnswers303AndSaysSo(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		form := url.Values{"body": {"  mot   hai "}, "once": {"k1"}}
		for range 3 { // a double click and a retry
			resp, body := s.do("POST", "/notes", "an", form)
			s.want(resp, body, 303)
			if resp.Header.Get("Location") != "/notes" {
				t.Error("location", resp.Header.Get("Location"))
			}
		}
		resp, body := s.do("GET", "/notes", "an", nil)
		s.want(resp, body, 200, "mot hai", "!mot hai,mot hai", "Đã lưu 1 mục", "[nav /notes/edit]")
		resp, body = s.do("GET", "/notes", "an", nil)
		s.want(resp, body, 200, "!Đã lưu")
		form.Set("body", "khac")
		resp, body = s.do("POST", "/notes", "an", form)
		s.want(resp, body, 409, "nội dung khác")
		form.Set("body", "khac")
		form.Set("once", "k2")
		resp, body = s.do("POST", "/notes", "an", form)
		s.want(resp, body, 303)
		if s.door.seen.Load() == 0 {
			t.Error("the door was not told")
		}
	})
}

func TestReadingIsNotedDownWhereARouteSaysSo(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		resp, body := s.do("GET", "/watched", "an", nil)
		s.want(resp, body, 200, "secret")
		resp, body = s.do("GET", "/notes", "an", nil)
		s.want(resp, body, 200, "read by an")
	})
}

func TestRefusedFormKeepsWhatWasTypedAndWritesNothing(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		resp, body := s.do("POST", "/notes", "an", url.Values{"body": {"quá dài để được nhận"}, "day.day": {"31"}, "day.month": {"6"}, "day.year": {"2026"}, "count": {"1.250"}})
		s.want(resp, body, 422, "nhập tối đa 10 ký tự, đang thừa 10 ký tự", "không có ngày này trong lịch", "Số tờ phải nằm trong khoảng 1 đến 500", "typed=quá dài để được nhận")
		resp, body = s.do("POST", "/notes", "an", url.Values{"body": {""}})
		s.want(resp, body, 422, "Nhập nội dung")
		resp, body = s.do("GET", "/notes", "", nil)
		s.want(resp, body, 200, "!quá dài")
	})
}

func TestWhoMayKnock(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		resp, body := s.do("POST", "/notes", "", url.Values{"body": {"x"}})
		s.want(resp, body, 401, "Phiên làm việc đã hết")
		resp, body = s.do("POST", "/notes", "binh", url.Values{"body": {"x"}})
		s.want(resp, body, 403, "chưa được giao quyền", "!notes.edit")
		resp, _ = s.do("GET", "/notes/edit?q=a", "", nil)
		if resp.StatusCode != 303 || resp.Header.Get("Location") != "/sign-in?next="+url.QueryEscape("/notes/edit?q=a") {
			t.Error(resp.StatusCode, resp.Header.Get("Location"))
		}
		resp, body = s.do("GET", "/mine", "binh", nil)
		s.want(resp, body, 200, "!/notes/edit")
		if resp.Header.Get("Cache-Control") != "no-store" {
			t.Error("a personal page may be stored")
		}
		resp, body = s.do("GET", "/mine", "", nil, header("Accept", "application/json"))
		s.want(resp, body, 401, `"status":401`)
	})
}

func TestOtherSitesCannotPost(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		form := url.Values{"body": {"x"}}
		resp, body := s.do("POST", "/notes", "an", form, header("Sec-Fetch-Site", "cross-site"))
		s.want(resp, body, 403, "từ một trang khác")
		resp, body = s.do("POST", "/notes", "an", form, header("Origin", "https://evil.example"))
		s.want(resp, body, 403)
		resp, body = s.do("POST", "/notes", "an", form, header("Sec-Fetch-Site", "same-origin"))
		s.want(resp, body, 303)
	})
}

// The log tells what failed, and nothing of a person whose words an error quotes.
func TestTheLogNamesNobody(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t, []db.Migrations{Migrations(), noteTables}, db.Options{}))
	for _, path := range []string{"/named", "/named-raw"} {
		s.log.Reset()
		resp, body := s.do("GET", path, "", nil)
		s.want(resp, body, 500)
		log := s.log.String()
		if !strings.Contains(log, "no person … called") {
			t.Errorf("%s does not say what failed: %s", path, log)
		}
		for _, of := range []string{"Dao", "Lò", "0912"} {
			if strings.Contains(log, of) {
				t.Errorf("%s: %q in the log", path, of)
			}
		}
	}
}

func TestFailuresSayWhatToDoAndLeakNothing(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		for _, path := range []string{"/broken", "/panic", "/halfway"} {
			resp, body := s.do("GET", path, "", nil)
			s.want(resp, body, 500, "Máy chủ gặp lỗi", "!secret", "!half a page")
			ref := body[strings.Index(body, "ref=")+4:][:9]
			if !strings.Contains(s.log.String(), ref) {
				t.Errorf("%s: reference %s is not in the log", path, ref)
			}
		}
		if strings.Contains(s.log.String(), "secret panic") {
			t.Error("the value of a panic is in the log")
		}
		resp, body := s.do("GET", "/nowhere", "", nil)
		s.want(resp, body, 404, "Không có trang này")
		resp, body = s.do("GET", "/records/..%2f..%2fetc", "", nil)
		s.want(resp, body, 404)
		resp, body = s.do("POST", "/moved-on", "", url.Values{"result": {"Đã phát thanh 12 buổi <b>tại chợ</b> phiên"}, "count": {"12"}, "password": {"ba con gà trống choai trong sân"}})
		if resp.StatusCode != 409 || !strings.Contains(body, "[typed Đã phát thanh 12 buổi &lt;b&gt;tại chợ&lt;/b&gt; phiên]") || strings.Contains(body, "gà trống") || strings.Contains(body, "[typed 12]") {
			t.Errorf("what was typed: %d %s", resp.StatusCode, body)
		}
		resp, body = s.do("POST", "/stale", "", url.Values{})
		s.want(resp, body, 409, "Bùi Thị Cẩm đã lưu bản khác lúc 09:00 ngày 01/7/2026", "[pair Nội dung|của tôi|của Cẩm]")
		resp, body = s.do("GET", "/away", "", nil)
		s.want(resp, body, 503, "tạm gián đoạn")
		if resp.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	})
}

func TestBadBodies(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		post := func(typ string, body []byte) (*http.Response, string) {
			return s.do("POST", "/notes", "an", nil, func(r *http.Request) {
				r.Header.Set("Content-Type", typ)
				r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			})
		}
		const form = "application/x-www-form-urlencoded"
		resp, body := post(form, []byte("body="+strings.Repeat("a", DefaultMaxBody)))
		s.want(resp, body, 413, "tối đa 1 MB")
		resp, body = post(form, []byte("body=%ff%fe"))
		s.want(resp, body, 422, "ký tự hỏng")
		resp, body = post(form, []byte("body=%zz"))
		s.want(resp, body, 422, "Không đọc được")
		resp, body = post(form, []byte(strings.Repeat("a=1&", MaxFields+1)))
		s.want(resp, body, 413, "4.000 ô")
		resp, body = post("multipart/form-data", []byte("x"))
		s.want(resp, body, 422)
		resp, body = post("multipart/form-data; boundary=x", []byte("--x\r\nbroken"))
		s.want(resp, body, 422)
		resp, body = post("image/png", []byte("x"))
		s.want(resp, body, 422)
		resp, body = post(form, []byte("body="+url.QueryEscape("Hòa")+"%CC%80")) // a mark of its own, typed on a Mac
		s.want(resp, body, 303)
		resp, body = s.do("GET", "/notes?q=%ff", "", nil)
		s.want(resp, body, 422, "ký tự hỏng")
		nfd := "Ho\u0300a"
		resp, body = post(form, []byte("body="+url.QueryEscape(nfd)))
		s.want(resp, body, 303)
		_, body = s.do("GET", "/notes", "", nil)
		if !strings.Contains(body, "H\u00f2a") || strings.Contains(body, nfd) {
			t.Errorf("not stored in NFC: %q", body)
		}
	})
}

func TestFilesComeThroughAndAreRemoved(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := newSite(t, dbtest.SQLite(t, []db.Migrations{Migrations(), noteTables}, db.Options{}))
	var b bytes.Buffer
	mw := multipart.NewWriter(&b)
	w, _ := mw.CreateFormFile("f", "Kế hoạch 30/7.docx")
	w.Write([]byte("nội dung"))
	mw.Close()
	resp, body := s.do("POST", "/file", "", nil, func(r *http.Request) {
		r.Header.Set("Content-Type", mw.FormDataContentType())
		r.Body, r.ContentLength = io.NopCloser(&b), int64(b.Len())
	})
	s.want(resp, body, 200, "nội dung", "docx")
}

// A temporary folder that takes no file, as on a full disk, is a clear answer; what comes without a file goes on.
func TestNoRoomForAFile(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()+"/absent")
	s := newSite(t, dbtest.SQLite(t, []db.Migrations{Migrations(), noteTables}, db.Options{}))
	var b bytes.Buffer
	mw := multipart.NewWriter(&b)
	mw.CreateFormFile("f", "a.pdf")
	mw.Close()
	resp, body := s.do("POST", "/file", "", nil, func(r *http.Request) {
		r.Header.Set("Content-Type", mw.FormDataContentType())
		r.Body, r.ContentLength = io.NopCloser(&b), int64(b.Len())
	})
	s.want(resp, body, 503, "hết chỗ")
	resp, body = s.do("POST", "/notes", "an", url.Values{"body": {"tờ"}})
	s.want(resp, body, 303)
}

func TestHeadersAndCookies(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t, []db.Migrations{Migrations(), noteTables}, db.Options{}))
	resp, _ := s.do("GET", "/notes", "", nil)
	if c := resp.Header.Get("Content-Security-Policy"); !strings.Contains(c, "default-src 'none'") || strings.Contains(c, "unsafe") {
		t.Error(c)
	}
	if resp.Header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS without TLS locks people out")
	}
	s.srv.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	resp, _ = s.do("POST", "/language", "", url.Values{"lang": {"en"}, "next": {"//evil.example/x"}}, header("X-Forwarded-Proto", "https"))
	if resp.Header.Get("Location") != "/" {
		t.Error("open redirect to", resp.Header.Get("Location"))
	}
	if c := resp.Header.Get("Set-Cookie"); !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "Secure") || !strings.Contains(c, "SameSite=Lax") {
		t.Error(c)
	}
	if resp.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS behind TLS")
	}
	resp, body := s.do("GET", "/nowhere", "", nil, header("Cookie", "lang=en"))
	s.want(resp, body, 404, "no such page")
	resp, body = s.do("GET", "/notes", "", nil, header("Cookie", "flash=broken"))
	s.want(resp, body, 200)
	resp, body = s.do("GET", "/download", "", nil)
	s.want(resp, body, 200, "abc")
	if d := resp.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") || strings.ContainsAny(d, "/") {
		t.Error("an HTML file is shown inside our origin, or its name holds a path:", d)
	}
	for _, to := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)"} {
		resp, _ = s.do("GET", "/away-from-here?to="+url.QueryEscape(to), "", nil)
		if resp.Header.Get("Location") != "/" {
			t.Errorf("%s leads to %s", to, resp.Header.Get("Location"))
		}
	}
	resp, body = s.do("GET", "/events", "", nil)
	s.want(resp, body, 200, "event: progress\ndata: {\"done\":3}\n\n")
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr = "127.0.0.1:99"
	r.Header.Set("X-Forwarded-For", "6.6.6.6, 203.0.113.9")
	if got := clientAddress(r, s.srv.TrustedProxies); got != "203.0.113.9" {
		t.Error("address", got)
	}
	r.RemoteAddr = "203.0.113.50:99"
	if got := clientAddress(r, s.srv.TrustedProxies); got != "203.0.113.50" {
		t.Error("an untrusted proxy was believed:", got)
	}
}

func TestReadiness(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t, []db.Migrations{Migrations(), noteTables}, db.Options{}))
	resp, body := s.do("GET", "/readyz", "", nil)
	s.want(resp, body, 200)
	s.srv.Drain()
	resp, body = s.do("GET", "/readyz", "", nil)
	s.want(resp, body, 503)
	resp, body = s.do("GET", "/healthz", "", nil)
	s.want(resp, body, 200)
}

func TestParseInt(t *testing.T) {
	for s, want := range map[string]int64{"1250": 1250, "1.250": 1250, "1 250": 1250, "1,250": 1250, "-3": -3, "38.450.000": 38450000, "0": 0} {
		if n, ok := ParseInt(s); !ok || n != want {
			t.Errorf("%q = %d %v", s, n, ok)
		}
	}
	for _, s := range []string{"", "1.25", "1.2500", "12.50", "1e3", "0x10", "+5", "--5", "1.250,5", "một", "99999999999999999999"} {
		if n, ok := ParseInt(s); ok {
			t.Errorf("%q was read as %d", s, n)
		}
	}
}

func FuzzParseInt(f *testing.F) {
	f.Add("1.250")
	f.Fuzz(func(t *testing.T, s string) {
		if n, ok := ParseInt(s); ok {
			if back, ok := ParseInt(i18n.Int(i18n.VI, n)); !ok || back != n {
				t.Errorf("%q -> %d -> %d", s, n, back)
			}
		}
	})
}
