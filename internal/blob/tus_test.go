package blob

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/i18n"
	"chungtay/internal/web"
	"chungtay/policy"
)

// personDoor takes the person from a header.
type personDoor struct{}

func (personDoor) Actor(_ *db.Tx, r *http.Request) (policy.Actor, error) {
	return policy.Actor{Person: r.Header.Get("X-Person")}, nil
}
func (personDoor) Seen(context.Context, policy.Actor, *http.Request) {}
func (personDoor) SignInPath(string) string                          { return "" }

type bareLook struct{}

func (bareLook) Layout(_ web.View, body templ.Component) templ.Component { return body }
func (bareLook) Problem(p web.Problem) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error { _, err := io.WriteString(w, p.Text.Key); return err })
}

// site serves the store with one form that files come to.
func (h *house) site(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h.handler())
	t.Cleanup(s.Close)
	return s
}

func (h *house) handler() http.Handler {
	words, err := i18n.Load(web.Text, text)
	if err != nil {
		panic(err)
	}
	form := func(rq *web.Request) (web.Reply, error) {
		f := rq.Form("blob")
		refs, err := h.Received(rq, f, "papers", PDF, DOCX)
		if err != nil {
			return web.Reply{}, err
		}
		if !f.OK() {
			sent, err := h.Sent(rq, f, "papers")
			if err != nil {
				return web.Reply{}, err
			}
			return web.Again("x", f, templ.Raw(f.Error("papers")+fmt.Sprint(sent))), nil
		}
		for _, r := range refs {
			if err := h.Use(rq.Tx, r, "note", "n1"); err != nil {
				return web.Reply{}, err
			}
		}
		return web.JSON(refs), nil
	}
	get := func(rq *web.Request) (web.Reply, error) {
		ref, err := h.Used(rq.Tx, rq.HTTP.PathValue("id"), "note", "n1")
		if err != nil {
			return web.Reply{}, err
		}
		f, err := h.File(rq.Tx, ref)
		return web.Download(f), err
	}
	srv := &web.Server{DB: h.db, Words: words, Look: bareLook{}, Door: personDoor{}, Log: slog.New(slog.DiscardHandler),
		Routes: append(h.Routes(), web.Route{Pattern: "POST /form", Needs: policy.SignedIn, Page: form, MaxBody: 16 << 20}, web.Route{Pattern: "GET /file/{id}", Needs: policy.SignedIn, Page: get})}
	return srv.Handler()
}

type answer struct {
	status int
	header http.Header
	body   string
}

func call(t *testing.T, method, url, person string, body io.Reader, header ...string) answer {
	t.Helper()
	r, err := http.NewRequest(method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Person", person)
	r.Header.Set("Tus-Resumable", "1.0.0")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(b)}
}

func (a answer) want(t *testing.T, status int, parts ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d: %.200s", a.status, status, a.body)
	}
	for _, p := range parts {
		if !strings.Contains(a.body, p) {
			t.Errorf("no %q in %.200s", p, a.body)
		}
	}
}

func (a answer) offset(t *testing.T, want int) {
	t.Helper()
	if got := a.header.Get("Upload-Offset"); got != strconv.Itoa(want) {
		t.Errorf("offset %s, want %d", got, want)
	}
}

func create(t *testing.T, s *httptest.Server, person string, size int, name string) string {
	t.Helper()
	a := call(t, "POST", s.URL+TusPath, person, nil, "Upload-Length", strconv.Itoa(size), "Upload-Metadata", "filetype dGV4dA==,filename "+base64.StdEncoding.EncodeToString([]byte(name)))
	a.want(t, 201)
	if a.header.Get("Upload-Expires") == "" {
		t.Error("no expiry")
	}
	return s.URL + a.header.Get("Location")
}

func patch(t *testing.T, at, person string, offset int, b []byte) answer {
	t.Helper()
	return call(t, "PATCH", at, person, bytes.NewReader(b), "Upload-Offset", strconv.Itoa(offset), "Content-Type", offsetType)
}

func submit(t *testing.T, s *httptest.Server, person, at string) answer {
	t.Helper()
	return call(t, "POST", s.URL+"/form", person, strings.NewReader("papers_sent="+at), "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html")
}

