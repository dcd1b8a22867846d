package app

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
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
		return web.Again(rq.T("design.title"), f, designPage(f, true, "forms")), nil
	}
	if rq.Query("problem") == "conflict" {
		return web.Reply{}, web.Conflict("Lò Thị Mai", rq.Tx.Now, web.ConflictPair{Label: "Số lượt", Mine: "12", Theirs: "15"})
	}
	if rq.Query("problem") == "forbidden" {
		return web.Reply{}, errs.New(errs.Forbidden, "web.forbidden")
	}
	f = rq.Filled("design.form", map[string]string{"name": "Lễ mít tinh hưởng ứng ngày 30/7", "count": "1.250", "day.day": "30", "day.month": "7", "day.year": "2026", "kind": "pano"})
	rep := web.Show(rq.T("design.title"), designPage(f, false, rq.Query("part"))).With(web.Crumb{Text: rq.T("home.title"), Path: "/"}, web.Crumb{Text: rq.T("design.title")})
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

// designParts are the parts of the page; each can be looked at alone, which is what the browser tests photograph.
var designParts = []string{"states", "charts", "lists", "matrix", "panels", "papers", "forms"}

func designShows(part, name string) bool { return part == name || !slices.Contains(designParts, part) }

func designTabs(ctx context.Context, part string) []ui.Link {
	out := []ui.Link{{Text: i18n.T(ctx, "design.all"), Path: "/design", Current: !slices.Contains(designParts, part)}}
	for _, p := range designParts {
		//i18n:prefix design.
		out = append(out, ui.Link{Text: i18n.T(ctx, "design."+p), Path: "/design?part=" + p, Current: p == part})
	}
	return out
}

var designTones = map[string]ui.Tone{"Đang soạn": ui.Warn, "Chờ duyệt": ui.Act, "Trả lại": ui.Warn, "Đã duyệt": ui.OK, "Quá hạn": ui.Late, "Đã chốt": ui.OK}

func designMatrix() ui.Table {
	t := ui.Table{Caption: "Bảng tổng hợp toàn tỉnh", Columns: []ui.Column{{Text: "Đơn vị", RowTitle: true}}}
	for _, c := range []string{"Lượt phát thanh", "Băng rôn, pa nô", "Tờ rơi", "Buổi mít tinh", "Người dự", "Trong đó nữ", "Bài viết trang tin", "Lớp tập huấn", "Người tập huấn", "Tin báo tiếp nhận", "Người được hỗ trợ"} {
		t.Columns = append(t.Columns, ui.Column{Text: c, Num: true})
	}
	t.Columns = append(t.Columns, ui.Column{Text: "Tình trạng"})
	figures := len(t.Columns) - 2
	for i, unit := range strings.Split("TP Sơn La,Bắc Yên,Mai Sơn,Mộc Châu,Mường La,Phù Yên,Quỳnh Nhai,Sông Mã,Sốp Cộp,Thuận Châu,Vân Hồ,Yên Châu,Xã Chiềng Ngần,Xã Chiềng Cọ,Xã Hua La,Phường Chiềng Sinh,Phường Quyết Tâm,Phường Chiềng An,Xã Chiềng Đen,Xã Chiềng Xôm", ",") {
		row := []ui.Cell{{Text: unit, Path: "/design"}}
		switch {
		case i == 4 || i == 9:
			row = append(row, ui.Cell{Text: "Chưa có số liệu", Class: "miss", Span: figures}, ui.Cell{Body: ui.Tag("Quá hạn", ui.Late)})
		default:
			for k := range figures {
				c := ui.Cell{Text: i18n.Int(i18n.VI, int64((i*37+k*k*91+13)%(1+k*k*29)))}
				if i == 6 && k == 5 {
					c = ui.Cell{Text: "1.346", Class: "odd", Note: "lớn hơn tổng số người dự"}
				}
				row = append(row, c)
			}
			tag := ui.Tag("Đã duyệt", ui.OK)
			if i%5 == 3 {
				tag = ui.Tag("Chờ duyệt", ui.Act)
			}
			row = append(row, ui.Cell{Body: tag})
		}
		t.Rows = append(t.Rows, row)
	}
	t.Foot = []ui.Cell{{Text: "Toàn tỉnh"}}
	for _, v := range strings.Split("3.832 1.658 39.199 42 23.527 12.432 100 30 1.174 26 25 18/20", " ") {
		t.Foot = append(t.Foot, ui.Cell{Text: v})
	}
	return t
}

