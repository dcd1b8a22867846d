package world

import (
	"context"
	"fmt"
	"maps"

	"chungtay/account"
	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Password is the password of everybody in the cast. Sign-in names are given with each person.
const Password = "ba con gà trống choai"

// Office is a unit with the people who work there; a post nobody holds is the zero Actor.
type Office struct {
	orgunit.Unit
	Leader, Officer, Clerk policy.Actor
}

// District is a district of 2021.
type District struct {
	Committee Office // UBND huyện
	Labour    Office // Phòng LĐTBXH
	Police    Office
}

// Before is a province with three levels (until 30/6/2025).
type Before struct {
	Committee    Office // UBND tỉnh
	Labour       Office // Sở LĐTBXH
	OfficeOf     Office // Văn phòng Sở
	Inspectorate Office // Thanh tra Sở
	Evils        Office // Phòng Phòng, chống tệ nạn xã hội
	Welfare      Office // Phòng Bảo trợ xã hội và Bảo vệ chăm sóc trẻ em
	Centre       Office // Trung tâm Bảo trợ xã hội
	Health       Office // Sở Y tế
	Police       Office // Công an tỉnh
	Border       Office // Bộ Chỉ huy Bộ đội Biên phòng
	MaiSon       District
	MuongLa      District
	ChiengMung   Office // UBND xã Chiềng Mung, Mai Sơn
	CoNoi        Office // UBND xã Cò Nòi, Mai Sơn
	ItOng        Office // UBND thị trấn Ít Ong, Mường La
}

// Commune is a commune of 2026.
type Commune struct {
	Committee Office // UBND xã
	Social    Office // Phòng Văn hóa - Xã hội
	Police    Office
}

// Now is a province with two levels (since 01/7/2025).
type Now struct {
	Committee Office // UBND tỉnh
	Health    Office // Sở Y tế
	Social    Office // Phòng Bảo trợ xã hội, trẻ em và Phòng, chống tệ nạn xã hội
	Centre    Office // Cơ sở trợ giúp xã hội: receives victims
	Police    Office // Công an tỉnh
	Border    Office
	HacThanh  Commune // phường
	ThoXuan   Commune // xã
	MuongLat  Commune // xã
}

// World is the cast.
type World struct {
	DB       *db.DB
	Book     policy.Book
	Units    *orgunit.Units
	Accounts *account.Accounts

	Government  Office // Chính phủ
	Labour      Office // Bộ Lao động - Thương binh và Xã hội
	EvilsBureau Office // Cục Phòng, chống tệ nạn xã hội of that ministry
	Health      Office // Bộ Y tế
	Bureau      Office // Cục Bảo trợ xã hội of Bộ Y tế, since 01/3/2025
	Police      Office // Bộ Công an
	Hotline     Office // Tổng đài 111
	SonLa       Before
	ThanhHoa    Now

	Root        policy.Actor // administrator of everything, at Chính phủ
	Admin       policy.Actor // administrator of Sơn La
	AdminNow    policy.Actor // administrator of Thanh Hóa
	CaseWorker  policy.Actor // Sở Y tế Thanh Hóa
	CaseBefore  policy.Actor // Sở LĐTBXH Sơn La
	CentreStaff policy.Actor // Cơ sở trợ giúp xã hội Thanh Hóa
	Operator    policy.Actor // Tổng đài 111
	Inspector   policy.Actor // Thanh tra Sở LĐTBXH Sơn La
	Editor      policy.Actor // Sở Y tế Thanh Hóa
	Auditor     policy.Actor // Chính phủ
	Stranger    policy.Actor // signed in, without any role

	People map[string]policy.Actor // all of them by sign-in name
}

// TB is what New needs of a *testing.T or *testing.B.
type TB interface {
	Helper()
	Fatal(args ...any)
	Context() context.Context
}

// Migrations are those of the rooms the cast lives in; a test adds its own room's.
func Migrations() []db.Migrations {
	return []db.Migrations{audit.Migrations(), orgunit.Migrations(), account.Migrations()}
}

// New makes the cast on an open, migrated database. Permissions of books are added to the roles of Roles.
func New(t TB, d *db.DB, books ...policy.Book) *World {
	t.Helper()
	w, err := Build(t.Context(), d, books...)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Build is New for callers that are no tests.
func Build(ctx context.Context, d *db.DB, books ...policy.Book) (*World, error) {
	w := &World{DB: d, Book: Roles(books...)}
	w.Units = &orgunit.Units{Book: w.Book}
	w.Accounts = &account.Accounts{Book: w.Book, Units: standing{}, Hasher: account.NewQuickHasher()}
	stored, err := w.Accounts.Hasher.Hash(ctx, Password)
	if err != nil {
		return nil, err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		w.People = map[string]policy.Actor{}
		m := maker{w: w, tx: tx, stored: stored}
		m.units()
		m.people()
		return m.err
	})
	if err != nil {
		return nil, fmt.Errorf("make the cast: %w", err)
	}
	return w, nil
}

// Roles are the roles of app/roles.go by name, with the permissions of the rooms the cast lives in, and what books add.
func Roles(books ...policy.Book) policy.Book {
	gives := func(more map[policy.Permission]policy.Reach) map[policy.Permission]policy.Reach {
		out := map[policy.Permission]policy.Reach{orgunit.Read: policy.All, account.Read: policy.Own}
		maps.Copy(out, more)
		return out
	}
	out := policy.NewBook(
		policy.Role{Name: account.Administrator, Gives: gives(map[policy.Permission]policy.Reach{account.Read: policy.Below, account.Manage: policy.Below, account.Session: policy.Below, orgunit.Edit: policy.Below})},
		policy.Role{Name: "leader", Gives: gives(nil)}, policy.Role{Name: "officer", Gives: gives(nil)}, policy.Role{Name: "clerk", Gives: gives(nil)},
		policy.Role{Name: "case_worker", SecondFactor: true, Gives: gives(nil)}, policy.Role{Name: "centre_staff", SecondFactor: true, Gives: gives(nil)},
		policy.Role{Name: "operator", SecondFactor: true, Gives: gives(nil)}, policy.Role{Name: "inspector", Gives: gives(nil)}, policy.Role{Name: "editor", Gives: gives(nil)},
		policy.Role{Name: "auditor", Gives: gives(map[policy.Permission]policy.Reach{audit.Read: policy.All})},
	)
	for _, b := range books {
		for name, r := range b {
			old, ok := out[name]
			if !ok {
				out[name] = r
				continue
			}
			old.SecondFactor = old.SecondFactor || r.SecondFactor
			maps.Copy(old.Gives, r.Gives)
			out[name] = old
		}
	}
	return out
}

// standing tells the account room where units stand.
type standing struct{}

func (standing) Above(tx *db.Tx, unit string) ([]string, error) { return orgunit.Above(tx, unit) }

func (standing) Name(tx *db.Tx, unit string) (string, error) {
	u, err := orgunit.Present(tx, unit)
	return u.Name, err
}

func (standing) Find(tx *db.Tx, words string, limit int) ([]account.Unit, error) {
	found, err := orgunit.Places(tx, words, limit)
	out := make([]account.Unit, len(found))
	for i, u := range found {
		out[i] = account.Unit{ID: u.ID, Name: u.Name, Place: u.Place}
	}
	return out, err
}

// since is the day from which roles are held and Sơn La stands; reform that of Thanh Hóa.
var (
	since  = civil.MustParse("2016-01-01")
	merged = civil.MustParse("2025-03-01") // Bộ LĐTBXH is divided among other ministries
)
