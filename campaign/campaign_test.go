package campaign_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"chungtay/app"
	"chungtay/campaign"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/world"
	"chungtay/policy"
)

type bench struct {
	*world.World
	c *campaign.Campaigns
	t testing.TB
}

var start = time.Date(2026, 8, 1, 2, 0, 0, 0, time.UTC)

func each(t *testing.T, f func(t *testing.T, b *bench)) {
	dbtest.EachWith(t, app.Migrations(), db.Options{Clock: func() time.Time { return start }}, func(t *testing.T, d *db.DB) {
		w := world.New(t, d, app.Roles())
		b := &bench{World: w, c: &campaign.Campaigns{Book: w.Book}, t: t}
		b.must(campaign.Install)
		f(t, b)
	})
}

func (b *bench) must(f func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.DB.Write(context.Background(), f); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) refused(want string, f func(tx *db.Tx) error) {
	b.t.Helper()
	err := b.DB.Write(context.Background(), f)
	m, _ := errs.TextOf(err)
	if m.Key != want && !slices.ContainsFunc(errs.FieldsOf(err), func(x errs.Field) bool { return x.Message.Key == want }) {
		b.t.Errorf("want %s, got %v", want, err)
	}
}

func n(i int64) *int64 { return &i }

func (b *bench) add(o world.Office, kind string, quantity int64, people *int64, partners ...string) (out campaign.Activity) {
	b.t.Helper()
	b.must(func(tx *db.Tx) (err error) {
		out, err = b.c.Add(tx, o.Officer, campaign.Activity{Unit: o.ID, Kind: kind, From: civil.MustParse("2026-07-20"), Place: "Nhà văn hóa", Quantity: quantity, People: people}, partners)
		return err
	})
	return out
}

func TestJointWorkCountsOnceAboveItsUnits(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		district, dept, committee := b.ThanhHoa.ThoXuan.Committee, b.ThanhHoa.Health, b.ThanhHoa.Committee
		joint := b.add(district, "mit_tinh", 1, n(300), dept.ID)
		b.add(dept, "mit_tinh", 2, nil)
		b.must(func(tx *db.Tx) error { return b.c.Confirm(tx, dept.Officer, joint.ID, dept.ID, true) })
		for _, c := range []struct {
			who             policy.Actor
			quantity        int64
			people, counted int64
		}{
			{committee.Officer, 3, 300, 1}, // above both: the joint one once
			{district.Officer, 1, 300, 1},
			{dept.Officer, 3, 300, 1}, // its own and the one it took part in
		} {
			dbtest.Read(t, b.DB, func(tx *db.Tx) error {
				got, err := b.c.Sums(tx, c.who, campaign.Filter{})
				if err != nil {
					return err
				}
				if len(got) != 1 || got[0].Quantity != c.quantity || got[0].People != c.people || got[0].Counted != c.counted {
					t.Errorf("%s: %+v, want %+v", c.who.UnitName, got, c)
				}
				return nil
			})
		}
		// In reports each activity stands with the unit that led it.
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			for unit, want := range map[string]int64{district.ID: 1, dept.ID: 2} {
				v, _, ok, err := campaign.Figure(tx, unit, civil.MustParse("2026-07-01"), civil.MustParse("2026-08-15"), formdef.ParseSource("activities.quantity kind=mit_tinh"))
				if err != nil || !ok || v != formdef.IntValue(want) {
					t.Errorf("figure %v %v %v, want %d", v, ok, err, want)
				}
			}
			_, _, ok, err := campaign.Figure(tx, dept.ID, civil.Date{}, civil.Date{}, formdef.ParseSource("activities.people"))
			if ok {
				t.Error("people nobody counted became a figure")
			}
			return err
		})
	})
}

func TestListAndDecisionAgree(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		var all []campaign.Activity
		for _, o := range []world.Office{b.ThanhHoa.Health, b.ThanhHoa.ThoXuan.Committee, b.ThanhHoa.Committee, b.SonLa.Labour} {
			all = append(all, b.add(o, "pano", 1, nil))
		}
		all = append(all, b.add(b.SonLa.Labour, "noi_chuyen", 1, n(10), b.ThanhHoa.Health.ID))
		for _, who := range []policy.Actor{b.ThanhHoa.Health.Officer, b.ThanhHoa.Health.Clerk, b.ThanhHoa.Committee.Leader, b.SonLa.Labour.Officer, {}} {
			dbtest.Read(t, b.DB, func(tx *db.Tx) error {
				list, total, err := b.c.List(tx, who, campaign.Filter{Page: 1, Size: 100})
				if err != nil {
					return err
				}
				seen := 0
				for _, a := range all {
					_, err := b.c.Get(tx, who, a.ID)
					in := slices.ContainsFunc(list, func(x campaign.Activity) bool { return x.ID == a.ID })
					if (err == nil) != in {
						t.Errorf("%s: listed %v, decided %v", who.Name, in, err)
					}
					if in {
						seen++
					}
				}
				if seen != total || seen != len(list) {
					t.Errorf("%s: %d of %d, total %d", who.Name, seen, len(list), total)
				}
				return nil
			})
		}
	})
}

