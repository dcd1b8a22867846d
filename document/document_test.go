package document

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"chungtay/account"
	"chungtay/audit"
	"chungtay/docparse"
	"chungtay/doctext"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/jobs"
	"chungtay/internal/seal"
	"chungtay/orgunit"
	"chungtay/policy"
)

var now = time.Date(2026, 11, 26, 9, 0, 0, 0, civil.Zone)

var rooms = []db.Migrations{jobs.Migrations(), seal.Migrations(), blob.Migrations(), audit.Migrations(), orgunit.Migrations(), account.Migrations(), Migrations()}

// office is a small province: a committee, its department of health with a division, two communes; and its clerks.
type office struct {
	testing.TB
	*db.DB
	*Documents
	clock                                      *dbtest.Clock
	files                                      string
	centre, province, health, ward, north, sea string
}

var book = policy.NewBook(
	policy.Role{Name: "clerk", Gives: map[policy.Permission]policy.Reach{Read: policy.Own | policy.Addressed | policy.Assigned, Register: policy.Own, Issue: policy.Own}},
	policy.Role{Name: "officer", Gives: map[policy.Permission]policy.Reach{Read: policy.Own | policy.Addressed | policy.Assigned}},
	policy.Role{Name: "leader", Gives: map[policy.Permission]policy.Reach{Read: policy.Below | policy.Addressed | policy.Assigned}},
)

// actor holds a role in a unit.
func actor(role, unit string) policy.Actor {
	var ps []policy.Permission
	for p := range book[role].Gives {
		ps = append(ps, p)
	}
	return policy.Actor{Person: role + "-" + unit, Name: role, Unit: unit, Grants: []policy.Grant{{Role: role, Unit: unit, Permissions: ps}}}
}

func (o *office) clerk(unit string) policy.Actor { return actor("clerk", unit) }

func eachOffice(t *testing.T, f func(*office)) {
	clock := dbtest.NewClock(now)
	dbtest.EachWith(t, rooms, db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) { f(openOffice(t, d, clock)) })
}

func openOffice(t testing.TB, d *db.DB, clock *dbtest.Clock) *office {
	clock.Set(now)
	v, err := seal.Open(context.Background(), d, seal.KeyFile{Path: filepath.Join(t.TempDir(), "key.json")})
	if err != nil {
		t.Fatal(err)
	}
	files := t.TempDir()
	store, err := blob.Open(context.Background(), d, v, blob.Options{URL: "folder:" + files})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	sentences, err := i18n.Load(Words, blob.Text)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{TB: t, DB: d, clock: clock, files: files, Documents: &Documents{Book: book, Legal: docparse.AntiTrafficking(), Blobs: store,
		Texts: doctext.Options{NoOCR: true}, People: &account.Accounts{Book: book}, Sentences: sentences}}
	units := &orgunit.Units{Book: policy.NewBook()}
	sys := policy.System("test")
	dbtest.Write(t, d, func(tx *db.Tx) error {
		add := func(to *string, name string, kind orgunit.Kind, level orgunit.Level, superior string) error {
			u, err := units.Establish(tx, sys, orgunit.Unit{Name: name, Kind: kind, Level: level, Superior: superior}, civil.MustParse("2026-01-01"), "")
			*to = u.ID
			return err
		}
		for _, u := range []struct {
			to       *string
			name     string
			kind     orgunit.Kind
			level    orgunit.Level
			superior *string
		}{
			{&o.centre, "Chính phủ", orgunit.Government, orgunit.Central, new(string)},
			{&o.province, "UBND tỉnh Sông Lam", orgunit.PeoplesComm, orgunit.Province, &o.centre},
			{&o.health, "Sở Y tế tỉnh Sông Lam", orgunit.ProvDept, orgunit.Province, &o.province},
			{&o.ward, "Phòng Bảo trợ xã hội", orgunit.Division, orgunit.Province, &o.health},
			{&o.north, "UBND xã Bắc Sơn", orgunit.PeoplesComm, orgunit.Commune, &o.province},
			{&o.sea, "UBND xã Cửa Bể", orgunit.PeoplesComm, orgunit.Commune, &o.province},
		} {
			if err := add(u.to, u.name, u.kind, u.level, *u.superior); err != nil {
				return err
			}
		}
		return nil
	})
	return o
}

