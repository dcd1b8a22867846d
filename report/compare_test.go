package report_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/formbook"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/report"
)

// Random units report in three years and are merged at random, wholly, mainly or in part, some twice. A comparison as units were says what the
// consolidations say. Restated, every unit of today has exactly the reports of those that wholly became it; what went there in part is
// counted nowhere and shown apart; together they are what was reported. Where all mergers are whole, totals are those before them.
func TestFiguresAreRestatedAcrossMergersWholeOrNotAtAll(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		rnd := rand.New(rand.NewPCG(11, 4))
		boss := b.ThanhHoa.Health
		var form *formdef.Form
		b.must(func(tx *db.Tx) (err error) {
			_, form, err = (&formbook.Books{Book: b.Book}).Published(tx, "ket_qua_30_7")
			return err
		})
		var entered []formdef.Cell
		for _, c := range form.Figures() {
			if !c.Calculated() && c.Field.Aggregate == formdef.Sum {
				entered = append(entered, c)
			}
		}
		seen := map[orgunit.Extent]int{}
		for round := range 8 {
			onlyWhole := round == 0
			var units []string
			b.must(func(tx *db.Tx) error {
				for i := range 7 {
					u, err := b.Units.Establish(tx, policy.System("test"), orgunit.Unit{Name: fmt.Sprintf("Trường số %d đợt %d", i, round), Kind: orgunit.School, Level: orgunit.Commune, Sector: "education", Superior: boss.ID}, civil.MustParse("2025-07-01"), "")
					if err != nil {
						return err
					}
					units = append(units, u.ID)
				}
				return nil
			})
			// Reports of three years, now and then a unit is silent.
			said := map[string]map[string]formdef.Values{}
			b.must(func(tx *db.Tx) error {
				for y := range 3 {
					year := fmt.Sprint(2024 + y)
					a, err := b.r.Ask(tx, boss.Officer, report.New{Unit: boss.ID, Title: fmt.Sprintf("Kết quả %s, đợt %d", year, round), Form: "ket_qua_30_7", Due: until("2026-08-03"), From: civil.MustParse(year + "-07-01"), To: civil.MustParse(year + "-07-30"), Units: units})
					if err != nil {
						return err
					}
					said[year] = map[string]formdef.Values{}
					for _, u := range units {
						if rnd.IntN(5) == 0 {
							continue
						}
						v := formdef.Values{}
						for range 6 {
							v[entered[rnd.IntN(min(20, len(entered)))].Address] = formdef.IntValue(rnd.Int64N(1000))
						}
						said[year][u] = v
					}
					if err := report.ApproveWith(tx, a, said[year]); err != nil {
						return err
					}
				}
				return nil
			})
			q := report.Comparison{Series: report.Series{Form: "ket_qua_30_7", Asker: boss.ID}, Words: []string{fmt.Sprintf("đợt %d", round)}}
			for _, c := range entered[:8] {
				q.Cells = append(q.Cells, c.Address)
			}
			compare := func(q report.Comparison) (out report.Compared) {
				t.Helper()
				dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) {
					out, err = b.r.Compare(tx, boss.Officer, q)
					return err
				})
				return out
			}
			sum := func(year string, in func(u string) bool) formdef.Values {
				total := form.NewTotal(formdef.OverUnits)
				for _, u := range units {
					if v, ok := said[year][u]; ok && in(u) {
						total.Add(v)
					}
				}
				v, _ := total.Result()
				return v
			}
			everybody := func(string) bool { return true }
			before := compare(q)
			for year := range said {
				if d := cmp.Diff(string(sum(year, everybody).Canonical()), string(before.Total[year].Canonical())); d != "" {
					t.Errorf("round %d, %s before any merger: %s", round, year, d)
				}
			}

			// Mergers: a unit goes into another living one; what the receiver is may itself be merged later.
			heir, extent := map[string]string{}, map[string]orgunit.Extent{}
			living := slices.Clone(units)
			for n, day := 0, civil.MustParse("2026-01-01"); n < 4; n, day = n+1, day.AddDays(20) {
				i := rnd.IntN(len(living))
				from := living[i]
				living = slices.Delete(living, i, i+1)
				to := living[rnd.IntN(len(living))]
				x := orgunit.Whole
				if !onlyWhole {
					x = []orgunit.Extent{orgunit.Whole, orgunit.Whole, orgunit.Main, orgunit.Main, orgunit.Some, orgunit.Unknown}[rnd.IntN(6)]
				}
				heir[from], extent[from] = to, x
				b.must(func(tx *db.Tx) error {
					return b.Units.Merge(tx, policy.System("test"), orgunit.Merger{From: []orgunit.Part{{Unit: from, Extent: x}}, Into: to, On: day, Basis: "Quyết định thử"})
				})
			}
			// where says what a unit is today, by the mergers just made.
			where := func(u string) (string, bool, bool) {
				whole, main := true, true
				for heir[u] != "" {
					whole = whole && extent[u] == orgunit.Whole
					main = main && (extent[u] == orgunit.Whole || extent[u] == orgunit.Main)
					u = heir[u]
				}
				return u, whole, main
			}
			asWas := q
			asWas.AsWas = true
			for year, v := range compare(asWas).Total {
				if d := cmp.Diff(string(before.Total[year].Canonical()), string(v.Canonical())); d != "" {
					t.Errorf("round %d, %s as it was: %s", round, year, d)
				}
			}
			for _, estimate := range []bool{false, true} {
				q.Estimate = estimate
				got := compare(q)
				counted := func(u string) bool {
					_, whole, main := where(u)
					return whole || estimate && main
				}
				for year := range said {
					if d := cmp.Diff(string(sum(year, counted).Canonical()), string(got.Total[year].Canonical())); d != "" {
						t.Errorf("round %d, total of %s (estimates: %v): %s", round, year, estimate, d)
					}
					if d := cmp.Diff(string(sum(year, everybody).Canonical()), string(got.All[year].Canonical())); d != "" {
						t.Errorf("round %d, all of %s: %s", round, year, d)
					}
					if onlyWhole {
						if d := cmp.Diff(string(before.Total[year].Canonical()), string(got.Total[year].Canonical())); d != "" {
							t.Errorf("whole mergers changed the total of %s: %s", year, d)
						}
					}
					lines := map[string]formdef.Values{}
					for _, l := range got.Lines {
						lines[l.Unit] = l.Values[year]
						if l.Estimate[year] && !estimate {
							t.Errorf("an estimate nobody asked for: %+v", l)
						}
					}
					for _, u := range living {
						want := sum(year, func(x string) bool { to, _, _ := where(x); return to == u && counted(x) })
						if d := cmp.Diff(string(want.Canonical()), string(lines[u].Canonical())); d != "" {
							t.Errorf("round %d, a unit of today in %s (estimates: %v): %s", round, year, estimate, d)
						}
					}
				}
				for _, l := range got.Apart {
					seen[l.Became.Extent]++
					if counted(l.Unit) {
						t.Errorf("round %d: %s stands apart although it can be counted", round, l.Unit)
					}
				}
				if onlyWhole && len(got.Apart) > 0 {
					t.Errorf("whole mergers left %d units apart", len(got.Apart))
				}
			}
		}
		for _, x := range []orgunit.Extent{orgunit.Main, orgunit.Some, orgunit.Unknown} {
			if seen[x] == 0 {
				t.Errorf("no unit that went %s into another was looked at", x)
			}
		}
	})
}

