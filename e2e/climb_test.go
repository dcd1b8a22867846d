package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chungtay/doctext"
	"chungtay/formbook"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/sheet"
	"chungtay/policy"
	"chungtay/report"
)

// rally is a small form whose figures come from the log of activities.
const rally = `{"code": "mit_tinh_thu", "title": {"vi": "Báo cáo kết quả mít tinh", "en": "Report on rallies"}, "sections": [{"name": "ket_qua", "outline": "I", "title": {"vi": "Kết quả", "en": "Results"}, "fields": [
{"name": "so", "type": "integer", "label": {"vi": "Cuộc mít tinh", "en": "Rallies"}, "unit": "cuoc", "required": true, "source": "activities.quantity kind=mit_tinh"},
{"name": "nguoi", "type": "integer", "label": {"vi": "Lượt người dự", "en": "Attendances"}, "unit": "luot_nguoi", "required": true, "source": "activities.people kind=mit_tinh"},
{"name": "nu", "type": "integer", "label": {"vi": "Lượt người nữ", "en": "Women"}, "unit": "luot_nguoi", "required": true, "source": "activities.women kind=mit_tinh"},
{"name": "ty_le", "type": "decimal", "decimals": 1, "label": {"vi": "Tỷ lệ nữ", "en": "Share of women"}, "unit": "phan_tram", "ratio": {"numerator": "nu", "denominator": "nguoi", "per": 100}},
{"name": "mo_ta", "type": "narrative", "outline": "I", "label": {"vi": "Nhận xét", "en": "Remarks"}, "max_length": 2000, "required": true}]}]}`

