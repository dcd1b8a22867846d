package docrender

import (
	"fmt"
	"html"
	"os"
	"regexp"
	"strings"
	"testing"

	"chungtay/internal/civil"
)

var tags = regexp.MustCompile(`<[^>]*>`)

// The page says the same as the paper, without styles or scripts, every class has its rule in the sheet, headings never skip a level.
func TestHTML(t *testing.T) {
	sheet, err := os.ReadFile("../web/src/paper.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range golden {
		d := read(t, name)
		var b strings.Builder
		if err := HTML(d, func(n int) string { return fmt.Sprintf("/files/%d?a=1&b=2", n) }).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		for _, bad := range []string{" style=", "<script", "<style", "onload"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s has %s", name, bad)
			}
		}
		level := 1
		for _, m := range regexp.MustCompile(`<h(\d)`).FindAllStringSubmatch(page, -1) {
			n := int(m[1][0] - '0')
			if n > level+1 || n < 2 {
				t.Errorf("%s: h%d after h%d", name, n, level)
			}
			level = n
		}
		for _, m := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			for _, c := range strings.Fields(m[1]) {
				if !strings.Contains(string(sheet), "."+c) {
					t.Errorf("paper.css has no .%s", c)
				}
			}
		}
		text := strings.Join(strings.Fields(tags.ReplaceAllString(strings.ReplaceAll(page, "<br>", " "), " ")), "")
		want, err := os.ReadFile("testdata/" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(want), "\n") {
			for _, cell := range strings.Split(line, "|") {
				if c := escaped(strings.Join(strings.Fields(cell), "")); !strings.Contains(text, c) {
					t.Errorf("%s: the page does not say %q", name, cell)
				}
			}
		}
	}
}

// A paper that has no number keeps its place and day in the second column.
func TestHTMLOfAPaperWithoutNumber(t *testing.T) {
	d := Document{Kind: Plan, Issuer: []string{"SỞ Y TẾ"}, Place: "Sơn La", Date: civil.MustParse("2026-07-03"), Subject: "Tóm tắt kết quả"}
	var b strings.Builder
	if err := HTML(d, nil).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`<div></div><div><p[^>]*>(<[^>]*>)?Sơn La,`).MatchString(b.String()) {
		t.Errorf("no empty cell before the day: %.900s", b.String())
	}
}

// Centred lines of a page never end inside a name, a date or a word of several syllables, and nothing that stays together is longer than a
// phone's line.
func TestHTMLKeepsWordsTogether(t *testing.T) {
	for in, want := range map[string]string{
		"ỦY BAN NHÂN DÂN TỈNH SƠN LA":             "[ỦY BAN NHÂN DÂN] [TỈNH SƠN LA]",
		"SỞ Y TẾ":                                 "[SỞ Y TẾ]",
		"HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH": "[HỘI ĐỒNG NHÂN DÂN] [THÀNH PHỐ] [HỒ CHÍ MINH]",
		"Số: 07/KH-UBND":                          "Số: [07/KH-UBND]",
		"Số:       /KH-UBND":                      "Số:       /KH-UBND",
		"a < b":                                   "a &lt; b",
	} {
		got := strings.NewReplacer(`<span class="paper-lien">`, "[", "</span>", "]").Replace(unparted(in))
		if got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	kept := regexp.MustCompile(`<span class="paper-lien">([^<]*)</span>`)
	for _, name := range golden {
		d := read(t, name)
		var b strings.Builder
		if err := HTML(d, nil).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		list := kept.FindAllStringSubmatch(b.String(), -1)
		for _, m := range list {
			if n := len([]rune(html.UnescapeString(m[1]))); n > longestPiece {
				t.Errorf("%s: %q stays together, %d letters", name, m[1], n)
			}
		}
		if len(list) == 0 {
			t.Errorf("%s: nothing stays together", name)
		}
	}
}

func TestHTMLEscapes(t *testing.T) {
	d := read(t, "cong_van")
	d.Subject = `<script>alert("x")</script> & “y”`
	d.Body = []Block{Para(`<img src=x onerror=alert(1)>`), OfTable(Table{Columns: []Column{{Title: `"><b>`}}, Rows: [][]Cell{Row(`</td><script>`)}})}
	var b strings.Builder
	if err := HTML(d, nil).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if s := b.String(); strings.Contains(s, "<script") || strings.Contains(s, "<img") || strings.Contains(s, `"><b>`) {
		t.Error("text of the document became markup")
	}
}
