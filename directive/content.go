package directive

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"chungtay/docrender"
	"chungtay/document"
	"chungtay/internal/civil"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
)

// Content is everything that stands on the paper, as its drafters see it.
type Content struct {
	Kind        string   `json:"kind"`         // as docrender.Kind: cong_van, ke_hoach, …
	Superior    []string `json:"superior"`     // header, left: the body above the issuer
	Issuer      []string `json:"issuer"`       // header, left: the issuing body
	Tail        string   `json:"tail"`         // what follows the number: KH-SYT
	Place       string   `json:"place"`        // địa danh
	Subject     string   `json:"subject"`      // trích yếu
	Bases       []string `json:"bases"`        // căn cứ, each cited in full
	Addressees  []string `json:"addressees"`   // Kính gửi, in the words of papers
	Intro       string   `json:"intro"`        // the sentence that opens the paper
	Aims        []string `json:"aims"`         // mục đích, yêu cầu
	Work        []Duty   `json:"work"`         // nội dung, tổ chức thực hiện
	Period      Period   `json:"period"`       // of the campaign or action
	Slogans     []string `json:"slogans"`      // khẩu hiệu
	Hotlines    []string `json:"hotlines"`     // đường dây nóng
	Groups      []string `json:"groups"`       // nhóm đối tượng cần chú ý
	Report      Report   `json:"report"`       // chế độ báo cáo
	Closing     string   `json:"closing"`      // the last sentence
	Recipients  []string `json:"recipients"`   // Nơi nhận, with marks: "Cục PCTNXH (b/c)"
	Archive     string   `json:"archive"`      // Lưu: the drafting unit
	Authority   []string `json:"authority"`    // TM. ỦY BAN NHÂN DÂN, KT. GIÁM ĐỐC
	SignerTitle string   `json:"signer_title"` // PHÓ GIÁM ĐỐC
	Signer      string   `json:"signer"`       // name
	Urgency     string   `json:"urgency"`      // "", khan, thuong_khan, hoa_toc
	Briefing    bool     `json:"briefing"`     // staff must read and confirm
}

// Duty is one thing to do. Who is in the words of papers; "" means every addressee. In a letter that corrects it is a passage put right.
type Duty struct {
	Numbering string            `json:"numbering"`
	Text      string            `json:"text"`
	Who       string            `json:"who"`
	With      string            `json:"with,omitempty"` // who cooperates (phối hợp), in the words of papers
	Product   string            `json:"product"`
	Due       deadline.Deadline `json:"due"`
}

// Period is a span of days; either end may be open.
type Period struct {
	From civil.Date `json:"from"`
	To   civil.Date `json:"to"`
}

// Report is what reports the directive asks for.
type Report struct {
	Due     deadline.Deadline `json:"due"`
	To      string            `json:"to"`      // body the reports go to; "" the issuer
	Channel string            `json:"channel"` // as written: "bản mềm gửi …"
	Form    string            `json:"form"`    // code of the report form; "" narrative alone
	Outline string            `json:"outline"` // đề cương
}

// Limits, stated to the person when exceeded.
const (
	maxDuties  = 80
	maxLines   = 100
	maxLine    = 2000
	maxSubject = 500 // as the field Subject of Nghị định 30/2020/NĐ-CP, Phụ lục VI
	maxContent = 400 << 10
)

// tidy brings a content to its stored form: NFC, single spaces in lines, no empty lines.
func (c *Content) tidy() {
	line := func(s string) string { return strings.Join(strings.Fields(viet.NFC(s)), " ") }
	para := func(s string) string { return strings.TrimSpace(viet.NFC(s)) }
	list := func(in []string) []string {
		var out []string
		for _, s := range in {
			if s = line(s); s != "" {
				out = append(out, s)
			}
		}
		return out
	}
	c.Subject, c.Tail, c.Place, c.Signer, c.SignerTitle, c.Archive = line(c.Subject), strings.TrimPrefix(line(c.Tail), "/"), line(c.Place), line(c.Signer), line(c.SignerTitle), line(c.Archive)
	c.Superior, c.Issuer, c.Bases, c.Addressees, c.Aims = list(c.Superior), list(c.Issuer), list(c.Bases), list(c.Addressees), list(c.Aims)
	c.Slogans, c.Hotlines, c.Groups, c.Recipients, c.Authority = list(c.Slogans), list(c.Hotlines), list(c.Groups), list(c.Recipients), list(c.Authority)
	c.Intro, c.Closing = para(c.Intro), para(c.Closing)
	c.Report.To, c.Report.Channel, c.Report.Form, c.Report.Outline = line(c.Report.To), line(c.Report.Channel), line(c.Report.Form), para(c.Report.Outline)
	var work []Duty
	for _, d := range c.Work {
		d.Numbering, d.Text, d.Who, d.With, d.Product = line(d.Numbering), para(d.Text), line(d.Who), line(d.With), line(d.Product)
		if d.Text != "" || d.Who != "" {
			work = append(work, d)
		}
	}
	c.Work = work
}