func designTrend() []ui.Point {
	var out []ui.Point
	for i, v := range []int{0, 1, 1, 2, 4, 7, 9, 11, 14, 15, 16, 16, 17, 18, 18} {
		day := civil.Date{Year: 2026, Month: 7, Day: 26}.AddDays(i)
		out = append(out, ui.Point{Text: i18n.Date(i18n.VI, day), Value: float64(v), Shown: strconv.Itoa(v)})
	}
	return out
}

func designTiles() ui.Tiles {
	t := ui.Tiles{Title: "Tỷ lệ đơn vị nộp báo cáo theo tỉnh, thành phố", Desc: "Sơ đồ ô, không theo tỷ lệ", Values: map[string]ui.Tile{}, Legend: [5]string{"40–59 %", "60–69 %", "70–79 %", "80–94 %", "từ 95 %"}, LowText: "dưới 40 %"}
	for i, p := range ui.Provinces() {
		v := 30 + i*37%71
		level := 0
		for _, limit := range []int{60, 70, 80, 95} {
			if v >= limit {
				level++
			}
		}
		if i%11 == 5 {
			continue
		}
		t.Values[p.Code] = ui.Tile{Shown: strconv.Itoa(v) + " %", Level: level, Low: v < 40, Path: "/design"}
	}
	return t
}

func designFiles(f ui.Field) ui.Field {
	f.Accept = ".jpg,.jpeg,.png"
	f.Sent = []ui.Sent{{Name: "Lễ mít tinh.jpg", Size: "1,8 MB", Done: 100, Path: "/design"}, {Name: "Pano ngã ba Chiềng Mai.jpg", Size: "3,2 MB", Done: 62}, {Name: "Danh sách.exe", Error: "Tệp Danh sách.exe không thuộc loại được nhận. Chọn tệp JPG, PNG."}}
	return f
}

const designText = "ỦY BAN NHÂN DÂN TỈNH\nSố: 145/KH-UBND\nSơn La, ngày 01 tháng 6 năm 2026\nKẾ HOẠCH\nHưởng ứng Ngày toàn dân phòng, chống mua bán người 30/7 năm 2026\n1. Ủy ban nhân dân các xã, phường tổ chức phát thanh ít nhất 10 buổi từ ngày 01/7 đến ngày 31/7/2026.\n2. Báo cáo kết quả về Sở Nội vụ trước ngày 03/8/2026 để tổng hợp."

func designSource() []ui.SourcePara {
	var marks []ui.Mark
	for _, f := range designFound {
		at := strings.Index(designText, f.Value)
		if at < 0 || f.Source == "" {
			continue
		}
		marks = append(marks, ui.Mark{Start: at, End: at + len(f.Value), ID: strings.TrimPrefix(f.Source, "#"), Title: f.Label, Back: "#" + f.ID, Tone: f.Tone})
	}
	return ui.Marked(designText, marks)
}

var designFound = []ui.Found{
	{ID: "f-no", Label: "Số, ký hiệu", Value: "145/KH-UBND", Source: "#m-no"},
	{ID: "f-date", Label: "Ngày ban hành", Value: "ngày 01 tháng 6 năm 2026", Source: "#m-date"},
	{ID: "f-to", Label: "Giao cho", Value: "Ủy ban nhân dân các xã, phường", Source: "#m-to", Note: "75 đơn vị ngày 01/6/2026"},
	{ID: "f-due", Label: "Hạn báo cáo", Value: "trước ngày 03/8/2026", Source: "#m-due", Note: "Hết ngày 02/8/2026", Tag: "Cần xem lại", Tone: ui.Warn},
	{ID: "f-sign", Label: "Người ký", Tag: "Không thấy", Tone: ui.Late},
}
