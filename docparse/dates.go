package docparse

import (
	"fmt"
	"strings"
)

// String writes the date as the corpus form does: 2021-05-14, 2021-05, 2021, or "" when nothing is known.
func (d Date) String() string {
	switch {
	case d.Year == 0:
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// IsZero tells whether nothing is known of the date.
func (d Date) IsZero() bool { return d == Date{} }

// Full tells whether day, month and year are known.
func (d Date) Full() bool { return d.Year > 0 && d.Month > 0 && d.Day > 0 }

// Exists tells whether the calendar has the date; unknown parts are not held against it.
func (d Date) Exists() bool {
	if d.Month == 0 {
		return true
	}
	if d.Month > 12 {
		return false
	}
	days := [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[d.Month-1]
	if d.Month == 2 && d.Year > 0 && (d.Year%4 != 0 || d.Year%100 == 0 && d.Year%400 != 0) {
		days = 28
	}
	return d.Day <= days
}

// compare orders dates; unknown parts count as the smallest.
func (d Date) compare(e Date) int {
	switch {
	case d.Year != e.Year:
		return d.Year - e.Year
	case d.Month != e.Month:
		return d.Month - e.Month
	}
	return d.Day - e.Day
}

// foundDate is a date read at a position.
type foundDate struct {
	Date
	start, end int
}

// number reads up to max digits at i; OCR's O and l are taken for 0 and 1 beside digits only.
func digits(s string, i, limit int) (v, end int) {
	for end = i; end < len(s) && end-i < limit && isDigit(s[end]); end++ {
		v = v*10 + int(s[end]-'0')
	}
	if end < len(s) && isDigit(s[end]) {
		return 0, i
	}
	return v, end
}

func skipSpaces(s string, i int) int {
	for i < len(s) && s[i] == ' ' {
		i++
	}
	return i
}

// The words of a date, whole or with a mark that the copy lost or changed; digits must stand beside them.
var (
	dayWords   = []string{"ngày", "ngay", "ngảy", "ngàv"}
	monthWords = []string{"tháng", "thang", "thảng", "thàng"}
	yearWords  = []string{"năm", "nam", "nảm", "nâm"}
)

// oneWord returns the length of the word of the list that stands at i, 0 when none does.
func oneWord(low string, i int, words []string) int {
	if i >= len(low) || low[i] != 'n' && low[i] != 't' {
		return 0
	}
	for _, w := range words {
		if hasWord(low, i, w) {
			return len(w)
		}
	}
	return 0
}

// dateAt reads a date at i of folded text: 14/5/2021, 12 - 07 - 2021, 2020-02-02T…, 24 tháng 01 năm 2023,
// tháng 6 năm 2021, 6/2021, 30/7 (year 0). The word "ngày" may stand before it. The blank of an undated draft
// ("ngày      tháng 5 năm 2021", "ngày … tháng …") is day 0.
func dateAt(low string, i int) (foundDate, bool) {
	f := foundDate{start: i}
	k := i
	if n := oneWord(low, k, dayWords); n > 0 {
		k = skipSpaces(low, k+n)
		for hasWord(low, k, "mùng") || hasWord(low, k, "mồng") {
			k = skipSpaces(low, wordEnd(low, k))
		}
		j := k
		for j < len(low) && j-k < 40 && (low[j] == '.' || low[j] == ' ' || low[j] == '_' || hasAt(low, j, "…")) {
			if low[j] == 0xE2 {
				j += 2
			}
			j++
		}
		if oneWord(low, j, monthWords) > 0 {
			k = j
		}
	}
	if n := oneWord(low, k, monthWords); n > 0 {
		j := skipDots(low, k+n)
		m, e := digits(low, j, 2)
		if e == j || m == 0 {
			return f, false
		}
		y, e2 := yearAfter(low, e)
		if e2 == e {
			return f, false
		}
		f.Date, f.end = Date{Year: y, Month: m}, e2
		return f, true
	}
	a, e := digits(low, k, 4)
	if e == k {
		return f, false
	}
	if e-k == 4 { // ISO
		if e < len(low) && low[e] == '-' && a > 1900 && a < 2100 {
			m, e2 := digits(low, e+1, 2)
			if e2 == e+1 {
				return f, false
			}
			if e2 < len(low) && low[e2] == '-' {
				if d, e3 := digits(low, e2+1, 2); e3 > e2+1 {
					f.Date, f.end = Date{a, m, d}, e3
					return f, true
				}
			}
			f.Date, f.end = Date{Year: a, Month: m}, e2
			return f, m > 0
		}
		return f, false
	}
	if e-k > 2 || a == 0 {
		return f, false
	}
	j := skipSpaces(low, e)
	if n := oneWord(low, j, monthWords); n > 0 {
		j = skipDots(low, j+n)
		m, e2 := digits(low, j, 2)
		if e2 == j {
			var ok bool
			if m, e2, ok = monthName(low, j); !ok {
				return f, false
			}
		}
		f.Date, f.end = Date{Day: a, Month: m}, e2
		if y, e3 := yearAfter(low, e2); e3 > e2 {
			f.Year, f.end = y, e3
		}
		return f, f.Year > 0 || a <= 31 && m <= 12
	}
	if m, e2, ok := englishMonth(low, j); ok && j > e { // 16 July 2018
		e2 = skipSpaces(low, e2)
		if e2 < len(low) && low[e2] == ',' {
			e2 = skipSpaces(low, e2+1)
		}
		if y, e3 := digits(low, e2, 4); e3-e2 == 4 {
			f.Date, f.end = Date{y, m, a}, e3
			return f, true
		}
		return f, false
	}
	if j >= len(low) || low[j] != '/' && low[j] != '-' && low[j] != '.' {
		return f, false
	}
	sep := low[j]
	if sep == '-' && j > e && !(j+1 < len(low) && low[j+1] == ' ') {
		return f, false
	}
	j2 := skipSpaces(low, j+1)
	m, e2 := digits(low, j2, 4)
	if e2 == j2 {
		return f, false
	}
	if e2-j2 == 4 { // 6/2021
		if sep == '/' && m > 1900 && m < 2100 && a <= 12 {
			f.Date, f.end = Date{Year: m, Month: a}, e2
			return f, true
		}
		return f, false
	}
	if e2-j2 > 2 || m == 0 || m > 12 && a > 12 {
		return f, false
	}
	f.Date, f.end = Date{Day: a, Month: m}, e2
	j3 := skipSpaces(low, e2)
	if j3 < len(low) && low[j3] == sep {
		j4 := skipSpaces(low, j3+1)
		if y, e3 := digits(low, j4, 4); e3-j4 == 4 && y > 1900 && y < 2100 {
			f.Year, f.end = y, e3
			return f, true
		} else if e3-j4 == 2 && sep != '.' {
			f.Year, f.end = 2000+y, e3
			return f, true
		}
		return f, false
	}
	if y, e3 := yearAfter(low, e2); e3 > e2 {
		f.Year, f.end = y, e3
		return f, true
	}
	return f, sep == '/' && (e2 >= len(low) || !isDigit(low[e2])) && m <= 12 && a <= 31
}

func skipDots(low string, i int) int {
	for i < len(low) && (low[i] == ' ' || low[i] == '.') {
		i++
	}
	return i
}

// yearAfter reads "năm 2021", "/2021", ", năm 2021", "-2021" behind a day and month.
func yearAfter(low string, i int) (y, end int) {
	j := skipSpaces(low, i)
	if j < len(low) && (low[j] == ',' || low[j] == '/' || low[j] == '-') {
		j = skipSpaces(low, j+1)
	}
	if n := oneWord(low, j, yearWords); n > 0 {
		j = skipSpaces(low, j+n)
	} else if j > i+1 && low[j-1] == ' ' && strings.TrimRight(low[i:j], " ") == "," {
		// "17 tháng 6, 2025"
	} else if j == i || low[j-1] != '/' && low[j-1] != '-' && !(low[j-1] == ' ' && j-i >= 2 && low[i] == '/') {
		return 0, i
	}
	y, e := digits(low, j, 4)
	if e-j != 4 || y < 1900 || y > 2100 {
		return 0, i
	}
	return y, e
}

// clock is a time of day.
type clock struct{ hour, minute int }

// timeAt reads a time of day at i: "15 giờ 00 phút", "15h00", "17 giờ", "8g30", "08:30"; end is i when there is none.
func timeAt(low string, i int) (t clock, end int) {
	h, e := digits(low, i, 2)
	if e == i || h > 24 {
		return t, i
	}
	k := skipSpaces(low, e)
	switch {
	case hasWord(low, k, "giờ"):
		k += len("giờ")
	case k < len(low) && (low[k] == 'h' || low[k] == 'g'):
		k++
		if ok, _ := letterAt(low, k); ok && !isDigit(low[k]) {
			return t, i
		}
	case k < len(low) && low[k] == ':' && isDigit0(low, k+1):
		k++
	default:
		return t, i
	}
	t.hour, end = h, k
	if m, e := digits(low, skipSpaces(low, k), 2); e > skipSpaces(low, k) && m < 60 {
		// "17 giờ 30/7" is a time before a date
		if e >= len(low) || low[e] != '/' && low[e] != '-' {
			t.minute, end = m, e
			if e < len(low) && low[e] == '\'' || hasAt(low, e, "’") { // 16h30'
				end = e + 1
				if low[e] != '\'' {
					end = e + len("’")
				}
			} else if j := skipSpaces(low, e); hasWord(low, j, "phút") {
				end = j + len("phút")
			} else if e < len(low) && low[e] == ':' && isDigit0(low, e+1) { // seconds
				if s, e2 := digits(low, e+1, 2); e2 > e+1 && s < 60 {
					end = e2
				}
			}
		}
	}
	return t, end
}

// skipTime steps over a time of day that stands before a date: "15h00 ngày 10/9", "17 giờ, ngày 05/8".
func skipTime(low string, i int) (clock, int) {
	for _, w := range []string{"lúc", "hồi", "khoảng"} {
		if hasWord(low, i, w) {
			i = skipSpaces(low, i+len(w))
		}
	}
	t, e := timeAt(low, i)
	if e == i {
		return t, i
	}
	k := skipSpaces(low, e)
	if k < len(low) && low[k] == ',' {
		k = skipSpaces(low, k+1)
	}
	if !hasWord(low, k, "ngày") && !isDigit0(low, k) {
		return clock{}, i
	}
	return t, k
}

// hasAt tells whether t stands at i.
func hasAt(low string, i int, t string) bool {
	return i >= 0 && i+len(t) <= len(low) && low[i:i+len(t)] == t
}

// hasWord tells whether the whole word t stands at i.
func hasWord(low string, i int, t string) bool {
	if !hasAt(low, i, t) {
		return false
	}
	ok, _ := letterAt(low, i+len(t))
	return !ok
}

var englishMonths = [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

func englishMonth(low string, i int) (m, end int, ok bool) {
	e := wordEnd(low, i)
	if e-i < 3 {
		return 0, i, false
	}
	for n, name := range englishMonths {
		if low[i:e] == name || low[i:e] == name[:3] {
			return n + 1, e, true
		}
	}
	return 0, i, false
}

var monthNames = phrases("một|giêng", "hai", "ba", "tư|bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai|chạp")

func monthName(low string, i int) (m, end int, ok bool) {
	e, t := monthNames.at(low, i)
	return t, e, e > 0
}

// englishDateAt reads "July 30, 2021".
func englishDateAt(low string, i int) (foundDate, bool) {
	m, e, ok := englishMonth(low, i)
	if !ok {
		return foundDate{}, false
	}
	j := skipSpaces(low, e)
	d, e2 := digits(low, j, 2)
	if e2 == j {
		return foundDate{}, false
	}
	j = skipSpaces(low, e2)
	if j < len(low) && low[j] == ',' {
		j = skipSpaces(low, j+1)
	}
	y, e3 := digits(low, j, 4)
	if e3-j != 4 {
		return foundDate{}, false
	}
	return foundDate{Date{y, m, d}, i, e3}, true
}

// datesIn lists the dates of low[from:to].
func datesIn(low string, from, to int) []foundDate {
	var out []foundDate
	for i := from; i < to; {
		c := low[i]
		if c != 'n' && c != 't' && !isDigit(c) || c == 'n' && !hasWord(low, i, "ngày") || c == 't' && !hasWord(low, i, "tháng") || letterBefore(low, i) {
			i++
			continue
		}
		f, ok := dateAt(low[:to], i)
		if ok {
			out = append(out, f)
			i = f.end
			continue
		}
		if isDigit(c) {
			for i < to && isDigit(low[i]) {
				i++
			}
			continue
		}
		i++
	}
	return out
}
