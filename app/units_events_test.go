package app

import (
	"fmt"
	"html"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/deadline"
	"chungtay/internal/ids"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/report"
	"chungtay/task"
)

// office is the desk of an administrator of Here who writes events down, as a browser without scripts does.
type office struct{ *desk }

// eachOffice runs f on each database.
func eachOffice(t *testing.T, f func(o office)) {
	dbtest.EachWith(t, Migrations(), db.Options{}, func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		srv, err := s.Server()
		if err != nil {
			t.Fatal(err)
		}
		srv.Door = s
		f(office{&desk{s, srv.Handler()}})
	})
}

// made establishes a unit as the program does: under Here from 01/9/2025, further down from 01/3/2026.
func (o office) made(name string, kind orgunit.Kind, level orgunit.Level, superior string) orgunit.Unit {
	o.t.Helper()
	day := "2025-09-01"
	if superior != o.Here.ID {
		day = "2026-03-01"
	}
	var u orgunit.Unit
	dbtest.Write(o.t, o.Installation.DB, func(tx *db.Tx) (err error) {
		u, err = o.Installation.Units.Establish(tx, policy.System("test"), orgunit.Unit{Name: name, Kind: kind, Level: level, Superior: superior}, civil.MustParse(day), "")
		return err
	})
	return u
}

func (o office) at(id string, day string) (u orgunit.Unit) {
	o.t.Helper()
	dbtest.Read(o.t, o.Installation.DB, func(tx *db.Tx) (err error) { u, err = orgunit.At(tx, id, civil.MustParse(day)); return err })
	return u
}

// send posts to a page and returns the answer with its text.
func (o office) send(path string, v url.Values) (*httptest.ResponseRecorder, string) {
	w := o.admin("POST", path, strings.NewReader(v.Encode()), "application/x-www-form-urlencoded")
	return w, html.UnescapeString(w.Body.String())
}

// fill opens a form and writes values into its fields.
func (o office) fill(path string, values ...string) url.Values {
	o.t.Helper()
	w := o.admin("GET", path, nil, "")
	if w.Code != 200 {
		o.t.Fatalf("%s: %d", path, w.Code)
	}
	return with(form(w.Body.String()), values...)
}

// with sets fields: name, value, name, value; a day as 1/3/2026.
func with(v url.Values, values ...string) url.Values {
	for i := 0; i < len(values); i += 2 {
		name, value := values[i], values[i+1]
		if name == "on" {
			p := strings.Split(value, "/")
			v.Set("on.day", p[0])
			v.Set("on.month", p[1])
			v.Set("on.year", p[2])
			continue
		}
		if name == "units" {
			v.Add(name, value)
			continue
		}
		v.Set(name, value)
	}
	return v
}

// refused posts a form that must be refused at a field with a message, and nothing that was typed may be lost.
func (o office) refused(path string, v url.Values, field, message string) string {
	o.t.Helper()
	w, page := o.send(path, v)
	if w.Code != 422 || !strings.Contains(page, `id="f-`+field+`-error"`) || !strings.Contains(page, message) {
		at := strings.Index(page, "<h1")
		o.t.Errorf("%s: %d, want 422 with %q at %s: %.900s", path, w.Code, message, field, page[max(0, at):])
	}
	kept := form(w.Body.String())
	for name := range v {
		if name == "step" || name == "next" || name == "to" || name == "once" || name == "seen" || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_for") {
			continue
		}
		if name == "units" {
			for _, id := range v["units"] {
				if !strings.Contains(page, `value="`+id+`" checked`) {
					o.t.Errorf("%s: the choice of a unit is lost", path)
				}
			}
			continue
		}
		if html.UnescapeString(kept.Get(name)) != v.Get(name) {
			o.t.Errorf("%s: typed %s=%q, and the form comes back with %q", path, name, v.Get(name), kept.Get(name))
		}
	}
	return page
}

