package report

import (
	"embed"
	"time"

	"chungtay/account"
	"chungtay/docrender"
	"chungtay/formbook"
	"chungtay/formdef"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// Permissions of this room.
const (
	Read    policy.Permission = "report.read"    // see reports of and to one's unit
	Write   policy.Permission = "report.write"   // write and send the reports of one's unit
	Sign    policy.Permission = "report.sign"    // sign reports where the request asks for it
	Request policy.Permission = "report.request" // ask for reports in the name of one's unit
	Approve policy.Permission = "report.approve" // approve, return, unlock, extend, consolidate, chase
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of this room.
func Migrations() db.Migrations { return db.Migrations{Room: "report", FS: migrations} }

// Text is the wording of this room.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// State is where a report stands.
type State string

// The states, in the fixed words of the screens.
const (
	NotSent   State = "none"      // Chưa gửi
	Draft     State = "draft"     // Đang soạn
	Signing   State = "signing"   // Chờ ký
	Submitted State = "submitted" // Chờ duyệt
	Returned  State = "returned"  // Trả lại
	Approved  State = "approved"  // Đã duyệt

	// HandedOver ended with its unit: the successor owes the same report itself, or asked for it. Nobody owes it any more; what was written
	// stays, and the successor reads it.
	HandedOver State = "handed_over" // Đã bàn giao
)

// States lists them in the order of a report's life.
var States = []State{NotSent, Draft, Signing, Submitted, Returned, Approved, HandedOver}

// Text is the state's name for people.
func (s State) Text() errs.Message {
	//i18n:prefix report.state.
	return errs.Message{Key: "report.state." + string(s)}
}

// Open tells whether the unit still writes.
func (s State) Open() bool { return s == NotSent || s == Draft || s == Returned }

// Sent tells whether something lies with the unit above or is approved.
func (s State) Sent() bool { return s == Submitted || s == Approved }

// Asked is a request for reports.
type Asked struct {
	ID        string         `db:"id" audit:"-"`
	Unit      string         `db:"unit_id"`
	Directive string         `db:"directive_id"`
	Parent    string         `db:"parent_id"`
	Root      string         `db:"root_id" audit:"-"`
	Schedule  string         `db:"schedule_id"`
	Title     string         `db:"title"`
	FormCode  string         `db:"form_code"`
	Form      string         `db:"form_version_id"`
	Outline   string         `db:"outline"`
	From      civil.Date     `db:"period_from"`
	To        civil.Date     `db:"period_to"`
	DueWords  string         `db:"due_words"`
	DueDay    civil.Date     `db:"due_day"`
	DueBound  deadline.Bound `db:"due_bound"`
	Signed    bool           `db:"signed"`
	State     string         `db:"state"`
	Owing     int            `db:"owing"`
	MadeBy    string         `db:"made_by" audit:"-"`
	MadeAt    time.Time      `db:"made_at" audit:"-"`
	Version   int64          `db:"version" audit:"-"`
}

// Due is the deadline as asked; single reports may have been given more time.
func (a Asked) Due() deadline.Deadline {
	return deadline.Deadline{Words: a.DueWords, Day: a.DueDay, Bound: a.DueBound}
}

// Report is one unit's report on a request.
type Report struct {
	ID          string                   `db:"id" audit:"-"`
	Request     string                   `db:"request_id"`
	Asker       string                   `db:"asker_id"`
	Unit        string                   `db:"unit_id"`
	Heir        string                   `db:"heir_id"` // of one handed over: the unit that took it over
	State       State                    `db:"state"`
	Nothing     bool                     `db:"nil_return"`
	Frozen      bool                     `db:"frozen"`
	DueWords    string                   `db:"due_words"`
	DueDay      civil.Date               `db:"due_day"`
	DueBound    deadline.Bound           `db:"due_bound"`
	Body        string                   `db:"body" audit:"-"`
	Fills       db.JSON[map[string]Fill] `db:"fills" audit:"-"`
	Current     int                      `db:"current"`
	ApprovedN   int                      `db:"approved"`
	SubmittedAt time.Time                `db:"submitted_at"`
	FirstAt     time.Time                `db:"first_at"`
	ApprovedAt  time.Time                `db:"approved_at"`
	ChangedBy   string                   `db:"changed_by" audit:"-"`
	ChangedAt   time.Time                `db:"changed_at" audit:"-"`
	Version     int64                    `db:"version" audit:"-"`
}

// Due is the deadline of this report, with what was granted.
func (r Report) Due() deadline.Deadline {
	return deadline.Deadline{Words: r.DueWords, Day: r.DueDay, Bound: r.DueBound}
}

// Late tells whether the report was not there in time: never sent although the deadline has passed, or first sent after it. A report
// returned and sent again in time for its first sending was in time.
func (r Report) Late(now time.Time) bool {
	if r.DueDay.IsZero() || r.State == HandedOver {
		return false
	}
	if !r.FirstAt.IsZero() {
		return !r.Due().Met(r.FirstAt)
	}
	return !r.Due().Met(now)
}

// Fill is where a filled figure comes from, and what became of it.
type Fill struct {
	Value  string `json:"value"`            // as filled, in the form of the canonical encoding; "none" for không phát sinh
	Text   string `json:"text"`             // "12 hoạt động", "24 báo cáo cấp dưới"
	Path   string `json:"path,omitempty"`   // page that lists what stands behind it
	Reason string `json:"reason,omitempty"` // why it was corrected
}

// Submission is what was sent.
type Submission struct {
	Report      string                   `db:"report_id"`
	Number      int                      `db:"number"`
	Body        string                   `db:"body"`
	Digest      string                   `db:"digest"`
	Nothing     bool                     `db:"nil_return"`
	Fills       db.JSON[map[string]Fill] `db:"fills"`
	Person      string                   `db:"person_id"`
	Signer      string                   `db:"signer_id"`
	Late        bool                     `db:"late"`
	At          time.Time                `db:"at"`
	Verdict     string                   `db:"verdict"`
	VerdictBy   string                   `db:"verdict_by"`
	VerdictAt   time.Time                `db:"verdict_at"`
	VerdictNote string                   `db:"verdict_note"`
}

// Remark is a comment on a report or on one cell of it.
type Remark struct {
	ID     string    `db:"id"`
	Number int       `db:"number"`
	Cell   string    `db:"cell"`
	Text   string    `db:"text"`
	Person string    `db:"person_id"`
	At     time.Time `db:"at"`
}

// Event is a step in the life of a report.
type Event struct {
	ID     string    `db:"id"`
	Report string    `db:"report_id"`
	Kind   string    `db:"kind"`
	Note   string    `db:"note"`
	Person string    `db:"person_id"`
	Unit   string    `db:"unit_id"`
	At     time.Time `db:"at"`
}

// Attachment is a file of a report.
type Attachment struct {
	ID   string    `db:"id"`
	Name string    `db:"name"`
	Type string    `db:"type"`
	Size int64     `db:"size"`
	Blob string    `db:"blob"`
	At   time.Time `db:"at"`
}

// Extension is more time that was given, with the deadline it replaced.
type Extension struct {
	UntilWords  string    `db:"until_words"`
	FormerWords string    `db:"former_words"`
	Reason      string    `db:"reason"`
	Person      string    `db:"by_person"`
	At          time.Time `db:"at"`
}

// Found is a figure that a source gives.
type Found struct {
	Value formdef.Value
	Unit  string // "dong" when it is money in đồng; "" when it is in the unit of the cell
	Text  string // what stands behind it, in Vietnamese: it becomes part of the report
	Path  string // page that lists it
}

// Source gives figures of one kind ("activities", "tasks") for a unit and a request. ok is false when the source has nothing to say.
type Source func(tx *db.Tx, unit string, a Asked, s formdef.Source) (f Found, ok bool, err error)

// Told gives text for a narrative field from what a unit did, "" when there is nothing to tell.
type Told func(tx *db.Tx, unit string, a Asked, outline string) (string, error)

// Reports is the room: its rules with what they need from outside.
type Reports struct {
	Book     policy.Book
	Accounts *account.Accounts
	Forms    *formbook.Books
	Blobs    *blob.Store
	Sources  map[string]Source // by formdef.Source.From
	Told     Told              // nil: narratives are not proposed
	// Directive gives a page about a directive, for the link to where a request comes from.
	Directive func(tx *db.Tx, a policy.Actor, id string) (title, path string)
	// Office gives what all papers of a unit share.
	Office func(tx *db.Tx, unit string) (docrender.Office, error)
	// Call names the numbers to call on a day, as news says them; nil: none.
	Call func(tx *db.Tx, day civil.Date) ([]string, error)
	// Cited quotes a directive as papers do at first mention; nil: papers do not say what they answer.
	Cited func(tx *db.Tx, id string) (string, error)
}

// Limits, stated to the person when exceeded.
const (
	maxTitle  = 300
	maxNote   = 4000
	maxFiles  = 30
	maxBody   = 2 << 20
	maxOwing  = 20_000
	maxOutlin = 8000
)
