package task

import (
	"embed"
	"time"

	"chungtay/account"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// Permissions of this room.
const (
	Read   policy.Permission = "task.read"   // see a task
	Assign policy.Permission = "task.assign" // give work in the name of a unit; record: the issuing unit
	Work   policy.Permission = "task.work"   // report progress, attach evidence, hand in; record: the tasks of one's unit
	Accept policy.Permission = "task.accept" // accept, return, decide on extensions; record: the issuing unit
	Manage policy.Permission = "task.manage" // the calendar of working days
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of this room.
func Migrations() db.Migrations { return db.Migrations{Room: "task", FS: migrations} }

// Text is the wording of this room.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// State is where a task stands.
type State string

// The states.
const (
	Open      State = "open"      // Chưa làm
	Doing     State = "doing"     // Đang làm
	Submitted State = "submitted" // Chờ duyệt
	Returned  State = "returned"  // Trả lại
	Done      State = "done"      // Đã duyệt
	Cancelled State = "cancelled" // Đã hủy
)

// States lists them in the order of a task's life.
var States = []State{Open, Doing, Submitted, Returned, Done, Cancelled}

// Text is the state's name for people.
func (s State) Text() errs.Message {
	//i18n:prefix task.state.
	return errs.Message{Key: "task.state." + string(s)}
}

// Pending tells whether the lead unit still has to do something.
func (s State) Pending() bool { return s == Open || s == Doing || s == Returned }

// Closed tells whether nothing can happen any more.
func (s State) Closed() bool { return s == Done || s == Cancelled }

// Order is what is asked.
type Order struct {
	ID        string     `db:"id" audit:"-"`
	Issuer    string     `db:"issuer_id"`
	Directive string     `db:"directive_id"`
	Parent    string     `db:"parent_task_id"`
	Numbering string     `db:"numbering"`
	Text      string     `db:"text"`
	Product   string     `db:"product"`
	Start     civil.Date `db:"start_day"`
	MadeBy    string     `db:"made_by"`
	MadeAt    time.Time  `db:"made_at" audit:"-"`
}

// Task is one unit's work on an order.
type Task struct {
	ID          string         `db:"id" audit:"-"`
	Order       string         `db:"order_id" audit:"-"`
	Issuer      string         `db:"issuer_id"`
	Unit        string         `db:"unit_id"`
	Person      string         `db:"person_id"`
	State       State          `db:"state"`
	DueWords    string         `db:"due_words"`
	DueDay      civil.Date     `db:"due_day"`
	DueBound    deadline.Bound `db:"due_bound"`
	SubmittedAt time.Time      `db:"submitted_at"`
	DoneAt      time.Time      `db:"done_at"`
	Version     int64          `db:"version" audit:"-"`
	MadeAt      time.Time      `db:"made_at" audit:"-"`
}

// Given is the day on which the task was given; its page shows units as they were then.
func (t Task) Given() civil.Date { return civil.Of(t.MadeAt) }

// Due is the deadline; zero when there is none.
func (t Task) Due() deadline.Deadline {
	return deadline.Deadline{Words: t.DueWords, Day: t.DueDay, Bound: t.DueBound}
}

// Late tells whether the deadline has passed without the work being handed in, or whether it was handed in after it.
func (t Task) Late(now time.Time) bool {
	switch {
	case t.State == Cancelled || t.DueDay.IsZero():
		return false
	case t.State == Submitted || t.State == Done:
		return !t.Due().Met(t.SubmittedAt)
	}
	return !t.Due().Met(now)
}

// Note is one entry of a task's history.
type Note struct {
	ID     string    `db:"id"`
	Task   string    `db:"task_id"`
	Kind   string    `db:"kind"`
	Text   string    `db:"text"`
	Person string    `db:"person_id"`
	Unit   string    `db:"unit_id"`
	At     time.Time `db:"at"`
}

// Evidence is a file that shows what was done. Of a photo, Shown is a copy that carries neither place nor device, made by a job; it is ""
// until then and for other files. The original stays.
type Evidence struct {
	ID       string    `db:"id"`
	Task     string    `db:"task_id"`
	Name     string    `db:"name"`
	Type     string    `db:"type"`
	Size     int64     `db:"size"`
	Original string    `db:"original"`
	Shown    string    `db:"shown"`
	Person   string    `db:"person_id"`
	At       time.Time `db:"at"`
}

// Extension is a request for more time with its answer.
type Extension struct {
	ID          string         `db:"id"`
	Task        string         `db:"task_id"`
	State       string         `db:"state"` // asked, granted, refused
	Reason      string         `db:"reason"`
	UntilWords  string         `db:"until_words"`
	UntilDay    civil.Date     `db:"until_day"`
	UntilBound  deadline.Bound `db:"until_bound"`
	FormerWords string         `db:"former_words"`
	FormerDay   civil.Date     `db:"former_day"`
	FormerBound deadline.Bound `db:"former_bound"`
	AskedBy     string         `db:"asked_by"`
	AskedAt     time.Time      `db:"asked_at"`
	DecidedBy   string         `db:"decided_by"`
	DecidedAt   time.Time      `db:"decided_at"`
	Answer      string         `db:"answer"`
}

// Until is the time limit asked for; Former the one it replaces.
func (e Extension) Until() deadline.Deadline {
	return deadline.Deadline{Words: e.UntilWords, Day: e.UntilDay, Bound: e.UntilBound}
}

// Former is the time limit before the extension.
func (e Extension) Former() deadline.Deadline {
	return deadline.Deadline{Words: e.FormerWords, Day: e.FormerDay, Bound: e.FormerBound}
}

// Limits, stated to the person when exceeded.
const (
	maxText     = 4000
	maxProduct  = 500
	maxNote     = 4000
	maxEvidence = 50 // files of one task
)

// Tasks is the room: its rules with what they need from outside.
type Tasks struct {
	Book     policy.Book
	Accounts *account.Accounts
	Blobs    *blob.Store
	BaseURL  string // address of the site, for calendar feeds
	// Seen gives a page about a directive, for the link to where a task comes from.
	Seen func(tx *db.Tx, a policy.Actor, directive string) (title, path string)
}

// Extensions lists the requests for more time of a task; the caller has checked that it may be seen.
func Extensions(tx *db.Tx, id string) ([]Extension, error) { return extensionsOf(tx, id) }

// EvidenceOf lists the evidence of a task; the caller has checked that it may be seen.
func EvidenceOf(tx *db.Tx, id string) ([]Evidence, error) { return evidenceOf(tx, id) }
