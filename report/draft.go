package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"chungtay/audit"
	"chungtay/formdef"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/policy"
)

func (c *Reports) event(tx *db.Tx, by policy.Actor, r Report, kind, note string) error {
	return insertEvents(tx, []Event{{ID: newID(tx), Report: r.ID, Kind: kind, Note: note, Person: by.Person, Unit: by.Unit, At: tx.Now}})
}

// encode is a value as a Fill keeps it.
func encode(v formdef.Value) string {
	switch v.State {
	case formdef.None:
		return "none"
	case formdef.Given:
		if v.Text != "" {
			return v.Text
		}
		return v.Num.String()
	}
	return ""
}

// Start opens a report that was not begun: it fills itself. Opened again it stays as it is.
func (c *Reports) Start(tx *db.Tx, by policy.Actor, id string) (Report, error) {
	r, err := c.may(tx, by, Write, id)
	if err != nil {
		return r, err
	}
	if r.State != NotSent {
		return r, nil
	}
	a, err := findAsked(tx, r.Request)
	if err != nil {
		return r, err
	}
	if a.State != "open" {
		return r, errs.New(errs.Conflict, "report.closed")
	}
	values, fills, err := c.filled(tx, r.Unit, a)
	if err != nil {
		return r, err
	}
	r.State, r.Body, r.ChangedBy, r.ChangedAt = Draft, string(values.Canonical()), by.Person, tx.Now
	r.Fills.V = fills
	if err := update(tx, &r); err != nil {
		return r, err
	}
	if err := keepDraft(tx, r); err != nil {
		return r, err
	}
	if err := c.event(tx, by, r, "opened", ""); err != nil {
		return r, err
	}
	return r, audit.Log(tx, by, audit.By(Write, r.Unit), audit.Deed{Action: "report.open", Kind: "report", ID: r.ID})
}

// proposal begins the source of words that are a draft: they are meant to be rewritten, so no reason is asked for.
const proposal = "Dự thảo từ"

// filled works out what a report opens with: its own sources, the consolidation of the reports it asked for itself, narrative proposals.
func (c *Reports) filled(tx *db.Tx, unit string, a Asked) (formdef.Values, map[string]Fill, error) {
	f, err := c.form(tx, a)
	if err != nil {
		return nil, nil, err
	}
	values, fills := formdef.Values{}, map[string]Fill{}
	for _, cell := range f.Cells() {
		src := formdef.ParseSource(cell.Source())
		get := c.Sources[src.From]
		if get == nil {
			continue
		}
		found, ok, err := get(tx, unit, a, src)
		if err != nil {
			return nil, nil, fmt.Errorf("fill %s from %s: %w", cell.Address, src.From, err)
		}
		if ok && found.Unit == "dong" && cell.Unit == "trieu_dong" {
			found.Value = millions(found.Value)
		}
		if ok {
			values[cell.Address] = found.Value
			fills[cell.Address] = Fill{Value: encode(found.Value), Text: found.Text, Path: found.Path}
		}
	}
	own, ok, err := below(tx, a.ID, unit)
	if err != nil {
		return nil, nil, err
	}
	told := map[string]string{}
	from := Fill{}
	if ok {
		sum, err := c.consolidated(tx, own)
		if err != nil {
			return nil, nil, err
		}
		if told, err = c.told(tx, own, sum); err != nil {
			return nil, nil, err
		}
		from = Fill{Text: fmt.Sprintf("%s phần lời của %d/%d báo cáo cấp dưới", proposal, sum.Coverage.Reports, own.Owing), Path: "/requests/" + own.ID + "/narrative"}
		// The unit's own figures and those of the units below become one as several reports do: sums added, rates from their parts.
		both, _ := f.Aggregate([]formdef.Values{sum.Values, values})
		for _, cell := range f.Figures() {
			addr := cell.Address
			if cell.Calculated() || sum.Values[addr].State == formdef.Missing || both[addr].State == formdef.Missing {
				continue
			}
			text := fmt.Sprintf("%d/%d báo cáo cấp dưới", sum.Coverage.Reports, own.Owing)
			if values[addr].State == formdef.Given {
				text += " và " + fills[addr].Text
			}
			values[addr] = both[addr]
			fills[addr] = Fill{Value: encode(both[addr]), Text: text, Path: "/requests/" + own.ID + "/matrix"}
		}
	}
	for _, cell := range f.Cells() {
		if !tells(cell) || values[cell.Address].Answered() {
			continue
		}
		fill := Fill{}
		if c.Told != nil {
			if fill.Value, err = c.Told(tx, unit, a, cell.Field.Outline); err != nil {
				return nil, nil, err
			}
			fill.Text = proposal + " nhật ký hoạt động"
		}
		// The words of the units below follow the unit's own; those that do not fit have to be shortened on their page first.
		if words := told[cell.Address]; words != "" {
			both := strings.TrimPrefix(fill.Value+"\n"+words, "\n")
			for _, v := range []string{both, words} {
				if utf8.RuneCountInString(v) <= cell.Field.MaxLength {
					fill = Fill{Value: v, Text: from.Text, Path: from.Path}
					break
				}
			}
		}
		if fill.Value != "" {
			values[cell.Address] = formdef.TextValue(fill.Value)
			fills[cell.Address] = fill
		}
	}
	return values, fills, nil
}

