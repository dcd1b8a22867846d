package app

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"

	"chungtay/campaign"
	"chungtay/directive"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/ids"
	"chungtay/internal/sheet"
	"chungtay/policy"
)

// Activities that come in by a workbook: looked at first, nothing written; written at once or not at all; sent twice they come in once.
func TestActivitiesComeInByAWorkbook(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, db_ *db.DB) {
		d := newDesktop(t, db_)
		template := d.do("GET", "/activities/template.xlsx", nil).Body.Bytes()
		head, err := sheet.Read(bytes.NewReader(template), int64(len(template)))
		if err != nil {
			t.Fatal(err)
		}
		var columns []sheet.Column
		for _, c := range head[0] {
			columns = append(columns, sheet.Column{Text: c})
		}
		send := func(once, sure string, rows ...[]any) *httptest.ResponseRecorder {
			t.Helper()
			var book, b bytes.Buffer
			if err := sheet.XLSX(&book, sheet.Table{Name: "a", Columns: columns, Rows: rows}); err != nil {
				t.Fatal(err)
			}
			m := multipart.NewWriter(&b)
			for k, v := range map[string]string{"unit": d.Here.ID, "sure": sure, "once": once} {
				m.WriteField(k, v)
			}
			w, _ := m.CreateFormFile("sheet", "hoạt động.xlsx")
			w.Write(book.Bytes())
			m.Close()
			r := httptest.NewRequest("POST", "/activities/import", &b)
			r.Header.Set("Content-Type", m.FormDataContentType())
			r.Header.Set("X-Role", "officer")
			out := httptest.NewRecorder()
			d.h.ServeHTTP(out, r)
			return out
		}
		logged := func() (n int) {
			dbtest.Read(t, d.World.DB, func(tx *db.Tx) (err error) {
				n, err = db.One[int](tx, `SELECT COUNT(*) FROM campaign_activity WHERE place LIKE 'Bản %'`)
				return err
			})
			return n
		}
		good := [][]any{{"Mít tinh", "20/7/2021", "", "Bản Áng", "Mít tinh xã", "1", "", "1.250", "640", "", "", "500.000", "", ""}, {"Phát loa truyền thanh", "2021-07-21", "2021-07-25", "Bản Búa", "", "10", "150", "", "", "", "", "", "", "ghi chú"}}
		bad := []any{"Karaoke", "20/7/2021", "", "Bản Cóng", "", "1", "", "", "", "", "", "", "", ""}
		d.must(send("a", "", append(good, bad)...), http.StatusUnprocessableEntity, "Đọc được 2 dòng, 1 dòng phải sửa", "Dòng 4", "Chọn hình thức")
		d.must(send("a", "1", append(good, bad)...), http.StatusUnprocessableEntity, "chưa ghi dòng nào")
		d.must(send("a", "", good...), http.StatusUnprocessableEntity, "Đọc được 2 dòng, 0 dòng phải sửa", "Các dòng đều đọc được")
		if n := logged(); n != 0 {
			t.Fatalf("looking wrote %d activities", n)
		}
		for range 2 {
			d.must(send("a", "1", good...), http.StatusSeeOther)
		}
		if n := logged(); n != 2 {
			t.Errorf("%d activities came in, want 2", n)
		}
		dbtest.Read(t, d.World.DB, func(tx *db.Tx) error {
			list, _, err := d.Campaigns.List(tx, d.Role["officer"], campaign.Filter{Words: "Bản", Page: 1, Size: 9})
			for _, a := range list {
				if a.Kind == "mit_tinh" && (*a.People != 1250 || *a.Women != 640 || a.Local != 500_000) || a.Kind == "loa_truyen_thanh" && (a.Quantity != 10 || *a.Minutes != 150 || a.People != nil || a.To.Day != 25) {
					t.Errorf("%+v", a)
				}
			}
			return err
		})
	})
}

