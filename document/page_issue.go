package document

import (
	"strings"

	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

// The page that numbers an outgoing paper which was written elsewhere: every paper of a body goes through the clerk (văn thư), is numbered and
// entered in the outgoing register (NĐ 30/2020/NĐ-CP, điều 15, 19), not only those that are directives here.

type issueView struct {
	Form      *web.Form
	Files     []blob.Ref
	Registers []ui.Option
}

func (c *Documents) pageIssue(rq *web.Request) (web.Reply, error) {
	return c.issueForm(rq, rq.Filled("document.form", map[string]string{"once": rq.Once(), "kind": "cong_van", "copies": "1"}), nil)
}

func (c *Documents) issueForm(rq *web.Request, f *web.Form, files []blob.Ref) (web.Reply, error) {
	if err := c.mayFor(rq.Tx, rq.Actor, Issue, rq.Actor.Unit); err != nil {
		return web.Reply{}, err
	}
	v := issueView{Form: f, Files: files}
	list, err := Registers(rq.Tx, rq.Actor.Unit, outBook)
	if err != nil {
		return web.Reply{}, err
	}
	if len(list) > 0 {
		v.Registers = []ui.Option{{Text: rq.T("document.register_general")}}
		for _, r := range list {
			v.Registers = append(v.Registers, ui.Option{Value: r.Code, Text: r.Name})
		}
	}
	title, body := rq.T("document.issue.title"), issuePage(v)
	rep := web.Show(title, body)
	if !f.OK() {
		rep = web.Again(title, f, body)
	}
	return rep.With(web.Crumb{Text: rq.T("document.title"), Path: "/documents"}, web.Crumb{Text: rq.T("document.book.out"), Path: "/registers/out"}).Under("/documents"), nil
}

func (c *Documents) doIssue(rq *web.Request) (web.Reply, error) {
	unit := rq.Actor.Unit
	if err := c.mayFor(rq.Tx, rq.Actor, Issue, unit); err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("document.form")
	o := Outgoing{Unit: unit, Register: f.Raw("register"), Internal: f.Bool("internal"), Tail: f.Text("tail", 40, web.Need),
		Facts: Facts{Kind: f.Choice("kind", web.Need, Kinds...), Subject: f.Text("subject", maxSubject, web.Need), Urgency: f.Choice("urgency", false, Urgencies[1:]...),
			Signer: f.Text("signer", maxSigner, web.Need), SignerTitle: f.Text("signer_title", maxTitle, false), SentOn: civil.Of(rq.Tx.Now)}}
	own := ownFacts(f)
	o.Recipients, o.Topic, o.Copies, o.Keeper, o.Note = f.LongText("recipients", maxRecipients, false), own.Topic, own.Copies, own.Keeper, own.Note
	words := f.LongText("units", maxRecipients, false)
	var to []string
	if words != "" {
		r, err := orgunit.Resolve(rq.Tx, unit, words, civil.Of(rq.Tx.Now))
		if err != nil {
			return web.Reply{}, err
		}
		if bad := append(r.Unknown, r.NotUnits...); len(bad) > 0 {
			f.Refuse("units", "document.issue.unknown", strings.Join(bad, "; "))
		}
		for _, u := range r.Units {
			if u.ID != unit {
				to = append(to, u.ID)
			}
		}
	}
	files, err := c.Blobs.Received(rq, f, "file", blob.Papers...)
	if err != nil {
		return web.Reply{}, err
	}
	if o.Files = files; f.OK() {
		d, err := c.Issue(rq.Tx, rq.Actor, o)
		if err == nil {
			if len(to) > 0 {
				if _, err := c.Deliver(rq.Tx, rq.Actor, d.ID, to, ToAct); err != nil {
					return web.Reply{}, err
				}
			}
			return web.To("/documents/"+d.ID).Say("document.said.numbered", d.Symbol), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.issueForm(rq, f, files)
}
