package formdef

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"chungtay/internal/errs"
)

// Draft is a definition as a tree that an editor changes piece by piece. It keeps what it does not know; whether the result is a form is
// the question of Parse. Places are named as in problems: "sections[1].fields[2].label".
type Draft struct{ root jnode }

// NewDraft reads a definition. It need not be a valid form, but must be JSON.
func NewDraft(b []byte) (*Draft, error) {
	root, bad := readJSON(string(b))
	if bad == nil && root.kind != jObject {
		bad = &jerror{0, "formdef.parse.object", ""}
	}
	if bad != nil {
		line, col := lineOf(string(b), bad.off)
		return nil, &ParseError{[]Problem{{Line: line, Col: col, Level: Hard, Message: errs.Message{Key: bad.key, Args: args(bad.arg)}}}}
	}
	return &Draft{root}, nil
}

// JSON writes the definition in the one layout of this package: short objects on one line, long ones a member a line.
func (d *Draft) JSON() []byte {
	var b bytes.Buffer
	d.root.write(&b, 0)
	b.WriteByte('\n')
	return b.Bytes()
}

// step takes the first part of a place: a key and an index from 1, 0 if there is none.
func step(place string) (key string, index int, rest string) {
	key, rest, _ = strings.Cut(place, ".")
	if i := strings.IndexByte(key, '['); i >= 0 && strings.HasSuffix(key, "]") {
		index, _ = strconv.Atoi(key[i+1 : len(key)-1])
		key = key[:i]
	}
	return key, index, rest
}

// find returns the node at a place, nil if there is none.
func (n *jnode) find(place string) *jnode {
	for place != "" {
		key, index, rest := step(place)
		i := slices.Index(n.keys, key)
		if n.kind != jObject || i < 0 {
			return nil
		}
		n = &n.items[i]
		if index != 0 {
			if n.kind != jArray || index < 1 || index > len(n.items) {
				return nil
			}
			n = &n.items[index-1]
		}
		place = rest
	}
	return n
}

// Has tells whether there is something at a place.
func (d *Draft) Has(place string) bool { return d.root.find(place) != nil }

// Text returns the text, number or truth value at a place, "" if there is none. A formula given as true reads "true()".
func (d *Draft) Text(place string) string {
	n := d.root.find(place)
	if n == nil || n.kind == jObject || n.kind == jArray || n.kind == jNull {
		return ""
	}
	return n.text
}

// Wording returns the Vietnamese and English at a place, given as one text or as both.
func (d *Draft) Wording(place string) Text {
	if n := d.root.find(place); n != nil && n.kind == jString {
		return Text{VI: n.text}
	}
	return Text{d.Text(place + ".vi"), d.Text(place + ".en")}
}

// Len is the number of items of a list.
func (d *Draft) Len(list string) int {
	if n := d.root.find(list); n != nil && n.kind == jArray {
		return len(n.items)
	}
	return 0
}

func (d *Draft) parent(place string) (*jnode, string) {
	at, key := "", place
	if i := strings.LastIndexByte(place, '.'); i >= 0 {
		at, key = place[:i], place[i+1:]
	}
	n := d.root.find(at)
	if n == nil && at != "" {
		d.set(at, jnode{kind: jObject})
		n = d.root.find(at)
	}
	return n, key
}

func (d *Draft) set(place string, v jnode) {
	n, key := d.parent(place)
	if n == nil || n.kind != jObject {
		return
	}
	if i := slices.Index(n.keys, key); i >= 0 {
		n.items[i] = v
		return
	}
	at := len(n.keys)
	for at > 0 && slices.Contains(lastKeys, n.keys[at-1]) { // lists of a field stay at its end
		at--
	}
	if slices.Contains(lastKeys, key) {
		at = len(n.keys)
	}
	n.keys, n.items = slices.Insert(n.keys, at, key), slices.Insert(n.items, at, v)
}

var lastKeys = []string{"choices", "rows", "columns", "fields", "sections", "breakdowns", "rules"}

// Drop takes away what is at a place: a member, or an item of a list.
func (d *Draft) Drop(place string) {
	if strings.HasSuffix(place, "]") {
		list, i := listItem(place)
		if n := d.root.find(list); n != nil && n.kind == jArray && i >= 1 && i <= len(n.items) {
			n.items = slices.Delete(n.items, i-1, i)
		}
		return
	}
	at, key := "", place
	if i := strings.LastIndexByte(place, '.'); i >= 0 {
		at, key = place[:i], place[i+1:]
	}
	if n := d.root.find(at); n != nil && n.kind == jObject {
		if i := slices.Index(n.keys, key); i >= 0 {
			n.keys, n.items = slices.Delete(n.keys, i, i+1), slices.Delete(n.items, i, i+1)
		}
	}
}

func listItem(place string) (list string, index int) {
	i := strings.LastIndexByte(place, '[')
	if i < 0 || !strings.HasSuffix(place, "]") {
		return place, 0
	}
	index, _ = strconv.Atoi(place[i+1 : len(place)-1])
	return place[:i], index
}

// SetText puts a text at a place; empty text takes the member away.
func (d *Draft) SetText(place, s string) {
	if s == "" {
		d.Drop(place)
		return
	}
	d.set(place, jnode{kind: jString, text: s})
}

