package formbook

import (
	"bytes"
	"testing"

	"golang.org/x/net/html"

	"chungtay/internal/i18n"
)

// inputs draws a sheet and returns what a browser without scripts would send. Names of ids must be unique.
func inputs(t *testing.T, s Sheet) map[string][]string {
	t.Helper()
	var b bytes.Buffer
	if err := Fields(s).Render(speaking(t, i18n.VI), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	ids := map[string]bool{}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		attr := map[string]string{}
		for _, a := range n.Attr {
			attr[a.Key] = a.Val
		}
		if id := attr["id"]; id != "" {
			if ids[id] {
				t.Errorf("two elements have the id %s", id)
			}
			ids[id] = true
		}
		_, checked := attr["checked"]
		name := attr["name"]
		switch {
		case n.Type != html.ElementNode || name == "":
		case n.Data == "input" && (attr["type"] == "checkbox" || attr["type"] == "radio"):
			if checked {
				out[name] = append(out[name], attr["value"])
			}
		case n.Data == "input":
			out[name] = append(out[name], attr["value"])
		case n.Data == "textarea" && n.FirstChild != nil:
			out[name] = append(out[name], n.FirstChild.Data)
		case n.Data == "textarea":
			out[name] = append(out[name], "")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return out
}
