package lint

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"chungtay/docparse"
	"chungtay/internal/civil"
	"chungtay/internal/i18n"
	"chungtay/internal/viet"
)

// look is how a component must look: sizes in points, weight and slant, capitals, alignment. A nil pointer is not prescribed.
type look struct {
	part         string
	from, to     float64
	bold, italic *bool
	upper        bool
	centred      bool
}

func yes() *bool { b := true; return &b }
func no() *bool  { b := false; return &b }

// looks is the table of Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.
var looks = []look{
	{partNational, 12, 13, yes(), no(), true, true},
	{partMotto, 13, 14, yes(), no(), false, true},
	{partSuperior, 12, 13, no(), no(), true, true},
	{partIssuer, 12, 13, yes(), no(), true, true},
	{partNumber, 13, 13, no(), no(), false, true},
	{partPlaceDate, 13, 14, no(), yes(), false, true},
	{partTitle, 13, 14, yes(), no(), true, true},
	{partSubject, 13, 14, yes(), no(), false, true},
	{partLetter, 12, 13, no(), no(), false, true},
	{partAddressee, 13, 14, no(), no(), false, false},
	{partDecider, 13, 14, yes(), no(), true, true},
	{partBasis, 13, 14, no(), yes(), false, false},
	{partBody, 13, 14, nil, nil, false, false},
	{partHeading, 13, 14, yes(), nil, false, false},
	{partOffice, 13, 14, yes(), no(), true, true},
	{partSigner, 13, 14, yes(), no(), false, true},
	{partTo, 12, 12, yes(), yes(), false, false},
	{partToLine, 11, 11, no(), no(), false, false},
	{partMark, 13, 14, yes(), no(), true, false},
	{partAnnex, 14, 14, yes(), no(), false, true},
}

// Fonts with the shapes or the measures of Times New Roman.
var fonts = map[string]bool{"timesnewroman": true, "timesnewromanpsmt": true, "times": true, "liberationserif": true, "tinos": true, "termes": true, "texgyretermes": true, "nimbusroman": true}

func (c *checker) run() {
	c.pageRules()
	c.annexRules()
	c.presence()
	c.lookRules()
	c.headRules()
	c.orderRules()
	c.bodyRules()
	c.citationRules()
	c.recipientRules()
	c.signatureRules()
	c.ruleRules()
}

const slack = 0.6 // millimetres; word processors round

func num(v float64) string { return i18n.Decimal(i18n.VI, math.Round(v*10)/10, -1) }

func span(from, to float64) string {
	if from == to {
		return num(from)
	}
	return num(from) + "–" + num(to)
}

func (c *checker) pageRules() {
	for i, s := range c.sections {
		first := c.firstOf(i)
		if s.width > 0 && s.height > 0 {
			w, h := math.Min(s.width, s.height), math.Max(s.width, s.height)
			if math.Abs(w-210) > 2 || math.Abs(h-297) > 2 {
				c.report("paper", "", first, num(s.width), num(s.height))
			}
		}
		for _, m := range []struct {
			side       string
			have       float64
			from, to   float64
			turnedFrom string
		}{{"top", s.top, 20, 25, ""}, {"bottom", s.bottom, 20, 25, ""}, {"left", s.left, 30, 35, ""}, {"right", s.right, 15, 20, ""}} {
			if s.landscape || m.have <= 0 { // a turned page has its edges turned with it: any order of the same values
				continue
			}
			slack := slack
			if c.format == "pdf" { // letters seldom reach the edges of their line
				slack = 1.5
			}
			if m.have < m.from-slack || m.have > m.to+slack {
				c.report("margin", m.side, first, partName("le-"+m.side), num(m.have), span(m.from, m.to))
			}
		}
		n := s.number
		switch {
		case !n.there:
			if c.pages > 1 || c.pages == 0 && letters(c.text) > 2600 || i > 0 {
				c.report("page-number-missing", "", first)
			}
			continue
		case !n.top || !n.centred:
			c.report("page-number-place", "", first)
		}
		if n.onFirst {
			c.report("page-number-first", "", first)
		}
		if n.size > 0 && (n.size < 13 || n.size > 14) {
			c.report("page-number-size", "", first, num(n.size))
		}
	}
}

