package report

import (
	"context"
	"strings"
	"time"

	"chungtay/audit"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/jobs"
	"chungtay/internal/viet"
	"chungtay/notify"
	"chungtay/orgunit"
	"chungtay/policy"
)

// New is a request for reports.
type New struct {
	Unit      string // who asks
	Directive string
	Parent    string // the request from above that the asking unit answers with what it gets
	Schedule  string
	Title     string
	Form      string // code of a published form; "" narrative alone
	Outline   string
	From, To  civil.Date
	Due       deadline.Deadline
	Signed    bool
	Units     []string // who has to report
	Quiet     bool     // told by the directive already
}

// Ask asks units for reports. It is one statement per several hundred units.
func (c *Reports) Ask(tx *db.Tx, by policy.Actor, n New) (Asked, error) {
	if err := c.mayFor(tx, by, Request, n.Unit); err != nil {
		return Asked{}, err
	}
	n.Title = strings.Join(strings.Fields(viet.NFC(n.Title)), " ")
	seen := map[string]bool{}
	var units []string
	for _, u := range n.Units {
		if !seen[u] {
			seen[u] = true
			units = append(units, u)
		}
	}
	switch {
	case n.Title == "":
		return Asked{}, errs.AtField("title", "report.need_title")
	case len([]rune(n.Title)) > maxTitle:
		return Asked{}, errs.AtField("title", "report.too_long", maxTitle)
	case len(units) == 0:
		return Asked{}, errs.AtField("units", "report.need_units")
	case len(units) > maxOwing:
		return Asked{}, errs.AtField("units", "report.many_units", maxOwing)
	case !n.From.IsZero() && !n.To.IsZero() && n.To.Before(n.From):
		return Asked{}, errs.AtField("to", "report.period_backwards")
	}
	a := Asked{ID: newID(tx), Unit: n.Unit, Directive: n.Directive, Parent: n.Parent, Schedule: n.Schedule, Title: n.Title, FormCode: n.Form, Outline: n.Outline, From: n.From, To: n.To,
		DueWords: n.Due.Words, DueDay: n.Due.Day, DueBound: n.Due.Bound, Signed: n.Signed, State: "open", Owing: len(units), MadeBy: by.Person, MadeAt: tx.Now, Version: 1}
	a.Root = a.ID
	if n.Parent != "" {
		p, err := findAsked(tx, n.Parent)
		if err != nil {
			return a, err
		}
		a.Root = p.Root
		if n.Due.After(p.Due()) {
			return a, errs.AtField("due", "report.due_after_own", p.Due().Last())
		}
	}
	if n.Form != "" {
		v, _, err := c.Forms.Published(tx, n.Form)
		if errs.Is(err, errs.NotFound) {
			return a, errs.AtField("form", "report.choose_form")
		}
		if err != nil {
			return a, err
		}
		a.Form = v.ID
	}
	if err := insertAsked(tx, a); err != nil {
		return a, err
	}
	if err := insertReports(tx, a, units); err != nil {
		return a, err
	}
	if !n.Quiet {
		names, err := orgunit.NamesOn(tx, []string{n.Unit}, civil.Of(tx.Now))
		if err != nil {
			return a, err
		}
		list := make([]notify.Notice, len(units))
		for i, u := range units {
			list[i] = notify.Notice{Unit: u, Needs: Write, Kind: "report.asked", Key: "report.notice.asked", Args: []any{names[n.Unit], a.Title}, Path: "/reports?side=ours"}
		}
		if err := notify.SendMany(tx, list); err != nil {
			return a, err
		}
	}
	return a, audit.Log(tx, by, audit.By(Request, n.Unit), audit.Deed{Action: "report.ask", Kind: "report_request", ID: a.ID, Change: audit.Diff(nil, a)})
}

// Directive is what a directive says of the reports it asks for.
type Directive struct {
	ID, Parent string // Parent: the directive above
	Unit       string
	Title      string
	Form       string
	Outline    string
	From, To   civil.Date
	Due        deadline.Deadline
	Signed     bool
}

