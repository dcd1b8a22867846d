package docparse

import (
	"strings"
	"unicode/utf8"
)

// typeNames maps the abbreviations of types in symbols (Nghị định 30/2020/NĐ-CP, Phụ lục III, and the party's and
// legislation's own) to the kind of document they stand for. Công văn has none: its symbol begins with the issuer.
var typeNames = map[string]string{
	"nq": "nghi_quyet", "qđ": "quyet_dinh", "ct": "chi_thi", "qc": "quy_che", "qyđ": "quy_dinh", "tc": "thong_cao", "tb": "thong_bao",
	"hd": "huong_dan", "ctr": "chuong_trinh", "kh": "ke_hoach", "pa": "phuong_an", "đa": "de_an", "da": "du_an", "bc": "bao_cao",
	"bb": "bien_ban", "ttr": "to_trinh", "hđ": "hop_dong", "cđ": "cong_dien", "gm": "giay_moi", "kl": "ket_luan", "cv": "cong_van",
	"nđ": "nghi_dinh", "tt": "thong_tu", "ttlt": "thong_tu", "nqlt": "nghi_quyet", "nqlb": "nghi_quyet", "l": "luat", "pl": "phap_lenh", "ttri": "thong_tri", "qđi": "quy_dinh",
	"vbhn": "van_ban_hop_nhat", "sl": "sac_lenh", "đl": "dieu_le", "cttr": "chuong_trinh", "ttg": "",
}

// ParseSymbol takes a number and symbol apart by the first token behind the stroke: when it is the abbreviation of a type
// and a second token follows, the document is of that type; else it is a công văn of the body named first.
// "173/KH-BCĐ" is a Kế hoạch, "/SYT-TTr" a công văn drafted by Thanh tra, "5417-CV/TU" a letter of the party.
func ParseSymbol(s string) (Symbol, bool) {
	sym, end, ok := symbolAt(s, 0)
	return sym, ok && strings.TrimSpace(s[end:]) == ""
}

// symbolAt reads a number and symbol at i of unfolded text. The number may be missing ("/SYT-TTr").
func symbolAt(s string, i int) (Symbol, int, bool) {
	var sym Symbol
	if i >= len(s) { // blanks were skipped into the next paragraph
		return sym, i, false
	}
	k := i
	for k < len(s) && isDigit(s[k]) && k-i < 7 {
		k++
	}
	if k < len(s) && isDigit(s[k]) {
		return sym, i, false
	}
	if k > i && k < len(s) { // 30a/2008/NQ-CP
		if r, w := utf8.DecodeRuneInString(s[k:]); (isLower(r)) && k+w < len(s) && (s[k+w] == '/' || s[k+w] == ' ') {
			if j := skipSpaces(s, k+w); j < len(s) && s[j] == '/' {
				k += w
			}
		}
	}
	sym.Number = s[i:k]
	out := []byte(sym.Number)
	j := skipSpaces(s, k)
	if j > k && sym.Number != "" && upperAt(s, j) {
		// "1183 BC/NG-LS": the type stands behind a space
		e := symbolWord(s, j)
		if e == j || e >= len(s) || s[e] != '/' && s[e] != '-' || !capitals(s[j:e]) || e-j > 12 {
			return sym, i, false
		}
		out = append(out, ' ')
		out = append(out, s[j:e]...)
		sym.Type = s[j:e]
		k = e
		j = e
	}
	if j >= len(s) || s[j] != '/' && s[j] != '-' {
		return sym, i, false
	}
	var parts []string
	party := s[j] == '-'
	for j < len(s) && (s[j] == '/' || s[j] == '-') && len(parts) < 8 {
		spaceBefore := j > k
		sep := j
		j++
		if j < len(s) && s[j] == '/' && s[sep] == '/' { // a doubled stroke is kept: it is the writer's slip
			j++
		}
		seps := s[sep:j]
		w := skipSpaces(s, j)
		e := symbolWord(s, w)
		if len(parts) == 0 && isDigit0(s, w) {
			e = w // a year, read below
		}
		if e == w {
			if isDigit0(s, w) && len(parts) == 0 && s[sep] == '/' {
				for e < len(s) && isDigit(s[e]) {
					e++
				}
				if e-w != 4 || e >= len(s) || s[e] != '/' && s[e] != '-' && s[e] != ' ' {
					return sym, i, false
				}
				sym.Year = s[w:e]
				out = append(append(out, seps...), sym.Year...)
				k, j = e, skipSpaces(s, e)
				if j >= len(s) || s[j] != '/' && s[j] != '-' {
					return sym, i, false
				}
				continue
			}
			if len(parts) == 0 {
				return sym, i, false
			}
			break
		}
		word := s[w:e]
		if len(parts) > 0 && !symbolGoesOn(s, word, spaceBefore, w > j, e) {
			break
		}
		if !symbolToken(word) {
			if len(parts) == 0 {
				return sym, i, false
			}
			break
		}
		parts = append(parts, word)
		out = append(append(out, seps...), word...)
		k = e
		j = skipSpaces(s, e)
	}
	if len(parts) == 0 || party && len(parts) == 1 && typeNames[fold(parts[0])] == "" {
		return sym, i, false // "1-Ý" is no symbol
	}
	if len(parts) == 1 && sym.Year == "" && sym.Type == "" && !party {
		// "138/CP", "24/H": a stroke and one short word; a real symbol has two parts, QH15, or a well-known single one.
		switch w := fold(parts[0]); {
		case typeNames[w] != "":
		case w == "cp" || w == "ttg" || w == "hđbt" || w == "tu" || w == "tw":
		case utf8.RuneCountInString(parts[0]) >= 3:
		default:
			return sym, i, false
		}
	}
	sym.Text = string(out)
	sym.classify(parts, party)
	return sym, k, true
}

