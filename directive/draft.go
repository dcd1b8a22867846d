package directive

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"chungtay/audit"
	"chungtay/docparse"
	"chungtay/docrender"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

// place copies what lists filter by from the content.
func (d *Directive) place() {
	c := d.Content.V
	d.Kind, d.Subject, d.Briefing = c.Kind, c.Subject, c.Briefing
	d.ReportWords, d.ReportDay, d.ReportBound = c.Report.Due.Words, c.Report.Due.Day, c.Report.Due.Bound
}

// Start makes a draft of a unit.
func (c *Directives) Start(tx *db.Tx, by policy.Actor, unit string, content Content, from Directive) (Directive, error) {
	if err := c.mayFor(tx, by, Write, unit); err != nil {
		return Directive{}, err
	}
	content.tidy()
	if err := content.check(); err != nil {
		return Directive{}, err
	}
	d := Directive{ID: ids.New(tx.Now), Unit: unit, Parent: from.Parent, Replaces: from.Replaces, ReplaceKind: from.ReplaceKind, Source: from.Source, State: Draft, Version: 1,
		MadeBy: by.Person, MadeAt: tx.Now, ChangedBy: by.Person, ChangedAt: tx.Now}
	d.Content.V = content
	d.Root = d.ID
	if d.Parent != "" {
		p, err := find(tx, d.Parent)
		if err != nil {
			return d, err
		}
		d.Root = p.Root
	}
	d.place()
	if err := insert(tx, d); err != nil {
		return d, err
	}
	if err := keepVersion(tx, d, by.Person); err != nil {
		return d, err
	}
	if err := c.event(tx, by, d, "made", ""); err != nil {
		return d, err
	}
	return d, audit.Log(tx, by, audit.Deed{Action: "directive.start", Kind: "directive", ID: d.ID, Change: audit.Diff(nil, d)})
}

func (c *Directives) event(tx *db.Tx, by policy.Actor, d Directive, kind, note string) error {
	return insertEvents(tx, []Event{{ID: ids.New(tx.Now), Directive: d.ID, Kind: kind, Note: note, Person: by.Person, Unit: by.Unit, At: tx.Now}})
}

// Stale is the error of two people who changed the same field: what each wrote is in it.
type Stale struct {
	Who    string
	At     time.Time
	Fields []StaleField
}

// StaleField is a field with both versions.
type StaleField struct{ Name, Mine, Theirs string }

// Error says what happened, for the log.
func (s *Stale) Error() string { return "two people changed the same part of a draft" }

// Save keeps a draft. base is the version the writer started from: what others changed since in other fields stays, what both changed is
// refused with both texts (Stale in a Conflict), so that nobody's edit is lost.
func (c *Directives) Save(tx *db.Tx, by policy.Actor, id string, base int64, content Content) (Directive, error) {
	d, err := c.may(tx, by, Write, id)
	if err != nil {
		return d, err
	}
	if !d.State.Open() {
		return d, errs.New(errs.Conflict, "directive.not_open", d.State.Text())
	}
	content.tidy()
	if err := content.check(); err != nil {
		return d, err
	}
	if base != d.Version {
		was, err := versionOf(tx, id, base)
		if err != nil {
			return d, err
		}
		merged, stale := merge(was.Content.V, content, d.Content.V)
		if stale != nil {
			return d, errs.Wrap(&Stale{Who: d.ChangedBy, At: d.ChangedAt, Fields: stale}, errs.Conflict, "directive.changed_meanwhile")
		}
		content = merged
	}
	if same(content, d.Content.V) {
		return d, nil
	}
	before := d
	d.Content.V = content
	d.place()
	d.ChangedBy, d.ChangedAt = by.Person, tx.Now
	if err := update(tx, &d); err != nil {
		return d, err
	}
	if err := keepVersion(tx, d, by.Person); err != nil {
		return d, err
	}
	return d, audit.Log(tx, by, audit.Deed{Action: "directive.save", Kind: "directive", ID: id, Change: audit.Diff(before, d)})
}

