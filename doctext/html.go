package doctext

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// html reads a page: the article or document in it, without the menus, scripts and footers around.
func (j *job) html() error {
	raw, err := j.all()
	if err != nil {
		return err
	}
	text := decodeHTML(raw)
	root, err := parseHTML(&ctxReader{r: strings.NewReader(text), done: j.ctx.Done(), err: j.ctx.Err})
	if err != nil {
		return err
	}
	h := &htmlReader{job: j, items: map[*html.Node]int{}}
	h.meta(root)
	body := find(root, atom.Body)
	if body == nil {
		body = root
	}
	prune(body)
	return h.write(article(body))
}

// decodeHTML makes UTF-8 of a page: by its mark, its meta element, else by what its bytes are.
func decodeHTML(b []byte) string {
	if utf16Order(b[:min(len(b), 8192)]) != nil || bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")) {
		return decodeText(b)
	}
	enc, name, sure := charset.DetermineEncoding(b[:min(len(b), 1024)], "")
	// Pages that say windows-1252 or nothing may hold TCVN3 or VNI; pages that say UTF-8 may lie. decodeText looks at the bytes.
	if !sure || name == "utf-8" || name == "windows-1252" {
		return decodeText(b)
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return decodeText(b)
	}
	return valid(string(out))
}

func find(n *html.Node, a atom.Atom) *html.Node {
	if n.Type == html.ElementNode && n.DataAtom == a {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if f := find(c, a); f != nil {
			return f
		}
	}
	return nil
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// meta reads what the page says of itself.
func (h *htmlReader) meta(root *html.Node) {
	m := &h.out.meta
	if t := find(root, atom.Title); t != nil && t.FirstChild != nil {
		m.Title = short(t.FirstChild.Data)
	}
	head := find(root, atom.Head)
	if head == nil {
		return
	}
	for c := head.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Meta {
			continue
		}
		name, content := strings.ToLower(attribute(c, "name")+attribute(c, "property")), attribute(c, "content")
		switch name {
		case "author":
			m.Author = short(content)
		case "generator":
			m.Program = short(content)
		case "article:published_time":
			m.Created = stamp(content)
		case "article:modified_time":
			m.Modified = stamp(content)
		}
	}
}

// prune takes out what is never the text: scripts, menus, forms, and what names itself as such.
func prune(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.CommentNode || c.Type == html.ElementNode && (furniture(c) || hiddenElement(c)) {
			n.RemoveChild(c)
		} else {
			prune(c)
		}
		c = next
	}
}

func furniture(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Nav, atom.Aside, atom.Iframe, atom.Button, atom.Select, atom.Textarea, atom.Svg, atom.Template, atom.Object, atom.Embed, atom.Audio, atom.Video, atom.Canvas, atom.Input, atom.Head, atom.Dialog, atom.Menu:
		return true
	case atom.Footer, atom.Header:
		// Of an article they hold its date and headline; of the page, the menu.
		for p := n.Parent; p != nil; p = p.Parent {
			if p.DataAtom == atom.Article || p.DataAtom == atom.Main {
				return false
			}
		}
		return true
	case atom.Form:
		return len(plainOf(n)) < 1500 // whole pages of ASP.NET stand in one form
	}
	switch strings.ToLower(attribute(n, "role")) {
	case "navigation", "banner", "contentinfo", "search", "complementary", "menu":
		return true
	}
	name := strings.ToLower(attribute(n, "id") + " " + attribute(n, "class"))
	if name == " " {
		return false
	}
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch w {
		case "nav", "navbar", "navigation", "menu", "submenu", "breadcrumb", "breadcrumbs", "sidebar", "footer", "cookie", "popup", "modal", "share", "sharing", "social", "related", "comment", "comments", "advert", "advertisement", "banner", "ads", "quangcao", "tinlienquan", "pagination", "pager", "login", "toolbar", "skip":
			// What calls itself so and is most of the page is not furniture.
			return len(plainOf(n)) < 4000
		}
	}
	return false
}

func hiddenElement(n *html.Node) bool {
	if _, ok := lookup(n, "hidden"); ok || attribute(n, "aria-hidden") == "true" {
		return true
	}
	style := strings.ReplaceAll(strings.ToLower(attribute(n, "style")), " ", "")
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "mso-hide:all")
}

