package document

import (
	"strings"

	"chungtay/audit"
	"chungtay/docparse"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/policy"
)

// Find returns the papers with a number that the actor may read: of the body and the day where these are given. The date may be partial, as
// papers cite: 2021-05-14, 2021-05, 2021 or "".
func (c *Documents) Find(tx *db.Tx, by policy.Actor, symbol, issuer, date string) ([]Document, error) {
	m, err := c.named(tx, by, []Citation{{Symbol: symbol, Key: Key(symbol), Issuer: issuer, IssuedOn: date}})
	if err != nil {
		return nil, err
	}
	return m[0], nil
}

// Cited is a citation with the stored papers it leads to, for one reader. None: known by its number until the paper arrives.
type Cited struct {
	Citation
	Papers  []Document
	Legal   *docparse.Instrument // the act of the legal register, when it is one
	Certain bool                 // number and date leave no doubt that Papers are copies of the one cited
}

// Citations lists what a paper cites, for one reader.
func (c *Documents) Citations(tx *db.Tx, by policy.Actor, d Document) ([]Cited, error) {
	list, err := listCitations(tx, d.ID)
	if err != nil {
		return nil, err
	}
	found, err := c.named(tx, by, list)
	if err != nil {
		return nil, err
	}
	out := make([]Cited, len(list))
	for i, x := range list {
		out[i] = Cited{Citation: x, Papers: found[i], Certain: certain(x)}
		if a, ok := c.Legal.Find(x.Symbol); ok {
			out[i].Legal = &a
		}
	}
	return out, nil
}

// certain tells whether a citation names one paper alone: by its full date, or by a symbol that has its year or is the Prime Minister's.
func certain(x Citation) bool {
	if len(x.IssuedOn) == len("2006-01-02") {
		return true
	}
	s, ok := docparse.ParseSymbol(x.Symbol)
	return ok && s.Year != "" || ok && x.IssuedOn != "" && strings.HasSuffix(x.Key, "/qd-ttg")
}

// named finds, for each citation, the papers a reader may see that have its number and fit its date and body. Papers not yet entered are left
// out unless they are all there is: a copy in a register comes first.
func (c *Documents) named(tx *db.Tx, by policy.Actor, list []Citation) ([][]Document, error) {
	out := make([][]Document, len(list))
	var keys []any
	for _, x := range list {
		if digits(x.Symbol) > 0 {
			keys = append(keys, x.Key)
		}
	}
	if len(keys) == 0 {
		return out, nil
	}
	var w db.Where
	w.And(`d.symbol_key IN (`+marks(len(keys))+`)`, keys...)
	cond, args := c.Book.Scope(by, Read).SQL(columns)
	w.And(cond, args...)
	papers, err := listWhere(tx, &w)
	if err != nil {
		return nil, err
	}
	for i, x := range list {
		for _, d := range papers {
			if d.Key == x.Key && strings.HasPrefix(d.IssuedOn.String(), x.IssuedOn) && (x.Issuer == "" || certain(x) || sameBody(d.IssuerKey, plain(x.Issuer))) {
				out[i] = append(out[i], d)
			}
		}
	}
	return out, nil
}

// CitedBy lists the papers a reader may see that cite a paper, the newest first, at most limit, and how many there are.
func (c *Documents) CitedBy(tx *db.Tx, by policy.Actor, d Document, limit int) ([]Document, int, error) {
	if d.Number == 0 {
		return nil, 0, nil
	}
	var w db.Where
	w.And(`EXISTS (SELECT 1 FROM document_citation c WHERE c.document_id = d.id AND c.symbol_key = ? AND c.issued_on = SUBSTR(?, 1, LENGTH(c.issued_on)))`, d.Key, d.IssuedOn.String())
	w.And(`d.id <> ?`, d.ID)
	cond, args := c.Book.Scope(by, Read).SQL(columns)
	w.And(cond, args...)
	return pageWhere(tx, &w, limit)
}

// The kinds of link between papers.
const (
	Replaces = "replaces" // thay thế
	Corrects = "corrects" // đính chính
	Answers  = "answers"  // trả lời
	Carries  = "carries"  // triển khai: a lower unit carries out the paper of a higher one
	Relates  = "relates"  // liên quan
)

