package docrender

// The house's choice inside the ranges of Nghị định 30/2020/NĐ-CP, Phụ lục I. Lengths in millimetres, sizes and gaps in points.
const (
	pageWidth    = 210.0 // A4
	pageHeight   = 297.0
	marginTop    = 20.0 // 20–25
	marginBottom = 20.0 // 20–25
	marginLeft   = 30.0 // 30–35
	marginRight  = 15.0 // 15–20
	headerAt     = 10.0 // the page number stands in the top margin
	footerAt     = 10.0
	firstIndent  = 10.0 // 1 or 1.27 cm
	gapAfter     = 6.0  // at least 6 pt
	headLeft     = 65.0 // the bodies' column; the other holds quốc hiệu at 13 pt (95.7 mm)
	signLeft     = 75.0 // the recipients' column
	signGap      = 62.0 // room for signature and seal
	cellPad      = 1.6  // left and right in a table's cell
	cellPadTop   = 1.0  // points, above and below
	frameKhan    = 20.0 // widths of the frames of haste
	frameThuong  = 40.0
	frameHoaToc  = 30.0
	frameHeight  = 8.0
	chartHeight  = 70.0
	ptPerMM      = 72 / 25.4
)

// pstyle is a named paragraph style. Its id and name are the ones a clerk sees in the word processor.
type pstyle struct {
	id, name      string
	size          float64
	bold, italic  bool
	red           bool
	align         Align
	first, left   float64 // first-line and left indent, mm
	before, after float64 // pt
	exact         float64 // exact line height, pt; 0 is single spacing
	keepNext      bool
	keepLines     bool
	outline       int // level in the navigation pane, from 1
	boxed         bool
}

