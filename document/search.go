package document

import (
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"chungtay/internal/db"
	"chungtay/policy"
)

// Filter says which papers a list shows. The zero value: all papers of the actor's unit, the newest first.
type Filter struct {
	Words  string // full text: words in any order, "a phrase" in quotes, a number
	Book   string // "" the unit's own papers, in, out, internal; in/CODE, out/CODE a further register of the unit; all: also those of units below
	Kind   string
	Year   int
	Topic  string
	Issuer string // words of the issuing body's name
	Page   int
	Size   int
}

// Books lists the values of Filter.Book that every unit has.
var Books = []string{"", string(In), string(Out), string(Internal), "all"}

// address is the address of the list under this filter.
func (f Filter) address(page int) string {
	q := url.Values{}
	for k, v := range map[string]string{"q": f.Words, "book": f.Book, "kind": f.Kind, "topic": f.Topic, "issuer": f.Issuer} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if f.Year > 0 {
		q.Set("year", itoa(f.Year))
	}
	if page > 1 {
		q.Set("page", itoa(page))
	}
	if len(q) == 0 {
		return "/documents"
	}
	return "/documents?" + q.Encode()
}

func urlQuery(k, v string) string { return url.Values{k: {v}}.Encode() }

func urlEscape(s string) string { return url.QueryEscape(s) }

func (f Filter) active() int {
	n := 0
	for _, on := range []bool{f.Book != "", f.Kind != "", f.Year > 0, f.Topic != "", f.Issuer != ""} {
		if on {
			n++
		}
	}
	return n
}

// Found is a paper in a list, with the place of the words searched for.
type Found struct {
	Document
	Snippet []Piece
}

// Piece is a run of text, marked where it is what was searched for.
type Piece struct {
	Text string
	Mark bool
}

// List lists the papers an actor may read under a filter, and how many there are. With words the order is: the paper of that number, then
// those that hold the very phrase with its marks, then the phrase without marks, then all others by weight; else the newest first.
func (c *Documents) List(tx *db.Tx, by policy.Actor, f Filter) ([]Found, int, error) {
	f.Page, f.Size = max(f.Page, 1), max(1, min(f.Size, 200))
	q := parseQuery(f.Words)
	if f.Words != "" && q.empty() {
		return nil, 0, nil
	}
	w := c.where(by, f)
	list, total, err := search(tx, w, q, f)
	if err != nil || len(list) == 0 {
		return nil, total, err
	}
	out := make([]Found, len(list))
	for i, d := range list {
		out[i].Document = d
		if !q.empty() {
			if out[i].Snippet, err = c.snippet(tx, d, q); err != nil {
				return nil, 0, err
			}
		}
	}
	return out, total, nil
}

// where is the condition of a list without its words.
func (c *Documents) where(by policy.Actor, f Filter) *db.Where {
	var w db.Where
	cond, args := c.Book.Scope(by, Read).SQL(columns)
	w.And(cond, args...)
	const mine = `d.id IN (SELECT x.document_id FROM document_delivery x WHERE x.unit_id = ?)`
	switch book, code, further := strings.Cut(f.Book, "/"); book {
	case string(In):
		if further {
			w.And(`d.id IN (SELECT x.document_id FROM document_delivery x WHERE x.unit_id = ? AND x.register = ?)`, by.Unit, code)
		} else {
			w.And(mine, by.Unit)
		}
	case string(Out), string(Internal):
		w.And(`d.unit_id = ? AND d.direction = ?`, by.Unit, book)
		if further {
			w.And(`d.register = ?`, code)
		}
	case "all":
	default:
		w.And(`d.unit_id = ? OR `+mine+` OR d.id IN (SELECT x.document_id FROM document_delivery x WHERE x.handler_id IN (?, ?))`, by.Unit, by.Unit, by.Person, by.Unit)
	}
	if f.Kind != "" {
		w.And(`d.kind = ?`, f.Kind)
	}
	if f.Topic != "" {
		w.And(`d.topic = ?`, f.Topic)
	}
	if f.Year > 0 {
		w.And(`d.issued_on >= ? AND d.issued_on <= ?`, itoa(f.Year)+"-01-01", itoa(f.Year)+"-12-31")
	}
	for _, x := range strings.Fields(plain(f.Issuer)) {
		w.And(`' ' || d.issuer_key LIKE ?`, "% "+x+"%")
	}
	return &w
}