// annexRules checks the numbers of annexes: Roman ones in their titles, pages from 1; and that pages are turned for tables alone.
func (c *checker) annexRules() {
	for _, it := range c.parts(partAnnex) {
		f := strings.Fields(it.words)
		if len(f) > 2 && strings.Trim(strings.TrimRight(f[2], ".:"), "0123456789") == "" {
			c.report("annex-roman", partAnnex, it, it.words)
		}
	}
	for i, s := range c.sections {
		first := c.firstOf(i)
		if i > 0 && first != nil && first.part == partAnnex && s.number.there && s.number.continues {
			c.report("annex-number", partAnnex, first)
		}
		if s.landscape && first != nil && !c.tableIn(i) {
			c.report("turned", "", first)
		}
	}
}

// tableIn tells whether a section holds a table.
func (c *checker) tableIn(section int) bool {
	from, to := c.sections[section].from, math.MaxInt
	if section+1 < len(c.sections) {
		to = c.sections[section+1].from
	}
	for i := range c.items {
		if it := &c.items[i]; it.ruled && it.para > from && it.para <= to {
			return true
		}
	}
	return false
}

func (c *checker) firstOf(section int) *item {
	from := c.sections[section].from
	for i := range c.items {
		if c.items[i].para > from {
			return &c.items[i]
		}
	}
	return nil
}

// isLetter tells a công văn: no title, an addressee.
func (c *checker) isLetter() bool {
	return len(c.parts(partTitle)) == 0 && (c.doc.Kind == docparse.Letter || len(c.parts(partAddressee)) > 0)
}

// isMinutes tells a biên bản.
func (c *checker) isMinutes() bool {
	t := c.parts(partTitle)
	return len(t) > 0 && strings.HasPrefix(viet.Fold(t[0].words), "bien ban")
}

// presence names the components that every document has.
func (c *checker) presence() {
	has := func(parts ...string) bool { return len(c.parts(parts...)) > 0 }
	for _, p := range []struct {
		part string
		ok   bool
	}{
		{partNational, has(partNational)}, {partMotto, has(partMotto)}, {partIssuer, has(partIssuer, partSuperior)}, {partNumber, has(partNumber)},
		{partPlaceDate, has(partPlaceDate)}, {partSubject, has(partSubject, partLetter)}, {partOffice, has(partOffice)}, {partSigner, has(partSigner)}, {partTo, has(partTo, partToLine)},
	} {
		if c.isMinutes() && (p.part == partOffice || p.part == partSigner) {
			continue // minutes are signed by several, each in their own words
		}
		if p.part == partSubject && !p.ok && c.isLetter() {
			if it := c.belowNumber(); it != nil { // there is one, without the words that make it one
				it.part = partLetter
				continue
			}
		}
		if p.part == partSigner && strings.Contains(c.text, "DỰ THẢO") {
			continue // nobody has signed a draft
		}
		if !p.ok {
			c.report("missing", p.part, nil, partName(p.part))
		}
	}
	if c.doc.Kind == docparse.Letter || c.doc.Kind == docparse.Proposal {
		if !has(partAddressee) {
			c.report("missing", partAddressee, nil, partName(partAddressee))
		}
	}
}

// belowNumber is the line below the number in the head, when it is nothing else.
func (c *checker) belowNumber() *item {
	for i := range c.items[:max(0, len(c.items)-1)] {
		if next := &c.items[i+1]; c.items[i].part == partNumber && (next.part == "" || next.part == partBody || next.part == partSubject) {
			return next
		}
	}
	return nil
}

