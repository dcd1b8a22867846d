package document

import (
	"strconv"

	"chungtay/docparse"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/ui"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

// factsOf reads the facts from a form.
func factsOf(f *web.Form) Facts {
	x := Facts{Kind: f.Choice("kind", web.Need, Kinds...), Symbol: f.Text("symbol", maxSymbol, false), Issuer: f.Text("issuer", maxIssuer, web.Need), IssuedOn: f.Date("issued_on", false),
		Subject: f.Text("subject", maxSubject, web.Need), Urgency: f.Choice("urgency", false, Urgencies[1:]...), Topic: f.Choice("topic", false, Topics...),
		Signer: f.Text("signer", maxSigner, false), SignerTitle: f.Text("signer_title", maxTitle, false)}
	own := ownFacts(f)
	x.Recipients, x.Copies, x.Keeper, x.SentOn, x.Receipt, x.Note = f.LongText("recipients", maxRecipients, false), own.Copies, own.Keeper, own.SentOn, own.Receipt, own.Note
	return x
}

// ownFacts reads what belongs to the register and not to the paper.
func ownFacts(f *web.Form) Facts {
	n, _ := f.Int("copies", 0, 100_000, false)
	return Facts{Topic: f.Choice("topic", false, Topics...), Copies: int(n), Keeper: f.Text("keeper", maxKeeper, false), SentOn: f.Date("sent_on", false),
		Receipt: f.Text("receipt", maxKeeper, false), Note: f.LongText("note", maxNote, false)}
}

// filled are the values of a form of facts.
func filled(d Document, more map[string]string) map[string]string {
	m := map[string]string{"version": strconv.FormatInt(d.Version, 10), "kind": d.Kind, "symbol": d.Symbol, "issuer": d.Issuer, "subject": d.Subject, "urgency": d.Urgency, "topic": d.Topic,
		"signer": d.Signer, "signer_title": d.SignerTitle, "recipients": d.Recipients, "keeper": d.Keeper, "receipt": d.Receipt, "note": d.Note}
	if d.Copies > 0 {
		m["copies"] = itoa(d.Copies)
	}
	putDate(m, "issued_on", d.IssuedOn)
	putDate(m, "sent_on", d.SentOn)
	for k, v := range more {
		m[k] = v
	}
	return m
}

func putDate(m map[string]string, name string, d civil.Date) {
	if !d.IsZero() {
		m[name+".day"], m[name+".month"], m[name+".year"] = itoa(d.Day), itoa(int(d.Month)), itoa(d.Year)
	}
}

func versionOf(f *web.Form) int64 {
	n, _ := strconv.ParseInt(f.Raw("version"), 10, 64)
	return n
}

// stale answers an edit of a version that is no longer the present one: both versions, and who saved the other when.
func (c *Documents) stale(rq *web.Request, d Document, mine Facts) error {
	who, err := personName(rq.Tx, d.ChangedBy)
	if err != nil {
		return err
	}
	var pairs []web.ConflictPair
	add := func(field, a, b string) {
		if a != b {
			pairs = append(pairs, web.ConflictPair{Label: rq.T("document.form." + field), Mine: a, Theirs: b})
		}
	}
	add("kind", kindText(rq.Context(), mine.Kind), kindText(rq.Context(), d.Kind))
	add("symbol", mine.Symbol, d.Symbol)
	add("issuer", mine.Issuer, d.Issuer)
	add("issued_on", dayWords(rq.Context(), mine.IssuedOn), dayWords(rq.Context(), d.IssuedOn))
	add("subject", mine.Subject, d.Subject)
	add("signer", mine.Signer, d.Signer)
	add("signer_title", mine.SignerTitle, d.SignerTitle)
	add("recipients", mine.Recipients, d.Recipients)
	add("keeper", mine.Keeper, d.Keeper)
	add("note", mine.Note, d.Note)
	at := d.ChangedAt
	if at.IsZero() {
		at = d.CreatedAt
	}
	return web.Conflict(who, at, pairs...)
}

type enterView struct {
	Document
	Form       *web.Form
	Mine       bool // came in here: its facts are entered as well
	Next       int
	Registers  []ui.Option
	Duplicates []Document
	Doubts     []docparse.Doubt
	Paras      []ui.SourcePara
	Files      []File
	Paper      []ui.Pair
}

// entering returns a paper that can be entered for the actor's unit.
func (c *Documents) entering(rq *web.Request) (Document, Delivery, error) {
	id, err := rq.ID("id")
	if err != nil {
		return Document{}, Delivery{}, err
	}
	if err := c.mayFor(rq.Tx, rq.Actor, Register, rq.Actor.Unit); err != nil {
		return Document{}, Delivery{}, err
	}
	d, err := c.Get(rq.Tx, rq.Actor, id)
	if err != nil {
		return d, Delivery{}, err
	}
	x, ok, err := findDelivery(rq.Tx, id, rq.Actor.Unit)
	if err == nil && !ok {
		err = errs.Absent("delivery", id)
	}
	return d, x, err
}

func (c *Documents) pageEnter(rq *web.Request) (web.Reply, error) {
	d, x, err := c.entering(rq)
	if err != nil {
		return web.Reply{}, err
	}
	if x.Number != 0 || d.Extraction == Waiting && d.Unit == rq.Actor.Unit {
		return web.To("/documents/" + d.ID), nil
	}
	m := filled(d, map[string]string{"once": rq.Once()})
	m["note"] = x.Note
	putDate(m, "arrived_on", civil.Of(rq.Tx.Now))
	return c.enterAgain(rq, d, rq.Filled("document.form", m), false)
}

func (c *Documents) enterAgain(rq *web.Request, d Document, f *web.Form, refused bool) (web.Reply, error) {
	v := enterView{Document: d, Form: f, Mine: d.Unit == rq.Actor.Unit && d.State == Arrived}
	tx := rq.Tx
	registers, err := Registers(tx, rq.Actor.Unit, inBook)
	if err != nil {
		return web.Reply{}, err
	}
	if len(registers) > 0 {
		v.Registers = append(v.Registers, ui.Option{Text: rq.T("document.register_general")})
		for _, r := range registers {
			v.Registers = append(v.Registers, ui.Option{Value: r.Code, Text: r.Name})
		}
	}
	at, _, err := findCounter(tx, inBook, Series{rq.Actor.Unit, civil.Of(tx.Now).Year, f.Raw("register")})
	if err != nil {
		return web.Reply{}, err
	}
	v.Next = at.Last + 1
	if v.Mine {
		facts := d.Facts
		if refused {
			facts.Symbol, facts.Issuer = f.Raw("symbol"), f.Raw("issuer")
		}
		if v.Duplicates, err = c.Duplicates(tx, d, facts); err != nil {
			return web.Reply{}, err
		}
	} else {
		v.Paper = c.paperPairs(rq, d)
	}
	if v.Files, err = listFiles(tx, d.ID); err != nil {
		return web.Reply{}, err
	}
	t, ok, err := findText(tx, d.ID, 0)
	if err != nil {
		return web.Reply{}, err
	}
	if ok {
		r := docparse.Read(t.Text, docparse.Options{Register: c.Legal})
		v.Doubts, v.Paras = r.Doubts, ui.MarkedAs(r.Text, sourceMarks(rq, r), r.Shown)
	}
	title := rq.T("document.enter.title")
	rep := web.Show(title, enterPage(v))
	if refused {
		rep = web.Again(title, f, enterPage(v))
	}
	return rep.With(c.crumbs(rq, d)...).Under("/documents"), nil
}

// paperPairs are the facts that stand on a paper, as a list.
func (c *Documents) paperPairs(rq *web.Request, d Document) []ui.Pair {
	ctx := rq.Context()
	var out []ui.Pair
	add := func(key, value string) {
		if value != "" {
			out = append(out, ui.Pair{Label: rq.T("document.form." + key), Value: value})
		}
	}
	add("kind", kindText(ctx, d.Kind))
	add("symbol", d.Symbol)
	add("issued_on", dayWords(ctx, d.IssuedOn))
	add("issuer", d.Issuer)
	add("subject", d.Subject)
	if d.Urgency != "" {
		//i18n:prefix document.urgency.
		add("urgency", rq.T("document.urgency."+d.Urgency))
	}
	if d.Topic != "" {
		//i18n:prefix document.topic.
		add("topic", rq.T("document.topic."+d.Topic))
	}
	add("signer", d.Signer)
	add("signer_title", d.SignerTitle)
	add("recipients", d.Recipients)
	return out
}

func (c *Documents) doEnter(rq *web.Request) (web.Reply, error) {
	d, x, err := c.entering(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("document.form")
	e := Entry{Register: f.Text("register", 20, false), ArrivedOn: f.Date("arrived_on", web.Need)}
	if d.Unit != rq.Actor.Unit || d.State != Arrived {
		e.Note = f.LongText("note", maxNote, false)
		if f.OK() {
			if x, err = c.Enter(rq.Tx, rq.Actor, d.ID, rq.Actor.Unit, e); err == nil {
				return web.To("/documents/"+d.ID).Say("document.said.entered", itoa(x.Number)), nil
			}
			if !f.Take(err) {
				return web.Reply{}, err
			}
		}
		return c.enterAgain(rq, d, f, true)
	}
	facts := factsOf(f)
	e.Note, facts.Note = facts.Note, ""
	if x.Number == 0 && versionOf(f) != d.Version {
		return web.Reply{}, c.stale(rq, d, facts)
	}
	if f.OK() {
		d2, x, err := c.Confirm(rq.Tx, rq.Actor, d.ID, versionOf(f), facts, e, f.Bool("again"))
		if err == nil {
			return web.To("/documents/"+d2.ID).Say("document.said.entered", itoa(x.Number)), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return c.enterAgain(rq, d, f, true)
}

func (c *Documents) doRefuse(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	reason := rq.Form("document.form").Raw("reason")
	if err := c.Refuse(rq.Tx, rq.Actor, id, reason); err != nil {
		return web.Reply{}, err
	}
	if reason == BecauseSecret {
		return web.To("/documents/refused"), nil
	}
	return web.To("/documents/waiting").Say("document.said.dropped"), nil
}

func (c *Documents) doReturn(rq *web.Request) (web.Reply, error) {
	d, x, err := c.entering(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("document.form")
	if _, err = c.Return(rq.Tx, rq.Actor, d.ID, x.Unit, versionOf(f), f.Raw("reason")); err == nil {
		return web.To("/documents/waiting").Say("document.said.returned"), nil
	}
	return c.onShow(rq, d.ID, "return", f, err, "")
}

// onShow ends a deed on a paper's page: on to the page, or the page again with the refused form.
func (c *Documents) onShow(rq *web.Request, id, at string, f *web.Form, err error, said string) (web.Reply, error) {
	if err == nil && f.OK() {
		return web.To("/documents/" + id).Say(said), nil
	}
	if err != nil && !f.Take(err) {
		return web.Reply{}, err
	}
	d, err := c.Get(rq.Tx, rq.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	return c.show(rq, d, at, f)
}

func (c *Documents) pageEdit(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	d, err := c.keeps(rq.Tx, rq.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	if d.State == Arrived {
		return web.To("/documents/" + id + "/enter"), nil
	}
	f := rq.Filled("document.form", filled(d, nil))
	return web.Show(rq.T("document.edit.title"), editPage(rq.Context(), d, f)).With(c.crumbs(rq, d)...).Under("/documents"), nil
}

func (c *Documents) doEdit(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	d, err := c.keeps(rq.Tx, rq.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("document.form")
	facts := ownFacts(f)
	if d.Direction == In {
		facts = factsOf(f)
	} else {
		own := facts
		facts = d.Facts
		facts.Topic, facts.Copies, facts.Keeper, facts.SentOn, facts.Receipt, facts.Note = own.Topic, own.Copies, own.Keeper, own.SentOn, own.Receipt, own.Note
	}
	if versionOf(f) != d.Version {
		return web.Reply{}, c.stale(rq, d, facts)
	}
	if f.OK() {
		if _, err := c.Edit(rq.Tx, rq.Actor, id, versionOf(f), facts); err == nil {
			return web.To("/documents/" + id).Say("document.said.edited"), nil
		} else if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return web.Again(rq.T("document.edit.title"), f, editPage(rq.Context(), d, f)).With(c.crumbs(rq, d)...).Under("/documents"), nil
}

func (c *Documents) passing(rq *web.Request) (Document, Delivery, []ui.Option, error) {
	d, x, err := c.entering(rq)
	if err != nil {
		return d, x, nil, err
	}
	list, err := c.Handlers(rq.Tx, x.Unit)
	if err != nil {
		return d, x, nil, err
	}
	out := []ui.Option{{Text: rq.T("document.choose")}}
	for _, h := range list {
		out = append(out, ui.Option{Value: h.Kind + ":" + h.ID, Text: h.Name})
	}
	return d, x, out, nil
}

func (c *Documents) pagePass(rq *web.Request) (web.Reply, error) {
	d, x, options, err := c.passing(rq)
	if err != nil {
		return web.Reply{}, err
	}
	if x.Number == 0 {
		return web.To("/documents/" + d.ID + "/enter"), nil
	}
	m := map[string]string{"version": strconv.FormatInt(x.Version, 10), "note": x.Note}
	if x.Handler != "" {
		m["handler"] = x.HandlerKind + ":" + x.Handler
	}
	putDate(m, "passed_on", civil.Of(rq.Tx.Now))
	putDate(m, "due_on", x.DueOn)
	return web.Show(rq.T("document.pass.title"), passPage(d, rq.Filled("document.form", m), options)).With(c.crumbs(rq, d)...).Under("/documents"), nil
}

func (c *Documents) doPass(rq *web.Request) (web.Reply, error) {
	d, x, options, err := c.passing(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("document.form")
	p := Passing{On: f.Date("passed_on", false), Due: f.Date("due_on", false), Note: f.LongText("note", maxNote, false)}
	for _, kind := range []string{"unit", "person"} {
		if v := f.Raw("handler"); len(v) > len(kind) && v[:len(kind)+1] == kind+":" {
			p.Kind, p.Handler = kind, v[len(kind)+1:]
		}
	}
	if f.OK() {
		if _, err := c.PassOn(rq.Tx, rq.Actor, d.ID, x.Unit, versionOf(f), p); err == nil {
			return web.To("/documents/" + d.ID).Say("document.said.passed"), nil
		} else if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return web.Again(rq.T("document.pass.title"), f, passPage(d, f, options)).With(c.crumbs(rq, d)...).Under("/documents"), nil
}

// lineFor finds the line of a paper that was passed on to the actor: of the actor's unit, or of one above it.
func (c *Documents) lineFor(rq *web.Request) (string, string, error) {
	id, err := rq.ID("id")
	if err != nil {
		return "", "", err
	}
	if _, err := c.Get(rq.Tx, rq.Actor, id); err != nil {
		return "", "", err
	}
	units := []string{rq.Actor.Unit}
	above, err := orgunit.Above(rq.Tx, rq.Actor.Unit)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return "", "", err
	}
	for _, u := range append(units, above...) {
		x, ok, err := findDelivery(rq.Tx, id, u)
		if err != nil {
			return "", "", err
		}
		if ok && x.Handler != "" {
			return id, u, nil
		}
	}
	return "", "", errs.Absent("delivery", id)
}

func (c *Documents) doTake(rq *web.Request) (web.Reply, error) {
	id, unit, err := c.lineFor(rq)
	if err != nil {
		return web.Reply{}, err
	}
	if _, err := c.Take(rq.Tx, rq.Actor, id, unit); err != nil {
		return web.Reply{}, err
	}
	return web.To("/documents/" + id).Say("document.said.taken"), nil
}

func (c *Documents) doFollow(rq *web.Request) (web.Reply, error) {
	id, unit, err := c.lineFor(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("document.form")
	_, err = c.Follow(rq.Tx, rq.Actor, id, unit, versionOf(f), f.Raw("progress"), f.Text("answer", maxSymbol, false), f.LongText("note", maxNote, false))
	return c.onShow(rq, id, "follow", f, err, "document.said.followed")
}

func (c *Documents) doReread(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.Reread(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	return web.To("/documents/" + id).Say("document.said.reading"), nil
}

func (c *Documents) doAttach(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if _, err := c.keeps(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("document.form")
	files, err := c.Blobs.Received(rq, f, "file", blob.Papers...)
	if err != nil {
		return web.Reply{}, err
	}
	if f.OK() {
		err = c.Attach(rq.Tx, rq.Actor, id, files)
	}
	return c.onShow(rq, id, "file", f, err, "document.said.attached")
}

func (c *Documents) doLink(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	if _, err := c.keeps(rq.Tx, rq.Actor, id); err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("document.form")
	n := NewLink{Kind: f.Choice("link", web.Need, LinkKinds...), Symbol: f.Text("other", maxSymbol, web.Need), IssuedOn: f.Date("other_on", false).String()}
	if f.OK() {
		_, err = c.Link(rq.Tx, rq.Actor, id, n)
	}
	return c.onShow(rq, id, "link", f, err, "document.said.linked")
}

func (c *Documents) doUnlink(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	link, err := rq.ID("link")
	if err != nil {
		return web.Reply{}, err
	}
	if err := c.Unlink(rq.Tx, rq.Actor, id, link); err != nil {
		return web.Reply{}, err
	}
	return web.To("/documents/" + id).Say("document.said.unlinked"), nil
}

func (c *Documents) doWithdraw(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("document.form")
	_, err = c.Withdraw(rq.Tx, rq.Actor, id, f.Raw("reason"))
	return c.onShow(rq, id, "withdraw", f, err, "document.said.withdrawn")
}
