package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"chungtay/docparse"
	"chungtay/doctext"
)

// textWidth is how many characters a line of the readable result has: those of the terminal, when it says so.
func textWidth() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n >= 40 {
		return min(n, 160)
	}
	return 100
}

// readable writes the facts of one file as an officer would note them on the incoming paper: what it is, what to look at again, what is
// to be done by whom and by when, then the rest.
func (r *reading) readable(b *bytes.Buffer, name string, d *docparse.Document, t *doctext.Text) {
	p := &printer{b: b, width: r.width}
	if name != "-" {
		p.line(0, r.heading(name, t))
	}
	p.line(2, r.title(d))
	if d.Subject.Value != "" {
		p.line(2, d.Subject.Value)
	}
	p.blank()
	p.pair(r.say("docparse.read.issuer"), strings.Join(nonEmpty(d.Issuer.Value, d.Superior.Value), r.say("docparse.read.under")))
	p.pair(r.say("docparse.read.date"), strings.Join(nonEmpty(d.Place.Value, d.IssuedOn.Date.Shown()), ", "))
	form := strings.TrimSpace(d.Authority.Form + " " + d.Authority.Whose)
	p.pair(r.say("docparse.read.signer"), strings.Join(nonEmpty(d.Signer.Value, form, d.SignerTitle.Value, d.SignerOffice.Value), " · "))
	p.pair(r.say("docparse.read.urgency"), d.Urgency.Value)
	p.pair(r.say("docparse.read.secrecy"), d.Secrecy.Value)
	p.pair(r.say("docparse.read.addressees"), strings.Join(fieldValues(d.Addressees), "; "))
	if d.Period != nil {
		p.pair(r.say("docparse.read.period"), d.Period.From.Shown()+" – "+d.Period.To.Shown())
	}

	p.section(r.say("docparse.read.doubts"), len(d.Doubts)+len(t.Warnings))
	for _, w := range t.Warnings {
		p.item("!", r.warning(w))
	}
	for _, q := range d.Doubts {
		args := make([]any, len(q.Args))
		for i, a := range q.Args {
			args[i] = a
		}
		p.item("!", r.say(q.Key, args...))
	}

	p.section(r.say("docparse.read.deadlines"), len(d.Deadlines))
	for _, x := range d.Deadlines {
		parts := nonEmpty(x.Words, r.last(x))
		if x.To != "" {
			parts = append(parts, r.say("docparse.read.to", x.To))
		}
		if x.Through != "" {
			parts = append(parts, r.say("docparse.read.through", x.Through))
		}
		p.item("-", strings.Join(append(parts, nonEmpty(x.Address)...), " · "))
	}

	p.section(r.say("docparse.read.tasks"), len(d.Tasks))
	who, first := "", true
	for _, x := range d.Tasks {
		if x.Assignee != who || first {
			shown := x.Assignee
			if shown == "" {
				shown = r.say("docparse.read.nobody")
			}
			p.line(2, shown+":")
			who, first = x.Assignee, false
		}
		mark := x.Numbering
		if mark == "" {
			mark = "-"
		}
		text := x.Text
		if x.When != "" {
			text += " (" + x.When + ")"
		}
		p.item(mark, text)
	}

	p.section(r.say("docparse.read.figures"), len(d.Figures))
	for _, f := range d.Figures {
		mark, text := "-", f.Text
		if f.OfWhich {
			mark = "  +"
		}
		p.item(mark, counted(text, f.About))
	}

	p.section(r.say("docparse.read.citations"), len(d.Citations))
	for _, c := range d.Citations {
		text := c.Number.Text
		if key := "docparse.cited." + c.Kind; r.words.Has(key) {
			text = r.say(key) + " " + text
		}
		if c.Date.Shown() != "" {
			text = r.say("docparse.read.dated", text, c.Date.Shown())
		}
		p.item("-", strings.Join(nonEmpty(text, c.Issuer), " · "))
	}

	list := func(key string, values []string) {
		p.section(r.say(key), len(values))
		for _, v := range values {
			p.item("-", v)
		}
	}
	list("docparse.read.slogans", fieldValues(d.Slogans))
	var phones []string
	for _, h := range d.Hotlines {
		phones = append(phones, h.Shown)
	}
	list("docparse.read.hotlines", phones)
	list("docparse.read.groups", fieldValues(d.TargetGroups))
	var recipients []string
	for _, x := range d.Recipients {
		recipients = append(recipients, x.Value)
	}
	list("docparse.read.recipients", recipients)
	p.blank()
}

// counted joins a figure and what is counted, whose first words often are the unit of the figure: "1.450 lượt người", "lượt người nghe".
func counted(text, about string) string {
	words := strings.Fields(about)
	for n := len(words); n > 0; n-- {
		switch words[n-1] {
		case "với", "của", "cho", "và", "tại", "trong", "về", "để", "ở", "là", "có", "do", "bị", "được":
			words = words[:n-1]
			continue
		}
		break
	}
	if len(words) == 0 {
		return text
	}
	for n := len(words); n > 0; n-- {
		if head := strings.Join(words[:n], " "); strings.HasSuffix(strings.ToLower(text), strings.ToLower(head)) {
			return strings.TrimSpace(text + " " + strings.Join(words[n:], " "))
		}
	}
	return text + ": " + strings.Join(words, " ")
}

