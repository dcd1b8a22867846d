package document

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"chungtay/docparse"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/orgunit"
)

func itoa(n int) string { return strconv.Itoa(n) }

// takeIn reads the text of a paper and keeps it with what the reading proposes: facts where there are none, and the citations. A text marked
// secret is refused; the caller's transaction then leaves nothing behind.
func (c *Documents) takeIn(tx *db.Tx, d *Document, text string) error {
	r := docparse.Read(text, docparse.Options{Register: c.Legal})
	if r.Secrecy.Value != "" {
		return secret(r.Secrecy.Value)
	}
	propose(&d.Facts, r)
	if err := nameUnit(tx, &d.Facts, r); err != nil {
		return err
	}
	d.Extraction, d.ExtractionNote = Done, ""
	if strings.TrimSpace(r.Text) == "" {
		d.Extraction, d.ExtractionNote = Failed, "document.extraction.empty"
	}
	d.place()
	if err := saveDocument(tx, *d); err != nil {
		return err
	}
	d.Version++
	return c.keepText(tx, *d, text, r)
}

func (c *Documents) keepText(tx *db.Tx, d Document, text string, r *docparse.Document) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := saveText(tx, d.ID, 0, text, string(b)); err != nil {
		return err
	}
	if err := saveCitations(tx, d.ID, citations(r)); err != nil {
		return err
	}
	return index(tx, d)
}

// propose fills empty facts from a reading.
func propose(f *Facts, r *docparse.Document) {
	set := func(to *string, v string, max int) {
		if v = strings.Join(strings.Fields(v), " "); *to == "" && len([]rune(v)) <= max {
			*to = v
		}
	}
	kind := string(r.Kind)
	if k := r.Number.Kind(); r.Kind == docparse.Other && r.Number.Text != "" && known(Kinds, k) {
		kind = k
	}
	set(&f.Kind, kind, 40)
	set(&f.Symbol, r.Number.Text, maxSymbol)
	set(&f.Issuer, sentence(r.Issuer.Value), maxIssuer)
	subject := capital(r.Subject.Value)
	if n := []rune(subject); len(n) > maxSubject {
		subject = strings.TrimSpace(string(n[:maxSubject-1])) + "…"
	}
	set(&f.Subject, subject, maxSubject)
	set(&f.Signer, r.Signer.Value, maxSigner)
	set(&f.SignerTitle, sentence(r.SignerTitle.Value), maxTitle)
	if f.Urgency == "" {
		f.Urgency = urgency(r.Urgency.Value)
	}
	if d, ok := civil.New(r.IssuedOn.Year, time.Month(r.IssuedOn.Month), r.IssuedOn.Day); ok && f.IssuedOn.IsZero() && r.IssuedOn.Full() {
		f.IssuedOn = d
	}
	if f.Recipients == "" {
		var lines []string
		for _, x := range r.Recipients {
			lines = append(lines, x.Value)
		}
		if s := strings.Join(lines, "; "); len([]rune(s)) <= maxRecipients {
			f.Recipients = s
		}
	}
	if f.Topic == "" && strings.Contains(viet.Fold(r.Subject.Value+" "+first(r.Text, 4000)), "mua ban nguoi") {
		f.Topic = "trafficking"
	}
}

func first(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// sentence writes a name or title printed in capitals as it stands in running text: "SỞ Y TẾ" gives "Sở y tế", "PHÓ GIÁM ĐỐC" "Phó Giám đốc".
// Which other words keep their capital cannot be known from capitals; a body that is a unit here gets its own name (nameUnit).
func sentence(s string) string {
	if s != strings.ToUpper(s) {
		return s
	}
	s = capital(strings.ToLower(s))
	if rest, ok := strings.CutPrefix(s, "Phó "); ok {
		return "Phó " + capital(rest)
	}
	return s
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// nameUnit finds the unit that issued a paper by the name printed on it, with the place of the body above it where it has none of its own:
// "SỞ Y TẾ" under "UBND TỈNH SƠN LA" is Sở Y tế tỉnh Sơn La. What is not one unit stays as printed.
func nameUnit(tx *db.Tx, f *Facts, r *docparse.Document) error {
	if f.IssuerUnit != "" || f.Issuer == "" || plain(f.Issuer) != plain(r.Issuer.Value) {
		return nil
	}
	names := []string{f.Issuer}
	above, own := viet.Fold(r.Superior.Value), " "+plain(f.Issuer)
	for _, head := range []string{"tinh ", "thanh pho ", "huyen ", "quan ", "xa ", "phuong "} {
		i := strings.Index(above, head)
		if i < 0 {
			continue
		}
		place := above[i:]
		if strings.HasSuffix(own, " "+strings.TrimSpace(head)) { // "CÔNG AN TỈNH" under "UBND TỈNH SƠN LA"
			place = place[len(head):]
		}
		names = append(names, f.Issuer+" "+place)
		break
	}
	day := f.IssuedOn
	if day.IsZero() {
		day = civil.Of(tx.Now)
	}
	for _, n := range names {
		u, ok, err := unitNamed(tx, n, day)
		if err != nil {
			return err
		}
		if ok {
			f.Issuer, f.IssuerUnit = u.Name, u.ID
			return nil
		}
	}
	return nil
}

// unitNamed finds the unit of this very name on a day, however it is written.
func unitNamed(tx *db.Tx, name string, day civil.Date) (orgunit.Unit, bool, error) {
	list, _, err := orgunit.Search(tx, orgunit.Filter{Words: name, Day: day, Size: 20})
	for _, u := range list {
		if plain(u.Name) == plain(name) {
			return u, true, err
		}
	}
	return orgunit.Unit{}, false, err
}

// keepUnit binds the facts a clerk leaves to the unit they name, if it is one here.
func (f *Facts) keepUnit(tx *db.Tx) error {
	day := f.IssuedOn
	if day.IsZero() {
		day = civil.Of(tx.Now)
	}
	u, ok, err := unitNamed(tx, f.Issuer, day)
	f.IssuerUnit = ""
	if ok {
		f.IssuerUnit = u.ID
	}
	return err
}

func urgency(mark string) string {
	switch m := viet.Fold(mark); {
	case strings.Contains(m, "hoa toc"):
		return "hoa_toc"
	case strings.Contains(m, "thuong khan"):
		return "thuong_khan"
	case strings.Contains(m, "khan"):
		return "khan"
	}
	return ""
}

func citations(r *docparse.Document) []Citation {
	var out []Citation
	for i, x := range r.Citations {
		out = append(out, Citation{Seq: i + 1, Symbol: x.Number.Text, Key: Key(x.Number.Text), Kind: x.Kind, Issuer: x.Issuer, IssuedOn: x.Date.String(),
			Basis: x.Basis, SpanStart: x.Span.Start, SpanEnd: x.Span.End})
	}
	return out
}

// Text returns the text of a paper as it was taken in, "" when there is none (yet). The caller has been given the paper by Get.
func Text(tx *db.Tx, d Document) (string, error) {
	t, _, err := findText(tx, d.ID, 0)
	return t.Text, err
}

// Reading reads the text of a paper anew: structure, tasks, deadlines, doubts, each with its place in the Text of the result. A paper without
// text is NotFound. The caller has been given the paper by Get.
func (c *Documents) Reading(tx *db.Tx, d Document) (*docparse.Document, error) {
	t, ok, err := findText(tx, d.ID, 0)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errs.Absent("text of document", d.ID)
	}
	return docparse.Read(t.Text, docparse.Options{Register: c.Legal}), nil
}