// Yesterday's activity is copied: the form opens with what it said and today's date, and makes another record.
func TestYesterdaysActivityIsCopied(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, db_ *db.DB) {
		d := newDesktop(t, db_)
		var was campaign.Activity
		people := int64(310)
		dbtest.Write(t, d.World.DB, func(tx *db.Tx) (err error) {
			was, err = d.Campaigns.Add(tx, policy.System("test"), campaign.Activity{Unit: d.Here.ID, Kind: "noi_chuyen", From: civil.Of(tx.Now).AddDays(-1), Place: "Nhà văn hóa bản Mòn", Quantity: 2, People: &people}, nil)
			return err
		})
		d.must(d.do("GET", "/activities/new", nil), http.StatusOK, "Nhà văn hóa bản Mòn", "/activities/new?copy="+was.ID)
		f := form(d.do("GET", "/activities/new?copy="+was.ID, nil).Body.String())
		today := civil.Of(d.World.DB.Now())
		if f.Get("place") != was.Place || f.Get("quantity") != "2" || f.Get("people") != "310" || f.Get("kind") != "noi_chuyen" || f.Get("from.day") != strconv.Itoa(today.Day) {
			t.Errorf("opens with %v", f)
		}
		for range 2 {
			d.must(d.do("POST", "/activities/new", f), http.StatusSeeOther)
		}
		dbtest.Read(t, d.World.DB, func(tx *db.Tx) error {
			list, n, err := d.Campaigns.List(tx, d.Role["officer"], campaign.Filter{Words: "Mòn", Page: 1, Size: 9})
			if n != 2 || list[0].From != today || list[1].From != was.From || list[0].ID == was.ID {
				t.Errorf("%d activities: %+v", n, list)
			}
			return err
		})
		d.must(d.do("GET", "/activities/new?copy="+d.known["activity"]["foreign"], nil), http.StatusNotFound)
	})
}

// A campaign gathers its directives, groups and channels; its theme is unverified until somebody names the paper that announced it. A
// directive the reader may not see is not told.
func TestACampaignGathersWhatBelongsToIt(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, db_ *db.DB) {
		d := newDesktop(t, db_)
		today := civil.Of(d.World.DB.Now())
		made := ""
		dbtest.Write(t, d.World.DB, func(tx *db.Tx) error {
			x, err := d.Campaigns.Found(tx, policy.System("test"), campaign.Campaign{Unit: d.Here.ID, Title: "Ngày 30/7", From: today.AddDays(-10), To: today.AddDays(10)})
			made = x.ID
			return err
		})
		path := "/campaigns/" + made
		own, other := d.issued(today.AddDays(-1), today.AddDays(1)), d.issued(today.AddDays(20), today.AddDays(30))
		f := form(d.do("GET", path+"/edit", nil).Body.String())
		f.Set("theme", "Chung tay vì cộng đồng an toàn")
		f["groups"], f["channels"] = []string{"lao_dong_tu_do", "hoc_sinh"}, []string{"truyen_thanh", "mang_xa_hoi"}
		d.must(d.do("GET", path+"/edit", nil), http.StatusOK, own, "!"+other)
		f["directives"] = []string{own}
		d.must(d.do("POST", path+"/edit", f), http.StatusSeeOther)
		d.must(d.do("GET", path, nil), http.StatusOK, "an toàn (chưa xác minh)", "Người lao động tự do; Học sinh, sinh viên", "Hệ thống truyền thanh cơ sở; Mạng xã hội", "/directives/"+own)
		d.must(d.do("GET", path+"/news", nil), http.StatusOK, "!an toàn", "người lao động tự do; học sinh, sinh viên")
		d.must(d.do("POST", path+"/edit", f), http.StatusConflict, "vừa sửa đợt hưởng ứng")

		f = form(d.do("GET", path+"/edit", nil).Body.String())
		f["groups"], f["channels"], f["directives"] = []string{"hoc_sinh"}, nil, []string{own}
		f.Set("theme_source", "Kế hoạch 12/KH-BCĐ ngày 02/6/2021")
		d.must(d.do("POST", path+"/edit", f), http.StatusSeeOther)
		d.must(d.do("GET", path, nil), http.StatusOK, "an toàn (theo Kế hoạch 12/KH-BCĐ ngày 02/6/2021)", "!chưa xác minh", "!Hệ thống truyền thanh cơ sở", "!lao động tự do")
		d.must(d.do("GET", path+"/news", nil), http.StatusOK, "Chủ đề năm nay: “Chung tay vì cộng đồng an toàn”")

		f = form(d.do("GET", path+"/edit", nil).Body.String())
		f.Set("title", " ")
		d.must(d.do("POST", path+"/edit", f), http.StatusUnprocessableEntity, "Chung tay vì cộng đồng an toàn")
		f.Set("title", "Ngày 30/7")
		f["directives"] = []string{ids.New(d.World.DB.Now())}
		d.must(d.do("POST", path+"/edit", f), http.StatusUnprocessableEntity, "Chọn trong danh sách")
		d.must(d.do("GET", "/campaigns/"+d.known["campaign"]["above"]+"/edit", nil), http.StatusForbidden)
		dbtest.Read(t, d.World.DB, func(tx *db.Tx) error {
			what, err := db.All[string](tx, `SELECT action FROM audit_entry WHERE record_id = $1`, made)
			if slices.Index(what, "campaign.amend") < 0 {
				t.Errorf("logged: %v", what)
			}
			return err
		})
	})
}

