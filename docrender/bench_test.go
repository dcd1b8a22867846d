//go:build unix

package docrender

import (
	"fmt"
	"io"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// spent is the processor time of this process: what a core can do, however busy the machine is.
func spent() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func perSecond(b *testing.B, f func() error) {
	b.ReportAllocs()
	from := spent()
	for b.Loop() {
		if err := f(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/(spent()-from).Seconds(), "files/core-s")
}

// twoPages is a plan of nearly three pages, so that what is shown for two is not flattered.
func twoPages() Document {
	d := read(&testing.T{}, "ke_hoach")
	d.Annexes, d.Recipients = nil, d.Recipients[:8]
	return d
}

func BenchmarkPDF(b *testing.B) {
	d := twoPages()
	perSecond(b, func() error { return PDF(io.Discard, d) })
}

func BenchmarkDOCX(b *testing.B) {
	d := twoPages()
	perSecond(b, func() error { return DOCX(io.Discard, d) })
}

func BenchmarkHTML(b *testing.B) {
	d := twoPages()
	perSecond(b, func() error { return HTML(d, nil).Render(b.Context(), io.Discard) })
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
			from := spent()
			for b.Loop() {
				if err := f.write(io.Discard, d); err != nil {
					b.Fatal(err)
				}
				runtime.ReadMemStats(&after)
				peak = max(peak, after.HeapSys)
			}
			b.ReportMetric((spent()-from).Seconds()/float64(b.N), "core-s/file")
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
