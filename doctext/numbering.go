package doctext

import (
	"strconv"
	"strings"
)

// numbering gives the labels of numbered paragraphs, as Word counts them (ECMA-376, part 1, 17.9).
type numbering struct {
	abstract map[string]*numberList
	lists    map[string]*numberUse
}

// numberList is an abstractNum: the levels, and how far it was counted.
type numberList struct {
	levels [9]numberLevel
	link   string // a numbering style that has the levels
	count  [9]int
	begun  [9]bool
}

type numberLevel struct {
	format  string
	text    string
	start   int
	restart int // -1: after any higher level
	legal   bool
	joined  bool // nothing between label and text
	set     bool
}

// numberUse is a num: a list with its own exceptions.
type numberUse struct {
	abstract string
	start    [9]int // 0: none
	levels   map[int]numberLevel
	used     bool
}

func newNumbering() *numbering {
	return &numbering{abstract: map[string]*numberList{}, lists: map[string]*numberUse{}}
}

func (n *numbering) read(x *xmlReader) error {
	var abs *numberList
	var use *numberUse
	over := -1
	for x.next() {
		if x.kind != xmlOpen {
			continue
		}
		switch x.name {
		case "abstractNum":
			if len(n.abstract) > 20_000 {
				return refuse(ErrBomb)
			}
			abs, use = &numberList{}, nil
			n.abstract[x.attr("abstractNumId")] = abs
		case "numStyleLink":
			if abs != nil {
				abs.link = x.attr("val")
			}
		case "num":
			if len(n.lists) > 50_000 {
				return refuse(ErrBomb)
			}
			abs, use, over = nil, &numberUse{}, -1
			n.lists[x.attr("numId")] = use
		case "abstractNumId":
			if use != nil {
				use.abstract = x.attr("val")
			}
		case "lvlOverride":
			over = x.intAttr("ilvl", -1)
		case "startOverride":
			if use != nil && over >= 0 && over < 9 {
				use.start[over] = x.intAttr("val", 1) + 1 // 0 stands for none
			}
		case "lvl":
			at := x.intAttr("ilvl", -1)
			l := readLevel(x)
			switch {
			case at < 0 || at > 8:
			case abs != nil:
				abs.levels[at] = l
			case use != nil:
				if use.levels == nil {
					use.levels = map[int]numberLevel{}
				}
				use.levels[at] = l
			}
		}
	}
	return x.err
}

func readLevel(x *xmlReader) numberLevel {
	l := numberLevel{start: 0, restart: -1, set: true, format: "decimal"}
	for depth := x.depth; x.next() && !(x.kind == xmlClose && x.depth == depth); {
		if x.kind != xmlOpen {
			continue
		}
		switch x.name {
		case "start":
			l.start = x.intAttr("val", 1)
		case "numFmt":
			l.format = x.attr("val")
		case "lvlText":
			l.text = x.attr("val")
		case "lvlRestart":
			l.restart = x.intAttr("val", -1)
		case "isLgl":
			l.legal = switched(x) == on
		case "suff":
			l.joined = x.attr("val") == "nothing"
		}
	}
	return l
}

// label counts one paragraph and returns its label; linked tells the list of a numbering style.
func (n *numbering) label(numID string, level int, linked func(string) string) string {
	if level < 0 || level > 8 {
		return ""
	}
	use := n.lists[numID]
	if use == nil {
		return ""
	}
	abs := n.abstract[use.abstract]
	if abs != nil && abs.link != "" {
		if other := n.lists[linked(abs.link)]; other != nil && n.abstract[other.abstract] != nil {
			abs = n.abstract[other.abstract]
		}
	}
	if abs == nil {
		return ""
	}
	at := func(i int) numberLevel {
		if l, ok := use.levels[i]; ok {
			return l
		}
		return abs.levels[i]
	}
	l := at(level)
	if !l.set {
		return ""
	}
	if !use.used {
		use.used = true
		for i, s := range use.start {
			if s > 0 {
				abs.count[i], abs.begun[i] = s-2, true
			}
		}
	}
	if !abs.begun[level] {
		abs.count[level], abs.begun[level] = l.start-1, true
	}
	abs.count[level]++
	for i := level + 1; i < 9; i++ {
		if r := at(i).restart; r == 0 || r > 0 && r != level+1 {
			continue
		}
		abs.begun[i] = false
	}
	if l.format == "bullet" {
		return bullet(l.text)
	}
	if l.format == "none" && !strings.Contains(l.text, "%") {
		return strings.TrimSpace(l.text)
	}
	var b strings.Builder
	for i := 0; i < len(l.text); i++ {
		if l.text[i] != '%' || i+1 >= len(l.text) || l.text[i+1] < '1' || l.text[i+1] > '9' {
			b.WriteByte(l.text[i])
			continue
		}
		i++
		k := int(l.text[i] - '1')
		up := at(k)
		v := abs.count[k]
		if !abs.begun[k] {
			v = up.start
		}
		format := up.format
		if l.legal {
			format = "decimal"
		}
		b.WriteString(numeral(format, v))
	}
	return strings.TrimSpace(b.String())
}

// bullet keeps the signs that official texts use; signs of symbol fonts become the dash that Nghị định 30/2020/NĐ-CP texts have there.
func bullet(s string) string {
	switch s = strings.TrimSpace(s); s {
	case "-", "+", "•", "–":
		return s
	case "·", "\uf0b7":
		return "•"
	}
	return "-"
}

// numeral writes a number in a format of ECMA-376, part 1, 17.18.59.
func numeral(format string, v int) string {
	switch format {
	case "upperRoman":
		return roman(v)
	case "lowerRoman":
		return strings.ToLower(roman(v))
	case "lowerLetter":
		return letters(v)
	case "upperLetter":
		return strings.ToUpper(letters(v))
	case "decimalZero":
		if v >= 0 && v < 10 {
			return "0" + strconv.Itoa(v)
		}
	case "none":
		return ""
	case "bullet":
		return "-"
	}
	return strconv.Itoa(v)
}

func letters(v int) string {
	if v < 1 || v > 780 {
		return strconv.Itoa(v)
	}
	return strings.Repeat(string(rune('a'+(v-1)%26)), (v-1)/26+1)
}

func roman(v int) string {
	if v < 1 || v > 3999 {
		return strconv.Itoa(v)
	}
	var b strings.Builder
	for _, s := range []struct {
		v int
		s string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for v >= s.v {
			b.WriteString(s.s)
			v -= s.v
		}
	}
	return b.String()
}