// check refuses what cannot be kept at all; what is still missing for signing is said by Missing.
func (c *Content) check() error {
	if utf8.RuneCountInString(c.Subject) > maxSubject {
		return errs.AtField("subject", "directive.too_long", maxSubject)
	}
	if len(c.Work) > maxDuties {
		return errs.AtField("work", "directive.many_duties", maxDuties)
	}
	for name, l := range map[string][]string{"bases": c.Bases, "addressees": c.Addressees, "aims": c.Aims, "slogans": c.Slogans, "hotlines": c.Hotlines, "groups": c.Groups, "recipients": c.Recipients} {
		if len(l) > maxLines {
			return errs.AtField(name, "directive.many_lines", maxLines)
		}
		for _, s := range l {
			if utf8.RuneCountInString(s) > maxLine {
				return errs.AtField(name, "directive.too_long", maxLine)
			}
		}
	}
	if !c.Period.From.IsZero() && !c.Period.To.IsZero() && c.Period.To.Before(c.Period.From) {
		return errs.AtField("to", "directive.period_backwards")
	}
	return nil
}

// Missing lists the fields that must be filled before a leader can sign, each with its sentence.
func (c Content) Missing() []errs.Field {
	var out []errs.Field
	need := func(ok bool, field, key string) {
		if !ok {
			out = append(out, errs.Field{Name: field, Message: errs.Message{Key: key}})
		}
	}
	need(c.Kind != "", "kind", "directive.need.kind")
	need(c.Subject != "", "subject", "directive.need.subject")
	need(len(c.Issuer) > 0, "issuer", "directive.need.issuer")
	need(c.Tail != "", "tail", "directive.need.tail")
	need(c.Place != "", "place", "directive.need.place")
	need(c.Intro != "" || len(c.Work) > 0 || len(c.Aims) > 0, "intro", "directive.need.body")
	need(c.Kind != string(docrender.Letter) || len(c.Addressees) > 0, "addressees", "directive.need.addressees")
	need(c.SignerTitle != "", "signer_title", "directive.need.signer_title")
	need(c.Signer != "", "signer", "directive.need.signer")
	need(len(c.Recipients) > 0, "recipients", "directive.need.recipients")
	return out
}

// open refuses a content whose paper would carry a mark of secrecy: this system does not hold State secrets.
func (c Content) open() error {
	if mark := document.SecretMark(Plain(c.Paper(0, civil.Date{}))); mark != "" {
		return errs.AtField("subject", "directive.secret", mark)
	}
	return nil
}

// General lists the duties of every addressee, Named those of named bodies.
func (c Content) General() (out []Duty) {
	for _, d := range c.Work {
		if d.Who == "" {
			out = append(out, d)
		}
	}
	return out
}

// Named groups the duties of named bodies in the order in which the bodies first appear.
func (c Content) Named() (who []string, duties map[string][]Duty) {
	duties = map[string][]Duty{}
	for _, d := range c.Work {
		if d.Who == "" {
			continue
		}
		if _, ok := duties[d.Who]; !ok {
			who = append(who, d.Who)
		}
		duties[d.Who] = append(duties[d.Who], d)
	}
	return who, duties
}

