package lint

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"chungtay/docparse"
	"chungtay/doctext"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
)

// The components of a document, Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II; the names are keys of the catalogue.
const (
	partNational  = "quoc-hieu"
	partMotto     = "tieu-ngu"
	partSuperior  = "chu-quan"
	partIssuer    = "ban-hanh"
	partNumber    = "so-ky-hieu"
	partPlaceDate = "dia-danh"
	partTitle     = "ten-loai"
	partSubject   = "trich-yeu"
	partLetter    = "trich-yeu-cv"
	partAddressee = "kinh-gui"
	partDecider   = "tham-quyen"
	partBasis     = "can-cu"
	partBody      = "than-bai"
	partHeading   = "de-muc"
	partOffice    = "quyen-han"
	partSigner    = "ho-ten"
	partTo        = "noi-nhan"
	partToLine    = "noi-nhan-dong"
	partMark      = "dau"
	partAnnex     = "phu-luc"
	partTable     = "bang"
	partCaption   = "ten-bang"
)

func partName(p string) errs.Message { return errs.Message{Key: "lint.part." + p} }

// item is one line of a paragraph, as its author broke it.
type item struct {
	par
	para  int // number of the paragraph in the file, from 1
	from  int // where it stands in the text
	part  string
	words string // with its label

	set []wordRef // on the pages of a PDF
}

type checker struct {
	*sheet
	text  string
	items []item
	doc   *docparse.Document
	found []Finding
	seen  map[string]int // rule and part to the finding

	vv *item // a subject below a title that says "V/v"

	setPages []doctext.Page // of a PDF
}

// layLines makes the text of a DOCX: a line each for what its author broke into lines.
func (c *checker) layLines() {
	var b strings.Builder
	for i := range c.paras {
		for k, line := range splitLines(c.paras[i]) {
			it := item{par: line, para: i + 1}
			if k > 0 {
				it.label = ""
			}
			it.words = it.shown()
			if it.words == "" { // an empty line parts what it stands between
				if b.Len() > 0 && !it.ruled {
					b.WriteByte('\n')
				}
				continue
			}
			if it.ruled { // figures and lists are no running text
				it.part = partTable
				it.from = -1
				c.items = append(c.items, it)
				continue
			}
			it.from = b.Len()
			b.WriteString(it.words)
			b.WriteByte('\n')
			c.items = append(c.items, it)
		}
	}
	c.text = b.String()
}

// findParts reads the text and says of every line what it is.
func (c *checker) findParts() {
	d := docparse.Read(c.text, docparse.Options{})
	c.doc = d
	type stretch struct {
		from, to int
		role     docparse.Role
	}
	var roles []stretch
	for _, p := range d.Paragraphs {
		s := d.OriginalSpan(p.Span)
		roles = append(roles, stretch{s.Start, s.End, p.Role})
	}
	sort.Slice(roles, func(i, j int) bool { return roles[i].from < roles[j].from })
	in := func(m docparse.Mark, it item) bool {
		s := d.OriginalSpan(m.Span)
		mid := it.from + len(it.words)/2
		return m.Span.End > m.Span.Start && s.Start <= mid && mid < s.End
	}
	signed := false // the first name under the text is read
	for i := range c.items {
		it := &c.items[i]
		if it.from < 0 {
			continue
		}
		mid := it.from + len(it.words)/2
		k := sort.Search(len(roles), func(i int) bool { return roles[i].from > mid }) - 1
		role := docparse.RoleText
		if k >= 0 && mid <= roles[k].to {
			role = roles[k].role
		}
		low := viet.Fold(it.words)
		switch {
		case strings.Contains(low, "cong hoa xa hoi chu nghia viet nam") && utf8.RuneCountInString(it.words) < 60:
			it.part = partNational
		case isMotto(low):
			it.part = partMotto
		case strings.HasPrefix(low, "v/v") || strings.HasPrefix(low, "v.v ve"):
			it.part = partLetter
		case role == docparse.RoleIssuer && in(d.Superior.Mark, *it):
			it.part = partSuperior
		case role == docparse.RoleIssuer && in(d.Issuer.Mark, *it):
			it.part = partIssuer
		case role == docparse.RoleNumber:
			it.part = partNumber
		case role == docparse.RolePlaceDate:
			it.part = partPlaceDate
		case role == docparse.RoleTitle:
			it.part = partTitle
		case in(d.Subject.Mark, *it) && d.Kind == docparse.Letter:
			it.part = partLetter
		case in(d.Subject.Mark, *it):
			it.part = partSubject
		case role == docparse.RoleAuthority && strings.HasSuffix(low, " dien:"): // of a công điện: the sender, then whom
			it.part = ""
		case role == docparse.RoleMarks:
			it.part = partMark
		case role == docparse.RoleAddressee:
			it.part = partAddressee
		case role == docparse.RoleAuthority:
			it.part = partDecider
		case role == docparse.RoleBasis && strings.HasPrefix(low, "can cu"):
			it.part = partBasis
		case role == docparse.RoleRecipients && strings.HasPrefix(low, "noi nhan"):
			it.part = partTo
		case role == docparse.RoleRecipients:
			it.part = partToLine
		case role == docparse.RoleSignature && (in(d.Signer.Mark, *it) || isName(it.words) && (signed || len(d.CoSigners) > 0)): // minutes and joint papers have two
			it.part, signed = partSigner, true
		case role == docparse.RoleSignature:
			it.part = partOffice
		case role == docparse.RoleHeading:
			it.part = partHeading
		case role == docparse.RoleAfter && strings.HasPrefix(low, "phu luc") && len(it.words) < 30:
			it.part = partAnnex
		case role == docparse.RoleItem, role == docparse.RoleText, role == docparse.RoleBasis, role == docparse.RoleSubject:
			it.part = partBody
		}
	}
	if titled := c.parts(partTitle); len(titled) > 0 {
		for _, it := range c.parts(partLetter) {
			it.part, c.vv = partSubject, it
		}
		for _, it := range c.parts(partSubject) { // where there is none, the first paragraph of the text is none either
			if it.known && it.align == "both" && !it.most(func(r run) bool { return r.bold }) {
				it.part = partBody
			}
		}
	}
	c.grounds()
	for i := len(c.items) - 2; i >= 0; i-- { // the name of a table and the unit of its figures belong to it
		it, next := &c.items[i], c.items[i+1]
		if (it.part == partBody || it.part == partHeading) && isCaption(it.words) {
			it.part = partCaption
		}
		if (it.part == partBody || it.part == partHeading) && (next.part == partTable || next.part == partCaption) && (it.align == "center" || it.align == "right") {
			it.part = partCaption
		}
	}
}

