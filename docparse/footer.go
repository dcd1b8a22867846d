package docparse

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// footer reads the block of recipients and the signature. The two stand side by side on paper, so a copy may have them
// in either order or mixed line by line: a line that opens with a dash or goes on a list is a recipient, a line in
// capitals that begins with an authority or office is the signature, a line of two to five capitalised words behind
// the signature is the signer's name.
func (p *page) footer(s signs) {
	d := p.doc
	p.endBody = len(p.paras)
	at := s.recipients
	if at >= 0 && at >= p.firstBody-1 {
		p.endBody = at
	}
	sig := p.findSignature(at)
	if sig >= 0 && sig < p.endBody {
		p.endBody = sig
	}
	if at >= 0 {
		p.recipients(at)
	}
	if sig >= 0 {
		p.signature(sig)
	} else if d.SignerTitle.Value != "" && d.Signer.Value == "" && at >= 0 {
		// the office ran into the line of the recipients; the name stands below them
		for i := at + 1; i < len(p.paras) && i < at+25; i++ {
			if a, e := p.nameSpan(p.paras[i]); e > a && p.paras[i].role != RoleRecipients {
				d.Signer = p.field(a, e, 0.8, "footer.signer-below-recipients")
				p.set(i, RoleSignature, "footer.signer")
				break
			}
		}
	}
	if p.endBody < len(p.paras) {
		last := p.endBody
		for i := p.endBody; i < len(p.paras); i++ {
			if r := p.paras[i].role; r == RoleRecipients || r == RoleSignature {
				last = i
			}
		}
		for i := p.endBody; i < len(p.paras); i++ {
			if p.paras[i].role == "" {
				if p.drawn(p.paras[i]) {
					p.set(i, RoleRule, "footer.rule")
				} else if i > last {
					p.set(i, RoleAfter, "footer.after")
				} else {
					p.set(i, RoleSignature, "footer.between")
				}
			}
		}
	}
	_ = d
}

// findSignature returns the first paragraph of the signature block, near the recipients or at the end of the text.
func (p *page) findSignature(recipients int) int {
	from := p.firstBody
	if recipients >= 0 {
		from = max(p.firstBody, recipients-6)
	}
	for i := from; i < len(p.paras); i++ {
		q := p.paras[i]
		if q.role != "" && q.role != RoleRecipients {
			continue
		}
		if p.signatureLine(q) && (recipients >= 0 || p.lateIn(i)) {
			return i
		}
		// recipients and signature on one line: "- Lưu: VT. KT. GIÁM ĐỐC"
	}
	return -1
}

// lateIn tells whether a paragraph stands where a signature can stand: sentences end before it and little follows.
func (p *page) lateIn(i int) bool {
	if i == 0 || i <= p.firstBody {
		return false
	}
	// the signer's name follows soon; sentences before it belong to a body below a line of authority
	named := false
	for j := i; j < len(p.paras) && j < i+8 && !named; j++ {
		q := p.paras[j]
		if q.enum.kind == roman || q.enum.kind == article || q.end-q.start > 160 {
			break
		}
		if s, e := p.nameSpan(q); e > s && j > i {
			named = true
		}
		_, e := p.trailingName(q)
		named = named || e > 0
	}
	text := 0
	for j := i + 1; j < len(p.paras); j++ {
		if !named && (p.paras[j].enum.kind == roman || p.paras[j].enum.kind == article) {
			return false
		}
		text += p.paras[j].end - p.paras[j].start
	}
	return named || text < 300
}

// trailingName finds a name that stands behind the office on one line: "TRƯỞNG PHÒNG Nguyễn Văn A".
func (p *page) trailingName(q para) (int, int) {
	e := p.officeAt(q.start, q.end)
	if e == 0 || e >= q.end {
		return 0, 0
	}
	k := e
	for k < q.end {
		k = skipSpaces(p.text, k)
		w := wordEnd(p.text, k)
		if w == k {
			k++
			continue
		}
		if _, l := cases(p.text[k:w]); l > 0 {
			return p.nameSpan(para{start: k, end: q.end})
		}
		k = w
	}
	return 0, 0
}

