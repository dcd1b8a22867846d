package campaign

import (
	"slices"
	"strings"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

// sloganKey is what makes two wordings one slogan: the words that carry it, without marks, case, punctuation and the small words in which
// variants differ ("phòng, chống nạn mua bán người", "phòng, chống mua bán người").
func sloganKey(s string) string {
	drop := map[string]bool{"nan": true, "moi": true, "va": true, "cua": true, "la": true, "cac": true, "nhung": true, "hay": true, "cung": true, "ngay": true}
	var out []string
	for _, w := range strings.FieldsFunc(viet.Fold(s), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }) {
		if !drop[w] {
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}

// Verdict is what is known of a slogan for a year.
type Verdict struct {
	Text    string
	OK      bool   // approved for the year, in these words or as a variant
	Variant string // the approved wording, where the words differ
	Year    int    // 0, or another year for which alone it was approved
}

// Check tells of slogans whether they are on the list of a year. A slogan of another year alone (the Covid slogan of 2021) is not.
func Check(tx *db.Tx, year int, slogans []string) ([]Verdict, error) {
	all, err := Slogans(tx, 0)
	if err != nil {
		return nil, err
	}
	out := make([]Verdict, len(slogans))
	for i, s := range slogans {
		v := Verdict{Text: s}
		for _, a := range all {
			if a.State != "approved" || !alike(sloganKey(s), sloganKey(a.Text)) {
				continue
			}
			if a.Year == year {
				v.OK, v.Year, v.Variant = true, 0, ""
				if viet.Fold(a.Text) != viet.Fold(s) {
					v.Variant = a.Text
				}
				break
			}
			if !v.OK && (v.Year == 0 || a.Year > v.Year) {
				v.Year = a.Year
			}
		}
		out[i] = v
	}
	return out, nil
}

// alike tells whether two keys are variants: nine tenths of the words of the longer stand in the shorter.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) < len(y) {
		x, y = y, x
	}
	if len(y) == 0 {
		return false
	}
	have := map[string]int{}
	for _, w := range y {
		have[w]++
	}
	n := 0
	for _, w := range x {
		if have[w] > 0 {
			have[w]--
			n++
		}
	}
	return n*10 >= len(x)*9
}

// mayRule tells whether the actor may decide about slogans in the name of a unit: the lists are the centre's and the provinces'.
func (c *Campaigns) mayRule(tx *db.Tx, by policy.Actor, unit string) error {
	if err := c.mayFor(tx, by, Manage, unit); err != nil {
		return err
	}
	if u, err := orgunit.Present(tx, unit); err != nil {
		return err
	} else if u.Level != orgunit.Central && u.Level != orgunit.Province {
		return errs.New(errs.Forbidden, "campaign.slogan_above")
	}
	return nil
}

// ApproveSlogan puts a slogan on the list of a year, in the name of a unit of the centre or of a province.
func (c *Campaigns) ApproveSlogan(tx *db.Tx, by policy.Actor, s Slogan) (Slogan, error) {
	if err := c.mayRule(tx, by, s.Unit); err != nil {
		return s, err
	}
	s.Text = strings.Trim(strings.Join(strings.Fields(viet.NFC(s.Text)), " "), `"“” `)
	switch {
	case s.Text == "":
		return s, errs.AtField("text", "campaign.need_slogan")
	case len([]rune(s.Text)) > 300:
		return s, errs.AtField("text", "campaign.too_long", 300)
	case s.Year < 2016 || s.Year > civil.Of(tx.Now).Year+2:
		return s, errs.AtField("year", "campaign.year", 2016, civil.Of(tx.Now).Year+2)
	}
	have, err := Check(tx, s.Year, []string{s.Text})
	if err != nil {
		return s, err
	}
	if have[0].OK {
		return s, errs.AtField("text", "campaign.slogan_there")
	}
	s.ID, s.State = newID(tx), "approved"
	if err := insertSlogan(tx, s, by.Person); err != nil {
		return s, err
	}
	return s, audit.Log(tx, by, audit.By(Manage, s.Unit), audit.Deed{Action: "campaign.slogan", Kind: "slogan", ID: s.ID, Change: audit.Diff(nil, s)})
}

// mayWithdraw: the unit that approved a slogan withdraws it, and the centre those that came with the system.
func (c *Campaigns) mayWithdraw(tx *db.Tx, by policy.Actor, s Slogan) error {
	if s.Unit != "" {
		return c.mayRule(tx, by, s.Unit)
	}
	if err := c.mayRule(tx, by, by.Unit); err != nil {
		return err
	}
	if u, err := orgunit.Present(tx, by.Unit); err != nil {
		return err
	} else if u.Level != orgunit.Central {
		return errMay
	}
	return nil
}

// WithdrawSlogan takes a slogan off its list.
func (c *Campaigns) WithdrawSlogan(tx *db.Tx, by policy.Actor, id string) error {
	s, err := findSlogan(tx, id)
	if err != nil {
		return err
	}
	if err := c.mayWithdraw(tx, by, s); err != nil {
		return err
	}
	if err := setSloganState(tx, id, "withdrawn"); err != nil {
		return err
	}
	unit := s.Unit
	if unit == "" {
		unit = by.Unit
	}
	return audit.Log(tx, by, audit.By(Manage, unit), audit.Deed{Action: "campaign.slogan_withdrawn", Kind: "slogan", ID: id})
}

