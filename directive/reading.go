package directive

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"chungtay/docparse"
	"chungtay/docrender"
	"chungtay/document"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/viet"
)

// confirmed puts what the clerk entered in the registry in the place of what was read: it was looked at.
func confirmed(r *docparse.Document, f document.Facts) {
	set := func(to *string, v string) {
		if v != "" && viet.Fold(v) != viet.Fold(*to) { // the registry writes capitals its own way
			*to = v
		}
	}
	set(&r.Number.Text, f.Symbol)
	set(&r.Issuer.Value, f.Issuer)
	set(&r.Subject.Value, f.Subject)
	set(&r.Signer.Value, f.Signer)
	if d := f.IssuedOn; !d.IsZero() {
		r.IssuedOn.Date = docparse.Date{Year: d.Year, Month: int(d.Month), Day: d.Day}
	}
}

// FromReading is a content proposed from a paper that was read. own: the paper is the unit's own text; otherwise it is one from above, and
// the content carries it on: its grounds quote the paper, its duties are those given to the unit.
func (c *Directives) FromReading(tx *db.Tx, unit string, r *docparse.Document, own bool) (Content, error) {
	kind := string(r.Kind)
	news := docrender.Kind(kind).Title() == "" && r.Kind != docparse.Letter // no paper of an office: its headline is no subject, its publisher nobody to report to
	if news {
		kind = string(docrender.Letter)
		for _, x := range r.Citations { // an article about a plan: the plan is what is written
			if x.Kind == string(docparse.Plan) && strings.Contains(viet.Fold(r.Text), "noi dung cua ke hoach") {
				kind = x.Kind
			}
		}
	}
	out, err := c.Blank(tx, unit, kind)
	if err != nil {
		return out, err
	}
	out.Subject, out.Urgency = r.Subject.Value, urgencyOf(r.Urgency.Value)
	if s := campaignIn(r.Text); s != "" && (news || out.Subject == "") {
		out.Subject = s
	}
	if kind == string(docrender.Letter) {
		out.Subject = afterTitle(out.Subject)
	}
	if r.Period != nil {
		out.Period = Period{dayOf(r.Period.From), dayOf(r.Period.To)}
	}
	for _, s := range r.Slogans {
		out.Slogans = append(out.Slogans, s.Value)
	}
	for _, h := range r.Hotlines {
		if s := strings.Trim(h.Shown, "() "); own || !retired(r, h) { // a line that has been closed is not handed on
			out.Hotlines = append(out.Hotlines, s)
		}
	}
	out.Report = reportOf(r, own, out.Report)
	out.Work = work(r)
	if !own {
		for _, g := range r.TargetGroups {
			if !strings.HasSuffix(viet.Fold(r.Text[:g.Span.Start]), "bao ve ") { // the child protection line is no group
				out.Groups = append(out.Groups, g.Value)
			}
		}
		return c.carryOn(tx, unit, r, out)
	}
	if archive, ok := kept(r); ok {
		out.Archive = archive
		if kind == string(docrender.Letter) && r.Number.Text == "" {
			head, _, _ := strings.Cut(out.Tail, "-")
			units := strings.Split(archive, ", ")
			out.Tail = head + "-" + units[len(units)-1]
		}
	}
	if _, tail, ok := strings.Cut(r.Number.Text, "/"); ok && tail != "" {
		out.Tail = tail
	}
	if r.Place.Value != "" {
		out.Place = r.Place.Value
	}
	out.Intro = opening(r)
	for _, x := range r.Citations {
		if x.Basis && !strings.Contains(out.Intro, x.Number.Text) {
			out.Bases = append(out.Bases, "Căn cứ "+citation(x))
		}
	}
	for _, a := range r.Addressees {
		out.Addressees = append(out.Addressees, a.Value)
	}
	out.Recipients = nil
	for _, x := range r.Recipients {
		if strings.HasPrefix(viet.Fold(x.Value), "luu") {
			continue
		}
		s := x.Value
		if x.Purpose != "" && !strings.HasSuffix(s, "("+x.Purpose+")") {
			s += " (" + x.Purpose + ")"
		}
		out.Recipients = append(out.Recipients, s)
	}
	if r.SignerTitle.Value != "" {
		if r.SignerTitle.Value != out.SignerTitle {
			out.Signer = "" // somebody else signs than the unit's leader
		}
		out.SignerTitle = r.SignerTitle.Value
	}
	if r.Signer.Value != "" {
		out.Signer = r.Signer.Value
	}
	if r.Authority.Form != "" {
		out.Authority = []string{strings.TrimSpace(r.Authority.Form + " " + r.Authority.Whose)}
	}
	out.Aims = aims(r)
	if s := closing(r); s != "" {
		out.Closing = s
	}
	return out, nil
}

