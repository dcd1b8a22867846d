package account

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/policy"
)

const readCase policy.Permission = "case.read"

// bell remembers who was told.
type bell struct{ rung []string }

func (b *bell) Ring(_ *db.Tx, unit string, o Opening) error {
	b.rung = append(b.rung, unit+" of "+o.RecordID)
	return nil
}

// files are cases: code -> unit.
type files map[string]string

func (f files) find(_ *db.Tx, code string) (policy.Record, bool, error) {
	unit, ok := f[code]
	return policy.Record{ID: code, Unit: unit}, ok, nil
}

func eachArchive(t *testing.T, f func(t *testing.T, o *office, b *bell)) {
	eachOffice(t, func(t *testing.T, o *office) {
		b := &bell{}
		o.Book = policy.NewBook(
			policy.Role{Name: Administrator, Gives: map[policy.Permission]policy.Reach{Manage: policy.Below}},
			policy.Role{Name: "case_worker", SecondFactor: true, Gives: map[policy.Permission]policy.Reach{readCase: policy.Own | policy.Emergency}},
			policy.Role{Name: "officer", Gives: map[policy.Permission]policy.Reach{readCase: policy.Own}},
			policy.Role{Name: "leader", Gives: map[policy.Permission]policy.Reach{Review: policy.Below}},
		)
		o.Protected = []ProtectedKind{{Kind: "case", Permission: readCase, Find: files{"hs-c": "c", "hs-x": "x"}.find, Path: func(id string) string { return "/cases/" + id }}}
		o.Bell = b
		f(t, o, b)
	})
}

// session opens a session, as if a second factor had been shown when strong.
func (o *office) session(p Person, strong bool) (actor func() policy.Actor) {
	o.Helper()
	var s Opened
	dbtest.Write(o, o.DB, func(tx *db.Tx) (err error) {
		s, err = o.open(tx, p, Attempt{Address: "192.0.2.7"}, strong, "account.sign_in")
		return err
	})
	return func() policy.Actor { return o.as(s.Token) }
}

func (o *office) needs(a policy.Actor, code string) policy.Need {
	return o.Book.Needs(a, readCase, policy.Record{ID: code, Unit: files{"hs-c": "c", "hs-x": "x"}[code]})
}

func TestReasonsOpenForOneSessionAndOneDay(t *testing.T) {
	eachArchive(t, func(t *testing.T, o *office, b *bell) {
		an := o.hire("ann", "officer c")
		one, two := o.session(an, true), o.session(an, true)
		state := func(record, reason string) error {
			return o.try(func(tx *db.Tx) error { _, err := o.StateReason(tx, one(), "case", record, reason); return err })
		}
		if o.needs(one(), "hs-c") != policy.NeedReason || o.needs(one(), "hs-x") != policy.Withheld {
			t.Error("before a reason")
		}
		o.want(state("hs-x", "tiếp nhận nạn nhân mới"), errs.NotFound, "") // a reason opens nothing that is withheld
		o.want(state("hs-z", "tiếp nhận nạn nhân mới"), errs.NotFound, "")
		o.want(state("hs-c", "xem"), errs.Invalid, "account.opening.need_reason")
		if err := state("hs-c", "lập kế hoạch hỗ trợ"); err != nil {
			t.Fatal(err)
		}
		if o.needs(one(), "hs-c") != policy.Opened || o.needs(two(), "hs-c") != policy.NeedReason {
			t.Error("a reason counts in the session in which it was stated, and only there")
		}
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			return audit.Log(tx, one(), audit.By(readCase, "c"), audit.Deed{Action: "case.read", Kind: "case", ID: "hs-c"})
		})
		dbtest.Read(t, o.DB, func(tx *db.Tx) error {
			list, err := audit.List(tx, audit.Filter{Action: "case.read"})
			if len(list) != 1 || list[0].Purpose != "lập kế hoạch hỗ trợ" {
				t.Errorf("the reason does not follow into the log: %+v", list)
			}
			return err
		})
		if len(b.rung) != 0 {
			t.Error("an ordinary reason rings the bell")
		}
		o.Idle = 24 * time.Hour // so that it is the reason that ends
		o.clock.Add(reasonTime)
		if o.needs(one(), "hs-c") != policy.NeedReason {
			t.Error("a reason outlasts its day")
		}
	})
}