// code gives a unit its code.
func (o *office) code(unit, code string) {
	units := &orgunit.Units{Book: policy.NewBook()}
	o.write(func(tx *db.Tx) error {
		u, err := orgunit.Present(tx, unit)
		if err != nil {
			return err
		}
		u.Code = code
		_, err = units.Change(tx, policy.System("test"), u, civil.MustParse("2026-11-01"), "")
		return err
	})
}

func (o *office) write(f func(tx *db.Tx) error) {
	o.Helper()
	dbtest.Write(o.TB, o.DB, f)
}

func (o *office) try(f func(tx *db.Tx) error) error { return o.DB.Write(context.Background(), f) }

// refused checks that a deed was refused for a reason.
func (o *office) refused(err error, kind errs.Kind, key string) {
	o.Helper()
	got := ""
	if fs := errs.FieldsOf(err); len(fs) > 0 {
		got = fs[0].Key
	} else if m, ok := errs.TextOf(err); ok {
		got = m.Key
	}
	if err == nil || errs.Of(err) != kind || got != key {
		o.Errorf("got %v, want %s %s", err, kind, key)
	}
}

// plan is a paper of the Department of Health.
func plan(unit string) Outgoing {
	return Outgoing{Unit: unit, Tail: "KH-SYT", Facts: Facts{Kind: "ke_hoach", Subject: "Hưởng ứng Ngày toàn dân phòng, chống mua bán người 30/7", Signer: "Trần Thị Lựu", SignerTitle: "Giám đốc"},
		Text: "KẾ HOẠCH\nThực hiện Quyết định số 33/QĐ-TTg ngày 07/01/2026 của Thủ tướng Chính phủ.\n1. Tổ chức truyền thông tại xã."}
}

func (o *office) issue(n Outgoing) (d Document) {
	o.Helper()
	o.write(func(tx *db.Tx) (err error) { d, err = o.Issue(tx, o.clerk(n.Unit), n); return err })
	return d
}

const letter = `UBND TỈNH SÔNG LAM
SỞ Y TẾ
Số: 215/SYT-NVY
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Sông Lam, ngày 12 tháng 10 năm 2026
V/v rà soát người có nguy cơ bị mua bán
Kính gửi: Ủy ban nhân dân các xã, phường.
Thực hiện Kế hoạch số 01/KH-SYT ngày 26/11/2026 của Sở Y tế, đề nghị các xã rà soát và báo cáo trước ngày 30/10/2026./.
Nơi nhận:
- Như trên;
- Lưu: VT, NVY.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
Đỗ Văn Hòa`

func (o *office) arrive(unit, text string) (d Document) {
	o.Helper()
	o.write(func(tx *db.Tx) (err error) {
		d, err = o.Register(tx, o.clerk(unit), Incoming{Unit: unit, Text: text})
		return err
	})
	return d
}

// Fifty papers issued at once get fifty numbers without a gap; a refused one draws none, a withdrawn one keeps its own.
func TestNumbersAreGapFreeUnderParallelIssue(t *testing.T) {
	eachOffice(t, func(o *office) {
		const n = 50
		var wg sync.WaitGroup
		errc := make(chan error, n+1)
		for i := range n {
			wg.Add(1)
			go func() {
				defer wg.Done()
				p := plan(o.health)
				p.Subject = fmt.Sprint("Kế hoạch thứ ", i)
				errc <- o.try(func(tx *db.Tx) error { _, err := o.Issue(tx, o.clerk(o.health), p); return err })
			}()
		}
		wg.Wait()
		close(errc)
		for err := range errc {
			if err != nil {
				t.Fatal(err)
			}
		}
		bad := plan(o.health)
		bad.Kind = "không có"
		o.refused(o.try(func(tx *db.Tx) error { _, err := o.Issue(tx, o.clerk(o.health), bad); return err }), errs.Invalid, "document.choose_kind")
		last := o.issue(plan(o.health))
		if last.Number != n+1 || last.Symbol != "51/KH-SYT" {
			t.Errorf("the paper after a refused one has number %d %s", last.Number, last.Symbol)
		}
		o.write(func(tx *db.Tx) error {
			_, err := o.Withdraw(tx, o.clerk(o.health), last.ID, "Ban hành nhầm bản dự thảo")
			return err
		})
		if after := o.issue(plan(o.health)); after.Number != n+2 {
			t.Errorf("after a withdrawal the next number is %d", after.Number)
		}
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			got, err := db.All[int](tx, `SELECT number FROM document ORDER BY number`)
			var want []int
			for i := range n + 2 {
				want = append(want, i+1)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error("numbers:", d)
			}
			return err
		})
	})
}

