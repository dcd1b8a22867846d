package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/jobs"
	"chungtay/report"
)

// former is the Day of the year before, as far as reports tell of it: what this year's figures are compared with. The activities of that year
// were not logged here, so its figures were typed. Where the bodies of today were not there yet, there is none.
func former(ctx context.Context, p *Province) error {
	if civil.Of(p.Now()).Year == p.Year {
		return nil
	}
	s := &story{ctx: ctx, p: p, r: rand.New(rand.NewPCG(30, 6))}
	day := func(m time.Month, d int) civil.Date { return civil.Date{Year: p.Year - 1, Month: m, Day: d} }
	title := fmt.Sprintf("Kết quả hưởng ứng Ngày toàn dân phòng, chống mua bán người 30/7 năm %d", p.Year-1)
	ask := func(o Office, up string, until civil.Date, to ...Office) (a report.Asked, reports map[string]string) {
		n := report.New{Unit: o.ID, Parent: up, Title: title, Form: formOfTheDay, From: day(time.July, 1), To: day(time.July, 30), Due: deadline.New(deadline.Until, until), Quiet: true}
		for _, x := range to {
			n.Units = append(n.Units, x.ID)
		}
		reports = map[string]string{}
		s.do("request of the year before", func(tx *db.Tx) (err error) {
			if a, err = p.Reports.Ask(tx, o.Officer, n); err != nil {
				return err
			}
			rows, _, err := p.Reports.List(tx, o.Officer, report.Filter{Request: a.ID, Page: 1, Size: 200})
			for _, r := range rows {
				reports[r.Unit] = r.ID
			}
			return err
		})
		return a, reports
	}
	p.Before(time.July, 7, 9, 0)
	top, above := ask(p.Ministry, "", day(time.August, 20), p.Committee)
	bodies := s.bodies()
	own, below := ask(p.Committee, top.ID, day(time.August, 10), bodies...)
	var sent []string
	for i, o := range bodies {
		if i%20 == 0 {
			p.Before(time.August, 4+i/20, 9, 0)
		}
		if i%27 == 26 { // silent
			continue
		}
		s.send("report of the year before", own, o, below[o.ID], s.typed(i))
		sent = append(sent, below[o.ID])
	}
	p.Before(time.August, 14, 9, 0)
	s.approve(p.Committee, own, sent...)
	p.Before(time.August, 17, 9, 0)
	s.send("report of the year before", top, p.Committee, above[p.Committee.ID], nil)
	p.Before(time.August, 21, 9, 0)
	s.approve(p.Ministry, top, above[p.Committee.ID])
	s.jobs()
	return s.err
}

// typed are the figures of one unit in the year before: about four fifths of what its like does this year.
func (s *story) typed(i int) formdef.Values {
	n := func(least, spread int64) formdef.Value { return formdef.IntValue(least + s.r.Int64N(spread)) }
	people := 120 + s.r.Int64N(500)
	v := formdef.Values{"truc_tiep/noi_chuyen/so": n(2, 6), "truc_tiep/noi_chuyen/nguoi": formdef.IntValue(people), "truc_tiep/noi_chuyen/nu": formdef.IntValue(people * 45 / 100), "truc_tiep/noi_chuyen/dtts": formdef.IntValue(people * 70 / 100),
		"an_pham/bang_ron/so": n(1, 3), "an_pham/to_roi/so": n(40, 420), "truyen_thong_dai_chung/lan_phat/so": n(4, 16), "truyen_thong_dai_chung/phut_phat/so": n(60, 240), "nhom_nguy_co/phu_nu_dtts/nguoi": formdef.IntValue(people / 6), "nhom_nguy_co/di_lam_xa/nguoi": formdef.IntValue(people / 9),
		"chi/dia_phuong/so": n(4, 20), "van_ban": n(1, 3)}
	if i%3 == 0 {
		v["truc_tiep/luu_dong/so"] = n(1, 4)
	}
	if i == 0 { // the department of health speaks of victims
		for at, x := range map[string]int64{"tiep_nhan": 5, "nn_xac_dinh": 3, "nn_nghi": 2, "nn_khong": 0, "duoc_ho_tro": 5} {
			v[at] = formdef.IntValue(x)
		}
	}
	return v
}

// half is a report between two levels alone: the province asks some of its communes twice a year, by a schedule.
func half(ctx context.Context, p *Province) error {
	s := &story{ctx: ctx, p: p, r: rand.New(rand.NewPCG(14, 6))}
	communes := p.Communes[:8]
	var names []string
	for _, o := range communes {
		names = append(names, o.Name)
	}
	p.To(time.June, 19, 10, 0)
	s.do("schedule", func(tx *db.Tx) error {
		if _, err := p.Reports.Plan(tx, p.Committee.Officer, report.Schedule{Unit: p.Committee.ID, Title: "Báo cáo sáu tháng về phòng ngừa và hỗ trợ nạn nhân", FormCode: "phong_chong_6_thang", Every: "half", Addressees: strings.Join(names, "; "), Days: 15}); err != nil {
			return err
		}
		_, err := jobs.Enqueue(tx, "report.scheduled", nil)
		return err
	})
	s.jobs()
	var a report.Asked
	reports := map[string]string{}
	s.do("reports of the half-year", func(tx *db.Tx) error {
		list, _, err := p.Reports.Requests(tx, p.Committee.Officer, "sáu tháng", 1, 1)
		if err != nil || len(list) == 0 {
			return fmt.Errorf("the schedule asked for nothing: %w", err)
		}
		a = list[0]
		rows, _, err := p.Reports.List(tx, p.Committee.Officer, report.Filter{Request: a.ID, Page: 1, Size: 20})
		for _, r := range rows {
			reports[r.Unit] = r.ID
		}
		return err
	})
	p.To(time.June, 20, 9, 0)
	for i, o := range communes[:7] { // the last is silent
		people := 80 + s.r.Int64N(200)
		typed := formdef.Values{"truc_tiep/noi_chuyen/so": formdef.IntValue(1 + s.r.Int64N(4)), "truc_tiep/noi_chuyen/nguoi": formdef.IntValue(people), "truc_tiep/noi_chuyen/nu": formdef.IntValue(people / 2), "truc_tiep/noi_chuyen/dtts": formdef.IntValue(people * 2 / 3), "truyen_thong_dai_chung/lan_phat/so": formdef.IntValue(6 + s.r.Int64N(20))}
		s.send("report of the half-year", a, o, reports[o.ID], typed)
		if i == 5 {
			p.To(time.June, 20, 15, 0)
		}
	}
	p.To(time.June, 21, 9, 0)
	var ids []string
	for _, o := range communes[:6] {
		ids = append(ids, reports[o.ID])
	}
	s.approve(p.Committee, a, ids...)
	return s.err
}