func same(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

// merge carries what mine changed against base over to theirs, field by field of Content. A field both changed differently is stale.
func merge(base, mine, theirs Content) (Content, []StaleField) {
	out := theirs
	var stale []StaleField
	b, m, t, o := reflect.ValueOf(base), reflect.ValueOf(mine), reflect.ValueOf(theirs), reflect.ValueOf(&out).Elem()
	for i := range b.NumField() {
		bf, mf, tf := b.Field(i).Interface(), m.Field(i).Interface(), t.Field(i).Interface()
		switch {
		case same(bf, mf): // I changed nothing here
		case same(bf, tf), same(mf, tf):
			o.Field(i).Set(m.Field(i))
		default:
			stale = append(stale, StaleField{b.Type().Field(i).Tag.Get("json"), shown(mf), shown(tf)})
		}
	}
	return out, stale
}

// shown is a field for the page that shows both versions.
func shown(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case []string:
		return strings.Join(x, "\n")
	case []Duty:
		var b strings.Builder
		for _, d := range x {
			b.WriteString(strings.TrimSpace(d.Who+": "+d.Text) + "\n")
		}
		return b.String()
	case Period:
		return x.From.String() + " – " + x.To.String()
	case Report:
		return strings.TrimSpace(x.Due.Words + " " + x.To)
	}
	j, _ := json.Marshal(v)
	return string(j)
}

// Comment adds a remark to a draft; readers of the draft see it.
func (c *Directives) Comment(tx *db.Tx, by policy.Actor, id, text string) error {
	d, err := c.may(tx, by, Read, id)
	if err != nil {
		return err
	}
	if text, err = words("comment", text, true); err != nil {
		return err
	}
	if err := insertComment(tx, d.ID, Remark{ID: ids.New(tx.Now), Text: text, Person: by.Person, At: tx.Now}); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Deed{Action: "directive.comment", Kind: "directive", ID: id})
}

const maxNote = 4000

func words(field, s string, need bool) (string, error) {
	s = strings.TrimSpace(viet.NFC(s))
	switch {
	case s == "" && need:
		return "", errs.AtField(field, "directive.need_text")
	case utf8.RuneCountInString(s) > maxNote:
		return "", errs.AtField(field, "directive.too_long", maxNote)
	}
	return s, nil
}

// Drop throws a draft away; the history keeps that it was there.
func (c *Directives) Drop(tx *db.Tx, by policy.Actor, id string) error {
	d, err := c.may(tx, by, Write, id)
	if err != nil {
		return err
	}
	if !d.State.Open() {
		return errs.New(errs.Conflict, "directive.not_open", d.State.Text())
	}
	if err := drop(tx, d); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Deed{Action: "directive.drop", Kind: "directive", ID: id, Change: audit.Diff(d, nil)})
}

// Blank is the content of a new draft of a unit: its header, place, archive line and a closing sentence.
func (c *Directives) Blank(tx *db.Tx, unit, kind string) (Content, error) {
	u, err := orgunit.Present(tx, unit)
	if err != nil {
		return Content{}, err
	}
	out := Content{Kind: kind}
	if out.Superior, out.Issuer, err = header(tx, u); err != nil {
		return Content{}, err
	}
	out.Tail = docrender.SymbolFor(docrender.Kind(kind), Abbreviation(u.Name), "VP")
	if out.Place, err = placeOf(tx, u); err != nil {
		return Content{}, err
	}
	name := docrender.Kind(kind).Title()
	if kind == string(docrender.Letter) {
		out.Closing = "Trân trọng đề nghị các cơ quan, đơn vị quan tâm phối hợp thực hiện"
	} else if name != "" {
		out.Closing = "Yêu cầu các cơ quan, đơn vị nghiêm túc triển khai thực hiện; có vướng mắc thì phản ánh về " + u.Name + " để được hướng dẫn"
	}
	if kind == string(docrender.Letter) {
		out.Recipients = []string{"Như trên"}
	}
	return out, nil
}

