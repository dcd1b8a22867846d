package orgunit

import (
	"embed"
	"slices"
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/policy"
)

// Permissions of this room.
const (
	Read policy.Permission = "orgunit.read" // look units up; every officer may
	Edit policy.Permission = "orgunit.edit" // establish, change, merge, split and abolish units below one's own
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of this room.
func Migrations() db.Migrations { return db.Migrations{Room: "orgunit", FS: migrations} }

// Text is the wording of this room.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// Level is a level of the administration (cấp).
type Level string

// The levels. District units exist until 30/6/2025.
const (
	Central  Level = "central"
	Province Level = "province"
	District Level = "district"
	Commune  Level = "commune"
)

// Levels lists them from the top.
var Levels = []Level{Central, Province, District, Commune}

// Text is the level's name for people.
func (l Level) Text() errs.Message {
	//i18n:prefix orgunit.level.
	return errs.Message{Key: "orgunit.level." + string(l)}
}

// below tells whether a unit of level l may stand under one of level s.
func (l Level) below(s Level) bool { return rank(l) >= rank(s) }

func rank(l Level) int {
	for i, x := range Levels {
		if x == l {
			return i
		}
	}
	return len(Levels)
}

// Kind is what sort of body a unit is.
type Kind string

// The kinds, with their Vietnamese names in text.*.toml.
const (
	Government   Kind = "government"   // Chính phủ, Thủ tướng
	Ministry     Kind = "ministry"     // Bộ, cơ quan ngang bộ
	Department   Kind = "department"   // Cục, Vụ, Tổng cục
	PeoplesComm  Kind = "ubnd"         // Ủy ban nhân dân
	ProvDept     Kind = "so"           // Sở
	Division     Kind = "phong"        // Phòng (of a district, a commune or a Sở)
	SubDept      Kind = "chi_cuc"      // Chi cục
	Office       Kind = "van_phong"    // Văn phòng
	Inspectorate Kind = "thanh_tra"    // Thanh tra
	Police       Kind = "cong_an"      // Công an
	BorderGuard  Kind = "bien_phong"   // Bộ đội Biên phòng
	Steering     Kind = "ban_chi_dao"  // Ban Chỉ đạo
	Association  Kind = "hoi"          // Hội
	Union        Kind = "doan_the"     // Đoàn, Công đoàn, Mặt trận
	Centre       Kind = "trung_tam"    // Trung tâm, cơ sở trợ giúp
	Hospital     Kind = "benh_vien"    // Bệnh viện, trung tâm y tế
	School       Kind = "truong"       // Trường
	Broadcaster  Kind = "dai"          // Đài, Báo
	Hotline      Kind = "tong_dai"     // Tổng đài
	Court        Kind = "tu_phap"      // Tòa án, Viện kiểm sát
	Party        Kind = "dang"         // Tỉnh ủy, huyện ủy, ban của Đảng
	Enterprise   Kind = "doanh_nghiep" // Doanh nghiệp
	OtherKind    Kind = "khac"         // other
)

// Kinds lists them as forms offer them.
var Kinds = []Kind{Government, Ministry, Department, PeoplesComm, ProvDept, SubDept, Division, Office, Inspectorate, Police, BorderGuard, Steering,
	Party, Union, Association, Centre, Hospital, School, Broadcaster, Hotline, Court, Enterprise, OtherKind}

// Sectors are the fields of work a unit may be of (lĩnh vực); their names stand in text.*.toml.
var Sectors = []string{"general", "labour", "health", "social", "social_evils", "police", "border", "justice", "education", "culture", "information", "finance", "trade",
	"interior", "foreign", "agriculture", "ethnic", "defence", "women", "youth", "front"}

// Unit is a unit as it is on a day: an identity with the version valid then.
type Unit struct {
	ID        string     `db:"id" audit:"-"`
	VersionID string     `db:"version_id" audit:"-"`
	Born      civil.Date `db:"born_on"`
	Gone      civil.Date `db:"gone_on"`
	Version   int64      `db:"version" audit:"-"`
	From      civil.Date `db:"from_day"`
	To        civil.Date `db:"to_day"`
	Name      string     `db:"name"`
	Kind      Kind       `db:"kind"`
	Sector    string     `db:"sector"`
	Level     Level      `db:"level"`
	Internal  bool       `db:"internal"`
	Superior  string     `db:"superior_id"`
	Area      string     `db:"area_id"`
	Code      string     `db:"code"`
	Phone     string     `db:"phone"`
	Email     string     `db:"email"`
	Address   string     `db:"address"`
}

// On tells whether this version is the one of a day.
func (u Unit) On(day civil.Date) bool {
	return !day.Before(u.From) && (u.To.IsZero() || !day.After(u.To))
}

// Area is an area as it is on a day.
type Area struct {
	ID       string     `db:"area_id"`
	Level    Level      `db:"level"`
	From     civil.Date `db:"from_day"`
	To       civil.Date `db:"to_day"`
	Code     string     `db:"code"`
	Kind     string     `db:"kind"`
	Name     string     `db:"name"`
	Parent   string     `db:"parent_id"`
	Basis    string     `db:"basis"`
	Verified bool       `db:"verified"`
}

// Bare is the name without the word of its kind: "Sơn La" of "Tỉnh Sơn La". Numbered names keep it: "Phường 12".
func (a Area) Bare() string {
	for _, h := range []string{"Tỉnh ", "Thành phố ", "Thị xã ", "Thị trấn ", "Huyện ", "Quận ", "Xã ", "Phường ", "Đặc khu "} {
		if rest, ok := strings.CutPrefix(a.Name, h); ok {
			if rest[0] >= '0' && rest[0] <= '9' {
				return a.Name
			}
			return rest
		}
	}
	return a.Name
}

// Lower is the name as it stands inside another: "tỉnh Sơn La", "xã Chiềng Ngần".
func (a Area) Lower() string {
	r := []rune(a.Name)
	return strings.ToLower(string(r[:1])) + string(r[1:])
}

// Link says what part of one area or unit went into another.
type Link struct {
	From   string     `db:"from_area"`
	To     string     `db:"to_area"`
	On     civil.Date `db:"on_day"`
	Extent string     `db:"extent"`
	Source string     `db:"source"`
}

// abbreviations of bodies' names, folded: both forms find a unit. They are those of papers (facts of practice, not of one text).
var abbreviations = [][2]string{
	{"ubnd", "uy ban nhan dan"}, {"ldtbxh", "lao dong thuong binh va xa hoi"}, {"ldtb xh", "lao dong thuong binh va xa hoi"}, {"ld tb xh", "lao dong thuong binh va xa hoi"}, {"ld tbxh", "lao dong thuong binh va xa hoi"},
	{"btxh", "bao tro xa hoi"}, {"pctnxh", "phong chong te nan xa hoi"}, {"bvcste", "bao ve cham soc tre em"}, {"cste", "cham soc tre em"}, {"ttr", "thanh tra"},
	{"tttt", "thong tin va truyen thong"}, {"vhttdl", "van hoa the thao va du lich"}, {"vhttdl", "van hoa the thao du lich"}, {"gddt", "giao duc va dao tao"},
	{"bdbp", "bo doi bien phong"}, {"bcd", "ban chi dao"}, {"lhpn", "lien hiep phu nu"}, {"mttq", "mat tran to quoc"}, {"ptth", "phat thanh va truyen hinh"},
	{"tp", "thanh pho"}, {"tx", "thi xa"}, {"tt", "thi tran"}, {"ctxh", "cong tac xa hoi"}, {"vhxh", "van hoa xa hoi"}, {"kh dt", "ke hoach va dau tu"},
	{"ttxh", "trat tu xa hoi"}, {"xh", "xa hoi"}, {"pctp", "phong chong toi pham"}, {"csgdcs", "canh sat"}, {"syt", "so y te"}, {"vp", "van phong"}, {"ca", "cong an"},
}

// plain is the form in which names are searched: folded, punctuation to spaces, single spaces.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '-' || r == ',' || r == '.' || r == '–' || r == '/' || r == '(' || r == ')' || r == ';' || r == '"' || r == '&' {
			return ' '
		}
		return r
	}, viet.Fold(s))
	return strings.Join(strings.Fields(s), " ")
}

// searchText is what a unit is found by: its name, the abbreviations of what is written out and the reverse, the initials of the name,
// and its codes.
func searchText(name string, more ...string) string {
	p := " " + plain(name) + " "
	out := p
	for _, a := range abbreviations {
		if strings.Contains(p, " "+a[1]+" ") {
			out += a[0] + " "
		}
		if strings.Contains(p, " "+a[0]+" ") {
			out += a[1] + " "
		}
	}
	ws := slices.DeleteFunc(strings.Fields(p), func(w string) bool { return w == "va" })
	for skip := range 2 { // "syt", and without the word of the kind "pctnxh"
		if len(ws)-skip >= 3 && len(ws)-skip <= 8 {
			for _, w := range ws[skip:] {
				out += string([]rune(w)[:1])
			}
			out += " "
		}
	}
	for _, m := range more {
		if m != "" {
			out += plain(m) + " "
		}
	}
	return out
}

// words splits what a person typed into the words a unit must have, abbreviations left as they are.
func words(q string) []string { return strings.Fields(plain(q)) }