// Paper is the content in the prescribed form. Number 0 and the zero date leave the blanks of a draft.
func (c Content) Paper(number int, on civil.Date) docrender.Document {
	d := docrender.Document{Kind: docrender.Kind(c.Kind), Superior: c.Superior, Issuer: c.Issuer, Number: number, Symbol: c.Tail, Place: c.Place, Date: on, Subject: c.Subject,
		Bases: c.Bases, Authority: c.Authority, SignerTitle: c.SignerTitle, Signer: c.Signer, Urgency: docrender.Urgency(c.Urgency),
		Archive: docrender.Archive{Units: nonEmpty(c.Archive)}}
	if len(c.Issuer) > 0 {
		d.IssuerName = strings.Join(c.Issuer, " ")
	}
	// "Kính gửi" is of letters, reports and proposals (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.9); of the others it is "Nơi nhận" that says to whom.
	switch d.Kind {
	case docrender.Letter, docrender.Report, docrender.Proposal:
		d.Addressees = c.Addressees
	default:
		for _, a := range c.Addressees {
			d.Recipients = append(d.Recipients, docrender.Recipient{Name: strings.TrimRight(a, ";. ")})
		}
	}
	for _, r := range c.Recipients {
		x := recipient(r)
		if strings.HasPrefix(strings.ToLower(x.Name), "lưu:") || d.Addressees == nil && strings.EqualFold(x.Name, "như trên") {
			continue // the line "Lưu" is drawn by itself; nobody is above
		}
		d.Recipients = append(d.Recipients, x)
	}
	if c.Kind == string(docrender.Letter) {
		d.Body = c.letter()
	} else {
		d.Subject = capital(d.Subject) // it stands on a line of its own, not behind "V/v"
		d.Body = c.plan()
	}
	return d
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// recipient splits the mark off a line of "Nơi nhận": "Cục PCTNXH (b/c)".
func recipient(s string) docrender.Recipient {
	s = strings.TrimRight(strings.TrimLeft(s, "- "), ";. ")
	if i := strings.LastIndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		if mark := s[i+1 : len(s)-1]; utf8.RuneCountInString(mark) <= 20 {
			return docrender.Recipient{Name: strings.TrimSpace(s[:i]), Mark: mark}
		}
	}
	return docrender.Recipient{Name: s}
}

func paras(s string) []docrender.Block {
	var out []docrender.Block
	for _, l := range strings.Split(s, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, docrender.Para(l))
		}
	}
	return out
}

// sentence ends a text with a full stop, unless it ends with a mark of its own.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsRune(".;:?!…”\"", []rune(s)[len([]rune(s))-1]) {
		return s
	}
	return s + "."
}

// duty is a duty as a numbered paragraph; lines of its own below it are dashes.
func duty(level docrender.Level, d Duty) []docrender.Block {
	lines := strings.Split(d.Text, "\n")
	first := sentence(lines[0])
	if !d.Due.IsZero() && !strings.Contains(first, d.Due.Words) && len(lines) == 1 {
		first = strings.TrimRight(first, ".") + ", hoàn thành " + d.Due.Words + "."
	}
	if d.With != "" && len(lines) == 1 {
		first += " " + d.with()
	}
	out := []docrender.Block{docrender.Item(level, first)}
	for _, l := range lines[1:] {
		if l = strings.TrimLeft(strings.TrimSpace(l), "-–+ "); l != "" {
			out = append(out, docrender.Item(docrender.LevelDash, sentence(l)))
		}
	}
	if d.With != "" && len(lines) > 1 {
		out = append(out, docrender.Item(docrender.LevelDash, d.with()))
	}
	return out
}

// with says who cooperates.
func (d Duty) with() string { return sentence("Đơn vị phối hợp: " + d.With) }

// letter is the body of a công văn: what it is about, numbered duties, the report, the closing.
func (c Content) letter() []docrender.Block {
	out := paras(c.Intro)
	for _, a := range c.Aims {
		out = append(out, docrender.Para(sentence(a)))
	}
	general := c.General()
	level := docrender.LevelArabic
	if len(general) == 1 && len(c.Work) == 1 && general[0].With == "" {
		out = append(out, docrender.Para(sentence(general[0].Text)))
	} else {
		for _, d := range general {
			out = append(out, duty(level, d)...)
		}
	}
	who, named := c.Named()
	for _, w := range who {
		out = append(out, docrender.Item(level, sentence(w+":")))
		for _, d := range named[w] {
			out = append(out, duty(docrender.LevelDash, d)...)
		}
	}
	if s := c.period(); s != "" {
		out = append(out, docrender.Para(s))
	}
	out = append(out, c.extras(docrender.LevelDash)...)
	if s := c.reporting(); s != "" {
		out = append(out, docrender.Para(s))
	}
	return append(out, paras(c.Closing)...)
}

