package ui

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"chungtay/internal/i18n"
)

func plainText(ps []Piece, changed bool) string {
	var b strings.Builder
	for _, p := range ps {
		if p.Changed == changed || !changed {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestCompareGivesBothTextsBackAndAgreesOnWhatStayed(t *testing.T) {
	word := rapid.SampledFrom([]string{"bản", "Nà", "Lốc", "tuyên", "truyền", "12", " ", "\n", ", "})
	texts := rapid.Map(rapid.SliceOfN(word, 0, 30), func(w []string) string { return strings.Join(w, " ") })
	rapid.Check(t, func(t *rapid.T) {
		a, b := texts.Draw(t, "before"), texts.Draw(t, "after")
		old, now := Compare(a, b)
		if plainText(old, false) != a || plainText(now, false) != b {
			t.Fatalf("%q %q -> %v %v", a, b, old, now)
		}
		var keptOld, keptNew strings.Builder
		for _, p := range old {
			if !p.Changed {
				keptOld.WriteString(p.Text)
			}
		}
		for _, p := range now {
			if !p.Changed {
				keptNew.WriteString(p.Text)
			}
		}
		if keptOld.String() != keptNew.String() {
			t.Fatalf("kept %q and %q", keptOld.String(), keptNew.String())
		}
		if a == b && (len(old) > 1 || len(old) == 1 && old[0].Changed) {
			t.Fatalf("equal texts differ: %v", old)
		}
	})
}

func TestCompareMarksWords(t *testing.T) {
	old, now := Compare("triển khai tại 12 bản.", "triển khai tại 14 bản.")
	if len(old) != 3 || old[1] != (Piece{"12 ", true}) || now[1] != (Piece{"14 ", true}) {
		t.Error(old, now)
	}
	long := strings.Repeat("từ ", 3000)
	if old, now := Compare(long+"a", strings.Repeat("chữ ", 3000)+"b"); len(old) != 1 || len(now) != 1 {
		t.Error("a comparison of two long texts is not cut short")
	}
}

func FuzzMarked(f *testing.F) {
	f.Add("Số: 145/KH-UBND\nSơn La, ngày 01 tháng 6", 5, 17, 10, 30)
	f.Add("ế", 1, 2, 0, 3)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d int) {
		var out strings.Builder
		for _, p := range Marked(text, []Mark{{Start: a, End: b, ID: "x"}, {Start: c, End: d, ID: "y"}}) {
			for _, s := range p.Spans {
				out.WriteString(s.Text)
				if s.Mark != nil && s.Text == "" {
					t.Error("an empty mark")
				}
			}
		}
		if out.String() != strings.ReplaceAll(text, "\n", "") {
			t.Errorf("%q became %q", text, out.String())
		}
	})
}

func TestMarkedOverSeveralParagraphsAndOverlaps(t *testing.T) {
	text := "một hai\nba bốn"
	got := Marked(text, []Mark{{Start: 6, End: 12, ID: "a"}, {Start: 10, End: 13, ID: "b"}, {Start: 13, End: 18, ID: "c"}})
	var marks []string
	for _, p := range got {
		for _, s := range p.Spans {
			if s.Mark != nil {
				marks = append(marks, s.Text+"#"+s.Mark.ID)
			}
		}
	}
	if strings.Join(marks, "|") != "hai#a|ba#|bốn#c" {
		t.Error(marks)
	}
}

func TestTrendScale(t *testing.T) {
	for _, c := range []struct {
		max, greatest float64
		want          string
	}{{27, 18, "27 18 9 0"}, {0, 31, "40 20 0"}, {0, 0, "4 2 0"}, {0, 1250, "2.000 1.000 0"}, {5, 3, "5 2,5 0"}} {
		got := strings.Join(Trend{Max: c.max, Points: []Point{{Value: c.greatest}}}.marks(i18n.VI), " ")
		if got != c.want {
			t.Errorf("%v: %s, want %s", c, got, c.want)
		}
	}
}

func TestEmptyChartsAreDrawn(t *testing.T) {
	var b bytes.Buffer
	ctx := context.Background()
	for _, err := range []error{BarChart(Chart{}).Render(ctx, &b), TrendChart(Trend{}).Render(ctx, &b), ProgressBar(Progress{}).Render(ctx, &b),
		ProgressBar(Progress{Parts: []Part{{N: 0}}}).Render(ctx, &b), TileGrid(Tiles{}).Render(ctx, &b), Matrix(Table{}).Render(ctx, &b), Diff(Changes{}).Render(ctx, &b)} {
		if err != nil {
			t.Error(err)
		}
	}
	if s := b.String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
		t.Error("a number that is none")
	}
}