// FromDirective asks for the reports of an issued directive; app ties it to the directive room. A directive without a report deadline asks
// for none.
func (c *Reports) FromDirective(tx *db.Tx, by policy.Actor, d Directive, act []string) error {
	if d.Due.IsZero() || len(act) == 0 {
		return nil
	}
	n := New{Unit: d.Unit, Directive: d.ID, Title: d.Title, Form: d.Form, Outline: d.Outline, From: d.From, To: d.To, Due: d.Due, Signed: d.Signed, Units: act, Quiet: true}
	if d.Parent != "" {
		if up, ok, err := askedOf(tx, d.Parent); err != nil {
			return err
		} else if ok {
			n.Parent = up.ID
		}
	}
	_, err := c.Ask(tx, policy.System(by.Name), n) // the right to issue a directive includes asking for its reports
	return err
}

// Recalled ends the requests of a directive that was taken back; app ties it to the directive room.
func (c *Reports) Recalled(tx *db.Tx, by policy.Actor, directive string) error {
	a, ok, err := askedOf(tx, directive)
	if err != nil || !ok || a.State == "recalled" {
		return err
	}
	if err := setAskedState(tx, a, "recalled"); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Request, a.Unit), audit.Deed{Action: "report.request_recalled", Kind: "report_request", ID: a.ID})
}

// OfDirective returns the request of a directive, and the report that a unit owes on it ("" if none).
func OfDirective(tx *db.Tx, directive string, units []string) (request Asked, reports []Row, ok bool, err error) {
	request, ok, err = askedOf(tx, directive)
	if err != nil || !ok {
		return request, nil, ok, err
	}
	for _, u := range units {
		r, there, err := reportOf(tx, request.ID, u)
		if err != nil {
			return request, nil, true, err
		}
		if there {
			reports = append(reports, Row{ID: r.ID, Unit: r.Unit, State: r.State, Title: request.Title, DueWords: r.DueWords, DueDay: r.DueDay, DueBound: r.DueBound, FirstAt: r.FirstAt})
		}
	}
	return request, reports, true, nil
}

// Close ends a request: nothing more is sent to it.
func (c *Reports) Close(tx *db.Tx, by policy.Actor, id string) error {
	a, err := c.asked(tx, by, Approve, id)
	if err != nil {
		return err
	}
	if a.State != "open" {
		return errs.New(errs.Conflict, "report.closed")
	}
	if err := setAskedState(tx, a, "closed"); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Approve, a.Unit), audit.Deed{Action: "report.request_closed", Kind: "report_request", ID: id})
}

// Every lists how often a schedule asks.
var Every = []string{"month", "quarter", "half", "year"}

// Plan sets up a request that comes again and again (báo cáo định kỳ).
func (c *Reports) Plan(tx *db.Tx, by policy.Actor, s Schedule) (Schedule, error) {
	if err := c.mayFor(tx, by, Request, s.Unit); err != nil {
		return s, err
	}
	s.Title = strings.Join(strings.Fields(viet.NFC(s.Title)), " ")
	s.Addressees = strings.TrimSpace(viet.NFC(s.Addressees))
	switch {
	case s.Title == "":
		return s, errs.AtField("title", "report.need_title")
	case s.Addressees == "":
		return s, errs.AtField("units", "report.need_units")
	case s.Days < 1 || s.Days > 120:
		return s, errs.AtField("days", "report.days", 1, 120)
	}
	if s.FormCode != "" {
		if _, _, err := c.Forms.Published(tx, s.FormCode); err != nil {
			return s, errs.AtField("form", "report.choose_form")
		}
	}
	if r, err := orgunit.Resolve(tx, s.Unit, s.Addressees, civil.Of(tx.Now)); err != nil {
		return s, err
	} else if len(r.Unknown)+len(r.NotUnits) > 0 {
		return s, errs.AtField("units", "report.unknown_units", strings.Join(append(r.Unknown, r.NotUnits...), "; "))
	}
	s.ID, s.Active, s.MadeBy, s.MadeAt, s.Version = newID(tx), true, by.Person, tx.Now, 1
	if err := insertSchedule(tx, s); err != nil {
		return s, err
	}
	return s, audit.Log(tx, by, audit.By(Request, s.Unit), audit.Deed{Action: "report.plan", Kind: "report_schedule", ID: s.ID, Change: audit.Diff(nil, s)})
}

// Pause stops or resumes a schedule.
func (c *Reports) Pause(tx *db.Tx, by policy.Actor, id string, active bool) error {
	s, err := findSchedule(tx, id)
	if err != nil {
		return err
	}
	if err := c.mayFor(tx, by, Request, s.Unit); err != nil {
		return errs.Absent("schedule", id)
	}
	s.Active = active
	if err := saveSchedule(tx, s); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Request, s.Unit), audit.Deed{Action: "report.pause", Kind: "report_schedule", ID: id})
}

