package app

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"chungtay/campaign"
	"chungtay/directive"
	"chungtay/document"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/report"
	"chungtay/task"
)

// What rooms of one step tell each other goes through here: directives ask for reports, reports take their figures from what was logged.

// tie connects the rooms of an installation.
func (in *Installation) tie() {
	in.Tasks.Seen = in.Directives.Seen
	in.Documents.Onward = func(a policy.Actor, document string) string {
		if !a.Holds(directive.Write) {
			return ""
		}
		return "/directives/new?document=" + document + "&own=0"
	}
	in.Directives.Hooks = directive.Hooks{Issued: in.directiveIssued, Recalled: in.directiveRecalled, Links: in.directiveLinks, Forms: in.reportForms, Doubts: in.directiveDoubts}
	in.Reports.Directive = in.Directives.Seen
	in.Documents.Office, in.Documents.Entered = directive.Office, in.Directives.Entered
	in.Reports.Office, in.Reports.Cited = directive.Office, directive.Cited
	in.Reports.Call = campaign.Call
	in.Reports.Sources = map[string]report.Source{"activities": activitiesSource, "tasks": tasksSource, "documents": documentsSource, "briefings": briefingsSource}
	in.Reports.Told = in.toldByActivities
	in.Campaigns.Task = func(tx *db.Tx, a policy.Actor, id string) (string, error) {
		return in.Tasks.Text(tx, a, id)
	}
	in.Campaigns.Directive, in.Campaigns.Directives = in.Directives.Seen, in.directivesOf
	in.Units.Heirs = append(in.Units.Heirs,
		orgunit.Heir{Key: "task.open_work", Count: task.Heir{}.Count, Move: task.Heir{}.Move},
		orgunit.Heir{Key: "task.given_work", Count: task.GiverHeir{}.Count, Move: task.GiverHeir{}.Move},
		orgunit.Heir{Key: "directive.unissued", Count: directive.Heir{}.Count, Move: directive.Heir{}.Move},
		orgunit.Heir{Key: "document.open_papers", Count: document.Heir{}.Count, Move: document.Heir{}.Move},
		orgunit.Heir{Key: "report.open_reports", Count: report.Heir{}.Count, Move: report.Heir{}.Move},
		orgunit.Heir{Key: "report.open_requests", Count: report.AskerHeir{}.Count, Move: report.AskerHeir{}.Move})
}

// directivesOf are the issued directives an actor may read whose period meets another, the newest first, for a campaign to name.
func (in *Installation) directivesOf(tx *db.Tx, a policy.Actor, from, to civil.Date) ([]campaign.Paper, error) {
	var out []campaign.Paper
	for year := from.Year; year <= to.Year && year <= from.Year+1; year++ {
		list, _, err := in.Directives.List(tx, a, directive.Filter{Year: year, Page: 1, Size: 100})
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			p := d.Content.V.Period
			if d.IssuedOn.IsZero() || d.State == directive.Recalled || p.From.IsZero() || p.To.IsZero() || p.From.After(to) || p.To.Before(from) {
				continue
			}
			out = append(out, campaign.Paper{ID: d.ID, Text: directive.KindName(d.Kind) + " " + d.Symbol + ": " + d.Subject})
		}
	}
	return out, nil
}

func (in *Installation) directiveIssued(tx *db.Tx, by policy.Actor, d directive.Directive, act []string) error {
	c := d.Content.V
	return in.Reports.FromDirective(tx, by, report.Directive{ID: d.ID, Parent: d.Parent, Unit: d.Unit, Title: directive.KindName(d.Kind) + " " + d.Symbol + ": " + d.Subject,
		Form: c.Report.Form, Outline: c.Report.Outline, From: c.Period.From, To: c.Period.To, Due: d.ReportDue(), Signed: true}, act)
}

// directiveDoubts looks at the slogans and numbers of a draft as of the year and the days it is about: a slogan of 2021 must not slip into 2026.
func (in *Installation) directiveDoubts(tx *db.Tx, d directive.Directive) ([]errs.Message, error) {
	c := d.Content.V
	day := c.Period.From
	if day.IsZero() {
		day = civil.Of(tx.Now)
	}
	return campaign.Doubts(tx, day, c.Slogans, strings.Join(c.Hotlines, "\n"))
}

func (in *Installation) directiveRecalled(tx *db.Tx, by policy.Actor, d directive.Directive, _ string) error {
	return in.Reports.Recalled(tx, by, d.ID)
}