func TestSeries(t *testing.T) {
	eachOffice(t, func(o *office) {
		symbol := func(unit, register, day string) string {
			p := plan(unit)
			p.Register, p.IssuedOn = register, civil.MustParse(day)
			return o.issue(p).Symbol
		}
		begin := func(unit string, year, last int, restart bool) error {
			return o.try(func(tx *db.Tx) error {
				return o.Begin(tx, o.clerk(unit), Series{Unit: unit, Year: year}, last, restart, "Tiếp theo sổ giấy")
			})
		}
		if err := begin(o.health, 2026, 1347, false); err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct{ got, want string }{
			{symbol(o.health, "", "2026-04-08"), "1348/KH-SYT"},
			{symbol(o.north, "", "2026-04-08"), "01/KH-SYT"},
			{symbol(o.health, "", "2025-12-31"), "01/KH-SYT"},
			{symbol(o.health, "", "2026-11-26"), "1349/KH-SYT"},
		} {
			if x.got != x.want {
				t.Errorf("got %s, want %s", x.got, x.want)
			}
		}
		o.refused(begin(o.health, 2026, 5, false), errs.Invalid, "document.already_numbering")
		o.refused(begin(o.sea, 2026, 0, true), errs.Invalid, "document.nothing_to_restart")
		// The body is made anew within the year: numbers begin again, the former stay as they are.
		if err := begin(o.health, 2026, 0, true); err != nil {
			t.Fatal(err)
		}
		if got := symbol(o.health, "", "2026-11-26"); got != "01/KH-SYT" {
			t.Errorf("after the restart: %s", got)
		}
		p := plan(o.health)
		p.Register = "bcd"
		o.refused(o.try(func(tx *db.Tx) error { _, err := o.Issue(tx, o.clerk(o.health), p); return err }), errs.Invalid, "document.choose_register")
		o.refused(o.try(func(tx *db.Tx) error { _, err := o.Issue(tx, o.clerk(o.north), plan(o.health)); return err }), errs.NotFound, "")
		o.refused(o.try(func(tx *db.Tx) error { _, err := o.Issue(tx, actor("officer", o.health), plan(o.health)); return err }), errs.Forbidden, "document.may_not")
	})
}

func TestAPaperComesIn(t *testing.T) {
	eachOffice(t, func(o *office) {
		d := o.arrive(o.north, letter)
		want := Facts{Kind: "cong_van", Symbol: "215/SYT-NVY", Issuer: "Sở Y tế tỉnh Sông Lam", IssuerUnit: o.health, IssuedOn: civil.MustParse("2026-10-12"), Subject: "Rà soát người có nguy cơ bị mua bán",
			Topic: "", Signer: "Đỗ Văn Hòa", SignerTitle: "Phó Giám đốc", Recipients: "Như trên; Lưu: VT, NVY"}
		want.Topic = d.Topic
		if diff := cmp.Diff(want, d.Facts); diff != "" {
			t.Error("proposed:", diff)
		}
		if d.State != Arrived || d.Extraction != Done {
			t.Error(d.State, d.Extraction)
		}
		facts := d.Facts
		var x Delivery
		o.write(func(tx *db.Tx) (err error) {
			d, x, err = o.Confirm(tx, o.clerk(o.north), d.ID, d.Version, facts, Entry{}, false)
			return err
		})
		if x.Number != 1 || x.Year != 2026 || x.ArrivedOn != civil.MustParse("2026-11-26") || d.State != Registered {
			t.Errorf("%+v", x)
		}
		// The same paper once more, with the body's name as on the paper, is shown before it is saved.
		again := o.arrive(o.north, letter)
		confirm := func(f Facts, seen bool) error {
			return o.try(func(tx *db.Tx) error {
				_, _, err := o.Confirm(tx, o.clerk(o.north), again.ID, again.Version, f, Entry{}, seen)
				return err
			})
		}
		same := again.Facts
		o.refused(confirm(same, false), errs.Invalid, "document.duplicate")
		other := same
		other.IssuedOn = civil.MustParse("2025-10-12")
		if err := confirm(other, false); err != nil {
			t.Error("the same number of another year:", err)
		}
		o.refused(confirm(same, true), errs.Conflict, "document.entered_already")
		// Another unit has its own register.
		there := o.arrive(o.sea, letter)
		o.write(func(tx *db.Tx) (err error) {
			_, x, err = o.Confirm(tx, o.clerk(o.sea), there.ID, there.Version, there.Facts, Entry{ArrivedOn: civil.MustParse("2026-11-25")}, false)
			return err
		})
		if x.Number != 1 {
			t.Error("another unit's arrival number:", x.Number)
		}
	})
}

