package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/jobs"
	"chungtay/internal/sheet"
	"chungtay/orgunit"
	"chungtay/policy"
)

// admin is an administrator of the desk's office at the pages of units.
func (d *desk) admin(method, path string, body io.Reader, typ string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	if typ != "" {
		r.Header.Set("Content-Type", typ)
	}
	r.Header.Set("X-Role", "administrator")
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, r)
	return w
}

// sendList sends a list of units and returns the answer.
func (d *desk) sendList(list, day string) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range map[string]string{"on.day": day, "on.month": "11", "on.year": "2026", "basis": "QĐ 9/QĐ-UBND"} {
		m.WriteField(k, v)
	}
	w, _ := m.CreateFormFile("file", "đơn vị.csv")
	io.WriteString(w, list)
	m.Close()
	return d.admin("POST", "/unit-import", &b, m.FormDataContentType())
}

// A list of units on the pages: bad rows are shown and keep it out; a good list is looked at, confirmed, carried out once by a job; what was
// exported changes nothing.
func TestListOfUnitsOnPages(t *testing.T) {
	d := newDesk(t)
	d.Installation.Units.Actor = func(tx *db.Tx, person string) (policy.Actor, error) {
		return policy.Actor{Person: person, Unit: d.Here.ID, Grants: []policy.Grant{{Role: "administrator", Unit: d.Here.ID, Below: true, Permissions: d.Installation.Book.Permissions("administrator")}}}, nil
	}
	here := d.Here.ID
	head := "Tên đơn vị;Loại;Cấp;Mã cơ quan cấp trên;Mã đơn vị;Điện thoại\n"
	text := func(w *httptest.ResponseRecorder, code int, want ...string) string {
		t.Helper()
		page := w.Body.String()
		if w.Code != code {
			t.Fatalf("%d, want %d: %.600s", w.Code, code, page)
		}
		for _, s := range want {
			if !strings.Contains(page, s) {
				t.Errorf("misses %q", s)
			}
		}
		return page
	}
	text(d.sendList("Cột;Khác\n1;2\n", "20"), 422, "Tệp chưa có dòng tiêu đề cột", "QĐ 9/QĐ-UBND")
	text(d.sendList(head, "31"), 422)
	bad := d.sendList(head+"Trạm A;khac;commune;KHONGCO;;\nTrạm B;khac;commune;"+d.Elsewhere.ID+";;\n", "20").Header().Get("Location")
	text(d.admin("GET", bad, nil, ""), 200, "Sửa 2 trong 2 dòng", "Không tìm thấy cơ quan cấp trên “KHONGCO”", "Bạn không được sửa đơn vị ở đây")
	text(d.admin("POST", bad+"/go", strings.NewReader(""), "application/x-www-form-urlencoded"), 422, "Sửa 2 dòng chưa nhập được")

	at := d.sendList(head+"Trạm A;khac;commune;"+here+";TA;'+84 1\nTrạm A1;khac;commune;TA;;\n", "20").Header().Get("Location")
	if at == "" {
		t.Fatal("the list did not come in")
	}
	page := text(d.admin("GET", at, nil, ""), 200, "Mọi dòng đều nhập được: 2 đơn vị mới", "Nhập 2 đơn vị", "Trạm A1")
	if d.get(at).Code == 200 {
		t.Error("a clerk sees the list")
	}
	for range 2 { // the button pressed twice
		text(d.admin("POST", at+"/go", strings.NewReader(url.Values{"once": form(page)["once"]}.Encode()), "application/x-www-form-urlencoded"), 303)
	}
	text(d.admin("GET", at, nil, ""), 200, "Đang nhập danh mục")
	d.work()
	text(d.admin("GET", at, nil, ""), 200, "Đã nhập: 2 đơn vị mới")
	text(d.admin("POST", at+"/go", strings.NewReader(""), "application/x-www-form-urlencoded"), 303)
	var found []orgunit.Unit
	if err := d.Installation.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		found, _, err = orgunit.Search(tx, orgunit.Filter{Words: "Trạm A", Size: 10})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(found) != 2 || found[0].Name != "Trạm A" || found[0].Phone != "+84 1" || found[1].Superior != found[0].ID {
		t.Errorf("%+v", found)
	}
	out := d.admin("GET", "/unit-export?as=csv&under="+here, nil, "")
	list := text(out, 200, "Trạm A1", "'+84 1")
	again := d.sendList(list, "24").Header().Get("Location")
	if page := text(d.admin("GET", again, nil, ""), 200, "0 đơn vị mới, 0 thay đổi"); strings.Contains(page, "/go") {
		t.Error("what was exported wants to change something")
	}
}

