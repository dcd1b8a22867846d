package docparse

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// letter makes a letter with the given number line, date line and body.
func letter(number, date, body string) string {
	return "SỞ Y TẾ\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\nSố: " + number + "\nV/v phòng, chống mua bán người\n\n" + date +
		"\n\nKính gửi: Các đơn vị trực thuộc\n\n" + body + "\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\nGIÁM ĐỐC\n\nLê Văn Bình\n"
}

func TestDoubts(t *testing.T) {
	const day = "Hà Giang, ngày 05 tháng 7 năm 2021"
	for name, c := range map[string]struct {
		text, kind, cure, args string
	}{
		"unknown citation, cured by subject and by digits": {letter("12/SYT-NV", day, "Thực hiện Quyết định số 739/QĐ-TTg về phê duyệt Chương trình phòng, chống mua bán người giai đoạn 2021-2025 và định hướng đến năm 2030."),
			"unknown-citation-near", "193/QĐ-TTg", "793/QĐ-TTg"},
		"no day of that name":           {letter("12/SYT-NV", day, "Các đơn vị làm xong việc này trước ngày 31/6/2021."), "no-such-date", "", "31/6/2021"},
		"29 February of a common year":  {letter("12/SYT-NV", day, "Hội nghị ngày 29 tháng 02 năm 2021 đã bàn việc này."), "no-such-date", "", "29 tháng 02 năm 2021"},
		"deadline before the issue":     {letter("12/SYT-NV", day, "Gửi báo cáo kết quả về Sở Y tế trước ngày 03/6/2021."), "deadline-before-issue", "", "03/6/2021"},
		"letter drafted by Thanh tra":   {letter("12/SYT-TTr", day, "Các đơn vị treo băng rôn."), "letter-by-inspectorate", "", "12/SYT-TTr"},
		"and without a number":          {letter("     /SYT-TTr", day, "Các đơn vị treo băng rôn."), "letter-by-inspectorate", "", "/SYT-TTr"},
		"slip in a symbol":              {letter("12/SYT-NV", day, "Theo Công văn số 314/PCTNNXH-HTNNTT ngày 01/6/2021, các đơn vị treo băng rôn."), "symbol-slip", "314/PCTNXH-HTNNTT", ""},
		"letters swapped":               {letter("12/SYT-NV", day, "Theo Kế hoạch số 20/KH-UNBD ngày 01/6/2021, các đơn vị treo băng rôn."), "symbol-slip", "20/KH-UBND", ""},
		"a stroke lost":                 {letter("12/SYT-NV", day, "Theo Quyết định số 20/QD-UBND ngày 01/6/2021, các đơn vị treo băng rôn."), "symbol-slip", "20/QĐ-UBND", ""},
		"a letter among digits":         {letter("88l/SYT-NV", day, "Các đơn vị treo băng rôn."), "symbol-digits", "881/SYT-NV", ""},
		"III taken for II":              {letter("12/SYT-NV", day, "I. MỤC ĐÍCH\n1. Cho gọn.\nII. NỘI DUNG\n1. Treo băng rôn.\nII. KINH PHÍ\n1. Theo quy định."), "number-repeated", "III", "II"},
		"an article lost":               {strings.Replace(letter("12/QĐ-SYT", day, "Điều 1. Lập tổ công tác.\nĐiều 3. Quyết định này có hiệu lực từ ngày ký."), "V/v", "QUYẾT ĐỊNH\nVề việc", 1), "number-skipped", "", "Điều 2"},
		"number and label blank":        {strings.Replace(letter("", day, "Các đơn vị treo băng rôn."), "Số: ", "/BTXH-PCTNXH", 1), "no-number", "", ""},
		"no number line":                {strings.Replace(letter("", day, "Các đơn vị treo băng rôn."), "Số: \n", "", 1), "no-number", "", ""},
		"retired line":                  {letter("12/SYT-NV", day, "Phổ biến đường dây nóng 18001567 cho bệnh nhân."), "hotline-retired", "111", "12/2017"},
		"a number with a digit missing": {letter("12/SYT-NV", day, "Phổ biến đường dây nóng 0237.011.999 cho bệnh nhân."), "phone-length", "", "10"},
		"basis that is no longer in force": {letter("12/SYT-NV", "Hà Giang, ngày 05 tháng 8 năm 2025", "Căn cứ Luật Phòng, chống mua bán người số 66/2011/QH12;\n\nSở Y tế đề nghị các đơn vị treo băng rôn."),
			"citation-repealed", "53/2024/QH15", ""},
		"date that the register has otherwise": {letter("12/SYT-NV", day, "Thực hiện Quyết định số 193/QĐ-TTg ngày 09/3/2021 của Thủ tướng Chính phủ, các đơn vị treo băng rôn."), "citation-date", "2021-02-09", ""},
		"report that comes back":               {letter("12/SYT-NV", day, "Báo cáo kết quả về Sở Y tế trước ngày 20 hằng tháng."), "deadline-recurring", "", "trước ngày 20 hằng tháng"},
		"undated":                              {letter("12/SYT-NV", "Hà Giang, ngày     tháng 7 năm 2021", "Các đơn vị treo băng rôn."), "no-day", "", ""},
		"unnumbered":                           {letter("        /SYT-NV", day, "Các đơn vị treo băng rôn."), "no-number", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := Read(c.text, Options{Register: AntiTrafficking()})
			i := slices.IndexFunc(d.Doubts, func(x Doubt) bool { return x.Kind == c.kind })
			if i < 0 {
				t.Fatalf("no doubt %s among %+v", c.kind, d.Doubts)
			}
			x := d.Doubts[i]
			if x.Cure != c.cure {
				t.Errorf("cure %q, want %q", x.Cure, c.cure)
			}
			if !strings.Contains(strings.Join(x.Args, " | "), c.args) {
				t.Errorf("arguments %q do not say %q", x.Args, c.args)
			}
			if x.Span.End <= x.Span.Start && c.kind != "no-number" {
				t.Errorf("the doubt has no place")
			}
		})
	}
}

