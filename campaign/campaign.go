package campaign

import (
	"embed"
	"time"

	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// Permissions of this room.
const (
	Read   policy.Permission = "campaign.read"   // see activities of one's unit and the units below
	Log    policy.Permission = "campaign.log"    // log the activities of one's unit
	Manage policy.Permission = "campaign.manage" // campaigns, plan, slogans, hotlines
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of this room.
func Migrations() db.Migrations { return db.Migrations{Room: "campaign", FS: migrations} }

// Text is the wording of this room.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// Kind is a kind of activity (hình thức truyền thông, hoạt động).
type Kind struct {
	Code string
	Unit string // unit of measure, as in formdef
	Min  bool   // has minutes beside its quantity
	Face bool   // people take part in person
}

// Kinds lists the kinds as the log offers them, those of every day first.
var Kinds = []Kind{
	{"loa_truyen_thanh", "lan", true, false}, {"noi_chuyen", "cuoc", false, true}, {"xe_luu_dong", "luot", false, false}, {"quan_triet", "cuoc", false, true},
	{"mit_tinh", "cuoc", false, true}, {"dieu_hanh", "cuoc", false, true}, {"hoi_thao", "cuoc", false, true}, {"toa_dam", "cuoc", false, true}, {"tap_huan", "lop", false, true},
	{"pano", "chiec", false, false}, {"bang_ron", "chiec", false, false}, {"ap_phich", "chiec", false, false}, {"to_roi", "to", false, false}, {"sach_mong", "cuon", false, false},
	{"tin_bai", "tin_bai", false, false}, {"phong_su", "cai", false, false}, {"mang_xa_hoi", "tin_bai", false, false}, {"ky_cam_ket", "ban", false, true},
}

// KindOf finds a kind by its code.
func KindOf(code string) (Kind, bool) {
	for _, k := range Kinds {
		if k.Code == code {
			return k, true
		}
	}
	return Kind{}, false
}

// Groups lists the groups at risk (nhóm nguy cơ cao) as papers name them.
var Groups = []string{"lao_dong_tu_do", "khong_viec_lam", "phu_nu_dtts", "di_lam_xa", "ngheo", "bao_luc", "hoc_sinh", "tre_em"}

// Channels lists the channels of communication (kênh truyền thông) as plans name them.
var Channels = []string{"truyen_thanh", "luu_dong", "truc_tiep", "truc_quan", "an_pham", "bao_chi", "trang_tin", "mang_xa_hoi", "truong_hoc"}

// Count is a number of people that may not have been counted.
type Count struct {
	N    int64
	Said bool
}

// Activity is something that was done.
type Activity struct {
	ID       string                    `db:"id" audit:"-"`
	Unit     string                    `db:"unit_id"`
	Campaign string                    `db:"campaign_id"`
	Task     string                    `db:"task_id"`
	Kind     string                    `db:"kind"`
	From     civil.Date                `db:"from_day"`
	To       civil.Date                `db:"to_day"`
	Place    string                    `db:"place"`
	Title    string                    `db:"title"`
	Quantity int64                     `db:"quantity"`
	Minutes  *int64                    `db:"minutes"`
	People   *int64                    `db:"people"`
	Women    *int64                    `db:"women"`
	Minority *int64                    `db:"minority"`
	Under16  *int64                    `db:"under16"`
	From16   *int64                    `db:"from16"`
	Adults   *int64                    `db:"adults"`
	Groups   db.JSON[map[string]int64] `db:"groups"`
	Central  int64                     `db:"central"`
	Local    int64                     `db:"local"`
	Aid      int64                     `db:"aid"`
	Note     string                    `db:"note"`
	State    string                    `db:"state"`
	Version  int64                     `db:"version" audit:"-"`
	MadeBy   string                    `db:"made_by" audit:"-"`
	MadeAt   time.Time                 `db:"made_at" audit:"-"`
}

// Partner is a unit that took part in an activity.
type Partner struct {
	Activity string `db:"activity_id"`
	Unit     string `db:"unit_id"`
	State    string `db:"state"` // asked, confirmed, declined
}

// Photo is a file of an activity.
type Photo struct {
	ID       string    `db:"id"`
	Activity string    `db:"activity_id"`
	Name     string    `db:"name"`
	Type     string    `db:"type"`
	Size     int64     `db:"size"`
	Original string    `db:"original"`
	Shown    string    `db:"shown"`
	At       time.Time `db:"at"`
}

// Campaign is the Day of a year in a unit and the units below it.
type Campaign struct {
	ID            string            `db:"id" audit:"-"`
	Unit          string            `db:"unit_id"`
	Title         string            `db:"title"`
	Year          int               `db:"year"`
	Theme         string            `db:"theme"`
	ThemeVerified bool              `db:"theme_verified"` // somebody named the paper that announced it
	ThemeSource   string            `db:"theme_source"`
	From          civil.Date        `db:"from_day"`
	To            civil.Date        `db:"to_day"`
	Groups        db.JSON[[]string] `db:"groups"`     // whom it wants to reach, of Groups
	Channels      db.JSON[[]string] `db:"channels"`   // by what, of Channels
	Directives    db.JSON[[]string] `db:"directives"` // what it carries out
	State         string            `db:"state"`
	Version       int64             `db:"version" audit:"-"`
	MadeBy        string            `db:"made_by" audit:"-"`
	MadeAt        time.Time         `db:"made_at" audit:"-"`
}

// Slogan is a slogan (khẩu hiệu) approved for a year.
type Slogan struct {
	ID     string    `db:"id" audit:"-"`
	Year   int       `db:"year"`
	Text   string    `db:"text"`
	State  string    `db:"state"`
	Source string    `db:"source"`
	Unit   string    `db:"unit_id"`
	At     time.Time `db:"at" audit:"-"`
}

// Hotline is a number to call (đường dây nóng) and when it answers.
type Hotline struct {
	ID        string     `db:"id" audit:"-"`
	Number    string     `db:"number"`
	Shown     string     `db:"shown"`
	Name      string     `db:"name"`
	Area      string     `db:"area_id"`
	From      civil.Date `db:"from_day"`
	To        civil.Date `db:"to_day"`
	Successor string     `db:"successor"`
	Verified  bool       `db:"verified"`
	Source    string     `db:"source"`
}

// Planned is an activity that is planned, with its budget by source in đồng.
type Planned struct {
	ID       string `db:"id" audit:"-"`
	Campaign string `db:"campaign_id"`
	Unit     string `db:"unit_id"`
	Kind     string `db:"kind"`
	Quantity int64  `db:"quantity"`
	Note     string `db:"note"`
	Central  int64  `db:"central"`
	Local    int64  `db:"local"`
	Aid      int64  `db:"aid"`
}

// Campaigns is the room: its rules with what they need from outside.
type Campaigns struct {
	Book  policy.Book
	Blobs *blob.Store
	// Task checks that the actor's unit has a task, for activities that answer one; it gives its text.
	Task func(tx *db.Tx, a policy.Actor, id string) (string, error)
	// Directives lists the directives an actor may read that are about days in a period; Directive gives the name and page of one, "" when
	// the actor may not read it.
	Directives func(tx *db.Tx, a policy.Actor, from, to civil.Date) ([]Paper, error)
	Directive  func(tx *db.Tx, a policy.Actor, id string) (title, path string)
}

// Paper is a directive as a campaign names it.
type Paper struct{ ID, Text string }

// Limits, stated to the person when exceeded.
const (
	maxLine  = 200
	maxNote  = 2000
	maxCount = 10_000_000
	maxMoney = 1_000_000_000_000
	maxFiles = 30
	maxSpan  = 366 // days
)

var errMay = errs.New(errs.Forbidden, "campaign.may_not")

func newDate(y, m, d int) (civil.Date, bool) { return civil.New(y, time.Month(m), d) }