// periodEnding returns the last period of a kind that ended before or on a day, by the cut-off days of Nghị định 09/2019/NĐ-CP.
func periodEnding(every string, on civil.Date) (from, to civil.Date) {
	last := func(year int, month time.Month) civil.Date { return civil.Date{Year: year, Month: month, Day: 14} }
	months := map[string]int{"month": 1, "quarter": 3, "half": 6, "year": 12}[every]
	if months == 0 {
		months = 12
	}
	y, m := on.Year, int(on.Month)
	for {
		if m%months == 0 || months == 1 {
			if to = last(y, time.Month(m)); !to.After(on) {
				break
			}
		}
		if m--; m == 0 {
			y, m = y-1, 12
		}
	}
	fy, fm := to.Year, int(to.Month)-months
	if fm <= 0 {
		fy, fm = fy-1, fm+12
	}
	return civil.Date{Year: fy, Month: time.Month(fm), Day: 15}, to
}

// scheduled asks for what is due to be asked: a job of the timetable runs it once a day. Each period is asked for once.
func (c *Reports) scheduled(ctx context.Context, j *jobs.Job) error {
	return j.Finish(ctx, func(tx *db.Tx) error {
		list, err := activeSchedules(tx)
		if err != nil {
			return err
		}
		for _, s := range list {
			from, to := periodEnding(s.Every, civil.Of(tx.Now))
			if !s.LastTo.Before(to) {
				continue
			}
			if s.LastTo.IsZero() && to.Before(civil.Of(s.MadeAt).AddDays(-31)) { // set up long after the last period: begin with the next
				continue
			}
			r, err := orgunit.Resolve(tx, s.Unit, s.Addressees, civil.Of(tx.Now))
			if err != nil {
				return err
			}
			var units []string
			for _, u := range r.Units {
				if u.ID != s.Unit {
					units = append(units, u.ID)
				}
			}
			if len(units) > 0 {
				title := s.Title + " (" + deadline.Written(from) + " - " + deadline.Written(to) + ")"
				if _, err := c.Ask(tx, policy.System("report.scheduled"), New{Unit: s.Unit, Schedule: s.ID, Title: title, Form: s.FormCode, From: from, To: to, Due: deadline.New(deadline.Until, to.AddDays(s.Days)), Signed: s.Signed, Units: units}); err != nil {
					return err
				}
			}
			s.LastTo = to
			if err := saveSchedule(tx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// plain is the form of a request that asks for words alone: the usual outline of a report (facts of practice).
const plain = `{"code":"loi_van","title":{"vi":"Báo cáo bằng lời","en":"Narrative report"},"sections":[
{"name":"chi_dao","outline":"I","title":{"vi":"Công tác chỉ đạo, triển khai","en":"Direction"},"fields":[{"name":"chi_dao_mo_ta","type":"narrative","outline":"I","label":{"vi":"Công tác chỉ đạo, triển khai","en":"Direction"},"max_length":8000}]},
{"name":"ket_qua","outline":"II","title":{"vi":"Kết quả thực hiện","en":"Results"},"fields":[{"name":"ket_qua_mo_ta","type":"narrative","outline":"II","label":{"vi":"Kết quả thực hiện","en":"Results"},"max_length":12000}]},
{"name":"danh_gia","outline":"III","title":{"vi":"Đánh giá: thuận lợi, khó khăn, nguyên nhân","en":"Assessment"},"fields":[{"name":"danh_gia_mo_ta","type":"narrative","outline":"III","label":{"vi":"Thuận lợi, khó khăn, nguyên nhân","en":"What helped, what hindered, why"},"max_length":8000}]},
{"name":"kien_nghi","outline":"IV","title":{"vi":"Phương hướng, kiến nghị","en":"Outlook and proposals"},"fields":[{"name":"kien_nghi_mo_ta","type":"narrative","outline":"IV","label":{"vi":"Phương hướng, kiến nghị","en":"Outlook and proposals"},"max_length":8000}]}]}`

// form is the form of a request.
func (c *Reports) form(tx *db.Tx, a Asked) (*formdef.Form, error) {
	if a.Form == "" {
		return formdef.Parse([]byte(plain))
	}
	return c.Forms.Version(tx, a.Form)
}