// The body printed on a paper is the unit it names, with the place of the body above it.
func TestTheIssuerIsAUnit(t *testing.T) {
	eachOffice(t, func(o *office) {
		for printed, want := range map[string]string{
			"UBND TỈNH SÔNG LAM\nSỞ Y TẾ": o.health, "ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM": o.province, "SỞ Y TẾ TỈNH SÔNG LAM": o.health,
			"UBND TỈNH KHÁC\nSỞ Y TẾ": "", "UBND TỈNH SÔNG LAM\nSỞ TƯ PHÁP": "",
		} {
			d := o.arrive(o.north, strings.Replace(letter, "UBND TỈNH SÔNG LAM\nSỞ Y TẾ", printed, 1))
			if d.IssuerUnit != want {
				t.Errorf("%q is %q (%s)", printed, d.Issuer, d.IssuerUnit)
			}
		}
	})
}

func TestSecretPapersLeaveNothing(t *testing.T) {
	eachOffice(t, func(o *office) {
		for _, mark := range []string{"MẬT", "TỐI MẬT", "TUYỆT MẬT"} {
			text := strings.Replace(letter, "V/v rà soát", mark+"\nV/v rà soát", 1)
			err := o.try(func(tx *db.Tx) error {
				_, err := o.Register(tx, o.clerk(o.north), Incoming{Unit: o.north, Text: text})
				return err
			})
			o.refused(err, errs.Invalid, "document.secret")
		}
		o.refused(o.try(func(tx *db.Tx) error {
			_, err := o.Register(tx, o.clerk(o.north), Incoming{Unit: o.north, Text: letter, Secrecy: "Mật"})
			return err
		}), errs.Invalid, "document.secret")
		// Seen only when it is there: the clerk throws it away.
		d := o.arrive(o.north, letter)
		o.write(func(tx *db.Tx) error { return o.Refuse(tx, o.clerk(o.north), d.ID, BecauseSecret) })
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			for _, table := range []string{"document", "document_text", "document_file", "document_delivery", "document_citation", "document_fts", "job"} {
				n, err := db.One[int](tx, `SELECT COUNT(*) FROM `+table)
				if err != nil || n != 0 {
					t.Errorf("%s holds %d rows (%v)", table, n, err)
				}
			}
			n, err := db.One[int](tx, `SELECT COUNT(*) FROM audit_entry WHERE change LIKE '%nguy cơ%' AND action <> 'document.arrived'`)
			if n != 0 {
				t.Error("the log holds its subject")
			}
			return err
		})
	})
}

// A paper issued here is in the hands of its addressees in the same transaction; each enters it under its own number.
func TestDelivery(t *testing.T) {
	eachOffice(t, func(o *office) {
		var d Document
		o.write(func(tx *db.Tx) (err error) {
			if d, err = o.Issue(tx, o.clerk(o.health), plan(o.health)); err != nil {
				return err
			}
			n, err := o.Deliver(tx, o.clerk(o.health), d.ID, []string{o.north, o.sea}, ToAct)
			if n != 2 {
				t.Error("delivered to", n)
			}
			if n, _ := o.Deliver(tx, o.clerk(o.health), d.ID, []string{o.sea}, ToKnow); n != 0 {
				t.Error("delivered twice")
			}
			return err
		})
		get := func(a policy.Actor) error {
			return o.DB.Read(context.Background(), func(tx *db.Tx) error { _, err := o.Get(tx, a, d.ID); return err })
		}
		for _, x := range []struct {
			who policy.Actor
			ok  bool
		}{{o.clerk(o.health), true}, {o.clerk(o.north), true}, {actor("officer", o.sea), true}, {o.clerk(o.ward), false}, {o.clerk(o.province), false}, {actor("leader", o.province), true}} {
			if err := get(x.who); (err == nil) != x.ok || err != nil && !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %v", x.who.Person, err)
			}
		}
		o.refused(get(policy.Actor{Person: "p"}), errs.Forbidden, "document.may_not")
		var x Delivery
		o.write(func(tx *db.Tx) (err error) { x, err = o.Enter(tx, o.clerk(o.sea), d.ID, o.sea, Entry{}); return err })
		if x.Number != 1 {
			t.Error(x.Number)
		}
		o.refused(o.try(func(tx *db.Tx) error { _, err := o.Enter(tx, o.clerk(o.sea), d.ID, o.sea, Entry{}); return err }), errs.Conflict, "document.has_number")
		o.refused(o.try(func(tx *db.Tx) error { _, err := o.Enter(tx, o.clerk(o.sea), d.ID, o.north, Entry{}); return err }), errs.NotFound, "")
	})
}

