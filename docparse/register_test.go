package docparse

import "testing"

func TestTheLegalRegister(t *testing.T) {
	reg := AntiTrafficking()
	kinds := map[string]bool{"luat": true, "nghi_dinh": true, "thong_tu": true, "quyet_dinh": true}
	last := Date{}
	for _, in := range Instruments() {
		if !kinds[in.Kind] || in.Issuer == "" || in.Subject == "" || in.Certainty != Certain && in.Certainty != Partly && in.Certainty != Unverified {
			t.Errorf("%+v", in)
		}
		if in.Certainty != Certain && in.Note == "" {
			t.Errorf("%s: what is not certain?", in.Number)
		}
		if in.Certainty != Unverified && len(in.Sources) == 0 {
			t.Errorf("%s has no source", in.Number)
		}
		if in.Number != "" {
			if s, ok := ParseSymbol(in.Number); !ok || s.Kind() != in.Kind {
				t.Errorf("%s: symbol of a %s, entered as %s", in.Number, s.Kind(), in.Kind)
			}
		}
		for _, other := range []string{in.ReplacedBy, in.AmendedBy} {
			if _, ok := reg.Find(other); other != "" && !ok {
				t.Errorf("%s points to %s, which is not there", in.Number, other)
			}
		}
		for _, d := range []Date{in.Date, in.From, in.Until} {
			if !d.IsZero() && !d.Exists() {
				t.Errorf("%s: no such day %v", in.Number, d)
			}
		}
		if in.Date.Full() {
			if in.Date.compare(last) < 0 {
				t.Errorf("%s stands behind a later one", in.Number)
			}
			last = in.Date
		}
	}
	// On 30/6/2025 the law of 2011 counts, on the next day that of 2024 as amended.
	for _, x := range []struct {
		on       Date
		old, new bool
	}{{Date{2025, 6, 30}, true, false}, {Date{2025, 7, 1}, false, true}} {
		old, _ := reg.Find("66/2011/QH12")
		now, _ := reg.Find("53/2024/QH15")
		if old.InForce(x.on) != x.old || now.InForce(x.on) != x.new || now.AmendedBy != "86/2025/QH15" {
			t.Errorf("on %v: %v %v", x.on, old.InForce(x.on), now.InForce(x.on))
		}
	}
}

// A wrong number is kept as written and doubted, with the papers that were likely meant: by what the text says of it, and by its digits.
func TestAnUnknownActIsPointedOut(t *testing.T) {
	text := "Thực hiện Quyết định số 739/QĐ-TTg về phê duyệt Chương trình phòng, chống mua bán người giai đoạn 2021-2025 và định hướng đến năm 2030, các đơn vị báo cáo."
	d := Read(text, Options{Register: AntiTrafficking()})
	for _, x := range d.Doubts {
		if x.Kind == "unknown-citation-near" {
			if x.Cure != "193/QĐ-TTg" || x.Args[1] != "193/QĐ-TTg, 793/QĐ-TTg" {
				t.Errorf("%+v", x)
			}
			return
		}
	}
	t.Errorf("no doubt: %+v", d.Doubts)
}
