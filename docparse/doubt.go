package docparse

import (
	"slices"
	"sort"
	"strings"
)

// Doubt is something an officer should look at again before relying on the reading. Key and Args make the sentence,
// in text.vi.toml and text.en.toml; the sentence says what to do.
type Doubt struct {
	Kind string   `json:"kind"` // the key without its prefix
	Key  string   `json:"key"`
	Args []string `json:"args,omitempty"`
	Cure string   `json:"cure,omitempty"` // the value that likely is right, when one is known
	Span Span     `json:"span"`
}

func (p *page) doubt(kind string, at Span, cure string, args ...string) {
	p.doc.Doubts = append(p.doc.Doubts, Doubt{kind, "docparse.doubt." + kind, args, cure, at})
}

// abbreviations are tokens of symbols that papers of this field use; a token one letter away from one of them, and none
// itself, is a likely slip.
var abbreviations = wordSet("UBND HĐND LĐTBXH BLĐTBXH SLĐTBXH PCTNXH HTNNTT BVHTTDL SVHTTDL BTTTT STTTT BGDĐT SGDĐT PGDĐT PLĐTBXH TLĐTBXH BNNPTNT KGVX VPCP VPUBND BCĐ BCĐ138 BTL BCH TTLT TTg LHPN MTTQ BVCSTE BYT SYT STC STP BCA BQP BNV SNV TANDTC VKSNDTC HLHPN BĐBP PCTP PCMT")

// slip returns what a token of a symbol was likely meant to be, "" when it is no slip.
func slip(token string) string {
	if len([]rune(token)) < 4 || abbreviations[token] {
		return ""
	}
	best, letters := "", []rune(token)
	for w, right := range abbreviationLetters {
		// of four letters only swapped ones tell: PTMT is a unit of its own, UNBD is UBND
		if n := len(right); n >= 4 && nearby(letters, right) && (n > 4 || n == len(letters) && sameLetters(token, w)) && (best == "" || w < best) {
			best = w
		}
	}
	return best
}

// abbreviationLetters are the letters of each of the abbreviations.
var abbreviationLetters = func() map[string][]rune {
	m := map[string][]rune{}
	for w := range abbreviations {
		m[w] = []rune(w)
	}
	return m
}()

