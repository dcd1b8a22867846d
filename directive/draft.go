package directive

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"chungtay/audit"
	"chungtay/docrender"
	"chungtay/internal/civil"
	"chungtay/internal/db"
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
	return d, audit.Log(tx, by, audit.By(Write, d.Unit), audit.Deed{Action: "directive.start", Kind: "directive", ID: d.ID, Change: audit.Diff(nil, d)})
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
	return d, audit.Log(tx, by, audit.By(Write, d.Unit), audit.Deed{Action: "directive.save", Kind: "directive", ID: id, Change: audit.Diff(before, d)})
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
			b.WriteString(strings.TrimLeft(d.Who+": "+d.Text, ": ") + "\n")
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
	return audit.Log(tx, by, audit.By(Read, d.Unit), audit.Deed{Action: "directive.comment", Kind: "directive", ID: id})
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
	return audit.Log(tx, by, audit.By(Write, d.Unit), audit.Deed{Action: "directive.drop", Kind: "directive", ID: id, Change: audit.Diff(d, nil)})
}

// Blank is the content of a new draft of a unit: its header, place, archive line and a closing sentence.
func (c *Directives) Blank(tx *db.Tx, unit, kind string) (Content, error) {
	u, err := orgunit.Present(tx, unit)
	if err != nil {
		return Content{}, err
	}
	out := Content{Kind: kind, Report: Report{To: u.Name}}
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
	leaders, err := c.Accounts.HoldersOf(tx, unit, Sign)
	if err != nil {
		return Content{}, err
	}
	if len(leaders) == 1 {
		out.Signer, out.SignerTitle = leaders[0].Name, strings.ToUpper(leaders[0].Title)
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
	name := strings.ToUpper(u.Name)
	if u.Superior == "" || u.Kind == orgunit.PeoplesComm {
		return nil, []string{name}, nil
	}
	s, err := orgunit.Present(tx, u.Superior)
	if err == nil && s.Kind != orgunit.Government {
		superior = []string{strings.ToUpper(s.Name)}
		name = strings.TrimSuffix(name, ofPlace(superior[0]))
	}
	return superior, []string{name}, err
}

// ofPlace is the end of a name in capitals that says of which place the body is: " TỈNH SƠN LA". Under ỦY BAN NHÂN DÂN TỈNH SƠN LA it is not
// said again: SỞ Y TẾ.
func ofPlace(name string) string {
	for _, head := range []string{" TỈNH ", " THÀNH PHỐ ", " HUYỆN ", " XÃ ", " PHƯỜNG "} {
		if i := strings.Index(name, head); i >= 0 {
			return name[i:]
		}
	}
	return ""
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