// recipients reads the lines behind "Nơi nhận:".
func (p *page) recipients(at int) {
	q := p.paras[at]
	p.set(at, RoleRecipients, "footer.recipients")
	start := q.start + len("nơi nhận")
	for start < q.end && (p.text[start] == ':' || p.text[start] == ' ' || p.text[start] == '*') {
		start++
	}
	done, dashes := false, false
	if start < q.end && capitals(p.text[start:q.end]) && p.officeAt(start, q.end) > 0 {
		p.signatureParts(para{start: start, end: q.end}) // "Nơi nhận: GIÁM ĐỐC": the columns ran together
	} else if start < q.end {
		done = p.recipientLine(start, q.end, false)
	}
	for i := at + 1; i < len(p.paras); i++ {
		n := p.paras[i]
		if p.drawn(n) {
			continue
		}
		if p.signatureLine(n) || n.caps && n.enum.kind == noEnum && n.end-n.start > 8 && !strings.HasSuffix(p.of(n), ";") {
			continue
		}
		dash := n.enum.kind == bullet
		open := len(p.doc.Recipients) > 0 && !done && !p.closedRecipient(i-1)
		// in a list of dashes a line without one goes on the line before, if that is still open
		wrapped := open && dashes && !strings.HasPrefix(p.lowOf(n), "lưu")
		switch {
		case dash && !(done && p.behindSignature(at, i)):
			dashes = true
			done = p.recipientLine(n.enum.after, n.end, true) || done
		case !done && !wrapped && n.end-n.start < 200 && (strings.HasSuffix(p.of(n), ";") || strings.HasPrefix(p.lowOf(n), "lưu") || len(p.doc.Recipients) == 0 || strings.HasPrefix(p.lowOf(n), "như ")):
			done = p.recipientLine(n.start, n.end, false)
		case open && n.end-n.start < 120 && !p.personName(n):
			r := &p.doc.Recipients[len(p.doc.Recipients)-1]
			f := p.field(r.Span.Start, n.end, 0.85, "footer.recipient-wrapped")
			if p.paras[i-1].end < r.Span.Start || n.start-r.Span.End > 4 {
				f = p.field(n.start, n.end, 0.7, "footer.recipient-wrapped")
				f.Value = r.Value + " " + f.Value
			}
			f.Value = strings.TrimRight(f.Value, " .;,")
			r.Field = f
			done = strings.HasPrefix(fold(r.Value), "lưu")
		default:
			if done || n.end-n.start > 200 || p.personName(n) {
				if done && i > at+1 && !dash {
					continue
				}
			}
			continue
		}
		p.set(i, RoleRecipients, "footer.recipients")
	}
}

// behindSignature tells whether the signature already stood between the recipients and paragraph i.
func (p *page) behindSignature(at, i int) bool {
	for j := at + 1; j < i; j++ {
		if p.personName(p.paras[j]) {
			return true
		}
	}
	return i-at > 40
}

// closedRecipient tells whether the line before closed a recipient.
func (p *page) closedRecipient(i int) bool {
	if p.paras[i].role != RoleRecipients {
		return true
	}
	t := p.of(p.paras[i])
	return strings.HasSuffix(t, ";") || strings.HasSuffix(t, ".") || strings.HasSuffix(t, ":")
}