func (sym *Symbol) classify(parts []string, party bool) {
	rest := parts
	first := fold(parts[0])
	switch {
	case sym.Type != "": // read behind the space
		sym.Issuer = parts[0]
		rest = parts[1:]
	case typeNames[first] != "" && (len(parts) > 1 || party):
		sym.Type = parts[0]
		if rest = parts[1:]; len(rest) > 0 {
			sym.Issuer = rest[0]
			rest = rest[1:]
		}
		if first == "ttlt" || first == "nqlt" {
			sym.Issuer = strings.Join(append([]string{sym.Issuer}, rest...), "-")
			rest = nil
		}
	case typeNames[first] != "" && len(parts) == 1:
		sym.Type, rest = parts[0], nil
	default:
		sym.Issuer, rest = parts[0], parts[1:]
		if strings.HasPrefix(first, "qh") && sym.Year != "" {
			sym.Type = "L"
		}
	}
	sym.Unit = strings.Join(rest, "-")
}

// Kind returns the kind that the symbol tells; a symbol without the abbreviation of a type is a công văn's.
func (sym Symbol) Kind() string {
	if k := typeNames[fold(sym.Type)]; k != "" {
		return k
	}
	return "cong_van"
}

func isDigit0(s string, i int) bool { return i < len(s) && isDigit(s[i]) }

// symbolWord returns the end of a token of a symbol: letters, digits, & and inner dots.
func symbolWord(s string, i int) int {
	k := i
	for k < len(s) {
		ok, w := letterAt(s, k)
		if ok {
			k += w
			continue
		}
		if (s[k] == '&' || s[k] == '.' || s[k] == ',') && k > i {
			if up := upperAt(s, k+1); up && s[k] != ',' {
				k++
				continue
			}
		}
		break
	}
	return k
}

// symbolToken tells whether a word can stand in a symbol: it begins with a capital and is mostly capitals.
func symbolToken(w string) bool {
	if len(w) > 40 || !upperAt(w, 0) {
		return false
	}
	switch fold(w) {
	case "ttg", "ttr", "ctr", "qyđ", "trs", "ubnd", "kgvx":
		return true
	}
	u, l := cases(w)
	return l == 0 || u >= 2 && l <= 2 || u >= 1 && l == 1 && utf8.RuneCountInString(w) <= 5
}

// symbolGoesOn tells whether the word behind a stroke still belongs to the symbol when a space stands beside the stroke.
func symbolGoesOn(s, word string, before, after bool, end int) bool {
	if !before && !after {
		return true
	}
	if before && after { // "102/KH - UBND"
		next := skipSpaces(s, end)
		return capitals(word) && utf8.RuneCountInString(word) <= 8 && (next >= len(s) || !upperAt(s, next) && s[next] != '-')
	}
	// a space on one side: KGVX, TE; not a name in running text
	if !capitals(word) && fold(word) != "ttr" && fold(word) != "ttg" && utf8.RuneCountInString(word) > 2 {
		return false
	}
	next := skipSpaces(s, end)
	return !(next > end && upperAt(s, next) && capitals(s[next:wordEnd(s, next)]) && capitals(word) && wordEnd(s, next)-next > 3)
}

// key is the form in which symbols are compared.
func (sym Symbol) key() string { return symbolKey(sym.Text) }

func symbolKey(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(fold(s), " ", ""), "//", "/")
}