// Office is what all papers of a unit share, as it is today: for papers of rooms beside this one.
func Office(tx *db.Tx, unit string) (docrender.Office, error) {
	u, err := orgunit.Present(tx, unit)
	if err != nil {
		return docrender.Office{}, err
	}
	o := docrender.Office{Name: u.Name, Abbr: Abbreviation(u.Name)}
	if o.Place, err = placeOf(tx, u); err != nil {
		return docrender.Office{}, err
	}
	o.Superior, o.Issuer, err = header(tx, u)
	return o, err
}

// Cited is a directive as a paper quotes it at first mention, "" when there is none.
func Cited(tx *db.Tx, id string) (string, error) {
	d, err := find(tx, id)
	if err != nil || d.Symbol == "" {
		return "", err
	}
	names, err := orgunit.NamesOn(tx, []string{d.Unit}, d.IssuedOn)
	if err != nil {
		return "", err
	}
	return Cite(KindName(d.Kind), d.Symbol, d.IssuedOn, names[d.Unit], d.Subject), nil
}

// header is the left head of a unit's papers: the body above and its own name in capitals.
func header(tx *db.Tx, u orgunit.Unit) (superior, issuer []string, err error) {
	issuer = []string{strings.ToUpper(u.Name)}
	if u.Superior == "" || u.Kind == orgunit.PeoplesComm {
		return nil, issuer, nil
	}
	s, err := orgunit.Present(tx, u.Superior)
	if err == nil && s.Kind != orgunit.Government {
		superior = []string{strings.ToUpper(s.Name)}
	}
	return superior, issuer, err
}

// placeOf is the name of the place a unit's papers are dated at: the bare name of its area, or of the nearest area above; bodies of the
// centre, which have none, sit in Hà Nội.
func placeOf(tx *db.Tx, u orgunit.Unit) (string, error) {
	for range 8 {
		if u.Area != "" {
			a, err := orgunit.AreaOn(tx, u.Area, civil.Of(tx.Now))
			if err == nil || !errs.Is(err, errs.NotFound) {
				return a.Bare(), err
			}
		}
		if u.Superior == "" {
			break
		}
		var err error
		if u, err = orgunit.Present(tx, u.Superior); err != nil {
			return "", err
		}
	}
	return "Hà Nội", nil
}

// Abbreviation is what stands for a unit in its symbols: UBND, SYT, PVHXH. It is a proposal; the drafter may change it.
func Abbreviation(name string) string {
	low := viet.Fold(name)
	switch {
	case strings.HasPrefix(low, "uy ban nhan dan"):
		return "UBND"
	case strings.HasPrefix(low, "ban chi dao"):
		return "BCĐ"
	}
	var b strings.Builder
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' || r == ',' }) {
		l := viet.Fold(w)
		if l == "va" || l == "tinh" || l == "thanh" && strings.HasSuffix(low, "pho") {
			if l == "tinh" {
				break
			}
			continue
		}
		r := []rune(strings.ToUpper(w))
		b.WriteRune(r[0])
		if b.Len() > 16 {
			break
		}
	}
	return b.String()
}