// What two communes type on a phone is in the files the province takes home: logged as activities, opened filled in their reports, approved
// and consolidated by the body above, and again by the province.
func TestFiguresClimbFromCommuneToProvince(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	unit := func(name string) string { return s.fill(t, "{unit "+name+"}") }
	ministry, province, dept := unit("Bộ Công an"), unit("Ủy ban nhân dân tỉnh Sơn La"), unit("Sở Y tế tỉnh Sơn La")
	type commune struct {
		login, unit, people, women string
	}
	communes := []*commune{{login: "bacyen.cv", unit: unit("Ủy ban nhân dân xã Bắc Yên"), people: "1.250", women: "640"}, {login: "binhthuan.cv", unit: unit("Ủy ban nhân dân xã Bình Thuận"), people: "310", women: "155"}}

	// The requests: the ministry asks the province, the province the department, the department the communes.
	var below report.Asked
	owed := map[string]string{}
	today := civil.Of(time.Now())
	err := s.DB.Write(context.Background(), func(tx *db.Tx) error {
		by := policy.System("e2e")
		draft, err := s.Forms.Begin(tx, by, formbook.New{Unit: province, Code: "mit_tinh_thu", Title: "Báo cáo kết quả mít tinh"})
		if err != nil {
			return err
		}
		if err := s.Forms.Save(tx, by, draft, 1, []byte(rally)); err != nil {
			return err
		}
		if err := s.Forms.Publish(tx, by, draft, 2, "thử"); err != nil {
			return err
		}
		up := ""
		for i, ask := range []struct {
			by string
			to []string
		}{{ministry, []string{province}}, {province, []string{dept}}, {dept, []string{communes[0].unit, communes[1].unit}}} {
			a, err := s.Reports.Ask(tx, by, report.New{Unit: ask.by, Parent: up, Title: "Kết quả mít tinh", Form: "mit_tinh_thu", From: today.AddDays(-1), To: today, Due: deadline.New(deadline.Until, today.AddDays(9-i)), Units: ask.to})
			if err != nil {
				return err
			}
			rows, _, err := s.Reports.List(tx, by, report.Filter{Request: a.ID, Page: 1, Size: 9})
			if err != nil {
				return err
			}
			for _, r := range rows {
				owed[r.Unit] = r.ID
			}
			up, below = a.ID, a
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	value := func(name, want string) {
		t.Helper()
		if got := eval[string](b, fmt.Sprintf(`document.querySelector('[name="' + CSS.escape(%q) + '"]').value`, name)); got != want {
			t.Errorf("%s opens with %q, want %q", name, got, want)
		}
	}
	write := func(id, people, women string, width int, shot string) { // opens filled, is completed and sent
		t.Helper()
		b.open(s.url+"/reports/"+id, width)
		press(b, "Lập báo cáo")
		value("v.nguoi", people)
		value("v.nu", women)
		b.shot("climb-" + shot)
		enter(b, map[string]string{"v.mo_ta": "Người dân hưởng ứng đông."})
		press(b, "Gửi báo cáo")
		says(b, "Đã gửi báo cáo")
	}
	approve := func(id string) {
		t.Helper()
		b.open(s.url+"/reports/"+id, 1366)
		eval[any](b, `document.querySelector('[name=verdict][value=approve]').checked = true; 0`)
		press(b, "Ghi quyết định")
		says(b, "Đã duyệt")
	}
	freeze := func(request string) {
		t.Helper()
		b.open(s.url+"/requests/"+request, 1366)
		press(b, "Chốt số liệu")
		says(b, "Đã chốt lần 1")
	}

	for _, c := range communes {
		s.signIn(b, c.login)
		b.open(s.url+"/activities/new", 390)
		eval[any](b, `const k = document.querySelector("main [name=kind]"); k.value = "mit_tinh"; k.dispatchEvent(new Event("change", {bubbles: true})); 0`)
		enter(b, map[string]string{"place": "Sân vận động xã", "people": c.people, "women": c.women})
		press(b, "Lưu")
		write(owed[c.unit], c.people, c.women, 390, "commune-390")
	}
	s.signIn(b, "syt.cv")
	for _, c := range communes {
		approve(owed[c.unit])
	}
	freeze(below.ID)
	write(owed[dept], "1.560", "795", 1366, "department-1366")

	s.signIn(b, "ubnd.cv")
	approve(owed[dept])
	freeze(below.Parent)
	b.open(s.url+"/reports/"+owed[province], 1366)
	press(b, "Lập báo cáo")
	value("v.nguoi", "1.560")
	enter(b, map[string]string{"v.mo_ta": "Hai xã đã tổ chức."})
	press(b, "Gửi báo cáo")
	fetch := func(path string) []byte {
		t.Helper()
		out, err := base64.StdEncoding.DecodeString(eval[string](b, fmt.Sprintf(`fetch(%q).then(r => { if (!r.ok) throw r.status; return r.arrayBuffer() }).then(a => btoa([...new Uint8Array(a)].map(x => String.fromCharCode(x)).join("")))`, path)))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	docx := fetch("/reports/" + owed[province] + "/paper.docx")
	text, err := doctext.Extract(context.Background(), bytes.NewReader(docx), int64(len(docx)), "a.docx", doctext.Options{NoOCR: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Cuộc mít tinh: 2 cuộc", "Lượt người dự: 1.560 lượt người", "Lượt người nữ: 795 lượt người", "Tỷ lệ nữ: 51 %"} {
		if !strings.Contains(text.Plain, want) {
			t.Errorf("the province's paper does not say %q: %s", want, text.Plain)
		}
	}
	rows := func(path string) [][]string {
		t.Helper()
		x := fetch(path)
		out, err := sheet.Read(bytes.NewReader(x), int64(len(x)))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range out {
			for i := range r {
				r[i] = strings.ReplaceAll(r[i], ",", "") // as the cell's format shows it
			}
		}
		return out
	}
	has := func(rows [][]string, first string, want ...string) {
		t.Helper()
		for _, r := range rows {
			if len(r) > len(want) && r[0] == first {
				if got := r[len(r)-len(want):]; !slices.Equal(got, want) {
					t.Errorf("%s: %q, want %q", first, got, want)
				}
				return
			}
		}
		t.Errorf("no row %q in %q", first, rows)
	}
	figures := rows("/reports/" + owed[province] + "/figures.xlsx")
	has(figures, "Lượt người dự", "1560")
	has(figures, "Lượt người nữ", "795")
	has(figures, "Tỷ lệ nữ", "51")
	s.signIn(b, "syt.cv")
	b.open(s.url+"/requests/"+below.ID+"/matrix", 1366)
	matrix := rows("/requests/" + below.ID + "/matrix.xlsx?frozen=1")
	has(matrix, "Ủy ban nhân dân xã Bắc Yên", "1", "1250", "640", "51.2")
	has(matrix, "Ủy ban nhân dân xã Bình Thuận", "1", "310", "155", "50")
	has(matrix, "Cộng", "2", "1560", "795", "51")
}