// query is what a person searches for: terms that must all be there, each one word or a phrase.
type query struct {
	terms  []words
	whole  words  // all of it as one phrase, when it has several words
	symbol string // the whole as the key of a number, when it looks like one
	number int    // a number alone
}

func (q query) empty() bool { return len(q.terms) == 0 }

const maxTerms = 20

// parseQuery reads what a person typed. Everything is a word to search for; nothing is an operator but quotes, and an odd one is ignored.
func parseQuery(s string) query {
	var q query
	if utf8.RuneCountInString(s) > 300 {
		s = string([]rune(s)[:300])
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '"' || r == '“' || r == '”' || r == '«' || r == '»' })
	quoted := strings.IndexAny(s, "\"“”«»") == 0
	for _, p := range parts {
		if quoted {
			if ws := wordsOf(p); len(ws) > 0 {
				q.terms = append(q.terms, ws)
			}
		} else {
			for _, x := range strings.Fields(p) { // a word with strokes inside is a phrase: 173/KH-BCĐ
				if ws := wordsOf(x); len(ws) > 0 {
					q.terms = append(q.terms, ws)
				}
			}
		}
		quoted = !quoted
	}
	if len(q.terms) > maxTerms {
		q.terms = q.terms[:maxTerms]
	}
	for _, t := range q.terms {
		q.whole = append(q.whole, t...)
	}
	if k := Key(s); strings.ContainsRune(k, '/') && digits(k) > 0 {
		q.symbol = k
	} else if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n > 0 && n < 1_000_000 {
		q.number = n
	}
	return q
}

// tokens are what a paper must have to be found: each word, of a phrase its pairs.
func (q query) tokens() []string {
	var t tokens
	for _, ws := range q.terms {
		for i, w := range ws {
			if len(ws) == 1 {
				t.add(w.fold)
			} else if i > 0 {
				t.add(ws[i-1].fold + "_" + w.fold)
			}
		}
	}
	return t.list
}

// tiers are the sets of tokens that put a paper before others: the whole in its title line, then in its text, as typed before folded.
func (q query) tiers() [][]string {
	if q.empty() {
		return nil
	}
	var out [][]string
	for _, prefix := range []string{"^", ""} {
		for _, as := range []func(word) string{word.exactOf, word.foldOf} {
			var t tokens
			for i, w := range q.whole {
				if len(q.whole) == 1 {
					t.add(prefix + as(w))
				} else if i > 0 {
					t.add(prefix + as(q.whole[i-1]) + "_" + as(w))
				}
			}
			if len(out) == 0 || !slices.Equal(out[len(out)-1], t.list) {
				out = append(out, t.list)
			}
		}
	}
	if len(q.whole) == 1 {
		out = out[:len(out)-1] // the last is what all papers found have
	}
	return out
}

func (w word) foldOf() string  { return w.fold }
func (w word) exactOf() string { return w.exact }

// snippet is the part of a paper's text with most of what was searched for. Papers found by their title line alone have none.
func (c *Documents) snippet(tx *db.Tx, d Document, q query) ([]Piece, error) {
	t, _, err := findText(tx, d.ID, 0)
	if err != nil {
		return nil, err
	}
	if s := cut(t.Text, q); s != nil {
		return s, nil
	}
	parts, err := fileTexts(tx, d.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if s := cut(p, q); s != nil {
			return s, nil
		}
	}
	return nil, nil
}

// place is a stretch of text that is a term of the query.
type stretch struct {
	start, end int
	exact      bool
	term       int
}