func TestBrokenGlass(t *testing.T) {
	eachArchive(t, func(t *testing.T, o *office, b *bell) {
		an := o.hire("ann", "case_worker c")
		o.hire("dora", "leader d")
		xuan := o.hire("xuan", "leader x")
		o.hire("clara", "officer c")
		weak, strong := o.session(an, false), o.session(an, true)
		broken := func(by policy.Actor, code, reason string) (op Opening, err error) {
			err = o.try(func(tx *db.Tx) error { op, err = o.BreakGlass(tx, by, "case", code, reason); return err })
			return op, err
		}
		const why = "người gọi đang bị đe dọa"
		_, err := broken(weak(), "hs-x", why)
		o.want(err, errs.Forbidden, "account.may_not_break") // the role does not count without a second factor
		_, err = broken(o.session(o.hire("bert", "officer c"), true)(), "hs-x", why)
		o.want(err, errs.Forbidden, "account.may_not_break")
		_, err = broken(strong(), "hs-x", "gấp")
		o.want(err, errs.Invalid, "account.opening.need_reason")
		_, err = broken(strong(), "hs-z", why)
		o.want(err, errs.Invalid, "account.no_such_record")
		if o.needs(strong(), "hs-x") != policy.Withheld || len(b.rung) != 0 {
			t.Error("before the glass")
		}
		op, err := broken(strong(), " hs-x ", why)
		if err != nil {
			t.Fatal(err)
		}
		if o.needs(strong(), "hs-x") != policy.Opened {
			t.Error("the glass is broken and the record stays shut")
		}
		slices.Sort(b.rung)
		if got := strings.Join(b.rung, ", "); got != "d of hs-x, x of hs-x" { // c has no leader: the one above is told
			t.Errorf("told: %s", got)
		}

		waiting := func(p Person) (out []string) {
			a := o.actor(p)
			dbtest.Read(t, o.DB, func(tx *db.Tx) error {
				list, err := listEmergencies(tx, o.Book.Scope(a, Review), a.Person, true, "", 10)
				for _, x := range list {
					out = append(out, x.ID)
				}
				items, err2 := o.Agenda(tx, a, 10)
				if len(items) != len(list) || err2 != nil {
					t.Errorf("the home page shows %d of %d", len(items), len(list))
				}
				return err
			})
			return out
		}
		review := func(p Person, v Verdict, remark string) error {
			return o.try(func(tx *db.Tx) error { return o.ReviewOpening(tx, o.actor(p), op.ID, v, remark) })
		}
		for _, p := range []Person{xuan, o.hire("near", "leader c")} { // of the record's unit and of the person's
			if got := waiting(p); len(got) != 1 || got[0] != op.ID {
				t.Errorf("%s reviews %v", p.Login, got)
			}
		}
		self := o.hire("self", "case_worker x", "leader x")
		mine, err := broken(o.session(self, true)(), "hs-c", why)
		if err != nil {
			t.Fatal(err)
		}
		o.want(o.try(func(tx *db.Tx) error { return o.ReviewOpening(tx, o.actor(self), mine.ID, Justified, "") }), errs.NotFound, "")
		o.want(review(an, Justified, ""), errs.NotFound, "")
		o.want(review(xuan, "", ""), errs.Invalid, "account.opening.need_verdict")
		o.want(review(xuan, Unjustified, " "), errs.Invalid, "account.opening.need_remark")
		if err := review(xuan, Unjustified, "không có nguy hiểm"); err != nil {
			t.Fatal(err)
		}
		o.want(review(xuan, Justified, ""), errs.Conflict, "account.reviewed_already")
		if o.needs(strong(), "hs-x") != policy.Withheld {
			t.Error("what was found unjustified stays open")
		}
	})
}

func TestBrokenGlassEndsByItselfByHandAndAtALimit(t *testing.T) {
	eachArchive(t, func(t *testing.T, o *office, _ *bell) {
		o.Idle = 24 * time.Hour
		an := o.hire("ann", "case_worker c")
		s := o.session(an, true)
		broken := func() (op Opening, err error) {
			err = o.try(func(tx *db.Tx) error {
				op, err = o.BreakGlass(tx, s(), "case", "hs-x", "người gọi đang bị đe dọa")
				return err
			})
			return op, err
		}
		op, err := broken()
		if err != nil {
			t.Fatal(err)
		}
		bert := o.hire("bert", "officer c")
		o.want(o.try(func(tx *db.Tx) error { return o.EndOpening(tx, o.actor(bert), op.ID) }), errs.NotFound, "")
		dbtest.Write(t, o.DB, func(tx *db.Tx) error { return o.EndOpening(tx, s(), op.ID) })
		if o.needs(s(), "hs-x") != policy.Withheld {
			t.Error("given back and still open")
		}
		broken()
		o.clock.Add(emergencyTime - time.Second)
		if o.needs(s(), "hs-x") != policy.Opened {
			t.Error("ends before its time")
		}
		o.clock.Add(time.Second)
		if o.needs(s(), "hs-x") != policy.Withheld {
			t.Error("outlasts its time")
		}
		for i := range emergencyLimit - 2 {
			if _, err := broken(); err != nil {
				t.Fatal(fmt.Sprint(i), err)
			}
		}
		_, err = broken()
		o.want(err, errs.TooMany, "account.too_many_emergencies")
	})
}
