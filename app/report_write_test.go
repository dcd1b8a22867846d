package app

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"chungtay/doctext"
	"chungtay/formbook"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/deadline"
	"chungtay/internal/sheet"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/report"
)

const told = `{"code": "loi_ke", "title": {"vi": "Báo cáo ngắn", "en": "Short report"}, "sections": [{"name": "ket_qua", "outline": "I", "title": {"vi": "Kết quả", "en": "Results"}, "fields": [
{"name": "nguoi", "type": "integer", "label": {"vi": "Lượt người", "en": "Attendances"}, "unit": "luot_nguoi"},
{"name": "kho_khan", "type": "narrative", "outline": "II", "label": {"vi": "Khó khăn", "en": "Difficulties"}, "max_length": 200}]}]}`

// desktop drives the server without scripts as an officer of the scene.
type desktop struct {
	*scene
	t testing.TB
	h http.Handler
}

func newDesktop(t *testing.T, d *db.DB) *desktop {
	s := newScene(t, d)
	srv, err := s.Server()
	if err != nil {
		t.Fatal(err)
	}
	srv.Door = s
	return &desktop{s, t, srv.Handler()}
}

func (d *desktop) do(method, path string, v url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(v.Encode()))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("X-Role", "officer")
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, r)
	return w
}

// as opens a page in another role than the officer's.
func (d *desktop) as(role, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("X-Role", role)
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, r)
	return w
}

// must returns the page of an answer; a word that begins with "!" must not be in it.
func (d *desktop) must(w *httptest.ResponseRecorder, status int, words ...string) string {
	d.t.Helper()
	page := html.UnescapeString(w.Body.String())
	if w.Code != status {
		d.t.Fatalf("status %d, want %d: %.900s", w.Code, status, page)
	}
	for _, x := range words {
		if not, ok := strings.CutPrefix(x, "!"); ok == strings.Contains(page, strings.TrimPrefix(x, "!")) {
			d.t.Errorf("the page says %q: %v", not, ok)
		}
	}
	return page
}

// asked lets the unit above ask Here for a report by a form; it returns the report Here owes.
func (d *desktop) asked(form, year string) (a report.Asked, owed string) {
	d.t.Helper()
	by := policy.System("test")
	dbtest.Write(d.t, d.World.DB, func(tx *db.Tx) (err error) {
		if a, err = d.Reports.Ask(tx, by, report.New{Unit: d.Above.ID, Title: "Báo cáo ngắn " + year, Form: form, From: civil.MustParse(year + "-01-01"), To: civil.MustParse(year + "-06-30"), Due: deadline.New(deadline.Until, civil.MustParse(year+"-07-10")), Signed: true, Units: []string{d.Here.ID}}); err != nil {
			return err
		}
		rows, _, err := d.Reports.List(tx, by, report.Filter{Request: a.ID, Page: 1, Size: 9})
		if err == nil {
			owed = rows[0].ID
		}
		return err
	})
	return a, owed
}

// sent sends and, if wanted, approves a report by a form.
func (d *desktop) sent(id string, v formdef.Values, approve bool) {
	d.t.Helper()
	by := policy.System("test")
	dbtest.Write(d.t, d.World.DB, func(tx *db.Tx) error {
		r, err := d.Reports.Start(tx, by, id)
		if err != nil {
			return err
		}
		if r, err = d.Reports.Save(tx, by, id, r.Version, v, nil); err != nil {
			return err
		}
		if _, err = d.Reports.Submit(tx, by, id, 0); err != nil || !approve {
			return err
		}
		return d.Reports.Approve(tx, by, id, 0)
	})
}

// publish makes a form of Here.
func (d *desktop) publish(code, title, definition string) {
	d.t.Helper()
	by := policy.System("test")
	dbtest.Write(d.t, d.World.DB, func(tx *db.Tx) error {
		draft, err := d.Forms.Begin(tx, by, formbook.New{Unit: d.Here.ID, Code: code, Title: title})
		if err != nil {
			return err
		}
		if err := d.Forms.Save(tx, by, draft, 1, []byte(definition)); err != nil {
			return err
		}
		return d.Forms.Publish(tx, by, draft, 2, "thử")
	})
}