// previewed posts a form, sees what it will do, confirms, and returns where it leads.
func (o office) previewed(path string, v url.Values, says ...string) string {
	o.t.Helper()
	v.Set("step", "preview")
	w, page := o.send(path, v)
	if w.Code != 200 || !strings.Contains(page, "Những gì sẽ thay đổi") {
		o.t.Fatalf("%s: %d without a preview: %.900s", path, w.Code, page[max(0, strings.Index(page, "<h1")):])
	}
	for _, s := range says {
		if !strings.Contains(page, s) {
			o.t.Errorf("the preview of %s does not say %q", path, s)
		}
	}
	confirmed := with(form(w.Body.String()), "step", "do")
	confirmed["units"] = v["units"]
	w, page = o.send(path, confirmed)
	if w.Code != 303 {
		o.t.Fatalf("%s confirmed: %d: %.900s", path, w.Code, page[max(0, strings.Index(page, "<h1")):])
	}
	return w.Header().Get("Location")
}

func (o office) says(path string, want ...string) string {
	o.t.Helper()
	w := o.admin("GET", path, nil, "")
	page := html.UnescapeString(w.Body.String())
	if w.Code != 200 {
		o.t.Fatalf("%s: %d", path, w.Code)
	}
	for _, s := range want {
		if !strings.Contains(page, s) {
			o.t.Errorf("%s does not say %q", path, s)
		}
	}
	return page
}

func TestUnitsAreEstablishedAndChangedOnPages(t *testing.T) {
	eachOffice(t, func(o office) {
		at := "/units/" + o.Here.ID + "/new"
		good := []string{"name", "Phòng Nghiệp vụ Y", "kind", "phong", "level", "province", "code", "NVY.1", "phone", "0237 1", "address", "101 Nguyễn Trãi", "on", "1/3/2026", "basis", "QĐ 12/QĐ-UBND"}
		o.refused(at, o.fill(at, append(good, "name", " ", "on", "31/2/2026")...), "name", "Nhập tên đơn vị")
		o.refused(at, o.fill(at, append(good, "on", "31/2/2026")...), "on", "")
		o.refused(at, o.fill(at, append(good, "kind", "")...), "kind", "Chọn loại")
		o.refused(at, o.fill(at, append(good, "level", "central")...), "level", "ở cấp thấp hơn")
		o.refused(at, o.fill(at, append(good, "on", "1/1/1900")...), "on", "không tồn tại vào ngày này")
		w, page := o.send(at, o.fill(at, good...))
		if w.Code != 303 {
			t.Fatalf("%d %.500s", w.Code, page)
		}
		made := w.Header().Get("Location")
		o.says(made, "Phòng Nghiệp vụ Y", "NVY.1", "0237 1", "Thành lập", "QĐ 12/QĐ-UBND")
		o.refused(at, o.fill(at, append(good, "name", "Phòng khác")...), "code", "Mã NVY.1 đang được đơn vị khác dùng")
		o.refused(at, o.fill(at, append(good, "code", "NVY.2")...), "name", "đã có đơn vị Phòng Nghiệp vụ Y")

		// Renamed: both names stand in time.
		change := made + "/change"
		o.refused(change, o.fill(change, "name", "Phòng Nghiệp vụ Dược", "on", "1/2/2026"), "on", "đã có thay đổi từ")
		stale := o.fill(change, "name", "Phòng Nghiệp vụ", "on", "1/6/2026", "basis", "QĐ 77")
		if w, page := o.send(change, o.fill(change, "name", "Phòng Nghiệp vụ Dược", "on", "1/6/2026", "basis", "QĐ 77")); w.Code != 303 {
			t.Fatalf("%d %.500s", w.Code, page)
		}
		o.says(made, "Phòng Nghiệp vụ Dược", "Đổi tên", "Phòng Nghiệp vụ Y → Phòng Nghiệp vụ Dược", "QĐ 77")
		o.says(made+"?day=31/5/2026", "Phòng Nghiệp vụ Y", "Tên hiện nay: Phòng Nghiệp vụ Dược")
		if w, page := o.send(change, stale); w.Code != 409 || !strings.Contains(page, "Phòng Nghiệp vụ Dược") {
			t.Errorf("a stale change: %d", w.Code)
		}
		// Transferred with what stands under it, after a look at what goes along.
		id := strings.TrimPrefix(made, "/units/")
		below := o.made("Tổ Dược", orgunit.Division, orgunit.Province, id)
		other := o.made("Trung tâm Y tế dự phòng", orgunit.Centre, orgunit.Province, o.Here.ID)
		o.made("Trung tâm Y tế lao động", orgunit.Centre, orgunit.Province, o.Here.ID)
		moved := func(words string) url.Values {
			return o.fill(change, "superior", words, "on", "1/7/2026", "basis", "QĐ 78")
		}
		o.refused(change, moved("Không có đơn vị này"), "superior", "Không có đơn vị nào như vậy")
		o.refused(change, moved("Trung tâm Y tế"), "superior", "Có nhiều đơn vị phù hợp")
		o.refused(change, moved("Tổ Dược"), "superior", "không thể trực thuộc chính mình hoặc đơn vị cấp dưới")
		o.refused(change, moved("Phòng Nghiệp vụ Dược"), "superior", "không thể trực thuộc chính mình")
		o.refused(change, moved(o.Elsewhere.Name), "superior", "Không có đơn vị nào như vậy")
		if to := o.previewed(change, moved("y te du phong"), o.Here.Name, other.Name, "Tổ Dược"); to != made {
			t.Error("leads to", to)
		}
		if u := o.at(id, "2026-07-01"); u.Superior != other.ID {
			t.Error("not transferred")
		}
		if u := o.at(id, "2026-06-30"); u.Superior != o.Here.ID {
			t.Error("transferred before its day")
		}
		o.says("/units/"+below.ID, other.Name)
		o.says(made, "Chuyển cơ quan quản lý")
	})
}