// plan is the body of a kế hoạch, with the outline of Nghị định 30/2020/NĐ-CP's practice: aims, content, organisation, reporting.
func (c Content) plan() []docrender.Block {
	out := paras(c.Intro)
	if len(c.Aims) > 0 {
		out = append(out, docrender.Heading(docrender.LevelRoman, "MỤC ĐÍCH, YÊU CẦU"))
		for _, a := range c.Aims {
			out = append(out, docrender.Item(docrender.LevelArabic, sentence(a)))
		}
	}
	general := c.General()
	if len(general) > 0 || c.period() != "" || len(c.Slogans)+len(c.Hotlines)+len(c.Groups) > 0 {
		out = append(out, docrender.Heading(docrender.LevelRoman, "NỘI DUNG"))
		for _, d := range general {
			out = append(out, duty(docrender.LevelArabic, d)...)
		}
		if s := c.period(); s != "" {
			out = append(out, docrender.Item(docrender.LevelArabic, s))
		}
		out = append(out, c.extras(docrender.LevelArabic)...)
	}
	if who, named := c.Named(); len(who) > 0 {
		out = append(out, docrender.Heading(docrender.LevelRoman, "TỔ CHỨC THỰC HIỆN"))
		for _, w := range who {
			out = append(out, docrender.Heading(docrender.LevelArabic, w))
			for _, d := range named[w] {
				out = append(out, duty(docrender.LevelDash, d)...)
			}
		}
	}
	if s := c.reporting(); s != "" {
		out = append(out, docrender.Heading(docrender.LevelRoman, "CHẾ ĐỘ THÔNG TIN, BÁO CÁO"), docrender.Para(s))
		out = append(out, paras(c.Report.Outline)...)
	}
	return append(out, paras(c.Closing)...)
}

func (c Content) period() string {
	f, t := c.Period.From, c.Period.To
	switch {
	case f.IsZero() && t.IsZero():
		return ""
	case f.IsZero():
		return "Thời gian thực hiện: đến hết ngày " + deadline.Written(t) + "."
	case t.IsZero():
		return "Thời gian thực hiện: từ ngày " + deadline.Written(f) + "."
	}
	return "Thời gian thực hiện: từ ngày " + deadline.Written(f) + " đến ngày " + deadline.Written(t) + "."
}

// extras are the groups, slogans and numbers that no duty has named already, each as one line.
func (c Content) extras(level docrender.Level) []docrender.Block {
	var said strings.Builder
	for _, d := range c.Work {
		said.WriteString(viet.Fold(d.Text) + "\n")
	}
	unsaid := func(list []string) (out []string) {
		for _, s := range list {
			if !strings.Contains(said.String(), viet.Fold(s)) {
				out = append(out, s)
			}
		}
		return out
	}
	var out []docrender.Block
	if groups := unsaid(c.Groups); len(groups) > 0 {
		out = append(out, docrender.Item(level, "Nhóm đối tượng cần chú ý: "+strings.Join(groups, "; ")+"."))
	}
	if slogans := unsaid(c.Slogans); len(slogans) > 0 {
		out = append(out, docrender.Item(level, "Khẩu hiệu tuyên truyền: “"+strings.Join(slogans, "”; “")+"”."))
	}
	if lines := unsaid(c.Hotlines); len(lines) > 0 {
		out = append(out, docrender.Item(level, "Phổ biến số điện thoại đường dây nóng: "+strings.Join(lines, ", ")+"."))
	}
	return out
}

func (c Content) reporting() string {
	if c.Report.Due.IsZero() {
		return ""
	}
	to := c.Report.To
	if to == "" {
		to = strings.Join(c.Issuer, " ")
		to = proper(to)
	}
	s := "Báo cáo kết quả thực hiện gửi về " + to + " " + c.Report.Due.Words
	if c.Report.Channel != "" {
		s += ", " + c.Report.Channel
	}
	return s + " để tổng hợp."
}