// retired tells whether a hotline was closed, as far as the register of hotlines knows.
func retired(r *docparse.Document, h docparse.Phone) bool {
	for _, d := range r.Doubts {
		if d.Key == "docparse.doubt.hotline-retired" && len(d.Args) > 0 && d.Args[0] == h.Number {
			return true
		}
	}
	return false
}

func dayOf(d docparse.Date) civil.Date {
	x, ok := civil.New(d.Year, time.Month(d.Month), d.Day)
	if !ok {
		return civil.Date{}
	}
	return x
}

// dueOf is a deadline in its words.
func dueOf(x docparse.Deadline) deadline.Deadline {
	day, bound := dayOf(x.Date), deadline.Until
	if day.IsZero() {
		return deadline.Deadline{}
	}
	if x.Bound == docparse.Before {
		bound = deadline.Before
	}
	return deadline.Deadline{Words: x.Words, Day: day, Bound: bound}
}

// reportOf is the report a paper asks for: of several deadlines the last in a paper of one's own, the first in one from above.
func reportOf(r *docparse.Document, own bool, blank Report) Report {
	out := blank
	for _, d := range r.Deadlines {
		if dayOf(d.Date).IsZero() || d.Recurring {
			continue
		}
		due := dueOf(d)
		if !out.Due.IsZero() && (due.After(out.Due) || !own) {
			continue
		}
		out = Report{Due: due, To: blank.To}
		if d.To != "" {
			out.To = d.To
		}
		if d.Through != "" {
			out.To += " (qua " + strings.TrimRight(d.Through, ") ") + ")"
		}
		if d.Address != "" {
			out.Channel = "bản mềm gửi địa chỉ " + d.Address
		}
	}
	return out
}

// work are the duties of a paper. One that ends in a colon takes the slogans listed below it as its lines; a paragraph below one that asks for
// the report is no part of it.
func work(r *docparse.Document) (out []Duty) {
	for i, t := range r.Tasks {
		d := Duty{Numbering: t.Numbering, Text: t.Text, Who: t.Assignee}
		if sameAddressees(t.Assignee, r) {
			d.Who = ""
		}
		for _, x := range r.Deadlines {
			if x.Span.Start < t.Span.Start || x.Span.End > t.Span.End {
				continue
			}
			if from := strings.LastIndexByte(r.Text[:x.Span.Start], '\n') + 1; from > t.Span.Start {
				d.Text = strings.TrimSpace(strings.TrimSuffix(d.Text, r.Printed(docparse.Span{Start: from, End: t.Span.End})))
			}
		}
		d.Due = ownDue(d.Text)
		end := len(r.Text)
		if i+1 < len(r.Tasks) {
			end = r.Tasks[i+1].Span.Start
		}
		if strings.HasSuffix(d.Text, ":") {
			for _, s := range r.Slogans {
				if s.Span.Start >= t.Span.Start && s.Span.End <= end && !strings.Contains(d.Text, s.Value) {
					d.Text += "\n- “" + s.Value + "”"
				}
			}
		}
		out = append(out, d)
	}
	return out
}

// dated are the words in which a duty says until when it is to be done.
var dated = regexp.MustCompile(`(?i)(?:trước|chậm nhất(?: là)?|đến hết) ngày \d{1,2}/\d{1,2}/\d{4}`)

// ownDue is the deadline in the words of a duty; of several the last. Until when reports are due stands in a field of its own.
func ownDue(text string) deadline.Deadline {
	var out deadline.Deadline
	for _, at := range dated.FindAllStringIndex(text, -1) {
		if before := viet.Fold(text[:at[0]]); strings.Contains(before[strings.LastIndexAny(before, ".;\n")+1:], "bao cao") {
			continue
		}
		if due, ok := deadline.Read(text[at[0]:at[1]]); ok && (out.IsZero() || due.After(out)) {
			out = due
		}
	}
	return out
}

// sameAddressees tells whether an assignee is what the paper is addressed to, in all or most of its words: then the duty is everybody's.
func sameAddressees(who string, r *docparse.Document) bool {
	if who == "" {
		return true
	}
	words := strings.Fields(viet.Fold(who))
	for _, a := range r.Addressees {
		rest, found := strings.Fields(viet.Fold(a.Value)), 0
		for _, w := range words {
			for i, x := range rest {
				if x == w {
					rest, found = rest[i+1:], found+1
					break
				}
			}
		}
		if found == len(words) || strings.Contains(viet.Fold(who), viet.Fold(a.Value)) {
			return true
		}
	}
	return false
}

func urgencyOf(s string) string {
	switch f := viet.Fold(s); {
	case strings.Contains(f, "hoa toc"):
		return string(docrender.MostUrgent)
	case strings.Contains(f, "thuong khan"):
		return string(docrender.MoreUrgent)
	case strings.Contains(f, "khan"):
		return string(docrender.Urgent)
	}
	return ""
}