// A report as a browser without scripts writes it: last year's words are offered and taken over, sent twice it is sent once, other content
// under the same key is refused; what changed since it was sent and the former deadline are said; the paper takes the number the clerk gave.
func TestAReportIsWrittenWithoutScripts(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, db_ *db.DB) {
		d := newDesktop(t, db_)
		d.publish("loi_ke", "Báo cáo ngắn", told)
		_, before := d.asked("loi_ke", "2025")
		d.sent(before, formdef.Values{"nguoi": formdef.IntValue(100), "kho_khan": formdef.TextValue("Địa bàn rộng, đường xấu.")}, true)
		_, id := d.asked("loi_ke", "2026")
		edit := "/reports/" + id + "/edit"
		open := func() url.Values { // the form of the report alone: other forms of the page have keys of their own
			page := d.do("GET", edit, nil).Body.String()
			_, page, _ = strings.Cut(page, "data-autosave=")
			page, _, _ = strings.Cut(page, "</form>")
			return form(page)
		}
		dbtest.Write(t, d.World.DB, func(tx *db.Tx) error {
			return d.Reports.Extend(tx, policy.System("test"), id, deadline.New(deadline.Until, civil.MustParse("2026-12-20")), "mưa lũ")
		})
		d.must(d.do("POST", "/reports/"+id+"/start", nil), http.StatusSeeOther)
		d.must(d.do("GET", edit, nil), http.StatusOK, "Lời của kỳ trước (Kỳ đến 30/6/2025)", "Địa bàn rộng, đường xấu.", `name="take" value="kho_khan"`)

		f := open()
		f.Set("v.nguoi", "120")
		f.Set("v.kho_khan", "Năm nay khá hơn.")
		f.Set("take", "kho_khan")
		d.must(d.do("POST", edit, f), http.StatusSeeOther)
		f = open()
		if got := f.Get("v.kho_khan"); got != "Năm nay khá hơn.\nĐịa bàn rộng, đường xấu." || f.Get("v.nguoi") != "120" {
			t.Errorf("taken over: %q, %q", got, f.Get("v.nguoi"))
		}
		for _, at := range []string{"nguoi", "khong_co"} { // figures are not words
			g := open()
			g.Set("take", at)
			d.must(d.do("POST", edit, g), http.StatusNotFound)
		}

		f = open()
		f.Set("v.kho_khan", strings.Repeat("x", 201))
		f.Set("do", "submit")
		d.must(d.do("POST", edit, f), http.StatusUnprocessableEntity, "200") // refused: the key is still free
		f.Set("v.kho_khan", "Đường xấu.")
		where := ""
		for range 2 { // a line that broke before the answer came
			w := d.do("POST", edit, f)
			d.must(w, http.StatusSeeOther)
			if where = w.Header().Get("Location"); where != "/reports/"+id {
				t.Errorf("answered with %q", where)
			}
		}
		f.Set("v.nguoi", "999")
		d.must(d.do("POST", edit, f), http.StatusConflict, "nội dung khác")
		kept := func() (n int) {
			dbtest.Read(t, d.World.DB, func(tx *db.Tx) (err error) {
				n, err = db.One[int](tx, `SELECT COUNT(*) FROM report_submission WHERE report_id = $1`, id)
				return err
			})
			return n
		}
		dbtest.Write(t, d.World.DB, func(tx *db.Tx) error { _, err := d.Reports.Submit(tx, d.Role["leader"], id, 0); return err })
		if n := kept(); n != 1 {
			t.Errorf("%d submissions, want 1", n)
		}

		// The number of the paper.
		d.must(d.do("GET", where+"/paper", nil), http.StatusOK, "Số văn bản", "!47/BC-")
		d.must(d.do("GET", where+"/paper?number=47", nil), http.StatusOK, "47/BC-", "paper.docx?number=47")
		for _, bad := range []string{"abc", "0", "-3", "100000"} {
			d.must(d.do("GET", where+"/paper?number="+bad, nil), http.StatusOK, "Nhập số từ 1 đến 99999", `value="`+bad+`"`, "!paper.docx?number")
		}
		for ext, want := range map[string]bool{"?number=47": true, "": false, "?number=abc": false} {
			w := d.do("GET", where+"/paper.docx"+ext, nil)
			d.must(w, http.StatusOK)
			x, err := doctext.Extract(context.Background(), bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()), "a.docx", doctext.Options{NoOCR: true})
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(x.Plain, "Số: 47/") != want {
				t.Errorf("paper.docx%s: %.200s", ext, x.Plain)
			}
		}

		d.must(d.do("GET", where, nil), http.StatusOK, "Hạn trước khi gia hạn", "10/7/2026", "mưa lũ", "!ô thay đổi")
		by := policy.System("test")
		dbtest.Write(t, d.World.DB, func(tx *db.Tx) error {
			return d.Reports.Return(tx, by, id, 1, "Kiểm tra lại", []report.CellNote{{Cell: "nguoi", Text: "Năm trước 100"}})
		})
		d.must(d.do("GET", edit, nil), http.StatusOK, "Năm trước 100")
		d.sent(id, formdef.Values{"nguoi": formdef.IntValue(130), "kho_khan": formdef.TextValue("Đường xấu.")}, false)
		d.must(d.do("GET", where, nil), http.StatusOK, "So với lần gửi trước có 1 ô thay đổi")
		d.must(d.do("GET", where+"/versions", nil), http.StatusOK, "Lần 1 so với lần 2", "Lượt người", "120", "130", "!Khó khăn")
	})
}

