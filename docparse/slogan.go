package docparse

import "strings"

// sloganWords present what follows as a slogan or message of communication.
var sloganWords = phrases("khẩu hiệu|các khẩu hiệu|khẩu hiệu hành động|khẩu hiệu tuyên truyền", "thông điệp|các thông điệp|thông điệp truyền thông|slogan")

var themeWords = phrases("chủ đề|với chủ đề|tên gọi|cuộc thi|phong trào|mô hình|đề án|chiến dịch|chương trình|dự án|tiểu phẩm|câu lạc bộ|đường dây")

// slogans reads the quoted strings that a sentence presents as khẩu hiệu or thông điệp, and the list below such a line.
func (p *page) slogans() {
	seen := map[string]bool{}
	add := func(a, e int, rule string, conf float64) {
		for a < e && (p.text[a] == ' ' || p.text[a] == '"' || p.text[a] == '-' || p.text[a] == '+') {
			a++
		}
		f := p.field(a, e, conf, rule)
		f.Value = strings.Trim(f.Value, ` ".;,“”…`)
		low := fold(f.Value)
		// the name of the Day completes a slogan in some papers; it is none
		if strings.HasPrefix(low, "ngày ") || strings.HasPrefix(low, "tháng hành động") || len(f.Value) < 12 || len(f.Value) > 400 || seen[low] || strings.IndexByte(f.Value, ' ') < 0 {
			return
		}
		seen[low] = true
		p.doc.Slogans = append(p.doc.Slogans, f)
	}
	for i := 0; i < len(p.paras); i++ {
		q := p.paras[i]
		if q.role == RoleRecipients || q.role == RoleSignature || q.front {
			continue
		}
		for a := q.start; a < q.end; {
			s, e, tag := sloganWords.find(p.low, a, q.end)
			if s < 0 {
				break
			}
			b := p.sloganEnd(e, q.end)
			n := 0
			if p.presents(s, e, b, tag) {
				n = p.quoted(e, b, add)
				if n == 0 {
					n = p.listed(e, b, add)
				}
				if k := skipSpaces(p.text, e); n == 0 && tag == 1 && k < b && p.text[k] == ':' {
					// "khẩu hiệu: Du lịch nói không với …", without quotation marks
					if k = skipSpaces(p.text, k+1); k < b && upperAt(p.text, k) && b-k < 200 && strings.Count(p.text[k:b], " ") > 3 && strings.IndexByte(p.text[k:b], ':') < 0 {
						add(k, b, "slogan.after-colon", 0.7)
						n++
					}
				}
			}
			if n == 0 && b >= q.end && strings.HasSuffix(strings.TrimRight(p.text[e:q.end], " "), ":") || n == 0 && p.sloganHeading(i, s) {
				p.below(i, add)
			}
			a = max(e, b)
		}
	}
}

// presents tells whether the word at s opens slogans: they follow it, and no theme or event stands between.
func (p *page) presents(s, e, b, tag int) bool {
	open := strings.Index(p.text[e:b], "“")
	if o := strings.IndexByte(p.text[e:b], '"'); o >= 0 && (open < 0 || o < open) {
		open = o
	}
	if open < 0 {
		return true
	}
	if c := strings.IndexByte(p.text[e:b], ':'); c >= 0 && c < 60 && c < open {
		return true
	}
	if open > 120 {
		return false
	}
	between := p.low[e : e+open]
	if themeWords.has(between, 0, len(between)) {
		return false
	}
	// "đó là một thông điệp Chủ tịch … gửi phụ nữ": a message of a person to people
	return !strings.Contains(between, "gửi ")
}

// sloganEnd returns the end of the sentence behind the word: quoted strings in a row belong to it even when one of them
// ends with a full stop.
func (p *page) sloganEnd(from, limit int) int {
	b := p.sentenceEnd(from, limit)
	for b < limit {
		k := skipSpaces(p.text, b)
		if k < limit && (hasAt(p.text, k, "“") || hasAt(p.text, k, `"`)) {
			b = p.sentenceEnd(k, limit)
			continue
		}
		break
	}
	return b
}