// Refill works out the filled figures anew: what was not corrected by hand follows its source, what was corrected stays.
func (c *Reports) Refill(tx *db.Tx, by policy.Actor, id string) (Report, int, error) {
	r, err := c.may(tx, by, Write, id)
	if err != nil {
		return r, 0, err
	}
	if !r.State.Open() {
		return r, 0, errs.New(errs.Conflict, "report.not_now", r.State.Text())
	}
	a, err := findAsked(tx, r.Request)
	if err != nil {
		return r, 0, err
	}
	f, err := c.form(tx, a)
	if err != nil {
		return r, 0, err
	}
	values, _, err := f.Decode([]byte(r.Body))
	if err != nil {
		return r, 0, err
	}
	now, fills, err := c.filled(tx, r.Unit, a)
	if err != nil {
		return r, 0, err
	}
	n := 0
	for addr, fill := range fills {
		was, known := r.Fills.V[addr]
		if cur := encode(values[addr]); cur != "" && (!known || cur != was.Value) {
			fill.Reason = was.Reason
			if cur == fill.Value {
				fill.Reason = ""
			}
			fills[addr] = fill
			continue // corrected by hand
		}
		if encode(values[addr]) != fill.Value {
			values[addr] = now[addr]
			n++
		}
	}
	r.Fills.V = fills
	r.Body, r.ChangedBy, r.ChangedAt = string(values.Canonical()), by.Person, tx.Now
	if err := update(tx, &r); err != nil {
		return r, n, err
	}
	if err := keepDraft(tx, r); err != nil {
		return r, n, err
	}
	return r, n, audit.Log(tx, by, audit.By(Write, r.Unit), audit.Deed{Action: "report.refill", Kind: "report", ID: id, Change: audit.Change{"cells": {"", itoa(n)}}})
}

// Stale says which cells two writers changed to different values.
type Stale struct {
	Who   string
	Cells []StaleCell
}

// StaleCell is a cell with both values as stored.
type StaleCell struct{ Addr, Mine, Theirs string }

// Error says what happened, for the log.
func (s *Stale) Error() string { return "two people changed the same cells" }

// Save keeps what is being written. base is the version the writer started from; reasons explain corrected figures. What others changed
// since in other cells stays; a cell both changed differently is refused with both values (Stale in a Conflict).
func (c *Reports) Save(tx *db.Tx, by policy.Actor, id string, base int64, values formdef.Values, reasons map[string]string) (Report, error) {
	w, err := c.writing(tx, by, id)
	if err != nil {
		return w.Report, err
	}
	return c.save(tx, by, w, base, values, reasons)
}

// writing is a report that the actor may write, with the request and its form: read once for all that is done with it in a transaction.
type writing struct {
	Report Report
	Asked  Asked
	Form   *formdef.Form
}