// What a program takes of a consolidation: the words on each question with their units and submissions, as they stand and as they were frozen.
// A figure far from the others is pointed out on the page.
func TestWordsAndOutliersOfAConsolidation(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, db_ *db.DB) {
		d := newDesktop(t, db_)
		d.publish("loi_ke", "Báo cáo ngắn", told)
		by := policy.System("test")
		offices := []string{d.ThanhHoa.HacThanh.Committee.ID, d.ThanhHoa.ThoXuan.Committee.ID, d.ThanhHoa.MuongLat.Committee.ID, d.Below.ID, d.SonLa.MaiSon.Committee.ID}
		var a report.Asked
		ids := map[string]string{}
		dbtest.Write(t, d.World.DB, func(tx *db.Tx) (err error) {
			if a, err = d.Reports.Ask(tx, by, report.New{Unit: d.Here.ID, Title: "Báo cáo ngắn", Form: "loi_ke", Due: deadline.New(deadline.Until, civil.MustParse("2030-07-10")), Units: offices}); err != nil {
				return err
			}
			rows, _, err := d.Reports.List(tx, by, report.Filter{Request: a.ID, Page: 1, Size: 9})
			for _, r := range rows {
				ids[r.Unit] = r.ID
			}
			return err
		})
		for i, u := range offices {
			v := formdef.Values{"nguoi": formdef.IntValue(int64(20 + i))}
			switch i {
			case 0:
				v["nguoi"], v["kho_khan"] = formdef.IntValue(900), formdef.TextValue("Phường đông người thuê trọ.")
			case 1:
				v["kho_khan"] = formdef.TextValue("Xã thiếu kinh phí.")
			}
			d.sent(ids[u], v, true)
		}
		page := d.must(d.do("GET", "/requests/"+a.ID+"/matrix", nil), http.StatusOK, "khác xa các đơn vị khác")
		if n := strings.Count(page, "khác xa các đơn vị khác"); n != 2 {
			t.Errorf("%d figures are pointed out, want the one of 900, in the table and in the list above it", n)
		}

		type piece struct {
			Text string
			From []struct {
				Unit, Name string
				Submission int
			}
		}
		type words struct {
			Narrative []struct {
				Field, Outline, Title, Own string
				Version                    int
				Pieces                     []piece
			}
		}
		read := func(query string) (w words) {
			t.Helper()
			if err := json.Unmarshal(d.do("GET", "/requests/"+a.ID+"/data.json"+query, nil).Body.Bytes(), &w); err != nil {
				t.Fatal(err)
			}
			if len(w.Narrative) != 1 || w.Narrative[0].Field != "kho_khan" || w.Narrative[0].Outline != "II" || w.Narrative[0].Title != "Khó khăn" {
				t.Fatalf("questions: %+v", w)
			}
			return w
		}
		said := func(w words) (out []string) {
			for _, p := range w.Narrative[0].Pieces {
				var who []string
				for _, f := range p.From {
					if !slices.Contains(offices, f.Unit) || f.Submission != 1 {
						t.Errorf("a piece comes from %+v", f)
					}
					who = append(who, f.Name[strings.LastIndex(f.Name, " ")+1:])
				}
				out = append(out, strings.Join(who, "+")+": "+p.Text)
			}
			return out
		}
		asReported := []string{"Thành: Phường đông người thuê trọ.", "Xuân: Xã thiếu kinh phí."}
		if w := read(""); !slices.Equal(said(w), asReported) || w.Narrative[0].Version != 0 {
			t.Errorf("as reported: %q", said(w))
		}
		d.must(d.do("POST", "/requests/"+a.ID+"/freeze", nil), http.StatusSeeOther)
		edit := "/requests/" + a.ID + "/narrative/kho_khan"
		f := form(d.do("GET", edit, nil).Body.String())
		f.Set("own", "Toàn tỉnh:")
		f.Set("join:1", "1")
		f.Set("do", "save")
		d.must(d.do("POST", edit, f), http.StatusSeeOther)
		joined := []string{"Thành+Xuân: Phường đông người thuê trọ.\nXã thiếu kinh phí."}
		if w := read(""); !slices.Equal(said(w), joined) || w.Narrative[0].Own != "Toàn tỉnh:" || w.Narrative[0].Version != 1 {
			t.Errorf("edited: %+v", w)
		}
		if w := read("?frozen=1"); !slices.Equal(said(w), asReported) {
			t.Errorf("frozen before it was edited: %q", said(w))
		}
		d.must(d.do("POST", "/requests/"+a.ID+"/freeze", nil), http.StatusSeeOther)
		if w := read("?frozen=2"); !slices.Equal(said(w), joined) || w.Narrative[0].Version != 1 {
			t.Errorf("frozen after: %+v", w)
		}
	})
}