// shippedSlogans are those of the years the project has documents of, as printed there. Later years are approved by the centre.
var shippedSlogans = []struct {
	year int
	text string
}{
	{2021, "Tích cực hưởng ứng ngày toàn dân phòng, chống mua bán người"},
	{2021, "Chung tay phòng, chống mua bán người"},
	{2021, "Phòng, chống mua bán người là trách nhiệm của mỗi cá nhân, gia đình và xã hội"},
	{2021, "Phát huy tinh thần phòng, chống dịch Covid, chung tay đẩy lùi nạn mua bán người"},
	{2022, "Tích cực hưởng ứng Ngày thế giới phòng, chống mua bán người"},
	{2022, "Chung tay phòng, chống nạn mua bán người"},
	{2022, "Phòng, chống mua bán người là trách nhiệm của mỗi cá nhân và toàn xã hội"},
	{2023, "Tích cực hưởng ứng Ngày thế giới phòng, chống mua bán người"},
	{2023, "Chung tay phòng, chống nạn mua bán người"},
	{2023, "Phòng, chống mua bán người là trách nhiệm của mỗi cá nhân và toàn xã hội"},
}

// Install enters what comes with the program where nothing is entered yet: slogans of past years, the national hotlines with their validity
// (18001567 became 111 in 12/2017; 111 is the trafficking hotline by Nghị định 162/2025/NĐ-CP).
func Install(tx *db.Tx) error {
	n, err := countSlogans(tx)
	if err != nil || n > 0 {
		return err
	}
	for _, s := range shippedSlogans {
		if err := insertSlogan(tx, Slogan{ID: newID(tx), Year: s.year, Text: s.text, State: "approved", Source: "Văn bản của năm " + itoa(s.year)}, "system"); err != nil {
			return err
		}
	}
	for _, h := range []Hotline{
		{Number: "111", Shown: "111", Name: "Tổng đài điện thoại quốc gia bảo vệ trẻ em, tổng đài quốc gia về phòng, chống mua bán người", From: civil.MustParse("2017-12-01"), Verified: true, Source: "Nghị định 162/2025/NĐ-CP"},
		{Number: "18001567", Shown: "18001567", Name: "Đường dây nóng cũ về mua bán người", To: civil.MustParse("2017-11-30"), Successor: "111", Verified: true},
		{Number: "113", Shown: "113", Name: "Công an", Verified: false},
	} {
		h.ID = newID(tx)
		if err := insertHotline(tx, h); err != nil {
			return err
		}
	}
	return nil
}

// Retired finds in a text the hotlines that do not answer on a day: those that were replaced before it or came after it.
func Retired(tx *db.Tx, text string, day civil.Date) ([]Hotline, error) {
	all, err := Hotlines(tx, civil.Date{})
	if err != nil {
		return nil, err
	}
	var out []Hotline
	for _, n := range numbersIn(text) {
		for _, h := range all {
			if h.Number == n && (!h.To.IsZero() && h.To.Before(day) || !h.From.IsZero() && h.From.After(day)) && !slices.ContainsFunc(out, func(o Hotline) bool { return o.ID == h.ID }) {
				out = append(out, h)
			}
		}
	}
	return out, nil
}

// Doubts are what must be looked at in a text about a day: slogans approved for other years alone, those that are not on the list of its year
// where there is one, and numbers that do not answer then.
func Doubts(tx *db.Tx, day civil.Date, slogans []string, text string) ([]errs.Message, error) {
	var out []errs.Message
	listed, err := Slogans(tx, day.Year)
	if err != nil {
		return nil, err
	}
	known, err := Check(tx, day.Year, slogans)
	if err != nil {
		return nil, err
	}
	for _, v := range known {
		switch {
		case v.OK:
		case v.Year > 0:
			out = append(out, errs.Message{Key: "campaign.doubt_year", Args: []any{v.Text, itoa(v.Year), itoa(day.Year)}})
		case len(listed) > 0:
			out = append(out, errs.Message{Key: "campaign.doubt_unknown", Args: []any{v.Text, itoa(day.Year)}})
		}
	}
	old, err := Retired(tx, strings.Join(append([]string{text}, slogans...), "\n"), day)
	for _, h := range old {
		m := errs.Message{Key: "campaign.doubt_number", Args: []any{h.Shown}}
		if h.Successor != "" && !h.To.IsZero() && h.To.Before(day) {
			m = errs.Message{Key: "campaign.doubt_number_now", Args: []any{h.Shown, h.Successor}}
		}
		out = append(out, m)
	}
	return out, err
}

// numbersIn finds numbers to dial in a text, however they are grouped: 18001567, 1800 1567, 1800.1567.
func numbersIn(text string) []string {
	var out []string
	digits, gap := "", 0
	end := func() {
		if len(digits) >= 3 && len(digits) <= 12 {
			out = append(out, digits)
		}
		digits, gap = "", 0
	}
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits, gap = digits+string(r), 0
		case (r == ' ' || r == '.' || r == '-') && digits != "" && gap == 0:
			gap = 1
		default:
			end()
		}
	}
	end()
	return out
}
