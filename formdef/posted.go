package formdef

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"chungtay/internal/errs"
)

// Names of the inputs of a form on a page. An address is a cell's, or "table/row" for all figures of a row.
const (
	InputValue   = "v."        // + address; of a date also .day .month .year
	InputNone    = "n."        // + address: ticked for "không phát sinh"
	InputEntries = "e."        // + repeat: how many entries the page had
	InputRest    = "none_rest" // name of a section whose empty figures are "không phát sinh"
)

// None, typed into a cell.
var noneWords = []string{"-", "–", "—", "kps", "không phát sinh", "khong phat sinh", "none"}

// ParseFigure reads a number as people write it: 1250, 1.250, 1 250 and 58,3. A point groups three digits, a comma begins decimals; in a
// cell of whole numbers a comma may group three digits as well. ok is false for what is neither; dot is true when a point stands where a
// comma should ("12.5").
func ParseFigure(s string, decimals int) (n Number, dot, ok bool) {
	s = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(strings.TrimSpace(s))
	sign := ""
	if t, found := strings.CutPrefix(s, "-"); found {
		sign, s = "-", strings.TrimSpace(t)
	}
	whole, frac, comma := strings.Cut(s, ",")
	if comma && decimals == 0 && groups(s, ",") {
		whole, frac = strings.ReplaceAll(s, ",", ""), ""
		comma = false
	}
	for _, sep := range []string{".", " "} {
		if strings.Contains(whole, sep) {
			if !groups(whole, sep) {
				_, after, _ := strings.Cut(whole, ".")
				return n, sep == "." && !comma && strings.Count(whole, ".") == 1 && digits(strings.ReplaceAll(whole, ".", "")) && after != "", false
			}
			whole = strings.ReplaceAll(whole, sep, "")
		}
	}
	if !digits(whole) || comma && !digits(frac) {
		return n, false, false
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if comma {
		whole += "." + frac
	}
	n, err := ParseNumber(sign + whole)
	if err == errDecimals || err == errDigits { // a number, too long: refused where its field is known
		return Number{coef: maxCoef, scale: uint8(min(len(frac), maxDecimals))}, false, true
	}
	return n, false, err == nil
}

func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// groups tells whether s is digits grouped by threes.
func groups(s, sep string) bool {
	part := strings.Split(s, sep)
	for i, p := range part {
		if !digits(p) || i > 0 && len(p) != 3 || i == 0 && (len(p) > 3 || p == "") {
			return false
		}
	}
	return len(part) > 1
}

// Posted reads the values that came with a page. get returns what an input was sent with. Findings name what cannot be read, at its
// cell; rules are the business of Evaluate.
func (f *Form) Posted(get func(name string) []string) (Values, []Finding) {
	out, findings := Values{}, []Finding(nil)
	one := func(name string) string {
		if v := get(name); len(v) > 0 {
			return strings.TrimSpace(norm.NFC.String(v[0]))
		}
		return ""
	}
	rest := get(InputRest)
	read := func(c *cell, addr string) {
		if c.calculate != nil || c.typ == Repeat {
			return
		}
		refuse := func(key string, args ...any) {
			findings = append(findings, Finding{At: addr, Level: Hard, Kind: "type", Message: errs.Message{Key: key, Args: append([]any{c.label()}, args...)}})
		}
		var v Value
		switch c.typ {
		case Integer, Decimal, Money:
			s := one(InputValue + addr)
			none := one(InputNone+addr) != ""
			if !none && s == "" {
				none = c.row != nil && one(InputNone+c.table.Name+"/"+c.row.Name) != "" ||
					c.repeat < 0 && slices.Contains(rest, c.section.Name) && c.field.NoneAllowed && (c.table == nil || c.table.NoneAllowed)
			}
			switch n, dot, ok := ParseFigure(s, c.field.Decimals); {
			case slices.Contains(noneWords, strings.ToLower(s)):
				v = NoneValue()
			case none && s != "":
				refuse("formdef.value.none_and_value")
				return
			case none:
				v = NoneValue()
			case s == "":
				return
			case ok:
				v = Figure(n)
			case dot && c.field.Decimals > 0:
				refuse("formdef.value.comma", strings.Replace(s, ".", ",", 1))
				return
			case c.field.Decimals == 0:
				refuse("formdef.value.whole")
				return
			default:
				refuse("formdef.value.number")
				return
			}
		case Date:
			s := one(InputValue + addr)
			part := []string{one(InputValue + addr + ".day"), one(InputValue + addr + ".month"), one(InputValue + addr + ".year")}
			if s != "" {
				part = strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("/-. ", r) })
			} else if strings.Join(part, "") == "" {
				return
			}
			iso, ok := isoDate(part)
			if !ok {
				refuse("formdef.value.date")
				return
			}
			v = TextValue(iso)
		case Choice:
			v = TextValue(strings.Join(get(InputValue+addr), " "))
			if strings.TrimSpace(v.Text) == "" {
				return
			}
		default:
			s := get(InputValue + addr)
			if len(s) > 0 {
				v = TextValue(strings.TrimSpace(norm.NFC.String(s[0])))
			}
			if one(InputNone+addr) != "" {
				if v.Answered() {
					refuse("formdef.value.none_and_value")
					return
				}
				v = NoneValue()
			}
		}
		if v.Answered() {
			out[addr] = v
		}
	}
	for _, c := range f.cells {
		switch {
		case c.typ == Repeat:
			if one(InputNone+c.addr) != "" {
				out[c.addr] = NoneValue()
			}
		case c.repeat < 0:
			read(c, c.addr)
		default:
			rep := f.cells[c.repeat]
			n, _ := strconv.Atoi(one(InputEntries + rep.addr))
			for k := range min(n, rep.field.MaxEntries) {
				read(c, EntryAddress(rep.addr, k+1, c.field.Name))
			}
		}
	}
	for a, v := range out {
		c, _ := f.locate(a)
		if c.typ == Repeat && v.State == None && out.Entries(a) > 0 {
			findings = append(findings, Finding{At: a, Level: Hard, Kind: "type", Message: errs.Message{Key: "formdef.value.none_and_value", Args: []any{c.label()}}})
			delete(out, a)
		}
	}
	out, bad := f.clean(out, false)
	findings = append(findings, bad...)
	f.sortFindings(findings)
	return out, findings
}

func isoDate(part []string) (string, bool) {
	if len(part) != 3 || len(part[2]) != 4 || len(part[0]) > 2 || len(part[1]) > 2 {
		return "", false
	}
	for _, p := range part {
		if !digits(p) {
			return "", false
		}
	}
	pad := func(s string) string {
		if len(s) == 1 {
			return "0" + s
		}
		return s
	}
	return part[2] + "-" + pad(part[1]) + "-" + pad(part[0]), true
}
