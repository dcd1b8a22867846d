package app

import (
	"chungtay/internal/errs"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

// pageDesign shows every component in every state, with invented contents, for those who build pages and for the browser tests that
// photograph it. Sent as a form it answers as a refused form does.
func pageDesign(rq *web.Request) (web.Reply, error) {
	f := rq.Form("design.form")
	if rq.HTTP.Method == "POST" {
		f.Text("name", 60, web.Need)
		f.Int("count", 0, 9999, web.Need)
		f.Date("day", web.Need)
		f.Choice("kind", web.Need, "loa", "pano", "mit-tinh")
		f.LongText("note", 200, false)
		if f.OK() {
			return web.To("/design").Say("design.sent"), nil
		}
		return web.Again(rq.T("design.title"), f, designPage(f, true)), nil
	}
	if rq.Query("problem") == "conflict" {
		return web.Reply{}, web.Conflict("Lò Thị Mai", rq.Tx.Now, web.ConflictPair{Label: "Số lượt", Mine: "12", Theirs: "15"})
	}
	if rq.Query("problem") == "forbidden" {
		return web.Reply{}, errs.New(errs.Forbidden, "web.forbidden")
	}
	f = rq.Filled("design.form", map[string]string{"name": "Lễ mít tinh hưởng ứng ngày 30/7", "count": "1.250", "day.day": "30", "day.month": "7", "day.year": "2026", "kind": "pano"})
	rep := web.Show(rq.T("design.title"), designPage(f, false)).With(web.Crumb{Text: rq.T("home.title"), Path: "/"}, web.Crumb{Text: rq.T("design.title")})
	return rep, nil
}

func designTable() ui.Table {
	return ui.Table{Caption: "Đơn vị nộp báo cáo", Columns: []ui.Column{{Text: "Đơn vị", RowTitle: true, Sort: "/design?sort=name", Sorted: "ascending"}, {Text: "Trạng thái"},
		{Text: "Hạn", Sort: "/design?sort=due"}, {Text: "Số buổi", Num: true}, {Text: "Thao tác", Hidden: true}},
		Rows: [][]ui.Cell{
			{{Text: "UBND xã Chiềng Ngần", Small: "thành phố Sơn La", Path: "/design"}, {Body: ui.Tag("Quá hạn", ui.Late)}, {Text: "03/8/2026", Class: "nw late"}, {Text: "12"}, {Text: "Đôn đốc", Path: "/design", Class: "act"}},
			{{Text: "UBND phường Chiềng Sinh", Small: "thành phố Sơn La", Path: "/design"}, {Body: ui.Tag("Đã duyệt", ui.OK)}, {Text: "03/8/2026", Class: "nw"}, {Text: "1.250"}, {}},
			{{Text: "UBND thị trấn Hát Lót", Small: "huyện Mai Sơn", Path: "/design"}, {Body: ui.Tag("Chờ duyệt", ui.Act)}, {Text: "05/8/2026", Class: "nw"}, {Text: "8"}, {Text: "Duyệt", Path: "/design", Class: "act"}},
			{{Text: "UBND xã Mường Bú", Small: "huyện Mường La", Path: "/design"}, {Body: ui.Tag("Chưa gửi", ui.None)}, {Text: "05/8/2026", Class: "nw"}, {Text: "–"}, {}}},
		Foot: []ui.Cell{{Text: "Cộng"}, {}, {}, {Text: "1.270"}, {}}}
}

func designMatrix() ui.Table {
	t := ui.Table{Caption: "Bảng tổng hợp", Columns: []ui.Column{{Text: "Đơn vị", RowTitle: true}, {Text: "Buổi phát thanh", Num: true}, {Text: "Pano", Num: true}, {Text: "Người tham gia", Num: true}, {Text: "Trong đó nữ", Num: true}},
		Foot: []ui.Cell{{Text: "Cộng"}, {Text: "86"}, {Text: "14"}, {Text: "3.420"}, {Text: "1.905"}}}
	for _, r := range [][]string{{"Chiềng Ngần", "12", "2", "640", "350"}, {"Chiềng Sinh", "30", "6", "1.480", "1.610"}, {"Hát Lót", "24", "4", "900", "505"}, {"Mường Bú", "", "", "", ""}} {
		row := []ui.Cell{{Text: r[0]}}
		for i, v := range r[1:] {
			c := ui.Cell{Text: v}
			if v == "" {
				c = ui.Cell{Text: "–", Class: "miss"}
			}
			if i == 3 && r[0] == "Chiềng Sinh" {
				c.Class = "odd"
			}
			row = append(row, c)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

var designTiles = []ui.Tile{{Name: "Sơn La", Path: "/design", Value: "58 %", X: 1, Y: 1, Level: 2}, {Name: "Lai Châu", Path: "/design", Value: "91 %", X: 0, Y: 0, Level: 4}, {Name: "Hà Nội", Path: "/design", Value: "0 %", X: 3, Y: 1, Level: 0}}
