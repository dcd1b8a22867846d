package demo

import (
	"context"
	"fmt"
	"sync"
	"time"

	"chungtay/account"
	"chungtay/campaign"
	"chungtay/directive"
	"chungtay/document"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/report"
	"chungtay/task"
)

// Password is the password of everybody in the demonstration.
const Password = "ba con gà trống choai"

// Clock is the time of the demonstration; the database takes its time from it while the province is built. It starts in July a year before
// the last Day (in June before it, where the bodies of today were not there a year earlier) and only goes forward.
type Clock struct {
	mu    sync.Mutex
	now   time.Time
	built time.Time
	year  int // of the last Day
}

// NewClock returns a clock for a demonstration built at a moment.
func NewClock(built time.Time) *Clock {
	year := civil.Of(built).Year
	if built.Before(time.Date(year, 8, 20, 0, 0, 0, 0, civil.Zone)) {
		year--
	}
	c := &Clock{now: time.Date(year-1, 7, 2, 8, 0, 0, 0, civil.Zone), built: built, year: year}
	if civil.Of(c.now).Before(orgunit.Reform) {
		c.now = time.Date(year, 6, 1, 8, 0, 0, 0, civil.Zone)
	}
	return c
}

// Now is the present time of the demonstration; each look takes a moment, so that deeds follow each other.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

// To moves the clock to a time of the demonstration's year in Viet Nam, unless it is past.
func (c *Clock) To(month time.Month, day, hour, minute int) { c.in(c.year, month, day, hour, minute) }

// Before moves the clock to a time of the year before the demonstration's, unless it is past.
func (c *Clock) Before(month time.Month, day, hour, minute int) {
	c.in(c.year-1, month, day, hour, minute)
}

func (c *Clock) in(year int, month time.Month, day, hour, minute int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := time.Date(year, month, day, hour, minute, 0, 0, civil.Zone); t.After(c.now) {
		c.now = t
	}
}

// Today is the day on which the demonstration is built: what is still going on is near it.
func (c *Clock) Today() civil.Date { return civil.Of(c.built) }

// Ago moves the clock to a time some days before the demonstration is built, unless it is past.
func (c *Clock) Ago(days, hour, minute int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.Today().AddDays(-days)
	if t := time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, civil.Zone); t.After(c.now) {
		c.now = t
	}
}

// Rooms is what the steps work with: the opened installation.
type Rooms struct {
	DB       *db.DB
	Book     policy.Book
	Units    *orgunit.Units
	Accounts *account.Accounts
	Blobs    *blob.Store

	Documents  *document.Documents
	Tasks      *task.Tasks
	Directives *directive.Directives
	Campaigns  *campaign.Campaigns
	Reports    *report.Reports

	Work func(context.Context) error // runs the jobs that are due
}

// Office is a unit with the people who work there; a post nobody holds is the zero Actor.
type Office struct {
	orgunit.Unit
	Leader, Officer, Clerk policy.Actor
}

// Person is somebody who can sign in.
type Person struct {
	Login, Name, Role, Unit string
	Shown                   bool // named when the demonstration is presented, one of each kind
}

// Province is the demonstration as far as it is built.
type Province struct {
	Rooms
	*Clock
	Year int // of the Day

	Government Office   // Chính phủ
	Health     Office   // Bộ Y tế
	Ministry   Office   // Bộ Công an
	Hotline    Office   // Tổng đài 111
	Committee  Office   // UBND tỉnh Sơn La
	Dept       Office   // Sở Y tế: leads the work for victims
	Social     Office   // its Phòng Bảo trợ xã hội, trẻ em và Phòng, chống tệ nạn xã hội
	Centre     Office   // Cơ sở trợ giúp xã hội
	Police     Office   // Công an tỉnh: leads the programme
	Border     Office   // Bộ Chỉ huy Bộ đội Biên phòng
	Justice    Office   // Sở Tư pháp
	Culture    Office   // Sở Văn hóa, Thể thao và Du lịch
	Women      Office   // Hội Liên hiệp Phụ nữ
	Communes   []Office // UBND of the communes and wards, by name

	Root       policy.Actor // administrator of the installation
	Admin      policy.Actor // administrator of the province
	CaseWorker policy.Actor
	Operator   policy.Actor
	Inspector  policy.Actor
	Editor     policy.Actor
	Auditor    policy.Actor

	People []Person

	stored string // the password as it is stored
	names  *namer
	logins map[string]bool
}

// Commune returns the commune's office by the bare name of its area.
func (p *Province) Commune(name string) (Office, error) {
	for _, c := range p.Communes {
		if c.Name == "Ủy ban nhân dân xã "+name || c.Name == "Ủy ban nhân dân phường "+name {
			return c, nil
		}
	}
	return Office{}, fmt.Errorf("there is no commune %q", name)
}

// Write runs one deed in a transaction at the demonstration's time.
func (p *Province) Write(ctx context.Context, f func(tx *db.Tx) error) error {
	return p.DB.Write(ctx, f)
}

// Step is what one room adds.
type Step struct {
	Name string // in the language of the command line: Vietnamese
	Run  func(ctx context.Context, p *Province) error
}

// Steps in their order.
func Steps() []Step {
	return []Step{
		{"đơn vị", units},
		{"người dùng", people},
		{"đợt hưởng ứng năm trước", former},
		{"văn bản", documents},
		{"báo cáo sáu tháng", half},
		{"đợt hưởng ứng ngày 30/7", day},
		{"văn bản từ tệp thành việc", directives},
		{"việc đang làm", work},
	}
}

// Build fills an empty, migrated installation whose database has the clock. said is told each step before it begins; it may be nil.
func Build(ctx context.Context, r Rooms, clock *Clock, said func(step string)) (*Province, error) {
	p := &Province{Rooms: r, Clock: clock, Year: clock.year, names: newNamer(), logins: map[string]bool{}}
	for _, s := range Steps() {
		if said != nil {
			said(s.Name)
		}
		if err := s.Run(ctx, p); err != nil {
			return nil, fmt.Errorf("demo, %s: %w", s.Name, err)
		}
		if p.Work != nil {
			if err := p.Work(ctx); err != nil {
				return nil, fmt.Errorf("demo, jobs after %s: %w", s.Name, err)
			}
		}
	}
	return p, nil
}

var system = policy.System("demo")