// lookRules checks font, size, weight, slant, capitals and place of every line.
func (c *checker) lookRules() {
	for i := range c.items {
		it := &c.items[i]
		for _, r := range it.runs {
			if letters(r.text) == 0 {
				continue
			}
			if name := plainFont(r.font); name != "" && !fonts[name] {
				c.report("font", "", it, r.font)
			}
			if r.colour != "" && it.part != partMark && !dark(r.colour) {
				c.report("colour", "", it, "#"+r.colour)
			}
			if c.format == "docx" && it.part == partMark && urgent(it.words) && !red(r.colour) {
				c.report("mark-colour", partMark, it)
			}
			if r.under {
				switch it.part {
				case partMotto, partIssuer, partSubject, partTitle, partSuperior, partNational:
					c.report("underline", it.part, it, partName(it.part))
				}
			}
		}
		for _, l := range looks {
			if l.part == it.part {
				c.lookAt(it, l)
			}
		}
	}
}

func (c *checker) lookAt(it *item, l look) {
	name := partName(l.part)
	bold := func(r run) bool { return r.bold }
	italic := func(r run) bool { return r.italic }
	if c.format == "pdf" && (l.part == partBody && utf8Len(it.words) < 60 || l.part == partHeading && !headed(it)) {
		return // in a PDF a short line may be a label of a picture or the name of a table
	}
	if s := it.size(); s > 0 && (s < l.from-0.3 || s > l.to+0.3) {
		c.report("size", l.part, it, name, num(s), span(l.from, l.to))
	}
	if l.part == partHeading && !headed(it) {
		l.bold = nil
	}
	if l.part == partNumber { // số và ký hiệu; what follows on the line may be something else
		l.centred = false
	}
	switch {
	case l.bold != nil && *l.bold && !it.most(bold):
		c.report("bold", l.part, it, name)
	case l.bold != nil && !*l.bold && !it.none(bold):
		c.report("not-bold", l.part, it, name)
	}
	switch {
	case l.italic != nil && *l.italic && !it.most(italic):
		c.report("italic", l.part, it, name)
	case l.italic != nil && !*l.italic && !it.none(italic):
		c.report("not-italic", l.part, it, name)
	}
	if l.upper && it.words != strings.ToUpper(it.words) {
		c.report("upper", l.part, it, name)
	}
	if l.centred && it.align != "" && it.align != "center" && !(it.align == "both" && it.cell) && it.left < 40 {
		c.report("centre", l.part, it, name)
	}
}

// headed tells whether a heading is one of a part that the decree wants bold: I., 1. with a title, Điều with a title.
func headed(it *item) bool {
	w := it.words
	if strings.HasSuffix(strings.TrimRight(w, " "), ";") || utf8Len(w) > 120 {
		return false
	}
	label, _, _ := strings.Cut(w, " ")
	if strings.HasSuffix(label, ".") && strings.Trim(label, "IVXLC.") == "" {
		return true
	}
	return strings.HasPrefix(w, "Chương ") || strings.HasPrefix(w, "Phần ") || strings.HasPrefix(w, "Mục ")
}

func utf8Len(s string) int { return len([]rune(s)) }

// plainFont is the name of a font without the marks of a subset and of its styles.
func plainFont(name string) string {
	if i := strings.IndexByte(name, '+'); i == 6 {
		name = name[7:]
	}
	name, _, _ = strings.Cut(name, ",")
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		name = name[:i]
	}
	name = strings.ToLower(strings.ReplaceAll(name, " ", ""))
	for _, s := range []string{"bolditalic", "bold", "italic", "regular", "mt"} {
		name = strings.TrimSuffix(name, s)
	}
	return strings.TrimSuffix(name, "ps")
}

// dark tells whether a colour is as good as black.
func dark(hex string) bool {
	v, err := strconv.ParseUint(hex, 16, 32)
	return err != nil || v>>16&255 < 60 && v>>8&255 < 60 && v&255 < 60
}

// urgent tells the words of haste.
func urgent(w string) bool {
	switch strings.TrimSpace(viet.Fold(w)) {
	case "khan", "thuong khan", "hoa toc":
		return true
	}
	return false
}

// red tells a bright red.
func red(hex string) bool {
	v, err := strconv.ParseUint(hex, 16, 32)
	return err == nil && v>>16&255 >= 180 && v>>8&255 < 90 && v&255 < 90
}

