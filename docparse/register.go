package docparse

import "strings"

// Instrument is one entry of a register of instruments (sổ văn bản). Unverified entries are known but not relied on.
type Instrument struct {
	Number     string
	Kind       string
	Issuer     string
	Date       Date
	Subject    string
	Until      Date // out of force from this date; zero when in force
	ReplacedBy string
	Verified   bool
}

// Register answers whether a cited document is known. It is passed to Read, so that an installation can add the
// documents it holds; the zero value knows nothing and raises no doubts about citations.
type Register struct {
	byKey map[string]Instrument
}

// NewRegister makes a register of instruments; later entries with the same number win.
func NewRegister(list ...Instrument) Register {
	r := Register{byKey: make(map[string]Instrument, len(list))}
	for _, in := range list {
		r.byKey[symbolKey(in.Number)] = in
	}
	return r
}

// Find returns the instrument with a number.
func (r Register) Find(number string) (Instrument, bool) {
	in, ok := r.byKey[symbolKey(number)]
	return in, ok
}

// central tells whether the register should know every document with this symbol: instruments of the Prime Minister,
// the Government and the National Assembly. Of local papers a register can only know some.
func central(sym Symbol) bool {
	k := fold(sym.Text)
	return strings.HasSuffix(k, "qđ-ttg") || strings.HasSuffix(k, "nđ-cp") || sym.Year != "" && strings.Contains(k, "/qh")
}

// near lists known instruments with the same symbol whose number differs in at most two digits.
func (r Register) near(sym Symbol) []Instrument {
	var out []Instrument
	tail := strings.TrimPrefix(sym.key(), fold(sym.Number))
	for key, in := range r.byKey {
		p, ok := ParseSymbol(in.Number)
		if !ok || strings.TrimPrefix(key, fold(p.Number)) != tail || len(p.Number) != len(sym.Number) || p.Number == sym.Number {
			continue
		}
		diff := 0
		for i := range p.Number {
			if p.Number[i] != sym.Number[i] {
				diff++
			}
		}
		if diff <= 2 {
			out = append(out, in)
		}
	}
	sortInstruments(out)
	return out
}

func sortInstruments(in []Instrument) {
	for i := 1; i < len(in); i++ {
		for j := i; j > 0 && in[j].Number < in[j-1].Number; j-- {
			in[j], in[j-1] = in[j-1], in[j]
		}
	}
}

// AntiTrafficking is the register of the instruments on preventing and combating human trafficking with their state as of
// November 2026. What is not certain is marked so and raises no doubt.
func AntiTrafficking() Register {
	return NewRegister(
		Instrument{"66/2011/QH12", "luat", "Quốc hội", Date{2011, 3, 29}, "Luật Phòng, chống mua bán người", Date{2025, 7, 1}, "53/2024/QH15", true},
		Instrument{"62/2012/NĐ-CP", "nghi_dinh", "Chính phủ", Date{2012, 8, 13}, "căn cứ xác định nạn nhân và bảo vệ nạn nhân, người thân thích", Date{}, "", true},
		Instrument{"09/2013/NĐ-CP", "nghi_dinh", "Chính phủ", Date{2013, 1, 11}, "cơ sở hỗ trợ nạn nhân, chế độ và thủ tục hỗ trợ", Date{}, "", true},
		Instrument{"134/2013/TTLT-BTC-BLĐTBXH", "thong_tu", "Bộ Tài chính, Bộ Lao động - Thương binh và Xã hội", Date{2013, 9, 25}, "nội dung và mức chi hỗ trợ nạn nhân", Date{}, "84/2019/TT-BTC", true},
		Instrument{"35/2013/TT-BLĐTBXH", "thong_tu", "Bộ Lao động - Thương binh và Xã hội", Date{2013, 12, 30}, "hướng dẫn Nghị định 09/2013/NĐ-CP", Date{}, "", false},
		Instrument{"01/2014/TTLT-BCA-BQP-BLĐTBXH-BNG", "thong_tu", "liên tịch", Date{2014, 2, 10}, "xác minh, xác định, tiếp nhận và trao trả nạn nhân", Date{}, "", true},
		Instrument{"793/QĐ-TTg", "quyet_dinh", "Thủ tướng Chính phủ", Date{2016, 5, 10}, "Ngày toàn dân phòng, chống mua bán người", Date{}, "", true},
		Instrument{"84/2019/TT-BTC", "thong_tu", "Bộ Tài chính", Date{2019, 11, 27}, "nội dung và mức chi hỗ trợ nạn nhân", Date{}, "", true},
		Instrument{"193/QĐ-TTg", "quyet_dinh", "Thủ tướng Chính phủ", Date{2021, 2, 9}, "Chương trình phòng, chống mua bán người giai đoạn 2021-2025", Date{}, "", true},
		Instrument{"53/2024/QH15", "luat", "Quốc hội", Date{2024, 11, 28}, "Luật Phòng, chống mua bán người", Date{}, "", true},
		Instrument{"86/2025/QH15", "luat", "Quốc hội", Date{2025, 6, 25}, "sửa đổi Bộ luật Hình sự và Luật Phòng, chống mua bán người", Date{}, "", true},
		Instrument{"162/2025/NĐ-CP", "nghi_dinh", "Chính phủ", Date{2025, 6, 29}, "quy định chi tiết Luật Phòng, chống mua bán người", Date{}, "", true},
		Instrument{"1137/QĐ-TTg", "quyet_dinh", "Thủ tướng Chính phủ", Date{2025, 6, 13}, "kế hoạch hưởng ứng 30/7 năm 2025", Date{}, "", true},
		Instrument{"33/QĐ-TTg", "quyet_dinh", "Thủ tướng Chính phủ", Date{2026, 1, 7}, "Chương trình phòng, chống mua bán người giai đoạn 2026-2030", Date{}, "", true},
		Instrument{"120/2026/TT-BTC", "thong_tu", "Bộ Tài chính", Date{2026, 8, 17}, "mức chi theo Nghị định 162/2025/NĐ-CP", Date{}, "", false},
	)
}
