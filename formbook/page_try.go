package formbook

import (
	"bytes"
	"io"
	"time"

	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/web"
)

// The preview: a form as those who fill it will see it. What is typed is judged and kept nowhere.

func (b *Books) pageTry(rq *web.Request) (web.Reply, error) {
	return b.try(rq, nil)
}

func (b *Books) doTry(rq *web.Request) (web.Reply, error) {
	return b.try(rq, rq.Form("formbook.try"))
}

func (b *Books) try(rq *web.Request, f *web.Form) (web.Reply, error) {
	v, _, err := b.version(rq)
	if err != nil {
		return web.Reply{}, err
	}
	parsed, err := b.parse(v)
	if err != nil {
		return web.Reply{}, err
	}
	s := Sheet{Form: parsed, Today: civil.Of(rq.Tx.Now), Required: true}
	sent := f != nil
	if !sent {
		f = rq.Form("formbook.try")
		r := parsed.Evaluate(nil, formdef.Context{Today: s.Today})
		s.Values, s.Hidden, s.Required = r.Values, r.Hidden, false
	} else {
		s.Required = f.Raw(formdef.InputRest) == "" // else one section was filled up: not yet a judgement
		r := Judge(f, parsed, formdef.Context{Today: s.Today}, s.Required)
		s.Values, s.Hidden, s.Findings, s.Posted = r.Values, r.Hidden, r.Problems, f.RawAll
	}
	title := parsed.Title.In(rq.Lang)
	trail := []web.Crumb{crumb(rq), {Text: title, Path: "/forms/" + v.ID}, {Text: rq.T("formbook.try.title")}}
	if !f.OK() {
		return web.Again(title, f, tryPage(v, s, f, false)).With(trail...), nil
	}
	return web.Show(title, tryPage(v, s, f, sent && s.Required)).With(trail...), nil
}

func fileOf(name, typ string, b []byte) web.File {
	return web.File{Name: name, Type: typ, Size: int64(len(b)), ModTime: time.Time{}, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}