func TestTusFromCreationToForm(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		s := h.site(t)
		b := pdf(3<<20 + 17)
		at := create(t, s, "an", len(b), `C:\giấy tờ\Kế hoạch 30/7.docx`)
		a := call(t, "HEAD", at, "an", nil)
		a.want(t, 200)
		a.offset(t, 0)
		if a.header.Get("Upload-Length") != strconv.Itoa(len(b)) || a.header.Get("Cache-Control") != "no-store" {
			t.Error(a.header)
		}
		patch(t, at, "an", 0, b[:1000]).want(t, 204)
		patch(t, at, "an", 0, b[:1000]).want(t, 409)        // sent again
		patch(t, at, "an", 2000, b[2000:3000]).want(t, 409) // a hole
		patch(t, at, "binh", 1000, b[1000:]).want(t, 404)   // somebody else
		call(t, "HEAD", at, "binh", nil).want(t, 404)
		call(t, "DELETE", at, "binh", nil).want(t, 404)
		submit(t, s, "an", at).want(t, 422, "chưa gửi xong")
		a = patch(t, at, "an", 1000, b[1000:2<<20])
		a.want(t, 204)
		a.offset(t, 2<<20)
		a = patch(t, at, "an", 2<<20, append(b[2<<20:], "and more than was announced"...))
		a.want(t, 204)
		a.offset(t, len(b))
		submit(t, s, "binh", at).want(t, 422, "không còn trên máy chủ")
		submit(t, s, "an", s.URL+"/files/tus/../../etc").want(t, 422, "không còn trên máy chủ")
		done := submit(t, s, "an", at)
		done.want(t, 200, `"Name":"7.pdf"`) // a path's last step, with the extension of what it is
		submit(t, s, "an", at).want(t, 200) // the form sent again
		id := strings.Split(strings.Split(done.body, `"ID":"`)[1], `"`)[0]
		got := call(t, "GET", s.URL+"/file/"+id, "an", nil, "Range", "bytes=2000000-2000099")
		got.want(t, 206)
		if got.body != string(b[2000000:2000100]) || got.header.Get("Content-Type") != "application/pdf" {
			t.Error("a piece from the middle differs", got.header)
		}
		for name := range h.objects(t) {
			if name[0] == 'u' {
				t.Error("a part is left:", name)
			}
		}
	})
}

func TestTusRefusals(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		s := h.site(t)
		post := func(header ...string) answer { return call(t, "POST", s.URL+TusPath, "an", nil, header...) }
		post("Upload-Length", "10", "Tus-Resumable", "0.2.2").want(t, 412)
		post().want(t, 422)
		post("Upload-Length", "-1").want(t, 422)
		post("Upload-Length", "0").want(t, 422, "trống")
		post("Upload-Length", "10", "Upload-Metadata", "filename ###").want(t, 422)
		post("Upload-Length", strconv.Itoa(8<<20+1)).want(t, 413, "tối đa 8 MB")
		call(t, "POST", s.URL+TusPath, "", nil, "Upload-Length", "10").want(t, 401)
		o := call(t, "OPTIONS", s.URL+TusPath, "an", nil)
		o.want(t, 204)
		if o.header.Get("Tus-Max-Size") != strconv.Itoa(8<<20) || !strings.Contains(o.header.Get("Tus-Extension"), "expiration") {
			t.Error(o.header)
		}
		at := create(t, s, "an", 10, "a.pdf")
		call(t, "PATCH", at, "an", strings.NewReader("x"), "Upload-Offset", "0").want(t, 415)
		call(t, "PATCH", at, "an", strings.NewReader("x"), "Upload-Offset", "x", "Content-Type", offsetType).want(t, 422)
		// a program that says it is a PDF: refused when whole, and gone
		patch(t, at, "an", 0, []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00")).want(t, 422, "không thuộc loại")
		call(t, "HEAD", at, "an", nil).want(t, 404)
		// of a type that this form does not take
		text := "Họ và tên"
		at = create(t, s, "an", len(text), "a.pdf")
		patch(t, at, "an", 0, []byte(text)).want(t, 204)
		submit(t, s, "an", at).want(t, 422, "Tệp a.txt", "PDF, DOCX", "{a.pdf 1 KB "+TusPath+"/")
		call(t, "DELETE", at, "an", nil).want(t, 204)
		call(t, "HEAD", at, "an", nil).want(t, 404)
		patch(t, at, "an", 0, []byte("x")).want(t, 404)
		for range quotaFiles {
			create(t, s, "chi", 8<<20, "a.pdf")
		}
		call(t, "POST", s.URL+TusPath, "chi", nil, "Upload-Length", "1").want(t, 413, "80 MB")
		create(t, s, "an", 10, "a.pdf")
		h.clock.Add(25 * time.Hour)
		call(t, "HEAD", at, "chi", nil).want(t, 404)
		if _, err := h.Sweep(h.ctx); err != nil {
			t.Fatal(err)
		}
		create(t, s, "chi", 8<<20, "a.pdf")
	})
}

