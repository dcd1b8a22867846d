package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
)

// Limits on a form, stated to the person when exceeded.
const (
	MaxFields = 4000
	maxFiles  = 20
)

// upload is a file that came with a form.
type upload struct {
	field, name string
	*spool
}

func (u *upload) remove() { u.close() }

// Upload is a file that came with a form. Its name is what the person's device said and is only ever shown.
type Upload struct {
	Name string
	Size int64
	Open func() (io.ReadSeekCloser, error)
	Key  any // names this file within its request, for Request.Outside
}

// read takes in the whole body before the transaction begins, so that a slow client holds no transaction.
func (rq *Request) read(limit int64) error {
	r := rq.HTTP
	if !validUTF8(r.URL.Path) || !validQuery(r.URL) {
		return errs.New(errs.Invalid, "web.bad_utf8")
	}
	rq.form = url.Values{}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return rest(r.Body, limit)
	}
	typ, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && r.Header.Get("Content-Type") != "" {
		return errs.New(errs.Invalid, "web.bad_form")
	}
	var values url.Values
	switch typ {
	case "", "application/x-www-form-urlencoded":
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return bodyError(err, limit)
		}
		if values, err = url.ParseQuery(string(b)); err != nil {
			return errs.New(errs.Invalid, "web.bad_form")
		}
	case "multipart/form-data":
		if values, err = rq.readMultipart(params["boundary"], limit); err != nil {
			return err
		}
		if err := rest(r.Body, limit); err != nil {
			return err
		}
	case "application/json":
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return bodyError(err, limit)
		}
		values = url.Values{"": {string(b)}}
	default:
		return errs.New(errs.Invalid, "web.bad_form")
	}
	n := 0
	for k, vs := range values {
		if n += len(vs); n > MaxFields {
			return errs.New(errs.TooLarge, "web.too_many_fields", MaxFields)
		}
		for _, v := range vs {
			if !utf8.ValidString(k) || !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return errs.New(errs.Invalid, "web.bad_utf8")
			}
			rq.form[k] = append(rq.form[k], norm.NFC.String(strings.ReplaceAll(v, "\r\n", "\n")))
		}
	}
	return nil
}

// rest reads what nobody needs of a body, so that it is over before the page begins.
func rest(body io.Reader, limit int64) error {
	if _, err := io.Copy(io.Discard, body); err != nil {
		return bodyError(err, limit)
	}
	return nil
}

func (rq *Request) readMultipart(boundary string, limit int64) (url.Values, error) {
	if boundary == "" {
		return nil, errs.New(errs.Invalid, "web.bad_form")
	}
	values := url.Values{}
	mr := multipart.NewReader(rq.HTTP.Body, boundary)
	fields := 0
	for {
		part, err := mr.NextPart()
		if err == io.EOF {
			return values, nil
		}
		if err != nil {
			return nil, bodyError(err, limit)
		}
		if fields++; fields > MaxFields {
			return nil, errs.New(errs.TooLarge, "web.too_many_fields", MaxFields)
		}
		name := part.FormName()
		if part.FileName() == "" {
			b, err := io.ReadAll(io.LimitReader(part, DefaultMaxBody+1))
			if err != nil {
				return nil, bodyError(err, limit)
			}
			if len(b) > DefaultMaxBody {
				return nil, errs.New(errs.TooLarge, "web.too_large_of", sizeWords(DefaultMaxBody))
			}
			if _, isFile := part.Header["Content-Type"]; !isFile { // an empty file input has no name but a type
				values.Add(name, string(b))
			}
			continue
		}
		if len(rq.files) == maxFiles {
			return nil, errs.New(errs.TooLarge, "web.too_many_files", maxFiles)
		}
		spooled, err := newSpool()
		if err != nil {
			return nil, errs.Wrap(err, errs.Unavailable, "web.disk")
		}
		rq.files = append(rq.files, &upload{name, part.FileName(), spooled})
		if err := spooled.fill(part); err != nil {
			var pe *os.PathError
			if errors.As(err, &pe) {
				return nil, errs.Wrap(err, errs.Unavailable, "web.disk")
			}
			return nil, bodyError(err, limit)
		}
	}
}

func bodyError(err error, limit int64) error {
	var big *http.MaxBytesError
	switch {
	case errs.Of(err) != errs.Internal:
		return err
	case errors.As(err, &big):
		return errs.Wrap(err, errs.TooLarge, "web.too_large_of", sizeWords(limit))
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errs.Wrap(err, errs.Invalid, "web.too_slow")
	}
	return errs.Wrap(err, errs.Invalid, "web.bad_form")
}

func sizeWords(n int64) string {
	switch {
	case n >= 1<<30:
		return strconv.FormatInt(n>>30, 10) + " GB"
	case n >= 1<<20:
		return strconv.FormatInt(n>>20, 10) + " MB"
	}
	return strconv.FormatInt(n>>10, 10) + " KB"
}