// A citation leads to the paper from the moment it is there, both ways, and only for those who may see it.
func TestCitationsWaitForTheirPaper(t *testing.T) {
	eachOffice(t, func(o *office) {
		d := o.arrive(o.health, letter)
		cites := func(a policy.Actor) (out []Cited) {
			dbtest.Read(t, o.DB, func(tx *db.Tx) (err error) { out, err = o.Citations(tx, a, d); return err })
			return out
		}
		if c := cites(o.clerk(o.health)); len(c) != 1 || c[0].Symbol != "01/KH-SYT" || c[0].IssuedOn != "2026-11-26" || len(c[0].Papers) != 0 || !c[0].Certain {
			t.Fatalf("%+v", c)
		}
		p := o.issue(plan(o.health))
		if c := cites(o.clerk(o.health)); len(c[0].Papers) != 1 || c[0].Papers[0].ID != p.ID {
			t.Errorf("the paper came, but: %+v", c)
		}
		if c := cites(o.clerk(o.north)); len(c[0].Papers) != 0 {
			t.Error("a paper is shown to those who may not see it")
		}
		by := func(a policy.Actor) int {
			n := 0
			dbtest.Read(t, o.DB, func(tx *db.Tx) error {
				list, total, err := o.CitedBy(tx, a, p, 10)
				if len(list) != total {
					t.Error(len(list), total)
				}
				n = total
				return err
			})
			return n
		}
		if by(o.clerk(o.health)) != 1 || by(o.clerk(o.north)) != 0 {
			t.Error("cited by", by(o.clerk(o.health)), by(o.clerk(o.north)))
		}
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			c, err := o.Citations(tx, o.clerk(o.health), p)
			if len(c) != 1 || c[0].Legal == nil || c[0].Legal.Issuer != "Thủ tướng Chính phủ" {
				t.Errorf("an act of the legal register: %+v", c)
			}
			return err
		})
		// What replaced what, by id and by number.
		q := plan(o.health)
		q.Links = []NewLink{{Kind: Replaces, Target: p.ID}, {Kind: Answers, Symbol: "215 / SYT-nvy", IssuedOn: "2026"}}
		n := o.issue(q)
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			out, _, err := o.Links(tx, o.clerk(o.health), n)
			if err != nil {
				return err
			}
			if len(out) != 2 || len(out[0].Papers) != 1 || out[0].Papers[0].ID != d.ID || len(out[1].Papers) != 1 || out[1].Papers[0].ID != p.ID {
				t.Errorf("links of the new paper: %+v", out)
			}
			for _, old := range []Document{p, d} {
				_, in, err := o.Links(tx, o.clerk(o.health), old)
				if err != nil || len(in) != 1 || in[0].Papers[0].ID != n.ID {
					t.Errorf("links to %s: %+v %v", old.Symbol, in, err)
				}
			}
			found, err := o.Find(tx, o.clerk(o.health), "1/kh-syt", "Sở Y tế tỉnh Sông Lam", "2026-11")
			if len(found) != 1 || found[0].ID != p.ID {
				t.Errorf("found %+v", found)
			}
			return err
		})
	})
}

func TestKey(t *testing.T) {
	for in, want := range map[string]string{
		"173/KH-BCĐ": "173/kh-bcd", "05/BNV-VP": "5/bnv-vp", " 5 / bnv-vp ": "5/bnv-vp", "/SYT-TTr": "/syt-ttr", "12//KH-UBND": "12/kh-ubnd", "": "", "0/KH": "0/kh",
		"27/2015/TT-BTTTT": "27/2015/tt-btttt",
	} {
		if got := Key(in); got != want {
			t.Errorf("Key(%q) = %q, want %q", in, got, want)
		}
	}
}