// recipientLine parts one line at semicolons and inline dashes; it tells whether the archive line (Lưu) was read. In an
// item of a list of dashes a semicolon parts only where another dash or the archive follows: "- Các sở: LĐTB&XH, TP; Công an;".
func (p *page) recipientLine(start, end int, item bool) bool {
	archive := false
	if c := strings.LastIndexByte(p.text[start:end], ';'); item && c > 0 && p.doc.Signer.Value == "" {
		// the name of the signer ran into the line: "UBND tỉnh (để b/c); Dương Minh Hùng"
		if a, e := p.nameSpan(para{start: skipSpaces(p.text, start+c+1), end: end}); e > a && familyName(p.low, a) {
			p.doc.Signer = p.field(a, e, 0.75, "footer.signer-in-recipients")
			end = start + c
		}
	}
	for start < end {
		e := start
		archived := hasAt(p.low, start+strings.IndexFunc(p.text[start:end], func(r rune) bool { return r != ' ' && r != '-' && r != '+' }), "lưu")
		for e < end && (p.text[e] != ';' || (archived || item) && !p.nextRecipient(e+1, end)) {
			if p.text[e] == '(' {
				if c := strings.IndexByte(p.text[e:end], ')'); c > 0 {
					e += c
				}
			} else if p.text[e] == '-' && e > start+1 && p.text[e-1] == ' ' && e+1 < end && p.text[e+1] == ' ' && (p.text[skipBack(p.text, e)] == '.' || p.text[skipBack(p.text, e)] == ',') {
				break
			}
			e++
		}
		a := start
		for a < e && strings.IndexByte(" -+*", p.text[a]) >= 0 {
			a++
		}
		if s := p.capsTail(a, e); s > 0 {
			// "- Lưu: VT. KT. GIÁM ĐỐC …": the signature's column ran into the line
			if p.doc.SignerTitle.Value == "" && p.doc.Authority.Form == "" {
				p.signatureParts(para{start: skipSpaces(p.text, s), end: end})
			}
			e = s
		}
		if a < e {
			p.addRecipient(a, e)
			if strings.HasPrefix(p.low[a:e], "lưu") {
				archive = true
			}
		}
		if e < end && p.text[e] != ';' && p.text[e] != '-' {
			break
		}
		start = e + 1
	}
	return archive
}

// nextRecipient tells whether another item begins behind a semicolon.
func (p *page) nextRecipient(k, end int) bool {
	k = skipSpaces(p.text, k)
	return k >= end || p.text[k] == '-' || p.text[k] == '+' || hasWord(p.low, k, "lưu")
}

var authorityMarks = []string{"KT.", "TM.", "TL.", "TUQ.", "Q. "}

// capsTail finds a signature that runs on behind a recipient: its mark, then an office in capitals. "Lưu: VT, TM. Tr05" tells who drafted.
func (p *page) capsTail(a, e int) int {
	at := 0
	for _, w := range authorityMarks {
		k := strings.Index(p.text[a:e], " "+w)
		if k <= 0 || at > 0 && a+k >= at {
			continue
		}
		office := strings.TrimLeft(p.text[a+k+1+len(w):e], " ")
		first, n := utf8.DecodeRuneInString(office)
		second, _ := utf8.DecodeRuneInString(office[n:])
		if office == "" || unicode.IsUpper(first) && !unicode.IsLower(second) {
			at = a + k
		}
	}
	return at
}

func (p *page) addRecipient(a, e int) {
	f := p.field(a, e, 0.97, "footer.recipient")
	f.Value = strings.TrimRight(f.Value, " .;,/")
	r := Recipient{}
	if strings.HasPrefix(fold(f.Value), "lưu") {
		// initials and copies: "Lưu: VT, TTr.(HVL)02"
		if k := strings.Index(f.Value, ".("); k > 0 {
			r.Drafter = strings.TrimLeft(f.Value[k:], ".")
			f.Value = f.Value[:k]
		}
	} else if strings.HasSuffix(f.Value, ")") {
		if k := strings.LastIndexByte(f.Value, '('); k > 0 {
			r.Purpose = f.Value[k+1 : len(f.Value)-1]
		}
	}
	if f.Value == "" {
		return
	}
	r.Field = f
	p.doc.Recipients = append(p.doc.Recipients, r)
}

// personName recognises a name: two to six capitalised words, no digits. Titles and marks of signing may stand around it.
func (p *page) personName(q para) bool {
	s, e := p.nameSpan(q)
	return e > s
}

var nameTitles = phrases("ts|ths|gs|pgs|bs|bác sĩ|thạc sĩ|tiến sĩ|đại tá|thượng tá|trung tá|thiếu tướng|trung tướng|thượng tướng|đại tướng|thiếu tá|ông|bà|bscki|bsckii|ck1|ck2|bs.ckii|luật sư|kỹ sư")