func TestUnitsAreMergedAndTakenOverOnPages(t *testing.T) {
	eachOffice(t, func(o office) {
		old, heir := o.made("Trung tâm Bảo trợ số 1", orgunit.Centre, orgunit.Province, o.Here.ID), o.made("Trung tâm Bảo trợ số 2", orgunit.Centre, orgunit.Province, o.Here.ID)
		below, low := o.made("Tổ Công tác xã hội", orgunit.Division, orgunit.Province, old.ID), o.made("Trạm y tế", orgunit.Hospital, orgunit.Commune, o.Here.ID)
		var work string
		dbtest.Write(t, o.Installation.DB, func(tx *db.Tx) error {
			made, err := o.Tasks.Assign(tx, policy.System("test"), task.New{Issuer: o.Here.ID, Text: "Rà soát", Units: []string{old.ID}, Due: deadline.New(deadline.Until, civil.MustParse("2030-12-20"))})
			if err == nil {
				work = made[0]
			}
			return err
		})
		at := "/units/" + old.ID + "/merge"
		typed := func(words, on string) url.Values {
			return o.fill(at, "into", words, "on", on, "basis", "QĐ 5/QĐ-UBND", "note", "theo đề án", "extent", "main")
		}
		o.refused(at, typed("", "1/4/2026"), "into", "Đơn vị tiếp nhận")
		o.refused(at, typed("Trạm y tế", "1/4/2026"), "into", "khác cấp")
		o.refused(at, typed("Trung tâm Bảo trợ số 2", "1/9/2025"), "on", "đã có thay đổi từ")
		o.refused(at, typed("Trung tâm Bảo trợ số 2", "1/1/2020"), "on", "đã có thay đổi từ")
		o.refused(at, typed("Tổ Công tác xã hội", "1/4/2026"), "into", "không thể tiếp nhận")
		if to := o.previewed(at, typed("bao tro so 2", "1/4/2026"), "31/3/2026", "Trung tâm Bảo trợ số 2", "Tổ Công tác xã hội", "1 đơn vị trực thuộc chuyển sang", "theo đề án"); to != "/units/"+heir.ID {
			t.Error("leads to", to)
		}
		if o.at(old.ID, "2026-04-01").Gone != civil.MustParse("2026-03-31") || o.at(below.ID, "2026-04-01").Superior != heir.ID || o.at(below.ID, "2026-03-31").Superior != old.ID {
			t.Error("the merger did something else than its preview")
		}
		o.says("/units/"+old.ID, "Đơn vị kế thừa:", heir.Name, "QĐ 5/QĐ-UBND")
		o.says("/units/"+heir.ID, "Tiếp nhận Trung tâm Bảo trợ số 1 (phần lớn)")
		for _, event := range []string{"merge", "split", "abolish", "change", "new", "receive"} { // nothing more happens to a unit that is gone
			path := "/units/" + old.ID + "/" + event
			if w := o.admin("GET", path, nil, ""); w.Code != 409 || !strings.Contains(html.UnescapeString(w.Body.String()), "đã kết thúc hoạt động sau ngày 31/3/2026") {
				t.Errorf("GET %s of a unit that is gone: %d", event, w.Code)
			}
			if w, _ := o.send(path, url.Values{"name": {"x"}, "on.day": {"1"}, "on.month": {"5"}, "on.year": {"2026"}}); w.Code != 409 {
				t.Errorf("POST %s of a unit that is gone: %d", event, w.Code)
			}
		}
		owner := func() string {
			var x task.Task
			dbtest.Read(t, o.Installation.DB, func(tx *db.Tx) (err error) { x, err = o.Tasks.Get(tx, policy.System("test"), work); return err })
			return x.Unit
		}
		if owner() != old.ID {
			t.Error("open work moved without a takeover")
		}
		// Both owe a report: that of the old unit ends, and its page and that of the successor lead to each other.
		var asked report.Asked
		dbtest.Write(t, o.Installation.DB, func(tx *db.Tx) (err error) {
			asked, err = o.Reports.Ask(tx, policy.System("test"), report.New{Unit: o.Here.ID, Title: "Báo cáo nhanh", Due: deadline.New(deadline.Until, civil.MustParse("2030-12-20")), Units: []string{old.ID, heir.ID}})
			return err
		})
		reportOf := map[string]string{}
		dbtest.Read(t, o.Installation.DB, func(tx *db.Tx) error {
			rows, _, err := o.Reports.List(tx, o.Role["officer"], report.Filter{Request: asked.ID})
			for _, r := range rows {
				reportOf[r.Unit] = "/reports/" + r.ID
			}
			return err
		})
		take := "/units/" + old.ID + "/takeover"
		o.says(take, "Báo cáo còn phải gửi: 1", heir.Name)
		o.refused(take, url.Values{"to": {ids.New(time.Now())}}, "to", "")
		o.refused(take, url.Values{"to": {low.ID}}, "to", "không phải đơn vị kế thừa")
		w, _ := o.send(take, o.fill(take, "to", heir.ID))
		if w.Code != 303 || owner() != heir.ID {
			t.Errorf("taken over: %d, the work is of %s", w.Code, owner())
		}
		o.says("/units/"+heir.ID, "Nhận việc đang mở của Trung tâm Bảo trợ số 1")
		o.says(take, "Không có việc đang mở")
		look := func(path string, want ...string) {
			r := httptest.NewRequest("GET", path, nil)
			r.Header.Set("X-Role", "officer")
			w := httptest.NewRecorder()
			o.h.ServeHTTP(w, r)
			page := html.UnescapeString(w.Body.String())
			for _, s := range want {
				if w.Code != 200 || !strings.Contains(page, s) {
					t.Errorf("%s: %d, does not say %q", path, w.Code, s)
				}
			}
		}
		look(reportOf[old.ID], "Đã bàn giao", heir.Name+" tiếp nhận; nghĩa vụ gửi báo cáo này đã hết. Đơn vị cũ chưa viết gì", reportOf[heir.ID])
		look(reportOf[heir.ID], "Nhận bàn giao báo cáo riêng của đơn vị đã kết thúc", old.Name, reportOf[old.ID])
		look("/requests/"+asked.ID, "0/1", "Không tính 1 đơn vị đã kết thúc")
		o.says("/unit-events?kind=takeover", "Trung tâm Bảo trợ số 1 → Trung tâm Bảo trợ số 2")
	})
}

