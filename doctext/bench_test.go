package doctext

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
)

// BenchmarkDOCX reads a letter of a page, from bytes to text: documents a second on one core.
func BenchmarkDOCX(b *testing.B) {
	file := papers[1].docx(b)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := Extract(context.Background(), bytes.NewReader(file), int64(len(file)), "x", Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
}

// BenchmarkDOCXSize shows that time grows as the text does.
func BenchmarkDOCXSize(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		file := wordFile(b, strings.Repeat(p("Ủy ban nhân dân các xã, phường, thị trấn tổ chức thực hiện và báo cáo kết quả trước ngày 15 tháng 8."), n), nil)
		b.Run(fmt.Sprintf("paragraphs=%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := Extract(context.Background(), bytes.NewReader(file), int64(len(file)), "x", Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/paragraph")
		})
	}
}

// BenchmarkXML compares the small XML reader with encoding/xml on the same part.
func BenchmarkXML(b *testing.B) {
	part := "<w:document><w:body>" + strings.Repeat(p("Ủy ban nhân dân các xã, phường, thị trấn tổ chức thực hiện"), 2000) + "</w:body></w:document>"
	b.Run("own", func(b *testing.B) {
		b.SetBytes(int64(len(part)))
		for b.Loop() {
			x := newXML(strings.NewReader(part))
			for x.next() {
			}
			if x.err != nil {
				b.Fatal(x.err)
			}
		}
	})
	b.Run("encoding", func(b *testing.B) {
		b.SetBytes(int64(len(part)))
		for b.Loop() {
			d := xml.NewDecoder(strings.NewReader(part))
			for {
				if _, err := d.RawToken(); err == io.EOF {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

// BenchmarkPDF reads 200 pages in a helper, its start included, and one page.
func BenchmarkPDF(b *testing.B) {
	var page strings.Builder
	for i := range 45 {
		page.WriteString(shown(60, 790-16*i, 12, "Thuc hien Ke hoach cua Uy ban nhan dan tinh, cac xa to chuc mit tinh va gui bao cao."))
	}
	for _, n := range []int{1, 200} {
		pages := make([]string, n)
		for i := range pages {
			pages[i] = page.String()
		}
		file := pdfFile(pages, "", "")
		b.Run(fmt.Sprintf("pages=%d", n), func(b *testing.B) {
			o := testOptions(b)
			for b.Loop() {
				if _, err := Extract(context.Background(), bytes.NewReader(file), int64(len(file)), "x", o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRecognise(b *testing.B) {
	s := latin(encodeTCVN3(b, strings.ReplaceAll(sample, "Ủ", "ủ")))
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		if recognise(s) != tcvn3 {
			b.Fatal("not recognised")
		}
	}
}