// TestTusKeepsWhatCameBeforeTheCut cuts the connection in the middle and goes on against another process of the same installation.
func TestTusKeepsWhatCameBeforeTheCut(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		s := h.site(t)
		b := pdf(4 << 20)
		at := create(t, s, "an", len(b), "a.pdf")
		c, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "PATCH %s HTTP/1.1\r\nHost: x\r\nX-Person: an\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
			strings.TrimPrefix(at, s.URL), offsetType, len(b))
		c.Write(b[:2<<20+12345])
		c.(*net.TCPConn).CloseWrite() // and no more: the server sees the end of the line
		io.Copy(io.Discard, c)
		c.Close()
		s.CloseClientConnections()
		s.Close()
		s = h.site(t)
		at = s.URL + at[strings.Index(at, TusPath):]
		a := call(t, "HEAD", at, "an", nil)
		a.offset(t, 2<<20+12345)
		patch(t, at, "an", 2<<20+12345, b[2<<20+12345:]).want(t, 204)
		done := submit(t, s, "an", at)
		done.want(t, 200)
		id := strings.Split(strings.Split(done.body, `"ID":"`)[1], `"`)[0]
		if !bytes.Equal(h.content(t, Ref{ID: id}), b) {
			t.Error("the content differs")
		}
	})
}

func TestTusTwoSendersOfOneUploadDoNotMix(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		s := h.site(t)
		b := pdf(3 << 20)
		at := create(t, s, "an", len(b), "a.pdf")
		var wg sync.WaitGroup
		var mu sync.Mutex
		statuses := map[int]int{}
		for range 6 {
			wg.Go(func() {
				r, _ := http.NewRequest("PATCH", at, bytes.NewReader(b))
				r.Header = http.Header{"X-Person": {"an"}, "Tus-Resumable": {"1.0.0"}, "Upload-Offset": {"0"}, "Content-Type": {offsetType}}
				resp, err := http.DefaultClient.Do(r)
				if err != nil {
					return // refused while still sending
				}
				resp.Body.Close()
				mu.Lock()
				statuses[resp.StatusCode]++
				mu.Unlock()
			})
		}
		wg.Wait()
		for status := range statuses {
			if status != 204 && status != 409 {
				t.Error(statuses)
			}
		}
		for { // whoever won each part, the rest can be sent
			a := call(t, "HEAD", at, "an", nil)
			off, err := strconv.Atoi(a.header.Get("Upload-Offset"))
			if err != nil {
				t.Fatal(a)
			}
			if off == len(b) {
				break
			}
			patch(t, at, "an", off, b[off:])
		}
		done := submit(t, s, "an", at)
		done.want(t, 200)
		id := strings.Split(strings.Split(done.body, `"ID":"`)[1], `"`)[0]
		if !bytes.Equal(h.content(t, Ref{ID: id}), b) {
			t.Error("the content differs")
		}
	})
}

// TestTusCrashBeforeFinishing: the last part is there, the content is not; the form makes it.
func TestTusCrashBeforeFinishing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		s := h.site(t)
		b := pdf(1000)
		at := create(t, s, "an", len(b)+1, "a.pdf")
		patch(t, at, "an", 0, b).want(t, 204)
		h.write(t, func(tx *db.Tx) error { _, err := tx.Exec(`UPDATE blob_upload SET length = received`); return err })
		submit(t, s, "an", at).want(t, 200, `"a.pdf"`)
	})
}

func TestFilesOfAnOrdinaryForm(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		s := h.site(t)
		send := func(name string, b []byte) answer {
			var body bytes.Buffer
			mw := multipart.NewWriter(&body)
			w, _ := mw.CreateFormFile("papers", name)
			w.Write(b)
			w, _ = mw.CreateFormFile("papers", "b.pdf")
			w.Write(pdf(77))
			mw.Close()
			return call(t, "POST", s.URL+"/form", "an", &body, "Content-Type", mw.FormDataContentType(), "Accept", "text/html")
		}
		send("Công văn 12.pdf", pdf(100_000)).want(t, 200, `"Công văn 12.pdf"`, `"b.pdf"`)
		send("Công văn.pdf", []byte("<html><script>")).want(t, 422, "Tệp Công văn.pdf không thuộc loại được nhận", "PDF, DOCX")
		send("Công văn.pdf", nil).want(t, 422, "trống")
	})
}

