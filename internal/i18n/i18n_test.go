package i18n

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
)

func source(vi, en string) fstest.MapFS {
	return fstest.MapFS{"text.vi.toml": {Data: []byte(vi)}, "text.en.toml": {Data: []byte(en)}}
}

func TestSentences(t *testing.T) {
	c, err := Load(source(
		"late = \"Quá hạn {0} ngày\"\n[who]\nsent = \"{1} đã gửi {0} báo cáo lúc {2}\"\nwhole = \"Lỗi: {0}\"",
		"late = \"{0} {0:plural:day|days} late\"\n[who]\nsent = \"{1} sent {0} {0:plural:report|reports} at {2}\"\nwhole = \"Error: {0}\""))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2021, 8, 3, 7, 32, 0, 0, time.UTC)
	for _, x := range []struct {
		l    Lang
		key  string
		args []any
		want string
	}{
		{VI, "late", []any{6}, "Quá hạn 6 ngày"},
		{EN, "late", []any{1}, "1 day late"},
		{EN, "late", []any{6}, "6 days late"},
		{VI, "who.sent", []any{38450, "Huyện Mường Lát", at}, "Huyện Mường Lát đã gửi 38.450 báo cáo lúc 14:32 ngày 03/8/2021"},
		{EN, "who.sent", []any{38450, "Huyện Mường Lát", at}, "Huyện Mường Lát sent 38,450 reports at 14:32, 3 August 2021"},
		{VI, "who.whole", []any{errs.Message{Key: "late", Args: []any{2}}}, "Lỗi: Quá hạn 2 ngày"},
		{VI, "nowhere", nil, "⟦nowhere⟧"},
	} {
		if got := c.Text(x.l, x.key, x.args...); got != x.want {
			t.Errorf("%s %s: %q, want %q", x.l, x.key, got, x.want)
		}
	}
	if got := T(With(context.Background(), c, EN), "late", 2); got != "2 days late" {
		t.Error(got)
	}
}

func TestLoadNamesWhatIsWrong(t *testing.T) {
	_, err := Load(source("a = \"x {0}\"\nb = \"x\"\nn = 3", "a = \"x\"\nc = \"y\"\nn = \"3\""), source("a = \"again\"", "a = \"again\""))
	for _, want := range []string{"a is defined twice in vi", "b is missing in en", "c is missing in vi", "n is not a sentence"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q in %v", want, err)
		}
	}
	if _, err := Load(source("a = \"x {0} {1}\"", "a = \"x {0}\"")); err == nil || !strings.Contains(err.Error(), "arguments") {
		t.Error(err)
	}
}

func TestNumbersAndDates(t *testing.T) {
	for _, x := range []struct{ got, want string }{
		{Int(VI, 0), "0"}, {Int(VI, -1234567), "-1.234.567"}, {Int(VI, 999), "999"}, {Int(EN, 1000), "1,000"},
		{Decimal(VI, 58.3, 1), "58,3"}, {Decimal(VI, -0.5, 2), "-0,50"}, {Decimal(EN, 1234.5, -1), "1,234.5"},
		{Date(VI, civil.MustParse("2021-08-03")), "03/8/2021"}, {Date(VI, civil.MustParse("2020-01-05")), "05/01/2020"},
		{Date(VI, civil.MustParse("2020-12-29")), "29/12/2020"}, {Date(VI, civil.Date{}), ""},
	} {
		if x.got != x.want {
			t.Errorf("%q, want %q", x.got, x.want)
		}
	}
}