// FromReading is a content proposed from a paper that was read. own: the paper is the unit's own text; otherwise it is one from above, and
// the content carries it on: its grounds quote the paper, its duties are those given to the unit.
func (c *Directives) FromReading(tx *db.Tx, unit string, r *docparse.Document, own bool) (Content, error) {
	kind := string(r.Kind)
	if docrender.Kind(kind).Title() == "" && r.Kind != docparse.Letter {
		kind = string(docrender.Letter)
	}
	out, err := c.Blank(tx, unit, kind)
	if err != nil {
		return out, err
	}
	out.Subject = r.Subject.Value
	out.Urgency = urgencyOf(r.Urgency.Value)
	day := func(d docparse.Date) civil.Date {
		x, ok := civil.New(d.Year, time.Month(d.Month), d.Day)
		if !ok {
			return civil.Date{}
		}
		return x
	}
	if r.Period != nil {
		out.Period = Period{day(r.Period.From), day(r.Period.To)}
	}
	for _, s := range r.Slogans {
		out.Slogans = append(out.Slogans, s.Value)
	}
	for _, h := range r.Hotlines {
		out.Hotlines = append(out.Hotlines, h.Shown)
	}
	for _, g := range r.TargetGroups {
		out.Groups = append(out.Groups, g.Value)
	}
	for _, d := range r.Deadlines {
		if x := day(d.Date); !x.IsZero() && !d.Recurring {
			bound := deadline.Until
			if d.Bound == docparse.Before {
				bound = deadline.Before
			}
			due := deadline.Deadline{Words: d.Words, Day: x, Bound: bound}
			if out.Report.Due.IsZero() || !due.After(out.Report.Due) && own {
				out.Report = Report{Due: due, To: d.To}
				if d.Address != "" {
					out.Report.Channel = "bản mềm gửi địa chỉ " + d.Address
				}
			}
		}
	}
	for _, t := range r.Tasks {
		d := Duty{Numbering: t.Numbering, Text: t.Text, Who: t.Assignee}
		if n := len(out.Work); n > 0 && sameAddressees(t.Assignee, r) {
			d.Who = ""
		} else if sameAddressees(t.Assignee, r) {
			d.Who = ""
		}
		out.Work = append(out.Work, d)
	}
	if !own {
		return c.carryOn(tx, unit, r, out)
	}
	if r.Number.Text != "" {
		if _, tail, ok := strings.Cut(r.Number.Text, "/"); ok && tail != "" {
			out.Tail = tail
		}
	}
	if r.Place.Value != "" {
		out.Place = r.Place.Value
	}
	for _, cit := range r.Citations {
		if cit.Basis {
			out.Bases = append(out.Bases, strings.TrimSpace(citation(cit)))
		}
	}
	out.Intro = opening(r)
	for _, a := range r.Addressees {
		out.Addressees = append(out.Addressees, a.Value)
	}
	out.Recipients = nil
	for _, x := range r.Recipients {
		if strings.HasPrefix(viet.Fold(x.Value), "luu") {
			continue
		}
		s := x.Value
		if x.Purpose != "" {
			s += " (" + x.Purpose + ")"
		}
		out.Recipients = append(out.Recipients, s)
	}
	out.SignerTitle, out.Signer = r.SignerTitle.Value, r.Signer.Value
	if r.Authority.Form != "" {
		out.Authority = []string{strings.TrimSpace(r.Authority.Form + " " + r.Authority.Whose)}
	}
	out.Aims = aims(r)
	return out, nil
}

// sameAddressees tells whether an assignee is just what the paper is addressed to: then the duty is everybody's.
func sameAddressees(who string, r *docparse.Document) bool {
	if who == "" {
		return true
	}
	w := viet.Fold(who)
	for _, a := range r.Addressees {
		if f := viet.Fold(a.Value); strings.Contains(f, w) || strings.Contains(w, f) {
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

// citation writes a citation as it stands in the text, where its words are all there, else composed.
func citation(x docparse.Citation) string {
	day, _ := civil.New(x.Date.Year, time.Month(x.Date.Month), x.Date.Day)
	kind := map[string]string{"ke_hoach": "Kế hoạch", "cong_van": "Công văn", "quyet_dinh": "Quyết định", "chi_thi": "Chỉ thị", "nghi_dinh": "Nghị định", "nghi_quyet": "Nghị quyết",
		"thong_tu": "Thông tư", "thong_bao": "Thông báo", "to_trinh": "Tờ trình", "ket_luan": "Kết luận", "cong_dien": "Công điện"}[x.Kind]
	if kind == "" {
		kind = "Văn bản"
	}
	return "Căn cứ " + Cite(kind, x.Number.Text, day, x.Issuer, "")
}

// opening is the first sentence of the body: what stands between the head and the first numbered part.
func opening(r *docparse.Document) string {
	for _, p := range r.Paragraphs {
		if p.Role != docparse.RoleText {
			continue
		}
		s := strings.TrimSpace(r.Text[p.Span.Start:p.Span.End])
		if utf8.RuneCountInString(s) > 60 {
			return strings.Join(strings.Fields(s), " ")
		}
	}
	return ""
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
			out = append(out, strings.TrimLeft(strings.Join(strings.Fields(r.Text[k.Span.Start:k.Span.End]), " "), "0123456789.)- "))
		}
	}
	return out
}