func TestUnitsReceiveSplitAndEndOnPages(t *testing.T) {
	eachOffice(t, func(o office) {
		a, b, c := o.made("Phòng A", orgunit.Division, orgunit.Province, o.Here.ID), o.made("Phòng B", orgunit.Division, orgunit.Province, o.Here.ID), o.made("Phòng C", orgunit.Division, orgunit.Province, o.Here.ID)
		x, y := o.made("Tổ X", orgunit.Division, orgunit.Province, a.ID), o.made("Tổ Y", orgunit.Division, orgunit.Province, a.ID)
		// Split: two parts at least; each unit below goes where it is said.
		at := "/units/" + a.ID + "/split"
		o.refused(at, o.fill(at, "units", b.ID, "on", "1/4/2026", "basis", "QĐ 6"), "units", "Chọn ít nhất hai đơn vị")
		o.refused(at, o.fill(at, "on", "1/4/2026", "basis", "QĐ 6"), "units", "")
		o.previewed(at, o.fill(at, "units", b.ID, "units", c.ID, "on", "1/4/2026", "basis", "QĐ 6", "main", c.ID, "takes."+x.ID, b.ID), "Phòng B", "Phòng C", "Tổ X", "Tổ Y")
		if o.at(x.ID, "2026-04-01").Superior != b.ID || o.at(y.ID, "2026-04-01").Superior != c.ID {
			t.Error("the split did something else than was said")
		}
		o.says("/units/"+a.ID, "Chia, tách thành Phòng B (một phần), Phòng C (phần lớn)")
		// Receive: several at once, a unit merges into one of its kind beside it.
		at = "/units/" + b.ID + "/receive"
		o.refused(at, o.fill(at, "on", "1/5/2026"), "units", "")
		o.previewed(at, o.fill(at, "units", c.ID, "on", "1/5/2026", "basis", "QĐ 7"), "Phòng C", "Tổ Y")
		if o.at(y.ID, "2026-05-01").Superior != b.ID || o.at(c.ID, "2026-05-01").Gone.IsZero() {
			t.Error("not received")
		}
		// Abolished: not while bodies stand under it; its inner divisions end with it.
		at = "/units/" + b.ID + "/abolish"
		o.refused(at, o.fill(at, "on", "1/6/2026", "basis", "QĐ 8"), "on", "Còn 2 đơn vị trực thuộc")
		for _, u := range []orgunit.Unit{x, y} {
			end := "/units/" + u.ID + "/abolish"
			o.previewed(end, o.fill(end, "on", "1/6/2026", "basis", "QĐ 8"), u.Name)
		}
		if to := o.previewed(at, o.fill(at, "on", "1/6/2026", "basis", "QĐ 8"), "Phòng B", "31/5/2026"); to != "/units/"+b.ID {
			t.Error("leads to", to)
		}
		o.says("/units/"+b.ID, "Giải thể", "QĐ 8")
		// Somebody else was quicker: the preview is shown anew, nothing is done twice.
		d, e := o.made("Phòng D", orgunit.Division, orgunit.Province, o.Here.ID), o.made("Phòng E", orgunit.Division, orgunit.Province, o.Here.ID)
		late := o.fill("/units/"+d.ID+"/merge", "into", "Phòng E", "on", "1/7/2026", "extent", "whole", "step", "preview")
		o.previewed("/units/"+d.ID+"/abolish", o.fill("/units/"+d.ID+"/abolish", "on", "1/7/2026"), d.Name)
		if w, _ := o.send("/units/"+d.ID+"/merge", late); w.Code != 409 {
			t.Errorf("a merger of what has gone meanwhile: %d", w.Code)
		}
		if !o.at(e.ID, "2026-08-01").Gone.IsZero() {
			t.Error("it ended too")
		}
	})
}

