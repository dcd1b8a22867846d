package docparse

import (
	"encoding/json"
	"time"
)

// zone is the civil time of Viet Nam; it has had no daylight saving since 1975, so no time-zone database is needed.
var zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)

// Last returns the last instant at which a report is in time: the end of the day, for "trước ngày" the end of the day
// before, with a time of day the second before it. It is the zero time for a recurring deadline.
func (d Deadline) Last() time.Time {
	if !d.Date.Full() {
		return time.Time{}
	}
	t := time.Date(d.Date.Year, time.Month(d.Date.Month), d.Date.Day, 0, 0, 0, 0, zone)
	switch {
	case d.Hour > 0 || d.Minute > 0:
		t = t.Add(time.Duration(d.Hour)*time.Hour + time.Duration(d.Minute)*time.Minute)
	case d.Bound == Until:
		t = t.AddDate(0, 0, 1)
	}
	return t.Add(-time.Second)
}

// wireMark is a Mark whose span points into the text that was given, so that a reader of the JSON can show the place.
type wireMark struct {
	Span       Span    `json:"span"`
	Confidence float64 `json:"confidence"`
	Rule       string  `json:"rule"`
}

type wireCitation struct {
	Number string  `json:"number"`
	Date   *string `json:"date"`
	Issuer *string `json:"issuer"`
	Kind   *string `json:"kind"`
	Basis  bool    `json:"basis"`
	wireMark
}

type wireTask struct {
	Text       string  `json:"text"`
	Assignee   *string `json:"assignee"`
	Numbering  *string `json:"numbering"`
	AssignedBy string  `json:"assigned_by,omitempty"`
	When       string  `json:"when,omitempty"`
	wireMark
}

type wirePeriod struct {
	From *string `json:"from"`
	To   *string `json:"to"`
	wireMark
}

type wireDeadline struct {
	Date     string  `json:"date"`
	To       *string `json:"to"`
	Words    string  `json:"words"`
	Bound    Bound   `json:"bound"`
	LastTime string  `json:"last_instant,omitempty"`
	Through  *string `json:"through,omitempty"`
	Channel  *string `json:"channel,omitempty"`
	Address  *string `json:"address,omitempty"`
	wireMark
}

type wireAuthority struct {
	Form  string  `json:"form"`
	Whose *string `json:"for,omitempty"`
	wireMark
}

type wireSigner struct {
	Name  string  `json:"name"`
	Title *string `json:"title,omitempty"`
}

type wireFigure struct {
	Text    string  `json:"text"`
	Value   float64 `json:"value"`
	Unit    *string `json:"unit"`
	Measure string  `json:"measure"`
	About   string  `json:"about,omitempty"`
	OfWhich bool    `json:"of_which,omitempty"`
	Approx  string  `json:"approx,omitempty"`
	wireMark
}