// Who has sent, who is late and who had nothing is one number on the page of a request, in its list of units, in the table, on the leaders' page,
// in the list of requests and in the file of units.
func TestProgressIsOneNumberEverywhere(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, db_ *db.DB) {
		d := newDesktop(t, db_)
		d.publish("loi_ke", "Báo cáo ngắn", told)
		by := policy.System("test")
		units := []string{d.ThanhHoa.HacThanh.Committee.ID, d.ThanhHoa.ThoXuan.Committee.ID, d.ThanhHoa.MuongLat.Committee.ID, d.Below.ID, d.SonLa.MaiSon.Committee.ID}
		ids := map[string]string{}
		var a report.Asked
		dbtest.Write(t, d.World.DB, func(tx *db.Tx) (err error) {
			if a, err = d.Reports.Ask(tx, by, report.New{Unit: d.Here.ID, Title: "Báo cáo về tiến độ", Form: "loi_ke", Due: deadline.New(deadline.Until, civil.Of(tx.Now).AddDays(-3)), Units: units}); err != nil {
				return err
			}
			rows, _, err := d.Reports.List(tx, by, report.Filter{Request: a.ID, Page: 1, Size: 9})
			for _, r := range rows {
				ids[r.Unit] = r.ID
			}
			return err
		})
		d.sent(ids[units[0]], formdef.Values{"nguoi": formdef.IntValue(5)}, true)
		d.sent(ids[units[1]], formdef.Values{"nguoi": formdef.IntValue(6)}, false)
		d.sent(ids[units[2]], formdef.Values{"nguoi": formdef.IntValue(7)}, false)
		dbtest.Write(t, d.World.DB, func(tx *db.Tx) error {
			if err := d.Reports.Return(tx, by, ids[units[2]], 1, "sửa", nil); err != nil {
				return err
			}
			if _, err := d.Reports.Nothing(tx, by, ids[units[3]], 0); err != nil {
				return err
			}
			return d.Reports.Approve(tx, by, ids[units[3]], 0)
		})
		page := "/requests/" + a.ID
		d.must(d.do("GET", page, nil), http.StatusOK, "4/5", "Không phát sinh: 1 đơn vị", "Nhắc 1 đơn vị quá hạn")
		d.must(d.do("GET", page+"/matrix", nil), http.StatusOK, "2/5 đơn vị có báo cáo đã duyệt")
		d.must(d.do("GET", page+"/summary", nil), http.StatusOK, "4/5 cơ quan, đơn vị đã gửi báo cáo, 2 báo cáo đã duyệt, 1 đơn vị trả lời không phát sinh", "Quá hạn chưa gửi (1)")
		d.must(d.do("GET", "/requests?q=tien+do", nil), http.StatusOK, "4/5")
		want := map[string]int{"approved": 2, "submitted": 1, "returned": 1, "none": 1, "late": 5, "missing": 1, "nothing": 1}
		for state, n := range want {
			w := d.do("GET", page+"/units.xlsx?state="+state, nil)
			d.must(w, http.StatusOK)
			rows, err := sheet.Read(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
			if err != nil {
				t.Fatal(err)
			}
			listed := d.must(d.do("GET", page+"?state="+state, nil), http.StatusOK)
			in := 0
			for _, u := range units {
				name := ""
				dbtest.Read(t, d.World.DB, func(tx *db.Tx) error {
					names, err := orgunit.Names(tx, []string{u})
					name = names[u]
					return err
				})
				inFile := slices.ContainsFunc(rows, func(r []string) bool { return len(r) > 0 && r[0] == name })
				if inFile {
					in++
				}
				if onPage := strings.Contains(listed, "/reports/"+ids[u]); onPage != inFile {
					t.Errorf("%s, %s: on the page %v, in the file %v", state, name, onPage, inFile)
				}
			}
			if in != n {
				t.Errorf("%s: the file has %d units, want %d", state, in, n)
			}
		}
	})
}
