package orgunit

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
)

var update = flag.Bool("update", false, "renew the golden files")

// view is an issuer with phrases of its papers.
type view struct {
	issuer  string
	phrases []string
}

// The words of papers, by who writes them. The golden file holds what they mean; it is reviewed as prose.
var phrasesOf2021 = []view{
	{"Sở Lao động - Thương binh và Xã hội tỉnh Sơn La", []string{
		"Ủy ban nhân dân các huyện, thị xã, thành phố", "UBND các huyện, thành phố (P/h)", "Ủy ban nhân dân huyện, thành phố", "UBND cấp huyện", "UBND các huyện, thành, thị",
		"Ủy ban nhân dân các xã, phường, thị trấn", "UBND các phường", "UBND cấp xã", "UBND các huyện Mai Sơn, Mường La và thành phố Sơn La", "UBND huyện Mai Sơn; UBND huyện Mường La",
		"Phòng LĐTBXH huyện, TP", "Phòng Lao động - Thương binh và Xã hội các huyện, thành phố", "Công an các huyện, thành phố", "Phòng Lao động – Thương binh và Xã hội huyện Mai Sơn",
		"Công an tỉnh", "CA tỉnh", "Công an huyện Mường La", "Sở Y tế", "SYT", "Sở GD&ĐT, Sở VHTTDL", "Sở Văn hóa", "Sở LĐ-TB&XH, UBND huyện, thành phố", "Sở Thông tin & Truyền thông",
		"Hội LHPN tỉnh", "Đoàn TNCS Hồ Chí Minh tỉnh", "Ủy ban MTTQ Việt Nam tỉnh", "Mặt trận Tổ quốc tỉnh, các đoàn thể cấp tỉnh", "Bộ Chỉ huy BĐBP tỉnh", "Đài PTTH tỉnh, Báo Sơn La", "Ban Chỉ đạo 138 tỉnh",
		"Ban Chỉ đạo PCTP, TTXH và XDPTTD bảo vệ ANTQ tỉnh", "Phòng PCTNXH", "Phòng Phòng chống tệ nạn xã hội", "Phòng Bảo trợ XH và Bảo vệ CSTE", "Trung tâm BTXH", "Trung tâm Bảo trợ xã hội tỉnh",
		"Văn phòng Sở", "Thanh tra Sở", "các phòng chuyên môn thuộc Sở", "Các phòng, đơn vị trực thuộc Sở", "các đơn vị trực thuộc", "Các phòng chuyên môn, nghiệp vụ; Thanh tra; Văn phòng Sở",
		"các Sở, ban, ngành", "các sở, ngành, Ủy ban nhân dân các huyện, thị xã, thành phố", "Các Sở, ban, ngành, đoàn thể cấp tỉnh có liên quan, UBND các huyện, thành, thị", "Các cơ quan, địa phương",
		"Sở LĐTBXH 63 tỉnh, thành phố", "Sở Lao động - Thương binh và Xã hội tỉnh Thanh Hóa", "Công an tỉnh Thanh Hóa", "UBND thành phố Thanh Hóa",
		"Bộ LĐTBXH (B/c)", "Cục PCTNXH (B/c)", "Cục Trẻ em", "Văn phòng Chính phủ", "UBND tỉnh (để báo cáo)", "Chủ tịch, các PCT UBND tỉnh", "Chủ tịch UBND các huyện, thành phố", "Giám đốc Sở Y tế",
		"Như trên; Lưu: VT, PCTNXH", "Giám đốc, PGĐ sởNKS", "Lãnh đạo Sở", "Trang thông tin Sở", "Bộ trưởng (để báo cáo)",
		"Trưởng phòng Lao động - Thương binh và Xã hội các huyện, thành phố", "Trưởng phòng PCTNXH", "Chánh Văn phòng Sở", "Giám đốc, các PGĐ Sở", "Các phòng, trung tâm thuộc Sở",
		"Hội Người cao tuổi tỉnh", "huyện, thành ủy", "các thôn, bản",
	}},
	{"Sở Y tế tỉnh Sơn La", []string{"Thủ trưởng các đơn vị Y tế trong ngành", "các đơn vị trong ngành", "Công an tỉnh", "Các bệnh viện", "Trang điện tử ngành", "Phòng Y tế các huyện, thành phố", "Văn phòng Sở"}},
	{"Ủy ban nhân dân tỉnh Sơn La", []string{"Các Sở, ban, ngành, đoàn thể tỉnh", "Sở Công Thương, Sở Y tế", "Ngành Y tế", "UBND các huyện, thành phố", "Chủ tịch UBND tỉnh", "Bộ Công an", "Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương",
		"Thủ trưởng các Sở, ban, ngành tỉnh; Chủ tịch UBND các huyện, thành phố", "các địa phương", "UBND các xã, phường, thị trấn",
		"Hội Phụ nữ tỉnh", "Hội LHPN Việt Nam", "TW Hội LHPN Việt Nam", "Ban Thường vụ Hội LHPN tỉnh", "Tỉnh hội Phụ nữ", "Tỉnh Đoàn", "Tỉnh đoàn Sơn La", "Ban Thường vụ Tỉnh đoàn", "Đoàn TNCS HCM tỉnh", "UBMTTQVN tỉnh", "Ban Thường trực UBMTTQVN tỉnh", "Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội", "BĐBP tỉnh", "Bộ đội Biên phòng tỉnh", "Bộ Chỉ huy BP tỉnh", "BCH BĐBP tỉnh", "Lực lượng Biên phòng", "Ngành Giáo dục", "Các Sở: Y tế, Tư pháp, Nội vụ", "Các sở Y tế, Tư pháp và Nội vụ", "Các Sở: Giáo dục và Đào tạo, Thông tin và Truyền thông, Văn hóa, Thể thao và Du lịch", "Các Sở: Y tế, Nông nghiệp và PTNT, Tư pháp", "Sở Y tế, Tòa án nhân dân tỉnh", "Sở Y tế chủ trì", "phối hợp với Sở Lao động", "Công an Sơn La", "Giám đốc Công an tỉnh", "Công an các đơn vị, địa phương", "Các cơ quan báo, đài địa phương", "Báo, Đài tỉnh", "Đài PT&TH tỉnh", "BCĐ 138 tỉnh", "Ban Chỉ đạo 138 Chính phủ", "Cơ quan Thường trực BCĐ 138 tỉnh", "Các thành viên Ban Chỉ đạo 138 tỉnh", "Ủy ban nhân dân các huyện, thành phố Sơn La", "UBND thành phố Sơn La và các huyện", "các huyện, thành phố trong tỉnh", "UBND các huyện của tỉnh Sơn La", "UBND các huyện, thị xã, thành phố tỉnh Thanh Hóa", "UBND các huyện, thành phố tỉnh Yên Bái", "UBND các huyện: Mộc Châu, Vân Hồ, Yên Châu và Sông Mã", "UBND các xã, thị trấn huyện Mai Sơn", "UBND các xã biên giới", "UBND các cấp", "Chính quyền địa phương các cấp", "UBND 11 huyện, 01 thành phố", "Thanh tra Sở LĐTBXH", "Phòng PCTNXH Sở LĐTBXH", "Cục Phòng chống tệ nạn xã hội - Bộ Lao động - Thương binh và Xã hội", "Văn phòng UBND tỉnh", "Thủ tướng Chính phủ", "Chủ tịch, các Phó Chủ tịch UBND tỉnh", "LĐVP, các phòng CV", "Viện Kiểm sát nhân dân tỉnh", "Hội Nông dân tỉnh", "TAND tỉnh, VKSND tỉnh", "Hội Cựu chiến binh tỉnh", "Hội CCB tỉnh, Hội ND tỉnh", "Liên đoàn Lao động tỉnh", "LĐLĐ tỉnh", "Sở KH&ĐT, Sở NN&PTNT", "Sở Nông nghiệp & PTNT", "Ban Dân tộc", "VP UBND tỉnh", "Bộ CHQS tỉnh", "Các cơ quan: Công an, Viện kiểm sát nhân dân, Tòa án nhân dân tỉnh", "Trung tâm Công tác xã hội"}},
	{"Ủy ban nhân dân huyện Mai Sơn", []string{"UBND các xã, thị trấn", "UBND các xã Chiềng Mung, Cò Nòi", "Công an huyện", "Các phòng, ban, ngành huyện", "Phòng LĐTBXH", "Công an tỉnh", "Sở LĐTBXH", "UBND tỉnh", "Các phòng chuyên môn",
		"Ủy ban nhân dân các xã và thị trấn Hát Lót", "Lực lượng Công an huyện", "UBND các xã trong huyện", "Các cơ quan, đơn vị, UBND các xã, thị trấn"}},
	{"Phòng Lao động - Thương binh và Xã hội huyện Mai Sơn", []string{"UBND các xã, thị trấn", "Công an huyện", "UBND huyện", "Sở LĐTBXH (b/c)", "Phòng Y tế", "các phòng, ban chuyên môn"}},
	{"Ủy ban nhân dân xã Cò Nòi", []string{"UBND huyện", "Phòng LĐTBXH huyện", "Công an huyện Mai Sơn", "UBND xã", "UBND các xã, thị trấn"}},
	{"Bộ Lao động - Thương binh và Xã hội", []string{"Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương", "Sở LĐTBXH các tỉnh, thành phố", "UBND các huyện, thị xã, thành phố", "UBND các xã, phường, thị trấn", "Công an tỉnh Sơn La", "Cục Trẻ em", "các bộ, ngành", "Các đơn vị thuộc Bộ", "Tổng đài 111", "Phòng LĐTBXH huyện Mai Sơn"}},
}

