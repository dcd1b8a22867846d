package ui

import (
	"context"
	"maps"
	"strconv"

	"github.com/a-h/templ"

	"chungtay/internal/i18n"
)

func pageTitle(ctx context.Context, p Page) string {
	t := p.Title + " – Chung Tay"
	if p.Errors > 0 {
		return i18n.T(ctx, "ui.error") + " " + t
	}
	return t
}

func current(l Link) templ.Attributes {
	if l.Current {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

func currentLang(p Page, lang string) templ.Attributes {
	if p.Lang == lang {
		return templ.Attributes{"aria-current": "true"}
	}
	return nil
}

func sorted(c Column) templ.Attributes {
	if c.Sorted != "" {
		return templ.Attributes{"aria-sort": c.Sorted}
	}
	return nil
}

func fill(t Tone) string {
	switch t {
	case OK:
		return "f-ok"
	case Act:
		return "f-act"
	case Late:
		return "f-late"
	case Warn:
		return "f-warn"
	}
	return "f-none"
}

func inputType(f Field) string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func optionID(f Field, i int) string {
	if i == 0 {
		return f.ID()
	}
	return f.ID() + "-" + strconv.Itoa(i)
}

func areaMax(f Field) templ.Attributes {
	if f.Max > 0 {
		return templ.Attributes{"data-max": strconv.Itoa(f.Max)}
	}
	return nil
}

func tusAttrs(ctx context.Context, address string, many bool) templ.Attributes {
	a := templ.Attributes{"data-choose": i18n.T(ctx, "ui.choose_file"), "data-none": i18n.T(ctx, "ui.no_file")}
	if many {
		a["data-choose"], a["data-none"] = i18n.T(ctx, "ui.choose_files"), i18n.T(ctx, "ui.drop_files")
	}
	if address == "" {
		return a
	}
	maps.Copy(a, templ.Attributes{"data-tus": address, "data-sent": i18n.T(ctx, "ui.upload_sent"), "data-failed": i18n.T(ctx, "ui.upload_failed"),
		"data-sending": i18n.T(ctx, "ui.sending_at"), "data-waiting": i18n.T(ctx, "ui.upload_waiting"), "data-again": i18n.T(ctx, "ui.send_again"), "data-drop": i18n.T(ctx, "ui.upload_remove")})
	return a
}

// unreadText is the count on the badge; beyond 99 nobody needs to know.
func unreadText(n int) string {
	if n > 99 {
		return "99+"
	}
	return strconv.Itoa(n)
}