func (p *page) nameSpan(q para) (int, int) {
	start, end := q.start, q.end
	if start >= end || end-start > 80 {
		return 0, 0
	}
	for _, w := range []string{"(đã ký)", "đã ký", "(ký tên)", "[đã ký]", "(đã kí)"} {
		if strings.HasPrefix(p.low[start:end], w) {
			start = skipSpaces(p.text, start+len(w))
			for start < end && (p.text[start] == ':' || p.text[start] == ' ') {
				start++
			}
		}
		if strings.HasSuffix(p.low[start:end], w) {
			end -= len(w)
		}
	}
	for {
		e, _ := nameTitles.at(p.low[:end], start)
		if e == 0 {
			break
		}
		for e < end && (p.text[e] == '.' || p.text[e] == ' ' || p.text[e] == ',') {
			e++
		}
		start = e
	}
	for end > start && strings.IndexByte(" .,;", p.text[end-1]) >= 0 {
		end--
	}
	words := 0
	for k := start; k < end; {
		e := wordEnd(p.text, k)
		if e == k || !upperAt(p.text, k) {
			return 0, 0
		}
		for j := k; j < e; j++ {
			if isDigit(p.text[j]) {
				return 0, 0
			}
		}
		words++
		if hasAt(p.text, e, "’") || hasAt(p.text, e, "‘") { // H’ Nguôm, Y’Thông
			e += len("’")
		} else if hasAt(p.text, e, "'") {
			e++
		}
		if k = skipSpaces(p.text, e); k < end && k == e && upperAt(p.text, k) {
			continue
		}
		if k < end && k == e && p.text[k] != '\'' && p.text[k] != '-' {
			return 0, 0
		}
		if k < end && k == e {
			k++
		}
	}
	if words < 2 || words > 6 {
		return 0, 0
	}
	if h, class := p.headAt(start); h > 0 && class < 3 && h <= end {
		if w := wordEnd(p.low, start); h > w || capitals(p.text[start:end]) {
			return 0, 0
		}
	}
	if p.officeAt(start, end) > 0 {
		return 0, 0
	}
	if e, _ := titles.at(p.low[:end], start); e == end || e > 0 && capitals(p.text[start:end]) {
		return 0, 0
	}
	return start, end
}

// signature reads authority, office and name from the block that begins at paragraph at. Minutes have two signatures: the
// one of whoever led counts, the other is kept beside it.
func (p *page) signature(at int) {
	d := p.doc
	var block []int
	for i := at; i < len(p.paras) && i < at+30; i++ {
		q := p.paras[i]
		if strings.HasPrefix(p.lowOf(q), "phụ lục") { // an annex begins: a draft without a name ends here
			break
		}
		if q.role != RoleRecipients && !p.drawn(q) {
			block = append(block, i)
		}
	}
	first, second := p.twoSignatures(block)
	if second == nil {
		p.signatureIn(at, block)
		return
	}
	if q := p.paras[first[0]]; secretaries.starts(p.low, q.start) {
		first, second = second, first
	}
	p.signatureIn(second[0], second)
	other := CoSigner{d.Signer, d.SignerTitle}
	d.Signer, d.SignerTitle, d.SignerOffice, d.Authority = Field{}, Field{}, Field{}, Authority{}
	p.signatureIn(first[0], first)
	if other.Name.Value != "" {
		d.CoSigners = append(d.CoSigners, other)
	}
}

// secretaries sign beside whoever led a meeting or made a finding.
var secretaries = phrases("thư ký|người ghi|người ghi biên bản|người lập|người lập biên bản|người lập biểu|kế toán|kế toán trưởng|thủ quỹ|người viết|ghi biên bản")

