package formbook

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/formdef"
	"chungtay/internal/i18n"
)

// The published figures R1 to R8 (press releases and reports of the agencies, 2020 to 2025), entered into the shipped forms. They are what
// the forms must be able to say, and where the agencies' own figures do not add up the forms must say so.

func catalogue(t testing.TB) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.Load(formdef.Words)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func said(t testing.TB, found []formdef.Finding, kinds ...string) []string {
	var out []string
	for _, p := range found {
		if len(kinds) == 0 || strings.Contains(strings.Join(kinds, " "), p.Kind) {
			out = append(out, catalogue(t).Text(i18n.VI, p.Message.Key, p.Message.Args...))
		}
	}
	return out
}

func shippedForm(t testing.TB, code string) *formdef.Form {
	t.Helper()
	f, err := formdef.Parse(Shipped()[code])
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return f
}

// figures enters figures; -1 stands for "không phát sinh".
func figures(f map[string]int64) formdef.Values {
	out := formdef.Values{}
	for a, n := range f {
		if out[a] = formdef.IntValue(n); n == -1 {
			out[a] = formdef.NoneValue()
		}
	}
	return out
}

func TestShippedFormsAreSound(t *testing.T) {
	if len(Shipped()) != 3 {
		t.Fatalf("%d forms", len(Shipped()))
	}
	definitions := map[string]formdef.Text{}
	for code := range Shipped() {
		f := shippedForm(t, code)
		if f.Code != code {
			t.Errorf("%s holds the form %s", code, f.Code)
		}
		for _, p := range f.Check() {
			t.Errorf("%s line %d %s: %s", code, p.Line, p.Path, catalogue(t).Text(i18n.VI, p.Message.Key, p.Message.Args...))
		}
		for _, c := range f.Figures() {
			i, ok := c.Indicator()
			if !ok {
				t.Errorf("%s: %s has no indicator", code, c.Address)
				continue
			}
			// One code means one thing in all forms, or years could not be compared.
			if old, seen := definitions[i.Code]; seen && old != i.Definition {
				t.Errorf("%s means %q and %q", i.Code, old.VI, i.Definition.VI)
			}
			definitions[i.Code] = i.Definition
		}
		d, err := formdef.NewDraft(Shipped()[code])
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(d.JSON()), string(Shipped()[code])); d != "" {
			t.Errorf("%s is not laid out as the editor would:\n%s", code, d)
		}
	}
}