func sameLetters(a, b string) bool {
	x, y := []rune(a), []rune(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// nearby tells whether b is a with one letter too many, missing, wrong, or two swapped.
func nearby(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	j := 0
	for j < len(a)-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	if len(a) < len(b) {
		return i+j >= len(a)
	}
	rest := len(a) - i - j
	return rest == 1 || rest == 2 && a[i] == b[i+1] && a[i+1] == b[i]
}

// The trafficking line 18001567 was taken over by the national child protection line 111 in December 2017.
const (
	retiredLine  = "18001567"
	nationalLine = "111"
)

var retiredFrom = Date{2017, 12, 1}

// doubts looks for what a careful officer would question.
func (p *page) doubts(reg Register) {
	d := p.doc
	if p.unmarked {
		p.doubt("no-marks", Span{0, min(len(p.text), 80)}, "")
	}
	if d.Form == Paper && d.Number.Number == "" {
		at, seen := Span{}, false
		for _, q := range p.paras {
			if q.role == RoleNumber {
				at = Span{q.start, q.end}
				if sym, _, ok := symbolAt(p.text[:q.end], skipBlank(p.low, q.start+numberLabel(p.lowOf(q)))); ok {
					p.symbolDoubts(sym, at)
				}
				p.doubt("no-number", at, "")
				seen = true
				break
			}
		}
		if e, _ := unnumbered.at(fold(d.KindName.Value), 0); !seen && e == 0 && len(p.paras) > 6 {
			p.doubt("no-number", at, "") // the copy lost the whole line
		}
	}
	if d.Form == Paper && d.IssuedOn.Year > 0 && d.IssuedOn.Day == 0 {
		p.doubt("no-day", d.IssuedOn.Span, "")
	}
	if d.Number.Number != "" {
		p.symbolDoubts(d.Number, d.Number.Span)
	}
	for _, c := range d.Citations {
		p.symbolDoubts(c.Number, c.Span)
		p.citationDoubts(c, reg)
	}
	p.dateDoubts()
	p.orderDoubts()
	for _, dl := range d.Deadlines {
		switch {
		case dl.Recurring:
			p.doubt("deadline-recurring", dl.Span, "", dl.Words)
		case d.IssuedOn.Year > 0 && d.Kind != Article && dl.Date.Full() && before(dl.Date, d.IssuedOn.Date):
			p.doubt("deadline-before-issue", dl.Span, "", shown(dl.Date), shown(d.IssuedOn.Date))
		}
	}
	if per := d.Period; per != nil && per.From.Full() && per.To.Full() && per.To.compare(per.From) < 0 {
		p.doubt("period-order", per.Span, "", shown(per.From), shown(per.To))
	}
	for _, h := range d.Hotlines {
		on := d.IssuedOn.Date
		if h.Number == retiredLine && (on.Year == 0 || on.compare(retiredFrom) >= 0 || on.Year > 2017) {
			p.doubt("hotline-retired", h.Span, nationalLine, h.Number, "12/2017", nationalLine)
		}
		if n := len(h.Number); strings.HasPrefix(h.Number, "02") && n != 11 || strings.HasPrefix(h.Number, "0") && !strings.HasPrefix(h.Number, "02") && n != 10 {
			p.doubt("phone-length", h.Span, "", h.Shown, itoa(n))
		}
	}
	if legacy(p.text) {
		p.doubt("legacy-encoding", Span{0, min(len(p.text), 80)}, "")
	}
	sort.SliceStable(d.Doubts, func(i, j int) bool { return d.Doubts[i].Span.Start < d.Doubts[j].Span.Start })
}

// before tells whether a lies before b where parts may be unknown.
func before(a, b Date) bool {
	if b.Month == 0 {
		return a.Year < b.Year
	}
	if b.Day == 0 {
		return a.Year < b.Year || a.Year == b.Year && a.Month < b.Month
	}
	return a.compare(b) < 0
}

// unnumbered are papers that have no number of their own.
var unnumbered = phrases("biên bản|giấy mời|thư mời|bản ghi nhớ|đề cương|phương án|thư kêu gọi|lời kêu gọi|phiếu trình|hợp đồng|thông cáo|thông cáo báo chí|chương trình")

// orderDoubts finds Roman numbers and articles that repeat or leave one out: an eye, or OCR, that took III for II.
func (p *page) orderDoubts() {
	type last struct {
		kind enumKind
		n    int
	}
	seen := map[int]last{} // by parent
	for i := range p.sections {
		s := &p.sections[i]
		e := p.paras[s.para].enum
		word, number, n := "", e.label, 0
		switch e.kind {
		case roman:
			n = romanValue(number)
		case article:
			k := strings.LastIndexByte(e.label, ' ') + 1
			word, number = e.label[:k], e.label[k:]
			n = atoi(number)
		default:
			continue
		}
		before, ok := seen[s.Parent]
		seen[s.Parent] = last{e.kind, n}
		if !ok || before.kind != e.kind || n == before.n+1 || n == 1 || n == 0 {
			continue
		}
		want := word + itoa(before.n+1)
		if e.kind == roman {
			want = romans[min(before.n+1, len(romans)-1)]
		}
		at := Span{s.Span.Start, min(s.Span.End, s.Span.Start+len(e.label))}
		if n == before.n {
			p.doubt("number-repeated", at, want, e.label, want)
			seen[s.Parent] = last{e.kind, n + 1}
		} else {
			p.doubt("number-skipped", at, "", e.label, want)
		}
	}
}

var romans = [...]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX"}

func romanValue(s string) int { return max(0, slices.Index(romans[:], s)) }

// strokeLost are abbreviations written with D for Đ; the right hand is what stands in symbols.
var strokeLost = map[string]string{"QD": "QĐ", "ND": "NĐ", "CD": "CĐ", "HDND": "HĐND", "BCD": "BCĐ", "LDTBXH": "LĐTBXH", "BLDTBXH": "BLĐTBXH", "SLDTBXH": "SLĐTBXH", "BGDDT": "BGDĐT", "SGDDT": "SGDĐT", "BDBP": "BĐBP", "TDTN": "TĐTN"}

// readsAsDigit gives the digit that OCR took for a letter.
var readsAsDigit = strings.NewReplacer("l", "1", "I", "1", "O", "0", "o", "0", "S", "5", "B", "8", "Z", "2")

// digitDoubts finds a letter among the digits of a number: "88l/KSBT".
func (p *page) digitDoubts(sym Symbol, at Span) {
	head, _, ok := strings.Cut(sym.Text, "/")
	if !ok || head == "" || !isDigit(head[0]) || len(head) < 2 {
		return
	}
	if fixed := readsAsDigit.Replace(head); fixed != head && strings.Trim(fixed, "0123456789") == "" {
		right := fixed + sym.Text[len(head):]
		p.doubt("symbol-digits", at, right, sym.Text, right)
	}
}

func (p *page) symbolDoubts(sym Symbol, at Span) {
	p.digitDoubts(sym, at)
	if fold(sym.Unit) == "ttr" && sym.Type == "" {
		p.doubt("letter-by-inspectorate", at, "", sym.Text)
	}
	for token := range strings.FieldsFuncSeq(sym.Text, func(r rune) bool { return r == '/' || r == '-' || r == ' ' || r == '.' }) {
		if want := strokeLost[token]; want != "" {
			right := strings.Replace(sym.Text, token, want, 1)
			p.doubt("symbol-slip", at, right, sym.Text, right)
		} else if want := slip(token); want != "" && !sameTokens(token, want) {
			right := strings.Replace(sym.Text, token, want, 1)
			p.doubt("symbol-slip", at, right, sym.Text, right)
		}
	}
}

// sameTokens tells whether two tokens differ as two right spellings do: SLĐTBXH and LĐTBXH, BCĐ138 and BCĐ389.
func sameTokens(a, b string) bool {
	return strings.HasSuffix(a, b) || strings.HasSuffix(b, a) || strings.TrimRight(a, "0123456789") == strings.TrimRight(b, "0123456789")
}

func (p *page) citationDoubts(c Citation, reg Register) {
	if len(reg.byKey) == 0 {
		return
	}
	in, known := reg.Find(c.Number.Text)
	if !known {
		if !central(c.Number) || !p.aboutTrafficking(c) {
			return
		}
		// by what the text says of it, then by digits that a slip of the pen confuses
		var names []string
		if q := p.paraAt(c.Span.Start); q != nil {
			end := min(q.end, c.Span.End+260)
			for _, n := range reg.about(c.Number, p.low[c.Span.End:end]) {
				names = append(names, n.Number)
			}
		}
		for _, n := range reg.near(c.Number) {
			if !slices.Contains(names, n.Number) {
				names = append(names, n.Number)
			}
		}
		if len(names) > 0 {
			p.doubt("unknown-citation-near", c.Span, names[0], c.Number.Text, strings.Join(names, ", "))
		} else {
			p.doubt("unknown-citation", c.Span, "", c.Number.Text)
		}
		return
	}
	if !in.Verified {
		return
	}
	if c.Date.Full() && in.Date.Full() && c.Date != in.Date {
		p.doubt("citation-date", c.Span, in.Date.String(), c.Number.Text, shown(in.Date), shown(c.Date))
	}
	if on := p.doc.IssuedOn.Date; in.Until.Full() && on.Full() && on.compare(in.Until) >= 0 && c.Basis {
		p.doubt("citation-repealed", c.Span, in.ReplacedBy, c.Number.Text, shown(in.Until), in.ReplacedBy)
	}
}

// aboutTrafficking tells whether the sentence of a citation is about the subject the register covers.
func (p *page) aboutTrafficking(c Citation) bool {
	q := p.paraAt(c.Span.Start)
	if q == nil {
		return false
	}
	end := min(q.end, c.Span.End+260)
	if n := strings.IndexByte(p.low[c.Span.End:end], ';'); n >= 0 {
		end = c.Span.End + n
	}
	return strings.Contains(p.low[c.Span.End:end], "mua bán người")
}

// dateDoubts finds dates that no calendar has.
func (p *page) dateDoubts() {
	n := 0
	for _, q := range p.paras {
		if q.role == RoleChrome || n > 40 {
			continue
		}
		for _, f := range datesIn(p.low, q.start, q.end) {
			if !f.Exists() && (f.Year > 0 || strings.HasSuffix(strings.TrimRight(p.low[max(0, f.start-8):f.start], " "), "ngày") || hasWord(p.low, f.start, "ngày")) {
				p.doubt("no-such-date", Span{f.start, f.end}, "", oneLine(strings.TrimPrefix(p.text[f.start:f.end], "ngày ")))
				n++
			}
		}
	}
}

func shown(d Date) string { return d.Shown() }

// Shown writes a date as people read it: 03/8/2021 (days below 10 and months 1 and 2 with a leading zero, Nghị định
// 30/2020/NĐ-CP, Phụ lục I, mục II.4). Unknown parts are left out.
func (d Date) Shown() string {
	two := func(n int) string {
		if n < 10 {
			return "0" + itoa(n)
		}
		return itoa(n)
	}
	m := itoa(d.Month)
	if d.Month <= 2 {
		m = two(d.Month)
	}
	switch {
	case d.Year == 0:
		return ""
	case d.Month == 0:
		return itoa(d.Year)
	case d.Day == 0:
		return m + "/" + itoa(d.Year)
	}
	return two(d.Day) + "/" + m + "/" + itoa(d.Year)
}

func itoa(n int) string {
	if n == 0 {
		return "0"
	}
	return trimFloat(float64(n))
}

// legacy tells whether the text looks like TCVN3 or VNI bytes taken for Latin letters: many letters that Vietnamese
// does not have, such as ¸ µ ¹ Ö ß « æ.
func legacy(s string) bool {
	odd, n := 0, 0
	for i, c := range []byte(s[:min(len(s), 2000)]) {
		if c < 0xC0 { // ASCII, or inside a character
			continue
		}
		n++
		if c <= 0xC3 && i+1 < len(s) {
			switch r := rune(c&0x1F)<<6 | rune(s[i+1]&0x3F); {
			case r >= 0xA1 && r <= 0xBF && r != 0xAB && r != 0xBB && r != 0xB7, r == 0xD6 || r == 0xDF || r == 0xF6 || r == 0xE6 || r == 0xF8 || r == 0xEB || r == 0xCB || r == 0xEF || r == 0xCF || r == 0xFB || r == 0xD1 || r == 0xF1 || r == 0xE4 || r == 0xE5 || r == 0xC7 || r == 0xE7 || r == 0xEE || r == 0xD0:
				odd++
			}
		}
	}
	return n > 20 && odd*4 > n
}