type wireDocument struct {
	Kind        Kind           `json:"doc_type"`
	Issuer      *string        `json:"issuer"`
	Number      *string        `json:"number"`
	IssuedOn    *string        `json:"issued_on"`
	Place       *string        `json:"place"`
	Subject     *string        `json:"subject"`
	Citations   []wireCitation `json:"cited_documents"`
	Addressees  []string       `json:"addressees"`
	Recipients  []string       `json:"recipients"`
	Tasks       []wireTask     `json:"tasks"`
	Period      *wirePeriod    `json:"period"`
	Deadlines   []wireDeadline `json:"report_deadlines"`
	Hotlines    []string       `json:"hotlines"`
	Slogans     []string       `json:"slogans"`
	Signer      *string        `json:"signer"`
	SignerTitle *string        `json:"signer_title"`
	Office      *string        `json:"signer_office,omitempty"`
	CoSigners   []wireSigner   `json:"other_signers,omitempty"`
	Figures     []wireFigure   `json:"report_figures"`
	Form        Form           `json:"form"`
	KindName    *string        `json:"title,omitempty"`
	Superior    *string        `json:"superior,omitempty"`
	Symbol      *Symbol        `json:"symbol,omitempty"`
	Urgency     *string        `json:"urgency,omitempty"`
	Secrecy     *string        `json:"secrecy,omitempty"`
	Authority   *wireAuthority `json:"authority,omitempty"`
	Groups      []string       `json:"target_groups,omitempty"`
	Recurring   []wireDeadline `json:"recurring_reports,omitempty"`
	Sections    []Section      `json:"sections,omitempty"`
	Doubts      []Doubt        `json:"doubts,omitempty"`
	Marks       map[string]any `json:"marks,omitempty"` // places of the scalars and plain lists
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// MarshalJSON writes the form that readers are judged by: scalars and lists of plain values, with places, confidence,
// rules, sections and doubts beside them.
func (d *Document) MarshalJSON() ([]byte, error) {
	w := wireDocument{
		Kind: d.Kind, Issuer: optional(d.Issuer.Value), IssuedOn: optional(d.IssuedOn.String()), Place: optional(d.Place.Value),
		Subject: optional(d.Subject.Value), Signer: optional(d.Signer.Value), SignerTitle: optional(d.SignerTitle.Value), Office: optional(d.SignerOffice.Value),
		Citations: []wireCitation{}, Addressees: []string{}, Recipients: []string{}, Tasks: []wireTask{}, Deadlines: []wireDeadline{},
		Hotlines: []string{}, Slogans: []string{}, Figures: []wireFigure{},
		Form: d.Form, KindName: optional(d.KindName.Value), Superior: optional(d.Superior.Value), Urgency: optional(d.Urgency.Value),
		Secrecy: optional(d.Secrecy.Value), Marks: map[string]any{},
	}
	mark := func(m Mark) wireMark { return wireMark{d.OriginalSpan(m.Span), m.Confidence, m.Rule} }
	if d.Number.Number != "" {
		w.Number = optional(d.Number.Text)
	}
	if d.Number.Text != "" {
		sym := d.Number
		sym.Span = d.OriginalSpan(sym.Span)
		w.Symbol = &sym
	}
	if d.Authority.Form != "" {
		w.Authority = &wireAuthority{d.Authority.Form, optional(d.Authority.Whose), mark(d.Authority.Mark)}
	}
	for _, x := range d.Sections {
		x.Span = d.OriginalSpan(x.Span)
		w.Sections = append(w.Sections, x)
	}
	for _, x := range d.Doubts {
		x.Span = d.OriginalSpan(x.Span)
		w.Doubts = append(w.Doubts, x)
	}
	scalar := func(name string, value string, m Mark) {
		if value != "" {
			w.Marks[name] = mark(m)
		}
	}
	scalar("doc_type", string(d.Kind), d.KindMark)
	scalar("issuer", d.Issuer.Value, d.Issuer.Mark)
	scalar("superior", d.Superior.Value, d.Superior.Mark)
	scalar("number", d.Number.Text, d.Number.Mark)
	scalar("issued_on", d.IssuedOn.String(), d.IssuedOn.Mark)
	scalar("place", d.Place.Value, d.Place.Mark)
	scalar("subject", d.Subject.Value, d.Subject.Mark)
	scalar("signer", d.Signer.Value, d.Signer.Mark)
	scalar("signer_title", d.SignerTitle.Value, d.SignerTitle.Mark)
	scalar("urgency", d.Urgency.Value, d.Urgency.Mark)
	scalar("secrecy", d.Secrecy.Value, d.Secrecy.Mark)
	scalar("signer_office", d.SignerOffice.Value, d.SignerOffice.Mark)
	for _, c := range d.CoSigners {
		w.CoSigners = append(w.CoSigners, wireSigner{c.Name.Value, optional(c.Title.Value)})
	}
	for _, c := range d.Citations {
		w.Citations = append(w.Citations, wireCitation{c.Number.Text, optional(c.Date.String()), optional(c.Issuer), optional(c.Kind), c.Basis, mark(c.Mark)})
	}
	fields := func(name string, fs []Field) []string {
		out := []string{}
		var marks []wireMark
		for _, f := range fs {
			out = append(out, f.Value)
			marks = append(marks, mark(f.Mark))
		}
		if len(marks) > 0 {
			w.Marks[name] = marks
		}
		return out
	}
	w.Addressees = fields("addressees", d.Addressees)
	w.Slogans = fields("slogans", d.Slogans)
	w.Groups = fields("target_groups", d.TargetGroups)
	var rs []Field
	for _, r := range d.Recipients {
		rs = append(rs, r.Field)
	}
	w.Recipients = fields("recipients", rs)
	var phones []wireMark
	for _, h := range d.Hotlines {
		w.Hotlines = append(w.Hotlines, h.Number)
		phones = append(phones, mark(h.Mark))
	}
	if len(phones) > 0 {
		w.Marks["hotlines"] = phones
	}
	for _, t := range d.Tasks {
		w.Tasks = append(w.Tasks, wireTask{t.Text, optional(t.Assignee), optional(t.Numbering), t.AssignedBy, t.When, mark(t.Mark)})
	}
	if d.Period != nil {
		w.Period = &wirePeriod{optional(d.Period.From.String()), optional(d.Period.To.String()), mark(d.Period.Mark)}
	}
	for _, x := range d.Deadlines {
		l := wireDeadline{Date: x.Date.String(), To: optional(x.To), Words: x.Words, Bound: x.Bound, Through: optional(x.Through),
			Channel: optional(x.Channel), Address: optional(x.Address), wireMark: mark(x.Mark)}
		if t := x.Last(); !t.IsZero() {
			l.LastTime = t.Format(time.RFC3339)
		}
		if x.Recurring {
			w.Recurring = append(w.Recurring, l)
			continue
		}
		w.Deadlines = append(w.Deadlines, l)
	}
	for _, f := range d.Figures {
		w.Figures = append(w.Figures, wireFigure{f.Text, f.Value, optional(f.Unit), f.Measure, f.About, f.OfWhich, f.Approx, mark(f.Mark)})
	}
	return json.Marshal(w)
}
