package docrender

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"chungtay/internal/civil"
)

func TestNumberLine(t *testing.T) {
	for _, c := range []struct {
		n      int
		symbol string
		want   string
	}{{5, "BNV-VP", "Số: 05/BNV-VP"}, {15, "QĐ-BNV", "Số: 15/QĐ-BNV"}, {1348, "KH-SYT", "Số: 1348/KH-SYT"}, {0, "KH-UBND", "Số:       /KH-UBND"}} {
		if got := NumberLine(c.n, c.symbol); got != c.want {
			t.Errorf("NumberLine(%d, %s) = %q, want %q", c.n, c.symbol, got, c.want)
		}
	}
}

// The examples of the decree, and the months between them.
func TestPlaceDate(t *testing.T) {
	for _, c := range []struct{ place, date, want string }{
		{"Hà Nội", "2020-01-05", "Hà Nội, ngày 05 tháng 01 năm 2020"},
		{"Thành phố Hồ Chí Minh", "2019-06-29", "Thành phố Hồ Chí Minh, ngày 29 tháng 6 năm 2019"},
		{"Sơn La", "2022-02-10", "Sơn La, ngày 10 tháng 02 năm 2022"},
		{"Sơn La", "2022-03-09", "Sơn La, ngày 09 tháng 3 năm 2022"},
	} {
		if got := PlaceDate(c.place, civil.MustParse(c.date)); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	if got, want := LongDate(civil.Date{Year: 2026, Month: time.July}), "ngày       tháng 7 năm 2026"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPointsFollowTheAlphabet(t *testing.T) {
	var got string
	for i := 1; i <= 23; i++ {
		got += letterLabel(i)
	}
	if want := "abcdđeghiklmnopqrstuvxy"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := letterLabel(24); got != "aa" {
		t.Errorf("point 24 is %s", got)
	}
}

func TestRecipients(t *testing.T) {
	d := Document{Recipients: []Recipient{{Name: "Như trên"}, {Name: "UBND tỉnh;", Mark: "để b/c"}}, Archive: Archive{Units: []string{"VT", "PCTNXH"}, Drafter: "HVL", Copies: 2}}
	if diff := cmp.Diff([]string{"- Như trên;", "- UBND tỉnh (để b/c);", "- Lưu: VT, PCTNXH.(HVL)02"}, d.recipientLines()); diff != "" {
		t.Error(diff)
	}
}

func TestCiter(t *testing.T) {
	plan := Citation{Type: "Kế hoạch", Number: "173/KH-BCĐ", Date: civil.MustParse("2021-05-14"), Issuer: "Ban Chỉ đạo 138 tỉnh", Subject: "Triển khai các hoạt động"}
	law := Citation{Type: "Luật", Number: "53/2024/QH15", Date: civil.MustParse("2024-11-28"), Issuer: "Quốc hội", Subject: "Phòng, chống mua bán người"}
	var c Citer
	got := []string{c.Cite(plan), c.Cite(law), c.Cite(plan), c.Cite(law)}
	want := []string{"Kế hoạch số 173/KH-BCĐ ngày 14 tháng 5 năm 2021 của Ban Chỉ đạo 138 tỉnh về việc triển khai các hoạt động", "Luật Phòng, chống mua bán người", "Kế hoạch số 173/KH-BCĐ", "Luật Phòng, chống mua bán người"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
