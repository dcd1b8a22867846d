package report_test

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/app"
	"chungtay/docrender"
	"chungtay/formbook"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/world"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/report"
)

// A chase letter goes to those that have not sent, to the late ones alone when that is asked, names them with their days, and says the same
// bytes whatever is sent and renamed afterwards.
func TestChaseLetters(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		a := b.ask("ket_qua_30_7", false) // due before 3 August
		r := b.write(a, th.HacThanh.Committee, day(2))
		b.must(func(tx *db.Tx) error { return report.ForceApprove(tx, b.r, r.ID) })
		later := b.of(a, th.MuongLat.Committee)
		b.must(func(tx *db.Tx) error {
			return b.r.Extend(tx, th.Health.Officer, later.ID, until("2026-08-20"), "mưa lũ")
		})
		b.clock.Set(civil.MustParse("2026-08-07").Start())
		b.must(func(tx *db.Tx) error {
			_, _, err := b.r.Chase(tx, th.Health.Officer, a.ID, report.Chasing{})
			return err
		})
		var all, late report.Letter
		b.must(func(tx *db.Tx) (err error) {
			_, all, err = b.r.Chase(tx, th.Health.Officer, a.ID, report.Chasing{Letter: true, Answer: civil.MustParse("2026-08-09"), Text: "Sở đã gửi mẫu kèm theo văn bản trước."})
			return err
		})
		n := 0
		b.must(func(tx *db.Tx) (err error) {
			n, late, err = b.r.Chase(tx, th.Health.Officer, a.ID, report.Chasing{Letter: true, Late: true})
			return err
		})
		if n != 1 || late.Number != 2 || len(late.Body.V.Units) != 1 || late.Body.V.Units[0].Days != 5 || late.Body.V.Units[0].Times != 2 {
			t.Errorf("%d late: %+v", n, late.Body.V.Units)
		}
		docx, pdf, read := files(t, "chase-letter", report.LetterPaper(all))
		text := textOf(t, docx)
		for _, want := range []string{"1/3 cơ quan, đơn vị", "trong đó 1 đơn vị đã quá hạn", "chậm nhất ngày 09/8/2026", "không phát sinh", "Sở đã gửi mẫu", "chậm nhất ngày 02/8/2026", "Thọ Xuân", "Mường Lát"} {
			if !strings.Contains(text, want) {
				t.Errorf("the letter does not say %q: %s", want, text)
			}
		}
		if strings.Contains(text, "Hạc Thành") {
			t.Error("the letter goes to a unit that has sent")
		}
		if len(read.Addressees) != 2 {
			t.Errorf("%d addressees", len(read.Addressees))
		}

		// Sent and renamed afterwards: another letter says otherwise, this one the same.
		r = b.write(a, th.ThoXuan.Committee, day(3))
		b.must(func(tx *db.Tx) error { return report.ForceApprove(tx, b.r, r.ID) })
		rename(b, th.MuongLat.Committee.ID, "Ủy ban nhân dân xã Tên Khác")
		var list []report.Letter
		b.must(func(tx *db.Tx) (err error) { list, err = report.LettersOf(tx, a.ID); return err })
		if len(list) != 2 || list[1].ID != all.ID {
			t.Fatalf("%d letters", len(list))
		}
		var b1, b2 bytes.Buffer
		if err := docrender.DOCX(&b1, report.LetterPaper(list[1])); err != nil {
			t.Fatal(err)
		}
		if err := docrender.PDF(&b2, report.LetterPaper(list[1])); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(docx, b1.Bytes()) || !bytes.Equal(pdf, b2.Bytes()) {
			t.Error("the letter has other bytes than when it was drafted")
		}
		for name, x := range map[string]report.Chasing{"sent already": {Units: []string{th.HacThanh.Committee.ID}, Letter: true}, "nobody late": {Late: true, Letter: true}, "answer in the past": {Answer: civil.MustParse("2026-08-06"), Letter: true}} {
			if err := b.do(func(tx *db.Tx) error { _, _, err := b.r.Chase(tx, th.Health.Officer, a.ID, x); return err }); len(errs.FieldsOf(err)) != 1 {
				t.Errorf("%s: %v", name, err)
			}
		}
		b.must(func(tx *db.Tx) (err error) { list, err = report.LettersOf(tx, a.ID); return err })
		if len(list) != 2 {
			t.Errorf("a refused chase left a letter: %d", len(list))
		}
	})
}

