package docrender

import (
	"fmt"
	"strconv"
	"strings"

	"chungtay/internal/civil"
)

// The fixed words of the form.
const (
	nationalName = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
	motto        = "Độc lập - Tự do - Hạnh phúc"
	endMark      = "./."
	draftMark    = "DỰ THẢO"
)

// NumberLine writes component 3: numbers below 10 with a leading zero; a number not yet drawn leaves a blank for the pen.
func NumberLine(number int, symbol string) string {
	switch {
	case number <= 0:
		return "Số:       /" + symbol
	case symbol == "":
		return "Số: " + twoDigits(number)
	}
	return "Số: " + twoDigits(number) + "/" + symbol
}

// PlaceDate writes component 4. Days below 10 and the months 1 and 2 have a leading zero; unknown parts leave a blank.
func PlaceDate(place string, d civil.Date) string {
	if place == "" {
		return upperFirst(LongDate(d))
	}
	return place + ", " + LongDate(d)
}

// LongDate writes ngày 05 tháng 01 năm 2020.
func LongDate(d civil.Date) string {
	day, month, year := "     ", "     ", "       "
	if d.Day > 0 {
		day = twoDigits(d.Day)
	}
	if d.Month > 0 {
		month = monthDigits(int(d.Month))
	}
	if d.Year > 0 {
		year = strconv.Itoa(d.Year)
	}
	return "ngày " + day + " tháng " + month + " năm " + year
}

// ShortDate writes 05/01/2020, as dates stand in citations and tables.
func ShortDate(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%s/%d", d.Day, monthDigits(int(d.Month)), d.Year)
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

func monthDigits(m int) string {
	if m <= 2 {
		return "0" + strconv.Itoa(m)
	}
	return strconv.Itoa(m)
}

// recipientLines writes component 9b without its label: lines open with a dash and close with a semicolon, the last is "Lưu" and closes
// with a full stop.
func (d Document) recipientLines() []string {
	var out []string
	for _, r := range d.Recipients {
		line := "- " + strings.TrimRight(strings.TrimSpace(r.Name), ".;,")
		if r.Mark != "" {
			line += " (" + r.Mark + ")"
		}
		out = append(out, line+";")
	}
	line := "- Lưu: VT"
	for _, u := range d.Archive.Units {
		if u != "VT" {
			line += ", " + u
		}
	}
	if a := d.Archive; a.Drafter != "" { // component 12: the drafter's initials and the number of copies
		line += ".(" + strings.ToUpper(a.Drafter) + ")"
		if a.Copies > 0 {
			line += twoDigits(a.Copies)
		}
		return append(out, line)
	}
	return append(out, line+".")
}

// alphabet numbers points (điểm). Letters with marks other than đ are not used for numbering.
var alphabet = []rune("abcdđeghiklmnopqrstuvxy")

// letterLabel returns the label of the n-th point, from 1; after the alphabet letters are doubled.
func letterLabel(n int) string {
	i := (n - 1) % len(alphabet)
	return strings.Repeat(string(alphabet[i]), (n-1)/len(alphabet)+1)
}

func romanLabel(n int) string {
	var b strings.Builder
	for _, p := range []struct {
		v int
		s string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= p.v; n -= p.v {
			b.WriteString(p.s)
		}
	}
	return b.String()
}

func (u Urgency) words() string {
	switch u {
	case Urgent:
		return "KHẨN"
	case MoreUrgent:
		return "THƯỢNG KHẨN"
	case MostUrgent:
		return "HỎA TỐC"
	}
	return ""
}

func (c Circulation) words() string {
	switch c {
	case ReadAndReturn:
		return "XEM XONG TRẢ LẠI"
	case InternalUse:
		return "LƯU HÀNH NỘI BỘ"
	}
	return ""
}

func upperFirst(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

func lowerFirst(s string) string {
	for i, r := range s {
		return strings.ToLower(string(r)) + s[i+len(string(r)):]
	}
	return s
}

// closed gives a sentence its closing mark, taking away what stands there.
func closed(s, mark string) string {
	s = strings.TrimSpace(s)
	s = strings.TrimSuffix(s, endMark)
	return strings.TrimRight(s, ".;, ") + mark
}