// pstyles in the order of the parts of a document.
var pstyles = []pstyle{
	{id: "QuocHieu", name: "Quốc hiệu", size: 13, bold: true, align: Center},
	{id: "TieuNgu", name: "Tiêu ngữ", size: 14, bold: true, align: Center},
	{id: "CoQuanChuQuan", name: "Cơ quan chủ quản", size: 13, align: Center},
	{id: "CoQuanBanHanh", name: "Cơ quan ban hành", size: 13, bold: true, align: Center},
	{id: "Vach", name: "Vạch kẻ", size: 2, align: Center, before: 3, exact: 6},
	{id: "SoKyHieu", name: "Số ký hiệu", size: 13, align: Center, before: 6},
	{id: "TrichYeuCongVan", name: "Trích yếu công văn", size: 12, align: Center, before: 6},
	{id: "DiaDanhNgay", name: "Địa danh và ngày tháng", size: 13, italic: true, align: Center, before: 6},
	{id: "DauKhan", name: "Dấu chỉ mức độ khẩn", size: 13, bold: true, red: true, align: Center, before: 8, boxed: true},
	{id: "DauLuuHanh", name: "Chỉ dẫn phạm vi lưu hành", size: 13, bold: true, align: Center, before: 8, boxed: true},
	{id: "DuThao", name: "Dự thảo", size: 13, bold: true, align: Center, before: 6},
	{id: "TenLoai", name: "Tên loại", size: 14, bold: true, align: Center, before: 14, keepNext: true, outline: 1},
	{id: "TrichYeu", name: "Trích yếu", size: 14, bold: true, align: Center, keepNext: true},
	{id: "KinhGui", name: "Kính gửi", size: 14, align: Center, before: 8, after: 8},
	{id: "KinhGuiNhieu", name: "Kính gửi nhiều nơi", size: 14, align: Left, left: 35, before: 8},
	{id: "KinhGuiDong", name: "Kính gửi - từng nơi", size: 14, align: Left, left: 45},
	{id: "ThamQuyen", name: "Thẩm quyền ban hành", size: 14, bold: true, align: Center, before: 8, after: 8, keepNext: true},
	{id: "CanCu", name: "Căn cứ", size: 14, italic: true, align: Justify, first: firstIndent, after: gapAfter},
	{id: "LenhBanHanh", name: "Quyết định (chữ)", size: 14, bold: true, align: Center, before: 2, after: 8, keepNext: true},
	{id: "ThanBai", name: "Thân bài", size: 14, align: Justify, first: firstIndent, after: gapAfter},
	{id: "Phan", name: "Phần", size: 14, bold: true, align: Center, before: 6, after: gapAfter, keepNext: true, keepLines: true, outline: 1},
	{id: "Chuong", name: "Chương", size: 14, bold: true, align: Center, before: 6, after: gapAfter, keepNext: true, keepLines: true, outline: 1},
	{id: "Muc", name: "Mục", size: 14, bold: true, align: Center, before: 6, after: gapAfter, keepNext: true, keepLines: true, outline: 2},
	{id: "Dieu", name: "Điều", size: 14, bold: true, align: Justify, first: firstIndent, after: gapAfter, keepNext: true, keepLines: true, outline: 3},
	{id: "DieuNoiDung", name: "Điều không tiêu đề", size: 14, align: Justify, first: firstIndent, after: gapAfter},
	{id: "DeMucLaMa", name: "Đề mục I.", size: 14, bold: true, align: Justify, first: firstIndent, after: gapAfter, keepNext: true, keepLines: true, outline: 2},
	{id: "DeMuc", name: "Đề mục 1.", size: 14, bold: true, align: Justify, first: firstIndent, after: gapAfter, keepNext: true, keepLines: true, outline: 3},
	{id: "DeMucNho", name: "Đề mục 1.1.", size: 14, bold: true, italic: true, align: Justify, first: firstIndent, after: gapAfter, keepNext: true, keepLines: true, outline: 4},
	{id: "DeMucDiem", name: "Đề mục a)", size: 14, align: Justify, first: firstIndent, after: gapAfter, keepNext: true, keepLines: true, outline: 5},
	{id: "Khoan", name: "Khoản", size: 14, align: Justify, first: firstIndent, after: gapAfter},
	{id: "Diem", name: "Điểm", size: 14, align: Justify, first: firstIndent, after: gapAfter},
	{id: "GachDauDong", name: "Gạch đầu dòng", size: 14, align: Justify, first: firstIndent, after: gapAfter},
	{id: "BangTen", name: "Tên bảng", size: 13, bold: true, align: Center, before: 6, after: 4, keepNext: true, keepLines: true},
	{id: "BangDonVi", name: "Đơn vị tính", size: 12, italic: true, align: Right, after: 2, keepNext: true},
	{id: "BangDau", name: "Bảng - dòng đầu", size: 12, bold: true, align: Center},
	{id: "BangO", name: "Bảng - ô", size: 12, align: Left},
	{id: "SauBang", name: "Sau bảng", size: 4, align: Left, exact: 6},
	{id: "Hinh", name: "Hình", size: 14, align: Center, before: 4, after: 4},
	{id: "HinhTen", name: "Tên hình", size: 13, italic: true, align: Center, after: gapAfter},
	{id: "QuyenHan", name: "Quyền hạn - chức vụ", size: 14, bold: true, align: Center, keepNext: true},
	{id: "HoTen", name: "Họ tên người ký", size: 14, bold: true, align: Center, before: signGap},
	{id: "NoiNhan", name: "Nơi nhận", size: 12, bold: true, italic: true, align: Left},
	{id: "NoiNhanDong", name: "Nơi nhận - từng nơi", size: 11, align: Left},
	{id: "PhuLuc", name: "Phụ lục", size: 14, bold: true, align: Center, keepNext: true, outline: 1},
	{id: "PhuLucTen", name: "Tên phụ lục", size: 14, bold: true, align: Center, keepNext: true},
	{id: "PhuLucKem", name: "Phụ lục kèm theo", size: 13, italic: true, align: Center, after: 0, keepNext: true},
	{id: "SoTrang", name: "Số trang", size: 13, align: Center},
	{id: "DiaChi", name: "Địa chỉ cơ quan", size: 11, align: Center},
}

func styleOf(id string) *pstyle {
	for i := range pstyles {
		if pstyles[i].id == id {
			return &pstyles[i]
		}
	}
	panic("docrender: no style " + id)
}

// lineHeight is single spacing in the paper's fonts, which have the same metrics in all styles.
func lineHeight(size float64) float64 {
	f := faces()[0]
	return size * float64(f.ascent+f.descent+f.gap) / float64(f.units)
}
