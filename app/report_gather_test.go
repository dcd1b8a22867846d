package app

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/deadline"
	"chungtay/policy"
	"chungtay/report"
)

// The editor of the gathered words without scripts: opened with the pieces under their units' names, joined, taken apart again, two windows of it.
func TestEditingGatheredWords(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		srv, err := s.Server()
		if err != nil {
			t.Fatal(err)
		}
		srv.Door = s
		h := srv.Handler()
		do := func(method, path string, v url.Values) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, path, strings.NewReader(v.Encode()))
			if method == "POST" {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			r.Header.Set("X-Role", "officer")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		must := func(w *httptest.ResponseRecorder, status int, words ...string) string {
			t.Helper()
			page := html.UnescapeString(w.Body.String())
			if w.Code != status {
				t.Fatalf("status %d, want %d: %.900s", w.Code, status, page)
			}
			for _, x := range words {
				if !strings.Contains(page, x) {
					t.Errorf("the page does not say %q", x)
				}
			}
			return page
		}
		var a report.Asked
		by := policy.System("test")
		dbtest.Write(t, d, func(tx *db.Tx) (err error) {
			units := []string{s.ThanhHoa.HacThanh.Committee.ID, s.ThanhHoa.ThoXuan.Committee.ID}
			if a, err = s.Reports.Ask(tx, by, report.New{Unit: s.Here.ID, Title: "Bằng lời", Units: units, Due: deadline.New(deadline.Until, civil.MustParse("2030-12-20"))}); err != nil {
				return err
			}
			rows, _, err := s.Reports.List(tx, by, report.Filter{Request: a.ID, Page: 1, Size: 9})
			if err != nil {
				return err
			}
			for _, row := range rows {
				r, err := s.Reports.Start(tx, by, row.ID)
				if err != nil {
					return err
				}
				text := map[string]string{units[0]: "Phường đã họp", units[1]: "Xã đã mít tinh"}[r.Unit]
				if r, err = s.Reports.Save(tx, by, r.ID, r.Version, formdef.Values{"chi_dao_mo_ta": formdef.TextValue(text), "ket_qua_mo_ta": formdef.TextValue(text)}, nil); err != nil {
					return err
				}
				if _, err := s.Reports.Submit(tx, by, r.ID, 0); err != nil {
					return err
				}
				if err := s.Reports.Approve(tx, by, r.ID, 0); err != nil {
					return err
				}
			}
			return nil
		})
		list := "/requests/" + a.ID + "/narrative"
		edit := list + "/ket_qua_mo_ta"
		must(do("GET", list, nil), http.StatusOK, "Hạc Thành", "Phường đã họp", "Xã đã mít tinh", edit)
		open := func() url.Values { return form(do("GET", edit, nil).Body.String()) }
		other := open()
		f := open()
		if f.Get("text:0") == "" || f.Get("of:1") == "" || f.Get("version") != "0" {
			t.Fatalf("opens with %v", f)
		}
		f.Set("do", "save")
		f.Set("own", "Toàn tỉnh hưởng ứng")
		f.Set("join:1", "1")
		must(do("POST", edit, f), http.StatusSeeOther)
		joined := open()
		if text := joined.Get("text:0"); !strings.Contains(text, "Phường đã họp") || !strings.Contains(text, "Xã đã mít tinh") || joined.Get("of:1") != "" {
			t.Errorf("joined: %v", joined)
		}
		must(do("GET", list, nil), http.StatusOK, "Toàn tỉnh hưởng ứng", "Hạc Thành; ", "Thọ Xuân")

		other.Set("do", "save")
		other.Set("text:0", "Cửa sổ thứ hai")
		page := must(do("POST", edit, other), http.StatusConflict, "vừa sửa cùng đoạn", "Cửa sổ thứ hai", "Phường đã họp")
		again := form(page)
		again.Set("do", "save")
		must(do("POST", edit, again), http.StatusSeeOther)
		must(do("GET", list, nil), http.StatusOK, "Cửa sổ thứ hai")

		// As reported again; nothing of it can be said in another unit's name.
		f = open()
		f.Set("do", "take:0")
		must(do("POST", edit, f), http.StatusSeeOther)
		if f = open(); strings.Contains(f.Get("text:0"), "Cửa sổ") {
			t.Errorf("taken: %v", f)
		}
		f.Set("text:0", strings.Repeat("x", 12_001))
		must(do("POST", edit, f), http.StatusUnprocessableEntity, "Nhập tối đa 12.000 ký tự")
		f.Set("text:0", "x")
		for _, of := range []string{"x:1", s.Elsewhere.ID + ":1", strings.Fields(f.Get("of:0"))[0] + "7"} {
			f.Set("of:0", of)
			must(do("POST", edit, f), http.StatusNotFound)
		}
		must(do("GET", list+"/khong_co", nil), http.StatusNotFound)
	})
}
