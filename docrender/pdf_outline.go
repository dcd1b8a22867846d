package docrender

import (
	"strconv"
	"strings"
)

// outlineItem is one line of the outline a reader shows beside the pages: a title of the document or an annex.
type outlineItem struct {
	text  string
	level int
	page  int     // index
	top   float64 // from the page's lower edge

	parent, first, last, prev, next, count int // other items by index + 1, 0: none; count: items below
}

// outlined notes a title at the place in force. The title of the document goes with its subject, an annex's with its name.
func (p *pdf) outlined(q *para, after []node) {
	if q.outline == 0 || q.tag[0] != 'H' {
		return
	}
	text := q.text()
	switch q.id {
	case "TenLoai":
		text = p.title
	case "PhuLuc":
		if len(after) > 0 {
			if name, ok := after[0].(*para); ok {
				text += ". " + name.text()
			}
		}
	}
	p.outline = append(p.outline, outlineItem{text: strings.Join(strings.Fields(text), " "), level: q.outline, page: len(p.pages) - 1, top: p.page.height - p.y})
}

// tree ties the outline's items together: an item lies below the last one before it of a higher level.
func tree(list []outlineItem) (first, last, top int) {
	var above []int
	for i := range list {
		for len(above) > 0 && list[above[len(above)-1]].level >= list[i].level {
			above = above[:len(above)-1]
		}
		prev := &last
		if len(above) == 0 {
			top++
			if first == 0 {
				first = i + 1
			}
		} else {
			up := &list[above[len(above)-1]]
			list[i].parent = above[len(above)-1] + 1
			if up.first == 0 {
				up.first = i + 1
			}
			prev = &up.last
		}
		if *prev > 0 {
			list[i].prev = *prev
			list[*prev-1].next = i + 1
		}
		*prev = i + 1
		for _, k := range above {
			list[k].count++
		}
		above = append(above, i)
	}
	return first, last, top
}

// writeOutline writes the outline and returns its object, 0 when there is none. Items below the first level are folded in.
func (p *pdf) writeOutline(pages []int) int {
	if len(p.outline) == 0 {
		return 0
	}
	f := p.file
	first, last, top := tree(p.outline)
	root := f.reserve()
	at := len(f.offsets) // the object of item i is at+i+1
	for range p.outline {
		f.reserve()
	}
	f.begin(root)
	f.s("<</Type/Outlines/First ")
	f.ref(at + first)
	f.s("/Last ")
	f.ref(at + last)
	f.s("/Count ", strconv.Itoa(top), ">>")
	f.end()
	for i, o := range p.outline {
		f.begin(at + i + 1)
		f.s("<</Title", pdfText(o.text), "/Parent ")
		if o.parent == 0 {
			f.ref(root)
		} else {
			f.ref(at + o.parent)
		}
		for _, l := range []struct {
			name string
			to   int
		}{{"/Prev ", o.prev}, {"/Next ", o.next}, {"/First ", o.first}, {"/Last ", o.last}} {
			if l.to > 0 {
				f.s(l.name)
				f.ref(at + l.to)
			}
		}
		if o.count > 0 {
			f.s("/Count -", strconv.Itoa(o.count))
		}
		f.s("/Dest[")
		f.ref(pages[o.page])
		f.s("/XYZ 0 ", strconv.FormatFloat(o.top, 'f', 2, 64), " null]>>")
		f.end()
	}
	return root
}