var phrasesOf2026 = []view{
	{"Ủy ban nhân dân tỉnh Quảng Ninh", []string{"UBND các xã, phường, đặc khu", "các xã, phường, đặc khu", "Ủy ban nhân dân các xã, phường", "Ủy ban nhân dân cấp xã", "Sở Y tế", "Các Sở, ban, ngành", "Công an tỉnh", "các địa phương", "Công an các xã, phường, đặc khu",
		"Hội Phụ nữ tỉnh", "BĐBP tỉnh", "Báo Quảng Ninh", "Đảng ủy, UBND các xã, phường, đặc khu", "UBND các xã, phường biên giới", "UBND các phường Hạ Long, Hồng Gai, Cao Xanh", "Ủy ban nhân dân các xã, phường và đặc khu Vân Đồn", "UBND các xã, phường của tỉnh Thanh Hóa", "Chủ tịch UBND các xã, phường, đặc khu",
		"UBND đặc khu Vân Đồn", "UBND các đặc khu", "UBND huyện Ba Chẽ", "Phòng Văn hóa - Xã hội các xã, phường", "TAND tỉnh, VKSND tỉnh", "Sở NN&MT", "Sở Dân tộc và Tôn giáo", "LĐLĐ tỉnh, Hội Cựu chiến binh, Hội Nông dân tỉnh", "Văn phòng UBND tỉnh"}},
	{"Sở Y tế tỉnh Quảng Ninh", []string{"UBND các xã, phường, đặc khu; các đơn vị trực thuộc Sở", "Phòng VHXH các xã, phường", "Cơ sở trợ giúp xã hội", "Phòng BTXH, TE và PCTNXH", "Bộ Y tế (b/c)", "Công an tỉnh; Bộ CHQS tỉnh", "Sở LĐTBXH", "Thanh tra", "Các đơn vị y tế trên địa bàn tỉnh"}},
	{"Ủy ban nhân dân phường Hồng Gai", []string{"Phòng VHXH", "Công an phường", "Phòng Văn hóa - Xã hội phường", "UBND tỉnh", "Sở Y tế", "Các phòng, đơn vị thuộc UBND phường"}},
	{"Bộ Y tế", []string{"UBND các tỉnh, thành phố", "Sở Y tế các tỉnh, thành phố", "Ủy ban nhân dân các xã, phường, đặc khu", "Sở Y tế tỉnh Thanh Hóa", "UBND các xã, phường tỉnh Thanh Hóa"}},
}