func lookup(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// plainOf returns the beginning of the text inside a node, as much as the callers need to know its size.
func plainOf(n *html.Node) string {
	var b strings.Builder
	left := 20_000
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if left--; left < 0 || b.Len() > 8000 {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(strings.TrimSpace(n.Data))
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return b.String()
}

// weights counts the letters below each node, and those of them inside links.
type weight struct{ letters, linked int }

// article finds the part of the page that holds the text: the deepest element that still has most of the letters that are not links.
func article(body *html.Node) *html.Node {
	w := map[*html.Node]weight{}
	var weigh func(*html.Node, bool) weight
	weigh = func(n *html.Node, link bool) (sum weight) {
		link = link || n.DataAtom == atom.A
		if n.Type == html.TextNode {
			k := utf8.RuneCountInString(strings.TrimSpace(n.Data))
			if link {
				return weight{k, k}
			}
			return weight{k, 0}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			s := weigh(c, link)
			sum.letters += s.letters
			sum.linked += s.linked
		}
		if n.Type == html.ElementNode {
			w[n] = sum
		}
		return sum
	}
	all := weigh(body, false)
	own := func(n *html.Node) int { return w[n].letters - w[n].linked }
	at := body
	for {
		var best *html.Node
		for c := at.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && (best == nil || own(c) > own(best)) {
				best = c
			}
		}
		if best == nil {
			return at
		}
		switch best.DataAtom {
		case atom.P, atom.Ul, atom.Ol, atom.Table, atom.Tbody, atom.Blockquote, atom.Pre, atom.Span, atom.A, atom.B, atom.Font, atom.Center, atom.H1, atom.H2:
			return at
		}
		// Going down must not lose a headline or the header table: nine tenths have to be inside.
		if own(best)*10 < own(at)*9 {
			// A page with much around its text: the part with more than half of it, if what is left behind is mostly links.
			rest := weight{w[at].letters - w[best].letters, w[at].linked - w[best].linked}
			if own(best)*2 < (all.letters-all.linked) || rest.linked*2 < rest.letters {
				return at
			}
		}
		at = best
	}
}

type htmlReader struct {
	*job
	parts  []stretch
	pre    bool
	to     *[]piece
	marker string // of the list item that begins
	font   string
	items  map[*html.Node]int // how many items of a list were numbered
}

// write turns the nodes into paragraphs and tables.
func (h *htmlReader) write(n *html.Node) error {
	h.to = &h.out.pieces
	if err := h.node(n, unicodeText); err != nil {
		return err
	}
	if err := h.flush(); err != nil {
		return err
	}
	if h.font != "" {
		h.warn("doctext.warn.font", h.font)
	}
	return nil
}

// flush ends the paragraph.
func (h *htmlReader) flush() error {
	p := paragraphText{runs: h.parts}
	s := p.String()
	h.parts = nil
	if !h.pre {
		s = squeeze(s)
	}
	s = strings.Trim(s, " \n")
	if s == "" {
		return nil
	}
	label := h.marker
	h.marker = ""
	if err := h.out.grow(len(s) + len(label)); err != nil {
		return err
	}
	for _, line := range strings.Split(s, "\n") {
		*h.to = append(*h.to, piece{label: label, text: strings.Trim(line, " ")})
		label = ""
	}
	return nil
}

// squeeze makes one blank of several; a run of four or more no-break spaces stays, for it stands for a blank to fill in.
func squeeze(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space, hard := false, 0
	for _, r := range s {
		switch r {
		case ' ', '\t', '\r':
			space = true
			continue
		case 0xA0:
			hard++
			space = true
			continue
		case '\n':
			b.WriteByte('\n')
			space, hard = false, 0
			continue
		}
		if space {
			if hard >= 4 {
				b.WriteString("    ")
			} else {
				b.WriteByte(' ')
			}
			space, hard = false, 0
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (h *htmlReader) text(s string, enc legacy) {
	if enc != unicodeText && !enc.fits(s) {
		enc = unicodeText
	}
	if n := len(h.parts); n > 0 && h.parts[n-1].enc == enc {
		h.parts[n-1].text = append(h.parts[n-1].text, s...)
		return
	}
	h.parts = append(h.parts, stretch{text: []byte(s), enc: enc})
}

// node writes one node. Depth is bounded by parseHTML.
func (h *htmlReader) node(n *html.Node, enc legacy) error {
	switch n.Type {
	case html.TextNode:
		s := n.Data
		if !h.pre {
			s = strings.Map(func(r rune) rune {
				if r == '\n' || r == '\r' || r == '\t' {
					return ' '
				}
				return r
			}, s)
		}
		h.text(s, enc)
		return nil
	case html.ElementNode:
	default:
		return h.children(n, enc)
	}
	if h.ctx.Err() != nil {
		return h.ctx.Err()
	}
	if e := fontOf(n); e != "" {
		if l := encodingOfFont(e); l != enc {
			if enc = l; l != unicodeText && h.font == "" {
				h.font = e
			}
		}
	}
	switch n.DataAtom {
	case atom.Br:
		h.text("\n", unicodeText)
		return nil
	case atom.Hr:
		return h.flush()
	case atom.Img:
		return nil
	case atom.Table:
		return h.table(n, enc)
	case atom.Pre:
		if err := h.flush(); err != nil {
			return err
		}
		saved := h.pre
		h.pre = true
		if err := h.children(n, enc); err != nil {
			return err
		}
		if err := h.flush(); err != nil {
			return err
		}
		h.pre = saved
		return nil
	case atom.Li:
		if err := h.flush(); err != nil {
			return err
		}
		h.marker = h.label(n)
		if err := h.children(n, enc); err != nil {
			return err
		}
		err := h.flush()
		h.marker = ""
		return err
	}
	if !blockElement(n.DataAtom) {
		return h.children(n, enc)
	}
	if err := h.flush(); err != nil {
		return err
	}
	spaced := n.DataAtom == atom.P || isHeading(n.DataAtom)
	if spaced {
		*h.to = append(*h.to, piece{})
	}
	if err := h.children(n, enc); err != nil {
		return err
	}
	return h.flush()
}

func (h *htmlReader) children(n *html.Node, enc legacy) error {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if err := h.node(c, enc); err != nil {
			return err
		}
	}
	return nil
}

func isHeading(a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

func blockElement(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Main, atom.Header, atom.Footer, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd, atom.Blockquote, atom.Center, atom.Figure, atom.Figcaption, atom.Address, atom.Fieldset, atom.Form, atom.Details, atom.Summary, atom.Body, atom.Caption, atom.Tr, atom.Td, atom.Th:
		return true
	}
	return isHeading(a)
}

// fontOf returns the font that an element asks for by its attribute or style.
func fontOf(n *html.Node) string {
	if n.DataAtom == atom.Font {
		if f := attribute(n, "face"); f != "" {
			return strings.Trim(strings.Split(f, ",")[0], ` "'`)
		}
	}
	style := attribute(n, "style")
	i := strings.Index(strings.ToLower(style), "font-family:")
	if i < 0 {
		return ""
	}
	f := style[i+len("font-family:"):]
	if end := strings.IndexAny(f, ",;"); end >= 0 {
		f = f[:end]
	}
	return strings.Trim(f, ` "'`)
}

// label draws the number or bullet of a list item.
func (h *htmlReader) label(li *html.Node) string {
	list := li.Parent
	if list == nil || list.DataAtom != atom.Ol {
		return "-"
	}
	if h.items[list] == 0 {
		h.items[list] = max(1, atoi(attribute(list, "start"))) - 1
	}
	h.items[list]++
	n := h.items[list]
	switch attribute(list, "type") {
	case "a":
		return numeral("lowerLetter", n) + ")"
	case "A":
		return numeral("upperLetter", n) + "."
	case "i":
		return numeral("lowerRoman", n) + "."
	case "I":
		return numeral("upperRoman", n) + "."
	}
	return numeral("decimal", n) + "."
}

// table reads one table element. The cells of a table inside a cell become lines of it.
func (h *htmlReader) table(n *html.Node, enc legacy) error {
	if err := h.flush(); err != nil {
		return err
	}
	outer := h.to
	var g grid
	var rows func(*html.Node) error
	rows = func(n *html.Node) error {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch c.DataAtom {
			case atom.Tr:
				var line []cell
				for td := c.FirstChild; td != nil; td = td.NextSibling {
					if td.DataAtom != atom.Td && td.DataAtom != atom.Th {
						continue
					}
					var inside []piece
					h.to = &inside
					if err := h.children(td, enc); err != nil {
						return err
					}
					if err := h.flush(); err != nil {
						return err
					}
					line = append(line, flatten(inside))
				}
				g.rows = append(g.rows, line)
			case atom.Caption:
				h.to = outer
				if err := h.node(c, enc); err != nil {
					return err
				}
			case atom.Thead, atom.Tbody, atom.Tfoot:
				if err := rows(c); err != nil {
					return err
				}
			}
		}
		return nil
	}
	err := rows(n)
	h.to = outer
	if err != nil {
		return err
	}
	// A table that is the frame of the page is no table: what it holds comes as it would without it.
	if len(g.rows) > 0 && g.places() && h.frame(n) {
		for _, row := range g.rows {
			for _, c := range row {
				for _, s := range c {
					*outer = append(*outer, piece{text: s})
				}
				*outer = append(*outer, piece{})
			}
		}
		return nil
	}
	*outer = append(*outer, piece{table: &g})
	return nil
}

// frame tells whether a table holds tables.
func (h *htmlReader) frame(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if find(c, atom.Table) != nil {
			return true
		}
	}
	return false
}

// flatten gives pieces inside a cell as its paragraphs.
func flatten(ps []piece) cell {
	var c cell
	for _, p := range ps {
		switch {
		case p.page:
		case p.table != nil:
			c = append(c, p.table.lines()...)
		case p.label != "":
			c = append(c, p.label+" "+p.text)
		default:
			c = append(c, p.text)
		}
	}
	return c
}

// mht reads a page saved with its pictures as one file (RFC 2557), which is how Word and some law databases save: its HTML part.
func (j *job) mht() error {
	raw, err := j.all()
	if err != nil {
		return err
	}
	page, err := htmlPart(raw)
	if err != nil {
		return err
	}
	inner := *j
	inner.r, inner.size = bytes.NewReader(page), int64(len(page))
	return inner.html()
}

func htmlPart(raw []byte) ([]byte, error) {
	end := bytes.Index(raw, []byte("\n\n"))
	if i := bytes.Index(raw, []byte("\r\n\r\n")); i >= 0 && (end < 0 || i < end) {
		end = i
	}
	if end < 0 {
		return nil, refuse(ErrDamaged)
	}
	header := func(name string) string {
		lines := strings.Split(strings.ReplaceAll(string(raw[:end]), "\r\n", "\n"), "\n")
		for i, l := range lines {
			if key, v, ok := strings.Cut(l, ":"); ok && strings.EqualFold(strings.TrimSpace(key), name) {
				for i++; i < len(lines) && strings.HasPrefix(lines[i], " ") || i < len(lines) && strings.HasPrefix(lines[i], "\t"); i++ {
					v += lines[i]
				}
				return strings.TrimSpace(v)
			}
		}
		return ""
	}
	kind, params, err := mime.ParseMediaType(header("Content-Type"))
	if err != nil {
		return nil, broken(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return decodePart(header("Content-Transfer-Encoding"), bytes.NewReader(raw[end:]))
	}
	parts := multipart.NewReader(bytes.NewReader(raw[end:]), params["boundary"])
	for n := 0; n < 1000; n++ {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, broken(err)
		}
		if strings.HasPrefix(strings.ToLower(p.Header.Get("Content-Type")), "text/html") {
			return decodePart(textproto.TrimString(p.Header.Get("Content-Transfer-Encoding")), p)
		}
	}
	return nil, refuse(ErrNoText)
}

func decodePart(encoding string, r io.Reader) ([]byte, error) {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, &lineless{r})
	}
	b, err := io.ReadAll(r)
	if err != nil && len(b) == 0 {
		return nil, broken(err)
	}
	return b, nil
}

// lineless leaves line ends out.
type lineless struct{ r io.Reader }

func (l *lineless) Read(p []byte) (int, error) {
	for {
		n, err := l.r.Read(p)
		k := 0
		for _, c := range p[:n] {
			if c != '\r' && c != '\n' && c != ' ' {
				p[k] = c
				k++
			}
		}
		if k > 0 || err != nil {
			return k, err
		}
	}
}