// twoSignatures parts a block in the signatures of two people: two columns that each hold an office and a name, or the
// office of a secretary and another one above two names, or the second below the first. It gives nothing when there is one signature.
func (p *page) twoSignatures(block []int) (first, second []int) {
	isName := func(i int) bool { return p.personName(p.paras[i]) }
	isOffice := func(i int) bool {
		q := p.paras[i]
		return q.caps && (p.officeAt(q.start, q.end) > 0 || secretaries.starts(p.low, q.start) || representatives.starts(p.low, q.start))
	}
	full := func(is []int) bool {
		office, name := false, false
		for _, i := range is {
			office = office || isOffice(i)
			name = name || office && isName(i)
		}
		return office && name
	}
	for n, i := range block {
		row := p.paras[i].row
		switch {
		case row > 0 && n > 0 && p.paras[block[n-1]].row == row:
			second = append(second, i)
		case row > 0:
			first = append(first, i)
		}
	}
	if full(first) && full(second) {
		return first, second
	}
	for n, i := range block { // one below the other: offices and a name, offices and a name
		if isName(i) && full(block[:n+1]) && n+1 < len(block) && isOffice(block[n+1]) && full(block[n+1:]) {
			return block[:n+1], block[n+1:]
		}
	}
	var offices, names []int
	secretary := false
	for _, i := range block {
		switch {
		case isOffice(i) && len(offices) < 3:
			if _, form := authorityForms.at(p.low, p.paras[i].start); form > 0 {
				return nil, nil
			}
			offices = append(offices, i)
			secretary = secretary || secretaries.starts(p.low, p.paras[i].start)
		case isName(i):
			names = append(names, i)
		}
	}
	if len(offices) == 2 && len(names) == 2 && secretary {
		return []int{offices[0], names[0]}, []int{offices[1], names[1]}
	}
	return nil, nil
}

// representatives open the line above the signature of one of two sides.
var representatives = phrases("đại diện|bên giao|bên nhận|bên a|bên b|người giao|người nhận|chủ tọa")

// signatureIn reads one signature from the paragraphs given.
func (p *page) signatureIn(at int, block []int) {
	d := p.doc
	for _, i := range block {
		q := p.paras[i]
		if s, e := p.nameSpan(q); e > s && (d.SignerTitle.Value != "" || d.Authority.Form != "") && !(q.caps && p.titleish(q)) {
			d.Signer = p.field(s, e, 0.95, "footer.signer")
			p.set(i, RoleSignature, "footer.signer")
			return
		}
		if q.caps && d.SignerTitle.Value == "" && representatives.starts(p.low, q.start) {
			d.SignerTitle = p.field(q.start, q.end, 0.9, "footer.signature")
			p.set(i, RoleSignature, "footer.signature")
			continue
		}
		if e := p.officeAt(q.start, q.end); e > 0 && e <= q.end && capitals(p.text[q.start:e]) || q.caps && (d.SignerTitle.Value != "" || d.Authority.Form != "") {
			p.set(i, RoleSignature, "footer.signature")
			if p.signatureParts(q) {
				return
			}
			continue
		}
		if i > at+6 || q.end-q.start > 100 {
			return
		}
		if low := p.lowOf(q); strings.Contains(low, "ký") && len(low) < 40 {
			p.set(i, RoleSignature, "footer.signed")
		}
	}
}

func (p *page) titleish(q para) bool {
	return p.officeAt(q.start, q.end) > 0
}

var authorityForms = phrases("kt", "tm", "tl", "tuq", "q", "k/t", "t/m", "t/l", "t/uq")