// The tree of a province of 650 units is one page: every unit stands on it, folded as a browser does by itself, without a script and without another
// request.
func TestTheTreeOfAProvinceIsOnePage(t *testing.T) {
	eachOffice(t, func(o office) {
		table := [][]string{{"Tên đơn vị", "Loại", "Cấp", "Mã cơ quan cấp trên"}}
		for i := range 650 {
			table = append(table, []string{fmt.Sprintf("Trạm số %d", i+1), "khac", "commune", o.Above.ID})
		}
		dbtest.Write(t, o.Installation.DB, func(tx *db.Tx) error {
			_, left, err := o.Installation.Units.ImportSome(tx, policy.System("test"), table, civil.MustParse("2026-03-01"), "", 1000)
			if left != 0 {
				t.Error("rows left:", left)
			}
			return err
		})
		began := time.Now()
		page := o.says("/unit-tree?at="+o.Above.ID, "Trạm số 1<", "Trạm số 650<", o.Here.Name, o.Below.Name)
		took := time.Since(began)
		var below int
		dbtest.Read(t, o.Installation.DB, func(tx *db.Tx) error {
			list, err := orgunit.Below(tx, o.Above.ID, civil.Of(tx.Now))
			below = len(list)
			return err
		})
		tree := page[strings.Index(page, "<main"):strings.Index(page, "</main")]
		if n := strings.Count(tree, `href="/units/`); n < below-1 || below < 650 {
			t.Errorf("%d of %d units stand in the tree", n, below)
		}
		if !strings.Contains(tree, "<details") {
			t.Error("the tree does not fold")
		}
		t.Logf("%d units, %d KB, %s", below, len(page)>>10, took.Round(time.Millisecond))
	})
}