// proper writes the name of a body printed in capitals as in a sentence: "SỞ Y TẾ" gives "Sở Y tế", "ỦY BAN NHÂN DÂN TỈNH SƠN LA" "Ủy ban nhân
// dân tỉnh Sơn La". What is not all capitals stays. Which other words keep a capital cannot be known from capitals.
func proper(s string) string {
	if s != strings.ToUpper(s) {
		return s
	}
	words := strings.Fields(strings.ToLower(s))
	place := false
	for i, w := range words {
		switch {
		case i == 0, place, i == 1 && (words[0] == "Sở" || words[0] == "Bộ" || words[0] == "Cục" || words[0] == "Phòng"):
			words[i] = capital(w)
		case w == "tỉnh" || w == "huyện" || w == "xã" || w == "phường" || w == "phố" && words[i-1] == "thành":
			place = true
		}
	}
	return strings.Join(words, " ")
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// Cite quotes a directive as the decree prescribes at first mention: kind, number and symbol, date, issuer, subject.
func Cite(kind, symbol string, on civil.Date, issuer, subject string) string {
	s := kind + " số " + symbol
	if !on.IsZero() {
		s += " ngày " + deadline.Written(on)
	}
	if issuer != "" {
		s += " của " + issuer
	}
	if subject != "" {
		r := []rune(subject)
		if len(r) > 1 && unicode.IsUpper(r[0]) && unicode.IsLower(r[1]) {
			r[0] = unicode.ToLower(r[0])
		}
		s += " về việc " + strings.TrimPrefix(strings.TrimPrefix(string(r), "về việc "), "V/v ")
	}
	return s
}

// Shift moves a content to another year: every date, and the year where the text names it as a year of the work ("năm 2025").
func (c Content) Shift(years int) Content {
	if years == 0 {
		return c
	}
	day := func(d civil.Date) civil.Date {
		if d.IsZero() {
			return d
		}
		d.Year += years
		if d.Month == 2 && d.Day == 29 {
			d.Day = 28
		}
		return d
	}
	text := func(s string) string { return shiftYears(s, years) }
	list := func(in []string) []string {
		out := make([]string, len(in))
		for i, s := range in {
			out[i] = text(s)
		}
		return out
	}
	c.Subject, c.Intro, c.Closing, c.Report.Outline = text(c.Subject), text(c.Intro), text(c.Closing), text(c.Report.Outline)
	c.Aims = list(c.Aims)
	c.Period = Period{day(c.Period.From), day(c.Period.To)}
	c.Report.Due = c.Report.Due.Move(day(c.Report.Due.Day))
	work := make([]Duty, len(c.Work))
	for i, d := range c.Work {
		d.Text, d.Due = text(d.Text), d.Due.Move(day(d.Due.Day))
		work[i] = d
	}
	c.Work = work
	c.Bases, c.Slogans = nil, nil // last year's grounds and slogans are chosen anew: a slogan of 2021 must not slip into 2026
	return c
}

// shiftYears adds to the years that stand after "năm " and in dates d/m/yyyy.
func shiftYears(s string, years int) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		start := strings.Index(s[i:], "năm ")
		if start < 0 {
			b.WriteString(s[i:])
			break
		}
		start += i + len("năm ")
		b.WriteString(s[i:start])
		i = start
		if i+4 <= len(s) && allDigits(s[i:i+4]) && (i+4 == len(s) || !isDigit(s[i+4])) {
			y, _ := strconv.Atoi(s[i : i+4])
			b.WriteString(strconv.Itoa(y + years))
			i += 4
		}
	}
	return b.String()
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// Plain is the text of a paper as it is stored, searched and read back: one paragraph a line.
func Plain(d docrender.Document) string {
	var b strings.Builder
	line := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			b.WriteString(s + "\n")
		}
	}
	for _, s := range append(append([]string(nil), d.Superior...), d.Issuer...) {
		line(strings.ToUpper(s))
	}
	line("Số: " + strings.TrimPrefix(docrender.NumberLine(d.Number, d.Symbol), "Số: "))
	line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
	line("Độc lập - Tự do - Hạnh phúc")
	line(docrender.PlaceDate(d.Place, d.Date))
	if t := d.Kind.Title(); t != "" {
		line(t)
		line(d.Subject)
	} else {
		line("V/v " + d.Subject)
	}
	if len(d.Addressees) > 0 {
		line("Kính gửi:")
		for _, a := range d.Addressees {
			line("- " + strings.TrimRight(strings.TrimLeft(a, "- "), ";.") + ";")
		}
	}
	for i, s := range d.Bases {
		mark := ";"
		if i == len(d.Bases)-1 {
			mark = "."
		}
		line(strings.TrimRight(s, ";.") + mark)
	}
	count := map[docrender.Level]int{}
	for _, x := range d.Body {
		label := ""
		switch x.Level {
		case docrender.LevelRoman:
			count[docrender.LevelRoman]++
			count[docrender.LevelArabic] = 0
			label = roman(count[docrender.LevelRoman]) + ". "
		case docrender.LevelArabic:
			count[docrender.LevelArabic]++
			label = strconv.Itoa(count[docrender.LevelArabic]) + ". "
		case docrender.LevelDash:
			label = "- "
		}
		line(label + x.Text)
	}
	text := strings.TrimRight(b.String(), "\n")
	text = strings.TrimRight(text, ".") + "./."
	b.Reset()
	b.WriteString(text + "\n")
	line("Nơi nhận:")
	for _, r := range d.Recipients {
		s := "- " + r.Name
		if r.Mark != "" {
			s += " (" + r.Mark + ")"
		}
		line(s + ";")
	}
	line("- Lưu: VT" + strings.TrimSuffix(", "+strings.Join(d.Archive.Units, ", "), ", ") + ".")
	for _, s := range d.Authority {
		line(s)
	}
	line(d.SignerTitle)
	line(d.Signer)
	return strings.TrimRight(b.String(), "\n")
}

func roman(n int) string {
	var b strings.Builder
	for _, x := range []struct {
		v int
		s string
	}{{10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= x.v {
			b.WriteString(x.s)
			n -= x.v
		}
	}
	return b.String()
}