// signatureParts reads one line: "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", or all of it with the name in one run. It tells
// whether the name was found.
func (p *page) signatureParts(q para) bool {
	d := p.doc
	k := q.start
	for k < q.end {
		e, tag := authorityForms.at(p.low, k)
		if e > 0 && tag > 5 {
			tag -= 5 // T/M, K/T as the party writes
		}
		if e > 0 && capitals(p.text[k:e]+"AA") && e < q.end && (p.text[e] == '.' || p.text[e] == ' ' || p.text[e] == '/') && (tag < 5 || p.text[e] == '.') {
			form := strings.ReplaceAll(strings.ToUpper(p.text[k:e]), "/", "") + "."
			j := e
			for j < q.end && (p.text[j] == '.' || p.text[j] == ' ' || p.text[j] == '/') {
				j++
			}
			if tag == 5 { // Q. GIÁM ĐỐC: the acting head signs in their own right
				d.Authority = Authority{form, "", Mark{Span{k, e}, 0.9, "footer.authority"}}
				k = j
				continue
			}
			end := p.nextOffice(j, q.end, tag == 1)
			d.Authority = Authority{form, strings.Trim(p.text[j:end], " ,.-"), Mark{Span{k, end}, 0.95, "footer.authority"}}
			k = skipSpaces(p.text, end)
			continue
		}
		// office: capitals
		end := k
		for end < q.end {
			w := wordEnd(p.text, end)
			if w == end {
				if p.text[end] == ' ' || p.text[end] == ',' || p.text[end] == '-' || p.text[end] == '&' || p.text[end] == '.' {
					end++
					continue
				}
				break
			}
			if u, l := cases(p.text[end:w]); l > 0 || u == 0 && !isDigit(p.text[end]) {
				break
			}
			end = w
		}
		if end > k {
			t := strings.Trim(p.text[k:end], " ,.-")
			// "PHÓ GIÁM ĐỐC NGUYỄN VĂN A": a name in capitals is told by the office words before it
			if off := p.officeAt(k, q.end); off > 0 || d.SignerTitle.Value == "" {
				if off > 0 && off < end && len(strings.Fields(p.text[off:end])) >= 3 && familyName(p.low, skipSpaces(p.low, off)) {
					d.SignerTitle = p.field(k, off, 0.95, "footer.signer-title")
					d.Signer = p.field(skipSpaces(p.text, off), end, 0.9, "footer.signer")
					return true
				}
				off = min(off, end)
				if off > 0 && t != "" && d.SignerTitle.Value != "" {
					// "PHÓ TRƯỞNG BAN" signs; "GIÁM ĐỐC CÔNG AN TỈNH" below it says who that is
					d.SignerOffice = p.field(k, k+len(strings.TrimRight(p.text[k:end], " ,.-")), 0.9, "footer.signer-office")
				} else if off > 0 && t != "" {
					d.SignerTitle = p.field(k, k+len(strings.TrimRight(p.text[k:end], " ,.-")), 0.95, "footer.signer-title")
				} else if t != "" && d.Authority.Whose != "" && d.SignerTitle.Value == "" {
					d.Authority.Whose += " " + t
				}
			}
			k = end
		}
		k = skipSpaces(p.text, k)
		if k < q.end && !p.drawnAt(k) {
			if s, e := p.nameSpan(para{start: k, end: q.end}); e > s {
				d.Signer = p.field(s, e, 0.93, "footer.signer")
				return true
			}
			k = max(wordEnd(p.text, k), k+1)
			for k < q.end && p.text[k] != ' ' {
				k++
			}
			k = skipSpaces(p.text, k)
		} else if k < q.end {
			k++
		}
	}
	return false
}

func (p *page) drawnAt(k int) bool {
	ok, _ := letterAt(p.text, k)
	return !ok
}

// nextOffice finds where the office behind KT./TL. ends: at the next office word or where small letters begin. Behind KT.
// only a deputy signs, so "KT. BỘ TRƯỞNG, CHỦ NHIỆM" is one office.
func (p *page) nextOffice(from, limit int, deputy bool) int {
	first := true
	for k := from; k < limit; {
		e := wordEnd(p.text, k)
		if e == k {
			k++
			continue
		}
		if _, l := cases(p.text[k:e]); l > 0 {
			return k
		}
		if o := p.officeAt(k, limit); o > 0 && !first && (!deputy || hasWord(p.low, k, "phó") || hasWord(p.low, k, "thứ")) {
			return k
		} else if o > 0 && first {
			e = o
		}
		first = false
		k = e
	}
	return limit
}

var familyNames = phrases("nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|đào|đinh|đoàn|mai|trịnh|lương|tô|tạ|hà|cao|châu|thái|lâm|triệu|quách|lò|cầm|quàng|vàng|giàng|sùng|thào|vi|hứa|nông|kim|thạch|danh|y|h|điểu|bế|chu|từ|tống|trương|văn|la|mạc|phùng|quan|ma|hầu|lầu|lù|ly|sầm|tòng|hờ|mùa|bàn|phượng|vừ|kha|đàm|nghiêm|kiều|doãn|lưu|khổng|thân|tăng|lại|thiều|bạch|giáp|ninh|âu|viên|khuất|hàn")

func familyName(low string, i int) bool {
	e, _ := familyNames.at(low, i)
	return e > 0
}
