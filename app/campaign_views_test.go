package app

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/campaign"
	"chungtay/formdef"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/i18n"
	"chungtay/internal/jobs"
	"chungtay/internal/sheet"
	"chungtay/internal/world"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/report"
)

// tally is what a set of activities comes to, worked out one by one.
type tally struct{ times, people, counted, cost, photos int64 }

// The list, the timeline, the calendar, the gallery, the map and the sums, as pages, XLSX and CSV, show the same numbers for one filter and
// one person: those of the activities which that person may read, added up one by one.
func TestEveryViewOfTheLogShowsTheSameNumbers(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		srv, err := s.Server()
		if err != nil {
			t.Fatal(err)
		}
		srv.Door = s
		h := srv.Handler()
		get := func(path, role string) []byte {
			r := httptest.NewRequest("GET", path, nil)
			r.Header.Set("X-Role", role)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				t.Fatalf("%s by %s: %d %s", path, role, w.Code, w.Body)
			}
			return w.Body.Bytes()
		}
		rnd := rand.New(rand.NewPCG(1, 7))
		all := map[string]campaign.Activity{}
		photos := map[string]int64{}
		offices := []world.Office{s.Here, s.Below, s.Above, s.ThanhHoa.ThoXuan.Committee, s.ThanhHoa.Social, s.Elsewhere, s.SonLa.MaiSon.Committee, s.Bureau}
		dbtest.Write(t, d, func(tx *db.Tx) error {
			for i := range 90 {
				o := offices[rnd.IntN(len(offices))]
				k := campaign.Kinds[rnd.IntN(6)]
				a := campaign.Activity{Unit: o.ID, Kind: k.Code, From: civil.MustParse("2021-06-20").AddDays(rnd.IntN(60)), Place: "Nhà văn hóa " + strconv.Itoa(i), Quantity: 1 + rnd.Int64N(40), Local: rnd.Int64N(3) * 500_000}
				a.To = a.From.AddDays(rnd.IntN(3))
				if rnd.IntN(3) > 0 {
					n := rnd.Int64N(400)
					a.People = &n
				}
				var partners []string
				if rnd.IntN(5) == 0 {
					partners = append(partners, s.Here.ID)
				}
				made, err := s.Campaigns.Add(tx, policy.System("test"), a, partners)
				if err != nil {
					return err
				}
				for range rnd.IntN(3) {
					var b bytes.Buffer
					if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 20+i, 30+rnd.IntN(50))), nil); err != nil {
						return err
					}
					ref, err := s.Campaigns.Blobs.PutIn(tx, &b, blob.PutOptions{Name: fmt.Sprintf("anh-%d.jpg", i)})
					if err != nil {
						return err
					}
					if err := s.Campaigns.Attach(tx, policy.System("test"), made.ID, []blob.Ref{ref}); err != nil {
						return err
					}
					photos[made.ID]++
				}
				if rnd.IntN(9) == 0 {
					if err := s.Campaigns.Drop(tx, policy.System("test"), made.ID); err != nil {
						return err
					}
					continue
				}
				all[made.ID] = made
			}
			return nil
		})
		if err := jobs.RunAll(t.Context(), d, s.Campaigns.Jobs()); err != nil {
			t.Fatal(err)
		}
		// What the records of the enumeration of access are is known as well.
		dbtest.Read(t, d, func(tx *db.Tx) error {
			for _, id := range s.known["activity"] {
				a, err := s.Campaigns.Get(tx, policy.System("test"), id)
				if err != nil {
					return err
				}
				all[id] = a
			}
			return nil
		})
		places := map[string]string{}
		dbtest.Read(t, d, func(tx *db.Tx) error {
			var units []string
			for _, o := range append(offices, s.ThanhHoa.Committee) {
				units = append(units, o.ID)
			}
			areas, err := orgunit.ProvincesOf(tx, units)
			for _, u := range units {
				places[u] = areas[u].Bare()
			}
			return err
		})
		if places[s.ThanhHoa.ThoXuan.Committee.ID] != "Thanh Hóa" || places[s.Elsewhere.ID] != "Sơn La" || places[s.Bureau.ID] != "" {
			t.Fatalf("units lie in %v", places)
		}

		// A figure of a report leads to exactly the activities that it counts, those of the unit's divisions among them.
		for _, source := range []string{"activities.quantity", "activities.quantity kind=noi_chuyen", "activities.quantity kind=noi_chuyen,quan_triet,loa_truyen_thanh"} {
			var found report.Found
			dbtest.Read(t, d, func(tx *db.Tx) (err error) {
				found, _, err = activitiesSource(tx, s.Here.ID, report.Asked{From: civil.MustParse("2021-06-25"), To: civil.MustParse("2021-08-05")}, formdef.ParseSource(source))
				return err
			})
			rows := readCSV(t, get(strings.Replace(found.Path, "/activities?", "/activities.csv?", 1), "leader"))
			var quantity int64
			units := map[string]bool{}
			for _, r := range rows[1:] {
				quantity += num(r[5])
				units[r[14]] = true
			}
			if found.Value != formdef.IntValue(quantity) || found.Text != fmt.Sprintf("%d hoạt động", len(rows)-1) {
				t.Errorf("%s is %v of %s and leads to %d in %d activities", source, found.Value, found.Text, quantity, len(rows)-1)
			}
			if source == "activities.quantity" && len(units) != 2 {
				t.Errorf("activities of %v stand behind the report of a unit with a division", units)
			}
		}

		kind := campaign.Kinds[1].Code
		for _, c := range []struct {
			query string
			in    func(a campaign.Activity) bool
		}{
			{"", func(campaign.Activity) bool { return true }},
			{"kind=" + kind, func(a campaign.Activity) bool { return a.Kind == kind }},
			{"from=2021-07-01&to=2021-07-31", func(a campaign.Activity) bool { return a.From.Month == 7 }},
			{"unit=" + s.Here.ID, func(a campaign.Activity) bool { return a.Unit == s.Here.ID }},
			{"q=hoa+7", func(a campaign.Activity) bool { return strings.Contains(a.Place, "7") }},
		} {
			for _, role := range []string{"leader", "clerk"} {
				var want tally
				byKind, byDay, byPlace, byUnit := map[string]tally{}, map[string]tally{}, map[string]tally{}, map[string]tally{}
				var months []string
				dbtest.Read(t, d, func(tx *db.Tx) error {
					for id, a := range all {
						if _, err := s.Campaigns.Get(tx, s.Role[role], id); err != nil || !c.in(a) {
							continue
						}
						names, err := orgunit.Names(tx, []string{a.Unit})
						if err != nil {
							return err
						}
						one := tally{times: 1, cost: a.Central + a.Local + a.Aid, photos: photos[id]}
						if a.People != nil {
							one.people, one.counted = *a.People, 1
						}
						add := func(m map[string]tally, k string) {
							x := m[k]
							m[k] = tally{x.times + one.times, x.people + one.people, x.counted + one.counted, x.cost + one.cost, x.photos + one.photos}
						}
						sum := map[string]tally{"": want}
						add(sum, "")
						want = sum[""]
						add(byKind, s.Words.Text(i18n.VI, "campaign.kind."+a.Kind))
						add(byDay, a.From.String())
						add(byPlace, places[a.Unit])
						add(byUnit, names[a.Unit])
						if m := a.From.String()[:7]; !slices.Contains(months, m) {
							months = append(months, m)
						}
					}
					return nil
				})
				if want.times == 0 {
					t.Fatalf("%q shows %s nothing", c.query, role)
				}
				who := fmt.Sprintf("%s by %s", c.query, role)
				q := func(path string, more ...string) string {
					if p := strings.Join(append(more, c.query), "&"); strings.Trim(p, "&") != "" {
						return path + "?" + strings.Trim(p, "&")
					}
					return path
				}
				// Pages: the figures at the top of each view.
				for _, v := range []string{"", "/timeline", "/gallery", "/map", "/sums"} {
					page := string(get(q("/activities"+v), role))
					if got := figures(page); got["Số hoạt động"] != i18n.Int(i18n.VI, want.times) || got["Kinh phí (triệu đồng)"] != i18n.Decimal(i18n.VI, float64(want.cost)/1e6, -1) || want.counted > 0 && got["Lượt người"] != i18n.Int(i18n.VI, want.people) || got["Số đơn vị"] != strconv.Itoa(len(byUnit)) {
						t.Errorf("%s: page %q says %v, want %+v of %d units", who, v, got, want, len(byUnit))
					} else if v == "/gallery" && got["Ảnh hoạt động"] != i18n.Int(i18n.VI, want.photos) {
						t.Errorf("%s: %v photos, want %d", who, got, want.photos)
					}
				}
				// Files: each row and the last.
				for view, by := range map[string]map[string]tally{"/timeline": byDay, "/map": byPlace, "/sums": byUnit} {
					rows := readCSV(t, get(q("/activities"+view+".csv"), role))
					got := map[string]tally{}
					for _, r := range rows[1 : len(rows)-1] {
						k := r[0]
						if k == "Cơ quan trung ương" {
							k = ""
						}
						x := got[k]
						got[k] = tally{x.times + num(r[2]), x.people + num(r[6]), x.counted, x.cost + num(r[9]), 0}
					}
					for k, x := range by {
						x.counted, x.photos = 0, 0
						by[k] = x
					}
					if diff := cmp.Diff(by, got, cmp.AllowUnexported(tally{})); diff != "" {
						t.Errorf("%s: %s.csv (-want +got):\n%s", who, view, diff)
					}
					foot := rows[len(rows)-1]
					if foot[0] != "Tổng" || num(foot[2]) != want.times || num(foot[6]) != want.people || num(foot[9]) != want.cost {
						t.Errorf("%s: %s.csv ends with %q, want %+v", who, view, foot, want)
					}
				}
				if rows := readCSV(t, get(q("/activities.csv"), role)); int64(len(rows)-1) != want.times {
					t.Errorf("%s: the list has %d rows, want %d", who, len(rows)-1, want.times)
				}
				if rows := readCSV(t, get(q("/activities/gallery.csv"), role)); int64(len(rows)-1) != want.photos {
					t.Errorf("%s: the list of photos has %d rows, want %d", who, len(rows)-1, want.photos)
				}
				var times int64
				for _, m := range months {
					rows := readCSV(t, get(q("/activities/calendar.csv", "month="+m), role))
					times += num(rows[len(rows)-1][2])
				}
				if times != want.times && !strings.Contains(c.query, "from=") {
					t.Errorf("%s: the months come to %d, want %d", who, times, want.times)
				}
				// The workbook: its first sheet by kind.
				for _, v := range []string{"", "/timeline", "/calendar", "/gallery", "/map", "/sums"} {
					book := get(q("/activities"+v+".xlsx"), role)
					rows, err := sheet.Read(bytes.NewReader(book), int64(len(book)))
					if err != nil {
						t.Fatal(err)
					}
					if v != "/sums" {
						continue
					}
					got := map[string]int64{}
					for _, r := range rows {
						if len(r) > 8 {
							got[r[0]] = num(r[1])
						}
					}
					for k, x := range byKind {
						if got[k] != x.times {
							t.Errorf("%s: the workbook says %q %d, want %d", who, k, got[k], x.times)
						}
					}
					if got["Tổng"] != want.times {
						t.Errorf("%s: the workbook comes to %d, want %d", who, got["Tổng"], want.times)
					}
				}
			}
		}
	})
}

var figureIn = regexp.MustCompile(`<dt>([^<]+)</dt>\s*<dd>\s*(?:<a [^>]*>)?([^<]+?)\s*(?:</a>)?\s*</dd>`)

func figures(page string) map[string]string {
	_, page, _ = strings.Cut(page, `<dl class="stats">`)
	out := map[string]string{}
	for _, m := range figureIn.FindAllStringSubmatch(page, -1) {
		if _, ok := out[m[1]]; !ok {
			out[m[1]] = m[2]
		}
	}
	return out
}

func readCSV(t *testing.T, b []byte) [][]string {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\uFEFF"))))
	var out [][]string
	for {
		row, err := r.Read()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
}

func num(s string) int64 {
	n, _ := strconv.ParseInt(strings.NewReplacer(".", "", ",", "").Replace(s), 10, 64)
	return n
}