func TestSlogansOfOneYearStayInIt(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		const covid = "Phòng, chống mua bán người trong bối cảnh dịch bệnh Covid-19"
		ministry := b.Health
		b.must(func(tx *db.Tx) error {
			for _, s := range []campaign.Slogan{{Unit: ministry.ID, Year: 2021, Text: covid}, {Unit: ministry.ID, Year: 2026, Text: "Toàn dân tố giác tội phạm mua bán người"}} {
				if _, err := b.c.ApproveSlogan(tx, policy.System("test"), s); err != nil {
					return err
				}
			}
			return nil
		})
		b.refused("campaign.slogan_there", func(tx *db.Tx) error {
			_, err := b.c.ApproveSlogan(tx, policy.System("test"), campaign.Slogan{Unit: ministry.ID, Year: 2026, Text: "  toàn dân tố giác tội phạm mua bán người! "})
			return err
		})
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			got, err := campaign.Check(tx, 2026, []string{covid, "Toàn dân tố giác tội phạm mua bán người!", "Không có trong danh sách nào"})
			if err != nil {
				return err
			}
			if got[0].OK || got[0].Year != 2021 {
				t.Errorf("the slogan of 2021 in 2026: %+v", got[0])
			}
			if !got[1].OK {
				t.Errorf("an approved one: %+v", got[1])
			}
			if got[2].OK || got[2].Year != 0 {
				t.Errorf("an unknown one: %+v", got[2])
			}
			return nil
		})
		// Communes do not rule on the lists, and nobody withdraws another unit's slogan.
		commune := b.ThanhHoa.ThoXuan.Committee
		b.refused("campaign.slogan_above", func(tx *db.Tx) error {
			_, err := b.c.ApproveSlogan(tx, commune.Officer, campaign.Slogan{Unit: commune.ID, Year: 2026, Text: "Khẩu hiệu của xã"})
			return err
		})
		b.refused("campaign.may_not", func(tx *db.Tx) error {
			list, err := campaign.Slogans(tx, 2026)
			if err != nil {
				return err
			}
			return b.c.WithdrawSlogan(tx, b.ThanhHoa.Health.Leader, list[0].ID)
		})
	})
}

func TestHotlinesByDay(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			for day, want := range map[string]string{"2017-06-01": "18001567", "2021-07-30": "111"} {
				list, err := campaign.Hotlines(tx, civil.MustParse(day))
				if err != nil {
					return err
				}
				if !slices.ContainsFunc(list, func(h campaign.Hotline) bool { return h.Number == want }) {
					t.Errorf("%s: %+v lacks %s", day, list, want)
				}
				if day > "2018" && slices.ContainsFunc(list, func(h campaign.Hotline) bool { return h.Number == "18001567" }) {
					t.Errorf("%s: the old number still answers", day)
				}
			}
			call, err := campaign.Call(tx, civil.MustParse("2026-07-30")) // news tells no number that nobody has verified, as 113
			if err != nil || len(call) != 1 || !strings.HasPrefix(call[0], "111 ") {
				t.Errorf("news says to call %q, %v", call, err)
			}
			return nil
		})
	})
}

func TestPartsAreNotMoreThanTheWhole(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		o := b.ThanhHoa.Health
		good := campaign.Activity{Unit: o.ID, Kind: "noi_chuyen", From: civil.MustParse("2026-07-20"), Place: "Hội trường", Quantity: 1, People: n(40), Women: n(40)}
		for want, change := range map[string]func(a *campaign.Activity){
			"campaign.part_more":   func(a *campaign.Activity) { a.Women = n(41) },
			"campaign.need_people": func(a *campaign.Activity) { a.People = nil },
			"campaign.ages":        func(a *campaign.Activity) { a.Under16, a.From16, a.Adults = n(10), n(10), n(10) },
			"campaign.day_ahead":   func(a *campaign.Activity) { a.From = civil.MustParse("2026-08-02") },
			"campaign.need_kind":   func(a *campaign.Activity) { a.Kind = "karaoke" },
			"campaign.need_place":  func(a *campaign.Activity) { a.Place = "  " },
			"campaign.may_not":     func(a *campaign.Activity) { a.Unit = b.ThanhHoa.Committee.ID },
		} {
			a := good
			change(&a)
			b.refused(want, func(tx *db.Tx) error { _, err := b.c.Add(tx, o.Officer, a, nil); return err })
		}
		b.must(func(tx *db.Tx) error { _, err := b.c.Add(tx, o.Officer, good, nil); return err })
	})
}

// What one person saved is not overwritten by another who began earlier.
func TestTwoPeopleChangeOneActivity(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		o := b.ThanhHoa.Health
		a := b.add(o, "pano", 3, nil)
		first, second := a, a
		first.Quantity, second.Quantity = 4, 5
		b.must(func(tx *db.Tx) error { return b.c.Change(tx, o.Officer, first, nil) })
		err := b.DB.Write(context.Background(), func(tx *db.Tx) error { return b.c.Change(tx, o.Leader, second, nil) })
		if !errs.Is(err, errs.Conflict) {
			t.Errorf("second save: %v", err)
		}
	})
}