// quoted adds each quoted string of text[from:to].
func (p *page) quoted(from, to int, add func(int, int, string, float64)) int {
	n := 0
	for k := from; k < to; {
		open, w, closing := -1, 0, ""
		for j := k; j < to; j++ {
			switch {
			case hasAt(p.text, j, "“"):
				open, w, closing = j, len("“"), "”"
			case p.text[j] == '"':
				open, w, closing = j, 1, `"`
			case hasAt(p.text, j, "«"):
				open, w, closing = j, len("«"), "»"
			case hasAt(p.text, j, "‘"):
				open, w, closing = j, len("‘"), "’"
			default:
				continue
			}
			break
		}
		if open < 0 {
			return n
		}
		a := open + w
		e := strings.Index(p.text[a:to], closing)
		if e < 0 && closing == "”" {
			e = strings.IndexByte(p.text[a:to], '"')
		}
		if e < 0 {
			// the closing mark was lost or cut off
			return n
		}
		if before := p.low[k:open]; n > 0 && (strings.Contains(before, "chủ đề") || strings.Contains(before, "đường dây") || strings.Contains(before, "hưởng ứng") || len(before) > 100) {
			return n
		}
		add(a, a+e, "slogan.quoted", 0.93)
		n++
		k = a + e + len(closing)
	}
	return n
}

// listed adds unquoted slogans behind a colon, parted by semicolons: "các thông điệp: …!; …!".
func (p *page) listed(from, to int, add func(int, int, string, float64)) int {
	c := strings.IndexByte(p.text[from:to], ':')
	if c < 0 || c > 60 {
		return 0
	}
	a := from + c + 1
	end := p.paraEnd(from)
	if strings.Count(p.text[a:end], ";") == 0 {
		return 0
	}
	if strings.Contains(p.text[a:end], "!") {
		to = end
	}
	n := 0
	for a < to {
		e := strings.IndexByte(p.text[a:to], ';')
		stop := e < 0
		if stop {
			e = to - a
		}
		item := strings.TrimSpace(p.text[a : a+e])
		if x := strings.Index(item, "!."); x >= 0 {
			e = strings.Index(p.text[a:a+e], "!.") + 1
			stop = true
		} else if x := strings.Index(item, "! "); x >= 0 && stop {
			e = strings.Index(p.text[a:a+e], "! ") + 1
		}
		if upperAt(item, 0) || strings.HasPrefix(item, "“") {
			add(a, a+e, "slogan.listed", 0.85)
			n++
		} else if n == 0 {
			return 0
		}
		if stop {
			break
		}
		a += e + 1
	}
	return n
}

// sloganHeading tells whether the paragraph is a heading about slogans.
func (p *page) sloganHeading(i, s int) bool {
	q := p.paras[i]
	if q.end-q.start > 140 {
		return false
	}
	start := q.start
	if q.enum.kind != noEnum {
		start = q.enum.after
	}
	low := p.low[start:q.end]
	if strings.Contains(low, "chủ đề") || strings.Contains(low, "thời gian") {
		return false // "Chủ đề, thông điệp, thời gian" heads more than slogans
	}
	return s-start < 24 && !endsClosed(strings.TrimRight(p.of(q), ":"))
}

// below adds the items listed under a line that ends with a colon.
func (p *page) below(i int, add func(int, int, string, float64)) {
	level := enumMark{}
	for j := i + 1; j < len(p.paras) && j < i+60; j++ {
		q := p.paras[j]
		t := p.of(q)
		if q.role == RoleRecipients || q.role == RoleSignature || p.drawn(q) {
			break
		}
		a := q.start
		if q.enum.kind != noEnum {
			a = q.enum.after
		}
		quoted := hasAt(p.text, a, "“") || hasAt(p.text, a, `"`)
		if j == i+1 {
			level = q.enum
			up := p.paras[i].enum
			if !quoted && (q.enum.kind == noEnum && !strings.HasSuffix(t, "!") && !strings.HasSuffix(t, ";") || up.kind != noEnum && rank(q.enum, false) <= rank(up, false) && q.enum.kind != noEnum) {
				break
			}
		} else if q.enum.kind != level.kind || q.enum.sub != level.sub {
			if !(quoted && q.enum.kind == noEnum) {
				break
			}
		}
		if p.lastCut(q) {
			break // cut off by the end of the text: half a slogan is none
		}
		if quoted {
			if p.quoted(a, q.end, add) == 0 {
				add(a, q.end, "slogan.listed-below", 0.8)
			}
			continue
		}
		e := q.end
		if q.enum.kind == noEnum && level.kind == noEnum && e-a > 220 {
			break
		}
		add(a, e, "slogan.listed-below", 0.85)
	}
}

// lastCut tells whether a paragraph is the last of the text and was cut off.
func (p *page) lastCut(q para) bool {
	if q.end < len(p.text) || endsClosed(p.of(q)) || strings.HasSuffix(p.of(q), "”") {
		return false
	}
	// a whole list item without a full stop is as long as a sentence; a scrap is short or ends in a scrap of a word
	words := strings.Fields(p.of(q))
	return len(words) < 5
}