// headRules checks the words of the head: quốc hiệu, tiêu ngữ, number, date, subject.
func (c *checker) headRules() {
	for _, it := range c.parts(partNational) {
		if w := strings.Join(strings.Fields(it.words), " "); viet.OldTone(w) != "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" && strings.ToUpper(w) == w {
			c.report("national-words", partNational, it, w)
		}
	}
	for _, it := range c.parts(partMotto) {
		if w := strings.Join(strings.Fields(it.words), " "); w != "Độc lập - Tự do - Hạnh phúc" {
			c.report("motto-words", partMotto, it, w)
		}
	}
	c.numberRules()
	for _, it := range c.parts(partPlaceDate) {
		c.dateRule(it)
	}
	if letter := c.parts(partLetter); c.isLetter() && len(letter) > 0 {
		if !strings.HasPrefix(letter[0].words, "V/v") {
			c.report("subject-vv", partLetter, letter[0])
		}
	} else if c.vv != nil {
		c.report("subject-not-vv", partSubject, c.vv)
	}
}

// types are the abbreviations of Phụ lục III and the titles they stand for.
var types = map[string]string{"NQ": "NGHỊ QUYẾT", "QĐ": "QUYẾT ĐỊNH", "CT": "CHỈ THỊ", "QC": "QUY CHẾ", "QyĐ": "QUY ĐỊNH", "TC": "THÔNG CÁO", "TB": "THÔNG BÁO", "HD": "HƯỚNG DẪN", "CTr": "CHƯƠNG TRÌNH", "KH": "KẾ HOẠCH", "PA": "PHƯƠNG ÁN", "ĐA": "ĐỀ ÁN", "DA": "DỰ ÁN", "BC": "BÁO CÁO", "BB": "BIÊN BẢN", "TTr": "TỜ TRÌNH", "HĐ": "HỢP ĐỒNG", "CĐ": "CÔNG ĐIỆN", "BGN": "BẢN GHI NHỚ", "BTT": "BẢN THỎA THUẬN", "GUQ": "GIẤY ỦY QUYỀN", "GM": "GIẤY MỜI", "GGT": "GIẤY GIỚI THIỆU", "GNP": "GIẤY NGHỈ PHÉP", "PG": "PHIẾU GỬI", "PC": "PHIẾU CHUYỂN", "PB": "PHIẾU BÁO"}

func (c *checker) numberRules() {
	for _, it := range c.parts(partNumber) {
		w := strings.TrimSpace(it.words)
		rest, ok := cutNumberLabel(w)
		if !ok {
			continue
		}
		if !strings.HasPrefix(w, "Số:") {
			c.report("number-label", partNumber, it, w)
		}
		number, symbol, slash := strings.Cut(rest, "/")
		digits := strings.TrimSpace(number)
		symbol = strings.TrimSpace(symbol)
		if !slash || symbol == "" {
			c.report("number-symbol", partNumber, it, w)
			continue
		}
		if i := strings.IndexAny(symbol, " \t"); i >= 0 && !strings.ContainsAny(symbol[:i], "-–") || strings.Contains(symbol, " -") || strings.Contains(symbol, "- ") || digits != "" && (strings.HasSuffix(number, " ") || strings.HasPrefix(rest[len(number)+1:], " ")) {
			c.report("number-space", partNumber, it, w)
		}
		if strings.ContainsAny(symbol, "–—") {
			c.report("number-dash", partNumber, it, w)
		}
		if len(digits) == 1 && digits >= "1" && digits <= "9" {
			c.report("number-zero", partNumber, it, digits, "0"+digits)
		}
		if len(digits) > 2 && digits[0] == '0' && strings.Trim(digits, "0123456789") == "" {
			c.report("number-zeros", partNumber, it, digits, strings.TrimLeft(digits, "0"))
		}
		kind, _, _ := strings.Cut(strings.ReplaceAll(symbol, "–", "-"), "-")
		kind = strings.TrimSpace(kind)
		title := ""
		if t := c.parts(partTitle); len(t) > 0 {
			title = strings.Join(strings.Fields(t[0].words), " ")
		}
		switch want := abbreviation(title); {
		case title == "" && kind == "CV":
			c.report("number-cv", partNumber, it, symbol)
		case title == "" && c.isLetter() && types[kind] != "" && strings.Count(symbol, "-") > 0 && kind != "TB" && kind != "HD":
			c.report("number-type-letter", partNumber, it, kind)
		case want != "" && kind != want && c.doc.Number.Year == "":
			c.report("number-type", partNumber, it, symbol, title, want)
		}
	}
}

