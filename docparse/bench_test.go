package docparse

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// typical returns the written documents, repeated or cut to about 3 KB each: what an office receives most.
func typical(tb testing.TB) []string {
	tb.Helper()
	names, _ := filepath.Glob(filepath.Join("testdata", "read", "*.txt"))
	if len(names) == 0 {
		tb.Fatal("testdata/read is empty")
	}
	var out []string
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		text, _, _ := strings.Cut(string(b), goldMark)
		if len(text) > 1800 {
			out = append(out, text)
		}
	}
	return out
}

// BenchmarkTypical reads documents of a few pages one after another; docs/s is what one core does.
func BenchmarkTypical(b *testing.B) {
	texts := typical(b)
	reg := AntiTrafficking()
	bytes := 0
	start := time.Now()
	b.ResetTimer()
	for i := range b.N {
		t := texts[i%len(texts)]
		bytes += len(t)
		Read(t, Options{Register: reg})
	}
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "docs/s")
	b.ReportMetric(float64(bytes)/float64(b.N), "B/doc")
}

// long makes one document whose body is n times as long: a plan that goes on and on.
func long(tb testing.TB, n int) string {
	texts := typical(tb)
	var b strings.Builder
	b.WriteString("ỦY BAN NHÂN DÂN\nTỈNH SƠN LA\n\nSố: 12/KH-UBND\n\nSơn La, ngày 03 tháng 4 năm 2023\n\nKẾ HOẠCH\nPhòng, chống mua bán người năm 2023\n\n")
	for i := range n {
		fmt.Fprintf(&b, "\nI. NỘI DUNG %d\n", i)
		b.WriteString(texts[i%len(texts)])
		b.WriteByte('\n')
	}
	return b.String()
}

// BenchmarkScale shows that time grows with the length and no faster: ns/B stays where it is.
func BenchmarkScale(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		text := long(b, n)
		b.Run(fmt.Sprintf("%dx", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for range b.N {
				Read(text, Options{})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(text)), "ns/B")
		})
	}
}

// BenchmarkPages200 reads a document of 200 pages of 3,000 characters.
func BenchmarkPages200(b *testing.B) {
	text := long(b, 1)
	for n := 200; len([]rune(text)) < 600000; n += 50 {
		text = long(b, n)
	}
	b.SetBytes(int64(len(text)))
	for range b.N {
		Read(text, Options{Register: AntiTrafficking()})
	}
}

// BenchmarkRepeated reads texts of one kind of line over and over, each kind at two sizes: ns/B must stay as it is.
func BenchmarkRepeated(b *testing.B) {
	lines := map[string]string{
		"slogans":   "- Công an xã %d treo khẩu hiệu: “Chung tay phòng, chống mua bán người số %d”.\n",
		"figures":   "Công an xã %d khởi tố hai vụ, %d đối tượng, giải cứu ba nạn nhân, mười hai cháu.\n",
		"citations": "Thực hiện Kế hoạch số %d/KH-UBND ngày 01/02/2021 và Công văn số %d/UBND-NC của UBND tỉnh.\n",
		"deadlines": "Sở %d gửi báo cáo về UBND trước ngày 01/02/%d.\n",
		"sections":  "I. NỘI DUNG %d\n1. Treo băng rôn %d ở xã.\n",
		"rows":      "| %d | Treo băng rôn | Công an xã %d | Tháng 7 |\n",
		"brackets":  "(((“Số %d) nạn nhân (xã %d, “\n",
	}
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		for _, n := range []int{1000, 8000} {
			var text strings.Builder
			for k := range n {
				fmt.Fprintf(&text, lines[name], k+1, k+2)
			}
			s := text.String()
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.SetBytes(int64(len(s)))
				for range b.N {
					Read(s, Options{Register: AntiTrafficking()})
				}
			})
		}
	}
}