// An import that fails between two steps keeps what is in, says so, and goes on where it stopped: nothing comes in twice.
func TestAnImportGoesOnWhereItStopped(t *testing.T) {
	d := newDesk(t)
	steps, fails := 0, true
	d.Installation.Units.Actor = func(tx *db.Tx, person string) (policy.Actor, error) {
		if steps++; steps == 2 && fails {
			return policy.Actor{}, errors.New("the line to the database was cut")
		}
		return policy.Actor{Person: person, Unit: d.Here.ID, Grants: []policy.Grant{{Role: "administrator", Unit: d.Here.ID, Below: true, Permissions: d.Installation.Book.Permissions("administrator")}}}, nil
	}
	list := "Tên đơn vị;Loại;Cấp;Mã cơ quan cấp trên\n"
	for i := range 2500 {
		list += fmt.Sprintf("Tổ dân phố số %d;khac;commune;%s\n", i+1, d.Here.ID)
	}
	at := d.sendList(list, "20").Header().Get("Location")
	count := func() (n int) {
		dbtest.Read(t, d.Installation.DB, func(tx *db.Tx) (err error) {
			n, err = db.One[int](tx, `SELECT COUNT(*) FROM orgunit_version WHERE name LIKE 'Tổ dân phố số %'`)
			return err
		})
		return n
	}
	d.admin("POST", at+"/go", strings.NewReader(""), "application/x-www-form-urlencoded")
	kinds, _ := d.Jobs()
	if err := jobs.RunAll(t.Context(), d.Installation.DB, kinds); err == nil || count() != 1000 {
		t.Fatalf("after a step and a failure there are %d units: %v", count(), err)
	}
	// The person, who does not want to wait for the next try, is told how it stands and presses the button again.
	page := d.admin("GET", at, nil, "").Body.String()
	if !strings.Contains(page, "Đang nhập danh mục") && !strings.Contains(page, "1000 giữ nguyên") {
		t.Errorf("%.900s", page)
	}
	fails = false
	dbtest.Write(t, d.Installation.DB, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE job SET due_at = created_at WHERE state = 'waiting'`)
		return err
	})
	if err := jobs.RunAll(t.Context(), d.Installation.DB, kinds); err != nil || count() != 2500 {
		t.Fatalf("gone on: %d units: %v", count(), err)
	}
	if page := d.admin("GET", at, nil, "").Body.String(); !strings.Contains(page, "Đã nhập: 2.500 đơn vị mới") {
		t.Errorf("%.900s", page)
	}
	// What is taken for the template of a list is one: it can be sent back, and what is written into it comes in.
	w := d.admin("GET", "/unit-import/template.xlsx", nil, "")
	table, err := sheet.Read(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	heads := table[len(table)-1]
	row := make([]string, len(heads))
	for i, h := range heads {
		row[i] = map[string]string{"Tên đơn vị": "Trạm mới", "Loại": "Khác", "Cấp": "Xã", "Mã cơ quan cấp trên": d.Here.ID}[h]
	}
	dbtest.Read(t, d.Installation.DB, func(tx *db.Tx) error {
		p, err := d.Installation.Units.PlanImport(tx, policy.System("test"), append(table, row), civil.Of(tx.Now))
		if err != nil || p.Count[orgunit.RowNew] != 1 {
			t.Errorf("%+v %v", p.Count, err)
		}
		return nil
	})
}
