package doctext

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	htmlNodes = 1_000_000
	htmlDepth = 256
	htmlToken = 1 << 20
)

// parseHTML makes a tree of a page. The parser of x/net builds the exact tree of the standard, in which a few bytes can stand for
// hundreds of nodes each (formatting elements that are opened again in every paragraph); this one makes at most one node of a token and
// needs no more than the text does. It closes what a writer may leave open: p, li, tr, td, dt, dd, option.
func parseHTML(r io.Reader) (*html.Node, error) {
	z := html.NewTokenizer(r)
	z.SetMaxBuf(htmlToken)
	root := &html.Node{Type: html.DocumentNode}
	stack := []*html.Node{root}
	nodes := 0
	top := func() *html.Node { return stack[len(stack)-1] }
	// closeTo ends the innermost element of the kinds named, unless one of the walls stands before it.
	closeTo := func(kinds, walls []atom.Atom) {
		for i := len(stack) - 1; i > 0; i-- {
			if slices.Contains(kinds, stack[i].DataAtom) {
				stack = stack[:i]
				return
			}
			if slices.Contains(walls, stack[i].DataAtom) {
				return
			}
		}
	}
	leaveHead := func() {
		if top().DataAtom == atom.Head {
			stack = stack[:len(stack)-1]
		}
	}
	for {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); err != io.EOF {
				return nil, broken(err)
			}
			return root, nil
		case html.TextToken:
			t := z.Token()
			if strings.TrimSpace(t.Data) != "" {
				leaveHead()
			}
			if nodes++; nodes > htmlNodes {
				return nil, refuse(ErrLong, fmt.Sprintf("%d", htmlNodes))
			}
			top().AppendChild(&html.Node{Type: html.TextNode, Data: t.Data})
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch t.DataAtom {
			case atom.Html:
				continue
			case atom.Head:
			case atom.Meta, atom.Title, atom.Link, atom.Base, atom.Script, atom.Style, atom.Noscript:
			default:
				leaveHead()
			}
			switch t.DataAtom {
			case atom.Li:
				closeTo([]atom.Atom{atom.Li}, []atom.Atom{atom.Ul, atom.Ol, atom.Td, atom.Th, atom.Table})
			case atom.Tr:
				closeTo([]atom.Atom{atom.Tr}, []atom.Atom{atom.Table})
			case atom.Td, atom.Th:
				closeTo([]atom.Atom{atom.Td, atom.Th}, []atom.Atom{atom.Tr, atom.Table})
			case atom.Thead, atom.Tbody, atom.Tfoot:
				closeTo([]atom.Atom{atom.Thead, atom.Tbody, atom.Tfoot}, []atom.Atom{atom.Table})
			case atom.Dt, atom.Dd:
				closeTo([]atom.Atom{atom.Dt, atom.Dd}, []atom.Atom{atom.Dl})
			case atom.Option:
				closeTo([]atom.Atom{atom.Option}, []atom.Atom{atom.Select})
			}
			if blockElement(t.DataAtom) || t.DataAtom == atom.Table || t.DataAtom == atom.Hr || t.DataAtom == atom.Pre {
				closeTo([]atom.Atom{atom.P}, []atom.Atom{atom.Td, atom.Th, atom.Table, atom.Li, atom.Div, atom.Body, atom.Button})
			}
			if nodes++; nodes > htmlNodes {
				return nil, refuse(ErrLong, fmt.Sprintf("%d", htmlNodes))
			}
			n := &html.Node{Type: html.ElementNode, DataAtom: t.DataAtom, Data: t.Data, Attr: t.Attr}
			top().AppendChild(n)
			if !void(t.DataAtom) && (t.Type == html.StartTagToken || t.DataAtom != 0) && len(stack) < htmlDepth {
				stack = append(stack, n)
			}
		case html.EndTagToken:
			t := z.Token()
			walls := []atom.Atom{atom.Td, atom.Th, atom.Table}
			switch t.DataAtom {
			case atom.Html, atom.Body:
				continue // what stands behind the end of a page is shown by browsers
			case atom.Table:
				walls = nil
			case atom.Tr, atom.Td, atom.Th, atom.Tbody, atom.Thead, atom.Tfoot:
				walls = []atom.Atom{atom.Table}
			}
			for i := len(stack) - 1; i > 0; i-- {
				if stack[i].Data == t.Data {
					stack = stack[:i]
					break
				}
				if slices.Contains(walls, stack[i].DataAtom) {
					break
				}
			}
		}
	}
}

func void(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}