func (c *Reports) writing(tx *db.Tx, by policy.Actor, id string) (w writing, err error) {
	if w.Report, err = c.may(tx, by, Write, id); err != nil {
		return w, err
	}
	if w.Asked, err = findAsked(tx, w.Report.Request); err != nil {
		return w, err
	}
	w.Form, err = c.form(tx, w.Asked)
	return w, err
}

func (c *Reports) save(tx *db.Tx, by policy.Actor, w writing, base int64, values formdef.Values, reasons map[string]string) (Report, error) {
	r, f, id := w.Report, w.Form, w.Report.ID
	if !r.State.Open() {
		return r, errs.New(errs.Conflict, "report.not_now", r.State.Text())
	}
	if w.Asked.State != "open" {
		return r, errs.New(errs.Conflict, "report.closed")
	}
	if base != r.Version {
		body, ok, err := draftOf(tx, id, base)
		if err != nil {
			return r, err
		}
		if !ok {
			return r, errs.New(errs.Conflict, "report.changed_meanwhile")
		}
		was, _, err := f.Decode([]byte(body))
		if err != nil {
			return r, err
		}
		theirs, _, err := f.Decode([]byte(r.Body))
		if err != nil {
			return r, err
		}
		merged := theirs.Clone()
		var stale []StaleCell
		for _, ch := range formdef.DiffCells(was, values) {
			switch now := theirs[ch.At]; {
			case now == was[ch.At] || now == values[ch.At]:
				if v := values[ch.At]; v.Answered() {
					merged[ch.At] = v
				} else {
					delete(merged, ch.At)
				}
			default:
				stale = append(stale, StaleCell{ch.At, encode(values[ch.At]), encode(now)})
			}
		}
		if stale != nil {
			return r, errs.Wrap(&Stale{Who: r.ChangedBy, Cells: stale}, errs.Conflict, "report.changed_meanwhile")
		}
		values = merged
	}
	body := string(values.Canonical())
	if len(body) > maxBody {
		return r, errs.New(errs.TooLarge, "report.too_large")
	}
	changed := body != r.Body
	for addr, reason := range reasons {
		fill, ok := r.Fills.V[addr]
		if !ok {
			continue
		}
		reason = strings.Join(strings.Fields(viet.NFC(reason)), " ")
		if utf8.RuneCountInString(reason) > 500 {
			return r, errs.AtField("reason:"+addr, "report.too_long", 500)
		}
		if fill.Reason != reason {
			fill.Reason = reason
			r.Fills.V[addr] = fill
			changed = true
		}
	}
	if !changed {
		return r, nil
	}
	r.Body, r.ChangedBy, r.ChangedAt, r.Nothing = body, by.Person, tx.Now, false
	if r.State == NotSent {
		r.State = Draft
	}
	if err := update(tx, &r); err != nil {
		return r, err
	}
	if err := keepDraft(tx, r); err != nil {
		return r, err
	}
	return r, audit.Log(tx, by, audit.By(Write, r.Unit), audit.Deed{Action: "report.save", Kind: "report", ID: id, Change: audit.Change{"version": {itoa(int(base)), itoa(int(r.Version))}}})
}

// Corrected lists filled figures that were changed by hand.
func Corrected(r Report, values formdef.Values) []string {
	var out []string
	for addr, f := range r.Fills.V {
		if f.Value != "" && encode(values[addr]) != f.Value && !strings.HasPrefix(f.Text, proposal) {
			out = append(out, addr)
		}
	}
	return out
}

// Attach adds files to a report.
func (c *Reports) Attach(tx *db.Tx, by policy.Actor, id string, files []blob.Ref) error {
	r, err := c.may(tx, by, Write, id)
	if err != nil {
		return err
	}
	if !r.State.Open() {
		return errs.New(errs.Conflict, "report.not_now", r.State.Text())
	}
	if len(files) == 0 {
		return errs.AtField("files", "report.need_files")
	}
	have, err := attachmentsOf(tx, id)
	if err != nil {
		return err
	}
	if len(have)+len(files) > maxFiles {
		return errs.AtField("files", "report.many_files", maxFiles)
	}
	for _, f := range files {
		if err := c.Blobs.Use(tx, f, "report", id); err != nil {
			return err
		}
		if err := insertAttachment(tx, id, by.Person, Attachment{ID: newID(tx), Name: f.Name, Type: string(f.Type), Size: f.Size, Blob: f.ID, At: tx.Now}); err != nil {
			return err
		}
	}
	return audit.Log(tx, by, audit.By(Write, r.Unit), audit.Deed{Action: "report.attach", Kind: "report", ID: id, Change: audit.Change{"files": {itoa(len(have)), itoa(len(have) + len(files))}}})
}

