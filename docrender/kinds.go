package docrender

// Kind is a kind of official document (loại văn bản hành chính), Nghị định 30/2020/NĐ-CP, Điều 7. Values that docparse tells apart are
// the same there.
type Kind string

// The kinds of the decree.
const (
	Letter        Kind = "cong_van" // công văn: no title and no abbreviation of its own
	Resolution    Kind = "nghi_quyet"
	Decision      Kind = "quyet_dinh"
	Order         Kind = "chi_thi"
	Statute       Kind = "quy_che"
	Regulation    Kind = "quy_dinh"
	Communique    Kind = "thong_cao"
	Notice        Kind = "thong_bao"
	Guidance      Kind = "huong_dan"
	Programme     Kind = "chuong_trinh"
	Plan          Kind = "ke_hoach"
	Option        Kind = "phuong_an"
	Scheme        Kind = "de_an"
	Project       Kind = "du_an"
	Report        Kind = "bao_cao"
	Minutes       Kind = "bien_ban"
	Proposal      Kind = "to_trinh"
	Contract      Kind = "hop_dong"
	Telegram      Kind = "cong_dien" // công điện
	Memorandum    Kind = "ban_ghi_nho"
	Agreement     Kind = "ban_thoa_thuan"
	Authorisation Kind = "giay_uy_quyen"
	Invitation    Kind = "giay_moi"
	Introduction  Kind = "giay_gioi_thieu"
	Leave         Kind = "giay_nghi_phep"
	Consignment   Kind = "phieu_gui"
	Transfer      Kind = "phieu_chuyen"
	Receipt       Kind = "phieu_bao"
	OfficialNote  Kind = "thu_cong" // thư công
	Book          Kind = "so"       // sổ: a register; bodies, Title, Subject as the lines below it and a table, nothing else of a document
	OtherKind     Kind = "other"    // a form of another law; Title is its name
)

type kindForm struct {
	kind  Kind
	title string
	abbr  string
}

// kinds lists the titles and abbreviations, Phụ lục III of the decree.
var kinds = []kindForm{
	{Letter, "", ""}, {Resolution, "NGHỊ QUYẾT", "NQ"}, {Decision, "QUYẾT ĐỊNH", "QĐ"}, {Order, "CHỈ THỊ", "CT"},
	{Statute, "QUY CHẾ", "QC"}, {Regulation, "QUY ĐỊNH", "QyĐ"}, {Communique, "THÔNG CÁO", "TC"}, {Notice, "THÔNG BÁO", "TB"},
	{Guidance, "HƯỚNG DẪN", "HD"}, {Programme, "CHƯƠNG TRÌNH", "CTr"}, {Plan, "KẾ HOẠCH", "KH"}, {Option, "PHƯƠNG ÁN", "PA"},
	{Scheme, "ĐỀ ÁN", "ĐA"}, {Project, "DỰ ÁN", "DA"}, {Report, "BÁO CÁO", "BC"}, {Minutes, "BIÊN BẢN", "BB"},
	{Proposal, "TỜ TRÌNH", "TTr"}, {Contract, "HỢP ĐỒNG", "HĐ"}, {Telegram, "CÔNG ĐIỆN", "CĐ"}, {Memorandum, "BẢN GHI NHỚ", "BGN"},
	{Agreement, "BẢN THỎA THUẬN", "BTT"}, {Authorisation, "GIẤY ỦY QUYỀN", "GUQ"}, {Invitation, "GIẤY MỜI", "GM"},
	{Introduction, "GIẤY GIỚI THIỆU", "GGT"}, {Leave, "GIẤY NGHỈ PHÉP", "GNP"}, {Consignment, "PHIẾU GỬI", "PG"},
	{Transfer, "PHIẾU CHUYỂN", "PC"}, {Receipt, "PHIẾU BÁO", "PB"}, {OfficialNote, "THƯ CÔNG", ""}, {Book, "", ""}, {OtherKind, "", ""},
}

func formOf(k Kind) (kindForm, bool) {
	for _, f := range kinds {
		if f.kind == k {
			return f, true
		}
	}
	return kindForm{}, false
}

// Title returns the printed name of a kind: KẾ HOẠCH. A công văn has none.
func (k Kind) Title() string { f, _ := formOf(k); return f.title }

// Abbr returns the abbreviation of a kind in symbols: KH. Công văn and thư công have none.
func (k Kind) Abbr() string { f, _ := formOf(k); return f.abbr }

// Kinds lists the kinds of the decree in its order.
func Kinds() []Kind {
	out := make([]Kind, 0, len(kinds))
	for _, f := range kinds {
		if f.kind != OtherKind {
			out = append(out, f.kind)
		}
	}
	return out
}

// SymbolFor builds the symbol of a document: the kind's abbreviation and the issuer's (KH-UBND), for a công văn the issuer's and the
// drafting unit's or field's (UBND-VX).
func SymbolFor(k Kind, issuer, unit string) string {
	if a := k.Abbr(); a != "" {
		return a + "-" + issuer
	}
	if unit == "" {
		return issuer
	}
	return issuer + "-" + unit
}
