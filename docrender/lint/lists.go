package lint

import (
	"strconv"
	"strings"
)

// lists counts numbered paragraphs as Word does (ECMA-376, part 1, 17.9).
type lists struct {
	abstract map[string]*list
	nums     map[string]*use
}

type list struct {
	levels map[int]*node
	count  [9]int
	begun  [9]bool
}

type use struct {
	abstract string
	start    map[int]int
	over     map[int]*node
	used     map[int]bool
}

func (d *docx) readLists() error {
	n, err := d.part("word/numbering.xml")
	if err != nil {
		return err
	}
	d.lists = &lists{abstract: map[string]*list{}, nums: map[string]*use{}}
	root := n.kid("numbering")
	if root == nil {
		return nil
	}
	for _, k := range root.kids {
		switch k.name {
		case "abstractNum":
			l := &list{levels: map[int]*node{}}
			for _, x := range k.kids {
				if x.name == "lvl" {
					if i, err := strconv.Atoi(x.get("ilvl")); err == nil && i >= 0 && i < 9 {
						l.levels[i] = x
					}
				}
			}
			d.lists.abstract[k.get("abstractNumId")] = l
		case "num":
			u := &use{abstract: k.kid("abstractNumId").val(), start: map[int]int{}, over: map[int]*node{}, used: map[int]bool{}}
			for _, x := range k.kids {
				if x.name != "lvlOverride" {
					continue
				}
				i, err := strconv.Atoi(x.get("ilvl"))
				if err != nil || i < 0 || i > 8 {
					continue
				}
				if s := x.kid("startOverride"); s != nil {
					if v, err := strconv.Atoi(s.val()); err == nil {
						u.start[i] = v
					}
				}
				if l := x.kid("lvl"); l != nil {
					u.over[i] = l
				}
			}
			d.lists.nums[k.get("numId")] = u
		}
	}
	return nil
}

func (l *lists) level(numID string, ilvl int) *node {
	u := l.nums[numID]
	if u == nil {
		return nil
	}
	if n := u.over[ilvl]; n != nil {
		return n
	}
	if a := l.abstract[u.abstract]; a != nil {
		return a.levels[ilvl]
	}
	return nil
}

// levelOfStyle is the level of a list that a paragraph style is tied to.
func (l *lists) levelOfStyle(numID, style string, ilvl int) int {
	u := l.nums[numID]
	if u == nil {
		return ilvl
	}
	if a := l.abstract[u.abstract]; a != nil {
		for i, n := range a.levels {
			if n.kid("pStyle").val() == style && style != "" {
				return i
			}
		}
	}
	return ilvl
}

// next counts one paragraph and returns its label.
func (l *lists) next(numID string, ilvl int) string {
	lvl := l.level(numID, ilvl)
	u := l.nums[numID]
	if lvl == nil || ilvl < 0 || ilvl > 8 {
		return ""
	}
	a := l.abstract[u.abstract]
	if a == nil {
		return ""
	}
	start := 1
	if v, err := strconv.Atoi(lvl.kid("start").val()); err == nil {
		start = v
	}
	if s, ok := u.start[ilvl]; ok && !u.used[ilvl] {
		a.count[ilvl], a.begun[ilvl] = s, true
	} else if !a.begun[ilvl] {
		a.count[ilvl], a.begun[ilvl] = start, true
	} else {
		a.count[ilvl]++
	}
	u.used[ilvl] = true
	for i := ilvl + 1; i < 9; i++ {
		if n := l.level(numID, i); n.kid("lvlRestart").val() != "0" {
			a.begun[i] = false
		}
	}
	if lvl.kid("numFmt").val() == "bullet" {
		t := lvl.kid("lvlText").val()
		if t == "+" {
			return "+"
		}
		return "-"
	}
	text := lvl.kid("lvlText").val()
	for i := 0; i < 9; i++ {
		hole := "%" + strconv.Itoa(i+1)
		if !strings.Contains(text, hole) {
			continue
		}
		n := a.count[i]
		if !a.begun[i] {
			n = 1
		}
		text = strings.ReplaceAll(text, hole, numeral(l.level(numID, i).kid("numFmt").val(), n))
	}
	return strings.TrimSpace(text)
}

func numeral(format string, n int) string {
	if n < 0 || n > 30000 {
		return strconv.Itoa(n)
	}
	switch format {
	case "upperRoman", "lowerRoman":
		s := ""
		for i, v := range []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1} {
			for ; n >= v; n -= v {
				s += []string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}[i]
			}
		}
		if format == "lowerRoman" {
			return strings.ToLower(s)
		}
		return s
	case "lowerLetter", "upperLetter":
		if n < 1 {
			return ""
		}
		s := strings.Repeat(string(rune('a'+(n-1)%26)), min((n-1)/26+1, 20))
		if format == "upperLetter" {
			return strings.ToUpper(s)
		}
		return s
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "none":
		return ""
	}
	return strconv.Itoa(n)
}
