package formbook

import (
	"context"
	"slices"
	"strings"

	"chungtay/formdef"
	"chungtay/internal/i18n"
	"chungtay/internal/ui"
)

// field is a cell as the general components of internal/ui draw it.
func (c shownCell) field() ui.Field {
	f := ui.Field{Name: c.Name, Label: c.Label, Hint: c.Hint, Value: c.Text, Optional: c.Optional}
	if len(c.Errors) > 0 {
		f.Error = c.Errors[0]
	}
	if d := c.Cell.Field; d.Type == formdef.Narrative || d.Type == formdef.Line {
		f.Max = d.MaxLength
		if d.Type == formdef.Narrative {
			f.Rows = 6
		}
	}
	return f
}

func (c shownCell) options(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, o := range c.Cell.Field.Choices {
		out = append(out, ui.Option{Value: o.Value, Text: o.Label.In(i18n.Current(ctx))})
	}
	if !c.Cell.Field.Multiple && (c.Cell.Table != nil || c.Cell.Field.Appearance == "minimal") {
		out = append([]ui.Option{{Text: i18n.T(ctx, "formbook.sheet.choose")}}, out...)
	}
	return out
}

func (c shownCell) choice(ctx context.Context) ui.Field {
	f := c.field()
	f.Options, f.Values = c.options(ctx), c.Texts
	if len(c.Texts) > 0 {
		f.Value = c.Texts[0]
	}
	return f
}

func (c shownCell) has(value string) bool {
	return slices.Contains(c.Texts, value) || value == "" && len(c.Texts) == 0
}

func inputMode(c shownCell) string {
	switch d := c.Cell.Field; {
	case !d.Type.Number():
		return "text"
	case d.Decimals > 0:
		return "decimal"
	}
	return "numeric"
}

// cellText is what stands in the input of a table: "–" for "không phát sinh", so that it is seen without a box to tick.
func cellText(c shownCell) string {
	if c.None && c.Text == "" {
		return "–"
	}
	return c.Text
}

// calcText is what a calculated cell shows.
func calcText(c shownCell) string {
	switch {
	case c.None:
		return c.Shown
	case c.Text == "":
		return "–"
	}
	return c.Text
}

func lastName(ctx context.Context, s Sheet) string {
	if s.LastName != "" {
		return s.LastName + ":"
	}
	return i18n.T(ctx, "formbook.sheet.last")
}

// lastTextName is the heading over the words of the last period.
func lastTextName(ctx context.Context, s Sheet) string {
	if s.LastName != "" {
		return i18n.T(ctx, "formbook.sheet.last_text_of", s.LastName)
	}
	return i18n.T(ctx, "formbook.sheet.last_text")
}

func liveClass(t formdef.LiveTest) string {
	if t.Level == formdef.Hard {
		return "msg live"
	}
	return "look live"
}

func withUnit(c ui.Pair) string {
	if c.Value == "" {
		return c.Label
	}
	return c.Label + " (" + c.Value + ")"
}

func noneColumn(f shownField) bool {
	return slices.ContainsFunc(f.Rows, func(r shownRow) bool { return r.NoneInput != "" })
}

func allHidden(r shownRow) bool {
	return !slices.ContainsFunc(r.Cells, func(c shownCell) bool { return !c.Hidden })
}

// lineAt returns a line of a text, shortened, to show beside what is said of it.
func lineAt(text string, line int) string {
	all := strings.SplitN(text, "\n", line+1)
	if line < 1 || line > len(all) {
		return ""
	}
	l := []rune(strings.TrimSpace(all[line-1]))
	if len(l) > 120 {
		l = append(l[:120], '…')
	}
	return string(l)
}