func TestPublishedFigures(t *testing.T) {
	for _, c := range []struct {
		name, form string
		values     map[string]int64
		want       []string // what the rules say; requirements are left out
	}{
		{"R1 Ministry of Ethnic Affairs, campaign of 2025", "ket_qua_30_7", map[string]int64{
			"truc_tiep/noi_chuyen/so": 16626, "truc_tiep/noi_chuyen/nguoi": 822994, "truc_tiep/mit_tinh/so": 13, "truc_tiep/luu_dong/so": 17974, "truc_tiep/tap_huan/so": 105,
			"truc_tiep/tap_huan/nguoi": 9488, "an_pham/to_roi/so": 488522, "an_pham/bang_ron/so": 2381, "an_pham/ap_phich/so": 180, "an_pham/cam_ket/so": 314221, "an_pham/sach_mong/so": 840,
			"truyen_thong_dai_chung/phut_phat/so": 45581, "truyen_thong_dai_chung/lan_phat/so": 226477, "truyen_thong_dai_chung/tin_bai/so": 80, "truyen_thong_dai_chung/phong_su/so": 2}, nil},
		{"R2 Border guard, first half of 2020", "phong_chong_6_thang", map[string]int64{"truc_tiep/noi_chuyen/so": 17123, "truc_tiep/noi_chuyen/nguoi": 627132, "toi_pham/tong/vu": 586, "toi_pham/tong/doi_tuong": 1098}, nil},
		{"R3 Cần Thơ 2016-2020", "phong_chong_nam", map[string]int64{"truc_tiep/noi_chuyen/so": 1134, "truc_tiep/noi_chuyen/nguoi": 54131}, nil},
		{"R4 hotline, 2020", "phong_chong_nam", map[string]int64{"cuoc_goi": 2826, "goi_thong_tin": 2388, "goi_tu_van": 379, "goi_chuyen": 59, "goi_khac": -1}, nil},
		{"R4 hotline, first half of 2021", "phong_chong_6_thang", map[string]int64{"cuoc_goi": 1020, "goi_thong_tin": 854, "goi_tu_van": 147, "goi_chuyen": 19, "goi_khac": -1}, nil},
		{"R4 hotline, third quarter of 2024: 24 calls unexplained; one person is referred to several agencies", "phong_chong_6_thang", map[string]int64{
			"cuoc_goi": 621, "goi_thong_tin": 332, "goi_tu_van": 265, "goi_chuyen": -1, "goi_khac": -1,
			"chuyen_den/cong_an/ca": 27, "chuyen_den/bien_phong/ca": 5, "chuyen_den/to_chuc/ca": 22, "chuyen_den/y_te/ca": 10},
			[]string{"Cuộc gọi đến tổng đài về mua bán người: 621 khác 597 (cộng theo loại cuộc gọi). Đối chiếu số chung với các phần"}},
		{"R5 Lào Cai 2021-6/2023: 20 victims and 46 presumed", "phong_chong_nam", map[string]int64{"tiep_nhan": 66, "nn_xac_dinh": 20, "nn_nghi": 46, "nn_khong": -1}, nil},
		{"R5 the presumed taken for victims", "phong_chong_nam", map[string]int64{"tiep_nhan": 66, "nn_xac_dinh": 66, "nn_nghi": 46, "nn_khong": -1},
			[]string{"Người được tiếp nhận trong kỳ: 66 nhỏ hơn 112 (cộng theo kết quả xác minh). Đối chiếu số chung với các phần"}},
		{"R6 Ministry of Public Security, first half of 2023", "phong_chong_6_thang", map[string]int64{"toi_pham/tong/vu": 88, "toi_pham/nguoi/vu": 43, "toi_pham/duoi_16/vu": 45,
			"toi_pham/tong/doi_tuong": 229, "toi_pham/nguoi/doi_tuong": 86, "toi_pham/duoi_16/doi_tuong": 143, "toi_pham/tong/nan_nhan": 224}, nil},
		{"R7 2022", "phong_chong_nam", map[string]int64{"nn_xac_dinh": 255, "nn_gioi_tinh/nu/nguoi": 102, "nn_gioi_tinh/nam/nguoi": 153, "nn_gioi_tinh/khong_ro/nguoi": -1,
			"nn_boc_lot/lao_dong/nguoi": 195, "nn_boc_lot/tinh_duc/nguoi": 14, "nn_boc_lot/hon_nhan/nguoi": -1, "nn_boc_lot/nhan_con/nguoi": -1, "nn_boc_lot/mo_tang/nguoi": -1,
			"nn_boc_lot/khac/nguoi": -1, "nn_boc_lot/khong_ro/nguoi": 46, "nn_dan_toc/thieu_so/nguoi": 89}, nil},
		{"R7 2021", "phong_chong_nam", map[string]int64{"nn_xac_dinh": 126, "nn_gioi_tinh/nu/nguoi": 114, "nn_gioi_tinh/nam/nguoi": 12, "nn_gioi_tinh/khong_ro/nguoi": -1,
			"nn_boc_lot/lao_dong/nguoi": 22, "nn_boc_lot/tinh_duc/nguoi": 28, "nn_boc_lot/hon_nhan/nguoi": -1, "nn_boc_lot/nhan_con/nguoi": -1, "nn_boc_lot/mo_tang/nguoi": -1,
			"nn_boc_lot/khac/nguoi": -1, "nn_boc_lot/khong_ro/nguoi": 76, "nn_dan_toc/thieu_so/nguoi": 64}, nil},
		{"R7 2021 with a child as a third sex", "phong_chong_nam", map[string]int64{"nn_xac_dinh": 126, "nn_gioi_tinh/nu/nguoi": 114, "nn_gioi_tinh/nam/nguoi": 12, "nn_gioi_tinh/khong_ro/nguoi": 45},
			[]string{"Đã xác định là nạn nhân: 126 nhỏ hơn 171 (cộng theo giới tính). Đối chiếu số chung với các phần"}},
		{"R8 Sơn La, first half of 2020", "phong_chong_6_thang", map[string]int64{"tiep_nhan": 1, "nn_xac_dinh": 1, "nn_nghi": -1, "nn_khong": -1, "duoc_ho_tro": 1, "ht_nan_nhan": 1, "ht_dang_xac_dinh": -1, "ht_di_cung": -1}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := shippedForm(t, c.form)
			r := f.Evaluate(figures(c.values), formdef.Context{})
			for a, n := range c.values {
				if v := r.Values[a]; n >= 0 && v != formdef.IntValue(n) {
					t.Errorf("%s is %v, entered %d", a, v, n)
				}
			}
			if d := cmp.Diff(c.want, said(t, r.Problems, "type", "range", "unknown", "constraint", "rule", "partition", "part", "formula")); d != "" {
				t.Error(d)
			}
		})
	}
}

