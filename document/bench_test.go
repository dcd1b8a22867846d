package document

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/ids"
)

// vocabulary is what papers on this subject are made of; the first phrases stand in nearly all of them, as in practice.
var vocabulary = strings.Split("phòng, chống mua bán người|ủy ban nhân dân|tổ chức thực hiện|báo cáo kết quả|hỗ trợ nạn nhân|hòa nhập cộng đồng|tuyên truyền, phổ biến|đường dây nóng|"+
	"ban chỉ đạo|kinh phí bảo đảm|công an xã|bộ đội biên phòng|trung tâm công tác xã hội|dạy nghề và việc làm|trẻ em gái|thôn bản vùng cao|tờ rơi và áp phích|loa truyền thanh|rà soát, lập danh sách|"+
	"tiếp nhận tin báo|xác minh nhân thân|trợ giúp pháp lý|người lao động đi làm việc ở nước ngoài|kiểm tra doanh nghiệp|hội liên hiệp phụ nữ|đoàn thanh niên|lễ phát động|mít tinh|tập huấn cán bộ", "|")

func words500(r *rand.Rand) string {
	var b strings.Builder
	for b.Len() < 3000 {
		b.WriteString(vocabulary[int(float64(len(vocabulary))*r.Float64()*r.Float64())])
		fmt.Fprintf(&b, " %c%c%c ", 'a'+r.IntN(26), "aeiou"[r.IntN(5)], 'a'+r.IntN(26)) // rare words
		if r.IntN(6) == 0 {
			b.WriteString(".\n")
		}
	}
	return b.String()
}

// stock fills a registry with papers of typical length.
func (o *office) stock(n int) {
	o.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	for at := 0; at < n; at += 500 {
		o.write(func(tx *db.Tx) error {
			for i := at; i < min(n, at+500); i++ {
				unit := []string{o.health, o.north, o.sea, o.province}[i%4]
				d := Document{ID: ids.New(tx.Now), Unit: unit, Direction: Out, State: Issued, Number: i + 1, Year: 2026, Run: 1, Extraction: Done, CreatedAt: tx.Now.Add(time.Duration(i) * time.Second), CreatedBy: "x",
					Facts: Facts{Kind: Kinds[i%6], Symbol: fmt.Sprintf("%d/KH-SYT", i+1), Issuer: "Sở Y tế", IssuedOn: civil.Of(now).AddDays(-i % 900), Subject: "Kế hoạch " + vocabulary[i%len(vocabulary)] + fmt.Sprint(" số ", i)}}
				d.SearchKey = searchKey(d.ID)
				d.place()
				if err := insertDocument(tx, d); err != nil {
					return err
				}
				if err := saveText(tx, d.ID, 0, words500(r), ""); err != nil {
					return err
				}
				if err := index(tx, d); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func benchOffice(b *testing.B, f func(b *testing.B, o *office)) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			clock := dbtest.NewClock(now)
			var d *db.DB
			if name == "sqlite" {
				d = dbtest.SQLite(b, rooms, db.Options{Clock: clock.Now})
			} else {
				d = dbtest.Postgres(b, rooms, db.Options{Clock: clock.Now})
			}
			f(b, openOffice(b, d, clock))
		})
	}
}

// BenchmarkSearch searches among 20,000 papers of about 3 KB.
func BenchmarkSearch(b *testing.B) {
	benchOffice(b, func(b *testing.B, o *office) {
		began := time.Now()
		o.stock(20_000)
		b.Logf("indexed 20,000 papers in %.1f s", time.Since(began).Seconds())
		if o.Dialect() == db.Postgres {
			o.DB.Raw().Exec("ANALYZE")
		}
		for _, x := range []struct{ name, words, book string }{
			{"rare", "mít tinh aba", "all"}, {"common", "phòng chống mua bán người", "all"}, {"phrase", `"hòa nhập cộng đồng"`, "all"}, {"folded", "hoi lien hiep phu nu", "all"},
			{"number", "12345/KH-SYT", "all"}, {"list", "", "all"}, {"own", "hỗ trợ nạn nhân", ""}, {"ownlist", "", ""},
		} {
			b.Run(x.name, func(b *testing.B) {
				a := actor("leader", o.province)
				for b.Loop() {
					err := o.DB.Read(context.Background(), func(tx *db.Tx) error {
						_, _, err := o.List(tx, a, Filter{Words: x.words, Book: x.book, Size: 20})
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}
