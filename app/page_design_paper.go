package app

import (
	"chungtay/docrender"
	"chungtay/internal/civil"
)

// designPaper is an official document as pages show it.
func designPaper() docrender.Document {
	o := docrender.Office{Superior: []string{"Ủy ban nhân dân", "tỉnh Sơn La"}, Issuer: []string{"Sở Y tế"}, Name: "Sở Y tế tỉnh Sơn La", Abbr: "SYT", Place: "Sơn La"}
	d := o.New(docrender.Plan, "NVY", "Hưởng ứng “Ngày toàn dân phòng, chống mua bán người - 30/7” năm 2026", civil.MustParse("2026-07-02"))
	d = d.Plan(docrender.PlanText{
		Opening:    "Thực hiện Kế hoạch số 78/KH-UBND ngày 10 tháng 6 năm 2026 của Ủy ban nhân dân tỉnh, Sở Y tế xây dựng Kế hoạch với các nội dung sau:",
		Aims:       docrender.Items(docrender.LevelArabic, "Nâng cao nhận thức của viên chức, người lao động và người bệnh."),
		Activities: append(docrender.Items(docrender.LevelArabic, "Truyền thông tại cơ sở khám bệnh, chữa bệnh:"), docrender.Items(docrender.LevelPoint, "Treo băng rôn;", "Phát tờ rơi có số điện thoại 111.")...),
		Duties:     []docrender.Duties{{Unit: "Trạm Y tế các xã, phường", Tasks: []string{"Tổ chức ít nhất 01 buổi truyền thông trong đợt."}}},
		Reporting: []docrender.Block{docrender.Para("Gửi báo cáo về Sở Y tế trước ngày 03/8/2026, theo mẫu sau:"),
			docrender.OfTable(docrender.Table{Caption: "Kết quả truyền thông", Columns: []docrender.Column{{Title: "TT", Align: docrender.Center}, {Title: "Hình thức"}, {Title: "Số buổi", Align: docrender.Right}}, Rows: [][]docrender.Cell{docrender.Row("1", "Phát thanh", "12"), docrender.Row("2", "Nói chuyện chuyên đề", "3")}})},
	})
	d.Authority, d.SignerTitle, d.Signer = []string{"KT. GIÁM ĐỐC"}, "Phó Giám đốc", "Lò Thị Mai"
	d.Recipients = []docrender.Recipient{{Name: "UBND tỉnh", Mark: "để b/c"}, {Name: "Như mục III"}}
	d.Draft = true
	return d
}