// heading names the file with its type and length.
func (r *reading) heading(name string, t *doctext.Text) string {
	kind := r.say("doctext.type." + string(t.Type))
	if t.PageCount > 0 {
		kind = r.say("docparse.read.pages", kind, t.PageCount)
	}
	return name + "  [" + kind + "]"
}

// title says what the paper is: kind, number, date.
func (r *reading) title(d *docparse.Document) string {
	s := strings.ToUpper(r.say("docparse.kind." + string(d.Kind)))
	if d.Kind == docparse.Other && d.KindName.Value != "" {
		s = d.KindName.Value
	}
	switch {
	case d.Number.Number != "":
		return r.say("docparse.read.numbered", s, d.Number.Text)
	case d.Number.Text != "":
		return r.say("docparse.read.unnumbered", s, d.Number.Text)
	}
	return s
}

// last says the last moment at which a report is in time.
func (r *reading) last(x docparse.Deadline) string {
	at := x.Last()
	if at.IsZero() {
		return ""
	}
	day := docparse.Date{Year: at.Year(), Month: int(at.Month()), Day: at.Day()}.Shown()
	if at.Hour() == 23 && at.Minute() == 59 {
		return r.say("docparse.read.last-day", day)
	}
	at = at.Add(time.Second)
	return r.say("docparse.read.last-hour", at.Format("15:04"), day)
}

func (r *reading) warning(w doctext.Warning) string {
	s := r.say(w.Key, w.Args...)
	if w.Page > 0 {
		s = r.say("docparse.read.on-page", w.Page, s)
	}
	return s
}

// json writes one line: the document, and beside it the file: its type, its text, into which every place of the document points, where
// its pages begin, and what was said about it.
func (r *reading) json(b *bytes.Buffer, name string, d *docparse.Document, t *doctext.Text) error {
	doc, err := encode(d)
	if err != nil {
		return err
	}
	if name == "-" {
		name = ""
	}
	type warning struct {
		Key  string `json:"key"`
		Text string `json:"text"`
		Page int    `json:"page,omitempty"`
	}
	var warnings []warning
	for _, w := range t.Warnings {
		warnings = append(warnings, warning{w.Key, r.warning(w), w.Page})
	}
	file, err := encode(struct {
		Name      string       `json:"name,omitempty"`
		Type      doctext.Type `json:"type"`
		Text      string       `json:"text"`
		Pages     []int        `json:"pages,omitempty"`
		PageCount int          `json:"page_count,omitempty"`
		OCR       bool         `json:"ocr,omitempty"`
		Warnings  []warning    `json:"warnings,omitempty"`
		Meta      doctext.Meta `json:"meta,omitzero"`
	}{name, t.Type, t.Plain, t.Pages, t.PageCount, t.OCR, warnings, t.Meta})
	if err != nil {
		return err
	}
	b.Write(bytes.TrimSuffix(doc, []byte("}")))
	b.WriteString(`,"file":`)
	b.Write(file)
	b.WriteString("}\n")
	return nil
}

// encode writes JSON as people read it, < and & as they are.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// printer lays text out in a column: long lines are wrapped between words and hang under their beginning.
type printer struct {
	b     *bytes.Buffer
	width int
}

// blank parts two blocks.
func (p *printer) blank() {
	if !bytes.HasSuffix(p.b.Bytes(), []byte("\n\n")) {
		p.b.WriteByte('\n')
	}
}

// line writes one paragraph at an indent.
func (p *printer) line(indent int, s string) { p.hang(strings.Repeat(" ", indent), indent, s) }

// pair writes a name and its value; nothing when there is none.
func (p *printer) pair(name, value string) {
	if value != "" {
		const column = 20
		head := "  " + name + strings.Repeat(" ", max(1, column-2-utf8.RuneCountInString(name)))
		p.hang(head, column, value)
	}
}

// section opens a list, when it has entries.
func (p *printer) section(name string, n int) {
	if n > 0 {
		p.blank()
		fmt.Fprintf(p.b, "  %s (%d)\n", strings.ToUpper(name), n)
	}
}

// item writes an entry of a list behind its mark.
func (p *printer) item(mark, s string) {
	const column = 10
	w := utf8.RuneCountInString(mark)
	head := "    " + mark + " "
	indent := 4 + w + 1
	if w > 1 && indent < column {
		head += strings.Repeat(" ", column-indent)
		indent = column
	}
	p.hang(head, indent, s)
}

func (p *printer) hang(head string, indent int, s string) {
	p.b.WriteString(head)
	at := utf8.RuneCountInString(head)
	first := true
	for _, w := range strings.Fields(s) {
		n := utf8.RuneCountInString(w)
		if !first && at+1+n > p.width {
			p.b.WriteString("\n" + strings.Repeat(" ", indent))
			at, first = indent, true
		}
		if !first {
			p.b.WriteByte(' ')
			at++
		}
		p.b.WriteString(w)
		at += n
		first = false
	}
	p.b.WriteByte('\n')
}

func fieldValues(fs []docparse.Field) []string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Value)
	}
	return out
}

func nonEmpty(parts ...string) []string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}