// isName tells a person's name: two words or more, each begun by a capital and no more.
func isName(w string) bool {
	f := strings.Fields(w)
	for _, x := range f {
		r := []rune(x)
		if len(r) < 2 || !unicode.IsUpper(r[0]) || !unicode.IsLower(r[1]) {
			return false
		}
	}
	return len(f) > 1
}

// isCaption tells the name of a table or picture and the unit of its figures.
func isCaption(w string) bool {
	low := viet.Fold(w)
	for _, p := range []string{"don vi tinh", "dvt:", "bang ", "bieu ", "bieu do ", "hinh "} {
		if rest, ok := strings.CutPrefix(low, p); ok {
			return strings.HasPrefix(p, "d") || rest != "" && rest[0] >= '0' && rest[0] <= '9'
		}
	}
	return false
}

// grounds finds who decides, the grounds and the word of order, between the subject and the first article or heading. In a decision they
// stand by themselves; elsewhere a ground is a line that begins "Căn cứ" and closes with a semicolon.
func (c *checker) grounds() {
	from, to := -1, -1
	for i := range c.items {
		switch it := &c.items[i]; {
		case it.part == partSubject || it.part == partLetter || it.part == partTitle && from < 0:
			from = i + 1
		case from > 0 && to < 0 && isOrder(it.words):
			to = i
			it.part = ""
		}
	}
	if from < 0 {
		return
	}
	order := to >= 0
	for i := from; i < len(c.items) && (i < to || !order); i++ {
		it := &c.items[i]
		if it.part != partBody && it.part != partHeading && it.part != partDecider && it.part != partBasis {
			break
		}
		low := viet.Fold(it.words)
		ground := strings.HasPrefix(low, "can cu")
		switch {
		case order && it.words == strings.ToUpper(it.words):
			it.part = partDecider
		case order && (ground || strings.HasPrefix(low, "theo de nghi") || strings.HasPrefix(low, "xet")):
			it.part = partBasis
		case !order && ground && strings.HasSuffix(it.words, ";"):
			it.part = partBasis
		case !order:
			return
		}
	}
}

// isOrder tells the word by which a decision begins to decide.
func isOrder(w string) bool {
	switch strings.TrimSpace(w) {
	case "QUYẾT ĐỊNH:", "QUYẾT ĐỊNH", "QUYẾT NGHỊ:", "QUYẾT NGHỊ":
		return true
	}
	return false
}

func isMotto(low string) bool {
	i := strings.Index(low, "doc lap")
	j := strings.Index(low, "tu do")
	k := strings.Index(low, "hanh phuc")
	return i >= 0 && j > i && k > j && len(low) < 50
}

// splitLines takes a paragraph apart at its line ends.
func splitLines(p par) []par {
	one := true
	for _, r := range p.runs {
		one = one && !strings.ContainsRune(r.text, '\n')
	}
	if one {
		return []par{p}
	}
	out := []par{p}
	out[0].runs = nil
	for _, r := range p.runs {
		for i, t := range strings.Split(r.text, "\n") {
			if i > 0 {
				q := p
				q.runs, q.first = nil, 0
				out = append(out, q)
			}
			if t != "" {
				r.text = t
				out[len(out)-1].runs = append(out[len(out)-1].runs, r)
			}
		}
	}
	return out
}

// parts lists the lines of a component.
func (c *checker) parts(names ...string) []*item {
	var out []*item
	for i := range c.items {
		for _, n := range names {
			if c.items[i].part == n {
				out = append(out, &c.items[i])
			}
		}
	}
	return out
}

// at finds the line in which a place of the reading stands.
func (c *checker) at(s docparse.Span) *item {
	pos := c.doc.Original(s.Start)
	for i := range c.items {
		if it := &c.items[i]; it.from >= 0 && pos >= it.from && pos <= it.from+len(it.words) {
			return it
		}
	}
	return nil
}

// report notes a deviation; at the same component the same rule is told once.
func (c *checker) report(rule, part string, it *item, args ...any) {
	if c.seen == nil {
		c.seen = map[string]int{}
	}
	key := rule + " " + part
	if rule == "font" || rule == "citation-number" {
		key += " " + strings.ToLower(firstString(args))
	}
	if i, ok := c.seen[key]; ok {
		c.found[i].Others++
		return
	}
	f := Finding{Rule: rule, Part: part, Message: errs.Message{Key: "lint.rule." + rule, Args: args}}
	if it != nil {
		f.at = it.from
		f.Place = Place{Page: it.page, Paragraph: it.para, Text: clip(it.words, 60)}
	}
	c.seen[key] = len(c.found)
	c.found = append(c.found, f)
}

func firstString(args []any) string {
	for _, a := range args {
		if s, ok := a.(string); ok {
			return s
		}
	}
	return ""
}

func clip(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n]) + "…"
}
