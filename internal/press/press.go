// Package press makes news items (tin bài) that an editor goes on writing: a draft as plain text, and what was made of it as a text or HTML
// file.
//
// The text is what an editor types: the first paragraph is the headline, the second the lead, an empty line parts paragraphs.
package press

import (
	"html"
	"io"
	"strings"

	"chungtay/internal/web"
)

// MaxText is how many characters an item may have.
const MaxText = 20_000

// Item is a news item.
type Item struct {
	Title, Lead string
	Paras       []string
}

// Text is the item as it is typed. Empty paragraphs are left out.
func (x Item) Text() string {
	var out []string
	for _, p := range append([]string{x.Title, x.Lead}, x.Paras...) {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n\n") + "\n"
}

// Parse reads an item as it was typed.
func Parse(text string) (x Item) {
	for _, p := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		p = strings.TrimSpace(p)
		switch {
		case p == "":
		case x.Title == "":
			x.Title = strings.Join(strings.Fields(p), " ")
		case x.Lead == "":
			x.Lead = p
		default:
			x.Paras = append(x.Paras, p)
		}
	}
	return x
}

// HTML is the item as a page of its own, to be taken over by a site's editor. Nothing that was typed is taken as markup.
func (x Item) HTML() string {
	var b strings.Builder
	b.WriteString("<!doctype html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n<title>" + html.EscapeString(x.Title) + "</title>\n</head>\n<body>\n<article>\n<h1>" + html.EscapeString(x.Title) + "</h1>\n")
	para := func(open, p, end string) {
		b.WriteString(open + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>\n") + end + "\n")
	}
	if x.Lead != "" {
		para("<p><strong>", x.Lead, "</strong></p>")
	}
	for _, p := range x.Paras {
		para("<p>", p, "</p>")
	}
	b.WriteString("</article>\n</body>\n</html>\n")
	return b.String()
}

// View is the page on which a draft is edited and taken away.
type View struct {
	Heading string
	Action  string // where the form goes: Answer there
	Back    string // page the draft is about
	Notes   []string
	Form    *web.Form
}

// Answer reads the form of the page: the file that was asked for. When what was typed is refused the form says so and ok is false.
func Answer(f *web.Form, name string) (reply web.Reply, ok bool) {
	as := "txt"
	if f.Raw("as") == "html" {
		as = "html"
	}
	text := f.LongText("text", MaxText, web.Need)
	if !f.OK() {
		return reply, false
	}
	x := Parse(text)
	out, typ := x.Text(), "text/plain; charset=utf-8"
	if as == "html" {
		out, typ = x.HTML(), "text/html; charset=utf-8"
	}
	return web.Download(web.File{Name: name + "." + as, Type: typ, Size: int64(len(out)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(out)), nil }}), true
}