// A xã became a phường: the page of the area offers its units the new name, shows what each would be called and by which paper, and refuses at
// the field what cannot be.
func TestUnitsAreRenamedAfterTheirArea(t *testing.T) {
	eachOffice(t, func(o office) {
		area := orgunit.AreaOf("commune:2025:26485")
		var ward orgunit.Area
		dbtest.Write(t, o.Installation.DB, func(tx *db.Tx) (err error) {
			if _, err = orgunit.LoadAreas(tx); err != nil {
				return err
			}
			ward, err = orgunit.AreaOn(tx, area, civil.MustParse("2026-05-01"))
			return err
		})
		xa, phuong := "Trạm Y tế xã "+ward.Bare(), "Trạm Y tế phường "+ward.Bare()
		var u orgunit.Unit
		dbtest.Write(t, o.Installation.DB, func(tx *db.Tx) (err error) {
			u, err = o.Installation.Units.Establish(tx, policy.System("test"), orgunit.Unit{Name: xa, Kind: orgunit.Hospital, Level: orgunit.Commune, Superior: o.Here.ID, Area: area}, civil.MustParse("2025-09-01"), "")
			return err
		})
		at := "/areas/" + area + "/rename"
		o.says("/areas", "Có đơn vị còn mang tên cũ của địa bàn", ward.Name+" (1 đơn vị)")
		o.says(at, phuong, "hiện nay: "+xa, "Nghị quyết 237/NQ-UBTVQH16")
		good := func(values ...string) url.Values { return o.fill(at, append([]string{"units", u.ID}, values...)...) }
		o.refused(at, good("basis", " "), "basis", "")
		o.refused(at, good("on", "29/4/2026"), "on", "mang tên này từ 30/4/2026")
		o.refused(at, good("on", "31/4/2026"), "on", "")
		none := o.fill(at)
		none.Del("units")
		o.refused(at, none, "units", "")
		stale := good()
		if w, page := o.send(at, good()); w.Code != 303 {
			t.Fatalf("%d %.900s", w.Code, page[max(0, strings.Index(page, "<h1")):])
		}
		o.says("/units/"+u.ID, phuong, "Đổi tên", xa+" → "+phuong, "Nghị quyết 237/NQ-UBTVQH16")
		o.says("/units/"+u.ID+"?day=29/4/2026", xa, "Tên hiện nay: "+phuong)
		if w, _ := o.send(at, stale); w.Code != 422 {
			t.Errorf("renamed twice: %d", w.Code)
		}
		o.says(at, "Không có đơn vị nào của "+ward.Name+" mang tên cũ")
		if strings.Contains(o.says("/areas"), "mang tên cũ") {
			t.Error("still said to wait")
		}
	})
}