// Detach takes a file out of a report that is still written.
func (c *Reports) Detach(tx *db.Tx, by policy.Actor, id, file string) error {
	r, err := c.may(tx, by, Write, id)
	if err != nil {
		return err
	}
	if !r.State.Open() {
		return errs.New(errs.Conflict, "report.not_now", r.State.Text())
	}
	if err := dropAttachment(tx, id, file); err != nil {
		return errs.Absent("file", file)
	}
	return audit.Log(tx, by, audit.By(Write, r.Unit), audit.Deed{Action: "report.detach", Kind: "report", ID: id})
}

// Comment says something about a report, or about one cell of it.
func (c *Reports) Comment(tx *db.Tx, by policy.Actor, id, cell, text string) error {
	r, err := c.may(tx, by, Read, id)
	if err != nil {
		return err
	}
	if text, err = words("comment", text, true); err != nil {
		return err
	}
	return c.remark(tx, by, audit.By(Read, r.Unit, r.Asker), r, cell, text)
}

func (c *Reports) remark(tx *db.Tx, by policy.Actor, right audit.Right, r Report, cell, text string) error {
	if len(cell) > 200 {
		return errs.AtField("comment", "report.too_long", 200)
	}
	if err := insertRemark(tx, r.ID, Remark{ID: newID(tx), Number: r.Current, Cell: cell, Text: text, Person: by.Person, At: tx.Now}); err != nil {
		return err
	}
	return audit.Log(tx, by, right, audit.Deed{Action: "report.comment", Kind: "report", ID: r.ID})
}

func words(field, s string, need bool) (string, error) {
	s = strings.TrimSpace(viet.NFC(s))
	switch {
	case s == "" && need:
		return "", errs.AtField(field, "report.need_text")
	case utf8.RuneCountInString(s) > maxNote:
		return "", errs.AtField(field, "report.too_long", maxNote)
	}
	return s, nil
}

// Judged is a report worked out: its values with formulas, what was found, the last period's values.
type Judged struct {
	Form    *formdef.Form
	Result  formdef.Result
	Last    formdef.Values
	LastOf  Asked
	HasLast bool
}

// Judge works out and judges values of a report.
func (c *Reports) Judge(tx *db.Tx, r Report, a Asked, values formdef.Values) (Judged, error) {
	f, err := c.form(tx, a)
	if err != nil {
		return Judged{}, err
	}
	return c.judge(tx, writing{r, a, f}, values)
}

func (c *Reports) judge(tx *db.Tx, w writing, values formdef.Values) (j Judged, err error) {
	r, a, f := w.Report, w.Asked, w.Form
	j.Form = f
	if j.Last, j.LastOf, j.HasLast, err = c.last(tx, r, a, f); err != nil {
		return j, err
	}
	j.Result = f.Evaluate(values, formdef.Context{Today: civil.Of(tx.Now), Last: j.Last})
	return j, nil
}

// last are the values of a unit's last approved report by the same form, and what it answered.
func (c *Reports) last(tx *db.Tx, r Report, a Asked, f *formdef.Form) (formdef.Values, Asked, bool, error) {
	s, q, ok, err := lastOf(tx, r.Unit, a)
	if err != nil || !ok {
		return nil, q, false, err
	}
	v, err := f.Kept([]byte(s.Body))
	return v, q, true, err
}

// millions turns whole đồng into million đồng, to the thousand đồng.
func millions(v formdef.Value) formdef.Value {
	if v.State != formdef.Given {
		return v
	}
	thousands := (v.Num.Int64() + 500) / 1000
	n, err := formdef.ParseNumber(fmt.Sprintf("%d.%03d", thousands/1000, thousands%1000))
	if err != nil {
		return formdef.Value{}
	}
	return formdef.Figure(n)
}