// issued issues a letter of Here about days of a period.
func (d *desktop) issued(from, to civil.Date) (id string) {
	d.t.Helper()
	by := policy.System("test")
	content := paperOf(d.Here, d.Below.Name)
	content.Period = directive.Period{From: from, To: to}
	dbtest.Write(d.t, d.World.DB, func(tx *db.Tx) error {
		made, err := d.Directives.Start(tx, by, d.Here.ID, content, directive.Directive{})
		if err != nil {
			return err
		}
		id = made.ID
		if err := d.Directives.Submit(tx, by, id, 0, d.Here.Leader.Person); err != nil {
			return err
		}
		if err := d.Directives.Sign(tx, by, id, 0); err != nil {
			return err
		}
		_, err = d.Directives.Issue(tx, by, id)
		return err
	})
	return id
}

// The slogan of 2021 and the number of before 2017 do not slip into a draft of another year: who writes, signs and issues it is told.
func TestOldSlogansInADraftAreTold(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, db_ *db.DB) {
		d := newDesktop(t, db_)
		by := policy.System("test")
		id := ""
		content := paperOf(d.Here, d.Below.Name)
		content.Period = directive.Period{From: civil.MustParse("2026-07-01"), To: civil.MustParse("2026-07-30")}
		content.Slogans = []string{"PHÁT HUY TINH THẦN PHÒNG, CHỐNG DỊCH COVID, CHUNG TAY ĐẨY LÙI NẠN MUA BÁN NGƯỜI", "Toàn dân tố giác tội phạm mua bán người", "Câu không ai duyệt"}
		content.Hotlines = []string{"1800 1567", "111"}
		dbtest.Write(t, d.World.DB, func(tx *db.Tx) error {
			if _, err := tx.Exec(`DELETE FROM campaign_slogan`); err != nil { // the program's own lists come into an empty room
				return err
			}
			if err := campaign.Install(tx); err != nil {
				return err
			}
			if _, err := d.Campaigns.ApproveSlogan(tx, by, campaign.Slogan{Unit: d.Health.ID, Year: 2026, Text: "Toàn dân tố giác tội phạm mua bán người"}); err != nil {
				return err
			}
			made, err := d.Directives.Start(tx, by, d.Here.ID, content, directive.Directive{})
			id = made.ID
			return err
		})
		say := []string{"LÙI NẠN MUA BÁN NGƯỜI” chỉ được duyệt cho năm 2021, không phải năm 2026", "“Câu không ai duyệt” không có trong danh sách duyệt của năm 2026", "Số 18001567 không còn hoạt động, nay gọi 111", "!“Toàn dân tố giác tội phạm mua bán người” "}
		d.must(d.do("GET", "/directives/"+id+"/edit", nil), http.StatusOK, say...)
		dbtest.Write(t, d.World.DB, func(tx *db.Tx) error { return d.Directives.Submit(tx, by, id, 0, "") })
		d.must(d.as("leader", "/directives/"+id), http.StatusOK, say...)
		dbtest.Write(t, d.World.DB, func(tx *db.Tx) error { return d.Directives.Sign(tx, by, id, 0) })
		d.must(d.as("clerk", "/directives/"+id+"/issue"), http.StatusOK, say...)
	})
}