// directiveLinks are the request of a directive, for who asked, and the reports the actor's units owe on it.
func (in *Installation) directiveLinks(tx *db.Tx, by policy.Actor, d directive.Directive) ([]directive.Link, error) {
	var units []string
	for _, g := range by.Grants {
		if !slices.Contains(units, g.Unit) {
			units = append(units, g.Unit)
		}
	}
	a, own, ok, err := report.OfDirective(tx, d.ID, units)
	if err != nil || !ok {
		return nil, err
	}
	ctx := tx.Context()
	var out []directive.Link
	if in.Reports.MayFollow(tx, by, a.ID) {
		out = append(out, directive.Link{Text: i18n.T(ctx, "report.link_request"), Path: "/requests/" + a.ID})
	}
	for _, r := range own {
		if _, err := in.Reports.Get(tx, by, r.ID); err == nil {
			out = append(out, directive.Link{Text: i18n.T(ctx, "report.link_ours"), Small: i18n.TM(ctx, r.State.Text()), Path: "/reports/" + r.ID})
		}
	}
	return out, nil
}

func (in *Installation) reportForms(tx *db.Tx, _ policy.Actor) ([]directive.Form, error) {
	list, err := in.Forms.Choices(tx)
	out := make([]directive.Form, len(list))
	for i, f := range list {
		out[i] = directive.Form{Code: f.Code, Title: f.Title}
	}
	return out, err
}

func activitiesSource(tx *db.Tx, unit string, a report.Asked, s formdef.Source) (report.Found, bool, error) {
	v, n, ok, err := campaign.Figure(tx, unit, a.From, a.To, s)
	if err != nil || !ok {
		return report.Found{}, false, err
	}
	q := url.Values{"unit": {unit}, "own": {"1"}} // the unit and its divisions, as the figure counts
	if k := s.Where["kind"]; len(k) == 1 {
		q.Set("kind", k[0])
	} else if len(k) > 1 {
		q.Set("kinds", strings.Join(k, ","))
	}
	if !a.From.IsZero() {
		q.Set("from", a.From.String())
	}
	if !a.To.IsZero() {
		q.Set("to", a.To.String())
	}
	found := report.Found{Value: v, Text: fmt.Sprintf("%d hoạt động", n), Path: "/activities?" + q.Encode()}
	if s.Measure == "cost" {
		found.Unit = "dong"
	}
	return found, true, nil
}

func tasksSource(tx *db.Tx, unit string, a report.Asked, s formdef.Source) (report.Found, bool, error) {
	if a.Directive == "" {
		return report.Found{}, false, nil
	}
	list, err := task.ResultsOf(tx, unit, a.Directive)
	if err != nil || len(list) == 0 {
		return report.Found{}, false, err
	}
	n := 0
	for _, r := range list {
		if s.Measure == "given" || s.Measure == "done" && r.State == task.Done {
			n++
		}
	}
	return report.Found{Value: formdef.IntValue(int64(n)), Text: fmt.Sprintf("%d nhiệm vụ của văn bản", len(list)), Path: "/directives/" + a.Directive}, s.Measure == "given" || s.Measure == "done", nil
}

func documentsSource(tx *db.Tx, unit string, a report.Asked, s formdef.Source) (report.Found, bool, error) {
	if s.Measure != "issued" {
		return report.Found{}, false, nil
	}
	n, err := document.IssuedCount(tx, unit, a.From, a.To)
	if err != nil || n == 0 {
		return report.Found{}, false, err
	}
	return report.Found{Value: formdef.IntValue(int64(n)), Text: fmt.Sprintf("%d văn bản đi", n), Path: "/documents?direction=out&unit=" + url.QueryEscape(unit)}, true, nil
}

func briefingsSource(tx *db.Tx, unit string, a report.Asked, s formdef.Source) (report.Found, bool, error) {
	if a.Directive == "" {
		return report.Found{}, false, nil
	}
	b, err := directive.BriefingOf(tx, a.Directive, unit)
	if err != nil || b.Named == 0 {
		return report.Found{}, false, err
	}
	n, ok := map[string]int{"named": b.Named, "confirmed": b.Confirmed}[s.Measure]
	return report.Found{Value: formdef.IntValue(int64(n)), Text: fmt.Sprintf("%d người được phổ biến", b.Named), Path: "/directives/" + a.Directive}, ok, nil
}

// toldByActivities drafts the section of a report on propaganda (II.1 of the outline of the annual report).
func (in *Installation) toldByActivities(tx *db.Tx, unit string, a report.Asked, outline string) (string, error) {
	if outline != "II.1" {
		return "", nil
	}
	return campaign.Told(tx, unit, a.From, a.To, func(kind string, n int64) string {
		k, _ := campaign.KindOf(kind)
		//i18n:prefix campaign.kind.
		name := in.Words.Text(i18n.VI, "campaign.kind."+kind)
		//i18n:prefix formdef.unit.
		return fmt.Sprintf("%s: %s %s", name, i18n.Int(i18n.VI, n), in.Words.Text(i18n.VI, "formdef.unit."+k.Unit))
	})
}