// The persons of the third quarter of 2024 as they were published: the ages overlap at 16 and leave out 10, the rest adds up to 36.
func TestThirdQuarterOf2024(t *testing.T) {
	f, err := formdef.Parse([]byte(`{"code": "q3_2024", "title": "Người được hỗ trợ qua đường dây nóng, quý III/2024", "sections": [{"name": "nguoi", "title": "Người", "fields": [
  {"name": "tong", "type": "integer", "unit": "nguoi", "label": "Tổng số"},
  {"name": "gioi", "type": "table", "unit": "nguoi", "label": "Giới tính", "rows": [{"name": "nam", "label": "Nam"}, {"name": "nu", "label": "Nữ"}],
    "columns": [{"name": "n", "type": "integer", "label": "Người"}], "dimension": {"type": "partition", "of": "tong", "complete": true}},
  {"name": "dan_toc", "type": "table", "unit": "nguoi", "label": "Dân tộc", "rows": [{"name": "kinh", "label": "Kinh"}, {"name": "khac", "label": "Thiểu số"}],
    "columns": [{"name": "n", "type": "integer", "label": "Người"}], "dimension": {"type": "partition", "of": "tong", "complete": true}},
  {"name": "noi_den", "type": "table", "unit": "nguoi", "label": "Nơi đến", "rows": [{"name": "kh", "label": "Campuchia"}, {"name": "la", "label": "Lào"}, {"name": "cn", "label": "Trung Quốc"},
    {"name": "mm", "label": "Myanmar"}, {"name": "vn", "label": "Trong nước"}],
    "columns": [{"name": "n", "type": "integer", "label": "Người"}], "dimension": {"type": "partition", "of": "tong", "complete": true}},
  {"name": "tuoi", "type": "table", "unit": "nguoi", "label": "Tuổi", "rows": [
    {"name": "a", "label": "Dưới 10", "band": {"from": 0, "to": 9}}, {"name": "b", "label": "11–14", "band": {"from": 11, "to": 14}},
    {"name": "c", "label": "15–16", "band": {"from": 15, "to": 16}}, {"name": "d", "label": "16–18", "band": {"from": 16, "to": 18}}, {"name": "e", "label": "Trên 18", "band": {"from": 19}}],
    "columns": [{"name": "n", "type": "integer", "label": "Người"}], "dimension": {"type": "partition", "of": "tong", "complete": true}},
  {"name": "chuyen", "type": "table", "unit": "luot", "label": "Chuyển tuyến", "rows": [{"name": "ca", "label": "Công an"}, {"name": "bp", "label": "Biên phòng"}, {"name": "ngo", "label": "Tổ chức"}, {"name": "ld", "label": "Lao động"}],
    "columns": [{"name": "n", "type": "integer", "label": "Lượt"}], "dimension": {"type": "multiple"}}
]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	var hard []string
	for _, p := range f.Check() {
		if p.Level == formdef.Hard {
			hard = append(hard, catalogue(t).Text(i18n.VI, p.Message.Key, p.Message.Args...))
		}
	}
	if d := cmp.Diff([]string{
		"Giữa nhóm “Dưới 10” và “11–14” không nhóm nào tính 10. Sửa giới hạn.",
		"Nhóm “15–16” và “16–18” cùng tính 16. Sửa giới hạn để mỗi số chỉ thuộc một nhóm.",
	}, hard); d != "" {
		t.Error(d)
	}
	r := f.Evaluate(figures(map[string]int64{"tong": 36, "gioi/nam/n": 21, "gioi/nu/n": 15, "dan_toc/kinh/n": 32, "dan_toc/khac/n": 4, "noi_den/kh/n": 10, "noi_den/la/n": 5, "noi_den/cn/n": 6,
		"noi_den/mm/n": 3, "noi_den/vn/n": 12, "tuoi/a/n": 3, "tuoi/b/n": 1, "tuoi/c/n": 4, "tuoi/d/n": 4, "tuoi/e/n": 24, "chuyen/ca/n": 27, "chuyen/bp/n": 5, "chuyen/ngo/n": 22, "chuyen/ld/n": 10}), formdef.Context{})
	if len(r.Problems) > 0 {
		t.Errorf("36 persons in four partitions, 64 referrals: %v", said(t, r.Problems))
	}
}