// busy is a store beside whose writing others write to the database.
type busy struct {
	backend
	h    *house
	puts int
}

func (b *busy) put(ctx context.Context, name string, fill func(io.Writer) error) error {
	b.puts++
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	err := b.h.db.Write(ctx, func(tx *db.Tx) error { return touchContent(tx, "") })
	if err != nil {
		return fmt.Errorf("the database is held while a file is written: %w", err)
	}
	return b.backend.put(ctx, name, fill)
}

// While files of an ordinary form are sealed and stored, nobody waits for the database; what the form did not keep after all is removed at once.
func TestFilesAreStoredOutsideTheTransaction(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := &busy{backend: h.backend, h: h}
		h.backend = b
		s := h.site(t)
		send := func(files ...[]byte) answer {
			var body bytes.Buffer
			mw := multipart.NewWriter(&body)
			for i, f := range files {
				w, _ := mw.CreateFormFile("papers", fmt.Sprintf("%d.pdf", i))
				w.Write(f)
			}
			mw.Close()
			return call(t, "POST", s.URL+"/form", "an", &body, "Content-Type", mw.FormDataContentType(), "Accept", "text/html")
		}
		send(pdf(100_000), pdf(200_000)).want(t, 200, `"0.pdf"`, `"1.pdf"`)
		if b.puts != 2 || len(h.objects(t)) != 2 {
			t.Fatalf("%d files written, %d there", b.puts, len(h.objects(t)))
		}
		send(pdf(100_000)).want(t, 200, `"0.pdf"`) // known already
		send(pdf(300_000), []byte("<html>")).want(t, 422)
		if n := len(h.objects(t)); n != 2 {
			t.Errorf("%d objects are there: what was known or refused is not removed", n)
		}
		at := create(t, s, "an", 1001, "a.pdf")
		patch(t, at, "an", 0, pdf(1000)).want(t, 204)
		h.write(t, func(tx *db.Tx) error { _, err := tx.Exec(`UPDATE blob_upload SET length = received`); return err })
		submit(t, s, "an", at).want(t, 200, `"a.pdf"`) // an upload that a crash left whole but unfinished
	})
}

func FuzzMetaName(f *testing.F) {
	f.Add("filename S+G6vyBob+G6oWNo,filetype dGV4dA==")
	f.Fuzz(func(t *testing.T, s string) {
		if name, ok := metaName(s); ok {
			if n := nameFor(name, PDF); strings.ContainsAny(n, "/\\\x00\n") || !strings.HasSuffix(n, ".pdf") || len([]rune(n)) > maxName+10 {
				t.Errorf("%q -> %q", name, n)
			}
		}
	})
}

// HEAD tells what the sender said of the upload, letter for letter, and nothing where nothing was said. In the database it is sealed.
func TestHeadTellsTheMetadata(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		site := h.site(t)
		const meta = "filename TMOyIFRo4buLIMSQw6BvLnBkZg==,filetype YXBwbGljYXRpb24vcGRm,is_confidential"
		at := site.URL + call(t, "POST", site.URL+TusPath, "an", nil, "Upload-Length", "10", "Upload-Metadata", meta).header.Get("Location")
		if a := call(t, "HEAD", at, "an", nil); a.status != 200 || a.header.Get("Upload-Metadata") != meta {
			t.Errorf("%q", a.header.Get("Upload-Metadata"))
		}
		dbtest.Read(t, h.db, func(tx *db.Tx) error {
			kept, err := db.One[[]byte](tx, `SELECT meta FROM blob_upload`)
			if bytes.Contains(kept, []byte("filename")) {
				t.Error("it is kept in the clear")
			}
			return err
		})
		at = site.URL + call(t, "POST", site.URL+TusPath, "an", nil, "Upload-Length", "10").header.Get("Location")
		a := call(t, "HEAD", at, "an", nil)
		a.want(t, 200)
		if v, said := a.header["Upload-Metadata"]; said {
			t.Error(v)
		}
		call(t, "POST", site.URL+TusPath, "an", nil, "Upload-Length", "10", "Upload-Metadata", "x "+strings.Repeat("YWFh", maxMeta/4)).want(t, 422)
	})
}
