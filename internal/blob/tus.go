package blob

import (
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/web"
	"chungtay/policy"
)

// TusPath is where uploads are created; components of internal/ui take it.
const TusPath = "/files/tus"

const tusVersion = "1.0.0"

// Routes of the resumable upload, tus 1.0 with creation, creation-with-upload, termination and expiration. An upload belongs to the person who
// created it; a form claims it by the hidden field NAME_sent (Received).
func (s *Store) Routes() []web.Route {
	raw := func(h func(*web.Request, http.ResponseWriter)) func(*web.Request, http.ResponseWriter) {
		return func(rq *web.Request, w http.ResponseWriter) {
			w.Header().Set("Tus-Resumable", tusVersion)
			if v := rq.HTTP.Header.Get("Tus-Resumable"); v != tusVersion && rq.HTTP.Method != http.MethodOptions {
				w.Header().Set("Tus-Version", tusVersion)
				w.WriteHeader(http.StatusPreconditionFailed)
				return
			}
			h(rq, w)
		}
	}
	return []web.Route{
		{Pattern: "OPTIONS " + TusPath, Needs: policy.SignedIn, Raw: raw(s.tusOptions)},
		{Pattern: "POST " + TusPath, Needs: policy.SignedIn, Raw: raw(s.tusCreate)},
		{Pattern: "HEAD " + TusPath + "/{id}", Needs: policy.SignedIn, Raw: raw(s.tusHead)},
		{Pattern: "PATCH " + TusPath + "/{id}", Needs: policy.SignedIn, Raw: raw(s.tusPatch)},
		{Pattern: "DELETE " + TusPath + "/{id}", Needs: policy.SignedIn, Raw: raw(s.tusEnd)},
	}
}

func (s *Store) tusOptions(_ *web.Request, w http.ResponseWriter) {
	h := w.Header()
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", "creation,creation-with-upload,termination,expiration")
	h.Set("Tus-Max-Size", strconv.FormatInt(s.max, 10))
	w.WriteHeader(http.StatusNoContent)
}

func (s *Store) tusCreate(rq *web.Request, w http.ResponseWriter) {
	length, err := strconv.ParseInt(rq.HTTP.Header.Get("Upload-Length"), 10, 64)
	if err != nil || length < 0 {
		s.tusFail(rq, w, errs.New(errs.Invalid, "blob.request"))
		return
	}
	meta := rq.HTTP.Header.Get("Upload-Metadata")
	name, ok := metaName(meta)
	if !ok || len(meta) > maxMeta {
		s.tusFail(rq, w, errs.New(errs.Invalid, "blob.request"))
		return
	}
	if length == 0 {
		s.tusFail(rq, w, errs.New(errs.Invalid, "blob.empty", nameFor(name, Unknown)))
		return
	}
	var u upload
	err = s.db.Write(rq.Context(), func(tx *db.Tx) (err error) {
		u, err = s.createUpload(tx, rq.Actor.Person, length, name, meta)
		return err
	})
	if err != nil {
		s.tusFail(rq, w, err)
		return
	}
	h := w.Header()
	h.Set("Location", TusPath+"/"+u.ID)
	h.Set("Upload-Expires", u.Expires.UTC().Format(http.TimeFormat))
	if rq.HTTP.Header.Get("Content-Type") == offsetType {
		s.tusBody(rq, w, u.ID, 0, http.StatusCreated)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

const offsetType = "application/offset+octet-stream"

func (s *Store) tusHead(rq *web.Request, w http.ResponseWriter) {
	u, err := s.statUpload(rq.Context(), rq.Actor.Person, rq.HTTP.PathValue("id"))
	if err != nil {
		s.tusFail(rq, w, err)
		return
	}
	h := w.Header()
	h.Set("Upload-Offset", strconv.FormatInt(u.Received, 10))
	h.Set("Upload-Length", strconv.FormatInt(u.Length, 10))
	if u.Meta != "" {
		h.Set("Upload-Metadata", u.Meta)
	}
	h.Set("Upload-Expires", u.Expires.UTC().Format(http.TimeFormat))
	w.WriteHeader(http.StatusOK)
}

func (s *Store) tusPatch(rq *web.Request, w http.ResponseWriter) {
	if rq.HTTP.Header.Get("Content-Type") != offsetType {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	}
	offset, err := strconv.ParseInt(rq.HTTP.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 {
		s.tusFail(rq, w, errs.New(errs.Invalid, "blob.request"))
		return
	}
	s.tusBody(rq, w, rq.HTTP.PathValue("id"), offset, http.StatusNoContent)
}

func (s *Store) tusBody(rq *web.Request, w http.ResponseWriter, id string, offset int64, status int) {
	body := &patient{r: rq.HTTP.Body, rc: http.NewResponseController(w)}
	u, err := s.appendUpload(rq.Context(), rq.Actor.Person, id, offset, body)
	if err != nil {
		s.tusFail(rq, w, err)
		return
	}
	h := w.Header()
	h.Set("Upload-Offset", strconv.FormatInt(u.Received, 10))
	h.Set("Upload-Expires", u.Expires.UTC().Format(http.TimeFormat))
	w.WriteHeader(status)
}

// quiet is how long a sender may send nothing.
const quiet = 30 * time.Second

// patient reads a body for as long as something arrives.
type patient struct {
	r  io.Reader
	rc *http.ResponseController
}

func (p *patient) Read(b []byte) (int, error) {
	p.rc.SetReadDeadline(time.Now().Add(quiet))
	return p.r.Read(b)
}

func (s *Store) tusEnd(rq *web.Request, w http.ResponseWriter) {
	if err := s.endUpload(rq.Context(), rq.Actor.Person, rq.HTTP.PathValue("id")); err != nil {
		s.tusFail(rq, w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// tusFail answers with a sentence for the person, as plain text.
func (s *Store) tusFail(rq *web.Request, w http.ResponseWriter, err error) {
	rq.FailText(w, err)
}

// metaName reads the file's name from Upload-Metadata: pairs of key and base64, separated by commas.
func metaName(meta string) (string, bool) {
	for pair := range strings.SplitSeq(meta, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if key != "filename" && key != "name" {
			continue
		}
		b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
		if err != nil || !utf8.Valid(b) || len(b) > 4096 {
			return "", false
		}
		return string(b), true
	}
	return "", true
}