// meant writes what phrases of a view mean.
func meant(l *land, b *strings.Builder, views []view, day string) {
	for _, v := range views {
		fmt.Fprintf(b, "## %s, %s\n", v.issuer, day)
		issuer := l.find(v.issuer).ID
		dbtest.Read(l, l.DB, func(tx *db.Tx) error {
			r, err := NewResolver(tx, issuer, civil.MustParse(day))
			if err != nil {
				return err
			}
			for _, p := range v.phrases {
				fmt.Fprintf(b, "%s\n", p)
				res, err := r.Resolve(p)
				if err != nil {
					return err
				}
				for _, m := range res.Parts {
					var names []string
					for i, u := range m.Units {
						if i == 2 && len(m.Units) > 3 {
							names = append(names, "…")
							break
						}
						names = append(names, u.Name)
					}
					what := fmt.Sprint(len(m.Units))
					if m.Fate != Found {
						what = string(m.Fate)
					}
					if len(res.Parts) > 1 {
						what = "[" + m.Words + "] " + what
					}
					fmt.Fprintf(b, "\t%s\n", strings.TrimSpace(what+" "+strings.Join(names, " | ")))
				}
			}
			return nil
		})
		b.WriteByte('\n')
	}
}

func TestPhrasesOfPapers(t *testing.T) {
	for _, c := range []struct {
		on, day   string
		provinces []string
		views     []view
	}{{"2016-01-01", "2021-06-20", []string{"14", "38"}, phrasesOf2021}, {"2025-07-01", "2026-08-15", []string{"22", "38"}, phrasesOf2026}} {
		file := filepath.Join("testdata", "phrases-"+c.day[:4]+".txt")
		eachLand(t, c.on, c.provinces, func(l *land) {
			var b strings.Builder
			meant(l, &b, c.views, c.day)
			if *update {
				if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
					l.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				l.Fatal(err)
			}
			if d := cmp.Diff(string(want), b.String()); d != "" {
				l.Errorf("%s differs (-update, then review):\n%s", file, d)
			}
		})
	}
}