// What is right raises no doubt.
func TestNoDoubts(t *testing.T) {
	for _, text := range []string{
		letter("12/SYT-NVY", "Hà Giang, ngày 05 tháng 7 năm 2021", "Thực hiện Quyết định số 193/QĐ-TTg ngày 09/02/2021 của Thủ tướng Chính phủ, các đơn vị báo cáo về Sở Y tế trước ngày 03/8/2021. Gọi Tổng đài 111 khi cần giúp."),
		letter("12/SYT-NVY", "Hà Giang, ngày 05 tháng 7 năm 2016", "Phổ biến đường dây nóng 18001567 cho bệnh nhân."), // in use until 12/2017
		letter("12/SYT-NVY", "Hà Giang, ngày 29 tháng 02 năm 2024", "Theo Kế hoạch số 86/KH-UBND ngày 01/02/2024 và Kế hoạch số 1562/KH-LĐTBXH, các đơn vị treo băng rôn."),
	} {
		if d := Read(text, Options{Register: AntiTrafficking()}); len(d.Doubts) > 0 {
			t.Errorf("doubts %+v in\n%s", d.Doubts, text)
		}
	}
}

func TestLastInstant(t *testing.T) {
	for words, want := range map[string]string{
		"Báo cáo kết quả về Sở Y tế trước ngày 03/8/2021.":                                       "2021-08-02T23:59:59+07:00",
		"Báo cáo kết quả về Sở Y tế chậm nhất ngày 03/8/2021.":                                   "2021-08-03T23:59:59+07:00",
		"Báo cáo kết quả về Sở Y tế đến hết ngày 03/8/2021.":                                     "2021-08-03T23:59:59+07:00",
		"Báo cáo kết quả về Sở Y tế trước 15h00 ngày 03/8/2021.":                                 "2021-08-03T14:59:59+07:00",
		"Báo cáo kết quả về Sở Y tế trước 17 giờ 30 phút, ngày 03 tháng 8 năm 2021.":             "2021-08-03T17:29:59+07:00",
		"Báo cáo kết quả về Sở Y tế trước 30/7 để tổng hợp, báo cáo UBND tỉnh.":                  "2021-07-29T23:59:59+07:00",
		"Trước ngày 03/8/2021, các đơn vị gửi báo cáo về Sở Y tế.":                               "2021-08-02T23:59:59+07:00",
		"Kết quả gửi về Sở Y tế (qua Phòng Nghiệp vụ y, email: nvy@syt.gov.vn) trước 03/8/2021.": "2021-08-02T23:59:59+07:00",
	} {
		d := Read(letter("12/SYT-NVY", "Hà Giang, ngày 05 tháng 7 năm 2021", words), Options{})
		if len(d.Deadlines) != 1 {
			t.Errorf("%s: deadlines %+v", words, d.Deadlines)
			continue
		}
		x := d.Deadlines[0]
		if got := x.Last().Format(time.RFC3339); got != want {
			t.Errorf("%s: last instant %s, want %s", words, got, want)
		}
		if x.To != "Sở Y tế" {
			t.Errorf("%s: goes to %q", words, x.To)
		}
		if strings.Contains(words, "email") && (x.Channel != "email" || x.Address != "nvy@syt.gov.vn" || x.Through != "Phòng Nghiệp vụ y") {
			t.Errorf("%s: channel %q %q through %q", words, x.Channel, x.Address, x.Through)
		}
	}
}

// A draft, a plan or a list that is due is no report.
func TestNoReportDeadline(t *testing.T) {
	for _, words := range []string{
		"Gửi dự thảo báo cáo về Sở Y tế trước ngày 03/8/2021.",
		"Gửi kế hoạch về Sở Y tế trước ngày 03/8/2021.",
		"Đăng ký danh sách dự tập huấn trước ngày 03/8/2021.",
		"Báo cáo viên có mặt trước ngày 03/8/2021.",
	} {
		if d := Read(letter("12/SYT-NVY", "Hà Giang, ngày 05 tháng 7 năm 2021", words), Options{}); len(d.Deadlines) != 0 {
			t.Errorf("%s: deadlines %+v", words, d.Deadlines)
		}
	}
}

func TestAuthorityAndMarks(t *testing.T) {
	text := strings.Replace(letter("12/SYT-NVY", "Hà Giang, ngày 05 tháng 7 năm 2021", "Các đơn vị treo băng rôn."), "Kính gửi", "HỎA TỐC\nMẬT\n\nKính gửi", 1)
	text = strings.Replace(text, "GIÁM ĐỐC\n\nLê", "TUQ. GIÁM ĐỐC\nTRƯỞNG PHÒNG NGHIỆP VỤ Y\n\nLê", 1)
	d := Read(text, Options{})
	if d.Urgency.Value != "HỎA TỐC" || d.Secrecy.Value != "MẬT" {
		t.Errorf("marks %q %q", d.Urgency.Value, d.Secrecy.Value)
	}
	if d.Authority.Form != "TUQ." || d.Authority.Whose != "GIÁM ĐỐC" || d.SignerTitle.Value != "TRƯỞNG PHÒNG NGHIỆP VỤ Y" || d.Signer.Value != "Lê Văn Bình" {
		t.Errorf("authority %+v title %q signer %q", d.Authority, d.SignerTitle.Value, d.Signer.Value)
	}
}
