package campaign_test

import (
	"math/rand/v2"
	"testing"

	"chungtay/campaign"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/policy"
)

// Money of a plan and of what was done comes to the same by source as its lines and activities one by one; nothing of other units, days or
// dropped activities is in it.
func TestPlanAgainstDoneAddsUpBySource(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		rnd := rand.New(rand.NewPCG(3, 5))
		top, commune, elsewhere := b.ThanhHoa.Committee, b.ThanhHoa.ThoXuan.Committee, b.SonLa.Labour
		var x campaign.Campaign
		b.must(func(tx *db.Tx) (err error) {
			x, err = b.c.Found(tx, top.Officer, campaign.Campaign{Unit: top.ID, Title: "Ngày 30/7", From: civil.MustParse("2026-07-01"), To: civil.MustParse("2026-07-30")})
			return err
		})
		var plan, spent campaign.Budget
		planned, done := map[string]int64{}, map[string]int64{}
		b.must(func(tx *db.Tx) error {
			for range 12 {
				p := campaign.Planned{Campaign: x.ID, Unit: top.ID, Kind: campaign.Kinds[rnd.IntN(5)].Code, Quantity: 1 + rnd.Int64N(9), Central: rnd.Int64N(100), Local: rnd.Int64N(100), Aid: rnd.Int64N(100)}
				if err := b.c.Plan(tx, top.Officer, p); err != nil {
					return err
				}
				plan = campaign.Budget{Central: plan.Central + p.Central, Local: plan.Local + p.Local, Aid: plan.Aid + p.Aid}
				planned[p.Kind] += p.Quantity
			}
			if err := b.c.Plan(tx, commune.Officer, campaign.Planned{Campaign: x.ID, Unit: commune.ID, Kind: "pano", Quantity: 99, Local: 1_000_000}); err != nil {
				return err
			}
			for i := range 60 {
				o := [][]string{{top.ID, "in"}, {commune.ID, "in"}, {elsewhere.ID, ""}}[rnd.IntN(3)]
				a := campaign.Activity{Unit: o[0], Kind: campaign.Kinds[rnd.IntN(8)].Code, From: civil.MustParse("2026-06-20").AddDays(rnd.IntN(42)), Place: "Chợ", Quantity: 1 + rnd.Int64N(9), Central: rnd.Int64N(100), Local: rnd.Int64N(100), Aid: rnd.Int64N(100)}
				made, err := b.c.Add(tx, policy.System("test"), a, nil)
				if err != nil {
					return err
				}
				if i%7 == 0 {
					if err := b.c.Drop(tx, policy.System("test"), made.ID); err != nil {
						return err
					}
				} else if o[1] == "in" && !a.From.Before(x.From) && !a.From.After(x.To) {
					spent = campaign.Budget{Central: spent.Central + a.Central, Local: spent.Local + a.Local, Aid: spent.Aid + a.Aid}
					done[a.Kind] += a.Quantity
				}
			}
			return nil
		})
		var got campaign.Compared
		dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) {
			got, err = b.c.PlanAgainstDone(tx, top.Officer, x, top.ID)
			return err
		})
		if got.Plan != plan || got.Spent != spent {
			t.Errorf("money %+v of %+v, want %+v of %+v", got.Spent, got.Plan, spent, plan)
		}
		for _, a := range got.Kinds {
			if a.Planned != planned[a.Kind] || a.Done != done[a.Kind] {
				t.Errorf("%s: %d of %d, want %d of %d", a.Kind, a.Done, a.Planned, done[a.Kind], planned[a.Kind])
			}
			delete(done, a.Kind)
			delete(planned, a.Kind)
		}
		if len(planned)+len(done) > 0 {
			t.Errorf("left out: %v %v", planned, done)
		}
		// A line is taken out once, and by its unit alone.
		line := got.Lines[0]
		b.refused("campaign.may_not", func(tx *db.Tx) error { return b.c.DropPlan(tx, commune.Officer, x.ID, top.ID, line.ID) })
		for range 2 {
			b.must(func(tx *db.Tx) error { return b.c.DropPlan(tx, top.Officer, x.ID, top.ID, line.ID) })
		}
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			after, err := b.c.PlanAgainstDone(tx, top.Officer, x, top.ID)
			if after.Plan.Local != plan.Local-line.Local || len(after.Lines) != len(got.Lines)-1 {
				t.Errorf("after a line was taken out: %+v", after.Plan)
			}
			return err
		})
	})
}

// A number is told by what it was on the day: 18001567 gave way to 111 in December 2017.
func TestOldNumbersInATextAreFound(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			for _, c := range []struct {
				text, day string
				want      []string
			}{
				{"Gọi 18001567 hoặc 113", "2026-07-30", []string{"18001567"}},
				{"Gọi 1800 1567, 1800.1567", "2018-01-01", []string{"18001567"}},
				{"Gọi 18001567", "2017-07-30", nil},
				{"Gọi 111", "2016-07-30", []string{"111"}},
				{"Gọi 111", "2021-07-30", nil},
				{"Kế hoạch 1112/KH-UBND ngày 30/7/2026, kinh phí 111.000.000 đồng", "2016-07-30", nil},
			} {
				list, err := campaign.Retired(tx, c.text, civil.MustParse(c.day))
				if err != nil {
					return err
				}
				var got []string
				for _, h := range list {
					got = append(got, h.Number)
				}
				if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
					t.Errorf("%q on %s: %v, want %v", c.text, c.day, got, c.want)
				}
			}
			both, err := campaign.HotlinesIn(tx, civil.MustParse("2017-11-01"), civil.MustParse("2017-12-31"))
			if err != nil {
				return err
			}
			seen := map[string]bool{}
			for _, h := range both {
				seen[h.Number] = true
			}
			if !seen["111"] || !seen["18001567"] {
				t.Errorf("a campaign across the change shows %v", seen)
			}
			return nil
		})
	})
}

// Variants of an approved slogan are recognised with the wording of the list; a slogan with another meaning is not.
func TestVariantsOfASloganAreRecognised(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			got, err := campaign.Check(tx, 2022, []string{"CHUNG TAY PHÒNG, CHỐNG MUA BÁN NGƯỜI!", "Phòng chống mua bán người là trách nhiệm của mỗi cá nhân và toàn xã hội", "Chung tay phòng, chống tội phạm ma túy"})
			if err != nil {
				return err
			}
			if !got[0].OK || got[0].Variant != "Chung tay phòng, chống nạn mua bán người" {
				t.Errorf("without a word, in capitals: %+v", got[0])
			}
			if !got[1].OK {
				t.Errorf("without a comma: %+v", got[1])
			}
			if got[2].OK || got[2].Year != 0 {
				t.Errorf("of another subject: %+v", got[2])
			}
			return nil
		})
	})
}