// The addressees, recipients and assignees of the shared corpus name units; those that exist in a province's standard set resolve.
func TestAddresseesOfTheCorpus(t *testing.T) {
	root := os.Getenv("CHUNGTAY_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	files, _ := filepath.Glob(filepath.Join(root, "corpus", "gold", "*.json"))
	if len(files) == 0 {
		t.Skip("SKIPPED: the shared corpus is not there")
	}
	type said struct{ doc, phrase string }
	var phrases []said
	seen := map[string]bool{}
	for _, f := range files {
		var g struct {
			Addressees, Recipients []string
			Tasks                  []struct{ Assignee string }
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &g); err != nil {
			t.Fatal(err)
		}
		all := append(g.Addressees, g.Recipients...)
		for _, x := range g.Tasks {
			all = append(all, x.Assignee)
		}
		for _, p := range all {
			if p != "" && !seen[p] {
				seen[p] = true
				phrases = append(phrases, said{filepath.Base(f), p})
			}
		}
	}
	// Bodies that no standard set has: of the Party, of another province, or no body at all.
	absent := map[string]bool{"ban cán sự đảng": true, "đảng đoàn": true, "huyện": true, "thành": true, "thị ủy": true, "đảng ủy trực thuộc": true, "Báo Đắk Nông": true}
	d := dbtest.SQLite(t, rooms, db.Options{})
	l := settle(t, d, dbtest.NewClock(now), "2016-01-01", "14")
	parts, unknown := 0, 0
	labour, health := l.find("Sở Lao động - Thương binh và Xã hội tỉnh Sơn La"), l.find("Sở Y tế tỉnh Sơn La")
	dbtest.Read(l, l.DB, func(tx *db.Tx) error {
		for _, p := range phrases {
			issuer := labour
			if strings.HasPrefix(p.doc, "seed-000") {
				issuer = health
			}
			r, err := Resolve(tx, issuer.ID, p.phrase, civil.MustParse("2021-06-20"))
			if err != nil {
				return err
			}
			parts += len(r.Parts)
			unknown += len(r.Unknown)
			for _, u := range r.Unknown {
				if !absent[u] {
					l.Errorf("%s: %q: unknown %q", p.doc, p.phrase, u)
				}
			}
		}
		return nil
	})
	saidInDocs(t, "units.md", fmt.Sprintf("Of the %d phrases of the shared corpus' addressees, recipients and assignees %d of %d parts resolve", len(phrases), parts-unknown, parts), fmt.Sprintf("the %d others name bodies", unknown))
}
