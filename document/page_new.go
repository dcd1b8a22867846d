package document

import (
	"chungtay/internal/blob"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

// The degrees of secrecy (độ mật) a clerk can name; all are refused.
var secrecies = []string{"mat", "toi_mat", "tuyet_mat"}

func (c *Documents) pageNew(rq *web.Request) (web.Reply, error) {
	if err := c.mayFor(rq.Tx, rq.Actor, Register, rq.Actor.Unit); err != nil {
		return web.Reply{}, err
	}
	f := rq.Filled("document.form", map[string]string{"once": rq.Once(), "together": "each", "secrecy": "none"})
	return web.Show(rq.T("document.new.title"), newPage(rq.Context(), f, nil)).With(web.Crumb{Text: rq.T("document.title"), Path: "/documents"}).Under("/documents"), nil
}

func (c *Documents) doNew(rq *web.Request) (web.Reply, error) {
	if err := c.mayFor(rq.Tx, rq.Actor, Register, rq.Actor.Unit); err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("document.form")
	secrecy := f.Choice("secrecy", web.Need, append([]string{"none"}, secrecies...)...)
	if known(secrecies, secrecy) {
		files, err := c.Blobs.Received(rq, f, "file", blob.Papers...)
		if err != nil {
			return web.Reply{}, err
		}
		if err := c.RefuseAtDoor(rq.Tx, rq.Actor, rq.Actor.Unit, files); err != nil {
			return web.Reply{}, err
		}
		return web.To("/documents/refused"), nil
	}
	together := f.Choice("together", false, "each", "one")
	text := f.LongText("text", 200_000, false)
	files, err := c.Blobs.Received(rq, f, "file", blob.Papers...)
	if err != nil {
		return web.Reply{}, err
	}
	if !f.OK() {
		return c.newAgain(rq, f, files), nil
	}
	var papers []Incoming
	switch {
	case together == "one" || text != "" || len(files) < 2:
		papers = []Incoming{{Unit: rq.Actor.Unit, Text: text, Files: files}}
	default:
		for _, x := range files {
			papers = append(papers, Incoming{Unit: rq.Actor.Unit, Files: []blob.Ref{x}})
		}
	}
	var last Document
	for _, n := range papers {
		if last, err = c.Register(rq.Tx, rq.Actor, n); err != nil {
			if f.Take(err) {
				return c.newAgain(rq, f, files), nil
			}
			return web.Reply{}, err
		}
	}
	if len(papers) > 1 {
		return web.To("/documents/waiting").Say("document.said.arrived", len(papers)), nil
	}
	if last.Extraction == Waiting {
		return web.To("/documents/" + last.ID).Say("document.said.reading"), nil
	}
	return web.To("/documents/" + last.ID + "/enter"), nil
}

func (c *Documents) newAgain(rq *web.Request, f *web.Form, files []blob.Ref) web.Reply {
	return web.Again(rq.T("document.new.title"), f, newPage(rq.Context(), f, files)).With(web.Crumb{Text: rq.T("document.title"), Path: "/documents"}).Under("/documents")
}

func (c *Documents) pageRefused(rq *web.Request) (web.Reply, error) {
	return web.Show(rq.T("document.refused.title"), refusedPage("")).With(web.Crumb{Text: rq.T("document.title"), Path: "/documents"}).Under("/documents"), nil
}

// sent lists the uploads that a refused form named, so that they need not be sent again.
func sent(f *web.Form, field string, files []blob.Ref) []ui.Sent {
	var out []ui.Sent
	for i, v := range f.RawAll(field + "_sent") {
		s := ui.Sent{Name: f.Label(field), Value: v, Done: 100}
		if n := len(files) - len(f.RawAll(field+"_sent")) + i; n >= 0 && n < len(files) {
			s.Name = files[n].Name
		}
		out = append(out, s)
	}
	return out
}

func secrecyOptions(f *web.Form, text func(string, ...any) string) []ui.Option {
	out := []ui.Option{{Value: "none", Text: text("document.secrecy.none")}}
	for _, s := range secrecies {
		out = append(out, ui.Option{Value: s, Text: text("document.secrecy." + s)})
	}
	return out
}