// A comparison is of what one may see: a neighbour's is absent, one's own reports are compared without seeing others'.
func TestComparisonShowsWhatMayBeSeen(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		a := b.ask("ket_qua_30_7", false)
		b.must(func(tx *db.Tx) error { return report.ApproveAll(tx, b.r, a) })
		dbtest.Read(t, b.DB, func(tx *db.Tx) error {
			asked := report.Comparison{Series: report.Series{Form: "ket_qua_30_7", Asker: th.Health.ID}}
			out, err := b.r.Compare(tx, th.Health.Officer, asked)
			if err != nil || len(out.Lines) != 3 {
				t.Errorf("those who asked see %d lines, %v", len(out.Lines), err)
			}
			for _, who := range []policy.Actor{th.ThoXuan.Committee.Officer, b.SonLa.Labour.Officer, {}} {
				if _, err := b.r.Compare(tx, who, asked); !errs.Is(err, errs.NotFound) {
					t.Errorf("%s compares what others asked for: %v", who.Name, err)
				}
				list, err := b.r.SeriesFor(tx, who)
				if err != nil || slices.Contains(list, asked.Series) {
					t.Errorf("%s is offered %v, %v", who.Name, list, err)
				}
			}
			own, err := b.r.Compare(tx, th.ThoXuan.Committee.Officer, report.Comparison{Series: report.Series{Form: "ket_qua_30_7"}})
			if err != nil || len(own.Lines) != 1 || own.Lines[0].Unit != th.ThoXuan.Committee.ID {
				t.Errorf("own reports: %+v, %v", own.Lines, err)
			}
			if _, err := b.r.Compare(tx, th.Health.Officer, report.Comparison{Series: report.Series{Form: "khong_co", Asker: th.Health.ID}}); !errs.Is(err, errs.NotFound) {
				t.Errorf("a form nobody asked for: %v", err)
			}
			many := asked
			for _, c := range out.Figures[:9] {
				many.Cells = append(many.Cells, c.Address)
			}
			if _, err := b.r.Compare(tx, th.Health.Officer, many); len(errs.FieldsOf(err)) != 1 || errors.Is(err, nil) {
				t.Errorf("nine figures: %v", err)
			}
			return nil
		})
	})
}
