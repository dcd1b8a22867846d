package formdef

import "slices"

// CommonUnits are the units of measure (đơn vị tính) every form knows. They are never converted into each other: a broadcast of 5 minutes
// three times is 15 phút and 3 lần, and neither figure follows from the other.
var CommonUnits = []string{
	"ban", "buoi", "ca", "cai", "chiec", "cuoc", "cuoc_goi", "cuon", "doanh_nghiep", "doi_tuong", "don_vi", "dong", "ho", "hoi_nghi", "lan",
	"lop", "luot", "luot_nguoi", "ngay", "nguoi", "phan_tram", "phut", "tin_bai", "to", "to_chuc", "trieu_dong", "van_ban", "vu", "y_kien",
}

// KnownUnit tells whether a code is a unit of the form, or a common one.
func (f *Form) KnownUnit(code string) bool {
	return slices.Contains(CommonUnits, code) || slices.ContainsFunc(f.Units, func(u Unit) bool { return u.Code == code })
}
