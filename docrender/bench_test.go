package docrender

import (
	"fmt"
	"io"
	"runtime"
	"testing"
)

// twoPages is an ordinary plan of two pages.
func twoPages() Document {
	d := read(&testing.T{}, "ke_hoach")
	d.Annexes, d.Recipients = nil, d.Recipients[:8]
	return d
}

func BenchmarkPDF(b *testing.B) {
	d := twoPages()
	b.ReportAllocs()
	for b.Loop() {
		if err := PDF(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
}

func BenchmarkDOCX(b *testing.B) {
	d := twoPages()
	b.ReportAllocs()
	for b.Loop() {
		if err := DOCX(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
}

func BenchmarkHTML(b *testing.B) {
	d := twoPages()
	for b.Loop() {
		if err := HTML(d, nil).Render(b.Context(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// longAnnex is a register of about 200 pages.
func longAnnex() Document {
	d := twoPages()
	t := Table{Columns: []Column{{Title: "TT", Width: 14, Align: Center}, {Title: "Đơn vị"}, {Title: "Hoạt động"}, {Title: "Số buổi", Align: Right}, {Title: "Số lượt người", Align: Right}, {Title: "Ghi chú"}}}
	for i := range 6600 {
		t.Rows = append(t.Rows, Row(fmt.Sprint(i+1), fmt.Sprintf("Ủy ban nhân dân xã Mường Lát %d", i), "Phát thanh, treo băng rôn", fmt.Sprint(i%40), fmt.Sprint(i%900), "Đã kiểm tra"))
	}
	d.Annexes = []Annex{{Title: "TỔNG HỢP KẾT QUẢ", Body: []Block{OfTable(t)}}}
	return d
}

func BenchmarkLongAnnex(b *testing.B) {
	d := longAnnex()
	for _, f := range []struct {
		name  string
		write func(io.Writer, Document) error
	}{{"PDF", PDF}, {"DOCX", DOCX}} {
		b.Run(f.name, func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			peak := uint64(0)
			b.ReportAllocs()
			for b.Loop() {
				if err := f.write(io.Discard, d); err != nil {
					b.Fatal(err)
				}
				runtime.ReadMemStats(&after)
				peak = max(peak, after.HeapSys)
			}
			b.ReportMetric(float64(peak)/1e6, "heapMB")
			if f.name == "PDF" {
				l, err := PDFLayout(io.Discard, d)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(l.Pages), "pages")
			}
		})
	}
}