// SetWording puts both wordings at a place; without Vietnamese the member is taken away.
func (d *Draft) SetWording(place string, t Text) {
	if t.VI == "" {
		d.Drop(place)
		return
	}
	n := jnode{kind: jObject, keys: []string{"vi"}, items: []jnode{{kind: jString, text: t.VI}}}
	if t.EN != "" {
		n.keys, n.items = append(n.keys, "en"), append(n.items, jnode{kind: jString, text: t.EN})
	}
	d.set(place, n)
}

// SetNumber puts a number at a place; what is not a number is put as text, for Parse to refuse at its line.
func (d *Draft) SetNumber(place, s string) {
	switch _, err := ParseNumber(s); {
	case s == "":
		d.Drop(place)
	case err != nil:
		d.set(place, jnode{kind: jString, text: s})
	default:
		d.set(place, jnode{kind: jNumber, text: s})
	}
}

// SetFlag puts a truth value at a place, or takes the member away when it is what goes without saying.
func (d *Draft) SetFlag(place string, v, usual bool) {
	if v == usual {
		d.Drop(place)
		return
	}
	d.set(place, jnode{kind: jBool, text: strconv.FormatBool(v)})
}

// Insert puts an object with some texts into a list, at index (from 1), or at the end when index is 0.
func (d *Draft) Insert(list string, index int, members ...[2]string) (place string) {
	n := d.root.find(list)
	if n == nil {
		d.set(list, jnode{kind: jArray})
		n = d.root.find(list)
	}
	if n == nil || n.kind != jArray {
		return ""
	}
	if index < 1 || index > len(n.items)+1 {
		index = len(n.items) + 1
	}
	v := jnode{kind: jObject}
	for _, m := range members {
		v.keys, v.items = append(v.keys, m[0]), append(v.items, jnode{kind: jString, text: m[1]})
	}
	n.items = slices.Insert(n.items, index-1, v)
	return list + "[" + itoa(index) + "]"
}

// Move moves an item of a list up (-1) or down (+1) and returns where it is now.
func (d *Draft) Move(place string, by int) string {
	list, i := listItem(place)
	n := d.root.find(list)
	if n == nil || n.kind != jArray || i < 1 || i > len(n.items) || i+by < 1 || i+by > len(n.items) {
		return place
	}
	n.items[i-1], n.items[i+by-1] = n.items[i+by-1], n.items[i-1]
	return list + "[" + itoa(i+by) + "]"
}

const lineWidth = 170

// write lays a value out.
func (n *jnode) write(b *bytes.Buffer, indent int) {
	if s := n.short(); indent+utf8.RuneCountInString(s) <= lineWidth {
		b.WriteString(s)
		return
	}
	pad := "\n" + strings.Repeat(" ", indent+2)
	switch n.kind {
	case jObject:
		b.WriteByte('{')
		width := 0
		for i := range n.items {
			var item bytes.Buffer
			quote(&item, n.keys[i])
			item.WriteString(": ")
			n.items[i].write(&item, indent+2)
			w := utf8.RuneCount(item.Bytes())
			if bytes.ContainsRune(item.Bytes(), '\n') {
				w = lineWidth
			}
			if width > 0 && width+w+2 <= lineWidth-indent-4 {
				b.WriteString(", ")
				width += w + 2
			} else {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString(pad)
				width = w
			}
			b.Write(item.Bytes())
		}
		b.WriteString("\n" + strings.Repeat(" ", indent) + "}")
	case jArray:
		b.WriteByte('[')
		for i := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(pad)
			n.items[i].write(b, indent+2)
		}
		b.WriteString("\n" + strings.Repeat(" ", indent) + "]")
	default:
		b.WriteString(n.short())
	}
}

// short writes a value on one line.
func (n *jnode) short() string {
	var b bytes.Buffer
	switch n.kind {
	case jString:
		quote(&b, n.text)
	case jObject, jArray:
		open, end := "{", "}"
		if n.kind == jArray {
			open, end = "[", "]"
		}
		b.WriteString(open)
		for i := range n.items {
			if i > 0 {
				b.WriteString(", ")
			}
			if n.kind == jObject {
				quote(&b, n.keys[i])
				b.WriteString(": ")
			}
			b.WriteString(n.items[i].short())
		}
		b.WriteString(end)
	default:
		b.WriteString(n.text)
	}
	return b.String()
}

// Arrange puts the items of a list in an order, named by one of their members: items that are named keep all they have, new names become
// items, the others are dropped. An empty order takes the list away.
func (d *Draft) Arrange(list, key string, order []string) {
	old := map[string]jnode{}
	if n := d.root.find(list); n != nil && n.kind == jArray {
		for _, x := range n.items {
			if v := x.find(key); v != nil {
				old[v.text] = x
			}
		}
	}
	if len(order) == 0 {
		d.Drop(list)
		return
	}
	out := jnode{kind: jArray}
	for _, name := range order {
		x, ok := old[name]
		if !ok {
			x = jnode{kind: jObject, keys: []string{key}, items: []jnode{{kind: jString, text: name}}}
		}
		delete(old, name) // a name given twice becomes two items, for Parse to refuse
		out.items = append(out.items, x)
	}
	d.set(list, out)
}
