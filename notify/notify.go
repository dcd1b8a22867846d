package notify

import (
	"embed"
	"fmt"
	"strings"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/jobs"
	"chungtay/policy"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of this room.
func Migrations() db.Migrations { return db.Migrations{Room: "notify", FS: migrations} }

// Notice is something to tell. It is for a Person, or for a Unit and there for those who hold Needs in it.
type Notice struct {
	Unit   string
	Person string
	Needs  policy.Permission
	Kind   string // "task.assigned": room and event, what people choose channels by
	Key    string // catalogue key of the sentence
	Args   []any  // string, int, int64, civil.Date or time.Time; no personal data of victims or tipsters
	Path   string // page of this site it leads to
	Urgent bool   // goes out at once, also in quiet hours
}

// Send tells one notice in the transaction of the deed it is about.
func Send(tx *db.Tx, n Notice) error { return SendMany(tx, []Notice{n}) }

// SendMany tells many at once, in few statements.
func SendMany(tx *db.Tx, list []Notice) error {
	rows := make([]notice, len(list))
	for i, n := range list {
		r, err := n.row(tx.Now)
		if err != nil {
			return err
		}
		rows[i] = r
	}
	if err := insertNotices(tx, rows); err != nil {
		return err
	}
	for _, n := range list {
		if n.Urgent { // the others wait for the next minute: a queue of one key would make senders wait for each other
			_, err := jobs.Enqueue(tx, "notify.fan", nil, jobs.WithPriority(jobs.High))
			return err
		}
	}
	return nil
}

func (n Notice) row(now time.Time) (notice, error) {
	switch {
	case (n.Unit == "") == (n.Person == ""):
		return notice{}, fmt.Errorf("notice %s: for a unit or for a person", n.Kind)
	case n.Unit != "" && (n.Needs == "" || n.Needs == policy.Public || n.Needs == policy.SignedIn):
		return notice{}, fmt.Errorf("notice %s: names no permission that a role of the unit gives", n.Kind)
	case n.Kind == "" || n.Key == "":
		return notice{}, fmt.Errorf("notice %q: names no kind or no sentence", n.Kind)
	case !strings.HasPrefix(n.Path, "/") || strings.HasPrefix(n.Path, "//"):
		return notice{}, fmt.Errorf("notice %s: leads to no page of this site", n.Kind)
	}
	args, err := packArgs(n.Args)
	if err != nil {
		return notice{}, fmt.Errorf("notice %s: %w", n.Kind, err)
	}
	r := notice{ID: ids.New(now), To: n.Person, Unit: n.Unit, Kind: n.Kind, Word: n.Key, Args: db.JSON[[]arg]{V: args}, Path: n.Path, Urgent: n.Urgent, At: now}
	if n.Unit != "" {
		r.To, r.Needs = n.Unit, string(n.Needs)
	}
	return r, nil
}

// arg keeps an argument of a sentence with its type.
type arg struct {
	Text *string     `json:"s,omitempty"`
	Int  *int64      `json:"n,omitempty"`
	Day  *civil.Date `json:"d,omitempty"`
	Time *time.Time  `json:"t,omitempty"`
}

func packArgs(list []any) ([]arg, error) {
	out := make([]arg, len(list))
	for i, a := range list {
		switch v := a.(type) {
		case string:
			out[i].Text = &v
		case int:
			n := int64(v)
			out[i].Int = &n
		case int64:
			out[i].Int = &v
		case civil.Date:
			out[i].Day = &v
		case time.Time:
			out[i].Time = &v
		default:
			return nil, fmt.Errorf("argument %d of type %T", i, a)
		}
	}
	return out, nil
}

func unpackArgs(list []arg) []any {
	out := make([]any, len(list))
	for i, a := range list {
		switch {
		case a.Text != nil:
			out[i] = *a.Text
		case a.Int != nil:
			out[i] = *a.Int
		case a.Day != nil:
			out[i] = *a.Day
		case a.Time != nil:
			out[i] = *a.Time
		default:
			out[i] = ""
		}
	}
	return out
}

// How long notices matter.
const (
	unreadTime = 90 * 24 * time.Hour  // older ones count as read
	keepTime   = 400 * 24 * time.Hour // older ones are forgotten
)

// Received is a notice as one reader sees it.
type Received struct {
	ID     string
	Unit   string // "" when it is for the person
	Kind   string
	Text   errs.Message
	Path   string
	Urgent bool
	Read   bool
	At     time.Time
}