func validUTF8(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func validQuery(u *url.URL) bool {
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return false
	}
	for k, vs := range q {
		if !validUTF8(k) || slices.ContainsFunc(vs, func(v string) bool { return !validUTF8(v) }) {
			return false
		}
	}
	return true
}

// clean trims a line and brings it to NFC with single spaces.
func clean(s string) string {
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// Form reads the typed values of a form and collects what is refused. The label of field "name" in the form "unit.edit" is the
// catalogue key "unit.edit.name"; messages name the field by it.
type Form struct {
	rq     *Request
	prefix string
	values url.Values
	errs   []errs.Field
}

// Form returns the form that came with a POST, or an empty one.
func (rq *Request) Form(prefix string) *Form { return &Form{rq: rq, prefix: prefix, values: rq.form} }

// Filled returns a form that shows values from a record, for a GET page.
func (rq *Request) Filled(prefix string, values map[string]string) *Form {
	f := &Form{rq: rq, prefix: prefix, values: url.Values{}}
	for k, v := range values {
		f.values.Set(k, v)
	}
	return f
}

// Raw returns what was typed in a field, for showing it again.
func (f *Form) Raw(name string) string { return f.values.Get(name) }

// RawAll returns all values of a field (checkboxes), for showing them again.
func (f *Form) RawAll(name string) []string { return f.values[name] }

// Label returns the label of a field in the reader's language.
func (f *Form) Label(name string) string { return f.rq.T(f.prefix + "." + name) }

// Hint returns the help beside a field: the catalogue key of its label followed by "_hint", "" where there is none.
func (f *Form) Hint(name string) string {
	if key := f.prefix + "." + name + "_hint"; f.rq.server != nil && f.rq.server.Words.Has(key) {
		return f.rq.T(key)
	}
	return ""
}

// EachError calls show with each refused field and its sentence, in the order they were read.
func (f *Form) EachError(show func(field, text string)) {
	for _, e := range f.Errors() {
		show(e.Name, e.Text)
	}
}

// Error returns the message of a refused field, "" if it was not refused.
func (f *Form) Error(name string) string {
	for _, e := range f.errs {
		if e.Name == name {
			return f.rq.T(e.Key, e.Args...)
		}
	}
	return ""
}

// Errors lists the refused fields with their messages in the order they were read.
func (f *Form) Errors() []FieldError {
	var out []FieldError
	for _, e := range f.errs {
		out = append(out, FieldError{e.Name, f.rq.T(e.Key, e.Args...)})
	}
	return out
}

// FieldError is a refused field with its sentence.
type FieldError struct{ Name, Text string }

// Refuse marks a field with a sentence that says what to do. Only the first of a field is kept.
func (f *Form) Refuse(name, key string, args ...any) {
	if !slices.ContainsFunc(f.errs, func(e errs.Field) bool { return e.Name == name }) {
		f.errs = append(f.errs, errs.Field{Name: name, Message: errs.Message{Key: key, Args: args}})
	}
}

// OK tells whether nothing was refused.
func (f *Form) OK() bool { return len(f.errs) == 0 }

// Take moves the fields of an Invalid error into the form and tells whether it did; other errors are left to the caller.
func (f *Form) Take(err error) bool {
	if !errs.Is(err, errs.Invalid) {
		return false
	}
	fields := errs.FieldsOf(err)
	for _, e := range fields {
		f.Refuse(e.Name, e.Key, e.Args...)
	}
	if m, ok := errs.TextOf(err); ok {
		f.Refuse("", m.Key, m.Args...)
	}
	return !f.OK()
}

func (f *Form) label(name string) errs.Message { return errs.Message{Key: f.prefix + "." + name} }

// Need says that a field must be filled.
const Need = true

// Text reads one line of at most max characters, trimmed, in NFC.
func (f *Form) Text(name string, max int, need bool) string {
	s := clean(f.Raw(name))
	return f.checkText(name, s, max, need)
}

// LongText reads several lines of at most max characters.
func (f *Form) LongText(name string, max int, need bool) string {
	s := strings.TrimRightFunc(f.Raw(name), unicode.IsSpace)
	return f.checkText(name, s, max, need)
}

func (f *Form) checkText(name, s string, max int, need bool) string {
	switch n := utf8.RuneCountInString(s); {
	case s == "" && need:
		f.Refuse(name, "form.need", f.label(name))
	case n > max:
		f.Refuse(name, "form.too_long", f.label(name), max, n-max)
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		f.Refuse(name, "form.control", f.label(name))
	}
	return s
}

// Int reads a whole number between min and max, written 1250, 1.250 or 1 250. The second result is false when nothing was typed.
func (f *Form) Int(name string, min, max int64, need bool) (int64, bool) {
	s := clean(f.Raw(name))
	if s == "" {
		if need {
			f.Refuse(name, "form.need", f.label(name))
		}
		return 0, false
	}
	n, ok := ParseInt(s)
	switch {
	case !ok:
		f.Refuse(name, "form.int", f.label(name))
	case n < min || n > max:
		f.Refuse(name, "form.range", f.label(name), min, max)
	}
	return n, true
}

// ParseInt reads a whole number as people write it: 1250, 1.250, 1 250. Groups must be of three digits.
func ParseInt(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for _, sep := range []string{".", " ", "\u00a0", ","} {
		if strings.Contains(s, sep) {
			groups := strings.Split(s, sep)
			for i, g := range groups {
				if i > 0 && len(g) != 3 || i == 0 && (len(g) < 1 || len(g) > 3) {
					return 0, false
				}
			}
			s = strings.Join(groups, "")
			break
		}
	}
	n, err := strconv.ParseInt(sign+s, 10, 64)
	return n, err == nil && !strings.HasPrefix(s, "+") && !strings.HasPrefix(s, "-")
}

// Date reads a date from the three fields NAME.day, NAME.month, NAME.year, or from one field NAME written 30/7/2026.
func (f *Form) Date(name string, need bool) civil.Date {
	parts := []string{clean(f.Raw(name + ".day")), clean(f.Raw(name + ".month")), clean(f.Raw(name + ".year"))}
	if one := clean(f.Raw(name)); one != "" {
		parts = strings.FieldsFunc(one, func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' })
		if len(parts) != 3 {
			f.Refuse(name, "form.date", f.label(name))
			return civil.Date{}
		}
	}
	if parts[0]+parts[1]+parts[2] == "" {
		if need {
			f.Refuse(name, "form.need_date", f.label(name))
		}
		return civil.Date{}
	}
	day, err1 := strconv.Atoi(parts[0])
	month, err2 := strconv.Atoi(parts[1])
	year, err3 := strconv.Atoi(parts[2])
	if err1 != nil || err2 != nil || err3 != nil {
		f.Refuse(name, "form.date", f.label(name))
		return civil.Date{}
	}
	d, ok := civil.New(year, time.Month(month), day)
	switch {
	case !ok:
		f.Refuse(name, "form.no_such_date", f.label(name))
	case year < 1900 || year > 2200:
		f.Refuse(name, "form.year", f.label(name))
	}
	return d
}

// ParseDate reads a date as people write it: 03/8/2021, 3-8-2021, 3.8.2021.
func ParseDate(s string) (civil.Date, bool) {
	p := strings.FieldsFunc(clean(s), func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' })
	if len(p) != 3 {
		return civil.Date{}, false
	}
	day, err1 := strconv.Atoi(p[0])
	month, err2 := strconv.Atoi(p[1])
	year, err3 := strconv.Atoi(p[2])
	if err1 != nil || err2 != nil || err3 != nil || year < 1900 || year > 2200 {
		return civil.Date{}, false
	}
	d, ok := civil.New(year, time.Month(month), day)
	if !ok {
		return civil.Date{}, false
	}
	return d, true
}

// Choice reads one of the values allowed.
func (f *Form) Choice(name string, need bool, allowed ...string) string {
	s := clean(f.Raw(name))
	switch {
	case s == "" && need:
		f.Refuse(name, "form.choose", f.label(name))
	case s != "" && !slices.Contains(allowed, s):
		f.Refuse(name, "form.choose", f.label(name))
		return ""
	}
	return s
}

// Choices reads several of the values allowed (checkboxes), each once.
func (f *Form) Choices(name string, need bool, allowed ...string) []string {
	var out []string
	for _, s := range f.values[name] {
		if s = clean(s); slices.Contains(allowed, s) && !slices.Contains(out, s) {
			out = append(out, s)
		} else if s != "" && !slices.Contains(allowed, s) {
			f.Refuse(name, "form.choose", f.label(name))
		}
	}
	if need && len(out) == 0 {
		f.Refuse(name, "form.choose", f.label(name))
	}
	return out
}

// ID reads an identifier (a hidden field or a choice from a list of records).
func (f *Form) ID(name string, need bool) string {
	s := f.Raw(name)
	if s == "" && !need {
		return ""
	}
	if !ids.Valid(s) {
		f.Refuse(name, "form.choose", f.label(name))
		return ""
	}
	return s
}

// Bool tells whether a checkbox is ticked.
func (f *Form) Bool(name string) bool { return f.Raw(name) != "" }

// Files returns the files of a field. They live as long as the request.
func (f *Form) Files(name string) []Upload {
	var out []Upload
	for _, u := range f.rq.files {
		if u.field == name {
			out = append(out, Upload{norm.NFC.String(strings.ToValidUTF8(u.name, "?")), u.size, func() (io.ReadSeekCloser, error) { return u.open(), nil }, u})
		}
	}
	return out
}

// JSONBody is the body of a request of type application/json.
func (rq *Request) JSONBody() []byte { return []byte(rq.form.Get("")) }