// hits finds the terms of a query in a text, at most a thousand.
func (q query) hits(text string) []stretch {
	var out []stretch
	type at struct{ start, end int }
	var ring []at // the last words, as many as the longest term has
	var last words
	longest := 0
	for _, t := range q.terms {
		longest = max(longest, len(t))
	}
	eachWord(text, func(start, end int, w word) bool {
		ring, last = append(ring, at{start, end}), append(last, w)
		if len(last) > longest {
			ring, last = ring[1:], last[1:]
		}
	terms:
		for n, t := range q.terms {
			k := len(last) - len(t)
			if k < 0 {
				continue
			}
			exact := true
			for i, x := range t {
				if last[k+i].fold != x.fold {
					continue terms
				}
				exact = exact && last[k+i].exact == x.exact
			}
			out = append(out, stretch{ring[k].start, end, exact, n})
		}
		return len(out) < 1000
	})
	return out
}

const snippetSize = 240 // bytes before marks

// cut finds the window of a text with the most different terms, phrases with their marks before others, and marks them.
func cut(text string, q query) []Piece {
	hs := q.hits(text)
	if len(hs) == 0 {
		return nil
	}
	best, bestScore := 0, -1
	for i := range hs {
		score := 0
		seen := map[int]bool{}
		prev := -1
		for j := i; j < len(hs) && hs[j].end-hs[i].start <= snippetSize; j++ {
			if !seen[hs[j].term] {
				seen[hs[j].term] = true
				score += 10
			}
			if hs[j].exact {
				score += 2
			}
			if prev >= 0 && hs[j].term == hs[prev].term+1 && hs[j].start-hs[prev].end <= 2 { // stand together as typed
				score += 4
			}
			prev = j
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	from := back(text, hs[best].start, 60)
	to := ahead(text, min(len(text), from+snippetSize))
	return pieces(text, from, to, hs)
}

// back goes some bytes back to the beginning of a word, not over a line end.
func back(text string, at, n int) int {
	from := max(0, at-n)
	if i := strings.LastIndexByte(text[from:at], '\n'); i >= 0 {
		return from + i + 1
	}
	if from == 0 {
		return 0
	}
	if i := strings.IndexByte(text[from:at], ' '); i >= 0 {
		return from + i + 1
	}
	return at
}

func ahead(text string, at int) int {
	if at >= len(text) {
		return len(text)
	}
	if i := strings.IndexAny(text[at:], " \n"); i >= 0 && i < 40 {
		return at + i
	}
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

// oneLine shows line ends as a dot between.
func oneLine(s string) string {
	if !strings.ContainsRune(s, '\n') {
		return s
	}
	var parts []string
	for l := range strings.SplitSeq(s, "\n") {
		if l = strings.TrimRight(l, " \t\r"); strings.TrimSpace(l) != "" {
			parts = append(parts, l)
		}
	}
	out := strings.Join(parts, " · ")
	if s[0] == '\n' {
		out = " · " + strings.TrimLeft(out, " ")
	}
	if s[len(s)-1] == '\n' {
		out += " · "
	}
	return out
}

func pieces(text string, from, to int, hs []stretch) []Piece {
	var out []Piece
	sort.SliceStable(hs, func(i, j int) bool { return hs[i].start < hs[j].start })
	pos := from
	if from > 0 && text[from-1] != '\n' {
		out = append(out, Piece{Text: "… "})
	}
	for _, h := range hs {
		if h.start < pos || h.end > to {
			continue
		}
		if h.start > pos {
			out = append(out, Piece{Text: oneLine(text[pos:h.start])})
		}
		out = append(out, Piece{Text: text[h.start:h.end], Mark: true})
		pos = h.end
	}
	if pos < to {
		out = append(out, Piece{Text: oneLine(text[pos:to])})
	}
	if to < len(text) {
		out = append(out, Piece{Text: " …"})
	}
	return out
}
