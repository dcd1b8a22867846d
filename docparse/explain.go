package docparse

import (
	"fmt"
	"io"
	"sort"
	"strings"
)

// step is what one step of the pipeline did.
type step struct {
	name   string
	counts map[string]int
}

func (d *Document) step(name string, counts map[string]int) {
	d.steps = append(d.steps, step{name, counts})
}

// Explain writes how the document was read, step by step: what was repaired, which part each paragraph plays and by
// which rule, and for every fact its place in the original, its rule and its confidence.
func (d *Document) Explain(w io.Writer) error {
	e := &errWriter{w: w}
	for i, s := range d.steps {
		var parts []string
		for k, v := range s.counts {
			if v > 0 {
				parts = append(parts, fmt.Sprintf("%s %d", k, v))
			}
		}
		sort.Strings(parts)
		e.f("%d %s: %s\n", i+1, s.name, strings.Join(parts, ", "))
	}
	e.f("%d form: %s; kind: %s (%s, %.2f)\n", len(d.steps)+1, d.Form, d.Kind, d.KindMark.Rule, d.KindMark.Confidence)
	e.f("%d paragraphs\n", len(d.steps)+2)
	for i, q := range d.Paragraphs {
		e.f("  %3d %6d  %-11s %-24s %s\n", i, d.Original(q.Span.Start), q.Role, q.Rule, clip(d.Text[q.Span.Start:q.Span.End], 70))
	}
	e.f("%d sections\n", len(d.steps)+3)
	for _, s := range d.Sections {
		mark := "item"
		if s.Heading {
			mark = "heading"
		}
		e.f("  %s%-8s %-8s %-10s %s\n", strings.Repeat("  ", s.Level), s.Numbering, mark, s.Topic, clip(s.Title, 60))
	}
	e.f("%d facts\n", len(d.steps)+4)
	for _, f := range d.facts() {
		e.f("  %-14s %6d-%-6d %.2f  %-28s %s\n", f.name, d.Original(f.Span.Start), d.OriginalSpan(f.Span).End, f.Confidence, f.Rule, clip(f.value, 80))
	}
	e.f("%d doubts\n", len(d.steps)+5)
	for _, x := range d.Doubts {
		e.f("  %-24s %6d  %s\n", x.Kind, d.Original(x.Span.Start), strings.Join(x.Args, " | "))
	}
	return e.err
}

type errWriter struct {
	w   io.Writer
	err error
}

func (e *errWriter) f(format string, args ...any) {
	if e.err == nil {
		_, e.err = fmt.Fprintf(e.w, format, args...)
	}
}

func clip(s string, n int) string {
	if len([]rune(s)) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "…"
}

type fact struct {
	name, value string
	Mark
}

// facts lists every value read, in the order of the corpus form.
func (d *Document) facts() []fact {
	var out []fact
	add := func(name, value string, m Mark) {
		if value != "" {
			out = append(out, fact{name, value, m})
		}
	}
	add("issuer", d.Issuer.Value, d.Issuer.Mark)
	add("superior", d.Superior.Value, d.Superior.Mark)
	add("number", d.Number.Text, d.Number.Mark)
	add("issued_on", d.IssuedOn.String(), d.IssuedOn.Mark)
	add("place", d.Place.Value, d.Place.Mark)
	add("subject", d.Subject.Value, d.Subject.Mark)
	add("urgency", d.Urgency.Value, d.Urgency.Mark)
	add("secrecy", d.Secrecy.Value, d.Secrecy.Mark)
	for _, f := range d.Addressees {
		add("addressee", f.Value, f.Mark)
	}
	for _, c := range d.Citations {
		add("citation", strings.Join([]string{c.Number.Text, c.Kind, c.Date.String(), c.Issuer}, " | "), c.Mark)
	}
	for _, t := range d.Tasks {
		add("task", t.Numbering+" ["+t.Assignee+" · "+t.AssignedBy+"] "+t.Text, t.Mark)
	}
	if d.Period != nil {
		add("period", d.Period.From.String()+" – "+d.Period.To.String(), d.Period.Mark)
	}
	for _, x := range d.Deadlines {
		add("deadline", strings.Join([]string{x.Words, string(x.Bound), x.Date.String(), x.To, x.Channel}, " | "), x.Mark)
	}
	for _, h := range d.Hotlines {
		add("hotline", h.Number, h.Mark)
	}
	for _, s := range d.Slogans {
		add("slogan", s.Value, s.Mark)
	}
	for _, g := range d.TargetGroups {
		add("group", g.Value, g.Mark)
	}
	for _, f := range d.Figures {
		add("figure", fmt.Sprintf("%v %s (%s) %s", f.Value, f.Unit, f.Measure, f.Text), f.Mark)
	}
	for _, r := range d.Recipients {
		add("recipient", r.Value, r.Mark)
	}
	add("signer", d.Signer.Value, d.Signer.Mark)
	add("signer_title", d.SignerTitle.Value, d.SignerTitle.Mark)
	add("authority", strings.TrimSpace(d.Authority.Form+" "+d.Authority.Whose), d.Authority.Mark)
	return out
}