func cutNumberLabel(w string) (string, bool) {
	low := strings.ToLower(w)
	if !strings.HasPrefix(low, "số") {
		return "", false
	}
	return strings.TrimLeft(w[len("số"):], " :"), true
}

func abbreviation(title string) string {
	for a, t := range types {
		if t == viet.OldTone(title) {
			return a
		}
	}
	return ""
}

// dateRule checks "Địa danh, ngày 05 tháng 01 năm 2020": a zero before days below 10 and the months 1 and 2 alone.
func (c *checker) dateRule(it *item) {
	w := strings.Join(strings.Fields(it.words), " ")
	low := strings.ToLower(w)
	i, j, k := strings.Index(low, "ngày"), strings.Index(low, "tháng"), strings.Index(low, "năm")
	if i < 0 || j < i || k < j {
		c.report("date-form", partPlaceDate, it, clip(w, 60))
		return
	}
	if !strings.HasSuffix(strings.TrimSpace(w[:i]), ",") {
		c.report("date-comma", partPlaceDate, it, clip(w, 60))
	}
	day, month := strings.TrimSpace(w[i+len("ngày"):j]), strings.TrimSpace(w[j+len("tháng"):k])
	year := strings.TrimSpace(w[k+len("năm"):])
	d, errDay := strconv.Atoi(day)
	m, errMonth := strconv.Atoi(month)
	y, errYear := strconv.Atoi(strings.Trim(year, ". "))
	if errDay == nil && d >= 1 && d <= 9 && len(day) == 1 {
		c.report("date-day", partPlaceDate, it, day, "0"+day)
	}
	if errMonth == nil {
		switch {
		case (m == 1 || m == 2) && len(month) == 1:
			c.report("date-month", partPlaceDate, it, month, "0"+month)
		case m >= 3 && m <= 9 && len(month) == 2:
			c.report("date-month", partPlaceDate, it, month, strconv.Itoa(m))
		}
	}
	if errDay == nil && errMonth == nil && errYear == nil {
		if _, ok := civil.Parse(strconv.Itoa(y) + "-" + two(m) + "-" + two(d)); ok != nil {
			c.report("date-none", partPlaceDate, it, clip(w[i:], 40))
		}
	}
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// orderRules checks the order in which the components stand.
func (c *checker) orderRules() {
	order := []string{partNational, partMotto, partPlaceDate, partTitle, partSubject, partAddressee, partDecider, partBasis, partBody, partTo}
	last, lastPart := -1, ""
	for _, p := range order {
		its := c.parts(p)
		if len(its) == 0 {
			continue
		}
		at := its[0]
		if p == partBody { // the first line of the text proper
			at = its[0]
		}
		if at.from < last {
			c.report("order", p, at, partName(p), partName(lastPart))
			continue
		}
		last, lastPart = at.from, p
	}
	after := []string{partIssuer, partNumber}
	for i := 1; i < len(after); i++ {
		a, b := c.parts(after[i-1]), c.parts(after[i])
		if len(a) > 0 && len(b) > 0 && b[0].from < a[0].from {
			c.report("order", after[i], b[0], partName(after[i]), partName(after[i-1]))
		}
	}
}

// bodyRules checks the text: indents, gaps, line spacing, alignment, grounds, points in the Vietnamese alphabet, the mark of the end.
func (c *checker) bodyRules() {
	for i := range c.items {
		it := &c.items[i]
		if it.part == partLetter && it.known && i > 0 && c.items[i-1].part == partNumber && c.items[i-1].known && math.Max(it.before, c.items[i-1].after) < 5.9 {
			c.report("gap", partLetter, it, num(math.Max(it.before, c.items[i-1].after)))
		}
		if it.part != partBody && it.part != partBasis && it.part != partHeading || !it.known || it.cell {
			continue
		}
		if rest, ok := strings.CutPrefix(it.words, "Điều "); ok && it.label == "" && len(it.runs) > 0 && !it.runs[0].bold {
			if n, _, dot := strings.Cut(rest, "."); dot && strings.Trim(n, "0123456789") == "" {
				c.report("article-bold", partBody, it, "Điều "+n)
			}
		}
		long := utf8Len(it.words) > 90
		if it.part != partHeading && long && it.align != "both" && it.align != "" {
			c.report("justify", partBody, it)
		}
		indent := it.first
		if it.left > 1 && it.first <= 0 { // a hanging label: the label stands where the line begins
			indent = it.left + it.first
		}
		if long && it.align != "center" && it.align != "right" && (indent < 10-slack || indent > 12.7+slack) {
			c.report("indent", partBody, it, num(indent))
		}
		if it.line > 0 && (it.line < 0.98 || it.line > 1.52) {
			c.report("line-spacing", partBody, it, i18n.Decimal(i18n.VI, math.Round(it.line*100)/100, -1))
		}
		if next := c.next(i); next != nil && next.known && !next.cell && (next.part == partBody || next.part == partHeading) && next.para != it.para {
			if gap := math.Max(it.after, next.before); gap < 5.9 {
				c.report("gap", partBody, it, num(gap))
			}
		}
	}
	bases := c.parts(partBasis)
	if len(bases) > 0 && len(c.parts(partDecider)) > 0 {
		for i, it := range bases {
			w := strings.TrimSpace(it.words)
			switch {
			case i < len(bases)-1 && !strings.HasSuffix(w, ";"):
				c.report("basis-mark", partBasis, it)
			case i == len(bases)-1 && !strings.HasSuffix(w, "."):
				c.report("basis-last", partBasis, it)
			}
		}
	}
	c.pointRule()
	c.endRule()
}

func (c *checker) next(i int) *item {
	if i+1 < len(c.items) {
		return &c.items[i+1]
	}
	return nil
}

// pointRule checks that points follow the Vietnamese alphabet: after d) comes đ).
func (c *checker) pointRule() {
	last := ""
	for i := range c.items {
		it := &c.items[i]
		label, _, ok := strings.Cut(it.words, ")")
		if !ok || utf8Len(label) != 1 || !unicode.IsLower([]rune(label)[0]) {
			continue
		}
		if last == "d" && label == "e" {
			c.report("point-letter", partBody, it)
		}
		if label == "f" || label == "j" || label == "w" || label == "z" {
			c.report("point-letter", partBody, it)
		}
		last = label
	}
}

// endRule checks that the text closes with "./.".
func (c *checker) endRule() {
	var end *item
	for i := range c.items {
		it := &c.items[i]
		if it.part == partTo || it.part == partOffice || it.part == partToLine {
			break
		}
		if it.part == partBody || it.part == partHeading || it.part == partBasis || it.part == partTable {
			end = it
		}
	}
	if end == nil || end.part == partTable || c.isMinutes() && strings.Contains(c.text, "./.") {
		return
	}
	w := strings.TrimRight(end.words, " ”\"")
	if strings.HasSuffix(w, "./.") || strings.HasSuffix(w, ". /.") {
		return
	}
	c.report("end-mark", partBody, end)
}

// citationRules checks how other documents are cited: kind, number and symbol, date, issuer at the first mention; kind and number later;
// a law by its name.
func (c *checker) citationRules() {
	for _, x := range c.doc.Citations {
		it := c.at(x.Span)
		if it == nil || it.part == partTable || it.part == partToLine {
			continue
		}
		s := x.Span
		before := strings.TrimRight(c.doc.Text[max(0, s.Start-40):s.Start], " ")
		low := strings.ToLower(before)
		kindWord := lastWords(low)
		law := x.Number.Year != "" && strings.Contains(x.Number.Text, "/QH") || kindWord == "luật" || kindWord == "pháp lệnh"
		switch {
		case law:
			c.report("citation-law", partBody, it, x.Number.Text)
		case x.Number.Number == "" || x.Number.Issuer == "":
		case !strings.Contains(strings.ToLower(c.doc.Text[max(0, s.Start-12):min(len(c.doc.Text), s.Start+8)]), "số"):
			c.report("citation-number", partBody, it, x.Number.Text)
		case x.Date.Year == 0 || x.Issuer == "" && x.Date.Day == 0:
			c.report("citation-first", partBody, it, x.Number.Text)
		}
	}
}

func lastWords(low string) string {
	low = strings.TrimSuffix(strings.TrimSpace(low), "số")
	f := strings.Fields(low)
	for i := len(f) - 1; i >= 0 && i >= len(f)-8; i-- {
		if f[i] == "luật" {
			return "luật"
		}
		if i > 0 && f[i-1] == "pháp" && f[i] == "lệnh" {
			return "pháp lệnh"
		}
		switch f[i] {
		case "quyết", "định", "nghị", "kế", "hoạch", "thông", "tư", "công", "văn", "chỉ", "thị", "căn", "cứ":
			return ""
		}
	}
	return ""
}

// recipientRules checks "Nơi nhận".
func (c *checker) recipientRules() {
	lines := c.parts(partToLine)
	if label := c.parts(partTo); len(label) > 0 {
		if w := strings.TrimSpace(label[0].words); !strings.HasPrefix(w, "Nơi nhận:") {
			c.report("to-label", partTo, label[0], w)
		}
	}
	if len(lines) == 0 {
		return
	}
	archive := false
	for i, it := range lines {
		w := strings.TrimSpace(it.words)
		body := strings.TrimSpace(strings.TrimLeft(w, "-–—+ "))
		if strings.HasPrefix(strings.ToLower(body), "lưu") {
			archive = true
			if !strings.HasPrefix(body, "Lưu:") {
				c.report("archive-colon", partToLine, it, clip(w, 40))
			} else if !strings.Contains(body, "VT") {
				c.report("archive-vt", partToLine, it, clip(w, 40))
			}
			if i < len(lines)-1 && strings.HasPrefix(strings.TrimSpace(lines[i+1].words), "-") {
				c.report("archive-last", partToLine, it)
			}
			continue
		}
		if strings.HasPrefix(w, "-") && !strings.HasSuffix(w, ";") && i < len(lines)-1 && strings.HasPrefix(strings.TrimSpace(lines[i+1].words), "-") {
			c.report("to-mark", partToLine, it, clip(w, 40))
		}
	}
	if !archive {
		c.report("archive", partToLine, lines[len(lines)-1])
	}
}

// titlesOfPeople stand before a name; the decree wants the name alone.
var titlesOfPeople = []string{"ThS", "TS", "PGS", "GS", "BS", "KS", "CN", "Ông", "Bà", "BSCK", "Thạc sĩ", "Tiến sĩ", "Bác sĩ", "Đại tá", "Thượng tá", "Trung tá", "Thiếu tướng"}

func (c *checker) signatureRules() {
	for _, it := range c.parts(partSigner) {
		for _, t := range titlesOfPeople {
			if strings.HasPrefix(it.words, t+".") || strings.HasPrefix(it.words, t+" ") {
				switch t {
				case "Đại tá", "Thượng tá", "Trung tá", "Thiếu tướng": // the armed forces may show ranks
					continue
				}
				c.report("signer-title", partSigner, it, t)
			}
		}
	}
	for _, it := range c.parts(partOffice) {
		for _, m := range []string{"TM", "KT", "TL", "TUQ", "Q"} {
			if strings.HasPrefix(it.words, m+" ") || strings.HasPrefix(it.words, m+".") && len(it.words) > len(m)+1 && it.words[len(m)+1] != ' ' {
				c.report("authority-mark", partOffice, it, m)
			}
		}
	}
}