// citation composes a citation from its parts.
func citation(x docparse.Citation) string {
	kind := map[string]string{"ke_hoach": "Kế hoạch", "cong_van": "Công văn", "quyet_dinh": "Quyết định", "chi_thi": "Chỉ thị", "nghi_dinh": "Nghị định", "nghi_quyet": "Nghị quyết",
		"thong_tu": "Thông tư", "thong_bao": "Thông báo", "to_trinh": "Tờ trình", "ket_luan": "Kết luận", "cong_dien": "Công điện", "luat": "Luật", "phap_lenh": "Pháp lệnh"}[x.Kind]
	if kind == "" {
		kind = "Văn bản"
	}
	return Cite(kind, x.Number.Text, dayOf(x.Date), x.Issuer, "")
}

// afterTitle is a subject as it follows "V/v": without a capital, unless it begins with a name ("Sơn La triển khai …").
func afterTitle(s string) string {
	words := strings.Fields(s)
	if len(words) > 1 {
		if next, _ := utf8.DecodeRuneInString(words[1]); unicode.IsUpper(next) {
			return s
		}
	}
	first, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToLower(first)) + s[n:]
}

// campaignIn is the subject of a paper that prints none: the Day it is about, where it names one with its year.
func campaignIn(text string) string {
	for _, part := range strings.Split(text, "“")[1:] {
		name, rest, ok := strings.Cut(part, "”")
		rest = strings.TrimSpace(rest)
		if !ok || !strings.HasPrefix(name, "Ngày ") || utf8.RuneCountInString(name) > 100 || !strings.HasPrefix(rest, "năm ") || len(rest) < len("năm 2026") || !allDigits(rest[len("năm "):len("năm 2026")]) {
			continue
		}
		name = strings.Replace(strings.Join(strings.Fields(name), " "), "phòng chống mua bán người", "phòng, chống mua bán người", 1) // as the Day is called
		return "triển khai các hoạt động hưởng ứng “" + name + "” " + rest[:len("năm 2026")]
	}
	return ""
}

// kept is the drafting unit of the archive line: "TTr" of "Lưu: VT, TTr".
func kept(r *docparse.Document) (string, bool) {
	for _, x := range r.Recipients {
		rest, ok := strings.CutPrefix(x.Value, "Lưu")
		if !ok {
			continue
		}
		rest, _, _ = strings.Cut(rest, "(")
		var out []string
		for i, s := range strings.FieldsFunc(rest, func(r rune) bool { return r == ',' || r == ';' || r == ':' }) {
			if s = strings.Trim(s, " ._"); s != "" && (i > 0 || s != "VP") && s != "VT" {
				out = append(out, s)
			}
		}
		return strings.Join(out, ", "), len(out) > 0
	}
	return "", false
}

// opening is what stands between the head of a paper and its first numbered part.
func opening(r *docparse.Document) string {
	var out []string
	for _, p := range r.Paragraphs {
		if p.Role == docparse.RoleItem || p.Role == docparse.RoleHeading {
			break
		}
		s := r.Printed(p.Span)
		if p.Role == docparse.RoleText && (len(out) > 0 || utf8.RuneCountInString(s) > 60 || strings.HasPrefix(s, "Căn cứ ")) {
			out = append(out, s)
		}
	}
	if len(out) > 3 { // running prose, not the opening of a paper
		out = out[:1]
	}
	return strings.Join(out, "\n")
}

// closing is the last paragraph of a paper, without what it says about reports, which stands in a field of its own.
func closing(r *docparse.Document) string {
	last, after := "", false
	for _, p := range r.Paragraphs {
		switch p.Role {
		case docparse.RoleItem, docparse.RoleHeading:
			last, after = "", true
		case docparse.RoleText:
			if after {
				last = r.Printed(p.Span)
			}
		}
	}
	last = strings.TrimRight(last, "./ ")
	for _, d := range r.Deadlines {
		i := strings.LastIndex(last, d.Words)
		if i < 0 {
			continue
		}
		for _, head := range []string{"; báo cáo", ", báo cáo", " và gửi báo cáo", ", gửi báo cáo", " và báo cáo"} {
			if j := strings.Index(last[:i], head); j >= 0 {
				return last[:j]
			}
		}
		return ""
	}
	return last
}

// aims are the numbered parts below a heading of aims and requirements (mục đích, yêu cầu).
func aims(r *docparse.Document) []string {
	var out []string
	for i, s := range r.Sections {
		if !s.Heading || !strings.Contains(viet.Fold(s.Title), "muc dich") {
			continue
		}
		for _, k := range r.Sections[i+1:] {
			if k.Level <= s.Level {
				break
			}
			out = append(out, strings.TrimLeft(r.Printed(k.Span), "0123456789.)- "))
		}
	}
	return out
}
