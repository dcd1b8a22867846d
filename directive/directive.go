package directive

import (
	"embed"
	"sync"
	"time"

	"chungtay/account"
	"chungtay/document"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/policy"
	"chungtay/task"
)

// Permissions of this room.
const (
	Read    policy.Permission = "directive.read"    // see directives issued by or addressed to one's unit, and its drafts
	Write   policy.Permission = "directive.write"   // draft, edit, submit, cascade; record: the issuing unit
	Sign    policy.Permission = "directive.sign"    // sign or return; record: the issuing unit
	Issue   policy.Permission = "directive.issue"   // number and issue, recall; record: the issuing unit
	Receive policy.Permission = "directive.receive" // acknowledge for one's unit, name readers; record: addressed to it
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of this room.
func Migrations() db.Migrations { return db.Migrations{Room: "directive", FS: migrations} }

// Text is the wording of this room.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// State is where a directive stands.
type State string

// The states.
const (
	Draft     State = "draft"     // Đang soạn
	Submitted State = "submitted" // Trình ký
	Returned  State = "returned"  // Trả lại
	Signed    State = "signed"    // Đã ký, chờ phát hành
	Issuing   State = "issuing"   // Đang phát hành
	Issued    State = "issued"    // Đã ban hành
	Recalled  State = "recalled"  // Đã thu hồi
	Completed State = "completed" // Đã hoàn thành
)

// States lists them in the order of a directive's life.
var States = []State{Draft, Submitted, Returned, Signed, Issuing, Issued, Recalled, Completed}

// Text is the state's name for people.
func (s State) Text() errs.Message {
	//i18n:prefix directive.state.
	return errs.Message{Key: "directive.state." + string(s)}
}

// Open tells whether the content may still be edited.
func (s State) Open() bool { return s == Draft || s == Returned }

// Correction tells whether it corrects the form of an issued one (đính chính): a letter that gives no work and asks for no report.
func (d Directive) Correction() bool { return d.Replaces != "" && d.ReplaceKind == "correct" }

// Out tells whether the directive has left the house.
func (s State) Out() bool { return s == Issued || s == Recalled || s == Completed }

// Directive is one directive.
type Directive struct {
	ID            string           `db:"id" audit:"-"`
	Unit          string           `db:"unit_id"`
	Parent        string           `db:"parent_id"`
	Root          string           `db:"root_id" audit:"-"`
	Replaces      string           `db:"replaces_id"`
	ReplaceKind   string           `db:"replace_kind"`
	Source        string           `db:"source_id"`
	Document      string           `db:"document_id"`
	Symbol        string           `db:"symbol"`
	IssuedOn      civil.Date       `db:"issued_on"`
	IssuedAt      time.Time        `db:"issued_at" audit:"-"`
	State         State            `db:"state"`
	Kind          string           `db:"kind"`
	Subject       string           `db:"subject" audit:"mask"` // the versions keep it; a log that cannot be corrected does not
	ReportWords   string           `db:"report_words"`
	ReportDay     civil.Date       `db:"report_day"`
	ReportBound   deadline.Bound   `db:"report_bound"`
	Briefing      bool             `db:"briefing"`
	Content       db.JSON[Content] `db:"content" audit:"-"`
	Signer        string           `db:"signer_id"`
	SignedVersion int64            `db:"signed_version" audit:"-"`
	Addressees    int              `db:"addressees"`
	Version       int64            `db:"version" audit:"-"`
	MadeBy        string           `db:"made_by" audit:"-"`
	MadeAt        time.Time        `db:"made_at" audit:"-"`
	ChangedBy     string           `db:"changed_by" audit:"-"`
	ChangedAt     time.Time        `db:"changed_at" audit:"-"`
}

// ReportDue is the deadline of the reports it asks for; zero when it asks for none.
func (d Directive) ReportDue() deadline.Deadline {
	return deadline.Deadline{Words: d.ReportWords, Day: d.ReportDay, Bound: d.ReportBound}
}

// Addressee is a unit that has a directive. Purpose "act": it has to carry it out; "know": for its knowledge.
type Addressee struct {
	Directive  string    `db:"directive_id"`
	Unit       string    `db:"unit_id"`
	Purpose    string    `db:"purpose"`
	ReceivedAt time.Time `db:"received_at"`
	ReceivedBy string    `db:"received_by"`
	Cascade    string    `db:"cascade_id"`
}

// Event is a step in the life of a directive.
type Event struct {
	ID        string    `db:"id"`
	Directive string    `db:"directive_id"`
	Kind      string    `db:"kind"`
	Note      string    `db:"note"`
	Person    string    `db:"person_id"`
	Unit      string    `db:"unit_id"`
	At        time.Time `db:"at"`
}

// Remark is a comment on a draft.
type Remark struct {
	ID     string    `db:"id"`
	Text   string    `db:"text"`
	Person string    `db:"person_id"`
	At     time.Time `db:"at"`
}

// Reader is a person who is to read a directive and confirm it (quán triệt).
type Reader struct {
	Unit        string    `db:"unit_id"`
	Person      string    `db:"person_id"`
	NamedAt     time.Time `db:"named_at"`
	ConfirmedAt time.Time `db:"confirmed_at"`
}

// Version is a saved version of the content.
type Version struct {
	Version int64            `db:"version"`
	Content db.JSON[Content] `db:"content"`
	Person  string           `db:"person_id"`
	At      time.Time        `db:"at"`
}

// Hooks is how rooms above are told. Each runs in the transaction of the deed; a nil one is not called.
type Hooks struct {
	// Issued: the directive has left the house; act are the units that have to carry it out.
	Issued func(tx *db.Tx, by policy.Actor, d Directive, act []string) error
	// Recalled: it was taken back.
	Recalled func(tx *db.Tx, by policy.Actor, d Directive, reason string) error
	// Links are pages of rooms above about a directive (its reports), shown beside it.
	Links func(tx *db.Tx, by policy.Actor, d Directive) ([]Link, error)
	// Doubts are what rooms above doubt in a draft: a slogan approved for another year, a number that answers no more. They are told to whoever
	// writes, signs and issues; nothing is refused for them.
	Doubts func(tx *db.Tx, d Directive) ([]errs.Message, error)
	// Forms are the report forms that may be asked for: code and title.
	Forms func(tx *db.Tx, by policy.Actor) ([]Form, error)
}

// Link is a page about a directive.
type Link struct{ Text, Small, Path string }

// Form is a report form that a directive may ask for.
type Form struct{ Code, Title string }

// Directives is the room: its rules with what they need from outside.
type Directives struct {
	Book      policy.Book
	Accounts  *account.Accounts
	Documents *document.Documents
	Tasks     *task.Tasks
	Hooks     Hooks
	AtOnce    int // to how many units issuing does not need a job; 0: 1,500

	running sync.Map // directives that are being issued on this node, to their Step
}
