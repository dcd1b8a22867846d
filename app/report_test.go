package app

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"chungtay/formbook"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/deadline"
	"chungtay/internal/sheet"
	"chungtay/policy"
	"chungtay/report"
)

const counts = `{"code": "dem", "title": {"vi": "Báo cáo số đếm", "en": "Counts"}, "sections": [{"name": "ket_qua", "outline": "I", "title": {"vi": "Kết quả", "en": "Results"}, "fields": [
{"name": "nguoi", "type": "integer", "label": {"vi": "Lượt người", "en": "Attendances"}, "unit": "luot_nguoi"},
{"name": "nu", "type": "integer", "label": {"vi": "Nữ", "en": "Women"}, "unit": "luot_nguoi"},
{"name": "ty_le", "type": "decimal", "decimals": 1, "label": {"vi": "Tỷ lệ nữ", "en": "Share"}, "unit": "phan_tram", "ratio": {"numerator": "nu", "denominator": "nguoi", "per": 100}}]}]}`

// A comparison over HTTP, as page, XLSX and CSV, has the figures that were sent, totals and rates from their parts; data.json tells "không phát
// sinh" from zero and from silence.
func TestFiguresOfReportsOverHTTP(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		srv, err := s.Server()
		if err != nil {
			t.Fatal(err)
		}
		srv.Door = s
		h := srv.Handler()
		get := func(path string) []byte {
			t.Helper()
			r := httptest.NewRequest("GET", path, nil)
			r.Header.Set("X-Role", "officer")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", path, w.Code, w.Body)
			}
			return w.Body.Bytes()
		}
		by := policy.System("test")
		units := []string{s.ThanhHoa.HacThanh.Committee.ID, s.ThanhHoa.ThoXuan.Committee.ID, s.ThanhHoa.MuongLat.Committee.ID}
		var last report.Asked
		nothing := ""
		dbtest.Write(t, d, func(tx *db.Tx) error {
			draft, err := s.Forms.Begin(tx, by, formbook.New{Unit: s.Here.ID, Code: "dem", Title: "Báo cáo số đếm"})
			if err != nil {
				return err
			}
			if err := s.Forms.Save(tx, by, draft, 1, []byte(counts)); err != nil {
				return err
			}
			return s.Forms.Publish(tx, by, draft, 2, "thử")
		})
		for year, figures := range map[string][][2]int64{"2025": {{100, 50}, {200, 50}}, "2026": {{300, 100}}} {
			dbtest.Write(t, d, func(tx *db.Tx) error {
				a, err := s.Reports.Ask(tx, by, report.New{Unit: s.Here.ID, Title: "Số đếm " + year, Form: "dem", From: civil.MustParse(year + "-01-01"), To: civil.MustParse(year + "-06-30"), Due: deadline.New(deadline.Until, civil.MustParse(year+"-07-10")), Units: units})
				if err != nil {
					return err
				}
				rows, _, err := s.Reports.List(tx, by, report.Filter{Request: a.ID, Page: 1, Size: 9})
				if err != nil {
					return err
				}
				for i, f := range figures {
					at := slices.IndexFunc(rows, func(r report.Row) bool { return r.Unit == units[i] })
					r, err := s.Reports.Start(tx, by, rows[at].ID)
					if err != nil {
						return err
					}
					if r, err = s.Reports.Save(tx, by, r.ID, r.Version, formdef.Values{"nguoi": formdef.IntValue(f[0]), "nu": formdef.IntValue(f[1])}, nil); err != nil {
						return err
					}
					if _, err := s.Reports.Submit(tx, by, r.ID, 0); err != nil {
						return err
					}
					if err := s.Reports.Approve(tx, by, r.ID, 0); err != nil {
						return err
					}
				}
				if year == "2026" {
					last = a
					at := slices.IndexFunc(rows, func(r report.Row) bool { return r.Unit == units[1] })
					nothing = rows[at].ID
					if _, err := s.Reports.Nothing(tx, by, nothing, 0); err != nil {
						return err
					}
					return s.Reports.Approve(tx, by, nothing, 0)
				}
				return nil
			})
		}

		q := "?series=dem~" + s.Here.ID + "&" + url.Values{"cell": {"nguoi", "nu", "ty_le"}}.Encode()
		if page := string(get("/compare" + q)); !strings.Contains(page, "33,3") {
			t.Error("the page has no share of a third")
		}
		book := get("/compare.xlsx" + q)
		table, err := sheet.Read(bytes.NewReader(book), int64(len(book)))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.TrimPrefix(string(get("/compare.csv"+q)), "\ufeff")
		for _, want := range []string{"300", "33.3", "25"} { // the totals of both years, their share, the share of the second commune in 2025
			if !slices.ContainsFunc(table, func(row []string) bool { return slices.Contains(row, want) }) {
				t.Errorf("the sheet has no %q: %q", want, table)
			}
			if !strings.Contains(text, want) && !strings.Contains(text, strings.ReplaceAll(want, ".", ",")) {
				t.Errorf("the file has no %q: %s", want, text)
			}
		}

		var one struct {
			Nothing bool                       `json:"nothing"`
			Values  map[string]json.RawMessage `json:"values"`
		}
		if err := json.Unmarshal(get("/reports/"+nothing+"/data.json"), &one); err != nil {
			t.Fatal(err)
		}
		if !one.Nothing || string(bytes.Join(bytes.Fields(one.Values["nguoi"]), nil)) != `{"none":true}` {
			t.Errorf("không phát sinh is told as %+v", one)
		}
		var all struct {
			Owing int
			Units []struct {
				Name    string
				Nothing bool
				Values  map[string]json.RawMessage
			}
			Missing []string
			Total   map[string]json.RawMessage
		}
		if err := json.Unmarshal(get("/requests/"+last.ID+"/data.json"), &all); err != nil {
			t.Fatal(err)
		}
		silent := len(all.Missing) == 1 && strings.Contains(all.Missing[0], "Mường Lát")
		if all.Owing != 3 || len(all.Units) != 2 || !silent || string(all.Total["nguoi"]) != "300" || string(all.Total["ty_le"]) != "33.3" {
			t.Errorf("%+v", all)
		}
		for _, u := range all.Units {
			if u.Nothing != strings.Contains(u.Name, "Thọ Xuân") {
				t.Errorf("%s: nothing %v", u.Name, u.Nothing)
			}
		}
	})
}
