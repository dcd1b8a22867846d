package docrender

import (
	"context"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// HTML shows the document in a page: an article with the parts in their order and a class a style (web/src/paper.css), no style or
// script of its own. Pictures need an address: image gives the one of the n-th picture, from 1; with nil only what they show is said.
// A document with problems is shown as far as it goes; Check says what they are.
func HTML(d Document, image func(n int) string) templ.Component {
	d, _ = d.prepared()
	h := &page{composed: composeSafely(d), image: image}
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, h.article())
		return err
	})
}

// composeSafely leaves out what cannot be laid out: Check tells about it.
func composeSafely(d Document) *composed {
	clean := func(in []Block, landscape bool) []Block {
		out := make([]Block, 0, len(in))
		for i := range in {
			var p problems
			p.blocks("", in[i:i+1], landscape)
			if p.list == nil || len(p.list) == 1 && p.list[0].Code == TableTooWide {
				out = append(out, in[i])
			}
		}
		return out
	}
	d.Body = clean(d.Body, d.Landscape)
	as := append([]Annex(nil), d.Annexes...)
	for i := range as {
		as[i].Body = clean(as[i].Body, as[i].Landscape)
	}
	d.Annexes = as
	return compose(d)
}

type page struct {
	*composed
	image func(int) string
	b     strings.Builder
	level int // of the heading above
}

func (h *page) s(parts ...string) {
	for _, p := range parts {
		h.b.WriteString(p)
	}
}

func (h *page) article() string {
	h.b.Reset()
	h.level = 1
	lang := ""
	if l := h.doc.lang(); l != "vi-VN" {
		lang = ` lang="` + escaped(l) + `"`
	} else {
		lang = ` lang="vi"`
	}
	h.s(`<article class="paper"`, lang, `>`)
	for i, s := range h.sheets {
		class := "paper-sheet"
		if s.landscape {
			class += " paper-landscape"
		}
		h.s(`<section class="`, class, `">`)
		h.nodes(s.nodes)
		if i == 0 && len(h.footer) > 0 {
			h.s(`<footer class="paper-diachi">`)
			for _, p := range h.footer {
				h.s(`<p>`, escaped(p.text()), `</p>`)
			}
			h.s(`</footer>`)
		}
		h.s(`</section>`)
	}
	h.s(`</article>`)
	return h.b.String()
}

func (h *page) nodes(nodes []node) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *para:
			h.para(n)
		case *rule:
			h.s(`<hr class="paper-vach`, widthClass(n), `">`)
		case *columns:
			h.s(`<div class="paper-`, n.name, `">`)
			for _, r := range n.rows {
				for i, cell := range r.cells {
					if cell != nil || i == 0 { // an empty first cell keeps the second one in its column
						h.s(`<div>`)
						h.nodes(cell)
						h.s(`</div>`)
					}
				}
			}
			h.s(`</div>`)
		case *ruled:
			h.table(n)
		case *picture:
			h.s(`<figure class="paper-hinh">`)
			if h.image != nil {
				h.s(`<img src="`, escaped(h.image(n.index)), `" width="`, strconv.Itoa(n.pixels[0]), `" height="`, strconv.Itoa(n.pixels[1]), `" alt="`, escaped(n.Alt), `">`)
			} else {
				h.s(`<p>[`, escaped(n.Alt), `]</p>`)
			}
			h.s(`</figure>`)
		case *graph:
			h.s(`<figure class="paper-hinh">`, n.svg(), `</figure>`)
		}
	}
}

// widthClass says how long a rule is, in steps: a page has no styles of its own.
func widthClass(r *rule) string {
	switch part := r.width / r.room; {
	case part > 0.5:
		return " paper-vach-dai"
	case part > 0.25:
		return " paper-vach-vua"
	}
	return ""
}

// heading is the heading's level in the page, never more than one below the last.
func (h *page) heading(p *para) int {
	if p.id != "TenLoai" && p.id != "PhuLuc" && (p.outline == 0 || p.tag[0] != 'H') {
		return 0
	}
	want := p.outline + 1
	if p.id == "TenLoai" || p.id == "PhuLuc" {
		want = 2
	}
	h.level = min(want, h.level+1, 6)
	return h.level
}

func (h *page) para(p *para) {
	if p.id == "SauBang" || p.text() == "" {
		return
	}
	tag := "p"
	if n := h.heading(p); n > 0 {
		tag = "h" + strconv.Itoa(n)
	}
	h.s(`<`, tag, ` class="paper-`, strings.ToLower(p.id))
	switch p.align {
	case Center:
		h.s(` paper-giua`)
	case Right:
		h.s(` paper-phai`)
	case Left:
		h.s(` paper-trai`)
	}
	h.s(`">`)
	if p.label != "" {
		label := escaped(p.label)
		if p.boldLabel && !p.bold {
			label = `<b>` + label + `</b>`
		}
		sep := " "
		if p.ownLine {
			sep = "<br>"
		}
		h.s(label, sep)
	}
	for _, r := range p.runs {
		t := strings.ReplaceAll(escaped(r.Text), "\n", "<br>")
		if p.alignment() == Center && p.id != "QuocHieu" && p.id != "TieuNgu" {
			t = unparted(r.Text)
		}
		if r.Bold && !p.bold {
			t = `<b>` + t + `</b>`
		}
		if r.Italic && !p.italic {
			t = `<i>` + t + `</i>`
		}
		h.s(t)
	}
	h.s(`</`, tag, `>`)
}