// LinkKinds lists them.
var LinkKinds = []string{Replaces, Corrects, Answers, Carries, Relates}

// NewLink says what a paper is to another one: a stored one (Target) or one known by its number.
type NewLink struct {
	Kind, Target, Symbol string
	IssuedOn             string // of the other paper, may be partial or ""
}

// Link is a link as stored.
type Link struct {
	ID       string `db:"id"`
	Document string `db:"document_id"`
	Kind     string `db:"kind"`
	Target   string `db:"target_id"`
	Symbol   string `db:"symbol"`
	Key      string `db:"symbol_key"`
	IssuedOn string `db:"issued_on"`
}

// Link says of a paper the actor keeps that it replaces, corrects, answers or relates to another.
func (c *Documents) Link(tx *db.Tx, by policy.Actor, id string, n NewLink) (Link, error) {
	d, err := c.see(tx, by, Register, id)
	if errs.Is(err, errs.Forbidden) || errs.Is(err, errs.NotFound) {
		d, err = c.see(tx, by, Issue, id)
	}
	if err != nil {
		return Link{}, err
	}
	return c.link(tx, by, d, n)
}

func (c *Documents) link(tx *db.Tx, by policy.Actor, d Document, n NewLink) (Link, error) {
	n.Symbol = strings.Join(strings.Fields(n.Symbol), " ")
	if !known(LinkKinds, n.Kind) {
		return Link{}, errs.AtField("link", "document.choose_link")
	}
	l := Link{ID: ids.New(tx.Now), Document: d.ID, Kind: n.Kind, Target: n.Target, Symbol: n.Symbol, Key: Key(n.Symbol), IssuedOn: n.IssuedOn}
	if n.Target != "" {
		t, err := c.Get(tx, by, n.Target)
		if err != nil {
			return l, err
		}
		if t.ID == d.ID {
			return l, errs.AtField("symbol", "document.link_to_itself")
		}
		l.Symbol, l.Key, l.IssuedOn = t.Symbol, t.Key, t.IssuedOn.String()
	} else if l.Key == "" || len([]rune(l.Symbol)) > maxSymbol {
		return l, errs.AtField("symbol", "document.need_symbol")
	}
	there, err := listLinks(tx, d.ID)
	if err != nil {
		return l, err
	}
	for _, o := range there {
		if o.Kind == l.Kind && o.Target == l.Target && o.Key == l.Key {
			return o, nil
		}
	}
	if err := insertLink(tx, l, by.Person); err != nil {
		return l, err
	}
	return l, audit.Log(tx, by, audit.By(keeper(d), d.Unit), audit.Deed{Action: "document.linked", Kind: "document", ID: d.ID, Change: audit.Change{"kind": {"", l.Kind}, "symbol": {"", l.Symbol}}})
}

// Linked is a link with the papers at its other end, for one reader.
type Linked struct {
	Link
	Papers []Document
}

// Links lists what a paper says of others (out) and what others say of it (in): what it replaced, what replaced it.
func (c *Documents) Links(tx *db.Tx, by policy.Actor, d Document) (out, in []Linked, err error) {
	there, err := listLinks(tx, d.ID)
	if err != nil {
		return nil, nil, err
	}
	scope := c.Book.Scope(by, Read)
	for _, l := range there {
		x := Linked{Link: l}
		if l.Target != "" {
			var w db.Where
			w.And(`d.id = ?`, l.Target)
			cond, args := scope.SQL(columns)
			w.And(cond, args...)
			if x.Papers, err = listWhere(tx, &w); err != nil {
				return nil, nil, err
			}
		} else {
			m, err := c.named(tx, by, []Citation{{Symbol: l.Symbol, Key: l.Key, IssuedOn: l.IssuedOn}})
			if err != nil {
				return nil, nil, err
			}
			x.Papers = m[0]
		}
		out = append(out, x)
	}
	back, err := listLinksTo(tx, d)
	if err != nil {
		return nil, nil, err
	}
	for _, l := range back {
		var w db.Where
		w.And(`d.id = ?`, l.Document)
		cond, args := scope.SQL(columns)
		w.And(cond, args...)
		p, err := listWhere(tx, &w)
		if err != nil {
			return nil, nil, err
		}
		if len(p) > 0 {
			in = append(in, Linked{l, p})
		}
	}
	return out, in, nil
}