// rename corrects the history of a unit behind the program's back: the unit was always called so.
func rename(b *bench, unit, name string) {
	b.t.Helper()
	b.must(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE orgunit_version SET name = $1 WHERE unit_id = $2`, name, unit)
		return err
	})
}

// More units than a head holds stand in a list.
func TestAChaseLetterToManyHasAList(t *testing.T) {
	clock := dbtest.NewClock(start)
	b := newBench(t, dbtest.SQLite(t, app.Migrations(), db.Options{Clock: clock.Now}), clock)
	boss := b.ThanhHoa.Health
	var a report.Asked
	b.must(func(tx *db.Tx) (err error) {
		var units []string
		for i := range 9 {
			u, err := b.Units.Establish(tx, policy.System("test"), orgunit.Unit{Name: "Trường số " + strconv.Itoa(i+1), Kind: orgunit.School, Level: orgunit.Commune, Sector: "education", Superior: boss.ID}, civil.MustParse("2025-07-01"), "")
			if err != nil {
				return err
			}
			units = append(units, u.ID)
		}
		a, err = b.r.Ask(tx, boss.Officer, report.New{Unit: boss.ID, Title: "Rà soát học sinh", Due: until("2026-08-03"), Units: units})
		return err
	})
	clock.Set(civil.MustParse("2026-08-05").Start())
	var l report.Letter
	b.must(func(tx *db.Tx) (err error) {
		_, l, err = b.r.Chase(tx, boss.Officer, a.ID, report.Chasing{Letter: true})
		return err
	})
	var docx bytes.Buffer
	if err := docrender.DOCX(&docx, report.LetterPaper(l)); err != nil {
		t.Fatal(err)
	}
	text := textOf(t, docx.Bytes())
	if !strings.Contains(text, "có tên trong danh sách kèm theo") || strings.Index(text, "Trường số 9") < strings.Index(text, "Danh sách cơ quan") {
		t.Errorf("no list: %s", text)
	}
}

// A page for leaders says progress, coverage with missing units, figures beside those of the period before, and stays one page; news says what
// may be said.
func TestSummaryAndNews(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		units := []string{th.HacThanh.Committee.ID, th.ThoXuan.Committee.ID, th.MuongLat.Committee.ID}
		asked := map[string]report.Asked{}
		b.must(func(tx *db.Tx) error {
			for _, year := range []string{"2025", "2026"} {
				a, err := b.r.Ask(tx, th.Health.Officer, report.New{Unit: th.Health.ID, Title: "Kết quả 30/7 năm " + year, Form: "ket_qua_30_7", Due: until(year + "-08-03"), From: civil.MustParse(year + "-07-01"), To: civil.MustParse(year + "-07-30"), Units: units})
				if err != nil {
					return err
				}
				asked[year] = a
			}
			figure := func(n, few int64) formdef.Values {
				return formdef.Values{"tong_luot_nguoi": formdef.IntValue(n), "tiep_nhan": formdef.IntValue(few), "an_pham/to_roi/so": formdef.IntValue(n / 2), "truc_tiep/mit_tinh/so": formdef.IntValue(n / 100), "truc_tiep/noi_chuyen/so": formdef.IntValue(n / 50)}
			}
			if err := report.ApproveWith(tx, asked["2025"], map[string]formdef.Values{units[0]: figure(600, 1), units[1]: figure(400, 0), units[2]: figure(200, 0)}); err != nil {
				return err
			}
			return report.ApproveWith(tx, asked["2026"], map[string]formdef.Values{units[0]: figure(1000, 3), units[1]: figure(800, 0)})
		})
		b.clock.Set(civil.MustParse("2026-08-10").Start())
		var d docrender.Document
		var news string
		b.spoken(func(tx *db.Tx) (err error) {
			d, news, err = b.r.SummaryAndNews(tx, asked["2026"], "Nguyễn Văn Lập")
			return err
		})
		layout, err := docrender.PDFLayout(io.Discard, d)
		if err != nil || layout.Pages != 1 {
			t.Fatalf("%d pages, %v", layout.Pages, err)
		}
		var w bytes.Buffer
		if err := docrender.DOCX(&w, d); err != nil {
			t.Fatal(err)
		}
		text := textOf(t, w.Bytes())
		for _, want := range []string{"2/3", "Mường Lát", "1.800", "1.200", "tăng 50,0 %", "01/7/2025 – 30/7/2025", "tăng 200,0 %"} {
			if !strings.Contains(text, want) {
				t.Errorf("the summary does not say %q: %s", want, text)
			}
		}
		for _, want := range []string{"1.800 lượt người", "tăng 50,0 %", "900 tờ", "Hạc Thành", "111"} {
			if !strings.Contains(news, want) {
				t.Errorf("the news does not say %q: %s", want, news)
			}
		}
		for _, never := range []string{"Mường Lát", ": 3 người", "quá hạn"} {
			if strings.Contains(news, never) {
				t.Errorf("the news says %q: %s", never, news)
			}
		}
	})
}

// Names in what was frozen are those of then, whatever a history of names is corrected to.
func TestFrozenNamesStay(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		own, up := b.department()
		b.must(func(tx *db.Tx) error { _, err := b.r.Freeze(tx, th.Health.Officer, own.ID); return err })
		r := b.of(up, th.Health)
		b.must(func(tx *db.Tx) (err error) { r, err = b.r.Start(tx, th.Health.Officer, r.ID); return err })
		b.must(func(tx *db.Tx) error { return report.ForceApprove(tx, b.r, r.ID) })
		paper := func() []byte {
			t.Helper()
			var out bytes.Buffer
			b.spoken(func(tx *db.Tx) error {
				d, err := b.r.PaperOf(tx, r.ID, false)
				if err != nil {
					return err
				}
				return docrender.DOCX(&out, d)
			})
			return out.Bytes()
		}
		before := paper()
		if !strings.Contains(textOf(t, before), "Hạc Thành") {
			t.Fatal("the annex names no unit")
		}
		rename(b, th.HacThanh.Committee.ID, "Ủy ban nhân dân phường Zôn Khác")
		rename(b, th.MuongLat.Committee.ID, "Ủy ban nhân dân xã An Khác")
		if !bytes.Equal(before, paper()) {
			t.Error("a corrected history changed what was sent")
		}
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			same, err := b.r.Reproduce(tx, th.Health.Officer, own.ID, 1)
			if !same {
				t.Error("the frozen consolidation does not come out again")
			}
			return err
		})
	})
}

// Figures that reports work out (totals, rates) are in a consolidation: totals added, rates from the sums of their parts. So they are in the
// files and in comparisons.
func TestConsolidationsHoldWhatIsWorkedOut(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		own := b.ask("ket_qua_30_7", false)
		var form *formdef.Form
		b.must(func(tx *db.Tx) (err error) {
			_, form, err = (&formbook.Books{Book: b.Book}).Published(tx, "ket_qua_30_7")
			return err
		})
		for i, o := range []world.Office{th.HacThanh.Committee, th.ThoXuan.Committee} {
			v := day(int64(i + 2))
			for _, cell := range form.Figures() { // a total needs an answer in every row
				if _, said := v[cell.Address]; !said && !cell.Calculated() {
					v[cell.Address] = formdef.NoneValue()
				}
			}
			r := b.write(own, o, v)
			b.must(func(tx *db.Tx) error { return report.ForceApprove(tx, b.r, r.ID) })
		}
		show := func(v formdef.Values) map[string]string {
			return map[string]string{"all": v["tong_luot_nguoi"].Num.String(), "women": v["tong_luot_nu"].Num.String(), "share": v["ty_le_nu"].Num.String()}
		}
		// The two communes had 1.020 and 1.530 people, 340 and 430 women of them: 770 of 2.550 are 30,2 %.
		want := map[string]string{"all": "2550", "women": "770", "share": "30.2"}
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			s, err := b.r.Consolidated(tx, own)
			if err != nil {
				return err
			}
			if d := cmp.Diff(want, show(s.Values)); d != "" {
				t.Error("consolidation: " + d)
			}
			c, err := b.r.Compare(tx, th.Health.Officer, report.Comparison{Series: report.Series{Form: own.FormCode, Asker: own.Unit}, Cells: []string{"tong_luot_nguoi", "tong_luot_nu", "ty_le_nu"}})
			if err != nil {
				return err
			}
			if d := cmp.Diff(want, show(c.Total[c.Periods[0].Key])); d != "" {
				t.Error("comparison: " + d)
			}
			return nil
		})
	})
}