// longestPiece is how many letters stay in one line of a page: what a phone shows in the paper's letters.
const longestPiece = 22

// unparted is a centred text whose names, dates and words of several syllables stay in one line, where the PDF keeps them too (breakCost): a
// browser balances lines but would end them inside "nhân dân".
func unparted(text string) string {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteString("<br>")
		}
		words := strings.Fields(line)
		if strings.Join(words, " ") != line { // blanks to be filled in by hand stay as wide as they are
			b.WriteString(escaped(line))
			continue
		}
		costs := make([]float64, len(words)) // of ending a line before the word
		for k, at := 1, 0; k < len(words); k++ {
			at += len(words[k-1]) + 1
			costs[k] = breakCost([]rune(line[:at-1]), []rune(line[at:]))
		}
		for from, to := 0, 1; to <= len(words); to++ {
			if to < len(words) && costs[to] >= 1 {
				continue
			}
			if from > 0 {
				b.WriteByte(' ')
			}
			piece(&b, words[from:to], costs[from:to])
			from = to
		}
	}
	return b.String()
}

// piece writes words that belong together, in two where no phone's line would hold them.
func piece(b *strings.Builder, words []string, costs []float64) {
	text := strings.Join(words, " ")
	if n := len(words); n > 1 && utf8.RuneCountInString(text) > longestPiece {
		cut := 1
		for k := 2; k < n; k++ {
			if off := func(i int) int { return max(2*i-n, n-2*i) }; costs[k] < costs[cut] || costs[k] == costs[cut] && off(k) < off(cut) {
				cut = k
			}
		}
		piece(b, words[:cut], costs[:cut])
		b.WriteByte(' ')
		piece(b, words[cut:], costs[cut:])
		return
	}
	if len(words) > 1 || strings.Contains(text, "-") && utf8.RuneCountInString(text) <= longestPiece {
		b.WriteString(`<span class="paper-lien">` + escaped(text) + `</span>`)
		return
	}
	b.WriteString(escaped(text))
}

func (h *page) table(t *ruled) {
	h.s(`<div class="paper-bang" tabindex="0" role="region" aria-label="`, escaped(tableName(t)), `"><table>`)
	if len(t.heads) > 0 {
		h.s(`<thead>`)
		for _, r := range t.heads {
			h.row(t, r, true)
		}
		h.s(`</thead>`)
	}
	h.s(`<tbody>`)
	for _, r := range t.rows {
		h.row(t, r, false)
	}
	h.s(`</tbody></table></div>`)
}

// tableName names a table for those who hear the page: its caption, or its first column titles.
func tableName(t *ruled) string {
	if t.Caption != "" {
		return t.Caption
	}
	var names []string
	for _, r := range t.heads {
		for _, c := range r {
			if c.Text != "" && len(names) < 3 {
				names = append(names, c.Text)
			}
		}
	}
	if names == nil {
		return "Bảng"
	}
	return "Bảng: " + strings.Join(names, ", ")
}

func (h *page) row(t *ruled, r []placed, head bool) {
	h.s(`<tr>`)
	for _, c := range r {
		if c.cont {
			continue
		}
		tag := "td"
		if head {
			tag = "th"
		}
		h.s(`<`, tag)
		if head {
			scope := "col"
			if c.ColSpan > 1 {
				scope = "colgroup"
			}
			h.s(` scope="`, scope, `"`)
		}
		align := c.Align
		if align == "" && !head {
			align = t.Columns[c.col].Align
		}
		switch {
		case align == Center && !head:
			h.s(` class="paper-giua"`)
		case align == Right:
			h.s(` class="paper-phai"`)
		}
		if c.ColSpan > 1 {
			h.s(` colspan="`, strconv.Itoa(c.ColSpan), `"`)
		}
		if c.RowSpan > 1 {
			h.s(` rowspan="`, strconv.Itoa(c.RowSpan), `"`)
		}
		h.s(`>`)
		text := strings.ReplaceAll(escaped(c.Text), "\n", "<br>")
		if c.Bold && !head {
			text = `<b>` + text + `</b>`
		}
		if c.Italic {
			text = `<i>` + text + `</i>`
		}
		h.s(text, `</`, tag, `>`)
	}
	h.s(`</tr>`)
}
